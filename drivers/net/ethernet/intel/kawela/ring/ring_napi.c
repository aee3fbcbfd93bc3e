// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts, polling, interrupt moderation.
 *
 * A vector is masked by the hardware when it fires (EIAM, EIAC, programmed by the owner) and
 * unmasked at the end of the poll. Not every device does the former, and some send an interrupt too
 * many: all of this can be called at any time between alloc and free without harm. Where an
 * interrupt comes that should not, the handler masks; hardware that does it never sees that write.
 *
 * Owns: NAPI and DIM state of a queue pair. Never touches: registers other than EIMS, EIMC, EICS,
 * EITR.
 * Locks: none; RTNL for the settings.
 */
#include <kunit/visibility.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/netdev_queues.h>

#include "../compat/dim.h"
#include "../compat/module.h"
#include "../compat/netdev.h"
#include "qp.h"

void kawela_ring_itr_init(struct kawela_dp *dp)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dp->itr); i++)
		dp->itr[i] = (struct kawela_itr){ .usecs = KAWELA_DP_DEFAULT_USECS };
}

static struct kawela_itr *qp_itr(struct kawela_qp *qp)
{
	return &qp->dp->itr[qp->index];
}

/*
 * Of pairs that share a vector, the one in the greatest hurry decides; one that only sends goes
 * along. Should two work items meet here, what they make of it holds until the load changes.
 */
static void qp_set_usecs(struct kawela_qp *qp, unsigned int usecs)
{
	const struct kawela_dp *dp = qp->dp;
	unsigned int i;

	if (qp->tx_only)
		return;

	WRITE_ONCE(qp->usecs, usecs);
	for (i = 0; i < dp->num_qps; i++) {
		if (dp->qp[i]->vector == qp->vector && !dp->qp[i]->tx_only)
			usecs = min(usecs, READ_ONCE(dp->qp[i]->usecs));
	}
	kawela_wr32(dp->io, KW_EITR(qp->vector), kawela_eitr(usecs));
}

static void qp_dim_work(struct work_struct *work)
{
	struct dim *dim = container_of(work, struct dim, work);
	struct kawela_qp *qp = container_of(dim, struct kawela_qp, dim);
	struct dim_cq_moder moder = net_dim_get_rx_moderation(dim->mode, dim->profile_ix);

	if (READ_ONCE(qp_itr(qp)->adaptive))
		qp_set_usecs(qp, moder.usec);
	dim->state = DIM_START_MEASURE;
}

static u64 tx_frames(const struct kawela_tx_ring *tx)
{
	/* A guess may be a packet behind. */
	return tx->cc.packets + data_race(tx->c.copied);
}

static u64 tx_bytes(const struct kawela_tx_ring *tx)
{
	/* The same. */
	return tx->cc.bytes + data_race(tx->c.copied_bytes);
}

/* Frames and bytes of both directions decide: they share the vector. */
static void qp_moderate(struct kawela_qp *qp)
{
	struct dim_sample sample = {};

	dim_update_sample(++qp->dim_events, qp->rx.c.packets + tx_frames(&qp->tx),
			  qp->rx.c.bytes + tx_bytes(&qp->tx), &sample);
	net_dim(&qp->dim, &sample);
}

/*
 * Under load a poll does not end, so nothing would follow an interrupt that was moved to another
 * CPU. A thread of NAPI's and a busy poll are where somebody wants them to be.
 */
static bool qp_moved(const struct kawela_qp *qp)
{
	const struct cpumask *affinity = READ_ONCE(qp->affinity);

	return affinity && !cpumask_test_cpu(smp_processor_id(), affinity) &&
	       !test_bit(NAPI_STATE_THREADED, &qp->napi.state) &&
	       !test_bit(NAPI_STATE_IN_BUSY_POLL, &qp->napi.state);
}

static void qp_poll_end(struct kawela_qp *qp, int done)
{
	/* Before it ends: the next may be on another CPU. */
	if (READ_ONCE(qp_itr(qp)->adaptive))
		qp_moderate(qp);
	if (!napi_complete_done(&qp->napi, done))
		return;
	WRITE_ONCE(qp->armed, true);
	kawela_wr32(qp->dp->io, KW_EIMS, BIT(qp->vector));
}

static int qp_receive(struct kawela_qp *qp, int budget)
{
	if (unlikely(qp->xsk))
		return kawela_ring_xsk_poll(qp, budget);

	return qp->tx_only ? 0 : kawela_ring_rx_poll(qp, budget);
}

