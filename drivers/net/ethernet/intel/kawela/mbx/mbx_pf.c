// SPDX-License-Identifier: GPL-2.0-only
/*
 * PF end of the mailbox: one ordered work serves the resets, requests and acknowledgments of all
 * VFs and sends them control messages.
 *
 * Owns: the sessions and the rate limits. Never touches: what a request means; that is the PF
 * driver's, through struct kawela_mbx_pf_ops.
 * Locks: ctl_lock serialises the control calls, which stop the work before they touch a session.
 * No lock is held while a callback runs.
 *
 * A pass never waits: a buffer that the VF holds, a request over the limit and a control message
 * that would overwrite something are noted in the session and tried again by a later pass.
 */
#include <kunit/visibility.h>
#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../compat/module.h"
#include "mbx_priv.h"
#include "mbx_trace.h"

static bool session_ready(const struct kawela_mbx_session *s)
{
	return kawela_mbx_fsm_state(&s->fsm) == KAWELA_MBX_PF_READY;
}

static void pf_drop(struct kawela_mbx_pf *m, u16 vf, const char *reason)
{
	trace_kawela_mbx_drop(m->name, vf, reason);
}

/* Run again at @at_ns at the latest. */
static void pf_again(struct kawela_mbx_pf *m, u64 at_ns)
{
	m->again_ns = min(m->again_ns, at_ns);
}

/* The buffer is taken: back off, at last take it away, in the end give up what was to be done. */
static void pf_busy(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];
	unsigned int shift = min(s->busy_tries, KAWELA_MBX_BUSY_SHIFT);

	s->stats.busy++;
	s->busy_tries++;

	if (s->busy_tries > KAWELA_MBX_BUSY_LAST) {
		s->busy_tries = 0;
		s->req = false;
		s->nack_due = false;
		s->stats.dropped++;
		if (test_bit(vf, &m->renew)) {
			/* The administrator's word does not get lost, only late. */
			s->retry_ns = now + NSEC_PER_SEC;
			pf_again(m, s->retry_ns);
		} else {
			clear_bit(vf, &m->ping);
		}
		pf_drop(m, vf, "buffer never came free");
		return;
	}

	if (s->busy_tries == KAWELA_MBX_BUSY_TRIES) {
		kawela_mbx_pf_hw_revoke(&m->port, vf);
		s->stats.stuck++;
		shift = 0;
	}

	s->retry_ns = now + (KAWELA_MBX_BUSY_NS << shift);
	pf_again(m, s->retry_ns);
}

/* Take a VF's buffer, unless it is too early to try again. */
static bool pf_take(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];

	if (now < s->retry_ns) {
		pf_again(m, s->retry_ns);
		return false;
	}

	switch (kawela_mbx_pf_hw_take(&m->port, vf)) {
	case 0:
		s->busy_tries = 0;
		s->retry_ns = 0;
		return true;
	case -EBUSY:
		pf_busy(m, vf, now);
		return false;
	default:
		return false;
	}
}

static void pf_send(struct kawela_mbx_pf *m, u16 vf, const u32 *w, unsigned int n)
{
	trace_kawela_mbx_send(m->name, vf, w);
	m->session[vf].storm.owed = true;
	kawela_mbx_pf_hw_send(&m->port, vf, w, n);
}

/* The time of the pass, or nearer to it where the time is real. */
static u64 pf_clock(const struct kawela_mbx_pf *m, u64 now)
{
	return m->wq ? ktime_get_ns() : now;
}

/* Write the answer to a request; pings stay away from it until the VF has read it. */
static void pf_reply(struct kawela_mbx_pf *m, u16 vf, const u32 *w, unsigned int n, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];

	s->reply_unacked = true;
	s->reply_ns = now;
	pf_send(m, vf, w, n);
	s->stats.waits[kawela_mbx_wait_slot(pf_clock(m, now) - s->req_ns)]++;
}

static void pf_flr(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];

	s->stats.flrs++;
	kawela_mbx_pf_storm_reset(m, vf, now);
	if (s->req)
		pf_drop(m, vf, "request from before a reset of the VF");
	s->req = false;
	s->throttled = false;
	s->reply_unacked = false;
	s->nack_due = false;
	s->nack_sent = false;
	s->busy_tries = 0;
	s->retry_ns = 0;
	clear_bit(vf, &m->ping);
	clear_bit(vf, &m->renew);
	kawela_mbx_fsm_event(&s->fsm, KAWELA_MBX_PF_EV_FLR);

	/* A VF that resets in a loop costs no more than reading the cause. */
	if (s->dirty) {
		s->dirty = false;
		m->ops->vf_flr(m->priv, vf);
	}
}

