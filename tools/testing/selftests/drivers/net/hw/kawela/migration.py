#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 1200 --not-on-debug --smp 1
"""Live migration of a guest between two QEMUs of this host, under pings from the wire and a TCP
connection: QEMU asks for the VF, the guest goes on with its virtio-net, and has the VF of the
target when it is there.

Both VFs have the guest's address from the administrator. The registers show whose it is, the
counters which way the traffic takes.
"""

from lib.py import Migration, bounded, kawela_run, ksft_eq, steady

PF = 7
# of 600 pings, ten per second
MAY_LOSE = 5


@steady
def to_a_vf(env):
    """From one VF to another: the address is the first one's, the PF's, the second one's."""
    move = Migration(env, target_vf=1)
    ksft_eq(move.holders(), {0})
    move.run()
    ksft_eq(move.holders(), {1})
    bounded(move.cost(), MAY_LOSE)
    ksft_eq(move.target.path(env.wire), "vf")


@steady
def to_no_vf(env):
    """At a target without a VF the guest stays with its virtio-net, until one is plugged."""
    move = Migration(env, target_vf=None)
    move.run()
    ksft_eq(move.holders(), {PF})
    bounded(move.cost(), MAY_LOSE)
    ksft_eq(move.target.path(env.wire), "tap")
    move.target.plug(1)
    move.target.wait_vf()
    ksft_eq(move.holders(), {1})
    ksft_eq(move.target.path(env.wire), "vf")


@steady
def cancelled(env):
    """A migration that is cancelled gives the guest its VF back."""
    move = Migration(env, target_vf=1)
    ksft_eq(move.cancel(), {PF}, "who has the address meanwhile")
    ksft_eq(move.holders(), {0})
    bounded(move.cost(), MAY_LOSE)
    ksft_eq(move.source.path(env.wire), "vf")


if __name__ == "__main__":
    kawela_run([to_a_vf, to_no_vf, cancelled], vfs=0, macs=False)
