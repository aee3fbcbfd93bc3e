// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a datapath: queue pairs are made, started, stopped, deleted; ring sizes.
 *
 * Owns: struct kawela_dp and its qp[]. Never touches: registers (ring_hw.c), packets.
 * Locks: RTNL; stats_lock to publish qp[] and num_qps.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "../compat/module.h"
#include "qp.h"

int kawela_dp_init(struct kawela_dp *dp, struct net_device *netdev, struct device *dev,
		   struct kawela_io *io)
{
	memset(dp, 0, sizeof(*dp));
	dp->netdev = netdev;
	dp->dev = dev;
	dp->io = io;
	dp->rx_count = KAWELA_RING_DEFAULT;
	dp->tx_count = KAWELA_RING_DEFAULT;
	dp->max_frame = ETH_DATA_LEN + KAWELA_DP_HEADER;
	kawela_ring_itr_init(dp);
	spin_lock_init(&dp->stats_lock);

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_init, "KAWELA");

void kawela_dp_fini(struct kawela_dp *dp)
{
	WARN_ON_ONCE(dp->num_qps);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_fini, "KAWELA");

static void qp_free(struct kawela_qp *qp)
{
	if (!qp->tx_only)
		kawela_ring_rx_release(qp);
	kawela_ring_tx_release(qp);
	kawela_ring_napi_del(qp);
	kfree(qp);
}

static void qp_place(struct kawela_qp *qp, const struct kawela_ring_cfg *cfg)
{
	qp->hw_queue = cfg->hw_queue;
	qp->vector = cfg->vector;
	qp->tx.bell = qp->dp->io->base + KW_TDT(qp->hw_queue);
	qp->rx.tail_reg = KW_RDT(qp->hw_queue);
}

/* The next queue pair of a set. */
static struct kawela_qp *qp_alloc(struct kawela_dp *dp, const struct kawela_qp_set *set,
				  const struct kawela_ring_cfg *cfg)
{
	struct kawela_qp *qp;

	qp = kzalloc_node(sizeof(*qp), GFP_KERNEL, dev_to_node(dp->dev));
	if (!qp)
		return NULL;

	qp->dp = dp;
	qp->index = set->num_qps;
	qp->tx_only = cfg->tx_only;
	u64_stats_init(&qp->rx.syncp);
	qp_place(qp, cfg);
	kawela_ring_napi_add(qp);

	if (kawela_ring_tx_alloc(qp, set->tx_count))
		goto err_del_napi;
	if (!qp->tx_only && kawela_ring_rx_alloc(qp, set->rx_count))
		goto err_free_tx;

	return qp;

err_free_tx:
	kawela_ring_tx_release(qp);
err_del_napi:
	kawela_ring_napi_del(qp);
	kfree(qp);
	return NULL;
}

static int dp_check_cfg(const struct kawela_dp *dp, unsigned int num_qps,
			const struct kawela_ring_cfg *cfg)
{
	unsigned int i, rx = 0;

	if (!num_qps || num_qps > KW_NUM_QUEUES || num_qps > dp->netdev->num_tx_queues)
		return -EINVAL;

	for (i = 0; i < num_qps; i++) {
		if (cfg[i].hw_queue >= KW_NUM_QUEUES || cfg[i].vector >= KW_NUM_VECTORS)
			return -EINVAL;
		if (cfg[i].tx_only)
			continue;
		if (rx++ != i)
			return -EINVAL;
	}

	return rx && rx <= dp->netdev->num_rx_queues ? 0 : -EINVAL;
}

int kawela_dp_prepare(struct kawela_dp *dp, struct kawela_qp_set *set, unsigned int num_qps,
		      const struct kawela_ring_cfg *cfg)
{
	int err;

	ASSERT_RTNL();
	set->num_qps = 0;
	err = dp_check_cfg(dp, num_qps, cfg);
	if (err)
		return err;

	while (set->num_qps < num_qps) {
		struct kawela_qp *qp = qp_alloc(dp, set, &cfg[set->num_qps]);

		if (!qp) {
			kawela_dp_discard(set);
			return -ENOMEM;
		}
		set->qp[set->num_qps++] = qp;
	}

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_prepare, "KAWELA");

void kawela_dp_discard(struct kawela_qp_set *set)
{
	while (set->num_qps)
		qp_free(set->qp[--set->num_qps]);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_discard, "KAWELA");

