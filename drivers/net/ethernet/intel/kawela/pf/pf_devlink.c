// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink instance: parameters, resources, info, reload.
 *
 * Owns: pf->devlink. Never touches: ports (pf_devlink_port.c), counts and policy (nsw keeps them).
 * Locks: devl_lock, held by the core around every operation.
 */
#include <linux/pci.h>
#include <linux/unaligned.h>

#include "../compat/devlink.h"
#include "pf.h"

#define PF_INFO_SIZE	32	/* a version, a part number, a serial number */

static_assert(PF_INFO_SIZE >= KAWELA_PF_PBA_SIZE);

enum pf_param_id {
	PF_PARAM_SINGLE_VPORT_POOL = DEVLINK_PARAM_GENERIC_ID_MAX + 1,
	PF_PARAM_VMQ,
	PF_PARAM_VMQ_VLAN_FILTERING,
};

enum pf_resource_id {
	PF_RESOURCE_VPORTS = 1,
	PF_RESOURCE_VFS,
	PF_RESOURCE_QUEUE_PAIRS,
	PF_RESOURCE_MAC_FILTERS,
	PF_RESOURCE_VLAN_FILTERS,
};

/**
 * kawela_pf_of_devlink - the PF of an instance
 * @devlink: instance
 *
 * Context: any.
 * Return: PF.
 */
struct kawela_pf *kawela_pf_of_devlink(struct devlink *devlink)
{
	return *(struct kawela_pf **)devlink_priv(devlink);
}

/* Parameters: what the last load or reload took over counts, not what was set since. */

static const struct devlink_param pf_params[] = {
	DEVLINK_PARAM_GENERIC(ENABLE_SRIOV, BIT(DEVLINK_PARAM_CMODE_DRIVERINIT), NULL, NULL, NULL),
	DEVLINK_PARAM_DRIVER(PF_PARAM_SINGLE_VPORT_POOL, "single_vport_pool",
			     DEVLINK_PARAM_TYPE_BOOL, BIT(DEVLINK_PARAM_CMODE_DRIVERINIT),
			     NULL, NULL, NULL),
	DEVLINK_PARAM_DRIVER(PF_PARAM_VMQ, "vmq", DEVLINK_PARAM_TYPE_BOOL,
			     BIT(DEVLINK_PARAM_CMODE_DRIVERINIT), NULL, NULL, NULL),
	DEVLINK_PARAM_DRIVER(PF_PARAM_VMQ_VLAN_FILTERING, "vmq_vlan_filtering",
			     DEVLINK_PARAM_TYPE_BOOL, BIT(DEVLINK_PARAM_CMODE_DRIVERINIT),
			     NULL, NULL, NULL),
};

static const struct pf_param_default {
	u32 id;
	bool on;
} pf_param_defaults[] = {
	{ DEVLINK_PARAM_GENERIC_ID_ENABLE_SRIOV, true },
	{ PF_PARAM_SINGLE_VPORT_POOL, false },
	{ PF_PARAM_VMQ, true },
	{ PF_PARAM_VMQ_VLAN_FILTERING, true },
};

static bool pf_param(struct kawela_pf *pf, u32 id)
{
	union devlink_param_value val;

	return !devl_param_driverinit_value_get(pf->devlink, id, &val) && val.vbool;
}

/**
 * kawela_pf_devlink_sriov_allowed - whether the administrator allows VFs
 * @pf: PF
 *
 * Context: devl_lock.
 * Return: parameter enable_sriov as of the last load or reload.
 */
bool kawela_pf_devlink_sriov_allowed(struct kawela_pf *pf)
{
	devl_assert_locked(pf->devlink);
	return pf_param(pf, DEVLINK_PARAM_GENERIC_ID_ENABLE_SRIOV);
}

static void pf_apply_params(struct kawela_pf *pf)
{
	u32 policy = (pf_param(pf, PF_PARAM_SINGLE_VPORT_POOL) ? KAWELA_NSW_SINGLE_VPORT_POOL : 0) |
		     (pf_param(pf, PF_PARAM_VMQ) ? KAWELA_NSW_VMQ : 0) |
		     (pf_param(pf, PF_PARAM_VMQ_VLAN_FILTERING) ? KAWELA_NSW_VLAN_TESTS : 0);

	kawela_nsw_set_policy(pf->nsw, policy);
}

