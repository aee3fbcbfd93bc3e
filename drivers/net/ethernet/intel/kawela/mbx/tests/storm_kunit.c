// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of parking: VFs that do not stop, and others that only look like it, on the register model
 * and a clock of its own. No locks: everything runs in the test's thread.
 */
#include <kunit/test.h>
#include <kunit/test-bug.h>
#include <linux/err.h>

#include "fake_hw.h"

#define NUM_VFS		3
#define MS		NSEC_PER_MSEC
#define BAD		0	/* the one that storms */
#define GOOD		1

struct storm_ctx {
	struct fake_hw hw;
	struct kawela_mbx_pf *pf;
	u64 now;
	unsigned int flrs[KW_MAX_VFS];
	unsigned int requests[KW_MAX_VFS];
	unsigned int storms[KW_MAX_VFS];
	bool parked_then;
};

static void ops_flr(void *priv, u16 vf)
{
	struct storm_ctx *ctx = priv;

	ctx->flrs[vf]++;
}

static int ops_reset(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	return -EADDRNOTAVAIL;
}

static void ops_ready(void *priv, u16 vf)
{
}

static int ops_request(void *priv, u16 vf, const struct kawela_msg *msg)
{
	struct storm_ctx *ctx = priv;

	ctx->requests[vf]++;
	return 0;
}

static void ops_storm(void *priv, u16 vf)
{
	struct kawela_mbx_pf_info info;
	struct storm_ctx *ctx = priv;

	kawela_mbx_pf_get_info(ctx->pf, vf, &info);
	ctx->storms[vf]++;
	ctx->parked_then = info.parked;
}

static const struct kawela_mbx_pf_ops storm_ops = {
	.vf_flr		= ops_flr,
	.vf_reset	= ops_reset,
	.vf_ready	= ops_ready,
	.vf_request	= ops_request,
	.vf_storm	= ops_storm,
};

static int storm_init(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct storm_ctx *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->now = 1000 * NSEC_PER_SEC;
	fake_hw_init(&ctx->hw);
	port = fake_pf_port(&ctx->hw);

	ctx->pf = kawela_mbx_pf_create_on(&port, "fake", KW_MAX_VFS, &storm_ops, ctx, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->pf));
	KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(ctx->pf, NUM_VFS), 0);
	return 0;
}

static void storm_exit(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;

	if (!ctx || IS_ERR_OR_NULL(ctx->pf))
		return;

	kawela_mbx_pf_destroy(ctx->pf);
	KUNIT_EXPECT_EQ(test, ctx->hw.violations, 0);
}

static struct kawela_mbx_pf_stats stats_of(struct storm_ctx *ctx, u16 vf)
{
	struct kawela_mbx_pf_stats stats = {};

	kawela_mbx_pf_get_stats(ctx->pf, vf, &stats);
	return stats;
}

static bool parked(struct storm_ctx *ctx, u16 vf)
{
	struct kawela_mbx_pf_info info;

	kawela_mbx_pf_get_info(ctx->pf, vf, &info);
	KUNIT_EXPECT_EQ(kunit_get_current_test(), info.parked, !(ctx->hw.mbvfimr & BIT(vf)));
	return info.parked;
}

static u64 serve(struct storm_ctx *ctx)
{
	return kawela_mbx_pf_service(ctx->pf, ctx->now);
}

/* Send, let the PF work, read the answer: false when there is none in this pass. */
static bool exchange(struct storm_ctx *ctx, u16 vf, u32 w0, u32 w1)
{
	u32 w[KAWELA_ABI_WORDS] = { w0, w1 }, reply = 0;
	bool answered;

	if (!stock_vf_send(&ctx->hw, vf, w, KAWELA_ABI_WORDS))
		return false;
	serve(ctx);
	answered = stock_vf_read(&ctx->hw, vf, &reply, 1);
	serve(ctx);
	return answered;
}

static void connect(struct kunit *test, u16 vf)
{
	struct storm_ctx *ctx = test->priv;

	fake_vf_flr(&ctx->hw, vf);
	KUNIT_ASSERT_TRUE(test, exchange(ctx, vf, KAWELA_MSG_RESET, 0));
	KUNIT_ASSERT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, vf));
}

