/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 82576's MAC, NVM, PHY and link as the PF driver sees them.
 *
 * Owns: reset, the registers CTRL, CTRL_EXT, EECD, EERD, SWSM, SW_FW_SYNC, MDIC, I2CCMD, PCS_*,
 * CONNSW, LEDCTL, FC*, RXPBS, GCR, and the base values of RCTL and TCTL.
 * Never touches: queues, pools, filters, interrupts beyond masking them for a reset, netdevs.
 *
 * Locks, outermost first:
 *   hw->link_lock  mutex: what the port advertises, forces and last resolved to, and the sequence
 *                  of PHY or PCS accesses that puts it into effect. Taken by kawela_pf_link_*().
 *   hw->sync_lock  mutex: SWSM, SW_FW_SYNC and what they guard (MDIC, I2CCMD, the NVM), among the
 *                  threads of this function; the semaphores do the same among functions and the
 *                  management firmware.
 *   hw->reg_lock   spinlock: read-modify-write of CTRL and CTRL_EXT. Any context.
 *
 * Every wait is bounded and sleeps; everything is process context unless it says otherwise.
 * After a surprise removal every function ends quickly; those that return an errno say -ENODEV.
 */
#ifndef _KAWELA_PF_HW_H
#define _KAWELA_PF_HW_H

#include <linux/ethtool.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <net/kawela/io.h>

#include "pf_fc.h"
#include "pf_nvm_parse.h"

/**
 * enum kawela_pf_media - what the port is wired to
 * @KAWELA_PF_MEDIA_COPPER: a PHY, internal or behind SGMII
 * @KAWELA_PF_MEDIA_SERDES: 1000BASE-X: fiber, or a SERDES backplane
 * @KAWELA_PF_MEDIA_KX: 1000BASE-KX backplane
 */
enum kawela_pf_media {
	KAWELA_PF_MEDIA_COPPER,
	KAWELA_PF_MEDIA_SERDES,
	KAWELA_PF_MEDIA_KX,
};

/**
 * enum kawela_pf_phy_type - PHYs the driver knows how to set up
 * @KAWELA_PF_PHY_NONE: none (serdes), or none found
 * @KAWELA_PF_PHY_GENERIC: unknown id; IEEE registers only
 * @KAWELA_PF_PHY_IGP3: the internal PHY of the 82576
 * @KAWELA_PF_PHY_M88: Marvell 88E1111
 * @KAWELA_PF_PHY_M88_GEN2: Marvell 88E1112 and later
 */
enum kawela_pf_phy_type {
	KAWELA_PF_PHY_NONE,
	KAWELA_PF_PHY_GENERIC,
	KAWELA_PF_PHY_IGP3,
	KAWELA_PF_PHY_M88,
	KAWELA_PF_PHY_M88_GEN2,
};

/**
 * struct kawela_pf_link_state - the link as last resolved
 * @up: link is up
 * @speed: 10, 100 or 1000 (Mb/s), SPEED_UNKNOWN when down
 * @duplex: DUPLEX_HALF, DUPLEX_FULL, DUPLEX_UNKNOWN when down
 * @fc: directions of flow control in effect, KAWELA_PF_FC_*
 */
struct kawela_pf_link_state {
	bool up;
	int speed;
	u8 duplex;
	u8 fc;
};

#define KAWELA_PF_LINK_DOWN	((struct kawela_pf_link_state) {	\
					.speed = SPEED_UNKNOWN,		\
					.duplex = DUPLEX_UNKNOWN,	\
				})

/**
 * struct kawela_pf_phy - the PHY of the port
 * @type: how to set it up
 * @id: IEEE identifier without the revision (low four bits zero)
 * @rev: revision
 * @addr: MDIO or I2C address
 * @i2c: reached through I2CCMD rather than MDIC
 * @ext_mdio: reached through MDIC's external pins
 * @smartspeed_off: SmartSpeed was on and is off for as long as only 1000 Mb/s is advertised
 */
