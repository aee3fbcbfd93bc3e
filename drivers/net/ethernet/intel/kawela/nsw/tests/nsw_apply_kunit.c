// SPDX-License-Identifier: GPL-2.0-only
/* The order of writes, watched after each single one; and a long random walk. */
#include <linux/prandom.h>

#include "nsw_test.h"

static void admin_moves(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	static const u8 none[ETH_ALEN] __aligned(2);
	unsigned int i;

	kawela_nsw_t_start(test, 3, 2);
	for (i = 10; i < 17; i++)
		NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, i % 2, t->mac[i], NULL));
	/* One VF takes over the address the other has just given up. */
	NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[10], NULL));
	NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[11], NULL));
	NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[12], NULL));
	NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[10], NULL));
	NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 1, none, NULL));
	NSW_T_WATCH(kawela_nsw_pf_set_mac(t->nsw, t->mac[13]));
	NSW_T_WATCH(kawela_nsw_pf_set_mac(t->nsw, t->mac[0]));
}

static void session_moves(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u16 hash[] = { kawela_nsw_mc_hash(nsw_t_group_a), kawela_nsw_mc_hash(nsw_t_group_b) };
	u8 mac[ETH_ALEN] __aligned(2);

	kawela_nsw_t_start(test, 3, 2);
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 1, 5, true));
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true));
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 6, true));
	NSW_T_WATCH(kawela_nsw_vport_set_mc(t->nsw, 0, hash, 1));
	NSW_T_WATCH(kawela_nsw_vport_set_mc(t->nsw, 0, hash, 2));
	NSW_T_WATCH_VOID(kawela_nsw_vport_flr(t->nsw, 0));
	NSW_T_WATCH(kawela_nsw_vport_reset(t->nsw, 0, mac));
	NSW_T_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, 0));
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 6, true));
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 6, false));
	NSW_T_WATCH(kawela_nsw_vport_reset(t->nsw, 0, mac));
	NSW_T_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, 0));
	NSW_T_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 1, 5, false));
}

static void mode_moves(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])t->mac[10], .num_uc = 7,
		.mc = &nsw_t_group_a, .num_mc = 1,
	};
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int vf;

	NSW_T_WATCH(kawela_nsw_pf_vlan(t->nsw, 5, true));
	NSW_T_WATCH(kawela_nsw_pf_sync_addrs(t->nsw, &addrs));
	NSW_T_WATCH(kawela_nsw_set_num_vfs(t->nsw, 7, NULL));
	for (vf = 0; vf < 7; vf++) {
		NSW_T_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, vf, nsw_t_vf_mac(t, vf), NULL));
		NSW_T_WATCH(kawela_nsw_vport_reset(t->nsw, vf, mac));
		NSW_T_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, vf));
	}
	addrs.flags = KAWELA_NSW_PF_PROMISC;
	NSW_T_WATCH(kawela_nsw_pf_sync_addrs(t->nsw, &addrs));
	addrs.flags = 0;
	NSW_T_WATCH(kawela_nsw_pf_sync_addrs(t->nsw, &addrs));
	NSW_T_WATCH_VOID(kawela_nsw_suspend(t->nsw));
	kawela_nsw_t_hw_reset(t);
	kawela_nsw_reapply(t->nsw);
	for (vf = 0; vf < 7; vf++) {
		NSW_T_WATCH(kawela_nsw_vport_reset(t->nsw, vf, mac));
		NSW_T_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, vf));
	}
	NSW_T_WATCH(kawela_nsw_set_num_vfs(t->nsw, 0, NULL));
}

static void mv_random_learned(struct kawela_nsw_t *t, u32 r)
{
	struct kawela_nsw_learned learned = {
		.addr = (const u8 (*)[ETH_ALEN])t->mac[10 + r % 8],
		.num = (r >> 3) % 24,
		.more = (r >> 8) % 8 == 0,
	};

	learned.num_fixed = min(learned.num, (r >> 11) % 4);

	kawela_nsw_pf_sync_learned(t->nsw, &learned);
}

static void mv_random_rule(struct kawela_nsw_t *t, u32 r)
{
	static const u16 vids[] = { 0, 0, 5, 6, 77, 78 };
	struct kawela_nsw_rule rule = {
		.vid = vids[(r >> 3) % ARRAY_SIZE(vids)],
		.pool = (r >> 6) % 8,
	};
	unsigned int id = r % 6;

	ether_addr_copy(rule.mac, t->mac[(r >> 9) % 2 ? 14 + (r >> 10) % 3 : 1 + (r >> 10) % 4]);
	if ((r >> 12) % 4)
		kawela_nsw_rule_set(t->nsw, id, &rule, NULL);
	else
		kawela_nsw_rule_clear(t->nsw, id);
}

