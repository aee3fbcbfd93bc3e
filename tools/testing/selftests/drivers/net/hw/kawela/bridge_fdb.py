#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 900 --not-on-debug
"""The PF in a Linux bridge: a VF and whoever is behind the bridge reach each other
with no command given. What the bridge learns on its other ports is a filter of the
default VPort for as long as the bridge knows it.

A PF in a bridge is promiscuous most of the time, and then receives by its hash table
what has no exact filter, but as a copy: the frame leaves on the wire, too. So the
cases look at the registers and at what the wire hears, besides whether it arrives.
"""

from lib.py import (BOND, Bridge, Listener, all_ping, bond_of, both_ways, defer, guest_mac, has_filter,
                    has_no_filter, kawela_run, ksft_eq, ksft_ge, ksft_in, ksft_ne, ksft_true,
                    on_vlan, send_frames, sh, steady, vf_mac, wait_for)

FILTERS = 24
FURTHER = "02:00:00:00:05:01"
NOBODY = "02:00:00:00:05:ff"
LAST = "02:00:00:00:05:fe"


def settled(env, guest):
    """All that the bridge told the PF so far is done: it is told one thing at a time."""
    last = f"{LAST} dev {guest.port} master"
    sh(f"bridge fdb add {last} static")
    has_filter(env, LAST)
    sh("bridge fdb del " + last)
    has_no_filter(env, LAST)


def give_back(env, number):
    """A VF has its own address again."""
    env.set_vf_mac(number, vf_mac(number))
    wait_for(lambda: env.vf[number].mac == vf_mac(number), "the VF to have its address back")
    env.vf[number].wait_carrier()


def many(number):
    return f"02:00:00:01:{number >> 8:02x}:{number & 255:02x}"


@steady
def no_command(env):
    """A VF reaches a guest behind the bridge, and is answered; nothing was set."""
    guest = Bridge(env).add_pf(learning=True).guest(0)
    both_ways(env.vf[0], guest)
    has_filter(env, guest.mac)


@steady
def guest_and_vf(env):
    """A VF and two guests behind the bridge, the host on it, the wire: all reach all.
    By IPv4: neighbour discovery of IPv6 takes VMOLR.MPME, which QEMU does not have."""
    bridge = Bridge(env).add_pf()
    guests = [bridge.guest(n) for n in range(2)]
    host = bridge.host()
    all_ping([env.vf[0], *guests, host, env.wire])
    for number in range(2):
        has_filter(env, guest_mac(number))
    ksft_in(host.mac, env.regs.pool_macs(7))


@steady
def stays_inside(env):
    """Frames from a VF to a guest behind the bridge do not leave on the wire."""
    guest = Bridge(env).add_pf().guest(0)
    both_ways(env.vf[0], guest)
    has_filter(env, guest.mac)
    with Listener(env.wire, promisc=True) as wire, Listener(guest) as there:
        send_frames(env.vf[0], [guest.mac] * 5 + [NOBODY])
        wire.wait(NOBODY)
        wait_for(lambda: there.count(guest.mac) >= 5, "the frames at the guest")
        ksft_eq(wire.count(guest.mac), 0, "frames to the guest on the wire")


@steady
def joins_later(env):
    """What the bridge knew before the PF joined is not waited for; nothing is marked
    as offloaded."""
    bridge = Bridge(env)
    guests = [bridge.guest(n) for n in range(2)]
    both_ways(*guests)
    for number in range(2):
        ksft_in(guest_mac(number), bridge.fdb())
        ksft_true(guest_mac(number) not in env.regs.pool_macs(7))
    bridge.add_pf()
    for number in range(2):
        has_filter(env, guest_mac(number))
    ksft_true("offload" not in sh(f"bridge fdb show br {bridge.dev}").stdout)


@steady
def ages_out(env):
    """An address that the bridge forgets is no filter any more, and comes back."""
    bridge = Bridge(env).add_pf()
    guest = bridge.guest(0)
    both_ways(env.vf[0], guest)
    has_filter(env, guest.mac)
    guest.sh(f"echo 1 >/proc/sys/net/ipv6/conf/{guest.dev}/disable_ipv6")
    bridge.age()
    has_no_filter(env, guest.mac)
    ksft_true(guest.mac not in bridge.fdb())
    bridge.age(300)
    both_ways(env.vf[0], guest)
    has_filter(env, guest.mac)


@steady
def deleted(env):
    """So with one that is deleted, by hand or with its port."""
    bridge = Bridge(env).add_pf()
    guests = [bridge.guest(n) for n in range(2)]
    for number, guest in enumerate(guests):
        sh(f"bridge fdb add {many(number)} dev {guest.port} master static")
        has_filter(env, many(number))
    sh(f"bridge fdb del {many(0)} dev {guests[0].port} master")
    has_no_filter(env, many(0))
    sh(f"ip link set dev {guests[1].port} nomaster")
    has_no_filter(env, many(1))


