// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reclaim: packets the hardware has sent go back to whom they came from.
 *
 * The hardware reports at the descriptors it was asked to (tx_ask()), and sends in
 * order: packets are done in groups. What was copied into the ring waits for nobody, so that no
 * report is asked for on behalf of it alone.
 *
 * Owns: the consumer side of struct kawela_tx_ring. Never touches: registers.
 * Locks: none; this is NAPI, or both sides are stopped. net/netdev_queues.h orders it and transmit.
 */
#include <linux/module.h>
#include <kunit/visibility.h>
#include <net/netdev_queues.h>
#include <net/xdp.h>
#include <net/xdp_sock_drv.h>

#include "qp.h"

/* Entries given back per poll. */
#define TX_CLEAN_LIMIT	256

/*
 * What is given back.
 * entries: packets, but copied ones that follow each other are one
 * bytes: as the stack's limit counts them
 * frames, frame_bytes: on the wire, of those that count when they were sent
 */
struct tx_sum {
	unsigned int entries;
	u32 bytes;
	u32 frames;
	u32 frame_bytes;
};

/* Slots @i up to, not including, @end, which is behind @i. */
static __always_inline void tx_unmap(struct kawela_tx_ring *tx, u16 i, u16 end)
{
	do {
		struct kawela_tx_buf *buf = &tx->buf[i];

		if (buf->len)
			dma_unmap_page(tx->dev, buf->dma, buf->len, DMA_TO_DEVICE);
		buf->len = 0;
		i = kawela_ring_tx_next(tx, i);
	} while (i != end);
}

void kawela_ring_tx_unmap(struct kawela_tx_ring *tx, u16 i, u16 end)
{
	if (i != end)
		tx_unmap(tx, i, end);
}

/* Whether the group that begins at @i, for which a report was asked, was sent. */
static bool tx_reported(const struct kawela_tx_ring *tx, u16 i)
{
	const struct kawela_tx_desc *last = &tx->desc[tx->buf[i].report];

	return READ_ONCE(last->olinfo_status) & cpu_to_le32(KW_TXO_DD);
}

/* Whether one more group was sent; tx->done is its end then. */
static __always_inline bool tx_look(struct kawela_tx_ring *tx)
{
	u16 i = tx->done;

	/* Pairs with the release in tx_ask(). */
	if (i == smp_load_acquire(&tx->asked) || !tx_reported(tx, i))
		return false;

	tx->done = kawela_ring_tx_next(tx, tx->buf[i].report);
	WRITE_ONCE(tx->reports, tx->reports + 1);

	return true;
}

bool kawela_ring_tx_late(const struct kawela_tx_ring *tx)
{
	u16 done = READ_ONCE(tx->done);

	if (READ_ONCE(tx->ntc) != done)
		return true;

	/* Pairs with the release in tx_ask(). */
	return done != smp_load_acquire(&tx->asked) && tx_reported(tx, done);
}

static void tx_sum_add(struct tx_sum *sum, const struct kawela_tx_buf *buf)
{
	sum->entries++;
	sum->bytes += buf->bytes;
	if (buf->kind) {
		sum->frames += buf->segs;
		sum->frame_bytes += buf->bytes;
	}
}

/*
 * Give back the frames of XDP that follow each other from slot @i on. Those of the ring's own pool
 * have the NAPI that we are in.
 */
static noinline u16 tx_reclaim_xdp(struct kawela_tx_ring *tx, u16 i, struct tx_sum *sum)
{
	struct xdp_frame_bulk bulk;

	xdp_frame_bulk_init(&bulk);
	rcu_read_lock();
	while (i != tx->done && tx->buf[i].kind > KAWELA_TX_XSK && sum->entries < TX_CLEAN_LIMIT) {
		struct kawela_tx_buf *buf = &tx->buf[i];
		u16 end = kawela_ring_tx_next(tx, buf->eop);

		kawela_ring_tx_unmap(tx, i, end);
		if (buf->kind == KAWELA_TX_XDP_OWN)
			xdp_return_frame_rx_napi(buf->xdpf);
		else
			xdp_return_frame_bulk(buf->xdpf, &bulk);
		tx_sum_add(sum, buf);
		buf->kind = KAWELA_TX_NONE;
		i = end;
	}
	xdp_flush_frame_bulk(&bulk);
	rcu_read_unlock();

	return i;
}

/* Sockets get their frames back, the stack's limit does not know of them. */
static void tx_xsk_sent(struct kawela_qp *qp, u32 frames, u64 bytes)
{
	struct kawela_tx_ring *tx = &qp->tx;

	xsk_tx_completed(qp->xsk->pool, frames);
	u64_stats_update_begin(&tx->csyncp);
	tx->cc.packets += frames;
	tx->cc.bytes += bytes;
	u64_stats_update_end(&tx->csyncp);
}

