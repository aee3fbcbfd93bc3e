/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses that a Linux bridge above the PF netdev has on its other ports.
 *
 * Without CONFIG_NET_SWITCHDEV no bridge tells, and none are known.
 */
#ifndef _KAWELA_PF_FDB_H_
#define _KAWELA_PF_FDB_H_

#include <linux/hashtable.h>
#include <linux/if_ether.h>
#include <linux/notifier.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

/*
 * Of those learned, and of those fixed. Far more than there are address filters: what is beyond
 * them is for the hash table anyway.
 */
#define KAWELA_PF_FDB_MAX	1024
#define KAWELA_PF_FDB_HASH_BITS	7

/**
 * struct kawela_pf_fdb - what the bridges have told
 * @lock: protects @entries, @num, @round and @missed; taken with bottom halves off, innermost
 *	(a bridge calls with its own hash lock held)
 * @entries: struct pf_fdb_entry by bridge, address and VLAN
 * @num: number of @entries that are learned, [false], and fixed, [true]; each up to
 *	KAWELA_PF_FDB_MAX
 * @round: mark of the entries that the present reading of the bridges has met
 * @missed: some address found no place in @entries
 * @idle: the netdev is the port of a bond or team that another port receives for; RTNL writes it
 * @switchdev_nb: hears of addresses that come and go; atomic
 * @netdev_nb: hears of bridges, bonds and so on that the netdev joins and leaves; RTNL
 * @reread_work: reads the bridges again once there is room for what was missed
 * @ready: pools whose filters are their own, a bit each
 * @moved: pools whose bit in @ready has changed since @move_work looked
 * @move: for each of them, when it may be looked at again and how long after the last time that
 *	was, in jiffies; @move_work only
 * @move_work: has the bridges forget where the addresses of those were
 */
struct kawela_pf_fdb {
	spinlock_t lock; /* see above */
	DECLARE_HASHTABLE(entries, KAWELA_PF_FDB_HASH_BITS);
	unsigned int num[2];
	u32 round;
	bool missed;
	bool idle;
	struct notifier_block switchdev_nb;
	struct notifier_block netdev_nb;
	struct work_struct reread_work;
	unsigned long ready;
	unsigned long moved;
	struct {
		unsigned long at;
		unsigned long gap;
	} move[KW_DEFAULT_POOL];
	struct delayed_work move_work;
};

struct kawela_pf;

#if IS_ENABLED(CONFIG_NET_SWITCHDEV)
int kawela_pf_fdb_init(struct kawela_pf *pf);
void kawela_pf_fdb_fini(struct kawela_pf *pf);
void kawela_pf_fdb_sync(struct kawela_pf *pf);
void kawela_pf_fdb_move(struct kawela_pf *pf, unsigned int pool, bool ready);
#else
static inline int kawela_pf_fdb_init(struct kawela_pf *pf)
{
	return 0;
}

static inline void kawela_pf_fdb_fini(struct kawela_pf *pf)
{
}

static inline void kawela_pf_fdb_sync(struct kawela_pf *pf)
{
}

static inline void kawela_pf_fdb_move(struct kawela_pf *pf, unsigned int pool, bool ready)
{
}
#endif

#endif /* _KAWELA_PF_FDB_H_ */
