// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link of the PF's port, whatever it is made of: start it, follow it, set it with ethtool;
 * flow control of the MAC.
 *
 * Owns: what is advertised or forced, FCRTL, FCRTH, CTRL.TFCE and RFCE. Never touches: carrier and
 * netdev, which the caller moves.
 * Locks: takes hw->link_lock in every function without _locked.
 */

#include <linux/bitfield.h>
#include <linux/linkmode.h>
#include <linux/mii.h>

#include "pf_hw.h"

static const struct {
	u8 adv;
	int speed;
	u8 duplex;
	enum ethtool_link_mode_bit_indices mode;
} link_modes[] = {
	{ KAWELA_PF_ADV_10_HALF, SPEED_10, DUPLEX_HALF, ETHTOOL_LINK_MODE_10baseT_Half_BIT },
	{ KAWELA_PF_ADV_10_FULL, SPEED_10, DUPLEX_FULL, ETHTOOL_LINK_MODE_10baseT_Full_BIT },
	{ KAWELA_PF_ADV_100_HALF, SPEED_100, DUPLEX_HALF, ETHTOOL_LINK_MODE_100baseT_Half_BIT },
	{ KAWELA_PF_ADV_100_FULL, SPEED_100, DUPLEX_FULL, ETHTOOL_LINK_MODE_100baseT_Full_BIT },
	{ KAWELA_PF_ADV_1000_FULL, SPEED_1000, DUPLEX_FULL, ETHTOOL_LINK_MODE_1000baseT_Full_BIT },
};

static bool link_copper(const struct kawela_pf_hw *hw)
{
	return hw->media == KAWELA_PF_MEDIA_COPPER;
}

/* Flow control of the MAC. */

/* Zero thresholds for a buffer too small to take what arrives after an XOFF: none is sent then. */
static void fc_update_water(struct kawela_pf_hw *hw)
{
	u32 kb = FIELD_GET(KW_RXPBS_SIZE, kawela_rd32(hw->io, KW_RXPBS));

	if (kawela_pf_fc_water(kb, &hw->water))
		dev_dbg(&hw->pdev->dev, "receive buffer of %u KB too small to send pause\n", kb);
}

static u8 fc_write(struct kawela_pf_hw *hw, u8 fc)
{
	u32 ctrl = 0;

	if (!hw->water.high)
		fc &= ~KAWELA_PF_FC_TX;

	if (fc & KAWELA_PF_FC_RX)
		ctrl |= KW_CTRL_RFCE;
	if (fc & KAWELA_PF_FC_TX)
		ctrl |= KW_CTRL_TFCE;
	kawela_pf_hw_rmw_ctrl(hw, KW_CTRL_RFCE | KW_CTRL_TFCE, ctrl);

	kawela_wr32(hw->io, KW_FCRTL,
		    fc & KAWELA_PF_FC_TX ? hw->water.low | KW_FCRTL_XONE : 0);
	kawela_wr32(hw->io, KW_FCRTH, fc & KAWELA_PF_FC_TX ? hw->water.high : 0);

	return fc;
}

static int fc_partner(struct kawela_pf_hw *hw, bool *pause, bool *asym)
{
	u16 lpa, stat1000;
	int err;

	if (!link_copper(hw))
		return kawela_pf_serdes_partner(hw, pause, asym);

	err = kawela_pf_phy_partner(hw, &lpa, &stat1000);
	if (err)
		return err;

	*pause = lpa & LPA_PAUSE_CAP;
	*asym = lpa & LPA_PAUSE_ASYM;

	return 0;
}

/*
 * Not negotiated: what the administrator forces holds. Copper with a forced speed, and 100BASE-FX,
 * have no partner to agree with: off, unless forced. A backplane that never negotiates, or a fiber
 * set so, does as wanted.
 */
static u8 fc_unnegotiated(const struct kawela_pf_hw *hw)
{
	if (hw->fc_an && (link_copper(hw) || hw->fx100))
		return 0;

	return hw->fc_wanted;
}

