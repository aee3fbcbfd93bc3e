#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""Errors on the bus, as PCI Express reports them: the kernel resets the bus or the
drivers reset the function, and everything works as before.

After a fatal one the PF's configuration is gone, and the VFs with it. The port
above the card reports the error: QEMU's 82576 lacks the enable bits (Device Control
bits 0 to 3) without which its own errors go nowhere. What follows is the same.
"""

import os

from lib.py import (Flow, KsftFailEx, KsftSkipEx, all_ping, defer, kawela_run, ksft_eq, ksft_true,
                    on_vlan, sh, vf_mac, wait_for)

VID = 5


def inject(env, error):
    """Have the port report an error, and the kernel handle it."""
    if sh("command -v qmp", fail=False).ret:
        raise KsftSkipEx("this machine has no monitor to make errors with")
    if not os.path.exists(env.pci.path + "/../aer_rootport_total_err_fatal"):
        raise KsftSkipEx("the kernel does not handle errors of the port")
    said = sh(f"qmp hmp 'pcie_aer_inject_error rp0 {error}'").stdout.strip()
    ksft_true(said.startswith("OK"), f"the monitor makes {error}: {said}")


def recovered(env, before):
    wait_for(lambda: len(env.log.lines("device recovery")) > before, "the recovery to end")
    if env.log.lines("device recovery failed"):
        raise KsftFailEx("the kernel gave the card up")


def sessions(env):
    return [station.ethtool_stats()["session_connects"] for station in env.vf]


def in_order(env, ifindex):
    """Everything is as it was, the netdevs are the same ones."""
    for station in [env.pf] + env.vf:
        station.wait_carrier()
    ksft_eq([s.link()["ifindex"] for s in env.stations], ifindex)
    ksft_eq(env.num_vfs(), len(env.vf))
    for number, station in enumerate(env.vf):
        ksft_eq(env.vf_config(number)["address"], vf_mac(number))
        ksft_eq(station.mac, vf_mac(number))
        wait_for(lambda n=number: vf_mac(n) in env.regs.pool_macs(n),
                 f"the address of VF {number}")
    wait_for(lambda: VID in env.regs.pool_vlans(0), f"VF 0 on VLAN {VID}")
    all_ping(env.stations)


def error_under_traffic(env, error):
    """One error; the VFs' sessions start over, and each flow goes on."""
    for station in (env.vf[0], env.wire):
        on_vlan(station, VID)
    ifindex = [s.link()["ifindex"] for s in env.stations]
    before = len(env.log.lines("device recovery"))
    connects = sessions(env)
    flows = [Flow(env.vf[0], env.wire), Flow(env.wire, env.vf[1]), Flow(env.wire, env.pf)]
    for flow in flows:
        defer(flow.stop)
        flow.flows()
    inject(env, error)
    recovered(env, before)
    for flow in flows:
        flow.flows()
    in_order(env, ifindex)
    for old, new in zip(connects, sessions(env)):
        ksft_true(new > old, "the VF connected again")


def fatal(env):
    """A malformed TLP: the port is frozen, the bus reset, the VFs lost with it."""
    error_under_traffic(env, "MALF_TLP")


def not_fatal(env):
    """A poisoned TLP: only the drivers reset what is theirs."""
    error_under_traffic(env, "POISON_TLP")


def fatal_while_down(env):
    """The PF's netdev is closed; the VFs are served all the same."""
    env.pf.down()
    defer(env.pf.up)
    before = len(env.log.lines("device recovery"))
    inject(env, "MALF_TLP")
    recovered(env, before)
    for station in env.vf:
        station.wait_carrier()
    all_ping(env.vf + [env.wire])


def corrected(env):
    """The link layer repaired it: nobody notices."""
    changes, connects = env.carrier_changes(), sessions(env)
    before = len(env.log.lines("AER: Correct"))
    inject(env, "BAD_TLP")
    wait_for(lambda: len(env.log.lines("AER: Correct")) > before, "the kernel to hear of it")
    all_ping(env.stations)
    ksft_eq(sessions(env), connects)
    ksft_eq(env.carrier_changes(), changes)


def vfs_again(env):
    """VFs can be taken away and made again after all this."""
    env.remove_vfs()
    env.make_vfs(2)
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([corrected, fatal, not_fatal, fatal_while_down, vfs_again])
