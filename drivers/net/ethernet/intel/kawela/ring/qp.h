/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the ring room: queue pairs, their rings and counters, functions shared by its files.
 *
 * Owns: struct kawela_qp. Never touches: anything outside the data path.
 * Locks: see include/net/kawela/ring.h.
 */
#ifndef _KAWELA_RING_QP_H
#define _KAWELA_RING_QP_H

#include <linux/cache.h>
#include <linux/dim.h>
#include <linux/dma-mapping.h>
#include <linux/if_vlan.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>
#include <net/xdp.h>

#include <net/kawela/desc.h>
#include <net/kawela/ring.h>

struct bpf_prog;
struct page_pool;
struct xsk_buff_pool;

/*
 * A receive buffer: headroom, what the hardware may write, room for skb_shared_info. One fits a
 * page of 4 KB, so that an skb is built around it without a copy; larger pages are shared. All of
 * it is as XDP needs it, mapped both ways too: a program comes and goes without new buffers.
 */
#define KAWELA_RX_HEADROOM	(XDP_PACKET_HEADROOM + NET_IP_ALIGN)
#define KAWELA_RX_DMA_DIR	DMA_BIDIRECTIONAL
#define KAWELA_RX_BUF_KB	3
#define KAWELA_RX_BUF_LEN	(KAWELA_RX_BUF_KB * 1024)
#define KAWELA_RX_BUF_NEED	(SKB_DATA_ALIGN(KAWELA_RX_HEADROOM + KAWELA_RX_BUF_LEN) + \
				 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
#define KAWELA_RX_TRUESIZE	(2 * KAWELA_RX_BUF_NEED > PAGE_SIZE ? \
				 PAGE_SIZE : KAWELA_RX_BUF_NEED)

/*
 * Frames up to this size are copied and their buffer stays where it is. The copies have a page of
 * the same pool for as many of them as it holds.
 */
#define KAWELA_RX_COPY		256
#define KAWELA_RX_COPY_HEADROOM	(NET_SKB_PAD + NET_IP_ALIGN)
#define KAWELA_RX_COPIES	(PAGE_SIZE / \
				 SKB_HEAD_ALIGN(KAWELA_RX_COPY_HEADROOM + KAWELA_RX_COPY))
#define KAWELA_RX_COPY_TRUESIZE	ALIGN_DOWN(PAGE_SIZE / KAWELA_RX_COPIES, SMP_CACHE_BYTES)
/* Slots handed back per write of the tail. */
#define KAWELA_RX_TAIL_BATCH	16

/*
 * Descriptors a packet may take: more are linearised. Every page and the linear part take one, each
 * 32 KB of a 64 KB packet at most one more, the context one.
 */
#define KAWELA_TX_MAX_DESCS	(MAX_SKB_FRAGS + 4)
#define KAWELA_TX_WAKE		(KAWELA_TX_MAX_DESCS + 16)
static_assert(KAWELA_TX_WAKE < KAWELA_RING_MIN);

/* Packets up to this size are copied, and the skb is given back at once. */
#define KAWELA_TX_COPY		128
/*
 * Descriptors of such packets after which a report is asked for nevertheless. Fewer of them must
 * leave the room that others look for, or these would wait for a report that nobody asked for.
 */
#define KAWELA_TX_QUIET		MIN(32, KAWELA_RING_MIN - 1 - KAWELA_TX_WAKE)
static_assert(KAWELA_TX_QUIET > 1);
#define KAWELA_TX_NO_RUN	U16_MAX

/**
 * struct kawela_rx_counters - written by the poll function
 * @packets: frames given to the stack
 * @bytes: their bytes
 * @copied: of @packets, those copied out of their buffer
 * @csum_good: of @packets, those whose checksum the hardware found right
 * @csum_bad: of @packets, those whose checksum it found wrong
 * @alloc_fail: failed allocations
 * @frame_err: frames the MAC flagged
 * @dropped: good frames dropped
 * @polls: calls of the poll function
 */
struct kawela_rx_counters {
	u64 packets;
	u64 bytes;
	u64 copied;
	u64 csum_good;
	u64 csum_bad;
	u64 alloc_fail;
	u64 frame_err;
	u64 dropped;
	u64 polls;
};

/**
 * struct kawela_xdp_counters - written by the poll function, one for each frame a program saw
 * @pass: frames for the stack
 * @drop: frames the program dropped
 * @tx: frames sent back
 * @redirect: frames sent elsewhere
 * @error: frames dropped because the program failed, or its verdict could not be carried out
 */
