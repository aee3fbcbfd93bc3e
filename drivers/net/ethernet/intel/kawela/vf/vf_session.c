// SPDX-License-Identifier: GPL-2.0-only
/*
 * The session with the PF, from the first attempt to the goodbye: the one place where the VF talks
 * to its PF.
 *
 * Owns: vf->state and the session work. Never touches: rings, address lists, the carrier (it calls
 * those who do).
 * Locks: see vf.h. The work never blocks on RTNL.
 *
 * A PF that is slow, absent or resetting costs nothing but time: the netdev exists with its carrier
 * off, and attempts go on in the background. While the netdev is closed there is no session, so
 * that the switch does not steer frames to queues that are off; then the PF is asked once, for
 * the address it assigned.
 *
 * A function that reads all ones may be gone for good, or in a reset that somebody else makes. It
 * is looked at every two seconds until it answers or the PCI core says that it was pulled.
 */
#include <linux/rtnetlink.h>

#include "vf.h"

#define VF_NEVER	(-1L)
#define VF_POLL		(2 * HZ)
#define VF_LINK_TRY	(10 * HZ)
#define VF_RTNL_RETRY	msecs_to_jiffies(10)
#define VF_EVENT_MS	100	/* least time between attempts, whatever the PF says */

/**
 * kawela_vf_session_kick - have the work look around soon
 * @vf: VF
 *
 * Context: any, hard interrupt included.
 */
void kawela_vf_session_kick(struct kawela_vf *vf)
{
	mod_delayed_work(vf->wq, &vf->session, 0);
}

/**
 * kawela_vf_session_wake - somebody wants the PF now: forget the back-off
 * @vf: VF
 *
 * Context: any.
 */
void kawela_vf_session_wake(struct kawela_vf *vf)
{
	set_bit(KAWELA_VF_F_WAKE, &vf->flags);
	kawela_vf_session_kick(vf);
}

/**
 * kawela_vf_session_restart - start session and queues over
 * @vf: VF
 *
 * Context: any.
 */
void kawela_vf_session_restart(struct kawela_vf *vf)
{
	set_bit(KAWELA_VF_F_RESTART, &vf->flags);
	kawela_vf_session_kick(vf);
}

static void vf_mbx_event(void *priv)
{
	struct kawela_vf *vf = priv;

	set_bit(KAWELA_VF_F_EVENT, &vf->flags);
	kawela_vf_session_kick(vf);
}

static const struct kawela_mbx_vf_ops vf_mbx_ops = {
	.event	= vf_mbx_event,
};

/* Whether there is a reason to talk to the PF. */
static bool vf_wanted(const struct kawela_vf *vf)
{
	return READ_ONCE(vf->open) || !vf->known || READ_ONCE(vf->aside);
}

/**
 * kawela_vf_goodbye - reset the function, so that the PF drops all that was asked for
 * @vf: VF, queues stopped
 *
 * The mailbox has no such message, but a reset of the VF tells every PF that the driver is gone: it
 * closes the gates of the pool, and our PF gives the addresses to the default VPort.
 *
 * Context: session work, or process with the work disabled.
 */
void kawela_vf_goodbye(struct kawela_vf *vf)
{
	if (!vf->standing)
		return;
	kawela_wr32(&vf->io, KW_CTRL, kawela_rd32(&vf->io, KW_CTRL) | KW_CTRL_RST);
	kawela_flush(&vf->io);
	vf->standing = false;
}

/* The only writer of vf->state besides pause and resume. */
static void vf_set_state(struct kawela_vf *vf, enum kawela_vf_state state)
{
	WRITE_ONCE(vf->state, state);
}

static long vf_go(struct kawela_vf *vf, enum kawela_vf_state state)
{
	vf_set_state(vf, state);
	return 0;
}

static long vf_go_gone(struct kawela_vf *vf)
{
	complete_all(&vf->first);
	return vf_go(vf, KAWELA_VF_GONE);
}

/*
 * What is left of the back-off, which events may shorten but not skip. An event whose interrupt did
 * not come (masked by a reset, or raised on another vector) is found by looking.
 */
static long vf_backoff_left(struct kawela_vf *vf)
{
	unsigned long soon = vf->last_try + msecs_to_jiffies(VF_EVENT_MS);
	unsigned long now = jiffies;

	if (!vf->attempts || test_and_clear_bit(KAWELA_VF_F_WAKE, &vf->flags))
		return 0;
	if (kawela_mbx_vf_poll(vf->mbx) & KAWELA_MBX_VF_NEWS)
		set_bit(KAWELA_VF_F_EVENT, &vf->flags);
	if (test_and_clear_bit(KAWELA_VF_F_EVENT, &vf->flags) && time_before(soon, vf->next_try))
		vf->next_try = soon;

	return time_before(now, vf->next_try) ? min_t(long, vf->next_try - now, VF_POLL) : 0;
}

