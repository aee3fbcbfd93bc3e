// SPDX-License-Identifier: GPL-2.0-only
/*
 * One VF of the NIC switch: its session, what its driver asks for, what the administrator sets.
 *
 * A guest may be hostile. Each request is checked against what the VF is allowed, against the
 * addresses others have and against its share of the tables before anything changes.
 *
 * Owns: struct kawela_nsw_vport.
 * Never touches: registers; mailbox words.
 * Locks: takes kawela_nsw.lock.
 */
#include <linux/netlink.h>

#include "nsw_priv.h"

/* The one table of the VF's session; a state that is not named stays as it is. */
static const enum kawela_nsw_vport_state
nsw_vport_fsm[NSW_VPORT_NUM_STATES][NSW_VPORT_NUM_EVENTS] = {
	[NSW_VPORT_DOWN] = {
		[NSW_VPORT_EV_FLR]   = NSW_VPORT_DOWN,
		[NSW_VPORT_EV_RESET] = NSW_VPORT_ATTACHED,
		[NSW_VPORT_EV_READY] = NSW_VPORT_DOWN,
	},
	[NSW_VPORT_ATTACHED] = {
		[NSW_VPORT_EV_FLR]   = NSW_VPORT_DOWN,
		[NSW_VPORT_EV_RESET] = NSW_VPORT_ATTACHED,
		[NSW_VPORT_EV_READY] = NSW_VPORT_READY,
	},
	[NSW_VPORT_READY] = {
		[NSW_VPORT_EV_FLR]   = NSW_VPORT_DOWN,
		[NSW_VPORT_EV_RESET] = NSW_VPORT_ATTACHED,
		[NSW_VPORT_EV_READY] = NSW_VPORT_READY,
	},
};

static void nsw_vport_event(struct kawela_nsw *nsw, unsigned int vf, enum kawela_nsw_vport_event ev)
{
	lockdep_assert_held(&nsw->lock);

	nsw->vport[vf].state = nsw_vport_fsm[nsw->vport[vf].state][ev];
}

/* What a VF asked for goes; what the administrator set stays. */
static void nsw_vport_forget(struct kawela_nsw *nsw, unsigned int vf)
{
	struct kawela_nsw_vport *v = &nsw->vport[vf];

	ether_addr_copy(v->mac, v->admin_mac);
	v->max_frame = KAWELA_NSW_DEF_FRAME;
	v->promisc = 0;
	v->all_mc = false;
	v->num_mc = 0;
	kawela_nsw_uc_trim(nsw, vf, 0);
	kawela_nsw_vlan_leave_all(nsw, vf);
}

/**
 * kawela_nsw_vport_init - give a VF the state it is created with
 * @nsw: the switch, locked
 * @vf: VF index, 0..6
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_vport_init(struct kawela_nsw *nsw, unsigned int vf)
{
	lockdep_assert_held(&nsw->lock);

	memset(&nsw->vport[vf], 0, sizeof(nsw->vport[vf]));
	nsw->vport[vf].spoofchk = true;
	nsw->vport[vf].max_frame = KAWELA_NSW_DEF_FRAME;
}

/**
 * kawela_nsw_vport_drop - end a VF's session
 * @nsw: the switch, locked
 * @vf: index of a VF that exists
 *
 * Context: kawela_nsw.lock held; the caller commits.
 */
void kawela_nsw_vport_drop(struct kawela_nsw *nsw, unsigned int vf)
{
	lockdep_assert_held(&nsw->lock);

	nsw_vport_event(nsw, vf, NSW_VPORT_EV_FLR);
	nsw_vport_forget(nsw, vf);
}

void kawela_nsw_vport_flr(struct kawela_nsw *nsw, unsigned int vf)
{
	mutex_lock(&nsw->lock);
	if (vf < nsw->num_vfs) {
		kawela_nsw_vport_drop(nsw, vf);
		kawela_nsw_commit(nsw);
	}
	mutex_unlock(&nsw->lock);
}

int kawela_nsw_vport_reset(struct kawela_nsw *nsw, unsigned int vf, u8 *mac)
{
	int err = -ENODEV;

	eth_zero_addr(mac);
	mutex_lock(&nsw->lock);
	if (vf < nsw->num_vfs) {
		nsw_vport_event(nsw, vf, NSW_VPORT_EV_RESET);
		nsw_vport_forget(nsw, vf);
		kawela_nsw_commit(nsw);
		ether_addr_copy(mac, nsw->vport[vf].admin_mac);
		err = is_zero_ether_addr(mac) ? -EADDRNOTAVAIL : 0;
	}
	mutex_unlock(&nsw->lock);

	return err;
}

