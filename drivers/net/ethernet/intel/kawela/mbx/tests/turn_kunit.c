// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the turns at the VF end: one exchange at a time, and nobody waits for what is over.
 *
 * Owns: nothing but its expectations. No locks: the threads meet in the VF end only.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>

#include "fake_hw.h"

#define VF	1
#define WAITERS	3

static const struct kawela_msg lpe = { .id = KAWELA_MSG_SET_LPE, .max_frame = 1522 };

struct turn_ctx;

/**
 * struct turn_thread - one caller
 * @ctx: the test
 * @err: what the call returned
 * @done: that it did
 */
struct turn_thread {
	struct turn_ctx *ctx;
	int err;
	struct completion done;
};

struct turn_ctx {
	struct fake_hw hw;
	struct stock_pf igb;
	struct kawela_mbx_vf *vf;
	struct turn_thread threads[WAITERS];
};

static void on_event(void *priv)
{
}

static const struct kawela_mbx_vf_ops vf_ops = { .event = on_event };

static int turn_init(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct turn_ctx *ctx;
	bool has_mac;
	u8 mac[ETH_ALEN];

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	fake_hw_init(&ctx->hw);
	ctx->hw.priv = &ctx->igb;
	ctx->hw.pf_irq = stock_pf_irq;
	ctx->igb.hw = &ctx->hw;
	ctx->igb.vf = VF;

	port = fake_vf_port(&ctx->hw, VF);
	ctx->vf = kawela_mbx_vf_create_on(&port, "fake", &vf_ops, ctx);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->vf));
	KUNIT_ASSERT_EQ(test, kawela_mbx_vf_connect(ctx->vf, mac, &has_mac), 0);
	return 0;
}

static void turn_exit(struct kunit *test)
{
	struct turn_ctx *ctx = test->priv;

	if (!ctx || IS_ERR_OR_NULL(ctx->vf))
		return;
	KUNIT_EXPECT_EQ(test, ctx->vf->busy, 0);
	KUNIT_EXPECT_EQ(test, ctx->hw.violations, 0);
	kawela_mbx_vf_destroy(ctx->vf);
}

static int turn_request(void *data)
{
	struct turn_thread *thread = data;

	thread->err = kawela_mbx_vf_request(thread->ctx->vf, &lpe);
	complete(&thread->done);
	return 0;
}

static void start(struct kunit *test, unsigned int num)
{
	struct turn_ctx *ctx = test->priv;
	unsigned int i;

	for (i = 0; i < num; i++) {
		struct turn_thread *thread = &ctx->threads[i];

		thread->ctx = ctx;
		thread->err = 1;
		init_completion(&thread->done);
		KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(turn_request, thread, "turn%u", i)));
	}
}

static void expect_all(struct kunit *test, unsigned int num, int err)
{
	struct turn_ctx *ctx = test->priv;
	unsigned int i;

	for (i = 0; i < num; i++) {
		wait_for_completion(&ctx->threads[i].done);
		KUNIT_EXPECT_EQ(test, ctx->threads[i].err, err);
	}
}

static void make_slow(struct turn_ctx *ctx)
{
	ctx->vf->times.ack = 10000;
	ctx->igb.mute = true;
}

/* All leave at once, who talks and who waits for the turn. */
static void test_abort(struct kunit *test)
{
	struct turn_ctx *ctx = test->priv;
	unsigned long start_time = jiffies;

	make_slow(ctx);
	start(test, WAITERS);
	msleep(20);
	KUNIT_EXPECT_EQ(test, ctx->vf->busy, BIT(KAWELA_MBX_VF_BUSY));
	kawela_mbx_vf_abort(ctx->vf);
	expect_all(test, WAITERS, -ENODEV);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start_time + HZ));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_GONE);
}

static void test_removed(struct kunit *test)
{
	struct turn_ctx *ctx = test->priv;
	unsigned long start_time = jiffies;

	make_slow(ctx);
	start(test, WAITERS);
	msleep(20);
	ctx->hw.removed = true;
	expect_all(test, WAITERS, -ENODEV);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start_time + HZ));
}

/* The aborted end takes no turn from who has it, and none is left over. */
static void test_aborted_while_busy(struct kunit *test)
{
	struct turn_ctx *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, kawela_mbx_vf_begin(ctx->vf), 0);
	kawela_mbx_vf_abort(ctx->vf);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_begin(ctx->vf), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_GONE);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), -ENODEV);
	kawela_mbx_vf_end(ctx->vf);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENODEV);
}

/* What needs no exchange waits for none. */
static void test_no_turn_needed(struct kunit *test)
{
	struct turn_ctx *ctx = test->priv;
	struct kawela_mbx_vf_stats stats;

	KUNIT_ASSERT_EQ(test, kawela_mbx_vf_begin(ctx->vf), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(ctx->vf), 0);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
	kawela_mbx_vf_get_stats(ctx->vf, &stats);
	kawela_mbx_vf_irq(ctx->vf);
	kawela_mbx_vf_end(ctx->vf);
}

/* Everybody gets his turn; nobody's words end up in another's exchange. */
static void test_all_served(struct kunit *test)
{
	struct turn_ctx *ctx = test->priv;
	unsigned int before = ctx->igb.num_seen;

	KUNIT_ASSERT_EQ(test, kawela_mbx_vf_begin(ctx->vf), 0);
	start(test, WAITERS);
	msleep(20);
	KUNIT_EXPECT_EQ(test, ctx->igb.num_seen, before);
	kawela_mbx_vf_end(ctx->vf);
	expect_all(test, WAITERS, 0);
	KUNIT_EXPECT_EQ(test, ctx->igb.num_seen, before + WAITERS);
}

static struct kunit_case turn_cases[] = {
	KUNIT_CASE(test_abort),
	KUNIT_CASE(test_removed),
	KUNIT_CASE(test_aborted_while_busy),
	KUNIT_CASE(test_no_turn_needed),
	KUNIT_CASE(test_all_served),
	{}
};

static struct kunit_suite turn_suite = {
	.name = "kawela_mbx_turn",
	.init = turn_init,
	.exit = turn_exit,
	.test_cases = turn_cases,
};

kunit_test_suite(turn_suite);
