// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stations: macvlans and macvtaps that receive from a VPort of their own (VMQ).
 *
 * Owns: the ndo_dfwd_* pair and pf->station_nb. Never touches: a register; a VPort's queue
 * (pf_vport.c).
 * Locks: RTNL. devl_lock is outside it, so the devlink ports of stations follow in pf->ports_work.
 *
 * The VPort gets the frames for the station's address and nothing else: what goes to groups is
 * received by the PF, and macvlan copies it to whom it concerns. Stations send through the PF's
 * queues. The switch filters on the VPort's VLANs too, so it joins all that the PF joined: macvlan
 * passes those of its upper devices on to the PF.
 */
#include <linux/if_macvlan.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "pf.h"

static struct kawela_pf_vport *station_find(const struct kawela_pf *pf,
					    const struct net_device *vdev)
{
	unsigned int pool;

	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++)
		if (pf->vport[pool] && pf->vport[pool]->station == vdev)
			return pf->vport[pool];
	return NULL;
}

/* NAPI and the queue want a netdev that lives as long as they; the macvlan's own is not ours. */
static int station_attach(struct kawela_pf_vport *vport, struct net_device *vdev,
			  struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = vport->pf;
	struct net_device *dummy;
	int err;

	dummy = alloc_netdev_dummy(0);
	if (!dummy)
		return -ENOMEM;
	strscpy(dummy->name, vdev->name, sizeof(dummy->name));
	dummy->features = pf->netdev->features & KAWELA_DP_HW_FEATURES;

	err = kawela_pf_vport_attach(vport, dummy, extack);
	if (err)
		goto err_dummy;
	vport->dp.rx_dev = vdev;
	err = kawela_nsw_pf_vport_activate(pf->nsw, vport->pool, extack);
	if (err)
		goto err_detach;
	err = pf->running ? kawela_pf_vport_up(vport) : 0;
	if (err)
		goto err_detach;
	return 0;

err_detach:
	kawela_pf_vport_detach(vport);
err_dummy:
	free_netdev(dummy);
	return err;
}

static void station_detach(struct kawela_pf_vport *vport)
{
	struct net_device *dummy = vport->netdev;

	kawela_pf_vport_down(vport);
	kawela_pf_vport_detach(vport);
	free_netdev(dummy);
}

static void station_del(struct kawela_pf_vport *vport)
{
	struct kawela_pf *pf = vport->pf;

	station_detach(vport);
	if (kawela_pf_vport_del(vport, NULL))
		netdev_err(pf->netdev, "VPort of a station cannot be deleted\n");
	queue_work(system_dfl_wq, &pf->ports_work);
}

/**
 * kawela_pf_dfwd_add_station - ndo_dfwd_add_station: give a macvlan a VPort
 * @netdev: PF netdev
 * @vdev: macvlan that is being opened
 *
 * Only modes that forward by destination address are what the hardware does.
 *
 * Context: RTNL.
 * Return: the VPort, or ERR_PTR, and macvlan goes on in software: -EMEDIUMTYPE (mode), -ENODEV
 * (the PF is going), -ENETDOWN (it is out of service), -ENOSPC (no VPort or vector left),
 * -EOPNOTSUPP (VMQ is off), -EEXIST (the address is taken), -ENOMEM.
 */
void *kawela_pf_dfwd_add_station(struct net_device *netdev, struct net_device *vdev)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct netlink_ext_ack extack = {};
	struct kawela_pf_vport *vport;
	int err;

	ASSERT_RTNL();
	if (!macvlan_supports_dest_filter(vdev))
		return ERR_PTR(-EMEDIUMTYPE);
	if (pf->leaving)
		return ERR_PTR(-ENODEV);
	/* The address may just have left the PF's list, and nsw not know yet. */
	kawela_pf_addr_kick(pf);
	flush_work(&pf->addr_work);

	vport = kawela_pf_vport_add(pf, KAWELA_NSW_OWNER_STATION, NULL, &extack);
	if (IS_ERR(vport)) {
		err = PTR_ERR(vport);
		goto err_report;
	}
	vport->station = vdev;
	err = station_attach(vport, vdev, &extack);
	if (err)
		goto err_vport;
	queue_work(system_dfl_wq, &pf->ports_work);
	return vport;

err_vport:
	kawela_pf_vport_del(vport, NULL);
err_report:
	if (net_ratelimit())
		netdev_info(vdev, "not offloaded: %s\n",
			    extack._msg ?: kawela_pf_vport_reason(err));
	return ERR_PTR(err);
}

/**
 * kawela_pf_dfwd_del_station - ndo_dfwd_del_station
 * @netdev: PF netdev
 * @priv: what kawela_pf_dfwd_add_station() returned
 *
 * Context: RTNL.
 */
void kawela_pf_dfwd_del_station(struct net_device *netdev, void *priv)
{
	ASSERT_RTNL();
	station_del(priv);
}

