// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the PF end taking a VF out of service and back, as the three VF drivers see it.
 *
 * Owns: nothing. No locks: everything runs in the test's thread.
 */
#include <kunit/test.h>
#include <linux/err.h>

#include "fake_hw.h"

#define NUM_VFS	2

/* A PF driver that grants everything, but RESET only while @open. */
struct suspend_ctx {
	struct fake_hw hw;
	struct kawela_mbx_pf *pf;
	u64 now;
	bool open;
	unsigned int requests;
};

static void ops_flr(void *priv, u16 vf)
{
}

static int ops_reset(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	struct suspend_ctx *ctx = priv;

	return ctx->open || vf != 1 ? -EADDRNOTAVAIL : -ENETDOWN;
}

static void ops_ready(void *priv, u16 vf)
{
}

static int ops_request(void *priv, u16 vf, const struct kawela_msg *msg)
{
	struct suspend_ctx *ctx = priv;

	ctx->requests++;
	return 0;
}

static const struct kawela_mbx_pf_ops suspend_ops = {
	.vf_flr		= ops_flr,
	.vf_reset	= ops_reset,
	.vf_ready	= ops_ready,
	.vf_request	= ops_request,
};

static void serve(struct suspend_ctx *ctx)
{
	kawela_mbx_pf_service(ctx->pf, ctx->now);
}

/* What the VF finds, which it acknowledges, or 0. */
static u32 read_word(struct suspend_ctx *ctx, u16 vf)
{
	u32 word = 0;

	serve(ctx);
	stock_vf_read(&ctx->hw, vf, &word, 1);
	return word;
}

static u32 ask(struct kunit *test, u16 vf, u32 w0, u32 w1)
{
	struct suspend_ctx *ctx = test->priv;
	u32 w[2] = { w0, w1 };

	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, vf, w, ARRAY_SIZE(w)));
	return read_word(ctx, vf);
}

static void connect(struct kunit *test, u16 vf)
{
	struct suspend_ctx *ctx = test->priv;

	fake_vf_flr(&ctx->hw, vf);
	KUNIT_ASSERT_EQ(test, ask(test, vf, 1, 0), 0x40000001);
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, vf));
}

/* igbvf's watchdog, every two seconds: acknowledges the word that is there. */
static u32 watchdog(struct suspend_ctx *ctx, u16 vf)
{
	struct kawela_mbx_port port = fake_vf_port(&ctx->hw, vf);

	serve(ctx);
	ctx->now += 3 * NSEC_PER_SEC;
	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_ACK);
	return read_word(ctx, vf);
}

static int suspend_init(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct suspend_ctx *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->now = 1000 * NSEC_PER_SEC;
	ctx->open = true;
	fake_hw_init(&ctx->hw);
	port = fake_pf_port(&ctx->hw);

	ctx->pf = kawela_mbx_pf_create_on(&port, "fake", KW_MAX_VFS, &suspend_ops, ctx, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->pf));
	KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(ctx->pf, NUM_VFS), 0);
	connect(test, 0);
	connect(test, 1);
	return 0;
}

static void suspend_exit(struct kunit *test)
{
	struct suspend_ctx *ctx = test->priv;

	if (!ctx || IS_ERR_OR_NULL(ctx->pf))
		return;

	kawela_mbx_pf_destroy(ctx->pf);
	KUNIT_EXPECT_EQ(test, ctx->hw.violations, 0);
}

static void suspend(struct suspend_ctx *ctx, u16 vf)
{
	ctx->open = false;
	kawela_mbx_pf_suspend_vf(ctx->pf, vf);
}

/* Told so once, with the word that means "link down" to all; the other VF hears nothing. */
static void test_told(struct kunit *test)
{
	struct suspend_ctx *ctx = test->priv;

	suspend(ctx, 1);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x00000100);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 1));
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
	KUNIT_EXPECT_EQ(test, read_word(ctx, 0), 0);
	KUNIT_EXPECT_EQ(test, ask(test, 0, 0x5, 1522), 0xa0000005);

	suspend(ctx, 1);
	suspend(ctx, NUM_VFS);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0);
}

