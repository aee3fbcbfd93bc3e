// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the administrator says about a VF: address, VLAN, rate, source checks, link, trust.
 *
 * It holds whether the VF has a VPort and a session or not, and through all of their ends.
 *
 * Owns: the administrator's half of struct kawela_nsw_vport.
 * Never touches: registers.
 * Locks: takes kawela_nsw.lock.
 */
#include <linux/netlink.h>

#include "nsw_priv.h"

#define NSW_MAX_RATE	1000	/* Mb/s, the fastest link */

static int nsw_vf_check(const struct kawela_nsw *nsw, unsigned int vf,
			struct netlink_ext_ack *extack)
{
	if (nsw_is_vf(nsw, vf))
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "VF %u does not exist: there are %u", vf, nsw->num_vfs);
	return -ENODEV;
}

/* Lock the switch to say something about @vf; on failure it is not locked. */
static int nsw_vf_begin(struct kawela_nsw *nsw, unsigned int vf, struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&nsw->lock);
	err = nsw_vf_check(nsw, vf, extack);
	if (err)
		mutex_unlock(&nsw->lock);

	return err;
}

/* Unlock the switch; unless @err, @what was said about @vf and its driver is to hear of it. */
static int nsw_vf_end(struct kawela_nsw *nsw, unsigned int vf, enum kawela_nsw_policy what, int err)
{
	if (!err) {
		kawela_nsw_commit(nsw);
		if (nsw_is_vf(nsw, vf))
			nsw->ops->policy(nsw->hw, vf, what);
	}
	mutex_unlock(&nsw->lock);

	return err;
}

/* Whether the address that was just pinned to @pool is possible. */
static int nsw_vport_check_pin(const struct kawela_nsw *nsw, unsigned int pool,
			       struct netlink_ext_ack *extack)
{
	const u8 *mac = nsw->vport[pool].admin_mac;
	int other;

	if (!is_valid_ether_addr(mac)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is a group address: give a unicast one", mac);
		return -EINVAL;
	}
	if (kawela_nsw_mac_claimed(nsw, mac, pool)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is in use on this NIC: give another", mac);
		return -EEXIST;
	}
	if (!kawela_nsw_rules_exact(nsw, pool)) {
		NL_SET_ERR_MSG(extack,
			       "Not exact beside the VPort's receive filters: remove those");
		return -EOPNOTSUPP;
	}
	other = kawela_nsw_pin_other(nsw, mac, pool);
	if (other >= 0)
		NL_SET_ERR_MSG_FMT(extack, "VF %d has %pM, too: the last to be ready receives",
				   other, mac);
	return 0;
}

/* What was pinned to @pool is not any more. */
static void nsw_vport_unpin(struct kawela_nsw *nsw, unsigned int pool, const u8 *old)
{
	struct kawela_nsw_vport *v = &nsw->vport[pool];

	/* It is pinned to another VF, too, and that one's alone now. */
	if (kawela_nsw_pin_other(nsw, old, pool) >= 0) {
		kawela_nsw_uc_del(nsw, old, pool);
		if (ether_addr_equal(v->mac, old))
			eth_zero_addr(v->mac);
	}
	/* Without a session nobody uses it: others may have it. */
	if (v->state == NSW_VPORT_DOWN)
		eth_zero_addr(v->mac);
}

static void nsw_vport_pin(struct kawela_nsw *nsw, unsigned int pool, const u8 *old)
{
	struct kawela_nsw_vport *v = &nsw->vport[pool];
	/* A driver that gave its address up has the new one when it asks again. */
	bool use = v->state == NSW_VPORT_DOWN || !is_zero_ether_addr(v->mac);

	if (!ether_addr_equal(old, v->admin_mac))
		nsw_vport_unpin(nsw, pool, old);
	kawela_nsw_uc_del(nsw, v->admin_mac, pool);
	/* What it could not ask for now, it does not keep. */
	if (!v->trusted)
		kawela_nsw_uc_trim(nsw, pool, 0);
	if (use)
		kawela_nsw_mac_take(nsw, v->admin_mac, pool);
}

static int nsw_vport_do_set_mac(struct kawela_nsw *nsw, unsigned int pool, const u8 *mac,
				struct netlink_ext_ack *extack)
{
	struct kawela_nsw_vport *v = &nsw->vport[pool];
	u8 old[ETH_ALEN] __aligned(2);
	int err;

	ether_addr_copy(old, v->admin_mac);
	ether_addr_copy(v->admin_mac, mac);
	if (is_zero_ether_addr(mac)) {
		nsw_vport_unpin(nsw, pool, old);
		return 0;
	}
	err = nsw_vport_check_pin(nsw, pool, extack);
	if (err)
		ether_addr_copy(v->admin_mac, old);
	else
		nsw_vport_pin(nsw, pool, old);
	return err;
}

