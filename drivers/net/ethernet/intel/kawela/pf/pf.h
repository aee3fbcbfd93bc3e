/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The physical function: what every file of this room shares.
 *
 * A call goes one way: interface (netdev, ethtool, rtnl, sysfs) or guest message -> nsw ->
 * pf_switch -> registers; packets go through kawela_ring. No file here copies what nsw knows.
 *
 * LOCKING, outermost first:
 *   device lock     probe, remove, sriov_numvfs, devlink reload: one at a time.
 *   devl_lock       devlink ports, params and resources; one change of the switch, one
 *                   devlink verb at a time.
 *   RTNL            netdev state, the datapaths (pf->dp, pf->vport[]), the queue layout, resets.
 *   nsw lock        inside nsw: wanted and applied state; taken by every kawela_nsw_*().
 *   hw lock         inside pf_hw: PHY, NVM, link setup.
 *   pf->stats_lock  the accumulated hardware counters of port and VFs; spinlock, process context
 *                   only.
 *   pf->rctl_lock   read-modify-write of RCTL; spinlock, process context only.
 *   pf->vport_lock  carrier of the VPorts' netdevs; spinlock, process context only.
 *   pf->guest_lock  what the VFs' drivers say of themselves; spinlock, process context only.
 *   pf->health.hang_lock  the picture of a queue that hangs; spinlock, bottom halves off.
 *   pf->fdb.lock    addresses that bridges told; spinlock, bottom halves off, innermost.
 *   pf->ptp.lock    the clock and the latched times of frames; spinlock, interrupts off, innermost.
 * The mailbox worker and the address worker take the nsw lock but never RTNL, so that a guest
 * never waits for an administrator. Nothing here holds a lock while a guest is to answer.
 */
#ifndef _KAWELA_PF_H_
#define _KAWELA_PF_H_

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/pci.h>

#include <net/kawela/io.h>
#include <net/kawela/mbx.h>
#include <net/kawela/regs.h>
#include <net/kawela/ring.h>

#include "../compat/workqueue.h"
#include "../nsw/nsw.h"
#include "pf_fdb.h"
#include "pf_health.h"
#include "pf_hw.h"
#include "pf_ptp.h"
#include "pf_vport.h"

#define KAWELA_PF_DRV_NAME	"kawela_pf"

#define KAWELA_PF_MISC_VECTOR	0	/* vector of link, mailbox and error causes */
#define KAWELA_PF_MAX_QPS	8	/* RSS distributes over at most 8 queues */
#define KAWELA_PF_VMDQ_QPS	2	/* a pool owns queues n and n + 8 */
#define KAWELA_PF_RETA_ENTRIES	(KW_NUM_RETA_REGS * 4)
#define KAWELA_PF_RSS_KEY_BYTES	(KW_NUM_RSSRK_REGS * 4)

#define KAWELA_PF_NUM_HW_STATS	48

/**
 * struct kawela_pf_hw_stats - counters read from the MAC, accumulated to 64 bits
 * @val: one slot per row of the table in pf_stats.c
 */
struct kawela_pf_hw_stats {
	u64 val[KAWELA_PF_NUM_HW_STATS];
};

#define KAWELA_PF_NUM_VF_STATS	6

/**
 * struct kawela_pf_vf_stats - counters of one VF's pool, accumulated to 64 bits
 * @val: one slot per row of the table in pf_vf_stats.c
 * @last: what the registers held at the last look
 */
struct kawela_pf_vf_stats {
	u64 val[KAWELA_PF_NUM_VF_STATS];
	u32 last[KAWELA_PF_NUM_VF_STATS];
};

