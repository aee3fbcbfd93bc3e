/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The NIC switch of the 82576 as a software model.
 *
 * What users and guests want is kept here. A pure function turns it into an image of the switch
 * registers, and one ordered writer brings the hardware from the last image to the new one, so
 * that no single write sends a frame to a pool that must not have it. Probe, PF reset, a VF that
 * comes or goes and every administrator's verb end in that writer; nothing else writes a per-pool
 * register.
 *
 * Owns: policy, ownership, uniqueness, counting and ordering of the receive filters; the wanted
 * state and the last written image.
 * Never touches: registers, netdevs, PCI. Hardware is reached through struct kawela_nsw_hw_ops.
 * Addresses passed in are aligned to 2, as ether_addr_equal() wants them.
 * Locks: one mutex inside struct kawela_nsw, taken by every function declared here. Callers are in
 * process context; they may hold rtnl. The hw ops run with the mutex held.
 */
#ifndef _KAWELA_NSW_H
#define _KAWELA_NSW_H

#include <linux/bits.h>
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/types.h>

#include "nsw_hw.h"
#include "nsw_rule.h"

struct netlink_ext_ack;

#define KAWELA_NSW_MIN_FRAME	64
#define KAWELA_NSW_MAX_FRAME	9728
/* With a tag: what a VF has that asks for nothing. With two: what the PF netdev begins with. */
#define KAWELA_NSW_DEF_FRAME	(ETH_FRAME_LEN + ETH_FCS_LEN + VLAN_HLEN)
#define KAWELA_NSW_PF_FRAME	(KAWELA_NSW_DEF_FRAME + VLAN_HLEN)

/**
 * enum kawela_nsw_kind - what a pool is used for
 * @KAWELA_NSW_NONE: nothing: a PF VPort may take it
 * @KAWELA_NSW_DEFAULT: the default VPort: pool 7, always there, always active, never deleted
 * @KAWELA_NSW_VF: a VF is wired to it, whether it has a VPort or not
 * @KAWELA_NSW_PF: a nondefault VPort of the PF, which is what carries VMQ
 */
enum kawela_nsw_kind {
	KAWELA_NSW_NONE,
	KAWELA_NSW_DEFAULT,
	KAWELA_NSW_VF,
	KAWELA_NSW_PF,
};

/**
 * enum kawela_nsw_owner - who made a VPort; nobody else may delete it
 * @KAWELA_NSW_OWNER_DEVLINK: the administrator, by devlink or by making VFs
 * @KAWELA_NSW_OWNER_STATION: an offloaded macvlan or macvtap. The VPort does not receive
 *	broadcast: macvlan copies what the PF receives
 */
enum kawela_nsw_owner {
	KAWELA_NSW_OWNER_DEVLINK,
	KAWELA_NSW_OWNER_STATION,
};

/**
 * enum kawela_nsw_link - what the administrator wants a VF's link to be
 * @KAWELA_NSW_LINK_AUTO: that of the port
 * @KAWELA_NSW_LINK_ENABLE: up, whatever the port's is; the switch does the same as for AUTO
 * @KAWELA_NSW_LINK_DISABLE: down; the VF's filters are the default VPort's
 */
enum kawela_nsw_link {
	KAWELA_NSW_LINK_AUTO,
	KAWELA_NSW_LINK_ENABLE,
	KAWELA_NSW_LINK_DISABLE,
};

/**
 * struct kawela_nsw_vport_info - what is known about one pool and its VPort
 * @kind: what the pool is used for
 * @owner: who made the VPort
 * @present: there is a VPort; false for a VF whose VPort was deleted, and for a free pool
 * @active: the VPort was activated; VF VPorts and the default VPort always are
 * @num_qps: queue pairs of the VPort, 1 or 2
 * @admin_mac: address the administrator pinned, zero if none
 * @mac: address the VPort uses now, zero if none
 * @num_uc: additional unicast filters
 * @num_mc: multicast hashes
 * @num_vlans: VLANs the VPort joined
 * @num_rules: the administrator's receive filters on it
 * @ready: its driver's session is up and its pool is open
 * @trusted: may do what untrusted VFs may not
 * @spoofchk: source addresses and VLANs of its frames are checked
 * @allmulti: it receives every multicast
 * @promisc: it receives every unicast that no other address filter takes
 * @vlan: VLAN id the administrator puts the VF into, 0 if none
 * @qos: priority of that VLAN's tag, 0..7
 * @max_rate: transmit limit in Mb/s, 0 if none
 * @link: what the administrator wants its link to be
 */
