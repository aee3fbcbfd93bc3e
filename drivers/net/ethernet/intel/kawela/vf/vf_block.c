// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host says in config blocks, and what becomes of it in the netdev.
 *
 * Owns: vf->host. Never touches: mailbox words, registers, address lists (vf_filter.c keeps those).
 * Locks: the session work reads the blocks; RTNL around what they change in the netdev.
 *
 * A host that knows no blocks leaves everything as it is. What the guest's user chose himself, MTU
 * or moderation, no advice overrules.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/utsname.h>
#include <generated/utsrelease.h>

#include "vf.h"

/* A block may change while it is read, but not for ever. */
#define VF_BLOCK_ROUNDS	4

/* Whether an error was the end of the session. Hyper-V's may time out in one that stands. */
static bool vf_block_lost(struct kawela_vf *vf, int err)
{
	return err && !kawela_mbx_vf_connected(vf->mbx);
}

/* Errors that stay, whatever is done. */
static bool vf_block_hopeless(int err)
{
	return err == -ENOENT || err == -EPERM || err == -EOPNOTSUPP || err == -EMSGSIZE ||
	       err == -EINVAL;
}

static void vf_block_address(struct kawela_vf *vf, const void *buf)
{
	const struct kawela_block_address *b = buf;
	u32 flags = le32_to_cpu(b->flags);

	WRITE_ONCE(vf->host.port_vlan, !!(flags & KAWELA_ADDRESS_PORT_VLAN));
	kawela_vf_filter_pinned(vf, flags & KAWELA_ADDRESS_PINNED ? b->mac : NULL);
}

static void vf_block_link(struct kawela_vf *vf, const void *buf)
{
	const struct kawela_block_link *b = buf;

	WRITE_ONCE(vf->host.speed, le32_to_cpu(b->speed));
	WRITE_ONCE(vf->host.link, le32_to_cpu(b->flags));
}

static void vf_block_mtu(struct kawela_vf *vf, const void *buf)
{
	const struct kawela_block_mtu *b = buf;

	vf->host.max_frame = le32_to_cpu(b->max_frame);
	vf->host.host_frame = le32_to_cpu(b->host_frame);
}

static void vf_block_rate(struct kawela_vf *vf, const void *buf)
{
	const struct kawela_block_rate *b = buf;

	vf->host.max_tx = le32_to_cpu(b->max_tx);
}

static void vf_block_moderation(struct kawela_vf *vf, const void *buf)
{
	const struct kawela_block_moderation *b = buf;

	vf->host.advice = le32_to_cpu(b->advice);
}

static void vf_block_trust(struct kawela_vf *vf, const void *buf)
{
	const struct kawela_block_trust *b = buf;
	bool trusted = le32_to_cpu(b->flags) & KAWELA_TRUST_TRUSTED;

	if (trusted != vf->host.trusted)
		kawela_vf_filter_retry(vf);
	vf->host.trusted = trusted;
}

static const struct {
	u32 id;
	unsigned int len;
	void (*take)(struct kawela_vf *vf, const void *buf);
} vf_blocks[] = {
	{ KAWELA_BLOCK_ADDRESS, sizeof(struct kawela_block_address), vf_block_address },
	{ KAWELA_BLOCK_LINK, sizeof(struct kawela_block_link), vf_block_link },
	{ KAWELA_BLOCK_MTU, sizeof(struct kawela_block_mtu), vf_block_mtu },
	{ KAWELA_BLOCK_RATE, sizeof(struct kawela_block_rate), vf_block_rate },
	{ KAWELA_BLOCK_MODERATION, sizeof(struct kawela_block_moderation), vf_block_moderation },
	{ KAWELA_BLOCK_TRUST, sizeof(struct kawela_block_trust), vf_block_trust },
};

/*
 * Read the blocks of @mask. A block that the host does not have keeps what was known of it; one
 * that it does not give now is asked for again.
 */