static void pf_acked(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];

	s->stats.acks++;
	kawela_mbx_pf_storm_ack(m, vf, now);
	kawela_mbx_pf_heard(s, now);
	s->reply_unacked = false;

	/*
	 * Without CTS it has nothing to read: it looks for a sign of life, see pf_bare_nack(). One
	 * that is suspended shall not try: stock igbvf resets on that sign, every ten seconds.
	 */
	s->nack_due = !session_ready(s) && !test_bit(vf, &m->suspended);
}

/* Whether an answer without CTS may go out now; igb keeps 2 s between them. */
static bool pf_nack_allowed(struct kawela_mbx_session *s, u64 now)
{
	if (s->nack_sent && now - s->nack_ns < KAWELA_MBX_NACK_NS)
		return false;

	s->nack_sent = true;
	s->nack_ns = now;
	return true;
}

/*
 * What a VF offers with RESET. The buffer may hold an older driver's words: blocks count when the
 * VF acts on them, see s->level1; any driver that is about to receive sends what LISTEN waits for.
 */
static u32 pf_offer(const struct kawela_mbx_pf *m, const u32 *w)
{
	return m->num_blocks && w[1] == KAWELA_ABI_MAGIC ? w[2] & KAWELA_FEATURES : 0;
}

/* A VF sends as soon as it reads the reply to RESET. */
static void pf_granted(struct kawela_mbx_pf *m, u16 vf)
{
	struct kawela_mbx_session *s = &m->session[vf];

	s->listen_due = s->offered & KAWELA_FEATURE_LISTEN && m->ops->vf_granted;
	if (s->listen_due)
		m->ops->vf_granted(m->priv, vf);
	else
		m->ops->vf_ready(m->priv, vf);
}

static void pf_handle_reset(struct kawela_mbx_pf *m, u16 vf, const u32 *req, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];
	u32 w[KAWELA_ABI_OFFER_REPLY_WORDS] = { KAWELA_ABI_BARE_NACK };
	unsigned int n = KAWELA_ABI_RESET_REPLY_WORDS;
	u8 mac[ETH_ALEN] = {};
	int err;

	s->dirty = true;
	s->nack_due = false;
	WRITE_ONCE(s->offered, pf_offer(m, req));
	memset(&s->refusal, 0, sizeof(s->refusal));
	kawela_mbx_pf_block_start(m, vf);
	kawela_mbx_fsm_event(&s->fsm, KAWELA_MBX_PF_EV_RESET_MSG);

	err = m->ops->vf_reset(m->priv, vf, mac);
	if (err && err != -EADDRNOTAVAIL) {
		s->stats.nacks++;
		kawela_mbx_fsm_event(&s->fsm, KAWELA_MBX_PF_EV_REFUSED);
		/* All three words, or the offer would be there still when a stock driver resets. */
		pf_reply(m, vf, w, n, now);
		return;
	}

	kawela_mbx_encode_reset_reply(err ? NULL : mac, w);
	if (s->offered) {
		w[3] = KAWELA_ABI_MAGIC;
		w[4] = KAWELA_FEATURES;
		n = KAWELA_ABI_OFFER_REPLY_WORDS;
	}
	s->stats.resets++;
	s->nack_sent = false;
	kawela_mbx_fsm_event(&s->fsm, KAWELA_MBX_PF_EV_GRANTED);
	pf_granted(m, vf);
	pf_reply(m, vf, w, n, now);
}

/* A request of a VF that has to reset first: refused without CTS, now and then. */
static void pf_handle_no_cts(struct kawela_mbx_pf *m, u16 vf, u32 request, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];
	u32 w[KAWELA_ABI_RESET_REPLY_WORDS] = { (request & ~KAWELA_ABI_CTS) | KAWELA_ABI_NACK };

	s->stats.no_cts++;
	if (!pf_nack_allowed(s, now)) {
		kawela_mbx_pf_hw_release(&m->port, vf);
		pf_drop(m, vf, "request without CTS");
		return;
	}

	pf_reply(m, vf, w, 1, now);
}

