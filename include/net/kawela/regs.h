/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of the Intel 82576 used by kawela: offset with access type, then fields, then values.
 *
 * Access: RW read/write, RO read only, WO write only, RC read clears, W1C write one clears.
 * Offsets hold for the PF's BAR 0; a VF sees the queue, interrupt, mailbox and counter registers at
 * the places marked VF. Sources: Intel 82576 datasheet chapter 8, and the stock igb, igbvf and the
 * QEMU igb model where the datasheet is silent.
 */
#ifndef _NET_KAWELA_REGS_H
#define _NET_KAWELA_REGS_H

#include <linux/bits.h>
#include <linux/types.h>

/* What the part has. */
#define KW_NUM_QUEUES		16
#define KW_NUM_POOLS		8
#define KW_MAX_VFS		7
#define KW_DEFAULT_POOL		7
#define KW_NUM_RAR		24
#define KW_NUM_VLVF		32
#define KW_NUM_VFTA		128
#define KW_NUM_MTA		128
#define KW_NUM_UTA		128
#define KW_NUM_RETA_REGS	32
#define KW_NUM_RSSRK_REGS	10
#define KW_NUM_VECTORS		25
#define KW_PF_VECTORS		10
#define KW_VF_VECTORS		3
#define KW_VF_QUEUES		2
#define KW_MAX_FRAME		9728	/* MAC limit incl. FCS and VLAN tags (0x2600) */

/* Device control and status. */
#define KW_CTRL			0x00000	/* RW, VF (RST only) */
#define KW_CTRL_FD		BIT(0)
#define KW_CTRL_GIO_MASTER_DIS	BIT(2)
#define KW_CTRL_LRST		BIT(3)
#define KW_CTRL_ASDE		BIT(5)
#define KW_CTRL_SLU		BIT(6)
#define KW_CTRL_ILOS		BIT(7)
#define KW_CTRL_SPEED		GENMASK(9, 8)
#define KW_CTRL_SPEED_10	0
#define KW_CTRL_SPEED_100	1
#define KW_CTRL_SPEED_1000	2
#define KW_CTRL_FRCSPD		BIT(11)
#define KW_CTRL_FRCDPX		BIT(12)
#define KW_CTRL_SWDPIN0		BIT(18)
#define KW_CTRL_SWDPIN1		BIT(19)
#define KW_CTRL_ADVD3WUC	BIT(20)
#define KW_CTRL_I2C_ENA		BIT(25)
#define KW_CTRL_RST		BIT(26)
#define KW_CTRL_RFCE		BIT(27)
#define KW_CTRL_TFCE		BIT(28)
#define KW_CTRL_VME		BIT(30)
#define KW_CTRL_PHY_RST		BIT(31)

#define KW_STATUS		0x00008	/* RO, VF */
#define KW_STATUS_FD		BIT(0)
#define KW_STATUS_LU		BIT(1)
#define KW_STATUS_FUNC		GENMASK(3, 2)
#define KW_STATUS_TXOFF		BIT(4)
#define KW_STATUS_SPEED		GENMASK(7, 6)
#define KW_STATUS_SPEED_10	0
#define KW_STATUS_SPEED_100	1	/* 2 and 3 both mean 1000 */
#define KW_STATUS_GIO_MASTER_EN	BIT(19)

#define KW_CTRL_EXT		0x00018	/* RW */
#define KW_CTRL_EXT_SDP3_DATA	BIT(7)
#define KW_CTRL_EXT_SDP3_DIR	BIT(11)
#define KW_CTRL_EXT_PFRSTD	BIT(14)
#define KW_CTRL_EXT_LINK_MODE	GENMASK(23, 22)
#define KW_CTRL_EXT_MODE_COPPER	0
#define KW_CTRL_EXT_MODE_KX	1
#define KW_CTRL_EXT_MODE_SGMII	2
#define KW_CTRL_EXT_MODE_SERDES	3
#define KW_CTRL_EXT_I2C_ENA	BIT(25)
#define KW_CTRL_EXT_DRV_LOAD	BIT(28)

