// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the transports of config blocks: which one is used, and that a caller cannot tell.
 *
 * Owns: the model of Hyper-V's calls, and a transport that does what a test says. No locks: all
 * happens in the VF's thread.
 */
#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/err.h>
#include <linux/string.h>

#include "fake_hw.h"

#define VF		3
#define ALL		(~0ULL)
#define MAILBOX_FRAME	1522	/* host_frame of block MTU, by who says it */
#define HYPERV_FRAME	9018
#define ALL_OF_PF	(BIT_ULL(KAWELA_BLOCK_MTU) | BIT_ULL(KAWELA_BLOCK_GUEST))
#define MAX_LEN		KAWELA_ABI_BLOCK_MAX

/**
 * struct fake_hyperv - what Hyper-V's calls do
 * @gone: nobody provides them
 * @no_write: nobody provides that one
 * @magic: first word of IDENTITY
 * @err: what reads of other blocks, and writes, return
 * @identity_err: what reads of IDENTITY return
 * @force: reads say that they returned @bytes
 * @bytes: see @force
 * @reads: calls, of blocks besides IDENTITY
 * @writes: calls
 * @written: content of the last one
 * @context: who listens
 * @invalidate: how
 */
struct fake_hyperv {
	bool gone;
	bool no_write;
	u32 magic;
	int err;
	int identity_err;
	bool force;
	unsigned int bytes;
	unsigned int reads;
	unsigned int writes;
	u8 written[MAX_LEN];
	void *context;
	void (*invalidate)(void *context, u64 mask);
};

struct hv_ctx {
	struct fake_hw hw;
	struct fake_hyperv hv;
	struct stock_pf igb;
	struct kawela_mbx_pf *pf;	/* the other end, or @igb */
	struct kawela_mbx_vf *vf;
	u64 now;
	bool serving;
	unsigned int events;
	unsigned int mailbox_writes;
};

/* ---- Hyper-V ---- */

static int fake_read(struct pci_dev *pdev, void *buf, unsigned int len, unsigned int id,
		     unsigned int *returned)
{
	struct fake_hyperv *hv = (struct fake_hyperv *)pdev;
	struct kawela_block_identity identity = { .magic = cpu_to_le32(hv->magic) };
	struct kawela_block_mtu mtu = { .host_frame = cpu_to_le32(HYPERV_FRAME) };
	bool is_identity = id == KAWELA_BLOCK_IDENTITY;
	int err = is_identity ? hv->identity_err : hv->err;

	if (hv->gone)
		return -EOPNOTSUPP;
	if (!is_identity)
		hv->reads++;
	if (err)
		return err;

	/* What is behind the returned bytes may be anything. */
	memset(buf, 0xa5, len);
	*returned = is_identity ? sizeof(identity) : sizeof(mtu);
	*returned = min(*returned, len);
	if (is_identity)
		memcpy(buf, &identity, *returned);
	else
		memcpy(buf, &mtu, *returned);
	if (hv->force)
		*returned = hv->bytes;
	return 0;
}

static int fake_write(struct pci_dev *pdev, void *buf, unsigned int len, unsigned int id)
{
	struct fake_hyperv *hv = (struct fake_hyperv *)pdev;

	if (hv->gone || hv->no_write)
		return -EOPNOTSUPP;
	hv->writes++;
	memcpy(hv->written, buf, len);
	memset(buf, 0, len);
	return hv->err;
}

static int fake_listen(struct pci_dev *pdev, void *context,
		       void (*invalidate)(void *context, u64 mask))
{
	struct fake_hyperv *hv = (struct fake_hyperv *)pdev;

	if (hv->gone)
		return -EOPNOTSUPP;
	hv->context = context;
	hv->invalidate = invalidate;
	return 0;
}

static const struct kawela_mbx_hyperv_calls fake_calls = {
	.read	= fake_read,
	.write	= fake_write,
	.listen	= fake_listen,
};

/* As the tasklet of the bus driver does it. */
static void hv_invalidate(struct hv_ctx *ctx, u64 mask)
{
	local_bh_disable();
	ctx->hv.invalidate(ctx->hv.context, mask);
	local_bh_enable();
}

/* ---- both ends ---- */

