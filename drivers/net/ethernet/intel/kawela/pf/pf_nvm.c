// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the NVM of the 82576: by EERD where its address field reaches, else by driving the SPI
 * pins through EECD.
 *
 * Owns: EECD, EERD. Never writes the NVM. Never touches: what the words mean (pf_nvm_parse.c).
 * Locks: hw->sync_lock for a read; the pins also need the NVM semaphore shared with the firmware
 * and the other port. EERD does not: the hardware arbitrates it.
 */

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/iopoll.h>
#include <linux/minmax.h>
#include <linux/swab.h>

#include "pf_hw.h"

/* Words = 64 << EECD.SIZE, at most 32 K. */
#define SIZE_BASE_SHIFT		6
#define SIZE_MAX_SHIFT		15
#define EERD_MAX_WORDS		FIELD_MAX(KW_EERD_ADDR)

#define EERD_POLL_US		5
#define EERD_TIMEOUT_US		100000
#define GRANT_POLL_US		10
#define GRANT_TIMEOUT_US	5000
#define SPI_READY_POLL_US	10
#define SPI_READY_TIMEOUT_US	25000

/* SPI commands. */
#define SPI_CMD_BITS		8
#define SPI_READ		0x03
#define SPI_READ_A8		0x08	/* ninth address bit, for parts with eight address bits */
#define SPI_RDSR		0x05
#define SPI_RDSR_BUSY		BIT(0)

static int nvm_word_eerd(struct kawela_pf_hw *hw, u32 word, u16 *val)
{
	u32 eerd;
	int err;

	kawela_wr32(hw->io, KW_EERD, FIELD_PREP(KW_EERD_ADDR, word) | KW_EERD_START);
	err = read_poll_timeout(kawela_rd32, eerd, eerd & KW_EERD_DONE, EERD_POLL_US,
				EERD_TIMEOUT_US, false, hw->io, KW_EERD);
	if (kawela_io_removed(hw->io))
		return -ENODEV;
	if (err)
		return err;

	*val = FIELD_GET(KW_EERD_DATA, eerd);

	return 0;
}

static int nvm_read_eerd(struct kawela_pf_hw *hw, u32 word, u32 count, u16 *buf)
{
	int err = 0;
	u32 i;

	mutex_lock(&hw->sync_lock);
	for (i = 0; i < count && !err; i++)
		err = nvm_word_eerd(hw, word + i, &buf[i]);
	mutex_unlock(&hw->sync_lock);

	return err;
}

/* The SPI clock is at most 1 MHz: half a period is shorter than any sleep. */
static void spi_pins(struct kawela_pf_hw *hw, u32 clear, u32 set)
{
	lockdep_assert_held(&hw->sync_lock);
	kawela_rmw32(hw->io, KW_EECD, clear, set);
	kawela_flush(hw->io);
	udelay(1);
}

static void spi_out(struct kawela_pf_hw *hw, u16 val, unsigned int bits)
{
	while (bits--) {
		spi_pins(hw, KW_EECD_DI, val & BIT(bits) ? KW_EECD_DI : 0);
		spi_pins(hw, 0, KW_EECD_SK);
		spi_pins(hw, KW_EECD_SK, 0);
	}
	spi_pins(hw, KW_EECD_DI, 0);
}

static u16 spi_in(struct kawela_pf_hw *hw, unsigned int bits)
{
	u16 val = 0;

	while (bits--) {
		spi_pins(hw, KW_EECD_DI, KW_EECD_SK);
		val = val << 1 | FIELD_GET(KW_EECD_DO, kawela_rd32(hw->io, KW_EECD));
		spi_pins(hw, KW_EECD_SK, 0);
	}

	return val;
}

/* A high chip select ends the command in progress. */
static void spi_standby(struct kawela_pf_hw *hw)
{
	spi_pins(hw, 0, KW_EECD_CS);
	spi_pins(hw, KW_EECD_CS, 0);
}

static u16 spi_status(struct kawela_pf_hw *hw)
{
	u16 status;

	spi_out(hw, SPI_RDSR, SPI_CMD_BITS);
	status = spi_in(hw, 8);
	spi_standby(hw);

	return status;
}

static int spi_acquire(struct kawela_pf_hw *hw)
{
	u32 eecd;
	int err;

	err = kawela_pf_sync_acquire(hw, KW_SYNC_SW_EEP);
	if (err)
		return err;

	kawela_rmw32(hw->io, KW_EECD, 0, KW_EECD_REQ);
	err = read_poll_timeout(kawela_rd32, eecd, eecd & KW_EECD_GNT, GRANT_POLL_US,
				GRANT_TIMEOUT_US, false, hw->io, KW_EECD);
	if (err) {
		kawela_rmw32(hw->io, KW_EECD, KW_EECD_REQ, 0);
		kawela_pf_sync_release(hw, KW_SYNC_SW_EEP);
		return -EBUSY;
	}

	return 0;
}

static void spi_release(struct kawela_pf_hw *hw)
{
	spi_pins(hw, KW_EECD_SK, KW_EECD_CS);
	kawela_rmw32(hw->io, KW_EECD, KW_EECD_REQ, 0);
	kawela_pf_sync_release(hw, KW_SYNC_SW_EEP);
}

