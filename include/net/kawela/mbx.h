/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PF/VF mailbox of the 82576: the decoded message, the PF end and the VF end.
 *
 * Owns: the mailbox registers (P2VMAILBOX, V2PMAILBOX, VMBMEM, MBVFICR, MBVFIMR), VFLRE, and the
 * VF's CTRL.RST. Never touches: netdevs, switch policy, any other register.
 *
 * LOCKING
 *
 * PF end: one ordered work does all the mailbox work and owns the sessions. Callers reach it
 * through atomic bits. ctl_lock (mutex) serialises enable, disable, reset_begin, reset_end and
 * destroy with each other; those stop and drain the work, so their caller must hold no lock that
 * a callback of struct kawela_mbx_pf_ops takes. Callbacks run with no mailbox lock held.
 *
 * VF end: connect, request, poll and the block calls take turns. That is no lock: it may take some
 * seconds when the PF is silent, so callers that wait for it leave when the VF end is aborted.
 * latch_lock (spinlock, any context) protects the latched read-to-clear bits.
 */
#ifndef _NET_KAWELA_MBX_H
#define _NET_KAWELA_MBX_H

#include <linux/bits.h>
#include <linux/time64.h>
#include <linux/types.h>

#include <net/kawela/abi.h>

struct device;
struct kawela_io;
struct kawela_mbx_pf;
struct kawela_mbx_vf;

/**
 * struct kawela_msg - one request of a VF, decoded
 * @id: which request; says which of the other members count
 * @mac_op: SET_MAC: what to do
 * @mac: SET_MAC: address, valid unicast for SET and ADD_FILTER; for CLEAR_FILTERS the sender's own,
 *	since stock igb wants to see a valid one, or zero; the receiver does not look at it
 * @mc: SET_MULTICAST: the whole list
 * @mc.count: number of hashes; above KAWELA_ABI_MC_MAX: all multicast
 * @mc.hash: 12-bit hashes (RCTL.MO = 0), min(count, KAWELA_ABI_MC_MAX) of them
 * @vlan: SET_VLAN
 * @vlan.vid: VLAN id, 0..4095
 * @vlan.add: true adds, false removes
 * @max_frame: SET_LPE: bytes with FCS and VLAN tags, 64..9728
 * @promisc: SET_PROMISC: KAWELA_PROMISC_* flags, 0 is off
 */
struct kawela_msg {
	enum kawela_msg_id id;
	union {
		struct {
			enum kawela_mac_op mac_op;
			u8 mac[ETH_ALEN];
		};
		struct {
			u8 count;
			u16 hash[KAWELA_ABI_MC_MAX];
		} mc;
		struct {
			u16 vid;
			bool add;
		} vlan;
		u32 max_frame;
		u8 promisc;
	};
};

/**
 * kawela_mbx_mc_hash - multicast filter hash of an address
 * @addr: multicast address
 *
 * Context: any.
 * Return: 12-bit hash for RCTL.MO = 0, as the MTA and SET_MULTICAST use it.
 */
static inline u16 kawela_mbx_mc_hash(const u8 *addr)
{
	return (addr[5] << 4 | addr[4] >> 4) & KAWELA_ABI_MC_HASH;
}

/* ---- codec: pure, total, no allocation ---- */

/**
 * kawela_mbx_decode - decode a request of a VF
 * @w: the 16 words as read from the buffer, any content
 * @msg: the message, filled only on success
 *
 * Bits of word 0 that no peer defines are ignored, as stock igb does.
 *
 * Context: any.
 * Return: 0, -EBADMSG when the payload is malformed or out of range or word 0 is a reply,
 * -EOPNOTSUPP when no VF message has this id.
 */
int kawela_mbx_decode(const u32 w[KAWELA_ABI_WORDS], struct kawela_msg *msg);

/**
 * kawela_mbx_encode - encode a request of a VF
 * @msg: the message
 * @w: all 16 words are written, unused ones with zero
 *
 * Context: any.
 * Return: number of words the message takes, or -EINVAL when @msg cannot be expressed.
 */
int kawela_mbx_encode(const struct kawela_msg *msg, u32 w[KAWELA_ABI_WORDS]);

