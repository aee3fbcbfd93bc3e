// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VF netdev: open and close, features, MTU, and whose address it carries.
 *
 * Owns: struct net_device_ops of the VF, addresses of the netdev. Never touches: a register, the
 * mailbox.
 * Locks: RTNL, held by the caller of every function that changes something.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <net/netdev_queues.h>

#include "../compat/netdev.h"
#include "vf.h"

/* The session work starts the queues once the PF answers; until then the carrier is off. */
static int vf_open(struct net_device *netdev)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	int err;

	if (pci_dev_is_disconnected(vf->pdev))
		return -ENODEV;

	netif_tx_stop_all_queues(netdev);
	err = kawela_vf_queues_alloc(vf);
	if (err)
		return err;

	WRITE_ONCE(vf->open, true);
	kawela_vf_session_wake(vf);
	return 0;
}

static int vf_stop(struct net_device *netdev)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	WRITE_ONCE(vf->open, false);
	set_bit(KAWELA_VF_F_RESTART, &vf->flags);
	kawela_vf_link_gate(vf, false);
	kawela_vf_queues_stop(vf);
	kawela_vf_queues_free(vf);
	/* The work says goodbye to the PF. */
	kawela_vf_session_kick(vf);
	kawela_vf_master_serve(vf);
	return 0;
}

static netdev_tx_t vf_start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	/* netif_device_attach() wakes the queue although the session has not started it. */
	if (unlikely(!READ_ONCE(vf->dp.running))) {
		dev_core_stats_tx_dropped_inc(netdev);
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	return kawela_dp_xmit(&vf->dp, skb);
}

static int vf_bpf(struct net_device *netdev, struct netdev_bpf *bpf)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	return kawela_dp_bpf(&vf->dp, bpf);
}

static int vf_xdp_xmit(struct net_device *netdev, int n, struct xdp_frame **frames, u32 flags)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	return kawela_dp_xdp_xmit(&vf->dp, n, frames, flags);
}

static int vf_xsk_wakeup(struct net_device *netdev, u32 index, u32 flags)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	return kawela_dp_xsk_wakeup(&vf->dp, index, flags);
}

static void vf_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	struct kawela_tx_state st;

	if (kawela_dp_tx_state(&vf->dp, txqueue, &st))
		return;
	netdev_err(netdev, "transmit %s: TDH %u TDT %u use %u clean %u\n",
		   st.done ? "lost an interrupt" : "hangs", st.head, st.tail, st.next_to_use,
		   st.next_to_clean);
	if (st.done)
		kawela_dp_kick(&vf->dp);
	else
		kawela_vf_session_restart(vf);
}

static int vf_change_mtu(struct net_device *netdev, int mtu)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	int err;

	err = kawela_dp_xdp_check_mtu(&vf->dp, mtu);
	if (err)
		return err;
	/* From here on the host's is no advice to follow. */
	if (!vf->adopting)
		vf->mtu_user = true;
	WRITE_ONCE(netdev->mtu, mtu);
	WRITE_ONCE(vf->dp.max_frame, mtu + KAWELA_DP_HEADER);
	kawela_vf_want_max_frame(vf, mtu + KAWELA_DP_OVERHEAD);
	return 0;
}

KAWELA_RX_MODE(kawela_vf_set_rx_mode)

static const struct net_device_ops kawela_vf_netdev_ops = {
	.ndo_open		= vf_open,
	.ndo_stop		= vf_stop,
	.ndo_start_xmit		= vf_start_xmit,
	.ndo_features_check	= kawela_dp_features_check,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_mac_address	= kawela_vf_set_mac_address,
	KAWELA_RX_MODE_OPS(kawela_vf_set_rx_mode),
	.ndo_vlan_rx_add_vid	= kawela_vf_vlan_rx_add_vid,
	.ndo_vlan_rx_kill_vid	= kawela_vf_vlan_rx_kill_vid,
	.ndo_change_mtu		= vf_change_mtu,
	.ndo_fix_features	= kawela_vf_fix_features,
	.ndo_get_stats64	= kawela_vf_get_stats64,
	.ndo_tx_timeout		= vf_tx_timeout,
	.ndo_bpf		= vf_bpf,
	.ndo_xdp_xmit		= vf_xdp_xmit,
	.ndo_xsk_wakeup		= vf_xsk_wakeup,
};

static void vf_queue_stats_rx(struct net_device *netdev, int idx, struct netdev_queue_stats_rx *s)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	kawela_dp_queue_stats_rx(&vf->dp, idx, s);
}

static void vf_queue_stats_tx(struct net_device *netdev, int idx, struct netdev_queue_stats_tx *s)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	kawela_dp_queue_stats_tx(&vf->dp, idx, s);
}

static void vf_base_stats(struct net_device *netdev, struct netdev_queue_stats_rx *rx,
			  struct netdev_queue_stats_tx *tx)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	kawela_dp_base_stats(&vf->dp, rx, tx);
}

