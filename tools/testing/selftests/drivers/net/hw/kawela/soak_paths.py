#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-stock --not-on-debug
"""All data paths at once while everything about them is changed.

KAWELA_SOAK_SECONDS says how long (40), KAWELA_SOAK_SEED in what order. UDP and TCP between PF, VF,
VPort and the wire, also on VLANs and with large frames, XDP and AF_XDP, while programs, sockets,
rings, channels, features, interrupt moderation and MTU change and the counters are read. After that
all is as it was: packets flow, counters add up, no buffer is missing.
"""

import contextlib
import errno
import os
import random
import re
import threading
import time

from lib.py import (R2, R7, XDP_DROP, XDP_PASS, XDP_TX, Background, Devlink, Flow, KernelLog,
                    KsftFailEx, Map, Program, XskMap, XskSocket, all_ping, answer, count, defer,
                    every_two, kawela_run, ksft_eq, ksft_ge, ksft_pr, ksft_true, leave, movr,
                    netdev_family, on_test_frame, ping, redirect, steady, tcp, test_frames,
                    to_socket, until, wait_for, xdp_attach, xdp_detach)

SECONDS = int(os.environ.get("KAWELA_SOAK_SECONDS", "40"))
SEED = int(os.environ.get("KAWELA_SOAK_SEED", "82576"))
# for what a slow machine has not come to by then
LONGER = 300
VID = 70
SIZES = (60, 64, 65, 300, 1000, 1025, 1514)
LARGE = (2900, 8000)
FEATURES = ("rx on", "rx off", "gro on", "gro off", "tso off", "sg off", "tx off",
            "tx on sg on", "tx on sg on tso on gso on")
USUAL = ("-G {dev} rx 512 tx 512", "-C {dev} adaptive-rx off rx-usecs 32",
         "-K {dev} rx on tx on sg on tso on gso on gro on")
# What a frame of a socket's memory has besides the packet that the MTU is for.
NO_PACKET = 256 + 22
# What the kernel says when a socket of AF_XDP forbids a change.
TOO_FEW = "requested channel counts are too low for existing zerocopy AF_XDP sockets"
TOO_LARGE = "MTU above [0-9]+: the frames of an AF_XDP socket are smaller"


class Trickle(Flow):
    """Leaves time for the others: there are many."""

    PERIOD = 0.05


class Worker(Background):
    """Does something again and again, with a random number generator of its own."""

    def __init__(self, name, body, *args):
        super().__init__()
        self._name, self._body, self._args = name, body, args
        self._random = random.Random(f"{SEED} {name}")

    def __str__(self):
        return self._name

    def __exit__(self, *exc):
        super().__exit__(*exc)
        ksft_pr(f"{self}: {self.rounds} rounds")

    def _step(self):
        self._body(self._random, *self._args)


