// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wanted state -> register image. Pure: reads struct kawela_nsw, writes the image, nothing else.
 *
 * A frame reaches the pools that pass all of: address (RAR, else MTA with ROMPE or UTA with ROPE,
 * else BAM or MPME, else for unicast from the wire the default pool), VLAN (VFTA, then VLVF or, if
 * untagged, AUPE) and gate (VFRE). A VPort without a session has none of these. What the
 * administrator gave a VF is the default VPort's while the VF is away: its pinned address, its
 * receive filters, and the VLANs they are in.
 *
 * Never touches: hardware.
 * Locks: callers hold kawela_nsw.lock.
 */
#include "nsw_priv.h"

#define NSW_RATE_FRAC_BITS	14

/* Pools that take part in switching: the PF's and those of VPorts whose session is up. */
static u8 nsw_live_pools(const struct kawela_nsw *nsw)
{
	u8 live = NSW_PF_BIT;
	unsigned int pool;

	for (pool = 0; pool < NSW_NUM_VPORTS; pool++)
		if (nsw_pool_used(nsw, pool) && nsw->vport[pool].state == NSW_VPORT_READY)
			live |= BIT(pool);
	return live;
}

/* VPorts whose queues may be enabled and that receive nothing yet. */
static u8 nsw_open_pools(const struct kawela_nsw *nsw)
{
	unsigned int pool;
	u8 open = 0;

	for (pool = 0; pool < NSW_NUM_VPORTS; pool++)
		if (nsw_pool_used(nsw, pool) && nsw->vport[pool].state == NSW_VPORT_OPEN)
			open |= BIT(pool);
	return open;
}

/* VFs whose filters of the administrator's the default VPort has. */
static u8 nsw_away_pools(const struct kawela_nsw *nsw)
{
	unsigned int pool;
	u8 away = 0;

	for (pool = 0; pool < NSW_NUM_VPORTS; pool++)
		if (nsw_is_away(nsw, pool))
			away |= BIT(pool);
	return away;
}

/* Whether a VPort that is live receives untagged and priority-tagged frames. */
static bool nsw_takes_untagged(const struct kawela_nsw *nsw, unsigned int pool)
{
	const struct kawela_nsw_vport *v = &nsw->vport[pool];

	if (v->vlan)
		return false;
	return !kawela_nsw_rules_test_vlan(nsw, pool) || !is_zero_ether_addr(v->admin_mac) ||
	       kawela_nsw_rules_test_untagged(nsw, pool);
}

static bool nsw_pf_promisc(const struct kawela_nsw *nsw)
{
	return nsw->pf.flags & KAWELA_NSW_PF_PROMISC;
}

static bool nsw_pf_all_uc(const struct kawela_nsw *nsw)
{
	return nsw_pf_promisc(nsw) || nsw->pf.uc_overflow;
}

static bool nsw_pf_all_mc(const struct kawela_nsw *nsw)
{
	return nsw->pf.flags & (KAWELA_NSW_PF_PROMISC | KAWELA_NSW_PF_ALLMULTI);
}

static bool nsw_pf_all_vlans(const struct kawela_nsw *nsw)
{
	return nsw_pf_promisc(nsw) || !(nsw->pf.features & KAWELA_NSW_PF_VLAN_FILTER);
}

static void nsw_image_rar_set(struct kawela_nsw_rar *rar, const u8 *mac, u8 pools)
{
	if (!pools || is_zero_ether_addr(mac))
		return;
	ether_addr_copy(rar->mac, mac);
	rar->pools = pools;
}

static bool nsw_image_has(const struct kawela_nsw_image *img, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (img->rar[i].pools && ether_addr_equal(img->rar[i].mac, mac))
			return true;
	return false;
}

/*
 * What is pinned to several VFs is in the entry of the first of them that has no other address
 * there: who receives for it changes with one write.
 */
static void nsw_image_own_rar(const struct kawela_nsw *nsw, u8 live, struct kawela_nsw_image *img)
{
	u8 own = nsw_away_pools(nsw) | live;
	unsigned int pool, to;
	const u8 *mac;

	nsw_image_rar_set(&img->rar[NSW_RAR_PF], nsw->pf.mac, NSW_PF_BIT);
	for (pool = 0; pool < NSW_NUM_VPORTS; pool++) {
		if (!(own & BIT(pool)))
			continue;
		mac = nsw_own_mac(nsw, pool);
		to = nsw_pinned(nsw, mac, pool) ? kawela_nsw_pin_holder(nsw, mac) : pool;
		if (!nsw_image_has(img, mac))
			nsw_image_rar_set(&img->rar[NSW_RAR_OWN(pool)], mac, BIT(to));
	}
}

