# SPDX-License-Identifier: GPL-2.0-only
"""The machine: its commands, its files, and the QEMU that it runs on."""

import glob
import json
import os
import subprocess
import sys
import time


def sh(*words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text + "\n")


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read().strip()


def bail_out(text):
    sys.exit(f"Bail out! {text}")


def wait_until(what, condition):
    end = time.monotonic() + 30
    while not (result := condition()):
        if time.monotonic() > end:
            bail_out(f"{what}: not after 30 s")
        time.sleep(0.05)
    return result


class Monitor:
    """The machine's own QEMU. Kept open: starting a program would cost instructions."""

    def __init__(self):
        for name in glob.glob("/sys/class/virtio-ports/*/name"):
            if read(name) == "org.kawela.qmp":
                self._file = open("/dev/" + name.split("/")[-2], "r+b", buffering=0)
        self.ask("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._file.close()

    def ask(self, command, **arguments):
        request = {"execute": command, "arguments": arguments, "id": "bench"}
        self._file.write(json.dumps(request).encode() + b"\n")
        while b'"id"' not in (line := self._file.readline()):
            pass
        return json.loads(line).get("return")

    def hmp(self, line):
        self.ask("human-monitor-command", **{"command-line": line})


def versions():
    """What the figures depend on."""
    with Monitor() as monitor:
        qemu = monitor.ask("query-version")
    number = ".".join(str(qemu["qemu"][part]) for part in ("major", "minor", "micro"))
    return {"machine": "QEMU q35, EPYC-Rome, TCG, one processor, -icount shift=0",
            "kernel": os.uname().release, "qemu": f"{number} ({qemu['package']})"}
