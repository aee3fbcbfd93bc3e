// SPDX-License-Identifier: GPL-2.0-only
/* One address pinned to several VFs, as while a guest migrates from one to another. */
#include <linux/prandom.h>

#include "nsw_test.h"

#define NUM_VFS	3

static const u8 none[ETH_ALEN] __aligned(2);

static int pin(struct kawela_nsw_t *t, unsigned int vf, const u8 *mac)
{
	return kawela_nsw_vport_set_admin_mac(t->nsw, vf, mac, NULL);
}

/* Who receives for mac[9]: one pool by one entry, or nobody; all ones if entries are several. */
static u8 holder(const struct kawela_nsw_t *t)
{
	switch (kawela_nsw_t_num_rars(&t->regs, t->mac[9])) {
	case 0:
		return 0;
	case 1:
		return nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED);
	default:
		return 0xff;
	}
}

/* VFs that are all pinned to mac[9], without sessions. */
static void start(struct kunit *test, unsigned int num_vfs)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int vf;

	kawela_nsw_t_start(test, num_vfs, 0);
	for (vf = 0; vf < num_vfs; vf++)
		NSW_T_WATCH(pin(t, vf, t->mac[9]));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(7));
}

static void attach(struct kunit *test, unsigned int vf)
{
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);

	NSW_T_WATCH(kawela_nsw_vport_reset(t->nsw, vf, mac));
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(mac, t->mac[9]));
	NSW_T_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, vf));
}

/* The last that became ready has it; from there it falls back, in the end to the default VPort. */
static void last_has_it(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);

	start(test, 3);
	attach(test, 1);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
	attach(test, 2);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(2));
	attach(test, 0);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(0));
	KUNIT_EXPECT_EQ(test, kawela_nsw_mac_owner(t->nsw, t->mac[9]), 0);

	NSW_T_WATCH_VOID(kawela_nsw_vport_flr(t->nsw, 0));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(2));
	KUNIT_EXPECT_EQ(test, kawela_nsw_mac_owner(t->nsw, t->mac[9]), 2);
	/* One that has it not may leave unnoticed, and is the last when it is back. */
	NSW_T_WATCH_VOID(kawela_nsw_vport_flr(t->nsw, 1));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(2));
	attach(test, 1);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
	/* A reset is an end, too. */
	NSW_T_WATCH(kawela_nsw_vport_reset(t->nsw, 1, mac));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(2));
	NSW_T_WATCH(kawela_nsw_vport_del(t->nsw, 2, KAWELA_NSW_OWNER_DEVLINK, NULL));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(7));
	NSW_T_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, 1));
	NSW_T_WATCH(kawela_nsw_vf_set_link(t->nsw, 1, KAWELA_NSW_LINK_DISABLE));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(7));
}

/* From one VF to another and back it is one write, in the same entry. */
static void one_write(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	start(test, 2);
	attach(test, 0);
	attach(test, 1);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 1, none), 0);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(0));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 1, t->mac[9]), 0);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 1, t->mac[9]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]), 0);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
	KUNIT_EXPECT_EQ(test, t->writes[NSW_T_RAR], 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 2);
}

/* Source checks: who does not have the address does not send with it. */
static void others_are_spoofers(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[0], .src = t->mac[9],
					.vid = NSW_T_UNTAGGED };

	start(test, 2);
	attach(test, 0);
	f.from = 0;
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(7));
	attach(test, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), 0);
	f.from = 1;
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(7));
}

/* In their VLAN, too. */
static void in_a_vlan(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int vf;

	start(test, 2);
	for (vf = 0; vf < 2; vf++)
		NSW_T_WATCH(kawela_nsw_vf_set_vlan(t->nsw, vf, 5, 0, NULL));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], 5), BIT(7));
	attach(test, 0);
	attach(test, 1);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], 5), BIT(1));
	NSW_T_WATCH_VOID(kawela_nsw_vport_flr(t->nsw, 1));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], 5), BIT(0));
	NSW_T_WATCH_VOID(kawela_nsw_vport_flr(t->nsw, 0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], 5), BIT(7));
}

