// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules in a cage and external PHYs behind SGMII, as far as they are reached over I2C.
 *
 * Owns: I2CCMD. Never touches: what the registers of a PHY mean (pf_phy.c), the PCS (pf_serdes.c).
 * Locks: the PHY semaphore around every access; hw->link_lock is held by callers of
 * kawela_pf_sgmii_find() and kawela_pf_sgmii_reset().
 */

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/iopoll.h>
#include <linux/mii.h>
#include <linux/swab.h>

#include "pf_hw.h"

#define I2C_POLL_US		50
#define I2C_TIMEOUT_US		10000
#define I2C_MAX_REG		FIELD_MAX(KW_I2CCMD_REG)
#define I2C_ADDR_FIRST		1
#define I2C_ADDR_LAST		FIELD_MAX(KW_I2CCMD_PHY)
#define CAGE_POWER_MS		300

/* Module memory, SFF-8472 table 4-1: it answers at I2C address 0 of I2CCMD. */
#define MODULE_IDENTIFIER	0x00
#define MODULE_ID_SOLDERED	0x02
#define MODULE_ID_SFP		0x03
#define MODULE_ETH_CODES	0x06
#define MODULE_1000BASE_SX	BIT(0)
#define MODULE_1000BASE_LX	BIT(1)
#define MODULE_1000BASE_T	BIT(3)
#define MODULE_100BASE_LX	BIT(4)
#define MODULE_100BASE_FX	BIT(5)
#define MODULE_TRIES		3
#define MODULE_RETRY_MS		100

#define PHY_VENDOR_MARVELL	0x0141
#define M88_EXT_STATUS		0x1B
#define M88_EXT_STATUS_SGMII	0x8084	/* SGMII to copper, as modules document it */

static int i2c_op(struct kawela_pf_hw *hw, u32 cmd, u16 *data)
{
	u32 val;
	int err;

	lockdep_assert_held(&hw->sync_lock);

	kawela_wr32(hw->io, KW_I2CCMD, cmd);
	err = read_poll_timeout(kawela_rd32, val, val & KW_I2CCMD_READY, I2C_POLL_US,
				I2C_TIMEOUT_US, false, hw->io, KW_I2CCMD);
	if (kawela_io_removed(hw->io))
		return -ENODEV;
	if (err || val & KW_I2CCMD_ERROR)
		return -EIO;

	*data = FIELD_GET(KW_I2CCMD_DATA, val);

	return 0;
}

/**
 * kawela_pf_sgmii_read - read a register of a PHY on I2C
 * @hw: initialised
 * @reg: register, 0 to 255
 * @val: where to put it
 *
 * Context: process, may sleep; the PHY semaphore is held.
 * Return: 0; -EINVAL; -EIO when the PHY does not answer; -ENODEV.
 */
int kawela_pf_sgmii_read(struct kawela_pf_hw *hw, u32 reg, u16 *val)
{
	u16 data;
	int err;

	if (reg > I2C_MAX_REG)
		return -EINVAL;

	err = i2c_op(hw, KW_I2CCMD_OP_READ | FIELD_PREP(KW_I2CCMD_REG, reg) |
		     FIELD_PREP(KW_I2CCMD_PHY, hw->phy.addr), &data);
	if (err)
		return err;

	/* The high byte comes first over the wire and lands low. */
	*val = swab16(data);

	return 0;
}

/**
 * kawela_pf_sgmii_write - write a register of a PHY on I2C
 * @hw: initialised
 * @reg: register, 0 to 255
 * @val: value
 *
 * Address 0 is the module's memory, and writing it would spoil the module.
 *
 * Context: process, may sleep; the PHY semaphore is held.
 * Return: 0; -EINVAL; -EIO when the PHY does not answer; -ENODEV.
 */
int kawela_pf_sgmii_write(struct kawela_pf_hw *hw, u32 reg, u16 val)
{
	u16 unused;

	if (reg > I2C_MAX_REG || hw->phy.addr < I2C_ADDR_FIRST)
		return -EINVAL;

	return i2c_op(hw, FIELD_PREP(KW_I2CCMD_REG, reg) |
		      FIELD_PREP(KW_I2CCMD_PHY, hw->phy.addr) |
		      FIELD_PREP(KW_I2CCMD_DATA, swab16(val)), &unused);
}

/**
 * kawela_pf_sgmii_find - look for a PHY on I2C
 * @hw: initialised, SGMII port without external MDIO
 *
 * Sets hw->phy.addr and hw->phy.i2c. The cage is powered meanwhile.
 *
 * Context: process, sleeps 0.3 s; hw->link_lock is held.
 * Return: 0; -EIO when none answers; -ENODEV.
 */