static void on_event(void *priv)
{
	struct hv_ctx *ctx = priv;

	ctx->events++;
}

static const struct kawela_mbx_vf_ops vf_ops = { .event = on_event };

static void ops_flr(void *priv, u16 vf)
{
}

static int ops_reset(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	return -EADDRNOTAVAIL;
}

static int ops_request(void *priv, u16 vf, const struct kawela_msg *msg)
{
	return 0;
}

static const struct kawela_mbx_pf_ops pf_ops = {
	.vf_flr		= ops_flr,
	.vf_reset	= ops_reset,
	.vf_ready	= ops_flr,
	.vf_request	= ops_request,
};

static int mtu_read(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX])
{
	struct kawela_block_mtu mtu = { .host_frame = cpu_to_le32(MAILBOX_FRAME) };

	memcpy(buf, &mtu, sizeof(mtu));
	return sizeof(mtu);
}

static int guest_write(void *priv, u16 vf, const u8 *buf, unsigned int len)
{
	struct hv_ctx *ctx = priv;

	ctx->mailbox_writes++;
	return 0;
}

static const struct kawela_mbx_block blocks[] = {
	{ .id = KAWELA_BLOCK_MTU, .read = mtu_read },
	{ .id = KAWELA_BLOCK_GUEST, .write = guest_write },
};

static void on_pf_irq(void *priv)
{
	struct hv_ctx *ctx = priv;
	unsigned int passes = 0;
	u64 delay;

	if (!ctx->pf) {
		stock_pf_irq(&ctx->igb);
		return;
	}
	if (ctx->serving)
		return;

	/* A short time passes, but not the second until the VF would be rung again. */
	ctx->serving = true;
	do {
		delay = kawela_mbx_pf_service(ctx->pf, ctx->now);
		if (delay < NSEC_PER_SEC / 2)
			ctx->now += delay;
	} while (delay < NSEC_PER_SEC / 2 && ++passes < 50);
	ctx->serving = false;
}

/* Hyper-V, and igb behind the mailbox. */
static int stock_init(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct hv_ctx *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->now = NSEC_PER_SEC;
	fake_hw_init(&ctx->hw);
	ctx->hw.priv = ctx;
	ctx->hw.pf_irq = on_pf_irq;
	ctx->igb.hw = &ctx->hw;
	ctx->igb.vf = VF;
	ctx->hv.magic = KAWELA_ABI_MAGIC;

	port = fake_vf_port(&ctx->hw, VF);
	ctx->vf = kawela_mbx_vf_create_on(&port, "fake", &vf_ops, ctx);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->vf));
	ctx->vf->hyperv = &fake_calls;
	ctx->vf->pdev = (struct pci_dev *)&ctx->hv;
	ctx->vf->times = (struct kawela_mbx_vf_times) {
		.rsti = 20, .take = 10, .ack = 30, .reply = 40, .merge = 10,
	};
	return 0;
}

/* Hyper-V, and our PF behind the mailbox. */
static int ours_init(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct hv_ctx *ctx;

	stock_init(test);
	ctx = test->priv;
	port = fake_pf_port(&ctx->hw);
	ctx->pf = kawela_mbx_pf_create_on(&port, "fake", KW_MAX_VFS, &pf_ops, ctx, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->pf));
	KUNIT_ASSERT_EQ(test, kawela_mbx_block_register(ctx->pf, blocks, ARRAY_SIZE(blocks)), 0);
	KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(ctx->pf, KW_MAX_VFS), 0);
	return 0;
}

static void hv_exit(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	if (!ctx)
		return;
	if (!IS_ERR_OR_NULL(ctx->vf)) {
		ctx->hv.gone = false;
		kawela_mbx_vf_destroy(ctx->vf);
		KUNIT_EXPECT_PTR_EQ(test, ctx->hv.context, NULL);
		KUNIT_EXPECT_TRUE(test, !ctx->hv.invalidate);
	}
	if (!IS_ERR_OR_NULL(ctx->pf))
		kawela_mbx_pf_destroy(ctx->pf);
	KUNIT_EXPECT_EQ(test, ctx->hw.violations, 0);
}

static void connect(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;
	bool has_mac;
	u8 mac[ETH_ALEN];

	KUNIT_ASSERT_EQ(test, kawela_mbx_vf_connect(ctx->vf, mac, &has_mac), 0);
}