static void mv_random_life(struct kawela_nsw_t *t, u32 r)
{
	unsigned int pool = r % 8;
	u8 mac[ETH_ALEN] __aligned(2);

	switch ((r >> 3) % 8) {
	case 0 ... 1:
		kawela_nsw_pf_vport_add(t->nsw, r >> 7 & 1, NULL);
		break;
	case 2 ... 4:
		kawela_nsw_pf_vport_activate(t->nsw, pool, NULL);
		kawela_nsw_vport_reset(t->nsw, pool, mac);
		break;
	case 5:
		kawela_nsw_vport_ready(t->nsw, pool);
		break;
	case 6:
		kawela_nsw_vport_del(t->nsw, pool, r >> 7 & 1, NULL);
		break;
	default:
		kawela_nsw_vf_vport_add(t->nsw, pool, NULL);
		break;
	}
}

/* One random call of the administrator's; its result does not matter. */
static void mv_random_admin(struct kawela_nsw_t *t, struct rnd_state *rnd)
{
	static const u16 vids[] = { 0, 0, 5, 6, 77 };
	u32 r = prandom_u32_state(rnd);
	unsigned int vf = r % 3;
	u16 vid = vids[(r >> 3) % ARRAY_SIZE(vids)];

	switch ((r >> 6) % 16) {
	case 0 ... 5:
		mv_random_rule(t, r >> 10);
		break;
	case 6 ... 9:
		mv_random_life(t, r >> 10);
		break;
	case 10 ... 11:
		kawela_nsw_vf_set_vlan(t->nsw, vf, vid, vid ? (r >> 10) % 8 : 0, NULL);
		break;
	case 12:
		kawela_nsw_vf_set_link(t->nsw, vf, (r >> 10) % 3 ? KAWELA_NSW_LINK_AUTO :
				       KAWELA_NSW_LINK_DISABLE);
		break;
	case 13:
		kawela_nsw_vf_set_spoofchk(t->nsw, vf, (r >> 10) % 4);
		mv_random_learned(t, r >> 12);
		break;
	case 14:
		kawela_nsw_vf_set_rate(t->nsw, vf, (r >> 10) % 1001, NULL);
		break;
	default:
		if ((r >> 10) % 4)
			kawela_nsw_set_link_speed(t->nsw, (r >> 12) % 3 ? 1000 : 0);
		else
			kawela_nsw_set_loopback(t->nsw, (r >> 12) % 4);
		break;
	}
}

static void mv_random_addrs(struct kawela_nsw_t *t, u32 r)
{
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])t->mac[(r >> 16) % 24], .num_uc = (r >> 21) % 8,
		.mc = &nsw_t_group_a, .num_mc = r >> 24 & 1,
		.flags = (r >> 25) % 8 ? 0 : KAWELA_NSW_PF_PROMISC,
	};

	kawela_nsw_pf_sync_addrs(t->nsw, &addrs);
}

/* VFs come, though VPorts of the PF are in their places, or go. */
static void mv_random_vfs(struct kawela_nsw_t *t, unsigned int num_vfs)
{
	unsigned int pool;

	for (pool = 0; pool < num_vfs; pool++) {
		if (nsw_t_info(t, pool).kind != KAWELA_NSW_PF)
			continue;
		kawela_nsw_vport_del(t->nsw, pool, KAWELA_NSW_OWNER_DEVLINK, NULL);
		kawela_nsw_vport_del(t->nsw, pool, KAWELA_NSW_OWNER_STATION, NULL);
	}
	kawela_nsw_set_num_vfs(t->nsw, num_vfs, NULL);
}

