// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the codec: what igbvf and DPDK send and igb answers, word by word, and noise.
 *
 * Owns: the golden words, written out by hand. No locks.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/prandom.h>

#include <net/kawela/mbx.h>

#include "../../compat/module.h"

/* 52:54:00:12:34:56 */
#define MAC_W1	0x12005452
#define MAC_W2	0x00005634
static const u8 mac[ETH_ALEN] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

struct golden {
	const char *name;
	u32 w[KAWELA_ABI_WORDS];
	int words;
	struct kawela_msg msg;
	u32 ack;
	u32 nack;
};

static const struct golden goldens[] = {
	{ "igbvf: set mac", { 0x00000002, MAC_W1, MAC_W2 }, 3,
	  { .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_SET,
	    .mac = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 } }, 0xa0000002, 0x60000002 },
	{ "igbvf: two multicast hashes", { 0x00020003, 0x05630010 }, 16,
	  { .id = KAWELA_MSG_SET_MULTICAST, .mc = { .count = 2, .hash = { 0x010, 0x563 } } },
	  0xa0020003, 0x60020003 },
	{ "igbvf: no multicast", { 0x00000003 }, 16,
	  { .id = KAWELA_MSG_SET_MULTICAST }, 0xa0000003, 0x60000003 },
	{ "igbvf: clear filters", { 0x00010002, 0, 0 }, 3,
	  { .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_CLEAR_FILTERS },
	  0xa0010002, 0x60010002 },
	{ "igbvf: add filter", { 0x00020002, MAC_W1, MAC_W2 }, 3,
	  { .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_ADD_FILTER,
	    .mac = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 } }, 0xa0020002, 0x60020002 },
	{ "igbvf: add vlan", { 0x00010004, 100 }, 2,
	  { .id = KAWELA_MSG_SET_VLAN, .vlan = { .vid = 100, .add = true } },
	  0xa0010004, 0x60010004 },
	{ "igbvf: remove vlan 0", { 0x00000004, 0 }, 2,
	  { .id = KAWELA_MSG_SET_VLAN, .vlan = { .vid = 0, .add = false } },
	  0xa0000004, 0x60000004 },
	{ "igbvf: max frame", { 0x00000005, 1522 }, 2,
	  { .id = KAWELA_MSG_SET_LPE, .max_frame = 1522 }, 0xa0000005, 0x60000005 },
	{ "dpdk: largest frame", { 0x00000005, 9728 }, 2,
	  { .id = KAWELA_MSG_SET_LPE, .max_frame = 9728 }, 0xa0000005, 0x60000005 },
	{ "dpdk: promiscuous", { 0x00030006 }, 1,
	  { .id = KAWELA_MSG_SET_PROMISC, .promisc = KAWELA_PROMISC_ALL },
	  0xa0010006, 0x60030006 },
	{ "dpdk: all multicast", { 0x00020006 }, 1,
	  { .id = KAWELA_MSG_SET_PROMISC, .promisc = KAWELA_PROMISC_MULTICAST },
	  0xa0000006, 0x60020006 },
	{ "dpdk: promiscuous off", { 0x00000006 }, 1,
	  { .id = KAWELA_MSG_SET_PROMISC, .promisc = 0 }, 0xa0000006, 0x60000006 },
};

