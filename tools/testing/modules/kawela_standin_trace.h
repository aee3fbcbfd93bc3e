/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoint of the stand-in master: what it was told of a VF netdev, and the state that it saw
 * the VF netdev in.
 *
 * Owns: the event format. Never touches: anything else. No locks.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kawela_standin

#if !defined(_KAWELA_STANDIN_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _KAWELA_STANDIN_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

TRACE_EVENT(kawela_standin_event,
	    TP_PROTO(const struct net_device *vf, const char *event, bool path),
	    TP_ARGS(vf, event, path),
	    TP_STRUCT__entry(__string(vf, vf->name)
			     __string(event, event)
			     __array(u8, perm, ETH_ALEN)
			     __field(bool, running)
			     __field(bool, carrier)
			     __field(bool, stopped)
			     __field(bool, path)),
	    TP_fast_assign(__assign_str(vf);
			   __assign_str(event);
			   memcpy(__entry->perm, vf->perm_addr, ETH_ALEN);
			   __entry->running = netif_running(vf);
			   __entry->carrier = netif_carrier_ok(vf);
			   __entry->stopped = netif_queue_stopped(vf);
			   __entry->path = path;),
	    TP_printk("%s %s perm=%pM running=%u carrier=%u stopped=%u path=%s", __get_str(vf),
		      __get_str(event), __entry->perm, __entry->running, __entry->carrier,
		      __entry->stopped, __entry->path ? "vf" : "synthetic")
);

#endif /* _KAWELA_STANDIN_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE kawela_standin_trace
#include <trace/define_trace.h>
