// SPDX-License-Identifier: GPL-2.0-only
/*
 * A register window that is plain memory. User-mode Linux reaches registers through functions only,
 * so there the window is a region of logic_iomem; elsewhere readl() does with any memory.
 *
 * Owns: the region, which cannot be given back, and what it stands for at the moment.
 * Locks: none; tests run one after the other.
 */
#include <kunit/resource.h>
#include <kunit/visibility.h>
#include <linux/io.h>

#include "fake_bar.h"

#ifdef CONFIG_INDIRECT_IOMEM
#include <linux/ioport.h>
#include <linux/logic_iomem.h>

static struct resource bar_resource =
	DEFINE_RES_MEM_NAMED(0xd0000000, KAWELA_FAKE_BAR_SIZE, "kawela fake registers");
static bool bar_registered;
static u32 *bar_regs;

static unsigned long bar_read(void *priv, unsigned int offset, int size)
{
	return READ_ONCE(bar_regs[offset / sizeof(u32)]);
}

static void bar_write(void *priv, unsigned int offset, int size, unsigned long val)
{
	WRITE_ONCE(bar_regs[offset / sizeof(u32)], val);
}

static const struct logic_iomem_ops bar_ops = {
	.read	= bar_read,
	.write	= bar_write,
};

static long bar_map(unsigned long offset, size_t size, const struct logic_iomem_ops **ops,
		    void **priv)
{
	*ops = &bar_ops;
	return offset;
}

static const struct logic_iomem_region_ops bar_region_ops = {
	.map	= bar_map,
};

static void bar_unmap(void *base)
{
	iounmap((void __iomem __force *)base);
}

static void __iomem *bar_window(struct kunit *test, u32 *regs)
{
	void __iomem *base;

	if (!bar_registered && logic_iomem_add_region(&bar_resource, &bar_region_ops))
		return NULL;
	bar_registered = true;
	bar_regs = regs;

	base = ioremap(bar_resource.start, KAWELA_FAKE_BAR_SIZE);
	if (base && kunit_add_action_or_reset(test, bar_unmap, (void __force *)base))
		return NULL;
	return base;
}
#else
static void __iomem *bar_window(struct kunit *test, u32 *regs)
{
	return (void __iomem __force *)regs;
}
#endif /* CONFIG_INDIRECT_IOMEM */

void __iomem *kawela_fake_bar(struct kunit *test, u32 **regs)
{
	*regs = kunit_kzalloc(test, KAWELA_FAKE_BAR_SIZE, GFP_KERNEL);
	return *regs ? bar_window(test, *regs) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_fake_bar);