/**
 * kawela_mbx_reply_word - word 0 of the reply to a request other than RESET
 * @request: word 0 of the request
 * @err: 0 grants, anything else refuses
 *
 * Context: any.
 * Return: @request with CTS and ACK or NACK; a granted SET_PROMISC loses its multicast bit, the
 * way every VF driver knows it from igb.
 */
u32 kawela_mbx_reply_word(u32 request, int err);

/**
 * kawela_mbx_encode_reset_reply - encode the reply to a granted RESET
 * @mac: address assigned by the administrator, NULL or zero for none
 * @w: three words, all written
 *
 * Context: any.
 * Return: number of words, always KAWELA_ABI_RESET_REPLY_WORDS.
 */
unsigned int kawela_mbx_encode_reset_reply(const u8 *mac, u32 w[KAWELA_ABI_RESET_REPLY_WORDS]);

/**
 * kawela_mbx_decode_reset_reply - decode the reply to RESET
 * @w: first three words of the reply
 * @mac: the address; zero unless the return value is 0
 *
 * Context: any.
 * Return: 0 with an address, -EADDRNOTAVAIL when the session is up without one, -EAGAIN when the
 * PF refused for now, -EPROTO when it is no reply to RESET.
 */
int kawela_mbx_decode_reset_reply(const u32 w[KAWELA_ABI_RESET_REPLY_WORDS], u8 mac[ETH_ALEN]);

/**
 * kawela_mbx_decode_reply - match a reply with its request
 * @request: word 0 of the request
 * @reply: word 0 of the reply
 *
 * Context: any.
 * Return: 0 granted, -EPERM refused, -ENOTCONN when the PF says that CTS is gone, -EPROTO when
 * the word is no reply to @request.
 */
int kawela_mbx_decode_reply(u32 request, u32 reply);

/* ---- codec of level 1 ---- */

/**
 * struct kawela_block_msg - one message of a config block transfer, decoded
 * @id: BLOCK_READ, BLOCK_WRITE or BLOCK_INVALID
 * @seq: number of the transfer
 * @block: READ, WRITE: number of the block
 * @len: READ: bytes wanted, in a reply bytes in all; WRITE: bytes of the block; 1..128
 * @offset: READ, WRITE: first byte of this message: 0, 52 or 104, below @len
 * @mask: INVALID: blocks the VF took; in a reply blocks that are invalid
 * @data: READ reply, WRITE: min(52, @len - @offset) bytes
 */
struct kawela_block_msg {
	enum kawela_msg_id id;
	u8 seq;
	u32 block;
	u16 len;
	u16 offset;
	u64 mask;
	u8 data[KAWELA_ABI_BLOCK_DATA];
};

/**
 * kawela_block_decode - decode a message of level 1, request or granted reply
 * @w: 16 words, any content
 * @msg: the message, filled only on success
 *
 * Context: any.
 * Return: 0; -EOPNOTSUPP (no message of level 1); -EMSGSIZE (length or offset out of range).
 */
int kawela_block_decode(const u32 w[KAWELA_ABI_WORDS], struct kawela_block_msg *msg);

/**
 * kawela_block_encode - encode a message of level 1
 * @msg: the message; the data of a BLOCK_READ request is zero
 * @w: all 16 words are written
 *
 * Context: any.
 * Return: 0; -EINVAL (no message of level 1, or a field out of range).
 */
int kawela_block_encode(const struct kawela_block_msg *msg, u32 w[KAWELA_ABI_WORDS]);

/**
 * kawela_block_status - what to tell a VF of an error
 * @err: 0 or negative errno
 *
 * Context: any.
 * Return: enum kawela_block_status; KAWELA_STATUS_FAILED for what has no status of its own.
 */
u32 kawela_block_status(int err);

/**
 * kawela_block_errno - what a status means
 * @status: word 1 of a refusal
 *
 * Context: any.
 * Return: 0, -ENOENT, -EPERM, -EMSGSIZE, -EPROTO, -EINVAL, -EAGAIN; -EIO for the rest.
 */
int kawela_block_errno(u32 status);

