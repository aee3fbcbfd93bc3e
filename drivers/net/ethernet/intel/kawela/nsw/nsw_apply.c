// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings the hardware from the last written image to the next one, writing only what differs.
 *
 * The order makes every intermediate state forward each frame as the old or as the new image does,
 * or to the default pool, never to anybody else:
 *
 *	1. leave VMDq, if that is wanted; when everything is written, close the gates first
 *	2. addresses go that nobody will have, from pools whose VLANs widen
 *	3. widen, but for pools an address is to move away from: VLAN filters and accept bits
 *	   hold old and new; tags and rates are new
 *	4. open the gates that are to be open; the UTA and ROPE hold old and new
 *	5. move addresses to the default pool, then widen the pools that lost them
 *	6. narrow the VLANs, but for pools an address is to move away from or that will close
 *	7. move addresses to other pools, one commit each
 *	8. UTA and ROPE are new; close the gates that are to be closed
 *	9. all else as it is to be: hash tables, VLANs, accept bits
 *	10. addresses come that nobody had
 *	11. enter VMDq, if that is wanted
 *
 * A pool receives each of its addresses in each of its VLANs. So an address comes to a pool when
 * the pool's VLANs are the new ones, and leaves it while they are still the old ones. It moves
 * while the gates of both pools are open: its frames are never lost in between. A frame that hits
 * the UTA is not the default pool's any more, even if the pool that asked for it is closed: UTA and
 * ROPE, too, change between opening and closing. A pool that goes receives what the old image gave
 * it, and nothing else, until its gate closes.
 *
 * Owns: kawela_nsw.applied, which follows every single write.
 * Never touches: wanted state.
 * Locks: callers hold kawela_nsw.lock.
 */
#include "nsw_priv.h"

static void nsw_write_mode(struct kawela_nsw *nsw, enum kawela_nsw_mode mode)
{
	nsw->applied.mode = mode;
	nsw->ops->set_mode(nsw->hw, mode);
}

static void nsw_write_gates(struct kawela_nsw *nsw, u8 rx, u8 tx)
{
	nsw->applied.rx_gates = rx;
	nsw->applied.tx_gates = tx;
	nsw->ops->set_gates(nsw->hw, rx, tx);
}

static void nsw_write_rar(struct kawela_nsw *nsw, unsigned int idx,
			  const struct kawela_nsw_rar *rar)
{
	struct kawela_nsw_rar *cur = &nsw->applied.rar[idx];
	bool pools_only;

	pools_only = !nsw->force && cur->pools && rar->pools &&
		     ether_addr_equal(cur->mac, rar->mac);
	*cur = *rar;
	nsw->ops->set_rar(nsw->hw, idx, rar, pools_only);
}

static void nsw_write_vlvf(struct kawela_nsw *nsw, unsigned int idx,
			   const struct kawela_nsw_vlvf *vlvf)
{
	nsw->applied.vlvf[idx] = *vlvf;
	nsw->ops->set_vlvf(nsw->hw, idx, vlvf);
}

static void nsw_write_pool(struct kawela_nsw *nsw, unsigned int pool,
			   const struct kawela_nsw_pool_cfg *cfg)
{
	nsw->applied.pool[pool] = *cfg;
	nsw->ops->set_pool(nsw->hw, pool, cfg);
}

static void nsw_write_port(struct kawela_nsw *nsw, const struct kawela_nsw_port_cfg *port)
{
	nsw->applied.port = *port;
	nsw->ops->set_port(nsw->hw, port);
}

static bool nsw_rar_differs(const struct kawela_nsw_rar *a, const struct kawela_nsw_rar *b)
{
	return a->pools != b->pools || !ether_addr_equal(a->mac, b->mac);
}

static bool nsw_vlvf_differs(const struct kawela_nsw_vlvf *a, const struct kawela_nsw_vlvf *b)
{
	return a->pools != b->pools || a->vid != b->vid;
}