/**
 * struct kawela_pf - one port of the card
 * @pdev: PCI function
 * @netdev: the PF netdev, which is the default VPort
 * @io: registers
 * @hw: MAC, NVM, PHY and link
 * @dp: queue pairs of the PF netdev; RTNL
 * @ptp: clock, and when frames came and went
 * @nsw: the NIC switch
 * @mbx: PF end of the backchannel
 * @max_qps: queue pairs that vectors allow in RSS mode
 * @want_qps: queue pairs the administrator asked for (ethtool -L), one per CPU to begin with; RTNL
 * @vmdq: the hardware is in VMDq mode; RTNL
 * @running: the datapath is started; RTNL
 * @queues_missing: there was no memory for it, or for all of its queue pairs; written under RTNL
 * @num_vfs: VFs enabled; written under RTNL and devl_lock
 * @num_vectors: vectors the platform granted
 * @spread_qps: queue pairs whose vector has had its first CPU, by number; RTNL
 * @spread_txqs: queue pairs whose transmit queue has, and exists since; RTNL
 * @vfs_cut: VFs that were reset because their VPort was deleted, until the mailbox sees it
 * @config: configuration space as probe left it; a later copy might be of a function that is gone
 * @devlink: instance
 * @uplink: devlink port of the wire; devl_lock
 * @port: devlink ports of the VPorts, by pool; devl_lock
 * @ports_work: brings @port up to date after a station came or went
 * @vport: the PF's nondefault VPorts, by pool; RTNL, changes under @vport_lock too
 * @vport_lock: lets @link_work look at @vport
 * @vports_up: VPorts of the PF whose datapath runs; RTNL
 * @leaving: no station is taken any more; RTNL
 * @station_nb: hears of address changes of stations
 * @link: last link state seen; written by the link work only
 * @link_work: reads the link, moves the carrier, tells the VFs
 * @watchdog: every two seconds: link of media without interrupts, counters
 * @addr_work: brings the netdev's address lists, and @fdb, to nsw
 * @fdb: addresses behind the bridges that the netdev is in
 * @reset_work: resets the function after a transmit timeout, and again while that fails
 * @broken: the last reset failed, @reset_work makes another attempt; RTNL
 * @rctl_lock: serialises changes of RCTL
 * @stats_lock: protects @hw_stats, @vf_stats and @vf_stats_suspended
 * @hw_stats: accumulated MAC counters
 * @vf_stats: accumulated counters of the VFs
 * @vf_stats_suspended: the function is reset or about to be: its counters say nothing
 * @reta: RSS indirection, queue pair index per bucket; RTNL
 * @rss_key: RSS hash key; RTNL
 * @misc_irq_name: name shown in /proc/interrupts
 * @qp_irq_name: likewise, of the queue pairs
 * @spoof_events: frames the anti-spoofing stopped
 * @health: what is to be reported to devlink
 * @guest_lock: protects @guest
 * @guest: what the VFs' drivers say of themselves; text that guests chose
 */
struct kawela_pf {
	struct pci_dev *pdev;
	struct net_device *netdev;
	struct kawela_io io;
	struct kawela_pf_hw hw;
	struct kawela_dp dp;
	struct kawela_pf_ptp ptp;
	struct kawela_nsw *nsw;
	struct kawela_mbx_pf *mbx;

	unsigned int max_qps;
	unsigned int want_qps;
	bool vmdq;
	bool running;
	bool queues_missing;
	unsigned int num_vfs;
	unsigned int num_vectors;
	unsigned long spread_qps;
	unsigned long spread_txqs;
	unsigned long vfs_cut;
	struct pci_saved_state *config;

	struct devlink *devlink;
	struct kawela_pf_port uplink;
	struct kawela_pf_port port[KW_MAX_VFS];
	struct work_struct ports_work;
	struct kawela_pf_vport *vport[KW_MAX_VFS];
	spinlock_t vport_lock; /* see LOCKING above */
	unsigned int vports_up;
	bool leaving;
	struct notifier_block station_nb;

	struct kawela_pf_link_state link;
	struct work_struct link_work;
	struct delayed_work watchdog;
	struct work_struct addr_work;
	struct kawela_pf_fdb fdb;
	struct delayed_work reset_work;
	bool broken;

	spinlock_t rctl_lock; /* see LOCKING above */
	spinlock_t stats_lock; /* see LOCKING above */
	struct kawela_pf_hw_stats hw_stats;
	struct kawela_pf_vf_stats vf_stats[KW_MAX_VFS];
	bool vf_stats_suspended;

	u8 reta[KAWELA_PF_RETA_ENTRIES];
	u8 rss_key[KAWELA_PF_RSS_KEY_BYTES];
	char misc_irq_name[IFNAMSIZ + 16];
	char qp_irq_name[KAWELA_PF_MAX_QPS][IFNAMSIZ + 16];
	atomic64_t spoof_events;
	struct kawela_pf_health health;

	spinlock_t guest_lock; /* see LOCKING above */
	struct kawela_block_guest guest[KW_MAX_VFS];
};

/* pf_pci.c */
int kawela_pf_reset(struct kawela_pf *pf);
void kawela_pf_reset_work(struct work_struct *work);
void kawela_pf_suspend_service(struct kawela_pf *pf);
int kawela_pf_resume_service(struct kawela_pf *pf);

