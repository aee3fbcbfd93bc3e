#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""ip -s link show PF: what a VF sent and received, as the host counts it, over resets
of VF and PF."""

from lib.py import defer, kawela_run, ksft_eq, ksft_ge, ksft_lt, ping, steady

COUNT = 20
SIZE = 1000
STRAY = COUNT // 2
# Ethernet, IPv4 and ICMP headers, CRC
OCTETS = 14 + 20 + 8 + SIZE + 4


def counted(env, number=0):
    stats = env.vf_config(number)["stats"]
    rx, tx = stats["rx"], stats["tx"]
    return {"rx_bytes": rx["bytes"], "rx_packets": rx["packets"],
            "tx_bytes": tx["tx_bytes"], "tx_packets": tx["tx_packets"]}


def quiet(env):
    """VF 0 and the wire exchange nothing but what they are told to."""
    for one, other in ((env.vf[0], env.wire), (env.wire, env.vf[0])):
        one.sh(f"sysctl -qw net.ipv6.conf.{one.dev}.disable_ipv6=1")
        one.ip(f"neigh replace {other.v4} lladdr {other.mac} dev {one.dev} nud permanent")


def moved(env, before):
    """So many packets each way, with their octets. What else a host says now and then is
    short, and far less than a second count of the same would be."""
    after = counted(env)
    for way in ("rx", "tx"):
        packets = after[way + "_packets"] - before[way + "_packets"]
        ksft_ge(packets, COUNT, way)
        ksft_lt(packets, COUNT + STRAY, way)
        octets = after[way + "_bytes"] - before[way + "_bytes"]
        ksft_ge(octets, COUNT * (OCTETS - 4), way)
        ksft_ge(COUNT * OCTETS + (packets - COUNT) * OCTETS, octets, way)


@steady
def counts(env):
    """Packets and octets are those of the traffic, at the moment they are asked for."""
    quiet(env)
    before = counted(env)
    ping(env.vf[0], env.wire, size=SIZE, count=COUNT)
    moved(env, before)


@steady
def multicast(env):
    """A group the VF is in is counted."""
    group = "01:00:5e:01:02:03"
    env.vf[0].ip(f"maddr add {group} dev {env.vf[0].dev}")
    defer(env.vf[0].ip, f"maddr del {group} dev {env.vf[0].dev}")
    before = env.vf_config(0)["stats"]["rx"]["multicast"]
    env.wire.ip(f"neigh replace 198.18.0.99 lladdr {group} dev {env.wire.dev} nud permanent")
    defer(env.wire.ip, f"neigh del 198.18.0.99 dev {env.wire.dev}")
    env.wire.sh("ping -n -q -c 10 -i 0.2 -W 1 198.18.0.99", fail=False)
    ksft_ge(env.vf_config(0)["stats"]["rx"]["multicast"] - before, 10)


@steady
def reset_of_vf(env):
    """Nothing is lost, and nothing counted twice."""
    quiet(env)
    before = counted(env)
    ping(env.vf[0], env.wire, size=SIZE, count=COUNT)
    env.vf_pci[0].reset()
    env.vf[0].wait_carrier()
    between = counted(env)
    for key, value in between.items():
        ksft_ge(value, before[key] + (COUNT if "packets" in key else COUNT * SIZE), key)
    ping(env.vf[0], env.wire, size=SIZE, count=COUNT)
    after = counted(env)
    for key in ("rx_packets", "tx_packets"):
        ksft_ge(after[key], between[key] + COUNT, key)
        # neither restarts nor wraps; connecting anew sends a few packets
        ksft_lt(after[key], between[key] + COUNT + 50, key)


def reset_of_pf(env):
    """The hardware's counters start over, the count goes on, netdev up or down."""
    quiet(env)
    for down in (False, True):
        if down:
            env.pf.down()
            defer(env.pf.up)
        ping(env.vf[0], env.wire, size=SIZE, count=COUNT)
        before = counted(env)
        env.pci.reset()
        env.vf[0].wait_carrier()
        between = counted(env)
        for key in ("rx_packets", "tx_packets"):
            ksft_ge(between[key], before[key], key)
            ksft_lt(between[key], before[key] + 50, key)
        ping(env.vf[0], env.wire, size=SIZE, count=COUNT)
        ksft_ge(counted(env)["rx_packets"], between["rx_packets"] + COUNT)


@steady
def own_counters(env):
    """Each VF has its own."""
    quiet(env)
    before = counted(env, 1)
    ping(env.vf[0], env.wire, size=SIZE, count=COUNT)
    ksft_lt(counted(env, 1)["tx_packets"], before["tx_packets"] + COUNT)
    before = counted(env), counted(env, 1)
    ping(env.vf[1], env.vf[0], size=SIZE, count=COUNT)
    for number in (0, 1):
        ksft_ge(counted(env, number)["tx_packets"], before[number]["tx_packets"] + COUNT)


@steady
def new_vfs(env):
    """New VFs start at zero."""
    count = len(env.vf)
    env.remove_vfs()
    env.create_vfs(count)
    ksft_eq(set(counted(env).values()), {0})
    for number in range(count):
        env.bind_vf(number)
    quiet(env)
    before = counted(env)
    ping(env.vf[0], env.wire, size=SIZE, count=COUNT)
    moved(env, before)


if __name__ == "__main__":
    kawela_run([counts, multicast, own_counters, reset_of_vf, reset_of_pf, new_vfs])