struct kawela_pf_phy {
	enum kawela_pf_phy_type type;
	u32 id;
	u8 rev;
	u8 addr;
	bool i2c;
	bool ext_mdio;
	bool smartspeed_off;
};

/**
 * struct kawela_pf_hw - one port of an 82576
 * @io: register window, not owned
 * @pdev: PCI function, not owned
 * @link_lock: see the head of this file
 * @sync_lock: see the head of this file
 * @reg_lock: see the head of this file
 * @port: LAN port, 0 or 1
 * @media: what the port is wired to
 * @sgmii: the PHY is external, behind SGMII
 * @module: a module was found in the cage and decided @media and @sgmii
 * @fx100: the module is 100BASE-FX or LX10, over SGMII
 * @phy: PHY, if any
 * @nvm_words: size of the NVM in 16-bit words, 0 without one
 * @nvm_addr_bits: address width of the SPI part, 8 or 16
 * @nvm_loaded: the last reset read the NVM
 * @an: autonegotiate; otherwise @forced_speed and @forced_duplex hold
 * @advertised: speeds to advertise, KAWELA_PF_ADV_*
 * @forced_speed: 10 or 100 (Mb/s)
 * @forced_duplex: DUPLEX_HALF or DUPLEX_FULL
 * @fc_an: take flow control from autonegotiation
 * @fc_wanted: flow control to advertise or force, KAWELA_PF_FC_*
 * @fc_pending: the link is up, but the partner's pause bits are not known yet
 * @pcs_an: the PCS negotiates
 * @water: packet buffer fill levels for XOFF and XON
 * @ledctl: LEDCTL to restore after identification
 * @state: the link as last resolved
 *
 * Embedded in the PF's private struct. Private to pf_*.c of this room: others use the functions
 * below, and may read @port, @media, @nvm_words, @phy after kawela_pf_hw_init().
 */
struct kawela_pf_hw {
	struct kawela_io *io;
	struct pci_dev *pdev;
	struct mutex link_lock; /* see the head of this file */
	struct mutex sync_lock; /* see the head of this file */
	spinlock_t reg_lock; /* see the head of this file */

	u8 port;
	enum kawela_pf_media media;
	bool sgmii;
	bool module;
	bool fx100;
	struct kawela_pf_phy phy;
	u32 nvm_words;
	u8 nvm_addr_bits;
	bool nvm_loaded;

	bool an;
	u8 advertised;
	u16 forced_speed;
	u8 forced_duplex;
	bool fc_an;
	u8 fc_wanted;
	bool fc_pending;
	bool pcs_an;
	struct kawela_pf_fc_water water;
	u32 ledctl;
	struct kawela_pf_link_state state;
};

/* pf_hw.c */

/**
 * kawela_pf_hw_init - find out what the port is: number, media, NVM
 * @hw: zeroed
 * @pdev: enabled PCI function
 * @io: its mapped BAR 0
 *
 * Does not reset. The first kawela_pf_hw_setup() looks for the PHY, since a reset may wake it.
 *
 * Context: process, may sleep (up to a second for a port with a cage).
 * Return: 0, or -ENODEV when the function is gone.
 */
int kawela_pf_hw_init(struct kawela_pf_hw *hw, struct pci_dev *pdev, struct kawela_io *io);

/**
 * kawela_pf_hw_fini - undo kawela_pf_hw_init()
 * @hw: initialised; no other user left
 *
 * Context: process.
 */
void kawela_pf_hw_fini(struct kawela_pf_hw *hw);

/**
 * kawela_pf_hw_reset - stop the function and reset its MAC
 * @hw: initialised
 *
 * Masks all interrupts of the device, stops receive and transmit, waits for outstanding bus
 * requests, resets, waits for the NVM to be read, and clears pending causes. Waits that run out are
 * not errors: a part without NVM never raises the bits, nor does the QEMU model. All registers
 * but the packet buffer split are at their reset value afterwards, the VFs' too, and the VFs' RSTI
 * is raised; the PHY of the silicon is not reset.
 *
 * Context: process, sleeps up to 110 ms. The caller has stopped queues, mailbox and link work.
 * Return: 0, or -ENODEV when the function is gone.
 */