struct kawela_xdp_counters {
	u64 pass;
	u64 drop;
	u64 tx;
	u64 redirect;
	u64 error;
};

/**
 * struct kawela_tx_counters - written under the transmit queue lock
 * @doorbells: writes of the tail
 * @more: packets queued without one, because more were to come
 * @contexts: context descriptors written
 * @linearized: packets with too many fragments
 * @stop: times the queue was stopped for lack of descriptors
 * @dropped: packets dropped
 * @xdp: frames queued by XDP
 * @xsk: frames queued by sockets of AF_XDP
 * @copied: frames that were copied into the ring, which count as sent when they are queued
 * @copied_bytes: their bytes
 */
struct kawela_tx_counters {
	u64 doorbells;
	u64 more;
	u64 contexts;
	u64 linearized;
	u64 stop;
	u64 dropped;
	u64 xdp;
	u64 xsk;
	u64 copied;
	u64 copied_bytes;
};

/**
 * struct kawela_txc_counters - written where packets are given back
 * @packets: frames sent, but for copied ones
 * @bytes: their bytes
 * @wake: times the queue was started again
 * @dropped: packets the hardware did not take before the ring was stopped
 */
struct kawela_txc_counters {
	u64 packets;
	u64 bytes;
	u64 wake;
	u64 dropped;
};

/**
 * enum kawela_tx_kind - what a transmit buffer holds until its frame was sent
 * @KAWELA_TX_NONE: nothing, the frame was copied, and so were those behind it up to @eop
 * @KAWELA_TX_SKB: an skb
 * @KAWELA_TX_XSK: a frame of an AF_XDP socket, in its own memory or copied
 * @KAWELA_TX_XDP: a frame of XDP that came from elsewhere
 * @KAWELA_TX_XDP_OWN: one whose buffers are of the pair's own page pool, and mapped by it
 */
enum kawela_tx_kind {
	KAWELA_TX_NONE,
	KAWELA_TX_SKB,
	KAWELA_TX_XSK,
	KAWELA_TX_XDP,
	KAWELA_TX_XDP_OWN,
};

/**
 * struct kawela_tx_buf - what a transmit descriptor refers to
 * @skb: packet, with KAWELA_TX_SKB
 * @xdpf: frame, with KAWELA_TX_XDP and KAWELA_TX_XDP_OWN
 * @dma: mapped address
 * @len: mapped length, 0 if this slot holds no mapping of its own
 * @bytes: bytes on the wire, first slot
 * @segs: frames on the wire, first slot
 * @eop: slot of the packet's last descriptor, first slot
 * @report: slot whose descriptor reports, first slot of packets that are reported together
 * @kind: enum kawela_tx_kind, first slot; KAWELA_TX_NONE in a free slot
 */
struct kawela_tx_buf {
	union {
		struct sk_buff *skb;
		struct xdp_frame *xdpf;
	};
	dma_addr_t dma;
	u32 len;
	u32 bytes;
	u16 segs;
	u16 eop;
	u16 report;
	u8 kind;
};

/**
 * struct kawela_tx_ring - transmit ring
 * @desc: descriptors
 * @ctx_desc: the same, for context descriptors
 * @buf: one per descriptor
 * @copy: KAWELA_TX_COPY bytes per descriptor
 * @dev: device for DMA
 * @io: register window
 * @txq: netdev queue
 * @bell: TDT
 * @count: descriptors
 * @copy_len: longest packet to copy; 0 without @copy
 * @copy_dma: DMA address of @copy
 * @ntu: next to use; transmit
 * @tail: last value written to TDT; transmit
 * @poll: no interrupt tells what was sent; written by kawela_dp_watch()
 * @late: something was sent and not given back at @late_since; kawela_dp_watch()
 * @group: slot from which on no report was asked for; transmit
 * @quiet: descriptors from there on; transmit
 * @bytes: of the stack and of XDP from there on, as the stack's limit counts; transmit
 * @run: slot of copied packets that follow each other and end the ring; transmit
 * @held: one of them has something that somebody waits for; transmit
 * @asked: where @group was last moved to; written by transmit, released to the completion
 * @room: free descriptors at least; transmit, which looks at @ntc when they run out only
 * @ctx: contexts the hardware remembers; transmit
 * @c: counters of transmit
 * @syncp: for @c
 * @ntc: next to clean; written by the completion, read by transmit
 * @done: end of what is known to be sent; completion
 * @reports: of the hardware, that were found; completion
 * @cc: counters of the completion
 * @csyncp: for @cc
 * @late_reports: what @reports was at @late_since
 * @late_since: jiffies of a look
 * @dma: DMA address of @desc
 */
