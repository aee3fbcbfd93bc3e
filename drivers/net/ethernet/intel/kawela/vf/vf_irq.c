// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of the VF: its three MSI-X vectors and what is routed to them.
 *
 * Owns: IVAR, IVAR_MISC, and bits 0 to 2 of EIMS, EIMC, EIAC and EIAM, which is all a VF has.
 * Never touches: EITR of the queue's vector, its re-arming (both kawela_ring's).
 * Locks: RTNL for the queue's vector.
 *
 * The queues have vector 0, the mailbox has vector 2. On silicon that is all there is to say.
 * QEMU's model takes the mailbox's vector number for a bit mask, so that 2 arrives on vector 1 (0
 * would never arrive, 1 would share the queue's vector and cost it a register read per interrupt).
 * It also ORs what is written to IVAR into what an earlier driver left there, so that after igbvf,
 * whose receive queue has vector 1, ours arrives there until the PF clears IVAR. Hence vectors 1
 * and 2 have the same handler, which looks at the mailbox and at the queue; the queue's own does
 * not need to look at the mailbox. The numbers are the same at all times.
 */
#include <linux/interrupt.h>
#include <linux/rtnetlink.h>

#include <net/kawela/desc.h>

#include "vf.h"

#define VF_QUEUE_VECTOR		0
#define VF_MBX_VECTOR		2
#define VF_ALL_VECTORS		GENMASK(KW_VF_VECTORS - 1, 0)
#define VF_MBX_VECTORS		(VF_ALL_VECTORS & ~BIT(VF_QUEUE_VECTOR))

static irqreturn_t vf_mbx_irq(int irq, void *data)
{
	struct kawela_vf_vector *vector = data;
	struct kawela_vf *vf = vector->vf;

	kawela_mbx_vf_irq(vf->mbx);
	if (READ_ONCE(vf->spill))
		kawela_dp_schedule(&vf->dp);

	kawela_wr32(&vf->io, KW_EIMS, BIT(vector->index));
	return IRQ_HANDLED;
}

static irqreturn_t vf_queue_irq(int irq, void *data)
{
	struct kawela_vf *vf = data;

	kawela_dp_schedule(&vf->dp);
	return IRQ_HANDLED;
}

static int vf_irq_request_mbx(struct kawela_vf *vf, unsigned int i)
{
	struct kawela_vf_vector *vector = &vf->vectors[i];

	vector->vf = vf;
	vector->index = i + 1;
	snprintf(vector->name, sizeof(vector->name), "%s:mbx%u", pci_name(vf->pdev),
		 vector->index);
	return request_irq(pci_irq_vector(vf->pdev, vector->index), vf_mbx_irq, 0, vector->name,
			   vector);
}

/**
 * kawela_vf_irq_init - allocate the vectors and take those of the mailbox
 * @vf: VF with its mailbox
 *
 * Context: probe.
 * Return: 0, -ENOSPC when there are fewer than three vectors, or the errno of request_irq().
 */
int kawela_vf_irq_init(struct kawela_vf *vf)
{
	unsigned int i;
	int err;

	err = pci_alloc_irq_vectors(vf->pdev, KW_VF_VECTORS, KW_VF_VECTORS, PCI_IRQ_MSIX);
	if (err < 0)
		return err;

	for (i = 0; i < ARRAY_SIZE(vf->vectors); i++) {
		err = vf_irq_request_mbx(vf, i);
		if (err)
			goto err_free_irqs;
	}
	return 0;

err_free_irqs:
	while (i--)
		free_irq(pci_irq_vector(vf->pdev, vf->vectors[i].index), &vf->vectors[i]);
	pci_free_irq_vectors(vf->pdev);
	return err;
}

/**
 * kawela_vf_irq_fini - give the vectors back
 * @vf: VF, its queue's vector is free already
 *
 * Context: remove, and unwinding of probe.
 */
void kawela_vf_irq_fini(struct kawela_vf *vf)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vf->vectors); i++)
		free_irq(pci_irq_vector(vf->pdev, vf->vectors[i].index), &vf->vectors[i]);
	pci_free_irq_vectors(vf->pdev);
}

