// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP: programs and their verdicts, frames that other netdevs send, what programs may ask about a
 * frame.
 *
 * Where a frame's buffers go is decided here and done in ring_rx.c; descriptors are written in
 * ring_tx.c.
 *
 * Owns: dp->xdp_prog, counters of XDP. Never touches: registers, descriptors.
 * Locks: RTNL for the program; verdicts in NAPI; the netdev's transmit queue lock for what is sent.
 */
#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <kunit/visibility.h>

#include "../compat/module.h"
#include "qp.h"

/* Largest MTU whose frames are always in one buffer. */
#define XDP_ONE_BUFFER_MTU	(KAWELA_RX_BUF_LEN - KAWELA_DP_HEADER)

/* ---- Verdicts ---- */

/* Send a frame back. One that is short is copied, and its buffer stays. */
static enum kawela_xdp_result xdp_send_back(struct kawela_qp *qp, struct xdp_buff *xdp, bool *sent)
{
	struct kawela_tx_ring *tx = &qp->tx;
	bool copied = false, gone = false;
	struct xdp_frame *xdpf;

	__netif_tx_lock(tx->txq, smp_processor_id());
	if (!xdp_buff_has_frags(xdp))
		copied = kawela_ring_tx_xdp_copy(tx, xdp->data, xdp->data_end - xdp->data);
	if (!copied) {
		xdpf = xdp_convert_buff_to_frame(xdp);
		gone = xdpf && kawela_ring_tx_xdp(tx, xdpf, KAWELA_TX_XDP_OWN);
	}
	__netif_tx_unlock(tx->txq);

	*sent = copied || gone;

	return gone ? KAWELA_XDP_GONE : KAWELA_XDP_KEEP;
}

/*
 * Send back a frame that is in the memory of AF_XDP sockets. It is copied in any case: into the
 * ring, which reads a fixed number of bytes, or else into a page of its own.
 */
static enum kawela_xdp_result xdp_send_zc(struct kawela_qp *qp, struct xdp_buff *xdp, bool *sent)
{
	bool room = xdp->data + KAWELA_TX_COPY <= xdp->data_hard_start + xdp->frame_sz;
	struct kawela_tx_ring *tx = &qp->tx;
	struct xdp_frame *xdpf = NULL;

	__netif_tx_lock(tx->txq, smp_processor_id());
	*sent = room && kawela_ring_tx_xdp_copy(tx, xdp->data, xdp->data_end - xdp->data);
	if (!*sent) {
		xdpf = xdp_convert_buff_to_frame(xdp);
		*sent = xdpf && kawela_ring_tx_xdp(tx, xdpf, KAWELA_TX_XDP);
	}
	__netif_tx_unlock(tx->txq);

	if (xdpf && !*sent)
		xdp_return_frame_rx_napi(xdpf);

	return xdpf ? KAWELA_XDP_GONE : KAWELA_XDP_KEEP;
}

static void xdp_count(struct kawela_rx_ring *rx, u64 *counter)
{
	u64_stats_update_begin(&rx->syncp);
	++*counter;
	u64_stats_update_end(&rx->syncp);
}

/* Count, show, drop. */
static enum kawela_xdp_result xdp_failed(struct kawela_qp *qp, const struct bpf_prog *prog, u32 act)
{
	trace_xdp_exception(qp->dp->netdev, prog, act);
	xdp_count(&qp->rx, &qp->rx.xc.error);

	return KAWELA_XDP_KEEP;
}

static __always_inline enum kawela_xdp_result
xdp_tx(struct kawela_qp *qp, const struct bpf_prog *prog, struct xdp_buff *xdp, bool zc)
{
	enum kawela_xdp_result result;
	bool sent;

	result = zc ? xdp_send_zc(qp, xdp, &sent) : xdp_send_back(qp, xdp, &sent);
	if (likely(sent)) {
		qp->rx.xdp_todo |= KAWELA_XDP_DO_TX;
		xdp_count(&qp->rx, &qp->rx.xc.tx);
	} else {
		xdp_failed(qp, prog, XDP_TX);
	}

	return result;
}

static __always_inline enum kawela_xdp_result
xdp_redirect(struct kawela_qp *qp, struct bpf_prog *prog, struct xdp_buff *xdp)
{
	if (unlikely(xdp_do_redirect(qp->dp->netdev, xdp, prog)))
		return xdp_failed(qp, prog, XDP_REDIRECT);

	qp->rx.xdp_todo |= KAWELA_XDP_DO_REDIRECT;
	xdp_count(&qp->rx, &qp->rx.xc.redirect);

	return KAWELA_XDP_GONE;
}

