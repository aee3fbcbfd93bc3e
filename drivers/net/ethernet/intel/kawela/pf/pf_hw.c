// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MAC of the 82576: what the port is, reset, base settings, semaphores shared with the
 * management firmware and the other port, LEDs.
 *
 * Owns: CTRL and CTRL_EXT, SWSM, SW_FW_SYNC, GCR, LEDCTL, and the base values of RCTL and TCTL.
 * Never touches: PHY and PCS (pf_phy.c, pf_serdes.c), queues, filters, interrupt routing.
 * Locks: hw->reg_lock and hw->sync_lock, see pf_hw.h.
 */

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/iopoll.h>
#include <linux/unaligned.h>

#include "pf_hw.h"

#define MASTER_POLL_US		100
#define MASTER_TIMEOUT_US	80000
#define DRAIN_US		10000	/* bus transactions under way when RX and TX stop */
#define RESET_US		1000	/* no register access while the reset is under way */
#define AUTO_RD_POLL_US		1000
#define AUTO_RD_TIMEOUT_US	10000
#define CFG_DONE_POLL_US	1000
#define CFG_DONE_TIMEOUT_US	100000

#define SWSM_POLL_US		50
#define SWSM_TIMEOUT_US		100000
#define SYNC_POLL_US		5000
#define SYNC_TIMEOUT_US		1000000

#define PAUSE_TIME		0xFFFF	/* in units of 512 bit times */
#define COLLISION_THRESHOLD	15
#define COLLISION_DISTANCE	63
#define DEVCTL2_16MS_TO_55MS	0x5

#define LEDCTL_LEDS		4
#define LEDCTL_LED_BITS		8

/* Clear on read. SCVPC is left out: copper ports must not read it. */
static const u32 hw_counters[] = {
	KW_CRCERRS, KW_ALGNERRC, KW_SYMERRS, KW_RXERRC, KW_MPC, KW_SCC, KW_ECOL, KW_MCC,
	KW_LATECOL, KW_COLC, KW_DC, KW_TNCRS, KW_RLEC, KW_XONRXC, KW_XONTXC, KW_XOFFRXC,
	KW_XOFFTXC, KW_FCRUC, KW_PRC64, KW_PRC127, KW_PRC255, KW_PRC511, KW_PRC1023, KW_PRC1522,
	KW_GPRC, KW_BPRC, KW_MPRC, KW_GPTC, KW_GORCL, KW_GORCH, KW_GOTCL, KW_GOTCH, KW_RNBC,
	KW_RUC, KW_RFC, KW_ROC, KW_RJC, KW_TORL, KW_TORH, KW_TOTL, KW_TOTH, KW_TPR, KW_TPT,
	KW_PTC64, KW_PTC127, KW_PTC255, KW_PTC511, KW_PTC1023, KW_PTC1522, KW_MPTC, KW_BPTC,
	KW_TSCTC, KW_IAC, KW_LENERRS,
};

void kawela_pf_hw_rmw_ctrl(struct kawela_pf_hw *hw, u32 clear, u32 set)
{
	unsigned long flags;

	spin_lock_irqsave(&hw->reg_lock, flags);
	kawela_rmw32(hw->io, KW_CTRL, clear, set);
	spin_unlock_irqrestore(&hw->reg_lock, flags);
}

void kawela_pf_hw_rmw_ctrl_ext(struct kawela_pf_hw *hw, u32 clear, u32 set)
{
	unsigned long flags;

	spin_lock_irqsave(&hw->reg_lock, flags);
	kawela_rmw32(hw->io, KW_CTRL_EXT, clear | KW_CTRL_EXT_PFRSTD, set);
	spin_unlock_irqrestore(&hw->reg_lock, flags);
}

void kawela_pf_hw_set_drv_load(struct kawela_pf_hw *hw, bool loaded)
{
	kawela_pf_hw_rmw_ctrl_ext(hw, KW_CTRL_EXT_DRV_LOAD, loaded ? KW_CTRL_EXT_DRV_LOAD : 0);
}

void kawela_pf_hw_signal_vfs(struct kawela_pf_hw *hw)
{
	kawela_pf_hw_rmw_ctrl_ext(hw, 0, KW_CTRL_EXT_PFRSTD);
	kawela_flush(hw->io);
}

/* SWSM. */

static void swsm_put(struct kawela_pf_hw *hw)
{
	kawela_rmw32(hw->io, KW_SWSM, KW_SWSM_SMBI | KW_SWSM_SWESMBI, 0);
}

