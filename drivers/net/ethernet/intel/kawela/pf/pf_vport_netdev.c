// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netdev of an active VPort of the PF.
 *
 * Owns: its net_device_ops and ethtool_ops. Never touches: a register; whether a filter is granted
 * is up to nsw.
 * Locks: RTNL, held by the caller of every operation that changes something; the netdev's address
 * lock while its lists are copied.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <net/netdev_queues.h>

#include "../compat/netdev.h"
#include "pf.h"

/* The VPort does not end with its netdev, so the netdev has no more than the way to it. */
static struct kawela_pf_vport *vport_of(const struct net_device *netdev)
{
	return *(struct kawela_pf_vport **)netdev_priv(netdev);
}

static int vport_open(struct net_device *netdev)
{
	int err = kawela_pf_vport_up(vport_of(netdev));

	if (err && net_ratelimit())
		netdev_info(netdev, "not opened: %s\n", kawela_pf_vport_reason(err));
	return err;
}

static int vport_stop(struct net_device *netdev)
{
	kawela_pf_vport_down(vport_of(netdev));
	return 0;
}

static netdev_tx_t vport_start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	return kawela_dp_xmit(&vport_of(netdev)->dp, skb);
}

static int vport_bpf(struct net_device *netdev, struct netdev_bpf *bpf)
{
	return kawela_dp_bpf(&vport_of(netdev)->dp, bpf);
}

static int vport_xdp_xmit(struct net_device *netdev, int n, struct xdp_frame **frames, u32 flags)
{
	return kawela_dp_xdp_xmit(&vport_of(netdev)->dp, n, frames, flags);
}

static int vport_xsk_wakeup(struct net_device *netdev, u32 index, u32 flags)
{
	return kawela_dp_xsk_wakeup(&vport_of(netdev)->dp, index, flags);
}

static void vport_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	struct kawela_pf_vport *vport = vport_of(netdev);

	kawela_pf_tx_timeout(vport->pf, &vport->dp, netdev, txqueue);
}

static int vport_do_set_mac(struct kawela_pf_vport *vport, const u8 *mac)
{
	struct kawela_nsw *nsw = vport->pf->nsw;
	struct kawela_nsw_vport_info info;
	int err;

	err = kawela_nsw_vport_get_info(nsw, vport->pool, &info);
	if (err)
		return err;
	/* A pin follows the netdev: both are the administrator's. */
	if (!is_zero_ether_addr(info.admin_mac))
		return kawela_nsw_vport_set_admin_mac(nsw, vport->pool, mac, NULL);
	return vport->up ? kawela_nsw_vport_set_mac(nsw, vport->pool, mac) : 0;
}

static int vport_set_mac_address(struct net_device *netdev, void *addr)
{
	u8 mac[ETH_ALEN] __aligned(2);
	struct sockaddr *sa = addr;
	int err;

	memcpy(mac, sa->sa_data, ETH_ALEN);
	if (!is_valid_ether_addr(mac))
		return -EADDRNOTAVAIL;
	err = vport_do_set_mac(vport_of(netdev), mac);
	if (err)
		return err;
	eth_hw_addr_set(netdev, mac);
	return 0;
}

static int vport_sync_uc(struct kawela_pf_vport *vport, const struct kawela_pf_addr_list *uc)
{
	const struct kawela_nsw_addr_list list = {
		.addr = (const u8 (*)[ETH_ALEN])uc->addr,
		.num = uc->num,
	};

	return kawela_nsw_vport_sync_uc(vport->pf->nsw, vport->pool, &list);
}

static int vport_sync_mc(struct kawela_pf_vport *vport, const struct kawela_pf_addr_list *mc)
{
	u16 hash[KAWELA_NSW_MAX_VF_MC];
	unsigned int i;

	for (i = 0; i < min(mc->num, KAWELA_NSW_MAX_VF_MC); i++)
		hash[i] = kawela_nsw_mc_hash(mc->addr[i]);
	return kawela_nsw_vport_set_mc(vport->pf->nsw, vport->pool, hash, mc->num);
}

