#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 1200 --not-on-debug --smp 1
"""A VF passed through vfio-pci into a KVM guest that loads our VF driver reaches
PF, wire and another VF, and is what the host's administrator says. The guest is
killed under traffic, and its VF goes to another guest: it works, and nothing of
the first guest's filters is left.

With the stock pair the first guest's unicast filters stay for the next tenant.
"""

from lib.py import (Flood, Flow, VfGuest, defer, kawela_run, ksft_eq, ksft_in, ksft_ne,
                    ksft_true, ping, steady, vf_mac, wait_for)

SECOND = "02:00:00:00:08:01"
GROUP = "01:00:5e:11:22:33"
VID = 77
POOL = 1


def guest(env, name, number):
    """A guest that has the VF."""
    made = VfGuest(env, name, number, env.vf_pci[POOL]).start()
    made.load()
    ksft_in(made.mac, env.regs.pool_macs(POOL))
    return made


def boot(env):
    """The guest's VF comes up with the administrator's MAC."""
    env.vf_pci[POOL].unbind()
    env.guest = guest(env, "g1", 31)
    ksft_eq(env.guest.mac, vf_mac(POOL))


def pings(env):
    """IPv4 and IPv6, both ways, with everybody."""
    for station in (env.pf, env.vf[0], env.wire):
        for v6 in (False, True):
            ping(env.guest, station, v6=v6)
            ping(station, env.guest, v6=v6)


def vlan(env):
    """A VLAN of the guest with the wire."""
    guest, wire = env.guest.vlan(21), env.wire.vlan(21)
    defer(env.wire.vlan_del, 21)
    ping(wire, guest)
    ping(guest, wire)
    env.guest.vlan_del(21)


def jumbo(env):
    """Packets of 9000 bytes in one piece."""
    for station in (env.guest, env.wire):
        station.ip(f"link set dev {station.dev} mtu 9000")
        defer(station.ip, f"link set dev {station.dev} mtu 1500", fail=False)
    wait_for(env.guest.carrier, "the guest's carrier")
    ping(env.guest, env.wire, size=8972, whole=True)
    ping(env.wire, env.guest, size=8972, whole=True)


def reload(env):
    """The guest unloads its driver and loads it again."""
    env.guest.sh("modprobe -r kawela_vf")
    wait_for(lambda: not env.regs.pool_macs(POOL), "the guest's address to go")
    env.guest.load()
    for station in env.stations:
        station.forget_neighbours()
    ping(env.guest, env.pf)
    ping(env.wire, env.guest)


@steady
def paused(env):
    """It stands still until the host gives it up; when it goes on it is served again."""
    mac = env.guest.mac
    env.guest.qmp.run("stop")
    wait_for(lambda: env.regs.rars()[mac] == {7}, "the guest's address to be the host's",
             deadline=60)
    env.guest.qmp.run("cont")
    wait_for(lambda: env.regs.rars()[mac] == {POOL}, "the guest's address to be its VF's")
    ping(env.wire, env.guest)
    ksft_eq(env.pf.ethtool_stats()[f"vf{POOL}_mbx_silent"], 1)


@steady
def kill_under_traffic(env):
    """The host and the other VF go on; the switch forgets the guest."""
    first = env.guest
    # not pinned, so that a further address is granted
    env.set_vf_mac(POOL, "00:00:00:00:00:00")
    quiet = env.regs.multicast()
    first.vlan(VID)
    first.macvlan(41, SECOND)
    first.ip(f"maddr add {GROUP} dev {first.dev}")
    wait_for(lambda: SECOND in env.regs.pool_macs(POOL), "the guest's second address")
    wait_for(lambda: VID in env.regs.pool_vlans(POOL), "the guest's VLAN")
    ksft_ne(env.regs.multicast(), quiet)
    mac = first.mac
    ksft_in(mac, env.regs.pool_macs(POOL))
    ping(env.wire, first)
    ping(first, env.pf)

    first.sh(f"(ping -n -q -i 0.01 {env.wire.v4} >/dev/null 2>&1 &)")
    with Flow(env.vf[0], env.wire) as other, Flood((env.wire, first), (env.pf, first)):
        other.flows()
        first.kill()
        other.flows()

    wait_for(lambda: not env.regs.pool_macs(POOL), "the guest's addresses to go")
    ksft_eq({mac, SECOND} & set(env.regs.rars()), set())
    ksft_true(POOL not in env.regs.gates()[0], "the pool is closed")
    ksft_true(VID not in env.regs.pool_vlans(POOL))
    ksft_eq(env.regs.multicast() - quiet, set())
    ping(env.vf[0], env.pf)


def next_guest(env):
    """The same VF in a new guest works, with its own filters only."""
    second = env.guest = guest(env, "g2", 32)
    for station in (env.pf, env.vf[0], env.wire):
        ping(second, station)
        ping(station, second)
    ksft_eq(env.regs.pool_macs(POOL), {second.mac})
    ksft_true(VID not in env.regs.vlans())


def shut_down(env):
    """The guest is powered off; the host's driver takes the VF back."""
    env.guest.stop()
    env.bind_vf(POOL)
    for station in (env.pf, env.vf[0], env.wire):
        ping(station, env.vf[POOL])
        ping(env.vf[POOL], station)


if __name__ == "__main__":
    kawela_run([boot, pings, vlan, jumbo, reload, paused, kill_under_traffic, next_guest,
                shut_down])