/* The pool that a shared entry delivers to, as a bit; 0 if it is not used now. */
static u8 nsw_uc_pool(const struct kawela_nsw *nsw, const struct kawela_nsw_uc *uc, u8 live)
{
	unsigned int holder = kawela_nsw_pin_holder(nsw, uc->mac);

	if (!uc->asked && !uc->rule)
		return 0;
	if (holder != KAWELA_NSW_PF_POOL && holder != uc->owner)
		return 0;
	if (live & BIT(uc->owner))
		return BIT(uc->owner);
	return uc->rule && nsw_is_vf(nsw, uc->owner) ? NSW_PF_BIT : 0;
}

static void nsw_image_rar(const struct kawela_nsw *nsw, u8 live, struct kawela_nsw_image *img)
{
	const struct kawela_nsw_uc *uc;
	unsigned int i;

	nsw_image_own_rar(nsw, live, img);
	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		uc = &nsw->uc[i];
		/* One valid entry per address. */
		if (!nsw_image_has(img, uc->mac))
			nsw_image_rar_set(&img->rar[i], uc->mac, nsw_uc_pool(nsw, uc, live));
	}
}

/* Pools whose own choice of VLANs does not count. */
static u8 nsw_confined_pools(const struct kawela_nsw *nsw)
{
	unsigned int pool;
	u8 pools = 0;

	for (pool = 0; pool < NSW_NUM_VPORTS; pool++)
		if (kawela_nsw_vlan_confined(nsw, pool))
			pools |= BIT(pool);
	return pools;
}

static void nsw_image_vlvf(const struct kawela_nsw *nsw, u8 live, struct kawela_nsw_image *img)
{
	u8 confined = nsw_confined_pools(nsw), away = nsw_away_pools(nsw), pools;
	bool all = nsw_pf_all_vlans(nsw);
	const struct kawela_nsw_vlan *vlan;
	unsigned int i;

	img->vlvf[NSW_VLVF_UNTAGGED].pools = NSW_PF_BIT;
	for (i = 0; i < NSW_NUM_VPORTS; i++)
		if (live & BIT(i) && nsw_takes_untagged(nsw, i))
			img->vlvf[NSW_VLVF_UNTAGGED].pools |= BIT(i);

	for (i = NSW_VLVF_UNTAGGED + 1; i < KAWELA_NSW_NUM_VLVF; i++) {
		vlan = &nsw->vlan[i];
		pools = ((vlan->members & ~confined) | vlan->admin) & live;
		if (vlan->admin & away)
			pools |= NSW_PF_BIT;
		if (!pools)
			continue;
		img->vlvf[i].vid = vlan->vid;
		img->vlvf[i].pools = all ? pools | NSW_PF_BIT : pools;
		img->vfta[vlan->vid / 32] |= BIT(vlan->vid % 32);
	}
	if (all)
		memset(img->vfta, 0xff, sizeof(img->vfta));
}

static void nsw_image_vlan(const struct kawela_nsw *nsw, u8 live, struct kawela_nsw_image *img)
{
	unsigned int id, vid;

	/* Priority-tagged frames match VLAN 0 in every table. */
	img->vfta[0] |= BIT(0);
	for_each_set_bit(vid, nsw->pf.vlans, VLAN_N_VID)
		img->vfta[vid / 32] |= BIT(vid % 32);
	for (id = 0; id < KAWELA_NSW_NUM_RULES; id++) {
		if (!nsw_rule_on(nsw, id, KAWELA_NSW_PF_POOL))
			continue;
		vid = nsw->rule[id].vid;
		img->vfta[vid / 32] |= BIT(vid % 32);
	}
	if (nsw_is_vmdq(nsw))
		nsw_image_vlvf(nsw, live, img);
}

static void nsw_image_hash(const struct kawela_nsw *nsw, u8 live, struct kawela_nsw_image *img)
{
	bool all_uc = nsw_pf_promisc(nsw);
	const struct kawela_nsw_vport *v;
	unsigned int pool, i;

	memcpy(img->mta, nsw->pf.mta, sizeof(img->mta));
	for (pool = 0; pool < NSW_NUM_VPORTS; pool++) {
		if (!(live & BIT(pool)))
			continue;
		v = &nsw->vport[pool];
		for (i = 0; i < v->num_mc; i++)
			img->mta[v->mc[i] / 32] |= BIT(v->mc[i] % 32);
		all_uc |= v->promisc & KAWELA_NSW_VF_PROMISC_UC;
	}
	if (!nsw_is_vmdq(nsw))
		return;
	memcpy(img->uta, nsw->pf.uta, sizeof(img->uta));
	if (all_uc)
		memset(img->uta, 0xff, sizeof(img->uta));
}

static void nsw_image_pf_pool(const struct kawela_nsw *nsw, struct kawela_nsw_pool_cfg *cfg)
{
	cfg->max_frame = nsw->pf.max_frame;
	cfg->aupe = true;
	cfg->bam = true;
	cfg->rope = nsw_pf_all_uc(nsw);
	/* QEMU's igb asks for ROMPE, not ROPE, when a frame matches the UTA. */
	cfg->rompe = nsw->pf.num_mc || cfg->rope;
	cfg->mpme = nsw_pf_all_mc(nsw);
	cfg->rsse = nsw->pf.features & KAWELA_NSW_PF_RSS_POOL;
	cfg->strvlan = nsw->pf.features & KAWELA_NSW_PF_VLAN_STRIP;
}

