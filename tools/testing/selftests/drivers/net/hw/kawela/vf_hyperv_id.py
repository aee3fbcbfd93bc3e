#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 900 --not-on-debug --smp 1
"""A VF with the PCI id that Hyper-V gives it: QEMU's vfio-pci shows it to a guest,
which loads our VF driver by that id."""

from lib.py import VfGuest, kawela_run, ksft_eq, ping, vf_mac

HYPERV_ID = "0x152d"


def other_id(env):
    env.vf_pci[0].unbind()
    guest = VfGuest(env, "g1", 31, env.vf_pci[0])
    guest.start(f"-- -set device.vf0.x-pci-device-id={HYPERV_ID}")
    found = guest.sh("grep -l 0x152d /sys/bus/pci/devices/*/device").stdout.split()
    ksft_eq(len(found), 1)
    device = found[0].rpartition("/")[0]
    guest.sh(f"modprobe $(cat {device}/modalias)")
    guest.load()
    ksft_eq(guest.sh(f"basename $(realpath {device}/driver)").stdout.strip(), "kawela_vf")
    ksft_eq(guest.mac, vf_mac(0))
    ping(guest, env.wire)
    ping(env.pf, guest)
    guest.stop()


if __name__ == "__main__":
    kawela_run([other_id], vfs=1)
