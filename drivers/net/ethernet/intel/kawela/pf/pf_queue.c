// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PF's queue pairs: how many there are, which hardware queues they use, opening and closing
 * them, and how RSS distributes over them.
 *
 * Owns: pf->dp, pf->running, RETA, RSSRK, RXCSUM, RFCTL, QDE, RCTL.EN and TCTL.EN.
 * Never touches: a ring (kawela_ring does), MRQC and the pools (pf_switch.c does).
 * Locks: RTNL for everything that changes a queue.
 *
 * Without other VPorts queue pair i is hardware queue i and RSS spreads over all of them. With
 * others the PF is the default VPort on pool 7 and owns queues 7 and 15; every other queue belongs
 * to a VF or to another VPort of the PF.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>

#include "pf.h"

/* Queue pairs the PF is to have in a mode. */
static unsigned int pf_wanted_qps(const struct kawela_pf *pf, bool vmdq)
{
	return vmdq ? min(pf->want_qps, KAWELA_PF_VMDQ_QPS) : pf->want_qps;
}

/**
 * kawela_pf_num_qps - queue pairs of the PF
 * @pf: PF
 *
 * Context: RTNL.
 * Return: 1 to KAWELA_PF_MAX_QPS: those that it has, or while it is down would get now.
 */
unsigned int kawela_pf_num_qps(const struct kawela_pf *pf)
{
	return pf->dp.num_qps ?: pf_wanted_qps(pf, pf->vmdq);
}

static u8 pf_hw_queue(unsigned int i, bool vmdq)
{
	return vmdq ? KW_DEFAULT_POOL + KW_NUM_POOLS * i : i;
}

/**
 * kawela_pf_hw_queue - hardware queue of a queue pair
 * @pf: PF
 * @i: queue pair, below kawela_pf_num_qps()
 *
 * Context: RTNL.
 * Return: 0 to KW_NUM_QUEUES - 1.
 */
u8 kawela_pf_hw_queue(const struct kawela_pf *pf, unsigned int i)
{
	return pf_hw_queue(i, pf->vmdq);
}

/* Where the queue pairs are in a mode. */
static void pf_places(struct kawela_ring_cfg cfg[KAWELA_PF_MAX_QPS], bool vmdq)
{
	unsigned int i, n = vmdq ? KAWELA_PF_VMDQ_QPS : KAWELA_PF_MAX_QPS;

	for (i = 0; i < n; i++) {
		cfg[i].hw_queue = pf_hw_queue(i, vmdq);
		cfg[i].vector = 1 + i;
	}
}

/**
 * kawela_pf_rss_default_reta - spread evenly over the present queue pairs
 * @pf: PF
 *
 * Context: RTNL or probe.
 */
void kawela_pf_rss_default_reta(struct kawela_pf *pf)
{
	unsigned int n = max(kawela_pf_num_qps(pf), 1U);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pf->reta); i++)
		pf->reta[i] = ethtool_rxfh_indir_default(i, n);
}

/**
 * kawela_pf_rss_init - key and table before the first reset
 * @pf: PF
 *
 * Context: probe.
 */
void kawela_pf_rss_init(struct kawela_pf *pf)
{
	netdev_rss_key_fill(pf->rss_key, sizeof(pf->rss_key));
}

/*
 * An entry names a queue; in VMDq mode its bit 3 selects between queues n and n + 8 of a pool. The
 * PF's pool is looked up in it too, so with one queue of the PF no pool may use its second.
 */
static u32 pf_reta_entry(const struct kawela_pf *pf, unsigned int i)
{
	unsigned int qp = pf->reta[i] % kawela_pf_num_qps(pf);

	return pf->vmdq ? qp * KW_NUM_POOLS : kawela_pf_hw_queue(pf, qp);
}

/**
 * kawela_pf_rss_setup - write key and table to the hardware
 * @pf: PF
 *
 * Context: RTNL or probe.
 */
void kawela_pf_rss_setup(struct kawela_pf *pf)
{
	unsigned int i, j;
	u32 val;

	for (i = 0; i < KW_NUM_RSSRK_REGS; i++)
		kawela_wr32(&pf->io, KW_RSSRK(i), get_unaligned_le32(&pf->rss_key[4 * i]));

	for (i = 0; i < KW_NUM_RETA_REGS; i++) {
		for (val = 0, j = 0; j < 4; j++)
			val |= pf_reta_entry(pf, 4 * i + j) << (8 * j);
		kawela_wr32(&pf->io, KW_RETA(i), val);
	}
}

