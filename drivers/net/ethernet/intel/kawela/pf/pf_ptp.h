/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock of the PF's port, and the times of frames that the hardware latches.
 *
 * The hardware's counter counts nanoseconds and is never written: time, and how fast it goes, is
 * what software makes of the counter. So frequency is set to half a ppb, where the increment
 * register has steps of 119 ppb at best, and nothing overflows. While the function is out of
 * service, or gone, the system's clock stands in for the counter. A function that has gone without
 * a word can be asked no more, so what time it is by the system's clock is noted every second: time
 * jumps by what the two clocks differ in a second at most.
 *
 * There is one latch for each direction. A frame whose time is in it keeps all others from being
 * stamped until it is read.
 *
 * Owns: SYSTIM, TIMINCA, TSYNC*, RXSTMP, TXSTMP, RXSATR, and the filters that choose what is
 * stamped. Never touches: rings, other filters.
 * Locks: ptp->lock, spinlock, interrupts off, innermost: all of struct kawela_pf_ptp that changes,
 * and the registers. Taken in NAPI, in transmit, by the clock's users and its worker.
 */
#ifndef _KAWELA_PF_PTP_H
#define _KAWELA_PF_PTP_H

#include <linux/ethtool.h>
#include <linux/math64.h>
#include <linux/net_tstamp.h>
#include <linux/ptp_clock_kernel.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <net/kawela/io.h>
#include <net/kawela/ring.h>

/* Nanoseconds are the counter's times a rate of this many fractional bits. */
#define KAWELA_PF_PTP_RATE_SHIFT	31
/* Half as fast again, or half as fast, at most: the rate has 32 bits. */
#define KAWELA_PF_PTP_MAX_ADJ		(NSEC_PER_SEC / 2)

/**
 * struct kawela_pf_ptp - clock and latches
 * @io: registers
 * @clock: what user space sees, NULL if there is none; set once
 * @info: operations of @clock
 * @stamps: what the datapath sees
 * @lock: see Locks above
 * @live: the function is in service: the counter runs, the latches work
 * @rate: nanoseconds per count, with KAWELA_PF_PTP_RATE_SHIFT fractional bits
 * @ns: what time it was when it was last set
 * @count: the counter then
 * @boot_ns: what time it was when that was noted last
 * @boot: the system's clock then
 * @config: what is to be stamped
 * @tx_skb: packet whose time of leaving is awaited, or NULL
 * @tx_end: jiffies until which it is
 * @rx_waits: there was a time latched at @rx_since that nobody has read yet
 * @rx_since: jiffies
 * @tx_stamped: packets sent whose time was told
 * @tx_lost: packets sent whose time never came
 * @tx_skipped: packets sent while the latch was another's
 * @rx_released: times of received frames that nobody came for
 */
struct kawela_pf_ptp {
	struct kawela_io *io;
	struct ptp_clock *clock;
	struct ptp_clock_info info;
	struct kawela_dp_stamps stamps;

	spinlock_t lock; /* see Locks above */
	bool live;
	u32 rate;
	u64 ns;
	u64 count;
	u64 boot_ns;
	u64 boot;

	struct kernel_hwtstamp_config config;
	struct sk_buff *tx_skb;
	unsigned long tx_end;
	bool rx_waits;
	unsigned long rx_since;

	u64 tx_stamped;
	u64 tx_lost;
	u64 tx_skipped;
	u64 rx_released;
};

/**
 * kawela_pf_ptp_rate - the rate for a frequency
 * @scaled_ppm: how much faster than nominal, in parts per million with 16 fractional bits; within
 *		KAWELA_PF_PTP_MAX_ADJ
 *
 * Return: the rate.
 */
static inline u32 kawela_pf_ptp_rate(long scaled_ppm)
{
	return adjust_by_scaled_ppm(BIT_ULL(KAWELA_PF_PTP_RATE_SHIFT), scaled_ppm);
}

/**
 * kawela_pf_ptp_after - a time, from another one
 * @ns: a time
 * @rate: how fast time goes
 * @from: the counter at @ns
 * @to: the counter at the time in question, which may have been earlier
 *
 * Return: nanoseconds.
 */
static inline u64 kawela_pf_ptp_after(u64 ns, u32 rate, u64 from, u64 to)
{
	s64 counts = to - from;

	if (counts < 0)
		return ns - mul_u64_u32_shr(-(u64)counts, rate, KAWELA_PF_PTP_RATE_SHIFT);

	return ns + mul_u64_u32_shr(counts, rate, KAWELA_PF_PTP_RATE_SHIFT);
}

void kawela_pf_ptp_init(struct kawela_pf_ptp *ptp, struct kawela_io *io, struct device *dev);
void kawela_pf_ptp_fini(struct kawela_pf_ptp *ptp);
void kawela_pf_ptp_start(struct kawela_pf_ptp *ptp);
void kawela_pf_ptp_stop(struct kawela_pf_ptp *ptp);
void kawela_pf_ptp_get_config(struct kawela_pf_ptp *ptp, struct kernel_hwtstamp_config *config);
int kawela_pf_ptp_set_config(struct kawela_pf_ptp *ptp, struct kernel_hwtstamp_config *config,
			     struct netlink_ext_ack *extack);
void kawela_pf_ptp_info(const struct kawela_pf_ptp *ptp, struct kernel_ethtool_ts_info *info);
void kawela_pf_ptp_stats(struct kawela_pf_ptp *ptp, struct ethtool_ts_stats *stats);
u64 kawela_pf_ptp_released(struct kawela_pf_ptp *ptp);

#endif /* _KAWELA_PF_PTP_H */
