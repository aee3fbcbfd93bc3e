#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""bridge link set dev PF hwmode veb | vepa: where frames between VFs go."""

from lib.py import (Listener, all_ping, defer, hwmode, kawela_run, ksft_eq, ksft_in, ksft_ne,
                    send_frames, set_hwmode, sh, silent, steady, vf_mac, wait_for)

NOBODY = "02:00:00:00:05:ff"


@steady
def shown_and_set(env):
    """VEB to begin with; what is set is shown and is in the register."""
    ksft_eq(hwmode(env), "veb")
    ksft_eq(env.regs.loopback(), True)
    defer(set_hwmode, env, "veb")
    for mode in ("vepa", "vepa", "veb"):
        set_hwmode(env, mode)
        ksft_eq(hwmode(env), mode)
        ksft_eq(env.regs.loopback(), mode == "veb")


@steady
def where_frames_go(env):
    """VEB: from VF to VF inside, not on the wire. VEPA: on the wire, not inside."""
    defer(set_hwmode, env, "veb")
    for mode in ("veb", "vepa", "veb"):
        set_hwmode(env, mode)
        with Listener(env.wire, promisc=True) as wire, Listener(env.vf[1]) as vf:
            send_frames(env.vf[0], [vf_mac(1)] * 5 + [NOBODY])
            wire.wait(NOBODY)
            if mode == "veb":
                wait_for(lambda: vf.count(vf_mac(1)) == 5, "the frames at VF 1")
            else:
                # Broadcast in the other direction shows that VF 1 hears at all.
                send_frames(env.wire, ["ff:ff:ff:ff:ff:ff"])
                vf.wait("ff:ff:ff:ff:ff:ff")
            ksft_eq(vf.count(vf_mac(1)), 5 if mode == "veb" else 0, f"inside, {mode}")
            ksft_eq(wire.count(vf_mac(1)), 0 if mode == "veb" else 5, f"outside, {mode}")
        ksft_eq(silent(env.vf[0], env.vf[1]), mode == "vepa", f"no answer, {mode}")
        all_ping([env.wire, env.vf[0]])


@steady
def refused(env):
    """Everything else is refused, with a reason."""
    done = sh(f"bridge link set dev {env.pf.dev} learning off self", fail=False)
    ksft_ne(done.ret, 0)
    ksft_in("port flags are the bridge's", done.text)
    done = sh(f"bridge vlan add vid 5 dev {env.pf.dev} self", fail=False)
    ksft_ne(done.ret, 0)
    ksft_in("VLAN netdevs", done.text)
    ksft_eq(hwmode(env), "veb")


def kept_over_reset(env):
    """VEPA outlives a reset of the PF."""
    set_hwmode(env, "vepa")
    defer(set_hwmode, env, "veb")
    env.pci.reset()
    ksft_eq(hwmode(env), "vepa")
    ksft_eq(env.regs.loopback(), False)
    for station in [env.pf] + env.vf:
        station.wait_carrier()


@steady
def kept_over_vfs(env):
    """And VFs that come and go; set without VFs, it counts for the next ones."""
    defer(set_hwmode, env, "veb")
    set_hwmode(env, "vepa")
    env.remove_vfs()
    ksft_eq(hwmode(env), "vepa")
    env.make_vfs(2)
    ksft_eq(env.regs.loopback(), False)
    env.remove_vfs()
    set_hwmode(env, "veb")
    env.make_vfs(2)
    ksft_eq(env.regs.loopback(), True)
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([shown_and_set, where_frames_go, refused, kept_over_reset, kept_over_vfs])
