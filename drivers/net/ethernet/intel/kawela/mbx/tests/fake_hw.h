/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Model of the 82576 mailbox with both its ends, for KUnit.
 *
 * Owns: registers and their rules: one of VFU and PFU at a time, a write without the bit gives
 * the buffer up, PFSTS, PFACK and RSTD clear on read, MBVFICR and VFLRE clear on write, one
 * buffer for both directions. Counts what no driver may do. Never touches: what the words mean.
 * Locks: none; a test runs one end at a time. Hooks run in the writer's context.
 */
#ifndef _KAWELA_MBX_FAKE_HW_H
#define _KAWELA_MBX_FAKE_HW_H

#include "../mbx_priv.h"

#define FAKE_VFS	KW_NUM_POOLS

struct fake_hw;

/**
 * struct fake_vf_port - a VF's view
 * @hw: the model
 * @vf: which VF
 */
struct fake_vf_port {
	struct fake_hw *hw;
	u16 vf;
};

/**
 * struct fake_hw - the model
 * @mem: VMBMEM
 * @p2v: P2VMAILBOX
 * @v2p: V2PMAILBOX
 * @mbvficr: MBVFICR
 * @mbvfimr: MBVFIMR
 * @vflre: VFLRE
 * @removed: the functions are gone
 * @rvfu_bug: RVFU leaves the PF's copy of VFU set, as QEMU does
 * @violations: buffer accesses without ownership, unknown registers
 * @vf_irqs: interrupts raised at each VF
 * @revokes: RVFU writes
 * @pf_irq: VMMB interrupt of the PF
 * @vf_irq: mailbox interrupt of a VF
 * @priv: handed to the hooks
 * @vf_ports: a view for each VF
 */
struct fake_hw {
	u32 mem[FAKE_VFS][KW_MBX_DWORDS];
	u32 p2v[FAKE_VFS];
	u32 v2p[FAKE_VFS];
	u32 mbvficr;
	u32 mbvfimr;
	u32 vflre;
	bool removed;
	bool rvfu_bug;
	unsigned int violations;
	unsigned int vf_irqs[FAKE_VFS];
	unsigned int revokes;
	void (*pf_irq)(void *priv);
	void (*vf_irq)(void *priv, u16 vf);
	void *priv;
	struct fake_vf_port vf_ports[FAKE_VFS];
};

void fake_hw_init(struct fake_hw *hw);
struct kawela_mbx_port fake_pf_port(struct fake_hw *hw);
struct kawela_mbx_port fake_vf_port(struct fake_hw *hw, u16 vf);
void fake_vf_flr(struct fake_hw *hw, u16 vf);
void fake_pf_reset(struct fake_hw *hw);
void fake_pf_reset_done(struct fake_hw *hw);

/* A stock VF driver by its register accesses; see stock_peer.c. */
bool stock_vf_send(struct fake_hw *hw, u16 vf, const u32 *w, unsigned int n);
bool stock_vf_read(struct fake_hw *hw, u16 vf, u32 *w, unsigned int n);

/**
 * struct stock_pf - stock igb as the other end
 * @hw: the model
 * @vf: the only VF it serves
 * @cts: the VF reset
 * @mute: reads nothing
 * @no_reply: reads and acknowledges, but never replies
 * @ping_over_request: writes a control message over the next request, once
 * @ping_over_reply: writes a control message over the next reply, once
 * @admin_mac: address the administrator set; SET_MAC is refused
 * @has_admin_mac: @admin_mac is valid
 * @seen: words 0 it read
 * @num_seen: how many
 */
struct stock_pf {
	struct fake_hw *hw;
	u16 vf;
	bool cts;
	bool mute;
	bool no_reply;
	bool ping_over_request;
	bool ping_over_reply;
	u8 admin_mac[ETH_ALEN];
	bool has_admin_mac;
	u32 seen[32];
	unsigned int num_seen;
};

void stock_pf_irq(void *priv);
void stock_pf_ping(struct stock_pf *pf);

#endif /* _KAWELA_MBX_FAKE_HW_H */
