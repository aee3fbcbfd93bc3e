// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses, VLANs and frame length of the VF: what the stack wants is noted at once, the session
 * work asks the PF for whatever differs from what it was asked for before.
 *
 * Owns: vf->want, vf->have, vf->snap. Never touches: registers, queues.
 * Locks: vf->want_lock for vf->want; vf->have and vf->snap belong to the session work.
 *
 * A PF may refuse anything. A refused request counts as made: it is counted, not repeated before
 * the next session, and not logged, except for the primary address, without which nothing works.
 */
#include <linux/rtnetlink.h>
#include <linux/sort.h>

#include "vf.h"

#define VF_MAC_WAIT_MS	500

static void vf_want_changed(struct kawela_vf *vf)
{
	set_bit(KAWELA_VF_F_DIRTY, &vf->flags);
	if (READ_ONCE(vf->state) == KAWELA_VF_RUN)
		kawela_vf_session_kick(vf);
}

/**
 * kawela_vf_filter_connected - a session begins, in which the PF was asked for nothing yet
 * @vf: VF
 *
 * An address assigned by the administrator is in place already.
 *
 * Context: session work.
 */
void kawela_vf_filter_connected(struct kawela_vf *vf)
{
	memset(&vf->have, 0, sizeof(vf->have));
	vf->resync = false;
	if (vf->has_mac)
		ether_addr_copy(vf->have.mac, vf->pf_mac);
	set_bit(KAWELA_VF_F_DIRTY, &vf->flags);
}

/**
 * kawela_vf_filter_pinned - the administrator's address, as a config block has it
 * @vf: VF, session standing
 * @mac: address, NULL for none
 *
 * The PF has put it in place, whatever was there; a user's own is asked for once more.
 *
 * Context: session work.
 */
void kawela_vf_filter_pinned(struct kawela_vf *vf, const u8 *mac)
{
	bool changed;

	spin_lock_bh(&vf->want_lock);
	changed = mac && (!vf->has_mac || !ether_addr_equal_unaligned(vf->pf_mac, mac));
	vf->has_mac = mac;
	if (changed)
		memcpy(vf->pf_mac, mac, ETH_ALEN);
	spin_unlock_bh(&vf->want_lock);
	if (!mac)
		return;

	ether_addr_copy(vf->have.mac, vf->pf_mac);
	set_bit(KAWELA_VF_F_DIRTY, &vf->flags);
	if (changed)
		set_bit(KAWELA_VF_F_ADOPT, &vf->flags);
}

/**
 * kawela_vf_filter_retry - trust was given or taken: ask again for what depends on it
 * @vf: VF, session standing
 *
 * A PF that took trust away has withdrawn what it gave, an own address in the place of the pinned
 * one, too.
 *
 * Context: session work.
 */
void kawela_vf_filter_retry(struct kawela_vf *vf)
{
	if (vf->has_mac)
		ether_addr_copy(vf->have.mac, vf->pf_mac);
	vf->have.promisc = 0;
	vf->resync = true;
	set_bit(KAWELA_VF_F_DIRTY, &vf->flags);
}

/*
 * 0 when the PF granted or refused (*@refused), an errno when the session is lost. What cannot be
 * said in a message counts as refused.
 */
static int vf_ask(struct kawela_vf *vf, const struct kawela_msg *msg, bool *refused)
{
	int err = kawela_mbx_vf_request(vf->mbx, msg);

	*refused = err == -EPERM || err == -EINVAL;
	if (*refused)
		atomic64_inc(&vf->refused);
	return *refused ? 0 : err;
}

/* What is to be asked for. A host that grants one tag beside the MTU is not asked for another. */
static u32 vf_max_frame(const struct kawela_vf *vf)
{
	u32 frame = vf->snap.max_frame, most = vf->host.max_frame;

	return frame > most && frame - VLAN_HLEN <= most ? most : frame;
}

static int vf_sync_max_frame(struct kawela_vf *vf)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_LPE, .max_frame = vf_max_frame(vf) };
	bool refused;
	int err;

	if (vf->snap.max_frame == vf->have.max_frame)
		return 0;

	err = vf_ask(vf, &msg, &refused);
	if (err)
		return err;
	vf->have.max_frame = vf->snap.max_frame;
	return 0;
}

/* Whoever set this address and waits gets the answer. */
static bool vf_answer_mac(struct kawela_vf *vf, int result)
{
	bool waiting;

	spin_lock_bh(&vf->want_lock);
	waiting = vf->mac_waiting && ether_addr_equal(vf->want.mac, vf->snap.mac);
	if (waiting) {
		vf->mac_waiting = false;
		vf->mac_result = result;
	}
	spin_unlock_bh(&vf->want_lock);

	if (waiting)
		complete(&vf->mac_done);
	return waiting;
}

