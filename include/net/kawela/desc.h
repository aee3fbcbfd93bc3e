/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Advanced descriptors of the Intel 82576: formats, packing, unpacking.
 *
 * Everything here is arithmetic on its arguments, so that KUnit can check it against golden values.
 * Sources: Intel 82576 datasheet 7.1.5 (receive), 7.2.2 (transmit), 8.8.12 (EITR); where it is
 * silent, what the stock igb and igbvf drivers program.
 *
 * Owns: nothing. Never touches: registers, rings. Locks: none.
 */
#ifndef _NET_KAWELA_DESC_H
#define _NET_KAWELA_DESC_H

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <net/xdp.h>

#include <net/kawela/regs.h>

/* Rings: 128-byte alignment and length units, hence eight 16-byte descriptors. */
#define KAWELA_DESC_SIZE	16
#define KAWELA_RING_ALIGN	128
#define KAWELA_RING_UNIT	(KAWELA_RING_ALIGN / KAWELA_DESC_SIZE)

/* ---- Transmit ---- */

/**
 * struct kawela_tx_desc - advanced transmit data descriptor
 * @addr: DMA address of the data
 * @cmd_type_len: KW_TXD_* command bits and the length of this buffer
 * @olinfo_status: KW_TXO_* offload bits and payload length; DD after write-back
 */
struct kawela_tx_desc {
	__le64 addr;
	__le32 cmd_type_len;
	__le32 olinfo_status;
};

static_assert(sizeof(struct kawela_tx_desc) == KAWELA_DESC_SIZE);

/**
 * struct kawela_tx_ctx_desc - advanced transmit context descriptor
 * @vlan_macip_lens: KW_TXC_IPLEN, KW_TXC_MACLEN, KW_TXC_VLAN
 * @seqnum_seed: launch time and security, unused: 0
 * @type_tucmd: KW_TXC_IPV4, KW_TXC_L4T and the descriptor type
 * @mss_l4len_idx: KW_TXC_IDX, KW_TXC_L4LEN, KW_TXC_MSS
 */
struct kawela_tx_ctx_desc {
	__le32 vlan_macip_lens;
	__le32 seqnum_seed;
	__le32 type_tucmd;
	__le32 mss_l4len_idx;
};

static_assert(sizeof(struct kawela_tx_ctx_desc) == KAWELA_DESC_SIZE);

/* cmd_type_len, and the descriptor type bits of type_tucmd */
#define KW_TXD_LEN		GENMASK(15, 0)
#define KW_TXD_TSTAMP		BIT(19)
#define KW_TXD_DTYP		GENMASK(23, 20)
#define KW_TXD_DTYP_CTX		2
#define KW_TXD_DTYP_DATA	3
#define KW_TXD_EOP		BIT(24)
#define KW_TXD_IFCS		BIT(25)
#define KW_TXD_RS		BIT(27)
#define KW_TXD_DEXT		BIT(29)
#define KW_TXD_VLE		BIT(30)
#define KW_TXD_TSE		BIT(31)

/* olinfo_status */
#define KW_TXO_DD		BIT(0)		/* write-back */
#define KW_TXO_IDX		GENMASK(6, 4)
#define KW_TXO_IXSM		BIT(8)
#define KW_TXO_TXSM		BIT(9)
#define KW_TXO_PAYLEN		GENMASK(31, 14)

/* Context descriptor */
#define KW_TXC_IPLEN		GENMASK(8, 0)
#define KW_TXC_MACLEN		GENMASK(15, 9)
#define KW_TXC_VLAN		GENMASK(31, 16)
#define KW_TXC_IPV4		BIT(10)
#define KW_TXC_L4T		GENMASK(12, 11)
#define KW_TXC_L4T_UDP		0
#define KW_TXC_L4T_TCP		1
#define KW_TXC_L4T_SCTP		2
#define KW_TXC_IDX		GENMASK(6, 4)
#define KW_TXC_L4LEN		GENMASK(15, 8)
#define KW_TXC_MSS		GENMASK(31, 16)

/* What a context can describe, and what a queue can remember. */
#define KAWELA_TX_MAX_MACLEN	127
#define KAWELA_TX_MAX_IPLEN	511
#define KAWELA_TX_CONTEXTS	2
/* KW_TXD_LEN holds 65535; 32 KB keeps the pieces of a large buffer aligned. */
#define KAWELA_TX_MAX_DATA	32768U
/* The MAC hangs on frames shorter than this, even though it pads to 60 bytes. */
#define KAWELA_TX_MIN_LEN	17

