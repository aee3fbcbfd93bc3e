#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --backports
"""Interrupts of the queues of PF, VPort and VF: which is whose, how often they come, and that they
do not come while somebody polls."""

import re
import socket
import threading

from lib.py import (Devlink, Flood, defer, kawela_run, ksft_eq, ksft_ge, ksft_in, ksft_lt,
                    ksft_true, netdev_family, ping, read_file, send_frames, steady, wait_for)

EITR = 0x1680
INTERVAL = 0x7ffc
DEFAULT = 32
REQUESTS = 200
# the longest frame that is copied
COPIED = 128
# descriptors of such frames for one report
QUIET = 32
FRAMES = 10 * QUIET
NOBODY = "02:00:00:00:00:99"
SO_BUSY_POLL, SO_PREFER_BUSY_POLL, SO_BUSY_POLL_BUDGET = 46, 69, 70


def everyone(env):
    """The PF, a VF, and a VPort that goes with the case."""
    return [env.pf, env.vf[0], Devlink(env.pci).vport(1)]


def function(env, station):
    """The PCI function whose interrupts a station has."""
    return env.vf_pci[0] if station in env.vf[:1] else env.pci


def napis(station):
    """{queue: interrupt} of what receives, and of what sends."""
    family = netdev_family(station.ns)
    where = {"ifindex": station.ifindex}
    irqs = {napi["id"]: napi["irq"] for napi in family.napi_get(where, dump=True)}
    queues = family.queue_get(where, dump=True)
    return [{queue["id"]: irqs[queue["napi-id"]] for queue in queues if queue["type"] == kind}
            for kind in ("rx", "tx")]


def vectors(env, station):
    """{queue: number of the vector}: of a function's interrupts, in their order."""
    irqs = function(env, station).irqs()
    return {queue: irqs.index(irq) for queue, irq in napis(station)[0].items()}


def interval(env, station, queue=0):
    """What the hardware has, in microseconds."""
    with function(env, station).bar() as bar:
        return (bar[EITR + 4 * vectors(env, station)[queue]] & INTERVAL) >> 2


def told(station):
    """{queue: rx-usecs} of `ethtool -Q`."""
    text = station.ethtool(f"-Q {station.dev} --show-coalesce").stdout
    return {int(queue): int(re.search(r"^rx-usecs:\s*(\d+)", rest, re.MULTILINE)[1])
            for queue, rest in re.findall(r"Queue: (\d+)\n(.*?)(?=\nQueue: |\Z)", text, re.DOTALL)}


def set_queue(station, queue, what, **options):
    return station.ethtool(f"-Q {station.dev} queue_mask {1 << queue:#x} --coalesce {what}",
                           **options)


def back(station):
    """The interval of all queues when the case ends."""
    defer(station.ethtool, f"-C {station.dev} adaptive-rx off rx-usecs {DEFAULT}")
    defer(station.ethtool, f"-C {station.dev} adaptive-rx on rx-usecs {DEFAULT + 1}")


@steady
def linked(env):
    """Each queue has a NAPI instance, and that an interrupt, which is the function's, and rises."""
    for station in everyone(env):
        receive, send = napis(station)
        ksft_eq(receive, send, f"queues of {station}")
        ksft_ge(len(receive), 1)
        own = function(env, station).irqs()
        counts = read_file("/proc/interrupts")
        for queue, irq in receive.items():
            ksft_in(irq, own, f"interrupt of {station}'s queue {queue}")
            ksft_true(re.search(rf"^ *{irq}:", counts, re.MULTILINE))
        station.down()
        station.up()
        ksft_eq(napis(station)[0].keys(), receive.keys(), f"queues of {station} after down and up")