/**
 * kawela_pf_rmw_rctl - change bits of RCTL
 * @pf: PF
 * @clear: bits to clear
 * @set: bits to set afterwards
 *
 * The queues open and close the MAC under RTNL while nsw changes filter bits from a work.
 *
 * Context: process.
 */
void kawela_pf_rmw_rctl(struct kawela_pf *pf, u32 clear, u32 set)
{
	spin_lock(&pf->rctl_lock);
	kawela_rmw32(&pf->io, KW_RCTL, clear, set);
	spin_unlock(&pf->rctl_lock);
}

/**
 * kawela_pf_rx_setup - receive settings common to all queues
 * @pf: PF
 *
 * Every queue drops when it is full, so that none can hold up the packet buffer they share.
 * Checksums are always computed; whether the stack sees them is the datapath's business. PCSD puts
 * the RSS hash where the packet checksum would be. IPv6 extension headers are not parsed, by an
 * erratum that igb knows of.
 *
 * Context: after a reset.
 */
void kawela_pf_rx_setup(struct kawela_pf *pf)
{
	kawela_wr32(&pf->io, KW_RXCSUM,
		    KW_RXCSUM_IPOFL | KW_RXCSUM_TUOFL | KW_RXCSUM_CRCOFL | KW_RXCSUM_PCSD);
	kawela_rmw32(&pf->io, KW_RFCTL, 0, KW_RFCTL_IPV6_EX_DIS);
	kawela_wr32(&pf->io, KW_QDE, GENMASK(KW_NUM_QUEUES - 1, 0));
	kawela_pf_rmw_rctl(pf, KW_RCTL_SBP | KW_RCTL_LBM | KW_RCTL_MO,
			   KW_RCTL_BAM | KW_RCTL_SECRC | KW_RCTL_LPE);
}

/**
 * kawela_pf_rx_gate - let frames in and out while anybody wants them
 * @pf: PF
 *
 * VFs and the PF's other VPorts need the MAC open with the PF netdev down.
 *
 * Context: RTNL or probe.
 */
void kawela_pf_rx_gate(struct kawela_pf *pf)
{
	bool open = pf->running || pf->num_vfs || pf->vports_up;

	kawela_pf_rmw_rctl(pf, open ? 0 : KW_RCTL_EN, open ? KW_RCTL_EN : 0);
	kawela_rmw32(&pf->io, KW_TCTL, open ? 0 : KW_TCTL_EN, open ? KW_TCTL_EN : 0);
}

/* Nothing is sent or received from here on; memory and interrupts stay. */
static void pf_halt(struct kawela_pf *pf)
{
	if (!pf->running)
		return;
	pf->running = false;
	kawela_dp_hold_tx(&pf->dp, 0);
	kawela_pf_rx_gate(pf);
	kawela_dp_stop(&pf->dp);
}

/* Packets that waited meanwhile are sent now, hence the queues are woken. */
static int pf_go(struct kawela_pf *pf)
{
	int err;

	kawela_pf_irq_map_queues(pf);
	pf->dp.max_frame = pf->netdev->mtu + KAWELA_DP_HEADER;
	pf->dp.rx_drop_en = true;
	err = kawela_dp_start(&pf->dp);
	if (err)
		return err;

	pf->running = true;
	WRITE_ONCE(pf->queues_missing, pf->dp.num_qps < pf_wanted_qps(pf, pf->vmdq));
	kawela_pf_rss_setup(pf);
	kawela_pf_rx_gate(pf);
	kawela_dp_irq_enable(&pf->dp);
	netif_tx_wake_all_queues(pf->netdev);
	return 0;
}

/**
 * kawela_pf_queues_open - allocate, map and start the PF's queue pairs
 * @pf: PF with its queues closed
 *
 * Leaves the carrier alone.
 *
 * Context: RTNL.
 * Return: 0, -ENOMEM, -ENODEV, or the errno of request_irq(), with the queues closed.
 */
int kawela_pf_queues_open(struct kawela_pf *pf)
{
	struct kawela_ring_cfg cfg[KAWELA_PF_MAX_QPS] = {};
	unsigned int n = pf_wanted_qps(pf, pf->vmdq);
	int err;

	ASSERT_RTNL();
	pf_places(cfg, pf->vmdq);
	err = kawela_dp_alloc(&pf->dp, n, cfg);
	if (err)
		return err;
	err = kawela_pf_irq_request_queues(pf, 0, n);
	if (err)
		goto err_free;
	err = netif_set_real_num_queues(pf->netdev, n, n);
	if (err)
		goto err_irqs;
	err = pf_go(pf);
	if (err)
		goto err_irqs;
	return 0;

err_irqs:
	kawela_pf_irq_free_queues(pf, 0, n);
err_free:
	kawela_dp_free(&pf->dp);
	return err;
}

