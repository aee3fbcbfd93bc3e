#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug --backports
"""The counters of PF and VF agree with each other and with what was sent."""

import json
import re

from lib.py import (kawela_run, ksft_eq, ksft_ge, ksft_pr, ksft_true, netdev_family, ping,
                    tcp)

COUNT = 50
SIZE = 1000
FRAME = SIZE + 8 + 20 + 14


def moved(before, after):
    return {way: {what: after[way][what] - before[way][what] for what in ("packets", "bytes")}
            for way in ("rx", "tx")}


def link_counts(env):
    """`ip -s link` counts each ping once, in bytes and packets, both ways."""
    for station in (env.pf, env.vf[0]):
        ping(station, env.wire, count=1)
        before = station.stats()
        ping(station, env.wire, size=SIZE, count=COUNT)
        change = moved(before, station.stats())
        for way in ("rx", "tx"):
            ksft_ge(change[way]["packets"], COUNT, f"{station} {way} packets")
            ksft_ge(COUNT + 30, change[way]["packets"], f"{station} {way} packets")
            ksft_ge(change[way]["bytes"], COUNT * FRAME, f"{station} {way} bytes")
            ksft_ge(COUNT * FRAME + 30 * 200, change[way]["bytes"], f"{station} {way} bytes")


def no_errors(env):
    """A bulk transfer leaves no error and no drop.

    Nobody pads a short frame on QEMU's hub, and its igb counts it as undersized."""
    for station in (env.pf, env.vf[0]):
        tcp(station, env.wire)
        tcp(env.wire, station)
        undersize = station.ethtool_stats().get("mac_rx_undersize", 0)
        stats = station.stats()
        ksft_eq(max(stats["rx"]["errors"] - undersize, 0), 0, f"{station} rx")
        ksft_eq(stats["tx"]["errors"], 0, f"{station} tx")
        ksft_eq(stats["tx"]["dropped"], 0, str(station))


def per_queue(env):
    """`ethtool -S` of all queues together is what the netdev counts."""
    for station in (env.pf, env.vf[0]):
        ping(station, env.wire, count=5)
        for way in ("rx", "tx"):
            low = station.stats()[way]["packets"]
            stats = station.ethtool_stats()
            high = station.stats()[way]["packets"]
            queues = [v for k, v in stats.items() if re.fullmatch(way + r"\d+_packets", k)]
            ksft_true(queues, f"{station} has per-queue counters")
            total = sum(queues)
            ksft_pr(f"{station} {way}: {low} <= {total} <= {high}")
            # queues that are gone count in the netdev only
            ksft_ge(high, total)
            ksft_ge(total, 1)


def hardware_agrees(env):
    """The port's own counters have at least what the PF sent to the wire."""
    before = env.pf.ethtool_stats()
    ping(env.pf, env.wire, count=COUNT)
    ping(env.vf[0], env.wire, count=COUNT)
    after = env.pf.ethtool_stats()
    for name in ("mac_rx_good_packets", "mac_tx_good_packets"):
        ksft_ge(after[name] - before[name], 2 * COUNT, name)


def hardware_of_vf(env):
    """The VF's hardware counters move with its traffic."""
    before = env.vf[0].ethtool_stats()
    ping(env.vf[0], env.vf[1], count=COUNT)
    after = env.vf[0].ethtool_stats()
    for name in ("hw_rx_packets", "hw_tx_packets"):
        ksft_ge(after[name] - before[name], COUNT, name)


def kept_while_down(env):
    """Counters survive down and up, changes of rings and of the number of VFs."""
    for station in (env.pf, env.vf[0]):
        before = station.stats()
        station.down()
        ksft_ge(station.stats()["rx"]["packets"], before["rx"]["packets"], "down")
        station.up()
        station.ethtool(f"-G {station.dev} rx 512")
        after = station.stats()
        for way in ("rx", "tx"):
            for what in ("packets", "bytes"):
                ksft_ge(after[way][what], before[way][what], f"{station} {way} {what}")
    before = env.pf.stats()
    env.remove_vfs()
    for way in ("rx", "tx"):
        ksft_ge(env.pf.stats()[way]["packets"], before[way]["packets"], way)
    env.make_vfs(2)


def netdev_genl(env):
    """The statistics of the netdev family are those of rtnetlink."""
    family = netdev_family()
    ifindex = env.pf.link()["ifindex"]
    ping(env.pf, env.wire, count=5)
    low = env.pf.stats()
    whole = family.qstats_get({"ifindex": ifindex}, dump=True)[0]
    high = env.pf.stats()
    for way in ("rx", "tx"):
        ksft_ge(whole[way + "-packets"], low[way]["packets"], way)
        ksft_ge(high[way]["packets"], whole[way + "-packets"], way)
    queues = family.qstats_get({"ifindex": ifindex, "scope": "queue"}, dump=True)
    ksft_ge(len(queues), 2, json.dumps(queues))


if __name__ == "__main__":
    kawela_run([link_counts, no_errors, per_queue, hardware_agrees, hardware_of_vf,
                kept_while_down, netdev_genl])