static bool nsw_pool_differs(const struct kawela_nsw_pool_cfg *a,
			     const struct kawela_nsw_pool_cfg *b)
{
	return a->max_frame != b->max_frame || a->vmvir_tag != b->vmvir_tag || a->rate != b->rate ||
	       a->aupe != b->aupe || a->rompe != b->rompe || a->rope != b->rope ||
	       a->bam != b->bam || a->mpme != b->mpme || a->rsse != b->rsse ||
	       a->strvlan != b->strvlan;
}

static bool nsw_port_differs(const struct kawela_nsw_port_cfg *a,
			     const struct kawela_nsw_port_cfg *b)
{
	return a->max_frame != b->max_frame || a->upe != b->upe || a->mpe != b->mpe ||
	       a->vfe != b->vfe || a->vme != b->vme;
}

static bool nsw_switch_differs(const struct kawela_nsw_switch_cfg *a,
			       const struct kawela_nsw_switch_cfg *b)
{
	return a->spoof_mac != b->spoof_mac || a->spoof_vlan != b->spoof_vlan ||
	       a->loopback != b->loopback;
}

/* Step 1. What the gates were is not known when everything is written: take them for open. */
static void nsw_apply_leave(struct kawela_nsw *nsw)
{
	if (nsw->force)
		nsw_write_gates(nsw, NSW_PF_BIT, NSW_PF_BIT);
	if (nsw->next.mode == KAWELA_NSW_RSS &&
	    (nsw->force || nsw->applied.mode != nsw->next.mode))
		nsw_write_mode(nsw, nsw->next.mode);
}

static bool nsw_rar_has(const struct kawela_nsw_rar *tab, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (tab[i].pools && ether_addr_equal(tab[i].mac, mac))
			return true;
	return false;
}

/* Entries of the next image that are not new addresses; all when everything is written. */
static u32 nsw_rar_known(const struct kawela_nsw *nsw)
{
	const struct kawela_nsw_rar *next = nsw->next.rar;
	unsigned int i;
	u32 known = 0;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw->force || nsw_rar_has(nsw->applied.rar, next[i].mac))
			known |= BIT(i);
	return known;
}

/* Whether entry @i gives its address to the default pool, by one write. */
static bool nsw_rar_falls(const struct kawela_nsw *nsw, unsigned int i)
{
	const struct kawela_nsw_rar *next = &nsw->next.rar[i];
	const struct kawela_nsw_rar *cur = &nsw->applied.rar[i];

	return cur->pools && cur->pools != NSW_PF_BIT && next->pools == NSW_PF_BIT &&
	       ether_addr_equal(cur->mac, next->mac);
}

/* Pools that an address moves away from; but for @falls, not to the default pool. */
static u8 nsw_rar_sources(const struct kawela_nsw *nsw, bool falls)
{
	const struct kawela_nsw_rar *next = nsw->next.rar;
	const struct kawela_nsw_rar *cur = nsw->applied.rar;
	unsigned int i, j;
	u8 pools = 0;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		if (!cur[i].pools || (!falls && nsw_rar_falls(nsw, i)))
			continue;
		for (j = 0; j < KAWELA_NSW_NUM_RAR; j++)
			if (next[j].pools && next[j].pools != cur[i].pools &&
			    ether_addr_equal(next[j].mac, cur[i].mac))
				pools |= cur[i].pools;
	}
	return pools & ~NSW_PF_BIT;
}

/* Pools that are to receive VLANs, or untagged frames, that they did not. */
static u8 nsw_vlans_wider(const struct kawela_nsw *nsw)
{
	const struct kawela_nsw_image *next = &nsw->next;
	const struct kawela_nsw_image *cur = &nsw->applied;
	unsigned int i;
	u8 pools = 0;

	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		pools |= cur->vlvf[i].vid != next->vlvf[i].vid ? next->vlvf[i].pools :
			 next->vlvf[i].pools & ~cur->vlvf[i].pools;
	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++)
		if (next->pool[i].aupe && !cur->pool[i].aupe)
			pools |= BIT(i);
	return pools;
}

