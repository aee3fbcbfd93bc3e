#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""The interrupts of the PF's queues: a processor for each to begin with, and after that the one
that the administrator wants.
"""

import re

from lib.py import (kawela_run, ksft_eq, ksft_ge, ksft_ne, ping, read_file, write_file)


def interrupts(env):
    """Numbers of the queues' interrupts."""
    name = re.escape(env.pf.dev)
    return [int(number) for number in
            re.findall(rf"^ *(\d+):.* {name}-TxRx-\d+$", read_file("/proc/interrupts"),
                       re.MULTILINE)]


def mask(irq, name):
    """A set of processors in /proc/irq."""
    return int(read_file(f"/proc/irq/{irq}/{name}").replace(",", ""), 16)


def hints(env):
    """Each has a processor of its own as a hint, and is there."""
    irqs = interrupts(env)
    ksft_ge(len(irqs), 2)
    wanted = [mask(irq, "affinity_hint") for irq in irqs]
    for irq, hint in zip(irqs, wanted):
        ksft_eq(hint.bit_count(), 1, f"interrupt {irq} has one processor")
        ksft_eq(mask(irq, "smp_affinity"), hint)
    ksft_eq(len(set(wanted)), len(wanted))


def pinned(env):
    """What was chosen holds over whatever closes and opens the queues; the hint does not move."""
    irqs = interrupts(env)
    hint = [mask(irq, "affinity_hint") for irq in irqs]
    chosen = hint[1]
    ksft_ne(chosen, hint[0])
    write_file(f"/proc/irq/{irqs[0]}/smp_affinity", f"{chosen:x}")
    for change in (f"ip link set dev {env.pf.dev} down", f"ethtool -G {env.pf.dev} rx 512 tx 512",
                   f"ip link set dev {env.pf.dev} mtu 4000", f"ethtool -L {env.pf.dev} combined 1",
                   f"ethtool -L {env.pf.dev} combined {len(irqs)}"):
        env.pf.sh(change)
        env.pf.up()
        ksft_eq(interrupts(env)[0], irqs[0])
        ksft_eq(mask(irqs[0], "smp_affinity"), chosen, f"after {change}")
        ksft_eq(mask(irqs[0], "affinity_hint"), hint[0], f"after {change}")
    env.make_vfs(1)
    env.remove_vfs()
    ksft_eq(mask(irqs[0], "smp_affinity"), chosen, "after VFs came and went")
    ping(env.pf, env.wire)


if __name__ == "__main__":
    kawela_run([hints, pinned], vfs=0)
