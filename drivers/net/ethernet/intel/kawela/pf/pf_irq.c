// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of the PF: MSI-X vectors, what is routed to them, and the handler of everything that
 * is not a queue.
 *
 * Owns: GPIE, IVAR, IVAR_MISC, IMS and the PF's own bits of EIMS, EIMC, EIAC and EIAM. Never
 * touches: other bits of those (a VF's vectors live in the same registers), queues, policy.
 * Vector 0 takes link, mailbox and errors; vector 1 + i takes queue pair i. With seven VFs the PF
 * keeps vectors 0 to 3 only, which is why a VMDq layout uses no more than vectors 0 to 2; the
 * VPorts of the PF have one each, from 3 on, see KAWELA_PF_VPORT_VECTOR().
 * Locks: RTNL for everything but the handler.
 */
#include <linux/bitfield.h>
#include <linux/interrupt.h>
#include <linux/rtnetlink.h>

#include <net/kawela/desc.h>

#include "pf.h"

/* A guest that rings its mailbox in a loop gets no more of the host's time than this allows. */
#define PF_MISC_USECS	50

#define PF_MISC_CAUSES	(KW_INT_LSC | KW_INT_VMMB | KW_INT_DOUTSYNC | KW_INT_DRSTA)

static void pf_count_spoof(struct kawela_pf *pf)
{
	/* Reading clears; one bit per queue that tried to send as somebody else. */
	u32 wvbr = kawela_rd32(&pf->io, KW_WVBR);
	u32 lvmmc = kawela_rd32(&pf->io, KW_LVMMC);

	if (kawela_io_removed(&pf->io))
		return;
	atomic64_add(hweight32(wvbr), &pf->spoof_events);
	kawela_pf_health_spoof(pf, wvbr, lvmmc);
}

static irqreturn_t pf_misc_irq(int irq, void *data)
{
	struct kawela_pf *pf = data;
	u32 icr = kawela_rd32(&pf->io, KW_ICR);

	if (kawela_io_removed(&pf->io))
		return IRQ_HANDLED;

	if (icr & KW_INT_DRSTA)
		schedule_delayed_work(&pf->reset_work, 0);
	if (icr & KW_INT_DOUTSYNC)
		pf_count_spoof(pf);
	if (icr & KW_INT_VMMB)
		kawela_mbx_pf_kick(pf->mbx);
	if (icr & KW_INT_LSC)
		queue_work(system_dfl_wq, &pf->link_work);

	kawela_wr32(&pf->io, KW_EIMS, BIT(KAWELA_PF_MISC_VECTOR));
	return IRQ_HANDLED;
}

/**
 * kawela_pf_irq_init - allocate the vectors and take the misc one
 * @pf: PF
 *
 * Context: probe.
 * Return: 0, -ENOSPC when the platform grants fewer than two vectors, or what request_irq()
 * says.
 */
int kawela_pf_irq_init(struct kawela_pf *pf)
{
	int got, err;

	got = pci_alloc_irq_vectors(pf->pdev, 2, KW_PF_VECTORS, PCI_IRQ_MSIX);
	if (got < 0)
		return got;

	pf->num_vectors = got;
	pf->max_qps = min(KAWELA_PF_MAX_QPS, pf->num_vectors - 1);
	pf->want_qps = min(pf->max_qps, num_online_cpus());

	snprintf(pf->misc_irq_name, sizeof(pf->misc_irq_name), "%s:misc", pci_name(pf->pdev));
	err = request_irq(pci_irq_vector(pf->pdev, KAWELA_PF_MISC_VECTOR), pf_misc_irq, 0,
			  pf->misc_irq_name, pf);
	if (err)
		pci_free_irq_vectors(pf->pdev);
	return err;
}

/**
 * kawela_pf_irq_fini - give the vectors back
 * @pf: PF
 *
 * Context: remove, and unwinding of probe; the queues' vectors are free already.
 */
void kawela_pf_irq_fini(struct kawela_pf *pf)
{
	free_irq(pci_irq_vector(pf->pdev, KAWELA_PF_MISC_VECTOR), pf);
	pci_free_irq_vectors(pf->pdev);
}

/* The CPU is chosen once: what user space made of it since holds over close and open. */
static void pf_spread_queue_irq(struct kawela_pf *pf, unsigned int i, int irq)
{
	unsigned int cpu = cpumask_local_spread(i, dev_to_node(&pf->pdev->dev));

	if (__test_and_set_bit(i, &pf->spread_qps))
		irq_update_affinity_hint(irq, cpumask_of(cpu));
	else
		irq_set_affinity_and_hint(irq, cpumask_of(cpu));
}

static int pf_request_queue_irq(struct kawela_pf *pf, unsigned int i)
{
	int irq = pci_irq_vector(pf->pdev, 1 + i);
	int err;

	snprintf(pf->qp_irq_name[i], sizeof(pf->qp_irq_name[i]), "%s-TxRx-%u",
		 pf->netdev->name, i);
	err = request_irq(irq, kawela_qp_irq, 0, pf->qp_irq_name[i], kawela_dp_slot(&pf->dp, i));
	if (err)
		return err;

	pf_spread_queue_irq(pf, i, irq);
	return 0;
}

static void pf_free_queue_irq(struct kawela_pf *pf, unsigned int i)
{
	int irq = pci_irq_vector(pf->pdev, 1 + i);

	if (i < pf->dp.num_qps)
		kawela_dp_set_irq(&pf->dp, i, -1);
	irq_update_affinity_hint(irq, NULL);
	free_irq(irq, kawela_dp_slot(&pf->dp, i));
}

/*
 * A CPU sends by the queue whose completions it gets. As above, chosen once; the stack forgets what
 * it knew of queues that went.
 */
static void pf_spread_queues(struct kawela_pf *pf)
{
	unsigned int i, n = pf->dp.num_qps, cpu;

	for (i = 0; n > 1 && i < n; i++) {
		if (__test_and_set_bit(i, &pf->spread_txqs))
			continue;
		cpu = cpumask_local_spread(i, dev_to_node(&pf->pdev->dev));
		netif_set_xps_queue(pf->netdev, cpumask_of(cpu), i);
	}
	pf->spread_txqs &= GENMASK(n - 1, 0);
}

/**
 * kawela_pf_irq_request_queues - take one vector per queue
 * @pf: PF
 * @first: first queue, 0 to KAWELA_PF_MAX_QPS - 1
 * @end: the one behind the last; nothing happens unless it is above @first
 *
 * There need not be queue pairs yet. Vectors are spread over the CPUs in turn, as a hint that user
 * space may change. What it changed holds until the vector is a VPort's.
 *
 * Context: RTNL.
 * Return: 0 or the errno of request_irq(), with nothing taken.
 */
int kawela_pf_irq_request_queues(struct kawela_pf *pf, unsigned int first, unsigned int end)
{
	unsigned int i;
	int err;

	ASSERT_RTNL();
	for (i = first; i < end; i++) {
		err = pf_request_queue_irq(pf, i);
		if (err)
			goto err_free_irqs;
	}
	return 0;

err_free_irqs:
	kawela_pf_irq_free_queues(pf, first, i);
	return err;
}

/**
 * kawela_pf_irq_free_queues - release what kawela_pf_irq_request_queues() took
 * @pf: PF
 * @first: first queue
 * @end: the one behind the last; nothing happens unless it is above @first
 *
 * Context: RTNL.
 */
void kawela_pf_irq_free_queues(struct kawela_pf *pf, unsigned int first, unsigned int end)
{
	unsigned int i;

	for (i = first; i < end; i++)
		pf_free_queue_irq(pf, i);
}

/* A queue's two entries share a register: queue n with queue n + 8, receive in the even bytes. */
static void pf_map_queue(struct kawela_pf *pf, u8 hw_queue, u8 vector)
{
	u32 shift = hw_queue < 8 ? 0 : 16;
	u32 entry = vector | KW_IVAR_VALID;

	kawela_rmw32(&pf->io, KW_IVAR(hw_queue & 7), 0xffff << shift,
		     (entry | entry << 8) << shift);
	kawela_rmw32(&pf->io, KW_EIAC, 0, BIT(vector));
	kawela_rmw32(&pf->io, KW_EIAM, 0, BIT(vector));
}

/**
 * kawela_pf_irq_map_queues - route the queue pairs to their vectors
 * @pf: PF with its queue pairs allocated and their vectors taken
 *
 * To begin with a CPU sends by the queue whose vector is spread to it (XPS), which user space may
 * change, too.
 *
 * Context: RTNL.
 */
void kawela_pf_irq_map_queues(struct kawela_pf *pf)
{
	unsigned int i;

	for (i = 0; i < pf->dp.num_qps; i++) {
		kawela_dp_set_irq(&pf->dp, i, pci_irq_vector(pf->pdev, 1 + i));
		pf_map_queue(pf, kawela_pf_hw_queue(pf, i), 1 + i);
	}
	pf_spread_queues(pf);
}

/**
 * kawela_pf_irq_map_vport - route a VPort's queue pairs to its vector
 * @vport: VPort with its queue pairs allocated
 *
 * Context: RTNL.
 */
void kawela_pf_irq_map_vport(struct kawela_pf_vport *vport)
{
	unsigned int vector = KAWELA_PF_VPORT_VECTOR(vport->pool);
	int irq = pci_irq_vector(vport->pf->pdev, vector);
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < vport->dp.num_qps; i++) {
		kawela_dp_set_irq(&vport->dp, i, irq);
		pf_map_queue(vport->pf, vport->pool + KW_NUM_POOLS * i, vector);
	}
}

