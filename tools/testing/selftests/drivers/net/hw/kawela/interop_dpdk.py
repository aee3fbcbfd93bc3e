#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Our PF driver serves DPDK's igbvf driver: testpmd answers ARP and ping.

It runs on vfio-pci in this host, without huge pages; more than 128 MB would
exceed what VFIO lets a process map.

icmpecho does not put the tag back that the VF's hardware took off: in a VLAN of its own choice
testpmd only receives. In one that the host put the VF into it answers.
"""

import os
import re
import shutil
import subprocess
import tempfile

from lib.py import (Station, defer, kawela_run, ksft_eq, ksft_ge, ksft_in, load_module, on_vlan,
                    ping, require_command, silent, vf_mac, wait_for)

TESTPMD = ("stdbuf -oL dpdk-testpmd -a {} --no-huge -m 128 --iova-mode=va --no-shconf -- -i "
           "--forward-mode=icmpecho --auto-start --total-num-mbufs=8192 {}")
JUMBO = 4000
# frames in one buffer each
LONG = f"--max-pkt-len={JUMBO + 18} --mbuf-size=4608"
VID = 60


class Testpmd(Station):
    """A station that only answers."""

    def __init__(self, number, vf, options=""):
        super().__init__("testpmd", number, "")
        self._dir = tempfile.mkdtemp()
        self._path = os.path.join(self._dir, "log")
        with open(self._path, "w", encoding="ascii") as log:
            # testpmd ends when its input does
            self._process = subprocess.Popen(
                TESTPMD.format(vf.bdf, options).split(), stdin=subprocess.PIPE, stdout=log,
                stderr=subprocess.STDOUT, env=dict(os.environ, XDG_RUNTIME_DIR=self._dir))

    def log(self):
        with open(self._path, encoding="ascii", errors="replace") as log:
            return log.read()

    def started(self):
        return self._process.poll() is not None or "testpmd>" in self.log()

    def say(self, line):
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def received(self):
        """Packets, by its own count."""
        before = self.log().count("RX-packets")
        self.say("show port stats 0")
        wait_for(lambda: self.log().count("RX-packets") > before, "testpmd's statistics")
        return int(re.findall(r"RX-packets: (\d+)", self.log())[-1])

    def stop(self):
        if self._process.poll() is None:
            try:
                self._process.communicate(b"quit\n", timeout=60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._dir, ignore_errors=True)


def start(env, options=""):
    vf = env.vf_pci[1]
    vf.unbind()
    vf.bind("vfio-pci")
    defer(vf.unbind)
    testpmd = Testpmd(99, vf, options)
    defer(testpmd.stop)
    wait_for(testpmd.started, "testpmd to start")
    return testpmd


def echo(env):
    """PF, wire and another VF ping it; its MAC is the administrator's."""
    testpmd = start(env)
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


def long_frames(env):
    """Of 4018 octets, there and back in one piece."""
    for station in (env.pf, env.wire):
        station.ip(f"link set dev {station.dev} mtu {JUMBO}")
        defer(station.ip, f"link set dev {station.dev} mtu 1500")
        station.wait_carrier()
    testpmd = start(env, LONG)
    for station in (env.pf, env.wire):
        ping(station, testpmd, size=JUMBO - 28, whole=True)


def vlan_of_the_host(env):
    """In the host's VLAN it answers, without knowing of it, and outside it does not."""
    upper = on_vlan(env.wire, VID)
    testpmd = start(env)
    ping(env.wire, testpmd)
    defer(env.set_vf, 1, "vlan 0")
    env.set_vf(1, f"vlan {VID}")
    inside = upper.upper("inside", 99, "", net=VID % 250 + 1)
    ping(upper, inside)
    ksft_eq(silent(env.wire, testpmd), True)


def vlan_of_its_own(env):
    """rx_vlan add: it receives the VLAN that it asked for, and no other."""
    uppers = [on_vlan(env.wire, vid) for vid in (VID, VID + 1)]
    testpmd = start(env, "--enable-hw-vlan-filter")
    testpmd.say(f"rx_vlan add {VID} 0")
    wait_for(lambda: VID in env.regs.pool_vlans(1), "the switch to know the VLAN")
    for upper, least, most in zip(uppers, (5, 0), (50, 0)):
        upper.ip(f"neigh replace {upper.v4[:-2]}.99 lladdr {vf_mac(1)} dev {upper.dev}")
        before = testpmd.received()
        upper.sh(f"ping -n -q -c 5 -i 0.05 -W 1 {upper.v4[:-2]}.99", fail=False)
        ksft_ge(testpmd.received() - before, least)
        ksft_ge(most, testpmd.received() - before)
    testpmd.say(f"rx_vlan rm {VID} 0")
    wait_for(lambda: VID not in env.regs.pool_vlans(1), "the switch to forget the VLAN")


def back(env):
    """Then the kernel's driver has the VF again."""
    env.bind_vf(1)
    ping(env.vf[1], env.pf)
    ping(env.wire, env.vf[1])


def main():
    require_command("dpdk-testpmd")
    load_module("vfio-pci")
    kawela_run([echo, again, long_frames, vlan_of_the_host, vlan_of_its_own, back])


if __name__ == "__main__":
    main()
