/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PF/VF mailbox of the 82576: the decoded message, the PF end and the VF end.
 *
 * Owns: the mailbox registers (P2VMAILBOX, V2PMAILBOX, VMBMEM, MBVFICR, MBVFIMR), VFLRE, and the VF's
 * CTRL.RST. Never touches: netdevs, switch policy, any other register.
 *
 * LOCKING
 *
 * PF end: one ordered work does all the mailbox work and owns the sessions. Callers reach it through
 * atomic bits. ctl_lock (mutex) serialises enable, disable, reset_begin, reset_end and destroy with
 * each other; those stop and drain the work, so their caller must hold no lock that a callback of
 * struct kawela_mbx_pf_ops takes. Callbacks run with no mailbox lock held.
 *
 * VF end: lock (mutex) serialises connect, request and poll, and may be held for some seconds when
 * the PF is silent; latch_lock (spinlock, any context) protects the latched read-to-clear bits.
 */
#ifndef _NET_KAWELA_MBX_H
#define _NET_KAWELA_MBX_H

#include <linux/bits.h>
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
 * @mac: SET_MAC: address, valid unicast for SET and ADD_FILTER, zero for CLEAR_FILTERS
 * @mc: SET_MULTICAST: the whole list
 * @mc.count: number of hashes; above KAWELA_ABI_MC_MAX: all multicast
 * @mc.hash: 12-bit hashes (RCTL.MO = 0), min(count, KAWELA_ABI_MC_MAX) of them
 * @vlan: SET_VLAN
 * @vlan.vid: VLAN id, 0..4095
 * @vlan.add: true adds, false removes
 * @max_frame: SET_LPE: bytes with FCS and one VLAN tag, 64..9728
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

int kawela_mbx_decode(const u32 w[KAWELA_ABI_WORDS], struct kawela_msg *msg);
int kawela_mbx_encode(const struct kawela_msg *msg, u32 w[KAWELA_ABI_WORDS]);
u32 kawela_mbx_reply_word(u32 request, int err);
unsigned int kawela_mbx_encode_reset_reply(const u8 *mac, u32 w[KAWELA_ABI_RESET_REPLY_WORDS]);
int kawela_mbx_decode_reset_reply(const u32 w[KAWELA_ABI_RESET_REPLY_WORDS], u8 mac[ETH_ALEN]);
int kawela_mbx_decode_reply(u32 request, u32 reply);

/* ---- PF end ---- */

/**
 * struct kawela_mbx_pf_ops - what the PF driver does about its VFs
 * @vf_flr: VFLRE was set: the guest is gone or starts over. Close the gates and drop whatever the VF
 *	asked for. Also comes once when the VF is enabled.
 * @vf_reset: RESET message: prepare the pool, gates stay closed. Return 0 with @mac filled, or
 *	-EADDRNOTAVAIL when the administrator assigned no address (@mac is ignored, the session comes
 *	up all the same), or another errno to refuse: the VF stays without CTS and tries again.
 * @vf_ready: the session is up and the reply to RESET is out: open the gates.
 * @vf_request: any other message, decoded and in range. Return 0 to grant, errno to refuse.
 *
 * All are called from the mailbox work, in process context, one at a time, with no mailbox lock
 * held. They may sleep, but the VF waits: stay well below 1 s. They must not call
 * kawela_mbx_pf_enable(), _disable(), _reset_begin(), _reset_end() or _destroy().
 */
struct kawela_mbx_pf_ops {
	void (*vf_flr)(void *priv, u16 vf);
	int (*vf_reset)(void *priv, u16 vf, u8 mac[ETH_ALEN]);
	void (*vf_ready)(void *priv, u16 vf);
	int (*vf_request)(void *priv, u16 vf, const struct kawela_msg *msg);
};

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
 */
struct kawela_mbx_pf_stats {
	u64 requests;
	u64 nacks;
	u64 resets;
	u64 flrs;
	u64 acks;
	u64 bad;
	u64 no_cts;
	u64 throttled;
	u64 busy;
	u64 stuck;
	u64 dropped;
	u64 pings;
};

struct kawela_mbx_pf *kawela_mbx_pf_create(struct device *dev, struct kawela_io *io,
					   unsigned int num_vfs_max,
					   const struct kawela_mbx_pf_ops *ops, void *priv);
void kawela_mbx_pf_destroy(struct kawela_mbx_pf *m);
int kawela_mbx_pf_enable(struct kawela_mbx_pf *m, unsigned int num_vfs);
void kawela_mbx_pf_disable(struct kawela_mbx_pf *m);
void kawela_mbx_pf_kick(struct kawela_mbx_pf *m);
void kawela_mbx_pf_reset_begin(struct kawela_mbx_pf *m);
void kawela_mbx_pf_reset_end(struct kawela_mbx_pf *m);
void kawela_mbx_pf_notify_link(struct kawela_mbx_pf *m);
bool kawela_mbx_pf_vf_ready(const struct kawela_mbx_pf *m, u16 vf);
int kawela_mbx_pf_get_stats(const struct kawela_mbx_pf *m, u16 vf,
			    struct kawela_mbx_pf_stats *stats);

/* ---- VF end ---- */

/**
 * struct kawela_mbx_vf_ops - what the VF driver hears from its mailbox
 * @event: the PF spoke unasked or reset; call kawela_mbx_vf_poll() soon, from process context. Called
 *	in any context, hard interrupt included: only queue work.
 */
struct kawela_mbx_vf_ops {
	void (*event)(void *priv);
};

/*
 * What kawela_mbx_vf_poll() found.
 * LINK: the PF spoke and the session stands; look at STATUS.LU.
 * LOST: the PF reset or dropped the session; link is down until kawela_mbx_vf_connect() succeeds.
 * GONE: the function was removed or kawela_mbx_vf_abort() was called.
 */
#define KAWELA_MBX_VF_LINK	BIT(0)
#define KAWELA_MBX_VF_LOST	BIT(1)
#define KAWELA_MBX_VF_GONE	BIT(2)

/**
 * struct kawela_mbx_vf_stats - counters of the VF end
 * @requests: messages sent, RESET included
 * @nacks: requests the PF refused
 * @timeouts: waits that ran out, for the buffer, the ACK or the reply
 * @lost: times the session was lost
 * @control: unasked messages of the PF
 */
struct kawela_mbx_vf_stats {
	u64 requests;
	u64 nacks;
	u64 timeouts;
	u64 lost;
	u64 control;
};

struct kawela_mbx_vf *kawela_mbx_vf_create(struct device *dev, struct kawela_io *io,
					   const struct kawela_mbx_vf_ops *ops, void *priv);
void kawela_mbx_vf_destroy(struct kawela_mbx_vf *m);
int kawela_mbx_vf_connect(struct kawela_mbx_vf *m, u8 mac[ETH_ALEN], bool *has_mac);
int kawela_mbx_vf_request(struct kawela_mbx_vf *m, const struct kawela_msg *req);
void kawela_mbx_vf_irq(struct kawela_mbx_vf *m);
u32 kawela_mbx_vf_poll(struct kawela_mbx_vf *m);
bool kawela_mbx_vf_connected(const struct kawela_mbx_vf *m);
void kawela_mbx_vf_abort(struct kawela_mbx_vf *m);
void kawela_mbx_vf_get_stats(const struct kawela_mbx_vf *m, struct kawela_mbx_vf_stats *stats);

#endif /* _NET_KAWELA_MBX_H */
