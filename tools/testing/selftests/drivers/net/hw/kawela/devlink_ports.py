#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --backports
"""VPorts are devlink ports: shown, made, changed and deleted there.

What is refused is refused with a message that says what to do. The PF's carrier
notices none of it.
"""

from lib.py import (Devlink, all_ping, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_ne,
                    ksft_true, sh, silent, steady, wait_for)

MAC = "02:00:00:00:02:01"


@steady
def show(env):
    """The wire with the PF's netdev, and one port per VF."""
    devlink = Devlink(env.pci)
    ports = devlink.ports()
    ksft_eq(sorted(ports), [0, 1, 2])
    ksft_eq(ports[0]["flavour"], "physical")
    ksft_eq(ports[0]["netdev"], env.pf.dev)
    for vf in range(2):
        port = ports[1 + vf]
        ksft_eq(port["flavour"], "pcivf")
        ksft_eq((port["pfnum"], port["vfnum"]), (0, vf))
        ksft_eq(port["function"]["hw_addr"], env.vf[vf].mac)
        ksft_eq(port["function"]["state"], "active")
        ksft_eq(port["function"]["opstate"], "attached")
    info = devlink.json(f"dev info {devlink.handle}")["info"][devlink.handle]
    ksft_eq(info["driver"], "kawela_pf")
    env.vf[0].down()
    env.vf_pci[0].unbind()
    wait_for(lambda: devlink.function(1)["opstate"] == "detached", "VF 0 to be detached")
    env.bind_vf(0)
    wait_for(lambda: devlink.function(1)["opstate"] == "attached", "VF 0 to be attached")


@steady
def vf_address(env):
    """hw_addr of a VF's port is `ip link set vf mac`, and a running VF takes it."""
    devlink = Devlink(env.pci)
    old = env.vf[0].mac
    defer(env.set_vf_mac, 0, old)
    devlink.set(1, "hw_addr " + MAC)
    ksft_eq(devlink.function(1)["hw_addr"], MAC)
    ksft_eq(env.vf_config(0)["address"], MAC)
    wait_for(lambda: env.vf[0].mac == MAC, "the VF to take its new address")
    env.set_vf_mac(0, old)
    ksft_eq(devlink.function(1)["hw_addr"], old)
    wait_for(lambda: env.vf[0].mac == old, "the VF to take its old address")
    env.vf[0].wait_carrier()
    for station in env.stations:
        station.forget_neighbours()
    all_ping(env.stations)


@steady
def vf_port(env):
    """Without its VPort a VF is cut off and its frames are the PF's; given back, it works."""
    devlink = Devlink(env.pci)
    mac = env.vf[0].mac
    ksft_eq(env.regs.rars()[mac], {0})
    defer(devlink.add_vf, 0, fail=False)
    devlink.delete(1)
    ksft_eq(sorted(devlink.ports()), [0, 2])
    ksft_eq(env.regs.rars()[mac], {7}, "the pool of the VF's address")
    ksft_true(0 not in env.regs.gates()[0], "the pool is closed")
    env.vf[0].wait_carrier(False)
    both_ways(env.vf[1], env.wire)
    ksft_true(silent(env.wire, env.vf[0]))
    devlink.add_vf(0)
    ksft_eq(sorted(devlink.ports()), [0, 1, 2])
    env.vf[0].wait_carrier()
    wait_for(lambda: env.regs.rars().get(mac) == {0}, "the VF to have its address back")
    all_ping(env.stations)


@steady
def given_back_at_once(env):
    """Deleted and given back before anybody looked: the VF's driver hears of it all the same."""
    devlink = Devlink(env.pci)
    mac = env.vf[0].mac
    for _ in range(5):
        # one process for both, lest the mailbox sees the reset in between
        devlink.batch(f"port del {devlink.handle}/1",
                      f"port add {devlink.handle}/1 flavour pcivf pfnum 0")
        wait_for(lambda: env.regs.rars().get(mac) == {0}, "the VF to have its address back")
        env.vf[0].wait_carrier()
    all_ping(env.stations)


