// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of config block transfers between our VF end and our PF end.
 *
 * Owns: nothing but its expectations. No locks; see fake_pair.h.
 */
#include <kunit/test.h>

#include "fake_blocks.h"

#define VF	FAKE_PAIR_VF
#define LONGEST	KAWELA_ABI_BLOCK_MAX

static const unsigned int lengths[] = { 1, 51, 52, 53, 104, 105, 127, 128 };

/* What a call may leave untouched. */
#define POISON	0xee

static int read_block(struct fake_pair *p, u32 id, u8 *buf, unsigned int len, unsigned int *got)
{
	memset(buf, POISON, LONGEST);
	p->irqs = 0;
	return kawela_mbx_block_read(p->vf, id, buf, len, got);
}

static int write_block(struct fake_pair *p, u32 id, unsigned int len, u8 start)
{
	u8 buf[LONGEST];

	fake_block_fill(buf, LONGEST, start);
	p->irqs = 0;
	return kawela_mbx_block_write(p->vf, id, buf, len);
}

static void expect_written(struct kunit *test, struct fake_block *b, unsigned int len, u8 start)
{
	u8 buf[LONGEST];

	fake_block_fill(buf, LONGEST, start);
	KUNIT_EXPECT_EQ(test, b->written_len, len);
	KUNIT_EXPECT_MEMEQ(test, b->written, buf, len);
}

static unsigned int messages(unsigned int len)
{
	return DIV_ROUND_UP(len, KAWELA_ABI_BLOCK_DATA);
}

static int connected_init(struct kunit *test)
{
	fake_blocks_init(test);
	fake_pair_connected(test);
	return 0;
}

static void test_read_lengths(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_HIGH);
	unsigned int i, k, got;
	u8 buf[LONGEST];

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		b->len = lengths[i];
		b->reads = 0;
		KUNIT_EXPECT_EQ(test, read_block(p, 0x80000003, buf, lengths[i], &got), 0);
		KUNIT_EXPECT_EQ(test, got, lengths[i]);
		KUNIT_EXPECT_MEMEQ(test, buf, b->data, lengths[i]);
		for (k = lengths[i]; k < LONGEST; k++)
			KUNIT_ASSERT_EQ(test, buf[k], POISON);
		KUNIT_EXPECT_EQ(test, b->reads, 1);
		KUNIT_EXPECT_EQ(test, p->irqs, 2 * messages(lengths[i]));
	}
	KUNIT_EXPECT_TRUE(test, kawela_mbx_vf_connected(p->vf));
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(p).timeouts, 0);
}

static void test_write_lengths(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_HIGH);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		b->writes = 0;
		KUNIT_EXPECT_EQ(test, write_block(p, 0x80000003, lengths[i], i), 0);
		expect_written(test, b, lengths[i], i);
		KUNIT_EXPECT_EQ(test, b->writes, 1);
		KUNIT_EXPECT_EQ(test, p->irqs, 2 * messages(lengths[i]));
	}
	KUNIT_EXPECT_EQ(test, fake_block(p, FAKE_BOTH)->writes, 0);
}

/* Lengths that do not exist: refused before anything is sent, with and without a session. */
static void test_bad_lengths(struct kunit *test)
{
	static const unsigned int bad[] = { 0, 129, 0x10001, ~0u };
	struct fake_pair *p = test->priv;
	unsigned int i, got, sent;
	u8 buf[LONGEST];

	sent = fake_pair_vf_stats(p).requests;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		got = 7;
		KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, bad[i], &got), -EINVAL);
		KUNIT_EXPECT_EQ(test, got, 0);
		KUNIT_EXPECT_EQ(test, write_block(p, 3, bad[i], 0), -EINVAL);
	}
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(p).requests, sent);
	KUNIT_EXPECT_EQ(test, p->irqs, 0);
}

