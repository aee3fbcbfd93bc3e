#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""The interrupts of a VPort are served where the administrator wants them.

Two VPorts of the PF pinned to processors 0 and 1: the counts in /proc/interrupts
of each rise on its processor and on no other. The choice outlives down and up, and a
reset of the PF.
"""

from lib.py import (Devlink, Flow, both_ways, kawela_run, ksft_eq, ksft_true, read_file, steady,
                    vport_interrupt, write_file)


def interrupt(env, station):
    """Number and counts per processor of a VPort's vector."""
    return vport_interrupt(env.pci, station.number - 30)


def affinity(irq):
    return read_file(f"/proc/irq/{irq}/smp_affinity_list")


@steady
def spread(env):
    """To begin with two VPorts are on two processors."""
    devlink = Devlink(env.pci)
    stations = [devlink.vport(number) for number in (1, 2)]
    ksft_eq(sorted(affinity(interrupt(env, s)[0]) for s in stations), ["0", "1"])


@steady
def pinned(env):
    """Pinned to 0 and 1, then the other way round."""
    devlink = Devlink(env.pci)
    stations = [devlink.vport(number) for number in (1, 2)]
    for cpus in ((0, 1), (1, 0)):
        for station, cpu in zip(stations, cpus):
            irq, _ = interrupt(env, station)
            write_file(f"/proc/irq/{irq}/smp_affinity_list", cpu)
            station.down()
            station.up()
            ksft_eq(affinity(irq), str(cpu), f"{station} after down and up")
        with Flow(env.wire, stations[0]) as one, Flow(env.wire, stations[1]) as two:
            # the first interrupt after the change may still come to the old processor
            for flow in (one, two):
                flow.flows()
            before = [interrupt(env, s)[1] for s in stations]
            for flow in (one, two):
                flow.flows(100)
            after = [interrupt(env, s)[1] for s in stations]
        for i, cpu in enumerate(cpus):
            rise = [a - b for a, b in zip(after[i], before[i])]
            # how many interrupts 100 frames take is a matter of speed
            ksft_true(rise[cpu] > 0, f"{stations[i]} on processor {cpu}: {rise}")
            ksft_eq(sum(rise), rise[cpu], f"{stations[i]} elsewhere")


def over_reset(env):
    """The choice outlives a reset of the PF, too."""
    devlink = Devlink(env.pci)
    stations = [devlink.vport(number) for number in (1, 2)]
    for cpus in ((0, 0), (1, 1), (1, 0)):
        for station, cpu in zip(stations, cpus):
            write_file(f"/proc/irq/{interrupt(env, station)[0]}/smp_affinity_list", cpu)
        env.pci.reset()
        for station in (env.pf, *stations):
            station.wait_carrier()
        ksft_eq([affinity(interrupt(env, s)[0]) for s in stations], [str(cpu) for cpu in cpus])
    for station in stations:
        both_ways(station, env.wire)


if __name__ == "__main__":
    kawela_run([spread, pinned, over_reset], vfs=0)
