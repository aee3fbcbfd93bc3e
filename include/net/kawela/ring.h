/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data path of one netdev: descriptor rings, NAPI, interrupt moderation. Used by PF and VF.
 *
 * A datapath (struct kawela_dp) is a set of queue pairs; a queue pair (struct kawela_qp) is one
 * transmit ring, one receive ring unless it only sends, one NAPI instance and one MSI-X vector,
 * which pairs may share. PF and VF registers have the same layout, so the owner only says which
 * hardware queue and which vector each pair uses.
 *
 * Life, each step with its undoing; undoing a step that was not done does nothing:
 *
 *	kawela_dp_init()  -> kawela_dp_fini()	defaults
 *	kawela_dp_alloc() -> kawela_dp_free()	memory, buffers, NAPI instances
 *	kawela_dp_start() -> kawela_dp_stop()	hardware queues
 *
 * Only alloc needs memory: what was stopped can be started. Another number of queue pairs or other
 * ring sizes are prepared while the old ones run, and swapped in while the datapath is stopped:
 *
 *	kawela_dp_prepare(), kawela_dp_stop(), kawela_dp_swap(), kawela_dp_start()
 *
 * The owner, and only the owner: requests the interrupts (handler kawela_qp_irq(), cookie
 * kawela_dp_slot()) before start; programs IVAR, EIAC, EIAM, GPIE, RCTL, TCTL, RXCSUM, MRQC and the
 * pool registers; wakes the netdev's transmit queues after start and calls netif_tx_disable()
 * before stop; calls netif_set_real_num_*_queues().
 *
 * LOCKING
 *
 * - RTNL: every function that changes a datapath (alloc, free, start, stop, set_*). Asserted.
 * - struct kawela_dp.stats_lock (spinlock, taken with bottom halves off): the publication of qp[]
 *   and num_qps to readers of statistics, and the totals of queue pairs that are gone. Taken by
 *   those that change them and by the statistics readers; never nested in anything of this room.
 *   Transmit and poll run between start and stop only and need no lock.
 * - An interrupt handler may read a slot of qp[] at any time: a queue pair is freed a grace period
 *   of RCU after it was taken out.
 * - Transmit ring: the producer side under the netdev's transmit queue lock, the consumer side in
 *   the pair's NAPI; free space is handed over by the barriers of net/netdev_queues.h.
 * - Receive ring: the pair's NAPI only.
 * - xdp_prog: written under RTNL, read once per poll. A poll is a read side of RCU, and a program
 *   is freed a grace period after it was taken away.
 * - Frames of XDP, from a poll (XDP_TX) or from another netdev's: under the transmit queue lock,
 *   like packets. Whoever is not called by the stack looks at @running under this lock, as
 *   kawela_dp_stop() takes it after it cleared that; and at the pair's own @paused, while that one
 *   begins or ends with a pool.
 * - xsk[]: RTNL; a queue pair sees its pool from its start to its stop, and sockets wake it under
 *   RCU, which kawela_dp_free() waits for.
 * - Counters: one u64_stats_sync for each of the three writers (transmit, transmit completion,
 *   receive) of a pair.
 *
 * Never touches: mailbox, switch, PCI configuration, filters, link.
 */
#ifndef _NET_KAWELA_RING_H
#define _NET_KAWELA_RING_H

#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <net/kawela/io.h>
#include <net/kawela/regs.h>

struct bpf_prog;
struct kawela_qp;
struct kawela_xsk;
struct netdev_bpf;
struct netdev_queue_stats_rx;
struct netdev_queue_stats_tx;
struct xdp_frame;

/* Descriptors per ring. */
#define KAWELA_RING_MIN		80
#define KAWELA_RING_MAX		4096
#define KAWELA_RING_DEFAULT	512

/* Interrupt interval to begin with, in microseconds. */
#define KAWELA_DP_DEFAULT_USECS	32

/*
 * What the datapath can do with XDP, always: frames of other netdevs are sent without a program,
 * too.
 */
#define KAWELA_DP_XDP_FEATURES	(NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT | \
				 NETDEV_XDP_ACT_NDO_XMIT | NETDEV_XDP_ACT_RX_SG | \
				 NETDEV_XDP_ACT_NDO_XMIT_SG | NETDEV_XDP_ACT_XSK_ZEROCOPY)

