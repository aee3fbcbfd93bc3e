#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""The kernel's own tests of network drivers, unchanged, on the netdevs of PF, VPort and VF."""

from lib.py import (ANY, SELFTESTS, Devlink, Expected, Judge, both_ways, built, endpoint_variables,
                    kawela_run, staged)

ONE_QUEUE = "there is one queue pair"
NO_PAUSE = "only the PF has a MAC that could pause"
NO_FEC = "1000BASE-T has no forward error correction"
ONE_TABLE = "the hardware has one table of queues, hence no context besides the first"
EIGHT = "it wants ten queues or more, and a table for some of them"
SLOW = "starting ethtool beside traffic takes longer here than it allows; reconfigure.py has it"

EXPECTED = {
    "queues": (
        Expected("vf", "addremove_queues", "skip", ONE_QUEUE),
        Expected("vport", "addremove_queues", "skip", ONE_QUEUE)),
    "stats": (
        Expected("vf", "check_pause", "xfail", NO_PAUSE),
        Expected("vport", "check_pause", "xfail", NO_PAUSE),
        Expected("*", "check_fec", "xfail", NO_FEC)),
    "rss_ctx": (
        Expected("pf", "test_hitless_key_update", ANY, SLOW),
        *(Expected("pf", f"test_rss_context{name}", "skip", EIGHT)
          for name in ("4", "32", "4_create_with_cfg", "_out_of_order")),
        Expected("pf", "test_rss_context_dump", "skip", ONE_TABLE),
        Expected("pf", "test_rss_context*", "fail", ONE_TABLE)),
}

TESTS = (
    "drivers/net/queues.py",
    "drivers/net/stats.py",
    "drivers/net/ping.py",
    "drivers/net/hw/csum.py",
)
# of several queues, which the PF has without VFs
TESTS_RSS = ("drivers/net/hw/rss_ctx.py",)


def remote_ifname():
    """csum.py of 6.12 asks its library for a name that came with 6.13."""
    path = "drivers/net/lib/py/env.py"
    text = (SELFTESTS / path).read_text(encoding="utf-8")
    if "remote_ifname" not in text:
        staged(path, text + "\n\nNetDrvEpEnv.remote_ifname = os.environ.get('REMOTE_IFNAME')\n")


def judge(env, tests, netdev, station, paths=TESTS):
    for path in paths:
        # a test may have had it down, which costs the addresses
        both_ways(station.up(), env.wire)
        both_ways(station, env.wire, v6=True)
        tests.run(netdev, path, ns=station.ns, **endpoint_variables(station, env.wire))


def cases(env):
    """One for each result of each test on each netdev."""
    built(SELFTESTS / "net/lib/csum.c")
    remote_ifname()
    tests = Judge(EXPECTED)
    judge(env, tests, "pf", env.pf)
    env.pf.ethtool(f"-L {env.pf.dev} combined 8")
    judge(env, tests, "pf", env.pf, TESTS_RSS)
    env.make_vfs(1)
    judge(env, tests, "pf-vmdq", env.pf)
    judge(env, tests, "vf", env.vf[0])
    vport = Devlink(env.pci).vport(1)
    judge(env, tests, "vport", vport)
    return tests.cases


if __name__ == "__main__":
    kawela_run(cases, vfs=0)
