/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nondefault VPorts of the PF, and the devlink ports that stand for all VPorts.
 *
 * A PF VPort is a pool no VF is wired to, with a queue pair, a vector and filters of its own. It
 * carries either a netdev (made by devlink) or a station (an offloaded macvlan).
 *
 * LOCKING: RTNL for everything of a VPort; devl_lock, outside RTNL, for everything of a port.
 * struct kawela_pf.vport_lock lets the link work find the netdevs without RTNL.
 */
#ifndef _KAWELA_PF_VPORT_H_
#define _KAWELA_PF_VPORT_H_

#include <linux/netdevice.h>
#include <linux/workqueue.h>
#include <net/devlink.h>

#include <net/kawela/ring.h>

#include "../nsw/nsw.h"
#include "pf_health.h"

struct kawela_pf;

/*
 * The PF's first vectors are its own: misc and two queue pairs in VMDq. With n VFs it owns vectors
 * 0 to min(9, 24 - 3n); pool p, which is n or more, uses the one below.
 */
#define KAWELA_PF_VPORT_VECTOR(pool)	(3 + (KAWELA_NSW_PF_POOL - 1) - (pool))

/* Indices of the devlink ports; the three ranges cannot meet. */
#define KAWELA_PF_PORT_UPLINK		0
#define KAWELA_PF_PORT_VF(vf)		(1 + (vf))
#define KAWELA_PF_PORT_SF(pool)		(16 + (pool))

/**
 * struct kawela_pf_addr_list - a copy of one of a netdev's address lists
 * @addr: addresses
 * @num: how many
 */
struct kawela_pf_addr_list {
	u8 (*addr)[ETH_ALEN];
	unsigned int num;
};

/**
 * struct kawela_pf_port - a devlink port
 * @dl: for the devlink core
 * @registered: the core has it; devl_lock
 * @kind: whose VPort it stands for; devl_lock
 * @sfnum: number of a PF VPort; devl_lock
 * @reporters: its health reporters; devl_lock
 */
struct kawela_pf_port {
	struct devlink_port dl;
	bool registered;
	enum kawela_nsw_kind kind;
	u32 sfnum;
	struct kawela_pf_reporters reporters;
};

/**
 * struct kawela_pf_vport - a nondefault VPort of the PF
 * @pf: its PF
 * @netdev: its netdev, or the stand-in that a station's queue needs; NULL while inactive
 * @station: the macvlan that receives from it, NULL if it has a netdev of its own
 * @dp: its datapath
 * @addr_work: brings the netdev's address lists to nsw
 * @sfnum: number of the devlink port
 * @pool: its pool
 * @up: the datapath runs; written under RTNL
 * @linked: the netdev's carrier follows the port's; RTNL and vport_lock
 * @irq_name: name shown in /proc/interrupts
 */
struct kawela_pf_vport {
	struct kawela_pf *pf;
	struct net_device *netdev;
	struct net_device *station;
	struct kawela_dp dp;
	struct work_struct addr_work;
	u32 sfnum;
	u8 pool;
	bool up;
	bool linked;
	char irq_name[32];
};

/* pf_devlink.c */
struct kawela_pf *kawela_pf_of_devlink(struct devlink *devlink);
int kawela_pf_devlink_init(struct kawela_pf *pf);
void kawela_pf_devlink_fini(struct kawela_pf *pf);
bool kawela_pf_devlink_sriov_allowed(struct kawela_pf *pf);

/* pf_devlink_port.c */
int kawela_pf_port_new(struct devlink *devlink, const struct devlink_port_new_attrs *attrs,
		       struct netlink_ext_ack *extack, struct devlink_port **port);
int kawela_pf_ports_init(struct kawela_pf *pf);
void kawela_pf_ports_fini(struct kawela_pf *pf);
void kawela_pf_ports_sync(struct kawela_pf *pf);
void kawela_pf_ports_unplug(struct kawela_pf *pf);
void kawela_pf_ports_plug(struct kawela_pf *pf);

/* pf_vport.c */
int kawela_pf_in_service(const struct kawela_pf *pf, struct netlink_ext_ack *extack);
struct kawela_pf_vport *kawela_pf_vport_add(struct kawela_pf *pf, enum kawela_nsw_owner owner,
					    const u32 *sfnum, struct netlink_ext_ack *extack);
int kawela_pf_vport_del(struct kawela_pf_vport *vport, struct netlink_ext_ack *extack);
int kawela_pf_vport_attach(struct kawela_pf_vport *vport, struct net_device *netdev,
			   struct netlink_ext_ack *extack);
void kawela_pf_vport_detach(struct kawela_pf_vport *vport);
void kawela_pf_vport_link(struct kawela_pf_vport *vport);
void kawela_pf_vport_unlink(struct kawela_pf_vport *vport);
int kawela_pf_vport_up(struct kawela_pf_vport *vport);
const char *kawela_pf_vport_reason(int err);
void kawela_pf_vport_up_or_close(struct kawela_pf_vport *vport);
void kawela_pf_vport_down(struct kawela_pf_vport *vport);
int kawela_pf_vport_resize(struct kawela_pf_vport *vport, const struct kawela_qp_set *rings);
int kawela_pf_vport_set_mtu(struct kawela_pf_vport *vport, int mtu);
void kawela_pf_vports_up(struct kawela_pf *pf);
void kawela_pf_vports_down(struct kawela_pf *pf);
void kawela_pf_vports_carrier(struct kawela_pf *pf);
bool kawela_pf_vport_addr(struct kawela_pf *pf, unsigned int pool, u8 *mac);
irqreturn_t kawela_pf_vport_irq(int irq, void *data);

/* pf_vport_netdev.c */
int kawela_pf_vport_netdev_add(struct kawela_pf_vport *vport, struct devlink_port *port,
			       struct netlink_ext_ack *extack);
void kawela_pf_vport_netdev_del(struct kawela_pf_vport *vport);
void kawela_pf_vport_addr_work(struct work_struct *work);

/* pf_station.c */
void *kawela_pf_dfwd_add_station(struct net_device *netdev, struct net_device *vdev);
void kawela_pf_dfwd_del_station(struct net_device *netdev, void *priv);
void kawela_pf_stations_vlan(struct kawela_pf *pf, u16 vid, bool add);
void kawela_pf_stations_features(struct kawela_pf *pf, netdev_features_t features);
void kawela_pf_stations_down(struct kawela_pf *pf);
void kawela_pf_stations_set_mtu(struct kawela_pf *pf, int mtu);
void kawela_pf_station_release(struct kawela_pf_vport *vport);
int kawela_pf_stations_init(struct kawela_pf *pf);
void kawela_pf_stations_fini(struct kawela_pf *pf);

#endif /* _KAWELA_PF_VPORT_H_ */
