# SPDX-License-Identifier: GPL-2.0-only
"""Sockets of AF_XDP without a library: memory for frames and four rings, shared with the kernel."""

import ctypes
import errno
import mmap
import os
import select
import socket
import struct

from net.lib.py import defer
from .base import Background, libc, wait_for
from .bpf import (R1, R2, R3, R6, REDIRECT_MAP, U32, XDP_PASS, Map, call, leave, load, map_ref,
                  mov, on_test_frame)
from .bridge import ETH_P_TEST, mac_bytes
from .station import inside

AF_XDP, SOL_XDP = 44, 283
MAP_XSKMAP = 17
XDP_MMAP_OFFSETS, XDP_RX_RING, XDP_TX_RING, XDP_UMEM_REG = 1, 2, 3, 4
XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_STATISTICS, XDP_OPTIONS = 5, 6, 7, 8
XDP_COPY, XDP_ZEROCOPY, XDP_USE_NEED_WAKEUP = 2, 4, 8
XDP_RING_NEED_WAKEUP = 1
PAGE_OFFSET = {XDP_RX_RING: 0, XDP_TX_RING: 0x80000000, XDP_UMEM_FILL_RING: 0x100000000,
               XDP_UMEM_COMPLETION_RING: 0x180000000}
# The order in which the kernel tells where things are in a ring.
ORDER = (XDP_RX_RING, XDP_TX_RING, XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING)


class XskRing:
    """A ring. Its entries are addresses, or descriptors: address, length, options."""

    def __init__(self, sock, kind, size):
        sock.setsockopt(SOL_XDP, kind, size)
        offsets = struct.unpack("<16Q", sock.getsockopt(SOL_XDP, XDP_MMAP_OFFSETS, 128))
        at = 4 * ORDER.index(kind)
        self._producer, self._consumer, self._entries, self._flags = offsets[at:at + 4]
        self._format = "<QII" if kind in (XDP_RX_RING, XDP_TX_RING) else "<Q"
        self.size = size
        length = self._entries + size * struct.calcsize(self._format)
        self._map = mmap.mmap(sock.fileno(), length, offset=PAGE_OFFSET[kind])

    def close(self):
        self._map.close()

    def _get(self, offset):
        return struct.unpack_from("<I", self._map, offset)[0]

    def _where(self, number):
        return self._entries + number % self.size * struct.calcsize(self._format)

    @property
    def needs_wakeup(self):
        return bool(self._get(self._flags) & XDP_RING_NEED_WAKEUP)

    def produce(self, entries):
        number = self._get(self._producer)
        for entry in entries:
            struct.pack_into(self._format, self._map, self._where(number), *entry)
            number += 1
        struct.pack_into("<I", self._map, self._producer, number % (1 << 32))

    def consume(self):
        """All entries that are there."""
        number, end = self._get(self._consumer), self._get(self._producer)
        entries = []
        while number != end:
            entries.append(struct.unpack_from(self._format, self._map, self._where(number)))
            number = (number + 1) % (1 << 32)
        struct.pack_into("<I", self._map, self._consumer, end)
        return entries


