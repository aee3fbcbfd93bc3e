/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the NIC switch model writes: register values of the 82576's switch, and the ops that take
 * them. Part of nsw.h.
 *
 * Owns: nothing but names. Never touches: policy.
 * Locks: see struct kawela_nsw_hw_ops.
 */
#ifndef _KAWELA_NSW_HW_H
#define _KAWELA_NSW_HW_H

#include <linux/if_ether.h>
#include <linux/types.h>

#define KAWELA_NSW_NUM_POOLS	8
#define KAWELA_NSW_PF_POOL	7	/* the default VPort; it never moves */
#define KAWELA_NSW_MAX_VFS	7	/* VF i is wired to pool i */
#define KAWELA_NSW_NUM_RAR	24
#define KAWELA_NSW_NUM_VLVF	32
#define KAWELA_NSW_HASH_DWORDS	128	/* VFTA, MTA and UTA: 4096 bits each */
#define KAWELA_NSW_MAX_VF_MC	30	/* multicast hashes one mailbox message carries */

/**
 * enum kawela_nsw_mode - how the hardware spreads frames over its queues
 * @KAWELA_NSW_RSS: no nondefault VPort; RSS over the PF's queues, pools are not looked at
 * @KAWELA_NSW_VMDQ: eight pools of two queues; pool 7 is the default pool
 */
enum kawela_nsw_mode {
	KAWELA_NSW_RSS,
	KAWELA_NSW_VMDQ,
};

/**
 * struct kawela_nsw_rar - one exact receive address
 * @mac: address
 * @pools: pools that receive it, bit per pool; 0 means that the entry is not valid
 */
struct kawela_nsw_rar {
	u8 mac[ETH_ALEN] __aligned(2);
	u8 pools;
};

/**
 * struct kawela_nsw_vlvf - one entry of the VLAN pool table
 * @vid: VLAN id, 0..4095; 0 is what priority-tagged frames match
 * @pools: member pools, bit per pool; 0 means that the entry is not enabled
 */
struct kawela_nsw_vlvf {
	u16 vid;
	u8 pools;
};

/**
 * struct kawela_nsw_pool_cfg - one pool's VMOLR, VMVIR and transmit rate
 * @max_frame: longest frame with tags and CRC that the pool takes, in octets (RLPML, with LPE set);
 *	0 for a pool whose gates are closed
 * @vmvir_tag: VLAN tag, priority included, inserted into every frame the pool sends; 0 = as the
 *	descriptor says
 * @rate: transmit rate as RTTBCNRC has it, link speed over limit in 14.14 fixed point (RF_INT,
 *	RF_DEC), for each of the pool's two queues; 0 = no limit (RS_ENA clear)
 * @aupe: accept untagged frames
 * @rompe: accept multicast that matches the MTA
 * @rope: accept unicast that matches the UTA
 * @bam: accept broadcast
 * @mpme: accept every multicast
 * @rsse: spread over the pool's two queues
 * @strvlan: take the VLAN tag out of received frames
 */
struct kawela_nsw_pool_cfg {
	u16 max_frame;
	u16 vmvir_tag;
	u32 rate;
	bool aupe;
	bool rompe;
	bool rope;
	bool bam;
	bool mpme;
	bool rsse;
	bool strvlan;
};

/**
 * struct kawela_nsw_switch_cfg - transmit side of the switch (DTXSWC)
 * @spoof_mac: pools whose source address is checked against their RAR entries
 * @spoof_vlan: pools whose VLAN is checked against their VLVF entries
 * @loopback: frames between pools are switched inside (VEB)
 */
struct kawela_nsw_switch_cfg {
	u8 spoof_mac;
	u8 spoof_vlan;
	bool loopback;
};

/**
 * struct kawela_nsw_port_cfg - filters of the whole port (RCTL, CTRL.VME, global RLPML)
 * @max_frame: longest frame with tags and CRC the port takes, in octets
 * @upe: accept every unicast (RCTL.UPE)
 * @mpe: accept every multicast (RCTL.MPE)
 * @vfe: look VLANs up in the VFTA (RCTL.VFE); always set in VMDq, where AUPE depends on it
 * @vme: take VLAN tags out of frames and insert them (CTRL.VME); always set in VMDq
 */
struct kawela_nsw_port_cfg {
	u16 max_frame;
	bool upe;
	bool mpe;
	bool vfe;
	bool vme;
};