int kawela_pf_hw_reset(struct kawela_pf_hw *hw);

/**
 * kawela_pf_hw_setup - bring the MAC and the link to work after a reset
 * @hw: just reset
 *
 * Writes the base values of RCTL and TCTL without enabling either, flow control, clears the
 * counters, identifies the PHY on the first call, and starts the link. Filters, queues, pools and
 * interrupts are left to others.
 *
 * Context: process, may sleep.
 * Return: 0; -ENODEV when the function is gone; -EIO when the PHY does not answer.
 */
int kawela_pf_hw_setup(struct kawela_pf_hw *hw);

/**
 * kawela_pf_hw_clear_stats - zero the clear-on-read counters
 * @hw: initialised
 *
 * Context: any.
 */
void kawela_pf_hw_clear_stats(struct kawela_pf_hw *hw);

/**
 * kawela_pf_hw_set_drv_load - tell the management firmware whether a driver is there
 * @hw: initialised
 * @loaded: a driver owns the port
 *
 * Context: any.
 */
void kawela_pf_hw_set_drv_load(struct kawela_pf_hw *hw, bool loaded);

/**
 * kawela_pf_hw_signal_vfs - tell all VFs that the PF's reset is over (CTRL_EXT.PFRSTD)
 * @hw: initialised
 *
 * Clears RSTI and raises RSTD in every VF's mailbox register.
 *
 * Context: any.
 */
void kawela_pf_hw_signal_vfs(struct kawela_pf_hw *hw);

/**
 * kawela_pf_hw_rmw_ctrl - change bits of CTRL
 * @hw: initialised
 * @clear: bits to clear
 * @set: bits to set afterwards
 *
 * The only way to write CTRL outside the reset itself.
 *
 * Context: any.
 */
void kawela_pf_hw_rmw_ctrl(struct kawela_pf_hw *hw, u32 clear, u32 set);

/**
 * kawela_pf_hw_rmw_ctrl_ext - change bits of CTRL_EXT
 * @hw: initialised
 * @clear: bits to clear
 * @set: bits to set afterwards
 *
 * The only way to write CTRL_EXT. PFRSTD is written back only when it is in @set.
 *
 * Context: any.
 */
void kawela_pf_hw_rmw_ctrl_ext(struct kawela_pf_hw *hw, u32 clear, u32 set);

/**
 * kawela_pf_hw_mac - the port's permanent address
 * @hw: just reset, receive address 0 not yet written
 * @mac: where to put it
 *
 * In this order: the alternate address in the NVM; receive address 0 as the hardware loaded it;
 * words 0 to 2 of the NVM, last octet toggled for port 1.
 *
 * Context: process, may sleep.
 * Return: 0; -EADDRNOTAVAIL when none of them is a valid unicast address; -ENODEV.
 */
int kawela_pf_hw_mac(struct kawela_pf_hw *hw, u8 mac[ETH_ALEN]);

/**
 * kawela_pf_hw_identify - ethtool -p
 * @hw: initialised
 * @state: as given to ethtool_ops.set_phys_id
 *
 * Context: process (RTNL).
 * Return: 2 (ON/OFF cycles a second) for ETHTOOL_ID_ACTIVE, 0 for the others, -EINVAL.
 */
int kawela_pf_hw_identify(struct kawela_pf_hw *hw, enum ethtool_phys_id_state state);

void kawela_pf_hw_wait_cfg_done(struct kawela_pf_hw *hw);
int kawela_pf_sync_acquire(struct kawela_pf_hw *hw, u32 mask);
void kawela_pf_sync_release(struct kawela_pf_hw *hw, u32 mask);

/* pf_nvm.c */

