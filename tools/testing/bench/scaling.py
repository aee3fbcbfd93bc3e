# SPDX-License-Identifier: GPL-2.0-only
"""What a packet costs with more queues and more VFs. One processor: nothing gets faster."""

import frames
from machine import sh
from ports import NOWHERE

FAMILY = "Scaling, 60-byte frames"


def set_queues(pair, number):
    sh("ethtool", "-L", pair.pf.netdev, "combined", str(number))
    pair.pf.wait_for_carrier()


def measure(pair):
    pair.set_vfs(0)
    before = len(pair.pf.queues())
    for number in (1, 2, 4):
        if number != before:
            set_queues(pair, number)
        before = number
        yield frames.figure(FAMILY, f"PF to wire, {number} queues", pair.pf, NOWHERE,
                            queues=number)
    set_queues(pair, 1)
    for number in (1, 2, 4, 7):
        pair.set_vfs(number)
        for name, source, target in (("VF to PF", pair.vf, pair.pf),
                                     ("PF to VF", pair.pf, pair.vf)):
            yield frames.figure(FAMILY, f"{name}, {number} VFs", source, target.mac,
                                received=target.received)
    pair.set_vfs(1)
