// SPDX-License-Identifier: GPL-2.0-only
/* Life of VFs in the NIC switch: number, session, gates, administrator's address, trust. */
#include "nsw_test.h"

#define VF_MASK(n)	(GENMASK(7, 0) >> (8 - (n)))

static const u8 bcast[ETH_ALEN] __aligned(2) = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 group[ETH_ALEN] __aligned(2) = { 0x33, 0x33, 0, 0, 0, 0x01 };
static const u8 none[ETH_ALEN] __aligned(2);

/* 0 -> n -> 0 for every n leaves the very registers of the start, and exact counts on the way. */
static void num_vfs_cycle(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *start = kunit_kzalloc(test, sizeof(*start), GFP_KERNEL);
	struct kawela_nsw_counts c;
	unsigned int n;

	KUNIT_ASSERT_NOT_NULL(test, start);
	*start = t->regs;
	KUNIT_EXPECT_EQ(test, kawela_nsw_mode(t->nsw), KAWELA_NSW_RSS);

	for (n = 1; n <= KAWELA_NSW_MAX_VFS; n++) {
		kawela_nsw_t_clear(t);
		kawela_nsw_t_start(test, n, n - 1);
		KUNIT_EXPECT_EQ(test, t->writes[NSW_T_MODE], 1);
		KUNIT_EXPECT_EQ(test, kawela_nsw_mode(t->nsw), KAWELA_NSW_VMDQ);
		c = nsw_t_counts(t);
		KUNIT_EXPECT_EQ(test, c.num_vfs, n);
		KUNIT_EXPECT_EQ(test, c.vfs_ready, n - 1);
		KUNIT_EXPECT_EQ(test, c.rar_used, n);
		KUNIT_EXPECT_EQ(test, c.rar_reserved, 1);
		KUNIT_EXPECT_EQ(test, c.rar_free, 24 - n - 1);
		KUNIT_EXPECT_EQ(test, c.vlvf_used, 1);
		KUNIT_EXPECT_EQ(test, c.vlvf_free, 31);
		KUNIT_EXPECT_EQ(test, t->regs.vfre, BIT(7) | VF_MASK(n - 1));

		KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
		KUNIT_EXPECT_EQ(test, t->writes[NSW_T_MODE], 2);
		KUNIT_EXPECT_MEMEQ(test, &t->regs, start, sizeof(*start));
		c = nsw_t_counts(t);
		KUNIT_EXPECT_EQ(test, c.num_vfs + c.vfs_ready + c.rar_reserved + c.vlvf_used, 0);
		KUNIT_EXPECT_EQ(test, c.rar_used, 1);
		KUNIT_EXPECT_EQ(test, c.rar_free, 23);
	}
}

static void num_vfs_errors(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};

	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 8, &ack), -ERANGE);
	KUNIT_EXPECT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, UINT_MAX, NULL), -ERANGE);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 3, NULL), 0);
	ack._msg = NULL;
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 4, &ack), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 2, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 3, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).num_vfs, 3);
}

/* Hardware says all gates are open after a reset: closing them is the first write. */
static void gates_after_reset(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 7, 0);
	kawela_nsw_suspend(t->nsw);
	kawela_nsw_t_hw_reset(t);
	kawela_nsw_t_clear(t);
	kawela_nsw_reapply(t->nsw);
	KUNIT_EXPECT_EQ(test, t->first, NSW_T_GATES);
	KUNIT_EXPECT_EQ(test, t->regs.vfre, BIT(7));
	KUNIT_EXPECT_EQ(test, t->regs.vfte, BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, bcast, NSW_T_UNTAGGED), BIT(7));
}

