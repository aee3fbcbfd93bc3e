# SPDX-License-Identifier: GPL-2.0-only
"""Memory of a queue pair: what is free less when a netdev is up than when it is down.

Rings as large as the driver makes them, and what was received before it is measured.
"""

import re

from figures import Figure
from machine import read, write

FAMILY = "Memory"
ROUNDS = 5
PAGE_KBYTES = 4


def free_pages():
    """Those in the processor's own lists, too."""
    write("/proc/sys/vm/drop_caches", "3")
    text = read("/proc/zoneinfo")
    found = re.findall(r"nr_free_pages (\d+)|^ +count: +(\d+)", text, re.MULTILINE)
    return sum(int(free or count) for free, count in found)


def used(port):
    """KBytes of one queue pair, one round."""
    port.down()
    free = free_pages()
    port.up()
    port.wait_for_carrier()
    return (free - free_pages()) * PAGE_KBYTES / len(port.queues())


def measure(pair):
    def figure(name, port):
        used(port)
        return Figure(FAMILY, name, "KByte per queue pair", [used(port) for _ in range(ROUNDS)])

    yield figure("VF", pair.vf)
    pair.set_vfs(0)
    yield figure("PF", pair.pf)
    pair.set_vfs(1)