/* EITR in us that an advice stands for; what is in between belongs to the next higher one. */
#define KAWELA_MODERATION_LOW_USECS	8
#define KAWELA_MODERATION_MEDIUM_USECS	32
#define KAWELA_MODERATION_HIGH_USECS	125

/**
 * kawela_moderation_of - the advice that describes a setting
 * @usecs: least time between two interrupts
 *
 * Context: any.
 * Return: enum kawela_moderation, OFF to HIGH.
 */
static inline u32 kawela_moderation_of(u32 usecs)
{
	if (!usecs)
		return KAWELA_MODERATION_OFF;
	if (usecs <= KAWELA_MODERATION_LOW_USECS)
		return KAWELA_MODERATION_LOW;
	if (usecs <= KAWELA_MODERATION_MEDIUM_USECS)
		return KAWELA_MODERATION_MEDIUM;
	return KAWELA_MODERATION_HIGH;
}

/* ---- PF end ---- */

/**
 * struct kawela_mbx_pf_ops - what the PF driver does about its VFs
 * @vf_flr: VFLRE was set: the guest is gone or starts over; or nothing was heard of it for a
 *	while. Close the gates and drop whatever the VF asked for. Also comes once after the VF was
 *	enabled; left out when nothing was granted since the last one.
 * @vf_reset: RESET message: prepare the pool, gates stay closed. Return 0 with @mac filled, or
 *	-EADDRNOTAVAIL when the administrator assigned no address (@mac is ignored, the session
 *	comes up all the same), or another errno to refuse: the VF stays without CTS and tries
 *	again.
 * @vf_granted: RESET was granted to a VF that says later when it listens: open the gates, but give
 *	it nothing to receive. What holds for its transmit holds already. NULL: @vf_ready comes
 *	instead.
 * @vf_ready: it listens, or is none that would say so and RESET was granted: open the gates and
 *	give it what is its. A VF may send as soon as it reads the reply to RESET.
 * @vf_request: any other message, decoded and in range. Return 0 to grant, errno to refuse.
 * @vf_storm: the VF was parked, or is served again; kawela_mbx_pf_get_info() says which. May be
 *	NULL.
 *
 * All are called from the mailbox work, in process context, one at a time, with no mailbox lock
 * held. They may sleep, but the VF waits: stay well below 1 s. They must not call
 * kawela_mbx_pf_enable(), _disable(), _reset_begin(), _reset_end() or _destroy().
 */
struct kawela_mbx_pf_ops {
	void (*vf_flr)(void *priv, u16 vf);
	int (*vf_reset)(void *priv, u16 vf, u8 mac[ETH_ALEN]);
	void (*vf_granted)(void *priv, u16 vf);
	void (*vf_ready)(void *priv, u16 vf);
	int (*vf_request)(void *priv, u16 vf, const struct kawela_msg *msg);
	void (*vf_storm)(void *priv, u16 vf);
};

/**
 * kawela_mbx_pf_create - make the PF end
 * @dev: the PF, for messages and traces
 * @io: register window of the PF; outlives the mailbox
 * @num_vfs_max: most VFs there can be, 1..KW_MAX_VFS
 * @ops: what the PF does about its VFs; all but @ops->vf_storm are needed
 * @priv: handed to @ops
 *
 * No VF is served before kawela_mbx_pf_enable().
 *
 * Context: process.
 * Return: the PF end, or ERR_PTR: -EINVAL, -ENOMEM.
 */
struct kawela_mbx_pf *kawela_mbx_pf_create(struct device *dev, struct kawela_io *io,
					   unsigned int num_vfs_max,
					   const struct kawela_mbx_pf_ops *ops, void *priv);

/**
 * kawela_mbx_pf_destroy - stop and free the PF end
 * @m: PF end, or NULL
 *
 * The caller's interrupt is gone or no longer calls kawela_mbx_pf_kick(). No callback runs after
 * the return.
 *
 * Context: process, may sleep; see LOCKING.
 */
void kawela_mbx_pf_destroy(struct kawela_mbx_pf *m);

