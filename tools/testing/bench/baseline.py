# SPDX-License-Identifier: GPL-2.0-only
"""Is it as good as it was? Ratios against those of the committed table."""

# what a ratio may have got worse
ALLOWED = 0.03
# and a figure of ours that stock has nothing to compare with, or of which it has none
SLACK = 0.005


def key(row):
    return f"{row['family']}: {row['name']}"


def cost(row):
    """(what is compared, what it may be worse by in any case)"""
    if row.get("ratio") is not None:
        return row["ratio"], 0
    return row.get("kawela", {}).get("value"), SLACK


def worse(before, after):
    """[what is to be said of a row that got worse or is gone]"""
    now = {key(row): row for row in after}
    for row in before:
        old, slack = cost(row)
        new = cost(now[key(row)])[0] if key(row) in now else None
        if old is None:
            continue
        if new is None:
            yield f"{key(row)}: {old}, and now nothing"
        elif new > old * (1 + ALLOWED) + slack:
            yield f"{key(row)}: {old}, now {new}"
