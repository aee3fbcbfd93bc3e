// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has which address and which VLAN, and which table entry serves it.
 *
 * An entry is chosen when a filter is set and stays until the filter goes, so that unrelated
 * changes never rewrite it. Every pool has a share of both tables that no other pool can use up:
 * a request passes only if afterwards the sum over all pools of max(used, share) fits the table.
 * Leaving never breaks that sum. A VLAN that several pools share counts once for each of them,
 * because any of them may be the last to leave.
 *
 * Owns: kawela_nsw.uc, kawela_nsw.vlan, the rules of uniqueness and of shares.
 * Never touches: registers; sessions.
 * Locks: callers hold kawela_nsw.lock.
 */
#include "nsw_priv.h"

static bool nsw_pf_wants(const struct kawela_nsw *nsw, const u8 *mac)
{
	unsigned int i;

	if (ether_addr_equal(nsw->pf.mac, mac))
		return true;
	for (i = 0; i < nsw->pf.num_uc; i++)
		if (ether_addr_equal(nsw->pf.uc[i], mac))
			return true;
	return false;
}

static bool nsw_vf_wants(const struct kawela_nsw *nsw, const u8 *mac, unsigned int vf)
{
	return ether_addr_equal(nsw->vport[vf].mac, mac) ||
	       ether_addr_equal(nsw->vport[vf].admin_mac, mac) ||
	       kawela_nsw_uc_has(nsw, mac, vf);
}

/**
 * kawela_nsw_mac_taken - whether a pool other than this one has an address
 * @nsw: the switch, locked
 * @mac: unicast address
 * @pool: who asks
 *
 * An address that is pinned but not in use is taken, too, and so are the PF's addresses that found
 * no entry.
 *
 * Context: kawela_nsw.lock held.
 * Return: true if it is taken.
 */
bool kawela_nsw_mac_taken(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	unsigned int vf;

	lockdep_assert_held(&nsw->lock);

	if (pool != KAWELA_NSW_PF_POOL && nsw_pf_wants(nsw, mac))
		return true;
	for (vf = 0; vf < nsw->num_vfs; vf++)
		if (vf != pool && nsw_vf_wants(nsw, mac, vf))
			return true;
	return false;
}

/**
 * kawela_nsw_uc_count - number of a pool's secondary addresses that have an entry
 * @nsw: the switch, locked
 * @pool: 0..7
 *
 * Context: kawela_nsw.lock held.
 * Return: the number.
 */
unsigned int kawela_nsw_uc_count(const struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int i, n = 0;

	lockdep_assert_held(&nsw->lock);

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		n += nsw->uc[i].used && nsw->uc[i].owner == pool;
	return n;
}

/* RAR index of a pool's secondary address, -ENOENT if it has none. */
static int nsw_uc_find(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw->uc[i].used && nsw->uc[i].owner == pool &&
		    ether_addr_equal(nsw->uc[i].mac, mac))
			return i;
	return -ENOENT;
}

/**
 * kawela_nsw_uc_has - whether a secondary address of a pool has an entry
 * @nsw: the switch, locked
 * @mac: address
 * @pool: 0..7
 *
 * Context: kawela_nsw.lock held.
 * Return: true if it has.
 */
bool kawela_nsw_uc_has(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	lockdep_assert_held(&nsw->lock);

	return nsw_uc_find(nsw, mac, pool) >= 0;
}

/* Whether the shared RAR entries suffice when @pool takes @more. */
static bool nsw_uc_fits(const struct kawela_nsw *nsw, unsigned int pool, unsigned int more)
{
	unsigned int used, vf, sum;

	used = kawela_nsw_uc_count(nsw, KAWELA_NSW_PF_POOL);
	if (pool == KAWELA_NSW_PF_POOL)
		used += more;
	sum = max_t(unsigned int, used, NSW_SHARE_PF_UC);

	for (vf = 0; vf < nsw->num_vfs; vf++) {
		used = kawela_nsw_uc_count(nsw, vf);
		if (pool == vf)
			used += more;
		sum += 1 + max_t(unsigned int, used, NSW_SHARE_VF_UC);
	}

	return sum <= NSW_RAR_SHARED;
}

