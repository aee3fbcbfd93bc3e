# SPDX-License-Identifier: GPL-2.0-only
"""VF 0 below a master that has another path to the wire: net_failover with a standby of this
machine's, or the stand-in for the synthetic NIC of Hyper-V, tools/testing/modules/kawela_standin.c.
"""

import json
import os
import socket
import threading
import time
from pathlib import Path

from net.lib.py import KsftFailEx, KsftSkipEx, defer
from .base import (Background, load_module, read_file, sh, unload_modules, wait_for,
                   write_file)
from .station import Station
from .trace import Kprobes

STANDBY_MAC = "52:54:00:00:00:04"
STANDIN_MAC = "02:00:00:00:0e:01"
STANDIN_NS = "kw-guest"
NUMBER = 40         # of the master as a station


def read_carrier(netdev):
    try:
        return read_file(netdev / "carrier") == "1"
    except OSError:
        return False    # closed


class Failover:
    """A master that is up, and VF 0 with its address, which no driver has yet; until the case
    ends. The master is a station: `station`; its peer on the wire is `peer`."""

    def __init__(self, env, mac):
        self.env = env
        self.mac = mac
        env.create_vfs(1)
        defer(env.remove_vfs)
        env.set_vf_mac(0, mac)
        load_module("kawela_vf")

    @property
    def vf(self):
        """Name of the VF's netdev, '' if the master's namespace has none."""
        path = self.env.vf_pci[0].path + "/net"
        return self.station.sh(f"ls {path} 2>/dev/null", fail=False).stdout.strip()

    def link(self):
        """What `ip link show` knows of the VF's netdev."""
        return self.station.link(self.vf)

    def joined(self):
        """Whether the VF has the master."""
        name = self.vf
        return bool(name) and self._field("master") == self.station.dev

    def _field(self, name):
        try:
            return self.link().get(name)
        except KsftFailEx:
            return None     # it went while it was looked at

    def carrier(self):
        return "LOWER_UP" in (self._field("flags") or ())

    def wait_path(self, vf=True):
        """Wait until the master's frames take the VF, or the other path."""
        wait_for(lambda: (self.joined() and self.carrier()) == vf,
                 f"the path to be {'the VF' if vf else 'the other'}")

    def bind(self, wait=True):
        self.env.vf_pci[0].bind("kawela_vf")
        if wait:
            self.wait_path()

    def unbind(self):
        self.env.vf_pci[0].unbind()

    def packets(self, dev, way):
        """Packets that a netdev of the master's namespace sent or received: tx, rx."""
        return self.station.link(dev)["stats64"][way]["packets"]

    def time_to_carrier(self):
        """Bind the VF; the seconds until its carrier is on."""
        netdevs = Path(self.env.vf_pci[0].path) / "net"
        begin = time.monotonic()
        self.env.vf_pci[0].bind("kawela_vf")
        wait_for(lambda: any(read_carrier(dev) for dev in netdevs.iterdir()), "its carrier")
        return time.monotonic() - begin


def _standby():
    """The net_failover master of this machine, and its standby."""
    for dev in os.listdir("/sys/class/net"):
        path = f"/sys/class/net/{dev}"
        if not os.path.exists(path + "/address") or read_file(path + "/address") != STANDBY_MAC:
            continue
        if "net_failover" in sh("ethtool -i " + dev, fail=False).stdout:
            lower = [os.path.basename(name)[6:] for name in os.listdir(path)
                     if name.startswith("lower_")]
            return dev, lower[0]
    raise KsftSkipEx("this machine has no standby; rig/boot makes one with --standby")


class NetFailover(Failover):
    """The master is net_failover's, in the initial namespace, where it has to stay."""

    def __init__(self, env):
        dev, self.other = _standby()
        self.station = Station("master", NUMBER, "").upper("master", NUMBER, dev, net=NUMBER)
        self.peer = env.wire.upper("peer", 2, env.wire.dev, net=NUMBER).up()
        # the PF, in the same namespace, is not to answer for the master
        ignore = "/proc/sys/net/ipv4/conf/all/arp_ignore"
        defer(write_file, ignore, read_file(ignore))
        write_file(ignore, "1")
        super().__init__(env, STANDBY_MAC)
        self.station.up()
        defer(self._down)

    def _down(self):
        self.station.down()
        self.station.ip("addr flush dev " + self.station.dev)


class StandinMaster(Failover):
    """The master is the stand-in, in a namespace of its own. Its synthetic path ends at a switch
    that learns, which the station on the wire is behind."""

    other = "syn0"

    def __init__(self, env):
        load_module("kawela_standin")
        defer(unload_modules, "kawela_standin")
        self.station = Station("m0", NUMBER, STANDIN_NS)
        self.station.dev = "m0"
        self.peer = self._switch(env)
        sh(f"ip netns add {STANDIN_NS}")
        defer(sh, f"ip netns del {STANDIN_NS}")
        sh(f"ip link add syn0 address {STANDIN_MAC} netns {STANDIN_NS} type veth "
           f"peer name sw0 netns {env.wire.ns}")
        # what it has to say for itself, the switch would take for the master
        self.station.sh("echo 1 >/proc/sys/net/ipv6/conf/syn0/disable_ipv6")
        self.peer.ip("link set sw0 master br0 up")
        super().__init__(env, STANDIN_MAC)
        self.station.ip("link add link syn0 name m0 type kawela_standin")
        defer(self.station.ip, "link del m0", fail=False)
        self.station.up()

    def learnt(self):
        """The port that the switch has for the master."""
        said = self.peer.bridge("-j fdb show br br0").stdout
        return next((entry["ifname"] for entry in json.loads(said)
                     if entry["mac"] == self.mac and entry.get("state") != "permanent"), None)

    @staticmethod
    def _switch(env):
        wire = env.wire
        wire.ip("link add br0 type bridge")
        defer(wire.up)
        defer(wire.ip, "link del br0", fail=False)
        wire.ip(f"addr flush dev {wire.dev}")
        wire.ip(f"link set {wire.dev} master br0")
        return wire.upper("peer", 2, "br0").up(wait=False)


class Announcements(Background):
    """Gratuitous ARP of an address, as the station on the wire hears it."""

    def __init__(self, peer, mac, address):
        super().__init__(peer.packet_socket(peer.dev, 0x0806))
        self._sock.settimeout(0.2)
        self._want = bytes.fromhex(mac.replace(":", "")) + socket.inet_aton(address)
        self.heard = 0

    def _step(self):
        try:
            frame = self._sock.recv(2000)
        except OSError:
            return
        # sender's two addresses, then the target's, which is the sender's again
        if frame[22:32] == self._want and frame[38:42] == self._want[6:]:
            self.heard += 1

    def after(self, change, what):
        """Do it; an announcement has to follow."""
        before = self.heard
        change()
        wait_for(lambda: self.heard > before, f"an announcement after {what}")


def sleeping_waits(call):
    """The waits with a time limit, and the sleeps, of this thread while it makes a call."""
    probes = {"msleep": "p msleep", "usleep": "p usleep_range_state",
              "timeout": "p schedule_timeout left=%di:s64"}
    with Kprobes(**probes) as trace:
        for event in probes:
            trace.only(event, f"common_pid == {threading.get_native_id()}")
        trace.only("timeout", f"common_pid == {threading.get_native_id()} && "
                              f"left < {2 ** 63 - 1}")
        # what others did before the filters were there
        trace.clear()
        call()
        return trace.lines()
