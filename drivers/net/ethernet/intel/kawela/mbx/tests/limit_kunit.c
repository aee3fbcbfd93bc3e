// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the rate limit's arithmetic, on a clock of their own. No locks.
 */
#include <kunit/test.h>
#include <linux/time64.h>

#include "../mbx_priv.h"

#define PERIOD	(5 * NSEC_PER_MSEC)	/* of a token */

/* Take all that is there at @now. */
static unsigned int drain(struct kawela_mbx_limit *limit, u64 now)
{
	unsigned int n = 0;

	while (!kawela_mbx_limit_wait(limit, now) && n < 1000) {
		kawela_mbx_limit_take(limit, now);
		n++;
	}

	return n;
}

static void test_burst(struct kunit *test)
{
	static const u64 starts[] = { 0, 1, NSEC_PER_SEC, 1000000 * NSEC_PER_SEC, 1ULL << 62 };
	struct kawela_mbx_limit limit;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		kawela_mbx_limit_init(&limit);
		KUNIT_EXPECT_EQ(test, drain(&limit, starts[i]), 64);
		KUNIT_EXPECT_EQ(test, kawela_mbx_limit_wait(&limit, starts[i]), PERIOD);
	}
}

static void test_refill(struct kunit *test)
{
	u64 now = NSEC_PER_SEC, wait;
	struct kawela_mbx_limit limit;

	kawela_mbx_limit_init(&limit);
	drain(&limit, now);

	/* Exactly when it said, and not a nanosecond earlier. */
	wait = kawela_mbx_limit_wait(&limit, now);
	KUNIT_EXPECT_EQ(test, kawela_mbx_limit_wait(&limit, now + wait - 1), 1);
	KUNIT_EXPECT_EQ(test, drain(&limit, now + wait), 1);

	/* A second brings a rate's worth, but never more than the bucket holds. */
	now += wait;
	KUNIT_EXPECT_EQ(test, drain(&limit, now + 10 * PERIOD), 10);
	now += 10 * PERIOD;
	KUNIT_EXPECT_EQ(test, drain(&limit, now + NSEC_PER_SEC), 64);
	now += NSEC_PER_SEC;
	KUNIT_EXPECT_EQ(test, drain(&limit, now + 3600 * NSEC_PER_SEC), 64);
}

static void test_rate(struct kunit *test)
{
	struct kawela_mbx_limit limit;
	unsigned int n = 0;
	u64 now;

	kawela_mbx_limit_init(&limit);
	for (now = 0; now < 10 * NSEC_PER_SEC; now += NSEC_PER_MSEC)
		n += drain(&limit, now);

	KUNIT_EXPECT_EQ(test, n, 63 + 10 * KAWELA_MBX_LIMIT_RATE);
}

static struct kunit_case limit_cases[] = {
	KUNIT_CASE(test_burst),
	KUNIT_CASE(test_refill),
	KUNIT_CASE(test_rate),
	{}
};

static struct kunit_suite limit_suite = {
	.name = "kawela_mbx_limit",
	.test_cases = limit_cases,
};

kunit_test_suite(limit_suite);
