// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock of the PF's port, and the times of frames that the hardware latches; see pf_ptp.h, for
 * the locks too.
 *
 * The clock's worker looks for the time of a packet that was sent, and gives up in the end; it
 * reads times of received frames that nobody came for, such as those of frames that were dropped
 * or that a VF got. Without that no frame would be stamped any more. It also notes what time it is
 * by the system's clock, to go on from when the function vanishes.
 */
#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/ptp_classify.h>
#include <linux/swab.h>
#include <linux/timekeeping.h>

#include <net/kawela/regs.h>

#include "pf_ptp.h"

/* The counter grows by 16 every 16 ns. */
#define PTP_TIMINCA	(FIELD_PREP(KW_TIMINCA_PERIOD, 1) | FIELD_PREP(KW_TIMINCA_VALUE, 16))
#define PTP_FILTER	3	/* of ETQF and of FTQF */

#define PTP_TX_POLL_US	100
#define PTP_TX_LOOK_US	2000	/* so long at once, then every jiffy */
#define PTP_TX_TIMEOUT	HZ
/*
 * A time goes after 60 to 100 ms. NAPI comes for its own within the 10 ms that interrupts may be
 * held back, or four times that in QEMU.
 */
#define PTP_RX_TIMEOUT	msecs_to_jiffies(60)
#define PTP_RX_LOOK	msecs_to_jiffies(40)
#define PTP_LOOK	HZ

/* ---- The clock ---- */

static bool ptp_works(const struct kawela_pf_ptp *ptp)
{
	return ptp->live && !kawela_io_removed(ptp->io);
}

/* Zero if there is nothing to read from. */
static u32 ptp_rd32(struct kawela_pf_ptp *ptp, u32 reg)
{
	u32 val;

	lockdep_assert_held(&ptp->lock);
	val = ptp->live ? kawela_rd32(ptp->io, reg) : 0;

	return ptp_works(ptp) ? val : 0;
}

/* Reading the low half keeps the high one. */
static u64 ptp_count(struct kawela_pf_ptp *ptp, struct ptp_system_timestamp *sts)
{
	u32 low;

	ptp_read_system_prets(sts);
	low = ptp_rd32(ptp, KW_SYSTIML);
	ptp_read_system_postts(sts);

	return low | (u64)ptp_rd32(ptp, KW_SYSTIMH) << 32;
}

static u64 ptp_time_of(const struct kawela_pf_ptp *ptp, u64 count)
{
	return kawela_pf_ptp_after(ptp->ns, ptp->rate, ptp->count, count);
}

/* What time it is, @count being what ptp_count() gave. */
static u64 ptp_time(const struct kawela_pf_ptp *ptp, u64 count)
{
	if (ptp_works(ptp))
		return ptp_time_of(ptp, count);

	return kawela_pf_ptp_after(ptp->boot_ns, ptp->rate, ptp->boot, ktime_get_boottime_ns());
}

static void ptp_note(struct kawela_pf_ptp *ptp, u64 ns)
{
	ptp->boot_ns = ns;
	ptp->boot = ktime_get_boottime_ns();
}

/* From now on time goes on from here. */
static void ptp_begin(struct kawela_pf_ptp *ptp, u64 ns, u64 count)
{
	ptp->ns = ns;
	ptp->count = count;
	ptp_note(ptp, ns);
}

static struct kawela_pf_ptp *ptp_of(struct ptp_clock_info *info)
{
	return container_of(info, struct kawela_pf_ptp, info);
}

static int ptp_adjfine(struct ptp_clock_info *info, long scaled_ppm)
{
	struct kawela_pf_ptp *ptp = ptp_of(info);
	unsigned long flags;
	u64 count;

	spin_lock_irqsave(&ptp->lock, flags);
	count = ptp_count(ptp, NULL);
	ptp_begin(ptp, ptp_time(ptp, count), count);
	ptp->rate = kawela_pf_ptp_rate(scaled_ppm);
	spin_unlock_irqrestore(&ptp->lock, flags);

	return 0;
}

static int ptp_adjtime(struct ptp_clock_info *info, s64 delta)
{
	struct kawela_pf_ptp *ptp = ptp_of(info);
	unsigned long flags;

	spin_lock_irqsave(&ptp->lock, flags);
	ptp->ns += delta;
	ptp->boot_ns += delta;
	spin_unlock_irqrestore(&ptp->lock, flags);

	return 0;
}

static int ptp_gettimex64(struct ptp_clock_info *info, struct timespec64 *ts,
			  struct ptp_system_timestamp *sts)
{
	struct kawela_pf_ptp *ptp = ptp_of(info);
	unsigned long flags;
	u64 ns;

