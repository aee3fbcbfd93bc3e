// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool -N and -n: the administrator's receive filters.
 *
 * Owns: the translation between an ethtool flow and a rule of nsw; "loc" is nsw's id. Never
 * touches: policy; what the hardware can keep exact is nsw's to say.
 * Locks: RTNL, held by the caller.
 *
 * One shape is understood: ether dst ADDR [vlan VID] [vf N] [queue 0].
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "pf.h"

#define PF_FLOW_FLAGS	(FLOW_EXT | FLOW_MAC_EXT | FLOW_RSS)

static_assert(KAWELA_NSW_NUM_RULES < RX_CLS_LOC_SPECIAL);

/* This interface of ethtool has no extack; the reason still deserves to be read. */
static int pf_rule_verdict(struct kawela_pf *pf, u32 loc, int err,
			   const struct netlink_ext_ack *ack)
{
	if (!err || !ack->_msg || !net_ratelimit())
		return err;
	if (loc < KAWELA_NSW_NUM_RULES)
		netdev_err(pf->netdev, "receive filter %u: %s\n", loc, ack->_msg);
	else
		netdev_err(pf->netdev, "receive filter: %s\n", ack->_msg);
	return err;
}

static int pf_check_flow_type(u32 flow_type, struct netlink_ext_ack *extack)
{
	if ((flow_type & ~PF_FLOW_FLAGS) != ETHER_FLOW) {
		NL_SET_ERR_MSG(extack, "the switch looks at no more than flow-type ether");
		return -EOPNOTSUPP;
	}
	if (flow_type & FLOW_RSS) {
		NL_SET_ERR_MSG(extack, "a receive filter has no RSS context");
		return -EOPNOTSUPP;
	}
	if (flow_type & FLOW_MAC_EXT) {
		NL_SET_ERR_MSG(extack, "use dst, not dst-mac, with flow-type ether");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int pf_parse_address(const struct ethtool_rx_flow_spec *fs, struct kawela_nsw_rule *rule,
			    struct netlink_ext_ack *extack)
{
	const struct ethhdr *mask = &fs->m_u.ether_spec;

	if (!is_broadcast_ether_addr(mask->h_dest)) {
		NL_SET_ERR_MSG(extack, "a receive filter tests the whole of dst");
		return -EINVAL;
	}
	if (!is_zero_ether_addr(mask->h_source) || mask->h_proto) {
		NL_SET_ERR_MSG(extack, "the switch looks at neither src nor proto");
		return -EOPNOTSUPP;
	}
	ether_addr_copy(rule->mac, fs->h_u.ether_spec.h_dest);
	if (!is_valid_ether_addr(rule->mac)) {
		NL_SET_ERR_MSG(extack, "dst must be a unicast address");
		return -EINVAL;
	}
	return 0;
}

/* A mask of all bits is what ethtool makes of "vlan VID"; then the priority bits are zero. */
static int pf_parse_vlan(const struct ethtool_rx_flow_spec *fs, struct kawela_nsw_rule *rule,
			 struct netlink_ext_ack *extack)
{
	u16 tci = ntohs(fs->h_ext.vlan_tci), mask = ntohs(fs->m_ext.vlan_tci);

	rule->vid = 0;
	if (!(fs->flow_type & FLOW_EXT))
		return 0;
	if (fs->m_ext.data[0] || fs->m_ext.data[1] || fs->m_ext.vlan_etype) {
		NL_SET_ERR_MSG(extack, "the switch knows neither user-def nor vlan-etype");
		return -EOPNOTSUPP;
	}
	if (!mask)
		return 0;
	if ((mask & VLAN_VID_MASK) != VLAN_VID_MASK || tci & mask & ~VLAN_VID_MASK) {
		NL_SET_ERR_MSG(extack, "vlan tests a whole VLAN id, and no priority");
		return -EINVAL;
	}
	rule->vid = tci & VLAN_VID_MASK;
	return 0;
}

static int pf_parse_action(struct kawela_pf *pf, u64 cookie, struct kawela_nsw_rule *rule,
			   struct netlink_ext_ack *extack)
{
	u64 vf = ethtool_get_flow_spec_ring_vf(cookie);

	if (cookie == RX_CLS_FLOW_DISC || cookie == RX_CLS_FLOW_WAKE) {
		NL_SET_ERR_MSG(extack, "the switch neither drops nor wakes; give a vf, or none");
		return -EOPNOTSUPP;
	}
	if (ethtool_get_flow_spec_ring(cookie)) {
		NL_SET_ERR_MSG(extack, "a filter chooses the VPort, not its queue; use queue 0");
		return -EINVAL;
	}
	if (vf > pf->num_vfs) {
		NL_SET_ERR_MSG(extack, "no such VF");
		return -EINVAL;
	}
	rule->pool = vf ? vf - 1 : KAWELA_NSW_PF_POOL;
	return 0;
}

static int pf_parse_rule(struct kawela_pf *pf, const struct ethtool_rx_flow_spec *fs,
			 struct kawela_nsw_rule *rule, struct netlink_ext_ack *extack)
{
	int err;

	err = pf_check_flow_type(fs->flow_type, extack);
	if (err)
		return err;
	err = pf_parse_address(fs, rule, extack);
	if (err)
		return err;
	err = pf_parse_vlan(fs, rule, extack);
	if (err)
		return err;
	return pf_parse_action(pf, fs->ring_cookie, rule, extack);
}

static int pf_choose_loc(struct kawela_pf *pf, u32 *loc, struct netlink_ext_ack *extack)
{
	struct kawela_nsw_rule rule;
	u32 id;

	if (*loc < KAWELA_NSW_NUM_RULES)
		return 0;
	if (*loc != RX_CLS_LOC_ANY) {
		NL_SET_ERR_MSG(extack, "loc is 0 to 63; filters have no order");
		return -EINVAL;
	}
	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++) {
		if (kawela_nsw_rule_get(pf->nsw, id, &rule) == -ENOENT) {
			*loc = id;
			return 0;
		}
	}
	NL_SET_ERR_MSG(extack, "all 64 locs are in use");
	return -ENOSPC;
}

/* A VF whose address a filter took along connects again, whatever its driver can read. */
static void pf_renew_loser(struct kawela_pf *pf, unsigned int vf,
			   const struct kawela_nsw_vport_info *before)
{
	struct kawela_nsw_vport_info now;

	kawela_nsw_vport_get_info(pf->nsw, vf, &now);
	if (!ether_addr_equal(now.mac, before->mac) || now.num_uc < before->num_uc)
		kawela_mbx_pf_renew(pf->mbx, vf);
}

static int pf_set_rule(struct kawela_pf *pf, u32 loc, const struct kawela_nsw_rule *rule,
		       struct netlink_ext_ack *extack)
{
	struct kawela_nsw_vport_info before;
	struct kawela_nsw_rule old;
	bool moves;
	int err;

	moves = !kawela_nsw_rule_get(pf->nsw, loc, &old) && old.pool < pf->num_vfs;
	if (moves)
		kawela_nsw_vport_get_info(pf->nsw, old.pool, &before);
	err = kawela_nsw_rule_set(pf->nsw, loc, rule, extack);
	if (!err && moves)
		pf_renew_loser(pf, old.pool, &before);
	return err;
}

static int pf_insert_rule(struct kawela_pf *pf, struct ethtool_rx_flow_spec *fs)
{
	struct netlink_ext_ack extack = {};
	struct kawela_nsw_rule rule;
	u32 loc = fs->location;
	int err;

	err = pf_parse_rule(pf, fs, &rule, &extack);
	if (!err)
		err = pf_choose_loc(pf, &loc, &extack);
	if (!err)
		err = pf_set_rule(pf, loc, &rule, &extack);
	if (!err)
		fs->location = loc;
	return pf_rule_verdict(pf, loc, err, &extack);
}

/* What was asked for and what is looked at are the same, except for a priority of zero. */
static int pf_show_rule(struct kawela_pf *pf, struct ethtool_rx_flow_spec *fs)
{
	struct kawela_nsw_rule rule;
	u32 loc = fs->location;
	int err;

	err = kawela_nsw_rule_get(pf->nsw, loc, &rule);
	if (err)
		return err;

	memset(fs, 0, sizeof(*fs));
	fs->location = loc;
	fs->flow_type = ETHER_FLOW;
	ether_addr_copy(fs->h_u.ether_spec.h_dest, rule.mac);
	eth_broadcast_addr(fs->m_u.ether_spec.h_dest);
	if (rule.vid) {
		fs->flow_type |= FLOW_EXT;
		fs->h_ext.vlan_tci = htons(rule.vid);
		fs->m_ext.vlan_tci = htons(VLAN_VID_MASK);
	}
	if (rule.pool != KAWELA_NSW_PF_POOL)
		fs->ring_cookie = (rule.pool + 1ULL) << ETHTOOL_RX_FLOW_SPEC_RING_VF_OFF;
	return 0;
}

static int pf_list_rules(struct kawela_pf *pf, struct ethtool_rxnfc *nfc, u32 *locs)
{
	int num;

	num = kawela_nsw_rule_list(pf->nsw, locs, nfc->rule_cnt);
	if (num < 0)
		return num;
	nfc->rule_cnt = num;
	nfc->data = KAWELA_NSW_NUM_RULES;
	return 0;
}

static int pf_count_rules(struct kawela_pf *pf, struct ethtool_rxnfc *nfc)
{
	u32 ids[KAWELA_NSW_NUM_RULES];
	int num;

	num = kawela_nsw_rule_list(pf->nsw, ids, ARRAY_SIZE(ids));
	if (num < 0)
		return num;
	nfc->rule_cnt = num;
	nfc->data = KAWELA_NSW_NUM_RULES | RX_CLS_LOC_SPECIAL;
	return 0;
}

/**
 * kawela_pf_rules_get - ethtool -n PF
 * @pf: PF
 * @nfc: request and answer
 * @locs: room for @nfc->rule_cnt locs, for ETHTOOL_GRXCLSRLALL
 *
 * Context: RTNL.
 * Return: 0, -ENOENT (no such filter), -EINVAL (no such loc), -EMSGSIZE (more than there is room
 * for), -EOPNOTSUPP (another request).
 */
int kawela_pf_rules_get(struct kawela_pf *pf, struct ethtool_rxnfc *nfc, u32 *locs)
{
	ASSERT_RTNL();
	switch (nfc->cmd) {
	case ETHTOOL_GRXCLSRLCNT:
		return pf_count_rules(pf, nfc);
	case ETHTOOL_GRXCLSRULE:
		nfc->data = KAWELA_NSW_NUM_RULES;
		return pf_show_rule(pf, &nfc->fs);
	case ETHTOOL_GRXCLSRLALL:
		return pf_list_rules(pf, nfc, locs);
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * kawela_pf_rules_set - ethtool -N PF flow-type ... | delete LOC
 * @pf: PF
 * @nfc: request; the loc that was chosen is put in
 *
 * A loc in use is replaced: the filter moves, and no frame is lost on the way. A VF that used its
 * address is made to connect again.
 *
 * Context: RTNL.
 * Return: 0, or the errno of kawela_nsw_rule_set() or kawela_nsw_rule_clear(), -EINVAL and
 * -EOPNOTSUPP also for what no filter of the switch can say.
 */
int kawela_pf_rules_set(struct kawela_pf *pf, struct ethtool_rxnfc *nfc)
{
	ASSERT_RTNL();
	switch (nfc->cmd) {
	case ETHTOOL_SRXCLSRLINS:
		return pf_insert_rule(pf, &nfc->fs);
	case ETHTOOL_SRXCLSRLDEL:
		return kawela_nsw_rule_clear(pf->nsw, nfc->fs.location);
	default:
		return -EOPNOTSUPP;
	}
}