struct kawela_tx_ring {
	union {
		struct kawela_tx_desc *desc;
		struct kawela_tx_ctx_desc *ctx_desc;
	};
	struct kawela_tx_buf *buf;
	void *copy;
	struct device *dev;
	struct kawela_io *io;
	struct netdev_queue *txq;
	void __iomem *bell;
	u16 count;
	u16 copy_len;
	dma_addr_t copy_dma;

	u16 ntu ____cacheline_aligned_in_smp;
	u16 tail;
	u16 room;
	u16 group;
	u16 quiet;
	u16 run;
	u16 asked;
	u32 bytes;
	bool held;
	bool poll;
	bool late;
	struct kawela_tx_ctx_cache ctx;
	struct kawela_tx_counters c;
	struct u64_stats_sync syncp;

	u16 ntc ____cacheline_aligned_in_smp;
	u16 done;
	struct kawela_txc_counters cc;
	struct u64_stats_sync csyncp;
	dma_addr_t dma;
	unsigned long reports;
	unsigned long late_reports;
	unsigned long late_since;
};

/**
 * struct kawela_rx_buf - a receive buffer
 * @va: its first byte, headroom included; NULL if there is none
 * @dma: DMA address behind the headroom
 */
struct kawela_rx_buf {
	void *va;
	dma_addr_t dma;
};

/**
 * struct kawela_xdp_buff - a frame as XDP sees it
 * @xdp: where it is; first, for the functions that a program calls
 * @dp: datapath it came in by
 * @desc: its last descriptor
 * @stamp: when it came, or 0; of frames with KW_RXS_TS only
 */
struct kawela_xdp_buff {
	struct xdp_buff xdp;
	const struct kawela_dp *dp;
	const union kawela_rx_desc *desc;
	ktime_t stamp;
};

static_assert(!offsetof(struct kawela_xdp_buff, xdp));

/* What is to be done at the end of a poll, because of what programs did. */
#define KAWELA_XDP_DO_TX	BIT(0)
#define KAWELA_XDP_DO_REDIRECT	BIT(1)

/**
 * enum kawela_xdp_result - what became of a frame that a program saw
 * @KAWELA_XDP_PASS: the stack gets it
 * @KAWELA_XDP_KEEP: its buffers are the ring's, free to use again
 * @KAWELA_XDP_GONE: its buffers are somebody else's
 */
enum kawela_xdp_result {
	KAWELA_XDP_PASS,
	KAWELA_XDP_KEEP,
	KAWELA_XDP_GONE,
};

/**
 * struct kawela_rx_ring - receive ring; every slot always holds a buffer
 * @desc: descriptors
 * @buf: one per descriptor
 * @pool: where buffers come from
 * @dev: device for DMA
 * @count: descriptors
 * @ntc: next to clean
 * @unposted: slots cleaned since the last write of the tail
 * @copies_left: room behind @copy, in copies
 * @copy: room for the next copy; the rest of a page
 * @in_frame: the last descriptor was not the end of its frame
 * @gathering: there is something of that frame in @xb; otherwise it is being dropped
 * @xdp_todo: KAWELA_XDP_DO_* for the end of the poll
 * @spare: takes the place of a buffer that leaves by XDP; there is one before a program runs
 * @xb: frame of several buffers, or any that a program sees
 * @tail_reg: RDT
 * @c: counters
 * @xc: counters of XDP
 * @syncp: for @c and @xc
 * @dma: DMA address of @desc
 * @rxq: what XDP knows of the ring
 */
struct kawela_rx_ring {
	union kawela_rx_desc *desc;
	struct kawela_rx_buf *buf;
	struct page_pool *pool;
	struct device *dev;
	u16 count;
	u16 ntc;
	u16 unposted;
	u16 copies_left;
	bool in_frame;
	bool gathering;
	u8 xdp_todo;
	void *copy;
	struct kawela_rx_buf spare;
	struct kawela_xdp_buff xb;
	u32 tail_reg;
	struct kawela_rx_counters c;
	struct kawela_xdp_counters xc;
	struct u64_stats_sync syncp;
	dma_addr_t dma;
	struct xdp_rxq_info rxq;
};

