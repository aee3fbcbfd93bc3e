#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""demo - who reaches whom through the switch of an 82576, and by which path.

Runs on the rig's host. Four places talk to each other: the PF, VF 0 in a
network namespace, VF 1 in a KVM guest, and a station on the wire.
"""

import argparse
import concurrent.futures
import glob
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import time

PF_BDF = "0000:01:00.0"
STATION_MAC = "52:54:00:00:00:02"
NUM_VFS = 3
DRIVERS = {"kawela": ("kawela_pf", "kawela_vf"), "stock": ("igb", "igbvf")}
LINK_TIMEOUT = 60
IPERF_SECONDS = "1"
# A flow of thousands of frames; ARP and the like may pass elsewhere.
STRAY_SHARE = 0.05


class Failed(Exception):
    """A step of the demo that did not work; the text says which."""


class Place:
    """Somewhere commands run, with one network interface under test."""

    def __init__(self, name, where, number):
        self.name = name
        self.where = where
        self.address = f"192.0.2.{number}"
        self.function = self.driver = self.netdev = self.mac = "-"

    def words(self, words):
        """The command that runs @words in this place."""
        return list(words)

    def run(self, *words, check=True, timeout=120):
        try:
            done = subprocess.run(self.words(words), stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True,
                                  timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name}: {shlex.join(words)}: no end after {timeout} s") from None
        if check and done.returncode:
            raise Failed(f"{self.name}: {shlex.join(words)}: status "
                         f"{done.returncode}: {done.stdout.strip()}")
        return done.stdout

    def shell(self, line, **options):
        return self.run("sh", "-c", line, **options)

    def net_dev(self):
        """The text of this place's /proc/net/dev."""
        with open("/proc/thread-self/net/dev", encoding="ascii") as file:
            return file.read()

    def counters(self):
        """Frames this interface has seen in either direction."""
        line = next(line for line in self.net_dev().splitlines()
                    if line.strip().startswith(self.netdev + ":"))
        fields = line.partition(":")[2].split()
        return int(fields[1]) + int(fields[9])

    def configure(self, *flags):
        """Address and link up. No IPv6: its own frames would only blur the counters."""
        self.shell("echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6")
        self.run("ip", "link", "set", "lo", "up")
        self.run("ip", "address", "add", self.address + "/24", "dev", self.netdev)
        self.run("ip", "link", "set", self.netdev, "up", *flags)
        stats = json.loads(self.run("ip", "-j", "link", "show", self.netdev))
        self.mac = stats[0]["address"]

    def wait_for_carrier(self):
        wait_until(f"{self.name}: carrier of {self.netdev}",
                   lambda: self.shell(f"cat /sys/class/net/{self.netdev}/carrier",
                                      check=False).strip() == "1")


class Namespace(Place):
    """A network namespace of the host."""

    def __init__(self, name, namespace, number):
        super().__init__(name, f"netns {namespace}", number)
        self.namespace = namespace

    def words(self, words):
        return ["ip", "netns", "exec", self.namespace, *words]

    def net_dev(self):
        """Without a process, which would take longer than the traffic."""
        with open("/proc/thread-self/ns/net", "rb") as home, \
             open("/run/netns/" + self.namespace, "rb") as there:
            os.setns(there.fileno(), os.CLONE_NEWNET)
            try:
                return super().net_dev()
            finally:
                os.setns(home.fileno(), os.CLONE_NEWNET)

    def take(self, netdev):
        """Make the namespace and move an interface of the host into it."""
        host("ip", "netns", "add", self.namespace)
        host("ip", "link", "set", netdev, "netns", self.namespace)
        self.netdev = netdev


class Guest(Place):
    """A level-2 machine."""

    def __init__(self, name, guest, number):
        super().__init__(name, f"KVM guest {guest}", number)
        self.guest = guest

    def words(self, words):
        return ["guest", "exec", self.guest, shlex.join(words)]

    def net_dev(self):
        return self.run("cat", "/proc/net/dev")


def host(*words, **options):
    return Place("host", "host", 0).run(*words, **options)


def write(path, text):
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    except OSError as error:
        raise Failed(f"write '{text}' to {path}: {error.strerror}") from None


def wait_until(what, condition, timeout=LINK_TIMEOUT):
    end = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > end:
            raise Failed(f"{what}: not after {timeout} s")
        time.sleep(0.1)
    return result


def netdev_of(bdf):
    """The interface of a PCI function of the host."""
    path = f"/sys/bus/pci/devices/{bdf}/net/*"
    return os.path.basename(wait_until(f"interface of {bdf}", lambda: glob.glob(path))[0])


def netdev_with_mac(mac):
    for link in json.loads(host("ip", "-j", "link")):
        if link["address"] == mac:
            return link["ifname"]
    raise Failed(f"no interface has the address {mac}")


def vf_bdf(number):
    path = f"/sys/bus/pci/devices/{PF_BDF}/virtfn{number}"
    return os.path.basename(os.path.realpath(path))


