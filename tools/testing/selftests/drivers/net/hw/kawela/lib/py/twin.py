# SPDX-License-Identifier: GPL-2.0-only
"""A guest with two ways to the network, in a namespace: a VF and a port of the host's bridge, of
the same address. A bond that prefers the VF stands for net_failover."""

import os

from net.lib.py import defer
from .base import sh, wait_for

TWIN = "twin"
STANDBY = "standby"


class Twin:
    """Until the case ends the VF's station is one with a port of the bridge."""

    def __init__(self, bridge, vf):
        self._vf, self.port = vf, f"kw-s{vf.number}"
        self.station = vf.upper(f"twin of {vf}", vf.number, TWIN)
        sh(f"ip link add {self.port} type veth peer name {STANDBY} netns {vf.ns}")
        sh(f"echo 1 >/proc/sys/net/ipv6/conf/{self.port}/disable_ipv6")
        bridge.add(self.port)
        sh(f"ip link set dev {self.port} up")
        self._team()
        bridge.wait_forwarding(self.port)
        self.station.up()
        self.wait_path(vf.dev)

    def _team(self):
        vf = self._vf
        defer(self.remove)
        vf.ip(f"link add {TWIN} type bond mode active-backup miimon 50")
        for dev in (vf.dev, STANDBY):
            vf.ip(f"link set dev {dev} down")
            vf.ip(f"addr flush dev {dev}")
            vf.ip(f"link set dev {dev} master {TWIN}")
        vf.ip(f"link set dev {TWIN} type bond primary {vf.dev}")

    def remove(self):
        sh(f"ip link del {self.port}", fail=False)
        if os.path.exists("/run/netns/" + self._vf.ns):
            self._vf.ip(f"link del {TWIN}", fail=False)
            self._vf.up()

    def path(self):
        return self._vf.link(TWIN)["linkinfo"]["info_data"].get("active_slave")

    def wait_path(self, dev):
        wait_for(lambda: self.path() == dev, f"{self.station} to use {dev}")

    def synthetic(self):
        """Wait until it uses the bridge."""
        self.wait_path(STANDBY)

    def accelerated(self):
        """Wait until it uses the VF."""
        self.wait_path(self._vf.dev)