static void pf_note_refusal(struct kawela_mbx_session *s, u32 request, int err)
{
	s->stats.nacks++;
	WRITE_ONCE(s->refusal.request, request);
	WRITE_ONCE(s->refusal.err, err);
	WRITE_ONCE(s->refusal.count, s->refusal.count + 1);
}

static void pf_handle_legacy(struct kawela_mbx_pf *m, u16 vf, const u32 *w, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];
	u32 reply[KAWELA_ABI_RESET_REPLY_WORDS] = {};
	struct kawela_msg msg;
	int err;

	err = kawela_mbx_decode(w, &msg);
	if (err) {
		s->stats.bad++;
		pf_drop(m, vf, err == -EOPNOTSUPP ? "unknown message" : "malformed message");
	} else {
		err = m->ops->vf_request(m->priv, vf, &msg);
	}

	if (err)
		pf_note_refusal(s, w[0], err);

	reply[0] = kawela_mbx_reply_word(w[0], err);
	pf_reply(m, vf, reply, KAWELA_ABI_REPLY_WORDS, now);
}

static void pf_handle_level1(struct kawela_mbx_pf *m, u16 vf, const u32 *w, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];
	u32 reply[KAWELA_ABI_WORDS];
	int err;

	/* A VF that reads blocks all the time and does not ask for its news is rung, too. */
	if (!s->level1 || FIELD_GET(KAWELA_ABI_ID, w[0]) == KAWELA_MSG_BLOCK_INVALID)
		s->rung_ns = now;
	WRITE_ONCE(s->level1, true);
	err = kawela_mbx_pf_block(m, vf, w, reply);
	if (err) {
		s->stats.nacks++;
		pf_drop(m, vf, "config block message refused");
	}

	pf_reply(m, vf, reply, KAWELA_ABI_WORDS, now);
}

static bool is_level1(const struct kawela_mbx_session *s, u32 request)
{
	u16 id = FIELD_GET(KAWELA_ABI_ID, request);

	if (!(s->offered & KAWELA_FEATURE_BLOCKS))
		return false;
	return id >= KAWELA_ABI_LEVEL1 && id < KAWELA_MSG_PF_CONTROL;
}

static void pf_handle_request(struct kawela_mbx_pf *m, u16 vf, const u32 *w, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];

	if (is_level1(s, w[0])) {
		pf_handle_level1(m, vf, w, now);
		return;
	}
	if (s->listen_due) {
		s->listen_due = false;
		m->ops->vf_ready(m->priv, vf);
	}
	pf_handle_legacy(m, vf, w, now);
}

static void pf_serve_request(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];
	u32 w[KAWELA_ABI_WORDS];
	u64 wait;

	wait = kawela_mbx_limit_wait(&s->limit, now);
	if (wait) {
		if (!s->throttled)
			s->stats.throttled++;
		s->throttled = true;
		pf_again(m, now + wait);
		return;
	}

	if (!pf_take(m, vf, now))
		return;

	kawela_mbx_pf_storm_take(s, now);
	kawela_mbx_pf_hw_receive(&m->port, vf, w);
	memcpy(s->last, w, sizeof(s->last));
	s->req = false;
	s->throttled = false;
	s->stats.requests++;
	trace_kawela_mbx_receive(m->name, vf, w);

	if (w[0] & (KAWELA_ABI_ACK | KAWELA_ABI_NACK)) {
		/* Our own words, not a request. */
		s->stats.bad++;
		kawela_mbx_pf_hw_release(&m->port, vf);
		pf_drop(m, vf, "already answered");
	} else if (w[0] == KAWELA_MSG_RESET) {
		pf_handle_reset(m, vf, w, now);
	} else if (!session_ready(s)) {
		pf_handle_no_cts(m, vf, w[0], now);
	} else {
		pf_handle_request(m, vf, w, now);
	}
}

