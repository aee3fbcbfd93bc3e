// SPDX-License-Identifier: GPL-2.0-only
/* Life of the switch: number of VFs, reset values, suspension, counts, settings of the whole. */
#include "nsw_test.h"

#define VF_MASK(n)	(GENMASK(7, 0) >> (8 - (n)))

static const u8 bcast[ETH_ALEN] __aligned(2) = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

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

/* VPorts: one more than VFs, an address for each, and ids without a hole, 0 the default one's. */
static void capabilities(struct kunit *test)
{
	unsigned int pool, id, seen = 0;

	KUNIT_EXPECT_GT(test, KAWELA_NSW_NUM_POOLS, KAWELA_NSW_MAX_VFS);
	KUNIT_EXPECT_GE(test, KAWELA_NSW_NUM_RAR, KAWELA_NSW_NUM_POOLS);
	KUNIT_EXPECT_GE(test, KAWELA_NSW_NUM_VLVF, KAWELA_NSW_NUM_POOLS);
	for (pool = 0; pool < KAWELA_NSW_NUM_POOLS; pool++) {
		id = kawela_nsw_vport_id(pool);
		KUNIT_EXPECT_LT(test, id, KAWELA_NSW_NUM_POOLS);
		KUNIT_EXPECT_FALSE(test, seen & BIT(id));
		seen |= BIT(id);
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_id(KAWELA_NSW_PF_POOL), 0);
}

/* VMDq while there is a VF or a VPort of the PF, whichever came first; RSS is off then. */
static void modes(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *start = kunit_kzalloc(test, sizeof(*start), GFP_KERNEL);
	struct kawela_nsw_counts c;
	unsigned int vfs, pfs, i;

	KUNIT_ASSERT_NOT_NULL(test, start);
	*start = t->regs;
	for (vfs = 0; vfs <= 7; vfs++) {
		for (pfs = 0; pfs <= 7 - vfs; pfs++) {
			kawela_nsw_t_clear(t);
			KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, vfs, NULL), 0);
			for (i = 0; i < pfs; i++)
				kawela_nsw_t_add_vport(test, t->mac[40 + i]);
			c = nsw_t_counts(t);
			KUNIT_EXPECT_EQ(test, c.mode == KAWELA_NSW_VMDQ, vfs + pfs > 0);
			KUNIT_EXPECT_EQ(test, t->writes[NSW_T_MODE], vfs + pfs > 0);
			KUNIT_EXPECT_EQ(test, c.num_vfs, vfs);
			KUNIT_EXPECT_EQ(test, c.pf_vports, pfs);
			KUNIT_EXPECT_EQ(test, c.num_vports, 1 + vfs + pfs);
			KUNIT_EXPECT_EQ(test, c.queue_pairs, vfs + pfs ? 2 + vfs + pfs : 0);
			KUNIT_EXPECT_EQ(test, c.rar_used, 1 + pfs);
			KUNIT_EXPECT_EQ(test, c.rar_reserved, vfs);
			KUNIT_EXPECT_EQ(test, t->regs.vfre, vfs + pfs ? BIT(7) |
					(VF_MASK(pfs) << (7 - pfs) & 0xff) : 0xff);
			KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
			for (i = 7 - pfs; i < 7; i++)
				KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, i, 0, NULL), 0);
			KUNIT_EXPECT_EQ(test, t->writes[NSW_T_MODE], 2 * (vfs + pfs > 0));
			KUNIT_EXPECT_MEMEQ(test, &t->regs, start, sizeof(*start));
		}
	}
}

/* A VPort of the PF in a VF's place keeps the VFs away, and the refusal names it. */
static void num_vfs_blocked(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	unsigned int i;

	for (i = 0; i < 3; i++)
		kawela_nsw_t_add_vport(test, t->mac[40 + i]);
	kawela_nsw_t_clear(t);
	for (i = 5; i <= 7; i++) {
		ack._msg = NULL;
		KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, i, &ack), -EBUSY);
		KUNIT_ASSERT_NOT_NULL(test, ack._msg);
		KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "VPort 5"));
		KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "delete it"));
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 4, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[41], NSW_T_UNTAGGED), BIT(5));
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[41], NSW_T_UNTAGGED), BIT(5));
	KUNIT_EXPECT_EQ(test, kawela_nsw_mode(t->nsw), KAWELA_NSW_VMDQ);
}

/* That of a macvlan cannot be deleted, and the refusal says whose it is. */
static void num_vfs_blocked_by_station(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};

	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vport_add(t->nsw, KAWELA_NSW_OWNER_STATION, NULL), 6);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 7, &ack), -EBUSY);
	KUNIT_ASSERT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "macvlan"));
	KUNIT_EXPECT_NULL(test, strstr(ack._msg, "delete"));
}

