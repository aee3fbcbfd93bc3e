#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""devlink resources: as large as the hardware's, occupied by what is there."""

from lib.py import Devlink, defer, kawela_run, ksft_eq, ksft_in, ksft_true, steady, wait_for


@steady
def sizes(env):
    """The sizes are the hardware's."""
    found = {name: size for name, (size, _) in Devlink(env.pci).resources().items()}
    ksft_eq(found, {"vports": 8, "vfs": 7, "queue_pairs": 16, "mac_filters": 24,
                    "vlan_filters": 32})


@steady
def occupancy(env):
    """VPorts, VFs, queue pairs and filters are counted as they come and go."""
    devlink = Devlink(env.pci)
    alone = devlink.occupancy()
    ksft_eq((alone["vports"], alone["vfs"]), (1, 0))
    channels = env.pf.ethtool("-l " + env.pf.dev).stdout.split()
    ksft_eq(alone["queue_pairs"], int(channels[-1]))

    defer(env.remove_vfs)
    env.make_vfs(2)
    with_vfs = devlink.occupancy()
    ksft_eq((with_vfs["vports"], with_vfs["vfs"], with_vfs["queue_pairs"]), (3, 2, 4))
    ksft_true(with_vfs["mac_filters"] >= alone["mac_filters"] + 2)

    station = devlink.vport(1, max_io_eqs=2)
    now = devlink.occupancy()
    ksft_eq((now["vports"], now["queue_pairs"]), (4, 6))
    ksft_eq(now["mac_filters"], with_vfs["mac_filters"] + 1)

    station.vlan(9)
    wait_for(lambda: devlink.occupancy()["vlan_filters"] == now["vlan_filters"] + 1,
             "the VLAN to be counted")
    devlink.delete(station.index)
    ksft_eq(devlink.occupancy(), with_vfs)

    devlink.delete(1)
    gone = devlink.occupancy()
    ksft_eq((gone["vports"], gone["vfs"]), (2, 2))
    devlink.add_vf(0)
    env.remove_vfs()
    wait_for(lambda: devlink.occupancy() == alone, "everything to be free again")


@steady
def exhausted(env):
    """What does not fit is refused, and the message says what is used up."""
    devlink = Devlink(env.pci)
    for _ in range(7):
        defer(devlink.delete, devlink.add_sf())
    ksft_eq(devlink.resources()["vports"], (8, 8))
    text = devlink.refuse(f"port add {devlink.handle} flavour pcisf pfnum 0")
    ksft_in("No space left", text)
    ksft_in("vports", text)


if __name__ == "__main__":
    kawela_run([sizes, occupancy, exhausted], vfs=0)