class Subject:
    """A station whose XDP programs and AF_XDP sockets come and go. What they get is sent here."""

    def __init__(self, env, station, others):
        self.station = station
        self._line = env.wire.packet_socket(env.wire.dev, 0)
        defer(self._line.close)
        self._here = test_frames(station, env.wire, SIZES + LARGE)
        self._away = test_frames(env.wire, station, SIZES)
        self._map = XskMap()
        # held while no other program may come, or no other setting
        self._program, self.settings = threading.Lock(), threading.Lock()
        self._programs = {"drop": leave(XDP_DROP), "pass": leave(XDP_PASS),
                          "back": answer(station.mac) + leave(XDP_TX),
                          "to a socket": to_socket(self._map)}
        self._programs |= {f"out by {other}": redirect(other) for other in others}
        self._programs = {name: self._counted(code) for name, code in self._programs.items()}
        self._next = []
        self._chunks = self._sent = 0

    def _counted(self, body):
        """A program that counts the test frames it sees."""
        seen = Map()
        code = on_test_frame(movr(R7, R2) + count(seen) + movr(R2, R7) + body)
        program = Program(code, frags=True)
        # pinned now, not by several threads at once
        ksft_pr(f"{program.path} is a program of {self.station}")
        return program, seen

    def frames(self, rng):
        """Some from the wire to the station."""
        for _ in range(rng.randrange(1, 50)):
            self._line.send(rng.choice(self._here))

    def another_program(self, rng):
        """A program instead of another, perhaps after none; it sees frames."""
        self._next = self._next or rng.sample(list(self._programs), len(self._programs))
        name = self._next.pop()
        program, seen = self._programs[name]
        with self._program:
            if rng.random() < 0.2:
                xdp_detach(self.station)
            xdp_attach(self.station, program)
            before = seen[0]
            wait_for(lambda: self.frames(rng) or seen[0] != before,
                     f"a frame seen by {name} on {self.station}")

    def _fits(self, queue, chunk):
        """There is the queue, and a chunk has room for the MTU."""
        station = self.station
        return (queue < station.receive_queues() and
                station.link()["mtu"] <= chunk - NO_PACKET)

    def _open(self, rng):
        """A socket, or None if there cannot be one."""
        queue, chunk = rng.choice((0, 0, 0, 1)), rng.choice((2048, 4096))
        with self.settings:
            try:
                xsk = XskSocket(self.station, queue=queue, chunk=chunk)
            except OSError as error:
                if error.errno != errno.EINVAL or self._fits(queue, chunk):
                    raise
                return None
        ksft_true(xsk.zerocopy, f"zero-copy on {self.station}")
        self._map[queue] = xsk.fileno()
        return xsk

    def _take(self, xsk, **options):
        for frame in xsk.receive(**options):
            if frame not in self._here:
                raise KsftFailEx(f"{self.station}: no frame of ours: {frame.hex()}")

    def _all_come_back(self, rng, xsk):
        """All chunks that a socket gave to receive into come back with a frame."""
        def step():
            self.frames(rng)
            self._take(xsk, give=False)
            xsk.wake()
            return not xsk.missing

        # another program may wait for frames, which need chunks
        while not self._program.acquire(timeout=0.1):
            self._take(xsk)
        try:
            xdp_attach(self.station, self._programs["to a socket"][0])
            wait_for(step, f"all chunks of a socket on {self.station}")
        finally:
            self._program.release()
        self._chunks += 1

    def socket(self, rng):
        """A socket comes, receives and sends, and goes with frames on their way."""
        xsk = self._open(rng)
        if not xsk:
            return
        try:
            for _ in range(rng.randrange(5)):
                self.frames(rng)
                xsk.send(rng.choices(self._away, k=rng.randrange(1, 100)))
                self._sent += 1
                self._take(xsk)
            if not xsk.queue and rng.random() < 0.5:
                self._all_come_back(rng, xsk)
            xsk.put(self._away)
            xsk.kick()
            self.frames(rng)
        finally:
            xsk.close()

    def seen(self):
        """{what was done: how often}"""
        counts = {name: seen[0] for name, (_, seen) in self._programs.items()}
        return counts | {"all chunks came back": self._chunks, "sent by a socket": self._sent}


def some_tcp(rng, stations):
    """A stream from one to another."""
    src, dst = rng.sample(stations, 2)
    tcp(src, dst, size=rng.choice((1 << 10, 1 << 18, 1 << 20)), v6=rng.random() < 0.5)


def some_vlan(rng, wire, stations):
    """A VLAN comes, is used, and goes."""
    station = rng.choice(stations)
    vid = VID + rng.randrange(10)
    upper, outside = station.vlan(vid), wire.vlan(vid)
    try:
        ping(outside, upper, deadline=120)
    finally:
        station.vlan_del(vid)
        wire.vlan_del(vid)


def some_counters(rng, stations):
    """All that counts is read."""
    station = rng.choice(stations)
    station.ethtool_stats()
    station.stats()
    family = netdev_family(station.ns)
    family.qstats_get({"ifindex": station.ifindex, "scope": "queue"}, dump=True)


def change(station, line, *refusals):
    """One command; it may fail when the kernel gives one of these reasons."""
    with contextlib.closing(KernelLog()) as log:
        done = station.sh(line, fail=False)
        said = "\n".join([done.text] + log.lines(f"{station.dev}: "))
    if done.ret and not any(re.search(refusal, said) for refusal in refusals):
        raise KsftFailEx(f"'{line}' gave {done.ret}: {said}")


def some_change(rng, env, subject):
    """One of the settings of a netdev."""
    station, dev = subject.station, subject.station.dev
    sizes = (80, 128, 256, 512, 1024, 4096)
    changes = [(f"ethtool -G {dev} rx {rng.choice(sizes)} tx {rng.choice(sizes)}",),
               (f"ethtool -C {dev} adaptive-rx off rx-usecs {rng.randrange(200)}",),
               (f"ethtool -C {dev} adaptive-rx on",),
               (f"ethtool -Q {dev} queue_mask 1 --coalesce rx-usecs {rng.randrange(200)}",),
               (f"ethtool -K {dev} {rng.choice(FEATURES)}",),
               (f"ip link set dev {dev} mtu {rng.choice((1500, 1800, 3000, 9000))}", TOO_LARGE)]
    if station is env.pf:
        changes += [(f"ethtool -L {dev} combined {rng.choice((1, 2))}", TOO_FEW),
                    (f"ethtool -X {dev} equal 1",), (f"ethtool -X {dev} default",)]
    with subject.settings:
        change(station, *rng.choice(changes))
    time.sleep(0.2)