/**
 * kawela_pf_queues_close - undo kawela_pf_queues_open()
 * @pf: PF; nothing happens when its queues are closed
 *
 * Context: RTNL.
 */
void kawela_pf_queues_close(struct kawela_pf *pf)
{
	ASSERT_RTNL();
	if (!pf->dp.num_qps)
		return;

	pf_halt(pf);
	kawela_pf_irq_free_queues(pf, 0, pf->dp.num_qps);
	kawela_dp_free(&pf->dp);
}

/* What there is to be more of has to be there before anything is stopped. */
static int pf_prepare(struct kawela_pf *pf, struct kawela_pf_pause *pause, unsigned int n)
{
	struct kawela_ring_cfg cfg[KAWELA_PF_MAX_QPS] = {};
	unsigned int old = pf->dp.num_qps;
	unsigned int i;
	int err;

	pf_places(cfg, pause->vmdq);
	err = kawela_dp_prepare(&pf->dp, &pause->next, n, cfg);
	if (err)
		return err;
	err = kawela_pf_irq_request_queues(pf, old, n);
	if (err)
		goto err_discard;
	/* Queues that are new wait until they run. */
	kawela_dp_hold_tx(&pf->dp, old);
	err = n > old ? netif_set_real_num_queues(pf->netdev, n, n) : 0;
	if (err)
		goto err_irqs;
	return 0;

err_irqs:
	for (i = old; i < pf->netdev->num_tx_queues; i++)
		netif_tx_start_queue(netdev_get_tx_queue(pf->netdev, i));
	kawela_pf_irq_free_queues(pf, old, n);
err_discard:
	kawela_dp_discard(&pause->next);
	return err;
}

/* Take what was prepared, if it is for the present mode; otherwise what there is moves. */
static void pf_place(struct kawela_pf *pf, struct kawela_pf_pause *pause)
{
	unsigned int old = max(pf->dp.num_qps, pause->next.num_qps);
	struct kawela_ring_cfg cfg[KAWELA_PF_MAX_QPS] = {};
	unsigned int n;

	if (!pf->dp.num_qps)
		return;
	if (pause->vmdq != pf->vmdq)
		kawela_dp_discard(&pause->next);
	n = pause->next.num_qps ?: min(pf->dp.num_qps, pf_wanted_qps(pf, pf->vmdq));
	kawela_pf_irq_free_queues(pf, n, old);

	if (pause->next.num_qps) {
		kawela_dp_swap(&pf->dp, &pause->next);
	} else {
		pf_places(cfg, pf->vmdq);
		kawela_dp_move(&pf->dp, n, cfg);
	}
	/* Fewer can always be had. */
	WARN_ON_ONCE(netif_set_real_num_queues(pf->netdev, n, n));
}

static void pf_restart(struct kawela_pf *pf)
{
	int err = pf->dp.num_qps ? pf_go(pf) : kawela_pf_queues_open(pf);

	if (!err)
		return;
	kawela_pf_queues_close(pf);
	netdev_err(pf->netdev, "no queues (%pe), trying on\n", ERR_PTR(err));
	WRITE_ONCE(pf->queues_missing, true);
}

/**
 * kawela_pf_queues_pause - before a change of the mode
 * @pf: PF
 * @pause: for kawela_pf_queues_resume()
 * @vmdq: the mode that is to be entered
 *
 * Entering VMDq needs no memory: the first queue pairs move. Leaving it needs some for more of
 * them, and does without if there is none: kawela_pf_queues_retry() gets them later.
 *
 * Context: RTNL, held until kawela_pf_queues_resume().
 */
void kawela_pf_queues_pause(struct kawela_pf *pf, struct kawela_pf_pause *pause, bool vmdq)
{
	unsigned int n = pf_wanted_qps(pf, vmdq);

	ASSERT_RTNL();
	*pause = (struct kawela_pf_pause) {
		.running = pf->running,
		.vmdq = vmdq,
		.next = { .rx_count = pf->dp.rx_count, .tx_count = pf->dp.tx_count },
	};
	if (pf->running && n > pf->dp.num_qps && pf_prepare(pf, pause, n))
		netdev_warn(pf->netdev, "no memory for %u queues, going on with %u\n", n,
			    pf->dp.num_qps);
	pf_halt(pf);
}

