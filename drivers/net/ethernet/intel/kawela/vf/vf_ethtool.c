// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool of the VF netdev.
 *
 * Owns: struct ethtool_ops of the VF. Never touches: a register, the mailbox.
 * Locks: RTNL, held by the caller of everything here.
 */
#include <linux/ethtool.h>

#include "vf.h"

static void vf_get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	strscpy(info->driver, KAWELA_VF_DRV_NAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(vf->pdev), sizeof(info->bus_info));
}

/* The port is the PF's: a VF sees how it runs and chooses nothing. */
static int vf_get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *cmd)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	ethtool_link_ksettings_zero_link_mode(cmd, supported);
	ethtool_link_ksettings_zero_link_mode(cmd, advertising);
	cmd->base.port = PORT_OTHER;
	cmd->base.autoneg = AUTONEG_DISABLE;
	cmd->base.speed = SPEED_UNKNOWN;
	cmd->base.duplex = DUPLEX_UNKNOWN;
	if (netif_carrier_ok(netdev))
		kawela_vf_link_speed(vf, &cmd->base.speed, &cmd->base.duplex);
	return 0;
}

static void vf_get_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			     struct kernel_ethtool_ringparam *kernel_ring,
			     struct netlink_ext_ack *extack)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	kawela_dp_get_ringparam(&vf->dp, ring);
}

static int vf_set_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			    struct kernel_ethtool_ringparam *kernel_ring,
			    struct netlink_ext_ack *extack)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	struct kawela_qp_set rings = {};
	int err;

	if (ring->rx_mini_pending || ring->rx_jumbo_pending) {
		NL_SET_ERR_MSG(extack, "there are no mini or jumbo rings");
		return -EINVAL;
	}
	err = kawela_dp_ring_sizes(&rings, ring->rx_pending, ring->tx_pending, extack);
	if (err)
		return err;

	err = kawela_vf_queues_change(vf, vf->num_qps, &rings);
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "no memory for rings of this size, the old ones go on");
	return err;
}

static int vf_get_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
			   struct kernel_ethtool_coalesce *kernel_ec,
			   struct netlink_ext_ack *extack)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	kawela_dp_get_coalesce(&vf->dp, ec);
	return 0;
}

static int vf_set_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
			   struct kernel_ethtool_coalesce *kernel_ec,
			   struct netlink_ext_ack *extack)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	int err;

	err = kawela_dp_set_coalesce(&vf->dp, ec, extack);
	if (!err)
		vf->coalesce_user = true;
	return err;
}

static int vf_get_per_queue_coalesce(struct net_device *netdev, u32 queue,
				     struct ethtool_coalesce *ec)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	return kawela_dp_get_queue_coalesce(&vf->dp, queue, ec);
}

static int vf_set_per_queue_coalesce(struct net_device *netdev, u32 queue,
				     struct ethtool_coalesce *ec)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	int err;

	err = kawela_dp_set_queue_coalesce(&vf->dp, queue, ec);
	if (!err)
		vf->coalesce_user = true;
	return err;
}

/* The second queue only sends. */
static void vf_get_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	ch->max_combined = 1;
	ch->combined_count = 1;
	ch->max_tx = KAWELA_VF_MAX_QPS - 1;
	ch->tx_count = vf->num_qps - 1;
}

static int vf_set_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	const struct kawela_qp_set rings = {
		.rx_count = vf->dp.rx_count,
		.tx_count = vf->dp.tx_count,
	};

	return kawela_vf_queues_change(vf, 1 + ch->tx_count, &rings);
}

static int vf_get_sset_count(struct net_device *netdev, int sset)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return kawela_vf_stats_count() + kawela_dp_ethtool_count(&vf->dp);
}

static void vf_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	if (sset != ETH_SS_STATS)
		return;
	kawela_vf_stats_strings(&data);
	kawela_dp_ethtool_strings(&vf->dp, &data);
}

static void vf_get_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats, u64 *data)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	kawela_vf_stats_values(vf, &data);
	kawela_dp_ethtool_stats(&vf->dp, &data);
}

const struct ethtool_ops kawela_vf_ethtool_ops = {
	.supported_coalesce_params = KAWELA_DP_COALESCE,
	.get_drvinfo		= vf_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= vf_get_link_ksettings,
	.get_ringparam		= vf_get_ringparam,
	.set_ringparam		= vf_set_ringparam,
	.get_coalesce		= vf_get_coalesce,
	.set_coalesce		= vf_set_coalesce,
	.get_per_queue_coalesce	= vf_get_per_queue_coalesce,
	.set_per_queue_coalesce	= vf_set_per_queue_coalesce,
	.get_channels		= vf_get_channels,
	.set_channels		= vf_set_channels,
	.get_sset_count		= vf_get_sset_count,
	.get_strings		= vf_get_strings,
	.get_ethtool_stats	= vf_get_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
};