#define KW_SCTL			0x00024	/* RW */
#define KW_SCTL_NO_LOOPBACK	0x0400
#define KW_FCAL			0x00028	/* RW */
#define KW_FCAH			0x0002C	/* RW */
#define KW_FCT			0x00030	/* RW */
#define KW_FC_ADDR_LOW		0x00C28001	/* 01:80:c2:00:00:01, IEEE 802.3x */
#define KW_FC_ADDR_HIGH		0x00000100
#define KW_FC_TYPE		0x8808
#define KW_CONNSW		0x00034	/* RW */
#define KW_CONNSW_ENRGSRC	BIT(2)
#define KW_VET			0x00038	/* RW */
#define KW_FCTTV		0x00170	/* RW */
#define KW_FCRTL		0x02160	/* RW */
#define KW_FCRTL_XONE		BIT(31)
#define KW_FCRTH		0x02168	/* RW */
#define KW_FCRTV		0x02460	/* RW */

/* NVM. */
#define KW_EECD			0x00010	/* RW */
#define KW_EECD_SK		BIT(0)
#define KW_EECD_CS		BIT(1)
#define KW_EECD_DI		BIT(2)
#define KW_EECD_DO		BIT(3)
#define KW_EECD_REQ		BIT(6)
#define KW_EECD_GNT		BIT(7)
#define KW_EECD_PRES		BIT(8)
#define KW_EECD_AUTO_RD		BIT(9)
#define KW_EECD_ADDR_BITS	BIT(10)
#define KW_EECD_SIZE		GENMASK(14, 11)
#define KW_EERD			0x00014	/* RW */
#define KW_EERD_START		BIT(0)
#define KW_EERD_DONE		BIT(1)
#define KW_EERD_ADDR		GENMASK(15, 2)
#define KW_EERD_DATA		GENMASK(31, 16)
#define KW_EEMNGCTL		0x01010	/* RW */
#define KW_EEMNGCTL_CFG_DONE(port)	BIT(18 + (port))
#define KW_SWSM			0x05B50	/* RW */
#define KW_SWSM_SMBI		BIT(0)
#define KW_SWSM_SWESMBI		BIT(1)
#define KW_FWSM			0x05B54	/* RO */
#define KW_FWSM_MODE		GENMASK(3, 1)
#define KW_FWSM_MODE_PASS_THRU	2
#define KW_SW_FW_SYNC		0x05B5C	/* RW */
#define KW_SYNC_SW_EEP		BIT(0)
#define KW_SYNC_SW_PHY(port)	((port) ? BIT(2) : BIT(1))
#define KW_SYNC_FW_SHIFT	16
#define KW_MANC			0x05820	/* RW */
#define KW_MANC_SMBUS_EN	BIT(0)
#define KW_MANC_ASF_EN		BIT(1)
#define KW_MANC_RCV_TCO_EN	BIT(17)
#define KW_MANC_BLK_PHY_RST	BIT(18)
#define KW_FACTPS		0x05B30	/* RO */
#define KW_FACTPS_MNGCG		BIT(29)

