// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stand-in for the synthetic NIC of a Hyper-V guest: a netdev that takes a VF netdev with its own
 * permanent address for its faster path, and asks of it what hv_netvsc asks.
 *
 *	ip link add link SYNTH name NAME type kawela_standin
 *
 * makes one whose synthetic path is the netdev SYNTH, and whose address is SYNTH's.
 *
 * Owns: the link type kawela_standin. What it is told of a VF netdev is in the tracepoint
 * kawela_standin_event. Never touches: a device.
 * Locks: RTNL for all that is not a packet; struct standin's vf is read under RCU.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>
#include <net/rtnetlink.h>

#include "../../../drivers/net/ethernet/intel/kawela/compat/netdev.h"
#include "../../../drivers/net/ethernet/intel/kawela/compat/rtnetlink.h"

#define CREATE_TRACE_POINTS
#include "kawela_standin_trace.h"

#define TAKEOVER_DELAY	msecs_to_jiffies(50)	/* as much as udev is given to rename it */

/**
 * struct standin - one master
 * @list: in standins
 * @dev: its netdev
 * @synth: netdev of the synthetic path
 * @vf: the VF netdev, or NULL; written under RTNL
 * @path: packets take the VF
 * @takeover: sets up a VF that joined
 * @follow: takes the VF along into another namespace
 */
struct standin {
	struct list_head list;
	struct net_device *dev;
	struct net_device *synth;
	struct net_device __rcu *vf;
	bool path;
	struct delayed_work takeover;
	struct delayed_work follow;
};

static LIST_HEAD(standins);

static const struct net_device_ops standin_ops;

static struct net_device *standin_vf(const struct standin *s)
{
	return rtnl_dereference(s->vf);
}

/* Whether packets go through the VF, in both directions. */
static bool standin_uses(const struct standin *s, const struct net_device *vf)
{
	return vf && READ_ONCE(s->path) && netif_running(vf) && netif_carrier_ok(vf);
}

/* ---- packets ---- */

static netdev_tx_t standin_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct standin *s = netdev_priv(dev);
	struct net_device *vf = rcu_dereference_bh(s->vf);
	unsigned int len = skb->len;

	skb->dev = standin_uses(s, vf) ? vf : s->synth;
	if (dev_queue_xmit(skb) == NET_XMIT_SUCCESS)
		dev_sw_netstats_tx_add(dev, 1, len);
	else
		dev_core_stats_tx_dropped_inc(dev);
	return NETDEV_TX_OK;
}

/* A host gives a packet to one of the two paths; here, one to a group comes by both. */
static bool standin_twice(const struct standin *s, const struct sk_buff *skb)
{
	return skb->dev == s->synth && is_multicast_ether_addr(eth_hdr(skb)->h_dest) &&
	       standin_uses(s, rcu_dereference(s->vf));
}

static rx_handler_result_t standin_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);
	struct net_device *dev;
	struct standin *s;

	if (!skb)
		return RX_HANDLER_CONSUMED;
	*pskb = skb;
	dev = rcu_dereference(skb->dev->rx_handler_data);
	s = netdev_priv(dev);
	if (standin_twice(s, skb)) {
		kfree_skb(skb);
		return RX_HANDLER_CONSUMED;
	}

	dev_sw_netstats_rx_add(dev, skb->len);
	skb->dev = dev;
	return RX_HANDLER_ANOTHER;
}

/* ---- the VF ---- */

/* The master that a netdev belongs to, by its address; NULL if it is no VF of any. */
static struct standin *standin_match(const struct net_device *dev)
{
	struct standin *s;

	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN || is_vlan_dev(dev) ||
	    netif_is_bond_master(dev))
		return NULL;
	if (!dev->dev.parent || !dev_is_pci(dev->dev.parent))
		return NULL;
	list_for_each_entry(s, &standins, list) {
		if (ether_addr_equal(dev->perm_addr, s->dev->perm_addr))
			return s;
	}
	return NULL;
}

/* The master that a netdev has joined. */
static struct standin *standin_of(struct net_device *dev)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);
	struct standin *s;

	if (!master || master->netdev_ops != &standin_ops)
		return NULL;
	s = netdev_priv(master);
	return standin_vf(s) == dev ? s : NULL;
}