static void dp_set_vectors(struct kawela_dp *dp)
{
	u32 vectors = 0;
	unsigned int i;

	for (i = 0; i < dp->num_qps; i++)
		vectors |= BIT(dp->qp[i]->vector);
	WRITE_ONCE(dp->vectors, vectors);
}

/* Take the queue pairs from @first on out; their counters stay. */
static void dp_take(struct kawela_dp *dp, unsigned int first, struct kawela_qp_set *set)
{
	unsigned int i;

	lockdep_assert_held(&dp->stats_lock);
	set->num_qps = 0;
	for (i = first; i < dp->num_qps; i++) {
		kawela_ring_stats_fold(dp, dp->qp[i]);
		set->qp[set->num_qps++] = dp->qp[i];
		WRITE_ONCE(dp->qp[i], NULL);
	}
	WRITE_ONCE(dp->num_qps, min(first, dp->num_qps));
}

/* Queue pairs that were taken out. A handler may have one still; it is a read side of RCU. */
static void dp_retire(struct kawela_qp_set *set)
{
	if (!set->num_qps)
		return;

	synchronize_net();
	kawela_dp_discard(set);
}

/* Readers of statistics see all of the old queue pairs or all of the new. */
void kawela_dp_swap(struct kawela_dp *dp, struct kawela_qp_set *set)
{
	struct kawela_qp_set old;
	unsigned int i;

	ASSERT_RTNL();
	if (WARN_ON_ONCE(dp->running))
		kawela_dp_stop(dp);

	spin_lock_bh(&dp->stats_lock);
	dp_take(dp, 0, &old);
	for (i = 0; i < set->num_qps; i++)
		WRITE_ONCE(dp->qp[i], set->qp[i]);
	WRITE_ONCE(dp->num_qps, set->num_qps);
	spin_unlock_bh(&dp->stats_lock);

	dp_set_vectors(dp);
	dp->rx_count = set->rx_count;
	dp->tx_count = set->tx_count;
	set->num_qps = 0;
	dp_retire(&old);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_swap, "KAWELA");

int kawela_dp_alloc(struct kawela_dp *dp, unsigned int num_qps, const struct kawela_ring_cfg *cfg)
{
	struct kawela_qp_set set = { .rx_count = dp->rx_count, .tx_count = dp->tx_count };
	int err;

	ASSERT_RTNL();
	if (dp->num_qps)
		return -EBUSY;

	err = kawela_dp_prepare(dp, &set, num_qps, cfg);
	if (err)
		return err;
	kawela_dp_swap(dp, &set);

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_alloc, "KAWELA");

void kawela_dp_move(struct kawela_dp *dp, unsigned int num_qps, const struct kawela_ring_cfg *cfg)
{
	struct kawela_qp_set rest;
	unsigned int i;

	ASSERT_RTNL();
	if (WARN_ON_ONCE(dp->running))
		kawela_dp_stop(dp);

	spin_lock_bh(&dp->stats_lock);
	dp_take(dp, num_qps, &rest);
	spin_unlock_bh(&dp->stats_lock);
	for (i = 0; i < dp->num_qps; i++)
		qp_place(dp->qp[i], &cfg[i]);
	dp_set_vectors(dp);
	dp_retire(&rest);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_move, "KAWELA");

void kawela_dp_free(struct kawela_dp *dp)
{
	kawela_dp_move(dp, 0, NULL);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_free, "KAWELA");

/* Packets of the stack, frames of sockets: nobody has them any more. */
static void dp_drop_packets(struct kawela_dp *dp)
{
	unsigned int i;

	for (i = 0; i < dp->num_qps; i++) {
		kawela_ring_tx_drop(dp->qp[i]);
		kawela_ring_xsk_end(dp->qp[i]);
	}
}

int kawela_dp_start(struct kawela_dp *dp)
{
	unsigned int i;
	int err;

	ASSERT_RTNL();
	if (dp->running)
		return -EBUSY;
	if (!dp->num_qps || dp->max_frame < ETH_ZLEN || dp->max_frame > KAWELA_DP_MAX_FRAME)
		return -EINVAL;

	for (i = 0; i < dp->num_qps; i++) {
		kawela_ring_tx_reset(dp->qp[i]);
		if (dp->qp[i]->tx_only)
			continue;
		kawela_ring_rx_reset(dp->qp[i]);
		kawela_ring_xsk_begin(dp->qp[i]);
	}

	err = kawela_ring_hw_start(dp);
	if (err) {
		kawela_ring_hw_stop(dp);
		dp_drop_packets(dp);
		return err;
	}

	/* Pairs with the acquire in kawela_dp_xdp_xmit(): whoever sees this finds queue pairs. */
	smp_store_release(&dp->running, true);
	for (i = 0; i < dp->num_qps; i++)
		kawela_ring_napi_start(dp->qp[i]);

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_start, "KAWELA");

