/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the NIC switch model: wanted state, register image, and what the files of this room
 * offer each other.
 *
 *	nsw_core.c	life of the switch, number of VFs, policy, occupancy
 *	nsw_vport.c	life of a VPort: made, activated, deleted; its session
 *	nsw_request.c	what a VPort's driver asks for
 *	nsw_admin.c	what the administrator says about a VF
 *	nsw_rule.c	receive filters of the administrator
 *	nsw_pf.c	the default VPort's addresses, VLANs, features
 *	nsw_filter.c	who has which address: RAR entries and their shares
 *	nsw_vlan.c	who is in which VLAN: VLVF entries and their shares
 *	nsw_image.c	wanted state -> register image (pure)
 *	nsw_apply.c	register image -> hardware, in a safe order
 *
 * Locks: everything here is protected by kawela_nsw.lock.
 */
#ifndef _KAWELA_NSW_PRIV_H
#define _KAWELA_NSW_PRIV_H

#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include "nsw.h"

/* RAR entries: 0 is the PF's address, 1 + i that of pool i while it is used, the rest is shared. */
#define NSW_RAR_PF		0
#define NSW_RAR_OWN(pool)	(1 + (pool))
#define NSW_RAR_SHARED		(KAWELA_NSW_NUM_RAR - 1)	/* all but the PF's */

#define NSW_NUM_VPORTS		KAWELA_NSW_PF_POOL	/* nondefault ones: pools 0..6 */

/* VLVF entry 0 serves VLAN 0 in VMDq: who takes untagged frames takes priority-tagged ones. */
#define NSW_VLVF_UNTAGGED	0
#define NSW_VLVF_SHARED		(KAWELA_NSW_NUM_VLVF - 1)

/*
 * What no other pool can take away. 7 VPorts: 7 * (1 + 2) + 2 = 23 RAR entries exactly, and
 * 8 * 2 = 16 of 31 VLANs.
 */
#define NSW_SHARE_VPORT_UC		2
#define NSW_SHARE_PF_UC		2
#define NSW_SHARE_VLANS		2

#define NSW_UNTRUSTED_UC	3	/* igbvf asks for no more */

#define NSW_PF_BIT		BIT(KAWELA_NSW_PF_POOL)
#define NSW_PF_FEATURES		(KAWELA_NSW_PF_VLAN_FILTER | KAWELA_NSW_PF_VLAN_STRIP | \
				 KAWELA_NSW_PF_RSS_POOL)
#define NSW_POLICIES		(KAWELA_NSW_SINGLE_VPORT_POOL | KAWELA_NSW_VMQ | \
				 KAWELA_NSW_VLAN_TESTS)

/**
 * struct kawela_nsw_image - the switch registers as they are to be
 * @mode: MRQC, VT_CTL
 * @rar: RAL, RAH
 * @vlvf: VLVF
 * @vfta: VFTA
 * @mta: MTA
 * @uta: UTA
 * @pool: VMOLR, VMVIR, RTTBCNRC
 * @rx_gates: VFRE
 * @tx_gates: VFTE
 * @sw: DTXSWC
 * @port: RCTL, CTRL, RLPML
 */
struct kawela_nsw_image {
	enum kawela_nsw_mode mode;
	struct kawela_nsw_rar rar[KAWELA_NSW_NUM_RAR];
	struct kawela_nsw_vlvf vlvf[KAWELA_NSW_NUM_VLVF];
	u32 vfta[KAWELA_NSW_HASH_DWORDS];
	u32 mta[KAWELA_NSW_HASH_DWORDS];
	u32 uta[KAWELA_NSW_HASH_DWORDS];
	struct kawela_nsw_pool_cfg pool[KAWELA_NSW_NUM_POOLS];
	u8 rx_gates;
	u8 tx_gates;
	struct kawela_nsw_switch_cfg sw;
	struct kawela_nsw_port_cfg port;
};

/**
 * enum kawela_nsw_vport_state - a VPort's session, as far as the switch minds
 * @NSW_VPORT_DOWN: no driver, or its netdev is closed; nothing requested, gates closed. What the
 *	administrator gave a VF is the default VPort's meanwhile.
 * @NSW_VPORT_ATTACHED: its driver's reset is being answered, or its netdev is being opened;
 *	requests are taken, gates closed
 * @NSW_VPORT_OPEN: gates open, so that queues can be enabled; filters elsewhere
 * @NSW_VPORT_READY: filters in place, gates open
 *
 *	      reset            open        ready
 *	DOWN ------> ATTACHED ------> OPEN ------> READY
 *	                |                            ^
 *	                +-----------ready------------+
 *
 * From anywhere but DOWN a reset leads to ATTACHED, and an flr to DOWN. A driver that does not say
 * when it listens skips OPEN.
 *
 * Deleting the VPort, disabling its link and suspending the switch are an flr to it. A reset is
 * refused without a VPort, before it is active, and while its link is disabled.
 */
