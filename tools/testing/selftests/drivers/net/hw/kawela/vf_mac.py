#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug --backports
"""Whose MAC address is whose: the administrator pins, a VF asks, nobody steals.

Shown in the netdevs and in the address registers of the switch.
"""

from lib.py import (Trace, all_ping, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_ne,
                    ksft_true, load_module, ping, silent, steady, wait_for)

PINNED = "02:00:00:00:02:01"
OTHER = "02:00:00:00:02:02"
ZERO = "00:00:00:00:00:00"


def perm_addr(station):
    link = station.link()
    return link.get("permaddr", link["address"])


def unpin(env, number=0):
    env.set_vf_mac(number, ZERO)


@steady
def pinned_before_bind(env):
    """A MAC set while the VF has no driver is what it comes up with."""
    env.vf_pci[0].unbind()
    env.set_vf_mac(0, PINNED)
    defer(unpin, env)
    env.bind_vf(0)
    ksft_eq(env.vf[0].mac, PINNED)
    ksft_eq(perm_addr(env.vf[0]), PINNED)
    ksft_eq(env.vf_config(0)["address"], PINNED)
    ksft_in(PINNED, env.regs.pool_macs(0))
    all_ping(env.stations)


@steady
def pinned_while_running(env):
    """A MAC set while the VF runs is the VF's at once, and after a new start."""
    ksft_ne(env.vf[0].mac, OTHER)
    env.set_vf_mac(0, OTHER)
    defer(unpin, env)
    wait_for(lambda: env.vf[0].mac == OTHER, "the VF to take its new address")
    ksft_in(OTHER, env.regs.pool_macs(0))
    env.vf[0].wait_carrier()
    for station in env.stations:
        station.forget_neighbours()
    all_ping(env.stations)
    env.vf_pci[0].unbind()
    env.bind_vf(0)
    ksft_eq(env.vf[0].mac, OTHER)
    ksft_eq(perm_addr(env.vf[0]), OTHER)


def bind_other(env, driver):
    """VF 0 to another driver."""
    load_module(driver)
    env.vf_pci[0].unbind()
    env.vf_driver = driver
    env.bind_vf(0)


def pinned_again(env):
    """The address that a VF has already: it is left in peace. With another it is not. igbvf has
    no other way to hear of it."""
    env.set_vf_mac(0, PINNED)
    defer(unpin, env)
    defer(bind_other, env, "kawela_vf")
    bind_other(env, "igbvf")
    with Trace("kawela_mbx", "state") as trace:
        env.set_vf_mac(0, PINNED)
        both_ways(env.vf[0], env.wire)
        ksft_eq(trace.lines(" on renew "), [])
        env.set_vf_mac(0, OTHER)
        trace.wait(" on renew ")


@steady
def unpinned(env):
    """Zero takes the pin away; then the VF chooses."""
    env.set_vf_mac(0, PINNED)
    unpin(env)
    ksft_eq(env.vf_config(0)["address"], ZERO)
    env.vf_pci[0].unbind()
    env.bind_vf(0)
    ksft_ne(env.vf[0].mac, PINNED)
    env.vf[0].ip(f"link set dev {env.vf[0].dev} address {OTHER}")
    wait_for(lambda: OTHER in env.regs.pool_macs(0), "the switch to know the address")
    for station in env.stations:
        station.forget_neighbours()
    all_ping(env.stations)


@steady
def change_pinned(env):
    """A VF cannot leave the address it is pinned to."""
    env.vf_pci[0].unbind()
    env.set_vf_mac(0, PINNED)
    defer(unpin, env)
    env.bind_vf(0)
    done = env.vf[0].ip(f"link set dev {env.vf[0].dev} address {OTHER}", fail=False)
    ksft_ne(done.ret, 0)
    ksft_in("Operation not permitted", done.text)
    ksft_eq(env.vf[0].mac, PINNED)
    ksft_in(PINNED, env.regs.pool_macs(0))
    ksft_true(OTHER not in env.regs.rars())
    both_ways(env.vf[0], env.wire)