/* PHY and PCS. */
#define KW_MDIC			0x00020	/* RW */
#define KW_MDIC_DATA		GENMASK(15, 0)
#define KW_MDIC_REG		GENMASK(20, 16)
#define KW_MDIC_PHY		GENMASK(25, 21)
#define KW_MDIC_OP_WRITE	BIT(26)
#define KW_MDIC_OP_READ		BIT(27)
#define KW_MDIC_READY		BIT(28)
#define KW_MDIC_ERROR		BIT(30)
#define KW_MDIC_DEST		BIT(31)
#define KW_I2CCMD		0x01028	/* RW */
#define KW_I2CCMD_DATA		GENMASK(15, 0)
#define KW_I2CCMD_REG		GENMASK(23, 16)
#define KW_I2CCMD_PHY		GENMASK(26, 24)
#define KW_I2CCMD_OP_READ	BIT(27)
#define KW_I2CCMD_READY		BIT(29)
#define KW_I2CCMD_ERROR		BIT(31)
#define KW_PCS_CFG0		0x04200	/* RW */
#define KW_PCS_CFG0_PCS_EN	BIT(3)
#define KW_PCS_LCTL		0x04208	/* RW */
#define KW_PCS_LCTL_FLV_UP	BIT(0)
#define KW_PCS_LCTL_FSV		GENMASK(2, 1)
#define KW_PCS_LCTL_FSV_1000	2
#define KW_PCS_LCTL_FDV_FULL	BIT(3)
#define KW_PCS_LCTL_FSD		BIT(4)
#define KW_PCS_LCTL_FORCE_LINK	BIT(5)
#define KW_PCS_LCTL_FORCE_FC	BIT(7)
#define KW_PCS_LCTL_AN_EN	BIT(16)
#define KW_PCS_LCTL_AN_RESTART	BIT(17)
#define KW_PCS_LCTL_AN_TIMEOUT	BIT(18)
#define KW_PCS_LSTAT		0x0420C	/* RO */
#define KW_PCS_LSTAT_LINK_OK	BIT(0)
#define KW_PCS_LSTAT_SPEED	GENMASK(2, 1)
#define KW_PCS_LSTAT_SPEED_10	0
#define KW_PCS_LSTAT_SPEED_100	1
#define KW_PCS_LSTAT_SPEED_1000	2
#define KW_PCS_LSTAT_FD		BIT(3)
#define KW_PCS_LSTAT_SYNC_OK	BIT(4)
#define KW_PCS_LSTAT_AN_DONE	BIT(16)
#define KW_PCS_ANADV		0x04218	/* RW */
#define KW_PCS_ANADV_PAUSE	BIT(7)
#define KW_PCS_ANADV_ASM_DIR	BIT(8)
#define KW_PCS_LPAB		0x0421C	/* RO */
#define KW_LEDCTL		0x00E00	/* RW */
#define KW_LEDCTL_LED0_MODE	GENMASK(3, 0)
#define KW_LEDCTL_MODE_ON	0xE
#define KW_LEDCTL_MODE_OFF	0xF
#define KW_LEDCTL_LED0_IVRT	BIT(6)
#define KW_LEDCTL_LED0_BLINK	BIT(7)

/* Interrupts. */
#define KW_ICR			0x000C0	/* RC */
#define KW_ICS			0x000C8	/* WO */
#define KW_IMS			0x000D0	/* RW */
#define KW_IMC			0x000D8	/* WO */
#define KW_IAM			0x000E0	/* RW */
#define KW_INT_LSC		BIT(2)
#define KW_INT_VMMB		BIT(8)
#define KW_INT_TS		BIT(19)
#define KW_INT_DOUTSYNC		BIT(28)
#define KW_INT_DRSTA		BIT(30)
#define KW_EICS			0x01520	/* WO, VF */
#define KW_EIMS			0x01524	/* RW, VF */
#define KW_EIMC			0x01528	/* WO, VF */
#define KW_EIAC			0x0152C	/* RW, VF */
#define KW_EIAM			0x01530	/* RW, VF */
#define KW_EICR			0x01580	/* RC, VF; a PF read clears the VFs' causes too */
#define KW_GPIE			0x01514	/* RW */
#define KW_GPIE_NSICR		BIT(0)
#define KW_GPIE_MSIX_MODE	BIT(4)
#define KW_GPIE_EIAME		BIT(30)
#define KW_GPIE_PBA		BIT(31)
#define KW_EITR(v)		(0x01680 + 4 * (v))	/* RW, VF */
#define KW_EITR_INTERVAL	GENMASK(14, 2)		/* microseconds */
#define KW_EITR_CNT_IGNR	BIT(31)
#define KW_IVAR(n)		(0x01700 + 4 * (n))	/* RW, VF (0 only) */
#define KW_IVAR_VALID		BIT(7)
#define KW_IVAR_MISC		0x01740			/* RW, VF */
#define KW_IVAR_MISC_OTHER	GENMASK(15, 8)		/* PF: link, mailbox, ... */
#define KW_IVAR_MISC_VF_MBX	GENMASK(1, 0)		/* VF: mailbox */
/* VF v owns vectors 22 - 3v .. 24 - 3v of the shared cause space. */
#define KW_VF_FIRST_VECTOR(vf)	(22 - 3 * (vf))

