#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300
"""The PF is reset or reconfigured; the VFs are served again by themselves.

What the administrator had set, and what the VFs had asked for, holds afterwards.
"""

import time

from lib.py import (PCI_COMMAND, PCI_COMMAND_MEMORY, Flow, KsftFailEx, all_ping, defer, kawela_run,
                    ksft_eq, ksft_in, ksft_ne, ksft_true, on_vlan, until, vf_mac, wait_for)

ICS = 0xc8
# The cause is that somebody reset the device. QEMU routes that alone as if it were the TCP timer.
DRSTA, LSC = 1 << 30, 1 << 2


def served(env):
    """All stations reach each other, and the VFs have their addresses."""
    for station in env.stations:
        station.wait_carrier()
    all_ping(env.stations)
    for number in range(len(env.vf)):
        ksft_in(vf_mac(number), env.regs.pool_macs(number))


def ethtool_changes(env):
    """Rings, channels, coalescing and MTU of the PF change under a VF's traffic."""
    changes = [int(s.sh(f"cat /sys/class/net/{s.dev}/carrier_changes").stdout)
               for s in env.vf]
    with Flow(env.vf[0], env.wire) as flow:
        for change in ("-G {} rx 1024 tx 1024", "-G {} rx 256 tx 256",
                       "-L {} combined 1", "-L {} combined 2",
                       "-C {} rx-usecs 20", "-K {} rx off", "-K {} rx on"):
            env.pf.ethtool(change.format(env.pf.dev))
            flow.flows()
        env.pf.ip(f"link set dev {env.pf.dev} mtu 4000")
        flow.flows()
        env.pf.ip(f"link set dev {env.pf.dev} mtu 1500")
        flow.flows()
    after = [int(s.sh(f"cat /sys/class/net/{s.dev}/carrier_changes").stdout)
             for s in env.vf]
    ksft_eq(after, changes, "carrier changes of the VFs")
    served(env)


def renegotiation(env):
    """The link is negotiated anew: carriers go and come, nothing is lost."""
    env.pf.ethtool("-r " + env.pf.dev)
    served(env)


def function_reset(env):
    """A function level reset of the PF, netdev up."""
    for station in env.vf[:1] + [env.wire]:
        on_vlan(station, 5)
    wait_for(lambda: 5 in env.regs.pool_vlans(0), "VF 0 on VLAN 5")
    env.pci.reset()
    served(env)
    ksft_eq(env.num_vfs(), len(env.vf))
    wait_for(lambda: 5 in env.regs.pool_vlans(0), "VF 0 on VLAN 5 again")


def function_reset_while_down(env):
    """The same with the PF's netdev down."""
    env.pf.down()
    defer(env.pf.up)
    env.pci.reset()
    for station in env.vf:
        station.wait_carrier()
    all_ping(env.vf + [env.wire])


def function_reset_under_traffic(env):
    """And with traffic in all directions."""
    with Flow(env.vf[0], env.wire) as out, Flow(env.wire, env.vf[1]) as back, \
         Flow(env.wire, env.pf) as host:
        for flow in (out, back, host):
            flow.flows()
        env.pci.reset()
        for flow in (out, back, host):
            flow.flows()
    served(env)


def ask_for_reset(env):
    """What the driver takes for a reset of the device by somebody else."""
    with env.pci.bar() as bar:
        bar[ICS] = DRSTA | LSC


def device_reset(env):
    """The driver resets the device by itself, with work about the link on the way."""
    for _ in range(3):
        before = env.vf[0].ethtool_stats()["session_connects"]
        ask_for_reset(env)
        wait_for(lambda n=before: env.vf[0].ethtool_stats()["session_connects"] > n,
                 "the VF to connect again")
        env.wait_served()
        served(env)


def fail_reset(env, command):
    """A reset that finds no registers: they have to go before it is over."""
    for _ in range(10):
        ask_for_reset(env)
        env.pci.set_config(PCI_COMMAND, command & ~PCI_COMMAND_MEMORY)
        if until(lambda: env.log.lines("reset failed"), deadline=5):
            return
        env.pci.set_config(PCI_COMMAND, command)
        env.pf.up()
        env.wait_served()
        env.pf.down()
    raise KsftFailEx("the reset was always faster")


def reset_fails(env):
    """No registers, no reset: the netdev is not usable, and is when there are some again. It is
    closed: vectors of queues could not be masked, and would fire when nobody has them."""
    command = env.pci.config(PCI_COMMAND)
    env.pf.down()
    defer(env.pf.up)
    defer(env.pci.set_config, PCI_COMMAND, command)
    fail_reset(env, command)
    for what in ("mtu 1400", "up"):
        done = env.pf.ip(f"link set dev {env.pf.dev} {what}", fail=False)
        ksft_ne(done.ret, 0, "the netdev is not usable")
        ksft_in("No such device", done.text)
    time.sleep(5)
    ksft_eq(len(env.log.lines("reset failed")), 1, "the log says it once")
    env.pci.set_config(PCI_COMMAND, command)
    wait_for(lambda: env.log.lines("the port is back in service"), "another reset")
    env.pf.up()
    env.wait_served()
    served(env)


def again_after_reset(env):
    """VFs can be taken away and made again after all this."""
    count = len(env.vf)
    env.remove_vfs()
    env.make_vfs(count)
    served(env)
    ksft_true(env.pf.carrier())


if __name__ == "__main__":
    kawela_run([ethtool_changes, renegotiation, function_reset, function_reset_while_down,
                function_reset_under_traffic, device_reset, reset_fails, again_after_reset])