/* Besides its MTU a frame has a header and two VLAN tags at most; hardware counts its FCS, too. */
#define KAWELA_DP_HEADER	(ETH_HLEN + 2 * VLAN_HLEN)
#define KAWELA_DP_OVERHEAD	(KAWELA_DP_HEADER + ETH_FCS_LEN)
#define KAWELA_DP_MAX_MTU	9216
#define KAWELA_DP_MAX_FRAME	(KAWELA_DP_MAX_MTU + KAWELA_DP_HEADER)

/* For ethtool_ops.supported_coalesce_params. */
#define KAWELA_DP_COALESCE	(ETHTOOL_COALESCE_RX_USECS | ETHTOOL_COALESCE_USE_ADAPTIVE_RX)

/* What the datapath can do; the owner adds what else the function has (filters, ...). */
#define KAWELA_DP_OFFLOADS	(NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_SCTP_CRC | NETIF_F_TSO | \
				 NETIF_F_TSO6 | NETIF_F_HIGHDMA)
/*
 * Tunnels whose packets the hardware can cut, with help: it takes all headers from the outer IP
 * header to the inner one for one network header, and changes lengths, identification and checksum
 * of the outer.
 */
#define KAWELA_DP_TUNNELS	(NETIF_F_GSO_GRE | NETIF_F_GSO_GRE_CSUM | NETIF_F_GSO_IPXIP4 | \
				 NETIF_F_GSO_IPXIP6 | NETIF_F_GSO_UDP_TUNNEL | \
				 NETIF_F_GSO_UDP_TUNNEL_CSUM)
#define KAWELA_DP_HW_FEATURES	(KAWELA_DP_OFFLOADS | NETIF_F_RXCSUM | NETIF_F_RXHASH | \
				 NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX)

/**
 * struct kawela_ring_cfg - where a queue pair lives in the hardware
 * @hw_queue: receive and transmit queue, 0 to KW_NUM_QUEUES - 1 (VF: 0 to KW_VF_QUEUES - 1)
 * @vector: bit in EIMS and index of EITR, 0 to KW_NUM_VECTORS - 1 (VF: 0 to KW_VF_VECTORS - 1)
 * @tx_only: nothing is received; such pairs come last
 */
struct kawela_ring_cfg {
	u8 hw_queue;
	u8 vector;
	bool tx_only;
};

/**
 * struct kawela_dp_totals - counters of queue pairs that no longer exist
 * @rx_packets: frames given to the stack
 * @rx_bytes: their bytes, without FCS
 * @rx_alloc_fail: buffers or skbs that could not be allocated
 * @rx_csum_bad: frames with a wrong checksum (delivered)
 * @rx_frame_err: frames dropped because the MAC flagged them
 * @rx_dropped: good frames dropped for lack of memory
 * @tx_packets: frames sent, TSO segments counted
 * @tx_bytes: their bytes, without FCS
 * @tx_dropped: packets dropped before the hardware saw them, or still unsent at stop
 * @tx_stop: times a transmit queue was stopped for lack of descriptors
 * @tx_wake: times one was started again
 */
struct kawela_dp_totals {
	u64 rx_packets;
	u64 rx_bytes;
	u64 rx_alloc_fail;
	u64 rx_csum_bad;
	u64 rx_frame_err;
	u64 rx_dropped;
	u64 tx_packets;
	u64 tx_bytes;
	u64 tx_dropped;
	u64 tx_stop;
	u64 tx_wake;
};

/**
 * struct kawela_itr - interrupt moderation of a queue pair
 * @usecs: interval in microseconds while @adaptive is off
 * @adaptive: the interval follows the load (net_dim)
 */
struct kawela_itr {
	unsigned int usecs;
	bool adaptive;
};

/**
 * struct kawela_dp_stamps - who knows when frames came and went, by a clock of the hardware
 * @rx: when the frame came whose time is latched now; 0 if there is none. Context: NAPI
 * @tx: note when the packet goes; false if there is no telling. The caller has its descriptors
 *	marked then, and gives them to the hardware later. Context: transmit queue lock held
 */
struct kawela_dp_stamps {
	ktime_t (*rx)(struct kawela_dp_stamps *stamps);
	bool (*tx)(struct kawela_dp_stamps *stamps, struct sk_buff *skb);
};

