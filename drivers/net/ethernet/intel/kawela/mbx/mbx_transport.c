// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config blocks of the VF: which way they travel, the mailbox or Hyper-V's.
 *
 * Owns: the choice of the transport, what is the same for all of them. Never touches: registers,
 * what is in a block besides IDENTITY's first word.
 * Locks: none. The choice is one pointer; two callers who choose at once choose the same.
 */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>

#include "../compat/module.h"
#include "mbx_priv.h"
#include "mbx_trace.h"

static const struct kawela_mbx_transport *transport_of(struct kawela_mbx_vf *m)
{
	return READ_ONCE(m->transport);
}

static const struct kawela_mbx_transport *transport_best(struct kawela_mbx_vf *m)
{
	return kawela_mbx_hyperv_answers(m) ? &kawela_mbx_transport_hyperv :
					      &kawela_mbx_transport_mailbox;
}

static void transport_set(struct kawela_mbx_vf *m, const struct kawela_mbx_transport *t)
{
	/* What is new to the session may have said anything before it was listened to. */
	atomic64_set(&m->invalid, ~0ULL);
	WRITE_ONCE(m->transport, t);
	kawela_mbx_hyperv_listen(m, t == &kawela_mbx_transport_hyperv);
	trace_kawela_mbx_transport(m->name, t->name);
}

/* A session began. Its mailbox rings by itself. */
void kawela_mbx_transport_start(struct kawela_mbx_vf *m)
{
	transport_set(m, transport_best(m));
	if (transport_of(m) == &kawela_mbx_transport_mailbox)
		atomic64_set(&m->invalid, 0);
}

/* @t does not carry blocks: whether another one does, from now on. */
static bool transport_replace(struct kawela_mbx_vf *m, const struct kawela_mbx_transport *t)
{
	const struct kawela_mbx_transport *best = transport_best(m);

	if (best == t)
		return false;
	if (best == &kawela_mbx_transport_mailbox &&
	    !(READ_ONCE(m->features) & KAWELA_FEATURE_BLOCKS)) {
		/* What it would have said until it is back. */
		atomic64_set(&m->invalid, ~0ULL);
		return false;
	}

	transport_set(m, best);
	m->ops->event(m->priv);
	return true;
}

static bool transport_length_ok(unsigned int len)
{
	return len && len <= KAWELA_ABI_BLOCK_MAX;
}

int kawela_mbx_block_read(struct kawela_mbx_vf *m, u32 id, void *buf, unsigned int len,
			  unsigned int *returned)
{
	const struct kawela_mbx_transport *t = transport_of(m);
	int err;

	*returned = 0;
	if (!transport_length_ok(len))
		return -EINVAL;
	memset(buf, 0, len);

	err = t->read(m, id, buf, len, returned);
	if (err == -EOPNOTSUPP && transport_replace(m, t)) {
		t = transport_of(m);
		err = t->read(m, id, buf, len, returned);
	}
	/* Nobody shall take a part of a block for the block. */
	if (err) {
		*returned = 0;
		memset(buf, 0, len);
	}

	trace_kawela_mbx_block(m->name, t->name, "read", id, *returned, err);
	return err;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_block_read, "KAWELA");

int kawela_mbx_block_write(struct kawela_mbx_vf *m, u32 id, const void *buf, unsigned int len)
{
	const struct kawela_mbx_transport *t = transport_of(m);
	int err;

	if (!transport_length_ok(len))
		return -EINVAL;

	err = t->write(m, id, buf, len);
	if (err == -EOPNOTSUPP && transport_replace(m, t)) {
		t = transport_of(m);
		err = t->write(m, id, buf, len);
	}

	trace_kawela_mbx_block(m->name, t->name, "write", id, len, err);
	return err;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_block_write, "KAWELA");

int kawela_mbx_block_news(struct kawela_mbx_vf *m, u64 *mask)
{
	const struct kawela_mbx_transport *t = transport_of(m);
	int err;

	*mask = 0;
	err = t->news(m, mask);
	if (err == -EOPNOTSUPP && transport_replace(m, t)) {
		t = transport_of(m);
		err = t->news(m, mask);
	}

	trace_kawela_mbx_news(m->name, t->name, *mask, err);
	return err;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_block_news, "KAWELA");

u32 kawela_mbx_vf_features(struct kawela_mbx_vf *m)
{
	u32 features;

	if (!kawela_mbx_vf_connected(m))
		return 0;

	features = READ_ONCE(m->features);
	if (transport_of(m) == &kawela_mbx_transport_hyperv)
		features |= KAWELA_FEATURE_BLOCKS;
	return features;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_features, "KAWELA");
