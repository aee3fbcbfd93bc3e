// SPDX-License-Identifier: GPL-2.0-only
/*
 * echo N > sriov_numvfs: making VFs and taking them away.
 *
 * Owns: pf->num_vfs, PVTCTRL and the order of the steps: filters home, VPort deleted, VF reset, VF
 * gone. Never touches: any other register.
 * Locks: the device lock, which the callers hold, makes changes one at a time; devl_lock and,
 * inside it, RTNL around the switch's part. Neither is held across pci_enable_sriov(), which probes
 * VF drivers, or pci_disable_sriov(), which waits until user space lets go of a VF that vfio has.
 *
 * Neither direction resets the MAC, touches the link or closes the netdev. The PF's queues are
 * stopped and started on the hardware queues of the other mode, with the carrier on.
 */
#include <linux/rtnetlink.h>

#include "pf.h"
#include "pf_trace.h"

static int pf_switch_num_vfs(struct kawela_pf *pf, unsigned int num_vfs)
{
	struct netlink_ext_ack extack = {};
	struct kawela_nsw_counts counts;
	struct kawela_pf_pause pause;
	bool change;
	int err;

	kawela_pf_health_pause(pf);
	devl_lock(pf->devlink);
	rtnl_lock();
	/* With VPorts of the PF the mode is VMDq, before and after. */
	kawela_nsw_get_counts(pf->nsw, &counts);
	err = kawela_nsw_check_num_vfs(pf->nsw, num_vfs, &extack);
	change = !err && !counts.pf_vports;
	if (change)
		kawela_pf_queues_pause(pf, &pause, num_vfs);
	if (!err)
		err = kawela_nsw_set_num_vfs(pf->nsw, num_vfs, &extack);
	if (err)
		pci_err(pf->pdev, "%u VFs refused: %s\n", num_vfs, extack._msg ?: "see errno");
	else
		pf->num_vfs = num_vfs;
	if (change)
		kawela_pf_queues_resume(pf, &pause);
	kawela_pf_rx_gate(pf);
	rtnl_unlock();
	kawela_pf_ports_sync(pf);
	devl_unlock(pf->devlink);
	kawela_pf_health_resume(pf);
	return err;
}

static bool pf_sriov_allowed(struct kawela_pf *pf)
{
	bool allowed;

	devl_lock(pf->devlink);
	allowed = kawela_pf_devlink_sriov_allowed(pf);
	devl_unlock(pf->devlink);
	return allowed;
}

static int pf_sriov_enable(struct kawela_pf *pf, unsigned int num_vfs)
{
	int err;

	err = pf_switch_num_vfs(pf, num_vfs);
	if (err)
		return err;
	kawela_pf_vf_stats_clear(pf);
	kawela_pf_health_clear(pf);
	err = kawela_mbx_pf_enable(pf->mbx, num_vfs);
	if (err)
		goto err_switch;
	err = pci_enable_sriov(pf->pdev, num_vfs);
	if (err)
		goto err_mbx;
	return 0;

err_mbx:
	kawela_mbx_pf_disable(pf->mbx);
err_switch:
	pf_switch_num_vfs(pf, 0);
	return err;
}

/*
 * The guests' frames are the default VPort's from here on, and their VFs do nothing any more: it
 * may take long until whoever has the VFs lets go of them.
 */
static void pf_sriov_retire(struct kawela_pf *pf)
{
	unsigned int vf;

	devl_lock(pf->devlink);
	for (vf = 0; vf < pf->num_vfs; vf++)
		kawela_pf_vf_vport_del(pf, vf, NULL);
	devl_unlock(pf->devlink);
}

static int pf_sriov_disable(struct kawela_pf *pf)
{
	pf_sriov_retire(pf);
	pci_disable_sriov(pf->pdev);
	kawela_mbx_pf_disable(pf->mbx);
	/* What was cut off is gone: the next VFs inherit nothing. */
	WRITE_ONCE(pf->vfs_cut, 0);
	return pf_switch_num_vfs(pf, 0);
}

/**
 * kawela_pf_sriov_configure - sriov_configure of the PCI driver
 * @pdev: PF
 * @num_vfs: 0 to KW_MAX_VFS
 *
 * The PCI core has refused a change from one nonzero number to another already.
 *
 * Context: process, device lock held.
 * Return: @num_vfs; -ENODEV (the function is gone); -EPERM (devlink param enable_sriov is off); or
 * the errno of the step that failed, with everything undone.
 */