static void test_refusals(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int got;
	u8 buf[LONGEST];

	KUNIT_EXPECT_EQ(test, read_block(p, 4, buf, 8, &got), -ENOENT);
	KUNIT_EXPECT_EQ(test, read_block(p, 0, buf, 8, &got), -ENOENT);
	KUNIT_EXPECT_EQ(test, read_block(p, ~0u, buf, LONGEST, &got), -ENOENT);
	KUNIT_EXPECT_EQ(test, write_block(p, 4, LONGEST, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, read_block(p, 2, buf, 8, &got), -EPERM);
	KUNIT_EXPECT_EQ(test, got, 0);
	KUNIT_EXPECT_EQ(test, write_block(p, 1, LONGEST, 0), -EPERM);
	KUNIT_EXPECT_EQ(test, p->irqs, 2);
	KUNIT_EXPECT_EQ(test, write_block(p, 2, FAKE_MIN_WRITE - 1, 0), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, fake_block(p, FAKE_WRITE)->writes, 0);
	KUNIT_EXPECT_EQ(test, fake_block(p, FAKE_READ)->writes, 0);

	/* None of them ends the session. */
	KUNIT_EXPECT_EQ(test, write_block(p, 2, FAKE_MIN_WRITE, 9), 0);
	expect_written(test, fake_block(p, FAKE_WRITE), FAKE_MIN_WRITE, 9);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(p).nacks, 7);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(p).lost, 0);
}

/* What the PF driver says reaches the VF driver, if there is a word for it. */
static void test_handler_errno(struct kunit *test)
{
	static const struct {
		int said;
		int heard;
	} errs[] = {
		{ -ENOENT, -ENOENT }, { -EPERM, -EPERM }, { -EMSGSIZE, -EMSGSIZE },
		{ -EINVAL, -EINVAL }, { -EAGAIN, -EAGAIN }, { -EIO, -EIO }, { -ENOMEM, -EIO },
		{ -ENOTCONN, -EIO }, { -ENODEV, -EIO }, { -ETIMEDOUT, -EIO },
	};
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);
	unsigned int i, got;
	u8 buf[LONGEST];

	for (i = 0; i < ARRAY_SIZE(errs); i++) {
		b->err = errs[i].said;
		KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, LONGEST, &got), errs[i].heard);
		KUNIT_EXPECT_EQ(test, got, 0);
		KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, 0), errs[i].heard);
	}
	KUNIT_EXPECT_EQ(test, b->reads, ARRAY_SIZE(errs));
	KUNIT_EXPECT_EQ(test, b->writes, ARRAY_SIZE(errs));
	KUNIT_EXPECT_EQ(test, b->written_len, 0);
	b->err = 0;
	KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, 0), 0);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(p).lost, 0);
}

/* A VF of another age wants more, or less, than the PF has. */
static void test_growth(struct kunit *test)
{
	static const struct {
		unsigned int has;
		unsigned int wanted;
	} sizes[] = { { 1, 128 }, { 52, 53 }, { 60, 128 }, { 104, 128 }, { 128, 1 }, { 128, 104 } };
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);
	unsigned int i, k, n, got;
	u8 buf[LONGEST];

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		b->len = sizes[i].has;
		n = min(sizes[i].has, sizes[i].wanted);
		KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, sizes[i].wanted, &got), 0);
		KUNIT_EXPECT_EQ(test, got, n);
		KUNIT_EXPECT_MEMEQ(test, buf, b->data, n);
		KUNIT_EXPECT_EQ(test, p->irqs, 2 * messages(n));
		for (k = n; k < sizes[i].wanted; k++)
			KUNIT_ASSERT_EQ(test, buf[k], 0);
		for (; k < LONGEST; k++)
			KUNIT_ASSERT_EQ(test, buf[k], POISON);
	}

	/* More than the block needs is the PF driver's to ignore. */
	KUNIT_EXPECT_EQ(test, write_block(p, 2, LONGEST, 3), 0);
	expect_written(test, fake_block(p, FAKE_WRITE), LONGEST, 3);
}

static void change_block(struct fake_pair *p)
{
	struct fake_block *b = fake_block(p, FAKE_BOTH);

	fake_block_fill(b->data, LONGEST, 0x80);
	b->len = 10;
}

/* A block that changes between two messages: all of the old one, then all of the new one. */
static void test_picture(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 buf[LONGEST], old[LONGEST], new[LONGEST];
	unsigned int at, got;

	fake_block_fill(new, LONGEST, 0x80);
	p->before = change_block;
	for (at = 2; at <= 6; at++) {
		fake_block(p, FAKE_BOTH)->len = LONGEST;
		fake_block_fill(fake_block(p, FAKE_BOTH)->data, LONGEST, 5);
		fake_block_fill(old, LONGEST, 5);
		p->before_at = at;
		KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, LONGEST, &got), 0);
		KUNIT_EXPECT_EQ(test, got, LONGEST);
		KUNIT_EXPECT_MEMEQ(test, buf, old, LONGEST);
		p->before_at = 0;
		KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, LONGEST, &got), 0);
		KUNIT_EXPECT_EQ(test, got, 10);
		KUNIT_EXPECT_MEMEQ(test, buf, new, 10);
	}
}

