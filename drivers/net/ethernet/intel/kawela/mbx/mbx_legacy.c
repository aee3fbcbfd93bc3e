// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codec of the legacy mailbox words, both directions.
 *
 * Owns: the translation between words and struct kawela_msg, and between errno and ACK/NACK/CTS.
 * Never touches: registers, sessions, policy. Pure: no state, no locks, total over any input.
 */
#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/string.h>

#include <net/kawela/mbx.h>

#include "../compat/module.h"

static void get_mac(const u32 *w, u8 mac[ETH_ALEN])
{
	unsigned int i;

	for (i = 0; i < ETH_ALEN; i++)
		mac[i] = w[i / 4] >> (8 * (i % 4));
}

static void put_mac(u32 *w, const u8 mac[ETH_ALEN])
{
	unsigned int i;

	for (i = 0; i < ETH_ALEN; i++)
		w[i / 4] |= (u32)mac[i] << (8 * (i % 4));
}

static int decode_mac(const u32 *w, u8 info, struct kawela_msg *msg)
{
	switch (info) {
	case KAWELA_MAC_CLEAR_FILTERS:
		/* igbvf sends a zero address, other drivers whatever was in the words. */
		msg->mac_op = KAWELA_MAC_CLEAR_FILTERS;
		return 0;
	case KAWELA_MAC_SET:
	case KAWELA_MAC_ADD_FILTER:
		get_mac(&w[1], msg->mac);
		if (!is_valid_ether_addr(msg->mac))
			return -EBADMSG;
		msg->mac_op = info;
		return 0;
	default:
		return -EBADMSG;
	}
}

static int decode_multicast(const u32 *w, u8 info, struct kawela_msg *msg)
{
	unsigned int i;

	msg->mc.count = info;
	for (i = 0; i < min_t(unsigned int, info, KAWELA_ABI_MC_MAX); i++)
		msg->mc.hash[i] = (w[1 + i / 2] >> (16 * (i % 2))) & KAWELA_ABI_MC_HASH;

	return 0;
}

static int decode_vlan(const u32 *w, u8 info, struct kawela_msg *msg)
{
	if (w[1] > KAWELA_ABI_VID_MAX)
		return -EBADMSG;

	msg->vlan.vid = w[1];
	msg->vlan.add = info;
	return 0;
}

static int decode_lpe(const u32 *w, u8 info, struct kawela_msg *msg)
{
	if (w[1] < KAWELA_ABI_FRAME_MIN || w[1] > KAWELA_ABI_FRAME_MAX)
		return -EBADMSG;

	msg->max_frame = w[1];
	return 0;
}

static int decode_promisc(const u32 *w, u8 info, struct kawela_msg *msg)
{
	if (info & ~KAWELA_PROMISC_ALL)
		return -EBADMSG;

	msg->promisc = info;
	return 0;
}

static const struct {
	u16 id;
	int (*decode)(const u32 *w, u8 info, struct kawela_msg *msg);
} requests[] = {
	{ KAWELA_MSG_SET_MAC, decode_mac },
	{ KAWELA_MSG_SET_MULTICAST, decode_multicast },
	{ KAWELA_MSG_SET_VLAN, decode_vlan },
	{ KAWELA_MSG_SET_LPE, decode_lpe },
	{ KAWELA_MSG_SET_PROMISC, decode_promisc },
};

int kawela_mbx_decode(const u32 w[KAWELA_ABI_WORDS], struct kawela_msg *msg)
{
	u16 id = FIELD_GET(KAWELA_ABI_ID, w[0]);
	struct kawela_msg m;
	unsigned int i;
	int err;

	if (w[0] & (KAWELA_ABI_ACK | KAWELA_ABI_NACK))
		return -EBADMSG;

	memset(&m, 0, sizeof(m));
	m.id = id;

	if (id == KAWELA_MSG_RESET) {
		/* Every other bit makes it something else; igb compares the whole word. */
		if (w[0] != KAWELA_MSG_RESET)
			return -EBADMSG;
		*msg = m;
		return 0;
	}

	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		if (requests[i].id != id)
			continue;
		err = requests[i].decode(w, FIELD_GET(KAWELA_ABI_INFO, w[0]), &m);
		if (!err)
			*msg = m;
		return err;
	}

	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_decode, "KAWELA");

static int encode_mac(const struct kawela_msg *msg, u32 *w)
{
	if (msg->mac_op > KAWELA_MAC_ADD_FILTER)
		return -EINVAL;
	if (is_valid_ether_addr(msg->mac))
		put_mac(&w[1], msg->mac);
	else if (msg->mac_op != KAWELA_MAC_CLEAR_FILTERS)
		return -EINVAL;

	w[0] |= FIELD_PREP(KAWELA_ABI_INFO, msg->mac_op);
	return KAWELA_ABI_SET_MAC_WORDS;
}

