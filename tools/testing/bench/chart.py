# SPDX-License-Identifier: GPL-2.0-only
"""The table as a chart: one bar per row, ours by stock; the line is stock."""

from html import escape

WIDTH, NAMES, BARS, VALUES = 760, 300, 390, 740
ROW, HEAD, BAR = 20, 46, 12
# the longest bar; what is more ends there, too
SCALE = 1.2
STYLE = """
 text { font: 12px sans-serif; fill: #1c1e21; }
 .head { font-weight: bold; }
 .bar { fill: #2a6fb0; } .more { fill: #b5532a; } .stock { stroke: #5c6066; }
 @media (prefers-color-scheme: dark) {
  text { fill: #e6e7ea; }
  .bar { fill: #6aaeea; } .more { fill: #e8935f; } .stock { stroke: #a3a8b0; }
 }
"""


def families(rows):
    found = {}
    for row in rows:
        if row.get("ratio") is not None:
            found.setdefault(row["family"], []).append(row)
    return found


def bar(row, y):
    ratio = row["ratio"]
    width = min(ratio, SCALE) / SCALE * BARS
    kind = "bar" if ratio <= 1 else "more"
    middle = y + ROW - 6
    return (f' <text x="{NAMES - 8}" y="{middle}" text-anchor="end">{escape(row["name"])}</text>\n'
            f' <rect class="{kind}" x="{NAMES}" y="{y + 4}" width="{width:.1f}" height="{BAR}"/>\n'
            f' <text x="{VALUES}" y="{middle}" text-anchor="end">{ratio:.2f}</text>\n')


def body(rows):
    """(what is drawn, height)"""
    y, parts = HEAD, []
    for family, some in families(rows).items():
        parts.append(f' <text class="head" x="8" y="{y + ROW - 4}">{escape(family)}</text>\n')
        y += ROW + 2
        for row in some:
            parts.append(bar(row, y))
            y += ROW
        y += 8
    return "".join(parts), y + 8


def description(rows):
    """The same in words, for who does not see it."""
    said = [f"{family}, {row['name']}: {row['ratio']:.2f}"
            for family, some in families(rows).items() for row in some]
    return "; ".join(said)


def svg(table):
    rows, versions = table["rows"], table["versions"]
    drawn, height = body(rows)
    line = NAMES + BARS / SCALE
    title = "Cost of kawela by that of igb and igbvf, less is better"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="title desc">\n'
            f' <title id="title">{escape(title)}</title>\n'
            f' <desc id="desc">{escape(description(rows))}</desc>\n'
            f' <style>{STYLE} </style>\n'
            f' <text class="head" x="8" y="20">{escape(title)}</text>\n'
            f' <text x="{WIDTH - 8}" y="20" text-anchor="end">'
            f'Linux {escape(versions["kernel"])}</text>\n'
            f'{drawn}'
            f' <text x="{line:.1f}" y="{HEAD - 4}" text-anchor="middle">stock</text>\n'
            f' <line class="stock" x1="{line:.1f}" y1="{HEAD}" x2="{line:.1f}" '
            f'y2="{height - 8}"/>\n'
            f'</svg>\n')