/* Tell a VF that reads without having CTS that it lost it. If this gets lost, it asks again. */
static void pf_bare_nack(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	u32 w[KAWELA_ABI_RESET_REPLY_WORDS] = { KAWELA_ABI_BARE_NACK };
	struct kawela_mbx_session *s = &m->session[vf];

	s->nack_due = false;
	if (session_ready(s) || (s->nack_sent && now - s->nack_ns < KAWELA_MBX_NACK_NS))
		return;
	if (!pf_take(m, vf, now))
		return;
	if (kawela_mbx_pf_hw_requested(&m->port, vf)) {
		kawela_mbx_pf_hw_release(&m->port, vf);
		return;
	}

	pf_nack_allowed(s, now);
	pf_send(m, vf, w, 1);
}

/* Send a control message, unless it would overwrite a request or a reply. */
static void pf_ping(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	u32 w[KAWELA_ABI_RESET_REPLY_WORDS] = { KAWELA_MSG_PF_CONTROL };
	struct kawela_mbx_session *s = &m->session[vf];

	if (s->reply_unacked && now - s->reply_ns < KAWELA_MBX_UNACKED_NS) {
		pf_again(m, s->reply_ns + KAWELA_MBX_UNACKED_NS);
		return;
	}

	if (!pf_take(m, vf, now))
		return;

	if (kawela_mbx_pf_hw_requested(&m->port, vf)) {
		/* Its cause is still set: the next pass serves it first. */
		kawela_mbx_pf_hw_release(&m->port, vf);
		pf_again(m, now);
		return;
	}

	clear_bit(vf, &m->ping);
	if (test_and_clear_bit(vf, &m->renew) &&
	    kawela_mbx_fsm_event(&s->fsm, KAWELA_MBX_PF_EV_RENEW))
		w[0] |= KAWELA_ABI_NACK;
	if (session_ready(s))
		w[0] |= KAWELA_ABI_CTS;
	s->stats.pings++;
	s->rung_ns = now;
	pf_send(m, vf, w, 1);
}

/* A VF that does not ask what changed is rung again: the word may have been overwritten. */
static void pf_ring(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];

	if (!session_ready(s) || !kawela_mbx_pf_block_due(s))
		return;
	if (now - s->rung_ns >= KAWELA_MBX_RING_NS) {
		set_bit(vf, &m->ping);
		s->rung_ns = now;
	}
	pf_again(m, s->rung_ns + KAWELA_MBX_RING_NS);
}

static void pf_serve_vf(struct kawela_mbx_pf *m, u16 vf, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];

	/* Before its requests are served, so that none is answered with CTS. */
	if (test_bit(vf, &m->suspended) &&
	    kawela_mbx_fsm_event(&s->fsm, KAWELA_MBX_PF_EV_SUSPEND))
		set_bit(vf, &m->ping);

	/* What there is to tell it waits as long as it does. */
	if (!kawela_mbx_pf_storm_over(m, vf, now)) {
		pf_again(m, s->storm.until_ns);
		return;
	}

	if (s->req)
		pf_serve_request(m, vf, now);
	if (s->req)
		return;
	if (s->nack_due)
		pf_bare_nack(m, vf, now);
	pf_ring(m, vf, now);
	pf_again(m, kawela_mbx_pf_silence(m, vf, now));
	if (test_bit(vf, &m->ping))
		pf_ping(m, vf, now);
}

static void pf_requested(struct kawela_mbx_pf *m, u16 vf, u64 since_ns, u64 now)
{
	struct kawela_mbx_session *s = &m->session[vf];

	kawela_mbx_pf_heard(s, now);
	if (!s->req)
		s->req_ns = since_ns;
	else if (s->throttled || s->busy_tries)
		kawela_mbx_pf_storm_wait(m, vf, now);
	s->req = true;
}

/*
 * One pass over all VFs. Returns in how many nanoseconds there is more to do, or KAWELA_MBX_IDLE.
 * Passes never run at the same time.
 */