static int pf_params_register(struct kawela_pf *pf)
{
	union devlink_param_value val;
	unsigned int i;
	int err;

	err = devl_params_register(pf->devlink, pf_params, ARRAY_SIZE(pf_params));
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(pf_param_defaults); i++) {
		val.vbool = pf_param_defaults[i].on;
		devl_param_driverinit_value_set(pf->devlink, pf_param_defaults[i].id, &val);
	}
	pf_apply_params(pf);
	return 0;
}

/* Resources: the sizes are the hardware's. */

static u64 pf_occ_vports(void *priv)
{
	struct kawela_pf *pf = priv;
	struct kawela_nsw_counts counts;

	kawela_nsw_get_counts(pf->nsw, &counts);
	return counts.num_vports;
}

static u64 pf_occ_vfs(void *priv)
{
	struct kawela_pf *pf = priv;
	struct kawela_nsw_counts counts;

	kawela_nsw_get_counts(pf->nsw, &counts);
	return counts.num_vfs;
}

/* Without pools the PF has as many as RSS uses. */
static u64 pf_occ_queue_pairs(void *priv)
{
	struct kawela_pf *pf = priv;
	struct kawela_nsw_counts counts;

	kawela_nsw_get_counts(pf->nsw, &counts);
	return counts.mode == KAWELA_NSW_RSS ? READ_ONCE(pf->want_qps) : counts.queue_pairs;
}

static u64 pf_occ_mac_filters(void *priv)
{
	struct kawela_pf *pf = priv;
	struct kawela_nsw_counts counts;

	kawela_nsw_get_counts(pf->nsw, &counts);
	return counts.rar_used + counts.rar_reserved;
}

static u64 pf_occ_vlan_filters(void *priv)
{
	struct kawela_pf *pf = priv;
	struct kawela_nsw_counts counts;

	kawela_nsw_get_counts(pf->nsw, &counts);
	return counts.vlvf_used;
}

static const struct pf_resource {
	const char *name;
	u64 id;
	u64 size;
	devlink_resource_occ_get_t *occ;
} pf_resources[] = {
	{ "vports", PF_RESOURCE_VPORTS, KAWELA_NSW_NUM_POOLS, pf_occ_vports },
	{ "vfs", PF_RESOURCE_VFS, KAWELA_NSW_MAX_VFS, pf_occ_vfs },
	{ "queue_pairs", PF_RESOURCE_QUEUE_PAIRS, KW_NUM_QUEUES, pf_occ_queue_pairs },
	{ "mac_filters", PF_RESOURCE_MAC_FILTERS, KAWELA_NSW_NUM_RAR, pf_occ_mac_filters },
	{ "vlan_filters", PF_RESOURCE_VLAN_FILTERS, KAWELA_NSW_NUM_VLVF, pf_occ_vlan_filters },
};

static int pf_resources_register(struct kawela_pf *pf)
{
	struct devlink_resource_size_params size;
	const struct pf_resource *res;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(pf_resources); i++) {
		res = &pf_resources[i];
		devlink_resource_size_params_init(&size, res->size, res->size, 1,
						  DEVLINK_RESOURCE_UNIT_ENTRY);
		err = devl_resource_register(pf->devlink, res->name, res->size, res->id,
					     DEVLINK_RESOURCE_ID_PARENT_TOP, &size);
		if (err)
			goto err_unregister;
		devl_resource_occ_get_register(pf->devlink, res->id, res->occ, pf);
	}
	return 0;

err_unregister:
	devl_resources_unregister(pf->devlink);
	return err;
}

/* Operations */

