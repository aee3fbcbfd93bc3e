#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""ip link set PF vf N vlan V qos Q: the switch puts a VF into a VLAN that its driver
does not know about, at once, and takes it out again."""

from lib.py import (all_ping, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_true,
                    load_module, on_vlan, silent, steady, wait_for)

VID = 50
OTHER = 51
NET = VID % 250 + 1


def into(env, what=f"vlan {VID}"):
    """VF 0 in the VLAN, with an address of its subnet. Nothing is done in the VF."""
    env.set_vf(0, what)
    defer(env.set_vf, 0, "vlan 0")
    return member(env)


def member(env):
    station = env.vf[0].upper("vf0", env.vf[0].number, env.vf[0].dev, net=NET)
    station.ip(f"addr replace {station.v4}/24 dev {station.dev}")
    return station


@steady
def reaches_its_vlan(env):
    """Its untagged frames are the VLAN's on the wire, in the PF and in another VF."""
    changes = env.vf[0].sh(f"cat /sys/class/net/{env.vf[0].dev}/carrier_changes").stdout
    here = into(env)
    for station in (env.wire, env.pf, env.vf[1]):
        both_ways(here, on_vlan(station, VID))
    ksft_eq(env.vf[0].sh(f"cat /sys/class/net/{env.vf[0].dev}/carrier_changes").stdout, changes,
            "carrier changes of the VF")
    config = env.vf_config(0)
    ksft_eq(config["vlan_list"], [{"vlan": VID}])


@steady
def nothing_else(env):
    """No untagged frame and no other VLAN, in either direction."""
    here = into(env)
    for station in (env.wire, env.pf, env.vf[1]):
        ksft_true(silent(env.vf[0], station), f"untagged {station}")
    for station in (env.wire, env.vf[1]):
        there = on_vlan(station, OTHER)
        there.v4 = here.v4.rpartition(".")[0] + f".{100 + station.number}"
        there.ip(f"addr add {there.v4}/24 dev {there.dev}")
        ksft_true(silent(here, there), f"VLAN {OTHER} of {station}")
        ksft_true(silent(there, here), f"VLAN {OTHER} of {station}")
    ksft_eq(env.regs.pool_vlans(0), {VID})
    ksft_true(not env.regs.vmolr(0) & env.regs.VMOLR_AUPE, "untagged frames are refused")


@steady
def priority(env):
    """The tag that the switch puts on has the priority that was asked for: the register
    that holds it."""
    here = into(env, f"vlan {VID} qos 5")
    ksft_eq(env.vf_config(0)["vlan_list"], [{"vlan": VID, "qos": 5}])
    ksft_eq(env.regs.inserted_tag(0), 5 << 13 | VID)
    both_ways(here, on_vlan(env.wire, VID))


@steady
def guests_vlans_come_back(env):
    """VLANs the guest joined rest meanwhile, and are back without its doing."""
    theirs, ours = on_vlan(env.wire, 60), on_vlan(env.vf[0], 60)
    both_ways(ours, theirs)
    before = env.regs.pool_vlans(0)
    into(env)
    ksft_eq(env.regs.pool_vlans(0), {VID})
    ksft_true(silent(ours, theirs), "a VLAN in the VLAN")
    env.set_vf(0, "vlan 0")
    ksft_eq(env.regs.pool_vlans(0), before)
    ksft_eq(env.regs.inserted_tag(0), None)
    ksft_eq(env.vf_config(0)["vlan_list"], [{}])
    both_ways(ours, theirs)
    all_ping(env.stations)


@steady
def guest_joins_meanwhile(env):
    """A VLAN that the guest joins meanwhile rests, and is there afterwards."""
    theirs = on_vlan(env.wire, 60)
    into(env)
    ours = on_vlan(env.vf[0], 60)
    ksft_eq(env.regs.pool_vlans(0), {VID})
    env.set_vf(0, "vlan 0")
    ksft_eq(env.regs.pool_vlans(0), {0, 60})
    both_ways(ours, theirs)


def survives(env):
    """A new driver of the VF, a reset of the VF, and one of the PF change nothing."""
    there = on_vlan(env.wire, VID)
    into(env, f"vlan {VID} qos 3")
    env.vf_pci[0].unbind()
    env.bind_vf(0)
    both_ways(member(env), there)
    env.vf_pci[0].reset()
    env.vf[0].wait_carrier()
    both_ways(member(env), there)
    env.pci.reset()
    env.vf[0].wait_carrier()
    both_ways(member(env), there)
    ksft_eq(env.regs.inserted_tag(0), 3 << 13 | VID)
    ksft_true(silent(env.vf[0], env.wire), "untagged")


@steady
def from_one_to_another(env):
    """Changed while it runs: the new VLAN only."""
    first, second = on_vlan(env.wire, VID), on_vlan(env.wire, OTHER)
    here = into(env)
    both_ways(here, first)
    second.v4 = here.v4.rpartition(".")[0] + ".102"
    second.ip(f"addr add {second.v4}/24 dev {second.dev}")
    env.set_vf(0, f"vlan {OTHER}")
    ksft_true(silent(here, first), "the VLAN before")
    first.ip(f"addr flush dev {first.dev}")
    both_ways(here, second)
    ksft_eq(env.regs.pool_vlans(0), {OTHER})


@steady
def refused(env):
    """What cannot be: each with its errno, and nothing changes."""
    for number, what, errno in ((0, f"vlan {VID} proto 802.1ad", "Protocol not supported"),
                                (0, "vlan 4095", "Invalid argument"),
                                (0, "vlan 5 qos 8", "Invalid argument"),
                                (0, "vlan 0 qos 1", "Invalid argument"),
                                (2, f"vlan {VID}", "Invalid argument")):
        done = env.set_vf(number, what, fail=False)
        ksft_in(errno, done.text, what)
    wait_for(lambda: env.log.lines("VF 0: .*802.1Q"), "the reason in the log")
    ksft_eq(env.vf_config(0)["vlan_list"], [{}])
    both_ways(env.vf[0], env.wire)


@steady
def stock_driver(env):
    """igbvf in the VF does not notice either."""
    load_module("igbvf")
    env.vf_pci[0].unbind()
    env.vf_driver = "igbvf"
    env.bind_vf(0)
    there = on_vlan(env.wire, VID)
    both_ways(into(env), there)
    ksft_true(silent(env.vf[0], env.wire), "untagged")
    env.set_vf(0, "vlan 0")
    both_ways(env.vf[0], env.wire)


if __name__ == "__main__":
    kawela_run([reaches_its_vlan, nothing_else, priority, guests_vlans_come_back,
                guest_joins_meanwhile, survives, from_one_to_another, refused, stock_driver])