/**
 * kawela_nsw_rate_factor - transmit limit as the hardware has it
 * @speed: of the link in Mb/s, 0 while it is down
 * @max_rate: limit in Mb/s, 0 for none
 *
 * RTTBCNRC holds link speed over limit, 14 bits before the point and 14 behind. Each of a pool's
 * queues has a limit of its own: a VPort that sends on both may send twice that much.
 *
 * Context: any.
 * Return: the factor; 0 where there is nothing to limit.
 */
u32 kawela_nsw_rate_factor(unsigned int speed, u32 max_rate)
{
	if (!max_rate || max_rate >= speed)
		return 0;
	return (speed << NSW_RATE_FRAC_BITS) / max_rate;
}

/* What holds for a pool that may send, whether it listens or not. */
static void nsw_image_sender(const struct kawela_nsw *nsw, unsigned int pool,
			     struct kawela_nsw_pool_cfg *cfg)
{
	const struct kawela_nsw_vport *v = &nsw->vport[pool];

	cfg->max_frame = v->max_frame;
	if (v->vlan)
		cfg->vmvir_tag = v->vlan | v->qos << VLAN_PRIO_SHIFT;
	cfg->rate = kawela_nsw_rate_factor(nsw->link_speed, v->max_rate);
}

static void nsw_image_listener(const struct kawela_nsw *nsw, unsigned int pool,
			       struct kawela_nsw_pool_cfg *cfg)
{
	const struct kawela_nsw_vport *v = &nsw->vport[pool];

	cfg->aupe = nsw_takes_untagged(nsw, pool);
	/* A station has its copy from the PF. */
	cfg->bam = v->owner != KAWELA_NSW_OWNER_STATION;
	cfg->rope = v->promisc & KAWELA_NSW_VF_PROMISC_UC;
	cfg->rompe = v->num_mc || cfg->rope;	/* see the PF's */
	cfg->mpme = v->all_mc || v->promisc & KAWELA_NSW_VF_PROMISC_MC;
	cfg->strvlan = true;
	/* Off by default: igbvf fills one of the two queues only. */
	cfg->rsse = v->num_qps == 2;
}

static void nsw_image_port(const struct kawela_nsw *nsw, struct kawela_nsw_port_cfg *port)
{
	bool vmdq = nsw_is_vmdq(nsw);

	/* In VMDq each pool's RLPML limits its own frames. */
	port->max_frame = vmdq ? KAWELA_NSW_MAX_FRAME : nsw->pf.max_frame;
	port->upe = vmdq ? nsw_pf_promisc(nsw) : nsw_pf_all_uc(nsw);
	port->mpe = nsw_pf_all_mc(nsw);
	port->vfe = vmdq || !nsw_pf_all_vlans(nsw);
	port->vme = vmdq || nsw->pf.features & KAWELA_NSW_PF_VLAN_STRIP;
}

/**
 * kawela_nsw_image_compute - what the switch registers are to hold
 * @nsw: wanted state, locked
 * @img: result
 *
 * Context: kawela_nsw.lock held.
 */
void kawela_nsw_image_compute(const struct kawela_nsw *nsw, struct kawela_nsw_image *img)
{
	u8 live = nsw_live_pools(nsw), send = live | nsw_open_pools(nsw);
	unsigned int pool;

	lockdep_assert_held(&nsw->lock);

	memset(img, 0, sizeof(*img));
	img->mode = nsw_is_vmdq(nsw) ? KAWELA_NSW_VMDQ : KAWELA_NSW_RSS;
	nsw_image_rar(nsw, live, img);
	nsw_image_vlan(nsw, live, img);
	nsw_image_hash(nsw, live, img);
	nsw_image_pf_pool(nsw, &img->pool[KAWELA_NSW_PF_POOL]);
	nsw_image_port(nsw, &img->port);

	for (pool = 0; pool < NSW_NUM_VPORTS; pool++) {
		if (send & BIT(pool))
			nsw_image_sender(nsw, pool, &img->pool[pool]);
		if (live & BIT(pool))
			nsw_image_listener(nsw, pool, &img->pool[pool]);
		if (nsw_pool_used(nsw, pool) && nsw->vport[pool].spoofchk) {
			img->sw.spoof_mac |= BIT(pool);
			img->sw.spoof_vlan |= BIT(pool);
		}
	}
	img->sw.loopback = nsw_is_vmdq(nsw) && nsw->loopback;

	/* Gates count in VMDq only; in RSS mode they stay as a reset leaves them. */
	img->rx_gates = nsw_is_vmdq(nsw) ? send : GENMASK(7, 0);
	img->tx_gates = img->rx_gates;
}
