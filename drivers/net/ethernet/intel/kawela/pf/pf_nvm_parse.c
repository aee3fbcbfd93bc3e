// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the words of the 82576's NVM mean: checksum, addresses, part number, image version.
 *
 * Pure: words in, values out. Never touches: registers, struct kawela_pf_hw.
 * Locks: none.
 */

#include <linux/bitfield.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/unaligned.h>

#include "pf_fc.h"
#include "pf_nvm_parse.h"

/* Image version word. */
#define VERSION_MAJOR		GENMASK(15, 12)
#define VERSION_MINOR		GENMASK(11, 4)
#define VERSION_MINOR_HIGH	GENMASK(11, 8)
#define VERSION_MINOR_LOW	GENMASK(7, 0)
#define VERSION_IMAGE		GENMASK(3, 0)

/* An image with a tracking number has this in its top bits. */
#define ETRACK_MARK		GENMASK(31, 28)
#define ETRACK_MARK_VALID	8

/* Words from one port's alternate address to the next. */
#define ALT_MAC_STRIDE		KAWELA_PF_NVM_MAC_WORDS

/* Initialization control word 2. */
#define CTRL2_ASM_DIR		BIT(13)
#define CTRL2_PAUSE		BIT(12)

/**
 * kawela_pf_nvm_csum_ok - whether the checksum holds
 * @words: words 0 to 0x3F
 *
 * Context: any.
 * Return: true when they sum to 0xBABA.
 */
bool kawela_pf_nvm_csum_ok(const u16 words[KAWELA_PF_NVM_CSUM_WORDS])
{
	u16 sum = 0;
	int i;

	for (i = 0; i < KAWELA_PF_NVM_CSUM_WORDS; i++)
		sum += words[i];

	return sum == KAWELA_PF_NVM_CSUM;
}

/**
 * kawela_pf_nvm_parse_mac - an address out of three words
 * @words: first octet in the low byte of the first word
 * @mac: where to put it
 *
 * Context: any.
 */
void kawela_pf_nvm_parse_mac(const u16 words[KAWELA_PF_NVM_MAC_WORDS], u8 mac[ETH_ALEN])
{
	int i;

	for (i = 0; i < KAWELA_PF_NVM_MAC_WORDS; i++)
		put_unaligned_le16(words[i], mac + 2 * i);
}

/**
 * kawela_pf_nvm_port_mac - a port's own address, given the one the NVM keeps for port 0
 * @port: LAN port
 * @mac: address, changed in place
 *
 * Both ports share one address block: the second has the last bit toggled.
 *
 * Context: any.
 */
void kawela_pf_nvm_port_mac(unsigned int port, u8 mac[ETH_ALEN])
{
	if (port == 1)
		mac[ETH_ALEN - 1] ^= 1;
}

/**
 * kawela_pf_nvm_alt_mac_word - where a port's alternate address is
 * @ptr: word KAWELA_PF_NVM_ALT_MAC_PTR
 * @port: LAN port
 *
 * Context: any.
 * Return: its first word, or -ENOENT when the NVM has none.
 */
int kawela_pf_nvm_alt_mac_word(u16 ptr, unsigned int port)
{
	if (!ptr || ptr == KAWELA_PF_NVM_PTR_NONE)
		return -ENOENT;

	return ptr + ALT_MAC_STRIDE * port;
}

/**
 * kawela_pf_nvm_fc - flow control that the NVM asks for
 * @ctrl2: word KAWELA_PF_NVM_CTRL2
 *
 * Context: any.
 * Return: KAWELA_PF_FC_*.
 */
u8 kawela_pf_nvm_fc(u16 ctrl2)
{
	switch (ctrl2 & (CTRL2_PAUSE | CTRL2_ASM_DIR)) {
	case 0:
		return 0;
	case CTRL2_ASM_DIR:
		return KAWELA_PF_FC_TX;
	default:
		return KAWELA_PF_FC_RX | KAWELA_PF_FC_TX;
	}
}

/**
 * kawela_pf_nvm_pba_legacy - part number kept as digits
 * @word0: word KAWELA_PF_NVM_PBA
 * @word1: the word after it
 * @buf: where to put the string
 * @size: bytes at @buf
 *
 * Six digits, a dash, and three more of which the first is always zero.
 *
 * Context: any.
 * Return: 0; -ENOENT when the words are blank; -ENOSPC.
 */
int kawela_pf_nvm_pba_legacy(u16 word0, u16 word1, char *buf, size_t size)
{
	u32 digits = (u32)word0 << 16 | word1;

	if (!digits || !~digits)
		return -ENOENT;
	if (size < KAWELA_PF_PBA_LEGACY_LEN)
		return -ENOSPC;

	snprintf(buf, size, "%06X-0%02X", digits >> 8, digits & 0xFF);

	return 0;
}

/**
 * kawela_pf_nvm_pba_string - part number kept as text
 * @block: block that word KAWELA_PF_NVM_PBA + 1 points to; its first word counts the block's words
 * @words: words at @block
 * @buf: where to put the string
 * @size: bytes at @buf
 *
 * Context: any.
 * Return: 0; -EBADMSG when the length is impossible; -ENOSPC.
 */
int kawela_pf_nvm_pba_string(const u16 *block, unsigned int words, char *buf, size_t size)
{
	unsigned int chars, i;

	if (!words || block[0] < 2 || block[0] > words)
		return -EBADMSG;

	chars = 2 * (block[0] - 1);
	if (size < chars + 1)
		return -ENOSPC;

	for (i = 0; i < chars; i++) {
		u16 word = block[1 + i / 2];
		u8 c = i % 2 ? word & 0xFF : word >> 8;

		if (!isascii(c) || !isprint(c))
			break;
		buf[i] = c;
	}
	buf[i] = '\0';

	return 0;
}

/**
 * kawela_pf_nvm_version - version of the NVM image as text
 * @word: word KAWELA_PF_NVM_VERSION
 * @etrack: the two words at KAWELA_PF_NVM_ETRACK
 * @buf: where to put the string
 * @size: bytes at @buf
 *
 * Images with a tracking number write the minor version as decimal digits, in the low byte when
 * the nibble above it is clear.
 *
 * Context: any.
 * Return: length of the string, which is cut when it does not fit.
 */
int kawela_pf_nvm_version(u16 word, u32 etrack, char *buf, size_t size)
{
	unsigned int major = FIELD_GET(VERSION_MAJOR, word);
	unsigned int minor = FIELD_GET(VERSION_MINOR, word);

	if (FIELD_GET(ETRACK_MARK, etrack) != ETRACK_MARK_VALID)
		return scnprintf(buf, size, "%u.%u.%u", major, minor,
				 (unsigned int)FIELD_GET(VERSION_IMAGE, word));

	if (!FIELD_GET(VERSION_MINOR_HIGH, word))
		minor = FIELD_GET(VERSION_MINOR_LOW, word);
	minor = minor / 16 * 10 + minor % 16;

	return scnprintf(buf, size, "%u.%u, 0x%08x", major, minor, etrack);
}
