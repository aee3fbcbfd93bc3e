// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the clock and the latches of frames' times, with registers that are numbers here and a
 * worker that never runs. No hardware; no locks, a test is alone.
 *
 * The code under test is compiled with them: what it calls to reach the hardware goes here.
 */
#include <kunit/test.h>
#include <linux/skbuff.h>

#include <net/kawela/io.h>
#include <net/kawela/regs.h>

#include "../pf_ptp.h"

static u32 fake_rd32(struct kawela_io *io, u32 reg);
static void fake_wr32(struct kawela_io *io, u32 reg, u32 val);

static int fake_schedule_worker(struct ptp_clock *clock, unsigned long delay)
{
	return 0;
}

#define kawela_rd32		fake_rd32
#define kawela_wr32		fake_wr32
#define ptp_schedule_worker	fake_schedule_worker
#include "../pf_ptp.c"

/* The card, and its clock. */
struct fake {
	struct kawela_io io;
	struct kawela_pf_ptp ptp;
	u64 count;
	u64 rx;
	u64 tx;
	u32 rx_ctl;
	u32 tx_ctl;
	u32 inca;
	u32 rx_cfg;
	u32 etqf;
	u32 ftqf;
	u32 imir;
	u32 spqf;
};

static u32 fake_rd32(struct kawela_io *io, u32 reg)
{
	struct fake *fake = container_of(io, struct fake, io);

	switch (reg) {
	case KW_SYSTIML:
		return lower_32_bits(fake->count);
	case KW_SYSTIMH:
		return upper_32_bits(fake->count);
	case KW_TSYNCRXCTL:
		return fake->rx_ctl;
	case KW_RXSTMPL:
		return lower_32_bits(fake->rx);
	case KW_RXSTMPH:
		return upper_32_bits(fake->rx);
	case KW_RXSATRH:
		fake->rx_ctl &= ~KW_TSYNCRXCTL_VALID;
		return 0;
	case KW_TSYNCTXCTL:
		return fake->tx_ctl;
	case KW_TXSTMPL:
		return lower_32_bits(fake->tx);
	case KW_TXSTMPH:
		fake->tx_ctl &= ~KW_TSYNCTXCTL_VALID;
		return upper_32_bits(fake->tx);
	default:
		return ~0u;
	}
}

static void fake_wr32(struct kawela_io *io, u32 reg, u32 val)
{
	struct fake *fake = container_of(io, struct fake, io);

	switch (reg) {
	case KW_TIMINCA:
		fake->inca = val;
		break;
	case KW_TSYNCRXCTL:
		fake->rx_ctl = val;
		break;
	case KW_TSYNCTXCTL:
		fake->tx_ctl = val;
		break;
	case KW_TSYNCRXCFG:
		fake->rx_cfg = val;
		break;
	case KW_ETQF(3):
		fake->etqf = val;
		break;
	case KW_FTQF(3):
		fake->ftqf = val;
		break;
	case KW_IMIR(3):
		fake->imir = val;
		break;
	case KW_SPQF(3):
		fake->spqf = val;
		break;
	}
}

#define START_NS	1000000000000ULL

/* In service, the counter at 5000. */
static int ptp_test_init(struct kunit *test)
{
	struct fake *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	struct timespec64 ts = ns_to_timespec64(START_NS);
	struct kawela_pf_ptp *ptp;

	KUNIT_ASSERT_NOT_NULL(test, fake);
	ptp = &fake->ptp;
	ptp->io = &fake->io;
	/* Nobody looks into it. */
	ptp->clock = (struct ptp_clock *)fake;
	spin_lock_init(&ptp->lock);
	ptp->rate = kawela_pf_ptp_rate(0);
	fake->count = 5000;
	kawela_pf_ptp_start(ptp);
	ptp_settime64(&ptp->info, &ts);
	test->priv = fake;

	return 0;
}

static u64 now(struct fake *fake)
{
	struct timespec64 ts;

	ptp_gettimex64(&fake->ptp.info, &ts, NULL);

	return timespec64_to_ns(&ts);
}

static void rates(struct kunit *test)
{
	const u32 one = BIT(31);

	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_rate(0), one);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_rate(65536), one + 2147);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_rate(-65536), one - 2147);
	/* A step of half a ppb. */
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_rate(31), one + 1);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_rate(500000L << 16), one + one / 2);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_rate(-(500000L << 16)), one / 2);
}

