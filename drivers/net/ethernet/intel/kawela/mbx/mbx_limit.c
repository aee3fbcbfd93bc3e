// SPDX-License-Identifier: GPL-2.0-only
/*
 * Token bucket that keeps one VF from using up the PF's time.
 *
 * Owns: the arithmetic. Never touches: clocks (the time is passed in), sessions.
 * Pure, no locks: the caller serialises.
 *
 * The bucket is one number, the time at which it will be full. A request takes one token, which
 * moves that time by one period; there is a token as long as it is less than a full bucket away.
 */
#include <kunit/visibility.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "mbx_priv.h"

#define TOKEN_NS	(NSEC_PER_SEC / KAWELA_MBX_LIMIT_RATE)

void kawela_mbx_limit_init(struct kawela_mbx_limit *limit)
{
	limit->full_ns = 0;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_limit_init);

/* Nanoseconds until there is a token, 0 when there is one. */
u64 kawela_mbx_limit_wait(const struct kawela_mbx_limit *limit, u64 now_ns)
{
	u64 horizon = now_ns + (KAWELA_MBX_LIMIT_BURST - 1) * TOKEN_NS;

	return limit->full_ns > horizon ? limit->full_ns - horizon : 0;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_limit_wait);

/* Take a token; only when kawela_mbx_limit_wait() is 0. */
void kawela_mbx_limit_take(struct kawela_mbx_limit *limit, u64 now_ns)
{
	limit->full_ns = max(limit->full_ns, now_ns) + TOKEN_NS;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_limit_take);