struct kawela_nsw_vport_info {
	enum kawela_nsw_kind kind;
	enum kawela_nsw_owner owner;
	bool present;
	bool active;
	u8 num_qps;
	u8 admin_mac[ETH_ALEN] __aligned(2);
	u8 mac[ETH_ALEN] __aligned(2);
	u16 num_uc;
	u16 num_mc;
	u16 num_vlans;
	u16 num_rules;
	bool ready;
	bool trusted;
	bool spoofchk;
	bool allmulti;
	bool promisc;
	u16 vlan;
	u8 qos;
	u32 max_rate;
	enum kawela_nsw_link link;
};

/**
 * struct kawela_nsw_quota - how much of the tables a VPort may have
 * @uc: additional unicast filters
 * @vlans: VLANs
 */
struct kawela_nsw_quota {
	u16 uc;
	u16 vlans;
};

/**
 * struct kawela_nsw_counts - occupancy of the switch
 * @mode: current mode
 * @num_vfs: VFs that exist
 * @vfs_ready: VFs whose session is up
 * @num_vports: VPorts, the default one included
 * @pf_vports: of those, nondefault ones of the PF
 * @queue_pairs: in VMDq, queue pairs of all VPorts, the default one's two included; 0 in RSS mode,
 *	where all are the PF's and its driver knows how many it uses
 * @rar_used: exact addresses set, the PF's own and those of receive filters included
 * @rar_reserved: entries kept for VPorts that have no address yet, or may change it
 * @rar_free: the rest of the 24
 * @vlvf_used: VLAN pool entries in use, in VMDq with the one for untagged frames
 * @vlvf_free: the rest of the 32
 * @rar_owner: exact addresses per pool
 * @vlan_owner: VLANs per pool, those of the administrator included, without VLAN 0
 */
struct kawela_nsw_counts {
	enum kawela_nsw_mode mode;
	unsigned int num_vfs;
	unsigned int vfs_ready;
	unsigned int num_vports;
	unsigned int pf_vports;
	unsigned int queue_pairs;
	unsigned int rar_used;
	unsigned int rar_reserved;
	unsigned int rar_free;
	unsigned int vlvf_used;
	unsigned int vlvf_free;
	unsigned int rar_owner[KAWELA_NSW_NUM_POOLS];
	unsigned int vlan_owner[KAWELA_NSW_NUM_POOLS];
};

/* Settings of kawela_nsw_set_policy() */
#define KAWELA_NSW_SINGLE_VPORT_POOL	BIT(0)	/* no VPort is reserved for a VF without one */
#define KAWELA_NSW_VMQ			BIT(1)	/* the PF may have nondefault VPorts */
#define KAWELA_NSW_VLAN_TESTS		BIT(2)	/* receive filters may test the VLAN */

/* Flags of kawela_nsw_vport_set_promisc() */
#define KAWELA_NSW_VF_PROMISC_UC	BIT(0)
#define KAWELA_NSW_VF_PROMISC_MC	BIT(1)

/* Flags of struct kawela_nsw_pf_addrs */
#define KAWELA_NSW_PF_PROMISC		BIT(0)
#define KAWELA_NSW_PF_ALLMULTI		BIT(1)

/* Features of kawela_nsw_pf_set_features() */
#define KAWELA_NSW_PF_VLAN_FILTER	BIT(0)
#define KAWELA_NSW_PF_VLAN_STRIP	BIT(1)
#define KAWELA_NSW_PF_RSS_POOL		BIT(2)	/* two queues in VMDq */

/**
 * struct kawela_nsw_pf_addrs - the address lists of the PF's netdev
 * @uc: secondary unicast addresses
 * @num_uc: number of @uc
 * @mc: multicast addresses
 * @num_mc: number of @mc
 * @flags: KAWELA_NSW_PF_PROMISC, KAWELA_NSW_PF_ALLMULTI
 */
struct kawela_nsw_pf_addrs {
	const u8 (*uc)[ETH_ALEN];
	unsigned int num_uc;
	const u8 (*mc)[ETH_ALEN];
	unsigned int num_mc;
	u32 flags;
};

struct kawela_nsw;

/**
 * kawela_nsw_create - make the switch model
 * @ops: hardware writers, all set; must outlive the switch
 * @hw: first argument of every op
 * @pf_mac: the PF's address, a valid unicast address
 *
 * Nothing is written: the model starts suspended, until the first kawela_nsw_reapply(). The mode is
 * RSS, VLAN filter and VLAN stripping are on.
 *
 * Context: process context.
 * Return: the switch, or ERR_PTR: -EINVAL (@pf_mac is no unicast address), -ENOMEM.
 */
struct kawela_nsw *kawela_nsw_create(const struct kawela_nsw_hw_ops *ops, void *hw,
				     const u8 *pf_mac);

