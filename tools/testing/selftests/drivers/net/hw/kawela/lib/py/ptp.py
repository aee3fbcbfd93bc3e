# SPDX-License-Identifier: GPL-2.0-only
"""The clock of a NIC, and the times of frames."""

import ctypes
import fcntl
import os
import socket
import struct
import time

from net.lib.py import defer, ksft_true
from .base import libc, until, wait_for
from .bridge import mac_bytes
from .station import inside

ETH_P_1588 = 0x88f7
SYNC, FOLLOW_UP = 0, 8

SIOCSHWTSTAMP, SIOCGHWTSTAMP = 0x89b0, 0x89b1
TX_OFF, TX_ON, TX_ONESTEP = 0, 1, 2
FILTER_NONE, FILTER_ALL, FILTER_V1_SYNC, FILTER_V2_EVENT, FILTER_V2_L2_SYNC = 0, 1, 4, 12, 10

SO_TIMESTAMPING = 37
TX_HARDWARE, TX_SOFTWARE, RX_HARDWARE, SOFTWARE, RAW_HARDWARE = 1, 2, 4, 16, 64
MSG_ERRQUEUE = 0x2000

ADJ_FREQUENCY, ADJ_SETOFFSET, ADJ_NANO = 0x0002, 0x0100, 0x2000
# struct timex up to its time, and all of it
TIMEX, TIMEX_SIZE = "<I4xqqqqi4xqqqqq", 208


class Clock:
    """The PTP clock of a PCI function, open until the case ends."""

    def __init__(self, function):
        self.index = int(os.listdir(function.path + "/ptp")[0].removeprefix("ptp"))
        fd = os.open(f"/dev/ptp{self.index}", os.O_RDWR)
        defer(os.close, fd)
        self._id = (~fd << 3) | 3

    def read(self):
        """Nanoseconds."""
        return time.clock_gettime_ns(self._id)

    def set(self, ns):
        time.clock_settime_ns(self._id, ns)

    def _adjust(self, modes, freq=0, ns=0):
        timex = struct.pack(TIMEX, modes, 0, freq, 0, 0, 0, 0, 0, 0, *divmod(ns, 10 ** 9))
        room = ctypes.create_string_buffer(timex, TIMEX_SIZE)
        libc("clock_adjtime", self._id, room)

    def shift(self, ns):
        """So many nanoseconds forward, or back."""
        self._adjust(ADJ_SETOFFSET | ADJ_NANO, ns=ns)

    def speed(self, ppm):
        """That much faster than nominal, in parts per million."""
        self._adjust(ADJ_FREQUENCY, freq=ppm << 16)

    def pace(self):
        """How fast it goes while half a second passes here: at least, and at most."""
        outer, first, inner = time.monotonic_ns(), self.read(), time.monotonic_ns()
        wait_for(lambda: time.monotonic_ns() > inner + 5 * 10 ** 8, "half a second")
        end, last, outer_end = time.monotonic_ns(), self.read(), time.monotonic_ns()
        return (last - first) / (outer_end - outer), (last - first) / (end - inner)


def stamp_config(station, command, tx=0, rx=0):
    """What the netdev has as (tx_type, rx_filter) after an ioctl; OSError has the errno."""
    config = ctypes.create_string_buffer(struct.pack("3i", 0, tx, rx), 12)
    request = struct.pack("16sQ8x", station.dev.encode(), ctypes.addressof(config))
    with inside(station.ns), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, command, request)
    return struct.unpack("3i", config.raw)[1:]


def stamp(station, tx=TX_OFF, rx=FILTER_NONE):
    """Have packets stamped until the case ends."""
    stamp_config(station, SIOCSHWTSTAMP, tx, rx)
    defer(stamp_config, station, SIOCSHWTSTAMP)


def ptp_message(kind, sequence, size):
    """A message of PTP, version 2, of so many bytes."""
    head = struct.pack("!BBHBxHQ4xQHHBb", kind, 2, 44, 0, 0, 0, 0x0123456789abcdef, 1, sequence,
                       0, 0)
    return head + bytes(size - len(head))


class PtpPort:
    """Messages of PTP that leave and reach a station's netdev, with their times."""

    def __init__(self, station, flags=0):
        self._station = station
        self._mac = mac_bytes(station.mac)
        self._sequence = 0
        self._sock = station.packet_socket(station.dev, ETH_P_1588)
        self._sock.setblocking(False)
        self._sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, flags)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._sock.close()

    def send(self, mac, kind=SYNC, size=60):
        """To an address; its number."""
        self._sequence += 1
        self._sock.send(mac_bytes(mac) + self._mac + struct.pack("!H", ETH_P_1588) +
                        ptp_message(kind, self._sequence, size - 14))
        return self._sequence

    def _times(self, flags):
        """(number, time of the software, time of the hardware) of the next one, or None."""
        try:
            data, control, *_ = self._sock.recvmsg(2048, 512, flags)
        except BlockingIOError:
            return None
        sequence = struct.unpack_from("!H", data, 14 + 30)[0]
        for level, kind, value in control:
            if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPING):
                times = struct.unpack("6q", value)
                return sequence, *(10 ** 9 * times[i] + times[i + 1] for i in (0, 4))
        return sequence, 0, 0

    def received(self):
        """The same, of the next one that comes."""
        return wait_for(lambda: self._times(0), f"a message at {self._station}")

    def left(self):
        """The same, of the next one that goes."""
        return wait_for(lambda: self._times(MSG_ERRQUEUE), f"a time from {self._station}")

    def left_silently(self):
        """Nothing is told of those that went."""
        ksft_true(not until(lambda: self._times(MSG_ERRQUEUE), deadline=2),
                  f"no times from {self._station}")
