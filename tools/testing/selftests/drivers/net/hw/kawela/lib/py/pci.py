# SPDX-License-Identifier: GPL-2.0-only
"""PCI functions: drivers, sysfs attributes, registers."""

import glob
import mmap
import os
import re
import struct

from net.lib.py import KsftFailEx, KsftSkipEx
from .base import read_file, wait_for, write_file

PF_IDS = ("10c9", "10e6", "10e7", "10e8", "1526", "150a", "1518", "150d")

PCI_COMMAND = 0x04
PCI_COMMAND_MEMORY = 0x2


class PciFunction:
    """One function of the NIC."""

    def __init__(self, bdf):
        self.bdf = bdf
        self.path = "/sys/bus/pci/devices/" + bdf

    def __str__(self):
        return self.bdf

    def exists(self):
        return os.path.exists(self.path)

    def get(self, name):
        return read_file(f"{self.path}/{name}")

    def set(self, name, value):
        write_file(f"{self.path}/{name}", value)

    @property
    def driver(self):
        link = self.path + "/driver"
        return os.path.basename(os.readlink(link)) if os.path.islink(link) else ""

    def reserve(self, driver):
        """Make sure that only this driver ever gets the function."""
        self.set("driver_override", driver + "\n")

    def unbind(self):
        if self.driver:
            self.set("driver/unbind", self.bdf)

    def bind(self, driver):
        """Hand the function to a driver that is loaded."""
        self.reserve(driver)
        if self.driver == driver:
            return
        self.unbind()
        write_file("/sys/bus/pci/drivers_probe", self.bdf)
        wait_for(lambda: self.driver == driver, f"{driver} to take {self.bdf}")

    def irqs(self):
        """Numbers of its interrupts, of vector 0 first."""
        return sorted(int(number) for number in os.listdir(self.path + "/msi_irqs"))

    def netdev(self):
        """Name of its netdev, which is still in the initial namespace."""
        found = wait_for(lambda: os.path.isdir(self.path + "/net") and
                         os.listdir(self.path + "/net"), f"a netdev on {self.bdf}")
        return found[0]

    def reset(self):
        """Function level reset."""
        if "flr" in self.get("reset_method").split():
            self.set("reset_method", "flr")
        self.set("reset", "1")

    def config(self, offset):
        """A 16-bit word of config space."""
        with open(self.path + "/config", "rb") as file:
            file.seek(offset)
            return struct.unpack("<H", file.read(2))[0]

    def set_config(self, offset, value):
        with open(self.path + "/config", "r+b", buffering=0) as file:
            file.seek(offset)
            file.write(struct.pack("<H", value))

    def bar(self):
        """Its registers. A kernel with CONFIG_IO_STRICT_DEVMEM gives those of a
        bound function only with iomem=relaxed."""
        return Bar(self.path + "/resource0")