static void times(struct kunit *test)
{
	const u32 one = BIT(31), more = BIT(31) + BIT(30);

	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_after(1000, one, 7, 107), 1100);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_after(1000, one, 107, 7), 900);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_after(1000, more, 100, 0), 850);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_after(1000, more, 0, 100), 1150);
	/* Over the end of the counter, both ways; and after a century. */
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_after(1000, one, -10ULL, 5), 1015);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_after(1000, one, 5, -10ULL), 985);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_after(0, more, 0, 1ULL << 61), 3ULL << 60);
}

/* Another frequency is for the time to come. */
static void frequency(struct kunit *test)
{
	struct fake *fake = test->priv;

	KUNIT_EXPECT_EQ(test, fake->inca, 0x01000010);
	KUNIT_EXPECT_EQ(test, now(fake), START_NS);
	fake->count += NSEC_PER_SEC;
	ptp_adjfine(&fake->ptp.info, 100L << 16);
	KUNIT_EXPECT_EQ(test, now(fake), START_NS + NSEC_PER_SEC);
	fake->count += NSEC_PER_SEC;
	/* The rate is the next lower of those that there are. */
	KUNIT_EXPECT_EQ(test, now(fake), START_NS + 2 * NSEC_PER_SEC + 100000 - 1);
	KUNIT_EXPECT_EQ(test, fake->inca, 0x01000010);
}

static void moved(struct kunit *test)
{
	struct fake *fake = test->priv;

	ptp_adjtime(&fake->ptp.info, -1000);
	fake->count += 10;
	KUNIT_EXPECT_EQ(test, now(fake), START_NS - 990);
}

/* Out of service it goes on by another clock, whatever becomes of the counter. */
static void out_of_service(struct kunit *test)
{
	struct fake *fake = test->priv;

	fake->count += 1000;
	kawela_pf_ptp_stop(&fake->ptp);
	fake->count = 1;
	KUNIT_EXPECT_GE(test, now(fake), START_NS + 1000);
	ptp_adjtime(&fake->ptp.info, NSEC_PER_SEC);
	kawela_pf_ptp_start(&fake->ptp);
	KUNIT_EXPECT_GE(test, now(fake), START_NS + 1000 + NSEC_PER_SEC);
	KUNIT_EXPECT_LT(test, now(fake), START_NS + 3600 * NSEC_PER_SEC);

	/* And when it has gone without a word. */
	kawela_io_mark_removed(&fake->io);
	fake->count = ~0ULL;
	KUNIT_EXPECT_GE(test, now(fake), START_NS + 1000 + NSEC_PER_SEC);
	KUNIT_EXPECT_LT(test, now(fake), START_NS + 3600 * NSEC_PER_SEC);
}

/* One that vanishes costs what the clocks differ since the last look, not since it was set. */
static void vanished(struct kunit *test)
{
	const u64 hour = 3600 * NSEC_PER_SEC;
	struct fake *fake = test->priv;
	struct kawela_pf_ptp *ptp = &fake->ptp;

	fake->count += 10 * hour;
	KUNIT_EXPECT_EQ(test, ptp_aux_work(&ptp->info), HZ);
	/* The look is no step. */
	KUNIT_EXPECT_EQ(test, now(fake), START_NS + 10 * hour);
	ptp_adjtime(&ptp->info, -hour);
	kawela_io_mark_removed(&fake->io);
	fake->count = ~0ULL;
	KUNIT_EXPECT_GE(test, now(fake), START_NS + 9 * hour);
	KUNIT_EXPECT_LT(test, now(fake), START_NS + 10 * hour);

	/* Nothing is learned from it any more. */
	ptp_aux_work(&ptp->info);
	KUNIT_EXPECT_GE(test, now(fake), START_NS + 9 * hour);
	KUNIT_EXPECT_LT(test, now(fake), START_NS + 10 * hour);
	kawela_pf_ptp_stop(ptp);
	KUNIT_EXPECT_GE(test, now(fake), START_NS + 9 * hour);
	KUNIT_EXPECT_LT(test, now(fake), START_NS + 10 * hour);
	KUNIT_EXPECT_EQ(test, ptp_aux_work(&ptp->info), -1);
}

struct filter_case {
	const char *name;
	int wanted, granted;
	u32 rx_ctl, rx_cfg, etqf, ftqf;
};

#define NONE	HWTSTAMP_FILTER_NONE
#define V2	HWTSTAMP_FILTER_PTP_V2_EVENT
#define V1_SYNC	HWTSTAMP_FILTER_PTP_V1_L4_SYNC
#define V1_REQ	HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ

