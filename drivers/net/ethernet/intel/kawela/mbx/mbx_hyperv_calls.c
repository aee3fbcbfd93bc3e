// SPDX-License-Identifier: GPL-2.0-only
/*
 * The real calls behind mbx_hyperv.c, those of pci-hyperv-intf.
 *
 * Owns: nothing. Never touches: the VF end. Locks: none.
 */
#include <linux/hyperv.h>

#include "mbx_priv.h"

static_assert(HV_CONFIG_BLOCK_SIZE_MAX == KAWELA_ABI_BLOCK_MAX);

const struct kawela_mbx_hyperv_calls kawela_mbx_hyperv_calls = {
	.read	= hyperv_read_cfg_blk,
	.write	= hyperv_write_cfg_blk,
	.listen	= hyperv_reg_block_invalidate,
};