def queues_of_pf(env):
    """The PF alone has an interrupt for each queue, and an interval; one of them changes, and
    holds over new rings and a netdev that was down, until one is set for all."""
    env.remove_vfs()
    pf = env.pf
    back(pf)
    ksft_ge(len(told(pf)), 2)
    ksft_eq(len(set(napis(pf)[0].values())), len(told(pf)))
    set_queue(pf, 1, "rx-usecs 77")
    for change in ("", f"ethtool -G {pf.dev} rx 256", f"ip link set dev {pf.dev} down",
                   f"ethtool -G {pf.dev} rx 512"):
        pf.sh(change or "true")
        pf.up()
        ksft_eq((told(pf)[0], told(pf)[1]), (DEFAULT, 77), f"after '{change}'")
        ksft_eq((interval(env, pf, 0), interval(env, pf, 1)), (DEFAULT, 77), f"after '{change}'")
    pf.ethtool(f"-C {pf.dev} rx-usecs 50")
    ksft_eq(set(told(pf).values()), {50})
    ksft_eq((interval(env, pf, 0), interval(env, pf, 1)), (50, 50))


@steady
def one_queue(env):
    """The same of those with one queue, and what there is not is refused."""
    for station in everyone(env):
        back(station)
        set_queue(station, 0, "rx-usecs 77")
        ksft_eq(told(station)[0], 77)
        ksft_eq(interval(env, station), 77, f"interval of {station}")
        many = len(told(station))
        for queue, what in ((many, "rx-usecs 10"), (0, "rx-usecs 8192"), (0, "tx-usecs 10")):
            # what it returns says nothing
            set_queue(station, queue, what, fail=False)
            ksft_eq(told(station)[0], 77, f"{station} after {what} for queue {queue}")
            ksft_eq(interval(env, station), 77, f"{station} after {what} for queue {queue}")


@steady
def adaptive(env):
    """The interval follows the load, of one queue only if it is for that one, and is fixed again
    when that ends."""
    for station in everyone(env):
        back(station)
        set_queue(station, 0, "adaptive-rx on")
        with Flood((env.wire, station)):
            wait_for(lambda s=station: interval(env, s) != DEFAULT, f"the interval of {station}")
        set_queue(station, 0, "adaptive-rx off")
        ksft_eq(interval(env, station), DEFAULT)
        ping(station, env.wire)


def spread_queues(env):
    """The PF's queues for transmit are spread over the processors like its interrupts; what was
    chosen instead stays."""
    env.remove_vfs()
    queues = f"/sys/class/net/{env.pf.dev}/queues"
    count = len(napis(env.pf)[0])

    def masks():
        return [int(read_file(f"{queues}/tx-{n}/xps_cpus").replace(",", ""), 16)
                for n in range(count)]

    ksft_ge(count, 2)
    before = masks()
    ksft_true(all(mask.bit_count() == 1 for mask in before), str(before))
    ksft_eq(len(set(before)), count)
    env.pf.sh(f"echo {before[1]:x} >{queues}/tx-0/xps_cpus")
    env.pf.ethtool(f"-G {env.pf.dev} rx 256")
    defer(env.pf.ethtool, f"-G {env.pf.dev} rx 512")
    ksft_eq(masks()[0], before[1], "what was chosen")
    env.pf.ethtool(f"-L {env.pf.dev} combined 1")
    env.pf.ethtool(f"-L {env.pf.dev} combined {count}")
    ksft_eq(masks()[1], before[1], "a queue that came back")
    ping(env.pf, env.wire)


class Requests:
    """Requests and answers of UDP with a station, one after the other."""

    def __init__(self, env, station, **options):
        self._env, self._station = env, station
        self._server = station.socket(socket.SOCK_DGRAM)
        for option, value in options.get("options", ()):
            self._server.setsockopt(socket.SOL_SOCKET, option, value)
        self._server.bind((station.v4, 0))
        # with a timeout it would be poll() that waits
        self._server.settimeout(None)

    def _serve(self):
        for _ in range(REQUESTS):
            data, peer = self._server.recvfrom(64)
            self._server.sendto(data, peer)

    def cost(self):
        """How many interrupts and polls they take."""
        before = counts(self._station)
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        with self._env.wire.socket(socket.SOCK_DGRAM) as client:
            for number in range(REQUESTS):
                client.sendto(bytes(64), self._server.getsockname())
                client.recv(64)
        thread.join(60)
        self._server.close()
        return [now - old for now, old in zip(counts(self._station), before)]