/* Receive and transmit control. */
#define KW_RCTL			0x00100	/* RW */
#define KW_RCTL_EN		BIT(1)
#define KW_RCTL_SBP		BIT(2)
#define KW_RCTL_UPE		BIT(3)
#define KW_RCTL_MPE		BIT(4)
#define KW_RCTL_LPE		BIT(5)
#define KW_RCTL_LBM		GENMASK(7, 6)
#define KW_RCTL_MO		GENMASK(13, 12)
#define KW_RCTL_BAM		BIT(15)
#define KW_RCTL_BSIZE		GENMASK(17, 16)
#define KW_RCTL_VFE		BIT(18)
#define KW_RCTL_CFIEN		BIT(19)
#define KW_RCTL_PSP		BIT(21)
#define KW_RCTL_DPF		BIT(22)
#define KW_RCTL_PMCF		BIT(23)
#define KW_RCTL_SECRC		BIT(26)
#define KW_TCTL			0x00400	/* RW */
#define KW_TCTL_EN		BIT(1)
#define KW_TCTL_PSP		BIT(3)
#define KW_TCTL_CT		GENMASK(11, 4)
#define KW_TCTL_COLD		GENMASK(21, 12)
#define KW_TCTL_RTLC		BIT(24)
#define KW_RXPBS		0x02404	/* RW, KB */
#define KW_RXPBS_SIZE		GENMASK(6, 0)
#define KW_TXPBS		0x03404	/* RW, KB */
#define KW_QDE			0x02408	/* RW, bit per queue */
#define KW_DTXCTL		0x03590	/* RW */
#define KW_DTXCTL_VLAN_ADDED	BIT(3)
#define KW_RXCSUM		0x05000	/* RW */
#define KW_RXCSUM_IPOFL		BIT(8)
#define KW_RXCSUM_TUOFL		BIT(9)
#define KW_RXCSUM_CRCOFL	BIT(11)
#define KW_RXCSUM_PCSD		BIT(13)
#define KW_RLPML		0x05004	/* RW */
#define KW_RFCTL		0x05008	/* RW */
#define KW_RFCTL_IPV6_EX_DIS	BIT(16)
#define KW_RFCTL_LEF		BIT(18)
#define KW_GCR			0x05B00	/* RW */
#define KW_GCR_CMPL_TMOUT	GENMASK(15, 12)
#define KW_GCR_CMPL_TMOUT_10MS	1
#define KW_GCR_CMPL_RESEND	BIT(16)
#define KW_GCR_CAP_VER2		BIT(18)

/* Queues: the first four live in the old place, all of a VF's in it. */
static inline u32 kw_rxq(unsigned int q, u32 reg)
{
	return (q < 4 ? 0x02800 + 0x100 * q : 0x0C000 + 0x40 * q) + reg;
}

static inline u32 kw_txq(unsigned int q, u32 reg)
{
	return (q < 4 ? 0x03800 + 0x100 * q : 0x0E000 + 0x40 * q) + reg;
}

