// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of the NIC switch: creation, number of VFs, suspension around hardware resets, settings of
 * the whole, occupancy.
 *
 * Owns: struct kawela_nsw.
 * Never touches: registers.
 * Locks: takes kawela_nsw.lock.
 */
#include <linux/err.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "nsw_priv.h"

static_assert(KAWELA_NSW_MAX_VFS + 1 <= KAWELA_NSW_NUM_POOLS);
static_assert(NSW_NUM_VPORTS + 1 == KAWELA_NSW_NUM_POOLS);
static_assert(NSW_NUM_VPORTS * (1 + NSW_SHARE_VPORT_UC) + NSW_SHARE_PF_UC <= NSW_RAR_SHARED);
static_assert(KAWELA_NSW_NUM_POOLS * NSW_SHARE_VLANS <= NSW_VLVF_SHARED);

/**
 * kawela_nsw_commit - bring wanted state to the hardware
 * @nsw: the switch, locked
 *
 * Context: process context, kawela_nsw.lock held.
 */
void kawela_nsw_commit(struct kawela_nsw *nsw)
{
	lockdep_assert_held(&nsw->lock);

	kawela_nsw_uc_place(nsw);
	kawela_nsw_vlan_place(nsw);
	if (nsw->suspended)
		return;
	kawela_nsw_image_compute(nsw, &nsw->next);
	kawela_nsw_apply(nsw);
}

struct kawela_nsw *kawela_nsw_create(const struct kawela_nsw_hw_ops *ops, void *hw,
				     const u8 *pf_mac)
{
	struct kawela_nsw *nsw;

	if (!is_valid_ether_addr(pf_mac))
		return ERR_PTR(-EINVAL);

	nsw = kzalloc(sizeof(*nsw), GFP_KERNEL);
	if (!nsw)
		return ERR_PTR(-ENOMEM);

	mutex_init(&nsw->lock);
	nsw->ops = ops;
	nsw->hw = hw;
	nsw->suspended = true;
	nsw->force = true;
	nsw->loopback = true;
	nsw->policy = KAWELA_NSW_VMQ | KAWELA_NSW_VLAN_TESTS;
	ether_addr_copy(nsw->pf.mac, pf_mac);
	nsw->pf.max_frame = KAWELA_NSW_PF_FRAME;
	nsw->pf.features = KAWELA_NSW_PF_VLAN_FILTER | KAWELA_NSW_PF_VLAN_STRIP;

	return nsw;
}

void kawela_nsw_destroy(struct kawela_nsw *nsw)
{
	if (!nsw)
		return;
	mutex_destroy(&nsw->lock);
	kfree(nsw->pf.uc);
	kfree(nsw->pf.learned);
	kfree(nsw);
}

void kawela_nsw_suspend(struct kawela_nsw *nsw)
{
	unsigned int pool;

	mutex_lock(&nsw->lock);
	for (pool = 0; pool < NSW_NUM_VPORTS; pool++)
		if (nsw_pool_used(nsw, pool))
			kawela_nsw_vport_drop(nsw, pool);
	kawela_nsw_commit(nsw);
	nsw->suspended = true;
	mutex_unlock(&nsw->lock);
}

void kawela_nsw_reapply(struct kawela_nsw *nsw)
{
	mutex_lock(&nsw->lock);
	nsw->suspended = false;
	nsw->force = true;
	kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);
}

static int nsw_check_room(const struct kawela_nsw *nsw, unsigned int num_vfs,
			  struct netlink_ext_ack *extack)
{
	if (!kawela_nsw_vlans_fit(nsw)) {
		NL_SET_ERR_MSG_FMT(extack, "vlan_filters leave no room for %u VFs: remove VLANs",
				   num_vfs);
		return -ENOSPC;
	}
	if (!kawela_nsw_uc_fits_admin(nsw)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "VPorts and receive filters leave no addresses for %u VFs",
				   num_vfs);
		return -ENOSPC;
	}
	return 0;
}

static int nsw_check_places(const struct kawela_nsw *nsw, unsigned int num_vfs,
			    struct netlink_ext_ack *extack)
{
	unsigned int vf;

	for (vf = 0; vf < num_vfs; vf++) {
		if (!nsw_pool_used(nsw, vf))
			continue;
		if (nsw->vport[vf].owner == KAWELA_NSW_OWNER_STATION)
			NL_SET_ERR_MSG_FMT(extack,
					   "VPort %u in the place of VF %u is an offloaded macvlan's: remove that",
					   kawela_nsw_vport_id(vf), vf);
		else
			NL_SET_ERR_MSG_FMT(extack,
					   "VPort %u of the PF is in the place of VF %u: delete it",
					   kawela_nsw_vport_id(vf), vf);
		return -EBUSY;
	}
	return 0;
}

