# SPDX-License-Identifier: GPL-2.0-only
"""Memory of a queue pair: what is free less when a netdev is up than when it is down.

Rings as large as the driver makes them, and what was received before it is measured.
"""

import re

from figures import Figure
from machine import read, write

FAMILY = "Memory"
ROUNDS = 9
PAGE_KBYTES = 4


def free_pages():
    """Those in the processor's own lists, too."""
    write("/proc/sys/vm/drop_caches", "3")
    text = read("/proc/zoneinfo")
    found = re.findall(r"nr_free_pages (\d+)|^ +count: +(\d+)", text, re.MULTILINE)
    return sum(int(free or count) for free, count in found)


def used(port):
    """KBytes of all queue pairs, one round."""
    port.down()
    free = free_pages()
    port.up()
    port.wait_for_carrier()
    return (free - free_pages()) * PAGE_KBYTES


def figures(name, port):
    used(port)
    rounds = [used(port) / len(port.queues()) for _ in range(ROUNDS)]
    slots = port.receive_slots()
    yield Figure(FAMILY, name, "KByte per queue pair", rounds)
    yield Figure(FAMILY, f"{name}, its receive ring shared out", "KByte per receive descriptor",
                 [one / slots for one in rounds])


def measure(pair):
    yield from figures("VF", pair.vf)
    pair.set_vfs(0)
    yield from figures("PF", pair.pf)
    pair.set_vfs(1)