enum kawela_nsw_vport_state {
	NSW_VPORT_DOWN,
	NSW_VPORT_ATTACHED,
	NSW_VPORT_OPEN,
	NSW_VPORT_READY,
	/* private: */
	NSW_VPORT_NUM_STATES
};

enum kawela_nsw_vport_event {
	NSW_VPORT_EV_FLR,
	NSW_VPORT_EV_RESET,
	NSW_VPORT_EV_OPEN,
	NSW_VPORT_EV_READY,
	NSW_VPORT_NUM_EVENTS
};

/**
 * struct kawela_nsw_vport - wanted state of one nondefault pool and its VPort
 * @kind: NONE, VF or PF; the rest means nothing with NONE
 * @owner: who made the VPort
 * @present: there is a VPort
 * @active: it was activated
 * @num_qps: its queue pairs
 * @state: session; written by nsw_vport_event() only
 * @admin_mac: pinned by the administrator, zero if none
 * @trusted: set by the administrator; a VPort of the PF always is
 * @spoofchk: check its frames' source
 * @link: set by the administrator
 * @vlan: VLAN the administrator put it into, 0 if none
 * @qos: priority of that VLAN's tag
 * @max_rate: transmit limit in Mb/s, 0 if none
 * @mac: address in use, zero if none; requested, or @admin_mac
 * @since: kawela_nsw.takes when its session became ready or it took @mac up, the later of both
 * @max_frame: requested
 * @promisc: requested, KAWELA_NSW_VF_PROMISC_*
 * @all_mc: requested by a multicast list that was too long
 * @num_mc: number of @mc
 * @mc: requested MTA bits
 */
struct kawela_nsw_vport {
	enum kawela_nsw_kind kind;
	enum kawela_nsw_owner owner;
	bool present;
	bool active;
	u8 num_qps;
	enum kawela_nsw_vport_state state;

	u8 admin_mac[ETH_ALEN] __aligned(2);
	bool trusted;
	bool spoofchk;
	enum kawela_nsw_link link;
	u16 vlan;
	u8 qos;
	u32 max_rate;

	u8 mac[ETH_ALEN] __aligned(2);
	u64 since;
	u16 max_frame;
	u32 promisc;
	bool all_mc;
	u8 num_mc;
	u16 mc[KAWELA_NSW_MAX_VF_MC];
};

/**
 * struct kawela_nsw_uc - who has a shared RAR entry
 * @mac: address
 * @owner: pool
 * @asked: its driver asked for it
 * @rule: a receive filter of the administrator needs it; with neither, the entry is free
 */
struct kawela_nsw_uc {
	u8 mac[ETH_ALEN] __aligned(2);
	u8 owner;
	bool asked;
	bool rule;
};

/**
 * struct kawela_nsw_vlan - who has a VLVF entry
 * @vid: VLAN id
 * @members: pools whose drivers joined, bit per pool
 * @admin: pools that the administrator put into it; with neither, the entry is free
 */
struct kawela_nsw_vlan {
	u16 vid;
	u8 members;
	u8 admin;
};

/**
 * struct kawela_nsw_pf - wanted state of the default VPort
 * @mac: its address
 * @uc: secondary addresses its netdev has
 * @num_uc: number of @uc
 * @learned: unicast addresses behind it, which every other VPort may take
 * @num_learned: number of @learned
 * @num_fixed: of those, how many, from the first on, no driver of a VF may take
 * @learned_more: there are others, not known which
 * @learned_idle: none of them is to be a filter
 * @uc_overflow: not all of @uc and @learned have an entry
 * @uta: UTA bits of those without
 * @flags: KAWELA_NSW_PF_PROMISC, KAWELA_NSW_PF_ALLMULTI
 * @features: KAWELA_NSW_PF_VLAN_FILTER and so on
 * @max_frame: longest frame
 * @num_mc: multicast addresses its netdev has
 * @mta: their MTA bits
 * @vlans: VLANs it joined, without 0
 */
