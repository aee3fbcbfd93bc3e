// SPDX-License-Identifier: GPL-2.0-only
/*
 * The code under test, compiled for the test module: kawela_vf itself needs PCI, which UML lacks.
 *
 * Owns nothing of its own. Locks: none.
 */

#include "../vf_plan.c"
