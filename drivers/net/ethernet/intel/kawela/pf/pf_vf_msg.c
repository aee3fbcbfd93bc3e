// SPDX-License-Identifier: GPL-2.0-only
/*
 * What VFs ask for over the mailbox, handed to the switch model.
 *
 * Owns: struct kawela_mbx_pf_ops of the PF. Never touches: a mailbox word (kawela_mbx decodes and
 * checks ranges), policy (nsw grants or refuses), the log: a guest could flood it.
 * Locks: none; called from the mailbox work, one message at a time.
 */
#include "pf.h"

static void pf_vf_flr(void *priv, u16 vf)
{
	struct kawela_pf *pf = priv;

	kawela_nsw_vport_flr(pf->nsw, vf);
	kawela_pf_irq_unmap_vf(pf, vf);
	kawela_pf_blocks_forget(pf, vf);
	/* A reset that was not its own doing, the VF's driver has to be told of. */
	if (test_and_clear_bit(vf, &pf->vfs_cut))
		kawela_mbx_pf_renew(pf->mbx, vf);
}

static int pf_vf_reset(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	struct kawela_pf *pf = priv;
	int err;

	kawela_pf_blocks_forget(pf, vf);
	err = kawela_nsw_vport_reset(pf->nsw, vf, mac);
	/* It has asked by itself: there is nothing left to tell it. */
	if (!err || err == -EADDRNOTAVAIL)
		clear_bit(vf, &pf->vfs_cut);
	return err;
}

static void pf_vf_granted(void *priv, u16 vf)
{
	struct kawela_pf *pf = priv;

	kawela_nsw_vport_open(pf->nsw, vf);
}

static void pf_vf_ready(void *priv, u16 vf)
{
	struct kawela_pf *pf = priv;

	kawela_nsw_vport_ready(pf->nsw, vf);
}

static int pf_vf_set_mac(struct kawela_nsw *nsw, u16 vf, const struct kawela_msg *msg)
{
	switch (msg->mac_op) {
	case KAWELA_MAC_SET:
		return kawela_nsw_vport_set_mac(nsw, vf, msg->mac);
	case KAWELA_MAC_CLEAR_FILTERS:
		return kawela_nsw_vport_clear_uc(nsw, vf);
	case KAWELA_MAC_ADD_FILTER:
		return kawela_nsw_vport_add_uc(nsw, vf, msg->mac);
	default:
		return -EOPNOTSUPP;
	}
}

static int pf_vf_set_promisc(struct kawela_nsw *nsw, u16 vf, u8 promisc)
{
	u32 flags = (promisc & KAWELA_PROMISC_UNICAST ? KAWELA_NSW_VF_PROMISC_UC : 0) |
		    (promisc & KAWELA_PROMISC_MULTICAST ? KAWELA_NSW_VF_PROMISC_MC : 0);

	return kawela_nsw_vport_set_promisc(nsw, vf, flags);
}

static int pf_vf_request(void *priv, u16 vf, const struct kawela_msg *msg)
{
	struct kawela_pf *pf = priv;

	switch (msg->id) {
	case KAWELA_MSG_SET_MAC:
		return pf_vf_set_mac(pf->nsw, vf, msg);
	case KAWELA_MSG_SET_MULTICAST:
		return kawela_nsw_vport_set_mc(pf->nsw, vf, msg->mc.hash, msg->mc.count);
	case KAWELA_MSG_SET_VLAN:
		return kawela_nsw_vport_set_vlan(pf->nsw, vf, msg->vlan.vid, msg->vlan.add);
	case KAWELA_MSG_SET_LPE:
		return kawela_nsw_vport_set_max_frame(pf->nsw, vf, msg->max_frame);
	case KAWELA_MSG_SET_PROMISC:
		return pf_vf_set_promisc(pf->nsw, vf, msg->promisc);
	default:
		return -EOPNOTSUPP;
	}
}

static void pf_vf_storm(void *priv, u16 vf)
{
	kawela_pf_health_storm(priv, vf);
}

const struct kawela_mbx_pf_ops kawela_pf_mbx_ops = {
	.vf_flr		= pf_vf_flr,
	.vf_reset	= pf_vf_reset,
	.vf_granted	= pf_vf_granted,
	.vf_ready	= pf_vf_ready,
	.vf_request	= pf_vf_request,
	.vf_storm	= pf_vf_storm,
};
