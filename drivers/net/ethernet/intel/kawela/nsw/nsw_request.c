// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a VPort's driver asks for: a VF's by the mailbox, a netdev of the PF's directly.
 *
 * A guest may be hostile. Each request is checked against what the VPort is allowed, against the
 * addresses others have and against its share of the tables before anything changes.
 *
 * Owns: the requested half of struct kawela_nsw_vport.
 * Never touches: registers; mailbox words; what the administrator set.
 * Locks: takes kawela_nsw.lock.
 */
#include "nsw_priv.h"

/* Lock the switch for a request of a VPort; on failure it is not locked. */
static int nsw_vport_request_begin(struct kawela_nsw *nsw, unsigned int pool)
{
	int err = 0;

	mutex_lock(&nsw->lock);
	if (!nsw_pool_used(nsw, pool))
		err = -ENODEV;
	else if (nsw->vport[pool].state == NSW_VPORT_DOWN)
		err = -EAGAIN;
	if (err)
		mutex_unlock(&nsw->lock);

	return err;
}

static int nsw_vport_request_end(struct kawela_nsw *nsw, int err)
{
	if (!err)
		kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);

	return err;
}

static int nsw_vport_check_mac(const struct kawela_nsw *nsw, unsigned int pool, const u8 *mac)
{
	const struct kawela_nsw_vport *v = &nsw->vport[pool];

	if (is_zero_ether_addr(mac))
		return 0;
	if (!is_valid_ether_addr(mac))
		return -EINVAL;
	if (!v->trusted && !is_zero_ether_addr(v->admin_mac) &&
	    !ether_addr_equal(mac, v->admin_mac))
		return -EPERM;
	if (kawela_nsw_mac_taken(nsw, mac, pool))
		return -EEXIST;
	return 0;
}

int kawela_nsw_vport_set_mac(struct kawela_nsw *nsw, unsigned int pool, const u8 *mac)
{
	int err = nsw_vport_request_begin(nsw, pool);

	if (err)
		return err;

	err = nsw_vport_check_mac(nsw, pool, mac);
	if (!err) {
		kawela_nsw_uc_del(nsw, mac, pool);
		kawela_nsw_mac_take(nsw, mac, pool);
	}

	return nsw_vport_request_end(nsw, err);
}

static int nsw_vport_do_add_uc(struct kawela_nsw *nsw, unsigned int pool, const u8 *mac)
{
	const struct kawela_nsw_vport *v = &nsw->vport[pool];

	if (!is_valid_ether_addr(mac))
		return -EINVAL;
	if (ether_addr_equal(mac, v->mac) || kawela_nsw_uc_has(nsw, mac, pool))
		return 0;
	if (!v->trusted && !is_zero_ether_addr(v->admin_mac))
		return -EPERM;
	if (kawela_nsw_mac_taken(nsw, mac, pool))
		return -EEXIST;
	if (!v->trusted && kawela_nsw_uc_count(nsw, pool) >= NSW_UNTRUSTED_UC)
		return -ENOSPC;
	return kawela_nsw_uc_add(nsw, mac, pool);
}

int kawela_nsw_vport_add_uc(struct kawela_nsw *nsw, unsigned int pool, const u8 *mac)
{
	int err = nsw_vport_request_begin(nsw, pool);

	if (err)
		return err;

	return nsw_vport_request_end(nsw, nsw_vport_do_add_uc(nsw, pool, mac));
}

int kawela_nsw_vport_clear_uc(struct kawela_nsw *nsw, unsigned int pool)
{
	int err = nsw_vport_request_begin(nsw, pool);

	if (err)
		return err;

	kawela_nsw_uc_trim(nsw, pool, 0);

	return nsw_vport_request_end(nsw, 0);
}

int kawela_nsw_vport_sync_uc(struct kawela_nsw *nsw, unsigned int pool,
			     const struct kawela_nsw_addr_list *uc)
{
	int err = nsw_vport_request_begin(nsw, pool);
	unsigned int i;
	int ret = 0;

	if (err)
		return err;

	kawela_nsw_uc_keep(nsw, pool, uc);
	for (i = 0; i < uc->num; i++) {
		err = nsw_vport_do_add_uc(nsw, pool, uc->addr[i]);
		if (err && ret != -ENOSPC)
			ret = err;
	}
	/* Whatever was refused: the rest of the list stands. */
	nsw_vport_request_end(nsw, 0);

	return ret;
}

int kawela_nsw_vport_set_mc(struct kawela_nsw *nsw, unsigned int pool, const u16 *hash,
			    unsigned int count)
{
	bool all = count > KAWELA_NSW_MAX_VF_MC;
	int err = nsw_vport_request_begin(nsw, pool);
	struct kawela_nsw_vport *v;
	unsigned int i;

	if (err)
		return err;

	v = &nsw->vport[pool];
	if (all && !v->trusted)
		return nsw_vport_request_end(nsw, -EPERM);

	v->all_mc = all;
	v->num_mc = all ? 0 : count;
	for (i = 0; i < v->num_mc; i++)
		v->mc[i] = hash[i] & GENMASK(11, 0);

	return nsw_vport_request_end(nsw, 0);
}

int kawela_nsw_vport_set_vlan(struct kawela_nsw *nsw, unsigned int pool, u16 vid, bool add)
{
	int err;

	if (vid >= VLAN_N_VID)
		return -EINVAL;
	err = nsw_vport_request_begin(nsw, pool);
	if (err)
		return err;

	if (vid && add)
		err = kawela_nsw_vlan_join(nsw, vid, pool);
	else if (vid)
		kawela_nsw_vlan_leave(nsw, vid, pool);

	return nsw_vport_request_end(nsw, err);
}

int kawela_nsw_vport_set_max_frame(struct kawela_nsw *nsw, unsigned int pool, u32 max_frame)
{
	int err;

	if (max_frame < KAWELA_NSW_MIN_FRAME || max_frame > KAWELA_NSW_MAX_FRAME)
		return -EINVAL;
	err = nsw_vport_request_begin(nsw, pool);
	if (err)
		return err;

	nsw->vport[pool].max_frame = max_frame;

	return nsw_vport_request_end(nsw, 0);
}

static int nsw_vport_check_promisc(const struct kawela_nsw_vport *v, u32 flags)
{
	if (flags & ~(KAWELA_NSW_VF_PROMISC_UC | KAWELA_NSW_VF_PROMISC_MC))
		return -EINVAL;
	if (flags && !v->trusted)
		return -EPERM;
	return 0;
}

int kawela_nsw_vport_set_promisc(struct kawela_nsw *nsw, unsigned int pool, u32 flags)
{
	int err = nsw_vport_request_begin(nsw, pool);

	if (err)
		return err;

	err = nsw_vport_check_promisc(&nsw->vport[pool], flags);
	if (!err)
		nsw->vport[pool].promisc = flags;

	return nsw_vport_request_end(nsw, err);
}
