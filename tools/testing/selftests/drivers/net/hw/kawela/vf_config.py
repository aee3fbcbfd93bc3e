#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""All that ip link set PF vf N can say is shown as it was said, and holds: over PF netdev
down and up, a reset of the PF, new VF drivers; new VFs start from the defaults."""

from lib.py import both_ways, kawela_run, ksft_eq, load_module, steady, wait_for

MAC = "02:00:00:00:0d:01"
WORDS = (f"mac {MAC}", "vlan 7 qos 3", "max_tx_rate 250", "spoofchk off", "trust on",
         "state disable")
SET = {"address": MAC, "vlan_list": [{"vlan": 7, "qos": 3}],
       "rate": {"max_tx": 250, "min_tx": 0}, "spoofchk": False, "trust": True,
       "link_state": "disable"}
UNSET = {"address": "00:00:00:00:00:00", "vlan_list": [{}],
         "rate": {"max_tx": 0, "min_tx": 0}, "spoofchk": True, "trust": False,
         "link_state": "auto"}
UNDO = ("mac 00:00:00:00:00:00", "vlan 0", "max_tx_rate 0", "spoofchk on", "trust off",
        "state auto")


def shown(env, number=0):
    config = env.vf_config(number)
    return {key: config.get(key) for key in SET}


@steady
def defaults(env):
    for number in (0, 1):
        ksft_eq(shown(env, number), UNSET, f"VF {number}")


@steady
def one_by_one(env):
    """Each word changes what it names, and nothing else; the other VF keeps its own."""
    expected = dict(UNSET)
    for word, key in zip(WORDS, SET):
        env.set_vf(0, word)
        expected[key] = SET[key]
        ksft_eq(shown(env), expected, word)
    ksft_eq(shown(env, 1), UNSET)
    both_ways(env.vf[1], env.wire)


def holds(env):
    """PF netdev down and up, PF reset, VF reset, VF driver gone and back, a stock driver."""
    env.pf.down()
    ksft_eq(shown(env), SET, "PF down")
    env.pf.up()
    ksft_eq(shown(env), SET, "PF up")
    env.pci.reset()
    env.vf[1].wait_carrier()
    ksft_eq(shown(env), SET, "PF reset")
    env.vf_pci[0].reset()
    ksft_eq(shown(env), SET, "VF reset")
    env.vf_pci[0].unbind()
    ksft_eq(shown(env), SET, "VF without driver")
    load_module("igbvf")
    env.vf_driver = "igbvf"
    env.bind_vf(0, wait=False)
    ksft_eq(shown(env), SET, "igbvf")
    env.vf_pci[0].unbind()
    env.vf_driver = "kawela_vf"
    env.bind_vf(0, wait=False)
    ksft_eq(shown(env), SET, "kawela_vf")
    ksft_eq(env.regs.rars()[MAC], {7}, "a disabled VF's address")


@steady
def undone(env):
    """Each word taken back, in another order, and all is as in the beginning."""
    for word in reversed(UNDO):
        env.set_vf(0, word)
    ksft_eq(shown(env), UNSET)
    env.vf[0].wait_carrier()
    wait_for(lambda: env.vf[0].mac == MAC, "the VF to keep its address until it is reset")
    for station in env.stations:
        station.forget_neighbours()
    both_ways(env.vf[0], env.wire)


@steady
def new_vfs(env):
    """VFs that are made anew know nothing of those before."""
    for word in WORDS:
        env.set_vf(0, word)
    count = len(env.vf)
    env.remove_vfs()
    env.make_vfs(count)
    for number in range(count):
        ksft_eq(shown(env, number), UNSET, f"VF {number}")
    both_ways(env.vf[0], env.wire)


if __name__ == "__main__":
    kawela_run([defaults, one_by_one, holds, undone, new_vfs], macs=False)