/* For a link that is up. Sets hw->fc_pending while the partner's word is missing. */
static u8 fc_find(struct kawela_pf_hw *hw, u8 duplex)
{
	bool an = link_copper(hw) ? hw->an : hw->pcs_an && !hw->fx100;
	bool pause, asym, lp_pause, lp_asym;
	int err;

	hw->fc_pending = false;
	if (duplex != DUPLEX_FULL)
		return 0;
	if (!hw->fc_an || !an)
		return fc_unnegotiated(hw);

	err = fc_partner(hw, &lp_pause, &lp_asym);
	if (err) {
		hw->fc_pending = true;
		return 0;
	}

	if (!link_copper(hw))
		kawela_pf_serdes_force_fc(hw);
	kawela_pf_fc_advert(hw->fc_wanted, &pause, &asym);

	return kawela_pf_fc_resolve(pause, asym, lp_pause, lp_asym, hw->fc_wanted);
}

/* Starting and following. */

static int link_setup_copper(struct kawela_pf_hw *hw)
{
	bool found = hw->phy.type != KAWELA_PF_PHY_NONE;
	int err;

	kawela_pf_serdes_setup(hw);
	err = kawela_pf_phy_identify(hw);
	if (err)
		return err;

	/* Whoever had the PHY before may have left anything in it; a PHY of ours keeps its link. */
	if (!found || hw->sgmii) {
		err = kawela_pf_phy_reset(hw);
		if (err)
			return err;
	}

	return kawela_pf_phy_setup(hw);
}

static int link_setup_locked(struct kawela_pf_hw *hw)
{
	int err = 0;

	lockdep_assert_held(&hw->link_lock);

	hw->state = KAWELA_PF_LINK_DOWN;
	fc_update_water(hw);
	fc_write(hw, 0);
	if (kawela_pf_phy_blocked(hw)) {
		/* The firmware uses the link: it is there already, and stays. */
		if (link_copper(hw))
			err = kawela_pf_phy_identify(hw);
	} else if (link_copper(hw)) {
		err = link_setup_copper(hw);
	} else {
		kawela_pf_serdes_setup(hw);
	}

	return kawela_io_removed(hw->io) ? -ENODEV : err;
}

int kawela_pf_link_setup(struct kawela_pf_hw *hw)
{
	int err;

	mutex_lock(&hw->link_lock);
	err = link_setup_locked(hw);
	mutex_unlock(&hw->link_lock);

	return err;
}

static int link_check_locked(struct kawela_pf_hw *hw)
{
	struct kawela_pf_link_state st = KAWELA_PF_LINK_DOWN;
	int err = 0;

	lockdep_assert_held(&hw->link_lock);

	if (!link_copper(hw))
		kawela_pf_serdes_link(hw, &st);
	else if (hw->phy.type == KAWELA_PF_PHY_NONE)
		err = -EIO;
	else
		err = kawela_pf_phy_link(hw, &st);

	if (!st.up) {
		hw->state = st;
	} else if (!hw->state.up || hw->fc_pending || st.speed != hw->state.speed ||
		   st.duplex != hw->state.duplex) {
		st.fc = fc_write(hw, fc_find(hw, st.duplex));
		hw->state = st;
	}

	return kawela_io_removed(hw->io) ? -ENODEV : err;
}

int kawela_pf_link_check(struct kawela_pf_hw *hw, struct kawela_pf_link_state *st)
{
	int err;

	mutex_lock(&hw->link_lock);
	err = link_check_locked(hw);
	*st = hw->state;
	mutex_unlock(&hw->link_lock);

	return err;
}

/* ethtool. */

static void ks_copper(struct kawela_pf_hw *hw, struct ethtool_link_ksettings *ks)
{
	size_t i;

	ks->base.port = PORT_TP;
	ks->base.phy_address = hw->phy.addr;
	ks->base.eth_tp_mdix_ctrl = hw->an ? ETH_TP_MDI_AUTO : ETH_TP_MDI;
	if (hw->state.up)
		ks->base.eth_tp_mdix = kawela_pf_phy_mdix(hw);

	linkmode_set_bit(ETHTOOL_LINK_MODE_TP_BIT, ks->link_modes.supported);
	linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, ks->link_modes.supported);
	linkmode_set_bit(ETHTOOL_LINK_MODE_TP_BIT, ks->link_modes.advertising);
	for (i = 0; i < ARRAY_SIZE(link_modes); i++) {
		linkmode_set_bit(link_modes[i].mode, ks->link_modes.supported);
		if (hw->an && hw->advertised & link_modes[i].adv)
			linkmode_set_bit(link_modes[i].mode, ks->link_modes.advertising);
	}
}

