# SPDX-License-Identifier: GPL-2.0-only
"""AF_XDP sockets: frames that a process takes, sends, and sends back."""

import generator
import load
from figures import PER_PACKET, Figure
from ports import NOWHERE

FAMILY = "AF_XDP, 60-byte frames"
ROUNDS = 3
# a multiple of what a process sends at once
COUNT = 30080


def sockets(pair):
    """(name, port, the other one, XDP mode, way to bind)"""
    vf = "native" if pair.ours else "generic"
    for way in ("copy", "zerocopy"):
        if way == "copy" or pair.ours:
            yield "VF", pair.vf, pair.pf, vf, way
        yield "PF", pair.pf, pair.vf, "native", way


def receive(process, port, source):
    """One round: (instructions per frame, frames lost)."""
    nanoseconds = generator.send(source, port.mac, COUNT)
    got = load.number(process)
    return nanoseconds / got, COUNT - got


def received(pair, port, source, mode, way, what):
    """All rounds, or None if the driver refuses."""
    with load.running("xsk", port.netdev, mode, way, what, COUNT, NOWHERE, "-") as process:
        if not process:
            return None
        pair.settle()
        receive(process, port, source)
        rounds = [receive(process, port, source) for _ in range(ROUNDS)]
    return [cost for cost, _ in rounds], max(lost for _, lost in rounds)


def sent(pair, port, mode, way):
    """The same, of what a process sends."""
    with load.running("xsk", port.netdev, mode, way, "txonly", COUNT, NOWHERE,
                      load.TURNS) as process:
        if not process:
            return None
        pair.settle()
        with load.spinner():
            process.stdin.write(b"\n")
            load.number(process)
            rounds = [load.number(process) / COUNT for _ in range(ROUNDS)]
    return rounds, 0


def measure(pair):
    for where, port, other, mode, way in sockets(pair):
        for what in ("rxdrop", "txonly", "l2fwd"):
            found = (sent(pair, port, mode, way) if what == "txonly" else
                     received(pair, port, other, mode, way, what))
            pair.settle()
            if found:
                yield Figure(FAMILY, f"{what} on {where}, {way}", PER_PACKET, found[0],
                             f"{mode}, {way}", found[1])
