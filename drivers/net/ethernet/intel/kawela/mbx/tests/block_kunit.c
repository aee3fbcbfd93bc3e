// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the codec of config block messages: golden words, round trips, any words at all.
 *
 * Owns: nothing but its expectations. No locks: everything is pure.
 */
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/prandom.h>

#include <net/kawela/mbx.h>

#define RD	KAWELA_MSG_BLOCK_READ
#define WR	KAWELA_MSG_BLOCK_WRITE
#define INV	KAWELA_MSG_BLOCK_INVALID

#define BYTES	KAWELA_ABI_BLOCK_DATA

/* Words as they are on the wire, and what they say. Published values never change. */
static const struct {
	u32 w[KAWELA_ABI_WORDS];
	struct kawela_block_msg msg;
} golden[] = {
	{ { 0x00010020, 0x00000009, 0x00380000 },
	  { .id = RD, .seq = 1, .block = 9, .len = 56 } },
	{ { 0x00010020, 0x00000009, 0x00380034 },
	  { .id = RD, .seq = 1, .block = 9, .len = 56, .offset = 52 } },
	{ { 0x00ff0020, 0x00000003, 0x00080000, 0x00000003, 0x000003e8 },
	  { .id = RD, .seq = 255, .block = 3, .len = 8, .data = { 3, 0, 0, 0, 0xe8, 3 } } },
	{ { 0x007f0021, 0xfedcba98, 0x00050000, 0x44332211, 0x00000055 },
	  { .id = WR, .seq = 127, .block = 0xfedcba98, .len = 5,
	    .data = { 0x11, 0x22, 0x33, 0x44, 0x55 } } },
	{ { 0x00000021, 0x0000000a, 0x00800068, 0x01020304, 0, 0, 0, 0, 0xa0000000 },
	  { .id = WR, .block = 10, .len = 128, .offset = 104,
	    .data = { 4, 3, 2, 1, [23] = 0xa0 } } },
	{ { 0x00020022, 0x00000002, 0x80000000 },
	  { .id = INV, .seq = 2, .mask = BIT_ULL(1) | BIT_ULL(63) } },
	{ { 0x00000022 }, { .id = INV } },
};

static void expect_same(struct kunit *test, const struct kawela_block_msg *a,
			const struct kawela_block_msg *b)
{
	KUNIT_EXPECT_EQ(test, a->id, b->id);
	KUNIT_EXPECT_EQ(test, a->seq, b->seq);
	KUNIT_EXPECT_EQ(test, a->block, b->block);
	KUNIT_EXPECT_EQ(test, a->len, b->len);
	KUNIT_EXPECT_EQ(test, a->offset, b->offset);
	KUNIT_EXPECT_EQ(test, a->mask, b->mask);
	KUNIT_EXPECT_MEMEQ(test, a->data, b->data, sizeof(a->data));
}

static void test_golden(struct kunit *test)
{
	struct kawela_block_msg msg;
	u32 w[KAWELA_ABI_WORDS];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		memset(w, 0xff, sizeof(w));
		KUNIT_EXPECT_EQ(test, kawela_block_encode(&golden[i].msg, w), 0);
		KUNIT_EXPECT_MEMEQ_MSG(test, w, golden[i].w, sizeof(w), "message %u", i);
		memset(&msg, 0xff, sizeof(msg));
		KUNIT_EXPECT_EQ(test, kawela_block_decode(golden[i].w, &msg), 0);
		expect_same(test, &msg, &golden[i].msg);
	}
}

/* A reply is decoded like what it answers; the bits of the verdict are not looked at. */
static void test_reply(struct kunit *test)
{
	struct kawela_block_msg msg;
	u32 w[KAWELA_ABI_WORDS];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		memcpy(w, golden[i].w, sizeof(w));
		w[0] = kawela_mbx_reply_word(w[0], 0);
		KUNIT_EXPECT_EQ(test, w[0], golden[i].w[0] | 0xa0000000);
		KUNIT_EXPECT_EQ(test, kawela_block_decode(w, &msg), 0);
		expect_same(test, &msg, &golden[i].msg);
		KUNIT_EXPECT_EQ(test, kawela_mbx_decode_reply(golden[i].w[0], w[0]), 0);
	}
}

