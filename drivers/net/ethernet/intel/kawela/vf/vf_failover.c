// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VF below a master that has another path: net_failover, or hv_netvsc.
 *
 * Owns: vf->aside, the announcements. Never touches: registers, the mailbox.
 * Locks: RTNL for everything.
 *
 * Whenever the carrier of the VF goes or comes the master's frames take another way. Neither of the
 * two masters tells the switches, which would send what is for the guest to the old place until
 * the guest sends something by itself. The VF knows when, so it has the master announce itself.
 *
 * net_failover is deaf on its other path while it has a primary, be that without a carrier. So a
 * VF that cannot serve steps aside: it leaves, and once it can serve it comes back as a new netdev,
 * since masters look at netdevs when they are registered. The same brings those together that did
 * not meet because the host gave its address too late.
 */
#include <linux/rtnetlink.h>
#include <net/failover.h>
#include <net/sch_generic.h>

#include "vf.h"

/**
 * kawela_vf_master - the netdev that the VF netdev belongs to
 * @vf: VF
 *
 * Context: RTNL.
 * Return: it, or NULL.
 */
struct net_device *kawela_vf_master(struct kawela_vf *vf)
{
	return netdev_master_upper_dev_get(vf->netdev);
}

/* Bonds and teams announce themselves; who has another address is none that fails over. */
static bool vf_shares_address(struct kawela_vf *vf, struct net_device *master)
{
	return master && !netif_is_lag_port(vf->netdev) &&
	       ether_addr_equal(master->dev_addr, vf->netdev->dev_addr);
}

static void vf_announce(struct net_device *master)
{
	if (master->reg_state != NETREG_REGISTERED || !netif_running(master))
		return;
	call_netdevice_notifiers(NETDEV_NOTIFY_PEERS, master);
	call_netdevice_notifiers(NETDEV_RESEND_IGMP, master);
}

#if IS_REACHABLE(CONFIG_FAILOVER)

static void vf_step_aside(struct kawela_vf *vf)
{
	struct net_device *netdev = vf->netdev;
	struct net_device *master = kawela_vf_master(vf);

	if (!vf->open || netif_carrier_ok(netdev) || !netif_is_failover_slave(netdev))
		return;
	/* This closes the netdev. */
	failover_slave_unregister(netdev);
	if (netif_is_failover_slave(netdev))
		return;
	vf->aside = true;
	vf_announce(master);
}

#else

static void vf_step_aside(struct kawela_vf *vf)
{
}

#endif

/**
 * kawela_vf_no_service - the VF has no session or no link: its master shall do without it
 * @vf: VF
 *
 * Context: session work.
 */
void kawela_vf_no_service(struct kawela_vf *vf)
{
	if (READ_ONCE(vf->open) && netif_is_failover_slave(vf->netdev))
		set_bit(KAWELA_VF_F_ASIDE, &vf->flags);
}

/**
 * kawela_vf_master_serve - do for the master what there is to do
 * @vf: VF
 *
 * The announcement of a carrier waits until frames get through.
 *
 * Context: RTNL; session work, or ndo_stop of a netdev that still has its master.
 * Return: false if something is left to do.
 */
bool kawela_vf_master_serve(struct kawela_vf *vf)
{
	struct net_device *master;

	ASSERT_RTNL();
	if (test_and_clear_bit(KAWELA_VF_F_ASIDE, &vf->flags))
		vf_step_aside(vf);
	if (!test_bit(KAWELA_VF_F_ANNOUNCE, &vf->flags))
		return true;
	if (netif_carrier_ok(vf->netdev) && qdisc_tx_is_noop(vf->netdev))
		return false;

	clear_bit(KAWELA_VF_F_ANNOUNCE, &vf->flags);
	master = kawela_vf_master(vf);
	if (vf_shares_address(vf, master))
		vf_announce(master);
	return true;
}

static bool vf_has_failover(struct kawela_vf *vf)
{
	struct net_device *netdev = vf->netdev;
	struct net_device *dev;

	for_each_netdev(dev_net(netdev), dev) {
		if (netif_is_failover(dev) && ether_addr_equal(dev->perm_addr, netdev->perm_addr))
			return true;
	}
	return false;
}

/**
 * kawela_vf_come_back - have a failover master take the VF, if there is one for it
 * @vf: VF with its permanent address, ready to serve
 *
 * Context: session work, RTNL.
 */
void kawela_vf_come_back(struct kawela_vf *vf)
{
	ASSERT_RTNL();
	if (!vf->aside)
		return;
	if (!kawela_vf_master(vf) && vf_has_failover(vf))
		kawela_vf_pci_anew(vf);
	else
		WRITE_ONCE(vf->aside, false);
}
