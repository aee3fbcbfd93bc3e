#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 1200 --not-on-debug --smp 1
"""libvirt gives VFs to guests: from a network of VFs, and by address. What it says of a VF
is what the switch does while the guest has it; afterwards the VF is as it was before."""

import xml.etree.ElementTree as tree

from lib.py import (POOL, Bridge, Domain, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_ne,
                    load_module, make_pool, on_vlan, ping, pool_interface, read_file, set_vf_words, sh,
                    start_libvirtd, start_udevd, vf_shown, virsh, wait_for)

PIN = "02:00:00:00:0f:01"
MAC = "02:00:00:00:0f:02"
PLUGGED = "02:00:00:00:0f:03"
TEAM = "02:00:00:00:0f:04"
ZERO = "00:00:00:00:00:00"
VID = 42
WORDS = (f"mac {PIN}", "vlan 7", "max_tx_rate 250", "spoofchk off", "trust on")
VLAN = f"<vlan><tag id='{VID}'/></vlan>"


def node(vf):
    return "pci_" + vf.bdf.replace(":", "_").replace(".", "_")


def source(vf):
    """A VF's address, as libvirt writes it."""
    domain, bus, rest = vf.bdf.split(":")
    slot, function = rest.split(".")
    return {"domain": "0x" + domain, "bus": "0x" + bus, "slot": "0x" + slot,
            "function": "0x" + function}


def interface(vf, mac):
    """A VF as a guest's interface, by its address."""
    where = " ".join(f"{key}='{value}'" for key, value in source(vf).items())
    return (f"<interface type='hostdev' managed='yes'><mac address='{mac}'/>"
            f"<source><address type='pci' {where}/></source></interface>")


def given(env):
    """The VFs that guests have."""
    return [number for number, vf in enumerate(env.vf_pci) if vf.driver == "vfio-pci"]


def address(vf):
    """That of the VF's netdev."""
    return read_file(f"/sys/class/net/{vf.netdev()}/address")


def back(env, number):
    """Wait until the host's driver has the VF again; the address of its netdev."""
    vf = env.vf_pci[number]
    wait_for(lambda: vf.driver == env.vf_driver, f"{env.vf_driver} to take VF {number} again")
    return address(vf)


def begin(env):
    """A host with two VFs, of which the host's driver has both, and libvirt."""
    start_udevd(env)
    load_module(env.vf_driver)
    env.pci.set("sriov_drivers_autoprobe", "1")
    env.create_vfs(2)
    for vf in env.vf_pci:
        vf.netdev()
    start_libvirtd(env)
    make_pool(env)


def nodes(env):
    """libvirt knows PF and VFs, and who is whose."""
    ksft_eq({node(vf) for vf in (env.pci, *env.vf_pci)} -
            set(virsh("nodedev-list --cap pci").stdout.split()), set())
    pf = tree.fromstring(virsh("nodedev-dumpxml " + node(env.pci)).stdout)
    found = pf.find(".//capability[@type='virt_functions']")
    ksft_eq(found.get("maxCount"), "7")
    ksft_eq([entry.attrib for entry in found], [source(vf) for vf in env.vf_pci])
    for vf in env.vf_pci:
        text = virsh("nodedev-dumpxml " + node(vf)).stdout
        found = tree.fromstring(text).find(".//capability[@type='phys_function']")
        ksft_eq([entry.attrib for entry in found], [source(env.pci)])


def from_the_pool(env):
    """The guest's VF has the MAC and VLAN of the domain; the rest is the administrator's."""
    set_vf_words(env, WORDS)
    sh(f"ip link set dev {env.vf_pci[0].netdev()} up")
    wait_for(lambda: address(env.vf_pci[0]) == PIN, "VF 0 to take its pinned address")
    env.before = [vf_shown(env, number) for number in (0, 1)]
    env.guest = Domain(env, "g1", 31, pool_interface(MAC, VLAN)).start()
    ksft_eq(given(env), [0])
    ksft_eq(vf_shown(env), {**env.before[0], "address": MAC, "vlan_list": [{"vlan": VID}]})
    ksft_eq(vf_shown(env, 1), env.before[1])
    env.guest.load()
    ksft_eq(env.guest.mac, MAC)
    wire = on_vlan(env.wire, VID)
    both_ways(env.guest.upper("g1 in the VLAN", 31, env.guest.dev, net=VID + 1).up(), wire)
    ksft_eq(env.regs.inserted_tag(0), VID)


