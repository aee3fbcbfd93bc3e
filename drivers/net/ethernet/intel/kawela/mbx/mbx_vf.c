// SPDX-License-Identifier: GPL-2.0-only
/*
 * VF end of the mailbox: connect, request, and what the PF says unasked.
 *
 * Owns: the VF's session. Never touches: netdevs, link state, queues.
 * Locks: none across a wait; whoever exchanges has the turn (kawela_mbx_vf_begin() to _end()), and
 * the others sleep until it ends or the function is aborted. latch_lock is taken inside
 * mbx_vf_hw.c only.
 *
 * All waits sleep, are bounded, look at the register every few milliseconds (the interrupt may
 * land on a vector nobody listens to), and end at once when the function is gone or aborted.
 *
 * Stock igb may write a control message over a request it has not read, or over a reply we have
 * not read. Both show as a control message where a reply belongs; the request is then sent once
 * more. Every request may be repeated.
 */
#include <kunit/visibility.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "../compat/module.h"
#include "mbx_priv.h"
#include "mbx_trace.h"

#define SENDS	2	/* times a request is sent at most */

static bool vf_stop(struct kawela_mbx_vf *m)
{
	return READ_ONCE(m->aborted) || mbx_removed(&m->port);
}

/*
 * Wait for the turn to talk to the PF. -ENODEV when it did not come before the function was gone or
 * aborted.
 */
int kawela_mbx_vf_begin(struct kawela_mbx_vf *m)
{
	might_sleep();
	while (test_and_set_bit_lock(KAWELA_MBX_VF_BUSY, &m->busy)) {
		wait_event(m->turn, vf_stop(m) || !test_bit(KAWELA_MBX_VF_BUSY, &m->busy));
		if (vf_stop(m))
			return -ENODEV;
	}

	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_vf_begin);

void kawela_mbx_vf_end(struct kawela_mbx_vf *m)
{
	kawela_mbx_vf_assert_turn(m);
	clear_bit_unlock(KAWELA_MBX_VF_BUSY, &m->busy);
	wake_up(&m->turn);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_vf_end);

/* -ENODEV once the function is gone or aborted, until it is revived. */
static int vf_gone(struct kawela_mbx_vf *m)
{
	kawela_mbx_vf_assert_turn(m);

	if (!vf_stop(m) && kawela_mbx_fsm_state(&m->fsm) != KAWELA_MBX_VF_S_GONE)
		return 0;

	kawela_mbx_fsm_event(&m->fsm, KAWELA_MBX_VF_EV_ABORT);
	return -ENODEV;
}

static bool vf_ready(const struct kawela_mbx_vf *m)
{
	return kawela_mbx_fsm_state(&m->fsm) == KAWELA_MBX_VF_S_READY;
}

static void vf_event(struct kawela_mbx_vf *m)
{
	m->ops->event(m->priv);
}

/* The session ended; whoever polls finds out. */
static void vf_lose(struct kawela_mbx_vf *m, enum kawela_mbx_vf_event event)
{
	kawela_mbx_vf_assert_turn(m);

	if (kawela_mbx_fsm_event(&m->fsm, event)) {
		m->stats.lost++;
		vf_event(m);
	}
}

/* Wait for latched @bits of V2PMAILBOX and consume them. -ECONNRESET when the PF resets itself. */
static int vf_wait(struct kawela_mbx_vf *m, u32 bits, unsigned int ms)
{
	unsigned long slice = msecs_to_jiffies(KAWELA_MBX_VF_SLICE_MS);
	unsigned long end = jiffies + msecs_to_jiffies(ms);
	bool last;

	do {
		last = time_after_eq(jiffies, end);
		wait_event_timeout(m->wait, vf_stop(m) ||
				   kawela_mbx_vf_hw_look(m, NULL) & (bits | KW_V2P_RSTI), slice);
		if (vf_stop(m))
			return -ENODEV;
		if (kawela_mbx_vf_hw_consume(m, bits))
			return 0;
		if (READ_ONCE(m->rsti))
			return -ECONNRESET;
	} while (!last);

	m->stats.timeouts++;
	return -ETIMEDOUT;
}

/* Own the buffer; the PF holds it while it handles a request or writes a word. */
static int vf_take(struct kawela_mbx_vf *m)
{
	unsigned long end = jiffies + msecs_to_jiffies(m->times.take);
	bool last;

	do {
		last = time_after_eq(jiffies, end);
		if (vf_stop(m))
			return -ENODEV;
		if (kawela_mbx_vf_hw_take(m))
			return 0;
		usleep_range(1000, 2000);
	} while (!last);

	m->stats.timeouts++;
	return -ETIMEDOUT;
}

