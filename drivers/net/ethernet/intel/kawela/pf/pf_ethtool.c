// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool on the PF netdev.
 *
 * Owns: struct ethtool_ops of the PF. Never touches: a register; every op is a short way to the
 * file that does the work.
 * Locks: RTNL, held by the caller.
 */
#include <linux/ethtool.h>

#include "../compat/ethtool.h"
#include "pf.h"

#define PF_NVM_MAGIC	(0x8086 | 0x10c9 << 16)

static void pf_get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	strscpy(info->driver, KAWELA_PF_DRV_NAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(pf->pdev), sizeof(info->bus_info));
	kawela_pf_nvm_fw_version(&pf->hw, info->fw_version, sizeof(info->fw_version));
}

static int pf_get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *ks)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_pf_link_ksettings_get(&pf->hw, ks);
}

static int pf_set_link_ksettings(struct net_device *netdev,
				 const struct ethtool_link_ksettings *ks)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_pf_link_ksettings_set(&pf->hw, ks);
}

static int pf_nway_reset(struct net_device *netdev)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_pf_link_nway_reset(&pf->hw);
}

static void pf_get_pauseparam(struct net_device *netdev, struct ethtool_pauseparam *pause)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_pf_link_pause_get(&pf->hw, pause);
}

static int pf_set_pauseparam(struct net_device *netdev, struct ethtool_pauseparam *pause)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_pf_link_pause_set(&pf->hw, pause);
}

static int pf_set_phys_id(struct net_device *netdev, enum ethtool_phys_id_state state)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_pf_hw_identify(&pf->hw, state);
}

static int pf_get_eeprom_len(struct net_device *netdev)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return pf->hw.nvm_words * 2;
}

static int pf_get_eeprom(struct net_device *netdev, struct ethtool_eeprom *eeprom, u8 *data)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	u32 first = eeprom->offset / 2;
	u32 count, i;
	u16 *words;
	int err;

	if (!eeprom->len)
		return -EINVAL;
	count = (eeprom->offset + eeprom->len - 1) / 2 - first + 1;
	words = kmalloc_array(count, sizeof(*words), GFP_KERNEL);
	if (!words)
		return -ENOMEM;

	err = kawela_pf_nvm_read(&pf->hw, first, count, words);
	for (i = 0; i < count; i++)
		cpu_to_le16s(&words[i]);
	if (!err)
		memcpy(data, (u8 *)words + (eeprom->offset & 1), eeprom->len);
	eeprom->magic = PF_NVM_MAGIC;
	kfree(words);
	return err;
}

static void pf_get_ringparam(struct net_device *netdev, struct ethtool_ringparam *param,
			     struct kernel_ethtool_ringparam *kparam,
			     struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_dp_get_ringparam(&pf->dp, param);
}

static int pf_set_ringparam(struct net_device *netdev, struct ethtool_ringparam *param,
			    struct kernel_ethtool_ringparam *kparam,
			    struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	struct kawela_qp_set rings = {};
	int err;

	err = kawela_dp_ring_sizes(&rings, param->rx_pending, param->tx_pending, extack);
	if (err)
		return err;

	err = kawela_pf_queues_change(pf, pf->want_qps, &rings);
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "no memory for rings of this size, the old ones go on");
	return err;
}

static void pf_get_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	ch->max_combined = pf->vmdq ? min(pf->max_qps, KAWELA_PF_VMDQ_QPS) : pf->max_qps;
	ch->combined_count = kawela_pf_num_qps(pf);
	ch->max_other = 1;
	ch->other_count = 1;
}

static int pf_set_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	const struct kawela_qp_set rings = {
		.rx_count = pf->dp.rx_count,
		.tx_count = pf->dp.tx_count,
	};

	/* The core has looked at all that has to be within a maximum. */
	if (ch->other_count != 1)
		return -EINVAL;
	return kawela_pf_queues_change(pf, ch->combined_count, &rings);
}

static int pf_get_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
			   struct kernel_ethtool_coalesce *kec, struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_dp_get_coalesce(&pf->dp, ec);
	return 0;
}

static int pf_set_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
			   struct kernel_ethtool_coalesce *kec, struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	int err;

	err = kawela_dp_set_coalesce(&pf->dp, ec, extack);

	if (!err)
		kawela_pf_blocks_port(pf, BIT_ULL(KAWELA_BLOCK_MODERATION));
	return err;
}

static int pf_get_per_queue_coalesce(struct net_device *netdev, u32 queue,
				     struct ethtool_coalesce *ec)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	return kawela_dp_get_queue_coalesce(&pf->dp, queue, ec);
}

static int pf_set_per_queue_coalesce(struct net_device *netdev, u32 queue,
				     struct ethtool_coalesce *ec)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	int err;

	err = kawela_dp_set_queue_coalesce(&pf->dp, queue, ec);
	if (!err)
		kawela_pf_blocks_port(pf, BIT_ULL(KAWELA_BLOCK_MODERATION));
	return err;
}

static int pf_get_sset_count(struct net_device *netdev, int sset)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return kawela_pf_stats_count() + kawela_dp_ethtool_count(&pf->dp) +
	       kawela_pf_vf_ethtool_count(pf);
}

static void pf_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	if (sset != ETH_SS_STATS)
		return;
	kawela_pf_stats_strings(&data);
	kawela_dp_ethtool_strings(&pf->dp, &data);
	kawela_pf_vf_ethtool_strings(pf, &data);
}