/**
 * struct kawela_dp - the datapath of one netdev
 * @netdev: the netdev; its features switch receive checksum and hash while running
 * @dev: device for DMA
 * @io: register window of the function
 * @xdp_prog: program of XDP, NULL if there is none; set with kawela_dp_bpf(), which outlives stop
 *	      and free
 * @qp: queue pairs, the first @num_qps valid; index = queue index of the netdev
 * @num_qps: queue pairs that exist; 0 before alloc
 * @vectors: their vectors, as bits of EIMS
 * @running: between start and stop
 * @rx_count: descriptors per receive ring; the owner may set it while there are no queue pairs
 * @tx_count: descriptors per transmit ring; likewise
 * @max_frame: largest frame to receive without FCS, ETH_ZLEN to KAWELA_DP_MAX_FRAME, set by the
 *	       owner before start and changed at any time; a frame of several buffers that exceeds
 *	       it is dropped
 * @rx_drop_en: set by the owner before start: a full receive ring drops (SRRCTL.DROP_EN) instead of
 *		holding up the shared packet buffer; to be set whenever VFs or several queues exist
 * @rx_vlans: set by the owner before start: VLAN ids (VLAN_N_VID bits) whose stripped tag is given
 *	      to the stack; other tags were put on by the switch and are hidden. NULL: give all.
 *	      Bits may change at any time
 * @rx_dev: netdev that received frames are given to, while stopped set by the owner; NULL: @netdev.
 *	    One that is a macvlan has its frames counted
 * @itr: interrupt moderation by queue index, also of queue pairs that do not exist now
 * @stats_lock: see LOCKING
 * @gone: counters of queue pairs that were freed, under @stats_lock
 * @xsk: memory of the AF_XDP sockets on each queue, NULL if there is none; set with
 *	 kawela_dp_bpf(), which outlives stop and free
 * @stamps: set by the owner before start; NULL: the hardware has no clock
 */
struct kawela_dp {
	struct net_device *netdev;
	struct device *dev;
	struct kawela_io *io;
	struct bpf_prog *xdp_prog;
	struct kawela_qp *qp[KW_NUM_QUEUES];
	unsigned int num_qps;
	u32 vectors;
	bool running;
	unsigned int rx_count;
	unsigned int tx_count;
	u32 max_frame;
	bool rx_drop_en;
	const unsigned long *rx_vlans;
	struct net_device *rx_dev;
	struct kawela_itr itr[KW_NUM_QUEUES];
	spinlock_t stats_lock; /* publication of qp[] and num_qps; gone */
	struct kawela_dp_totals gone;
	struct kawela_xsk *xsk[KW_NUM_QUEUES];
	struct kawela_dp_stamps *stamps;
};

/* ---- Life ---- */

/**
 * kawela_dp_init - set up an empty datapath
 * @dp: to be initialised, all fields
 * @netdev: netdev it serves; need not be registered yet
 * @dev: device for DMA; its DMA mask is the owner's business
 * @io: register window of the function
 *
 * Context: process.
 * Return: 0.
 */
int kawela_dp_init(struct kawela_dp *dp, struct net_device *netdev, struct device *dev,
		   struct kawela_io *io);

/**
 * kawela_dp_fini - undo kawela_dp_init()
 * @dp: datapath without queue pairs
 *
 * Context: process.
 */
void kawela_dp_fini(struct kawela_dp *dp);

/**
 * struct kawela_qp_set - queue pairs that are no datapath's, or not yet
 * @qp: queue pairs
 * @num_qps: how many
 * @rx_count: descriptors per receive ring
 * @tx_count: descriptors per transmit ring
 */
struct kawela_qp_set {
	struct kawela_qp *qp[KW_NUM_QUEUES];
	unsigned int num_qps;
	unsigned int rx_count;
	unsigned int tx_count;
};

/**
 * kawela_dp_prepare - create queue pairs beside those that there are
 * @dp: datapath in any state; it goes on as it is
 * @set: to be filled; @rx_count and @tx_count say which rings are wanted, rounded up already as
 *	 kawela_dp_ring_sizes() does
 * @num_qps: how many, 1 to KW_NUM_QUEUES, at most the netdev's number of tx queues; those that
 *	     receive at most that of rx queues
 * @cfg: hardware place of each, @num_qps entries
 *
 * Allocates rings, page pools with all buffers, NAPI instances. Touches no register.
 *
 * Context: process, RTNL.
 * Return: 0, -EINVAL (@num_qps or @cfg out of range), -ENOMEM; on error @set is empty.
 */
