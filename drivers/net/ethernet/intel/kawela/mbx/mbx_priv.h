/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of kawela_mbx: register port, state machines, rate limit, both ends.
 *
 * Owns: what the files of this directory share. Never included outside of it.
 * Locks: see include/net/kawela/mbx.h.
 */
#ifndef _KAWELA_MBX_PRIV_H
#define _KAWELA_MBX_PRIV_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/kconfig.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <net/kawela/mbx.h>
#include <net/kawela/regs.h>

struct pci_dev;

/* ---- register port: MMIO, or the model in tests/fake_hw.c ---- */

/**
 * struct kawela_mbx_port_ops - how a mailbox end reaches its registers
 * @rd32: read a register; all ones when the function is gone
 * @wr32: write a register
 * @removed: whether the function is gone
 *
 * All may be called in any context.
 */
struct kawela_mbx_port_ops {
	u32 (*rd32)(void *hw, u32 reg);
	void (*wr32)(void *hw, u32 reg, u32 val);
	bool (*removed)(void *hw);
};

/**
 * struct kawela_mbx_port - registers of one function
 * @ops: how
 * @hw: handed to @ops
 */
struct kawela_mbx_port {
	const struct kawela_mbx_port_ops *ops;
	void *hw;
};

extern const struct kawela_mbx_port_ops kawela_mbx_io_port_ops;

static inline u32 mbx_rd32(const struct kawela_mbx_port *port, u32 reg)
{
	return port->ops->rd32(port->hw, reg);
}

static inline void mbx_wr32(const struct kawela_mbx_port *port, u32 reg, u32 val)
{
	port->ops->wr32(port->hw, reg, val);
}

static inline bool mbx_removed(const struct kawela_mbx_port *port)
{
	return port->ops->removed(port->hw);
}

/* ---- state machines ---- */

/*
 * PF end, one per VF. Only the service work, or the control calls while it is stopped, may move
 * it.
 *
 *	OFF --ENABLE--> WAIT --RESET_MSG--> RESETTING --GRANTED--> READY
 *	                 ^                      |                    |
 *	                 +---REFUSED, FLR, PF_RESET,-----------------+
 *	                     RENEW, SUSPEND, SILENT
 *	any --DISABLE--> OFF; READY --RESET_MSG--> RESETTING
 */
enum kawela_mbx_pf_state {
	KAWELA_MBX_PF_OFF,		/* VF not enabled */
	KAWELA_MBX_PF_WAIT,		/* no CTS: waits for RESET */
	KAWELA_MBX_PF_RESETTING,	/* RESET in the PF driver's hands */
	KAWELA_MBX_PF_READY,		/* clear to send */
	KAWELA_MBX_PF_NUM_STATES
};

enum kawela_mbx_pf_event {
	KAWELA_MBX_PF_EV_ENABLE,
	KAWELA_MBX_PF_EV_DISABLE,
	KAWELA_MBX_PF_EV_FLR,
	KAWELA_MBX_PF_EV_RESET_MSG,
	KAWELA_MBX_PF_EV_GRANTED,
	KAWELA_MBX_PF_EV_REFUSED,
	KAWELA_MBX_PF_EV_PF_RESET,
	KAWELA_MBX_PF_EV_RENEW,
	KAWELA_MBX_PF_EV_SUSPEND,
	KAWELA_MBX_PF_EV_SILENT,
	KAWELA_MBX_PF_NUM_EVENTS
};

/*
 * VF end. Only who has the turn, see kawela_mbx_vf_begin(), may move it.
 *
 *	IDLE --CONNECT--> CONNECTING --GRANTED--> READY
 *	                   ^      |                 |
 *	            CONNECT|      |FAILED, PF_RESET |NO_CTS, PF_RESET, TIMEOUT
 *	                   |      v                 |
 *	                   +---- LOST <-------------+
 *	any --ABORT--> GONE --REVIVE--> IDLE; READY --CONNECT--> CONNECTING
 */
enum kawela_mbx_vf_state {
	KAWELA_MBX_VF_S_IDLE,		/* not connected since it was made, or revived */
	KAWELA_MBX_VF_S_CONNECTING,	/* RESET exchange */
	KAWELA_MBX_VF_S_READY,		/* clear to send */
	KAWELA_MBX_VF_S_LOST,		/* the PF forgot us, or fell silent */
	KAWELA_MBX_VF_S_GONE,		/* removed or aborted */
	KAWELA_MBX_VF_NUM_STATES
};

