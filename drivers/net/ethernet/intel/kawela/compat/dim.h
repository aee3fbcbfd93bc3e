/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linux/dim.h as of Linux 6.13: a sample is passed by reference.
 *
 * Owns: the form this has on older kernels. Never touches: anything else. No locks.
 */
#ifndef _KAWELA_COMPAT_DIM_H
#define _KAWELA_COMPAT_DIM_H

#include <linux/dim.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)

static inline void kawela_net_dim(struct dim *dim, const struct dim_sample *sample)
{
	net_dim(dim, *sample);
}

#define net_dim		kawela_net_dim

#endif

#endif /* _KAWELA_COMPAT_DIM_H */
