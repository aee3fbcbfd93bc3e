// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PF netdev's addresses and VLANs, brought to the switch model.
 *
 * Owns: pf->addr_work. Never touches: a register, a table entry; nsw decides about those.
 * Locks: the netdev's address lock while the lists are copied.
 *
 * On older kernels new lists come with a spinlock held and nsw sleeps, hence the work. It takes a
 * copy of the lists as they are when it runs, so the last change always gets through.
 */
#include "pf.h"

static int pf_copy_list(struct kawela_pf_addr_list *copy, const struct netdev_hw_addr_list *list)
{
	const struct netdev_hw_addr *ha;

	copy->num = 0;
	copy->addr = kcalloc(netdev_hw_addr_list_count(list), ETH_ALEN, GFP_ATOMIC);
	if (!copy->addr)
		return -ENOMEM;
	netdev_hw_addr_list_for_each(ha, list)
		ether_addr_copy(copy->addr[copy->num++], ha->addr);
	return 0;
}

/**
 * kawela_pf_copy_lists - copy a netdev's address lists
 * @netdev: the PF's or a VPort's
 * @uc: secondary unicast addresses; the caller frees @uc->addr, also on failure
 * @mc: multicast addresses; likewise
 * @flags: the netdev's flags at that moment
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int kawela_pf_copy_lists(struct net_device *netdev, struct kawela_pf_addr_list *uc,
			 struct kawela_pf_addr_list *mc, unsigned int *flags)
{
	int err;

	netif_addr_lock_bh(netdev);
	*flags = netdev->flags;
	err = pf_copy_list(uc, &netdev->uc);
	if (!err)
		err = pf_copy_list(mc, &netdev->mc);
	netif_addr_unlock_bh(netdev);
	return err;
}

/**
 * kawela_pf_addr_work - give the netdev's address lists to the switch
 * @work: pf->addr_work
 *
 * Without memory for a copy the PF takes everything until the next change: a frame too many is
 * better than one lost.
 */
void kawela_pf_addr_work(struct work_struct *work)
{
	struct kawela_pf *pf = container_of(work, struct kawela_pf, addr_work);
	struct kawela_pf_addr_list uc = {}, mc = {};
	struct kawela_nsw_pf_addrs addrs = {};
	unsigned int flags;

	if (kawela_pf_copy_lists(pf->netdev, &uc, &mc, &flags)) {
		addrs.flags = KAWELA_NSW_PF_PROMISC | KAWELA_NSW_PF_ALLMULTI;
	} else {
		addrs.uc = uc.addr;
		addrs.num_uc = uc.num;
		addrs.mc = mc.addr;
		addrs.num_mc = mc.num;
		addrs.flags = (flags & IFF_PROMISC ? KAWELA_NSW_PF_PROMISC : 0) |
			      (flags & IFF_ALLMULTI ? KAWELA_NSW_PF_ALLMULTI : 0);
	}
	if (kawela_nsw_pf_sync_addrs(pf->nsw, &addrs))
		netdev_warn_once(pf->netdev, "address lists not taken over, out of memory\n");
	kawela_pf_fdb_sync(pf);
	kfree(uc.addr);
	kfree(mc.addr);
}

/**
 * kawela_pf_addr_kick - some list has changed: have the switch told
 * @pf: PF
 *
 * Context: any.
 */
void kawela_pf_addr_kick(struct kawela_pf *pf)
{
	queue_work(system_dfl_wq, &pf->addr_work);
}

/**
 * kawela_pf_set_rx_mode - ndo_set_rx_mode_async
 * @netdev: PF netdev
 * @uc: secondary unicast addresses, not looked at here
 * @mc: multicast addresses, likewise
 *
 * Context: RTNL, or the address lock of @netdev with bottom halves off.
 * Return: 0.
 */
int kawela_pf_set_rx_mode(struct net_device *netdev, struct netdev_hw_addr_list *uc,
			  struct netdev_hw_addr_list *mc)
{
	kawela_pf_addr_kick(netdev_priv(netdev));
	return 0;
}

/**
 * kawela_pf_set_mac_address - ndo_set_mac_address
 * @netdev: PF netdev
 * @addr: struct sockaddr
 *
 * Context: RTNL.
 * Return: 0, -EADDRNOTAVAIL (no unicast address), -EEXIST (a VF uses it).
 */
int kawela_pf_set_mac_address(struct net_device *netdev, void *addr)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct sockaddr *sa = addr;
	int err;

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;
	err = kawela_nsw_pf_set_mac(pf->nsw, sa->sa_data);
	if (err)
		return err;
	eth_hw_addr_set(netdev, sa->sa_data);
	return 0;
}

/**
 * kawela_pf_vlan_rx_add_vid - ndo_vlan_rx_add_vid
 * @netdev: PF netdev
 * @proto: 802.1Q
 * @vid: VLAN id
 *
 * Context: RTNL.
 * Return: 0, or -ENOSPC when the VLAN table is full.
 */
int kawela_pf_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	int err;

	err = kawela_nsw_pf_vlan(pf->nsw, vid, true);
	if (!err)
		kawela_pf_stations_vlan(pf, vid, true);
	return err;
}

/**
 * kawela_pf_vlan_rx_kill_vid - ndo_vlan_rx_kill_vid
 * @netdev: PF netdev
 * @proto: 802.1Q
 * @vid: VLAN id
 *
 * Context: RTNL.
 * Return: 0.
 */
int kawela_pf_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_pf_stations_vlan(pf, vid, false);
	return kawela_nsw_pf_vlan(pf->nsw, vid, false);
}
