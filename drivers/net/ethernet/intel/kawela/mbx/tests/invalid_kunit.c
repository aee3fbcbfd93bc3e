// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of invalidation: what became invalid is told, until the VF says that it took it.
 *
 * Owns: nothing but its expectations. No locks; see fake_pair.h.
 */
#include <kunit/test.h>
#include <linux/math64.h>

#include "fake_blocks.h"

#define VF	FAKE_PAIR_VF

static int invalid_init(struct kunit *test)
{
	fake_blocks_init(test);
	fake_pair_connected(test);
	return 0;
}

static u64 news(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u64 mask = 0x5a5a;

	KUNIT_ASSERT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	return mask;
}

/* Take what there is at the begin of a session. */
static void settled(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	KUNIT_ASSERT_EQ(test, news(test), FAKE_INVALID_ALL);
	KUNIT_ASSERT_EQ(test, news(test), 0);
	fake_pair_serve(p);
	KUNIT_ASSERT_EQ(test, kawela_mbx_vf_poll(p->vf), 0);
}

static void invalidate(struct fake_pair *p, u64 mask)
{
	kawela_mbx_block_invalidate(p->pf, VF, mask);
	fake_pair_serve(p);
}

static unsigned long pings(struct fake_pair *p)
{
	return fake_pair_pf_stats(p, VF).pings;
}

/* Everything at the begin, only what can be invalidated, again until it is taken. */
static void test_begin(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, VF));
	KUNIT_EXPECT_EQ(test, news(test), FAKE_INVALID_ALL);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_level1(p->pf, VF));
	KUNIT_EXPECT_EQ(test, news(test), 0);
	KUNIT_EXPECT_EQ(test, news(test), 0);

	/* No word of it before the VF asked for the first time. */
	KUNIT_EXPECT_EQ(test, pings(p), 0);
}

static void test_told(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	settled(test);
	p->events = 0;
	invalidate(p, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, p->events, 1);
	KUNIT_EXPECT_EQ(test, pings(p), 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(p->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, news(test), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(p->vf), 0);
	KUNIT_EXPECT_EQ(test, pings(p), 1);
}

/* 63 is the last number there is a bit for; 64 has none, nor has a block that does not exist. */
static void test_numbers(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 buf[KAWELA_ABI_BLOCK_MAX];
	unsigned int got;

	settled(test);
	invalidate(p, BIT_ULL(63));
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(63));
	KUNIT_EXPECT_EQ(test, news(test), 0);
	invalidate(p, ~0ULL);
	KUNIT_EXPECT_EQ(test, news(test), FAKE_INVALID_ALL);
	KUNIT_EXPECT_EQ(test, news(test), 0);

	p->events = 0;
	invalidate(p, BIT_ULL(0) | BIT_ULL(4) | BIT_ULL(62));
	KUNIT_EXPECT_EQ(test, news(test), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, 64, buf, sizeof(buf), &got), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, 63, buf, sizeof(buf), &got), 0);
}

/* Any number of changes, one ring and one reply. */
static void test_coalesced(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int i;

	settled(test);
	for (i = 0; i < 1000; i++)
		kawela_mbx_block_invalidate(p->pf, VF, i % 2 ? BIT_ULL(1) : BIT_ULL(63));
	fake_pair_serve(p);
	KUNIT_EXPECT_EQ(test, pings(p), 1);
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1) | BIT_ULL(63));
	KUNIT_EXPECT_EQ(test, news(test), 0);

	/* Each with a ring of its own that the VF does not listen to. */
	for (i = 0; i < 3; i++)
		invalidate(p, BIT_ULL(1 + i));
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1) | BIT_ULL(2) | BIT_ULL(3));
	KUNIT_EXPECT_EQ(test, news(test), 0);
}

/* Other VFs hear nothing of it, nor does a VF that does not exist. */
static void test_others(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	settled(test);
	kawela_mbx_block_invalidate(p->pf, FAKE_PAIR_RAW, BIT_ULL(1));
	kawela_mbx_block_invalidate(p->pf, KW_MAX_VFS, BIT_ULL(1));
	kawela_mbx_block_invalidate(p->pf, 0xffff, BIT_ULL(1));
	fake_pair_serve(p);
	KUNIT_EXPECT_EQ(test, pings(p), 0);
	KUNIT_EXPECT_EQ(test, news(test), 0);
	KUNIT_EXPECT_EQ(test, p->hw.vf_irqs[FAKE_PAIR_RAW], 0);
}

