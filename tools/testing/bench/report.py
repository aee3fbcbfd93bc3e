# SPDX-License-Identifier: GPL-2.0-only
"""The table of both pairs: as text, and as JSON."""

import json

PAIRS = ("stock", "kawela")


def key(figure):
    return f"{figure.family}: {figure.name}"


def figure_record(figure):
    record = {"value": round(figure.value, 4), "spread": round(figure.spread, 5)}
    if figure.how:
        record["how"] = figure.how
    if figure.lost:
        record["lost"] = figure.lost
    return record


def rows(figures):
    """{pair: [Figure]} -> the rows of the table, in the order of measuring."""
    table = {}
    for pair, measured in figures.items():
        for figure in measured:
            row = table.setdefault(key(figure), {"family": figure.family, "name": figure.name,
                                                 "unit": figure.unit})
            if figure.rounds:
                row[pair] = figure_record(figure)
    for row in table.values():
        row["ratio"] = ratio(row)
    return list(table.values())


def ratio(row):
    """Ours by stock, or None when one of them is missing or costs nothing."""
    stock, ours = (row.get(pair, {}).get("value") for pair in PAIRS)
    return round(ours / stock, 4) if stock and ours is not None else None


def number(value):
    """With three digits at least."""
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def shown(record):
    """A figure of one pair, with what is special about it."""
    if not record:
        return "-"
    special = [record["how"]] if record.get("how") else []
    special += [f"{record['lost']} lost"] if record.get("lost") else []
    return number(record["value"]) + (f" ({', '.join(special)})" if special else "")


def rounds(figure):
    """All rounds, as one is told while it is measured."""
    if not figure.rounds:
        return "it cannot"
    said = " ".join(number(value) for value in figure.rounds)
    return f"{said} {figure.unit}" + (f", {figure.lost} lost" if figure.lost else "")


def cells(row):
    """The texts of a row."""
    spread = max((row[pair]["spread"] for pair in PAIRS if pair in row), default=None)
    return (row["name"], shown(row.get("stock")), shown(row.get("kawela")),
            "-" if row["ratio"] is None else f"{row['ratio']:.3f}",
            "-" if spread is None else f"{spread:.2%}")


def families(table):
    """(heading, rows) by family and unit."""
    found = {}
    for row in table:
        found.setdefault(f"{row['family']}, {row['unit']}", []).append(row)
    return found.items()


def text(table):
    """Lines for a terminal."""
    form = "{:<34}{:>22}{:>22}{:>8}{:>9}"
    yield form.format("", "stock", "ours", "ratio", "spread")
    for heading, some in families(table):
        yield heading
        for row in some:
            yield form.format("  " + cells(row)[0], *cells(row)[1:])


def document(table):
    """{"versions", "rows"} as JSON."""
    return json.dumps(table, indent=1) + "\n"


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
