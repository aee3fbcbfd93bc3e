// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the VF end: against stock igb, and against our own PF end.
 *
 * Owns: nothing but its expectations. No locks: the PF's interrupt is served in the VF's thread,
 * in the middle of the register write that raises it.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>

#include "fake_hw.h"

#define VF	2

static const u8 admin_mac[ETH_ALEN] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static const struct kawela_msg lpe = { .id = KAWELA_MSG_SET_LPE, .max_frame = 1522 };
static const struct kawela_msg set_mac = {
	.id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_SET,
	.mac = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 },
};

struct vf_ctx {
	struct fake_hw hw;
	struct kawela_mbx_vf *vf;
	unsigned int events;
	u8 mac[ETH_ALEN];
	bool has_mac;

	/* one of these is the other end */
	struct stock_pf igb;
	struct kawela_mbx_pf *pf;

	u64 now;
	bool serving;
	unsigned int requests;
	unsigned int readies;
	unsigned int flrs;
	int request_err;
	int reset_err;
	struct kawela_msg last;
	bool flr_in_request;
	bool abort_on_irq;
	bool remove_on_irq;
};

static void on_event(void *priv)
{
	struct vf_ctx *ctx = priv;

	ctx->events++;
}

static const struct kawela_mbx_vf_ops vf_ops = { .event = on_event };

static void on_vf_irq(void *priv, u16 vf)
{
	struct vf_ctx *ctx = priv;

	if (vf == VF && ctx->vf)
		kawela_mbx_vf_irq(ctx->vf);
}

static void on_pf_irq(void *priv)
{
	struct vf_ctx *ctx = priv;
	unsigned int passes = 0;
	u64 delay;

	if (ctx->abort_on_irq)
		kawela_mbx_vf_abort(ctx->vf);
	if (ctx->remove_on_irq)
		ctx->hw.removed = true;
	if (!ctx->pf) {
		stock_pf_irq(&ctx->igb);
		return;
	}
	if (ctx->serving)
		return;

	/* Time passes as the service asks for it. */
	ctx->serving = true;
	do {
		delay = kawela_mbx_pf_service(ctx->pf, ctx->now);
		if (delay != KAWELA_MBX_IDLE)
			ctx->now += delay;
	} while (delay != KAWELA_MBX_IDLE && ++passes < 50);
	ctx->serving = false;
}

static void ops_flr(void *priv, u16 vf)
{
	struct vf_ctx *ctx = priv;

	ctx->flrs++;
}

static int ops_reset(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	struct vf_ctx *ctx = priv;

	ether_addr_copy(mac, admin_mac);
	return ctx->reset_err;
}

static void ops_ready(void *priv, u16 vf)
{
	struct vf_ctx *ctx = priv;

	ctx->readies++;
}

static int ops_request(void *priv, u16 vf, const struct kawela_msg *msg)
{
	struct vf_ctx *ctx = priv;

	ctx->requests++;
	ctx->last = *msg;
	if (ctx->flr_in_request)
		fake_vf_flr(&ctx->hw, vf);
	return ctx->request_err;
}

static const struct kawela_mbx_pf_ops pf_ops = {
	.vf_flr		= ops_flr,
	.vf_reset	= ops_reset,
	.vf_ready	= ops_ready,
	.vf_request	= ops_request,
};

static int vf_init(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct vf_ctx *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->now = NSEC_PER_SEC;
	fake_hw_init(&ctx->hw);
	ctx->hw.priv = ctx;
	ctx->hw.pf_irq = on_pf_irq;
	ctx->hw.vf_irq = on_vf_irq;
	ctx->igb.hw = &ctx->hw;
	ctx->igb.vf = VF;

	port = fake_vf_port(&ctx->hw, VF);
	ctx->vf = kawela_mbx_vf_create_on(&port, "fake", &vf_ops, ctx);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->vf));

	/* The silent PF shall not take minutes. */
	ctx->vf->times = (struct kawela_mbx_vf_times) {
		.rsti = 20, .take = 10, .ack = 30, .reply = 40, .merge = 10,
	};
	return 0;
}