void kawela_dp_hold_tx(struct kawela_dp *dp, unsigned int first)
{
	unsigned int i;

	for (i = first; i < dp->netdev->num_tx_queues; i++) {
		struct netdev_queue *txq = netdev_get_tx_queue(dp->netdev, i);

		__netif_tx_lock_bh(txq);
		txq_trans_cond_update(txq);
		netif_tx_stop_queue(txq);
		__netif_tx_unlock_bh(txq);
	}
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_hold_tx, "KAWELA");

void kawela_dp_stop(struct kawela_dp *dp)
{
	unsigned int i;

	ASSERT_RTNL();
	if (!dp->running)
		return;

	/* From here on no transmit completion wakes a queue, and after NAPI none is left. */
	WRITE_ONCE(dp->running, false);
	for (i = 0; i < dp->num_qps; i++)
		kawela_ring_napi_stop(dp->qp[i]);
	netif_tx_disable(dp->netdev);

	kawela_ring_hw_stop(dp);
	dp_drop_packets(dp);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_stop, "KAWELA");

/* While it is paused nobody but RTNL touches the transmit ring, or wakes its queue. */
static void qp_pause(struct kawela_qp *qp, bool paused)
{
	struct netdev_queue *txq = qp->tx.txq;

	__netif_tx_lock_bh(txq);
	qp->paused = paused;
	if (paused) {
		/* To the watchdog this is no time in which the hardware failed to send. */
		txq_trans_cond_update(txq);
		netif_tx_stop_queue(txq);
	}
	__netif_tx_unlock_bh(txq);
}

void kawela_ring_restart(struct kawela_qp *qp)
{
	ASSERT_RTNL();
	kawela_ring_napi_stop(qp);
	qp_pause(qp, true);
	kawela_ring_hw_stop_one(qp);
	kawela_ring_tx_drop(qp);
	kawela_ring_xsk_end(qp);

	kawela_ring_tx_reset(qp);
	kawela_ring_rx_reset(qp);
	kawela_ring_xsk_begin(qp);
	kawela_ring_hw_start_one(qp);
	qp_pause(qp, false);
	kawela_ring_napi_start(qp);
	kawela_ring_napi_fire(qp);
	netif_tx_wake_queue(qp->tx.txq);
}

void kawela_dp_get_ringparam(const struct kawela_dp *dp, struct ethtool_ringparam *param)
{
	param->rx_max_pending = KAWELA_RING_MAX;
	param->tx_max_pending = KAWELA_RING_MAX;
	param->rx_pending = dp->rx_count;
	param->tx_pending = dp->tx_count;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_get_ringparam, "KAWELA");

int kawela_dp_ring_sizes(struct kawela_qp_set *set, unsigned int rx, unsigned int tx,
			 struct netlink_ext_ack *extack)
{
	if (!in_range(rx, KAWELA_RING_MIN, KAWELA_RING_MAX - KAWELA_RING_MIN + 1)) {
		NL_SET_ERR_MSG_FMT(extack, "Receive ring size must be %u to %u",
				   KAWELA_RING_MIN, KAWELA_RING_MAX);
		return -EINVAL;
	}
	if (!in_range(tx, KAWELA_RING_MIN, KAWELA_RING_MAX - KAWELA_RING_MIN + 1)) {
		NL_SET_ERR_MSG_FMT(extack, "Transmit ring size must be %u to %u",
				   KAWELA_RING_MIN, KAWELA_RING_MAX);
		return -EINVAL;
	}

	set->rx_count = ALIGN(rx, KAWELA_RING_UNIT);
	set->tx_count = ALIGN(tx, KAWELA_RING_UNIT);

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_ring_sizes, "KAWELA");

MODULE_DESCRIPTION("Intel 82576 data path for kawela_pf and kawela_vf");
MODULE_LICENSE("GPL");
