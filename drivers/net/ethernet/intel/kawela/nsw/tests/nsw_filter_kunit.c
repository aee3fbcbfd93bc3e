// SPDX-License-Identifier: GPL-2.0-only
/* Shares of the address and VLAN tables, and who receives which VLAN. */
#include <linux/if_vlan.h>

#include "nsw_test.h"

static const u8 bcast[ETH_ALEN] __aligned(2) = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* VFs that choose their addresses themselves, so that they may have more. */
static void start_unpinned(struct kunit *test, unsigned int num_vfs)
{
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int vf;

	kawela_nsw_t_start(test, num_vfs, 0);
	for (vf = 0; vf < num_vfs; vf++) {
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_reset(t->nsw, vf, mac), -EADDRNOTAVAIL);
		kawela_nsw_vport_ready(t->nsw, vf);
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, vf, nsw_t_vf_mac(t, vf)), 0);
	}
}

static void pf_sync(struct kunit *test, unsigned int first, unsigned int num)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])t->mac[first],
		.num_uc = num,
	};

	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_sync_addrs(t->nsw, &addrs), 0);
}

static void add_uc(struct kunit *test, unsigned int vf, unsigned int mac)
{
	struct kawela_nsw_t *t = test->priv;

	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, vf, t->mac[mac]), 0);
}

static void join(struct kunit *test, unsigned int vf, u16 vid)
{
	struct kawela_nsw_t *t = test->priv;

	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, vf, vid, true), 0);
}

static void uc_quota(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int i;

	start_unpinned(test, 1);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20 + i]), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20 + i]), 0);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[0], 2 + i);
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20 + i], NSW_T_UNTAGGED), BIT(0));
	}
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[23]), -ENOSPC);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[23], NSW_T_UNTAGGED), BIT(7));

	/* The same list again and again, as igbvf sends it, needs no more. */
	for (i = 0; i < 20; i++) {
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), 0);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[0], 1);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20]), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[21]), 0);
	}
	/* One of them becomes the VF's own. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[20]), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[0], 2);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(0));
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_free, 24 - 1 - 2);
}

/* A greedy VF, trusted at that, whichever it is: every other pool still gets its share. */
static void uc_starvation(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int n, greedy, vf, i, got;

	for (n = 1; n <= KAWELA_NSW_MAX_VFS; n++) {
		for (greedy = 0; greedy < n; greedy++) {
			start_unpinned(test, n);
			KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, greedy, true), 0);
			for (got = 0; got < 24; got++)
				if (kawela_nsw_vport_add_uc(t->nsw, greedy, t->mac[32 + got]))
					break;
			KUNIT_EXPECT_EQ(test, got, 23 - 1 - 3 * (n - 1) - 2);
			for (vf = 0; vf < n; vf++)
				for (i = 0; vf != greedy && i < 2; i++)
					add_uc(test, vf, 8 + 2 * vf + i);
			pf_sync(test, 24, 2);
			KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 3);
			KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_free, 0);
			KUNIT_EXPECT_FALSE(test, t->regs.rctl & KW_RCTL_UPE);
			pf_sync(test, 0, 0);
			KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
		}
	}
}

