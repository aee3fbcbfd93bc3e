// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of discovery: ours find each other, stock drivers see level 0, words that are left over
 * in the buffer prove nothing.
 *
 * Owns: nothing but its expectations. No locks; see fake_pair.h.
 */
#include <kunit/test.h>
#include <linux/err.h>

#include "fake_blocks.h"

#define VF	FAKE_PAIR_VF
#define RAW	FAKE_PAIR_RAW

/* fake_pair_mac */
#define MAC_W1	0x12005452
#define MAC_W2	0x00005634

#define POISON	0xdead0000

static const u32 offer[KAWELA_ABI_WORDS] = { 1, 0x4157414b, 1 };

/* Every word of a buffer that nobody wrote yet. */
static void poison(struct fake_pair *p, u16 vf)
{
	unsigned int i;

	for (i = 0; i < KAWELA_ABI_WORDS; i++)
		p->hw.mem[vf][i] = POISON + i;
}

static void expect_poison(struct kunit *test, u16 vf, unsigned int from)
{
	struct fake_pair *p = test->priv;
	unsigned int i;

	for (i = from; i < KAWELA_ABI_WORDS; i++)
		KUNIT_EXPECT_EQ_MSG(test, p->hw.mem[vf][i], POISON + i, "word %u", i);
}

/* A stock driver: reset, RESET with one word; expects what it knows since 2009. */
static void stock_reset(struct kunit *test, u16 vf)
{
	struct fake_pair *p = test->priv;
	u32 w = 1, reply[3] = {};

	fake_vf_flr(&p->hw, vf);
	fake_pair_exchange(test, vf, &w, 1, reply, 3);
	KUNIT_EXPECT_EQ(test, reply[0], 0x80000001);
	KUNIT_EXPECT_EQ(test, reply[1], MAC_W1);
	KUNIT_EXPECT_EQ(test, reply[2], MAC_W2);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(p->pf, vf));
}

/* A stock driver at work: none of what it reads differs from level 0, for seconds. */
static void stock_session(struct kunit *test, u16 vf)
{
	u32 lpe[2] = { 0x5, 1522 }, vlan[2] = { 0x00010004, 7 };
	struct fake_pair *p = test->priv;
	unsigned long pings = fake_pair_pf_stats(p, vf).pings;
	unsigned int i;
	u32 w[2] = {};

	fake_pair_exchange(test, vf, lpe, 2, w, 1);
	KUNIT_EXPECT_EQ(test, w[0], 0xa0000005);
	fake_pair_exchange(test, vf, vlan, 2, w, 2);
	KUNIT_EXPECT_EQ(test, w[0], 0xa0010004);
	KUNIT_EXPECT_EQ(test, w[1], 7);

	kawela_mbx_block_invalidate(p->pf, vf, ~0ULL);
	for (i = 0; i < 50; i++) {
		p->now += NSEC_PER_SEC / 10;
		fake_pair_serve(p);
		KUNIT_ASSERT_FALSE(test, stock_vf_read(&p->hw, vf, w, 1));
	}
	kawela_mbx_pf_notify_link(p->pf);
	fake_pair_serve(p);
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&p->hw, vf, w, 1));
	KUNIT_EXPECT_EQ(test, w[0], 0x20000100);
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, vf).pings, pings + 1);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, vf));
}

/* ---- two of ours ---- */

static void test_ours(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u64 mask;

	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), 0);
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), KAWELA_FEATURES);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, VF));
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_level1(p->pf, VF));

	p->reset_err = -EADDRNOTAVAIL;
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), KAWELA_FEATURES);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, VF));

	/* Not of a session that did not come up, nor of one that is lost. */
	p->reset_err = -ENOSPC;
	KUNIT_EXPECT_EQ(test, fake_pair_connect(p), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), -ENOTCONN);
	p->reset_err = 0;
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), KAWELA_FEATURES);
	fake_vf_flr(&p->hw, VF);
	kawela_mbx_pf_notify_link(p->pf);
	fake_pair_serve(p);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(p->vf), KAWELA_MBX_VF_LOST);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), 0);
}

