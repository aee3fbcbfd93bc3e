// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of silence: a VF of level 1 that is not heard of is rung, and given up after a while.
 *
 * Owns: nothing but its expectations. No locks; see fake_pair.h.
 */
#include <kunit/test.h>

#include "fake_blocks.h"

#define VF	FAKE_PAIR_VF
#define GIVEN_UP_NS	((KAWELA_MBX_BEATS + 1) * KAWELA_MBX_BEAT_NS)

static int silence_init(struct kunit *test)
{
	fake_blocks_init(test);
	fake_pair_connected(test);
	return 0;
}

/* The VF uses level 1, and has taken all there is to tell. */
static void used(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u64 mask;

	KUNIT_ASSERT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	KUNIT_ASSERT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	fake_pair_serve(p);
	KUNIT_ASSERT_TRUE(test, kawela_mbx_pf_level1(p->pf, VF));
}

/* Let time pass, in steps that the PF end asks for. */
static void pass(struct kunit *test, u64 ns)
{
	struct fake_pair *p = test->priv;
	u64 end = p->now + ns, delay;
	unsigned int steps = 0;

	while (p->now < end) {
		KUNIT_ASSERT_LT(test, steps++, 100);
		delay = kawela_mbx_pf_service(p->pf, p->now);
		p->now += min(delay, end - p->now);
	}
	kawela_mbx_pf_service(p->pf, p->now);
}

/* Three rings, ten seconds apart; then its requests need a new session, and get one. */
static void test_given_up(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long pings;

	used(test);
	p->hw.vf_irq = NULL;
	p->flrs = 0;
	pings = fake_pair_pf_stats(p, VF).pings;
	pass(test, GIVEN_UP_NS - 1);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(p->pf, VF));
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, VF).pings, pings + KAWELA_MBX_BEATS);
	KUNIT_EXPECT_EQ(test, p->flrs, 0);

	pass(test, 1);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(p->pf, VF));
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, VF).silent, 1);
	KUNIT_EXPECT_EQ(test, p->flrs, 1);
	KUNIT_EXPECT_EQ(test, kawela_mbx_pf_service(p->pf, p->now), KAWELA_MBX_IDLE);

	/* It goes on, and finds the word that waits for it. */
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_poll(p->vf) & KAWELA_MBX_VF_LOST);
	fake_pair_connected(test);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(p->pf, VF));
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, VF).silent, 1);
}

/* Whatever is heard of it starts the time anew: an acknowledgment is enough. */
static void test_heard(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int i;

	used(test);
	for (i = 0; i < 20; i++) {
		pass(test, GIVEN_UP_NS - 1);
		kawela_mbx_vf_poll(p->vf);
		fake_pair_serve(p);
	}
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(p->pf, VF));
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, VF).silent, 0);
}

/* A driver that only offered level 1, or never heard of it, may be as silent as it likes. */
static void test_level0(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long pings = fake_pair_pf_stats(p, VF).pings;

	pass(test, 10 * GIVEN_UP_NS);
	KUNIT_EXPECT_TRUE(test, kawela_mbx_pf_vf_ready(p->pf, VF));
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, VF).pings, pings);
}

/* One that keeps the buffer for itself cannot be rung: given up all the same. */
static void test_holds_buffer(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct fake_pair *p = test->priv;

	used(test);
	port = fake_vf_port(&p->hw, VF);
	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_VFU);
	pass(test, GIVEN_UP_NS);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_pf_vf_ready(p->pf, VF));
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, VF).silent, 1);
}

static struct kunit_case silence_cases[] = {
	KUNIT_CASE(test_given_up),
	KUNIT_CASE(test_heard),
	KUNIT_CASE(test_level0),
	KUNIT_CASE(test_holds_buffer),
	{}
};

static struct kunit_suite silence_suite = {
	.name = "kawela_mbx_silence",
	.init = silence_init,
	.exit = fake_pair_exit,
	.test_cases = silence_cases,
};

kunit_test_suite(silence_suite);
