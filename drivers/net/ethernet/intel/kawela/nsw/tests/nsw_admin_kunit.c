// SPDX-License-Identifier: GPL-2.0-only
/* What the administrator says about a VF: address, VLAN, rate, source checks, link, trust. */
#include "nsw_test.h"

static const u8 bcast[ETH_ALEN] __aligned(2) = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 group[ETH_ALEN] __aligned(2) = { 0x33, 0x33, 0, 0, 0, 0x01 };
static const u8 none[ETH_ALEN] __aligned(2);

static void admin_mac(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	u8 mac[ETH_ALEN] __aligned(2);

	kawela_nsw_t_start(test, 2, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, bcast, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, group, &ack), -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[0], NULL), -EEXIST);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(0));

	/* At once, and with one write, although the VF is running. */
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[9], NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 1);
	KUNIT_EXPECT_EQ(test, t->writes[NSW_T_RAR], 1);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(7));

	/* Un-pinned, it keeps the address until it resets, and may then choose. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, none, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(nsw_t_info(t, 0).admin_mac));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_reset(t->nsw, 0, mac), -EADDRNOTAVAIL);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(mac));
	kawela_nsw_vport_ready(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[10]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[10], NSW_T_UNTAGGED), BIT(0));
}

/* A VF that gave its address up stays without until it asks, whatever is pinned meanwhile. */
static void pin_while_given_up(struct kunit *test)
{
	static const u8 none[ETH_ALEN] __aligned(2);
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, none), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(7));
	NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[9], NULL));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(nsw_t_info(t, 0).mac));
	NSW_T_WATCH(kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED), BIT(0));

	/* Without a session the pin is what it will have. */
	kawela_nsw_vport_flr(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[10], NULL), 0);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(nsw_t_info(t, 0).mac, t->mac[10]));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[10], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_reset(t->nsw, 0, mac), 0);
	kawela_nsw_vport_ready(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[10], NSW_T_UNTAGGED), BIT(0));
}

/* A pin leaves an untrusted VF no further address, as if it had been there when it asked. */
static void pin_withdraws(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int trust, i;

	for (trust = 0; trust < 2; trust++) {
		kawela_nsw_t_start_unpinned(test, 1);
		KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, trust), 0);
		for (i = 20; i < 23; i++)
			KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[i]), 0);
		NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[20], NULL));
		KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).num_uc, trust ? 2 : 0);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(0));
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[21], NSW_T_UNTAGGED),
				BIT(trust ? 0 : 7));
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	}
}

/* What was pinned to a VF without a session is free when it is no more. */
static void unpin_while_down(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 2, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 1, none, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mac_owner(t->nsw, t->mac[2]), -ENOENT);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[2], NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[2], NSW_T_UNTAGGED), BIT(0));
}

/* Whoever has an address keeps it, whatever kind of filter it is. */
static void mac_theft(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u8 pf_uc[1][ETH_ALEN] __aligned(2);
	struct kawela_nsw_pf_addrs addrs = { .uc = (const u8 (*)[ETH_ALEN])pf_uc, .num_uc = 1 };
	struct kawela_nsw_counts before;
	static const u8 taken[] = { 0, 1, 21, 22, 20 };
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int i;

	kawela_nsw_t_start(test, 3, 0);
	ether_addr_copy(pf_uc[0], t->mac[20]);
	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_sync_addrs(t->nsw, &addrs), 0);
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_reset(t->nsw, i, mac), -EADDRNOTAVAIL);
		kawela_nsw_vport_ready(t->nsw, i);
	}
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[1]), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[21]), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 2, t->mac[22], NULL), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 1, true), 0);

	before = nsw_t_counts(t);
	kawela_nsw_t_clear(t);
	for (i = 0; i < ARRAY_SIZE(taken); i++) {
		KUNIT_EXPECT_EQ_MSG(test, kawela_nsw_vport_set_mac(t->nsw, 1, t->mac[taken[i]]),
				    -EEXIST, "mac %u", taken[i]);
		KUNIT_EXPECT_EQ_MSG(test, kawela_nsw_vport_add_uc(t->nsw, 1, t->mac[taken[i]]),
				    -EEXIST, "mac %u", taken[i]);
		/* The administrator may give the PF's secondary address away, and share a pin. */
		if (taken[i] != 20 && taken[i] != 22)
			KUNIT_EXPECT_EQ(test,
					kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[taken[i]],
								       NULL), -EEXIST);
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, t->mac[1]), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, t->mac[22]), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, before.rar_used);
}

