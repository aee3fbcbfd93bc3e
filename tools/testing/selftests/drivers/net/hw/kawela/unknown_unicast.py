#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Unicast that no VPort asked for: what comes from the wire is the default VPort's, what a
VF sends leaves on the wire; no VF and no VPort of the PF hears either."""

from lib.py import Devlink, Listener, kawela_run, ksft_eq, ksft_true, send_frames, steady

NOBODY = "02:00:00:00:05:ff"
BROADCAST = "ff:ff:ff:ff:ff:ff"


class Inside:
    """Stations of the switch that must not hear the frames sent meanwhile."""

    def __init__(self, *stations):
        self._stations = stations
        self._listeners = [Listener(station) for station in stations]

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        for listener in self._listeners:
            listener.__exit__(*exc)

    def hear_nothing(self):
        """Who hears the broadcast behind the frames would have heard them."""
        for station, listener in zip(self._stations, self._listeners):
            listener.wait(BROADCAST)
            ksft_eq(listener.count(NOBODY), 0, f"frames at {station}")


def five_and_a_broadcast(station, listener, where):
    send_frames(station, [NOBODY] * 5 + [BROADCAST])
    listener.wait(BROADCAST)
    ksft_eq(listener.count(NOBODY), 5, f"frames {where}")


@steady
def from_the_wire(env):
    """The PF hears it, though it is not promiscuous."""
    ksft_true("PROMISC" not in env.pf.link()["flags"])
    vport = Devlink(env.pci).vport(1)
    with Inside(*env.vf, vport) as inside, Listener(env.pf) as pf:
        five_and_a_broadcast(env.wire, pf, "at the PF")
        inside.hear_nothing()


@steady
def from_a_vf(env):
    """The wire hears it, and nobody inside: so a guest behind the PF needs a filter."""
    vport = Devlink(env.pci).vport(1)
    with Inside(env.pf, env.vf[1], vport) as inside, Listener(env.wire, promisc=True) as wire:
        five_and_a_broadcast(env.vf[0], wire, "on the wire")
        inside.hear_nothing()


if __name__ == "__main__":
    kawela_run([from_the_wire, from_a_vf])
