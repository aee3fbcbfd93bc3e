// SPDX-License-Identifier: GPL-2.0-only
/* Model of the 82576 mailbox with both its ends; see fake_hw.h. */
#include <linux/bitfield.h>
#include <linux/string.h>

#include "fake_hw.h"

#define RC_BITS	(KW_V2P_PFSTS | KW_V2P_PFACK | KW_V2P_RSTD)

static void raise_pf(struct fake_hw *hw)
{
	if (hw->pf_irq)
		hw->pf_irq(hw->priv);
}

static void raise_vf(struct fake_hw *hw, u16 vf)
{
	hw->vf_irqs[vf]++;
	if (hw->vf_irq)
		hw->vf_irq(hw->priv, vf);
}

static u32 pf_rd32(void *priv, u32 reg)
{
	struct fake_hw *hw = priv;
	u32 vf;

	if (hw->removed)
		return ~0u;

	switch (reg) {
	case KW_MBVFICR:
		return hw->mbvficr;
	case KW_VFLRE:
		return hw->vflre;
	case KW_P2VMAILBOX(0) ... KW_P2VMAILBOX(FAKE_VFS - 1):
		return hw->p2v[(reg - KW_P2VMAILBOX(0)) / 4];
	case KW_VMBMEM(0) ... KW_VMBMEM(FAKE_VFS) - 4:
		vf = (reg - KW_VMBMEM(0)) / 0x40;
		if (!(hw->p2v[vf] & KW_P2V_PFU))
			hw->violations++;
		return hw->mem[vf][(reg - KW_VMBMEM(vf)) / 4];
	default:
		hw->violations++;
		return 0;
	}
}

static void set_pfmailbox(struct fake_hw *hw, u16 vf, u32 val)
{
	if (val & KW_P2V_PFU) {
		if (!(hw->p2v[vf] & KW_P2V_VFU)) {
			hw->p2v[vf] |= KW_P2V_PFU;
			hw->v2p[vf] |= KW_V2P_PFU;
		}
	} else {
		hw->p2v[vf] &= ~KW_P2V_PFU;
		hw->v2p[vf] &= ~KW_V2P_PFU;
	}

	if (val & KW_P2V_RVFU) {
		hw->revokes++;
		hw->v2p[vf] &= ~KW_V2P_VFU;
		if (!hw->rvfu_bug)
			hw->p2v[vf] &= ~KW_P2V_VFU;
		hw->mbvficr &= ~(FIELD_PREP(KW_MBVFICR_REQ, BIT(vf)) |
				 FIELD_PREP(KW_MBVFICR_ACK, BIT(vf)));
	}

	if (val & KW_P2V_STS)
		hw->v2p[vf] |= KW_V2P_PFSTS;
	if (val & KW_P2V_ACK)
		hw->v2p[vf] |= KW_V2P_PFACK;
	if (val & (KW_P2V_STS | KW_P2V_ACK))
		raise_vf(hw, vf);
}

static void pf_wr32(void *priv, u32 reg, u32 val)
{
	struct fake_hw *hw = priv;
	u32 vf;

	if (hw->removed)
		return;

	switch (reg) {
	case KW_MBVFICR:
		hw->mbvficr &= ~val;
		break;
	case KW_VFLRE:
		hw->vflre &= ~val;
		break;
	case KW_MBVFIMR:
		hw->mbvfimr = val;
		break;
	case KW_P2VMAILBOX(0) ... KW_P2VMAILBOX(FAKE_VFS - 1):
		set_pfmailbox(hw, (reg - KW_P2VMAILBOX(0)) / 4, val);
		break;
	case KW_VMBMEM(0) ... KW_VMBMEM(FAKE_VFS) - 4:
		vf = (reg - KW_VMBMEM(0)) / 0x40;
		if (!(hw->p2v[vf] & KW_P2V_PFU))
			hw->violations++;
		hw->mem[vf][(reg - KW_VMBMEM(vf)) / 4] = val;
		break;
	default:
		hw->violations++;
	}
}

static u32 vf_rd32(void *priv, u32 reg)
{
	struct fake_vf_port *port = priv;
	struct fake_hw *hw = port->hw;
	u32 val;

	if (hw->removed)
		return ~0u;

	switch (reg) {
	case KW_CTRL:
		return 0;
	case KW_V2PMAILBOX:
		val = hw->v2p[port->vf];
		hw->v2p[port->vf] &= ~RC_BITS;
		return val;
	case KW_VMBMEM(0) ... KW_VMBMEM(1) - 4:
		if (!(hw->v2p[port->vf] & KW_V2P_VFU))
			hw->violations++;
		return hw->mem[port->vf][(reg - KW_VMBMEM(0)) / 4];
	default:
		hw->violations++;
		return 0;
	}
}

