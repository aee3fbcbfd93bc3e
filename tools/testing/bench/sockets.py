# SPDX-License-Identifier: GPL-2.0-only
"""AF_XDP sockets: frames that a process takes, sends, and sends back."""

import frames
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
        yield "VF", pair.vf, pair.pf, vf, way
        yield "PF", pair.pf, pair.vf, "native", way


def receive(process, port, source, what):
    """One round: (instructions per frame, frames that did not come, or not out again)."""
    before = port.sent()
    nanoseconds = generator.send(source, port.mac, COUNT)
    got = load.number(process)
    out = port.sent() - before if what == "l2fwd" else got
    return nanoseconds / got, COUNT - min(got, out)


def received(pair, port, source, mode, way, what):
    """All rounds, and frames lost; none if the driver refuses."""
    with load.running("xsk", port.netdev, mode, way, what, COUNT, NOWHERE, "-") as process:
        if not process:
            return [], 0
        pair.settle()
        receive(process, port, source, what)
        rounds = [receive(process, port, source, what) for _ in range(ROUNDS)]
    return [cost for cost, _ in rounds], max(lost for _, lost in rounds)


def sent(pair, port, mode, way):
    """The same, of what a process sends."""
    with load.running("xsk", port.netdev, mode, way, "txonly", COUNT, NOWHERE,
                      load.TURNS) as process:
        if not process:
            return [], 0
        pair.settle()
        before = port.sent()
        with load.spinner():
            process.stdin.write(b"\n")
            load.number(process)
            rounds = [load.number(process) / COUNT for _ in range(ROUNDS)]
        lost = COUNT * (ROUNDS + 1) - (port.sent() - before)
    return rounds, lost


def senders(pair):
    """What of a received frame's cost is its sender's: pktgen and the driver, for nobody."""
    for where, port in (("PF", pair.pf), ("VF", pair.vf)):
        yield frames.figure(FAMILY, f"pktgen on {where} alone", port, NOWHERE)


def measure(pair):
    yield from senders(pair)
    for where, port, other, mode, way in sockets(pair):
        for what in ("rxdrop", "txonly", "l2fwd"):
            if what == "txonly":
                rounds, lost = sent(pair, port, mode, way)
            else:
                rounds, lost = received(pair, port, other, mode, way, what)
            pair.settle()
            yield Figure(FAMILY, f"{what} on {where}, {way}", PER_PACKET, rounds, mode, lost)
