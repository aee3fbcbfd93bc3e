#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""VMQ: a macvlan or macvtap on a PF with l2-fwd-offload gets a VPort with a queue of its own.

Its frames come by that queue and not by the PF's; groups still come by the PF, once.
Without a VPort left it works in software.
"""

import os
import stat

from lib.py import (Devlink, Flow, Listener, Station, both_ways, defer, inside, kawela_run, ksft_eq,
                    ksft_in, ksft_true, mac_bytes, ping, send_frames,
                    set_hwmode, sh, silent, steady, tcp_both_ways, vport_interrupt, wait_for)

BROADCAST = "ff:ff:ff:ff:ff:ff"
ALL_HOSTS = "01:00:5e:00:00:01"
VNET_HEADER = 10


def mac(number):
    return f"02:00:00:00:06:{number:02x}"


def gone(one):
    """Now, not when the namespace is cleaned up: the next case wants the same address."""
    one.ip(f"link del {one.dev}", fail=False)
    sh("ip netns del " + one.ns)


def stations(env, *numbers, mode="private", kind="macvlan"):
    """macvlans on the PF, in namespaces of their own, gone after the case; offloaded if
    the PF does."""
    found = []
    for number in numbers:
        one = Station(f"mv{number}", 60 + number, f"kw-mv{number}")
        sh(f"ip link add link {env.pf.dev} name tmp{number} address {mac(number)} "
           f"type {kind} mode {mode}")
        sh("ip netns add " + one.ns)
        one.adopt(f"tmp{number}")
        defer(gone, one)
        found.append(one.up())
    env.wire.forget_neighbours()
    return found


def offload(env, on=True):
    """Switch it; on, until the case ends."""
    env.pf.ethtool(f"-K {env.pf.dev} l2-fwd-offload {'on' if on else 'off'}")
    if on:
        defer(offload, env, False)


def automatic(devlink):
    """The ports of stations."""
    return {index: port for index, port in devlink.ports().items()
            if port["flavour"] == "pcisf"}


def interrupts(env, sfnum):
    found = vport_interrupt(env.pci, sfnum)
    return sum(found[1]) if found else None


def received(station):
    return station.link()["stats64"]["rx"]["packets"]


@steady
def own_queue(env):
    """An offloaded macvlan receives by its VPort's queue, and devlink shows it."""
    devlink = Devlink(env.pci)
    offload(env)
    one, = stations(env, 1)
    ports = wait_for(lambda: automatic(devlink), "a port of the station")
    index, port = next(iter(ports.items()))
    ksft_eq(port["function"]["state"], "active")
    ksft_eq(port["function"]["hw_addr"], one.mac)
    ksft_eq(env.regs.rars()[one.mac], {index - 16})

    both_ways(env.wire, one)
    with Flow(env.wire, one) as flow:
        flow.flows()
        before = interrupts(env, port["sfnum"]), received(env.pf), received(one)
        flow.flows(200)
        after = interrupts(env, port["sfnum"]), received(env.pf), received(one)
    rise = [a - b for a, b in zip(after, before)]
    ksft_true(rise[0] > 0, f"interrupts of the VPort: {rise[0]}")
    ksft_true(rise[2] >= 200, f"frames of the macvlan: {rise[2]}")
    ksft_true(rise[1] < rise[2] // 2, f"frames by the PF's own queues: {rise[1]}")
    tcp_both_ways(one, env.wire)

    ksft_in("belongs to macvlan " + one.dev,
            devlink.refuse(f"port del {devlink.handle}/{index}"))
    ksft_in("belongs to macvlan",
            devlink.refuse(f"port function set {devlink.handle}/{index} hw_addr {mac(9)}"))
    one.ip("link del " + one.dev)
    wait_for(lambda: not automatic(devlink), "the port to go")
    ksft_true(mac(1) not in env.regs.rars())


@steady
def groups_once(env):
    """A broadcast reaches a station once, though PF and VPort are both there."""
    offload(env)
    one, two = stations(env, 1, 2)
    with Listener(one) as first, Listener(two) as second:
        send_frames(env.wire, [BROADCAST] * 5 + [ALL_HOSTS, one.mac, two.mac])
        for listener, station in ((first, one), (second, two)):
            # behind the broadcasts, on the PF's queue and on the VPort's
            listener.wait(ALL_HOSTS)
            listener.wait(station.mac)
            ksft_eq(listener.count(BROADCAST), 5, f"broadcasts at {station}")
    both_ways(one, env.wire)
    both_ways(two, env.wire)


def offloaded(env, mode):
    """Two stations in that mode, each with a VPort; both reach the wire."""
    devlink = Devlink(env.pci)
    offload(env)
    found = stations(env, 1, 2, mode=mode)
    wait_for(lambda: len(automatic(devlink)) == 2, f"ports of stations in mode {mode}")
    pools = {index - 16 for index in automatic(devlink)}
    rars = env.regs.rars()
    ksft_eq(rars[found[0].mac] | rars[found[1].mac], pools, mode)
    for one in found:
        both_ways(one, env.wire)
    return found


@steady
def vepa(env):
    """Mode vepa: macvlan leaves it to the switch, which is the NIC's, or on the wire."""
    one, two = offloaded(env, "vepa")
    both_ways(one, two)
    set_hwmode(env, "vepa")
    defer(set_hwmode, env, "veb")
    ksft_true(silent(one, two), "the wire here reflects nothing")


@steady
def bridge(env):
    """Mode bridge: macvlan hands frames from station to station."""
    both_ways(*offloaded(env, "bridge"))


@steady
def passthru(env):
    """Mode passthru takes all that the PF hears, which no VPort does."""
    offload(env)
    one, = stations(env, 1, mode="passthru")
    both_ways(one, env.wire)
    ksft_eq(automatic(Devlink(env.pci)), {})


def tap(one):
    """The file of a macvtap. It looks its netdev up in the namespace of who opens it."""
    index = one.link()["ifindex"]
    device = one.sh(f"cat /sys/class/net/{one.dev}/tap{index}/dev").stdout
    path = f"/dev/kw-tap{index}"
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(*map(int, device.split(":"))))
    defer(os.unlink, path)
    with inside(one.ns):
        file = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    defer(os.close, file)
    return file