/* The administrator gives it to a VF that runs, takes it away, or gives another. */
static void pinned_anew(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	start(test, 2);
	attach(test, 0);
	attach(test, 1);
	/* What is taken away here is the other's at once, not at the next reset. */
	NSW_T_WATCH(pin(t, 1, none));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(0));
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(nsw_t_info(t, 1).mac));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 1, t->mac[9]), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 1, t->mac[10]), 0);
	/* A VF that runs with another takes it over at once, and gives it back. */
	NSW_T_WATCH(pin(t, 1, t->mac[9]));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
	NSW_T_WATCH(pin(t, 1, t->mac[11]));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[11], NSW_T_UNTAGGED), BIT(1));
	/* The VF whose entry it was gets another address. */
	NSW_T_WATCH(pin(t, 1, t->mac[9]));
	NSW_T_WATCH(pin(t, 0, t->mac[11]));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[11], NSW_T_UNTAGGED), BIT(0));
	NSW_T_WATCH(kawela_nsw_set_num_vfs(t->nsw, 0, NULL));
	KUNIT_EXPECT_FALSE(test, kawela_nsw_t_has_rar(&t->regs, t->mac[9]));
}

/* No guest gets what is pinned to others, however trusted, nor does the PF. */
static void no_theft(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int vf;

	start(test, 4);
	NSW_T_WATCH(pin(t, 2, none));
	NSW_T_WATCH(pin(t, 3, t->mac[13]));
	kawela_nsw_t_open(test, 2, t->mac[12]);
	kawela_nsw_t_open(test, 3, NULL);
	for (vf = 2; vf < 4; vf++) {
		KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, vf, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, vf, t->mac[9]), -EEXIST);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, vf, t->mac[9]), -EEXIST);
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, t->mac[9]), -EEXIST);
	/* What a guest chose itself is not given to another, nor pinned to several. */
	KUNIT_EXPECT_EQ(test, pin(t, 0, t->mac[12]), -EEXIST);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(7));
}

/* A receive filter, or a VPort of the PF, does not share its address. */
static void only_vfs_share(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int pool;

	start(test, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_set_rule(t, 3, t->mac[9], 5, 0), -EEXIST);
	KUNIT_ASSERT_EQ(test, kawela_nsw_t_set_rule(t, 3, t->mac[20], 0, 0), 0);
	KUNIT_EXPECT_EQ(test, pin(t, 1, t->mac[20]), -EEXIST);
	pool = kawela_nsw_t_add_vport(test, t->mac[40]);
	KUNIT_EXPECT_EQ(test, pin(t, pool, t->mac[9]), -EEXIST);
	KUNIT_EXPECT_EQ(test, pin(t, pool, t->mac[41]), 0);
	KUNIT_EXPECT_EQ(test, pin(t, 1, t->mac[41]), -EEXIST);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(7));
}

/* A trusted VF may use another address and have the pinned one beside it. */
static void trusted(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	start(test, 2);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	attach(test, 0);
	NSW_T_WATCH(kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[10]));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(7));
	NSW_T_WATCH(kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[9]));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(0));
	attach(test, 1);
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[10], NSW_T_UNTAGGED), BIT(0));
	/* Without trust it is back at its own, and took it up last. */
	NSW_T_WATCH(kawela_nsw_vf_set_trust(t->nsw, 0, false));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(0));
	NSW_T_WATCH(pin(t, 0, none));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
}

/* Nobody has it as his own address: still one entry. */
static void both_beside(struct kunit *test)
{
	static const u8 order[] = { 0, 1, 0 };
	struct kawela_nsw_t *t = test->priv;
	unsigned int i, vf;

	start(test, 2);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		vf = order[i];
		KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, vf, true), 0);
		attach(test, vf);
		NSW_T_WATCH(kawela_nsw_vport_set_mac(t->nsw, vf, t->mac[10 + vf]));
		NSW_T_WATCH(kawela_nsw_vport_add_uc(t->nsw, vf, t->mac[9]));
		KUNIT_EXPECT_EQ(test, holder(t), BIT(vf));
	}
	NSW_T_WATCH(kawela_nsw_vport_clear_uc(t->nsw, 0));
	KUNIT_EXPECT_EQ(test, holder(t), BIT(1));
}