static bool swsm_try_swesmbi(struct kawela_pf_hw *hw)
{
	kawela_rmw32(hw->io, KW_SWSM, 0, KW_SWSM_SWESMBI);

	return kawela_rd32(hw->io, KW_SWSM) & KW_SWSM_SWESMBI;
}

/* SMBI keeps other drivers out and is taken by reading it clear, SWESMBI keeps firmware out. */
static int swsm_get(struct kawela_pf_hw *hw)
{
	u32 swsm;
	bool got;
	int err;

	err = read_poll_timeout(kawela_rd32, swsm,
				!(swsm & KW_SWSM_SMBI) || kawela_io_removed(hw->io),
				SWSM_POLL_US, SWSM_TIMEOUT_US, false, hw->io, KW_SWSM);
	if (kawela_io_removed(hw->io))
		return -ENODEV;
	/*
	 * Its owner holds SMBI for a few register accesses. Held this long, a driver died with it:
	 * go on as the new owner.
	 */
	if (err)
		dev_warn_once(&hw->pdev->dev, "taking over a stale software semaphore\n");

	err = read_poll_timeout(swsm_try_swesmbi, got, got, SWSM_POLL_US, SWSM_TIMEOUT_US, false,
				hw);
	if (err)
		swsm_put(hw);

	return err ? -EBUSY : 0;
}

/* One look at SW_FW_SYNC: 0 when the resource is ours now, -EAGAIN when somebody has it. */
static int sync_try(struct kawela_pf_hw *hw, u32 mask)
{
	u32 sync;
	int err;

	err = swsm_get(hw);
	if (err)
		return err;

	sync = kawela_rd32(hw->io, KW_SW_FW_SYNC);
	if (sync & (mask | mask << KW_SYNC_FW_SHIFT))
		err = -EAGAIN;
	else
		kawela_wr32(hw->io, KW_SW_FW_SYNC, sync | mask);
	swsm_put(hw);

	return err;
}

/**
 * kawela_pf_sync_acquire - own the PHY or the NVM
 * @hw: initialised
 * @mask: KW_SYNC_SW_*
 *
 * Context: process, may sleep. On success hw->sync_lock is held.
 * Return: 0; -EBUSY when the firmware or the other port keeps it for a second; -ENODEV.
 */
int kawela_pf_sync_acquire(struct kawela_pf_hw *hw, u32 mask)
{
	int ret, err;

	mutex_lock(&hw->sync_lock);
	err = read_poll_timeout(sync_try, ret, ret != -EAGAIN, SYNC_POLL_US, SYNC_TIMEOUT_US,
				false, hw, mask);
	if (!err)
		err = ret;
	if (err) {
		mutex_unlock(&hw->sync_lock);
		return err == -ENODEV ? -ENODEV : -EBUSY;
	}

	return 0;
}

/**
 * kawela_pf_sync_release - undo kawela_pf_sync_acquire()
 * @hw: initialised
 * @mask: as given to kawela_pf_sync_acquire()
 *
 * Context: process, may sleep; hw->sync_lock is held and gets released.
 */
void kawela_pf_sync_release(struct kawela_pf_hw *hw, u32 mask)
{
	int err;

	lockdep_assert_held(&hw->sync_lock);

	/* Without SWSM the write may race, but not to write would lock everybody out for good. */
	err = swsm_get(hw);
	kawela_rmw32(hw->io, KW_SW_FW_SYNC, mask, 0);
	if (!err)
		swsm_put(hw);
	mutex_unlock(&hw->sync_lock);
}

/* Reset. */

/*
 * By default a read completion may take 0.5 to 1 ms, less than the 10 ms that PCIe recommends:
 * take 10 to 200 ms with the first version of the PCIe capability, 16 to 55 ms with the second.
 * A value that somebody has set stays. Requests are never sent again.
 */
static void hw_completion_timeout(struct kawela_pf_hw *hw)
{
	u32 gcr = kawela_rd32(hw->io, KW_GCR);

	if (!FIELD_GET(KW_GCR_CMPL_TMOUT, gcr)) {
		if (gcr & KW_GCR_CAP_VER2)
			pcie_capability_clear_and_set_word(hw->pdev, PCI_EXP_DEVCTL2,
							   PCI_EXP_DEVCTL2_COMP_TIMEOUT,
							   DEVCTL2_16MS_TO_55MS);
		else
			gcr |= FIELD_PREP(KW_GCR_CMPL_TMOUT, KW_GCR_CMPL_TMOUT_10MS);
	}

	kawela_wr32(hw->io, KW_GCR, gcr & ~KW_GCR_CMPL_RESEND);
}

