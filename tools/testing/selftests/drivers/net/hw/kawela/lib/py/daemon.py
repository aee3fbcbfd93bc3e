# SPDX-License-Identifier: GPL-2.0-only
"""Daemons of a host, which this machine has none of: udev, networkd, libvirt."""

import os
import shlex
import subprocess
import tempfile

from .base import require_command, sh, wait_for
from .guest import VfGuest

NETWORK = "/run/systemd/network"
UDEVD = "/lib/systemd/systemd-udevd"
NETWORKD = "/lib/systemd/systemd-networkd"
POOL = "kawela"


def place(env, path, text):
    """A file, until the environment ends; then what was there before."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    old = None
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            old = file.read()
    env.add_cleanup(lambda: _put(path, old))
    _put(path, text)


def _put(path, text):
    if text is None:
        os.unlink(path)
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Daemon:
    """A program in the background, until the environment ends or stop()."""

    def __init__(self, env, line, **variables):
        require_command(shlex.split(line)[0])
        self._log = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            shlex.split(line), stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=subprocess.STDOUT, env={**os.environ, **variables})
        env.add_cleanup(self.stop)

    def said(self):
        self._log.flush()
        return os.pread(self._log.fileno(), 1 << 24, 0).decode(errors="replace")

    def stop(self):
        self._process.terminate()
        self._process.wait(60)


def start_udevd(env):
    """udev, which leaves the names of our netdevs alone."""
    place(env, NETWORK + "/20-names.link",
          "[Match]\nDriver=kawela_pf kawela_vf\n[Link]\nNamePolicy=keep\nMACAddressPolicy=none\n")
    Daemon(env, UDEVD)
    wait_for(lambda: not sh("udevadm control --ping", fail=False).ret, "udev")


def start_networkd(env):
    """Its debug messages tell how far it is with a netdev."""
    return Daemon(env, NETWORKD, SYSTEMD_LOG_LEVEL="debug")


def virsh(line, **options):
    return sh("virsh -q -c qemu:///system " + line, **options)


def start_libvirtd(env):
    """QEMU runs as root, without a label of its own, as the image has no other."""
    place(env, "/etc/libvirt/qemu.conf",
          'user = "root"\ngroup = "root"\nsecurity_driver = "none"\ncgroup_controllers = []\n'
          'namespaces = []\nremember_owner = 0\nstdio_handler = "file"\n')
    Daemon(env, "libvirtd")
    wait_for(lambda: not virsh("version", fail=False).ret, "libvirtd")


def virsh_file(line, xml, **options):
    """A virsh command with a file, where {} is."""
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(xml)
        file.flush()
        return virsh(line.format(file.name), **options)


def make_pool(env):
    """A network of libvirt's that is the PF's VFs."""
    virsh_file("net-create {}", f"""
        <network>
          <name>{POOL}</name>
          <forward mode='hostdev' managed='yes'><pf dev='{env.pf.dev}'/></forward>
        </network>""")
    env.add_cleanup(lambda: virsh("net-destroy " + POOL))


def pool_interface(mac, more=""):
    """A guest's interface from the pool."""
    return (f"<interface type='network'><mac address='{mac}'/><source network='{POOL}'/>"
            f"{more}</interface>")


class Domain(VfGuest):
    """A guest that libvirt runs, with these devices; which VF it has is libvirt's choice."""

    def __init__(self, env, name, number, devices):
        super().__init__(env, name, number, None)
        self._devices = devices

    def create(self, mem=64, options="--paused", **how):
        """QEMU runs, with the VF; paused, its guest does not."""
        self.running = True
        xml = sh(f"guest domain {self._guest} --mem {mem} --xml \"{self._devices}\"").stdout
        return virsh_file(f"create {{}} {options}", xml, timeout=300, **how)

    def start(self, qemu=""):
        """Boot it."""
        self.create(384, qemu)
        wait_for(lambda: not self.sh("true", fail=False).ret, f"{self} to boot")
        return self

    def plug(self, xml):
        virsh_file(f"attach-device {self._guest} {{}} --live", xml)

    def unplug_alias(self, alias):
        """Ask for it; the guest takes its time."""
        virsh(f"detach-device-alias {self._guest} {alias} --live")

    def unplug(self, xml):
        virsh_file(f"detach-device {self._guest} {{}} --live", xml)

    def netdev(self, mac, driver):
        """Wait for a netdev with an address and a driver."""
        return wait_for(lambda: self.sh(
            f"cd /sys/class/net; for n in $(grep -l {mac} */address); do n=${{n%/*}}; "
            f"d=$(readlink $n/device/driver); [ \"${{d##*/}}\" != {driver} ] || echo $n; done",
            fail=False).stdout.strip(), f"a netdev of {driver} in {self}")

    def team(self):
        """Wait for the netdev that has others below."""
        found = wait_for(lambda: self.sh("ls -d /sys/class/net/*/lower_*", fail=False).stdout,
                         f"a team in {self}")
        return found.split("/")[4]

    def kill(self):
        if self.running:
            virsh("destroy " + self._guest, fail=False, timeout=300)
        super().kill()
