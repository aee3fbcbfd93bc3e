// SPDX-License-Identifier: GPL-2.0-only
/* What a VPort's driver asks for. */
#include "nsw_test.h"

/* A VF without a session can set nothing. */
static void no_session(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	u16 hash = 0;

	kawela_nsw_t_start(test, 1, 0);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mac(t->nsw, 0, t->mac[9]), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_add_uc(t->nsw, 0, t->mac[9]), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_clear_uc(t->nsw, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_mc(t->nsw, 0, &hash, 1), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_vlan(t->nsw, 0, 5, true), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_max_frame(t->nsw, 0, 1522), -EAGAIN);
	KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_promisc(t->nsw, 0, 0), -EAGAIN);
}

static void max_frame(struct kunit *test)
{
	struct kawela_nsw_t *t = test->priv;
	static const struct { u32 len; int err; } tab[] = {
		{ 0, -EINVAL }, { 63, -EINVAL }, { 64, 0 }, { 1522, 0 }, { 9728, 0 },
		{ 9729, -EINVAL }, { 0x4000, -EINVAL }, { 0x80000000, -EINVAL },
		{ 0xffffffff, -EINVAL },
	};
	unsigned int i;
	u32 vmolr;

	kawela_nsw_t_start(test, 1, 1);
	KUNIT_EXPECT_EQ(test, FIELD_GET(KW_VMOLR_RLPML, t->regs.vmolr[0]), 1522);
	for (i = 0; i < ARRAY_SIZE(tab); i++) {
		vmolr = t->regs.vmolr[0];
		if (!tab[i].err)
			vmolr = (vmolr & ~KW_VMOLR_RLPML) | tab[i].len;
		KUNIT_EXPECT_EQ(test, kawela_nsw_vport_set_max_frame(t->nsw, 0, tab[i].len),
				tab[i].err);
		KUNIT_EXPECT_EQ(test, t->regs.vmolr[0], vmolr);
	}
}

/*NEW*/
static struct kunit_case nsw_request_cases[] = {
	KUNIT_CASE(no_session),
	KUNIT_CASE(max_frame),
	{}
};

static struct kunit_suite nsw_request_suite = {
	.name = "kawela_nsw_request",
	.init = kawela_nsw_t_init,
	.exit = kawela_nsw_t_exit,
	.test_cases = nsw_request_cases,
};

kunit_test_suite(nsw_request_suite);
