// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VF's queue pair: memory while the netdev is open, running while a session stands.
 *
 * Owns: vf->dp. Never touches: a ring (kawela_ring does), the mailbox.
 * Locks: RTNL for everything.
 */
#include <linux/rtnetlink.h>

#include "vf.h"

static const struct kawela_ring_cfg vf_place = { .hw_queue = 0, .vector = 0 };

/**
 * kawela_vf_queues_alloc - get memory and vector of the queue pair
 * @vf: VF
 *
 * Context: RTNL.
 * Return: 0, -ENOMEM, or the errno of request_irq(); on error nothing is left.
 */
int kawela_vf_queues_alloc(struct kawela_vf *vf)
{
	int err;

	ASSERT_RTNL();
	err = kawela_dp_alloc(&vf->dp, 1, &vf_place);
	if (err)
		return err;

	err = kawela_vf_irq_request_queue(vf);
	if (err)
		kawela_dp_free(&vf->dp);
	return err;
}

/**
 * kawela_vf_queues_free - undo kawela_vf_queues_alloc()
 * @vf: VF, datapath stopped
 *
 * Context: RTNL.
 */
void kawela_vf_queues_free(struct kawela_vf *vf)
{
	ASSERT_RTNL();
	if (!vf->dp.num_qps)
		return;
	kawela_vf_irq_free_queue(vf);
	kawela_dp_free(&vf->dp);
}

/**
 * kawela_vf_queues_start - let packets flow
 * @vf: VF, open, session standing
 *
 * Context: RTNL.
 * Return: 0 or the errno of kawela_dp_start(), with nothing running.
 */
int kawela_vf_queues_start(struct kawela_vf *vf)
{
	int err;

	ASSERT_RTNL();
	vf->dp.max_frame = vf->netdev->mtu + ETH_HLEN + VLAN_HLEN;
	vf->dp.rx_drop_en = true;
	/* A tag nobody asked for was put on by the PF's port VLAN. */
	vf->dp.rx_vlans = vf->want.vlans;

	err = kawela_dp_start(&vf->dp);
	if (err)
		return err;

	kawela_vf_irq_spill(vf, true);
	kawela_dp_irq_enable(&vf->dp);
	/* The outage is not the time the next packet took. */
	netif_trans_update(vf->netdev);
	netif_tx_wake_all_queues(vf->netdev);
	return 0;
}

/**
 * kawela_vf_queues_stop - no packet flows after this
 * @vf: VF in any state
 *
 * Context: RTNL; bounded, also when the function is gone.
 */
void kawela_vf_queues_stop(struct kawela_vf *vf)
{
	ASSERT_RTNL();
	netif_tx_disable(vf->netdev);
	if (!vf->dp.running)
		return;
	kawela_vf_irq_spill(vf, false);
	kawela_dp_stop(&vf->dp);
}

/**
 * kawela_vf_queues_resize - change the ring sizes
 * @vf: VF in any state
 * @rx: receive descriptors
 * @tx: transmit descriptors
 * @extack: receives the reason of a refusal
 *
 * The old rings go on until the new ones are there. If these do not start the session work makes
 * another attempt.
 *
 * Context: RTNL.
 * Return: 0; -EINVAL, -ENOMEM, with nothing changed; -ENODEV when the function is gone.
 */
int kawela_vf_queues_resize(struct kawela_vf *vf, u32 rx, u32 tx, struct netlink_ext_ack *extack)
{
	bool running = vf->dp.running;
	struct kawela_qp_set next = {};
	int err;

	ASSERT_RTNL();
	err = kawela_dp_ring_sizes(&next, rx, tx, extack);
	if (err)
		return err;
	if (!vf->dp.num_qps) {
		vf->dp.rx_count = next.rx_count;
		vf->dp.tx_count = next.tx_count;
		return 0;
	}

	err = kawela_dp_prepare(&vf->dp, &next, 1, &vf_place);
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for rings of this size, the old ones go on");
		return err;
	}
	kawela_vf_queues_stop(vf);
	kawela_dp_swap(&vf->dp, &next);
	err = running ? kawela_vf_queues_start(vf) : 0;
	if (err)
		kawela_vf_session_restart(vf);
	return err;
}
