// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit rings: packets to descriptors.
 *
 * Owns: the producer side of struct kawela_tx_ring. Never touches: registers other than TDT.
 * Locks: the netdev's transmit queue lock. The consumer side, ring_reclaim.c, runs in NAPI;
 * net/netdev_queues.h orders the two.
 */
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <kunit/visibility.h>
#include <net/ip6_checksum.h>
#include <net/netdev_queues.h>
#include <net/page_pool/helpers.h>
#include <net/sctp/checksum.h>
#include <net/tcp.h>
#include <net/xdp.h>
#include <net/xdp_sock_drv.h>

#include "../compat/module.h"
#include "qp.h"

/* Copies of fixed size may run into what an skb has at its end, but not out of it. */
static_assert(sizeof(struct skb_shared_info) >= KAWELA_TX_COPY);

/* What a packet needs besides its data descriptors. */
struct tx_frame {
	u8 flags;
	u8 ctx;
	u16 hdr_len;
};

static u16 tx_distance(const struct kawela_tx_ring *tx, u16 from, u16 to)
{
	return to >= from ? to - from : to + tx->count - from;
}

/*
 * Have the hardware report when it has sent all there is. The descriptor is not the hardware's yet.
 * From here on the stack's limit knows of the packets.
 */
static __always_inline void tx_ask(struct kawela_tx_ring *tx)
{
	u16 last = (tx->ntu ?: tx->count) - 1;

	tx->desc[last].cmd_type_len |= cpu_to_le32(KW_TXD_RS);
	tx->buf[tx->group].report = last;
	if (tx->bytes)
		netdev_tx_sent_queue(tx->txq, tx->bytes);
	tx->group = tx->ntu;
	tx->quiet = 0;
	tx->bytes = 0;
	tx->held = false;
	tx->run = KAWELA_TX_NO_RUN;
	/* Pairs with the acquires in ring_reclaim.c. */
	smp_store_release(&tx->asked, tx->ntu);
}

/*
 * A report costs an interrupt. Who needs one is the owner of what is in the ring, a queue without
 * room, and, before there are too many of them, slots to use again.
 */
static void tx_bell(struct kawela_tx_ring *tx)
{
	if (tx->held || tx->quiet >= KAWELA_TX_QUIET || netif_tx_queue_stopped(tx->txq))
		tx_ask(tx);
	/* The register write orders the descriptors before it. */
	tx->tail = tx->ntu;
	kawela_ring_bell(tx->io, tx->bell, tx->ntu);
	tx->c.doorbells++;
	if (unlikely(READ_ONCE(tx->poll)))
		napi_schedule(&container_of(tx, struct kawela_qp, tx)->napi);
}

static int tx_tso(struct sk_buff *skb, struct kawela_tx_offload *off)
{
	int err;

	err = skb_cow_head(skb, 0);
	if (err)
		return err;

	off->flags |= KAWELA_TX_TSO | KAWELA_TX_CSUM;
	off->l4_type = KW_TXC_L4T_TCP;
	off->mss = skb_shinfo(skb)->gso_size;
	if (unlikely(skb_shinfo(skb)->gso_type & SKB_GSO_PARTIAL)) {
		kawela_ring_tso_tunnel(skb, off);
		return 0;
	}

	/* The hardware adds lengths and the header checksum of each segment to what it finds. */
	if (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4) {
		struct iphdr *iph = ip_hdr(skb);

		iph->tot_len = 0;
		iph->check = 0;
		tcp_hdr(skb)->check = ~tcp_v4_check(0, iph->saddr, iph->daddr, 0);
		off->flags |= KAWELA_TX_IPV4;
	} else {
		tcp_v6_gso_csum_prep(skb);
	}

	off->ip_len = skb_network_header_len(skb);
	off->l4_len = tcp_hdrlen(skb);

	return 0;
}