static void vf_plan_retry(struct kawela_vf *vf)
{
	vf->last_try = jiffies;
	vf->next_try = jiffies + msecs_to_jiffies(kawela_vf_backoff(vf->attempts));
}

static int vf_attempt(struct kawela_vf *vf, u8 mac[ETH_ALEN], bool *has_mac)
{
	int err;

	clear_bit(KAWELA_VF_F_EVENT, &vf->flags);
	clear_bit(KAWELA_VF_F_WAKE, &vf->flags);
	clear_bit(KAWELA_VF_F_RESTART, &vf->flags);

	vf->attempts++;
	vf->standing = true;
	err = kawela_mbx_vf_connect(vf->mbx, mac, has_mac);
	vf_plan_retry(vf);
	/* The reset in it masked all; a PF that refused for now has something to say later. */
	kawela_vf_irq_program(vf);
	return err;
}

static void vf_complain(struct kawela_vf *vf, const char *what, int err)
{
	if (!vf->complained)
		dev_info(&vf->pdev->dev, "%s (%pe), trying on\n", what, ERR_PTR(err));
	vf->complained = true;
}

static long vf_step_idle(struct kawela_vf *vf)
{
	if (kawela_io_removed(&vf->io))
		return vf_go_gone(vf);
	if (vf_wanted(vf))
		return vf_go(vf, KAWELA_VF_CONNECT);

	kawela_vf_goodbye(vf);
	if (!test_bit(KAWELA_VF_F_ADOPT, &vf->flags))
		return VF_NEVER;
	if (!rtnl_trylock())
		return VF_RTNL_RETRY;
	kawela_vf_adopt_mac(vf);
	rtnl_unlock();
	return VF_NEVER;
}

static void vf_connected(struct kawela_vf *vf, const u8 *mac, bool has_mac)
{
	spin_lock_bh(&vf->want_lock);
	ether_addr_copy(vf->pf_mac, mac);
	vf->has_mac = has_mac;
	spin_unlock_bh(&vf->want_lock);

	vf->known = true;
	vf->pf_waits = kawela_mbx_vf_features(vf->mbx) & KAWELA_FEATURE_LISTEN;
	atomic64_inc(&vf->connects);
	set_bit(KAWELA_VF_F_ADOPT, &vf->flags);
	kawela_vf_stats_rebase(vf);
	kawela_vf_filter_connected(vf);
	kawela_vf_blocks_connected(vf);
	complete_all(&vf->first);
}

/* A VF that stepped aside is of no use before there is a link. */
static bool vf_without_port(struct kawela_vf *vf)
{
	return !READ_ONCE(vf->open) && READ_ONCE(vf->aside) &&
	       !(kawela_rd32(&vf->io, KW_STATUS) & KW_STATUS_LU);
}

/*
 * The administrator may say that there is a link without the port's. A PF that gives nothing to a
 * VF that does not listen is asked now and then; any other would give it the guest's frames.
 */
static bool vf_link_awaited(struct kawela_vf *vf)
{
	if (!vf_without_port(vf))
		return false;
	kawela_vf_goodbye(vf);
	return !vf->pf_waits || time_before(jiffies, vf->last_try + VF_LINK_TRY);
}

static bool vf_link_denied(struct kawela_vf *vf)
{
	if (!vf_without_port(vf) || (!kawela_vf_blocks_sync(vf) && kawela_vf_link_up(vf)))
		return false;
	/* This was no failure: the port's link shall not wait for a back-off. */
	vf->attempts = 0;
	return true;
}

static long vf_step_connect(struct kawela_vf *vf)
{
	u8 mac[ETH_ALEN];
	bool has_mac;
	long delay;
	int err;

	if (!vf_wanted(vf))
		return vf_go(vf, KAWELA_VF_IDLE);

	delay = vf_link_awaited(vf) ? VF_POLL : vf_backoff_left(vf);
	if (delay)
		return delay;
	if (!kawela_vf_pci_ready(vf))
		return vf_go_gone(vf);

	err = vf_attempt(vf, mac, &has_mac);
	if (err == -ENODEV)
		return vf_go_gone(vf);
	if (err) {
		vf_complain(vf, "the PF does not answer", err);
		kawela_vf_no_service(vf);
		/* What was said before the attempt shall not hide what is said after it. */
		kawela_mbx_vf_poll(vf->mbx);
		return max(vf_backoff_left(vf), 1L);
	}

	vf_connected(vf, mac, has_mac);
	return vf_link_denied(vf) ? VF_POLL : vf_go(vf, KAWELA_VF_START);
}

