#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""profile - the two halves of profile.sh: record in the machine, report after it."""

import bisect
import collections
import contextlib
import re
import shutil
import sys

import generator
import load
import streams
from machine import Monitor, sh
from ports import Pair

RESULTS = "/results"
SHOWN = 50
FRAMES = ("vf-to-pf", "pf-to-vf")


def turns(what):
    """Of the short burst and of the long one."""
    return (100, 200) if what in FRAMES else (20, 40)


def frames(pair, direction):
    """What sends so many 60-byte frames; everything but the frames is done before."""
    source, target = (pair.vf, pair.pf) if direction == "vf-to-pf" else (pair.pf, pair.vf)
    generator.send(source, target.mac, 5000)

    def prepare(count):
        generator.setup(source, target.mac, count)
        return generator.start

    return prepare


def stream(kind, ends):
    """What takes so many turns of a stream."""
    with open(load.TURNS, "wb") as file:
        file.truncate(4096)
    load.program()

    def prepare(count):
        # one that warms up is a quarter of it
        words = ("stream", kind, *ends, count * 4 // 5, 1, load.TURNS)
        return lambda: load.output(*words)

    return prepare


@contextlib.contextmanager
def prepared(pair, what):
    """Of frames or of a stream."""
    if what in FRAMES:
        yield frames(pair, what)
        return
    ends = [*streams.VF_END, *streams.PF_END]
    if what.endswith("-back"):
        ends = [*streams.PF_END, *streams.VF_END]
    with streams.apart(pair):
        yield stream(what.removesuffix("-back"), ends)


def record(pair_name, what):
    """Log a short burst and a long one, instruction by instruction."""
    sh("modprobe", "pktgen")
    pair = Pair(pair_name)
    shutil.copy("/proc/kallsyms", RESULTS + "/kallsyms")
    with prepared(pair, what) as prepare, Monitor() as monitor:
        for count in turns(what):
            run = prepare(count)
            monitor.hmp(f"logfile {RESULTS}/trace-{count}.log")
            monitor.hmp("one-insn-per-tb on")
            monitor.hmp("log exec,nochain")
            run()
            monitor.hmp("log none")
            monitor.hmp("one-insn-per-tb off")


def symbols():
    """Addresses and names of the kernel's functions, sorted."""
    rows = []
    with open(RESULTS + "/kallsyms", encoding="ascii") as file:
        for line in file:
            address, kind, name, *module = line.split()
            if kind in "tTwW":
                rows.append((int(address, 16), " ".join([name, *module])))
    rows.sort()
    return [row[0] for row in rows], [row[1] for row in rows]


def count_instructions(count, addresses, names):
    """Function -> instructions of the kernel in one trace."""
    by_address = collections.Counter()
    pattern = re.compile(r"\[[0-9a-f]+/([0-9a-f]{16})/")
    with open(f"{RESULTS}/trace-{count}.log", encoding="ascii", errors="replace") as file:
        for line in file:
            if found := pattern.search(line):
                by_address[found[1]] += 1
    by_name = collections.Counter()
    for text, times in by_address.items():
        address = int(text, 16)
        if address >= addresses[0]:
            by_name[names[bisect.bisect_right(addresses, address) - 1]] += times
    return by_name


def report(what):
    addresses, names = symbols()
    fewer, more = turns(what)
    short, long = (count_instructions(count, addresses, names) for count in (fewer, more))
    cost = {name: (long[name] - short[name]) / (more - fewer) for name in long}
    print(f"{sum(cost.values()):8.0f}  instructions per turn in the kernel")
    for name in sorted(cost, key=cost.get, reverse=True)[:SHOWN]:
        print(f"{cost[name]:8.1f}  {name}")


def main():
    if sys.argv[1:2] == ["record"] and len(sys.argv) == 4:
        record(*sys.argv[2:])
    elif sys.argv[1:2] == ["report"] and len(sys.argv) == 4:
        report(sys.argv[3])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
