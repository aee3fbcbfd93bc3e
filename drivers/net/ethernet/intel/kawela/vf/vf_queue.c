// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VF's queue pairs: memory while the netdev is open, running while a session stands.
 *
 * Owns: vf->dp. Never touches: a ring (kawela_ring does), the mailbox.
 * Locks: RTNL for everything.
 */
#include <linux/rtnetlink.h>

#include "vf.h"

/* The hardware gives a VF a second receive queue only for RSS within a pool. */
static const struct kawela_ring_cfg vf_places[KAWELA_VF_MAX_QPS] = {
	{ .hw_queue = 0, .vector = 0 },
	{ .hw_queue = 1, .vector = 0, .tx_only = true },
};

/**
 * kawela_vf_queues_alloc - get memory and vector of the queue pairs
 * @vf: VF
 *
 * Context: RTNL.
 * Return: 0, -ENOMEM, or the errno of request_irq(); on error nothing is left.
 */
int kawela_vf_queues_alloc(struct kawela_vf *vf)
{
	int err;

	ASSERT_RTNL();
	err = kawela_dp_alloc(&vf->dp, vf->num_qps, vf_places);
	if (err)
		return err;

	err = kawela_vf_irq_request_queues(vf);
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
	kawela_vf_irq_free_queues(vf);
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
	vf->dp.max_frame = vf->netdev->mtu + KAWELA_DP_HEADER;
	vf->dp.rx_drop_en = true;
	/* A tag nobody asked for was put on by the PF's port VLAN. */
	vf->dp.rx_vlans = vf->want.vlans;

	kawela_vf_irq_show_queues(vf);
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
	kawela_dp_hold_tx(&vf->dp, 0);
	if (!vf->dp.running)
		return;
	kawela_vf_irq_spill(vf, false);
	kawela_dp_stop(&vf->dp);
}

/* A queue that is new waits until it runs. */
static int vf_prepare(struct kawela_vf *vf, unsigned int num_qps, struct kawela_qp_set *next)
{
	int err;

	err = kawela_dp_prepare(&vf->dp, next, num_qps, vf_places);
	if (err || num_qps <= vf->num_qps)
		return err;

	kawela_dp_hold_tx(&vf->dp, vf->num_qps);
	err = netif_set_real_num_tx_queues(vf->netdev, num_qps);
	if (err) {
		netif_tx_start_queue(netdev_get_tx_queue(vf->netdev, vf->num_qps));
		kawela_dp_discard(next);
	}
	return err;
}

/**
 * kawela_vf_queues_change - another number of queue pairs, or other rings
 * @vf: VF in any state
 * @num_qps: queue pairs, 1 to KAWELA_VF_MAX_QPS
 * @rings: ring sizes, from kawela_dp_ring_sizes()
 *
 * What is there goes on until all that is needed for the new ones is there. If these do not start
 * the session work makes another attempt.
 *
 * Context: RTNL.
 * Return: 0; -ENOMEM with nothing changed; -ENODEV when the function is gone.
 */
int kawela_vf_queues_change(struct kawela_vf *vf, unsigned int num_qps,
			    const struct kawela_qp_set *rings)
{
	struct kawela_qp_set next = *rings;
	bool running = vf->dp.running;
	int err;

	ASSERT_RTNL();
	if (!vf->dp.num_qps) {
		err = netif_set_real_num_tx_queues(vf->netdev, num_qps);
		if (err)
			return err;
		vf->num_qps = num_qps;
		vf->dp.rx_count = next.rx_count;
		vf->dp.tx_count = next.tx_count;
		return 0;
	}

	err = vf_prepare(vf, num_qps, &next);
	if (err)
		return err;
	kawela_vf_queues_stop(vf);
	kawela_dp_swap(&vf->dp, &next);
	vf->num_qps = num_qps;
	/* Fewer can always be had. */
	WARN_ON_ONCE(netif_set_real_num_tx_queues(vf->netdev, num_qps));
	err = running ? kawela_vf_queues_start(vf) : 0;
	if (err)
		kawela_vf_session_restart(vf);
	return err;
}
