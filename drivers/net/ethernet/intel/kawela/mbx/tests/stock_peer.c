// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stock drivers, reduced to what they do to the mailbox.
 *
 * Owns: igbvf's (and DPDK's) send and read, igb's answers. Never touches: kawela's code, so that
 * a shared mistake cannot hide. No locks: a test runs one end at a time.
 */
#include <linux/string.h>

#include "fake_hw.h"

#define CTS	0x20000000u
#define NACK	0x40000000u
#define ACK	0x80000000u

/* Own the buffer, write, REQ. False when the PF has the buffer. */
bool stock_vf_send(struct fake_hw *hw, u16 vf, const u32 *w, unsigned int n)
{
	struct kawela_mbx_port port = fake_vf_port(hw, vf);
	unsigned int i;

	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_VFU);
	if (!(port.ops->rd32(port.hw, KW_V2PMAILBOX) & KW_V2P_VFU))
		return false;

	for (i = 0; i < n; i++)
		port.ops->wr32(port.hw, KW_VMBMEM(0) + 4 * i, w[i]);
	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_REQ);
	return true;
}

/* Own the buffer, read, ACK. False when there was no message or the PF has the buffer. */
bool stock_vf_read(struct fake_hw *hw, u16 vf, u32 *w, unsigned int n)
{
	struct kawela_mbx_port port = fake_vf_port(hw, vf);
	u32 bits = port.ops->rd32(port.hw, KW_V2PMAILBOX);
	unsigned int i;

	if (!(bits & KW_V2P_PFSTS))
		return false;

	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_VFU);
	if (!(port.ops->rd32(port.hw, KW_V2PMAILBOX) & KW_V2P_VFU))
		return false;

	for (i = 0; i < n; i++)
		w[i] = port.ops->rd32(port.hw, KW_VMBMEM(0) + 4 * i);
	port.ops->wr32(port.hw, KW_V2PMAILBOX, KW_V2P_ACK);
	return true;
}

static void igb_write(struct stock_pf *pf, const u32 *w, unsigned int n)
{
	struct kawela_mbx_port port = fake_pf_port(pf->hw);
	unsigned int i;

	port.ops->wr32(port.hw, KW_P2VMAILBOX(pf->vf), KW_P2V_PFU);
	port.ops->wr32(port.hw, KW_MBVFICR, 0x00010001 << pf->vf);
	for (i = 0; i < n; i++)
		port.ops->wr32(port.hw, KW_VMBMEM(pf->vf) + 4 * i, w[i]);
	port.ops->wr32(port.hw, KW_P2VMAILBOX(pf->vf), KW_P2V_STS);
}

void stock_pf_ping(struct stock_pf *pf)
{
	u32 w = 0x0100 | (pf->cts ? CTS : 0);

	igb_write(pf, &w, 1);
}

static void igb_reset_msg(struct stock_pf *pf)
{
	u32 w[3] = { NACK | 1 };

	pf->cts = true;
	if (pf->has_admin_mac) {
		w[0] = ACK | 1;
		memcpy(&w[1], pf->admin_mac, sizeof(pf->admin_mac));
	}
	igb_write(pf, w, 3);
}

static void igb_receive(struct stock_pf *pf)
{
	struct kawela_mbx_port port = fake_pf_port(pf->hw);
	u32 w;

	port.ops->wr32(port.hw, KW_P2VMAILBOX(pf->vf), KW_P2V_PFU);
	w = port.ops->rd32(port.hw, KW_VMBMEM(pf->vf));
	if (pf->num_seen < ARRAY_SIZE(pf->seen))
		pf->seen[pf->num_seen++] = w;
	port.ops->wr32(port.hw, KW_P2VMAILBOX(pf->vf), KW_P2V_ACK | KW_P2V_PFU);

	if (pf->no_reply || (w != 1 && !pf->cts)) {
		port.ops->wr32(port.hw, KW_P2VMAILBOX(pf->vf), 0);
		return;
	}

	if (w == 1) {
		igb_reset_msg(pf);
	} else {
		w |= CTS;
		if ((w & 0xffff) == 2 && pf->has_admin_mac)
			w |= NACK;
		else if ((w & 0xffff) < 2 || (w & 0xffff) > 6)
			w |= NACK;
		else
			w |= ACK;
		igb_write(pf, &w, 1);
	}

	if (pf->ping_over_reply) {
		pf->ping_over_reply = false;
		stock_pf_ping(pf);
	}
}

/* VMMB. */
void stock_pf_irq(void *priv)
{
	struct stock_pf *pf = priv;
	struct fake_hw *hw = pf->hw;
	u32 icr = hw->mbvficr, nack = NACK;

	if (pf->mute)
		return;

	if (hw->vflre & BIT(pf->vf)) {
		hw->vflre &= ~BIT(pf->vf);
		pf->cts = false;
	}

	if ((icr & BIT(pf->vf)) && pf->ping_over_request) {
		pf->ping_over_request = false;
		stock_pf_ping(pf);
		return;
	}

	hw->mbvficr &= ~icr;
	if (icr & BIT(pf->vf))
		igb_receive(pf);
	if ((icr & (0x10000 << pf->vf)) && !pf->cts)
		igb_write(pf, &nack, 1);
}