u64 kawela_mbx_pf_service(struct kawela_mbx_pf *m, u64 now_ns)
{
	struct kawela_mbx_causes c;
	unsigned int i, num_vfs;
	u64 kicked_ns;

	kicked_ns = atomic64_xchg(&m->kicked_ns, 0) ?: now_ns;
	if (!READ_ONCE(m->running) || kawela_mbx_pf_hw_causes(&m->port, &c))
		return KAWELA_MBX_IDLE;

	m->again_ns = KAWELA_MBX_IDLE;
	num_vfs = m->num_vfs;

	for (i = 0; i < num_vfs; i++)
		if (c.flr & BIT(i))
			pf_flr(m, i, now_ns);

	/* What is acknowledged is older than what is requested, and than a reset. */
	for (i = 0; i < num_vfs; i++) {
		if (c.ack & ~c.flr & BIT(i))
			pf_acked(m, i, now_ns);
		if (c.req & BIT(i))
			pf_requested(m, i, kicked_ns, now_ns);
	}

	for (i = 0; i < num_vfs; i++)
		pf_serve_vf(m, (m->first + i) % num_vfs, now_ns);

	m->first = (m->first + 1) % num_vfs;

	if (m->again_ns == KAWELA_MBX_IDLE)
		return KAWELA_MBX_IDLE;

	return m->again_ns > now_ns ? m->again_ns - now_ns : 0;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_pf_service);

static void pf_work(struct work_struct *work)
{
	struct kawela_mbx_pf *m = container_of(to_delayed_work(work), struct kawela_mbx_pf,
					       service);
	u64 delay = kawela_mbx_pf_service(m, ktime_get_ns());

	if (delay != KAWELA_MBX_IDLE)
		queue_delayed_work(m->wq, &m->service, nsecs_to_jiffies(delay) + 1);
}

void kawela_mbx_pf_kick(struct kawela_mbx_pf *m)
{
	if (!READ_ONCE(m->running) || !m->wq)
		return;

	atomic64_cmpxchg(&m->kicked_ns, 0, ktime_get_ns());
	mod_delayed_work(m->wq, &m->service, 0);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_kick, "KAWELA");

/* Start or stop the service. Stopped, it has drained and stays away until started. */
static void pf_set_running(struct kawela_mbx_pf *m)
{
	bool run = m->num_vfs && !m->resetting;

	lockdep_assert_held(&m->ctl_lock);

	WRITE_ONCE(m->running, run);
	if (run)
		kawela_mbx_pf_kick(m);
	else
		cancel_delayed_work_sync(&m->service);
}

/* Stop the service and close the sessions. */
static void pf_stop(struct kawela_mbx_pf *m)
{
	unsigned int i, num_vfs = m->num_vfs;

	lockdep_assert_held(&m->ctl_lock);

	WRITE_ONCE(m->running, false);
	cancel_delayed_work_sync(&m->service);

	for (i = 0; i < num_vfs; i++)
		kawela_mbx_fsm_event(&m->session[i].fsm, KAWELA_MBX_PF_EV_DISABLE);
	m->num_vfs = 0;
	m->ping = 0;
	m->renew = 0;
	m->suspended = 0;
	m->unpark = 0;
	m->parked = 0;
}

static void pf_session_init(struct kawela_mbx_session *s, u16 vf)
{
	memset(s, 0, sizeof(*s));
	kawela_mbx_fsm_init(&s->fsm, &kawela_mbx_pf_fsm, vf);
	kawela_mbx_limit_init(&s->limit);
	s->dirty = true;
}

int kawela_mbx_pf_enable(struct kawela_mbx_pf *m, unsigned int num_vfs)
{
	struct kawela_mbx_causes stale;
	unsigned int i;

	if (!num_vfs || num_vfs > m->num_vfs_max)
		return -EINVAL;

	mutex_lock(&m->ctl_lock);
	pf_stop(m);

	if (!m->resetting) {
		kawela_mbx_pf_hw_listen(&m->port, 0);
		kawela_mbx_pf_hw_causes(&m->port, &stale);
	}
	for (i = 0; i < num_vfs; i++) {
		pf_session_init(&m->session[i], i);
		kawela_mbx_fsm_event(&m->session[i].fsm, KAWELA_MBX_PF_EV_ENABLE);
	}
	m->first = 0;
	m->num_vfs = num_vfs;
	pf_set_running(m);
	mutex_unlock(&m->ctl_lock);

	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_enable, "KAWELA");

void kawela_mbx_pf_disable(struct kawela_mbx_pf *m)
{
	mutex_lock(&m->ctl_lock);
	pf_stop(m);
	mutex_unlock(&m->ctl_lock);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_disable, "KAWELA");