int kawela_dp_prepare(struct kawela_dp *dp, struct kawela_qp_set *set, unsigned int num_qps,
		      const struct kawela_ring_cfg *cfg);

/**
 * kawela_dp_discard - undo kawela_dp_prepare()
 * @set: may be empty
 *
 * Context: process, RTNL.
 */
void kawela_dp_discard(struct kawela_qp_set *set);

/**
 * kawela_dp_swap - put prepared queue pairs into the place of those that there are
 * @dp: stopped datapath
 * @set: from kawela_dp_prepare(); empty then
 *
 * The old ones are freed, their counters stay in the totals. The new ones are told their interrupts
 * with kawela_dp_set_irq().
 *
 * Context: process, RTNL; sleeps for a grace period of RCU.
 */
void kawela_dp_swap(struct kawela_dp *dp, struct kawela_qp_set *set);

/**
 * kawela_dp_move - give queue pairs another place in the hardware
 * @dp: stopped datapath
 * @num_qps: how many are to remain, the first ones; all if there are fewer
 * @cfg: hardware place of each
 *
 * Needs no memory. The counters of those that go stay in the totals.
 *
 * Context: process, RTNL; sleeps for a grace period of RCU.
 */
void kawela_dp_move(struct kawela_dp *dp, unsigned int num_qps, const struct kawela_ring_cfg *cfg);

/**
 * kawela_dp_alloc - create queue pairs
 * @dp: datapath without queue pairs
 * @num_qps: how many, see kawela_dp_prepare()
 * @cfg: hardware place of each, @num_qps entries
 *
 * The rings have @dp->rx_count and @dp->tx_count descriptors.
 *
 * Context: process, RTNL.
 * Return: 0, -EBUSY (queue pairs exist), or the errno of kawela_dp_prepare().
 */
int kawela_dp_alloc(struct kawela_dp *dp, unsigned int num_qps, const struct kawela_ring_cfg *cfg);

/**
 * kawela_dp_free - delete all queue pairs
 * @dp: stopped datapath
 *
 * Their counters stay in the totals.
 *
 * Context: process, RTNL; sleeps for a grace period of RCU.
 */
void kawela_dp_free(struct kawela_dp *dp);

/**
 * kawela_dp_start - make the hardware queues run
 * @dp: datapath with queue pairs
 *
 * Programs and enables the queues, sets EITR, enables NAPI. The vectors stay masked until
 * kawela_dp_irq_enable(). A queue whose ENABLE bit does not come up in time is reported in the log
 * and otherwise left alone: the function may still be closed by its PF.
 *
 * Context: process, RTNL; sleeps a few milliseconds at most.
 * Return: 0, -EINVAL (no queue pairs, or @dp->max_frame out of range), -EBUSY (already running),
 * -ENODEV (the function is gone). On error nothing runs.
 */
int kawela_dp_start(struct kawela_dp *dp);

/**
 * kawela_dp_stop - stop the hardware queues
 * @dp: running datapath; the netdev's transmit queues are disabled
 *
 * Masks the vectors, waits for NAPI, disables the queues with bounded waits, drops the packets that
 * were not sent. Receive buffers stay, those of AF_XDP go back to their pool. Works on a function
 * that is gone. A late interrupt does no harm. Leaves all transmit queues of the netdev stopped.
 *
 * Context: process, RTNL; sleeps.
 */
void kawela_dp_stop(struct kawela_dp *dp);

/**
 * kawela_dp_hold_tx - stop transmit queues of the netdev for a while
 * @dp: datapath in any state
 * @first: the first of them; the others are those behind it, whether they are in use or not
 *
 * With the carrier on this is no time in which the hardware failed to send, whatever the core's
 * watchdog may think.
 *
 * Context: process or bottom half.
 */
void kawela_dp_hold_tx(struct kawela_dp *dp, unsigned int first);

/**
 * kawela_dp_irq_enable - unmask the vectors and fire each once
 * @dp: running datapath
 *
 * The first poll catches up with whatever happened while the vectors were masked.
 *
 * Context: any.
 */
void kawela_dp_irq_enable(struct kawela_dp *dp);

