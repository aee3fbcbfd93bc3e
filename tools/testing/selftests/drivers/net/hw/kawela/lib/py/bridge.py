# SPDX-License-Identifier: GPL-2.0-only
"""The PF's netdev in a Linux bridge, guests behind it, and single frames."""

import fcntl
import json
import os
import socket
import struct

from net.lib.py import defer
from .base import read_file, sh, unload_modules, wait_for
from .station import Station, inside

ETH_P_TEST = 0x88b5     # IEEE 802: local experiments
ETH_P_ALL = 3
SIOCBRDELIF = 0x89a3
BRIDGE = "kw-br0"
BOND = "kw-bond"


def guest_mac(number):
    return f"02:00:00:00:03:{number:02x}"


def mac_bytes(mac):
    return bytes.fromhex(mac.replace(":", ""))


def send_frames(station, destinations, source=None, dev=None, size=60):
    """Send one frame to each of some addresses; or, with a callable as source, from
    as many addresses. Sizes are without the checksum."""
    dev = dev or station.dev
    own = station.link(dev)["address"]
    with inside(station.ns):
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    with sock:
        sock.bind((dev, ETH_P_TEST))
        for number, destination in enumerate(destinations):
            src = source(number) if callable(source) else source or own
            sock.send(mac_bytes(destination) + mac_bytes(src) +
                      struct.pack("!H", ETH_P_TEST) + bytes(size - 14))


class Listener:
    """Frames that arrive at a station's netdev, whoever they are for."""

    def __init__(self, station, promisc=False):
        self._station, self._promisc = station, promisc
        self._frames = []
        with inside(station.ns):
            self._sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                       socket.htons(ETH_P_ALL))
        self._sock.bind((station.dev, ETH_P_ALL))
        self._sock.setblocking(False)
        if promisc:
            station.ip(f"link set dev {station.dev} promisc on")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._sock.close()
        if self._promisc:
            self._station.ip(f"link set dev {self._station.dev} promisc off")

    def count(self, dst, src=None):
        """How many frames of send_frames() to an address, of one sender or of any, came in
        so far."""
        while True:
            try:
                data, address = self._sock.recvfrom(2048)
            except BlockingIOError:
                break
            if (address[2] != socket.PACKET_OUTGOING and
                    data[12:14] == ETH_P_TEST.to_bytes(2, "big")):
                self._frames.append(data[:12])
        wanted = mac_bytes(dst) + mac_bytes(src or "")
        return sum(frame.startswith(wanted) for frame in self._frames)

    def wait(self, dst):
        wait_for(lambda: self.count(dst), f"a frame to {dst} at {self._station}")


class Bridge:
    """A Linux bridge in the host. All of it goes with the case that made it; or, to be kept, with
    the environment."""

    def __init__(self, env, options="", dev=BRIDGE, keep=False):
        self.env, self.dev = env, dev
        sh(f"ip link add {self.dev} type bridge forward_delay 0 mcast_snooping 0 {options}")
        (env.add_cleanup if keep else defer)(self.remove)
        sh(f"ip link set dev {self.dev} up")

    def remove(self):
        sh(f"ip link del {self.dev}", fail=False)

    def add(self, dev):
        sh(f"ip link set dev {dev} master {self.dev}")

    def release(self, dev):
        """Take a port out of the bridge, in less time than a command needs."""
        with socket.socket() as sock:
            fcntl.ioctl(sock, SIOCBRDELIF,
                        struct.pack("16si20x", self.dev.encode(), socket.if_nametoindex(dev)))

    def add_pf(self, learning=False):
        return self.add_uplink(self.env.pf.dev, learning)

    def add_uplink(self, dev, learning=False):
        """QEMU's switch gives the PF its own broadcast and unknown unicast back (the
        hardware does not: DTXSWC.LLE). A bridge that learns on the PF's port then takes
        whoever is behind it to be on the wire, until he sends something else."""
        self.add(dev)
        if not learning:
            sh(f"bridge link set dev {dev} learning off")
        self.wait_forwarding(dev)
        return self

    @staticmethod
    def wait_forwarding(port):
        wait_for(lambda: json.loads(sh(f"bridge -j link show dev {port}").stdout)[0]
                 .get("state") == "forwarding", f"{port} to forward")

    def host(self):
        """The host, with its address on the bridge instead of on the PF."""
        for pf in self.env.pfs:
            sh(f"ip addr flush dev {pf.dev}")
            defer(pf.up)
        station = Station("host", 30, "")
        return station.adopt(self.dev).up()

    def guest(self, number):
        """A network namespace behind a port of its own."""
        station = Station(f"g{number}", 40 + number, f"kw-g{number}")
        port = f"kw-p{number}"
        sh(f"ip netns add {station.ns}")
        defer(self.remove_guest, station)
        sh(f"ip link add {port} type veth peer name g{number} netns {station.ns} "
           f"address {guest_mac(number)}")
        # else the host's own chatter on the port is learned, too
        sh(f"echo 1 >/proc/sys/net/ipv6/conf/{port}/disable_ipv6")
        self.add(port)
        sh(f"ip link set dev {port} up")
        station.dev, station.port = f"g{number}", port
        station.up()
        self.wait_forwarding(port)
        return station

    @staticmethod
    def remove_guest(station):
        if os.path.exists("/run/netns/" + station.ns):
            sh(f"ip netns del {station.ns}")
        sh(f"ip link del {station.port}", fail=False)

    def fdb(self):
        """{address: port} of what the bridge has learned or was told."""
        entries = json.loads(sh(f"bridge -j fdb show br {self.dev}").stdout)
        return {e["mac"]: e["ifname"] for e in entries
                if e.get("master") == self.dev and e.get("state") != "permanent"}

    def age(self, seconds=1):
        sh(f"ip link set dev {self.dev} type bridge ageing_time {seconds * 100}")


def bond_of(*members):
    """An active-backup bond of netdevs of the host, until the case ends; its name."""
    defer(unload_modules, "bonding")
    sh(f"ip link add {BOND} type bond mode active-backup miimon 100")
    for member in members:
        defer(member.up)
    defer(sh, f"ip link del {BOND}", fail=False)
    for member in members:
        member.down()
        sh(f"ip link set dev {member.dev} master {BOND}")
    sh(f"ip link set dev {BOND} up")
    return BOND


def active_member():
    return read_file(f"/sys/class/net/{BOND}/bonding/active_slave")


def hwmode(env):
    """veb or vepa, as `bridge -d link show` has it."""
    for entry in json.loads(sh("bridge -j -d link show").stdout):
        if entry.get("ifname") == env.pf.dev and "hwmode" in entry:
            return entry["hwmode"].lower()
    return None


def set_hwmode(env, mode):
    sh(f"bridge link set dev {env.pf.dev} hwmode {mode}")


def has_filter(env, mac):
    """Wait until the default VPort has an exact filter for an address."""
    wait_for(lambda: mac in env.regs.pool_macs(7), f"a filter for {mac}", deadline=30)


def has_no_filter(env, mac):
    wait_for(lambda: mac not in env.regs.pool_macs(7), f"the filter for {mac} to go",
             deadline=60)
