// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is in which VLAN, and which entry of the VLAN pool table serves it.
 *
 * A pool is in a VLAN because its driver joined, or because the administrator put it there: by a
 * VF's VLAN, or by receive filters that test one. While the administrator has a say, what the
 * driver joined before or joins meanwhile rests; its entries are kept for it.
 *
 * An entry stays with its VLAN as long as somebody is in it. Every pool has a share of the table
 * that no other can use up: a request passes only if afterwards the sum over all pools of
 * max(used, share) fits. Leaving never breaks that sum. A VLAN that several pools share counts once
 * for each of them, because any of them may be the last to leave. Beyond its share an untrusted VF
 * also leaves those of pools that nobody has yet, so that no guest is in the way of a new VPort.
 *
 * Owns: kawela_nsw.vlan.
 * Never touches: registers; sessions.
 * Locks: callers hold kawela_nsw.lock.
 */
#include "nsw_priv.h"

/* Pools that the administrator put into a VLAN. */
static u8 nsw_vlan_admin_pools(const struct kawela_nsw *nsw, u16 vid)
{
	unsigned int pool, id;
	u8 pools = 0;

	for (pool = 0; pool < NSW_NUM_VPORTS; pool++)
		if (nsw_is_vf(nsw, pool) && nsw->vport[pool].vlan == vid)
			pools |= BIT(pool);
	for_each_set_bit(id, nsw->rules, KAWELA_NSW_NUM_RULES)
		if (nsw->rule[id].vid == vid)
			pools |= BIT(nsw->rule[id].pool);
	return pools;
}

static struct kawela_nsw_vlan *nsw_vlan_find(struct kawela_nsw *nsw, u16 vid)
{
	struct kawela_nsw_vlan *vlan;
	unsigned int i;

	for (i = NSW_VLVF_UNTAGGED + 1; i < KAWELA_NSW_NUM_VLVF; i++) {
		vlan = &nsw->vlan[i];
		if ((vlan->members || vlan->admin) && vlan->vid == vid)
			return vlan;
	}
	return NULL;
}

static bool nsw_vlan_joined(const struct kawela_nsw *nsw, u16 vid, unsigned int pool)
{
	unsigned int i;

	if (pool == KAWELA_NSW_PF_POOL)
		return test_bit(vid, nsw->pf.vlans);
	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		if (nsw->vlan[i].members & BIT(pool) && nsw->vlan[i].vid == vid)
			return true;
	return false;
}

/* The first receive filter on @pool that tests @vid. */
static unsigned int nsw_vlan_first_rule(const struct kawela_nsw *nsw, u16 vid, unsigned int pool)
{
	unsigned int id;

	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++)
		if (nsw_rule_on(nsw, id, pool) && nsw->rule[id].vid == vid)
			break;
	return id;
}

/* VLANs of the administrator that @pool is in and did not join itself. */
static unsigned int nsw_vlan_count_admin(const struct kawela_nsw *nsw, unsigned int pool)
{
	u16 vlan = nsw_is_vf(nsw, pool) ? nsw->vport[pool].vlan : 0;
	unsigned int id, n;
	u16 vid;

	n = vlan && !nsw_vlan_joined(nsw, vlan, pool);
	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++) {
		if (!nsw_rule_on(nsw, id, pool))
			continue;
		vid = nsw->rule[id].vid;
		if (vid && vid != vlan && !nsw_vlan_joined(nsw, vid, pool))
			n += nsw_vlan_first_rule(nsw, vid, pool) == id;
	}
	return n;
}

/**
 * kawela_nsw_vlan_count - number of VLANs a pool's driver joined
 * @nsw: the switch, locked
 * @pool: 0..7
 *
 * Context: kawela_nsw.lock held.
 * Return: the number, without VLAN 0.
 */
unsigned int kawela_nsw_vlan_count(const struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int i, n = 0;

	lockdep_assert_held(&nsw->lock);

	if (pool == KAWELA_NSW_PF_POOL)
		return bitmap_weight(nsw->pf.vlans, VLAN_N_VID);
	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		n += !!(nsw->vlan[i].members & BIT(pool));
	return n;
}

