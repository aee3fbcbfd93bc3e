// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of the port: what the MAC counts, widened to 64 bits.
 *
 * Owns: the statistics registers (clear on read) and pf->hw_stats. Never touches: what the rings
 * count in software (kawela_ring does).
 * Locks: pf->stats_lock around the reads, since two readers would each get a part.
 */
#include <linux/ethtool.h>

#include "pf.h"

/**
 * struct pf_stat - one counter of the MAC
 * @name: as ethtool -S shows it
 * @lo: register
 * @hi: register of the upper half, 0 if the counter has 32 bits
 */
struct pf_stat {
	char name[ETH_GSTRING_LEN];
	u32 lo;
	u32 hi;
};

/* The rows that get_stats64 needs are named; the rest is only listed. */
enum pf_stat_row {
	PF_STAT_CRC_ERRORS,
	PF_STAT_MISSED,
	PF_STAT_LENGTH_ERRORS,
	PF_STAT_RX_MULTICAST,
	PF_STAT_NO_BUFFER,
	PF_STAT_UNDERSIZE,
	PF_STAT_OVERSIZE,
	PF_STAT_JABBER,
	PF_STAT_FRAGMENTS,
	PF_STAT_RX_ERRORS,
	PF_STAT_ALIGN_ERRORS,
	PF_STAT_EXCESS_COLL,
	PF_STAT_LATE_COLL,
	PF_STAT_COLLISIONS,
	PF_STAT_NO_CARRIER,
	PF_STAT_NAMED_ROWS,
};

static const struct pf_stat pf_stats[] = {
	[PF_STAT_CRC_ERRORS]	= { "mac_rx_crc_errors", KW_CRCERRS },
	[PF_STAT_MISSED]	= { "mac_rx_missed", KW_MPC },
	[PF_STAT_LENGTH_ERRORS]	= { "mac_rx_length_errors", KW_RLEC },
	[PF_STAT_RX_MULTICAST]	= { "mac_rx_multicast", KW_MPRC },
	[PF_STAT_NO_BUFFER]	= { "mac_rx_no_buffer", KW_RNBC },
	[PF_STAT_UNDERSIZE]	= { "mac_rx_undersize", KW_RUC },
	[PF_STAT_OVERSIZE]	= { "mac_rx_oversize", KW_ROC },
	[PF_STAT_JABBER]	= { "mac_rx_jabber", KW_RJC },
	[PF_STAT_FRAGMENTS]	= { "mac_rx_fragments", KW_RFC },
	[PF_STAT_RX_ERRORS]	= { "mac_rx_errors", KW_RXERRC },
	[PF_STAT_ALIGN_ERRORS]	= { "mac_rx_align_errors", KW_ALGNERRC },
	[PF_STAT_EXCESS_COLL]	= { "mac_tx_excess_collisions", KW_ECOL },
	[PF_STAT_LATE_COLL]	= { "mac_tx_late_collisions", KW_LATECOL },
	[PF_STAT_COLLISIONS]	= { "mac_tx_collisions", KW_COLC },
	[PF_STAT_NO_CARRIER]	= { "mac_tx_no_carrier_sense", KW_TNCRS },
	{ "mac_rx_good_packets", KW_GPRC },
	{ "mac_rx_good_octets", KW_GORCL, KW_GORCH },
	{ "mac_rx_total_packets", KW_TPR },
	{ "mac_rx_total_octets", KW_TORL, KW_TORH },
	{ "mac_rx_broadcast", KW_BPRC },
	{ "mac_rx_64", KW_PRC64 },
	{ "mac_rx_65_127", KW_PRC127 },
	{ "mac_rx_128_255", KW_PRC255 },
	{ "mac_rx_256_511", KW_PRC511 },
	{ "mac_rx_512_1023", KW_PRC1023 },
	{ "mac_rx_1024_max", KW_PRC1522 },
	{ "mac_rx_xon", KW_XONRXC },
	{ "mac_rx_xoff", KW_XOFFRXC },
	{ "mac_rx_symbol_errors", KW_SYMERRS },
	{ "mac_tx_good_packets", KW_GPTC },
	{ "mac_tx_good_octets", KW_GOTCL, KW_GOTCH },
	{ "mac_tx_total_packets", KW_TPT },
	{ "mac_tx_total_octets", KW_TOTL, KW_TOTH },
	{ "mac_tx_multicast", KW_MPTC },
	{ "mac_tx_broadcast", KW_BPTC },
	{ "mac_tx_64", KW_PTC64 },
	{ "mac_tx_65_127", KW_PTC127 },
	{ "mac_tx_128_255", KW_PTC255 },
	{ "mac_tx_256_511", KW_PTC511 },
	{ "mac_tx_512_1023", KW_PTC1023 },
	{ "mac_tx_1024_max", KW_PTC1522 },
	{ "mac_tx_single_collisions", KW_SCC },
	{ "mac_tx_multi_collisions", KW_MCC },
	{ "mac_tx_deferred", KW_DC },
	{ "mac_tx_xon", KW_XONTXC },
	{ "mac_tx_xoff", KW_XOFFTXC },
	{ "mac_tx_segmentations", KW_TSCTC },
	{ "mac_interrupts", KW_IAC },
};

