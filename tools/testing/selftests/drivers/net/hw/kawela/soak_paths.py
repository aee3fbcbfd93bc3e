#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-stock --not-on-debug
"""All data paths at once while everything about them is changed.

KAWELA_SOAK_SECONDS says how long (40), KAWELA_SOAK_SEED in what order. UDP and TCP between PF, VF,
VPort and the wire, also on VLANs and with large frames, XDP and AF_XDP, while programs, rings,
channels, features, interrupt moderation and MTU change and the counters are read. After that all
is as it was: packets flow, counters add up, no buffer is missing.
"""

import os
import random
import threading
import time
import traceback

from lib.py import (R1, R2, R3, REDIRECT_MAP, XDP_DROP, XDP_PASS, XDP_TX, Devlink, DevMap, Flow,
                    NetdevFamily, Program, all_ping, answer, call, defer, every_two, inside,
                    kawela_run, ksft_eq, ksft_ge, ksft_pr, leave, map_ref, mov, on_test_frame,
                    ping, send_frames, steady, tcp, wait_for, xdp_attach, xdp_counters, xdp_detach)

SECONDS = int(os.environ.get("KAWELA_SOAK_SECONDS", "40"))
SEED = int(os.environ.get("KAWELA_SOAK_SEED", "82576"))
VID = 70
FEATURES = ("rx on", "rx off", "gro on", "gro off", "tso off", "sg off", "tx off",
            "tx on sg on", "tx on sg on tso on gso on")
USUAL = ("-G {dev} rx 512 tx 512", "-C {dev} adaptive-rx off rx-usecs 32",
         "-K {dev} rx on tx on sg on tso on gso on gro on")


class Worker:
    """Does something again and again in a thread, with a random number generator of its own."""

    def __init__(self, name, body, *args):
        self.name, self.rounds = name, 0
        self._body, self._args = body, args
        self._random = random.Random(f"{SEED} {name}")
        self._why = ""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._end.is_set():
            try:
                self._body(self._random, *self._args)
            except Exception:               # pylint: disable=broad-exception-caught
                self._why = traceback.format_exc()
                return
            self.rounds += 1

    def stop(self):
        """Wait until it is done; what went wrong is raised here."""
        self._end.set()
        self._thread.join(300)
        ksft_pr(f"{self.name}: {self.rounds} rounds")
        ksft_eq(self._why, "", self.name)
        ksft_ge(self.rounds, 1, self.name)


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


def some_frames(rng, wire, stations):
    """Frames that only programs know."""
    send_frames(wire, [rng.choice(stations).mac] * rng.randrange(1, 200))


def some_counters(rng, stations):
    """All that counts is read."""
    station = rng.choice(stations)
    station.ethtool_stats()
    station.stats()
    with inside(station.ns):
        family = NetdevFamily()
    family.qstats_get({"ifindex": station.ifindex, "scope": "queue"}, dump=True)


def redirect(out):
    """Out by another netdev."""
    return on_test_frame(answer(out.mac) + map_ref(R1, DevMap(out)) + mov(R2, 0) + mov(R3, 0) +
                         call(REDIRECT_MAP) + leave())


def programs(station, stations):
    """All verdicts."""
    codes = [on_test_frame(leave(XDP_DROP)), on_test_frame(leave(XDP_PASS)), leave(XDP_PASS),
             on_test_frame(answer(station.mac) + leave(XDP_TX))]
    codes += [redirect(other) for other in stations if other is not station]
    return [Program(code, frags=True) for code in codes]


def some_program(rng, station, found):
    """A program instead of another, or none."""
    if rng.random() < 0.2:
        xdp_detach(station)
    else:
        xdp_attach(station, rng.choice(found))
    time.sleep(0.1)


def some_change(rng, env, station):
    """One of the settings of a netdev."""
    dev = station.dev
    sizes = (80, 128, 256, 512, 1024, 4096)
    changes = [f"ethtool -G {dev} rx {rng.choice(sizes)} tx {rng.choice(sizes)}",
               f"ethtool -C {dev} adaptive-rx off rx-usecs {rng.randrange(200)}",
               f"ethtool -C {dev} adaptive-rx on",
               f"ethtool -Q {dev} queue_mask 1 --coalesce rx-usecs {rng.randrange(200)}",
               f"ethtool -K {dev} {rng.choice(FEATURES)}",
               f"ip link set dev {dev} mtu {rng.choice((1500, 1800, 3000, 9000))}"]
    if station is env.pf:
        changes += [f"ethtool -L {dev} combined {rng.choice((1, 2))}",
                    f"ethtool -X {dev} equal 1", f"ethtool -X {dev} default"]
    station.sh(rng.choice(changes))
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


def no_pool_left(stations):
    """Page pools of rings that are gone have all their pages back."""
    def left():
        found = []
        for ns in {station.ns for station in stations} | {""}:
            with inside(ns):
                family = NetdevFamily()
            found += [pool for pool in family.page_pool_get({}, dump=True)
                      if "detach-time" in pool]
        return found

    wait_for(lambda: not left(), "the pages of rings that are gone")


def added_up(station):
    """The queues together count what the netdev does, and no error."""
    with inside(station.ns):
        family = NetdevFamily()
    low = station.stats()
    whole = family.qstats_get({"ifindex": station.ifindex}, dump=True)[0]
    high = station.stats()
    for way in ("rx", "tx"):
        for what in ("packets", "bytes"):
            ksft_ge(whole[f"{way}-{what}"], low[way][what], f"{station} {way} {what}")
            ksft_ge(high[way][what], whole[f"{way}-{what}"], f"{station} {way} {what}")


def work(env, stations):
    """Everybody who does something."""
    everyone = [*stations, env.wire]
    workers = [Worker("tcp", some_tcp, everyone), Worker("tcp too", some_tcp, everyone),
               Worker("vlan", some_vlan, env.wire, stations),
               Worker("frames", some_frames, env.wire, stations),
               Worker("counters", some_counters, stations)]
    for station in stations:
        workers += [Worker(f"programs of {station}", some_program, station,
                           programs(station, stations)),
                    Worker(f"settings of {station}", some_change, env, station)]
    return workers


@steady
def paths(env):
    """All at once, and then all as it was."""
    ksft_pr(f"seed {SEED}, {SECONDS} s")
    vport = Devlink(env.pci).vport(1)
    stations = [env.pf, env.vf[0], vport]
    defer(as_it_was, env, stations)
    env.wire.ip(f"link set dev {env.wire.dev} mtu 9000")
    defer(env.wire.ip, f"link set dev {env.wire.dev} mtu 1500")
    flows = [Flow(*pair) for one, other in every_two([*stations, env.wire])
             for pair in ((one, other), (other, one))]
    workers = work(env, stations)
    time.sleep(SECONDS)
    for worker in workers:
        worker.stop()
    for station in stations:
        ksft_pr(f"{station}: {xdp_counters(station)}")
    as_it_was(env, stations)
    for flow in flows:
        flow.flows()
        flow.stop()
    all_ping([*stations, env.wire], size=1472, whole=True)
    for station in stations:
        added_up(station)
    no_pool_left(stations)


if __name__ == "__main__":
    kawela_run([paths], vfs=1)