static int vf_blocks_read(struct kawela_vf *vf, u64 mask)
{
	u8 buf[KAWELA_ABI_BLOCK_MAX] __aligned(8);
	unsigned int i, returned;
	int err;

	for (i = 0; i < ARRAY_SIZE(vf_blocks); i++) {
		if (!(mask & BIT_ULL(vf_blocks[i].id)))
			continue;
		err = kawela_mbx_block_read(vf->mbx, vf_blocks[i].id, buf, vf_blocks[i].len,
					    &returned);
		if (vf_block_lost(vf, err))
			return err;
		if (!err)
			vf_blocks[i].take(vf, buf);
		else if (!vf_block_hopeless(err))
			vf->unread |= BIT_ULL(vf_blocks[i].id);
	}
	set_bit(KAWELA_VF_F_ADOPT, &vf->flags);
	return 0;
}

static int vf_introduce(struct kawela_vf *vf)
{
	struct kawela_block_guest guest = {};
	char kernel[KAWELA_GUEST_TEXT + 1];
	int err;

	if (vf->introduced)
		return 0;

	memcpy(guest.driver, KAWELA_VF_DRV_NAME, sizeof(KAWELA_VF_DRV_NAME));
	memcpy(guest.version, UTS_RELEASE, strnlen(UTS_RELEASE, sizeof(guest.version)));
	scnprintf(kernel, sizeof(kernel), "%s %s", utsname()->sysname, utsname()->release);
	memcpy(guest.kernel, kernel, strlen(kernel));

	err = kawela_mbx_block_write(vf->mbx, KAWELA_BLOCK_GUEST, &guest, sizeof(guest));
	if (vf_block_lost(vf, err))
		return err;
	vf->introduced = !err || vf_block_hopeless(err);
	if (!vf->introduced)
		set_bit(KAWELA_VF_F_BLOCKS, &vf->flags);
	return 0;
}

/* A host without blocks says nothing, so nothing that another one said holds. */
static void vf_blocks_none(struct kawela_vf *vf)
{
	memset(&vf->host, 0, sizeof(vf->host));
	set_bit(KAWELA_VF_F_ADOPT, &vf->flags);
}

/* The host does not say what changed: it never does, or it will be asked again. */
static int vf_blocks_no_news(struct kawela_vf *vf, u64 todo, int err)
{
	if (vf_block_lost(vf, err))
		return err;
	if (err == -EOPNOTSUPP) {
		vf_blocks_none(vf);
		return 0;
	}
	vf->unread |= todo;
	set_bit(KAWELA_VF_F_BLOCKS, &vf->flags);
	return 0;
}

/**
 * kawela_vf_blocks_connected - a session begins: what the host said may not hold any more
 * @vf: VF
 *
 * Context: session work.
 */
void kawela_vf_blocks_connected(struct kawela_vf *vf)
{
	vf->introduced = false;
	vf->unread = 0;
	set_bit(KAWELA_VF_F_BLOCKS, &vf->flags);
}

/**
 * kawela_vf_blocks_sync - read the blocks that changed
 * @vf: VF, session standing
 *
 * Context: session work.
 * Return: 0, or an errno when the session is lost.
 */
int kawela_vf_blocks_sync(struct kawela_vf *vf)
{
	unsigned int rounds = 0;
	u64 mask, todo;
	int err;

	if (!test_and_clear_bit(KAWELA_VF_F_BLOCKS, &vf->flags))
		return 0;

	todo = vf->unread;
	vf->unread = 0;
	do {
		err = kawela_mbx_block_news(vf->mbx, &mask);
		if (err)
			return vf_blocks_no_news(vf, todo, err);
		todo |= mask;
		if (todo)
			err = vf_blocks_read(vf, todo);
		if (err)
			return err;
		todo = 0;
	} while (mask && ++rounds < VF_BLOCK_ROUNDS);

	if (mask || vf->unread)
		set_bit(KAWELA_VF_F_BLOCKS, &vf->flags);
	return vf_introduce(vf);
}

/**
 * kawela_vf_blocks_stats - ask what the host counts, if somebody wants to know
 * @vf: VF, session standing
 *
 * Context: session work.
 * Return: 0, or an errno when the session is lost.
 */
int kawela_vf_blocks_stats(struct kawela_vf *vf)
{
	struct kawela_block_stats b;
	unsigned int returned;
	int err;

	if (!test_and_clear_bit(KAWELA_VF_F_STATS, &vf->flags))
		return 0;

	err = kawela_mbx_block_read(vf->mbx, KAWELA_BLOCK_STATS, &b, sizeof(b), &returned);
	if (err)
		return vf_block_lost(vf, err) ? err : 0;

	kawela_vf_stats_host(vf, &b);
	return 0;
}

