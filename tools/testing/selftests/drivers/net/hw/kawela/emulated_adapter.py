#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 900 --not-on-debug --smp 1
"""A KVM guest whose adapter is an emulated one, an e1000e on a port of the PF's bridge, and a
guest with a VF reach each other, as both reach the host and the wire.
"""

from lib.py import (Bridge, VfGuest, both_ways, guest_mac, has_filter, kawela_run,
                    ksft_in, load_module, sh, steady)

PORT = "kw-tap0"


@steady
def emulated(env):
    """Short packets and fragments, both ways, and no command told the switch of the guest."""
    bridge = Bridge(env).add_pf()
    host = bridge.host()
    load_module("tun")
    guest = VfGuest(env, "emulated", 31)
    guest.start(f"-- -netdev tap,id=net,ifname={PORT},script=no,downscript=no "
                f"-device e1000e,netdev=net,mac={guest_mac(7)},romfile=")
    bridge.add(PORT)
    sh(f"ip link set dev {PORT} up")
    guest.load("e1000e")
    ksft_in("driver: e1000e", guest.ethtool("-i " + guest.dev).stdout)
    for station in (env.vf[0], host, env.wire):
        both_ways(guest, station)
    has_filter(env, guest_mac(7))
    both_ways(guest, env.vf[0], size=4000)
    guest.kill()


if __name__ == "__main__":
    kawela_run([emulated], vfs=1)