/**
 * kawela_nsw_destroy - free the switch model
 * @nsw: the switch, NULL does nothing; nobody may use it any more
 *
 * Writes nothing. Call kawela_nsw_set_num_vfs(nsw, 0, NULL) first while the device is there.
 *
 * Context: process context.
 */
void kawela_nsw_destroy(struct kawela_nsw *nsw);

/**
 * kawela_nsw_suspend - the hardware is about to be reset: stop writing
 * @nsw: the switch
 *
 * Every VPort's session ends: its gates close and what it asked for is dropped, as after an FLR
 * (the mailbox makes a VF connect again; the netdev of a PF VPort is opened again). From then on
 * changes are recorded only, until kawela_nsw_reapply().
 *
 * Context: process context.
 */
void kawela_nsw_suspend(struct kawela_nsw *nsw);

/**
 * kawela_nsw_reapply - write everything
 * @nsw: the switch
 *
 * After a hardware reset, when the registers hold their reset values (VFRE and VFTE reset to all
 * open: closing them is the first write). Ends what kawela_nsw_suspend() began. Wanted state does
 * not change.
 *
 * Context: process context; may sleep in ->set_mode().
 */
void kawela_nsw_reapply(struct kawela_nsw *nsw);

/**
 * kawela_nsw_set_num_vfs - create or delete all VFs with their VPorts
 * @nsw: the switch
 * @num_vfs: 0..7
 * @extack: takes the reason of a refusal, may be NULL
 *
 * From 0 to N the VPorts are made (gates closed, no address) and the hardware goes to VMDq; from N
 * to 0 everything of the VFs is removed first, receive filters too, then the hardware returns to
 * RSS, if the PF has no nondefault VPort. The caller stops the PF's queues around a call that
 * changes the mode.
 *
 * Context: process context; sleeps in ->set_mode().
 * Return: 0; -ERANGE (more than 7); -EBUSY (change between two numbers of VFs, or a VPort of the PF
 * is in the place of one of them); -ENOSPC (VLANs or receive filters leave no room for this many
 * VFs).
 */
int kawela_nsw_set_num_vfs(struct kawela_nsw *nsw, unsigned int num_vfs,
			   struct netlink_ext_ack *extack);

/**
 * kawela_nsw_check_num_vfs - what kawela_nsw_set_num_vfs() would say
 * @nsw: the switch
 * @num_vfs: 0..7
 * @extack: takes the reason of a refusal, may be NULL
 *
 * Nothing changes: for a caller who would stop the PF's queues in vain.
 *
 * Context: process context.
 * Return: as kawela_nsw_set_num_vfs().
 */
int kawela_nsw_check_num_vfs(struct kawela_nsw *nsw, unsigned int num_vfs,
			     struct netlink_ext_ack *extack);

/**
 * kawela_nsw_mode - current mode
 * @nsw: the switch
 *
 * Context: process context.
 * Return: KAWELA_NSW_VMDQ while there is a VF or a nondefault VPort of the PF, else KAWELA_NSW_RSS.
 */
enum kawela_nsw_mode kawela_nsw_mode(struct kawela_nsw *nsw);

/**
 * kawela_nsw_get_counts - occupancy of the switch
 * @nsw: the switch
 * @counts: filled in
 *
 * Context: process context.
 */
void kawela_nsw_get_counts(struct kawela_nsw *nsw, struct kawela_nsw_counts *counts);

/**
 * kawela_nsw_vport_set_admin_mac - pin the address of a VF or of a VPort of the PF, or un-pin it
 * @nsw: the switch
 * @pool: VF index, or pool of a VPort of the PF
 * @mac: unicast address, or zero to un-pin
 * @extack: takes the reason of a refusal, may be NULL
 *
 * Takes effect at once: the filter of a running VF is rewritten, and the additional ones of a VF
 * that is not trusted go. After an un-pin a VF with a session keeps the address it uses until its
 * next reset; that of one without is free for others.
 *
 * A secondary address of the PF's moves to the VF: that is a guest that leaves the bridge. While
 * the VF has no session, or has given its address up, the default VPort receives for it.
 *
 * Several VFs may be pinned to one address, as when a guest migrates within the host: the one that
 * became ready, or took the address up, last of those with a session receives for it, and frames
 * of the others fail the check of their source. When that one leaves, the address falls back to the
 * last but one, in the end to the default VPort. @extack says then which VF has it, too.
 *
 * Context: process context.
 * Return: 0; -ENODEV (no such VF); -EINVAL (multicast or broadcast); -EEXIST (it is the PF's own
 * address, or another VPort has it, but for a VF that is pinned to it); -EOPNOTSUPP (not exact
 * beside the VF's receive filters, see kawela_nsw_rule_set()).
 */
