// SPDX-License-Identifier: GPL-2.0-only
/*
 * A receive ring without memory for other buffers: frames are dropped, the ring goes on.
 */
#include <kunit/test.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/module.h>
#include <net/page_pool/helpers.h>

#include "fake_ring.h"

#define TURNS		3
#define HOARD		(4 * FAKE_COUNT)

/* All that the ring's pool had, while nothing is left for the ring. */
struct hoard {
	struct page *page[HOARD];
	unsigned int num;
};

struct starved_case {
	const char *name;
	u16 len[2];	/* of the frame's pieces; 0: it has one */
	bool program;
};

static const struct starved_case starved_cases[] = {
	{ "long", { 1000 } },
	{ "short, to be copied", { KAWELA_RX_COPY } },
	{ "of two buffers", { KAWELA_RX_BUF_LEN, 500 } },
	{ "for a program", { 1000 }, .program = true },
	{ "of two buffers, for a program", { KAWELA_RX_BUF_LEN, 500 }, .program = true },
};

/* of one buffer */
static const u16 whole[2] = { 1000 };

KUNIT_ARRAY_PARAM_DESC(starved, starved_cases, name);

static unsigned int pass(const void *ctx, const struct bpf_insn *insn)
{
	return XDP_PASS;
}

static void rx_release_action(void *qp)
{
	kawela_ring_rx_release(qp);
}

static int starved_init(struct kunit *test)
{
	struct fake_ring *ring;

	fake_ring_init(test);
	fake_ring_map(test);
	ring = test->priv;
	ring->dp.dev = ring->dev;
	ring->dp.io = &ring->io;
	ring->dp.max_frame = KAWELA_DP_MAX_FRAME;
	ring->dp.netdev->reg_state = NETREG_DUMMY;

	fake_ring_napi(test, ring->qp);
	KUNIT_ASSERT_EQ(test, kawela_ring_rx_alloc(ring->qp, FAKE_COUNT), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, rx_release_action, ring->qp), 0);
	kawela_ring_rx_reset(ring->qp);

	return 0;
}

/* No page is as large as the pool asks for from here on. */
static struct hoard *starve(struct kunit *test)
{
	struct hoard *hoard = kunit_kzalloc(test, sizeof(*hoard), GFP_KERNEL);
	struct fake_ring *ring = test->priv;
	struct page_pool *pool = ring->qp->rx.pool;
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, hoard);
	pool->p.order = MAX_PAGE_ORDER + 1;
	local_bh_disable();
	while (hoard->num < HOARD &&
	       (page = page_pool_alloc_pages(pool, GFP_ATOMIC | __GFP_NOWARN)))
		hoard->page[hoard->num++] = page;
	local_bh_enable();
	KUNIT_ASSERT_LT(test, hoard->num, HOARD);

	return hoard;
}

/* Since then one buffer came back. */
static void expect_one_back(struct kunit *test, struct hoard *hoard)
{
	struct fake_ring *ring = test->priv;
	struct page_pool *pool = ring->qp->rx.pool;
	struct page *page, *none;

	local_bh_disable();
	page = page_pool_alloc_pages(pool, GFP_ATOMIC | __GFP_NOWARN);
	none = page_pool_alloc_pages(pool, GFP_ATOMIC | __GFP_NOWARN);
	local_bh_enable();
	KUNIT_EXPECT_NULL(test, none);
	KUNIT_ASSERT_NOT_NULL(test, page);
	hoard->page[hoard->num++] = page;
}

static void feed(struct kunit *test, struct hoard *hoard)
{
	struct fake_ring *ring = test->priv;
	struct page_pool *pool = ring->qp->rx.pool;

	pool->p.order = 0;
	local_bh_disable();
	while (hoard->num)
		page_pool_put_full_page(pool, hoard->page[--hoard->num], false);
	local_bh_enable();
}

static int poll(struct kunit *test)
{
	struct bpf_net_context context, *set;
	struct fake_ring *ring = test->priv;
	struct napi_struct *napi = &ring->qp->napi;
	int done;

	local_bh_disable();
	set = bpf_net_ctx_set(&context);
	done = kawela_ring_rx_poll(ring->qp, NAPI_POLL_WEIGHT);
	napi_complete_done(napi, done);
	/* As it was before: never enabled. */
	set_bit(NAPI_STATE_SCHED, &napi->state);
	bpf_net_ctx_clear(set);
	local_bh_enable();

	return done;
}

