// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PHY of a copper port: the internal one of the 82576 (IGP3), reached through MDIC, or a
 * Marvell PHY behind SGMII, reached through MDIC or I2C.
 *
 * Owns: MDIC, the PHY's registers, CTRL.PHY_RST. Never touches: the PCS (pf_serdes.c), flow control
 * of the MAC (pf_link.c).
 * Locks: hw->link_lock is held by callers of all but kawela_pf_phy_read() and
 * kawela_pf_phy_write(); those take the PHY semaphore for one access.
 */

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/iopoll.h>
#include <linux/mii.h>

#include "pf_hw.h"

#define INTERNAL_PHY_ADDR	1
#define MDIC_POLL_US		10
#define MDIC_TIMEOUT_US		3000
#define PHY_RST_US		100
#define PHY_RST_RECOVER_US	150
#define PHY_NVM_MS		100	/* the MAC writes NVM settings to the PHY after its reset */
#define SOFT_RESET_POLL_US	1000
#define SOFT_RESET_TIMEOUT_US	500000

#define PHY_ID_REV		GENMASK(3, 0)
#define PHY_ID_M88E1111		0x01410CC0
#define PHY_ID_M88E1112		0x01410C90
#define PHY_ID_IGP3		0x02A80390

/* Registers 0x10 and up of the IGP3 come in pages. */
#define IGP3_PAGED		0x10
#define IGP3_PAGE		0x1F
#define IGP3_REG_MASK		0x1F
#define IGP3_CONFIG		0x10
#define IGP3_CONFIG_SMARTSPEED	BIT(7)
#define IGP3_STATUS		0x11
#define IGP3_STATUS_MDIX	BIT(11)
#define IGP3_CTRL		0x12
#define IGP3_CTRL_AUTO_MDIX	BIT(12)
#define IGP3_CTRL_FORCE_MDIX	BIT(13)
#define IGP3_POWER		0x19
#define IGP3_POWER_D0_LPLU	BIT(1)

#define M88_CTRL		0x10
#define M88_CTRL_NO_POLARITY	BIT(1)
#define M88_CTRL_MDIX		GENMASK(6, 5)
#define M88_CTRL_MDIX_MDI	0
#define M88_CTRL_MDIX_AUTO	3
#define M88_CTRL_CRS_ON_TX	BIT(11)			/* first generation */
#define M88_CTRL_DOWNSHIFT_EN	BIT(11)			/* second generation */
#define M88_CTRL_DOWNSHIFT	GENMASK(14, 12)		/* tries - 1 */
#define M88_STATUS		0x11
#define M88_STATUS_MDIX		BIT(6)
#define M88_EXT_CTRL		0x14
#define M88_EXT_CTRL_TX_CLK	GENMASK(6, 4)
#define M88_EXT_CTRL_TX_CLK_25	7
#define M88_EXT_CTRL_SLAVE	GENMASK(9, 8)
#define M88_EXT_CTRL_SLAVE_1X	1
#define M88_EXT_CTRL_MASTER	GENMASK(11, 10)
#define M88_EXT_CTRL_MASTER_1X	0
#define M88_EXT_CTRL_COUNTER	GENMASK(11, 9)		/* revision 2 of the 88E1111 */
#define M88_EXT_CTRL_COUNTER_5X	4
#define M88_DOWNSHIFT_TRIES	6

struct phy_reg_val {
	u16 reg;
	u16 val;
};

/* Analog settings of the IGP3 for boards without an NVM to load them from. */
static const struct phy_reg_val igp3_no_nvm[] = {
	{ 0x2F5B, 0x9018 }, { 0x2F52, 0x0000 }, { 0x2FB1, 0x8B24 }, { 0x2FB2, 0xF8F0 },
	{ 0x2010, 0x10B0 }, { 0x2011, 0x0000 }, { 0x20DD, 0x249A }, { 0x20DE, 0x00D3 },
	{ 0x28B4, 0x04CE }, { 0x2F70, 0x29E4 }, { 0x0000, 0x0140 }, { 0x1F30, 0x1606 },
	{ 0x1F31, 0xB814 }, { 0x1F35, 0x002A }, { 0x1F3E, 0x0067 }, { 0x1F54, 0x0065 },
	{ 0x1F55, 0x002A }, { 0x1F56, 0x002A }, { 0x1F72, 0x3FB0 }, { 0x1F76, 0xC0FF },
	{ 0x1F77, 0x1DEC }, { 0x1F78, 0xF9EF }, { 0x1F79, 0x0210 }, { 0x1895, 0x0003 },
	{ 0x1796, 0x0008 }, { 0x1798, 0xD008 }, { 0x1898, 0xD918 }, { 0x187A, 0x0800 },
	{ 0x0019, 0x008D }, { 0x001B, 0x2080 }, { 0x0014, 0x0045 }, { 0x0000, 0x1340 },
};

