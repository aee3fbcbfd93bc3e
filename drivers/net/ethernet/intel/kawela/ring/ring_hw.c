// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queue registers: a queue is disabled, waited for, programmed, enabled, waited for, and only then
 * given descriptors (82576 datasheet 4.5.9, 4.5.10).
 *
 * Owns: RXQ and TXQ register blocks of the queues in use. Never touches: descriptors.
 * Locks: RTNL.
 */
#include <linux/bitfield.h>
#include <linux/iopoll.h>
#include <linux/rtnetlink.h>

#include "qp.h"

#define QUEUE_POLL_US		100
#define QUEUE_TIMEOUT_US	10000

/*
 * Thresholds of the stock drivers for MSI-X on the 82576. WTHRESH counts from a descriptor on that
 * asks for a report (developer's manual of the family, TXDCTL), so that few may do so.
 */
#define XDCTL_RX	(FIELD_PREP(KW_XDCTL_PTHRESH, 8) | FIELD_PREP(KW_XDCTL_HTHRESH, 8) | \
			 FIELD_PREP(KW_XDCTL_WTHRESH, 1))
#define XDCTL_TX	(FIELD_PREP(KW_XDCTL_PTHRESH, 8) | FIELD_PREP(KW_XDCTL_HTHRESH, 1) | \
			 FIELD_PREP(KW_XDCTL_WTHRESH, 1))

/* Wait until ENABLE is as wanted. A queue that is slow is reported, not fatal. */
static void queue_wait(struct kawela_qp *qp, u32 reg, bool enabled, const char *dir)
{
	struct kawela_io *io = qp->dp->io;
	u32 val;

	if (read_poll_timeout(kawela_rd32, val,
			      !!(val & KW_XDCTL_ENABLE) == enabled || kawela_io_removed(io),
			      QUEUE_POLL_US, QUEUE_TIMEOUT_US, false, io, reg))
		netdev_warn(qp->dp->netdev, "%s queue %u does not get %s\n", dir, qp->hw_queue,
			    enabled ? "enabled" : "disabled");
}

static void queue_disable(struct kawela_qp *qp)
{
	kawela_wr32(qp->dp->io, KW_TXDCTL(qp->hw_queue), 0);
	kawela_wr32(qp->dp->io, KW_RXDCTL(qp->hw_queue), 0);
}

static void queue_wait_disabled(struct kawela_qp *qp)
{
	queue_wait(qp, KW_TXDCTL(qp->hw_queue), false, "Transmit");
	queue_wait(qp, KW_RXDCTL(qp->hw_queue), false, "Receive");
}

static void tx_program(struct kawela_qp *qp)
{
	struct kawela_io *io = qp->dp->io;
	u8 q = qp->hw_queue;

	kawela_wr32(io, KW_TDBAL(q), lower_32_bits(qp->tx.dma));
	kawela_wr32(io, KW_TDBAH(q), upper_32_bits(qp->tx.dma));
	kawela_wr32(io, KW_TDLEN(q), qp->tx.count * KAWELA_DESC_SIZE);
	/* A former owner may have asked for head write-back, to an address that is not ours. */
	kawela_wr32(io, KW_TDWBAL(q), 0);
	kawela_wr32(io, KW_TDWBAH(q), 0);
	kawela_wr32(io, KW_TDH(q), 0);
	kawela_wr32(io, KW_TDT(q), 0);
}

/* Whole KB only: the hardware never writes behind a buffer, a frame that is longer takes two. */
static u32 rx_buf_kb(const struct kawela_qp *qp)
{
	return qp->xsk ? qp->xsk->size / 1024 : KAWELA_RX_BUF_KB;
}

static void rx_program(struct kawela_qp *qp)
{
	struct kawela_io *io = qp->dp->io;
	u8 q = qp->hw_queue;
	u32 srrctl;

	kawela_wr32(io, KW_RDBAL(q), lower_32_bits(qp->rx.dma));
	kawela_wr32(io, KW_RDBAH(q), upper_32_bits(qp->rx.dma));
	kawela_wr32(io, KW_RDLEN(q), qp->rx.count * KAWELA_DESC_SIZE);

	srrctl = FIELD_PREP(KW_SRRCTL_BSIZEPKT, rx_buf_kb(qp)) |
		 FIELD_PREP(KW_SRRCTL_DESCTYPE, KW_SRRCTL_ADV_ONEBUF);
	if (qp->dp->rx_drop_en)
		srrctl |= KW_SRRCTL_DROP_EN;
	kawela_wr32(io, KW_SRRCTL(q), srrctl);

	kawela_wr32(io, KW_RDH(q), 0);
	kawela_wr32(io, KW_RDT(q), 0);
}

static void queue_enable(struct kawela_qp *qp)
{
	struct kawela_io *io = qp->dp->io;
	u8 q = qp->hw_queue;

	tx_program(qp);
	kawela_wr32(io, KW_TXDCTL(q), XDCTL_TX | KW_XDCTL_ENABLE);
	queue_wait(qp, KW_TXDCTL(q), true, "Transmit");
	if (qp->tx_only)
		return;

	rx_program(qp);
	kawela_wr32(io, KW_RXDCTL(q), XDCTL_RX | KW_XDCTL_ENABLE);
	queue_wait(qp, KW_RXDCTL(q), true, "Receive");

	/* All slots but one hold a buffer the hardware may use; with a pool, as many as it gave. */
	kawela_wr32(io, KW_RDT(q), qp->xsk ? qp->xsk->ntu : qp->rx.count - 1);
}

int kawela_ring_hw_start(struct kawela_dp *dp)
{
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < dp->num_qps; i++)
		queue_disable(dp->qp[i]);
	for (i = 0; i < dp->num_qps; i++) {
		queue_wait_disabled(dp->qp[i]);
		queue_enable(dp->qp[i]);
	}

	return kawela_io_removed(dp->io) ? -ENODEV : 0;
}

void kawela_ring_hw_stop(struct kawela_dp *dp)
{
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < dp->num_qps; i++)
		queue_disable(dp->qp[i]);
	for (i = 0; i < dp->num_qps; i++)
		queue_wait_disabled(dp->qp[i]);
}

void kawela_ring_hw_start_one(struct kawela_qp *qp)
{
	ASSERT_RTNL();
	queue_enable(qp);
}

void kawela_ring_hw_stop_one(struct kawela_qp *qp)
{
	ASSERT_RTNL();
	queue_disable(qp);
	queue_wait_disabled(qp);
}