static int pair_init(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct vf_ctx *ctx;

	vf_init(test);
	ctx = test->priv;
	port = fake_pf_port(&ctx->hw);
	ctx->pf = kawela_mbx_pf_create_on(&port, "fake", KW_MAX_VFS, &pf_ops, ctx, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->pf));
	KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(ctx->pf, KW_MAX_VFS), 0);
	return 0;
}

static void vf_exit(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	if (!ctx)
		return;

	KUNIT_EXPECT_EQ(test, ctx->hw.violations, 0);
	if (!IS_ERR_OR_NULL(ctx->vf)) {
		if (!ctx->hw.removed)
			KUNIT_EXPECT_EQ(test, ctx->hw.v2p[VF] & KW_V2P_VFU, 0);
		kawela_mbx_vf_destroy(ctx->vf);
	}
	if (!IS_ERR_OR_NULL(ctx->pf))
		kawela_mbx_pf_destroy(ctx->pf);
}

static int connect(struct vf_ctx *ctx)
{
	return kawela_mbx_vf_connect(ctx->vf, ctx->mac, &ctx->has_mac);
}

static void connected(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, connect(ctx), 0);
	KUNIT_ASSERT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
}

static struct kawela_mbx_vf_stats stats_of(struct vf_ctx *ctx)
{
	struct kawela_mbx_vf_stats stats;

	kawela_mbx_vf_get_stats(ctx->vf, &stats);
	return stats;
}

/* ---- our VF with stock igb ---- */

static void test_igb_transcript(struct kunit *test)
{
	static const struct kawela_msg msgs[] = {
		{ .id = KAWELA_MSG_SET_MULTICAST, .mc = { .count = 1, .hash = { 0x010 } } },
		{ .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_CLEAR_FILTERS },
		{ .id = KAWELA_MSG_SET_VLAN, .vlan = { .vid = 100, .add = true } },
		{ .id = KAWELA_MSG_SET_LPE, .max_frame = 1522 },
		{ .id = KAWELA_MSG_SET_PROMISC, .promisc = KAWELA_PROMISC_MULTICAST },
	};
	static const u32 words[] = {
		0x00000001, 0x00000002, 0x00010003, 0x00010002, 0x00010004, 0x00000005,
		0x00020006,
	};
	struct vf_ctx *ctx = test->priv;
	unsigned int i;

	ether_addr_copy(ctx->igb.admin_mac, admin_mac);
	ctx->igb.has_admin_mac = true;
	connected(test);
	KUNIT_EXPECT_TRUE(test, ctx->has_mac);
	KUNIT_EXPECT_MEMEQ(test, ctx->mac, admin_mac, ETH_ALEN);

	/* With an administrator's address igb refuses it too, and the filter list. */
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &set_mac), -EPERM);
	for (i = 0; i < ARRAY_SIZE(msgs); i++)
		KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &msgs[i]),
				msgs[i].id == KAWELA_MSG_SET_MAC ? -EPERM : 0);

	KUNIT_ASSERT_EQ(test, ctx->igb.num_seen, ARRAY_SIZE(words));
	KUNIT_EXPECT_MEMEQ(test, ctx->igb.seen, words, sizeof(words));
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
	KUNIT_EXPECT_EQ(test, stats_of(ctx).nacks, 2);
	KUNIT_EXPECT_EQ(test, stats_of(ctx).timeouts, 0);
}

static void test_igb_no_mac(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	KUNIT_EXPECT_FALSE(test, ctx->has_mac);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(ctx->mac));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &set_mac), 0);
}

/* No word of an earlier driver survives RESET. */
static void test_reset_clears_buffer(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;
	unsigned int i;

	memset(ctx->hw.mem[VF], 0xa5, sizeof(ctx->hw.mem[VF]));
	connected(test);
	for (i = KAWELA_ABI_RESET_REPLY_WORDS; i < KAWELA_ABI_WORDS; i++)
		KUNIT_EXPECT_EQ(test, ctx->hw.mem[VF][i], 0);
}