static int encode_multicast(const struct kawela_msg *msg, u32 *w)
{
	unsigned int i;

	for (i = 0; i < min_t(unsigned int, msg->mc.count, KAWELA_ABI_MC_MAX); i++) {
		if (msg->mc.hash[i] & ~KAWELA_ABI_MC_HASH)
			return -EINVAL;
		w[1 + i / 2] |= (u32)msg->mc.hash[i] << (16 * (i % 2));
	}

	w[0] |= FIELD_PREP(KAWELA_ABI_INFO, msg->mc.count);
	return KAWELA_ABI_MULTICAST_WORDS;
}

static int encode_vlan(const struct kawela_msg *msg, u32 *w)
{
	if (msg->vlan.vid > KAWELA_ABI_VID_MAX)
		return -EINVAL;

	w[0] |= FIELD_PREP(KAWELA_ABI_INFO, msg->vlan.add);
	w[1] = msg->vlan.vid;
	return KAWELA_ABI_SET_VLAN_WORDS;
}

static int encode_lpe(const struct kawela_msg *msg, u32 *w)
{
	if (msg->max_frame < KAWELA_ABI_FRAME_MIN || msg->max_frame > KAWELA_ABI_FRAME_MAX)
		return -EINVAL;

	w[1] = msg->max_frame;
	return KAWELA_ABI_SET_LPE_WORDS;
}

static int encode_promisc(const struct kawela_msg *msg, u32 *w)
{
	if (msg->promisc & ~KAWELA_PROMISC_ALL)
		return -EINVAL;

	w[0] |= FIELD_PREP(KAWELA_ABI_INFO, msg->promisc);
	return KAWELA_ABI_SET_PROMISC_WORDS;
}

int kawela_mbx_encode(const struct kawela_msg *msg, u32 w[KAWELA_ABI_WORDS])
{
	memset(w, 0, KAWELA_ABI_WORDS * sizeof(*w));
	w[0] = msg->id;

	switch (msg->id) {
	case KAWELA_MSG_RESET:
		return KAWELA_ABI_RESET_WORDS;
	case KAWELA_MSG_SET_MAC:
		return encode_mac(msg, w);
	case KAWELA_MSG_SET_MULTICAST:
		return encode_multicast(msg, w);
	case KAWELA_MSG_SET_VLAN:
		return encode_vlan(msg, w);
	case KAWELA_MSG_SET_LPE:
		return encode_lpe(msg, w);
	case KAWELA_MSG_SET_PROMISC:
		return encode_promisc(msg, w);
	default:
		return -EINVAL;
	}
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_encode, "KAWELA");

u32 kawela_mbx_reply_word(u32 request, int err)
{
	if (err)
		return request | KAWELA_ABI_CTS | KAWELA_ABI_NACK;

	if (FIELD_GET(KAWELA_ABI_ID, request) == KAWELA_MSG_SET_PROMISC)
		request &= ~FIELD_PREP(KAWELA_ABI_INFO, KAWELA_PROMISC_MULTICAST);

	return request | KAWELA_ABI_CTS | KAWELA_ABI_ACK;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_reply_word, "KAWELA");

unsigned int kawela_mbx_encode_reset_reply(const u8 *mac, u32 w[KAWELA_ABI_RESET_REPLY_WORDS])
{
	memset(w, 0, KAWELA_ABI_RESET_REPLY_WORDS * sizeof(*w));
	w[0] = KAWELA_ABI_RESET_NO_MAC;

	if (mac && !is_zero_ether_addr(mac)) {
		w[0] = KAWELA_ABI_RESET_ACK;
		put_mac(&w[1], mac);
	}

	return KAWELA_ABI_RESET_REPLY_WORDS;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_encode_reset_reply, "KAWELA");

int kawela_mbx_decode_reset_reply(const u32 w[KAWELA_ABI_RESET_REPLY_WORDS], u8 mac[ETH_ALEN])
{
	eth_zero_addr(mac);

	switch (w[0]) {
	case KAWELA_ABI_RESET_ACK:
		get_mac(&w[1], mac);
		if (is_valid_ether_addr(mac))
			return 0;
		eth_zero_addr(mac);
		return -EADDRNOTAVAIL;
	case KAWELA_ABI_RESET_NO_MAC:
		return -EADDRNOTAVAIL;
	case KAWELA_ABI_BARE_NACK:
		return -EAGAIN;
	default:
		return -EPROTO;
	}
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_decode_reset_reply, "KAWELA");

int kawela_mbx_decode_reply(u32 request, u32 reply)
{
	u32 verdict = reply & (KAWELA_ABI_ACK | KAWELA_ABI_NACK);
	u16 id = FIELD_GET(KAWELA_ABI_ID, reply);

	if (!(reply & KAWELA_ABI_CTS)) {
		if (verdict == KAWELA_ABI_NACK || reply == KAWELA_MSG_PF_CONTROL)
			return -ENOTCONN;
		return -EPROTO;
	}

	if (id != FIELD_GET(KAWELA_ABI_ID, request))
		return -EPROTO;
	if (verdict == KAWELA_ABI_ACK)
		return 0;
	if (verdict == KAWELA_ABI_NACK)
		return -EPERM;

	return -EPROTO;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_decode_reply, "KAWELA");
