# SPDX-License-Identifier: GPL-2.0-only
"""Is it as good as it was? Ratios against those of the committed table."""

# what a ratio may have got worse
ALLOWED = 0.03
# what is less than this in the row's unit is noise: some interrupts more in thousands of packets
NOISE = 0.005


def key(row):
    return f"{row['family']}: {row['name']}"


def cost(row):
    """(what is compared, how much of the row's unit is one of it): the ratio, or what ours costs
    where stock has nothing to compare it with."""
    if row.get("ratio") is not None:
        return row["ratio"], row["stock"]["value"]
    return row.get("kawela", {}).get("value"), 1


def is_worse(old, new, unit):
    return new > old * (1 + ALLOWED) and (new - old) * unit > NOISE


def worse(before, after):
    """What is to be said of each row that got worse or is gone."""
    now = {key(row): row for row in after}
    for row in before:
        old = cost(row)[0]
        if old is None:
            continue
        new, unit = cost(now.get(key(row), {}))
        if new is None:
            yield f"{key(row)}: {old}, and now nothing"
        elif is_worse(old, new, unit):
            yield f"{key(row)}: {old}, now {new}"
