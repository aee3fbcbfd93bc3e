/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net/gro.h as of Linux 6.15: what GRO holds for a NAPI instance is in a struct of its own.
 *
 * Owns: a look at it that is the same on all. Never touches: anything else. No locks.
 */
#ifndef _KAWELA_COMPAT_GRO_H
#define _KAWELA_COMPAT_GRO_H

#include <linux/netdevice.h>
#include <linux/version.h>

/* Whether GRO holds no frame that another might overtake. Context: NAPI. */
static inline bool kawela_gro_is_empty(const struct napi_struct *napi)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
	return !napi->gro_bitmask && !napi->rx_count;
#else
	return !napi->gro.bitmask && !napi->gro.rx_count;
#endif
}

#endif /* _KAWELA_COMPAT_GRO_H */
