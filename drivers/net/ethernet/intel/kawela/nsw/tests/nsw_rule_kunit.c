// SPDX-License-Identifier: GPL-2.0-only
/* Receive filters of the administrator: what is exact, who gets what, moves, limits. */
#include "nsw_test.h"

#define R_NUM_MACS	3
#define R_NUM_VIDS	3
#define R_NUM_PAIRS	(R_NUM_MACS * R_NUM_VIDS)
#define R_MAC		50	/* addresses R_MAC to R_MAC + 2 */

static const u16 r_vid[R_NUM_VIDS] = { 0, 2, 3 };

static int set(struct kawela_nsw_t *t, unsigned int id, unsigned int mac, u16 vid,
	       unsigned int pool)
{
	return kawela_nsw_t_set_rule(t, id, t->mac[mac], vid, pool);
}

static void clear_all(struct kawela_nsw_t *t)
{
	unsigned int id;

	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++)
		kawela_nsw_rule_clear(t->nsw, id);
}

static void fields(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	struct kawela_nsw_rule rule = { .vid = 5, .pool = 0 };

	kawela_nsw_t_start(test, 2, 2);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, set(t, 64, 50, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, set(t, UINT_MAX, 50, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 4096, 7), -EINVAL);
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 0, 8), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_set_rule(t, 0, nsw_t_group_a, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_set(t->nsw, 0, &rule, &ack), -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 0, 3), -ENODEV);
	KUNIT_EXPECT_EQ(test, set(t, 0, 0, 0, 0), -EEXIST);
	KUNIT_EXPECT_EQ(test, set(t, 0, 2, 0, 0), -EEXIST);
	KUNIT_EXPECT_EQ(test, set(t, 0, 1, 0, 7), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 64), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_get(t->nsw, 0, &rule), -ENOENT);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_get(t->nsw, 64, &rule), -EINVAL);
	kawela_nsw_set_policy(t->nsw, KAWELA_NSW_VMQ);
	ether_addr_copy(rule.mac, t->mac[50]);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_set(t->nsw, 0, &rule, NULL), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);

	kawela_nsw_set_policy(t->nsw, KAWELA_NSW_VLAN_TESTS);
	KUNIT_EXPECT_EQ(test, set(t, 63, 50, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 0, 51, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 1, 51, 0, 0), -EEXIST);
	KUNIT_EXPECT_EQ(test, set(t, 0, 51, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 1, 50, 0, 1), -EEXIST);
	/* A guest does not get what a filter gives to somebody else. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 1, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 1, t->mac[50]), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, t->mac[50]), -EEXIST);
}

static void list(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_rule rule;
	u32 ids[4] = {};

	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_list(t->nsw, ids, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 63, 50, 0, 7), 0);
	KUNIT_EXPECT_EQ(test, set(t, 2, 51, 9, 7), 0);
	KUNIT_EXPECT_EQ(test, set(t, 40, 52, 10, 7), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_list(t->nsw, ids, 2), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_list(t->nsw, ids, 4), 3);
	KUNIT_EXPECT_TRUE(test, ids[0] == 2 && ids[1] == 40 && ids[2] == 63);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_get(t->nsw, 40, &rule), 0);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(rule.mac, t->mac[52]));
	KUNIT_EXPECT_EQ(test, rule.vid, 10);
	KUNIT_EXPECT_EQ(test, rule.pool, 7);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 7).num_rules, 3);
	/* In RSS mode, too. */
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[52], 10), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[52], 11), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 40), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[52], 10), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_list(t->nsw, ids, 4), 2);
}

/* Whether pairs (address, VLAN) have one address or one VLAN; bit mac * R_NUM_VIDS + vid. */
static bool shape_ok(unsigned int pairs)
{
	unsigned int i, macs = 0, vids = 0;

	for (i = 0; i < R_NUM_PAIRS; i++) {
		if (!(pairs & BIT(i)))
			continue;
		macs |= BIT(i / R_NUM_VIDS);
		vids |= BIT(i % R_NUM_VIDS);
	}
	return hweight8(macs) <= 1 || hweight8(vids) <= 1;
}