static void ring(struct storm_ctx *ctx, u16 vf, u32 bits)
{
	struct kawela_mbx_port port = fake_vf_port(&ctx->hw, vf);

	port.ops->wr32(port.hw, KW_V2PMAILBOX, bits);
}

/* Ring every millisecond until the VF is parked; the time that took. */
static u64 storm(struct kunit *test, u16 vf, u32 bits)
{
	struct storm_ctx *ctx = test->priv;
	u64 start = ctx->now;

	while (!parked(ctx, vf)) {
		KUNIT_ASSERT_LT(test, ctx->now - start, 20 * NSEC_PER_SEC);
		ring(ctx, vf, bits);
		serve(ctx);
		ctx->now += MS;
	}
	KUNIT_EXPECT_EQ(test, stats_of(ctx, vf).parked, 1);
	KUNIT_EXPECT_EQ(test, ctx->storms[vf], 1);
	KUNIT_EXPECT_TRUE(test, ctx->parked_then);
	return ctx->now - start;
}

/* The others are served in the pass that sees them, storm or not. */
static void test_parks(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	unsigned int before;
	u64 took;

	connect(test, BAD);
	connect(test, GOOD);
	took = storm(test, BAD, KW_V2P_REQ);
	KUNIT_EXPECT_GE(test, took, KAWELA_MBX_STORM_STRIKES * MS);
	KUNIT_EXPECT_LT(test, took, NSEC_PER_SEC);

	before = stats_of(ctx, BAD).requests;
	for (took = 0; took < 9 * NSEC_PER_SEC; took += 100 * MS) {
		ring(ctx, BAD, KW_V2P_REQ);
		KUNIT_ASSERT_TRUE(test, exchange(ctx, GOOD, KAWELA_MSG_SET_LPE, 1522));
		ctx->now += 100 * MS;
	}
	KUNIT_EXPECT_TRUE(test, parked(ctx, BAD));
	KUNIT_EXPECT_EQ(test, stats_of(ctx, BAD).requests, before);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, GOOD).throttled, 0);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, GOOD).parked, 0);
	KUNIT_EXPECT_EQ(test, ctx->storms[GOOD], 0);
}

/* One that holds the buffer as well: its request is never read, and costs no token. */
static void test_holds_buffer(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;

	connect(test, BAD);
	connect(test, GOOD);
	storm(test, BAD, KW_V2P_REQ | KW_V2P_VFU);
	KUNIT_EXPECT_TRUE(test, exchange(ctx, GOOD, KAWELA_MSG_SET_LPE, 1522));
}

/* During the storm, before it is parked, the others do not wait either. */
static void test_others_meanwhile(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	unsigned int i;

	connect(test, BAD);
	connect(test, GOOD);
	for (i = 0; i < 2000; i++) {
		ring(ctx, BAD, KW_V2P_REQ);
		if (i % 10 == 0)
			KUNIT_ASSERT_TRUE(test, exchange(ctx, GOOD, KAWELA_MSG_SET_LPE, 1522));
		else
			serve(ctx);
		ctx->now += MS;
	}
	KUNIT_EXPECT_EQ(test, ctx->requests[GOOD], 200);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, GOOD).waits[0], 201);
}

/* One that waits for each answer is slowed down and never parked: it may join every VLAN. */
static void test_polite(struct kunit *test)
{
	u32 w[KAWELA_ABI_WORDS] = { KAWELA_MSG_SET_VLAN | 1 << 16 }, reply;
	struct storm_ctx *ctx = test->priv;
	u64 end;

	connect(test, BAD);
	for (w[1] = 1; w[1] < KAWELA_ABI_VID_MAX; w[1]++) {
		KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, BAD, w, KAWELA_ABI_WORDS));
		end = ctx->now + 20 * MS;
		while (!stock_vf_read(&ctx->hw, BAD, &reply, 1)) {
			KUNIT_ASSERT_LT(test, ctx->now, end);
			serve(ctx);
			ctx->now += MS;
		}
	}
	KUNIT_EXPECT_FALSE(test, parked(ctx, BAD));
	KUNIT_EXPECT_EQ(test, stats_of(ctx, BAD).parked, 0);
	KUNIT_EXPECT_GT(test, stats_of(ctx, BAD).throttled, 3000);
}

