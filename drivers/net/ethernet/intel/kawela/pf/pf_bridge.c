// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the bridge command does to the PF netdev itself: bridge link set dev PF hwmode ..., bridge
 * fdb add|del ... dev PF self.
 *
 * Owns: ndo_bridge_setlink, ndo_bridge_getlink, ndo_fdb_add, ndo_fdb_del. Never touches: a
 * register; the filters go the way of all addresses of the netdev (pf_filter.c), the mode is nsw's.
 * Locks: RTNL, held by the caller.
 */
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "pf.h"

static int pf_set_hwmode(struct kawela_pf *pf, u16 mode, struct netlink_ext_ack *extack)
{
	if (mode != BRIDGE_MODE_VEB && mode != BRIDGE_MODE_VEPA) {
		NL_SET_ERR_MSG_FMT_MOD(extack, "hwmode %u is neither veb (0) nor vepa (1)", mode);
		return -EINVAL;
	}
	kawela_nsw_set_loopback(pf->nsw, mode == BRIDGE_MODE_VEB);
	return 0;
}

/* The one attribute that can be set, wherever it is; others that ask for something are refused. */
static int pf_find_hwmode(const struct nlattr *spec, const struct nlattr **mode,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	*mode = NULL;
	nla_for_each_nested(attr, spec, rem) {
		switch (nla_type(attr)) {
		case IFLA_BRIDGE_FLAGS:
			break;
		case IFLA_BRIDGE_MODE:
			*mode = attr;
			break;
		default:
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "VLANs of the PF are its VLAN netdevs, those of a bridge are set with master");
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

/**
 * kawela_pf_bridge_setlink - ndo_bridge_setlink: bridge link set dev PF hwmode veb|vepa
 * @netdev: PF netdev
 * @nlh: RTM_SETLINK
 * @flags: BRIDGE_FLAGS_*
 * @extack: takes the reason of a refusal
 *
 * VEB: frames between VPorts stay inside. VEPA: all go out on the wire; the switch there reflects
 * those that are for another VPort. Without VFs and VPorts the choice is kept until there are some.
 *
 * Context: RTNL.
 * Return: 0; -EINVAL (no mode, or an unknown one); -EOPNOTSUPP (asks for anything else).
 */
int kawela_pf_bridge_setlink(struct net_device *netdev, struct nlmsghdr *nlh, u16 flags,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *spec, *port, *mode;
	int err;

	/* The bridge command sends an empty one along. */
	port = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_PROTINFO);
	if (port && nla_len(port)) {
		NL_SET_ERR_MSG_MOD(extack, "port flags are the bridge's, set them with master");
		return -EOPNOTSUPP;
	}
	spec = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_AF_SPEC);
	if (!spec) {
		NL_SET_ERR_MSG_MOD(extack, "nothing to set: hwmode is missing");
		return -EINVAL;
	}
	err = pf_find_hwmode(spec, &mode, extack);
	if (err)
		return err;
	if (!mode || nla_len(mode) < sizeof(u16)) {
		NL_SET_ERR_MSG_MOD(extack, "nothing to set: hwmode is missing");
		return -EINVAL;
	}
	return pf_set_hwmode(netdev_priv(netdev), nla_get_u16(mode), extack);
}

/**
 * kawela_pf_bridge_getlink - ndo_bridge_getlink: bridge link show, with hwmode
 * @skb: to fill
 * @pid: port id of the asking socket
 * @seq: sequence number
 * @netdev: PF netdev
 * @filter_mask: what was asked for
 * @nlflags: flags of the message
 *
 * Context: RTNL, and RCU when all netdevs are asked: must not sleep.
 * Return: 0, -EMSGSIZE.
 */
int kawela_pf_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *netdev,
			     u32 filter_mask, int nlflags)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	u16 mode = kawela_nsw_loopback(pf->nsw) ? BRIDGE_MODE_VEB : BRIDGE_MODE_VEPA;

	return ndo_dflt_bridge_getlink(skb, pid, seq, netdev, mode, 0, 0, nlflags, filter_mask,
				       NULL);
}