static_assert(KW_TXC_MACLEN >> __bf_shf(KW_TXC_MACLEN) == KAWELA_TX_MAX_MACLEN);
static_assert(KW_TXC_IPLEN >> __bf_shf(KW_TXC_IPLEN) == KAWELA_TX_MAX_IPLEN);
static_assert(KW_TXD_LEN >> __bf_shf(KW_TXD_LEN) >= KAWELA_TX_MAX_DATA);

/* struct kawela_tx_offload.flags */
#define KAWELA_TX_VLAN		BIT(0)	/* insert .vlan */
#define KAWELA_TX_CSUM		BIT(1)	/* insert the layer 4 checksum */
#define KAWELA_TX_TSO		BIT(2)	/* cut into .mss pieces; implies KAWELA_TX_CSUM */
#define KAWELA_TX_IPV4		BIT(3)	/* the network header is IPv4 */

/**
 * struct kawela_tx_offload - what the hardware shall do to one frame
 * @flags: KAWELA_TX_VLAN, _CSUM, _TSO, _IPV4; none of the first three: no context is needed
 * @vlan: tag to insert (16 bits, priority included)
 * @mac_len: bytes in front of the network header, 0 to KAWELA_TX_MAX_MACLEN
 * @ip_len: bytes from there to the layer 4 header, 0 to KAWELA_TX_MAX_IPLEN; 0 without checksum
 * @l4_type: KW_TXC_L4T_*
 * @l4_len: layer 4 header length, TSO only
 * @mss: layer 4 payload per segment, TSO only
 */
struct kawela_tx_offload {
	u8 flags;
	u8 mac_len;
	u16 ip_len;
	u16 vlan;
	u8 l4_type;
	u8 l4_len;
	u16 mss;
};

/**
 * struct kawela_tx_ctx - a context in CPU order, without its index
 * @lens: vlan_macip_lens
 * @tucmd: type_tucmd
 * @mss: mss_l4len_idx with index 0
 */
struct kawela_tx_ctx {
	u32 lens;
	u32 tucmd;
	u32 mss;
};

/**
 * kawela_tx_needs_ctx - whether a frame needs a context
 * @off: offloads of the frame
 *
 * Return: true if so.
 */
static inline bool kawela_tx_needs_ctx(const struct kawela_tx_offload *off)
{
	return off->flags & (KAWELA_TX_VLAN | KAWELA_TX_CSUM | KAWELA_TX_TSO);
}

/**
 * kawela_tx_ctx_pack - compute the context of a frame
 * @off: offloads of the frame
 *
 * Return: the context; equal contexts need not be sent again (kawela_tx_ctx_equal()).
 */
static inline struct kawela_tx_ctx kawela_tx_ctx_pack(const struct kawela_tx_offload *off)
{
	struct kawela_tx_ctx ctx;

	ctx.lens = FIELD_PREP(KW_TXC_IPLEN, off->ip_len) |
		   FIELD_PREP(KW_TXC_MACLEN, off->mac_len) |
		   FIELD_PREP(KW_TXC_VLAN, off->flags & KAWELA_TX_VLAN ? off->vlan : 0);
	ctx.tucmd = FIELD_PREP(KW_TXD_DTYP, KW_TXD_DTYP_CTX) | KW_TXD_DEXT |
		    FIELD_PREP(KW_TXC_L4T, off->l4_type);
	if (off->flags & KAWELA_TX_IPV4)
		ctx.tucmd |= KW_TXC_IPV4;
	ctx.mss = 0;
	if (off->flags & KAWELA_TX_TSO)
		ctx.mss = FIELD_PREP(KW_TXC_L4LEN, off->l4_len) |
			  FIELD_PREP(KW_TXC_MSS, off->mss);

	return ctx;
}

/**
 * kawela_tx_ctx_equal - whether two contexts make the hardware do the same
 * @a: one
 * @b: the other
 *
 * Return: true if so.
 */
static inline bool kawela_tx_ctx_equal(const struct kawela_tx_ctx *a, const struct kawela_tx_ctx *b)
{
	return a->lens == b->lens && a->tucmd == b->tucmd && a->mss == b->mss;
}

/**
 * kawela_tx_ctx_write - write a context descriptor
 * @desc: ring slot
 * @ctx: context
 * @idx: which of the queue's contexts to replace, 0 to KAWELA_TX_CONTEXTS - 1
 */
