#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 3600 --not-on-debug --not-on-stock --smp 1
"""What it costs a guest's peers that its VF goes or comes: the kernel's igb and igbvf, and ours,
in the same scenarios. `make compare` runs it and prints the table.

Nobody helps the stock pair with `bridge fdb` or a reload: what is compared is what happens when
the host's administrator only does what the scenario says.
"""

from lib.py import (Bridge, FailoverGuest, KawelaEnv, KsftFailEx, Migration, PingStream, defer,
                    ksft_exit, ksft_ge, ksft_pr, ksft_run, ksft_true)

PAIRS = {"igb + igbvf": ("igb", "igbvf"), "kawela": ("kawela_pf", "kawela_vf")}
OURS = "kawela"
VF = 0
# pings of each stage of a scenario, ten per second
STAGE = 100
COSTS = {}


def guest_on_vf(env, name):
    """A guest with both adapters that uses its VF."""
    env.create_vfs(1)
    defer(env.remove_vfs)
    guest = FailoverGuest(env, Bridge(env, keep=True).add_pf(), name, 31)
    defer(guest.kill)
    guest.start(vf=VF)
    guest.load(env.vf_driver)
    guest.wait_vf()
    return guest


def replug(env):
    """The VF is unplugged, and plugged again"""
    guest = guest_on_vf(env, "replug")
    pings = PingStream(env.wire, guest, 4 * STAGE)
    pings.more(STAGE)
    guest.unplug()
    pings.more(STAGE)
    guest.plug(VF)
    guest.wait_vf()
    pings.more(STAGE)
    return pings.stop()


def first_plug(env):
    """A guest that had no VF is given one"""
    env.create_vfs(1)
    defer(env.remove_vfs)
    guest = FailoverGuest(env, Bridge(env, keep=True).add_pf(), "first", 31)
    defer(guest.kill)
    guest.start()
    guest.load(env.vf_driver)
    pings = PingStream(env.wire, guest, 2 * STAGE)
    pings.more(STAGE)
    guest.plug(VF)
    guest.wait_vf()
    pings.more(STAGE)
    return pings.stop()


def reload(env):
    """The guest unloads its VF's driver, and loads it again"""
    guest = guest_on_vf(env, "reload")
    pings = PingStream(env.wire, guest, 4 * STAGE)
    pings.more(STAGE)
    guest.sh("modprobe -r " + env.vf_driver)
    pings.more(STAGE)
    guest.sh("modprobe " + env.vf_driver)
    guest.wait_vf()
    pings.more(STAGE)
    return pings.stop()


def migration(env):
    """Live migration, from a VF to a VF of the same host"""
    move = Migration(env, target_vf=1)
    move.run()
    return move.cost()


def migration_without(env):
    """Live migration, to where no VF is free"""
    move = Migration(env, target_vf=None)
    move.run()
    return move.cost()


SCENARIOS = (first_plug, replug, reload, migration, migration_without)


def measure(scenario, pair):
    pf, vf = PAIRS[pair]
    COSTS[scenario, pair] = None
    try:
        with KawelaEnv(pf=pf, vf=vf, vfs=0, macs=False) as env:
            cost = scenario(env)
    except KsftFailEx as error:
        # the stock pair may be cut off for good
        if pair == OURS:
            raise
        ksft_pr(f"{pair}: {scenario.__name__}: {error}")
        return
    COSTS[scenario, pair] = cost
    ksft_pr(f"{pair}: {scenario.__name__}: {cost}")
    ksft_true(cost["of"], "pings were sent")


def table():
    """Ours loses no more than the stock pair, in each."""
    ksft_pr("| " + f"{'pings lost':56}" + "".join(f"{pair:>16}" for pair in PAIRS))
    for scenario in SCENARIOS:
        costs = [COSTS[scenario, pair] for pair in PAIRS]
        ksft_pr(f"| {scenario.__doc__:56}" +
                "".join(f"{cost['lost']:>9} of {cost['of']:3}" if cost else f"{'cut off':>16}"
                        for cost in costs))
        ksft_true(costs[1], f"{scenario.__name__} with ours")
        if all(costs):
            ksft_ge(costs[0]["lost"], costs[1]["lost"], scenario.__name__)


def case(scenario, pair):
    """A case of ksft_run()."""
    def run():
        measure(scenario, pair)
    run.__name__ = f"{scenario.__name__}.{pair.split()[0]}"
    return run


if __name__ == "__main__":
    ksft_run([case(scenario, pair) for scenario in SCENARIOS for pair in PAIRS] + [table])
    ksft_exit()