/* Asked beforehand, the answer is the same, and nothing moves; whoever's VLANs they are. */
static void check_first(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	struct kawela_nsw_counts before, after;
	unsigned int n;

	for (n = 0; n < 30; n++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_t_set_rule(t, n, t->mac[0], 1 + n, 7), 0);
	before = nsw_t_counts(t);
	kawela_nsw_t_clear(t);
	for (n = 0; n <= 8; n++) {
		ack._msg = NULL;
		KUNIT_EXPECT_EQ(test, kawela_nsw_check_num_vfs(t->nsw, n, &ack),
				!n ? 0 : n > 7 ? -ERANGE : -ENOSPC);
		KUNIT_EXPECT_EQ(test, !ack._msg, !n);
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 1, &ack), -ENOSPC);
	KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "vlan_filters"));
	KUNIT_EXPECT_NULL(test, strstr(ack._msg, "PF has"));
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_check(t->nsw, &ack), -ENOSPC);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 29), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_set_rule(t, 29, t->mac[0], 30, 7), 0);
	after = nsw_t_counts(t);
	KUNIT_EXPECT_MEMEQ(test, &after, &before, sizeof(before));

	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 29), 0);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_check_num_vfs(t->nsw, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_check(t->nsw, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mode(t->nsw), KAWELA_NSW_RSS);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_check_num_vfs(t->nsw, 2, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, kawela_nsw_check_num_vfs(t->nsw, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_check_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).num_vfs, 1);
}

/* VEB or VEPA is kept through everything. */
static void loopback(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[2], .src = t->mac[1],
					.vid = NSW_T_UNTAGGED, .from = 0 };
	bool wire;

	KUNIT_EXPECT_TRUE(test, kawela_nsw_loopback(t->nsw));
	KUNIT_EXPECT_FALSE(test, t->regs.dtxswc & KW_DTXSWC_LOOPBACK_EN);
	kawela_nsw_t_start(test, 2, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, &wire), BIT(1));
	KUNIT_EXPECT_FALSE(test, wire);
	kawela_nsw_t_clear(t);
	kawela_nsw_set_loopback(t->nsw, false);
	kawela_nsw_set_loopback(t->nsw, false);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, &wire), 0);
	KUNIT_EXPECT_TRUE(test, wire);
	kawela_nsw_suspend(t->nsw);
	kawela_nsw_t_hw_reset(t);
	kawela_nsw_reapply(t->nsw);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 1, NULL), 0);
	KUNIT_EXPECT_FALSE(test, t->regs.dtxswc & KW_DTXSWC_LOOPBACK_EN);
	KUNIT_EXPECT_FALSE(test, kawela_nsw_loopback(t->nsw));
	kawela_nsw_set_loopback(t->nsw, true);
	KUNIT_EXPECT_TRUE(test, t->regs.dtxswc & KW_DTXSWC_LOOPBACK_EN);
}

/* A reset of the hardware ends the sessions of all VPorts, and nothing else. */
static void suspend_keeps(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);
	unsigned int pool;

	KUNIT_ASSERT_NOT_NULL(test, before);
	kawela_nsw_t_start(test, 2, 2);
	pool = kawela_nsw_t_add_vport(test, t->mac[40]);
	kawela_nsw_set_link_speed(t->nsw, 1000);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 100, 3, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 0, 300, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_spoofchk(t->nsw, 1, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_set_rule(t, 3, t->mac[50], 9, pool), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_set_rule(t, 4, t->mac[51], 100, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_set_rule(t, 5, t->mac[52], 7, 7), 0);
	*before = t->regs;

	kawela_nsw_suspend(t->nsw);
	KUNIT_EXPECT_EQ(test, t->regs.vfre, BIT(7));
	kawela_nsw_t_hw_reset(t);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_link(t->nsw, 1, KAWELA_NSW_LINK_DISABLE), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_link(t->nsw, 1, KAWELA_NSW_LINK_AUTO), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	kawela_nsw_reapply(t->nsw);
	KUNIT_EXPECT_EQ(test, t->first, NSW_T_GATES);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[51], 100), BIT(7));
	kawela_nsw_t_open(test, 0, NULL);
	kawela_nsw_t_open(test, 1, NULL);
	kawela_nsw_t_open(test, pool, t->mac[40]);
	KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));
}

static struct kunit_case nsw_core_cases[] = {
	KUNIT_CASE(num_vfs_cycle),
	KUNIT_CASE(num_vfs_errors),
	KUNIT_CASE(gates_after_reset),
	KUNIT_CASE(suspend_reapply),
	KUNIT_CASE(capabilities),
	KUNIT_CASE(modes),
	KUNIT_CASE(num_vfs_blocked),
	KUNIT_CASE(num_vfs_blocked_by_station),
	KUNIT_CASE(check_first),
	KUNIT_CASE(loopback),
	KUNIT_CASE(suspend_keeps),
	{}
};

static struct kunit_suite nsw_core_suite = {
	.name = "kawela_nsw_core",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_core_cases,
};

kunit_test_suite(nsw_core_suite);