static void ks_copper_partner(struct kawela_pf_hw *hw, struct ethtool_link_ksettings *ks)
{
	u16 lpa, stat1000;

	if (!hw->an || !hw->state.up || kawela_pf_phy_partner(hw, &lpa, &stat1000))
		return;

	mii_lpa_mod_linkmode_lpa_t(ks->link_modes.lp_advertising, lpa);
	mii_stat1000_mod_linkmode_lpa_t(ks->link_modes.lp_advertising, stat1000);
}

static void ks_fiber(struct kawela_pf_hw *hw, struct ethtool_link_ksettings *ks)
{
	enum ethtool_link_mode_bit_indices mode = ETHTOOL_LINK_MODE_1000baseX_Full_BIT;

	if (hw->media == KAWELA_PF_MEDIA_KX)
		mode = ETHTOOL_LINK_MODE_1000baseKX_Full_BIT;
	else if (hw->fx100)
		mode = ETHTOOL_LINK_MODE_100baseFX_Full_BIT;
	linkmode_set_bit(mode, ks->link_modes.supported);
	linkmode_set_bit(mode, ks->link_modes.advertising);

	if (hw->media == KAWELA_PF_MEDIA_KX) {
		ks->base.port = PORT_NONE;
		linkmode_set_bit(ETHTOOL_LINK_MODE_Backplane_BIT, ks->link_modes.supported);
		linkmode_set_bit(ETHTOOL_LINK_MODE_Backplane_BIT, ks->link_modes.advertising);
	} else {
		ks->base.port = PORT_FIBRE;
		linkmode_set_bit(ETHTOOL_LINK_MODE_FIBRE_BIT, ks->link_modes.supported);
		linkmode_set_bit(ETHTOOL_LINK_MODE_FIBRE_BIT, ks->link_modes.advertising);
		linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, ks->link_modes.supported);
	}
}

static void ks_fiber_partner(struct kawela_pf_hw *hw, struct ethtool_link_ksettings *ks)
{
	bool pause, asym;

	if (!hw->pcs_an || !hw->state.up || kawela_pf_serdes_partner(hw, &pause, &asym))
		return;

	linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, ks->link_modes.lp_advertising);
	if (pause)
		linkmode_set_bit(ETHTOOL_LINK_MODE_Pause_BIT, ks->link_modes.lp_advertising);
	if (asym)
		linkmode_set_bit(ETHTOOL_LINK_MODE_Asym_Pause_BIT, ks->link_modes.lp_advertising);
}

static void ks_pause(struct kawela_pf_hw *hw, struct ethtool_link_ksettings *ks)
{
	bool pause, asym;

	linkmode_set_bit(ETHTOOL_LINK_MODE_Pause_BIT, ks->link_modes.supported);
	linkmode_set_bit(ETHTOOL_LINK_MODE_Asym_Pause_BIT, ks->link_modes.supported);
	if (!hw->an)
		return;

	linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, ks->link_modes.advertising);
	kawela_pf_fc_advert(hw->fc_wanted, &pause, &asym);
	if (pause)
		linkmode_set_bit(ETHTOOL_LINK_MODE_Pause_BIT, ks->link_modes.advertising);
	if (asym)
		linkmode_set_bit(ETHTOOL_LINK_MODE_Asym_Pause_BIT, ks->link_modes.advertising);
}

int kawela_pf_link_ksettings_get(struct kawela_pf_hw *hw, struct ethtool_link_ksettings *ks)
{
	ethtool_link_ksettings_zero_link_mode(ks, supported);
	ethtool_link_ksettings_zero_link_mode(ks, advertising);
	ethtool_link_ksettings_zero_link_mode(ks, lp_advertising);
	ks->base.eth_tp_mdix = ETH_TP_MDI_INVALID;
	ks->base.eth_tp_mdix_ctrl = ETH_TP_MDI_INVALID;

	mutex_lock(&hw->link_lock);
	if (link_copper(hw)) {
		ks_copper(hw, ks);
		ks_copper_partner(hw, ks);
	} else {
		ks_fiber(hw, ks);
		ks_fiber_partner(hw, ks);
	}
	ks_pause(hw, ks);
	ks->base.speed = hw->state.speed;
	ks->base.duplex = hw->state.duplex;
	ks->base.autoneg = hw->an ? AUTONEG_ENABLE : AUTONEG_DISABLE;
	mutex_unlock(&hw->link_lock);

	return 0;
}

static u8 ks_advertised(const struct ethtool_link_ksettings *ks)
{
	u8 adv = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(link_modes); i++)
		if (test_bit(link_modes[i].mode, ks->link_modes.advertising))
			adv |= link_modes[i].adv;

	return adv;
}

