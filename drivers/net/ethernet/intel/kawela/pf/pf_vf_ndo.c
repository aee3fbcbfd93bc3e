// SPDX-License-Identifier: GPL-2.0-only
/*
 * ip link set PF vf N ...: the administrator's view of the VFs.
 *
 * Owns: the ndo_set_vf_* family. Never touches: policy, which is nsw's.
 * Locks: RTNL, held by the caller.
 *
 * Everything takes effect on a running VF at once and outlives resets of PF and VF. Only a new
 * address and the end of "state disable" make the VF connect again.
 */
#include <linux/if_link.h>

#include "pf.h"

static bool pf_has_vf(const struct kawela_pf *pf, int vf)
{
	return vf >= 0 && vf < pf->num_vfs;
}

/* These ndos have no extack of their own; what it would say still deserves to be read. */
static int pf_vf_verdict(struct kawela_pf *pf, int vf, int err, const struct netlink_ext_ack *ack)
{
	if (!ack->_msg || !net_ratelimit())
		return err;
	if (err)
		netdev_err(pf->netdev, "VF %d: %s\n", vf, ack->_msg);
	else
		netdev_info(pf->netdev, "VF %d: %s\n", vf, ack->_msg);
	return err;
}

/**
 * kawela_pf_vf_pin - pin the address of a VF, or take the pin away
 * @pf: the function
 * @vf: VF that exists
 * @mac: unicast address, or zero
 * @extack: takes the reason of a refusal, or says who else has the address
 *
 * The VF is made to connect again if it does not have the address, or loses the one it uses.
 *
 * Context: process context.
 * Return: 0, or what kawela_nsw_vport_set_admin_mac() says.
 */
int kawela_pf_vf_pin(struct kawela_pf *pf, unsigned int vf, const u8 *mac,
		     struct netlink_ext_ack *extack)
{
	struct kawela_nsw_vport_info before = {}, after = {};
	bool same, lost;
	int err;

	kawela_nsw_vport_get_info(pf->nsw, vf, &before);
	err = kawela_nsw_vport_set_admin_mac(pf->nsw, vf, mac, extack);
	if (err)
		return err;
	kawela_nsw_vport_get_info(pf->nsw, vf, &after);
	same = ether_addr_equal(before.admin_mac, mac) && ether_addr_equal(before.mac, mac);
	lost = before.ready && !ether_addr_equal(before.mac, after.mac);
	if (lost || (!same && !is_zero_ether_addr(mac)))
		kawela_pf_blocks_renew(pf, vf);
	return 0;
}

/**
 * kawela_pf_ndo_set_vf_mac - ip link set PF vf N mac ADDR
 * @netdev: PF netdev
 * @vf: VF
 * @mac: address to pin; all zero takes the pin away
 *
 * A VF that runs is made to connect again and takes the address over: kawela_vf at once, igbvf when
 * its own hold-off of ten seconds allows. One that has the address already is left in peace.
 *
 * Another VF may have the same address of the administrator's: the kernel log says so, and
 * kawela_nsw_vport_set_admin_mac() who receives for it.
 *
 * Context: RTNL.
 * Return: 0, -EINVAL (no such VF, or no unicast address), -EEXIST (somebody has it whom the
 * administrator did not give it), -EOPNOTSUPP (not exact beside the VF's receive filters).
 */
int kawela_pf_ndo_set_vf_mac(struct net_device *netdev, int vf, u8 *mac)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct netlink_ext_ack extack = {};

	if (!pf_has_vf(pf, vf))
		return -EINVAL;
	return pf_vf_verdict(pf, vf, kawela_pf_vf_pin(pf, vf, mac, &extack), &extack);
}

/**
 * kawela_pf_ndo_set_vf_vlan - ip link set PF vf N vlan VID qos QOS
 * @netdev: PF netdev
 * @vf: VF
 * @vid: VLAN id, 0 takes the VF out
 * @qos: priority
 * @proto: protocol of the tag
 *
 * Context: RTNL.
 * Return: 0, -EINVAL (no such VF, range), -EPROTONOSUPPORT (not 802.1Q), -ENOSPC, -EOPNOTSUPP (the
 * VF's receive filters test another VLAN).
 */
int kawela_pf_ndo_set_vf_vlan(struct net_device *netdev, int vf, u16 vid, u8 qos, __be16 proto)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct netlink_ext_ack extack = {};
	int err;

	if (!pf_has_vf(pf, vf))
		return -EINVAL;
	if (proto == htons(ETH_P_8021Q)) {
		err = kawela_nsw_vf_set_vlan(pf->nsw, vf, vid, qos, &extack);
	} else {
		NL_SET_ERR_MSG(&extack, "the switch knows 802.1Q tags only");
		err = -EPROTONOSUPPORT;
	}
	return pf_vf_verdict(pf, vf, err, &extack);
}

/**
 * kawela_pf_ndo_set_vf_rate - ip link set PF vf N max_tx_rate RATE
 * @netdev: PF netdev
 * @vf: VF
 * @min_rate: must be 0
 * @max_rate: Mb/s, 0 is no limit
 *
 * Context: RTNL.
 * Return: 0, -EINVAL (no such VF, @min_rate, more than the port can).
 */
int kawela_pf_ndo_set_vf_rate(struct net_device *netdev, int vf, int min_rate, int max_rate)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct netlink_ext_ack extack = {};
	int err;

	if (!pf_has_vf(pf, vf) || max_rate < 0)
		return -EINVAL;
	if (min_rate) {
		NL_SET_ERR_MSG(&extack, "no rate can be guaranteed; set max_tx_rate only");
		err = -EINVAL;
	} else {
		err = kawela_nsw_vf_set_rate(pf->nsw, vf, max_rate, &extack);
	}
	return pf_vf_verdict(pf, vf, err, &extack);
}

