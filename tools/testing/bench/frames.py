# SPDX-License-Identifier: GPL-2.0-only
"""60-byte frames by pktgen between PF, VF and the station on the wire.

pktgen sends as fast as it can, so that the processor never idles, and what the
receiver does is part of the same time. The time from the first packet to the
last, divided by the packets that arrived, is therefore the number of
instructions that a packet costs the machine: pktgen, both drivers and the
receiver's stack up to where it drops the packet.
"""

import time

import generator
from figures import PER_PACKET, Figure

FAMILY = "60-byte frames"
COUNT = 30000
ROUNDS = 3


def cost(source, mac, received=None, count=COUNT, **options):
    """One round: (instructions per packet, packets lost)."""
    before = received() if received else 0
    nanoseconds = generator.send(source, mac, count, **options)
    arrived = count
    if received:
        time.sleep(0.2)
        arrived = received() - before
    return nanoseconds / max(arrived, 1), count - arrived


def figure(family, name, source, mac, **options):
    """As many rounds as it takes, after one to warm up."""
    how = options.pop("how", "")
    cost(source, mac, **{**options, "count": COUNT // 4})
    rounds = [cost(source, mac, **options) for _ in range(ROUNDS)]
    return Figure(family, name, PER_PACKET, [instructions for instructions, _ in rounds],
                  how, max(lost for _, lost in rounds))


def measure(pair):
    for name, source, target in (("VF to PF", pair.vf, pair.pf),
                                 ("PF to VF", pair.pf, pair.vf),
                                 ("PF to wire", pair.pf, pair.station),
                                 ("wire to VF", pair.station, pair.vf)):
        yield figure(FAMILY, name, source, target.mac, received=target.received)