/* Every session state x event, seen from outside. */
static void session_table(struct kunit *test)
{
	enum { DOWN, ATTACHED, READY };
	static const u8 next[3][3] = {
		[DOWN] = { DOWN, ATTACHED, DOWN },
		[ATTACHED] = { DOWN, ATTACHED, READY },
		[READY] = { DOWN, ATTACHED, READY },
	};
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int from, ev;

	kawela_nsw_t_start(test, 2, 0);
	for (from = DOWN; from <= READY; from++) {
		for (ev = 0; ev < 3; ev++) {
			kawela_nsw_vport_flr(t->nsw, 0);
			if (from >= ATTACHED)
				kawela_nsw_vport_reset(t->nsw, 0, mac);
			if (from == READY)
				kawela_nsw_vport_ready(t->nsw, 0);
			if (ev == 0)
				kawela_nsw_vport_flr(t->nsw, 0);
			else if (ev == 1)
				kawela_nsw_vport_reset(t->nsw, 0, mac);
			else
				kawela_nsw_vport_ready(t->nsw, 0);

			KUNIT_EXPECT_EQ_MSG(test, kawela_nsw_vport_clear_uc(t->nsw, 0),
					    next[from][ev] == DOWN ? -EAGAIN : 0,
					    "state %u event %u", from, ev);
			KUNIT_EXPECT_EQ_MSG(test, t->regs.vfre & BIT(0), next[from][ev] == READY,
					    "state %u event %u", from, ev);
			KUNIT_EXPECT_EQ(test, t->regs.vfre, t->regs.vfte);
		}
	}
}

static void no_such_vf(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw *nsw = t->nsw;
	struct kawela_nsw_vport_info info;
	u8 mac[ETH_ALEN] __aligned(2);
	static const unsigned int vfs[] = { 2, 6, 8, UINT_MAX };
	u16 hash = 0;
	unsigned int i;

	kawela_nsw_t_start(test, 2, 2);
	kawela_nsw_t_clear(t);
	for (i = 0; i < ARRAY_SIZE(vfs); i++) {
		unsigned int vf = vfs[i];

		kawela_nsw_vport_flr(nsw, vf);
		kawela_nsw_vport_ready(nsw, vf);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_reset(nsw, vf, mac), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(nsw, vf, t->mac[9], NULL),
				-ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(nsw, vf, true), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_get_info(nsw, vf, &info), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(nsw, vf, t->mac[9]), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(nsw, vf, t->mac[9]), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_clear_uc(nsw, vf), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(nsw, vf, &hash, 1), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(nsw, vf, 5, true), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_max_frame(nsw, vf, 1522), -ENODEV);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(nsw, vf, 0), -ENODEV);
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
}

/* A VF without a session can set nothing. */
static void no_session(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u16 hash = 0;

	kawela_nsw_t_start(test, 1, 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[9]), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 0, &hash, 1), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_max_frame(t->nsw, 0, 1522), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 0, 0), -EAGAIN);
}

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

static void ask_for_all(struct kunit *test, unsigned int vf)
{
	struct kawela_nsw_t *t = test->priv;
	u16 hash[30];
	u16 i;

	for (i = 0; i < 30; i++)
		hash[i] = i * 131 + 0xf000;
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, vf, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, vf, t->mac[30]), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, vf, t->mac[31]), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, vf, t->mac[32]), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, vf, hash, 30), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, vf, KAWELA_NSW_VF_PROMISC_MC |
							   KAWELA_NSW_VF_PROMISC_UC), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, vf, 5, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, vf, 4095, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_max_frame(t->nsw, vf, 9728), 0);
}