static_assert(ARRAY_SIZE(pf_stats) == KAWELA_PF_NUM_HW_STATS);
static_assert(PF_STAT_NAMED_ROWS < KAWELA_PF_NUM_HW_STATS);

/* The low half goes first: reading the high half clears the pair (82576 datasheet 8.18). */
static u64 pf_stat_read(struct kawela_pf *pf, const struct pf_stat *stat)
{
	u64 val = kawela_rd32(&pf->io, stat->lo);

	if (stat->hi)
		val |= (u64)kawela_rd32(&pf->io, stat->hi) << 32;
	return val;
}

/**
 * kawela_pf_stats_update - add what the MAC counted since the last time
 * @pf: PF
 *
 * Context: process. Often enough that no 32-bit counter wraps: at least every 30 s.
 */
void kawela_pf_stats_update(struct kawela_pf *pf)
{
	unsigned int i;
	u64 delta;

	spin_lock(&pf->stats_lock);
	for (i = 0; i < ARRAY_SIZE(pf_stats); i++) {
		delta = pf_stat_read(pf, &pf_stats[i]);
		if (kawela_io_removed(&pf->io))
			break;
		pf->hw_stats.val[i] += delta;
	}
	spin_unlock(&pf->stats_lock);
}

static u64 pf_stat(const struct kawela_pf *pf, enum pf_stat_row row)
{
	return pf->hw_stats.val[row];
}

/**
 * kawela_pf_get_stats64 - ndo_get_stats64: rings plus the errors that only the MAC sees
 * @netdev: PF netdev
 * @stats: to fill
 *
 * Reads no register, since callers may hold a spinlock or RCU; the MAC's part is up to two seconds
 * old.
 *
 * Context: any.
 */
void kawela_pf_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_dp_get_stats64(&pf->dp, stats);

	stats->multicast = pf_stat(pf, PF_STAT_RX_MULTICAST);
	stats->collisions = pf_stat(pf, PF_STAT_COLLISIONS);
	stats->rx_crc_errors = pf_stat(pf, PF_STAT_CRC_ERRORS);
	stats->rx_frame_errors = pf_stat(pf, PF_STAT_ALIGN_ERRORS);
	stats->rx_missed_errors = pf_stat(pf, PF_STAT_MISSED);
	stats->rx_length_errors = pf_stat(pf, PF_STAT_LENGTH_ERRORS) +
				  pf_stat(pf, PF_STAT_UNDERSIZE) + pf_stat(pf, PF_STAT_OVERSIZE);
	stats->rx_errors += stats->rx_crc_errors + stats->rx_frame_errors +
			    stats->rx_length_errors + pf_stat(pf, PF_STAT_RX_ERRORS);
	stats->tx_aborted_errors = pf_stat(pf, PF_STAT_EXCESS_COLL);
	stats->tx_window_errors = pf_stat(pf, PF_STAT_LATE_COLL);
	stats->tx_carrier_errors = pf_stat(pf, PF_STAT_NO_CARRIER);
	stats->tx_errors += stats->tx_aborted_errors + stats->tx_window_errors +
			    stats->tx_carrier_errors;
}