/* Read and acknowledge the PF's words. */
static int vf_receive(struct kawela_mbx_vf *m, u32 *w, unsigned int n)
{
	int err;

	err = vf_take(m);
	if (err)
		return err;

	kawela_mbx_vf_hw_read(m, w, n);
	kawela_mbx_vf_hw_ack(m);
	if (vf_stop(m))
		return -ENODEV;

	trace_kawela_mbx_receive(m->name, 0, w);
	return 0;
}

static bool is_control(u32 word)
{
	return (word & KAWELA_ABI_ID) == KAWELA_MSG_PF_CONTROL;
}

/* An unasked word by which the PF says that CTS is gone. A late "no MAC" is not one. */
static bool is_lost(u32 word)
{
	return word != KAWELA_ABI_RESET_NO_MAC &&
	       kawela_mbx_decode_reply(word, word) == -ENOTCONN;
}

/*
 * Write a request. What the PF said unasked is looked at before it is overwritten: -ENOTCONN when
 * it makes the request pointless.
 */
static int vf_send(struct kawela_mbx_vf *m, const u32 *w, unsigned int n)
{
	u32 old;
	int err;

	err = vf_take(m);
	if (err)
		return err;

	if (kawela_mbx_vf_hw_consume(m, KW_V2P_PFSTS)) {
		kawela_mbx_vf_hw_read(m, &old, 1);
		if (vf_ready(m) && is_lost(old)) {
			kawela_mbx_vf_hw_ack(m);
			return -ENOTCONN;
		}
		if (is_control(old))
			m->control = true;
		else
			trace_kawela_mbx_drop(m->name, 0, "word from before the request");
	}

	trace_kawela_mbx_send(m->name, 0, w);
	kawela_mbx_vf_hw_request(m, w, n);
	return 0;
}

/*
 * One request and its reply. -EAGAIN: the PF never read it; -ERESTART: a control message may have
 * replaced the request or the reply.
 */
static int vf_exchange_once(struct kawela_mbx_vf *m, const u32 *w, unsigned int n, u32 *reply,
			    unsigned int reply_n)
{
	unsigned int ms = m->times.reply;
	int err;

	err = vf_send(m, w, n);
	if (err)
		return err;

	err = vf_wait(m, KW_V2P_PFACK, m->times.ack);
	if (err == -ETIMEDOUT)
		return kawela_mbx_vf_hw_look(m, NULL) & KW_V2P_PFSTS ? -ERESTART : -EAGAIN;
	if (err)
		return err;

	for (;;) {
		err = vf_wait(m, KW_V2P_PFSTS, ms);
		if (err == -ETIMEDOUT && ms == m->times.merge)
			return -ERESTART;
		if (err)
			return err;

		err = vf_receive(m, reply, reply_n);
		if (err)
			return err;
		if (!is_control(reply[0]))
			return 0;
		if (ms == m->times.merge)
			return -ERESTART;
		if (vf_ready(m) && is_lost(reply[0]))
			return 0;

		/* The reply may still come: igb answers a request it did read. */
		m->control = true;
		ms = m->times.merge;
	}
}

static int vf_exchange(struct kawela_mbx_vf *m, const u32 *w, unsigned int n, u32 *reply,
		       unsigned int reply_n)
{
	u64 start = ktime_get_ns();
	unsigned int sends = 0;
	int err;

	WRITE_ONCE(m->waiting, true);
	do {
		m->stats.requests++;
		err = vf_exchange_once(m, w, n, reply, reply_n);
		if (err == -ERESTART)
			trace_kawela_mbx_drop(m->name, 0, "request or reply overwritten");
	} while (err == -ERESTART && ++sends < SENDS);
	WRITE_ONCE(m->waiting, false);

	if (!err)
		m->stats.trips[kawela_mbx_wait_slot(ktime_get_ns() - start)]++;
	return err == -ERESTART ? -ETIMEDOUT : err;
}

/* Tell the driver of what came in the middle of an exchange. */
static void vf_leftover(struct kawela_mbx_vf *m)
{
	u32 bits = kawela_mbx_vf_hw_look(m, NULL);

	if (m->control || bits & (KW_V2P_PFSTS | KW_V2P_RSTD | KW_V2P_RSTI))
		vf_event(m);
}