/* After ten seconds without a kick: the service asks for that pass by itself. */
static void test_recovers(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	u64 delay;

	connect(test, BAD);
	storm(test, BAD, KW_V2P_REQ);
	delay = serve(ctx);
	KUNIT_EXPECT_LE(test, delay, KAWELA_MBX_PARK_NS);
	KUNIT_EXPECT_GT(test, delay, KAWELA_MBX_PARK_NS - 10 * MS);
	ctx->now += delay - 1;
	KUNIT_EXPECT_EQ(test, serve(ctx), 1);
	KUNIT_EXPECT_TRUE(test, parked(ctx, BAD));

	ctx->now++;
	serve(ctx);
	KUNIT_EXPECT_FALSE(test, parked(ctx, BAD));
	KUNIT_EXPECT_EQ(test, ctx->storms[BAD], 2);
	KUNIT_EXPECT_FALSE(test, ctx->parked_then);
	connect(test, BAD);
	KUNIT_EXPECT_TRUE(test, exchange(ctx, BAD, KAWELA_MSG_SET_LPE, 1522));
}

/* By hand, at once and with all tokens; of one that is not parked it means nothing. */
static void test_unpark(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	unsigned int i;

	connect(test, BAD);
	kawela_mbx_pf_unpark(ctx->pf, BAD);
	kawela_mbx_pf_unpark(ctx->pf, NUM_VFS);
	serve(ctx);
	KUNIT_EXPECT_EQ(test, ctx->storms[BAD], 0);

	storm(test, BAD, KW_V2P_REQ);
	kawela_mbx_pf_unpark(ctx->pf, BAD);
	serve(ctx);
	KUNIT_EXPECT_FALSE(test, parked(ctx, BAD));
	connect(test, BAD);
	for (i = 0; i < KAWELA_MBX_LIMIT_BURST - 3; i++)
		KUNIT_ASSERT_TRUE(test, exchange(ctx, BAD, KAWELA_MSG_SET_LPE, 1522));
}

/* Resets go on being handled, and change nothing about it. */
static void test_flr_while_parked(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	unsigned int i;

	connect(test, BAD);
	storm(test, BAD, KW_V2P_REQ);
	ctx->flrs[BAD] = 0;
	for (i = 0; i < 5000; i++) {
		fake_vf_flr(&ctx->hw, BAD);
		ring(ctx, BAD, KW_V2P_REQ);
		serve(ctx);
		ctx->now += MS;
	}
	KUNIT_EXPECT_TRUE(test, parked(ctx, BAD));
	KUNIT_EXPECT_EQ(test, ctx->flrs[BAD], 1);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, BAD));
	KUNIT_EXPECT_EQ(test, stats_of(ctx, BAD).parked, 1);

	ctx->now += KAWELA_MBX_PARK_NS;
	serve(ctx);
	connect(test, BAD);
}

/* Resets and acknowledgments alone are a storm as well; one that is owed is none. */
static void test_other_storms(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	u64 took = 0;

	connect(test, BAD);
	connect(test, GOOD);
	storm(test, BAD, KW_V2P_ACK);

	ctx->flrs[GOOD] = 0;
	while (!parked(ctx, GOOD)) {
		KUNIT_ASSERT_LT(test, took, 20 * NSEC_PER_SEC);
		fake_vf_flr(&ctx->hw, GOOD);
		serve(ctx);
		ctx->now += MS;
		took += MS;
	}
	KUNIT_EXPECT_EQ(test, ctx->storms[GOOD], 1);
	KUNIT_EXPECT_EQ(test, ctx->flrs[GOOD], 1);
}

