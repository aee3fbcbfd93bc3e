#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --backports
"""A VPort of the PF carries traffic, as a netdev of its own.

To the wire, to a VF, to the PF and to another VPort; it survives what happens to
the PF, and what is under way when it is deleted does no harm.
"""

import json

from lib.py import (Devlink, Flood, Flow, all_ping, both_ways, defer, kawela_run, ksft_eq,
                    ksft_ge, ksft_in, ksft_true, ping, sh, steady, tcp_both_ways, vf_mac, wait_for)


def make(env, *numbers, **options):
    """VPorts of the PF, deleted after the case."""
    devlink = Devlink(env.pci)
    stations = [devlink.vport(number, **options) for number in numbers]
    for station in env.stations + stations:
        station.forget_neighbours()
    return stations


def interval(env, vport):
    """What EITR of a VPort's vector says: the highest pool has vector 3."""
    with env.pci.bar() as bar:
        return (bar[0x1680 + 4 * (3 + 6 - vport.pool)] & 0x7ffc) >> 2


@steady
def traffic(env):
    """Two VPorts, a VF, the PF and the wire: everybody reaches everybody."""
    one, two = make(env, 1, 2)
    ksft_eq(env.regs.rars()[one.mac], {one.pool})
    stations = env.stations + [one, two]
    all_ping(stations)
    ping(one, env.wire, v6=True)
    for other in (env.wire, env.vf[0], env.pf, two):
        tcp_both_ways(one, other)


@steady
def address_taken(env):
    """It does not come up with an address that somebody else has, and says so."""
    devlink = Devlink(env.pci)
    index = devlink.add_sf(1)
    defer(devlink.drop, index)
    devlink.set(index, "state active")
    dev = devlink.netdev(index)
    sh(f"ip link set dev {dev} address {vf_mac(0)}")
    ksft_in("File exists", sh(f"ip link set dev {dev} up", fail=False).text)
    ksft_true(env.log.lines("not opened: somebody else"))
    both_ways(env.vf[0], env.wire)
    sh(f"ip link set dev {dev} address 02:00:00:00:03:01")
    sh(f"ip link set dev {dev} up")


@steady
def vlans_and_mtu(env):
    """A VLAN on top of a VPort; large frames."""
    one, = make(env, 1)
    for station in (one, env.wire, env.vf[0]):
        station.ip(f"link set dev {station.dev} mtu 9000")
        defer(station.ip, f"link set dev {station.dev} mtu 1500", fail=False)
    upper = [station.vlan(7) for station in (one, env.wire, env.vf[0])]
    for station in (env.wire, env.vf[0]):
        defer(station.vlan_del, 7)
    ksft_in(one.pool, env.regs.vlans()[7])
    all_ping(upper)
    all_ping(upper, size=8000, whole=True)
    one.vlan_del(7)
    ksft_true(one.pool not in env.regs.vlans().get(7, set()))
    both_ways(one, env.wire)


@steady
def addresses(env):
    """Secondary addresses and groups."""
    one, = make(env, 1)
    mac = "02:00:00:00:04:01"
    upper = one.macvlan(60, mac)
    wait_for(lambda: env.regs.rars().get(mac) == {one.pool}, "a filter of the secondary address")
    both_ways(upper, env.wire)
    one.ip(f"link del {upper.dev}")
    wait_for(lambda: mac not in env.regs.rars(), "the filter to go")


@steady
def too_many_addresses(env):
    """More than the table has: promiscuous, until a list fits again; over down and up, too."""
    one, = make(env, 1)
    macs = [f"02:00:00:00:05:{i:02x}" for i in range(24)]
    before = env.regs.rars()

    def promiscuous():
        return bool(env.regs.vmolr(one.pool) & env.regs.VMOLR_ROPE)

    def placed():
        return [mac for mac in macs if env.regs.rars().get(mac) == {one.pool}]

    for mac in macs:
        sh(f"ip netns exec {one.ns} bridge fdb add {mac} dev {one.dev} self permanent")
    wait_for(promiscuous, "the VPort to be promiscuous")
    ksft_true(0 < len(placed()) < len(macs), f"{len(placed())} have an entry")
    both_ways(one, env.wire)
    for mac in macs[2:]:
        sh(f"ip netns exec {one.ns} bridge fdb del {mac} dev {one.dev} self")
    wait_for(lambda: not promiscuous() and placed() == macs[:2], "the two that are left")
    one.down()
    one.up()
    wait_for(lambda: placed() == macs[:2], "the two after down and up")
    for mac in macs[:2]:
        sh(f"ip netns exec {one.ns} bridge fdb del {mac} dev {one.dev} self")
    wait_for(lambda: env.regs.rars() == before, "the table as it was")