/*
 * A free shared entry, from the top, away from those of the VFs' own addresses. One that still
 * holds an address is taken last: then nothing is overwritten before it is elsewhere.
 */
static int nsw_uc_find_free(const struct kawela_nsw *nsw)
{
	int i, idx = -ENOSPC;

	for (i = KAWELA_NSW_NUM_RAR - 1; i >= (int)NSW_RAR_VF(nsw->num_vfs); i--) {
		if (nsw->uc[i].used)
			continue;
		if (!nsw->applied.rar[i].pools)
			return i;
		if (idx < 0)
			idx = i;
	}
	return idx;
}

/**
 * kawela_nsw_uc_add - give a secondary address an entry
 * @nsw: the switch, locked
 * @mac: unicast address that no pool has
 * @pool: its owner
 *
 * Context: kawela_nsw.lock held.
 * Return: 0; -ENOSPC (the rest of the table belongs to other pools' shares).
 */
int kawela_nsw_uc_add(struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	int idx;

	lockdep_assert_held(&nsw->lock);

	if (!nsw_uc_fits(nsw, pool, 1))
		return -ENOSPC;
	idx = nsw_uc_find_free(nsw);
	if (idx < 0)
		return idx;

	ether_addr_copy(nsw->uc[idx].mac, mac);
	nsw->uc[idx].owner = pool;
	nsw->uc[idx].used = true;

	return 0;
}

/**
 * kawela_nsw_uc_del - free the entry of a secondary address, if it has one
 * @nsw: the switch, locked
 * @mac: address
 * @pool: its owner
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_uc_del(struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	int idx;

	lockdep_assert_held(&nsw->lock);

	idx = nsw_uc_find(nsw, mac, pool);
	if (idx >= 0)
		nsw->uc[idx].used = false;
}

/**
 * kawela_nsw_uc_trim - free entries of a pool until only some are left
 * @nsw: the switch, locked
 * @pool: their owner
 * @keep: how many may stay
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_uc_trim(struct kawela_nsw *nsw, unsigned int pool, unsigned int keep)
{
	unsigned int i = KAWELA_NSW_NUM_RAR;

	lockdep_assert_held(&nsw->lock);

	while (i--) {
		if (!nsw->uc[i].used || nsw->uc[i].owner != pool)
			continue;
		if (keep)
			keep--;
		else
			nsw->uc[i].used = false;
	}
}

/* Free the PF's entries that are not wanted any more or lie where a VF's address goes. */
static void nsw_uc_unplace_pf(struct kawela_nsw *nsw)
{
	struct kawela_nsw_uc *uc;
	unsigned int i, n;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		uc = &nsw->uc[i];
		if (!uc->used || uc->owner != KAWELA_NSW_PF_POOL)
			continue;
		if (i < NSW_RAR_VF(nsw->num_vfs) || !nsw_pf_wants(nsw, uc->mac) ||
		    ether_addr_equal(uc->mac, nsw->pf.mac))
			uc->used = false;
	}

	n = kawela_nsw_uc_count(nsw, KAWELA_NSW_PF_POOL);
	while (n && !nsw_uc_fits(nsw, KAWELA_NSW_PF_POOL, 0))
		kawela_nsw_uc_trim(nsw, KAWELA_NSW_PF_POOL, --n);
}

