// SPDX-License-Identifier: GPL-2.0-only
/*
 * With the PF netdev in a Linux bridge: addresses on the bridge's other ports, and the bridge's
 * own, become filters of the default VPort, and go when the bridge forgets them.
 *
 * The switch sends a VF's frame out on the wire, and only there, unless some pool has its address.
 * So a VF reaches a guest behind the bridge only if the default VPort has that guest's address.
 * The bridge forwards as before, no port of it counts as offloaded; it is told to forget, when an
 * address that a VF and another port have in turn goes from one to the other.
 *
 * Owns: struct kawela_pf_fdb. Never touches: the netdev's own address lists (`bridge fdb add ...
 * self` and learning do not disturb each other), a register; nsw decides what gets an entry. An
 * address that a VF has stays with the VF there, whatever a bridge has learned; but no VF gets one
 * by asking that is the bridge's own or that the administrator gave it.
 * Locks: pf->fdb.lock; RTNL for a reading of the bridges. Both notifiers are the PF's own, so PFs
 * in different bridges need nothing in common.
 *
 * Guests behind a bridge make addresses as fast as they like. The list is bounded, nothing is
 * queued per event, and pf->addr_work takes the whole list each time it runs. Addresses that are
 * fixed have places of their own, which guests cannot use up. An address that finds no place makes
 * the default VPort take every unknown unicast, until the bridges are read again.
 *
 * In a bond or team under the bridge all ports know the addresses, but a port that is idle drops
 * what it receives. So its addresses are no filters until it is its turn: what its VFs send to a
 * guest leaves on the wire, and comes in by the port that is not idle.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/jhash.h>
#include <linux/rtnetlink.h>
#include <net/switchdev.h>

#include "pf.h"

/**
 * struct pf_fdb_key - what the bridges tell their entries apart by
 * @bridge: ifindex of the bridge; uppers of a netdev are in its namespace
 * @vid: VLAN, 0 in a bridge that does not filter
 * @addr: address
 */
struct pf_fdb_key {
	int bridge;
	u16 vid;
	u8 addr[ETH_ALEN] __aligned(2);
};

/**
 * struct pf_fdb_entry - an address behind a bridge
 * @node: in pf->fdb.entries
 * @key: the bridge's entry
 * @round: last reading that met it
 * @fixed: the bridge's own, or given to it by the administrator
 */
struct pf_fdb_entry {
	struct hlist_node node;
	struct pf_fdb_key key;
	u32 round;
	bool fixed;
};

static u32 pf_fdb_hash(const struct pf_fdb_key *key)
{
	return jhash(key->addr, ETH_ALEN, key->bridge ^ key->vid << 16);
}

static struct pf_fdb_entry *pf_fdb_find(struct kawela_pf_fdb *fdb, const struct pf_fdb_key *key)
{
	struct pf_fdb_entry *entry;

	hash_for_each_possible(fdb->entries, entry, node, pf_fdb_hash(key))
		if (entry->key.bridge == key->bridge && entry->key.vid == key->vid &&
		    ether_addr_equal(entry->key.addr, key->addr))
			return entry;
	return NULL;
}

static void pf_fdb_count(struct kawela_pf_fdb *fdb, bool fixed, int diff)
{
	WRITE_ONCE(fdb->num[fixed], fdb->num[fixed] + diff);
}

static struct pf_fdb_entry *pf_fdb_new(struct kawela_pf_fdb *fdb, const struct pf_fdb_key *key,
				       bool fixed)
{
	struct pf_fdb_entry *entry = NULL;

	if (fdb->num[fixed] < KAWELA_PF_FDB_MAX)
		entry = kmalloc(sizeof(*entry), GFP_ATOMIC | __GFP_NOWARN);
	if (!entry)
		return NULL;
	entry->key = *key;
	entry->fixed = fixed;
	hash_add(fdb->entries, &entry->node, pf_fdb_hash(key));
	pf_fdb_count(fdb, fixed, 1);
	return entry;
}

static void pf_fdb_free(struct kawela_pf_fdb *fdb, struct pf_fdb_entry *entry)
{
	hash_del(&entry->node);
	pf_fdb_count(fdb, entry->fixed, -1);
	kfree(entry);
}

/* Whether that is a change. */
static bool pf_fdb_fix(struct kawela_pf_fdb *fdb, struct pf_fdb_entry *entry, bool fixed)
{
	if (entry->fixed == fixed)
		return false;
	pf_fdb_count(fdb, entry->fixed, -1);
	pf_fdb_count(fdb, fixed, 1);
	entry->fixed = fixed;
	return true;
}

