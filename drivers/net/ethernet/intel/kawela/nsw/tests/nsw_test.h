/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the NIC switch share: a register file that the model writes through its ops,
 * and a classifier that says who receives a frame, written from the hardware's rules and knowing
 * nothing of the model.
 */
#ifndef _KAWELA_NSW_TEST_H
#define _KAWELA_NSW_TEST_H

#include <kunit/test.h>

#include <net/kawela/regs.h>

#include "../nsw.h"

#define NSW_T_UNTAGGED	(-1)
#define NSW_T_NOT_SENT	(-2)
#define NSW_T_WIRE	8	/* a frame's source: a pool, or the wire */
#define NSW_T_NUM_MACS	64

/* The 82576's switch registers, by their names. */
struct kawela_nsw_t_regs {
	u32 mrqc, vt_ctl, ctrl, rctl, rlpml, dtxswc, vfre, vfte;
	u32 ral[KAWELA_NSW_NUM_RAR], rah[KAWELA_NSW_NUM_RAR];
	u32 vlvf[KAWELA_NSW_NUM_VLVF];
	u32 vfta[KAWELA_NSW_HASH_DWORDS];
	u32 mta[KAWELA_NSW_HASH_DWORDS];
	u32 uta[KAWELA_NSW_HASH_DWORDS];
	u32 vmolr[KAWELA_NSW_NUM_POOLS], vmvir[KAWELA_NSW_NUM_POOLS];
	u32 rate[KAWELA_NSW_NUM_POOLS];
};

enum kawela_nsw_t_op {
	NSW_T_MODE, NSW_T_RAR, NSW_T_VLVF, NSW_T_VFTA, NSW_T_MTA, NSW_T_UTA, NSW_T_POOL,
	NSW_T_GATES, NSW_T_SWITCH, NSW_T_PORT, NSW_T_NUM_OPS
};

/**
 * struct kawela_nsw_t_frame - a frame on its way into the switch
 * @dst: destination
 * @src: source; only looked at when it comes from a pool
 * @vid: VLAN tag, NSW_T_UNTAGGED if it has none
 * @from: sending pool, or NSW_T_WIRE
 */
struct kawela_nsw_t_frame {
	const u8 *dst;
	const u8 *src;
	int vid;
	unsigned int from;
};

/**
 * struct kawela_nsw_t - one test's switch
 * @regs: what the model wrote
 * @nsw: the model
 * @writes: number of op calls, per kind
 * @first: kind of the first op since kawela_nsw_t_clear(), NSW_T_NUM_OPS if there was none
 * @last: kind of the last
 * @errors: calls that break the contract of struct kawela_nsw_hw_ops
 * @on_write: called after every op
 * @mac: addresses to play with; 0 is the PF's, i + 1 that meant for VF i
 * @ctx: for @on_write
 * @told: enum kawela_nsw_policy the op was called with, ORed
 * @told_vf: for which VF the last time
 * @steps: steps taken, pool in bits 7:4, enum kawela_nsw_step in bits 3:0
 * @num_steps: how many
 */
struct kawela_nsw_t {
	struct kawela_nsw_t_regs regs;
	struct kawela_nsw *nsw;
	unsigned int writes[NSW_T_NUM_OPS];
	enum kawela_nsw_t_op first;
	enum kawela_nsw_t_op last;
	unsigned int errors;
	void (*on_write)(struct kawela_nsw_t *t);
	u8 mac[NSW_T_NUM_MACS][ETH_ALEN];
	void *ctx;
	u32 told;
	unsigned int told_vf;
	u8 steps[32];
	unsigned int num_steps;
};

/* nsw_fake.c */
int kawela_nsw_t_init(struct kunit *test);
void kawela_nsw_t_exit(struct kunit *test);
void kawela_nsw_t_clear(struct kawela_nsw_t *t);
void kawela_nsw_t_hw_reset(struct kawela_nsw_t *t);
unsigned int kawela_nsw_t_num_writes(const struct kawela_nsw_t *t);
void kawela_nsw_t_start(struct kunit *test, unsigned int num_vfs, unsigned int ready);
void kawela_nsw_t_start_unpinned(struct kunit *test, unsigned int num_vfs);
void kawela_nsw_t_open(struct kunit *test, unsigned int pool, const u8 *mac);
unsigned int kawela_nsw_t_add_vport(struct kunit *test, const u8 *mac);
int kawela_nsw_t_set_rule(struct kawela_nsw_t *t, unsigned int id, const u8 *mac, u16 vid,
			  unsigned int pool);

/* nsw_classify.c */
int kawela_nsw_t_sent_vid(const struct kawela_nsw_t_regs *r, const struct kawela_nsw_t_frame *f);
bool kawela_nsw_t_has_rar(const struct kawela_nsw_t_regs *r, const u8 *mac);
unsigned int kawela_nsw_t_num_rars(const struct kawela_nsw_t_regs *r, const u8 *mac);
u8 kawela_nsw_t_classify(const struct kawela_nsw_t_regs *r, const struct kawela_nsw_t_frame *f,
			 bool *wire);

/* nsw_watch.c */
#define NSW_T_W_NUM_DST	14
#define NSW_T_W_NUM_VID	5

extern const int kawela_nsw_t_w_vid[NSW_T_W_NUM_VID];
extern const u8 nsw_t_group_a[ETH_ALEN] __aligned(2);
extern const u8 nsw_t_group_b[ETH_ALEN] __aligned(2);
const u8 *kawela_nsw_t_w_dst(const struct kawela_nsw_t *t, unsigned int i);
void kawela_nsw_t_watch(struct kunit *test);
void kawela_nsw_t_watched(struct kunit *test, const char *what);

/* Both expect a variable @test. */
#define NSW_T_WATCH(call) do {			\
	kawela_nsw_t_watch(test);				\
	KUNIT_EXPECT_EQ(test, call, 0);		\
	kawela_nsw_t_watched(test, #call);			\
} while (0)

#define NSW_T_WATCH_VOID(call) do {		\
	kawela_nsw_t_watch(test);				\
	call;					\
	kawela_nsw_t_watched(test, #call);			\
} while (0)

/* Pools that receive an untagged or tagged frame from the wire. */
static inline u8 nsw_t_rx(const struct kawela_nsw_t *t, const u8 *dst, int vid)
{
	struct kawela_nsw_t_frame f = { .dst = dst, .vid = vid, .from = NSW_T_WIRE };

	return kawela_nsw_t_classify(&t->regs, &f, NULL);
}

/* The address meant for VF @vf. */
static inline const u8 *nsw_t_vf_mac(const struct kawela_nsw_t *t, unsigned int vf)
{
	return t->mac[vf + 1];
}

static inline struct kawela_nsw_counts nsw_t_counts(const struct kawela_nsw_t *t)
{
	struct kawela_nsw_counts c;

	kawela_nsw_get_counts(t->nsw, &c);
	return c;
}

static inline struct kawela_nsw_vport_info nsw_t_info(const struct kawela_nsw_t *t, unsigned int vf)
{
	struct kawela_nsw_vport_info info;

	kawela_nsw_vport_get_info(t->nsw, vf, &info);
	return info;
}

#endif /* _KAWELA_NSW_TEST_H */
