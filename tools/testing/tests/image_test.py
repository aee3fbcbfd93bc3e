#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""image_test.py - where the image comes from: named, the host apt's, or Debian's own."""

import os
import subprocess
import tempfile
import unittest

MIRROR = os.path.realpath(os.path.join(os.path.dirname(__file__), "../rig/mirror.sh"))
SCRIPT = ("set -euo pipefail; say() { echo \"$*\" >&2; }; "
          ". \"$0\"; sources \"$@\"")


def sources(known, *words, **env):
    """(URLs of the sources, lines said) on a host whose apt knows these."""
    with tempfile.TemporaryDirectory() as path:
        with open(path + "/apt-get", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n" + "".join(f"echo {url}\n" for url in known))
        os.chmod(path + "/apt-get", 0o755)
        env = dict({"PATH": f"{path}:{os.environ['PATH']}"}, **env)
        done = subprocess.run(["bash", "-c", SCRIPT, MIRROR, *words], env=env, check=True,
                              capture_output=True, text=True)
    lines = done.stdout.splitlines()
    for line in lines:
        assert line.startswith("deb [signed-by=/"), line
    return [line.split()[2] for line in lines], len(done.stderr.splitlines())


class Sources(unittest.TestCase):
    """Release, updates, security; or backports."""

    def test_host(self):
        self.assertEqual(sources(["http://a/debian/", "http://b/debian-security/"]),
                         (["http://a/debian"] * 2 + ["http://b/debian-security"], 0))

    def test_host_without_security(self):
        self.assertEqual(sources(["http://a/debian"]), (["http://a/debian"] * 2, 0))

    def test_named(self):
        self.assertEqual(sources(["http://a/ubuntu"], KAWELA_MIRROR="http://c/debian"),
                         (["http://c/debian"] * 2, 0))

    def test_fallback(self):
        debian = "http://deb.debian.org/debian"
        for known in ([], ["http://a/ubuntu"]):
            self.assertEqual(sources(known), ([debian] * 2 + [debian + "-security"], 1))

    def test_backports(self):
        self.assertEqual(sources(["http://a/debian/", "http://b/debian-security/"], "backports"),
                         (["http://a/debian"], 0))


if __name__ == "__main__":
    unittest.main()
