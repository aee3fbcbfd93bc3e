// SPDX-License-Identifier: GPL-2.0-only
/*
 * The decisions of the VF driver that are arithmetic on their arguments.
 *
 * Owns: nothing. Never touches: registers, the mailbox, netdevs. Locks: none.
 */

#include "vf_plan.h"

#define VF_BACKOFF_FIRST_MS	100
#define VF_BACKOFF_MAX_SHIFT	5	/* 1, 2, 4 ... 32 s */

/**
 * kawela_vf_backoff - how long to wait before trying to reach the PF again
 * @attempt: number of attempts that failed in a row, 1 and up
 *
 * A PF that is just resetting is back after 100 ms; one without a driver may stay away for days.
 *
 * Context: any.
 * Return: milliseconds: 100, 1000, 2000, 4000 ... 32000, 32000 ...
 */
unsigned int kawela_vf_backoff(unsigned int attempt)
{
	if (attempt <= 1)
		return VF_BACKOFF_FIRST_MS;
	return MSEC_PER_SEC << min(attempt - 2, VF_BACKOFF_MAX_SHIFT);
}

/**
 * kawela_vf_uc_has - whether a list holds an address
 * @list: list
 * @addr: address
 *
 * Context: any.
 * Return: true if so.
 */
bool kawela_vf_uc_has(const struct kawela_vf_uc_list *list, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		if (ether_addr_equal_unaligned(list->addr[i], addr))
			return true;
	}
	return false;
}

/**
 * kawela_vf_uc_put - add an address to a list
 * @list: list
 * @addr: address, not in the list
 *
 * Context: any.
 * Return: false when the list is full.
 */
bool kawela_vf_uc_put(struct kawela_vf_uc_list *list, const u8 *addr)
{
	if (list->count == KAWELA_VF_MAX_UC)
		return false;
	memcpy(list->addr[list->count++], addr, ETH_ALEN);
	return true;
}

/**
 * kawela_vf_uc_plan - find the requests that turn one list into another
 * @have: what the PF was asked for so far
 * @want: what it shall have
 * @plan: result, all of it
 *
 * An address is never added twice: stock igb takes a filter for each time.
 *
 * Context: any.
 */
void kawela_vf_uc_plan(const struct kawela_vf_uc_list *have, const struct kawela_vf_uc_list *want,
		       struct kawela_vf_uc_plan *plan)
{
	unsigned int i;

	plan->clear = false;
	plan->add.count = 0;

	for (i = 0; i < have->count; i++) {
		if (!kawela_vf_uc_has(want, have->addr[i]))
			plan->clear = true;
	}
	for (i = 0; i < want->count; i++) {
		if (plan->clear || !kawela_vf_uc_has(have, want->addr[i]))
			kawela_vf_uc_put(&plan->add, want->addr[i]);
	}
}

/**
 * kawela_vf_counter_delta - how far a 32-bit counter moved between two looks
 * @last: earlier value
 * @now: later value
 *
 * The looks are two seconds apart, in which not even half of the range can pass at the rates this
 * part knows. A larger step is a counter that a reset of the PF cleared.
 *
 * Context: any.
 * Return: the difference.
 */
u32 kawela_vf_counter_delta(u32 last, u32 now)
{
	u32 delta = now - last;

	return delta > U32_MAX / 2 ? now : delta;
}
