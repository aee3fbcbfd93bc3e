// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watching the port: the carrier follows the link, the VFs hear of it, counters are collected, and
 * queues that there was no memory for are tried again.
 *
 * Owns: the carrier of the PF netdev, pf->link, pf->link_work, pf->watchdog.
 * Never touches: how a link comes about (pf_link.c).
 * Locks: none of its own; link_work is the only writer of pf->link, or who has stopped it.
 *
 * The link is watched from probe to remove, netdev up or down: the VFs' traffic crosses the same
 * port, and an administrator who takes the PF down does not mean the guests.
 */
#include "pf.h"

#define PF_WATCH_INTERVAL	(2 * HZ)

static const char *pf_fc_name(u8 fc)
{
	static const char * const name[] = { "off", "rx", "tx", "rx/tx" };

	return name[fc & 3];
}

static void pf_link_report(struct kawela_pf *pf, const struct kawela_pf_link_state *st)
{
	if (!st->up) {
		netdev_info(pf->netdev, "link is down\n");
		return;
	}
	netdev_info(pf->netdev, "link is up: %d Mb/s, %s duplex, flow control %s\n", st->speed,
		    st->duplex == DUPLEX_FULL ? "full" : "half", pf_fc_name(st->fc));
}

static bool pf_same_link(const struct kawela_pf_link_state *a,
			 const struct kawela_pf_link_state *b)
{
	return a->speed == b->speed && a->duplex == b->duplex && a->fc == b->fc;
}

static void pf_link_move(struct kawela_pf *pf, const struct kawela_pf_link_state *st)
{
	pf->link = *st;
	pf_link_report(pf, st);
	if (st->up) {
		netif_carrier_on(pf->netdev);
		kawela_dp_kick(&pf->dp);
	} else {
		netif_carrier_off(pf->netdev);
	}
	kawela_pf_vports_carrier(pf);
}

static void pf_link_work(struct work_struct *work)
{
	struct kawela_pf *pf = container_of(work, struct kawela_pf, link_work);
	struct kawela_pf_link_state st;

	if (kawela_pf_link_check(&pf->hw, &st) == -ENODEV)
		st.up = false;
	if (st.up == pf->link.up && (!st.up || pf_same_link(&st, &pf->link)))
		return;

	pf_link_move(pf, &st);
	kawela_nsw_set_link_speed(pf->nsw, st.up ? st.speed : 0);
	kawela_pf_blocks_port(pf, BIT_ULL(KAWELA_BLOCK_LINK));
	kawela_mbx_pf_notify_link(pf->mbx);
}

static void pf_watchdog(struct work_struct *work)
{
	struct kawela_pf *pf = container_of(work, struct kawela_pf, watchdog.work);

	kawela_pf_stats_update(pf);
	kawela_pf_vf_stats_update(pf);
	kawela_pf_queues_retry(pf);
	kawela_pf_health_watch(pf);
	queue_work(system_dfl_wq, &pf->link_work);
	if (!kawela_io_removed(&pf->io))
		queue_delayed_work(system_dfl_wq, &pf->watchdog, PF_WATCH_INTERVAL);
}

/**
 * kawela_pf_watch_init - prepare the works
 * @pf: PF
 */
void kawela_pf_watch_init(struct kawela_pf *pf)
{
	INIT_WORK(&pf->link_work, pf_link_work);
	INIT_DELAYED_WORK(&pf->watchdog, pf_watchdog);
}

/**
 * kawela_pf_watch_start - look at the link now and from now on
 * @pf: PF, netdev registered
 *
 * Context: process.
 */
void kawela_pf_watch_start(struct kawela_pf *pf)
{
	queue_delayed_work(system_dfl_wq, &pf->watchdog, 0);
}

/**
 * kawela_pf_watch_stop - no link or counter work runs after this
 * @pf: PF, misc interrupt disabled
 *
 * Context: process; RTNL may be held, the works only try to take it.
 */
void kawela_pf_watch_stop(struct kawela_pf *pf)
{
	cancel_delayed_work_sync(&pf->watchdog);
	cancel_work_sync(&pf->link_work);
}

/**
 * kawela_pf_watch_lost - the port is out of service, and so is its link
 * @pf: PF, its watch stopped
 *
 * Context: process.
 */
void kawela_pf_watch_lost(struct kawela_pf *pf)
{
	if (pf->link.up)
		pf_link_move(pf, &KAWELA_PF_LINK_DOWN);
}