int kawela_pf_sriov_configure(struct pci_dev *pdev, int num_vfs)
{
	struct kawela_pf *pf = pci_get_drvdata(pdev);
	int err;

	if (num_vfs && kawela_io_removed(&pf->io))
		return -ENODEV;

	if (!num_vfs)
		err = pf_sriov_disable(pf);
	else if (pf_sriov_allowed(pf))
		err = pf_sriov_enable(pf, num_vfs);
	else
		err = -EPERM;
	if (err == -EPERM)
		pci_err(pdev, "VFs refused: devlink param enable_sriov is off\n");
	return err ?: num_vfs;
}

/* The VF after @vf, or the first one for NULL; gives back the reference to @vf. */
static struct pci_dev *pf_next_vf(struct kawela_pf *pf, struct pci_dev *vf)
{
	do {
		vf = pci_get_device(PCI_VENDOR_ID_INTEL, PCI_ANY_ID, vf);
	} while (vf && (!vf->is_virtfn || pci_physfn(vf) != pf->pdev));
	return vf;
}

/**
 * kawela_pf_sriov_save - before a reset that the VFs' configuration space does not survive
 * @pf: PF
 *
 * A function level reset of the PF disables its VFs. The PCI core enables them again, but leaves
 * their decoding, bus mastering and MSI-X off, with drivers or guests still on them.
 *
 * The VFs' device locks are not taken: a reset of the bus comes here with the locks of all devices
 * on it held, the VFs' among them. The number of VFs cannot change, which takes the PF's.
 *
 * Context: reset_prepare, device lock of the PF held.
 */
void kawela_pf_sriov_save(struct kawela_pf *pf)
{
	struct pci_dev *vf = NULL;

	device_lock_assert(&pf->pdev->dev);
	while ((vf = pf_next_vf(pf, vf)))
		pci_save_state(vf);
}

/**
 * kawela_pf_sriov_restore - undo what the reset did to the VFs' configuration space
 * @pf: PF
 *
 * Context: reset_done, before the VFs hear of the PF; locks as in kawela_pf_sriov_save().
 */
void kawela_pf_sriov_restore(struct kawela_pf *pf)
{
	struct pci_dev *vf = NULL;

	device_lock_assert(&pf->pdev->dev);
	while ((vf = pf_next_vf(pf, vf))) {
		pci_restore_state(vf);
		/* What was restored counts as used up; their drivers count on one of their own. */
		pci_save_state(vf);
	}
}

/**
 * kawela_pf_sriov_remove - take all VFs away before the PF goes
 * @pf: PF
 *
 * Context: remove, without devl_lock.
 */
void kawela_pf_sriov_remove(struct kawela_pf *pf)
{
	if (pf->num_vfs)
		pf_sriov_disable(pf);
}

/**
 * kawela_pf_vf_vport_add - give a VF its VPort back
 * @pf: PF
 * @vf: VF
 * @extack: takes the reason of a refusal
 *
 * Its driver, which had no session, is made to ask for one.
 *
 * Context: devl_lock.
 * Return: 0 or what kawela_nsw_vf_vport_add() says.
 */
int kawela_pf_vf_vport_add(struct kawela_pf *pf, unsigned int vf, struct netlink_ext_ack *extack)
{
	int err;

	devl_assert_locked(pf->devlink);
	err = kawela_nsw_vf_vport_add(pf->nsw, vf, extack);
	if (err)
		return err;
	/* If the mailbox has yet to see the reset it forgets this then, hence vfs_cut. */
	kawela_mbx_pf_renew(pf->mbx, vf);
	return 0;
}

/**
 * kawela_pf_vf_reset - reset a VF behind its driver's back
 * @pf: PF
 * @vf: VF
 *
 * Stops its queues; the mailbox sees that as any reset of a VF and ends the session. The driver is
 * told then and asks for another one.
 *
 * Context: process.
 */
void kawela_pf_vf_reset(struct kawela_pf *pf, unsigned int vf)
{
	set_bit(vf, &pf->vfs_cut);
	kawela_wr32(&pf->io, KW_PVTCTRL(vf), KW_PVTCTRL_RST);
	kawela_flush(&pf->io);
	trace_kawela_pf_vport(pf->pdev, vf, "VF reset");
}

/**
 * kawela_pf_vf_vport_del - delete a VF's VPort
 * @pf: PF
 * @vf: VF
 * @extack: takes the reason of a refusal
 *
 * The filters are the default VPort's when nsw returns. Then the VF is reset. Its driver asks for
 * another session, and is refused.
 *
 * Context: devl_lock.
 * Return: 0 or what kawela_nsw_vport_del() says.
 */
int kawela_pf_vf_vport_del(struct kawela_pf *pf, unsigned int vf, struct netlink_ext_ack *extack)
{
	int err;

	devl_assert_locked(pf->devlink);
	err = kawela_nsw_vport_del(pf->nsw, vf, KAWELA_NSW_OWNER_DEVLINK, extack);
	if (err)
		return err;
	kawela_pf_vf_reset(pf, vf);
	return 0;
}