@steady
def moves_to_wire(env):
    """An address that turns up on the wire is not the PF's any more."""
    guest = Bridge(env).add_pf(learning=True).guest(0)
    for _ in range(2):
        send_frames(guest, [vf_mac(0)], source=FURTHER)
        has_filter(env, FURTHER)
        send_frames(env.wire, [NOBODY], source=FURTHER)
        has_no_filter(env, FURTHER)


@steady
def leaves(env):
    """When the PF leaves the bridge, what was learned goes; what was added stays."""
    guest = Bridge(env).add_pf().guest(0)
    both_ways(env.vf[0], guest)
    has_filter(env, guest.mac)
    sh(f"bridge fdb add {FURTHER} dev {env.pf.dev} self")
    defer(sh, f"bridge fdb del {FURTHER} dev {env.pf.dev} self")
    has_filter(env, FURTHER)
    sh(f"ip link set dev {env.pf.dev} nomaster")
    has_no_filter(env, guest.mac)
    ksft_in(FURTHER, env.regs.pool_macs(7))


@steady
def static_and_learned(env):
    """`fdb add ... self` and learning do not take each other's address away."""
    bridge = Bridge(env).add_pf()
    guest = bridge.guest(0)
    guest.sh(f"echo 1 >/proc/sys/net/ipv6/conf/{guest.dev}/disable_ipv6")
    self = f"{FURTHER} dev {env.pf.dev} self"

    send_frames(guest, [NOBODY], source=FURTHER)
    has_filter(env, FURTHER)
    sh("bridge fdb add " + self)
    sh(f"bridge fdb del {FURTHER} dev {guest.port} master")
    settled(env, guest)
    ksft_in(FURTHER, env.regs.pool_macs(7), "it is added still")

    send_frames(guest, [NOBODY], source=FURTHER)
    wait_for(lambda: FURTHER in bridge.fdb(), "the bridge to learn again")
    settled(env, guest)
    sh("bridge fdb del " + self)
    settled(env, guest)
    ksft_in(FURTHER, env.regs.pool_macs(7), "it is learned still")
    sh(f"bridge fdb del {FURTHER} dev {guest.port} master")
    has_no_filter(env, FURTHER)


@steady
def more_than_filters(env):
    """More addresses than filters, and more than the driver remembers: all reachable;
    VFs keep theirs; in the end all go."""
    bridge = Bridge(env).add_pf()
    guest = bridge.guest(0)
    send_frames(guest, [NOBODY] * 40, source=many)
    wait_for(lambda: len(bridge.fdb()) >= 40, "the bridge to learn 40")
    late = bridge.guest(1)
    all_ping([env.vf[0], guest, late, env.wire])
    # all entries are in use but those that are kept for VFs: two more for each
    ksft_eq(len(env.regs.rars()), FILTERS - 2 * len(env.vf))
    ksft_ge(len(env.regs.pool_macs(7) & {many(n) for n in range(40)}), 8)

    send_frames(guest, [NOBODY] * 1500, source=many)
    wait_for(lambda: len(bridge.fdb()) >= 1500, "the bridge to learn 1500")
    all_ping([env.vf[0], env.vf[1], guest, late, env.wire])
    for number in range(2):
        ksft_in(vf_mac(number), env.regs.pool_macs(number))

    sh(f"bridge fdb flush dev {bridge.dev}")
    wait_for(lambda: not env.regs.pool_macs(7) & {many(n) for n in range(1500)},
             "all filters to go")
    all_ping([env.vf[0], guest, late, env.wire])
    has_filter(env, guest.mac)
    has_filter(env, late.mac)


@steady
def vf_address(env):
    """What a guest behind the bridge pretends to be does not cut a VF off, and an
    address moves from the bridge to a VF."""
    guest = Bridge(env).add_pf().guest(0)
    both_ways(env.vf[0], guest)
    send_frames(guest, [NOBODY], source=vf_mac(0))
    send_frames(guest, [NOBODY], source=FURTHER)
    has_filter(env, FURTHER)
    settled(env, guest)
    ksft_eq(env.regs.rars()[vf_mac(0)], {0})
    both_ways(env.vf[0], env.vf[1])

    env.set_vf_mac(1, FURTHER)
    defer(env.set_vf_mac, 1, vf_mac(1))
    wait_for(lambda: env.vf[1].mac == FURTHER, "the VF to take the address")
    wait_for(lambda: env.regs.rars()[FURTHER] == {1}, "the filter to be the VF's")