static __always_inline enum kawela_xdp_result
xdp_act(struct kawela_qp *qp, struct bpf_prog *prog, struct xdp_buff *xdp, u32 act, bool zc)
{
	struct kawela_rx_ring *rx = &qp->rx;

	switch (act) {
	case XDP_PASS:
		xdp_count(rx, &rx->xc.pass);
		return KAWELA_XDP_PASS;
	case XDP_DROP:
		xdp_count(rx, &rx->xc.drop);
		return KAWELA_XDP_KEEP;
	case XDP_TX:
		return xdp_tx(qp, prog, xdp, zc);
	case XDP_REDIRECT:
		return xdp_redirect(qp, prog, xdp);
	default:
		bpf_warn_invalid_xdp_action(qp->dp->netdev, prog, act);
		fallthrough;
	case XDP_ABORTED:
		return xdp_failed(qp, prog, act);
	}
}

enum kawela_xdp_result kawela_ring_xdp_run(struct kawela_qp *qp, struct bpf_prog *prog)
{
	struct xdp_buff *xdp = &qp->rx.xb.xdp;

	return xdp_act(qp, prog, xdp, bpf_prog_run_xdp(prog, xdp), false);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_xdp_run);

enum kawela_xdp_result kawela_ring_xdp_run_zc(struct kawela_qp *qp, struct bpf_prog *prog,
					      struct xdp_buff *xdp)
{
	return xdp_act(qp, prog, xdp, bpf_prog_run_xdp(prog, xdp), true);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_xdp_run_zc);

void kawela_ring_xdp_flush(struct kawela_qp *qp)
{
	struct kawela_tx_ring *tx = &qp->tx;
	u8 todo = qp->rx.xdp_todo;

	qp->rx.xdp_todo = 0;
	if (todo & KAWELA_XDP_DO_TX) {
		__netif_tx_lock(tx->txq, smp_processor_id());
		kawela_ring_tx_xdp_flush(tx);
		__netif_tx_unlock(tx->txq);
	}
	if (todo & KAWELA_XDP_DO_REDIRECT)
		xdp_do_flush();
}
EXPORT_SYMBOL_IF_KUNIT(kawela_ring_xdp_flush);

/* ---- Frames of other netdevs ---- */

/* One that is short is copied, and goes back at once. */
static bool xdp_xmit_one(struct kawela_tx_ring *tx, struct xdp_frame *xdpf)
{
	if (xdp_frame_has_frags(xdpf) || !kawela_ring_tx_xdp_copy(tx, xdpf->data, xdpf->len))
		return kawela_ring_tx_xdp(tx, xdpf, KAWELA_TX_XDP);

	xdp_return_frame_rx_napi(xdpf);

	return true;
}

static int xdp_xmit_locked(struct kawela_dp *dp, unsigned int index, int n,
			   struct xdp_frame **frames, u32 flags)
{
	struct kawela_tx_ring *tx;
	int sent = 0;

	/* Pairs with the release in kawela_dp_start(). */
	if (!smp_load_acquire(&dp->running) || index >= dp->num_qps)
		return -ENETDOWN;

	if (unlikely(dp->qp[index]->paused))
		return -ENETDOWN;

	tx = &dp->qp[index]->tx;
	while (sent < n && xdp_xmit_one(tx, frames[sent]))
		sent++;
	if (flags & XDP_XMIT_FLUSH)
		kawela_ring_tx_xdp_flush(tx);

	return sent;
}

int kawela_dp_xdp_xmit(struct kawela_dp *dp, int n, struct xdp_frame **frames, u32 flags)
{
	struct net_device *netdev = dp->netdev;
	int cpu = smp_processor_id();
	struct netdev_queue *txq;
	unsigned int index;
	int sent;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	if (unlikely(!netif_carrier_ok(netdev)))
		return -ENETDOWN;

	index = cpu % READ_ONCE(netdev->real_num_tx_queues);
	txq = netdev_get_tx_queue(netdev, index);
	__netif_tx_lock(txq, cpu);
	sent = xdp_xmit_locked(dp, index, n, frames, flags);
	__netif_tx_unlock(txq);

	return sent;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_xdp_xmit, "KAWELA");

/* ---- The program ---- */