/* A full table gives the VPort what no filter takes, until a list fits again. */
static int vport_sync_promisc(struct kawela_pf_vport *vport, unsigned int flags, bool full)
{
	u32 mc = flags & (IFF_PROMISC | IFF_ALLMULTI) ? KAWELA_NSW_VF_PROMISC_MC : 0;
	u32 uc = flags & IFF_PROMISC || full ? KAWELA_NSW_VF_PROMISC_UC : 0;

	return kawela_nsw_vport_set_promisc(vport->pf->nsw, vport->pool, mc | uc);
}

/**
 * kawela_pf_vport_addr_work - give the netdev's address lists to the switch
 * @work: vport->addr_work
 *
 * A VPort that went down meanwhile has no session, and nsw says so; nothing is lost, since coming
 * up queues this work.
 */
void kawela_pf_vport_addr_work(struct work_struct *work)
{
	struct kawela_pf_vport *vport = container_of(work, struct kawela_pf_vport, addr_work);
	struct kawela_pf_addr_list uc = {}, mc = {};
	unsigned int flags;
	bool full;
	int err;

	err = kawela_pf_copy_lists(vport->netdev, &uc, &mc, &flags);
	if (err)
		goto out;

	err = vport_sync_uc(vport, &uc);
	full = err == -ENOSPC;
	if (full)
		err = 0;
	err = vport_sync_promisc(vport, flags, full) ?: err;
	err = vport_sync_mc(vport, &mc) ?: err;
out:
	if (err && err != -EAGAIN)
		netdev_warn_once(vport->netdev, "not all addresses have a filter: %pe\n",
				 ERR_PTR(err));
	kfree(uc.addr);
	kfree(mc.addr);
}

static int vport_set_rx_mode(struct net_device *netdev, struct netdev_hw_addr_list *uc,
			     struct netdev_hw_addr_list *mc)
{
	queue_work(system_dfl_wq, &vport_of(netdev)->addr_work);
	return 0;
}

/* While it is down the core keeps the list, and coming up goes through it. */
static int vport_vlan(struct net_device *netdev, u16 vid, bool add)
{
	struct kawela_pf_vport *vport = vport_of(netdev);

	if (!vport->up)
		return 0;
	return kawela_nsw_vport_set_vlan(vport->pf->nsw, vport->pool, vid, add);
}

static int vport_vlan_add(struct net_device *netdev, __be16 proto, u16 vid)
{
	return vport_vlan(netdev, vid, true);
}

static int vport_vlan_kill(struct net_device *netdev, __be16 proto, u16 vid)
{
	return vport_vlan(netdev, vid, false);
}

static int vport_change_mtu(struct net_device *netdev, int mtu)
{
	struct kawela_pf_vport *vport = vport_of(netdev);
	int err;

	err = kawela_dp_xdp_check_mtu(&vport->dp, mtu);
	if (err)
		return err;
	err = kawela_pf_vport_set_mtu(vport, mtu);
	if (err)
		return err;
	WRITE_ONCE(netdev->mtu, mtu);
	return 0;
}

static void vport_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats)
{
	kawela_dp_get_stats64(&vport_of(netdev)->dp, stats);
}

KAWELA_RX_MODE(vport_set_rx_mode)

static const struct net_device_ops kawela_pf_vport_netdev_ops = {
	.ndo_open		= vport_open,
	.ndo_stop		= vport_stop,
	.ndo_start_xmit		= vport_start_xmit,
	.ndo_features_check	= kawela_dp_features_check,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_mac_address	= vport_set_mac_address,
	KAWELA_RX_MODE_OPS(vport_set_rx_mode),
	.ndo_vlan_rx_add_vid	= vport_vlan_add,
	.ndo_vlan_rx_kill_vid	= vport_vlan_kill,
	.ndo_change_mtu		= vport_change_mtu,
	.ndo_get_stats64	= vport_get_stats64,
	.ndo_tx_timeout		= vport_tx_timeout,
	.ndo_bpf		= vport_bpf,
	.ndo_xdp_xmit		= vport_xdp_xmit,
	.ndo_xsk_wakeup		= vport_xsk_wakeup,
};

static void vport_queue_stats_rx(struct net_device *netdev, int idx,
				 struct netdev_queue_stats_rx *s)
{
	kawela_dp_queue_stats_rx(&vport_of(netdev)->dp, idx, s);
}

static void vport_queue_stats_tx(struct net_device *netdev, int idx,
				 struct netdev_queue_stats_tx *s)
{
	kawela_dp_queue_stats_tx(&vport_of(netdev)->dp, idx, s);
}

