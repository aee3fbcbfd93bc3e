// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the PF end against stock VF drivers and hostile ones, on the register model and a
 * clock of its own.
 *
 * Owns: the drivers' message order, word by word. No locks: everything runs in the test's thread.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/prandom.h>

#include "fake_hw.h"

#define NUM_VFS	3
#define MS	NSEC_PER_MSEC

/* 52:54:00:12:34:56 */
#define MAC_W1	0x12005452
#define MAC_W2	0x00005634
static const u8 admin_mac[ETH_ALEN] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

/* What the PF driver was told about a VF, and what it answers. */
struct pf_vf {
	unsigned int flrs;
	unsigned int resets;
	unsigned int readies;
	unsigned int requests;
	struct kawela_msg last;
	int reset_err;
	int request_err;
};

struct pf_ctx {
	struct fake_hw hw;
	struct kawela_mbx_pf *pf;
	u64 now;
	struct pf_vf vf[KW_MAX_VFS];
	bool flr_in_reset;
	bool flr_in_request;
	bool removed_in_request;
	char order[32];
	unsigned int num_order;
};

static void note(struct pf_ctx *ctx, char c, u16 vf)
{
	if (ctx->num_order + 2 < sizeof(ctx->order)) {
		ctx->order[ctx->num_order++] = c;
		ctx->order[ctx->num_order++] = '0' + vf;
	}
}

static void ops_flr(void *priv, u16 vf)
{
	struct pf_ctx *ctx = priv;

	ctx->vf[vf].flrs++;
	note(ctx, 'f', vf);
}

static int ops_reset(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	struct pf_ctx *ctx = priv;

	ctx->vf[vf].resets++;
	note(ctx, 'r', vf);
	if (ctx->flr_in_reset)
		fake_vf_flr(&ctx->hw, vf);
	ether_addr_copy(mac, admin_mac);
	return ctx->vf[vf].reset_err;
}

static void ops_ready(void *priv, u16 vf)
{
	struct pf_ctx *ctx = priv;

	ctx->vf[vf].readies++;
	note(ctx, 'o', vf);
}

static int ops_request(void *priv, u16 vf, const struct kawela_msg *msg)
{
	struct pf_ctx *ctx = priv;

	ctx->vf[vf].requests++;
	ctx->vf[vf].last = *msg;
	note(ctx, 'q', vf);
	if (ctx->flr_in_request)
		fake_vf_flr(&ctx->hw, vf);
	if (ctx->removed_in_request)
		ctx->hw.removed = true;
	return ctx->vf[vf].request_err;
}

static const struct kawela_mbx_pf_ops pf_ops = {
	.vf_flr		= ops_flr,
	.vf_reset	= ops_reset,
	.vf_ready	= ops_ready,
	.vf_request	= ops_request,
};

static u64 serve(struct pf_ctx *ctx)
{
	return kawela_mbx_pf_service(ctx->pf, ctx->now);
}

static int pf_init(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct pf_ctx *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->now = 1000 * NSEC_PER_SEC;
	fake_hw_init(&ctx->hw);
	port = fake_pf_port(&ctx->hw);

	ctx->pf = kawela_mbx_pf_create_on(&port, "fake", KW_MAX_VFS, &pf_ops, ctx, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->pf));
	KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(ctx->pf, NUM_VFS), 0);
	return 0;
}

static void pf_exit(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;

	if (!ctx || IS_ERR_OR_NULL(ctx->pf))
		return;

	kawela_mbx_pf_destroy(ctx->pf);
	KUNIT_EXPECT_EQ(test, ctx->hw.violations, 0);
}

static struct kawela_mbx_pf_stats stats_of(struct pf_ctx *ctx, u16 vf)
{
	struct kawela_mbx_pf_stats stats = {};

	kawela_mbx_pf_get_stats(ctx->pf, vf, &stats);
	return stats;
}

/* One exchange of a stock driver: send, let the PF work, read @reply_n words. */
static void exchange(struct kunit *test, u16 vf, const u32 *w, unsigned int n, u32 *reply,
		     unsigned int reply_n)
{
	struct pf_ctx *ctx = test->priv;

	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, vf, w, n));
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, vf, reply, reply_n));
	serve(ctx);
	KUNIT_ASSERT_EQ(test, ctx->hw.p2v[vf] & (KW_P2V_PFU | KW_P2V_VFU), 0);
}

