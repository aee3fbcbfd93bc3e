// SPDX-License-Identifier: GPL-2.0-only
/*
 * devlink ports: the wire, the VFs' VPorts, the PF's nondefault VPorts; making and deleting them.
 *
 * Owns: pf->uplink, pf->port[], pf->ports_work. Never touches: policy (nsw refuses), queues
 * (pf_vport.c), a VF's session (pf_sriov.c).
 * Locks: devl_lock for all of it; RTNL inside it, around VPorts of the PF.
 *
 * Nobody keeps ports in step by hand: after anything that may have made or deleted a VPort,
 * kawela_pf_ports_sync() registers and unregisters what nsw says. The default VPort needs no port
 * of its own: its netdev is linked with the wire.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include "../compat/netdev.h"
#include "pf.h"

/* What the pool's port should be. */
struct port_want {
	enum kawela_nsw_kind kind;
	u32 sfnum;
};

static struct kawela_pf *port_pf(const struct kawela_pf_port *port)
{
	return kawela_pf_of_devlink(port->dl.devlink);
}

static struct kawela_pf_port *port_of(struct devlink_port *dl)
{
	return container_of(dl, struct kawela_pf_port, dl);
}

static unsigned int port_pool(const struct kawela_pf_port *port)
{
	return port - port_pf(port)->port;
}

/* Function attributes */

/* The core asks for attributes from netdev notifiers too: RTNL may be held here, or not. */
static int port_hw_addr_get(struct devlink_port *dl, u8 *hw_addr, int *len,
			    struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = port_of(dl);
	struct kawela_nsw_vport_info info;
	int err;

	*len = ETH_ALEN;
	if (kawela_pf_vport_addr(port_pf(port), port_pool(port), hw_addr))
		return 0;
	err = kawela_nsw_vport_get_info(port_pf(port)->nsw, port_pool(port), &info);
	if (err)
		return err;
	memcpy(hw_addr, is_zero_ether_addr(info.admin_mac) ? info.mac : info.admin_mac, ETH_ALEN);
	return 0;
}

static int port_check_addr(const u8 *hw_addr, int len, u8 *mac, struct netlink_ext_ack *extack)
{
	if (len != ETH_ALEN) {
		NL_SET_ERR_MSG(extack, "an Ethernet address has 6 bytes");
		return -EINVAL;
	}
	memcpy(mac, hw_addr, ETH_ALEN);
	return 0;
}

/* As `ip link set PF vf N mac`. */
static int port_vf_hw_addr_set(struct devlink_port *dl, const u8 *hw_addr, int len,
			       struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = port_of(dl);
	u8 mac[ETH_ALEN] __aligned(2);
	int err;

	err = port_check_addr(hw_addr, len, mac, extack);
	if (err)
		return err;
	return kawela_pf_vf_pin(port_pf(port), port_pool(port), mac, extack);
}

/* The VPort of a port, or NULL when its station has just gone. Returns with RTNL held. */
static struct kawela_pf_vport *port_vport_lock(struct kawela_pf_port *port)
{
	rtnl_lock();
	return port_pf(port)->vport[port_pool(port)];
}

static int port_no_station(const struct kawela_pf_vport *vport, struct netlink_ext_ack *extack)
{
	if (!vport) {
		NL_SET_ERR_MSG(extack, "the VPort has just gone with its macvlan");
		return -ENODEV;
	}
	if (!vport->station)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "belongs to macvlan %s", vport->station->name);
	return -EPERM;
}

/* The VPort of a port, if it is the administrator's: devl_lock keeps it from going. */
static struct kawela_pf_vport *port_own_vport(struct kawela_pf_port *port,
					      struct netlink_ext_ack *extack)
{
	struct kawela_pf_vport *vport;
	int err;

	devl_assert_locked(port->dl.devlink);
	vport = port_vport_lock(port);
	err = port_no_station(vport, extack);
	rtnl_unlock();
	return err ? ERR_PTR(err) : vport;
}

