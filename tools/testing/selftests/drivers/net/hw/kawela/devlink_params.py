#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""devlink parameters take effect with a reload, which loses nothing else."""

from lib.py import (Devlink, Wanted, all_ping, defer, kawela_run, ksft_eq, ksft_in, ksft_true, sh,
                    steady, vf_mac, wait_for, want_others, want_vf, write_errno)


@steady
def defaults(env):
    """As documented."""
    devlink = Devlink(env.pci)
    found = {name: devlink.param(name) for name in
             ("enable_sriov", "single_vport_pool", "vmq", "vmq_vlan_filtering")}
    ksft_eq(found, {"enable_sriov": True, "single_vport_pool": False, "vmq": True,
                    "vmq_vlan_filtering": True})


def reload_keeps(env):
    """A reload keeps VFs, VPorts, their addresses and the PF's netdev; VFs connect again."""
    devlink = Devlink(env.pci)
    station = devlink.vport(1)
    ports = devlink.ports()
    before = env.pf.link()
    devlink.reload()
    for one in env.stations + [station]:
        one.wait_carrier()
        one.forget_neighbours()
    all_ping(env.stations + [station])
    wait_for(lambda: devlink.ports() == ports, "the ports to be as before")
    for number in range(len(env.vf)):
        ksft_in(vf_mac(number), env.regs.pool_macs(number))
    after = env.pf.link()
    ksft_eq([after[k] for k in ("ifindex", "ifname", "address")],
            [before[k] for k in ("ifindex", "ifname", "address")])
    # the link to the port is live again
    ksft_eq(devlink.port(0)["netdev"], env.pf.dev)
    sh(f"ip link set dev {env.pf.dev} name renamed0")
    defer(sh, f"ip link set dev renamed0 name {env.pf.dev}")
    ksft_eq(devlink.port(0)["netdev"], "renamed0")


def reload_keeps_wanted(env):
    """And what the administrator said of VFs, receive filters, VEPA and VPorts."""
    want_vf(env)
    want_others(env)
    wanted = Wanted(env)
    Devlink(env.pci).reload()
    wanted.holds("reload")


def not_before_reload(env):
    """What is set counts from the next reload on."""
    devlink = Devlink(env.pci)
    devlink.change_param(env, "vmq", "false")
    devlink.delete(devlink.add_sf())
    devlink.reload()
    add = f"port add {devlink.handle} flavour pcisf pfnum 0"
    ksft_in("vmq", devlink.refuse(add).lower())


def no_sriov(env):
    """enable_sriov off: no new VFs."""
    env.remove_vfs()
    devlink = Devlink(env.pci)
    devlink.change_param(env, "enable_sriov", "false")
    devlink.reload()
    ksft_eq(write_errno(env.pci.path + "/sriov_numvfs", "1"), "EPERM")
    ksft_eq(env.num_vfs(), 0)
    ksft_true(env.log.lines("enable_sriov is off"))


def single_pool(env):
    """single_vport_pool: a VF without a VPort does not count, but its pool stays the VF's, so
    that the PF gets no further VPort."""
    devlink = Devlink(env.pci)
    defer(env.remove_vfs)
    env.create_vfs(5)
    for _ in range(2):
        defer(devlink.delete, devlink.add_sf())
    add = f"port add {devlink.handle} flavour pcisf pfnum 0"
    ksft_in("at most 2", devlink.refuse(add))
    ksft_eq(devlink.occupancy()["vports"], 8)
    devlink.change_param(env, "single_vport_pool", "true")
    devlink.reload()
    ksft_eq(devlink.param("single_vport_pool"), True)
    devlink.delete(1)
    ksft_eq(devlink.occupancy()["vports"], 7)
    # DMA from a pool carries the VF's requester id
    text = devlink.refuse(add)
    ksft_in("No space left", text)
    ksft_in("at most 3, no pool is free", text)
    devlink.add_vf(0)


@steady
def no_namespace(env):
    """The instance stays where it is."""
    sh("ip netns add kw-away")
    defer(sh, "ip netns del kw-away")
    devlink = Devlink(env.pci)
    ksft_in("stays in its namespace",
            devlink.refuse(f"dev reload {devlink.handle} netns kw-away"))
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([defaults, reload_keeps, reload_keeps_wanted, not_before_reload, no_namespace,
                no_sriov, single_pool])