static u32 exchange1(struct kunit *test, u16 vf, u32 w0, u32 w1, u32 w2)
{
	u32 w[KAWELA_ABI_WORDS] = { w0, w1, w2 };
	u32 reply = 0;

	exchange(test, vf, w, KAWELA_ABI_WORDS, &reply, 1);
	return reply;
}

static void connect(struct kunit *test, u16 vf)
{
	struct pf_ctx *ctx = test->priv;

	fake_vf_flr(&ctx->hw, vf);
	KUNIT_ASSERT_EQ(test, exchange1(test, vf, 1, 0, 0), 0x80000001);
	KUNIT_ASSERT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, vf));
}

/* ---- golden transcripts ---- */

struct step {
	u32 w[KAWELA_ABI_WORDS];
	u8 words;
	u32 reply[3];
	u8 reply_words;
	int err;	/* what the PF driver says */
};

/* igbvf: probe, open with two groups, one secondary address and two VLANs, close. */
static const struct step igbvf_steps[] = {
	{ { 0x00000001 }, 1, { 0x80000001, MAC_W1, MAC_W2 }, 3 },
	{ { 0x00000002, MAC_W1, MAC_W2 }, 3, { 0xa0000002, MAC_W1, MAC_W2 }, 3 },
	{ { 0x00020003, 0x05630010 }, 16, { 0xa0020003 }, 1 },
	{ { 0x00010002, 0, 0 }, 3, { 0xa0010002 }, 3 },
	{ { 0x00020002, 0x12005452, 0x5734 }, 3, { 0xa0020002, 0x12005452, 0x5734 }, 3 },
	{ { 0x00010004, 0 }, 2, { 0xa0010004, 0 }, 2 },
	{ { 0x00010004, 100 }, 2, { 0xa0010004, 100 }, 2 },
	{ { 0x00000005, 1522 }, 2, { 0xa0000005 }, 1 },
	{ { 0x00000004, 100 }, 2, { 0xa0000004, 100 }, 2 },
	{ { 0x00000001 }, 1, { 0x80000001, MAC_W1, MAC_W2 }, 3 },
	{ { 0x00000002, MAC_W1, MAC_W2 }, 3, { 0x60000002, MAC_W1, MAC_W2 }, 3, -EPERM },
};

/* DPDK's igbvf: probe, start, promiscuous on and off, all multicast, stop. */
static const struct step dpdk_steps[] = {
	{ { 0x00000001 }, 1, { 0x80000001, MAC_W1, MAC_W2 }, 3 },
	{ { 0x00000002, MAC_W1, MAC_W2 }, 3, { 0xa0000002 }, 1 },
	{ { 0x00000005, 1526 }, 2, { 0xa0000005 }, 1 },
	{ { 0x00030006 }, 1, { 0xa0010006 }, 1 },
	{ { 0x00020006 }, 1, { 0xa0000006 }, 1 },
	{ { 0x00000006 }, 1, { 0xa0000006 }, 1 },
	{ { 0x009e0003, 0x00100010 }, 16, { 0xa09e0003 }, 1 },
	{ { 0x00010004, 7 }, 2, { 0xa0010004, 7 }, 2 },
	{ { 0x00000001 }, 1, { 0x80000001, MAC_W1, MAC_W2 }, 3 },
};

static void replay(struct kunit *test, const struct step *steps, unsigned int n)
{
	struct pf_ctx *ctx = test->priv;
	u32 reply[KAWELA_ABI_WORDS];
	unsigned int i;

	fake_vf_flr(&ctx->hw, 1);
	for (i = 0; i < n; i++) {
		memset(reply, 0, sizeof(reply));
		ctx->vf[1].request_err = steps[i].err;
		exchange(test, 1, steps[i].w, steps[i].words, reply, steps[i].reply_words);
		KUNIT_EXPECT_MEMEQ_MSG(test, reply, steps[i].reply,
				       steps[i].reply_words * sizeof(u32), "step %u: %08x", i,
				       reply[0]);
	}
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 1).requests, n);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 1).bad, 0);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 1).no_cts, 0);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 1).throttled, 0);
}

