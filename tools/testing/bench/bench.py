#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --icount --smp 1
"""bench - instructions per 60-byte packet, the stock pair and ours in one run.

The machine runs with QEMU's `-icount shift=0`: one instruction is one
nanosecond of its clock, and there is one processor. pktgen sends as fast as it
can, so that the processor never idles, and what the receiver does is part of
the same time. The time from the first packet to the last, divided by the
packets that arrived, is therefore the number of instructions that a packet
costs the machine: pktgen, both drivers and the receiver's stack up to where it
drops the packet. Wall-clock time plays no part; a repeat agrees to about 0.1 %.

The backchannel of our pair is timed by the same clock, from its tracepoints: one
read of a config block, and how long a host's word takes to be read by the VF.

KTAP on standard output, one result per direction and one for the backchannel; it
fails when ours costs more than stock or loses packets, when a block takes a
millisecond to read, or the host's word a tenth of a second to be read.
"""

import argparse
import glob
import os
import re
import subprocess
import sys
import time

PF_BDF = "0000:01:00.0"
VF_MAC = "52:54:00:00:01:00"
PAIRS = {"stock": ("igb", "igbvf"), "kawela": ("kawela_pf", "kawela_vf")}
ROUNDS = 3
# What ours may cost more than stock and still count as equal: the repeat error.
TOLERANCE = 1.001
TRACING = "/sys/kernel/tracing"
BLOCK_READ_LIMIT_US = 1000
WORD_LIMIT_US = 100_000


def sh(*words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text + "\n")


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read().strip()


def wait_until(what, condition):
    end = time.monotonic() + 30
    while not (result := condition()):
        if time.monotonic() > end:
            sys.exit(f"Bail out! {what}: not after 30 s")
        time.sleep(0.05)
    return result


class Port:
    """One function with its driver and interface."""

    def __init__(self, bdf):
        self.bdf = bdf
        path = f"/sys/bus/pci/devices/{bdf}/net/*"
        self.netdev = os.path.basename(wait_until(path, lambda: glob.glob(path))[0])

    def sysfs(self, name):
        return read(f"/sys/class/net/{self.netdev}/{name}")

    def up(self):
        write(f"/proc/sys/net/ipv6/conf/{self.netdev}/disable_ipv6", "1")
        sh("ip", "link", "set", self.netdev, "up")

    def wait_for_carrier(self):
        wait_until(f"carrier of {self.netdev}", lambda: self.sysfs("carrier") == "1")

    def received(self):
        return int(self.sysfs("statistics/rx_packets"))

    def interrupts(self):
        """Messages of all vectors of this function."""
        mine = os.listdir(f"/sys/bus/pci/devices/{self.bdf}/msi_irqs")
        lines = (line.split() for line in read("/proc/interrupts").splitlines()[1:])
        return sum(int(line[1]) for line in lines if line[0].rstrip(":") in mine)

    def doorbells(self):
        """Writes of transmit tails, or None if the driver does not count them."""
        found = re.findall(r"tx\d+_doorbells: (\d+)", sh("ethtool", "-S", self.netdev))
        return sum(map(int, found)) if found else None


class Pair:
    """A PF driver and a VF driver, loaded."""

    def __init__(self, name):
        self.drivers = PAIRS[name]
        for driver in self.drivers:
            sh("modprobe", driver)
        self.pf = Port(PF_BDF)
        self.pf.up()
        write(f"/sys/bus/pci/devices/{PF_BDF}/sriov_numvfs", "1")
        sh("ip", "link", "set", self.pf.netdev, "vf", "0", "mac", VF_MAC)
        vf = os.path.realpath(f"/sys/bus/pci/devices/{PF_BDF}/virtfn0")
        self.rebind(os.path.basename(vf))
        self.vf = Port(os.path.basename(vf))
        self.vf.up()
        for port in (self.pf, self.vf):
            port.wait_for_carrier()

    def rebind(self, bdf):
        """So that the VF driver, whichever it is, starts with the address of above."""
        wait_until(f"driver of {bdf}",
                   lambda: os.path.exists(f"/sys/bus/pci/devices/{bdf}/driver"))
        write(f"/sys/bus/pci/devices/{bdf}/driver/unbind", bdf)
        write(f"/sys/bus/pci/drivers/{self.drivers[1]}/bind", bdf)

    def unload(self):
        write(f"/sys/bus/pci/devices/{PF_BDF}/sriov_numvfs", "0")
        for driver in reversed(self.drivers):
            sh("modprobe", "-r", driver)


def pktgen_setup(source, target, count):
    write("/proc/net/pktgen/kpktgend_0", "rem_device_all")
    write("/proc/net/pktgen/kpktgend_0", f"add_device {source.netdev}")
    for setting in (f"count {count}", "pkt_size 60", "delay 0", "clone_skb 0",
                    "dst 192.0.2.2", f"dst_mac {target.sysfs('address')}"):
        write(f"/proc/net/pktgen/{source.netdev}", setting)


def pktgen_start():
    write("/proc/net/pktgen/pgctrl", "start")


