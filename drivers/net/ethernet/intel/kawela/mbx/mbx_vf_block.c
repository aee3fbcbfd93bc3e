// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config blocks over the mailbox: a block is read or written in as many exchanges as it takes.
 *
 * Owns: the transfers of the VF. Never touches: registers, what is in a block, what becomes of it.
 * Locks: none; has the turn for a whole transfer.
 */
#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "mbx_priv.h"
#include "mbx_trace.h"

/* One message of level 1 and its reply, decoded if granted. */
static int block_exchange(struct kawela_mbx_vf *m, const struct kawela_block_msg *msg,
			  struct kawela_block_msg *answer)
{
	u32 reply[KAWELA_ABI_WORDS] = {};
	u32 w[KAWELA_ABI_WORDS];
	int err;

	kawela_mbx_vf_assert_turn(m);

	err = kawela_block_encode(msg, w);
	if (err)
		return err;

	err = kawela_mbx_vf_exchange(m, w, KAWELA_ABI_WORDS, reply, KAWELA_ABI_WORDS);
	trace_kawela_mbx_part(m->name, 0, msg, err);
	if (err && err != -EPERM)
		return err;
	if (FIELD_GET(KAWELA_ABI_INFO, reply[0]) != msg->seq)
		return -EIO;
	if (err)
		return kawela_block_errno(reply[1]) ?: -EIO;

	if (msg->id == KAWELA_MSG_BLOCK_WRITE)
		return reply[1] == msg->block ? 0 : -EIO;

	err = kawela_block_decode(reply, answer);
	if (err || answer->block != msg->block || answer->offset != msg->offset)
		return -EIO;
	return 0;
}

/* Take the turn for a transfer, if it may begin. */
static int block_begin(struct kawela_mbx_vf *m)
{
	int err;

	err = kawela_mbx_vf_begin(m);
	if (err)
		return err;

	err = kawela_mbx_vf_usable(m);
	if (!err && !(m->features & KAWELA_FEATURE_BLOCKS))
		err = -EOPNOTSUPP;
	if (err) {
		kawela_mbx_vf_end(m);
		return err;
	}

	m->seq++;
	return 0;
}

static int block_read(struct kawela_mbx_vf *m, u32 id, u8 *buf, unsigned int len,
		      unsigned int *returned)
{
	struct kawela_block_msg answer, msg = {
		.id = KAWELA_MSG_BLOCK_READ, .seq = m->seq, .block = id, .len = len,
	};
	unsigned int bytes, total = 0;
	int err;

	do {
		err = block_exchange(m, &msg, &answer);
		if (err)
			return err;
		if (answer.len > len || (msg.offset && answer.len != total))
			return -EIO;
		total = answer.len;
		bytes = min_t(unsigned int, total - msg.offset, KAWELA_ABI_BLOCK_DATA);
		memcpy(buf + msg.offset, answer.data, bytes);
		msg.offset += bytes;
	} while (msg.offset < total);

	*returned = total;
	return 0;
}

static int mailbox_read(struct kawela_mbx_vf *m, u32 id, u8 *buf, unsigned int len,
			unsigned int *returned)
{
	int err;

	err = block_begin(m);
	if (err)
		return err;

	err = block_read(m, id, buf, len, returned);
	kawela_mbx_vf_end(m);

	return err;
}

static int block_write(struct kawela_mbx_vf *m, u32 id, const u8 *buf, unsigned int len)
{
	struct kawela_block_msg answer, msg = {
		.id = KAWELA_MSG_BLOCK_WRITE, .seq = m->seq, .block = id, .len = len,
	};
	unsigned int bytes;
	int err;

	do {
		bytes = min_t(unsigned int, len - msg.offset, KAWELA_ABI_BLOCK_DATA);
		memcpy(msg.data, buf + msg.offset, bytes);
		err = block_exchange(m, &msg, &answer);
		if (err)
			return err;
		msg.offset += bytes;
	} while (msg.offset < len);

	return 0;
}

static int mailbox_write(struct kawela_mbx_vf *m, u32 id, const u8 *buf, unsigned int len)
{
	int err;

	err = block_begin(m);
	if (err)
		return err;

	err = block_write(m, id, buf, len);
	kawela_mbx_vf_end(m);

	return err;
}

static int mailbox_news(struct kawela_mbx_vf *m, u64 *mask)
{
	struct kawela_block_msg answer, msg = { .id = KAWELA_MSG_BLOCK_INVALID };
	int err;

	err = block_begin(m);
	if (err)
		return err;

	msg.seq = m->seq;
	msg.mask = m->taken;
	/* Without a reply nothing is taken: better told twice. */
	m->taken = 0;
	err = block_exchange(m, &msg, &answer);
	if (err)
		goto out;

	m->taken = answer.mask;
	atomic64_set(&m->invalid, 0);
	*mask = answer.mask;
out:
	kawela_mbx_vf_end(m);
	return err;
}

const struct kawela_mbx_transport kawela_mbx_transport_mailbox = {
	.name	= "mailbox",
	.read	= mailbox_read,
	.write	= mailbox_write,
	.news	= mailbox_news,
};