/* pf_irq.c */
int kawela_pf_irq_init(struct kawela_pf *pf);
void kawela_pf_irq_fini(struct kawela_pf *pf);
int kawela_pf_irq_request_queues(struct kawela_pf *pf, unsigned int first, unsigned int end);
void kawela_pf_irq_free_queues(struct kawela_pf *pf, unsigned int first, unsigned int end);
void kawela_pf_irq_setup(struct kawela_pf *pf);
void kawela_pf_irq_map_queues(struct kawela_pf *pf);
int kawela_pf_irq_request_vport(struct kawela_pf_vport *vport, struct netlink_ext_ack *extack);
void kawela_pf_irq_free_vport(struct kawela_pf_vport *vport);
void kawela_pf_irq_sync_vport(struct kawela_pf_vport *vport);
void kawela_pf_irq_map_vport(struct kawela_pf_vport *vport);
void kawela_pf_irq_unmap_vf(struct kawela_pf *pf, u16 vf);
void kawela_pf_irq_enable_misc(struct kawela_pf *pf);
void kawela_pf_irq_disable_misc(struct kawela_pf *pf);

/* pf_queue.c */

/**
 * struct kawela_pf_pause - the PF's queues while they stand still for a change
 * @running: they ran, and are to again
 * @vmdq: mode that @next is for
 * @next: queue pairs to go on with; if there are none, those of before
 */
struct kawela_pf_pause {
	bool running;
	bool vmdq;
	struct kawela_qp_set next;
};

unsigned int kawela_pf_num_qps(const struct kawela_pf *pf);
u8 kawela_pf_hw_queue(const struct kawela_pf *pf, unsigned int i);
int kawela_pf_queues_open(struct kawela_pf *pf);
void kawela_pf_queues_close(struct kawela_pf *pf);
void kawela_pf_queues_pause(struct kawela_pf *pf, struct kawela_pf_pause *pause, bool vmdq);
void kawela_pf_queues_resume(struct kawela_pf *pf, struct kawela_pf_pause *pause);
int kawela_pf_queues_change(struct kawela_pf *pf, unsigned int num_qps,
			    const struct kawela_qp_set *rings);
void kawela_pf_queues_stop(struct kawela_pf *pf);
void kawela_pf_queues_restore(struct kawela_pf *pf);
int kawela_pf_queues_up(struct kawela_pf *pf);
void kawela_pf_queues_retry(struct kawela_pf *pf);
void kawela_pf_rx_setup(struct kawela_pf *pf);
void kawela_pf_rx_gate(struct kawela_pf *pf);
void kawela_pf_rmw_rctl(struct kawela_pf *pf, u32 clear, u32 set);
void kawela_pf_rss_init(struct kawela_pf *pf);
void kawela_pf_rss_setup(struct kawela_pf *pf);
void kawela_pf_rss_default_reta(struct kawela_pf *pf);

/* pf_watch.c */
void kawela_pf_watch_init(struct kawela_pf *pf);
void kawela_pf_watch_start(struct kawela_pf *pf);
void kawela_pf_watch_stop(struct kawela_pf *pf);
void kawela_pf_watch_lost(struct kawela_pf *pf);

/* pf_switch.c */
extern const struct kawela_nsw_hw_ops kawela_pf_nsw_hw_ops;

/* pf_bridge.c */
int kawela_pf_bridge_setlink(struct net_device *netdev, struct nlmsghdr *nlh, u16 flags,
			     struct netlink_ext_ack *extack);
int kawela_pf_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *netdev,
			     u32 filter_mask, int nlflags);
int kawela_pf_fdb_add(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *netdev,
		      const unsigned char *addr, u16 vid, u16 flags,
		      bool *notified, struct netlink_ext_ack *extack);
int kawela_pf_fdb_del(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *netdev,
		      const unsigned char *addr, u16 vid, bool *notified,
		      struct netlink_ext_ack *extack);

/* pf_filter.c */
int kawela_pf_copy_lists(struct net_device *netdev, struct kawela_pf_addr_list *uc,
			 struct kawela_pf_addr_list *mc, unsigned int *flags);
void kawela_pf_addr_work(struct work_struct *work);
void kawela_pf_addr_kick(struct kawela_pf *pf);
int kawela_pf_set_rx_mode(struct net_device *netdev, struct netdev_hw_addr_list *uc,
			  struct netdev_hw_addr_list *mc);
