/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net/devlink.h as of Linux 7.3: a health reporter's graceful period is in its operations, a
 * parameter's value is passed by reference.
 *
 * Owns: the form these have on older kernels. Never touches: anything else. No locks.
 */
#ifndef _KAWELA_COMPAT_DEVLINK_H
#define _KAWELA_COMPAT_DEVLINK_H

#include <linux/version.h>
#include <net/devlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)

static inline void kawela_devl_param_set(struct devlink *devlink, u32 id,
					 union devlink_param_value *val)
{
	devl_param_driverinit_value_set(devlink, id, *val);
}

#define devl_param_driverinit_value_set		kawela_devl_param_set

#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)

static inline struct devlink_health_reporter *
kawela_devl_reporter_create(struct devlink_port *port,
			    const struct devlink_health_reporter_ops *ops, void *priv)
{
	return devl_port_health_reporter_create(port, ops, 0, priv);
}

#define devl_port_health_reporter_create	kawela_devl_reporter_create

#endif

#endif /* _KAWELA_COMPAT_DEVLINK_H */
