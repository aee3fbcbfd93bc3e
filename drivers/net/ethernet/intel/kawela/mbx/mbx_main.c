// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module kawela_mbx: the library both drivers of the pair speak through.
 *
 * Owns: the module, its tracepoints, the port onto real registers. Never touches: sessions.
 * Locks: none.
 */
#include <linux/module.h>

#include <net/kawela/io.h>

#define CREATE_TRACE_POINTS
#include "mbx_priv.h"
#include "mbx_trace.h"

static u32 io_rd32(void *hw, u32 reg)
{
	return kawela_rd32(hw, reg);
}

static void io_wr32(void *hw, u32 reg, u32 val)
{
	kawela_wr32(hw, reg, val);
}

static bool io_removed(void *hw)
{
	return kawela_io_removed(hw);
}

const struct kawela_mbx_port_ops kawela_mbx_io_port_ops = {
	.rd32		= io_rd32,
	.wr32		= io_wr32,
	.removed	= io_removed,
};

MODULE_DESCRIPTION("Intel 82576 PF/VF mailbox");
MODULE_LICENSE("GPL");