def read_frame(file, dst):
    """The next frame if it is one to that address."""
    try:
        frame = os.read(file, 4096)[VNET_HEADER:]
    except BlockingIOError:
        return None
    return frame if frame[:6] == mac_bytes(dst) else None


@steady
def macvtap(env):
    """A macvtap has a VPort, too: what is sent to it is read from its file."""
    devlink = Devlink(env.pci)
    offload(env)
    one, = stations(env, 1, mode="bridge", kind="macvtap")
    file = tap(one)
    index, port = next(iter(wait_for(lambda: automatic(devlink), "a port of it").items()))
    ksft_eq(env.regs.rars()[one.mac], {index - 16})
    before = interrupts(env, port["sfnum"])
    send_frames(env.wire, [one.mac])
    frame = wait_for(lambda: read_frame(file, one.mac), "a frame in the file")
    ksft_true(interrupts(env, port["sfnum"]) > before, "interrupts of the VPort")
    with Listener(env.wire) as wire:
        os.write(file, bytes(VNET_HEADER) + mac_bytes(env.wire.mac) + frame[6:])
        wire.wait(env.wire.mac)


@steady
def exhausted(env):
    """The eighth VPort cannot be: the macvlan works in software."""
    devlink = Devlink(env.pci)
    offload(env)
    found = stations(env, *range(1, 9))
    wait_for(lambda: len(automatic(devlink)) == 7, "seven ports of stations")
    ksft_eq(env.regs.rars()[found[7].mac], {7}, "the eighth is received by the PF")
    for one in (found[0], found[6], found[7]):
        both_ways(one, env.wire)
    ksft_true(env.log.lines("not offloaded"))


@steady
def address_taken(env):
    """With the address of a VPort of the PF a macvlan works in software, as far as it goes,
    and the log says why."""
    devlink = Devlink(env.pci)
    index = devlink.add_sf(1)
    defer(devlink.drop, index)
    devlink.set(index, f"hw_addr {mac(1)} state active")
    offload(env)
    stations(env, 1)
    ksft_eq(len(automatic(devlink)), 1, "the VPort that is not a station's")
    ksft_true(env.log.lines("not offloaded: somebody else"))


@steady
def vlan(env):
    """A VLAN on an offloaded macvlan."""
    offload(env)
    one, = stations(env, 1)
    upper = [one.vlan(5), env.wire.vlan(5)]
    defer(env.wire.vlan_del, 5)
    both_ways(*upper)
    both_ways(one, env.wire)


