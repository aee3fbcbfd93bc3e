/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive filters of the administrator. Part of nsw.h.
 *
 * Owns: nothing but names. Never touches: policy.
 * Locks: see nsw.h.
 */
#ifndef _KAWELA_NSW_RULE_H
#define _KAWELA_NSW_RULE_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct kawela_nsw;
struct netlink_ext_ack;

/* Ids 0..63, ethtool's "loc". */
#define KAWELA_NSW_NUM_RULES	64

/**
 * struct kawela_nsw_rule - a receive filter of the administrator
 * @mac: destination address, unicast
 * @vid: VLAN id 1..4095 to match, 0: untagged and priority-tagged frames
 * @pool: VPort that receives what matches
 */
struct kawela_nsw_rule {
	u8 mac[ETH_ALEN] __aligned(2);
	u16 vid;
	u8 pool;
};

/**
 * kawela_nsw_rule_set - insert a receive filter, or move it
 * @nsw: the switch
 * @id: 0..KAWELA_NSW_NUM_RULES - 1; one in use is moved or replaced, atomically
 * @rule: what to receive and where
 * @extack: takes the reason of a refusal, may be NULL
 *
 * The hardware keeps one set of addresses and one of VLANs per pool, so a nondefault VPort's
 * filters (the pinned address with the administrator's VLAN, or untagged, included) are exact in
 * two shapes only: one address with several VLAN tests, or several addresses with one. Anything
 * else is refused; on the default VPort, which receives what nobody else does, nothing is. While a
 * VPort has filters that test a VLAN, the VLANs its driver joined rest. While a VF is away, its
 * filters are the default VPort's; those of a PF VPort without session do nothing. They go when the
 * VF or the PF VPort is deleted, not with the VPort of a VF.
 *
 * A filter that moves takes its address from the driver of the VF that it leaves, if that uses it.
 * Such a VF has one address less; the caller has it connect again.
 *
 * Context: process context.
 * Return: 0; -EINVAL (@id, address, VLAN or pool out of range); -ENODEV (no VPort there);
 * -EEXIST (another VPort has the address, or another id is the same; a secondary address of the
 * PF's moves); -EOPNOTSUPP (not exact in this hardware, or KAWELA_NSW_VLAN_TESTS is off);
 * -ENOSPC (a table is full). Nothing changes on failure.
 */
int kawela_nsw_rule_set(struct kawela_nsw *nsw, unsigned int id, const struct kawela_nsw_rule *rule,
			struct netlink_ext_ack *extack);

/**
 * kawela_nsw_rule_clear - remove a receive filter
 * @nsw: the switch
 * @id: 0..KAWELA_NSW_NUM_RULES - 1
 *
 * Context: process context.
 * Return: 0; -EINVAL (out of range); -ENOENT (no such filter).
 */
int kawela_nsw_rule_clear(struct kawela_nsw *nsw, unsigned int id);

/**
 * kawela_nsw_rule_get - look a receive filter up
 * @nsw: the switch
 * @id: 0..KAWELA_NSW_NUM_RULES - 1
 * @rule: filled in
 *
 * Context: process context.
 * Return: 0; -EINVAL (out of range); -ENOENT (no such filter).
 */
int kawela_nsw_rule_get(struct kawela_nsw *nsw, unsigned int id, struct kawela_nsw_rule *rule);

/**
 * kawela_nsw_rule_list - ids of the receive filters
 * @nsw: the switch
 * @ids: filled in, ascending
 * @max: room in @ids
 *
 * Context: process context.
 * Return: how many there are; -EMSGSIZE (more than @max).
 */
int kawela_nsw_rule_list(struct kawela_nsw *nsw, u32 *ids, unsigned int max);

#endif /* _KAWELA_NSW_RULE_H */
