// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive descriptors: layout, checksum and hash mapping; EITR arithmetic; geometry of rings.
 */
#include <kunit/test.h>

#include <net/kawela/desc.h>
#include <net/kawela/ring.h>

#include "../qp.h"

struct csum_case {
	const char *name;
	u32 status;
	unsigned int len;
	enum kawela_rx_csum want;
};

static const struct csum_case csum_cases[] = {
	{ "nothing checked", 0x00000003, 1500, KAWELA_RX_CSUM_NONE },
	{ "IPv4 header only", 0x00000043, 1500, KAWELA_RX_CSUM_NONE },
	{ "TCP good", 0x00000063, 1500, KAWELA_RX_CSUM_GOOD },
	{ "TCP over IPv6 good", 0x00000023, 1500, KAWELA_RX_CSUM_GOOD },
	{ "UDP good", 0x00000053, 1500, KAWELA_RX_CSUM_GOOD },
	{ "UDP looped back, tagged, good", 0x0004005b, 100, KAWELA_RX_CSUM_GOOD },
	{ "ignore bit wins over good", 0x00000067, 1500, KAWELA_RX_CSUM_NONE },
	{ "ignore bit wins over bad", 0x20000027, 1500, KAWELA_RX_CSUM_NONE },
	{ "TCP bad", 0x20000063, 1500, KAWELA_RX_CSUM_BAD },
	{ "IPv4 header bad", 0x40000063, 1500, KAWELA_RX_CSUM_BAD },
	{ "both bad", 0x60000063, 61, KAWELA_RX_CSUM_BAD },
	{ "bad in a frame of 60 bytes: erratum", 0x20000063, 60, KAWELA_RX_CSUM_NONE },
	{ "bad in a frame of 64 bytes", 0x20000063, 64, KAWELA_RX_CSUM_BAD },
};

KUNIT_ARRAY_PARAM_DESC(csum, csum_cases, name);

static void test_csum(struct kunit *test)
{
	const struct csum_case *t = test->param_value;

	KUNIT_EXPECT_EQ(test, kawela_rx_csum(t->status, t->len), t->want);
}

static void test_hash(struct kunit *test)
{
	static const enum pkt_hash_types want[16] = {
		[1] = PKT_HASH_TYPE_L4, [2] = PKT_HASH_TYPE_L3, [3] = PKT_HASH_TYPE_L4,
		[4] = PKT_HASH_TYPE_L3, [5] = PKT_HASH_TYPE_L3, [6] = PKT_HASH_TYPE_L4,
		[7] = PKT_HASH_TYPE_L4, [8] = PKT_HASH_TYPE_L4, [9] = PKT_HASH_TYPE_L4,
	};
	unsigned int i;

	for (i = 0; i < 16; i++) {
		KUNIT_EXPECT_EQ_MSG(test, kawela_rx_hash_type(i), want[i], "type %u", i);
		/* The packet type next to it does not matter. */
		KUNIT_EXPECT_EQ_MSG(test, kawela_rx_hash_type(0xfff0 | i), want[i], "type %u", i);
	}
}

static void test_layout(struct kunit *test)
{
	static const u8 raw[KAWELA_DESC_SIZE] = {
		0x11, 0x02, 0x00, 0x00, 0x78, 0x56, 0x34, 0x12,
		0x2b, 0x00, 0x04, 0x00, 0xea, 0x05, 0x64, 0x20,
	};
	union kawela_rx_desc desc;
	u32 status;

	memcpy(&desc, raw, sizeof(desc));
	status = le32_to_cpu(desc.wb.status_error);
	KUNIT_EXPECT_EQ(test, status, KW_RXS_DD | KW_RXS_EOP | KW_RXS_VP | KW_RXS_TCPCS |
			KW_RXS_LB);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(desc.wb.length), 1514);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(desc.wb.vlan), 0x2064);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(desc.wb.rss), 0x12345678);
	KUNIT_EXPECT_EQ(test, kawela_rx_hash_type(le16_to_cpu(desc.wb.pkt_info)),
			PKT_HASH_TYPE_L4);
	KUNIT_EXPECT_FALSE(test, status & KW_RXS_FRAME_ERR);
}

static void test_posted_is_not_done(struct kunit *test)
{
	union kawela_rx_desc desc;

	memset(&desc, 0xff, sizeof(desc));
	desc.read.pkt_addr = cpu_to_le64(0x123456789abcdef0);
	desc.read.hdr_addr = 0;
	KUNIT_EXPECT_FALSE(test, le32_to_cpu(desc.wb.status_error) & KW_RXS_DD);
}