static void test_silent_pf(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	ctx->igb.mute = true;
	KUNIT_EXPECT_EQ(test, connect(ctx), -EAGAIN);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);

	ctx->igb.mute = false;
	ctx->igb.no_reply = true;
	KUNIT_EXPECT_EQ(test, connect(ctx), -ETIMEDOUT);
	ctx->igb.no_reply = false;
	connected(test);
}

/* igb is silent to requests without CTS: the session ends, and comes back. */
static void test_igb_lost_cts(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	ctx->igb.cts = false;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ETIMEDOUT);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, stats_of(ctx).lost, 1);

	connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
}

static void test_igb_ping(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
	stock_pf_ping(&ctx->igb);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);

	ctx->igb.cts = false;
	stock_pf_ping(&ctx->igb);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
}

/* The interrupt that never comes: the periodic poll finds the message all the same. */
static void test_igb_ping_without_irq(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	ctx->hw.vf_irq = NULL;
	stock_pf_ping(&ctx->igb);
	KUNIT_EXPECT_EQ(test, ctx->events, 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
}

/* A message that the driver has not looked at yet is not lost under the next request. */
static void test_ping_before_request(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	stock_pf_ping(&ctx->igb);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
}

/* igb writes over what it has not read, or we have not: sent again, and the ping is not lost. */
static void test_igb_overwrites(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	ctx->igb.ping_over_reply = true;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);

	ctx->igb.ping_over_request = true;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, stats_of(ctx).lost, 0);

	ctx->igb.ping_over_request = true;
	connected(test);
	ctx->igb.ping_over_reply = true;
	connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
}

/* RSTI: the PF resets; neither connect nor a request waits for what cannot come. */
static void test_rsti(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	fake_pf_reset(&ctx->hw);
	ctx->igb.cts = false;
	kawela_mbx_vf_irq(ctx->vf);
	kawela_mbx_vf_irq(ctx->vf);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	KUNIT_EXPECT_EQ(test, connect(ctx), -EAGAIN);

	fake_pf_reset_done(&ctx->hw);
	connected(test);

	/* In the middle of a request. */
	ctx->igb.mute = true;
	fake_pf_reset(&ctx->hw);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
}

/* RSTD alone is a write of CTRL_EXT, unless the PF says otherwise when asked. */
static void test_rstd_alone(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	fake_pf_reset_done(&ctx->hw);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));

	/* A whole reset between two polls. */
	fake_pf_reset(&ctx->hw);
	ctx->igb.cts = false;
	fake_pf_reset_done(&ctx->hw);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
}

static void test_latch(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct vf_ctx *ctx = test->priv;

	connected(test);
	ctx->hw.vf_irq = NULL;
	stock_pf_ping(&ctx->igb);

	/* An interrupt of another vector reads, and clears, the register first. */
	kawela_mbx_vf_irq(ctx->vf);
	port = fake_vf_port(&ctx->hw, VF);
	KUNIT_EXPECT_EQ(test, port.ops->rd32(port.hw, KW_V2PMAILBOX), 0);
	kawela_mbx_vf_irq(ctx->vf);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
}

static void test_pf_holds_buffer(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	ctx->hw.v2p[VF] |= KW_V2P_PFU;
	ctx->hw.p2v[VF] |= KW_P2V_PFU;
	ctx->hw.v2p[VF] |= KW_V2P_PFSTS;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);

	/* Nothing is lost once it lets go. */
	ctx->hw.mem[VF][0] = 0x20000100;
	ctx->hw.v2p[VF] &= ~KW_V2P_PFU;
	ctx->hw.p2v[VF] &= ~KW_P2V_PFU;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);

	ctx->hw.v2p[VF] |= KW_V2P_PFU;
	ctx->hw.p2v[VF] |= KW_P2V_PFU;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
}

static void test_bad_requests(struct kunit *test)
{
	static const struct kawela_msg reset = { .id = KAWELA_MSG_RESET };
	static const struct kawela_msg bad = { .id = KAWELA_MSG_SET_LPE, .max_frame = 10000 };
	struct vf_ctx *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &reset), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &bad), -EINVAL);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
}

