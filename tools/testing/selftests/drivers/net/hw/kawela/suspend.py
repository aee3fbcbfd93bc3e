#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --sleep --not-on-debug
"""The host sleeps and wakes up, as far as drivers can tell: the kernel's own test of
suspend goes through their callbacks and then turns round."""

from lib.py import (Flow, Wanted, all_ping, defer, kawela_run, ksft_eq, ksft_true, on_vlan,
                    read_file, suspend, vf_mac, wait_for, want_others, want_vf)

VID = 5


def sessions(env):
    return [station.ethtool_stats()["session_connects"] for station in env.vf]


def in_order(env, ifindex):
    """Everything is as it was, the netdevs are the same ones."""
    for station in [env.pf] + env.vf:
        station.wait_carrier()
    ksft_eq([s.link()["ifindex"] for s in env.stations], ifindex)
    ksft_eq(env.num_vfs(), len(env.vf))
    for number, station in enumerate(env.vf):
        ksft_eq(env.vf_config(number)["address"], vf_mac(number))
        ksft_eq(station.mac, vf_mac(number))
    wait_for(lambda: VID in env.regs.pool_vlans(0), f"VF 0 on VLAN {VID}")
    all_ping(env.stations)


def sleep_under_traffic(env, level):
    """Flows go on after it, the VFs connected again, addresses and VLANs hold."""
    for station in (env.vf[0], env.wire):
        on_vlan(station, VID)
    ifindex = [s.link()["ifindex"] for s in env.stations]
    connects = sessions(env)
    flows = [Flow(env.vf[0], env.wire), Flow(env.wire, env.vf[1]), Flow(env.wire, env.pf)]
    for flow in flows:
        defer(flow.stop)
        flow.flows()
    suspend(env, level)
    for flow in flows:
        flow.flows()
    in_order(env, ifindex)
    for old, new in zip(connects, sessions(env)):
        ksft_true(new > old, "the VF connected again")


def devices(env):
    """The drivers' suspend and resume."""
    sleep_under_traffic(env, "devices")


def platform(env):
    """The same, with the functions in D3hot in between."""
    sleep_under_traffic(env, "platform")


def while_down(env):
    """The PF's and one VF's netdev are closed: they stay so, and open afterwards."""
    env.pf.down()
    env.vf[0].down()
    defer(env.vf[0].up)
    defer(env.pf.up)
    suspend(env, "platform")
    ksft_eq(read_file(f"/sys/class/net/{env.pf.dev}/operstate"), "down")
    ksft_true(not env.vf[0].carrier())
    env.vf[1].wait_carrier()
    all_ping([env.vf[1], env.wire])
    env.pf.up()
    env.vf[0].up()
    all_ping(env.stations)


def what_is_wanted(env):
    """What the administrator said of VFs, receive filters, VEPA and VPorts holds."""
    want_vf(env)
    want_others(env)
    wanted = Wanted(env)
    for level in ("devices", "platform"):
        suspend(env, level)
        wanted.holds(level)


if __name__ == "__main__":
    kawela_run([devices, platform, while_down, what_is_wanted])