/* Access. */

static int mdic_op(struct kawela_pf_hw *hw, u32 cmd, u16 *val)
{
	u32 mdic;
	int err;

	lockdep_assert_held(&hw->sync_lock);

	kawela_wr32(hw->io, KW_MDIC, cmd | FIELD_PREP(KW_MDIC_PHY, hw->phy.addr) |
		    (hw->phy.ext_mdio ? KW_MDIC_DEST : 0));
	err = read_poll_timeout(kawela_rd32, mdic, mdic & KW_MDIC_READY, MDIC_POLL_US,
				MDIC_TIMEOUT_US, false, hw->io, KW_MDIC);
	if (kawela_io_removed(hw->io))
		return -ENODEV;
	if (err || mdic & KW_MDIC_ERROR)
		return -EIO;

	*val = FIELD_GET(KW_MDIC_DATA, mdic);

	return 0;
}

static int mdic_read(struct kawela_pf_hw *hw, u32 reg, u16 *val)
{
	return mdic_op(hw, KW_MDIC_OP_READ | FIELD_PREP(KW_MDIC_REG, reg), val);
}

static int mdic_write(struct kawela_pf_hw *hw, u32 reg, u16 val)
{
	u16 unused;

	return mdic_op(hw, KW_MDIC_OP_WRITE | FIELD_PREP(KW_MDIC_REG, reg) |
		       FIELD_PREP(KW_MDIC_DATA, val), &unused);
}

/* Selects the page where the PHY has pages; the register's number within it otherwise. */
static int mdic_page(struct kawela_pf_hw *hw, u32 reg)
{
	if (hw->phy.type != KAWELA_PF_PHY_IGP3 || reg < IGP3_PAGED)
		return 0;

	return mdic_write(hw, IGP3_PAGE, reg);
}

/**
 * kawela_pf_phy_read - read a PHY register
 * @hw: initialised
 * @reg: register; for the IGP3 with its page in the upper bits, below 0x100 for I2C
 * @val: where to put it
 *
 * Context: process, may sleep.
 * Return: 0; -EIO when the PHY does not answer; -EBUSY when the firmware keeps it; -ENODEV.
 */
int kawela_pf_phy_read(struct kawela_pf_hw *hw, u32 reg, u16 *val)
{
	int err;

	err = kawela_pf_sync_acquire(hw, KW_SYNC_SW_PHY(hw->port));
	if (err)
		return err;

	if (hw->phy.i2c) {
		err = kawela_pf_sgmii_read(hw, reg, val);
	} else {
		err = mdic_page(hw, reg);
		if (!err)
			err = mdic_read(hw, reg & IGP3_REG_MASK, val);
	}
	kawela_pf_sync_release(hw, KW_SYNC_SW_PHY(hw->port));

	return err;
}

/**
 * kawela_pf_phy_write - write a PHY register
 * @hw: initialised
 * @reg: as for kawela_pf_phy_read()
 * @val: value
 *
 * Context: process, may sleep.
 * Return: 0; -EIO when the PHY does not answer; -EBUSY when the firmware keeps it; -ENODEV.
 */
int kawela_pf_phy_write(struct kawela_pf_hw *hw, u32 reg, u16 val)
{
	int err;

	err = kawela_pf_sync_acquire(hw, KW_SYNC_SW_PHY(hw->port));
	if (err)
		return err;

	if (hw->phy.i2c) {
		err = kawela_pf_sgmii_write(hw, reg, val);
	} else {
		err = mdic_page(hw, reg);
		if (!err)
			err = mdic_write(hw, reg & IGP3_REG_MASK, val);
	}
	kawela_pf_sync_release(hw, KW_SYNC_SW_PHY(hw->port));

	return err;
}

