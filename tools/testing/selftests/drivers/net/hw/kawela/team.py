#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400 --not-on-debug --dual
"""Two PFs in a team as the one uplink of the guests' bridge, with a VF of each. The link of one
fails: guests of the bridge go on by the other PF, the failed PF's VF has no carrier, and its guest
goes on by its synthetic path; the other PF's VF sees nothing of it.

The team is active-backup. 802.3ad needs a partner that speaks LACP and a wire per PF: the wire
here is one hub.
"""

from lib.py import (BOND, Bridge, Flow, OvsBridge, Twin, active_member, all_ping, bond_of,
                    both_ways, defer, kawela_run, ksft_eq, ksft_ge, ksft_in, ksft_ne, ksft_true,
                    ping, set_link, sh, tcp_both_ways, wait_for)


HOST_MAC = "02:00:00:00:0b:01"


def fail(number):
    defer(set_link, number, True)
    set_link(number, False)


def team(env):
    """A bridge with two guests and the host above a bond of both PFs, the first active."""
    bridge = Bridge(env)
    # that of the bond, which it may take, is both PFs' own
    sh(f"ip link set dev {bridge.dev} address {HOST_MAC}")
    guests = [bridge.guest(number) for number in range(2)]
    host = bridge.host()
    bridge.add_uplink(bond_of(env.pf, env.card.pf))
    sh(f"ip link set dev {BOND} type bond primary {env.pf.dev}")
    wait_for(lambda: active_member() == env.pf.dev, "the first PF to be active")
    for vf in (env.vf[0], env.card.vf):
        vf.wait_carrier()
    return bridge, guests, host


def one_uplink(env):
    """All reach all: guests, host, wire and the VFs of both PFs."""
    _, guests, host = team(env)
    all_ping([*guests, host, env.wire, env.vf[0], env.card.vf])


def link_fails(env):
    """Of the active PF: guests go on, its VF has no carrier. And comes back."""
    _, guests, host = team(env)
    ours, other = env.vf[0], env.card.vf
    changes = other.carrier_changes()
    with Flow(guests[0], env.wire) as out, Flow(env.wire, guests[1]) as back:
        out.flows()
        back.flows()
        fail(0)
        ours.wait_carrier(False)
        wait_for(lambda: active_member() == env.card.pf.dev, "the other PF to be active")
        out.flows(200)
        back.flows(200)
        all_ping([*guests, host, env.wire, other])
        set_link(0, True)
        ours.wait_carrier()
        wait_for(lambda: active_member() == env.pf.dev, "the first PF to be active again")
        out.flows(200)
        back.flows(200)
    ksft_eq(other.carrier_changes(), changes, "carrier changes of the other PF's VF")
    all_ping([*guests, host, env.wire, ours, other])


def idle_link_fails(env):
    """Of the PF that is not active: only its VF notices."""
    _, guests, _ = team(env)
    with Flow(guests[0], env.wire) as flow:
        flow.flows()
        fail(1)
        env.card.vf.wait_carrier(False)
        flow.flows(200)
        ksft_eq(active_member(), env.pf.dev)
        ksft_eq(flow.lost(), 0, "datagrams lost")
    both_ways(env.vf[0], guests[0])


def vf_guest_goes_on(env):
    """A guest with a VF of the failed PF: by its port of the bridge and the other PF."""
    bridge, guests, _ = team(env)
    twin = Twin(bridge, env.vf[0])
    both_ways(twin.station, env.wire)
    sent = env.card.pf.stats()["tx"]["packets"]
    with Flow(twin.station, env.wire) as flow:
        flow.flows()
        fail(0)
        twin.synthetic()
        flow.flows(200)
    all_ping([twin.station, guests[0], env.wire, env.card.vf])
    ksft_ge(env.card.pf.stats()["tx"]["packets"] - sent, 200, "packets by the other PF")
    set_link(0, True)
    twin.accelerated()
    both_ways(twin.station, env.wire)


def common_minimum(env):
    """The team's packets are no larger than any member can send."""
    team(env)
    pfs = [pf.dev for pf in env.pfs]

    def shown(what, devs):
        return {env.pf.link(dev)[what] for dev in devs}

    before, most = shown("mtu", [BOND]), min(shown("max_mtu", pfs))
    ksft_ge(min(shown("max_mtu", [BOND])), most + 1)
    done = sh(f"ip link set dev {BOND} mtu {most + 1}", fail=False)
    ksft_ne(done.ret, 0, "more than a member can")
    ksft_eq(shown("mtu", [BOND, *pfs]), before)
    defer(sh, f"ip link set dev {BOND} mtu {min(before)}", fail=False)
    sh(f"ip link set dev {BOND} mtu {most}")
    ksft_eq(shown("mtu", [BOND, *pfs]), {most})


def offloads_differ(env):
    """What one member does not offload, Linux does for it: the team has it."""
    _, guests, host = team(env)
    defer(env.card.pf.ethtool, f"-K {env.card.pf.dev} tso on tx on")
    env.card.pf.ethtool(f"-K {env.card.pf.dev} tso off tx off")
    bond = env.pf.upper("bond", 1, BOND)
    ksft_eq(bond.features()["tcp-segmentation-offload"], "on")
    fail(0)
    wait_for(lambda: active_member() == env.card.pf.dev, "the other PF to be active")
    for station in (host, guests[0]):
        tcp_both_ways(station, env.wire)


def members_visible(env):
    """The team of an extensible switch: Open vSwitch sees each member, counts what goes by it and
    moves from one to the other."""
    switch = OvsBridge(env)
    guest, host = switch.guest(0), switch.host()
    pfs = {pf.dev: number for number, pf in enumerate((env.pf, env.card.pf))}
    switch.add_team("kw-team", *pfs)
    for station in (guest, host):
        switch.know(station)
    all_ping([guest, host, env.wire])
    first = switch.active_member()
    ksft_in(first, pfs)
    second = next(dev for dev in pfs if dev != first)

    before = {dev: switch.counters(dev)[1] for dev in pfs}
    ping(guest, env.wire, count=50)
    sent = {dev: switch.counters(dev)[1] - before[dev] for dev in pfs}
    ksft_ge(sent[first], 50, "packets by the active member")
    ksft_ge(10, sent[second], "packets by the other")

    with Flow(guest, env.wire) as flow:
        flow.flows()
        fail(pfs[first])
        wait_for(lambda: switch.active_member() == second, "the other member to be active")
        before = {dev: switch.counters(dev)[1] for dev in pfs}
        flow.flows(200)
        ksft_ge(switch.counters(second)[1] - before[second], 200)
        ksft_eq(switch.counters(first)[1], before[first])
    both_ways(guest, env.wire)
    ksft_true(guest.carrier())


if __name__ == "__main__":
    kawela_run([one_uplink, link_fails, idle_link_fails, vf_guest_goes_on, common_minimum,
                offloads_differ, members_visible], vfs=1, dual=True)