static const char *way(struct hv_ctx *ctx)
{
	return ctx->vf->transport->name;
}

/* Block MTU's host_frame, or an errno. */
static int frame_of(struct hv_ctx *ctx)
{
	struct kawela_block_mtu mtu;
	unsigned int bytes;
	int err;

	err = kawela_mbx_block_read(ctx->vf, KAWELA_BLOCK_MTU, &mtu, sizeof(mtu), &bytes);
	return err ?: (int)le32_to_cpu(mtu.host_frame);
}

static int write_guest(struct hv_ctx *ctx)
{
	static const struct kawela_block_guest guest = { .driver = "a driver" };

	return kawela_mbx_block_write(ctx->vf, KAWELA_BLOCK_GUEST, &guest, sizeof(guest));
}

static u64 news_of(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;
	u64 mask;

	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(ctx->vf, &mask), 0);
	return mask;
}

/* ---- who is asked ---- */

static void test_answers(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	connect(test);
	KUNIT_EXPECT_STREQ(test, way(ctx), "hyperv");
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(ctx->vf),
			ctx->pf ? KAWELA_FEATURES : KAWELA_FEATURE_BLOCKS);
	KUNIT_EXPECT_EQ(test, frame_of(ctx), HYPERV_FRAME);
	KUNIT_EXPECT_EQ(test, write_guest(ctx), 0);
	KUNIT_EXPECT_STREQ(test, (char *)ctx->hv.written, "a driver");
	KUNIT_EXPECT_EQ(test, ctx->mailbox_writes, 0);
}

/* An IDENTITY that is none of ours, or no IDENTITY at all: the mailbox, if its PF knows blocks. */
static void not_chosen(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;
	u64 mask;

	connect(test);
	KUNIT_EXPECT_STREQ(test, way(ctx), "mailbox");
	KUNIT_EXPECT_TRUE(test, !ctx->hv.invalidate);
	if (ctx->pf) {
		KUNIT_EXPECT_EQ(test, frame_of(ctx), MAILBOX_FRAME);
		KUNIT_EXPECT_EQ(test, write_guest(ctx), 0);
		KUNIT_EXPECT_EQ(test, news_of(test), ALL_OF_PF);
		return;
	}
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(ctx->vf), 0);
	KUNIT_EXPECT_EQ(test, frame_of(ctx), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, write_guest(ctx), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(ctx->vf, &mask), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
}

static void test_not_chosen(struct kunit *test)
{
	static const struct fake_hyperv others[] = {
		{ .gone = true, .magic = KAWELA_ABI_MAGIC },
		{ .magic = KAWELA_ABI_MAGIC + 1 },
		{ .magic = KAWELA_ABI_MAGIC, .identity_err = -EIO },
		{ .magic = KAWELA_ABI_MAGIC, .identity_err = -ENODEV },
		{ .magic = KAWELA_ABI_MAGIC, .force = true, .bytes = 0 },
		{ .magic = KAWELA_ABI_MAGIC, .force = true, .bytes = 3 },
		{ .magic = KAWELA_ABI_MAGIC, .force = true, .bytes = MAX_LEN + 1 },
	};
	struct hv_ctx *ctx = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		ctx->hv = others[i];
		not_chosen(test);
		KUNIT_EXPECT_EQ(test, ctx->hv.reads + ctx->hv.writes, 0);
	}
	ctx->vf->hyperv = NULL;
	not_chosen(test);
}

/* An older host has a shorter IDENTITY. */
static void test_short_identity(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	ctx->hv.force = true;
	ctx->hv.bytes = 4;
	connect(test);
	KUNIT_EXPECT_STREQ(test, way(ctx), "hyperv");
}

/* Each session chooses. */
static void test_next_session(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	connect(test);
	KUNIT_EXPECT_STREQ(test, way(ctx), "hyperv");
	ctx->hv.magic = 0;
	connect(test);
	KUNIT_EXPECT_STREQ(test, way(ctx), "mailbox");
	ctx->hv.magic = KAWELA_ABI_MAGIC;
	connect(test);
	KUNIT_EXPECT_STREQ(test, way(ctx), "hyperv");
	KUNIT_EXPECT_EQ(test, news_of(test), ALL);
}

