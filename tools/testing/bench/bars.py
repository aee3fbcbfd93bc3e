# SPDX-License-Identifier: GPL-2.0-only
"""The bars that our pair is to clear."""

from baseline import key

FRAMES, XDP, SOCKETS, STREAMS = ("60-byte frames", "XDP, 60-byte frames",
                                 "AF_XDP, 60-byte frames", "Streams")
REGISTERS = "Registers and descriptors"
# a row, what ours may cost at most: in the row's unit, or as a part of something: of what
# stock costs, or of what another row of ours costs; and a row that is taken off both before
BARS = (
    (f"{FRAMES}: VF to PF", 3820, None),
    (f"{FRAMES}: PF to VF", 4210, None),
    (f"{XDP}: drop on VF", 2775, None),
    (f"{XDP}: drop on PF", 2556, None),
    (f"{SOCKETS}: rxdrop on VF, zerocopy", 0.75, f"{SOCKETS}: rxdrop on VF, copy"),
    (f"{SOCKETS}: rxdrop on PF, zerocopy", 0.75, f"{SOCKETS}: rxdrop on PF, copy"),
    (f"{SOCKETS}: rxdrop on VF, zerocopy", 0.75, f"{SOCKETS}: rxdrop on VF, copy",
     f"{SOCKETS}: pktgen on PF alone"),
    (f"{SOCKETS}: rxdrop on PF, zerocopy", 0.75, f"{SOCKETS}: rxdrop on PF, copy",
     f"{SOCKETS}: pktgen on VF alone"),
    (f"{STREAMS}: TCP VF to PF", 0.80, "stock"),
    (f"{STREAMS}: TCP PF to VF", 0.80, "stock"),
    (f"{STREAMS}: UDP request/response", 0.85, "stock"),
    (f"{REGISTERS}: VF to PF, bursts of 32: doorbells", 1, None),
    (f"{REGISTERS}: PF to VF, bursts of 32: doorbells", 1, None),
    (f"{REGISTERS}: VF to PF: register reads", 0, None),
    (f"{REGISTERS}: PF to VF: register reads", 0, None),
)
# what is rare does not count
RARE = 0.01


def cost(table, name):
    return table.get(name, {}).get("kawela", {}).get("value")


def measured(table, name, other, less=None):
    """What is held to the bar, or None."""
    if other == "stock":
        return table.get(name, {}).get("ratio")
    mine = cost(table, name)
    if other is None or mine is None:
        return mine
    theirs, both = cost(table, other), cost(table, less) if less else 0
    if not theirs or both in (None, theirs):
        return None
    return (mine - both) / (theirs - both)


def results(rows):
    """(row, bar, of what, less what, measured or None, cleared) of each."""
    table = {key(row): row for row in rows}
    for name, bar, *of in BARS:
        value = measured(table, name, *of)
        other, less = (*of, None)[:2]
        slack = 0 if other else RARE
        yield name, bar, other, less, value, value is not None and value <= bar + slack


def text(rows):
    for name, bar, other, less, value, cleared in results(rows):
        unit = f" of {other}" if other else ""
        unit += f", both less {less}" if less else ""
        said = "not measured" if value is None else f"{value:.4g}"
        state = "cleared" if cleared else "not measured" if value is None else "missed"
        yield f"{state}: {name}: {said}, bar {bar}{unit}"