/* Removal in the middle of a wait ends it at once, for good. */
static void test_removed(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;
	unsigned long start;

	connected(test);
	ctx->vf->times.ack = 10000;
	ctx->vf->times.reply = 10000;
	ctx->igb.mute = true;
	ctx->remove_on_irq = true;
	start = jiffies;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENODEV);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_GONE);
	KUNIT_EXPECT_EQ(test, connect(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENODEV);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
	kawela_mbx_vf_irq(ctx->vf);
}

static void test_revive(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	ctx->hw.removed = true;
	KUNIT_EXPECT_EQ(test, connect(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), -ENODEV);

	/* Being back is not enough, somebody has to say so. */
	ctx->hw.removed = false;
	KUNIT_EXPECT_EQ(test, connect(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	connected(test);

	/* The session of before is void, also when nobody noticed that the function was away. */
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), 0);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));

	kawela_mbx_vf_abort(ctx->vf);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), -ENODEV);
	KUNIT_EXPECT_EQ(test, connect(ctx), -ENODEV);
}

static void test_abort(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;
	unsigned long start;

	connected(test);
	ctx->vf->times.ack = 10000;
	ctx->igb.mute = true;
	ctx->abort_on_irq = true;
	start = jiffies;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENODEV);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
	KUNIT_EXPECT_EQ(test, connect(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_GONE);
	KUNIT_EXPECT_EQ(test, kawela_mbx_fsm_state(&ctx->vf->fsm), KAWELA_MBX_VF_S_GONE);
}

static void test_abort_in_connect(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	ctx->igb.mute = true;
	ctx->vf->times.ack = 10000;
	ctx->abort_on_irq = true;
	KUNIT_EXPECT_EQ(test, connect(ctx), -ENODEV);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
}

static struct kunit_case igb_cases[] = {
	KUNIT_CASE(test_igb_transcript),
	KUNIT_CASE(test_igb_no_mac),
	KUNIT_CASE(test_reset_clears_buffer),
	KUNIT_CASE(test_silent_pf),
	KUNIT_CASE(test_igb_lost_cts),
	KUNIT_CASE(test_igb_ping),
	KUNIT_CASE(test_igb_ping_without_irq),
	KUNIT_CASE(test_ping_before_request),
	KUNIT_CASE(test_igb_overwrites),
	KUNIT_CASE(test_rsti),
	KUNIT_CASE(test_rstd_alone),
	KUNIT_CASE(test_latch),
	KUNIT_CASE(test_pf_holds_buffer),
	KUNIT_CASE(test_bad_requests),
	KUNIT_CASE(test_removed),
	KUNIT_CASE(test_revive),
	KUNIT_CASE(test_abort),
	KUNIT_CASE(test_abort_in_connect),
	{}
};

static struct kunit_suite igb_suite = {
	.name = "kawela_mbx_vf",
	.init = vf_init,
	.exit = vf_exit,
	.test_cases = igb_cases,
};

/* ---- our VF with our PF ---- */

static void test_pair_connect(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	KUNIT_EXPECT_TRUE(test, ctx->has_mac);
	KUNIT_EXPECT_MEMEQ(test, ctx->mac, admin_mac, ETH_ALEN);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, VF));
	KUNIT_EXPECT_EQ(test, ctx->readies, 1);

	ctx->reset_err = -EADDRNOTAVAIL;
	connected(test);
	KUNIT_EXPECT_FALSE(test, ctx->has_mac);

	ctx->reset_err = -ENOSPC;
	KUNIT_EXPECT_EQ(test, connect(ctx), -EAGAIN);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, VF));
}

