#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""A VF passed through vfio-pci into a KVM guest that loads our VF driver reaches
PF, wire and another VF, and is what the host's administrator says."""

from lib.py import (VfGuest, defer, kawela_run, ksft_eq, ksft_in, ping, vf_mac, wait_for)

def boot(env):
    """The guest's VF comes up with the administrator's MAC."""
    env.vf_pci[1].unbind()
    env.guest = VfGuest(env, "g1", 31, env.vf_pci[1]).start()
    env.guest.load()
    ksft_eq(env.guest.mac, vf_mac(1))
    ksft_in(vf_mac(1), env.regs.pool_macs(1))


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
    wait_for(lambda: not env.regs.pool_macs(1), "the guest's address to go")
    env.guest.load()
    for station in env.stations:
        station.forget_neighbours()
    ping(env.guest, env.pf)
    ping(env.wire, env.guest)


def shut_down(env):
    """The guest is powered off; the host's driver takes the VF back."""
    env.guest.stop()
    env.bind_vf(1)
    ping(env.vf[1], env.pf)
    ping(env.vf[1], env.vf[0])


if __name__ == "__main__":
    kawela_run([boot, pings, vlan, jumbo, reload, shut_down])
