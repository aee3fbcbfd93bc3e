/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wire format of the 82576 PF/VF mailbox, level 0: the words every peer has spoken since 2009.
 *
 * Published values never change. Only layouts live here; meaning and code are in mbx.h.
 * Sources: the words igb, igbvf and DPDK's igbvf exchange.
 */
#ifndef _NET_KAWELA_ABI_H
#define _NET_KAWELA_ABI_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/if_ether.h>
#include <linux/types.h>

/**
 * DOC: Mailbox words
 *
 * One buffer of 16 little-endian dwords per VF carries both directions. Word 0 is the header::
 *
 *	31    ACK    set by the PF: request granted
 *	30    NACK   set by the PF: request refused; alone in word 0: "you lost CTS, reset first"
 *	29    CTS    set by the PF: the VF is clear to send
 *	28:24        zero
 *	23:16 INFO   argument of the message
 *	15:0  ID     which message
 *
 * ===============  =======  =========  ======  ==========================================
 * message          id       direction  words   INFO and payload
 * ===============  =======  =========  ======  ==========================================
 * RESET            0x0001   VF to PF   1       word 0 is exactly 1
 * SET_MAC          0x0002   VF to PF   3       INFO 0 set, 1 clear filters, 2 add filter;
 *                                              address in words 1 and 2
 * SET_MULTICAST    0x0003   VF to PF   16      INFO = count, u16 hash[30] from word 1 on;
 *                                              count above 30 asks for all multicast
 * SET_VLAN         0x0004   VF to PF   2       INFO 1 add, 0 remove; word 1 = VLAN id
 * SET_LPE          0x0005   VF to PF   2       word 1 = longest frame with FCS and one tag
 * SET_PROMISC      0x0006   VF to PF   1       INFO bit 1 multicast, bit 0 unicast, 0 off
 * PF_CONTROL       0x0100   PF to VF   1       link or reset may have changed; CTS or not
 * ===============  =======  =========  ======  ==========================================
 *
 * Reply: word 0 of the request with CTS and ACK or NACK; the other words are left alone. The reply
 * to RESET is three words without CTS: 0x80000001 and the address, or 0x40000001 when the
 * administrator assigned none (a success too). The reply to a granted SET_PROMISC comes back with
 * INFO bit 1 clear.
 *
 * An address is packed in memory order: byte 0 is bits 7:0 of word 1, byte 5 bits 15:8 of word 2.
 * Hash 2n is in bits 15:0 of word 1 + n, hash 2n + 1 in bits 31:16; a hash is 12 bits,
 * (addr[5] << 4 | addr[4] >> 4) & 0xfff.
 */

#define KAWELA_ABI_WORDS		16

#define KAWELA_ABI_ACK			BIT(31)
#define KAWELA_ABI_NACK			BIT(30)
#define KAWELA_ABI_CTS			BIT(29)
#define KAWELA_ABI_INFO			GENMASK(23, 16)
#define KAWELA_ABI_ID			GENMASK(15, 0)

/**
 * enum kawela_msg_id - message numbers, KAWELA_ABI_ID of word 0
 * @KAWELA_MSG_RESET: VF driver starts; everything it asked for before is void
 * @KAWELA_MSG_SET_MAC: primary address, or the list of secondary ones
 * @KAWELA_MSG_SET_MULTICAST: replace the multicast hash list
 * @KAWELA_MSG_SET_VLAN: add or remove a VLAN
 * @KAWELA_MSG_SET_LPE: longest frame to receive
 * @KAWELA_MSG_SET_PROMISC: replace the promiscuous flags
 * @KAWELA_MSG_PF_CONTROL: the PF's only unasked message
 */
enum kawela_msg_id {
	KAWELA_MSG_RESET		= 0x0001,
	KAWELA_MSG_SET_MAC		= 0x0002,
	KAWELA_MSG_SET_MULTICAST	= 0x0003,
	KAWELA_MSG_SET_VLAN		= 0x0004,
	KAWELA_MSG_SET_LPE		= 0x0005,
	KAWELA_MSG_SET_PROMISC		= 0x0006,
	KAWELA_MSG_PF_CONTROL		= 0x0100,
};

/**
 * enum kawela_mac_op - KAWELA_ABI_INFO of SET_MAC
 * @KAWELA_MAC_SET: set the primary address
 * @KAWELA_MAC_CLEAR_FILTERS: drop all secondary addresses; the address words mean nothing
 * @KAWELA_MAC_ADD_FILTER: add a secondary address
 */
enum kawela_mac_op {
	KAWELA_MAC_SET			= 0,
	KAWELA_MAC_CLEAR_FILTERS	= 1,
	KAWELA_MAC_ADD_FILTER		= 2,
};

/* KAWELA_ABI_INFO of SET_PROMISC. */
#define KAWELA_PROMISC_UNICAST		BIT(0)
#define KAWELA_PROMISC_MULTICAST	BIT(1)
#define KAWELA_PROMISC_ALL		(KAWELA_PROMISC_UNICAST | KAWELA_PROMISC_MULTICAST)

/* Words each message takes. */
#define KAWELA_ABI_RESET_WORDS		1
#define KAWELA_ABI_RESET_REPLY_WORDS	3
#define KAWELA_ABI_SET_MAC_WORDS	3
#define KAWELA_ABI_MULTICAST_WORDS	KAWELA_ABI_WORDS
#define KAWELA_ABI_SET_VLAN_WORDS	2
#define KAWELA_ABI_SET_LPE_WORDS	2
#define KAWELA_ABI_SET_PROMISC_WORDS	1
#define KAWELA_ABI_PF_CONTROL_WORDS	1
#define KAWELA_ABI_REPLY_WORDS		1

/* Payload limits. */
#define KAWELA_ABI_MC_MAX		30
#define KAWELA_ABI_MC_ALL		(KAWELA_ABI_MC_MAX + 1)
#define KAWELA_ABI_MC_HASH		GENMASK(11, 0)
#define KAWELA_ABI_VID_MAX		4095
#define KAWELA_ABI_FRAME_MIN		64
#define KAWELA_ABI_FRAME_MAX		9728

/* Whole words 0. */
#define KAWELA_ABI_RESET_ACK		(KAWELA_ABI_ACK | KAWELA_MSG_RESET)
#define KAWELA_ABI_RESET_NO_MAC		(KAWELA_ABI_NACK | KAWELA_MSG_RESET)
#define KAWELA_ABI_BARE_NACK		KAWELA_ABI_NACK

static_assert(KAWELA_ABI_RESET_ACK == 0x80000001);
static_assert(KAWELA_ABI_RESET_NO_MAC == 0x40000001);
static_assert(KAWELA_ABI_BARE_NACK == 0x40000000);
static_assert(KAWELA_ABI_MC_MAX * sizeof(u16) == (KAWELA_ABI_WORDS - 1) * sizeof(u32));
static_assert(ETH_ALEN <= (KAWELA_ABI_SET_MAC_WORDS - 1) * sizeof(u32));

#endif /* _NET_KAWELA_ABI_H */
