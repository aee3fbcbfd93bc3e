// SPDX-License-Identifier: GPL-2.0-only
/*
 * No hole between two register writes: every change is watched by classifying a set of frames
 * after each single write.
 *
 * In between a frame may go where it went before, where it goes after, or, as unicast, to the
 * default pool; to nobody else. From the wire it must reach one of them, and exactly one if its
 * address has an entry. A local frame may also leave on the wire. While the mode changes the PF's
 * queues stand still, and what it saw only because a VF was in the VLAN may be missing.
 */
#include <linux/prandom.h>

#include "nsw_test.h"

#define MV_NUM_DST	14
#define MV_NUM_VID	5
#define MV_NUM_FROM	5
#define MV_NUM_FRAMES	(MV_NUM_DST * MV_NUM_VID * MV_NUM_FROM)
#define MV_MAX_STEPS	1100
#define MV_WIRE		BIT(8)
#define MV_RAR		BIT(9)	/* its destination has an entry of its own */

static const int mv_vids[MV_NUM_VID] = { NSW_T_UNTAGGED, 0, 5, 6, 77 };
static const unsigned int mv_from[MV_NUM_FROM] = {
	NSW_T_WIRE, 0, 1, 6, KAWELA_NSW_PF_POOL
};
/* Indices of addresses in play; 255 is broadcast, 254 and 253 are groups. */
static const u8 mv_dst[MV_NUM_DST] = { 0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 255, 254, 253 };

static const u8 bcast[ETH_ALEN] __aligned(2) = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 group_a[ETH_ALEN] __aligned(2) = { 0x33, 0x33, 0, 0, 0x12, 0x34 };
static const u8 group_b[ETH_ALEN] __aligned(2) = { 0x01, 0x00, 0x5e, 0, 0, 0xfb };

struct move_step {
	u16 result[MV_NUM_FRAMES];
	u8 sent[MV_NUM_FROM];
	u8 rope;
	bool vmdq;
};

struct move_ctx {
	struct move_step before;
	struct move_step after;
	unsigned int num;
	struct move_step step[];
};

static const u8 *mv_addr(const struct kawela_nsw_t *t, u8 idx)
{
	switch (idx) {
	case 255:
		return bcast;
	case 254:
		return group_a;
	case 253:
		return group_b;
	default:
		return t->mac[idx];
	}
}

static struct kawela_nsw_t_frame mv_frame(const struct kawela_nsw_t *t, unsigned int i)
{
	return (struct kawela_nsw_t_frame) {
		.dst = mv_addr(t, mv_dst[i % MV_NUM_DST]),
		.vid = mv_vids[i / MV_NUM_DST % MV_NUM_VID],
		.from = mv_from[i / MV_NUM_DST / MV_NUM_VID],
	};
}

/* VLANs that a pool can send in, a bit for each of mv_vids. */
static u8 mv_sent(const struct kawela_nsw_t *t, unsigned int pool)
{
	struct kawela_nsw_t_frame f = { .dst = bcast, .from = pool };
	unsigned int i, j;
	u8 sent = 0;
	int vid;

	for (i = 0; i < MV_NUM_VID; i++) {
		f.vid = mv_vids[i];
		vid = kawela_nsw_t_sent_vid(&t->regs, &f);
		for (j = 0; j < MV_NUM_VID; j++)
			if (mv_vids[j] == vid)
				sent |= BIT(j);
	}
	return sent;
}

static void mv_look(struct kawela_nsw_t *t, struct move_step *step)
{
	struct kawela_nsw_t_frame f;
	unsigned int i;
	bool wire;

	for (i = 1; i < MV_NUM_FROM; i++)
		step->sent[i] = mv_sent(t, mv_from[i]);
	step->rope = 0;
	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++)
		if (t->regs.vmolr[i] & KW_VMOLR_ROPE)
			step->rope |= BIT(i);
	step->vmdq = FIELD_GET(KW_MRQC_MODE, t->regs.mrqc) & 1;
	for (i = 0; i < MV_NUM_FRAMES; i++) {
		f = mv_frame(t, i);
		step->result[i] = kawela_nsw_t_classify(&t->regs, &f, &wire);
		if (wire)
			step->result[i] |= MV_WIRE;
		if (kawela_nsw_t_has_rar(&t->regs, f.dst))
			step->result[i] |= MV_RAR;
	}
}

static void mv_on_write(struct kawela_nsw_t *t)
{
	struct move_ctx *ctx = t->ctx;

	if (ctx->num < MV_MAX_STEPS)
		mv_look(t, &ctx->step[ctx->num]);
	ctx->num++;
}

static void mv_begin(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct move_ctx *ctx = t->ctx;

	if (!ctx) {
		ctx = kunit_kzalloc(test, struct_size(ctx, step, MV_MAX_STEPS), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, ctx);
		t->ctx = ctx;
	}
	ctx->num = 0;
	mv_look(t, &ctx->before);
	t->on_write = mv_on_write;
}

