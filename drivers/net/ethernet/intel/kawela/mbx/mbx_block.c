// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codec of the config block messages, and of what the PF says when it refuses one.
 *
 * Owns: the translation between words and struct kawela_block_msg, and between errno and status.
 * Never touches: registers, sessions, contents of blocks. Pure: no state, no locks, total over any
 * input.
 */
#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/string.h>

#include <net/kawela/mbx.h>

#include "../compat/module.h"

static bool block_is_transfer(u32 id)
{
	return id == KAWELA_MSG_BLOCK_READ || id == KAWELA_MSG_BLOCK_WRITE;
}

/* Whether a message of a transfer may start there. */
static bool block_in_range(u32 len, u32 offset)
{
	return len && len <= KAWELA_ABI_BLOCK_MAX && offset < len &&
	       !(offset % KAWELA_ABI_BLOCK_DATA);
}

static unsigned int block_bytes(const struct kawela_block_msg *msg)
{
	return min_t(unsigned int, msg->len - msg->offset, KAWELA_ABI_BLOCK_DATA);
}

int kawela_block_decode(const u32 w[KAWELA_ABI_WORDS], struct kawela_block_msg *msg)
{
	u16 id = FIELD_GET(KAWELA_ABI_ID, w[0]);
	struct kawela_block_msg m = { .id = id, .seq = FIELD_GET(KAWELA_ABI_INFO, w[0]) };
	unsigned int i;

	if (id == KAWELA_MSG_BLOCK_INVALID) {
		m.mask = (u64)w[2] << 32 | w[1];
		*msg = m;
		return 0;
	}
	if (!block_is_transfer(id))
		return -EOPNOTSUPP;

	m.block = w[1];
	m.len = FIELD_GET(KAWELA_ABI_BLOCK_LEN, w[2]);
	m.offset = FIELD_GET(KAWELA_ABI_BLOCK_OFFSET, w[2]);
	if (!block_in_range(m.len, m.offset))
		return -EMSGSIZE;

	for (i = 0; i < block_bytes(&m); i++)
		m.data[i] = w[KAWELA_ABI_BLOCK_HEADER + i / 4] >> (8 * (i % 4));

	*msg = m;
	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_block_decode, "KAWELA");

int kawela_block_encode(const struct kawela_block_msg *msg, u32 w[KAWELA_ABI_WORDS])
{
	unsigned int i;

	memset(w, 0, KAWELA_ABI_WORDS * sizeof(*w));
	w[0] = FIELD_PREP(KAWELA_ABI_INFO, msg->seq) | msg->id;

	if (msg->id == KAWELA_MSG_BLOCK_INVALID) {
		w[1] = lower_32_bits(msg->mask);
		w[2] = upper_32_bits(msg->mask);
		return 0;
	}
	if (!block_is_transfer(msg->id) || !block_in_range(msg->len, msg->offset))
		return -EINVAL;

	w[1] = msg->block;
	w[2] = FIELD_PREP(KAWELA_ABI_BLOCK_LEN, msg->len) |
	       FIELD_PREP(KAWELA_ABI_BLOCK_OFFSET, msg->offset);
	for (i = 0; i < block_bytes(msg); i++)
		w[KAWELA_ABI_BLOCK_HEADER + i / 4] |= (u32)msg->data[i] << (8 * (i % 4));

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_block_encode, "KAWELA");

static const struct {
	int err;
	u32 status;
} verdicts[] = {
	{ 0, KAWELA_STATUS_OK },
	{ -ENOENT, KAWELA_STATUS_NO_BLOCK },
	{ -EPERM, KAWELA_STATUS_DENIED },
	{ -EMSGSIZE, KAWELA_STATUS_LENGTH },
	{ -EPROTO, KAWELA_STATUS_SEQUENCE },
	{ -EINVAL, KAWELA_STATUS_INVALID },
	{ -EAGAIN, KAWELA_STATUS_BUSY },
	{ -EIO, KAWELA_STATUS_FAILED },
};

u32 kawela_block_status(int err)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++)
		if (verdicts[i].err == err)
			return verdicts[i].status;

	return KAWELA_STATUS_FAILED;
}
EXPORT_SYMBOL_NS_GPL(kawela_block_status, "KAWELA");

int kawela_block_errno(u32 status)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++)
		if (verdicts[i].status == status)
			return verdicts[i].err;

	return -EIO;
}
EXPORT_SYMBOL_NS_GPL(kawela_block_errno, "KAWELA");
