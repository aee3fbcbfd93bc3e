#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""The PF's netdev is administratively down, and the VFs do not mind.

They reach each other and the wire, their mailbox is served, and a VF driver that
comes now finds a PF. The stock pair shuts all VFs down instead.
"""

from lib.py import all_ping, defer, kawela_run, ksft_true, on_vlan, ping, tcp_both_ways, wait_for


def guests(env):
    return env.vf + [env.wire]


def take_down(env):
    env.pf.down()
    defer(env.pf.up)


def traffic_goes_on(env):
    """Between VFs, and between VFs and the wire."""
    take_down(env)
    for station in env.vf:
        ksft_true(station.carrier(), f"carrier of {station}")
    all_ping(guests(env))
    tcp_both_ways(env.vf[0], env.vf[1], size=1 << 20)


def mailbox_is_served(env):
    """A VF joins a VLAN and takes a larger MTU while the PF is down."""
    take_down(env)
    uppers = []
    for station in guests(env):
        uppers.append(on_vlan(station, 7))
    all_ping(uppers)
    wait_for(lambda: env.regs.pool_vlans(0) >= {7}, "the VLAN of VF 0")


def vf_driver_comes(env):
    """A VF driver is bound while the PF is down."""
    take_down(env)
    env.vf_pci[1].unbind()
    env.bind_vf(1)
    all_ping(guests(env))


def up_again(env):
    """The PF is back and reaches everybody; the VFs have not noticed."""
    for _ in range(2):
        env.pf.down()
        env.pf.up()
    all_ping(env.stations)
    ping(env.pf, env.vf[0], v6=True)


if __name__ == "__main__":
    kawela_run([traffic_goes_on, mailbox_is_served, vf_driver_comes, up_again])
