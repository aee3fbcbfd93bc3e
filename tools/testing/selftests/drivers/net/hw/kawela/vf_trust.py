#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""ip link set PF vf N trust on | off: what a VF may do with it, and that it ends with it.

QEMU's model has no promiscuous mode of a pool, so those are shown in VMOLR only.
"""

from lib.py import (both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_ge, ksft_ne,
                    ksft_true, steady, vf_mac, wait_for)

OWN = "02:00:00:00:0b:01"
UNTRUSTED_UC = 3


def trust(env, number=0):
    env.set_vf(number, "trust on")
    defer(env.set_vf, number, "trust off")
    ksft_eq(env.vf_config(number)["trust"], True)


def mode(env, *flags):
    return all(env.regs.vmolr(0) & flag for flag in flags)


def ask(env, what, on=True):
    """Set a mode in the VF; on again after off makes the driver ask again."""
    env.vf[0].ip(f"link set dev {env.vf[0].dev} {what} off")
    if on:
        env.vf[0].ip(f"link set dev {env.vf[0].dev} {what} on")
        defer(env.vf[0].ip, f"link set dev {env.vf[0].dev} {what} off")


def settled(env):
    """The VF's driver has asked for all that it wants: a later wish was granted."""
    group = "01:00:5e:44:33:22"
    before = env.regs.multicast()
    env.vf[0].ip(f"maddr add {group} dev {env.vf[0].dev}")
    env.vf[0].ip(f"link set dev {env.vf[0].dev} mtu 1400")
    wait_for(lambda: env.regs.vmolr(0) & env.regs.VMOLR_RLPML == 1400 + 26, "the VF's MTU")
    env.vf[0].ip(f"link set dev {env.vf[0].dev} mtu 1500")
    env.vf[0].ip(f"maddr del {group} dev {env.vf[0].dev}")
    wait_for(lambda: env.regs.vmolr(0) & env.regs.VMOLR_RLPML == 1500 + 26, "the VF's MTU")
    env.vf[0].wait_carrier()
    wait_for(lambda: env.regs.multicast() == before, "the group to be left")


@steady
def not_trusted(env):
    """By default a VF gets no promiscuous mode, however often it asks."""
    ksft_eq(env.vf_config(0)["trust"], False)
    for what in ("promisc", "allmulticast"):
        ask(env, what)
        settled(env)
        ksft_true(not mode(env, env.regs.VMOLR_MPME), what)
        ksft_true(not mode(env, env.regs.VMOLR_ROPE), what)
        ask(env, what, on=False)
    both_ways(env.vf[0], env.wire)


@steady
def multicast(env):
    """With trust every multicast; without it no more, at once."""
    trust(env)
    ask(env, "allmulticast")
    wait_for(lambda: mode(env, env.regs.VMOLR_MPME), "every multicast")
    ksft_true(not mode(env, env.regs.VMOLR_ROPE), "no unicast was asked for")
    env.set_vf(0, "trust off")
    ksft_true(not mode(env, env.regs.VMOLR_MPME), "every multicast must be over")
    both_ways(env.vf[0], env.wire)


@steady
def unicast(env):
    """The same with every unicast."""
    trust(env)
    ask(env, "promisc")
    wait_for(lambda: mode(env, env.regs.VMOLR_MPME, env.regs.VMOLR_ROPE), "promiscuity")
    both_ways(env.vf[0], env.vf[1])
    env.set_vf(0, "trust off")
    ksft_true(not env.regs.vmolr(0) & (env.regs.VMOLR_MPME | env.regs.VMOLR_ROPE),
              "promiscuity must be over")


