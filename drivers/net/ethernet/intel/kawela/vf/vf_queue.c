// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VF's queue pair: memory while the netdev is open, running while a session stands.
 *
 * Owns: vf->dp. Never touches: a ring (kawela_ring does), the mailbox.
 * Locks: RTNL for everything.
 */
#include <linux/rtnetlink.h>

#include "vf.h"

/**
 * kawela_vf_queues_alloc - get memory and vector of the queue pair
 * @vf: VF
 *
 * Context: RTNL.
 * Return: 0, -ENOMEM, or the errno of request_irq(); on error nothing is left.
 */
int kawela_vf_queues_alloc(struct kawela_vf *vf)
{
	static const struct kawela_ring_cfg cfg = { .hw_queue = 0, .vector = 0 };
	int err;

	ASSERT_RTNL();
	err = kawela_dp_alloc(&vf->dp, 1, &cfg);
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
 * A queue pair that there was no memory for is allocated first.
 *
 * Context: RTNL.
 * Return: 0 or the errno of kawela_vf_queues_alloc() or kawela_dp_start(), with nothing running.
 */
int kawela_vf_queues_start(struct kawela_vf *vf)
{
	int err;

	ASSERT_RTNL();
	err = vf->dp.num_qps ? 0 : kawela_vf_queues_alloc(vf);
	if (err)
		return err;
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
 * kawela_vf_queues_restart - make the queues see new features or a new MTU
 * @vf: VF; nothing happens unless its queues run
 *
 * If they do not start again the session work makes another attempt.
 *
 * Context: RTNL.
 * Return: 0 or the errno of kawela_dp_start().
 */
int kawela_vf_queues_restart(struct kawela_vf *vf)
{
	int err;

	ASSERT_RTNL();
	if (!vf->dp.running)
		return 0;

	kawela_vf_queues_stop(vf);
	err = kawela_vf_queues_start(vf);
	if (err)
		kawela_vf_session_restart(vf);
	return err;
}

/**
 * kawela_vf_queues_resize - change the ring sizes
 * @vf: VF in any state
 * @rx: receive descriptors
 * @tx: transmit descriptors
 * @extack: receives the reason of a refusal
 *
 * When there is no memory for the new rings the old sizes are tried again; when that fails too the
 * session work goes on trying, with the carrier off.
 *
 * Context: RTNL.
 * Return: 0, -EINVAL, -ENOMEM, or the errno of request_irq().
 */
int kawela_vf_queues_resize(struct kawela_vf *vf, u32 rx, u32 tx, struct netlink_ext_ack *extack)
{
	u32 old_rx = vf->dp.rx_count, old_tx = vf->dp.tx_count;
	bool running = vf->dp.running;
	int err;

	ASSERT_RTNL();
	err = kawela_dp_check_ring_sizes(rx, tx, extack);
	if (err)
		return err;
	if (!vf->dp.num_qps)
		return kawela_dp_set_ring_sizes(&vf->dp, rx, tx, extack);

	kawela_vf_queues_stop(vf);
	kawela_vf_queues_free(vf);
	kawela_dp_set_ring_sizes(&vf->dp, rx, tx, NULL);
	err = kawela_vf_queues_alloc(vf);
	if (!err && running)
		err = kawela_vf_queues_start(vf);
	if (!err)
		return 0;

	NL_SET_ERR_MSG(extack, "no memory for rings of this size, the old size is kept");
	kawela_vf_queues_free(vf);
	kawela_dp_set_ring_sizes(&vf->dp, old_rx, old_tx, NULL);
	if (running && kawela_vf_queues_start(vf))
		kawela_vf_session_restart(vf);
	return err;
}