/* Step 2. The PF's may be in the UTA next: they go in step 7, as do those of other pools. */
static void nsw_apply_rar_drop(struct kawela_nsw *nsw)
{
	u8 pools = nsw_vlans_wider(nsw) & ~NSW_PF_BIT;
	static const struct kawela_nsw_rar none;
	const struct kawela_nsw_rar *cur;
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		cur = &nsw->applied.rar[i];
		if (cur->pools & pools && !nsw_rar_has(nsw->next.rar, cur->mac))
			nsw_write_rar(nsw, i, &none);
	}
}

/* Step 3, VLANs. @later are pools that are not widened now. */
static void nsw_apply_widen_vlans(struct kawela_nsw *nsw, u8 later)
{
	const struct kawela_nsw_image *next = &nsw->next;
	struct kawela_nsw_image *cur = &nsw->applied;
	struct kawela_nsw_vlvf vlvf;
	unsigned int i;
	u32 val;

	for (i = 0; i < KAWELA_NSW_HASH_DWORDS; i++) {
		val = cur->vfta[i] | next->vfta[i];
		if (!nsw->force && val == cur->vfta[i])
			continue;
		cur->vfta[i] = val;
		nsw->ops->set_vfta(nsw->hw, i, val);
	}

	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++) {
		vlvf = next->vlvf[i];
		vlvf.pools &= ~later;
		if (!vlvf.pools && !nsw->force)
			continue;
		if (vlvf.vid == cur->vlvf[i].vid)
			vlvf.pools |= cur->vlvf[i].pools;
		if (nsw->force || nsw_vlvf_differs(&cur->vlvf[i], &vlvf))
			nsw_write_vlvf(nsw, i, &vlvf);
	}
}

/* Step 3, accept bits. A pool that nobody will use is not widened. */
static void nsw_apply_widen_pools(struct kawela_nsw *nsw, u8 later)
{
	const struct kawela_nsw_image *next = &nsw->next;
	struct kawela_nsw_image *cur = &nsw->applied;
	struct kawela_nsw_port_cfg port = cur->port;
	struct kawela_nsw_pool_cfg cfg;
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++) {
		cfg = next->pool[i];
		cfg.aupe |= cur->pool[i].aupe;
		cfg.rompe |= cur->pool[i].rompe;
		cfg.rope = cur->pool[i].rope;
		cfg.bam |= cur->pool[i].bam;
		cfg.mpme |= cur->pool[i].mpme;
		if (later & BIT(i) || (!cfg.max_frame && !nsw->force))
			continue;
		if (nsw->force || nsw_pool_differs(&cur->pool[i], &cfg))
			nsw_write_pool(nsw, i, &cfg);
	}

	port.upe |= next->port.upe;
	port.mpe |= next->port.mpe;
	port.vfe &= next->port.vfe;
	if (nsw_port_differs(&cur->port, &port))
		nsw_write_port(nsw, &port);
}

/* Steps 3 and 5. */
static void nsw_apply_widen(struct kawela_nsw *nsw, u8 later)
{
	nsw_apply_widen_vlans(nsw, later);
	nsw_apply_widen_pools(nsw, later);
}

/* Steps 4 and 8. */
static void nsw_apply_gates(struct kawela_nsw *nsw, u8 rx, u8 tx)
{
	if (rx != nsw->applied.rx_gates || tx != nsw->applied.tx_gates)
		nsw_write_gates(nsw, rx, tx);
}

/*
 * Step 4. When everything is written gates open last, addresses in place; those of VMDq mean
 * nothing before it is entered.
 */
static void nsw_apply_open(struct kawela_nsw *nsw)
{
	const struct kawela_nsw_image *next = &nsw->next;
	struct kawela_nsw_image *cur = &nsw->applied;

	if (!nsw->force && cur->mode == next->mode)
		nsw_apply_gates(nsw, cur->rx_gates | next->rx_gates,
				cur->tx_gates | next->tx_gates);
}