/* What the hardware says of a frame, piece by piece, and a poll; how many pieces there were. */
static int arrive(struct kunit *test, const u16 len[2])
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;
	unsigned int pieces = 1 + !!len[1];
	unsigned int i;

	for (i = 0; i < pieces; i++) {
		union kawela_rx_desc *desc = &rx->desc[(rx->ntc + i) % rx->count];
		u32 status = KW_RXS_DD | (i + 1 == pieces ? KW_RXS_EOP : 0);

		memset(desc, 0, sizeof(*desc));
		desc->wb.length = cpu_to_le16(len[i]);
		desc->wb.status_error = cpu_to_le32(status);
	}
	KUNIT_EXPECT_EQ(test, poll(test), pieces);

	return pieces;
}

/* The buffer of each slot is the one that it had, and the hardware's. */
static void expect_posted(struct kunit *test, const struct kawela_rx_buf *before)
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;
	u16 i;

	for (i = 0; i < rx->count; i++) {
		KUNIT_EXPECT_PTR_EQ(test, rx->buf[i].va, before[i].va);
		KUNIT_EXPECT_EQ(test, le64_to_cpu(rx->desc[i].read.pkt_addr), before[i].dma);
		KUNIT_EXPECT_EQ(test, rx->desc[i].read.hdr_addr, 0);
	}
}

static void test_starved(struct kunit *test)
{
	const struct starved_case *t = test->param_value;
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;
	struct kawela_rx_buf *before;
	struct hoard *hoard;
	u64 frames = 0;
	int slots = 0;

	if (t->program)
		ring->dp.xdp_prog = fake_ring_program(test, pass);
	before = kunit_kcalloc(test, rx->count, sizeof(*before), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, before);
	memcpy(before, rx->buf, rx->count * sizeof(*before));
	hoard = starve(test);
	for (; slots < TURNS * FAKE_COUNT; frames++)
		slots += arrive(test, t->len);
	KUNIT_EXPECT_EQ(test, rx->c.packets, 0);
	KUNIT_EXPECT_EQ(test, rx->c.dropped, frames);
	KUNIT_EXPECT_EQ(test, rx->c.alloc_fail, frames);
	expect_posted(test, before);

	feed(test, hoard);
	arrive(test, t->len);
	KUNIT_EXPECT_EQ(test, rx->c.packets, 1);
	KUNIT_EXPECT_EQ(test, rx->c.dropped, frames);
}

/* The first of a frame's buffers has come. */
static void begin_frame(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;

	rx->desc[rx->ntc].wb.length = cpu_to_le16(KAWELA_RX_BUF_LEN);
	rx->desc[rx->ntc].wb.status_error = cpu_to_le32(KW_RXS_DD);
	KUNIT_EXPECT_EQ(test, poll(test), 1);
	KUNIT_EXPECT_TRUE(test, rx->gathering);
}

static struct hoard *starve_between(struct kunit *test)
{
	begin_frame(test);
	return starve(test);
}

/* The memory goes in the middle of a frame: what there is of it is given back. */
static void test_starved_between(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;
	struct hoard *hoard = starve_between(test);

	arrive(test, whole);
	KUNIT_EXPECT_FALSE(test, rx->gathering);
	expect_one_back(test, hoard);
	KUNIT_EXPECT_EQ(test, rx->c.alloc_fail, 1);
	KUNIT_EXPECT_EQ(test, rx->c.dropped, 1);
	KUNIT_EXPECT_EQ(test, rx->c.packets, 0);

	feed(test, hoard);
	arrive(test, whole);
	KUNIT_EXPECT_EQ(test, rx->c.packets, 1);
}

/* The ring is stopped in the middle of a frame. */
static void test_reset_between(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;
	struct hoard *hoard = starve_between(test);

	kawela_ring_rx_reset(ring->qp);
	KUNIT_EXPECT_FALSE(test, rx->gathering);
	expect_one_back(test, hoard);
	feed(test, hoard);
	arrive(test, whole);
	KUNIT_EXPECT_EQ(test, rx->c.packets, 1);
	KUNIT_EXPECT_EQ(test, rx->c.dropped, 0);
	/* And released, at the end of the test. */
	begin_frame(test);
}

static struct kunit_case starved_test_cases[] = {
	KUNIT_CASE_PARAM(test_starved, starved_gen_params),
	KUNIT_CASE(test_starved_between),
	KUNIT_CASE(test_reset_between),
	{}
};

static struct kunit_suite starved_suite = {
	.name = "kawela_ring_starved",
	.init = starved_init,
	.test_cases = starved_test_cases,
};

kunit_test_suite(starved_suite);
