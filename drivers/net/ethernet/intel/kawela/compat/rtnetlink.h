/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net/rtnetlink.h as of Linux 6.15: what a new link is made from comes in one struct.
 *
 * A file defines its newlink in the new form, has KAWELA_NEWLINK() before its struct rtnl_link_ops
 * and KAWELA_NEWLINK_OPS() in it.
 *
 * Owns: the form this has on older kernels. Never touches: what newlink does. No locks.
 */
#ifndef _KAWELA_COMPAT_RTNETLINK_H
#define _KAWELA_COMPAT_RTNETLINK_H

#include <linux/version.h>
#include <net/rtnetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)

struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

static inline struct net *rtnl_newlink_link_net(struct rtnl_newlink_params *params)
{
	return params->src_net;
}

#define KAWELA_NEWLINK(new)								\
	static int new##_in(struct net *net, struct net_device *dev,			\
			    struct nlattr *tb[], struct nlattr *data[],			\
			    struct netlink_ext_ack *extack)				\
	{										\
		struct rtnl_newlink_params params = {					\
			.src_net = net,							\
			.tb = tb,							\
			.data = data,							\
		};									\
											\
		return new(dev, &params, extack);					\
	}
#define KAWELA_NEWLINK_OPS(new)	.newlink = new##_in

#else

#define KAWELA_NEWLINK(new)
#define KAWELA_NEWLINK_OPS(new)	.newlink = new

#endif

#endif /* _KAWELA_COMPAT_RTNETLINK_H */