@steady
def sf_port(env):
    """A VPort of the PF: inactive, then active with a netdev, then gone."""
    devlink = Devlink(env.pci)
    index = devlink.add_sf(5)
    defer(devlink.delete, index, fail=False)
    ksft_eq(index, 16 + 6)
    port = devlink.port(index)
    ksft_eq((port["flavour"], port["sfnum"]), ("pcisf", 5))
    ksft_eq(port["function"]["state"], "inactive")
    ksft_eq(port["function"]["opstate"], "detached")
    ksft_true("netdev" not in port)
    devlink.set(index, f"hw_addr {MAC} state active")
    function = devlink.function(index)
    ksft_eq((function["state"], function["opstate"]), ("active", "attached"))
    dev = devlink.netdev(index)
    ksft_eq(sh(f"cat /sys/class/net/{dev}/phys_port_name").stdout.strip(), "pf0sf5")
    ksft_eq(sh(f"cat /sys/class/net/{dev}/address").stdout.strip(), MAC)
    ksft_in("an active VPort stays active, delete the port instead",
            devlink.refuse(f"port function set {devlink.handle}/{index} state inactive"))

    # one address, wherever it is set
    other = MAC[:-1] + "2"
    devlink.set(index, "hw_addr " + other)
    ksft_eq(sh(f"cat /sys/class/net/{dev}/address").stdout.strip(), other)
    sh(f"ip link set dev {dev} address {MAC}")
    ksft_eq(devlink.function(index)["hw_addr"], MAC)

    second = devlink.add_sf()
    defer(devlink.delete, second, fail=False)
    ksft_eq(devlink.port(second)["sfnum"], 1)
    devlink.delete(index)
    ksft_true(index not in devlink.ports())
    ksft_ne(sh(f"ip link show dev {dev}", fail=False).ret, 0)
    devlink.delete(second)


@steady
def queue_pairs(env):
    """max_io_eqs: 1 or 2, until the VPort is active."""
    devlink = Devlink(env.pci)
    index = devlink.add_sf()
    defer(devlink.delete, index, fail=False)
    where = f"port function set {devlink.handle}/{index} "
    ksft_eq(devlink.function(index)["max_io_eqs"], 1)
    devlink.set(index, "max_io_eqs 2")
    ksft_eq(devlink.function(index)["max_io_eqs"], 2)
    ksft_in("Invalid argument", devlink.refuse(where + "max_io_eqs 3"))
    devlink.set(index, "state active")
    channels = sh("ethtool -l " + devlink.netdev(index)).stdout.split()
    ksft_eq(channels[-1], "2")
    ksft_in("busy", devlink.refuse(where + "max_io_eqs 1"))


@steady
def refused(env):
    """Refusals say what to do."""
    devlink = Devlink(env.pci)
    add = f"port add {devlink.handle}"
    ksft_in("give the index of the VF", devlink.refuse(add + " flavour pcivf pfnum 0"))
    ksft_in("File exists", devlink.refuse(add + "/1 flavour pcivf pfnum 0"))
    ksft_in("No such device", devlink.refuse(add + "/3 flavour pcivf pfnum 0"))
    ksft_in("pfnum 0", devlink.refuse(add + " flavour pcisf pfnum 1"))
    ksft_in("leave the index out", devlink.refuse(add + "/17 flavour pcisf pfnum 0"))
    ksft_in("flavours are", devlink.refuse(add + " flavour pcipf pfnum 0"))
    index = devlink.add_sf(7)
    defer(devlink.delete, index)
    ksft_in("sfnum 7 is in use", devlink.refuse(add + " flavour pcisf pfnum 0 sfnum 7"))
    ksft_in("cannot be deleted", devlink.refuse(f"port del {devlink.handle}/0"))
    fun = "port function set " + devlink.handle
    ksft_in("delete the port instead", devlink.refuse(fun + "/1 state inactive"))
    ksft_in("File exists", devlink.refuse(f"{fun}/{index} hw_addr {env.pf.mac}"))
    ksft_in("Invalid argument", devlink.refuse(f"{fun}/{index} hw_addr 01:00:5e:00:00:01"))
    ksft_in("File exists", devlink.refuse(f"{fun}/1 hw_addr {env.pf.mac}"))
    all_ping(env.stations)


@steady
def vfs_go(env):
    """With the VFs their ports go; the PF's VPorts stay."""
    devlink = Devlink(env.pci)
    index = devlink.add_sf()
    defer(devlink.delete, index)
    env.remove_vfs()
    ksft_eq(sorted(devlink.ports()), [0, index])


if __name__ == "__main__":
    kawela_run([show, vf_address, vf_port, given_back_at_once, sf_port, queue_pairs, refused,
                vfs_go])