void kawela_nsw_vport_ready(struct kawela_nsw *nsw, unsigned int vf)
{
	mutex_lock(&nsw->lock);
	if (vf < nsw->num_vfs) {
		nsw_vport_event(nsw, vf, NSW_VPORT_EV_READY);
		kawela_nsw_commit(nsw);
	}
	mutex_unlock(&nsw->lock);
}

/* Lock the switch for a request of @vf; on failure it is not locked. */
static int nsw_vport_request_begin(struct kawela_nsw *nsw, unsigned int vf)
{
	int err = 0;

	mutex_lock(&nsw->lock);
	if (vf >= nsw->num_vfs)
		err = -ENODEV;
	else if (nsw->vport[vf].state == NSW_VPORT_DOWN)
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

static int nsw_vport_check_mac(const struct kawela_nsw *nsw, unsigned int vf, const u8 *mac)
{
	const struct kawela_nsw_vport *v = &nsw->vport[vf];

	if (is_zero_ether_addr(mac))
		return 0;
	if (!is_valid_ether_addr(mac))
		return -EINVAL;
	if (!v->trusted && !is_zero_ether_addr(v->admin_mac) &&
	    !ether_addr_equal(mac, v->admin_mac))
		return -EPERM;
	if (kawela_nsw_mac_taken(nsw, mac, vf))
		return -EEXIST;
	return 0;
}

int kawela_nsw_vport_set_mac(struct kawela_nsw *nsw, unsigned int vf, const u8 *mac)
{
	int err = nsw_vport_request_begin(nsw, vf);

	if (err)
		return err;

	err = nsw_vport_check_mac(nsw, vf, mac);
	if (!err) {
		kawela_nsw_uc_del(nsw, mac, vf);
		ether_addr_copy(nsw->vport[vf].mac, mac);
	}

	return nsw_vport_request_end(nsw, err);
}

static int nsw_vport_do_add_uc(struct kawela_nsw *nsw, unsigned int vf, const u8 *mac)
{
	const struct kawela_nsw_vport *v = &nsw->vport[vf];

	if (!is_valid_ether_addr(mac))
		return -EINVAL;
	if (ether_addr_equal(mac, v->mac) || kawela_nsw_uc_has(nsw, mac, vf))
		return 0;
	if (!v->trusted && !is_zero_ether_addr(v->admin_mac))
		return -EPERM;
	if (kawela_nsw_mac_taken(nsw, mac, vf))
		return -EEXIST;
	if (!v->trusted && kawela_nsw_uc_count(nsw, vf) >= NSW_UNTRUSTED_UC)
		return -ENOSPC;
	return kawela_nsw_uc_add(nsw, mac, vf);
}

int kawela_nsw_vport_add_uc(struct kawela_nsw *nsw, unsigned int vf, const u8 *mac)
{
	int err = nsw_vport_request_begin(nsw, vf);

	if (err)
		return err;

	return nsw_vport_request_end(nsw, nsw_vport_do_add_uc(nsw, vf, mac));
}

int kawela_nsw_vport_clear_uc(struct kawela_nsw *nsw, unsigned int vf)
{
	int err = nsw_vport_request_begin(nsw, vf);

	if (err)
		return err;

	kawela_nsw_uc_trim(nsw, vf, 0);

	return nsw_vport_request_end(nsw, 0);
}

int kawela_nsw_vport_set_mc(struct kawela_nsw *nsw, unsigned int vf, const u16 *hash,
			 unsigned int count)
{
	bool all = count > KAWELA_NSW_MAX_VF_MC;
	int err = nsw_vport_request_begin(nsw, vf);
	struct kawela_nsw_vport *v;
	unsigned int i;

	if (err)
		return err;

	v = &nsw->vport[vf];
	if (all && !v->trusted)
		return nsw_vport_request_end(nsw, -EPERM);

	v->all_mc = all;
	v->num_mc = all ? 0 : count;
	for (i = 0; i < v->num_mc; i++)
		v->mc[i] = hash[i] & GENMASK(11, 0);

	return nsw_vport_request_end(nsw, 0);
}

int kawela_nsw_vport_set_vlan(struct kawela_nsw *nsw, unsigned int vf, u16 vid, bool add)
{
	int err;

	if (vid >= VLAN_N_VID)
		return -EINVAL;
	err = nsw_vport_request_begin(nsw, vf);
	if (err)
		return err;

	if (vid && add)
		err = kawela_nsw_vlan_join(nsw, vid, vf);
	else if (vid)
		kawela_nsw_vlan_leave(nsw, vid, vf);

	return nsw_vport_request_end(nsw, err);
}

int kawela_nsw_vport_set_max_frame(struct kawela_nsw *nsw, unsigned int vf, u32 max_frame)
{
	int err;

	if (max_frame < KAWELA_NSW_MIN_FRAME || max_frame > KAWELA_NSW_MAX_FRAME)
		return -EINVAL;
	err = nsw_vport_request_begin(nsw, vf);
	if (err)
		return err;

	nsw->vport[vf].max_frame = max_frame;

	return nsw_vport_request_end(nsw, 0);
}

static int nsw_vport_check_promisc(const struct kawela_nsw_vport *v, u32 flags)
{
	if (flags & ~(KAWELA_NSW_VF_PROMISC_UC | KAWELA_NSW_VF_PROMISC_MC))
		return -EINVAL;
	if (flags && !v->trusted)
		return -EPERM;
	if (flags & KAWELA_NSW_VF_PROMISC_UC)
		return -EOPNOTSUPP;
	return 0;
}

int kawela_nsw_vport_set_promisc(struct kawela_nsw *nsw, unsigned int vf, u32 flags)
{
	int err = nsw_vport_request_begin(nsw, vf);

	if (err)
		return err;

	err = nsw_vport_check_promisc(&nsw->vport[vf], flags);
	if (!err)
		nsw->vport[vf].promisc = flags;

	return nsw_vport_request_end(nsw, err);
}

static int nsw_do_set_admin_mac(struct kawela_nsw *nsw, unsigned int vf, const u8 *mac,
				struct netlink_ext_ack *extack)
{
	if (vf >= nsw->num_vfs) {
		NL_SET_ERR_MSG_FMT(extack, "VF %u does not exist: there are %u", vf, nsw->num_vfs);
		return -ENODEV;
	}
	if (is_zero_ether_addr(mac)) {
		eth_zero_addr(nsw->vport[vf].admin_mac);
		return 0;
	}
	if (!is_valid_ether_addr(mac)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is a group address: give a unicast one", mac);
		return -EINVAL;
	}
	if (kawela_nsw_mac_taken(nsw, mac, vf)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is in use on this NIC: give another", mac);
		return -EEXIST;
	}

	kawela_nsw_uc_del(nsw, mac, vf);
	ether_addr_copy(nsw->vport[vf].admin_mac, mac);
	ether_addr_copy(nsw->vport[vf].mac, mac);

	return 0;
}

int kawela_nsw_vport_set_admin_mac(struct kawela_nsw *nsw, unsigned int vf, const u8 *mac,
				struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&nsw->lock);
	err = nsw_do_set_admin_mac(nsw, vf, mac, extack);
	if (!err)
		kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);

	return err;
}

