// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics of a datapath, for rtnetlink, netdev genetlink and ethtool.
 *
 * Owns: nothing; reads the counters of queue pairs, keeps the totals of those that are gone.
 * Never touches: registers other than TDH and TDT.
 * Locks: stats_lock.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/netdev_queues.h>

#include "../compat/module.h"
#include "qp.h"

/* One moment of a queue pair. */
struct qp_snap {
	struct kawela_rx_counters rx;
	struct kawela_xdp_counters xdp;
	struct kawela_tx_counters tx;
	struct kawela_txc_counters txc;
	u64 irqs;
	u64 reports;
};

struct qp_stat {
	char name[ETH_GSTRING_LEN];
	size_t offset;
};

#define QP_STAT(_name, _field)	{ .name = _name, .offset = offsetof(struct qp_snap, _field) }

static const struct qp_stat qp_stats[] = {
	QP_STAT("rx%u_packets", rx.packets),
	QP_STAT("rx%u_bytes", rx.bytes),
	QP_STAT("rx%u_copied", rx.copied),
	QP_STAT("rx%u_csum_good", rx.csum_good),
	QP_STAT("rx%u_csum_bad", rx.csum_bad),
	QP_STAT("rx%u_alloc_fail", rx.alloc_fail),
	QP_STAT("rx%u_frame_err", rx.frame_err),
	QP_STAT("rx%u_dropped", rx.dropped),
	QP_STAT("rx%u_xdp_pass", xdp.pass),
	QP_STAT("rx%u_xdp_drop", xdp.drop),
	QP_STAT("rx%u_xdp_tx", xdp.tx),
	QP_STAT("rx%u_xdp_redirect", xdp.redirect),
	QP_STAT("rx%u_xdp_error", xdp.error),
	QP_STAT("tx%u_packets", txc.packets),
	QP_STAT("tx%u_bytes", txc.bytes),
	QP_STAT("tx%u_doorbells", tx.doorbells),
	QP_STAT("tx%u_xmit_more", tx.more),
	QP_STAT("tx%u_contexts", tx.contexts),
	QP_STAT("tx%u_linearized", tx.linearized),
	QP_STAT("tx%u_stop", tx.stop),
	QP_STAT("tx%u_wake", txc.wake),
	QP_STAT("tx%u_dropped", tx.dropped),
	QP_STAT("tx%u_xdp", tx.xdp),
	QP_STAT("tx%u_xsk", tx.xsk),
	QP_STAT("tx%u_copied", tx.copied),
	QP_STAT("tx%u_reports", reports),
	QP_STAT("tx%u_unsent", txc.dropped),
	QP_STAT("qp%u_interrupts", irqs),
	QP_STAT("qp%u_polls", rx.polls),
};

static void qp_snap(const struct kawela_qp *qp, struct qp_snap *s)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&qp->rx.syncp);
		s->rx = qp->rx.c;
		s->xdp = qp->rx.xc;
	} while (u64_stats_fetch_retry(&qp->rx.syncp, start));
	do {
		start = u64_stats_fetch_begin(&qp->tx.syncp);
		s->tx = qp->tx.c;
	} while (u64_stats_fetch_retry(&qp->tx.syncp, start));
	do {
		start = u64_stats_fetch_begin(&qp->tx.csyncp);
		s->txc = qp->tx.cc;
	} while (u64_stats_fetch_retry(&qp->tx.csyncp, start));
	s->txc.packets += s->tx.copied;
	s->txc.bytes += s->tx.copied_bytes;
	s->irqs = READ_ONCE(qp->irqs);
	s->reports = READ_ONCE(qp->tx.reports);
}

static void totals_add(struct kawela_dp_totals *t, const struct kawela_qp *qp)
{
	struct qp_snap s;

	qp_snap(qp, &s);
	t->rx_packets += s.rx.packets;
	t->rx_bytes += s.rx.bytes;
	t->rx_alloc_fail += s.rx.alloc_fail;
	t->rx_csum_bad += s.rx.csum_bad;
	t->rx_frame_err += s.rx.frame_err;
	t->rx_dropped += s.rx.dropped;
	t->tx_packets += s.txc.packets;
	t->tx_bytes += s.txc.bytes;
	t->tx_dropped += s.tx.dropped + s.txc.dropped;
	t->tx_stop += s.tx.stop;
	t->tx_wake += s.txc.wake;
}

void kawela_ring_stats_fold(struct kawela_dp *dp, const struct kawela_qp *qp)
{
	lockdep_assert_held(&dp->stats_lock);
	totals_add(&dp->gone, qp);
}