static bool may_be(u32 len, u32 offset)
{
	return len >= 1 && len <= 128 && offset < len &&
	       (offset == 0 || offset == 52 || offset == 104);
}

/* One message of @len and @offset, there and back, or refused by both directions. */
static void round_trip(struct kunit *test, enum kawela_msg_id id, u32 len, u32 offset)
{
	struct kawela_block_msg msg = {
		.id = id, .seq = len + offset, .block = ~len, .len = len, .offset = offset,
	}, back;
	u32 w[KAWELA_ABI_WORDS];
	unsigned int i, bytes;

	memset(msg.data, 0xff, sizeof(msg.data));
	if (!may_be(len, offset)) {
		KUNIT_ASSERT_EQ(test, kawela_block_encode(&msg, w), -EINVAL);
		w[0] = id;
		w[2] = len << 16 | offset;
		memset(&back, 0x5a, sizeof(back));
		KUNIT_ASSERT_EQ(test, kawela_block_decode(w, &back), -EMSGSIZE);
		KUNIT_ASSERT_EQ(test, back.seq, 0x5a);
		return;
	}

	bytes = min_t(unsigned int, len - offset, BYTES);
	for (i = 0; i < bytes; i++)
		msg.data[i] = i * 7 + len;
	KUNIT_ASSERT_EQ(test, kawela_block_encode(&msg, w), 0);
	KUNIT_ASSERT_EQ(test, kawela_block_decode(w, &back), 0);
	/* Bytes behind the message are not sent, and not received. */
	memset(msg.data + bytes, 0, sizeof(msg.data) - bytes);
	expect_same(test, &back, &msg);
	for (i = bytes; i < BYTES; i++)
		KUNIT_ASSERT_EQ(test, (w[3 + i / 4] >> (8 * (i % 4))) & 0xff, 0);

	/* Whatever else is there. */
	for (i = bytes; i < BYTES; i++)
		w[3 + i / 4] |= 0xa5u << (8 * (i % 4));
	KUNIT_ASSERT_EQ(test, kawela_block_decode(w, &back), 0);
	expect_same(test, &back, &msg);
}

static void test_round_trip(struct kunit *test)
{
	u32 len, offset;

	for (len = 0; len <= 131; len++) {
		for (offset = 0; offset <= 160; offset++) {
			round_trip(test, RD, len, offset);
			round_trip(test, WR, len, offset);
		}
	}
	round_trip(test, WR, 65535, 0);
	round_trip(test, WR, 65535, 52);
	round_trip(test, WR, 128, 65535);
	round_trip(test, RD, 65535, 65534);
}

static void test_masks(struct kunit *test)
{
	struct kawela_block_msg msg = { .id = INV }, back;
	u32 w[KAWELA_ABI_WORDS];
	unsigned int i;

	for (i = 0; i < 64; i++) {
		msg.mask = BIT_ULL(i);
		msg.seq = i;
		KUNIT_EXPECT_EQ(test, kawela_block_encode(&msg, w), 0);
		KUNIT_EXPECT_EQ(test, w[1 + i / 32], BIT(i % 32));
		KUNIT_EXPECT_EQ(test, w[2 - i / 32], 0);
		KUNIT_EXPECT_EQ(test, kawela_block_decode(w, &back), 0);
		expect_same(test, &back, &msg);
	}
}

/* Every other number is none of ours, in both directions. */
static void test_ids(struct kunit *test)
{
	struct kawela_block_msg msg = { .len = 8 }, back;
	u32 w[KAWELA_ABI_WORDS] = { [2] = 0x00080000 };
	unsigned int id;

	for (id = 0; id <= 0xffff; id++) {
		if (id >= RD && id <= INV)
			continue;
		w[0] = 0x00010000 | id;
		KUNIT_ASSERT_EQ(test, kawela_block_decode(w, &back), -EOPNOTSUPP);
	}
	for (id = 0; id < 0x200; id++) {
		msg.id = id;
		KUNIT_ASSERT_EQ(test, kawela_block_encode(&msg, w),
				id >= RD && id <= INV ? 0 : -EINVAL);
	}
}