/* The PF's addresses beyond the table make it promiscuous, or are hashed, and give way to VFs. */
static void uc_overflow(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f = { .vid = NSW_T_UNTAGGED, .from = 1, .src = t->mac[2] };
	unsigned int i, bits = 0;

	pf_sync(test, 20, 23);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_free, 0);
	KUNIT_EXPECT_FALSE(test, t->regs.rctl & KW_RCTL_UPE);
	pf_sync(test, 20, 24);
	KUNIT_EXPECT_TRUE(test, t->regs.rctl & KW_RCTL_UPE);
	KUNIT_EXPECT_EQ(test, t->regs.uta[0], 0);
	for (i = 0; i < 24; i++)
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20 + i], NSW_T_UNTAGGED), BIT(7));

	start_unpinned(test, 7);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 3);
	KUNIT_EXPECT_FALSE(test, t->regs.rctl & KW_RCTL_UPE);
	KUNIT_EXPECT_TRUE(test, t->regs.vmolr[7] & KW_VMOLR_ROPE);
	/* Two have an entry, the others a bit of the UTA each; a frame of a VF reaches them all. */
	for (i = 0; i < KAWELA_NSW_HASH_DWORDS; i++)
		bits += hweight32(t->regs.uta[i]);
	KUNIT_EXPECT_EQ(test, bits, 22);
	for (i = 0; i < 24; i++) {
		f.dst = t->mac[20 + i];
		KUNIT_EXPECT_EQ(test, kawela_nsw_t_classify(&t->regs, &f, NULL), BIT(7));
	}
	for (i = 0; i < 7; i++)
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, i, t->mac[50 + i]), 0);
	/* One the PF wants is refused, though it found no entry. */
	for (i = 0; i < 24; i++)
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20 + i]), -EEXIST);

	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 24);
	pf_sync(test, 20, 2);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[7], 3);
	KUNIT_EXPECT_FALSE(test, t->regs.rctl & KW_RCTL_UPE);
	KUNIT_EXPECT_EQ(test, t->regs.uta[127], 0);
}

/* Entries keep their index while others come and go. */
static void uc_stable(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	start_unpinned(test, 2);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20]), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 1, t->mac[21]), 0);
	kawela_nsw_t_clear(t);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 1);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 1);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[22]), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 2);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[21], NSW_T_UNTAGGED), BIT(1));
}

static void vlan_starvation(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int n, vf, i, got;

	for (n = 1; n <= KAWELA_NSW_MAX_VFS; n++) {
		start_unpinned(test, n);
		for (got = 0; got < 40; got++)
			if (kawela_nsw_vport_set_vlan(t->nsw, 0, 100 + got, true))
				break;
		KUNIT_EXPECT_EQ(test, got, 31 - 2 * n);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 100, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 99, true), -ENOSPC);
		for (vf = 1; vf < n; vf++)
			for (i = 0; i < 2; i++)
				join(test, vf, 200 + 2 * vf + i);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 300, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 301, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 302, true), -ENOSPC);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlvf_free, 0);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[0], got);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[7], 2);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 300, false), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 301, false), 0);
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	}
}

/* Shared VLANs use one entry; whoever leaves last frees it, and shares hold all the same. */
static void vlan_shared(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int vf, i;

	start_unpinned(test, 7);
	for (vf = 0; vf < 7; vf++)
		for (i = 0; i < 3; i++)
			join(test, vf, 10 + i);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlvf_used, 4);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 50 + i, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 60, true), -ENOSPC);

	for (vf = 1; vf < 7; vf++)
		for (i = 0; i < 3; i++)
			KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, vf, 10 + i, false),
					0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, bcast, 10), BIT(0));
	for (vf = 1; vf < 7; vf++)
		for (i = 0; i < 2; i++)
			join(test, vf, 1000 + 2 * vf + i);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 2000, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 2001, true), 0);
}

static void vlan_errors(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	u16 vid;

	start_unpinned(test, 1);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 0, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 0, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 77, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 4096, true), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 0xffff, false), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 4096, true), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 0, true), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 0, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 9, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);

	/* In RSS mode the PF may have all VLANs, but then no VFs. */
	for (vid = 1; vid < VLAN_N_VID; vid++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vlan(t->nsw, vid, true), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 4095), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 1, &ack), -ENOSPC);
	KUNIT_EXPECT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_EQ(test, kawela_nsw_mode(t->nsw), KAWELA_NSW_RSS);
	for (vid = 18; vid < VLAN_N_VID; vid++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vlan(t->nsw, vid, false), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 7, NULL), 0);
	for (vid = 1; vid < 18; vid++)
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], vid), BIT(7));
	KUNIT_EXPECT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[7], 17);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 17), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[0], 18), 0);
}

/*
 * VF 0 is in VLAN 5, VF 1 in 5 and 6, the PF in 7. A tagged unicast that its owner's VLANs do not
 * cover goes to the default pool if it came from the wire; the PF has 7 alone.
 */