/* Reset the VF and wait until the PF is not in a reset of its own. */
static int vf_wait_pf(struct kawela_mbx_vf *m)
{
	unsigned long end = jiffies + msecs_to_jiffies(m->times.rsti);
	bool last;

	kawela_mbx_vf_hw_reset(m);

	do {
		last = time_after_eq(jiffies, end);
		usleep_range(1000, 2000);
		if (vf_stop(m))
			return -ENODEV;
		if (!(kawela_mbx_vf_hw_look(m, NULL) & KW_V2P_RSTI)) {
			/* All that was said before the reset is void, RSTD too. */
			kawela_mbx_vf_hw_consume(m, KAWELA_MBX_V2P_LATCHED);
			return 0;
		}
	} while (!last);

	return -EAGAIN;
}

static int vf_reset_exchange(struct kawela_mbx_vf *m, u8 mac[ETH_ALEN], bool *has_mac)
{
	const struct kawela_msg reset = { .id = KAWELA_MSG_RESET };
	u32 reply[KAWELA_ABI_OFFER_REPLY_WORDS] = {};
	u32 w[KAWELA_ABI_WORDS];
	int err;

	kawela_mbx_vf_assert_turn(m);

	err = vf_wait_pf(m);
	if (err)
		return err;

	/* All words: the buffer keeps stale ones, over a reset of the VF too. */
	kawela_mbx_encode(&reset, w);
	w[1] = KAWELA_ABI_MAGIC;
	w[2] = KAWELA_FEATURES;
	err = vf_exchange(m, w, KAWELA_ABI_OFFER_WORDS, reply, KAWELA_ABI_OFFER_REPLY_WORDS);
	if (err)
		return err == -ECONNRESET ? -EAGAIN : err;

	if (reply[3] == KAWELA_ABI_MAGIC)
		WRITE_ONCE(m->features, reply[4] & KAWELA_FEATURES);

	err = kawela_mbx_decode_reset_reply(reply, mac);
	if (err && err != -EADDRNOTAVAIL)
		return err;

	*has_mac = !err;
	return 0;
}

int kawela_mbx_vf_connect(struct kawela_mbx_vf *m, u8 mac[ETH_ALEN], bool *has_mac)
{
	int err;

	eth_zero_addr(mac);
	*has_mac = false;

	err = kawela_mbx_vf_begin(m);
	if (err)
		return err;

	err = vf_gone(m);
	if (err)
		goto out;

	m->control = false;
	WRITE_ONCE(m->features, 0);
	m->taken = 0;
	kawela_mbx_fsm_event(&m->fsm, KAWELA_MBX_VF_EV_CONNECT);
	err = vf_reset_exchange(m, mac, has_mac);
	if (vf_gone(m)) {
		err = -ENODEV;
		goto out;
	}

	/* A control message from before RESET says nothing about the session after it. */
	m->control = false;
	kawela_mbx_fsm_event(&m->fsm, err ? KAWELA_MBX_VF_EV_FAILED : KAWELA_MBX_VF_EV_GRANTED);
	if (!err)
		vf_leftover(m);
out:
	kawela_mbx_vf_end(m);
	if (!err)
		kawela_mbx_transport_start(m);
	return err;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_connect, "KAWELA");

/* The same as kawela_mbx_vf_usable() without the turn: it may be over the next moment. */
int kawela_mbx_vf_check(struct kawela_mbx_vf *m)
{
	if (vf_stop(m) || kawela_mbx_fsm_state(&m->fsm) == KAWELA_MBX_VF_S_GONE)
		return -ENODEV;
	return vf_ready(m) ? 0 : -ENOTCONN;
}

/* 0 when there is a session to talk in, else -ENOTCONN or -ENODEV. */
int kawela_mbx_vf_usable(struct kawela_mbx_vf *m)
{
	int err = vf_gone(m);

	if (err)
		return err;
	return vf_ready(m) ? 0 : -ENOTCONN;
}