/* Take CTS from one VF and tell it, if its buffer is free: nothing in there survives the reset. */
static void pf_reset_session(struct kawela_mbx_pf *m, u16 vf)
{
	u32 w[KAWELA_ABI_RESET_REPLY_WORDS] = { KAWELA_MSG_PF_CONTROL };
	struct kawela_mbx_session *s = &m->session[vf];

	kawela_mbx_fsm_event(&s->fsm, KAWELA_MBX_PF_EV_PF_RESET);
	if (s->req)
		pf_drop(m, vf, "request from before a reset of the PF");
	s->storm.owed = false;
	s->req = false;
	s->throttled = false;
	s->reply_unacked = false;
	s->nack_due = false;
	s->nack_sent = false;
	s->busy_tries = 0;
	s->retry_ns = 0;
	s->dirty = true;

	if (!kawela_mbx_pf_hw_take(&m->port, vf)) {
		s->stats.pings++;
		pf_send(m, vf, w, 1);
	}
}

void kawela_mbx_pf_reset_begin(struct kawela_mbx_pf *m)
{
	unsigned int i;

	mutex_lock(&m->ctl_lock);
	m->resetting = true;
	pf_set_running(m);
	for (i = 0; i < m->num_vfs; i++)
		pf_reset_session(m, i);
	mutex_unlock(&m->ctl_lock);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_reset_begin, "KAWELA");

void kawela_mbx_pf_reset_end(struct kawela_mbx_pf *m)
{
	unsigned int i;

	mutex_lock(&m->ctl_lock);
	kawela_mbx_pf_hw_listen(&m->port, m->parked);
	for (i = 0; i < m->num_vfs; i++)
		set_bit(i, &m->ping);
	m->resetting = false;
	pf_set_running(m);
	mutex_unlock(&m->ctl_lock);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_reset_end, "KAWELA");

void kawela_mbx_pf_notify_link(struct kawela_mbx_pf *m)
{
	unsigned int i;

	for (i = 0; i < READ_ONCE(m->num_vfs); i++)
		set_bit(i, &m->ping);

	kawela_mbx_pf_kick(m);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_notify_link, "KAWELA");

void kawela_mbx_pf_renew(struct kawela_mbx_pf *m, u16 vf)
{
	if (vf >= READ_ONCE(m->num_vfs))
		return;

	/* One that is out of service asks again when it is back. */
	if (test_bit(vf, &m->suspended))
		return;

	set_bit(vf, &m->renew);
	set_bit(vf, &m->ping);
	kawela_mbx_pf_kick(m);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_renew, "KAWELA");

void kawela_mbx_pf_suspend_vf(struct kawela_mbx_pf *m, u16 vf)
{
	if (vf >= READ_ONCE(m->num_vfs))
		return;

	clear_bit(vf, &m->renew);
	set_bit(vf, &m->suspended);
	kawela_mbx_pf_kick(m);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_suspend_vf, "KAWELA");

void kawela_mbx_pf_resume_vf(struct kawela_mbx_pf *m, u16 vf)
{
	if (vf >= READ_ONCE(m->num_vfs) || !test_and_clear_bit(vf, &m->suspended))
		return;

	kawela_mbx_pf_renew(m, vf);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_resume_vf, "KAWELA");

bool kawela_mbx_pf_vf_ready(const struct kawela_mbx_pf *m, u16 vf)
{
	return vf < m->num_vfs_max && session_ready(&m->session[vf]);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_vf_ready, "KAWELA");

static u32 refusal_reason(int err)
{
	switch (err) {
	case 0:
		return KAWELA_REFUSAL_NONE;
	case -EBADMSG:
	case -EINVAL:
		return KAWELA_REFUSAL_MALFORMED;
	case -EOPNOTSUPP:
		return KAWELA_REFUSAL_UNKNOWN;
	case -EPERM:
		return KAWELA_REFUSAL_NOT_ALLOWED;
	case -EEXIST:
		return KAWELA_REFUSAL_TAKEN;
	case -ENOSPC:
		return KAWELA_REFUSAL_FULL;
	case -EAGAIN:
	case -ENODEV:
		return KAWELA_REFUSAL_NOT_NOW;
	default:
		return KAWELA_REFUSAL_OTHER;
	}
}

void kawela_mbx_pf_get_refusal(const struct kawela_mbx_pf *m, u16 vf,
			       struct kawela_block_refusal *refusal)
{
	const struct kawela_mbx_refusal *r;

	memset(refusal, 0, sizeof(*refusal));
	if (vf >= m->num_vfs_max)
		return;