/* ---- the provider goes, or comes ---- */

static void gone_in_the_middle(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	ctx->hv.gone = false;
	connect(test);
	KUNIT_EXPECT_EQ(test, news_of(test), ALL);
	KUNIT_EXPECT_EQ(test, news_of(test), 0);
	KUNIT_ASSERT_STREQ(test, way(ctx), "hyperv");
	ctx->events = 0;
	ctx->mailbox_writes = 0;
	ctx->hv.gone = true;
}

/* The caller is told that the new way has news. */
static void expect_fallen_back(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	KUNIT_EXPECT_STREQ(test, way(ctx), "mailbox");
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, news_of(test), ALL_OF_PF);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
	KUNIT_EXPECT_EQ(test, news_of(test), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(ctx->vf), KAWELA_FEATURES);
}

static void test_fall_back(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	gone_in_the_middle(test);
	KUNIT_EXPECT_EQ(test, frame_of(ctx), MAILBOX_FRAME);
	expect_fallen_back(test);

	gone_in_the_middle(test);
	KUNIT_EXPECT_EQ(test, write_guest(ctx), 0);
	KUNIT_EXPECT_EQ(test, ctx->mailbox_writes, 1);
	expect_fallen_back(test);

	gone_in_the_middle(test);
	KUNIT_EXPECT_EQ(test, news_of(test), ALL_OF_PF);
	KUNIT_EXPECT_STREQ(test, way(ctx), "mailbox");
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
}

/* No other way: the calls say so until the provider is back, and then everything is news. */
static void test_no_way(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;
	u64 mask;

	gone_in_the_middle(test);
	KUNIT_EXPECT_EQ(test, frame_of(ctx), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, write_guest(ctx), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(ctx->vf, &mask), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, ctx->events, 0);

	ctx->hv.gone = false;
	KUNIT_EXPECT_EQ(test, frame_of(ctx), HYPERV_FRAME);
	KUNIT_EXPECT_EQ(test, news_of(test), ALL);
	KUNIT_EXPECT_EQ(test, news_of(test), 0);
}

/* A provider that comes in the middle of a session is found by who needs it. */
static void test_comes_late(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	ctx->hv.gone = true;
	connect(test);
	KUNIT_EXPECT_EQ(test, frame_of(ctx), -EOPNOTSUPP);
	ctx->hv.gone = false;
	KUNIT_EXPECT_EQ(test, frame_of(ctx), HYPERV_FRAME);
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, news_of(test), ALL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
}

/* It reads but does not write: that is no reason to change. */
static void test_no_write(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	ctx->hv.no_write = true;
	connect(test);
	KUNIT_EXPECT_EQ(test, write_guest(ctx), -EOPNOTSUPP);
	KUNIT_EXPECT_STREQ(test, way(ctx), "hyperv");
	KUNIT_EXPECT_EQ(test, ctx->events, 0);
}

/* ---- errors ---- */

static void test_errnos(struct kunit *test)
{
	static const struct {
		int theirs;
		int ours;
	} errnos[] = {
		{ -EAGAIN, -EAGAIN }, { -ENODEV, -ENODEV }, { -ETIMEDOUT, -ETIMEDOUT },
		{ -EIO, -EIO }, { -EINVAL, -EIO }, { -ENOMEM, -EIO }, { -EPIPE, -EIO },
		{ -ENOTCONN, -EIO }, { -1, -EIO }, { 1, -EIO }, { 0x5a5a, -EIO },
	};
	struct hv_ctx *ctx = test->priv;
	unsigned int i;

	connect(test);
	for (i = 0; i < ARRAY_SIZE(errnos); i++) {
		ctx->hv.err = errnos[i].theirs;
		KUNIT_EXPECT_EQ(test, frame_of(ctx), errnos[i].ours);
		KUNIT_EXPECT_EQ(test, write_guest(ctx), errnos[i].ours);
	}
	KUNIT_EXPECT_STREQ(test, way(ctx), "hyperv");
	ctx->hv.err = 0;
	KUNIT_EXPECT_EQ(test, frame_of(ctx), HYPERV_FRAME);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(ctx->vf));
}