static void port_restore_vport_mac(struct kawela_pf_vport *vport,
				   const struct kawela_nsw_vport_info *old)
{
	struct kawela_nsw *nsw = vport->pf->nsw;

	kawela_nsw_vport_set_admin_mac(nsw, vport->pool, old->admin_mac, NULL);
	if (vport->up)
		kawela_nsw_vport_set_mac(nsw, vport->pool, old->mac);
}

/* The pin says whether the address is to be had; then the netdev takes it, for all to hear. */
static int port_set_vport_mac(struct kawela_pf_vport *vport, const u8 *mac,
			      struct netlink_ext_ack *extack)
{
	struct sockaddr_storage ss = { .ss_family = ARPHRD_ETHER };
	struct kawela_nsw_vport_info old;
	int err;

	if (vport->netdev && is_zero_ether_addr(mac)) {
		NL_SET_ERR_MSG(extack, "an active VPort needs an address");
		return -EINVAL;
	}
	err = kawela_nsw_vport_get_info(vport->pf->nsw, vport->pool, &old);
	if (!err)
		err = kawela_nsw_vport_set_admin_mac(vport->pf->nsw, vport->pool, mac, extack);
	if (err || !vport->netdev)
		return err;
	memcpy(ss.__data, mac, ETH_ALEN);
	err = dev_set_mac_address(vport->netdev, &ss, extack);
	if (err)
		port_restore_vport_mac(vport, &old);
	return err;
}

static int port_sf_hw_addr_set(struct devlink_port *dl, const u8 *hw_addr, int len,
			       struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = port_of(dl);
	u8 mac[ETH_ALEN] __aligned(2);
	struct kawela_pf_vport *vport;
	int err;

	err = port_check_addr(hw_addr, len, mac, extack);
	if (err)
		return err;
	vport = port_vport_lock(port);
	err = port_no_station(vport, extack);
	if (!err)
		err = port_set_vport_mac(vport, mac, extack);
	rtnl_unlock();
	return err;
}

static int port_state_get(struct devlink_port *dl, enum devlink_port_fn_state *state,
			  enum devlink_port_fn_opstate *opstate, struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = port_of(dl);
	struct kawela_nsw_vport_info info;
	bool attached;
	int err;

	err = kawela_nsw_vport_get_info(port_pf(port)->nsw, port_pool(port), &info);
	if (err)
		return err;
	attached = port->kind == KAWELA_NSW_PF ? info.active : info.ready;
	*state = info.active ? DEVLINK_PORT_FN_STATE_ACTIVE : DEVLINK_PORT_FN_STATE_INACTIVE;
	*opstate = attached ? DEVLINK_PORT_FN_OPSTATE_ATTACHED : DEVLINK_PORT_FN_OPSTATE_DETACHED;
	return 0;
}

static int port_vf_state_set(struct devlink_port *dl, enum devlink_port_fn_state state,
			     struct netlink_ext_ack *extack)
{
	if (state == DEVLINK_PORT_FN_STATE_ACTIVE)
		return 0;
	NL_SET_ERR_MSG(extack, "the VPort of a VF is always active, delete the port instead");
	return -EBUSY;
}

static int port_sf_state_set(struct devlink_port *dl, enum devlink_port_fn_state state,
			     struct netlink_ext_ack *extack)
{
	struct kawela_pf_vport *vport = port_own_vport(port_of(dl), extack);

	if (IS_ERR(vport))
		return PTR_ERR(vport);
	if (state == DEVLINK_PORT_FN_STATE_INACTIVE && vport->netdev) {
		NL_SET_ERR_MSG(extack, "an active VPort stays active, delete the port instead");
		return -EBUSY;
	}
	if (state == DEVLINK_PORT_FN_STATE_INACTIVE || vport->netdev)
		return 0;
	return kawela_pf_vport_netdev_add(vport, dl, extack);
}

