// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fake hardware of the NIC switch tests: packs what the ops say into register words, counts the
 * calls, and notes every call that breaks the contract of struct kawela_nsw_hw_ops.
 */
#include <linux/module.h>

#include "nsw_test.h"

static void nsw_f_done(struct kawela_nsw_t *t, enum kawela_nsw_t_op op)
{
	t->writes[op]++;
	if (t->first == NSW_T_NUM_OPS)
		t->first = op;
	t->last = op;
	if (t->on_write)
		t->on_write(t);
}

static void nsw_f_set_mode(void *hw, enum kawela_nsw_mode mode)
{
	struct kawela_nsw_t *t = hw;
	bool vmdq = mode == KAWELA_NSW_VMDQ;

	t->regs.mrqc = FIELD_PREP(KW_MRQC_MODE, vmdq ? KW_MRQC_MODE_VMDQ_RSS : KW_MRQC_MODE_RSS);
	t->regs.vt_ctl = vmdq ? FIELD_PREP(KW_VT_CTL_DEF_POOL, KAWELA_NSW_PF_POOL) |
				KW_VT_CTL_REPL_EN : 0;
	nsw_f_done(t, NSW_T_MODE);
}

static void nsw_f_set_rar(void *hw, unsigned int idx, const struct kawela_nsw_rar *rar,
			  bool pools_only)
{
	struct kawela_nsw_t *t = hw;
	const u8 *m = rar->mac;
	u32 lo = m[0] | m[1] << 8 | m[2] << 16 | (u32)m[3] << 24;
	u32 hi = m[4] | m[5] << 8 | FIELD_PREP(KW_RAH_POOLS, rar->pools) |
		 (rar->pools ? KW_RAH_VALID : 0);

	t->errors += idx >= KAWELA_NSW_NUM_RAR;
	t->errors += pools_only && (!(t->regs.rah[idx] & KW_RAH_VALID) || t->regs.ral[idx] != lo ||
				    (t->regs.rah[idx] ^ hi) & KW_RAH_ADDR);
	t->regs.ral[idx] = lo;
	t->regs.rah[idx] = hi;
	nsw_f_done(t, NSW_T_RAR);
}

static void nsw_f_set_vlvf(void *hw, unsigned int idx, const struct kawela_nsw_vlvf *vlvf)
{
	struct kawela_nsw_t *t = hw;

	t->errors += idx >= KAWELA_NSW_NUM_VLVF || vlvf->vid > 4095;
	t->regs.vlvf[idx] = FIELD_PREP(KW_VLVF_VLAN, vlvf->vid) |
			    FIELD_PREP(KW_VLVF_POOLS, vlvf->pools) |
			    (vlvf->pools ? KW_VLVF_ENABLE : 0);
	nsw_f_done(t, NSW_T_VLVF);
}

static void nsw_f_set_vfta(void *hw, unsigned int idx, u32 val)
{
	struct kawela_nsw_t *t = hw;

	t->regs.vfta[idx] = val;
	nsw_f_done(t, NSW_T_VFTA);
}

static void nsw_f_set_mta(void *hw, unsigned int idx, u32 val)
{
	struct kawela_nsw_t *t = hw;

	t->regs.mta[idx] = val;
	nsw_f_done(t, NSW_T_MTA);
}

static void nsw_f_set_uta(void *hw, unsigned int idx, u32 val)
{
	struct kawela_nsw_t *t = hw;

	t->regs.uta[idx] = val;
	nsw_f_done(t, NSW_T_UTA);
}

static void nsw_f_set_pool(void *hw, unsigned int pool, const struct kawela_nsw_pool_cfg *cfg)
{
	struct kawela_nsw_t *t = hw;

	t->errors += cfg->max_frame > KAWELA_NSW_MAX_FRAME;
	t->regs.vmolr[pool] = FIELD_PREP(KW_VMOLR_RLPML, cfg->max_frame) | KW_VMOLR_LPE |
			      (cfg->rsse ? KW_VMOLR_RSSE : 0) | (cfg->aupe ? KW_VMOLR_AUPE : 0) |
			      (cfg->rompe ? KW_VMOLR_ROMPE : 0) | (cfg->rope ? KW_VMOLR_ROPE : 0) |
			      (cfg->bam ? KW_VMOLR_BAM : 0) | (cfg->mpme ? KW_VMOLR_MPME : 0) |
			      (cfg->strvlan ? KW_VMOLR_STRVLAN : 0);
	t->regs.vmvir[pool] = cfg->vmvir_tag ?
			      FIELD_PREP(KW_VMVIR_VLAN, cfg->vmvir_tag) |
			      FIELD_PREP(KW_VMVIR_ACTION, KW_VMVIR_ACTION_DEFAULT) : 0;
	t->errors += cfg->rate >> 28;
	t->regs.rate[pool] = cfg->rate;
	nsw_f_done(t, NSW_T_POOL);
}

