// SPDX-License-Identifier: GPL-2.0-only
/* The default VPort: address lists, promiscuity, features, frame length. */
#include "nsw_test.h"

static const u8 group_a[ETH_ALEN] __aligned(2) = { 0x33, 0x33, 0, 0, 0x12, 0x34 };
static const u8 group_b[ETH_ALEN] __aligned(2) = { 0x01, 0x00, 0x5e, 0, 0, 0xfb };
static const u8 group_c[ETH_ALEN] __aligned(2) = { 0x01, 0x00, 0x5e, 0, 0, 0x01 };

static int sync(struct kawela_nsw_t *t, const u8 *uc, unsigned int num_uc, const u8 *mc,
		unsigned int num_mc, u32 flags)
{
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])uc, .num_uc = num_uc,
		.mc = (const u8 (*)[ETH_ALEN])mc, .num_mc = num_mc,
		.flags = flags,
	};

	return kawela_nsw_pf_sync_addrs(t->nsw, &addrs);
}

static void create_errors(struct kunit *test)
{
	static const struct kawela_nsw_hw_ops ops;

	KUNIT_EXPECT_PTR_EQ(test, kawela_nsw_create(&ops, NULL, group_a), ERR_PTR(-EINVAL));
	kawela_nsw_destroy(NULL);
}

static void mc_hash(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kawela_nsw_mc_hash(group_a), 0x341);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mc_hash(group_b), 0xfb0);
}

static void pf_mac(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, group_a), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, t->mac[9]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], NSW_T_UNTAGGED), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[9], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, t->regs.rah[0] >> 31, 1);

	/* One of its secondary addresses becomes the first. */
	KUNIT_EXPECT_EQ(test, sync(t, t->mac[20], 2, NULL, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 3);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, t->mac[20]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 2);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, t->mac[9]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 3);
}