int kawela_pf_sgmii_find(struct kawela_pf_hw *hw)
{
	u32 ctrl_ext = kawela_rd32(hw->io, KW_CTRL_EXT);
	int err = -EIO;
	u16 id;
	u8 addr;

	lockdep_assert_held(&hw->link_lock);

	kawela_pf_hw_rmw_ctrl_ext(hw, KW_CTRL_EXT_SDP3_DATA, KW_CTRL_EXT_I2C_ENA);
	kawela_flush(hw->io);
	msleep(CAGE_POWER_MS);

	hw->phy.i2c = true;
	for (addr = I2C_ADDR_FIRST; addr <= I2C_ADDR_LAST; addr++) {
		hw->phy.addr = addr;
		err = kawela_pf_phy_read(hw, MII_PHYSID1, &id);
		if (err == -ENODEV || (!err && id == PHY_VENDOR_MARVELL))
			break;
		err = -EIO;
	}
	if (err)
		hw->phy.addr = 0;

	kawela_pf_hw_rmw_ctrl_ext(hw, KW_CTRL_EXT_SDP3_DATA, ctrl_ext & KW_CTRL_EXT_SDP3_DATA);

	return err;
}

/**
 * kawela_pf_sgmii_reset - reset a PHY behind SGMII
 * @hw: initialised, PHY identified
 *
 * There is no reset line to it: a reset through its registers must do.
 *
 * Context: process, may sleep; hw->link_lock is held.
 * Return: 0; -ETIMEDOUT; errors of kawela_pf_phy_read().
 */
int kawela_pf_sgmii_reset(struct kawela_pf_hw *hw)
{
	int err;

	lockdep_assert_held(&hw->link_lock);

	msleep(CAGE_POWER_MS);
	err = kawela_pf_phy_write(hw, M88_EXT_STATUS, M88_EXT_STATUS_SGMII);
	if (err)
		return err;

	return kawela_pf_phy_soft_reset(hw);
}

static int module_byte(struct kawela_pf_hw *hw, u8 offset, u8 *val)
{
	u16 data;
	int err;

	err = kawela_pf_sync_acquire(hw, KW_SYNC_SW_PHY(hw->port));
	if (err)
		return err;
	err = i2c_op(hw, KW_I2CCMD_OP_READ | FIELD_PREP(KW_I2CCMD_REG, offset), &data);
	kawela_pf_sync_release(hw, KW_SYNC_SW_PHY(hw->port));
	if (!err)
		*val = data & 0xFF;

	return err;
}

static int module_codes(struct kawela_pf_hw *hw, u8 *codes)
{
	int try, err;
	u8 id;

	for (try = 0; try < MODULE_TRIES; try++) {
		err = module_byte(hw, MODULE_IDENTIFIER, &id);
		if (!err || err == -ENODEV)
			break;
		msleep(MODULE_RETRY_MS);
	}
	if (err)
		return err;
	if (id != MODULE_ID_SFP && id != MODULE_ID_SOLDERED)
		return -ENXIO;

	return module_byte(hw, MODULE_ETH_CODES, codes);
}

/**
 * kawela_pf_sgmii_module - let the module in the cage, if any, decide what the port is
 * @hw: hw->media and hw->sgmii as CTRL_EXT has them
 *
 * Leaves both alone when there is no cage, no module, or one of unknown kind. The link mode to go
 * with the result is written by kawela_pf_serdes_setup().
 *
 * Context: process, sleeps up to 0.3 s.
 * Return: 0; -EIO when nothing answers; -ENXIO for an unknown module; -ENODEV.
 */
int kawela_pf_sgmii_module(struct kawela_pf_hw *hw)
{
	u32 ctrl_ext = kawela_rd32(hw->io, KW_CTRL_EXT);
	u8 codes = 0;
	int err;

	kawela_pf_hw_rmw_ctrl_ext(hw, KW_CTRL_EXT_SDP3_DATA, KW_CTRL_EXT_I2C_ENA);
	kawela_flush(hw->io);
	err = module_codes(hw, &codes);
	kawela_pf_hw_rmw_ctrl_ext(hw, KW_CTRL_EXT_I2C_ENA, ctrl_ext & KW_CTRL_EXT_I2C_ENA);
	if (err)
		return err;

	hw->module = true;
	hw->fx100 = false;
	if (codes & (MODULE_1000BASE_SX | MODULE_1000BASE_LX)) {
		hw->media = KAWELA_PF_MEDIA_SERDES;
		hw->sgmii = false;
	} else if (codes & (MODULE_100BASE_FX | MODULE_100BASE_LX)) {
		hw->media = KAWELA_PF_MEDIA_SERDES;
		hw->sgmii = true;
		hw->fx100 = true;
	} else if (codes & MODULE_1000BASE_T) {
		hw->media = KAWELA_PF_MEDIA_COPPER;
		hw->sgmii = true;
	} else {
		hw->module = false;
		return -ENXIO;
	}

	return 0;
}

/**
 * kawela_pf_sgmii_uses_mdio - whether the external PHY is on the MDIO pins rather than I2C
 * @hw: before the first use of MDIC, which loses what the NVM put there
 *
 * Sets hw->phy.ext_mdio and, if so, hw->phy.addr.
 *
 * Context: process.
 * Return: true for MDIO.
 */
bool kawela_pf_sgmii_uses_mdio(struct kawela_pf_hw *hw)
{
	u32 mdic = kawela_rd32(hw->io, KW_MDIC);

	hw->phy.ext_mdio = mdic & KW_MDIC_DEST;
	if (hw->phy.ext_mdio)
		hw->phy.addr = FIELD_GET(KW_MDIC_PHY, mdic);

	return hw->phy.ext_mdio;
}