static int xdp_set_prog(struct kawela_dp *dp, struct bpf_prog *prog, struct netlink_ext_ack *extack)
{
	struct bpf_prog *old;

	if (prog && !prog->aux->xdp_has_frags && dp->netdev->mtu > XDP_ONE_BUFFER_MTU) {
		NL_SET_ERR_MSG_FMT(extack,
				   "MTU above %u: lower it, or load a program with frags support",
				   XDP_ONE_BUFFER_MTU);
		return -EOPNOTSUPP;
	}

	old = xchg(&dp->xdp_prog, prog);
	if (old)
		bpf_prog_put(old);

	return 0;
}

int kawela_dp_bpf(struct kawela_dp *dp, struct netdev_bpf *bpf)
{
	ASSERT_RTNL();
	switch (bpf->command) {
	case XDP_SETUP_PROG:
		return xdp_set_prog(dp, bpf->prog, bpf->extack);
	case XDP_SETUP_XSK_POOL:
		return kawela_ring_xsk_setup(dp, bpf->xsk.pool, bpf->xsk.queue_id);
	default:
		return -EINVAL;
	}
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_bpf, "KAWELA");

int kawela_dp_xdp_check_mtu(const struct kawela_dp *dp, int mtu)
{
	unsigned int fits = kawela_ring_xsk_check_mtu(dp, mtu);

	ASSERT_RTNL();
	if (fits) {
		netdev_info(dp->netdev, "MTU above %u: the frames of an AF_XDP socket are smaller\n",
			    fits);
		return -EINVAL;
	}
	if (!dp->xdp_prog || dp->xdp_prog->aux->xdp_has_frags || mtu <= XDP_ONE_BUFFER_MTU)
		return 0;
	netdev_info(dp->netdev, "MTU above %u: the XDP program has no frags support\n",
		    XDP_ONE_BUFFER_MTU);

	return -EINVAL;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_xdp_check_mtu, "KAWELA");

/* ---- What a program may ask ---- */

static const struct kawela_xdp_buff *xdp_buff_of(const struct xdp_md *ctx)
{
	return (const struct kawela_xdp_buff *)ctx;
}

static int xdp_rx_hash(const struct xdp_md *ctx, u32 *hash, enum xdp_rss_hash_type *type)
{
	const struct kawela_xdp_buff *xb = xdp_buff_of(ctx);

	if (!(xb->dp->netdev->features & NETIF_F_RXHASH))
		return -ENODATA;
	*type = kawela_rx_xdp_hash_type(le16_to_cpu(xb->desc->wb.pkt_info));
	if (*type == XDP_RSS_TYPE_NONE)
		return -ENODATA;
	*hash = le32_to_cpu(xb->desc->wb.rss);

	return 0;
}

static int xdp_rx_vlan_tag(const struct xdp_md *ctx, __be16 *proto, u16 *tci)
{
	const struct kawela_xdp_buff *xb = xdp_buff_of(ctx);

	if (!kawela_ring_rx_tag(xb->dp, xb->desc, tci))
		return -ENODATA;
	*proto = htons(ETH_P_8021Q);

	return 0;
}

static int xdp_rx_timestamp(const struct xdp_md *ctx, u64 *timestamp)
{
	const struct kawela_xdp_buff *xb = xdp_buff_of(ctx);

	/* Nobody writes @stamp for a frame without. */
	if (!(xb->desc->wb.status_error & cpu_to_le32(KW_RXS_TS)) || !xb->stamp)
		return -ENODATA;
	*timestamp = ktime_to_ns(xb->stamp);

	return 0;
}

static const struct xdp_metadata_ops xdp_metadata_ops = {
	.xmo_rx_vlan_tag	= xdp_rx_vlan_tag,
};

static const struct xdp_metadata_ops xdp_hashed_metadata_ops = {
	.xmo_rx_hash		= xdp_rx_hash,
	.xmo_rx_vlan_tag	= xdp_rx_vlan_tag,
};

static const struct xdp_metadata_ops xdp_stamped_metadata_ops = {
	.xmo_rx_hash		= xdp_rx_hash,
	.xmo_rx_vlan_tag	= xdp_rx_vlan_tag,
	.xmo_rx_timestamp	= xdp_rx_timestamp,
};

void kawela_dp_xdp_setup(struct net_device *netdev, bool stamped)
{
	netdev->xdp_features = KAWELA_DP_XDP_FEATURES;
	if (stamped)
		netdev->xdp_metadata_ops = &xdp_stamped_metadata_ops;
	else if (netdev->hw_features & NETIF_F_RXHASH)
		netdev->xdp_metadata_ops = &xdp_hashed_metadata_ops;
	else
		netdev->xdp_metadata_ops = &xdp_metadata_ops;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_xdp_setup, "KAWELA");
