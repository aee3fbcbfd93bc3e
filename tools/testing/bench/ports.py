# SPDX-License-Identifier: GPL-2.0-only
"""The ports between which is measured: PF, VFs, and the station on the wire."""

import contextlib
import glob
import os
import re
import time

from machine import read, sh, wait_until, write

PF_BDF, STATION_BDF = "0000:01:00.0", "0000:02:00.0"
STATION_DRIVER = "igb"
# nobody has this address
NOWHERE = "02:00:00:00:00:99"
PAIRS = {"stock": ("igb", "igbvf"), "kawela": ("kawela_pf", "kawela_vf")}


class Netdev:
    """A netdev by its name."""

    def __init__(self, netdev):
        self.netdev = netdev

    def sysfs(self, name):
        return read(f"/sys/class/net/{self.netdev}/{name}")

    @property
    def mac(self):
        return self.sysfs("address")

    def up(self):
        write(f"/proc/sys/net/ipv6/conf/{self.netdev}/disable_ipv6", "1")
        sh("ip", "link", "set", self.netdev, "up")

    def down(self):
        sh("ip", "link", "set", self.netdev, "down")

    def wait_for_carrier(self):
        wait_until(f"carrier of {self.netdev}", lambda: self.sysfs("carrier") == "1")

    def queues(self):
        return glob.glob(f"/sys/class/net/{self.netdev}/queues/rx-*")

    def receive_slots(self):
        """Descriptors of a receive ring."""
        now = sh("ethtool", "-g", self.netdev).partition("Current")[2]
        return int(re.search(r"RX:\s+(\d+)", now)[1])

    def received(self):
        return int(self.sysfs("statistics/rx_packets"))

    def sent(self):
        return int(self.sysfs("statistics/tx_packets"))


class Port(Netdev):
    """One function with its driver and interface."""

    def __init__(self, bdf):
        self.bdf = bdf
        path = f"/sys/bus/pci/devices/{bdf}/net/*"
        super().__init__(os.path.basename(wait_until(path, lambda: glob.glob(path))[0]))


def choose_driver(bdf, driver):
    """No other shall have this function."""
    path = f"/sys/bus/pci/devices/{bdf}"
    if os.path.exists(path):
        write(f"{path}/driver_override", driver)


def station():
    """The 82576 on the other side of the wire, with the same driver whoever is measured. It works
    through what is sent at once, which a virtio-net leaves to another thread of QEMU's."""
    if not os.path.exists(f"/sys/bus/pci/devices/{STATION_BDF}"):
        return None
    port = Port(STATION_BDF)
    port.up()
    port.wait_for_carrier()
    return port


class Pair:
    """A PF driver and a VF driver, loaded."""

    def __init__(self, name, vfs=1):
        self.name, self.drivers = name, PAIRS[name]
        choose_driver(PF_BDF, self.drivers[0])
        choose_driver(STATION_BDF, STATION_DRIVER)
        for driver in (STATION_DRIVER, *self.drivers):
            sh("modprobe", driver)
        self.station = station()
        self.pf = Port(PF_BDF)
        self.pf.up()
        self.pf.wait_for_carrier()
        self.vfs = []
        self.set_vfs(vfs)

    @property
    def vf(self):
        return self.vfs[0]

    @property
    def ours(self):
        return self.name == "kawela"

    def settle(self):
        """What changes a driver's rings may have reset it, which others notice seconds later.
        Idle time costs nothing."""
        time.sleep(5)
        for port in [self.pf, *self.vfs]:
            port.wait_for_carrier()

    def set_vfs(self, number):
        """Another number of VFs, all of them up."""
        write(f"/sys/bus/pci/devices/{PF_BDF}/sriov_numvfs", "0")
        write(f"/sys/bus/pci/devices/{PF_BDF}/sriov_numvfs", str(number))
        self.vfs = [self._vf(index) for index in range(number)]
        for port in [self.pf, *self.vfs]:
            port.wait_for_carrier()

    def _vf(self, index):
        sh("ip", "link", "set", self.pf.netdev, "vf", str(index), "mac",
           f"52:54:00:00:01:{index:02x}")
        bdf = os.path.basename(os.path.realpath(f"/sys/bus/pci/devices/{PF_BDF}/virtfn{index}"))
        self.rebind(bdf)
        vf = Port(bdf)
        vf.up()
        return vf

    def unbind(self, bdf):
        wait_until(f"driver of {bdf}",
                   lambda: os.path.exists(f"/sys/bus/pci/devices/{bdf}/driver"))
        write(f"/sys/bus/pci/devices/{bdf}/driver/unbind", bdf)

    def bind(self, bdf):
        write(f"/sys/bus/pci/drivers/{self.drivers[1]}/bind", bdf)

    def rebind(self, bdf):
        """So that the VF driver, whichever it is, starts with the address the host gave."""
        self.unbind(bdf)
        self.bind(bdf)

    def unload(self):
        write(f"/sys/bus/pci/devices/{PF_BDF}/sriov_numvfs", "0")
        for driver in reversed((STATION_DRIVER, *self.drivers)):
            sh("modprobe", "-r", driver)


@contextlib.contextmanager
def loaded(name):
    """A pair, as long as it is needed."""
    pair = Pair(name)
    yield pair
    pair.unload()