/* One random call; its result does not matter. */
static void mv_random_call(struct kawela_nsw_t *t, struct rnd_state *rnd)
{
	u32 r = prandom_u32_state(rnd);
	unsigned int vf = r % 8 < 4 ? r % 4 : 6;
	const u8 *addr = t->mac[(r >> 4) % 8 < 7 ? 10 + (r >> 4) % 8 : vf + 1];
	bool on = r >> 8 & 1;
	u16 vid = (r >> 9) % 3 ? 4 + (r >> 11) % 4 : 77;
	u16 hash[KAWELA_NSW_MAX_VF_MC] = {
		kawela_nsw_mc_hash(nsw_t_group_a), kawela_nsw_mc_hash(nsw_t_group_b)
	};
	u8 mac[ETH_ALEN] __aligned(2);

	if (prandom_u32_state(rnd) % 3 == 0) {
		mv_random_admin(t, rnd);
		return;
	}
	switch (r >> 27) {
	case 0:
		mv_random_vfs(t, on ? 3 : 0);
		break;
	case 1:
		kawela_nsw_vport_flr(t->nsw, vf);
		break;
	case 2 ... 4:
		kawela_nsw_vport_reset(t->nsw, vf, mac);
		break;
	case 5 ... 9:
		kawela_nsw_vport_ready(t->nsw, vf);
		break;
	case 10 ... 12:
		/* Two VFs are often pinned to the same. */
		if ((r >> 16) % 4)
			kawela_nsw_vport_set_admin_mac(t->nsw, (r >> 18) % 3, t->mac[12], NULL);
		else
			kawela_nsw_vport_set_admin_mac(t->nsw, vf, on ? addr : t->mac[vf + 1],
						       NULL);
		break;
	case 13 ... 15:
		kawela_nsw_vport_set_mac(t->nsw, vf, addr);
		break;
	case 16 ... 18:
		kawela_nsw_vport_add_uc(t->nsw, vf, addr);
		break;
	case 19:
		kawela_nsw_vport_clear_uc(t->nsw, vf);
		break;
	case 20 ... 21:
		kawela_nsw_vport_set_mc(t->nsw, vf, hash, (r >> 16) % 3 + (on ? 0 : 29));
		break;
	case 22 ... 24:
		kawela_nsw_vport_set_vlan(t->nsw, vf, vid, on);
		break;
	case 25:
		kawela_nsw_vf_set_trust(t->nsw, vf, (r >> 16) % 4);
		break;
	case 26:
		kawela_nsw_vport_set_promisc(t->nsw, vf, r >> 16 & 3);
		break;
	case 27:
		kawela_nsw_pf_set_mac(t->nsw, on ? addr : t->mac[0]);
		break;
	case 28 ... 29:
		kawela_nsw_pf_vlan(t->nsw, vid, on);
		break;
	case 30:
		mv_random_addrs(t, r);
		break;
	default:
		kawela_nsw_pf_set_features(t->nsw, r >> 16 & 7);
		break;
	}
}

/* An address that is pinned to others, too, is one's of those that use it, or the default's. */
static bool mv_check_shared(struct kunit *test, unsigned int vf, const u8 *mac)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_vport_info info;
	unsigned int i, shared = 0;
	u8 may = 0, rx;

	for (i = 0; i < 7; i++) {
		info = nsw_t_info(t, i);
		if (info.kind != KAWELA_NSW_VF || !ether_addr_equal(info.admin_mac, mac))
			continue;
		shared++;
		/* A trusted one may have it beside another. */
		if (info.ready && !is_zero_ether_addr(info.mac) &&
		    (ether_addr_equal(info.mac, mac) || info.num_uc))
			may |= BIT(i);
	}
	if (shared < 2)
		return false;
	rx = nsw_t_rx(t, mac, nsw_t_info(t, vf).vlan ?: NSW_T_UNTAGGED);
	KUNIT_EXPECT_EQ(test, hweight8(rx), 1);
	KUNIT_EXPECT_EQ(test, rx & ~(may | BIT(7)), 0);
	return true;
}

/* A VF's own address is the VF's in its VLAN, or the default VPort's while the VF is away. */
static void mv_check_pinned(struct kunit *test, unsigned int vf,
			    const struct kawela_nsw_vport_info *info)
{
	struct kawela_nsw_t *t = test->priv;
	int vid = info->vlan ?: NSW_T_UNTAGGED;

	if (info->ready && !is_zero_ether_addr(info->mac) && (info->vlan || !info->num_rules) &&
	    !mv_check_shared(test, vf, info->mac))
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, info->mac, vid), BIT(vf));
	if (info->kind != KAWELA_NSW_VF)
		return;
	if ((!info->ready || is_zero_ether_addr(info->mac)) &&
	    !is_zero_ether_addr(info->admin_mac)) {
		KUNIT_EXPECT_TRUE(test, kawela_nsw_t_has_rar(&t->regs, info->admin_mac));
		if (!mv_check_shared(test, vf, info->admin_mac))
			KUNIT_EXPECT_EQ(test, nsw_t_rx(t, info->admin_mac, vid), BIT(7));
	}
}

