// SPDX-License-Identifier: GPL-2.0-only
/*
 * State machines of the two session ends: one engine, one table each, one setter.
 *
 * Owns: which state follows which event. Never touches: registers, messages; it acts on nothing.
 * Locks: none; see struct kawela_mbx_pf and struct kawela_mbx_vf for who may move which machine.
 */
#include <kunit/visibility.h>
#include <linux/bug.h>
#include <linux/compiler.h>

#include "mbx_priv.h"
#include "mbx_trace.h"

#define PF(s)		KAWELA_MBX_PF_##s
#define PF_EV(e)	KAWELA_MBX_PF_EV_##e
#define VF(s)		KAWELA_MBX_VF_S_##s
#define VF_EV(e)	KAWELA_MBX_VF_EV_##e
#define NONE		KAWELA_MBX_FSM_NONE

static const char * const pf_states[] = {
	[PF(OFF)]		= "off",
	[PF(WAIT)]		= "wait",
	[PF(RESETTING)]		= "resetting",
	[PF(READY)]		= "ready",
};

static const char * const pf_events[] = {
	[PF_EV(ENABLE)]		= "enable",
	[PF_EV(DISABLE)]	= "disable",
	[PF_EV(FLR)]		= "flr",
	[PF_EV(RESET_MSG)]	= "reset-msg",
	[PF_EV(GRANTED)]	= "granted",
	[PF_EV(REFUSED)]	= "refused",
	[PF_EV(PF_RESET)]	= "pf-reset",
	[PF_EV(RENEW)]		= "renew",
	[PF_EV(SUSPEND)]	= "suspend",
	[PF_EV(SILENT)]		= "silent",
};

static const u8 pf_next[KAWELA_MBX_PF_NUM_STATES][KAWELA_MBX_PF_NUM_EVENTS] = {
	[PF(OFF)] = {
		[PF_EV(ENABLE)]		= PF(WAIT),
		[PF_EV(DISABLE)]	= PF(OFF),
		[PF_EV(FLR)]		= NONE,
		[PF_EV(RESET_MSG)]	= NONE,
		[PF_EV(GRANTED)]	= NONE,
		[PF_EV(REFUSED)]	= NONE,
		[PF_EV(PF_RESET)]	= NONE,
		[PF_EV(RENEW)]		= NONE,
		[PF_EV(SUSPEND)]	= NONE,
		[PF_EV(SILENT)]		= NONE,
	},
	[PF(WAIT)] = {
		[PF_EV(ENABLE)]		= NONE,
		[PF_EV(DISABLE)]	= PF(OFF),
		[PF_EV(FLR)]		= PF(WAIT),
		[PF_EV(RESET_MSG)]	= PF(RESETTING),
		[PF_EV(GRANTED)]	= NONE,
		[PF_EV(REFUSED)]	= NONE,
		[PF_EV(PF_RESET)]	= PF(WAIT),
		[PF_EV(RENEW)]		= NONE,
		[PF_EV(SUSPEND)]	= NONE,
		[PF_EV(SILENT)]		= NONE,
	},
	[PF(RESETTING)] = {
		[PF_EV(ENABLE)]		= NONE,
		[PF_EV(DISABLE)]	= PF(OFF),
		[PF_EV(FLR)]		= PF(WAIT),
		[PF_EV(RESET_MSG)]	= NONE,
		[PF_EV(GRANTED)]	= PF(READY),
		[PF_EV(REFUSED)]	= PF(WAIT),
		[PF_EV(PF_RESET)]	= PF(WAIT),
		[PF_EV(RENEW)]		= NONE,
		[PF_EV(SUSPEND)]	= NONE,
		[PF_EV(SILENT)]		= NONE,
	},
	[PF(READY)] = {
		[PF_EV(ENABLE)]		= NONE,
		[PF_EV(DISABLE)]	= PF(OFF),
		[PF_EV(FLR)]		= PF(WAIT),
		[PF_EV(RESET_MSG)]	= PF(RESETTING),
		[PF_EV(GRANTED)]	= NONE,
		[PF_EV(REFUSED)]	= NONE,
		[PF_EV(PF_RESET)]	= PF(WAIT),
		[PF_EV(RENEW)]		= PF(WAIT),
		[PF_EV(SUSPEND)]	= PF(WAIT),
		[PF_EV(SILENT)]		= PF(WAIT),
	},
};

static const char * const vf_states[] = {
	[VF(IDLE)]		= "idle",
	[VF(CONNECTING)]	= "connecting",
	[VF(READY)]		= "ready",
	[VF(LOST)]		= "lost",
	[VF(GONE)]		= "gone",
};

static const char * const vf_events[] = {
	[VF_EV(CONNECT)]	= "connect",
	[VF_EV(GRANTED)]	= "granted",
	[VF_EV(FAILED)]		= "failed",
	[VF_EV(NO_CTS)]		= "no-cts",
	[VF_EV(PF_RESET)]	= "pf-reset",
	[VF_EV(TIMEOUT)]	= "timeout",
	[VF_EV(ABORT)]		= "abort",
	[VF_EV(REVIVE)]		= "revive",
};

