#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Who reaches whom on an external, an internal and a private switch: two guests, the host, the
wire, a guest with a VF.

Pings and broadcasts are both tried between every two. Who is not to be reached by some is reached
by others in the same case, or else by one more command.
"""

import contextlib

from lib.py import (Bridge, Listener, both_ways, every_two, kawela_run, ksft_eq, ksft_true,
                    send_frames, sh, silent, steady, wait_for)

BROADCAST = "ff:ff:ff:ff:ff:ff"


def together(groups, one, other):
    return any(one in group and other in group for group in groups)


def pings(groups):
    """Those of one group reach each other, no others do."""
    stations = sum(groups, [])
    for station in stations:
        station.forget_neighbours()
    for one, other in every_two(stations):
        if together(groups, one, other):
            both_ways(one, other)
            continue
        for src, dst in ((one, other), (other, one)):
            ksft_true(silent(src, dst), f"{src} is not answered by {dst}")


def broadcasts(groups):
    """Those of one group hear each other's. When all have heard the second ones that they are to
    hear, the first that are not to be heard would have come, too."""
    stations = sum(groups, [])
    macs = {station: station.mac for station in stations}
    with contextlib.ExitStack() as stack:
        ears = {station: stack.enter_context(Listener(station)) for station in stations}

        def heard(listener, sender):
            return ears[listener].count(BROADCAST, macs[sender])

        pairs = [(l, s) for l in stations for s in stations if l is not s]
        for number in (1, 2):
            for station in stations:
                send_frames(station, [BROADCAST])
            for listener, sender in pairs:
                if together(groups, listener, sender):
                    wait_for(lambda l=listener, s=sender, n=number: heard(l, s) >= n,
                             f"a broadcast {sender} -> {listener}", deadline=30)
        for listener, sender in pairs:
            if not together(groups, listener, sender):
                ksft_eq(heard(listener, sender), 0, f"broadcasts {sender} -> {listener}")


def matrix(*groups):
    pings(groups)
    broadcasts(groups)


def switch(env, options=""):
    """A bridge with two guests, and the host with an address on it."""
    bridge = Bridge(env, options)
    guests = [bridge.guest(number) for number in range(2)]
    return bridge, guests, bridge.host()


@steady
def external(env):
    """With the PF as uplink: all reach all."""
    bridge, guests, host = switch(env)
    bridge.add_pf()
    matrix([*guests, host, env.wire, env.vf[0]])


@steady
def internal(env):
    """Without an uplink: the guests and the host, and nobody else. Given an uplink, it is an
    external one."""
    bridge, guests, host = switch(env)
    matrix([*guests, host], [env.wire, env.vf[0]])
    bridge.add_pf()
    matrix([*guests, host, env.wire, env.vf[0]])


@steady
def private(env):
    """The host is in none of the bridge's VLANs: the guests only, whatever address the host has
    there. Given its VLAN back, it is an internal one."""
    bridge, guests, host = switch(env, "vlan_filtering 1")
    sh(f"bridge vlan del dev {bridge.dev} vid 1 self")
    matrix(guests, [host], [env.wire, env.vf[0]])
    sh(f"bridge vlan add dev {bridge.dev} vid 1 pvid untagged self")
    matrix([*guests, host], [env.wire, env.vf[0]])


if __name__ == "__main__":
    kawela_run([external, internal, private], vfs=1)