/* One random call for one VF; its result does not matter. */
static void random_call(struct kawela_nsw_t *t, u32 r)
{
	unsigned int vf = r % NUM_VFS;
	u8 mac[ETH_ALEN] __aligned(2);

	switch ((r >> 4) % 16) {
	case 0 ... 1:
		pin(t, vf, (r >> 8) % 4 ? t->mac[9] : (r >> 10) % 2 ? none : t->mac[10 + vf]);
		break;
	case 2 ... 4:
		kawela_nsw_vport_reset(t->nsw, vf, mac);
		break;
	case 5 ... 7:
		kawela_nsw_vport_ready(t->nsw, vf);
		break;
	case 8:
		kawela_nsw_vport_flr(t->nsw, vf);
		break;
	case 9:
		kawela_nsw_vport_set_mac(t->nsw, vf, none);
		break;
	case 10 ... 11:
		kawela_nsw_vport_set_mac(t->nsw, vf, t->mac[9]);
		break;
	case 12:
		kawela_nsw_vport_set_mac(t->nsw, vf, t->mac[10 + vf]);
		break;
	case 13:
		kawela_nsw_vport_add_uc(t->nsw, vf, t->mac[9]);
		break;
	case 14:
		kawela_nsw_vport_clear_uc(t->nsw, vf);
		break;
	default:
		kawela_nsw_vf_set_trust(t->nsw, vf, (r >> 8) % 2);
		break;
	}
}

/* Who is to receive for mac[9], and who has it beside another; nobody has any other beside. */
static u8 expected(const struct kawela_nsw_t *t, const struct kawela_nsw_vport_info *info,
		   const unsigned int *last)
{
	unsigned int vf, newest = 0;
	u8 to = 0;

	for (vf = 0; vf < NUM_VFS; vf++) {
		if (!ether_addr_equal(info[vf].admin_mac, t->mac[9]))
			continue;
		if (!info[vf].ready || is_zero_ether_addr(info[vf].mac)) {
			to = to ?: BIT(7);
			continue;
		}
		if (!ether_addr_equal(info[vf].mac, t->mac[9]) && !info[vf].num_uc)
			continue;
		if (last[vf] > newest)
			to = BIT(vf);
		newest = max(newest, last[vf]);
	}
	return to;
}

/* A long random walk beside a model of its own, which knows only what every VF says it is. */
static void walk(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_vport_info was, info[NUM_VFS] = {};
	unsigned int last[NUM_VFS] = {}, i, vf;
	struct rnd_state rnd;
	u8 to;

	start(test, NUM_VFS);
	prandom_seed_state(&rnd, 10);
	for (i = 1; i < 3000 && READ_ONCE(test->status) != KUNIT_FAILURE; i++) {
		NSW_T_WATCH_VOID(random_call(t, prandom_u32_state(&rnd)));
		for (vf = 0; vf < NUM_VFS; vf++) {
			was = info[vf];
			info[vf] = nsw_t_info(t, vf);
			if (info[vf].ready &&
			    (!was.ready || !ether_addr_equal(was.mac, info[vf].mac)))
				last[vf] = i;
		}
		to = expected(t, info, last);
		if (to)
			KUNIT_EXPECT_EQ_MSG(test, holder(t), to, "call %u", i);
	}
}

/* The administrator hears of it, and it takes one entry, not two. */
static void told_and_counted(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};

	start(test, 1);
	KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	start(test, 2);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 2);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_reserved, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[10], &ack), 0);
	KUNIT_EXPECT_NULL(test, ack._msg);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 3);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[9], &ack), 0);
	KUNIT_ASSERT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "VF 0 has "));
}

static struct kunit_case nsw_pins_cases[] = {
	KUNIT_CASE(last_has_it),
	KUNIT_CASE(one_write),
	KUNIT_CASE(others_are_spoofers),
	KUNIT_CASE(in_a_vlan),
	KUNIT_CASE(pinned_anew),
	KUNIT_CASE(no_theft),
	KUNIT_CASE(only_vfs_share),
	KUNIT_CASE(trusted),
	KUNIT_CASE(both_beside),
	KUNIT_CASE_SLOW(walk),
	KUNIT_CASE(told_and_counted),
	{}
};

static struct kunit_suite nsw_pins_suite = {
	.name = "kawela_nsw_pins",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_pins_cases,
};

kunit_test_suite(nsw_pins_suite);
