#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug --smp 1
"""systemd's files make VFs and say what is to be said of each: SR-IOVVirtualFunctions= of a
.link file, by udev, and the [SR-IOV] sections of a .network file, by systemd-networkd."""

import re

from lib.py import (NETWORK, both_ways, defer, find_vf, kawela_run, ksft_eq, ksft_true,
                    load_module, on_vlan, place, silent, start_networkd, start_udevd, vf_shown,
                    wait_for)

MAC = "02:00:00:00:0e:01"
OTHER = "02:00:00:00:0e:02"
NEXT = "02:00:00:00:0e:03"
VID = 42
LINK = "[Match]\nDriver=kawela_pf\n[Link]\nNamePolicy=keep\nSR-IOVVirtualFunctions=2\n"
HEAD = "[Match]\nDriver=kawela_pf\n[Network]\nLinkLocalAddressing=no\nKeepConfiguration=yes\n"
ALL = f"""[SR-IOV]
VirtualFunction=0
MACAddress={MAC}
VLANId={VID}
QualityOfService=3
MACSpoofCheck=no
Trust=yes
LinkState=no
"""
UNSET = {"address": "00:00:00:00:00:00", "vlan_list": [{}],
         "rate": {"max_tx": 0, "min_tx": 0}, "spoofchk": True, "trust": False,
         "link_state": "auto"}


def networkd(env, sections):
    """systemd-networkd, done with the PF, until the case ends."""
    place(env, NETWORK + "/20-pf.network", HEAD + sections)
    daemon = start_networkd(env)
    defer(daemon.stop)
    pattern = f"^{env.pf.dev}: State changed: .* -> (configured|failed)$"
    found = wait_for(lambda: re.search(pattern, daemon.said(), re.MULTILINE), "networkd")
    return found[1]


def make_vfs(env):
    """udev makes the VFs when the PF's netdev appears."""
    place(env, NETWORK + "/10-pf.link", LINK)
    start_udevd(env)
    load_module(env.vf_driver)
    env.pci.unbind()
    env.pci.bind(env.pf_driver)
    env.pf.adopt(env.pci.netdev())
    wait_for(lambda: env.num_vfs() == 2, "udev to make the VFs")
    env.vf_pci = [find_vf(env.pci, number) for number in (0, 1)]
    for number in (0, 1):
        ksft_eq(vf_shown(env, number), UNSET, f"VF {number}")


def all_words(env):
    """Each word of a section is applied; the other VF keeps its own."""
    ksft_eq(networkd(env, ALL), "configured")
    ksft_eq(vf_shown(env), {
        "address": MAC, "vlan_list": [{"vlan": VID, "qos": 3}],
        "rate": {"max_tx": 0, "min_tx": 0}, "spoofchk": False, "trust": True,
        "link_state": "disable"})
    ksft_eq(vf_shown(env, 1), UNSET)


def another_file(env):
    """Words that a new file has not stay as they are."""
    sections = (f"[SR-IOV]\nVirtualFunction=0\nMACAddress={NEXT}\nLinkState=auto\n"
                f"[SR-IOV]\nVirtualFunction=1\nMACAddress={OTHER}\nVLANId={VID}\n")
    ksft_eq(networkd(env, sections), "configured")
    ksft_eq(vf_shown(env), {
        "address": NEXT, "vlan_list": [{"vlan": VID, "qos": 3}],
        "rate": {"max_tx": 0, "min_tx": 0}, "spoofchk": False, "trust": True,
        "link_state": "auto"})
    ksft_eq(vf_shown(env, 1), {**UNSET, "address": OTHER, "vlan_list": [{"vlan": VID}]})


def it_works(env):
    """The VFs are in their VLAN, with their addresses, and reach nobody else."""
    env.pf.up()
    for number in (0, 1):
        env.bind_vf(number)
    ksft_eq([station.mac for station in env.vf], [NEXT, OTHER])
    wire = on_vlan(env.wire, VID)
    inside = [station.upper(f"{station}", station.number, station.dev, net=VID + 1)
              for station in env.vf]
    for station in inside:
        station.up()
        both_ways(station, wire)
    both_ways(*inside)
    ksft_true(silent(env.vf[0], env.wire))


def refused(env):
    """802.1ad tags are beyond the switch: networkd tells so; the VLAN, and what comes after
    it, is as it was."""
    before = vf_shown(env)
    sections = (f"[SR-IOV]\nVirtualFunction=0\nMACAddress={MAC}\nVLANId=9\n"
                "VLANProtocol=802.1ad\nTrust=no\n")
    ksft_eq(networkd(env, sections), "failed")
    ksft_eq(vf_shown(env), {**before, "address": MAC})


if __name__ == "__main__":
    kawela_run([make_vfs, all_words, another_file, it_works, refused], vfs=0, macs=False)
