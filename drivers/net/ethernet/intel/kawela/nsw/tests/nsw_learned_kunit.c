// SPDX-License-Identifier: GPL-2.0-only
/* Addresses learned to be behind the PF: filters of the default VPort that yield to everybody. */
#include "nsw_test.h"

static int learn(struct kawela_nsw_t *t, unsigned int first, unsigned int num, bool more)
{
	struct kawela_nsw_learned learned = {
		.addr = (const u8 (*)[ETH_ALEN])t->mac[first], .num = num, .more = more,
	};

	return kawela_nsw_pf_sync_learned(t->nsw, &learned);
}

/* The first @num_fixed of the list are the host's own, or its administrator's. */
static int fix(struct kawela_nsw_t *t, unsigned int first, unsigned int num, unsigned int num_fixed)
{
	struct kawela_nsw_learned learned = {
		.addr = (const u8 (*)[ETH_ALEN])t->mac[first], .num = num, .num_fixed = num_fixed,
	};

	return kawela_nsw_pf_sync_learned(t->nsw, &learned);
}

/* All of the list fixed; the PF is the idle port of a team, or not. */
static int team(struct kawela_nsw_t *t, unsigned int first, unsigned int num, bool idle)
{
	struct kawela_nsw_learned learned = {
		.addr = (const u8 (*)[ETH_ALEN])t->mac[first], .num = num, .num_fixed = num,
		.more = true, .idle = idle,
	};

	return kawela_nsw_pf_sync_learned(t->nsw, &learned);
}

static int add(struct kawela_nsw_t *t, unsigned int first, unsigned int num)
{
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])t->mac[first], .num_uc = num,
	};

	return kawela_nsw_pf_sync_addrs(t->nsw, &addrs);
}

/* A frame from VF 0: the pools that get it, and whether the wire does. */
static u8 from_vf(const struct kawela_nsw_t *t, const u8 *dst, bool *wire)
{
	struct kawela_nsw_t_frame f = {
		.dst = dst, .src = nsw_t_vf_mac(t, 0), .vid = NSW_T_UNTAGGED, .from = 0,
	};

	return kawela_nsw_t_classify(&t->regs, &f, wire);
}

/* Without, a VF's frame leaves on the wire; with, it is the default VPort's alone. */
static void comes_and_goes(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	bool wire;

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[20], &wire), 0);
	KUNIT_EXPECT_TRUE(test, wire);
	KUNIT_EXPECT_EQ(test, learn(t, 20, 2, false), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[20], &wire), BIT(7));
	KUNIT_EXPECT_FALSE(test, wire);
	KUNIT_EXPECT_EQ(test, learn(t, 21, 1, false), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[20], &wire), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[21], &wire), BIT(7));
	KUNIT_EXPECT_EQ(test, learn(t, 0, 0, false), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 1);
}

/* Each list keeps what it has when the other one loses it. */
static void beside_added(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, add(t, 20, 2), 0);
	KUNIT_EXPECT_EQ(test, learn(t, 21, 2, false), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 4);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, learn(t, 22, 1, false), 0);
	KUNIT_EXPECT_EQ(test, learn(t, 21, 2, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_EXPECT_EQ(test, add(t, 20, 1), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_EXPECT_EQ(test, learn(t, 22, 1, false), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 3);
}

/* A VF's driver may ask for what was learned, not for what was added. */
static void yields(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);

	kawela_nsw_t_start(test, 1, 0);
	kawela_nsw_vport_reset(t->nsw, 0, mac);
	kawela_nsw_vport_ready(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, add(t, 19, 1), 0);
	KUNIT_EXPECT_EQ(test, learn(t, 20, 3, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[19]), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[20]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[21]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[21], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, learn(t, 20, 3, false), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(0));

	KUNIT_EXPECT_EQ(test, kawela_nsw_mac_owner(t->nsw, t->mac[20]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mac_owner(t->nsw, t->mac[21]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mac_owner(t->nsw, t->mac[22]), -ENOENT);

	kawela_nsw_vport_flr(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 5);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mac_owner(t->nsw, t->mac[20]), -ENOENT);
}

/* What is fixed on a bridge no VF's driver gets, trusted or not; a netdev of the host's does. */
static void fixed(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int pool, trust;

	kawela_nsw_t_start_unpinned(test, 1);
	pool = kawela_nsw_t_add_vport(test, t->mac[40]);
	KUNIT_EXPECT_EQ(test, fix(t, 20, 3, 2), 0);
	for (trust = 0; trust < 2; trust++) {
		KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, trust), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[20]), -EEXIST);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[21]), -EEXIST);
	}
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[22]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, pool, t->mac[21]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[21], NSW_T_UNTAGGED), BIT(pool));

	/* Nobody loses what he has, and it is free for all when the bridge forgets it. */
	KUNIT_EXPECT_EQ(test, fix(t, 22, 1, 1), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[22], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[22]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[20]), 0);
}

