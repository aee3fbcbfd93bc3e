#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --backports
"""In which order a VF comes and goes: filters to the default VPort first, then the VPort, then the
function, then the pool; and the filters back last. Seen in the tracepoints of both drivers."""

from lib.py import (BLOCK_INVALID, PF_CONTROL, Flow, Guest, Trace, defer, kawela_run, ksft_eq,
                    ksft_in, ksft_true, sh, steady, vf_mac, wait_for)

HOME = "filters are the default VPort's, pool closed"
READY = "filters are the VPort's, pool open"
DELETED = "VPort deleted"
RESET = "VF reset"
FREE = "pool free"
VID = 42


class Steps(Trace):
    """The steps of one pool while this is open."""

    def __init__(self, pool):
        super().__init__("kawela_pf", "vport")
        self._mark = f" pool {pool}: "

    def seen(self):
        return [line.split(self._mark)[1] for line in self.lines(self._mark)]


@steady
def bring_up(env):
    """The filters are the last thing that a VF gets: a driver that only asks for its address has
    none, and one that receives has them before its carrier."""
    env.vf_pci[0].unbind()
    with Steps(0) as steps:
        env.bind_vf(0, up=False)
        wait_for(lambda: HOME in steps.seen(), "the end of its first session")
        before = len(steps.seen())
        ksft_eq(set(steps.seen()), {HOME})
        ksft_eq(env.regs.rars()[vf_mac(0)], {7})
        env.vf[0].up()
        ksft_eq(steps.seen()[before:], [READY])
        ksft_eq(env.regs.rars()[vf_mac(0)], {0})


@steady
def unbound(env):
    """Without its driver."""
    with Steps(0) as steps:
        env.vf_pci[0].unbind()
        wait_for(lambda: HOME in steps.seen(), "the filters")
        ksft_eq(set(steps.seen()), {HOME})
        ksft_eq(env.regs.rars()[vf_mac(0)], {7})
    env.bind_vf(0)


@steady
def stopped(env):
    """Its netdev taken down; the administrator's VLAN goes where the address goes, and back."""
    env.set_vf(0, f"vlan {VID}")
    defer(env.set_vf, 0, "vlan 0")
    with Steps(0) as steps:
        env.vf[0].down()
        wait_for(lambda: HOME in steps.seen(), "the filters")
        ksft_eq(env.regs.rars()[vf_mac(0)], {7})
        ksft_eq(env.regs.vlans()[VID], {7})
        before = len(steps.seen())
        env.vf[0].up()
        ksft_eq(steps.seen()[before:], [READY])
        ksft_eq(env.regs.rars()[vf_mac(0)], {0})
        ksft_eq(env.regs.vlans()[VID], {0})


@steady
def function_reset(env):
    """Reset by the host, as a guest that is killed is."""
    env.vf_pci[0].unbind()
    env.bind_vf(0)
    with Steps(0) as steps:
        env.vf_pci[0].reset()
        wait_for(lambda: HOME in steps.seen(), "the filters")
    env.vf[0].wait_carrier()


@steady
def link_disabled(env):
    """Out of service, by the administrator."""
    defer(env.set_vf, 0, "state auto")
    with Steps(0) as steps:
        env.set_vf(0, "state disable")
        ksft_eq(steps.seen()[:1], [HOME])
        ksft_eq(env.regs.rars()[vf_mac(0)], {7})
        env.set_vf(0, "state auto")
        env.vf[0].wait_carrier()
        ksft_eq(steps.seen()[-1], READY)


@steady
def vport_deleted(env):
    """Its VPort deleted, and added again."""
    port = f"pci/{env.pci}/1"
    with Steps(0) as steps:
        sh(f"devlink port del {port}")
        ksft_eq(steps.seen()[:3], [HOME, DELETED, RESET])
        ksft_eq(env.regs.rars()[vf_mac(0)], {7})
        sh(f"devlink port add {port} flavour pcivf pfnum 0")
        env.vf[0].wait_carrier()
        ksft_eq(steps.seen()[-1], READY)


@steady
def silent(env):
    """Its guest does not run any more, and nobody says so; then it goes on."""
    env.vf_pci[0].unbind()
    with Guest(env.vf_pci[0]) as guest, Steps(0) as steps:
        ksft_true(guest.offer())
        ksft_true(guest.accepted([BLOCK_INVALID] + [0] * 15))
        ksft_eq(env.regs.rars()[vf_mac(0)], {0})
        before = len(steps.seen())
        wait_for(lambda: HOME in steps.seen()[before:], "the filters", deadline=60)
        ksft_eq(env.regs.rars()[vf_mac(0)], {7})
        ksft_eq(env.pf.ethtool_stats()["vf0_mbx_silent"], 1)
        ksft_eq(guest.load(1), [PF_CONTROL], "no CTS in the word that waits for it")
    env.bind_vf(0)
    ksft_eq(env.regs.rars()[vf_mac(0)], {0})


@steady
def idle(env):
    """A driver that has nothing to ask for is there all the same."""
    before = env.pf.ethtool_stats()["vf1_mbx_acks"]
    wait_for(lambda: env.pf.ethtool_stats()["vf1_mbx_acks"] >= before + 2,
             "the VF to be rung twice", deadline=60)
    ksft_eq(env.pf.ethtool_stats()["vf1_mbx_silent"], 0)


@steady
def all_vfs_gone(env):
    """sriov_numvfs 0 under traffic: in this order for each of them, whoever has them."""
    env.set_num_vfs(0)
    env.make_vfs(2)
    with Steps(1) as steps, Flow(env.vf[1], env.wire) as flow:
        flow.flows()
        env.remove_vfs()
        seen = steps.seen()
    order = [seen.index(step) for step in (HOME, DELETED, RESET, FREE)]
    ksft_eq(order, sorted(order), "; ".join(seen))
    ksft_in(FREE, seen[-1])
    ksft_true(vf_mac(1) not in env.regs.rars())


if __name__ == "__main__":
    kawela_run([bring_up, unbound, stopped, function_reset, link_disabled, vport_deleted, silent,
                idle, all_vfs_gone])
