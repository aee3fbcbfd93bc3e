# SPDX-License-Identifier: GPL-2.0-only
"""The backchannel of our pair, from its tracepoints: how long one read of a config block takes,
and how long a word of the host takes to be read by the VF."""

import os
import re

from machine import read, sh, wait_until, write

TRACING = "/sys/kernel/tracing"
BLOCK_READ_LIMIT_US = 1000
WORD_LIMIT_US = 100_000


def measure(pair):
    """Microseconds of each read of a block, and from PF_CONTROL to the block in the VF."""
    if not os.path.exists(TRACING + "/events"):
        sh("mount", "-t", "tracefs", "none", TRACING)
    write(TRACING + "/events/kawela_mbx/enable", "1")
    for rate in range(100, 600, 100):
        sh("ip", "link", "set", pair.pf.netdev, "vf", "0", "max_tx_rate", str(rate))
        wait_until(f"a rate of {rate}",
                   lambda want=rate: pair.vf.sysfs("queues/tx-0/tx_maxrate") == str(want))
    write(TRACING + "/events/kawela_mbx/enable", "0")
    sh("ip", "link", "set", pair.pf.netdev, "vf", "0", "max_tx_rate", "0")
    return times(read(TRACING + "/trace"), pair.vf.bdf)


def times(trace, vf):
    reads, words = [], []
    rung = asked = None
    for line in trace.splitlines():
        found = re.search(r" ([0-9.]+): kawela_mbx_(send|receive): (\S+) .*words (\w+)", line)
        if not found:
            continue
        now, what = float(found[1]) * 1e6, (found[2], found[3] == vf)
        message = int(found[4], 16) & 0xffff
        if what == ("send", False) and message == 0x100:
            rung = now
        elif what == ("send", True) and message == 0x20:
            asked = now
        elif what == ("receive", True) and message == 0x20 and asked:
            reads.append(now - asked)
            if rung:
                words.append(now - rung)
            rung = asked = None
    return sorted(reads), sorted(words)


def verdict(measured):
    """(good, what is to be said)"""
    reads, words = measured
    good = (reads and reads[-1] < BLOCK_READ_LIMIT_US and
            words and words[-1] < WORD_LIMIT_US)
    return bool(good), (f"backchannel: {len(reads)} blocks, the slowest read in "
                        f"{reads[-1] if reads else 0:.0f} us, the slowest word of the host in "
                        f"{words[-1] if words else 0:.0f} us")