static int tx_csum(struct sk_buff *skb, struct kawela_tx_offload *off)
{
	switch (skb->csum_offset) {
	case offsetof(struct tcphdr, check):
		off->l4_type = KW_TXC_L4T_TCP;
		break;
	case offsetof(struct udphdr, check):
		off->l4_type = KW_TXC_L4T_UDP;
		break;
	case offsetof(struct sctphdr, checksum):
		if (skb_csum_is_sctp(skb)) {
			off->l4_type = KW_TXC_L4T_SCTP;
			break;
		}
		fallthrough;
	default:
		return skb_checksum_help(skb);
	}

	off->flags |= KAWELA_TX_CSUM;
	off->ip_len = skb_checksum_start_offset(skb) - skb_network_offset(skb);
	if (ip_hdr(skb)->version == 4)
		off->flags |= KAWELA_TX_IPV4;

	return 0;
}

/* Find out what the hardware shall do; write a context descriptor into slot *@i if it needs one. */
static int tx_offload(struct kawela_tx_ring *tx, struct sk_buff *skb, u16 *i,
		      struct tx_frame *frame)
{
	struct kawela_tx_offload off = {};
	struct kawela_tx_ctx ctx;
	unsigned int idx;
	int err = 0;

	if (skb_vlan_tag_present(skb)) {
		off.flags = KAWELA_TX_VLAN;
		off.vlan = skb_vlan_tag_get(skb);
	}
	if (skb_is_gso(skb))
		err = tx_tso(skb, &off);
	else if (skb->ip_summed == CHECKSUM_PARTIAL)
		err = tx_csum(skb, &off);
	if (err)
		return err;

	frame->flags = off.flags;
	if (!kawela_tx_needs_ctx(&off))
		return 0;

	off.mac_len = skb_network_offset(skb);
	if (off.flags & KAWELA_TX_TSO)
		frame->hdr_len = off.mac_len + off.ip_len + off.l4_len;
	ctx = kawela_tx_ctx_pack(&off);
	if (!kawela_tx_ctx_get(&tx->ctx, &ctx, &idx)) {
		kawela_tx_ctx_write(&tx->ctx_desc[*i], &ctx, idx);
		tx->buf[*i].len = 0;
		*i = kawela_ring_tx_next(tx, *i);
		u64_stats_update_begin(&tx->syncp);
		tx->c.contexts++;
		u64_stats_update_end(&tx->syncp);
	}
	frame->ctx = idx;

	return 0;
}

static void tx_desc_write(struct kawela_tx_ring *tx, u16 i, dma_addr_t dma, u32 cmd, u32 olinfo)
{
	struct kawela_tx_desc *desc = &tx->desc[i];

	desc->addr = cpu_to_le64(dma);
	desc->cmd_type_len = cpu_to_le32(cmd);
	desc->olinfo_status = cpu_to_le32(olinfo);
}

/*
 * Map a packet and write its data descriptors from slot @i on. Returns the slot of the last one, or
 * an error with nothing mapped.
 */
static int tx_map(struct kawela_tx_ring *tx, const struct sk_buff *skb, u16 i, u32 cmd, u32 olinfo)
{
	const skb_frag_t *frag = skb_shinfo(skb)->frags;
	unsigned int size = skb_headlen(skb);
	unsigned int left = skb->data_len;
	dma_addr_t dma;

	dma = dma_map_page(tx->dev, virt_to_page(skb->data), offset_in_page(skb->data), size,
			   DMA_TO_DEVICE);
	for (;; frag++) {
		if (unlikely(dma_mapping_error(tx->dev, dma)))
			break;

		tx->buf[i].dma = dma;
		tx->buf[i].len = size;
		for (; unlikely(size > KAWELA_TX_MAX_DATA); size -= KAWELA_TX_MAX_DATA) {
			tx_desc_write(tx, i, dma, cmd | KAWELA_TX_MAX_DATA, olinfo);
			dma += KAWELA_TX_MAX_DATA;
			olinfo = 0;
			i = kawela_ring_tx_next(tx, i);
			tx->buf[i].len = 0;
		}
		if (!left) {
			tx_desc_write(tx, i, dma, cmd | KW_TXD_EOP | size, olinfo);
			return i;
		}

		tx_desc_write(tx, i, dma, cmd | size, olinfo);
		olinfo = 0;
		i = kawela_ring_tx_next(tx, i);

		size = skb_frag_size(frag);
		left -= size;
		dma = skb_frag_dma_map(tx->dev, frag, 0, size, DMA_TO_DEVICE);
	}
	kawela_ring_tx_unmap(tx, tx->ntu, i);

	return -ENOMEM;
}