static const struct netdev_stat_ops kawela_vf_stat_ops = {
	.get_queue_stats_rx	= vf_queue_stats_rx,
	.get_queue_stats_tx	= vf_queue_stats_tx,
	.get_base_stats		= vf_base_stats,
};

/* The PF's address, if it assigned one. */
static bool vf_get_pf_mac(struct kawela_vf *vf, u8 *mac, bool *user)
{
	bool has;

	spin_lock_bh(&vf->want_lock);
	has = vf->has_mac;
	*user = vf->mac_user;
	ether_addr_copy(mac, vf->pf_mac);
	spin_unlock_bh(&vf->want_lock);
	return has;
}

/* A failover master finds its slave by this address when it lets go of it. */
static void vf_adopt_perm_addr(struct kawela_vf *vf, const u8 *mac)
{
	struct net_device *netdev = vf->netdev;

	if (ether_addr_equal(netdev->perm_addr, mac) || kawela_vf_master(vf))
		return;
	ether_addr_copy(netdev->perm_addr, mac);
	WRITE_ONCE(vf->aside, true);
}

static void vf_adopt_addr(struct kawela_vf *vf, const u8 *mac)
{
	struct net_device *netdev = vf->netdev;
	struct sockaddr_storage ss = { .ss_family = netdev->type };

	if (ether_addr_equal(netdev->dev_addr, mac))
		return;
	ether_addr_copy(ss.__data, mac);
	vf->adopting = true;
	if (!dev_set_mac_address(netdev, &ss, NULL))
		netdev->addr_assign_type = NET_ADDR_PERM;
	vf->adopting = false;
}

/**
 * kawela_vf_adopt_mac - make the administrator's address ours
 * @vf: VF
 *
 * The permanent address is, unless the netdev has a master; the current one unless the user chose
 * another. Whoever sits on top of the netdev hears of it. A failover master that waits for this
 * address gets the VF.
 *
 * Context: session work, RTNL. Does nothing until the netdev is registered.
 */
void kawela_vf_adopt_mac(struct kawela_vf *vf)
{
	u8 mac[ETH_ALEN] __aligned(2);
	bool user;

	ASSERT_RTNL();
	if (vf->netdev->reg_state != NETREG_REGISTERED)
		return;
	clear_bit(KAWELA_VF_F_ADOPT, &vf->flags);
	if (vf_get_pf_mac(vf, mac, &user)) {
		vf_adopt_perm_addr(vf, mac);
		if (!user)
			vf_adopt_addr(vf, mac);
	}
	kawela_vf_come_back(vf);
}

/**
 * kawela_vf_first_mac - the address to register the netdev with
 * @vf: VF
 *
 * The administrator's if the PF answered in time. A random one otherwise, which the PF is asked to
 * accept, and which the administrator's replaces when the PF gives one later.
 *
 * Context: probe.
 */
void kawela_vf_first_mac(struct kawela_vf *vf)
{
	struct net_device *netdev = vf->netdev;
	u8 mac[ETH_ALEN] __aligned(2);
	bool user;

	if (vf_get_pf_mac(vf, mac, &user))
		eth_hw_addr_set(netdev, mac);
	else
		eth_hw_addr_random(netdev);

	ether_addr_copy(netdev->perm_addr, netdev->dev_addr);
	kawela_vf_want_mac(vf, netdev->dev_addr);
}

/**
 * kawela_vf_netdev_setup - fill in the netdev before it is registered
 * @vf: VF
 *
 * The switch filters VLANs and strips tags whatever a VF says.
 *
 * Context: probe.
 */
void kawela_vf_netdev_setup(struct kawela_vf *vf)
{
	struct net_device *netdev = vf->netdev;

	netdev->netdev_ops = &kawela_vf_netdev_ops;
	netdev->ethtool_ops = &kawela_vf_ethtool_ops;
	netdev->stat_ops = &kawela_vf_stat_ops;
	netdev->watchdog_timeo = 5 * HZ;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = KAWELA_DP_MAX_MTU;
	netdev->priv_flags |= IFF_UNICAST_FLT;

	netdev->hw_features = KAWELA_DP_OFFLOADS | NETIF_F_RXCSUM | NETIF_F_HW_VLAN_CTAG_TX;
	netdev->features = netdev->hw_features | NETIF_F_HW_VLAN_CTAG_RX |
			   NETIF_F_HW_VLAN_CTAG_FILTER;
	netdev->vlan_features = KAWELA_DP_OFFLOADS;
	kawela_dp_tunnel_setup(netdev);
	kawela_dp_xdp_setup(netdev, false);

	kawela_vf_want_max_frame(vf, netdev->mtu + KAWELA_DP_OVERHEAD);
	netif_carrier_off(netdev);
}
