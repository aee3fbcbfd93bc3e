# SPDX-License-Identifier: GPL-2.0-only
"""All that an administrator can want of the switch: set, and looked at."""

from net.lib.py import defer, ksft_eq
from .base import wait_for
from .bridge import hwmode, set_hwmode
from .devlink import Devlink
from .env import vf_mac

WANTED_MAC = "02:00:00:00:0d:01"
RULE_MAC = "02:00:00:00:0d:02"
LIVE_MAC = "02:00:00:00:0d:03"
VF_WORDS = (f"mac {WANTED_MAC}", "vlan 7 qos 3", "max_tx_rate 250", "spoofchk off", "trust on",
            "state disable")
VF_SET = {"address": WANTED_MAC, "vlan_list": [{"vlan": 7, "qos": 3}],
          "rate": {"max_tx": 250, "min_tx": 0}, "spoofchk": False, "trust": True,
          "link_state": "disable"}
VF_UNDO = ("mac 00:00:00:00:00:00", "vlan 0", "max_tx_rate 0", "spoofchk on", "trust off",
           "state auto")
LIVE_TAG = 3 << 13 | 7


def vf_shown(env, number=0):
    """What ip link set can change of a VF."""
    config = env.vf_config(number)
    return {key: config.get(key) for key in VF_SET}


def set_vf_words(env, words=VF_WORDS, number=0):
    for word in words:
        env.set_vf(number, word)


def _live_again(env, mac):
    """VF 1 runs with an address, if it is to have that one."""
    if mac.strip("0:"):
        wait_for(lambda: env.vf[1].mac == mac, "VF 1 to take its address")
    env.vf[1].wait_carrier()
    wait_for(lambda: 1 in env.regs.gates()[0], "VF 1 to be served")


def _undo_live(env, mac):
    set_vf_words(env, (f"mac {mac}", *VF_UNDO[1:-1]), 1)
    _live_again(env, mac)


def want_live_vf(env):
    """VF 1 as VF_SET says, but running, until the case ends."""
    defer(_undo_live, env, vf_shown(env, 1)["address"])
    set_vf_words(env, (f"mac {LIVE_MAC}", *VF_WORDS[1:-1]), 1)
    _live_again(env, LIVE_MAC)
    ksft_eq(env.regs.inserted_tag(1), LIVE_TAG, "the tag of VF 1")
    ksft_eq([1 in pools for pools in env.regs.spoof_checks()], [False, False],
            "source checks of VF 1")


def want_vf(env):
    """VF 0 as VF_SET says, until the case ends."""
    defer(set_vf_words, env, (f"mac {vf_mac(0)}", *VF_UNDO[1:]))
    set_vf_words(env)


def want_others(env):
    """VF 1 with all that can be said of it, and a receive filter; VEPA, and an active VPort of
    the PF; until the case ends."""
    want_live_vf(env)
    rule = f"flow-type ether dst {RULE_MAC} vlan 7 vf 1 loc 9"
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
            "tags": [regs.inserted_tag(number) for number in range(2)],
            "spoof checks": regs.spoof_checks(),
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
