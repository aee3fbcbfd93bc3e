// SPDX-License-Identifier: GPL-2.0-only
/* Shares of the VLAN table, and who receives which VLAN. */
#include <linux/if_vlan.h>

#include "nsw_test.h"

static const u8 bcast[ETH_ALEN] __aligned(2) = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static void join(struct kunit *test, unsigned int vf, u16 vid)
{
	struct kawela_nsw_t *t = test->priv;

	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, vf, vid, true), 0);
}

static void vlan_starvation(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int n, vf, i, got;

	for (n = 1; n <= KAWELA_NSW_MAX_VFS; n++) {
		kawela_nsw_t_start_unpinned(test, n);
		KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
		for (got = 0; got < 40; got++)
			if (kawela_nsw_vport_set_vlan(t->nsw, 0, 100 + got, true))
				break;
		KUNIT_EXPECT_EQ(test, got, 31 - 2 * n);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 100, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 99, true), -ENOSPC);
		for (vf = 1; vf < n; vf++)
			for (i = 0; i < 2; i++)
				join(test, vf, 200 + 2 * vf + i);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 300, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 301, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 302, true), -ENOSPC);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlvf_free, 0);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[0], got);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[7], 2);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 300, false), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 301, false), 0);
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	}
}

/* However many VFs there are, guests leave room for every VPort the administrator may make. */
static void vlan_modest(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int n, vf, pool, vid, got;

	for (n = 1; n < KAWELA_NSW_MAX_VFS; n++) {
		kawela_nsw_t_start_unpinned(test, n);
		for (got = 0, vf = 0; vf < n; vf++)
			for (vid = 0; vid < 40; vid++)
				got += !kawela_nsw_vport_set_vlan(t->nsw, vf, 100 + 40 * vf + vid,
								  true);
		KUNIT_EXPECT_EQ(test, got, 31 - 2 * (8 - n));
		for (pool = 6; pool >= n; pool--) {
			KUNIT_EXPECT_EQ(test, kawela_nsw_t_add_vport(test, t->mac[40 + pool]),
					pool);
			join(test, pool, 1000 + pool);
			join(test, pool, 2000 + pool);
		}
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 3000, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 3001, true), 0);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlvf_free, 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 3000, false), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 3001, false), 0);
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
		for (pool = 6; pool >= n; pool--)
			KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, pool, 0, NULL), 0);
	}
}

/* The PF may have all that VPorts leave; a guest has its share then, and no more. */
static void vlan_room_of_pf(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int vid;

	kawela_nsw_t_start_unpinned(test, 1);
	for (vid = 1; vid <= 31 - 2; vid++)
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, vid, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, vid, true), -ENOSPC);
	join(test, 0, 100);
	join(test, 0, 101);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 102, true), -ENOSPC);
	/* Of what the PF gives up the guest gets nothing that a VPort could want. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 1, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 102, true), -ENOSPC);
}

/* Shared VLANs use one entry; whoever leaves last frees it, and shares hold all the same. */
static void vlan_shared(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int vf, i;

	kawela_nsw_t_start_unpinned(test, 7);
	for (vf = 0; vf < 7; vf++)
		for (i = 0; i < 3; i++)
			join(test, vf, 10 + i);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlvf_used, 4);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 50 + i, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 60, true), -ENOSPC);

	for (vf = 1; vf < 7; vf++)
		for (i = 0; i < 3; i++)
			KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, vf, 10 + i, false),
					0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, bcast, 10), BIT(0));
	for (vf = 1; vf < 7; vf++)
		for (i = 0; i < 2; i++)
			join(test, vf, 1000 + 2 * vf + i);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 2000, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 2001, true), 0);
}

static void vlan_errors(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	u16 vid;

	kawela_nsw_t_start_unpinned(test, 1);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 0, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 0, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 77, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 4096, true), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 0xffff, false), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 4096, true), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 0, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 0, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 9, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);

	/* In RSS mode the PF may have all VLANs, but then no VFs. */
	for (vid = 1; vid < VLAN_N_VID; vid++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vlan(t->nsw, vid, true), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 4095), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 1, &ack), -ENOSPC);
	KUNIT_EXPECT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mode(t->nsw), KAWELA_NSW_RSS);
	for (vid = 18; vid < VLAN_N_VID; vid++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vlan(t->nsw, vid, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 7, NULL), 0);
	for (vid = 1; vid < 18; vid++)
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], vid), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[7], 17);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 17), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 18), 0);
}

/*
 * VF 0 is in VLAN 5, VF 1 in 5 and 6, the PF in 7. A tagged unicast that its owner's VLANs do not
 * cover goes to the default pool if it came from the wire; the PF has 7 alone.
 */