/**
 * kawela_pf_irq_request_vport - take a VPort's vector
 * @vport: VPort that becomes active
 * @extack: takes the reason of a refusal, may be NULL
 *
 * It is kept until the VPort goes, so that an affinity chosen by user space stays. To begin with
 * the VPorts are spread over the CPUs.
 *
 * Context: RTNL.
 * Return: 0, -ENOSPC (the platform granted too few vectors), or the errno of request_irq().
 */
int kawela_pf_irq_request_vport(struct kawela_pf_vport *vport, struct netlink_ext_ack *extack)
{
	unsigned int vector = KAWELA_PF_VPORT_VECTOR(vport->pool);
	struct kawela_pf *pf = vport->pf;
	unsigned int cpu;
	int irq, err;

	ASSERT_RTNL();
	if (vector >= pf->num_vectors) {
		NL_SET_ERR_MSG_FMT(extack, "no interrupt vector left: the platform granted %u",
				   pf->num_vectors);
		return -ENOSPC;
	}

	snprintf(vport->irq_name, sizeof(vport->irq_name), "%s:sf%u", pci_name(pf->pdev),
		 vport->sfnum);
	irq = pci_irq_vector(pf->pdev, vector);
	err = request_irq(irq, kawela_pf_vport_irq, 0, vport->irq_name, vport);
	if (err)
		return err;

	__clear_bit(vector - 1, &pf->spread_qps);
	cpu = cpumask_local_spread(vector - KAWELA_PF_VPORT_VECTOR(KAWELA_NSW_PF_POOL - 1),
				   dev_to_node(&pf->pdev->dev));
	irq_set_affinity_and_hint(irq, cpumask_of(cpu));
	return 0;
}