/* A reset amid a bus request of the device can hang the bus. */
static void hw_stop_master(struct kawela_pf_hw *hw)
{
	u32 status;

	kawela_pf_hw_rmw_ctrl(hw, 0, KW_CTRL_GIO_MASTER_DIS);
	if (read_poll_timeout(kawela_rd32, status,
			      !(status & KW_STATUS_GIO_MASTER_EN) || kawela_io_removed(hw->io),
			      MASTER_POLL_US, MASTER_TIMEOUT_US, false, hw->io, KW_STATUS))
		dev_dbg(&hw->pdev->dev, "bus requests still pending before the reset\n");
}

static void hw_mask_irqs(struct kawela_pf_hw *hw)
{
	kawela_wr32(hw->io, KW_IMC, ~0u);
	kawela_wr32(hw->io, KW_EIMC, ~0u);
}

/**
 * kawela_pf_hw_wait_cfg_done - wait until the firmware has set up the PHY from the NVM
 * @hw: initialised
 *
 * Not for parts that did not read an NVM: they never say so.
 *
 * Context: process, sleeps up to 100 ms.
 */
void kawela_pf_hw_wait_cfg_done(struct kawela_pf_hw *hw)
{
	u32 val;

	if (!hw->nvm_loaded)
		return;

	if (read_poll_timeout(kawela_rd32, val, val & KW_EEMNGCTL_CFG_DONE(hw->port),
			      CFG_DONE_POLL_US, CFG_DONE_TIMEOUT_US, false, hw->io, KW_EEMNGCTL))
		dev_dbg(&hw->pdev->dev, "PHY configuration from the NVM did not complete\n");
}

int kawela_pf_hw_reset(struct kawela_pf_hw *hw)
{
	u32 eecd;
	int err;

	hw_stop_master(hw);
	hw_completion_timeout(hw);
	hw_mask_irqs(hw);
	kawela_wr32(hw->io, KW_RCTL, 0);
	kawela_wr32(hw->io, KW_TCTL, KW_TCTL_PSP);
	kawela_flush(hw->io);
	if (kawela_io_removed(hw->io))
		return -ENODEV;
	usleep_range(DRAIN_US, DRAIN_US + 1000);

	kawela_pf_hw_rmw_ctrl(hw, 0, KW_CTRL_RST);
	usleep_range(RESET_US, 2 * RESET_US);

	err = read_poll_timeout(kawela_rd32, eecd, eecd & KW_EECD_AUTO_RD, AUTO_RD_POLL_US,
				AUTO_RD_TIMEOUT_US, false, hw->io, KW_EECD);
	hw->nvm_loaded = !err;
	if (err)
		dev_dbg(&hw->pdev->dev, "NVM not read after the reset\n");
	kawela_pf_hw_wait_cfg_done(hw);

	hw_mask_irqs(hw);
	kawela_rd32(hw->io, KW_ICR);
	kawela_rd32(hw->io, KW_EICR);

	return kawela_io_removed(hw->io) ? -ENODEV : 0;
}

/* Setup. */

static void hw_setup_mac(struct kawela_pf_hw *hw)
{
	kawela_wr32(hw->io, KW_RCTL, KW_RCTL_BAM);
	kawela_wr32(hw->io, KW_TCTL, KW_TCTL_PSP | KW_TCTL_RTLC |
		    FIELD_PREP(KW_TCTL_CT, COLLISION_THRESHOLD) |
		    FIELD_PREP(KW_TCTL_COLD, COLLISION_DISTANCE));

	/* Written even with flow control off: the receiver must know pause frames to drop them. */
	kawela_wr32(hw->io, KW_FCT, KW_FC_TYPE);
	kawela_wr32(hw->io, KW_FCAH, KW_FC_ADDR_HIGH);
	kawela_wr32(hw->io, KW_FCAL, KW_FC_ADDR_LOW);
	kawela_wr32(hw->io, KW_FCTTV, PAUSE_TIME);
}

void kawela_pf_hw_clear_stats(struct kawela_pf_hw *hw)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hw_counters); i++)
		kawela_rd32(hw->io, hw_counters[i]);
}

int kawela_pf_hw_setup(struct kawela_pf_hw *hw)
{
	int err;

	hw_setup_mac(hw);
	err = kawela_pf_link_setup(hw);

	/* After the link: without one, symbol errors count up fast. */
	kawela_pf_hw_clear_stats(hw);

	return kawela_io_removed(hw->io) ? -ENODEV : err;
}

/* What the port is. */