/**
 * kawela_pf_nvm_read - read words of the NVM
 * @hw: initialised
 * @word: first word
 * @count: how many
 * @buf: where to put them, CPU order
 *
 * Context: process, may sleep.
 * Return: 0; -ENODATA without an NVM; -EINVAL outside it; -EBUSY when the firmware or the other
 * port keeps it; -ETIMEDOUT; -ENODEV.
 */
int kawela_pf_nvm_read(struct kawela_pf_hw *hw, u32 word, u32 count, u16 *buf);

/**
 * kawela_pf_nvm_validate - check the sum of words 0 to 0x3F
 * @hw: initialised
 *
 * Context: process, may sleep.
 * Return: 0; -EBADMSG when the sum is not 0xBABA; errors of kawela_pf_nvm_read().
 */
int kawela_pf_nvm_validate(struct kawela_pf_hw *hw);

/**
 * kawela_pf_nvm_alt_mac - the alternate address of this port
 * @hw: initialised
 * @mac: where to put it
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT when there is none; errors of kawela_pf_nvm_read().
 */
int kawela_pf_nvm_alt_mac(struct kawela_pf_hw *hw, u8 mac[ETH_ALEN]);

/**
 * kawela_pf_nvm_pba - the board's part number
 * @hw: initialised
 * @buf: where to put the string
 * @size: bytes at @buf, KAWELA_PF_PBA_SIZE is always enough
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT when there is none; -ENOSPC; -EBADMSG; errors of kawela_pf_nvm_read().
 */
int kawela_pf_nvm_pba(struct kawela_pf_hw *hw, char *buf, size_t size);

/**
 * kawela_pf_nvm_fw_version - version of the NVM image, as ethtool -i and devlink dev info show it
 * @hw: initialised
 * @buf: where to put the string
 * @size: bytes at @buf, 32 is enough
 *
 * Context: process, may sleep.
 * Return: 0; errors of kawela_pf_nvm_read().
 */
int kawela_pf_nvm_fw_version(struct kawela_pf_hw *hw, char *buf, size_t size);

void kawela_pf_nvm_init(struct kawela_pf_hw *hw);
int kawela_pf_nvm_base_mac(struct kawela_pf_hw *hw, u8 mac[ETH_ALEN]);

/* pf_phy.c */

int kawela_pf_phy_read(struct kawela_pf_hw *hw, u32 reg, u16 *val);
int kawela_pf_phy_write(struct kawela_pf_hw *hw, u32 reg, u16 val);
bool kawela_pf_phy_blocked(struct kawela_pf_hw *hw);
int kawela_pf_phy_identify(struct kawela_pf_hw *hw);
int kawela_pf_phy_reset(struct kawela_pf_hw *hw);
int kawela_pf_phy_soft_reset(struct kawela_pf_hw *hw);
int kawela_pf_phy_setup(struct kawela_pf_hw *hw);
int kawela_pf_phy_link(struct kawela_pf_hw *hw, struct kawela_pf_link_state *st);
int kawela_pf_phy_partner(struct kawela_pf_hw *hw, u16 *lpa, u16 *stat1000);
u8 kawela_pf_phy_mdix(struct kawela_pf_hw *hw);

/* pf_sgmii.c */

int kawela_pf_sgmii_read(struct kawela_pf_hw *hw, u32 reg, u16 *val);
int kawela_pf_sgmii_write(struct kawela_pf_hw *hw, u32 reg, u16 val);
int kawela_pf_sgmii_find(struct kawela_pf_hw *hw);
int kawela_pf_sgmii_reset(struct kawela_pf_hw *hw);
int kawela_pf_sgmii_module(struct kawela_pf_hw *hw);
bool kawela_pf_sgmii_uses_mdio(struct kawela_pf_hw *hw);

/* pf_serdes.c */

