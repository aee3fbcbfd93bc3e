// SPDX-License-Identifier: GPL-2.0-only
/*
 * All interleavings of a VF, the PF end's service and the host's wishes, for an exchange of
 * invalidations: whatever the order, no request is lost and every change is heard of.
 *
 * Owns: a VF in steps of a few registers, which is a model and not mbx_vf.c, and the order of
 * everything. Never touches: the PF end's insides, except to see that nothing is left over.
 * Locks: none; one thread plays all parts.
 *
 * A run goes along a path of choices; the next run takes the last choice that has an alternative
 * the other way, until there is none. A run ends where one was before: what follows is the same.
 * Others come in between two registers of a service pass, too, as often as a case allows.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/jhash.h>

#include "fake_hw.h"

#define VF		0
#define MAX_CHOICES	1024
#define MAX_STEPS	1000
#define MAX_EVENTS	4
#define MAX_STATES	BIT(17)

/* What the host does, as often as it is in a case's list. */
enum event {
	NOTHING,	/* end of the list */
	CHANGE_1,	/* block 1 becomes invalid */
	CHANGE_2,
	LINK,		/* a control message for the link */
	FLR,		/* behind the VF driver's back */
	PF_RESET,	/* not in the middle of a pass, for which it waits */
	NUM_EVENTS
};

static const char event_names[NUM_EVENTS + 1] = ".12lfr";

/* The next step of the VF. */
enum vf_step {
	LOST,		/* reset, ask for a session */
	IDLE,		/* look for a message, or begin to ask what is invalid */
	TAKE,		/* the buffer, to write */
	WRITE_REQ,
	SEE_ACK,
	SEE_STS,
	TAKE_READ,	/* the buffer, to read */
	READ_ACK,
};

/**
 * struct choices - the choices of a run
 * @taken: which alternative
 * @of: how many there were
 * @len: choices made
 * @pos: choices made again in this run
 */
struct choices {
	u8 taken[MAX_CHOICES];
	u8 of[MAX_CHOICES];
	unsigned int len;
	unsigned int pos;
};

/**
 * struct vf_state - the VF
 * @step: its next step
 * @reset: it asks for a session
 * @poll: it reads what came unasked
 * @merge: a control message came where a reply belongs
 * @want: it is going to ask what is invalid
 * @seq: number of its transfer
 * @latched: bits of V2PMAILBOX
 * @told: what it was told, takes with the next message
 * @w: its message
 */
struct vf_state {
	enum vf_step step;
	bool reset;
	bool poll;
	bool merge;
	bool want;
	u8 seq;
	u32 latched;
	u64 told;
	u32 w[KAWELA_ABI_WORDS];
};

/**
 * struct world - everything there is
 * @hw: registers
 * @pf: PF end
 * @choices: this run
 * @now: time
 * @due: when the service wants to run by itself
 * @kicked: the service has a reason to run
 * @inside: steps that may come in the middle of a pass
 * @events: what the host will do
 * @faults: the host did something that may cost a request
 * @unread: blocks that changed and the VF did not read since; the truth
 * @broken: what is wrong
 * @trace: what happened
 * @len: of it
 * @vf: the VF
 * @seen: hashes of the states in which runs were before, 0 for none
 * @states: how many
 */
struct world {
	struct fake_hw hw;
	struct kawela_mbx_pf *pf;
	struct choices choices;
	u64 now;
	u64 due;
	bool kicked;
	unsigned int inside;
	enum event events[MAX_EVENTS];
	bool faults;
	u64 unread;
	const char *broken;
	char trace[256];
	unsigned int len;
	struct vf_state vf;
	u64 *seen;
	unsigned int states;
};

static void note(struct world *x, char c)
{
	if (x->len < sizeof(x->trace) - 1)
		x->trace[x->len++] = c;
}

static void broken(struct world *x, const char *why)
{
	if (!x->broken)
		x->broken = why;
}

/* ---- choices ---- */

static unsigned int choose(struct world *x, unsigned int n)
{
	struct choices *p = &x->choices;

	if (n < 2)
		return 0;
	if (p->pos == p->len) {
		if (p->len == MAX_CHOICES) {
			broken(x, "too many choices");
			return 0;
		}
		p->taken[p->len] = 0;
		p->of[p->len++] = n;
	}
	if (p->of[p->pos] != n)
		broken(x, "not the same way again");
	return p->taken[p->pos++];
}