/**
 * kawela_dp_kick - fire every vector once
 * @dp: datapath; nothing happens unless it runs
 *
 * For the owner's watchdog: makes up for a lost interrupt. To be called when the carrier rises,
 * too: sockets of AF_XDP may have waited for it.
 *
 * Context: any.
 */
void kawela_dp_kick(struct kawela_dp *dp);

/* ---- Interrupts ---- */

/**
 * kawela_qp_irq - interrupt handler of a queue
 * @irq: Linux interrupt number
 * @slot: what kawela_dp_slot() returned
 *
 * Schedules NAPI of the queue pair that is there now, if there is one. Spurious calls are harmless.
 *
 * Context: hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t kawela_qp_irq(int irq, void *slot);

/**
 * kawela_dp_schedule - schedule NAPI of all queue pairs that may have something to do
 * @dp: datapath in any state
 *
 * For an owner's handler whose vector is that of several queue pairs, or has more causes.
 *
 * Context: hard interrupt.
 */
void kawela_dp_schedule(struct kawela_dp *dp);

/**
 * kawela_dp_watch - look after queues that only send
 * @dp: datapath in any state
 *
 * To be called every two seconds or more often if there are any. One that gave nothing back for a
 * second or more, though something was sent, is polled after each doorbell from then on: QEMU's
 * model (10.0, igb_core.c) raises no interrupt for a VF's second transmit queue.
 *
 * Context: process.
 */
void kawela_dp_watch(struct kawela_dp *dp);

/**
 * kawela_dp_slot - where a queue's pair is, as cookie for request_irq()
 * @dp: datapath
 * @i: queue index, below KW_NUM_QUEUES; there need not be a queue pair
 *
 * Context: any.
 * Return: the slot, which stays while queue pairs come and go.
 */
static inline struct kawela_qp **kawela_dp_slot(struct kawela_dp *dp, unsigned int i)
{
	return &dp->qp[i];
}

/**
 * kawela_dp_qp - a queue pair
 * @dp: datapath
 * @i: queue index, below @dp->num_qps
 *
 * Context: any.
 * Return: the queue pair.
 */
static inline struct kawela_qp *kawela_dp_qp(const struct kawela_dp *dp, unsigned int i)
{
	return dp->qp[i];
}

/**
 * kawela_dp_set_irq - tell which Linux interrupt a queue pair uses
 * @dp: datapath with queue pairs
 * @i: queue index, below @dp->num_qps
 * @irq: Linux interrupt number, or -1 for none
 *
 * Shown to user space by the netdev generic netlink family; and a poll under load moves to where
 * this interrupt goes.
 *
 * Context: process, RTNL.
 */
void kawela_dp_set_irq(struct kawela_dp *dp, unsigned int i, int irq);

/* ---- Packets ---- */

/**
 * kawela_dp_xmit - ndo_start_xmit
 * @dp: running datapath
 * @skb: packet; its queue mapping selects the queue pair
 *
 * Context: bottom halves off, transmit queue lock held.
 * Return: NETDEV_TX_OK (sent, or dropped and counted), NETDEV_TX_BUSY (no room; the queue is
 * stopped).
 */
netdev_tx_t kawela_dp_xmit(struct kawela_dp *dp, struct sk_buff *skb);

/**
 * kawela_dp_tunnel_setup - tell the stack what the datapath can do with packets in tunnels
 * @netdev: netdev, not registered yet, with its other features
 *
 * Context: process.
 */
void kawela_dp_tunnel_setup(struct net_device *netdev);

/**
 * kawela_dp_features_check - ndo_features_check
 * @skb: packet
 * @netdev: netdev
 * @features: what the stack would use
 *
 * A context holds header lengths up to KAWELA_TX_MAX_MACLEN and KAWELA_TX_MAX_IPLEN.
 *
 * Context: any.
 * Return: @features without what the hardware cannot do for @skb.
 */
netdev_features_t kawela_dp_features_check(struct sk_buff *skb, struct net_device *netdev,
					   netdev_features_t features);

/* ---- XDP ---- */

/**
 * kawela_dp_xdp_setup - tell the stack what the datapath can do with XDP
 * @netdev: netdev, not registered yet, with its features
 * @stamped: frames may have a time stamp; those of @netdev have a hash, too
 *
 * Context: process.
 */
void kawela_dp_xdp_setup(struct net_device *netdev, bool stamped);

