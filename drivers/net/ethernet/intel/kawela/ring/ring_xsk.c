// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_XDP without copies: a queue pair whose receive buffers are the memory that sockets share with
 * user space, and that sends from this memory.
 *
 * A ring holds as many buffers as user space has given, which may be none; a flag tells user space
 * when to wake us after it gave more. The ring's own buffers wait meanwhile, so there is always a
 * way back. The hardware fills buffers by whole KB. What a frame has beyond that comes in a buffer
 * of its own, and is copied behind the first part: programs and sockets see frames in one piece.
 *
 * Owns: dp->xsk[], the slots of a receive ring whose pair has a pool. Never touches: registers
 * other than RDT; transmit descriptors.
 * Locks: RTNL for setup; NAPI (or NAPI stopped) for the slots; the transmit queue lock to send.
 */
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>
#include <net/xdp_sock_drv.h>

#include "../compat/module.h"
#include "qp.h"

/* The hardware writes what it received before we look at it, and needs no copy of it before. */
#define XSK_DMA_ATTRS	(DMA_ATTR_SKIP_CPU_SYNC | DMA_ATTR_WEAK_ORDERING)

/* Slots to be filled at once, but for a ring that is empty. */
#define XSK_FILL_BATCH	KAWELA_RX_TAIL_BATCH

/* Frames to send per poll. */
#define XSK_SEND_LIMIT	256

/* What a pool's frame has behind its xdp_buff is ours: the rest of struct kawela_xdp_buff. */
static_assert(offsetof(struct kawela_xdp_buff, dp) == offsetof(struct xdp_buff_xsk, cb));
static_assert(sizeof(struct kawela_xdp_buff) <= offsetofend(struct xdp_buff_xsk, cb));

/* ---- Receive ---- */

static u16 xsk_next(const struct kawela_rx_ring *rx, u16 i)
{
	return ++i == rx->count ? 0 : i;
}

/* Put buffers into at most @want slots that follow each other. */
static u32 xsk_fill_some(struct kawela_rx_ring *rx, struct kawela_xsk *xsk, u32 want)
{
	u16 i = xsk->ntu;
	u32 j, got;

	got = xsk_buff_alloc_batch(xsk->pool, &xsk->slot[i], min(want, (u32)rx->count - i));
	for (j = 0; j < got; j++) {
		union kawela_rx_desc *desc = &rx->desc[i + j];

		desc->read.pkt_addr = cpu_to_le64(xsk_buff_xdp_get_dma(xsk->slot[i + j]));
		/* Clears DD, too. */
		desc->read.hdr_addr = 0;
	}
	xsk->ntu = i + got == rx->count ? 0 : i + got;

	return got;
}

/* Fill the ring, but for one slot, as far as there are buffers; how many there were. */
static u32 xsk_fill(struct kawela_rx_ring *rx, struct kawela_xsk *xsk)
{
	u32 want = rx->count - 1 - kawela_ring_xsk_posted(rx, xsk);
	u32 sum = 0, got;

	while (sum < want) {
		got = xsk_fill_some(rx, xsk, want - sum);
		if (!got)
			break;
		sum += got;
	}

	return sum;
}

/* Hand new buffers to the hardware; how many slots hold one then. */
static u16 xsk_refill(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_xsk *xsk = qp->xsk;
	u16 posted = kawela_ring_xsk_posted(rx, xsk);
	u32 got;

	if (rx->count - 1 - posted < XSK_FILL_BATCH)
		return posted;

	got = xsk_fill(rx, xsk);
	/* The register write orders the descriptors before it. */
	if (got)
		kawela_wr32(qp->dp->io, rx->tail_reg, xsk->ntu);

	return posted + got;
}

/*
 * Refill. A ring that is low for lack of buffers has user space wake us when it gave some; from an
 * empty one no frame comes that would. False: try again.
 */
static bool xsk_refill_or_tell(struct kawela_qp *qp)
{
	struct xsk_buff_pool *pool = qp->xsk->pool;
	u16 posted = xsk_refill(qp);

	if (!xsk_uses_need_wakeup(pool))
		return posted;
	if (unlikely(posted < XSK_FILL_BATCH)) {
		xsk_set_rx_need_wakeup(pool);
		/* User space may have given some before it could see this. */
		smp_mb();
		posted = xsk_refill(qp);
	}
	if (likely(posted >= XSK_FILL_BATCH))
		xsk_clear_rx_need_wakeup(pool);

	return true;
}

/* The next part of the frame that is being gathered; it is dropped if it is larger than a chunk. */
static void xsk_append(struct kawela_xsk *xsk, struct xdp_buff *part, unsigned int len,
		       struct kawela_rx_counters *c)
{
	struct xdp_buff *first = xsk->first;