class Bar:
    """BAR 0 of a function, in 32-bit accesses."""

    def __init__(self, path):
        fd = os.open(path, os.O_RDWR | os.O_SYNC)
        try:
            self._map = mmap.mmap(fd, os.fstat(fd).st_size)
        except OSError as error:
            raise KsftSkipEx("no access to registers; boot with iomem=relaxed") from error
        finally:
            os.close(fd)
        self._words = memoryview(self._map).cast("I")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        self._words.release()
        self._map.close()

    def __getitem__(self, offset):
        return self._words[offset // 4]

    def __setitem__(self, offset, value):
        self._words[offset // 4] = value & 0xffffffff


class SwitchRegs:
    """The filters of the NIC's switch as the hardware has them."""

    RAR_ENTRIES = 24
    VLVF_ENTRIES = 32
    VFRE = 0x0c8c
    VFTE = 0x0c90
    VMOLR = 0x5ad0
    VLVF = 0x5d00
    VMVIR = 0x3700
    DTXSWC = 0x3500
    MTA = 0x5200
    PVFGPRC = 0x10010
    PVFGPTC = 0x10014

    VMOLR_RLPML = 0x3fff
    VMOLR_LPE = 1 << 16
    VMOLR_AUPE = 1 << 24
    VMOLR_ROPE = 1 << 26
    VMOLR_BAM = 1 << 27
    VMOLR_MPME = 1 << 28

    def __init__(self, pf):
        self._pf = pf

    def _read(self, offset):
        with self._pf.bar() as bar:
            return bar[offset]

    def rars(self):
        """{address: set of pools} of the valid entries."""
        found = {}
        with self._pf.bar() as bar:
            for i in range(self.RAR_ENTRIES):
                base = 0x5400 + 8 * i if i < 16 else 0x54e0 + 8 * (i - 16)
                low, high = bar[base], bar[base + 4]
                if high & 1 << 31:
                    mac = struct.pack("<IH", low, high & 0xffff)
                    found[":".join(f"{b:02x}" for b in mac)] = bits(high >> 18 & 0xff)
        return found

    def pool_macs(self, pool):
        return {mac for mac, pools in self.rars().items() if pool in pools}

    def vlans(self):
        """{VLAN: set of pools} of the enabled entries."""
        found = {}
        with self._pf.bar() as bar:
            for i in range(self.VLVF_ENTRIES):
                word = bar[self.VLVF + 4 * i]
                if word & 1 << 31:
                    found[word & 0xfff] = bits(word >> 12 & 0xff)
        return found

    def pool_vlans(self, pool):
        return {vid for vid, pools in self.vlans().items() if pool in pools}

    def multicast(self):
        """Set of the bits of the multicast table."""
        with self._pf.bar() as bar:
            return {(i, b) for i in range(128) for b in bits(bar[self.MTA + 4 * i])}

    def vmolr(self, pool):
        return self._read(self.VMOLR + 4 * pool)

    def inserted_tag(self, pool):
        """The tag that every frame of the pool gets, or None."""
        word = self._read(self.VMVIR + 4 * pool)
        return word & 0xffff if word >> 30 == 1 else None

    def spoof_checks(self):
        """The pools whose source address is checked, and those whose VLAN is."""
        word = self._read(self.DTXSWC)
        return bits(word & 0xff), bits(word >> 8 & 0xff)

    def loopback(self):
        """Whether frames between pools are switched inside."""
        return bool(self._read(self.DTXSWC) >> 31)

    def pool_packets(self, pool):
        """How many packets a VF has received, and sent, since its reset."""
        with self._pf.bar() as bar:
            return bar[self.PVFGPRC + 0x100 * pool], bar[self.PVFGPTC + 0x100 * pool]

    def gates(self):
        """The pools that may receive, and those that may send."""
        with self._pf.bar() as bar:
            return bits(bar[self.VFRE] & 0xff), bits(bar[self.VFTE] & 0xff)


def vport_interrupt(pf, sfnum):
    """Number of the interrupt of a PF's VPort, and its counts per processor."""
    found = re.search(rf"^ *(\d+):([ \d]+) .*{re.escape(pf.bdf)}:sf{sfnum}$",
                      read_file("/proc/interrupts"), re.MULTILINE)
    return (int(found[1]), [int(count) for count in found[2].split()]) if found else None


def bits(value):
    return {i for i in range(32) if value >> i & 1}


def find_pfs():
    """All 82576, the one that KAWELA_PF names first."""
    found = [PciFunction(os.path.basename(path))
             for path in sorted(glob.glob("/sys/bus/pci/devices/*"))
             if (read_file(path + "/vendor") == "0x8086" and
                 read_file(path + "/device")[2:] in PF_IDS)]
    return sorted(found, key=lambda pf: pf.bdf != os.environ.get("KAWELA_PF", pf.bdf))


def find_pf(index=0):
    """The first 82576, the one that KAWELA_PF names, or another one of this host."""
    found = find_pfs()
    if len(found) <= index:
        raise KsftSkipEx(f"there is no 82576 number {index + 1}")
    return found[index]


def find_vf(pf, number):
    link = f"{pf.path}/virtfn{number}"
    if not os.path.islink(link):
        raise KsftFailEx(f"{pf} has no VF {number}")
    return PciFunction(os.path.basename(os.readlink(link)))
