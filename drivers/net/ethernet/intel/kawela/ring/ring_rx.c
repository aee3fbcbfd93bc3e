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
#include <linux/filter.h>
#include <linux/if_macvlan.h>
#include <linux/slab.h>
#include <kunit/visibility.h>
#include <net/busy_poll.h>
#include <net/page_pool/helpers.h>

#include "../compat/gro.h"
#include "../compat/xdp.h"
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

/* An empty skb for the copy of a short frame. */
static __always_inline struct sk_buff *rx_copy_skb(struct kawela_rx_ring *rx,
						   struct kawela_rx_counters *c)
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
	skb_reserve(skb, KAWELA_RX_COPY_HEADROOM);

	return skb;

err_count:
	c->alloc_fail++;
	c->dropped++;
	return NULL;
}

/* Whole words: there is room for them on both sides. */
static void rx_copy_data(struct sk_buff *skb, const void *data, unsigned int len)
{
	memcpy(__skb_put(skb, len), data, ALIGN(len, sizeof(long)));
}

/* Copy a short frame; the buffer stays in its slot. */
static struct sk_buff *rx_short(struct kawela_rx_ring *rx, const struct kawela_rx_buf *buf,
				unsigned int len, struct kawela_rx_counters *c)
{
	struct sk_buff *skb = rx_copy_skb(rx, c);

	if (unlikely(!skb))
		return NULL;

	dma_sync_single_for_cpu(rx->dev, buf->dma, len, KAWELA_RX_DMA_DIR);
	rx_copy_data(skb, buf->va + KAWELA_RX_HEADROOM, len);
	dma_sync_single_for_device(rx->dev, buf->dma, len, KAWELA_RX_DMA_DIR);

	return skb;
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

	dma_sync_single_for_cpu(rx->dev, buf->dma, len, KAWELA_RX_DMA_DIR);
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

/* The buffer is what there is of a frame so far. */
static void rx_begin(struct kawela_rx_ring *rx, const struct kawela_rx_buf *buf, unsigned int len)
{
	struct xdp_buff *xdp = &rx->xb.xdp;

	net_prefetch(buf->va + KAWELA_RX_HEADROOM);
	dma_sync_single_for_cpu(rx->dev, buf->dma, len, KAWELA_RX_DMA_DIR);
	xdp_init_buff(xdp, KAWELA_RX_TRUESIZE, &rx->rxq);
	xdp_prepare_buff(xdp, buf->va, KAWELA_RX_HEADROOM, len, true);
}

/* Give up the frame that is being gathered. */
static void rx_abandon(struct kawela_rx_ring *rx)
{
	if (rx->gathering)
		xdp_return_buff(&rx->xb.xdp);
	rx->gathering = false;
}

static void rx_add_frag(struct kawela_rx_ring *rx, const struct kawela_rx_buf *buf,
			unsigned int len)
{
	struct xdp_buff *xdp = &rx->xb.xdp;
	struct skb_shared_info *shinfo = xdp_get_shared_info_from_buff(xdp);
	struct page *page = virt_to_head_page(buf->va);

	if (!xdp_buff_has_frags(xdp)) {
		shinfo->nr_frags = 0;
		shinfo->xdp_frags_size = 0;
		xdp_buff_set_frags_flag(xdp);
	}
	if (unlikely(page_is_pfmemalloc(page)))
		xdp_buff_set_frag_pfmemalloc(xdp);

	dma_sync_single_for_cpu(rx->dev, buf->dma, len, KAWELA_RX_DMA_DIR);
	skb_frag_fill_page_desc(&shinfo->frags[shinfo->nr_frags++], page,
				buf->va + KAWELA_RX_HEADROOM - page_address(page), len);
	shinfo->xdp_frags_size += len;
}

/* Whether the frame that is being gathered may have @len bytes more. */
static bool rx_may_grow(const struct kawela_qp *qp, unsigned int len)
{
	const struct xdp_buff *xdp = &qp->rx.xb.xdp;

	if (xdp_get_buff_len(xdp) + len > READ_ONCE(qp->dp->max_frame))
		return false;

	return !xdp_buff_has_frags(xdp) ||
	       xdp_get_shared_info_from_buff(xdp)->nr_frags < MAX_SKB_FRAGS;
}

/* Add a buffer to the frame that is being gathered, or drop the frame. */
static void rx_gather(struct kawela_qp *qp, struct kawela_rx_buf *buf, unsigned int len,
		      struct kawela_rx_counters *c)
{
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_rx_buf new;

	if (unlikely(rx->gathering && !rx_may_grow(qp, len)))
		goto err_drop;
	if (unlikely(rx_buf_get(rx, &new))) {
		c->alloc_fail++;
		goto err_drop;
	}

	if (rx->gathering)
		rx_add_frag(rx, buf, len);
	else
		rx_begin(rx, buf, len);
	rx->gathering = true;
	*buf = new;

	return;

err_drop:
	c->dropped++;
	rx_abandon(rx);
}

/* Build a packet around the frame in rx->xb. Its frags stay where they are: behind the data. */
static struct sk_buff *rx_build_xdp(struct kawela_rx_ring *rx, struct kawela_rx_counters *c)
{
	const struct xdp_buff *xdp = &rx->xb.xdp;
	const struct skb_shared_info *shinfo = xdp_get_shared_info_from_buff(xdp);
	unsigned int meta = xdp->data - xdp->data_meta;
	unsigned int nr_frags = 0, size = 0;
	struct sk_buff *skb;

	if (xdp_buff_has_frags(xdp)) {
		nr_frags = shinfo->nr_frags;
		size = shinfo->xdp_frags_size;
	}
	skb = napi_build_skb(xdp->data_hard_start, KAWELA_RX_TRUESIZE);
	if (unlikely(!skb)) {
		c->alloc_fail++;
		c->dropped++;
		return NULL;
	}

	skb_mark_for_recycle(skb);
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	__skb_put(skb, xdp->data_end - xdp->data);
	if (meta)
		skb_metadata_set(skb, meta);
	if (nr_frags)
		xdp_update_skb_frags_info(skb, nr_frags, size, nr_frags * KAWELA_RX_TRUESIZE,
					  xdp_buff_get_skb_flags(xdp));

	return skb;
}

/* Let a program see the frame in rx->xb, which is as it came. */
static enum kawela_xdp_result rx_run(struct kawela_qp *qp, struct bpf_prog *prog,
				     const union kawela_rx_desc *desc,
				     struct kawela_rx_counters *c)
{
	unsigned int len = xdp_get_buff_len(&qp->rx.xb.xdp);
	enum kawela_xdp_result result;

	qp->rx.xb.desc = desc;
	result = kawela_ring_xdp_run(qp, prog);
	/* One that is passed is counted when the stack gets it. */
	if (result != KAWELA_XDP_PASS) {
		c->packets++;
		c->bytes += len;
	}

	return result;
}

ktime_t kawela_ring_rx_stamp(const struct kawela_dp *dp, const union kawela_rx_desc *desc)
{
	if (!dp->stamps || !(desc->wb.status_error & cpu_to_le32(KW_RXS_TS)))
		return 0;

	return dp->stamps->rx(dp->stamps);
}

/* All of the frame is there. */
static struct sk_buff *rx_gathered(struct kawela_qp *qp, struct bpf_prog *prog,
				   const union kawela_rx_desc *desc, struct kawela_rx_counters *c)
{
	enum kawela_xdp_result result = KAWELA_XDP_PASS;
	struct kawela_rx_ring *rx = &qp->rx;
	struct sk_buff *skb = NULL;

	rx->xb.stamp = kawela_ring_rx_stamp(qp->dp, desc);
	if (prog)
		result = rx_run(qp, prog, desc, c);
	if (result == KAWELA_XDP_PASS)
		skb = rx_build_xdp(rx, c);
	if (skb)
		skb_hwtstamps(skb)->hwtstamp = rx->xb.stamp;
	if (skb || result == KAWELA_XDP_GONE)
		rx->gathering = false;
	else
		rx_abandon(rx);

	return skb;
}

/* What is rare: a piece of a frame, an error, a frame with a time stamp. */
static noinline struct sk_buff *rx_slow(struct kawela_qp *qp, struct bpf_prog *prog, u16 i,
					u32 status, struct kawela_rx_counters *c)
{
	bool bad = (status & KW_RXS_EOP) && (status & KW_RXS_FRAME_ERR);
	struct kawela_rx_ring *rx = &qp->rx;
	const union kawela_rx_desc *desc = &rx->desc[i];
	unsigned int len = le16_to_cpu(desc->wb.length);
	bool first = !rx->in_frame;

	rx->in_frame = !(status & KW_RXS_EOP);

	if (bad || (first && len < ETH_HLEN)) {
		c->frame_err++;
		rx_abandon(rx);
		return NULL;
	}

	if (first || rx->gathering)
		rx_gather(qp, &rx->buf[i], len, c);
	if (rx->in_frame || !rx->gathering)
		return NULL;

	return rx_gathered(qp, prog, desc, c);
}

/* A program passed a frame of one buffer. One that fits is copied, as if there were no program. */
static struct sk_buff *rx_passed(struct kawela_rx_ring *rx, struct kawela_rx_buf *buf,
				 struct kawela_rx_counters *c)
{
	const struct xdp_buff *xdp = &rx->xb.xdp;
	unsigned int len = xdp->data_end - xdp->data;
	struct sk_buff *skb;

	if (len <= KAWELA_RX_COPY && xdp->data_meta == xdp->data) {
		skb = rx_copy_skb(rx, c);
		if (likely(skb))
			rx_copy_data(skb, xdp->data, len);
		return skb;
	}

	skb = rx_build_xdp(rx, c);
	if (likely(skb))
		buf->va = NULL;

	return skb;
}

/* A frame of one buffer, and a program that has to see it. The buffer stays if it can. */
static noinline struct sk_buff *rx_xdp(struct kawela_qp *qp, struct bpf_prog *prog, u16 i,
				       struct kawela_rx_counters *c)
{
	const union kawela_rx_desc *desc = &qp->rx.desc[i];
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_rx_buf *buf = &rx->buf[i];
	struct sk_buff *skb = NULL;

	if (!rx->spare.va && unlikely(rx_buf_get(rx, &rx->spare))) {
		c->alloc_fail++;
		c->dropped++;
		return NULL;
	}

	rx_begin(rx, buf, le16_to_cpu(desc->wb.length));
	switch (rx_run(qp, prog, desc, c)) {
	case KAWELA_XDP_PASS:
		skb = rx_passed(rx, buf, c);
		break;
	case KAWELA_XDP_GONE:
		buf->va = NULL;
		break;
	case KAWELA_XDP_KEEP:
		break;
	}

	if (buf->va) {
		/* The program may have written where it liked. */
		dma_sync_single_for_device(rx->dev, buf->dma, KAWELA_RX_BUF_LEN,
					   KAWELA_RX_DMA_DIR);
	} else {
		*buf = rx->spare;
		rx->spare.va = NULL;
	}

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
static __always_inline void rx_meta(struct kawela_qp *qp, struct sk_buff *skb,
				    const union kawela_rx_desc *desc, u32 status,
				    struct kawela_rx_counters *c)
{
	struct net_device *netdev = qp->dp->netdev;
	netdev_features_t features = netdev->features;
	u16 tag;

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

	if (kawela_ring_rx_tag(qp->dp, desc, &tag))
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tag);

	skb_record_rx_queue(skb, qp->index);
	if (unlikely(qp->dp->rx_dev))
		netdev = rx_other_dev(qp, skb);
	skb->protocol = eth_type_trans(skb, netdev);
}

void kawela_ring_rx_meta(struct kawela_qp *qp, struct sk_buff *skb,
			 const union kawela_rx_desc *desc, struct kawela_rx_counters *c)
{
	rx_meta(qp, skb, desc, le32_to_cpu(desc->wb.status_error), c);
}

static struct sk_buff *rx_frame(struct kawela_qp *qp, struct bpf_prog *prog, u16 i, u32 status,
				struct kawela_rx_counters *c)
{
	const union kawela_rx_desc *desc = &qp->rx.desc[i];
	struct kawela_rx_buf *buf = &qp->rx.buf[i];
	unsigned int len = le16_to_cpu(desc->wb.length);
	struct sk_buff *skb;

	if (unlikely((status & (KW_RXS_EOP | KW_RXS_RARE)) != KW_RXS_EOP ||
		     qp->rx.in_frame || len < ETH_HLEN))
		skb = rx_slow(qp, prog, i, status, c);
	else if (unlikely(prog))
		skb = rx_xdp(qp, prog, i, c);
	else if (len <= KAWELA_RX_COPY)
		skb = rx_short(&qp->rx, buf, len, c);
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
	if (skb->len <= ETH_ZLEN - ETH_HLEN && kawela_gro_is_empty(napi)) {
		skb_mark_napi_id(skb, napi);
		list_add_tail(&skb->list, list);
		return;
	}
	rx_flush(list);
	napi_gro_receive(napi, skb);
}

static __always_inline void rx_count(struct kawela_rx_ring *rx,
				     const struct kawela_rx_counters *c)
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

void kawela_ring_rx_count(struct kawela_rx_ring *rx, const struct kawela_rx_counters *c)
{
	rx_count(rx, c);
}

int kawela_ring_rx_poll(struct kawela_qp *qp, int budget)
{
	struct bpf_prog *prog = READ_ONCE(qp->dp->xdp_prog);
	struct kawela_rx_ring *rx = &qp->rx;
	struct kawela_rx_counters c = {};
	u16 unposted = rx->unposted;
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
		skb = rx_frame(qp, prog, i, status, &c);
		rx_post(rx, i);
		rx->ntc = rx_next(rx, i);
		if (++unposted >= KAWELA_RX_TAIL_BATCH) {
			rx_tail(qp);
			unposted = 0;
		}
		if (skb)
			rx_deliver(&qp->napi, skb, &list);
	}
	rx->unposted = unposted;
	rx_flush(&list);
	if (unlikely(prog))
		kawela_ring_xdp_flush(qp);
	rx_count(rx, &c);

	return done;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_rx_poll);