/* Steps 4 and 8, unicast hash and who uses it. With @both, old and new. */
static void nsw_apply_uta(struct kawela_nsw *nsw, bool both)
{
	struct kawela_nsw_image *cur = &nsw->applied;
	struct kawela_nsw_pool_cfg cfg;
	unsigned int i;
	u32 val;

	for (i = 0; i < KAWELA_NSW_HASH_DWORDS; i++) {
		val = nsw->next.uta[i] | (both ? cur->uta[i] : 0);
		if ((!nsw->force || !both) && val == cur->uta[i])
			continue;
		cur->uta[i] = val;
		nsw->ops->set_uta(nsw->hw, i, val);
	}

	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++) {
		cfg = cur->pool[i];
		cfg.rope = nsw->next.pool[i].rope || (both && cfg.rope);
		if (cfg.rope != cur->pool[i].rope)
			nsw_write_pool(nsw, i, &cfg);
	}
}

/* Step 6. @wide are pools that keep what they have. */
static void nsw_apply_narrow_vlans(struct kawela_nsw *nsw, u8 wide)
{
	const struct kawela_nsw_image *next = &nsw->next;
	struct kawela_nsw_image *cur = &nsw->applied;
	struct kawela_nsw_pool_cfg cfg;
	struct kawela_nsw_vlvf vlvf;
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++) {
		vlvf = cur->vlvf[i];
		vlvf.pools &= wide | (vlvf.vid == next->vlvf[i].vid ? next->vlvf[i].pools : 0);
		if (nsw_vlvf_differs(&cur->vlvf[i], &vlvf))
			nsw_write_vlvf(nsw, i, &vlvf);
	}

	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++) {
		cfg = cur->pool[i];
		cfg.aupe &= next->pool[i].aupe || wide & BIT(i);
		if (nsw_pool_differs(&cur->pool[i], &cfg))
			nsw_write_pool(nsw, i, &cfg);
	}
}

/* Whether an entry of @tab has the address of @rar, for the same pools or for others. */
static bool nsw_rar_in(const struct kawela_nsw_rar *tab, const struct kawela_nsw_rar *rar,
		       bool same_pools)
{
	unsigned int i;
	bool same;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		same = tab[i].pools == rar->pools;
		if (tab[i].pools && ether_addr_equal(tab[i].mac, rar->mac) && same == same_pools)
			return true;
	}
	return false;
}

/* Whether entry @i must be made invalid before the other entries are written. */
static bool nsw_rar_goes(const struct kawela_nsw *nsw, unsigned int i)
{
	const struct kawela_nsw_rar *next = nsw->next.rar;
	const struct kawela_nsw_rar *cur = &nsw->applied.rar[i];

	if (!cur->pools)
		return nsw->force && !next[i].pools;
	if (next[i].pools && ether_addr_equal(next[i].mac, cur->mac))
		return false;
	if (next[i].pools)
		return nsw_rar_in(next, cur, false);
	return !nsw_rar_in(next, cur, true);
}

/* Step 5. */
static void nsw_apply_rar_fall(struct kawela_nsw *nsw)
{
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw_rar_falls(nsw, i))
			nsw_write_rar(nsw, i, &nsw->next.rar[i]);
}

/*
 * Step 7. An address that changes its owner and keeps its entry moves with one write. One that
 * moves to another entry of the same owner is in both for a moment, with the same pools. One that
 * moves to an entry of another owner is in neither, and its frames reach the default pool.
 */
static void nsw_apply_rar_move(struct kawela_nsw *nsw, u32 known, u8 going)
{
	const struct kawela_nsw_rar *next = nsw->next.rar;
	const struct kawela_nsw_rar *cur = nsw->applied.rar;
	static const struct kawela_nsw_rar none;
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw_rar_goes(nsw, i))
			nsw_write_rar(nsw, i, &none);
	/* Free entries before those that change: an address may move from one of these to those. */
	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (known & BIT(i) && next[i].pools && !cur[i].pools)
			nsw_write_rar(nsw, i, &next[i]);
	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (known & BIT(i) && next[i].pools && nsw_rar_differs(&cur[i], &next[i]))
			nsw_write_rar(nsw, i, &next[i]);
	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (cur[i].pools && (!next[i].pools || (cur[i].pools & going &&
							!nsw_rar_has(next, cur[i].mac))))
			nsw_write_rar(nsw, i, &none);
}