@steady
def pinned_address(env):
    """A trusted VF may leave its pinned address; without trust it has that one again."""
    trust(env)
    env.vf[0].ip(f"link set dev {env.vf[0].dev} address {OWN}")
    ksft_eq(env.regs.rars()[OWN], {0})
    ksft_eq(env.vf_config(0)["address"], vf_mac(0), "what the administrator pinned")
    for station in env.stations:
        station.forget_neighbours()
    both_ways(env.vf[0], env.wire)
    env.set_vf(0, "trust off")
    ksft_true(OWN not in env.regs.rars())
    ksft_eq(env.regs.rars()[vf_mac(0)], {0})
    wait_for(lambda: env.vf[0].mac == vf_mac(0), "the VF to know")
    env.vf[0].wait_carrier()
    done = env.vf[0].ip(f"link set dev {env.vf[0].dev} address {OWN}", fail=False)
    ksft_ne(done.ret, 0)
    for station in env.stations:
        station.forget_neighbours()
    both_ways(env.vf[0], env.wire)


def further(number):
    return f"02:00:00:00:0c:{number:02x}"


def ask_for_further(env, count):
    """macvlans upon VF 0, each with an address of its own, until the case ends."""
    station = env.vf[0]
    names = [f"mv{50 + number}" for number in range(count)]
    defer(station.batch, "ip", ["link del " + name for name in names], fail=False)
    station.batch("ip", [f"link add link {station.dev} name {name} address {further(number)} "
                         "type macvlan mode private" for number, name in enumerate(names)])
    station.batch("ip", [f"link set dev {name} up" for name in names])


@steady
def further_addresses(env):
    """More of them than others may have; afterwards as many as those, and VF 1 has its own."""
    env.set_vf_mac(0, "00:00:00:00:00:00")
    defer(env.set_vf_mac, 0, vf_mac(0))
    trust(env)
    count = UNTRUSTED_UC + 3
    ask_for_further(env, count)
    wanted = {further(number) for number in range(count)}
    wait_for(lambda: wanted <= env.regs.pool_macs(0), "all further addresses")
    env.set_vf(0, "trust off")
    ksft_eq(len(wanted & env.regs.pool_macs(0)), UNTRUSTED_UC)
    ksft_in(vf_mac(1), env.regs.pool_macs(1))
    both_ways(env.vf[0], env.vf[1])


def lasts(env):
    """Trust outlives a driver of the VF and resets; what it gave is asked for anew."""
    trust(env)
    ask(env, "allmulticast")
    wait_for(lambda: mode(env, env.regs.VMOLR_MPME), "every multicast")
    env.vf_pci[0].reset()
    env.vf[0].wait_carrier()
    ksft_true(mode(env, env.regs.VMOLR_MPME), "after a reset of the VF")
    env.pci.reset()
    env.vf[0].wait_carrier()
    ksft_true(mode(env, env.regs.VMOLR_MPME), "after a reset of the PF")
    env.vf_pci[0].unbind()
    wait_for(lambda: not mode(env, env.regs.VMOLR_MPME), "it to go with the driver")
    env.bind_vf(0)
    ksft_eq(env.vf_config(0)["trust"], True)
    ask(env, "allmulticast")
    wait_for(lambda: mode(env, env.regs.VMOLR_MPME), "every multicast")


@steady
def starvation(env):
    """A trusted VF that takes what it can leaves the other its guaranteed share."""
    env.set_vf_mac(0, "00:00:00:00:00:00")
    defer(env.set_vf_mac, 0, vf_mac(0))
    env.set_vf_mac(1, "00:00:00:00:00:00")
    defer(env.set_vf_mac, 1, vf_mac(1))
    trust(env)
    ask_for_further(env, 24)
    settled(env)
    ksft_ge(len(env.regs.pool_macs(0)), UNTRUSTED_UC + 1)
    env.vf_pci[1].unbind()
    env.bind_vf(1)
    both_ways(env.vf[1], env.wire)
    ksft_in(env.vf[1].mac, env.regs.pool_macs(1))


@steady
def no_such_vf(env):
    ksft_in("Invalid argument", env.set_vf(2, "trust on", fail=False).text)


if __name__ == "__main__":
    kawela_run([not_trusted, multicast, unicast, pinned_address, further_addresses, lasts,
                starvation, no_such_vf])
