#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 1500 --not-on-debug --smp 1
"""A KVM guest with a virtio-net on a tap in the PF's bridge and a VF of the same address uses the
VF while it has it and the virtio-net while it has not, whatever the cause. A station on the wire
pings it meanwhile and has TCP connections with it: no connection breaks, next to nothing is lost.
A stall of TCP is counted in the guest's own time (see Heartbeat): this machine may be busy. The
bar of pings is for a host that is not (KAWELA_QUIET); on any, no more than one in eighteen is lost.

What is lost is up to net_failover, too. While it lets go of a VF it hears neither that nor the
virtio-net, and when it takes one it is deaf on the virtio-net before the VF's queues run.

On the debug kernel a guest's net_failover of 6.12 is reported, see vf_primary.

The bridge does not learn on the PF's port, since QEMU's switch gives the PF its own broadcasts
back. igbvf, which announces nothing, can do with one that does.
"""

from lib.py import (Bridge, Devlink, FailoverGuest, Load, bounded, defer, kawela_run, ksft_eq,
                    ksft_ne, load_module, ping, sh, steady, unload_modules, vf_mac, wait_for)

VF = 0
DEFAULT = 7
# pings, of
MAY_LOSE = 3
MANY, FEW = 400, 100
# seconds
MAY_STALL = 0.5


def holders(env):
    """The pools that receive for the guest."""
    return env.regs.rars().get(env.guest.mac, set())


def on_the_tap(env):
    """The switch gives the guest's packets to the PF, and they take the tap."""
    wait_for(lambda: holders(env) == {DEFAULT}, "the default VPort to receive for the guest")
    ksft_eq(env.guest.path(env.wire), "tap")


def on_the_vf(env):
    env.guest.wait_vf()
    ksft_eq(holders(env), {VF})
    ksft_eq(env.guest.path(env.wire), "vf")


def survives(env, change, pings=FEW):
    """Traffic goes on during a change, and all of it does when it is over."""
    load = Load(env.wire, env.guest, pings)
    change()
    bounded(load.stop(), MAY_LOSE, MAY_STALL)


def alone(env):
    """A guest that has no VF yet."""
    env.create_vfs(1)
    env.bridge = Bridge(env, keep=True).add_pf()
    env.guest = FailoverGuest(env, env.bridge, "g1", 31).start()
    env.guest.load()
    on_the_tap(env)
    ping(env.guest, env.wire)


@steady
def first_plug(env):
    """A VF is plugged while the guest runs."""
    def change():
        env.guest.plug(VF)
        on_the_vf(env)
    survives(env, change)


@steady
def replug(env):
    """The VF is unplugged, and plugged again."""
    def change():
        env.guest.unplug()
        on_the_tap(env)
        env.guest.plug(VF)
        on_the_vf(env)
    survives(env, change, MANY)


@steady
def other_owner(env):
    """The VF goes to somebody else for a while, who gets none of the guest's packets."""
    def change():
        env.guest.unplug()
        env.set_vf_mac(VF, vf_mac(VF))
        load_module("kawela_vf")
        owner = env.bind_vf(VF)
        on_the_tap(env)
        ksft_eq(env.regs.pool_macs(VF), {vf_mac(VF)})
        for station in (env.wire, env.guest):
            ping(owner, station)
            ping(station, owner)
        env.vf_pci[VF].unbind()
        env.vf.clear()
        env.guest.plug(VF)
        on_the_vf(env)
    survives(env, change)


@steady
def disabled(env):
    """ip link set vf state disable: policy, and back."""
    defer(env.set_vf, VF, "state auto", fail=False)

    def change():
        env.set_vf(VF, "state disable")
        on_the_tap(env)
        env.set_vf(VF, "state auto")
        on_the_vf(env)
    survives(env, change)


@steady
def vport_deleted(env):
    """The VF's VPort is deleted, and added again."""
    devlink = Devlink(env.pci)
    defer(devlink.add_vf, VF, fail=False)

    def change():
        devlink.delete(VF + 1)
        on_the_tap(env)
        devlink.add_vf(VF)
        on_the_vf(env)
    survives(env, change)


@steady
def no_vfs(env):
    """sriov_numvfs 0: QEMU is asked for the VF, the guest gives it back. A new one is plugged."""
    def change():
        env.set_num_vfs(0)
        env.guest.lost_vf()
        ksft_eq(env.guest.path(env.wire), "tap")
        env.create_vfs(1)
        env.guest.plug(VF)
        on_the_vf(env)
    survives(env, change)


@steady
def driver_gone(env):
    """The guest unloads the VF's driver, and loads it again."""
    def change():
        env.guest.sh("modprobe -r kawela_vf")
        on_the_tap(env)
        env.guest.sh("modprobe kawela_vf")
        on_the_vf(env)
    survives(env, change)


@steady
def pf_driver_gone(env):
    """The PF's driver is unloaded and loaded again: it waits for the guest to give the VF back."""
    env.pf.down()
    unload_modules("kawela_pf")
    env.guest.lost_vf()
    ksft_eq(env.vf_pci[VF].exists(), False, "the VF is there")
    env.load()
    env.bridge.add_pf()
    env.create_vfs(1)
    ksft_eq(env.guest.path(env.wire), "tap")
    env.guest.plug(VF)
    on_the_vf(env)


@steady
def bridge_learns(env):
    """A bridge that learned the guest on the PF's port forgets it when the VF goes."""
    env.guest.unplug()
    env.guest.sh("modprobe -r kawela_vf; modprobe igbvf")
    env.guest.plug(VF)
    on_the_vf(env)
    ksft_ne(env.bridge.fdb().get(env.guest.mac), env.guest.tap, "the bridge knows the tap")

    # the PF is promiscuous and hears what the guest sends to the wire
    port = f"bridge link set dev {env.pf.dev} learning "
    defer(sh, port + "off")
    sh(port + "on")
    ping(env.guest, env.wire)
    ksft_eq(env.bridge.fdb().get(env.guest.mac), env.pf.dev)
    env.guest.unplug()
    wait_for(lambda: holders(env) == {DEFAULT}, "the default VPort to receive for the guest")
    ksft_ne(env.bridge.fdb().get(env.guest.mac), env.pf.dev, "the bridge knows the PF's port")
    # or it would learn from what the PF itself sends, which QEMU gives back
    sh(port + "off")
    on_the_tap(env)


if __name__ == "__main__":
    kawela_run([alone, first_plug, replug, other_owner, disabled, vport_deleted, driver_gone,
                no_vfs, pf_driver_gone, bridge_learns], vfs=0, macs=False)
