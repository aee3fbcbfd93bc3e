#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300
"""A VF driver is unbound under traffic and bound again; nobody else notices."""

from lib.py import Flood, Flow, all_ping, defer, kawela_run, ksft_eq, ksft_true, steady, wait_for


@steady
def unbind_bind(env):
    """Five times, with frames to and from the VF in flight."""
    with Flow(env.vf[1], env.wire) as other, Flow(env.pf, env.wire) as host:
        for _ in range(5):
            with Flood((env.vf[0], env.wire), (env.wire, env.vf[0])):
                other.flows(10)
                env.vf_pci[0].unbind()
            host.flows(10)
            other.flows(10)
            env.bind_vf(0)
    all_ping(env.stations)


@steady
def nothing_left(env):
    """Without its driver a VF has no address, no VLAN and closed gates."""
    env.vf[0].vlan(44)
    wait_for(lambda: 44 in env.regs.pool_vlans(0), "VF 0 on its VLAN")
    env.vf_pci[0].unbind()
    defer(lambda: env.bind_vf(0))
    wait_for(lambda: not env.regs.pool_macs(0), "the address of VF 0 to go")
    ksft_true(0 not in env.regs.gates()[0], "VF 0 may not receive")
    ksft_true(0 not in env.regs.gates()[1], "VF 0 may not send")
    ksft_eq(env.regs.pool_vlans(0), set())


@steady
def closed_netdev(env):
    """A VF whose netdev is closed is steered nothing; opened, it works again."""
    env.vf[0].down()
    wait_for(lambda: not env.regs.pool_macs(0), "the address of VF 0 to go")
    env.vf[0].up()
    all_ping(env.stations)


@steady
def while_connecting(env):
    """Unbound right after it was bound and opened, whatever it is doing then."""
    for _ in range(5):
        env.vf_pci[0].unbind()
        env.bind_vf(0, wait=False)
    env.vf[0].wait_carrier()
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([unbind_bind, nothing_left, closed_netdev, while_connecting])
