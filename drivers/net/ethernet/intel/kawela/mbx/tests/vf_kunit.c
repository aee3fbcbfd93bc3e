// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the VF end: against stock igb, and against our own PF end.
 *
 * Owns: nothing but its expectations. No locks; see fake_pair.h.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>

#include "fake_pair.h"

#define VF	FAKE_PAIR_VF

static const struct kawela_msg lpe = { .id = KAWELA_MSG_SET_LPE, .max_frame = 1522 };
static const struct kawela_msg set_mac = {
	.id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_SET,
	.mac = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 },
};

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
	struct fake_pair *ctx = test->priv;
	unsigned int i;

	ether_addr_copy(ctx->igb.admin_mac, fake_pair_mac);
	ctx->igb.has_admin_mac = true;
	fake_pair_connected(test);
	KUNIT_EXPECT_TRUE(test, ctx->has_mac);
	KUNIT_EXPECT_MEMEQ(test, ctx->mac, fake_pair_mac, ETH_ALEN);

	/* With an administrator's address igb refuses it too, and the filter list. */
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &set_mac), -EPERM);
	for (i = 0; i < ARRAY_SIZE(msgs); i++)
		KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &msgs[i]),
				msgs[i].id == KAWELA_MSG_SET_MAC ? -EPERM : 0);

	KUNIT_ASSERT_EQ(test, ctx->igb.num_seen, ARRAY_SIZE(words));
	KUNIT_EXPECT_MEMEQ(test, ctx->igb.seen, words, sizeof(words));
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(ctx).nacks, 2);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(ctx).timeouts, 0);
}

static void test_igb_no_mac(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	KUNIT_EXPECT_FALSE(test, ctx->has_mac);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(ctx->mac));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &set_mac), 0);
}

/* No word of an earlier driver survives RESET. */
static void test_reset_clears_buffer(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;
	unsigned int i;

	memset(ctx->hw.mem[VF], 0xa5, sizeof(ctx->hw.mem[VF]));
	fake_pair_connected(test);
	for (i = KAWELA_ABI_RESET_REPLY_WORDS; i < KAWELA_ABI_WORDS; i++)
		KUNIT_EXPECT_EQ(test, ctx->hw.mem[VF][i], 0);
}

static void test_silent_pf(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	ctx->igb.mute = true;
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -EAGAIN);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);

	ctx->igb.mute = false;
	ctx->igb.no_reply = true;
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -ETIMEDOUT);
	ctx->igb.no_reply = false;
	fake_pair_connected(test);
}

/* igb is silent to requests without CTS: the session ends, and comes back. */
static void test_igb_lost_cts(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	ctx->igb.cts = false;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ETIMEDOUT);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(ctx).lost, 1);

	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
}

static void test_igb_ping(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
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
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	ctx->hw.vf_irq = NULL;
	stock_pf_ping(&ctx->igb);
	KUNIT_EXPECT_EQ(test, ctx->events, 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
}

/* A message that the driver has not looked at yet is not lost under the next request. */
static void test_ping_before_request(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	stock_pf_ping(&ctx->igb);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
}

/* igb writes over what it has not read, or we have not: sent again, and the ping is not lost. */
static void test_igb_overwrites(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	ctx->igb.ping_over_reply = true;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);

	ctx->igb.ping_over_request = true;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(ctx).lost, 0);

	ctx->igb.ping_over_request = true;
	fake_pair_connected(test);
	ctx->igb.ping_over_reply = true;
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
}

/* RSTI: the PF resets; neither connect nor a request waits for what cannot come. */
static void test_rsti(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	fake_pf_reset(&ctx->hw);
	ctx->igb.cts = false;
	kawela_mbx_vf_irq(ctx->vf);
	kawela_mbx_vf_irq(ctx->vf);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -EAGAIN);

	fake_pf_reset_done(&ctx->hw);
	fake_pair_connected(test);

	/* In the middle of a request. */
	ctx->igb.mute = true;
	fake_pf_reset(&ctx->hw);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
}

/* RSTD alone is a write of CTRL_EXT, unless the PF says otherwise when asked. */
static void test_rstd_alone(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
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
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
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
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
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
	struct fake_pair *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &reset), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &bad), -EINVAL);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
}

/* Removal in the middle of a wait ends it at once, for good. */
static void test_removed(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;
	unsigned long start;

	fake_pair_connected(test);
	ctx->vf->times.ack = 10000;
	ctx->vf->times.reply = 10000;
	ctx->igb.mute = true;
	ctx->remove_on_irq = true;
	start = jiffies;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENODEV);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_GONE);
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENODEV);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
	kawela_mbx_vf_irq(ctx->vf);
}