/**
 * kawela_mbx_pf_enable - VFs appear
 * @m: PF end
 * @num_vfs: number of VFs, 1..num_vfs_max
 *
 * All sessions start without CTS; causes left by earlier VFs are dropped. May be called before
 * pci_enable_sriov(), so that no early request is lost.
 *
 * Context: process, may sleep; see LOCKING.
 * Return: 0, or -EINVAL.
 */
int kawela_mbx_pf_enable(struct kawela_mbx_pf *m, unsigned int num_vfs);

/**
 * kawela_mbx_pf_disable - VFs go
 * @m: PF end
 *
 * No callback runs after the return, until the next enable. Idempotent.
 *
 * Context: process, may sleep; see LOCKING.
 */
void kawela_mbx_pf_disable(struct kawela_mbx_pf *m);

/**
 * kawela_mbx_pf_kick - look at the mailboxes
 * @m: PF end
 *
 * Call on ICR.VMMB, and whenever in doubt: the work scans all VFs, since the cause is an edge.
 *
 * Context: any, hard interrupt included.
 */
void kawela_mbx_pf_kick(struct kawela_mbx_pf *m);

/**
 * kawela_mbx_pf_reset_begin - the PF is about to reset itself
 * @m: PF end
 *
 * All VFs lose CTS and are told so as far as their buffer is free. No mailbox register is touched
 * and no callback runs from the return until kawela_mbx_pf_reset_end(). Calls do not nest.
 *
 * Context: process, may sleep; see LOCKING.
 */
void kawela_mbx_pf_reset_begin(struct kawela_mbx_pf *m);

/**
 * kawela_mbx_pf_reset_end - the PF is configured again
 * @m: PF end
 *
 * Restores the mailbox registers, serves the VFs again and tells those that missed it that they
 * lost CTS. The caller sets CTRL_EXT.PFRSTD itself.
 *
 * Context: process, may sleep; see LOCKING.
 */
void kawela_mbx_pf_reset_end(struct kawela_mbx_pf *m);

/**
 * kawela_mbx_pf_notify_link - tell all VFs that the link may have changed
 * @m: PF end
 *
 * Queues a PF_CONTROL message for each VF, with CTS if its session is up. It goes out when
 * neither a request nor an unread reply is in the buffer.
 *
 * Context: any.
 */
void kawela_mbx_pf_notify_link(struct kawela_mbx_pf *m);

/**
 * kawela_mbx_pf_renew - make a VF connect again
 * @m: PF end
 * @vf: VF index; out of range does nothing
 *
 * For what a VF learns from the reply to RESET only: its address. Takes its CTS and tells it so
 * with PF_CONTROL and NACK: kawela_vf connects at once, igbvf unless it did so in the last ten
 * seconds, DPDK's igbvf does not listen and goes on with what it has. A VF without a session
 * gets an ordinary control message, one that is suspended none.
 *
 * Context: any.
 */
void kawela_mbx_pf_renew(struct kawela_mbx_pf *m, u16 vf);

/**
 * kawela_mbx_pf_suspend_vf - take a VF out of service
 * @m: PF end
 * @vf: VF index; out of range does nothing
 *
 * Takes its CTS and tells it so with a bare PF_CONTROL, on which every VF driver takes its carrier
 * down, or tells its application. Nothing that it is told from then on has CTS. RESET still
 * reaches the ->vf_reset() op, which has to refuse it: make it do so first. Lasts until
 * kawela_mbx_pf_resume_vf() or kawela_mbx_pf_disable(), over resets of the PF and the VF.
 *
 * Context: any.
 */
void kawela_mbx_pf_suspend_vf(struct kawela_mbx_pf *m, u16 vf);

/**
 * kawela_mbx_pf_resume_vf - undo kawela_mbx_pf_suspend_vf()
 * @m: PF end
 * @vf: VF index; out of range or in service does nothing
 *
 * Call it when ->vf_reset() grants again. The VF gets another bare PF_CONTROL: kawela_vf connects
 * at once, DPDK's igbvf tells its application to reset the port, and igbvf acknowledges it, is told
 * that it has no CTS, and connects, unless it did so in the last ten seconds.
 *
 * Context: any.
 */
