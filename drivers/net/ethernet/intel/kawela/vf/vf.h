/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual function: what every file of this room shares.
 *
 * User verbs (netdev, ethtool) change wanted state and wake the session work. The session work, and
 * nothing else, talks to the PF: it connects, compares wanted with applied state, and asks for the
 * difference. Packets go through kawela_ring.
 *
 * LOCKING, outermost first:
 *   RTNL             netdev state and address, the datapath (vf->dp), vf->open, vf->adopting,
 *                    vf->aside.
 *   session work     runs on vf->wq, never twice at a time; owns vf->state, vf->have, vf->snap,
 *                    vf->host, and everything about the connection. It takes RTNL with
 *                    rtnl_trylock() only and comes back when that fails, so that waiting for the
 *                    work under RTNL, with a time limit, is allowed (ndo_set_mac_address does).
 *   vf->stats_lock   mutex: the accumulated hardware counters.
 *   vf->want_lock    spinlock with bottom halves off: vf->want, vf->mac_*, vf->pf_mac,
 *                    vf->has_mac. Taken under the netdev's address list lock.
 *   vf->link_lock    spinlock with bottom halves off: vf->link_gate and changes of the carrier.
 * No mailbox call is made with any of these held, nor under RTNL.
 */
#ifndef _KAWELA_VF_H_
#define _KAWELA_VF_H_

#include <linux/completion.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include <net/kawela/io.h>
#include <net/kawela/mbx.h>
#include <net/kawela/regs.h>
#include <net/kawela/ring.h>

#include "vf_plan.h"

#define KAWELA_VF_DRV_NAME	"kawela_vf"

#define KAWELA_VF_MAX_QPS		2
#define KAWELA_VF_NUM_HW_STATS	9
#define KAWELA_VF_NUM_HOST_STATS	7

/**
 * enum kawela_vf_state - how far the session got
 * @KAWELA_VF_IDLE: nobody needs the PF; the function is reset, its addresses are not steered to it
 * @KAWELA_VF_CONNECT: trying to reach the PF; the queues are off
 * @KAWELA_VF_START: the session stands; the queues will be started once RTNL is free
 * @KAWELA_VF_RUN: the queues run, the carrier follows the link
 * @KAWELA_VF_HALT: the session is lost or unwanted; the queues will be stopped once RTNL is free
 * @KAWELA_VF_GONE: the function does not answer: it was removed, or is being reset from outside;
 *	the queues are off
 *
 *	IDLE -> CONNECT -> START -> RUN
 *	  ^        ^         |       |
 *	  +--------+-------- HALT <--+         GONE from IDLE, CONNECT and HALT, to CONNECT
 *
 * Changed by the session work only, or while that is disabled.
 */
enum kawela_vf_state {
	KAWELA_VF_IDLE,
	KAWELA_VF_CONNECT,
	KAWELA_VF_START,
	KAWELA_VF_RUN,
	KAWELA_VF_HALT,
	KAWELA_VF_GONE,
};

#define KAWELA_VF_NUM_STATES	(KAWELA_VF_GONE + 1)

/* Bits of vf->flags, set by anyone, cleared by the session work. */
enum kawela_vf_flag {
	KAWELA_VF_F_DIRTY,	/* vf->want changed */
	KAWELA_VF_F_RESTART,	/* queues and session must start over */
	KAWELA_VF_F_ADOPT,	/* what the PF said is to become true of the netdev */
	KAWELA_VF_F_EVENT,	/* the PF spoke */
	KAWELA_VF_F_WAKE,	/* a user wants the PF now: no more back-off */
	KAWELA_VF_F_BLOCKS,	/* config blocks may have changed */
	KAWELA_VF_F_STATS,	/* somebody looks at what the host counts */
	KAWELA_VF_F_ANNOUNCE,	/* the carrier came or went: the master's frames go elsewhere */
	KAWELA_VF_F_ASIDE,	/* the VF cannot serve: its master shall do without it */
};

/**
 * struct kawela_vf_filters - what a VF asks its PF for
 * @mac: primary address; zero: none
 * @max_frame: longest frame with FCS and tags; 0: not asked for yet
 * @promisc: KAWELA_PROMISC_*
 * @mc_count: number of multicast hashes; KAWELA_ABI_MC_ALL: more than fit
 * @mc_hash: the hashes, sorted, unused entries zero
 * @uc: secondary addresses
 * @vlans: VLAN ids
 */
struct kawela_vf_filters {
	u8 mac[ETH_ALEN];
	u32 max_frame;
	u8 promisc;
	u8 mc_count;
	u16 mc_hash[KAWELA_ABI_MC_MAX];
	struct kawela_vf_uc_list uc;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
};

