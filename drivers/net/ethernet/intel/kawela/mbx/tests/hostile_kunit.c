// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of config block messages that no driver of ours sends: a guest attacks the PF end by raw
 * words, while another VF goes on.
 *
 * Owns: nothing but its expectations. No locks; see fake_pair.h.
 */
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/prandom.h>

#include "fake_blocks.h"

#define VF	FAKE_PAIR_VF
#define RAW	FAKE_PAIR_RAW

#define RD	0x0020
#define WR	0x0021
#define INV	0x0022

/* The block that all this is about, and its number. */
#define BOTH	3

/* A message by its words; the bytes of a write are @fill and up. */
struct raw {
	u16 id;
	u8 seq;
	u32 block;
	u32 len;
	u32 offset;
	u8 fill;
};

static void raw_connect(struct kunit *test)
{
	u32 w[KAWELA_ABI_WORDS] = { 1, 0x4157414b, 1 }, reply[KAWELA_ABI_WORDS];
	struct fake_pair *p = test->priv;

	fake_vf_flr(&p->hw, RAW);
	fake_pair_exchange(test, RAW, w, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	KUNIT_ASSERT_EQ(test, reply[0], 0x80000001);
	KUNIT_ASSERT_EQ(test, reply[3], 0x4157414b);
}

/* Send it; the status, 0 when it was granted. The reply is checked for its form. */
static u32 say(struct kunit *test, struct raw raw, u32 reply[KAWELA_ABI_WORDS])
{
	u32 w[KAWELA_ABI_WORDS] = { raw.seq << 16 | raw.id, raw.block, raw.len << 16 | raw.offset };
	u8 data[KAWELA_ABI_BLOCK_DATA];
	unsigned int i;

	fake_block_fill(data, sizeof(data), raw.fill);
	if (raw.id == WR)
		memcpy(&w[3], data, sizeof(data));
	fake_pair_exchange(test, RAW, w, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);

	if (reply[0] == (w[0] | 0xa0000000)) {
		KUNIT_EXPECT_EQ(test, reply[1], raw.block);
		return 0;
	}

	KUNIT_EXPECT_EQ(test, reply[0], w[0] | 0x60000000);
	for (i = 2; i < KAWELA_ABI_WORDS; i++)
		KUNIT_EXPECT_EQ(test, reply[i], 0);
	KUNIT_EXPECT_NE(test, reply[1], 0);
	return reply[1];
}

static u32 tell(struct kunit *test, struct raw raw)
{
	u32 reply[KAWELA_ABI_WORDS];

	return say(test, raw, reply);
}

static struct raw read_of(u8 seq, u32 len, u32 offset)
{
	return (struct raw) { RD, seq, BOTH, len, offset };
}

static struct raw write_of(u8 seq, u32 len, u32 offset)
{
	return (struct raw) { WR, seq, BOTH, len, offset, offset };
}

static int hostile_init(struct kunit *test)
{
	fake_blocks_init(test);
	fake_pair_connected(test);
	raw_connect(test);
	return 0;
}

/* The other VF has its blocks all the time. */
static void hostile_exit(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 buf[KAWELA_ABI_BLOCK_MAX];
	unsigned int got;

	KUNIT_EXPECT_EQ(test, kawela_mbx_block_read(p->vf, BOTH, buf, sizeof(buf), &got), 0);
	KUNIT_EXPECT_EQ(test, got, fake_block(p, FAKE_BOTH)->len);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(p).lost, 0);
	fake_pair_exit(test);
}

static void expect_writes(struct kunit *test, unsigned int n)
{
	struct fake_block *b = fake_block(test->priv, FAKE_BOTH);

	KUNIT_EXPECT_EQ(test, b->writes, n);
}

/* Without a beginning there is no transfer, for either message, at any offset. */
static void test_no_begin(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, tell(test, read_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, tell(test, read_of(1, 128, 104)), KAWELA_STATUS_SEQUENCE);

	/* A number of 0 in a session that has had no transfer yet. */
	raw_connect(test);
	KUNIT_EXPECT_EQ(test, tell(test, (struct raw) { WR, 0, 0, 128, 52 }),
			KAWELA_STATUS_SEQUENCE);
	expect_writes(test, 0);
	KUNIT_EXPECT_EQ(test, fake_block(test->priv, FAKE_BOTH)->reads, 0);
}

static void test_gap(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 0)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), KAWELA_STATUS_SEQUENCE);

	/* That was the end of it. */
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), KAWELA_STATUS_SEQUENCE);
	expect_writes(test, 0);

	KUNIT_EXPECT_EQ(test, tell(test, read_of(2, 128, 0)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, read_of(2, 128, 104)), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, tell(test, read_of(2, 128, 52)), KAWELA_STATUS_SEQUENCE);
}

