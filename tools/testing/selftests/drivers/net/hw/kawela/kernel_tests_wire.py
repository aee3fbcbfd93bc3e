#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 2400 --not-on-debug
"""The kernel's own tests of a pair of netdevs, unchanged, on PF, VPort and VF with the wire.

TESTS says which functions of them: by default that of a netdev by itself, as each takes a
minute.
"""

import os

from lib.py import PAIR, Devlink, Expected, Judge, both_ways, kawela_run, mtools, together

DEFAULT_POOL = "the default pool gets the unicast that nobody else wants"
MODEL = "QEMU's model has no promiscuous modes while there are VFs or VPorts"
OTHERS = ("pf-vmdq", "vf", "vport")

EXPECTED = {
    "local_termination": (
        Expected("pf-vmdq", "*Unicast IPv4 to unknown MAC address", "fail", DEFAULT_POOL),
        Expected("pf-vmdq", "*Unicast IPv4 to unknown MAC address, allmulti", "fail", DEFAULT_POOL),
        *(Expected(netdev, f"*Multicast IPv{version} to unknown group, {mode}", "fail", MODEL)
          for netdev in OTHERS for version in (4, 6) for mode in ("promisc", "allmulti"))),
}

# the test, and whether the netdev is the first of the two
TESTS = (
    ("net/forwarding/local_termination.sh", False),
)
WANTED = os.environ.get("KAWELA_KERNEL_TESTS", "").split()


def judge(env, tests, netdev, station):
    both_ways(station, env.wire)
    with together(env.wire, station):
        for path, first in TESTS:
            if WANTED and not any(word in path for word in WANTED):
                continue
            pair = (station.dev, env.wire.dev) if first else (env.wire.dev, station.dev)
            tests.run(netdev, path, *pair, ns=PAIR, timeout=900, PING_TIMEOUT="1",
                      TESTS=os.environ.get("TESTS", "standalone"))


def cases(env):
    """One for each result of each test on each netdev."""
    mtools()
    tests = Judge(EXPECTED)
    judge(env, tests, "pf", env.pf)
    env.make_vfs(1)
    env.set_vf(0, "trust on")
    judge(env, tests, "pf-vmdq", env.pf)
    judge(env, tests, "vf", env.vf[0])
    judge(env, tests, "vport", Devlink(env.pci).vport(1))
    return tests.cases


if __name__ == "__main__":
    kawela_run(cases, vfs=0)