def counts(station):
    """Interrupts and polls of all queues so far."""
    stats = station.ethtool_stats()
    return [sum(value for name, value in stats.items() if re.fullmatch(rf"qp\d+_{what}", name))
            for what in ("interrupts", "polls")]


def put_off(station, irqs, nanoseconds):
    """Interrupts stay masked over so many polls without packets, so far apart."""
    where = f"/sys/class/net/{station.dev}"
    for name, value in (("gro_flush_timeout", nanoseconds), ("napi_defer_hard_irqs", irqs)):
        station.sh(f"echo {value} >{where}/{name}")
        defer(station.sh, f"echo 0 >{where}/{name}")


def fewer(env, station, **options):
    """Much fewer interrupts than when nobody polls; how many polls it took. The PF has one queue
    pair: where nothing is received, what was sent is no reason to put an interrupt off."""
    if station is env.pf:
        env.pf.ethtool(f"-L {env.pf.dev} combined 1")
        defer(env.pf.ethtool, f"-L {env.pf.dev} combined 2")
    ping(env.wire, station)
    before, _ = Requests(env, station).cost()
    ksft_ge(before, REQUESTS, f"interrupts of {station} without")
    put_off(station, 200, 2_000_000)
    seen, polls = Requests(env, station, **options).cost()
    ksft_ge(before // 4, seen, f"interrupts of {station}, {before} without")
    ping(env.wire, station)
    return polls


@steady
def deferred(env):
    """gro_flush_timeout and napi_defer_hard_irqs: the timer polls instead of interrupts."""
    for station in everyone(env):
        fewer(env, station)


@steady
def busy_polled(env):
    """SO_PREFER_BUSY_POLL: who waits for packets polls instead, all the time."""
    options = ((SO_BUSY_POLL, 10_000), (SO_PREFER_BUSY_POLL, 1), (SO_BUSY_POLL_BUDGET, 16))
    for station in everyone(env):
        ksft_ge(fewer(env, station, options=options), 4 * REQUESTS, f"polls of {station}")


def sums(station, *names):
    """Of all transmit queues."""
    stats = station.ethtool_stats()
    return [sum(value for key, value in stats.items() if re.fullmatch(rf"tx\d+_{name}", key))
            for name in names]


def sends(station, size):
    """Frames of this size to nobody: by how much (packets, copied, reports) rise."""
    names = ("packets", "copied", "reports")
    before = sums(station, *names)
    send_frames(station, [NOBODY] * FRAMES, size=size)
    # what is not copied counts when it was sent; of the rest a group may wait for more
    wait_for(lambda: sums(station, "packets")[0] >= before[0] + FRAMES and
             sums(station, "reports")[0] >= before[2] + FRAMES // QUIET // 2, "frames sent")
    return [now - then for now, then in zip(sums(station, *names), before)]


@steady
def short_packets(env):
    """Nobody waits until a short packet was sent: it is copied, counts when it is queued, and the
    hardware reports, with an interrupt, once for many."""
    for station in everyone(env):
        packets, copied, reports = sends(station, COPIED)
        ksft_ge(packets, FRAMES)
        ksft_ge(copied, FRAMES)
        ksft_ge(reports, 1, "reports")
        ksft_lt(reports, FRAMES / 8, "reports")
        packets, copied, reports = sends(station, COPIED + 1)
        ksft_ge(packets, FRAMES)
        ksft_lt(copied, FRAMES / 8, "copied")
        ksft_ge(reports, FRAMES / 8, "reports")


if __name__ == "__main__":
    kawela_run([linked, short_packets, one_queue, adaptive, deferred, busy_polled, queues_of_pf,
                spread_queues])