static inline void kawela_tx_ctx_write(struct kawela_tx_ctx_desc *desc,
				       const struct kawela_tx_ctx *ctx, unsigned int idx)
{
	desc->vlan_macip_lens = cpu_to_le32(ctx->lens);
	desc->seqnum_seed = 0;
	desc->type_tucmd = cpu_to_le32(ctx->tucmd);
	desc->mss_l4len_idx = cpu_to_le32(ctx->mss | FIELD_PREP(KW_TXC_IDX, idx));
}

/**
 * struct kawela_tx_ctx_cache - contexts a transmit queue remembers
 * @ctx: what each index holds
 * @valid: bit i: @ctx[i] is known
 * @next: index to replace next
 */
struct kawela_tx_ctx_cache {
	struct kawela_tx_ctx ctx[KAWELA_TX_CONTEXTS];
	u8 valid;
	u8 next;
};

/**
 * kawela_tx_ctx_get - find or make room for a context
 * @cache: contexts of the queue; holds @ctx afterwards
 * @ctx: context wanted
 * @idx: set to its index
 *
 * The hardware keeps a context until its index is written again, so that a stream of packets of
 * one kind needs one context descriptor only.
 *
 * Return: true if the hardware knows @ctx already, false if the caller must send it.
 */
static inline bool kawela_tx_ctx_get(struct kawela_tx_ctx_cache *cache,
				     const struct kawela_tx_ctx *ctx, unsigned int *idx)
{
	unsigned int i;

	for (i = 0; i < KAWELA_TX_CONTEXTS; i++) {
		if ((cache->valid & BIT(i)) && kawela_tx_ctx_equal(&cache->ctx[i], ctx)) {
			*idx = i;
			return true;
		}
	}

	*idx = cache->next;
	cache->ctx[*idx] = *ctx;
	cache->valid |= BIT(*idx);
	cache->next = (*idx + 1) % KAWELA_TX_CONTEXTS;

	return false;
}

/**
 * kawela_tx_ctx_forget - a context was not sent after all, or the queue lost them
 * @cache: contexts of the queue
 */
static inline void kawela_tx_ctx_forget(struct kawela_tx_ctx_cache *cache)
{
	cache->valid = 0;
}

/**
 * kawela_tx_cmd - command bits every data descriptor of a frame carries
 * @flags: KAWELA_TX_*
 *
 * EOP and RS of the last descriptor, and the length of each, are the caller's to add.
 *
 * Return: cmd_type_len in CPU order.
 */
static inline u32 kawela_tx_cmd(u8 flags)
{
	u32 cmd = FIELD_PREP(KW_TXD_DTYP, KW_TXD_DTYP_DATA) | KW_TXD_DEXT | KW_TXD_IFCS;

	if (flags & KAWELA_TX_VLAN)
		cmd |= KW_TXD_VLE;
	if (flags & KAWELA_TX_TSO)
		cmd |= KW_TXD_TSE;

	return cmd;
}

/**
 * kawela_tx_olinfo - offload word of the first data descriptor of a frame
 * @flags: KAWELA_TX_*
 * @paylen: bytes of the frame; with TSO, of the layer 4 payload only
 * @idx: index of the context, 0 if there is none
 *
 * The IPv4 header checksum is asked for with TSO only: otherwise the stack has filled it in.
 *
 * Return: olinfo_status in CPU order.
 */
static inline u32 kawela_tx_olinfo(u8 flags, u32 paylen, unsigned int idx)
{
	u32 olinfo = FIELD_PREP(KW_TXO_PAYLEN, paylen) | FIELD_PREP(KW_TXO_IDX, idx);

	if (flags & (KAWELA_TX_CSUM | KAWELA_TX_TSO))
		olinfo |= KW_TXO_TXSM;
	if ((flags & (KAWELA_TX_TSO | KAWELA_TX_IPV4)) == (KAWELA_TX_TSO | KAWELA_TX_IPV4))
		olinfo |= KW_TXO_IXSM;

	return olinfo;
}

/**
 * kawela_tx_data_descs - data descriptors for one buffer
 * @size: its size in bytes
 *
 * Return: the number, 0 for an empty buffer.
 */
static inline unsigned int kawela_tx_data_descs(unsigned int size)
{
	return DIV_ROUND_UP(size, KAWELA_TX_MAX_DATA);
}

/**
 * kawela_tx_skb_descs - data descriptors for a packet
 * @skb: packet
 *
 * Return: the number, without a context descriptor.
 */
