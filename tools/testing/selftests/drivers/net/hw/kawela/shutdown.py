#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --smp 1 --backports
"""A machine is powered off under traffic: both drivers have let go of the hardware,
which no longer receives, sends or reaches memory.

The machine is a guest with an 82576 of its own. Its QEMU stays when it is off, and
shows what the registers say then.
"""

import shlex

from lib.py import (PCI_COMMAND, Qmp, defer, ksft_eq, ksft_exit, ksft_run, ksft_true,
                    require_command, sh, wait_for)

CARD = ("-no-shutdown -device pcie-root-port,id=rp,chassis=9,slot=9 "
        "-netdev hubport,id=hub,hubid=0 -device igb,bus=rp,netdev=hub,romfile=")
CTRL_EXT, RCTL, TCTL = 0x18, 0x100, 0x400
DRV_LOAD, ENABLED = 1 << 28, 1 << 1
COMMAND_MASTER = 1 << 2

# finds the PF, makes two VFs, and lets VF 0, in a namespace of its own, ping the PF
USE = """
set -e
modprobe kawela_pf
modprobe kawela_vf
pf=$(dirname /sys/bus/pci/drivers/kawela_pf/*/net)
echo 2 >$pf/sriov_numvfs
ip link set dev $(ls $pf/net) up
ip address add 198.18.0.1/24 dev $(ls $pf/net)
for i in $(seq 600); do [ -d $pf/virtfn0/net ] && break; sleep 0.1; done
vf=$(ls $pf/virtfn0/net)
ip netns add tenant
ip link set dev $vf netns tenant
ip -n tenant link set dev $vf up
ip -n tenant address add 198.18.0.2/24 dev $vf
ip netns exec tenant ping -q -c 3 -w 60 198.18.0.1 >&2
(ip netns exec tenant ping -q -i 0.01 198.18.0.1 >/dev/null 2>&1 &)
basename $pf
basename $(realpath $pf/virtfn0)
head -n 1 $pf/resource | cut -d' ' -f1
sed -n 's/^ *\\([0-9a-f]*\\)-.*PCI \\(ECAM\\|MMCONFIG\\).*/0x\\1/p' /proc/iomem | head -n 1
"""

# A machine that is off does not say so to who waits for its answer: off when what brings
# the answer, the parent of the shell's parent, is gone.
OFF = """
bringer=/proc/$(cut -d' ' -f4 /proc/$PPID/stat)
(while [ -e $bringer ]; do sleep 0.1; done
echo o >/proc/sysrq-trigger) >/dev/null 2>&1 &
"""


class Off:
    """The memory map of a machine that is off."""

    def __init__(self, name):
        self._qmp = Qmp(name)

    def is_off(self):
        return self._qmp.run("query-status")["status"] == "shutdown"

    def read(self, address):
        answer = self._qmp.run("human-monitor-command",
                               **{"command-line": f"xp /1xw {address:#x}"})
        return int(answer.split(":")[1], 16)


def config(ecam, bdf):
    """Where the configuration space of a function is mapped."""
    _, bus, place = bdf.split(":")
    device, function = place.split(".")
    return ecam + (int(bus, 16) << 20) + (int(device, 16) << 15) + (int(function) << 12)


def power_off():
    """Nothing is enabled any more: queues, receiver, sender, bus mastering."""
    require_command("guest")
    sh(f"guest start g1 -- {CARD}", timeout=600)
    defer(sh, "guest kill g1")
    lines = sh(f"guest exec g1 {shlex.quote(USE)}", timeout=300).stdout.split()
    pf, vf = lines[-4:-2]
    bar, ecam = (int(text, 16) for text in lines[-2:])
    machine = Off("g1")
    ksft_true(machine.read(bar + RCTL) & ENABLED, "the receiver is enabled before")
    ksft_true(machine.read(config(ecam, vf) + PCI_COMMAND) & COMMAND_MASTER)

    sh(f"guest exec g1 {shlex.quote(OFF)}")
    wait_for(machine.is_off, "the machine to be off")
    ksft_eq(machine.read(bar + RCTL) & ENABLED, 0, "the receiver")
    ksft_eq(machine.read(bar + TCTL) & ENABLED, 0, "the sender")
    ksft_eq(machine.read(bar + CTRL_EXT) & DRV_LOAD, 0, "the driver's mark")
    for bdf in (vf, pf):
        ksft_eq(machine.read(config(ecam, bdf) + PCI_COMMAND) & COMMAND_MASTER, 0,
                f"bus mastering of {bdf}")


if __name__ == "__main__":
    ksft_run([power_off])
    ksft_exit()