void kawela_mbx_pf_resume_vf(struct kawela_mbx_pf *m, u16 vf);

/**
 * kawela_mbx_pf_unpark - serve a parked VF again
 * @m: PF end
 * @vf: VF index; out of range or not parked does nothing
 *
 * A VF is parked when it kept its rate limit used up: 512 times something that it did had to wait,
 * or came for nothing, without the limit ever having recovered, which takes a third of a second of
 * silence. Its requests are not looked at then, and nothing is sent to it; that it was
 * reset is acted upon as ever. After ten seconds it is served again, or after this call, which
 * gives it a fresh limit, too.
 *
 * Context: any.
 */
void kawela_mbx_pf_unpark(struct kawela_mbx_pf *m, u16 vf);

/*
 * Slots of a histogram of times: below 64 us, 256 us, 1 ms, 4 ms, 16 ms, and what is longer. The
 * bounds are powers of two of a microsecond.
 */
#define KAWELA_MBX_NUM_WAITS	6
#define KAWELA_MBX_WAIT_US(slot)	(64U << (2 * (slot)))

/**
 * kawela_mbx_wait_slot - where a time belongs
 * @ns: the time
 *
 * Context: any.
 * Return: 0 to KAWELA_MBX_NUM_WAITS - 1.
 */
static inline unsigned int kawela_mbx_wait_slot(u64 ns)
{
	unsigned int slot = 0;

	while (slot < KAWELA_MBX_NUM_WAITS - 1 &&
	       ns >= (u64)KAWELA_MBX_WAIT_US(slot) * NSEC_PER_USEC)
		slot++;

	return slot;
}

/**
 * struct kawela_mbx_pf_stats - counters of one VF, since it was enabled
 * @requests: messages read, RESET included
 * @nacks: requests answered with NACK
 * @resets: RESET messages granted
 * @flrs: function level resets and VF CTRL.RST
 * @acks: replies and pings the VF acknowledged
 * @bad: messages malformed, unknown or out of range
 * @no_cts: messages that came without clear-to-send, not acted on
 * @throttled: times a request had to wait for the rate limit
 * @busy: times the VF held the buffer when the PF needed it
 * @stuck: times the PF took the buffer away from the VF (RVFU)
 * @dropped: requests or pings given up because the buffer never came free
 * @pings: control messages sent
 * @parked: times it was parked
 * @silent: sessions that ended because nothing was heard of the VF any more
 * @waits: requests by how long they waited for their answer, see kawela_mbx_wait_slot()
 */
struct kawela_mbx_pf_stats {
	unsigned long requests;
	unsigned long nacks;
	unsigned long resets;
	unsigned long flrs;
	unsigned long acks;
	unsigned long bad;
	unsigned long no_cts;
	unsigned long throttled;
	unsigned long busy;
	unsigned long stuck;
	unsigned long dropped;
	unsigned long pings;
	unsigned long parked;
	unsigned long silent;
	unsigned long waits[KAWELA_MBX_NUM_WAITS];
};

/**
 * struct kawela_mbx_pf_info - what the PF end knows of one VF, for people
 * @state: name of the session's state
 * @parked: its requests are not looked at
 * @level1: its driver reads config blocks
 * @parked_ms: how long it stays parked
 * @features: KAWELA_FEATURE_* both ends know; 0 without a session
 * @last: its last request, as it came; zero if there was none
 */
struct kawela_mbx_pf_info {
	const char *state;
	bool parked;
	bool level1;
	u32 parked_ms;
	u32 features;
	u32 last[KAWELA_ABI_WORDS];
};

/**
 * kawela_mbx_pf_get_info - what the PF end knows of one VF
 * @m: PF end
 * @vf: VF index; out of range gives a state that says so
 * @info: to fill
 *
 * Context: any; the parts may be one message apart from each other.
 */
void kawela_mbx_pf_get_info(const struct kawela_mbx_pf *m, u16 vf,
			    struct kawela_mbx_pf_info *info);

/**
 * kawela_mbx_pf_vf_ready - whether a VF is clear to send
 * @m: PF end
 * @vf: VF index
 *
 * Context: any.
 * Return: true while the session stands; false also when @vf is out of range.
 */