static void pf_fdb_add(struct kawela_pf *pf, const struct pf_fdb_key *key, bool fixed)
{
	struct kawela_pf_fdb *fdb = &pf->fdb;
	struct pf_fdb_entry *entry;
	bool news = false;

	spin_lock_bh(&fdb->lock);
	entry = pf_fdb_find(fdb, key);
	if (!entry) {
		entry = pf_fdb_new(fdb, key, fixed);
		news = entry || !fdb->missed;
		fdb->missed |= !entry;
	}
	if (entry) {
		news |= pf_fdb_fix(fdb, entry, fixed);
		entry->round = fdb->round;
	}
	spin_unlock_bh(&fdb->lock);

	if (news)
		kawela_pf_addr_kick(pf);
}

static void pf_fdb_del(struct kawela_pf *pf, const struct pf_fdb_key *key)
{
	struct kawela_pf_fdb *fdb = &pf->fdb;
	struct pf_fdb_entry *entry;
	bool reread;

	spin_lock_bh(&fdb->lock);
	entry = pf_fdb_find(fdb, key);
	if (entry)
		pf_fdb_free(fdb, entry);
	reread = fdb->missed && fdb->num[false] <= KAWELA_PF_FDB_MAX / 2 &&
		 fdb->num[true] < KAWELA_PF_FDB_MAX;
	spin_unlock_bh(&fdb->lock);

	if (entry)
		kawela_pf_addr_kick(pf);
	if (reread)
		schedule_work(&fdb->reread_work);
}

/*
 * The netdevs that a bridge's entry can name are the bridge, for its own addresses; a port on the
 * way to the wire (the PF netdev, or a bond or VLAN upon it): what is there needs no filter, and
 * an address that moved there loses its; and any other port.
 */
static void pf_fdb_take(struct kawela_pf *pf, struct net_device *dev, bool add,
			const struct switchdev_notifier_fdb_info *info)
{
	struct net_device *netdev = pf->netdev;
	struct pf_fdb_key key = { .vid = info->vid };
	struct net_device *bridge;
	bool wire;

	bridge = netif_is_bridge_master(dev) ? dev : netdev_master_upper_dev_get_rcu(dev);
	if (!bridge || !netdev_has_upper_dev_all_rcu(netdev, bridge))
		return;
	if (!is_valid_ether_addr(info->addr))
		return;

	key.bridge = bridge->ifindex;
	ether_addr_copy(key.addr, info->addr);
	wire = dev == netdev || (dev != bridge && netdev_has_upper_dev_all_rcu(netdev, dev));
	if (add && !wire)
		pf_fdb_add(pf, &key, info->is_local || info->added_by_user);
	else
		pf_fdb_del(pf, &key);
}

/* Atomic, with the bridge's hash lock held more often than not. */
static int pf_fdb_switchdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct kawela_pf *pf = container_of(nb, struct kawela_pf, fdb.switchdev_nb);
	bool add = event == SWITCHDEV_FDB_ADD_TO_DEVICE;

	if (add || event == SWITCHDEV_FDB_DEL_TO_DEVICE) {
		rcu_read_lock();
		pf_fdb_take(pf, switchdev_notifier_info_to_dev(ptr), add, ptr);
		rcu_read_unlock();
	}
	return NOTIFY_DONE;
}

/* A port of a bridge has the bridge tell all its entries, to this PF only. */
static int pf_fdb_read(struct net_device *dev, struct netdev_nested_priv *priv)
{
	struct kawela_pf *pf = priv->data;

	if (netif_is_bridge_port(dev))
		switchdev_bridge_port_replay(dev, pf->netdev, pf, &pf->fdb.switchdev_nb, NULL,
					     NULL);
	return 0;
}

/* Read all bridges above the netdev, then drop what none of them has mentioned. */
static void pf_fdb_reread(struct kawela_pf *pf)
{
	struct netdev_nested_priv priv = { .data = pf };
	struct kawela_pf_fdb *fdb = &pf->fdb;
	struct pf_fdb_entry *entry;
	struct hlist_node *tmp;
	int i;

	ASSERT_RTNL();

	spin_lock_bh(&fdb->lock);
	fdb->round++;
	fdb->missed = false;
	spin_unlock_bh(&fdb->lock);

	pf_fdb_read(pf->netdev, &priv);
	netdev_walk_all_upper_dev_rcu(pf->netdev, pf_fdb_read, &priv);

	spin_lock_bh(&fdb->lock);
	hash_for_each_safe(fdb->entries, i, tmp, entry, node)
		if (entry->round != fdb->round)
			pf_fdb_free(fdb, entry);
	spin_unlock_bh(&fdb->lock);

	kawela_pf_addr_kick(pf);
}