static int standin_enslave(struct standin *s, struct net_device *lower)
{
	int err;

	err = netdev_rx_handler_register(lower, standin_rx, s->dev);
	if (err)
		return err;
	err = netdev_master_upper_dev_link(lower, s->dev, NULL, NULL, NULL);
	if (err)
		netdev_rx_handler_unregister(lower);
	return err;
}

static void standin_release(struct standin *s, struct net_device *lower)
{
	netdev_rx_handler_unregister(lower);
	netdev_upper_dev_unlink(lower, s->dev);
}

static void standin_prepare(struct net_device *vf)
{
	if (!standin_match(vf))
		return;
	vf->flags |= IFF_SLAVE;
	vf->priv_flags |= IFF_NO_ADDRCONF;
}

static void standin_move(struct standin *s, struct net_device *vf)
{
	int err;

	err = dev_change_net_namespace(vf, dev_net(s->dev), "eth%d");
	if (err)
		netdev_err(s->dev, "%s does not follow: %pe\n", vf->name, ERR_PTR(err));
}

static void standin_join(struct net_device *vf)
{
	struct standin *s = standin_match(vf);
	int err;

	if (!s || standin_vf(s))
		return;
	/* It is registered again over there. */
	if (!net_eq(dev_net(s->dev), dev_net(vf))) {
		standin_move(s, vf);
		return;
	}

	err = standin_enslave(s, vf);
	if (err) {
		netdev_err(s->dev, "%s does not join: %pe\n", vf->name, ERR_PTR(err));
		return;
	}
	dev_hold(vf);
	rcu_assign_pointer(s->vf, vf);
	call_netdevice_notifiers(NETDEV_JOIN, vf);
	vf->wanted_features = s->dev->features;
	netdev_update_features(vf);
	schedule_delayed_work(&s->takeover, TAKEOVER_DELAY);
}

static void standin_leave(struct standin *s)
{
	struct net_device *vf = standin_vf(s);

	cancel_delayed_work_sync(&s->takeover);
	if (!vf)
		return;
	WRITE_ONCE(s->path, false);
	standin_release(s, vf);
	RCU_INIT_POINTER(s->vf, NULL);
	synchronize_net();
	dev_put(vf);
}

static void standin_setup(struct standin *s, struct net_device *vf)
{
	struct net_device *dev = s->dev;
	int err;

	err = dev_set_mtu(vf, dev->mtu);
	if (err)
		netdev_err(dev, "%s refuses the MTU: %pe\n", vf->name, ERR_PTR(err));
	dev_change_flags(vf, dev->flags | IFF_SLAVE, NULL);

	netif_addr_lock_bh(dev);
	dev_uc_sync(vf, dev);
	dev_mc_sync(vf, dev);
	netif_addr_unlock_bh(dev);

	err = netif_running(dev) ? dev_open(vf, NULL) : 0;
	if (err)
		netdev_err(dev, "%s does not open: %pe\n", vf->name, ERR_PTR(err));
}

/* These works are waited for under RTNL. */
static void standin_takeover(struct work_struct *work)
{
	struct standin *s = container_of(work, struct standin, takeover.work);

	if (!rtnl_trylock()) {
		schedule_delayed_work(&s->takeover, 1);
		return;
	}
	if (standin_vf(s))
		standin_setup(s, standin_vf(s));
	rtnl_unlock();
}

static void standin_follow(struct work_struct *work)
{
	struct standin *s = container_of(work, struct standin, follow.work);
	struct net_device *vf;

	if (!rtnl_trylock()) {
		schedule_delayed_work(&s->follow, 1);
		return;
	}
	vf = standin_vf(s);
	if (vf && !net_eq(dev_net(vf), dev_net(s->dev)))
		standin_move(s, vf);
	rtnl_unlock();
}

static void standin_switch(struct standin *s, struct net_device *vf, unsigned long event)
{
	bool up = event != NETDEV_GOING_DOWN && netif_running(vf);

	WRITE_ONCE(s->path, up);
}

static void standin_trace(struct net_device *vf, unsigned long event)
{
	struct standin *s = standin_match(vf);

	if (s)
		trace_kawela_standin_event(vf, netdev_cmd_to_name(event), s->path);
}