static void nsw_init_vfs(struct kawela_nsw *nsw, unsigned int num_vfs)
{
	unsigned int vf;

	for (vf = 0; vf < num_vfs; vf++)
		kawela_nsw_vport_init(nsw, vf, KAWELA_NSW_VF, KAWELA_NSW_OWNER_DEVLINK);
}

static void nsw_free_vfs(struct kawela_nsw *nsw, unsigned int num_vfs)
{
	unsigned int vf;

	for (vf = 0; vf < num_vfs; vf++)
		kawela_nsw_vport_free(nsw, vf);
}

static int nsw_check_create_vfs(struct kawela_nsw *nsw, unsigned int num_vfs,
				struct netlink_ext_ack *extack)
{
	int err;

	err = nsw_check_places(nsw, num_vfs, extack);
	if (err)
		return err;
	nsw_init_vfs(nsw, num_vfs);
	err = nsw_check_room(nsw, num_vfs, extack);
	nsw_free_vfs(nsw, num_vfs);

	return err;
}

static void nsw_create_vfs(struct kawela_nsw *nsw, unsigned int num_vfs)
{
	nsw_init_vfs(nsw, num_vfs);
	nsw->num_vfs = num_vfs;
	kawela_nsw_commit(nsw);
}

static void nsw_delete_vfs(struct kawela_nsw *nsw)
{
	unsigned int vf, num_vfs = nsw->num_vfs;

	/* The VFs' filters leave while the pools still separate traffic; only then go to RSS. */
	for (vf = 0; vf < num_vfs; vf++) {
		kawela_nsw_rules_drop(nsw, vf);
		kawela_nsw_vport_drop(nsw, vf);
		kawela_nsw_vport_init(nsw, vf, KAWELA_NSW_VF, KAWELA_NSW_OWNER_DEVLINK);
	}
	kawela_nsw_commit(nsw);
	for (vf = 0; vf < num_vfs; vf++)
		nsw_step(nsw, vf, KAWELA_NSW_STEP_HOME);

	nsw_free_vfs(nsw, num_vfs);
	nsw->num_vfs = 0;
	kawela_nsw_commit(nsw);
	for (vf = 0; vf < num_vfs; vf++)
		nsw_step(nsw, vf, KAWELA_NSW_STEP_FREED);
}

static int nsw_check_num_vfs(struct kawela_nsw *nsw, unsigned int num_vfs,
			     struct netlink_ext_ack *extack)
{
	if (num_vfs > KAWELA_NSW_MAX_VFS) {
		NL_SET_ERR_MSG_FMT(extack, "At most %u VFs: pool %u belongs to the PF",
				   KAWELA_NSW_MAX_VFS, KAWELA_NSW_PF_POOL);
		return -ERANGE;
	}
	if (!num_vfs || num_vfs == nsw->num_vfs)
		return 0;
	if (!nsw->num_vfs)
		return nsw_check_create_vfs(nsw, num_vfs, extack);
	NL_SET_ERR_MSG_FMT(extack, "%u VFs exist: set their number to 0 first", nsw->num_vfs);
	return -EBUSY;
}

int kawela_nsw_check_num_vfs(struct kawela_nsw *nsw, unsigned int num_vfs,
			     struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&nsw->lock);
	err = nsw_check_num_vfs(nsw, num_vfs, extack);
	mutex_unlock(&nsw->lock);

	return err;
}

int kawela_nsw_set_num_vfs(struct kawela_nsw *nsw, unsigned int num_vfs,
			   struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&nsw->lock);
	err = nsw_check_num_vfs(nsw, num_vfs, extack);
	if (!err && num_vfs != nsw->num_vfs) {
		if (num_vfs)
			nsw_create_vfs(nsw, num_vfs);
		else
			nsw_delete_vfs(nsw);
	}
	mutex_unlock(&nsw->lock);

	return err;
}

enum kawela_nsw_mode kawela_nsw_mode(struct kawela_nsw *nsw)
{
	enum kawela_nsw_mode mode;

	mutex_lock(&nsw->lock);
	mode = nsw_is_vmdq(nsw) ? KAWELA_NSW_VMDQ : KAWELA_NSW_RSS;
	mutex_unlock(&nsw->lock);

	return mode;
}

