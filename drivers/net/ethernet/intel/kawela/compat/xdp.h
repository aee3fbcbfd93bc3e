/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net/xdp.h as of Linux 7.3: an skb takes over the fragments of a frame with its flags.
 *
 * Owns: the form this has on older kernels. Never touches: anything else. No locks.
 */
#ifndef _KAWELA_COMPAT_XDP_H
#define _KAWELA_COMPAT_XDP_H

#include <linux/version.h>
#include <net/xdp.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)

static inline u32 xdp_buff_get_skb_flags(const struct xdp_buff *xdp)
{
	return xdp->flags;
}

static inline void xdp_update_skb_frags_info(struct sk_buff *skb, u8 nr_frags, unsigned int size,
					     unsigned int truesize, u32 xdp_flags)
{
	xdp_update_skb_shared_info(skb, nr_frags, size, truesize,
				   xdp_flags & XDP_FLAGS_FRAGS_PF_MEMALLOC);
}

#endif

#endif /* _KAWELA_COMPAT_XDP_H */