@steady
def fixed(env):
    """A VF does not get by asking what the bridge has itself, or was told; what it learned
    the VF gets."""
    bridge = Bridge(env).add_pf()
    guest = bridge.guest(0)
    own, told, learned = FURTHER, many(0), many(1)
    sh(f"ip link set dev {bridge.dev} address {own}")
    sh(f"bridge fdb add {told} dev {guest.port} master static")
    send_frames(guest, [NOBODY], source=learned)
    env.set_vf_mac(1, "00:00:00:00:00:00")
    defer(give_back, env, 1)
    thief = env.vf[1]
    for mac in (own, told):
        has_filter(env, mac)
        done = thief.ip(f"link set dev {thief.dev} address {mac}", fail=False)
        ksft_ne(done.ret, 0, mac)
        thief.bridge(f"fdb add {mac} dev {thief.dev} self", fail=False)
        both_ways(thief, env.wire)
        ksft_eq(env.regs.rars()[mac], {7})
        thief.bridge(f"fdb del {mac} dev {thief.dev} self", fail=False)
    has_filter(env, learned)
    thief.ip(f"link set dev {thief.dev} address {learned}")
    wait_for(lambda: env.regs.rars()[learned] == {1}, "the filter to be the VF's")


def vlan_on_pf(env, vid):
    """A VLAN netdev upon the PF, in the host."""
    vlan = f"{env.pf.dev}.{vid}"
    sh(f"ip link add link {env.pf.dev} name {vlan} type vlan id {vid}")
    defer(sh, f"ip link del {vlan}", fail=False)
    sh(f"ip link set dev {vlan} up")
    return vlan


@steady
def upon_a_vlan(env):
    """The bridge's port is a VLAN upon the PF."""
    bridge = Bridge(env)
    guest = bridge.guest(0)
    both_ways(bridge.host(), guest)
    vlan = vlan_on_pf(env, 7)
    bridge.add(vlan)
    has_filter(env, guest.mac)
    sh(f"ip link del {vlan}")
    has_no_filter(env, guest.mac)


@steady
def upon_a_bond(env):
    """The bridge's port is a bond that the PF is in: a VF and the guest reach each other."""
    bridge = Bridge(env)
    guest = bridge.guest(0)
    both_ways(bridge.host(), guest)
    bridge.add_uplink(bond_of(env.pf))
    has_filter(env, guest.mac)
    both_ways(env.vf[0], guest)
    sh(f"ip link del {BOND}")
    has_no_filter(env, guest.mac)


@steady
def two_bridges(env):
    """Two bridges, each with a VLAN upon the PF. What both know is a filter until both have
    forgotten it; one that loses its port takes nothing from the other."""
    bridges = [Bridge(env), Bridge(env, dev="kw-br1")]
    guests = [bridge.guest(number) for number, bridge in enumerate(bridges)]
    vlans = [vlan_on_pf(env, 7 + number) for number in range(2)]
    for bridge, vlan, guest in zip(bridges, vlans, guests):
        bridge.add(vlan)
        sh(f"bridge fdb replace {guest.mac} dev {guest.port} master static")
        sh(f"bridge fdb add {FURTHER} dev {guest.port} master static")
        has_filter(env, guest.mac)
    has_filter(env, FURTHER)
    sh(f"bridge fdb del {FURTHER} dev {guests[0].port} master")
    settled(env, guests[1])
    ksft_in(FURTHER, env.regs.pool_macs(7), "the other bridge knows it still")
    sh(f"ip link del {vlans[0]}")
    has_no_filter(env, guests[0].mac)
    ksft_in(guests[1].mac, env.regs.pool_macs(7))
    sh(f"bridge fdb del {FURTHER} dev {guests[1].port} master")
    has_no_filter(env, FURTHER)


@steady
def filtering_bridge(env):
    """A bridge with VLANs: a guest and a VF in VLAN 5."""
    bridge = Bridge(env, "vlan_filtering 1").add_pf()
    guest = bridge.guest(0)
    sh(f"bridge vlan add vid 5 dev {env.pf.dev}")
    sh(f"bridge vlan add vid 5 dev {guest.port}")
    defer(sh, f"bridge vlan del vid 5 dev {env.pf.dev}", fail=False)
    uppers = []
    for station in (env.vf[0], guest):
        uppers.append(on_vlan(station, 5))
    both_ways(*uppers)
    both_ways(env.vf[0], guest)
    has_filter(env, guest.mac)
    sh(f"bridge fdb del {guest.mac} dev {guest.port} master vlan 5")
    settled(env, guest)
    ksft_in(guest.mac, env.regs.pool_macs(7), "VLAN 1 has it still")


if __name__ == "__main__":
    kawela_run([no_command, guest_and_vf, stays_inside, joins_later, ages_out, deleted,
                moves_to_wire, leaves, static_and_learned, more_than_filters, vf_address, fixed,
                upon_a_vlan, upon_a_bond, two_bridges, filtering_bridge])
