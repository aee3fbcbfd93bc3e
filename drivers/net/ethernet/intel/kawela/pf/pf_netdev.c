// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PF netdev, which is the switch's default VPort: open and close, features, MTU.
 *
 * Owns: struct net_device_ops of the PF. Never touches: a register.
 * Locks: RTNL, held by the caller of every function that changes something.
 */
#include <linux/ethtool.h>
#include <net/netdev_queues.h>

#include "../compat/netdev.h"
#include "pf.h"

static int pf_open(struct net_device *netdev)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	if (kawela_io_removed(&pf->io))
		return -ENODEV;
	return kawela_pf_queues_up(pf);
}

static int pf_stop(struct net_device *netdev)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_pf_stations_down(pf);
	kawela_pf_queues_close(pf);
	return 0;
}

static netdev_tx_t pf_start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_dp_xmit(&pf->dp, skb);
}

static int pf_bpf(struct net_device *netdev, struct netdev_bpf *bpf)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_dp_bpf(&pf->dp, bpf);
}

static int pf_xdp_xmit(struct net_device *netdev, int n, struct xdp_frame **frames, u32 flags)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_dp_xdp_xmit(&pf->dp, n, frames, flags);
}

static int pf_xsk_wakeup(struct net_device *netdev, u32 index, u32 flags)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_dp_xsk_wakeup(&pf->dp, index, flags);
}

/**
 * kawela_pf_tx_timeout - what ndo_tx_timeout does for the PF and its VPorts
 * @pf: PF
 * @dp: datapath
 * @netdev: whose it is
 * @txqueue: queue that does not send
 *
 * Context: bottom halves off.
 */
void kawela_pf_tx_timeout(struct kawela_pf *pf, struct kawela_dp *dp, struct net_device *netdev,
			  unsigned int txqueue)
{
	struct kawela_tx_state st;

	if (kawela_dp_tx_state(dp, txqueue, &st))
		return;
	netdev_err(netdev, "queue %u (hardware %u) %s: TDH %u TDT %u use %u clean %u\n", txqueue,
		   st.hw_queue, st.done ? "lost an interrupt" : "hangs", st.head, st.tail,
		   st.next_to_use, st.next_to_clean);
	if (st.done)
		kawela_dp_kick(dp);
	else
		kawela_pf_health_hang(pf, netdev, txqueue, &st);
}

static void pf_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_pf_tx_timeout(pf, &pf->dp, netdev, txqueue);
}

static int pf_set_mtu(struct kawela_pf *pf, int mtu)
{
	int err;

	err = kawela_nsw_pf_set_max_frame(pf->nsw, mtu + KAWELA_DP_OVERHEAD);
	if (err)
		return err;
	WRITE_ONCE(pf->netdev->mtu, mtu);
	WRITE_ONCE(pf->dp.max_frame, mtu + KAWELA_DP_HEADER);
	kawela_pf_blocks_port(pf, BIT_ULL(KAWELA_BLOCK_MTU));
	return 0;
}

static int pf_change_mtu(struct net_device *netdev, int mtu)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	int err;

	err = kawela_dp_xdp_check_mtu(&pf->dp, mtu);
	if (err)
		return err;
	err = pf_set_mtu(pf, mtu);
	if (err)
		return err;
	kawela_pf_stations_set_mtu(pf, mtu);
	return 0;
}

/* With several queues in the default VPort's pool, RSS has something to choose from. */
static u32 pf_nsw_features(netdev_features_t features)
{
	return (features & NETIF_F_HW_VLAN_CTAG_FILTER ? KAWELA_NSW_PF_VLAN_FILTER : 0) |
	       (features & NETIF_F_HW_VLAN_CTAG_RX ? KAWELA_NSW_PF_VLAN_STRIP : 0) |
	       KAWELA_NSW_PF_RSS_POOL;
}

static int pf_set_features(struct net_device *netdev, netdev_features_t features)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	/* Checksum and hash need nothing: the rings look at the features packet by packet. */
	kawela_pf_stations_features(pf, features);
	return kawela_nsw_pf_set_features(pf->nsw, pf_nsw_features(features));
}

static int pf_hwtstamp_get(struct net_device *netdev, struct kernel_hwtstamp_config *config)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_pf_ptp_get_config(&pf->ptp, config);
	return 0;
}

static int pf_hwtstamp_set(struct net_device *netdev, struct kernel_hwtstamp_config *config,
			   struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_pf_ptp_set_config(&pf->ptp, config, extack);
}

KAWELA_RX_MODE(kawela_pf_set_rx_mode)
KAWELA_FDB(kawela_pf_fdb_add, kawela_pf_fdb_del)

