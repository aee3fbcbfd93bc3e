// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP on a ring without hardware: what becomes of a frame by the program's verdict, and frames of
 * XDP in a transmit ring until they are given back.
 */
#include <kunit/test.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/module.h>
#include <net/xdp.h>

#include "fake_ring.h"

#define ROOM		XDP_PACKET_HEADROOM
#define LAST		KW_TXD_EOP
#define ASKS		(KW_TXD_EOP | KW_TXD_RS)
#define DATA		0x22300000

/* What the program says next. */
static u32 said;

static unsigned int say(const void *ctx, const struct bpf_insn *insn)
{
	return said;
}

/* What the ring still has ends here. */
static void free_page_action(void *page)
{
	int left = page_ref_count(page);

	while (left--)
		put_page(page);
}

/* A page that the test holds, too. */
static void *new_page(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_page_action, page), 0);
	get_page(page);

	return page_address(page);
}

static int references(const void *va)
{
	return page_ref_count(virt_to_page(va));
}

static void fill(u8 *data, unsigned int len)
{
	while (len--)
		data[len] = len + 1;
}

/* A frame of @len bytes is in rx.xb. */
static void *received(struct kunit *test, unsigned int len)
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;
	void *va = new_page(test);

	rx->rxq.dev = ring->dp.netdev;
	rx->rxq.mem.type = MEM_TYPE_PAGE_ORDER0;
	fill(va + ROOM, len);
	xdp_init_buff(&rx->xb.xdp, PAGE_SIZE, &rx->rxq);
	xdp_prepare_buff(&rx->xb.xdp, va, ROOM, len, true);

	return va;
}

static enum kawela_xdp_result run(struct kunit *test, u32 act)
{
	struct bpf_prog *prog = fake_ring_program(test, say);
	struct bpf_net_context context, *set;
	struct fake_ring *ring = test->priv;
	enum kawela_xdp_result result;

	said = act;
	local_bh_disable();
	set = bpf_net_ctx_set(&context);
	result = kawela_ring_xdp_run(ring->qp, prog);
	bpf_net_ctx_clear(set);
	local_bh_enable();

	return result;
}

struct verdict_case {
	const char *name;
	u32 act;
	enum kawela_xdp_result want;
	size_t counter;
};

#define COUNTER(_field)	offsetof(struct kawela_xdp_counters, _field)

static const struct verdict_case verdict_cases[] = {
	{ "pass", XDP_PASS, KAWELA_XDP_PASS, COUNTER(pass) },
	{ "drop", XDP_DROP, KAWELA_XDP_KEEP, COUNTER(drop) },
	{ "aborted", XDP_ABORTED, KAWELA_XDP_KEEP, COUNTER(error) },
	{ "no verdict", 77, KAWELA_XDP_KEEP, COUNTER(error) },
	{ "sent, short", XDP_TX, KAWELA_XDP_KEEP, COUNTER(tx) },
	{ "redirected to nobody", XDP_REDIRECT, KAWELA_XDP_KEEP, COUNTER(error) },
};

KUNIT_ARRAY_PARAM_DESC(verdict, verdict_cases, name);

/* The buffer is where the result says, and one counter went up. */
static void test_verdict(struct kunit *test)
{
	const struct verdict_case *t = test->param_value;
	struct fake_ring *ring = test->priv;
	struct kawela_xdp_counters want = {};
	void *va = received(test, 60);

	*(u64 *)((void *)&want + t->counter) = 1;
	KUNIT_EXPECT_EQ(test, run(test, t->act), t->want);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&ring->qp->rx.xc, (u8 *)&want, sizeof(want));
	KUNIT_EXPECT_EQ(test, ring->tx->ntu, t->act == XDP_TX);
	KUNIT_EXPECT_EQ(test, references(va), 2);
}

/* A long frame leaves with its buffer, which is mapped already, by the next flush. */
static void test_send_back(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	void *va;

	fake_ring_map(test);
	va = received(test, 1000);
	KUNIT_EXPECT_EQ(test, run(test, XDP_TX), KAWELA_XDP_GONE);
	KUNIT_EXPECT_EQ(test, tx->buf[0].kind, KAWELA_TX_XDP_OWN);
	KUNIT_EXPECT_PTR_EQ(test, tx->buf[0].xdpf->data, va + ROOM);
	KUNIT_EXPECT_EQ(test, tx->buf[0].len, 0);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(tx->desc[0].addr), ROOM);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[0].cmd_type_len), DATA | LAST | 1000);
	KUNIT_EXPECT_EQ(test, tx->c.doorbells, 0);

	local_bh_disable();
	kawela_ring_xdp_flush(ring->qp);
	kawela_ring_xdp_flush(ring->qp);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, tx->c.doorbells, 1);
	KUNIT_EXPECT_EQ(test, tx->c.xdp, 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[0].cmd_type_len), DATA | ASKS | 1000);
}

