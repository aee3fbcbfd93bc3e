#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""ip link set PF vf N spoofchk on | off, in the registers of the switch.

QEMU's model lets every source address pass, so nothing is shown of the effect.
"""

from lib.py import (Flow, both_ways, defer, kawela_run, ksft_eq, ksft_in, steady)


def checked(env, *numbers):
    """Address and VLAN of exactly these VFs are checked, and ip says so."""
    ksft_eq(env.regs.spoof_checks(), (set(numbers), set(numbers)))
    for number in range(len(env.vf)):
        ksft_eq(env.vf_config(number)["spoofchk"], number in numbers, f"VF {number}")


@steady
def default(env):
    """It is on for every VF, and never for the PF, which bridges guests."""
    checked(env, 0, 1)


@steady
def one_off(env):
    """Off and on for one VF, under its traffic."""
    with Flow(env.vf[0], env.wire) as flow:
        flow.flows()
        env.set_vf(0, "spoofchk off")
        defer(env.set_vf, 0, "spoofchk on")
        checked(env, 1)
        flow.flows()
        env.set_vf(0, "spoofchk on")
        checked(env, 0, 1)
        flow.flows()


def lasts(env):
    """It outlives a driver of the VF, a new address, and resets."""
    env.set_vf(0, "spoofchk off")
    defer(env.set_vf, 0, "spoofchk on")
    env.vf_pci[0].unbind()
    env.bind_vf(0)
    checked(env, 1)
    env.vf_pci[0].reset()
    env.vf[0].wait_carrier()
    checked(env, 1)
    env.pci.reset()
    for station in env.vf:
        station.wait_carrier()
    checked(env, 1)
    both_ways(env.vf[0], env.wire)


@steady
def no_such_vf(env):
    ksft_in("Invalid argument", env.set_vf(2, "spoofchk off", fail=False).text)


@steady
def new_vfs(env):
    """New VFs do not inherit what was set for others."""
    env.set_vf(0, "spoofchk off")
    count = len(env.vf)
    env.remove_vfs()
    env.make_vfs(count)
    checked(env, 0, 1)


if __name__ == "__main__":
    kawela_run([default, one_off, lasts, no_such_vf, new_vfs])
