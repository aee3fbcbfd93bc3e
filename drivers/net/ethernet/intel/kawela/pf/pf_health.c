// SPDX-License-Identifier: GPL-2.0-only
/*
 * Noticing what goes wrong, and reporting it to devlink.
 *
 * Owns: pf->health, and what was told of a port. Never touches: what a report says
 * (pf_reporter.c), the log: a guest could flood it.
 * Locks: devl_lock, let go of for the time of a report; see pf_health.h.
 *
 * A guest causes reports, but not many: its mailbox is parked for ten seconds at a time, and the
 * rest is reported at most every ten seconds. What is not reported is counted.
 */
#include <linux/bitops.h>
#include <linux/jiffies.h>

#include "pf.h"

#define HEALTH_INTERVAL	(10 * HZ)	/* between two reports of the same about one VF */
#define HEALTH_LOOKS	4		/* of the watchdog, two seconds apart */

static void health_kick(struct kawela_pf *pf)
{
	queue_work(system_dfl_wq, &pf->health.work);
}

/* The core takes devl_lock. It gives a context to ->recover(), which nobody asked for then. */
static void health_report(struct kawela_pf *pf, struct devlink_health_reporter *reporter,
			  const char *msg)
{
	devl_assert_locked(pf->devlink);
	pf->health.reporting = true;
	devl_unlock(pf->devlink);
	devlink_health_report(reporter, msg, pf);
	devl_lock(pf->devlink);
	pf->health.reporting = false;
}

