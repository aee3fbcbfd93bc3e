#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --backports
"""All that ip link set PF vf N can say is shown as it was said, and holds: over PF netdev
down and up, a reset of the PF, new VF drivers; new VFs start from the defaults."""

from lib.py import (VF_SET, VF_UNDO, VF_WORDS, WANTED_MAC, Wanted, both_ways, kawela_run, ksft_eq,
                    load_module, set_vf_words, steady, vf_shown, wait_for, want_others)

UNSET = {"address": "00:00:00:00:00:00", "vlan_list": [{}],
         "rate": {"max_tx": 0, "min_tx": 0}, "spoofchk": True, "trust": False,
         "link_state": "auto"}


@steady
def defaults(env):
    for number in (0, 1):
        ksft_eq(vf_shown(env, number), UNSET, f"VF {number}")


@steady
def one_by_one(env):
    """Each word changes what it names, and nothing else; the other VF keeps its own."""
    expected = dict(UNSET)
    for word, key in zip(VF_WORDS, VF_SET):
        env.set_vf(0, word)
        expected[key] = VF_SET[key]
        ksft_eq(vf_shown(env), expected, word)
    ksft_eq(vf_shown(env, 1), UNSET)
    both_ways(env.vf[1], env.wire)


def holds(env):
    """PF netdev down and up, PF reset, VF reset, VF driver gone and back, a stock driver."""
    env.pf.down()
    ksft_eq(vf_shown(env), VF_SET, "PF down")
    env.pf.up()
    ksft_eq(vf_shown(env), VF_SET, "PF up")
    env.pci.reset()
    env.vf[1].wait_carrier()
    ksft_eq(vf_shown(env), VF_SET, "PF reset")
    env.vf_pci[0].reset()
    ksft_eq(vf_shown(env), VF_SET, "VF reset")
    env.vf_pci[0].unbind()
    ksft_eq(vf_shown(env), VF_SET, "VF without driver")
    load_module("igbvf")
    env.vf_driver = "igbvf"
    env.bind_vf(0, wait=False)
    ksft_eq(vf_shown(env), VF_SET, "igbvf")
    env.vf_pci[0].unbind()
    env.vf_driver = "kawela_vf"
    env.bind_vf(0, wait=False)
    ksft_eq(vf_shown(env), VF_SET, "kawela_vf")
    ksft_eq(env.regs.rars()[WANTED_MAC], {7}, "a disabled VF's address")


def holds_all(env):
    """With a receive filter, VEPA and a VPort beside it; in the registers, too."""
    want_others(env)
    wanted = Wanted(env)
    env.pf.down()
    env.pf.up()
    wanted.holds("PF down and up")
    env.pci.reset()
    wanted.holds("PF reset")


@steady
def undone(env):
    """Each word taken back, in another order, and all is as in the beginning."""
    *words, state = VF_UNDO
    set_vf_words(env, [state])
    wait_for(lambda: env.vf[0].mac == WANTED_MAC, "the VF to take its address")
    env.vf[0].wait_carrier()
    set_vf_words(env, reversed(words))
    ksft_eq(vf_shown(env), UNSET)
    env.vf[0].wait_carrier()
    ksft_eq(env.vf[0].mac, WANTED_MAC, "the VF keeps its address until it is reset")
    for station in env.stations:
        station.forget_neighbours()
    both_ways(env.vf[0], env.wire)


@steady
def new_vfs(env):
    """VFs that are made anew know nothing of those before."""
    set_vf_words(env)
    count = len(env.vf)
    env.remove_vfs()
    env.make_vfs(count)
    for number in range(count):
        ksft_eq(vf_shown(env, number), UNSET, f"VF {number}")
    both_ways(env.vf[0], env.wire)


if __name__ == "__main__":
    kawela_run([defaults, one_by_one, holds, holds_all, undone, new_vfs], macs=False)
