// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PF as a PCI device: probe, remove, power management and error recovery, and the order in
 * which the rooms are brought up and down.
 *
 * Owns: the lifetime of struct kawela_pf. Never touches: a register.
 * Locks: takes RTNL around everything that needs it.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "../compat/module.h"
#include "pf.h"

MODULE_DESCRIPTION("Intel 82576 SR-IOV physical function");
MODULE_AUTHOR("The kawela developers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("KAWELA");

static const struct pci_device_id kawela_pf_pci_ids[] = {
	{ PCI_VDEVICE(INTEL, 0x10c9) },	/* copper */
	{ PCI_VDEVICE(INTEL, 0x10e6) },	/* fiber */
	{ PCI_VDEVICE(INTEL, 0x10e7) },	/* serdes */
	{ PCI_VDEVICE(INTEL, 0x10e8) },	/* quad copper */
	{ PCI_VDEVICE(INTEL, 0x1526) },	/* quad copper ET2 */
	{ PCI_VDEVICE(INTEL, 0x150a) },	/* NS */
	{ PCI_VDEVICE(INTEL, 0x1518) },	/* NS serdes */
	{ PCI_VDEVICE(INTEL, 0x150d) },	/* quad serdes */
	{ }
};
MODULE_DEVICE_TABLE(pci, kawela_pf_pci_ids);

/* How long after a failed reset there is another attempt. */
#define PF_RESET_RETRY	(2 * HZ)

/* Everything the hardware forgets in a reset, except what pf_queue.c programs on open. */
static int pf_program(struct kawela_pf *pf)
{
	int err;

	err = kawela_pf_hw_setup(&pf->hw);
	if (err)
		return err;

	kawela_pf_vf_stats_resume(pf);
	kawela_pf_irq_setup(pf);
	kawela_pf_rx_setup(pf);
	kawela_nsw_reapply(pf->nsw);
	kawela_pf_rss_setup(pf);
	kawela_pf_ptp_start(&pf->ptp);
	kawela_pf_rx_gate(pf);
	return 0;
}

/* From here on the VFs are heard and may hear that the PF is there. */
static void pf_go_live(struct kawela_pf *pf)
{
	kawela_pf_hw_set_drv_load(&pf->hw, true);
	kawela_mbx_pf_reset_end(pf->mbx);
	kawela_pf_hw_signal_vfs(&pf->hw);
	kawela_pf_irq_enable_misc(pf);
}

static void pf_go_silent(struct kawela_pf *pf)
{
	kawela_mbx_pf_reset_begin(pf->mbx);
	kawela_pf_irq_disable_misc(pf);
	kawela_nsw_suspend(pf->nsw);
	kawela_pf_ptp_stop(&pf->ptp);
	kawela_pf_vf_stats_suspend(pf);
}

/**
 * kawela_pf_reset - reset the function and put everything back as wanted
 * @pf: PF
 *
 * The VFs see a reset of their PF and connect again by themselves. Queues that were stopped for it
 * need no memory to go on.
 *
 * Context: process, RTNL.
 * Return: 0, -ENODEV when the function is gone, or the errno of setting up the PHY: the function is
 * out of service then, and not watched.
 */
int kawela_pf_reset(struct kawela_pf *pf)
{
	int err;

	ASSERT_RTNL();
	kawela_pf_vports_down(pf);
	kawela_pf_queues_stop(pf);
	pf_go_silent(pf);
	kawela_pf_watch_stop(pf);
	err = kawela_pf_hw_reset(&pf->hw);
	if (err)
		return err;
	err = pf_program(pf);
	if (err)
		return err;
	pf_go_live(pf);
	kawela_pf_watch_start(pf);
	kawela_pf_queues_restore(pf);
	kawela_pf_vports_up(pf);
	return 0;
}

/* For a netdev that is detached, or one to detach if the reset fails. */
static int pf_reset_attach(struct kawela_pf *pf)
{
	int err;

	err = kawela_pf_reset(pf);
	if (err) {
		netif_device_detach(pf->netdev);
		kawela_pf_watch_lost(pf);
		pf->broken = !kawela_io_removed(&pf->io);
		if (pf->broken)
			schedule_delayed_work(&pf->reset_work, PF_RESET_RETRY);
		return err;
	}

	pf->broken = false;
	if (netif_device_present(pf->netdev))
		return 0;
	/* Attaching wakes the netdev's queues: they have to be there. */
	if (netif_running(pf->netdev) && !pf->running)
		dev_close(pf->netdev);
	netif_device_attach(pf->netdev);
	return 0;
}

/**
 * kawela_pf_reset_work - reset after a transmit timeout or a device error
 * @work: pf->reset_work
 *
 * If that fails the netdev is detached, and there is another attempt every two seconds.
 */
void kawela_pf_reset_work(struct work_struct *work)
{
	struct kawela_pf *pf = container_of(work, struct kawela_pf, reset_work.work);
	bool broken;
	int err;

	rtnl_lock();
	broken = pf->broken;
	if (!broken && !netif_device_present(pf->netdev))
		goto out_unlock;
	err = pf_reset_attach(pf);
	if (err && !broken)
		netdev_err(pf->netdev, "reset failed (%pe), the port is out of service\n",
			   ERR_PTR(err));
	else if (!err && broken)
		netdev_info(pf->netdev, "the port is back in service\n");
out_unlock:
	rtnl_unlock();
}

static int pf_map(struct kawela_pf *pf)
{
	struct pci_dev *pdev = pf->pdev;
	int err;

	err = pci_enable_device_mem(pdev);
	if (err)
		return err;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err)
		goto err_disable;
	err = pci_request_mem_regions(pdev, KAWELA_PF_DRV_NAME);
	if (err)
		goto err_disable;

	pf->io.base = pci_iomap(pdev, 0, 0);
	if (!pf->io.base) {
		err = -ENOMEM;
		goto err_regions;
	}
	pci_set_master(pdev);
	pci_save_state(pdev);
	pf->config = pci_store_saved_state(pdev);
	if (!pf->config) {
		err = -ENOMEM;
		goto err_unmap;
	}
	return 0;

err_unmap:
	pci_iounmap(pdev, pf->io.base);
err_regions:
	pci_release_mem_regions(pdev);
err_disable:
	pci_disable_device(pdev);
	return err;
}