/**
 * kawela_pf_station_release - to software: the PF receives for the macvlan from now on
 * @vport: its VPort, which goes
 *
 * Context: RTNL.
 */
void kawela_pf_station_release(struct kawela_pf_vport *vport)
{
	struct net_device *vdev = vport->station;

	ASSERT_RTNL();
	if (macvlan_release_l2fw_offload(vdev) && net_ratelimit())
		netdev_warn(vdev, "the PF does not take the address over\n");
	station_del(vport);
}

/**
 * kawela_pf_stations_features - the PF's features change
 * @pf: PF
 * @features: the new ones
 *
 * The rings look at the features of the stand-ins. Without l2-fwd-offload all stations go back to
 * software.
 *
 * Context: RTNL.
 */
void kawela_pf_stations_features(struct kawela_pf *pf, netdev_features_t features)
{
	struct kawela_pf_vport *vport;
	unsigned int pool;

	ASSERT_RTNL();
	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++) {
		vport = pf->vport[pool];
		if (!vport || !vport->station)
			continue;
		if (features & NETIF_F_HW_L2FW_DOFFLOAD)
			vport->netdev->features = features & KAWELA_DP_HW_FEATURES;
		else
			kawela_pf_station_release(vport);
	}
}

/**
 * kawela_pf_stations_down - the PF's queues are about to close
 * @pf: PF
 *
 * Context: RTNL.
 */
void kawela_pf_stations_down(struct kawela_pf *pf)
{
	unsigned int pool;

	ASSERT_RTNL();
	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++)
		if (pf->vport[pool] && pf->vport[pool]->station)
			kawela_pf_vport_down(pf->vport[pool]);
}

/**
 * kawela_pf_stations_set_mtu - the PF has another MTU, and with it the stations
 * @pf: PF
 * @mtu: bytes
 *
 * One that does not get it goes back to software.
 *
 * Context: RTNL.
 */
void kawela_pf_stations_set_mtu(struct kawela_pf *pf, int mtu)
{
	struct kawela_pf_vport *vport;
	unsigned int pool;

	ASSERT_RTNL();
	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++) {
		vport = pf->vport[pool];
		if (vport && vport->station && kawela_pf_vport_set_mtu(vport, mtu))
			kawela_pf_station_release(vport);
	}
}

/**
 * kawela_pf_stations_vlan - the PF joined a VLAN, or leaves it
 * @pf: PF
 * @vid: VLAN id
 * @add: join, else leave
 *
 * A station that cannot join goes back to software rather than lose frames.
 *
 * Context: RTNL.
 */
void kawela_pf_stations_vlan(struct kawela_pf *pf, u16 vid, bool add)
{
	struct kawela_pf_vport *vport;
	unsigned int pool;

	ASSERT_RTNL();
	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++) {
		vport = pf->vport[pool];
		if (!vport || !vport->station || !vport->up)
			continue;
		if (kawela_nsw_vport_set_vlan(pf->nsw, pool, vid, add))
			kawela_pf_station_release(vport);
	}
}

/*
 * macvlan has put the new address on the PF, as it does for a station it runs in software. The PF
 * gives it up for the VPort; if the VPort cannot have it, the station goes back to software.
 */
static void station_new_addr(struct kawela_pf_vport *vport, const struct net_device *vdev)
{
	struct kawela_pf *pf = vport->pf;
	u8 mac[ETH_ALEN] __aligned(2);

	ether_addr_copy(mac, vdev->dev_addr);
	dev_uc_del(pf->netdev, mac);
	kawela_pf_addr_kick(pf);
	flush_work(&pf->addr_work);
	if (vport->up && kawela_nsw_vport_set_mac(pf->nsw, vport->pool, mac))
		kawela_pf_station_release(vport);
}

static int station_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct kawela_pf *pf = container_of(nb, struct kawela_pf, station_nb);
	struct net_device *vdev = netdev_notifier_info_to_dev(ptr);
	struct kawela_pf_vport *vport;

	if (event != NETDEV_CHANGEADDR || !netif_is_macvlan(vdev))
		return NOTIFY_DONE;
	vport = station_find(pf, vdev);
	if (!vport)
		return NOTIFY_DONE;
	station_new_addr(vport, vdev);
	return NOTIFY_OK;
}

/**
 * kawela_pf_stations_init - listen to the stations
 * @pf: PF
 *
 * Context: probe.
 * Return: 0 or -ENOMEM.
 */
int kawela_pf_stations_init(struct kawela_pf *pf)
{
	pf->station_nb.notifier_call = station_event;
	return register_netdevice_notifier(&pf->station_nb);
}

/**
 * kawela_pf_stations_fini - no station from now on
 * @pf: PF
 *
 * Context: remove, without RTNL.
 */
void kawela_pf_stations_fini(struct kawela_pf *pf)
{
	rtnl_lock();
	pf->leaving = true;
	kawela_pf_stations_features(pf, 0);
	rtnl_unlock();
	unregister_netdevice_notifier(&pf->station_nb);
}