static void pf_fdb_reread_work(struct work_struct *work)
{
	struct kawela_pf *pf = container_of(work, struct kawela_pf, fdb.reread_work);

	rtnl_lock();
	pf_fdb_reread(pf);
	rtnl_unlock();
}

static void pf_fdb_set_idle(struct kawela_pf *pf, bool idle)
{
	ASSERT_RTNL();

	if (pf->fdb.idle == idle)
		return;
	WRITE_ONCE(pf->fdb.idle, idle);
	kawela_pf_addr_kick(pf);
}

/* The bond or team that the netdev is a port of has made up its mind. */
static void pf_fdb_lower_state(struct kawela_pf *pf,
			       const struct netdev_notifier_changelowerstate_info *info)
{
	const struct netdev_lag_lower_state_info *lag = info->lower_state_info;

	if (netif_is_lag_port(pf->netdev))
		pf_fdb_set_idle(pf, !lag->tx_enabled);
}

/* A link above the netdev came or went, perhaps far above: a VLAN upon it joins a bridge. */
static int pf_fdb_netdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct kawela_pf *pf = container_of(nb, struct kawela_pf, fdb.netdev_nb);
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	const struct netdev_notifier_changeupper_info *info = ptr;
	bool above;

	if (event == NETDEV_CHANGELOWERSTATE && dev == pf->netdev)
		pf_fdb_lower_state(pf, ptr);
	if (event != NETDEV_CHANGEUPPER)
		return NOTIFY_DONE;
	if (dev == pf->netdev && info->master && !info->linking)
		pf_fdb_set_idle(pf, false);
	rcu_read_lock();
	above = dev == pf->netdev || netdev_has_upper_dev_all_rcu(pf->netdev, dev);
	rcu_read_unlock();
	if (above)
		pf_fdb_reread(pf);
	return NOTIFY_DONE;
}

static unsigned int pf_fdb_copy_some(struct kawela_pf_fdb *fdb, u8 (*addr)[ETH_ALEN],
				     unsigned int max, bool fixed)
{
	struct pf_fdb_entry *entry;
	unsigned int n = 0;
	int i;

	hash_for_each(fdb->entries, i, entry, node)
		if (n < max && entry->fixed == fixed)
			ether_addr_copy(addr[n++], entry->key.addr);
	return n;
}

/*
 * A copy of up to @max addresses; one of several VLANs or bridges is in it several times. Whoever
 * adds more meanwhile kicks the work again.
 */
static void pf_fdb_copy(struct kawela_pf_fdb *fdb, u8 (*addr)[ETH_ALEN], unsigned int max,
			struct kawela_nsw_learned *learned)
{
	unsigned int n;

	spin_lock_bh(&fdb->lock);
	n = pf_fdb_copy_some(fdb, addr, max, true);
	learned->addr = addr;
	learned->num_fixed = n;
	learned->num = n + pf_fdb_copy_some(fdb, addr + n, max - n, false);
	learned->more = fdb->missed;
	learned->idle = READ_ONCE(fdb->idle);
	spin_unlock_bh(&fdb->lock);
}

/**
 * kawela_pf_fdb_sync - give the addresses behind the bridges to the switch
 * @pf: PF
 *
 * Without memory for a copy the default VPort takes every unknown unicast until the next change.
 *
 * Context: pf->addr_work.
 */
void kawela_pf_fdb_sync(struct kawela_pf *pf)
{
	struct kawela_nsw_learned unknown = { .more = true, .idle = READ_ONCE(pf->fdb.idle) };
	unsigned int max = READ_ONCE(pf->fdb.num[false]) + READ_ONCE(pf->fdb.num[true]);
	struct kawela_nsw_learned learned;
	u8 (*addr)[ETH_ALEN];
	int err = -ENOMEM;

	addr = kcalloc(max, ETH_ALEN, GFP_KERNEL);
	if (addr) {
		pf_fdb_copy(&pf->fdb, addr, max, &learned);
		err = kawela_nsw_pf_sync_learned(pf->nsw, &learned);
	}
	if (err)
		kawela_nsw_pf_sync_learned(pf->nsw, &unknown);
	kfree(addr);
}