static long vf_start_locked(struct kawela_vf *vf)
{
	int err;

	kawela_vf_adopt_mac(vf);
	if (!vf->open)
		return vf_go(vf, KAWELA_VF_IDLE);
	if (test_and_clear_bit(KAWELA_VF_F_RESTART, &vf->flags))
		return vf_go(vf, KAWELA_VF_HALT);

	err = kawela_vf_queues_start(vf);
	if (err) {
		vf_complain(vf, "the queues do not start", err);
		return vf_go(vf, KAWELA_VF_CONNECT);
	}

	set_bit(KAWELA_VF_F_DIRTY, &vf->flags);
	return vf_go(vf, KAWELA_VF_RUN);
}

static long vf_step_start(struct kawela_vf *vf)
{
	long delay;

	if (!rtnl_trylock())
		return VF_RTNL_RETRY;
	delay = vf_start_locked(vf);
	rtnl_unlock();
	return delay;
}

/* Read the blocks; the PF refused the address the user chose before there was a session. */
static long vf_run_adopt(struct kawela_vf *vf)
{
	if (!test_bit(KAWELA_VF_F_ADOPT, &vf->flags))
		return VF_POLL;
	if (!rtnl_trylock())
		return VF_RTNL_RETRY;
	if (vf->netdev->reg_state == NETREG_REGISTERED) {
		kawela_vf_adopt_mac(vf);
		kawela_vf_blocks_adopt(vf);
	}
	rtnl_unlock();
	return VF_POLL;
}

/* A session that lasts ends the outage; one that does not is no reason to hurry. */
static void vf_settle(struct kawela_vf *vf)
{
	if (!time_after(jiffies, vf->last_try + VF_POLL))
		return;
	vf->attempts = 0;
	vf->complained = false;
}

static long vf_step_run(struct kawela_vf *vf)
{
	u32 events = kawela_mbx_vf_poll(vf->mbx);

	clear_bit(KAWELA_VF_F_EVENT, &vf->flags);
	if (events & (KAWELA_MBX_VF_LOST | KAWELA_MBX_VF_GONE))
		return vf_go(vf, KAWELA_VF_HALT);
	if (!READ_ONCE(vf->open) || test_bit(KAWELA_VF_F_RESTART, &vf->flags))
		return vf_go(vf, KAWELA_VF_HALT);

	/* A word without a meaning of its own: the link, or a block, or both. */
	if (events & KAWELA_MBX_VF_LINK)
		set_bit(KAWELA_VF_F_BLOCKS, &vf->flags);
	if (kawela_vf_blocks_sync(vf) || kawela_vf_blocks_stats(vf) || kawela_vf_filter_sync(vf))
		return vf_go(vf, KAWELA_VF_HALT);

	vf_settle(vf);
	kawela_vf_stats_update(vf);
	kawela_dp_watch(&vf->dp);
	kawela_vf_link_gate(vf, true);
	if (!netif_carrier_ok(vf->netdev))
		kawela_vf_no_service(vf);
	return vf_run_adopt(vf);
}

/* Those of a closed netdev are gone. Who removes it has RTNL, and the host shall know soon. */
static bool vf_halt_queues(struct kawela_vf *vf)
{
	if (!READ_ONCE(vf->dp.num_qps))
		return true;
	if (!rtnl_trylock())
		return false;
	kawela_vf_queues_stop(vf);
	rtnl_unlock();
	return true;
}

static long vf_step_halt(struct kawela_vf *vf)
{
	kawela_vf_link_gate(vf, false);
	if (!vf_halt_queues(vf))
		return VF_RTNL_RETRY;

	if (kawela_io_removed(&vf->io))
		return vf_go_gone(vf);
	return vf_go(vf, vf_wanted(vf) ? KAWELA_VF_CONNECT : KAWELA_VF_IDLE);
}

/* The back-off goes on: a function that comes and goes is no reason to hurry either. */
static long vf_step_gone(struct kawela_vf *vf)
{
	kawela_vf_no_service(vf);
	if (pci_dev_is_disconnected(vf->pdev))
		return VF_NEVER;
	if (!kawela_vf_pci_ready(vf) || !kawela_io_answers(&vf->io)) {
		vf_complain(vf, "the function does not answer", -ENODEV);
		return VF_POLL;
	}

	kawela_io_mark_present(&vf->io);
	if (kawela_mbx_vf_revive(vf->mbx)) {
		kawela_io_mark_removed(&vf->io);
		return VF_POLL;
	}
	kawela_vf_irq_program(vf);
	return vf_go(vf, KAWELA_VF_CONNECT);
}