/* A block that changes when it was told and not taken yet: told once more. */
static void test_again_before_taken(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	settled(test);
	invalidate(p, BIT_ULL(1) | BIT_ULL(2));
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1) | BIT_ULL(2));
	invalidate(p, BIT_ULL(2) | BIT_ULL(3));
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(2) | BIT_ULL(3));
	KUNIT_EXPECT_EQ(test, news(test), 0);
}

static void invalidate_2(struct fake_pair *p)
{
	kawela_mbx_block_invalidate(p->pf, VF, BIT_ULL(2));
}

/* While the message that takes it is under way: before the PF reads it, and before its reply is. */
static void test_again_when_taken(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int at, told;

	settled(test);
	p->before = invalidate_2;
	for (at = 1; at <= 2; at++) {
		invalidate(p, BIT_ULL(2));
		KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(2));
		p->irqs = 0;
		p->before_at = at;
		told = news(test) == BIT_ULL(2);
		p->before_at = 0;
		told += news(test) == BIT_ULL(2);
		KUNIT_EXPECT_EQ_MSG(test, told, 1, "interrupt %u", at);
		KUNIT_EXPECT_EQ(test, news(test), 0);
	}
}

static void invalidate_and_lose_reply(struct fake_pair *p)
{
	fake_pair_control_over_reply(p);
	kawela_mbx_block_invalidate(p->pf, VF, BIT_ULL(3));
}

/*
 * The reply that tells of a change is lost, and the message repeated: it cannot take what nobody
 * read. Block 2 changes before the first message is served, block 3 before the second one.
 */
static void test_reply_lost(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	settled(test);
	invalidate(p, BIT_ULL(2));
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(2));
	p->before = invalidate_2;
	p->before_at = 1;
	p->after = invalidate_and_lose_reply;
	p->after_at = 1;
	p->irqs = 0;
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(2) | BIT_ULL(3));
	KUNIT_EXPECT_GE(test, p->irqs, 4);
	KUNIT_EXPECT_EQ(test, news(test), 0);
}

/* A session breaks when something was told, taken or neither: all is invalid in the next one. */
static void test_reconnect(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int i;
	u64 mask;

	settled(test);
	for (i = 0; i < 3; i++) {
		invalidate(p, BIT_ULL(1));
		if (i)
			KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1));
		fake_vf_flr(&p->hw, VF);
		invalidate(p, BIT_ULL(2));
		if (i == 2)
			KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), -ENOTCONN);
		fake_pair_connected(test);
		KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, VF));
		KUNIT_EXPECT_EQ(test, news(test), FAKE_INVALID_ALL);
		KUNIT_EXPECT_EQ(test, news(test), 0);
	}

	/* What the VF driver took in the last session is not taken in this one. */
	invalidate(p, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1));
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, news(test), FAKE_INVALID_ALL);
	KUNIT_EXPECT_EQ(test, news(test), 0);
}

static void test_pf_reset(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	settled(test);
	invalidate(p, BIT_ULL(1));
	kawela_mbx_pf_reset_begin(p->pf);
	kawela_mbx_block_invalidate(p->pf, VF, BIT_ULL(2));
	fake_pf_reset(&p->hw);
	kawela_mbx_pf_reset_end(p->pf);
	fake_pf_reset_done(&p->hw);
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, news(test), FAKE_INVALID_ALL);
	KUNIT_EXPECT_EQ(test, news(test), 0);
}

/* Let a second pass in @steps steps. */
static void second(struct fake_pair *p, unsigned int steps)
{
	unsigned int i;

	for (i = 0; i < steps; i++) {
		p->now += NSEC_PER_SEC / steps;
		kawela_mbx_pf_service(p->pf, p->now);
	}
}