enum kawela_mbx_vf_event {
	KAWELA_MBX_VF_EV_CONNECT,
	KAWELA_MBX_VF_EV_GRANTED,
	KAWELA_MBX_VF_EV_FAILED,
	KAWELA_MBX_VF_EV_NO_CTS,
	KAWELA_MBX_VF_EV_PF_RESET,
	KAWELA_MBX_VF_EV_TIMEOUT,
	KAWELA_MBX_VF_EV_ABORT,
	KAWELA_MBX_VF_EV_REVIVE,
	KAWELA_MBX_VF_NUM_EVENTS
};

#define KAWELA_MBX_FSM_NONE	0xff	/* no transition */

/**
 * struct kawela_mbx_fsm_def - a state machine
 * @name: for traces
 * @states: names of the states
 * @events: names of the events
 * @next: next state, row by row: next[state * num_events + event]
 * @num_states: rows of @next
 * @num_events: columns of @next
 */
struct kawela_mbx_fsm_def {
	const char *name;
	const char * const *states;
	const char * const *events;
	const u8 *next;
	u8 num_states;
	u8 num_events;
};

/**
 * struct kawela_mbx_fsm - one instance
 * @def: its definition
 * @id: VF index, for traces
 * @state: where it is; written only by kawela_mbx_fsm_event(), readable in any context
 */
struct kawela_mbx_fsm {
	const struct kawela_mbx_fsm_def *def;
	u16 id;
	u8 state;
};

extern const struct kawela_mbx_fsm_def kawela_mbx_pf_fsm;
extern const struct kawela_mbx_fsm_def kawela_mbx_vf_fsm;

void kawela_mbx_fsm_init(struct kawela_mbx_fsm *fsm, const struct kawela_mbx_fsm_def *def, u16 id);
bool kawela_mbx_fsm_event(struct kawela_mbx_fsm *fsm, unsigned int event);
const char *kawela_mbx_fsm_state_name(const struct kawela_mbx_fsm_def *def, unsigned int state);
const char *kawela_mbx_fsm_event_name(const struct kawela_mbx_fsm_def *def, unsigned int event);

static inline u8 kawela_mbx_fsm_state(const struct kawela_mbx_fsm *fsm)
{
	return READ_ONCE(fsm->state);
}

/* ---- rate limit ---- */

#define KAWELA_MBX_LIMIT_BURST	64	/* requests */
#define KAWELA_MBX_LIMIT_RATE	200	/* requests per second */

/**
 * struct kawela_mbx_limit - token bucket, times in ns of any steady clock
 * @full_ns: when the bucket will be full again; in the past: it is full
 */
struct kawela_mbx_limit {
	u64 full_ns;
};

void kawela_mbx_limit_init(struct kawela_mbx_limit *limit);
u64 kawela_mbx_limit_wait(const struct kawela_mbx_limit *limit, u64 now_ns);
void kawela_mbx_limit_take(struct kawela_mbx_limit *limit, u64 now_ns);

/* Whether the bucket has all its tokens. */
static inline bool kawela_mbx_limit_full(const struct kawela_mbx_limit *limit, u64 now_ns)
{
	return limit->full_ns <= now_ns;
}

/* ---- storms ---- */

#define KAWELA_MBX_STORM_STRIKES	512	/* without the bucket ever being full: parked */
#define KAWELA_MBX_PARK_NS	(10 * NSEC_PER_SEC)
#define KAWELA_MBX_FLR_NS	(20 * NSEC_PER_MSEC)	/* resets that far apart cost no token */

/**
 * struct kawela_mbx_storm - how a VF strains the PF end
 * @strikes: what found the bucket empty since it was last full
 * @until_ns: parked until then, 0: not parked; written by the service, readable anywhere
 * @flr_ns: when the VF was last reset
 * @owed: the VF has a word to acknowledge
 */
struct kawela_mbx_storm {
	u32 strikes;
	u64 until_ns;
	u64 flr_ns;
	bool owed;
};

