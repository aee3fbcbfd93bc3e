#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""kbuild_test.py - the test modules have the code they test, built in and as modules."""

import os
import subprocess
import unittest

DRIVER = os.path.realpath(os.path.join(
    os.path.dirname(__file__), "../../../drivers/net/ethernet/intel/kawela"))
# Makefile, driver, variable with the test's objects, what the driver has, too
COPIES = (("nsw", "PF", "kawela_nsw_test-y", "tests/nsw_model.o"),
          ("pf/tests", "PF", "kawela_pf_hw_test-y", "pf_hw_pure.o"),
          ("vf/tests", "VF", "kawela_vf_test-y", "vf_plan_pure.o"))


def objects(place, variable, **config):
    words = [f"CONFIG_KAWELA_{name}={value}" for name, value in config.items()]
    text = f"include {DRIVER}/{place}/Makefile\nall:\n\t@echo $({variable})\n"
    done = subprocess.run(["make", "-s", "-f", "-", *words, "all"], input=text, check=True,
                          capture_output=True, text=True)
    return done.stdout.split()


class Copies(unittest.TestCase):
    """Only what is built into the same kernel is shared."""

    def test_copies(self):
        for place, driver, variable, copy in COPIES:
            for has in ("y", "m", ""):
                for test in ("y", "m"):
                    with self.subTest(place=place, driver=has, test=test):
                        found = objects(place, variable, KUNIT_TEST=test, **{driver: has})
                        self.assertEqual(copy in found, has + test != "yy")


if __name__ == "__main__":
    unittest.main()