/* A reply that is overwritten is asked for again: nothing is done twice, nothing is torn. */
static void test_read_repeated(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);
	unsigned int at, got;
	u8 buf[LONGEST];

	p->after = fake_pair_control_over_reply;
	for (at = 1; at <= 5; at += 2) {
		p->after_at = at;
		b->reads = 0;
		KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, LONGEST, &got), 0);
		KUNIT_EXPECT_EQ(test, got, LONGEST);
		KUNIT_EXPECT_MEMEQ(test, buf, b->data, LONGEST);
		KUNIT_EXPECT_EQ(test, b->reads, 1);
		KUNIT_EXPECT_EQ(test, p->irqs, 8);
	}
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_poll(p->vf), KAWELA_MBX_VF_LINK);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(p).lost, 0);
}

static void write_repeated(struct kunit *test, unsigned int len, unsigned int at, int err)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);

	p->after = fake_pair_control_over_reply;
	p->after_at = at;
	b->err = err;
	b->writes = 0;
	KUNIT_EXPECT_EQ_MSG(test, write_block(p, 3, len, at), err, "length %u, message %u", len,
			    at / 2);
	KUNIT_EXPECT_EQ_MSG(test, b->writes, 1, "length %u, message %u", len, at / 2);
	KUNIT_EXPECT_EQ(test, p->irqs, 2 * messages(len) + 2);
	if (!err)
		expect_written(test, b, len, at);
}

static void test_write_repeated(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		for (at = 1; at < 2 * messages(lengths[i]); at += 2)
			write_repeated(test, lengths[i], at, 0);

	/* The refusal is what is lost: the same again, for all of the ways there are. */
	write_repeated(test, 1, 1, -EINVAL);
	write_repeated(test, LONGEST, 5, -EINVAL);
	write_repeated(test, LONGEST, 5, -EAGAIN);
	write_repeated(test, LONGEST, 5, -EPROTO);
	KUNIT_EXPECT_EQ(test, fake_pair_vf_stats(p).lost, 0);
}

/* As stock igb would: a control message over a request that the PF has not read. */
static void control_over_request(struct fake_pair *p)
{
	struct kawela_mbx_port port = fake_pf_port(&p->hw);
	u32 w = KAWELA_ABI_CTS | KAWELA_MSG_PF_CONTROL;

	kawela_mbx_pf_hw_take(&port, VF);
	port.ops->wr32(port.hw, KW_MBVFICR, 0x00010001 << VF);
	kawela_mbx_pf_hw_send(&port, VF, &w, 1);
}

static void test_request_overwritten(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);
	unsigned int at;

	p->before = control_over_request;
	for (at = 1; at <= 5; at += 2) {
		p->before_at = at;
		b->writes = 0;
		KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, at), 0);
		KUNIT_EXPECT_EQ(test, b->writes, 1);
		expect_written(test, b, LONGEST, at);
	}
}

/* The numbers of transfers come round: an old one is no repetition of a new one. */
static void test_numbers_wrap(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);
	unsigned int i, got;
	u8 buf[LONGEST];
	u64 mask;

	KUNIT_EXPECT_EQ(test, write_block(p, 3, 8, 1), 0);
	for (i = 0; i < 255; i++)
		KUNIT_ASSERT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	KUNIT_EXPECT_EQ(test, write_block(p, 3, 8, 2), 0);
	KUNIT_EXPECT_EQ(test, b->writes, 2);
	expect_written(test, b, 8, 2);

	KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, 8, &got), 0);
	for (i = 0; i < 255; i++)
		KUNIT_ASSERT_EQ(test, kawela_mbx_block_news(p->vf, &mask), 0);
	fake_block_fill(b->data, LONGEST, 0x40);
	KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, 8, &got), 0);
	KUNIT_EXPECT_EQ(test, b->reads, 2);
	KUNIT_EXPECT_MEMEQ(test, buf, b->data, 8);
}

