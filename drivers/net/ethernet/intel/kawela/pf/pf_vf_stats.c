// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of the VFs as the host sees them: ip -s link show PF.
 *
 * Owns: pf->vf_stats, and the receive drop counters of the VFs' queues, which a read clears. Never
 * touches: what VF drivers count themselves.
 * Locks: pf->stats_lock.
 *
 * The hardware's are 32 bits wide, wrap, and are cleared by nothing but a reset of the PF. Here a
 * count begins when the VFs are made and outlives resets of VF and PF and every driver of the VF.
 */
#include <linux/if_link.h>

#include "pf.h"

enum pf_vf_stat_row {
	PF_VF_STAT_RX_PACKETS,
	PF_VF_STAT_TX_PACKETS,
	PF_VF_STAT_RX_OCTETS,
	PF_VF_STAT_TX_OCTETS,
	PF_VF_STAT_RX_MULTICAST,
	PF_VF_STAT_RX_DROPPED,
	PF_VF_STAT_NUM_ROWS,
};

static_assert(PF_VF_STAT_NUM_ROWS == KAWELA_PF_NUM_VF_STATS);

static u32 pf_vf_stat_read(struct kawela_pf *pf, unsigned int vf, enum pf_vf_stat_row row)
{
	switch (row) {
	case PF_VF_STAT_RX_PACKETS:
		return kawela_rd32(&pf->io, KW_PVFGPRC(vf));
	case PF_VF_STAT_TX_PACKETS:
		return kawela_rd32(&pf->io, KW_PVFGPTC(vf));
	case PF_VF_STAT_RX_OCTETS:
		return kawela_rd32(&pf->io, KW_PVFGORC(vf));
	case PF_VF_STAT_TX_OCTETS:
		return kawela_rd32(&pf->io, KW_PVFGOTC(vf));
	case PF_VF_STAT_RX_MULTICAST:
		return kawela_rd32(&pf->io, KW_PVFMPRC(vf));
	case PF_VF_STAT_RX_DROPPED:
		return pf->vf_stats[vf].last[row] + kawela_rd32(&pf->io, KW_RQDPC(vf)) +
		       kawela_rd32(&pf->io, KW_RQDPC(vf + KW_NUM_POOLS));
	default:
		return 0;
	}
}

static void pf_vf_stats_look(struct kawela_pf *pf, unsigned int vf, bool add)
{
	struct kawela_pf_vf_stats *s = &pf->vf_stats[vf];
	unsigned int row;
	u32 now;

	for (row = 0; row < PF_VF_STAT_NUM_ROWS; row++) {
		now = pf_vf_stat_read(pf, vf, row);
		if (kawela_io_removed(&pf->io))
			return;
		if (add)
			s->val[row] += now - s->last[row];
		s->last[row] = now;
	}
}

/* Without @add only the point is moved from which is counted. */
static void pf_vf_stats_look_all(struct kawela_pf *pf, bool add)
{
	unsigned int vf;

	lockdep_assert_held(&pf->stats_lock);
	if (pf->vf_stats_suspended)
		return;
	for (vf = 0; vf < READ_ONCE(pf->num_vfs); vf++)
		pf_vf_stats_look(pf, vf, add);
}

/**
 * kawela_pf_vf_stats_update - add what the hardware counted since the last time
 * @pf: PF
 *
 * Context: process. Often enough that no 32-bit counter wraps: at least every 30 s.
 */
void kawela_pf_vf_stats_update(struct kawela_pf *pf)
{
	spin_lock(&pf->stats_lock);
	pf_vf_stats_look_all(pf, true);
	spin_unlock(&pf->stats_lock);
}

/**
 * kawela_pf_vf_stats_suspend - the function is about to be reset
 * @pf: PF, VFs closed
 *
 * Until kawela_pf_vf_stats_resume() no register is read.
 *
 * Context: process.
 */
void kawela_pf_vf_stats_suspend(struct kawela_pf *pf)
{
	spin_lock(&pf->stats_lock);
	pf_vf_stats_look_all(pf, true);
	pf->vf_stats_suspended = true;
	spin_unlock(&pf->stats_lock);
}

/**
 * kawela_pf_vf_stats_resume - the function was reset, and its counters with it
 * @pf: PF, VFs closed
 *
 * Context: process.
 */
void kawela_pf_vf_stats_resume(struct kawela_pf *pf)
{
	spin_lock(&pf->stats_lock);
	pf->vf_stats_suspended = false;
	pf_vf_stats_look_all(pf, false);
	spin_unlock(&pf->stats_lock);
}

/**
 * kawela_pf_vf_stats_clear - new VFs
 * @pf: PF with its number of VFs set
 *
 * Context: process.
 */
void kawela_pf_vf_stats_clear(struct kawela_pf *pf)
{
	spin_lock(&pf->stats_lock);
	memset(pf->vf_stats, 0, sizeof(pf->vf_stats));
	pf_vf_stats_look_all(pf, false);
	spin_unlock(&pf->stats_lock);
}

/**
 * kawela_pf_ndo_get_vf_stats - ip -s link show PF
 * @netdev: PF netdev
 * @vf: VF
 * @stats: to fill; the hardware does not count broadcast, nor what a VF failed to send
 *
 * Context: RTNL.
 * Return: 0 or -EINVAL (no such VF).
 */
int kawela_pf_ndo_get_vf_stats(struct net_device *netdev, int vf, struct ifla_vf_stats *stats)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	const u64 *val;

	if (vf < 0 || vf >= pf->num_vfs)
		return -EINVAL;

	spin_lock(&pf->stats_lock);
	pf_vf_stats_look_all(pf, true);
	val = pf->vf_stats[vf].val;
	stats->rx_packets = val[PF_VF_STAT_RX_PACKETS];
	stats->tx_packets = val[PF_VF_STAT_TX_PACKETS];
	stats->rx_bytes = val[PF_VF_STAT_RX_OCTETS];
	stats->tx_bytes = val[PF_VF_STAT_TX_OCTETS];
	stats->multicast = val[PF_VF_STAT_RX_MULTICAST];
	stats->rx_dropped = val[PF_VF_STAT_RX_DROPPED];
	spin_unlock(&pf->stats_lock);
	return 0;
}
