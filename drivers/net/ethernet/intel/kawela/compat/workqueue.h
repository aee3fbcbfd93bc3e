/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linux/workqueue.h as of Linux 6.17: the queue whose work is bound to no processor is the default.
 *
 * Owns: its name on older kernels. Never touches: anything else. No locks.
 */
#ifndef _KAWELA_COMPAT_WORKQUEUE_H
#define _KAWELA_COMPAT_WORKQUEUE_H

#include <linux/version.h>
#include <linux/workqueue.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define system_dfl_wq	system_unbound_wq
#endif

#endif /* _KAWELA_COMPAT_WORKQUEUE_H */
