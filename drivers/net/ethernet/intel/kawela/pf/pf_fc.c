// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flow control and autonegotiation arithmetic of the PF's port: what to advertise, what both ends
 * agreed on, where in the packet buffer to say XOFF and XON.
 *
 * Pure: numbers in, numbers out. Never touches: registers, the PHY, struct kawela_pf_hw.
 * Locks: none.
 */

#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mii.h>

#include <net/kawela/regs.h>

#include "pf_fc.h"

/* The thresholds count in units of 16 bytes. */
#define WATER_UNIT	16

/**
 * kawela_pf_fc_resolve - what two advertisements of pause add up to
 * @pause: we advertised symmetric pause
 * @asym: we advertised asymmetric pause
 * @lp_pause: the partner advertised symmetric pause
 * @lp_asym: the partner advertised asymmetric pause
 * @wanted: directions to allow, KAWELA_PF_FC_*
 *
 * IEEE 802.3 table 28B-3. There is no way to advertise "receive only": it looks like "both", so the
 * result is cut to @wanted.
 *
 * Context: any.
 * Return: directions to switch on, KAWELA_PF_FC_*.
 */
u8 kawela_pf_fc_resolve(bool pause, bool asym, bool lp_pause, bool lp_asym, u8 wanted)
{
	u8 fc = 0;

	if (pause && lp_pause)
		fc = KAWELA_PF_FC_RX | KAWELA_PF_FC_TX;
	else if (asym && lp_asym && lp_pause)
		fc = KAWELA_PF_FC_TX;
	else if (asym && lp_asym && pause)
		fc = KAWELA_PF_FC_RX;

	return fc & wanted;
}

/**
 * kawela_pf_fc_advert - how to advertise wanted flow control
 * @fc: directions wanted, KAWELA_PF_FC_*
 * @pause: set to the symmetric pause bit
 * @asym: set to the asymmetric pause bit
 *
 * Who wants both also takes receive only, which setting both bits says.
 *
 * Context: any.
 */
void kawela_pf_fc_advert(u8 fc, bool *pause, bool *asym)
{
	*pause = fc & KAWELA_PF_FC_RX;
	*asym = fc & (KAWELA_PF_FC_RX | KAWELA_PF_FC_TX);
}

/**
 * kawela_pf_fc_mii_adv - value of the MII advertisement register
 * @old: present value; bits that are neither speed nor pause are kept
 * @speeds: KAWELA_PF_ADV_*
 * @fc: KAWELA_PF_FC_*
 *
 * Context: any.
 * Return: value for MII_ADVERTISE.
 */
u16 kawela_pf_fc_mii_adv(u16 old, u8 speeds, u8 fc)
{
	u16 adv = old & ~(ADVERTISE_ALL | ADVERTISE_PAUSE_CAP | ADVERTISE_PAUSE_ASYM);
	bool pause, asym;

	kawela_pf_fc_advert(fc, &pause, &asym);
	adv |= ADVERTISE_CSMA;
	if (speeds & KAWELA_PF_ADV_10_HALF)
		adv |= ADVERTISE_10HALF;
	if (speeds & KAWELA_PF_ADV_10_FULL)
		adv |= ADVERTISE_10FULL;
	if (speeds & KAWELA_PF_ADV_100_HALF)
		adv |= ADVERTISE_100HALF;
	if (speeds & KAWELA_PF_ADV_100_FULL)
		adv |= ADVERTISE_100FULL;
	if (pause)
		adv |= ADVERTISE_PAUSE_CAP;
	if (asym)
		adv |= ADVERTISE_PAUSE_ASYM;

	return adv;
}

/**
 * kawela_pf_fc_mii_ctrl1000 - value of the 1000BASE-T control register
 * @old: present value; master/slave and test bits are kept
 * @speeds: KAWELA_PF_ADV_*
 *
 * The MAC has no 1000 Mb/s half duplex.
 *
 * Context: any.
 * Return: value for MII_CTRL1000.
 */
u16 kawela_pf_fc_mii_ctrl1000(u16 old, u8 speeds)
{
	u16 ctrl = old & ~(ADVERTISE_1000HALF | ADVERTISE_1000FULL);

	if (speeds & KAWELA_PF_ADV_1000_FULL)
		ctrl |= ADVERTISE_1000FULL;

	return ctrl;
}

/**
 * kawela_pf_fc_pcs_adv - value of PCS_ANADV
 * @old: present value; bits other than pause are kept
 * @fc: KAWELA_PF_FC_*
 *
 * Context: any.
 * Return: value for KW_PCS_ANADV.
 */
u32 kawela_pf_fc_pcs_adv(u32 old, u8 fc)
{
	u32 adv = old & ~(KW_PCS_ANADV_PAUSE | KW_PCS_ANADV_ASM_DIR);
	bool pause, asym;

	kawela_pf_fc_advert(fc, &pause, &asym);
	if (pause)
		adv |= KW_PCS_ANADV_PAUSE;
	if (asym)
		adv |= KW_PCS_ANADV_ASM_DIR;

	return adv;
}

/**
 * kawela_pf_fc_pcs_lctl - value of PCS_LCTL that starts the PCS
 * @old: present value
 * @sgmii: the PCS talks SGMII to a PHY, which settles speed and duplex
 * @an: autonegotiate
 *
 * Without SGMII the PCS does 1000/full only. The autonegotiation timeout, which lets a link come up
 * with a partner that does not negotiate, has no place in SGMII.
 *
 * Context: any.
 * Return: value for KW_PCS_LCTL.
 */
u32 kawela_pf_fc_pcs_lctl(u32 old, bool sgmii, bool an)
{
	u32 lctl = old & ~(KW_PCS_LCTL_AN_EN | KW_PCS_LCTL_FLV_UP | KW_PCS_LCTL_FSD |
			   KW_PCS_LCTL_FORCE_LINK);

	if (sgmii)
		lctl &= ~KW_PCS_LCTL_AN_TIMEOUT;
	else
		lctl = (lctl & ~KW_PCS_LCTL_FSV) | KW_PCS_LCTL_FDV_FULL |
		       FIELD_PREP(KW_PCS_LCTL_FSV, KW_PCS_LCTL_FSV_1000);

	if (an)
		return (lctl & ~KW_PCS_LCTL_FORCE_FC) | KW_PCS_LCTL_AN_EN |
		       KW_PCS_LCTL_AN_RESTART;

	return lctl | KW_PCS_LCTL_FSD | KW_PCS_LCTL_FORCE_FC;
}

/**
 * kawela_pf_fc_water - when to send XOFF and XON
 * @rxpb_kb: size of the receive packet buffer in KB
 * @water: result; zero when the buffer is too small for flow control
 *
 * After an XOFF the buffer must still take what is on its way: one frame of ours, the PF's or
 * a VF's, that holds up the XOFF, and one of the partner, each as long as frames can be.
 *
 * Context: any.
 * Return: 0, or -ERANGE when the buffer is too small.
 */
int kawela_pf_fc_water(u32 rxpb_kb, struct kawela_pf_fc_water *water)
{
	const u32 room = 2 * KW_MAX_FRAME;
	u32 size = rxpb_kb * 1024;

	water->high = 0;
	water->low = 0;
	if (size < room + 2 * WATER_UNIT)
		return -ERANGE;

	water->high = round_down(size - room, WATER_UNIT);
	water->low = water->high - WATER_UNIT;

	return 0;
}