	r = &m->session[vf].refusal;
	refusal->count = cpu_to_le32(READ_ONCE(r->count));
	refusal->request = cpu_to_le32(READ_ONCE(r->request));
	refusal->reason = cpu_to_le32(refusal_reason(READ_ONCE(r->err)));
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_get_refusal, "KAWELA");

void kawela_mbx_pf_get_info(const struct kawela_mbx_pf *m, u16 vf,
			    struct kawela_mbx_pf_info *info)
{
	const struct kawela_mbx_session *s;
	u64 until_ns, now_ns;

	memset(info, 0, sizeof(*info));
	info->state = kawela_mbx_fsm_state_name(&kawela_mbx_pf_fsm, KAWELA_MBX_PF_OFF);
	if (vf >= READ_ONCE(m->num_vfs))
		return;

	s = &m->session[vf];
	info->state = kawela_mbx_fsm_state_name(&kawela_mbx_pf_fsm, kawela_mbx_fsm_state(&s->fsm));
	info->level1 = kawela_mbx_pf_level1(m, vf);
	if (session_ready(s))
		info->features = READ_ONCE(s->offered);
	until_ns = READ_ONCE(s->storm.until_ns);
	now_ns = ktime_get_ns();
	if (until_ns) {
		info->parked = true;
		if (until_ns > now_ns)
			info->parked_ms = div_u64(until_ns - now_ns, NSEC_PER_MSEC);
	}
	/* For the eye: words of two requests do no harm. */
	data_race(memcpy(info->last, s->last, sizeof(info->last)));
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_get_info, "KAWELA");

int kawela_mbx_pf_get_stats(const struct kawela_mbx_pf *m, u16 vf,
			    struct kawela_mbx_pf_stats *stats)
{
	if (vf >= m->num_vfs_max)
		return -EINVAL;

	/* Counters of a work that may run now: each is whole, together they are a moment apart. */
	*stats = data_race(m->session[vf].stats);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_get_stats, "KAWELA");

struct kawela_mbx_pf *
kawela_mbx_pf_create_on(const struct kawela_mbx_port *port, const char *name,
			unsigned int num_vfs_max, const struct kawela_mbx_pf_ops *ops, void *priv,
			struct workqueue_struct *wq)
{
	struct kawela_mbx_pf *m;
	unsigned int i;

	if (!num_vfs_max || num_vfs_max > KW_MAX_VFS)
		return ERR_PTR(-EINVAL);

	m = kzalloc(struct_size(m, session, num_vfs_max), GFP_KERNEL);
	if (!m)
		return ERR_PTR(-ENOMEM);

	m->num_vfs_max = num_vfs_max;
	m->port = *port;
	m->ops = ops;
	m->priv = priv;
	m->name = name;
	m->wq = wq;
	mutex_init(&m->ctl_lock);
	INIT_DELAYED_WORK(&m->service, pf_work);
	for (i = 0; i < num_vfs_max; i++)
		pf_session_init(&m->session[i], i);

	return m;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_pf_create_on);

struct kawela_mbx_pf *kawela_mbx_pf_create(struct device *dev, struct kawela_io *io,
					   unsigned int num_vfs_max,
					   const struct kawela_mbx_pf_ops *ops, void *priv)
{
	struct kawela_mbx_port port = { .ops = &kawela_mbx_io_port_ops, .hw = io };
	struct workqueue_struct *wq;
	struct kawela_mbx_pf *m;

	/* Stock VF drivers spin until they are answered. */
	wq = alloc_ordered_workqueue("kawela_mbx:%s", WQ_HIGHPRI, dev_name(dev));
	if (!wq)
		return ERR_PTR(-ENOMEM);

	m = kawela_mbx_pf_create_on(&port, dev_name(dev), num_vfs_max, ops, priv, wq);
	if (IS_ERR(m))
		destroy_workqueue(wq);

	return m;
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_create, "KAWELA");

void kawela_mbx_pf_destroy(struct kawela_mbx_pf *m)
{
	if (!m)
		return;

	kawela_mbx_pf_disable(m);
	disable_delayed_work_sync(&m->service);
	if (m->wq)
		destroy_workqueue(m->wq);
	mutex_destroy(&m->ctl_lock);
	kfree(m);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_destroy, "KAWELA");
