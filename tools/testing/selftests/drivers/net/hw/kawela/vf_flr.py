#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300
"""Function level reset of a VF: with the netdev up, down, under traffic, and
without a driver, where nothing that the VF had asked for may be left."""

from lib.py import (MAC_ADD, SET_MAC, SET_MULTICAST, SET_VLAN, Flood, Flow, Guest, all_ping,
                    both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_true, mac_words, on_vlan,
                    steady, vf_mac, wait_for)

SECOND_MAC = "02:00:00:00:03:01"
VID = 33


@steady
def netdev_up(env):
    """The VF driver connects again, and the VF's VLAN is back."""
    for station in (env.vf[0], env.wire):
        on_vlan(station, VID)
    wait_for(lambda: VID in env.regs.pool_vlans(0), "VF 0 on its VLAN")
    env.vf_pci[0].reset()
    env.vf[0].wait_carrier()
    all_ping(env.stations)
    ksft_eq(env.vf[0].mac, vf_mac(0))
    wait_for(lambda: VID in env.regs.pool_vlans(0), "VF 0 on its VLAN again")


@steady
def netdev_down(env):
    """A reset of a VF whose netdev is down ends, and the netdev works after it."""
    env.vf[0].down()
    env.vf_pci[0].reset()
    env.vf_pci[0].reset()
    env.vf[0].up()
    all_ping(env.stations)


@steady
def under_traffic(env):
    """Several times with frames in flight; the other VF's traffic goes on."""
    with Flow(env.vf[1], env.wire) as other, \
         Flood((env.vf[0], env.wire), (env.wire, env.vf[0])):
        for _ in range(5):
            env.vf_pci[0].reset()
            other.flows()
            env.vf[0].wait_carrier()
    all_ping(env.stations)


@steady
def filters_gone(env):
    """After a reset the switch knows nothing of what a VF had asked for."""
    env.vf_pci[1].unbind()
    defer(lambda: env.bind_vf(1))
    env.set_vf_mac(1, "00:00:00:00:00:00")
    defer(env.set_vf_mac, 1, vf_mac(1))
    quiet = env.regs.multicast()
    with Guest(env.vf_pci[1]) as guest:
        ksft_true(guest.connect(), "the PF answers")
        ksft_true(guest.accepted([SET_MAC] + mac_words("02:00:00:00:03:00")))
        ksft_true(guest.accepted([SET_MAC | MAC_ADD] + mac_words(SECOND_MAC)))
        ksft_true(guest.accepted([SET_VLAN | 1 << 16, VID]))
        ksft_true(guest.accepted([SET_MULTICAST | 1 << 16, 0x0abc]))
        ksft_in(SECOND_MAC, env.regs.pool_macs(1))
        ksft_in(VID, env.regs.pool_vlans(1))
        ksft_in((0xabc >> 5, 0xabc & 31), env.regs.multicast())

    env.vf_pci[1].reset()
    wait_for(lambda: 1 not in env.regs.gates()[0], "the gates of VF 1 to close")
    wait_for(lambda: not env.regs.pool_macs(1), "the addresses of VF 1 to go")
    ksft_eq(env.regs.pool_vlans(1) - {0}, set())
    ksft_eq(env.regs.multicast() - quiet, set())
    ksft_true(1 not in env.regs.gates()[1], "VF 1 may not send")
    both_ways(env.vf[0], env.wire)


if __name__ == "__main__":
    kawela_run([netdev_up, netdev_down, under_traffic, filters_gone])