void kawela_dp_get_stats64(struct kawela_dp *dp, struct rtnl_link_stats64 *s)
{
	struct kawela_dp_totals t;
	unsigned int i;

	spin_lock_bh(&dp->stats_lock);
	t = dp->gone;
	for (i = 0; i < dp->num_qps; i++)
		totals_add(&t, dp->qp[i]);
	spin_unlock_bh(&dp->stats_lock);

	s->rx_packets = t.rx_packets;
	s->rx_bytes = t.rx_bytes;
	s->rx_errors = t.rx_frame_err;
	s->rx_dropped = t.rx_dropped;
	s->tx_packets = t.tx_packets;
	s->tx_bytes = t.tx_bytes;
	s->tx_dropped = t.tx_dropped;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_get_stats64, "KAWELA");

static void qstats_rx(const struct kawela_dp_totals *t, struct netdev_queue_stats_rx *s)
{
	s->packets = t->rx_packets;
	s->bytes = t->rx_bytes;
	s->alloc_fail = t->rx_alloc_fail;
	s->csum_bad = t->rx_csum_bad;
}

static void qstats_tx(const struct kawela_dp_totals *t, struct netdev_queue_stats_tx *s)
{
	s->packets = t->tx_packets;
	s->bytes = t->tx_bytes;
	s->stop = t->tx_stop;
	s->wake = t->tx_wake;
}

/* Queues the netdev has but the datapath, being down, has not, have nothing to tell. */
static bool qp_totals(struct kawela_dp *dp, int idx, struct kawela_dp_totals *t)
{
	ASSERT_RTNL();
	if (idx < 0 || idx >= dp->num_qps)
		return false;

	memset(t, 0, sizeof(*t));
	totals_add(t, dp->qp[idx]);

	return true;
}

void kawela_dp_queue_stats_rx(struct kawela_dp *dp, int idx, struct netdev_queue_stats_rx *s)
{
	struct kawela_dp_totals t;

	if (qp_totals(dp, idx, &t))
		qstats_rx(&t, s);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_queue_stats_rx, "KAWELA");

void kawela_dp_queue_stats_tx(struct kawela_dp *dp, int idx, struct netdev_queue_stats_tx *s)
{
	struct kawela_dp_totals t;

	if (qp_totals(dp, idx, &t))
		qstats_tx(&t, s);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_queue_stats_tx, "KAWELA");

void kawela_dp_base_stats(struct kawela_dp *dp, struct netdev_queue_stats_rx *rx,
			  struct netdev_queue_stats_tx *tx)
{
	ASSERT_RTNL();
	qstats_rx(&dp->gone, rx);
	qstats_tx(&dp->gone, tx);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_base_stats, "KAWELA");

/* A queue pair that only sends has nothing to say of receiving, which is where polls count, too. */
static bool qp_has(const struct kawela_qp *qp, const struct qp_stat *stat)
{
	return !qp->tx_only || stat->offset >= offsetofend(struct qp_snap, xdp);
}

int kawela_dp_ethtool_count(const struct kawela_dp *dp)
{
	unsigned int i, j;
	int n = 0;

	for (i = 0; i < dp->num_qps; i++)
		for (j = 0; j < ARRAY_SIZE(qp_stats); j++)
			n += qp_has(dp->qp[i], &qp_stats[j]);

	return n;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_ethtool_count, "KAWELA");

void kawela_dp_ethtool_strings(const struct kawela_dp *dp, u8 **data)
{
	unsigned int i, j;

	for (i = 0; i < dp->num_qps; i++)
		for (j = 0; j < ARRAY_SIZE(qp_stats); j++)
			if (qp_has(dp->qp[i], &qp_stats[j]))
				ethtool_sprintf(data, qp_stats[j].name, i);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_ethtool_strings, "KAWELA");

void kawela_dp_ethtool_stats(struct kawela_dp *dp, u64 **data)
{
	struct qp_snap s;
	unsigned int i, j;

	for (i = 0; i < dp->num_qps; i++) {
		qp_snap(dp->qp[i], &s);
		for (j = 0; j < ARRAY_SIZE(qp_stats); j++)
			if (qp_has(dp->qp[i], &qp_stats[j]))
				*(*data)++ = *(const u64 *)((const char *)&s + qp_stats[j].offset);
	}
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_ethtool_stats, "KAWELA");

int kawela_dp_tx_state(const struct kawela_dp *dp, unsigned int i, struct kawela_tx_state *state)
{
	const struct kawela_tx_ring *tx;
	const struct kawela_qp *qp;

	if (!READ_ONCE(dp->running))
		return -ENETDOWN;
	if (i >= dp->num_qps)
		return -EINVAL;

	qp = dp->qp[i];
	tx = &qp->tx;
	state->hw_queue = qp->hw_queue;
	state->head = kawela_rd32(dp->io, KW_TDH(qp->hw_queue));
	state->tail = kawela_rd32(dp->io, KW_TDT(qp->hw_queue));
	state->next_to_use = READ_ONCE(tx->ntu);
	state->next_to_clean = READ_ONCE(tx->ntc);
	state->done = kawela_ring_tx_late(tx);

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_tx_state, "KAWELA");