/*
 * A VF that says when it listens has its gates open from the answer to RESET on, and what is its
 * from its first request of level 0 on. One that does not say has both at once.
 */
static void test_listen(struct kunit *test)
{
	u32 request[KAWELA_ABI_WORDS] = { 5, 1522 }, reply[KAWELA_ABI_WORDS];
	u32 reset[KAWELA_ABI_WORDS] = { 1, 0x4157414b };
	u32 news[KAWELA_ABI_WORDS] = { 0x00010022 };
	struct fake_pair *p = test->priv;
	u32 features;

	for (features = 0; features <= KAWELA_FEATURES; features++) {
		bool says = features & KAWELA_FEATURE_LISTEN;

		p->readies = 0;
		p->grants = 0;
		reset[2] = features;
		fake_pair_exchange(test, RAW, reset, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
		KUNIT_EXPECT_EQ(test, p->grants, says);
		KUNIT_EXPECT_EQ(test, p->readies, !says);

		/* It begins anew. */
		fake_pair_exchange(test, RAW, reset, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
		if (features & KAWELA_FEATURE_BLOCKS)
			fake_pair_exchange(test, RAW, news, KAWELA_ABI_WORDS, reply,
					   KAWELA_ABI_WORDS);
		KUNIT_EXPECT_EQ(test, p->readies, 2 * !says);
		fake_pair_exchange(test, RAW, request, 2, reply, 1);
		KUNIT_EXPECT_EQ(test, p->readies, 1 + !says);
		fake_pair_exchange(test, RAW, request, 2, reply, 1);
		KUNIT_EXPECT_EQ(test, p->readies, 1 + !says);
	}
}

/* The words of it, in a buffer that was full of others. */
static void test_ours_words(struct kunit *test)
{
	static const u32 granted[] = { 0x80000001, MAC_W1, MAC_W2, 0x4157414b, 3 };
	static const u32 no_mac[] = { 0x40000001, 0, 0, 0x4157414b, 3 };
	struct fake_pair *p = test->priv;
	unsigned int i;

	poison(p, VF);
	fake_pair_connected(test);
	KUNIT_EXPECT_MEMEQ(test, p->hw.mem[VF], granted, sizeof(granted));
	for (i = ARRAY_SIZE(granted); i < KAWELA_ABI_WORDS; i++)
		KUNIT_EXPECT_EQ(test, p->hw.mem[VF][i], 0);

	p->reset_err = -EADDRNOTAVAIL;
	poison(p, VF);
	fake_pair_connected(test);
	KUNIT_EXPECT_MEMEQ(test, p->hw.mem[VF], no_mac, sizeof(no_mac));
}

/* A VF of a later age offers more than the PF knows, or only what it does not know. */
static void test_vf_knows_more(struct kunit *test)
{
	u32 more[KAWELA_ABI_WORDS] = { 1, 0x4157414b, 0xffffffff }, reply[KAWELA_ABI_WORDS];
	u32 other[KAWELA_ABI_WORDS] = { 1, 0x4157414b, 0xfffffffc };
	u32 news[KAWELA_ABI_WORDS] = { 0x00010022 };
	u32 later[KAWELA_ABI_WORDS] = { 0x00020030, 7, 7 };
	struct fake_pair *p = test->priv;

	fake_pair_exchange(test, RAW, more, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	KUNIT_EXPECT_EQ(test, reply[3], 0x4157414b);
	KUNIT_EXPECT_EQ(test, reply[4], 3);
	fake_pair_exchange(test, RAW, news, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	KUNIT_EXPECT_EQ(test, reply[0], 0xa0010022);
	KUNIT_EXPECT_EQ(test, reply[1], lower_32_bits(FAKE_INVALID_ALL));
	KUNIT_EXPECT_EQ(test, reply[2], upper_32_bits(FAKE_INVALID_ALL));

	/* A message of that later age. */
	fake_pair_exchange(test, RAW, later, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	KUNIT_EXPECT_EQ(test, reply[0], 0x60020030);
	KUNIT_EXPECT_EQ(test, reply[1], KAWELA_STATUS_FAILED);
	KUNIT_EXPECT_EQ(test, reply[2], 0);

	/* Nothing in common is nothing. */
	fake_pair_exchange(test, RAW, other, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	KUNIT_EXPECT_EQ(test, reply[3] == 0x4157414b && reply[4] & 0xfffffffc, 0);
	fake_pair_exchange(test, RAW, news, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	KUNIT_EXPECT_EQ(test, reply[0], 0x60010022);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, RAW));
}

static void pf_says(struct fake_pair *p, u32 magic, u32 features)
{
	p->hw.mem[VF][3] = magic;
	p->hw.mem[VF][4] = features;
}

static void pf_knows_more(struct fake_pair *p)
{
	pf_says(p, KAWELA_ABI_MAGIC, ~0u);
}

static void pf_knows_other(struct fake_pair *p)
{
	pf_says(p, KAWELA_ABI_MAGIC, ~(u32)KAWELA_FEATURES);
}

static void pf_without_magic(struct fake_pair *p)
{
	pf_says(p, KAWELA_ABI_MAGIC ^ BIT(31), ~0u);
}

static u32 features_if(struct kunit *test, void (*answer)(struct fake_pair *p))
{
	struct fake_pair *p = test->priv;

	p->after = answer;
	p->irqs = 0;
	p->after_at = 2;	/* after the reset of the VF: RESET */
	fake_pair_connected(test);
	p->after_at = 0;
	return kawela_mbx_vf_features(p->vf);
}

static void test_pf_knows_more(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, features_if(test, pf_knows_more), KAWELA_FEATURES);
	KUNIT_EXPECT_EQ(test, features_if(test, pf_knows_other), 0);
	KUNIT_EXPECT_EQ(test, features_if(test, pf_without_magic), 0);
}

/* A PF driver without blocks is one of level 0. */
static void test_pf_without_blocks(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u64 mask;

	p->pf->num_blocks = 0;
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), 0);
	KUNIT_EXPECT_EQ(test, p->hw.mem[VF][3], 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), -EOPNOTSUPP);
}

/* The PF's driver is loaded anew under a VF that runs. */
static void test_pf_reloaded(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	const struct kawela_mbx_pf_ops *ops = p->pf->ops;
	struct kawela_mbx_port port = fake_pf_port(&p->hw);
	unsigned int with_blocks;
	u64 mask;

	for (with_blocks = 0; with_blocks < 2; with_blocks++) {
		fake_pair_connected(test);
		KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask),
				p->pf->num_blocks ? 0 : -EOPNOTSUPP);
		kawela_mbx_pf_destroy(p->pf);
		p->pf = kawela_mbx_pf_create_on(&port, "fake", KW_MAX_VFS, ops, p, NULL);
		KUNIT_ASSERT_FALSE(test, IS_ERR(p->pf));
		if (with_blocks)
			kawela_mbx_block_register(p->pf, fake_blocks, FAKE_NUM_BLOCKS);
		KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(p->pf, KW_MAX_VFS), 0);
		KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, VF));
		kawela_mbx_block_invalidate(p->pf, VF, ~0ULL);
		fake_pair_serve(p);

		if (!with_blocks)
			KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), -ENOTCONN);
		else
			KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), -EOPNOTSUPP);
		fake_pair_connected(test);
		KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf),
				with_blocks ? KAWELA_FEATURES : 0);
	}
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	KUNIT_EXPECT_EQ(test, mask, FAKE_INVALID_ALL);
}

