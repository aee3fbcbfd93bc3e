// SPDX-License-Identifier: GPL-2.0-only
/* Life of VPorts: made, activated, deleted; sessions, and what their end leaves behind. */
#include "nsw_test.h"

/* Every session state x event, seen from outside. */
static void session_table(struct kunit *test)
{
	enum { DOWN, ATTACHED, OPEN, READY };
	static const u8 next[4][4] = {
		[DOWN] = { DOWN, ATTACHED, DOWN, DOWN },
		[ATTACHED] = { DOWN, ATTACHED, OPEN, READY },
		[OPEN] = { DOWN, ATTACHED, OPEN, READY },
		[READY] = { DOWN, ATTACHED, READY, READY },
	};
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int from, ev;

	kawela_nsw_t_start(test, 2, 0);
	for (from = DOWN; from <= READY; from++) {
		for (ev = 0; ev < 4; ev++) {
			kawela_nsw_vport_flr(t->nsw, 0);
			if (from >= ATTACHED)
				kawela_nsw_vport_reset(t->nsw, 0, mac);
			if (from == OPEN)
				kawela_nsw_vport_open(t->nsw, 0);
			if (from == READY)
				kawela_nsw_vport_ready(t->nsw, 0);
			if (ev == 0)
				kawela_nsw_vport_flr(t->nsw, 0);
			else if (ev == 1)
				kawela_nsw_vport_reset(t->nsw, 0, mac);
			else if (ev == 2)
				kawela_nsw_vport_open(t->nsw, 0);
			else
				kawela_nsw_vport_ready(t->nsw, 0);

			KUNIT_EXPECT_EQ_MSG(test, kawela_nsw_vport_clear_uc(t->nsw, 0),
					    next[from][ev] == DOWN ? -EAGAIN : 0,
					    "state %u event %u", from, ev);
			KUNIT_EXPECT_EQ_MSG(test, t->regs.vfre & BIT(0), next[from][ev] >= OPEN,
					    "state %u event %u", from, ev);
			KUNIT_EXPECT_EQ(test, t->regs.vfre, t->regs.vfte);
		}
	}
}

/* A VF that does not listen yet: its gates are open, its filters the default VPort's. */
static void open_receives_nothing(struct kunit *test)
{
	static const u8 everybody[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .dst = t->mac[2], .src = t->mac[1], .from = 0,
					.vid = NSW_T_UNTAGGED };
	u8 mac[ETH_ALEN] __aligned(2);

	kawela_nsw_t_start(test, 2, 2);
	kawela_nsw_set_link_speed(t->nsw, 1000);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 100, 0, NULL), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_rate(t->nsw, 0, 100, NULL), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_spoofchk(t->nsw, 0, false), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_reset(t->nsw, 0, mac), 0);
	NSW_T_WATCH_VOID(kawela_nsw_vport_open(t->nsw, 0));
	KUNIT_EXPECT_EQ(test, t->regs.vfre, 0x83);
	KUNIT_EXPECT_EQ(test, t->regs.vfte, 0x83);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, mac, 100), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, everybody, NSW_T_UNTAGGED), BIT(7) | BIT(1));
	KUNIT_EXPECT_FALSE(test, nsw_t_info(t, 0).ready);

	/* It may send, so what the administrator says about that holds. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_sent_vid(&t->regs, &f), 100);
	KUNIT_EXPECT_NE(test, t->regs.rate[0], 0);

	NSW_T_WATCH_VOID(kawela_nsw_vport_ready(t->nsw, 0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, mac, 100), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, everybody, 100), BIT(0));
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

static int add(struct kawela_nsw_t *t)
{
	return kawela_nsw_pf_vport_add(t->nsw, KAWELA_NSW_OWNER_DEVLINK, NULL);
}

static int del(struct kawela_nsw_t *t, unsigned int pool)
{
	return kawela_nsw_vport_del(t->nsw, pool, KAWELA_NSW_OWNER_DEVLINK, NULL);
}

/* How many VPorts the PF gets beside n VFs, one pool of VPorts or not, and from which pools. */
static void pool_arithmetic(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	unsigned int vfs, single, gone, i;
	char most[16];

	for (i = 0; i < 8 * 2 * 2; i++) {
		vfs = i / 4;
		single = i & 1;
		gone = i & 2;
		kawela_nsw_set_policy(t->nsw, KAWELA_NSW_VMQ |
				      (single ? KAWELA_NSW_SINGLE_VPORT_POOL : 0));
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, vfs, NULL), 0);
		/* The pool of a VF without VPort stays the VF's. */
		if (gone && vfs)
			KUNIT_EXPECT_EQ(test, del(t, 0), 0);
		for (int pool = 6; pool >= (int)vfs; pool--)
			KUNIT_EXPECT_EQ(test, add(t), pool);
		ack._msg = NULL;
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_add(t->nsw, 0, &ack), -ENOSPC);
		KUNIT_ASSERT_NOT_NULL(test, ack._msg);
		KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "vports"));
		snprintf(most, sizeof(most), "at most %u", 7 - vfs + (single && gone && vfs));
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(ack._msg, most), "%s", ack._msg);
		KUNIT_EXPECT_EQ(test, !!strstr(ack._msg, "no pool is free"),
				single && gone && vfs);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_check(t->nsw, NULL), -ENOSPC);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).pf_vports, 7 - vfs);
		if (vfs <= 4) {
			KUNIT_EXPECT_EQ(test, del(t, 5), 0);
			KUNIT_EXPECT_EQ(test, del(t, 4), 0);
			KUNIT_EXPECT_EQ(test, add(t), 5);
			KUNIT_EXPECT_EQ(test, add(t), 4);
		}
		if (gone && vfs)
			KUNIT_EXPECT_EQ(test, kawela_nsw_vf_vport_add(t->nsw, 0, NULL), 0);
		for (unsigned int pool = vfs; pool < 7; pool++)
			KUNIT_EXPECT_EQ(test, del(t, pool), 0);
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	}
}