/**
 * kawela_pf_stats_count - number of rows kawela_pf_stats_values() fills
 *
 * Return: rows.
 */
int kawela_pf_stats_count(void)
{
	return ARRAY_SIZE(pf_stats) + 2;
}

/**
 * kawela_pf_stats_strings - names of the rows
 * @data: string table cursor, moved on
 */
void kawela_pf_stats_strings(u8 **data)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pf_stats); i++)
		ethtool_puts(data, pf_stats[i].name);
	ethtool_puts(data, "tx_spoofed");
	ethtool_puts(data, "rx_stamps_released");
}

/**
 * kawela_pf_stats_values - values of the rows, fresh from the MAC
 * @pf: PF
 * @data: kawela_pf_stats_count() values
 *
 * Context: process.
 */
void kawela_pf_stats_values(struct kawela_pf *pf, u64 *data)
{
	kawela_pf_stats_update(pf);

	spin_lock(&pf->stats_lock);
	memcpy(data, pf->hw_stats.val, sizeof(pf->hw_stats.val));
	spin_unlock(&pf->stats_lock);
	data[ARRAY_SIZE(pf_stats)] = atomic64_read(&pf->spoof_events);
	data[ARRAY_SIZE(pf_stats) + 1] = kawela_pf_ptp_released(&pf->ptp);
}

/* By register: these are asked for now and then only. */
static u64 pf_stat_of(const struct kawela_pf *pf, u32 lo)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pf_stats); i++)
		if (pf_stats[i].lo == lo)
			return pf->hw_stats.val[i];
	WARN_ON_ONCE(1);
	return 0;
}

/**
 * kawela_pf_get_pause_stats - ethtool_ops.get_pause_stats
 * @netdev: PF netdev
 * @stats: to fill
 *
 * Context: process.
 */
void kawela_pf_get_pause_stats(struct net_device *netdev, struct ethtool_pause_stats *stats)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_pf_stats_update(pf);
	stats->rx_pause_frames = pf_stat_of(pf, KW_XONRXC) + pf_stat_of(pf, KW_XOFFRXC);
	stats->tx_pause_frames = pf_stat_of(pf, KW_XONTXC) + pf_stat_of(pf, KW_XOFFTXC);
}

static const struct ethtool_rmon_hist_range pf_rmon_ranges[] = {
	{ 64, 64 },
	{ 65, 127 },
	{ 128, 255 },
	{ 256, 511 },
	{ 512, 1023 },
	{ 1024, KAWELA_DP_MAX_FRAME + ETH_FCS_LEN },
	{}
};

/**
 * kawela_pf_get_rmon_stats - ethtool_ops.get_rmon_stats
 * @netdev: PF netdev
 * @stats: to fill
 * @ranges: set to the lengths that are counted together
 *
 * Context: process.
 */
void kawela_pf_get_rmon_stats(struct net_device *netdev, struct ethtool_rmon_stats *stats,
			      const struct ethtool_rmon_hist_range **ranges)
{
	static const u32 rx[] = { KW_PRC64, KW_PRC127, KW_PRC255, KW_PRC511, KW_PRC1023,
				  KW_PRC1522 };
	static const u32 tx[] = { KW_PTC64, KW_PTC127, KW_PTC255, KW_PTC511, KW_PTC1023,
				  KW_PTC1522 };
	struct kawela_pf *pf = netdev_priv(netdev);
	unsigned int i;

	kawela_pf_stats_update(pf);
	stats->undersize_pkts = pf_stat(pf, PF_STAT_UNDERSIZE);
	stats->oversize_pkts = pf_stat(pf, PF_STAT_OVERSIZE);
	stats->fragments = pf_stat(pf, PF_STAT_FRAGMENTS);
	stats->jabbers = pf_stat(pf, PF_STAT_JABBER);
	for (i = 0; i < ARRAY_SIZE(rx); i++) {
		stats->hist[i] = pf_stat_of(pf, rx[i]);
		stats->hist_tx[i] = pf_stat_of(pf, tx[i]);
	}
	*ranges = pf_rmon_ranges;
}