static void test_revive(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	ctx->hw.removed = true;
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), -ENODEV);

	/* Being back is not enough, somebody has to say so. */
	ctx->hw.removed = false;
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	fake_pair_connected(test);

	/* The session of before is void, also when nobody noticed that the function was away. */
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), 0);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));

	kawela_mbx_vf_abort(ctx->vf);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_revive(ctx->vf), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -ENODEV);
}

static void test_abort(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;
	unsigned long start;

	fake_pair_connected(test);
	ctx->vf->times.ack = 10000;
	ctx->igb.mute = true;
	ctx->abort_on_irq = true;
	start = jiffies;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENODEV);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_GONE);
	KUNIT_EXPECT_EQ(test, kawela_mbx_fsm_state(&ctx->vf->fsm), KAWELA_MBX_VF_S_GONE);
}

static void test_abort_in_connect(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	ctx->igb.mute = true;
	ctx->vf->times.ack = 10000;
	ctx->abort_on_irq = true;
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -ENODEV);
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
	.init = fake_pair_init_vf,
	.exit = fake_pair_exit,
	.test_cases = igb_cases,
};

/* ---- our VF with our PF ---- */

static int pair_init(struct kunit *test)
{
	return fake_pair_init(test, NULL, 0);
}

static void test_pair_connect(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	KUNIT_EXPECT_TRUE(test, ctx->has_mac);
	KUNIT_EXPECT_MEMEQ(test, ctx->mac, fake_pair_mac, ETH_ALEN);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, VF));
	KUNIT_EXPECT_EQ(test, ctx->readies, 1);

	ctx->reset_err = -EADDRNOTAVAIL;
	fake_pair_connected(test);
	KUNIT_EXPECT_FALSE(test, ctx->has_mac);

	ctx->reset_err = -ENOSPC;
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -EAGAIN);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, VF));
}

static void test_pair_requests(struct kunit *test)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_MULTICAST };
	struct fake_pair *ctx = test->priv;
	unsigned int i;

	fake_pair_connected(test);

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
	struct fake_pair *ctx = test->priv;
	struct kawela_mbx_pf_stats s;
	unsigned int i;

	fake_pair_connected(test);
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
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	fake_vf_flr(&ctx->hw, VF);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, ctx->requests, 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	fake_pair_connected(test);

	/* While the PF handles a request: the request is answered, the session is gone. */
	ctx->flr_in_request = true;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);
	ctx->flr_in_request = false;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, VF));
	fake_pair_connected(test);
}

/* The bare NACK that nobody read yet makes the next request pointless. */
static void test_pair_unread_nack(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;
	struct kawela_mbx_port port = fake_vf_port(&ctx->hw, VF);

	fake_pair_connected(test);
	fake_vf_flr(&ctx->hw, VF);
	ctx->hw.vf_irq = NULL;
	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_ACK);
	KUNIT_EXPECT_EQ(test, ctx->hw.mem[VF][0], 0x40000000);
	ctx->hw.pf_irq = NULL;
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(ctx).timeouts, 0);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(ctx->vf));
}

static void test_pair_pf_reset(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	kawela_mbx_pf_reset_begin(ctx->pf);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
	fake_pf_reset(&ctx->hw);
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -EAGAIN);
	kawela_mbx_pf_reset_end(ctx->pf);
	fake_pf_reset_done(&ctx->hw);
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(ctx->vf, &lpe), 0);

	/* Missed altogether: the PF says so once it is back. */
	ctx->hw.vf_irq = NULL;
	kawela_mbx_pf_reset_begin(ctx->pf);
	fake_pf_reset(&ctx->hw);
	kawela_mbx_pf_reset_end(ctx->pf);
	fake_pf_reset_done(&ctx->hw);
	fake_pair_serve(ctx);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LOST);
}

static void test_pair_link(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	fake_pair_connected(test);
	kawela_mbx_pf_notify_link(ctx->pf);
	fake_pair_serve(ctx);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
}

static void test_pair_disabled(struct kunit *test)
{
	struct fake_pair *ctx = test->priv;

	kawela_mbx_pf_disable(ctx->pf);
	KUNIT_EXPECT_EQ(test, fake_pair_connect(ctx), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_enable(ctx->pf, VF + 1), 0);
	fake_pair_connected(test);
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
	.exit = fake_pair_exit,
	.test_cases = pair_cases,
};

kunit_test_suites(&igb_suite, &pair_suite);