/**
 * kawela_nsw_uc_place_pf - give entries to as many of the PF's secondary addresses as possible
 * @nsw: the switch, locked
 *
 * Those that have one keep it. Called before each commit: room comes and goes with the VFs.
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_uc_place_pf(struct kawela_nsw *nsw)
{
	unsigned int i;
	const u8 *mac;

	lockdep_assert_held(&nsw->lock);

	nsw_uc_unplace_pf(nsw);

	nsw->pf.uc_overflow = false;
	for (i = 0; i < nsw->pf.num_uc; i++) {
		mac = nsw->pf.uc[i];
		if (ether_addr_equal(mac, nsw->pf.mac) ||
		    kawela_nsw_uc_has(nsw, mac, KAWELA_NSW_PF_POOL) ||
		    kawela_nsw_mac_taken(nsw, mac, KAWELA_NSW_PF_POOL))
			continue;
		if (kawela_nsw_uc_add(nsw, mac, KAWELA_NSW_PF_POOL))
			nsw->pf.uc_overflow = true;
	}
}

/**
 * kawela_nsw_vlan_count - number of VLANs a pool joined
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

/* Whether the VLAN pool table suffices for @num_vfs VFs when @pool joins @more VLANs. */
static bool nsw_vlans_fit(const struct kawela_nsw *nsw, unsigned int num_vfs, unsigned int pool,
			  unsigned int more)
{
	unsigned int used, vf, sum;

	used = kawela_nsw_vlan_count(nsw, KAWELA_NSW_PF_POOL);
	if (pool == KAWELA_NSW_PF_POOL)
		used += more;
	sum = max_t(unsigned int, used, NSW_SHARE_VLANS);

	for (vf = 0; vf < num_vfs; vf++) {
		used = kawela_nsw_vlan_count(nsw, vf);
		if (pool == vf)
			used += more;
		sum += max_t(unsigned int, used, NSW_SHARE_VLANS);
	}

	return sum <= NSW_VLVF_SHARED;
}

/**
 * kawela_nsw_vlans_fit - whether the PF's VLANs leave room for a number of VFs
 * @nsw: the switch, locked
 * @num_vfs: 1..7
 *
 * Context: kawela_nsw.lock held.
 * Return: true if they do.
 */
bool kawela_nsw_vlans_fit(const struct kawela_nsw *nsw, unsigned int num_vfs)
{
	lockdep_assert_held(&nsw->lock);

	return nsw_vlans_fit(nsw, num_vfs, KAWELA_NSW_PF_POOL, 0);
}

static struct kawela_nsw_vlan *nsw_vlan_find(struct kawela_nsw *nsw, u16 vid)
{
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		if (nsw->vlan[i].members && nsw->vlan[i].vid == vid)
			return &nsw->vlan[i];
	return NULL;
}

/* The entry of @vid; a free one if it has none. */
static struct kawela_nsw_vlan *nsw_vlan_get(struct kawela_nsw *nsw, u16 vid)
{
	struct kawela_nsw_vlan *vlan = nsw_vlan_find(nsw, vid);
	unsigned int i;

	for (i = NSW_VLVF_UNTAGGED + 1; !vlan && i < KAWELA_NSW_NUM_VLVF; i++)
		if (!nsw->vlan[i].members)
			vlan = &nsw->vlan[i];
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

	lockdep_assert_held(&nsw->lock);

	if (nsw_is_vmdq(nsw)) {
		vlan = nsw_vlan_find(nsw, vid);
		if (vlan && vlan->members & BIT(pool))
			return 0;
		if (!nsw_vlans_fit(nsw, nsw->num_vfs, pool, 1))
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
 * kawela_nsw_vlan_leave_all - end all memberships of a VF
 * @nsw: the switch, locked
 * @pool: the VF's pool
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

/**
 * kawela_nsw_vlan_load_pf - give entries to the PF's VLANs on the way to VMDq
 * @nsw: the switch, locked; kawela_nsw_vlans_fit() said yes
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_vlan_load_pf(struct kawela_nsw *nsw)
{
	struct kawela_nsw_vlan *vlan;
	unsigned int vid;

	lockdep_assert_held(&nsw->lock);

	for_each_set_bit(vid, nsw->pf.vlans, VLAN_N_VID) {
		vlan = nsw_vlan_get(nsw, vid);
		if (WARN_ON_ONCE(!vlan))
			return;
		vlan->members |= NSW_PF_BIT;
	}
}
