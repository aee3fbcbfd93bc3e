// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the session over registers that are plain memory, with the real mailbox in between and
 * a PF that knows one message. The function reads all ones, and answers again.
 *
 * Owns: stand-ins for the other files of the VF driver, which count how they are called.
 * Locks: none; the PF is a work of its own.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "../../mbx/mbx_priv.h"
#include "../../mbx/tests/fake_bar.h"
#include "../vf.h"

#define WAIT_MS		5000

/**
 * struct session_ctx - one VF under test
 * @vf: the VF; first, so that the stand-ins find the rest
 * @regs: its registers
 * @pf: the PF
 * @pf_mute: it does not answer
 * @config_lost: configuration space does not answer
 * @looks: how often the session asked for configuration space
 * @starts: times the queues were started
 * @running: they run
 * @gate: the carrier may be on
 * @forced: the administrator says that there is a link
 * @no_service: times the master was told to do without
 * @served: times it was served
 */
struct session_ctx {
	struct kawela_vf vf;
	u32 *regs;
	struct delayed_work pf;
	bool pf_mute;
	bool config_lost;
	unsigned int looks;
	unsigned int starts;
	bool running;
	bool gate;
	bool forced;
	unsigned int no_service;
	unsigned int served;
};

static struct session_ctx *ctx_of(struct kawela_vf *vf)
{
	return container_of(vf, struct session_ctx, vf);
}

/* ---- the rest of the driver ---- */

bool kawela_vf_pci_ready(struct kawela_vf *vf)
{
	struct session_ctx *ctx = ctx_of(vf);

	WRITE_ONCE(ctx->looks, ctx->looks + 1);
	return !READ_ONCE(ctx->config_lost);
}

int kawela_vf_queues_start(struct kawela_vf *vf)
{
	ctx_of(vf)->starts++;
	ctx_of(vf)->running = true;
	return 0;
}

void kawela_vf_queues_stop(struct kawela_vf *vf)
{
	ctx_of(vf)->running = false;
}

void kawela_vf_link_gate(struct kawela_vf *vf, bool open)
{
	WRITE_ONCE(ctx_of(vf)->gate, open);
}

bool kawela_vf_link_up(struct kawela_vf *vf)
{
	return ctx_of(vf)->forced;
}

void kawela_vf_no_service(struct kawela_vf *vf)
{
	ctx_of(vf)->no_service++;
	set_bit(KAWELA_VF_F_ASIDE, &vf->flags);
}

bool kawela_vf_master_serve(struct kawela_vf *vf)
{
	ASSERT_RTNL();
	ctx_of(vf)->served++;
	clear_bit(KAWELA_VF_F_ASIDE, &vf->flags);
	return !test_and_clear_bit(KAWELA_VF_F_ANNOUNCE, &vf->flags);
}

int kawela_vf_filter_sync(struct kawela_vf *vf)
{
	return 0;
}

void kawela_vf_blocks_connected(struct kawela_vf *vf)
{
}

int kawela_vf_blocks_sync(struct kawela_vf *vf)
{
	return 0;
}

int kawela_vf_blocks_stats(struct kawela_vf *vf)
{
	return 0;
}

void kawela_vf_blocks_adopt(struct kawela_vf *vf)
{
}

void kawela_vf_filter_connected(struct kawela_vf *vf) { }
void kawela_vf_adopt_mac(struct kawela_vf *vf) { }
void kawela_vf_irq_program(struct kawela_vf *vf) { }
void kawela_vf_irq_disable(struct kawela_vf *vf) { }
void kawela_vf_stats_rebase(struct kawela_vf *vf) { }
void kawela_vf_stats_update(struct kawela_vf *vf) { }

/* ---- the function and its PF ---- */

static u32 *reg(struct session_ctx *ctx, u32 offset)
{
	return ctx->regs + offset / sizeof(u32);
}

/* Answers RESET, with no address. The register is memory: what is written stays to be seen. */
static void pf_work(struct work_struct *work)
{
	struct session_ctx *ctx = container_of(work, struct session_ctx, pf.work);

	if (!READ_ONCE(ctx->pf_mute) && READ_ONCE(*reg(ctx, KW_V2PMAILBOX)) == KW_V2P_REQ &&
	    READ_ONCE(*reg(ctx, KW_VMBMEM(0))) == KAWELA_MSG_RESET) {
		WRITE_ONCE(*reg(ctx, KW_VMBMEM(0)), KAWELA_ABI_RESET_NO_MAC);
		WRITE_ONCE(*reg(ctx, KW_V2PMAILBOX), KW_V2P_PFACK | KW_V2P_PFSTS);
	}
	schedule_delayed_work(&ctx->pf, 1);
}