static void pf_unmap(struct kawela_pf *pf)
{
	kfree(pf->config);
	pci_iounmap(pf->pdev, pf->io.base);
	pci_release_mem_regions(pf->pdev);
	/* A failed error recovery has disabled it already. */
	if (pci_is_enabled(pf->pdev))
		pci_disable_device(pf->pdev);
}

/* The address must be read between the reset, which loads it, and the first filter written. */
static int pf_identify(struct kawela_pf *pf)
{
	u8 mac[ETH_ALEN];
	int err;

	err = kawela_pf_hw_init(&pf->hw, pf->pdev, &pf->io);
	if (err)
		return err;
	err = kawela_pf_hw_reset(&pf->hw);
	if (err)
		goto err_hw;

	err = kawela_pf_nvm_validate(&pf->hw);
	if (err == -ENODEV)
		goto err_hw;
	if (err)
		pci_warn(pf->pdev, "NVM checksum is not valid, going on with what it holds\n");

	err = kawela_pf_hw_mac(&pf->hw, mac);
	if (err == -EADDRNOTAVAIL) {
		eth_hw_addr_random(pf->netdev);
		pci_warn(pf->pdev, "NVM holds no valid address, using %pM\n",
			 pf->netdev->dev_addr);
		return 0;
	}
	if (err)
		goto err_hw;

	eth_hw_addr_set(pf->netdev, mac);
	ether_addr_copy(pf->netdev->perm_addr, mac);
	return 0;

err_hw:
	kawela_pf_hw_fini(&pf->hw);
	return err;
}