int kawela_nsw_vport_set_admin_mac(struct kawela_nsw *nsw, unsigned int pool, const u8 *mac,
				   struct netlink_ext_ack *extack);

/* VPorts */

/**
 * kawela_nsw_vport_id - VPort id of a pool
 * @pool: 0..7
 *
 * Context: any.
 * Return: 0 for the default VPort, else 1 + @pool.
 */
static inline unsigned int kawela_nsw_vport_id(unsigned int pool)
{
	return pool == KAWELA_NSW_PF_POOL ? 0 : 1 + pool;
}

/**
 * kawela_nsw_set_policy - what the administrator allows of the switch as a whole
 * @nsw: the switch
 * @policy: KAWELA_NSW_SINGLE_VPORT_POOL, _VMQ, _VLAN_TESTS; replaces all three
 *
 * Looked at when a VPort or a receive filter is made; what exists stays. At creation of the switch
 * VMQ and VLAN_TESTS are set.
 *
 * Context: process context.
 */
void kawela_nsw_set_policy(struct kawela_nsw *nsw, u32 policy);

/**
 * kawela_nsw_pf_vport_add - create a nondefault VPort of the PF
 * @nsw: the switch
 * @owner: who wants it
 * @extack: takes the reason of a refusal, may be NULL
 *
 * It takes the highest free pool that no VF is wired to, is inactive, and has one queue pair. The
 * first nondefault VPort takes the hardware to VMDq: then the caller stops the PF's queues around
 * the call.
 *
 * At most 7 - (VFs) exist at a time; with KAWELA_NSW_SINGLE_VPORT_POOL a VF without a VPort does
 * not count, but its pool stays its own: DMA of a pool's queues carries the VF's requester id.
 *
 * Context: process context; may sleep in ->set_mode().
 * Return: the pool, 0..6; -EOPNOTSUPP (KAWELA_NSW_VMQ is off); -ENOSPC (no VPort, no pool, or the
 * PF's VLANs or addresses leave no room).
 */
int kawela_nsw_pf_vport_add(struct kawela_nsw *nsw, enum kawela_nsw_owner owner,
			    struct netlink_ext_ack *extack);

/**
 * kawela_nsw_pf_vport_check - whether a VPort of the PF could be made
 * @nsw: the switch
 * @extack: takes the reason of a refusal, may be NULL
 *
 * Nothing changes: for a caller who would stop the PF's queues in vain.
 *
 * Context: process context.
 * Return: 0, or what kawela_nsw_pf_vport_add() would say.
 */
int kawela_nsw_pf_vport_check(struct kawela_nsw *nsw, struct netlink_ext_ack *extack);

/**
 * kawela_nsw_pf_vport_activate - activate a VPort
 * @nsw: the switch
 * @pool: pool of a VPort that is present
 * @extack: takes the reason of a refusal, may be NULL
 *
 * A VPort of the PF is made inactive; once active it stays so until it is deleted. It receives
 * nothing before kawela_nsw_vport_reset() and kawela_nsw_vport_ready(), which its netdev calls when
 * it is opened, and which this call makes possible. To activate an active VPort is no error.
 *
 * Context: process context.
 * Return: 0; -ENODEV (no VPort there).
 */
int kawela_nsw_pf_vport_activate(struct kawela_nsw *nsw, unsigned int pool,
				 struct netlink_ext_ack *extack);

/**
 * kawela_nsw_vf_vport_add - give a VF its VPort back
 * @nsw: the switch
 * @vf: VF index
 * @extack: takes the reason of a refusal, may be NULL
 *
 * A VF has its VPort from the start; this follows kawela_nsw_vport_del(). The administrator's
 * settings are those from before; its driver may begin a session.
 *
 * Context: process context.
 * Return: 0; -ENODEV (no such VF); -EEXIST (it has one).
 */
int kawela_nsw_vf_vport_add(struct kawela_nsw *nsw, unsigned int vf,
			    struct netlink_ext_ack *extack);

/**
 * kawela_nsw_vport_del - delete a VPort
 * @nsw: the switch
 * @pool: its pool
 * @owner: who asks
 * @extack: takes the reason of a refusal, may be NULL
 *
 * Its filters move to the default VPort first (those of a VF; those of a PF VPort go, its rules
 * too), then its gates close. The last nondefault VPort takes the hardware to RSS: then the caller
 * stops the PF's queues around the call. The VPort of a VF stays deleted until
 * kawela_nsw_vf_vport_add(): its driver is refused a session.
 *
 * Context: process context; may sleep in ->set_mode().
 * Return: 0; -EPERM (the default VPort, or another's); -ENODEV (no VPort there).
 */
