// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switch's registers: what struct kawela_nsw_hw_ops means on the 82576.
 *
 * Owns: MRQC, VT_CTL, RAL/RAH, VLVF, VFTA, MTA, UTA, VMOLR, VMVIR, DVMOLR, RPLOLR, VFRE, VFTE,
 * DTXSWC, DTXCTL, IOVCTL, the transmit rate limits and the filter bits of RCTL. Never touches:
 * policy, and it keeps no state: nsw says what to write and when.
 * Locks: every function runs under the nsw lock; set_mode under RTNL too.
 */
#include <linux/bitfield.h>
#include <linux/unaligned.h>

#include "pf.h"

#define CREATE_TRACE_POINTS
#include "pf_trace.h"

#define PF_MRQC_HASH_FIELDS	(KW_MRQC_TCP_IPV4 | KW_MRQC_IPV4 | KW_MRQC_TCP_IPV6_EX | \
				 KW_MRQC_IPV6 | KW_MRQC_TCP_IPV6)

/* Without VFs nothing is switched inside, and no pool exists to be replicated to. */
static void pf_mode_rss(struct kawela_pf *pf)
{
	kawela_wr32(&pf->io, KW_MRQC,
		    PF_MRQC_HASH_FIELDS | FIELD_PREP(KW_MRQC_MODE, KW_MRQC_MODE_RSS));
	kawela_wr32(&pf->io, KW_VT_CTL, 0);
	kawela_wr32(&pf->io, KW_RPLOLR, 0);
}

/*
 * IOVCTL.REUSE_VFQ lets a disabled VF's queues serve the PF; with it clear they stay the VF's. The
 * replicated copies of a frame need their own strip settings (RPLOLR). DTXCTL.VLAN_ADDED tells the
 * switch that tags are inserted by the MAC (igb, for the 82576).
 */
static void pf_mode_vmdq(struct kawela_pf *pf)
{
	kawela_wr32(&pf->io, KW_IOVCTL, 0);
	kawela_wr32(&pf->io, KW_RPLOLR, KW_RPLOLR_STRVLAN | KW_RPLOLR_STRCRC);
	kawela_rmw32(&pf->io, KW_DTXCTL, 0, KW_DTXCTL_VLAN_ADDED);
	kawela_wr32(&pf->io, KW_RTTBCNRM, KW_RTTBCNRM_JUMBO);
	kawela_wr32(&pf->io, KW_VT_CTL,
		    KW_VT_CTL_REPL_EN | FIELD_PREP(KW_VT_CTL_DEF_POOL, KW_DEFAULT_POOL));
	kawela_wr32(&pf->io, KW_MRQC,
		    PF_MRQC_HASH_FIELDS | FIELD_PREP(KW_MRQC_MODE, KW_MRQC_MODE_VMDQ_RSS));
}

static void pf_set_mode(void *hw, enum kawela_nsw_mode mode)
{
	struct kawela_pf *pf = hw;

	pf->vmdq = mode == KAWELA_NSW_VMDQ;
	if (pf->vmdq)
		pf_mode_vmdq(pf);
	else
		pf_mode_rss(pf);
}

/* A half written entry must not match: it is invalid while the address changes. */
static void pf_set_rar(void *hw, unsigned int idx, const struct kawela_nsw_rar *rar,
		       bool pools_only)
{
	struct kawela_pf *pf = hw;
	u32 rah = get_unaligned_le16(rar->mac + 4) | FIELD_PREP(KW_RAH_POOLS, rar->pools) |
		  (rar->pools ? KW_RAH_VALID : 0);

	if (!pools_only) {
		kawela_wr32(&pf->io, KW_RAH(idx), 0);
		kawela_flush(&pf->io);
		kawela_wr32(&pf->io, KW_RAL(idx), get_unaligned_le32(rar->mac));
		kawela_flush(&pf->io);
	}
	kawela_wr32(&pf->io, KW_RAH(idx), rah);
	kawela_flush(&pf->io);
}

static void pf_set_vlvf(void *hw, unsigned int idx, const struct kawela_nsw_vlvf *vlvf)
{
	struct kawela_pf *pf = hw;
	u32 val = 0;

	if (vlvf->pools)
		val = KW_VLVF_ENABLE | FIELD_PREP(KW_VLVF_VLAN, vlvf->vid) |
		      FIELD_PREP(KW_VLVF_POOLS, vlvf->pools);
	kawela_wr32(&pf->io, KW_VLVF(idx), val);
}

static void pf_set_vfta(void *hw, unsigned int idx, u32 val)
{
	struct kawela_pf *pf = hw;

	kawela_wr32(&pf->io, KW_VFTA(idx), val);
}

static void pf_set_mta(void *hw, unsigned int idx, u32 val)
{
	struct kawela_pf *pf = hw;

	kawela_wr32(&pf->io, KW_MTA(idx), val);
}

static void pf_set_uta(void *hw, unsigned int idx, u32 val)
{
	struct kawela_pf *pf = hw;

	kawela_wr32(&pf->io, KW_UTA(idx), val);
}

