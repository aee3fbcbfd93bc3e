// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive rings: buffers, descriptors to packets.
 *
 * Every slot always holds a buffer: one that goes up with a packet is replaced first, and if there
 * is no replacement, the packet is dropped. So a ring never runs dry for lack of memory, and there
 * is no separate refill.
 *
 * Owns: struct kawela_rx_ring. Never touches: registers other than RDT.
 * Locks: none, NAPI only (or NAPI stopped).
 */
#include <linux/etherdevice.h>
#include <linux/if_macvlan.h>
#include <linux/slab.h>
#include <net/busy_poll.h>
#include <net/page_pool/helpers.h>

#include "qp.h"

static u16 rx_next(const struct kawela_rx_ring *rx, u16 i)
{
	return ++i == rx->count ? 0 : i;
}

/*
 * Never sleeps, also where it might: of a task that may, page_pool (6.12) asks for the memory that
 * keeps its DMA mapping with bottom halves off, and sleeps there when there is none at once.
 */
static int rx_buf_get(struct kawela_rx_ring *rx, struct kawela_rx_buf *buf)
{
	unsigned int size = KAWELA_RX_TRUESIZE;
	unsigned int offset;
	struct page *page;

	page = page_pool_alloc(rx->pool, &offset, &size, GFP_ATOMIC | __GFP_NOWARN);
	if (unlikely(!page))
		return -ENOMEM;

	buf->va = page_address(page) + offset;
	buf->dma = page_pool_get_dma_addr(page) + offset + KAWELA_RX_HEADROOM;

	return 0;
}

static void rx_buf_put(struct kawela_rx_ring *rx, const struct kawela_rx_buf *buf, bool in_napi)
{
	page_pool_put_full_page(rx->pool, virt_to_head_page(buf->va), in_napi);
}

static void rx_post(struct kawela_rx_ring *rx, u16 i)
{
	union kawela_rx_desc *desc = &rx->desc[i];

	desc->read.pkt_addr = cpu_to_le64(rx->buf[i].dma);
	/* Clears DD, too. */
	desc->read.hdr_addr = 0;
}

/* Hand all slots cleaned so far back. One slot stays out, for a full ring is not an empty one. */
static void rx_tail(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;

	rx->unposted = 0;
	/* The register write orders the descriptors before it. */
	kawela_wr32(qp->dp->io, rx->tail_reg, (rx->ntc ?: rx->count) - 1);
}

/* A page for the next copies, each with a reference of its own. */
static int rx_copy_page(struct kawela_rx_ring *rx)
{
	struct page *page = page_pool_alloc_pages(rx->pool, GFP_ATOMIC | __GFP_NOWARN);

	if (unlikely(!page))
		return -ENOMEM;

	page_pool_fragment_page(page, KAWELA_RX_COPIES);
	rx->copy = page_address(page);
	rx->copies_left = KAWELA_RX_COPIES;

	return 0;
}

/* Copy a short frame; the buffer stays in its slot. */
static struct sk_buff *rx_copy(struct kawela_rx_ring *rx, const struct kawela_rx_buf *buf,
			       unsigned int len, struct kawela_rx_counters *c)
{
	struct sk_buff *skb;

	if (unlikely(!rx->copies_left && rx_copy_page(rx)))
		goto err_count;

	skb = napi_build_skb(rx->copy, KAWELA_RX_COPY_TRUESIZE);
	if (unlikely(!skb))
		goto err_count;

	rx->copy += KAWELA_RX_COPY_TRUESIZE;
	rx->copies_left--;
	c->copied++;
	skb_mark_for_recycle(skb);
	skb_reserve(skb, KAWELA_RX_HEADROOM);
	dma_sync_single_for_cpu(rx->dev, buf->dma, len, DMA_FROM_DEVICE);
	/* Whole words: there is room for them on both sides. */
	memcpy(__skb_put(skb, len), buf->va + KAWELA_RX_HEADROOM, ALIGN(len, sizeof(long)));
	dma_sync_single_for_device(rx->dev, buf->dma, len, DMA_FROM_DEVICE);

	return skb;

err_count:
	c->alloc_fail++;
	c->dropped++;
	return NULL;
}