static int pf_create_rooms(struct kawela_pf *pf)
{
	int err;

	pf->nsw = kawela_nsw_create(&kawela_pf_nsw_hw_ops, pf, pf->netdev->dev_addr);
	if (IS_ERR(pf->nsw))
		return PTR_ERR(pf->nsw);

	pf->mbx = kawela_mbx_pf_create(&pf->pdev->dev, &pf->io, KW_MAX_VFS, &kawela_pf_mbx_ops,
				       pf);
	if (IS_ERR(pf->mbx)) {
		err = PTR_ERR(pf->mbx);
		goto err_nsw;
	}

	err = kawela_pf_blocks_init(pf);
	if (err)
		goto err_mbx;
	err = kawela_dp_init(&pf->dp, pf->netdev, &pf->pdev->dev, &pf->io);
	if (err)
		goto err_mbx;
	kawela_pf_ptp_init(&pf->ptp, &pf->io, &pf->pdev->dev);
	pf->dp.stamps = pf->ptp.clock ? &pf->ptp.stamps : NULL;
	return 0;

err_mbx:
	kawela_mbx_pf_destroy(pf->mbx);
err_nsw:
	kawela_nsw_destroy(pf->nsw);
	return err;
}

static void pf_destroy_rooms(struct kawela_pf *pf)
{
	kawela_pf_ptp_fini(&pf->ptp);
	kawela_dp_fini(&pf->dp);
	kawela_mbx_pf_destroy(pf->mbx);
	kawela_nsw_destroy(pf->nsw);
}

static void pf_init_struct(struct kawela_pf *pf, struct pci_dev *pdev, struct net_device *netdev)
{
	pf->pdev = pdev;
	pf->netdev = netdev;
	spin_lock_init(&pf->rctl_lock);
	spin_lock_init(&pf->stats_lock);
	spin_lock_init(&pf->vport_lock);
	spin_lock_init(&pf->guest_lock);
	INIT_WORK(&pf->addr_work, kawela_pf_addr_work);
	INIT_DELAYED_WORK(&pf->reset_work, kawela_pf_reset_work);
	kawela_pf_watch_init(pf);
	kawela_pf_health_init(pf);
	kawela_pf_rss_init(pf);
}

static void pf_announce(struct kawela_pf *pf)
{
	char pba[KAWELA_PF_PBA_SIZE];

	if (kawela_pf_nvm_pba(&pf->hw, pba, sizeof(pba)))
		strscpy(pba, "unknown", sizeof(pba));
	netdev_info(pf->netdev, "82576 at %s, %pM, %u queue pairs, %u VFs possible, PBA %s\n",
		    pci_name(pf->pdev), pf->netdev->dev_addr, pf->want_qps,
		    pci_sriov_get_totalvfs(pf->pdev), pba);
}

/* With the default VPort on a pool of its own, the last of the hardware's eight VFs has none. */
static void pf_limit_vfs(struct kawela_pf *pf)
{
	if (pci_num_vf(pf->pdev))
		pci_warn(pf->pdev,
			 "%d VFs of another driver are not served; write 0 to sriov_numvfs\n",
			 pci_num_vf(pf->pdev));
	if (pci_sriov_get_totalvfs(pf->pdev) > KW_MAX_VFS)
		pci_sriov_set_totalvfs(pf->pdev, KW_MAX_VFS);
}

static struct kawela_pf *pf_alloc(struct pci_dev *pdev)
{
	struct net_device *netdev;
	struct kawela_pf *pf;

	netdev = alloc_etherdev_mq(sizeof(*pf), KAWELA_PF_MAX_QPS);
	if (!netdev)
		return NULL;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	pf = netdev_priv(netdev);
	pf_init_struct(pf, pdev, netdev);
	pci_set_drvdata(pdev, pf);
	return pf;
}

