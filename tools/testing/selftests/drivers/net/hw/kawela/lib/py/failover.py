# SPDX-License-Identifier: GPL-2.0-only
"""A KVM guest with two ways to the network: virtio-net with failover=on, on a tap in the bridge
of the PF's netdev, and, plugged and unplugged, a VF of the same address. Works with any pair of a
PF and a VF driver.
"""

from net.lib.py import KsftFailEx
from .base import load_module, sh, wait_for
from .guest import KvmGuest
from .traffic import ping

STANDBY, PRIMARY, SLOT = "standby", "primary", "rp1"
# how many packets of a known number may be somebody else's
STRAY = 4


def failover_mac(number):
    return f"02:00:00:00:04:{number:02x}"


class FailoverGuest(KvmGuest):
    """Its station is the netdev upon both, made by the guest's net_failover."""

    def __init__(self, env, bridge, name, number, mac=None):
        super().__init__(env, name, number)
        self._env = env
        self._mac = mac or failover_mac(number)
        self.vf = None
        self.tap = f"kw-t{number}"
        load_module("vhost_net")
        sh(f"ip tuntap add dev {self.tap} mode tap")
        env.add_cleanup(lambda: sh(f"ip link del {self.tap}", fail=False))
        # what the host itself says on it would count
        sh(f"echo 1 >/proc/sys/net/ipv6/conf/{self.tap}/disable_ipv6")
        bridge.add(self.tap)
        sh(f"ip link set dev {self.tap} up")

    @property
    def mac(self):
        return self._mac

    def start(self, options="", vf=None):
        """Boot it. A VF that is given is there from when the guest's virtio_net asks for it.
        Options are QEMU's."""
        primary = ""
        if vf is not None:
            self._own(vf)
            words = [f"{key}={value}" for key, value in self._primary(vf).items()]
            primary = "-device " + ",".join(words).replace("driver=", "", 1)
        return super().start(
            f"-- -device pcie-root-port,id={SLOT},chassis=1,slot=1 "
            f"-netdev tap,id=tap,ifname={self.tap},script=no,downscript=no,vhost=on "
            f"-device virtio-net-pci,id={STANDBY},netdev=tap,mac={self.mac},failover=on,"
            f"romfile= {primary} {options}")

    def load(self, driver="kawela_vf"):
        """Load the drivers of both adapters and bring the netdev upon them up."""
        self.sh(f"modprobe {driver} && modprobe virtio_net")
        self.dev = self.sh(
            "for i in $(seq 600); do for d in /sys/class/net/*/lower_*; do "
            "[ -e $d ] && n=${d%/lower_*} && echo ${n##*/} && exit; done; sleep 0.1; done; exit 1"
        ).stdout.strip()
        return self.up()

    # the VF

    def _own(self, vf):
        """The VF is this guest's: its address, and vfio-pci for its driver."""
        load_module("vfio-pci")
        self._env.set_vf_mac(vf, self.mac)
        self._env.vf_pci[vf].bind("vfio-pci")
        self.vf = vf

    def _primary(self, vf):
        return {"driver": "vfio-pci", "host": self._env.vf_pci[vf].bdf, "id": PRIMARY,
                "bus": SLOT, "failover_pair_id": STANDBY}

    def plug(self, vf):
        """Plug the VF. When this returns QEMU has it; its driver may not yet be ready."""
        self._own(vf)
        self.qmp.run("device_add", **self._primary(vf))

    def unplug(self):
        """Ask the guest for the VF and wait until it has given it back. Returns the VF."""
        self.qmp.run("device_del", id=PRIMARY)
        self.qmp.wait("DEVICE_DELETED", device=PRIMARY)
        vf, self.vf = self.vf, None
        return vf

    def wait_vf(self):
        """Until the guest has its VF ready."""
        wait_for(lambda: self.primary_carrier(), f"{self} to use VF {self.vf}")

    def primary_carrier(self):
        """Whether the guest has a netdev with a carrier for its VF."""
        return not self.sh(
            f"cd /sys/class/net/{self.dev} && for d in lower_*; do "
            "case $(readlink -f $d/device/driver) in */virtio_net) ;; "
            "*) grep -q 1 $d/carrier && exit 0 ;; esac; done; exit 1", fail=False).ret

    def lost_vf(self):
        """The host has taken the VF away; wait until QEMU has let go of it."""
        self.qmp.wait("DEVICE_DELETED", device=PRIMARY)
        self.vf = None

    # which way the traffic takes

    def _packets(self):
        """{way: (packets from the guest, packets to the guest)}, counted on the host."""
        with open("/proc/net/dev", encoding="ascii") as file:
            words = next(line for line in file if self.tap + ":" in line).split()
        vf_rx, vf_tx = (0, 0) if self.vf is None else self._env.regs.pool_packets(self.vf)
        return {"tap": (int(words[2]), int(words[10])), "vf": (vf_tx, vf_rx)}

    def path(self, peer, count=10):
        """"tap" or "vf": the way of pings from a peer and of their answers. What the guest gets
        on the tap besides, while it has the VF, is not looked at: a PF in a bridge hears what VFs
        send to the wire, and the bridge may pass it on."""
        before = self._packets()
        ping(peer, self, count=count)
        after = self._packets()
        sent, got = ({way: after[way][i] - before[way][i] for way in before} for i in (0, 1))
        for way, other in (("tap", "vf"), ("vf", "tap")):
            if min(sent[way], got[way]) >= count and sent[other] <= STRAY and \
                    (way == "vf" or got[other] <= STRAY):
                return way
        raise KsftFailEx(f"{count} pings {peer} -> {self}: guest sent {sent}, was sent {got}")
