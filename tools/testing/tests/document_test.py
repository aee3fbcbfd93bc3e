#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""document_test.py - the tests that documents name are there."""

import pathlib
import re
import unittest

TESTING = pathlib.Path(__file__).resolve().parents[1]
DOCUMENTS = [*(TESTING.parents[1] / "Documentation").rglob("*.rst"),
             TESTING.parents[1] / "README.md", TESTING / "README.md"]
# a test, and perhaps cases of it in brackets
NAME = re.compile(r"\b(\w+\.py)\b(?:\s+\(([\w,\s]+)\))?")


def missing(text, places):
    """What a text names and no file is, or no function in it."""
    for name, cases in NAME.findall(text):
        found = [path.read_text() for path in places if path.name == name]
        if not found:
            yield name
        for case in re.findall(r"\w+", cases) if re.fullmatch(r"\w*(,\s+\w+)*", cases) else ():
            if found and not any(f"def {case}(" in source for source in found):
                yield f"{name} ({case})"


class Documents(unittest.TestCase):
    """Each on its own."""

    def test_named(self):
        """In a table or in the text."""
        places = list(TESTING.rglob("*.py"))
        for path in DOCUMENTS:
            with self.subTest(path.name):
                self.assertEqual(sorted(set(missing(path.read_text(), places))), [])

    def test_missing(self):
        """What is not there is found out."""
        here = [pathlib.Path(__file__)]
        text = "document_test.py (test_named, no_case), document_test.py (a remark), no_test.py"
        self.assertEqual(list(missing(text, here)), ["document_test.py (no_case)", "no_test.py"])


if __name__ == "__main__":
    unittest.main()
