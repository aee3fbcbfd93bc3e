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


def sent_by_xdp(port, other):
    """What the generator's port sent besides the generator's own, which the other one received."""
    return port.sent() - other.received()


def figure(pair, name, source, target, mode, counter, *verdict):
    """The counter says whether the program did it."""
    with load.running("xdp", target.netdev, mode, *verdict):
        pair.settle()
        found = frames.figure(FAMILY, name, source, target.mac, how=mode,
                              received=counter)
    pair.settle()
    return found


def measure(pair):
    mode, pf, vf = modes(pair), pair.pf, pair.vf
    yield figure(pair, "drop on VF", pf, vf, mode["VF"], vf.received, "drop")
    yield figure(pair, "drop on PF", vf, pf, mode["PF"], pf.received, "drop")
    yield figure(pair, "tx on VF", pf, vf, mode["VF"], pf.received, "tx")
    yield figure(pair, "tx on PF", vf, pf, mode["PF"], vf.received, "tx")
    yield figure(pair, "redirect VF to PF", pf, vf, mode["VF"], lambda: sent_by_xdp(pf, vf),
                 "redirect", pf.netdev, NOWHERE)
    yield figure(pair, "redirect PF to VF", vf, pf, mode["to VF"], lambda: sent_by_xdp(vf, pf),
                 "redirect", vf.netdev, NOWHERE)
