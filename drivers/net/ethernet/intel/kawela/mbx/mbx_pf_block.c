// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config blocks at the PF end: transfers in parts, and what is invalid for whom.
 *
 * Owns: struct kawela_mbx_transfer, the invalid and told masks of a session. Never touches:
 * registers, what is in a block: that is the PF driver's, through struct kawela_mbx_block.
 * Locks: none; runs in the service work. Only the invalid mask is written elsewhere, atomically.
 *
 * A guest decides what comes here. All it can make grow is one transfer of 128 bytes of its own.
 */
#include <kunit/visibility.h>
#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/string.h>

#include "../compat/module.h"
#include "mbx_priv.h"
#include "mbx_trace.h"

static const struct kawela_mbx_block *block_find(const struct kawela_mbx_pf *m, u32 id)
{
	unsigned int i;

	for (i = 0; i < m->num_blocks; i++)
		if (m->blocks[i].id == id)
			return &m->blocks[i];

	return NULL;
}

/* All blocks of the PF's that can be invalidated. */
static u64 block_all(const struct kawela_mbx_pf *m)
{
	u64 mask = 0;
	unsigned int i;

	for (i = 0; i < m->num_blocks; i++)
		if (m->blocks[i].id < KAWELA_ABI_BLOCK_INVALID_MAX)
			mask |= BIT_ULL(m->blocks[i].id);

	return mask;
}

static bool block_valid(const struct kawela_mbx_block *b)
{
	return (b->read || b->write) && b->min_write <= KAWELA_ABI_BLOCK_MAX;
}

int kawela_mbx_block_register(struct kawela_mbx_pf *m, const struct kawela_mbx_block *blocks,
			      unsigned int num)
{
	unsigned int i, j;
	int err = 0;

	for (i = 0; i < num; i++) {
		if (!block_valid(&blocks[i]))
			return -EINVAL;
		for (j = 0; j < i; j++)
			if (blocks[i].id == blocks[j].id)
				return -EINVAL;
	}

	mutex_lock(&m->ctl_lock);
	if (m->num_vfs || m->num_blocks) {
		err = -EBUSY;
	} else {
		m->blocks = blocks;
		m->num_blocks = num;
	}
	mutex_unlock(&m->ctl_lock);

	return err;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_block_register, "KAWELA");

/* Whether a message continues the transfer under way, or repeats its last message. */
static bool transfer_continues(const struct kawela_mbx_transfer *t,
			       const struct kawela_block_msg *msg)
{
	return t->id == msg->id && t->seq == msg->seq && t->block == msg->block &&
	       t->asked == msg->len && (msg->offset == t->next || msg->offset == t->last);
}

static void transfer_begin(struct kawela_mbx_transfer *t, const struct kawela_block_msg *msg)
{
	memset(t, 0, sizeof(*t));
	t->id = msg->id;
	t->seq = msg->seq;
	t->block = msg->block;
	t->asked = msg->len;
}

static int transfer_refuse(struct kawela_mbx_transfer *t, int err)
{
	memset(t, 0, sizeof(*t));
	return err;
}

static void transfer_advance(struct kawela_mbx_transfer *t, const struct kawela_block_msg *msg)
{
	t->last = msg->offset;
	t->next = msg->offset + KAWELA_ABI_BLOCK_DATA;
}

/* A picture of the block, for the whole transfer. */
static int transfer_snapshot(struct kawela_mbx_pf *m, u16 vf, struct kawela_mbx_transfer *t)
{
	const struct kawela_mbx_block *b = block_find(m, t->block);
	int len;

	if (!b)
		return -ENOENT;
	if (!b->read)
		return -EPERM;

	len = b->read(m->priv, vf, t->data);
	if (len < 0)
		return len;
	if (WARN_ON_ONCE(!len || len > KAWELA_ABI_BLOCK_MAX))
		return -EIO;

	t->len = min_t(unsigned int, len, t->asked);
	return 0;
}

static int block_read(struct kawela_mbx_pf *m, u16 vf, const struct kawela_block_msg *msg,
		      struct kawela_block_msg *reply)
{
	struct kawela_mbx_transfer *t = &m->session[vf].transfer;
	int err = 0;

	if (!transfer_continues(t, msg)) {
		if (msg->offset)
			return transfer_refuse(t, -EPROTO);
		transfer_begin(t, msg);
		err = transfer_snapshot(m, vf, t);
	} else if (msg->offset >= t->len) {
		err = -EPROTO;
	}
	if (err)
		return transfer_refuse(t, err);

	transfer_advance(t, msg);
	reply->len = t->len;
	memcpy(reply->data, t->data + msg->offset,
	       min_t(unsigned int, t->len - msg->offset, KAWELA_ABI_BLOCK_DATA));
	return 0;
}

/* What can be told from the first message, so that nobody sends two more in vain. */
static int write_check(const struct kawela_mbx_pf *m, const struct kawela_mbx_transfer *t)
{
	const struct kawela_mbx_block *b = block_find(m, t->block);

	if (!b)
		return -ENOENT;
	if (!b->write)
		return -EPERM;
	return t->asked < b->min_write ? -EMSGSIZE : 0;
}