/* ---- silence ---- */

#define KAWELA_MBX_BEAT_NS	(10 * NSEC_PER_SEC)	/* without a word of the VF: it is rung */
#define KAWELA_MBX_BEATS	3			/* rung in vain: given up */

/**
 * struct kawela_mbx_silence - how long a VF says nothing
 * @beat_ns: when it was last heard, or rung for that
 * @beats: times it was rung since it was heard
 */
struct kawela_mbx_silence {
	u64 beat_ns;
	u8 beats;
};

/* ---- PF end ---- */

#define KAWELA_MBX_IDLE		U64_MAX	/* nothing to do until the next kick */

#define KAWELA_MBX_NACK_NS	(2 * NSEC_PER_SEC)	/* between two answers without CTS */
#define KAWELA_MBX_UNACKED_NS	NSEC_PER_SEC	/* how long an unread reply keeps pings away */
#define KAWELA_MBX_RING_NS	NSEC_PER_SEC	/* between two rings for the same blocks */
#define KAWELA_MBX_BUSY_TRIES	10		/* then the buffer is taken away from the VF */
#define KAWELA_MBX_BUSY_LAST	13		/* then its message is given up */
#define KAWELA_MBX_BUSY_NS	NSEC_PER_MSEC	/* first back-off, doubles */
#define KAWELA_MBX_BUSY_SHIFT	8		/* most doublings */

/**
 * struct kawela_mbx_refusal - what a VF was refused last
 * @count: refusals in this session
 * @request: word 0 of the last one
 * @err: why
 */
struct kawela_mbx_refusal {
	u32 count;
	u32 request;
	int err;
};

/**
 * struct kawela_mbx_transfer - the config block transfer of one VF
 * @id: BLOCK_READ or BLOCK_WRITE; 0: none
 * @seq: its number
 * @written: WRITE: complete, @verdict is its answer
 * @asked: length in the messages
 * @len: READ: bytes there are
 * @next: offset that continues it
 * @last: offset of the message before
 * @block: which block
 * @verdict: what became of the write
 * @data: READ: picture of the block; WRITE: what came so far
 */
struct kawela_mbx_transfer {
	u16 id;
	u8 seq;
	bool written;
	u16 asked;
	u16 len;
	u16 next;
	u16 last;
	u32 block;
	int verdict;
	u8 data[KAWELA_ABI_BLOCK_MAX] __aligned(8);
};

/**
 * struct kawela_mbx_session - what the PF end knows of one VF
 * @fsm: state
 * @limit: rate limit; survives FLR, so that resetting buys no tokens
 * @storm: whether it is too much; survives FLR, too
 * @silence: whether it is too little
 * @stats: counters
 * @last: the last request; written by the service, read by whoever is curious
 * @req_ns: when the request that waits was noticed
 * @retry_ns: no attempt on the buffer before this time
 * @reply_ns: when the last reply was written
 * @nack_ns: when the last answer without CTS was written
 * @busy_tries: attempts in a row that found the buffer taken
 * @req: a request waits in the buffer, its cause is cleared already
 * @throttled: that request was counted as throttled
 * @reply_unacked: the VF has not acknowledged the last reply
 * @nack_due: the VF acknowledged something without having CTS
 * @nack_sent: @nack_ns is valid
 * @dirty: something was granted since the last vf_flr()
 * @offered: features the VF offered with its last RESET and the PF has
 * @level1: it used one of them since: it meant it; written by the service, readable anywhere
 * @listen_due: it has yet to say that it listens
 * @block_word: word 0 of its last message of level 1
 * @told: blocks the VF was told to be invalid and did not take yet
 * @rung_ns: when it was last rung, or asked what is invalid
 * @transfer: its config block transfer
 * @refusal: what it was refused last
 * @invalid: blocks that became invalid and the VF was not told of; any context
 *
 * Owned by the service work, or by the control calls while it is stopped, except for @invalid.
 */