#define KW_RDBAL(q)		kw_rxq(q, 0x00)	/* RW, VF */
#define KW_RDBAH(q)		kw_rxq(q, 0x04)	/* RW, VF */
#define KW_RDLEN(q)		kw_rxq(q, 0x08)	/* RW, VF */
#define KW_SRRCTL(q)		kw_rxq(q, 0x0C)	/* RW, VF */
#define KW_RDH(q)		kw_rxq(q, 0x10)	/* RO, VF */
#define KW_DCA_RXCTRL(q)	kw_rxq(q, 0x14)	/* RW, VF */
#define KW_RDT(q)		kw_rxq(q, 0x18)	/* RW, VF */
#define KW_RXDCTL(q)		kw_rxq(q, 0x28)	/* RW, VF */
#define KW_RQDPC(q)		kw_rxq(q, 0x30)	/* RC, VF */
#define KW_TDBAL(q)		kw_txq(q, 0x00)	/* RW, VF */
#define KW_TDBAH(q)		kw_txq(q, 0x04)	/* RW, VF */
#define KW_TDLEN(q)		kw_txq(q, 0x08)	/* RW, VF */
#define KW_TDH(q)		kw_txq(q, 0x10)	/* RO, VF */
#define KW_DCA_TXCTRL(q)	kw_txq(q, 0x14)	/* RW, VF */
#define KW_TDT(q)		kw_txq(q, 0x18)	/* RW, VF */
#define KW_TXDCTL(q)		kw_txq(q, 0x28)	/* RW, VF */
#define KW_TDWBAL(q)		kw_txq(q, 0x38)	/* RW, VF */
#define KW_TDWBAH(q)		kw_txq(q, 0x3C)	/* RW, VF */
#define KW_XDCTL_PTHRESH	GENMASK(4, 0)
#define KW_XDCTL_HTHRESH	GENMASK(12, 8)
#define KW_XDCTL_WTHRESH	GENMASK(20, 16)
#define KW_XDCTL_ENABLE		BIT(25)
#define KW_SRRCTL_BSIZEPKT	GENMASK(6, 0)		/* KB */
#define KW_SRRCTL_BSIZEHDR	GENMASK(13, 8)		/* 64 bytes */
#define KW_SRRCTL_DESCTYPE	GENMASK(27, 25)
#define KW_SRRCTL_ADV_ONEBUF	1
#define KW_SRRCTL_DROP_EN	BIT(31)

/* Receive filters. */
static inline u32 kw_ra(unsigned int i, u32 reg)
{
	return (i < 16 ? 0x05400 + 8 * i : 0x054E0 + 8 * (i - 16)) + reg;
}

#define KW_RAL(i)		kw_ra(i, 0)	/* RW */
#define KW_RAH(i)		kw_ra(i, 4)	/* RW */
#define KW_RAH_ADDR		GENMASK(15, 0)
#define KW_RAH_POOLS		GENMASK(25, 18)
#define KW_RAH_VALID		BIT(31)
#define KW_MTA(i)		(0x05200 + 4 * (i))	/* RW */
#define KW_UTA(i)		(0x0A000 + 4 * (i))	/* WO */
#define KW_VFTA(i)		(0x05600 + 4 * (i))	/* RW */
#define KW_VLVF(i)		(0x05D00 + 4 * (i))	/* RW */
#define KW_VLVF_VLAN		GENMASK(11, 0)
#define KW_VLVF_POOLS		GENMASK(19, 12)
#define KW_VLVF_LVLAN		BIT(20)
#define KW_VLVF_ENABLE		BIT(31)
#define KW_PSRTYPE(i)		(0x05480 + 4 * (i))	/* RW, VF */

/* RSS. */
#define KW_MRQC			0x05818	/* RW */
#define KW_MRQC_MODE		GENMASK(2, 0)
#define KW_MRQC_MODE_NONE	0
#define KW_MRQC_MODE_RSS	2
#define KW_MRQC_MODE_VMDQ	3
#define KW_MRQC_MODE_VMDQ_RSS	5
#define KW_MRQC_TCP_IPV4	BIT(16)
#define KW_MRQC_IPV4		BIT(17)
#define KW_MRQC_TCP_IPV6_EX	BIT(18)
#define KW_MRQC_IPV6		BIT(20)
#define KW_MRQC_TCP_IPV6	BIT(21)
#define KW_MRQC_UDP_IPV4	BIT(22)
#define KW_MRQC_UDP_IPV6	BIT(23)
#define KW_MRQC_UDP_IPV6_EX	BIT(24)
#define KW_RETA(i)		(0x05C00 + 4 * (i))	/* RW, four entries a register */
#define KW_RSSRK(i)		(0x05C80 + 4 * (i))	/* RW */

