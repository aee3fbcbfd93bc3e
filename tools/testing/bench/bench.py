#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --icount --smp 1 --dual
"""bench - what the stock pair and ours cost in counted instructions, in one run.

The machine runs with QEMU's `-icount shift=0`: one instruction is one
nanosecond of its clock, and there is one processor. Wall-clock time plays no
part.

Without options the first family only, 60-byte frames between PF and VF, and
the backchannel. KTAP on standard output; it fails when ours costs more than
stock or loses packets, when a block takes a millisecond to read, or the host's
word a tenth of a second to be read.
"""

import argparse
import os
import sys

import backchannel
import bars
import frames
import memory
import plug
import programs
import registers
import report
import scaling
import sockets
import streams
from machine import sh, versions, write
from ports import PAIRS, loaded

# What ours may cost more than stock and still count as equal: the repeat error.
TOLERANCE = 1.001
FAMILIES = {"frames": frames.measure, "xdp": programs.measure, "sockets": sockets.measure,
            "streams": streams.measure, "registers": registers.measure,
            "memory": memory.measure, "plug": plug.measure, "scaling": scaling.measure}
# the directions that are held to the stock pair's cost in any case
HELD = ("VF to PF", "PF to VF")


def measure(pair, wanted):
    """The figures of one pair, said as they come."""
    for name in wanted:
        for figure in FAMILIES[name](pair):
            print(f"# {pair.name}: {report.key(figure)}: {report.rounds(figure)}", flush=True)
            yield figure


def verdict(number, row):
    stock, ours = row["stock"], row["kawela"]
    lost = ours.get("lost", 0)
    good = ours["value"] <= stock["value"] * TOLERANCE and lost <= 0
    print(f"{'ok' if good else 'not ok'} {number} {row['name']}: "
          f"{ours['value']:.0f} instructions per packet, stock {stock['value']:.0f}, lost {lost}")
    return good


def verdicts(table, times):
    held = [row for row in table if row["family"] == frames.FAMILY and row["name"] in HELD]
    print(f"1..{len(held) + 1}")
    good = [verdict(number, row) for number, row in enumerate(held, 1)]
    fine, said = backchannel.verdict(times)
    print(f"{'ok' if fine else 'not ok'} {len(held) + 1} {said}")
    return all(good) and fine


def options():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pair", action="append", choices=PAIRS,
                        help="measure this pair only, without a verdict (repeatable)")
    parser.add_argument("--family", action="append", choices=FAMILIES,
                        help="what to measure (repeatable)")
    parser.add_argument("--all", action="store_true", help="measure everything")
    parser.add_argument("--json", metavar="FILE", help="write the table there, too")
    return parser.parse_args()


def main():
    args = options()
    print("TAP version 13")
    if "debug" in os.uname().release:
        print("1..0 # SKIP the checks of a debug kernel count as instructions, too")
        return 0
    sh("modprobe", "pktgen")
    figures, times = {}, ([], [])
    wanted = list(FAMILIES) if args.all else args.family or ["frames"]
    for name in args.pair or PAIRS:
        with loaded(name) as pair:
            figures[name] = list(measure(pair, wanted))
            if pair.ours:
                times = backchannel.measure(pair)
    table = report.rows(figures)
    for line in report.text(table):
        print("#", line)
    if args.all:
        for line in bars.text(table):
            print("# bar", line)
    if args.json:
        write(args.json, report.document({"versions": versions(), "rows": table}).rstrip())
    if len(figures) < 2 or "frames" not in wanted:
        print("1..0 # SKIP no comparison asked for")
        return 0
    return 0 if verdicts(table, times) else 1


if __name__ == "__main__":
    sys.exit(main())