/*
 * Copy a short packet and write its data descriptor. Nothing is mapped, nothing can fail. A copy of
 * fixed size is a few moves; what it takes too much is the end of the packet's own memory, which is
 * longer than that, and is not sent.
 */
static __always_inline void tx_copy(struct kawela_tx_ring *tx, const void *data, unsigned int len,
				    u16 i, u32 cmd, u32 olinfo)
{
	unsigned int offset = i * KAWELA_TX_COPY;

	if (len <= KAWELA_TX_COPY / 2)
		memcpy(tx->copy + offset, data, KAWELA_TX_COPY / 2);
	else
		memcpy(tx->copy + offset, data, KAWELA_TX_COPY);
	tx_desc_write(tx, i, tx->copy_dma + offset, cmd | KW_TXD_EOP | len, olinfo);
}

/* The same for a packet of several pieces. */
static noinline void tx_copy_pieces(struct kawela_tx_ring *tx, const struct sk_buff *skb, u16 i,
				    u32 cmd, u32 olinfo)
{
	unsigned int offset = i * KAWELA_TX_COPY;

	skb_copy_bits(skb, 0, tx->copy + offset, skb->len);
	tx_desc_write(tx, i, tx->copy_dma + offset, cmd | KW_TXD_EOP | skb->len, olinfo);
}

/* The packet of @used slots that ends in slot @last is the hardware's from the next doorbell on. */
static __always_inline void tx_commit(struct kawela_tx_ring *tx, u16 last, u16 used)
{
	tx->room -= used;
	tx->quiet += used;
	WRITE_ONCE(tx->ntu, kawela_ring_tx_next(tx, last));
}

/* Bytes and frames the hardware will make of a packet. */
struct tx_size {
	u32 bytes;
	u16 frames;
};

static struct tx_size tx_size(const struct sk_buff *skb, struct tx_frame frame)
{
	struct tx_size size = { .bytes = skb->len, .frames = 1 };

	if (frame.flags & KAWELA_TX_TSO) {
		size.frames = skb_shinfo(skb)->gso_segs;
		size.bytes += (size.frames - 1) * frame.hdr_len;
	}

	return size;
}

/*
 * A copied packet in slots @start to @last. Those that follow each other are given back as one.
 * Nobody waits for it, so that it counts now.
 */
static __always_inline void tx_add_copy(struct kawela_tx_ring *tx, u16 start, u16 last,
					struct tx_size size)
{
	struct kawela_tx_buf *run;

	if (tx->run == KAWELA_TX_NO_RUN) {
		tx->run = start;
		tx->buf[start].bytes = 0;
	}
	run = &tx->buf[tx->run];
	run->eop = last;
	run->bytes += size.bytes;
	tx->bytes += size.bytes;

	u64_stats_update_begin(&tx->syncp);
	tx->c.copied += size.frames;
	tx->c.copied_bytes += size.bytes;
	u64_stats_update_end(&tx->syncp);
}

/* What is in slots @first, as set by the caller, to @last is somebody's until it was sent. */
static __always_inline void tx_add_held(struct kawela_tx_ring *tx, struct kawela_tx_buf *first,
					u16 last, struct tx_size size)
{
	first->eop = last;
	first->segs = size.frames;
	first->bytes = size.bytes;
	tx->held = true;
	tx->run = KAWELA_TX_NO_RUN;
}

/* Of a packet that is written up to slot @last: have its data descriptors ask for its time. */
static void tx_mark(struct kawela_tx_ring *tx, u16 last)
{
	u16 end = kawela_ring_tx_next(tx, last);
	u16 i;

	for (i = tx->ntu; i != end; i = kawela_ring_tx_next(tx, i)) {
		__le32 *cmd = &tx->desc[i].cmd_type_len;

		if (FIELD_GET(KW_TXD_DTYP, le32_to_cpu(*cmd)) == KW_TXD_DTYP_DATA)
			*cmd |= cpu_to_le32(KW_TXD_TSTAMP);
	}
}

