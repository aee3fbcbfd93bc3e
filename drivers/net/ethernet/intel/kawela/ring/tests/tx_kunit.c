// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit descriptors: golden values for every offload, context reuse, descriptor counts.
 *
 * The values were computed by hand from the datasheet's layouts (7.2.2), not with the code's masks.
 */
#include <kunit/skbuff.h>
#include <kunit/test.h>

#include <net/kawela/desc.h>
#include <net/kawela/ring.h>

#define T4	(KAWELA_TX_CSUM | KAWELA_TX_IPV4)
#define TSO4	(KAWELA_TX_TSO | KAWELA_TX_CSUM | KAWELA_TX_IPV4)
#define TSO6	(KAWELA_TX_TSO | KAWELA_TX_CSUM)

struct tx_case {
	const char *name;
	struct kawela_tx_offload off;
	u32 paylen;
	bool ctx;
	u32 lens;
	u32 tucmd;
	u32 mss;
	u32 cmd;
	u32 olinfo;
};

static const struct tx_case tx_cases[] = {
	{
		.name = "no offload",
		.paylen = 60,
		.cmd = 0x22300000, .olinfo = 0x000f0000,
	}, {
		.name = "TCP over IPv4 checksum",
		.off = { .flags = T4, .mac_len = 14, .ip_len = 20, .l4_type = KW_TXC_L4T_TCP },
		.paylen = 60, .ctx = true,
		.lens = 0x00001c14, .tucmd = 0x20200c00,
		.cmd = 0x22300000, .olinfo = 0x000f0200,
	}, {
		.name = "TCP over IPv6 checksum",
		.off = { .flags = KAWELA_TX_CSUM, .mac_len = 14, .ip_len = 40,
			 .l4_type = KW_TXC_L4T_TCP },
		.paylen = 1514, .ctx = true,
		.lens = 0x00001c28, .tucmd = 0x20200800,
		.cmd = 0x22300000, .olinfo = 0x017a8200,
	}, {
		.name = "UDP over IPv4 checksum",
		.off = { .flags = T4, .mac_len = 14, .ip_len = 20, .l4_type = KW_TXC_L4T_UDP },
		.paylen = 60, .ctx = true,
		.lens = 0x00001c14, .tucmd = 0x20200400,
		.cmd = 0x22300000, .olinfo = 0x000f0200,
	}, {
		.name = "UDP over IPv6 checksum",
		.off = { .flags = KAWELA_TX_CSUM, .mac_len = 14, .ip_len = 40,
			 .l4_type = KW_TXC_L4T_UDP },
		.paylen = 62, .ctx = true,
		.lens = 0x00001c28, .tucmd = 0x20200000,
		.cmd = 0x22300000, .olinfo = 0x000f8200,
	}, {
		.name = "SCTP over IPv4 checksum",
		.off = { .flags = T4, .mac_len = 14, .ip_len = 20, .l4_type = KW_TXC_L4T_SCTP },
		.paylen = 60, .ctx = true,
		.lens = 0x00001c14, .tucmd = 0x20201400,
		.cmd = 0x22300000, .olinfo = 0x000f0200,
	}, {
		.name = "SCTP over IPv6 checksum",
		.off = { .flags = KAWELA_TX_CSUM, .mac_len = 14, .ip_len = 40,
			 .l4_type = KW_TXC_L4T_SCTP },
		.paylen = 66, .ctx = true,
		.lens = 0x00001c28, .tucmd = 0x20201000,
		.cmd = 0x22300000, .olinfo = 0x00108200,
	}, {
		.name = "TSO over IPv4",
		.off = { .flags = TSO4, .mac_len = 14, .ip_len = 20, .l4_type = KW_TXC_L4T_TCP,
			 .l4_len = 32, .mss = 1448 },
		.paylen = 64000, .ctx = true,
		.lens = 0x00001c14, .tucmd = 0x20200c00, .mss = 0x05a82000,
		.cmd = 0xa2300000, .olinfo = 0x3e800300,
	}, {
		.name = "TSO over IPv6",
		.off = { .flags = TSO6, .mac_len = 14, .ip_len = 40, .l4_type = KW_TXC_L4T_TCP,
			 .l4_len = 20, .mss = 1440 },
		.paylen = 64000, .ctx = true,
		.lens = 0x00001c28, .tucmd = 0x20200800, .mss = 0x05a01400,
		.cmd = 0xa2300000, .olinfo = 0x3e800200,
	}, {
		.name = "VLAN tag",
		.off = { .flags = KAWELA_TX_VLAN, .vlan = 0x2064, .mac_len = 14 },
		.paylen = 60, .ctx = true,
		.lens = 0x20641c00, .tucmd = 0x20200000,
		.cmd = 0x62300000, .olinfo = 0x000f0000,
	}, {
		.name = "VLAN tag and checksum",
		.off = { .flags = KAWELA_TX_VLAN | T4, .vlan = 0xefff, .mac_len = 14, .ip_len = 24,
			 .l4_type = KW_TXC_L4T_UDP },
		.paylen = 60, .ctx = true,
		.lens = 0xefff1c18, .tucmd = 0x20200400,
		.cmd = 0x62300000, .olinfo = 0x000f0200,
	}, {
		.name = "VLAN tag and TSO",
		.off = { .flags = KAWELA_TX_VLAN | TSO4, .vlan = 1, .mac_len = 14, .ip_len = 20,
			 .l4_type = KW_TXC_L4T_TCP, .l4_len = 60, .mss = 65535 },
		.paylen = 262143, .ctx = true,
		.lens = 0x00011c14, .tucmd = 0x20200c00, .mss = 0xffff3c00,
		.cmd = 0xe2300000, .olinfo = 0xffffc300,
	}, {
		.name = "a tag left over without the flag",
		.off = { .flags = T4, .vlan = 0x0fff, .mac_len = 18, .ip_len = 20,
			 .l4_type = KW_TXC_L4T_TCP, .l4_len = 20, .mss = 1460 },
		.paylen = 64, .ctx = true,
		.lens = 0x00002414, .tucmd = 0x20200c00,
		.cmd = 0x22300000, .olinfo = 0x00100200,
	}, {
		.name = "longest headers",
		.off = { .flags = T4, .mac_len = 127, .ip_len = 511, .l4_type = KW_TXC_L4T_TCP },
		.paylen = 9230, .ctx = true,
		.lens = 0x0000ffff, .tucmd = 0x20200c00,
		.cmd = 0x22300000, .olinfo = 0x09038200,
	},
};