static void test_frame_err(struct kunit *test)
{
	/* CRC, symbol, sequence, carrier extension, receive data; not the checksum bits. */
	KUNIT_EXPECT_EQ(test, KW_RXS_FRAME_ERR, 0x97000000);
}

static void test_eitr(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, KAWELA_EITR_MAX_USECS, 8191);
	KUNIT_EXPECT_EQ(test, kawela_eitr(0), 0x80000000);
	KUNIT_EXPECT_EQ(test, kawela_eitr(1), 0x80000004);
	KUNIT_EXPECT_EQ(test, kawela_eitr(162), 0x80000288);
	KUNIT_EXPECT_EQ(test, kawela_eitr(8191), 0x80007ffc);
	KUNIT_EXPECT_EQ(test, kawela_eitr(8192), 0x80007ffc);
	KUNIT_EXPECT_EQ(test, kawela_eitr(~0u), 0x80007ffc);
}

/* Lengths the hardware accepts, buffers that leave room for what the stack puts behind them. */
static void test_geometry(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, KAWELA_RING_MIN % KAWELA_RING_UNIT, 0);
	KUNIT_EXPECT_EQ(test, KAWELA_RING_MAX % KAWELA_RING_UNIT, 0);
	KUNIT_EXPECT_EQ(test, KAWELA_RING_DEFAULT % KAWELA_RING_UNIT, 0);
	KUNIT_EXPECT_EQ(test, KAWELA_RING_UNIT * KAWELA_DESC_SIZE, 128);
	KUNIT_EXPECT_LE(test, KAWELA_RX_HEADROOM + KAWELA_RX_BUF_LEN,
			SKB_WITH_OVERHEAD(KAWELA_RX_TRUESIZE));
	KUNIT_EXPECT_GE(test, KAWELA_RX_HEADROOM, XDP_PACKET_HEADROOM);
	KUNIT_EXPECT_LE(test, KAWELA_RX_COPY, KAWELA_RX_BUF_LEN);
	KUNIT_EXPECT_EQ(test, KAWELA_RX_COPY_TRUESIZE % SMP_CACHE_BYTES, 0);
	KUNIT_EXPECT_LE(test, KAWELA_RX_COPIES * KAWELA_RX_COPY_TRUESIZE, PAGE_SIZE);
	KUNIT_EXPECT_LE(test, KAWELA_RX_COPY_HEADROOM + ALIGN(KAWELA_RX_COPY, sizeof(long)),
			SKB_WITH_OVERHEAD(KAWELA_RX_COPY_TRUESIZE));
	KUNIT_EXPECT_LT(test, DIV_ROUND_UP(KAWELA_DP_MAX_FRAME, KAWELA_RX_BUF_LEN),
			KAWELA_RING_MIN);
	KUNIT_EXPECT_LT(test, KAWELA_TX_WAKE, KAWELA_RING_MIN);
}

static void test_tx_free(struct kunit *test)
{
	struct kawela_tx_ring *tx = kunit_kzalloc(test, sizeof(*tx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, tx);
	tx->count = 80;
	KUNIT_EXPECT_EQ(test, kawela_ring_tx_free(tx), 79);
	tx->ntu = 79;
	KUNIT_EXPECT_EQ(test, kawela_ring_tx_free(tx), 0);
	tx->ntc = 79;
	tx->ntu = 3;
	KUNIT_EXPECT_EQ(test, kawela_ring_tx_free(tx), 75);
	tx->ntc = 4;
	KUNIT_EXPECT_EQ(test, kawela_ring_tx_free(tx), 0);
}

static struct kunit_case rx_test_cases[] = {
	KUNIT_CASE_PARAM(test_csum, csum_gen_params),
	KUNIT_CASE(test_hash),
	KUNIT_CASE(test_layout),
	KUNIT_CASE(test_posted_is_not_done),
	KUNIT_CASE(test_frame_err),
	KUNIT_CASE(test_eitr),
	KUNIT_CASE(test_geometry),
	KUNIT_CASE(test_tx_free),
	{}
};

static struct kunit_suite rx_suite = {
	.name = "kawela_ring_rx",
	.test_cases = rx_test_cases,
};

kunit_test_suite(rx_suite);