	if (first->data_end - first->data + len > xsk->size) {
		c->dropped++;
		xsk_buff_free(first);
		xsk->first = NULL;
	} else {
		memcpy(first->data_end, part->data, len);
		first->data_end += len;
	}
	xsk_buff_free(part);
}

static void xsk_abandon(struct kawela_xsk *xsk)
{
	if (xsk->first)
		xsk_buff_free(xsk->first);
	xsk->first = NULL;
}

struct xdp_buff *kawela_ring_xsk_gather(struct kawela_qp *qp, struct xdp_buff *xdp,
					unsigned int len, u32 status,
					struct kawela_rx_counters *c)
{
	bool bad = (status & KW_RXS_EOP) && (status & KW_RXS_FRAME_ERR);
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_xsk *xsk = qp->xsk;
	bool first = !rx->in_frame;
	struct xdp_buff *whole;

	rx->in_frame = !(status & KW_RXS_EOP);

	if (bad || (first && len < ETH_HLEN)) {
		c->frame_err++;
		xsk_abandon(xsk);
		xsk_buff_free(xdp);
		return NULL;
	}

	if (first)
		xsk->first = xdp;
	else if (xsk->first)
		xsk_append(xsk, xdp, len, c);
	else
		xsk_buff_free(xdp);
	if (rx->in_frame)
		return NULL;

	whole = xsk->first;
	xsk->first = NULL;

	return whole;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_xsk_gather);

/* A packet of its own for the stack. */
static struct sk_buff *xsk_copy(struct kawela_qp *qp, const struct xdp_buff *xdp,
				struct kawela_rx_counters *c)
{
	unsigned int len = xdp->data_end - xdp->data_meta;
	unsigned int meta = xdp->data - xdp->data_meta;
	struct sk_buff *skb;

	skb = napi_alloc_skb(&qp->napi, len);
	if (unlikely(!skb)) {
		c->alloc_fail++;
		c->dropped++;
		return NULL;
	}

	skb_put_data(skb, xdp->data_meta, len);
	if (meta) {
		skb_metadata_set(skb, meta);
		__skb_pull(skb, meta);
	}
	c->copied++;

	return skb;
}

/* A frame is complete. What the stack gets of it, if anything. */
static struct sk_buff *xsk_frame(struct kawela_qp *qp, struct bpf_prog *prog, struct xdp_buff *xdp,
				 const union kawela_rx_desc *desc, struct kawela_rx_counters *c)
{
	unsigned int len = xdp->data_end - xdp->data;
	enum kawela_xdp_result result = KAWELA_XDP_PASS;
	struct sk_buff *skb = NULL;

	if (likely(prog)) {
		container_of(xdp, struct kawela_xdp_buff, xdp)->desc = desc;
		result = kawela_ring_xdp_run_zc(qp, prog, xdp);
	}
	if (result == KAWELA_XDP_PASS) {
		skb = xsk_copy(qp, xdp, c);
	} else {
		c->packets++;
		c->bytes += len;
	}
	if (result != KAWELA_XDP_GONE)
		xsk_buff_free(xdp);
	if (!skb)
		return NULL;

	c->packets++;
	c->bytes += skb->len;
	kawela_ring_rx_meta(qp, skb, desc, c);

	return skb;
}

/* A frame that may have a time stamp. */
static ktime_t xsk_stamp(const struct kawela_qp *qp, struct xdp_buff *xdp,
			 const union kawela_rx_desc *desc)
{
	ktime_t stamp = kawela_ring_rx_stamp(qp->dp, desc);

	container_of(xdp, struct kawela_xdp_buff, xdp)->stamp = stamp;

	return stamp;
}

/* One descriptor. */
static void xsk_receive(struct kawela_qp *qp, struct bpf_prog *prog, u32 status,
			struct kawela_rx_counters *c)
{
	struct kawela_rx_ring *rx = &qp->rx;
	const union kawela_rx_desc *desc = &rx->desc[rx->ntc];
	unsigned int len = le16_to_cpu(desc->wb.length);
	struct xdp_buff *xdp = qp->xsk->slot[rx->ntc];
	struct sk_buff *skb;
	ktime_t stamp = 0;

	rx->ntc = xsk_next(rx, rx->ntc);
	net_prefetch(xdp->data_hard_start + XDP_PACKET_HEADROOM);
	xsk_buff_set_size(xdp, len);
	xsk_buff_dma_sync_for_cpu(xdp);
	if (unlikely((status & (KW_RXS_EOP | KW_RXS_RARE)) != KW_RXS_EOP || rx->in_frame ||
		     len < ETH_HLEN)) {
		xdp = kawela_ring_xsk_gather(qp, xdp, len, status, c);
		if (!xdp)
			return;
		stamp = xsk_stamp(qp, xdp, desc);
	}