/* The reset loads CTRL_EXT from the NVM; a module in the cage may have had it changed. */
static void hw_find_media(struct kawela_pf_hw *hw)
{
	u32 mode = FIELD_GET(KW_CTRL_EXT_LINK_MODE, kawela_rd32(hw->io, KW_CTRL_EXT));

	hw->media = KAWELA_PF_MEDIA_COPPER;
	switch (mode) {
	case KW_CTRL_EXT_MODE_KX:
		hw->media = KAWELA_PF_MEDIA_KX;
		break;
	case KW_CTRL_EXT_MODE_SGMII:
		hw->sgmii = true;
		if (!kawela_pf_sgmii_uses_mdio(hw))
			kawela_pf_sgmii_module(hw);
		break;
	case KW_CTRL_EXT_MODE_SERDES:
		hw->media = KAWELA_PF_MEDIA_SERDES;
		kawela_pf_sgmii_module(hw);
		break;
	}
}

int kawela_pf_hw_init(struct kawela_pf_hw *hw, struct pci_dev *pdev, struct kawela_io *io)
{
	u32 status;
	u16 ctrl2;

	hw->pdev = pdev;
	hw->io = io;
	mutex_init(&hw->link_lock);
	mutex_init(&hw->sync_lock);
	spin_lock_init(&hw->reg_lock);

	status = kawela_rd32(io, KW_STATUS);
	hw->port = FIELD_GET(KW_STATUS_FUNC, status) & 1;
	kawela_pf_nvm_init(hw);
	hw_find_media(hw);

	hw->an = hw->media != KAWELA_PF_MEDIA_KX;
	hw->advertised = hw->media == KAWELA_PF_MEDIA_COPPER ? KAWELA_PF_ADV_COPPER :
							       KAWELA_PF_ADV_1000X;
	hw->fc_an = true;
	hw->fc_wanted = KAWELA_PF_FC_RX | KAWELA_PF_FC_TX;
	if (!kawela_pf_nvm_read(hw, KAWELA_PF_NVM_CTRL2, 1, &ctrl2))
		hw->fc_wanted = kawela_pf_nvm_fc(ctrl2);
	hw->state = KAWELA_PF_LINK_DOWN;

	if (kawela_io_removed(io)) {
		kawela_pf_hw_fini(hw);
		return -ENODEV;
	}

	return 0;
}

void kawela_pf_hw_fini(struct kawela_pf_hw *hw)
{
	mutex_destroy(&hw->sync_lock);
	mutex_destroy(&hw->link_lock);
}

static void hw_rar0_mac(struct kawela_pf_hw *hw, u8 mac[ETH_ALEN])
{
	put_unaligned_le32(kawela_rd32(hw->io, KW_RAL(0)), mac);
	put_unaligned_le16(FIELD_GET(KW_RAH_ADDR, kawela_rd32(hw->io, KW_RAH(0))), mac + 4);
}

int kawela_pf_hw_mac(struct kawela_pf_hw *hw, u8 mac[ETH_ALEN])
{
	if (!kawela_pf_nvm_alt_mac(hw, mac))
		return 0;

	hw_rar0_mac(hw, mac);
	if (kawela_io_removed(hw->io))
		return -ENODEV;
	if (is_valid_ether_addr(mac))
		return 0;

	return kawela_pf_nvm_base_mac(hw, mac) ? -EADDRNOTAVAIL : 0;
}

/* LEDs. */

/* Which LED the eye sees depends on the board: switch all, and keep their polarity. */
static u32 hw_ledctl(u32 ledctl, u32 mode)
{
	const u32 clear = KW_LEDCTL_LED0_MODE | KW_LEDCTL_LED0_BLINK;
	int i;

	for (i = 0; i < LEDCTL_LEDS; i++) {
		ledctl &= ~(clear << (i * LEDCTL_LED_BITS));
		ledctl |= FIELD_PREP(KW_LEDCTL_LED0_MODE, mode) << (i * LEDCTL_LED_BITS);
	}

	return ledctl;
}

int kawela_pf_hw_identify(struct kawela_pf_hw *hw, enum ethtool_phys_id_state state)
{
	switch (state) {
	case ETHTOOL_ID_ACTIVE:
		hw->ledctl = kawela_rd32(hw->io, KW_LEDCTL);
		return 2;
	case ETHTOOL_ID_ON:
		kawela_wr32(hw->io, KW_LEDCTL, hw_ledctl(hw->ledctl, KW_LEDCTL_MODE_ON));
		return 0;
	case ETHTOOL_ID_OFF:
		kawela_wr32(hw->io, KW_LEDCTL, hw_ledctl(hw->ledctl, KW_LEDCTL_MODE_OFF));
		return 0;
	case ETHTOOL_ID_INACTIVE:
		kawela_wr32(hw->io, KW_LEDCTL, hw->ledctl);
		return 0;
	}

	return -EINVAL;
}