/**
 * struct kawela_vf_host - what the host said in config blocks; zero if it said nothing
 * @link: KAWELA_LINK_*; written by the session work, read anywhere
 * @speed: of the port in Mb/s, 0 if it has no link; likewise
 * @port_vlan: the switch puts the VF into a VLAN; likewise
 * @trusted: the VF is trusted
 * @max_frame: longest frame the host grants
 * @host_frame: longest frame of the host's own netdev
 * @max_tx: transmit limit in Mb/s
 * @advice: enum kawela_moderation
 */
struct kawela_vf_host {
	u32 link;
	u32 speed;
	bool port_vlan;
	bool trusted;
	u32 max_frame;
	u32 host_frame;
	u32 max_tx;
	u32 advice;
};

/**
 * struct kawela_vf_vector - cookie of a vector of the mailbox
 * @vf: VF
 * @index: bit in EIMS
 * @name: shown in /proc/interrupts
 */
struct kawela_vf_vector {
	struct kawela_vf *vf;
	u8 index;
	char name[32];
};

/**
 * struct kawela_vf - one virtual function
 * @pdev: PCI function
 * @netdev: its netdev
 * @io: registers
 * @command: bits of PCI_COMMAND that the driver needs
 * @config: configuration space as probe left it; a later copy might be of a function that is gone
 * @mbx: VF end of the backchannel
 * @dp: queue pairs; RTNL
 * @open: the netdev is open; written under RTNL
 * @adopting: this driver itself changes the netdev; RTNL
 * @pf_waits: the PF gives a session nothing to receive before it listens; session work
 * @aside: a failover master may want the netdev, but has to see it registered; RTNL
 * @mtu_user: the user chose the MTU; RTNL
 * @coalesce_user: the user chose the moderation; RTNL
 * @paused: power management, bus error or FLR stopped the work; device lock
 * @queue_irq_name: shown in /proc/interrupts
 * @vectors: cookies of the vectors other than the queue's
 * @spill: stray vectors look at the queues
 * @num_qps: queue pairs, the second only sends; RTNL
 * @wq: ordered workqueue of @session
 * @session: the session work
 * @state: see enum kawela_vf_state
 * @flags: see enum kawela_vf_flag
 * @standing: the PF knows us: a reset is needed before we may go idle
 * @attempts: attempts to connect since the last session that lasted
 * @last_try: jiffies at the end of the last of them
 * @next_try: jiffies before which there is no other
 * @first: completed when the PF answered for the first time, or the function was gone
 * @known: the PF answered at least once
 * @complained: an outage was reported in the log
 * @introduced: the host knows who we are
 * @unread: blocks that the host said changed and did not give yet
 * @host: what the host said; session work
 * @has_mac: the PF assigned an address
 * @pf_mac: that address
 * @mac_user: the user chose another address than the PF's
 * @mac_waiting: ndo_set_mac_address waits for the PF's answer about want.mac
 * @mac_result: that answer
 * @mac_done: completed with @mac_result
 * @want_lock: see LOCKING
 * @want: what the PF shall do for us
 * @have: what it was asked for in this session
 * @snap: copy of @want the session work compares with @have
 * @resync: the PF withdrew some of @have: ask for all lists again
 * @refused: requests the PF refused
 * @connects: sessions set up
 * @link_lock: see LOCKING
 * @link_gate: the carrier may be on
 * @stats_lock: see LOCKING
 * @hw_last: hardware counters at the last look
 * @hw_stats: hardware counters, accumulated
 * @host_stats: what the host counted when it was last asked, struct kawela_block_stats in the order
 *	of its members
 */
struct kawela_vf {
	struct pci_dev *pdev;
	struct net_device *netdev;
	struct kawela_io io;
	u16 command;
	struct pci_saved_state *config;
	struct kawela_mbx_vf *mbx;

	struct kawela_dp dp;
	bool open;
	bool adopting;
	bool pf_waits;
	bool aside;
	bool mtu_user;
	bool coalesce_user;
	bool paused;
	char queue_irq_name[32];
	struct kawela_vf_vector vectors[KW_VF_VECTORS - 1];
	bool spill;
	u8 num_qps;

	struct workqueue_struct *wq;
	struct delayed_work session;
	enum kawela_vf_state state;
	unsigned long flags;
	bool standing;
	unsigned int attempts;
	unsigned long last_try;
	unsigned long next_try;
	struct completion first;
	bool known;
	bool complained;
	bool introduced;
	u64 unread;
	struct kawela_vf_host host;

	bool has_mac;
	u8 pf_mac[ETH_ALEN];
	bool mac_user;
	bool mac_waiting;
	int mac_result;
	struct completion mac_done;

	spinlock_t want_lock; /* see LOCKING above */
	struct kawela_vf_filters want;
	struct kawela_vf_filters have;
	struct kawela_vf_filters snap;
	bool resync;
	atomic64_t refused;
	atomic64_t connects;

