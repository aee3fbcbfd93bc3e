// SPDX-License-Identifier: GPL-2.0-only
/*
 * Storms: a VF that does not stop using up its rate limit is parked for a while.
 *
 * Owns: struct kawela_mbx_storm, m->parked. Never touches: buffers, session states; what parking
 * means for a request is mbx_pf.c's.
 * Locks: none; runs in the service work. kawela_mbx_pf_unpark() only leaves it a bit.
 *
 * The limit alone keeps a VF from the others' time, but not from the interrupt: each doorbell costs
 * a look at the causes. A parked VF's doorbell does not interrupt. One that rings without end is
 * parked within a second. One that waits for each answer before it asks again never is, however
 * much it asks for: a guest may join 4094 VLANs.
 */
#include <linux/bitops.h>
#include <linux/module.h>

#include "../compat/module.h"
#include "mbx_priv.h"
#include "mbx_trace.h"

static void storm_tell(struct kawela_mbx_pf *m, u16 vf)
{
	kawela_mbx_pf_hw_listen(&m->port, m->parked);
	if (m->ops->vf_storm)
		m->ops->vf_storm(m->priv, vf);
}

static void storm_park(struct kawela_mbx_pf *m, u16 vf, u64 now_ns)
{
	struct kawela_mbx_session *s = &m->session[vf];

	trace_kawela_mbx_park(m->name, vf, s->storm.strikes);
	s->stats.parked++;
	WRITE_ONCE(s->storm.until_ns, now_ns + KAWELA_MBX_PARK_NS);
	m->parked |= BIT(vf);
	storm_tell(m, vf);
}

static void storm_unpark(struct kawela_mbx_pf *m, u16 vf)
{
	struct kawela_mbx_session *s = &m->session[vf];

	trace_kawela_mbx_unpark(m->name, vf, s->storm.strikes);
	s->storm.strikes = 0;
	WRITE_ONCE(s->storm.until_ns, 0);
	kawela_mbx_limit_init(&s->limit);
	m->parked &= ~BIT(vf);
	storm_tell(m, vf);
}

/* The bucket was full in the meantime: what was before is forgotten. */
static void storm_forget(struct kawela_mbx_session *s, u64 now_ns)
{
	if (kawela_mbx_limit_full(&s->limit, now_ns))
		s->storm.strikes = 0;
}

/* Something without need, and the bucket is empty. */
void kawela_mbx_pf_storm_wait(struct kawela_mbx_pf *m, u16 vf, u64 now_ns)
{
	struct kawela_mbx_storm *storm = &m->session[vf].storm;

	/* Nothing that it does while it is parked makes that longer. */
	if (storm->until_ns)
		return;
	if (++storm->strikes >= KAWELA_MBX_STORM_STRIKES)
		storm_park(m, vf, now_ns);
}

/* A request gets its token; there is one. */
void kawela_mbx_pf_storm_take(struct kawela_mbx_session *s, u64 now_ns)
{
	storm_forget(s, now_ns);
	kawela_mbx_limit_take(&s->limit, now_ns);
}

/* What is no request costs a token as well. It is no debt if there is none. */
static void storm_charge(struct kawela_mbx_pf *m, u16 vf, u64 now_ns)
{
	struct kawela_mbx_session *s = &m->session[vf];

	if (kawela_mbx_limit_wait(&s->limit, now_ns))
		kawela_mbx_pf_storm_wait(m, vf, now_ns);
	else
		kawela_mbx_pf_storm_take(s, now_ns);
}

/* The VF was reset. Drivers do so a few times when they start, with pauses. */
void kawela_mbx_pf_storm_reset(struct kawela_mbx_pf *m, u16 vf, u64 now_ns)
{
	struct kawela_mbx_storm *storm = &m->session[vf].storm;

	if (now_ns - storm->flr_ns < KAWELA_MBX_FLR_NS)
		storm_charge(m, vf, now_ns);
	storm->flr_ns = now_ns;
	storm->owed = false;
}

/* The VF acknowledged something. */
void kawela_mbx_pf_storm_ack(struct kawela_mbx_pf *m, u16 vf, u64 now_ns)
{
	struct kawela_mbx_storm *storm = &m->session[vf].storm;

	if (!storm->owed)
		storm_charge(m, vf, now_ns);
	storm->owed = false;
}

/* Whether to look at a VF's requests; ends its parking if that is due. */
bool kawela_mbx_pf_storm_over(struct kawela_mbx_pf *m, u16 vf, u64 now_ns)
{
	bool unpark = test_and_clear_bit(vf, &m->unpark);
	u64 until_ns = m->session[vf].storm.until_ns;

	if (!until_ns)
		return true;
	if (!unpark && now_ns < until_ns)
		return false;

	storm_unpark(m, vf);
	return true;
}

void kawela_mbx_pf_unpark(struct kawela_mbx_pf *m, u16 vf)
{
	if (vf >= READ_ONCE(m->num_vfs))
		return;

	set_bit(vf, &m->unpark);
	kawela_mbx_pf_kick(m);
}
EXPORT_SYMBOL_NS_GPL(kawela_mbx_pf_unpark, "KAWELA");