/* False: all paths were gone. */
static bool next_path(struct choices *p)
{
	p->pos = 0;
	while (p->len && p->taken[p->len - 1] + 1 == p->of[p->len - 1])
		p->len--;
	if (!p->len)
		return false;

	p->taken[p->len - 1]++;
	return true;
}

/* ---- the VF ---- */

static u32 vf_look(struct world *x)
{
	struct kawela_mbx_port port = fake_vf_port(&x->hw, VF);
	u32 val = mbx_rd32(&port, KW_V2PMAILBOX);

	x->vf.latched |= val & KAWELA_MBX_V2P_LATCHED;
	return val;
}

static bool vf_consume(struct world *x, u32 bit)
{
	bool any = x->vf.latched & bit;

	x->vf.latched &= ~bit;
	return any;
}

static bool vf_take(struct world *x)
{
	struct kawela_mbx_port port = fake_vf_port(&x->hw, VF);

	mbx_wr32(&port, KW_V2PMAILBOX, KW_V2P_VFU);
	return vf_look(x) & KW_V2P_VFU;
}

static bool is_control(u32 word)
{
	return (word & KAWELA_ABI_ID) == KAWELA_MSG_PF_CONTROL;
}

static bool is_lost(u32 word)
{
	return word != KAWELA_ABI_RESET_NO_MAC &&
	       kawela_mbx_decode_reply(word, word) == -ENOTCONN;
}

static void vf_lost(struct world *x)
{
	if (!x->faults)
		broken(x, "session lost");
	x->vf.step = LOST;
}

static void vf_begin(struct world *x, bool reset)
{
	struct kawela_block_msg msg = { .id = KAWELA_MSG_BLOCK_INVALID, .seq = ++x->vf.seq };

	msg.mask = x->vf.told;
	kawela_block_encode(&msg, x->vf.w);
	if (reset) {
		memset(x->vf.w, 0, sizeof(x->vf.w));
		x->vf.w[0] = KAWELA_MSG_RESET;
		x->vf.w[1] = KAWELA_ABI_MAGIC;
		x->vf.w[2] = KAWELA_FEATURES;
	}
	x->vf.reset = reset;
	x->vf.want = false;
	x->vf.merge = false;
	x->vf.step = TAKE;
}

static void vf_reset(struct world *x)
{
	struct kawela_mbx_port port = fake_vf_port(&x->hw, VF);

	mbx_wr32(&port, KW_CTRL, KW_CTRL_RST);
	vf_look(x);
	x->vf.latched = 0;
	x->vf.poll = false;
	x->vf.told = 0;
	vf_begin(x, true);
}

static void vf_idle(struct world *x)
{
	vf_look(x);
	/* Whoever asks may be faster than whoever looks for messages. */
	if (x->vf.latched & KW_V2P_PFSTS && (!x->vf.want || choose(x, 2))) {
		vf_consume(x, KW_V2P_PFSTS);
		x->vf.poll = true;
		x->vf.step = TAKE_READ;
	} else if (x->vf.want) {
		vf_begin(x, false);
	}
}

static void vf_take_to_write(struct world *x)
{
	struct kawela_mbx_port port = fake_vf_port(&x->hw, VF);
	u32 old;

	if (!vf_take(x))
		return;

	x->vf.step = WRITE_REQ;
	if (!vf_consume(x, KW_V2P_PFSTS))
		return;

	old = mbx_rd32(&port, KW_VMBMEM(0));
	if (!x->vf.reset && is_lost(old)) {
		mbx_wr32(&port, KW_V2PMAILBOX, KW_V2P_ACK);
		vf_lost(x);
	} else if (is_control(old)) {
		x->vf.want = true;
	}
}

static void vf_write(struct world *x)
{
	struct kawela_mbx_port port = fake_vf_port(&x->hw, VF);
	unsigned int i;

	vf_look(x);
	x->vf.latched = 0;
	for (i = 0; i < KAWELA_ABI_WORDS; i++)
		mbx_wr32(&port, KW_VMBMEM(0) + 4 * i, x->vf.w[i]);
	mbx_wr32(&port, KW_V2PMAILBOX, KW_V2P_REQ);
	x->vf.step = SEE_ACK;
}