static unsigned int nsw_vlan_need(const struct kawela_nsw *nsw, unsigned int pool)
{
	return kawela_nsw_vlan_count(nsw, pool) + nsw_vlan_count_admin(nsw, pool);
}

/* Whether @pool, joining @more VLANs, must leave the shares of pools that nobody has. */
static bool nsw_vlan_modest(const struct kawela_nsw *nsw, unsigned int pool, unsigned int more)
{
	return more && nsw_is_vf(nsw, pool) && !nsw->vport[pool].trusted &&
	       nsw_vlan_need(nsw, pool) + more > NSW_SHARE_VLANS;
}

/* Whether the table suffices when @pool joins @more VLANs. */
static bool nsw_vlans_fit(const struct kawela_nsw *nsw, unsigned int pool, unsigned int more)
{
	bool all = nsw_vlan_modest(nsw, pool, more);
	unsigned int i, used, sum = 0;

	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++) {
		if (i != KAWELA_NSW_PF_POOL && !nsw_pool_used(nsw, i)) {
			sum += all ? NSW_SHARE_VLANS : 0;
			continue;
		}
		used = nsw_vlan_need(nsw, i);
		if (i == pool)
			used += more;
		sum += max_t(unsigned int, used, NSW_SHARE_VLANS);
	}
	return sum <= NSW_VLVF_SHARED;
}

/**
 * kawela_nsw_vlan_room - how many VLANs a pool's driver may be in at most, as things are
 * @nsw: the switch, locked
 * @pool: 0..7
 *
 * Context: kawela_nsw.lock held.
 * Return: the number, what it is in already included; 0 if the administrator says which.
 */
unsigned int kawela_nsw_vlan_room(const struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int have = kawela_nsw_vlan_count(nsw, pool), more = 0;

	lockdep_assert_held(&nsw->lock);

	if (kawela_nsw_vlan_confined(nsw, pool))
		return 0;
	while (nsw_vlans_fit(nsw, pool, more + 1))
		more++;
	return have + more;
}

/**
 * kawela_nsw_vlans_fit - whether the VLANs that are wanted fit the table with everybody's share
 * @nsw: the switch, locked
 *
 * In RSS mode the table is not used, and everything fits.
 *
 * Context: kawela_nsw.lock held.
 * Return: true if they do.
 */
bool kawela_nsw_vlans_fit(const struct kawela_nsw *nsw)
{
	lockdep_assert_held(&nsw->lock);

	return !nsw_is_vmdq(nsw) || nsw_vlans_fit(nsw, KAWELA_NSW_PF_POOL, 0);
}

/**
 * kawela_nsw_vlan_confined - whether the administrator says which VLANs a pool is in
 * @nsw: the switch, locked
 * @pool: 0..7; the default VPort never is
 *
 * Context: kawela_nsw.lock held.
 * Return: true if so: what its driver joined does not count then.
 */
bool kawela_nsw_vlan_confined(const struct kawela_nsw *nsw, unsigned int pool)
{
	lockdep_assert_held(&nsw->lock);

	return nsw_pool_used(nsw, pool) &&
	       (nsw->vport[pool].vlan || kawela_nsw_rules_test_vlan(nsw, pool));
}

/* The entry of @vid. If it has none, a free one; rather one that the hardware does not use yet. */
static struct kawela_nsw_vlan *nsw_vlan_get(struct kawela_nsw *nsw, u16 vid)
{
	struct kawela_nsw_vlan *vlan = nsw_vlan_find(nsw, vid);
	unsigned int i;

	if (vlan)
		return vlan;
	for (i = NSW_VLVF_UNTAGGED + 1; i < KAWELA_NSW_NUM_VLVF; i++) {
		if (nsw->vlan[i].members || nsw->vlan[i].admin)
			continue;
		if (!vlan)
			vlan = &nsw->vlan[i];
		if (!nsw->applied.vlvf[i].pools) {
			vlan = &nsw->vlan[i];
			break;
		}
	}
	if (vlan)
		vlan->vid = vid;
	return vlan;
}