/* Offsets between the multiples, beyond the end, and such that a sum would overflow. */
static void test_offsets(struct kunit *test)
{
	static const u32 bad[] = { 1, 4, 51, 53, 103, 105, 127, 128, 156, 208, 0xff80, 0xffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 0)), 0);
		KUNIT_EXPECT_EQ_MSG(test, tell(test, write_of(1, 128, bad[i])),
				    KAWELA_STATUS_LENGTH, "offset %u", bad[i]);
		KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);
		KUNIT_EXPECT_EQ(test, tell(test, read_of(2, 128, 0)), 0);
		KUNIT_EXPECT_EQ_MSG(test, tell(test, read_of(2, 128, bad[i])),
				    KAWELA_STATUS_LENGTH, "offset %u", bad[i]);
		KUNIT_EXPECT_EQ(test, tell(test, read_of(2, 128, 52)), KAWELA_STATUS_SEQUENCE);
	}

	/* An offset that exists, but not in this block. */
	KUNIT_EXPECT_EQ(test, tell(test, write_of(3, 52, 52)), KAWELA_STATUS_LENGTH);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(3, 104, 104)), KAWELA_STATUS_LENGTH);
	expect_writes(test, 0);
}

static void test_lengths(struct kunit *test)
{
	static const u32 bad[] = { 0, 129, 255, 256, 0x8000, 65535 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ_MSG(test, tell(test, write_of(1, bad[i], 0)),
				    KAWELA_STATUS_LENGTH, "length %u", bad[i]);
		KUNIT_EXPECT_EQ_MSG(test, tell(test, read_of(1, bad[i], 0)),
				    KAWELA_STATUS_LENGTH, "length %u", bad[i]);
		KUNIT_EXPECT_EQ(test, tell(test, write_of(1, bad[i], 52)), KAWELA_STATUS_LENGTH);
	}
	expect_writes(test, 0);
	KUNIT_EXPECT_EQ(test, fake_block(test->priv, FAKE_BOTH)->reads, 0);
}

/* Each field that must stay the same, changed in the second message; then nothing continues. */
static void test_changed(struct kunit *test)
{
	const struct raw other[] = {
		{ WR, 2, BOTH, 128, 52 },
		{ WR, 1, 0x80000003, 128, 52 },
		{ WR, 1, BOTH, 127, 52 },
		{ WR, 1, BOTH, 104, 52 },
		{ RD, 1, BOTH, 128, 52 },
	};
	struct raw as_read;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(other); i++) {
		KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 0)), 0);
		KUNIT_EXPECT_EQ_MSG(test, tell(test, other[i]), KAWELA_STATUS_SEQUENCE, "%u", i);
		KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);

		as_read = other[i];
		as_read.id = other[i].id == RD ? WR : RD;
		KUNIT_EXPECT_EQ(test, tell(test, read_of(1, 128, 0)), 0);
		KUNIT_EXPECT_EQ_MSG(test, tell(test, as_read), KAWELA_STATUS_SEQUENCE, "%u", i);
		KUNIT_EXPECT_EQ(test, tell(test, read_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);
	}
	expect_writes(test, 0);
	KUNIT_EXPECT_EQ(test, fake_block(test->priv, FAKE_HIGH)->writes, 0);
}

/* A write that grows when it is complete but for one message: bytes of one length only. */
static void test_longer_at_last(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 105, 0)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 105, 52)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 105, 104)), KAWELA_STATUS_SEQUENCE);
	expect_writes(test, 0);
}

/* One transfer at a time: another message in between ends it, whatever it is. */
static void test_interleaved(struct kunit *test)
{
	const struct raw between[] = {
		{ RD, 2, BOTH, 128, 0 },
		{ RD, 1, BOTH, 128, 0 },
		{ RD, 2, 99, 128, 0 },
		{ WR, 2, BOTH, 128, 0 },
		{ WR, 2, 99, 128, 0 },
		{ INV, 2 },
		{ INV, 1 },
	};
	u32 reply[KAWELA_ABI_WORDS], w[KAWELA_ABI_WORDS] = {};
	struct raw raw;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(between); i++) {
		KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 0)), 0);
		raw = between[i];
		w[0] = raw.seq << 16 | raw.id;
		w[1] = raw.block;
		w[2] = raw.len << 16 | raw.offset;
		fake_pair_exchange(test, RAW, w, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
		KUNIT_EXPECT_EQ_MSG(test, tell(test, write_of(1, 128, 52)),
				    KAWELA_STATUS_SEQUENCE, "%u", i);
	}
	expect_writes(test, 0);

	/* Two that take turns get nowhere, and hurt nobody. */
	for (i = 0; i < 3; i++) {
		tell(test, write_of(3, 128, 52 * i));
		tell(test, read_of(4, 128, 52 * i));
	}
	expect_writes(test, 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(5, 128, 0)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(5, 128, 52)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(5, 128, 104)), 0);
	expect_writes(test, 1);
}

