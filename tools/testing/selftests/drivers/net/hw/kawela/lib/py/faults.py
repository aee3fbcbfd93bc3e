# SPDX-License-Identifier: GPL-2.0-only
"""Allocations that fail, one at a time (the kernel's fail-nth), and verbs that are one
system call, so that it is theirs that fail."""

import array
import contextlib
import fcntl
import os
import socket
import struct

from net.lib.py import KsftSkipEx, defer, ksft_pr
from net.lib.py.ynl import SPEC_PATH, NlError, YnlFamily
from .base import libc, read_file, write_file

FAIL_NTH = "/proc/thread-self/fail-nth"
DEBUGFS = "/sys/kernel/debug/"
KNOBS = {"failslab/ignore-gfp-wait": "N", "failslab/verbose": "0",
         "fail_page_alloc/ignore-gfp-wait": "N", "fail_page_alloc/min-order": "0",
         "fail_page_alloc/verbose": "0"}
SIOCSIFFLAGS, SIOCSIFMTU, SIOCETHTOOL = 0x8914, 0x8922, 0x8946
IFF_UP = 1
MCL_CURRENT = 1
ETHTOOL_GCHANNELS, ETHTOOL_GRINGPARAM = 0x3c, 0x10


def allow_faults():
    """Have every allocation of a task that asks for it fail, until the case ends."""
    if not os.path.exists(FAIL_NTH):
        raise KsftSkipEx("the kernel has no CONFIG_FAULT_INJECTION")
    for name, value in KNOBS.items():
        defer(write_file, DEBUGFS + name, read_file(DEBUGFS + name))
        write_file(DEBUGFS + name, value)
    # a page of this program that had to be read while nothing can be allocated would be its end
    libc("mlockall", MCL_CURRENT)
    defer(libc, "munlockall")


@contextlib.contextmanager
def _all_fail(kind):
    """What the kernel would allocate for this task of that kind all fails, until the block ends.
    One system call is what may be in it: Python has needs of its own."""
    knobs = {"task-filter": "Y", "times": "-1", "probability": "100"}
    old = {name: read_file(f"{DEBUGFS}{kind}/{name}") for name in knobs}
    with open("/proc/thread-self/make-it-fail", "wb", buffering=0) as file:
        try:
            # the filter first and last, or all tasks would starve
            for name, value in knobs.items():
                write_file(f"{DEBUGFS}{kind}/{name}", value)
            file.write(b"1")
            yield
        finally:
            file.write(b"0")
            for name in reversed(knobs):
                write_file(f"{DEBUGFS}{kind}/{name}", old[name])


def no_memory_at_all():
    """No small allocation by this task succeeds. To be used after allow_faults()."""
    return _all_fail("failslab")


def no_pages():
    """No allocation of pages by this task succeeds. To be used after allow_faults()."""
    return _all_fail("fail_page_alloc")


def steps():
    """Every allocation first, then fewer and fewer."""
    n = 1
    while True:
        yield n
        n += max(1, n // 5)


def starve(verb, check):
    """Do verb() over and over, with a later allocation failing each time, until it gets by
    without the one that would fail. check(error) sees the state after each and takes back
    what was done; error is None when the verb succeeded."""
    failures = survived = 0
    for n in steps():
        error = None
        with open(FAIL_NTH, "r+b", buffering=0) as file:
            file.write(str(n).encode())
            try:
                verb()
            except (OSError, NlError) as caught:
                error = caught
            finally:
                hit = os.pread(file.fileno(), 16, 0).strip() == b"0"
                file.write(b"0")
        failures += hit and error is not None
        survived += hit and error is None
        check(error)
        if not hit:
            break
    ksft_pr(f"{failures} allocations failed it, it survived {survived}")
    if error:
        raise error
    return failures


class OneCall:
    """What one would say with ip and ethtool, each by one system call."""

    def __init__(self, station):
        self._dev = station.dev
        self._sock = station.socket(socket.SOCK_DGRAM)

    def _ioctl(self, request, fmt, *values):
        fcntl.ioctl(self._sock, request,
                    struct.pack("16s" + fmt, self._dev.encode(), *values).ljust(40, b"\0"))

    def mtu(self, size):
        self._ioctl(SIOCSIFMTU, "i", size)

    def up(self):
        self._ioctl(SIOCSIFFLAGS, "h", IFF_UP)

    def down(self):
        self._ioctl(SIOCSIFFLAGS, "h", 0)

    def _nine_words(self, command, values):
        """Read by one command of ethtool's and written by the next."""
        words = array.array("I", [command] + 8 * [0])
        self._ioctl(SIOCETHTOOL, "P", words.buffer_info()[0])
        words[0] += 1
        for index, value in values.items():
            words[index] = value
        self._ioctl(SIOCETHTOOL, "P", words.buffer_info()[0])

    def channels(self, count):
        """Queue pairs."""
        self._nine_words(ETHTOOL_GCHANNELS, {8: count})

    def senders(self, count):
        """Queues that only send."""
        self._nine_words(ETHTOOL_GCHANNELS, {6: count})

    def rings(self, size):
        """Descriptors, receive and transmit."""
        self._nine_words(ETHTOOL_GRINGPARAM, {5: size, 8: size})


class OnePort:
    """What one would say with devlink port."""

    PCI_SF = 7      # of enum devlink_port_flavour

    def __init__(self, pci):
        # the specification of 6.12 lacks what its kernel says of a port's function
        self._family = YnlFamily((SPEC_PATH / "devlink.yaml").as_posix(), schema="",
                                 process_unknown=True)
        self._device = {"bus-name": "pci", "dev-name": pci.bdf}

    @contextlib.contextmanager
    def _alone(self):
        """What is left of the answer to a request that failed is not the next one's."""
        try:
            yield self._family
        except (OSError, NlError):
            with contextlib.suppress(BlockingIOError):
                while self._family.sock.recv(1 << 16, socket.MSG_DONTWAIT):
                    pass
            raise

    def add_sf(self, number):
        with self._alone() as family:
            family.port_new(dict(self._device, **{"port-flavour": self.PCI_SF,
                                                  "port-pci-pf-number": 0,
                                                  "port-pci-sf-number": number}))

    def set_state(self, index, state):
        with self._alone() as family:
            family.port_set(dict(self._device, **{"port-index": index,
                                                  "port-function": {"state": state}}))