static void test_igbvf(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;

	replay(test, igbvf_steps, ARRAY_SIZE(igbvf_steps));
	KUNIT_EXPECT_EQ(test, ctx->vf[1].resets, 2);
	KUNIT_EXPECT_EQ(test, ctx->vf[1].readies, 2);
	KUNIT_EXPECT_EQ(test, ctx->vf[1].requests, 9);
}

static void test_dpdk(struct kunit *test)
{
	replay(test, dpdk_steps, ARRAY_SIZE(dpdk_steps));
}

static void test_reset_without_mac(struct kunit *test)
{
	u32 w[KAWELA_ABI_WORDS] = { 1 }, reply[3] = { ~0, ~0, ~0 };
	struct pf_ctx *ctx = test->priv;

	ctx->vf[0].reset_err = -EADDRNOTAVAIL;
	exchange(test, 0, w, 1, reply, 3);
	KUNIT_EXPECT_EQ(test, reply[0], 0x40000001);
	KUNIT_EXPECT_EQ(test, reply[1], 0);
	KUNIT_EXPECT_EQ(test, reply[2], 0);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
	KUNIT_EXPECT_EQ(test, ctx->vf[0].readies, 1);
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x5, 1522, 0), 0xa0000005);
}

static void test_reset_refused(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;

	ctx->vf[0].reset_err = -ENOMEM;
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 1, 0, 0), 0x40000000);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
	KUNIT_EXPECT_EQ(test, ctx->vf[0].readies, 0);

	ctx->vf[0].reset_err = 0;
	connect(test, 0);
}

/* ---- session ---- */

static void test_unknown_and_malformed(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;

	connect(test, 0);
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x00000033, 0, 0), 0x60000033);
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x00010001, 0, 0), 0x60010001);
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x00000005, 0x80000000, 0), 0x60000005);
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x20000100, 0, 0), 0x60000100);
	KUNIT_EXPECT_EQ(test, ctx->vf[0].requests, 0);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).bad, 4);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).nacks, 4);
}

/* A word that already has a verdict gets none, and the buffer is free again. */
static void test_already_answered(struct kunit *test)
{
	u32 w[2] = { 0x80000002, 0x40000002 }, reply;
	struct pf_ctx *ctx = test->priv;
	unsigned int i;

	connect(test, 0);
	for (i = 0; i < ARRAY_SIZE(w); i++) {
		KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, &w[i], 1));
		KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);
		KUNIT_EXPECT_FALSE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
		KUNIT_EXPECT_EQ(test, ctx->hw.p2v[0], 0);
	}
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).bad, 2);
}

/* Without CTS: refused without CTS once in 2 s, else silence; the buffer is free in any case. */
static void test_no_cts(struct kunit *test)
{
	u32 w[2] = { 0x5, 1522 }, reply;
	struct pf_ctx *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x5, 1522, 0), 0x40000005);

	ctx->now += 1900 * MS;
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, w, 2));
	serve(ctx);
	KUNIT_EXPECT_FALSE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, ctx->hw.p2v[0], 0);

	ctx->now += 200 * MS;
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x5, 1522, 0), 0x40000005);
	KUNIT_EXPECT_EQ(test, ctx->vf[0].requests, 0);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).no_cts, 3);
	connect(test, 0);
}

static void vf_ack(struct pf_ctx *ctx, u16 vf)
{
	struct kawela_mbx_port port = fake_vf_port(&ctx->hw, vf);

	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_ACK);
	serve(ctx);
}

/* igbvf's watchdog acknowledges what it reads; without CTS that brings the bare NACK. */
static void test_bare_nack(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 reply = 0;

	vf_ack(ctx, 0);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x40000000);

	/* That read was acknowledged again: no ping-pong. */
	KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);
	vf_ack(ctx, 0);
	KUNIT_EXPECT_FALSE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));

	ctx->now += 2001 * MS;
	vf_ack(ctx, 0);
	KUNIT_EXPECT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));

	/* With CTS an acknowledgment is just that. */
	connect(test, 0);
	ctx->now += 10 * NSEC_PER_SEC;
	vf_ack(ctx, 0);
	KUNIT_EXPECT_FALSE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
}

/* Each life of the VF is told anew; what the last one acknowledged is not this one's. */
static void test_bare_nack_and_flr(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 reply = 0;

	vf_ack(ctx, 0);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	fake_vf_flr(&ctx->hw, 0);
	serve(ctx);
	KUNIT_EXPECT_FALSE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x5, 1522, 0), 0x40000005);
}