/* The message before may come twice, also thrice; an older one may not. */
static void test_older(struct kunit *test)
{
	struct fake_block *b = fake_block(test->priv, FAKE_BOTH);
	u32 first[KAWELA_ABI_WORDS], reply[KAWELA_ABI_WORDS];

	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 0)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), 0);
	expect_writes(test, 1);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), 0);
	expect_writes(test, 1);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), KAWELA_STATUS_SEQUENCE);
	expect_writes(test, 1);

	KUNIT_EXPECT_EQ(test, say(test, read_of(2, 128, 0), reply), 0);
	KUNIT_EXPECT_EQ(test, say(test, read_of(2, 128, 52), first), 0);
	fake_block_fill(b->data, sizeof(b->data), 0x99);
	KUNIT_EXPECT_EQ(test, say(test, read_of(2, 128, 52), reply), 0);
	KUNIT_EXPECT_MEMEQ(test, reply, first, sizeof(reply));
	KUNIT_EXPECT_EQ(test, tell(test, read_of(2, 128, 104)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, read_of(2, 128, 52)), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, b->reads, 1);
}

/* Offset 0 begins anew in the middle: nothing of what came before is left, and no old byte. */
static void test_begin_anew(struct kunit *test)
{
	struct fake_block *b = fake_block(test->priv, FAKE_BOTH);
	struct raw raw = write_of(1, 128, 0);
	u8 want[KAWELA_ABI_BLOCK_MAX];

	raw.fill = 0x80;
	KUNIT_EXPECT_EQ(test, tell(test, raw), 0);
	raw.offset = 52;
	KUNIT_EXPECT_EQ(test, tell(test, raw), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 0)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), KAWELA_STATUS_SEQUENCE);
	expect_writes(test, 0);

	KUNIT_EXPECT_EQ(test, tell(test, raw), KAWELA_STATUS_SEQUENCE);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(2, 60, 0)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(2, 60, 52)), 0);
	expect_writes(test, 1);
	fake_block_fill(want, sizeof(want), 0);
	KUNIT_EXPECT_EQ(test, b->written_len, 60);
	KUNIT_EXPECT_MEMEQ(test, b->written, want, 60);
}

/* A read past what the block has, though not past what was wanted. */
static void test_past_the_end(struct kunit *test)
{
	struct fake_block *b = fake_block(test->priv, FAKE_BOTH);
	u32 reply[KAWELA_ABI_WORDS];
	unsigned int i;

	b->len = 20;
	KUNIT_EXPECT_EQ(test, say(test, read_of(1, 128, 0), reply), 0);
	KUNIT_EXPECT_EQ(test, reply[2], 20 << 16);
	KUNIT_EXPECT_MEMEQ(test, &reply[3], b->data, 20);
	for (i = 3 + 20 / 4; i < KAWELA_ABI_WORDS; i++)
		KUNIT_EXPECT_EQ(test, reply[i], 0);
	KUNIT_EXPECT_EQ(test, tell(test, read_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);

	/* What the VF put where data goes in a reply does not come back as if it was the PF's. */
	b->len = 1;
	KUNIT_EXPECT_EQ(test, say(test, (struct raw) { RD, 2, BOTH, 128, 0, 0xff }, reply), 0);
	KUNIT_EXPECT_EQ(test, reply[3], b->data[0]);
	KUNIT_EXPECT_EQ(test, reply[4], 0);
}

/* Fragments of a session in the next one, and without any. */
static void test_after_flr(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u32 w[KAWELA_ABI_WORDS] = { 0x00010021, BOTH, 128 << 16 | 52 }, reply = 0;

	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 0)), 0);
	fake_vf_flr(&p->hw, RAW);
	fake_pair_exchange(test, RAW, w, KAWELA_ABI_WORDS, &reply, 1);
	KUNIT_EXPECT_EQ(test, reply, 0x40010021);
	raw_connect(test);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), KAWELA_STATUS_SEQUENCE);

	/* RESET without a reset of the VF. */
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 0)), 0);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 52)), 0);
	fake_pair_exchange(test, RAW, (u32 [16]) { 1, 0x4157414b, 1 }, KAWELA_ABI_WORDS, &reply,
			   1);
	KUNIT_EXPECT_EQ(test, reply, 0x80000001);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 128, 104)), KAWELA_STATUS_SEQUENCE);
	expect_writes(test, 0);
}

