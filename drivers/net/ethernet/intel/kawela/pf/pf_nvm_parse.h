/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the words of the 82576's NVM mean: checksum, addresses, part number, image version.
 *
 * Pure: words in, values out. Never touches: registers, struct kawela_pf_hw.
 * Locks: none.
 */
#ifndef _KAWELA_PF_NVM_PARSE_H
#define _KAWELA_PF_NVM_PARSE_H

#include <linux/if_ether.h>
#include <linux/types.h>

/* Word addresses. */
#define KAWELA_PF_NVM_MAC		0x00	/* 3 words, first octet in the low byte */
#define KAWELA_PF_NVM_COMPAT		0x03
#define KAWELA_PF_NVM_VERSION		0x05
#define KAWELA_PF_NVM_PBA		0x08	/* 2 words: legacy number, or flag and pointer */
#define KAWELA_PF_NVM_CTRL2		0x0F
#define KAWELA_PF_NVM_ALT_MAC_PTR	0x37
#define KAWELA_PF_NVM_CHECKSUM		0x3F
#define KAWELA_PF_NVM_ETRACK		0x42	/* 2 words, low first */

#define KAWELA_PF_NVM_CSUM_WORDS	0x40	/* words 0 to 0x3F sum to ... */
#define KAWELA_PF_NVM_CSUM		0xBABA
#define KAWELA_PF_NVM_COMPAT_PCS_AN_DIS	BIT(14)
#define KAWELA_PF_NVM_PBA_IS_PTR	0xFAFA
#define KAWELA_PF_NVM_PTR_NONE		0xFFFF
#define KAWELA_PF_NVM_MAC_WORDS		3

/* Longest part number: eleven characters of the legacy form; strings may be longer. */
#define KAWELA_PF_PBA_LEGACY_LEN	11
#define KAWELA_PF_PBA_MAX_WORDS		16
#define KAWELA_PF_PBA_SIZE		(2 * KAWELA_PF_PBA_MAX_WORDS)

bool kawela_pf_nvm_csum_ok(const u16 words[KAWELA_PF_NVM_CSUM_WORDS]);
void kawela_pf_nvm_parse_mac(const u16 words[KAWELA_PF_NVM_MAC_WORDS], u8 mac[ETH_ALEN]);
void kawela_pf_nvm_port_mac(unsigned int port, u8 mac[ETH_ALEN]);
int kawela_pf_nvm_alt_mac_word(u16 ptr, unsigned int port);
u8 kawela_pf_nvm_fc(u16 ctrl2);
int kawela_pf_nvm_pba_legacy(u16 word0, u16 word1, char *buf, size_t size);
int kawela_pf_nvm_pba_string(const u16 *block, unsigned int words, char *buf, size_t size);
int kawela_pf_nvm_version(u16 word, u32 etrack, char *buf, size_t size);

#endif /* _KAWELA_PF_NVM_PARSE_H */