/**
 * struct kawela_xsk - memory that AF_XDP sockets share with a queue pair
 * @pool: the memory: frames that user space gives and takes
 * @rxq: what XDP knows of the ring; the pool's frames refer to it as long as @pool is bound
 * @size: bytes of a frame
 * @ntu: next slot to fill; those from the ring's ntc on hold a buffer
 * @first: frame of several descriptors that is being gathered, or NULL
 * @slot: the ring's buffers
 */
struct kawela_xsk {
	struct xsk_buff_pool *pool;
	struct xdp_rxq_info rxq;
	u32 size;
	u16 ntu;
	struct xdp_buff *first;
	struct xdp_buff *slot[KAWELA_RING_MAX];
};

/**
 * struct kawela_qp - a queue pair
 * @napi: polls both rings
 * @dp: datapath it belongs to
 * @tx_only: there is no receive ring
 * @xsk: where its frames are while sockets of AF_XDP have it, or NULL; changes while NAPI is off
 * @paused: the datapath runs, but not this pair; under the transmit queue lock
 * @index: queue index of the netdev
 * @hw_queue: hardware queue
 * @vector: bit in EIMS, index of EITR
 * @irqs: interrupts; written by the handler
 * @armed: its vector is unmasked, and has not fired since
 * @affinity: CPUs its interrupt may go to now; NULL if nobody told
 * @usecs: interrupt interval it asks for
 * @dim: moderation state; poll function and its work item
 * @dim_events: polls that ended, for @dim
 * @tx: transmit ring
 * @rx: receive ring
 */
struct kawela_qp {
	struct napi_struct napi;
	struct kawela_dp *dp;
	bool tx_only;
	struct kawela_xsk *xsk;
	bool paused;
	u8 index;
	u8 hw_queue;
	u8 vector;
	u16 dim_events;
	bool armed;
	unsigned long irqs;
	const struct cpumask *affinity;
	unsigned int usecs;
	struct dim dim;
	struct kawela_tx_ring tx;
	struct kawela_rx_ring rx ____cacheline_aligned_in_smp;
};

/* Descriptors free to use; one stays empty, so that a full ring differs from an empty one. */
static inline unsigned int kawela_ring_tx_free(const struct kawela_tx_ring *tx)
{
	int used = READ_ONCE(tx->ntu) - READ_ONCE(tx->ntc);

	return tx->count - 1 - (used < 0 ? used + tx->count : used);
}

/* The VLAN tag that was taken out of a frame, unless the switch had put it in. */
static inline bool kawela_ring_rx_tag(const struct kawela_dp *dp, const union kawela_rx_desc *desc,
				      u16 *tag)
{
	if (!(desc->wb.status_error & cpu_to_le32(KW_RXS_VP)))
		return false;

	*tag = le16_to_cpu(desc->wb.vlan);

	return !dp->rx_vlans || test_bit(*tag & VLAN_VID_MASK, dp->rx_vlans);
}

/* Slots of a receive ring that hold a pool's buffer. */
static inline unsigned int kawela_ring_xsk_posted(const struct kawela_rx_ring *rx,
						  const struct kawela_xsk *xsk)
{
	return xsk->ntu >= rx->ntc ? xsk->ntu - rx->ntc : xsk->ntu + rx->count - rx->ntc;
}

/* Whether a report of the hardware is outstanding, so that there will be a poll. */
static inline bool kawela_ring_tx_due(const struct kawela_tx_ring *tx)
{
	return READ_ONCE(tx->asked) != READ_ONCE(tx->ntc);
}

static inline u16 kawela_ring_tx_next(const struct kawela_tx_ring *tx, u16 i)
{
	return ++i == tx->count ? 0 : i;
}

/* ---- ring_tx.c ---- */

/**
 * kawela_ring_tx_alloc - allocate a transmit ring
 * @qp: queue pair
 * @count: descriptors, a multiple of KAWELA_RING_UNIT
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int kawela_ring_tx_alloc(struct kawela_qp *qp, unsigned int count);

/**
 * kawela_ring_tx_release - free an allocated, empty transmit ring
 * @qp: queue pair
 *
 * Context: process.
 */
void kawela_ring_tx_release(struct kawela_qp *qp);