/* Pools (VMDq) and the embedded switch. */
#define KW_VT_CTL		0x0581C	/* RW */
#define KW_VT_CTL_DEF_POOL	GENMASK(9, 7)
#define KW_VT_CTL_IGNORE_MAC	BIT(28)
#define KW_VT_CTL_DIS_DEF_POOL	BIT(29)
#define KW_VT_CTL_REPL_EN	BIT(30)
#define KW_VMOLR(p)		(0x05AD0 + 4 * (p))	/* RW */
#define KW_VMOLR_RLPML		GENMASK(13, 0)
#define KW_VMOLR_LPE		BIT(16)
#define KW_VMOLR_RSSE		BIT(17)
#define KW_VMOLR_AUPE		BIT(24)
#define KW_VMOLR_ROMPE		BIT(25)
#define KW_VMOLR_ROPE		BIT(26)
#define KW_VMOLR_BAM		BIT(27)
#define KW_VMOLR_MPME		BIT(28)
#define KW_VMOLR_STRVLAN	BIT(30)
#define KW_VMOLR_STRCRC		BIT(31)
#define KW_RPLOLR		0x05AF0	/* RW */
#define KW_RPLOLR_STRVLAN	BIT(30)
#define KW_RPLOLR_STRCRC	BIT(31)
#define KW_DVMOLR(q)		(0x0C038 + 0x40 * (q))	/* RW */
#define KW_DVMOLR_HIDEVLAN	BIT(29)
#define KW_DVMOLR_STRVLAN	BIT(30)
#define KW_DVMOLR_STRCRC	BIT(31)
#define KW_VMVIR(p)		(0x03700 + 4 * (p))	/* RW */
#define KW_VMVIR_VLAN		GENMASK(15, 0)
#define KW_VMVIR_ACTION		GENMASK(31, 30)
#define KW_VMVIR_ACTION_DESC	0
#define KW_VMVIR_ACTION_DEFAULT	1
#define KW_VMVIR_ACTION_NEVER	2
#define KW_DTXSWC		0x03500	/* RW */
#define KW_DTXSWC_MAC_SPOOF	GENMASK(7, 0)
#define KW_DTXSWC_VLAN_SPOOF	GENMASK(15, 8)
#define KW_DTXSWC_LLE		GENMASK(23, 16)
#define KW_DTXSWC_LOOPBACK_EN	BIT(31)
#define KW_LVMMC		0x03548	/* RC */
#define KW_WVBR			0x03554	/* RC */
#define KW_RTTDQSEL		0x03604	/* WO, queue that the next one is about */
#define KW_RTTBCNRC		0x036B0	/* WO, after RTTDQSEL */
#define KW_RTTBCNRC_RATE	GENMASK(27, 0)		/* link speed / limit, 14.14 */
#define KW_RTTBCNRC_RS_ENA	BIT(31)
#define KW_RTTBCNRM		0x03690	/* RW */
#define KW_RTTBCNRM_JUMBO	0x14	/* "if 9728-byte jumbo is supported" (igb) */
#define KW_IOVCTL		0x05BBC	/* RW */
#define KW_IOVCTL_REUSE_VFQ	BIT(0)
#define KW_VFRE			0x00C8C	/* RW, bit per pool */
#define KW_VFTE			0x00C90	/* RW, bit per pool */
#define KW_VFLRE		0x00C88	/* W1C, bit per VF */
#define KW_PVTCTRL(vf)		(0x10000 + 0x100 * (vf))	/* WO */
#define KW_PVTCTRL_RST		BIT(26)