/* What has begun does not go on. Its buffers go back as by NAPI, which has such a context. */
static void rx_forget(struct kawela_rx_ring *rx)
{
	struct bpf_net_context context, *set;

	local_bh_disable();
	set = bpf_net_ctx_set(&context);
	rx_abandon(rx);
	bpf_net_ctx_clear(set);
	local_bh_enable();
	rx->in_frame = false;
}

void kawela_ring_rx_reset(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;
	u16 i;

	rx->ntc = 0;
	rx->unposted = 0;
	rx_forget(rx);
	for (i = 0; i < rx->count; i++)
		rx_post(rx, i);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_rx_reset);

static int rx_fill(struct kawela_rx_ring *rx)
{
	u16 i;

	for (i = 0; i < rx->count; i++) {
		if (rx_buf_get(rx, &rx->buf[i]))
			return -ENOMEM;
	}

	return 0;
}

static void rx_empty(struct kawela_rx_ring *rx)
{
	u16 i;

	for (i = 0; i < rx->count; i++) {
		if (rx->buf[i].va)
			rx_buf_put(rx, &rx->buf[i], false);
	}
	if (rx->spare.va)
		rx_buf_put(rx, &rx->spare, false);
	rx_copy_drop(rx);
	rx_forget(rx);
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
		.dma_dir = KAWELA_RX_DMA_DIR,
		.max_len = PAGE_SIZE,
		.netdev = rx_pool_netdev(qp->dp),
		.queue_idx = qp->index,
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV,
	};

	return page_pool_create(&params);
}