static const struct filter_case filter_cases[] = {
	{ "none", NONE, NONE, 0, 0, 0, 0xf0000000 },
	{ "v1 sync", V1_SYNC, V1_SYNC, 0x12, 0, 0, 0x68008011 },
	{ "v1 delay request", V1_REQ, V1_REQ, 0x12, 1, 0, 0x68008011 },
	{ "v2 event", V2, V2, 0x1a, 0, 0x440088f7, 0x68008011 },
	{ "v2 sync", HWTSTAMP_FILTER_PTP_V2_L2_SYNC, V2, 0x1a, 0, 0x440088f7, 0x68008011 },
	{ "all", HWTSTAMP_FILTER_ALL, -ERANGE },
	{ "v1 event", HWTSTAMP_FILTER_PTP_V1_L4_EVENT, -ERANGE },
};

KUNIT_ARRAY_PARAM_DESC(filter, filter_cases, name);

static int configure(struct fake *fake, int tx_type, int rx_filter)
{
	struct kernel_hwtstamp_config config = { .tx_type = tx_type, .rx_filter = rx_filter };
	int err = kawela_pf_ptp_set_config(&fake->ptp, &config, NULL);

	return err ?: config.rx_filter;
}

static void filters(struct kunit *test)
{
	const struct filter_case *t = test->param_value;
	struct fake *fake = test->priv;

	KUNIT_ASSERT_EQ(test, configure(fake, HWTSTAMP_TX_ON, t->wanted), t->granted);
	if (t->granted < 0)
		return;

	KUNIT_EXPECT_EQ(test, fake->rx_ctl, t->rx_ctl);
	KUNIT_EXPECT_EQ(test, fake->rx_cfg, t->rx_cfg);
	KUNIT_EXPECT_EQ(test, fake->etqf, t->etqf);
	KUNIT_EXPECT_EQ(test, fake->ftqf, t->ftqf);
	KUNIT_EXPECT_EQ(test, fake->tx_ctl, 0x10);
	if (t->rx_ctl) {
		KUNIT_EXPECT_EQ(test, fake->imir, 0x3f01);
		KUNIT_EXPECT_EQ(test, fake->spqf, 0x3f01);
	}

	/* The same after a reset. */
	kawela_pf_ptp_stop(&fake->ptp);
	fake->rx_ctl = 0;
	fake->tx_ctl = 0;
	kawela_pf_ptp_start(&fake->ptp);
	KUNIT_EXPECT_EQ(test, fake->rx_ctl, t->rx_ctl);
	KUNIT_EXPECT_EQ(test, fake->tx_ctl, 0x10);
}

static ktime_t rx(struct fake *fake)
{
	return ptp_rx(&fake->ptp.stamps);
}

static void rx_latch(struct fake *fake, u64 count)
{
	fake->rx = count;
	fake->rx_ctl |= KW_TSYNCRXCTL_VALID;
}

/* One time is for one frame, and may be from before the clock was set last. */
static void rx_once(struct kunit *test)
{
	struct fake *fake = test->priv;

	configure(fake, HWTSTAMP_TX_OFF, V2);
	KUNIT_EXPECT_EQ(test, rx(fake), 0);
	rx_latch(fake, 5100);
	KUNIT_EXPECT_EQ(test, rx(fake), START_NS + 100);
	KUNIT_EXPECT_EQ(test, rx(fake), 0);
	rx_latch(fake, 4900);
	KUNIT_EXPECT_EQ(test, rx(fake), START_NS - 100);
	rx_latch(fake, 5100);
	kawela_pf_ptp_stop(&fake->ptp);
	KUNIT_EXPECT_EQ(test, rx(fake), 0);
}

/* The worker comes back when the latched time is to go, and leaves it until then. */
static void looks_again(struct kunit *test, long delay)
{
	struct fake *fake = test->priv;
	long left = ptp_look(&fake->ptp);

	KUNIT_EXPECT_GT(test, left, 0);
	KUNIT_EXPECT_LE(test, left, delay);
	KUNIT_EXPECT_TRUE(test, fake->ptp.rx_waits);
}

/* What nobody comes for is let go, but not at once; what somebody came for does not count. */
static void rx_let_go(struct kunit *test)
{
	struct fake *fake = test->priv;
	struct kawela_pf_ptp *ptp = &fake->ptp;

	KUNIT_EXPECT_EQ(test, ptp_look(ptp), PTP_LOOK);
	configure(fake, HWTSTAMP_TX_OFF, V2);
	KUNIT_EXPECT_EQ(test, ptp_look(ptp), PTP_RX_LOOK);
	rx_latch(fake, 5100);
	looks_again(test, PTP_RX_TIMEOUT);
	ptp->rx_since -= PTP_RX_TIMEOUT;
	rx(fake);
	rx_latch(fake, 5200);
	looks_again(test, PTP_RX_TIMEOUT);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_released(ptp), 0);
	ptp->rx_since -= PTP_RX_TIMEOUT;
	KUNIT_EXPECT_EQ(test, ptp_look(ptp), PTP_RX_LOOK);
	KUNIT_EXPECT_EQ(test, kawela_pf_ptp_released(ptp), 1);
	KUNIT_EXPECT_EQ(test, rx(fake), 0);
	KUNIT_EXPECT_LE(test, jiffies_to_msecs(PTP_RX_LOOK + PTP_RX_TIMEOUT), 120);
}