static int vf_exchange_in_session(struct kawela_mbx_vf *m, const u32 *w, unsigned int n,
				  u32 *reply, unsigned int reply_n)
{
	int err;

	err = vf_exchange(m, w, n, reply, reply_n);
	if (!err)
		err = kawela_mbx_decode_reply(w[0], reply[0]);

	switch (err) {
	case 0:
		break;
	case -EPERM:
		m->stats.nacks++;
		break;
	case -ENODEV:
		return err;
	case -ENOTCONN:
		vf_lose(m, KAWELA_MBX_VF_EV_NO_CTS);
		return err;
	case -ECONNRESET:
		vf_lose(m, KAWELA_MBX_VF_EV_PF_RESET);
		return -ENOTCONN;
	case -EAGAIN:
		err = -ETIMEDOUT;
		fallthrough;
	default:
		vf_lose(m, KAWELA_MBX_VF_EV_TIMEOUT);
		return err;
	}

	vf_leftover(m);
	return err;
}

/*
 * One request in the session that stands, and its reply. -EPERM when it was refused; an errno that
 * ends the session ended it.
 */
int kawela_mbx_vf_exchange(struct kawela_mbx_vf *m, const u32 *w, unsigned int n, u32 *reply,
			   unsigned int reply_n)
{
	int err = kawela_mbx_vf_usable(m);

	if (err)
		return err;

	err = vf_exchange_in_session(m, w, n, reply, reply_n);
	return err ? vf_gone(m) ?: err : 0;
}

int kawela_mbx_vf_request(struct kawela_mbx_vf *m, const struct kawela_msg *req)
{
	u32 reply[KAWELA_ABI_RESET_REPLY_WORDS] = {};
	u32 w[KAWELA_ABI_WORDS];
	int n, err;

	if (req->id == KAWELA_MSG_RESET)
		return -EINVAL;
	n = kawela_mbx_encode(req, w);
	if (n < 0)
		return n;

	err = kawela_mbx_vf_begin(m);
	if (err)
		return err;

	err = kawela_mbx_vf_exchange(m, w, n, reply, KAWELA_ABI_REPLY_WORDS);
	kawela_mbx_vf_end(m);

	return err;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_request, "KAWELA");

/* The PF wrote something unasked. */
static u32 vf_poll_message(struct kawela_mbx_vf *m)
{
	u32 w[KAWELA_ABI_RESET_REPLY_WORDS] = {};

	if (vf_receive(m, w, 1)) {
		/* The PF has the buffer: look again next time. */
		kawela_mbx_vf_hw_put_back(m, KW_V2P_PFSTS);
		return 0;
	}

	m->stats.control++;
	if (w[0] & KAWELA_ABI_CTS)
		return KAWELA_MBX_VF_LINK;

	if (is_lost(w[0])) {
		vf_lose(m, KAWELA_MBX_VF_EV_NO_CTS);
		return KAWELA_MBX_VF_LOST;
	}

	/* A late reply to an earlier RESET, or our own request. */
	trace_kawela_mbx_drop(m->name, 0, "unasked word without meaning");
	return 0;
}

static u32 vf_poll(struct kawela_mbx_vf *m)
{
	u32 bits, events = 0;

	kawela_mbx_vf_assert_turn(m);

	bits = kawela_mbx_vf_hw_look(m, NULL);
	if (vf_gone(m))
		return KAWELA_MBX_VF_GONE;
	if (!vf_ready(m)) {
		if (bits & KW_V2P_PFSTS)
			trace_kawela_mbx_drop(m->name, 0, "word without a session");
		if (kawela_mbx_vf_hw_consume(m, KW_V2P_PFSTS | KW_V2P_RSTD))
			events = KAWELA_MBX_VF_NEWS;
		kawela_mbx_vf_hw_consume(m, KAWELA_MBX_V2P_LATCHED);
		return events | KAWELA_MBX_VF_LOST;
	}

	if (m->control) {
		m->control = false;
		m->stats.control++;
		events |= KAWELA_MBX_VF_LINK;
	}

	/* Told as the mailbox does it: again and again, until somebody asks. */
	if (atomic64_read(&m->invalid))
		events |= KAWELA_MBX_VF_LINK;

	if (bits & KW_V2P_RSTI) {
		vf_lose(m, KAWELA_MBX_VF_EV_PF_RESET);
		return KAWELA_MBX_VF_LOST;
	}

	if (kawela_mbx_vf_hw_consume(m, KW_V2P_PFSTS))
		events |= vf_poll_message(m);

	/*
	 * RSTD alone may be a PF reset that went by unseen, or only a write of CTRL_EXT. An
	 * acknowledgment of nothing tells: a PF that knows us ignores it, any other answers
	 * with the bare NACK.
	 */
	if (kawela_mbx_vf_hw_consume(m, KW_V2P_RSTD) && !(events & KAWELA_MBX_VF_LOST))
		kawela_mbx_vf_hw_ack(m);

	return vf_gone(m) ? KAWELA_MBX_VF_GONE : events;
}