static const u8 vf_next[KAWELA_MBX_VF_NUM_STATES][KAWELA_MBX_VF_NUM_EVENTS] = {
	[VF(IDLE)] = {
		[VF_EV(CONNECT)]	= VF(CONNECTING),
		[VF_EV(GRANTED)]	= NONE,
		[VF_EV(FAILED)]		= NONE,
		[VF_EV(NO_CTS)]		= NONE,
		[VF_EV(PF_RESET)]	= NONE,
		[VF_EV(TIMEOUT)]	= NONE,
		[VF_EV(ABORT)]		= VF(GONE),
		[VF_EV(REVIVE)]		= NONE,
	},
	[VF(CONNECTING)] = {
		[VF_EV(CONNECT)]	= NONE,
		[VF_EV(GRANTED)]	= VF(READY),
		[VF_EV(FAILED)]		= VF(LOST),
		[VF_EV(NO_CTS)]		= NONE,
		[VF_EV(PF_RESET)]	= VF(LOST),
		[VF_EV(TIMEOUT)]	= NONE,
		[VF_EV(ABORT)]		= VF(GONE),
		[VF_EV(REVIVE)]		= NONE,
	},
	[VF(READY)] = {
		[VF_EV(CONNECT)]	= VF(CONNECTING),
		[VF_EV(GRANTED)]	= NONE,
		[VF_EV(FAILED)]		= NONE,
		[VF_EV(NO_CTS)]		= VF(LOST),
		[VF_EV(PF_RESET)]	= VF(LOST),
		[VF_EV(TIMEOUT)]	= VF(LOST),
		[VF_EV(ABORT)]		= VF(GONE),
		[VF_EV(REVIVE)]		= NONE,
	},
	[VF(LOST)] = {
		[VF_EV(CONNECT)]	= VF(CONNECTING),
		[VF_EV(GRANTED)]	= NONE,
		[VF_EV(FAILED)]		= NONE,
		[VF_EV(NO_CTS)]		= NONE,
		[VF_EV(PF_RESET)]	= NONE,
		[VF_EV(TIMEOUT)]	= NONE,
		[VF_EV(ABORT)]		= VF(GONE),
		[VF_EV(REVIVE)]		= NONE,
	},
	[VF(GONE)] = {
		[VF_EV(CONNECT)]	= NONE,
		[VF_EV(GRANTED)]	= NONE,
		[VF_EV(FAILED)]		= NONE,
		[VF_EV(NO_CTS)]		= NONE,
		[VF_EV(PF_RESET)]	= NONE,
		[VF_EV(TIMEOUT)]	= NONE,
		[VF_EV(ABORT)]		= VF(GONE),
		[VF_EV(REVIVE)]		= VF(IDLE),
	},
};

const struct kawela_mbx_fsm_def kawela_mbx_pf_fsm = {
	.name		= "pf",
	.states		= pf_states,
	.events		= pf_events,
	.next		= &pf_next[0][0],
	.num_states	= KAWELA_MBX_PF_NUM_STATES,
	.num_events	= KAWELA_MBX_PF_NUM_EVENTS,
};
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_pf_fsm);

const struct kawela_mbx_fsm_def kawela_mbx_vf_fsm = {
	.name		= "vf",
	.states		= vf_states,
	.events		= vf_events,
	.next		= &vf_next[0][0],
	.num_states	= KAWELA_MBX_VF_NUM_STATES,
	.num_events	= KAWELA_MBX_VF_NUM_EVENTS,
};
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_vf_fsm);

void kawela_mbx_fsm_init(struct kawela_mbx_fsm *fsm, const struct kawela_mbx_fsm_def *def, u16 id)
{
	fsm->def = def;
	fsm->id = id;
	WRITE_ONCE(fsm->state, 0);
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_fsm_init);

/* The only place that changes a state. False, and no change, when there is no such transition. */
bool kawela_mbx_fsm_event(struct kawela_mbx_fsm *fsm, unsigned int event)
{
	u8 old = fsm->state, new;

	if (WARN_ON_ONCE(event >= fsm->def->num_events))
		return false;

	new = fsm->def->next[old * fsm->def->num_events + event];
	if (new == KAWELA_MBX_FSM_NONE)
		return false;

	WRITE_ONCE(fsm->state, new);
	if (new != old)
		trace_kawela_mbx_state(fsm, event, old);

	return true;
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_fsm_event);

const char *kawela_mbx_fsm_state_name(const struct kawela_mbx_fsm_def *def, unsigned int state)
{
	return state < def->num_states ? def->states[state] : "?";
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_fsm_state_name);

const char *kawela_mbx_fsm_event_name(const struct kawela_mbx_fsm_def *def, unsigned int event)
{
	return event < def->num_events ? def->events[event] : "?";
}
EXPORT_SYMBOL_IF_KUNIT(kawela_mbx_fsm_event_name);