static void vlan_truth(struct kunit *test)
{
	static const struct {
		int dst;	/* VF, -1 broadcast, 7 the PF, 8 a stranger */
		int vid;
		unsigned int from;
		u8 pools;
		bool wire;
	} tab[] = {
		{ 0, -1, NSW_T_WIRE, BIT(0) }, { 0, 0, NSW_T_WIRE, BIT(0) },
		{ 0, 5, NSW_T_WIRE, BIT(0) }, { 0, 6, NSW_T_WIRE, BIT(7) },
		{ 0, 7, NSW_T_WIRE, BIT(7) }, { 0, 8, NSW_T_WIRE, 0 },
		{ 1, -1, NSW_T_WIRE, BIT(1) }, { 1, 5, NSW_T_WIRE, BIT(1) },
		{ 1, 6, NSW_T_WIRE, BIT(1) }, { 1, 7, NSW_T_WIRE, BIT(7) },
		{ 7, -1, NSW_T_WIRE, BIT(7) }, { 7, 7, NSW_T_WIRE, BIT(7) },
		{ 7, 0, NSW_T_WIRE, BIT(7) }, { 7, 8, NSW_T_WIRE, 0 },
		{ 8, -1, NSW_T_WIRE, BIT(7) }, { 8, 7, NSW_T_WIRE, BIT(7) },
		{ -1, -1, NSW_T_WIRE, BIT(0) | BIT(1) | BIT(7) },
		{ -1, 0, NSW_T_WIRE, BIT(0) | BIT(1) | BIT(7) },
		{ -1, 5, NSW_T_WIRE, BIT(0) | BIT(1) }, { -1, 6, NSW_T_WIRE, BIT(1) },
		{ -1, 7, NSW_T_WIRE, BIT(7) }, { -1, 8, NSW_T_WIRE, 0 },
		{ 1, -1, 0, BIT(1) }, { 1, 5, 0, BIT(1) }, { 1, 6, 0, 0 }, { 1, 7, 0, 0 },
		{ 7, -1, 0, BIT(7) }, { 7, 5, 0, 0 }, { 8, -1, 0, 0, true },
		{ 8, 5, 0, 0, true }, { -1, -1, 0, BIT(1) | BIT(7), true },
		{ -1, 5, 0, BIT(1), true }, { -1, 6, 0, 0 }, { 0, -1, 7, BIT(0) },
		{ 0, 5, 7, BIT(0) }, { -1, -1, 7, BIT(0) | BIT(1), true },
		/* VF 2 exists, but has no session. */
		{ 2, -1, NSW_T_WIRE, BIT(7) }, { 0, -1, 2, 0 }, { -1, -1, 2, 0 },
	};
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_t_frame f;
	unsigned int i;
	bool wire;
	u8 pools;

	kawela_nsw_t_start(test, 3, 2);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 1, 5, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 1, 6, true), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 7, true), 0);

	for (i = 0; i < ARRAY_SIZE(tab); i++) {
		f.dst = tab[i].dst == -1 ? bcast : t->mac[tab[i].dst == 7 ? 0 :
							  tab[i].dst == 8 ? 60 : tab[i].dst + 1];
		f.src = tab[i].from < 7 ? nsw_t_vf_mac(t, tab[i].from) : NULL;
		f.vid = tab[i].vid;
		f.from = tab[i].from;
		pools = kawela_nsw_t_classify(&t->regs, &f, &wire);
		KUNIT_EXPECT_EQ_MSG(test, pools, tab[i].pools, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, wire, tab[i].wire, "row %u", i);
	}
}

static struct kunit_case nsw_filter_cases[] = {
	KUNIT_CASE(uc_quota),
	KUNIT_CASE(uc_starvation),
	KUNIT_CASE(uc_overflow),
	KUNIT_CASE(uc_stable),
	KUNIT_CASE(vlan_starvation),
	KUNIT_CASE(vlan_shared),
	KUNIT_CASE(vlan_errors),
	KUNIT_CASE(vlan_truth),
	{}
};

static struct kunit_suite nsw_filter_suite = {
	.name = "kawela_nsw_filter",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_filter_cases,
};

kunit_test_suite(nsw_filter_suite);
