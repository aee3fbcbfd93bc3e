// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a nondefault VPort: made, activated, deleted, and its session.
 *
 * A VF's VPort is there and active from the start, may be deleted and given back. A VPort of the PF
 * is made, activated and deleted. Both have sessions: a VF's driver begins one with the mailbox's
 * reset, the netdev of a PF VPort when it is opened.
 *
 * Owns: struct kawela_nsw_vport, but for what nsw_request.c and nsw_admin.c say.
 * Never touches: registers; mailbox words.
 * Locks: takes kawela_nsw.lock.
 */
#include <linux/netlink.h>

#include "nsw_priv.h"

/* The one table of the session; a state that is not named stays as it is. */
static const enum kawela_nsw_vport_state
nsw_vport_fsm[NSW_VPORT_NUM_STATES][NSW_VPORT_NUM_EVENTS] = {
	[NSW_VPORT_DOWN] = {
		[NSW_VPORT_EV_FLR]   = NSW_VPORT_DOWN,
		[NSW_VPORT_EV_RESET] = NSW_VPORT_ATTACHED,
		[NSW_VPORT_EV_OPEN]  = NSW_VPORT_DOWN,
		[NSW_VPORT_EV_READY] = NSW_VPORT_DOWN,
	},
	[NSW_VPORT_ATTACHED] = {
		[NSW_VPORT_EV_FLR]   = NSW_VPORT_DOWN,
		[NSW_VPORT_EV_RESET] = NSW_VPORT_ATTACHED,
		[NSW_VPORT_EV_OPEN]  = NSW_VPORT_OPEN,
		[NSW_VPORT_EV_READY] = NSW_VPORT_READY,
	},
	[NSW_VPORT_OPEN] = {
		[NSW_VPORT_EV_FLR]   = NSW_VPORT_DOWN,
		[NSW_VPORT_EV_RESET] = NSW_VPORT_ATTACHED,
		[NSW_VPORT_EV_OPEN]  = NSW_VPORT_OPEN,
		[NSW_VPORT_EV_READY] = NSW_VPORT_READY,
	},
	[NSW_VPORT_READY] = {
		[NSW_VPORT_EV_FLR]   = NSW_VPORT_DOWN,
		[NSW_VPORT_EV_RESET] = NSW_VPORT_ATTACHED,
		[NSW_VPORT_EV_OPEN]  = NSW_VPORT_READY,
		[NSW_VPORT_EV_READY] = NSW_VPORT_READY,
	},
};

static void nsw_vport_event(struct kawela_nsw *nsw, unsigned int pool,
			    enum kawela_nsw_vport_event ev)
{
	lockdep_assert_held(&nsw->lock);

	nsw->vport[pool].state = nsw_vport_fsm[nsw->vport[pool].state][ev];
}

/* What its driver asked for goes; what the administrator set stays. */
static void nsw_vport_forget(struct kawela_nsw *nsw, unsigned int pool)
{
	struct kawela_nsw_vport *v = &nsw->vport[pool];

	ether_addr_copy(v->mac, v->admin_mac);
	v->max_frame = KAWELA_NSW_DEF_FRAME;
	v->promisc = 0;
	v->all_mc = false;
	v->num_mc = 0;
	kawela_nsw_uc_trim(nsw, pool, 0);
	kawela_nsw_vlan_leave_all(nsw, pool);
}

