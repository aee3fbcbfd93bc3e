// SPDX-License-Identifier: GPL-2.0-only
/* Register values that follow from wanted state alone: rates, tags, promiscuity. */
#include "nsw_test.h"

#include "../nsw_priv.h"

static void rate_factor(struct kunit *test)
{
	static const struct {
		unsigned int speed;
		u32 rate, factor;
	} tab[] = {
		{ 0, 0, 0 }, { 0, 100, 0 }, { 1000, 0, 0 }, { 1000, 1000, 0 }, { 1000, 2000, 0 },
		{ 100, 100, 0 }, { 100, 300, 0 }, { 10, 10, 0 },
		{ 1000, 500, 2 << 14 }, { 1000, 1, 1000 << 14 }, { 100, 1, 100 << 14 },
		{ 10, 1, 10 << 14 }, { 1000, 300, (3 << 14) + (1 << 14) / 3 },
		{ 1000, 999, (1 << 14) + 16 }, { 1000, 501, (1 << 14) + 16318 },
	};
	unsigned int i;
	u32 factor;
	u64 sent;

	for (i = 0; i < ARRAY_SIZE(tab); i++)
		KUNIT_EXPECT_EQ_MSG(test, kawela_nsw_rate_factor(tab[i].speed, tab[i].rate),
				    tab[i].factor, "row %u", i);

	/* 14 bits before the point suffice; what is sent is the limit, at most 2 per cent above. */
	for (i = 1; i < 1000; i++) {
		factor = kawela_nsw_rate_factor(1000, i);
		KUNIT_EXPECT_LT(test, factor, BIT(28));
		KUNIT_EXPECT_GT(test, factor, BIT(14));
		sent = (1000ull << 14) * 1000 / factor;
		KUNIT_EXPECT_GE(test, sent, i * 1000ull);
		KUNIT_EXPECT_LE(test, sent, i * 1020ull);
	}
}

/* The limit follows the link, and only a live VF has one. */
static void rate_applied(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 0, 1001, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 2, 100, NULL), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 0, 50, NULL), 0);
	KUNIT_EXPECT_EQ(test, t->regs.rate[0], 0);
	kawela_nsw_set_link_speed(t->nsw, 1000);
	KUNIT_EXPECT_EQ(test, t->regs.rate[0], 20 << 14);
	kawela_nsw_t_clear(t);
	kawela_nsw_set_link_speed(t->nsw, 1000);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	kawela_nsw_set_link_speed(t->nsw, 100);
	KUNIT_EXPECT_EQ(test, t->regs.rate[0], 2 << 14);
	kawela_nsw_set_link_speed(t->nsw, 10);
	KUNIT_EXPECT_EQ(test, t->regs.rate[0], 0);
	kawela_nsw_set_link_speed(t->nsw, 1000);
	kawela_nsw_vport_flr(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, t->regs.rate[0], 0);
	kawela_nsw_t_open(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, t->regs.rate[0], 20 << 14);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).max_rate, 50);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 0, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, t->regs.rate[0], 0);
	KUNIT_EXPECT_EQ(test, t->regs.rate[1], 0);
}

/* A trusted VF that asks for unicast promiscuity sees what no filter takes, in its VLANs. */
static void vf_promisc(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[60], .src = t->mac[2],
					.vid = NSW_T_UNTAGGED, .from = 1 };
	bool wire;

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 0, KAWELA_NSW_VF_PROMISC_UC),
			-EPERM);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[60], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 0, KAWELA_NSW_VF_PROMISC_UC), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[60], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[2], NSW_T_UNTAGGED), BIT(1));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, &wire), BIT(0));
	KUNIT_EXPECT_TRUE(test, wire);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 1, 5, true), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[60], 5), BIT(7));
	KUNIT_EXPECT_FALSE(test, t->regs.rctl & KW_RCTL_UPE);

	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, false), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[60], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, &wire), 0);
	KUNIT_EXPECT_EQ(test, t->regs.uta[0] | t->regs.uta[127], 0);
}

/* The whole of what a pool nobody uses, or whose VPort is closed, has in its registers. */
static void closed_pool(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int pool;

	kawela_nsw_t_start(test, 2, 1);
	kawela_nsw_set_link_speed(t->nsw, 1000);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 1, 9, 7, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 1, 9, NULL), 0);
	for (pool = 1; pool < 7; pool++) {
		KUNIT_EXPECT_EQ(test, t->regs.vmolr[pool], KW_VMOLR_LPE);
		KUNIT_EXPECT_EQ(test, t->regs.vmvir[pool], 0);
		KUNIT_EXPECT_EQ(test, t->regs.rate[pool], 0);
	}
	kawela_nsw_t_open(test, 1, t->mac[2]);
	KUNIT_EXPECT_EQ(test, FIELD_GET(KW_VMVIR_VLAN, t->regs.vmvir[1]), 9 | 7 << 13);
	KUNIT_EXPECT_FALSE(test, t->regs.vmolr[1] & KW_VMOLR_AUPE);
	KUNIT_EXPECT_TRUE(test, t->regs.vmolr[1] & KW_VMOLR_STRVLAN);
}

static struct kunit_case nsw_image_cases[] = {
	KUNIT_CASE(rate_factor),
	KUNIT_CASE(rate_applied),
	KUNIT_CASE(vf_promisc),
	KUNIT_CASE(closed_pool),
	{}
};

static struct kunit_suite nsw_image_suite = {
	.name = "kawela_nsw_image",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_image_cases,
};

kunit_test_suite(nsw_image_suite);
