#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""The table of VLANs is shared, and each VF and the PF have a share of it that nobody else
can use up: a VF that wants all VLANs leaves the others theirs, and gives back what it had."""

from lib.py import both_ways, defer, kawela_run, ksft_eq, ksft_lt, on_vlan, steady, wait_for

ENTRIES = 32        # one of them for untagged frames
SHARE = 2
POOLS_LEFT = 7      # all others, whether somebody has them or not
GREEDY = range(100, 140)
OTHERS = (200, 201)


def give_up(station):
    station.batch("ip", [f"link del {station.dev}.{vid}" for vid in GREEDY], fail=False)


def take_all(env):
    """VF 0 asks for more VLANs than there are, until it is refused."""
    station = env.vf[0]
    refused = station.ethtool_stats()["mbx_refused"]
    defer(give_up, station)
    station.batch("ip", [f"link add link {station.dev} name {station.dev}.{vid} type vlan id {vid}"
                         for vid in GREEDY])
    wait_for(lambda: station.ethtool_stats()["mbx_refused"] > refused, "VF 0 to be refused")


@steady
def starvation(env):
    """VF 0 has much, but not all: VF 1 and the PF still join their VLANs, and use them."""
    take_all(env)
    greedy = env.regs.pool_vlans(0)
    ksft_eq(len(greedy & set(GREEDY)), ENTRIES - 1 - POOLS_LEFT * SHARE,
            "VLANs that VF 0 got")
    for vid in OTHERS:
        there = on_vlan(env.wire, vid)
        for number, station in ((1, env.vf[1]), (7, env.pf)):
            here = on_vlan(station, vid)
            wait_for(lambda n=number, v=vid: v in env.regs.pool_vlans(n),
                     f"{station} in VLAN {vid}")
            both_ways(here, there)
    ksft_eq(env.regs.pool_vlans(0), greedy, "VLANs of VF 0")


@steady
def given_back(env):
    """What the greedy one leaves is there for others."""
    before = env.regs.vlans()
    take_all(env)
    most = len(env.regs.vlans())
    give_up(env.vf[0])
    wait_for(lambda: env.regs.vlans() == before, "the VLANs of VF 0 to go")
    for vid in range(300, 308):
        on_vlan(env.vf[1], vid)
    wait_for(lambda: set(range(300, 308)) <= env.regs.pool_vlans(1), "the VLANs of VF 1")
    ksft_lt(len(env.regs.vlans()), most)


if __name__ == "__main__":
    kawela_run([starvation, given_back])
