// SPDX-License-Identifier: GPL-2.0-only
/*
 * A datapath without hardware.
 */
#include <kunit/device.h>
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/sch_generic.h>

#include "fake_ring.h"

static void free_netdev_action(void *netdev)
{
	free_netdev(netdev);
}

void fake_ring_limit(struct kawela_tx_ring *tx, unsigned int bytes)
{
	struct dql *dql = &tx->txq->dql;

	dql->min_limit = bytes;
	dql->limit = bytes;
	dql->adj_limit = bytes;
}

static void fake_tx_init(struct kunit *test, struct fake_ring *ring)
{
	struct kawela_tx_ring *tx = &ring->qp->tx;

	tx->io = &ring->io;
	tx->count = FAKE_COUNT;
	tx->room = FAKE_COUNT - 1;
	tx->run = KAWELA_TX_NO_RUN;
	tx->txq = netdev_get_tx_queue(ring->dp.netdev, 0);
	tx->desc = kunit_kcalloc(test, FAKE_COUNT, sizeof(*tx->desc), GFP_KERNEL);
	tx->buf = kunit_kcalloc(test, FAKE_COUNT, sizeof(*tx->buf), GFP_KERNEL);
	tx->copy = kunit_kcalloc(test, FAKE_COUNT, KAWELA_TX_COPY, GFP_KERNEL);
	tx->copy_len = KAWELA_TX_COPY;
	tx->copy_dma = FAKE_COPY_DMA;
	KUNIT_ASSERT_NOT_NULL(test, tx->desc);
	KUNIT_ASSERT_NOT_NULL(test, tx->buf);
	KUNIT_ASSERT_NOT_NULL(test, tx->copy);
	/* A queue that was stopped is scheduled when it starts again. */
	rcu_assign_pointer(tx->txq->qdisc, &noop_qdisc);
	netdev_tx_reset_queue(tx->txq);
	/* Short packets do not reach it. */
	fake_ring_limit(tx, 1 << 20);
	netif_tx_start_queue(tx->txq);
	ring->tx = tx;
}

int fake_ring_init(struct kunit *test)
{
	struct fake_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);
	struct net_device *netdev = alloc_etherdev(0);

	KUNIT_ASSERT_NOT_NULL(test, ring);
	KUNIT_ASSERT_NOT_NULL(test, netdev);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_netdev_action, netdev), 0);
	ring->qp = kunit_kzalloc(test, sizeof(*ring->qp), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring->qp);

	/* Writes go nowhere. */
	kawela_io_mark_removed(&ring->io);
	ring->dp.netdev = netdev;
	ring->dp.running = true;
	ring->dp.num_qps = 1;
	ring->dp.qp[0] = ring->qp;
	ring->qp->dp = &ring->dp;
	fake_tx_init(test, ring);
	test->priv = ring;

	return 0;
}

static void napi_del_action(void *qp)
{
	kawela_ring_napi_del(qp);
}

void fake_ring_napi(struct kunit *test, struct kawela_qp *qp)
{
	rtnl_lock();
	kawela_ring_napi_add(qp);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, napi_del_action, qp), 0);
}

struct bpf_prog *fake_ring_program(struct kunit *test, bpf_func_t func)
{
	struct bpf_prog *prog = kunit_kzalloc(test, sizeof(*prog), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, prog);
	prog->aux = kunit_kzalloc(test, sizeof(*prog->aux), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, prog->aux);
	prog->bpf_func = func;

	return prog;
}

void fake_ring_map(struct kunit *test)
{
	struct fake_ring *ring = test->priv;

	ring->dev = kunit_device_register(test, "kawela-ring");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ring->dev);
	KUNIT_ASSERT_EQ(test, dma_coerce_mask_and_coherent(ring->dev, DMA_BIT_MASK(64)), 0);
	ring->tx->dev = ring->dev;
}
