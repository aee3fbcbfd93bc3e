#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""profile - the two halves of profile.sh: record in the machine, report after it."""

import bisect
import collections
import re
import shutil
import sys

import generator
from machine import Monitor, sh
from ports import Pair

RESULTS = "/results"
SHORT, LONG = 100, 200
SHOWN = 50


def record(pair_name, direction):
    """Log a burst of SHORT and one of LONG packets, instruction by instruction."""
    sh("modprobe", "pktgen")
    pair = Pair(pair_name)
    source, target = (pair.vf, pair.pf) if direction == "vf-to-pf" else (pair.pf, pair.vf)
    shutil.copy("/proc/kallsyms", RESULTS + "/kallsyms")
    generator.send(source, target.mac, 5000)
    monitor = Monitor()
    for count in (SHORT, LONG):
        generator.setup(source, target.mac, count)
        monitor.hmp(f"logfile {RESULTS}/trace-{count}.log")
        monitor.hmp("one-insn-per-tb on")
        monitor.hmp("log exec,nochain")
        generator.start()
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


def report():
    addresses, names = symbols()
    short, long = (count_instructions(count, addresses, names) for count in (SHORT, LONG))
    cost = {name: (long[name] - short[name]) / (LONG - SHORT) for name in long}
    print(f"{sum(cost.values()):8.0f}  instructions per packet in the kernel")
    for name in sorted(cost, key=cost.get, reverse=True)[:SHOWN]:
        print(f"{cost[name]:8.1f}  {name}")


def main():
    if sys.argv[1:2] == ["record"] and len(sys.argv) == 4:
        record(*sys.argv[2:])
    elif sys.argv[1:] == ["report"]:
        report()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
