// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts without hardware: the interval by queue, a vector that fires though it is masked, a
 * poll whose interrupt went to another CPU, a pair that only sends.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "../../mbx/tests/fake_bar.h"
#include "fake_ring.h"

#define VECTOR		2
#define OTHER_VECTOR	3

static int napi_init(struct kunit *test)
{
	struct fake_ring *ring;
	u32 *regs;

	fake_ring_init(test);
	ring = test->priv;
	ring->io.base = kawela_fake_bar(test, &regs);
	KUNIT_ASSERT_NOT_NULL(test, (void __force *)ring->io.base);
	kawela_io_mark_present(&ring->io);
	ring->dp.io = &ring->io;
	ring->qp->vector = VECTOR;
	fake_ring_napi(test, ring->qp);

	return 0;
}

static struct kawela_qp *second_pair(struct kunit *test, u8 vector)
{
	struct fake_ring *ring = test->priv;
	struct kawela_qp *qp = kunit_kzalloc(test, sizeof(*qp), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, qp);
	qp->dp = &ring->dp;
	qp->index = 1;
	qp->vector = vector;
	fake_ring_napi(test, qp);
	ring->dp.qp[1] = qp;
	ring->dp.num_qps = 2;
	ring->dp.netdev->real_num_rx_queues = 2;

	return qp;
}

static u32 reg(struct kunit *test, u32 offset)
{
	struct fake_ring *ring = test->priv;

	return kawela_rd32(&ring->io, offset);
}

static int set_all(struct kunit *test, u32 usecs)
{
	struct ethtool_coalesce ec = { .rx_coalesce_usecs = usecs };
	struct fake_ring *ring = test->priv;
	int err;

	rtnl_lock();
	err = kawela_dp_set_coalesce(&ring->dp, &ec, NULL);
	rtnl_unlock();

	return err;
}

static int set_queue(struct kunit *test, u32 queue, u32 usecs)
{
	struct ethtool_coalesce ec = { .rx_coalesce_usecs = usecs };
	struct fake_ring *ring = test->priv;
	int err;

	rtnl_lock();
	err = kawela_dp_set_queue_coalesce(&ring->dp, queue, &ec);
	rtnl_unlock();

	return err;
}

static int get_queue(struct kunit *test, u32 queue)
{
	struct fake_ring *ring = test->priv;
	struct ethtool_coalesce ec = {};
	int err;

	err = kawela_dp_get_queue_coalesce(&ring->dp, queue, &ec);

	return err ?: ec.rx_coalesce_usecs;
}

static void itr_by_queue(struct kunit *test)
{
	second_pair(test, OTHER_VECTOR);
	KUNIT_EXPECT_EQ(test, set_all(test, 50), 0);
	KUNIT_EXPECT_EQ(test, set_queue(test, 1, 77), 0);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EITR(VECTOR)), kawela_eitr(50));
	KUNIT_EXPECT_EQ(test, reg(test, KW_EITR(OTHER_VECTOR)), kawela_eitr(77));
	KUNIT_EXPECT_EQ(test, get_queue(test, 0), 50);
	KUNIT_EXPECT_EQ(test, get_queue(test, 1), 77);

	KUNIT_EXPECT_EQ(test, set_queue(test, 2, 10), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_queue(test, 0, KAWELA_EITR_MAX_USECS + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, get_queue(test, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, get_queue(test, 0), 50);

	KUNIT_EXPECT_EQ(test, set_all(test, 20), 0);
	KUNIT_EXPECT_EQ(test, get_queue(test, 1), 20);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EITR(OTHER_VECTOR)), kawela_eitr(20));
}

static void itr_of_shared_vector(struct kunit *test)
{
	second_pair(test, VECTOR);
	KUNIT_EXPECT_EQ(test, set_all(test, 50), 0);
	KUNIT_EXPECT_EQ(test, set_queue(test, 1, 20), 0);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EITR(VECTOR)), kawela_eitr(20));
	KUNIT_EXPECT_EQ(test, set_queue(test, 1, 80), 0);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EITR(VECTOR)), kawela_eitr(50));
}

static void fires_while_masked(struct kunit *test)
{
	struct fake_ring *ring = test->priv;

	ring->dp.vectors = BIT(VECTOR);
	kawela_dp_irq_enable(&ring->dp);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EIMS), BIT(VECTOR));
	kawela_dp_schedule(&ring->dp);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EIMC), 0);
	kawela_dp_schedule(&ring->dp);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EIMC), BIT(VECTOR));
	KUNIT_EXPECT_EQ(test, ring->qp->irqs, 2);
}