static void lengths(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;
	unsigned int bytes = 1;
	u8 buf[MAX_LEN + 1] = {};

	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 4, buf, 0, &bytes), -EINVAL);
	KUNIT_EXPECT_EQ(test, bytes, 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 4, buf, MAX_LEN + 1, &bytes),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_write(ctx->vf, 10, buf, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_write(ctx->vf, 10, buf, MAX_LEN + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 4, buf, MAX_LEN, &bytes), 0);
	KUNIT_EXPECT_EQ(test, bytes, sizeof(struct kawela_block_mtu));
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 4, buf, 1, &bytes), 0);
	KUNIT_EXPECT_EQ(test, bytes, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_write(ctx->vf, 10, buf, 1), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_write(ctx->vf, 10, buf, MAX_LEN), 0);
}

/* Refused before anything is sent, over either way. */
static void test_lengths(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;

	connect(test);
	lengths(test);
	KUNIT_EXPECT_EQ(test, ctx->hv.reads, 2);
	KUNIT_EXPECT_EQ(test, ctx->hv.writes, 2);

	ctx->hv.gone = true;
	connect(test);
	lengths(test);
	KUNIT_EXPECT_EQ(test, ctx->mailbox_writes, 2);
}

/* How many bytes a read returned, whatever the provider left in the buffer. */
static void test_returned(struct kunit *test)
{
	static const u8 zero[MAX_LEN];
	struct hv_ctx *ctx = test->priv;
	unsigned int bytes;
	u8 buf[MAX_LEN];

	connect(test);
	ctx->hv.force = true;

	ctx->hv.bytes = 0;
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 4, buf, MAX_LEN, &bytes), -EIO);
	KUNIT_EXPECT_EQ(test, bytes, 0);
	KUNIT_EXPECT_MEMEQ(test, buf, zero, MAX_LEN);

	ctx->hv.bytes = MAX_LEN + 1;
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 4, buf, MAX_LEN, &bytes), -EIO);
	KUNIT_EXPECT_EQ(test, bytes, 0);
	KUNIT_EXPECT_MEMEQ(test, buf, zero, MAX_LEN);

	/* More than was asked for, though a block may be so long. */
	ctx->hv.bytes = 9;
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 4, buf, 8, &bytes), -EIO);

	ctx->hv.bytes = 6;
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 4, buf, MAX_LEN, &bytes), 0);
	KUNIT_EXPECT_EQ(test, bytes, 6);
	KUNIT_EXPECT_MEMEQ(test, buf + 6, zero, MAX_LEN - 6);
	KUNIT_EXPECT_EQ(test, buf[4] | buf[5] << 8, HYPERV_FRAME);
}

/* Blocks belong to a session, and to a function that is there. */
static void test_no_session(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;
	u64 mask;

	connect(test);
	ctx->igb.cts = false;
	stock_pf_ping(&ctx->igb);
	KUNIT_ASSERT_TRUE(test, kawela_mbx_vf_poll(ctx->vf) & KAWELA_MBX_VF_LOST);
	KUNIT_EXPECT_EQ(test, frame_of(ctx), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, write_guest(ctx), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(ctx->vf, &mask), -ENOTCONN);
	hv_invalidate(ctx, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf) & KAWELA_MBX_VF_LINK, 0);
	KUNIT_EXPECT_EQ(test, ctx->hv.reads + ctx->hv.writes, 0);

	connect(test);
	kawela_mbx_vf_abort(ctx->vf);
	KUNIT_EXPECT_EQ(test, frame_of(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, write_guest(ctx), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(ctx->vf, &mask), -ENODEV);
	KUNIT_EXPECT_EQ(test, ctx->hv.reads + ctx->hv.writes, 0);
}

/* ---- invalidation ---- */