bool kawela_mbx_pf_vf_ready(const struct kawela_mbx_pf *m, u16 vf);

/**
 * kawela_mbx_pf_get_stats - counters of one VF
 * @m: PF end
 * @vf: VF index, 0..num_vfs_max - 1
 * @stats: the counters
 *
 * Context: any; values may be one message apart from each other.
 * Return: 0, or -EINVAL when @vf is out of range.
 */
int kawela_mbx_pf_get_stats(const struct kawela_mbx_pf *m, u16 vf,
			    struct kawela_mbx_pf_stats *stats);

/**
 * struct kawela_mbx_block - a config block of the PF's
 * @id: its number; only those below 64 can be invalidated
 * @min_write: fewest bytes that make sense to write
 * @read: fill in the block, 128 zero bytes at first, for @vf; returns its length, 1..128, or an
 *	errno. NULL: it cannot be read
 * @write: @vf wrote this; returns 0 or an errno. NULL: it cannot be written
 *
 * Called like struct kawela_mbx_pf_ops. An errno reaches the VF as kawela_block_status() says.
 */
struct kawela_mbx_block {
	u32 id;
	u16 min_write;
	int (*read)(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX]);
	int (*write)(void *priv, u16 vf, const u8 *buf, unsigned int len);
};

/**
 * kawela_mbx_block_register - offer config blocks to the VFs
 * @m: PF end
 * @blocks: the blocks, each with @read or @write; outlive the PF end
 * @num: how many
 *
 * Without this, no VF hears of level 1. Once, before the first kawela_mbx_pf_enable().
 *
 * Context: process.
 * Return: 0; -EINVAL (a number comes twice, or a block can do nothing); -EBUSY (not the first
 * time, or there are VFs).
 */
int kawela_mbx_block_register(struct kawela_mbx_pf *m, const struct kawela_mbx_block *blocks,
			      unsigned int num);

/**
 * kawela_mbx_block_invalidate - tell a VF that blocks changed
 * @m: PF end
 * @vf: VF index; out of range does nothing
 * @mask: bit N for block N
 *
 * Never lost: the bits stay until the VF says that it took them, and at the begin of a session all
 * are set. A VF without level 1 is told nothing.
 *
 * Context: any.
 */
void kawela_mbx_block_invalidate(struct kawela_mbx_pf *m, u16 vf, u64 mask);

/**
 * kawela_mbx_pf_level1 - whether a VF's driver reads config blocks
 * @m: PF end
 * @vf: VF index
 *
 * Context: any.
 * Return: true when it sent a message of level 1 in the session that stands.
 */
bool kawela_mbx_pf_level1(const struct kawela_mbx_pf *m, u16 vf);

/**
 * kawela_mbx_pf_get_refusal - what a VF was refused last
 * @m: PF end
 * @vf: VF index; out of range gives zeros
 * @refusal: as the VF reads it
 *
 * Context: any.
 */
void kawela_mbx_pf_get_refusal(const struct kawela_mbx_pf *m, u16 vf,
			       struct kawela_block_refusal *refusal);

/* ---- VF end ---- */

/**
 * struct kawela_mbx_vf_ops - what the VF driver hears from its mailbox
 * @event: the PF spoke unasked, over any transport, or reset; call kawela_mbx_vf_poll() soon,
 *	from process context. Called in any context, hard interrupt included: only queue work.
 */
struct kawela_mbx_vf_ops {
	void (*event)(void *priv);
};

/*
 * What kawela_mbx_vf_poll() found.
 * LINK: the PF spoke and the session stands; look at STATUS.LU, and at kawela_mbx_block_news().
 * LOST: the PF reset or dropped the session; link is down until kawela_mbx_vf_connect() succeeds.
 * GONE: the function was removed or kawela_mbx_vf_abort() was called; see kawela_mbx_vf_revive().
 * NEWS, with LOST: the PF finished a reset or wrote something since the last look; try to connect.
 */
