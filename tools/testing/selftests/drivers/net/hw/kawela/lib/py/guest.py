# SPDX-License-Identifier: GPL-2.0-only
"""A VF in a KVM guest, by the machine's `guest` command."""

import json
import shlex

from .base import load_module, require_command, sh
from .station import Station


class VfGuest(Station):
    """A guest with one VF passed through, and its VF driver's netdev as station."""

    def __init__(self, env, name, number, vf):
        require_command("guest")
        super().__init__(name, number, "")
        self._guest, self._vf = name, vf
        self.running = False
        # a VF that a guest has cannot go before the guest
        env.add_cleanup(self.kill)

    def start(self, qemu=""):
        """Boot it; the VF is QEMU's device vf0."""
        load_module("vfio-pci")
        sh(f"guest start {self._guest} --vfio {self._vf} {qemu}", timeout=600)
        self.running = True
        return self

    def sh(self, line, **options):
        return sh(f"guest exec {self._guest} {shlex.quote(line)}", **options)

    def ip(self, arguments, **options):
        return self.sh("ip " + arguments, **options)

    def bridge(self, arguments, **options):
        return self.sh("bridge " + arguments, **options)

    def load(self, driver="kawela_vf"):
        """Load the VF driver and bring its netdev up."""
        self.sh("modprobe " + driver)
        self.dev = self.sh(
            "for i in $(seq 600); do for d in /sys/class/net/*/device; do "
            "n=${d%/device}; [ -e $d/driver ] && "
            f"[ $(basename $(realpath $d/driver)) = {driver} ] && "
            "echo ${n##*/} && exit; done; sleep 0.1; done; exit 1"
        ).stdout.strip()
        return self.up()

    def link(self, dev=None):
        return json.loads(self.ip(f"-j -s -d link show dev {dev or self.dev}").stdout)[0]

    def socket(self, *args, **options):
        raise NotImplementedError("sockets of a guest are out of reach")

    def kill(self):
        if self.running:
            sh("guest kill " + self._guest)
            self.running = False

    def stop(self):
        if self.running:
            sh("guest stop " + self._guest, timeout=300)
            self.running = False