static int phy_rmw(struct kawela_pf_hw *hw, u32 reg, u16 clear, u16 set)
{
	u16 val;
	int err;

	err = kawela_pf_phy_read(hw, reg, &val);
	if (err)
		return err;

	return kawela_pf_phy_write(hw, reg, (val & ~clear) | set);
}

/* Identification. */

static enum kawela_pf_phy_type phy_type(u32 id)
{
	switch (id) {
	case PHY_ID_IGP3:
		return KAWELA_PF_PHY_IGP3;
	case PHY_ID_M88E1111:
		return KAWELA_PF_PHY_M88;
	case PHY_ID_M88E1112:
		return KAWELA_PF_PHY_M88_GEN2;
	}

	return KAWELA_PF_PHY_GENERIC;
}

static int phy_read_id(struct kawela_pf_hw *hw)
{
	u16 id1, id2;
	int err;

	err = kawela_pf_phy_read(hw, MII_PHYSID1, &id1);
	if (err)
		return err;
	err = kawela_pf_phy_read(hw, MII_PHYSID2, &id2);
	if (err)
		return err;
	if (!id1 || id1 == 0xFFFF)
		return -EIO;

	hw->phy.id = (u32)id1 << 16 | (id2 & ~PHY_ID_REV);
	hw->phy.rev = FIELD_GET(PHY_ID_REV, id2);
	hw->phy.type = phy_type(hw->phy.id);

	return 0;
}

/**
 * kawela_pf_phy_identify - find the PHY, once
 * @hw: initialised, copper port
 *
 * Context: process, may sleep; hw->link_lock is held.
 * Return: 0; -EIO when none answers; -ENODEV.
 */
int kawela_pf_phy_identify(struct kawela_pf_hw *hw)
{
	lockdep_assert_held(&hw->link_lock);

	if (hw->phy.type != KAWELA_PF_PHY_NONE)
		return 0;

	if (!hw->sgmii)
		hw->phy.addr = INTERNAL_PHY_ADDR;
	else if (!hw->phy.ext_mdio)
		return kawela_pf_sgmii_find(hw) ?: phy_read_id(hw);

	return phy_read_id(hw);
}

/* Reset. */

/**
 * kawela_pf_phy_blocked - whether the management firmware forbids to disturb PHY and link
 * @hw: initialised
 *
 * Context: any.
 * Return: true when it does, also for a function that is gone.
 */
bool kawela_pf_phy_blocked(struct kawela_pf_hw *hw)
{
	return kawela_rd32(hw->io, KW_MANC) & KW_MANC_BLK_PHY_RST;
}

/**
 * kawela_pf_phy_soft_reset - reset through BMCR, which also commits settings of Marvell PHYs
 * @hw: initialised, PHY identified
 *
 * Context: process, may sleep; hw->link_lock is held.
 * Return: 0; -ETIMEDOUT; errors of kawela_pf_phy_read().
 */
int kawela_pf_phy_soft_reset(struct kawela_pf_hw *hw)
{
	u16 bmcr;
	int ret, err;

	err = phy_rmw(hw, MII_BMCR, 0, BMCR_RESET);
	if (err)
		return err;

	err = read_poll_timeout(kawela_pf_phy_read, ret, ret || !(bmcr & BMCR_RESET),
				SOFT_RESET_POLL_US, SOFT_RESET_TIMEOUT_US, false, hw, MII_BMCR,
				&bmcr);

	return err ?: ret;
}

static int phy_write_table(struct kawela_pf_hw *hw, const struct phy_reg_val *tbl, size_t n)
{
	int err = 0;

	for (; n && !err; n--, tbl++)
		err = kawela_pf_phy_write(hw, tbl->reg, tbl->val);

	return err;
}

static int phy_hard_reset(struct kawela_pf_hw *hw)
{
	int err;

	err = kawela_pf_sync_acquire(hw, KW_SYNC_SW_PHY(hw->port));
	if (err)
		return err;
	kawela_pf_hw_rmw_ctrl(hw, 0, KW_CTRL_PHY_RST);
	kawela_flush(hw->io);
	usleep_range(PHY_RST_US, 2 * PHY_RST_US);
	kawela_pf_hw_rmw_ctrl(hw, KW_CTRL_PHY_RST, 0);
	kawela_flush(hw->io);
	usleep_range(PHY_RST_RECOVER_US, 2 * PHY_RST_RECOVER_US);
	kawela_pf_sync_release(hw, KW_SYNC_SW_PHY(hw->port));

	kawela_pf_hw_wait_cfg_done(hw);
	if (hw->phy.type != KAWELA_PF_PHY_IGP3)
		return 0;
	if (!hw->nvm_words)
		return phy_write_table(hw, igp3_no_nvm, ARRAY_SIZE(igp3_no_nvm));
	if (hw->nvm_loaded)
		msleep(PHY_NVM_MS);

	return 0;
}