static void pf_get_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats, u64 *data)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_pf_stats_values(pf, data);
	data += kawela_pf_stats_count();
	kawela_dp_ethtool_stats(&pf->dp, &data);
	kawela_pf_vf_ethtool_values(pf, &data);
}

static u32 pf_get_rxfh_indir_size(struct net_device *netdev)
{
	return KAWELA_PF_RETA_ENTRIES;
}

static u32 pf_get_rxfh_key_size(struct net_device *netdev)
{
	return KAWELA_PF_RSS_KEY_BYTES;
}

static int pf_get_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	unsigned int i;

	rxfh->hfunc = ETH_RSS_HASH_TOP;
	if (rxfh->indir)
		for (i = 0; i < ARRAY_SIZE(pf->reta); i++)
			rxfh->indir[i] = pf->reta[i];
	if (rxfh->key)
		memcpy(rxfh->key, pf->rss_key, sizeof(pf->rss_key));
	return 0;
}

static int pf_set_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh,
		       struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = netdev_priv(netdev);
	unsigned int i;

	if (rxfh->hfunc != ETH_RSS_HASH_NO_CHANGE && rxfh->hfunc != ETH_RSS_HASH_TOP) {
		NL_SET_ERR_MSG(extack, "the hardware knows the Toeplitz hash only");
		return -EOPNOTSUPP;
	}
	if (rxfh->indir)
		for (i = 0; i < ARRAY_SIZE(pf->reta); i++)
			pf->reta[i] = rxfh->indir[i];
	if (rxfh->key)
		memcpy(pf->rss_key, rxfh->key, sizeof(pf->rss_key));
	kawela_pf_rss_setup(pf);
	return 0;
}

static int pf_get_rxfh_fields(struct net_device *netdev, struct ethtool_rxfh_fields *fields)
{
	switch (fields->flow_type) {
	case TCP_V4_FLOW:
	case TCP_V6_FLOW:
		fields->data = RXH_IP_SRC | RXH_IP_DST | RXH_L4_B_0_1 | RXH_L4_B_2_3;
		return 0;
	case UDP_V4_FLOW:
	case UDP_V6_FLOW:
	case IPV4_FLOW:
	case IPV6_FLOW:
		fields->data = RXH_IP_SRC | RXH_IP_DST;
		return 0;
	default:
		return -EINVAL;
	}
}

static u32 pf_get_rx_ring_count(struct net_device *netdev)
{
	return kawela_pf_num_qps(netdev_priv(netdev));
}

static int pf_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *nfc, u32 *rules)
{
	return kawela_pf_rules_get(netdev_priv(netdev), nfc, rules);
}

KAWELA_RXNFC(pf_get_rxnfc, pf_get_rx_ring_count, pf_get_rxfh_fields)

static int pf_set_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *nfc)
{
	return kawela_pf_rules_set(netdev_priv(netdev), nfc);
}

static int pf_get_ts_info(struct net_device *netdev, struct kernel_ethtool_ts_info *info)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	ethtool_op_get_ts_info(netdev, info);
	kawela_pf_ptp_info(&pf->ptp, info);
	return 0;
}

static void pf_get_ts_stats(struct net_device *netdev, struct ethtool_ts_stats *stats)
{
	struct kawela_pf *pf = netdev_priv(netdev);

	kawela_pf_ptp_stats(&pf->ptp, stats);
}

const struct ethtool_ops kawela_pf_ethtool_ops = {
	.supported_coalesce_params = KAWELA_DP_COALESCE,
	.get_drvinfo		= pf_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= pf_get_link_ksettings,
	.set_link_ksettings	= pf_set_link_ksettings,
	.nway_reset		= pf_nway_reset,
	.get_pauseparam		= pf_get_pauseparam,
	.set_pauseparam		= pf_set_pauseparam,
	.get_pause_stats	= kawela_pf_get_pause_stats,
	.get_rmon_stats		= kawela_pf_get_rmon_stats,
	.set_phys_id		= pf_set_phys_id,
	.get_eeprom_len		= pf_get_eeprom_len,
	.get_eeprom		= pf_get_eeprom,
	.get_ringparam		= pf_get_ringparam,
	.set_ringparam		= pf_set_ringparam,
	.get_channels		= pf_get_channels,
	.set_channels		= pf_set_channels,
	.get_coalesce		= pf_get_coalesce,
	.set_coalesce		= pf_set_coalesce,
	.get_per_queue_coalesce	= pf_get_per_queue_coalesce,
	.set_per_queue_coalesce	= pf_set_per_queue_coalesce,
	.get_sset_count		= pf_get_sset_count,
	.get_strings		= pf_get_strings,
	.get_ethtool_stats	= pf_get_ethtool_stats,
	.get_rxfh_indir_size	= pf_get_rxfh_indir_size,
	.get_rxfh_key_size	= pf_get_rxfh_key_size,
	.get_rxfh		= pf_get_rxfh,
	.set_rxfh		= pf_set_rxfh,
	KAWELA_RXNFC_OPS(pf_get_rxnfc, pf_get_rx_ring_count, pf_get_rxfh_fields),
	.set_rxnfc		= pf_set_rxnfc,
	.get_ts_info		= pf_get_ts_info,
	.get_ts_stats		= pf_get_ts_stats,
};
