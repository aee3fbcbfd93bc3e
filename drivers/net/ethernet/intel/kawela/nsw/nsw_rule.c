// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive filters of the administrator: an address, a VLAN or none, and the VPort that gets it.
 *
 * Owns: kawela_nsw.rule, and which sets of filters are exact in this hardware.
 * Never touches: registers; tables (nsw_filter.c and nsw_vlan.c find entries for what is here).
 * Locks: takes kawela_nsw.lock.
 */
#include <linux/netlink.h>

#include "nsw_priv.h"

/* The filters of one pool so far: one address and one VLAN, or how far they differ. */
struct nsw_shape {
	const u8 *mac;
	u16 vid;
	bool many_macs;
	bool many_vids;
};

static void nsw_shape_add(struct nsw_shape *shape, const u8 *mac, u16 vid)
{
	if (!shape->mac) {
		shape->mac = mac;
		shape->vid = vid;
		return;
	}
	shape->many_macs |= !ether_addr_equal(shape->mac, mac);
	shape->many_vids |= shape->vid != vid;
}

/**
 * kawela_nsw_rules_exact - whether this hardware does what a VPort's receive filters say
 * @nsw: the switch, locked
 * @pool: 0..7
 *
 * A pool receives every combination of its addresses and its VLANs. So either all its filters,
 * and the pinned address, have one address, or they have one VLAN. The default VPort receives what
 * nobody else does: any set will do there. A VLAN of the administrator's leaves no other.
 *
 * Context: kawela_nsw.lock held.
 * Return: true if so.
 */
bool kawela_nsw_rules_exact(const struct kawela_nsw *nsw, unsigned int pool)
{
	const struct kawela_nsw_vport *v;
	struct nsw_shape shape = {};
	unsigned int id;

	lockdep_assert_held(&nsw->lock);

	if (pool == KAWELA_NSW_PF_POOL)
		return true;
	v = &nsw->vport[pool];
	if (!is_zero_ether_addr(v->admin_mac))
		nsw_shape_add(&shape, v->admin_mac, v->vlan);
	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++) {
		if (!nsw_rule_on(nsw, id, pool))
			continue;
		nsw_shape_add(&shape, nsw->rule[id].mac, nsw->rule[id].vid);
		if (v->vlan && v->vlan != nsw->rule[id].vid)
			return false;
	}
	return !shape.many_macs || !shape.many_vids;
}

/**
 * kawela_nsw_rules_test_vlan - whether a VPort's receive filters say which VLANs it is in
 * @nsw: the switch, locked
 * @pool: 0..7
 *
 * Context: kawela_nsw.lock held.
 * Return: true if one of them tests for a VLAN.
 */
bool kawela_nsw_rules_test_vlan(const struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int id;

	lockdep_assert_held(&nsw->lock);

	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++)
		if (nsw_rule_on(nsw, id, pool) && nsw->rule[id].vid)
			return true;
	return false;
}

/**
 * kawela_nsw_rules_test_untagged - whether a VPort's receive filters let untagged frames in
 * @nsw: the switch, locked
 * @pool: 0..7
 *
 * Context: kawela_nsw.lock held.
 * Return: true if one of them tests for untagged frames.
 */
bool kawela_nsw_rules_test_untagged(const struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int id;

	lockdep_assert_held(&nsw->lock);

	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++)
		if (nsw_rule_on(nsw, id, pool) && !nsw->rule[id].vid)
			return true;
	return false;
}

/**
 * kawela_nsw_rule_count - number of receive filters on a VPort
 * @nsw: the switch, locked
 * @pool: 0..7
 *
 * Context: kawela_nsw.lock held.
 * Return: the number.
 */
unsigned int kawela_nsw_rule_count(const struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int id, n = 0;

	lockdep_assert_held(&nsw->lock);

	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++)
		n += nsw_rule_on(nsw, id, pool);
	return n;
}

