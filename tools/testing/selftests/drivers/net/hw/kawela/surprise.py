#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300
"""Functions vanish under their drivers, which let go without waiting for what
will not come.

A VF loses its memory decoding under traffic: its registers are gone (QEMU then
reads 0 where a bus would read all ones). Then the
PCI functions themselves are taken away, the PF with its VFs. (The kernel offers no
way to remove one VF.)
"""

from lib.py import (PCI_COMMAND, PCI_COMMAND_MEMORY, Flood, Flow, KsftSkipEx, all_ping,
                    kawela_run, ksft_eq, ksft_true, sh, wait_for, write_file)


def rescan(env):
    """Find the functions again and put the environment back into order."""
    write_file("/sys/bus/pci/rescan", "1")
    wait_for(env.pci.exists, "the PF to be found again")
    env.vf, env.vf_pci = [], []
    env.load()


def registers_vanish(env):
    """The VF's registers read the same whatever is asked; then it is unbound."""
    vf = env.vf_pci[0]
    with Flow(env.vf[1], env.wire) as other, \
         Flood((env.vf[0], env.wire), (env.wire, env.vf[0])):
        vf.set_config(PCI_COMMAND, vf.config(PCI_COMMAND) & ~PCI_COMMAND_MEMORY)
        other.flows()
        vf.unbind()
        ksft_eq(vf.driver, "")
        other.flows()
    vf.reset()
    env.bind_vf(0)
    all_ping(env.stations)


def pf_removed(env):
    """The PF's PCI function is removed with VFs under traffic."""
    with Flood((env.vf[0], env.wire), (env.wire, env.vf[0]), (env.wire, env.pf),
               (env.pf, env.wire)):
        env.pci.set("remove", "1")
        ksft_true(not env.pci.exists())
        ksft_true(not env.vf_pci[0].exists())
    rescan(env)
    env.make_vfs(2)
    all_ping(env.stations)


def pf_unplugged(env):
    """The machine takes the whole card away, and gives it back."""
    if sh("command -v qmp", fail=False).ret:
        raise KsftSkipEx("this machine has no monitor to pull the card with")
    with Flood((env.vf[0], env.wire), (env.wire, env.vf[0]), (env.wire, env.pf)):
        sh("qmp device_del id=pf0")
        wait_for(lambda: not env.pci.exists(), "the card to go")
    wait_for(lambda: not sh("qmp device_add driver=igb id=pf0 bus=rp0 netdev=hub-pf0 "
                            "mac=52:54:00:00:00:01 romfile=", fail=False).ret,
             "the card to be put back")
    rescan(env)
    env.make_vfs(2)
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([registers_vanish, pf_removed, pf_unplugged])
