// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a nondefault VPort of the PF: created, activated, up and down with its netdev or station,
 * deleted.
 *
 * Owns: pf->vport[], pf->vports_up, the datapath of each. Never touches: a filter table (nsw does),
 * netdev operations (pf_vport_netdev.c), macvlans (pf_station.c).
 * Locks: RTNL for everything but the interrupt handler and the carrier.
 *
 * To nsw a VPort that is up is what a VF with a session is: reset begins it, ready opens the pool,
 * an FLR ends it. All of it is told anew each time, so that a PF reset needs no code of its own.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "pf.h"

static struct kawela_pf_vport *vport_by_sfnum(const struct kawela_pf *pf, u32 sfnum)
{
	unsigned int pool;

	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++)
		if (pf->vport[pool] && pf->vport[pool]->sfnum == sfnum)
			return pf->vport[pool];
	return NULL;
}

/* The number asked for, or the lowest free one. */
static int vport_choose_sfnum(const struct kawela_pf *pf, const u32 *wanted, u32 *sfnum,
			      struct netlink_ext_ack *extack)
{
	if (!wanted) {
		for (*sfnum = 1; vport_by_sfnum(pf, *sfnum);)
			++*sfnum;
		return 0;
	}

	if (vport_by_sfnum(pf, *wanted)) {
		NL_SET_ERR_MSG_FMT(extack, "sfnum %u is in use, leave it out to get a free one",
				   *wanted);
		return -EEXIST;
	}
	*sfnum = *wanted;
	return 0;
}

/* The first nondefault VPort changes the mode; any other leaves the PF in peace. */
static int vport_take_pool(struct kawela_pf *pf, enum kawela_nsw_owner owner,
			   struct netlink_ext_ack *extack)
{
	bool enter = kawela_nsw_mode(pf->nsw) == KAWELA_NSW_RSS;
	struct kawela_pf_pause pause;
	int pool, err;

	err = kawela_nsw_pf_vport_check(pf->nsw, extack);
	if (err)
		return err;
	if (enter)
		kawela_pf_queues_pause(pf, &pause, true);
	pool = kawela_nsw_pf_vport_add(pf->nsw, owner, extack);
	if (enter)
		kawela_pf_queues_resume(pf, &pause);
	return pool;
}

static void vport_publish(struct kawela_pf *pf, unsigned int pool, struct kawela_pf_vport *vport)
{
	spin_lock(&pf->vport_lock);
	pf->vport[pool] = vport;
	spin_unlock(&pf->vport_lock);
}

/**
 * kawela_pf_in_service - whether VPorts can be made and activated now
 * @pf: PF
 * @extack: takes the reason of a refusal, may be NULL
 *
 * Context: RTNL.
 * Return: 0; -ENETDOWN (during a reset or a bus error).
 */
int kawela_pf_in_service(const struct kawela_pf *pf, struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (netif_device_present(pf->netdev))
		return 0;
	NL_SET_ERR_MSG(extack, "the PF is out of service, try again after its reset");
	return -ENETDOWN;
}

/**
 * kawela_pf_vport_add - create a VPort, inactive
 * @pf: PF
 * @owner: who wants it
 * @sfnum: number to give it, NULL for the lowest free one
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: the VPort, or ERR_PTR: -EEXIST (@sfnum is in use), -ENOMEM, -ENETDOWN (the function is
 * out of service), or what kawela_nsw_pf_vport_add() says.
 */
struct kawela_pf_vport *kawela_pf_vport_add(struct kawela_pf *pf, enum kawela_nsw_owner owner,
					    const u32 *sfnum, struct netlink_ext_ack *extack)
{
	struct kawela_pf_vport *vport;
	int pool, err;

	err = kawela_pf_in_service(pf, extack);
	if (err)
		return ERR_PTR(err);
	vport = kzalloc(sizeof(*vport), GFP_KERNEL);
	if (!vport)
		return ERR_PTR(-ENOMEM);

	err = vport_choose_sfnum(pf, sfnum, &vport->sfnum, extack);
	if (err)
		goto err_free;
	pool = vport_take_pool(pf, owner, extack);
	if (pool < 0) {
		err = pool;
		goto err_free;
	}

	vport->pf = pf;
	vport->pool = pool;
	INIT_WORK(&vport->addr_work, kawela_pf_vport_addr_work);
	vport_publish(pf, pool, vport);
	return vport;

err_free:
	kfree(vport);
	return ERR_PTR(err);
}