/* The administrator moves a fixed or added one to a VF, whose driver then may ask for it. */
static void fixed_and_pinned(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int i;

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, add(t, 20, 1), 0);
	KUNIT_EXPECT_EQ(test, fix(t, 21, 1, 1), 0);
	for (i = 20; i < 22; i++) {
		KUNIT_EXPECT_EQ(test,
				kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[i], NULL), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[i]), 0);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[i], NSW_T_UNTAGGED), BIT(0));
	}
}

static void pinned(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 1, 0);
	KUNIT_EXPECT_EQ(test, learn(t, 20, 1, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[20], NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mac_owner(t->nsw, t->mac[20]), 0);
}

/* All that finds no filter is received, known or not; VFs have theirs. */
static void overflow(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int i;

	kawela_nsw_t_start(test, 7, 7);
	KUNIT_EXPECT_EQ(test, learn(t, 20, 40, false), 0);
	for (i = 20; i < 60; i++)
		KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[i], NULL), BIT(7));
	for (i = 0; i < 7; i++)
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, nsw_t_vf_mac(t, i), NSW_T_UNTAGGED), BIT(i));

	KUNIT_EXPECT_EQ(test, learn(t, 20, 1, true), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[59], NULL), BIT(7));
	KUNIT_EXPECT_EQ(test, learn(t, 20, 1, false), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[59], NULL), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[20], NULL), BIT(7));
}

/* The idle port of a team leaves a VF's frames to the other port, and keeps what is fixed. */
static void idle_port(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	bool wire;

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, team(t, 20, 2, false), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[20], &wire), BIT(7));
	KUNIT_EXPECT_FALSE(test, wire);
	KUNIT_EXPECT_EQ(test, team(t, 20, 2, true), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[20], &wire), 0);
	KUNIT_EXPECT_TRUE(test, wire);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[30], &wire), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20]), -EEXIST);
	KUNIT_EXPECT_EQ(test, team(t, 20, 2, false), 0);
	KUNIT_EXPECT_EQ(test, from_vf(t, t->mac[20], &wire), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 3);
}

static void bad_list(struct kunit *test)
{
	static const u8 bad[2][ETH_ALEN] __aligned(2) = {
		{ 2, 0, 0, 0, 0, 1 }, { 1, 0, 0x5e, 0, 0, 1 }
	};
	static const struct kawela_nsw_learned learned = { .addr = bad, .num = 2 };
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, learn(t, 20, 1, false), 0);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_sync_learned(t->nsw, &learned), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(comes_and_goes),
	KUNIT_CASE(beside_added),
	KUNIT_CASE(yields),
	KUNIT_CASE(fixed),
	KUNIT_CASE(fixed_and_pinned),
	KUNIT_CASE(pinned),
	KUNIT_CASE(overflow),
	KUNIT_CASE(idle_port),
	KUNIT_CASE(bad_list),
	{}
};

static struct kunit_suite suite = {
	.name = "kawela_nsw_learned",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