/**
 * kawela_pf_phy_reset - reset the PHY, unless the management firmware forbids it
 * @hw: initialised, PHY identified
 *
 * Drops the link. The link must be set up again.
 *
 * Context: process, may sleep; hw->link_lock is held.
 * Return: 0, also when forbidden; errors of kawela_pf_phy_read().
 */
int kawela_pf_phy_reset(struct kawela_pf_hw *hw)
{
	lockdep_assert_held(&hw->link_lock);

	if (kawela_pf_phy_blocked(hw))
		return 0;
	if (hw->sgmii)
		return kawela_pf_sgmii_reset(hw);

	return phy_hard_reset(hw);
}

/* Setup. */

/*
 * SmartSpeed lowers the speed after failed attempts: of no use when 1000 Mb/s is all that is
 * advertised. What it was set to by the NVM comes back when more is advertised again.
 */
static int igp3_smartspeed(struct kawela_pf_hw *hw)
{
	bool only_1000 = hw->an && hw->advertised == KAWELA_PF_ADV_1000_FULL;
	u16 val;
	int err;

	if (only_1000 == hw->phy.smartspeed_off)
		return 0;

	err = kawela_pf_phy_read(hw, IGP3_CONFIG, &val);
	if (err)
		return err;
	if (only_1000 && !(val & IGP3_CONFIG_SMARTSPEED))
		return 0;

	hw->phy.smartspeed_off = only_1000;
	val &= ~IGP3_CONFIG_SMARTSPEED;
	if (!only_1000)
		val |= IGP3_CONFIG_SMARTSPEED;

	return kawela_pf_phy_write(hw, IGP3_CONFIG, val);
}

/* No low-power link-up while a driver runs the port; MDI is fixed when the speed is. */
static int igp3_setup(struct kawela_pf_hw *hw)
{
	int err;

	err = phy_rmw(hw, IGP3_POWER, IGP3_POWER_D0_LPLU, 0);
	if (err)
		return err;
	err = phy_rmw(hw, IGP3_CTRL, IGP3_CTRL_AUTO_MDIX | IGP3_CTRL_FORCE_MDIX,
		      hw->an ? IGP3_CTRL_AUTO_MDIX : 0);
	if (err)
		return err;

	return igp3_smartspeed(hw);
}

static u16 m88_mdix(struct kawela_pf_hw *hw)
{
	return FIELD_PREP(M88_CTRL_MDIX, hw->an ? M88_CTRL_MDIX_AUTO : M88_CTRL_MDIX_MDI);
}

/* Up to revision 3 the transmit clock must be forced to 25 MHz. */
static int m88_ext_setup(struct kawela_pf_hw *hw)
{
	u16 tx_clk = FIELD_PREP(M88_EXT_CTRL_TX_CLK, M88_EXT_CTRL_TX_CLK_25);

	if (hw->phy.rev >= 4)
		return 0;
	if (hw->phy.rev == 2)
		return phy_rmw(hw, M88_EXT_CTRL, M88_EXT_CTRL_COUNTER, tx_clk |
			       FIELD_PREP(M88_EXT_CTRL_COUNTER, M88_EXT_CTRL_COUNTER_5X));

	return phy_rmw(hw, M88_EXT_CTRL, M88_EXT_CTRL_MASTER | M88_EXT_CTRL_SLAVE, tx_clk |
		       FIELD_PREP(M88_EXT_CTRL_MASTER, M88_EXT_CTRL_MASTER_1X) |
		       FIELD_PREP(M88_EXT_CTRL_SLAVE, M88_EXT_CTRL_SLAVE_1X));
}

