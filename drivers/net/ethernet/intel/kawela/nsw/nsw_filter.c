// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has which address, and which RAR entry serves it.
 *
 * An entry is chosen when a filter is set and stays until the filter goes, so that unrelated
 * changes never rewrite it; only a VPort that is made takes entry 1 + pool from whoever is there.
 * Every pool has a share of the table that no other pool can use up: a request passes only if
 * afterwards the sum over all pools of max(used, share) fits the table. Leaving never breaks that
 * sum. The PF's secondary addresses give way to what the administrator sets: they can be in the
 * UTA. So does what an untrusted VF asked for beyond its share: no guest is in the way of a VPort.
 *
 * Owns: kawela_nsw.uc, the rules of uniqueness and of shares.
 * Never touches: registers; sessions.
 * Locks: callers hold kawela_nsw.lock.
 */
#include "nsw_priv.h"

static bool nsw_uc_used(const struct kawela_nsw_uc *uc)
{
	return uc->asked || uc->rule;
}

static bool nsw_list_has(const u8 (*list)[ETH_ALEN], unsigned int num, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < num; i++)
		if (ether_addr_equal(list[i], mac))
			return true;
	return false;
}

static bool nsw_pf_has_uc(const struct kawela_nsw *nsw, const u8 *mac)
{
	return nsw_list_has(nsw->pf.uc, nsw->pf.num_uc, mac);
}

static bool nsw_pf_learned(const struct kawela_nsw *nsw, const u8 *mac)
{
	return !nsw->pf.learned_idle &&
	       nsw_list_has(nsw->pf.learned, nsw->pf.num_learned, mac);
}

/* What is the host's own on a bridge, or was set there by its administrator. */
static bool nsw_pf_fixed(const struct kawela_nsw *nsw, const u8 *mac)
{
	return nsw_list_has(nsw->pf.learned, nsw->pf.num_fixed, mac);
}

static bool nsw_vport_wants(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	return ether_addr_equal(nsw->vport[pool].mac, mac) ||
	       ether_addr_equal(nsw->vport[pool].admin_mac, mac) ||
	       kawela_nsw_uc_has(nsw, mac, pool);
}

/**
 * kawela_nsw_pool_has - whether a nondefault VPort has an address, pinned or by a filter too
 * @nsw: the switch, locked
 * @mac: unicast address
 * @pool: 0..6
 *
 * Context: kawela_nsw.lock held.
 * Return: true if it has.
 */
bool kawela_nsw_pool_has(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	unsigned int id;

	lockdep_assert_held(&nsw->lock);

	if (nsw_pool_used(nsw, pool) && nsw_vport_wants(nsw, mac, pool))
		return true;
	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++)
		if (nsw_rule_on(nsw, id, pool) && ether_addr_equal(nsw->rule[id].mac, mac))
			return true;
	return false;
}

/**
 * kawela_nsw_pin_other - another VF that an address is pinned to
 * @nsw: the switch, locked
 * @mac: unicast address
 * @pool: the VF it is pinned to as well, or any pool
 *
 * Context: kawela_nsw.lock held.
 * Return: pool of the lowest other VF, or -ENOENT.
 */
int kawela_nsw_pin_other(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	unsigned int i;

	lockdep_assert_held(&nsw->lock);

	for (i = 0; i < NSW_NUM_VPORTS; i++)
		if (i != pool && nsw_pinned(nsw, mac, i))
			return i;
	return -ENOENT;
}

/**
 * kawela_nsw_pin_holder - which of the VFs that an address is pinned to receives for it
 * @nsw: the switch, locked
 * @mac: unicast address
 *
 * A guest that migrates has the same address on two VFs. Of those with a session that use it, it is
 * the last that became ready or took it up.
 *
 * Context: kawela_nsw.lock held.
 * Return: its pool, or that of the PF if there is none.
 */
unsigned int kawela_nsw_pin_holder(const struct kawela_nsw *nsw, const u8 *mac)
{
	unsigned int pool, holder = KAWELA_NSW_PF_POOL;
	const struct kawela_nsw_vport *v;
	u64 since = 0;

	lockdep_assert_held(&nsw->lock);

	for (pool = 0; pool < NSW_NUM_VPORTS; pool++) {
		v = &nsw->vport[pool];
		if (!nsw_pinned(nsw, mac, pool) || nsw_is_away(nsw, pool) || v->since < since)
			continue;
		if (!ether_addr_equal(v->mac, mac) && !kawela_nsw_uc_has(nsw, mac, pool))
			continue;
		since = v->since;
		holder = pool;
	}
	return holder;
}