static int qp_poll(struct napi_struct *napi, int budget)
{
	struct kawela_qp *qp = container_of(napi, struct kawela_qp, napi);
	bool tx_done = kawela_ring_tx_clean(qp, budget);
	int done;

	/* netpoll wants transmit completions only, and never an end of the poll. */
	if (unlikely(!budget))
		return 0;

	done = qp_receive(qp, budget);
	if (!tx_done || done == budget) {
		if (likely(!qp_moved(qp)))
			return budget;
		done = min(done, budget - 1);
		qp_poll_end(qp, done);
		kawela_wr32(qp->dp->io, KW_EICS, BIT(qp->vector));
		return done;
	}

	qp_poll_end(qp, done);
	return done;
}

static void qp_schedule(struct kawela_qp *qp)
{
	WRITE_ONCE(qp->irqs, qp->irqs + 1);
	/*
	 * First this, then NAPI: should a poll end in between and unmask the vector, NAPI is free
	 * and the next poll does so again.
	 */
	if (unlikely(!READ_ONCE(qp->armed)))
		kawela_wr32(qp->dp->io, KW_EIMC, BIT(qp->vector));
	WRITE_ONCE(qp->armed, false);
	napi_schedule_irqoff(&qp->napi);
}

void kawela_dp_schedule(struct kawela_dp *dp)
{
	unsigned int i;

	for (i = 0; i < READ_ONCE(dp->num_qps); i++) {
		struct kawela_qp *qp = READ_ONCE(dp->qp[i]);

		if (qp && (!qp->tx_only || kawela_ring_tx_due(&qp->tx)))
			qp_schedule(qp);
	}
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_schedule, "KAWELA");

static void qp_watch(struct kawela_qp *qp)
{
	struct kawela_tx_ring *tx = &qp->tx;
	bool late = kawela_ring_tx_late(tx);
	unsigned long reports = READ_ONCE(tx->reports);

	if (!late || !tx->late || tx->late_reports != reports) {
		tx->late = late;
		tx->late_reports = reports;
		tx->late_since = jiffies;
		return;
	}
	if (time_before(jiffies, tx->late_since + HZ))
		return;

	WRITE_ONCE(tx->poll, true);
	local_bh_disable();
	napi_schedule(&qp->napi);
	local_bh_enable();
}

/* A queue pair is freed a grace period after it was taken out. */
void kawela_dp_watch(struct kawela_dp *dp)
{
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < READ_ONCE(dp->num_qps); i++) {
		struct kawela_qp *qp = READ_ONCE(dp->qp[i]);

		if (qp && qp->tx_only && !qp->tx.poll && READ_ONCE(dp->running))
			qp_watch(qp);
	}
	rcu_read_unlock();
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_watch, "KAWELA");

irqreturn_t kawela_qp_irq(int irq, void *slot)
{
	struct kawela_qp *qp = READ_ONCE(*(struct kawela_qp **)slot);

	if (likely(qp))
		qp_schedule(qp);

	return IRQ_HANDLED;
}
EXPORT_SYMBOL_NS_GPL(kawela_qp_irq, "KAWELA");

void kawela_dp_irq_enable(struct kawela_dp *dp)
{
	unsigned int i;

	for (i = 0; i < dp->num_qps; i++)
		WRITE_ONCE(dp->qp[i]->armed, true);
	kawela_wr32(dp->io, KW_EIMS, READ_ONCE(dp->vectors));
	kawela_dp_kick(dp);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_irq_enable, "KAWELA");

void kawela_dp_kick(struct kawela_dp *dp)
{
	if (READ_ONCE(dp->running))
		kawela_wr32(dp->io, KW_EICS, READ_ONCE(dp->vectors));
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_kick, "KAWELA");

void kawela_dp_set_irq(struct kawela_dp *dp, unsigned int i, int irq)
{
	struct kawela_qp *qp = dp->qp[i];

	ASSERT_RTNL();
	netif_napi_set_irq(&qp->napi, irq);
	/* The mask is the interrupt's own, and changes with it. */
	WRITE_ONCE(qp->affinity, irq < 0 ? NULL : irq_get_effective_affinity_mask(irq));
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_set_irq, "KAWELA");

void kawela_ring_napi_add(struct kawela_qp *qp)
{
	INIT_WORK(&qp->dim.work, qp_dim_work);
	qp->dim.mode = DIM_CQ_PERIOD_MODE_START_FROM_EQE;
	netif_napi_add_config(qp->dp->netdev, &qp->napi, qp_poll, qp->index);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_napi_add);

void kawela_ring_napi_del(struct kawela_qp *qp)
{
	netif_napi_del(&qp->napi);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_napi_del);