/**
 * kawela_nsw_vport_init - give a pool to a VF or to a VPort of the PF
 * @nsw: the switch, locked
 * @pool: 0..6
 * @kind: KAWELA_NSW_VF or KAWELA_NSW_PF
 * @owner: who made it
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_vport_init(struct kawela_nsw *nsw, unsigned int pool, enum kawela_nsw_kind kind,
			   enum kawela_nsw_owner owner)
{
	struct kawela_nsw_vport *v = &nsw->vport[pool];
	bool vf = kind == KAWELA_NSW_VF;

	lockdep_assert_held(&nsw->lock);

	memset(v, 0, sizeof(*v));
	v->kind = kind;
	v->owner = owner;
	v->present = true;
	v->active = vf;
	v->trusted = !vf;
	v->spoofchk = vf;
	v->num_qps = 1;
	v->max_frame = KAWELA_NSW_DEF_FRAME;
}

/**
 * kawela_nsw_vport_free - nobody has this pool any more
 * @nsw: the switch, locked
 * @pool: 0..6; kawela_nsw_vport_drop() came before
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_vport_free(struct kawela_nsw *nsw, unsigned int pool)
{
	lockdep_assert_held(&nsw->lock);

	memset(&nsw->vport[pool], 0, sizeof(nsw->vport[pool]));
}

/**
 * kawela_nsw_vport_drop - end a VPort's session
 * @nsw: the switch, locked
 * @pool: 0..6
 *
 * Context: kawela_nsw.lock held; the caller commits.
 */
void kawela_nsw_vport_drop(struct kawela_nsw *nsw, unsigned int pool)
{
	lockdep_assert_held(&nsw->lock);

	nsw_vport_event(nsw, pool, NSW_VPORT_EV_FLR);
	nsw_vport_forget(nsw, pool);
}

/**
 * kawela_nsw_vport_leave - end a VPort's session, now
 * @nsw: the switch, locked
 * @pool: 0..6
 *
 * What the administrator set is the default VPort's afterwards, before the pool closes.
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_vport_leave(struct kawela_nsw *nsw, unsigned int pool)
{
	kawela_nsw_vport_drop(nsw, pool);
	kawela_nsw_commit(nsw);
	nsw_step(nsw, pool, KAWELA_NSW_STEP_HOME);
}

void kawela_nsw_vport_flr(struct kawela_nsw *nsw, unsigned int pool)
{
	mutex_lock(&nsw->lock);
	if (nsw_vport_exists(nsw, pool))
		kawela_nsw_vport_leave(nsw, pool);
	mutex_unlock(&nsw->lock);
}

/* Whether a session may begin. */
static int nsw_vport_check_reset(const struct kawela_nsw *nsw, unsigned int pool)
{
	const struct kawela_nsw_vport *v;

	if (!nsw_pool_used(nsw, pool))
		return -ENODEV;
	v = &nsw->vport[pool];
	if (!v->present || !v->active || v->link == KAWELA_NSW_LINK_DISABLE)
		return -ENETDOWN;
	return 0;
}

static int nsw_vport_do_reset(struct kawela_nsw *nsw, unsigned int pool, u8 *mac)
{
	struct kawela_nsw_vport *v = &nsw->vport[pool];
	bool home = v->state == NSW_VPORT_READY;

	nsw_vport_event(nsw, pool, NSW_VPORT_EV_RESET);
	nsw_vport_forget(nsw, pool);
	kawela_nsw_commit(nsw);
	if (home)
		nsw_step(nsw, pool, KAWELA_NSW_STEP_HOME);
	ether_addr_copy(mac, v->admin_mac);

	return is_zero_ether_addr(mac) ? -EADDRNOTAVAIL : 0;
}

int kawela_nsw_vport_reset(struct kawela_nsw *nsw, unsigned int pool, u8 *mac)
{
	int err;

	eth_zero_addr(mac);
	mutex_lock(&nsw->lock);
	err = nsw_vport_check_reset(nsw, pool);
	if (!err)
		err = nsw_vport_do_reset(nsw, pool, mac);
	mutex_unlock(&nsw->lock);

	return err;
}

void kawela_nsw_vport_open(struct kawela_nsw *nsw, unsigned int pool)
{
	mutex_lock(&nsw->lock);
	if (nsw_vport_exists(nsw, pool)) {
		nsw_vport_event(nsw, pool, NSW_VPORT_EV_OPEN);
		kawela_nsw_commit(nsw);
	}
	mutex_unlock(&nsw->lock);
}