static const struct {
	int err;
	const char *text;
} vf_refusals[] = {
	[KAWELA_REFUSAL_NOT_ALLOWED]	= { -EPERM, "not allowed" },
	[KAWELA_REFUSAL_TAKEN]		= { -EEXIST, "another has it" },
	[KAWELA_REFUSAL_FULL]		= { -ENOSPC, "no filter left" },
	[KAWELA_REFUSAL_NOT_NOW]	= { -EAGAIN, "not now" },
};

static void vf_mac_refused(struct kawela_vf *vf, u32 reason)
{
	if (reason >= ARRAY_SIZE(vf_refusals) || !vf_refusals[reason].err)
		reason = KAWELA_REFUSAL_NOT_ALLOWED;
	if (vf_answer_mac(vf, vf_refusals[reason].err))
		return;

	/* The address came from before the session; nobody waits who could be told. */
	netdev_warn(vf->netdev, "the host refused the address %pM: %s\n", vf->snap.mac,
		    vf_refusals[reason].text);
	if (!vf->has_mac)
		return;

	spin_lock_bh(&vf->want_lock);
	vf->mac_user = false;
	spin_unlock_bh(&vf->want_lock);
	set_bit(KAWELA_VF_F_ADOPT, &vf->flags);
}

static int vf_sync_mac(struct kawela_vf *vf)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_SET };
	bool refused;
	u32 reason;
	int err;

	if (ether_addr_equal(vf->snap.mac, vf->have.mac)) {
		vf_answer_mac(vf, 0);
		return 0;
	}

	ether_addr_copy(msg.mac, vf->snap.mac);
	err = vf_ask(vf, &msg, &refused);
	if (err)
		return err;
	if (refused) {
		err = kawela_vf_blocks_refusal(vf, &reason);
		if (!err)
			vf_mac_refused(vf, reason);
		return err;
	}
	ether_addr_copy(vf->have.mac, vf->snap.mac);
	vf_answer_mac(vf, 0);
	return 0;
}

/* A PF that grants no unicast promiscuity may still grant all multicast. */
static int vf_sync_promisc(struct kawela_vf *vf)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_PROMISC, .promisc = vf->snap.promisc };
	bool refused;
	int err;

	if (vf->snap.promisc == vf->have.promisc)
		return 0;

	err = vf_ask(vf, &msg, &refused);
	if (!err && refused && (msg.promisc & KAWELA_PROMISC_UNICAST)) {
		msg.promisc = KAWELA_PROMISC_MULTICAST;
		err = vf_ask(vf, &msg, &refused);
	}
	if (err)
		return err;
	vf->have.promisc = vf->snap.promisc;
	return 0;
}

static int vf_sync_multicast(struct kawela_vf *vf)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_MULTICAST };
	bool refused;
	int err;

	if (!vf->resync && vf->snap.mc_count == vf->have.mc_count &&
	    !memcmp(vf->snap.mc_hash, vf->have.mc_hash, sizeof(vf->have.mc_hash)))
		return 0;

	msg.mc.count = vf->snap.mc_count;
	memcpy(msg.mc.hash, vf->snap.mc_hash, sizeof(msg.mc.hash));
	err = vf_ask(vf, &msg, &refused);
	if (!err && refused && msg.mc.count > KAWELA_ABI_MC_MAX) {
		/* Not trusted with all of it: the groups that fit are better than none. */
		msg.mc.count = KAWELA_ABI_MC_MAX;
		err = vf_ask(vf, &msg, &refused);
	}
	if (err)
		return err;
	vf->have.mc_count = vf->snap.mc_count;
	memcpy(vf->have.mc_hash, vf->snap.mc_hash, sizeof(vf->have.mc_hash));
	return 0;
}

static int vf_sync_unicast_clear(struct kawela_vf *vf, bool *refused)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_CLEAR_FILTERS };
	int err;

	/* Stock igb looks whether the address is valid even where there is none. */
	ether_addr_copy(msg.mac, vf->snap.mac);
	err = vf_ask(vf, &msg, refused);
	if (!err && !*refused)
		vf->have.uc.count = 0;
	return err;
}

