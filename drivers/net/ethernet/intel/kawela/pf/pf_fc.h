/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flow control and autonegotiation arithmetic of the PF's port: what to advertise, what both ends
 * agreed on, where in the packet buffer to say XOFF and XON.
 *
 * Pure: numbers in, numbers out. Never touches: registers, the PHY, struct kawela_pf_hw.
 * Locks: none.
 */
#ifndef _KAWELA_PF_FC_H
#define _KAWELA_PF_FC_H

#include <linux/bits.h>
#include <linux/types.h>

/* Which directions of 802.3x flow control are on; a mask. */
#define KAWELA_PF_FC_RX		BIT(0)	/* obey pause frames of the partner */
#define KAWELA_PF_FC_TX		BIT(1)	/* send pause frames */

/* Speeds a port may advertise; a mask. */
#define KAWELA_PF_ADV_10_HALF	BIT(0)
#define KAWELA_PF_ADV_10_FULL	BIT(1)
#define KAWELA_PF_ADV_100_HALF	BIT(2)
#define KAWELA_PF_ADV_100_FULL	BIT(3)
#define KAWELA_PF_ADV_1000_FULL	BIT(4)
#define KAWELA_PF_ADV_COPPER	GENMASK(4, 0)
#define KAWELA_PF_ADV_1000X	KAWELA_PF_ADV_1000_FULL

/**
 * struct kawela_pf_fc_water - fill levels of the receive packet buffer
 * @high: bytes in the buffer at which XOFF is sent; multiple of 16
 * @low: bytes in the buffer at which XON is sent; multiple of 16, below @high
 */
struct kawela_pf_fc_water {
	u32 high;
	u32 low;
};

u8 kawela_pf_fc_resolve(bool pause, bool asym, bool lp_pause, bool lp_asym, u8 wanted);
void kawela_pf_fc_advert(u8 fc, bool *pause, bool *asym);
u16 kawela_pf_fc_mii_adv(u16 old, u8 speeds, u8 fc);
u16 kawela_pf_fc_mii_ctrl1000(u16 old, u8 speeds);
u32 kawela_pf_fc_pcs_adv(u32 old, u8 fc);
u32 kawela_pf_fc_pcs_lctl(u32 old, bool sgmii, bool an);
int kawela_pf_fc_water(u32 rxpb_kb, struct kawela_pf_fc_water *water);

#endif /* _KAWELA_PF_FC_H */
