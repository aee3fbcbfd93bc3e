// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of the VF: those of its pool, kept by the hardware in 32 bits each, are accumulated
 * here; the rings' and the session's are only passed on.
 *
 * Owns: vf->hw_last, vf->hw_stats. Never touches: rings.
 * Locks: vf->stats_lock.
 *
 * The hardware's wrap, are not cleared by a read, and start over when the PF resets.
 */
#include <linux/ethtool.h>

#include "vf.h"

enum vf_stat_row {
	VF_STAT_RX_PACKETS,
	VF_STAT_TX_PACKETS,
	VF_STAT_RX_OCTETS,
	VF_STAT_TX_OCTETS,
	VF_STAT_RX_MULTICAST,
	VF_STAT_RX_LB_PACKETS,
	VF_STAT_TX_LB_PACKETS,
	VF_STAT_RX_LB_OCTETS,
	VF_STAT_TX_LB_OCTETS,
};

static const struct vf_stat {
	char name[ETH_GSTRING_LEN];
	u32 reg;
} vf_stats[] = {
	[VF_STAT_RX_PACKETS]	= { "hw_rx_packets", KW_VFGPRC },
	[VF_STAT_TX_PACKETS]	= { "hw_tx_packets", KW_VFGPTC },
	[VF_STAT_RX_OCTETS]	= { "hw_rx_octets", KW_VFGORC },
	[VF_STAT_TX_OCTETS]	= { "hw_tx_octets", KW_VFGOTC },
	[VF_STAT_RX_MULTICAST]	= { "hw_rx_multicast", KW_VFMPRC },
	[VF_STAT_RX_LB_PACKETS]	= { "hw_rx_loopback_packets", KW_VFGPRLBC },
	[VF_STAT_TX_LB_PACKETS]	= { "hw_tx_loopback_packets", KW_VFGPTLBC },
	[VF_STAT_RX_LB_OCTETS]	= { "hw_rx_loopback_octets", KW_VFGORLBC },
	[VF_STAT_TX_LB_OCTETS]	= { "hw_tx_loopback_octets", KW_VFGOTLBC },
};

static_assert(ARRAY_SIZE(vf_stats) == KAWELA_VF_NUM_HW_STATS);

static const char vf_session_stats[][ETH_GSTRING_LEN] = {
	"session_connects",
	"session_lost",
	"mbx_requests",
	"mbx_refused",
	"mbx_timeouts",
	"mbx_control",
	"mbx_trip_64us",
	"mbx_trip_256us",
	"mbx_trip_1ms",
	"mbx_trip_4ms",
	"mbx_trip_16ms",
	"mbx_trip_more",
};

/* In the order of struct kawela_block_stats. */
static const char vf_host_stats[][ETH_GSTRING_LEN] = {
	"host_rx_packets",
	"host_rx_octets",
	"host_rx_multicast",
	"host_tx_packets",
	"host_tx_octets",
	"host_requests",
	"host_refused",
};

static_assert(ARRAY_SIZE(vf_host_stats) == KAWELA_VF_NUM_HOST_STATS);
static_assert(KAWELA_VF_NUM_HOST_STATS * sizeof(__le64) == sizeof(struct kawela_block_stats));

static void vf_stats_read(struct kawela_vf *vf, bool add)
{
	unsigned int i;
	u32 now;

	for (i = 0; i < ARRAY_SIZE(vf_stats); i++) {
		now = kawela_rd32(&vf->io, vf_stats[i].reg);
		if (kawela_io_removed(&vf->io))
			return;
		if (add)
			vf->hw_stats[i] += kawela_vf_counter_delta(vf->hw_last[i], now);
		vf->hw_last[i] = now;
	}
}

/**
 * kawela_vf_stats_update - add what the hardware counted since the last look
 * @vf: VF
 *
 * Context: process; every two seconds while a session stands.
 */
void kawela_vf_stats_update(struct kawela_vf *vf)
{
	mutex_lock(&vf->stats_lock);
	vf_stats_read(vf, true);
	mutex_unlock(&vf->stats_lock);
}