struct kawela_mbx_session {
	struct kawela_mbx_fsm fsm;
	struct kawela_mbx_limit limit;
	struct kawela_mbx_storm storm;
	struct kawela_mbx_silence silence;
	struct kawela_mbx_pf_stats stats;
	u32 last[KAWELA_ABI_WORDS];
	u64 req_ns;
	u64 retry_ns;
	u64 reply_ns;
	u64 nack_ns;
	u8 busy_tries;
	bool req;
	bool throttled;
	bool reply_unacked;
	bool nack_due;
	bool nack_sent;
	bool dirty;
	u32 offered;
	bool level1;
	bool listen_due;
	u32 block_word;
	u64 told;
	u64 rung_ns;
	struct kawela_mbx_transfer transfer;
	struct kawela_mbx_refusal refusal;
	atomic64_t invalid;
};

/**
 * struct kawela_mbx_pf - the PF end
 * @port: registers
 * @ops: the PF driver
 * @priv: handed to @ops
 * @name: device, for traces
 * @wq: ordered workqueue of @service; NULL in tests, which call the service themselves
 * @service: the one work that serves all VFs
 * @ctl_lock: serialises the control calls; taken before nothing
 * @ping: VFs to send a control message to, atomic bits
 * @renew: of those, the ones to make connect again, atomic bits
 * @suspended: VFs that get no CTS until they are resumed, atomic bits
 * @unpark: VFs to serve again, atomic bits
 * @parked: VFs that are parked; written by the service, or while it is stopped
 * @kicked_ns: when it was first kicked since the last pass, 0: not
 * @running: the service may run; written under @ctl_lock
 * @resetting: between reset_begin and reset_end; under @ctl_lock
 * @num_vfs: VFs enabled; changes only while the service is stopped
 * @num_vfs_max: entries of @session
 * @first: VF the next pass starts with; service only
 * @again_ns: earliest time the service wants to run again; service only
 * @blocks: config blocks; changes only while there are no VFs
 * @num_blocks: number of @blocks
 * @session: one per VF
 */
struct kawela_mbx_pf {
	struct kawela_mbx_port port;
	const struct kawela_mbx_pf_ops *ops;
	void *priv;
	const char *name;
	struct workqueue_struct *wq;
	struct delayed_work service;
	struct mutex ctl_lock;	/* serialises the control calls */
	unsigned long ping;
	unsigned long renew;
	unsigned long suspended;
	unsigned long unpark;
	unsigned long parked;
	atomic64_t kicked_ns;
	bool running;
	bool resetting;
	unsigned int num_vfs;
	unsigned int num_vfs_max;
	unsigned int first;
	u64 again_ns;
	const struct kawela_mbx_block *blocks;
	unsigned int num_blocks;
	struct kawela_mbx_session session[] __counted_by(num_vfs_max);
};

struct kawela_mbx_pf *kawela_mbx_pf_create_on(const struct kawela_mbx_port *port, const char *name,
					      unsigned int num_vfs_max,
					      const struct kawela_mbx_pf_ops *ops, void *priv,
					      struct workqueue_struct *wq);
u64 kawela_mbx_pf_service(struct kawela_mbx_pf *m, u64 now_ns);

int kawela_mbx_pf_block(struct kawela_mbx_pf *m, u16 vf, const u32 *w, u32 *reply);
void kawela_mbx_pf_block_start(struct kawela_mbx_pf *m, u16 vf);
bool kawela_mbx_pf_block_due(const struct kawela_mbx_session *s);

void kawela_mbx_pf_storm_reset(struct kawela_mbx_pf *m, u16 vf, u64 now_ns);
void kawela_mbx_pf_storm_ack(struct kawela_mbx_pf *m, u16 vf, u64 now_ns);
void kawela_mbx_pf_storm_wait(struct kawela_mbx_pf *m, u16 vf, u64 now_ns);
void kawela_mbx_pf_storm_take(struct kawela_mbx_session *s, u64 now_ns);
bool kawela_mbx_pf_storm_over(struct kawela_mbx_pf *m, u16 vf, u64 now_ns);

void kawela_mbx_pf_heard(struct kawela_mbx_session *s, u64 now_ns);
u64 kawela_mbx_pf_silence(struct kawela_mbx_pf *m, u16 vf, u64 now_ns);

/**
 * struct kawela_mbx_causes - a look at the PF's mailbox causes
 * @flr: VFs that were reset
 * @req: VFs that sent a request
 * @ack: VFs that acknowledged
 */