/**
 * kawela_pf_ndo_set_vf_spoofchk - ip link set PF vf N spoofchk on|off
 * @netdev: PF netdev
 * @vf: VF
 * @on: whether the source address and VLAN of its frames are checked
 *
 * Context: RTNL.
 * Return: 0 or -EINVAL (no such VF).
 */
int kawela_pf_ndo_set_vf_spoofchk(struct net_device *netdev, int vf, bool on)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	if (!pf_has_vf(pf, vf))
		return -EINVAL;
	return kawela_nsw_vf_set_spoofchk(pf->nsw, vf, on);
}

/* The switch refuses its RESET before the mailbox takes its CTS, so that none slips through. */
static int pf_vf_link_disable(struct kawela_pf *pf, int vf)
{
	int err = kawela_nsw_vf_set_link(pf->nsw, vf, KAWELA_NSW_LINK_DISABLE);

	if (!err)
		kawela_mbx_pf_suspend_vf(pf->mbx, vf);
	return err;
}

static int pf_vf_link_allow(struct kawela_pf *pf, int vf, enum kawela_nsw_link link)
{
	int err = kawela_nsw_vf_set_link(pf->nsw, vf, link);

	/* Does nothing for a VF that runs: it has no reason to connect again. */
	if (!err)
		kawela_mbx_pf_resume_vf(pf->mbx, vf);
	return err;
}

/* A stock driver reads STATUS of the port, and no message changes its mind. */
static int pf_vf_link_enable(struct kawela_pf *pf, int vf)
{
	if (kawela_mbx_pf_vf_ready(pf->mbx, vf) && !kawela_mbx_pf_level1(pf->mbx, vf))
		netdev_warn(pf->netdev, "VF %d: its driver goes on following the port's link\n",
			    vf);
	return pf_vf_link_allow(pf, vf, KAWELA_NSW_LINK_ENABLE);
}

/**
 * kawela_pf_ndo_set_vf_link_state - ip link set PF vf N state auto|enable|disable
 * @netdev: PF netdev
 * @vf: VF
 * @state: IFLA_VF_LINK_STATE_*
 *
 * Disabled, the VF has no session and no carrier, and its frames reach the PF. Enabled, its carrier
 * is on whatever the port's is, so that VFs and VPorts reach each other without a wire; that is
 * told in a config block, which stock drivers do not read.
 *
 * Context: RTNL.
 * Return: 0, -EINVAL (no such VF or state).
 */
int kawela_pf_ndo_set_vf_link_state(struct net_device *netdev, int vf, int state)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	if (!pf_has_vf(pf, vf))
		return -EINVAL;
	switch (state) {
	case IFLA_VF_LINK_STATE_AUTO:
		return pf_vf_link_allow(pf, vf, KAWELA_NSW_LINK_AUTO);
	case IFLA_VF_LINK_STATE_DISABLE:
		return pf_vf_link_disable(pf, vf);
	case IFLA_VF_LINK_STATE_ENABLE:
		return pf_vf_link_enable(pf, vf);
	default:
		return -EINVAL;
	}
}

/**
 * kawela_pf_ndo_set_vf_trust - ip link set PF vf N trust on|off
 * @netdev: PF netdev
 * @vf: VF
 * @trusted: new value
 *
 * Off withdraws at once what trust gave. A VF that loses the address it uses is made to connect
 * again, and has the pinned one then. On gives nothing by itself: the VF has to ask.
 *
 * Context: RTNL.
 * Return: 0 or -EINVAL (no such VF).
 */
int kawela_pf_ndo_set_vf_trust(struct net_device *netdev, int vf, bool trusted)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct kawela_nsw_vport_info before, after;
	int err;

	if (!pf_has_vf(pf, vf))
		return -EINVAL;
	kawela_nsw_vport_get_info(pf->nsw, vf, &before);
	err = kawela_nsw_vf_set_trust(pf->nsw, vf, trusted);
	if (err)
		return err;
	kawela_nsw_vport_get_info(pf->nsw, vf, &after);
	if (!trusted && !ether_addr_equal(before.mac, after.mac))
		kawela_pf_blocks_renew(pf, vf);
	return 0;
}

static u32 pf_vf_linkstate(enum kawela_nsw_link link)
{
	switch (link) {
	case KAWELA_NSW_LINK_ENABLE:
		return IFLA_VF_LINK_STATE_ENABLE;
	case KAWELA_NSW_LINK_DISABLE:
		return IFLA_VF_LINK_STATE_DISABLE;
	default:
		return IFLA_VF_LINK_STATE_AUTO;
	}
}

/**
 * kawela_pf_ndo_get_vf_config - ip link show PF
 * @netdev: PF netdev
 * @vf: VF
 * @ivi: to fill
 *
 * Context: RTNL.
 * Return: 0 or -EINVAL (no such VF).
 */
int kawela_pf_ndo_get_vf_config(struct net_device *netdev, int vf, struct ifla_vf_info *ivi)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct kawela_nsw_vport_info info;

	if (!pf_has_vf(pf, vf) || kawela_nsw_vport_get_info(pf->nsw, vf, &info))
		return -EINVAL;

	ivi->vf = vf;
	ether_addr_copy(ivi->mac, info.admin_mac);
	ivi->vlan = info.vlan;
	ivi->qos = info.qos;
	ivi->vlan_proto = htons(ETH_P_8021Q);
	ivi->min_tx_rate = 0;
	ivi->max_tx_rate = info.max_rate;
	ivi->spoofchk = info.spoofchk;
	ivi->linkstate = pf_vf_linkstate(info.link);
	ivi->trusted = info.trusted;
	return 0;
}