/* What holds in every state the switch can be in. */
static void mv_invariants(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_counts c = nsw_t_counts(t);
	unsigned int i, j, vlvf = 0, rar = 0;
	struct kawela_nsw_vport_info info;

	KUNIT_EXPECT_EQ(test, c.rar_used + c.rar_reserved + c.rar_free, 24);
	KUNIT_EXPECT_EQ(test, c.vlvf_used + c.vlvf_free, 32);
	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		if (!(t->regs.rah[i] & KW_RAH_VALID))
			continue;
		rar++;
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_FALSE(test, t->regs.rah[j] & KW_RAH_VALID &&
					   t->regs.ral[i] == t->regs.ral[j] &&
					   !((t->regs.rah[i] ^ t->regs.rah[j]) & KW_RAH_ADDR));
	}
	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		vlvf += t->regs.vlvf[i] >> 31;
	KUNIT_EXPECT_LE(test, rar, c.rar_used);
	KUNIT_EXPECT_LE(test, vlvf, c.vlvf_used);

	for (i = 0; c.mode == KAWELA_NSW_VMDQ && i < 7; i++) {
		kawela_nsw_vport_get_info(t->nsw, i, &info);
		KUNIT_EXPECT_EQ(test, t->regs.vfre >> i & 1, info.ready);
		KUNIT_EXPECT_EQ(test, t->regs.vfte >> i & 1, info.ready);
		mv_check_pinned(test, i, &info);
	}
	/* No pool without a VPort ever takes a frame in VMDq. */
	for (i = 0; c.mode == KAWELA_NSW_VMDQ && i < NSW_T_W_NUM_DST; i++)
		for (j = 0; j < NSW_T_W_NUM_VID; j++)
			KUNIT_EXPECT_EQ(test, nsw_t_rx(t, kawela_nsw_t_w_dst(t, i),
						       kawela_nsw_t_w_vid[j]) &
					~(t->regs.vfre | BIT(7)), 0);
}

/* A long random walk; now and then the hardware loses everything and must get it all back. */
static void random_walk(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);
	struct kawela_nsw_counts c;
	struct rnd_state rnd;
	unsigned int i;
	char what[16];

	KUNIT_ASSERT_NOT_NULL(test, before);
	prandom_seed_state(&rnd, 82576);
	for (i = 0; i < 6000; i++) {
		kawela_nsw_t_watch(test);
		mv_random_call(t, &rnd);
		snprintf(what, sizeof(what), "call %u", i);
		kawela_nsw_t_watched(test, what);
		mv_invariants(test);
		if (i % 50 == 0) {
			*before = t->regs;
			memset(&t->regs, 0xa5, sizeof(t->regs));
			t->regs.vfre = 0xff;
			t->regs.vfte = 0xff;
			kawela_nsw_reapply(t->nsw);
			KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));
		}
		if (READ_ONCE(test->status) == KUNIT_FAILURE)
			return;
	}
	/* Back to nothing. */
	kawela_nsw_set_num_vfs(t->nsw, 0, NULL);
	for (i = 0; i < 7; i++) {
		kawela_nsw_vport_del(t->nsw, i, KAWELA_NSW_OWNER_DEVLINK, NULL);
		kawela_nsw_vport_del(t->nsw, i, KAWELA_NSW_OWNER_STATION, NULL);
	}
	c = nsw_t_counts(t);
	KUNIT_EXPECT_EQ(test, c.vlvf_used, 0);
	KUNIT_EXPECT_EQ(test, c.num_vports, 1);
	KUNIT_EXPECT_EQ(test, c.rar_reserved, 0);
	for (i = 0; i < 7; i++)
		KUNIT_EXPECT_EQ(test, c.rar_owner[i], 0);
}

static struct kunit_case nsw_apply_cases[] = {
	KUNIT_CASE(admin_moves),
	KUNIT_CASE(session_moves),
	KUNIT_CASE(mode_moves),
	KUNIT_CASE_SLOW(random_walk),
	{}
};

static struct kunit_suite nsw_apply_suite = {
	.name = "kawela_nsw_apply",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_apply_cases,
};

kunit_test_suite(nsw_apply_suite);
