// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the VF end with a PF that answers config block messages with nonsense.
 *
 * Owns: nothing but its expectations. No locks; see fake_pair.h.
 */
#include <kunit/test.h>

#include "fake_blocks.h"

#define VF		FAKE_PAIR_VF
#define LONGEST		KAWELA_ABI_BLOCK_MAX

/* Bits of the reply that are turned over before the VF reads it. */
struct spoil {
	unsigned int word;
	u32 bits;
};

static struct spoil spoil;

static void spoil_reply(struct fake_pair *p)
{
	p->hw.mem[VF][spoil.word] ^= spoil.bits;
}

static void spoil_at(struct fake_pair *p, unsigned int at, struct spoil how)
{
	spoil = how;
	p->irqs = 0;
	p->after = spoil_reply;
	p->after_at = at;
}

static int reply_init(struct kunit *test)
{
	struct fake_pair *p;

	fake_blocks_init(test);
	fake_pair_connected(test);
	p = test->priv;
	fake_block(p, FAKE_BOTH)->len = 100;
	return 0;
}

/* Number, block, offset and length, in the first message and the second one. */
static void test_read(struct kunit *test)
{
	static const struct spoil how[] = {
		{ 0, 1 << 16 }, { 0, 1 << 23 }, { 0, 0x21 ^ 0x20 }, { 1, 1 }, { 1, 1u << 31 },
		{ 2, 52 }, { 2, 1 }, { 2, 128 << 16 }, { 2, 1u << 31 }, { 2, 100 << 16 },
	};
	struct fake_pair *p = test->priv;
	unsigned int i, at, got;
	u8 buf[LONGEST];

	for (i = 0; i < ARRAY_SIZE(how); i++) {
		for (at = 1; at <= 3; at += 2) {
			if (!kawela_mbx_vf_connected(p->vf))
				fake_pair_connected(test);
			spoil_at(p, at, how[i]);
			KUNIT_EXPECT_LT_MSG(test, kawela_mbx_block_read(p->vf, 3, buf, 100, &got),
					    0, "%u at %u", i, at);
			KUNIT_EXPECT_EQ(test, got, 0);
		}
	}

	/* A block that shrinks in the middle, though the first message was right. */
	spoil_at(p, 3, (struct spoil) { 2, (100 ^ 60) << 16 });
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, 3, buf, 100, &got), -EIO);
	p->after_at = 0;
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, 3, buf, 100, &got), 0);
	KUNIT_EXPECT_EQ(test, got, 100);
}

static void test_write(struct kunit *test)
{
	static const struct spoil how[] = { { 0, 1 << 16 }, { 1, 1 }, { 1, 1u << 31 } };
	struct fake_pair *p = test->priv;
	u8 buf[LONGEST] = {};
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(how); i++) {
		for (at = 1; at <= 5; at += 2) {
			spoil_at(p, at, how[i]);
			KUNIT_EXPECT_EQ_MSG(test, kawela_mbx_block_write(p->vf, 3, buf, LONGEST),
					    -EIO, "%u at %u", i, at);
		}
	}
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(p->vf));
}

/* A refusal without a reason, with one of a later age, and one that answers something else. */
static void test_refusal(struct kunit *test)
{
	static const struct spoil how[] = {
		{ 1, KAWELA_STATUS_NO_BLOCK }, { 1, 1u << 31 }, { 0, 1 << 16 },
	};
	struct fake_pair *p = test->priv;
	unsigned int i, got;
	u8 buf[LONGEST];

	for (i = 0; i < ARRAY_SIZE(how); i++) {
		spoil_at(p, 1, how[i]);
		KUNIT_EXPECT_EQ_MSG(test, kawela_mbx_block_read(p->vf, 99, buf, 8, &got), -EIO,
				    "%u", i);
	}
	p->after_at = 0;
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, 99, buf, 8, &got), -ENOENT);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(p->vf));
}

/* News that cannot be believed: what was told before is not taken, and told once more. */
static void test_news(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u64 mask;

	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	KUNIT_EXPECT_EQ(test, mask, FAKE_INVALID_ALL);
	kawela_mbx_block_invalidate(p->pf, VF, BIT_ULL(1));
	spoil_at(p, 1, (struct spoil) { 0, 1 << 16 });
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), -EIO);
	KUNIT_EXPECT_EQ(test, mask, 0);
	p->after_at = 0;
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	KUNIT_EXPECT_EQ(test, mask, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	KUNIT_EXPECT_EQ(test, mask, 0);
}

static struct kunit_case reply_cases[] = {
	KUNIT_CASE(test_read),
	KUNIT_CASE(test_write),
	KUNIT_CASE(test_refusal),
	KUNIT_CASE(test_news),
	{}
};

static struct kunit_suite reply_suite = {
	.name = "kawela_mbx_reply",
	.init = reply_init,
	.exit = fake_pair_exit,
	.test_cases = reply_cases,
};

kunit_test_suite(reply_suite);