static void pinned(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[1]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]), -EPERM);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, bcast), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, group), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[1]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[9]), -EPERM);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, group), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, none), -EINVAL);

	/* Zero hands the traffic over and back. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, none), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 1, t->mac[1]), -EPERM);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[1]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(0));
}

/* What trust gives leaves with it, at once. */
static void trust_withdrawn(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u16 hash[1] = { 7 };

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 0, NULL, 31), -EPERM);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 0, KAWELA_NSW_VF_PROMISC_MC),
			-EPERM);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 0, KAWELA_NSW_VF_PROMISC_MC), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 0, BIT(5)), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 0, NULL, 31), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[10]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group, NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_TRUE(test, nsw_t_info(t, 0).allmulti);

	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, false), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group, NSW_T_UNTAGGED), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[10], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_FALSE(test, nsw_t_info(t, 0).allmulti);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 0, hash, 1), 0);
}

/* An untrusted VF's frames need its own address and its own VLAN; the PF's are not checked. */
static void spoof_check(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[2], .from = 0 };

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 1, 5, true), 0);
	f.vid = NSW_T_UNTAGGED;
	f.src = t->mac[1];
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(1));
	f.src = t->mac[0];
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), 0);
	f.src = t->mac[1];
	f.vid = 5;
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(1));
	f.from = 7;
	f.src = t->mac[9];
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(1));
}

static void vlan_errors(struct kunit *test)
{
	static const struct { unsigned int vf; u16 vid; u8 qos; int err; } tab[] = {
		{ 0, 4095, 0, -EINVAL }, { 0, 4096, 0, -EINVAL }, { 0, 0xffff, 0, -EINVAL },
		{ 0, 5, 8, -EINVAL }, { 0, 0, 1, -EINVAL }, { 2, 5, 0, -ENODEV },
		{ 7, 5, 0, -ENODEV }, { UINT_MAX, 5, 0, -ENODEV }, { 0, 0, 0, 0 },
		{ 0, 1, 0, 0 }, { 0, 4094, 7, 0 }, { 0, 4094, 7, 0 }, { 0, 0, 0, 0 },
	};
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	unsigned int i;

	kawela_nsw_t_start(test, 2, 2);
	for (i = 0; i < ARRAY_SIZE(tab); i++) {
		ack._msg = NULL;
		KUNIT_EXPECT_EQ_MSG(test, kawela_nsw_vf_set_vlan(t->nsw, tab[i].vf, tab[i].vid,
								 tab[i].qos, &ack),
				    tab[i].err, "row %u", i);
		KUNIT_EXPECT_EQ(test, !ack._msg, !tab[i].err);
		if (tab[i].err)
			continue;
		KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).vlan, tab[i].vid);
		KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).qos, tab[i].qos);
	}
	/* A VPort of the PF is no VF. */
	KUNIT_ASSERT_EQ(test, kawela_nsw_t_add_vport(test, t->mac[40]), 6);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 6, 5, 0, NULL), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_link(t->nsw, 6, KAWELA_NSW_LINK_DISABLE), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_spoofchk(t->nsw, 6, true), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 6, 1, NULL), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 5, t->mac[41], NULL), -ENODEV);
	/* But its address can be pinned. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 6, t->mac[41], NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[41], NSW_T_UNTAGGED), BIT(6));
}

/* VF 0 and VF 1 are in VLAN 100, VF 2 is not: who receives what, whatever the guests try. */
static void vlan_truth(struct kunit *test)
{
	static const struct {
		u8 dst;		/* VF */
		int vid;
		unsigned int from;
		u8 pools;
	} tab[] = {
		{ 0, 100, NSW_T_WIRE, BIT(0) }, { 0, -1, NSW_T_WIRE, BIT(7) },
		{ 0, 0, NSW_T_WIRE, BIT(7) }, { 0, 5, NSW_T_WIRE, BIT(7) },
		{ 2, -1, NSW_T_WIRE, BIT(2) }, { 2, 5, NSW_T_WIRE, BIT(2) },
		{ 2, 100, NSW_T_WIRE, BIT(7) },
		/* Untagged, or tagged by the guest: it leaves in VLAN 100. */
		{ 1, -1, 0, BIT(1) }, { 1, 5, 0, BIT(1) }, { 1, 100, 0, BIT(1) },
		{ 2, -1, 0, 0 }, { 2, 5, 0, 0 },
		/* Who is not in VLAN 100 does not get into it. */
		{ 0, -1, 2, 0 }, { 0, 100, 2, 0 }, { 0, 5, 2, 0 },
		{ 0, 100, 7, BIT(0) }, { 0, -1, 7, 0 },
	};
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f;
	unsigned int i;

	kawela_nsw_t_start(test, 3, 3);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 2, 5, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 100, 3, NULL), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 1, 100, 0, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(tab); i++) {
		f.dst = nsw_t_vf_mac(t, tab[i].dst);
		f.src = tab[i].from < 7 ? nsw_t_vf_mac(t, tab[i].from) : NULL;
		f.vid = tab[i].vid;
		f.from = tab[i].from;
		KUNIT_EXPECT_EQ_MSG(test, kawela_nsw_t_classify(&t->regs, &f, NULL), tab[i].pools,
				    "row %u", i);
		if (tab[i].from < 2)
			KUNIT_EXPECT_EQ(test, kawela_nsw_t_sent_vid(&t->regs, &f), 100);
	}
	f = (struct kawela_nsw_t_frame) { .dst = bcast, .vid = 100, .from = NSW_T_WIRE };
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(0) | BIT(1));
}