/* Reset and RESET between two looks of the PF: in this order, and the session stands. */
static void test_flr_before_request(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 w = 1;

	connect(test, 1);
	ctx->num_order = 0;
	memset(ctx->order, 0, sizeof(ctx->order));
	fake_vf_flr(&ctx->hw, 1);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 1, &w, 1));
	KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);
	KUNIT_EXPECT_STREQ(test, ctx->order, "f1r1o1");
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, 1));
}

static void test_flr_closes(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;

	connect(test, 0);
	connect(test, 1);
	fake_vf_flr(&ctx->hw, 0);
	serve(ctx);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, 1));
	KUNIT_EXPECT_EQ(test, ctx->vf[0].flrs, 2);

	/* Again, with nothing in between: counted, but the PF driver has nothing to drop. */
	fake_vf_flr(&ctx->hw, 0);
	serve(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf[0].flrs, 2);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).flrs, 3);
	KUNIT_EXPECT_EQ(test, exchange1(test, 0, 0x5, 1522, 0), 0x40000005);
}

/* The VF resets while the PF driver handles its message: the next pass closes the session. */
static void test_flr_in_handler(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 w[2] = { 1 }, lpe[2] = { 0x5, 1522 };

	ctx->flr_in_reset = true;
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, w, 1));
	serve(ctx);
	serve(ctx);
	ctx->flr_in_reset = false;
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
	KUNIT_EXPECT_EQ(test, ctx->vf[0].flrs, 1);
	KUNIT_EXPECT_EQ(test, ctx->hw.p2v[0], 0);

	connect(test, 0);
	ctx->flr_in_request = true;
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, lpe, 2));
	serve(ctx);
	serve(ctx);
	ctx->flr_in_request = false;
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
	KUNIT_EXPECT_EQ(test, ctx->vf[0].flrs, 2);
	connect(test, 0);
}

static void test_pf_reset(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 reply = 0;

	connect(test, 0);
	kawela_mbx_pf_reset_begin(ctx->pf);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x00000100);
	KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);

	fake_pf_reset(&ctx->hw);
	kawela_mbx_pf_reset_end(ctx->pf);
	fake_pf_reset_done(&ctx->hw);
	KUNIT_EXPECT_EQ(test, ctx->hw.mbvfimr, 0xff);
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x00000100);
	connect(test, 0);
}

/* The administrator changed what RESET tells: the VF is made to ask again, the others are not. */
static void test_renew(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 reply = 0;

	connect(test, 0);
	connect(test, 1);
	kawela_mbx_pf_renew(ctx->pf, 1);
	kawela_mbx_pf_renew(ctx->pf, NUM_VFS);
	serve(ctx);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0));
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 1));
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 1, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x40000100);
	connect(test, 1);

	/* One without a session has nothing to renew: an ordinary ping. */
	fake_vf_flr(&ctx->hw, 1);
	serve(ctx);
	kawela_mbx_pf_renew(ctx->pf, 1);
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 1, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x00000100);
}

static void test_enable_disable(struct kunit *test)
{
	struct kawela_mbx_port port = { NULL, NULL };
	struct pf_ctx *ctx = test->priv;
	struct kawela_mbx_pf_stats s;
	u32 w = 1, reply;

	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_enable(ctx->pf, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_enable(ctx->pf, 8), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(kawela_mbx_pf_create_on(&port, "", 0, NULL, NULL, NULL)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(kawela_mbx_pf_create_on(&port, "", 8, NULL, NULL, NULL)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_get_stats(ctx->pf, 7, &s), -EINVAL);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 7));
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 0xffff));

	connect(test, 2);
	kawela_mbx_pf_disable(ctx->pf);
	kawela_mbx_pf_disable(ctx->pf);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(ctx->pf, 2));
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, &w, 1));
	KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);
	KUNIT_EXPECT_EQ(test, ctx->vf[0].resets, 0);

	/* What was left over is not for the new VFs; VFs that are not enabled are not served. */
	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_enable(ctx->pf, 2), 0);
	serve(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf[0].resets, 0);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 2, &w, 1));
	serve(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf[2].resets, 1);
	KUNIT_EXPECT_FALSE(test, stock_vf_read(&ctx->hw, 2, &reply, 1));
	connect(test, 1);
}