static void golden_desc(const struct golden *g, char *desc)
{
	strscpy(desc, g->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(golden, goldens, golden_desc);

static void check_msg(struct kunit *test, const struct kawela_msg *a, const struct kawela_msg *b)
{
	KUNIT_ASSERT_EQ(test, (int)a->id, (int)b->id);

	switch (a->id) {
	case KAWELA_MSG_SET_MAC:
		KUNIT_EXPECT_EQ(test, (int)a->mac_op, (int)b->mac_op);
		KUNIT_EXPECT_MEMEQ(test, a->mac, b->mac, ETH_ALEN);
		break;
	case KAWELA_MSG_SET_MULTICAST:
		KUNIT_EXPECT_EQ(test, a->mc.count, b->mc.count);
		KUNIT_EXPECT_MEMEQ(test, a->mc.hash, b->mc.hash, sizeof(a->mc.hash));
		break;
	case KAWELA_MSG_SET_VLAN:
		KUNIT_EXPECT_EQ(test, a->vlan.vid, b->vlan.vid);
		KUNIT_EXPECT_EQ(test, a->vlan.add, b->vlan.add);
		break;
	case KAWELA_MSG_SET_LPE:
		KUNIT_EXPECT_EQ(test, a->max_frame, b->max_frame);
		break;
	case KAWELA_MSG_SET_PROMISC:
		KUNIT_EXPECT_EQ(test, a->promisc, b->promisc);
		break;
	default:
		break;
	}
}

static void test_golden(struct kunit *test)
{
	const struct golden *g = test->param_value;
	u32 w[KAWELA_ABI_WORDS];
	struct kawela_msg msg;

	KUNIT_ASSERT_EQ(test, kawela_mbx_decode(g->w, &msg), 0);
	check_msg(test, &msg, &g->msg);

	memset(w, 0xff, sizeof(w));
	KUNIT_EXPECT_EQ(test, kawela_mbx_encode(&g->msg, w), g->words);
	KUNIT_EXPECT_MEMEQ(test, w, g->w, sizeof(w));

	KUNIT_EXPECT_EQ(test, kawela_mbx_reply_word(g->w[0], 0), g->ack);
	KUNIT_EXPECT_EQ(test, kawela_mbx_reply_word(g->w[0], -EPERM), g->nack);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(g->w[0], g->ack), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(g->w[0], g->nack), -EPERM);
}

/* Stale words after the payload, as igbvf's uninitialised ones, change nothing. */
static void test_stale_words(struct kunit *test)
{
	const struct golden *g;
	struct kawela_msg msg;
	u32 w[KAWELA_ABI_WORDS];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(goldens); i++) {
		g = &goldens[i];
		memset(w, 0xa5, sizeof(w));
		memcpy(w, g->w, g->words * sizeof(u32));
		KUNIT_ASSERT_EQ(test, kawela_mbx_decode(w, &msg), 0);
		check_msg(test, &msg, &g->msg);
	}
}

static int decode_words(u32 w0, u32 w1, u32 w2, struct kawela_msg *msg)
{
	u32 w[KAWELA_ABI_WORDS] = { w0, w1, w2 };

	return kawela_mbx_decode(w, msg);
}

static void test_reset_is_exact(struct kunit *test)
{
	struct kawela_msg msg;

	KUNIT_EXPECT_EQ(test, decode_words(0x00000001, ~0, ~0, &msg), 0);
	KUNIT_EXPECT_EQ(test, (int)msg.id, KAWELA_MSG_RESET);
	KUNIT_EXPECT_EQ(test, decode_words(0x20000001, 0, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x00010001, 0, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x80000001, 0, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x40000001, 0, 0, &msg), -EBADMSG);
}

static void test_ranges(struct kunit *test)
{
	struct kawela_msg msg = { .id = 0xbeef };

	/* Length: as u32, so that nothing is negative. */
	KUNIT_EXPECT_EQ(test, decode_words(0x5, 63, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x5, 9729, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x5, 0x80000000, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x5, 0x810005f2, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x5, 0xffffffff, 0, &msg), -EBADMSG);
	/* VLAN id. */
	KUNIT_EXPECT_EQ(test, decode_words(0x00010004, 4096, 0, &msg), -EBADMSG);
	/* Address: zero, multicast, unknown operation. */
	KUNIT_EXPECT_EQ(test, decode_words(0x2, 0, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x2, 0x12005453, 0x5634, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x00020002, 0, 0, &msg), -EBADMSG);
	KUNIT_EXPECT_EQ(test, decode_words(0x00030002, MAC_W1, MAC_W2, &msg), -EBADMSG);
	/* Promiscuous flags. */
	KUNIT_EXPECT_EQ(test, decode_words(0x00040006, 0, 0, &msg), -EBADMSG);
	/* Numbers nobody gave out, and the PF's own. */
	KUNIT_EXPECT_EQ(test, decode_words(0x0, 0, 0, &msg), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, decode_words(0x7, 0, 0, &msg), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, decode_words(0x100, 0, 0, &msg), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, decode_words(0xffff, 0, 0, &msg), -EOPNOTSUPP);
	/* A failure leaves the message alone. */
	KUNIT_EXPECT_EQ(test, (int)msg.id, 0xbeef);
}

