// SPDX-License-Identifier: GPL-2.0-only
/* Shares of the address table. */
#include "nsw_test.h"

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

static void uc_quota(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int i;

	kawela_nsw_t_start_unpinned(test, 1);
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
			kawela_nsw_t_start_unpinned(test, n);
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

/* What guests have beyond their shares is there for the administrator's VPorts and filters. */
static void uc_yields(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int n, vf, i, got, pool;

	for (n = 3; n < KAWELA_NSW_MAX_VFS; n++) {
		kawela_nsw_t_start_unpinned(test, n);
		for (got = 0, vf = 0; vf < n; vf++)
			for (i = 10 + 3 * vf; i < 13 + 3 * vf; i++)
				got += !kawela_nsw_vport_add_uc(t->nsw, vf, t->mac[i]);
		KUNIT_EXPECT_EQ(test, got, min(3 * n, 2 * n + 3 * (7 - n)));
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_check(t->nsw, NULL), 0);
		for (vf = 0, i = 0; vf < n; vf++)
			i += nsw_t_info(t, vf).num_uc;
		KUNIT_EXPECT_EQ(test, i, got);
		for (pool = 6; pool >= n; pool--)
			NSW_T_WATCH(kawela_nsw_pf_vport_add(t->nsw, 0, NULL) != pool);
		for (vf = 0; vf < n; vf++)
			KUNIT_EXPECT_EQ(test, nsw_t_info(t, vf).num_uc, 2);
		KUNIT_EXPECT_EQ(test, kawela_nsw_t_set_rule(t, 0, t->mac[50], 0, 7), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_rule_clear(t->nsw, 0), 0);
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
		for (pool = 6; pool >= n; pool--)
			KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, pool, 0, NULL), 0);
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

	kawela_nsw_t_start_unpinned(test, 7);
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

	kawela_nsw_t_start_unpinned(test, 2);
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

static int sync_uc(struct kawela_nsw_t *t, unsigned int pool, unsigned int first, unsigned int num)
{
	const struct kawela_nsw_addr_list uc = {
		.addr = (const u8 (*)[ETH_ALEN])t->mac[first],
		.num = num,
	};

	return kawela_nsw_vport_sync_uc(t->nsw, pool, &uc);
}

/* A whole list: what stays is not written, what is refused is tried again with the next list. */
static void uc_list(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int pool, i, got = 0;

	kawela_nsw_t_start_unpinned(test, 6);
	pool = kawela_nsw_t_add_vport(test, t->mac[10]);
	KUNIT_EXPECT_EQ(test, sync_uc(t, pool, 20, 2), 0);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, sync_uc(t, pool, 20, 2), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	KUNIT_EXPECT_EQ(test, sync_uc(t, pool, 21, 1), 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 1);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[21], NSW_T_UNTAGGED), BIT(pool));

	/* As many as fit have one, and the table being full is what counts. */
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20]), 0);
	KUNIT_EXPECT_EQ(test, sync_uc(t, pool, 20, 2), -EEXIST);
	KUNIT_EXPECT_EQ(test, sync_uc(t, pool, 20, 9), -ENOSPC);
	for (i = 21; i < 29; i++)
		got += nsw_t_rx(t, t->mac[i], NSW_T_UNTAGGED) == BIT(pool);
	KUNIT_EXPECT_EQ(test, got, nsw_t_info(t, pool).num_uc);
	KUNIT_EXPECT_LT(test, got, 8);

	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), 0);
	KUNIT_EXPECT_EQ(test, sync_uc(t, pool, 20, 1), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20], NSW_T_UNTAGGED), BIT(pool));
	KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[21], NSW_T_UNTAGGED), BIT(7));
	KUNIT_EXPECT_EQ(test, sync_uc(t, pool, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, pool).num_uc, 0);
}

static struct kunit_case nsw_filter_cases[] = {
	KUNIT_CASE(uc_quota),
	KUNIT_CASE(uc_starvation),
	KUNIT_CASE(uc_yields),
	KUNIT_CASE(uc_overflow),
	KUNIT_CASE(uc_stable),
	KUNIT_CASE(uc_list),
	{}
};

static struct kunit_suite nsw_filter_suite = {
	.name = "kawela_nsw_filter",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_filter_cases,
};

kunit_test_suite(nsw_filter_suite);
