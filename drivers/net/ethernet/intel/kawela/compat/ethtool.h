/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linux/ethtool.h as of Linux 6.18: the number of receive rings and the fields of their hash have
 * operations of their own, get_rxnfc is asked for filters only.
 *
 * A file defines the three in the new form, has KAWELA_RXNFC() before its struct ethtool_ops and
 * KAWELA_RXNFC_OPS() in it.
 *
 * Owns: the form these have on older kernels. Never touches: what the operations do. No locks.
 */
#ifndef _KAWELA_COMPAT_ETHTOOL_H
#define _KAWELA_COMPAT_ETHTOOL_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)

/* Of a name of its own: some of those kernels have one, too. */
#define ethtool_rxfh_fields	kawela_rxfh_fields

struct ethtool_rxfh_fields {
	u32 data;
	u32 flow_type;
	u32 rss_context;
};

#define KAWELA_RXNFC(get, rings, hash)							\
	static int get##_and_rings(struct net_device *netdev, struct ethtool_rxnfc *nfc,\
				   u32 *locs)						\
	{										\
		struct ethtool_rxfh_fields fields = { .flow_type = nfc->flow_type };	\
		int err;								\
											\
		switch (nfc->cmd) {							\
		case ETHTOOL_GRXRINGS:							\
			nfc->data = rings(netdev);					\
			return 0;							\
		case ETHTOOL_GRXFH:							\
			err = hash(netdev, &fields);					\
			nfc->data = fields.data;					\
			return err;							\
		default:								\
			return get(netdev, nfc, locs);					\
		}									\
	}
#define KAWELA_RXNFC_OPS(get, rings, hash)						\
	.get_rxnfc = get##_and_rings

#else

#define KAWELA_RXNFC(get, rings, hash)
#define KAWELA_RXNFC_OPS(get, rings, hash)						\
	.get_rxnfc = get,								\
	.get_rx_ring_count = rings,							\
	.get_rxfh_fields = hash

#endif

#endif /* _KAWELA_COMPAT_ETHTOOL_H */
