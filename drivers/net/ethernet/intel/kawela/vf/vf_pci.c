// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VF as a PCI device: probe, remove, power management, error recovery, function level reset.
 *
 * Owns: the lifetime of struct kawela_vf. Never touches: a register.
 * Locks: the device lock is held around every callback of the PCI core here, and by the work that
 * starts a VF anew; takes RTNL through kawela_vf_session_pause() and _resume().
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "../compat/module.h"
#include "vf.h"

MODULE_DESCRIPTION("Intel 82576 SR-IOV virtual function");
MODULE_AUTHOR("The kawela developers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("KAWELA");

/* Long enough for any PF that is there, short enough for an administrator who makes seven VFs. */
#define VF_FIRST_ANSWER_MS	400

static struct pci_driver kawela_vf_driver;
static struct workqueue_struct *vf_wq;

/**
 * struct vf_anew - a VF to start anew, which the work may find gone
 * @work: on vf_wq
 * @pdev: its function, with a reference
 */
struct vf_anew {
	struct work_struct work;
	struct pci_dev *pdev;
};

static const struct pci_device_id kawela_vf_pci_ids[] = {
	{ PCI_VDEVICE(INTEL, 0x10ca) },
	{ PCI_VDEVICE(INTEL, 0x152d) },	/* as Hyper-V shows it */
	{ }
};
MODULE_DEVICE_TABLE(pci, kawela_vf_pci_ids);

static int vf_map(struct kawela_vf *vf)
{
	struct pci_dev *pdev = vf->pdev;
	int err;

	err = pci_enable_device_mem(pdev);
	if (err)
		return err;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err)
		goto err_disable;
	err = pci_request_mem_regions(pdev, KAWELA_VF_DRV_NAME);
	if (err)
		goto err_disable;

	vf->io.base = pci_iomap(pdev, 0, 0);
	if (!vf->io.base) {
		err = -ENOMEM;
		goto err_regions;
	}
	pci_set_master(pdev);
	pci_save_state(pdev);
	vf->config = pci_store_saved_state(pdev);
	if (!vf->config) {
		err = -ENOMEM;
		goto err_unmap;
	}
	pci_read_config_word(pdev, PCI_COMMAND, &vf->command);
	vf->command &= PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY;
	return 0;

err_unmap:
	pci_iounmap(pdev, vf->io.base);
err_regions:
	pci_release_mem_regions(pdev);
err_disable:
	pci_disable_device(pdev);
	return err;
}

static void vf_unmap(struct kawela_vf *vf)
{
	kfree(vf->config);
	pci_iounmap(vf->pdev, vf->io.base);
	pci_release_mem_regions(vf->pdev);
	/* A failed error recovery has disabled it already. */
	if (pci_is_enabled(vf->pdev))
		pci_disable_device(vf->pdev);
}

/* Whether configuration space answers, and what of the command register was switched off since. */
static bool vf_lost_command(struct kawela_vf *vf, u16 *lost)
{
	u16 command;

	if (pci_channel_offline(vf->pdev) || !pci_device_is_present(vf->pdev))
		return false;
	pci_read_config_word(vf->pdev, PCI_COMMAND, &command);
	if (PCI_POSSIBLE_ERROR(command))
		return false;
	*lost = vf->command & ~command;
	return true;
}

static void vf_restore_config(struct kawela_vf *vf)
{
	pci_load_saved_state(vf->pdev, vf->config);
	pci_restore_state(vf->pdev);
}

/**
 * kawela_vf_pci_ready - see to it that the function may be used
 * @vf: VF
 *
 * A reset from outside, of the PF or of the bus, makes configuration space unreadable for a while,
 * and bus mastering, decoding and MSI-X are off afterwards unless whoever did it cares.
 *
 * Context: session work, which everything in the PCI core that saves or restores waits for.
 * Return: false while configuration space does not answer or the PCI core keeps us away.
 */
bool kawela_vf_pci_ready(struct kawela_vf *vf)
{
	u16 lost;

	if (!vf_lost_command(vf, &lost))
		return false;
	if (lost)
		vf_restore_config(vf);
	return true;
}

/*
 * A function whose registers cannot be reached can be told neither to stop its queues nor to mask
 * its vectors. Without bus mastering it sends nothing to vectors that are about to be freed.
 */
static void vf_give_up(struct kawela_vf *vf)
{
	kawela_io_mark_removed(&vf->io);
	/* What is gone now shall not come back in the middle of this. */
	kawela_mbx_vf_abort(vf->mbx);
	pci_clear_master(vf->pdev);
}