static void standin_vf_event(struct net_device *vf, unsigned long event)
{
	struct standin *s = standin_of(vf);

	switch (event) {
	case NETDEV_POST_INIT:
		standin_prepare(vf);
		break;
	case NETDEV_REGISTER:
		standin_join(vf);
		break;
	case NETDEV_UNREGISTER:
		if (s)
			standin_leave(s);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_GOING_DOWN:
		if (s)
			standin_switch(s, vf, event);
		break;
	}
}

static void standin_dellink(struct net_device *dev, struct list_head *head);

/* The netdev of a synthetic path goes, and its master with it. */
static void standin_synth_gone(struct net_device *synth)
{
	struct standin *s, *next;
	LIST_HEAD(gone);

	if (synth->reg_state != NETREG_UNREGISTERING)
		return;
	list_for_each_entry_safe(s, next, &standins, list) {
		if (s->synth == synth)
			standin_dellink(s->dev, &gone);
	}
	unregister_netdevice_many(&gone);
}

static int standin_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct standin *s;

	if (dev->netdev_ops == &standin_ops) {
		s = netdev_priv(dev);
		if (event == NETDEV_REGISTER)
			schedule_delayed_work(&s->follow, 0);
		return NOTIFY_DONE;
	}
	if (event == NETDEV_UNREGISTER)
		standin_synth_gone(dev);

	standin_trace(dev, event);
	standin_vf_event(dev, event);
	return NOTIFY_DONE;
}

static struct notifier_block standin_notifier = {
	.notifier_call	= standin_event,
};

/* ---- the netdev ---- */

static int standin_netdev_init(struct net_device *dev)
{
	struct standin *s = netdev_priv(dev);

	dev_hold(s->synth);
	return 0;
}

static void standin_netdev_uninit(struct net_device *dev)
{
	struct standin *s = netdev_priv(dev);

	cancel_delayed_work_sync(&s->follow);
	dev_put(s->synth);
}

static int standin_open(struct net_device *dev)
{
	struct standin *s = netdev_priv(dev);
	struct net_device *vf = standin_vf(s);
	int err;

	err = dev_open(s->synth, NULL);
	if (err)
		return err;
	netif_carrier_on(dev);
	if (vf && dev_open(vf, NULL))
		netdev_err(dev, "%s does not open\n", vf->name);
	return 0;
}

static int standin_stop(struct net_device *dev)
{
	struct standin *s = netdev_priv(dev);
	struct net_device *vf = standin_vf(s);

	netif_carrier_off(dev);
	if (vf)
		dev_close(vf);
	dev_close(s->synth);
	return 0;
}

static int standin_change_mtu(struct net_device *dev, int mtu)
{
	struct standin *s = netdev_priv(dev);
	struct net_device *vf = standin_vf(s);
	int old = dev->mtu, err;

	err = vf ? dev_set_mtu(vf, mtu) : 0;
	if (err)
		return err;
	err = dev_set_mtu(s->synth, mtu);
	if (err && vf)
		dev_set_mtu(vf, old);
	if (!err)
		WRITE_ONCE(dev->mtu, mtu);
	return err;
}

static void standin_change_flags(struct net_device *dev, int change)
{
	struct standin *s = netdev_priv(dev);
	struct net_device *vf = standin_vf(s);

	if (vf && change & IFF_PROMISC)
		dev_set_promiscuity(vf, dev->flags & IFF_PROMISC ? 1 : -1);
	if (vf && change & IFF_ALLMULTI)
		dev_set_allmulti(vf, dev->flags & IFF_ALLMULTI ? 1 : -1);
}

static void standin_set_rx_mode(struct net_device *dev)
{
	struct standin *s = netdev_priv(dev);
	struct net_device *vf;

	rcu_read_lock();
	vf = rcu_dereference(s->vf);
	if (vf) {
		dev_uc_sync(vf, dev);
		dev_mc_sync(vf, dev);
	}
	rcu_read_unlock();
}

static int standin_set_mac(struct net_device *dev, void *addr)
{
	struct standin *s = netdev_priv(dev);
	struct net_device *vf = standin_vf(s);
	struct sockaddr_storage *ss = addr;
	int err;

	err = vf ? dev_set_mac_address(vf, ss, NULL) : 0;
	if (!err)
		err = dev_set_mac_address(s->synth, ss, NULL);
	if (!err)
		eth_hw_addr_set(dev, ss->__data);
	return err;
}

static int standin_set_features(struct net_device *dev, netdev_features_t features)
{
	struct standin *s = netdev_priv(dev);
	struct net_device *vf = standin_vf(s);

	if (vf) {
		vf->wanted_features = features;
		netdev_update_features(vf);
	}
	return 0;
}