/* Between two moves of a VPort: at least; at most, for one that moves all the time. */
#define PF_FDB_MOVE_GAP		msecs_to_jiffies(200)
#define PF_FDB_MOVE_GAP_MAX	(256 * PF_FDB_MOVE_GAP)

/**
 * struct pf_fdb_move - a VPort that got its filters, or lost them
 * @pf: PF
 * @addr: its address, when it got them, else NULL
 */
struct pf_fdb_move {
	struct kawela_pf *pf;
	const u8 *addr;
};

/* The VLANs in which a bridge has learned an address on another port. What is fixed stays. */
static void pf_fdb_learned_in(struct kawela_pf_fdb *fdb, int bridge, const u8 *addr,
			      unsigned long *vids)
{
	struct pf_fdb_entry *entry;
	int i;

	bitmap_zero(vids, VLAN_N_VID);
	spin_lock_bh(&fdb->lock);
	hash_for_each(fdb->entries, i, entry, node)
		if (!entry->fixed && entry->key.bridge == bridge &&
		    ether_addr_equal(entry->key.addr, addr))
			__set_bit(entry->key.vid, vids);
	spin_unlock_bh(&fdb->lock);
}

/* An entry of ours replaces what the bridge has learned, and then goes. */
static void pf_fdb_forget(struct kawela_pf *pf, struct net_device *port, int bridge, u16 vid,
			  const u8 *addr)
{
	struct switchdev_notifier_fdb_info info = { .addr = addr, .vid = vid };
	struct pf_fdb_key key = { .bridge = bridge, .vid = vid };

	call_switchdev_notifiers(SWITCHDEV_FDB_ADD_TO_BRIDGE, port, &info.info, NULL);
	call_switchdev_notifiers(SWITCHDEV_FDB_DEL_TO_BRIDGE, port, &info.info, NULL);
	/* Of this the bridge tells nobody. */
	ether_addr_copy(key.addr, addr);
	pf_fdb_del(pf, &key);
}

static int pf_fdb_move_port(struct net_device *port, struct netdev_nested_priv *priv)
{
	struct switchdev_notifier_fdb_info all = {};
	struct pf_fdb_move *move = priv->data;
	DECLARE_BITMAP(vids, VLAN_N_VID);
	struct net_device *bridge;
	unsigned int vid;

	bridge = netif_is_bridge_port(port) ? netdev_master_upper_dev_get_rcu(port) : NULL;
	if (!bridge)
		return 0;
	if (!move->addr) {
		call_switchdev_notifiers(SWITCHDEV_FDB_FLUSH_TO_BRIDGE, port, &all.info, NULL);
		return 0;
	}
	pf_fdb_learned_in(&move->pf->fdb, bridge->ifindex, move->addr, vids);
	for_each_set_bit(vid, vids, VLAN_N_VID)
		pf_fdb_forget(move->pf, port, bridge->ifindex, vid, move->addr);
	return 0;
}

static void pf_fdb_move_vport(struct kawela_pf *pf, unsigned int pool)
{
	struct pf_fdb_move move = { .pf = pf };
	struct netdev_nested_priv priv = { .data = &move };
	struct kawela_nsw_vport_info info;

	/* A VF that is gone has left something behind all the same. */
	if (kawela_nsw_vport_get_info(pf->nsw, pool, &info))
		clear_bit(pool, &pf->fdb.ready);
	else if (is_zero_ether_addr(info.admin_mac))
		return;
	if (test_bit(pool, &pf->fdb.ready))
		move.addr = info.admin_mac;
	rcu_read_lock();
	pf_fdb_move_port(pf->netdev, &priv);
	netdev_walk_all_upper_dev_rcu(pf->netdev, pf_fdb_move_port, &priv);
	rcu_read_unlock();
}

/* One that comes and goes sooner and sooner waits longer and longer, until it is quiet. */
static void pf_fdb_move_wait(struct kawela_pf_fdb *fdb, unsigned int pool)
{
	unsigned long gap = fdb->move[pool].gap;

	if (time_after(jiffies, fdb->move[pool].at + 3 * gap))
		gap = PF_FDB_MOVE_GAP;
	else
		gap = min(2 * gap, PF_FDB_MOVE_GAP_MAX);
	fdb->move[pool].gap = gap;
	fdb->move[pool].at = jiffies + gap;
}

