# SPDX-License-Identifier: GPL-2.0-only
"""A station: a netdev with addresses, in a network namespace or in the host."""

import contextlib
import copy
import json
import os
import shlex
import socket

from net.lib.py import NetdevFamily, defer
from .base import sh, wait_for



@contextlib.contextmanager
def inside(ns):
    """This thread, for a while, in another network namespace."""
    if not ns:
        yield
        return
    with open("/proc/thread-self/ns/net", "rb") as home, \
         open("/run/netns/" + ns, "rb") as there:
        os.setns(there.fileno(), os.CLONE_NEWNET)
        try:
            yield
        finally:
            os.setns(home.fileno(), os.CLONE_NEWNET)


def netdev_family(ns=""):
    """Queues, NAPI instances and page pools in a network namespace. A kernel that is newer than the
    tests' specification says more than that knows."""
    with inside(ns):
        family = NetdevFamily()
    family.process_unknown = True
    return family


def addresses(number, net=0):
    return f"198.18.{net}.{number}", f"2001:db8:{net}::{number}"


class Station:
    """One end of the network. ns '' is the initial namespace."""

    def __init__(self, name, number, ns):
        self.name = name
        self.number = number
        self.ns = ns
        self.dev = ""
        self.v4, self.v6 = addresses(number)

    def __str__(self):
        return self.name

    def sh(self, line, **options):
        if self.ns:
            line = f"ip netns exec {self.ns} sh -c {shlex.quote(line)}"
        return sh(line, **options)

    def ip(self, arguments, **options):
        where = f"-n {self.ns} " if self.ns else ""
        return sh(f"ip {where}{arguments}", **options)

    def bridge(self, arguments, **options):
        where = f"-n {self.ns} " if self.ns else ""
        return sh(f"bridge {where}{arguments}", **options)

    def batch(self, tool, lines, **options):
        """Many commands of ip or bridge by one process; each is tried, whatever the others do."""
        text = "\\n".join(lines)
        return self.sh(f"printf '{text}\\n' | {tool} -force -batch -", **options)

    def ethtool(self, arguments, **options):
        return self.sh("ethtool " + arguments, **options)

    def link(self, dev=None):
        """What `ip -s -d link show` knows."""
        return json.loads(self.ip(f"-j -s -d link show dev {dev or self.dev}").stdout)[0]

    @property
    def mac(self):
        return self.link()["address"]

    @property
    def ifindex(self):
        return self.link()["ifindex"]

    def stats(self):
        return self.link()["stats64"]

    def features(self):
        """{feature: 'on' or 'off'}, without those that are fixed off."""
        found = {}
        for line in self.ethtool("-k " + self.dev).stdout.splitlines()[1:]:
            name, _, value = line.strip().partition(": ")
            found[name] = value.split()[0]
        return found

    def receive_queues(self):
        return int(self.sh(f"ls -d /sys/class/net/{self.dev}/queues/rx-* | wc -l").stdout)

    def ethtool_stats(self):
        found = {}
        for line in self.ethtool("-S " + self.dev).stdout.splitlines():
            name, _, value = line.strip().rpartition(": ")
            if value.isdigit():
                found[name] = int(value)
        return found

    def carrier(self):
        return "LOWER_UP" in self.link()["flags"]

    def carrier_changes(self):
        return int(self.sh(f"cat /sys/class/net/{self.dev}/carrier_changes").stdout)

    def wait_carrier(self, up=True):
        wait_for(lambda: self.carrier() == up,
                 f"the carrier of {self} to go {'up' if up else 'down'}")

    def adopt(self, dev):
        """Take a netdev out of the initial namespace."""
        self.dev = dev
        if self.ns:
            self.dev = self.name
            sh(f"ip link set dev {dev} netns {self.ns} name {self.name}")
        return self

    def up(self, wait=True):
        """Addresses, then up. No duplicate address detection: it only takes time."""
        self.sh(f"echo 0 >/proc/sys/net/ipv6/conf/{self.dev}/accept_dad")
        self.ip(f"addr replace {self.v4}/24 dev {self.dev}")
        self.ip(f"-6 addr replace {self.v6}/64 dev {self.dev} nodad")
        self.ip(f"link set dev {self.dev} up")
        if wait:
            self.wait_carrier()
        return self

    def down(self):
        self.ip(f"link set dev {self.dev} down")

    def forget_neighbours(self):
        self.ip("neigh flush all", fail=False)

    def socket(self, kind=socket.SOCK_STREAM, v6=False, protocol=0):
        """A socket of this station's namespace, with a timeout."""
        with inside(self.ns):
            sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, kind, protocol)
        sock.settimeout(120)
        return sock

    def packet_socket(self, dev, protocol):
        """A socket that hears the frames of a protocol on a netdev, or all with ETH_P_ALL."""
        with inside(self.ns):
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
        sock.bind((dev, protocol))
        return sock

    def address(self, v6=False):
        return self.v6 if v6 else self.v4

    def upper(self, name, number, dev, net=0):
        """A station like this one, on a netdev on top of this one's."""
        upper = copy.copy(self)
        upper.name, upper.number, upper.dev = name, number, dev
        upper.v4, upper.v6 = addresses(number, net)
        return upper

    def vlan(self, vid):
        """A station on a VLAN upon this one; it goes with vlan_del()."""
        upper = self.upper(f"{self.name}.{vid}", self.number, f"{self.dev}.{vid}",
                           net=vid % 250 + 1)
        self.ip(f"link add link {self.dev} name {upper.dev} type vlan id {vid}")
        return upper.up()

    def vlan_del(self, vid):
        self.ip(f"link del {self.dev}.{vid}", fail=False)

    def macvlan(self, number, mac):
        """A station with an address of its own upon this one."""
        upper = self.upper(f"{self.name}+{number}", number, f"mv{number}")
        self.ip(f"link add link {self.dev} name {upper.dev} address {mac} "
                "type macvlan mode private")
        return upper.up()


def on_vlan(station, vid):
    """station.vlan(), until the case ends."""
    upper = station.vlan(vid)
    defer(station.vlan_del, vid)
    return upper


def quiet(*stations):
    """Until the case ends nobody there sends but who is told to."""
    for station in stations:
        path = f"/proc/sys/net/ipv6/conf/{station.dev}/disable_ipv6"
        station.sh(f"echo 1 >{path}")
        defer(station.up)
        defer(station.sh, f"echo 0 >{path}")