/* It is over, and not by a verb of devlink. */
static void health_over(struct devlink_health_reporter *reporter)
{
	devlink_health_reporter_recovery_done(reporter);
	devlink_health_reporter_state_update(reporter, DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
}

static void health_mailbox(struct kawela_pf *pf, unsigned int vf)
{
	struct kawela_pf_reporters *r = &pf->port[vf].reporters;
	struct kawela_mbx_pf_info info;

	kawela_mbx_pf_get_info(pf->mbx, vf, &info);
	if (!r->mailbox || info.parked == r->parked)
		return;

	r->parked = info.parked;
	if (info.parked)
		health_report(pf, r->mailbox, "storm of requests, parked for ten seconds");
	else
		health_over(r->mailbox);
}

static void health_spoof(struct kawela_pf *pf, unsigned int vf)
{
	struct kawela_pf_reporters *r = &pf->port[vf].reporters;

	if (!r->spoof)
		return;

	WRITE_ONCE(pf->health.spoof_next[vf], jiffies + HEALTH_INTERVAL);
	health_report(pf, r->spoof, "frames with a source that is not the VF's");
}

static void health_stall(struct kawela_pf *pf, unsigned int vf)
{
	struct kawela_pf_reporters *r = &pf->port[vf].reporters;
	bool hung = test_bit(vf, &pf->health.stalled);

	if (!r->tx || hung == r->hung)
		return;

	r->hung = hung;
	if (hung)
		health_report(pf, r->tx, "a transmit queue of the VF stands");
	else
		health_over(r->tx);
}

/* Without a reporter nobody would reset it. */
static void health_hang(struct kawela_pf *pf)
{
	if (pf->uplink.reporters.tx)
		health_report(pf, pf->uplink.reporters.tx, "a transmit queue hangs");
	else
		schedule_delayed_work(&pf->reset_work, 0);
}

static void health_work(struct work_struct *work)
{
	struct kawela_pf *pf = container_of(work, struct kawela_pf, health.work);
	struct kawela_pf_health *h = &pf->health;
	unsigned int vf;

	devl_lock(pf->devlink);
	if (test_and_clear_bit(0, &h->hung))
		health_hang(pf);
	for (vf = 0; vf < ARRAY_SIZE(pf->port); vf++) {
		if (test_and_clear_bit(vf, &h->storms))
			health_mailbox(pf, vf);
		if (test_and_clear_bit(vf, &h->spoofs))
			health_spoof(pf, vf);
		if (test_and_clear_bit(vf, &h->stalls))
			health_stall(pf, vf);
	}
	devl_unlock(pf->devlink);
}

/**
 * kawela_pf_health_init - prepare, reporting nothing yet
 * @pf: PF
 *
 * Context: probe. kawela_pf_health_resume() begins, once the instance is registered.
 */
void kawela_pf_health_init(struct kawela_pf *pf)
{
	unsigned int vf;

	for (vf = 0; vf < KW_MAX_VFS; vf++)
		pf->health.spoof_next[vf] = jiffies;
	spin_lock_init(&pf->health.hang_lock);
	INIT_WORK(&pf->health.work, health_work);
	disable_work(&pf->health.work);
}

/**
 * kawela_pf_health_pause - report nothing until kawela_pf_health_resume()
 * @pf: PF
 *
 * Before devl_lock is taken by somebody who unregisters ports. Calls nest.
 *
 * Context: process, without devl_lock and RTNL.
 */
void kawela_pf_health_pause(struct kawela_pf *pf)
{
	disable_work_sync(&pf->health.work);
}

/**
 * kawela_pf_health_resume - report again, and what came meanwhile
 * @pf: PF
 *
 * Context: process.
 */
void kawela_pf_health_resume(struct kawela_pf *pf)
{
	if (enable_work(&pf->health.work))
		health_kick(pf);
}

/**
 * kawela_pf_health_idle - whether ports may be unregistered now
 * @pf: PF
 * @extack: takes the reason of a refusal
 *
 * For verbs of devlink, which come with devl_lock held.
 *
 * Context: devl_lock.
 * Return: 0 or -EBUSY.
 */
int kawela_pf_health_idle(struct kawela_pf *pf, struct netlink_ext_ack *extack)
{
	devl_assert_locked(pf->devlink);
	if (!pf->health.reporting)
		return 0;
	NL_SET_ERR_MSG(extack, "a health report is being made, try again");
	return -EBUSY;
}

/**
 * kawela_pf_health_clear - new VFs
 * @pf: PF
 *
 * Context: process.
 */
void kawela_pf_health_clear(struct kawela_pf *pf)
{
	unsigned int vf;

	for (vf = 0; vf < KW_MAX_VFS; vf++)
		atomic64_set(&pf->health.vf_spoofs[vf], 0);
}

/**
 * kawela_pf_health_storm - a VF was parked, or is served again
 * @pf: PF
 * @vf: VF
 *
 * Context: any.
 */
void kawela_pf_health_storm(struct kawela_pf *pf, u16 vf)
{
	set_bit(vf, &pf->health.storms);
	health_kick(pf);
}

/**
 * kawela_pf_health_look - a VF has new reporters: tell them what is
 * @pf: PF
 * @vf: VF
 *
 * Context: any.
 */
void kawela_pf_health_look(struct kawela_pf *pf, unsigned int vf)
{
	set_bit(vf, &pf->health.storms);
	set_bit(vf, &pf->health.stalls);
	health_kick(pf);
}

/**
 * kawela_pf_health_spoof - the anti-spoofing stopped frames
 * @pf: PF
 * @queues: WVBR, a bit per queue; a pool has queues n and n + 8
 * @lvmmc: LVMMC
 *
 * Context: any, hard interrupt included.
 */
void kawela_pf_health_spoof(struct kawela_pf *pf, u32 queues, u32 lvmmc)
{
	u32 pools = queues | queues >> KW_NUM_POOLS;
	unsigned int vf;

	if (lvmmc)
		WRITE_ONCE(pf->health.lvmmc, lvmmc);
	for (vf = 0; vf < KW_MAX_VFS; vf++) {
		if (!(pools & BIT(vf)))
			continue;
		atomic64_inc(&pf->health.vf_spoofs[vf]);
		if (time_before(jiffies, READ_ONCE(pf->health.spoof_next[vf])))
			continue;
		set_bit(vf, &pf->health.spoofs);
		health_kick(pf);
	}
}

/**
 * kawela_pf_health_test_spoof - report as if a VF had been caught
 * @pf: PF
 * @vf: VF
 *
 * Context: devl_lock.
 */
void kawela_pf_health_test_spoof(struct kawela_pf *pf, unsigned int vf)
{
	devl_assert_locked(pf->devlink);
	set_bit(vf, &pf->health.spoofs);
	health_kick(pf);
}

/**
 * kawela_pf_health_hang - a queue of the PF, or of one of its VPorts, hangs
 * @pf: PF
 * @netdev: whose queue
 * @txqueue: its number
 * @ring: what it looks like
 *
 * The reporter resets the function, or leaves it to the administrator if told so.
 *
 * Context: process, or bottom halves off.
 */
void kawela_pf_health_hang(struct kawela_pf *pf, const struct net_device *netdev,
			   unsigned int txqueue, const struct kawela_tx_state *ring)
{
	struct kawela_pf_health *h = &pf->health;

	atomic64_inc(&h->hangs);
	spin_lock_bh(&h->hang_lock);
	strscpy(h->hang.netdev, netdev->name, sizeof(h->hang.netdev));
	h->hang.txqueue = txqueue;
	h->hang.ring = *ring;
	spin_unlock_bh(&h->hang_lock);
	set_bit(0, &h->hung);
	health_kick(pf);
}

/* Whether a VF's queue has something to send and did not move for a while. */
static bool health_queue_stands(struct kawela_pf *pf, struct kawela_pf_vf_queue *q, u8 queue)
{
	u32 head = kawela_rd32(&pf->io, KW_TDH(queue));
	bool idle = head == kawela_rd32(&pf->io, KW_TDT(queue)) ||
		    !(kawela_rd32(&pf->io, KW_TXDCTL(queue)) & KW_XDCTL_ENABLE);

	if (idle || head != q->head || kawela_io_removed(&pf->io))
		q->looks = 0;
	else if (q->looks < HEALTH_LOOKS)
		q->looks++;
	q->head = head;
	return q->looks == HEALTH_LOOKS;
}

/* One without a session, or without a link, need not send. */
static bool health_should_send(struct kawela_pf *pf, unsigned int vf)
{
	struct kawela_nsw_vport_info info;

	return READ_ONCE(pf->link.up) && kawela_mbx_pf_vf_ready(pf->mbx, vf) &&
	       !kawela_nsw_vport_get_info(pf->nsw, vf, &info) &&
	       info.link != KAWELA_NSW_LINK_DISABLE;
}

static void health_watch_vf(struct kawela_pf *pf, unsigned int vf)
{
	struct kawela_pf_vf_queue *q = pf->health.vf_queue[vf];
	bool stands = false;

	if (health_should_send(pf, vf)) {
		stands = health_queue_stands(pf, &q[0], vf);
		stands |= health_queue_stands(pf, &q[1], vf + KW_NUM_POOLS);
	} else {
		q[0].looks = 0;
		q[1].looks = 0;
	}
	if (stands == test_bit(vf, &pf->health.stalled))
		return;

	change_bit(vf, &pf->health.stalled);
	set_bit(vf, &pf->health.stalls);
	health_kick(pf);
}

/**
 * kawela_pf_health_watch - look whether the VFs' queues move
 * @pf: PF
 *
 * Context: process; the watchdog, every two seconds.
 */
void kawela_pf_health_watch(struct kawela_pf *pf)
{
	unsigned int vf;

	for (vf = 0; vf < READ_ONCE(pf->num_vfs); vf++)
		health_watch_vf(pf, vf);
}