static void test_invalidate(struct kunit *test)
{
	struct hv_ctx *ctx = test->priv;
	unsigned int i;

	connect(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, news_of(test), ALL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
	ctx->events = 0;

	hv_invalidate(ctx, BIT_ULL(0) | BIT_ULL(63));
	KUNIT_EXPECT_EQ(test, ctx->events, 1);
	for (i = 0; i < 1000; i++)
		hv_invalidate(ctx, BIT_ULL(KAWELA_BLOCK_MTU));
	KUNIT_EXPECT_EQ(test, ctx->events, 1);

	/* Until somebody asks. */
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, news_of(test),
			BIT_ULL(0) | BIT_ULL(63) | BIT_ULL(KAWELA_BLOCK_MTU));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(ctx->vf), 0);
	KUNIT_EXPECT_EQ(test, news_of(test), 0);

	hv_invalidate(ctx, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, ctx->events, 2);
	connect(test);
	KUNIT_EXPECT_EQ(test, news_of(test), ALL);
}

/* The bus driver saw the callback of before and the context of after. */
static void test_late_invalidate(struct kunit *test)
{
	void (*invalidate)(void *context, u64 mask);
	struct hv_ctx *ctx = test->priv;

	connect(test);
	invalidate = ctx->hv.invalidate;
	KUNIT_ASSERT_TRUE(test, invalidate);
	ctx->events = 0;
	invalidate(NULL, ALL);
	KUNIT_EXPECT_EQ(test, ctx->events, 0);
}

/* ---- any transport ---- */

static int obedient_read(struct kawela_mbx_vf *m, u32 id, u8 *buf, unsigned int len,
			 unsigned int *returned)
{
	memset(buf, 0x5a, len);
	*returned = len;
	return id == 77 ? 0 : -EAGAIN;
}

static int obedient_write(struct kawela_mbx_vf *m, u32 id, const u8 *buf, unsigned int len)
{
	return id == 77 && len == 2 && buf[1] == 9 ? 0 : -EPERM;
}

static int obedient_news(struct kawela_mbx_vf *m, u64 *mask)
{
	*mask = 77;
	return 0;
}

static const struct kawela_mbx_transport obedient = {
	.name	= "obedient",
	.read	= obedient_read,
	.write	= obedient_write,
	.news	= obedient_news,
};

/* A third one needs nothing but its ops. */
static void test_any_transport(struct kunit *test)
{
	static const u8 zero[MAX_LEN];
	struct hv_ctx *ctx = test->priv;
	unsigned int bytes;
	u8 buf[MAX_LEN] = { 0, 9 };

	connect(test);
	ctx->vf->transport = &obedient;
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_write(ctx->vf, 77, buf, 2), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_write(ctx->vf, 78, buf, 2), -EPERM);
	KUNIT_EXPECT_EQ(test, news_of(test), 77);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 77, buf, MAX_LEN, &bytes), 0);
	KUNIT_EXPECT_EQ(test, bytes, MAX_LEN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(ctx->vf, 78, buf, MAX_LEN, &bytes), -EAGAIN);
	KUNIT_EXPECT_EQ(test, bytes, 0);
	KUNIT_EXPECT_MEMEQ(test, buf, zero, MAX_LEN);
}

static struct kunit_case stock_cases[] = {
	KUNIT_CASE(test_answers),
	KUNIT_CASE(test_not_chosen),
	KUNIT_CASE(test_short_identity),
	KUNIT_CASE(test_no_way),
	KUNIT_CASE(test_comes_late),
	KUNIT_CASE(test_no_write),
	KUNIT_CASE(test_errnos),
	KUNIT_CASE(test_returned),
	KUNIT_CASE(test_no_session),
	KUNIT_CASE(test_invalidate),
	KUNIT_CASE(test_late_invalidate),
	KUNIT_CASE(test_any_transport),
	{}
};

static struct kunit_suite stock_suite = {
	.name = "kawela_mbx_hyperv",
	.init = stock_init,
	.exit = hv_exit,
	.test_cases = stock_cases,
};

static struct kunit_case ours_cases[] = {
	KUNIT_CASE(test_answers),
	KUNIT_CASE(test_not_chosen),
	KUNIT_CASE(test_next_session),
	KUNIT_CASE(test_fall_back),
	KUNIT_CASE(test_no_write),
	KUNIT_CASE(test_lengths),
	KUNIT_CASE(test_invalidate),
	{}
};

static struct kunit_suite ours_suite = {
	.name = "kawela_mbx_hyperv_or_mailbox",
	.init = ours_init,
	.exit = hv_exit,
	.test_cases = ours_cases,
};

kunit_test_suites(&stock_suite, &ours_suite);