class XskSocket:
    """A socket on a queue of a station's netdev, until the case ends. The first half of its chunks
    is for frames that are received; `given` of them are at once."""

    def __init__(self, station, queue=0, chunks=128, chunk=4096, headroom=0, given=None,
                 flags=XDP_ZEROCOPY | XDP_USE_NEED_WAKEUP):
        self.station, self.queue = station, queue
        self._chunk = chunk
        self._half = chunks // 2
        self._idle = [number * chunk for number in range(self._half)]
        self._free = [number * chunk for number in range(self._half, chunks)]
        self._memory = mmap.mmap(-1, chunks * chunk)
        with inside(station.ns):
            self._sock = socket.socket(AF_XDP, socket.SOCK_RAW, 0)
        self._rings = []
        self._at_end = defer(self._close)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        self._sock.setsockopt(SOL_XDP, XDP_UMEM_REG,
                              struct.pack("<QQIIII", address, chunks * chunk, chunk, headroom,
                                          0, 0))
        self.fill, self.done, self.rx, self.tx = (
            self._ring(kind) for kind in (XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING,
                                          XDP_RX_RING, XDP_TX_RING))
        self.give(self._half if given is None else given)
        try:
            self._bind(flags)
        except BaseException:
            self.close()
            raise

    def _ring(self, kind):
        ring = XskRing(self._sock, kind, self._half)
        self._rings.append(ring)
        return ring

    def _bind(self, flags):
        name = struct.pack("<HHIII", AF_XDP, flags, self.station.ifindex, self.queue, 0)
        # the kernel takes its time to forget a socket that had the queue
        error = wait_for(lambda: self._bind_once(name), f"queue {self.queue} of {self.station}")
        if error > 0:
            raise OSError(error, os.strerror(error))

    def _bind_once(self, name):
        """-1 if it worked, an errno if it cannot, 0 if it may later."""
        try:
            libc("bind", self._sock.fileno(), name, len(name))
        except OSError as error:
            return 0 if error.errno == errno.EBUSY else error.errno
        return -1

    def _close(self):
        for ring in self._rings:
            ring.close()
        self._rings = []
        self._sock.close()
        self._memory.close()

    def close(self):
        """Before the case ends."""
        if self._rings:
            self._at_end.exec()

    def fileno(self):
        return self._sock.fileno()

    @property
    def zerocopy(self):
        return struct.unpack("<I", self._sock.getsockopt(SOL_XDP, XDP_OPTIONS, 4))[0] == 1

    @property
    def missing(self):
        """Chunks to receive into that the kernel has, or a frame that was not fetched."""
        return self._half - len(self._idle)

    def statistics(self):
        """Frames that were lost, by why."""
        names = ("rx_dropped", "rx_invalid", "tx_invalid", "rx_full", "fill_empty", "tx_empty")
        got = self._sock.getsockopt(SOL_XDP, XDP_STATISTICS, 48)
        return dict(zip(names, struct.unpack("<6Q", got)))

    def wake(self):
        """Have the kernel look at the rings, as far as it asked for that."""
        poll = select.poll()
        poll.register(self._sock, select.POLLIN | select.POLLOUT)
        poll.poll(0)

    def give(self, number):
        """Chunks to receive into; the kernel is not told."""
        self.fill.produce([(address,) for address in self._idle[:number]])
        del self._idle[:number]

    def receive(self, give=True):
        """Frames that came; their chunks go back, and the kernel is woken if it wants to be."""
        frames = []
        for address, length, _ in self.rx.consume():
            frames.append(self._memory[address:address + length])
            self._idle.append(address - address % self._chunk)
        if give and frames:
            self.give(len(frames))
        if give and self.fill.needs_wakeup:
            self.wake()
        return frames

    def put(self, frames):
        """Frames to be sent; the kernel is not told."""
        entries = []
        for frame in frames:
            address = self._free.pop()
            self._memory[address:address + len(frame)] = frame
            entries.append((address, len(frame), 0))
        self.tx.produce(entries)

    def kick(self):
        """Have the kernel send, if it wants to be told."""
        if self.tx.needs_wakeup:
            self.force()

    def force(self):
        """Have the kernel send."""
        try:
            self._sock.send(b"", socket.MSG_DONTWAIT)
        except (BlockingIOError, OSError):
            pass

    def sent(self):
        """How many were sent since this was asked last."""
        entries = self.done.consume()
        self._free += [address for address, in entries]
        return len(entries)

    def send(self, frames):
        """Send all, and wait until they were."""
        left = list(frames)
        under_way = 0

        def step():
            nonlocal under_way
            under_way -= self.sent()
            batch = left[:len(self._free)]
            del left[:len(batch)]
            self.put(batch)
            under_way += len(batch)
            self.kick()
            return not left and not under_way

        wait_for(step, f"frames of {self.station} to be sent")


class XskMap(Map):
    """Sockets by queue."""

    def __init__(self, *sockets):
        super().__init__(MAP_XSKMAP, 16)
        for one in sockets:
            self[one.queue] = one.fileno()


def to_socket(found):
    """To the socket of a frame's queue, or to the stack."""
    return (map_ref(R1, found) + load(U32, R2, R6, 16) + mov(R3, XDP_PASS) + call(REDIRECT_MAP) +
            leave())


def to_sockets(*sockets):
    """Code that gives test frames to the socket of their queue; others, and those of other queues,
    to the stack."""
    return on_test_frame(to_socket(XskMap(*sockets)))


def test_frames(dst, src, sizes):
    """One of each size, from one address to another, with random data."""
    head = mac_bytes(dst.mac) + mac_bytes(src.mac) + struct.pack("!H", ETH_P_TEST)
    return [head + os.urandom(size - len(head)) for size in sizes]


class Forwarder(Background):
    """Sends what a socket receives back to where it came from."""

    def __init__(self, xsk):
        super().__init__()
        self._xsk = xsk
        self._mac = mac_bytes(xsk.station.mac)
        self._poll = select.poll()
        self._poll.register(xsk, select.POLLIN)

    def _step(self):
        self._poll.poll(100)
        self._xsk.sent()
        frames = [frame[6:12] + self._mac + frame[12:] for frame in self._xsk.receive()]
        if frames:
            self._xsk.put(frames)
            self._xsk.kick()