static int port_max_io_eqs_get(struct devlink_port *dl, u32 *max_eqs,
			       struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = port_of(dl);
	struct kawela_nsw_vport_info info;
	int err;

	err = kawela_nsw_vport_get_info(port_pf(port)->nsw, port_pool(port), &info);
	if (!err)
		*max_eqs = info.num_qps;
	return err;
}

static int port_max_io_eqs_set(struct devlink_port *dl, u32 max_eqs,
			       struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = port_of(dl);

	return kawela_nsw_vport_set_num_qps(port_pf(port)->nsw, port_pool(port), max_eqs, extack);
}

/* Deleting */

static int port_uplink_del(struct devlink *devlink, struct devlink_port *dl,
			   struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "the port of the wire cannot be deleted");
	return -EOPNOTSUPP;
}

static int port_vf_del(struct devlink *devlink, struct devlink_port *dl,
		       struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = port_of(dl);
	struct kawela_pf *pf = port_pf(port);
	int err;

	err = kawela_pf_health_idle(pf, extack);
	if (err)
		return err;
	err = kawela_pf_vf_vport_del(pf, port_pool(port), extack);
	kawela_pf_ports_sync(pf);
	return err;
}

static int port_sf_del(struct devlink *devlink, struct devlink_port *dl,
		       struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = kawela_pf_of_devlink(devlink);
	struct kawela_pf_vport *vport;
	int err;

	vport = port_own_vport(port_of(dl), extack);
	if (IS_ERR(vport))
		return PTR_ERR(vport);
	kawela_pf_vport_netdev_del(vport);
	rtnl_lock();
	err = kawela_pf_vport_del(vport, extack);
	rtnl_unlock();
	kawela_pf_ports_sync(pf);
	return err;
}

static const struct devlink_port_ops uplink_ops = {
	.port_del		= port_uplink_del,
};

static const struct devlink_port_ops vf_ops = {
	.port_del		= port_vf_del,
	.port_fn_hw_addr_get	= port_hw_addr_get,
	.port_fn_hw_addr_set	= port_vf_hw_addr_set,
	.port_fn_state_get	= port_state_get,
	.port_fn_state_set	= port_vf_state_set,
	.port_fn_max_io_eqs_get	= port_max_io_eqs_get,
	.port_fn_max_io_eqs_set	= port_max_io_eqs_set,
};

static const struct devlink_port_ops sf_ops = {
	.port_del		= port_sf_del,
	.port_fn_hw_addr_get	= port_hw_addr_get,
	.port_fn_hw_addr_set	= port_sf_hw_addr_set,
	.port_fn_state_get	= port_state_get,
	.port_fn_state_set	= port_sf_state_set,
	.port_fn_max_io_eqs_get	= port_max_io_eqs_get,
	.port_fn_max_io_eqs_set	= port_max_io_eqs_set,
};

/* Making */

static int port_new_vf(struct kawela_pf *pf, const struct devlink_port_new_attrs *attrs,
		       struct netlink_ext_ack *extack, struct kawela_pf_port **port)
{
	unsigned int vf;
	int err;

	if (!attrs->port_index_valid || !in_range(attrs->port_index, KAWELA_PF_PORT_VF(0),
						  KW_MAX_VFS)) {
		NL_SET_ERR_MSG_FMT(extack, "give the index of the VF: pci/%s/<1+vf>, 1 to %u",
				   pci_name(pf->pdev), KW_MAX_VFS);
		return -EINVAL;
	}
	vf = attrs->port_index - KAWELA_PF_PORT_VF(0);
	err = kawela_pf_vf_vport_add(pf, vf, extack);
	if (err)
		return err;
	kawela_pf_ports_sync(pf);
	*port = &pf->port[vf];
	return 0;
}

/* The pool that kawela_nsw_pf_vport_add() would take, -1 if none is left: it says so better. */
static int port_next_pool(struct kawela_pf *pf)
{
	struct kawela_nsw_vport_info info;
	int pool;

	for (pool = ARRAY_SIZE(pf->port) - 1; pool >= 0; pool--)
		if (kawela_nsw_vport_get_info(pf->nsw, pool, &info) ||
		    info.kind == KAWELA_NSW_NONE)
			break;
	return pool;
}