static int ks_set_copper(struct kawela_pf_hw *hw, const struct ethtool_link_ksettings *ks)
{
	u8 adv = ks_advertised(ks);

	if (ks->base.autoneg == AUTONEG_ENABLE) {
		if (!adv)
			return -EINVAL;
		hw->an = true;
		hw->advertised = adv;
		return 0;
	}

	/* 1000BASE-T works only with autonegotiation. */
	if ((ks->base.speed != SPEED_10 && ks->base.speed != SPEED_100) ||
	    (ks->base.duplex != DUPLEX_HALF && ks->base.duplex != DUPLEX_FULL))
		return -EINVAL;
	hw->an = false;
	hw->forced_speed = ks->base.speed;
	hw->forced_duplex = ks->base.duplex;

	return 0;
}

static int ks_set_fiber(struct kawela_pf_hw *hw, const struct ethtool_link_ksettings *ks)
{
	u32 speed = hw->fx100 ? SPEED_100 : SPEED_1000;
	bool an = ks->base.autoneg == AUTONEG_ENABLE;

	if (an && hw->media == KAWELA_PF_MEDIA_KX)
		return -EINVAL;
	if (!an && (ks->base.speed != speed || ks->base.duplex != DUPLEX_FULL))
		return -EINVAL;
	hw->an = an;

	return 0;
}

/* A forced speed comes with MDI. ethtool hands that back when it changes anything else. */
static bool ks_mdix_ok(const struct kawela_pf_hw *hw, const struct ethtool_link_ksettings *ks)
{
	switch (ks->base.eth_tp_mdix_ctrl) {
	case ETH_TP_MDI_INVALID:
	case ETH_TP_MDI_AUTO:
		return true;
	case ETH_TP_MDI:
		return link_copper(hw) && (!hw->an || ks->base.autoneg == AUTONEG_DISABLE);
	default:
		return false;
	}
}

int kawela_pf_link_ksettings_set(struct kawela_pf_hw *hw, const struct ethtool_link_ksettings *ks)
{
	int err;

	mutex_lock(&hw->link_lock);
	if (!ks_mdix_ok(hw, ks)) {
		err = -EOPNOTSUPP;
		goto out_unlock;
	}
	if (kawela_pf_phy_blocked(hw)) {
		err = kawela_io_removed(hw->io) ? -ENODEV : -EBUSY;
		goto out_unlock;
	}

	err = link_copper(hw) ? ks_set_copper(hw, ks) : ks_set_fiber(hw, ks);
	if (!err)
		err = link_setup_locked(hw);

out_unlock:
	mutex_unlock(&hw->link_lock);

	return err;
}

int kawela_pf_link_nway_reset(struct kawela_pf_hw *hw)
{
	int err = -EINVAL;

	mutex_lock(&hw->link_lock);
	if (hw->an)
		err = link_setup_locked(hw);
	mutex_unlock(&hw->link_lock);

	return err;
}

void kawela_pf_link_pause_get(struct kawela_pf_hw *hw, struct ethtool_pauseparam *pause)
{
	mutex_lock(&hw->link_lock);
	pause->autoneg = hw->fc_an && hw->an;
	pause->rx_pause = !!(hw->fc_wanted & KAWELA_PF_FC_RX);
	pause->tx_pause = !!(hw->fc_wanted & KAWELA_PF_FC_TX);
	mutex_unlock(&hw->link_lock);
}

int kawela_pf_link_pause_set(struct kawela_pf_hw *hw, const struct ethtool_pauseparam *pause)
{
	u8 fc = (pause->rx_pause ? KAWELA_PF_FC_RX : 0) | (pause->tx_pause ? KAWELA_PF_FC_TX : 0);
	bool fc_an = pause->autoneg, renegotiate;
	int err = 0;

	mutex_lock(&hw->link_lock);
	if (fc_an && !hw->an) {
		err = -EINVAL;
		goto out_unlock;
	}

	renegotiate = hw->an && fc != hw->fc_wanted;
	hw->fc_an = fc_an;
	hw->fc_wanted = fc;
	if (renegotiate)
		err = link_setup_locked(hw);
	else if (hw->state.up)
		hw->state.fc = fc_write(hw, fc_find(hw, hw->state.duplex));

out_unlock:
	mutex_unlock(&hw->link_lock);

	return err;
}
