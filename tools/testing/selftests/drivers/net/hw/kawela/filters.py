#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug --backports
"""Who hears what: multicast groups, further unicast addresses, VLANs, promiscuity,
of PF and VF, with VFs and without."""

import socket
import struct

from lib.py import (KsftSkipEx, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_true, ping,
                    silent, steady, wait_for)

GROUP = "239.1.2.3"
FURTHER = "02:00:00:00:09:01"


def joined(station, group=GROUP, port=7000):
    """A socket of the station that is a member of the group."""
    sock = station.socket(socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((group, port))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                    struct.pack("4s4s", socket.inet_aton(group), socket.inet_aton(station.v4)))
    sock.settimeout(0.5)
    return sock


def say(station, text, group=GROUP, port=7000):
    with station.socket(socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                        socket.inet_aton(station.v4))
        sock.sendto(text, (group, port))


def heard(sock, speaker, text):
    """Whether what the speaker says, now and again, arrives."""
    say(speaker, text)
    try:
        return sock.recv(100) == text
    except TimeoutError:
        return False


@steady
def multicast(env):
    """A group is heard by whoever joined it, from every other station."""
    for listener in env.stations:
        with joined(listener) as sock:
            for speaker in env.stations:
                if speaker is not listener:
                    text = f"{speaker} to {listener}".encode()
                    wait_for(lambda: heard(sock, speaker, text), text.decode())


@steady
def multicast_left(env):
    """A group that everybody left is gone from the table."""
    before = env.regs.multicast()
    with joined(env.vf[0], "239.77.66.55"):
        wait_for(lambda: env.regs.multicast() - before, "the group of the VF")
    wait_for(lambda: not env.regs.multicast() - before, "the group to be left")


@steady
def allmulti(env):
    """A VF is granted all multicast only if it is trusted; joining still works."""
    env.vf[0].ip(f"link set dev {env.vf[0].dev} allmulticast on")
    defer(env.vf[0].ip, f"link set dev {env.vf[0].dev} allmulticast off")
    with joined(env.vf[0]) as sock:
        wait_for(lambda: heard(sock, env.wire, b"hello"), "the group")
    both_ways(env.vf[0], env.pf)


@steady
def many_groups(env):
    """A VF in more groups than a message holds still hears what it can."""
    for n in range(40):
        env.vf[0].ip(f"maddr add 01:00:5e:7f:00:{n:02x} dev {env.vf[0].dev}")
        defer(env.vf[0].ip, f"maddr del 01:00:5e:7f:00:{n:02x} dev {env.vf[0].dev}")
    both_ways(env.vf[0], env.wire)
    ping(env.vf[0], env.pf, v6=True)


@steady
def macvlan(env):
    """A macvlan's address on PF and VF is heard; without it the address is not."""
    for number, station in enumerate((env.pf, env.vf[0])):
        mac = f"02:00:00:00:09:{number:02x}"
        upper = station.macvlan(100 + number, mac)
        defer(station.ip, f"link del {upper.dev}", fail=False)
        wait_for(lambda: mac in env.regs.rars(), f"the address of {upper}")
        ksft_eq(env.regs.rars()[mac], {7} if number == 0 else {0}, str(station))
        peers = [s for s in env.stations if s is not station]
        for peer in peers:
            peer.ip(f"neigh replace {upper.v4} lladdr {mac} dev {peer.dev} nud permanent")
            defer(peer.ip, f"neigh del {upper.v4} dev {peer.dev}", fail=False)
            ping(peer, upper)
        station.ip(f"link del {upper.dev}")
        wait_for(lambda: mac not in env.regs.rars(), f"the address of {upper} to go")


@steady
def macvlan_again(env):
    """The same address comes and goes twenty times; no entry is lost by it."""
    count = len(env.regs.rars())
    for _ in range(20):
        upper = env.vf[0].macvlan(120, FURTHER)
        env.vf[0].ip(f"link del {upper.dev}")
    wait_for(lambda: len(env.regs.rars()) == count, "the entries to be free")


@steady
def vlans_apart(env):
    """Stations on different VLANs do not hear each other."""
    here, same, there = env.vf[0].vlan(70), env.wire.vlan(70), env.vf[1].vlan(71)
    for station, vid in ((env.vf[0], 70), (env.wire, 70), (env.vf[1], 71)):
        defer(station.vlan_del, vid)
    both_ways(here, same)
    there.v4 = here.v4[:-2] + "77"
    there.ip(f"addr add {there.v4}/24 dev {there.dev}")
    ksft_true(silent(here, there), "VLAN 70 must not reach VLAN 71")
    wait_for(lambda: env.regs.pool_vlans(0) >= {70}, "VLAN 70 of VF 0")
    ksft_true(71 not in env.regs.pool_vlans(0))


@steady
def vlan_left(env):
    """A VLAN that was left is not heard any more."""
    env.vf[0].vlan(72)
    wait_for(lambda: 72 in env.regs.pool_vlans(0), "VLAN 72")
    env.vf[0].vlan_del(72)
    wait_for(lambda: 72 not in env.regs.vlans(), "VLAN 72 to go")


@steady
def pf_promisc(env):
    """The PF set to promiscuous hears frames to others from the wire, without VFs."""
    env.remove_vfs()
    # QEMU looks unicast up in the multicast table, too: no hash that a group of ours has
    stranger = "02:00:00:00:5a:a5"
    env.wire.ip(f"neigh replace {env.pf.v4[:-1]}77 lladdr {stranger} dev {env.wire.dev}")
    defer(env.wire.ip, f"neigh del {env.pf.v4[:-1]}77 dev {env.wire.dev}", fail=False)

    def overheard():
        before = env.pf.stats()["rx"]["packets"]
        env.wire.sh(f"ping -n -q -c 20 -i 0.05 -W 1 {env.pf.v4[:-1]}77", fail=False)
        return env.pf.stats()["rx"]["packets"] - before >= 20

    ksft_true(not overheard(), "frames to a stranger are not heard")
    env.pf.ip(f"link set dev {env.pf.dev} promisc on")
    wait_for(overheard, "frames to a stranger")
    env.pf.ip(f"link set dev {env.pf.dev} promisc off")
    wait_for(lambda: not overheard(), "frames to a stranger to be ignored")
    env.make_vfs(2)


@steady
def pf_promisc_with_vfs(env):
    """With VFs the flag is taken, and the table of unicast hashes serves it."""
    env.pf.ip(f"link set dev {env.pf.dev} promisc on")
    defer(env.pf.ip, f"link set dev {env.pf.dev} promisc off")
    ksft_in("PROMISC", env.pf.link()["flags"])
    for station in env.vf + [env.wire]:
        both_ways(env.pf, station)
    raise KsftSkipEx("QEMU's igb has no promiscuous mode in VMDq to show more")


if __name__ == "__main__":
    kawela_run([multicast, multicast_left, allmulti, many_groups, macvlan, macvlan_again,
                vlans_apart, vlan_left, pf_promisc, pf_promisc_with_vfs], macs=False)