/* ---- control messages ---- */

static void test_ping(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 reply = 0;

	connect(test, 0);
	kawela_mbx_pf_notify_link(ctx->pf);
	KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x20000100);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 1, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x00000100);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).pings, 1);
}

/* A reply that the VF has not read stays; the ping follows the acknowledgment. */
static void test_ping_spares_reply(struct kunit *test)
{
	u32 w[2] = { 0x5, 1522 }, reply = 0;
	struct pf_ctx *ctx = test->priv;

	connect(test, 0);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, w, 2));
	serve(ctx);
	kawela_mbx_pf_notify_link(ctx->pf);
	KUNIT_EXPECT_NE(test, serve(ctx), KAWELA_MBX_IDLE);
	ctx->now += 500 * MS;
	KUNIT_EXPECT_EQ(test, serve(ctx), 500 * MS);

	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0xa0000005);
	KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x20000100);
}

/* A VF that never reads does not keep it away for ever. */
static void test_ping_after_silence(struct kunit *test)
{
	u32 w[2] = { 0x5, 1522 }, reply = 0;
	struct pf_ctx *ctx = test->priv;

	connect(test, 0);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, w, 2));
	serve(ctx);
	kawela_mbx_pf_notify_link(ctx->pf);
	ctx->now += serve(ctx);
	KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x20000100);
}

static u32 late_word[2];

/* A request that arrives after the causes were read, right before the ping. */
static int ops_reset_then_other_sends(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	struct pf_ctx *ctx = priv;

	stock_vf_send(&ctx->hw, 1, late_word, 2);
	return ops_reset(priv, vf, mac);
}

static void test_ping_spares_request(struct kunit *test)
{
	struct kawela_mbx_pf_ops ops = pf_ops;
	struct pf_ctx *ctx = test->priv;
	u32 w = 1, reply = 0;

	connect(test, 1);
	late_word[0] = 0x5;
	late_word[1] = 1522;
	ops.vf_reset = ops_reset_then_other_sends;
	ctx->pf->ops = &ops;
	ctx->pf->first = 0;
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, &w, 1));
	kawela_mbx_pf_notify_link(ctx->pf);

	/* VF 0's RESET is served first, VF 1 sends meanwhile, then VF 1 would be pinged. */
	KUNIT_EXPECT_EQ(test, serve(ctx), 0);
	ctx->pf->ops = &pf_ops;
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 1, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0xa0000005);
	KUNIT_EXPECT_EQ(test, ctx->vf[1].requests, 1);
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 1, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x20000100);
}

/* ---- hostile VFs ---- */

/* A second request over the first, before the PF took the buffer: one message, read once. */
static void test_request_twice(struct kunit *test)
{
	struct kawela_mbx_pf_ops ops = pf_ops;
	struct pf_ctx *ctx = test->priv;
	u32 w = 1, first[2] = { 0x5, 1000 };

	connect(test, 1);
	late_word[0] = 0x5;
	late_word[1] = 1522;
	ops.vf_reset = ops_reset_then_other_sends;
	ctx->pf->ops = &ops;
	ctx->pf->first = 0;
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, &w, 1));
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 1, first, 2));
	serve(ctx);
	ctx->pf->ops = &pf_ops;
	serve(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf[1].requests, 1);
	KUNIT_EXPECT_EQ(test, ctx->vf[1].last.max_frame, 1522);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 1).bad, 0);
}

static void hold_vfu(struct pf_ctx *ctx, u16 vf, u32 more)
{
	struct kawela_mbx_port port = fake_vf_port(&ctx->hw, vf);

	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_VFU | more);
}

/* REQ with VFU kept: back-off, RVFU once, then the request is served; others never wait. */
static void test_vfu_hold(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	unsigned int passes = 0;
	u64 delay, start;

	connect(test, 0);
	connect(test, 1);
	start = ctx->now;
	hold_vfu(ctx, 0, KW_V2P_REQ);
	for (delay = serve(ctx); delay != KAWELA_MBX_IDLE && passes < 100; delay = serve(ctx)) {
		KUNIT_ASSERT_GT(test, delay, 0);
		KUNIT_EXPECT_EQ(test, exchange1(test, 1, 0x5, 1522, 0), 0xa0000005);
		ctx->now += delay;
		passes++;
	}

	KUNIT_EXPECT_EQ(test, ctx->hw.revokes, 1);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).stuck, 1);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).busy, KAWELA_MBX_BUSY_TRIES);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).dropped, 0);
	KUNIT_EXPECT_LT(test, ctx->now - start, NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 1).busy, 0);
	connect(test, 0);
}