/**
 * kawela_dp_bpf - ndo_bpf
 * @dp: datapath in any state
 * @bpf: command; XDP_SETUP_PROG and XDP_SETUP_XSK_POOL are known
 *
 * With a new program queues, buffers and carrier stay as they are: polls that begin later use it.
 * With a new pool of AF_XDP the queue pair in question stops for a moment; nothing else does.
 *
 * Context: process, RTNL; sleeps.
 * Return: 0, -EINVAL (the command is not known; the pool's frames are too small for the hardware
 * or for the MTU, or too large), -EOPNOTSUPP (the program takes no frames of several buffers, but
 * the MTU allows them), -ENOMEM (no memory to work with the pool).
 */
int kawela_dp_bpf(struct kawela_dp *dp, struct netdev_bpf *bpf);

/**
 * kawela_dp_xdp_check_mtu - whether the program and the sockets of AF_XDP allow an MTU
 * @dp: datapath in any state
 * @mtu: the MTU to be set
 *
 * Context: process, RTNL.
 * Return: 0 or -EINVAL, with a line in the log that says why.
 */
int kawela_dp_xdp_check_mtu(const struct kawela_dp *dp, int mtu);

/**
 * kawela_dp_xdp_xmit - ndo_xdp_xmit
 * @dp: datapath in any state
 * @n: number of frames
 * @frames: frames
 * @flags: XDP_XMIT_*
 *
 * Context: bottom halves off.
 * Return: how many frames were taken, the first of @frames; the others stay the caller's.
 * -EINVAL (unknown flags), -ENETDOWN (not running, or no carrier).
 */
int kawela_dp_xdp_xmit(struct kawela_dp *dp, int n, struct xdp_frame **frames, u32 flags);

/**
 * kawela_dp_xsk_wakeup - ndo_xsk_wakeup
 * @dp: datapath in any state
 * @index: queue index
 * @flags: XDP_WAKEUP_*; both rings are looked at in any case
 *
 * Context: RCU; bottom halves may be on.
 * Return: 0, or -ENETDOWN (the queue does not run).
 */
int kawela_dp_xsk_wakeup(struct kawela_dp *dp, u32 index, u32 flags);

/* ---- Settings ---- */

/**
 * kawela_dp_get_ringparam - for ethtool_ops.get_ringparam
 * @dp: datapath
 * @param: rx/tx _pending and _max_pending are filled in
 *
 * Context: process, RTNL.
 */
void kawela_dp_get_ringparam(const struct kawela_dp *dp, struct ethtool_ringparam *param);

/**
 * kawela_dp_ring_sizes - check ring sizes that a user wants
 * @set: takes them over, rounded up to what the hardware can do
 * @rx: receive descriptors, KAWELA_RING_MIN to KAWELA_RING_MAX
 * @tx: transmit descriptors; likewise
 * @extack: receives the reason of a refusal, or NULL
 *
 * For kawela_dp_prepare(), or to be put into @rx_count and @tx_count of a datapath without queue
 * pairs.
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kawela_dp_ring_sizes(struct kawela_qp_set *set, unsigned int rx, unsigned int tx,
			 struct netlink_ext_ack *extack);

/**
 * kawela_dp_get_coalesce - for ethtool_ops.get_coalesce
 * @dp: datapath
 * @ec: rx_coalesce_usecs and use_adaptive_rx_coalesce are filled in
 *
 * Receive and transmit share a vector, hence one interval for both, shown as the receive one. It is
 * that of the first queue pair.
 *
 * Context: process, RTNL.
 */
void kawela_dp_get_coalesce(const struct kawela_dp *dp, struct ethtool_coalesce *ec);

/**
 * kawela_dp_set_coalesce - for ethtool_ops.set_coalesce, all queue pairs alike
 * @dp: datapath, running or not
 * @ec: rx_coalesce_usecs (0 to KAWELA_EITR_MAX_USECS) and use_adaptive_rx_coalesce are taken over
 * @extack: receives the reason of a refusal, or NULL
 *
 * Context: process, RTNL.
 * Return: 0 or -EINVAL.
 */
int kawela_dp_set_coalesce(struct kawela_dp *dp, const struct ethtool_coalesce *ec,
			   struct netlink_ext_ack *extack);

