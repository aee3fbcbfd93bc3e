// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PF's side of the mailbox hardware: causes, ownership of the buffers, copying.
 *
 * Owns: P2VMAILBOX, VMBMEM, MBVFICR, MBVFIMR, VFLRE. Never touches: sessions, message contents.
 * Locks: none; the caller is the service work, or a control call while it is stopped.
 *
 * Every write of P2VMAILBOX without PFU gives the buffer up, so ownership and the event that goes
 * with it are always one write.
 */
#include <linux/bitfield.h>
#include <linux/errno.h>

#include "mbx_priv.h"

/*
 * Let all VFs interrupt but those in @deaf: the register's reset value, but a PF reset is not the
 * only way here. A deaf VF's causes are set all the same. QEMU never looks at the register: there,
 * a deaf VF goes on costing the interrupt, which reads the causes and no more.
 */
void kawela_mbx_pf_hw_listen(const struct kawela_mbx_port *port, unsigned long deaf)
{
	mbx_wr32(port, KW_MBVFIMR, KW_MBVFICR_REQ & ~deaf);
}

/* Read and clear what happened. -ENODEV when the function is gone. */
int kawela_mbx_pf_hw_causes(const struct kawela_mbx_port *port, struct kawela_mbx_causes *c)
{
	u32 icr, flr;

	/*
	 * VFLRE last: a VF resets before it sends, so whoever's request is seen here has its reset
	 * seen as well, and the two are never handled the wrong way round.
	 */
	icr = mbx_rd32(port, KW_MBVFICR);
	flr = mbx_rd32(port, KW_VFLRE);
	if (mbx_removed(port))
		return -ENODEV;

	if (flr)
		mbx_wr32(port, KW_VFLRE, flr);
	if (icr)
		mbx_wr32(port, KW_MBVFICR, icr);

	c->flr = flr;
	c->req = FIELD_GET(KW_MBVFICR_REQ, icr);
	c->ack = FIELD_GET(KW_MBVFICR_ACK, icr);
	return 0;
}

/* One attempt at a VF's buffer. -EBUSY when the VF has it, -ENODEV when the function is gone. */
int kawela_mbx_pf_hw_take(const struct kawela_mbx_port *port, u16 vf)
{
	u32 val;

	mbx_wr32(port, KW_P2VMAILBOX(vf), KW_P2V_PFU);
	val = mbx_rd32(port, KW_P2VMAILBOX(vf));
	if (mbx_removed(port))
		return -ENODEV;

	return val & KW_P2V_PFU ? 0 : -EBUSY;
}

void kawela_mbx_pf_hw_release(const struct kawela_mbx_port *port, u16 vf)
{
	mbx_wr32(port, KW_P2VMAILBOX(vf), 0);
}

/* Take the buffer away from a VF that sits on it. QEMU's PF goes on seeing VFU afterwards. */
void kawela_mbx_pf_hw_revoke(const struct kawela_mbx_port *port, u16 vf)
{
	mbx_wr32(port, KW_P2VMAILBOX(vf), KW_P2V_RVFU);
}

/* Whether a request came since the causes were read. The cause stays set. */
bool kawela_mbx_pf_hw_requested(const struct kawela_mbx_port *port, u16 vf)
{
	u32 req = FIELD_GET(KW_MBVFICR_REQ, mbx_rd32(port, KW_MBVFICR));

	return req & BIT(vf);
}

/* With the buffer owned: copy the request and acknowledge it; the buffer stays owned. */
void kawela_mbx_pf_hw_receive(const struct kawela_mbx_port *port, u16 vf, u32 *w)
{
	unsigned int i;

	/* Whatever the VF sent before PFU was taken is what is read now. */
	mbx_wr32(port, KW_MBVFICR, FIELD_PREP(KW_MBVFICR_REQ, BIT(vf)));

	for (i = 0; i < KW_MBX_DWORDS; i++)
		w[i] = mbx_rd32(port, KW_VMBMEM(vf) + 4 * i);

	mbx_wr32(port, KW_P2VMAILBOX(vf), KW_P2V_ACK | KW_P2V_PFU);
}

/* With the buffer owned: write @n words, tell the VF and give the buffer up. */
void kawela_mbx_pf_hw_send(const struct kawela_mbx_port *port, u16 vf, const u32 *w,
			   unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		mbx_wr32(port, KW_VMBMEM(vf) + 4 * i, w[i]);

	mbx_wr32(port, KW_P2VMAILBOX(vf), KW_P2V_STS);
}