static long (* const vf_steps[KAWELA_VF_NUM_STATES])(struct kawela_vf *vf) = {
	[KAWELA_VF_IDLE]	= vf_step_idle,
	[KAWELA_VF_CONNECT]	= vf_step_connect,
	[KAWELA_VF_START]	= vf_step_start,
	[KAWELA_VF_RUN]		= vf_step_run,
	[KAWELA_VF_HALT]	= vf_step_halt,
	[KAWELA_VF_GONE]	= vf_step_gone,
};

/* What the step left to do for a master, which needs RTNL. */
static long vf_serve_master(struct kawela_vf *vf, long delay)
{
	bool done;

	if (!test_bit(KAWELA_VF_F_ANNOUNCE, &vf->flags) && !test_bit(KAWELA_VF_F_ASIDE, &vf->flags))
		return delay;
	if (rtnl_trylock()) {
		done = kawela_vf_master_serve(vf);
		rtnl_unlock();
		if (done)
			return delay;
	}
	return delay == VF_NEVER ? VF_RTNL_RETRY : min_t(long, delay, VF_RTNL_RETRY);
}

/*
 * Masters come last: of a loss that the next attempt makes good they hear once, when frames get
 * through again, and need not let go.
 */
static void vf_session_work(struct work_struct *work)
{
	struct kawela_vf *vf = container_of(work, struct kawela_vf, session.work);
	enum kawela_vf_state before;
	long delay;

	do {
		before = vf->state;
		delay = vf_steps[before](vf);
	} while (!delay && vf->state != before);

	delay = vf_serve_master(vf, delay);
	if (delay != VF_NEVER)
		queue_delayed_work(vf->wq, &vf->session, delay);
}

/**
 * kawela_vf_session_init - make the mailbox and the work
 * @vf: VF with its registers mapped
 *
 * Context: probe.
 * Return: 0 or -ENOMEM.
 */
int kawela_vf_session_init(struct kawela_vf *vf)
{
	int err;

	vf->wq = alloc_ordered_workqueue("kawela_vf-%s", 0, pci_name(vf->pdev));
	if (!vf->wq)
		return -ENOMEM;

	INIT_DELAYED_WORK(&vf->session, vf_session_work);
	init_completion(&vf->first);
	init_completion(&vf->mac_done);

	vf->mbx = kawela_mbx_vf_create(&vf->pdev->dev, &vf->io, &vf_mbx_ops, vf);
	if (IS_ERR(vf->mbx)) {
		err = PTR_ERR(vf->mbx);
		goto err_wq;
	}
	return 0;

err_wq:
	destroy_workqueue(vf->wq);
	return err;
}

/**
 * kawela_vf_session_fini - undo kawela_vf_session_init()
 * @vf: VF, paused, interrupts freed
 *
 * Context: remove, and unwinding of probe.
 */
void kawela_vf_session_fini(struct kawela_vf *vf)
{
	destroy_workqueue(vf->wq);
	kawela_mbx_vf_destroy(vf->mbx);
}

/**
 * kawela_vf_session_pause - no mailbox traffic and no packets after this
 * @vf: VF, not paused
 *
 * Context: process, device lock, not RTNL; takes as long as a request to a silent PF at worst.
 */
void kawela_vf_session_pause(struct kawela_vf *vf)
{
	disable_delayed_work_sync(&vf->session);

	rtnl_lock();
	netif_device_detach(vf->netdev);
	kawela_vf_link_gate(vf, false);
	kawela_vf_queues_stop(vf);
	rtnl_unlock();

	kawela_vf_irq_disable(vf);
	vf_set_state(vf, KAWELA_VF_HALT);
}

/**
 * kawela_vf_session_resume - undo kawela_vf_session_pause()
 * @vf: VF, its function in the reset state or in the one it was paused in
 *
 * A function that was given up before, or in the meantime, is found again by the work.
 *
 * Context: process, device lock, not RTNL.
 */
void kawela_vf_session_resume(struct kawela_vf *vf)
{
	kawela_vf_irq_program(vf);
	vf->attempts = 0;

	rtnl_lock();
	netif_device_attach(vf->netdev);
	/* Attaching wakes the transmit queues, which is the session's to do. */
	netif_tx_disable(vf->netdev);
	rtnl_unlock();

	enable_delayed_work(&vf->session);
	kawela_vf_session_kick(vf);
}
