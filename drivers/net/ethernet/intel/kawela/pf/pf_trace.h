/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoint of the VPorts' life: which step was taken, in the order in which they were.
 *
 * Owns: the event format. Never touches: anything else. No locks.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kawela_pf

#if !defined(_KAWELA_PF_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _KAWELA_PF_TRACE_H

#include <linux/pci.h>
#include <linux/tracepoint.h>

TRACE_EVENT(kawela_pf_vport,
	    TP_PROTO(struct pci_dev *pdev, unsigned int pool, const char *step),
	    TP_ARGS(pdev, pool, step),
	    TP_STRUCT__entry(__string(name, pci_name(pdev))
			     __string(step, step)
			     __field(unsigned int, pool)),
	    TP_fast_assign(__assign_str(name);
			   __assign_str(step);
			   __entry->pool = pool;),
	    TP_printk("%s pool %u: %s", __get_str(name), __entry->pool, __get_str(step))
);

#endif /* _KAWELA_PF_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE pf_trace
#include <trace/define_trace.h>
