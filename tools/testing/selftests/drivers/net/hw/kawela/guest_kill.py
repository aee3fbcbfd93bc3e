#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""A guest is killed under traffic, and its VF goes to another guest: it works,
and nothing of the first guest's filters is left.

With the stock pair the first guest's unicast filters stay for the next tenant.
"""

from lib.py import (Flow, Flood, VfGuest, kawela_run, ksft_eq, ksft_in, ksft_ne,
                    ksft_true, ping, steady, wait_for)

SECOND = "02:00:00:00:08:01"
GROUP = "01:00:5e:11:22:33"
VID = 77
POOL = 1


def guest(name, number, env):
    """A guest that has the VF."""
    made = VfGuest(env, name, number, env.vf_pci[POOL]).start()
    made.load()
    return made


@steady
def kill_under_traffic(env):
    """The host and the other VF go on; the switch forgets the guest."""
    env.vf_pci[POOL].unbind()
    # not pinned, so that a further address is granted
    env.set_vf_mac(POOL, "00:00:00:00:00:00")
    quiet = env.regs.multicast()
    first = guest("g1", 31, env)
    mac = first.mac
    first.vlan(VID)
    first.macvlan(41, SECOND)
    first.ip(f"maddr add {GROUP} dev {first.dev}")
    wait_for(lambda: SECOND in env.regs.pool_macs(POOL), "the guest's second address")
    wait_for(lambda: VID in env.regs.pool_vlans(POOL), "the guest's VLAN")
    ksft_ne(env.regs.multicast(), quiet)
    ping(env.wire, first)
    ping(first, env.pf)

    first.sh(f"(ping -n -q -i 0.01 {env.wire.v4} >/dev/null 2>&1 &)")
    with Flow(env.vf[0], env.wire) as other, Flood((env.wire, first), (env.pf, first)):
        other.flows()
        first.kill()
        other.flows()

    wait_for(lambda: not env.regs.pool_macs(POOL), "the guest's addresses to go")
    ksft_true(mac not in env.regs.rars())
    ksft_true(POOL not in env.regs.gates()[0], "the pool is closed")
    ksft_true(VID not in env.regs.pool_vlans(POOL))
    ksft_eq(env.regs.multicast() - quiet, set())
    ping(env.vf[0], env.pf)


def next_guest(env):
    """The same VF in a new guest works, with its own filters only."""
    second = guest("g2", 32, env)
    for station in (env.pf, env.vf[0], env.wire):
        ping(second, station)
        ping(station, second)
    ksft_in(second.mac, env.regs.pool_macs(POOL))
    ksft_eq(env.regs.pool_macs(POOL), {second.mac})
    ksft_true(VID not in env.regs.vlans())
    second.stop()


def host_again(env):
    """After all guests the host's driver has the VF, and everybody is reached."""
    env.bind_vf(POOL)
    for station in (env.pf, env.vf[0], env.wire):
        ping(station, env.vf[POOL])


if __name__ == "__main__":
    kawela_run([kill_under_traffic, next_guest, host_again])