/* The reply to its message: the blocks that it names are read there and then. */
static void vf_reply(struct world *x, const u32 *w)
{
	struct kawela_block_msg msg;

	x->vf.step = IDLE;
	if (x->vf.reset && (w[0] == KAWELA_ABI_RESET_ACK || w[0] == KAWELA_ABI_RESET_NO_MAC)) {
		if (w[3] != KAWELA_ABI_MAGIC)
			broken(x, "no features");
		x->vf.want = true;
	} else if (x->vf.reset || is_lost(w[0])) {
		vf_lost(x);
	} else if (kawela_mbx_decode_reply(x->vf.w[0], w[0]) || kawela_block_decode(w, &msg) ||
		   msg.seq != x->vf.seq) {
		/* After a reset of the PF the buffer is empty. */
		vf_lost(x);
	} else {
		x->unread &= ~msg.mask;
		x->vf.told = msg.mask;
		x->vf.want |= !!msg.mask;
	}
}

static void vf_read(struct world *x)
{
	struct kawela_mbx_port port = fake_vf_port(&x->hw, VF);
	u32 w[KAWELA_ABI_WORDS];
	unsigned int i;

	for (i = 0; i < KAWELA_ABI_WORDS; i++)
		w[i] = mbx_rd32(&port, KW_VMBMEM(0) + 4 * i);
	mbx_wr32(&port, KW_V2PMAILBOX, KW_V2P_ACK);

	if (x->vf.poll) {
		x->vf.poll = false;
		x->vf.step = IDLE;
		if (w[0] & KAWELA_ABI_CTS)
			x->vf.want = true;
		else if (is_lost(w[0]))
			vf_lost(x);
	} else if (!is_control(w[0])) {
		vf_reply(x, w);
	} else if (!x->vf.reset && is_lost(w[0])) {
		vf_lost(x);
	} else {
		if (!x->faults)
			broken(x, "a control message over a reply");
		x->vf.want = true;
		x->vf.merge = true;
		x->vf.step = SEE_STS;
	}
}

static void vf_do(struct world *x)
{
	note(x, 'A' + x->vf.step);
	switch (x->vf.step) {
	case LOST:
		vf_reset(x);
		break;
	case IDLE:
		vf_idle(x);
		break;
	case TAKE:
		vf_take_to_write(x);
		break;
	case WRITE_REQ:
		vf_write(x);
		break;
	case SEE_ACK:
		vf_look(x);
		if (vf_consume(x, KW_V2P_PFACK))
			x->vf.step = SEE_STS;
		break;
	case SEE_STS:
		vf_look(x);
		if (vf_consume(x, KW_V2P_PFSTS))
			x->vf.step = TAKE_READ;
		break;
	case TAKE_READ:
		if (vf_take(x))
			x->vf.step = READ_ACK;
		break;
	case READ_ACK:
		vf_read(x);
		break;
	}
}

/* Whether a step would change anything. */
static bool vf_can(const struct world *x)
{
	u32 bits = x->vf.latched | x->hw.v2p[VF];

	switch (x->vf.step) {
	case IDLE:
		return x->vf.want || bits & KW_V2P_PFSTS;
	case SEE_ACK:
		return bits & KW_V2P_PFACK;
	case SEE_STS:
		return bits & KW_V2P_PFSTS;
	case TAKE:
	case TAKE_READ:
		return !(bits & KW_V2P_PFU);
	default:
		return true;
	}
}

/* ---- the host ---- */

