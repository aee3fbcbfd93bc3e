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
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[1], NULL), -EEXIST);
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
		/* The administrator alone may give the PF's secondary address away. */
		if (taken[i] != 20)
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

/*NEW*/
static struct kunit_case nsw_admin_cases[] = {
	KUNIT_CASE(admin_mac),
	KUNIT_CASE(mac_theft),
	KUNIT_CASE(pinned),
	KUNIT_CASE(trust_withdrawn),
	KUNIT_CASE(spoof_check),
	{}
};

static struct kunit_suite nsw_admin_suite = {
	.name = "kawela_nsw_admin",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_admin_cases,
};

kunit_test_suite(nsw_admin_suite);
