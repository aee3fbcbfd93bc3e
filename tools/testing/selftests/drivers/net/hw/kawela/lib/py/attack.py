# SPDX-License-Identifier: GPL-2.0-only
"""An attack by one VF, and the rest of the host during it."""

from net.lib.py import defer, ksft_eq, ksft_ge, ksft_true
from .base import wait_for
from .mailbox import Guest
from .traffic import Flow, both_ways

HOSTILE = 1
LOG_LINES = 20          # what a guest may make the host say in one case


class Watch:
    """The rest of the host during an attack."""

    def __init__(self, env):
        self.env = env
        self.vid = 50

    def __enter__(self):
        self.lines = len(self.env.log.lines())
        self.rars = self.others()
        self.changes = self.env.carrier_changes()
        self.flow = Flow(self.env.vf[0], self.env.wire)
        self.flow.flows(5)
        return self

    def others(self):
        """Addresses that are not the hostile VF's."""
        return {mac: pools for mac, pools in self.env.regs.rars().items()
                if pools != {HOSTILE}}

    def served(self):
        """The other VF's mailbox and traffic work now."""
        self.env.vf[0].vlan(self.vid)
        wait_for(lambda: self.vid in self.env.regs.pool_vlans(0),
                 "the other VF's request to be served")
        self.env.vf[0].vlan_del(self.vid)
        wait_for(lambda: self.vid not in self.env.regs.pool_vlans(0),
                 "the other VF's request to be served")
        self.vid += 1
        self.flow.flows(5)

    def __exit__(self, kind, *exc):
        try:
            if not kind:
                self.served()
        finally:
            self.flow.stop()
        said = self.env.log.lines()[self.lines:]
        ksft_ge(LOG_LINES, len(said), "lines in the log: " + "; ".join(said[:3]))
        ksft_eq(self.others(), self.rars, "addresses of the others")
        ksft_eq(self.env.carrier_changes(), self.changes, "carrier changes of the PF")
        both_ways(self.env.vf[0], self.env.pf)


def hostile(env):
    """The VF without its driver, connected to the PF."""
    if env.vf_pci[HOSTILE].driver:
        env.vf_pci[HOSTILE].unbind()
    guest = Guest(env.vf_pci[HOSTILE])
    defer(guest.__exit__)
    ksft_true(guest.connect(), "the PF answers")
    return guest