static int nvm_read_spi(struct kawela_pf_hw *hw, u32 word, u32 count, u16 *buf)
{
	u8 cmd = SPI_READ;
	u16 status;
	int err;
	u32 i;

	err = spi_acquire(hw);
	if (err)
		return err;

	spi_pins(hw, KW_EECD_CS | KW_EECD_SK, 0);
	err = read_poll_timeout(spi_status, status, !(status & SPI_RDSR_BUSY), SPI_READY_POLL_US,
				SPI_READY_TIMEOUT_US, false, hw);
	if (err)
		goto out_release;

	if (hw->nvm_addr_bits == 8 && word >= 128)
		cmd |= SPI_READ_A8;
	spi_out(hw, cmd, SPI_CMD_BITS);
	spi_out(hw, 2 * word, hw->nvm_addr_bits);
	for (i = 0; i < count && !kawela_io_removed(hw->io); i++) {
		/* The part sends the byte at the lower address, the low one, first. */
		buf[i] = swab16(spi_in(hw, 16));
		cond_resched();
	}

out_release:
	spi_release(hw);
	if (kawela_io_removed(hw->io))
		err = -ENODEV;

	return err;
}

void kawela_pf_nvm_init(struct kawela_pf_hw *hw)
{
	u32 eecd = kawela_rd32(hw->io, KW_EECD);
	u32 shift = FIELD_GET(KW_EECD_SIZE, eecd) + SIZE_BASE_SHIFT;

	hw->nvm_words = eecd & KW_EECD_PRES ? BIT(min_t(u32, shift, SIZE_MAX_SHIFT)) : 0;
	hw->nvm_addr_bits = eecd & KW_EECD_ADDR_BITS ? 16 : 8;
}

int kawela_pf_nvm_read(struct kawela_pf_hw *hw, u32 word, u32 count, u16 *buf)
{
	if (kawela_io_removed(hw->io))
		return -ENODEV;
	if (!hw->nvm_words)
		return -ENODATA;
	if (!count || word >= hw->nvm_words || count > hw->nvm_words - word)
		return -EINVAL;

	if (hw->nvm_words > EERD_MAX_WORDS + 1)
		return nvm_read_spi(hw, word, count, buf);

	return nvm_read_eerd(hw, word, count, buf);
}

int kawela_pf_nvm_validate(struct kawela_pf_hw *hw)
{
	u16 words[KAWELA_PF_NVM_CSUM_WORDS];
	int err;

	err = kawela_pf_nvm_read(hw, 0, ARRAY_SIZE(words), words);
	if (err)
		return err;

	return kawela_pf_nvm_csum_ok(words) ? 0 : -EBADMSG;
}

int kawela_pf_nvm_alt_mac(struct kawela_pf_hw *hw, u8 mac[ETH_ALEN])
{
	u16 words[KAWELA_PF_NVM_MAC_WORDS];
	int err, word;
	u16 ptr;

	err = kawela_pf_nvm_read(hw, KAWELA_PF_NVM_ALT_MAC_PTR, 1, &ptr);
	if (err)
		return err;

	word = kawela_pf_nvm_alt_mac_word(ptr, hw->port);
	if (word < 0)
		return word;

	err = kawela_pf_nvm_read(hw, word, ARRAY_SIZE(words), words);
	if (err == -EINVAL)
		return -ENOENT;
	if (err)
		return err;

	kawela_pf_nvm_parse_mac(words, mac);

	return is_valid_ether_addr(mac) ? 0 : -ENOENT;
}

int kawela_pf_nvm_base_mac(struct kawela_pf_hw *hw, u8 mac[ETH_ALEN])
{
	u16 words[KAWELA_PF_NVM_MAC_WORDS];
	int err;

	err = kawela_pf_nvm_read(hw, KAWELA_PF_NVM_MAC, ARRAY_SIZE(words), words);
	if (err)
		return err;

	kawela_pf_nvm_parse_mac(words, mac);
	kawela_pf_nvm_port_mac(hw->port, mac);

	return is_valid_ether_addr(mac) ? 0 : -ENOENT;
}

int kawela_pf_nvm_pba(struct kawela_pf_hw *hw, char *buf, size_t size)
{
	u16 block[KAWELA_PF_PBA_MAX_WORDS];
	u16 pba[2], words;
	int err;

	err = kawela_pf_nvm_read(hw, KAWELA_PF_NVM_PBA, ARRAY_SIZE(pba), pba);
	if (err)
		return err;
	if (pba[0] != KAWELA_PF_NVM_PBA_IS_PTR)
		return kawela_pf_nvm_pba_legacy(pba[0], pba[1], buf, size);
	if (!pba[1] || pba[1] == KAWELA_PF_NVM_PTR_NONE || pba[1] >= hw->nvm_words)
		return -ENOENT;

	words = min_t(u32, ARRAY_SIZE(block), hw->nvm_words - pba[1]);
	err = kawela_pf_nvm_read(hw, pba[1], words, block);
	if (err)
		return err;

	return kawela_pf_nvm_pba_string(block, words, buf, size);
}

int kawela_pf_nvm_fw_version(struct kawela_pf_hw *hw, char *buf, size_t size)
{
	u16 version, etrack[2];
	int err;

	err = kawela_pf_nvm_read(hw, KAWELA_PF_NVM_VERSION, 1, &version);
	if (err)
		return err;
	err = kawela_pf_nvm_read(hw, KAWELA_PF_NVM_ETRACK, ARRAY_SIZE(etrack), etrack);
	if (err)
		return err;

	kawela_pf_nvm_version(version, (u32)etrack[1] << 16 | etrack[0], buf, size);

	return 0;
}
