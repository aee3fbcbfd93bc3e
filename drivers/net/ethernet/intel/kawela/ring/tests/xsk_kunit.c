// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_XDP: which chunks the hardware can use, slots of the ring, frames of several descriptors.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "fake_ring.h"

#define PIECE	KW_RXS_DD
#define END	(KW_RXS_DD | KW_RXS_EOP)
#define SIZE	1792

struct size_case {
	const char *name;
	u32 chunk;
	u32 headroom;
	u32 want;
};

static const struct size_case size_cases[] = {
	{ "4 KB", 4096, 256, 3840 },
	{ "2 KB", 2048, 256, 1792 },
	{ "one KB is left", 2048, 1024, 1024 },
	{ "less is left", 2048, 1025, 0 },
	{ "nothing is left", 2048, 2048, 0 },
	{ "headroom larger than the chunk", 2048, 4096, 0 },
	{ "as large as a frame", KAWELA_DP_MAX_FRAME, 256, KAWELA_DP_MAX_FRAME - 256 },
	{ "larger than any frame", KAWELA_DP_MAX_FRAME + 1, 256, 0 },
};

KUNIT_ARRAY_PARAM_DESC(size, size_cases, name);

static void test_size(struct kunit *test)
{
	const struct size_case *t = test->param_value;

	KUNIT_EXPECT_EQ(test, kawela_ring_xsk_frame_size(t->chunk, t->headroom), t->want);
}

static int xsk_init(struct kunit *test)
{
	struct fake_ring *ring;
	struct kawela_xsk *xsk;

	fake_ring_init(test);
	ring = test->priv;
	xsk = kunit_kzalloc(test, sizeof(*xsk), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, xsk);
	xsk->size = SIZE;
	ring->qp->xsk = xsk;
	ring->qp->rx.count = FAKE_COUNT;

	return 0;
}

static unsigned int posted(struct kunit *test, u16 ntc, u16 ntu)
{
	struct fake_ring *ring = test->priv;

	ring->qp->rx.ntc = ntc;
	ring->qp->xsk->ntu = ntu;

	return kawela_ring_xsk_posted(&ring->qp->rx, ring->qp->xsk);
}

static void test_posted(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, posted(test, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, posted(test, 7, 7), 0);
	KUNIT_EXPECT_EQ(test, posted(test, 0, FAKE_COUNT - 1), FAKE_COUNT - 1);
	KUNIT_EXPECT_EQ(test, posted(test, FAKE_COUNT - 1, 0), 1);
	KUNIT_EXPECT_EQ(test, posted(test, 40, 39), FAKE_COUNT - 1);
}

/* A chunk with @len bytes of this value. */
static struct xdp_buff *chunk(struct kunit *test, u8 value, unsigned int len)
{
	struct xdp_buff *xdp = kunit_kzalloc(test, sizeof(struct kawela_xdp_buff), GFP_KERNEL);
	u8 *data = kunit_kzalloc(test, SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, xdp);
	KUNIT_ASSERT_NOT_NULL(test, data);
	memset(data, value, len);
	xdp->data = data;
	xdp->data_end = data + len;

	return xdp;
}

static struct xdp_buff *part(struct kunit *test, struct xdp_buff *xdp, u32 status,
			     struct kawela_rx_counters *c)
{
	struct fake_ring *ring = test->priv;

	return kawela_ring_xsk_gather(ring->qp, xdp, xdp->data_end - xdp->data, status, c);
}

/* The parts are in the first one's chunk, up to its end. */
static void test_gather(struct kunit *test)
{
	struct xdp_buff *first = chunk(test, 1, 1024);
	struct fake_ring *ring = test->priv;
	struct kawela_rx_counters c = {};
	u8 *data = first->data;

	KUNIT_EXPECT_NULL(test, part(test, first, PIECE, &c));
	KUNIT_EXPECT_TRUE(test, ring->qp->rx.in_frame);
	KUNIT_EXPECT_NULL(test, part(test, chunk(test, 2, 1), PIECE, &c));
	KUNIT_EXPECT_PTR_EQ(test, part(test, chunk(test, 3, SIZE - 1025), END, &c), first);
	KUNIT_EXPECT_EQ(test, first->data_end - first->data, SIZE);
	KUNIT_EXPECT_EQ(test, data[1023], 1);
	KUNIT_EXPECT_EQ(test, data[1024], 2);
	KUNIT_EXPECT_EQ(test, data[1025], 3);
	KUNIT_EXPECT_EQ(test, data[SIZE - 1], 3);
	KUNIT_EXPECT_FALSE(test, ring->qp->rx.in_frame);
	KUNIT_EXPECT_NULL(test, ring->qp->xsk->first);
	KUNIT_EXPECT_EQ(test, c.dropped + c.frame_err, 0);
}

/* One that is larger than a chunk is dropped to its end, and the next one is not. */
static void test_too_large(struct kunit *test)
{
	struct xdp_buff *next = chunk(test, 4, 60);
	struct kawela_rx_counters c = {};

	KUNIT_EXPECT_NULL(test, part(test, chunk(test, 1, 1024), PIECE, &c));
	KUNIT_EXPECT_NULL(test, part(test, chunk(test, 2, SIZE - 1023), PIECE, &c));
	KUNIT_EXPECT_NULL(test, part(test, chunk(test, 3, 10), PIECE, &c));
	KUNIT_EXPECT_NULL(test, part(test, chunk(test, 3, 10), END, &c));
	KUNIT_EXPECT_EQ(test, c.dropped, 1);
	KUNIT_EXPECT_PTR_EQ(test, part(test, next, END, &c), next);
	KUNIT_EXPECT_EQ(test, c.dropped, 1);
	KUNIT_EXPECT_EQ(test, c.frame_err, 0);
}

/* So is one that the MAC flagged, or that has no header. */
static void test_bad(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_counters c = {};

	KUNIT_EXPECT_NULL(test, part(test, chunk(test, 1, 1024), PIECE, &c));
	KUNIT_EXPECT_NULL(test, part(test, chunk(test, 2, 60), END | KW_RXS_RXE, &c));
	KUNIT_EXPECT_NULL(test, ring->qp->xsk->first);
	KUNIT_EXPECT_NULL(test, part(test, chunk(test, 3, ETH_HLEN - 1), END, &c));
	KUNIT_EXPECT_EQ(test, c.frame_err, 2);
	KUNIT_EXPECT_EQ(test, c.dropped, 0);
}

static struct kunit_case xsk_test_cases[] = {
	KUNIT_CASE_PARAM(test_size, size_gen_params),
	KUNIT_CASE(test_posted),
	KUNIT_CASE(test_gather),
	KUNIT_CASE(test_too_large),
	KUNIT_CASE(test_bad),
	{}
};

static struct kunit_suite xsk_suite = {
	.name = "kawela_ring_xsk",
	.init = xsk_init,
	.test_cases = xsk_test_cases,
};

kunit_test_suite(xsk_suite);
