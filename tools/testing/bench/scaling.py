# SPDX-License-Identifier: GPL-2.0-only
"""What a packet costs with more queues and more VFs. One processor: nothing gets faster."""

import re

import frames
from figures import PER_PACKET, Figure
from machine import sh
from ports import NOWHERE

FAMILY = "Scaling, 60-byte frames"
QUEUES = (1, 2, 4)
VFS = (1, 2, 4, 7)


def most_queues(pf):
    most = sh("ethtool", "-l", pf.netdev).partition("Current")[0]
    return int(re.search(r"Combined:\s+(\d+)", most)[1])


def set_queues(pair, number):
    if len(pair.pf.queues()) != number:
        sh("ethtool", "-L", pair.pf.netdev, "combined", str(number))
        pair.settle()


def over_queues(pair, number):
    name = f"PF to wire, {number} queue{'s'[:number - 1]}"
    if number > most_queues(pair.pf):
        return Figure(FAMILY, name, PER_PACKET, [])
    set_queues(pair, number)
    return frames.figure(FAMILY, name, pair.pf, NOWHERE, queues=number)


def measure(pair):
    pair.set_vfs(0)
    for number in QUEUES:
        yield over_queues(pair, number)
    set_queues(pair, 1)
    for number in VFS:
        pair.set_vfs(number)
        for name, source, target in (("VF to PF", pair.vf, pair.pf),
                                     ("PF to VF", pair.pf, pair.vf)):
            label = f"{name}, {number} VF{'s'[:number - 1]}"
            yield frames.figure(FAMILY, label, source, target.mac, received=target.received)
    pair.set_vfs(1)