/* Whether one frame's way in between is neither wrong nor a loss. */
static bool mv_ok(const struct move_ctx *ctx, const struct move_step *s, unsigned int i,
		  bool unicast, bool from_wire)
{
	u16 before = ctx->before.result[i] & ~MV_RAR, after = ctx->after.result[i] & ~MV_RAR;
	bool exact = s->result[i] & MV_RAR;
	u16 pf = BIT(KAWELA_NSW_PF_POOL), now = s->result[i] & ~MV_RAR;
	u8 hash = exact ? 0 : ctx->before.rope | ctx->after.rope;

	if (now == before || now == after)
		return true;
	if (ctx->before.vmdq != ctx->after.vmdq && !now)
		return true;
	if (!unicast)
		return !(now & ~(before | after | pf)) && !(before & after & ~now & 0xff);
	if (now == pf)
		return true;
	/* By hash, promiscuous pools may have it; by its own entry, one and no other. */
	if (from_wire)
		return now && !exact && !(now & ~(before | after | pf | hash));
	return !(now & ~(before | after | pf | hash | MV_WIRE));
}

/* No pool sends in a VLAN that is neither the old nor the new state's. */
static void mv_check_sent(struct kunit *test, const char *what)
{
	struct kawela_nsw_t *t = test->priv;
	struct move_ctx *ctx = t->ctx;
	unsigned int i, s;
	u8 ok;

	for (s = 0; s < ctx->num; s++) {
		if (!ctx->step[s].vmdq)
			continue;
		for (i = 1; i < MV_NUM_FROM; i++) {
			ok = ctx->before.sent[i] | ctx->after.sent[i];
			KUNIT_EXPECT_EQ_MSG(test, ctx->step[s].sent[i] & ~ok, 0,
					    "%s: write %u: pool %u", what, s, mv_from[i]);
		}
	}
}

static void mv_end(struct kunit *test, const char *what)
{
	struct kawela_nsw_t *t = test->priv;
	struct move_ctx *ctx = t->ctx;
	struct kawela_nsw_t_frame f;
	unsigned int i, s;

	t->on_write = NULL;
	KUNIT_ASSERT_LE(test, ctx->num, MV_MAX_STEPS);
	mv_look(t, &ctx->after);
	mv_check_sent(test, what);
	for (s = 0; s < ctx->num; s++) {
		for (i = 0; i < MV_NUM_FRAMES; i++) {
			f = mv_frame(t, i);
			if (mv_ok(ctx, &ctx->step[s], i, !is_multicast_ether_addr(f.dst),
				  f.from == NSW_T_WIRE))
				continue;
			KUNIT_FAIL(test, "%s: write %u/%u: %pM vid %d from %u: %x, was %x, then %x",
				   what, s, ctx->num, f.dst, f.vid, f.from,
				   ctx->step[s].result[i], ctx->before.result[i],
				   ctx->after.result[i]);
			return;
		}
	}
}

/* Both expect a variable @test. */
#define MV_WATCH(call) do {			\
	mv_begin(test);				\
	KUNIT_EXPECT_EQ(test, call, 0);		\
	mv_end(test, #call);			\
} while (0)

#define MV_WATCH_VOID(call) do {		\
	mv_begin(test);				\
	call;					\
	mv_end(test, #call);			\
} while (0)

static void admin_moves(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	static const u8 none[ETH_ALEN] __aligned(2);
	unsigned int i;

	kawela_nsw_t_start(test, 3, 2);
	for (i = 10; i < 17; i++)
		MV_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, i % 2, t->mac[i], NULL));
	/* One VF takes over the address the other has just given up. */
	MV_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[10], NULL));
	MV_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[11], NULL));
	MV_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[12], NULL));
	MV_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 1, t->mac[10], NULL));
	MV_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, 1, none, NULL));
	MV_WATCH(kawela_nsw_pf_set_mac(t->nsw, t->mac[13]));
	MV_WATCH(kawela_nsw_pf_set_mac(t->nsw, t->mac[0]));
}

static void session_moves(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u16 hash[] = { kawela_nsw_mc_hash(group_a), kawela_nsw_mc_hash(group_b) };
	u8 mac[ETH_ALEN] __aligned(2);

	kawela_nsw_t_start(test, 3, 2);
	MV_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 1, 5, true));
	MV_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true));
	MV_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 6, true));
	MV_WATCH(kawela_nsw_vport_set_mc(t->nsw, 0, hash, 1));
	MV_WATCH(kawela_nsw_vport_set_mc(t->nsw, 0, hash, 2));
	MV_WATCH_VOID(kawela_nsw_vport_flr(t->nsw, 0));
	MV_WATCH(kawela_nsw_vport_reset(t->nsw, 0, mac));
	MV_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, 0));
	MV_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 6, true));
	MV_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 0, 6, false));
	MV_WATCH(kawela_nsw_vport_reset(t->nsw, 0, mac));
	MV_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, 0));
	MV_WATCH(kawela_nsw_vport_set_vlan(t->nsw, 1, 5, false));
}