static const struct net_device_ops kawela_pf_netdev_ops = {
	.ndo_open		= pf_open,
	.ndo_stop		= pf_stop,
	.ndo_start_xmit		= pf_start_xmit,
	.ndo_features_check	= kawela_dp_features_check,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_mac_address	= kawela_pf_set_mac_address,
	KAWELA_RX_MODE_OPS(kawela_pf_set_rx_mode),
	.ndo_vlan_rx_add_vid	= kawela_pf_vlan_rx_add_vid,
	.ndo_vlan_rx_kill_vid	= kawela_pf_vlan_rx_kill_vid,
	KAWELA_FDB_OPS(kawela_pf_fdb_add, kawela_pf_fdb_del),
	.ndo_bridge_setlink	= kawela_pf_bridge_setlink,
	.ndo_bridge_getlink	= kawela_pf_bridge_getlink,
	.ndo_change_mtu		= pf_change_mtu,
	.ndo_set_features	= pf_set_features,
	.ndo_get_stats64	= kawela_pf_get_stats64,
	.ndo_tx_timeout		= pf_tx_timeout,
	.ndo_hwtstamp_get	= pf_hwtstamp_get,
	.ndo_hwtstamp_set	= pf_hwtstamp_set,
	.ndo_bpf		= pf_bpf,
	.ndo_xdp_xmit		= pf_xdp_xmit,
	.ndo_xsk_wakeup		= pf_xsk_wakeup,
	.ndo_dfwd_add_station	= kawela_pf_dfwd_add_station,
	.ndo_dfwd_del_station	= kawela_pf_dfwd_del_station,
	.ndo_set_vf_mac		= kawela_pf_ndo_set_vf_mac,
	.ndo_set_vf_vlan	= kawela_pf_ndo_set_vf_vlan,
	.ndo_set_vf_rate	= kawela_pf_ndo_set_vf_rate,
	.ndo_set_vf_spoofchk	= kawela_pf_ndo_set_vf_spoofchk,
	.ndo_set_vf_link_state	= kawela_pf_ndo_set_vf_link_state,
	.ndo_set_vf_trust	= kawela_pf_ndo_set_vf_trust,
	.ndo_get_vf_config	= kawela_pf_ndo_get_vf_config,
	.ndo_get_vf_stats	= kawela_pf_ndo_get_vf_stats,
};

static void pf_queue_stats_rx(struct net_device *netdev, int idx, struct netdev_queue_stats_rx *s)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_dp_queue_stats_rx(&pf->dp, idx, s);
}

static void pf_queue_stats_tx(struct net_device *netdev, int idx, struct netdev_queue_stats_tx *s)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_dp_queue_stats_tx(&pf->dp, idx, s);
}

static void pf_base_stats(struct net_device *netdev, struct netdev_queue_stats_rx *rx,
			  struct netdev_queue_stats_tx *tx)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_dp_base_stats(&pf->dp, rx, tx);
}

static const struct netdev_stat_ops kawela_pf_stat_ops = {
	.get_queue_stats_rx	= pf_queue_stats_rx,
	.get_queue_stats_tx	= pf_queue_stats_tx,
	.get_base_stats		= pf_base_stats,
};

/**
 * kawela_pf_netdev_setup - fill in the netdev before it is registered
 * @pf: PF
 *
 * Context: probe.
 */
void kawela_pf_netdev_setup(struct kawela_pf *pf)
{
	struct net_device *netdev = pf->netdev;

	netdev->netdev_ops = &kawela_pf_netdev_ops;
	netdev->ethtool_ops = &kawela_pf_ethtool_ops;
	netdev->stat_ops = &kawela_pf_stat_ops;
	/* The queues close with the carrier on when VFs come; a busy host may take seconds. */
	netdev->watchdog_timeo = 15 * HZ;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = KAWELA_DP_MAX_MTU;
	netdev->priv_flags |= IFF_UNICAST_FLT;

	netdev->hw_features = KAWELA_DP_HW_FEATURES | NETIF_F_HW_VLAN_CTAG_FILTER;
	/* Receive filters need no mode of the port: always on. */
	netdev->features = netdev->hw_features | NETIF_F_NTUPLE;
	netdev->hw_features |= NETIF_F_HW_L2FW_DOFFLOAD;
	netdev->vlan_features = KAWELA_DP_OFFLOADS;
	kawela_dp_tunnel_setup(netdev);
	kawela_dp_xdp_setup(netdev, pf->dp.stamps);

	kawela_nsw_pf_set_features(pf->nsw, pf_nsw_features(netdev->features));
	kawela_pf_rss_default_reta(pf);
	netif_carrier_off(netdev);
}