void kawela_nsw_set_policy(struct kawela_nsw *nsw, u32 policy)
{
	mutex_lock(&nsw->lock);
	nsw->policy = policy & NSW_POLICIES;
	mutex_unlock(&nsw->lock);
}

void kawela_nsw_set_loopback(struct kawela_nsw *nsw, bool on)
{
	mutex_lock(&nsw->lock);
	WRITE_ONCE(nsw->loopback, on);
	kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);
}

bool kawela_nsw_loopback(const struct kawela_nsw *nsw)
{
	return READ_ONCE(nsw->loopback);
}

void kawela_nsw_set_link_speed(struct kawela_nsw *nsw, unsigned int speed)
{
	mutex_lock(&nsw->lock);
	nsw->link_speed = speed;
	kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);
}

static void nsw_count_vports(const struct kawela_nsw *nsw, struct kawela_nsw_counts *counts)
{
	const struct kawela_nsw_vport *v;
	unsigned int pool;

	counts->num_vports = 1;
	counts->queue_pairs = nsw_is_vmdq(nsw) ? 2 : 0;
	for (pool = 0; pool < NSW_NUM_VPORTS; pool++) {
		v = &nsw->vport[pool];
		if (!nsw_pool_used(nsw, pool))
			continue;
		counts->vfs_ready += nsw_is_vf(nsw, pool) && v->state == NSW_VPORT_READY;
		counts->num_vports += v->present;
		counts->pf_vports += v->kind == KAWELA_NSW_PF;
		counts->queue_pairs += v->present ? v->num_qps : 0;
	}
}

/* Whether a pool's own entry has no address: it has none, or another VF's entry serves both. */
static bool nsw_own_rar_idle(const struct kawela_nsw *nsw, unsigned int pool)
{
	const u8 *mac = nsw_own_mac(nsw, pool);
	unsigned int i;

	for (i = 0; i < pool; i++)
		if (nsw_is_vf(nsw, i) && ether_addr_equal(nsw_own_mac(nsw, i), mac))
			return true;
	return is_zero_ether_addr(mac);
}

static void nsw_count_rar(const struct kawela_nsw *nsw, struct kawela_nsw_counts *counts)
{
	const struct kawela_nsw_uc *uc;
	unsigned int i;

	counts->rar_owner[KAWELA_NSW_PF_POOL] = 1;
	for (i = 0; i < NSW_NUM_VPORTS; i++) {
		if (!nsw_pool_used(nsw, i))
			continue;
		if (nsw_own_rar_idle(nsw, i))
			counts->rar_reserved++;
		else
			counts->rar_owner[i]++;
	}
	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		uc = &nsw->uc[i];
		/* What the VPort's own entry serves has one in reserve: that may change. */
		if (uc->owner < NSW_NUM_VPORTS && uc->rule &&
		    ether_addr_equal(uc->mac, nsw_own_mac(nsw, uc->owner)))
			counts->rar_reserved++;
		else if (uc->asked || uc->rule)
			counts->rar_owner[uc->owner]++;
	}
	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++)
		counts->rar_used += counts->rar_owner[i];
	counts->rar_free = KAWELA_NSW_NUM_RAR - counts->rar_used - counts->rar_reserved;
}

static void nsw_count_vlans(const struct kawela_nsw *nsw, struct kawela_nsw_counts *counts)
{
	const struct kawela_nsw_vlan *vlan;
	unsigned int i, pool;

	counts->vlvf_used = nsw_is_vmdq(nsw);
	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++) {
		vlan = &nsw->vlan[i];
		counts->vlvf_used += vlan->members || vlan->admin;
		for (pool = 0; pool < KAWELA_NSW_NUM_POOLS; pool++)
			counts->vlan_owner[pool] += !!((vlan->members | vlan->admin) & BIT(pool));
	}
	counts->vlvf_free = KAWELA_NSW_NUM_VLVF - counts->vlvf_used;
	if (!nsw_is_vmdq(nsw))
		counts->vlan_owner[KAWELA_NSW_PF_POOL] =
			kawela_nsw_vlan_count(nsw, KAWELA_NSW_PF_POOL);
}

void kawela_nsw_get_counts(struct kawela_nsw *nsw, struct kawela_nsw_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	mutex_lock(&nsw->lock);
	counts->mode = nsw_is_vmdq(nsw) ? KAWELA_NSW_VMDQ : KAWELA_NSW_RSS;
	counts->num_vfs = nsw->num_vfs;
	nsw_count_vports(nsw, counts);
	nsw_count_rar(nsw, counts);
	nsw_count_vlans(nsw, counts);
	mutex_unlock(&nsw->lock);
}
