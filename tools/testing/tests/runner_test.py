#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""runner_test.py - what runs the tests does not call nothing a success."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

TESTING = os.path.realpath(os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, TESTING)

import selftest     # pylint: disable=wrong-import-position

TESTS = [(("--one-thread",), "one.py", 120, set()),
         (("--dual",), "two.py", 120, {"debug", "backports"})]


class Lazy(selftest.Machine):
    """Runs nothing, and says nothing."""

    def run(self):
        pass


class Good(selftest.Machine):
    """Every test passes."""

    def run(self):
        self.records = [dict(selftest.failure(test["name"], ""), passed=1, failed=0)
                        for test in self.todo]


class Broken(Good):
    """As good, but the debug kernel's machine is not."""

    def run(self):
        if self.kernel == "debug":
            raise OSError("no space left")
        super().run()


class Noted(Good):
    """As good, and notes which machines began."""

    begun: list[tuple[str, str]] = []

    def run(self):
        self.begun.append((self.kernel, self.todo[0]["name"]))
        super().run()


def run(machine, kernels):
    """(passed, failed, skipped) of TESTS on machines of this kind."""
    with mock.patch.object(selftest, "Machine", machine), \
         contextlib.redirect_stdout(io.StringIO()):
        records = selftest.run(kernels, TESTS, [])
    return tuple(sum(r[what] for r in records) for what in ("passed", "failed", "skipped"))


def part(*lines):
    """What check.sh counts for a part that prints these lines."""
    script = ("set -euo pipefail; LOGS=$(mktemp -d); total=(0 0 0); say() { :; }; "
              "eval \"$(sed -n '/^part() {/,/^}/p; /^add() {/,/^}/p' \"$0\")\"; "
              "part x printf '%s\\n' \"$@\" >/dev/null; echo \"${total[*]}\"; rm -r \"$LOGS\"")
    done = subprocess.run(["bash", "-c", script, TESTING + "/check.sh", *lines], check=True,
                          capture_output=True, text=True)
    return tuple(int(word) for word in done.stdout.split())


class Runner(unittest.TestCase):
    """selftest.py's sum."""

    def test_good(self):
        self.assertEqual(run(Good, ["stock", "debug"]), (3, 0, 1))

    def test_asked(self):
        """On a kernel that a test has to ask for, one that does not is no skip, either."""
        self.assertEqual(run(Good, ["stock", "debug", "backports"]), (4, 0, 1))
        self.assertEqual(run(Lazy, ["backports"]), (0, 1, 0))

    def test_long_first(self):
        """The slow kernel's machine, and then those of the others."""
        with mock.patch.object(selftest, "LANES", 1):
            run(Noted, ["stock", "debug"])
        self.assertEqual(Noted.begun[0], ("debug", "one.py"))
        self.assertEqual(set(Noted.begun[1:]), {("stock", "one.py"), ("stock", "two.py")})

    def test_marks(self):
        """What a test's line says of the kernels' sets."""
        marks = {"none.py": "", "off.py": "--not-on-debug", "on.py": "--backports --dual"}
        with tempfile.TemporaryDirectory() as path, \
             mock.patch.multiple(selftest, TESTS=path, OTHERS=[]):
            for name, mark in marks.items():
                with open(os.path.join(path, name), "w", encoding="ascii") as file:
                    file.write(f"# rig: {mark}\n")
                os.chmod(file.name, 0o755)
            found = {name: (options, skip) for options, name, _, skip in selftest.find([], None)}
        self.assertEqual(found, {"none.py": (("--one-thread",), {"backports"}),
                                 "off.py": (("--one-thread",), {"backports", "debug"}),
                                 "on.py": (("--one-thread", "--dual"), set())})

    def test_exception(self):
        self.assertEqual(run(Broken, ["stock", "debug"]), (2, 2, 1))

    def test_no_record(self):
        self.assertEqual(run(Lazy, ["stock"]), (0, 2, 0))

    def test_all(self):
        named = {name: skip for _, name, _, skip in selftest.find([], None)}
        self.assertTrue(any(named.values()))
        for _, name, _, skip in selftest.find([], None, everything=True):
            self.assertIn(name, named)
            self.assertEqual(skip, set())


class Check(unittest.TestCase):
    """check.sh's sum."""

    def test_good(self):
        self.assertEqual(part("x", "3 passed, 0 failed, 1 skipped"), (3, 0, 1))

    def test_nothing(self):
        self.assertEqual(part("0 passed, 0 failed, 0 skipped"), (0, 1, 0))

    def test_no_sum(self):
        self.assertEqual(part("bye"), (0, 1, 0))


if __name__ == "__main__":
    unittest.main()