/* Half duplex needs carrier sense on transmit. */
static int m88_setup(struct kawela_pf_hw *hw)
{
	int err;

	err = phy_rmw(hw, M88_CTRL, M88_CTRL_MDIX | M88_CTRL_NO_POLARITY,
		      m88_mdix(hw) | M88_CTRL_CRS_ON_TX);
	if (err)
		return err;
	err = m88_ext_setup(hw);
	if (err)
		return err;

	return kawela_pf_phy_soft_reset(hw);
}

static int m88_gen2_setup(struct kawela_pf_hw *hw)
{
	int err;

	err = phy_rmw(hw, M88_CTRL,
		      M88_CTRL_MDIX | M88_CTRL_NO_POLARITY | M88_CTRL_DOWNSHIFT,
		      m88_mdix(hw) | M88_CTRL_DOWNSHIFT_EN |
		      FIELD_PREP(M88_CTRL_DOWNSHIFT, M88_DOWNSHIFT_TRIES - 1));
	if (err)
		return err;

	return kawela_pf_phy_soft_reset(hw);
}

static int phy_type_setup(struct kawela_pf_hw *hw)
{
	switch (hw->phy.type) {
	case KAWELA_PF_PHY_NONE:
		return -EIO;
	case KAWELA_PF_PHY_GENERIC:
		return 0;
	case KAWELA_PF_PHY_IGP3:
		return igp3_setup(hw);
	case KAWELA_PF_PHY_M88:
		return m88_setup(hw);
	case KAWELA_PF_PHY_M88_GEN2:
		return m88_gen2_setup(hw);
	}

	return -EIO;
}

static int phy_start_an(struct kawela_pf_hw *hw)
{
	u16 adv, ctrl1000;
	int err;

	err = kawela_pf_phy_read(hw, MII_ADVERTISE, &adv);
	if (err)
		return err;
	err = kawela_pf_phy_read(hw, MII_CTRL1000, &ctrl1000);
	if (err)
		return err;
	err = kawela_pf_phy_write(hw, MII_ADVERTISE,
				  kawela_pf_fc_mii_adv(adv, hw->advertised, hw->fc_wanted));
	if (err)
		return err;
	err = kawela_pf_phy_write(hw, MII_CTRL1000,
				  kawela_pf_fc_mii_ctrl1000(ctrl1000, hw->advertised));
	if (err)
		return err;

	return phy_rmw(hw, MII_BMCR, BMCR_PDOWN | BMCR_ISOLATE | BMCR_LOOPBACK,
		       BMCR_ANENABLE | BMCR_ANRESTART);
}

static int phy_force(struct kawela_pf_hw *hw)
{
	u16 bmcr = 0;
	u32 ctrl = KW_CTRL_FRCSPD | KW_CTRL_FRCDPX;
	int err;

	if (hw->forced_speed == SPEED_100) {
		bmcr |= BMCR_SPEED100;
		ctrl |= FIELD_PREP(KW_CTRL_SPEED, KW_CTRL_SPEED_100);
	}
	if (hw->forced_duplex == DUPLEX_FULL) {
		bmcr |= BMCR_FULLDPLX;
		ctrl |= KW_CTRL_FD;
	}

	kawela_pf_hw_rmw_ctrl(hw, KW_CTRL_ASDE | KW_CTRL_SPEED | KW_CTRL_FD, ctrl);
	err = phy_rmw(hw, MII_BMCR, BMCR_ANENABLE | BMCR_SPEED1000 | BMCR_SPEED100 |
		      BMCR_FULLDPLX | BMCR_PDOWN | BMCR_ISOLATE | BMCR_LOOPBACK, bmcr);
	if (err || (hw->phy.type != KAWELA_PF_PHY_M88 && hw->phy.type != KAWELA_PF_PHY_M88_GEN2))
		return err;

	err = kawela_pf_phy_soft_reset(hw);
	if (err || hw->phy.type != KAWELA_PF_PHY_M88)
		return err;

	/* The reset took these back. */
	err = phy_rmw(hw, M88_EXT_CTRL, 0,
		      FIELD_PREP(M88_EXT_CTRL_TX_CLK, M88_EXT_CTRL_TX_CLK_25));
	if (err)
		return err;

	return phy_rmw(hw, M88_CTRL, 0, M88_CTRL_CRS_ON_TX);
}

/**
 * kawela_pf_phy_setup - put the wanted settings into the PHY and start the link
 * @hw: initialised, PHY identified
 *
 * Context: process, may sleep; hw->link_lock is held.
 * Return: 0; errors of kawela_pf_phy_read().
 */
