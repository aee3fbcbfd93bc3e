/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A register window that is plain memory, for tests of code that reads and writes registers.
 */
#ifndef _KAWELA_FAKE_BAR_H
#define _KAWELA_FAKE_BAR_H

#include <kunit/test.h>
#include <linux/sizes.h>

#define KAWELA_FAKE_BAR_SIZE	SZ_16K

/**
 * kawela_fake_bar - make a register window
 * @test: the window lasts as long as this test
 * @regs: where the registers' values are
 *
 * Context: process; one window at a time.
 * Return: what to give to readl() and writel(), or NULL.
 */
void __iomem *kawela_fake_bar(struct kunit *test, u32 **regs);

#endif /* _KAWELA_FAKE_BAR_H */