static int block_write(struct kawela_mbx_pf *m, u16 vf, const struct kawela_block_msg *msg)
{
	struct kawela_mbx_transfer *t = &m->session[vf].transfer;
	unsigned int bytes = min_t(unsigned int, msg->len - msg->offset, KAWELA_ABI_BLOCK_DATA);
	int err;

	if (!transfer_continues(t, msg)) {
		if (msg->offset)
			return transfer_refuse(t, -EPROTO);
		transfer_begin(t, msg);
		err = write_check(m, t);
		if (err)
			return transfer_refuse(t, err);
	} else if (t->written && msg->offset == t->last) {
		/* Its reply was lost: the PF driver heard of it, once is enough. */
		return t->verdict;
	}

	transfer_advance(t, msg);
	memcpy(t->data + msg->offset, msg->data, bytes);
	if (msg->offset + bytes < msg->len)
		return 0;

	t->verdict = block_find(m, t->block)->write(m->priv, vf, t->data, msg->len);
	t->written = true;
	return t->verdict;
}

/*
 * What the VF took is no longer invalid, unless it became so again. That is also why a repeated
 * message takes nothing: its first reply is lost, and told of blocks that nobody has read.
 */
static void block_invalid(struct kawela_mbx_session *s, const struct kawela_block_msg *msg,
			  bool again, struct kawela_block_msg *reply)
{
	if (!again)
		s->told &= ~msg->mask;
	s->told |= atomic64_xchg(&s->invalid, 0);
	reply->mask = s->told;
}

static int block_handle(struct kawela_mbx_pf *m, u16 vf, const struct kawela_block_msg *msg,
			bool again, struct kawela_block_msg *reply)
{
	switch (msg->id) {
	case KAWELA_MSG_BLOCK_READ:
		return block_read(m, vf, msg, reply);
	case KAWELA_MSG_BLOCK_WRITE:
		return block_write(m, vf, msg);
	default:
		block_invalid(&m->session[vf], msg, again, reply);
		return 0;
	}
}

/* A granted write says no more than which block; nobody needs his own bytes back. */
static void block_grant(const struct kawela_block_msg *msg, const struct kawela_block_msg *reply,
			u32 w[KAWELA_ABI_WORDS])
{
	if (msg->id != KAWELA_MSG_BLOCK_WRITE) {
		kawela_block_encode(reply, w);
		return;
	}

	memset(w, 0, KAWELA_ABI_WORDS * sizeof(*w));
	w[1] = msg->block;
}

/*
 * Act on a message of level 1 and make the reply, word 0 included. Returns what became of it: 0 or
 * an errno for which the reply is a refusal.
 */
int kawela_mbx_pf_block(struct kawela_mbx_pf *m, u16 vf, const u32 *w, u32 *reply)
{
	struct kawela_mbx_session *s = &m->session[vf];
	struct kawela_block_msg msg, answer;
	bool again = w[0] == s->block_word;
	int err;

	/* Numbers come round: only a message next to its like belongs to the same transfer. */
	if (!again)
		memset(&s->transfer, 0, sizeof(s->transfer));
	s->block_word = w[0];

	err = kawela_block_decode(w, &msg);
	if (err) {
		memset(&s->transfer, 0, sizeof(s->transfer));
	} else {
		answer = msg;
		memset(answer.data, 0, sizeof(answer.data));
		err = block_handle(m, vf, &msg, again, &answer);
		trace_kawela_mbx_part(m->name, vf, &msg, err);
	}

	if (err) {
		memset(reply, 0, KAWELA_ABI_WORDS * sizeof(*reply));
		reply[1] = kawela_block_status(err);
	} else {
		block_grant(&msg, &answer, reply);
	}

	reply[0] = kawela_mbx_reply_word(w[0], err);
	return err;
}

/* A session begins: whatever the VF knows is from before. */
void kawela_mbx_pf_block_start(struct kawela_mbx_pf *m, u16 vf)
{
	struct kawela_mbx_session *s = &m->session[vf];

	memset(&s->transfer, 0, sizeof(s->transfer));
	s->block_word = 0;
	s->told = 0;
	atomic64_or(block_all(m), &s->invalid);
	WRITE_ONCE(s->level1, false);
}

/* Whether the VF has something to ask for. */
bool kawela_mbx_pf_block_due(const struct kawela_mbx_session *s)
{
	return READ_ONCE(s->level1) && (s->told || atomic64_read(&s->invalid));
}

void kawela_mbx_block_invalidate(struct kawela_mbx_pf *m, u16 vf, u64 mask)
{
	if (vf >= READ_ONCE(m->num_vfs))
		return;

	mask &= block_all(m);
	trace_kawela_mbx_invalidate(m->name, vf, mask);
	atomic64_or(mask, &m->session[vf].invalid);
	/* Either the first message of level 1 finds the bits, or it is seen here. */
	smp_mb__after_atomic();
	if (!kawela_mbx_pf_level1(m, vf))
		return;

	set_bit(vf, &m->ping);
	kawela_mbx_pf_kick(m);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_block_invalidate, "KAWELA");

bool kawela_mbx_pf_level1(const struct kawela_mbx_pf *m, u16 vf)
{
	return kawela_mbx_pf_vf_ready(m, vf) && READ_ONCE(m->session[vf].level1);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_level1, "KAWELA");