/* Give back the frames of sockets that follow each other from slot @i on. */
static noinline u16 tx_reclaim_xsk(struct kawela_qp *qp, u16 i, struct tx_sum *sum)
{
	struct kawela_tx_ring *tx = &qp->tx;
	u32 frames = 0;
	u64 bytes = 0;

	while (i != tx->done && tx->buf[i].kind == KAWELA_TX_XSK &&
	       sum->entries < TX_CLEAN_LIMIT) {
		tx->buf[i].kind = KAWELA_TX_NONE;
		bytes += tx->buf[i].bytes;
		frames++;
		sum->entries++;
		i = kawela_ring_tx_next(tx, i);
	}
	tx_xsk_sent(qp, frames, bytes);

	return i;
}

/* What neither the stack nor the ring has. */
static noinline u16 tx_reclaim_other(struct kawela_qp *qp, u16 i, struct tx_sum *sum)
{
	if (qp->tx.buf[i].kind == KAWELA_TX_XSK)
		return tx_reclaim_xsk(qp, i, sum);

	return tx_reclaim_xdp(&qp->tx, i, sum);
}

/*
 * Give back what the hardware is done with, at most TX_CLEAN_LIMIT entries. netpoll, without
 * budget, must not touch XDP: the first of its frames is the end then.
 */
static void tx_reclaim(struct kawela_qp *qp, int budget, struct tx_sum *sum)
{
	struct kawela_tx_ring *tx = &qp->tx;
	u16 ntc = tx->ntc;

	while (sum->entries < TX_CLEAN_LIMIT) {
		struct kawela_tx_buf *buf = &tx->buf[ntc];
		u16 end;

		if (ntc == tx->done && !tx_look(tx))
			break;

		end = kawela_ring_tx_next(tx, buf->eop);
		if (buf->kind > KAWELA_TX_SKB) {
			if (!budget)
				break;
			ntc = tx_reclaim_other(qp, ntc, sum);
			continue;
		}
		tx_sum_add(sum, buf);
		if (buf->kind == KAWELA_TX_SKB) {
			tx_unmap(tx, ntc, end);
			napi_consume_skb(buf->skb, budget);
			buf->kind = KAWELA_TX_NONE;
		}
		ntc = end;
	}
	/* The slots are free before transmit sees that they are. */
	smp_store_release(&tx->ntc, ntc);
}

bool kawela_ring_tx_clean(struct kawela_qp *qp, int budget)
{
	struct kawela_tx_ring *tx = &qp->tx;
	struct tx_sum sum = {};

	tx_reclaim(qp, budget, &sum);
	if (!sum.entries)
		return true;

	u64_stats_update_begin(&tx->csyncp);
	tx->cc.packets += sum.frames;
	tx->cc.bytes += sum.frame_bytes;
	if (!__netif_txq_completed_wake(tx->txq, sum.entries, sum.bytes, kawela_ring_tx_free(tx),
					KAWELA_TX_WAKE, !READ_ONCE(qp->dp->running)))
		tx->cc.wake++;
	u64_stats_update_end(&tx->csyncp);

	return sum.entries < TX_CLEAN_LIMIT;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_tx_clean);

/* The packet at @i was sent, or never will be. */
static void tx_end(struct kawela_tx_ring *tx, u16 i, bool sent)
{
	struct kawela_tx_buf *buf = &tx->buf[i];

	if (buf->kind == KAWELA_TX_NONE)
		return;

	kawela_ring_tx_unmap(tx, i, kawela_ring_tx_next(tx, buf->eop));
	if (buf->kind == KAWELA_TX_SKB)
		dev_kfree_skb_any_reason(buf->skb, sent ? SKB_CONSUMED :
					 SKB_DROP_REASON_NOT_SPECIFIED);
	else if (buf->kind > KAWELA_TX_XSK)
		xdp_return_frame(buf->xdpf);
	buf->kind = KAWELA_TX_NONE;

	u64_stats_update_begin(&tx->csyncp);
	if (sent) {
		tx->cc.packets += buf->segs;
		tx->cc.bytes += buf->bytes;
	} else {
		tx->cc.dropped++;
	}
	u64_stats_update_end(&tx->csyncp);
}

void kawela_ring_tx_drop(struct kawela_qp *qp)
{
	struct kawela_tx_ring *tx = &qp->tx;
	bool sent = true;
	u32 frames = 0;

	while (tx->ntc != tx->ntu) {
		u16 i = tx->ntc;

		frames += tx->buf[i].kind == KAWELA_TX_XSK;
		sent = sent && (i != tx->done || tx_look(tx));
		tx_end(tx, i, sent);
		tx->ntc = kawela_ring_tx_next(tx, tx->buf[i].eop);
	}
	if (frames)
		xsk_tx_completed(qp->xsk->pool, frames);
	netdev_tx_reset_queue(tx->txq);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_tx_drop);
