# SPDX-License-Identifier: GPL-2.0-only
"""A second NIC of the host (the machine's option --dual), on the same wire."""

from .base import load_module, sh
from .pci import SwitchRegs, find_pf, find_vf
from .station import Station


CARD_MAC = "02:00:00:00:02:01"       # of its VF


class Card:
    """Its PF, with the drivers of the environment, and a VF as station; both go before the
    environment's."""

    def __init__(self, env):
        self.pci = find_pf(1)
        self.regs = SwitchRegs(self.pci)
        self.pf = Station("pf+1", 3, "")
        self.vf = Station("vf+1", 20, "kw-vf+1")
        env.add_cleanup(self.remove)
        self.pci.bind(env.pf_driver)
        self.pci.set("sriov_drivers_autoprobe", "0")
        self.pf.adopt(self.pci.netdev()).up()
        self._add_vf(env.vf_driver)

    def _add_vf(self, driver):
        load_module(driver)
        self.pci.set("sriov_numvfs", 1)
        sh(f"ip link set dev {self.pf.dev} vf 0 mac {CARD_MAC}")
        vf = find_vf(self.pci, 0)
        vf.bind(driver)
        sh("ip netns add " + self.vf.ns)
        self.vf.adopt(vf.netdev()).up()

    def remove(self):
        if self.pci.driver:
            self.pci.set("sriov_numvfs", 0)
        self.pci.unbind()
        self.pci.reserve("")


def set_link(number, up):
    """The link of the machine's first or second NIC."""
    sh(f"qmp set_link name=pf{number} up={'true' if up else 'false'}")
