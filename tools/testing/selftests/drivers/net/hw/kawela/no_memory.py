#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400 --not-on-stock
"""An allocation fails, one after the other: a verb that gives up has changed nothing, and
what worked before works on.

sriov_numvfs is not among the verbs: the PCI core (6.12) stops with a BUG when it has no
memory for a VF.
"""

import errno
import re

from lib.py import (Devlink, NlError, OneCall, OnePort, Station, allow_faults, both_ways, defer,
                    kawela_run, ksft_eq, ksft_in, ksft_raises, ksft_true, no_memory_at_all,
                    no_pages, ping, sh, starve, wait_for)

STATION = "02:00:00:00:06:01"


def says_memory(error):
    """What a verb raised says why. Of a netdev that there is no memory to name, device_add()
    says that the name is not valid."""
    code = -error.nl_msg.error if isinstance(error, NlError) else error.errno
    ksft_in(code, (errno.ENOMEM, errno.ENOBUFS, errno.EINVAL), str(error))


def setting(env, station, verb, shows, old, new, fails=True):
    """A setting is either as before or as wanted; packets flow in both cases."""
    verb(old)

    def check(error):
        if error:
            says_memory(error)
        ksft_eq(shows(), old if error else new)
        ping(station, env.wire, count=1)
        verb(old)
        ksft_eq(shows(), old)

    ksft_eq(starve(lambda: verb(new), check) > 0, fails, "there is something to fail")
    ping(env.wire, station)


def small(env):
    """One queue and short rings: as few allocations as there can be."""
    allow_faults()
    one = OneCall(env.pf)
    env.pf.ethtool(f"-L {env.pf.dev} combined 1")
    env.pf.ethtool(f"-G {env.pf.dev} rx 80 tx 80")
    env.pf.wait_carrier()
    return one


def small_vf(env):
    """A VF with short rings."""
    allow_faults()
    env.make_vfs(1)
    defer(env.remove_vfs)
    env.vf[0].ethtool(f"-G {env.vf[0].dev} rx 80 tx 80")
    env.vf[0].wait_carrier()
    return env.vf[0], OneCall(env.vf[0])


def rings_shown(station):
    """RX and TX."""
    lines = station.ethtool(f"-g {station.dev}").stdout.partition("Current")[2]
    return tuple(int(number) for number in re.findall(r"^[RT]X:\s+(\d+)", lines, re.MULTILINE))


def mtu(env):
    """The longest frame."""
    setting(env, env.pf, small(env).mtu, lambda: env.pf.link()["mtu"], 1500, 4000)


def channels(env):
    """The number of queues."""
    def shows():
        lines = env.pf.ethtool(f"-l {env.pf.dev}").stdout.partition("Current")[2]
        return int(lines.partition("Combined:")[2].split()[0])

    setting(env, env.pf, small(env).channels, shows, 1, 2)


def open_netdev(env, station, one):
    """A netdev stays down, and comes up at the next attempt."""
    one.down()
    defer(station.up)

    def check(error):
        if error:
            says_memory(error)
        ksft_eq("UP" in station.link()["flags"], not error)
        one.down()

    ksft_true(starve(one.up, check), "there is something to fail")
    station.up()
    ping(station, env.wire)


def open_pf(env):
    """The PF's."""
    open_netdev(env, env.pf, small(env))


def vf_verbs(env):
    """The same of a VF: open, ring sizes, MTU. The rings stay for that, and are filled later."""
    vf, one = small_vf(env)
    open_netdev(env, vf, one)
    setting(env, vf, lambda size: one.rings(size[0]), lambda: rings_shown(vf), (80, 80), (96, 96))
    setting(env, vf, one.mtu, lambda: vf.link()["mtu"], 1500, 4000, fails=False)


def vf_without_rings(env):
    """No memory for other rings, nor for those of before: the VF has them again when there is."""
    vf, one = small_vf(env)
    try:
        with no_pages():
            one.rings(96)
        ksft_true(False, "there was memory")
    except OSError as error:
        says_memory(error)
    ksft_eq(rings_shown(vf), (80, 80))
    ping(vf, env.wire)
    ping(env.wire, vf)


def add_vport(env):
    """The first VPort of the PF, for which the PF's own queues move: it is there or not, and
    the PF has queues in both cases."""
    small(env)
    devlink, one = Devlink(env.pci), OnePort(env.pci)
    free, ports = devlink.occupancy(), devlink.ports()

    def check(error):
        if error:
            says_memory(error)
        # with an error, too, if devlink had no memory for its answer, after the port was made
        new = set(devlink.ports()) - set(ports)
        ksft_true(new or error, "there is a port or an error")
        ping(env.pf, env.wire, count=1)
        for index in new:
            devlink.delete(index)
        ksft_eq(devlink.occupancy(), free)

    ksft_true(starve(lambda: one.add_sf(1), check), "there is something to fail")


def activate_vport(env):
    """A VPort of the PF has a netdev or none, and its queue pair is free or used."""
    small(env)
    devlink, one = Devlink(env.pci), OnePort(env.pci)
    free = devlink.occupancy()
    index = devlink.add_sf(1)
    defer(devlink.drop, index)
    idle = devlink.occupancy()

    def check(error):
        if error:
            says_memory(error)
            ksft_eq(devlink.port(index).get("netdev"), None)
        else:
            devlink.netdev(index)
        ksft_eq(devlink.function(index)["state"], "inactive" if error else "active")
        ping(env.pf, env.wire, count=1)
        if not error:
            devlink.delete(index)
            ksft_eq(devlink.occupancy(), free)
            ksft_eq(devlink.add_sf(1), index)
        ksft_eq(devlink.occupancy(), idle)

    ksft_true(starve(lambda: one.set_state(index, "active"), check), "there is something to fail")


def offloaded_macvlan(env, mac):
    """A macvlan with a VPort, in a namespace of its own, until the case ends."""
    env.pf.ethtool(f"-K {env.pf.dev} l2-fwd-offload on")
    defer(env.pf.ethtool, f"-K {env.pf.dev} l2-fwd-offload off")
    station = Station("mv1", 61, "kw-mv1")
    sh(f"ip link add link {env.pf.dev} name tmp1 address {mac} type macvlan mode private")
    sh("ip netns add " + station.ns)
    defer(sh, "ip netns del " + station.ns)
    station.adopt("tmp1")
    defer(station.ip, "link del mv1")
    station.up()
    wait_for(lambda: 7 not in env.regs.rars().get(mac, {7}), "the station's VPort")
    return station


def queues_lost(env):
    """No memory for longer rings, and none for the old ones: later the PF has queues again,
    and its station a VPort. What was to be sent meanwhile is sent then."""
    allow_faults()
    one = OneCall(env.pf)
    station = offloaded_macvlan(env, STATION)
    both_ways(station, env.wire)
    ping(env.pf, env.wire)
    back = len(env.log.lines("the queues are back"))
    with ksft_raises(OSError) as raised, no_memory_at_all():
        one.mtu(4000)
    ksft_eq(raised.exception.errno, errno.ENOMEM)
    # one packet, which waits and no other follows
    env.pf.sh(f"ping -n -q -c 1 -W 60 {env.wire.v4}")
    wait_for(lambda: len(env.log.lines("the queues are back")) > back, "the PF's queues")
    ping(env.wire, env.pf)
    both_ways(env.wire, station)
    ksft_true(7 not in env.regs.rars()[STATION], "it has its VPort")


if __name__ == "__main__":
    kawela_run([vf_without_rings, vf_verbs, add_vport, activate_vport, mtu, channels, open_pf,
                queues_lost], vfs=0)