	spin_lock_irqsave(&ptp->lock, flags);
	ns = ptp_time(ptp, ptp_count(ptp, sts));
	spin_unlock_irqrestore(&ptp->lock, flags);
	*ts = ns_to_timespec64(ns);

	return 0;
}

static int ptp_settime64(struct ptp_clock_info *info, const struct timespec64 *ts)
{
	struct kawela_pf_ptp *ptp = ptp_of(info);
	unsigned long flags;

	spin_lock_irqsave(&ptp->lock, flags);
	ptp_begin(ptp, timespec64_to_ns(ts), ptp_count(ptp, NULL));
	spin_unlock_irqrestore(&ptp->lock, flags);

	return 0;
}

/* ---- The latches ---- */

static bool ptp_rx_latched(struct kawela_pf_ptp *ptp)
{
	return ptp_rd32(ptp, KW_TSYNCRXCTL) & KW_TSYNCRXCTL_VALID;
}

/* The last read lets the next frame be stamped, whichever of the two that is. */
static u64 ptp_rx_unlatch(struct kawela_pf_ptp *ptp)
{
	u64 count = ptp_rd32(ptp, KW_RXSTMPL);

	count |= (u64)ptp_rd32(ptp, KW_RXSTMPH) << 32;
	ptp_rd32(ptp, KW_RXSATRH);
	ptp->rx_waits = false;

	return count;
}

static u64 ptp_tx_unlatch(struct kawela_pf_ptp *ptp)
{
	u64 count = ptp_rd32(ptp, KW_TXSTMPL);

	return count | (u64)ptp_rd32(ptp, KW_TXSTMPH) << 32;
}

/*
 * The latch does not say reliably whose time it holds. If NAPI is later than PTP_RX_TIMEOUT, its
 * frame's time has been let go, and it gets that of a later frame if there is one by then.
 */
static ktime_t ptp_rx(struct kawela_dp_stamps *stamps)
{
	struct kawela_pf_ptp *ptp = container_of(stamps, struct kawela_pf_ptp, stamps);
	unsigned long flags;
	u64 ns = 0;

	spin_lock_irqsave(&ptp->lock, flags);
	if (ptp_rx_latched(ptp))
		ns = ptp_time_of(ptp, ptp_rx_unlatch(ptp));
	spin_unlock_irqrestore(&ptp->lock, flags);

	return ns_to_ktime(ns);
}

/* Let go a time that has waited too long. In how many jiffies to look again. */
static long ptp_rx_look(struct kawela_pf_ptp *ptp)
{
	bool on = ptp->config.rx_filter != HWTSTAMP_FILTER_NONE;
	long left;

	if (!on || !ptp_rx_latched(ptp)) {
		ptp->rx_waits = false;
		return on ? PTP_RX_LOOK : PTP_LOOK;
	}
	if (!ptp->rx_waits) {
		ptp->rx_waits = true;
		ptp->rx_since = jiffies;
	}

	left = ptp->rx_since + PTP_RX_TIMEOUT - jiffies;
	if (left > 0)
		return left;

	ptp_rx_unlatch(ptp);
	ptp->rx_released++;

	return PTP_RX_LOOK;
}

/* What is due now and then. In how many jiffies again; -1: not before the next start. */
static long ptp_look(struct kawela_pf_ptp *ptp)
{
	unsigned long flags;
	long delay = -1;
	u64 count;

	spin_lock_irqsave(&ptp->lock, flags);
	if (ptp->live) {
		count = ptp_count(ptp, NULL);
		/* One that is gone goes on from the last note. */
		if (ptp_works(ptp))
			ptp_note(ptp, ptp_time_of(ptp, count));
		delay = ptp_rx_look(ptp);
	}
	spin_unlock_irqrestore(&ptp->lock, flags);

	return delay;
}

static bool ptp_tx(struct kawela_dp_stamps *stamps, struct sk_buff *skb)
{
	struct kawela_pf_ptp *ptp = container_of(stamps, struct kawela_pf_ptp, stamps);
	unsigned long flags;
	bool take;

	spin_lock_irqsave(&ptp->lock, flags);
	take = ptp->live && ptp->config.tx_type == HWTSTAMP_TX_ON;
	if (take && ptp->tx_skb) {
		ptp->tx_skipped++;
		take = false;
	}
	if (take) {
		/* What may have come too late for the packet before. */
		ptp_tx_unlatch(ptp);
		ptp->tx_skb = skb_get(skb);
		ptp->tx_end = jiffies + PTP_TX_TIMEOUT;
	}
	spin_unlock_irqrestore(&ptp->lock, flags);
	if (take)
		ptp_schedule_worker(ptp->clock, 0);

	return take;
}