static inline unsigned int kawela_tx_skb_descs(const struct sk_buff *skb)
{
	const struct skb_shared_info *sh = skb_shinfo(skb);
	unsigned int n = kawela_tx_data_descs(skb_headlen(skb));
	unsigned int i;

	for (i = 0; i < sh->nr_frags; i++)
		n += kawela_tx_data_descs(skb_frag_size(&sh->frags[i]));

	return n;
}

/* ---- Receive ---- */

/**
 * union kawela_rx_desc - advanced receive descriptor
 * @read: as the driver posts it
 * @read.pkt_addr: DMA address of the buffer
 * @read.hdr_addr: header buffer, unused; zero also clears DD
 * @wb: as the hardware writes it back
 * @wb.pkt_info: KW_RXI_*
 * @wb.hdr_info: header split, unused
 * @wb.rss: RSS hash
 * @wb.status_error: KW_RXS_*
 * @wb.length: bytes in this buffer
 * @wb.vlan: stripped tag, valid with KW_RXS_VP
 */
union kawela_rx_desc {
	struct {
		__le64 pkt_addr;
		__le64 hdr_addr;
	} read;
	struct {
		__le16 pkt_info;
		__le16 hdr_info;
		__le32 rss;
		__le32 status_error;
		__le16 length;
		__le16 vlan;
	} wb;
};

static_assert(sizeof(union kawela_rx_desc) == KAWELA_DESC_SIZE);
static_assert(offsetof(union kawela_rx_desc, wb.status_error) ==
	      offsetof(union kawela_rx_desc, read.hdr_addr));

/* wb.pkt_info */
#define KW_RXI_RSS_TYPE		GENMASK(3, 0)
#define KW_RXI_RSS_NONE		0
#define KW_RXI_RSS_TCP_IPV4	1
#define KW_RXI_RSS_IPV4		2
#define KW_RXI_RSS_TCP_IPV6	3
#define KW_RXI_RSS_IPV6_EX	4
#define KW_RXI_RSS_IPV6		5
#define KW_RXI_RSS_TCP_IPV6_EX	6
#define KW_RXI_RSS_UDP_IPV4	7
#define KW_RXI_RSS_UDP_IPV6	8
#define KW_RXI_RSS_UDP_IPV6_EX	9

/* wb.status_error */
#define KW_RXS_DD		BIT(0)
#define KW_RXS_EOP		BIT(1)
#define KW_RXS_IXSM		BIT(2)	/* ignore the checksum bits */
#define KW_RXS_VP		BIT(3)	/* a VLAN tag was stripped */
#define KW_RXS_UDPCS		BIT(4)
#define KW_RXS_TCPCS		BIT(5)
#define KW_RXS_IPCS		BIT(6)
#define KW_RXS_TS		BIT(16)	/* its time was latched */
#define KW_RXS_LB		BIT(18)	/* looped back by the embedded switch */
#define KW_RXS_CE		BIT(24)
#define KW_RXS_SE		BIT(25)
#define KW_RXS_SEQ		BIT(26)
#define KW_RXS_CXE		BIT(28)
#define KW_RXS_TCPE		BIT(29)	/* TCP, UDP or SCTP checksum is wrong */
#define KW_RXS_IPE		BIT(30)
#define KW_RXS_RXE		BIT(31)
#define KW_RXS_FRAME_ERR	(KW_RXS_CE | KW_RXS_SE | KW_RXS_SEQ | KW_RXS_CXE | KW_RXS_RXE)
/* Seldom seen in a frame; one look tells whether there is any of them. */
#define KW_RXS_RARE		(KW_RXS_FRAME_ERR | KW_RXS_TS)

/**
 * enum kawela_rx_csum - what the hardware says about a frame's checksums
 * @KAWELA_RX_CSUM_NONE: nothing
 * @KAWELA_RX_CSUM_GOOD: the layer 4 checksum, and the IPv4 one if any, are right
 * @KAWELA_RX_CSUM_BAD: one of them is wrong; the stack shall look again
 */
enum kawela_rx_csum {
	KAWELA_RX_CSUM_NONE,
	KAWELA_RX_CSUM_GOOD,
	KAWELA_RX_CSUM_BAD,
};

/**
 * kawela_rx_csum - evaluate the checksum bits
 * @status: wb.status_error of the frame's last descriptor
 * @len: frame length without FCS
 *
 * 60-byte SCTP frames may carry TCPE wrongly (82576 erratum the stock driver works around): they
 * are left to the stack without being counted as bad.
 *
 * Return: the verdict.
 */