#define KAWELA_MBX_VF_LINK	BIT(0)
#define KAWELA_MBX_VF_LOST	BIT(1)
#define KAWELA_MBX_VF_GONE	BIT(2)
#define KAWELA_MBX_VF_NEWS	BIT(3)

/**
 * struct kawela_mbx_vf_stats - counters of the VF end
 * @requests: messages sent, RESET included
 * @nacks: requests the PF refused
 * @timeouts: waits that ran out, for the buffer, the ACK or the reply
 * @lost: times the session was lost
 * @control: unasked messages of the PF
 * @trips: exchanges by how long they took, see kawela_mbx_wait_slot()
 */
struct kawela_mbx_vf_stats {
	unsigned long requests;
	unsigned long nacks;
	unsigned long timeouts;
	unsigned long lost;
	unsigned long control;
	unsigned long trips[KAWELA_MBX_NUM_WAITS];
};

/**
 * kawela_mbx_vf_create - make the VF end
 * @dev: the VF, a PCI device
 * @io: register window of the VF; outlives the mailbox
 * @ops: what the VF driver hears
 * @priv: handed to @ops
 *
 * Touches no register.
 *
 * Context: process.
 * Return: the VF end, or ERR_PTR(-ENOMEM).
 */
struct kawela_mbx_vf *kawela_mbx_vf_create(struct device *dev, struct kawela_io *io,
					   const struct kawela_mbx_vf_ops *ops, void *priv);

/**
 * kawela_mbx_vf_destroy - free the VF end
 * @m: VF end, or NULL
 *
 * Interrupts are freed and no call is running: kawela_mbx_vf_abort() ends those that wait.
 *
 * Context: process.
 */
void kawela_mbx_vf_destroy(struct kawela_mbx_vf *m);

/**
 * kawela_mbx_vf_connect - reset the VF and set the session up
 * @m: VF end
 * @mac: address assigned by the administrator; zero unless *@has_mac
 * @has_mac: whether there is one
 *
 * Writes CTRL.RST (queues and interrupt causes of the VF go to their reset state, so program them
 * afterwards), waits for the PF to have finished its own reset, and exchanges RESET. Works on a
 * session that stands, too. Takes some milliseconds, at worst about 7 s.
 *
 * Context: process, may sleep.
 * Return: 0, -EAGAIN when the PF is not there yet, resets, or refuses for now: try again later,
 * -ETIMEDOUT when the PF took the request but never replied: try again too, -EPROTO when it
 * replied nonsense, -ENODEV when the function is gone or aborted.
 */
int kawela_mbx_vf_connect(struct kawela_mbx_vf *m, u8 mac[ETH_ALEN], bool *has_mac);

/**
 * kawela_mbx_vf_request - ask the PF for something
 * @m: VF end
 * @req: request, anything but RESET
 *
 * Sleeps until the PF replied; at worst about 6 s. A lost session, a wait that ran out or a reply
 * that does not fit ends the session: the event callback follows, and kawela_mbx_vf_poll()
 * reports LOST.
 *
 * Stock igb refuses SET_MAC for an untrusted VF with an administrator's address, even for that
 * same address; the caller decides what -EPERM means.
 *
 * Context: process, may sleep.
 * Return: 0 granted, -EPERM refused, -ENOTCONN without a session, -EINVAL when @req cannot be
 * expressed, -ETIMEDOUT, -EPROTO, -ENODEV when the function is gone or aborted.
 */
int kawela_mbx_vf_request(struct kawela_mbx_vf *m, const struct kawela_msg *req);

/**
 * kawela_mbx_vf_features - what both ends know
 * @m: VF end
 *
 * BLOCKS also when config blocks come from a Hyper-V host.
 *
 * Context: any.
 * Return: KAWELA_FEATURE_*; 0 without a session and with a stock PF.
 */
u32 kawela_mbx_vf_features(struct kawela_mbx_vf *m);