/* No word has CTS, and none invites igbvf to reset, whatever happens. */
static void test_kept_out(struct kunit *test)
{
	struct suspend_ctx *ctx = test->priv;

	suspend(ctx, 1);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x00000100);
	KUNIT_EXPECT_EQ(test, watchdog(ctx, 1), 0);
	serve(ctx);
	kawela_mbx_pf_notify_link(ctx->pf);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x00000100);
	KUNIT_EXPECT_EQ(test, ask(test, 1, 0x5, 1522), 0x40000005);
	KUNIT_EXPECT_EQ(test, ctx->requests, 0);
	fake_vf_flr(&ctx->hw, 1);
	KUNIT_EXPECT_EQ(test, ask(test, 1, 1, 0), 0x40000000);
	KUNIT_EXPECT_EQ(test, watchdog(ctx, 1), 0);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 1));
}

/* Back: a bare word for kawela_vf and DPDK; igbvf acknowledges it and is told to reset. */
static void test_resumed(struct kunit *test)
{
	struct suspend_ctx *ctx = test->priv;

	suspend(ctx, 1);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x00000100);
	serve(ctx);

	ctx->open = true;
	kawela_mbx_pf_resume_vf(ctx->pf, 1);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x00000100);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x40000000);
	connect(test, 1);
	KUNIT_EXPECT_EQ(test, ask(test, 1, 0x5, 1522), 0xa0000005);

	/* In service there is nothing to resume. */
	serve(ctx);
	kawela_mbx_pf_resume_vf(ctx->pf, 1);
	kawela_mbx_pf_resume_vf(ctx->pf, NUM_VFS);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0);
}

/* Out and back before the work ran: the session may have been told nothing, but it is over. */
static void test_at_once(struct kunit *test)
{
	struct suspend_ctx *ctx = test->priv;

	suspend(ctx, 1);
	ctx->open = true;
	kawela_mbx_pf_resume_vf(ctx->pf, 1);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x40000100);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 1));
	serve(ctx);

	/* And the other way round. */
	connect(test, 1);
	kawela_mbx_pf_renew(ctx->pf, 1);
	suspend(ctx, 1);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x00000100);
	serve(ctx);

	/* A new address is no reason to come back. */
	kawela_mbx_pf_renew(ctx->pf, 1);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0);
}

/* What was under way: a request gets no CTS, and a RESET that slipped through does not last. */
static void test_under_way(struct kunit *test)
{
	u32 lpe[2] = { 0x5, 1522 }, reset = 1;
	struct suspend_ctx *ctx = test->priv;

	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, lpe, 2));
	suspend(ctx, 0);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 0), 0x40000005);
	KUNIT_EXPECT_EQ(test, ctx->requests, 0);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 0), 0x00000100);

	/* VF 0 is one whose RESET this PF driver never refuses. */
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, &reset, 1));
	KUNIT_EXPECT_EQ(test, read_word(ctx, 0), 0x40000001);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 0), 0x00000100);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
}

/* A reset of the PF does not end it; taking the VFs away does. */
static void test_lasts(struct kunit *test)
{
	struct suspend_ctx *ctx = test->priv;

	suspend(ctx, 1);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x00000100);
	serve(ctx);
	kawela_mbx_pf_reset_begin(ctx->pf);
	fake_pf_reset(&ctx->hw);
	kawela_mbx_pf_reset_end(ctx->pf);
	fake_pf_reset_done(&ctx->hw);
	KUNIT_EXPECT_EQ(test, read_word(ctx, 1), 0x00000100);
	KUNIT_EXPECT_EQ(test, watchdog(ctx, 1), 0);

	kawela_mbx_pf_disable(ctx->pf);
	ctx->open = true;
	KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(ctx->pf, NUM_VFS), 0);
	connect(test, 1);
	KUNIT_EXPECT_EQ(test, watchdog(ctx, 1), 0);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, 1));
}

static struct kunit_case suspend_cases[] = {
	KUNIT_CASE(test_told),
	KUNIT_CASE(test_kept_out),
	KUNIT_CASE(test_resumed),
	KUNIT_CASE(test_at_once),
	KUNIT_CASE(test_under_way),
	KUNIT_CASE(test_lasts),
	{}
};

static struct kunit_suite suspend_suite = {
	.name = "kawela_mbx_suspend",
	.init = suspend_init,
	.exit = suspend_exit,
	.test_cases = suspend_cases,
};

kunit_test_suite(suspend_suite);