static int rx_pool_register(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;
	int err;

	err = __xdp_rxq_info_reg(&rx->rxq, qp->dp->netdev, qp->index, qp->napi.napi_id,
				 KAWELA_RX_TRUESIZE);
	if (err)
		return err;

	err = xdp_rxq_info_reg_mem_model(&rx->rxq, MEM_TYPE_PAGE_POOL, rx->pool);
	if (err)
		xdp_rxq_info_unreg(&rx->rxq);

	return err;
}

int kawela_ring_rx_alloc(struct kawela_qp *qp, unsigned int count)
{
	struct kawela_rx_ring *rx = &qp->rx;

	BUILD_BUG_ON(KAWELA_RX_BUF_NEED > PAGE_SIZE);

	rx->dev = qp->dp->dev;
	rx->count = count;
	rx->xb.dp = qp->dp;

	rx->buf = kvcalloc(count, sizeof(*rx->buf), GFP_KERNEL);
	if (!rx->buf)
		return -ENOMEM;

	rx->desc = dma_alloc_coherent(rx->dev, count * KAWELA_DESC_SIZE, &rx->dma, GFP_KERNEL);
	if (!rx->desc)
		goto err_free_buf;

	rx->pool = rx_pool_create(qp, count);
	if (IS_ERR(rx->pool))
		goto err_free_desc;
	if (rx_fill(rx) || rx_pool_register(qp))
		goto err_empty;

	return 0;

err_empty:
	rx_empty(rx);
	page_pool_destroy(rx->pool);
err_free_desc:
	dma_free_coherent(rx->dev, count * KAWELA_DESC_SIZE, rx->desc, rx->dma);
err_free_buf:
	kvfree(rx->buf);
	return -ENOMEM;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_rx_alloc);

void kawela_ring_rx_release(struct kawela_qp *qp)
{
	struct kawela_rx_ring *rx = &qp->rx;

	rx_empty(rx);
	xdp_rxq_info_unreg(&rx->rxq);
	page_pool_destroy(rx->pool);
	dma_free_coherent(rx->dev, rx->count * KAWELA_DESC_SIZE, rx->desc, rx->dma);
	kvfree(rx->buf);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_rx_release);
