#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Our PF driver serves DPDK's igbvf driver: testpmd answers ARP and ping.

It runs on vfio-pci in this host, without huge pages; more than 128 MB would
exceed what VFIO lets a process map.
"""

import os
import re
import shutil
import subprocess
import tempfile

from lib.py import (Station, defer, kawela_run, ksft_eq, ksft_in, load_module, ping,
                    require_command, vf_mac, wait_for)

TESTPMD = ("stdbuf -oL dpdk-testpmd -a {} --no-huge -m 128 --iova-mode=va --no-shconf -- "
           "--forward-mode=icmpecho --auto-start --total-num-mbufs=8192")


class Testpmd(Station):
    """A station that only answers."""

    def __init__(self, number, vf):
        super().__init__("testpmd", number, "")
        self._dir = tempfile.mkdtemp()
        self._path = os.path.join(self._dir, "log")
        with open(self._path, "w", encoding="ascii") as log:
            # testpmd ends when its input does
            self._process = subprocess.Popen(
                TESTPMD.format(vf.bdf).split(), stdin=subprocess.PIPE, stdout=log,
                stderr=subprocess.STDOUT, env=dict(os.environ, XDG_RUNTIME_DIR=self._dir))

    def log(self):
        with open(self._path, encoding="ascii", errors="replace") as log:
            return log.read()

    def started(self):
        return (self._process.poll() is not None or
                "Press enter to exit" in self.log() or "testpmd>" in self.log())

    def stop(self):
        if self._process.poll() is None:
            try:
                self._process.communicate(b"\n", timeout=60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._dir, ignore_errors=True)


def echo(env):
    """PF, wire and another VF ping it; its MAC is the administrator's."""
    vf = env.vf_pci[1]
    vf.unbind()
    vf.bind("vfio-pci")
    defer(vf.unbind)
    testpmd = Testpmd(99, vf)
    defer(testpmd.stop)
    wait_for(testpmd.started, "testpmd to start")
    found = re.search(r"Port 0: ([0-9A-F:]{17})", testpmd.log())
    if not found:
        ksft_in("Port 0:", testpmd.log())
        return
    ksft_eq(found[1].lower(), vf_mac(1))
    for station in (env.pf, env.vf[0], env.wire):
        ping(station, testpmd, count=5)
        ping(station, testpmd, count=3, size=1400)


def again(env):
    """Stopped and started again, it is served again."""
    echo(env)


def back(env):
    """Then the kernel's driver has the VF again."""
    env.bind_vf(1)
    ping(env.vf[1], env.pf)
    ping(env.wire, env.vf[1])


def main():
    require_command("dpdk-testpmd")
    load_module("vfio-pci")
    kawela_run([echo, again, back])


if __name__ == "__main__":
    main()