/* Every kind of VPort x everything that can be done to its state. */
static void state_table(struct kunit *test)
{
	enum { NOBODY, DEFAULT, VF, VF_GONE, VF_OFF, PF, PF_ACTIVE };
	static const struct {
		int activate, reset, vf_add, num_qps, del;
	} tab[] = {
		[NOBODY] = { -ENODEV, -ENODEV, -ENODEV, -ENODEV, -ENODEV },
		[DEFAULT] = { 0, -ENODEV, -ENODEV, -EPERM, -EPERM },
		[VF] = { 0, -EADDRNOTAVAIL, -EEXIST, 0, 0 },
		[VF_GONE] = { -ENODEV, -ENETDOWN, 0, -ENODEV, -ENODEV },
		[VF_OFF] = { 0, -ENETDOWN, -EEXIST, 0, 0 },
		[PF] = { 0, -ENETDOWN, -ENODEV, 0, 0 },
		[PF_ACTIVE] = { 0, -EADDRNOTAVAIL, -ENODEV, -EBUSY, 0 },
	};
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int kind, what, pool;
	int err, want;

	for (kind = NOBODY; kind <= PF_ACTIVE; kind++) {
		for (what = 0; what < 5; what++) {
			KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 2, NULL), 0);
			pool = kind == NOBODY ? 4 : kind == DEFAULT ? 7 : kind >= PF ? add(t) : 1;
			if (kind == VF_GONE)
				KUNIT_ASSERT_EQ(test, del(t, 1), 0);
			if (kind == VF_OFF)
				kawela_nsw_vf_set_link(t->nsw, 1, KAWELA_NSW_LINK_DISABLE);
			if (kind == PF_ACTIVE)
				kawela_nsw_pf_vport_activate(t->nsw, pool, NULL);
			err = what == 0 ? kawela_nsw_pf_vport_activate(t->nsw, pool, NULL) :
			      what == 1 ? kawela_nsw_vport_reset(t->nsw, pool, mac) :
			      what == 2 ? kawela_nsw_vf_vport_add(t->nsw, pool, NULL) :
			      what == 3 ? kawela_nsw_vport_set_num_qps(t->nsw, pool, 2, NULL) :
			      del(t, pool);
			want = what == 0 ? tab[kind].activate : what == 1 ? tab[kind].reset :
			       what == 2 ? tab[kind].vf_add : what == 3 ? tab[kind].num_qps :
			       tab[kind].del;
			KUNIT_EXPECT_EQ_MSG(test, err, want, "kind %u what %u", kind, what);
			/* None of this opens a gate, nor does ready without a reset before it. */
			if (what != 1 && pool < 7)
				kawela_nsw_vport_ready(t->nsw, pool);
			KUNIT_EXPECT_EQ(test, t->regs.vfre, BIT(7));
			if (kind >= PF && what != 4)
				KUNIT_EXPECT_EQ(test, del(t, pool), 0);
			KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
		}
	}
}