static int pf_fdb_check(const struct ndmsg *ndm, struct nlattr *tb[], const u8 *addr, u16 vid,
			struct netlink_ext_ack *extack)
{
	if (is_zero_ether_addr(addr)) {
		NL_SET_ERR_MSG_MOD(extack, "zero is no address");
		return -EINVAL;
	}
	if (vid) {
		NL_SET_ERR_MSG_MOD(extack,
				   "an address of the PF is for all its VLANs: leave vlan out");
		return -EOPNOTSUPP;
	}
	if (ndm->ndm_state && !(ndm->ndm_state & NUD_PERMANENT)) {
		NL_SET_ERR_MSG_MOD(extack,
				   "addresses of the PF do not age: say permanent, not static or dynamic");
		return -EOPNOTSUPP;
	}
	if (tb[NDA_FLAGS_EXT]) {
		NL_SET_ERR_MSG_MOD(extack, "addresses of the PF have no flags");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* Multicast addresses cannot be taken away from anybody: they are looked at here no further. */
static int pf_fdb_check_owner(struct kawela_pf *pf, const u8 *addr, struct netlink_ext_ack *extack)
{
	int pool;

	if (is_multicast_ether_addr(addr))
		return 0;
	pool = kawela_nsw_mac_owner(pf->nsw, addr);
	if (pool < 0)
		return 0;
	if (pool < pf->num_vfs)
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "VF %d has it; while it is down its frames reach the PF",
				       pool);
	else
		NL_SET_ERR_MSG_FMT_MOD(extack, "VPort %u of the PF has it",
				       kawela_nsw_vport_id(pool));
	return -EEXIST;
}

/**
 * kawela_pf_fdb_add - ndo_fdb_add: bridge fdb add ADDR dev PF self
 * @ndm: neighbour message
 * @tb: its attributes
 * @netdev: PF netdev
 * @addr: address, unicast or multicast
 * @vid: VLAN id, must be 0
 * @flags: NLM_F_*
 * @notified: left as it is, the core notifies
 * @extack: takes the reason of a refusal
 *
 * The address becomes one more of the netdev, so frames for it reach the default VPort. There is no
 * limit: what finds no exact filter is received all the same.
 *
 * Context: RTNL.
 * Return: 0; -EEXIST (a VF or a VPort has it, or, with NLM_F_EXCL, the netdev); -EINVAL (zero);
 * -EOPNOTSUPP (for one VLAN only, or one that ages); -ENOMEM.
 */
int kawela_pf_fdb_add(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *netdev,
		      const unsigned char *addr, u16 vid, u16 flags,
		      bool *notified, struct netlink_ext_ack *extack)
{
	int err;

	err = pf_fdb_check(ndm, tb, addr, vid, extack);
	if (err)
		return err;
	err = pf_fdb_check_owner(netdev_priv(netdev), addr, extack);
	if (err)
		return err;

	/* The default takes link-local multicast for unicast; the switch has no such filter. */
	if (!is_link_local_ether_addr(addr))
		return ndo_dflt_fdb_add(ndm, tb, netdev, addr, vid, flags);
	err = dev_mc_add_excl(netdev, addr);
	return err == -EEXIST && !(flags & NLM_F_EXCL) ? 0 : err;
}

/**
 * kawela_pf_fdb_del - ndo_fdb_del: bridge fdb del ADDR dev PF self
 * @ndm: neighbour message
 * @tb: its attributes
 * @netdev: PF netdev
 * @addr: address
 * @vid: VLAN id, must be 0
 * @notified: left as it is, the core notifies
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0; -ENOENT (not there); and as for kawela_pf_fdb_add().
 */
int kawela_pf_fdb_del(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *netdev,
		      const unsigned char *addr, u16 vid, bool *notified,
		      struct netlink_ext_ack *extack)
{
	int err;

	err = pf_fdb_check(ndm, tb, addr, vid, extack);
	if (err)
		return err;
	if (is_link_local_ether_addr(addr))
		err = dev_mc_del(netdev, addr);
	else
		err = ndo_dflt_fdb_del(ndm, tb, netdev, addr, vid);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_MOD(extack, "the PF has no such address");
	return err;
}