/* What finds no room stays, and the stack's queue is stopped. */
static void test_full(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	unsigned int sent = 0;

	received(test, 60);
	while (sent < FAKE_COUNT && !ring->qp->rx.xc.error) {
		KUNIT_EXPECT_EQ(test, run(test, XDP_TX), KAWELA_XDP_KEEP);
		sent++;
	}
	KUNIT_EXPECT_EQ(test, sent, FAKE_COUNT - KAWELA_TX_MAX_DESCS + 1);
	KUNIT_EXPECT_EQ(test, ring->qp->rx.xc.tx, sent - 1);
	KUNIT_EXPECT_EQ(test, tx->ntu, sent - 1);
	KUNIT_EXPECT_TRUE(test, netif_tx_queue_stopped(tx->txq));
}

/* A frame of another netdev, in a page of its own. */
static struct xdp_frame *foreign(struct kunit *test, unsigned int len)
{
	struct xdp_frame *xdpf = new_page(test);

	xdpf->data = (void *)xdpf + ROOM;
	xdpf->len = len;
	xdpf->headroom = ROOM - sizeof(*xdpf);
	xdpf->frame_sz = PAGE_SIZE;
	xdpf->mem.type = MEM_TYPE_PAGE_ORDER0;
	fill(xdpf->data, len);

	return xdpf;
}

static void add_frag(struct kunit *test, struct xdp_frame *xdpf, unsigned int len)
{
	struct skb_shared_info *shinfo = xdp_get_shared_info_from_frame(xdpf);
	void *va = new_page(test);

	skb_frag_fill_page_desc(&shinfo->frags[shinfo->nr_frags++], virt_to_page(va), 0, len);
	shinfo->xdp_frags_size += len;
	xdpf->flags |= XDP_FLAGS_HAS_FRAGS;
}

static int xmit(struct kunit *test, struct xdp_frame *xdpf, u32 flags)
{
	struct fake_ring *ring = test->priv;
	int ret;

	local_bh_disable();
	ret = kawela_dp_xdp_xmit(&ring->dp, 1, &xdpf, flags);
	local_bh_enable();

	return ret;
}

static bool clean(struct kunit *test, int budget)
{
	struct fake_ring *ring = test->priv;
	bool done;

	local_bh_disable();
	done = kawela_ring_tx_clean(ring->qp, budget);
	local_bh_enable();

	return done;
}

/* Copied, padded with zeros, and given back at once. */
static void test_xmit_short(struct kunit *test)
{
	static const u8 want[KAWELA_TX_MIN_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 };
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	struct xdp_frame *xdpf = foreign(test, ETH_HLEN);

	memset(xdpf->data + ETH_HLEN, 0xff, KAWELA_TX_COPY);
	KUNIT_EXPECT_EQ(test, xmit(test, xdpf, 0), 1);
	KUNIT_EXPECT_EQ(test, references(xdpf), 1);
	KUNIT_EXPECT_EQ(test, tx->buf[0].kind, KAWELA_TX_NONE);
	KUNIT_EXPECT_EQ(test, tx->c.copied_bytes, KAWELA_TX_MIN_LEN);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)tx->copy, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, le64_to_cpu(tx->desc[0].addr), FAKE_COPY_DMA);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[0].cmd_type_len), DATA | LAST | 17);
	KUNIT_EXPECT_EQ(test, tx->c.doorbells, 0);

	KUNIT_EXPECT_EQ(test, xmit(test, foreign(test, 128), XDP_XMIT_FLUSH), 1);
	KUNIT_EXPECT_EQ(test, tx->c.doorbells, 1);
}

/* A piece for each buffer; given back when sent, but not by netpoll. */
static void test_xmit_pieces(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	struct xdp_frame *xdpf;

	fake_ring_map(test);
	xdpf = foreign(test, 100);
	add_frag(test, xdpf, 3072);
	add_frag(test, xdpf, 1);
	KUNIT_EXPECT_EQ(test, xmit(test, xdpf, XDP_XMIT_FLUSH), 1);
	KUNIT_EXPECT_EQ(test, tx->ntu, 3);
	KUNIT_EXPECT_EQ(test, tx->room, FAKE_COUNT - 4);
	KUNIT_EXPECT_EQ(test, tx->buf[0].kind, KAWELA_TX_XDP);
	KUNIT_EXPECT_EQ(test, tx->buf[0].eop, 2);
	KUNIT_EXPECT_EQ(test, tx->buf[0].bytes, 3173);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[0].cmd_type_len), DATA | 100);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[0].olinfo_status), 3173 << 14);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[1].cmd_type_len), DATA | 3072);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[2].cmd_type_len), DATA | ASKS | 1);

	tx->desc[2].olinfo_status = cpu_to_le32(KW_TXO_DD);
	KUNIT_EXPECT_TRUE(test, clean(test, 0));
	KUNIT_EXPECT_EQ(test, tx->ntc, 0);
	KUNIT_EXPECT_EQ(test, references(xdpf), 2);
	KUNIT_EXPECT_TRUE(test, clean(test, 64));
	KUNIT_EXPECT_EQ(test, tx->ntc, 3);
	KUNIT_EXPECT_EQ(test, references(xdpf), 1);
	KUNIT_EXPECT_EQ(test, tx->buf[0].kind, KAWELA_TX_NONE);
	KUNIT_EXPECT_EQ(test, tx->cc.packets, 1);
	KUNIT_EXPECT_EQ(test, tx->cc.bytes, 3173);
}