static int pf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct kawela_pf *pf = pf_alloc(pdev);
	int err;

	if (!pf)
		return -ENOMEM;
	err = pf_map(pf);
	if (err)
		goto err_netdev;
	err = pf_identify(pf);
	if (err)
		goto err_map;
	err = pf_create_rooms(pf);
	if (err)
		goto err_hw;
	err = kawela_pf_irq_init(pf);
	if (err)
		goto err_rooms;
	pf_limit_vfs(pf);
	kawela_pf_netdev_setup(pf);
	err = kawela_pf_devlink_init(pf);
	if (err)
		goto err_irq;
	err = pf_program(pf);
	if (err)
		goto err_devlink;
	err = kawela_pf_stations_init(pf);
	if (err)
		goto err_devlink;
	err = kawela_pf_fdb_init(pf);
	if (err)
		goto err_stations;
	err = register_netdev(pf->netdev);
	if (err)
		goto err_fdb;

	pf_go_live(pf);
	kawela_pf_watch_start(pf);
	pf_announce(pf);
	devlink_register(pf->devlink);
	kawela_pf_health_resume(pf);
	return 0;

err_fdb:
	kawela_pf_fdb_fini(pf);
err_stations:
	kawela_pf_stations_fini(pf);
err_devlink:
	kawela_pf_devlink_fini(pf);
err_irq:
	kawela_pf_irq_fini(pf);
	/* The netdev's lists and the last interrupt may have left work. */
	cancel_delayed_work_sync(&pf->reset_work);
	cancel_work_sync(&pf->link_work);
	cancel_work_sync(&pf->addr_work);
err_rooms:
	pf_destroy_rooms(pf);
err_hw:
	kawela_pf_hw_fini(&pf->hw);
err_map:
	pf_unmap(pf);
err_netdev:
	free_netdev(pf->netdev);
	return err;
}

/* All but the default VPort goes before the PF does: VFs, stations, VPorts of the PF. */
static void pf_remove_vports(struct kawela_pf *pf)
{
	kawela_pf_stations_fini(pf);
	cancel_work_sync(&pf->ports_work);
	kawela_pf_sriov_remove(pf);
	devl_lock(pf->devlink);
	kawela_pf_ports_fini(pf);
	devl_unlock(pf->devlink);
}

static void pf_remove(struct pci_dev *pdev)
{
	struct kawela_pf *pf = pci_get_drvdata(pdev);

	kawela_pf_health_pause(pf);
	devlink_unregister(pf->devlink);
	pf_remove_vports(pf);

	/* Nothing may move the carrier, or wake the device up, once the netdev is unregistered. */
	disable_delayed_work_sync(&pf->reset_work);
	pf_go_silent(pf);
	kawela_pf_watch_stop(pf);
	kawela_pf_fdb_fini(pf);
	unregister_netdev(pf->netdev);
	cancel_work_sync(&pf->addr_work);

	kawela_pf_devlink_fini(pf);
	kawela_pf_irq_fini(pf);
	kawela_pf_hw_reset(&pf->hw);
	kawela_pf_hw_set_drv_load(&pf->hw, false);
	pf_destroy_rooms(pf);
	kawela_pf_hw_fini(&pf->hw);
	pf_unmap(pf);
	free_netdev(pf->netdev);
}

/**
 * kawela_pf_suspend_service - take the function out of service
 * @pf: PF
 *
 * The netdevs keep their state, their queues the memory, until kawela_pf_resume_service().
 *
 * Context: process.
 */
void kawela_pf_suspend_service(struct kawela_pf *pf)
{
	rtnl_lock();
	pf->broken = false;
	netif_device_detach(pf->netdev);
	kawela_pf_vports_down(pf);
	kawela_pf_queues_stop(pf);
	pf_go_silent(pf);
	rtnl_unlock();
	kawela_pf_watch_stop(pf);
}