static void nsw_vport_do_ready(struct kawela_nsw *nsw, unsigned int pool)
{
	struct kawela_nsw_vport *v = &nsw->vport[pool];
	bool before = v->state == NSW_VPORT_READY;

	nsw_vport_event(nsw, pool, NSW_VPORT_EV_READY);
	if (v->state != NSW_VPORT_READY)
		return;
	if (!before)
		v->since = ++nsw->takes;
	kawela_nsw_commit(nsw);
	nsw_step(nsw, pool, KAWELA_NSW_STEP_READY);
}

void kawela_nsw_vport_ready(struct kawela_nsw *nsw, unsigned int pool)
{
	mutex_lock(&nsw->lock);
	if (nsw_vport_exists(nsw, pool))
		nsw_vport_do_ready(nsw, pool);
	mutex_unlock(&nsw->lock);
}

/*
 * The one rule of counting: a VPort is kept for each VF, or, in a single pool of VPorts, for each
 * VF that has one. 1 + those + the PF's never exceed the 8 there are.
 */
static unsigned int nsw_pf_vports_max(const struct kawela_nsw *nsw)
{
	unsigned int pool, kept = nsw->num_vfs;

	if (nsw->policy & KAWELA_NSW_SINGLE_VPORT_POOL)
		for (kept = 0, pool = 0; pool < nsw->num_vfs; pool++)
			kept += nsw_vport_exists(nsw, pool);
	return NSW_NUM_VPORTS - kept;
}

/* The highest pool nobody has, -ENOSPC if there is none. A pool of a VF stays the VF's. */
static int nsw_find_pool(const struct kawela_nsw *nsw, struct netlink_ext_ack *extack)
{
	unsigned int max = nsw_pf_vports_max(nsw), used = 0, pool;
	int found = -ENOSPC;

	for (pool = nsw->num_vfs; pool < NSW_NUM_VPORTS; pool++) {
		if (nsw_pool_used(nsw, pool))
			used++;
		else
			found = pool;
	}
	if (found < 0 || used >= max) {
		NL_SET_ERR_MSG_FMT(extack,
				   "No vports left: %u VFs, %u VPorts of the PF, at most %u%s",
				   nsw->num_vfs, used, max,
				   used < max ? ", no pool is free" : "");
		return -ENOSPC;
	}
	return found;
}

static int nsw_pf_vport_make(struct kawela_nsw *nsw, enum kawela_nsw_owner owner,
			     struct netlink_ext_ack *extack)
{
	int pool;

	if (!(nsw->policy & KAWELA_NSW_VMQ)) {
		NL_SET_ERR_MSG(extack, "VPorts of the PF are turned off (vmq)");
		return -EOPNOTSUPP;
	}
	pool = nsw_find_pool(nsw, extack);
	if (pool < 0)
		return pool;

	kawela_nsw_vport_init(nsw, pool, KAWELA_NSW_PF, owner);
	if (!kawela_nsw_uc_fits_admin(nsw)) {
		NL_SET_ERR_MSG(extack, "No mac_filters left for a VPort: remove addresses");
		goto err_free;
	}
	if (!kawela_nsw_vlans_fit(nsw)) {
		NL_SET_ERR_MSG(extack, "No vlan_filters left for a VPort: remove VLANs");
		goto err_free;
	}
	return pool;

err_free:
	kawela_nsw_vport_free(nsw, pool);
	return -ENOSPC;
}

int kawela_nsw_pf_vport_add(struct kawela_nsw *nsw, enum kawela_nsw_owner owner,
			    struct netlink_ext_ack *extack)
{
	int pool;

	mutex_lock(&nsw->lock);
	pool = nsw_pf_vport_make(nsw, owner, extack);
	if (pool >= 0)
		kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);

	return pool;
}

int kawela_nsw_pf_vport_check(struct kawela_nsw *nsw, struct netlink_ext_ack *extack)
{
	int pool;

	mutex_lock(&nsw->lock);
	pool = nsw_pf_vport_make(nsw, KAWELA_NSW_OWNER_DEVLINK, extack);
	if (pool >= 0)
		kawela_nsw_vport_free(nsw, pool);
	mutex_unlock(&nsw->lock);

	return min(pool, 0);
}