static int port_new_sf(struct kawela_pf *pf, const struct devlink_port_new_attrs *attrs,
		       struct netlink_ext_ack *extack, struct kawela_pf_port **port)
{
	struct kawela_pf_vport *vport;
	int pool = port_next_pool(pf);

	if (attrs->port_index_valid && pool >= 0 && attrs->port_index != KAWELA_PF_PORT_SF(pool)) {
		NL_SET_ERR_MSG(extack, "leave the index out, the switch chooses it");
		return -EOPNOTSUPP;
	}

	rtnl_lock();
	vport = kawela_pf_vport_add(pf, KAWELA_NSW_OWNER_DEVLINK,
				    attrs->sfnum_valid ? &attrs->sfnum : NULL, extack);
	pool = IS_ERR(vport) ? 0 : vport->pool;
	rtnl_unlock();
	if (IS_ERR(vport))
		return PTR_ERR(vport);
	kawela_pf_ports_sync(pf);
	*port = &pf->port[pool];
	return 0;
}

/* What has no port nobody could delete. */
static void port_new_undo(struct kawela_pf *pf, struct kawela_pf_port *port)
{
	unsigned int pool = port - pf->port;

	if (port->kind == KAWELA_NSW_VF) {
		kawela_pf_vf_vport_del(pf, pool, NULL);
		return;
	}
	rtnl_lock();
	kawela_pf_vport_del(pf->vport[pool], NULL);
	rtnl_unlock();
}

/**
 * kawela_pf_port_new - port_new of devlink: give a VF its VPort back, or make one for the PF
 * @devlink: instance
 * @attrs: what is asked for
 * @extack: takes the reason of a refusal
 * @dl: the new port
 *
 * Context: devl_lock.
 * Return: 0; -EINVAL (index of the VF missing); -EOPNOTSUPP (flavour, controller, pfnum, index);
 * -ENOMEM (the core has no room for the port); or what nsw says.
 */
int kawela_pf_port_new(struct devlink *devlink, const struct devlink_port_new_attrs *attrs,
		       struct netlink_ext_ack *extack, struct devlink_port **dl)
{
	struct kawela_pf *pf = kawela_pf_of_devlink(devlink);
	struct kawela_pf_port *port;
	int err;

	devl_assert_locked(devlink);
	if (attrs->pfnum || (attrs->controller_valid && attrs->controller)) {
		NL_SET_ERR_MSG(extack, "there is pfnum 0 of the local controller only");
		return -EOPNOTSUPP;
	}
	switch (attrs->flavour) {
	case DEVLINK_PORT_FLAVOUR_PCI_VF:
		err = port_new_vf(pf, attrs, extack, &port);
		break;
	case DEVLINK_PORT_FLAVOUR_PCI_SF:
		err = port_new_sf(pf, attrs, extack, &port);
		break;
	default:
		NL_SET_ERR_MSG(extack, "flavours are pcivf and pcisf");
		return -EOPNOTSUPP;
	}
	if (err)
		return err;
	if (!port->registered) {
		NL_SET_ERR_MSG(extack, "no memory for the port, try again");
		port_new_undo(pf, port);
		return -ENOMEM;
	}
	*dl = &port->dl;
	return 0;
}

/* In step with nsw */

static struct port_want port_wanted(struct kawela_pf *pf, unsigned int pool)
{
	struct port_want want = {};
	struct kawela_nsw_vport_info info;

	rtnl_lock();
	if (!kawela_nsw_vport_get_info(pf->nsw, pool, &info) && info.present) {
		want.kind = info.kind;
		if (want.kind == KAWELA_NSW_PF && pf->vport[pool])
			want.sfnum = pf->vport[pool]->sfnum;
	}
	rtnl_unlock();
	return want;
}