static void test_pair_requests(struct kunit *test)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_MULTICAST };
	struct vf_ctx *ctx = test->priv;
	unsigned int i;

	connected(test);

	msg.mc.count = KAWELA_ABI_MC_MAX;
	for (i = 0; i < KAWELA_ABI_MC_MAX; i++)
		msg.mc.hash[i] = 0xf00 + i;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &msg), 0);
	KUNIT_EXPECT_EQ(test, ctx->last.mc.count, 30);
	KUNIT_EXPECT_MEMEQ(test, ctx->last.mc.hash, msg.mc.hash, sizeof(msg.mc.hash));

	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &set_mac), 0);
	KUNIT_EXPECT_MEMEQ(test, ctx->last.mac, set_mac.mac, ETH_ALEN);

	msg = (struct kawela_msg) { .id = KAWELA_MSG_SET_PROMISC, .promisc = 3 };
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &msg), 0);
	KUNIT_EXPECT_EQ(test, ctx->last.promisc, 3);

	ctx->request_err = -ENOSPC;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &msg), -EPERM);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
}

/* A driver that sets up 30 VLANs and more at once, then floods: slower, but nothing fails. */
static void test_pair_throttle(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;
	struct kawela_mbx_pf_stats s;
	unsigned int i;

	connected(test);
	for (i = 0; i < 200; i++)
		KUNIT_ASSERT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	kawela_mbx_pf_get_stats(ctx->pf, VF, &s);
	KUNIT_EXPECT_EQ(test, ctx->requests, 200);
	KUNIT_EXPECT_GT(test, s.throttled, 100);
	KUNIT_EXPECT_EQ(test, s.dropped, 0);
}

/* A reset of the VF behind its driver's back: the next request tells. */
static void test_pair_flr(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	fake_vf_flr(&ctx->hw, VF);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, ctx->requests, 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	connected(test);

	/* While the PF handles a request: the request is answered, the session is gone. */
	ctx->flr_in_request = true;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	ctx->flr_in_request = false;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, VF));
	connected(test);
}

/* The bare NACK that nobody read yet makes the next request pointless. */
static void test_pair_unread_nack(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;
	struct kawela_mbx_port port = fake_vf_port(&ctx->hw, VF);

	connected(test);
	fake_vf_flr(&ctx->hw, VF);
	ctx->hw.vf_irq = NULL;
	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_ACK);
	KUNIT_EXPECT_EQ(test, ctx->hw.mem[VF][0], 0x40000000);
	ctx->hw.pf_irq = NULL;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, stats_of(ctx).timeouts, 0);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
}

static void test_pair_pf_reset(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	kawela_mbx_pf_reset_begin(ctx->pf);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	fake_pf_reset(&ctx->hw);
	KUNIT_EXPECT_EQ(test, connect(ctx), -EAGAIN);
	kawela_mbx_pf_reset_end(ctx->pf);
	fake_pf_reset_done(&ctx->hw);
	connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);

	/* Missed altogether: the PF says so once it is back. */
	ctx->hw.vf_irq = NULL;
	kawela_mbx_pf_reset_begin(ctx->pf);
	fake_pf_reset(&ctx->hw);
	kawela_mbx_pf_reset_end(ctx->pf);
	fake_pf_reset_done(&ctx->hw);
	on_pf_irq(ctx);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
}

static void test_pair_link(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	connected(test);
	kawela_mbx_pf_notify_link(ctx->pf);
	on_pf_irq(ctx);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
}

static void test_pair_disabled(struct kunit *test)
{
	struct vf_ctx *ctx = test->priv;

	kawela_mbx_pf_disable(ctx->pf);
	KUNIT_EXPECT_EQ(test, connect(ctx), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_enable(ctx->pf, VF + 1), 0);
	connected(test);
}

static struct kunit_case pair_cases[] = {
	KUNIT_CASE(test_pair_connect),
	KUNIT_CASE(test_pair_requests),
	KUNIT_CASE(test_pair_throttle),
	KUNIT_CASE(test_pair_flr),
	KUNIT_CASE(test_pair_unread_nack),
	KUNIT_CASE(test_pair_pf_reset),
	KUNIT_CASE(test_pair_link),
	KUNIT_CASE(test_pair_disabled),
	{}
};

static struct kunit_suite pair_suite = {
	.name = "kawela_mbx_pair",
	.init = pair_init,
	.exit = vf_exit,
	.test_cases = pair_cases,
};

kunit_test_suites(&igb_suite, &pair_suite);