/* ---- a stock VF driver with our PF ---- */

static void test_stock_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	poison(p, RAW);
	stock_reset(test, RAW);
	expect_poison(test, RAW, 3);
	stock_session(test, RAW);
	expect_poison(test, RAW, 3);

	p->reset_err = -ENOSPC;
	poison(p, RAW);
	fake_vf_flr(&p->hw, RAW);
	p->hw.mem[RAW][0] = 0;
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&p->hw, RAW, &(u32) { 1 }, 1));
	KUNIT_EXPECT_EQ(test, p->hw.mem[RAW][0], 0x40000000);
	expect_poison(test, RAW, 3);
}

/* Level 1 is not for whom did not offer it: answered as any unknown message, with one word. */
static void test_not_offered(struct kunit *test)
{
	static const u32 ids[] = { 0x00010020, 0x00010021, 0x00010022 };
	u32 w[KAWELA_ABI_WORDS] = {}, reply[KAWELA_ABI_WORDS];
	struct fake_pair *p = test->priv;
	unsigned int i;

	stock_reset(test, RAW);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		w[0] = ids[i];
		w[1] = 3;
		w[2] = 0x00080000;
		w[15] = 0x1234;
		fake_pair_exchange(test, RAW, w, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
		KUNIT_EXPECT_EQ(test, reply[0], ids[i] | 0x60000000);
		KUNIT_EXPECT_MEMEQ(test, &reply[1], &w[1], sizeof(w) - sizeof(w[0]));
	}
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, RAW));
	KUNIT_EXPECT_EQ(test, fake_block(p, FAKE_BOTH)->reads, 0);
	KUNIT_EXPECT_EQ(test, fake_block(p, FAKE_BOTH)->writes, 0);
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, RAW).bad, ARRAY_SIZE(ids));
}