/* What only a trusted VF may have goes. */
static void nsw_vport_distrust(struct kawela_nsw *nsw, unsigned int vf)
{
	struct kawela_nsw_vport *v = &nsw->vport[vf];
	bool pinned = !is_zero_ether_addr(v->admin_mac);

	v->promisc = 0;
	v->all_mc = false;
	kawela_nsw_uc_trim(nsw, vf, pinned ? 0 : NSW_UNTRUSTED_UC);
	if (pinned && !is_zero_ether_addr(v->mac)) {
		ether_addr_copy(v->mac, v->admin_mac);
		kawela_nsw_uc_del(nsw, v->mac, vf);
	}
}

int kawela_nsw_vf_set_trust(struct kawela_nsw *nsw, unsigned int vf, bool trusted)
{
	int err = -ENODEV;

	mutex_lock(&nsw->lock);
	if (vf < nsw->num_vfs) {
		nsw->vport[vf].trusted = trusted;
		if (!trusted)
			nsw_vport_distrust(nsw, vf);
		kawela_nsw_commit(nsw);
		err = 0;
	}
	mutex_unlock(&nsw->lock);

	return err;
}

int kawela_nsw_vport_get_info(struct kawela_nsw *nsw, unsigned int vf,
			     struct kawela_nsw_vport_info *info)
{
	const struct kawela_nsw_vport *v;
	int err = -ENODEV;

	memset(info, 0, sizeof(*info));
	mutex_lock(&nsw->lock);
	if (vf < nsw->num_vfs) {
		v = &nsw->vport[vf];
		ether_addr_copy(info->admin_mac, v->admin_mac);
		ether_addr_copy(info->mac, v->mac);
		info->max_frame = v->max_frame;
		info->num_uc = kawela_nsw_uc_count(nsw, vf);
		info->num_mc = v->num_mc;
		info->num_vlans = kawela_nsw_vlan_count(nsw, vf);
		info->ready = v->state == NSW_VPORT_READY;
		info->trusted = v->trusted;
		info->spoofchk = v->spoofchk;
		info->allmulti = v->all_mc || v->promisc & KAWELA_NSW_VF_PROMISC_MC;
		err = 0;
	}
	mutex_unlock(&nsw->lock);

	return err;
}