static void mode_moves(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])t->mac[10], .num_uc = 7,
		.mc = &group_a, .num_mc = 1,
	};
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int vf;

	MV_WATCH(kawela_nsw_pf_vlan(t->nsw, 5, true));
	MV_WATCH(kawela_nsw_pf_sync_addrs(t->nsw, &addrs));
	MV_WATCH(kawela_nsw_set_num_vfs(t->nsw, 7, NULL));
	for (vf = 0; vf < 7; vf++) {
		MV_WATCH(kawela_nsw_vport_set_admin_mac(t->nsw, vf, nsw_t_vf_mac(t, vf), NULL));
		MV_WATCH(kawela_nsw_vport_reset(t->nsw, vf, mac));
		MV_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, vf));
	}
	addrs.flags = KAWELA_NSW_PF_PROMISC;
	MV_WATCH(kawela_nsw_pf_sync_addrs(t->nsw, &addrs));
	addrs.flags = 0;
	MV_WATCH(kawela_nsw_pf_sync_addrs(t->nsw, &addrs));
	MV_WATCH_VOID(kawela_nsw_suspend(t->nsw));
	kawela_nsw_t_hw_reset(t);
	kawela_nsw_reapply(t->nsw);
	for (vf = 0; vf < 7; vf++) {
		MV_WATCH(kawela_nsw_vport_reset(t->nsw, vf, mac));
		MV_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, vf));
	}
	MV_WATCH(kawela_nsw_set_num_vfs(t->nsw, 0, NULL));
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

/* One random call; its result does not matter. */
static void mv_random_call(struct kawela_nsw_t *t, struct rnd_state *rnd)
{
	u32 r = prandom_u32_state(rnd);
	unsigned int vf = r % 8 < 4 ? r % 4 : 6;
	const u8 *addr = t->mac[(r >> 4) % 8 < 7 ? 10 + (r >> 4) % 8 : vf + 1];
	bool on = r >> 8 & 1;
	u16 vid = (r >> 9) % 3 ? 4 + (r >> 11) % 4 : 77;
	u16 hash[KAWELA_NSW_MAX_VF_MC] = {
		kawela_nsw_mc_hash(group_a), kawela_nsw_mc_hash(group_b)
	};
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])t->mac[(r >> 16) % 24], .num_uc = (r >> 21) % 8,
		.mc = &group_a, .num_mc = r >> 24 & 1,
		.flags = (r >> 25) % 8 ? 0 : KAWELA_NSW_PF_PROMISC,
	};
	u8 mac[ETH_ALEN] __aligned(2);

	if (prandom_u32_state(rnd) % 3 == 0) {
		mv_random_admin(t, rnd);
		return;
	}
	switch (r >> 27) {
	case 0:
		kawela_nsw_set_num_vfs(t->nsw, on ? 3 : 0, NULL);
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
		kawela_nsw_vport_set_admin_mac(t->nsw, vf, on ? addr : t->mac[vf + 1], NULL);
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
		kawela_nsw_pf_sync_addrs(t->nsw, &addrs);
		break;
	default:
		kawela_nsw_pf_set_features(t->nsw, r >> 16 & 7);
		break;
	}
}

/* A VF's own address is the VF's in its VLAN, or the default VPort's while the VF is away. */
static void mv_check_pinned(struct kunit *test, unsigned int vf,
			    const struct kawela_nsw_vport_info *info)
{
	struct kawela_nsw_t *t = test->priv;
	int vid = info->vlan ?: NSW_T_UNTAGGED;

	if (info->ready && !is_zero_ether_addr(info->mac) && (info->vlan || !info->num_rules))
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, info->mac, vid), BIT(vf));
	if ((!info->ready || is_zero_ether_addr(info->mac)) &&
	    !is_zero_ether_addr(info->admin_mac)) {
		KUNIT_EXPECT_TRUE(test, kawela_nsw_t_has_rar(&t->regs, info->admin_mac));
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
	for (i = 0; c.mode == KAWELA_NSW_VMDQ && i < MV_NUM_DST; i++)
		for (j = 0; j < MV_NUM_VID; j++)
			KUNIT_EXPECT_EQ(test, nsw_t_rx(t, mv_addr(t, mv_dst[i]), mv_vids[j]) &
					~(t->regs.vfre | BIT(7)), 0);
}

/* A long random walk; now and then the hardware loses everything and must get it all back. */
static void random_walk(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);
	struct rnd_state rnd;
	unsigned int i;
	char what[16];

	KUNIT_ASSERT_NOT_NULL(test, before);
	prandom_seed_state(&rnd, 82576);
	for (i = 0; i < 6000; i++) {
		mv_begin(test);
		mv_random_call(t, &rnd);
		snprintf(what, sizeof(what), "call %u", i);
		mv_end(test, what);
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
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlvf_used, 0);
}

static struct kunit_case nsw_move_cases[] = {
	KUNIT_CASE(admin_moves),
	KUNIT_CASE(session_moves),
	KUNIT_CASE(mode_moves),
	KUNIT_CASE_SLOW(random_walk),
	{}
};

static struct kunit_suite nsw_move_suite = {
	.name = "kawela_nsw_move",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_move_cases,
};

kunit_test_suite(nsw_move_suite);
