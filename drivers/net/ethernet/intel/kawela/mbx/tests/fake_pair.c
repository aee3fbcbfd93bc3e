// SPDX-License-Identifier: GPL-2.0-only
/* Two ends on the register model; see fake_pair.h. */
#include <linux/err.h>
#include <linux/etherdevice.h>

#include "fake_pair.h"

/* A longer wait is the test's to let pass: nothing that the PF must do takes so long. */
#define PATIENCE	(NSEC_PER_SEC / 2)

const u8 fake_pair_mac[ETH_ALEN] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static void on_event(void *priv)
{
	struct fake_pair *p = priv;

	p->events++;
}

static const struct kawela_mbx_vf_ops vf_ops = { .event = on_event };

static void on_vf_irq(void *priv, u16 vf)
{
	struct fake_pair *p = priv;

	if (vf == FAKE_PAIR_VF && p->vf)
		kawela_mbx_vf_irq(p->vf);
}

/* Serve the PF end until it has nothing to do; time passes as it asks for it. */
void fake_pair_serve(struct fake_pair *p)
{
	unsigned int passes = 0;
	u64 delay;

	if (p->serving)
		return;

	p->serving = true;
	do {
		delay = kawela_mbx_pf_service(p->pf, p->now);
		if (delay < PATIENCE)
			p->now += delay;
	} while (delay < PATIENCE && ++passes < 50);
	p->serving = false;
}

static void on_pf_irq(void *priv)
{
	struct fake_pair *p = priv;
	unsigned int irq = ++p->irqs;

	if (p->abort_on_irq)
		kawela_mbx_vf_abort(p->vf);
	if (p->remove_on_irq)
		p->hw.removed = true;
	if (p->before && irq == p->before_at)
		p->before(p);

	if (p->pf)
		fake_pair_serve(p);
	else
		stock_pf_irq(&p->igb);

	if (p->after && irq == p->after_at)
		p->after(p);
}

static void ops_flr(void *priv, u16 vf)
{
	struct fake_pair *p = priv;

	p->flrs++;
}

static int ops_reset(void *priv, u16 vf, u8 mac[ETH_ALEN])
{
	struct fake_pair *p = priv;

	ether_addr_copy(mac, fake_pair_mac);
	return p->reset_err;
}

static void ops_granted(void *priv, u16 vf)
{
	struct fake_pair *p = priv;

	p->grants++;
}

static void ops_ready(void *priv, u16 vf)
{
	struct fake_pair *p = priv;

	p->readies++;
}

static int ops_request(void *priv, u16 vf, const struct kawela_msg *msg)
{
	struct fake_pair *p = priv;

	p->requests++;
	p->last = *msg;
	if (p->flr_in_request)
		fake_vf_flr(&p->hw, vf);
	return p->request_err;
}

static const struct kawela_mbx_pf_ops pf_ops = {
	.vf_flr		= ops_flr,
	.vf_reset	= ops_reset,
	.vf_granted	= ops_granted,
	.vf_ready	= ops_ready,
	.vf_request	= ops_request,
};

/* The VF end, with stock igb behind it. */
int fake_pair_init_vf(struct kunit *test)
{
	struct kawela_mbx_port port;
	struct fake_pair *p;

	p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	test->priv = p;
	p->now = NSEC_PER_SEC;
	fake_hw_init(&p->hw);
	p->hw.priv = p;
	p->hw.pf_irq = on_pf_irq;
	p->hw.vf_irq = on_vf_irq;
	p->igb.hw = &p->hw;
	p->igb.vf = FAKE_PAIR_VF;

	port = fake_vf_port(&p->hw, FAKE_PAIR_VF);
	p->vf = kawela_mbx_vf_create_on(&port, "fake", &vf_ops, p);
	KUNIT_ASSERT_FALSE(test, IS_ERR(p->vf));

	/* The silent PF shall not take minutes. */
	p->vf->times = (struct kawela_mbx_vf_times) {
		.rsti = 20, .take = 10, .ack = 30, .reply = 40, .merge = 10,
	};
	return 0;
}

/* The VF end, with our PF end behind it, which has @blocks if there are any. */
int fake_pair_init(struct kunit *test, const struct kawela_mbx_block *blocks, unsigned int num)
{
	struct kawela_mbx_port port;
	struct fake_pair *p;

	fake_pair_init_vf(test);
	p = test->priv;
	port = fake_pf_port(&p->hw);
	p->pf = kawela_mbx_pf_create_on(&port, "fake", KW_MAX_VFS, &pf_ops, p, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(p->pf));
	KUNIT_ASSERT_EQ(test, kawela_mbx_block_register(p->pf, blocks, num), 0);
	KUNIT_ASSERT_EQ(test, kawela_mbx_pf_enable(p->pf, KW_MAX_VFS), 0);
	return 0;
}

void fake_pair_exit(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	if (!p)
		return;

	KUNIT_EXPECT_EQ(test, p->hw.violations, 0);
	if (!IS_ERR_OR_NULL(p->vf)) {
		if (!p->hw.removed)
			KUNIT_EXPECT_EQ(test, p->hw.v2p[FAKE_PAIR_VF] & KW_V2P_VFU, 0);
		kawela_mbx_vf_destroy(p->vf);
	}
	if (!IS_ERR_OR_NULL(p->pf))
		kawela_mbx_pf_destroy(p->pf);
}

int fake_pair_connect(struct fake_pair *p)
{
	return kawela_mbx_vf_connect(p->vf, p->mac, &p->has_mac);
}

void fake_pair_connected(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	KUNIT_ASSERT_EQ(test, fake_pair_connect(p), 0);
	KUNIT_ASSERT_TRUE(test, kawela_mbx_vf_connected(p->vf));
}

struct kawela_mbx_vf_stats fake_pair_vf_stats(struct fake_pair *p)
{
	struct kawela_mbx_vf_stats stats;

	kawela_mbx_vf_get_stats(p->vf, &stats);
	return stats;
}

struct kawela_mbx_pf_stats fake_pair_pf_stats(struct fake_pair *p, u16 vf)
{
	struct kawela_mbx_pf_stats stats = {};

	kawela_mbx_pf_get_stats(p->pf, vf, &stats);
	return stats;
}

/* The VF sleeps for more than a second on a reply: a control message takes its place. */
void fake_pair_control_over_reply(struct fake_pair *p)
{
	p->now += KAWELA_MBX_UNACKED_NS;
	kawela_mbx_pf_notify_link(p->pf);
	fake_pair_serve(p);
}

/* An exchange of a VF without a driver of ours. */
void fake_pair_exchange(struct kunit *test, u16 vf, const u32 *w, unsigned int n, u32 *reply,
			unsigned int reply_n)
{
	struct fake_pair *p = test->priv;

	KUNIT_ASSERT_TRUE(test, stock_vf_send(&p->hw, vf, w, n));
	KUNIT_ASSERT_TRUE(test, stock_vf_read(&p->hw, vf, reply, reply_n));
	KUNIT_ASSERT_EQ(test, p->hw.p2v[vf] & (KW_P2V_PFU | KW_P2V_VFU), 0);
}