/**
 * kawela_nsw_vlan_join - make a pool a member of a VLAN
 * @nsw: the switch, locked
 * @vid: 1..4095
 * @pool: 0..7
 *
 * In RSS mode the VFTA alone filters VLANs, and the PF may have all of them.
 *
 * Context: kawela_nsw.lock held.
 * Return: 0, also if it is a member; -ENOSPC (the rest of the table belongs to other pools'
 * shares).
 */
int kawela_nsw_vlan_join(struct kawela_nsw *nsw, u16 vid, unsigned int pool)
{
	struct kawela_nsw_vlan *vlan;
	unsigned int more;

	lockdep_assert_held(&nsw->lock);

	if (nsw_vlan_joined(nsw, vid, pool))
		return 0;
	if (nsw_is_vmdq(nsw)) {
		more = !(nsw_vlan_admin_pools(nsw, vid) & BIT(pool));
		if (!nsw_vlans_fit(nsw, pool, more))
			return -ENOSPC;
		vlan = nsw_vlan_get(nsw, vid);
		if (!vlan)
			return -ENOSPC;
		vlan->members |= BIT(pool);
	}
	if (pool == KAWELA_NSW_PF_POOL)
		__set_bit(vid, nsw->pf.vlans);

	return 0;
}

/**
 * kawela_nsw_vlan_leave - end a pool's membership of a VLAN, if it is a member
 * @nsw: the switch, locked
 * @vid: 1..4095
 * @pool: 0..7
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_vlan_leave(struct kawela_nsw *nsw, u16 vid, unsigned int pool)
{
	struct kawela_nsw_vlan *vlan;

	lockdep_assert_held(&nsw->lock);

	vlan = nsw_vlan_find(nsw, vid);
	if (vlan)
		vlan->members &= ~BIT(pool);
	if (pool == KAWELA_NSW_PF_POOL)
		__clear_bit(vid, nsw->pf.vlans);
}

/**
 * kawela_nsw_vlan_leave_all - end all memberships of a VPort
 * @nsw: the switch, locked
 * @pool: its pool
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_vlan_leave_all(struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int i;

	lockdep_assert_held(&nsw->lock);

	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		nsw->vlan[i].members &= ~BIT(pool);
}

/* Give @vid an entry for a pool. kawela_nsw_vlans_fit() said yes before: there is one. */
static void nsw_vlan_put(struct kawela_nsw *nsw, u16 vid, u8 members, u8 admin)
{
	struct kawela_nsw_vlan *vlan = nsw_vlan_get(nsw, vid);

	if (WARN_ON_ONCE(!vlan))
		return;
	vlan->members |= members;
	vlan->admin |= admin;
}

/**
 * kawela_nsw_vlan_place - bring the table up to what the administrator and the mode want
 * @nsw: the switch, locked
 *
 * Called before each commit.
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_vlan_place(struct kawela_nsw *nsw)
{
	unsigned int i;

	lockdep_assert_held(&nsw->lock);

	if (!nsw_is_vmdq(nsw)) {
		memset(nsw->vlan, 0, sizeof(nsw->vlan));
		return;
	}

	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		if (nsw->vlan[i].admin)
			nsw->vlan[i].admin = nsw_vlan_admin_pools(nsw, nsw->vlan[i].vid);
	for (i = 0; i < NSW_NUM_VPORTS; i++)
		if (nsw_is_vf(nsw, i) && nsw->vport[i].vlan)
			nsw_vlan_put(nsw, nsw->vport[i].vlan, 0, BIT(i));
	for_each_set_bit(i, nsw->rules, KAWELA_NSW_NUM_RULES)
		if (nsw->rule[i].vid)
			nsw_vlan_put(nsw, nsw->rule[i].vid, 0, BIT(nsw->rule[i].pool));
	for_each_set_bit(i, nsw->pf.vlans, VLAN_N_VID)
		nsw_vlan_put(nsw, i, NSW_PF_BIT, 0);
}