static int nsw_vport_check(const struct kawela_nsw *nsw, unsigned int pool,
			   struct netlink_ext_ack *extack)
{
	if (nsw_vport_exists(nsw, pool))
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "Pool %u has no VPort", pool);
	return -ENODEV;
}

int kawela_nsw_pf_vport_activate(struct kawela_nsw *nsw, unsigned int pool,
				 struct netlink_ext_ack *extack)
{
	int err;

	if (pool == KAWELA_NSW_PF_POOL)
		return 0;

	mutex_lock(&nsw->lock);
	err = nsw_vport_check(nsw, pool, extack);
	if (!err)
		nsw->vport[pool].active = true;
	mutex_unlock(&nsw->lock);

	return err;
}

int kawela_nsw_vf_vport_add(struct kawela_nsw *nsw, unsigned int vf, struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&nsw->lock);
	if (!nsw_is_vf(nsw, vf)) {
		NL_SET_ERR_MSG_FMT(extack, "VF %u does not exist: there are %u", vf, nsw->num_vfs);
		err = -ENODEV;
	} else if (nsw->vport[vf].present) {
		NL_SET_ERR_MSG_FMT(extack, "VF %u has its VPort", vf);
		err = -EEXIST;
	} else {
		nsw->vport[vf].present = true;
	}
	mutex_unlock(&nsw->lock);

	return err;
}

static int nsw_vport_check_del(const struct kawela_nsw *nsw, unsigned int pool,
			       enum kawela_nsw_owner owner, struct netlink_ext_ack *extack)
{
	int err;

	if (pool == KAWELA_NSW_PF_POOL) {
		NL_SET_ERR_MSG(extack, "The default VPort is always there");
		return -EPERM;
	}
	err = nsw_vport_check(nsw, pool, extack);
	if (err)
		return err;
	if (nsw->vport[pool].owner == owner)
		return 0;
	if (owner == KAWELA_NSW_OWNER_DEVLINK)
		NL_SET_ERR_MSG(extack, "The VPort belongs to an offloaded macvlan: remove that");
	else
		NL_SET_ERR_MSG(extack, "The VPort belongs to the administrator");
	return -EPERM;
}

/* The filters leave while the pools still separate traffic; only then go to RSS, if it is last. */
static void nsw_vport_do_del(struct kawela_nsw *nsw, unsigned int pool)
{
	bool vf = nsw_is_vf(nsw, pool);

	if (!vf)
		kawela_nsw_rules_drop(nsw, pool);
	kawela_nsw_vport_drop(nsw, pool);
	nsw->vport[pool].present = false;
	kawela_nsw_commit(nsw);
	nsw_step(nsw, pool, KAWELA_NSW_STEP_HOME);
	nsw_step(nsw, pool, KAWELA_NSW_STEP_DELETED);
	if (vf)
		return;
	kawela_nsw_vport_free(nsw, pool);
	kawela_nsw_commit(nsw);
	nsw_step(nsw, pool, KAWELA_NSW_STEP_FREED);
}

int kawela_nsw_vport_del(struct kawela_nsw *nsw, unsigned int pool, enum kawela_nsw_owner owner,
			 struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&nsw->lock);
	err = nsw_vport_check_del(nsw, pool, owner, extack);
	if (!err)
		nsw_vport_do_del(nsw, pool);
	mutex_unlock(&nsw->lock);

	return err;
}

static int nsw_vport_check_qps(const struct kawela_nsw *nsw, unsigned int pool,
			       unsigned int num_qps, struct netlink_ext_ack *extack)
{
	const struct kawela_nsw_vport *v;
	int err;

	if (pool == KAWELA_NSW_PF_POOL) {
		NL_SET_ERR_MSG(extack, "The default VPort's queues are set with ethtool -L");
		return -EPERM;
	}
	err = nsw_vport_check(nsw, pool, extack);
	if (err)
		return err;
	if (num_qps < 1 || num_qps > 2) {
		NL_SET_ERR_MSG(extack, "A VPort has 1 or 2 queue pairs");
		return -EINVAL;
	}
	v = &nsw->vport[pool];
	if (num_qps == v->num_qps)
		return 0;
	if (v->state != NSW_VPORT_DOWN || (v->kind == KAWELA_NSW_PF && v->active)) {
		NL_SET_ERR_MSG(extack, "The VPort is in use: set its queue pairs before");
		return -EBUSY;
	}
	return 0;
}

