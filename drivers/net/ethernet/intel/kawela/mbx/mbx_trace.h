/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of the mailbox: what was sent, what came, how sessions moved, what was thrown away.
 *
 * Owns: the event formats. Never touches: anything else. No locks.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kawela_mbx

#if !defined(_KAWELA_MBX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _KAWELA_MBX_TRACE_H

#include <linux/tracepoint.h>

#include "mbx_priv.h"

DECLARE_EVENT_CLASS(kawela_mbx_words,
		    TP_PROTO(const char *name, u16 vf, const u32 *w),
		    TP_ARGS(name, vf, w),
		    TP_STRUCT__entry(__string(name, name)
				     __field(u16, vf)
				     __field(u32, w0)
				     __field(u32, w1)
				     __field(u32, w2)),
		    TP_fast_assign(__assign_str(name);
				   __entry->vf = vf;
				   __entry->w0 = w[0];
				   __entry->w1 = w[1];
				   __entry->w2 = w[2];),
		    TP_printk("%s vf %u words %08x %08x %08x",
			      __get_str(name), __entry->vf, __entry->w0,
			      __entry->w1, __entry->w2)
);

DEFINE_EVENT(kawela_mbx_words, kawela_mbx_send,
	     TP_PROTO(const char *name, u16 vf, const u32 *w),
	     TP_ARGS(name, vf, w)
);

DEFINE_EVENT(kawela_mbx_words, kawela_mbx_receive,
	     TP_PROTO(const char *name, u16 vf, const u32 *w),
	     TP_ARGS(name, vf, w)
);

TRACE_EVENT(kawela_mbx_state,
	    TP_PROTO(const struct kawela_mbx_fsm *fsm, unsigned int event, u8 old),
	    TP_ARGS(fsm, event, old),
	    TP_STRUCT__entry(__string(end, fsm->def->name)
			     __string(event, kawela_mbx_fsm_event_name(fsm->def, event))
			     __string(from, kawela_mbx_fsm_state_name(fsm->def, old))
			     __string(to, kawela_mbx_fsm_state_name(fsm->def, fsm->state))
			     __field(u16, vf)),
	    TP_fast_assign(__assign_str(end);
			   __assign_str(event);
			   __assign_str(from);
			   __assign_str(to);
			   __entry->vf = fsm->id;),
	    TP_printk("%s end, vf %u: %s on %s -> %s",
		      __get_str(end), __entry->vf, __get_str(from),
		      __get_str(event), __get_str(to))
);

TRACE_EVENT(kawela_mbx_drop,
	    TP_PROTO(const char *name, u16 vf, const char *reason),
	    TP_ARGS(name, vf, reason),
	    TP_STRUCT__entry(__string(name, name)
			     __string(reason, reason)
			     __field(u16, vf)),
	    TP_fast_assign(__assign_str(name);
			   __assign_str(reason);
			   __entry->vf = vf;),
	    TP_printk("%s vf %u: %s",
		      __get_str(name), __entry->vf, __get_str(reason))
);

DECLARE_EVENT_CLASS(kawela_mbx_parking,
		    TP_PROTO(const char *name, u16 vf, u32 strikes),
		    TP_ARGS(name, vf, strikes),
		    TP_STRUCT__entry(__string(name, name)
				     __field(u16, vf)
				     __field(u32, strikes)),
		    TP_fast_assign(__assign_str(name);
				   __entry->vf = vf;
				   __entry->strikes = strikes;),
		    TP_printk("%s vf %u strikes %u",
			      __get_str(name), __entry->vf, __entry->strikes)
);

DEFINE_EVENT(kawela_mbx_parking, kawela_mbx_park,
	     TP_PROTO(const char *name, u16 vf, u32 strikes),
	     TP_ARGS(name, vf, strikes)
);

DEFINE_EVENT(kawela_mbx_parking, kawela_mbx_unpark,
	     TP_PROTO(const char *name, u16 vf, u32 strikes),
	     TP_ARGS(name, vf, strikes)
);

TRACE_EVENT(kawela_mbx_part,
	    TP_PROTO(const char *name, u16 vf, const struct kawela_block_msg *msg, int verdict),
	    TP_ARGS(name, vf, msg, verdict),
	    TP_STRUCT__entry(__string(name, name)
			     __field(u16, vf)
			     __field(u16, id)
			     __field(u8, seq)
			     __field(u32, block)
			     __field(u16, len)
			     __field(u16, offset)
			     __field(u64, mask)
			     __field(int, verdict)),
	    TP_fast_assign(__assign_str(name);
			   __entry->vf = vf;
			   __entry->id = msg->id;
			   __entry->seq = msg->seq;
			   __entry->block = msg->block;
			   __entry->len = msg->len;
			   __entry->offset = msg->offset;
			   __entry->mask = msg->mask;
			   __entry->verdict = verdict;),
	    TP_printk("%s vf %u message %#x transfer %u block %u len %u offset %u mask %llx: %d",
		      __get_str(name), __entry->vf, __entry->id, __entry->seq,
		      __entry->block, __entry->len, __entry->offset, __entry->mask,
		      __entry->verdict)
);

TRACE_EVENT(kawela_mbx_invalidate,
	    TP_PROTO(const char *name, u16 vf, u64 mask),
	    TP_ARGS(name, vf, mask),
	    TP_STRUCT__entry(__string(name, name)
			     __field(u16, vf)
			     __field(u64, mask)),
	    TP_fast_assign(__assign_str(name);
			   __entry->vf = vf;
			   __entry->mask = mask;),
	    TP_printk("%s vf %u mask %llx",
		      __get_str(name), __entry->vf, __entry->mask)
);

TRACE_EVENT(kawela_mbx_transport,
	    TP_PROTO(const char *name, const char *transport),
	    TP_ARGS(name, transport),
	    TP_STRUCT__entry(__string(name, name)
			     __string(transport, transport)),
	    TP_fast_assign(__assign_str(name);
			   __assign_str(transport);),
	    TP_printk("%s blocks over %s",
		      __get_str(name), __get_str(transport))
);

TRACE_EVENT(kawela_mbx_block,
	    TP_PROTO(const char *name, const char *transport, const char *what, u32 id,
		     unsigned int len, int err),
	    TP_ARGS(name, transport, what, id, len, err),
	    TP_STRUCT__entry(__string(name, name)
			     __string(transport, transport)
			     __string(what, what)
			     __field(u32, id)
			     __field(unsigned int, len)
			     __field(int, err)),
	    TP_fast_assign(__assign_str(name);
			   __assign_str(transport);
			   __assign_str(what);
			   __entry->id = id;
			   __entry->len = len;
			   __entry->err = err;),
	    TP_printk("%s %s %s block %u, %u bytes: %d",
		      __get_str(name), __get_str(transport), __get_str(what),
		      __entry->id, __entry->len, __entry->err)
);

TRACE_EVENT(kawela_mbx_news,
	    TP_PROTO(const char *name, const char *transport, u64 mask, int err),
	    TP_ARGS(name, transport, mask, err),
	    TP_STRUCT__entry(__string(name, name)
			     __string(transport, transport)
			     __field(u64, mask)
			     __field(int, err)),
	    TP_fast_assign(__assign_str(name);
			   __assign_str(transport);
			   __entry->mask = mask;
			   __entry->err = err;),
	    TP_printk("%s %s invalid blocks %016llx: %d",
		      __get_str(name), __get_str(transport), __entry->mask,
		      __entry->err)
);

#endif /* _KAWELA_MBX_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE mbx_trace
#include <trace/define_trace.h>