	skb = xsk_frame(qp, prog, xdp, desc, c);
	if (!skb)
		return;

	skb_hwtstamps(skb)->hwtstamp = stamp;
	napi_gro_receive(&qp->napi, skb);
}

static int xsk_rx_poll(struct kawela_qp *qp, int budget)
{
	struct bpf_prog *prog = READ_ONCE(qp->dp->xdp_prog);
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_rx_counters c = {};
	int done;

	for (done = 0; done < budget && rx->ntc != qp->xsk->ntu; done++) {
		u32 status = le32_to_cpu(READ_ONCE(rx->desc[rx->ntc].wb.status_error));

		if (!(status & KW_RXS_DD))
			break;

		/* Nothing of the descriptor or the frame is read before DD. */
		dma_rmb();
		xsk_receive(qp, prog, status, &c);
	}
	if (prog)
		kawela_ring_xdp_flush(qp);
	kawela_ring_rx_count(rx, &c);

	return done;
}

/* ---- Send ---- */

/*
 * False if there is more to send. While frames are on their way a poll follows without being asked
 * for, so nobody has to wake us.
 */
static bool xsk_send(struct kawela_qp *qp)
{
	struct xsk_buff_pool *pool = qp->xsk->pool;
	bool tell = xsk_uses_need_wakeup(pool);
	struct kawela_tx_ring *tx = &qp->tx;
	unsigned int sent;

	/* Its return fires the vector. */
	if (unlikely(!netif_carrier_ok(qp->dp->netdev))) {
		if (tell)
			xsk_set_tx_need_wakeup(pool);
		return true;
	}

	if (tell && !kawela_ring_tx_due(tx)) {
		xsk_set_tx_need_wakeup(pool);
		/* Before the last look for frames: who brings some later sees it. */
		smp_mb();
	}
	__netif_tx_lock(tx->txq, smp_processor_id());
	sent = kawela_ring_tx_xsk(qp, XSK_SEND_LIMIT);
	__netif_tx_unlock(tx->txq);
	if (tell && kawela_ring_tx_due(tx))
		xsk_clear_tx_need_wakeup(pool);

	return sent < XSK_SEND_LIMIT;
}

int kawela_ring_xsk_poll(struct kawela_qp *qp, int budget)
{
	int done = xsk_rx_poll(qp, budget);
	bool filled = xsk_refill_or_tell(qp);

	return xsk_send(qp) && filled ? done : budget;
}

int kawela_dp_xsk_wakeup(struct kawela_dp *dp, u32 index, u32 flags)
{
	struct kawela_qp *qp;

	if (!READ_ONCE(dp->running) || index >= READ_ONCE(dp->num_qps))
		return -ENETDOWN;
	qp = READ_ONCE(dp->qp[index]);
	if (!qp)
		return -ENETDOWN;

	/* Here and now: no register, no interrupt. */
	local_bh_disable();
	napi_schedule(&qp->napi);
	local_bh_enable();

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_xsk_wakeup, "KAWELA");

/* ---- Life ---- */

/* Nothing is allocated: the second time it does not fail. */
static int xsk_register(struct kawela_xsk *xsk, const struct kawela_dp *dp, u16 index,
			unsigned int napi_id)
{
	int err;

	if (xdp_rxq_info_is_reg(&xsk->rxq))
		xdp_rxq_info_unreg(&xsk->rxq);
	err = xdp_rxq_info_reg(&xsk->rxq, dp->netdev, index, napi_id);
	if (err)
		return err;

	err = xdp_rxq_info_reg_mem_model(&xsk->rxq, MEM_TYPE_XSK_BUFF_POOL, NULL);
	if (err)
		xdp_rxq_info_unreg(&xsk->rxq);

	return err;
}

void kawela_ring_xsk_begin(struct kawela_qp *qp)
{
	struct kawela_xsk *xsk = qp->dp->xsk[qp->index];

	qp->xsk = xsk;
	if (!xsk)
		return;

	xsk->ntu = 0;
	WARN_ON_ONCE(xsk_register(xsk, qp->dp, qp->index, qp->napi.napi_id));
	local_bh_disable();
	xsk_fill(&qp->rx, xsk);
	local_bh_enable();
	/* Who gives chunks now need not wait for the first poll, which takes this back. */
	if (xsk_uses_need_wakeup(xsk->pool))
		xsk_set_rx_need_wakeup(xsk->pool);
}