static void vport_base_stats(struct net_device *netdev, struct netdev_queue_stats_rx *rx,
			     struct netdev_queue_stats_tx *tx)
{
	kawela_dp_base_stats(&vport_of(netdev)->dp, rx, tx);
}

static const struct netdev_stat_ops kawela_pf_vport_stat_ops = {
	.get_queue_stats_rx	= vport_queue_stats_rx,
	.get_queue_stats_tx	= vport_queue_stats_tx,
	.get_base_stats		= vport_base_stats,
};

static void vport_get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KAWELA_PF_DRV_NAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(vport_of(netdev)->pf->pdev), sizeof(info->bus_info));
}

static int vport_get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *ks)
{
	const struct kawela_pf_link_state *link = &vport_of(netdev)->pf->link;

	ks->base.speed = link->up ? link->speed : SPEED_UNKNOWN;
	ks->base.duplex = link->up ? link->duplex : DUPLEX_UNKNOWN;
	ks->base.port = PORT_OTHER;
	return 0;
}

static void vport_get_ringparam(struct net_device *netdev, struct ethtool_ringparam *param,
				struct kernel_ethtool_ringparam *kparam,
				struct netlink_ext_ack *extack)
{
	kawela_dp_get_ringparam(&vport_of(netdev)->dp, param);
}

static int vport_set_ringparam(struct net_device *netdev, struct ethtool_ringparam *param,
			       struct kernel_ethtool_ringparam *kparam,
			       struct netlink_ext_ack *extack)
{
	struct kawela_pf_vport *vport = vport_of(netdev);
	struct kawela_qp_set rings = {};
	int err;

	err = kawela_dp_ring_sizes(&rings, param->rx_pending, param->tx_pending, extack);
	if (err)
		return err;

	err = kawela_pf_vport_resize(vport, &rings);
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "no memory for rings of this size, the old ones go on");
	return err;
}

static void vport_get_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	ch->max_combined = netdev->num_rx_queues;
	ch->combined_count = netdev->num_rx_queues;
}

static int vport_get_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
			      struct kernel_ethtool_coalesce *kec, struct netlink_ext_ack *extack)
{
	kawela_dp_get_coalesce(&vport_of(netdev)->dp, ec);
	return 0;
}

static int vport_set_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
			      struct kernel_ethtool_coalesce *kec, struct netlink_ext_ack *extack)
{
	return kawela_dp_set_coalesce(&vport_of(netdev)->dp, ec, extack);
}

static int vport_get_per_queue_coalesce(struct net_device *netdev, u32 queue,
					struct ethtool_coalesce *ec)
{
	return kawela_dp_get_queue_coalesce(&vport_of(netdev)->dp, queue, ec);
}

/* All queue pairs share the vector. */
static int vport_set_per_queue_coalesce(struct net_device *netdev, u32 queue,
					struct ethtool_coalesce *ec)
{
	if (queue >= netdev->real_num_rx_queues)
		return -EINVAL;
	return kawela_dp_set_coalesce(&vport_of(netdev)->dp, ec, NULL);
}

static int vport_get_sset_count(struct net_device *netdev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return kawela_dp_ethtool_count(&vport_of(netdev)->dp);
}

static void vport_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	if (sset == ETH_SS_STATS)
		kawela_dp_ethtool_strings(&vport_of(netdev)->dp, &data);
}

static void vport_get_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats,
				    u64 *data)
{
	kawela_dp_ethtool_stats(&vport_of(netdev)->dp, &data);
}

static const struct ethtool_ops kawela_pf_vport_ethtool_ops = {
	.supported_coalesce_params = KAWELA_DP_COALESCE,
	.get_drvinfo		= vport_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= vport_get_link_ksettings,
	.get_ringparam		= vport_get_ringparam,
	.set_ringparam		= vport_set_ringparam,
	.get_channels		= vport_get_channels,
	.get_coalesce		= vport_get_coalesce,
	.set_coalesce		= vport_set_coalesce,
	.get_per_queue_coalesce	= vport_get_per_queue_coalesce,
	.set_per_queue_coalesce	= vport_set_per_queue_coalesce,
	.get_sset_count		= vport_get_sset_count,
	.get_strings		= vport_get_strings,
	.get_ethtool_stats	= vport_get_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
};