int kawela_nsw_vport_set_admin_mac(struct kawela_nsw *nsw, unsigned int pool, const u8 *mac,
				   struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&nsw->lock);
	/* Of the administrator's words this one is for VPorts of the PF as well. */
	err = nsw_pool_used(nsw, pool) ? 0 : nsw_vf_check(nsw, pool, extack);
	if (!err)
		err = nsw_vport_do_set_mac(nsw, pool, mac, extack);

	return nsw_vf_end(nsw, pool, KAWELA_NSW_POLICY_ADDRESS, err);
}

/* Whether the VLAN @vf was just put into is possible. */
static int nsw_vf_check_vlan(const struct kawela_nsw *nsw, unsigned int vf,
			     struct netlink_ext_ack *extack)
{
	if (!kawela_nsw_rules_exact(nsw, vf)) {
		NL_SET_ERR_MSG(extack, "The VF's receive filters test another VLAN: remove them");
		return -EOPNOTSUPP;
	}
	if (!kawela_nsw_vlans_fit(nsw)) {
		NL_SET_ERR_MSG(extack, "No vlan_filters left: remove a VLAN");
		return -ENOSPC;
	}
	return 0;
}

static int nsw_vf_do_set_vlan(struct kawela_nsw *nsw, unsigned int vf, u16 vid, u8 qos,
			      struct netlink_ext_ack *extack)
{
	struct kawela_nsw_vport *v = &nsw->vport[vf];
	u16 old = v->vlan;
	int err;

	v->vlan = vid;
	err = nsw_vf_check_vlan(nsw, vf, extack);
	if (err)
		v->vlan = old;
	else
		v->qos = qos;
	return err;
}

int kawela_nsw_vf_set_vlan(struct kawela_nsw *nsw, unsigned int vf, u16 vid, u8 qos,
			   struct netlink_ext_ack *extack)
{
	int err;

	if (vid >= VLAN_N_VID - 1 || qos > 7 || (qos && !vid)) {
		NL_SET_ERR_MSG(extack, "VLAN 1 to 4094 with priority 0 to 7, or VLAN 0 for none");
		return -EINVAL;
	}
	err = nsw_vf_begin(nsw, vf, extack);
	if (err)
		return err;

	err = nsw_vf_do_set_vlan(nsw, vf, vid, qos, extack);

	return nsw_vf_end(nsw, vf, KAWELA_NSW_POLICY_VLAN, err);
}

int kawela_nsw_vf_set_rate(struct kawela_nsw *nsw, unsigned int vf, u32 max_rate,
			   struct netlink_ext_ack *extack)
{
	int err;

	if (max_rate > NSW_MAX_RATE) {
		NL_SET_ERR_MSG_FMT(extack, "At most %u Mb/s, 0 for no limit", NSW_MAX_RATE);
		return -EINVAL;
	}
	err = nsw_vf_begin(nsw, vf, extack);
	if (err)
		return err;

	nsw->vport[vf].max_rate = max_rate;

	return nsw_vf_end(nsw, vf, KAWELA_NSW_POLICY_RATE, 0);
}

int kawela_nsw_vf_set_spoofchk(struct kawela_nsw *nsw, unsigned int vf, bool on)
{
	int err = nsw_vf_begin(nsw, vf, NULL);

	if (err)
		return err;

	nsw->vport[vf].spoofchk = on;

	return nsw_vf_end(nsw, vf, KAWELA_NSW_POLICY_VLAN, 0);
}

int kawela_nsw_vf_set_link(struct kawela_nsw *nsw, unsigned int vf, enum kawela_nsw_link link)
{
	int err = nsw_vf_begin(nsw, vf, NULL);

	if (err)
		return err;

	nsw->vport[vf].link = link;
	if (link == KAWELA_NSW_LINK_DISABLE)
		kawela_nsw_vport_leave(nsw, vf);

	return nsw_vf_end(nsw, vf, KAWELA_NSW_POLICY_LINK, 0);
}

/* What only a trusted VF may have goes. */
static void nsw_vf_distrust(struct kawela_nsw *nsw, unsigned int vf)
{
	struct kawela_nsw_vport *v = &nsw->vport[vf];
	bool pinned = !is_zero_ether_addr(v->admin_mac);

	v->promisc = 0;
	v->all_mc = false;
	kawela_nsw_uc_trim(nsw, vf, pinned ? 0 : NSW_UNTRUSTED_UC);
	if (pinned && !is_zero_ether_addr(v->mac)) {
		kawela_nsw_mac_take(nsw, v->admin_mac, vf);
		kawela_nsw_uc_del(nsw, v->mac, vf);
	}
}

int kawela_nsw_vf_set_trust(struct kawela_nsw *nsw, unsigned int vf, bool trusted)
{
	int err = nsw_vf_begin(nsw, vf, NULL);

	if (err)
		return err;

	nsw->vport[vf].trusted = trusted;
	if (!trusted)
		nsw_vf_distrust(nsw, vf);

	return nsw_vf_end(nsw, vf, KAWELA_NSW_POLICY_TRUST, 0);
}