static void host_do(struct world *x, unsigned int i)
{
	enum event event = x->events[i];

	note(x, event_names[event]);
	for (; i < MAX_EVENTS - 1; i++)
		x->events[i] = x->events[i + 1];
	x->events[i] = NOTHING;

	switch (event) {
	case CHANGE_1:
	case CHANGE_2:
		x->unread |= BIT_ULL(event);
		kawela_mbx_block_invalidate(x->pf, VF, BIT_ULL(event));
		break;
	case LINK:
		kawela_mbx_pf_notify_link(x->pf);
		break;
	case FLR:
		x->faults = true;
		fake_vf_flr(&x->hw, VF);
		break;
	case PF_RESET:
		x->faults = true;
		kawela_mbx_pf_reset_begin(x->pf);
		fake_pf_reset(&x->hw);
		kawela_mbx_pf_reset_end(x->pf);
		fake_pf_reset_done(&x->hw);
		/* RSTI tells the VF that the buffer it had is not its own any more. */
		if (x->vf.step == WRITE_REQ || x->vf.step == READ_ACK)
			x->vf.step = LOST;
		break;
	default:
		break;
	}
	x->kicked = true;
}

static unsigned int host_left(const struct world *x)
{
	unsigned int n = 0;

	while (n < MAX_EVENTS && x->events[n])
		n++;
	return n;
}

/* ---- the PF's service ---- */

/* Between two registers of a pass: the VF's step, or one of the host's wishes, in any number. */
static void meanwhile(struct world *x)
{
	unsigned int i, n, vf;

	while (x->inside) {
		vf = vf_can(x);
		n = host_left(x);
		if (n && x->events[n - 1] == PF_RESET)
			n--;
		i = choose(x, 1 + vf + n);
		if (!i)
			return;
		x->inside--;
		if (vf && i == 1)
			vf_do(x);
		else
			host_do(x, i - 1 - vf);
	}
}

static bool is_buffer(u32 reg)
{
	return reg >= KW_VMBMEM(0) && reg < KW_VMBMEM(FAKE_VFS);
}

static u32 slow_rd32(void *hw, u32 reg)
{
	struct world *x = hw;
	struct kawela_mbx_port port = fake_pf_port(&x->hw);

	if (!is_buffer(reg))
		meanwhile(x);
	return mbx_rd32(&port, reg);
}

static void slow_wr32(void *hw, u32 reg, u32 val)
{
	struct world *x = hw;
	struct kawela_mbx_port port = fake_pf_port(&x->hw);

	if (!is_buffer(reg))
		meanwhile(x);
	mbx_wr32(&port, reg, val);
}

static bool slow_removed(void *hw)
{
	return false;
}

static const struct kawela_mbx_port_ops slow_ops = {
	.rd32		= slow_rd32,
	.wr32		= slow_wr32,
	.removed	= slow_removed,
};

static void on_pf_irq(void *priv)
{
	struct world *x = priv;

	x->kicked = true;
}

static void pf_do(struct world *x)
{
	u64 delay;

	note(x, '(');
	x->kicked = false;
	delay = kawela_mbx_pf_service(x->pf, x->now);
	x->due = delay == KAWELA_MBX_IDLE ? U64_MAX : x->now + delay;
	note(x, ')');
}

static void ops_flr(void *priv, u16 vf)
{
}

static int ops_reset(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	return -EADDRNOTAVAIL;
}

static void ops_ready(void *priv, u16 vf)
{
}

static int ops_request(void *priv, u16 vf, const struct kawela_msg *msg)
{
	return 0;
}

static const struct kawela_mbx_pf_ops pf_ops = {
	.vf_flr		= ops_flr,
	.vf_reset	= ops_reset,
	.vf_ready	= ops_ready,
	.vf_request	= ops_request,
};

static int no_read(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX])
{
	return -ENOENT;
}

static const struct kawela_mbx_block blocks[] = {
	{ .id = CHANGE_1, .read = no_read }, { .id = CHANGE_2, .read = no_read },
};

/* ---- runs ---- */

/* Nobody can do anything now: time passes, to the service's next pass or a wait's end. */
static bool time_passes(struct world *x)
{
	bool waits = x->vf.step == SEE_ACK || x->vf.step == SEE_STS;
	u64 wait = x->due - x->now;

	note(x, 't');
	if (x->vf.merge && x->vf.step == SEE_STS) {
		x->vf.merge = false;
		x->vf.step = TAKE;
		return true;
	}
	if (waits && wait >= NSEC_PER_SEC) {
		if (!x->faults)
			broken(x, "request lost");
		x->vf.step = LOST;
		return true;
	}
	/* A VF that was reset behind its back finds out when it wants something the next time. */
	if (x->vf.step == IDLE && x->faults && !kawela_mbx_pf_vf_ready(x->pf, VF)) {
		x->vf.want = true;
		return true;
	}
	if (!waits && (!x->unread || x->due == U64_MAX))
		return false;

	/* The ring once a second is for a word that got lost. */
	if (!x->faults && wait >= NSEC_PER_SEC)
		broken(x, "told late");
	x->now = x->due;
	return true;
}

