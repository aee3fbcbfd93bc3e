#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --smp 4 --backports
"""Without VFs the PF spreads flows over its queues as table and key say; with VFs
it has the queues of one pool, and what was configured holds afterwards."""

import os
import re

from lib.py import (all_ping, defer, kawela_run, ksft_eq, ksft_ge, ksft_true, steady,
                    tcp, tcp_both_ways, wait_for)

FLOWS = 40


def queues(env):
    """Entries in sysfs, which is what the stack uses."""
    names = os.listdir(f"/sys/class/net/{env.pf.dev}/queues")
    return sum(n.startswith("rx-") for n in names), sum(n.startswith("tx-") for n in names)


def combined(env):
    numbers = re.findall(r"Combined:\s+(\d+)", env.pf.ethtool("-l " + env.pf.dev).stdout)
    return int(numbers[0]), int(numbers[1])


def received(env):
    """{queue: packets}"""
    return {int(m[1]): value for name, value in env.pf.ethtool_stats().items()
            if (m := re.fullmatch(r"rx(\d+)_packets", name))}


def spread(env):
    """Queues that received something of several TCP connections from the wire."""
    before = received(env)
    for _ in range(FLOWS):
        tcp(env.wire, env.pf, size=4096)
    after = received(env)
    return {q for q in after if after[q] - before.get(q, 0) >= 4}


def several(env):
    """At least two queues."""
    if combined(env)[1] < 2:
        env.pf.ethtool(f"-L {env.pf.dev} combined 2")


@steady
def channels(env):
    """`ethtool -L` changes what sysfs shows, from 1 to the most and back: at first there is a queue
    for each processor, but there may be more."""
    most, now = combined(env)
    ksft_eq((most, now), (8, min(8, os.cpu_count())))
    for count in sorted({1, now, most}):
        env.pf.ethtool(f"-L {env.pf.dev} combined {count}")
        ksft_eq(combined(env)[1], count)
        ksft_eq(queues(env), (count, count))
        tcp_both_ways(env.pf, env.wire, size=1 << 18)
    if now != combined(env)[1]:
        env.pf.ethtool(f"-L {env.pf.dev} combined {now}")


@steady
def flows_spread(env):
    """Several connections arrive on several queues."""
    several(env)
    ksft_ge(len(spread(env)), 2)


def table_entries(env):
    """Queues in the table, as ethtool shows it."""
    text = env.pf.ethtool("-x " + env.pf.dev).stdout
    rows = re.findall(r"^\s+\d+:\s+(.*)$", text, re.MULTILINE)
    return {int(word) for word in " ".join(rows).split()}


@steady
def table(env):
    """A table that names one queue brings everything there."""
    several(env)
    env.pf.ethtool(f"-X {env.pf.dev} weight 0 1")
    defer(env.pf.ethtool, f"-X {env.pf.dev} default")
    ksft_eq(spread(env) - {0}, {1})
    ksft_eq(table_entries(env), {1})


def shown_key(env):
    text = env.pf.ethtool("-x " + env.pf.dev).stdout
    return re.search(r"^RSS hash key:\n(\S+)$", text, re.MULTILINE)[1]


@steady
def key(env):
    """A key that is set is shown and used: all zero, every hash is that of the first entry."""
    several(env)
    defer(env.pf.ethtool, f"-X {env.pf.dev} hkey {shown_key(env)}")
    zero = ":".join(["00"] * 40)
    other = ":".join(f"{37 * n % 256:02x}" for n in range(1, 41))
    for wanted, queues_used in ((zero, 1), (other, 2)):
        env.pf.ethtool(f"-X {env.pf.dev} hkey {wanted}")
        ksft_eq(shown_key(env), wanted)
        used = spread(env)
        ksft_eq(min(len(used), 2), queues_used, f"{used} with {wanted[:5]}...")


@steady
def with_vfs(env):
    """VFs take the queues and give them back; configuration stays."""
    before = combined(env)
    env.make_vfs(2)
    defer(env.remove_vfs)
    ksft_ge(2, combined(env)[0], "queues of the PF beside VFs")
    all_ping(env.stations)
    tcp_both_ways(env.pf, env.wire, size=1 << 18)
    env.remove_vfs()
    ksft_eq(combined(env), before)
    if before[1] > 1:
        wait_for(lambda: len(spread(env)) > 1, "several queues to be used again")


def default_beside_vfs(env):
    """The default table set beside VFs is over all queues again when they have gone."""
    most, now = combined(env)
    if now != most:
        env.pf.ethtool(f"-L {env.pf.dev} combined {most}")
    ksft_eq(table_entries(env), set(range(most)))
    env.make_vfs(1)
    defer(env.remove_vfs)
    env.pf.ethtool(f"-X {env.pf.dev} default")
    ksft_eq(table_entries(env), {0, 1})
    env.remove_vfs()
    ksft_eq(table_entries(env), set(range(most)))
    ksft_ge(len(spread(env)), 3)


def table_kept(env):
    """A table of the administrator's is not touched by VFs."""
    several(env)
    env.pf.ethtool(f"-X {env.pf.dev} weight 0 1")
    defer(env.pf.ethtool, f"-X {env.pf.dev} default")
    env.make_vfs(1)
    defer(env.remove_vfs)
    ksft_eq(table_entries(env), {1})
    env.remove_vfs()
    ksft_eq(table_entries(env), {1})


if __name__ == "__main__":
    kawela_run([channels, flows_spread, table, key, with_vfs, default_beside_vfs, table_kept],
               vfs=0)