static int pf_vport_irq_number(const struct kawela_pf_vport *vport)
{
	return pci_irq_vector(vport->pf->pdev, KAWELA_PF_VPORT_VECTOR(vport->pool));
}

/**
 * kawela_pf_irq_sync_vport - wait for a running handler of a VPort
 * @vport: VPort whose vector is masked
 *
 * Context: process.
 */
void kawela_pf_irq_sync_vport(struct kawela_pf_vport *vport)
{
	synchronize_irq(pf_vport_irq_number(vport));
}

/**
 * kawela_pf_irq_free_vport - give a VPort's vector back
 * @vport: VPort whose datapath is down
 *
 * The queues' routing goes too: the pool's next owner may be a VF.
 *
 * Context: RTNL.
 */
void kawela_pf_irq_free_vport(struct kawela_pf_vport *vport)
{
	int irq = pf_vport_irq_number(vport);

	ASSERT_RTNL();
	irq_set_affinity_and_hint(irq, NULL);
	free_irq(irq, vport);
	kawela_pf_irq_unmap_vf(vport->pf, vport->pool);
}

/**
 * kawela_pf_irq_unmap_vf - forget how a VF routed its queues
 * @pf: PF
 * @vf: VF
 *
 * A VF reset leaves the VF's entries, and the model only ever adds bits to them: what the next
 * driver writes would be mixed with what the last one wrote.
 *
 * Context: process.
 */