/* Step 10. */
static void nsw_apply_rar_add(struct kawela_nsw *nsw)
{
	const struct kawela_nsw_rar *next = nsw->next.rar;
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw_rar_differs(&nsw->applied.rar[i], &next[i]))
			nsw_write_rar(nsw, i, &next[i]);
}

/* Step 9, hash tables. */
static void nsw_apply_tables(struct kawela_nsw *nsw)
{
	const struct kawela_nsw_image *next = &nsw->next;
	struct kawela_nsw_image *cur = &nsw->applied;
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_HASH_DWORDS; i++) {
		if (cur->vfta[i] != next->vfta[i])
			nsw->ops->set_vfta(nsw->hw, i, next->vfta[i]);
		cur->vfta[i] = next->vfta[i];
		if (nsw->force || cur->mta[i] != next->mta[i])
			nsw->ops->set_mta(nsw->hw, i, next->mta[i]);
		cur->mta[i] = next->mta[i];
	}
}

/* Step 9, all but the hash tables. */
static void nsw_apply_narrow(struct kawela_nsw *nsw)
{
	const struct kawela_nsw_image *next = &nsw->next;
	struct kawela_nsw_image *cur = &nsw->applied;
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		if (nsw_vlvf_differs(&cur->vlvf[i], &next->vlvf[i]))
			nsw_write_vlvf(nsw, i, &next->vlvf[i]);

	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++)
		if (nsw_pool_differs(&cur->pool[i], &next->pool[i]))
			nsw_write_pool(nsw, i, &next->pool[i]);

	if (nsw->force || nsw_switch_differs(&cur->sw, &next->sw)) {
		cur->sw = next->sw;
		nsw->ops->set_switch(nsw->hw, &next->sw);
	}

	if (nsw->force || nsw_port_differs(&cur->port, &next->port))
		nsw_write_port(nsw, &next->port);
}

/* Step 11. */
static void nsw_apply_enter(struct kawela_nsw *nsw)
{
	if (nsw->next.mode == KAWELA_NSW_VMDQ &&
	    (nsw->force || nsw->applied.mode != nsw->next.mode))
		nsw_write_mode(nsw, nsw->next.mode);
}

/**
 * kawela_nsw_apply - write the next image
 * @nsw: the switch, locked; kawela_nsw.next is filled in
 *
 * Context: process context, kawela_nsw.lock held; may sleep in ->set_mode().
 */
void kawela_nsw_apply(struct kawela_nsw *nsw)
{
	u8 sources, going;
	u32 known;

	lockdep_assert_held(&nsw->lock);

	if (nsw->force)
		memset(&nsw->applied, 0, sizeof(nsw->applied));
	known = nsw_rar_known(nsw);
	sources = nsw_rar_sources(nsw, false);
	going = nsw->applied.rx_gates & ~nsw->next.rx_gates;

	nsw_apply_leave(nsw);
	nsw_apply_rar_drop(nsw);
	nsw_apply_widen(nsw, nsw_rar_sources(nsw, true));
	nsw_apply_open(nsw);
	nsw_apply_uta(nsw, true);
	nsw_apply_rar_fall(nsw);
	if (!nsw->force)
		nsw_apply_widen(nsw, sources);
	nsw_apply_narrow_vlans(nsw, sources | going | NSW_PF_BIT);
	nsw_apply_rar_move(nsw, known, going);
	nsw_apply_uta(nsw, false);
	if (!nsw->force)
		nsw_apply_gates(nsw, nsw->next.rx_gates, nsw->next.tx_gates);
	nsw_apply_tables(nsw);
	nsw_apply_narrow(nsw);
	nsw_apply_rar_add(nsw);
	nsw_apply_enter(nsw);
	nsw_apply_gates(nsw, nsw->next.rx_gates, nsw->next.tx_gates);

	nsw->force = false;
}
