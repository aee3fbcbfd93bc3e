// SPDX-License-Identifier: GPL-2.0-only
/* What a VPort's driver asks for. */
#include "nsw_test.h"

/* A VF without a session can set nothing. */
static void no_session(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	const struct kawela_nsw_addr_list none = {};
	u16 hash = 0;

	kawela_nsw_t_start(test, 1, 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[9]), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_sync_uc(t->nsw, 0, &none), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 0, &hash, 1), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_max_frame(t->nsw, 0, 1522), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 0, 0), -EAGAIN);
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

/* What no VPort can take from another. */
static void take_share(struct kunit *test, unsigned int pool)
{
	struct kawela_nsw_t *t = test->priv;
	const u8 *mac;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		mac = t->mac[i ? 55 + pool : 8 + pool];
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, pool, mac), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, pool, 200 + 2 * pool + i,
								true), 0);
	}
}

/* One that takes all it can, of everything, leaves every other VPort its share. */
static void greed(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	unsigned int greedy, pool, i;

	for (greedy = 0; greedy < 7; greedy++) {
		kawela_nsw_t_start_unpinned(test, 4);
		for (i = 0; i < 3; i++)
			kawela_nsw_t_add_vport(test, t->mac[7 - i]);
		if (greedy < 4)
			KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, greedy, true), 0);
		for (i = 0; i < 40; i++)
			kawela_nsw_vport_add_uc(t->nsw, greedy, t->mac[20 + i]);
		for (i = 0; i < 40; i++)
			kawela_nsw_vport_set_vlan(t->nsw, greedy, 100 + i, true);
		for (pool = 0; pool < 7; pool++)
			if (pool != greedy)
				take_share(test, pool);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 300, true), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 301, true), 0);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).rar_owner[greedy], 3);
		KUNIT_EXPECT_EQ(test, nsw_t_counts(t).vlan_owner[greedy], 17);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 300, false), 0);
		KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vlan(t->nsw, 301, false), 0);
		KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, 0, NULL), 0);
		for (pool = 4; pool < 7; pool++)
			KUNIT_EXPECT_EQ(test, kawela_nsw_vport_del(t->nsw, pool, 0, NULL), 0);
	}
}

/* A guest that is trusted with more than its share may be in the way; the refusal says by what. */
static void no_room_for_vport(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct netlink_ext_ack ack = {};
	unsigned int i;

	kawela_nsw_t_start_unpinned(test, 1);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	for (i = 0; i < 20; i++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20 + i]), 0);
	kawela_nsw_t_clear(t);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_add(t->nsw, 0, &ack), -ENOSPC);
	KUNIT_ASSERT_NOT_NULL(test, ack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "mac_filters"));
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	/* Trust withdrawn makes room at once. */
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, false), 0);
	KUNIT_EXPECT_EQ(test, nsw_t_info(t, 0).num_uc, 3);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_add(t->nsw, 0, NULL), 6);
	for (i = 0; i < 31; i++)
		kawela_nsw_vport_set_vlan(t->nsw, 0, 100 + i, true);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_add(t->nsw, 0, NULL), 5);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	for (i = 0; i < 31; i++)
		kawela_nsw_vport_set_vlan(t->nsw, 0, 100 + i, true);
	KUNIT_EXPECT_EQ(test, kawela_nsw_pf_vport_add(t->nsw, 0, &ack), -ENOSPC);
	KUNIT_EXPECT_NOT_NULL(test, strstr(ack._msg, "vlan_filters"));
}

/* A VPort that is made takes the entry of its pool; who was there gets another, without a gap. */
static void make_way(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	struct kawela_nsw_pf_addrs addrs = {
		.uc = (const u8 (*)[ETH_ALEN])t->mac[10], .num_uc = 7,
	};
	unsigned int i;

	kawela_nsw_t_start_unpinned(test, 1);
	KUNIT_ASSERT_EQ(test, kawela_nsw_vf_set_trust(t->nsw, 0, true), 0);
	for (i = 0; i < 14; i++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20 + i]), 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_sync_addrs(t->nsw, &addrs), 0);
	for (i = 20; i < 29; i++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), 0);
	for (i = 0; i < 8; i++)
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[20 + i]), 0);
	for (i = 0; i < 3; i++)
		NSW_T_WATCH(kawela_nsw_pf_vport_add(t->nsw, 0, NULL) < 0);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[20 + i], NSW_T_UNTAGGED), BIT(0));
	for (i = 0; i < 7; i++)
		KUNIT_EXPECT_EQ(test, nsw_t_rx(t, t->mac[10 + i], NSW_T_UNTAGGED), BIT(7));
}

static struct kunit_case nsw_request_cases[] = {
	KUNIT_CASE(no_session),
	KUNIT_CASE(max_frame),
	KUNIT_CASE(greed),
	KUNIT_CASE(no_room_for_vport),
	KUNIT_CASE(make_way),
	{}
};

static struct kunit_suite nsw_request_suite = {
	.name = "kawela_nsw_request",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_request_cases,
};

kunit_test_suite(nsw_request_suite);