/* A ring that is emptied gives back what was sent and what was not, and tells them apart. */
static void test_emptied(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct xdp_frame *sent, *unsent;

	fake_ring_map(test);
	sent = foreign(test, 1000);
	unsent = foreign(test, 500);
	KUNIT_EXPECT_EQ(test, xmit(test, sent, XDP_XMIT_FLUSH), 1);
	KUNIT_EXPECT_EQ(test, xmit(test, unsent, 0), 1);
	ring->tx->desc[0].olinfo_status = cpu_to_le32(KW_TXO_DD);
	kawela_ring_tx_drop(ring->qp);
	KUNIT_EXPECT_EQ(test, references(sent), 1);
	KUNIT_EXPECT_EQ(test, references(unsent), 1);
	KUNIT_EXPECT_EQ(test, ring->tx->ntc, 2);
	KUNIT_EXPECT_EQ(test, ring->tx->cc.packets, 1);
	KUNIT_EXPECT_EQ(test, ring->tx->cc.bytes, 1000);
	KUNIT_EXPECT_EQ(test, ring->tx->cc.dropped, 1);
}

/* What is not sent stays the caller's. */
static void test_xmit_refused(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct xdp_frame *xdpf = foreign(test, 1000);

	add_frag(test, xdpf, PAGE_SIZE);
	add_frag(test, xdpf, PAGE_SIZE);
	add_frag(test, xdpf, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, xmit(test, xdpf, 0), 0);
	KUNIT_EXPECT_EQ(test, xmit(test, xdpf, ~0), -EINVAL);
	ring->tx->copy_len = 0;
	KUNIT_EXPECT_EQ(test, xmit(test, foreign(test, KAWELA_TX_MIN_LEN - 1), 0), 0);
	ring->dp.running = false;
	KUNIT_EXPECT_EQ(test, xmit(test, xdpf, 0), -ENETDOWN);
	ring->dp.running = true;
	netif_carrier_off(ring->dp.netdev);
	KUNIT_EXPECT_EQ(test, xmit(test, xdpf, 0), -ENETDOWN);
	KUNIT_EXPECT_EQ(test, references(xdpf), 2);
	KUNIT_EXPECT_EQ(test, ring->tx->ntu, 0);
	KUNIT_EXPECT_EQ(test, ring->tx->c.xdp, 0);
}

static void test_hash_type(struct kunit *test)
{
	static const enum xdp_rss_hash_type want[16] = {
		[1] = XDP_RSS_TYPE_L4_IPV4_TCP, [2] = XDP_RSS_TYPE_L3_IPV4,
		[3] = XDP_RSS_TYPE_L4_IPV6_TCP, [4] = XDP_RSS_TYPE_L3_IPV6_EX,
		[5] = XDP_RSS_TYPE_L3_IPV6, [6] = XDP_RSS_TYPE_L4_IPV6_TCP_EX,
		[7] = XDP_RSS_TYPE_L4_IPV4_UDP, [8] = XDP_RSS_TYPE_L4_IPV6_UDP,
		[9] = XDP_RSS_TYPE_L4_IPV6_UDP_EX,
	};
	unsigned int i;

	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ_MSG(test, kawela_rx_xdp_hash_type(0xfff0 | i), want[i], "type %u",
				    i);
}

static struct kunit_case xdp_test_cases[] = {
	KUNIT_CASE_PARAM(test_verdict, verdict_gen_params),
	KUNIT_CASE(test_send_back),
	KUNIT_CASE(test_full),
	KUNIT_CASE(test_xmit_short),
	KUNIT_CASE(test_xmit_pieces),
	KUNIT_CASE(test_emptied),
	KUNIT_CASE(test_xmit_refused),
	KUNIT_CASE(test_hash_type),
	{}
};

static struct kunit_suite xdp_suite = {
	.name = "kawela_ring_xdp",
	.init = fake_ring_init,
	.test_cases = xdp_test_cases,
};

kunit_test_suite(xdp_suite);

MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