int kawela_pf_phy_setup(struct kawela_pf_hw *hw)
{
	int err;

	lockdep_assert_held(&hw->link_lock);

	kawela_pf_hw_rmw_ctrl(hw, KW_CTRL_FRCSPD | KW_CTRL_FRCDPX, KW_CTRL_SLU);
	err = phy_type_setup(hw);
	if (err)
		return err;

	return hw->an ? phy_start_an(hw) : phy_force(hw);
}

/* State. */

/* The link bit keeps a drop until it is read: the second read tells how things are. */
static int phy_bmsr(struct kawela_pf_hw *hw, u16 *bmsr)
{
	int err;

	err = kawela_pf_phy_read(hw, MII_BMSR, bmsr);
	if (err)
		return err;

	return kawela_pf_phy_read(hw, MII_BMSR, bmsr);
}

/**
 * kawela_pf_phy_link - state of a copper link
 * @hw: initialised, PHY identified
 * @st: set to the state; flow control is left alone
 *
 * The PHY says whether there is a link, the MAC, which follows the PHY, how fast it is.
 *
 * Context: process, may sleep; hw->link_lock is held.
 * Return: 0; errors of kawela_pf_phy_read(), with the link down.
 */
int kawela_pf_phy_link(struct kawela_pf_hw *hw, struct kawela_pf_link_state *st)
{
	u32 status;
	u16 bmsr;
	int err;

	lockdep_assert_held(&hw->link_lock);

	*st = KAWELA_PF_LINK_DOWN;
	err = phy_bmsr(hw, &bmsr);
	if (err || !(bmsr & BMSR_LSTATUS))
		return err;

	status = kawela_rd32(hw->io, KW_STATUS);
	if (kawela_io_removed(hw->io))
		return -ENODEV;

	st->up = true;
	st->duplex = status & KW_STATUS_FD ? DUPLEX_FULL : DUPLEX_HALF;
	switch (FIELD_GET(KW_STATUS_SPEED, status)) {
	case KW_STATUS_SPEED_10:
		st->speed = SPEED_10;
		break;
	case KW_STATUS_SPEED_100:
		st->speed = SPEED_100;
		break;
	default:
		st->speed = SPEED_1000;
	}

	return 0;
}

/**
 * kawela_pf_phy_partner - what the partner advertises
 * @hw: initialised, PHY identified
 * @lpa: set to MII_LPA
 * @stat1000: set to MII_STAT1000
 *
 * Context: process, may sleep; hw->link_lock is held.
 * Return: 0; -EAGAIN while autonegotiation is not complete; errors of kawela_pf_phy_read().
 */
int kawela_pf_phy_partner(struct kawela_pf_hw *hw, u16 *lpa, u16 *stat1000)
{
	u16 bmsr;
	int err;

	lockdep_assert_held(&hw->link_lock);

	err = phy_bmsr(hw, &bmsr);
	if (err)
		return err;
	if (!(bmsr & BMSR_ANEGCOMPLETE))
		return -EAGAIN;

	err = kawela_pf_phy_read(hw, MII_LPA, lpa);
	if (err)
		return err;

	return kawela_pf_phy_read(hw, MII_STAT1000, stat1000);
}

/**
 * kawela_pf_phy_mdix - whether the PHY has crossed the pairs
 * @hw: initialised, PHY identified, link up
 *
 * Context: process, may sleep; hw->link_lock is held.
 * Return: ETH_TP_MDI, ETH_TP_MDI_X or, when the PHY does not tell, ETH_TP_MDI_INVALID.
 */
u8 kawela_pf_phy_mdix(struct kawela_pf_hw *hw)
{
	bool igp3 = hw->phy.type == KAWELA_PF_PHY_IGP3;
	u16 val;

	lockdep_assert_held(&hw->link_lock);

	if (hw->phy.type == KAWELA_PF_PHY_NONE || hw->phy.type == KAWELA_PF_PHY_GENERIC)
		return ETH_TP_MDI_INVALID;
	if (kawela_pf_phy_read(hw, igp3 ? IGP3_STATUS : M88_STATUS, &val))
		return ETH_TP_MDI_INVALID;

	return val & (igp3 ? IGP3_STATUS_MDIX : M88_STATUS_MDIX) ? ETH_TP_MDI_X : ETH_TP_MDI;
}