static u32 pf_vmolr(const struct kawela_nsw_pool_cfg *cfg)
{
	return FIELD_PREP(KW_VMOLR_RLPML, cfg->max_frame) | KW_VMOLR_STRCRC |
	       (cfg->max_frame ? KW_VMOLR_LPE : 0) |
	       (cfg->aupe ? KW_VMOLR_AUPE : 0) | (cfg->rompe ? KW_VMOLR_ROMPE : 0) |
	       (cfg->rope ? KW_VMOLR_ROPE : 0) | (cfg->bam ? KW_VMOLR_BAM : 0) |
	       (cfg->mpme ? KW_VMOLR_MPME : 0) | (cfg->rsse ? KW_VMOLR_RSSE : 0) |
	       (cfg->strvlan ? KW_VMOLR_STRVLAN : 0);
}

/* Each queue has a limiter of its own: a VF that sends on both may send twice that much. */
static void pf_set_rate(struct kawela_pf *pf, unsigned int pool, u32 rate)
{
	u32 val = rate ? FIELD_PREP(KW_RTTBCNRC_RATE, rate) | KW_RTTBCNRC_RS_ENA : 0;
	unsigned int queue;

	for (queue = pool; queue < KW_NUM_QUEUES; queue += KW_NUM_POOLS) {
		kawela_wr32(&pf->io, KW_RTTDQSEL, queue);
		kawela_wr32(&pf->io, KW_RTTBCNRC, val);
	}
}

static void pf_set_pool(void *hw, unsigned int pool, const struct kawela_nsw_pool_cfg *cfg)
{
	struct kawela_pf *pf = hw;
	u32 vmvir = 0;

	if (cfg->vmvir_tag)
		vmvir = FIELD_PREP(KW_VMVIR_VLAN, cfg->vmvir_tag) |
			FIELD_PREP(KW_VMVIR_ACTION, KW_VMVIR_ACTION_DEFAULT);
	kawela_wr32(&pf->io, KW_VMOLR(pool), pf_vmolr(cfg));
	kawela_wr32(&pf->io, KW_VMVIR(pool), vmvir);
	pf_set_rate(pf, pool, cfg->rate);
}

static void pf_set_gates(void *hw, u8 rx, u8 tx)
{
	struct kawela_pf *pf = hw;

	kawela_wr32(&pf->io, KW_VFRE, rx);
	kawela_wr32(&pf->io, KW_VFTE, tx);
	kawela_flush(&pf->io);
}

static void pf_set_switch(void *hw, const struct kawela_nsw_switch_cfg *cfg)
{
	struct kawela_pf *pf = hw;

	kawela_wr32(&pf->io, KW_DTXSWC,
		    FIELD_PREP(KW_DTXSWC_MAC_SPOOF, cfg->spoof_mac) |
		    FIELD_PREP(KW_DTXSWC_VLAN_SPOOF, cfg->spoof_vlan) |
		    (cfg->loopback ? KW_DTXSWC_LOOPBACK_EN : 0));
}

static void pf_set_port(void *hw, const struct kawela_nsw_port_cfg *cfg)
{
	struct kawela_pf *pf = hw;
	u32 rctl = (cfg->upe ? KW_RCTL_UPE : 0) | (cfg->mpe ? KW_RCTL_MPE : 0) |
		   (cfg->vfe ? KW_RCTL_VFE : 0);

	kawela_wr32(&pf->io, KW_RLPML, cfg->max_frame);
	kawela_pf_rmw_rctl(pf, KW_RCTL_UPE | KW_RCTL_MPE | KW_RCTL_VFE | KW_RCTL_CFIEN, rctl);
	kawela_pf_hw_rmw_ctrl(&pf->hw, KW_CTRL_VME, cfg->vme ? KW_CTRL_VME : 0);
}

static void pf_policy(void *hw, unsigned int vf, enum kawela_nsw_policy what)
{
	kawela_pf_blocks_policy(hw, vf, what);
}

static void pf_step(void *hw, unsigned int pool, enum kawela_nsw_step step)
{
	static const char * const text[] = {
		[KAWELA_NSW_STEP_READY]		= "filters are the VPort's, pool open",
		[KAWELA_NSW_STEP_HOME]		= "filters are the default VPort's, pool closed",
		[KAWELA_NSW_STEP_DELETED]	= "VPort deleted",
		[KAWELA_NSW_STEP_FREED]		= "pool free",
	};
	struct kawela_pf *pf = hw;

	trace_kawela_pf_vport(pf->pdev, pool, text[step]);
	if (step == KAWELA_NSW_STEP_READY || step == KAWELA_NSW_STEP_HOME)
		kawela_pf_fdb_move(pf, pool, step == KAWELA_NSW_STEP_READY);
}

const struct kawela_nsw_hw_ops kawela_pf_nsw_hw_ops = {
	.set_mode	= pf_set_mode,
	.set_rar	= pf_set_rar,
	.set_vlvf	= pf_set_vlvf,
	.set_vfta	= pf_set_vfta,
	.set_mta	= pf_set_mta,
	.set_uta	= pf_set_uta,
	.set_pool	= pf_set_pool,
	.set_gates	= pf_set_gates,
	.set_switch	= pf_set_switch,
	.set_port	= pf_set_port,
	.policy		= pf_policy,
	.step		= pf_step,
};