#define STEP(pool, step)	((pool) << 4 | KAWELA_NSW_STEP_##step)

/* What is told of a VPort's life comes in the order of NDIS: filters, VPort, function, pool. */
static void steps(struct kunit *test)
{
	static const u8 want[] = {
		STEP(1, READY), STEP(1, HOME), STEP(1, DELETED),
		STEP(0, HOME), STEP(1, HOME), STEP(0, FREED), STEP(1, FREED),
	};
	static const u8 link[] = { STEP(0, READY), STEP(0, HOME), STEP(0, READY), STEP(0, HOME) };
	struct kawela_nsw_t *t = test->priv;

	KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 2, NULL), 0);
	kawela_nsw_t_clear(t);
	kawela_nsw_vport_ready(t->nsw, 1);
	KUNIT_EXPECT_EQ(test, t->num_steps, 0);
	kawela_nsw_t_open(test, 1, t->mac[2]);
	KUNIT_EXPECT_EQ(test, del(t, 1), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_ASSERT_EQ(test, t->num_steps, ARRAY_SIZE(want));
	KUNIT_EXPECT_MEMEQ(test, t->steps, want, sizeof(want));

	KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 1, NULL), 0);
	kawela_nsw_t_clear(t);
	kawela_nsw_t_open(test, 0, t->mac[1]);
	/* RESET alone, without a reset of the function: the filters leave with it. */
	kawela_nsw_t_open(test, 0, t->mac[1]);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_link(t->nsw, 0, KAWELA_NSW_LINK_DISABLE), 0);
	KUNIT_ASSERT_EQ(test, t->num_steps, ARRAY_SIZE(link));
	KUNIT_EXPECT_MEMEQ(test, t->steps, link, sizeof(link));
}

/* Who made a VPort may delete it; the pool number is checked for all. */
static void owners(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	int pool;

	KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 1, NULL), 0);
	pool = kawela_nsw_pf_vport_add(t->nsw, KAWELA_NSW_OWNER_STATION, NULL);
	KUNIT_ASSERT_EQ(test, pool, 6);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 6).owner, KAWELA_NSW_OWNER_STATION);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, 6, KAWELA_NSW_OWNER_DEVLINK, &ack),
			-EPERM);
	KUNIT_EXPECT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, 0, KAWELA_NSW_OWNER_STATION, NULL),
			-EPERM);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, 7, KAWELA_NSW_OWNER_STATION, NULL),
			-EPERM);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, 6, KAWELA_NSW_OWNER_STATION, NULL), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, 6, KAWELA_NSW_OWNER_STATION, NULL),
			-ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, UINT_MAX, 0, NULL), -ENODEV);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_activate(t->nsw, 8, NULL), -ENODEV);
	kawela_nsw_set_policy(t->nsw, KAWELA_NSW_VLAN_TESTS);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_add(t->nsw, 0, &ack), -EOPNOTSUPP);
}

static void num_qps(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int pool;

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).num_qps, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_num_qps(t->nsw, 0, 0, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_num_qps(t->nsw, 0, 3, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_num_qps(t->nsw, 0, 2, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_num_qps(t->nsw, 0, 1, NULL), 0);
	KUNIT_EXPECT_FALSE(test, t->regs.vmolr[0] & KW_VMOLR_RSSE);
	kawela_nsw_vport_flr(t->nsw, 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_num_qps(t->nsw, 0, 2, NULL), 0);
	kawela_nsw_t_open(test, 0, NULL);
	KUNIT_EXPECT_TRUE(test, t->regs.vmolr[0] & KW_VMOLR_RSSE);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).queue_pairs, 4);

	/* One VPort's number is not another's. */
	pool = kawela_nsw_t_add_vport(test, t->mac[40]);
	KUNIT_EXPECT_FALSE(test, t->regs.vmolr[pool] & KW_VMOLR_RSSE);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).queue_pairs, 5);
}