int kawela_nsw_vport_del(struct kawela_nsw *nsw, unsigned int pool, enum kawela_nsw_owner owner,
			 struct netlink_ext_ack *extack);

/**
 * kawela_nsw_vport_set_num_qps - how many queue pairs a nondefault VPort has
 * @nsw: the switch
 * @pool: its pool
 * @num_qps: 1 or 2
 * @extack: takes the reason of a refusal, may be NULL
 *
 * With 2, the hardware spreads what it receives over both (RSSE): for drivers that fill both, which
 * igbvf does not.
 *
 * Context: process context.
 * Return: 0; -ENODEV (no VPort there); -EINVAL (@num_qps); -EBUSY (a PF VPort that is active, a VF
 * whose session is up); -EPERM (the default VPort).
 */
int kawela_nsw_vport_set_num_qps(struct kawela_nsw *nsw, unsigned int pool, unsigned int num_qps,
				 struct netlink_ext_ack *extack);

/* What the administrator says about a VF */

/**
 * kawela_nsw_vf_set_vlan - put a VF into a VLAN, or take it out
 * @nsw: the switch
 * @vf: VF index
 * @vid: VLAN id 1..4094, or 0 to take it out
 * @qos: priority 0..7; must be 0 with @vid 0
 * @extack: takes the reason of a refusal, may be NULL
 *
 * The switch puts the tag on all the VF sends and takes it off what it receives; the VF receives
 * that VLAN only, and no untagged frames. At no moment of the change does it receive or send in a
 * VLAN that is neither the old nor the new. VLANs the guest joined rest meanwhile and are back
 * afterwards. Takes effect at once.
 *
 * Context: process context.
 * Return: 0; -ENODEV (no such VF); -EINVAL (@vid, @qos); -ENOSPC (no entry of the VLAN pool table);
 * -EOPNOTSUPP (its receive filters test another VLAN, or are not exact without this one).
 */
int kawela_nsw_vf_set_vlan(struct kawela_nsw *nsw, unsigned int vf, u16 vid, u8 qos,
			   struct netlink_ext_ack *extack);

/**
 * kawela_nsw_vf_set_rate - limit what a VF sends
 * @nsw: the switch
 * @vf: VF index
 * @max_rate: Mb/s up to 1000; 0 for no limit
 * @extack: takes the reason of a refusal, may be NULL
 *
 * The limit is kept whatever the link does, and applied for the speed there is: on a link that is
 * not faster there is nothing to limit. The hardware limits each queue: a VF that sends on both of
 * its queues may send twice as much.
 *
 * Context: process context.
 * Return: 0; -ENODEV (no such VF); -EINVAL (above 1000).
 */
int kawela_nsw_vf_set_rate(struct kawela_nsw *nsw, unsigned int vf, u32 max_rate,
			   struct netlink_ext_ack *extack);

/**
 * kawela_nsw_set_link_speed - speed of the link, for the rate limits
 * @nsw: the switch
 * @speed: Mb/s, 0 while it is down
 *
 * Context: process context.
 */
void kawela_nsw_set_link_speed(struct kawela_nsw *nsw, unsigned int speed);

/**
 * kawela_nsw_vf_set_spoofchk - check the source address and VLAN of a VF's frames, or do not
 * @nsw: the switch
 * @vf: VF index
 * @on: new value
 *
 * Context: process context.
 * Return: 0; -ENODEV (no such VF).
 */
int kawela_nsw_vf_set_spoofchk(struct kawela_nsw *nsw, unsigned int vf, bool on);

/**
 * kawela_nsw_vf_set_link - set a VF's link
 * @nsw: the switch
 * @vf: VF index
 * @link: new value
 *
 * DISABLE moves the VF's filters to the default VPort, closes its gates and ends its session; its
 * driver is refused another until AUTO. The caller has the mailbox tell the VF.
 *
 * Context: process context.
 * Return: 0; -ENODEV (no such VF).
 */
int kawela_nsw_vf_set_link(struct kawela_nsw *nsw, unsigned int vf, enum kawela_nsw_link link);

/**
 * kawela_nsw_vf_set_trust - trust a VF, or stop trusting it
 * @nsw: the switch
 * @vf: VF index
 * @trusted: new value
 *
 * Taking trust away withdraws at once what it gave: promiscuity, unicast filters beyond what an
 * untrusted VF may have, and an address other than the pinned one.
 *
 * Context: process context.
 * Return: 0; -ENODEV (no such VF).
 */
int kawela_nsw_vf_set_trust(struct kawela_nsw *nsw, unsigned int vf, bool trusted);