int kawela_nsw_vport_set_num_qps(struct kawela_nsw *nsw, unsigned int pool, unsigned int num_qps,
				 struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&nsw->lock);
	err = nsw_vport_check_qps(nsw, pool, num_qps, extack);
	if (!err)
		nsw->vport[pool].num_qps = num_qps;
	if (!err && nsw_is_vf(nsw, pool))
		nsw->ops->policy(nsw->hw, pool, KAWELA_NSW_POLICY_QUEUES);
	mutex_unlock(&nsw->lock);

	return err;
}

static void nsw_default_info(const struct kawela_nsw *nsw, struct kawela_nsw_vport_info *info)
{
	const struct kawela_nsw_pf *pf = &nsw->pf;

	info->kind = KAWELA_NSW_DEFAULT;
	info->present = true;
	info->active = true;
	info->num_qps = 2;
	ether_addr_copy(info->mac, pf->mac);
	info->num_mc = pf->num_mc;
	info->ready = true;
	info->trusted = true;
	info->allmulti = pf->flags & (KAWELA_NSW_PF_PROMISC | KAWELA_NSW_PF_ALLMULTI);
	info->promisc = pf->flags & KAWELA_NSW_PF_PROMISC;
}

static void nsw_vport_info(const struct kawela_nsw_vport *v, struct kawela_nsw_vport_info *info)
{
	info->kind = v->kind;
	info->owner = v->owner;
	info->present = v->present;
	info->active = v->active;
	info->num_qps = v->num_qps;
	ether_addr_copy(info->admin_mac, v->admin_mac);
	ether_addr_copy(info->mac, v->mac);
	info->num_mc = v->num_mc;
	info->ready = v->state == NSW_VPORT_READY;
	info->trusted = v->trusted;
	info->spoofchk = v->spoofchk;
	info->allmulti = v->all_mc || v->promisc & KAWELA_NSW_VF_PROMISC_MC;
	info->promisc = v->promisc & KAWELA_NSW_VF_PROMISC_UC;
	info->vlan = v->vlan;
	info->qos = v->qos;
	info->max_rate = v->max_rate;
	info->link = v->link;
}

int kawela_nsw_vport_get_quota(struct kawela_nsw *nsw, unsigned int pool,
			       struct kawela_nsw_quota *quota)
{
	const struct kawela_nsw_vport *v;
	int err = -ENODEV;

	memset(quota, 0, sizeof(*quota));
	mutex_lock(&nsw->lock);
	if (nsw_pool_used(nsw, pool)) {
		v = &nsw->vport[pool];
		quota->vlans = kawela_nsw_vlan_room(nsw, pool);
		if (v->trusted)
			quota->uc = KAWELA_NSW_NUM_RAR;
		else if (is_zero_ether_addr(v->admin_mac))
			quota->uc = NSW_UNTRUSTED_UC;
		err = 0;
	}
	mutex_unlock(&nsw->lock);

	return err;
}

int kawela_nsw_vport_get_info(struct kawela_nsw *nsw, unsigned int pool,
			      struct kawela_nsw_vport_info *info)
{
	int err = 0;

	memset(info, 0, sizeof(*info));
	mutex_lock(&nsw->lock);
	if (pool == KAWELA_NSW_PF_POOL)
		nsw_default_info(nsw, info);
	else if (nsw_pool_used(nsw, pool))
		nsw_vport_info(&nsw->vport[pool], info);
	else
		err = -ENODEV;
	if (!err) {
		info->num_uc = kawela_nsw_uc_count(nsw, pool);
		info->num_vlans = kawela_nsw_vlan_count(nsw, pool);
		info->num_rules = kawela_nsw_rule_count(nsw, pool);
	}
	mutex_unlock(&nsw->lock);

	return err;
}