def as_it_was(env, stations):
    """The settings of the beginning."""
    for station in stations:
        xdp_detach(station)
        for line in USUAL:
            station.ethtool(line.format(dev=station.dev))
        station.ip(f"link set dev {station.dev} mtu 1500")
    env.pf.ethtool(f"-X {env.pf.dev} default")
    env.pf.ethtool(f"-L {env.pf.dev} combined 2")


def added_up(station):
    """The queues together count what the netdev does, and no error."""
    family = netdev_family(station.ns)
    low = station.stats()
    whole = family.qstats_get({"ifindex": station.ifindex}, dump=True)[0]
    high = station.stats()
    for way in ("rx", "tx"):
        for what in ("packets", "bytes"):
            ksft_ge(whole[f"{way}-{what}"], low[way][what], f"{station} {way} {what}")
            ksft_ge(high[way][what], whole[f"{way}-{what}"], f"{station} {way} {what}")


def work(env, stations, subjects):
    """Everybody who does something."""
    everyone = [*stations, env.wire]
    yield Worker("tcp", some_tcp, everyone)
    yield Worker("tcp too", some_tcp, everyone)
    yield Worker("vlan", some_vlan, env.wire, stations)
    yield Worker("counters", some_counters, stations)
    for subject in subjects:
        station = subject.station
        yield Worker(f"programs of {station}", subject.another_program)
        yield Worker(f"sockets of {station}", subject.socket)
        yield Worker(f"settings of {station}", some_change, env, subject)


def busy(workers, subjects):
    """All of them at once: as long as that, and until each has done what it can do, or fails."""
    def failed():
        return any(worker.failed for worker in workers)

    def all_done():
        return (all(worker.rounds for worker in workers) and
                all(all(subject.seen().values()) for subject in subjects))

    with contextlib.ExitStack() as stack:
        for worker in workers:
            stack.enter_context(worker)
        until(failed, SECONDS)
        until(lambda: failed() or all_done(), LONGER)
        for worker in workers:
            worker.end()
    for subject in subjects:
        ksft_pr(f"{subject.station}: {subject.seen()}")
    ksft_true(all_done(), "all that there is to be done was done")


@steady
def paths(env):
    """All at once, and then all as it was."""
    ksft_pr(f"seed {SEED}, {SECONDS} s")
    vport = Devlink(env.pci).vport(1)
    stations = [env.pf, env.vf[0], vport]
    defer(as_it_was, env, stations)
    # until somebody sets a VF's MTU it is the PF's
    env.vf[0].ip(f"link set dev {env.vf[0].dev} mtu 1800")
    env.wire.ip(f"link set dev {env.wire.dev} mtu 9000")
    defer(env.wire.ip, f"link set dev {env.wire.dev} mtu 1500")
    subjects = [Subject(env, station, [other for other in stations if other is not station])
                for station in stations]
    flows = [Trickle(*pair) for one, other in every_two([*stations, env.wire])
             for pair in ((one, other), (other, one))]
    busy(list(work(env, stations, subjects)), subjects)
    as_it_was(env, stations)
    for flow in flows:
        flow.flows()
        flow.stop()
    all_ping([*stations, env.wire], size=1472, whole=True)
    for station in stations:
        added_up(station)


def pools():
    """Page pools of PF, VFs and VPorts; of a netdev that is gone its namespace has them."""
    found = []
    for ns in {"", *os.listdir("/run/netns")} - {"kw-wire"}:
        found += netdev_family(ns).page_pool_get({}, dump=True)
    return found


def nothing_left(env):
    """With all netdevs down no page pool is left: each has all its pages back."""
    ksft_ge(len(pools()), 3, "page pools")
    for station in (env.pf, env.vf[0]):
        station.down()
        defer(station.up)
    until(lambda: not pools())
    ksft_eq(pools(), [])


if __name__ == "__main__":
    kawela_run([paths, nothing_left], vfs=1)