def pktgen(source, target, count):
    """Send and return the nanoseconds it took."""
    pktgen_setup(source, target, count)
    pktgen_start()
    text = read(f"/proc/net/pktgen/{source.netdev}")
    result = re.search(r"OK: (\d+)\(c\d+\+d\d+\) usec, (\d+) ", text)
    if not result or int(result[2]) != count:
        sys.exit(f"Bail out! pktgen: {text}")
    return int(result[1]) * 1000


class Result:
    """One round in one direction."""

    def __init__(self, source, target, count):
        before = self.counters(source, target)
        nanoseconds = pktgen(source, target, count)
        time.sleep(0.2)
        after = self.counters(source, target)
        received, tx_irqs, rx_irqs = (new - old for new, old in zip(after[:3], before))
        self.lost = count - received
        self.instructions = nanoseconds / max(received, 1)
        self.interrupts = (tx_irqs + rx_irqs) / max(received, 1)
        self.doorbells = None
        if after[3] is not None:
            self.doorbells = (after[3] - before[3]) / count

    @staticmethod
    def counters(source, target):
        return (target.received(), source.interrupts(), target.interrupts(),
                source.doorbells())


def measure(pair, count):
    """Direction -> the rounds, sorted by what counts."""
    rounds = {}
    for name, source, target in (("VF to PF", pair.vf, pair.pf),
                                 ("PF to VF", pair.pf, pair.vf)):
        pktgen(source, target, count // 10)
        rounds[name] = sorted((Result(source, target, count) for _ in range(ROUNDS)),
                              key=lambda result: result.instructions)
    return rounds


def backchannel(pair):
    """Microseconds of each read of a block, and from PF_CONTROL to the block in the VF."""
    if not os.path.exists(TRACING + "/events"):
        sh("mount", "-t", "tracefs", "none", TRACING)
    write(TRACING + "/events/kawela_mbx/enable", "1")
    for rate in range(100, 600, 100):
        sh("ip", "link", "set", pair.pf.netdev, "vf", "0", "max_tx_rate", str(rate))
        wait_until(f"a rate of {rate}",
                   lambda want=rate: pair.vf.sysfs("queues/tx-0/tx_maxrate") == str(want))
    write(TRACING + "/events/kawela_mbx/enable", "0")
    return block_times(read(TRACING + "/trace"), pair.vf.bdf)


def block_times(trace, vf):
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


def verdict_backchannel(number, times):
    reads, words = times
    good = (reads and reads[-1] < BLOCK_READ_LIMIT_US and
            words and words[-1] < WORD_LIMIT_US)
    print(f"{'ok' if good else 'not ok'} {number} backchannel: {len(reads)} blocks, the slowest "
          f"read in {reads[-1] if reads else 0:.0f} us, the slowest word of the host in "
          f"{words[-1] if words else 0:.0f} us")
    return bool(good)


def print_table(table, count):
    form = "# {:<10}{:<8}{:>12}{:>10}{:>8}{:>14}{:>14}"
    print(f"# {count} packets of 60 bytes, median of {ROUNDS} rounds")
    print(form.format("direction", "pair", "instr/pkt", "spread", "lost",
                      "doorbells/pkt", "interrupts/pkt"))
    for direction in next(iter(table.values())):
        for name, rounds in table.items():
            results = rounds[direction]
            middle = results[len(results) // 2]
            spread = results[-1].instructions / results[0].instructions - 1
            doorbells = "-" if middle.doorbells is None else f"{middle.doorbells:.3f}"
            print(form.format(direction, name, f"{middle.instructions:.0f}",
                              f"{spread:.2%}", max(r.lost for r in results), doorbells,
                              f"{middle.interrupts:.4f}"))


def verdict(number, direction, table):
    stock, ours = (table[name][direction] for name in ("stock", "kawela"))
    limit, cost = (rounds[len(rounds) // 2].instructions for rounds in (stock, ours))
    lost = max(result.lost for result in ours)
    good = cost <= limit * TOLERANCE and lost <= 0
    print(f"{'ok' if good else 'not ok'} {number} {direction}: "
          f"{cost:.0f} instructions per packet, stock {limit:.0f}, lost {lost}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30000, metavar="PACKETS")
    parser.add_argument("--pair", action="append", choices=PAIRS,
                        help="measure this pair only, without a verdict (repeatable)")
    args = parser.parse_args()
    print("TAP version 13")
    if "debug" in os.uname().release:
        print("1..0 # SKIP the checks of a debug kernel count as instructions, too")
        return 0
    sh("modprobe", "pktgen")
    table = {}
    for name in args.pair or PAIRS:
        print(f"# measure {name}", flush=True)
        pair = Pair(name)
        table[name] = measure(pair, args.count)
        if name == "kawela":
            times = backchannel(pair)
        pair.unload()
    print_table(table, args.count)
    if len(table) < 2:
        print("1..0 # SKIP no comparison asked for")
        return 0
    directions = list(table["stock"])
    print(f"1..{len(directions) + 1}")
    good = [verdict(number, direction, table)
            for number, direction in enumerate(directions, 1)]
    good.append(verdict_backchannel(len(directions) + 1, times))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