/*
 * The core complains in an hour about a port whose type nobody sets; a netdev sets it, and a port
 * of a VF or an inactive VPort has none.
 */
static void port_no_type_warning(struct kawela_pf_port *port)
{
	cancel_delayed_work_sync(&port->dl.type_warn_dw);
}

static void port_register(struct kawela_pf *pf, unsigned int pool, const struct port_want *want)
{
	struct kawela_pf_port *port = &pf->port[pool];
	int err;

	memset(port, 0, sizeof(*port));
	port->kind = want->kind;
	port->sfnum = want->sfnum;
	if (want->kind == KAWELA_NSW_VF) {
		devlink_port_attrs_pci_vf_set(&port->dl, 0, 0, pool, false);
		err = devl_port_register_with_ops(pf->devlink, &port->dl, KAWELA_PF_PORT_VF(pool),
						  &vf_ops);
	} else {
		devlink_port_attrs_pci_sf_set(&port->dl, 0, 0, want->sfnum, false);
		err = devl_port_register_with_ops(pf->devlink, &port->dl, KAWELA_PF_PORT_SF(pool),
						  &sf_ops);
	}
	if (err) {
		pci_err(pf->pdev, "no devlink port for pool %u: %pe\n", pool, ERR_PTR(err));
		return;
	}
	port_no_type_warning(port);
	port->registered = true;
	kawela_pf_reporters_create(pf, port);
}

static void port_unregister(struct kawela_pf_port *port)
{
	if (!port->registered)
		return;
	port->registered = false;
	kawela_pf_reporters_destroy(port);
	devl_port_unregister(&port->dl);
}

/**
 * kawela_pf_ports_sync - bring the VPorts' ports into line with the switch
 * @pf: PF
 *
 * Context: devl_lock, without RTNL; no report is being made of a port that goes.
 */
void kawela_pf_ports_sync(struct kawela_pf *pf)
{
	struct kawela_pf_port *port;
	struct port_want want;
	unsigned int pool;

	devl_assert_locked(pf->devlink);
	for (pool = 0; pool < ARRAY_SIZE(pf->port); pool++) {
		port = &pf->port[pool];
		want = port_wanted(pf, pool);
		if (port->registered && port->kind == want.kind && port->sfnum == want.sfnum)
			continue;
		port_unregister(port);
		if (want.kind == KAWELA_NSW_VF || want.kind == KAWELA_NSW_PF)
			port_register(pf, pool, &want);
	}
}

static void ports_work(struct work_struct *work)
{
	struct kawela_pf *pf = container_of(work, struct kawela_pf, ports_work);

	kawela_pf_health_pause(pf);
	devl_lock(pf->devlink);
	kawela_pf_ports_sync(pf);
	devl_unlock(pf->devlink);
	kawela_pf_health_resume(pf);
}

/* Coming and going */

static int uplink_register(struct kawela_pf *pf)
{
	struct devlink_port_attrs attrs = {
		.flavour = DEVLINK_PORT_FLAVOUR_PHYSICAL,
		.phys.port_number = PCI_FUNC(pf->pdev->devfn),
	};
	int err;

	memset(&pf->uplink, 0, sizeof(pf->uplink));
	devlink_port_attrs_set(&pf->uplink.dl, &attrs);
	err = devl_port_register_with_ops(pf->devlink, &pf->uplink.dl, KAWELA_PF_PORT_UPLINK,
					  &uplink_ops);
	pf->uplink.registered = !err;
	if (!err)
		kawela_pf_reporters_create(pf, &pf->uplink);
	return err;
}

/**
 * kawela_pf_ports_init - register the port of the wire and link the PF netdev with it
 * @pf: PF whose netdev is not registered yet
 *
 * Context: probe, devl_lock.
 * Return: 0 or -ENOMEM.
 */
int kawela_pf_ports_init(struct kawela_pf *pf)
{
	int err;

	devl_assert_locked(pf->devlink);
	INIT_WORK(&pf->ports_work, ports_work);
	err = uplink_register(pf);
	if (!err)
		SET_NETDEV_DEVLINK_PORT(pf->netdev, &pf->uplink.dl);
	return err;
}