/* A VF that asked for everything leaves nothing behind: neither FLR nor reset, at any VF. */
static void flr_cleans(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);
	struct kawela_nsw_counts c0, c1;
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int vf;

	KUNIT_ASSERT_NOT_NULL(test, before);
	kawela_nsw_t_start(test, 7, 7);
	*before = t->regs;
	c0 = nsw_t_counts(t);

	for (vf = 0; vf < 7; vf++) {
		ask_for_all(test, vf);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[30], 5), BIT(vf));
		kawela_nsw_t_clear(t);
		kawela_nsw_vport_flr(t->nsw, vf);
		KUNIT_EXPECT_EQ(test, t->regs.vfre, 0xff & ~BIT(vf));
		KUNIT_EXPECT_EQ(test, t->regs.vmolr[vf], KW_VMOLR_LPE);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[vf + 1], NSW_T_UNTAGGED), BIT(7));
		KUNIT_EXPECT_TRUE(test, nsw_t_info(t, vf).trusted);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_reset(t->nsw, vf, mac), 0);
		KUNIT_EXPECT_TRUE(test, ether_addr_equal(mac, t->mac[vf + 1]));
		kawela_nsw_vport_ready(t->nsw, vf);
		KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));

		ask_for_all(test, vf);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_reset(t->nsw, vf, mac), 0);
		KUNIT_EXPECT_EQ(test, t->regs.vfre, 0xff & ~BIT(vf));
		kawela_nsw_vport_ready(t->nsw, vf);
		KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));
		KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, vf, false), 0);
	}
	c1 = nsw_t_counts(t);
	KUNIT_EXPECT_MEMEQ(test, &c1, &c0, sizeof(c0));
}

/* suspend ends the sessions and holds writes back; reapply writes all of it. */
static void suspend_reapply(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int vf;

	KUNIT_ASSERT_NOT_NULL(test, before);
	kawela_nsw_t_start(test, 3, 3);
	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 77, true), 0);
	*before = t->regs;

	/* Without suspend: the same registers, sessions untouched. */
	kawela_nsw_t_hw_reset(t);
	kawela_nsw_reapply(t->nsw);
	KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vfs_ready, 3);

	kawela_nsw_suspend(t->nsw);
	KUNIT_EXPECT_EQ(test, t->regs.vfre, BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vfs_ready, 0);
	kawela_nsw_t_hw_reset(t);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 2, t->mac[9], NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 2, t->mac[3], NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);

	kawela_nsw_reapply(t->nsw);
	KUNIT_EXPECT_EQ(test, t->regs.vfre, BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 77), BIT(7));
	for (vf = 0; vf < 3; vf++) {
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_reset(t->nsw, vf, mac), 0);
		kawela_nsw_vport_ready(t->nsw, vf);
	}
	KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));
}

static void max_frame(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	static const struct { u32 len; int err; } tab[] = {
		{ 0, -EINVAL }, { 63, -EINVAL }, { 64, 0 }, { 1522, 0 }, { 9728, 0 },
		{ 9729, -EINVAL }, { 0x4000, -EINVAL }, { 0x80000000, -EINVAL },
		{ 0xffffffff, -EINVAL },
	};
	unsigned int i;
	u32 vmolr;

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, FIELD_GET(KW_VMOLR_RLPML, t->regs.vmolr[0]), 1522);
	for (i = 0; i < ARRAY_SIZE(tab); i++) {
		vmolr = t->regs.vmolr[0];
		if (!tab[i].err)
			vmolr = (vmolr & ~KW_VMOLR_RLPML) | tab[i].len;
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_max_frame(t->nsw, 0, tab[i].len),
				tab[i].err);
		KUNIT_EXPECT_EQ(test, t->regs.vmolr[0], vmolr);
	}
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

static struct kunit_case nsw_vf_cases[] = {
	KUNIT_CASE(num_vfs_cycle),
	KUNIT_CASE(num_vfs_errors),
	KUNIT_CASE(gates_after_reset),
	KUNIT_CASE(session_table),
	KUNIT_CASE(no_such_vf),
	KUNIT_CASE(no_session),
	KUNIT_CASE(admin_mac),
	KUNIT_CASE(mac_theft),
	KUNIT_CASE(pinned),
	KUNIT_CASE(trust_withdrawn),
	KUNIT_CASE(flr_cleans),
	KUNIT_CASE(suspend_reapply),
	KUNIT_CASE(max_frame),
	KUNIT_CASE(spoof_check),
	{}
};

static struct kunit_suite nsw_vf_suite = {
	.name = "kawela_nsw_vf",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_vf_cases,
};

kunit_test_suite(nsw_vf_suite);
