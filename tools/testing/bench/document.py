# SPDX-License-Identifier: GPL-2.0-only
"""The table in the documentation, between two comments."""

import bars
import report

BEGIN, END = ".. the table, made by make bench\n", ".. the table's end\n"


def grid(heads, rows):
    """A simple table of reStructuredText."""
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    line = "  ".join("=" * width for width in widths)
    said = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
            for row in [heads, *rows]]
    return "\n".join([line, said[0], line, *said[1:], line]) + "\n"


def figures(rows):
    for heading, some in report.families(rows):
        yield f"{heading}:\n\n" + grid(("row", "stock", "kawela", "ratio", "spread"),
                                       [report.cells(row) for row in some])


def bar_rows(rows):
    for name, bar, other, less, value, cleared in bars.results(rows):
        of = {None: "", "stock": " of stock"}.get(other, " of copy mode")
        of += ", without the sender" if less else ""
        yield (name, f"{bar}{of}", "-" if value is None else f"{value:.4g}",
               "yes" if cleared else "no")


def table(measured):
    versions = measured["versions"]
    said = (f"Linux {versions['kernel']}, QEMU {versions['qemu']};\n{versions['machine']}.\n")
    held = grid(("bar", "at most", "kawela", "cleared"), list(bar_rows(measured["rows"])))
    return "\n".join([said, *figures(measured["rows"]), held])


def replaced(page, measured):
    """The page with that table instead of the one that is in it."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table(measured)}\n{END}{tail}"
