#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400 --smp 4 --not-on-debug --backports
"""Settings change while traffic runs, on the PF, a VPort of the PF and a VF: the traffic goes on,
the carrier stays, and the queues stop only for other queues or other rings."""

import socket
import struct

from lib.py import (ETH_P_TEST, Background, Devlink, Flow, Kprobes, both_ways, defer, kawela_run,
                    ksft_eq, ksft_ge, ksft_true, mac_bytes, quiet, tcp, wait_for)

# without {dev}: ip link set DEV ...
LIVE = ("mtu 4000", "mtu 1500", "-C {dev} rx-usecs 80", "-C {dev} adaptive-rx on",
        "-C {dev} adaptive-rx off rx-usecs 20", "-K {dev} rx off", "-K {dev} rx on",
        "-K {dev} tso off", "-K {dev} tso on", "-K {dev} gro off", "-K {dev} gro on")
LIVE_PF = ("-K {dev} rxvlan off", "-K {dev} rxvlan on", "-X {dev} hkey " + ":".join(40 * ["5a"]),
           "-X {dev} equal 1", "-X {dev} default")
RINGS = ("-G {dev} rx 96", "-G {dev} tx 96", "-G {dev} rx 1024 tx 512", "-G {dev} rx 256 tx 256")
CHANNELS = ("-L {dev} combined 1", "-L {dev} combined 4", "-L {dev} combined 2")
CHANNELS_VMDQ = ("-L {dev} combined 1", "-L {dev} combined 2")
ROUNDS = 10
FLOWS = 20


def change(env, station, lines, stops):
    """Each change under traffic both ways; how often the datapath stops for it."""
    carrier = station.carrier_changes()
    with (Flow(station, env.wire) as out, Flow(env.wire, station) as back,
          Kprobes(stop="p kawela_ring:kawela_dp_stop") as trace):
        for line in lines:
            before = len(trace.lines("kawela_stop"))
            if "{dev}" in line:
                station.ethtool(line.format(dev=station.dev))
            else:
                station.ip(f"link set {station.dev} {line}")
            ksft_eq(len(trace.lines("kawela_stop")) - before, stops, line)
            out.flows()
            back.flows()
    ksft_eq(station.carrier_changes(), carrier)
    both_ways(station, env.wire)


def pf_live(env):
    """What needs no other memory leaves the PF's queues alone, the RSS key and table, too."""
    change(env, env.pf, LIVE + LIVE_PF, 0)


def pf_queues(env):
    """Other rings or another number of queues: one stop each."""
    defer(env.pf.ethtool, f"-L {env.pf.dev} combined 4")
    change(env, env.pf, RINGS + CHANNELS, 1)


def make_vf(env):
    """A VF until the case ends."""
    env.make_vfs(1)
    defer(env.remove_vfs)
    return env.vf[0]


def vf_live(env):
    """What needs no other memory leaves the queue of a VF alone."""
    change(env, make_vf(env), LIVE, 0)


def vf_queues(env):
    """Other rings of a VF, and of the PF beside it."""
    change(env, make_vf(env), RINGS, 1)
    change(env, env.pf, RINGS + CHANNELS_VMDQ, 1)


def vf_two_queues(env):
    """A second queue of a VF takes part of what it sends, and leaves again."""
    vf = make_vf(env)
    change(env, vf, ("-L {dev} tx 1",), 1)
    for _ in range(FLOWS):
        tcp(vf, env.wire, size=1 << 16)
    counts = vf.ethtool_stats()
    for queue in range(2):
        ksft_ge(counts[f"tx{queue}_packets"], FLOWS, f"queue {queue}")
    ksft_true("rx1_packets" not in counts)
    change(env, vf, RINGS, 1)
    change(env, vf, ("-L {dev} tx 0",), 1)
    ksft_true("tx1_packets" not in vf.ethtool_stats())


def vport(env):
    """What a VF can is what a VPort of the PF can."""
    station = Devlink(env.pci).vport(1)
    change(env, station, LIVE, 0)
    change(env, station, RINGS, 1)


def jumbo(env):
    """Frames of the new MTU pass both ways while others do, with no queue stopped."""
    defer(env.wire.ip, f"link set {env.wire.dev} mtu 1500")
    env.wire.ip(f"link set {env.wire.dev} mtu 9000")
    for station in (env.pf, make_vf(env)):
        defer(station.ip, f"link set {station.dev} mtu 1500")
        change(env, station, ("mtu 9000",), 0)
        both_ways(station, env.wire, size=8000, whole=True)


class Talker(Background):
    """Sends frames one after the other by a socket that holds a few, waiting while it is full."""

    def __init__(self, station, peer):
        super().__init__(station.packet_socket(station.dev, ETH_P_TEST))
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        self.sent = 0
        self._frame = b"".join(map(mac_bytes, (peer.mac, station.mac)))
        self._frame += struct.pack("!H", ETH_P_TEST) + bytes(46)

    def _step(self):
        self._sock.send(self._frame)
        self.sent += 1

    def talks(self):
        goal = self.sent + 100
        wait_for(lambda: self.sent >= goal, "the frames that waited", deadline=20)


def waiting(env):
    """What waited in the queueing discipline while the queues stood still is sent afterwards, with
    nobody sending more."""
    for station in (env.pf, make_vf(env)):
        quiet(station)
        with Talker(station, env.wire) as talker:
            for number in range(ROUNDS):
                talker.talks()
                station.ethtool(f"-G {station.dev} rx {256 + 8 * (number % 2)}")
            talker.talks()


def unheard(env):
    """A VF that sends by its second queue alone goes on, though QEMU's model raises no interrupt
    for it."""
    vf = make_vf(env)
    quiet(env.wire, vf)
    vf.ethtool(f"-L {vf.dev} tx 1")
    vf.sh(f"echo f >/sys/class/net/{vf.dev}/queues/tx-1/xps_cpus")
    with Talker(vf, env.wire) as talker:
        for _ in range(ROUNDS):
            talker.talks()
    ksft_ge(vf.ethtool_stats()["tx1_packets"], ROUNDS * 100)


if __name__ == "__main__":
    kawela_run([pf_live, pf_queues, vf_live, vf_queues, vf_two_queues, vport, jumbo, waiting,
                unheard], vfs=0)