/* Any words: an answer that keeps the promises, and the same words from what was understood. */
static void test_random(struct kunit *test)
{
	struct kawela_block_msg msg, back;
	u32 w[KAWELA_ABI_WORDS], again[KAWELA_ABI_WORDS];
	unsigned int i, k, good = 0;
	struct rnd_state rnd;
	int err;

	prandom_seed_state(&rnd, 0xb10c);
	for (i = 0; i < 100000; i++) {
		for (k = 0; k < KAWELA_ABI_WORDS; k++)
			w[k] = prandom_u32_state(&rnd);
		if (i % 4)
			w[0] = (w[0] & 0xffff0000) | (0x1e + w[0] % 6);
		if (i % 8 > 2)
			w[2] = (w[2] % 140) << 16 | (w[3] % 4 * 52);
		memset(&msg, 0x5a, sizeof(msg));
		err = kawela_block_decode(w, &msg);
		if (err) {
			KUNIT_ASSERT_TRUE(test, err == -EOPNOTSUPP || err == -EMSGSIZE);
			KUNIT_ASSERT_EQ(test, msg.len, 0x5a5a);
			continue;
		}
		good++;
		if (msg.id != INV)
			KUNIT_ASSERT_TRUE(test, may_be(msg.len, msg.offset));
		KUNIT_ASSERT_EQ(test, kawela_block_encode(&msg, again), 0);
		KUNIT_ASSERT_EQ(test, again[0], w[0] & 0x00ffffff);
		KUNIT_ASSERT_EQ(test, again[1], w[1]);
		KUNIT_ASSERT_EQ(test, again[2], w[2]);
		KUNIT_ASSERT_EQ(test, kawela_block_decode(again, &back), 0);
		KUNIT_ASSERT_EQ(test, memcmp(back.data, msg.data, sizeof(msg.data)), 0);
	}
	KUNIT_EXPECT_GT(test, good, 10000);
}

static void test_status(struct kunit *test)
{
	static const struct {
		int err;
		u32 status;
	} pairs[] = {
		{ 0, 0 }, { -ENOENT, 1 }, { -EPERM, 2 }, { -EMSGSIZE, 3 }, { -EPROTO, 4 },
		{ -EINVAL, 5 }, { -EAGAIN, 6 }, { -EIO, 7 },
	};
	static const int others[] = {
		-ENOMEM, -ENODEV, -ENOTCONN, -EOPNOTSUPP, -EBADMSG, -ETIMEDOUT, -4095, 1,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		KUNIT_EXPECT_EQ(test, kawela_block_status(pairs[i].err), pairs[i].status);
		KUNIT_EXPECT_EQ(test, kawela_block_errno(pairs[i].status), pairs[i].err);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++)
		KUNIT_EXPECT_EQ(test, kawela_block_status(others[i]), KAWELA_STATUS_FAILED);
	for (i = ARRAY_SIZE(pairs); i < 100; i++)
		KUNIT_EXPECT_EQ(test, kawela_block_errno(i), -EIO);
	KUNIT_EXPECT_EQ(test, kawela_block_errno(~0u), -EIO);
	KUNIT_EXPECT_EQ(test, kawela_block_errno(0x80000000), -EIO);
}

static void test_moderation(struct kunit *test)
{
	static const struct {
		u32 usecs;
		u32 advice;
	} pairs[] = {
		{ 0, 1 }, { 1, 2 }, { 8, 2 }, { 9, 3 }, { 32, 3 }, { 33, 4 }, { 125, 4 },
		{ ~0u, 4 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		KUNIT_EXPECT_EQ(test, kawela_moderation_of(pairs[i].usecs), pairs[i].advice);
}

static struct kunit_case block_cases[] = {
	KUNIT_CASE(test_golden),
	KUNIT_CASE(test_reply),
	KUNIT_CASE(test_round_trip),
	KUNIT_CASE(test_masks),
	KUNIT_CASE(test_ids),
	KUNIT_CASE(test_random),
	KUNIT_CASE(test_status),
	KUNIT_CASE(test_moderation),
	{}
};

static struct kunit_suite block_suite = {
	.name = "kawela_mbx_block",
	.test_cases = block_cases,
};

kunit_test_suite(block_suite);