static void vlan_truth(struct kunit *test)
{
	static const struct {
		int dst;	/* VF, -1 broadcast, 7 the PF, 8 a stranger */
		int vid;
		unsigned int from;
		u8 pools;
		bool wire;
	} tab[] = {
		{ 0, -1, NSW_T_WIRE, BIT(0) }, { 0, 0, NSW_T_WIRE, BIT(0) },
		{ 0, 5, NSW_T_WIRE, BIT(0) }, { 0, 6, NSW_T_WIRE, BIT(7) },
		{ 0, 7, NSW_T_WIRE, BIT(7) }, { 0, 8, NSW_T_WIRE, 0 },
		{ 1, -1, NSW_T_WIRE, BIT(1) }, { 1, 5, NSW_T_WIRE, BIT(1) },
		{ 1, 6, NSW_T_WIRE, BIT(1) }, { 1, 7, NSW_T_WIRE, BIT(7) },
		{ 7, -1, NSW_T_WIRE, BIT(7) }, { 7, 7, NSW_T_WIRE, BIT(7) },
		{ 7, 0, NSW_T_WIRE, BIT(7) }, { 7, 8, NSW_T_WIRE, 0 },
		{ 8, -1, NSW_T_WIRE, BIT(7) }, { 8, 7, NSW_T_WIRE, BIT(7) },
		{ -1, -1, NSW_T_WIRE, BIT(0) | BIT(1) | BIT(7) },
		{ -1, 0, NSW_T_WIRE, BIT(0) | BIT(1) | BIT(7) },
		{ -1, 5, NSW_T_WIRE, BIT(0) | BIT(1) }, { -1, 6, NSW_T_WIRE, BIT(1) },
		{ -1, 7, NSW_T_WIRE, BIT(7) }, { -1, 8, NSW_T_WIRE, 0 },
		{ 1, -1, 0, BIT(1) }, { 1, 5, 0, BIT(1) }, { 1, 6, 0, 0 }, { 1, 7, 0, 0 },
		{ 7, -1, 0, BIT(7) }, { 7, 5, 0, 0 }, { 8, -1, 0, 0, true },
		{ 8, 5, 0, 0, true }, { -1, -1, 0, BIT(1) | BIT(7), true },
		{ -1, 5, 0, BIT(1), true }, { -1, 6, 0, 0 }, { 0, -1, 7, BIT(0) },
		{ 0, 5, 7, BIT(0) }, { -1, -1, 7, BIT(0) | BIT(1), true },
		/* VF 2 exists, but has no session. */
		{ 2, -1, NSW_T_WIRE, BIT(7) }, { 0, -1, 2, 0 }, { -1, -1, 2, 0 },
	};
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f;
	unsigned int i;
	bool wire;
	u8 pools;

	kawela_nsw_t_start(test, 3, 2);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 1, 5, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 1, 6, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 7, true), 0);

	for (i = 0; i < ARRAY_SIZE(tab); i++) {
		f.dst = tab[i].dst == -1 ? bcast : t->mac[tab[i].dst == 7 ? 0 :
							  tab[i].dst == 8 ? 60 : tab[i].dst + 1];
		f.src = tab[i].from < 7 ? nsw_t_vf_mac(t, tab[i].from) : NULL;
		f.vid = tab[i].vid;
		f.from = tab[i].from;
		pools = kawela_nsw_t_classify(&t->regs, &f, &wire);
		KUNIT_EXPECT_EQ_MSG(test, pools, tab[i].pools, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, wire, tab[i].wire, "row %u", i);
	}
}

/* What receives what, by kind of test: C3 untagged, C5 a VLAN, and both with one address. */
static void rule_truth(struct kunit *test)
{
	static const int vids[] = { NSW_T_UNTAGGED, 0, 2, 3, 4095 };
	static const u8 want[4][ARRAY_SIZE(vids)] = {
		{ 1, 1, 0, 0, 0 },	/* no filter: what an unconfined VPort takes */
		{ 1, 1, 0, 0, 0 },	/* address, untagged */
		{ 0, 0, 1, 0, 0 },	/* address, VLAN 2 */
		{ 1, 1, 1, 0, 0 },	/* both */
	};
	struct kawela_nsw_t *t = test->priv;
	unsigned int kind, i;

	kawela_nsw_t_start_unpinned(test, 2);
	/* Somebody is in every VLAN, so that the port lets it in. */
	join(test, 1, 2);
	join(test, 1, 3);
	join(test, 1, 4095);
	for (kind = 0; kind < 4; kind++) {
		kawela_nsw_rule_clear(t->nsw, 0);
		kawela_nsw_rule_clear(t->nsw, 1);
		if (kind & 1)
			KUNIT_ASSERT_EQ(test, kawela_nsw_t_set_rule(t, 0, t->mac[50], 0, 0), 0);
		if (kind & 2)
			KUNIT_ASSERT_EQ(test, kawela_nsw_t_set_rule(t, 1, t->mac[50], 2, 0), 0);
		for (i = 0; i < ARRAY_SIZE(vids); i++) {
			KUNIT_EXPECT_EQ_MSG(test, nsw_t_rx(t, t->mac[50], vids[i]),
					    kind && want[kind][i] ? BIT(0) : BIT(7),
					    "kind %u vid %d", kind, vids[i]);
			/* Another address gets nothing of it. */
			KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[51], vids[i]), BIT(7));
			KUNIT_EXPECT_EQ_MSG(test, nsw_t_rx(t, bcast, vids[i]) & BIT(0),
					    want[kind][i], "kind %u vid %d", kind, vids[i]);
		}
	}
}

static struct kunit_case nsw_vlan_cases[] = {
	KUNIT_CASE(vlan_starvation),
	KUNIT_CASE(vlan_modest),
	KUNIT_CASE(vlan_room_of_pf),
	KUNIT_CASE(vlan_shared),
	KUNIT_CASE(vlan_errors),
	KUNIT_CASE(vlan_truth),
	KUNIT_CASE(rule_truth),
	{}
};

static struct kunit_suite nsw_vlan_suite = {
	.name = "kawela_nsw_vlan",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_vlan_cases,
};

kunit_test_suite(nsw_vlan_suite);