/* What the guest joined rests, and is back afterwards. */
static void vlan_guest(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	kawela_nsw_t_start(test, 1, 1);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), 0);
	*before = t->regs;
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 5, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 6, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 5), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 0, true), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[0], 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 0, 0, NULL), 0);
	KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));
}

/* VLANs the guest joins meanwhile rest as well, whether it knows of the administrator's or not. */
static void guest_joins_meanwhile(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 6, 1, NULL), 0);
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 7, true));
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 6, true));
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 8, true));
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 8, false));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 6), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 7), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).num_vlans, 2);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[0], 2);

	NSW_T_WATCH(kawela_nsw_vf_set_vlan(t->nsw, 0, 9, 0, NULL));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 6), 0);
	NSW_T_WATCH(kawela_nsw_vf_set_vlan(t->nsw, 0, 0, 0, NULL));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 6), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 7), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 8), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 9), 0);

	/* What rests goes with the session. */
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 9, 0, NULL), 0);
	kawela_nsw_vport_flr(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).num_vlans, 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 7, true), -EAGAIN);
}

/* What rests counts: nobody's share is used up by it, and there is room when it is back. */
static void resting_vlans_count(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int got, i;

	kawela_nsw_t_start(test, 7, 7);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 50, 0, NULL), 0);
	for (got = 0; got < 40; got++)
		if (kawela_nsw_vport_set_vlan(t->nsw, 0, 100 + got, true))
			break;
	/* 31 less two for each of the others, and the administrator's own. */
	KUNIT_EXPECT_EQ(test, got, 31 - 2 * 7 - 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 99, true), -ENOSPC);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 50, true), 0);
	for (i = 1; i < 7; i++) {
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, i, 200 + i, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, i, 300 + i, true), 0);
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 51, 0, NULL), -ENOSPC);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 0, 0, NULL), 0);
	for (i = 0; i < got; i++)
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 100 + i), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 50), BIT(0));
}

