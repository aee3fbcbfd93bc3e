// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink health reporters: what they show, and how they recover.
 *
 * Owns: the reporters of the ports. Never touches: when there is something to report
 * (pf_health.c), the mailbox's words.
 * Locks: devl_lock, held around every operation.
 *
 * Whatever a guest has chosen is shown as printable ASCII, with the characters replaced that could
 * make it look like something else in devlink's output.
 */
#include <linux/ctype.h>
#include <linux/rtnetlink.h>

#include "../compat/devlink.h"
#include "pf.h"

#define REPORTER_WORD	9	/* eight digits */

static struct kawela_pf *reporter_pf(struct devlink_health_reporter *reporter)
{
	struct kawela_pf_port *port = devlink_health_reporter_priv(reporter);

	return kawela_pf_of_devlink(port->dl.devlink);
}

static unsigned int reporter_vf(struct devlink_health_reporter *reporter)
{
	struct kawela_pf_port *port = devlink_health_reporter_priv(reporter);

	return port - reporter_pf(reporter)->port;
}

/* What happens by itself comes with a context, what the administrator wants without. */
static bool reporter_by_hand(const void *ctx)
{
	return !ctx;
}

static void put_guest_text(struct devlink_fmsg *fmsg, const char *name, const u8 *raw)
{
	char text[KAWELA_GUEST_TEXT + 1];
	unsigned int i;

	for (i = 0; i < KAWELA_GUEST_TEXT && raw[i]; i++)
		text[i] = isascii(raw[i]) && isprint(raw[i]) && !strchr(":\"\\", raw[i]) ?
			  raw[i] : '?';
	text[i] = 0;
	devlink_fmsg_string_pair_put(fmsg, name, text);
}

static void put_word(struct devlink_fmsg *fmsg, const char *name, u32 word)
{
	char text[REPORTER_WORD];

	snprintf(text, sizeof(text), "%08x", word);
	devlink_fmsg_string_pair_put(fmsg, name, text);
}

/* mailbox */