/* Tell a packet's time if it has come. True if it has not, and may still come. */
static bool ptp_tx_look(struct kawela_pf_ptp *ptp)
{
	struct skb_shared_hwtstamps hwtstamps = {};
	struct sk_buff *skb;
	unsigned long flags;

	spin_lock_irqsave(&ptp->lock, flags);
	skb = ptp->tx_skb;
	if (skb && (ptp_rd32(ptp, KW_TSYNCTXCTL) & KW_TSYNCTXCTL_VALID)) {
		hwtstamps.hwtstamp = ns_to_ktime(ptp_time_of(ptp, ptp_tx_unlatch(ptp)));
		ptp->tx_stamped++;
	} else if (skb && time_before(jiffies, ptp->tx_end)) {
		spin_unlock_irqrestore(&ptp->lock, flags);
		return true;
	} else if (skb) {
		ptp->tx_lost++;
	}
	ptp->tx_skb = NULL;
	spin_unlock_irqrestore(&ptp->lock, flags);

	if (hwtstamps.hwtstamp)
		skb_tstamp_tx(skb, &hwtstamps);
	consume_skb(skb);

	return false;
}

static long ptp_aux_work(struct ptp_clock_info *info)
{
	struct kawela_pf_ptp *ptp = ptp_of(info);
	long delay;
	bool more;

	read_poll_timeout(ptp_tx_look, more, !more, PTP_TX_POLL_US, PTP_TX_LOOK_US, false, ptp);
	delay = ptp_look(ptp);

	return more ? 1 : delay;
}

/* ---- What is stamped ---- */

/* PTP of version 2 by its EtherType, and both versions by UDP's port for event messages. */
static void ptp_program_filters(struct kawela_pf_ptp *ptp, bool l2, bool l4)
{
	const u16 port = swab16(PTP_EV_PORT);
	u32 ftqf = KW_FTQF_BP;

	kawela_wr32(ptp->io, KW_ETQF(PTP_FILTER),
		    l2 ? KW_ETQF_ENABLE | KW_ETQF_TSTAMP | FIELD_PREP(KW_ETQF_TYPE, ETH_P_1588) :
			 0);

	if (l4) {
		ftqf &= ~(KW_FTQF_BP_PROTO | KW_FTQF_BP_SRC_PORT);
		ftqf |= FIELD_PREP(KW_FTQF_PROTO, IPPROTO_UDP) | KW_FTQF_VF_BP | KW_FTQF_TSTAMP;
		kawela_wr32(ptp->io, KW_IMIR(PTP_FILTER), FIELD_PREP(KW_IMIR_PORT, port));
		kawela_wr32(ptp->io, KW_IMIREXT(PTP_FILTER),
			    KW_IMIREXT_SIZE_BP | KW_IMIREXT_CTRL_BP);
		kawela_wr32(ptp->io, KW_SPQF(PTP_FILTER), port);
	}
	kawela_wr32(ptp->io, KW_FTQF(PTP_FILTER), ftqf);
}

static void ptp_program(struct kawela_pf_ptp *ptp)
{
	u32 rx = KW_TSYNCRXCTL_EN, cfg = 0;
	bool l2 = false, l4 = true;

	lockdep_assert_held(&ptp->lock);
	switch (ptp->config.rx_filter) {
	case HWTSTAMP_FILTER_PTP_V1_L4_SYNC:
		rx |= FIELD_PREP(KW_TSYNCRXCTL_TYPE, KW_TSYNCRXCTL_L4_V1);
		cfg = FIELD_PREP(KW_TSYNCRXCFG_V1_CTRL, KW_TSYNCRXCFG_V1_SYNC);
		break;
	case HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ:
		rx |= FIELD_PREP(KW_TSYNCRXCTL_TYPE, KW_TSYNCRXCTL_L4_V1);
		cfg = FIELD_PREP(KW_TSYNCRXCFG_V1_CTRL, KW_TSYNCRXCFG_V1_DELAY_REQ);
		break;
	case HWTSTAMP_FILTER_PTP_V2_EVENT:
		rx |= FIELD_PREP(KW_TSYNCRXCTL_TYPE, KW_TSYNCRXCTL_EVENT_V2);
		l2 = true;
		break;
	default:
		rx = 0;
		l4 = false;
		break;
	}

	kawela_wr32(ptp->io, KW_TSYNCTXCTL,
		    ptp->config.tx_type == HWTSTAMP_TX_ON ? KW_TSYNCTXCTL_EN : 0);
	kawela_wr32(ptp->io, KW_TSYNCRXCFG, cfg);
	ptp_program_filters(ptp, l2, l4);
	kawela_wr32(ptp->io, KW_TSYNCRXCTL, rx);
	ptp_rx_unlatch(ptp);
}

