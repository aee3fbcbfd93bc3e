#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""What bridge_fdb.py shows is not so with the kernel's igb and igbvf: its counterpart.

igb does not listen to bridges. On silicon its promiscuous PF gets a copy of each
frame that leaves on the wire; QEMU's switch gives no copy, because it looks at
VMOLR.ROMPE where the hardware looks at ROPE. So on QEMU the guest is not reached, from
the wire neither; on both the frames of a VF leave the machine.
"""

from lib.py import (Bridge, Listener, both_ways, defer, kawela_run, ksft_eq,
                    ksft_true, ping, send_frames, sh)


def needs_a_command(env):
    """VF to guest behind the bridge: on the wire, until there is a `bridge fdb add`."""
    changes = env.carrier_changes()
    guest = Bridge(env).add_pf().guest(0)
    ksft_true(guest.mac not in env.regs.rars())
    with Listener(env.wire, promisc=True) as wire:
        send_frames(env.vf[0], [guest.mac] * 5)
        wire.wait(guest.mac)
    ksft_eq(ping(env.vf[0], guest, fail=False, deadline=5), False, "VF reaches the guest")

    sh(f"bridge fdb add {guest.mac} dev {env.pf.dev} self")
    defer(sh, f"bridge fdb del {guest.mac} dev {env.pf.dev} self", fail=False)
    both_ways(env.vf[0], guest)
    both_ways(env.wire, guest)
    ksft_eq(env.carrier_changes(), changes, "carrier changes of the PF")


if __name__ == "__main__":
    kawela_run([needs_a_command], pf="igb", vf="igbvf")