/* ---- a stock driver after ours, in the same buffer ---- */

/* Ours ran, and left by the book. */
static void test_stock_after_ours(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 buf[KAWELA_ABI_BLOCK_MAX];
	unsigned int got;

	fake_pair_connected(test);
	p->hw.vf_irq = NULL;
	stock_reset(test, VF);
	stock_session(test, VF);
	p->hw.mem[VF][0] = 0;

	/* In the middle of a transfer, of a block whose number is the magic. */
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, KAWELA_ABI_MAGIC, buf, 1, &got),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, 3, buf, sizeof(buf), &got), 0);
	stock_reset(test, VF);
	stock_session(test, VF);
}

/* The PF refused the RESET of ours: the offer must not be there under the next one. */
static void test_refused_offer(struct kunit *test)
{
	u32 w = 1, reply[KAWELA_ABI_WORDS];
	struct fake_pair *p = test->priv;

	p->reset_err = -ENOSPC;
	fake_vf_flr(&p->hw, RAW);
	fake_pair_exchange(test, RAW, offer, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	KUNIT_EXPECT_EQ(test, reply[0], 0x40000000);
	KUNIT_EXPECT_EQ(test, reply[1], 0);
	KUNIT_EXPECT_EQ(test, reply[2], 0);
	KUNIT_EXPECT_EQ(test, reply[3], 0);

	p->reset_err = 0;
	fake_pair_exchange(test, RAW, &w, 1, reply, 5);
	KUNIT_EXPECT_EQ(test, reply[0], 0x80000001);
	KUNIT_EXPECT_EQ(test, reply[3], 0);
	KUNIT_EXPECT_EQ(test, p->pf->session[RAW].offered, 0);
	stock_session(test, RAW);
}

/* The granted one likewise, with an address and without. */
static void test_granted_offer(struct kunit *test)
{
	u32 w = 1, reply[KAWELA_ABI_WORDS];
	struct fake_pair *p = test->priv;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		p->reset_err = i ? -EADDRNOTAVAIL : 0;
		fake_pair_exchange(test, RAW, offer, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
		KUNIT_EXPECT_EQ(test, reply[3], 0x4157414b);
		KUNIT_EXPECT_EQ(test, p->pf->session[RAW].offered, 1);
		fake_vf_flr(&p->hw, RAW);
		fake_pair_exchange(test, RAW, &w, 1, reply, 3);
		KUNIT_EXPECT_EQ(test, reply[1], i ? 0 : MAC_W1);
		KUNIT_EXPECT_EQ(test, p->pf->session[RAW].offered, 0);
		stock_session(test, RAW);
	}
}

/* Ours was killed before the PF read its offer; the stock driver writes one word over it. */
static void test_unread_offer(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	p->hw.pf_irq = NULL;
	fake_vf_flr(&p->hw, RAW);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&p->hw, RAW, offer, KAWELA_ABI_WORDS));
	fake_vf_flr(&p->hw, RAW);
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&p->hw, RAW, &(u32) { 1 }, 1));
	fake_pair_serve(p);
	KUNIT_EXPECT_EQ(test, p->pf->session[RAW].offered, 1);
	KUNIT_EXPECT_EQ(test, p->hw.mem[RAW][0], 0x80000001);
	KUNIT_EXPECT_EQ(test, p->hw.mem[RAW][1], MAC_W1);
	KUNIT_EXPECT_EQ(test, p->hw.mem[RAW][2], MAC_W2);

	/* From here on, as ever. */
	KUNIT_EXPECT_TRUE(test, stock_vf_read(&p->hw, RAW, &(u32) { 0 }, 1));
	fake_pair_serve(p);
	p->hw.pf_irq = NULL;
	kawela_mbx_block_invalidate(p->pf, RAW, ~0ULL);
	p->now += 3 * NSEC_PER_SEC;
	fake_pair_serve(p);
	KUNIT_EXPECT_FALSE(test, stock_vf_read(&p->hw, RAW, &(u32) { 0 }, 1));
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, RAW));
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, RAW).pings, 0);
}

