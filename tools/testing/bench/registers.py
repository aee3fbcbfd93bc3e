# SPDX-License-Identifier: GPL-2.0-only
"""What passes between drivers and NIC for a packet, from the traces of QEMU's registers."""

import collections
import re

import generator
from figures import Figure
from machine import Monitor

FAMILY = "Registers and descriptors"
LOG = "/results/registers.log"
COUNT = 8000
BURST = 32
ROUNDS = 3
EVENTS = ("e1000e_core_write", "e1000e_core_read", "e1000e_irq_msix_notify_vec",
          "e1000e_irq_msix_notify_postponed_vec", "e1000e_tx_descr")
# a queue's tails, and how far apart those of two queues are
RECEIVE_TAIL, TRANSMIT_TAIL, STRIDE, QUEUES = 0xc018, 0xe018, 0x40, 16
# the descriptor asks for its write-back
REPORT_STATUS = 1 << 27


def is_tail(register, first):
    return first <= register < first + STRIDE * QUEUES and not (register - first) % STRIDE


def write_kind(register):
    if is_tail(register, TRANSMIT_TAIL):
        return "doorbells"
    return "receive tails" if is_tail(register, RECEIVE_TAIL) else "other writes"


def kinds(line):
    """What a line of the trace counts as."""
    name, _, rest = line.partition(" ")
    if name.endswith("core_write"):
        yield write_kind(int(re.search(r"register 0x([0-9a-f]+)", rest)[1], 16))
    elif name.endswith("core_read"):
        yield "register reads"
    elif name.endswith("_vec"):
        yield "interrupts"
    elif name.endswith("tx_descr"):
        yield "transmit descriptors"
        if int(rest.split()[2], 16) & REPORT_STATUS:
            yield "transmit write-backs"


def count(lines):
    return collections.Counter(kind for line in lines for kind in kinds(line))


def trace(source, mac, packets, burst=1):
    """{kind: how many} of a burst of packets."""
    generator.setup(source, mac, packets, burst=burst)
    with Monitor() as monitor:
        monitor.hmp(f"logfile {LOG}")
        monitor.hmp("log " + ",".join("trace:" + event for event in EVENTS))
        generator.start()
        monitor.hmp("log none")
        for event in EVENTS:
            monitor.hmp(f"trace-event {event} off")
        monitor.hmp("logfile /dev/null")
    with open(LOG, encoding="ascii", errors="replace") as file:
        return count(file)


SHOWN = ("doorbells", "receive tails", "other writes", "register reads", "interrupts",
         "transmit descriptors", "transmit write-backs")


def measure(pair):
    for name, source, target in (("VF to PF", pair.vf, pair.pf), ("PF to VF", pair.pf, pair.vf)):
        # what a timer does in one of them is not of the packets
        found = [trace(source, target.mac, COUNT) for _ in range(ROUNDS)]
        for kind in SHOWN:
            yield Figure(FAMILY, f"{name}: {kind}", "per packet",
                         [counted[kind] / COUNT for counted in found])
        counted = trace(source, target.mac, COUNT, burst=BURST)
        yield Figure(FAMILY, f"{name}, bursts of {BURST}: doorbells", "per burst",
                     [counted["doorbells"] * BURST / COUNT])