/* Pool @pool receives exactly @pairs of all pairs. */
static void expect_exact(struct kunit *test, unsigned int pool, unsigned int pairs)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int i;
	u16 vid;
	bool in;

	for (i = 0; i < R_NUM_PAIRS; i++) {
		vid = r_vid[i % R_NUM_VIDS];
		in = nsw_t_rx(t, t->mac[R_MAC + i / R_NUM_VIDS], vid ?: NSW_T_UNTAGGED) & BIT(pool);
		KUNIT_EXPECT_EQ_MSG(test, in, !!(pairs & BIT(i)), "pairs %x: %u", pairs, i);
		if (vid)
			continue;
		/* VLAN id 0 is no VLAN. */
		in = nsw_t_rx(t, t->mac[R_MAC + i / R_NUM_VIDS], 0) & BIT(pool);
		KUNIT_EXPECT_EQ_MSG(test, in, !!(pairs & BIT(i)), "pairs %x: %u", pairs, i);
	}
}

/* Set what can be set of @pairs, one after the other. */
static unsigned int set_pairs(struct kunit *test, unsigned int pool, unsigned int pairs)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int i, have = 0;
	int err;

	for (i = 0; i < R_NUM_PAIRS; i++) {
		if (!(pairs & BIT(i)))
			continue;
		err = set(t, i, R_MAC + i / R_NUM_VIDS, r_vid[i % R_NUM_VIDS], pool);
		KUNIT_EXPECT_EQ_MSG(test, err, shape_ok(have | BIT(i)) ? 0 : -EOPNOTSUPP,
				    "pairs %x: %u beside %x", pairs, i, have);
		if (!err)
			have |= BIT(i);
	}
	return have;
}

/*
 * Every set of filters: what this hardware would not do exactly is refused, what is taken is exact,
 * and so is every subset of it, in whatever order the filters go.
 */
static void closure(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int pairs, have, subset, i, pool;

	kawela_nsw_t_start_unpinned(test, 1);
	kawela_nsw_t_add_vport(test, t->mac[40]);
	for (pairs = 0; pairs < BIT(R_NUM_PAIRS); pairs++) {
		pool = pairs % 2 ? 6 : 0;
		have = set_pairs(test, pool, pairs);
		expect_exact(test, pool, have);
		if (have != pairs) {
			clear_all(t);
			continue;
		}
		for (subset = 0; subset < pairs; subset++) {
			if (subset & ~pairs)
				continue;
			for (i = 0; i < R_NUM_PAIRS; i++)
				if (pairs & ~subset & BIT(i))
					KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, i), 0);
			expect_exact(test, pool, subset);
			set_pairs(test, pool, pairs);
		}
		clear_all(t);
		if (READ_ONCE(test->status) == KUNIT_FAILURE)
			return;
	}
}

/* The pinned address with the administrator's VLAN is one of the filters. */
static void pinned_shape(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	static const u8 none[ETH_ALEN] __aligned(2);

	kawela_nsw_t_start(test, 1, 1);
	/* Its own address in more VLANs, or more addresses untagged. */
	KUNIT_EXPECT_EQ(test, set(t, 0, 1, 2, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 2), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, set(t, 1, 50, 0, 0), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[9], NULL),
			-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 1, 50, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 0, 1, 2, 0), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 1), 0);

	/* With a VLAN of the administrator's, in that one only. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 100, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 0, 0), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, set(t, 0, 1, 2, 0), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 100, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 1, 51, 100, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 101, 0, NULL), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 0, 0, NULL), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 100, 5, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[50], 100), BIT(0));
	/* An un-pin takes one of the filters away: never refused. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, none, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 0, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[50], 100), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[50], NSW_T_UNTAGGED), BIT(7));
}

/* On the default VPort any mix will do: it gets what is left anyhow. */
static void default_vport(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[50], .src = t->mac[1], .vid = 9, .from = 0 };

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 9, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), 0);
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 9, 7), 0);
	KUNIT_EXPECT_EQ(test, set(t, 1, 51, 10, 7), 0);
	KUNIT_EXPECT_EQ(test, set(t, 2, 52, 0, 7), 0);
	/* A guest behind a bridge on the PF is reached from a VF. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 4);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[7], 2);
	/* They stay when the mode changes. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[51], 10), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 6, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[51], 10), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 7).num_rules, 3);
}

/* A re-insert moves a filter with one write, and no frame of it is lost or doubled. */
static void moves(struct kunit *test)
{
	static const u8 way[] = { 0, 1, 6, 0, 7, 6, 7, 1, 7 };
	struct kawela_nsw_t *t = test->priv;
	unsigned int i, with_vlan;
	int vid;

	kawela_nsw_t_start_unpinned(test, 2);
	kawela_nsw_t_add_vport(test, t->mac[40]);
	for (with_vlan = 0; with_vlan < 2; with_vlan++) {
		vid = with_vlan ? 5 : 0;
		KUNIT_ASSERT_EQ(test, set(t, 8, 14, vid, 7), 0);
		for (i = 0; i < ARRAY_SIZE(way); i++) {
			kawela_nsw_t_clear(t);
			NSW_T_WATCH(set(t, 8, 14, vid, way[i]));
			KUNIT_EXPECT_EQ(test, t->writes[NSW_T_RAR], 1);
			KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[14], vid ?: NSW_T_UNTAGGED),
					BIT(way[i]));
		}
		NSW_T_WATCH(set(t, 8, 14, 6, 1));
		NSW_T_WATCH(set(t, 8, 14, 0, 0));
		NSW_T_WATCH(set(t, 8, 15, 5, 0));
		NSW_T_WATCH(set(t, 8, 15, 6, 1));
		NSW_T_WATCH(kawela_nsw_rule_clear(t->nsw, 8));
	}
}

