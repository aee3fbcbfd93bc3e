# SPDX-License-Identifier: GPL-2.0-only
"""KVM guests, by the machine's `guest` command; a VF in one."""

import json
import shlex
import socket

from net.lib.py import KsftFailEx
from .base import load_module, read_file, require_command, sh
from .station import Station

STATE = "/run/kawela/guest"


class Qmp:
    """The monitor of a guest's QEMU; it has one user at a time."""

    def __init__(self, guest):
        self._sock = socket.socket(socket.AF_UNIX)
        self._sock.settimeout(120)
        self._sock.connect(f"{STATE}/{guest}/qmp")
        self._file = self._sock.makefile("rw")
        self._events = []
        self.run("qmp_capabilities")

    def _next(self):
        line = self._file.readline()
        if not line:
            raise KsftFailEx("the guest's QEMU has ended")
        return json.loads(line)

    def ask(self, command, **arguments):
        """The whole answer; events that come before it are kept."""
        self._file.write(json.dumps({"execute": command, "arguments": arguments, "id": 1}))
        self._file.flush()
        while "id" not in (reply := self._next()):
            self._events.append(reply)
        return reply

    def run(self, command, **arguments):
        reply = self.ask(command, **arguments)
        if "error" in reply:
            raise KsftFailEx(f"QMP {command}: {reply['error']['desc']}")
        return reply["return"]

    def wait(self, event, **data):
        """Take the first event of this name with these data, and forget those before it."""
        while True:
            found = self._events.pop(0) if self._events else self._next()
            if found.get("event") == event and \
                    data.items() <= found.get("data", {}).items():
                return found

    def close(self):
        self._file.close()
        self._sock.close()


class KvmGuest(Station):
    """A guest; its station is a netdev in it."""

    def __init__(self, env, name, number):
        require_command("guest")
        super().__init__(name, number, "")
        self._guest = name
        self._qmp = None
        self.running = False
        # a VF that a guest has cannot go before the guest
        env.add_cleanup(self.kill)

    def start(self, options=""):
        """Boot it, with options of `guest start`."""
        load_module("vfio-pci")
        sh(f"guest start {self._guest} {options}", timeout=600)
        self.running = True
        return self

    @property
    def cid(self):
        """Its address for vsock."""
        return int(read_file(f"{STATE}/{self._guest}/cid"))

    @property
    def qmp(self):
        if not self._qmp:
            self._qmp = Qmp(self._guest)
        return self._qmp

    def sh(self, line, **options):
        return sh(f"guest exec {self._guest} {shlex.quote(line)}", **options)

    def ip(self, arguments, **options):
        return self.sh("ip " + arguments, **options)

    def bridge(self, arguments, **options):
        return self.sh("bridge " + arguments, **options)

    def link(self, dev=None):
        return json.loads(self.ip(f"-j -s -d link show dev {dev or self.dev}").stdout)[0]

    def socket(self, *args, **options):
        raise NotImplementedError("sockets of a guest are out of reach")

    def _end(self, verb):
        if self._qmp:
            self._qmp.close()
            self._qmp = None
        if self.running:
            sh(f"guest {verb} {self._guest}", timeout=300)
            self.running = False

    def kill(self):
        self._end("kill")

    def stop(self):
        self._end("stop")


class VfGuest(KvmGuest):
    """A guest with one VF passed through, or none, and its driver's netdev as station."""

    def __init__(self, env, name, number, vf=None):
        super().__init__(env, name, number)
        self._vf = vf

    def start(self, options=""):
        """Boot it; the VF is QEMU's device vf0."""
        return super().start(f"--vfio {self._vf} {options}" if self._vf else options)

    def load(self, driver="kawela_vf"):
        """Load the driver and bring its netdev up."""
        self.sh("modprobe " + driver)
        self.dev = self.sh(
            "for i in $(seq 600); do for d in /sys/class/net/*/device; do "
            "n=${d%/device}; [ -e $d/driver ] && "
            f"[ $(basename $(realpath $d/driver)) = {driver} ] && "
            "echo ${n##*/} && exit; done; sleep 0.1; done; exit 1"
        ).stdout.strip()
        return self.up()
