// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the VF driver's arithmetic: back-off, address lists, counters. No hardware, no locks.
 */

#include <kunit/test.h>
#include <linux/module.h>

#include "../../compat/module.h"
#include "../vf_plan.h"

/* A list of addresses that differ in the last byte; 0 ends it. */
static void fill(struct kawela_vf_uc_list *list, const u8 *last)
{
	u8 addr[ETH_ALEN] = { 0x52, 0x54, 0, 0, 0, 0 };

	list->count = 0;
	for (; *last; last++) {
		addr[5] = *last;
		kawela_vf_uc_put(list, addr);
	}
}

static void plan(const u8 *have, const u8 *want, struct kawela_vf_uc_plan *out)
{
	struct kawela_vf_uc_list a, b;

	fill(&a, have);
	fill(&b, want);
	kawela_vf_uc_plan(&a, &b, out);
}

static void uc_same(struct kunit *test)
{
	struct kawela_vf_uc_plan p;

	plan("\1\2\3", "\3\1\2", &p);
	KUNIT_EXPECT_FALSE(test, p.clear);
	KUNIT_EXPECT_EQ(test, p.add.count, 0);
}

static void uc_more(struct kunit *test)
{
	struct kawela_vf_uc_plan p;

	plan("\1\2", "\2\3\1", &p);
	KUNIT_EXPECT_FALSE(test, p.clear);
	KUNIT_ASSERT_EQ(test, p.add.count, 1);
	KUNIT_EXPECT_EQ(test, p.add.addr[0][5], 3);
}

static void uc_less(struct kunit *test)
{
	struct kawela_vf_uc_plan p;

	plan("\1\2\3", "\1\3", &p);
	KUNIT_EXPECT_TRUE(test, p.clear);
	KUNIT_ASSERT_EQ(test, p.add.count, 2);
	KUNIT_EXPECT_EQ(test, p.add.addr[0][5], 1);
	KUNIT_EXPECT_EQ(test, p.add.addr[1][5], 3);
}

static void uc_none(struct kunit *test)
{
	struct kawela_vf_uc_plan p;

	plan("\1", "", &p);
	KUNIT_EXPECT_TRUE(test, p.clear);
	KUNIT_EXPECT_EQ(test, p.add.count, 0);

	plan("", "", &p);
	KUNIT_EXPECT_FALSE(test, p.clear);
	KUNIT_EXPECT_EQ(test, p.add.count, 0);
}

static void uc_full(struct kunit *test)
{
	const u8 addr[ETH_ALEN] = { 0x52, 0x54, 0, 0, 1, 0 };
	struct kawela_vf_uc_list list;

	fill(&list, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20");
	KUNIT_ASSERT_EQ(test, list.count, KAWELA_VF_MAX_UC);
	KUNIT_EXPECT_FALSE(test, kawela_vf_uc_put(&list, addr));
	KUNIT_EXPECT_EQ(test, list.count, KAWELA_VF_MAX_UC);
	KUNIT_EXPECT_FALSE(test, kawela_vf_uc_has(&list, addr));
}

/* Whatever the lists, what the plan leaves at the PF is what is wanted, nothing added twice. */
static void uc_any(struct kunit *test)
{
	struct kawela_vf_uc_list have, want, result;
	struct kawela_vf_uc_plan p;
	unsigned int h, w, i;
	u8 last[5];

	for (h = 0; h < 16; h++) {
		for (w = 0; w < 16; w++) {
			for (i = 0; i < 4; i++)
				last[i] = h & BIT(i) ? i + 1 : i + 0x10;
			last[4] = 0;
			fill(&have, last);
			for (i = 0; i < 4; i++)
				last[i] = w & BIT(i) ? i + 1 : i + 0x20;
			fill(&want, last);

			kawela_vf_uc_plan(&have, &want, &p);
			result = have;
			if (p.clear)
				result.count = 0;
			for (i = 0; i < p.add.count; i++) {
				KUNIT_EXPECT_FALSE(test,
						   kawela_vf_uc_has(&result, p.add.addr[i]));
				kawela_vf_uc_put(&result, p.add.addr[i]);
			}
			KUNIT_EXPECT_EQ(test, result.count, want.count);
			for (i = 0; i < want.count; i++)
				KUNIT_EXPECT_TRUE(test,
						  kawela_vf_uc_has(&result, want.addr[i]));
		}
	}
}

static void backoff(struct kunit *test)
{
	static const unsigned int ms[] = { 100, 1000, 2000, 4000, 8000, 16000, 32000, 32000 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ms); i++)
		KUNIT_EXPECT_EQ(test, kawela_vf_backoff(i + 1), ms[i]);
	KUNIT_EXPECT_EQ(test, kawela_vf_backoff(0), 100);
	KUNIT_EXPECT_EQ(test, kawela_vf_backoff(UINT_MAX), 32000);
}

static void counter(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kawela_vf_counter_delta(5, 5), 0);
	KUNIT_EXPECT_EQ(test, kawela_vf_counter_delta(5, 8), 3);
	/* over the wrap */
	KUNIT_EXPECT_EQ(test, kawela_vf_counter_delta(U32_MAX - 1, 8), 10);
	/* cleared by a reset, then counted to 8 */
	KUNIT_EXPECT_EQ(test, kawela_vf_counter_delta(1000, 8), 8);
}

static struct kunit_case plan_cases[] = {
	KUNIT_CASE(uc_same),
	KUNIT_CASE(uc_more),
	KUNIT_CASE(uc_less),
	KUNIT_CASE(uc_none),
	KUNIT_CASE(uc_full),
	KUNIT_CASE(uc_any),
	KUNIT_CASE(backoff),
	KUNIT_CASE(counter),
	{}
};

static struct kunit_suite plan_suite = {
	.name = "kawela_vf_plan",
	.test_cases = plan_cases,
};

kunit_test_suites(&plan_suite);

MODULE_IMPORT_NS("KAWELA");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
MODULE_DESCRIPTION("KUnit tests of kawela_vf's arithmetic");
MODULE_LICENSE("GPL");