/**
 * kawela_ring_tx_reset - bring an empty ring to its first descriptor
 * @qp: queue pair
 *
 * Context: process; neither hardware nor NAPI nor transmit is running.
 */
void kawela_ring_tx_reset(struct kawela_qp *qp);

/**
 * kawela_ring_tx_xdp_copy - copy a frame of XDP into a transmit ring
 * @tx: transmit ring
 * @data: frame in one piece, with KAWELA_TX_COPY readable bytes
 * @len: its length
 *
 * A frame that is too short for the hardware is padded with zeros.
 *
 * Context: bottom halves off, transmit queue lock held.
 * Return: false if the frame is too long to be copied, or there is no room.
 */
bool kawela_ring_tx_xdp_copy(struct kawela_tx_ring *tx, const void *data, unsigned int len);

/**
 * kawela_ring_tx_xdp - put a frame of XDP into a transmit ring
 * @tx: transmit ring
 * @xdpf: frame; the ring's on success
 * @kind: KAWELA_TX_XDP or KAWELA_TX_XDP_OWN
 *
 * Context: bottom halves off, transmit queue lock held.
 * Return: false if there is no room, or it cannot be mapped, or its length is none to send.
 */
bool kawela_ring_tx_xdp(struct kawela_tx_ring *tx, struct xdp_frame *xdpf,
			enum kawela_tx_kind kind);

/**
 * kawela_ring_tx_xdp_flush - have sent what is in the ring
 * @tx: transmit ring
 *
 * Context: bottom halves off, transmit queue lock held.
 */
void kawela_ring_tx_xdp_flush(struct kawela_tx_ring *tx);

/**
 * kawela_ring_tx_xsk - put frames of AF_XDP sockets into a transmit ring, and have them sent
 * @qp: queue pair with a pool
 * @limit: how many at most
 *
 * The stack keeps room of its own.
 *
 * Context: bottom halves off, transmit queue lock held.
 * Return: how many.
 */
unsigned int kawela_ring_tx_xsk(struct kawela_qp *qp, unsigned int limit);

/* ---- ring_offload.c ---- */

/**
 * kawela_ring_tso_tunnel - prepare a packet of TCP in a tunnel for being cut
 * @skb: packet, whose headers the stack has filled in for pieces of one size; they are changed
 * @off: gets lengths of headers, and flags
 *
 * Context: any.
 */
void kawela_ring_tso_tunnel(struct sk_buff *skb, struct kawela_tx_offload *off);

/* ---- ring_reclaim.c ---- */

/**
 * kawela_ring_tx_unmap - give back the mappings of slots
 * @tx: transmit ring
 * @i: first slot
 * @end: slot behind the last
 *
 * Context: any; the slots are the caller's.
 */
void kawela_ring_tx_unmap(struct kawela_tx_ring *tx, u16 i, u16 end);

/**
 * kawela_ring_tx_clean - give sent packets back
 * @qp: queue pair
 * @budget: of NAPI; 0 outside of it
 *
 * Context: NAPI, or stopped.
 * Return: false if there may be more to do.
 */
bool kawela_ring_tx_clean(struct kawela_qp *qp, int budget);

/**
 * kawela_ring_tx_late - whether a packet was sent and is not given back yet
 * @tx: transmit ring
 *
 * Context: any.
 * Return: true if so.
 */
bool kawela_ring_tx_late(const struct kawela_tx_ring *tx);

/**
 * kawela_ring_tx_drop - empty a transmit ring
 * @qp: queue pair
 *
 * Context: process; neither hardware nor NAPI nor transmit is running.
 */
void kawela_ring_tx_drop(struct kawela_qp *qp);

/* ---- ring_rx.c ---- */

/**
 * kawela_ring_rx_alloc - allocate a receive ring, its page pool and its buffers
 * @qp: queue pair; its NAPI instance exists
 * @count: descriptors, a multiple of KAWELA_RING_UNIT
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int kawela_ring_rx_alloc(struct kawela_qp *qp, unsigned int count);

/**
 * kawela_ring_rx_release - free an allocated receive ring and its buffers
 * @qp: queue pair; neither hardware nor NAPI is running
 *
 * Context: process.
 */
void kawela_ring_rx_release(struct kawela_qp *qp);

/**
 * kawela_ring_rx_reset - begin with the first descriptor, all buffers free to use
 * @qp: queue pair
 *
 * Context: process; neither hardware nor NAPI is running.
 */
