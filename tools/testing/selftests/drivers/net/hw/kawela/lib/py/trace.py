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