/**
 * kawela_nsw_mac_take - a VPort uses an address as its own from now on
 * @nsw: the switch, locked
 * @mac: unicast address it may have, or zero
 * @pool: 0..6
 *
 * Context: kawela_nsw.lock held; the caller commits.
 */
void kawela_nsw_mac_take(struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	struct kawela_nsw_vport *v = &nsw->vport[pool];

	lockdep_assert_held(&nsw->lock);

	if (ether_addr_equal(v->mac, mac))
		return;
	ether_addr_copy(v->mac, mac);
	v->since = ++nsw->takes;
}

/* Whether VPort @i has an address and is a reason for @pool not to. */
static bool nsw_vport_claims(const struct kawela_nsw *nsw, const u8 *mac, unsigned int i,
			     unsigned int pool)
{
	if (i == pool || !nsw_pool_used(nsw, i) || !nsw_vport_wants(nsw, mac, i))
		return false;
	return !nsw_pinned(nsw, mac, i) || !nsw_pinned(nsw, mac, pool);
}

/**
 * kawela_nsw_mac_claimed - whether the administrator must not give an address to this pool
 * @nsw: the switch, locked
 * @mac: unicast address
 * @pool: who is to have it
 *
 * The PF's own address counts, and all that other VPorts have: one that is pinned but not in use,
 * too, and those of receive filters. The PF's secondary addresses do not: that they move from the
 * default VPort to another is what the administrator asks for when a guest leaves the bridge. Nor
 * does another VF's if it is pinned to both: see kawela_nsw_pin_holder().
 *
 * Context: kawela_nsw.lock held.
 * Return: true if somebody else has it.
 */
bool kawela_nsw_mac_claimed(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	unsigned int i;

	lockdep_assert_held(&nsw->lock);

	if (pool != KAWELA_NSW_PF_POOL && ether_addr_equal(nsw->pf.mac, mac))
		return true;
	for (i = 0; i < NSW_NUM_VPORTS; i++)
		if (nsw_vport_claims(nsw, mac, i, pool))
			return true;
	for_each_set_bit(i, nsw->rules, KAWELA_NSW_NUM_RULES)
		if (nsw->rule[i].pool != pool && ether_addr_equal(nsw->rule[i].mac, mac))
			return true;
	return false;
}

/**
 * kawela_nsw_mac_taken - whether a pool other than this one has an address
 * @nsw: the switch, locked
 * @mac: unicast address
 * @pool: whose driver asks for it
 *
 * As kawela_nsw_mac_claimed(), but no driver gets one of the PF's secondary addresses, whether it
 * has an entry or not, and that of a VF none that is fixed on a bridge of the host's. What was
 * learned to be behind the PF is nobody's yet. What the pool has, by the administrator too, it may
 * ask for again.
 *
 * Context: kawela_nsw.lock held.
 * Return: true if it is taken.
 */
bool kawela_nsw_mac_taken(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	lockdep_assert_held(&nsw->lock);

	if (kawela_nsw_mac_claimed(nsw, mac, pool))
		return true;
	if (pool == KAWELA_NSW_PF_POOL || kawela_nsw_pool_has(nsw, mac, pool))
		return false;
	return nsw_pf_has_uc(nsw, mac) || (nsw_is_vf(nsw, pool) && nsw_pf_fixed(nsw, mac));
}

/**
 * kawela_nsw_uc_count - number of secondary addresses with an entry that a pool's driver asked for
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
		n += nsw->uc[i].asked && nsw->uc[i].owner == pool;
	return n;
}

/* RAR index of a secondary address that a pool's driver asked for, -ENOENT if it has none. */
static int nsw_uc_find(const struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw->uc[i].asked && nsw->uc[i].owner == pool &&
		    ether_addr_equal(nsw->uc[i].mac, mac))
			return i;
	return -ENOENT;
}

/**
 * kawela_nsw_uc_has - whether a secondary address a pool's driver asked for has an entry
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

/* The first receive filter with an address. */
static unsigned int nsw_rule_first(const struct kawela_nsw *nsw, const u8 *mac)
{
	unsigned int id;

	for_each_set_bit(id, nsw->rules, KAWELA_NSW_NUM_RULES)
		if (ether_addr_equal(nsw->rule[id].mac, mac))
			break;
	return id;
}