/* Give back what is left of the page for copies. */
static void rx_copy_drop(struct kawela_rx_ring *rx)
{
	struct page *page;

	if (!rx->copies_left)
		return;

	page = virt_to_head_page(rx->copy);
	if (!page_pool_unref_page(page, rx->copies_left))
		page_pool_put_unrefed_page(rx->pool, page, -1, false);
	rx->copies_left = 0;
}

/* Build a packet around its buffer and put another into the slot. */
static struct sk_buff *rx_build(struct kawela_rx_ring *rx, struct kawela_rx_buf *buf,
				unsigned int len, struct kawela_rx_counters *c)
{
	struct kawela_rx_buf new;
	struct sk_buff *skb;

	net_prefetch(buf->va + KAWELA_RX_HEADROOM);
	if (unlikely(rx_buf_get(rx, &new)))
		goto err_count;

	skb = napi_build_skb(buf->va, KAWELA_RX_TRUESIZE);
	if (unlikely(!skb))
		goto err_put_new;

	dma_sync_single_for_cpu(rx->dev, buf->dma, len, DMA_FROM_DEVICE);
	skb_mark_for_recycle(skb);
	skb_reserve(skb, KAWELA_RX_HEADROOM);
	__skb_put(skb, len);
	*buf = new;

	return skb;

err_put_new:
	rx_buf_put(rx, &new, true);
err_count:
	c->alloc_fail++;
	c->dropped++;
	return NULL;
}

/* Add a buffer to the frame in rx->skb, or drop the frame. */
static void rx_append(struct kawela_qp *qp, struct kawela_rx_buf *buf, unsigned int len,
		      struct kawela_rx_counters *c)
{
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_rx_buf new;
	struct sk_buff *skb = rx->skb;
	struct page *page;

	if (unlikely(skb->len + len > qp->dp->max_frame))
		goto err_drop;
	if (unlikely(rx_buf_get(rx, &new))) {
		c->alloc_fail++;
		goto err_drop;
	}

	page = virt_to_head_page(buf->va);
	dma_sync_single_for_cpu(rx->dev, buf->dma, len, DMA_FROM_DEVICE);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page,
			buf->va + KAWELA_RX_HEADROOM - page_address(page), len, KAWELA_RX_TRUESIZE);
	*buf = new;

	return;

err_drop:
	c->dropped++;
	napi_consume_skb(skb, 1);
	rx->skb = NULL;
}

/* A descriptor that is not a good frame of its own: a piece of one, or an error. */
static noinline struct sk_buff *rx_slow(struct kawela_qp *qp, struct kawela_rx_buf *buf, u32 status,
					unsigned int len, struct kawela_rx_counters *c)
{
	struct kawela_rx_ring *rx = &qp->rx;
	bool bad = (status & KW_RXS_EOP) && (status & KW_RXS_FRAME_ERR);
	bool first = !rx->in_frame;
	struct sk_buff *skb;

	rx->in_frame = !(status & KW_RXS_EOP);

	if (bad || (first && len < ETH_HLEN)) {
		c->frame_err++;
		napi_consume_skb(rx->skb, 1);
		rx->skb = NULL;
		return NULL;
	}

	if (first)
		rx->skb = rx_build(rx, buf, len, c);
	else if (rx->skb)
		rx_append(qp, buf, len, c);

	if (rx->in_frame)
		return NULL;

	skb = rx->skb;
	rx->skb = NULL;

	return skb;
}

/* The frame is another netdev's; macvlan counts what it did not receive itself. */
static noinline struct net_device *rx_other_dev(struct kawela_qp *qp, const struct sk_buff *skb)
{
	struct net_device *rx_dev = qp->dp->rx_dev;

	if (netif_is_macvlan(rx_dev))
		macvlan_count_rx(netdev_priv(rx_dev), skb->len, true, false);
	return rx_dev;
}