/* Mailbox. */
#define KW_MBX_DWORDS		16
#define KW_P2VMAILBOX(vf)	(0x00C00 + 4 * (vf))	/* RW, PF side */
#define KW_P2V_STS		BIT(0)
#define KW_P2V_ACK		BIT(1)
#define KW_P2V_VFU		BIT(2)
#define KW_P2V_PFU		BIT(3)
#define KW_P2V_RVFU		BIT(4)
#define KW_V2PMAILBOX		0x00C40	/* RW, VF side; PFSTS, PFACK, RSTD are RC */
#define KW_V2P_REQ		BIT(0)
#define KW_V2P_ACK		BIT(1)
#define KW_V2P_VFU		BIT(2)
#define KW_V2P_PFU		BIT(3)
#define KW_V2P_PFSTS		BIT(4)
#define KW_V2P_PFACK		BIT(5)
#define KW_V2P_RSTI		BIT(6)
#define KW_V2P_RSTD		BIT(7)
#define KW_VMBMEM(vf)		(0x00800 + 0x40 * (vf))	/* RW, VF (0 only), 16 dwords */
#define KW_MBVFICR		0x00C80	/* W1C */
#define KW_MBVFICR_REQ		GENMASK(7, 0)
#define KW_MBVFICR_ACK		GENMASK(23, 16)
#define KW_MBVFIMR		0x00C84	/* RW */

/*
 * Time stamps. The clock adds INCA_VALUE every INCA_PERIOD times 16 ns. One frame of each direction
 * has its time latched; no other has until that was read.
 */
#define KW_SYSTIML		0x0B600	/* RO, keeps SYSTIMH as it was then */
#define KW_SYSTIMH		0x0B604	/* RO */
#define KW_TIMINCA		0x0B608	/* RW */
#define KW_TIMINCA_VALUE	GENMASK(23, 0)
#define KW_TIMINCA_PERIOD	GENMASK(31, 24)
#define KW_TSYNCTXCTL		0x0B614	/* RW */
#define KW_TSYNCTXCTL_VALID	BIT(0)		/* RO */
#define KW_TSYNCTXCTL_EN	BIT(4)
#define KW_TXSTMPL		0x0B618	/* RO */
#define KW_TXSTMPH		0x0B61C	/* RO, clears VALID */
#define KW_TSYNCRXCTL		0x0B620	/* RW */
#define KW_TSYNCRXCTL_VALID	BIT(0)		/* RO */
#define KW_TSYNCRXCTL_TYPE	GENMASK(3, 1)
#define KW_TSYNCRXCTL_L4_V1	1
#define KW_TSYNCRXCTL_EVENT_V2	5
#define KW_TSYNCRXCTL_EN	BIT(4)
#define KW_RXSTMPL		0x0B624	/* RO */
#define KW_RXSTMPH		0x0B628	/* RO, clears VALID */
#define KW_RXSATRH		0x0B630	/* RO, in QEMU it is this one that clears VALID */
#define KW_TSYNCRXCFG		0x05F50	/* RW */
#define KW_TSYNCRXCFG_V1_CTRL	GENMASK(7, 0)
#define KW_TSYNCRXCFG_V1_SYNC	0
#define KW_TSYNCRXCFG_V1_DELAY_REQ	1
/* Filters that say which frames: by EtherType, and by protocol and ports. */
#define KW_ETQF(i)		(0x05CB0 + 4 * (i))	/* RW */
#define KW_ETQF_TYPE		GENMASK(15, 0)
#define KW_ETQF_ENABLE		BIT(26)
#define KW_ETQF_TSTAMP		BIT(30)
#define KW_FTQF(i)		(0x059E0 + 4 * (i))	/* RW */
#define KW_FTQF_PROTO		GENMASK(7, 0)
#define KW_FTQF_VF_BP		BIT(15)		/* of any pool */
#define KW_FTQF_TSTAMP		BIT(27)
#define KW_FTQF_BP		GENMASK(31, 28)	/* what is not compared */
#define KW_FTQF_BP_PROTO	BIT(28)
#define KW_FTQF_BP_SRC_PORT	BIT(31)
#define KW_SPQF(i)		(0x059C0 + 4 * (i))	/* RW, source port, high byte first */
#define KW_IMIR(i)		(0x05A80 + 4 * (i))	/* RW */
#define KW_IMIR_PORT		GENMASK(15, 0)		/* destination, high byte first */
#define KW_IMIREXT(i)		(0x05AA0 + 4 * (i))	/* RW */
#define KW_IMIREXT_SIZE_BP	BIT(12)
#define KW_IMIREXT_CTRL_BP	BIT(19)