/* Count above 30 is all multicast; DPDK says it with bit 7 and 30 hashes. */
static void test_all_multicast(struct kunit *test)
{
	struct kawela_msg msg;
	u32 w[KAWELA_ABI_WORDS];

	KUNIT_EXPECT_EQ(test, decode_words(0x001e0003, 0xffffffff, 0, &msg), 0);
	KUNIT_EXPECT_EQ(test, msg.mc.count, 30);
	KUNIT_EXPECT_EQ(test, msg.mc.hash[0], 0xfff);
	KUNIT_EXPECT_EQ(test, msg.mc.hash[1], 0xfff);
	KUNIT_EXPECT_EQ(test, decode_words(0x001f0003, 0, 0, &msg), 0);
	KUNIT_EXPECT_GT(test, msg.mc.count, KAWELA_ABI_MC_MAX);
	KUNIT_EXPECT_EQ(test, decode_words(0x009e0003, 0, 0, &msg), 0);
	KUNIT_EXPECT_GT(test, msg.mc.count, KAWELA_ABI_MC_MAX);

	msg = (struct kawela_msg) { .id = KAWELA_MSG_SET_MULTICAST,
				    .mc.count = KAWELA_ABI_MC_ALL };
	KUNIT_EXPECT_EQ(test, kawela_mbx_encode(&msg, w), 16);
	KUNIT_EXPECT_EQ(test, w[0], 0x001f0003);
}

static void test_mc_hash(struct kunit *test)
{
	static const u8 ipv6_all[] = { 0x33, 0x33, 0, 0, 0, 1 };
	static const u8 solicited[] = { 0x33, 0x33, 0xff, 0x12, 0x34, 0x56 };

	KUNIT_EXPECT_EQ(test, kawela_mbx_mc_hash(ipv6_all), 0x010);
	KUNIT_EXPECT_EQ(test, kawela_mbx_mc_hash(solicited), 0x563);
}

static void test_encode_refuses(struct kunit *test)
{
	static const struct kawela_msg bad[] = {
		{ .id = KAWELA_MSG_PF_CONTROL },
		{ .id = 0x20 },
		{ .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_SET },
		{ .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_ADD_FILTER, .mac = { 1 } },
		{ .id = KAWELA_MSG_SET_MAC, .mac_op = 3, .mac = { 2 } },
		{ .id = KAWELA_MSG_SET_MULTICAST, .mc = { .count = 1, .hash = { 0x1000 } } },
		{ .id = KAWELA_MSG_SET_VLAN, .vlan = { .vid = 4096 } },
		{ .id = KAWELA_MSG_SET_LPE, .max_frame = 63 },
		{ .id = KAWELA_MSG_SET_LPE, .max_frame = 9729 },
		{ .id = KAWELA_MSG_SET_PROMISC, .promisc = 4 },
	};
	u32 w[KAWELA_ABI_WORDS];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, kawela_mbx_encode(&bad[i], w), -EINVAL, "entry %u", i);
}

static void test_reset_reply(struct kunit *test)
{
	static const u32 with[] = { 0x80000001, MAC_W1, MAC_W2 };
	static const u32 without[] = { 0x40000001, 0, 0 };
	u32 w[KAWELA_ABI_RESET_REPLY_WORDS];
	u8 got[ETH_ALEN];

	memset(w, 0xff, sizeof(w));
	KUNIT_EXPECT_EQ(test, kawela_mbx_encode_reset_reply(mac, w), 3);
	KUNIT_EXPECT_MEMEQ(test, w, with, sizeof(w));
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reset_reply(w, got), 0);
	KUNIT_EXPECT_MEMEQ(test, got, mac, ETH_ALEN);

	memset(w, 0xff, sizeof(w));
	KUNIT_EXPECT_EQ(test, kawela_mbx_encode_reset_reply(NULL, w), 3);
	KUNIT_EXPECT_MEMEQ(test, w, without, sizeof(w));
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reset_reply(w, got), -EADDRNOTAVAIL);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(got));

	w[0] = 0x40000000;
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reset_reply(w, got), -EAGAIN);
	w[0] = 0x20000100;
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reset_reply(w, got), -EPROTO);
	w[0] = 0xa0000002;
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reset_reply(w, got), -EPROTO);
}