void kawela_pf_irq_unmap_vf(struct kawela_pf *pf, u16 vf)
{
	kawela_wr32(&pf->io, KW_IVAR(vf), 0);
}

/**
 * kawela_pf_irq_setup - interrupt mode after a reset
 * @pf: PF
 *
 * The mode goes first, "or our settings won't stick" on silicon (82576 datasheet 7.3.2.11; igb
 * says the same).
 *
 * Context: process, nothing else running on the device.
 */
void kawela_pf_irq_setup(struct kawela_pf *pf)
{
	u32 other = KAWELA_PF_MISC_VECTOR | KW_IVAR_VALID;

	kawela_wr32(&pf->io, KW_GPIE,
		    KW_GPIE_MSIX_MODE | KW_GPIE_PBA | KW_GPIE_EIAME | KW_GPIE_NSICR);
	kawela_wr32(&pf->io, KW_IVAR_MISC, FIELD_PREP(KW_IVAR_MISC_OTHER, other));
	kawela_wr32(&pf->io, KW_EITR(KAWELA_PF_MISC_VECTOR), kawela_eitr(PF_MISC_USECS));
	kawela_rmw32(&pf->io, KW_EIAC, 0, BIT(KAWELA_PF_MISC_VECTOR));
	kawela_rmw32(&pf->io, KW_EIAM, 0, BIT(KAWELA_PF_MISC_VECTOR));
}

/**
 * kawela_pf_irq_enable_misc - let link, mailbox and error causes through
 * @pf: PF
 *
 * A mailbox cause raised earlier is an edge that will not come again, so the mailbox is looked at
 * once by hand.
 *
 * Context: process.
 */
void kawela_pf_irq_enable_misc(struct kawela_pf *pf)
{
	kawela_rd32(&pf->io, KW_ICR);
	kawela_wr32(&pf->io, KW_IMS, PF_MISC_CAUSES);
	kawela_wr32(&pf->io, KW_EIMS, BIT(KAWELA_PF_MISC_VECTOR));
	kawela_mbx_pf_kick(pf->mbx);
}

/**
 * kawela_pf_irq_disable_misc - stop link, mailbox and error causes
 * @pf: PF
 *
 * Context: process; waits for a running handler.
 */
void kawela_pf_irq_disable_misc(struct kawela_pf *pf)
{
	kawela_wr32(&pf->io, KW_IMC, ~0u);
	kawela_wr32(&pf->io, KW_EIMC, BIT(KAWELA_PF_MISC_VECTOR));
	kawela_flush(&pf->io);
	synchronize_irq(pci_irq_vector(pf->pdev, KAWELA_PF_MISC_VECTOR));
}
