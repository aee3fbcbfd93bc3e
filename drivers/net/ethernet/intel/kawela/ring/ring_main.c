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
	dp->max_frame = ETH_DATA_LEN + ETH_HLEN + VLAN_HLEN;
	dp->itr_usecs = KAWELA_DP_DEFAULT_USECS;
	dp->itr_adaptive = false;
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
	kawela_ring_rx_release(qp);
	kawela_ring_tx_release(qp);
	kawela_ring_napi_del(qp);
	kfree(qp);
}

static struct kawela_qp *qp_alloc(struct kawela_dp *dp, unsigned int index,
				  const struct kawela_ring_cfg *cfg)
{
	struct kawela_qp *qp;

	qp = kzalloc_node(sizeof(*qp), GFP_KERNEL, dev_to_node(dp->dev));
	if (!qp)
		return NULL;

	qp->dp = dp;
	qp->index = index;
	qp->hw_queue = cfg->hw_queue;
	qp->vector = cfg->vector;
	kawela_ring_napi_add(qp);

	if (kawela_ring_tx_alloc(qp, dp->tx_count))
		goto err_del_napi;
	if (kawela_ring_rx_alloc(qp, dp->rx_count))
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
	unsigned int i;

	if (!num_qps || num_qps > KW_NUM_QUEUES || num_qps > dp->netdev->num_rx_queues ||
	    num_qps > dp->netdev->num_tx_queues)
		return -EINVAL;

	for (i = 0; i < num_qps; i++) {
		if (cfg[i].hw_queue >= KW_NUM_QUEUES || cfg[i].vector >= KW_NUM_VECTORS)
			return -EINVAL;
	}

	return 0;
}

/* Readers of statistics see all of the queue pairs or none. */
static void dp_publish(struct kawela_dp *dp, struct kawela_qp **qp, unsigned int num_qps)
{
	spin_lock_bh(&dp->stats_lock);
	memcpy(dp->qp, qp, num_qps * sizeof(*qp));
	dp->num_qps = num_qps;
	spin_unlock_bh(&dp->stats_lock);
}

int kawela_dp_alloc(struct kawela_dp *dp, unsigned int num_qps, const struct kawela_ring_cfg *cfg)
{
	struct kawela_qp *qp[KW_NUM_QUEUES];
	u32 vectors = 0;
	unsigned int i;
	int err;

	ASSERT_RTNL();
	if (dp->num_qps)
		return -EBUSY;

	err = dp_check_cfg(dp, num_qps, cfg);
	if (err)
		return err;

	for (i = 0; i < num_qps; i++) {
		qp[i] = qp_alloc(dp, i, &cfg[i]);
		if (!qp[i])
			goto err_free_qps;
		vectors |= BIT(cfg[i].vector);
	}
	WRITE_ONCE(dp->vectors, vectors);
	dp_publish(dp, qp, num_qps);

	return 0;

err_free_qps:
	while (i--)
		qp_free(qp[i]);
	return -ENOMEM;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_alloc, "KAWELA");

void kawela_dp_free(struct kawela_dp *dp)
{
	struct kawela_qp *qp[KW_NUM_QUEUES];
	unsigned int i, num_qps = dp->num_qps;

	ASSERT_RTNL();
	if (WARN_ON_ONCE(dp->running))
		kawela_dp_stop(dp);

	spin_lock_bh(&dp->stats_lock);
	for (i = 0; i < num_qps; i++) {
		qp[i] = dp->qp[i];
		kawela_ring_stats_fold(dp, qp[i]);
		dp->qp[i] = NULL;
	}
	WRITE_ONCE(dp->num_qps, 0);
	spin_unlock_bh(&dp->stats_lock);

	for (i = 0; i < num_qps; i++)
		qp_free(qp[i]);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_free, "KAWELA");

static void dp_drop_buffers(struct kawela_dp *dp)
{
	unsigned int i;

	for (i = 0; i < dp->num_qps; i++) {
		kawela_ring_tx_drop(dp->qp[i]);
		kawela_ring_rx_drop(dp->qp[i]);
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
		err = kawela_ring_rx_fill(dp->qp[i]);
		if (err)
			goto err_drop_buffers;
	}

	err = kawela_ring_hw_start(dp);
	if (err)
		goto err_stop_hw;

	/* Pairs with the acquire in kawela_dp_xdp_xmit(): whoever sees this finds queue pairs. */
	smp_store_release(&dp->running, true);
	for (i = 0; i < dp->num_qps; i++)
		kawela_ring_napi_start(dp->qp[i]);

	return 0;

err_stop_hw:
	kawela_ring_hw_stop(dp);
err_drop_buffers:
	dp_drop_buffers(dp);
	return err;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_start, "KAWELA");

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
	dp_drop_buffers(dp);
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_stop, "KAWELA");

void kawela_dp_get_ringparam(const struct kawela_dp *dp, struct ethtool_ringparam *param)
{
	param->rx_max_pending = KAWELA_RING_MAX;
	param->tx_max_pending = KAWELA_RING_MAX;
	param->rx_pending = dp->rx_count;
	param->tx_pending = dp->tx_count;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_get_ringparam, "KAWELA");

int kawela_dp_check_ring_sizes(unsigned int rx, unsigned int tx, struct netlink_ext_ack *extack)
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

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_check_ring_sizes, "KAWELA");

int kawela_dp_set_ring_sizes(struct kawela_dp *dp, unsigned int rx, unsigned int tx,
			     struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (dp->num_qps) {
		NL_SET_ERR_MSG(extack, "Rings are in use");
		return -EBUSY;
	}

	err = kawela_dp_check_ring_sizes(rx, tx, extack);
	if (err)
		return err;

	dp->rx_count = ALIGN(rx, KAWELA_RING_UNIT);
	dp->tx_count = ALIGN(tx, KAWELA_RING_UNIT);

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_set_ring_sizes, "KAWELA");

MODULE_DESCRIPTION("Intel 82576 data path for kawela_pf and kawela_vf");
MODULE_LICENSE("GPL");
