// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VF's side of the mailbox hardware: status bits, ownership of the buffer, copying, VF reset.
 *
 * Owns: V2PMAILBOX, VMBMEM, CTRL.RST. Never touches: sessions, message contents.
 * Locks: latch_lock around every read of V2PMAILBOX; all but look, consume and put_back need the
 * turn.
 *
 * Every write of V2PMAILBOX without VFU gives the buffer up, so ownership and the event that goes
 * with it are always one write.
 */
#include "mbx_priv.h"

/*
 * Read V2PMAILBOX and keep what the read cleared. Returns the register with everything that is
 * still latched; @news (may be NULL) gets the bits that were not there at the last look. A
 * removed function looks like a quiet one.
 */
u32 kawela_mbx_vf_hw_look(struct kawela_mbx_vf *m, u32 *news)
{
	unsigned long flags;
	u32 val, fresh;

	spin_lock_irqsave(&m->latch_lock, flags);
	val = mbx_rd32(&m->port, KW_V2PMAILBOX);
	if (mbx_removed(&m->port))
		val = 0;

	fresh = val & KAWELA_MBX_V2P_LATCHED & ~m->latched;
	if ((val & KW_V2P_RSTI) && !m->rsti)
		fresh |= KW_V2P_RSTI;

	m->latched |= val & KAWELA_MBX_V2P_LATCHED;
	WRITE_ONCE(m->rsti, val & KW_V2P_RSTI);
	val |= m->latched;
	spin_unlock_irqrestore(&m->latch_lock, flags);

	if (news)
		*news = fresh;

	return val;
}

/* Forget latched @bits; whether one of them was set. Does not look first. */
bool kawela_mbx_vf_hw_consume(struct kawela_mbx_vf *m, u32 bits)
{
	unsigned long flags;
	bool any;

	spin_lock_irqsave(&m->latch_lock, flags);
	any = m->latched & bits;
	m->latched &= ~bits;
	spin_unlock_irqrestore(&m->latch_lock, flags);

	return any;
}

void kawela_mbx_vf_hw_put_back(struct kawela_mbx_vf *m, u32 bits)
{
	unsigned long flags;

	spin_lock_irqsave(&m->latch_lock, flags);
	m->latched |= bits;
	spin_unlock_irqrestore(&m->latch_lock, flags);
}

/* One attempt at the buffer. */
bool kawela_mbx_vf_hw_take(struct kawela_mbx_vf *m)
{
	kawela_mbx_vf_assert_turn(m);

	mbx_wr32(&m->port, KW_V2PMAILBOX, KW_V2P_VFU);
	return kawela_mbx_vf_hw_look(m, NULL) & KW_V2P_VFU;
}

void kawela_mbx_vf_hw_release(struct kawela_mbx_vf *m)
{
	kawela_mbx_vf_assert_turn(m);

	mbx_wr32(&m->port, KW_V2PMAILBOX, 0);
}

/* With the buffer owned. */
void kawela_mbx_vf_hw_read(struct kawela_mbx_vf *m, u32 *w, unsigned int n)
{
	unsigned int i;

	kawela_mbx_vf_assert_turn(m);

	for (i = 0; i < n; i++)
		w[i] = mbx_rd32(&m->port, KW_VMBMEM(0) + 4 * i);
}

/* Tell the PF that its message was read, and give the buffer up. */
void kawela_mbx_vf_hw_ack(struct kawela_mbx_vf *m)
{
	kawela_mbx_vf_assert_turn(m);

	mbx_wr32(&m->port, KW_V2PMAILBOX, KW_V2P_ACK);
}

/* With the buffer owned: write @n words, tell the PF and give the buffer up. */
void kawela_mbx_vf_hw_request(struct kawela_mbx_vf *m, const u32 *w, unsigned int n)
{
	unsigned int i;

	kawela_mbx_vf_assert_turn(m);

	/* What is latched now belongs to an earlier exchange. */
	kawela_mbx_vf_hw_look(m, NULL);
	kawela_mbx_vf_hw_consume(m, KW_V2P_PFACK | KW_V2P_PFSTS);

	for (i = 0; i < n; i++)
		mbx_wr32(&m->port, KW_VMBMEM(0) + 4 * i, w[i]);

	mbx_wr32(&m->port, KW_V2PMAILBOX, KW_V2P_REQ);
}

/* Reset the VF's queues and interrupts; raises VFLRE at the PF, clears VFRE and VFTE. */
void kawela_mbx_vf_hw_reset(struct kawela_mbx_vf *m)
{
	kawela_mbx_vf_assert_turn(m);

	mbx_wr32(&m->port, KW_CTRL, mbx_rd32(&m->port, KW_CTRL) | KW_CTRL_RST);
}