/* A pair that only sends has something to do while a report of its ring is outstanding. */
static void only_sends(struct kunit *test)
{
	struct kawela_qp *qp = second_pair(test, VECTOR);
	struct fake_ring *ring = test->priv;

	qp->tx_only = true;
	qp->usecs = 1;
	KUNIT_EXPECT_EQ(test, set_all(test, 50), 0);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EITR(VECTOR)), kawela_eitr(50));

	kawela_dp_schedule(&ring->dp);
	KUNIT_EXPECT_EQ(test, ring->qp->irqs, 1);
	KUNIT_EXPECT_EQ(test, qp->irqs, 0);
	qp->tx.ntu = 1;
	kawela_dp_schedule(&ring->dp);
	KUNIT_EXPECT_EQ(test, ring->qp->irqs, 2);
	KUNIT_EXPECT_EQ(test, qp->irqs, 0);
	qp->tx.asked = 1;
	kawela_dp_schedule(&ring->dp);
	KUNIT_EXPECT_EQ(test, ring->qp->irqs, 3);
	KUNIT_EXPECT_EQ(test, qp->irqs, 1);
}

/* What nobody tells of for a second is polled for from then on, if nothing moved meanwhile. */
static void sends_unheard(struct kunit *test)
{
	struct kawela_qp *qp = second_pair(test, VECTOR);
	struct fake_ring *ring = test->priv;

	qp->tx_only = true;
	qp->tx.desc = kunit_kcalloc(test, FAKE_COUNT, sizeof(*qp->tx.desc), GFP_KERNEL);
	qp->tx.buf = kunit_kcalloc(test, FAKE_COUNT, sizeof(*qp->tx.buf), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, qp->tx.desc);
	KUNIT_ASSERT_NOT_NULL(test, qp->tx.buf);

	qp->tx.asked = 1;
	kawela_dp_watch(&ring->dp);
	KUNIT_EXPECT_FALSE(test, qp->tx.late);

	qp->tx.desc[0].olinfo_status = cpu_to_le32(KW_TXO_DD);
	kawela_dp_watch(&ring->dp);
	kawela_dp_watch(&ring->dp);
	KUNIT_EXPECT_TRUE(test, qp->tx.late);
	KUNIT_EXPECT_FALSE(test, qp->tx.poll);
	qp->tx.late_since = jiffies - 2 * HZ;
	qp->tx.reports = 1;
	kawela_dp_watch(&ring->dp);
	KUNIT_EXPECT_FALSE(test, qp->tx.poll);
	qp->tx.late_since = jiffies - 2 * HZ;
	kawela_dp_watch(&ring->dp);
	KUNIT_EXPECT_TRUE(test, qp->tx.poll);
}

/* A frame with an error is in the ring, which costs nothing but the budget. */
static int poll_one(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;
	int done;

	rx->desc[rx->ntc].wb.status_error = cpu_to_le32(KW_RXS_DD | KW_RXS_EOP | KW_RXS_RXE);
	rx->desc[rx->ntc].wb.length = cpu_to_le16(ETH_ZLEN);
	set_bit(NAPI_STATE_SCHED, &ring->qp->napi.state);
	local_bh_disable();
	done = ring->qp->napi.poll(&ring->qp->napi, 1);
	local_bh_enable();

	return done;
}

static void follows_interrupt(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_rx_ring *rx = &ring->qp->rx;

	rx->count = FAKE_COUNT;
	rx->desc = kunit_kcalloc(test, FAKE_COUNT, sizeof(*rx->desc), GFP_KERNEL);
	rx->buf = kunit_kcalloc(test, FAKE_COUNT, sizeof(*rx->buf), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rx->desc);
	KUNIT_ASSERT_NOT_NULL(test, rx->buf);

	/* As if it were enabled. */
	clear_bit(NAPI_STATE_NPSVC, &ring->qp->napi.state);
	KUNIT_EXPECT_EQ(test, poll_one(test), 1);
	ring->qp->affinity = cpu_possible_mask;
	KUNIT_EXPECT_EQ(test, poll_one(test), 1);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EICS), 0);

	ring->qp->affinity = cpu_none_mask;
	KUNIT_EXPECT_EQ(test, poll_one(test), 0);
	KUNIT_EXPECT_EQ(test, reg(test, KW_EIMS), BIT(VECTOR));
	KUNIT_EXPECT_EQ(test, reg(test, KW_EICS), BIT(VECTOR));
	KUNIT_EXPECT_TRUE(test, ring->qp->armed);

	set_bit(NAPI_STATE_THREADED, &ring->qp->napi.state);
	KUNIT_EXPECT_EQ(test, poll_one(test), 1);
	clear_bit(NAPI_STATE_THREADED, &ring->qp->napi.state);
}

static struct kunit_case napi_cases[] = {
	KUNIT_CASE(itr_by_queue),
	KUNIT_CASE(itr_of_shared_vector),
	KUNIT_CASE(fires_while_masked),
	KUNIT_CASE(only_sends),
	KUNIT_CASE(sends_unheard),
	KUNIT_CASE(follows_interrupt),
	{}
};

static struct kunit_suite napi_suite = {
	.name = "kawela_ring_napi",
	.init = napi_init,
	.test_cases = napi_cases,
};

kunit_test_suite(napi_suite);