static int vf_sync_unicast(struct kawela_vf *vf)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_MAC, .mac_op = KAWELA_MAC_ADD_FILTER };
	struct kawela_vf_uc_plan plan;
	bool refused, kept = false;
	unsigned int i;
	int err;

	kawela_vf_uc_plan(&vf->have.uc, &vf->snap.uc, &plan);
	if (vf->resync && vf->have.uc.count) {
		plan.clear = true;
		plan.add = vf->snap.uc;
	}
	if (plan.clear) {
		err = vf_sync_unicast_clear(vf, &kept);
		if (err)
			return err;
	}

	for (i = 0; i < plan.add.count; i++) {
		/* Only after a refused clear. */
		if (kawela_vf_uc_has(&vf->have.uc, plan.add.addr[i]))
			continue;
		memcpy(msg.mac, plan.add.addr[i], ETH_ALEN);
		err = vf_ask(vf, &msg, &refused);
		if (err)
			return err;
		if (kept)
			kawela_vf_uc_put(&vf->have.uc, plan.add.addr[i]);
	}

	/* What the PF did not clear it still has, and adding it again would take another entry. */
	if (!kept)
		vf->have.uc = vf->snap.uc;
	return 0;
}

static int vf_sync_vlans(struct kawela_vf *vf)
{
	struct kawela_msg msg = { .id = KAWELA_MSG_SET_VLAN };
	unsigned int vid;
	bool refused;
	int err;

	for (vid = 0; vid < VLAN_N_VID; vid++) {
		msg.vlan.add = test_bit(vid, vf->snap.vlans);
		if (msg.vlan.add == test_bit(vid, vf->have.vlans))
			continue;
		msg.vlan.vid = vid;
		err = vf_ask(vf, &msg, &refused);
		if (err)
			return err;
		__assign_bit(vid, vf->have.vlans, msg.vlan.add);
	}
	return 0;
}

/**
 * kawela_vf_filter_sync - ask the PF for what is wanted and was not asked for yet
 * @vf: VF, session standing
 *
 * Context: session work.
 * Return: 0, or the errno of kawela_mbx_vf_request() when the session is lost.
 */
int kawela_vf_filter_sync(struct kawela_vf *vf)
{
	int err;

	if (!test_and_clear_bit(KAWELA_VF_F_DIRTY, &vf->flags))
		return 0;

	spin_lock_bh(&vf->want_lock);
	vf->snap = vf->want;
	spin_unlock_bh(&vf->want_lock);

	err = vf_sync_max_frame(vf);
	if (!err)
		err = vf_sync_mac(vf);
	if (!err)
		err = vf_sync_promisc(vf);
	if (!err)
		err = vf_sync_multicast(vf);
	if (!err)
		err = vf_sync_unicast(vf);
	if (!err)
		err = vf_sync_vlans(vf);
	if (!err)
		vf->resync = false;
	return err;
}

static int vf_hash_cmp(const void *a, const void *b)
{
	return *(const u16 *)a - *(const u16 *)b;
}

static void vf_want_multicast(struct kawela_vf *vf, const struct netdev_hw_addr_list *mc)
{
	struct kawela_vf_filters *want = &vf->want;
	struct netdev_hw_addr *ha;

	want->mc_count = 0;
	memset(want->mc_hash, 0, sizeof(want->mc_hash));
	netdev_hw_addr_list_for_each(ha, mc) {
		if (want->mc_count == KAWELA_ABI_MC_MAX) {
			want->mc_count = KAWELA_ABI_MC_ALL;
			break;
		}
		want->mc_hash[want->mc_count++] = kawela_mbx_mc_hash(ha->addr);
	}
	sort(want->mc_hash, min(want->mc_count, KAWELA_ABI_MC_MAX), sizeof(u16), vf_hash_cmp,
	     NULL);
}

/**
 * kawela_vf_set_rx_mode - ndo_set_rx_mode_async: note the address lists
 * @netdev: VF netdev
 * @uc: secondary unicast addresses
 * @mc: multicast addresses
 *
 * Addresses that do not fit turn into promiscuity, as the stack expects of a driver.
 *
 * Context: RTNL, or the address lock of @netdev with bottom halves off.
 * Return: 0.
 */
int kawela_vf_set_rx_mode(struct net_device *netdev, struct netdev_hw_addr_list *uc,
			  struct netdev_hw_addr_list *mc)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	struct netdev_hw_addr *ha;
	u8 promisc = 0;

	spin_lock_bh(&vf->want_lock);
	vf_want_multicast(vf, mc);
	vf->want.uc.count = 0;
	netdev_hw_addr_list_for_each(ha, uc) {
		if (!kawela_vf_uc_put(&vf->want.uc, ha->addr))
			promisc = KAWELA_PROMISC_ALL;
	}
	if (netdev->flags & IFF_PROMISC)
		promisc = KAWELA_PROMISC_ALL;
	else if (netdev->flags & IFF_ALLMULTI)
		promisc |= KAWELA_PROMISC_MULTICAST;
	vf->want.promisc = promisc;
	spin_unlock_bh(&vf->want_lock);

	vf_want_changed(vf);
	return 0;
}