static void pf_fdb_move_work(struct work_struct *work)
{
	struct kawela_pf *pf = container_of(to_delayed_work(work), struct kawela_pf,
					    fdb.move_work);
	struct kawela_pf_fdb *fdb = &pf->fdb;
	unsigned long next = MAX_JIFFY_OFFSET;
	unsigned int pool;

	for (pool = 0; pool < KW_DEFAULT_POOL; pool++) {
		if (!test_bit(pool, &fdb->moved))
			continue;
		if (time_before(jiffies, fdb->move[pool].at)) {
			next = min(next, fdb->move[pool].at - jiffies);
			continue;
		}
		clear_bit(pool, &fdb->moved);
		pf_fdb_move_wait(fdb, pool);
		pf_fdb_move_vport(pf, pool);
	}
	if (next != MAX_JIFFY_OFFSET)
		queue_delayed_work(system_dfl_wq, &fdb->move_work, next);
}

/**
 * kawela_pf_fdb_move - the address of a VPort has moved in the switch: the bridges shall forget
 * @pf: PF
 * @pool: of the VPort
 * @ready: its filters are its own now, else the default VPort's
 *
 * A guest may have a port of the bridge beside its VF, with the same address. A bridge that has
 * learned where it was sends its frames there until the guest sends something the new way. So it
 * forgets: what it learned of the address on other ports when the VF is ready, and what it learned
 * on the PF's port when it is not. Then it sends frames for the guest to all ports.
 *
 * A VF that was not ready has taught them nothing, and only what the administrator pinned is a
 * guest's address on both sides. A guest whose VF comes and goes in a loop does not keep the
 * bridges from learning: what concerns it waits up to a minute then, and other VFs' does not.
 *
 * Context: any.
 */
void kawela_pf_fdb_move(struct kawela_pf *pf, unsigned int pool, bool ready)
{
	struct kawela_pf_fdb *fdb = &pf->fdb;

	if (!test_bit(pool, &fdb->ready) && !ready)
		return;
	assign_bit(pool, &fdb->ready, ready);
	set_bit(pool, &fdb->moved);
	mod_delayed_work(system_dfl_wq, &fdb->move_work, 0);
}

/**
 * kawela_pf_fdb_init - begin to listen to bridges
 * @pf: PF, its netdev about to be registered
 *
 * Context: probe.
 * Return: 0 or the errno of a notifier chain.
 */
int kawela_pf_fdb_init(struct kawela_pf *pf)
{
	struct kawela_pf_fdb *fdb = &pf->fdb;
	unsigned int pool;
	int err;

	spin_lock_init(&fdb->lock);
	hash_init(fdb->entries);
	INIT_WORK(&fdb->reread_work, pf_fdb_reread_work);
	INIT_DELAYED_WORK(&fdb->move_work, pf_fdb_move_work);
	for (pool = 0; pool < KW_DEFAULT_POOL; pool++) {
		fdb->move[pool].at = jiffies;
		fdb->move[pool].gap = PF_FDB_MOVE_GAP;
	}
	fdb->switchdev_nb.notifier_call = pf_fdb_switchdev_event;
	fdb->netdev_nb.notifier_call = pf_fdb_netdev_event;

	err = register_switchdev_notifier(&fdb->switchdev_nb);
	if (err)
		return err;
	err = register_netdevice_notifier(&fdb->netdev_nb);
	if (err)
		goto err_switchdev;
	return 0;

err_switchdev:
	unregister_switchdev_notifier(&fdb->switchdev_nb);
	return err;
}

/**
 * kawela_pf_fdb_fini - listen no more, forget everything
 * @pf: PF
 *
 * Context: remove, without RTNL; before pf->addr_work is cancelled.
 */
void kawela_pf_fdb_fini(struct kawela_pf *pf)
{
	struct kawela_pf_fdb *fdb = &pf->fdb;
	struct pf_fdb_entry *entry;
	struct hlist_node *tmp;
	int i;

	unregister_netdevice_notifier(&fdb->netdev_nb);
	unregister_switchdev_notifier(&fdb->switchdev_nb);
	cancel_work_sync(&fdb->reread_work);
	disable_delayed_work_sync(&fdb->move_work);

	spin_lock_bh(&fdb->lock);
	hash_for_each_safe(fdb->entries, i, tmp, entry, node)
		pf_fdb_free(fdb, entry);
	spin_unlock_bh(&fdb->lock);
}