/**
 * kawela_dp_get_queue_coalesce - for ethtool_ops.get_per_queue_coalesce
 * @dp: datapath
 * @queue: queue of the netdev
 * @ec: the same fields are filled in as by kawela_dp_get_coalesce()
 *
 * Context: process, RTNL.
 * Return: 0, or -EINVAL if the netdev has no such queue.
 */
int kawela_dp_get_queue_coalesce(const struct kawela_dp *dp, u32 queue,
				 struct ethtool_coalesce *ec);

/**
 * kawela_dp_set_queue_coalesce - for ethtool_ops.set_per_queue_coalesce
 * @dp: datapath, running or not
 * @queue: queue of the netdev, whose pair has a vector of its own
 * @ec: the same fields are taken over as by kawela_dp_set_coalesce()
 *
 * Context: process, RTNL.
 * Return: 0 or -EINVAL.
 */
int kawela_dp_set_queue_coalesce(struct kawela_dp *dp, u32 queue,
				 const struct ethtool_coalesce *ec);

/* ---- Statistics ---- */

/**
 * kawela_dp_get_stats64 - for ndo_get_stats64
 * @dp: datapath in any state
 * @s: packets, bytes, drops and errors since kawela_dp_init() are set; other fields are untouched
 *
 * Context: process or bottom half.
 */
void kawela_dp_get_stats64(struct kawela_dp *dp, struct rtnl_link_stats64 *s);

/**
 * kawela_dp_queue_stats_rx - for netdev_stat_ops.get_queue_stats_rx
 * @dp: datapath
 * @idx: queue index
 * @s: filled in as far as known
 *
 * Context: process, RTNL.
 */
void kawela_dp_queue_stats_rx(struct kawela_dp *dp, int idx, struct netdev_queue_stats_rx *s);

/**
 * kawela_dp_queue_stats_tx - for netdev_stat_ops.get_queue_stats_tx
 * @dp: datapath
 * @idx: queue index
 * @s: filled in as far as known
 *
 * Context: process, RTNL.
 */
void kawela_dp_queue_stats_tx(struct kawela_dp *dp, int idx, struct netdev_queue_stats_tx *s);

/**
 * kawela_dp_base_stats - for netdev_stat_ops.get_base_stats
 * @dp: datapath
 * @rx: counters of receive queues that are gone
 * @tx: counters of transmit queues that are gone
 *
 * Context: process, RTNL.
 */
void kawela_dp_base_stats(struct kawela_dp *dp, struct netdev_queue_stats_rx *rx,
			  struct netdev_queue_stats_tx *tx);

/**
 * kawela_dp_ethtool_count - number of per-queue statistics
 * @dp: datapath
 *
 * Context: process, RTNL.
 * Return: how many strings and values the next two functions write.
 */
int kawela_dp_ethtool_count(const struct kawela_dp *dp);

/**
 * kawela_dp_ethtool_strings - names of the per-queue statistics
 * @dp: datapath
 * @data: where to write, ETH_GSTRING_LEN each; advanced
 *
 * Context: process, RTNL.
 */
void kawela_dp_ethtool_strings(const struct kawela_dp *dp, u8 **data);

/**
 * kawela_dp_ethtool_stats - values of the per-queue statistics
 * @dp: datapath
 * @data: where to write; advanced
 *
 * Context: process, RTNL.
 */
void kawela_dp_ethtool_stats(struct kawela_dp *dp, u64 **data);

/**
 * struct kawela_tx_state - a transmit ring, for the owner's ndo_tx_timeout
 * @hw_queue: hardware queue
 * @head: TDH
 * @tail: TDT
 * @next_to_use: where the driver writes the next descriptor
 * @next_to_clean: the oldest descriptor not given back
 * @done: DD of the oldest packet is set, so an interrupt was lost; otherwise the hardware hangs
 */
struct kawela_tx_state {
	u8 hw_queue;
	u32 head;
	u32 tail;
	u16 next_to_use;
	u16 next_to_clean;
	bool done;
};

/**
 * kawela_dp_tx_state - look at a transmit ring
 * @dp: running datapath
 * @i: queue index
 * @state: filled in; a snapshot taken without locks
 *
 * Context: any.
 * Return: 0, -EINVAL (no such queue), -ENETDOWN (not running).
 */
int kawela_dp_tx_state(const struct kawela_dp *dp, unsigned int i, struct kawela_tx_state *state);

#endif /* _NET_KAWELA_RING_H */