static int vf_want_vlan(struct net_device *netdev, u16 vid, bool add)
{
	struct kawela_vf *vf = netdev_priv(netdev);

	spin_lock_bh(&vf->want_lock);
	assign_bit(vid, vf->want.vlans, add);
	spin_unlock_bh(&vf->want_lock);

	vf_want_changed(vf);
	return 0;
}

/**
 * kawela_vf_vlan_rx_add_vid - ndo_vlan_rx_add_vid
 * @netdev: VF netdev
 * @proto: ETH_P_8021Q
 * @vid: VLAN id
 *
 * Context: RTNL.
 * Return: 0.
 */
int kawela_vf_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	return vf_want_vlan(netdev, vid, true);
}

/**
 * kawela_vf_vlan_rx_kill_vid - ndo_vlan_rx_kill_vid
 * @netdev: VF netdev
 * @proto: ETH_P_8021Q
 * @vid: VLAN id
 *
 * Context: RTNL.
 * Return: 0.
 */
int kawela_vf_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	return vf_want_vlan(netdev, vid, false);
}

/**
 * kawela_vf_want_max_frame - note the longest frame to receive
 * @vf: VF
 * @max_frame: bytes with FCS and VLAN tags
 *
 * Context: RTNL or probe.
 */
void kawela_vf_want_max_frame(struct kawela_vf *vf, u32 max_frame)
{
	spin_lock_bh(&vf->want_lock);
	vf->want.max_frame = max_frame;
	spin_unlock_bh(&vf->want_lock);

	vf_want_changed(vf);
}

/**
 * kawela_vf_want_mac - note the primary address
 * @vf: VF
 * @mac: address
 *
 * Context: RTNL or probe.
 */
void kawela_vf_want_mac(struct kawela_vf *vf, const u8 *mac)
{
	spin_lock_bh(&vf->want_lock);
	ether_addr_copy(vf->want.mac, mac);
	spin_unlock_bh(&vf->want_lock);

	vf_want_changed(vf);
}

/* Have the work ask for an address and wait for what the PF says, but not for a silent PF. */
static int vf_negotiate_mac(struct kawela_vf *vf, const u8 *mac)
{
	int err = 0;

	reinit_completion(&vf->mac_done);
	spin_lock_bh(&vf->want_lock);
	ether_addr_copy(vf->want.mac, mac);
	vf->mac_waiting = true;
	spin_unlock_bh(&vf->want_lock);
	vf_want_changed(vf);

	wait_for_completion_timeout(&vf->mac_done, msecs_to_jiffies(VF_MAC_WAIT_MS));

	spin_lock_bh(&vf->want_lock);
	err = vf->mac_waiting ? -ETIMEDOUT : vf->mac_result;
	vf->mac_waiting = false;
	spin_unlock_bh(&vf->want_lock);
	return err;
}

/**
 * kawela_vf_set_mac_address - ndo_set_mac_address
 * @netdev: VF netdev
 * @addr: struct sockaddr
 *
 * With a session the PF decides; without one the address is kept for the next.
 *
 * Context: RTNL; waits half a second at most.
 * Return: 0, -EADDRNOTAVAIL (no unicast address), -EPERM (the PF refused), -ETIMEDOUT (the PF did
 * not answer).
 */
int kawela_vf_set_mac_address(struct net_device *netdev, void *addr)
{
	struct kawela_vf *vf = netdev_priv(netdev);
	const u8 *mac = ((struct sockaddr *)addr)->sa_data;
	int err = 0;

	if (!is_valid_ether_addr(mac))
		return -EADDRNOTAVAIL;

	if (!vf->adopting && vf->open && READ_ONCE(vf->state) == KAWELA_VF_RUN)
		err = vf_negotiate_mac(vf, mac);
	if (err) {
		kawela_vf_want_mac(vf, netdev->dev_addr);
		return err;
	}

	eth_hw_addr_set(netdev, mac);
	kawela_vf_want_mac(vf, mac);
	if (!vf->adopting) {
		spin_lock_bh(&vf->want_lock);
		vf->mac_user = !vf->has_mac || !ether_addr_equal(mac, vf->pf_mac);
		spin_unlock_bh(&vf->want_lock);
	}
	return 0;
}