/**
 * kawela_pf_queues_resume - after a change of the mode, or one that did not take place
 * @pf: PF
 * @pause: from kawela_pf_queues_pause()
 *
 * The PF goes on where the present mode has its queues; its carrier has been on all the time.
 *
 * Context: RTNL.
 */
void kawela_pf_queues_resume(struct kawela_pf *pf, struct kawela_pf_pause *pause)
{
	ASSERT_RTNL();
	if (pause->running)
		pf_place(pf, pause);
	/* The default is over as many queue pairs as there are now. */
	if (!netif_is_rxfh_configured(pf->netdev))
		kawela_pf_rss_default_reta(pf);
	kawela_pf_rss_setup(pf);
	kawela_pf_rx_gate(pf);
	if (pause->running)
		pf_restart(pf);
}

/**
 * kawela_pf_queues_change - another number of queue pairs, or other rings
 * @pf: PF
 * @num_qps: queue pairs wanted in RSS mode
 * @rings: ring sizes, from kawela_dp_ring_sizes()
 *
 * What is there goes on until all that is needed for the new ones is there.
 *
 * Context: RTNL.
 * Return: 0; -ENOMEM or the errno of request_irq(), with nothing changed; -ENODEV when the function
 * is gone.
 */
int kawela_pf_queues_change(struct kawela_pf *pf, unsigned int num_qps,
			    const struct kawela_qp_set *rings)
{
	struct kawela_pf_pause pause = { .running = pf->running, .vmdq = pf->vmdq, .next = *rings };
	unsigned int old = pf->want_qps;
	int err;

	ASSERT_RTNL();
	pf->want_qps = num_qps;
	if (!pf->running) {
		pf->dp.rx_count = rings->rx_count;
		pf->dp.tx_count = rings->tx_count;
	} else {
		err = pf_prepare(pf, &pause, pf_wanted_qps(pf, pf->vmdq));
		if (err) {
			pf->want_qps = old;
			return err;
		}
		pf_halt(pf);
	}
	kawela_pf_queues_resume(pf, &pause);
	return pf->running == pause.running ? 0 : -ENODEV;
}

/**
 * kawela_pf_queues_stop - before a reset, or while the function is out of service
 * @pf: PF
 *
 * Context: RTNL.
 */
void kawela_pf_queues_stop(struct kawela_pf *pf)
{
	ASSERT_RTNL();
	pf_halt(pf);
}

/**
 * kawela_pf_queues_restore - after a reset: the PF's queues are as its netdev is
 * @pf: PF whose queues are stopped or closed
 *
 * If there is no memory for queues that were closed kawela_pf_queues_retry() tries again.
 *
 * Context: RTNL.
 */
void kawela_pf_queues_restore(struct kawela_pf *pf)
{
	struct kawela_pf_pause pause = { .running = netif_running(pf->netdev), .vmdq = pf->vmdq };

	kawela_pf_queues_resume(pf, &pause);
}

/**
 * kawela_pf_queues_up - open the queues, and all that waits for them
 * @pf: PF with its queues closed
 *
 * Stations receive while the PF does. While it was down its lists changed: the addresses of
 * stations are free only when nsw knows.
 *
 * Context: RTNL.
 * Return: what kawela_pf_queues_open() does.
 */
int kawela_pf_queues_up(struct kawela_pf *pf)
{
	int err;

	err = kawela_pf_queues_open(pf);
	if (err)
		return err;
	kawela_pf_addr_kick(pf);
	flush_work(&pf->addr_work);
	kawela_pf_vports_up(pf);
	return 0;
}

/* More queue pairs, or those there was no memory for at all. */
static int pf_try_again(struct kawela_pf *pf)
{
	const struct kawela_qp_set rings = {
		.rx_count = pf->dp.rx_count,
		.tx_count = pf->dp.tx_count,
	};
	int err;

	if (pf->running)
		return kawela_pf_queues_change(pf, pf->want_qps, &rings);
	err = kawela_pf_queues_up(pf);
	if (err)
		kawela_dp_hold_tx(&pf->dp, 0);
	return err;
}

/**
 * kawela_pf_queues_retry - get queues that there was no memory for
 * @pf: PF
 *
 * To be called now and then, at most every few seconds; does nothing while RTNL is taken.
 *
 * Context: process, without RTNL.
 */
void kawela_pf_queues_retry(struct kawela_pf *pf)
{
	if (!READ_ONCE(pf->queues_missing) || !rtnl_trylock())
		return;
	if (pf->queues_missing && netif_running(pf->netdev) && netif_device_present(pf->netdev) &&
	    !pf_try_again(pf))
		netdev_info(pf->netdev, "the queues are back\n");
	rtnl_unlock();
}