/**
 * kawela_nsw_vport_get_quota - how much of the tables a VPort may have
 * @nsw: the switch
 * @pool: VF index, or pool of a VPort of the PF
 * @quota: filled in; with zeros on an error
 *
 * Context: process context.
 * Return: 0; -ENODEV (no such VPort).
 */
int kawela_nsw_vport_get_quota(struct kawela_nsw *nsw, unsigned int pool,
			       struct kawela_nsw_quota *quota);

/**
 * kawela_nsw_vport_get_info - what is known about one pool and its VPort
 * @nsw: the switch
 * @pool: 0..7; VF i is pool i
 * @info: filled in; all zero, that is KAWELA_NSW_NONE, on failure
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool).
 */
int kawela_nsw_vport_get_info(struct kawela_nsw *nsw, unsigned int pool,
			      struct kawela_nsw_vport_info *info);

/*
 * What a VPort's driver asks for: that of a VF by the mailbox, that of a VPort of the PF is its
 * netdev. A VF that has no VPort has no session, either.
 */

/**
 * kawela_nsw_vport_flr - a VF was reset or its guest is gone; the netdev of a PF VPort is closed
 * @nsw: the switch
 * @pool: pool of the VPort; one without a VPort is ignored
 *
 * What the administrator gave a VF moves to the default VPort, then the pool is closed and
 * everything the VPort had asked for dropped. What the administrator set stays.
 *
 * Context: process context.
 */
void kawela_nsw_vport_flr(struct kawela_nsw *nsw, unsigned int pool);

/**
 * kawela_nsw_vport_reset - a VPort's driver begins a session
 * @nsw: the switch
 * @pool: pool of the VPort
 * @mac: filled with the pinned address, or zero
 *
 * Cleans up as kawela_nsw_vport_flr() does: VLANs and address lists are to be asked for again.
 *
 * Context: process context.
 * Return: 0 and the pinned address in @mac; -EADDRNOTAVAIL (none is pinned: the session goes on,
 * the VPort chooses its address); -ENETDOWN (no session now: a VF without VPort or with its link
 * disabled, a VPort of the PF that is not active); -ENODEV (nobody has that pool).
 */
int kawela_nsw_vport_reset(struct kawela_nsw *nsw, unsigned int pool, u8 *mac);

/**
 * kawela_nsw_vport_open - a VPort's session is granted, and it says later when it listens
 * @nsw: the switch
 * @pool: pool of the VPort; ignored unless kawela_nsw_vport_reset() came before
 *
 * Opens its gates, so that its queues can be enabled, with the VLAN and the limit that the
 * administrator set for what it sends. It receives nothing: its filters stay where they are, and no
 * broadcast gets to it.
 *
 * Context: process context.
 */
void kawela_nsw_vport_open(struct kawela_nsw *nsw, unsigned int pool);

/**
 * kawela_nsw_vport_ready - a VPort's session is up
 * @nsw: the switch
 * @pool: pool of the VPort; ignored unless kawela_nsw_vport_reset() came before
 *
 * Opens its pool and installs its filters; what the default VPort kept for a VF moves back with one
 * write for each address.
 *
 * Context: process context.
 */
void kawela_nsw_vport_ready(struct kawela_nsw *nsw, unsigned int pool);

/**
 * kawela_nsw_vport_set_mac - a VPort asks for an address
 * @nsw: the switch
 * @pool: pool of the VPort
 * @mac: unicast address, or zero to have none
 *
 * Zero gives the traffic to the default VPort, that of a pinned address too; drivers send it when
 * they close.
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool); -EAGAIN (no session); -EINVAL (multicast or
 * broadcast); -EPERM (another address is pinned and the VF is not trusted); -EEXIST (the PF or
 * another VPort has it).
 */
int kawela_nsw_vport_set_mac(struct kawela_nsw *nsw, unsigned int pool, const u8 *mac);

/**
 * kawela_nsw_vport_add_uc - a VPort asks for an additional unicast filter
 * @nsw: the switch
 * @pool: pool of the VPort
 * @mac: unicast address; one the VPort has already is no error
 *
 * An untrusted VF gets up to three, of which two are sure: the third goes when the administrator
 * needs its entry. No VPort takes entries that another is guaranteed.
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool); -EAGAIN (no session); -EINVAL (no unicast address);
 * -EPERM (an address is pinned and the VF is not trusted); -EEXIST (the PF or another VPort has
 * it); -ENOSPC (quota or table used up).
 */
int kawela_nsw_vport_add_uc(struct kawela_nsw *nsw, unsigned int pool, const u8 *mac);