/* ---- what ends a transfer ---- */

static void by_flr(struct fake_pair *p)
{
	fake_vf_flr(&p->hw, VF);
}

static void by_flr_and_reset(struct fake_pair *p)
{
	u32 w = KAWELA_MSG_RESET, reply[3];

	p->hw.vf_irq = NULL;
	fake_vf_flr(&p->hw, VF);
	stock_vf_send(&p->hw, VF, &w, 1);
	stock_vf_read(&p->hw, VF, reply, 3);
}

static void by_pf_reset_begin(struct fake_pair *p)
{
	kawela_mbx_pf_reset_begin(p->pf);
	fake_pf_reset(&p->hw);
}

static void by_pf_reset(struct fake_pair *p)
{
	by_pf_reset_begin(p);
	kawela_mbx_pf_reset_end(p->pf);
	fake_pf_reset_done(&p->hw);
}

static void by_renew(struct fake_pair *p)
{
	kawela_mbx_pf_renew(p->pf, VF);
}

static void by_suspend(struct fake_pair *p)
{
	kawela_mbx_pf_suspend_vf(p->pf, VF);
}

static void by_removal(struct fake_pair *p)
{
	p->hw.removed = true;
}

static void by_abort(struct fake_pair *p)
{
	kawela_mbx_vf_abort(p->vf);
}

/* Between the messages, that is with the ACK of a reply, and before a message is served. */
static void ended_by(struct kunit *test, void (*by)(struct fake_pair *p), unsigned int at, int err)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);
	unsigned int got;
	u8 buf[LONGEST];

	p->before = by;
	p->before_at = at;
	b->writes = 0;
	KUNIT_EXPECT_EQ_MSG(test, write_block(p, 3, LONGEST, 1), err, "%ps at %u", by, at);
	KUNIT_EXPECT_EQ_MSG(test, b->writes, 0, "%ps at %u", by, at);
	p->before_at = 0;

	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(p->vf));
	KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, LONGEST, &got), err);
	KUNIT_EXPECT_EQ(test, got, 0);
	KUNIT_EXPECT_EQ(test, p->irqs, 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_vf_features(p->vf), 0);
	if (err == -ENODEV)
		return;

	/* And what began before goes on in no later session. */
	if (by == by_pf_reset_begin) {
		kawela_mbx_pf_reset_end(p->pf);
		fake_pf_reset_done(&p->hw);
	}
	kawela_mbx_pf_resume_vf(p->pf, VF);
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, 2), 0);
	KUNIT_EXPECT_EQ(test, b->writes, 1);
	expect_written(test, b, LONGEST, 2);

	p->before_at = at;
	KUNIT_EXPECT_EQ_MSG(test, read_block(p, 3, buf, LONGEST, &got), err, "%ps at %u", by, at);
	KUNIT_EXPECT_EQ(test, got, 0);
	p->before_at = 0;
	if (by == by_pf_reset_begin) {
		kawela_mbx_pf_reset_end(p->pf);
		fake_pf_reset_done(&p->hw);
	}
	kawela_mbx_pf_resume_vf(p->pf, VF);
	fake_pair_connected(test);
}

static void test_session_lost(struct kunit *test)
{
	static void (* const by[])(struct fake_pair *p) = {
		by_flr, by_pf_reset_begin, by_pf_reset, by_renew, by_suspend,
	};
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(by); i++)
		for (at = 2; at <= 4; at += 2)
			ended_by(test, by[i], at, -ENOTCONN);
	ended_by(test, by_flr, 3, -ENOTCONN);
	ended_by(test, by_flr, 5, -ENOTCONN);
}

/* Another driver's RESET in between: its session is not one that this transfer goes on in. */
static void test_foreign_reset(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);

	p->before = by_flr_and_reset;
	p->before_at = 2;
	KUNIT_EXPECT_NE(test, write_block(p, 3, LONGEST, 1), 0);
	KUNIT_EXPECT_EQ(test, b->writes, 0);
}

static void test_removed(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long start = jiffies;

	p->vf->times.ack = 10000;
	p->vf->times.reply = 10000;
	ended_by(test, by_removal, 3, -ENODEV);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
}

static void test_removed_between(struct kunit *test)
{
	ended_by(test, by_removal, 2, -ENODEV);
}

static void test_aborted(struct kunit *test)
{
	ended_by(test, by_abort, 3, -ENODEV);
}