/**
 * kawela_pf_resume_service - put the function back into service
 * @pf: PF
 *
 * Context: process.
 * Return: 0 or what kawela_pf_reset() says; the netdevs stay detached then, until another attempt
 * succeeds.
 */
int kawela_pf_resume_service(struct kawela_pf *pf)
{
	int err;

	rtnl_lock();
	err = pf_reset_attach(pf);
	rtnl_unlock();
	return err;
}

static void pf_shutdown(struct pci_dev *pdev)
{
	struct kawela_pf *pf = pci_get_drvdata(pdev);

	kawela_pf_suspend_service(pf);
	kawela_pf_hw_reset(&pf->hw);
	kawela_pf_hw_set_drv_load(&pf->hw, false);
	/* A failed error recovery has disabled it already. */
	if (pci_is_enabled(pdev))
		pci_disable_device(pdev);
}

static int pf_suspend(struct device *dev)
{
	struct kawela_pf *pf = dev_get_drvdata(dev);

	kawela_pf_suspend_service(pf);
	return 0;
}

static int pf_resume(struct device *dev)
{
	return kawela_pf_resume_service(dev_get_drvdata(dev));
}

static DEFINE_SIMPLE_DEV_PM_OPS(pf_pm_ops, pf_suspend, pf_resume);

static pci_ers_result_t pf_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct kawela_pf *pf = pci_get_drvdata(pdev);

	/* Reads return all ones from here on; nobody shall wait for anything else. */
	if (state != pci_channel_io_normal)
		kawela_io_mark_removed(&pf->io);
	kawela_pf_suspend_service(pf);
	if (state == pci_channel_io_perm_failure)
		return PCI_ERS_RESULT_DISCONNECT;

	/* Disabled already if the last recovery failed. */
	if (pci_is_enabled(pdev))
		pci_disable_device(pdev);
	return PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t pf_slot_reset(struct pci_dev *pdev)
{
	struct kawela_pf *pf = pci_get_drvdata(pdev);

	if (pci_enable_device_mem(pdev))
		return PCI_ERS_RESULT_DISCONNECT;
	pci_set_master(pdev);
	pci_load_saved_state(pdev, pf->config);
	pci_restore_state(pdev);
	kawela_io_mark_present(&pf->io);
	return PCI_ERS_RESULT_RECOVERED;
}

static void pf_error_resume(struct pci_dev *pdev)
{
	struct kawela_pf *pf = pci_get_drvdata(pdev);

	if (kawela_pf_resume_service(pf))
		netdev_err(pf->netdev, "no recovery from the bus error\n");
}

static void pf_reset_prepare(struct pci_dev *pdev)
{
	struct kawela_pf *pf = pci_get_drvdata(pdev);

	kawela_pf_suspend_service(pf);
	kawela_pf_sriov_save(pf);
}

static void pf_reset_done(struct pci_dev *pdev)
{
	struct kawela_pf *pf = pci_get_drvdata(pdev);

	kawela_pf_sriov_restore(pf);
	/* A devlink verb may have read all ones meanwhile; what is really gone is found again. */
	kawela_io_mark_present(&pf->io);
	pf_error_resume(pdev);
}

static const struct pci_error_handlers pf_err_handlers = {
	.error_detected	= pf_error_detected,
	.slot_reset	= pf_slot_reset,
	.resume		= pf_error_resume,
	.reset_prepare	= pf_reset_prepare,
	.reset_done	= pf_reset_done,
};

static struct pci_driver kawela_pf_driver = {
	.name			= KAWELA_PF_DRV_NAME,
	.id_table		= kawela_pf_pci_ids,
	.probe			= pf_probe,
	.remove			= pf_remove,
	.shutdown		= pf_shutdown,
	.driver.pm		= pm_sleep_ptr(&pf_pm_ops),
	.sriov_configure	= kawela_pf_sriov_configure,
	.err_handler		= &pf_err_handlers,
};
module_pci_driver(kawela_pf_driver);
