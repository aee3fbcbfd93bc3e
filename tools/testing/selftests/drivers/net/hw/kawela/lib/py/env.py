# SPDX-License-Identifier: GPL-2.0-only
"""The host of a test: a driver pair on the NIC, VFs, and stations.

The PF's netdev stays in the initial namespace, as on a real host; each VF and
the station on the wire get a namespace of their own. The environment leaves
the host as it found it: no driver bound, no VF, no namespace, no module.
"""

import functools
import glob
import os
import sys

from net.lib.py import KsftSkipEx, ksft_eq, ksft_exit, ksft_run
from .base import KernelLog, load_module, read_file, require_command, sh, unload_modules, wait_for
from .card import Card
from .pci import SwitchRegs, find_pf, find_vf
from .station import Station

WIRE_MAC = "52:54:00:00:00:02"

DRIVERS = ("kawela_vf", "kawela_pf", "kawela_ring", "kawela_mbx", "igbvf", "igb")


def steady(case):
    """A case during which the PF's carrier must not move."""
    @functools.wraps(case)
    def run(env):
        before = env.carrier_changes()
        case(env)
        ksft_eq(env.carrier_changes(), before, "carrier changes of the PF")
    return run


def vf_mac(number):
    return f"02:00:00:00:01:{number:02x}"


def pair_name(pf, vf):
    return f"{pf}+{vf}"


class KawelaEnv:
    """Both drivers loaded, num_vfs VFs with a netdev each, all carriers up; dual: a second NIC,
    too."""

    def __init__(self, pf="kawela_pf", vf="kawela_vf", vfs=2, wire=True, macs=True, dual=False):
        self.pf_driver, self.vf_driver = pf, vf
        self._vfs_wanted, self._wire_wanted, self._macs = vfs, wire, macs
        self._dual, self.card = dual, None
        self.pci = find_pf()
        self.regs = SwitchRegs(self.pci)
        self.pf = Station("pf", 1, "")
        self.wire = Station("wire", 2, "kw-wire")
        self.vf = []
        self.vf_pci = []
        self.log = KernelLog()
        self._cleanups = []

    def __enter__(self):
        if os.geteuid():
            raise KsftSkipEx("this test needs root")
        require_command("ip", "ethtool", "ping", "modprobe")
        self.clean()
        try:
            self.load()
            if self._wire_wanted:
                self.add_wire()
            if self._vfs_wanted:
                self.make_vfs(self._vfs_wanted)
            if self._dual:
                self.card = Card(self)
        except BaseException:
            self.clean()
            raise
        return self

    def __exit__(self, *exc):
        self.clean()
        self.log.close()

    @property
    def stations(self):
        wire = [self.wire] if self.wire.dev else []
        return [self.pf] + self.vf + wire

    # the PF

    @property
    def pfs(self):
        return [self.pf, self.card.pf] if self.card else [self.pf]

    def load(self):
        """Load the PF driver, give it the PF, bring the netdev up."""
        self.pci.reserve(self.pf_driver)
        load_module(self.pf_driver)
        self.pci.bind(self.pf_driver)
        self.pci.set("sriov_drivers_autoprobe", "0")
        self.pf.adopt(self.pci.netdev()).up()

    def carrier_changes(self):
        return self.pf.carrier_changes()

    # VFs

    def num_vfs(self):
        return int(self.pci.get("sriov_numvfs"))

    def set_num_vfs(self, number):
        self.pci.set("sriov_numvfs", number)

    def create_vfs(self, number):
        """Make VFs that no driver has yet."""
        self.set_num_vfs(number)
        self.vf_pci = [find_vf(self.pci, n) for n in range(number)]
        if self._macs:
            for n in range(number):
                self.set_vf_mac(n, vf_mac(n))

    def make_vfs(self, number):
        """Make VFs, each with the VF driver and a station that is up."""
        self.create_vfs(number)
        load_module(self.vf_driver)
        for n in range(number):
            self.bind_vf(n, wait=False)
        for station in self.vf:
            station.wait_carrier()

    def bind_vf(self, number, wait=True, up=True):
        """Give a VF to the VF driver, and its netdev to its station."""
        station = Station(f"vf{number}", 10 + number, f"kw-vf{number}")
        if not os.path.exists("/run/netns/" + station.ns):
            sh(f"ip netns add {station.ns}")
            station.ip("link set lo up")
        self.vf_pci[number].bind(self.vf_driver)
        station.adopt(self.vf_pci[number].netdev())
        self.vf[number:number + 1] = [station]
        for other in self.stations:
            other.forget_neighbours()
        if up:
            station.up(wait)
        return station

    def wait_served(self):
        """After a reset of the PF: the VFs, which may not know of it yet, connected again."""
        for number, station in enumerate(self.vf):
            wait_for(lambda n=number: n in self.regs.gates()[0], f"{station} to be served")
            station.wait_carrier()
        self.pf.wait_carrier()

    def remove_vfs(self):
        self.set_num_vfs(0)
        self.vf, self.vf_pci = [], []

    def set_vf_mac(self, number, mac, **options):
        return sh(f"ip link set dev {self.pf.dev} vf {number} mac {mac}", **options)

    def set_vf(self, number, what, **options):
        return sh(f"ip link set dev {self.pf.dev} vf {number} {what}", **options)

    def vf_config(self, number):
        """What `ip link show` says of a VF."""
        return self.pf.link()["vfinfo_list"][number]

    # the wire

    def add_wire(self):
        """The station on the wire, another NIC of this machine, in a namespace."""
        # not everything there is a netdev: bonding has a file
        path = next((path for path in glob.glob("/sys/class/net/*/address")
                     if read_file(path) == WIRE_MAC), None)
        if not path:
            raise KsftSkipEx("there is no station on the wire")
        dev = path.split("/")[4]
        sh(f"ip netns add {self.wire.ns}")
        self.wire.ip("link set lo up")
        self.wire.adopt(dev).up()

    def _remove_wire(self):
        if os.path.exists("/run/netns/" + self.wire.ns):
            self.wire.ip("link set wire down", fail=False)
            self.wire.ip("link set wire netns 1", fail=False)
        self.wire.dev = ""

    # the end

    def add_cleanup(self, func):
        """Call this before the VFs go."""
        self._cleanups.append(func)

    def clean(self):
        """Leave nothing behind, whatever has happened before."""
        while self._cleanups:
            self._cleanups.pop()()
        if self.pci.exists():
            if self.num_vfs():
                self.set_num_vfs(0)
            self.pci.unbind()
            self.pci.reserve("")
        self._remove_wire()
        for path in glob.glob("/run/netns/kw-*"):
            sh("ip netns del " + os.path.basename(path))
        unload_modules(*DRIVERS)
        self.vf, self.vf_pci, self.pf.dev = [], [], ""


def kawela_run(cases, **options):
    """ksft_run() in an environment, to be called once per file; cases: or what makes them, of the
    environment."""
    try:
        with KawelaEnv(**options) as env:
            ksft_run(cases(env) if callable(cases) else cases, args=(env,))
    except KsftSkipEx as reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(4)
    ksft_exit()