@steady
def address_change(env):
    """A station changes its address and keeps its VPort."""
    devlink = Devlink(env.pci)
    offload(env)
    one, = stations(env, 1)
    index = next(iter(wait_for(lambda: automatic(devlink), "a port of the station")))
    one.ip(f"link set dev {one.dev} address {mac(5)}")
    wait_for(lambda: mac(5) in env.regs.rars() and mac(1) not in env.regs.rars(),
             "the filter to follow")
    ksft_eq(env.regs.rars()[mac(5)], {index - 16})
    env.wire.forget_neighbours()
    both_ways(one, env.wire)


@steady
def address_of_another(env):
    """It takes the address of a VPort of the PF, and goes on in software."""
    devlink = Devlink(env.pci)
    offload(env)
    one, = stations(env, 1)
    wait_for(lambda: automatic(devlink), "a port of the station")
    index = devlink.add_sf(9)
    defer(devlink.drop, index)
    devlink.set(index, f"hw_addr {mac(5)} state active")
    one.ip(f"link set dev {one.dev} address {mac(5)}")
    wait_for(lambda: set(automatic(devlink)) == {index}, "the station's port to go")
    one.ip(f"link set dev {one.dev} address {mac(1)}")
    both_ways(one, env.wire)


@steady
def vlans_full(env):
    """The PF joins one VLAN more than its station can: that goes on in software, with all."""
    devlink = Devlink(env.pci)
    offload(env)
    one, = stations(env, 1)
    wait_for(lambda: automatic(devlink), "a port of the station")
    vids = range(100, 116)
    defer(env.pf.batch, "ip", [f"link del {env.pf.dev}.{vid}" for vid in vids], fail=False)
    for vid in vids:
        ksft_eq(len(automatic(devlink)), 1, f"ports before VLAN {vid}")
        sh(f"ip link add link {env.pf.dev} name {env.pf.dev}.{vid} type vlan id {vid}")
    wait_for(lambda: not automatic(devlink), "the port to go")
    both_ways(one, env.wire)
    # not one of the PF's own, which gets those first
    upper = [one.vlan(99), env.wire.vlan(99)]
    defer(env.wire.vlan_del, 99)
    both_ways(*upper)


@steady
def switched_off(env):
    """Offload off: the stations go on in software."""
    devlink = Devlink(env.pci)
    offload(env)
    one, = stations(env, 1)
    with Flow(env.wire, one) as flow:
        flow.flows()
        offload(env, False)
        flow.flows()
    wait_for(lambda: not automatic(devlink), "the port to go")
    wait_for(lambda: env.regs.rars().get(one.mac), "the PF to receive for it")
    ping(env.wire, one)


def pf_changes(env):
    """Down and up, MTU, reset of the PF: the station is back."""
    offload(env)
    one, = stations(env, 1)
    env.pf.down()
    env.pf.up()
    both_ways(one, env.wire)
    env.pf.ip(f"link set dev {env.pf.dev} mtu 1400")
    defer(env.pf.ip, f"link set dev {env.pf.dev} mtu 1500")
    both_ways(one, env.wire)
    env.pci.reset()
    env.pf.wait_carrier()
    one.wait_carrier()
    both_ways(one, env.wire)
    ksft_true(7 not in env.regs.rars()[one.mac])


def vmq_off(env):
    """With the parameter vmq off a station works in software; one that was there stays."""
    devlink = Devlink(env.pci)
    offload(env)
    one, = stations(env, 1)
    wait_for(lambda: len(automatic(devlink)) == 1, "a port of the station")
    devlink.change_param(env, "vmq", "false")
    devlink.reload()
    two, = stations(env, 2)
    ksft_eq(len(automatic(devlink)), 1, "ports of stations")
    ksft_eq(env.regs.rars()[two.mac], {7}, "who receives for the second")
    ksft_true(env.log.lines("not offloaded: .*vmq"))
    for station in (env.pf, env.wire, one):
        station.wait_carrier()
    both_ways(one, env.wire)
    both_ways(two, env.wire)


if __name__ == "__main__":
    kawela_run([own_queue, groups_once, vepa, bridge, passthru, macvtap, exhausted, address_taken,
                vlan, address_change, address_of_another, vlans_full, switched_off, pf_changes,
                vmq_off], vfs=0)