void kawela_ring_xsk_end(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_xsk *xsk = qp->xsk;

	if (!xsk)
		return;

	xsk_abandon(xsk);
	for (; rx->ntc != xsk->ntu; rx->ntc = xsk_next(rx, rx->ntc))
		xsk_buff_free(xsk->slot[rx->ntc]);
	rx->in_frame = false;
	qp->xsk = NULL;
}

/* ---- Setup ---- */

u32 kawela_ring_xsk_frame_size(u32 chunk, u32 headroom)
{
	if (chunk < headroom + 1024 || chunk > KAWELA_DP_MAX_FRAME)
		return 0;

	return chunk - headroom;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_xsk_frame_size);

static unsigned int xsk_max_mtu(u32 size)
{
	return size - KAWELA_DP_HEADER;
}

unsigned int kawela_ring_xsk_check_mtu(const struct kawela_dp *dp, unsigned int mtu)
{
	unsigned int i;

	for (i = 0; i < KW_NUM_QUEUES; i++) {
		if (dp->xsk[i] && mtu > xsk_max_mtu(dp->xsk[i]->size))
			return xsk_max_mtu(dp->xsk[i]->size);
	}

	return 0;
}

/* The pool's frames learn whose they are. */
static int xsk_own(struct kawela_xsk *xsk, struct kawela_dp *dp, u16 index)
{
	struct xsk_cb_desc desc = {
		.src = &dp,
		.off = 0,
		.bytes = sizeof(dp),
	};
	int err;

	err = xsk_register(xsk, dp, index, 0);
	if (err)
		return err;

	xsk_pool_set_rxq_info(xsk->pool, &xsk->rxq);
	xsk_pool_fill_cb(xsk->pool, &desc);

	return 0;
}

static int xsk_add(struct kawela_dp *dp, struct xsk_buff_pool *pool, u16 index, u32 size)
{
	struct kawela_xsk *xsk;
	int err;

	xsk = kvzalloc(sizeof(*xsk), GFP_KERNEL);
	if (!xsk)
		return -ENOMEM;
	xsk->pool = pool;
	xsk->size = size;

	err = xsk_pool_dma_map(pool, dp->dev, XSK_DMA_ATTRS);
	if (err)
		goto err_free;
	err = xsk_own(xsk, dp, index);
	if (err)
		goto err_unmap;
	dp->xsk[index] = xsk;

	return 0;

err_unmap:
	xsk_pool_dma_unmap(pool, XSK_DMA_ATTRS);
err_free:
	kvfree(xsk);
	return err;
}

/* The queue pair that is at work, if there is one. */
static struct kawela_qp *xsk_qp(const struct kawela_dp *dp, u16 index)
{
	return dp->running && index < dp->num_qps ? dp->qp[index] : NULL;
}

static int xsk_enable(struct kawela_dp *dp, struct xsk_buff_pool *pool, u16 index)
{
	u32 size = kawela_ring_xsk_frame_size(xsk_pool_get_chunk_size(pool),
					      xsk_pool_get_headroom(pool));
	struct kawela_qp *qp = index < dp->num_qps ? dp->qp[index] : NULL;
	int err;

	if (dp->xsk[index])
		return -EBUSY;
	if (!size || dp->netdev->mtu > xsk_max_mtu(size)) {
		netdev_info(dp->netdev, "AF_XDP: chunks of %u bytes, %u of them headroom, do not do\n",
			    xsk_pool_get_chunk_size(pool), xsk_pool_get_headroom(pool));
		return -EINVAL;
	}
	/* What pads short frames. */
	if (qp && !qp->tx.copy)
		return -ENOMEM;

	err = xsk_add(dp, pool, index, size);
	if (err)
		return err;
	qp = xsk_qp(dp, index);
	if (qp)
		kawela_ring_restart(qp);

	return 0;
}

static void xsk_disable(struct kawela_dp *dp, u16 index)
{
	struct kawela_xsk *xsk = dp->xsk[index];
	struct kawela_qp *qp = xsk_qp(dp, index);

	if (!xsk)
		return;

	dp->xsk[index] = NULL;
	if (qp)
		kawela_ring_restart(qp);
	xdp_rxq_info_unreg(&xsk->rxq);
	xsk_pool_dma_unmap(xsk->pool, XSK_DMA_ATTRS);
	kvfree(xsk);
}

int kawela_ring_xsk_setup(struct kawela_dp *dp, struct xsk_buff_pool *pool, u16 index)
{
	ASSERT_RTNL();
	/* A queue that only sends is none to share. */
	if (index >= KW_NUM_QUEUES || (pool && index >= dp->netdev->real_num_rx_queues))
		return -EINVAL;
	if (pool)
		return xsk_enable(dp, pool, index);
	xsk_disable(dp, index);

	return 0;
}