/* Whoever wants to know when it goes is told, by the hardware if it can. */
static noinline void tx_stamp(struct kawela_tx_ring *tx, struct sk_buff *skb, u16 last)
{
	struct kawela_dp_stamps *stamps = container_of(tx, struct kawela_qp, tx)->dp->stamps;

	if (stamps && (skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP) && stamps->tx(stamps, skb)) {
		skb_shinfo(skb)->tx_flags |= SKBTX_IN_PROGRESS;
		tx_mark(tx, last);
	}
	skb_tx_timestamp(skb);
}

/*
 * Write the data descriptors of a packet that begins in slot @start, from slot @i on, which is the
 * next one if there is a context; it is the ring's then. On error the ring is as before. Bottom
 * halves are off, and interrupts as well if this is netpoll.
 */
static __always_inline int tx_data(struct kawela_tx_ring *tx, struct sk_buff *skb, u16 start,
				   u16 i, struct tx_frame frame)
{
	u32 olinfo = kawela_tx_olinfo(frame.flags, skb->len - frame.hdr_len, frame.ctx);
	bool stamp = skb_shinfo(skb)->tx_flags & SKBTX_ANY_TSTAMP;
	struct kawela_tx_buf *first = &tx->buf[start];
	struct tx_size size = tx_size(skb, frame);
	u32 cmd = kawela_tx_cmd(frame.flags);
	int last = i;

	if (skb->len <= tx->copy_len) {
		if (skb_is_nonlinear(skb))
			tx_copy_pieces(tx, skb, i, cmd, olinfo);
		else
			tx_copy(tx, skb->data, skb->len, i, cmd, olinfo);
		if (unlikely(stamp))
			tx_stamp(tx, skb, i);
		napi_consume_skb(skb, !irqs_disabled());
		tx_add_copy(tx, start, i, size);
		tx_commit(tx, i, 1 + (i != start));

		return 0;
	}

	last = tx_map(tx, skb, i, cmd, olinfo);
	if (unlikely(last < 0)) {
		kawela_tx_ctx_forget(&tx->ctx);
		return last;
	}
	first->skb = skb;
	first->kind = KAWELA_TX_SKB;
	if (unlikely(stamp))
		tx_stamp(tx, skb, last);
	tx_add_held(tx, first, last, size);
	tx->bytes += size.bytes;
	tx_commit(tx, last, tx_distance(tx, start, last) + 1);

	return 0;
}

/* Write all descriptors of a packet that the hardware has to do something with. */
static noinline int tx_write_offload(struct kawela_tx_ring *tx, struct sk_buff *skb)
{
	struct tx_frame frame = {};
	u16 start = tx->ntu;
	u16 i = start;
	int err;

	err = tx_offload(tx, skb, &i, &frame);

	return unlikely(err) ? err : tx_data(tx, skb, start, i, frame);
}

/* Write all descriptors of a packet. On error the ring is as before. */
static int tx_write(struct kawela_tx_ring *tx, struct sk_buff *skb)
{
	const struct tx_frame plain = {};
	u16 i = tx->ntu;

	if (skb->ip_summed == CHECKSUM_PARTIAL || skb_vlan_tag_present(skb) || skb_is_gso(skb))
		return tx_write_offload(tx, skb);

	return tx_data(tx, skb, i, i, plain);
}

/* Make a packet fit KAWELA_TX_MAX_DESCS, its context included; false if it cannot be. */
static bool tx_fits(struct kawela_tx_ring *tx, struct sk_buff *skb)
{
	if (likely(!skb_is_nonlinear(skb) || kawela_tx_skb_descs(skb) < KAWELA_TX_MAX_DESCS))
		return true;

	u64_stats_update_begin(&tx->syncp);
	tx->c.linearized++;
	u64_stats_update_end(&tx->syncp);

	return !__skb_linearize(skb);
}