def plugged(env):
    """A second VF goes into the running guest, and out of it again."""
    xml = interface(env.vf_pci[1], PLUGGED)
    env.guest.plug(xml)
    ksft_eq(given(env), [0, 1])
    ksft_eq(vf_shown(env, 1), {**env.before[1], "address": PLUGGED})
    dev = env.guest.netdev(PLUGGED, "kawela_vf")
    env.guest.ip(f"addr flush dev {env.guest.dev}")
    both_ways(env.guest.upper("g1's second VF", 32, dev).up(), env.wire)
    env.guest.unplug(xml)
    back(env, 1)
    ksft_eq(given(env), [0])


def destroyed(env):
    """The VF has its own MAC and VLAN again, and its driver; it works."""
    env.guest.kill()
    ksft_eq(back(env, 0), PIN)
    ksft_eq(vf_shown(env), env.before[0])
    wire = on_vlan(env.wire, 7)
    vf = env.bind_vf(0)
    env.vf = []
    # libvirt wants the netdev of a VF that has a driver in its own namespace
    defer(vf.ip, f"link set dev {vf.dev} netns 1")
    both_ways(vf.upper("vf0 in its VLAN", vf.number, vf.dev, net=8).up(), wire)


def unpinned(env):
    """A VF without a pin that the host uses keeps the address it had: libvirt pins that."""
    own = back(env, 1)
    env.set_vf(1, f"mac {ZERO}")
    guest = Domain(env, "g2", 32, interface(env.vf_pci[1], MAC))
    guest.create()
    ksft_eq(vf_shown(env, 1)["address"], MAC)
    guest.kill()
    ksft_eq(back(env, 1), own)
    ksft_eq(vf_shown(env, 1), {**env.before[1], "address": own})


def driverless(env):
    """A VF without a pin that nobody uses has none afterwards."""
    env.vf_pci[1].unbind()
    env.set_vf(1, f"mac {ZERO}")
    guest = Domain(env, "g3", 33, interface(env.vf_pci[1], MAC))
    guest.create()
    ksft_eq(vf_shown(env, 1)["address"], MAC)
    guest.kill()
    ksft_eq(vf_shown(env, 1), env.before[1])
    env.vf_pci[1].bind(env.vf_driver)
    env.vf_pci[1].reserve("")


def exhausted(env):
    """Each guest has its own VF; the one for which there is none is refused, and gets one later."""
    guests = [Domain(env, f"p{n}", 40 + n, pool_interface(f"02:00:00:00:0f:1{n}"))
              for n in range(3)]
    first, second, third = guests
    first.create()
    second.create()
    ksft_eq(given(env), [0, 1])
    ksft_eq({vf_shown(env, n)["address"] for n in (0, 1)},
            {"02:00:00:00:0f:10", "02:00:00:00:0f:11"})
    done = third.create(fail=False)
    third.kill()
    ksft_ne(done.ret, 0)
    ksft_in(f"network '{POOL}' requires exclusive access to interfaces", done.stderr)
    first.kill()
    third.create()
    ksft_eq(given(env), [0, 1])
    for guest in guests:
        guest.kill()
    ksft_eq([back(env, n) != ZERO for n in (0, 1)], [True, True])


def team(env):
    """A virtio interface with a VF of the same address: the guest goes on without the VF, and
    has it again."""
    bridge = Bridge(env).add_pf()
    backup = (f"<interface type='bridge'><mac address='{TEAM}'/><source bridge='{bridge.dev}'/>"
              "<model type='virtio'/><teaming type='persistent'/><alias name='ua-backup0'/>"
              "</interface>")
    primary = pool_interface(TEAM, "<teaming type='transient' persistent='ua-backup0'/>"
                             "<alias name='ua-vf0'/>")
    sh("modprobe -a tun")
    guest = Domain(env, "g4", 34, backup + primary)
    defer(guest.kill)
    set_vf_words(env, ("vlan 0",))
    guest.start()
    guest.sh("modprobe -a kawela_vf virtio_net")
    guest.netdev(TEAM, "kawela_vf")
    guest.dev = guest.team()
    guest.up()
    both_ways(guest, env.wire)
    number = given(env)[0]
    ksft_in(TEAM, env.regs.pool_macs(number))
    guest.unplug_alias("ua-vf0")
    back(env, number)
    ping(env.wire, guest)
    guest.plug(primary)
    guest.netdev(TEAM, "kawela_vf")
    number = given(env)[0]
    wait_for(lambda: TEAM in env.regs.pool_macs(number), "the VF to be served")
    both_ways(guest, env.wire)


if __name__ == "__main__":
    kawela_run([begin, nodes, from_the_pool, plugged, destroyed, unpinned, driverless, exhausted,
                team], vfs=0, macs=False)