/* A VPort of the PF is trusted, not spoof-checked, asks by the same functions. */
static void pf_vport_asks(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_vport_info info;
	u16 hash = kawela_nsw_mc_hash(nsw_t_group_a);
	struct kawela_nsw_t_frame f = { .dst = t->mac[60], .src = t->mac[61],
					.vid = NSW_T_UNTAGGED, .from = 6 };
	bool wire;

	KUNIT_ASSERT_EQ(test, kawela_nsw_t_add_vport(test, t->mac[40]), 6);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[40], NSW_T_UNTAGGED), BIT(6));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 6, t->mac[0]), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 6, t->mac[41]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 6, 5, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 6, &hash, 1), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, nsw_t_group_a, 5), BIT(6));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[41], 5), BIT(6));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 6, KAWELA_NSW_VF_PROMISC_UC), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[60], NSW_T_UNTAGGED), BIT(6));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, &wire), 0);
	KUNIT_EXPECT_TRUE(test, wire);
	info = nsw_t_info(t, 6);
	KUNIT_EXPECT_EQ(test, info.kind, KAWELA_NSW_PF);
	KUNIT_EXPECT_TRUE(test, info.ready && info.trusted && info.promisc && !info.spoofchk);
	KUNIT_EXPECT_EQ(test, info.num_uc + info.num_mc + info.num_vlans, 3);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 7).kind, KAWELA_NSW_DEFAULT);

	/* Closed, it leaves nothing. */
	kawela_nsw_vport_flr(t->nsw, 6);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[40], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[40], 5), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_used, 1);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 6, false), -ENODEV);
}

struct recorder {
	unsigned int num;
	u8 op[600];
	u8 vfre[600];
	u8 rx[600];
};

/* Who receives VF 0's address after each write. */
static void record(struct kawela_nsw_t *t)
{
	struct recorder *r = t->ctx;

	if (r->num == ARRAY_SIZE(r->op))
		return;
	r->op[r->num] = t->last;
	r->vfre[r->num] = t->regs.vfre;
	r->rx[r->num++] = nsw_t_rx(t, t->mac[1], NSW_T_UNTAGGED);
}

/* Teardown: the filters move, then the gate closes, then the VPort's settings go, then the mode. */
static void teardown_order(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct recorder *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	unsigned int how, i;
	bool moved, closed;

	KUNIT_ASSERT_NOT_NULL(test, r);
	for (how = 0; how < 4; how++) {
		kawela_nsw_t_start(test, 1, 1);
		r->num = 0;
		t->ctx = r;
		t->on_write = record;
		if (how == 0)
			kawela_nsw_vport_flr(t->nsw, 0);
		else if (how == 1)
			kawela_nsw_vf_set_link(t->nsw, 0, KAWELA_NSW_LINK_DISABLE);
		else if (how == 2)
			KUNIT_EXPECT_EQ(test, del(t, 0), 0);
		else
			kawela_nsw_set_num_vfs(t->nsw, 0, NULL);
		t->on_write = NULL;
		moved = false;
		closed = false;
		for (i = 0; i < r->num; i++) {
			moved |= r->rx[i] == BIT(7);
			closed |= !(r->vfre[i] & BIT(0));
			KUNIT_EXPECT_TRUE_MSG(test, moved || !closed, "how %u write %u", how, i);
			KUNIT_EXPECT_TRUE(test, r->op[i] != NSW_T_POOL || closed);
			KUNIT_EXPECT_TRUE(test, r->op[i] != NSW_T_MODE || closed);
			if (r->op[i] == NSW_T_MODE)
				break;
			KUNIT_EXPECT_EQ(test, r->rx[i], moved ? BIT(7) : BIT(0));
		}
		KUNIT_EXPECT_TRUE(test, moved && closed);
		kawela_nsw_set_num_vfs(t->nsw, 0, NULL);
	}
}

/* Step @step of a VF's and its administrator's life. */
static int life_step(struct kawela_nsw_t *t, unsigned int step)
{
	u16 hash = kawela_nsw_mc_hash(nsw_t_group_a);
	u8 mac[ETH_ALEN] __aligned(2);

	switch (step) {
	case 0:
		return kawela_nsw_vport_set_admin_mac(t->nsw, 0, t->mac[1], NULL);
	case 1:
		return kawela_nsw_vf_set_trust(t->nsw, 0, true);
	case 2:
		return kawela_nsw_vport_reset(t->nsw, 0, mac);
	case 3:
		return kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]);
	case 4:
		kawela_nsw_vport_ready(t->nsw, 0);
		return 0;
	case 5:
		return kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[10]);
	case 6:
		return kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true);
	case 7:
		return kawela_nsw_vport_set_mc(t->nsw, 0, &hash, 1);
	case 8:
		return kawela_nsw_vport_set_promisc(t->nsw, 0, 3);
	case 9:
		return kawela_nsw_t_set_rule(t, 0, t->mac[11], 0, 0);
	case 10:
		kawela_nsw_rule_clear(t->nsw, 0);
		return kawela_nsw_vf_set_vlan(t->nsw, 0, 6, 1, NULL);
	case 11:
		return kawela_nsw_t_set_rule(t, 0, t->mac[11], 6, 0);
	case 12:
		return kawela_nsw_vf_set_link(t->nsw, 0, KAWELA_NSW_LINK_DISABLE);
	case 13:
		return del(t, 0);
	default:
		return -ENODATA;
	}
}

