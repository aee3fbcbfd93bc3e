// SPDX-License-Identifier: GPL-2.0-only
/*
 * The code under test, compiled for the test module, which has the other rooms it calls.
 *
 * Owns nothing of its own. Locks: see vf.h.
 */

#include "../vf_session.c"