static struct sk_buff *packet(struct kunit *test)
{
	struct sk_buff *skb = alloc_skb(60, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);

	return skb;
}

static void expect_stats(struct kunit *test, u64 stamped, u64 lost, u64 skipped)
{
	struct fake *fake = test->priv;
	struct ethtool_ts_stats stats = {};

	kawela_pf_ptp_stats(&fake->ptp, &stats);
	KUNIT_EXPECT_EQ(test, stats.pkts, stamped);
	KUNIT_EXPECT_EQ(test, stats.lost, lost);
	KUNIT_EXPECT_EQ(test, stats.err, skipped);
}

/* One packet at a time, until its time is told. */
static void tx_one(struct kunit *test)
{
	struct fake *fake = test->priv;
	struct kawela_pf_ptp *ptp = &fake->ptp;
	struct sk_buff *skb = packet(test), *other = packet(test);

	KUNIT_EXPECT_FALSE(test, ptp_tx(&ptp->stamps, skb));
	expect_stats(test, 0, 0, 0);
	configure(fake, HWTSTAMP_TX_ON, NONE);

	KUNIT_EXPECT_TRUE(test, ptp_tx(&ptp->stamps, skb));
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 2);
	KUNIT_EXPECT_FALSE(test, ptp_tx(&ptp->stamps, other));
	KUNIT_EXPECT_EQ(test, refcount_read(&other->users), 1);
	expect_stats(test, 0, 0, 1);

	KUNIT_EXPECT_TRUE(test, ptp_tx_look(ptp));
	fake->tx_ctl |= KW_TSYNCTXCTL_VALID;
	KUNIT_EXPECT_FALSE(test, ptp_tx_look(ptp));
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	expect_stats(test, 1, 0, 1);

	KUNIT_EXPECT_FALSE(test, ptp_tx_look(ptp));
	KUNIT_EXPECT_TRUE(test, ptp_tx(&ptp->stamps, other));
	kawela_pf_ptp_stop(ptp);
	KUNIT_EXPECT_EQ(test, refcount_read(&other->users), 1);
	KUNIT_EXPECT_FALSE(test, ptp_tx(&ptp->stamps, other));
	expect_stats(test, 1, 1, 1);
	kfree_skb(skb);
	kfree_skb(other);
}

/* A time that does not come is given up; one that comes later is not the next packet's. */
static void tx_late(struct kunit *test)
{
	struct fake *fake = test->priv;
	struct kawela_pf_ptp *ptp = &fake->ptp;
	struct sk_buff *skb = packet(test);

	configure(fake, HWTSTAMP_TX_ON, NONE);
	KUNIT_EXPECT_TRUE(test, ptp_tx(&ptp->stamps, skb));
	ptp->tx_end = jiffies;
	KUNIT_EXPECT_FALSE(test, ptp_tx_look(ptp));
	expect_stats(test, 0, 1, 0);

	fake->tx_ctl |= KW_TSYNCTXCTL_VALID;
	KUNIT_EXPECT_TRUE(test, ptp_tx(&ptp->stamps, skb));
	KUNIT_EXPECT_TRUE(test, ptp_tx_look(ptp));
	expect_stats(test, 0, 1, 0);
	kawela_pf_ptp_stop(ptp);
	kfree_skb(skb);
}

static struct kunit_case ptp_cases[] = {
	KUNIT_CASE(rates),
	KUNIT_CASE(times),
	KUNIT_CASE(frequency),
	KUNIT_CASE(moved),
	KUNIT_CASE(out_of_service),
	KUNIT_CASE(vanished),
	KUNIT_CASE_PARAM(filters, filter_gen_params),
	KUNIT_CASE(rx_once),
	KUNIT_CASE(rx_let_go),
	KUNIT_CASE(tx_one),
	KUNIT_CASE(tx_late),
	{}
};

static struct kunit_suite ptp_suite = {
	.name = "kawela_pf_ptp",
	.init = ptp_test_init,
	.test_cases = ptp_cases,
};

kunit_test_suite(ptp_suite);