void kawela_ring_rx_reset(struct kawela_qp *qp);

/**
 * kawela_ring_rx_poll - take frames out of the ring
 * @qp: queue pair
 * @budget: how many descriptors at most
 *
 * Context: NAPI.
 * Return: descriptors done.
 */
int kawela_ring_rx_poll(struct kawela_qp *qp, int budget);

/**
 * kawela_ring_rx_meta - tell an skb what the descriptor says about it
 * @qp: queue pair
 * @skb: packet
 * @desc: its last descriptor
 * @c: counters
 *
 * Context: NAPI.
 */
void kawela_ring_rx_meta(struct kawela_qp *qp, struct sk_buff *skb,
			 const union kawela_rx_desc *desc, struct kawela_rx_counters *c);

/**
 * kawela_ring_rx_stamp - when a frame came, by the clock of the hardware
 * @dp: datapath
 * @desc: its last descriptor
 *
 * To be called once for a frame: the next one may be stamped then.
 *
 * Context: NAPI.
 * Return: the time, or 0 if it is not known.
 */
ktime_t kawela_ring_rx_stamp(const struct kawela_dp *dp, const union kawela_rx_desc *desc);

/**
 * kawela_ring_rx_count - add what a poll counted
 * @rx: receive ring
 * @c: counters
 *
 * Context: NAPI.
 */
void kawela_ring_rx_count(struct kawela_rx_ring *rx, const struct kawela_rx_counters *c);

/* ---- ring_xdp.c ---- */

/**
 * kawela_ring_xdp_run - let a program decide on the frame in rx.xb, and do what it says
 * @qp: queue pair
 * @prog: program
 *
 * A frame that is sent or redirected leaves with kawela_ring_xdp_flush().
 *
 * Context: NAPI.
 * Return: what became of it.
 */
enum kawela_xdp_result kawela_ring_xdp_run(struct kawela_qp *qp, struct bpf_prog *prog);

/**
 * kawela_ring_xdp_run_zc - the same for a frame in the memory of AF_XDP sockets
 * @qp: queue pair
 * @prog: program
 * @xdp: frame
 *
 * Context: NAPI.
 * Return: what became of it.
 */
enum kawela_xdp_result kawela_ring_xdp_run_zc(struct kawela_qp *qp, struct bpf_prog *prog,
					      struct xdp_buff *xdp);

/**
 * kawela_ring_xdp_flush - at the end of a poll, let go what programs sent
 * @qp: queue pair
 *
 * Context: NAPI.
 */
void kawela_ring_xdp_flush(struct kawela_qp *qp);

/* ---- ring_xsk.c ---- */

/**
 * kawela_ring_xsk_frame_size - room for a frame in a chunk of memory of AF_XDP
 * @chunk: size of the chunk
 * @headroom: what user space and XDP keep free at its front
 *
 * Context: any.
 * Return: its bytes, or 0 if the hardware cannot use it.
 */
u32 kawela_ring_xsk_frame_size(u32 chunk, u32 headroom);

/**
 * kawela_ring_xsk_setup - begin or end working with a pool on a queue
 * @dp: datapath in any state
 * @pool: pool, or NULL
 * @index: queue index, below KW_NUM_QUEUES
 *
 * Context: process, RTNL; sleeps.
 * Return: 0, -EINVAL (frames of no use), -EBUSY (there is one), -ENOMEM.
 */
int kawela_ring_xsk_setup(struct kawela_dp *dp, struct xsk_buff_pool *pool, u16 index);

/**
 * kawela_ring_xsk_check_mtu - whether frames of an MTU fit the pools
 * @dp: datapath in any state
 * @mtu: MTU
 *
 * Context: process, RTNL.
 * Return: the largest MTU they allow, or 0 if they allow this one.
 */
unsigned int kawela_ring_xsk_check_mtu(const struct kawela_dp *dp, unsigned int mtu);

/**
 * kawela_ring_xsk_begin - let a queue pair work with the pool of its queue, if there is one
 * @qp: queue pair, its receive ring filled
 *
 * Puts as many buffers into the ring as user space has given so far, which may be none.
 *
 * Context: process, RTNL; neither hardware nor NAPI is running.
 */
void kawela_ring_xsk_begin(struct kawela_qp *qp);