/* What of it the hardware does, and maybe more. */
static int ptp_rx_filter(int wanted)
{
	switch (wanted) {
	case HWTSTAMP_FILTER_NONE:
	case HWTSTAMP_FILTER_PTP_V1_L4_SYNC:
	case HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ:
		return wanted;
	case HWTSTAMP_FILTER_PTP_V2_L4_EVENT:
	case HWTSTAMP_FILTER_PTP_V2_L4_SYNC:
	case HWTSTAMP_FILTER_PTP_V2_L4_DELAY_REQ:
	case HWTSTAMP_FILTER_PTP_V2_L2_EVENT:
	case HWTSTAMP_FILTER_PTP_V2_L2_SYNC:
	case HWTSTAMP_FILTER_PTP_V2_L2_DELAY_REQ:
	case HWTSTAMP_FILTER_PTP_V2_EVENT:
	case HWTSTAMP_FILTER_PTP_V2_SYNC:
	case HWTSTAMP_FILTER_PTP_V2_DELAY_REQ:
		return HWTSTAMP_FILTER_PTP_V2_EVENT;
	default:
		return -ERANGE;
	}
}

/**
 * kawela_pf_ptp_get_config - what is stamped
 * @ptp: clock
 * @config: to fill
 *
 * Context: RTNL.
 */
void kawela_pf_ptp_get_config(struct kawela_pf_ptp *ptp, struct kernel_hwtstamp_config *config)
{
	config->tx_type = ptp->config.tx_type;
	config->rx_filter = ptp->config.rx_filter;
}

/**
 * kawela_pf_ptp_set_config - say what is to be stamped
 * @ptp: clock
 * @config: what; the receive filter may become wider
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0; -EOPNOTSUPP (no clock); -ERANGE (nothing that the hardware can do).
 */
int kawela_pf_ptp_set_config(struct kawela_pf_ptp *ptp, struct kernel_hwtstamp_config *config,
			     struct netlink_ext_ack *extack)
{
	int filter = ptp_rx_filter(config->rx_filter);
	unsigned long flags;

	if (!ptp->clock)
		return -EOPNOTSUPP;
	if (config->tx_type != HWTSTAMP_TX_OFF && config->tx_type != HWTSTAMP_TX_ON) {
		NL_SET_ERR_MSG(extack, "the hardware does not write times into packets");
		return -ERANGE;
	}
	if (filter < 0) {
		NL_SET_ERR_MSG(extack, "only events of PTPv2, or one kind of PTPv1, are stamped");
		return filter;
	}

	config->rx_filter = filter;
	spin_lock_irqsave(&ptp->lock, flags);
	ptp->config.tx_type = config->tx_type;
	ptp->config.rx_filter = filter;
	if (ptp->live)
		ptp_program(ptp);
	spin_unlock_irqrestore(&ptp->lock, flags);
	ptp_schedule_worker(ptp->clock, 0);

	return 0;
}

/**
 * kawela_pf_ptp_info - what can be stamped
 * @ptp: clock
 * @info: to complete
 *
 * Context: any.
 */
void kawela_pf_ptp_info(const struct kawela_pf_ptp *ptp, struct kernel_ethtool_ts_info *info)
{
	if (!ptp->clock)
		return;

	info->so_timestamping |= SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE |
				 SOF_TIMESTAMPING_RAW_HARDWARE;
	info->phc_index = ptp_clock_index(ptp->clock);
	info->tx_types = BIT(HWTSTAMP_TX_OFF) | BIT(HWTSTAMP_TX_ON);
	info->rx_filters = BIT(HWTSTAMP_FILTER_NONE) | BIT(HWTSTAMP_FILTER_PTP_V1_L4_SYNC) |
			   BIT(HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ) |
			   BIT(HWTSTAMP_FILTER_PTP_V2_EVENT);
}

/**
 * kawela_pf_ptp_stats - what became of the packets that were to be stamped
 * @ptp: clock
 * @stats: to fill
 *
 * Context: any.
 */
