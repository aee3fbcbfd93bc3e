#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --backports
"""VFs come and go; neither the PF's carrier nor its traffic notices.

Every count from 1 to 7, each with the refusals of what cannot be: another count
while there are VFs, and an eighth VF, whose pool is the PF's.
"""

from lib.py import (Flow, all_ping, defer, find_vf, kawela_run, ksft_eq, ksft_ge, ksft_true,
                    ping, steady, write_errno)

MAX_VFS = 7


def total(env):
    """sriov_totalvfs says 7: the hardware's eighth pool is the PF's."""
    ksft_eq(env.pci.get("sriov_totalvfs"), str(MAX_VFS))


@steady
def every_count(env):
    """0 to 7 to 0 each, under traffic of the PF."""
    with Flow(env.wire, env.pf) as flow:
        flow.flows()
        for count in range(1, MAX_VFS + 1):
            env.set_num_vfs(count)
            ksft_eq(env.num_vfs(), count)
            ksft_eq(len(env.pf.link()["vfinfo_list"]), count)
            ksft_true(find_vf(env.pci, count - 1).exists())
            flow.flows()
            env.set_num_vfs(0)
            ksft_eq(env.num_vfs(), 0)
            ksft_eq(env.pf.link().get("vfinfo_list", []), [])
            flow.flows()
    ping(env.pf, env.wire)


@steady
def refused(env):
    """A change from 2 to 3, and 8 VFs: refused, and nothing is lost."""
    defer(env.remove_vfs)
    env.make_vfs(2)
    ksft_eq(write_errno(env.pci.path + "/sriov_numvfs", "3"), "EBUSY")
    ksft_eq(write_errno(env.pci.path + "/sriov_numvfs", str(MAX_VFS + 1)), "ERANGE")
    ksft_eq(env.num_vfs(), 2)
    all_ping(env.stations)
    env.remove_vfs()
    ksft_eq(write_errno(env.pci.path + "/sriov_numvfs", str(MAX_VFS + 1)), "ERANGE")
    ksft_eq(write_errno(env.pci.path + "/sriov_numvfs", "-1"), "EINVAL")
    ksft_eq(env.num_vfs(), 0)
    ping(env.pf, env.wire)


def heads(env):
    """How far the PF's receive queues are: from the start again when they were stopped."""
    with env.pci.bar() as bar:
        return [bar[0xc010 + 0x40 * queue] for queue in range(8)]


@steady
def refused_in_peace(env):
    """VFs that there is no room for: the PF's queues are not stopped for that."""
    vids = range(100, 130)
    defer(env.pf.batch, "ip", [f"link del {env.pf.dev}.{vid}" for vid in vids])
    env.pf.batch("ip", [f"link add link {env.pf.dev} name {env.pf.dev}.{vid} type vlan id {vid}"
                        for vid in vids])
    env.wire.sh(f"ping -n -q -c 50 -i 0.02 {env.pf.v4}")
    before = heads(env)
    ksft_ge(max(before), 20)
    ksft_eq(write_errno(env.pci.path + "/sriov_numvfs", "1"), "ENOSPC")
    ksft_ge(max(heads(env)), max(before))
    ksft_true(env.log.lines("1 VFs refused: vlan_filters"))
    ping(env.pf, env.wire)


@steady
def seven_at_work(env):
    """All seven VFs have a driver and reach the PF, the wire and their neighbour."""
    defer(env.remove_vfs)
    env.make_vfs(MAX_VFS)
    for number, station in enumerate(env.vf):
        ping(station, env.pf)
        ping(env.wire, station)
        ping(station, env.vf[(number + 1) % MAX_VFS])


@steady
def running_vfs_go(env):
    """VFs that carry traffic go all at once; the PF's traffic goes on."""
    defer(env.remove_vfs)
    env.make_vfs(2)
    with Flow(env.wire, env.pf) as flow, Flow(env.vf[0], env.wire) as going:
        going.flows()
        env.remove_vfs()
        flow.flows()


if __name__ == "__main__":
    kawela_run([total, every_count, refused, refused_in_peace, seven_at_work, running_vfs_go], vfs=0)