/* What the last descriptor says about the frame. */
static void rx_meta(struct kawela_qp *qp, struct sk_buff *skb, const union kawela_rx_desc *desc,
		    u32 status, struct kawela_rx_counters *c)
{
	struct net_device *netdev = qp->dp->netdev;
	netdev_features_t features = netdev->features;

	if (likely(features & NETIF_F_RXCSUM)) {
		enum kawela_rx_csum csum = kawela_rx_csum(status, skb->len);

		if (csum == KAWELA_RX_CSUM_GOOD) {
			skb->ip_summed = CHECKSUM_UNNECESSARY;
			c->csum_good++;
		} else if (unlikely(csum == KAWELA_RX_CSUM_BAD)) {
			c->csum_bad++;
		}
	}

	if (features & NETIF_F_RXHASH) {
		enum pkt_hash_types type = kawela_rx_hash_type(le16_to_cpu(desc->wb.pkt_info));

		if (type != PKT_HASH_TYPE_NONE)
			skb_set_hash(skb, le32_to_cpu(desc->wb.rss), type);
	}

	if (status & KW_RXS_VP) {
		const unsigned long *vlans = qp->dp->rx_vlans;
		u16 tag = le16_to_cpu(desc->wb.vlan);

		if (!vlans || test_bit(tag & VLAN_VID_MASK, vlans))
			__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tag);
	}

	skb_record_rx_queue(skb, qp->index);
	if (unlikely(qp->dp->rx_dev))
		netdev = rx_other_dev(qp, skb);
	skb->protocol = eth_type_trans(skb, netdev);
}

static struct sk_buff *rx_frame(struct kawela_qp *qp, u16 i, u32 status,
				struct kawela_rx_counters *c)
{
	const union kawela_rx_desc *desc = &qp->rx.desc[i];
	struct kawela_rx_buf *buf = &qp->rx.buf[i];
	unsigned int len = le16_to_cpu(desc->wb.length);
	struct sk_buff *skb;

	if (unlikely((status & (KW_RXS_EOP | KW_RXS_FRAME_ERR)) != KW_RXS_EOP ||
		     qp->rx.in_frame || len < ETH_HLEN))
		skb = rx_slow(qp, buf, status, len, c);
	else if (len <= KAWELA_RX_COPY)
		skb = rx_copy(&qp->rx, buf, len, c);
	else
		skb = rx_build(&qp->rx, buf, len, c);
	if (!skb)
		return NULL;

	c->packets++;
	c->bytes += skb->len;
	rx_meta(qp, skb, desc, status, c);

	return skb;
}

/* Give the stack the frames that go past GRO. */
static void rx_flush(struct list_head *list)
{
	if (list_empty(list))
		return;

	netif_receive_skb_list(list);
	INIT_LIST_HEAD(list);
}

/*
 * A frame of minimum size has next to nothing to be merged: it goes past GRO, unless GRO has frames
 * that it would overtake.
 */
static void rx_deliver(struct napi_struct *napi, struct sk_buff *skb, struct list_head *list)
{
	if (skb->len <= ETH_ZLEN - ETH_HLEN && !napi->gro_bitmask && !napi->rx_count) {
		skb_mark_napi_id(skb, napi);
		list_add_tail(&skb->list, list);
		return;
	}
	rx_flush(list);
	napi_gro_receive(napi, skb);
}

static void rx_count(struct kawela_rx_ring *rx, const struct kawela_rx_counters *c)
{
	u64_stats_update_begin(&rx->syncp);
	rx->c.packets += c->packets;
	rx->c.bytes += c->bytes;
	rx->c.copied += c->copied;
	rx->c.csum_good += c->csum_good;
	rx->c.csum_bad += c->csum_bad;
	rx->c.alloc_fail += c->alloc_fail;
	rx->c.frame_err += c->frame_err;
	rx->c.dropped += c->dropped;
	rx->c.polls++;
	u64_stats_update_end(&rx->syncp);
}