/**
 * kawela_vf_irq_request_queues - take the vector of the queues
 * @vf: VF
 *
 * Context: RTNL.
 * Return: 0 or the errno of request_irq().
 */
int kawela_vf_irq_request_queues(struct kawela_vf *vf)
{
	ASSERT_RTNL();
	snprintf(vf->queue_irq_name, sizeof(vf->queue_irq_name), "%s-TxRx-0", vf->netdev->name);
	return request_irq(pci_irq_vector(vf->pdev, VF_QUEUE_VECTOR), vf_queue_irq, 0,
			   vf->queue_irq_name, vf);
}

static void vf_irq_show(struct kawela_vf *vf, int irq)
{
	unsigned int i;

	for (i = 0; i < vf->dp.num_qps; i++)
		kawela_dp_set_irq(&vf->dp, i, irq);
}

/**
 * kawela_vf_irq_show_queues - tell user space which interrupt the queues have
 * @vf: VF with its queue pairs allocated and their vector taken
 *
 * Context: RTNL.
 */
void kawela_vf_irq_show_queues(struct kawela_vf *vf)
{
	vf_irq_show(vf, pci_irq_vector(vf->pdev, VF_QUEUE_VECTOR));
}

/**
 * kawela_vf_irq_free_queues - release the vector of the queues
 * @vf: VF, datapath stopped
 *
 * Context: RTNL.
 */
void kawela_vf_irq_free_queues(struct kawela_vf *vf)
{
	vf_irq_show(vf, -1);
	free_irq(pci_irq_vector(vf->pdev, VF_QUEUE_VECTOR), vf);
}

/**
 * kawela_vf_irq_program - route the causes, let the mailbox's through
 * @vf: VF; its vectors are in their reset state, or in this one already
 *
 * Context: process.
 */
void kawela_vf_irq_program(struct kawela_vf *vf)
{
	u32 queue = VF_QUEUE_VECTOR | KW_IVAR_VALID;
	unsigned int v;

	/* Receive queue 0 in byte 0, transmit queues 0 and 1 in bytes 1 and 3. */
	kawela_wr32(&vf->io, KW_IVAR(0), queue | queue << 8 | queue << 24);
	kawela_wr32(&vf->io, KW_IVAR_MISC, VF_MBX_VECTOR | KW_IVAR_VALID);
	for (v = 1; v < KW_VF_VECTORS; v++)
		kawela_wr32(&vf->io, KW_EITR(v), kawela_eitr(0));
	kawela_wr32(&vf->io, KW_EIAC, VF_ALL_VECTORS);
	kawela_wr32(&vf->io, KW_EIAM, VF_ALL_VECTORS);
	kawela_wr32(&vf->io, KW_EIMS, VF_MBX_VECTORS);
}

/**
 * kawela_vf_irq_disable - mask everything and wait for the mailbox's handlers
 * @vf: VF
 *
 * Context: process.
 */
void kawela_vf_irq_disable(struct kawela_vf *vf)
{
	unsigned int i;

	kawela_wr32(&vf->io, KW_EIMC, VF_ALL_VECTORS);
	kawela_flush(&vf->io);
	for (i = 0; i < ARRAY_SIZE(vf->vectors); i++)
		synchronize_irq(pci_irq_vector(vf->pdev, vf->vectors[i].index));
}

/**
 * kawela_vf_irq_spill - whether the mailbox's vectors look at the queues, too
 * @vf: VF
 * @on: after the datapath started; off before it stops
 *
 * After turning it off none of these handlers uses a queue pair any more.
 *
 * Context: RTNL.
 */
void kawela_vf_irq_spill(struct kawela_vf *vf, bool on)
{
	unsigned int i;

	ASSERT_RTNL();
	WRITE_ONCE(vf->spill, on);
	if (on)
		return;
	for (i = 0; i < ARRAY_SIZE(vf->vectors); i++)
		synchronize_irq(pci_irq_vector(vf->pdev, vf->vectors[i].index));
}
