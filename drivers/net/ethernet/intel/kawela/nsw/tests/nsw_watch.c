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
#include "nsw_test.h"

#define MV_NUM_FROM	5
#define MV_NUM_FRAMES	(NSW_T_W_NUM_DST * NSW_T_W_NUM_VID * MV_NUM_FROM)
#define MV_MAX_STEPS	1100
#define MV_WIRE		BIT(8)
#define MV_RAR		BIT(9)	/* its destination has an entry of its own */

static const unsigned int mv_from[MV_NUM_FROM] = { NSW_T_WIRE, 0, 1, 6, KAWELA_NSW_PF_POOL };

static const u8 bcast[ETH_ALEN] __aligned(2) = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
const int kawela_nsw_t_w_vid[NSW_T_W_NUM_VID] = { NSW_T_UNTAGGED, 0, 5, 6, 77 };

const u8 nsw_t_group_a[ETH_ALEN] __aligned(2) = { 0x33, 0x33, 0, 0, 0x12, 0x34 };
const u8 nsw_t_group_b[ETH_ALEN] __aligned(2) = { 0x01, 0x00, 0x5e, 0, 0, 0xfb };

/* Indices of addresses in play; 255 is broadcast, 254 and 253 are groups. */
static const u8 mv_dst[NSW_T_W_NUM_DST] = { 0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 255, 254, 253 };

struct move_step {
	u16 result[MV_NUM_FRAMES];
	s8 sent_as[MV_NUM_FROM][NSW_T_W_NUM_VID];
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

/**
 * kawela_nsw_t_w_dst - one of the destinations that are watched
 * @t: switch under test
 * @i: 0..NSW_T_W_NUM_DST - 1
 *
 * Return: the address.
 */
const u8 *kawela_nsw_t_w_dst(const struct kawela_nsw_t *t, unsigned int i)
{
	switch (mv_dst[i]) {
	case 255:
		return bcast;
	case 254:
		return nsw_t_group_a;
	case 253:
		return nsw_t_group_b;
	default:
		return t->mac[mv_dst[i]];
	}
}

static struct kawela_nsw_t_frame mv_frame(const struct kawela_nsw_t *t, unsigned int i)
{
	return (struct kawela_nsw_t_frame) {
		.dst = kawela_nsw_t_w_dst(t, i % NSW_T_W_NUM_DST),
		.vid = kawela_nsw_t_w_vid[i / NSW_T_W_NUM_DST % NSW_T_W_NUM_VID],
		.from = mv_from[i / NSW_T_W_NUM_DST / NSW_T_W_NUM_VID],
	};
}

/* As what each of a pool's frames leaves it: an index of kawela_nsw_t_w_vid, -1 if it does not. */
static void mv_sent(const struct kawela_nsw_t *t, struct move_step *step, unsigned int from)
{
	struct kawela_nsw_t_frame f = { .dst = bcast, .from = mv_from[from] };
	unsigned int i, j;
	int vid;

	step->sent[from] = 0;
	for (i = 0; i < NSW_T_W_NUM_VID; i++) {
		f.vid = kawela_nsw_t_w_vid[i];
		vid = kawela_nsw_t_sent_vid(&t->regs, &f);
		step->sent_as[from][i] = -1;
		for (j = 0; j < NSW_T_W_NUM_VID; j++) {
			if (kawela_nsw_t_w_vid[j] != vid)
				continue;
			step->sent_as[from][i] = j;
			step->sent[from] |= BIT(j);
		}
	}
}

static void mv_look(struct kawela_nsw_t *t, struct move_step *step)
{
	struct kawela_nsw_t_frame f;
	unsigned int i;
	bool wire;

	for (i = 1; i < MV_NUM_FROM; i++)
		mv_sent(t, step, i);
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

/**
 * kawela_nsw_t_watch - look at every write from here on
 * @test: running test
 */
void kawela_nsw_t_watch(struct kunit *test)
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

/*
 * Who receives a local frame in the old or the new state once it is sent as it is now: sender and
 * receiver do not change at the same moment.
 */
static u8 mv_receivers(const struct move_ctx *ctx, const struct move_step *s, unsigned int i)
{
	unsigned int from = i / NSW_T_W_NUM_DST / NSW_T_W_NUM_VID;
	int vid = from ? s->sent_as[from][i / NSW_T_W_NUM_DST % NSW_T_W_NUM_VID] : -1;
	unsigned int wire = vid * NSW_T_W_NUM_DST + i % NSW_T_W_NUM_DST;

	return vid < 0 ? 0 : ctx->before.result[wire] | ctx->after.result[wire];
}

/* Whether one frame's way in between is neither wrong nor a loss. */
static bool mv_ok(const struct move_ctx *ctx, const struct move_step *s, unsigned int i,
		  bool unicast, bool from_wire)
{
	u16 before = ctx->before.result[i] & ~MV_RAR, after = ctx->after.result[i] & ~MV_RAR;
	bool exact = s->result[i] & MV_RAR;
	u16 pf = BIT(KAWELA_NSW_PF_POOL), now = s->result[i] & ~MV_RAR;
	u8 others = mv_receivers(ctx, s, i);

	if (now == before || now == after)
		return true;
	if (ctx->before.vmdq != ctx->after.vmdq && !now)
		return true;
	if (!exact)
		others |= ctx->before.rope | ctx->after.rope;
	if (!unicast)
		return !(now & ~(before | after | pf | others | MV_WIRE)) &&
		       !(before & after & ~now & 0xff);
	if (now == pf)
		return true;
	/* By hash, promiscuous pools may have it; by its own entry, one and no other. */
	if (from_wire)
		return now && !exact && !(now & ~(before | after | pf | others));
	return !(now & ~(before | after | pf | others | MV_WIRE));
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

/**
 * kawela_nsw_t_watched - say whether what happened since kawela_nsw_t_watch() was without a hole
 * @test: running test
 * @what: what happened
 */
void kawela_nsw_t_watched(struct kunit *test, const char *what)
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
