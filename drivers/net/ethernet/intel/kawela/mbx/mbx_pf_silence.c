// SPDX-License-Identifier: GPL-2.0-only
/*
 * Silence: a VF that connected and is no longer heard of loses its session after a while.
 *
 * Owns: struct kawela_mbx_silence. Never touches: buffers, the limits; what the end of a session
 * means is the PF driver's, as for a reset of the VF.
 * Locks: none; runs in the service work.
 *
 * A guest that hangs or is paused resets nothing, and its VF goes on taking frames that nobody
 * reads. Only a driver of level 1 is known to acknowledge every word, so only such a VF is rung
 * when it has said nothing for a while. The word that ends the session waits in its buffer: a guest
 * that goes on finds it and connects again.
 */
#include "mbx_priv.h"
#include "mbx_trace.h"

/* It acknowledged or asked something. */
void kawela_mbx_pf_heard(struct kawela_mbx_session *s, u64 now_ns)
{
	s->silence.beats = 0;
	s->silence.beat_ns = now_ns;
}

static void silence_end(struct kawela_mbx_pf *m, u16 vf)
{
	struct kawela_mbx_session *s = &m->session[vf];

	if (!kawela_mbx_fsm_event(&s->fsm, KAWELA_MBX_PF_EV_SILENT))
		return;

	s->stats.silent++;
	s->dirty = false;
	trace_kawela_mbx_drop(m->name, vf, "session of a silent VF");
	m->ops->vf_flr(m->priv, vf);
	set_bit(vf, &m->ping);
}

/* Ring a VF that is silent, or give it up. Returns when to look again, or KAWELA_MBX_IDLE. */
u64 kawela_mbx_pf_silence(struct kawela_mbx_pf *m, u16 vf, u64 now_ns)
{
	struct kawela_mbx_silence *silence = &m->session[vf].silence;

	if (!kawela_mbx_pf_level1(m, vf))
		return KAWELA_MBX_IDLE;

	if (now_ns - silence->beat_ns >= KAWELA_MBX_BEAT_NS) {
		if (silence->beats == KAWELA_MBX_BEATS) {
			silence_end(m, vf);
			return KAWELA_MBX_IDLE;
		}
		silence->beats++;
		silence->beat_ns = now_ns;
		set_bit(vf, &m->ping);
	}

	return silence->beat_ns + KAWELA_MBX_BEAT_NS;
}