/* And the same, at work, with interrupts. */
static void test_unread_offer_session(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	void (*irq)(void *priv) = p->hw.pf_irq;

	p->hw.pf_irq = NULL;
	KUNIT_ASSERT_TRUE(test, stock_vf_send(&p->hw, RAW, offer, KAWELA_ABI_WORDS));
	p->hw.pf_irq = irq;
	stock_reset(test, RAW);
	stock_session(test, RAW);
}

static int discover_init(struct kunit *test)
{
	return fake_blocks_init(test);
}

static struct kunit_case discover_cases[] = {
	KUNIT_CASE(test_ours),
	KUNIT_CASE(test_listen),
	KUNIT_CASE(test_ours_words),
	KUNIT_CASE(test_vf_knows_more),
	KUNIT_CASE(test_pf_knows_more),
	KUNIT_CASE(test_pf_without_blocks),
	KUNIT_CASE(test_pf_reloaded),
	KUNIT_CASE(test_stock_vf),
	KUNIT_CASE(test_not_offered),
	KUNIT_CASE(test_stock_after_ours),
	KUNIT_CASE(test_refused_offer),
	KUNIT_CASE(test_granted_offer),
	KUNIT_CASE(test_unread_offer),
	KUNIT_CASE(test_unread_offer_session),
	{}
};

static struct kunit_suite discover_suite = {
	.name = "kawela_mbx_discover",
	.init = discover_init,
	.exit = fake_pair_exit,
	.test_cases = discover_cases,
};

/* ---- our VF with stock igb ---- */

static void expect_level0(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int i;

	for (i = 0; i < p->igb.num_seen; i++)
		KUNIT_EXPECT_LT(test, p->igb.seen[i] & 0xffff, 0x20);
}

static void test_stock_pf(struct kunit *test)
{
	static const struct kawela_msg lpe = { .id = KAWELA_MSG_SET_LPE, .max_frame = 1522 };
	struct fake_pair *p = test->priv;
	u8 buf[KAWELA_ABI_BLOCK_MAX];
	unsigned int got;
	u64 mask = 1;

	/* What another PF driver of ours once wrote there. */
	pf_says(p, KAWELA_ABI_MAGIC, ~0u);
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, 1, buf, 8, &got), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_write(p->vf, 10, buf, 96), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, mask, 0);
	stock_pf_ping(&p->igb);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(p->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(p->vf, &lpe), 0);
	KUNIT_EXPECT_EQ(test, p->igb.num_seen, 2);
	expect_level0(test);

	/* igb writes over the offer, or its own answer to it. */
	p->igb.ping_over_request = true;
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), 0);
	p->igb.ping_over_reply = true;
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), 0);
	expect_level0(test);
}

static struct kunit_case igb_cases[] = {
	KUNIT_CASE(test_stock_pf),
	{}
};

static struct kunit_suite igb_suite = {
	.name = "kawela_mbx_discover_igb",
	.init = fake_pair_init_vf,
	.exit = fake_pair_exit,
	.test_cases = igb_cases,
};

kunit_test_suites(&discover_suite, &igb_suite);