static bool one_step(struct world *x)
{
	unsigned int n = host_left(x);
	bool vf = vf_can(x), pf = x->kicked || x->due <= x->now;
	unsigned int i;

	if (!vf && !pf && !n)
		return time_passes(x);

	i = choose(x, vf + pf + n);
	if (vf && !i)
		vf_do(x);
	else if (pf && i == vf)
		pf_do(x);
	else
		host_do(x, i - vf - pf);
	return true;
}

static void hash_bytes(u64 *hash, const void *p, u32 len)
{
	*hash = (u64)jhash(p, len, *hash) << 32 | jhash(p, len, *hash >> 32);
}

/* All that the future depends on; counters and the rate limit are not part of it. */
static u64 hash_of(struct world *x)
{
	struct kawela_mbx_session s;
	u64 hash = 1, times[] = { x->now, x->due, x->unread };
	u32 bits[] = {
		x->hw.p2v[VF], x->hw.v2p[VF], x->hw.mbvficr, x->hw.vflre, x->pf->ping,
		x->kicked, x->inside, x->faults,
	};

	memcpy(&s, &x->pf->session[VF], sizeof(s));
	memset(&s.stats, 0, sizeof(s.stats));
	memset(&s.limit, 0, sizeof(s.limit));
	hash_bytes(&hash, &s, sizeof(s));
	hash_bytes(&hash, x->hw.mem[VF], sizeof(x->hw.mem[VF]));
	hash_bytes(&hash, bits, sizeof(bits));
	hash_bytes(&hash, times, sizeof(times));
	hash_bytes(&hash, x->events, sizeof(x->events));
	hash_bytes(&hash, &x->vf, sizeof(x->vf));
	return hash ?: 1;
}

/* Whether a run was in this state before; remembers it. */
static bool seen(struct world *x)
{
	u64 hash = hash_of(x);
	unsigned int i = hash % MAX_STATES;

	for (; x->seen[i]; i = (i + 1) % MAX_STATES)
		if (x->seen[i] == hash)
			return true;

	x->seen[i] = hash;
	if (++x->states == MAX_STATES - 1)
		broken(x, "too many states");
	return false;
}

/* True: nothing is left to do. False: it is broken, or goes on like a run before. */
static bool until_quiet(struct world *x)
{
	unsigned int steps = 0;

	for (;;) {
		/* Where choices are made again, it was of course. */
		if (x->choices.pos == x->choices.len && seen(x))
			return false;
		if (!one_step(x))
			return true;
		if (++steps == MAX_STEPS)
			broken(x, "no end");
		if (x->broken)
			return false;
	}
}

static void check(struct world *x)
{
	struct kawela_mbx_session *s = &x->pf->session[VF];

	if (x->hw.violations)
		broken(x, "buffer touched without owning it");
	if (x->hw.v2p[VF] & (KW_V2P_VFU | KW_V2P_PFU))
		broken(x, "buffer kept");
	if (x->vf.step != IDLE || !kawela_mbx_pf_vf_ready(x->pf, VF))
		broken(x, "no session");
	if (x->unread)
		broken(x, "change not heard of");
	if (s->told || atomic64_read(&s->invalid))
		broken(x, "something left to take");
}

/* Up to where the exchange begins there is one way only. */
static void world_begin(struct world *x)
{
	x->now = 1000 * NSEC_PER_SEC;
	x->due = U64_MAX;
	x->inside = 0;
	x->broken = NULL;
	x->len = 0;
	x->faults = false;
	x->unread = 0;
	memset(&x->vf, 0, sizeof(x->vf));
	memset(x->events, 0, sizeof(x->events));
	fake_hw_init(&x->hw);
	x->hw.priv = x;
	x->hw.pf_irq = on_pf_irq;
	kawela_mbx_pf_enable(x->pf, 1);
	x->kicked = false;

	x->vf.step = LOST;
	while (x->vf.step != IDLE || x->vf.want || x->kicked) {
		if (vf_can(x))
			vf_do(x);
		else
			pf_do(x);
	}
	check(x);
	x->len = 0;
}

