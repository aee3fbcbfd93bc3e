#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300
"""A VF driver whose PF driver is absent or silent: the probe succeeds, the netdev
has no carrier, everything ends in bounded time, and the VF connects when the PF
begins to answer.

pci-pf-stub makes VFs without serving them; igb does not answer while its netdev
is down.
"""

from lib.py import (all_ping, defer, find_vf, kawela_run, ksft_eq, ksft_true,
                    load_module, unload_modules, wait_for)


def absent(env):
    """pci-pf-stub has the PF: probe, open, close, reset, unbind of the VF driver."""
    # a card that nobody has takes no frame: QEMU's hub keeps them, until the sender's watchdog barks
    env.wire.down()
    defer(env.wire.up)
    env.pci.unbind()
    defer(env.load)
    load_module("pci-pf-stub")
    defer(unload_modules, "pci_pf_stub")
    env.pci.bind("pci-pf-stub")
    defer(env.pci.unbind)
    env.create_vfs(1)
    defer(env.remove_vfs)
    load_module("kawela_vf")

    vf = env.bind_vf(0, wait=False)
    ksft_eq(env.vf_pci[0].driver, "kawela_vf")
    ksft_eq(vf.carrier(), False)
    vf.ip(f"link set dev {vf.dev} mtu 4000")
    vf.ip(f"link set dev {vf.dev} address 02:00:00:00:04:01")
    vf.ethtool("-S " + vf.dev)
    vf.ip(f"link add link {vf.dev} name v9 type vlan id 9")
    vf.down()
    env.vf_pci[0].reset()
    vf.up(wait=False)
    ksft_eq(vf.carrier(), False)
    env.vf_pci[0].unbind()
    ksft_eq(env.vf_pci[0].driver, "")


def silent(env):
    """igb's netdev is down while the VF driver comes, then goes up."""
    env.pci.unbind()
    load_module("igb")
    defer(env.load)
    defer(unload_modules, "igb")
    env.pci.bind("igb")
    defer(env.pci.unbind)
    env.pci.set("sriov_drivers_autoprobe", "0")
    env.pf.adopt(env.pci.netdev())
    env.set_num_vfs(1)
    env.vf_pci = [find_vf(env.pci, 0)]
    defer(env.remove_vfs)
    env.pf.down()
    load_module("kawela_vf")

    vf = env.bind_vf(0, wait=False)
    ksft_eq(env.vf_pci[0].driver, "kawela_vf")
    ksft_eq(vf.carrier(), False)
    env.pf.up()
    vf.wait_carrier()
    all_ping(env.stations)
    ksft_true(vf.carrier())

    env.pf.down()
    vf.wait_carrier(up=False)
    env.pf.up()
    vf.wait_carrier()
    all_ping(env.stations)


def left_over(env):
    """VFs that another PF driver left behind: said so, and ours after 0."""
    env.pci.unbind()
    defer(env.load)
    load_module("pci-pf-stub")
    defer(unload_modules, "pci_pf_stub")
    env.pci.bind("pci-pf-stub")
    env.pci.set("sriov_drivers_autoprobe", "0")
    env.create_vfs(1)
    env.pci.unbind()
    ksft_eq(env.num_vfs(), 1)
    env.load()
    wait_for(lambda: env.log.lines("kawela_pf .*1 VFs of another driver"), "a word about them")
    env.remove_vfs()
    env.make_vfs(1)
    defer(env.remove_vfs)
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([absent, silent, left_over], vfs=0, macs=False)