/* A driver that starts, with all it has to ask for, again and again with a second in between. */
static void test_bring_up(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	unsigned int i, k;

	for (i = 0; i < 100; i++) {
		connect(test, GOOD);
		for (k = 0; k < 59; k++)
			KUNIT_ASSERT_TRUE(test, exchange(ctx, GOOD, KAWELA_MSG_SET_LPE, 1522));
		ctx->now += NSEC_PER_SEC;
	}
	KUNIT_EXPECT_EQ(test, stats_of(ctx, GOOD).throttled, 0);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, GOOD).parked, 0);
	KUNIT_EXPECT_EQ(test, ctx->pf->session[GOOD].storm.strikes, 0);
}

/* One that resets once in a while, acknowledges what it is sent, and rings a little too often. */
static void test_untidy(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	unsigned int i;

	for (i = 0; i < 2000; i++) {
		connect(test, GOOD);
		ring(ctx, GOOD, KW_V2P_ACK);
		serve(ctx);
		ctx->now += 50 * MS;
	}
	KUNIT_EXPECT_EQ(test, stats_of(ctx, GOOD).throttled, 0);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, GOOD).parked, 0);
}

/* A reset of the PF does not wash the VF clean; new VFs begin without a past. */
static void test_pf_reset(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;

	connect(test, BAD);
	storm(test, BAD, KW_V2P_REQ);
	kawela_mbx_pf_reset_begin(ctx->pf);
	fake_pf_reset(&ctx->hw);
	kawela_mbx_pf_reset_end(ctx->pf);
	KUNIT_EXPECT_TRUE(test, parked(ctx, BAD));

	kawela_mbx_pf_disable(ctx->pf);
	KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(ctx->pf, NUM_VFS), 0);
	KUNIT_EXPECT_FALSE(test, parked(ctx, BAD));
	connect(test, BAD);
}

/* What was taken from a VF while it is parked it is told afterwards. */
static void test_suspended(struct kunit *test)
{
	struct storm_ctx *ctx = test->priv;
	u32 word;

	connect(test, BAD);
	storm(test, BAD, KW_V2P_REQ);
	stock_vf_read(&ctx->hw, BAD, &word, 1);
	kawela_mbx_pf_suspend_vf(ctx->pf, BAD);
	serve(ctx);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, BAD));
	KUNIT_EXPECT_FALSE(test, stock_vf_read(&ctx->hw, BAD, &word, 1));
	fake_vf_flr(&ctx->hw, BAD);
	kawela_mbx_pf_notify_link(ctx->pf);
	serve(ctx);
	kawela_mbx_pf_notify_link(ctx->pf);
	ctx->now += KAWELA_MBX_PARK_NS;
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, BAD, &word, 1));
	KUNIT_EXPECT_EQ(test, word, KAWELA_MSG_PF_CONTROL);
}

static void test_slots(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(0), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(64 * NSEC_PER_USEC - 1), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(64 * NSEC_PER_USEC), 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(256 * NSEC_PER_USEC), 2);
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(1024 * NSEC_PER_USEC), 3);
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(4096 * NSEC_PER_USEC), 4);
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(16384 * NSEC_PER_USEC - 1), 4);
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(16384 * NSEC_PER_USEC), 5);
	KUNIT_EXPECT_EQ(test, kawela_mbx_wait_slot(U64_MAX), 5);
}

static struct kunit_case storm_cases[] = {
	KUNIT_CASE(test_parks),
	KUNIT_CASE(test_holds_buffer),
	KUNIT_CASE(test_others_meanwhile),
	KUNIT_CASE(test_polite),
	KUNIT_CASE(test_recovers),
	KUNIT_CASE(test_unpark),
	KUNIT_CASE(test_flr_while_parked),
	KUNIT_CASE(test_other_storms),
	KUNIT_CASE(test_bring_up),
	KUNIT_CASE(test_untidy),
	KUNIT_CASE(test_pf_reset),
	KUNIT_CASE(test_suspended),
	KUNIT_CASE(test_slots),
	{}
};

static struct kunit_suite storm_suite = {
	.name = "kawela_mbx_storm",
	.init = storm_init,
	.exit = storm_exit,
	.test_cases = storm_cases,
};

kunit_test_suite(storm_suite);
