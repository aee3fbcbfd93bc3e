#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400 --not-on-debug
"""Config blocks that come from a Hyper-V host, which a test module plays: a VF
uses them when they are ours, takes the mailbox otherwise, and keeps its traffic
whatever the host does. The debug kernel has no pci-hyperv-intf.
"""

import threading

from lib.py import (Flow, Provider, Trace, all_ping, kawela_run, ksft_eq, ksft_ge,
                    ksft_true, unload_modules, wait_for)

BLOCK_MTU = 4
STORM = 3000        # tasklets


def name_of(env, number):
    return env.vf_pci[number].bdf


def way(env, trace, number):
    """What a VF's blocks travel over, as far as the trace knows."""
    return trace.lines(name_of(env, number), "blocks over")[-1].split()[-1]


def connect(env, trace, number):
    """Have a VF connect; what it chose."""
    chosen = len(trace.lines(name_of(env, number), "blocks over"))
    env.vf_pci[number].reset()
    trace.wait(name_of(env, number), "blocks over", more_than=chosen)
    env.vf[number].wait_carrier()
    return way(env, trace, number)


def trace_transports():
    return Trace("kawela_mbx", "transport", "block")


def used(env):
    """Each VF asks the provider when it connects, and listens to it."""
    with trace_transports() as trace:
        ksft_eq(connect(env, trace, 0), "mailbox", "without a provider")
        provider = Provider()
        ksft_eq(provider.get("listeners"), 0)
        for number in range(2):
            ksft_eq(connect(env, trace, number), "hyperv")
        ksft_eq(provider.get("listeners"), 2)
        ksft_ge(provider.get("reads"), 2)
        told = provider.get("told")
        provider.set("invalidate", "0xffffffffffffffff")
        wait_for(lambda: provider.get("told") == told + 2, "both VFs to be told")
        env.vf_pci[1].unbind()
        ksft_eq(provider.get("listeners"), 1)
        env.bind_vf(1)
        wait_for(lambda: provider.get("listeners") == 2, "the VF to listen again")
        all_ping(env.stations)


def faults(env):
    """A provider that gives no IDENTITY of ours is none, until it does."""
    provider = Provider()
    with trace_transports() as trace:
        for mode, probe in (("foreign", "16 bytes: 0"), ("short", "1 bytes: 0"),
                            ("long", "0 bytes: -5"), ("zero", "0 bytes: -5"),
                            ("error", "0 bytes: -5")):
            ksft_eq(connect(env, trace, 0), "hyperv")
            trace.clear()
            provider.set_mode(mode)
            ksft_eq(connect(env, trace, 0), "mailbox", mode)
            ksft_ge(len(trace.lines(name_of(env, 0), "hyperv probe", probe)), 1, mode)
            wait_for(lambda: provider.get("listeners") == 0, "the VF to listen no more")
            all_ping(env.stations)
            provider.set_mode("ok")


def faults_in_session(env):
    """What a provider says in the middle of a session ends neither it nor the traffic."""
    provider = Provider()
    with trace_transports() as trace, Flow(env.vf[0], env.wire) as flow:
        ksft_eq(connect(env, trace, 0), "hyperv")
        for mode in ("short", "long", "zero", "error", "slow", "ok"):
            provider.set_mode(mode)
            provider.set("invalidate", "0x3fe")
            flow.flows(50)
            ksft_true(env.vf[0].carrier(), f"the carrier in mode {mode}")
        ksft_eq(way(env, trace, 0), "hyperv")
    all_ping(env.stations)


def asked_again(env):
    """A block that was not given when it changed is asked for again; that ends no session."""
    provider = Provider()
    vf = env.vf[0]
    with trace_transports() as trace:
        ksft_eq(connect(env, trace, 0), "hyperv")
    sessions = vf.ethtool_stats()["session_connects"]
    for mode, mtu in (("error", 3000), ("timeout", 2000)):
        provider.set_mode(mode)
        provider.set("host_frame", str(mtu + 22))
        reads = provider.get("reads")
        provider.set("invalidate", hex(1 << BLOCK_MTU))
        wait_for(lambda before=reads: provider.get("reads") > before, "the VF to ask")
        ksft_true(vf.link()["mtu"] != mtu, "nothing was said")
        provider.set_mode("ok")
        wait_for(lambda want=mtu: vf.link()["mtu"] == want, f"the MTU after {mode}")
    ksft_eq(vf.ethtool_stats()["session_connects"], sessions)
    all_ping(env.stations)


def one_tag(env):
    """Of a host that grants one VLAN tag beside the MTU a VF asks for no second one."""
    provider = Provider()
    with trace_transports() as trace:
        for most, asked in ((1522, 1522), (9728, 1526)):
            provider.set("max_frame", str(most))
            ksft_eq(connect(env, trace, 0), "hyperv")
            wait_for(lambda want=asked: env.regs.vmolr(0) & env.regs.VMOLR_RLPML == want,
                     f"the VF to ask for {asked}")
    ksft_eq(env.vf[0].link()["mtu"], 1500)
    all_ping(env.stations)


def storm(env):
    """Invalidations without end, while VFs reset, go, and come back."""
    provider = Provider()
    with trace_transports() as trace, Flow(env.vf[1], env.wire) as flow:
        for number in range(2):
            ksft_eq(connect(env, trace, number), "hyperv")
        told = provider.get("told")
        for disturb in (lambda: None, env.vf_pci[0].reset, env.vf_pci[0].unbind,
                        lambda: env.bind_vf(0)):
            provider.set("storm", STORM)
            disturb()
            flow.flows(50)
            wait_for(lambda: provider.get("storm") == 0, "the storm to end")
        ksft_ge(provider.get("told") - told, 4 * STORM)
        ksft_true(env.vf[1].carrier(), "the carrier of VF 1")
        env.vf[0].wait_carrier()
    all_ping(env.stations)


def modules_in_storm(env):
    """The VF driver's module goes while it is told something."""
    provider = Provider()
    with trace_transports() as trace:
        for number in range(2):
            ksft_eq(connect(env, trace, number), "hyperv")
    provider.set("storm", 1 << 20)
    for pci in env.vf_pci:
        pci.unbind()
    unload_modules("kawela_vf")
    ksft_true(provider.get("storm") > 0, "the storm outlasts it")
    provider.set("storm", 0)
    ksft_eq(provider.get("listeners"), 0)
    provider.unload()
    env.remove_vfs()
    env.make_vfs(2)
    all_ping(env.stations)


def unload(env):
    """The provider goes while VFs ask it, and comes back: mailbox, then Hyper-V again."""
    provider = Provider()
    end = threading.Event()

    def connect_all_the_time():
        while not end.is_set():
            env.vf_pci[0].reset()

    with trace_transports() as trace, Flow(env.vf[1], env.wire) as flow:
        for number in range(2):
            ksft_eq(connect(env, trace, number), "hyperv")
        provider.set_mode("slow")
        provider.set("storm", 1 << 20)
        thread = threading.Thread(target=connect_all_the_time)
        thread.start()
        try:
            for _ in range(3):
                provider.unload()
                flow.flows()
                provider.load()
                provider.set_mode("slow")
                flow.flows()
            provider.unload()
        finally:
            end.set()
            thread.join()
        for number in range(2):
            ksft_eq(connect(env, trace, number), "mailbox")
        ksft_true(env.vf[1].carrier(), "the carrier of VF 1")
        flow.flows()
        provider.load()
        for number in range(2):
            ksft_eq(connect(env, trace, number), "hyperv")
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([used, faults, faults_in_session, asked_again, one_tag, storm, modules_in_storm,
                unload])