static void run_all(struct kunit *test, enum vf_step step, unsigned int inside,
		    const enum event *events, unsigned int n)
{
	struct world *x = test->priv;
	unsigned int runs = 0, ends = 0;

	memset(x->seen, 0, MAX_STATES * sizeof(*x->seen));
	x->states = 0;
	x->choices.len = 0;
	x->choices.pos = 0;
	do {
		world_begin(x);
		memcpy(x->events, events, n * sizeof(*events));
		x->inside = inside;
		x->vf.want = true;
		x->vf.step = step;
		if (until_quiet(x)) {
			check(x);
			ends++;
		}
		x->trace[x->len] = 0;
		KUNIT_ASSERT_NULL_MSG(test, x->broken, "%s: %s", x->broken, x->trace);
		runs++;
	} while (next_path(&x->choices));

	kunit_info(test, "%u states, %u runs, %u to the end", x->states, runs, ends);
	KUNIT_EXPECT_GT(test, ends, 0);
}

#define RUN_ALL(test, inside, ...)	RUN_FROM(test, IDLE, inside, __VA_ARGS__)

#define RUN_FROM(test, step, inside, ...)						\
	do {										\
		static const enum event list[] = { __VA_ARGS__ };			\
											\
		run_all(test, step, inside, list, ARRAY_SIZE(list));			\
	} while (0)

static void test_change(struct kunit *test)
{
	RUN_ALL(test, 4, CHANGE_1);
}

static void test_two_changes(struct kunit *test)
{
	RUN_ALL(test, 3, CHANGE_1, CHANGE_1);
	RUN_ALL(test, 2, CHANGE_1, CHANGE_2);
}

static void test_change_and_link(struct kunit *test)
{
	RUN_ALL(test, 2, CHANGE_1, LINK);
}

static void test_changes_and_link(struct kunit *test)
{
	RUN_ALL(test, 2, CHANGE_1, CHANGE_1, LINK);
}

/* The VF's driver resets it and connects again: that session stands. */
static void test_connect(struct kunit *test)
{
	RUN_FROM(test, LOST, 3, CHANGE_1);
	RUN_FROM(test, LOST, 3, LINK);
}

static void test_flr(struct kunit *test)
{
	RUN_ALL(test, 2, CHANGE_1, FLR);
	RUN_ALL(test, 1, CHANGE_1, LINK, FLR);
}

static void test_pf_reset(struct kunit *test)
{
	RUN_ALL(test, 1, CHANGE_1, LINK, PF_RESET);
}

static int interleave_init(struct kunit *test)
{
	struct kawela_mbx_port port = { .ops = &slow_ops };
	struct world *x;

	x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, x);
	test->priv = x;
	x->seen = kunit_kcalloc(test, MAX_STATES, sizeof(*x->seen), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, x->seen);
	fake_hw_init(&x->hw);
	port.hw = x;
	x->pf = kawela_mbx_pf_create_on(&port, "fake", 1, &pf_ops, x, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(x->pf));
	KUNIT_ASSERT_EQ(test, kawela_mbx_block_register(x->pf, blocks, ARRAY_SIZE(blocks)), 0);
	return 0;
}

static void interleave_exit(struct kunit *test)
{
	struct world *x = test->priv;

	if (x && !IS_ERR_OR_NULL(x->pf))
		kawela_mbx_pf_destroy(x->pf);
}

static struct kunit_case interleave_cases[] = {
	KUNIT_CASE(test_change),
	KUNIT_CASE(test_two_changes),
	KUNIT_CASE(test_change_and_link),
	KUNIT_CASE(test_changes_and_link),
	KUNIT_CASE(test_connect),
	KUNIT_CASE(test_flr),
	KUNIT_CASE(test_pf_reset),
	{}
};

static struct kunit_suite interleave_suite = {
	.name = "kawela_mbx_interleave",
	.init = interleave_init,
	.exit = interleave_exit,
	.test_cases = interleave_cases,
};

kunit_test_suite(interleave_suite);
