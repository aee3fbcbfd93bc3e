#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""ip link set PF vf N max_tx_rate: what is set is shown, and nothing breaks.

QEMU's model drops the writes and has no limit; the registers cannot be read back on
any hardware. The arithmetic is in KUnit.
"""

from lib.py import (Flow, both_ways, defer, kawela_run, ksft_eq, ksft_in, steady, wait_for)


def shown(env, number=0):
    return env.vf_config(number)["rate"]["max_tx"]


def limit(env, rate):
    env.set_vf(0, f"max_tx_rate {rate}")
    defer(env.set_vf, 0, "max_tx_rate 0")
    ksft_eq(shown(env), rate)


@steady
def set_and_clear(env):
    """Any whole Mb/s up to the port's, the old spelling too; 0 is none. The VF runs on."""
    with Flow(env.vf[0], env.wire) as flow:
        for rate in (1, 10, 333, 1000, 0):
            limit(env, rate)
            flow.flows()
        env.set_vf(0, "rate 42")
        ksft_eq(shown(env), 42)
        flow.flows()
    ksft_eq(shown(env, 1), 0)


def lasts(env):
    """It outlives the link, a driver of the VF, and resets."""
    limit(env, 200)
    env.pf.ethtool("-r " + env.pf.dev)
    env.vf[0].wait_carrier()
    ksft_eq(shown(env), 200)
    env.vf_pci[0].unbind()
    env.bind_vf(0)
    env.pci.reset()
    env.vf[0].wait_carrier()
    ksft_eq(shown(env), 200)
    both_ways(env.vf[0], env.wire)


@steady
def refused(env):
    """More than the port, and a guarantee."""
    limit(env, 100)
    ksft_in("Invalid argument", env.set_vf(0, "max_tx_rate 1001", fail=False).text)
    ksft_in("Invalid argument",
            env.set_vf(0, "max_tx_rate 100 min_tx_rate 50", fail=False).text)
    wait_for(lambda: env.log.lines("VF 0: .*can be guaranteed"), "the reason in the log")
    ksft_in("Invalid argument",
            env.set_vf(2, "max_tx_rate 10 min_tx_rate 0", fail=False).text)
    ksft_eq(shown(env), 100)


if __name__ == "__main__":
    kawela_run([set_and_clear, lasts, refused])