static void vanish(struct session_ctx *ctx)
{
	memset(ctx->regs, 0xff, KAWELA_FAKE_BAR_SIZE);
}

static void come_back(struct session_ctx *ctx)
{
	memset(ctx->regs, 0, KAWELA_FAKE_BAR_SIZE);
	*reg(ctx, KW_STATUS) = KW_STATUS_LU;
}

/* ---- help ---- */

/* Whether what is counted happens; the work takes its time. */
static bool comes(const unsigned int *count)
{
	unsigned int ms;

	for (ms = 0; ms < WAIT_MS && !READ_ONCE(*count); ms += 20)
		msleep(20);
	return READ_ONCE(*count);
}

static bool reaches(struct session_ctx *ctx, enum kawela_vf_state state)
{
	unsigned int ms;

	for (ms = 0; ms < WAIT_MS && READ_ONCE(ctx->vf.state) != state; ms += 20)
		msleep(20);
	return READ_ONCE(ctx->vf.state) == state;
}

/* Let the work look around now; how often it looked at configuration space. */
static unsigned int look_around(struct session_ctx *ctx)
{
	unsigned int before = READ_ONCE(ctx->looks);

	kawela_vf_session_kick(&ctx->vf);
	flush_delayed_work(&ctx->vf.session);
	return READ_ONCE(ctx->looks) - before;
}

static void run(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	kawela_vf_session_kick(&ctx->vf);
	KUNIT_ASSERT_TRUE(test, reaches(ctx, KAWELA_VF_RUN));
	flush_delayed_work(&ctx->vf.session);
	KUNIT_EXPECT_TRUE(test, ctx->running);
	KUNIT_EXPECT_TRUE(test, ctx->gate);
}

/* The function is gone, and the session found out. */
static void lose(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	vanish(ctx);
	kawela_vf_session_kick(&ctx->vf);
	KUNIT_ASSERT_TRUE(test, reaches(ctx, KAWELA_VF_GONE));
	flush_delayed_work(&ctx->vf.session);
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->vf.io));
	KUNIT_EXPECT_FALSE(test, ctx->running);
	KUNIT_EXPECT_FALSE(test, ctx->gate);
}

static int session_init(struct kunit *test)
{
	struct net_device *netdev;
	struct session_ctx *ctx;
	struct pci_dev *pdev;
	int err;

	pdev = kunit_kzalloc(test, sizeof(*pdev), GFP_KERNEL);
	netdev = alloc_etherdev(sizeof(*ctx));
	if (!pdev || !netdev)
		return -ENOMEM;
	pdev->dev.init_name = "kunit-vf";
	pdev->error_state = pci_channel_io_normal;

	ctx = netdev_priv(netdev);
	ctx->vf.pdev = pdev;
	ctx->vf.netdev = netdev;
	ctx->vf.open = true;
	ctx->vf.dp.num_qps = 1;
	spin_lock_init(&ctx->vf.want_lock);
	ctx->vf.io.base = kawela_fake_bar(test, &ctx->regs);
	if (!ctx->vf.io.base)
		return -ENOMEM;
	come_back(ctx);

	err = kawela_vf_session_init(&ctx->vf);
	if (err)
		return err;
	ctx->vf.mbx->times.ack = 20;
	ctx->vf.mbx->times.reply = 200;
	INIT_DELAYED_WORK(&ctx->pf, pf_work);
	schedule_delayed_work(&ctx->pf, 1);
	test->priv = ctx;
	return 0;
}

static void session_exit(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	if (!ctx)
		return;
	kawela_mbx_vf_abort(ctx->vf.mbx);
	disable_delayed_work_sync(&ctx->vf.session);
	disable_delayed_work_sync(&ctx->pf);
	kawela_vf_session_fini(&ctx->vf);
	free_netdev(ctx->vf.netdev);
}

/* ---- tests ---- */

static void all_ones(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;
	unsigned long left;

	run(test);
	lose(test);

	/* One look each time, two seconds apart, and nothing is written. */
	KUNIT_EXPECT_EQ(test, look_around(ctx), 1);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_GONE);
	left = ctx->vf.session.timer.expires - jiffies;
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&ctx->vf.session));
	KUNIT_EXPECT_GT(test, left, HZ);
	KUNIT_EXPECT_LE(test, left, 2 * HZ + 1);
	KUNIT_EXPECT_EQ(test, *reg(ctx, KW_V2PMAILBOX), ~0u);
	KUNIT_EXPECT_EQ(test, *reg(ctx, KW_CTRL), ~0u);
}

