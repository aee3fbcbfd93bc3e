#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600
"""The switch is filled and emptied under traffic.

Three VFs and four VPorts of the PF; a ninth VPort is refused; all are deleted, and
the VFs go.
"""

from lib.py import (Devlink, Flow, all_ping, defer, kawela_run, ksft_eq, ksft_in, ksft_true,
                    ping, steady)


@steady
def full(env):
    """3 VFs, 4 VPorts of the PF, no more; then nothing."""
    devlink = Devlink(env.pci)
    defer(env.remove_vfs)
    with Flow(env.wire, env.pf) as flow:
        flow.flows()
        env.make_vfs(3)
        flow.flows()
        vports = []
        for number in range(1, 5):
            vports.append(devlink.vport(number))
            ping(vports[-1], env.wire)
            flow.flows()
        ksft_eq(devlink.resources()["vports"], (8, 8))
        text = devlink.refuse(f"port add {devlink.handle} flavour pcisf pfnum 0")
        ksft_in("No space left", text)
        ksft_in("vports", text)
        for station in env.stations + vports:
            station.forget_neighbours()
        for vport, vf in zip(vports, env.vf):
            ping(vport, vf)
        all_ping([vports[0], vports[3]])

        with Flow(env.vf[0], env.wire) as guest:
            guest.flows()
            for vport in vports:
                devlink.delete(vport.index)
                flow.flows()
                guest.flows()
            ksft_eq(devlink.occupancy()["vports"], 4)
            env.remove_vfs()
        flow.flows()
    ksft_eq(devlink.occupancy()["vports"], 1)
    ksft_eq(sorted(devlink.ports()), [0])
    ksft_true(ping(env.pf, env.wire))


if __name__ == "__main__":
    kawela_run([full], vfs=0)