static enum kawela_nsw_owner vport_owner(const struct kawela_pf_vport *vport)
{
	return vport->station ? KAWELA_NSW_OWNER_STATION : KAWELA_NSW_OWNER_DEVLINK;
}

/**
 * kawela_pf_vport_del - delete a VPort
 * @vport: VPort without netdev and station queue; freed on success
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or what kawela_nsw_vport_del() says.
 */
int kawela_pf_vport_del(struct kawela_pf_vport *vport, struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = vport->pf;
	struct kawela_nsw_counts counts;
	struct kawela_pf_pause pause;
	bool leave;
	int err;

	ASSERT_RTNL();
	kawela_nsw_get_counts(pf->nsw, &counts);
	leave = !counts.num_vfs && counts.pf_vports == 1;
	if (leave)
		kawela_pf_queues_pause(pf, &pause, false);
	err = kawela_nsw_vport_del(pf->nsw, vport->pool, vport_owner(vport), extack);
	if (leave)
		kawela_pf_queues_resume(pf, &pause);
	if (err)
		return err;

	vport_publish(pf, vport->pool, NULL);
	kfree(vport);
	return 0;
}

static void vport_set_carrier(struct kawela_pf_vport *vport)
{
	lockdep_assert_held(&vport->pf->vport_lock);

	if (!vport->pf->link.up) {
		netif_carrier_off(vport->netdev);
		return;
	}
	netif_carrier_on(vport->netdev);
	kawela_dp_kick(&vport->dp);
}

/**
 * kawela_pf_vport_link - have the carrier follow that of the port
 * @vport: attached VPort, its netdev registered: only then the stack notices that it rises
 *
 * Context: RTNL.
 */
void kawela_pf_vport_link(struct kawela_pf_vport *vport)
{
	ASSERT_RTNL();
	spin_lock(&vport->pf->vport_lock);
	vport_set_carrier(vport);
	vport->linked = true;
	spin_unlock(&vport->pf->vport_lock);
}

/**
 * kawela_pf_vport_unlink - leave the carrier alone from now on
 * @vport: VPort whose netdev is about to go
 *
 * Context: RTNL.
 */
void kawela_pf_vport_unlink(struct kawela_pf_vport *vport)
{
	ASSERT_RTNL();
	spin_lock(&vport->pf->vport_lock);
	vport->linked = false;
	spin_unlock(&vport->pf->vport_lock);
}

/**
 * kawela_pf_vport_attach - give a VPort its vector and datapath
 * @vport: inactive VPort
 * @netdev: netdev the queue pairs belong to
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0, -ENOSPC (no vector), or the errno of request_irq().
 */
int kawela_pf_vport_attach(struct kawela_pf_vport *vport, struct net_device *netdev,
			   struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = vport->pf;
	int err;

	ASSERT_RTNL();
	err = kawela_dp_init(&vport->dp, netdev, &pf->pdev->dev, &pf->io);
	if (err)
		return err;
	err = kawela_pf_irq_request_vport(vport, extack);
	if (err)
		goto err_dp;

	vport->netdev = netdev;
	if (!vport->station)
		netif_carrier_off(netdev);
	return 0;

err_dp:
	kawela_dp_fini(&vport->dp);
	return err;
}

/**
 * kawela_pf_vport_detach - undo kawela_pf_vport_attach()
 * @vport: VPort that is down
 *
 * Context: RTNL.
 */
void kawela_pf_vport_detach(struct kawela_pf_vport *vport)
{
	ASSERT_RTNL();
	kawela_pf_vport_unlink(vport);
	kawela_pf_irq_free_vport(vport);
	vport->netdev = NULL;
	kawela_dp_fini(&vport->dp);
}