/* Nobody calls: the session finds out by itself, and works again. */
static void revival(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	lose(test);
	come_back(ctx);
	KUNIT_ASSERT_TRUE(test, reaches(ctx, KAWELA_VF_RUN));
	flush_delayed_work(&ctx->vf.session);
	KUNIT_EXPECT_FALSE(test, kawela_io_removed(&ctx->vf.io));
	KUNIT_EXPECT_TRUE(test, ctx->running);
	KUNIT_EXPECT_EQ(test, ctx->starts, 2);
	KUNIT_EXPECT_EQ(test, atomic64_read(&ctx->vf.connects), 2);
}

/* Registers answer before configuration space does, or the PCI core is at work. */
static void config_space_first(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	lose(test);
	ctx->config_lost = true;
	come_back(ctx);
	KUNIT_EXPECT_EQ(test, look_around(ctx), 1);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_GONE);
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->vf.io));

	ctx->config_lost = false;
	run(test);
}

/* Back, but the PF's driver is not yet: ordinary attempts, with their back-off. */
static void silent_pf(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	lose(test);
	ctx->pf_mute = true;
	come_back(ctx);
	look_around(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_CONNECT);
	KUNIT_EXPECT_FALSE(test, kawela_io_removed(&ctx->vf.io));
	ctx->pf_mute = false;
	KUNIT_EXPECT_TRUE(test, reaches(ctx, KAWELA_VF_RUN));
}

/* The PF's reset cuts the longest back-off short, though its interrupt does not come. */
static void news_without_interrupt(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	lose(test);
	ctx->vf.attempts = 10;
	ctx->vf.next_try = jiffies + msecs_to_jiffies(10 * WAIT_MS);
	come_back(ctx);
	look_around(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_CONNECT);

	WRITE_ONCE(*reg(ctx, KW_V2PMAILBOX), KW_V2P_RSTD);
	KUNIT_EXPECT_TRUE(test, reaches(ctx, KAWELA_VF_RUN));
}

/* A function that the PCI core saw being pulled is not looked at any more. */
static void pulled(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	lose(test);
	ctx->vf.pdev->error_state = pci_channel_io_perm_failure;
	come_back(ctx);
	KUNIT_EXPECT_EQ(test, look_around(ctx), 0);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_GONE);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&ctx->vf.session));
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->vf.io));
}

/* remove() aborts the mailbox of a function that is gone. */
static void removing(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	lose(test);
	kawela_mbx_vf_abort(ctx->vf.mbx);
	come_back(ctx);
	look_around(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_GONE);
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->vf.io));
}

/* Closed while away: the way back ends where nobody needs the PF. */
static void closed_meanwhile(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	lose(test);
	WRITE_ONCE(ctx->vf.open, false);
	come_back(ctx);
	look_around(ctx);
	KUNIT_EXPECT_TRUE(test, reaches(ctx, KAWELA_VF_IDLE));
	KUNIT_EXPECT_EQ(test, ctx->starts, 1);
	KUNIT_EXPECT_FALSE(test, ctx->vf.standing);
}

/* The window is given up by the error handler, and found again when service resumes. */
static void error_recovery(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	kawela_io_mark_removed(&ctx->vf.io);
	kawela_vf_session_pause(&ctx->vf);
	KUNIT_EXPECT_FALSE(test, ctx->running);
	look_around(ctx);
	KUNIT_EXPECT_TRUE(test, kawela_io_removed(&ctx->vf.io));

	kawela_vf_session_resume(&ctx->vf);
	KUNIT_EXPECT_TRUE(test, reaches(ctx, KAWELA_VF_RUN));
	KUNIT_EXPECT_FALSE(test, kawela_io_removed(&ctx->vf.io));
}

/* Told when an attempt fails, not when there is service. */
static void master_without_service(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	netif_carrier_on(ctx->vf.netdev);
	run(test);
	KUNIT_EXPECT_EQ(test, ctx->no_service, 0);
	KUNIT_EXPECT_EQ(test, ctx->served, 0);
	WRITE_ONCE(ctx->pf_mute, true);
	kawela_vf_session_restart(&ctx->vf);
	KUNIT_ASSERT_TRUE(test, reaches(ctx, KAWELA_VF_CONNECT));
	KUNIT_EXPECT_TRUE(test, comes(&ctx->no_service));
	KUNIT_EXPECT_TRUE(test, comes(&ctx->served));
}

/* Port without a link: as long as there is one, the master is told. */
static void master_without_link(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	netif_carrier_off(ctx->vf.netdev);
	run(test);
	KUNIT_EXPECT_GE(test, ctx->no_service, 1);
}