static void set_vfmailbox(struct fake_hw *hw, u16 vf, u32 val)
{
	if (val & KW_V2P_VFU) {
		if (!(hw->v2p[vf] & KW_V2P_PFU)) {
			hw->v2p[vf] |= KW_V2P_VFU;
			hw->p2v[vf] |= KW_P2V_VFU;
		}
	} else {
		hw->v2p[vf] &= ~KW_V2P_VFU;
		hw->p2v[vf] &= ~KW_P2V_VFU;
	}

	if (val & KW_V2P_REQ)
		hw->mbvficr |= FIELD_PREP(KW_MBVFICR_REQ, BIT(vf));
	if (val & KW_V2P_ACK)
		hw->mbvficr |= FIELD_PREP(KW_MBVFICR_ACK, BIT(vf));
	if (val & (KW_V2P_REQ | KW_V2P_ACK))
		raise_pf(hw);
}

static void vf_wr32(void *priv, u32 reg, u32 val)
{
	struct fake_vf_port *port = priv;
	struct fake_hw *hw = port->hw;

	if (hw->removed)
		return;

	switch (reg) {
	case KW_CTRL:
		if (val & KW_CTRL_RST)
			fake_vf_flr(hw, port->vf);
		break;
	case KW_V2PMAILBOX:
		set_vfmailbox(hw, port->vf, val);
		break;
	case KW_VMBMEM(0) ... KW_VMBMEM(1) - 4:
		if (!(hw->v2p[port->vf] & KW_V2P_VFU))
			hw->violations++;
		hw->mem[port->vf][(reg - KW_VMBMEM(0)) / 4] = val;
		break;
	default:
		hw->violations++;
	}
}

static bool pf_removed(void *priv)
{
	struct fake_hw *hw = priv;

	return hw->removed;
}

static bool vf_removed(void *priv)
{
	struct fake_vf_port *port = priv;

	return port->hw->removed;
}

static const struct kawela_mbx_port_ops fake_pf_ops = {
	.rd32		= pf_rd32,
	.wr32		= pf_wr32,
	.removed	= pf_removed,
};

static const struct kawela_mbx_port_ops fake_vf_ops = {
	.rd32		= vf_rd32,
	.wr32		= vf_wr32,
	.removed	= vf_removed,
};

void fake_hw_init(struct fake_hw *hw)
{
	unsigned int i;

	memset(hw, 0, sizeof(*hw));
	for (i = 0; i < FAKE_VFS; i++) {
		hw->vf_ports[i].hw = hw;
		hw->vf_ports[i].vf = i;
	}
}

struct kawela_mbx_port fake_pf_port(struct fake_hw *hw)
{
	return (struct kawela_mbx_port) { .ops = &fake_pf_ops, .hw = hw };
}

struct kawela_mbx_port fake_vf_port(struct fake_hw *hw, u16 vf)
{
	return (struct kawela_mbx_port) { .ops = &fake_vf_ops, .hw = &hw->vf_ports[vf] };
}

/* FLR or CTRL.RST of a VF: tells the PF, leaves buffer and ownership as they are. */
void fake_vf_flr(struct fake_hw *hw, u16 vf)
{
	hw->vflre |= BIT(vf);
	raise_pf(hw);
}

/* PF CTRL.RST: everything of the mailbox goes, RSTI stands until the PF is configured. */
void fake_pf_reset(struct fake_hw *hw)
{
	unsigned int i;

	for (i = 0; i < FAKE_VFS; i++) {
		memset(hw->mem[i], 0, sizeof(hw->mem[i]));
		hw->p2v[i] = 0;
		hw->v2p[i] = KW_V2P_RSTI;
	}
	hw->mbvficr = 0;
	hw->mbvfimr = 0;
	hw->vflre = 0;
}

/* CTRL_EXT.PFRSTD written. */
void fake_pf_reset_done(struct fake_hw *hw)
{
	unsigned int i;

	for (i = 0; i < FAKE_VFS; i++) {
		hw->v2p[i] &= ~KW_V2P_RSTI;
		hw->v2p[i] |= KW_V2P_RSTD;
	}
}
