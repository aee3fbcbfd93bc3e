// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of register access to a function that comes and goes. The registers are plain memory.
 *
 * Owns: nothing but its expectations. Locks: none.
 */
#include <linux/string.h>

#include <net/kawela/io.h>

#include "fake_bar.h"

#define ALL_ONES	KAWELA_IO_REMOVED_VALUE
#define REG		KW_VMBMEM(0)

struct io_ctx {
	struct kawela_io io;
	u32 *regs;
};

static u32 *reg(struct io_ctx *ctx, u32 offset)
{
	return ctx->regs + offset / sizeof(u32);
}

static void vanish(struct io_ctx *ctx)
{
	memset(ctx->regs, 0xff, KAWELA_FAKE_BAR_SIZE);
}

static void come_back(struct io_ctx *ctx)
{
	memset(ctx->regs, 0, KAWELA_FAKE_BAR_SIZE);
	*reg(ctx, KW_STATUS) = KW_STATUS_LU;
}

static int io_init(struct kunit *test)
{
	struct io_ctx *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	ctx->io.base = kawela_fake_bar(test, &ctx->regs);
	if (!ctx->io.base)
		return -ENOMEM;

	come_back(ctx);
	test->priv = ctx;
	return 0;
}

static void plain(struct kunit *test)
{
	struct io_ctx *ctx = test->priv;

	kawela_wr32(&ctx->io, REG, 0x12345678);
	KUNIT_EXPECT_EQ(test, *reg(ctx, REG), 0x12345678);
	KUNIT_EXPECT_EQ(test, kawela_rd32(&ctx->io, REG), 0x12345678);
	kawela_rmw32(&ctx->io, REG, 0xff, 0x100);
	KUNIT_EXPECT_EQ(test, *reg(ctx, REG), 0x12345700);
	KUNIT_EXPECT_FALSE(test, kawela_io_removed(&ctx->io));
	KUNIT_EXPECT_TRUE(test, kawela_io_answers(&ctx->io));
}

/* A register may hold all ones; STATUS tells that the function is there. */
static void all_ones_value(struct kunit *test)
{
	struct io_ctx *ctx = test->priv;

	*reg(ctx, REG) = ALL_ONES;
	KUNIT_EXPECT_EQ(test, kawela_rd32(&ctx->io, REG), ALL_ONES);
	KUNIT_EXPECT_FALSE(test, kawela_io_removed(&ctx->io));
	kawela_wr32(&ctx->io, REG, 5);
	KUNIT_EXPECT_EQ(test, kawela_rd32(&ctx->io, REG), 5);
}

static void gone(struct kunit *test)
{
	struct io_ctx *ctx = test->priv;

	vanish(ctx);
	KUNIT_EXPECT_FALSE(test, kawela_io_removed(&ctx->io));
	KUNIT_EXPECT_EQ(test, kawela_rd32(&ctx->io, REG), ALL_ONES);
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->io));
	KUNIT_EXPECT_FALSE(test, kawela_io_answers(&ctx->io));

	kawela_wr32(&ctx->io, REG, 1);
	kawela_rmw32(&ctx->io, REG, ALL_ONES, 2);
	KUNIT_EXPECT_EQ(test, *reg(ctx, REG), ALL_ONES);
}

/* The flush that follows a write finds out as well. */
static void gone_at_flush(struct kunit *test)
{
	struct io_ctx *ctx = test->priv;

	vanish(ctx);
	kawela_flush(&ctx->io);
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->io));
}

/* That the function answers again does not open the window by itself. */
static void back(struct kunit *test)
{
	struct io_ctx *ctx = test->priv;

	vanish(ctx);
	kawela_rd32(&ctx->io, REG);
	come_back(ctx);
	KUNIT_EXPECT_TRUE(test, kawela_io_answers(&ctx->io));
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->io));
	KUNIT_EXPECT_EQ(test, kawela_rd32(&ctx->io, REG), ALL_ONES);
	kawela_wr32(&ctx->io, REG, 1);
	KUNIT_EXPECT_EQ(test, *reg(ctx, REG), 0);

	kawela_io_mark_present(&ctx->io);
	KUNIT_EXPECT_EQ(test, kawela_rd32(&ctx->io, REG), 0);
	kawela_wr32(&ctx->io, REG, 1);
	KUNIT_EXPECT_EQ(test, *reg(ctx, REG), 1);

	/* Declared present too early: the next read finds out. */
	vanish(ctx);
	kawela_io_mark_present(&ctx->io);
	kawela_rd32(&ctx->io, REG);
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->io));
}

static struct kunit_case io_cases[] = {
	KUNIT_CASE(plain),
	KUNIT_CASE(all_ones_value),
	KUNIT_CASE(gone),
	KUNIT_CASE(gone_at_flush),
	KUNIT_CASE(back),
	{}
};

static struct kunit_suite io_suite = {
	.name = "kawela_io",
	.init = io_init,
	.test_cases = io_cases,
};

kunit_test_suite(io_suite);
