# SPDX-License-Identifier: GPL-2.0-only
"""A VF in the hands of a program, by vfio-pci: its registers, and memory that it may reach."""

import ctypes
import fcntl
import mmap
import os
import struct

from .base import load_module
from .mailbox import Guest
from .pci import PCI_COMMAND, PCI_COMMAND_MEMORY

GROUP_SET_CONTAINER, GROUP_GET_DEVICE_FD = 0x3b68, 0x3b6a
SET_IOMMU, IOMMU_MAP_DMA = 0x3b66, 0x3b71
TYPE1V2_IOMMU = 3
DMA_READ_WRITE = 3
CONFIG_REGION = 7 << 40
PCI_COMMAND_MASTER = 0x4

RX, TX = 0x2800, 0x3800         # the registers of queue 0
BASE_LOW, BASE_HIGH, LENGTH, SRRCTL, HEAD, TAIL, CONTROL = 0, 4, 8, 0xc, 0x10, 0x18, 0x28
QUEUE_ENABLE = 1 << 25
ONE_BUFFER = 1 << 25 | 2        # 2 KB
SLOTS, SLOT = 8, 16
TX_DATA = 1 << 29 | 3 << 20     # advanced data descriptor
TX_END = 1 << 27 | 1 << 25 | 1 << 24    # report status, insert checksum, end of packet
DONE = 1


class VfioGuest(Guest):
    """Guest, but the VF may use memory: one piece of this process, at IOVA."""

    IOVA = 0x40000000
    SIZE = 1 << 16
    BUFFER = 1 << 12            # the rings are before that

    def __init__(self, vf):     # pylint: disable=super-init-not-called
        load_module("vfio-pci")
        vf.unbind()
        vf.bind("vfio-pci")
        self._vf = vf
        group = os.path.basename(os.readlink(vf.path + "/iommu_group"))
        self._container = os.open("/dev/vfio/vfio", os.O_RDWR)
        self._group = os.open("/dev/vfio/" + group, os.O_RDWR)
        fcntl.ioctl(self._group, GROUP_SET_CONTAINER, struct.pack("i", self._container))
        fcntl.ioctl(self._container, SET_IOMMU, TYPE1V2_IOMMU)
        self._device = fcntl.ioctl(self._group, GROUP_GET_DEVICE_FD,
                                   bytearray(vf.bdf.encode() + b"\0"))
        self._memory = mmap.mmap(-1, self.SIZE)
        self._map()
        os.pwrite(self._device, struct.pack("<H", PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER),
                  CONFIG_REGION + PCI_COMMAND)
        self.bar = vf.bar()

    def __exit__(self, *exc):
        self.bar.close()
        for fd in (self._device, self._group, self._container):
            os.close(fd)
        self._memory.close()
        self._vf.unbind()

    def _map(self):
        place = ctypes.c_char.from_buffer(self._memory)
        fcntl.ioctl(self._container, IOMMU_MAP_DMA,
                    struct.pack("IIQQQ", 32, DMA_READ_WRITE, ctypes.addressof(place),
                                self.IOVA, self.SIZE))
        del place

    def _start(self, queue, ring, slots):
        """Slots is what each of the ring's slots is, wherever the hardware begins."""
        self.bar[queue + CONTROL] = 0
        offset = 0 if queue == RX else SLOTS * SLOT
        self._memory[offset:offset + SLOTS * SLOT] = SLOTS * slots
        base = self.IOVA + offset if ring is None else ring
        for register, value in ((BASE_LOW, base & 0xffffffff), (BASE_HIGH, base >> 32),
                                (LENGTH, SLOTS * SLOT), (HEAD, 0), (TAIL, 0),
                                (CONTROL, QUEUE_ENABLE)):
            self.bar[queue + register] = value
        return offset

    def send(self, frame, ring=None, buffer=None):
        """Have it send one frame from its memory. Or from elsewhere, be it the descriptors or
        the data."""
        self._memory[self.BUFFER:self.BUFFER + len(frame)] = frame
        buffer = self.IOVA + self.BUFFER if buffer is None else buffer
        self._start(TX, ring, struct.pack("<QII", buffer, TX_DATA | TX_END | len(frame),
                                          len(frame) << 14))
        self.bar[TX + TAIL] = 1

    def listen(self, buffer=None):
        """Have it receive to its memory, or elsewhere; the place of its descriptors."""
        self.bar[RX + SRRCTL] = ONE_BUFFER
        buffer = self.IOVA + self.BUFFER if buffer is None else buffer
        offset = self._start(RX, None, struct.pack("<QQ", buffer, 0))
        self.bar[RX + TAIL] = SLOTS - 1
        return offset

    def received(self, place):
        """The frame in its memory, once it has one."""
        _, status, length, _ = struct.unpack_from("<QIHH", self._memory, place)
        if not status & DONE:
            return None
        return self._memory[self.BUFFER:self.BUFFER + length]