int kawela_ring_rx_poll(struct kawela_qp *qp, int budget)
{
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_rx_counters c = {};
	LIST_HEAD(list);
	int done;

	for (done = 0; done < budget; done++) {
		u16 i = rx->ntc;
		u32 status = le32_to_cpu(READ_ONCE(rx->desc[i].wb.status_error));
		struct sk_buff *skb;

		if (!(status & KW_RXS_DD))
			break;

		/* Nothing of the descriptor or the frame is read before DD. */
		dma_rmb();
		skb = rx_frame(qp, i, status, &c);
		rx_post(rx, i);
		rx->ntc = rx_next(rx, i);
		if (++rx->unposted >= KAWELA_RX_TAIL_BATCH)
			rx_tail(qp);
		if (skb)
			rx_deliver(&qp->napi, skb, &list);
	}
	rx_flush(&list);
	rx_count(rx, &c);

	return done;
}

int kawela_ring_rx_fill(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;
	u16 i;

	rx->ntc = 0;
	rx->unposted = 0;
	for (i = 0; i < rx->count; i++) {
		if (rx_buf_get(rx, &rx->buf[i]))
			return -ENOMEM;
		rx_post(rx, i);
	}

	return 0;
}

void kawela_ring_rx_drop(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;
	u16 i;

	for (i = 0; i < rx->count; i++) {
		if (rx->buf[i].va)
			rx_buf_put(rx, &rx->buf[i], false);
		rx->buf[i].va = NULL;
	}
	rx_copy_drop(rx);
	dev_kfree_skb_any(rx->skb);
	rx->skb = NULL;
	rx->in_frame = false;
}

/* A netdev that is not registered cannot be shown, nor can its pools be moved when it goes. */
static struct net_device *rx_pool_netdev(const struct kawela_dp *dp)
{
	return dp->netdev->reg_state == NETREG_DUMMY ? NULL : dp->netdev;
}

static struct page_pool *rx_pool_create(struct kawela_qp *qp, unsigned int count)
{
	struct page_pool_params params = {
		.pool_size = count,
		.nid = dev_to_node(qp->dp->dev),
		.dev = qp->dp->dev,
		.napi = &qp->napi,
		.dma_dir = DMA_FROM_DEVICE,
		.max_len = PAGE_SIZE,
		.netdev = rx_pool_netdev(qp->dp),
		.queue_idx = qp->index,
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV,
	};

	return page_pool_create(&params);
}

int kawela_ring_rx_alloc(struct kawela_qp *qp, unsigned int count)
{
	struct kawela_rx_ring *rx = &qp->rx;

	BUILD_BUG_ON(KAWELA_RX_BUF_NEED > PAGE_SIZE);

	rx->dev = qp->dp->dev;
	rx->tail_reg = KW_RDT(qp->hw_queue);
	rx->count = count;
	u64_stats_init(&rx->syncp);

	rx->buf = kvcalloc(count, sizeof(*rx->buf), GFP_KERNEL);
	if (!rx->buf)
		return -ENOMEM;

	rx->desc = dma_alloc_coherent(rx->dev, count * KAWELA_DESC_SIZE, &rx->dma, GFP_KERNEL);
	if (!rx->desc)
		goto err_free_buf;

	rx->pool = rx_pool_create(qp, count);
	if (IS_ERR(rx->pool))
		goto err_free_desc;

	return 0;

err_free_desc:
	dma_free_coherent(rx->dev, count * KAWELA_DESC_SIZE, rx->desc, rx->dma);
err_free_buf:
	kvfree(rx->buf);
	return -ENOMEM;
}

void kawela_ring_rx_release(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;

	page_pool_destroy(rx->pool);
	dma_free_coherent(rx->dev, rx->count * KAWELA_DESC_SIZE, rx->desc, rx->dma);
	kvfree(rx->buf);
}
