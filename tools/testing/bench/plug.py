# SPDX-License-Identifier: GPL-2.0-only
"""From a VF that gets its driver to its carrier, by the machine's clock.

A processor that idles lets this clock run ahead of QEMU's other threads, of files
that are read for instance; so a spinner keeps it from idling.
"""

import time

import load
from figures import Figure
from ports import Port

# timers run in steps of 4 ms, and begin anywhere in them
ROUNDS = 9
# a PF is patient with a VF that comes once in a while
PAUSE = 3


def time_to_carrier(pair, bdf):
    """Milliseconds."""
    pair.unbind(bdf)
    start = time.monotonic_ns()
    pair.bind(bdf)
    vf = Port(bdf)
    vf.up()
    while vf.sysfs("carrier") != "1":
        time.sleep(0.001)
    return (time.monotonic_ns() - start) / 1e6


def plugged(pair, bdf):
    """One round."""
    time.sleep(PAUSE)
    with load.spinner():
        return time_to_carrier(pair, bdf)


def measure(pair):
    bdf = pair.vf.bdf
    yield Figure("Plug", "VF driver bound to carrier", "ms",
                 [plugged(pair, bdf) for _ in range(ROUNDS)])
    pair.set_vfs(1)
