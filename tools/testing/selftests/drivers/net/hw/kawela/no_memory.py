#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400 --smp 4 --not-on-stock
"""An allocation fails, one after the other: a verb that gives up has changed nothing, and
what worked before works on.

sriov_numvfs is not among the verbs: the PCI core (6.12) stops with a BUG when it has no
memory for a VF.
"""

import errno
import os
import re

from lib.py import (Devlink, Kprobes, NlError, OneCall, OnePort, allow_faults, defer, kawela_run,
                    ksft_eq, ksft_ge, ksft_in, ksft_raises, ksft_true, no_pages, ping, starve,
                    wait_for)


def says_memory(error):
    """What a verb raised says why. Of a netdev that there is no memory to name, device_add()
    says that the name is not valid."""
    code = -error.nl_msg.error if isinstance(error, NlError) else error.errno
    ksft_in(code, (errno.ENOMEM, errno.ENOBUFS, errno.EINVAL), str(error))


def stops():
    """Records when a datapath stops."""
    return Kprobes(stop="p kawela_ring:kawela_dp_stop")


def setting(env, station, verb, shows, old, new, fails=True):
    """A setting is either as before, and no queue has stopped, or as wanted; packets flow in both
    cases."""
    verb(old)
    stopped = 0

    def check(error):
        nonlocal stopped
        now = len(trace.lines("kawela_stop"))
        if error:
            says_memory(error)
            ksft_eq(now, stopped, "the queues go on")
        ksft_eq(shows(), old if error else new)
        ping(station, env.wire, count=1)
        verb(old)
        ksft_eq(shows(), old)
        stopped = len(trace.lines("kawela_stop"))

    with stops() as trace:
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


def channels_shown(station):
    """Queue pairs, the most and now."""
    return tuple(int(number) for number in re.findall(
        r"Combined:\s+(\d+)", station.ethtool(f"-l {station.dev}").stdout))


def senders_shown(station):
    """Queues that only send."""
    now = station.ethtool(f"-l {station.dev}").stdout.partition("Current")[2]
    return int(re.search(r"^TX:\s+(\d+)", now, re.MULTILINE)[1])


def mtu(env):
    """The longest frame needs no memory."""
    setting(env, env.pf, small(env).mtu, lambda: env.pf.link()["mtu"], 1500, 4000, fails=False)


def rings(env):
    """The sizes of the PF's rings."""
    one = small(env)
    setting(env, env.pf, lambda size: one.rings(size[0]), lambda: rings_shown(env.pf), (80, 80),
            (96, 96))


def channels(env):
    """The number of queues."""
    setting(env, env.pf, small(env).channels, lambda: channels_shown(env.pf)[1], 1, 2)


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
    """The same of a VF: open, ring sizes, MTU."""
    vf, one = small_vf(env)
    open_netdev(env, vf, one)
    setting(env, vf, lambda size: one.rings(size[0]), lambda: rings_shown(vf), (80, 80), (96, 96))
    setting(env, vf, one.mtu, lambda: vf.link()["mtu"], 1500, 4000, fails=False)


def vf_channels(env):
    """The VF's queue that only sends."""
    vf, one = small_vf(env)
    setting(env, vf, one.senders, lambda: senders_shown(vf), 0, 1)


def vport_rings(env):
    """The sizes of a VPort's rings."""
    allow_faults()
    vport = Devlink(env.pci).vport(1)
    vport.ethtool(f"-G {vport.dev} rx 80 tx 80")
    vport.wait_carrier()
    one = OneCall(vport)
    setting(env, vport, lambda size: one.rings(size[0]), lambda: rings_shown(vport), (80, 80),
            (96, 96))


def vf_without_rings(env):
    """No memory at all for other rings: the VF goes on with those it has."""
    vf, one = small_vf(env)
    with stops() as trace:
        with ksft_raises(OSError) as raised, no_pages():
            one.rings(96)
        ksft_eq(trace.lines("kawela_stop"), [])
    says_memory(raised.exception)
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


def function_reset(env):
    """There are no pages during a reset of the function: PF and VPort go on with the queues that
    they had."""
    allow_faults()
    vport = Devlink(env.pci).vport(1)
    fd = os.open(env.pci.path + "/reset", os.O_WRONLY)
    defer(os.close, fd)
    with no_pages():
        os.write(fd, b"1")
    for station in (env.pf, vport):
        station.wait_carrier()
        ping(station, env.wire)
        ping(env.wire, station)
    ksft_eq(env.log.lines("no queues") + env.log.lines("does not come up"), [])


def fewer_queues(env):
    """There are no pages when the last VF goes: the PF goes on with the queues it had beside VFs,
    and has all it is to have later."""
    allow_faults()
    most = channels_shown(env.pf)[0]
    defer(env.pf.ethtool, f"-L {env.pf.dev} combined {channels_shown(env.pf)[1]}")
    env.pf.ethtool(f"-L {env.pf.dev} combined {most}")
    env.make_vfs(1)
    few = channels_shown(env.pf)[1]
    ksft_ge(most, few + 1)
    carrier, before = env.pf.carrier_changes(), len(env.log.lines("the queues are back"))
    # to open the file takes memory, too
    fd = os.open(env.pci.path + "/sriov_numvfs", os.O_WRONLY)
    defer(os.close, fd)
    with no_pages():
        os.write(fd, b"0")
    ksft_eq(len(env.log.lines(f"no memory for {most} queues, going on with {few}")), 1)
    ping(env.pf, env.wire)
    wait_for(lambda: len(env.log.lines("the queues are back")) > before, "the PF's queues")
    ksft_eq(channels_shown(env.pf), (most, most))
    ksft_eq(env.pf.carrier_changes(), carrier)
    ping(env.wire, env.pf)


if __name__ == "__main__":
    kawela_run([vf_without_rings, vf_verbs, vf_channels, vport_rings, add_vport, activate_vport,
                mtu, rings, channels, open_pf, function_reset, fewer_queues], vfs=0)