	spinlock_t link_lock; /* see LOCKING above */
	bool link_gate;

	struct mutex stats_lock; /* see LOCKING above */
	u32 hw_last[KAWELA_VF_NUM_HW_STATS];
	u64 hw_stats[KAWELA_VF_NUM_HW_STATS];
	u64 host_stats[KAWELA_VF_NUM_HOST_STATS];
};

/* vf_pci.c */
bool kawela_vf_pci_ready(struct kawela_vf *vf);
void kawela_vf_pci_anew(struct kawela_vf *vf);

/* vf_irq.c */
int kawela_vf_irq_init(struct kawela_vf *vf);
void kawela_vf_irq_fini(struct kawela_vf *vf);
int kawela_vf_irq_request_queues(struct kawela_vf *vf);
void kawela_vf_irq_show_queues(struct kawela_vf *vf);
void kawela_vf_irq_free_queues(struct kawela_vf *vf);
void kawela_vf_irq_program(struct kawela_vf *vf);
void kawela_vf_irq_disable(struct kawela_vf *vf);
void kawela_vf_irq_spill(struct kawela_vf *vf, bool on);

/* vf_queue.c */
int kawela_vf_queues_alloc(struct kawela_vf *vf);
void kawela_vf_queues_free(struct kawela_vf *vf);
int kawela_vf_queues_start(struct kawela_vf *vf);
void kawela_vf_queues_stop(struct kawela_vf *vf);
int kawela_vf_queues_change(struct kawela_vf *vf, unsigned int num_qps,
			    const struct kawela_qp_set *rings);

/* vf_session.c */
int kawela_vf_session_init(struct kawela_vf *vf);
void kawela_vf_session_fini(struct kawela_vf *vf);
void kawela_vf_session_kick(struct kawela_vf *vf);
void kawela_vf_session_wake(struct kawela_vf *vf);
void kawela_vf_session_restart(struct kawela_vf *vf);
void kawela_vf_session_pause(struct kawela_vf *vf);
void kawela_vf_session_resume(struct kawela_vf *vf);
void kawela_vf_goodbye(struct kawela_vf *vf);

/* vf_filter.c */
void kawela_vf_filter_connected(struct kawela_vf *vf);
int kawela_vf_filter_sync(struct kawela_vf *vf);
void kawela_vf_filter_pinned(struct kawela_vf *vf, const u8 *mac);
void kawela_vf_filter_retry(struct kawela_vf *vf);
int kawela_vf_set_rx_mode(struct net_device *netdev, struct netdev_hw_addr_list *uc,
			  struct netdev_hw_addr_list *mc);
int kawela_vf_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vid);
int kawela_vf_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vid);
void kawela_vf_want_max_frame(struct kawela_vf *vf, u32 max_frame);
void kawela_vf_want_mac(struct kawela_vf *vf, const u8 *mac);
int kawela_vf_set_mac_address(struct net_device *netdev, void *addr);

/* vf_block.c */
void kawela_vf_blocks_connected(struct kawela_vf *vf);
int kawela_vf_blocks_sync(struct kawela_vf *vf);
int kawela_vf_blocks_stats(struct kawela_vf *vf);
int kawela_vf_blocks_refusal(struct kawela_vf *vf, u32 *reason);
void kawela_vf_blocks_adopt(struct kawela_vf *vf);
netdev_features_t kawela_vf_fix_features(struct net_device *netdev, netdev_features_t features);

/* vf_link.c */
bool kawela_vf_link_up(struct kawela_vf *vf);
void kawela_vf_link_gate(struct kawela_vf *vf, bool open);
void kawela_vf_link_speed(struct kawela_vf *vf, u32 *speed, u8 *duplex);

/* vf_failover.c */
struct net_device *kawela_vf_master(struct kawela_vf *vf);
bool kawela_vf_master_serve(struct kawela_vf *vf);
void kawela_vf_no_service(struct kawela_vf *vf);
void kawela_vf_come_back(struct kawela_vf *vf);

/* vf_netdev.c */
void kawela_vf_netdev_setup(struct kawela_vf *vf);
void kawela_vf_adopt_mac(struct kawela_vf *vf);
void kawela_vf_first_mac(struct kawela_vf *vf);

/* vf_stats.c */
void kawela_vf_stats_update(struct kawela_vf *vf);
void kawela_vf_stats_rebase(struct kawela_vf *vf);
void kawela_vf_stats_host(struct kawela_vf *vf, const struct kawela_block_stats *b);
void kawela_vf_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats);
int kawela_vf_stats_count(void);
void kawela_vf_stats_strings(u8 **data);
void kawela_vf_stats_values(struct kawela_vf *vf, u64 **data);

/* vf_ethtool.c */
extern const struct ethtool_ops kawela_vf_ethtool_ops;

#endif /* _KAWELA_VF_H_ */