/**
 * kawela_mbx_block_read - read a config block
 * @m: VF end
 * @id: number of the block
 * @buf: takes it
 * @len: bytes wanted, 1..128
 * @returned: bytes the PF gave, at most @len; the rest of @buf is zero
 *
 * Sleeps like kawela_mbx_vf_request(), once for every 52 bytes, or until a Hyper-V host answered.
 * Which of the two is chosen by kawela_mbx_vf_connect(), and by a call that finds its transport
 * gone: Hyper-V, if its IDENTITY block says that the host's PF driver is one of ours, otherwise the
 * mailbox. The errnos are the same on every transport; on the mailbox, those of a lost session end
 * it, the others do not.
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL (@len); -EOPNOTSUPP (the PF knows no blocks); -ENOENT (no such block); -EPERM
 * (not to be read); -EAGAIN (not now); -EIO; -ENOTCONN, -ETIMEDOUT, -EPROTO (session lost);
 * -ENODEV (gone or aborted).
 */
int kawela_mbx_block_read(struct kawela_mbx_vf *m, u32 id, void *buf, unsigned int len,
			  unsigned int *returned);

/**
 * kawela_mbx_block_write - write a config block
 * @m: VF end
 * @id: number of the block
 * @buf: new content
 * @len: bytes, 1..128
 *
 * The PF acts on all of it or on nothing.
 *
 * Context: process, may sleep.
 * Return: as kawela_mbx_block_read(), and -EMSGSIZE (the block needs more), -EINVAL (@len, or the
 * PF does not take this content), -EPERM (not to be written).
 */
int kawela_mbx_block_write(struct kawela_mbx_vf *m, u32 id, const void *buf, unsigned int len);

/**
 * kawela_mbx_block_news - which blocks are invalid
 * @m: VF end
 * @mask: bit N for block N
 *
 * A call takes what the one before returned for handled: read those blocks, call again, until
 * there are none. At the begin of a session all are invalid.
 *
 * Context: process, may sleep.
 * Return: 0, or an errno of kawela_mbx_block_read().
 */
int kawela_mbx_block_news(struct kawela_mbx_vf *m, u64 *mask);

/**
 * kawela_mbx_vf_irq - look at the mailbox bits
 * @m: VF end
 *
 * Call from the handler of every vector of the VF: QEMU's mailbox interrupt lands on another
 * vector than the programmed one. One register read; keeps the read-to-clear bits, wakes whoever
 * waits.
 *
 * Context: any, hard interrupt included.
 */
void kawela_mbx_vf_irq(struct kawela_mbx_vf *m);

/**
 * kawela_mbx_vf_poll - handle what came unasked
 * @m: VF end
 *
 * Call after the event callback and periodically (2 s): a PF reset raises no interrupt in the VF.
 *
 * Context: process, may sleep (behind a request in progress).
 * Return: KAWELA_MBX_VF_* mask. LOST is reported as long as there is no session. A session that
 * stands and no news return 0.
 */
u32 kawela_mbx_vf_poll(struct kawela_mbx_vf *m);

/**
 * kawela_mbx_vf_connected - whether the VF is clear to send
 * @m: VF end
 *
 * The link counts as up only while this is true and STATUS.LU is set.
 *
 * Context: any.
 * Return: true while the session stands.
 */
bool kawela_mbx_vf_connected(const struct kawela_mbx_vf *m);

/**
 * kawela_mbx_vf_abort - end all waits, for good
 * @m: VF end
 *
 * Waiting and later calls return -ENODEV. For remove: there is no way back.
 *
 * Context: any.
 */
void kawela_mbx_vf_abort(struct kawela_mbx_vf *m);

/**
 * kawela_mbx_vf_revive - start over with a function that was gone and is back
 * @m: VF end
 *
 * There is no session afterwards; kawela_mbx_vf_connect() makes one.
 *
 * Context: process, may sleep.
 * Return: 0, or -ENODEV when the function is gone still or the VF end was aborted.
 */
int kawela_mbx_vf_revive(struct kawela_mbx_vf *m);

/**
 * kawela_mbx_vf_get_stats - counters of the VF end
 * @m: VF end
 * @stats: the counters
 *
 * Context: any.
 */
void kawela_mbx_vf_get_stats(const struct kawela_mbx_vf *m, struct kawela_mbx_vf_stats *stats);

#endif /* _NET_KAWELA_MBX_H */