/**
 * kawela_nsw_rules_drop - remove all receive filters on a VPort
 * @nsw: the switch, locked
 * @pool: 0..6
 *
 * Context: kawela_nsw.lock held; the caller commits.
 */
void kawela_nsw_rules_drop(struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int id;

	lockdep_assert_held(&nsw->lock);

	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++)
		if (nsw_rule_on(nsw, id, pool))
			__clear_bit(id, nsw->rules);
}

static int nsw_rule_check_fields(unsigned int id, const struct kawela_nsw_rule *rule,
				 struct netlink_ext_ack *extack)
{
	if (id >= KAWELA_NSW_NUM_RULES) {
		NL_SET_ERR_MSG_FMT(extack, "Filter ids are 0 to %u", KAWELA_NSW_NUM_RULES - 1);
		return -EINVAL;
	}
	if (rule->pool >= KAWELA_NSW_NUM_POOLS) {
		NL_SET_ERR_MSG_FMT(extack, "Pools are 0 to %u", KAWELA_NSW_PF_POOL);
		return -EINVAL;
	}
	if (!is_valid_ether_addr(rule->mac)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is no unicast address", rule->mac);
		return -EINVAL;
	}
	if (rule->vid >= VLAN_N_VID) {
		NL_SET_ERR_MSG_FMT(extack, "VLANs are 1 to %u, or 0 for untagged frames",
				   VLAN_N_VID - 1);
		return -EINVAL;
	}
	return 0;
}

static bool nsw_rule_twice(const struct kawela_nsw *nsw, unsigned int id)
{
	const struct kawela_nsw_rule *rule = &nsw->rule[id];
	unsigned int other;

	for_each_set_bit(other, nsw->rules, KAWELA_NSW_NUM_RULES)
		if (other != id && nsw->rule[other].pool == rule->pool &&
		    nsw->rule[other].vid == rule->vid &&
		    ether_addr_equal(nsw->rule[other].mac, rule->mac))
			return true;
	return false;
}

/* What can be said about filter @id once it is in its place. */
static int nsw_rule_check(const struct kawela_nsw *nsw, unsigned int id,
			  struct netlink_ext_ack *extack)
{
	const struct kawela_nsw_rule *rule = &nsw->rule[id];

	if (rule->pool != KAWELA_NSW_PF_POOL && !nsw_vport_exists(nsw, rule->pool)) {
		NL_SET_ERR_MSG_FMT(extack, "Pool %u has no VPort: add one first", rule->pool);
		return -ENODEV;
	}
	if (rule->vid && !(nsw->policy & KAWELA_NSW_VLAN_TESTS)) {
		NL_SET_ERR_MSG(extack, "Filters that test the VLAN are turned off");
		return -EOPNOTSUPP;
	}
	if (kawela_nsw_mac_claimed(nsw, rule->mac, rule->pool) ||
	    kawela_nsw_pin_other(nsw, rule->mac, rule->pool) >= 0) {
		NL_SET_ERR_MSG_FMT(extack, "Another VPort has %pM: remove it there first",
				   rule->mac);
		return -EEXIST;
	}
	if (nsw_rule_twice(nsw, id)) {
		NL_SET_ERR_MSG(extack, "Another filter is the same");
		return -EEXIST;
	}
	if (!kawela_nsw_rules_exact(nsw, rule->pool)) {
		NL_SET_ERR_MSG(extack,
			       "One VPort takes one address with many VLANs or many with one VLAN");
		return -EOPNOTSUPP;
	}
	if (!kawela_nsw_uc_fits_admin(nsw)) {
		NL_SET_ERR_MSG(extack, "No mac_filters left: remove an address");
		return -ENOSPC;
	}
	if (!kawela_nsw_vlans_fit(nsw)) {
		NL_SET_ERR_MSG(extack, "No vlan_filters left: remove a VLAN");
		return -ENOSPC;
	}
	return 0;
}

