# SPDX-License-Identifier: GPL-2.0-only
"""Streams, requests and responses between PF and VF, by the kernel's stack.

Both ends are one process, so that their turns are always the same. What is sent
by TCP are pages of a file and what comes is counted, not copied. The processor
idles while an interrupt is late, so a spinner counts that time.
"""

import contextlib

import load
from figures import Figure
from machine import sh, write

NAMESPACE = "bench"
PF_END, VF_END = ("-", "192.0.2.1"), (NAMESPACE, "192.0.2.2")
ROUNDS = 5
FAMILY = "Streams"
# what, its unit, turns per round, how much of the unit a turn is
KINDS = (("tcp", "TCP", "instructions per KByte", 1000, 64),
         ("udp", "UDP", "instructions per KByte", 400, 32 * 1472 / 1024),
         ("tcp_rr", "TCP request/response", "instructions per transaction", 3000, 1),
         ("udp_rr", "UDP request/response", "instructions per transaction", 3000, 1))


def setup(where, port, end, other, mac):
    """An address, and the other one's."""
    dev = port.netdev
    sh(*where, "sysctl", "-qw", "net.ipv4.tcp_no_metrics_save=1")
    sh(*where, "ip", "address", "replace", f"{end}/24", "dev", dev)
    sh(*where, "ip", "link", "set", dev, "up")
    sh(*where, "ip", "neigh", "replace", other, "lladdr", mac, "dev", dev, "nud", "permanent")


@contextlib.contextmanager
def apart(pair):
    """The VF in a network namespace of its own."""
    macs = pair.pf.mac, pair.vf.mac
    inside = ("ip", "netns", "exec", NAMESPACE)
    sh("ip", "netns", "add", NAMESPACE)
    sh("ip", "link", "set", pair.vf.netdev, "netns", NAMESPACE)
    setup((), pair.pf, PF_END[1], VF_END[1], macs[1])
    setup(inside, pair.vf, VF_END[1], PF_END[1], macs[0])
    yield
    sh("ip", "address", "flush", "dev", pair.pf.netdev)
    sh(*inside, "ip", "link", "set", pair.vf.netdev, "netns", "1")
    sh("ip", "netns", "del", NAMESPACE)
    pair.vf.up()
    pair.vf.wait_for_carrier()


def measure(pair):
    with apart(pair), load.spinner() as spinner:
        write("/proc/sys/net/ipv4/tcp_no_metrics_save", "1")
        for kind, name, unit, turns, amount in KINDS:
            for way, ends in (("VF to PF", (VF_END, PF_END)), ("PF to VF", (PF_END, VF_END))):
                if kind.endswith("_rr") and ends[0] is PF_END:
                    continue
                times = load.output("stream", kind, *ends[0], *ends[1], turns, ROUNDS, spinner)
                label = name if kind.endswith("_rr") else f"{name} {way}"
                yield Figure(FAMILY, label, unit, [time / turns / amount for time in times])
