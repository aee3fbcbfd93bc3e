// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reference classifier: which pools receive a frame, from the registers alone.
 *
 * Rules of the 82576, as far as igb relies on them and QEMU's model shows them: VFTA, then the
 * address (RAR; else UTA with ROPE, MTA with ROMPE, MPME, BAM), then VLVF or AUPE, then the default
 * pool for unicast from the wire, then VFRE. Frames from a pool need VFTE, get the tag of VMVIR
 * instead of their own, pass the source checks, never return to their sender, and leave on the wire
 * unless a RAR matches.
 */
#include "nsw_test.h"

static bool nsw_c_hash_hit(const u32 *table, const u8 *mac)
{
	unsigned int bit = ((mac[5] << 8 | mac[4]) >> 4) & 0xfff;

	return table[bit / 32] >> (bit % 32) & 1;
}

static bool nsw_c_vfta_hit(const struct kawela_nsw_t_regs *r, int vid)
{
	return r->vfta[vid / 32] >> (vid % 32) & 1;
}

/* Whether entry @i is valid and holds @mac. */
static bool nsw_c_rar_is(const struct kawela_nsw_t_regs *r, unsigned int i, const u8 *mac)
{
	u32 lo = mac[0] | mac[1] << 8 | mac[2] << 16 | (u32)mac[3] << 24;
	u32 hi = mac[4] | mac[5] << 8;

	return r->rah[i] & KW_RAH_VALID && r->ral[i] == lo &&
	       FIELD_GET(KW_RAH_ADDR, r->rah[i]) == hi;
}

/* Pools of the entries that hold @mac; @hit says whether there is one. */
static u8 nsw_c_rar(const struct kawela_nsw_t_regs *r, const u8 *mac, bool *hit)
{
	unsigned int i;
	u8 pools = 0;

	*hit = false;
	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++) {
		if (!nsw_c_rar_is(r, i, mac))
			continue;
		*hit = true;
		pools |= FIELD_GET(KW_RAH_POOLS, r->rah[i]);
	}
	return pools;
}

static u8 nsw_c_pools_with(const struct kawela_nsw_t_regs *r, u32 vmolr)
{
	unsigned int i;
	u8 pools = 0;

	for (i = 0; i < KAWELA_NSW_NUM_POOLS; i++)
		if (r->vmolr[i] & vmolr)
			pools |= BIT(i);
	return pools;
}

static u8 nsw_c_by_address(const struct kawela_nsw_t_regs *r, const u8 *mac, bool *hit)
{
	u8 pools;

	if (is_broadcast_ether_addr(mac)) {
		*hit = false;
		return nsw_c_pools_with(r, KW_VMOLR_BAM);
	}
	pools = nsw_c_rar(r, mac, hit);
	if (is_multicast_ether_addr(mac)) {
		if (nsw_c_hash_hit(r->mta, mac))
			pools |= nsw_c_pools_with(r, KW_VMOLR_ROMPE);
		pools |= nsw_c_pools_with(r, KW_VMOLR_MPME);
	} else if (!*hit && nsw_c_hash_hit(r->uta, mac)) {
		pools = nsw_c_pools_with(r, KW_VMOLR_ROPE);
	}
	return pools;
}

static u8 nsw_c_by_vlan(const struct kawela_nsw_t_regs *r, int vid)
{
	unsigned int i;
	u8 pools = 0;

	if (!(r->rctl & KW_RCTL_VFE))
		return 0xff;
	if (vid == NSW_T_UNTAGGED)
		return nsw_c_pools_with(r, KW_VMOLR_AUPE);
	for (i = 0; i < KAWELA_NSW_NUM_VLVF; i++)
		if (r->vlvf[i] & KW_VLVF_ENABLE && FIELD_GET(KW_VLVF_VLAN, r->vlvf[i]) == vid)
			pools |= FIELD_GET(KW_VLVF_POOLS, r->vlvf[i]);
	return pools;
}

/**
 * kawela_nsw_t_sent_vid - the VLAN in which a pool's frame leaves it
 * @r: registers
 * @f: frame, not from the wire
 *
 * Return: VLAN id; NSW_T_UNTAGGED; NSW_T_NOT_SENT if the gate or the source checks keep it in.
 */
