#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""ip link set PF vf N state disable | auto: out of service at once, with its frames the
host's, and back by itself."""

import time

from lib.py import (Flow, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_ge,
                    ksft_true, load_module, silent, steady, vf_mac, wait_for)


def disable(env):
    env.set_vf(0, "state disable")
    defer(auto, env)


def auto(env):
    env.set_vf(0, "state auto")
    env.vf[0].wait_carrier()


def changes(station):
    return int(station.sh(f"cat /sys/class/net/{station.dev}/carrier_changes").stdout)


def connected(env):
    return env.vf[0].ethtool_stats()["session_connects"]


def stays_down(env, seconds=0.5):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ksft_true(not env.vf[0].carrier(), "the carrier must stay down")
        time.sleep(0.1)


def out_of_service(env):
    ksft_eq(env.vf_config(0)["link_state"], "disable")
    ksft_true(0 not in env.regs.gates()[0])
    ksft_true(0 not in env.regs.gates()[1])
    ksft_eq(env.regs.rars()[vf_mac(0)], {7}, "who has the VF's address")


@steady
def down_and_up(env):
    """The VF's carrier drops and stays down; auto brings it back, without a retry: the VF
    connects once. The other VF does not notice."""
    before = changes(env.vf[0])
    with Flow(env.vf[1], env.wire) as other:
        other.flows()
        disable(env)
        env.vf[0].wait_carrier(False)
        out_of_service(env)
        stays_down(env)
        other.flows()
        connects = connected(env)
        auto(env)
        ksft_eq(connected(env), connects + 1, "sessions since then")
        other.flows()
    ksft_eq(env.vf_config(0)["link_state"], "auto")
    ksft_eq(changes(env.vf[0]) - before, 2, "carrier changes of the VF")
    both_ways(env.vf[0], env.wire)
    both_ways(env.vf[0], env.vf[1])


@steady
def frames_reach_the_host(env):
    """What others send to the VF's address is the PF's meanwhile."""
    mac, station = env.vf[0].mac, env.vf[0]
    for peer in (env.wire, env.vf[1]):
        peer.ip(f"neigh replace {station.v4} lladdr {mac} dev {peer.dev} nud permanent")
        defer(peer.ip, f"neigh del {station.v4} dev {peer.dev}", fail=False)
    disable(env)
    for peer in (env.wire, env.vf[1]):
        before = env.pf.stats()["rx"]["packets"]
        ksft_true(silent(peer, station, count=10), f"{peer} to the VF")
        ksft_ge(env.pf.stats()["rx"]["packets"] - before, 10, f"frames of {peer} in the PF")


def nothing_helps(env):
    """No new driver, reset of the VF or the PF, or new link brings the VF back; auto does."""
    disable(env)
    env.vf[0].wait_carrier(False)
    env.vf[0].down()
    env.vf[0].up(wait=False)
    stays_down(env)
    env.vf_pci[0].reset()
    stays_down(env)
    env.vf_pci[0].unbind()
    env.bind_vf(0, wait=False)
    stays_down(env)
    env.pci.reset()
    env.vf[1].wait_carrier()
    stays_down(env)
    out_of_service(env)
    env.pf.ethtool("-r " + env.pf.dev)
    env.vf[1].wait_carrier()
    stays_down(env)
    both_ways(env.vf[1], env.wire)
    auto(env)
    both_ways(env.vf[0], env.wire)


@steady
def address_meanwhile(env):
    """An address set meanwhile does not bring it back, and is the VF's afterwards."""
    mac = "02:00:00:00:0a:01"
    disable(env)
    env.set_vf_mac(0, mac)
    defer(env.set_vf_mac, 0, vf_mac(0))
    env.vf[0].wait_carrier(False)
    stays_down(env)
    auto(env)
    wait_for(lambda: env.vf[0].mac == mac, "the VF's new address")
    env.vf[0].wait_carrier()
    env.wire.forget_neighbours()
    both_ways(env.vf[0], env.wire)


@steady
def auto_while_up(env):
    """auto on a VF in service changes nothing."""
    before = changes(env.vf[0])
    with Flow(env.vf[0], env.wire) as flow:
        flow.flows()
        env.set_vf(0, "state auto")
        flow.flows(100)
    ksft_eq(changes(env.vf[0]), before, "carrier changes of the VF")


@steady
def to_and_fro(env):
    """Faster than anybody can follow: the last word counts."""
    defer(auto, env)
    for _ in range(10):
        env.set_vf(0, "state disable")
        env.set_vf(0, "state auto")
    env.vf[0].wait_carrier()
    both_ways(env.vf[0], env.wire)
    for _ in range(10):
        env.set_vf(0, "state auto")
        env.set_vf(0, "state disable")
    env.vf[0].wait_carrier(False)
    stays_down(env)


@steady
def no_such_vf(env):
    """There is no VF 2 to say it of."""
    ksft_in("Invalid argument", env.set_vf(2, "state disable", fail=False).text)


@steady
def stock_driver(env):
    """igbvf is cut off at once, gets no session, and comes back when its hold-off allows.

    QEMU's model sends the mailbox's interrupt to another vector, where igbvf takes it for
    traffic: it may not notice before something makes it look, as a change of its MTU does."""
    load_module("igbvf")
    env.vf_pci[0].unbind()
    env.vf_driver = "igbvf"
    env.bind_vf(0)
    both_ways(env.vf[0], env.wire)
    disable(env)
    out_of_service(env)
    ksft_true(silent(env.vf[0], env.wire), "frames of the VF")
    env.vf[0].ip(f"link set {env.vf[0].dev} mtu 1400")
    env.vf[0].wait_carrier(False)
    stays_down(env, 3)
    auto(env)
    both_ways(env.vf[0], env.wire)
    env.set_vf(0, "state enable")
    wait_for(lambda: env.log.lines("VF 0: its driver goes on following the port's link"),
             "a word about the driver")


if __name__ == "__main__":
    kawela_run([down_and_up, frames_reach_the_host, nothing_helps, address_meanwhile,
                auto_while_up, to_and_fro, no_such_vf, stock_driver])