/**
 * enum kawela_nsw_policy - what the administrator said about a VF; bits of @policy
 * @KAWELA_NSW_POLICY_ADDRESS: pinned address
 * @KAWELA_NSW_POLICY_VLAN: VLAN, its priority, source checks
 * @KAWELA_NSW_POLICY_RATE: transmit limit
 * @KAWELA_NSW_POLICY_LINK: link state
 * @KAWELA_NSW_POLICY_TRUST: trust
 * @KAWELA_NSW_POLICY_QUEUES: number of queue pairs
 */
enum kawela_nsw_policy {
	KAWELA_NSW_POLICY_ADDRESS	= BIT(0),
	KAWELA_NSW_POLICY_VLAN		= BIT(1),
	KAWELA_NSW_POLICY_RATE		= BIT(2),
	KAWELA_NSW_POLICY_LINK		= BIT(3),
	KAWELA_NSW_POLICY_TRUST		= BIT(4),
	KAWELA_NSW_POLICY_QUEUES	= BIT(5),
};

/**
 * enum kawela_nsw_step - what just became true of a VPort
 * @KAWELA_NSW_STEP_READY: its filters are its own and its pool is open
 * @KAWELA_NSW_STEP_HOME: its pool is closed and what stays of its filters is the default VPort's
 * @KAWELA_NSW_STEP_DELETED: there is no VPort any more
 * @KAWELA_NSW_STEP_FREED: nobody has the pool any more
 */
enum kawela_nsw_step {
	KAWELA_NSW_STEP_READY,
	KAWELA_NSW_STEP_HOME,
	KAWELA_NSW_STEP_DELETED,
	KAWELA_NSW_STEP_FREED,
};

/**
 * struct kawela_nsw_hw_ops - how the model writes hardware
 *
 * Each op is one commit: the hardware goes from the old value to the new one, with nothing in
 * between that matches another frame. All are called with the switch's mutex held, in process
 * context, and only write registers. Writes cannot fail; on a removed device they go nowhere. An op
 * must not call back into kawela_nsw_*() and must not take rtnl.
 *
 * @set_mode: switch MRQC, VT_CTL (default pool 7, replication on, default pool enabled) and the
 *	queue layout. The caller of kawela_nsw_set_num_vfs() stops the PF's queues around it. May
 *	sleep.
 * @set_rar: write entry @idx, 0..23. With @pools_only the entry is valid and holds this address
 *	already: write RAH alone. Otherwise make the entry invalid, write RAL, then commit with RAH.
 * @set_vlvf: write entry @idx, 0..31
 * @set_vfta: write dword @idx, 0..127
 * @set_mta: write dword @idx, 0..127
 * @set_uta: write dword @idx, 0..127
 * @set_pool: write VMOLR, VMVIR and the rate limit of both queues of @pool, 0..7. STRCRC follows
 *	RCTL.SECRC and is up to the op.
 * @set_gates: write VFRE and VFTE, bit per pool. The PF's pool is always set in both. In RSS mode,
 *	where pools mean nothing, all bits are set, as after a reset.
 * @set_switch: write DTXSWC
 * @set_port: write the port's filter bits in RCTL, CTRL.VME and the global RLPML; leave other bits
 * @policy: no register: tell the VF's driver that something said about it changed, after the
 *	registers did; enum kawela_nsw_policy in @what. Must not sleep
 * @step: no register: for tracing, after the registers were written
 */
struct kawela_nsw_hw_ops {
	void (*set_mode)(void *hw, enum kawela_nsw_mode mode);
	void (*set_rar)(void *hw, unsigned int idx, const struct kawela_nsw_rar *rar,
			bool pools_only);
	void (*set_vlvf)(void *hw, unsigned int idx, const struct kawela_nsw_vlvf *vlvf);
	void (*set_vfta)(void *hw, unsigned int idx, u32 val);
	void (*set_mta)(void *hw, unsigned int idx, u32 val);
	void (*set_uta)(void *hw, unsigned int idx, u32 val);
	void (*set_pool)(void *hw, unsigned int pool, const struct kawela_nsw_pool_cfg *cfg);
	void (*set_gates)(void *hw, u8 rx, u8 tx);
	void (*set_switch)(void *hw, const struct kawela_nsw_switch_cfg *cfg);
	void (*set_port)(void *hw, const struct kawela_nsw_port_cfg *cfg);
	void (*policy)(void *hw, unsigned int vf, enum kawela_nsw_policy what);
	void (*step)(void *hw, unsigned int pool, enum kawela_nsw_step step);
};

#endif /* _KAWELA_NSW_HW_H */
