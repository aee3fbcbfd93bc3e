#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 900 --not-on-debug --smp 1
"""More guests than VFs: who has none works by the PF's bridge, takes a VF when one is free, and may
have a VPort of the PF instead.

Six of the seven VFs are in namespaces of the host; guest A has the seventh.
"""

from lib.py import (Bridge, Devlink, FailoverGuest, Listener, both_ways, defer, kawela_run, ksft_eq,
                    ksft_ge, ksft_true, ping, read_file, send_frames, sh, steady, vport_interrupt,
                    wait_for)

LAST_VF = 6
DEFAULT = 7
COUNT = 20


def holders(env, guest):
    """The pools that receive for a guest."""
    return env.regs.rars().get(guest.mac, set())


def on_no_vf(env, guest):
    """No VF receives for a guest. With seven VFs there may be no entry left for it: then the table
    of hashes has it."""
    ksft_true(holders(env, guest) <= {DEFAULT}, "the default VPort receives for the guest")


def guest(env, name, number):
    made = FailoverGuest(env, env.bridge, name, number).start()
    made.load()
    return made


def give(env, one):
    """The last VF is this guest's."""
    one.plug(LAST_VF)
    one.wait_vf()
    ksft_eq(holders(env, one), {LAST_VF})
    ksft_eq(one.path(env.wire), "vf")


@steady
def eighth(env):
    """Seven users have a VF; the eighth reaches everybody without one."""
    env.bridge = Bridge(env, keep=True).add_pf()
    env.vf_pci[LAST_VF].unbind()
    env.vf.pop()
    env.a = guest(env, "a", 31)
    give(env, env.a)
    env.b = guest(env, "b", 32)
    ksft_eq(env.b.path(env.wire), "tap")
    on_no_vf(env, env.b)
    for station in (env.wire, env.a, *env.vf):
        both_ways(env.b, station)
    ksft_eq(env.a.path(env.b), "vf")


@steady
def freed(env):
    """A gives its VF back, and B takes it: each has changed its way, and reaches everybody."""
    env.a.unplug()
    ksft_eq(env.a.path(env.wire), "tap")
    give(env, env.b)
    on_no_vf(env, env.a)
    for one in (env.a, env.b):
        for station in (env.wire, env.vf[0]):
            both_ways(one, station)
    both_ways(env.a, env.b)


def with_vport(env, one):
    """A bridge for this guest alone, whose uplink is a VPort of the PF."""
    devlink = Devlink(env.pci)
    index = devlink.add_sf(1)
    defer(devlink.drop, index)
    devlink.set(index, "state active")
    dev = devlink.netdev(index)
    bridge = Bridge(env, dev="kw-br1")
    bridge.add(dev)
    sh(f"bridge link set dev {dev} learning off")
    sh(f"ip link set dev {dev} up")
    sh(f"bridge fdb add {one.mac} dev {dev} self")
    bridge.add(one.tap)
    wait_for(lambda: holders(env, one) == {index - 16}, "the VPort to receive for the guest")
    for port in (dev, one.tap):
        bridge.wait_forwarding(port)
    return dev


@steady
def vport(env):
    """A VPort of the PF as uplink: the guest's packets come by the VPort's queue, not the PF's."""
    env.b.unplug()
    env.remove_vfs()
    ksft_eq(env.b.path(env.wire), "tap")
    dev = with_vport(env, env.b)
    ping(env.wire, env.b)

    def counted():
        """Packets that the VPort received, and its interrupts."""
        return (int(read_file(f"/sys/class/net/{dev}/statistics/rx_packets")),
                sum(vport_interrupt(env.pci, 1)[1]))

    before = counted()
    ksft_eq(env.b.path(env.wire, count=COUNT), "tap")
    packets, interrupts = (now - then for now, then in zip(counted(), before))
    ksft_ge(packets, COUNT, "packets that the VPort received")
    ksft_ge(interrupts, 1, "interrupts of the VPort")
    with Listener(env.pf) as pf:
        send_frames(env.wire, [env.b.mac] * COUNT + [env.pf.mac])
        pf.wait(env.pf.mac)
        ksft_eq(pf.count(env.b.mac), 0, "frames for the guest that the PF received")
    both_ways(env.b, env.a)


if __name__ == "__main__":
    kawela_run([eighth, freed, vport], vfs=7)
