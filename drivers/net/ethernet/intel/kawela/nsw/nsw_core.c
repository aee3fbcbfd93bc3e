// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of the NIC switch: creation, number of VFs, suspension around hardware resets, occupancy.
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
static_assert(KAWELA_NSW_MAX_VFS * (1 + NSW_SHARE_VF_UC) + NSW_SHARE_PF_UC <= NSW_RAR_SHARED);
static_assert((KAWELA_NSW_MAX_VFS + 1) * NSW_SHARE_VLANS <= NSW_VLVF_SHARED);

/**
 * kawela_nsw_commit - bring wanted state to the hardware
 * @nsw: the switch, locked
 *
 * Context: process context, kawela_nsw.lock held.
 */
void kawela_nsw_commit(struct kawela_nsw *nsw)
{
	lockdep_assert_held(&nsw->lock);

	kawela_nsw_uc_place_pf(nsw);
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
	ether_addr_copy(nsw->pf.mac, pf_mac);
	nsw->pf.max_frame = KAWELA_NSW_DEF_FRAME;
	nsw->pf.features = KAWELA_NSW_PF_VLAN_FILTER | KAWELA_NSW_PF_VLAN_STRIP;

	return nsw;
}

void kawela_nsw_destroy(struct kawela_nsw *nsw)
{
	if (!nsw)
		return;
	mutex_destroy(&nsw->lock);
	kfree(nsw->pf.uc);
	kfree(nsw);
}

void kawela_nsw_suspend(struct kawela_nsw *nsw)
{
	unsigned int vf;

	mutex_lock(&nsw->lock);
	for (vf = 0; vf < nsw->num_vfs; vf++)
		kawela_nsw_vport_drop(nsw, vf);
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

static int nsw_create_vfs(struct kawela_nsw *nsw, unsigned int num_vfs,
			  struct netlink_ext_ack *extack)
{
	unsigned int vf;

	if (!kawela_nsw_vlans_fit(nsw, num_vfs)) {
		NL_SET_ERR_MSG_FMT(extack, "PF has %u VLANs, too many beside %u VFs: remove some",
				   kawela_nsw_vlan_count(nsw, KAWELA_NSW_PF_POOL), num_vfs);
		return -ENOSPC;
	}

	for (vf = 0; vf < num_vfs; vf++)
		kawela_nsw_vport_init(nsw, vf);
	nsw->num_vfs = num_vfs;
	kawela_nsw_vlan_load_pf(nsw);
	kawela_nsw_commit(nsw);

	return 0;
}

static int nsw_delete_vfs(struct kawela_nsw *nsw)
{
	unsigned int vf;

	/* The VFs' filters leave while the pools still separate traffic; only then go to RSS. */
	for (vf = 0; vf < nsw->num_vfs; vf++) {
		kawela_nsw_vport_drop(nsw, vf);
		kawela_nsw_vport_init(nsw, vf);
	}
	kawela_nsw_commit(nsw);

	nsw->num_vfs = 0;
	memset(nsw->vlan, 0, sizeof(nsw->vlan));
	kawela_nsw_commit(nsw);

	return 0;
}

int kawela_nsw_set_num_vfs(struct kawela_nsw *nsw, unsigned int num_vfs,
			   struct netlink_ext_ack *extack)
{
	int err;

	if (num_vfs > KAWELA_NSW_MAX_VFS) {
		NL_SET_ERR_MSG_FMT(extack, "At most %u VFs: pool %u belongs to the PF",
				   KAWELA_NSW_MAX_VFS, KAWELA_NSW_PF_POOL);
		return -ERANGE;
	}

	mutex_lock(&nsw->lock);
	if (num_vfs == nsw->num_vfs)
		err = 0;
	else if (!num_vfs)
		err = nsw_delete_vfs(nsw);
	else if (!nsw->num_vfs)
		err = nsw_create_vfs(nsw, num_vfs, extack);
	else
		err = -EBUSY;
	if (err == -EBUSY)
		NL_SET_ERR_MSG_FMT(extack, "%u VFs exist: set their number to 0 first",
				   nsw->num_vfs);
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

static void nsw_count_vfs(const struct kawela_nsw *nsw, struct kawela_nsw_counts *counts)
{
	unsigned int vf;

	for (vf = 0; vf < nsw->num_vfs; vf++) {
		bool has_mac = !is_zero_ether_addr(nsw->vport[vf].mac);

		counts->vfs_ready += nsw->vport[vf].state == NSW_VPORT_READY;
		counts->rar_reserved += !has_mac;
		counts->rar_owner[vf] = has_mac + kawela_nsw_uc_count(nsw, vf);
		counts->vlan_owner[vf] = kawela_nsw_vlan_count(nsw, vf);
	}
}

void kawela_nsw_get_counts(struct kawela_nsw *nsw, struct kawela_nsw_counts *counts)
{
	unsigned int i;

	memset(counts, 0, sizeof(*counts));
	mutex_lock(&nsw->lock);
	counts->mode = nsw_is_vmdq(nsw) ? KAWELA_NSW_VMDQ : KAWELA_NSW_RSS;
	counts->num_vfs = nsw->num_vfs;
	nsw_count_vfs(nsw, counts);
	counts->rar_owner[KAWELA_NSW_PF_POOL] = 1 + kawela_nsw_uc_count(nsw, KAWELA_NSW_PF_POOL);
	counts->vlan_owner[KAWELA_NSW_PF_POOL] = kawela_nsw_vlan_count(nsw, KAWELA_NSW_PF_POOL);
	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++)
		counts->rar_used += counts->rar_owner[i];
	counts->rar_free = KAWELA_NSW_NUM_RAR - counts->rar_used - counts->rar_reserved;
	counts->vlvf_used = nsw_is_vmdq(nsw);
	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		counts->vlvf_used += !!nsw->vlan[i].members;
	counts->vlvf_free = KAWELA_NSW_NUM_VLVF - counts->vlvf_used;
	mutex_unlock(&nsw->lock);
}