/* As QEMU has it, RVFU does not help: the message is given up, until the VF lets go. */
static void test_vfu_hold_for_good(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	unsigned int passes = 0;
	u64 delay;

	connect(test, 0);
	ctx->hw.rvfu_bug = true;
	hold_vfu(ctx, 0, KW_V2P_REQ);
	kawela_mbx_pf_notify_link(ctx->pf);
	for (delay = serve(ctx); delay != KAWELA_MBX_IDLE && passes < 100; delay = serve(ctx)) {
		ctx->now += delay;
		passes++;
	}

	KUNIT_EXPECT_LT(test, passes, 20);
	KUNIT_EXPECT_EQ(test, ctx->hw.revokes, 1);
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).dropped, 1);
	connect(test, 0);
}

/* The PF is busy for a while with VFU held by a VF that is merely slow. */
static void test_vfu_slow(struct kunit *test)
{
	u32 w[2] = { 0x5, 1522 }, reply = 0;
	struct pf_ctx *ctx = test->priv;
	u64 delay;

	connect(test, 0);
	kawela_mbx_pf_notify_link(ctx->pf);
	hold_vfu(ctx, 0, 0);
	delay = serve(ctx);
	KUNIT_EXPECT_EQ(test, delay, MS);
	KUNIT_EXPECT_EQ(test, serve(ctx), MS);
	ctx->now += delay;
	KUNIT_EXPECT_EQ(test, serve(ctx), 2 * MS);

	/* It finishes its message; that goes first, the ping after it was read. */
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, w, 2));
	ctx->now += 2 * MS;
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0xa0000005);
	serve(ctx);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
	KUNIT_EXPECT_EQ(test, reply, 0x20000100);
	KUNIT_EXPECT_EQ(test, ctx->hw.revokes, 0);
}

/* Over the limit a request waits in the buffer, unread, and is then served as if nothing was. */
static void test_throttle(struct kunit *test)
{
	u32 w[2] = { 0x5, 1522 }, reply = 0;
	struct pf_ctx *ctx = test->priv;
	unsigned int i;
	u64 delay;

	connect(test, 0);
	for (i = 1; i < KAWELA_MBX_LIMIT_BURST; i++)
		KUNIT_ASSERT_EQ(test, exchange1(test, 0, 0x5, 1522, 0), 0xa0000005);

	for (i = 0; i < 10; i++) {
		KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, w, 2));
		delay = serve(ctx);
		KUNIT_ASSERT_EQ(test, delay, 5 * MS);
		KUNIT_ASSERT_FALSE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
		ctx->now += delay;
		serve(ctx);
		KUNIT_ASSERT_TRUE(test, stock_vf_read(&ctx->hw, 0, &reply, 1));
		KUNIT_ASSERT_EQ(test, reply, 0xa0000005);
	}
	KUNIT_EXPECT_EQ(test, stats_of(ctx, 0).throttled, 10);

	/* Resetting buys nothing; the neighbour is not throttled. */
	fake_vf_flr(&ctx->hw, 0);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, w, 1));
	KUNIT_EXPECT_EQ(test, serve(ctx), 5 * MS);
	connect(test, 1);
}

/* Each pass serves one request of each VF, and starts with another VF. */
static void test_round_robin(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 w[2] = { 0x5, 1522 };
	unsigned int vf;

	for (vf = 0; vf < NUM_VFS; vf++)
		connect(test, vf);

	ctx->pf->first = 1;
	ctx->num_order = 0;
	memset(ctx->order, 0, sizeof(ctx->order));
	for (vf = 0; vf < NUM_VFS; vf++)
		KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, vf, w, 2));
	serve(ctx);
	for (vf = 0; vf < NUM_VFS; vf++)
		KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, vf, w, 2));
	serve(ctx);
	KUNIT_EXPECT_STREQ(test, ctx->order, "q1q2q0q2q0q1");
}