struct kawela_nsw_pf {
	u8 mac[ETH_ALEN] __aligned(2);
	u8 (*uc)[ETH_ALEN];
	unsigned int num_uc;
	u8 (*learned)[ETH_ALEN];
	unsigned int num_learned;
	unsigned int num_fixed;
	bool learned_more;
	bool learned_idle;
	bool uc_overflow;
	u32 uta[KAWELA_NSW_HASH_DWORDS];
	u32 flags;
	u32 features;
	u16 max_frame;
	unsigned int num_mc;
	u32 mta[KAWELA_NSW_HASH_DWORDS];
	DECLARE_BITMAP(vlans, VLAN_N_VID);
};

/**
 * struct kawela_nsw - the NIC switch
 * @lock: protects everything below; taken by each function of nsw.h. Order: after rtnl, before
 *	nothing. Process context.
 * @ops: hardware writers
 * @hw: their first argument
 * @suspended: hardware is not to be written
 * @force: what the registers hold is not known: write all
 * @loopback: VEB; read without the lock, too
 * @policy: KAWELA_NSW_SINGLE_VPORT_POOL and so on
 * @link_speed: Mb/s, 0 while the link is down
 * @num_vfs: VFs that exist, on pools 0..@num_vfs - 1
 * @takes: how often a VPort became ready or took an address up
 * @pf: default VPort
 * @vport: nondefault VPorts by pool; those of VFs come first
 * @rule: receive filters of the administrator, by id
 * @rules: which of @rule there are
 * @uc: shared RAR entries by RAR index; NSW_RAR_OWN() of a pool in use is never used here
 * @vlan: VLVF entries by index, in VMDq only; 0 is never used here
 * @applied: what the registers hold
 * @next: what they are to hold
 */
struct kawela_nsw {
	struct mutex lock; /* wanted and applied state, serializes the writers of registers */
	const struct kawela_nsw_hw_ops *ops;
	void *hw;
	bool suspended;
	bool force;
	bool loopback;
	u32 policy;
	unsigned int link_speed;
	unsigned int num_vfs;
	u64 takes;
	struct kawela_nsw_pf pf;
	struct kawela_nsw_vport vport[NSW_NUM_VPORTS];
	struct kawela_nsw_rule rule[KAWELA_NSW_NUM_RULES];
	DECLARE_BITMAP(rules, KAWELA_NSW_NUM_RULES);
	struct kawela_nsw_uc uc[KAWELA_NSW_NUM_RAR];
	struct kawela_nsw_vlan vlan[KAWELA_NSW_NUM_VLVF];
	struct kawela_nsw_image applied;
	struct kawela_nsw_image next;
};

static inline void nsw_step(const struct kawela_nsw *nsw, unsigned int pool,
			    enum kawela_nsw_step step)
{
	nsw->ops->step(nsw->hw, pool, step);
}

/* Pools somebody has: VFs, whether they have a VPort or not, and VPorts of the PF. */
static inline bool nsw_pool_used(const struct kawela_nsw *nsw, unsigned int pool)
{
	return pool < NSW_NUM_VPORTS && nsw->vport[pool].kind != KAWELA_NSW_NONE;
}

static inline bool nsw_is_vf(const struct kawela_nsw *nsw, unsigned int pool)
{
	return pool < NSW_NUM_VPORTS && nsw->vport[pool].kind == KAWELA_NSW_VF;
}

static inline bool nsw_vport_exists(const struct kawela_nsw *nsw, unsigned int pool)
{
	return nsw_pool_used(nsw, pool) && nsw->vport[pool].present;
}

static inline bool nsw_is_vmdq(const struct kawela_nsw *nsw)
{
	unsigned int pool;

	for (pool = 0; pool < NSW_NUM_VPORTS; pool++)
		if (nsw_pool_used(nsw, pool))
			return true;
	return false;
}

/* Whether @pool is that of a VF and the administrator pinned @mac to it. */
static inline bool nsw_pinned(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	return nsw_is_vf(nsw, pool) && ether_addr_equal(nsw->vport[pool].admin_mac, mac);
}

/*
 * Whether @pool is that of a VF whose pinned address is not the VF's now: it has no session, or
 * gave its address up, as drivers do that close.
 */