static int pf_info_get(struct devlink *devlink, struct devlink_info_req *req,
		       struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = kawela_pf_of_devlink(devlink);
	char buf[PF_INFO_SIZE];
	u8 serial[8];
	u64 dsn;
	int err;

	dsn = pci_get_dsn(pf->pdev);
	if (dsn) {
		put_unaligned_be64(dsn, serial);
		snprintf(buf, sizeof(buf), "%8phD", serial);
		err = devlink_info_serial_number_put(req, buf);
		if (err)
			return err;
	}
	if (!kawela_pf_nvm_pba(&pf->hw, buf, sizeof(buf))) {
		err = devlink_info_version_fixed_put(req, DEVLINK_INFO_VERSION_GENERIC_BOARD_ID,
						     buf);
		if (err)
			return err;
	}
	if (kawela_pf_nvm_fw_version(&pf->hw, buf, sizeof(buf)))
		return 0;
	return devlink_info_version_running_put(req, DEVLINK_INFO_VERSION_GENERIC_FW, buf);
}

static int pf_reload_down(struct devlink *devlink, bool netns_change,
			  enum devlink_reload_action action, enum devlink_reload_limit limit,
			  struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = kawela_pf_of_devlink(devlink);
	int err;

	if (netns_change) {
		NL_SET_ERR_MSG(extack, "the instance stays in its namespace, move the netdevs");
		return -EOPNOTSUPP;
	}
	err = kawela_pf_health_idle(pf, extack);
	if (err)
		return err;
	kawela_pf_suspend_service(pf);
	kawela_pf_ports_unplug(pf);
	return 0;
}

/* The ports come back in any case: the next reload begins with their going. */
static int pf_reload_up(struct devlink *devlink, enum devlink_reload_action action,
			enum devlink_reload_limit limit, u32 *actions_performed,
			struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = kawela_pf_of_devlink(devlink);
	int err;

	*actions_performed = BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT);
	pf_apply_params(pf);
	err = kawela_pf_resume_service(pf);
	if (err)
		NL_SET_ERR_MSG(extack, "the function does not come back from its reset");
	kawela_pf_ports_plug(pf);
	return err;
}

static const struct devlink_ops pf_devlink_ops = {
	.reload_actions	= BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT),
	.reload_down	= pf_reload_down,
	.reload_up	= pf_reload_up,
	.port_new	= kawela_pf_port_new,
	.info_get	= pf_info_get,
};

/**
 * kawela_pf_devlink_init - make the instance
 * @pf: PF with its switch, netdev not registered yet
 *
 * User space sees it after devlink_register() only.
 *
 * Context: probe.
 * Return: 0, -ENOMEM or what the devlink core says.
 */
int kawela_pf_devlink_init(struct kawela_pf *pf)
{
	int err;

	pf->devlink = devlink_alloc(&pf_devlink_ops, sizeof(pf), &pf->pdev->dev);
	if (!pf->devlink)
		return -ENOMEM;
	*(struct kawela_pf **)devlink_priv(pf->devlink) = pf;

	devl_lock(pf->devlink);
	err = pf_resources_register(pf);
	if (err)
		goto err_free;
	err = pf_params_register(pf);
	if (err)
		goto err_resources;
	err = kawela_pf_ports_init(pf);
	if (err)
		goto err_params;
	devl_unlock(pf->devlink);
	return 0;

err_params:
	devl_params_unregister(pf->devlink, pf_params, ARRAY_SIZE(pf_params));
err_resources:
	devl_resources_unregister(pf->devlink);
err_free:
	devl_unlock(pf->devlink);
	devlink_free(pf->devlink);
	return err;
}

/**
 * kawela_pf_devlink_fini - undo kawela_pf_devlink_init()
 * @pf: PF whose netdev is unregistered and whose other ports are gone
 *
 * Context: remove, and unwinding of probe.
 */
void kawela_pf_devlink_fini(struct kawela_pf *pf)
{
	devl_lock(pf->devlink);
	/* A reload may have failed to put it back. */
	if (pf->uplink.registered) {
		kawela_pf_reporters_destroy(&pf->uplink);
		devl_port_unregister(&pf->uplink.dl);
	}
	devl_params_unregister(pf->devlink, pf_params, ARRAY_SIZE(pf_params));
	devl_resources_unregister(pf->devlink);
	devl_unlock(pf->devlink);
	devlink_free(pf->devlink);
}