struct kawela_mbx_causes {
	unsigned long flr;
	unsigned long req;
	unsigned long ack;
};

void kawela_mbx_pf_hw_listen(const struct kawela_mbx_port *port, unsigned long deaf);
int kawela_mbx_pf_hw_causes(const struct kawela_mbx_port *port, struct kawela_mbx_causes *c);
int kawela_mbx_pf_hw_take(const struct kawela_mbx_port *port, u16 vf);
void kawela_mbx_pf_hw_release(const struct kawela_mbx_port *port, u16 vf);
void kawela_mbx_pf_hw_revoke(const struct kawela_mbx_port *port, u16 vf);
bool kawela_mbx_pf_hw_requested(const struct kawela_mbx_port *port, u16 vf);
void kawela_mbx_pf_hw_receive(const struct kawela_mbx_port *port, u16 vf, u32 *w);
void kawela_mbx_pf_hw_send(const struct kawela_mbx_port *port, u16 vf, const u32 *w,
			   unsigned int n);

/* ---- VF end ---- */

#define KAWELA_MBX_VF_RSTI_MS	200	/* for the PF's reset to end */
#define KAWELA_MBX_VF_TAKE_MS	50	/* for the buffer */
#define KAWELA_MBX_VF_ACK_MS	1000	/* for the PF to read a request */
#define KAWELA_MBX_VF_REPLY_MS	2000	/* for the PF to answer it */
#define KAWELA_MBX_VF_MERGE_MS	100	/* for the reply when a control message came instead */
#define KAWELA_MBX_VF_SLICE_MS	4	/* between two looks without an interrupt */

/* Bits of V2PMAILBOX that a read clears. */
#define KAWELA_MBX_V2P_LATCHED	(KW_V2P_PFSTS | KW_V2P_PFACK | KW_V2P_RSTD)

#define KAWELA_MBX_VF_BUSY	0	/* bit of kawela_mbx_vf.busy */

/**
 * struct kawela_mbx_vf_times - how long the VF end waits, ms
 * @rsti: for the PF's reset to end
 * @take: for the buffer
 * @ack: for the PF to read a request
 * @reply: for the PF to answer it
 * @merge: for the reply when a control message came instead
 */
struct kawela_mbx_vf_times {
	unsigned int rsti;
	unsigned int take;
	unsigned int ack;
	unsigned int reply;
	unsigned int merge;
};

/**
 * struct kawela_mbx_transport - a way of config blocks between VF and PF
 * @name: for traces
 * @read: read @len bytes, 1..128, into @buf, which is zero; returned bytes are at most @len
 * @write: write @len bytes, 1..128
 * @news: blocks that became invalid; those of the last call were taken
 *
 * All sleep and return what kawela_mbx_block_read(), _write() and _news() return. After
 * -EOPNOTSUPP, the VF end looks for another way.
 */
struct kawela_mbx_transport {
	const char *name;
	int (*read)(struct kawela_mbx_vf *m, u32 id, u8 *buf, unsigned int len,
		    unsigned int *returned);
	int (*write)(struct kawela_mbx_vf *m, u32 id, const u8 *buf, unsigned int len);
	int (*news)(struct kawela_mbx_vf *m, u64 *mask);
};

extern const struct kawela_mbx_transport kawela_mbx_transport_mailbox;
extern const struct kawela_mbx_transport kawela_mbx_transport_hyperv;

/**
 * struct kawela_mbx_hyperv_calls - the exports of pci-hyperv-intf, or a model
 * @read: hyperv_read_cfg_blk()
 * @write: hyperv_write_cfg_blk()
 * @listen: hyperv_reg_block_invalidate()
 *
 * All return -EOPNOTSUPP while nobody provides blocks.
 */
struct kawela_mbx_hyperv_calls {
	int (*read)(struct pci_dev *pdev, void *buf, unsigned int len, unsigned int id,
		    unsigned int *returned);
	int (*write)(struct pci_dev *pdev, void *buf, unsigned int len, unsigned int id);
	int (*listen)(struct pci_dev *pdev, void *context,
		      void (*invalidate)(void *context, u64 mask));
};

extern const struct kawela_mbx_hyperv_calls kawela_mbx_hyperv_calls;