/* An FLR after any step closes the gate, drops what was asked for, keeps what was set. */
static void flr_at_every_step(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_vport_info info;
	unsigned int last, step;

	for (last = 0; last < 14; last++) {
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 2, NULL), 0);
		for (step = 0; step <= last; step++)
			KUNIT_EXPECT_EQ_MSG(test, life_step(t, step), 0, "step %u of %u", step,
					    last);
		kawela_nsw_vport_flr(t->nsw, 0);
		info = nsw_t_info(t, 0);
		KUNIT_EXPECT_EQ(test, t->regs.vfre, BIT(7));
		KUNIT_EXPECT_FALSE(test, info.ready || info.promisc || info.allmulti);
		KUNIT_EXPECT_EQ(test, info.num_uc + info.num_mc + info.num_vlans, 0);
		KUNIT_EXPECT_TRUE(test, ether_addr_equal(info.admin_mac, t->mac[1]));
		KUNIT_EXPECT_EQ(test, info.trusted, last >= 1);
		KUNIT_EXPECT_EQ(test, info.vlan, last >= 10 ? 6 : 0);
		KUNIT_EXPECT_EQ(test, info.num_rules, last == 9 || last >= 11);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], last >= 10 ? 6 : NSW_T_UNTAGGED),
				BIT(7));
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[11], last >= 10 ? 6 : NSW_T_UNTAGGED),
				BIT(7));
		KUNIT_EXPECT_FALSE(test, kawela_nsw_t_has_rar(&t->regs, t->mac[9]));
		KUNIT_EXPECT_FALSE(test, kawela_nsw_t_has_rar(&t->regs, t->mac[10]));
		KUNIT_EXPECT_EQ(test, t->regs.uta[0] | t->regs.mta[26], 0);
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 0), -ENOENT);
	}
}

/* The VPort of a VF goes and comes back; what was set stays, what was asked for does not. */
static void vf_vport_again(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_regs *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);
	u8 mac[ETH_ALEN] __aligned(2);

	KUNIT_ASSERT_NOT_NULL(test, before);
	kawela_nsw_t_start(test, 2, 2);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_vlan(t->nsw, 0, 100, 0, NULL), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_t_set_rule(t, 9, t->mac[20], 100, 0), 0);
	*before = t->regs;
	KUNIT_EXPECT_EQ(test, del(t, 0), 0);
	KUNIT_EXPECT_FALSE(test, nsw_t_info(t, 0).present);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).num_vports, 2);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_reset(t->nsw, 0, mac), -ENETDOWN);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(mac));
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[30]), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_set_rule(t, 10, t->mac[21], 100, 0), -ENODEV);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[1], 100), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], 100), BIT(7));
	/* Its address is still spoken for. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_set_mac(t->nsw, t->mac[1]), -EEXIST);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vf_vport_add(t->nsw, 0, NULL), 0);
	kawela_nsw_t_open(test, 0, NULL);
	KUNIT_EXPECT_MEMEQ(test, &t->regs, before, sizeof(*before));
}

static struct kunit_case nsw_vport_cases[] = {
	KUNIT_CASE(session_table),
	KUNIT_CASE(open_receives_nothing),
	KUNIT_CASE(no_such_vf),
	KUNIT_CASE(flr_cleans),
	KUNIT_CASE(pool_arithmetic),
	KUNIT_CASE(state_table),
	KUNIT_CASE(owners),
	KUNIT_CASE(num_qps),
	KUNIT_CASE(pf_vport_asks),
	KUNIT_CASE(teardown_order),
	KUNIT_CASE(steps),
	KUNIT_CASE(flr_at_every_step),
	KUNIT_CASE(vf_vport_again),
	{}
};

static struct kunit_suite nsw_vport_suite = {
	.name = "kawela_nsw_vport",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_vport_cases,
};

kunit_test_suite(nsw_vport_suite);