/* What there is to do for a master is not forgotten while it cannot be done. */
static void master_waits(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	netif_carrier_on(ctx->vf.netdev);
	run(test);
	rtnl_lock();
	set_bit(KAWELA_VF_F_ANNOUNCE, &ctx->vf.flags);
	look_around(ctx);
	KUNIT_EXPECT_EQ(test, ctx->served, 0);
	KUNIT_EXPECT_LE(test, ctx->vf.session.timer.expires - jiffies, msecs_to_jiffies(10) + 1);
	rtnl_unlock();

	look_around(ctx);
	KUNIT_EXPECT_GE(test, ctx->served, 1);
	KUNIT_EXPECT_FALSE(test, test_bit(KAWELA_VF_F_ANNOUNCE, &ctx->vf.flags));
}

/* Closed by somebody who keeps RTNL: the PF is told nevertheless. */
static void closed_under_rtnl(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	rtnl_lock();
	WRITE_ONCE(ctx->vf.open, false);
	look_around(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_HALT);
	WRITE_ONCE(ctx->vf.dp.num_qps, 0);
	look_around(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_IDLE);
	KUNIT_EXPECT_FALSE(test, ctx->vf.standing);
	rtnl_unlock();
}

/* The port loses its link, and the VF steps aside. */
static void step_aside(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	run(test);
	ctx->vf.aside = true;
	WRITE_ONCE(ctx->vf.open, false);
	*reg(ctx, KW_STATUS) = 0;
	look_around(ctx);
	KUNIT_ASSERT_TRUE(test, reaches(ctx, KAWELA_VF_CONNECT));
}

/* A VF that stepped aside has no session without a link, and has one, though closed, with it. */
static void aside(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	step_aside(test);
	look_around(ctx);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_CONNECT);
	KUNIT_EXPECT_FALSE(test, ctx->vf.standing);
	KUNIT_EXPECT_EQ(test, atomic64_read(&ctx->vf.connects), 1);

	*reg(ctx, KW_STATUS) = KW_STATUS_LU;
	kawela_vf_session_wake(&ctx->vf);
	flush_delayed_work(&ctx->vf.session);
	KUNIT_EXPECT_EQ(test, atomic64_read(&ctx->vf.connects), 2);
}

/* Look around, as long after the last attempt as a PF that waits is asked again for a link. */
static void ask_for_link(struct session_ctx *ctx)
{
	ctx->vf.pf_waits = true;
	ctx->vf.attempts = 0;
	ctx->vf.last_try = jiffies - 11 * HZ;
	look_around(ctx);
}

/* Without the port's link it asks such a PF now and then for one that is forced. */
static void aside_forced(struct kunit *test)
{
	struct session_ctx *ctx = test->priv;

	step_aside(test);
	ask_for_link(ctx);
	KUNIT_EXPECT_EQ(test, atomic64_read(&ctx->vf.connects), 2);
	KUNIT_EXPECT_EQ(test, ctx->vf.state, KAWELA_VF_CONNECT);
	KUNIT_EXPECT_EQ(test, ctx->vf.attempts, 0);

	ctx->vf.pf_waits = true;
	look_around(ctx);
	KUNIT_EXPECT_FALSE(test, ctx->vf.standing);
	KUNIT_EXPECT_EQ(test, atomic64_read(&ctx->vf.connects), 2);

	ctx->forced = true;
	ask_for_link(ctx);
	KUNIT_EXPECT_EQ(test, atomic64_read(&ctx->vf.connects), 3);
	KUNIT_EXPECT_EQ(test, ctx->vf.attempts, 1);
}

static struct kunit_case session_cases[] = {
	KUNIT_CASE(all_ones),
	KUNIT_CASE(revival),
	KUNIT_CASE(config_space_first),
	KUNIT_CASE(silent_pf),
	KUNIT_CASE(news_without_interrupt),
	KUNIT_CASE(pulled),
	KUNIT_CASE(removing),
	KUNIT_CASE(closed_meanwhile),
	KUNIT_CASE(error_recovery),
	KUNIT_CASE(master_without_service),
	KUNIT_CASE(master_without_link),
	KUNIT_CASE(master_waits),
	KUNIT_CASE(closed_under_rtnl),
	KUNIT_CASE(aside),
	KUNIT_CASE(aside_forced),
	{}
};

static struct kunit_suite session_suite = {
	.name = "kawela_vf_session",
	.init = session_init,
	.exit = session_exit,
	.test_cases = session_cases,
};

kunit_test_suites(&session_suite);