/**
 * kawela_pf_vport_irq - interrupt handler of a VPort, for all its queue pairs
 * @irq: Linux interrupt number
 * @data: VPort
 *
 * Context: hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t kawela_pf_vport_irq(int irq, void *data)
{
	struct kawela_pf_vport *vport = data;

	/* Pairs with the release in vport_go(). */
	if (smp_load_acquire(&vport->up))
		kawela_dp_schedule(&vport->dp);
	return IRQ_HANDLED;
}

static int vport_join(struct net_device *vdev, int vid, void *arg)
{
	struct kawela_pf_vport *vport = arg;

	return kawela_nsw_vport_set_vlan(vport->pf->nsw, vport->pool, vid, true);
}

/* Tell nsw all that the VPort wants; what it knew before is gone. */
static int vport_begin(struct kawela_pf_vport *vport)
{
	const struct net_device *addr = vport->station ?: vport->netdev;
	const struct net_device *mtu = vport->station ? vport->pf->netdev : vport->netdev;
	struct kawela_nsw *nsw = vport->pf->nsw;
	u8 mac[ETH_ALEN] __aligned(2);
	int err;

	err = kawela_nsw_vport_reset(nsw, vport->pool, mac);
	if (err && err != -EADDRNOTAVAIL)
		return err;
	ether_addr_copy(mac, addr->dev_addr);
	err = kawela_nsw_vport_set_mac(nsw, vport->pool, mac);
	if (err)
		return err;
	err = kawela_nsw_vport_set_max_frame(nsw, vport->pool,
					     mtu->mtu + KAWELA_DP_OVERHEAD);
	if (err)
		return err;
	vport->dp.max_frame = mtu->mtu + KAWELA_DP_HEADER;
	vport->dp.rx_drop_en = true;
	return vlan_for_each(vport->station ? vport->pf->netdev : vport->netdev, vport_join,
			     vport);
}

static unsigned int vport_places(const struct kawela_pf_vport *vport,
				 struct kawela_ring_cfg cfg[KAWELA_PF_VMDQ_QPS])
{
	unsigned int i;

	for (i = 0; i < KAWELA_PF_VMDQ_QPS; i++) {
		cfg[i].hw_queue = vport->pool + KW_NUM_POOLS * i;
		cfg[i].vector = KAWELA_PF_VPORT_VECTOR(vport->pool);
	}
	return vport->netdev->num_rx_queues;
}

/* Memory that is there already is kept. */
static int vport_alloc(struct kawela_pf_vport *vport)
{
	struct kawela_ring_cfg cfg[KAWELA_PF_VMDQ_QPS] = {};
	unsigned int n = vport_places(vport, cfg);

	return vport->dp.num_qps ? 0 : kawela_dp_alloc(&vport->dp, n, cfg);
}

/* The queues run, the handler may look at them. */
static int vport_go(struct kawela_pf_vport *vport)
{
	int err;

	kawela_pf_irq_map_vport(vport);
	err = kawela_dp_start(&vport->dp);
	if (err)
		return err;

	/* Pairs with the acquire in kawela_pf_vport_irq(). */
	smp_store_release(&vport->up, true);
	return 0;
}

/* What waited in the qdiscs meanwhile is sent. */
static void vport_wake(struct kawela_pf_vport *vport)
{
	kawela_dp_irq_enable(&vport->dp);
	/* The dummy netdev of a station has no qdisc and sends nothing. */
	if (!vport->station)
		netif_tx_wake_all_queues(vport->netdev);
}

/* No packet and no handler after this. */
static void vport_halt(struct kawela_pf_vport *vport)
{
	kawela_dp_hold_tx(&vport->dp, 0);
	kawela_dp_stop(&vport->dp);
	WRITE_ONCE(vport->up, false);
	kawela_pf_irq_sync_vport(vport);
}

/**
 * kawela_pf_vport_up - start a VPort's datapath
 * @vport: attached VPort
 *
 * Context: RTNL.
 * Return: 0; -ENODEV (the function is gone); -ENOMEM; -EEXIST, -ENOSPC and others of nsw. On
 * failure the VPort is down.
 */