/* A driver that uses a filter's address loses it when the filter moves, else nothing. */
static void moves_from_driver(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	static const u8 way[] = { 1, 7, 6 };
	unsigned int i, further;

	kawela_nsw_t_start_unpinned(test, 2);
	kawela_nsw_t_add_vport(test, t->mac[40]);
	for (further = 0; further < 2; further++) {
		for (i = 0; i < ARRAY_SIZE(way); i++) {
			KUNIT_ASSERT_EQ(test, set(t, 8, 14, 0, 0), 0);
			KUNIT_ASSERT_EQ(test, further ?
					kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[14]) :
					kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[14]), 0);
			/* Refused, nothing changes. */
			KUNIT_EXPECT_EQ(test, set(t, 8, 14, 0, 5), -ENODEV);
			KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).num_uc, further);
			KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[14], NSW_T_UNTAGGED), BIT(0));
			KUNIT_EXPECT_EQ(test, set(t, 9, 14, 0, way[i]), -EEXIST);

			NSW_T_WATCH(set(t, 8, 14, 0, way[i]));
			KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[14], NSW_T_UNTAGGED),
					BIT(way[i]));
			KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).num_uc, 0);
			KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[14]),
					-EEXIST);
			KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 8), 0);
		}
	}
	/* Pinned, it stays: the administrator said two things. */
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[14], NULL), 0);
	kawela_nsw_t_open(test, 0, NULL);
	KUNIT_ASSERT_EQ(test, set(t, 8, 14, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 8, 14, 0, 1), -EEXIST);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[14], NSW_T_UNTAGGED), BIT(0));
}

/* What a bridge learned moves to the VF when the administrator says so, and only then. */
static void from_the_bridge(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])t->mac[14], .num_uc = 2,
	};

	kawela_nsw_t_start(test, 2, 2);
	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_sync_addrs(t->nsw, &addrs), 0);
	kawela_nsw_t_clear(t);
	NSW_T_WATCH(set(t, 0, 14, 0, 0));
	KUNIT_EXPECT_EQ(test, t->writes[NSW_T_RAR], 1);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[14], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 2);
	NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[15], NULL));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[15], NSW_T_UNTAGGED), BIT(1));
	/* The bridge may still list them; they come back when the VF has lost them. */
	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_sync_addrs(t->nsw, &addrs), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[14], NSW_T_UNTAGGED), BIT(0));
	NSW_T_WATCH(kawela_nsw_rule_clear(t->nsw, 0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[14], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 2);
}

/* A VF's filters outlive its sessions, and are the default VPort's while there is none. */
static void away(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[14], .src = t->mac[2], .vid = 5, .from = 1 };

	kawela_nsw_t_start_unpinned(test, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 1, 5, true), 0);
	KUNIT_EXPECT_EQ(test, set(t, 0, 14, 5, 0), 0);
	KUNIT_EXPECT_EQ(test, set(t, 1, 15, 5, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(0));
	NSW_T_WATCH_VOID(kawela_nsw_vport_flr(t->nsw, 0));
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[15], 5), BIT(7));
	/* Set meanwhile, moved meanwhile. */
	NSW_T_WATCH(set(t, 2, 16, 5, 0));
	NSW_T_WATCH(set(t, 1, 15, 5, 1));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[16], 5), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[15], 5), BIT(1));
	kawela_nsw_t_open(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[16], 5), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[14], 5), BIT(0));
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 1);
}

