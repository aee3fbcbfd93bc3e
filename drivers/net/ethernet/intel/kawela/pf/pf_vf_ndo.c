// SPDX-License-Identifier: GPL-2.0-only
/*
 * ip link set PF vf N ...: the administrator's view of the VFs.
 *
 * Owns: the ndo_set_vf_* family. Never touches: policy, which is nsw's.
 * Locks: RTNL, held by the caller.
 */
#include <linux/if_link.h>

#include "pf.h"

/* These ndos have no extack of their own; the reason still deserves to be read. */
static int pf_vf_verdict(struct kawela_pf *pf, int vf, int err, const struct netlink_ext_ack *ack)
{
	if (err && ack->_msg)
		netdev_err(pf->netdev, "VF %d: %s\n", vf, ack->_msg);
	return err;
}

/**
 * kawela_pf_ndo_set_vf_mac - ip link set PF vf N mac ADDR
 * @netdev: PF netdev
 * @vf: VF
 * @mac: address to pin; all zero takes the pin away
 *
 * A VF that runs is made to connect again and takes the address over: kawela_vf at once, igbvf when
 * its own hold-off of ten seconds allows.
 *
 * Context: RTNL.
 * Return: 0, -EINVAL (no such VF, or no unicast address), -EEXIST (taken), -ENOSPC.
 */
int kawela_pf_ndo_set_vf_mac(struct net_device *netdev, int vf, u8 *mac)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct netlink_ext_ack extack = {};
	int err;

	if (vf < 0 || vf >= pf->num_vfs)
		return -EINVAL;
	err = kawela_nsw_vport_set_admin_mac(pf->nsw, vf, mac, &extack);
	if (!err && !is_zero_ether_addr(mac))
		kawela_mbx_pf_renew(pf->mbx, vf);
	return pf_vf_verdict(pf, vf, err, &extack);
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

	if (vf < 0 || vf >= pf->num_vfs || kawela_nsw_vport_get_info(pf->nsw, vf, &info))
		return -EINVAL;

	ivi->vf = vf;
	ether_addr_copy(ivi->mac, info.admin_mac);
	ivi->linkstate = IFLA_VF_LINK_STATE_AUTO;
	ivi->spoofchk = info.spoofchk;
	ivi->trusted = info.trusted;
	return 0;
}