/**
 * kawela_vf_stats_rebase - count from here after a reset
 * @vf: VF
 *
 * Context: process.
 */
void kawela_vf_stats_rebase(struct kawela_vf *vf)
{
	mutex_lock(&vf->stats_lock);
	vf_stats_read(vf, false);
	mutex_unlock(&vf->stats_lock);
}

/**
 * kawela_vf_stats_host - note what the host counts
 * @vf: VF
 * @b: as it said
 *
 * Context: process.
 */
void kawela_vf_stats_host(struct kawela_vf *vf, const struct kawela_block_stats *b)
{
	const __le64 *val = &b->rx_packets;
	unsigned int i;

	mutex_lock(&vf->stats_lock);
	for (i = 0; i < KAWELA_VF_NUM_HOST_STATS; i++)
		vf->host_stats[i] = le64_to_cpu(val[i]);
	mutex_unlock(&vf->stats_lock);
}

/* The mailbox is not for callers with RTNL: the work asks, and the next one sees the answer. */
static void vf_stats_host_values(struct kawela_vf *vf, u64 **data)
{
	mutex_lock(&vf->stats_lock);
	memcpy(*data, vf->host_stats, sizeof(vf->host_stats));
	mutex_unlock(&vf->stats_lock);
	*data += ARRAY_SIZE(vf->host_stats);

	set_bit(KAWELA_VF_F_STATS, &vf->flags);
	kawela_vf_session_kick(vf);
}

/**
 * kawela_vf_get_stats64 - ndo_get_stats64
 * @netdev: VF netdev
 * @stats: to fill
 *
 * Touches no register; the multicast count is up to two seconds old.
 *
 * Context: any.
 */
void kawela_vf_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	kawela_dp_get_stats64(&vf->dp, stats);
	stats->multicast = READ_ONCE(vf->hw_stats[VF_STAT_RX_MULTICAST]);
}

/**
 * kawela_vf_stats_count - number of values kawela_vf_stats_values() fills
 *
 * Return: values.
 */
int kawela_vf_stats_count(void)
{
	return ARRAY_SIZE(vf_stats) + ARRAY_SIZE(vf_session_stats) + ARRAY_SIZE(vf_host_stats);
}

/**
 * kawela_vf_stats_strings - names of the values
 * @data: where to write; advanced
 */
void kawela_vf_stats_strings(u8 **data)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vf_stats); i++)
		ethtool_puts(data, vf_stats[i].name);
	for (i = 0; i < ARRAY_SIZE(vf_session_stats); i++)
		ethtool_puts(data, vf_session_stats[i]);
	for (i = 0; i < ARRAY_SIZE(vf_host_stats); i++)
		ethtool_puts(data, vf_host_stats[i]);
}

/**
 * kawela_vf_stats_values - the values
 * @vf: VF
 * @data: where to write; advanced
 *
 * Without a session the hardware's may be from before a reset, so the last ones seen are shown.
 * The host's are what it said after the last call.
 *
 * Context: process.
 */
void kawela_vf_stats_values(struct kawela_vf *vf, u64 **data)
{
	struct kawela_mbx_vf_stats mbx;
	unsigned int i;

	mutex_lock(&vf->stats_lock);
	if (READ_ONCE(vf->state) == KAWELA_VF_RUN)
		vf_stats_read(vf, true);
	memcpy(*data, vf->hw_stats, sizeof(vf->hw_stats));
	mutex_unlock(&vf->stats_lock);
	*data += ARRAY_SIZE(vf_stats);

	kawela_mbx_vf_get_stats(vf->mbx, &mbx);
	*(*data)++ = atomic64_read(&vf->connects);
	*(*data)++ = mbx.lost;
	*(*data)++ = mbx.requests;
	*(*data)++ = atomic64_read(&vf->refused);
	*(*data)++ = mbx.timeouts;
	*(*data)++ = mbx.control;
	for (i = 0; i < ARRAY_SIZE(mbx.trips); i++)
		*(*data)++ = mbx.trips[i];
	vf_stats_host_values(vf, data);
}