int kawela_pf_set_mac_address(struct net_device *netdev, void *addr);
int kawela_pf_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vid);
int kawela_pf_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vid);

/* pf_netdev.c */
void kawela_pf_tx_timeout(struct kawela_pf *pf, struct kawela_dp *dp, struct net_device *netdev,
			  unsigned int txqueue);
void kawela_pf_netdev_setup(struct kawela_pf *pf);

/* pf_sriov.c */
int kawela_pf_sriov_configure(struct pci_dev *pdev, int num_vfs);
int kawela_pf_vf_vport_add(struct kawela_pf *pf, unsigned int vf, struct netlink_ext_ack *extack);
int kawela_pf_vf_vport_del(struct kawela_pf *pf, unsigned int vf, struct netlink_ext_ack *extack);
void kawela_pf_vf_reset(struct kawela_pf *pf, unsigned int vf);
void kawela_pf_sriov_save(struct kawela_pf *pf);
void kawela_pf_sriov_restore(struct kawela_pf *pf);
void kawela_pf_sriov_remove(struct kawela_pf *pf);

/* pf_vf_ndo.c */
int kawela_pf_vf_pin(struct kawela_pf *pf, unsigned int vf, const u8 *mac,
		     struct netlink_ext_ack *extack);
int kawela_pf_ndo_set_vf_mac(struct net_device *netdev, int vf, u8 *mac);
int kawela_pf_ndo_set_vf_vlan(struct net_device *netdev, int vf, u16 vid, u8 qos, __be16 proto);
int kawela_pf_ndo_set_vf_rate(struct net_device *netdev, int vf, int min_rate, int max_rate);
int kawela_pf_ndo_set_vf_spoofchk(struct net_device *netdev, int vf, bool on);
int kawela_pf_ndo_set_vf_link_state(struct net_device *netdev, int vf, int state);
int kawela_pf_ndo_set_vf_trust(struct net_device *netdev, int vf, bool trusted);
int kawela_pf_ndo_get_vf_config(struct net_device *netdev, int vf, struct ifla_vf_info *ivi);

/* pf_vf_stats.c */
void kawela_pf_vf_stats_update(struct kawela_pf *pf);
void kawela_pf_vf_stats_suspend(struct kawela_pf *pf);
void kawela_pf_vf_stats_resume(struct kawela_pf *pf);
void kawela_pf_vf_stats_clear(struct kawela_pf *pf);
int kawela_pf_ndo_get_vf_stats(struct net_device *netdev, int vf, struct ifla_vf_stats *stats);

/* pf_vf_ethtool.c */
int kawela_pf_vf_ethtool_count(const struct kawela_pf *pf);
void kawela_pf_vf_ethtool_strings(const struct kawela_pf *pf, u8 **data);
void kawela_pf_vf_ethtool_values(struct kawela_pf *pf, u64 **data);

/* pf_rules.c */
int kawela_pf_rules_get(struct kawela_pf *pf, struct ethtool_rxnfc *nfc, u32 *locs);
int kawela_pf_rules_set(struct kawela_pf *pf, struct ethtool_rxnfc *nfc);

/* pf_block.c */
int kawela_pf_blocks_init(struct kawela_pf *pf);
void kawela_pf_blocks_policy(struct kawela_pf *pf, unsigned int vf, enum kawela_nsw_policy what);
void kawela_pf_blocks_port(struct kawela_pf *pf, u64 blocks);
void kawela_pf_blocks_forget(struct kawela_pf *pf, unsigned int vf);
void kawela_pf_blocks_renew(struct kawela_pf *pf, unsigned int vf);

/* pf_vf_msg.c */
extern const struct kawela_mbx_pf_ops kawela_pf_mbx_ops;

/* pf_stats.c */
void kawela_pf_stats_update(struct kawela_pf *pf);
void kawela_pf_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats);
int kawela_pf_stats_count(void);
void kawela_pf_stats_strings(u8 **data);
void kawela_pf_stats_values(struct kawela_pf *pf, u64 *data);
void kawela_pf_get_pause_stats(struct net_device *netdev, struct ethtool_pause_stats *stats);
void kawela_pf_get_rmon_stats(struct net_device *netdev, struct ethtool_rmon_stats *stats,
			      const struct ethtool_rmon_hist_range **ranges);

/* pf_ethtool.c */
extern const struct ethtool_ops kawela_pf_ethtool_ops;

#endif /* _KAWELA_PF_H_ */