/* The same after the last message of a write: the verdict of a session is not the next one's. */
static void test_verdict_after_flr(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 8, 0)), 0);
	expect_writes(test, 1);
	raw_connect(test);
	KUNIT_EXPECT_EQ(test, tell(test, write_of(1, 8, 0)), 0);
	expect_writes(test, 2);
}

/* Bits that nobody was told of, in any number: taking them is no attack. */
static void test_takes_everything(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u32 w[KAWELA_ABI_WORDS] = { 0x00010022, ~0u, ~0u }, reply[KAWELA_ABI_WORDS];
	u64 told;

	fake_pair_exchange(test, RAW, w, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	told = (u64)reply[2] << 32 | reply[1];
	KUNIT_EXPECT_EQ(test, told, FAKE_INVALID_ALL);
	w[0] = 0x00020022;
	kawela_mbx_block_invalidate(p->pf, RAW, BIT_ULL(1));
	fake_pair_serve(p);
	fake_pair_exchange(test, RAW, w, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	told = (u64)reply[2] << 32 | reply[1];
	KUNIT_EXPECT_EQ(test, told, BIT_ULL(1));
}

/* Level 1 costs tokens like everything else. */
static void test_throttled(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u64 start = p->now;
	unsigned int i;

	for (i = 0; i < 400; i++)
		tell(test, read_of(i, 128, 0));
	KUNIT_EXPECT_GT(test, p->now - start, NSEC_PER_SEC);
	KUNIT_EXPECT_GT(test, fake_pair_pf_stats(p, RAW).throttled, 100);
	KUNIT_EXPECT_EQ(test, fake_pair_pf_stats(p, VF).throttled, 0);
}

/*
 * Random messages that are nearly right. The PF driver only ever sees whole writes, of the length
 * that was announced; KASAN watches the rest.
 */
static void test_noise(struct kunit *test)
{
	static const u32 lens[] = { 0, 1, 52, 53, 104, 105, 128, 129, 65535 };
	static const u32 offsets[] = { 0, 0, 52, 52, 104, 104, 1, 156, 65535 };
	struct fake_block *b = fake_block(test->priv, FAKE_BOTH);
	struct fake_pair *p = test->priv;
	u32 w[KAWELA_ABI_WORDS], reply[KAWELA_ABI_WORDS];
	unsigned int i, k, writes = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 0x5eed);
	for (i = 0; i < 20000; i++) {
		for (k = 0; k < KAWELA_ABI_WORDS; k++)
			w[k] = prandom_u32_state(&rnd);
		w[0] = (w[0] & 0x00030000) | (RD + w[0] % 4);
		if (w[1] % 8)
			w[1] = w[1] % 8 < 6 ? BOTH : 1 + w[1] % 4;
		if (w[2] % 16)
			w[2] = lens[w[3] % 9] << 16 | offsets[w[4] % 9];
		/* Slow enough for the rate limit. */
		p->now += 10 * NSEC_PER_MSEC;
		KUNIT_ASSERT_TRUE(test, stock_vf_send(&p->hw, RAW, w, KAWELA_ABI_WORDS));
		KUNIT_ASSERT_TRUE(test, stock_vf_read(&p->hw, RAW, reply, KAWELA_ABI_WORDS));
		KUNIT_ASSERT_EQ(test, reply[0] & 0x2fffffff, w[0] | 0x20000000);
		if (b->writes != writes) {
			KUNIT_ASSERT_EQ(test, b->writes, writes + 1);
			KUNIT_ASSERT_EQ(test, b->written_len, w[2] >> 16);
			KUNIT_ASSERT_LE(test, b->written_len, KAWELA_ABI_BLOCK_MAX);
			writes = b->writes;
		}
	}
	KUNIT_EXPECT_GT(test, b->writes, 50);
	KUNIT_EXPECT_GT(test, b->reads, 500);
}

static struct kunit_case hostile_cases[] = {
	KUNIT_CASE(test_no_begin),
	KUNIT_CASE(test_gap),
	KUNIT_CASE(test_offsets),
	KUNIT_CASE(test_lengths),
	KUNIT_CASE(test_changed),
	KUNIT_CASE(test_longer_at_last),
	KUNIT_CASE(test_interleaved),
	KUNIT_CASE(test_older),
	KUNIT_CASE(test_begin_anew),
	KUNIT_CASE(test_past_the_end),
	KUNIT_CASE(test_after_flr),
	KUNIT_CASE(test_verdict_after_flr),
	KUNIT_CASE(test_takes_everything),
	KUNIT_CASE(test_throttled),
	KUNIT_CASE(test_noise),
	{}
};

static struct kunit_suite hostile_suite = {
	.name = "kawela_mbx_hostile",
	.init = hostile_init,
	.exit = hostile_exit,
	.test_cases = hostile_cases,
};

kunit_test_suite(hostile_suite);