/* All or nothing: a bad list leaves the old one. */
static void sync_errors(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u8 mixed[2][ETH_ALEN] __aligned(2);

	KUNIT_ASSERT_EQ(test, sync(t, t->mac[20], 2, group_a, 1, 0), 0);
	kawela_nsw_t_clear(t);
	ether_addr_copy(mixed[0], t->mac[30]);
	ether_addr_copy(mixed[1], group_a);
	KUNIT_EXPECT_EQ(test, sync(t, mixed[0], 2, NULL, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, sync(t, t->mac[30], 1, mixed[0], 2, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[21], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, NSW_T_UNTAGGED), BIT(7));
}

static void sync_idempotent(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u8 dup[2][ETH_ALEN] __aligned(2);

	KUNIT_ASSERT_EQ(test, sync(t, t->mac[20], 5, group_a, 1, 0), 0);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, sync(t, t->mac[20], 5, group_a, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	/* Those that stay are not touched. */
	KUNIT_EXPECT_EQ(test, sync(t, t->mac[21], 5, group_a, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 2);
	KUNIT_EXPECT_EQ(test, t->writes[NSW_T_RAR], 2);
	ether_addr_copy(dup[0], t->mac[30]);
	ether_addr_copy(dup[1], t->mac[30]);
	KUNIT_EXPECT_EQ(test, sync(t, dup[0], 2, NULL, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 2);
}

/* A guest that has the address neither loses it nor keeps the PF from its other addresses. */
static void sync_vf_address(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);

	kawela_nsw_t_start(test, 1, 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_reset(t->nsw, 0, mac), -EADDRNOTAVAIL);
	kawela_nsw_vport_ready(t->nsw, 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[20]), 0);
	KUNIT_EXPECT_EQ(test, sync(t, t->mac[20], 2, group_a, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 2);
	KUNIT_EXPECT_FALSE(test, t->regs.rctl & KW_RCTL_UPE);
	/* When it goes, the PF gets its entry. */
	kawela_nsw_vport_flr(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 3);
	kawela_nsw_vport_reset(t->nsw, 0, mac);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[20]), -EEXIST);
}

static void multicast(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u16 b = kawela_nsw_mc_hash(group_b);
	unsigned int mode;

	for (mode = 0; mode < 2; mode++) {
		if (mode)
			kawela_nsw_t_start(test, 2, 2);
		KUNIT_EXPECT_EQ(test, sync(t, NULL, 0, group_a, 1, 0), 0);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, NSW_T_UNTAGGED), BIT(7));
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_c, NSW_T_UNTAGGED), 0);
		KUNIT_EXPECT_EQ(test, sync(t, NULL, 0, NULL, 0, KAWELA_NSW_PF_ALLMULTI), 0);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_c, NSW_T_UNTAGGED), BIT(7));
		KUNIT_EXPECT_EQ(test, sync(t, NULL, 0, NULL, 0, 0), 0);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, NSW_T_UNTAGGED), 0);
	}
	/* The MTA is shared: a pool with ROMPE sees what others asked for, one without does not. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 1, &b, 1), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_b, NSW_T_UNTAGGED), BIT(1));
	KUNIT_EXPECT_EQ(test, sync(t, NULL, 0, group_a, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, NSW_T_UNTAGGED), BIT(1) | BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 1, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_b, NSW_T_UNTAGGED), 0);
}

static void promisc(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[40], .vid = NSW_T_UNTAGGED, .from = 0 };
	bool wire;

	KUNIT_EXPECT_EQ(test, sync(t, NULL, 0, NULL, 0, KAWELA_NSW_PF_PROMISC), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[40], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[40], 123), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, NSW_T_UNTAGGED), BIT(7));

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_TRUE(test, t->regs.rctl & KW_RCTL_VFE);
	/* Unknown unicast of a VF reaches the PF as well as the wire. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, &wire), BIT(7));
	KUNIT_EXPECT_TRUE(test, wire);
	/* The PF is in every VLAN that somebody joined. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 1, 9, true), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, 9), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[2], 9), BIT(1));

	KUNIT_EXPECT_EQ(test, sync(t, NULL, 0, NULL, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, &wire), 0);
	KUNIT_EXPECT_TRUE(test, wire);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, group_a, 9), 0);
	KUNIT_EXPECT_EQ(test, t->regs.rctl & (KW_RCTL_UPE | KW_RCTL_MPE), 0);
}

static void features(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_features(t->nsw, BIT(9)), -EINVAL);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 9), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_features(t->nsw, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 9), BIT(7));
	KUNIT_EXPECT_FALSE(test, t->regs.rctl & KW_RCTL_VFE);
	KUNIT_EXPECT_FALSE(test, t->regs.ctrl & KW_CTRL_VME);
	KUNIT_EXPECT_FALSE(test, t->regs.vmolr[7] & KW_VMOLR_STRVLAN);

	/* The VLAN filter cannot be off in VMDq: it keeps VFs apart. */
	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_TRUE(test, t->regs.rctl & KW_RCTL_VFE);
	KUNIT_EXPECT_TRUE(test, t->regs.ctrl & KW_CTRL_VME);
	KUNIT_EXPECT_TRUE(test, t->regs.vmolr[0] & KW_VMOLR_STRVLAN);
	KUNIT_EXPECT_FALSE(test, t->regs.vmolr[0] & KW_VMOLR_RSSE);
	KUNIT_EXPECT_FALSE(test, t->regs.vmolr[7] & KW_VMOLR_STRVLAN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_features(t->nsw, KAWELA_NSW_PF_RSS_POOL |
							 KAWELA_NSW_PF_VLAN_STRIP), 0);
	KUNIT_EXPECT_TRUE(test, t->regs.vmolr[7] & KW_VMOLR_RSSE);
	KUNIT_EXPECT_TRUE(test, t->regs.vmolr[7] & KW_VMOLR_STRVLAN);
}

static void pf_max_frame(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_max_frame(t->nsw, 63), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_max_frame(t->nsw, 9729), -EINVAL);
	KUNIT_EXPECT_EQ(test, t->regs.rlpml, 1526);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_max_frame(t->nsw, 9022), 0);
	KUNIT_EXPECT_EQ(test, t->regs.rlpml, 9022);
	/* In VMDq the port takes what any pool may take. */
	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, t->regs.rlpml, 9728);
	KUNIT_EXPECT_EQ(test, FIELD_GET(KW_VMOLR_RLPML, t->regs.vmolr[7]), 9022);
	KUNIT_EXPECT_EQ(test, FIELD_GET(KW_VMOLR_RLPML, t->regs.vmolr[0]), 1522);
}

static struct kunit_case nsw_pf_cases[] = {
	KUNIT_CASE(create_errors),
	KUNIT_CASE(mc_hash),
	KUNIT_CASE(pf_mac),
	KUNIT_CASE(sync_errors),
	KUNIT_CASE(sync_idempotent),
	KUNIT_CASE(sync_vf_address),
	KUNIT_CASE(multicast),
	KUNIT_CASE(promisc),
	KUNIT_CASE(features),
	KUNIT_CASE(pf_max_frame),
	{}
};

static struct kunit_suite nsw_pf_suite = {
	.name = "kawela_nsw_pf",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_pf_cases,
};

kunit_test_suite(nsw_pf_suite);
