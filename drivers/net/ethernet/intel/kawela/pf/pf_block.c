// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config blocks: what the host tells the driver of a VF, and what that says of itself.
 *
 * Owns: the contents of the blocks, pf->guest. Never touches: the words they travel in
 * (kawela_mbx), policy (nsw is asked).
 * Locks: pf->guest_lock; called from the mailbox work, one message at a time. RTNL is not taken:
 * what it protects is read as whole numbers, and whoever changes it invalidates the block after.
 */
#include <linux/ethtool.h>

#include "pf.h"

#define BLOCK(id)	BIT_ULL(KAWELA_BLOCK_##id)

/* A block is filled in place: 128 zero bytes. */
#define BLOCK_OF(type, buf)	((struct kawela_block_##type *)(buf))

static int block_identity(void *priv, u16 vf, u8 *buf)
{
	struct kawela_block_identity *b = BLOCK_OF(identity, buf);
	struct kawela_nsw_vport_info info;
	struct kawela_pf *pf = priv;
	int err;

	err = kawela_nsw_vport_get_info(pf->nsw, vf, &info);
	if (err)
		return err;

	b->magic = cpu_to_le32(KAWELA_ABI_MAGIC);
	b->features = cpu_to_le32(KAWELA_FEATURES);
	b->vf = cpu_to_le16(vf);
	b->vport = cpu_to_le16(kawela_nsw_vport_id(vf));
	b->queue_pairs = info.num_qps;
	b->multicast_hashes = KAWELA_ABI_MC_MAX;
	return sizeof(*b);
}

static int block_address(void *priv, u16 vf, u8 *buf)
{
	struct kawela_block_address *b = BLOCK_OF(address, buf);
	struct kawela_nsw_vport_info info;
	struct kawela_pf *pf = priv;
	u32 flags = 0;
	int err;

	err = kawela_nsw_vport_get_info(pf->nsw, vf, &info);
	if (err)
		return err;

	if (!is_zero_ether_addr(info.admin_mac))
		flags |= KAWELA_ADDRESS_PINNED;
	if (info.spoofchk)
		flags |= KAWELA_ADDRESS_SPOOFCHK;
	if (info.vlan)
		flags |= KAWELA_ADDRESS_PORT_VLAN;
	memcpy(b->mac, info.admin_mac, ETH_ALEN);
	b->flags = cpu_to_le32(flags);
	b->vlan = cpu_to_le16(info.vlan);
	b->qos = info.qos;
	return sizeof(*b);
}

static int block_link(void *priv, u16 vf, u8 *buf)
{
	struct kawela_block_link *b = BLOCK_OF(link, buf);
	struct kawela_nsw_vport_info info;
	struct kawela_pf *pf = priv;
	bool up = READ_ONCE(pf->link.up);
	u32 flags = 0;
	int err;

	err = kawela_nsw_vport_get_info(pf->nsw, vf, &info);
	if (err)
		return err;

	if (info.link == KAWELA_NSW_LINK_ENABLE)
		flags |= KAWELA_LINK_FORCED | KAWELA_LINK_UP;
	if (up && info.link != KAWELA_NSW_LINK_DISABLE)
		flags |= KAWELA_LINK_UP;
	if (up && READ_ONCE(pf->link.duplex) == DUPLEX_FULL)
		flags |= KAWELA_LINK_FULL_DUPLEX;
	b->flags = cpu_to_le32(flags);
	b->speed = cpu_to_le32(up ? READ_ONCE(pf->link.speed) : 0);
	return sizeof(*b);
}

static int block_mtu(void *priv, u16 vf, u8 *buf)
{
	struct kawela_block_mtu *b = BLOCK_OF(mtu, buf);
	struct kawela_pf *pf = priv;

	b->max_frame = cpu_to_le32(KAWELA_NSW_MAX_FRAME);
	b->host_frame = cpu_to_le32(READ_ONCE(pf->netdev->mtu) + KAWELA_BLOCK_MTU_OVERHEAD);
	return sizeof(*b);
}