static void test_removed(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	u32 w[2] = { 0x5, 1522 };

	connect(test, 0);
	kawela_mbx_pf_notify_link(ctx->pf);
	ctx->removed_in_request = true;
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&ctx->hw, 0, w, 2));
	KUNIT_EXPECT_LT(test, serve(ctx), KAWELA_MBX_IDLE);
	KUNIT_EXPECT_EQ(test, serve(ctx), KAWELA_MBX_IDLE);
	KUNIT_EXPECT_EQ(test, ctx->vf[0].requests, 1);
	KUNIT_EXPECT_EQ(test, ctx->vf[1].requests, 0);
	kawela_mbx_pf_reset_begin(ctx->pf);
	kawela_mbx_pf_reset_end(ctx->pf);
	kawela_mbx_pf_disable(ctx->pf);
}

/* Any registers, any words, any order: the PF stays sane and a good VF is served. */
static void test_noise(struct kunit *test)
{
	struct pf_ctx *ctx = test->priv;
	struct kawela_mbx_port port;
	unsigned int i, k, bad_access;
	struct rnd_state rnd;
	u64 delay;

	connect(test, 2);
	prandom_seed_state(&rnd, 0x10ca);
	for (i = 0; i < 5000; i++) {
		port = fake_vf_port(&ctx->hw, i % 2);
		bad_access = ctx->hw.violations;
		for (k = 0; k < KAWELA_ABI_WORDS; k++)
			port.ops->wr32(port.hw, KW_VMBMEM(0) + 4 * k, prandom_u32_state(&rnd));
		if (i % 3)
			port.ops->wr32(port.hw, KW_VMBMEM(0),
				       prandom_u32_state(&rnd) & 0x20ff0007);
		if (i % 16 == 0)
			port.ops->wr32(port.hw, KW_VMBMEM(0), 1);
		port.ops->wr32(port.hw, KW_V2PMAILBOX, prandom_u32_state(&rnd) & 0xff);
		if (i % 64 == 0)
			port.ops->wr32(port.hw, KW_CTRL, KW_CTRL_RST);
		/* The VF's accesses break the rules; only the PF's count. */
		ctx->hw.violations = bad_access;

		if (i % 10 == 0)
			kawela_mbx_pf_notify_link(ctx->pf);
		delay = serve(ctx);
		ctx->now += delay == KAWELA_MBX_IDLE ? MS : min(delay, 10 * MS);
		if (i % 100 == 0)
			KUNIT_ASSERT_EQ(test, exchange1(test, 2, 0x5, 1522, 0), 0xa0000005);
	}
	KUNIT_EXPECT_GT(test, stats_of(ctx, 0).bad, 10);
	KUNIT_EXPECT_GT(test, ctx->vf[0].requests, 10);
}

static struct kunit_case pf_cases[] = {
	KUNIT_CASE(test_igbvf),
	KUNIT_CASE(test_dpdk),
	KUNIT_CASE(test_reset_without_mac),
	KUNIT_CASE(test_reset_refused),
	KUNIT_CASE(test_unknown_and_malformed),
	KUNIT_CASE(test_already_answered),
	KUNIT_CASE(test_renew),
	KUNIT_CASE(test_no_cts),
	KUNIT_CASE(test_bare_nack),
	KUNIT_CASE(test_bare_nack_and_flr),
	KUNIT_CASE(test_flr_before_request),
	KUNIT_CASE(test_flr_closes),
	KUNIT_CASE(test_flr_in_handler),
	KUNIT_CASE(test_pf_reset),
	KUNIT_CASE(test_enable_disable),
	KUNIT_CASE(test_ping),
	KUNIT_CASE(test_ping_spares_reply),
	KUNIT_CASE(test_ping_after_silence),
	KUNIT_CASE(test_ping_spares_request),
	KUNIT_CASE(test_request_twice),
	KUNIT_CASE(test_vfu_hold),
	KUNIT_CASE(test_vfu_hold_for_good),
	KUNIT_CASE(test_vfu_slow),
	KUNIT_CASE(test_throttle),
	KUNIT_CASE(test_round_robin),
	KUNIT_CASE(test_removed),
	KUNIT_CASE(test_noise),
	{}
};

static struct kunit_suite pf_suite = {
	.name = "kawela_mbx_pf",
	.init = pf_init,
	.exit = pf_exit,
	.test_cases = pf_cases,
};

kunit_test_suite(pf_suite);
