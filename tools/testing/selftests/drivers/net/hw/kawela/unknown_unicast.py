#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Unicast that no VPort asked for: what comes from the wire is the default VPort's, what a
VF sends leaves on the wire; no VF and no VPort of the PF hears either."""

from lib.py import Devlink, Listener, defer, kawela_run, ksft_eq, ksft_true, send_frames, steady

NOBODY = "02:00:00:00:05:ff"
BROADCAST = "ff:ff:ff:ff:ff:ff"


def vport(env):
    devlink = Devlink(env.pci)
    station = devlink.vport(1)
    defer(devlink.delete, station.index)
    return station


@steady
def from_the_wire(env):
    """The PF hears it, though it is not promiscuous."""
    ksft_true("PROMISC" not in env.pf.link()["flags"])
    others = [*env.vf, vport(env)]
    listeners = [Listener(station) for station in others]
    with Listener(env.pf) as pf:
        # who hears the broadcast behind them would have heard them
        send_frames(env.wire, [NOBODY] * 5 + [BROADCAST])
        pf.wait(BROADCAST)
        ksft_eq(pf.count(NOBODY), 5, "frames at the PF")
    for station, listener in zip(others, listeners):
        with listener:
            listener.wait(BROADCAST)
            ksft_eq(listener.count(NOBODY), 0, f"frames at {station}")


@steady
def from_a_vf(env):
    """The wire hears it, and nobody inside: so a guest behind the PF needs a filter."""
    others = [env.pf, env.vf[1], vport(env)]
    listeners = [Listener(station) for station in others]
    with Listener(env.wire, promisc=True) as wire:
        send_frames(env.vf[0], [NOBODY] * 5 + [BROADCAST])
        wire.wait(BROADCAST)
        ksft_eq(wire.count(NOBODY), 5, "frames on the wire")
    for station, listener in zip(others, listeners):
        with listener:
            listener.wait(BROADCAST)
            ksft_eq(listener.count(NOBODY), 0, f"frames at {station}")


if __name__ == "__main__":
    kawela_run([from_the_wire, from_a_vf])