u32 kawela_mbx_vf_poll(struct kawela_mbx_vf *m)
{
	u32 events;

	if (kawela_mbx_vf_begin(m))
		return KAWELA_MBX_VF_GONE;

	events = vf_poll(m);
	kawela_mbx_vf_end(m);

	return events;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_poll, "KAWELA");

void kawela_mbx_vf_irq(struct kawela_mbx_vf *m)
{
	u32 news;

	kawela_mbx_vf_hw_look(m, &news);

	if (READ_ONCE(m->waiting))
		wake_up(&m->wait);
	else if (news & (KW_V2P_PFSTS | KW_V2P_RSTD | KW_V2P_RSTI))
		vf_event(m);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_irq, "KAWELA");

bool kawela_mbx_vf_connected(const struct kawela_mbx_vf *m)
{
	return vf_ready(m) && !READ_ONCE(m->aborted) && !mbx_removed(&m->port);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_connected, "KAWELA");

void kawela_mbx_vf_abort(struct kawela_mbx_vf *m)
{
	WRITE_ONCE(m->aborted, true);
	wake_up(&m->wait);
	wake_up(&m->turn);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_abort, "KAWELA");

int kawela_mbx_vf_revive(struct kawela_mbx_vf *m)
{
	int err;

	err = kawela_mbx_vf_begin(m);
	if (err)
		return err;

	/* Nobody may have called since the function vanished. */
	kawela_mbx_fsm_event(&m->fsm, KAWELA_MBX_VF_EV_ABORT);
	if (vf_stop(m))
		err = -ENODEV;
	else
		kawela_mbx_fsm_event(&m->fsm, KAWELA_MBX_VF_EV_REVIVE);
	kawela_mbx_vf_end(m);

	return err;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_revive, "KAWELA");

void kawela_mbx_vf_get_stats(const struct kawela_mbx_vf *m, struct kawela_mbx_vf_stats *stats)
{
	/* An exchange may count now: each number is whole, together they are a moment apart. */
	*stats = data_race(m->stats);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_get_stats, "KAWELA");

struct kawela_mbx_vf *kawela_mbx_vf_create_on(const struct kawela_mbx_port *port, const char *name,
					      const struct kawela_mbx_vf_ops *ops, void *priv)
{
	struct kawela_mbx_vf *m;

	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return ERR_PTR(-ENOMEM);

	m->port = *port;
	m->ops = ops;
	m->priv = priv;
	m->name = name;
	m->times = (struct kawela_mbx_vf_times) {
		.rsti	= KAWELA_MBX_VF_RSTI_MS,
		.take	= KAWELA_MBX_VF_TAKE_MS,
		.ack	= KAWELA_MBX_VF_ACK_MS,
		.reply	= KAWELA_MBX_VF_REPLY_MS,
		.merge	= KAWELA_MBX_VF_MERGE_MS,
	};
	m->transport = &kawela_mbx_transport_mailbox;
	spin_lock_init(&m->latch_lock);
	init_waitqueue_head(&m->turn);
	init_waitqueue_head(&m->wait);
	kawela_mbx_fsm_init(&m->fsm, &kawela_mbx_vf_fsm, 0);

	return m;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_vf_create_on);

struct kawela_mbx_vf *kawela_mbx_vf_create(struct device *dev, struct kawela_io *io,
					   const struct kawela_mbx_vf_ops *ops, void *priv)
{
	struct kawela_mbx_port port = { .ops = &kawela_mbx_io_port_ops, .hw = io };
	struct kawela_mbx_vf *m;

	m = kawela_mbx_vf_create_on(&port, dev_name(dev), ops, priv);
	if (!IS_ERR(m) && IS_REACHABLE(CONFIG_PCI_HYPERV_INTERFACE)) {
		m->hyperv = &kawela_mbx_hyperv_calls;
		m->pdev = to_pci_dev(dev);
	}

	return m;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_create, "KAWELA");

void kawela_mbx_vf_destroy(struct kawela_mbx_vf *m)
{
	if (!m)
		return;

	kawela_mbx_hyperv_stop(m);
	kfree(m);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_vf_destroy, "KAWELA");