/**
 * kawela_pf_ports_fini - delete the PF's VPorts and unregister all ports but the wire's
 * @pf: PF without VFs and stations
 *
 * Context: remove, devl_lock.
 */
void kawela_pf_ports_fini(struct kawela_pf *pf)
{
	unsigned int pool;

	devl_assert_locked(pf->devlink);
	for (pool = 0; pool < ARRAY_SIZE(pf->port); pool++) {
		if (!pf->vport[pool])
			continue;
		kawela_pf_vport_netdev_del(pf->vport[pool]);
		rtnl_lock();
		kawela_pf_vport_del(pf->vport[pool], NULL);
		rtnl_unlock();
	}
	kawela_pf_ports_sync(pf);
}

/*
 * A reload wants all ports gone in the meantime, and expects that netdevs go with them. Ours stay,
 * with their addresses and whatever bridge they are in, so they are taken off their ports and put
 * back by hand. Without a port nobody looks for one.
 */
static void port_unplug(struct kawela_pf_port *port, struct net_device *netdev)
{
	if (!port->registered)
		return;
	if (netdev) {
		rtnl_lock();
		netdev->devlink_port = NULL;
		spin_lock_bh(&port->dl.type_lock);
		port->dl.type = DEVLINK_PORT_TYPE_NOTSET;
		port->dl.type_eth.netdev = NULL;
		spin_unlock_bh(&port->dl.type_lock);
		rtnl_unlock();
	}
	port_unregister(port);
}

static void port_plug(struct kawela_pf_port *port, struct net_device *netdev)
{
	struct devlink_port *dl = &port->dl;

	if (!port->registered || !netdev)
		return;
	port_no_type_warning(port);
	rtnl_lock();
	spin_lock_bh(&dl->type_lock);
	dl->type = DEVLINK_PORT_TYPE_ETH;
	if (net_eq(devlink_net(dl->devlink), dev_net(netdev))) {
		dl->type_eth.netdev = netdev;
		dl->type_eth.ifindex = netdev->ifindex;
		strscpy(dl->type_eth.ifname, netdev->name, sizeof(dl->type_eth.ifname));
	}
	spin_unlock_bh(&dl->type_lock);
	netdev->devlink_port = dl;
	rtnl_unlock();
}

/* A station may go at any time, and has no netdev that is linked; the others wait for devl_lock. */
static struct net_device *port_netdev(const struct kawela_pf *pf, unsigned int pool)
{
	const struct kawela_pf_vport *vport;
	struct net_device *netdev;

	rtnl_lock();
	vport = pf->vport[pool];
	netdev = vport && !vport->station ? vport->netdev : NULL;
	rtnl_unlock();
	return netdev;
}

/**
 * kawela_pf_ports_unplug - unregister all ports, for the time of a reload
 * @pf: PF out of service
 *
 * Context: devl_lock.
 */
void kawela_pf_ports_unplug(struct kawela_pf *pf)
{
	unsigned int pool;

	devl_assert_locked(pf->devlink);
	port_unplug(&pf->uplink, pf->netdev);
	for (pool = 0; pool < ARRAY_SIZE(pf->port); pool++)
		port_unplug(&pf->port[pool], port_netdev(pf, pool));
}

/**
 * kawela_pf_ports_plug - register all ports after a reload
 * @pf: PF
 *
 * Context: devl_lock.
 */
void kawela_pf_ports_plug(struct kawela_pf *pf)
{
	unsigned int pool;

	devl_assert_locked(pf->devlink);
	if (uplink_register(pf))
		pci_err(pf->pdev, "no devlink port for the wire\n");
	port_plug(&pf->uplink, pf->netdev);
	kawela_pf_ports_sync(pf);
	for (pool = 0; pool < ARRAY_SIZE(pf->port); pool++)
		port_plug(&pf->port[pool], port_netdev(pf, pool));
}
