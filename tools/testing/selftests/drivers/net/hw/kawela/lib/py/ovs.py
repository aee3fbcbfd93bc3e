# SPDX-License-Identifier: GPL-2.0-only
"""Open vSwitch, started by hand and gone with the case."""

import glob
import os
import re

from net.lib.py import KsftSkipEx, defer
from .base import sh, unload_modules, wait_for
from .bridge import Bridge

CTL = "/usr/share/openvswitch/scripts/ovs-ctl"
OVS = "kw-ovs0"


class OvsBridge(Bridge):
    """An OVS bridge; guests and the host join it as they do a Linux bridge."""

    def __init__(self, env):
        if not os.path.exists(CTL):
            raise KsftSkipEx("there is no Open vSwitch")
        self.env, self.dev = env, OVS
        defer(unload_modules, "openvswitch")
        defer(self.stop)
        sh(f"{CTL} start --no-monitor --no-mlockall --system-id=kawela")
        self.vsctl(f"add-br {OVS}")
        sh(f"ip link set dev {OVS} up")

    @staticmethod
    def vsctl(words):
        return sh("ovs-vsctl --timeout=60 " + words).stdout

    def stop(self):
        self.vsctl(f"--if-exists del-br {OVS}")
        sh(f"{CTL} stop")
        for path in glob.glob("/etc/openvswitch/*.db"):
            os.unlink(path)

    def add(self, dev):
        self.vsctl(f"add-port {OVS} {dev}")

    @staticmethod
    def wait_forwarding(port):
        """Its ports forward at once."""

    def add_team(self, name, *members):
        """A bond whose members are interfaces of the switch."""
        self.vsctl(f"add-bond {OVS} {name} {' '.join(members)} bond_mode=active-backup")
        wait_for(self.active_member, "a member to be active")

    @staticmethod
    def know(station):
        """Where a station is. QEMU's PF hears what it sends itself, see add_uplink(), and Open
        vSwitch learns from whatever the active member hears."""
        port = getattr(station, "port", station.dev)
        sh(f"ovs-appctl fdb/add {OVS} {port} 0 {station.mac}")

    @staticmethod
    def active_member():
        found = re.search(r"^active member mac: .*\((.+)\)$",
                          sh("ovs-appctl bond/show").stdout, re.MULTILINE)
        return found[1] if found else None

    @staticmethod
    def counters(dev):
        """(received, sent) packets of one interface."""
        text = sh(f"ovs-ofctl dump-ports {OVS} {dev}").stdout
        return tuple(int(n) for n in re.findall(r"[rt]x\s+pkts=(\d+)", text))