/* Counters, all RC and 32 bits; octet counters are pairs, low word first. */
#define KW_CRCERRS		0x04000
#define KW_ALGNERRC		0x04004
#define KW_SYMERRS		0x04008
#define KW_RXERRC		0x0400C
#define KW_MPC			0x04010
#define KW_SCC			0x04014
#define KW_ECOL			0x04018
#define KW_MCC			0x0401C
#define KW_LATECOL		0x04020
#define KW_COLC			0x04028
#define KW_DC			0x04030
#define KW_TNCRS		0x04034
#define KW_RLEC			0x04040
#define KW_XONRXC		0x04048
#define KW_XONTXC		0x0404C
#define KW_XOFFRXC		0x04050
#define KW_XOFFTXC		0x04054
#define KW_FCRUC		0x04058
#define KW_PRC64		0x0405C
#define KW_PRC127		0x04060
#define KW_PRC255		0x04064
#define KW_PRC511		0x04068
#define KW_PRC1023		0x0406C
#define KW_PRC1522		0x04070
#define KW_GPRC			0x04074
#define KW_BPRC			0x04078
#define KW_MPRC			0x0407C
#define KW_GPTC			0x04080
#define KW_GORCL		0x04088
#define KW_GORCH		0x0408C
#define KW_GOTCL		0x04090
#define KW_GOTCH		0x04094
#define KW_RNBC			0x040A0
#define KW_RUC			0x040A4
#define KW_RFC			0x040A8
#define KW_ROC			0x040AC
#define KW_RJC			0x040B0
#define KW_TORL			0x040C0
#define KW_TORH			0x040C4
#define KW_TOTL			0x040C8
#define KW_TOTH			0x040CC
#define KW_TPR			0x040D0
#define KW_TPT			0x040D4
#define KW_PTC64		0x040D8
#define KW_PTC127		0x040DC
#define KW_PTC255		0x040E0
#define KW_PTC511		0x040E4
#define KW_PTC1023		0x040E8
#define KW_PTC1522		0x040EC
#define KW_MPTC			0x040F0
#define KW_BPTC			0x040F4
#define KW_TSCTC		0x040F8
#define KW_IAC			0x04100
#define KW_LENERRS		0x04138

/* Per-VF counters: PF place, then the VF's own. RO, wrap, never cleared by a read. */
#define KW_PVFGPRC(vf)		(0x10010 + 0x100 * (vf))
#define KW_PVFGPTC(vf)		(0x10014 + 0x100 * (vf))
#define KW_PVFGORC(vf)		(0x10018 + 0x100 * (vf))
#define KW_PVFGOTC(vf)		(0x10034 + 0x100 * (vf))
#define KW_PVFMPRC(vf)		(0x1003C + 0x100 * (vf))
#define KW_PVFGPRLBC(vf)	(0x10040 + 0x100 * (vf))
#define KW_PVFGPTLBC(vf)	(0x10044 + 0x100 * (vf))
#define KW_PVFGORLBC(vf)	(0x10048 + 0x100 * (vf))
#define KW_PVFGOTLBC(vf)	(0x10050 + 0x100 * (vf))
#define KW_VFGPRC		0x00F10
#define KW_VFGPTC		0x00F14
#define KW_VFGORC		0x00F18
#define KW_VFGOTC		0x00F34
#define KW_VFMPRC		0x00F3C
#define KW_VFGPRLBC		0x00F40
#define KW_VFGPTLBC		0x00F44
#define KW_VFGORLBC		0x00F48
#define KW_VFGOTLBC		0x00F50

#endif /* _NET_KAWELA_REGS_H */
