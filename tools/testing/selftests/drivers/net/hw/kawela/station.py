#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""VMQ: a macvlan on a PF with l2-fwd-offload gets a VPort with a queue of its own.

Its frames come by that queue and not by the PF's; groups still come by the PF, once.
Without a VPort left it works in software.
"""

import re

from lib.py import (Devlink, Flow, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_true,
                    Station, ping, read_file, sh, tcp_both_ways, wait_for)


def mac(number):
    return f"02:00:00:00:06:{number:02x}"


def gone(one):
    """Now, not when the namespace is cleaned up: the next case wants the same address."""
    one.ip(f"link del {one.dev}", fail=False)
    sh("ip netns del " + one.ns)


def stations(env, *numbers):
    """macvlans on the PF, in namespaces of their own, gone after the case; offloaded if
    the PF does."""
    found = []
    for number in numbers:
        one = Station(f"mv{number}", 60 + number, f"kw-mv{number}")
        sh(f"ip link add link {env.pf.dev} name tmp{number} address {mac(number)} "
           "type macvlan mode private")
        sh("ip netns add " + one.ns)
        one.adopt(f"tmp{number}")
        defer(gone, one)
        found.append(one.up())
    env.wire.forget_neighbours()
    return found


def offload(env, on=True):
    env.pf.ethtool(f"-K {env.pf.dev} l2-fwd-offload {'on' if on else 'off'}")


def automatic(devlink):
    """The ports of stations."""
    return {index: port for index, port in devlink.ports().items()
            if port["flavour"] == "pcisf"}


def interrupts(env, sfnum):
    line = re.search(rf"^ *\d+:([ \d]+) .*{re.escape(env.pci.bdf)}:sf{sfnum}$",
                     read_file("/proc/interrupts"), re.MULTILINE)
    return sum(int(count) for count in line[1].split()) if line else None


def received(station):
    return station.link()["stats64"]["rx"]["packets"]


def own_queue(env):
    """An offloaded macvlan receives by its VPort's queue, and devlink shows it."""
    devlink = Devlink(env.pci)
    changes = env.carrier_changes()
    offload(env)
    defer(offload, env, False)
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
    ksft_true(rise[0] > 20, f"interrupts of the VPort: {rise[0]}")
    ksft_true(rise[1] < 50, f"frames by the PF's own queues: {rise[1]}")
    ksft_true(rise[2] >= 200, f"frames of the macvlan: {rise[2]}")
    tcp_both_ways(one, env.wire)

    ksft_in("belongs to macvlan " + one.dev,
            devlink.refuse(f"port del {devlink.handle}/{index}"))
    ksft_in("belongs to macvlan",
            devlink.refuse(f"port function set {devlink.handle}/{index} hw_addr {mac(9)}"))
    one.ip("link del " + one.dev)
    wait_for(lambda: not automatic(devlink), "the port to go")
    ksft_true(mac(1) not in env.regs.rars())
    ksft_eq(env.carrier_changes(), changes, "carrier changes of the PF")


def groups_once(env):
    """A broadcast reaches a station once, though PF and VPort are both there."""
    offload(env)
    defer(offload, env, False)
    one, two = stations(env, 1, 2)
    env.wire.sh("ping -n -q -c 1 -W 1 " + one.v4, fail=False)
    before = received(one)
    done = env.wire.sh("ping -n -c 5 -i 0.2 -W 2 -b 198.18.0.255", fail=False)
    rise = received(one) - before
    ksft_true(5 <= rise <= 8, f"{rise} frames for 5 broadcasts: {done.text}")
    both_ways(one, env.wire)
    both_ways(two, env.wire)


def exhausted(env):
    """The eighth VPort cannot be: the macvlan works in software."""
    devlink = Devlink(env.pci)
    offload(env)
    defer(offload, env, False)
    found = stations(env, *range(1, 9))
    wait_for(lambda: len(automatic(devlink)) == 7, "seven ports of stations")
    ksft_eq(env.regs.rars()[found[7].mac], {7}, "the eighth is received by the PF")
    for one in (found[0], found[6], found[7]):
        both_ways(one, env.wire)
    ksft_true(env.log.lines("not offloaded"))


def vlan(env):
    """A VLAN on an offloaded macvlan."""
    offload(env)
    defer(offload, env, False)
    one, = stations(env, 1)
    upper = [one.vlan(5), env.wire.vlan(5)]
    defer(env.wire.vlan_del, 5)
    both_ways(*upper)
    both_ways(one, env.wire)


def address_change(env):
    """A station changes its address and keeps its VPort."""
    devlink = Devlink(env.pci)
    offload(env)
    defer(offload, env, False)
    one, = stations(env, 1)
    index = next(iter(wait_for(lambda: automatic(devlink), "a port of the station")))
    one.ip(f"link set dev {one.dev} address {mac(5)}")
    wait_for(lambda: mac(5) in env.regs.rars() and mac(1) not in env.regs.rars(),
             "the filter to follow")
    ksft_eq(env.regs.rars()[mac(5)], {index - 16})
    env.wire.forget_neighbours()
    both_ways(one, env.wire)


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
    defer(offload, env, False)
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


if __name__ == "__main__":
    kawela_run([own_queue, groups_once, exhausted, vlan, address_change, switched_off,
                pf_changes], vfs=0)