/**
 * kawela_nsw_vport_clear_uc - a VPort drops all its additional unicast filters
 * @nsw: the switch
 * @pool: pool of the VPort
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool); -EAGAIN (no session).
 */
int kawela_nsw_vport_clear_uc(struct kawela_nsw *nsw, unsigned int pool);

/**
 * struct kawela_nsw_addr_list - a list of unicast addresses
 * @addr: addresses
 * @num: number of @addr
 */
struct kawela_nsw_addr_list {
	const u8 (*addr)[ETH_ALEN];
	unsigned int num;
};

/**
 * kawela_nsw_vport_sync_uc - a VPort replaces its additional unicast filters
 * @nsw: the switch
 * @pool: pool of the VPort
 * @uc: its addresses now
 *
 * As many as there is room for have a filter afterwards. One that stays loses no frame.
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool); -EAGAIN (no session); or, if some have no filter, what
 * kawela_nsw_vport_add_uc() says of one of them, -ENOSPC before any other.
 */
int kawela_nsw_vport_sync_uc(struct kawela_nsw *nsw, unsigned int pool,
			     const struct kawela_nsw_addr_list *uc);

/**
 * kawela_nsw_vport_set_mc - a VPort replaces its multicast list
 * @nsw: the switch
 * @pool: pool of the VPort
 * @hash: MTA bit numbers, 12 bits each; the upper bits are ignored
 * @count: number of @hash; more than 30 means every multicast, @hash is not read then
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool); -EAGAIN (no session); -EPERM (every multicast, and not
 * trusted).
 */
int kawela_nsw_vport_set_mc(struct kawela_nsw *nsw, unsigned int pool, const u16 *hash,
			    unsigned int count);

/**
 * kawela_nsw_vport_set_vlan - a VPort joins or leaves a VLAN
 * @nsw: the switch
 * @pool: pool of the VPort
 * @vid: VLAN id, 0..4095. 0 stands for untagged frames, which are not a matter of joining:
 *	accepted, no effect.
 * @add: join, else leave. To join twice, or to leave a VLAN never joined, is no error.
 *
 * While the administrator says which VLANs the VPort is in, by kawela_nsw_vf_set_vlan() or by
 * receive filters that test a VLAN, one that it joins counts and rests like those from before.
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool); -EAGAIN (no session); -EINVAL (@vid above 4095);
 * -ENOSPC (the VPort's share of the VLAN pool table is used up, and of the rest there is none for
 * it: an untrusted VF leaves the shares of VPorts that may still be made).
 */
int kawela_nsw_vport_set_vlan(struct kawela_nsw *nsw, unsigned int pool, u16 vid, bool add);

/**
 * kawela_nsw_vport_set_max_frame - a VPort sets its longest frame
 * @nsw: the switch
 * @pool: pool of the VPort
 * @max_frame: octets with tags and CRC, 64..9728
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool); -EAGAIN (no session); -EINVAL (out of range).
 */
int kawela_nsw_vport_set_max_frame(struct kawela_nsw *nsw, unsigned int pool, u32 max_frame);

/**
 * kawela_nsw_vport_set_promisc - a VPort asks for promiscuous modes
 * @nsw: the switch
 * @pool: pool of the VPort
 * @flags: KAWELA_NSW_VF_PROMISC_*; replaces what it asked for before, 0 ends it
 *
 * Unicast promiscuity gives it, in its VLANs, what no address filter of the switch takes.
 *
 * Context: process context.
 * Return: 0; -ENODEV (nobody has that pool); -EAGAIN (no session); -EINVAL (unknown flag); -EPERM
 * (not trusted). Nothing changes on failure.
 */
int kawela_nsw_vport_set_promisc(struct kawela_nsw *nsw, unsigned int pool, u32 flags);

/**
 * kawela_nsw_set_loopback - switch frames between VPorts inside (VEB), or send all out (VEPA)
 * @nsw: the switch
 * @on: true for VEB
 *
 * Context: process context.
 */
void kawela_nsw_set_loopback(struct kawela_nsw *nsw, bool on);

/**
 * kawela_nsw_loopback - whether frames between VPorts are switched inside
 * @nsw: the switch
 *
 * Context: any.
 * Return: true for VEB, the default.
 */
bool kawela_nsw_loopback(const struct kawela_nsw *nsw);

/**
 * kawela_nsw_pf_set_mac - change the PF's address
 * @nsw: the switch
 * @mac: unicast address
 *
 * Context: process context, rtnl usually held.
 * Return: 0; -EINVAL (no unicast address); -EEXIST (a VPort has it).
 */
int kawela_nsw_pf_set_mac(struct kawela_nsw *nsw, const u8 *mac);

