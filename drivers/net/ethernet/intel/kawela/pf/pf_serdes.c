// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCS of the 82576: 1000BASE-X over fiber or SERDES, 1000BASE-KX, and the SGMII side of a port
 * with an external PHY.
 *
 * Owns: PCS_*, CONNSW, SCTL, CTRL_EXT.LINK_MODE, the power of cage and laser (SDP3). Never touches:
 * the PHY, flow control of the MAC (pf_link.c).
 * Locks: hw->link_lock is held by the callers.
 */

#include <linux/bitfield.h>

#include "pf_hw.h"

static bool serdes_used(const struct kawela_pf_hw *hw)
{
	return hw->media != KAWELA_PF_MEDIA_COPPER || hw->sgmii;
}

static u32 serdes_link_mode(const struct kawela_pf_hw *hw)
{
	if (hw->sgmii)
		return KW_CTRL_EXT_MODE_SGMII;
	if (hw->media == KAWELA_PF_MEDIA_KX)
		return KW_CTRL_EXT_MODE_KX;

	return KW_CTRL_EXT_MODE_SERDES;
}

/*
 * SGMII negotiates always, since this is how the PHY tells its speed; KX never, the partner is
 * detected. For the rest the NVM may forbid it.
 */
static bool serdes_an(struct kawela_pf_hw *hw)
{
	u16 compat;

	if (hw->sgmii)
		return true;
	if (hw->media == KAWELA_PF_MEDIA_KX)
		return false;
	if (!kawela_pf_nvm_read(hw, KAWELA_PF_NVM_COMPAT, 1, &compat) &&
	    compat & KAWELA_PF_NVM_COMPAT_PCS_AN_DIS)
		return false;

	return hw->an;
}

/**
 * kawela_pf_serdes_setup - put the wanted settings into the PCS and start the link
 * @hw: initialised
 *
 * Does nothing for a port with the internal PHY. Sets hw->pcs_an.
 *
 * Context: process, may sleep; hw->link_lock is held.
 */
void kawela_pf_serdes_setup(struct kawela_pf_hw *hw)
{
	u32 ctrl = KW_CTRL_SLU | KW_CTRL_SWDPIN0 | KW_CTRL_SWDPIN1;
	u32 clear = 0;

	lockdep_assert_held(&hw->link_lock);

	if (!serdes_used(hw))
		return;

	/* Loopback survives resets, and cannot be read back. */
	kawela_wr32(hw->io, KW_SCTL, KW_SCTL_NO_LOOPBACK);
	kawela_pf_hw_rmw_ctrl_ext(hw, KW_CTRL_EXT_SDP3_DATA | KW_CTRL_EXT_LINK_MODE,
				  KW_CTRL_EXT_I2C_ENA |
				  FIELD_PREP(KW_CTRL_EXT_LINK_MODE, serdes_link_mode(hw)));

	if (!hw->sgmii) {
		clear = KW_CTRL_SPEED;
		ctrl |= KW_CTRL_FRCSPD | KW_CTRL_FRCDPX | KW_CTRL_FD |
			FIELD_PREP(KW_CTRL_SPEED, KW_CTRL_SPEED_1000);
	}
	kawela_pf_hw_rmw_ctrl(hw, clear, ctrl);
	kawela_rmw32(hw->io, KW_CONNSW, 0, KW_CONNSW_ENRGSRC);
	kawela_rmw32(hw->io, KW_PCS_CFG0, 0, KW_PCS_CFG0_PCS_EN);

	hw->pcs_an = serdes_an(hw);
	if (hw->pcs_an)
		kawela_wr32(hw->io, KW_PCS_ANADV,
			    kawela_pf_fc_pcs_adv(kawela_rd32(hw->io, KW_PCS_ANADV),
						 hw->fc_wanted));
	kawela_wr32(hw->io, KW_PCS_LCTL,
		    kawela_pf_fc_pcs_lctl(kawela_rd32(hw->io, KW_PCS_LCTL), hw->sgmii,
					  hw->pcs_an));
}

/**
 * kawela_pf_serdes_link - state of a fiber or backplane link
 * @hw: initialised
 * @st: set to the state; flow control is left alone
 *
 * STATUS is of no use here: the PCS counts, once it has both link and synchronization.
 *
 * Context: process; hw->link_lock is held.
 */
void kawela_pf_serdes_link(struct kawela_pf_hw *hw, struct kawela_pf_link_state *st)
{
	const u32 good = KW_PCS_LSTAT_LINK_OK | KW_PCS_LSTAT_SYNC_OK;
	u32 lstat = kawela_rd32(hw->io, KW_PCS_LSTAT);

	lockdep_assert_held(&hw->link_lock);

	*st = KAWELA_PF_LINK_DOWN;
	if (kawela_io_removed(hw->io) || (lstat & good) != good)
		return;

	st->up = true;
	st->duplex = lstat & KW_PCS_LSTAT_FD ? DUPLEX_FULL : DUPLEX_HALF;
	switch (FIELD_GET(KW_PCS_LSTAT_SPEED, lstat)) {
	case KW_PCS_LSTAT_SPEED_10:
		st->speed = SPEED_10;
		break;
	case KW_PCS_LSTAT_SPEED_100:
		st->speed = SPEED_100;
		break;
	default:
		st->speed = SPEED_1000;
	}
}

/**
 * kawela_pf_serdes_partner - what the partner says about pause
 * @hw: initialised
 * @pause: set to its symmetric pause bit
 * @asym: set to its asymmetric pause bit
 *
 * Context: process; hw->link_lock is held.
 * Return: 0, or -EAGAIN while autonegotiation is not complete.
 */
int kawela_pf_serdes_partner(struct kawela_pf_hw *hw, bool *pause, bool *asym)
{
	u32 lpab;

	lockdep_assert_held(&hw->link_lock);

	if (!(kawela_rd32(hw->io, KW_PCS_LSTAT) & KW_PCS_LSTAT_AN_DONE))
		return -EAGAIN;

	lpab = kawela_rd32(hw->io, KW_PCS_LPAB);
	*pause = lpab & KW_PCS_ANADV_PAUSE;
	*asym = lpab & KW_PCS_ANADV_ASM_DIR;

	return 0;
}

/**
 * kawela_pf_serdes_force_fc - let CTRL, not the PCS, decide about flow control
 * @hw: initialised, autonegotiation complete
 *
 * Context: process; hw->link_lock is held.
 */
void kawela_pf_serdes_force_fc(struct kawela_pf_hw *hw)
{
	lockdep_assert_held(&hw->link_lock);

	kawela_rmw32(hw->io, KW_PCS_LCTL, 0, KW_PCS_LCTL_FORCE_FC);
}