/* A packet ends here. Packets queued before it without a doorbell must not wait for the next. */
static netdev_tx_t tx_drop(struct kawela_tx_ring *tx, struct sk_buff *skb)
{
	dev_kfree_skb_any(skb);
	u64_stats_update_begin(&tx->syncp);
	tx->c.dropped++;
	if (!netdev_xmit_more() && tx->tail != tx->ntu)
		tx_bell(tx);
	u64_stats_update_end(&tx->syncp);

	return NETDEV_TX_OK;
}

/*
 * Whether a packet of any kind has room, after a look at how far the completion is. Stops the queue
 * if not.
 */
static noinline bool tx_find_room(struct kawela_tx_ring *tx)
{
	bool stopped;

	stopped = !netif_txq_maybe_stop(tx->txq, kawela_ring_tx_free(tx), KAWELA_TX_MAX_DESCS,
					KAWELA_TX_WAKE);
	tx->room = kawela_ring_tx_free(tx);

	return !stopped;
}

/* Cannot happen unless someone woke the queue who should not have. */
static noinline netdev_tx_t tx_busy(struct kawela_tx_ring *tx)
{
	u64_stats_update_begin(&tx->syncp);
	if (tx->tail != tx->ntu)
		tx_bell(tx);
	u64_stats_update_end(&tx->syncp);

	return NETDEV_TX_BUSY;
}

/* The lock that is held is that of a queue without a ring. */
static noinline netdev_tx_t tx_no_queue(struct kawela_dp *dp, struct sk_buff *skb)
{
	dev_core_stats_tx_dropped_inc(dp->netdev);
	dev_kfree_skb_any(skb);

	return NETDEV_TX_OK;
}

netdev_tx_t kawela_dp_xmit(struct kawela_dp *dp, struct sk_buff *skb)
{
	unsigned int index = skb_get_queue_mapping(skb);
	struct kawela_tx_ring *tx;

	/* A sender that bypasses the qdisc may have chosen before there were fewer. */
	if (unlikely(index >= dp->num_qps))
		return tx_no_queue(dp, skb);
	tx = &dp->qp[index]->tx;

	if (unlikely(tx->room < KAWELA_TX_MAX_DESCS) && !tx_find_room(tx))
		return tx_busy(tx);

	if (unlikely(skb->len < KAWELA_TX_MIN_LEN) &&
	    __skb_put_padto(skb, KAWELA_TX_MIN_LEN, false))
		return tx_drop(tx, skb);

	if (unlikely(!tx_fits(tx, skb)))
		return tx_drop(tx, skb);

	if (unlikely(tx_write(tx, skb)))
		return tx_drop(tx, skb);

	u64_stats_update_begin(&tx->syncp);
	if (unlikely(tx->room < KAWELA_TX_MAX_DESCS) && !tx_find_room(tx))
		tx->c.stop++;
	if (!netdev_xmit_more() || netif_tx_queue_stopped(tx->txq))
		tx_bell(tx);
	else
		tx->c.more++;
	u64_stats_update_end(&tx->syncp);

	return NETDEV_TX_OK;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_xmit, "KAWELA");

static bool tx_has_room(struct kawela_tx_ring *tx)
{
	return likely(tx->room >= KAWELA_TX_MAX_DESCS) || tx_find_room(tx);
}

/* A frame of XDP is in the ring. The stack's queue stops as by its own. */
static void tx_count_xdp(struct kawela_tx_ring *tx)
{
	u64_stats_update_begin(&tx->syncp);
	tx->c.xdp++;
	if (!tx_has_room(tx))
		tx->c.stop++;
	u64_stats_update_end(&tx->syncp);
	/* While the stack waits for its turn the watchdog must not take this for a hang. */
	txq_trans_cond_update(tx->txq);
}

bool kawela_ring_tx_xdp_copy(struct kawela_tx_ring *tx, const void *data, unsigned int len)
{
	struct tx_size size = { .bytes = max(len, KAWELA_TX_MIN_LEN), .frames = 1 };
	u16 i = tx->ntu;

	if (len > tx->copy_len || !tx_has_room(tx))
		return false;

	tx_copy(tx, data, size.bytes, i, kawela_tx_cmd(0), kawela_tx_olinfo(0, size.bytes, 0));
	memset(tx->copy + i * KAWELA_TX_COPY + len, 0, size.bytes - len);
	tx_add_copy(tx, i, i, size);
	tx_commit(tx, i, 1);
	tx_count_xdp(tx);

	return true;
}