static bool nsw_rule_has(const struct kawela_nsw *nsw, const u8 *mac)
{
	return nsw_rule_first(nsw, mac) < KAWELA_NSW_NUM_RULES;
}

/* Addresses of a pool's receive filters; with @more_only, those its driver did not ask for. */
static unsigned int nsw_uc_count_rules(const struct kawela_nsw *nsw, unsigned int pool,
				       bool more_only)
{
	unsigned int id, n = 0;
	const u8 *mac;

	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++) {
		if (!nsw_rule_on(nsw, id, pool))
			continue;
		mac = nsw->rule[id].mac;
		/* Count each address at its first filter: only one VPort has it. */
		if (nsw_rule_first(nsw, mac) == id)
			n += !more_only || !kawela_nsw_uc_has(nsw, mac, pool);
	}
	return n;
}

/* The shared entries a pool needs. */
static unsigned int nsw_uc_need(const struct kawela_nsw *nsw, unsigned int pool)
{
	return kawela_nsw_uc_count(nsw, pool) + nsw_uc_count_rules(nsw, pool, true);
}

/* How many of those give way when the administrator needs them. */
static unsigned int nsw_uc_yields(const struct kawela_nsw *nsw, unsigned int pool)
{
	unsigned int own;

	if (!nsw_is_vf(nsw, pool) || nsw->vport[pool].trusted)
		return 0;
	own = nsw_uc_need(nsw, pool) - nsw_uc_count_rules(nsw, pool, false);
	return own > NSW_SHARE_VPORT_UC ? own - NSW_SHARE_VPORT_UC : 0;
}

/* Shared entries in use or kept when the PF needs @pf of them and @pool takes @more. */
static unsigned int nsw_uc_sum(const struct kawela_nsw *nsw, unsigned int pf, unsigned int pool,
			       unsigned int more)
{
	unsigned int i, used, sum;

	if (pool == KAWELA_NSW_PF_POOL)
		pf += more;
	sum = max_t(unsigned int, pf, NSW_SHARE_PF_UC);
	for (i = 0; i < NSW_NUM_VPORTS; i++) {
		if (!nsw_pool_used(nsw, i))
			continue;
		used = nsw_uc_need(nsw, i);
		if (pool == i)
			used += more;
		sum += 1 + max_t(unsigned int, used, NSW_SHARE_VPORT_UC);
	}

	return sum;
}

static bool nsw_uc_fits(const struct kawela_nsw *nsw, unsigned int pf, unsigned int pool,
			unsigned int more)
{
	return nsw_uc_sum(nsw, pf, pool, more) <= NSW_RAR_SHARED;
}

static bool nsw_uc_fits_pf(const struct kawela_nsw *nsw, unsigned int more)
{
	return nsw_uc_fits(nsw, nsw_uc_need(nsw, KAWELA_NSW_PF_POOL), KAWELA_NSW_PF_POOL, more);
}

/* Entries that are missing for what the administrator wants, even if the PF has none more. */
static unsigned int nsw_uc_missing(const struct kawela_nsw *nsw)
{
	unsigned int pf = nsw_uc_count_rules(nsw, KAWELA_NSW_PF_POOL, false);
	unsigned int sum = nsw_uc_sum(nsw, pf, KAWELA_NSW_PF_POOL, 0);

	return sum > NSW_RAR_SHARED ? sum - NSW_RAR_SHARED : 0;
}

/**
 * kawela_nsw_uc_fits_admin - whether VPorts and receive filters fit with everybody's share
 * @nsw: the switch, locked
 *
 * The PF's secondary addresses do not count, nor does what untrusted VFs have beyond their shares:
 * they give way.
 *
 * Context: kawela_nsw.lock held.
 * Return: true if they do.
 */
bool kawela_nsw_uc_fits_admin(const struct kawela_nsw *nsw)
{
	unsigned int i, yields = 0;

	lockdep_assert_held(&nsw->lock);

	for (i = 0; i < NSW_NUM_VPORTS; i++)
		yields += nsw_uc_yields(nsw, i);

	return nsw_uc_missing(nsw) <= yields;
}

/* Whether entry @i is not shared: the first address of the PF or of a pool somebody has. */
static bool nsw_rar_is_own(const struct kawela_nsw *nsw, unsigned int i)
{
	return i == NSW_RAR_PF || nsw_pool_used(nsw, i - NSW_RAR_OWN(0));
}