void kawela_pf_serdes_setup(struct kawela_pf_hw *hw);
void kawela_pf_serdes_link(struct kawela_pf_hw *hw, struct kawela_pf_link_state *st);
int kawela_pf_serdes_partner(struct kawela_pf_hw *hw, bool *pause, bool *asym);
void kawela_pf_serdes_force_fc(struct kawela_pf_hw *hw);

/* pf_link.c */

/**
 * kawela_pf_link_setup - (re)start the link with the present settings
 * @hw: initialised, MAC set up
 *
 * Powers PHY, or PCS and laser, up and restarts autonegotiation, or forces the speed.
 * kawela_pf_hw_setup() has done this already.
 *
 * Context: process, may sleep. Takes hw->link_lock.
 * Return: 0; -EIO when the PHY does not answer; -ENODEV.
 */
int kawela_pf_link_setup(struct kawela_pf_hw *hw);

/**
 * kawela_pf_link_check - find the state of the link and make the MAC follow it
 * @hw: initialised, MAC set up
 * @st: where to put the state
 *
 * For the link interrupt's work and a slow poll. Resolves flow control when the link came up and
 * writes it to the MAC. When the PHY cannot be read the link counts as down.
 *
 * Context: process, may sleep. Takes hw->link_lock.
 * Return: 0; -EIO when the PHY does not answer; -ENODEV. @st is valid in every case.
 */
int kawela_pf_link_check(struct kawela_pf_hw *hw, struct kawela_pf_link_state *st);

/**
 * kawela_pf_link_ksettings_get - for ethtool_ops.get_link_ksettings
 * @hw: initialised
 * @ks: to fill
 *
 * Reports the state of the last kawela_pf_link_check().
 *
 * Context: process, may sleep (RTNL). Takes hw->link_lock.
 * Return: 0.
 */
int kawela_pf_link_ksettings_get(struct kawela_pf_hw *hw, struct ethtool_link_ksettings *ks);

/**
 * kawela_pf_link_ksettings_set - for ethtool_ops.set_link_ksettings
 * @hw: initialised, MAC set up
 * @ks: wanted
 *
 * Copper: autonegotiation with any subset of the supported modes, or 10/100 forced. Fiber and
 * backplane: 1000/full, autonegotiated or forced. Restarts the link.
 *
 * Context: process, may sleep (RTNL). Takes hw->link_lock.
 * Return: 0; -EINVAL when the port cannot do it (settings unchanged); -EOPNOTSUPP for MDI-X
 * settings; -EBUSY while the management firmware uses the link; -EIO; -ENODEV.
 */
int kawela_pf_link_ksettings_set(struct kawela_pf_hw *hw, const struct ethtool_link_ksettings *ks);

/**
 * kawela_pf_link_nway_reset - for ethtool_ops.nway_reset
 * @hw: initialised, MAC set up
 *
 * Context: process, may sleep (RTNL). Takes hw->link_lock.
 * Return: 0; -EINVAL when the speed is forced; -EIO; -ENODEV.
 */
int kawela_pf_link_nway_reset(struct kawela_pf_hw *hw);

/**
 * kawela_pf_link_pause_get - for ethtool_ops.get_pauseparam
 * @hw: initialised
 * @pause: to fill: what was asked for
 *
 * Context: process (RTNL). Takes hw->link_lock.
 */
void kawela_pf_link_pause_get(struct kawela_pf_hw *hw, struct ethtool_pauseparam *pause);

/**
 * kawela_pf_link_pause_set - for ethtool_ops.set_pauseparam
 * @hw: initialised, MAC set up
 * @pause: wanted
 *
 * With autonegotiation of pause the link is renegotiated; without, the MAC is set at once.
 *
 * Context: process, may sleep (RTNL). Takes hw->link_lock.
 * Return: 0; -EINVAL when pause is to be negotiated on a forced link; -EIO; -ENODEV.
 */
int kawela_pf_link_pause_set(struct kawela_pf_hw *hw, const struct ethtool_pauseparam *pause);

#endif /* _KAWELA_PF_HW_H */
