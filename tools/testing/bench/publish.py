#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""publish - what becomes of a table that was measured.

publish.py write TABLE DIRECTORY    as JSON, as a chart, and in the page that is there
publish.py check TABLE BASELINE     fails when a ratio got more than 3 % worse
"""

import os
import sys

import baseline
import chart
import document
import report

JSON, CHART, PAGE = "kawela-bench.json", "kawela-bench.svg", "kawela-performance.rst"


def save(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"wrote {path}")


def write(table, directory):
    save(os.path.join(directory, JSON), report.document(table))
    save(os.path.join(directory, CHART), chart.svg(table))
    page = os.path.join(directory, PAGE)
    if os.path.exists(page):
        with open(page, encoding="utf-8") as file:
            text = file.read()
        save(page, document.replaced(text, table))


def check(table, before):
    bad = list(baseline.worse(before["rows"], table["rows"]))
    for line in bad:
        print("worse:", line)
    changed = [name for name, value in before["versions"].items()
               if table["versions"].get(name) != value]
    if changed:
        print(f"note: another {' and '.join(changed)} than the baseline's")
    print(f"{len(before['rows'])} rows, {len(bad)} more than {baseline.ALLOWED:.0%} worse")
    return not bad


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("write", "check"):
        sys.exit(__doc__)
    table = report.load(sys.argv[2])
    if sys.argv[1] == "write":
        write(table, sys.argv[3])
        return 0
    return 0 if check(table, report.load(sys.argv[3])) else 1


if __name__ == "__main__":
    sys.exit(main())
