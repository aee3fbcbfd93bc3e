/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decisions of the VF driver that are arithmetic on their arguments: how long to wait for a PF,
 * how to get from one address list to another, how far a counter moved.
 *
 * Owns: nothing. Never touches: registers, the mailbox, netdevs. Locks: none.
 */
#ifndef _KAWELA_VF_PLAN_H_
#define _KAWELA_VF_PLAN_H_

#include <linux/etherdevice.h>
#include <linux/types.h>

#define KAWELA_VF_MAX_UC	16

/**
 * struct kawela_vf_uc_list - secondary unicast addresses
 * @count: number of entries
 * @addr: the addresses, in no particular order, without duplicates
 */
struct kawela_vf_uc_list {
	u8 count;
	u8 addr[KAWELA_VF_MAX_UC][ETH_ALEN];
};

/**
 * struct kawela_vf_uc_plan - how to get from one address list to another
 * @clear: drop everything the PF has first; the mailbox knows no removal of one address
 * @add: addresses to add then
 */
struct kawela_vf_uc_plan {
	bool clear;
	struct kawela_vf_uc_list add;
};

void kawela_vf_uc_plan(const struct kawela_vf_uc_list *have, const struct kawela_vf_uc_list *want,
		       struct kawela_vf_uc_plan *plan);
bool kawela_vf_uc_has(const struct kawela_vf_uc_list *list, const u8 *addr);
bool kawela_vf_uc_put(struct kawela_vf_uc_list *list, const u8 *addr);
unsigned int kawela_vf_backoff(unsigned int attempt);
u32 kawela_vf_counter_delta(u32 last, u32 now);

#endif /* _KAWELA_VF_PLAN_H_ */
