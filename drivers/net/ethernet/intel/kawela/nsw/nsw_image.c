// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wanted state -> register image. Pure: reads struct kawela_nsw, writes the image, nothing else.
 *
 * A frame reaches the pools that pass all of: address (RAR, else MTA with ROMPE or UTA with ROPE,
 * else BAM or MPME, else for unicast from the wire the default pool), VLAN (VFTA, then VLVF or, if
 * untagged, AUPE) and gate (VFRE). A VF without a session has none of these.
 *
 * Never touches: hardware.
 * Locks: callers hold kawela_nsw.lock.
 */
#include "nsw_priv.h"

/* Pools that take part in switching: the PF's and those of VFs whose session is up. */
static u8 nsw_live_pools(const struct kawela_nsw *nsw)
{
	u8 live = NSW_PF_BIT;
	unsigned int vf;

	for (vf = 0; vf < nsw->num_vfs; vf++)
		if (nsw->vport[vf].state == NSW_VPORT_READY)
			live |= BIT(vf);
	return live;
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

static void nsw_image_rar(const struct kawela_nsw *nsw, u8 live, struct kawela_nsw_image *img)
{
	unsigned int i, vf;

	nsw_image_rar_set(&img->rar[NSW_RAR_PF], nsw->pf.mac, NSW_PF_BIT);
	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		if (nsw->uc[i].used)
			nsw_image_rar_set(&img->rar[i], nsw->uc[i].mac,
					  BIT(nsw->uc[i].owner) & live);
	for (vf = 0; vf < nsw->num_vfs; vf++)
		nsw_image_rar_set(&img->rar[NSW_RAR_VF(vf)], nsw->vport[vf].mac, BIT(vf) & live);
}

static void nsw_image_vlan(const struct kawela_nsw *nsw, u8 live, struct kawela_nsw_image *img)
{
	bool all = nsw_pf_all_vlans(nsw);
	unsigned int i, vid;
	u8 pools;

	/* Priority-tagged frames match VLAN 0 in every table. */
	img->vfta[0] |= BIT(0);
	for_each_set_bit(vid, nsw->pf.vlans, VLAN_N_VID)
		img->vfta[vid / 32] |= BIT(vid % 32);
	if (!nsw_is_vmdq(nsw))
		return;

	img->vlvf[NSW_VLVF_UNTAGGED].pools = live;
	for (i = NSW_VLVF_UNTAGGED + 1; i < KAWELA_NSW_NUM_VLVF; i++) {
		pools = nsw->vlan[i].members & live;
		if (!pools)
			continue;
		vid = nsw->vlan[i].vid;
		img->vlvf[i].vid = vid;
		img->vlvf[i].pools = all ? pools | NSW_PF_BIT : pools;
		img->vfta[vid / 32] |= BIT(vid % 32);
	}
	if (all)
		memset(img->vfta, 0xff, sizeof(img->vfta));
}

static void nsw_image_hash(const struct kawela_nsw *nsw, u8 live, struct kawela_nsw_image *img)
{
	const struct kawela_nsw_vport *v;
	unsigned int vf, i;

	memcpy(img->mta, nsw->pf.mta, sizeof(img->mta));
	for (vf = 0; vf < nsw->num_vfs; vf++) {
		v = &nsw->vport[vf];
		for (i = 0; live & BIT(vf) && i < v->num_mc; i++)
			img->mta[v->mc[i] / 32] |= BIT(v->mc[i] % 32);
	}
	if (nsw_is_vmdq(nsw) && nsw_pf_all_uc(nsw))
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

static void nsw_image_vf_pool(const struct kawela_nsw_vport *v, struct kawela_nsw_pool_cfg *cfg)
{
	cfg->max_frame = v->max_frame;
	cfg->aupe = true;
	cfg->bam = true;
	cfg->rompe = v->num_mc;
	cfg->mpme = v->all_mc || v->promisc & KAWELA_NSW_VF_PROMISC_MC;
	cfg->strvlan = true;
	/* RSSE stays off: igbvf fills one of the two queues only. */
}

static void nsw_image_port(const struct kawela_nsw *nsw, struct kawela_nsw_port_cfg *port)
{
	bool vmdq = nsw_is_vmdq(nsw);

	/* In VMDq each pool's RLPML limits its own frames. */
	port->max_frame = vmdq ? KAWELA_NSW_MAX_FRAME : nsw->pf.max_frame;
	port->upe = nsw_pf_all_uc(nsw);
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
	u8 live = nsw_live_pools(nsw);
	unsigned int vf;

	lockdep_assert_held(&nsw->lock);

	memset(img, 0, sizeof(*img));
	img->mode = nsw_is_vmdq(nsw) ? KAWELA_NSW_VMDQ : KAWELA_NSW_RSS;
	nsw_image_rar(nsw, live, img);
	nsw_image_vlan(nsw, live, img);
	nsw_image_hash(nsw, live, img);
	nsw_image_pf_pool(nsw, &img->pool[KAWELA_NSW_PF_POOL]);
	nsw_image_port(nsw, &img->port);

	for (vf = 0; vf < nsw->num_vfs; vf++) {
		if (live & BIT(vf))
			nsw_image_vf_pool(&nsw->vport[vf], &img->pool[vf]);
		if (nsw->vport[vf].spoofchk) {
			img->sw.spoof_mac |= BIT(vf);
			img->sw.spoof_vlan |= BIT(vf);
		}
	}
	img->sw.loopback = nsw_is_vmdq(nsw);

	/* Gates count in VMDq only; in RSS mode they stay as a reset leaves them. */
	img->rx_gates = nsw_is_vmdq(nsw) ? live : GENMASK(7, 0);
	img->tx_gates = img->rx_gates;
}
