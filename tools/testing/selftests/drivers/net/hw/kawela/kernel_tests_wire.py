#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 2400 --not-on-debug
"""The kernel's own tests of a pair of netdevs, unchanged, on PF, VPort and VF with the wire."""

import os

from lib.py import (Devlink, Expected, Judge, both_ways, defer, kawela_run,
                    ksft_flush_defer, mtools, sh)

EXPECTED = {
}

# the test, and whether the netdev is the first of the two
TESTS = (
    ("net/forwarding/local_termination.sh", False),
    ("net/forwarding/min_max_mtu.sh", False),
)
WANTED = os.environ.get("KAWELA_KERNEL_TESTS", "").split()
PAIR = "kw-pair"


def together(*stations):
    """Put their netdevs, which are up already, into one namespace, and back when the case ends."""
    sh(f"ip netns add {PAIR} && ip -n {PAIR} link set lo up")
    defer(sh, f"ip netns del {PAIR}")
    for station in stations:
        station.ip(f"link set dev {station.dev} netns {PAIR}")
        there = station.ns or "1"
        defer(sh, f"ip -n {PAIR} link set dev {station.dev} netns {there}")


def judge(env, tests, netdev, station):
    both_ways(station, env.wire)
    together(env.wire, station)
    for path, first in TESTS:
        if WANTED and not any(word in path for word in WANTED):
            continue
        pair = (station.dev, env.wire.dev) if first else (env.wire.dev, station.dev)
        tests.run(netdev, path, *pair, ns=PAIR, PING_TIMEOUT="1")
    ksft_flush_defer()
    for one in (env.wire, station):
        one.up()


def cases(env):
    """One for each result of each test on each netdev."""
    mtools()
    tests = Judge(EXPECTED)
    judge(env, tests, "pf", env.pf)
    env.make_vfs(1)
    judge(env, tests, "pf-vmdq", env.pf)
    judge(env, tests, "vf", env.vf[0])
    judge(env, tests, "vport", Devlink(env.pci).vport(1))
    return tests.cases


if __name__ == "__main__":
    kawela_run(cases, vfs=0)