int kawela_pf_vport_up(struct kawela_pf_vport *vport)
{
	struct kawela_pf *pf = vport->pf;
	int err;

	ASSERT_RTNL();
	if (vport->up)
		return 0;
	if (kawela_io_removed(&pf->io))
		return -ENODEV;

	err = vport_begin(vport);
	if (err)
		goto err_flr;
	err = vport_alloc(vport);
	if (err)
		goto err_flr;
	err = vport_go(vport);
	if (err)
		goto err_free;

	pf->vports_up++;
	kawela_pf_rx_gate(pf);
	kawela_nsw_vport_ready(pf->nsw, vport->pool);
	vport_wake(vport);
	/* That of a station has no lists. */
	if (!vport->station)
		queue_work(system_dfl_wq, &vport->addr_work);
	return 0;

err_free:
	kawela_dp_free(&vport->dp);
err_flr:
	kawela_nsw_vport_flr(pf->nsw, vport->pool);
	return err;
}

/**
 * kawela_pf_vport_reason - why a VPort does not come up
 * @err: what kawela_pf_vport_up() returned
 *
 * Context: any.
 * Return: text for the log.
 */
const char *kawela_pf_vport_reason(int err)
{
	switch (err) {
	case -EEXIST:
		return "somebody else on this NIC has its address";
	case -ENOSPC:
		return "no vlan_filters left for its VLANs";
	case -ENOMEM:
		return "no memory for its queue";
	default:
		return "the function is out of service";
	}
}

/* A VPort that was up is down. */
static void vport_gone(struct kawela_pf_vport *vport)
{
	vport->pf->vports_up--;
	kawela_pf_rx_gate(vport->pf);
}

/* The pool is closed before the queue, so that no frame meets a queue that is not there. */
static void vport_stop(struct kawela_pf_vport *vport)
{
	if (!vport->up)
		return;
	kawela_nsw_vport_flr(vport->pf->nsw, vport->pool);
	vport_halt(vport);
	vport_gone(vport);
}

/**
 * kawela_pf_vport_down - stop a VPort's datapath and give its memory back
 * @vport: attached VPort in any state
 *
 * Context: RTNL.
 */
void kawela_pf_vport_down(struct kawela_pf_vport *vport)
{
	ASSERT_RTNL();
	vport_stop(vport);
	kawela_dp_free(&vport->dp);
}

/**
 * kawela_pf_vport_resize - other ring sizes
 * @vport: attached VPort
 * @rings: ring sizes, from kawela_dp_ring_sizes()
 *
 * The old rings go on until the new ones are there.
 *
 * Context: RTNL.
 * Return: 0; -ENOMEM with nothing changed; -ENODEV when the function is gone.
 */
int kawela_pf_vport_resize(struct kawela_pf_vport *vport, const struct kawela_qp_set *rings)
{
	struct kawela_ring_cfg cfg[KAWELA_PF_VMDQ_QPS] = {};
	unsigned int n = vport_places(vport, cfg);
	struct kawela_qp_set next = *rings;
	int err;

	ASSERT_RTNL();
	if (!vport->up) {
		kawela_dp_free(&vport->dp);
		vport->dp.rx_count = rings->rx_count;
		vport->dp.tx_count = rings->tx_count;
		return 0;
	}

	err = kawela_dp_prepare(&vport->dp, &next, n, cfg);
	if (err)
		return err;
	vport_halt(vport);
	kawela_dp_swap(&vport->dp, &next);
	err = vport_go(vport);
	if (err) {
		kawela_nsw_vport_flr(vport->pf->nsw, vport->pool);
		vport_gone(vport);
		return err;
	}
	vport_wake(vport);
	return 0;
}

/**
 * kawela_pf_vport_set_mtu - a longer or shorter MTU
 * @vport: VPort in any state
 * @mtu: bytes
 *
 * Context: RTNL.
 * Return: 0 or what kawela_nsw_vport_set_max_frame() says.
 */