int kawela_nsw_t_sent_vid(const struct kawela_nsw_t_regs *r, const struct kawela_nsw_t_frame *f)
{
	u32 vmvir = r->vmvir[f->from];
	u8 pool = BIT(f->from);
	int vid = f->vid;
	bool hit;

	if (!(r->vfte & pool))
		return NSW_T_NOT_SENT;
	if (FIELD_GET(KW_VMVIR_ACTION, vmvir) == KW_VMVIR_ACTION_DEFAULT)
		vid = FIELD_GET(KW_VMVIR_VLAN, vmvir) & 0xfff;
	if (f->src && FIELD_GET(KW_DTXSWC_MAC_SPOOF, r->dtxswc) & pool &&
	    !(nsw_c_rar(r, f->src, &hit) & pool))
		return NSW_T_NOT_SENT;
	if (vid > 0 && FIELD_GET(KW_DTXSWC_VLAN_SPOOF, r->dtxswc) & pool &&
	    !(nsw_c_by_vlan(r, vid) & pool))
		return NSW_T_NOT_SENT;
	return vid;
}

/* Without pools everything that passes the port's filters is the PF's. */
static u8 nsw_c_rss(const struct kawela_nsw_t_regs *r, const struct kawela_nsw_t_frame *f)
{
	bool hit, pass;

	if (f->from != NSW_T_WIRE)
		return 0;
	if (f->vid >= 0 && r->rctl & KW_RCTL_VFE && !nsw_c_vfta_hit(r, f->vid))
		return 0;
	nsw_c_rar(r, f->dst, &hit);
	if (is_broadcast_ether_addr(f->dst))
		pass = true;
	else if (is_multicast_ether_addr(f->dst))
		pass = hit || r->rctl & KW_RCTL_MPE || nsw_c_hash_hit(r->mta, f->dst);
	else
		pass = hit || r->rctl & KW_RCTL_UPE;
	return pass ? BIT(KAWELA_NSW_PF_POOL) : 0;
}

/**
 * kawela_nsw_t_has_rar - whether an address has an entry of its own
 * @r: registers
 * @mac: address
 *
 * Return: true if so; then no hash and no default pool is looked at.
 */
bool kawela_nsw_t_has_rar(const struct kawela_nsw_t_regs *r, const u8 *mac)
{
	bool hit;

	nsw_c_rar(r, mac, &hit);
	return hit;
}

/**
 * kawela_nsw_t_num_rars - how many entries an address has
 * @r: registers
 * @mac: address
 *
 * Return: the number.
 */
unsigned int kawela_nsw_t_num_rars(const struct kawela_nsw_t_regs *r, const u8 *mac)
{
	unsigned int i, n = 0;

	for (i = 0; i < KAWELA_NSW_NUM_RAR; i++)
		n += nsw_c_rar_is(r, i, mac);
	return n;
}

/**
 * kawela_nsw_t_classify - who receives a frame
 * @r: registers
 * @f: frame
 * @wire: set if it leaves on the wire, may be NULL
 *
 * Return: pools that receive it, bit per pool; in RSS mode the PF's pool stands for the port.
 */
u8 kawela_nsw_t_classify(const struct kawela_nsw_t_regs *r, const struct kawela_nsw_t_frame *f,
			 bool *wire)
{
	bool local = f->from != NSW_T_WIRE, out = false, hit;
	int vid = f->vid;
	u8 pools;

	if (!wire)
		wire = &out;
	*wire = false;

	/* QEMU: the low bit of the mode stands for VMDq. */
	if (!(FIELD_GET(KW_MRQC_MODE, r->mrqc) & 1)) {
		*wire = local;
		return nsw_c_rss(r, f);
	}

	if (local)
		vid = kawela_nsw_t_sent_vid(r, f);
	if (vid == NSW_T_NOT_SENT)
		return 0;
	if (local && !(r->dtxswc & KW_DTXSWC_LOOPBACK_EN)) {
		*wire = true;
		return 0;
	}

	pools = nsw_c_by_address(r, f->dst, &hit);
	*wire = local && !hit;
	if (vid >= 0 && r->rctl & KW_RCTL_VFE && !nsw_c_vfta_hit(r, vid))
		return 0;
	pools &= nsw_c_by_vlan(r, vid);
	if (!pools && !local && !is_multicast_ether_addr(f->dst) &&
	    !(r->vt_ctl & KW_VT_CTL_DIS_DEF_POOL))
		pools = BIT(FIELD_GET(KW_VT_CTL_DEF_POOL, r->vt_ctl));
	if (local)
		pools &= ~BIT(f->from);
	return pools & r->vfre;
}