static int block_rate(void *priv, u16 vf, u8 *buf)
{
	struct kawela_block_rate *b = BLOCK_OF(rate, buf);
	struct kawela_nsw_vport_info info;
	struct kawela_pf *pf = priv;
	int err;

	err = kawela_nsw_vport_get_info(pf->nsw, vf, &info);
	if (err)
		return err;

	b->max_tx = cpu_to_le32(info.max_rate);
	return sizeof(*b);
}

/* The advice is how the host moderates its own queues. */
static u32 block_advice(const struct kawela_pf *pf)
{
	struct ethtool_coalesce ec = {};

	kawela_dp_get_coalesce(&pf->dp, &ec);
	if (ec.use_adaptive_rx_coalesce)
		return KAWELA_MODERATION_ADAPTIVE;
	return kawela_moderation_of(ec.rx_coalesce_usecs);
}

static int block_moderation(void *priv, u16 vf, u8 *buf)
{
	struct kawela_block_moderation *b = BLOCK_OF(moderation, buf);

	b->advice = cpu_to_le32(block_advice(priv));
	return sizeof(*b);
}

static int block_trust(void *priv, u16 vf, u8 *buf)
{
	struct kawela_block_trust *b = BLOCK_OF(trust, buf);
	struct kawela_nsw_vport_info info;
	struct kawela_nsw_quota quota;
	struct kawela_pf *pf = priv;
	int err;

	err = kawela_nsw_vport_get_info(pf->nsw, vf, &info);
	if (!err)
		err = kawela_nsw_vport_get_quota(pf->nsw, vf, &quota);
	if (err)
		return err;

	b->flags = cpu_to_le32(info.trusted ? KAWELA_TRUST_TRUSTED : 0);
	b->uc_max = cpu_to_le16(quota.uc);
	b->uc_used = cpu_to_le16(info.num_uc);
	b->vlan_max = cpu_to_le16(quota.vlans);
	b->vlan_used = cpu_to_le16(info.num_vlans);
	b->mc_used = cpu_to_le16(info.num_mc);
	return sizeof(*b);
}

static int block_refusal(void *priv, u16 vf, u8 *buf)
{
	struct kawela_pf *pf = priv;

	kawela_mbx_pf_get_refusal(pf->mbx, vf, BLOCK_OF(refusal, buf));
	return sizeof(struct kawela_block_refusal);
}

static int block_stats(void *priv, u16 vf, u8 *buf)
{
	struct kawela_block_stats *b = BLOCK_OF(stats, buf);
	struct kawela_mbx_pf_stats mbx = {};
	struct ifla_vf_stats hw = {};
	struct kawela_pf *pf = priv;
	int err;

	err = kawela_pf_ndo_get_vf_stats(pf->netdev, vf, &hw);
	if (err)
		return err;

	kawela_mbx_pf_get_stats(pf->mbx, vf, &mbx);
	b->rx_packets = cpu_to_le64(hw.rx_packets);
	b->rx_bytes = cpu_to_le64(hw.rx_bytes);
	b->rx_multicast = cpu_to_le64(hw.multicast);
	b->tx_packets = cpu_to_le64(hw.tx_packets);
	b->tx_bytes = cpu_to_le64(hw.tx_bytes);
	b->requests = cpu_to_le64(mbx.requests);
	b->refused = cpu_to_le64(mbx.nacks);
	return sizeof(*b);
}

static int block_guest(void *priv, u16 vf, const u8 *buf, unsigned int len)
{
	struct kawela_pf *pf = priv;

	spin_lock(&pf->guest_lock);
	memset(&pf->guest[vf], 0, sizeof(pf->guest[vf]));
	memcpy(&pf->guest[vf], buf, min(len, sizeof(pf->guest[vf])));
	spin_unlock(&pf->guest_lock);
	return 0;
}

