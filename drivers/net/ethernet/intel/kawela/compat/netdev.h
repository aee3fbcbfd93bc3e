/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linux/netdevice.h as of Linux 7.3: address lists come as copies, in process context; an fdb
 * operation may say that it has notified; an address is a struct sockaddr_storage; what is set for
 * the NAPI instance of a queue, and its ID, outlives it.
 *
 * A file defines its operations in the new form, has KAWELA_RX_MODE() or KAWELA_FDB() before its
 * struct net_device_ops, and KAWELA_RX_MODE_OPS() or KAWELA_FDB_OPS() in it.
 *
 * Owns: the form these have on older kernels. Never touches: what the operations do.
 * Locks: on older kernels the address lock is held, with bottom halves off, around what
 * KAWELA_RX_MODE() names: it must not sleep, nor rely on that.
 */
#ifndef _KAWELA_COMPAT_NETDEV_H
#define _KAWELA_COMPAT_NETDEV_H

#include <linux/netdevice.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)

#define KAWELA_RX_MODE(set)								\
	static void set##_atomic(struct net_device *netdev)				\
	{										\
		set(netdev, &netdev->uc, &netdev->mc);					\
	}
#define KAWELA_RX_MODE_OPS(set)	.ndo_set_rx_mode = set##_atomic

#else

#define KAWELA_RX_MODE(set)
#define KAWELA_RX_MODE_OPS(set)	.ndo_set_rx_mode_async = set

#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)

static inline int kawela_dev_set_mac_address(struct net_device *netdev,
					     struct sockaddr_storage *ss,
					     struct netlink_ext_ack *extack)
{
	return dev_set_mac_address(netdev, (struct sockaddr *)ss, extack);
}

#define dev_set_mac_address	kawela_dev_set_mac_address

#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)

static inline void netif_napi_add_config(struct net_device *netdev, struct napi_struct *napi,
					 int (*poll)(struct napi_struct *, int), int index)
{
	netif_napi_add(netdev, napi, poll);
}

#define KAWELA_FDB(add, del)								\
	static int add##_silent(struct ndmsg *ndm, struct nlattr *tb[],			\
				struct net_device *netdev, const unsigned char *addr,	\
				u16 vid, u16 flags, struct netlink_ext_ack *extack)	\
	{										\
		bool notified = false;							\
											\
		return add(ndm, tb, netdev, addr, vid, flags, &notified, extack);	\
	}										\
	static int del##_silent(struct ndmsg *ndm, struct nlattr *tb[],			\
				struct net_device *netdev, const unsigned char *addr,	\
				u16 vid, struct netlink_ext_ack *extack)		\
	{										\
		bool notified = false;							\
											\
		return del(ndm, tb, netdev, addr, vid, &notified, extack);		\
	}
#define KAWELA_FDB_OPS(add, del)							\
	.ndo_fdb_add = add##_silent,							\
	.ndo_fdb_del = del##_silent

#else

#define KAWELA_FDB(add, del)
#define KAWELA_FDB_OPS(add, del)							\
	.ndo_fdb_add = add,								\
	.ndo_fdb_del = del

#endif

#endif /* _KAWELA_COMPAT_NETDEV_H */