static void put_guest(struct kawela_pf *pf, unsigned int vf, struct devlink_fmsg *fmsg)
{
	struct kawela_block_guest guest;

	spin_lock(&pf->guest_lock);
	guest = pf->guest[vf];
	spin_unlock(&pf->guest_lock);

	devlink_fmsg_pair_nest_start(fmsg, "guest");
	devlink_fmsg_obj_nest_start(fmsg);
	put_guest_text(fmsg, "driver", guest.driver);
	put_guest_text(fmsg, "version", guest.version);
	put_guest_text(fmsg, "kernel", guest.kernel);
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

static void put_counters(struct kawela_pf *pf, unsigned int vf, struct devlink_fmsg *fmsg)
{
	struct kawela_mbx_pf_stats stats = {};

	kawela_mbx_pf_get_stats(pf->mbx, vf, &stats);
	devlink_fmsg_pair_nest_start(fmsg, "counters");
	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u64_pair_put(fmsg, "requests", stats.requests);
	devlink_fmsg_u64_pair_put(fmsg, "refused", stats.nacks);
	devlink_fmsg_u64_pair_put(fmsg, "bad", stats.bad);
	devlink_fmsg_u64_pair_put(fmsg, "without_session", stats.no_cts);
	devlink_fmsg_u64_pair_put(fmsg, "throttled", stats.throttled);
	devlink_fmsg_u64_pair_put(fmsg, "parked", stats.parked);
	devlink_fmsg_u64_pair_put(fmsg, "sessions", stats.resets);
	devlink_fmsg_u64_pair_put(fmsg, "silent", stats.silent);
	devlink_fmsg_u64_pair_put(fmsg, "flrs", stats.flrs);
	devlink_fmsg_u64_pair_put(fmsg, "acks", stats.acks);
	devlink_fmsg_u64_pair_put(fmsg, "busy", stats.busy);
	devlink_fmsg_u64_pair_put(fmsg, "stuck", stats.stuck);
	devlink_fmsg_u64_pair_put(fmsg, "dropped", stats.dropped);
	devlink_fmsg_u64_pair_put(fmsg, "pings", stats.pings);
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

static int mailbox_diagnose(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
			    struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = reporter_pf(reporter);
	unsigned int vf = reporter_vf(reporter);
	struct kawela_mbx_pf_info info;

	kawela_mbx_pf_get_info(pf->mbx, vf, &info);
	devlink_fmsg_string_pair_put(fmsg, "session", info.state);
	devlink_fmsg_bool_pair_put(fmsg, "parked", info.parked);
	devlink_fmsg_u32_pair_put(fmsg, "parked_ms", info.parked_ms);
	devlink_fmsg_u32_pair_put(fmsg, "level", info.level1);
	devlink_fmsg_u32_pair_put(fmsg, "features", info.features);
	put_guest(pf, vf, fmsg);
	put_counters(pf, vf, fmsg);
	return 0;
}

static const char *refusal_name(u32 reason)
{
	static const char * const name[] = {
		[KAWELA_REFUSAL_NONE]		= "none",
		[KAWELA_REFUSAL_MALFORMED]	= "malformed",
		[KAWELA_REFUSAL_UNKNOWN]	= "unknown",
		[KAWELA_REFUSAL_NOT_ALLOWED]	= "not allowed",
		[KAWELA_REFUSAL_TAKEN]		= "taken",
		[KAWELA_REFUSAL_FULL]		= "full",
		[KAWELA_REFUSAL_NOT_NOW]	= "not now",
		[KAWELA_REFUSAL_OTHER]		= "other",
	};

	return reason < ARRAY_SIZE(name) ? name[reason] : "other";
}

static void put_refusal(struct kawela_pf *pf, unsigned int vf, struct devlink_fmsg *fmsg)
{
	struct kawela_block_refusal refusal;

	kawela_mbx_pf_get_refusal(pf->mbx, vf, &refusal);
	devlink_fmsg_pair_nest_start(fmsg, "refusal");
	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u32_pair_put(fmsg, "count", le32_to_cpu(refusal.count));
	put_word(fmsg, "request", le32_to_cpu(refusal.request));
	devlink_fmsg_string_pair_put(fmsg, "reason", refusal_name(le32_to_cpu(refusal.reason)));
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

static int mailbox_dump(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
			void *ctx, struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = reporter_pf(reporter);
	unsigned int i, vf = reporter_vf(reporter);
	struct kawela_mbx_pf_info info;
	char text[REPORTER_WORD];

	kawela_mbx_pf_get_info(pf->mbx, vf, &info);
	devlink_fmsg_string_pair_put(fmsg, "session", info.state);
	devlink_fmsg_arr_pair_nest_start(fmsg, "last_request");
	for (i = 0; i < ARRAY_SIZE(info.last); i++) {
		snprintf(text, sizeof(text), "%08x", info.last[i]);
		devlink_fmsg_string_put(fmsg, text);
	}
	devlink_fmsg_arr_pair_nest_end(fmsg);
	put_refusal(pf, vf, fmsg);
	put_guest(pf, vf, fmsg);
	put_counters(pf, vf, fmsg);
	return 0;
}

/* Parking is there to last: by itself it ends after its time. */
static int mailbox_recover(struct devlink_health_reporter *reporter, void *ctx,
			   struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = devlink_health_reporter_priv(reporter);

	if (!reporter_by_hand(ctx))
		return -EBUSY;

	port->reporters.parked = false;
	kawela_mbx_pf_unpark(reporter_pf(reporter)->mbx, reporter_vf(reporter));
	return 0;
}

static const struct devlink_health_reporter_ops mailbox_ops = {
	.name		= "mailbox",
	.diagnose	= mailbox_diagnose,
	.dump		= mailbox_dump,
	.recover	= mailbox_recover,
};

/* spoof */

static int spoof_diagnose(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
			  struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = reporter_pf(reporter);
	unsigned int vf = reporter_vf(reporter);
	struct kawela_nsw_vport_info info;
	int err;

	err = kawela_nsw_vport_get_info(pf->nsw, vf, &info);
	if (err)
		return err;

	devlink_fmsg_bool_pair_put(fmsg, "checked", info.spoofchk);
	devlink_fmsg_u64_pair_put(fmsg, "events", atomic64_read(&pf->health.vf_spoofs[vf]));
	put_word(fmsg, "port_lvmmc", READ_ONCE(pf->health.lvmmc));
	return 0;
}

static int spoof_dump(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
		      void *ctx, struct netlink_ext_ack *extack)
{
	return spoof_diagnose(reporter, fmsg, extack);
}

/* The hardware dropped the frames and goes on checking: there is nothing to put right. */
static int spoof_recover(struct devlink_health_reporter *reporter, void *ctx,
			 struct netlink_ext_ack *extack)
{
	return 0;
}

static int spoof_test(struct devlink_health_reporter *reporter, struct netlink_ext_ack *extack)
{
	kawela_pf_health_test_spoof(reporter_pf(reporter), reporter_vf(reporter));
	return 0;
}

static const struct devlink_health_reporter_ops spoof_ops = {
	.name		= "spoof",
	.diagnose	= spoof_diagnose,
	.dump		= spoof_dump,
	.recover	= spoof_recover,
	.test		= spoof_test,
};

/* tx of a VF */

static void put_vf_queue(struct kawela_pf *pf, u8 queue, struct devlink_fmsg *fmsg)
{
	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u32_pair_put(fmsg, "queue", queue);
	devlink_fmsg_u32_pair_put(fmsg, "head", kawela_rd32(&pf->io, KW_TDH(queue)));
	devlink_fmsg_u32_pair_put(fmsg, "tail", kawela_rd32(&pf->io, KW_TDT(queue)));
	put_word(fmsg, "control", kawela_rd32(&pf->io, KW_TXDCTL(queue)));
	devlink_fmsg_obj_nest_end(fmsg);
}

static int vf_tx_diagnose(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
			  struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = reporter_pf(reporter);
	unsigned int vf = reporter_vf(reporter);

	if (kawela_io_removed(&pf->io))
		return -ENODEV;

	devlink_fmsg_bool_pair_put(fmsg, "stands", test_bit(vf, &pf->health.stalled));
	devlink_fmsg_bool_pair_put(fmsg, "may_send",
				   kawela_rd32(&pf->io, KW_VFTE) & BIT(vf));
	devlink_fmsg_arr_pair_nest_start(fmsg, "queues");
	put_vf_queue(pf, vf, fmsg);
	put_vf_queue(pf, vf + KW_NUM_POOLS, fmsg);
	devlink_fmsg_arr_pair_nest_end(fmsg);
	return 0;
}

static int vf_tx_dump(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
		      void *ctx, struct netlink_ext_ack *extack)
{
	return vf_tx_diagnose(reporter, fmsg, extack);
}

/* Resetting a VF is for its driver, which has a watchdog, or for the administrator. */
static int vf_tx_recover(struct devlink_health_reporter *reporter, void *ctx,
			 struct netlink_ext_ack *extack)
{
	struct kawela_pf_port *port = devlink_health_reporter_priv(reporter);

	if (!reporter_by_hand(ctx))
		return -EBUSY;

	port->reporters.hung = false;
	kawela_pf_vf_reset(reporter_pf(reporter), reporter_vf(reporter));
	return 0;
}

static const struct devlink_health_reporter_ops vf_tx_ops = {
	.name		= "tx",
	.diagnose	= vf_tx_diagnose,
	.dump		= vf_tx_dump,
	.recover	= vf_tx_recover,
};

/* tx of the PF */

static int tx_diagnose(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
		       struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = reporter_pf(reporter);
	struct kawela_tx_state ring;
	unsigned int i;

	devlink_fmsg_u64_pair_put(fmsg, "hangs", atomic64_read(&pf->health.hangs));
	devlink_fmsg_arr_pair_nest_start(fmsg, "queues");
	rtnl_lock();
	for (i = 0; !kawela_dp_tx_state(&pf->dp, i, &ring); i++) {
		devlink_fmsg_obj_nest_start(fmsg);
		devlink_fmsg_u32_pair_put(fmsg, "queue", i);
		devlink_fmsg_u32_pair_put(fmsg, "hardware_queue", ring.hw_queue);
		devlink_fmsg_u32_pair_put(fmsg, "head", ring.head);
		devlink_fmsg_u32_pair_put(fmsg, "tail", ring.tail);
		devlink_fmsg_u32_pair_put(fmsg, "next_to_use", ring.next_to_use);
		devlink_fmsg_u32_pair_put(fmsg, "next_to_clean", ring.next_to_clean);
		devlink_fmsg_obj_nest_end(fmsg);
	}
	rtnl_unlock();
	devlink_fmsg_arr_pair_nest_end(fmsg);
	return 0;
}

/* The queue as it was found: it is reset by the time somebody looks. */
static int tx_dump(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
		   void *ctx, struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = reporter_pf(reporter);
	struct kawela_pf_hang hang;

	spin_lock_bh(&pf->health.hang_lock);
	hang = pf->health.hang;
	spin_unlock_bh(&pf->health.hang_lock);

	devlink_fmsg_string_pair_put(fmsg, "netdev", hang.netdev);
	devlink_fmsg_u32_pair_put(fmsg, "queue", hang.txqueue);
	devlink_fmsg_u32_pair_put(fmsg, "hardware_queue", hang.ring.hw_queue);
	devlink_fmsg_u32_pair_put(fmsg, "head", hang.ring.head);
	devlink_fmsg_u32_pair_put(fmsg, "tail", hang.ring.tail);
	devlink_fmsg_u32_pair_put(fmsg, "next_to_use", hang.ring.next_to_use);
	devlink_fmsg_u32_pair_put(fmsg, "next_to_clean", hang.ring.next_to_clean);
	return 0;
}

/* Whether the reset works, the next hang tells: one that fails is tried again then. */
static int tx_recover(struct devlink_health_reporter *reporter, void *ctx,
		      struct netlink_ext_ack *extack)
{
	schedule_delayed_work(&reporter_pf(reporter)->reset_work, 0);
	return 0;
}

/* As if the first queue hung, with all that follows. */
static int tx_test(struct devlink_health_reporter *reporter, struct netlink_ext_ack *extack)
{
	struct kawela_pf *pf = reporter_pf(reporter);
	struct kawela_tx_state ring;
	int err;

	rtnl_lock();
	err = kawela_dp_tx_state(&pf->dp, 0, &ring);
	rtnl_unlock();
	if (err)
		NL_SET_ERR_MSG(extack, "the PF's netdev is down");
	else
		kawela_pf_health_hang(pf, pf->netdev, 0, &ring);
	return err;
}

static const struct devlink_health_reporter_ops tx_ops = {
	.name		= "tx",
	.diagnose	= tx_diagnose,
	.dump		= tx_dump,
	.recover	= tx_recover,
	.test		= tx_test,
};

/* Coming and going */

static struct devlink_health_reporter *
reporter_create(struct kawela_pf_port *port, const struct devlink_health_reporter_ops *ops)
{
	struct devlink_health_reporter *reporter;

	reporter = devl_port_health_reporter_create(&port->dl, ops, port);
	return IS_ERR(reporter) ? NULL : reporter;
}

static void reporter_destroy(struct devlink_health_reporter *reporter)
{
	if (reporter)
		devl_health_reporter_destroy(reporter);
}

/**
 * kawela_pf_reporters_create - give a port its reporters
 * @pf: PF
 * @port: the wire's or a VF's, registered; others get none
 *
 * The port works without those that there is no memory for.
 *
 * Context: devl_lock.
 */
void kawela_pf_reporters_create(struct kawela_pf *pf, struct kawela_pf_port *port)
{
	struct kawela_pf_reporters *r = &port->reporters;

	if (port == &pf->uplink) {
		r->tx = reporter_create(port, &tx_ops);
		return;
	}
	if (port->kind != KAWELA_NSW_VF)
		return;

	r->mailbox = reporter_create(port, &mailbox_ops);
	r->spoof = reporter_create(port, &spoof_ops);
	r->tx = reporter_create(port, &vf_tx_ops);
	/* What is wrong already was told to the port before, if there was one. */
	kawela_pf_health_look(pf, port - pf->port);
}

/**
 * kawela_pf_reporters_destroy - take them away, before the port is unregistered
 * @port: port, with no report being made
 *
 * Context: devl_lock.
 */
void kawela_pf_reporters_destroy(struct kawela_pf_port *port)
{
	reporter_destroy(port->reporters.mailbox);
	reporter_destroy(port->reporters.spoof);
	reporter_destroy(port->reporters.tx);
	memset(&port->reporters, 0, sizeof(port->reporters));
}
