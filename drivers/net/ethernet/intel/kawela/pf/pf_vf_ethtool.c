// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool -S of the PF: the rows of its VFs.
 *
 * Owns: their names and order. Never touches: how they are counted (pf_vf_stats.c, kawela_mbx).
 * Locks: RTNL, held by the core; it keeps the number of VFs.
 */
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "pf.h"

struct vf_row {
	char name[ETH_GSTRING_LEN];
	size_t offset;
};

static const struct vf_row vf_traffic[] = {
	{ "rx_packets", offsetof(struct ifla_vf_stats, rx_packets) },
	{ "rx_bytes", offsetof(struct ifla_vf_stats, rx_bytes) },
	{ "rx_multicast", offsetof(struct ifla_vf_stats, multicast) },
	{ "rx_dropped", offsetof(struct ifla_vf_stats, rx_dropped) },
	{ "tx_packets", offsetof(struct ifla_vf_stats, tx_packets) },
	{ "tx_bytes", offsetof(struct ifla_vf_stats, tx_bytes) },
};

#define MBX(field)	offsetof(struct kawela_mbx_pf_stats, field)

static const struct vf_row vf_mbx[] = {
	{ "mbx_requests", MBX(requests) },
	{ "mbx_nacks", MBX(nacks) },
	{ "mbx_bad", MBX(bad) },
	{ "mbx_no_cts", MBX(no_cts) },
	{ "mbx_throttled", MBX(throttled) },
	{ "mbx_parked", MBX(parked) },
	{ "mbx_silent", MBX(silent) },
	{ "mbx_resets", MBX(resets) },
	{ "mbx_flrs", MBX(flrs) },
	{ "mbx_acks", MBX(acks) },
	{ "mbx_pings", MBX(pings) },
	{ "mbx_busy", MBX(busy) },
	{ "mbx_stuck", MBX(stuck) },
	{ "mbx_dropped", MBX(dropped) },
	{ "mbx_wait_64us", MBX(waits[0]) },
	{ "mbx_wait_256us", MBX(waits[1]) },
	{ "mbx_wait_1ms", MBX(waits[2]) },
	{ "mbx_wait_4ms", MBX(waits[3]) },
	{ "mbx_wait_16ms", MBX(waits[4]) },
	{ "mbx_wait_more", MBX(waits[5]) },
};

static_assert(KAWELA_MBX_NUM_WAITS == 6);

#define VF_ROWS	(ARRAY_SIZE(vf_traffic) + ARRAY_SIZE(vf_mbx) + 1)

/**
 * kawela_pf_vf_ethtool_count - number of rows
 * @pf: PF
 *
 * Context: RTNL.
 * Return: rows of all VFs there are.
 */
int kawela_pf_vf_ethtool_count(const struct kawela_pf *pf)
{
	ASSERT_RTNL();
	return pf->num_vfs * VF_ROWS;
}

/**
 * kawela_pf_vf_ethtool_strings - names of the rows
 * @pf: PF
 * @data: string table cursor, moved on
 *
 * Context: RTNL.
 */
void kawela_pf_vf_ethtool_strings(const struct kawela_pf *pf, u8 **data)
{
	unsigned int vf, i;

	for (vf = 0; vf < pf->num_vfs; vf++) {
		for (i = 0; i < ARRAY_SIZE(vf_traffic); i++)
			ethtool_sprintf(data, "vf%u_%s", vf, vf_traffic[i].name);
		ethtool_sprintf(data, "vf%u_tx_spoofed", vf);
		for (i = 0; i < ARRAY_SIZE(vf_mbx); i++)
			ethtool_sprintf(data, "vf%u_%s", vf, vf_mbx[i].name);
	}
}

static void vf_values(struct kawela_pf *pf, unsigned int vf, u64 **data)
{
	struct kawela_mbx_pf_stats mbx = {};
	struct ifla_vf_stats traffic = {};
	unsigned int i;

	kawela_pf_ndo_get_vf_stats(pf->netdev, vf, &traffic);
	kawela_mbx_pf_get_stats(pf->mbx, vf, &mbx);

	for (i = 0; i < ARRAY_SIZE(vf_traffic); i++)
		*(*data)++ = *(const u64 *)((const u8 *)&traffic + vf_traffic[i].offset);
	*(*data)++ = atomic64_read(&pf->health.vf_spoofs[vf]);
	for (i = 0; i < ARRAY_SIZE(vf_mbx); i++)
		*(*data)++ = *(const unsigned long *)((const u8 *)&mbx + vf_mbx[i].offset);
}

/**
 * kawela_pf_vf_ethtool_values - values of the rows
 * @pf: PF
 * @data: cursor, moved on
 *
 * Context: RTNL.
 */
void kawela_pf_vf_ethtool_values(struct kawela_pf *pf, u64 **data)
{
	unsigned int vf;

	for (vf = 0; vf < pf->num_vfs; vf++)
		vf_values(pf, vf, data);
}