static const struct net_device_ops standin_ops = {
	.ndo_init		= standin_netdev_init,
	.ndo_uninit		= standin_netdev_uninit,
	.ndo_open		= standin_open,
	.ndo_stop		= standin_stop,
	.ndo_start_xmit		= standin_xmit,
	.ndo_change_mtu		= standin_change_mtu,
	.ndo_change_rx_flags	= standin_change_flags,
	.ndo_set_rx_mode	= standin_set_rx_mode,
	.ndo_set_mac_address	= standin_set_mac,
	.ndo_set_features	= standin_set_features,
	.ndo_validate_addr	= eth_validate_addr,
};

static void standin_link_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &standin_ops;
	dev->needs_free_netdev = true;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	dev->priv_flags |= IFF_UNICAST_FLT | IFF_NO_QUEUE;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->lltx = true;
	dev->max_mtu = ETH_MAX_MTU;
	dev->hw_features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_RXCSUM | NETIF_F_TSO |
			   NETIF_F_TSO6;
	dev->features = dev->hw_features;
}

static struct net_device *standin_find_synth(struct net *net, struct nlattr *tb[],
					     struct netlink_ext_ack *extack)
{
	struct net_device *synth = NULL;

	if (tb[IFLA_LINK])
		synth = __dev_get_by_index(net, nla_get_u32(tb[IFLA_LINK]));
	if (!synth || synth->type != ARPHRD_ETHER) {
		NL_SET_ERR_MSG(extack, "link must name the Ethernet netdev of the synthetic path");
		return NULL;
	}
	return synth;
}

/* VF netdevs that were there before their master. */
static void standin_adopt(struct standin *s)
{
	struct net_device *vf;

	for_each_netdev(dev_net(s->dev), vf) {
		if (vf == s->dev || vf == s->synth || standin_match(vf) != s)
			continue;
		standin_prepare(vf);
		standin_join(vf);
		break;
	}
}

static int standin_newlink(struct net_device *dev, struct rtnl_newlink_params *params,
			   struct netlink_ext_ack *extack)
{
	struct net *net = rtnl_newlink_link_net(params);
	struct net_device *synth = standin_find_synth(net, params->tb, extack);
	struct standin *s = netdev_priv(dev);
	int err;

	if (!synth)
		return -EINVAL;
	s->dev = dev;
	s->synth = synth;
	INIT_DELAYED_WORK(&s->takeover, standin_takeover);
	INIT_DELAYED_WORK(&s->follow, standin_follow);
	eth_hw_addr_inherit(dev, synth);
	dev->addr_assign_type = NET_ADDR_PERM;
	dev->mtu = synth->mtu;

	err = register_netdevice(dev);
	if (err)
		return err;
	netif_carrier_off(dev);
	err = standin_enslave(s, synth);
	if (err) {
		unregister_netdevice(dev);
		return err;
	}
	list_add(&s->list, &standins);
	standin_adopt(s);
	return 0;
}

static void standin_dellink(struct net_device *dev, struct list_head *head)
{
	struct standin *s = netdev_priv(dev);

	standin_leave(s);
	list_del(&s->list);
	standin_release(s, s->synth);
	unregister_netdevice_queue(dev, head);
}

KAWELA_NEWLINK(standin_newlink)

static struct rtnl_link_ops standin_link_ops __read_mostly = {
	.kind		= "kawela_standin",
	.priv_size	= sizeof(struct standin),
	.setup		= standin_link_setup,
	KAWELA_NEWLINK_OPS(standin_newlink),
	.dellink	= standin_dellink,
};

/* ---- module ---- */

static int __init standin_init(void)
{
	int err;

	err = register_netdevice_notifier(&standin_notifier);
	if (err)
		return err;
	err = rtnl_link_register(&standin_link_ops);
	if (err)
		unregister_netdevice_notifier(&standin_notifier);
	return err;
}

static void __exit standin_exit(void)
{
	rtnl_link_unregister(&standin_link_ops);
	unregister_netdevice_notifier(&standin_notifier);
}

module_init(standin_init);
module_exit(standin_exit);
MODULE_DESCRIPTION("Stand-in for the synthetic NIC of a Hyper-V guest, for tests");
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK("kawela_standin");