static inline bool nsw_is_away(const struct kawela_nsw *nsw, unsigned int pool)
{
	const struct kawela_nsw_vport *v = &nsw->vport[pool];

	return nsw_is_vf(nsw, pool) &&
	       (v->state != NSW_VPORT_READY || is_zero_ether_addr(v->mac));
}

/* The address that a pool's own RAR entry is for, zero if it has none. */
static inline const u8 *nsw_own_mac(const struct kawela_nsw *nsw, unsigned int pool)
{
	const struct kawela_nsw_vport *v = &nsw->vport[pool];

	return nsw_is_away(nsw, pool) ? v->admin_mac : v->mac;
}

/* Whether @id is a receive filter on @pool. */
static inline bool nsw_rule_on(const struct kawela_nsw *nsw, unsigned int id, unsigned int pool)
{
	return test_bit(id, nsw->rules) && nsw->rule[id].pool == pool;
}

/* nsw_core.c */
void kawela_nsw_commit(struct kawela_nsw *nsw);

/* nsw_vport.c */
void kawela_nsw_vport_init(struct kawela_nsw *nsw, unsigned int pool, enum kawela_nsw_kind kind,
			   enum kawela_nsw_owner owner);
void kawela_nsw_vport_free(struct kawela_nsw *nsw, unsigned int pool);
void kawela_nsw_vport_leave(struct kawela_nsw *nsw, unsigned int pool);
void kawela_nsw_vport_drop(struct kawela_nsw *nsw, unsigned int pool);

/* nsw_rule.c */
unsigned int kawela_nsw_rule_count(const struct kawela_nsw *nsw, unsigned int pool);
bool kawela_nsw_rules_exact(const struct kawela_nsw *nsw, unsigned int pool);
bool kawela_nsw_rules_test_vlan(const struct kawela_nsw *nsw, unsigned int pool);
bool kawela_nsw_rules_test_untagged(const struct kawela_nsw *nsw, unsigned int pool);
void kawela_nsw_rules_drop(struct kawela_nsw *nsw, unsigned int pool);

/* nsw_filter.c */
bool kawela_nsw_pool_has(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool);
bool kawela_nsw_mac_claimed(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool);
bool kawela_nsw_mac_taken(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool);
void kawela_nsw_mac_take(struct kawela_nsw *nsw, const u8 *mac, unsigned int pool);
int kawela_nsw_pin_other(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool);
unsigned int kawela_nsw_pin_holder(const struct kawela_nsw *nsw, const u8 *mac);
unsigned int kawela_nsw_uc_count(const struct kawela_nsw *nsw, unsigned int pool);
bool kawela_nsw_uc_has(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool);
int kawela_nsw_uc_add(struct kawela_nsw *nsw, const u8 *mac, unsigned int pool);
void kawela_nsw_uc_del(struct kawela_nsw *nsw, const u8 *mac, unsigned int pool);
void kawela_nsw_uc_trim(struct kawela_nsw *nsw, unsigned int pool, unsigned int keep);
void kawela_nsw_uc_keep(struct kawela_nsw *nsw, unsigned int pool,
			const struct kawela_nsw_addr_list *uc);
bool kawela_nsw_uc_fits_admin(const struct kawela_nsw *nsw);
void kawela_nsw_uc_place(struct kawela_nsw *nsw);

/* nsw_vlan.c */
unsigned int kawela_nsw_vlan_count(const struct kawela_nsw *nsw, unsigned int pool);
unsigned int kawela_nsw_vlan_room(const struct kawela_nsw *nsw, unsigned int pool);
bool kawela_nsw_vlans_fit(const struct kawela_nsw *nsw);
bool kawela_nsw_vlan_confined(const struct kawela_nsw *nsw, unsigned int pool);
int kawela_nsw_vlan_join(struct kawela_nsw *nsw, u16 vid, unsigned int pool);
void kawela_nsw_vlan_leave(struct kawela_nsw *nsw, u16 vid, unsigned int pool);
void kawela_nsw_vlan_leave_all(struct kawela_nsw *nsw, unsigned int pool);
void kawela_nsw_vlan_place(struct kawela_nsw *nsw);

/* nsw_image.c */
u32 kawela_nsw_rate_factor(unsigned int speed, u32 max_rate);
void kawela_nsw_image_compute(const struct kawela_nsw *nsw, struct kawela_nsw_image *img);

/* nsw_apply.c */
void kawela_nsw_apply(struct kawela_nsw *nsw);

#endif /* _KAWELA_NSW_PRIV_H */