static void nsw_f_set_gates(void *hw, u8 rx, u8 tx)
{
	struct kawela_nsw_t *t = hw;

	t->errors += !(rx & tx & BIT(KAWELA_NSW_PF_POOL));
	t->regs.vfre = rx;
	t->regs.vfte = tx;
	nsw_f_done(t, NSW_T_GATES);
}

static void nsw_f_set_switch(void *hw, const struct kawela_nsw_switch_cfg *cfg)
{
	struct kawela_nsw_t *t = hw;

	t->regs.dtxswc = FIELD_PREP(KW_DTXSWC_MAC_SPOOF, cfg->spoof_mac) |
			 FIELD_PREP(KW_DTXSWC_VLAN_SPOOF, cfg->spoof_vlan) |
			 (cfg->loopback ? KW_DTXSWC_LOOPBACK_EN : 0);
	nsw_f_done(t, NSW_T_SWITCH);
}

static void nsw_f_set_port(void *hw, const struct kawela_nsw_port_cfg *cfg)
{
	struct kawela_nsw_t *t = hw;

	t->regs.rlpml = cfg->max_frame;
	t->regs.ctrl = cfg->vme ? KW_CTRL_VME : 0;
	t->regs.rctl = (cfg->upe ? KW_RCTL_UPE : 0) | (cfg->mpe ? KW_RCTL_MPE : 0) |
		       (cfg->vfe ? KW_RCTL_VFE : 0);
	nsw_f_done(t, NSW_T_PORT);
}

static void nsw_f_policy(void *hw, unsigned int vf, enum kawela_nsw_policy what)
{
	struct kawela_nsw_t *t = hw;

	t->told_vf = vf;
	t->told |= what;
}

static void nsw_f_step(void *hw, unsigned int pool, enum kawela_nsw_step step)
{
	struct kawela_nsw_t *t = hw;

	if (t->num_steps < ARRAY_SIZE(t->steps))
		t->steps[t->num_steps++] = pool << 4 | step;
}

static const struct kawela_nsw_hw_ops nsw_f_ops = {
	.set_mode = nsw_f_set_mode,
	.set_rar = nsw_f_set_rar,
	.set_vlvf = nsw_f_set_vlvf,
	.set_vfta = nsw_f_set_vfta,
	.set_mta = nsw_f_set_mta,
	.set_uta = nsw_f_set_uta,
	.set_pool = nsw_f_set_pool,
	.set_gates = nsw_f_set_gates,
	.set_switch = nsw_f_set_switch,
	.set_port = nsw_f_set_port,
	.policy = nsw_f_policy,
	.step = nsw_f_step,
};

/**
 * kawela_nsw_t_clear - forget the writes seen so far
 * @t: switch under test
 */
void kawela_nsw_t_clear(struct kawela_nsw_t *t)
{
	memset(t->writes, 0, sizeof(t->writes));
	t->num_steps = 0;
	t->first = NSW_T_NUM_OPS;
	t->last = NSW_T_NUM_OPS;
}

/**
 * kawela_nsw_t_num_writes - number of writes since kawela_nsw_t_clear()
 * @t: switch under test
 *
 * Return: the number.
 */
unsigned int kawela_nsw_t_num_writes(const struct kawela_nsw_t *t)
{
	unsigned int i, n = 0;

	for (i = 0; i < NSW_T_NUM_OPS; i++)
		n += t->writes[i];
	return n;
}

/**
 * kawela_nsw_t_hw_reset - give the registers their reset values
 * @t: switch under test
 */
void kawela_nsw_t_hw_reset(struct kawela_nsw_t *t)
{
	memset(&t->regs, 0, sizeof(t->regs));
	t->regs.vfre = 0xff;
	t->regs.vfte = 0xff;
}

/**
 * kawela_nsw_t_start - enable VFs and bring some of them up with their pinned addresses
 * @test: running test
 * @num_vfs: VFs to create
 * @ready: the first so many get an address and a session
 */
void kawela_nsw_t_start(struct kunit *test, unsigned int num_vfs, unsigned int ready)
{
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int vf;

	KUNIT_ASSERT_EQ(test, kawela_nsw_set_num_vfs(t->nsw, num_vfs, NULL), 0);
	for (vf = 0; vf < ready; vf++) {
		KUNIT_ASSERT_EQ(test,
				kawela_nsw_vport_set_admin_mac(t->nsw, vf, nsw_t_vf_mac(t, vf),
							       NULL), 0);
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_reset(t->nsw, vf, mac), 0);
		KUNIT_ASSERT_TRUE(test, ether_addr_equal(mac, nsw_t_vf_mac(t, vf)));
		kawela_nsw_vport_ready(t->nsw, vf);
	}
}