static void test_reply_mismatch(struct kunit *test)
{
	/* The session is gone: alone, on the request, or as a control message. */
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0x40000000), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0x40000002), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0x00000100), -ENOTCONN);
	/* Another request's reply, none at all, both verdicts. */
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0xa0000003), -EPROTO);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0x00000002), -EPROTO);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0x20000002), -EPROTO);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0xe0000002), -EPROTO);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0x80000002), -EPROTO);
	KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(0x2, 0x20000100), -EPROTO);
}

#define FUZZ_ROUNDS	20000

static void test_fuzz(struct kunit *test)
{
	unsigned int i, k, good = 0;
	struct rnd_state rnd;
	struct kawela_msg msg;
	u32 w[KAWELA_ABI_WORDS], w2[KAWELA_ABI_WORDS], w3[KAWELA_ABI_WORDS];
	u8 addr[ETH_ALEN];
	int err, n;

	prandom_seed_state(&rnd, 0x82576);
	for (i = 0; i < FUZZ_ROUNDS; i++) {
		for (k = 0; k < KAWELA_ABI_WORDS; k++)
			w[k] = prandom_u32_state(&rnd);
		if (i % 2)
			w[0] &= 0x20ff0007;
		if (i % 4 == 3)
			w[1] &= 0xfff;

		err = kawela_mbx_decode(w, &msg);
		kawela_mbx_decode_reply(w[1], w[0]);
		kawela_mbx_decode_reset_reply(w, addr);
		if (err) {
			KUNIT_ASSERT_TRUE(test, err == -EBADMSG || err == -EOPNOTSUPP);
			continue;
		}

		good++;
		n = kawela_mbx_encode(&msg, w2);
		KUNIT_ASSERT_GT(test, n, 0);
		KUNIT_ASSERT_EQ(test, w2[0] & 0xffff, w[0] & 0xffff);
		KUNIT_ASSERT_EQ(test, kawela_mbx_decode(w2, &msg), 0);
		KUNIT_ASSERT_EQ(test, kawela_mbx_encode(&msg, w3), n);
		KUNIT_ASSERT_EQ(test, memcmp(w2, w3, sizeof(w2)), 0);
		for (k = n; k < KAWELA_ABI_WORDS; k++)
			KUNIT_ASSERT_EQ(test, w2[k], 0);
	}

	/* The loop met both kinds. */
	KUNIT_EXPECT_GT(test, good, FUZZ_ROUNDS / 20);
	KUNIT_EXPECT_LT(test, good, FUZZ_ROUNDS);
}

static struct kunit_case legacy_cases[] = {
	KUNIT_CASE_PARAM(test_golden, golden_gen_params),
	KUNIT_CASE(test_stale_words),
	KUNIT_CASE(test_reset_is_exact),
	KUNIT_CASE(test_ranges),
	KUNIT_CASE(test_all_multicast),
	KUNIT_CASE(test_mc_hash),
	KUNIT_CASE(test_encode_refuses),
	KUNIT_CASE(test_reset_reply),
	KUNIT_CASE(test_reply_mismatch),
	KUNIT_CASE(test_fuzz),
	{}
};

static struct kunit_suite legacy_suite = {
	.name = "kawela_mbx_legacy",
	.test_cases = legacy_cases,
};

kunit_test_suite(legacy_suite);

MODULE_DESCRIPTION("KUnit tests of the Intel 82576 PF/VF mailbox");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("KAWELA");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
