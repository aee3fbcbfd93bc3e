// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the session state machines: every state with every event.
 *
 * Owns: the expected transitions, as a list of what is allowed; all else must be refused. No
 * locks.
 */
#include <kunit/test.h>

#include "../mbx_priv.h"

struct edge {
	const char *from;
	const char *event;
	const char *to;
};

static const struct edge pf_edges[] = {
	{ "off", "enable", "wait" },
	{ "off", "disable", "off" },
	{ "wait", "disable", "off" },
	{ "wait", "flr", "wait" },
	{ "wait", "reset-msg", "resetting" },
	{ "wait", "pf-reset", "wait" },
	{ "resetting", "disable", "off" },
	{ "resetting", "flr", "wait" },
	{ "resetting", "granted", "ready" },
	{ "resetting", "refused", "wait" },
	{ "resetting", "pf-reset", "wait" },
	{ "ready", "disable", "off" },
	{ "ready", "flr", "wait" },
	{ "ready", "reset-msg", "resetting" },
	{ "ready", "pf-reset", "wait" },
	{ "ready", "renew", "wait" },
	{ "ready", "suspend", "wait" },
	{ "ready", "silent", "wait" },
};

static const struct edge vf_edges[] = {
	{ "idle", "connect", "connecting" },
	{ "idle", "abort", "gone" },
	{ "connecting", "granted", "ready" },
	{ "connecting", "failed", "lost" },
	{ "connecting", "pf-reset", "lost" },
	{ "connecting", "abort", "gone" },
	{ "ready", "connect", "connecting" },
	{ "ready", "no-cts", "lost" },
	{ "ready", "pf-reset", "lost" },
	{ "ready", "timeout", "lost" },
	{ "ready", "abort", "gone" },
	{ "lost", "connect", "connecting" },
	{ "lost", "abort", "gone" },
	{ "gone", "abort", "gone" },
	{ "gone", "revive", "idle" },
};

static const char *expected(const struct edge *edges, unsigned int n, const char *from,
			    const char *event)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!strcmp(edges[i].from, from) && !strcmp(edges[i].event, event))
			return edges[i].to;

	return NULL;
}

static void check_all(struct kunit *test, const struct kawela_mbx_fsm_def *def,
		      const struct edge *edges, unsigned int n)
{
	const char *from, *event, *to;
	struct kawela_mbx_fsm fsm;
	unsigned int s, e, met = 0;
	bool done;

	for (s = 0; s < def->num_states; s++) {
		for (e = 0; e < def->num_events; e++) {
			from = kawela_mbx_fsm_state_name(def, s);
			event = kawela_mbx_fsm_event_name(def, e);
			to = expected(edges, n, from, event);

			kawela_mbx_fsm_init(&fsm, def, 3);
			KUNIT_ASSERT_EQ(test, kawela_mbx_fsm_state(&fsm), 0);
			fsm.state = s;
			done = kawela_mbx_fsm_event(&fsm, e);
			met += done;

			KUNIT_EXPECT_EQ_MSG(test, done, !!to, "%s on %s", from, event);
			KUNIT_EXPECT_STREQ_MSG(test,
					       kawela_mbx_fsm_state_name(def, fsm.state),
					       to ?: from, "%s on %s", from, event);
		}
	}

	/* Every expected edge names a state and an event that exist. */
	KUNIT_EXPECT_EQ(test, met, n);
}

static void test_pf_fsm(struct kunit *test)
{
	check_all(test, &kawela_mbx_pf_fsm, pf_edges, ARRAY_SIZE(pf_edges));
}

static void test_vf_fsm(struct kunit *test)
{
	check_all(test, &kawela_mbx_vf_fsm, vf_edges, ARRAY_SIZE(vf_edges));
}

static void test_names(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, kawela_mbx_fsm_state_name(&kawela_mbx_pf_fsm, 99), "?");
	KUNIT_EXPECT_STREQ(test, kawela_mbx_fsm_event_name(&kawela_mbx_vf_fsm, 99), "?");
}

static struct kunit_case fsm_cases[] = {
	KUNIT_CASE(test_pf_fsm),
	KUNIT_CASE(test_vf_fsm),
	KUNIT_CASE(test_names),
	{}
};

static struct kunit_suite fsm_suite = {
	.name = "kawela_mbx_fsm",
	.test_cases = fsm_cases,
};

kunit_test_suite(fsm_suite);
