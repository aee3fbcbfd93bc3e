/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wire format of the 82576 PF/VF mailbox. Level 0: the words every peer has spoken since 2009.
 * Level 1: config blocks, which two drivers that know of them find in each other.
 *
 * Published values never change. Only layouts live here; meaning and code are in mbx.h.
 * Sources: the words igb, igbvf and DPDK's igbvf exchange; level 1 is defined here.
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
 * SET_LPE          0x0005   VF to PF   2       word 1 = longest frame with FCS and tags
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
 * @KAWELA_MSG_BLOCK_READ: read a part of a config block
 * @KAWELA_MSG_BLOCK_WRITE: write a part of a config block
 * @KAWELA_MSG_BLOCK_INVALID: which config blocks changed
 * @KAWELA_MSG_PF_CONTROL: the PF's only unasked message
 */
enum kawela_msg_id {
	KAWELA_MSG_RESET		= 0x0001,
	KAWELA_MSG_SET_MAC		= 0x0002,
	KAWELA_MSG_SET_MULTICAST	= 0x0003,
	KAWELA_MSG_SET_VLAN		= 0x0004,
	KAWELA_MSG_SET_LPE		= 0x0005,
	KAWELA_MSG_SET_PROMISC		= 0x0006,
	KAWELA_MSG_BLOCK_READ		= 0x0020,
	KAWELA_MSG_BLOCK_WRITE		= 0x0021,
	KAWELA_MSG_BLOCK_INVALID	= 0x0022,
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

/**
 * DOC: Discovery
 *
 * A VF driver that knows more than level 0 says so inside RESET, where a stock PF driver does not
 * look, and a PF driver answers behind the words that a stock VF driver reads:
 *
 * ======  =====================  =============================================
 * word    RESET, VF to PF        reply, PF to VF
 * ======  =====================  =============================================
 * 0       0x00000001             0x80000001 or 0x40000001, as at level 0
 * 1       MAGIC                  bytes 3:0 of the address, or 0
 * 2       features of the VF     bytes 5:4 of the address, or 0
 * 3       0                      MAGIC, if there is a common feature; else untouched
 * 4       0                      features of the PF, likewise
 * 5..15   0                      untouched
 * ======  =====================  =============================================
 *
 * Either side uses what both masks have. A bit that one side does not know is not used.
 *
 * A VF that offers LISTEN sends no message of level 0 after RESET before its queues run. The PF
 * gives it nothing to receive until the first one, so that the guest goes on receiving on its other
 * adapter. Without the offer a VF receives from the answer to RESET on.
 *
 * The buffer keeps its words over a reset of the VF, so words alone prove nothing:
 *
 * * The VF writes all 16 words of RESET. Word 3 of the reply is MAGIC only if the PF wrote it.
 * * The PF overwrites words 1 and 2 with its answer, whether it grants or refuses.
 * * The PF takes an offer for granted only from the first message above 0x001f of the session on.
 *   Until then, nothing it sends differs from level 0 in what a stock VF driver reads. An offer of
 *   a driver that was killed before the PF read it, found by the PF under the RESET of a stock
 *   driver that followed, does no harm: of LISTEN, too, as igbvf, DPDK's and FreeBSD's drivers set
 *   their longest frame each time before they receive.
 */

#define KAWELA_ABI_MAGIC		0x4157414b	/* "KAWA" in memory order */

/* Features. */
#define KAWELA_FEATURE_BLOCKS		BIT(0)	/* BLOCK_READ, BLOCK_WRITE, BLOCK_INVALID */
#define KAWELA_FEATURE_LISTEN		BIT(1)	/* the first of level 0: it receives */
#define KAWELA_FEATURES			(KAWELA_FEATURE_BLOCKS | KAWELA_FEATURE_LISTEN)

#define KAWELA_ABI_OFFER_WORDS		KAWELA_ABI_WORDS
#define KAWELA_ABI_OFFER_REPLY_WORDS	5

/**
 * DOC: Config block messages
 *
 * A config block is up to 128 bytes with a 32-bit number, kept by the PF for each VF. The VF reads
 * and writes it; the PF says which ones changed. Which VF asks, the mailbox tells, never a message.
 *
 * ===============  =======  =====================  ========================================
 * message          id       word 1                 word 2                     words 3..15
 * ===============  =======  =====================  ========================================
 * BLOCK_READ       0x0020   block                  bytes wanted, offset       0
 * reply, ACK                block                  bytes in all, offset       data
 * BLOCK_WRITE      0x0021   block                  bytes in all, offset       data
 * reply, ACK                block                  0                          0
 * BLOCK_INVALID    0x0022   bits 31:0 it took      bits 63:32 it took         0
 * reply, ACK                bits 31:0 invalid      bits 63:32 invalid         0
 * any reply, NACK           status                 0                          0
 * ===============  =======  =====================  ========================================
 *
 * Requests and replies are 16 words. Word 0 is as at level 0; INFO is the number of the transfer,
 * the same in all its messages and in their replies, one higher in the next transfer, modulo 256.
 *
 * Word 2 has the number of bytes, 1..128, in bits 31:16 and the offset of the first byte of this
 * message in bits 15:0. A message carries 52 bytes, the last one of a transfer what is left, so
 * that 128 bytes take offsets 0, 52 and 104. Byte 0 of the data is bits 7:0 of word 3. Unused
 * bytes are zero, and the receiver does not look at them.
 *
 * The PF takes a picture of a block at offset 0 and answers the other messages of the transfer from
 * it; it acts on a write when the last message is in. Offset 0 begins a transfer and ends one that
 * was under way, and so does a message with another word 0. Any other offset has to continue the
 * transfer: same message, number, block and length, and the next offset. The message before it may
 * be repeated, since its reply may have been lost; it has no effect then and gets the same answer.
 * Everything else is refused and ends the transfer.
 *
 * A read returns the smaller one of what was wanted and what the block has. Blocks grow at their
 * end: who reads fewer bytes than he knows takes the rest for zero, and who writes more than the
 * PF knows is granted as if he had not.
 */

/* Word 2 of BLOCK_READ and BLOCK_WRITE. */
#define KAWELA_ABI_BLOCK_LEN		GENMASK(31, 16)
#define KAWELA_ABI_BLOCK_OFFSET		GENMASK(15, 0)

#define KAWELA_ABI_BLOCK_MAX		128	/* bytes of a block */
#define KAWELA_ABI_BLOCK_HEADER		3	/* words */
#define KAWELA_ABI_BLOCK_DATA		52	/* bytes of a message */
#define KAWELA_ABI_BLOCK_INVALID_MAX	64	/* blocks from here on cannot be invalidated */
#define KAWELA_ABI_LEVEL1		0x0020	/* ids from here on are level 1 */

static_assert(KAWELA_ABI_BLOCK_DATA ==
	      (KAWELA_ABI_WORDS - KAWELA_ABI_BLOCK_HEADER) * sizeof(u32));

/**
 * DOC: Invalidation
 *
 * A block that changed is invalid for the VF: bit N for block N, 0..63. The PF keeps the bits, ORs
 * new ones to them, and rings with PF_CONTROL, as it does for the link. On any PF_CONTROL the VF
 * sends BLOCK_INVALID with no bits; the reply names what is invalid. The VF reads those blocks and
 * sends BLOCK_INVALID again with the bits that it took, until the reply has none. The PF clears a
 * bit when the VF says that it took it, unless the block changed again in the meantime. A message
 * that is repeated, its reply having been lost, takes nothing. While there are bits and the VF does
 * not ask, the PF rings once a second.
 *
 * At the begin of a session everything is invalid, so that is how a VF reads its blocks for the
 * first time, and nothing said to a session that broke gets lost. That first BLOCK_INVALID the VF
 * sends unasked: the PF does not ring before it has seen a message of level 1.
 */

/**
 * enum kawela_block_status - word 1 of a refused message of level 1
 * @KAWELA_STATUS_OK: not refused; never sent
 * @KAWELA_STATUS_NO_BLOCK: there is no such block
 * @KAWELA_STATUS_DENIED: it cannot be read, or not written
 * @KAWELA_STATUS_LENGTH: no bytes, more than 128, or fewer than the block needs
 * @KAWELA_STATUS_SEQUENCE: does not continue the transfer
 * @KAWELA_STATUS_INVALID: the PF does not take this content
 * @KAWELA_STATUS_BUSY: not now, try again
 * @KAWELA_STATUS_FAILED: the PF failed, or does not know this message of level 1
 */
enum kawela_block_status {
	KAWELA_STATUS_OK		= 0,
	KAWELA_STATUS_NO_BLOCK		= 1,
	KAWELA_STATUS_DENIED		= 2,
	KAWELA_STATUS_LENGTH		= 3,
	KAWELA_STATUS_SEQUENCE		= 4,
	KAWELA_STATUS_INVALID		= 5,
	KAWELA_STATUS_BUSY		= 6,
	KAWELA_STATUS_FAILED		= 7,
};

/**
 * DOC: Config blocks
 *
 * All numbers are little endian; reserved bytes and unknown flags are zero when sent and ignored
 * when received.
 *
 * =====  ==========  ======  ================================================================
 * block  name        access  content
 * =====  ==========  ======  ================================================================
 * 1      IDENTITY    read    who the VF is, what there is for it
 * 2      ADDRESS     read    address and VLAN policy
 * 3      LINK        read    link as the administrator wants the VF to see it
 * 4      MTU         read    longest frame it may ask for, longest frame of the host
 * 5      RATE        read    transmit limit
 * 6      MODERATION  read    advice how to moderate interrupts
 * 7      TRUST       read    trust, quotas and how much of them is used
 * 8      REFUSAL     read    what was refused last, and why
 * 9      STATS       read    the VF's traffic as the host counts it
 * 10     GUEST       write   who drives the VF
 * =====  ==========  ======  ================================================================
 *
 * STATS and REFUSAL change without being invalidated, and so do the numbers in TRUST: they are read
 * when they are wanted.
 */

/**
 * enum kawela_block_id - numbers of the config blocks
 * @KAWELA_BLOCK_IDENTITY: struct kawela_block_identity
 * @KAWELA_BLOCK_ADDRESS: struct kawela_block_address
 * @KAWELA_BLOCK_LINK: struct kawela_block_link
 * @KAWELA_BLOCK_MTU: struct kawela_block_mtu
 * @KAWELA_BLOCK_RATE: struct kawela_block_rate
 * @KAWELA_BLOCK_MODERATION: struct kawela_block_moderation
 * @KAWELA_BLOCK_TRUST: struct kawela_block_trust
 * @KAWELA_BLOCK_REFUSAL: struct kawela_block_refusal
 * @KAWELA_BLOCK_STATS: struct kawela_block_stats
 * @KAWELA_BLOCK_GUEST: struct kawela_block_guest
 */
enum kawela_block_id {
	KAWELA_BLOCK_IDENTITY		= 1,
	KAWELA_BLOCK_ADDRESS		= 2,
	KAWELA_BLOCK_LINK		= 3,
	KAWELA_BLOCK_MTU		= 4,
	KAWELA_BLOCK_RATE		= 5,
	KAWELA_BLOCK_MODERATION		= 6,
	KAWELA_BLOCK_TRUST		= 7,
	KAWELA_BLOCK_REFUSAL		= 8,
	KAWELA_BLOCK_STATS		= 9,
	KAWELA_BLOCK_GUEST		= 10,
};

/**
 * struct kawela_block_identity - who the VF is, what there is for it
 * @magic: KAWELA_ABI_MAGIC
 * @features: features of the PF
 * @vf: index of the VF
 * @vport: id of its VPort
 * @queue_pairs: queue pairs of the VPort
 * @multicast_hashes: most hashes of SET_MULTICAST
 * @reserved: zero
 */
struct kawela_block_identity {
	__le32 magic;
	__le32 features;
	__le16 vf;
	__le16 vport;
	u8 queue_pairs;
	u8 multicast_hashes;
	u8 reserved[2];
};

static_assert(sizeof(struct kawela_block_identity) == 16);

/* flags of struct kawela_block_address */
#define KAWELA_ADDRESS_PINNED		BIT(0)	/* the administrator assigned the address */
#define KAWELA_ADDRESS_SPOOFCHK		BIT(1)	/* source addresses and VLANs are checked */
#define KAWELA_ADDRESS_PORT_VLAN	BIT(2)	/* the switch tags and untags: the VF must not */

/**
 * struct kawela_block_address - address and VLAN policy
 * @mac: the administrator's address, zero if none
 * @reserved: zero
 * @flags: KAWELA_ADDRESS_*
 * @vlan: VLAN id of the switch's tag, 0 if none
 * @qos: its priority, 0..7
 * @reserved2: zero
 */
struct kawela_block_address {
	u8 mac[ETH_ALEN];
	u8 reserved[2];
	__le32 flags;
	__le16 vlan;
	u8 qos;
	u8 reserved2;
};

static_assert(sizeof(struct kawela_block_address) == 16);

/* flags of struct kawela_block_link */
#define KAWELA_LINK_UP			BIT(0)	/* the VF's carrier is to be on */
#define KAWELA_LINK_FULL_DUPLEX		BIT(1)
#define KAWELA_LINK_FORCED		BIT(2)	/* whatever the port's link is */

/**
 * struct kawela_block_link - link as the administrator wants the VF to see it
 * @flags: KAWELA_LINK_*
 * @speed: Mb/s, 0 if not known
 */
struct kawela_block_link {
	__le32 flags;
	__le32 speed;
};

static_assert(sizeof(struct kawela_block_link) == 8);

/**
 * struct kawela_block_mtu - frame lengths, with FCS
 * @max_frame: longest frame that SET_LPE grants, with all tags
 * @host_frame: longest frame of the PF's netdev with one VLAN tag: what a VF whose user chose
 *		nothing may adopt
 */
struct kawela_block_mtu {
	__le32 max_frame;
	__le32 host_frame;
};

static_assert(sizeof(struct kawela_block_mtu) == 8);

/* What @host_frame has besides an MTU: header, tag, FCS. */
#define KAWELA_BLOCK_MTU_OVERHEAD	22

/**
 * struct kawela_block_rate - transmit limit
 * @max_tx: Mb/s, 0 if there is none
 */
struct kawela_block_rate {
	__le32 max_tx;
};

static_assert(sizeof(struct kawela_block_rate) == 4);

/**
 * enum kawela_moderation - advice how to moderate interrupts
 * @KAWELA_MODERATION_NONE: no advice
 * @KAWELA_MODERATION_OFF: an interrupt per packet
 * @KAWELA_MODERATION_LOW: little delay
 * @KAWELA_MODERATION_MEDIUM: as the driver comes up
 * @KAWELA_MODERATION_HIGH: few interrupts
 * @KAWELA_MODERATION_ADAPTIVE: by the traffic
 */
enum kawela_moderation {
	KAWELA_MODERATION_NONE		= 0,
	KAWELA_MODERATION_OFF		= 1,
	KAWELA_MODERATION_LOW		= 2,
	KAWELA_MODERATION_MEDIUM	= 3,
	KAWELA_MODERATION_HIGH		= 4,
	KAWELA_MODERATION_ADAPTIVE	= 5,
};

/**
 * struct kawela_block_moderation - advice how to moderate interrupts
 * @advice: enum kawela_moderation
 */
struct kawela_block_moderation {
	__le32 advice;
};

static_assert(sizeof(struct kawela_block_moderation) == 4);

/* flags of struct kawela_block_trust */
#define KAWELA_TRUST_TRUSTED		BIT(0)

/**
 * struct kawela_block_trust - trust, quotas and how much of them is used
 * @flags: KAWELA_TRUST_*
 * @uc_max: most secondary unicast addresses
 * @uc_used: secondary unicast addresses in place
 * @vlan_max: most VLANs
 * @vlan_used: VLANs joined
 * @mc_used: multicast hashes in place
 * @reserved: zero
 */
struct kawela_block_trust {
	__le32 flags;
	__le16 uc_max;
	__le16 uc_used;
	__le16 vlan_max;
	__le16 vlan_used;
	__le16 mc_used;
	__le16 reserved;
};

static_assert(sizeof(struct kawela_block_trust) == 16);

/**
 * enum kawela_refusal - why a request was refused
 * @KAWELA_REFUSAL_NONE: nothing was refused yet
 * @KAWELA_REFUSAL_MALFORMED: the message makes no sense
 * @KAWELA_REFUSAL_UNKNOWN: the PF does not know this message
 * @KAWELA_REFUSAL_NOT_ALLOWED: for trusted VFs only, or against the administrator's word
 * @KAWELA_REFUSAL_TAKEN: another VPort has this address
 * @KAWELA_REFUSAL_FULL: the quota or the table is used up
 * @KAWELA_REFUSAL_NOT_NOW: the VPort is not in a state for it
 * @KAWELA_REFUSAL_OTHER: any other reason
 */
enum kawela_refusal {
	KAWELA_REFUSAL_NONE		= 0,
	KAWELA_REFUSAL_MALFORMED	= 1,
	KAWELA_REFUSAL_UNKNOWN		= 2,
	KAWELA_REFUSAL_NOT_ALLOWED	= 3,
	KAWELA_REFUSAL_TAKEN		= 4,
	KAWELA_REFUSAL_FULL		= 5,
	KAWELA_REFUSAL_NOT_NOW		= 6,
	KAWELA_REFUSAL_OTHER		= 7,
};

/**
 * struct kawela_block_refusal - what was refused last, and why
 * @count: requests of level 0 refused in this session; those of level 1 have a status of their own
 * @request: word 0 of the last one
 * @reason: enum kawela_refusal
 */
struct kawela_block_refusal {
	__le32 count;
	__le32 request;
	__le32 reason;
};

static_assert(sizeof(struct kawela_block_refusal) == 12);

/**
 * struct kawela_block_stats - the VF's traffic as the host counts it, since the VFs were made
 * @rx_packets: frames to the VF
 * @rx_bytes: bytes of them
 * @rx_multicast: multicast frames among them
 * @tx_packets: frames of the VF
 * @tx_bytes: bytes of them
 * @requests: messages of the VF
 * @refused: of those, the refused ones
 */
struct kawela_block_stats {
	__le64 rx_packets;
	__le64 rx_bytes;
	__le64 rx_multicast;
	__le64 tx_packets;
	__le64 tx_bytes;
	__le64 requests;
	__le64 refused;
};

static_assert(sizeof(struct kawela_block_stats) == 56);

#define KAWELA_GUEST_TEXT		32

/**
 * struct kawela_block_guest - who drives the VF; text a guest chose
 * @driver: name of the driver, padded with zeros, not necessarily terminated
 * @version: its version, likewise
 * @kernel: name and release of the system, likewise
 */
struct kawela_block_guest {
	u8 driver[KAWELA_GUEST_TEXT];
	u8 version[KAWELA_GUEST_TEXT];
	u8 kernel[KAWELA_GUEST_TEXT];
};

static_assert(sizeof(struct kawela_block_guest) == 96);
static_assert(sizeof(struct kawela_block_guest) <= KAWELA_ABI_BLOCK_MAX);

#endif /* _NET_KAWELA_ABI_H */