class Demo:
    """The four places and the steps that bring them up."""

    def __init__(self, pair, since):
        self.since = since
        self.pf_driver, self.vf_driver = DRIVERS[pair]
        self.pf = Place("PF", "host", 1)
        self.vf0 = Namespace("VF 0", "vf", 2)
        self.vf1 = Guest("VF 1", "g1", 3)
        self.station = Namespace("station", "station", 4)
        self.places = [self.pf, self.vf0, self.vf1, self.station]

    def step(self, text):
        print(f"[{time.time() - self.since:4.0f} s] {text}", flush=True)

    def bring_up(self, cells):
        """All but the guest, and their pings, while the guest boots."""
        self.step(f"load {self.pf_driver}, make {NUM_VFS} VFs")
        self.start_pf()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            self.step(f"VF 1: vfio-pci, KVM guest g1 begins to boot, {self.vf_driver} in it")
            guest = pool.submit(self.start_vf1)
            self.step(f"VF 0: {self.vf_driver} in network namespace vf")
            self.start_vf0()
            self.step("station on the wire, in a network namespace of its own")
            self.start_station()
            early = [place for place in self.places if place is not self.vf1]
            self.serve(early)
            self.step("ping while the guest boots")
            for pair in itertools.combinations(early, 2):
                ping_pair(*pair, cells)
            guest.result()
        self.step("the guest is up")
        self.serve([self.vf1])

    @staticmethod
    def serve(places):
        for place in places:
            place.wait_for_carrier()
            place.run("iperf3", "-s", "-D")

    def start_pf(self):
        host("modprobe", self.pf_driver)
        self.pf.function, self.pf.driver = PF_BDF, self.pf_driver
        self.pf.netdev = netdev_of(PF_BDF)
        self.pf.configure()
        write(f"/sys/bus/pci/devices/{PF_BDF}/sriov_drivers_autoprobe", "0")
        write(f"/sys/bus/pci/devices/{PF_BDF}/sriov_numvfs", str(NUM_VFS))
        for number in range(NUM_VFS):
            host("ip", "link", "set", self.pf.netdev, "vf", str(number),
                 "mac", f"52:54:00:00:01:{number:02x}")

    def start_vf0(self):
        bdf = vf_bdf(0)
        host("modprobe", self.vf_driver)
        write(f"/sys/bus/pci/devices/{bdf}/driver_override", self.vf_driver)
        write("/sys/bus/pci/drivers_probe", bdf)
        self.vf0.function, self.vf0.driver = bdf, self.vf_driver
        self.vf0.take(netdev_of(bdf))
        self.vf0.configure()

    def start_vf1(self):
        bdf = vf_bdf(1)
        host("guest", "start", self.vf1.guest, "--timeout", "300",
             "--vfio", bdf, timeout=320)
        self.vf1.function, self.vf1.driver = bdf, self.vf_driver
        self.vf1.run("modprobe", self.vf_driver)
        pattern = f"/sys/bus/pci/drivers/{self.vf_driver}/*/net/*"
        found = wait_until("interface in the guest", lambda: self.vf1.shell(
            f"ls -d {pattern} 2>/dev/null", check=False).strip())
        self.vf1.netdev = os.path.basename(found)
        self.vf1.configure()

    def start_station(self):
        host("modprobe", "virtio_net")
        self.station.function, self.station.driver = "the wire", "virtio_net"
        self.station.take(netdev_with_mac(STATION_MAC))
        # it counts every frame on the wire, not only its own
        self.station.configure("promisc", "on")

    def inside(self, one, other):
        """Whether frames between the two should stay in the switch."""
        return self.station not in (one, other)


def ping(source, target):
    """Round trip in ms, or None."""
    out = source.run("ping", "-n", "-q", "-c", "3", "-i", "0.2", "-w", "5",
                     target.address, check=False)
    found = re.search(r"3 received.* = [\d.]+/([\d.]+)/", out, re.S)
    return float(found[1]) if found else None


def ping_pair(one, other, cells):
    for source, target in ((one, other), (other, one)):
        cells[source, target] = [ping(source, target)]


def throughput(one, other):
    """TCP in both directions at the same time; two rates in bit/s, or None."""
    out = one.run("iperf3", "-J", "--bidir", "-c", other.address, "-t", IPERF_SECONDS,
                  "--connect-timeout", "5000", check=False)
    try:
        end = json.loads(out)["end"]
        rates = [end[name]["bits_per_second"]
                 for name in ("sum_received", "sum_received_bidir_reverse")]
    except (ValueError, KeyError):
        return None, None
    return [rate or None for rate in rates]


def measure(demo, cells):
    """TCP between every two, and what every interface counted meanwhile."""
    frames = {}
    pairs = list(itertools.combinations(demo.places, 2))
    for pair in pairs:
        if pair not in cells:
            ping_pair(*pair, cells)
    before = [place.counters() for place in demo.places]
    for number, (one, other) in enumerate(pairs, 1):
        demo.step(f"iperf3, pair {number} of {len(pairs)}: {one.name} and {other.name}")
        there, back = throughput(one, other)
        cells[one, other].append(there)
        cells[other, one].append(back)
        after = [place.counters() for place in demo.places]
        frames[one, other] = {place: new - old for place, new, old
                              in zip(demo.places, after, before)}
        before = after
    return frames


