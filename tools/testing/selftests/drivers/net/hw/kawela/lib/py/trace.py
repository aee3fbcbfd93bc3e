# SPDX-License-Identifier: GPL-2.0-only
"""Tracepoints of our drivers, in a trace instance of their own."""

import os

from net.lib.py import KsftSkipEx
from .base import read_file, wait_for, write_file

INSTANCES = "/sys/kernel/tracing/instances/"


class Trace:
    """What events of one of our modules say, while it is entered; the module has to be loaded, and
    may go meanwhile."""

    def __init__(self, module, *events):
        self._path = INSTANCES + "kawela"
        self._module, self._events = module, events

    def __enter__(self):
        if not os.path.isdir(INSTANCES):
            raise KsftSkipEx("the kernel has no trace instances")
        os.mkdir(self._path)
        for event in self._events:
            write_file(f"{self._path}/events/{self._module}/{self._module}_{event}/enable", "1")
        return self

    def __exit__(self, *exc):
        os.rmdir(self._path)

    def lines(self, *words):
        """The lines so far that have all of some words."""
        text = read_file(self._path + "/trace")
        return [line for line in text.splitlines()
                if not line.startswith("#") and all(word in line for word in words)]

    def wait(self, *words, more_than=0):
        wait_for(lambda: len(self.lines(*words)) > more_than, f"a trace of {' '.join(words)}")

    def clear(self):
        with open(self._path + "/trace", "w", encoding="ascii"):
            pass


class Kprobes(Trace):
    """Probes of the kernel's functions, by name: what /sys/kernel/tracing/kprobe_events takes, with
    the name left out."""

    EVENTS = "/sys/kernel/tracing/kprobe_events"

    def __init__(self, **probes):
        super().__init__("kawela", *probes)
        self._probes = probes

    def __enter__(self):
        if not os.path.exists(self.EVENTS):
            raise KsftSkipEx("the kernel has no CONFIG_KPROBE_EVENTS")
        for name, probe in self._probes.items():
            kind, _, place = probe.partition(" ")
            self._say(f"{kind}:kawela/kawela_{name} {place}")
        return super().__enter__()

    def __exit__(self, *exc):
        super().__exit__(*exc)
        for name in self._probes:
            self._say(f"-:kawela/kawela_{name}")

    def _say(self, line):
        fd = os.open(self.EVENTS, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(fd, line.encode())
        finally:
            os.close(fd)

    def only(self, event, condition):
        """Record this event if that is true."""
        write_file(f"{self._path}/events/kawela/kawela_{event}/filter", condition)
