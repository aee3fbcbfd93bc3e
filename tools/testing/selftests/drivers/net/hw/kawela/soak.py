#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400 --not-on-stock
"""The same again and again: VFs 0-7-0 and module load/unload, under traffic.

KAWELA_SOAK says how often (10). VF drivers come and go with their VFs, as on a
host that leaves the VFs to itself. What leaks shows in kmemleak.
"""

import os

from lib.py import (Flood, Flow, Station, kawela_run, ksft_eq, ksft_pr, load_module,
                    module_loaded, ping, steady, unload_modules, wait_for, write_file)

ROUNDS = int(os.environ.get("KAWELA_SOAK", "10"))
MAX_VFS = 7


class Everybody(Station):
    """The destination of what every pool receives."""

    def __init__(self):
        super().__init__("everybody", 255, "")


def vf_netdevs(env, count):
    """Netdevs of the VFs; None until all are there."""
    paths = [f"{env.pci.path}/virtfn{n}/net" for n in range(count)]
    if not all(os.path.isdir(path) and os.listdir(path) for path in paths):
        return None
    return [os.listdir(path)[0] for path in paths]


@steady
def numvfs(env):
    """VFs with a driver and an open netdev each, 0 to 7 to 0."""
    load_module(env.vf_driver)
    env.pci.set("sriov_drivers_autoprobe", "1")
    with Flow(env.wire, env.pf) as flow, Flood((env.wire, Everybody())):
        for number in range(ROUNDS):
            env.set_num_vfs(MAX_VFS)
            for dev in wait_for(lambda: vf_netdevs(env, MAX_VFS), "the VFs' netdevs"):
                env.pf.ip(f"link set dev {dev} up")
            flow.flows(5)
            env.set_num_vfs(0)
            flow.flows(5)
            ksft_pr(f"round {number + 1} of {ROUNDS}")
    ping(env.pf, env.wire)


def modules(env):
    """Load both modules, use PF and VFs, unload both, in either order."""
    env.pci.unbind()
    unload_modules("kawela_vf", "kawela_pf")
    with Flood((env.wire, Everybody()), (env.wire, env.pf)):
        for number in range(ROUNDS):
            env.load()
            write_file(env.pci.path + "/sriov_drivers_autoprobe", "1")
            env.set_num_vfs(1 + number % MAX_VFS)
            load_module("kawela_vf")
            for dev in wait_for(lambda: vf_netdevs(env, 1 + number % MAX_VFS),
                                "the VFs' netdevs"):
                env.pf.ip(f"link set dev {dev} up")
            ping(env.pf, env.wire, count=1)
            order = ("kawela_vf", "kawela_pf")
            unload_modules(*(order if number % 2 else reversed(order)))
            ksft_eq(module_loaded("kawela_ring"), False, "kawela_ring is unloaded")
            ksft_pr(f"round {number + 1} of {ROUNDS}")
    env.load()
    ping(env.pf, env.wire)


if __name__ == "__main__":
    kawela_run([numvfs, modules], vfs=0)
