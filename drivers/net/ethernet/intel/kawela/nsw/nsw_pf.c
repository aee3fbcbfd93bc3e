// SPDX-License-Identifier: GPL-2.0-only
/*
 * The default VPort: addresses, VLANs and receive features of the PF's netdev.
 *
 * Owns: struct kawela_nsw_pf.
 * Never touches: registers; the netdev.
 * Locks: takes kawela_nsw.lock.
 */
#include <linux/overflow.h>
#include <linux/slab.h>

#include "nsw_priv.h"

int kawela_nsw_pf_set_mac(struct kawela_nsw *nsw, const u8 *mac)
{
	int err = 0;

	if (!is_valid_ether_addr(mac))
		return -EINVAL;

	mutex_lock(&nsw->lock);
	if (kawela_nsw_mac_taken(nsw, mac, KAWELA_NSW_PF_POOL)) {
		err = -EEXIST;
	} else {
		ether_addr_copy(nsw->pf.mac, mac);
		kawela_nsw_commit(nsw);
	}
	mutex_unlock(&nsw->lock);

	return err;
}

static bool nsw_pf_addrs_valid(const struct kawela_nsw_pf_addrs *addrs)
{
	unsigned int i;

	for (i = 0; i < addrs->num_uc; i++)
		if (!is_valid_ether_addr(addrs->uc[i]))
			return false;
	for (i = 0; i < addrs->num_mc; i++)
		if (!is_multicast_ether_addr(addrs->mc[i]))
			return false;
	return true;
}

int kawela_nsw_pf_sync_addrs(struct kawela_nsw *nsw, const struct kawela_nsw_pf_addrs *addrs)
{
	struct kawela_nsw_pf *pf = &nsw->pf;
	u8 (*uc)[ETH_ALEN] = NULL;
	unsigned int i;
	u16 hash;

	if (!nsw_pf_addrs_valid(addrs))
		return -EINVAL;
	if (addrs->num_uc) {
		uc = kmemdup_array(addrs->uc, addrs->num_uc, sizeof(*uc), GFP_KERNEL);
		if (!uc)
			return -ENOMEM;
	}

	mutex_lock(&nsw->lock);
	swap(pf->uc, uc);
	pf->num_uc = addrs->num_uc;
	pf->num_mc = addrs->num_mc;
	pf->flags = addrs->flags;
	memset(pf->mta, 0, sizeof(pf->mta));
	for (i = 0; i < addrs->num_mc; i++) {
		hash = kawela_nsw_mc_hash(addrs->mc[i]);
		pf->mta[hash / 32] |= BIT(hash % 32);
	}
	kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);
	kfree(uc);

	return 0;
}

int kawela_nsw_pf_sync_learned(struct kawela_nsw *nsw, const struct kawela_nsw_learned *learned)
{
	struct kawela_nsw_pf *pf = &nsw->pf;
	u8 (*addr)[ETH_ALEN] = NULL;
	unsigned int i;

	for (i = 0; i < learned->num; i++)
		if (!is_valid_ether_addr(learned->addr[i]))
			return -EINVAL;
	if (learned->num) {
		addr = kmemdup_array(learned->addr, learned->num, sizeof(*addr), GFP_KERNEL);
		if (!addr)
			return -ENOMEM;
	}

	mutex_lock(&nsw->lock);
	swap(pf->learned, addr);
	pf->num_learned = learned->num;
	pf->num_fixed = learned->num_fixed;
	pf->learned_more = learned->more && !learned->idle;
	pf->learned_idle = learned->idle;
	kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);
	kfree(addr);

	return 0;
}

int kawela_nsw_mac_owner(struct kawela_nsw *nsw, const u8 *mac)
{
	int pool;

	mutex_lock(&nsw->lock);
	pool = kawela_nsw_pin_holder(nsw, mac);
	if (pool == KAWELA_NSW_PF_POOL)
		while (--pool >= 0 && !kawela_nsw_pool_has(nsw, mac, pool))
			;
	mutex_unlock(&nsw->lock);

	return pool < 0 ? -ENOENT : pool;
}

int kawela_nsw_pf_vlan(struct kawela_nsw *nsw, u16 vid, bool add)
{
	int err = 0;

	if (vid >= VLAN_N_VID)
		return -EINVAL;
	if (!vid)
		return 0;

	mutex_lock(&nsw->lock);
	if (add)
		err = kawela_nsw_vlan_join(nsw, vid, KAWELA_NSW_PF_POOL);
	else
		kawela_nsw_vlan_leave(nsw, vid, KAWELA_NSW_PF_POOL);
	if (!err)
		kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);

	return err;
}

int kawela_nsw_pf_set_max_frame(struct kawela_nsw *nsw, u32 max_frame)
{
	if (max_frame < KAWELA_NSW_MIN_FRAME || max_frame > KAWELA_NSW_MAX_FRAME)
		return -EINVAL;

	mutex_lock(&nsw->lock);
	nsw->pf.max_frame = max_frame;
	kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);

	return 0;
}

int kawela_nsw_pf_set_features(struct kawela_nsw *nsw, u32 features)
{
	if (features & ~NSW_PF_FEATURES)
		return -EINVAL;

	mutex_lock(&nsw->lock);
	nsw->pf.features = features;
	kawela_nsw_commit(nsw);
	mutex_unlock(&nsw->lock);

	return 0;
}
