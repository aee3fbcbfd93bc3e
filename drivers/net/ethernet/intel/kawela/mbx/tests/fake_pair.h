/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VF end on the register model, with our PF end or stock igb behind it.
 *
 * Owns: both ends, the PF driver that the requests reach, a clock. Never touches: what a test
 * expects, apart from what no test may leave behind.
 * Locks: none; the PF is served in the VF's thread, in the middle of the register write that
 * raises its interrupt.
 */
#ifndef _KAWELA_MBX_FAKE_PAIR_H
#define _KAWELA_MBX_FAKE_PAIR_H

#include <kunit/test.h>

#include "fake_hw.h"

#define FAKE_PAIR_VF	2	/* the VF with our VF end */
#define FAKE_PAIR_RAW	1	/* another one, for raw words */

extern const u8 fake_pair_mac[ETH_ALEN];

/**
 * struct fake_pair - two ends and what happened to them
 * @hw: the registers between them
 * @vf: VF end
 * @pf: PF end; NULL: @igb is the other end
 * @igb: stock igb, for FAKE_PAIR_VF only
 * @now: the PF end's clock
 * @serving: the PF end is served
 * @events: calls of the VF end's event op
 * @mac: what the last connect returned
 * @has_mac: likewise
 * @requests: calls of vf_request
 * @grants: calls of vf_granted
 * @readies: calls of vf_ready
 * @flrs: calls of vf_flr
 * @request_err: what vf_request says
 * @reset_err: what vf_reset says
 * @last: what vf_request was told
 * @flr_in_request: the VF is reset while its request is handled
 * @abort_on_irq: the VF end is aborted when it sends
 * @remove_on_irq: the functions vanish when the VF end sends
 * @irqs: interrupts of the PF
 * @before_at: @before is called before the PF serves this one; each exchange has two, REQ and ACK
 * @after_at: @after is called when the PF has served this one
 * @before: see above
 * @after: see above
 * @more: the test's own
 */
struct fake_pair {
	struct fake_hw hw;
	struct kawela_mbx_vf *vf;
	struct kawela_mbx_pf *pf;
	struct stock_pf igb;
	u64 now;
	bool serving;
	unsigned int events;
	u8 mac[ETH_ALEN];
	bool has_mac;
	unsigned int requests;
	unsigned int grants;
	unsigned int readies;
	unsigned int flrs;
	int request_err;
	int reset_err;
	struct kawela_msg last;
	bool flr_in_request;
	bool abort_on_irq;
	bool remove_on_irq;
	unsigned int irqs;
	unsigned int before_at;
	unsigned int after_at;
	void (*before)(struct fake_pair *p);
	void (*after)(struct fake_pair *p);
	void *more;
};

int fake_pair_init_vf(struct kunit *test);
int fake_pair_init(struct kunit *test, const struct kawela_mbx_block *blocks, unsigned int num);
void fake_pair_exit(struct kunit *test);

void fake_pair_serve(struct fake_pair *p);
int fake_pair_connect(struct fake_pair *p);
void fake_pair_connected(struct kunit *test);
struct kawela_mbx_vf_stats fake_pair_vf_stats(struct fake_pair *p);
struct kawela_mbx_pf_stats fake_pair_pf_stats(struct fake_pair *p, u16 vf);
void fake_pair_control_over_reply(struct fake_pair *p);
void fake_pair_exchange(struct kunit *test, u16 vf, const u32 *w, unsigned int n, u32 *reply,
			unsigned int reply_n);

#endif /* _KAWELA_MBX_FAKE_PAIR_H */