def short(mac):
    return "..:" + mac[-8:]


def print_picture(demo):
    pf, vf0, vf1, station = demo.places

    def row(*texts):
        print("   " + "".join(f"{text:<18}" for text in texts).rstrip())

    print()
    row("station", "host", "netns vf", "KVM guest g1")
    for what in ("driver", "netdev", "address"):
        row(*(getattr(place, what) for place in (station, pf, vf0, vf1)))
    row(*(short(place.mac) for place in (station, pf, vf0, vf1)))
    print("""\
      |                 |                 |                 | vfio-pci
      |          +------+-----------------+-----------------+-----+
      |          |      PF               VF 0              VF 1   |
      |          |               82576, internal switch           |
      |          +------+-----------------------------------------+
      |                 | port
      +------ wire -----+
""")


def print_ports(demo):
    form = "{:<9}{:<15}{:<12}{:<8}{:<14}{:<19}{}"
    print(form.format("place", "function", "driver", "netdev", "where", "MAC", "address"))
    for place in demo.places:
        print(form.format(place.name, place.function, place.driver, place.netdev,
                          place.where, place.mac, place.address))
    for number in range(2, NUM_VFS):
        print(form.format(f"VF {number}", vf_bdf(number), "(none)", "-", "-", "-", "-"))


def cell_text(cell):
    rtt, rate = cell
    if rtt is None:
        return "no ping"
    if rate is None:
        return "no TCP"
    return f"{rate / 1e6:.0f} Mb/s {rtt:.1f} ms"


def print_cells(demo, cells):
    print("\nwho reaches whom: TCP from row to column, with as much as goes the other way at the"
          "\nsame time, and the round trip of a ping")
    form = "{:<10}" + "{:<19}" * len(demo.places)
    print(form.format("from \\ to", *(place.name for place in demo.places)).rstrip())
    for source in demo.places:
        print(form.format(source.name, *(
            "-" if source is target else cell_text(cells[source, target])
            for target in demo.places)).rstrip())


def path_is_right(demo, one, other, counts):
    """Frames stay inside the switch, or cross the wire; the other places see none."""
    allowed = STRAY_SHARE * min(counts[one], counts[other])
    others = [p for p in demo.places if p not in (one, other)]
    return all(counts[place] <= allowed for place in others)


def print_frames(demo, frames):
    """Print which interface counted what; return whether all is as it should be."""
    good = True
    print("\nframes each interface counted (received and sent) while a pair ran TCP both ways;"
          "\nthe station is promiscuous, so its column is the wire")
    form = "{:<18}" + "{:>10}" * len(demo.places) + "   {}"
    print(form.format("pair", "PF", "VF 0", "VF 1", "wire", "path"))
    for (one, other), counts in frames.items():
        path = "inside the switch" if demo.inside(one, other) else "over the wire"
        if not path_is_right(demo, one, other, counts):
            path, good = "UNEXPECTED, should be " + path, False
        print(form.format(f"{one.name} - {other.name}",
                          *(counts[place] for place in demo.places), path))
    return good


def print_vf_counters(demo):
    """What the hardware counted for the pools of the VFs; not every driver shows it."""
    wanted = ("hw_rx_packets", "hw_tx_packets")
    lines = []
    for place in (demo.vf0, demo.vf1):
        found = dict(re.findall(r"(\w+): (\d+)", place.run("ethtool", "-S", place.netdev)))
        if all(name in found for name in wanted):
            lines.append(f"{place.name}:  " + "  ".join(f"{n} {found[n]}" for n in wanted))
    if lines:
        print("\nwhat the hardware counted for the VFs' pools since they came up (ethtool -S);"
              "\nit counts a TSO packet that is sent once, here")
        print("\n".join(lines))


def show(demo, cells, frames):
    print_picture(demo)
    print_ports(demo)
    print_cells(demo, cells)
    good = print_frames(demo, frames)
    print_vf_counters(demo)
    broken = [f"{source.name} to {target.name}" for (source, target), cell
              in cells.items() if None in cell]
    print()
    if broken:
        raise Failed("does not work: " + ", ".join(broken))
    if not good:
        raise Failed("frames took an unexpected path")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stock", action="store_true", help="igb and igbvf instead of kawela")
    parser.add_argument("--since", type=float, default=time.time(), metavar="SECONDS",
                        help="when the clock of the progress lines started")
    args = parser.parse_args()
    demo = Demo("stock" if args.stock else "kawela", args.since)
    try:
        cells = {}
        demo.bring_up(cells)
        show(demo, cells, measure(demo, cells))
    except Failed as failure:
        demo.step(f"FAILED: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