/**
 * kawela_nsw_t_start_unpinned - bring VFs up that choose their addresses: they may have more
 * @test: running test
 * @num_vfs: VFs to create
 */
void kawela_nsw_t_start_unpinned(struct kunit *test, unsigned int num_vfs)
{
	struct kawela_nsw_t *t = test->priv;
	u8 mac[ETH_ALEN] __aligned(2);
	unsigned int vf;

	kawela_nsw_t_start(test, num_vfs, 0);
	for (vf = 0; vf < num_vfs; vf++) {
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_reset(t->nsw, vf, mac), -EADDRNOTAVAIL);
		kawela_nsw_vport_ready(t->nsw, vf);
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, vf, nsw_t_vf_mac(t, vf)), 0);
	}
}

/**
 * kawela_nsw_t_open - make a session for a VPort
 * @test: running test
 * @pool: its pool
 * @mac: address it asks for, NULL to keep the pinned one
 */
void kawela_nsw_t_open(struct kunit *test, unsigned int pool, const u8 *mac)
{
	struct kawela_nsw_t *t = test->priv;
	u8 pinned[ETH_ALEN] __aligned(2);

	KUNIT_ASSERT_EQ(test, kawela_nsw_vport_reset(t->nsw, pool, pinned),
			is_zero_ether_addr(pinned) ? -EADDRNOTAVAIL : 0);
	if (mac)
		KUNIT_ASSERT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, pool, mac), 0);
	kawela_nsw_vport_ready(t->nsw, pool);
}

/**
 * kawela_nsw_t_add_vport - make a VPort of the PF and open it
 * @test: running test
 * @mac: its address
 *
 * Return: its pool.
 */
unsigned int kawela_nsw_t_add_vport(struct kunit *test, const u8 *mac)
{
	struct kawela_nsw_t *t = test->priv;
	int pool = kawela_nsw_pf_vport_add(t->nsw, KAWELA_NSW_OWNER_DEVLINK, NULL);

	KUNIT_ASSERT_GE(test, pool, 0);
	KUNIT_ASSERT_EQ(test, kawela_nsw_pf_vport_activate(t->nsw, pool, NULL), 0);
	kawela_nsw_t_open(test, pool, mac);

	return pool;
}

/**
 * kawela_nsw_t_set_rule - try to set a receive filter
 * @t: switch under test
 * @id: filter id
 * @mac: address
 * @vid: VLAN, 0 for untagged
 * @pool: who is to get it
 *
 * Return: what kawela_nsw_rule_set() does.
 */
int kawela_nsw_t_set_rule(struct kawela_nsw_t *t, unsigned int id, const u8 *mac, u16 vid,
			  unsigned int pool)
{
	struct kawela_nsw_rule rule = { .vid = vid, .pool = pool };

	ether_addr_copy(rule.mac, mac);
	return kawela_nsw_rule_set(t->nsw, id, &rule, NULL);
}

/**
 * kawela_nsw_t_init - a switch on freshly reset hardware, no VFs
 * @test: running test
 *
 * Return: 0, or -ENOMEM.
 */
int kawela_nsw_t_init(struct kunit *test)
{
	struct kawela_nsw_t *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	unsigned int i;

	if (!t)
		return -ENOMEM;
	for (i = 0; i < NSW_T_NUM_MACS; i++) {
		t->mac[i][0] = 0x02;
		t->mac[i][3] = 0x10 + i;
		t->mac[i][4] = i << 4;
		t->mac[i][5] = i;
	}
	kawela_nsw_t_hw_reset(t);
	kawela_nsw_t_clear(t);
	t->nsw = kawela_nsw_create(&nsw_f_ops, t, t->mac[0]);
	if (IS_ERR(t->nsw))
		return PTR_ERR(t->nsw);
	test->priv = t;
	KUNIT_EXPECT_EQ(test, kawela_nsw_t_num_writes(t), 0);
	kawela_nsw_reapply(t->nsw);
	return 0;
}

/**
 * kawela_nsw_t_exit - free the switch
 * @test: running test
 */
void kawela_nsw_t_exit(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;

	if (!t)
		return;
	KUNIT_EXPECT_EQ(test, t->errors, 0);
	kawela_nsw_destroy(t->nsw);
}

MODULE_DESCRIPTION("KUnit tests of the 82576 NIC switch model");
MODULE_LICENSE("GPL");