/*
 * A free shared entry: one that still holds @mac, so that one write moves it; else from the top,
 * and one that still holds another address last: then nothing is overwritten before it is
 * elsewhere.
 */
static int nsw_uc_find_free(const struct kawela_nsw *nsw, const u8 *mac)
{
	int i, idx = -ENOSPC;
	bool empty = false;

	for (i = KAWELA_NSW_NUM_RAR - 1; i > NSW_RAR_PF; i--) {
		if (nsw_uc_used(&nsw->uc[i]) || nsw_rar_is_own(nsw, i))
			continue;
		if (!nsw->applied.rar[i].pools) {
			if (!empty)
				idx = i;
			empty = true;
			continue;
		}
		if (ether_addr_equal(nsw->applied.rar[i].mac, mac))
			return i;
		if (idx < 0)
			idx = i;
	}
	return idx;
}

static struct kawela_nsw_uc *nsw_uc_take(struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	int idx = nsw_uc_find_free(nsw, mac);

	if (idx < 0)
		return NULL;
	ether_addr_copy(nsw->uc[idx].mac, mac);
	nsw->uc[idx].owner = pool;

	return &nsw->uc[idx];
}

/* The entry of a receive filter, which may serve the driver that asks for the same address. */
static struct kawela_nsw_uc *nsw_uc_find_rule(struct kawela_nsw *nsw, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw->uc[i].rule && ether_addr_equal(nsw->uc[i].mac, mac))
			return &nsw->uc[i];
	return NULL;
}

/**
 * kawela_nsw_uc_add - give a secondary address an entry
 * @nsw: the switch, locked
 * @mac: unicast address that no other pool has
 * @pool: its owner
 *
 * Context: kawela_nsw.lock held.
 * Return: 0; -ENOSPC (the rest of the table belongs to other pools' shares).
 */
int kawela_nsw_uc_add(struct kawela_nsw *nsw, const u8 *mac, unsigned int pool)
{
	unsigned int pf = nsw_uc_need(nsw, KAWELA_NSW_PF_POOL);
	struct kawela_nsw_uc *uc = nsw_uc_find_rule(nsw, mac);

	lockdep_assert_held(&nsw->lock);

	if (!uc) {
		if (!nsw_uc_fits(nsw, pf, pool, 1))
			return -ENOSPC;
		uc = nsw_uc_take(nsw, mac, pool);
	}
	if (!uc)
		return -ENOSPC;
	uc->asked = true;

	return 0;
}

/**
 * kawela_nsw_uc_del - a pool's driver does not ask for a secondary address any more, if it did
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
		nsw->uc[idx].asked = false;
}

/**
 * kawela_nsw_uc_trim - drop secondary addresses a pool's driver asked for until only some are left
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
		if (!nsw->uc[i].asked || nsw->uc[i].owner != pool)
			continue;
		if (keep)
			keep--;
		else
			nsw->uc[i].asked = false;
	}
}

/**
 * kawela_nsw_uc_keep - drop secondary addresses a pool's driver asked for that are not in a list
 * @nsw: the switch, locked
 * @pool: their owner
 * @uc: those that may stay
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_uc_keep(struct kawela_nsw *nsw, unsigned int pool,
			const struct kawela_nsw_addr_list *uc)
{
	unsigned int i;

	lockdep_assert_held(&nsw->lock);

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw->uc[i].asked && nsw->uc[i].owner == pool &&
		    !nsw_list_has(uc->addr, uc->num, nsw->uc[i].mac))
			nsw->uc[i].asked = false;
}

/* Free the PF's entries that are not wanted any more or lie where a VPort's address goes. */
static void nsw_uc_unplace_pf(struct kawela_nsw *nsw)
{
	struct kawela_nsw_uc *uc;
	unsigned int i, n;
	bool taken;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		uc = &nsw->uc[i];
		if (!uc->asked || uc->owner != KAWELA_NSW_PF_POOL)
			continue;
		taken = kawela_nsw_mac_claimed(nsw, uc->mac, KAWELA_NSW_PF_POOL);
		/* A receive filter takes the entry over: one write moves the address. */
		if (taken && nsw_rule_has(nsw, uc->mac))
			uc->rule = true;
		if (taken || nsw_rar_is_own(nsw, i) || ether_addr_equal(uc->mac, nsw->pf.mac) ||
		    (!nsw_pf_has_uc(nsw, uc->mac) && !nsw_pf_learned(nsw, uc->mac)))
			uc->asked = false;
	}

	n = kawela_nsw_uc_count(nsw, KAWELA_NSW_PF_POOL);
	while (n && !nsw_uc_fits_pf(nsw, 0))
		kawela_nsw_uc_trim(nsw, KAWELA_NSW_PF_POOL, --n);
}