/* Those of a PF VPort do nothing while it is closed, and go with it. */
static void pf_vport(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int pool = kawela_nsw_t_add_vport(test, t->mac[40]);

	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 0, pool), 0);
	KUNIT_EXPECT_EQ(test, set(t, 1, 51, 0, pool), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[51], NSW_T_UNTAGGED), BIT(pool));
	kawela_nsw_vport_flr(t->nsw, pool);
	KUNIT_EXPECT_FALSE(test, kawela_nsw_t_has_rar(&t->regs, t->mac[51]));
	kawela_nsw_t_open(test, pool, t->mac[40]);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[51], NSW_T_UNTAGGED), BIT(pool));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, pool, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 1);
}

/* What the guest joined rests while filters test a VLAN, and is back afterwards. */
static void guest_vlans_rest(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 6, true), 0);
	KUNIT_EXPECT_EQ(test, set(t, 0, 1, 77, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 77), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 5), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 8, true), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 8), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 0, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 6, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 5), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 8), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 6), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 77), 0);
	/* A filter for untagged frames leaves the guest its VLANs. */
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 8), BIT(0));
}

/* Filters take from their pool's share, not from the guest's quota or another's share. */
static void shares(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int i, vf, n = 0;

	kawela_nsw_t_start_unpinned(test, 7);
	for (i = 0; i < 10; i++)
		n += !set(t, i, 40 + i, 0, 0);
	KUNIT_EXPECT_EQ(test, n, 2);
	for (vf = 1; vf < 7; vf++) {
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, vf, t->mac[20 + vf]), 0);
		KUNIT_EXPECT_EQ(test, set(t, 10 + vf, 10 + vf, 0, vf), 0);
		KUNIT_EXPECT_EQ(test, set(t, 20 + vf, 30 + vf, 0, vf), -ENOSPC);
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20]), -ENOSPC);
	KUNIT_EXPECT_EQ(test, set(t, 60, 60, 0, 7), 0);
	KUNIT_EXPECT_EQ(test, set(t, 61, 61, 0, 7), 0);
	KUNIT_EXPECT_EQ(test, set(t, 62, 62, 0, 7), -ENOSPC);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_free, 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 24);

	/* One VLAN each beyond the share is what is left: 31 - 8 * 2 = 15. */
	clear_all(t);
	for (n = 0; n < 40; n++)
		if (set(t, n, 40, 100 + n, 0))
			break;
	KUNIT_EXPECT_EQ(test, n, 17);
	KUNIT_EXPECT_EQ(test, set(t, 50, 41, 300, 1), 0);
	KUNIT_EXPECT_EQ(test, set(t, 51, 41, 301, 1), 0);
	KUNIT_EXPECT_EQ(test, set(t, 52, 41, 302, 1), -ENOSPC);
}

/* An address that is the guest's and the administrator's has one entry, until both gave it up. */
static void both(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	kawela_nsw_t_start_unpinned(test, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[50]), 0);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[0], 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[50], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[50]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[50], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	/* It becomes the guest's first address, with the filter on it. */
	KUNIT_EXPECT_EQ(test, set(t, 0, 50, 0, 0), 0);
	NSW_T_WATCH(kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[50]));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[50], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[0], 1);
	NSW_T_WATCH(kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[51]));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[50], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[0], 2);
}

static struct kunit_case nsw_rule_cases[] = {
	KUNIT_CASE(fields),
	KUNIT_CASE(list),
	KUNIT_CASE_SLOW(closure),
	KUNIT_CASE(pinned_shape),
	KUNIT_CASE(default_vport),
	KUNIT_CASE(moves),
	KUNIT_CASE(moves_from_driver),
	KUNIT_CASE(from_the_bridge),
	KUNIT_CASE(away),
	KUNIT_CASE(pf_vport),
	KUNIT_CASE(guest_vlans_rest),
	KUNIT_CASE(shares),
	KUNIT_CASE(both),
	{}
};

static struct kunit_suite nsw_rule_suite = {
	.name = "kawela_nsw_rule",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_rule_cases,
};

kunit_test_suite(nsw_rule_suite);
