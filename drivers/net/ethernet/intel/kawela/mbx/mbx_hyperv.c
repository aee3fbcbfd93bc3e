// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config blocks over Hyper-V: the host hands them between its PF driver and the VF driver in a
 * guest, through the PCI bus driver of the guest.
 *
 * Owns: the blocks that Hyper-V said are invalid. Never touches: registers, the mailbox, its
 * session.
 * Locks: none. Calls sleep, for as long as the host takes; an invalidation may come in a softirq.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "mbx_priv.h"
#include "mbx_trace.h"

/* What a call returned, in the errnos of the blocks. */
static int hyperv_errno(int err)
{
	switch (err) {
	case 0:
	case -EAGAIN:
	case -ENODEV:
	case -EOPNOTSUPP:
	case -ETIMEDOUT:
		return err;
	default:
		return -EIO;
	}
}

static int hyperv_read_any(struct kawela_mbx_vf *m, u32 id, u8 *buf, unsigned int len,
			   unsigned int *returned)
{
	unsigned int bytes = 0;
	int err;

	if (!m->hyperv)
		return -EOPNOTSUPP;

	err = hyperv_errno(m->hyperv->read(m->pdev, buf, len, id, &bytes));
	if (err)
		return err;
	if (!bytes || bytes > len)
		return -EIO;

	memset(buf + bytes, 0, len - bytes);
	*returned = bytes;
	return 0;
}

/* Whether the host's PF driver is one of ours. Any other has its own idea of block 1. */
bool kawela_mbx_hyperv_answers(struct kawela_mbx_vf *m)
{
	struct kawela_block_identity identity = {};
	unsigned int bytes = 0;
	int err;

	if (!m->hyperv)
		return false;

	err = hyperv_read_any(m, KAWELA_BLOCK_IDENTITY, (u8 *)&identity, sizeof(identity), &bytes);
	trace_kawela_mbx_block(m->name, kawela_mbx_transport_hyperv.name, "probe",
			       KAWELA_BLOCK_IDENTITY, bytes, err);

	return !err && bytes >= offsetofend(struct kawela_block_identity, magic) &&
	       le32_to_cpu(identity.magic) == KAWELA_ABI_MAGIC;
}

/*
 * Softirq, or any other context. pci-hyperv may see the callback of before and the context of after
 * listening ended.
 */
static void hyperv_invalidate(void *context, u64 mask)
{
	struct kawela_mbx_vf *m = context;

	/* Who has not taken the last ones has been told. */
	if (m && !atomic64_fetch_or(mask, &m->invalid))
		m->ops->event(m->priv);
}

/* Listen, or listen no more; both may be said again. */
int kawela_mbx_hyperv_listen(struct kawela_mbx_vf *m, bool on)
{
	if (!m->hyperv)
		return -EOPNOTSUPP;
	return m->hyperv->listen(m->pdev, on ? m : NULL, on ? hyperv_invalidate : NULL);
}

/* No invalidation is under way afterwards. */
void kawela_mbx_hyperv_stop(struct kawela_mbx_vf *m)
{
	if (kawela_mbx_hyperv_listen(m, false) != -EOPNOTSUPP)
		synchronize_rcu();	/* a softirq is a reader */
}

static int hyperv_read(struct kawela_mbx_vf *m, u32 id, u8 *buf, unsigned int len,
		       unsigned int *returned)
{
	int err = kawela_mbx_vf_check(m);

	if (err)
		return err;

	err = hyperv_read_any(m, id, buf, len, returned);
	return err ? kawela_mbx_vf_check(m) ?: err : 0;
}

static int hyperv_write(struct kawela_mbx_vf *m, u32 id, const u8 *buf, unsigned int len)
{
	u8 copy[KAWELA_ABI_BLOCK_MAX];	/* the interface does not promise to leave it alone */
	int err = kawela_mbx_vf_check(m);

	if (err)
		return err;

	memcpy(copy, buf, len);
	err = hyperv_errno(m->hyperv->write(m->pdev, copy, len, id));
	return err ? kawela_mbx_vf_check(m) ?: err : 0;
}

static int hyperv_news(struct kawela_mbx_vf *m, u64 *mask)
{
	int err = kawela_mbx_vf_check(m);

	if (err)
		return err;

	/* A provider that is gone, or another one than before, tells nothing by itself. */
	err = hyperv_errno(kawela_mbx_hyperv_listen(m, true));
	if (err)
		return kawela_mbx_vf_check(m) ?: err;

	*mask = atomic64_xchg(&m->invalid, 0);
	return 0;
}

const struct kawela_mbx_transport kawela_mbx_transport_hyperv = {
	.name	= "hyperv",
	.read	= hyperv_read,
	.write	= hyperv_write,
	.news	= hyperv_news,
};