/* The ring's own pool has its buffers mapped both ways. */
static dma_addr_t tx_map_xdp(struct kawela_tx_ring *tx, void *data, unsigned int size,
			     enum kawela_tx_kind kind)
{
	struct page *page = virt_to_head_page(data);
	dma_addr_t dma;

	if (kind == KAWELA_TX_XDP)
		return dma_map_page(tx->dev, virt_to_page(data), offset_in_page(data), size,
				    DMA_TO_DEVICE);

	dma = page_pool_get_dma_addr(page) + (data - page_address(page));
	dma_sync_single_for_device(tx->dev, dma, size, DMA_BIDIRECTIONAL);

	return dma;
}

/* Map a frame and write its descriptors; the slot of the last one, or an error. */
static int tx_write_xdp(struct kawela_tx_ring *tx, struct xdp_frame *xdpf, unsigned int left,
			enum kawela_tx_kind kind)
{
	const skb_frag_t *frag = xdp_get_shared_info_from_frame(xdpf)->frags;
	u32 olinfo = kawela_tx_olinfo(0, left, 0);
	u32 cmd = kawela_tx_cmd(0);
	unsigned int size = xdpf->len;
	void *data = xdpf->data;
	u16 i = tx->ntu;

	for (;; frag++, i = kawela_ring_tx_next(tx, i)) {
		dma_addr_t dma = tx_map_xdp(tx, data, size, kind);

		if (unlikely(dma_mapping_error(tx->dev, dma)))
			break;

		tx->buf[i].dma = dma;
		tx->buf[i].len = kind == KAWELA_TX_XDP ? size : 0;
		left -= size;
		if (!left) {
			tx_desc_write(tx, i, dma, cmd | KW_TXD_EOP | size, olinfo);
			return i;
		}

		tx_desc_write(tx, i, dma, cmd | size, olinfo);
		olinfo = 0;
		data = skb_frag_address(frag);
		size = skb_frag_size(frag);
	}
	kawela_ring_tx_unmap(tx, tx->ntu, i);

	return -ENOMEM;
}

bool kawela_ring_tx_xdp(struct kawela_tx_ring *tx, struct xdp_frame *xdpf,
			enum kawela_tx_kind kind)
{
	unsigned int len = xdp_get_frame_len(xdpf);
	struct tx_size size = { .bytes = len, .frames = 1 };
	struct kawela_tx_buf *first = &tx->buf[tx->ntu];
	int last;

	if (len < KAWELA_TX_MIN_LEN || len > KAWELA_DP_MAX_FRAME || !tx_has_room(tx))
		return false;

	last = tx_write_xdp(tx, xdpf, len, kind);
	if (unlikely(last < 0))
		return false;

	first->xdpf = xdpf;
	first->kind = kind;
	tx_add_held(tx, first, last, size);
	tx->bytes += size.bytes;
	tx_commit(tx, last, tx_distance(tx, tx->ntu, last) + 1);
	tx_count_xdp(tx);

	return true;
}

void kawela_ring_tx_xdp_flush(struct kawela_tx_ring *tx)
{
	u64_stats_update_begin(&tx->syncp);
	if (tx->tail != tx->ntu)
		tx_bell(tx);
	u64_stats_update_end(&tx->syncp);
}

/*
 * A frame of a socket, in place. One that is too short for the hardware is copied and padded: what
 * follows it need not be there.
 */
static void tx_xsk_one(struct kawela_tx_ring *tx, struct xsk_buff_pool *pool,
		       const struct xdp_desc *frame)
{
	u32 len = max(frame->len, KAWELA_TX_MIN_LEN);
	u16 i = tx->ntu;
	struct kawela_tx_buf *buf = &tx->buf[i];
	dma_addr_t dma;

	if (likely(len == frame->len)) {
		dma = xsk_buff_raw_get_dma(pool, frame->addr);
		xsk_buff_raw_dma_sync_for_device(pool, dma, len);
	} else {
		void *copy = tx->copy + i * KAWELA_TX_COPY;

		dma = tx->copy_dma + i * KAWELA_TX_COPY;
		memset(copy, 0, len);
		memcpy(copy, xsk_buff_raw_get_data(pool, frame->addr), frame->len);
	}
	tx_desc_write(tx, i, dma, kawela_tx_cmd(0) | KW_TXD_EOP | len,
		      kawela_tx_olinfo(0, len, 0));

	buf->kind = KAWELA_TX_XSK;
	tx_add_held(tx, buf, i, (struct tx_size){ .bytes = len, .frames = 1 });
	tx_commit(tx, i, 1);
}

