/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * devlink health: what goes wrong at the VPorts, noticed anywhere and reported from one work.
 *
 * LOCKING: devl_lock for the reporters and what was told; atomic bits for what is to be reported;
 * hang_lock, a spinlock, for the picture of the PF's queue.
 *
 * The core's devlink_health_report() takes devl_lock itself, so a report is made without it, and
 * reporters must not go meanwhile. While reporting is set their ports are kept: whoever wants to
 * unregister one waits for the work first (kawela_pf_health_pause()), or, when devl_lock is held
 * already, refuses.
 */
#ifndef _KAWELA_PF_HEALTH_H_
#define _KAWELA_PF_HEALTH_H_

#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/devlink.h>

#include <net/kawela/regs.h>
#include <net/kawela/ring.h>

struct kawela_pf;
struct kawela_pf_port;

/**
 * struct kawela_pf_reporters - the health reporters of a port
 * @mailbox: VF: its mailbox is parked
 * @spoof: VF: it sent as somebody else
 * @tx: the wire: a queue of the PF hangs; VF: one of its queues does
 * @parked: VF: told of @mailbox and not yet over
 * @hung: VF: told of @tx and not yet over
 *
 * Those that there was no memory for are NULL.
 */
struct kawela_pf_reporters {
	struct devlink_health_reporter *mailbox;
	struct devlink_health_reporter *spoof;
	struct devlink_health_reporter *tx;
	bool parked;
	bool hung;
};

/**
 * struct kawela_pf_vf_queue - a transmit queue of a VF at the last look
 * @head: TDH
 * @looks: how often in a row it was there, with something to send
 */
struct kawela_pf_vf_queue {
	u32 head;
	u8 looks;
};

/**
 * struct kawela_pf_hang - a queue of the PF that did not send
 * @netdev: name of its netdev
 * @txqueue: its number there
 * @ring: what it looked like
 */
struct kawela_pf_hang {
	char netdev[IFNAMSIZ];
	unsigned int txqueue;
	struct kawela_tx_state ring;
};

/**
 * struct kawela_pf_health - what is to be reported
 * @work: reports; disabled while there are no reporters
 * @reporting: the work is in the core, without devl_lock; devl_lock
 * @storms: VFs that were parked or are served again, atomic bits
 * @spoofs: VFs that sent as somebody else, atomic bits
 * @stalls: VFs one of whose queues stands or goes again, atomic bits
 * @stalled: of those, the ones that stand, atomic bits
 * @hung: bit 0: a queue of the PF hangs, atomic
 * @vf_spoofs: events of each VF, since the VFs were made
 * @spoof_next: no report of them before this, jiffies
 * @lvmmc: what LVMMC said with the last of them; the port's, not a VF's
 * @vf_queue: both queues of each VF; the watchdog's
 * @hangs: hangs of the PF's queues
 * @hang_lock: protects @hang
 * @hang: the last one
 */
struct kawela_pf_health {
	struct work_struct work;
	bool reporting;
	unsigned long storms;
	unsigned long spoofs;
	unsigned long stalls;
	unsigned long stalled;
	unsigned long hung;
	atomic64_t vf_spoofs[KW_MAX_VFS];
	unsigned long spoof_next[KW_MAX_VFS];
	u32 lvmmc;
	struct kawela_pf_vf_queue vf_queue[KW_MAX_VFS][2];
	atomic64_t hangs;
	spinlock_t hang_lock; /* @hang */
	struct kawela_pf_hang hang;
};

/* pf_health.c */
void kawela_pf_health_init(struct kawela_pf *pf);
void kawela_pf_health_pause(struct kawela_pf *pf);
void kawela_pf_health_resume(struct kawela_pf *pf);
void kawela_pf_health_clear(struct kawela_pf *pf);
int kawela_pf_health_idle(struct kawela_pf *pf, struct netlink_ext_ack *extack);
void kawela_pf_health_look(struct kawela_pf *pf, unsigned int vf);
void kawela_pf_health_storm(struct kawela_pf *pf, u16 vf);
void kawela_pf_health_spoof(struct kawela_pf *pf, u32 queues, u32 lvmmc);
void kawela_pf_health_hang(struct kawela_pf *pf, const struct net_device *netdev,
			   unsigned int txqueue, const struct kawela_tx_state *ring);
void kawela_pf_health_watch(struct kawela_pf *pf);
void kawela_pf_health_test_spoof(struct kawela_pf *pf, unsigned int vf);

/* pf_reporter.c */
void kawela_pf_reporters_create(struct kawela_pf *pf, struct kawela_pf_port *port);
void kawela_pf_reporters_destroy(struct kawela_pf_port *port);

#endif /* _KAWELA_PF_HEALTH_H_ */