static void vf_init_struct(struct kawela_vf *vf, struct pci_dev *pdev, struct net_device *netdev)
{
	vf->pdev = pdev;
	vf->netdev = netdev;
	vf->num_qps = 1;
	spin_lock_init(&vf->want_lock);
	spin_lock_init(&vf->link_lock);
	mutex_init(&vf->stats_lock);
}

static int vf_create_rooms(struct kawela_vf *vf)
{
	int err;

	err = kawela_vf_session_init(vf);
	if (err)
		return err;
	err = kawela_vf_irq_init(vf);
	if (err)
		goto err_session;
	err = kawela_dp_init(&vf->dp, vf->netdev, &vf->pdev->dev, &vf->io);
	if (err)
		goto err_irq;
	return 0;

err_irq:
	kawela_vf_irq_fini(vf);
err_session:
	kawela_vf_session_fini(vf);
	return err;
}

/* Ends all waits for the PF, then leaves the function in its reset state. */
static void vf_destroy_rooms(struct kawela_vf *vf)
{
	kawela_mbx_vf_abort(vf->mbx);
	disable_delayed_work_sync(&vf->session);
	kawela_vf_goodbye(vf);
	kawela_vf_irq_disable(vf);
	kawela_vf_irq_fini(vf);
	kawela_dp_fini(&vf->dp);
	kawela_vf_session_fini(vf);
}

/*
 * net_failover pairs by the address a netdev has when it is registered, hence a short wait for the
 * PF; an absent one must not fail or hold up the probe.
 */
static void vf_first_answer(struct kawela_vf *vf)
{
	kawela_vf_irq_program(vf);
	kawela_vf_session_kick(vf);
	wait_for_completion_timeout(&vf->first, msecs_to_jiffies(VF_FIRST_ANSWER_MS));
	kawela_vf_first_mac(vf);
}

static int vf_create(struct pci_dev *pdev)
{
	struct net_device *netdev;
	struct kawela_vf *vf;
	int err;

	netdev = alloc_etherdev_mqs(sizeof(*vf), KAWELA_VF_MAX_QPS, 1);
	if (!netdev)
		return -ENOMEM;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	vf = netdev_priv(netdev);
	vf_init_struct(vf, pdev, netdev);
	pci_set_drvdata(pdev, vf);

	err = vf_map(vf);
	if (err)
		goto err_netdev;
	err = vf_create_rooms(vf);
	if (err)
		goto err_map;

	kawela_vf_netdev_setup(vf);
	netif_set_real_num_tx_queues(netdev, vf->num_qps);
	vf_first_answer(vf);
	err = register_netdev(netdev);
	if (err)
		goto err_rooms;

	/* The answer may have come too late for the registration. */
	kawela_vf_session_kick(vf);
	netdev_info(netdev, "82576 VF at %s, %pM\n", pci_name(pdev), netdev->dev_addr);
	return 0;

err_rooms:
	vf_destroy_rooms(vf);
err_map:
	vf_unmap(vf);
err_netdev:
	pci_set_drvdata(pdev, NULL);
	free_netdev(netdev);
	return err;
}

static void vf_delete(struct kawela_vf *vf)
{
	u16 lost;

	if (!vf_lost_command(vf, &lost) || lost || kawela_io_removed(&vf->io))
		vf_give_up(vf);

	unregister_netdev(vf->netdev);
	vf_destroy_rooms(vf);
	vf_unmap(vf);
	free_netdev(vf->netdev);
}

static int vf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return vf_create(pdev);
}

static void vf_remove(struct pci_dev *pdev)
{
	struct kawela_vf *vf = pci_get_drvdata(pdev);

	if (vf)
		vf_delete(vf);
}

/* Whoever asked may be gone, or another instance may have been started since. */
static int vf_start_anew(struct pci_dev *pdev)
{
	struct kawela_vf *vf = pci_get_drvdata(pdev);

	device_lock_assert(&pdev->dev);
	if (pdev->dev.driver != &kawela_vf_driver.driver || !vf)
		return 0;
	if (vf->paused || !READ_ONCE(vf->aside))
		return 0;
	vf_delete(vf);
	return vf_create(pdev);
}

static void vf_anew_work(struct work_struct *work)
{
	struct vf_anew *anew = container_of(work, struct vf_anew, work);
	struct pci_dev *pdev = anew->pdev;
	int err;

	device_lock(&pdev->dev);
	err = vf_start_anew(pdev);
	device_unlock(&pdev->dev);
	if (err) {
		dev_err(&pdev->dev, "the VF does not start anew: %pe\n", ERR_PTR(err));
		device_release_driver(&pdev->dev);
	}
	pci_dev_put(pdev);
	kfree(anew);
}