/* A VPort receives the VLANs it joined and no others, its tags are always taken out. */
static void vport_netdev_setup(struct kawela_pf_vport *vport, struct net_device *netdev,
			       const struct kawela_nsw_vport_info *info)
{
	netdev->netdev_ops = &kawela_pf_vport_netdev_ops;
	netdev->ethtool_ops = &kawela_pf_vport_ethtool_ops;
	netdev->stat_ops = &kawela_pf_vport_stat_ops;
	netdev->watchdog_timeo = 5 * HZ;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = KAWELA_DP_MAX_MTU;
	netdev->priv_flags |= IFF_UNICAST_FLT;
	netdev->dev_port = 1 + vport->pool;

	netdev->hw_features = KAWELA_DP_HW_FEATURES & ~NETIF_F_HW_VLAN_CTAG_RX;
	netdev->features = KAWELA_DP_HW_FEATURES | NETIF_F_HW_VLAN_CTAG_FILTER;
	netdev->vlan_features = KAWELA_DP_OFFLOADS;
	kawela_dp_tunnel_setup(netdev);
	kawela_dp_xdp_setup(netdev, false);

	if (is_zero_ether_addr(info->admin_mac))
		eth_hw_addr_random(netdev);
	else
		eth_hw_addr_set(netdev, info->admin_mac);
	ether_addr_copy(netdev->perm_addr, netdev->dev_addr);
}

/* Registered and active at once: nobody may open the netdev of an inactive VPort. */
static int vport_activate(struct kawela_pf_vport *vport, struct net_device *netdev,
			  struct netlink_ext_ack *extack)
{
	int err;

	err = kawela_pf_in_service(vport->pf, extack);
	if (err)
		return err;
	err = kawela_pf_vport_attach(vport, netdev, extack);
	if (err)
		return err;
	err = register_netdevice(netdev);
	if (err)
		goto err_detach;
	err = kawela_nsw_pf_vport_activate(vport->pf->nsw, vport->pool, extack);
	if (err)
		goto err_unregister;
	kawela_pf_vport_link(vport);
	return 0;

err_unregister:
	unregister_netdevice(netdev);
err_detach:
	kawela_pf_vport_detach(vport);
	return err;
}

/**
 * kawela_pf_vport_netdev_add - activate a VPort: make its netdev
 * @vport: inactive VPort
 * @port: its devlink port, registered
 * @extack: takes the reason of a refusal
 *
 * Context: devl_lock, without RTNL.
 * Return: 0; -ENOMEM; -ENOSPC (no vector); -ENETDOWN (the function is out of service); or the errno
 * of register_netdevice().
 */
int kawela_pf_vport_netdev_add(struct kawela_pf_vport *vport, struct devlink_port *port,
			       struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = vport->pf;
	struct kawela_nsw_vport_info info;
	struct net_device *netdev;
	int err;

	err = kawela_nsw_vport_get_info(pf->nsw, vport->pool, &info);
	if (err)
		return err;
	netdev = alloc_etherdev_mq(sizeof(vport), info.num_qps);
	if (!netdev)
		return -ENOMEM;
	SET_NETDEV_DEV(netdev, &pf->pdev->dev);
	SET_NETDEV_DEVLINK_PORT(netdev, port);
	*(struct kawela_pf_vport **)netdev_priv(netdev) = vport;
	vport_netdev_setup(vport, netdev, &info);

	rtnl_lock();
	err = vport_activate(vport, netdev, extack);
	rtnl_unlock();
	if (err)
		free_netdev(netdev);
	return err;
}

/**
 * kawela_pf_vport_netdev_del - remove a VPort's netdev
 * @vport: VPort; nothing happens when it has no netdev
 *
 * Waits until nobody sends any more and all buffers are back.
 *
 * Context: devl_lock, without RTNL.
 */
void kawela_pf_vport_netdev_del(struct kawela_pf_vport *vport)
{
	struct net_device *netdev = vport->netdev;

	if (!netdev)
		return;
	rtnl_lock();
	kawela_pf_vport_unlink(vport);
	unregister_netdevice(netdev);
	cancel_work_sync(&vport->addr_work);
	kawela_pf_vport_detach(vport);
	rtnl_unlock();
	free_netdev(netdev);
}
