/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linux/module.h as of Linux 6.13: a symbol namespace is a string.
 *
 * Owns: the form these macros have on older kernels. Never touches: anything else. No locks.
 */
#ifndef _KAWELA_COMPAT_MODULE_H
#define _KAWELA_COMPAT_MODULE_H

#include <linux/module.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)

#undef EXPORT_SYMBOL_NS_GPL
#define EXPORT_SYMBOL_NS_GPL(sym, ns)	__EXPORT_SYMBOL(sym, "GPL", ns)

#undef MODULE_IMPORT_NS
#define MODULE_IMPORT_NS(ns)		MODULE_INFO(import_ns, ns)

#endif

#endif /* _KAWELA_COMPAT_MODULE_H */