KUNIT_ARRAY_PARAM_DESC(tx, tx_cases, name);

static void test_offload(struct kunit *test)
{
	const struct tx_case *t = test->param_value;
	struct kawela_tx_ctx ctx = kawela_tx_ctx_pack(&t->off);

	KUNIT_EXPECT_EQ(test, kawela_tx_needs_ctx(&t->off), t->ctx);
	KUNIT_EXPECT_EQ(test, kawela_tx_cmd(t->off.flags), t->cmd);
	KUNIT_EXPECT_EQ(test, kawela_tx_olinfo(t->off.flags, t->paylen, 0), t->olinfo);
	KUNIT_EXPECT_EQ(test, kawela_tx_olinfo(t->off.flags, t->paylen, 1), t->olinfo | 0x10);
	if (!t->ctx)
		return;

	KUNIT_EXPECT_EQ(test, ctx.lens, t->lens);
	KUNIT_EXPECT_EQ(test, ctx.tucmd, t->tucmd);
	KUNIT_EXPECT_EQ(test, ctx.mss, t->mss);
}

static void test_ctx_bytes(struct kunit *test)
{
	static const u8 want[KAWELA_DESC_SIZE] = {
		0x14, 0x1c, 0x64, 0x20, 0, 0, 0, 0, 0x00, 0x0c, 0x20, 0x20, 0x10, 0x20, 0xa8, 0x05,
	};
	const struct kawela_tx_offload off = {
		.flags = KAWELA_TX_VLAN | TSO4, .vlan = 0x2064, .mac_len = 14, .ip_len = 20,
		.l4_type = KW_TXC_L4T_TCP, .l4_len = 32, .mss = 1448,
	};
	struct kawela_tx_ctx ctx = kawela_tx_ctx_pack(&off);
	struct kawela_tx_ctx_desc desc;

	memset(&desc, 0xff, sizeof(desc));
	kawela_tx_ctx_write(&desc, &ctx, 1);
	KUNIT_EXPECT_MEMEQ(test, &desc, want, sizeof(want));
}

static void test_data_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, offsetof(struct kawela_tx_desc, addr), 0);
	KUNIT_EXPECT_EQ(test, offsetof(struct kawela_tx_desc, cmd_type_len), 8);
	KUNIT_EXPECT_EQ(test, offsetof(struct kawela_tx_desc, olinfo_status), 12);
	KUNIT_EXPECT_EQ(test, KW_TXD_EOP | KW_TXD_RS, 0x09000000);
	KUNIT_EXPECT_EQ(test, KW_TXO_DD, 1);
}

