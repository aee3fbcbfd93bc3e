# SPDX-License-Identifier: GPL-2.0-only
"""All that an administrator can want of the switch: set, and looked at."""

from net.lib.py import defer, ksft_eq
from .base import wait_for
from .bridge import hwmode, set_hwmode
from .devlink import Devlink
from .env import vf_mac

WANTED_MAC = "02:00:00:00:0d:01"
RULE_MAC = "02:00:00:00:0d:02"
VF_WORDS = (f"mac {WANTED_MAC}", "vlan 7 qos 3", "max_tx_rate 250", "spoofchk off", "trust on",
            "state disable")
VF_SET = {"address": WANTED_MAC, "vlan_list": [{"vlan": 7, "qos": 3}],
          "rate": {"max_tx": 250, "min_tx": 0}, "spoofchk": False, "trust": True,
          "link_state": "disable"}
VF_UNDO = ("mac 00:00:00:00:00:00", "vlan 0", "max_tx_rate 0", "spoofchk on", "trust off",
           "state auto")


def vf_shown(env, number=0):
    """What ip link set can change of a VF."""
    config = env.vf_config(number)
    return {key: config.get(key) for key in VF_SET}


def set_vf_words(env, words=VF_WORDS):
    for word in words:
        env.set_vf(0, word)


def want_vf(env):
    """VF 0 as VF_SET says, until the case ends."""
    defer(set_vf_words, env, (f"mac {vf_mac(0)}", *VF_UNDO[1:]))
    set_vf_words(env)


def want_others(env):
    """A receive filter of VF 1, VEPA, and an active VPort of the PF, until the case ends."""
    rule = f"flow-type ether dst {RULE_MAC} vf 1 loc 9"
    env.pf.ethtool(f"-N {env.pf.dev} {rule}")
    defer(env.pf.ethtool, f"-N {env.pf.dev} delete 9")
    set_hwmode(env, "vepa")
    defer(set_hwmode, env, "veb")
    Devlink(env.pci).vport(1)


def _shown(env):
    regs = env.regs
    return {"VFs": [vf_shown(env, number) for number in range(env.num_vfs())],
            "rules": env.pf.ethtool("-n " + env.pf.dev).stdout,
            "hwmode": hwmode(env),
            "ports": Devlink(env.pci).ports(),
            "addresses": regs.rars(), "VLANs": regs.vlans(),
            "tag": regs.inserted_tag(0), "spoof checks": regs.spoof_checks(),
            "loopback": regs.loopback(), "gates": regs.gates()}


class Wanted:
    """What all interfaces and the registers say now, to be compared with later."""

    def __init__(self, env):
        self._env = env
        self._then = _shown(env)

    def holds(self, when):
        """VFs take a while to connect again; then all must be as it was."""
        self._env.vf[1].wait_carrier()
        try:
            wait_for(lambda: _shown(self._env) == self._then, "all to be as before", 30)
        finally:
            now = _shown(self._env)
            for what, then in self._then.items():
                ksft_eq(now[what], then, f"{what}, {when}")