@steady
def group_refused(env):
    """A group address is no address of a VF."""
    done = env.set_vf_mac(0, "01:00:5e:00:00:01", fail=False)
    ksft_ne(done.ret, 0)
    ksft_in("Invalid argument", done.text)
    done = env.set_vf_mac(0, "ff:ff:ff:ff:ff:ff", fail=False)
    ksft_in("Invalid argument", done.text)
    ksft_eq(env.vf_config(0)["address"], ZERO)


@steady
def taken_refused(env):
    """The administrator cannot give away what the PF has, or what a VF chose itself."""
    for mac in (env.vf[0].mac, env.pf.mac):
        done = env.set_vf_mac(1, mac, fail=False)
        ksft_ne(done.ret, 0)
        ksft_in("File exists", done.text)
    ksft_eq(env.vf_config(1)["address"], ZERO)


def forget(env, number):
    """A VF with an address of its own choice."""
    env.vf_pci[number].unbind()
    unpin(env, number)
    env.bind_vf(number)


def pin_both(env, **options):
    """One address for two VFs, which have it from the start, VF 1 last."""
    for number in (0, 1):
        env.vf_pci[number].unbind()
        defer(forget, env, number)
        env.set_vf_mac(number, PINNED)
    for number in (0, 1):
        env.bind_vf(number, **options)


def receives(env, number):
    """Wait until one VF alone has the address that two are pinned to; 7 is the PF."""
    wait_for(lambda: env.regs.rars().get(PINNED) == {number}, f"pool {number} to have it")


@steady
def shared(env):
    """An address of two VFs is the last one's that is up, then the other's, then the PF's."""
    pin_both(env, up=False)
    ksft_eq(len(env.log.lines(f"VF 1: VF 0 has {PINNED}")), 1)
    ksft_eq([env.vf_config(number)["address"] for number in (0, 1)], [PINNED, PINNED])
    ksft_eq([station.mac for station in env.vf], [PINNED, PINNED])
    receives(env, 7)
    for last, other in ((0, 1), (1, 0)):
        env.vf[other].up()
        receives(env, other)
        ping(env.wire, env.vf[other])
        env.vf[last].up()
        receives(env, last)
        ping(env.wire, env.vf[last])
        ksft_true(silent(env.wire, env.vf[other]), "who came before receives nothing")
        env.vf[last].down()
        receives(env, other)
        ping(env.wire, env.vf[other])
        env.vf[other].down()
        receives(env, 7)


@steady
def unshared(env):
    """A VF that the shared address is taken from loses it at once, though it runs."""
    pin_both(env)
    receives(env, 1)
    unpin(env, 1)
    receives(env, 0)
    ping(env.wire, env.vf[0])


@steady
def no_such_vf(env):
    """A VF that does not exist has no address."""
    done = env.set_vf_mac(2, PINNED, fail=False)
    ksft_ne(done.ret, 0)
    ksft_in("Invalid argument", done.text)


@steady
def theft(env):
    """A VF that asks for the PF's or another VF's address does not get it."""
    for victim in (env.pf, env.vf[0]):
        mac = victim.mac
        owner = env.regs.rars()[mac]
        done = env.vf[1].ip(f"link set dev {env.vf[1].dev} address {mac}", fail=False)
        ksft_ne(done.ret, 0, f"the address of {victim}")
        ksft_ne(env.vf[1].mac, mac)
        ksft_eq(env.regs.rars()[mac], owner, f"who has the address of {victim}")
        # as a secondary address
        env.vf[1].bridge(f"fdb add {mac} dev {env.vf[1].dev} self", fail=False)
        ping(env.vf[1], env.wire)
        ksft_eq(env.regs.rars()[mac], owner, f"who has the address of {victim}")
        env.vf[1].bridge(f"fdb del {mac} dev {env.vf[1].dev} self", fail=False)
    all_ping(env.stations)


@steady
def pf_takes_vf_mac(env):
    """Nor does the PF take a VF's address."""
    mac = env.vf[0].mac
    done = env.pf.ip(f"link set dev {env.pf.dev} address {mac}", fail=False)
    ksft_ne(done.ret, 0)
    ksft_in("File exists", done.text)
    both_ways(env.pf, env.vf[0])


if __name__ == "__main__":
    kawela_run([pinned_before_bind, pinned_while_running, pinned_again, unpinned, change_pinned,
                group_refused, taken_refused, shared, unshared, no_such_vf, theft,
                 pf_takes_vf_mac],
               macs=False)
