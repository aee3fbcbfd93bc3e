# SPDX-License-Identifier: GPL-2.0-only
"""XDP programs under 60-byte frames. What a driver has not, the kernel does for it: generic."""

import frames
import load
from ports import NOWHERE

FAMILY = "XDP, 60-byte frames"


def modes(pair):
    """Of PF and VF, and of the one that sends what the PF redirects to the VF."""
    if pair.ours:
        return {"PF": "native", "VF": "native", "to VF": "native"}
    # igbvf has no XDP, and igb cannot redirect to a netdev without
    return {"PF": "native", "VF": "generic", "to VF": "generic"}


def figure(pair, name, source, target, mode, *verdict):
    with load.running("xdp", target.netdev, mode, *verdict):
        pair.settle()
        found = frames.figure(FAMILY, name, source, target.mac, how=mode,
                              received=target.received)
    pair.settle()
    return found


def measure(pair):
    mode = modes(pair)
    for verdict in ("drop", "tx"):
        yield figure(pair, f"{verdict} on VF", pair.pf, pair.vf, mode["VF"], verdict)
        yield figure(pair, f"{verdict} on PF", pair.vf, pair.pf, mode["PF"], verdict)
    yield figure(pair, "redirect VF to PF", pair.pf, pair.vf, mode["VF"],
                 "redirect", pair.pf.netdev, NOWHERE)
    yield figure(pair, "redirect PF to VF", pair.vf, pair.pf, mode["to VF"],
                 "redirect", pair.vf.netdev, NOWHERE)