int kawela_pf_vport_set_mtu(struct kawela_pf_vport *vport, int mtu)
{
	int err;

	ASSERT_RTNL();
	/* kawela_pf_vport_up() tells it otherwise. */
	if (!vport->up)
		return 0;
	err = kawela_nsw_vport_set_max_frame(vport->pf->nsw, vport->pool,
					     mtu + KAWELA_DP_OVERHEAD);
	if (!err)
		WRITE_ONCE(vport->dp.max_frame, mtu + KAWELA_DP_HEADER);
	return err;
}

/**
 * kawela_pf_vport_up_or_close - put a VPort back into service, or say that it is not
 * @vport: attached VPort; freed if it belongs to a station and does not come up
 *
 * A netdev without a datapath is closed; a macvlan goes on in software.
 *
 * Context: RTNL.
 */
void kawela_pf_vport_up_or_close(struct kawela_pf_vport *vport)
{
	int err = kawela_pf_vport_up(vport);

	if (!err)
		return;
	netdev_err(vport->station ?: vport->netdev, "VPort does not come up: %pe\n", ERR_PTR(err));
	if (vport->station)
		kawela_pf_station_release(vport);
	else
		dev_close(vport->netdev);
}

/* A station receives while the PF does. */
static bool vport_wanted_up(const struct kawela_pf_vport *vport)
{
	if (!vport->netdev)
		return false;
	return vport->station ? vport->pf->running : netif_running(vport->netdev);
}

/**
 * kawela_pf_vports_up - put the VPorts back into service
 * @pf: PF that is configured
 *
 * Each that was open is up afterwards, or closed, see kawela_pf_vport_up_or_close().
 *
 * Context: RTNL.
 */
void kawela_pf_vports_up(struct kawela_pf *pf)
{
	struct kawela_pf_vport *vport;
	unsigned int pool;

	ASSERT_RTNL();
	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++) {
		vport = pf->vport[pool];
		if (!vport || !vport->netdev)
			continue;
		if (vport_wanted_up(vport))
			kawela_pf_vport_up_or_close(vport);
		/* A station may have gone. */
		vport = pf->vport[pool];
		if (vport && !vport->station)
			netif_device_attach(vport->netdev);
	}
}

/**
 * kawela_pf_vports_down - take the VPorts out of service
 * @pf: PF
 *
 * Their netdevs keep their state, their queues the memory, until kawela_pf_vports_up().
 *
 * Context: RTNL.
 */
void kawela_pf_vports_down(struct kawela_pf *pf)
{
	struct kawela_pf_vport *vport;
	unsigned int pool;

	ASSERT_RTNL();
	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++) {
		vport = pf->vport[pool];
		if (!vport || !vport->netdev)
			continue;
		if (!vport->station)
			netif_device_detach(vport->netdev);
		vport_stop(vport);
	}
}

/**
 * kawela_pf_vports_carrier - the link of the port changed
 * @pf: PF, @pf->link is up to date
 *
 * Context: process.
 */
void kawela_pf_vports_carrier(struct kawela_pf *pf)
{
	unsigned int pool;

	spin_lock(&pf->vport_lock);
	for (pool = 0; pool < ARRAY_SIZE(pf->vport); pool++)
		if (pf->vport[pool] && pf->vport[pool]->linked)
			vport_set_carrier(pf->vport[pool]);
	spin_unlock(&pf->vport_lock);
}

/**
 * kawela_pf_vport_addr - address of an active VPort of the PF
 * @pf: PF
 * @pool: its pool
 * @mac: filled in
 *
 * Context: process.
 * Return: false if there is no active VPort of the PF.
 */
bool kawela_pf_vport_addr(struct kawela_pf *pf, unsigned int pool, u8 *mac)
{
	const struct net_device *netdev = NULL;
	struct kawela_pf_vport *vport;

	spin_lock(&pf->vport_lock);
	vport = pf->vport[pool];
	if (vport)
		netdev = vport->linked ? vport->netdev : vport->station;
	if (netdev)
		memcpy(mac, netdev->dev_addr, ETH_ALEN);
	spin_unlock(&pf->vport_lock);
	return netdev;
}