unsigned int kawela_ring_tx_xsk(struct kawela_qp *qp, unsigned int limit)
{
	struct xsk_buff_pool *pool = qp->xsk->pool;
	struct kawela_tx_ring *tx = &qp->tx;
	unsigned int i, num;

	tx->room = kawela_ring_tx_free(tx);
	if (tx->room <= KAWELA_TX_WAKE)
		return 0;

	limit = min_t(unsigned int, limit, tx->room - KAWELA_TX_WAKE);
	num = xsk_tx_peek_release_desc_batch(pool, limit);
	if (!num)
		return 0;

	for (i = 0; i < num; i++)
		tx_xsk_one(tx, pool, &pool->tx_descs[i]);

	u64_stats_update_begin(&tx->syncp);
	tx->c.xsk += num;
	tx_bell(tx);
	u64_stats_update_end(&tx->syncp);
	/* As with XDP: nobody waits because of a hang. */
	txq_trans_cond_update(tx->txq);

	return num;
}

void kawela_ring_tx_reset(struct kawela_qp *qp)
{
	struct kawela_tx_ring *tx = &qp->tx;

	tx->ntu = 0;
	tx->ntc = 0;
	tx->group = 0;
	tx->quiet = 0;
	tx->bytes = 0;
	tx->held = false;
	tx->run = KAWELA_TX_NO_RUN;
	tx->asked = 0;
	tx->done = 0;
	tx->tail = 0;
	tx->room = kawela_ring_tx_free(tx);
	kawela_tx_ctx_forget(&tx->ctx);
}

int kawela_ring_tx_alloc(struct kawela_qp *qp, unsigned int count)
{
	struct kawela_tx_ring *tx = &qp->tx;

	tx->dev = qp->dp->dev;
	tx->io = qp->dp->io;
	tx->txq = netdev_get_tx_queue(qp->dp->netdev, qp->index);
	tx->count = count;
	u64_stats_init(&tx->syncp);
	u64_stats_init(&tx->csyncp);

	tx->buf = kvcalloc(count, sizeof(*tx->buf), GFP_KERNEL);
	if (!tx->buf)
		return -ENOMEM;

	tx->desc = dma_alloc_coherent(tx->dev, count * KAWELA_DESC_SIZE, &tx->dma, GFP_KERNEL);
	if (!tx->desc)
		goto err_free_buf;

	/*
	 * Done without if there is none: then short packets are mapped like others. Those of AF_XDP
	 * sockets cannot be padded then.
	 */
	tx->copy = dma_alloc_coherent(tx->dev, count * KAWELA_TX_COPY, &tx->copy_dma,
				      GFP_KERNEL | __GFP_NOWARN);
	tx->copy_len = tx->copy ? KAWELA_TX_COPY : 0;
	if (!tx->copy && qp->dp->xsk[qp->index])
		goto err_free_desc;

	return 0;

err_free_desc:
	dma_free_coherent(tx->dev, count * KAWELA_DESC_SIZE, tx->desc, tx->dma);
err_free_buf:
	kvfree(tx->buf);
	return -ENOMEM;
}

void kawela_ring_tx_release(struct kawela_qp *qp)
{
	struct kawela_tx_ring *tx = &qp->tx;

	if (tx->copy)
		dma_free_coherent(tx->dev, tx->count * KAWELA_TX_COPY, tx->copy, tx->copy_dma);
	dma_free_coherent(tx->dev, tx->count * KAWELA_DESC_SIZE, tx->desc, tx->dma);
	kvfree(tx->buf);
}