static struct kawela_tx_ctx some_ctx(u16 vlan)
{
	const struct kawela_tx_offload off = {
		.flags = KAWELA_TX_VLAN, .vlan = vlan, .mac_len = 14,
	};

	return kawela_tx_ctx_pack(&off);
}

static void expect_ctx(struct kunit *test, struct kawela_tx_ctx_cache *cache, u16 vlan, bool known,
		       unsigned int want)
{
	struct kawela_tx_ctx ctx = some_ctx(vlan);
	unsigned int idx = 99;

	KUNIT_EXPECT_EQ_MSG(test, kawela_tx_ctx_get(cache, &ctx, &idx), known, "VLAN %u", vlan);
	KUNIT_EXPECT_EQ_MSG(test, idx, want, "VLAN %u", vlan);
}

static void test_ctx_reuse(struct kunit *test)
{
	struct kawela_tx_ctx_cache cache = {};

	expect_ctx(test, &cache, 1, false, 0);
	expect_ctx(test, &cache, 1, true, 0);
	expect_ctx(test, &cache, 2, false, 1);
	expect_ctx(test, &cache, 1, true, 0);
	expect_ctx(test, &cache, 2, true, 1);
	/* A third kind takes the place of the one sent first. */
	expect_ctx(test, &cache, 3, false, 0);
	expect_ctx(test, &cache, 2, true, 1);
	expect_ctx(test, &cache, 1, false, 1);
	expect_ctx(test, &cache, 3, true, 0);
	kawela_tx_ctx_forget(&cache);
	expect_ctx(test, &cache, 3, false, 0);
	expect_ctx(test, &cache, 1, false, 1);
}

/* An all-zero context is not taken for one that was never sent. */
static void test_ctx_zero(struct kunit *test)
{
	struct kawela_tx_ctx_cache cache = {};
	struct kawela_tx_ctx ctx = {};
	unsigned int idx;

	KUNIT_EXPECT_FALSE(test, kawela_tx_ctx_get(&cache, &ctx, &idx));
	KUNIT_EXPECT_TRUE(test, kawela_tx_ctx_get(&cache, &ctx, &idx));
}

static void test_data_descs(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kawela_tx_data_descs(0), 0);
	KUNIT_EXPECT_EQ(test, kawela_tx_data_descs(1), 1);
	KUNIT_EXPECT_EQ(test, kawela_tx_data_descs(32768), 1);
	KUNIT_EXPECT_EQ(test, kawela_tx_data_descs(32769), 2);
	KUNIT_EXPECT_EQ(test, kawela_tx_data_descs(65536), 2);
	KUNIT_EXPECT_EQ(test, kawela_tx_data_descs(65537), 3);
}

static void add_frag(struct kunit *test, struct sk_buff *skb, unsigned int size)
{
	unsigned int order = get_order(size);
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);

	KUNIT_ASSERT_NOT_NULL(test, page);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, size, PAGE_SIZE << order);
}

static void test_skb_descs(struct kunit *test)
{
	struct sk_buff *skb = kunit_zalloc_skb(test, 200, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put(skb, 200);
	KUNIT_EXPECT_EQ(test, kawela_tx_skb_descs(skb), 1);
	add_frag(test, skb, 1);
	KUNIT_EXPECT_EQ(test, kawela_tx_skb_descs(skb), 2);
	add_frag(test, skb, 32768);
	KUNIT_EXPECT_EQ(test, kawela_tx_skb_descs(skb), 3);
	add_frag(test, skb, 32769);
	KUNIT_EXPECT_EQ(test, kawela_tx_skb_descs(skb), 5);
	for (i = 3; i < MAX_SKB_FRAGS; i++)
		add_frag(test, skb, 10);
	KUNIT_EXPECT_EQ(test, kawela_tx_skb_descs(skb), MAX_SKB_FRAGS + 2);
}

static struct kunit_case tx_test_cases[] = {
	KUNIT_CASE_PARAM(test_offload, tx_gen_params),
	KUNIT_CASE(test_ctx_bytes),
	KUNIT_CASE(test_data_layout),
	KUNIT_CASE(test_ctx_reuse),
	KUNIT_CASE(test_ctx_zero),
	KUNIT_CASE(test_data_descs),
	KUNIT_CASE(test_skb_descs),
	{}
};

static struct kunit_suite tx_suite = {
	.name = "kawela_ring_tx",
	.test_cases = tx_test_cases,
};

kunit_test_suite(tx_suite);

MODULE_DESCRIPTION("KUnit tests of the kawela data path");
MODULE_LICENSE("GPL");