/**
 * kawela_vf_blocks_refusal - why the host refused the last request
 * @vf: VF, session standing
 * @reason: enum kawela_refusal; NOT_ALLOWED if the host does not say
 *
 * Context: session work.
 * Return: 0, or an errno when the session is lost.
 */
int kawela_vf_blocks_refusal(struct kawela_vf *vf, u32 *reason)
{
	struct kawela_block_refusal b;
	unsigned int returned;
	int err;

	*reason = KAWELA_REFUSAL_NOT_ALLOWED;
	err = kawela_mbx_block_read(vf->mbx, KAWELA_BLOCK_REFUSAL, &b, sizeof(b), &returned);
	if (err)
		return vf_block_lost(vf, err) ? err : 0;

	*reason = le32_to_cpu(b.reason);
	return 0;
}

static void vf_adopt_mtu(struct kawela_vf *vf)
{
	struct net_device *netdev = vf->netdev;
	int mtu;

	/* A master has told us the MTU that it has itself. */
	if (vf->mtu_user || kawela_vf_master(vf) ||
	    vf->host.host_frame <= KAWELA_BLOCK_MTU_OVERHEAD)
		return;
	mtu = min(vf->host.host_frame, vf->host.max_frame) - KAWELA_BLOCK_MTU_OVERHEAD;
	mtu = clamp_t(int, mtu, netdev->min_mtu, netdev->max_mtu);
	if (mtu != netdev->mtu)
		dev_set_mtu(netdev, mtu);
}

/* The hardware limits each queue by itself. */
static void vf_adopt_rate(struct kawela_vf *vf)
{
	unsigned int i;

	if (netdev_get_tx_queue(vf->netdev, 0)->tx_maxrate == vf->host.max_tx)
		return;
	for (i = 0; i < vf->netdev->num_tx_queues; i++)
		WRITE_ONCE(netdev_get_tx_queue(vf->netdev, i)->tx_maxrate, vf->host.max_tx);
	netdev_state_change(vf->netdev);
}

static void vf_adopt_moderation(struct kawela_vf *vf)
{
	static const u32 usecs[] = {
		[KAWELA_MODERATION_OFF]		= 0,
		[KAWELA_MODERATION_LOW]		= KAWELA_MODERATION_LOW_USECS,
		[KAWELA_MODERATION_MEDIUM]	= KAWELA_MODERATION_MEDIUM_USECS,
		[KAWELA_MODERATION_HIGH]	= KAWELA_MODERATION_HIGH_USECS,
		[KAWELA_MODERATION_ADAPTIVE]	= KAWELA_MODERATION_MEDIUM_USECS,
	};
	u32 advice = vf->host.advice;
	struct ethtool_coalesce ec = {};

	if (vf->coalesce_user || !advice || advice >= ARRAY_SIZE(usecs))
		return;
	ec.rx_coalesce_usecs = usecs[advice];
	ec.use_adaptive_rx_coalesce = advice == KAWELA_MODERATION_ADAPTIVE;
	kawela_dp_set_coalesce(&vf->dp, &ec, NULL);
}

/**
 * kawela_vf_blocks_adopt - do to the netdev what the host said
 * @vf: VF, netdev registered
 *
 * Whoever sits on top of the netdev hears of it in the usual way.
 *
 * Context: session work, RTNL.
 */
void kawela_vf_blocks_adopt(struct kawela_vf *vf)
{
	ASSERT_RTNL();
	vf->adopting = true;
	netdev_update_features(vf->netdev);
	vf_adopt_mtu(vf);
	vf_adopt_rate(vf);
	vf_adopt_moderation(vf);
	vf->adopting = false;
}

/**
 * kawela_vf_fix_features - ndo_fix_features: the switch's tag leaves no room for the guest's
 * @netdev: VF netdev
 * @features: what is wanted
 *
 * Context: RTNL.
 * Return: what is possible.
 */
netdev_features_t kawela_vf_fix_features(struct net_device *netdev, netdev_features_t features)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	if (READ_ONCE(vf->host.port_vlan))
		return features & ~(NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_FILTER);
	/* Nobody may switch this off, so nobody but us switches it on again. */
	return features | NETIF_F_HW_VLAN_CTAG_FILTER;
}