/* A full table refuses another VLAN, and the VF stays where it was. */
static void vlan_full(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	unsigned int i;

	kawela_nsw_t_start(test, 7, 7);
	for (i = 0; i < 17; i++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 100 + i, true), 0);
	for (i = 1; i < 7; i++) {
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, i, 200 + i, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, i, 300 + i, 0, NULL), 0);
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 99, 0, &ack), -ENOSPC);
	KUNIT_ASSERT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "vlan_filters"));
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).vlan, 0);
	/* One it joined needs no more room, and one for another takes the old one's. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 100, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 1, 401, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[2], 401), BIT(1));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[2], 301), 0);
}

/* The link's end is the session's; filters are the default VPort's until a new one is ready. */
static void link_disable(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);
	struct kawela_nsw_t_frame f = { .dst = t->mac[1], .src = t->mac[2], .from = 1 };
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, before);
	kawela_nsw_t_start(test, 2, 2);
	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, i, 100, 0, NULL), 0);
	*before = t->regs;
	NSW_T_WATCH(kawela_nsw_vf_set_link(t->nsw, 0, KAWELA_NSW_LINK_DISABLE));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 100), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(7));
	KUNIT_EXPECT_EQ(test, t->regs.vfre, BIT(1) | BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_reset(t->nsw, 0, mac), -ENETDOWN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), -EAGAIN);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_link(t->nsw, 0, KAWELA_NSW_LINK_DISABLE), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_link(t->nsw, 0, KAWELA_NSW_LINK_AUTO), 0);
	kawela_nsw_vport_ready(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	NSW_T_WATCH(kawela_nsw_vport_reset(t->nsw, 0, mac));
	NSW_T_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, 0));
	KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));
	/* An address of the guest's own choice that is not pinned goes, as nobody's. */
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]), 0);
	NSW_T_WATCH(kawela_nsw_vf_set_link(t->nsw, 0, KAWELA_NSW_LINK_DISABLE));
	KUNIT_EXPECT_FALSE(test, kawela_nsw_t_has_rar(&t->regs, t->mac[9]));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 100), BIT(7));
}

static void spoofchk_off(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[2], .src = t->mac[9], .from = 0,
					.vid = NSW_T_UNTAGGED };

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), 0);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_spoofchk(t->nsw, 0, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_spoofchk(t->nsw, 0, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(1));
	KUNIT_EXPECT_FALSE(test, nsw_t_info(t, 0).spoofchk);
	/* Its VLAN is not a matter of checking: the tag is inserted all the same. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 100, 0, NULL), 0);
	f.vid = 5;
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_sent_vid(&t->regs, &f), 100);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), 0);
}

/* The driver of a VF hears of each thing that was said about it, of nothing that was refused. */
static void told(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_quota quota;

	kawela_nsw_t_start(test, 2, 2);
	t->told = 0;
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[0], NULL), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 1, 1001, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, t->told, 0);

	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[5], NULL), 0);
	KUNIT_EXPECT_EQ(test, t->told, KAWELA_NSW_POLICY_ADDRESS);
	KUNIT_EXPECT_EQ(test, t->told_vf, 1);
	t->told = 0;
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 5, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 0, 100, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_link(t->nsw, 0, KAWELA_NSW_LINK_ENABLE), 0);
	KUNIT_EXPECT_EQ(test, t->told, KAWELA_NSW_POLICY_VLAN | KAWELA_NSW_POLICY_RATE |
			KAWELA_NSW_POLICY_TRUST | KAWELA_NSW_POLICY_LINK);
	KUNIT_EXPECT_EQ(test, t->told_vf, 0);

	/* In a VLAN of the administrator's there is room for none of its own. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_get_quota(t->nsw, 0, &quota), 0);
	KUNIT_EXPECT_EQ(test, quota.vlans, 0);
	KUNIT_EXPECT_EQ(test, quota.uc, 24);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_get_quota(t->nsw, 1, &quota), 0);
	KUNIT_EXPECT_EQ(test, quota.uc, 0);
	KUNIT_EXPECT_GT(test, quota.vlans, 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_get_quota(t->nsw, 2, &quota), -ENODEV);
}

static struct kunit_case nsw_admin_cases[] = {
	KUNIT_CASE(told),
	KUNIT_CASE(admin_mac),
	KUNIT_CASE(pin_while_given_up),
	KUNIT_CASE(pin_withdraws),
	KUNIT_CASE(unpin_while_down),
	KUNIT_CASE(mac_theft),
	KUNIT_CASE(pinned),
	KUNIT_CASE(trust_withdrawn),
	KUNIT_CASE(spoof_check),
	KUNIT_CASE(vlan_errors),
	KUNIT_CASE(vlan_truth),
	KUNIT_CASE(vlan_guest),
	KUNIT_CASE(guest_joins_meanwhile),
	KUNIT_CASE(resting_vlans_count),
	KUNIT_CASE(vlan_full),
	KUNIT_CASE(link_disable),
	KUNIT_CASE(spoofchk_off),
	{}
};

static struct kunit_suite nsw_admin_suite = {
	.name = "kawela_nsw_admin",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_admin_cases,
};

kunit_test_suite(nsw_admin_suite);