/* What a VF's driver uses of an address. */
struct nsw_claim {
	bool own;
	bool further;
};

/*
 * The driver of a VF with a filter may ask for the filter's address. If the filter moves on, the
 * address goes with it, unless the administrator pinned it there.
 */
static struct nsw_claim nsw_claim_withdraw(struct kawela_nsw *nsw,
					   const struct kawela_nsw_rule *from)
{
	struct nsw_claim claim = {};
	struct kawela_nsw_vport *v;

	if (!nsw_is_vf(nsw, from->pool))
		return claim;
	v = &nsw->vport[from->pool];
	if (ether_addr_equal(v->admin_mac, from->mac))
		return claim;

	claim.own = ether_addr_equal(v->mac, from->mac);
	claim.further = kawela_nsw_uc_has(nsw, from->mac, from->pool);
	if (claim.own)
		eth_zero_addr(v->mac);
	kawela_nsw_uc_del(nsw, from->mac, from->pool);
	return claim;
}

static void nsw_claim_restore(struct kawela_nsw *nsw, const struct kawela_nsw_rule *from,
			      struct nsw_claim claim)
{
	if (claim.own)
		ether_addr_copy(nsw->vport[from->pool].mac, from->mac);
	/* Its entry is still there: it is the filter's. */
	if (claim.further)
		WARN_ON_ONCE(kawela_nsw_uc_add(nsw, from->mac, from->pool));
}

int kawela_nsw_rule_set(struct kawela_nsw *nsw, unsigned int id, const struct kawela_nsw_rule *rule,
			struct netlink_ext_ack *extack)
{
	struct nsw_claim claim = {};
	struct kawela_nsw_rule old;
	bool had;
	int err;

	err = nsw_rule_check_fields(id, rule, extack);
	if (err)
		return err;

	mutex_lock(&nsw->lock);
	old = nsw->rule[id];
	had = __test_and_set_bit(id, nsw->rules);
	nsw->rule[id] = *rule;
	if (had && old.pool != rule->pool && ether_addr_equal(old.mac, rule->mac))
		claim = nsw_claim_withdraw(nsw, &old);
	err = nsw_rule_check(nsw, id, extack);
	if (err) {
		nsw->rule[id] = old;
		__assign_bit(id, nsw->rules, had);
		nsw_claim_restore(nsw, &old, claim);
	} else {
		kawela_nsw_commit(nsw);
	}
	mutex_unlock(&nsw->lock);

	return err;
}

int kawela_nsw_rule_clear(struct kawela_nsw *nsw, unsigned int id)
{
	int err = 0;

	if (id >= KAWELA_NSW_NUM_RULES)
		return -EINVAL;

	mutex_lock(&nsw->lock);
	if (__test_and_clear_bit(id, nsw->rules))
		kawela_nsw_commit(nsw);
	else
		err = -ENOENT;
	mutex_unlock(&nsw->lock);

	return err;
}

int kawela_nsw_rule_get(struct kawela_nsw *nsw, unsigned int id, struct kawela_nsw_rule *rule)
{
	int err = 0;

	if (id >= KAWELA_NSW_NUM_RULES)
		return -EINVAL;

	mutex_lock(&nsw->lock);
	if (test_bit(id, nsw->rules))
		*rule = nsw->rule[id];
	else
		err = -ENOENT;
	mutex_unlock(&nsw->lock);

	return err;
}

int kawela_nsw_rule_list(struct kawela_nsw *nsw, u32 *ids, unsigned int max)
{
	unsigned int id;
	int n = 0;

	mutex_lock(&nsw->lock);
	if (bitmap_weight(nsw->rules, KAWELA_NSW_NUM_RULES) > max)
		n = -EMSGSIZE;
	else
		for_each_set_bit(id, nsw->rules, KAWELA_NSW_NUM_RULES)
			ids[n++] = id;
	mutex_unlock(&nsw->lock);

	return n;
}