@steady
def two_queue_pairs(env):
    """A VPort with two queue pairs."""
    one, = make(env, 1, max_io_eqs=2)
    both_ways(one, env.wire)
    tcp_both_ways(one, env.wire)


@steady
def settings(env):
    """Rings, moderation, down and up."""
    one, = make(env, 1)
    one.ethtool(f"-G {one.dev} rx 128 tx 256")
    rings = json.loads(one.ethtool(f"--json -g {one.dev}").stdout)[0]
    ksft_eq((rings["rx"], rings["tx"]), (128, 256))
    for usecs in (100, 0, 250):
        one.ethtool(f"-C {one.dev} adaptive-rx off rx-usecs {usecs}")
        ksft_eq(json.loads(one.ethtool(f"--json -c {one.dev}").stdout)[0]["rx-usecs"], usecs)
        ksft_eq(interval(env, one), usecs, "microseconds in EITR")
    ksft_in("kawela_pf", one.ethtool(f"-i {one.dev}").stdout)
    ksft_in("Speed: 1000Mb/s", one.ethtool(one.dev).stdout)
    before = one.ethtool_stats()["rx0_packets"]
    both_ways(one, env.wire)
    ksft_ge(one.ethtool_stats()["rx0_packets"] - before, 3)
    one.down()
    ksft_true(one.pool not in env.regs.gates()[0])
    one.up()
    both_ways(one, env.wire)


@steady
def neighbour_in_peace(env):
    """Another VPort comes and goes: the PF and the first lose nothing of a slow flow."""
    one, = make(env, 1)
    with Flow(env.wire, env.pf) as host, Flow(env.wire, one) as flow:
        host.flows()
        flow.flows()
        make(env, 2)
        host.flows()
        flow.flows()
        lost = host.lost(), flow.lost()
    ksft_true(max(lost) <= 3, f"lost {lost}")


@steady
def deleted_under_traffic(env):
    """A VPort that sends and receives all it can is deleted; the others go on."""
    devlink = Devlink(env.pci)
    one, two = make(env, 1, 2)
    with Flood((one, env.wire), (env.wire, one), (one, two)), Flow(two, env.wire) as flow:
        flow.flows()
        devlink.delete(one.index)
        flow.flows()
    ksft_true(one.index not in devlink.ports())
    ksft_true(one.pool not in env.regs.gates()[0])
    all_ping(env.stations + [two])


def pf_reset(env):
    """A reset of the PF: the VPorts are back by themselves, with all they had."""
    one, two = make(env, 1, 2)
    for station in (one, env.wire):
        station.vlan(7)
    defer(env.wire.vlan_del, 7)
    env.pci.reset()
    env.pf.wait_carrier()
    one.wait_carrier()
    for station in env.vf:
        station.wait_carrier()
    all_ping(env.stations + [one, two])
    ksft_eq(env.regs.rars()[one.mac], {one.pool})
    ksft_in(one.pool, env.regs.vlans()[7])


@steady
def pf_down(env):
    """The PF's netdev goes down; its VPorts go on."""
    one, = make(env, 1)
    defer(env.pf.up)
    env.pf.down()
    both_ways(one, env.wire)
    both_ways(one, env.vf[0])


def carrier(env):
    """The carrier of a VPort is the port's, from the beginning: `ip link` says UP, not UNKNOWN."""
    one, = make(env, 1)
    wait_for(lambda: one.link()["operstate"] == "UP", "a VPort that is up")
    defer(sh, "qmp set_link name=pf0 up=true")
    sh("qmp set_link name=pf0 up=false")
    one.wait_carrier(False)
    sh("qmp set_link name=pf0 up=true")
    one.wait_carrier()
    both_ways(one, env.wire)


def driver_goes(env):
    """The driver goes with VPorts up and traffic on them."""
    one, = make(env, 1)
    with Flood((env.wire, one), (one, env.wire)):
        env.remove_vfs()
        env.pci.unbind()
    env.load()
    both_ways(env.pf, env.wire)


if __name__ == "__main__":
    kawela_run([traffic, address_taken, vlans_and_mtu, addresses, too_many_addresses, two_queue_pairs,
                settings, neighbour_in_peace, deleted_under_traffic, pf_reset, pf_down, carrier, driver_goes],
               vfs=1)
