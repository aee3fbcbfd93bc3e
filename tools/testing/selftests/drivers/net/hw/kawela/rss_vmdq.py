#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""The PF changes between RSS and VMDq: with the first VPort and with the last.

It keeps its addresses, VLANs and carrier, and loses few frames of a flow; how many
is printed.
"""

from lib.py import (Devlink, Flow, defer, kawela_run, ksft_eq, ksft_pr, ksft_true, ping, steady,
                    wait_for)

ROUNDS = 5
MAX_LOST = 50       # of 500 a second, per change
MRQC = 0x5818


def mode(env):
    with env.pci.bar() as bar:
        return "VMDq" if bar[MRQC] & 7 == 5 else "RSS"


@steady
def changes(env):
    """Back and forth under a flow from the wire; what was lost is counted."""
    devlink = Devlink(env.pci)
    mac = "02:00:00:00:05:01"
    env.pf.bridge(f"fdb add {mac} dev {env.pf.dev} self", fail=False)
    defer(env.pf.bridge, f"fdb del {mac} dev {env.pf.dev} self", fail=False)
    upper = [station.vlan(5) for station in (env.pf, env.wire)]
    defer(env.wire.vlan_del, 5)
    defer(env.pf.vlan_del, 5)
    wait_for(lambda: mac in env.regs.rars(), "a filter of the PF's secondary address")
    lost = []
    ksft_eq(mode(env), "RSS")
    with Flow(env.wire, env.pf) as flow:
        flow.flows()
        for _ in range(ROUNDS):
            for verb, wanted in ((devlink.add_sf, "VMDq"),
                                 (lambda: devlink.delete(16 + 6), "RSS")):
                flow.flows()
                before = flow.sent - flow.received
                verb()
                flow.flows(50)
                lost.append(flow.sent - flow.received - before)
                ksft_eq(mode(env), wanted)
                rars = env.regs.rars()
                for one in (env.pf.mac, mac):
                    ksft_true(one in rars, f"{one} in {wanted}")
    ksft_pr(f"datagrams lost per change, of 500 a second: {lost}")
    ksft_true(max(lost) <= MAX_LOST, f"lost {lost}")
    ping(env.pf, env.wire)
    ping(upper[0], upper[1])


@steady
def by_vfs(env):
    """The same by way of VFs."""
    with Flow(env.wire, env.pf) as flow:
        flow.flows()
        before = flow.sent - flow.received
        env.set_num_vfs(1)
        ksft_eq(mode(env), "VMDq")
        flow.flows(50)
        env.set_num_vfs(0)
        ksft_eq(mode(env), "RSS")
        flow.flows(50)
        lost = flow.lost() - before
    ksft_pr(f"datagrams lost by a VF's coming and going: {lost}")
    ksft_true(lost <= 2 * MAX_LOST, f"lost {lost}")


if __name__ == "__main__":
    kawela_run([changes, by_vfs], vfs=0)