static inline enum kawela_rx_csum kawela_rx_csum(u32 status, unsigned int len)
{
	if (status & KW_RXS_IXSM)
		return KAWELA_RX_CSUM_NONE;
	if (unlikely(status & (KW_RXS_TCPE | KW_RXS_IPE)))
		return len == 60 ? KAWELA_RX_CSUM_NONE : KAWELA_RX_CSUM_BAD;
	if (status & (KW_RXS_TCPCS | KW_RXS_UDPCS))
		return KAWELA_RX_CSUM_GOOD;

	return KAWELA_RX_CSUM_NONE;
}

/**
 * kawela_rx_hash_type - which headers the RSS hash covers
 * @pkt_info: wb.pkt_info
 *
 * Return: PKT_HASH_TYPE_L4, PKT_HASH_TYPE_L3, or PKT_HASH_TYPE_NONE when there is no hash.
 */
static inline enum pkt_hash_types kawela_rx_hash_type(u16 pkt_info)
{
	const u16 l4 = BIT(KW_RXI_RSS_TCP_IPV4) | BIT(KW_RXI_RSS_TCP_IPV6) |
		       BIT(KW_RXI_RSS_TCP_IPV6_EX) | BIT(KW_RXI_RSS_UDP_IPV4) |
		       BIT(KW_RXI_RSS_UDP_IPV6) | BIT(KW_RXI_RSS_UDP_IPV6_EX);
	const u16 l3 = BIT(KW_RXI_RSS_IPV4) | BIT(KW_RXI_RSS_IPV6) | BIT(KW_RXI_RSS_IPV6_EX);
	const u16 type = BIT(FIELD_GET(KW_RXI_RSS_TYPE, pkt_info));

	if (type & l4)
		return PKT_HASH_TYPE_L4;

	return type & l3 ? PKT_HASH_TYPE_L3 : PKT_HASH_TYPE_NONE;
}

/**
 * kawela_rx_xdp_hash_type - the same for XDP, which wants to know more
 * @pkt_info: wb.pkt_info
 *
 * Return: XDP_RSS_TYPE_*, XDP_RSS_TYPE_NONE when there is no hash.
 */
static inline enum xdp_rss_hash_type kawela_rx_xdp_hash_type(u16 pkt_info)
{
	switch (FIELD_GET(KW_RXI_RSS_TYPE, pkt_info)) {
	case KW_RXI_RSS_TCP_IPV4:
		return XDP_RSS_TYPE_L4_IPV4_TCP;
	case KW_RXI_RSS_IPV4:
		return XDP_RSS_TYPE_L3_IPV4;
	case KW_RXI_RSS_TCP_IPV6:
		return XDP_RSS_TYPE_L4_IPV6_TCP;
	case KW_RXI_RSS_IPV6_EX:
		return XDP_RSS_TYPE_L3_IPV6_EX;
	case KW_RXI_RSS_IPV6:
		return XDP_RSS_TYPE_L3_IPV6;
	case KW_RXI_RSS_TCP_IPV6_EX:
		return XDP_RSS_TYPE_L4_IPV6_TCP_EX;
	case KW_RXI_RSS_UDP_IPV4:
		return XDP_RSS_TYPE_L4_IPV4_UDP;
	case KW_RXI_RSS_UDP_IPV6:
		return XDP_RSS_TYPE_L4_IPV6_UDP;
	case KW_RXI_RSS_UDP_IPV6_EX:
		return XDP_RSS_TYPE_L4_IPV6_UDP_EX;
	default:
		return XDP_RSS_TYPE_NONE;
	}
}

/* ---- Interrupt moderation ---- */

#define KAWELA_EITR_MAX_USECS	((unsigned int)FIELD_MAX(KW_EITR_INTERVAL))

/**
 * kawela_eitr - EITR value for an interval
 * @usecs: least time between two interrupts in microseconds, 0 for none; values above
 *	   KAWELA_EITR_MAX_USECS are cut
 *
 * CNT_IGNR keeps the running countdown, so that writing the register neither delays nor releases
 * an interrupt.
 *
 * Return: register value.
 */
static inline u32 kawela_eitr(unsigned int usecs)
{
	if (usecs > KAWELA_EITR_MAX_USECS)
		usecs = KAWELA_EITR_MAX_USECS;

	return FIELD_PREP(KW_EITR_INTERVAL, usecs) | KW_EITR_CNT_IGNR;
}

#endif /* _NET_KAWELA_DESC_H */