void kawela_pf_ptp_stats(struct kawela_pf_ptp *ptp, struct ethtool_ts_stats *stats)
{
	unsigned long flags;

	if (!ptp->clock)
		return;

	spin_lock_irqsave(&ptp->lock, flags);
	stats->pkts = ptp->tx_stamped;
	stats->lost = ptp->tx_lost;
	stats->err = ptp->tx_skipped;
	spin_unlock_irqrestore(&ptp->lock, flags);
}

/**
 * kawela_pf_ptp_released - times of received frames that nobody came for
 * @ptp: clock
 *
 * Context: any.
 * Return: how many.
 */
u64 kawela_pf_ptp_released(struct kawela_pf_ptp *ptp)
{
	unsigned long flags;
	u64 released;

	spin_lock_irqsave(&ptp->lock, flags);
	released = ptp->rx_released;
	spin_unlock_irqrestore(&ptp->lock, flags);

	return released;
}

/* ---- Life ---- */

/**
 * kawela_pf_ptp_start - the function is in service
 * @ptp: clock
 *
 * The clock goes on by the counter, frames are stamped as before.
 *
 * Context: process.
 */
void kawela_pf_ptp_start(struct kawela_pf_ptp *ptp)
{
	unsigned long flags;
	u64 now;

	if (!ptp->clock)
		return;

	spin_lock_irqsave(&ptp->lock, flags);
	now = ptp_time(ptp, 0);
	ptp->live = true;
	kawela_wr32(ptp->io, KW_TIMINCA, PTP_TIMINCA);
	ptp_program(ptp);
	ptp_begin(ptp, now, ptp_count(ptp, NULL));
	spin_unlock_irqrestore(&ptp->lock, flags);
	ptp_schedule_worker(ptp->clock, 0);
}

/**
 * kawela_pf_ptp_stop - the function is about to be reset, or gone
 * @ptp: clock; nothing happens if it was stopped
 *
 * The clock goes on by the system's. The packet whose time was awaited is given back.
 *
 * Context: process.
 */
void kawela_pf_ptp_stop(struct kawela_pf_ptp *ptp)
{
	struct sk_buff *skb = NULL;
	unsigned long flags;

	spin_lock_irqsave(&ptp->lock, flags);
	if (ptp->live) {
		ptp_begin(ptp, ptp_time(ptp, ptp_count(ptp, NULL)), 0);
		ptp->live = false;
		swap(skb, ptp->tx_skb);
		ptp->tx_lost += !!skb;
	}
	spin_unlock_irqrestore(&ptp->lock, flags);
	consume_skb(skb);
}

/**
 * kawela_pf_ptp_init - make the clock, stopped, with the system's time
 * @ptp: to be initialised, all fields
 * @io: registers
 * @dev: its device
 *
 * There is none if the kernel has no such clocks, or no memory. Nobody is to ask for more than
 * kawela_pf_ptp_info() says then.
 *
 * Context: process.
 */
void kawela_pf_ptp_init(struct kawela_pf_ptp *ptp, struct kawela_io *io, struct device *dev)
{
	memset(ptp, 0, sizeof(*ptp));
	ptp->io = io;
	ptp->stamps.rx = ptp_rx;
	ptp->stamps.tx = ptp_tx;
	ptp->info.owner = THIS_MODULE;
	ptp->info.max_adj = KAWELA_PF_PTP_MAX_ADJ;
	ptp->info.adjfine = ptp_adjfine;
	ptp->info.adjtime = ptp_adjtime;
	ptp->info.gettimex64 = ptp_gettimex64;
	ptp->info.settime64 = ptp_settime64;
	ptp->info.do_aux_work = ptp_aux_work;
	snprintf(ptp->info.name, sizeof(ptp->info.name), "kawela %s", dev_name(dev));
	spin_lock_init(&ptp->lock);
	ptp->rate = kawela_pf_ptp_rate(0);
	ptp_begin(ptp, ktime_get_real_ns(), 0);

	ptp->clock = ptp_clock_register(&ptp->info, dev);
	if (IS_ERR(ptp->clock)) {
		dev_warn(dev, "no PTP clock: %pe\n", ptp->clock);
		ptp->clock = NULL;
	}
}

/**
 * kawela_pf_ptp_fini - undo kawela_pf_ptp_init()
 * @ptp: clock that no datapath uses any more, stopped or not
 *
 * Context: process.
 */
void kawela_pf_ptp_fini(struct kawela_pf_ptp *ptp)
{
	kawela_pf_ptp_stop(ptp);
	if (ptp->clock)
		ptp_clock_unregister(ptp->clock);
}