/**
 * struct kawela_mbx_vf - the VF end
 * @port: registers
 * @ops: the VF driver
 * @priv: handed to @ops
 * @name: device, for traces
 * @turn: whoever waits until KAWELA_MBX_VF_BUSY is clear
 * @busy: KAWELA_MBX_VF_BUSY: somebody has the turn; it owns @fsm and @stats
 * @fsm: state
 * @stats: counters
 * @times: how long to wait
 * @control: a control message with CTS came in the middle of an exchange; with the turn
 * @features: what both ends know; written with the turn, readable anywhere
 * @seq: number of the last block transfer; with the turn
 * @taken: blocks the driver was told to be invalid; with the turn
 * @transport: the way of config blocks; changes at any time, see mbx_transport.c
 * @invalid: blocks the driver has to be told of, unless the mailbox knows them; any context
 * @hyperv: Hyper-V's calls; NULL: there is no such interface
 * @pdev: the VF, for @hyperv
 * @wait: whoever waits for the PF
 * @waiting: somebody is in the middle of an exchange and looks for himself
 * @aborted: all waits end
 * @latch_lock: protects @latched and @rsti, and orders the reads of V2PMAILBOX; any context
 * @latched: read-to-clear bits seen and not yet consumed
 * @rsti: RSTI was set at the last look
 */
struct kawela_mbx_vf {
	struct kawela_mbx_port port;
	const struct kawela_mbx_vf_ops *ops;
	void *priv;
	const char *name;
	wait_queue_head_t turn;
	unsigned long busy;
	struct kawela_mbx_fsm fsm;
	struct kawela_mbx_vf_stats stats;
	struct kawela_mbx_vf_times times;
	bool control;
	u32 features;
	u8 seq;
	u64 taken;
	const struct kawela_mbx_transport *transport;
	atomic64_t invalid;
	const struct kawela_mbx_hyperv_calls *hyperv;
	struct pci_dev *pdev;
	wait_queue_head_t wait;
	bool waiting;
	bool aborted;
	spinlock_t latch_lock;	/* latched and rsti */
	u32 latched;
	bool rsti;
};

struct kawela_mbx_vf *kawela_mbx_vf_create_on(const struct kawela_mbx_port *port, const char *name,
					      const struct kawela_mbx_vf_ops *ops, void *priv);

int kawela_mbx_vf_begin(struct kawela_mbx_vf *m);
void kawela_mbx_vf_end(struct kawela_mbx_vf *m);

static inline void kawela_mbx_vf_assert_turn(const struct kawela_mbx_vf *m)
{
	WARN_ON_ONCE(!test_bit(KAWELA_MBX_VF_BUSY, &m->busy));
}

int kawela_mbx_vf_check(struct kawela_mbx_vf *m);
int kawela_mbx_vf_usable(struct kawela_mbx_vf *m);
int kawela_mbx_vf_exchange(struct kawela_mbx_vf *m, const u32 *w, unsigned int n, u32 *reply,
			   unsigned int reply_n);

void kawela_mbx_transport_start(struct kawela_mbx_vf *m);
bool kawela_mbx_hyperv_answers(struct kawela_mbx_vf *m);
int kawela_mbx_hyperv_listen(struct kawela_mbx_vf *m, bool on);
void kawela_mbx_hyperv_stop(struct kawela_mbx_vf *m);

u32 kawela_mbx_vf_hw_look(struct kawela_mbx_vf *m, u32 *news);
bool kawela_mbx_vf_hw_consume(struct kawela_mbx_vf *m, u32 bits);
void kawela_mbx_vf_hw_put_back(struct kawela_mbx_vf *m, u32 bits);
bool kawela_mbx_vf_hw_take(struct kawela_mbx_vf *m);
void kawela_mbx_vf_hw_release(struct kawela_mbx_vf *m);
void kawela_mbx_vf_hw_read(struct kawela_mbx_vf *m, u32 *w, unsigned int n);
void kawela_mbx_vf_hw_ack(struct kawela_mbx_vf *m);
void kawela_mbx_vf_hw_request(struct kawela_mbx_vf *m, const u32 *w, unsigned int n);
void kawela_mbx_vf_hw_reset(struct kawela_mbx_vf *m);

#endif /* _KAWELA_MBX_PRIV_H */