/* Untrusted VFs lose what the administrator needs, the last VF first. */
static void nsw_uc_unplace_guests(struct kawela_nsw *nsw)
{
	unsigned int i = NSW_NUM_VPORTS;

	while (i--)
		while (nsw_uc_missing(nsw) && nsw_uc_yields(nsw, i))
			kawela_nsw_uc_trim(nsw, i, kawela_nsw_uc_count(nsw, i) - 1);
}

/* What lies where a VPort's own address goes moves to another entry: there is room, it fits. */
static void nsw_uc_make_way(struct kawela_nsw *nsw)
{
	struct kawela_nsw_uc *uc, *to;
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		uc = &nsw->uc[i];
		if (!nsw_uc_used(uc) || !nsw_rar_is_own(nsw, i))
			continue;
		to = nsw_uc_take(nsw, uc->mac, uc->owner);
		if (!WARN_ON_ONCE(!to))
			*to = *uc;
		memset(uc, 0, sizeof(*uc));
	}
}

/* Each address of a receive filter has one entry, which stays the same when the filter moves. */
static void nsw_uc_place_rules(struct kawela_nsw *nsw)
{
	const struct kawela_nsw_rule *rule;
	struct kawela_nsw_uc *uc;
	unsigned int i, id;
	int idx;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw->uc[i].rule && !nsw_rule_has(nsw, nsw->uc[i].mac))
			nsw->uc[i].rule = false;

	for_each_set_bit(id, nsw->rules, KAWELA_NSW_NUM_RULES) {
		rule = &nsw->rule[id];
		uc = nsw_uc_find_rule(nsw, rule->mac);
		idx = nsw_uc_find(nsw, rule->mac, rule->pool);
		if (!uc && idx >= 0)
			uc = &nsw->uc[idx];
		if (!uc)
			uc = nsw_uc_take(nsw, rule->mac, rule->pool);
		if (WARN_ON_ONCE(!uc))
			continue;
		uc->owner = rule->pool;
		uc->rule = true;
	}
}

/*
 * The PF's secondary addresses without an entry are in the UTA, which has one bit for many. Once
 * the table is full, the rest of a long list is not tried any more.
 */
static void nsw_uc_place_pf_list(struct kawela_nsw *nsw, const u8 (*uc)[ETH_ALEN],
				 unsigned int num)
{
	struct kawela_nsw_pf *pf = &nsw->pf;
	bool full = false;
	unsigned int i;
	u16 hash;

	for (i = 0; i < num; i++) {
		if (ether_addr_equal(uc[i], pf->mac) ||
		    kawela_nsw_uc_has(nsw, uc[i], KAWELA_NSW_PF_POOL) ||
		    kawela_nsw_mac_taken(nsw, uc[i], KAWELA_NSW_PF_POOL))
			continue;
		full = full || kawela_nsw_uc_add(nsw, uc[i], KAWELA_NSW_PF_POOL);
		if (!full)
			continue;
		hash = kawela_nsw_mc_hash(uc[i]);
		pf->uta[hash / 32] |= BIT(hash % 32);
		pf->uc_overflow = true;
	}
}

static void nsw_uc_place_pf(struct kawela_nsw *nsw)
{
	struct kawela_nsw_pf *pf = &nsw->pf;

	pf->uc_overflow = pf->learned_more;
	memset(pf->uta, pf->learned_more ? 0xff : 0, sizeof(pf->uta));
	nsw_uc_place_pf_list(nsw, pf->uc, pf->num_uc);
	if (!pf->learned_idle)
		nsw_uc_place_pf_list(nsw, pf->learned, pf->num_learned);
}

/**
 * kawela_nsw_uc_place - bring the table up to what the administrator wants, and the PF as far as
 *	there is room
 * @nsw: the switch, locked
 *
 * What has an entry keeps it, if it can. Called before each commit.
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_uc_place(struct kawela_nsw *nsw)
{
	lockdep_assert_held(&nsw->lock);

	nsw_uc_unplace_guests(nsw);
	nsw_uc_unplace_pf(nsw);
	nsw_uc_make_way(nsw);
	nsw_uc_place_rules(nsw);
	nsw_uc_place_pf(nsw);
}