/**
 * kawela_nsw_pf_sync_addrs - replace the PF's address lists
 * @nsw: the switch
 * @addrs: the lists; copied
 *
 * Unicast addresses beyond the entries that are left are received by hash (UTA) in VMDq, and by
 * unicast promiscuity in RSS mode; they get an entry when one becomes free. An address a VPort has
 * stays with it: guests cannot be cut off from here, nor can they make this call fail.
 *
 * Context: process context; no spinlock (not ndo_set_rx_mode itself).
 * Return: 0; -EINVAL (a list has an address of the wrong kind); -ENOMEM. Nothing changes on
 * failure.
 */
int kawela_nsw_pf_sync_addrs(struct kawela_nsw *nsw, const struct kawela_nsw_pf_addrs *addrs);

/**
 * struct kawela_nsw_learned - what is known to be behind the PF
 * @addr: unicast addresses, those that are fixed first; one may be there several times
 * @num: number of @addr
 * @num_fixed: how many of them are the host's own, or were set by its administrator
 * @more: there are others that are not known
 * @idle: another port of a team receives for them now
 */
struct kawela_nsw_learned {
	const u8 (*addr)[ETH_ALEN];
	unsigned int num;
	unsigned int num_fixed;
	bool more;
	bool idle;
};

/**
 * kawela_nsw_pf_sync_learned - replace the addresses that are known to be behind the PF
 * @nsw: the switch
 * @learned: the addresses, copied
 *
 * Like the unicast addresses of kawela_nsw_pf_sync_addrs(), which come first, but weaker: they keep
 * nobody from having the same address. What a learning bridge finds out must not cut a VF off, and
 * a guest's address moves between the bridge and its VF. Those that are fixed no driver of a VF
 * gets by asking; a VPort of the PF does, it is the host's too. With @learned->more the PF is
 * unicast promiscuous. With @learned->idle none is a filter, so that what a VF sends to them leaves
 * on the wire, where the other port hears it; those that are fixed are so still.
 *
 * Context: process context.
 * Return: 0; -EINVAL (no unicast address in the list); -ENOMEM. Nothing changes on failure.
 */
int kawela_nsw_pf_sync_learned(struct kawela_nsw *nsw, const struct kawela_nsw_learned *learned);

/**
 * kawela_nsw_mac_owner - which nondefault VPort has an address
 * @nsw: the switch
 * @mac: unicast address
 *
 * Addresses that are pinned but not in use count. Of several VFs pinned to it, it is the one that
 * receives for it, if one does.
 *
 * Context: process context.
 * Return: its pool, or -ENOENT.
 */
int kawela_nsw_mac_owner(struct kawela_nsw *nsw, const u8 *mac);

/**
 * kawela_nsw_pf_vlan - the PF joins or leaves a VLAN
 * @nsw: the switch
 * @vid: VLAN id, 0..4095. 0 is accepted without effect: the PF always receives untagged frames.
 * @add: join, else leave. To join twice, or to leave a VLAN never joined, is no error.
 *
 * Context: process context, rtnl usually held.
 * Return: 0; -EINVAL (@vid above 4095); -ENOSPC (VMDq: no entry of the VLAN pool table left).
 */
int kawela_nsw_pf_vlan(struct kawela_nsw *nsw, u16 vid, bool add);

/**
 * kawela_nsw_pf_set_max_frame - set the PF's longest frame
 * @nsw: the switch
 * @max_frame: octets with tags and CRC, 64..9728
 *
 * Context: process context, rtnl usually held.
 * Return: 0; -EINVAL (out of range).
 */
int kawela_nsw_pf_set_max_frame(struct kawela_nsw *nsw, u32 max_frame);

/**
 * kawela_nsw_pf_set_features - set the PF's receive features
 * @nsw: the switch
 * @features: KAWELA_NSW_PF_VLAN_FILTER, _VLAN_STRIP, _RSS_POOL; replaces all three
 *
 * Without the VLAN filter the PF receives every VLAN; in VMDq, every VLAN that somebody joined:
 * this hardware delivers no other to a pool.
 *
 * Context: process context, rtnl usually held.
 * Return: 0; -EINVAL (unknown feature).
 */
int kawela_nsw_pf_set_features(struct kawela_nsw *nsw, u32 features);

/**
 * kawela_nsw_mc_hash - MTA bit of a multicast address
 * @mac: address
 *
 * 82576 with RCTL.MO = 0: bits 47:36 of the address.
 *
 * Context: any.
 * Return: bit number, 0..4095.
 */
static inline u16 kawela_nsw_mc_hash(const u8 *mac)
{
	return (mac[4] >> 4) | (u16)mac[5] << 4;
}

#endif /* _KAWELA_NSW_H */