/* One that does not come is rung each second, and costs nothing else; the pass asks for it. */
static void test_rung_again(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int i;
	u64 delay;

	settled(test);
	p->hw.vf_irq = NULL;
	invalidate(p, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, pings(p), 1);
	delay = kawela_mbx_pf_service(p->pf, p->now);
	KUNIT_EXPECT_EQ(test, delay, NSEC_PER_SEC);
	p->now += delay - 1;
	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_service(p->pf, p->now), 1);
	KUNIT_EXPECT_EQ(test, pings(p), 1);
	p->now++;
	kawela_mbx_pf_service(p->pf, p->now);
	KUNIT_EXPECT_EQ(test, pings(p), 2);

	for (i = 0; i < 20; i++)
		second(p, 20);
	KUNIT_EXPECT_EQ(test, pings(p), 22);

	/* Told is not taken. */
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1));
	second(p, 20);
	KUNIT_EXPECT_EQ(test, pings(p), 23);
	KUNIT_EXPECT_EQ(test, news(test), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_service(p->pf, p->now), KAWELA_MBX_BEAT_NS);
	second(p, 20);
	KUNIT_EXPECT_EQ(test, pings(p), 23);
}

/* The ring is found however late, and by a driver that reads other blocks meanwhile. */
static void test_rung_while_reading(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 buf[KAWELA_ABI_BLOCK_MAX];
	unsigned int i, got;
	u64 start, seconds;

	settled(test);
	start = p->now;
	invalidate(p, BIT_ULL(1));
	for (i = 0; i < 100; i++) {
		p->now += NSEC_PER_SEC / 10;
		KUNIT_ASSERT_EQ(test, kawela_mbx_block_read(p->vf, 64, buf, 8, &got), 0);
		fake_pair_serve(p);
	}
	seconds = div_u64(p->now - start, NSEC_PER_SEC);
	KUNIT_EXPECT_GE(test, pings(p), seconds);
	KUNIT_EXPECT_LE(test, pings(p), seconds + 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(p->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1));
}

/* The ring that a request of the VF takes the place of is not lost. */
static void test_ring_before_request(struct kunit *test)
{
	static const struct kawela_msg lpe = { .id = KAWELA_MSG_SET_LPE, .max_frame = 1522 };
	struct fake_pair *p = test->priv;

	settled(test);
	invalidate(p, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_request(p->vf, &lpe), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(p->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1));
}

/* A VF that sits on its buffer: the ring is dropped, and comes a second later. */
static void test_buffer_held(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int i;

	settled(test);
	p->hw.rvfu_bug = true;
	p->hw.p2v[VF] |= KW_P2V_VFU;
	invalidate(p, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, VF).dropped, 1);
	KUNIT_EXPECT_EQ(test, pings(p), 0);
	p->hw.p2v[VF] &= ~KW_P2V_VFU;
	for (i = 0; i < 2; i++)
		second(p, 1);
	KUNIT_EXPECT_GE(test, pings(p), 1);
	KUNIT_EXPECT_EQ(test, news(test), BIT_ULL(1));
}

/* A suspended VF is not told; back in service, everything is. */
static void test_suspended(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long told;

	settled(test);
	kawela_mbx_pf_suspend_vf(p->pf, VF);
	fake_pair_serve(p);
	told = pings(p);
	invalidate(p, BIT_ULL(1));
	second(p, 4);
	second(p, 4);
	KUNIT_EXPECT_EQ(test, pings(p), told);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_level1(p->pf, VF));

	kawela_mbx_pf_resume_vf(p->pf, VF);
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, news(test), FAKE_INVALID_ALL);
}

static struct kunit_case invalid_cases[] = {
	KUNIT_CASE(test_begin),
	KUNIT_CASE(test_told),
	KUNIT_CASE(test_numbers),
	KUNIT_CASE(test_coalesced),
	KUNIT_CASE(test_others),
	KUNIT_CASE(test_again_before_taken),
	KUNIT_CASE(test_again_when_taken),
	KUNIT_CASE(test_reply_lost),
	KUNIT_CASE(test_reconnect),
	KUNIT_CASE(test_pf_reset),
	KUNIT_CASE(test_rung_again),
	KUNIT_CASE(test_rung_while_reading),
	KUNIT_CASE(test_ring_before_request),
	KUNIT_CASE(test_buffer_held),
	KUNIT_CASE(test_suspended),
	{}
};

static struct kunit_suite invalid_suite = {
	.name = "kawela_mbx_invalid",
	.init = invalid_init,
	.exit = fake_pair_exit,
	.test_cases = invalid_cases,
};

kunit_test_suite(invalid_suite);