/**
 * kawela_ring_xsk_end - give the pool all buffers back
 * @qp: queue pair, its transmit ring empty
 *
 * Context: process, RTNL; neither hardware nor NAPI is running.
 */
void kawela_ring_xsk_end(struct kawela_qp *qp);

/**
 * kawela_ring_xsk_gather - a descriptor that is not a good frame of its own
 * @qp: queue pair with a pool
 * @xdp: what it holds: a piece of a frame, or an error
 * @len: bytes in it
 * @status: of the descriptor
 * @c: counters
 *
 * Context: NAPI.
 * Return: the frame that it completes, in one piece, or NULL.
 */
struct xdp_buff *kawela_ring_xsk_gather(struct kawela_qp *qp, struct xdp_buff *xdp,
					unsigned int len, u32 status,
					struct kawela_rx_counters *c);

/**
 * kawela_ring_xsk_poll - frames from the ring to sockets, and from sockets to the ring
 * @qp: queue pair with a pool
 * @budget: how many descriptors to receive at most
 *
 * Context: NAPI.
 * Return: descriptors received, or @budget if there is more to do.
 */
int kawela_ring_xsk_poll(struct kawela_qp *qp, int budget);

/* ---- ring_main.c ---- */

/**
 * kawela_ring_restart - stop and start one queue pair
 * @qp: queue pair of a running datapath
 *
 * The others, and the carrier, stay as they are. It works with what dp->xsk[] says afterwards.
 *
 * Context: process, RTNL; sleeps for a bounded time.
 */
void kawela_ring_restart(struct kawela_qp *qp);

/* ---- ring_napi.c ---- */

/**
 * kawela_ring_itr_init - interrupt moderation to begin with
 * @dp: datapath
 *
 * Context: process.
 */
void kawela_ring_itr_init(struct kawela_dp *dp);

/**
 * kawela_ring_napi_add - register the NAPI instance, disabled
 * @qp: queue pair, otherwise empty
 *
 * Context: process, RTNL.
 */
void kawela_ring_napi_add(struct kawela_qp *qp);

/**
 * kawela_ring_napi_del - unregister the NAPI instance
 * @qp: queue pair, stopped
 *
 * Context: process, RTNL.
 */
void kawela_ring_napi_del(struct kawela_qp *qp);

/**
 * kawela_ring_napi_fire - unmask the vector and fire it once
 * @qp: queue pair that runs
 *
 * Context: any.
 */
void kawela_ring_napi_fire(struct kawela_qp *qp);

/**
 * kawela_ring_napi_start - set the interrupt interval, enable NAPI
 * @qp: queue pair, its vector masked
 *
 * Context: process, RTNL.
 */
void kawela_ring_napi_start(struct kawela_qp *qp);

/**
 * kawela_ring_napi_stop - mask the vector, wait for NAPI
 * @qp: queue pair
 *
 * Context: process, RTNL.
 */
void kawela_ring_napi_stop(struct kawela_qp *qp);

/* ---- ring_hw.c ---- */

/**
 * kawela_ring_hw_start - program and enable all queues
 * @dp: datapath with filled receive rings
 *
 * Context: process, RTNL; sleeps.
 * Return: 0, or -ENODEV if the function is gone.
 */
int kawela_ring_hw_start(struct kawela_dp *dp);

/**
 * kawela_ring_hw_stop - disable all queues
 * @dp: datapath
 *
 * Context: process, RTNL; sleeps, for a bounded time.
 */
void kawela_ring_hw_stop(struct kawela_dp *dp);

/**
 * kawela_ring_hw_start_one - program and enable the queues of one pair
 * @qp: queue pair with a filled receive ring, its queues disabled
 *
 * Context: process, RTNL; sleeps.
 */
void kawela_ring_hw_start_one(struct kawela_qp *qp);

/**
 * kawela_ring_hw_stop_one - disable the queues of one pair
 * @qp: queue pair
 *
 * Context: process, RTNL; sleeps, for a bounded time.
 */
void kawela_ring_hw_stop_one(struct kawela_qp *qp);

/* ---- ring_stats.c ---- */

/**
 * kawela_ring_stats_fold - keep the counters of a queue pair that is about to go
 * @dp: datapath, stats_lock held
 * @qp: queue pair
 *
 * Context: any.
 */
void kawela_ring_stats_fold(struct kawela_dp *dp, const struct kawela_qp *qp);

#endif /* _KAWELA_RING_QP_H */