static void test_aborted_between(struct kunit *test)
{
	ended_by(test, by_abort, 4, -ENODEV);
}

static void flr_in_handler(struct fake_pair *p, u16 vf)
{
	fake_vf_flr(&p->hw, vf);
}

/* The VF is reset while the PF driver has its write: that one is whole, the session is over. */
static void test_flr_in_handler(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_block *b = fake_block(p, FAKE_BOTH);
	unsigned int got;
	u8 buf[LONGEST];

	b->hook = flr_in_handler;
	KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, 1), 0);
	expect_written(test, b, LONGEST, 1);
	KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, 2), -ENOTCONN);
	expect_written(test, b, LONGEST, 1);
	fake_pair_connected(test);
	KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, LONGEST, &got), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, got, 0);
}

static void test_no_session(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int got;
	u8 buf[LONGEST];
	u64 mask;

	fake_vf_flr(&p->hw, VF);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_news(p->vf, &mask), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, mask, 0);
	KUNIT_EXPECT_EQ(test, read_block(p, 3, buf, LONGEST, &got), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, 0), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, p->irqs, 0);
}

/* A VF that stays silent on a reply for longer than the PF waits, and a PF that never answers. */
static void test_silent_pf(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	p->hw.pf_irq = NULL;
	KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, 0), -ETIMEDOUT);
	KUNIT_EXPECT_FALSE(test, kawela_mbx_vf_connected(p->vf));
	KUNIT_EXPECT_EQ(test, write_block(p, 3, LONGEST, 0), -ENOTCONN);
}

/* ---- which blocks there may be ---- */

static int no_read(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX])
{
	return -ENOENT;
}

static void test_register(struct kunit *test)
{
	static const struct kawela_mbx_block useless[] = { { .id = 1 } };
	static const struct kawela_mbx_block greedy[] = {
		{ .id = 1, .read = no_read, .min_write = LONGEST + 1 },
	};
	static const struct kawela_mbx_block twice[] = {
		{ .id = 1, .read = no_read }, { .id = 2, .read = no_read },
		{ .id = 1, .read = no_read },
	};
	struct fake_pair *p = test->priv;
	struct kawela_mbx_port port = fake_pf_port(&p->hw);
	struct kawela_mbx_pf *pf;

	KUNIT_EXPECT_EQ(test, kawela_mbx_block_register(p->pf, fake_blocks, 1), -EBUSY);
	kawela_mbx_pf_disable(p->pf);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_register(p->pf, fake_blocks, 1), -EBUSY);

	pf = kawela_mbx_pf_create_on(&port, "fake", 1, p->pf->ops, p, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(pf));
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_register(pf, useless, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_register(pf, greedy, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_register(pf, twice, 3), -EINVAL);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_register(pf, twice, 2), 0);
	KUNIT_EXPECT_EQ(test, kawela_mbx_block_register(pf, twice, 2), -EBUSY);
	kawela_mbx_pf_destroy(pf);
}

static struct kunit_case transfer_cases[] = {
	KUNIT_CASE(test_read_lengths),
	KUNIT_CASE(test_write_lengths),
	KUNIT_CASE(test_bad_lengths),
	KUNIT_CASE(test_refusals),
	KUNIT_CASE(test_handler_errno),
	KUNIT_CASE(test_growth),
	KUNIT_CASE(test_picture),
	KUNIT_CASE(test_read_repeated),
	KUNIT_CASE(test_write_repeated),
	KUNIT_CASE(test_request_overwritten),
	KUNIT_CASE(test_numbers_wrap),
	KUNIT_CASE(test_session_lost),
	KUNIT_CASE(test_foreign_reset),
	KUNIT_CASE(test_removed),
	KUNIT_CASE(test_removed_between),
	KUNIT_CASE(test_aborted),
	KUNIT_CASE(test_aborted_between),
	KUNIT_CASE(test_flr_in_handler),
	KUNIT_CASE(test_no_session),
	KUNIT_CASE(test_silent_pf),
	KUNIT_CASE(test_register),
	{}
};

static struct kunit_suite transfer_suite = {
	.name = "kawela_mbx_transfer",
	.init = connected_init,
	.exit = fake_pair_exit,
	.test_cases = transfer_cases,
};

kunit_test_suite(transfer_suite);