static const struct kawela_mbx_block pf_blocks[] = {
	{ .id = KAWELA_BLOCK_IDENTITY, .read = block_identity },
	{ .id = KAWELA_BLOCK_ADDRESS, .read = block_address },
	{ .id = KAWELA_BLOCK_LINK, .read = block_link },
	{ .id = KAWELA_BLOCK_MTU, .read = block_mtu },
	{ .id = KAWELA_BLOCK_RATE, .read = block_rate },
	{ .id = KAWELA_BLOCK_MODERATION, .read = block_moderation },
	{ .id = KAWELA_BLOCK_TRUST, .read = block_trust },
	{ .id = KAWELA_BLOCK_REFUSAL, .read = block_refusal },
	{ .id = KAWELA_BLOCK_STATS, .read = block_stats },
	{ .id = KAWELA_BLOCK_GUEST, .write = block_guest, .min_write = 1 },
};

/**
 * kawela_pf_blocks_init - offer the blocks to the VFs
 * @pf: PF with its mailbox, no VFs yet
 *
 * Context: probe.
 * Return: 0 or what kawela_mbx_block_register() says.
 */
int kawela_pf_blocks_init(struct kawela_pf *pf)
{
	return kawela_mbx_block_register(pf->mbx, pf_blocks, ARRAY_SIZE(pf_blocks));
}

/**
 * kawela_pf_blocks_policy - the administrator said something about a VF
 * @pf: PF
 * @vf: VF
 * @what: about what
 *
 * Context: any.
 */
void kawela_pf_blocks_policy(struct kawela_pf *pf, unsigned int vf, enum kawela_nsw_policy what)
{
	static const struct {
		enum kawela_nsw_policy what;
		u64 blocks;
	} map[] = {
		{ KAWELA_NSW_POLICY_ADDRESS, BLOCK(ADDRESS) | BLOCK(TRUST) },
		{ KAWELA_NSW_POLICY_VLAN, BLOCK(ADDRESS) },
		{ KAWELA_NSW_POLICY_RATE, BLOCK(RATE) },
		{ KAWELA_NSW_POLICY_LINK, BLOCK(LINK) },
		{ KAWELA_NSW_POLICY_TRUST, BLOCK(TRUST) },
		{ KAWELA_NSW_POLICY_QUEUES, BLOCK(IDENTITY) },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		if (map[i].what == what)
			kawela_mbx_block_invalidate(pf->mbx, vf, map[i].blocks);
}

/**
 * kawela_pf_blocks_port - something that all VFs share changed
 * @pf: PF
 * @blocks: bit N for block N
 *
 * Context: any.
 */
void kawela_pf_blocks_port(struct kawela_pf *pf, u64 blocks)
{
	unsigned int vf;

	for (vf = 0; vf < READ_ONCE(pf->num_vfs); vf++)
		kawela_mbx_block_invalidate(pf->mbx, vf, blocks);
}

/**
 * kawela_pf_blocks_forget - a VF's driver is gone, and what it said of itself
 * @pf: PF
 * @vf: VF
 *
 * Context: process.
 */
void kawela_pf_blocks_forget(struct kawela_pf *pf, unsigned int vf)
{
	spin_lock(&pf->guest_lock);
	memset(&pf->guest[vf], 0, sizeof(pf->guest[vf]));
	spin_unlock(&pf->guest_lock);
}

/**
 * kawela_pf_blocks_renew - a VF's address is another
 * @pf: PF
 * @vf: VF
 *
 * A driver that reads blocks finds out by itself; any other learns it from the reply to RESET only.
 *
 * Context: any.
 */
void kawela_pf_blocks_renew(struct kawela_pf *pf, unsigned int vf)
{
	if (!kawela_mbx_pf_level1(pf->mbx, vf))
		kawela_mbx_pf_renew(pf->mbx, vf);
}