void kawela_ring_napi_fire(struct kawela_qp *qp)
{
	WRITE_ONCE(qp->armed, true);
	kawela_wr32(qp->dp->io, KW_EIMS, BIT(qp->vector));
	kawela_wr32(qp->dp->io, KW_EICS, BIT(qp->vector));
}

/* What follows the load goes on from what was right for it before. */
static unsigned int qp_first_usecs(struct kawela_qp *qp)
{
	const struct kawela_itr *itr = qp_itr(qp);

	if (!itr->adaptive)
		return itr->usecs;

	return net_dim_get_rx_moderation(qp->dim.mode, qp->dim.profile_ix).usec;
}

void kawela_ring_napi_start(struct kawela_qp *qp)
{
	struct net_device *netdev = qp->dp->netdev;

	qp->dim.state = DIM_START_MEASURE;
	qp_set_usecs(qp, qp_first_usecs(qp));
	napi_enable(&qp->napi);
	if (!qp->tx_only)
		netif_queue_set_napi(netdev, qp->index, NETDEV_QUEUE_TYPE_RX, &qp->napi);
	netif_queue_set_napi(netdev, qp->index, NETDEV_QUEUE_TYPE_TX, &qp->napi);
}

/* A poll that was under way unmasks the vector at its end, hence the second mask. */
void kawela_ring_napi_stop(struct kawela_qp *qp)
{
	struct net_device *netdev = qp->dp->netdev;

	kawela_wr32(qp->dp->io, KW_EIMC, BIT(qp->vector));
	netif_queue_set_napi(netdev, qp->index, NETDEV_QUEUE_TYPE_TX, NULL);
	if (!qp->tx_only)
		netif_queue_set_napi(netdev, qp->index, NETDEV_QUEUE_TYPE_RX, NULL);
	napi_disable(&qp->napi);
	kawela_wr32(qp->dp->io, KW_EIMC, BIT(qp->vector));
	cancel_work_sync(&qp->dim.work);
}

static void itr_show(const struct kawela_itr *itr, struct ethtool_coalesce *ec)
{
	ec->rx_coalesce_usecs = itr->usecs;
	ec->use_adaptive_rx_coalesce = itr->adaptive;
}

static int itr_check(const struct ethtool_coalesce *ec, struct netlink_ext_ack *extack)
{
	if (ec->rx_coalesce_usecs <= KAWELA_EITR_MAX_USECS)
		return 0;

	NL_SET_ERR_MSG_FMT(extack, "rx-usecs must be 0 to %u", KAWELA_EITR_MAX_USECS);
	return -EINVAL;
}

static void itr_set(struct kawela_dp *dp, unsigned int i, const struct ethtool_coalesce *ec)
{
	struct kawela_itr *itr = &dp->itr[i];
	struct kawela_qp *qp = dp->qp[i];

	itr->usecs = ec->rx_coalesce_usecs;
	WRITE_ONCE(itr->adaptive, ec->use_adaptive_rx_coalesce);
	if (!dp->running || !qp || itr->adaptive)
		return;

	/* A work item that saw the old setting must not have the last word. */
	cancel_work_sync(&qp->dim.work);
	qp->dim.state = DIM_START_MEASURE;
	qp_set_usecs(qp, itr->usecs);
}

void kawela_dp_get_coalesce(const struct kawela_dp *dp, struct ethtool_coalesce *ec)
{
	itr_show(&dp->itr[0], ec);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_get_coalesce, "KAWELA");

int kawela_dp_set_coalesce(struct kawela_dp *dp, const struct ethtool_coalesce *ec,
			   struct netlink_ext_ack *extack)
{
	unsigned int i;
	int err;

	ASSERT_RTNL();
	err = itr_check(ec, extack);
	if (err)
		return err;

	for (i = 0; i < ARRAY_SIZE(dp->itr); i++)
		itr_set(dp, i, ec);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_set_coalesce, "KAWELA");

int kawela_dp_get_queue_coalesce(const struct kawela_dp *dp, u32 queue,
				 struct ethtool_coalesce *ec)
{
	if (queue >= dp->netdev->real_num_rx_queues)
		return -EINVAL;

	itr_show(&dp->itr[queue], ec);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_get_queue_coalesce, "KAWELA");

int kawela_dp_set_queue_coalesce(struct kawela_dp *dp, u32 queue,
				 const struct ethtool_coalesce *ec)
{
	int err;

	ASSERT_RTNL();
	if (queue >= dp->netdev->real_num_rx_queues)
		return -EINVAL;
	err = itr_check(ec, NULL);
	if (err)
		return err;

	itr_set(dp, queue, ec);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_set_queue_coalesce, "KAWELA");
