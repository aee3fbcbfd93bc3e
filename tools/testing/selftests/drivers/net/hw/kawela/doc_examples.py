#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""The commands in the documents do what the documents show, word for word and in order.

The documents name netdevs and VFs; a host that has them is what is set up here.
"""

import re

from lib.py import (KSFT_DIR, KsftFailEx, KsftSkipEx, examples, find_vf, kawela_run, ksft_pr,
                    load_module, sh)

DOCUMENTATION = KSFT_DIR.parents[2] / "Documentation/networking"


class Host:
    """The PF is eth1. What documents make stays until the next one begins."""

    def __init__(self, vfs, *netdevs):
        self._vfs, self._netdevs = vfs, netdevs

    def begin(self, env):
        env.clean()
        env.load()
        env.add_wire()
        if env.pf.dev != "eth1":
            sh(f"ip link set dev {env.pf.dev} name eth1")
            env.pf.dev = "eth1"
        for dev, kind in self._netdevs:
            env.add_cleanup(lambda name=dev: sh(f"ip link del {name}", fail=False))
            if kind:
                sh(f"ip link add {dev} type {kind}")
        if self._vfs:
            env.create_vfs(self._vfs)

    @staticmethod
    def guest(env):
        """VF 0 where its user has it: the only netdev, eth0, of a machine of its own."""
        if not env.vf:
            env.vf_pci = [find_vf(env.pci, number) for number in range(env.num_vfs())]
            load_module(env.vf_driver)
            station = env.bind_vf(0)
            station.ip(f"link set dev {station.dev} name eth0")
            station.dev = "eth0"
        return env.vf[0]

    def run(self, env, command):
        where = self.guest(env).sh if command.prompt == "guest$ " else sh
        done = where(command.line, fail=False)
        ksft_pr(command.prompt + command.line)
        command.check(done.ret, done.text)


# The documents in their order, each with the host that it presumes: number of VFs, other
# netdevs with their kind, and those that the commands make.
HOSTS = (
    ("device_drivers/ethernet/intel/kawela.rst",
     Host(0, ("tap0", "dummy"), ("br0", None))),
    ("device_drivers/ethernet/intel/kawela-failover.rst",
     Host(0, ("tap0", None), ("br0", None))),
    ("devlink/kawela.rst",
     Host(2, ("eth0", "dummy"), ("eth2", "dummy"), ("mv1", None))),
)


def case(name, host, example, first):
    """The test case of one literal block."""
    def run(env):
        if first:
            host.begin(env)
        if example.reason:
            raise KsftSkipEx(example.reason)
        if not example.commands:
            raise KsftFailEx(f"the block in line {example.line} of {name} has neither a command "
                             "nor a '.. not run:' before it")
        for command in example.commands:
            host.run(env, command)
    section = re.sub(r"\W+", "_", example.section.lower()).strip("_")
    run.__name__ = f"{name.replace('/', '_')}:{example.line}_{section}"
    return run


def cases():
    found = []
    for path, host in HOSTS:
        if not (DOCUMENTATION / path).exists():
            raise KsftSkipEx(f"the document {path} is not in this tree")
        blocks = examples(DOCUMENTATION / path)
        found += [case(path, host, block, not number) for number, block in enumerate(blocks)]
    return found


if __name__ == "__main__":
    kawela_run(cases(), vfs=0, macs=False)