/**
 * kawela_vf_pci_anew - have the VF deleted and created again, with a new netdev
 * @vf: VF with vf->aside set; it is not touched before its caller let go of RTNL
 *
 * If there is no memory to note it, the next session asks again.
 *
 * Context: session work.
 */
void kawela_vf_pci_anew(struct kawela_vf *vf)
{
	struct vf_anew *anew = kzalloc(sizeof(*anew), GFP_KERNEL);

	if (!anew)
		return;
	INIT_WORK(&anew->work, vf_anew_work);
	anew->pdev = pci_dev_get(vf->pdev);
	queue_work(vf_wq, &anew->work);
}

/* A VF that did not start anew is NULL until its driver is released. */
static void vf_suspend_service(struct kawela_vf *vf)
{
	if (!vf || vf->paused)
		return;
	vf->paused = true;
	kawela_vf_session_pause(vf);
}

static void vf_resume_service(struct kawela_vf *vf)
{
	if (!vf || !vf->paused)
		return;
	vf->paused = false;
	kawela_vf_session_resume(vf);
}

static void vf_shutdown(struct pci_dev *pdev)
{
	struct kawela_vf *vf = pci_get_drvdata(pdev);

	if (!vf)
		return;
	vf_suspend_service(vf);
	kawela_vf_goodbye(vf);
	/* A failed error recovery has disabled it already. */
	if (pci_is_enabled(pdev))
		pci_disable_device(pdev);
}

static int vf_suspend(struct device *dev)
{
	struct kawela_vf *vf = dev_get_drvdata(dev);

	vf_suspend_service(vf);
	kawela_vf_goodbye(vf);
	return 0;
}

static int vf_resume(struct device *dev)
{
	vf_resume_service(dev_get_drvdata(dev));
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(vf_pm_ops, vf_suspend, vf_resume);

static pci_ers_result_t vf_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct kawela_vf *vf = pci_get_drvdata(pdev);

	if (!vf)
		return PCI_ERS_RESULT_DISCONNECT;
	/* Reads return all ones from here on; nobody shall wait for anything else. */
	if (state != pci_channel_io_normal)
		kawela_io_mark_removed(&vf->io);
	vf_suspend_service(vf);
	if (state == pci_channel_io_perm_failure)
		return PCI_ERS_RESULT_DISCONNECT;

	/* Disabled already if the last recovery failed. */
	if (pci_is_enabled(pdev))
		pci_disable_device(pdev);
	return PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t vf_slot_reset(struct pci_dev *pdev)
{
	struct kawela_vf *vf = pci_get_drvdata(pdev);

	if (!vf || pci_enable_device_mem(pdev))
		return PCI_ERS_RESULT_DISCONNECT;
	pci_set_master(pdev);
	vf_restore_config(vf);
	return PCI_ERS_RESULT_RECOVERED;
}

static void vf_error_resume(struct pci_dev *pdev)
{
	vf_resume_service(pci_get_drvdata(pdev));
}

static void vf_reset_prepare(struct pci_dev *pdev)
{
	vf_suspend_service(pci_get_drvdata(pdev));
}

static const struct pci_error_handlers vf_err_handlers = {
	.error_detected	= vf_error_detected,
	.slot_reset	= vf_slot_reset,
	.resume		= vf_error_resume,
	.reset_prepare	= vf_reset_prepare,
	.reset_done	= vf_error_resume,
};

static struct pci_driver kawela_vf_driver = {
	.name			= KAWELA_VF_DRV_NAME,
	.id_table		= kawela_vf_pci_ids,
	.probe			= vf_probe,
	.remove			= vf_remove,
	.shutdown		= vf_shutdown,
	.driver.pm		= pm_sleep_ptr(&vf_pm_ops),
	.err_handler		= &vf_err_handlers,
};

static int __init vf_module_init(void)
{
	int err;

	/* Devices that sleep are not to be deleted. */
	vf_wq = alloc_workqueue(KAWELA_VF_DRV_NAME, WQ_FREEZABLE | WQ_UNBOUND, 0);
	if (!vf_wq)
		return -ENOMEM;
	err = pci_register_driver(&kawela_vf_driver);
	if (err)
		destroy_workqueue(vf_wq);
	return err;
}

static void __exit vf_module_exit(void)
{
	pci_unregister_driver(&kawela_vf_driver);
	destroy_workqueue(vf_wq);
}

module_init(vf_module_init);
module_exit(vf_module_exit);
