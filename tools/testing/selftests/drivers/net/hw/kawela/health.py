#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""devlink health: a VF that storms is parked, reported and recovered, and nobody else notices.

The hardware's anti-spoofing is not in QEMU's model: its reporter is tried with `devlink
health test`.
"""

import subprocess
import sys
import time

from lib.py import (ACK, CTRL, CTRL_RST, HOSTILE, REQ, RESET, SET_LPE, SET_VLAN, V2PMAILBOX, WORDS,
                    Devlink, Flow, Trace, all_ping, both_ways, defer, hostile, kawela_run, ksft_eq,
                    ksft_ge, ksft_in, ksft_lt, ksft_pr, ksft_true, steady, wait_for)

PORT = 1 + HOSTILE
MAGIC = 0x4157414b
BLOCK_WRITE = 0x21
BLOCK_GUEST = 10
PARK = 10
TXDCTL, TXDCTL_ENABLE = 0x3828, 1 << 25
TDLEN, TDH, TDT = 0x3808, 0x3810, 0x3818


def is_parked(devlink):
    return devlink.diagnose(PORT, "mailbox")["parked"]


class Storm:
    """A process that does nothing but ring and, if asked to, reset the VF."""

    CODE = f"""
import mmap, sys
file = open(sys.argv[1], "r+b")
words = memoryview(mmap.mmap(file.fileno(), 0)).cast("I")
while True:
    for _ in range(1000):
        words[{V2PMAILBOX // 4}] = int(sys.argv[2])
    if int(sys.argv[3]):
        words[{CTRL // 4}] = {CTRL_RST}
"""

    def __init__(self, env, guest, bits=REQ, reset=False):
        self._guest = guest
        self._command = [sys.executable, "-c", self.CODE,
                         env.vf_pci[HOSTILE].path + "/resource0", str(bits), str(int(reset))]

    def __enter__(self):
        self._process = subprocess.Popen(self._command)
        return self

    def __exit__(self, *exc):
        self._process.kill()
        self._process.wait()
        self._guest.ring(0)


def count(env, name):
    return env.pf.ethtool_stats()[f"vf{HOSTILE}_mbx_{name}"]


def storm(env, devlink, guest, bits=REQ):
    """Ring until the VF is parked."""
    before = count(env, "parked")
    start = time.monotonic()
    with Storm(env, guest, bits):
        wait_for(lambda: count(env, "parked") > before, "the VF to be parked", 60)
    ksft_pr(f"parked after {time.monotonic() - start:.1f} s")
    ksft_true(is_parked(devlink), "parked")


def served(env, vid):
    """The other VF's mailbox works now."""
    start = time.monotonic()
    env.vf[0].vlan(vid)
    wait_for(lambda: vid in env.regs.pool_vlans(0), "the other VF's request to be served")
    env.vf[0].vlan_del(vid)
    wait_for(lambda: vid not in env.regs.pool_vlans(0), "the other VF's request to be served")
    ksft_lt(time.monotonic() - start, 5, "seconds until the other VF was served")


@steady
def show(env):
    """Each port has its reporters, and all is well."""
    devlink = Devlink(env.pci)
    ksft_eq(sorted(devlink.reporters(0)), ["tx"])
    for index in (1, 2):
        reporters = devlink.reporters(index)
        ksft_eq(sorted(reporters), ["mailbox", "spoof", "tx"])
        for one in reporters.values():
            ksft_eq((one["state"], one["error"]), ("healthy", 0), one["reporter"])
        seen = devlink.diagnose(index, "mailbox")
        ksft_eq(seen["session"], "ready")
        ksft_eq(seen["parked"], False)
        ksft_ge(seen["counters"]["requests"], 1)
        ksft_eq(devlink.diagnose(index, "spoof")["checked"], True)
        ksft_eq(devlink.diagnose(index, "tx")["stands"], False)
        ksft_eq(len(devlink.diagnose(index, "tx")["queues"]), 2)
    ksft_eq(devlink.diagnose(0, "tx")["hangs"], 0)


@steady
def storm_and_recover(env):
    """Parked, reported, dumped; recovered by hand at once. VF 0 loses nothing."""
    devlink = Devlink(env.pci)
    guest = hostile(env)
    guest.ask([SET_VLAN | 1 << 16, 4096])
    with Trace("kawela_mbx", "park", "unpark") as trace, Flow(env.vf[0], env.wire) as flow:
        flow.flows(5)
        storm(env, devlink, guest)
        wait_for(lambda: devlink.health(PORT, "mailbox")["state"] == "error", "the report")
        served(env, 50)
        flow.flows(5)
        seen = devlink.diagnose(PORT, "mailbox")
        ksft_ge(PARK * 1000, seen["parked_ms"])
        ksft_ge(seen["counters"]["parked"], 1)
        requests = seen["counters"]["requests"]
        ksft_eq(devlink.health(1, "mailbox")["state"], "healthy")

        dump = devlink.dump(PORT, "mailbox")
        ksft_eq(len(dump["last_request"]), WORDS)
        ksft_eq(dump["refusal"]["reason"], "malformed")
        ksft_eq(dump["refusal"]["request"], f"{SET_VLAN | 1 << 16:08x}")
        devlink.health_run("dump clear", PORT, "mailbox")

        ksft_eq(guest.ask([SET_LPE, 1522], deadline=1), None, "no answer to a parked VF")
        ksft_eq(devlink.diagnose(PORT, "mailbox")["counters"]["requests"], requests)
        guest.ring(0)
        before = devlink.health(PORT, "mailbox")["recover"]
        devlink.health_run("recover", PORT, "mailbox")
        trace.wait("kawela_mbx_park:")
        trace.wait("kawela_mbx_unpark:")
        ksft_eq(devlink.health(PORT, "mailbox")["state"], "healthy")
        ksft_eq(devlink.health(PORT, "mailbox")["recover"], before + 1)
        wait_for(lambda: not is_parked(devlink), "the VF to be served")
        ksft_true(guest.connect(), "the VF is served again")
        # what it was not told while it was parked may come in between
        wait_for(lambda: guest.accepted([SET_LPE, 1522]), "the VF's request to be served")
        flow.flows(5)
    stats = env.pf.ethtool_stats()
    ksft_ge(stats[f"vf{HOSTILE}_mbx_parked"], 1)
    ksft_eq(stats["vf0_mbx_parked"], 0)


@steady
def storm_and_wait(env):
    """Ten seconds later it is served again, whatever it did meanwhile."""
    devlink = Devlink(env.pci)
    guest = hostile(env)
    error = devlink.health(PORT, "mailbox")["error"]
    with Flow(env.vf[0], env.wire) as flow:
        flow.flows(5)
        storm(env, devlink, guest, ACK)
        wait_for(lambda: devlink.health(PORT, "mailbox")["error"] == error + 1, "the report")
        with Storm(env, guest, reset=True):
            time.sleep(PARK / 4)
            ksft_true(is_parked(devlink), "parked still")
        start = time.monotonic()
        wait_for(lambda: not is_parked(devlink), "the VF to be served", 3 * PARK)
        ksft_lt(time.monotonic() - start, PARK, "seconds parked")
        wait_for(lambda: devlink.health(PORT, "mailbox")["state"] == "healthy",
                 "the report that it is over")
        ksft_true(guest.connect(), "the VF is served again")
        flow.flows(5)
    served(env, 51)


@steady
def bring_up(env):
    """A driver that comes and goes, with all it asks for, is not parked."""
    devlink = Devlink(env.pci)
    guest = hostile(env)
    for _ in range(5):
        ksft_true(guest.connect())
        for number in range(59):
            ksft_true(guest.accepted([SET_VLAN | (number & 1) << 16, 7]))
    ksft_eq(is_parked(devlink), False)
    stats = env.pf.ethtool_stats()
    waits = sum(value for name, value in stats.items()
                if name.startswith(f"vf{HOSTILE}_mbx_wait_"))
    ksft_ge(waits, 300)
    ksft_ge(stats[f"vf{HOSTILE}_mbx_requests"], waits)


def guest_text(env):
    """What a guest says of itself is shown, but not as it is."""
    devlink = Devlink(env.pci)
    guest = hostile(env)
    guest.function_reset()
    ksft_true(guest.ask([RESET, MAGIC, 1] + [0] * 13), "discovery")
    raw = b"evil\x1b[2J".ljust(32, b"\0")
    raw += b'1" parked: \xc3\xbf\n'.ljust(32, b"\0")
    raw += b"Linux 6.12.118 \\ (x86)".ljust(32, b"A")
    with Trace("kawela_mbx", "part", "invalidate") as trace:
        for number, offset in enumerate(range(0, 96, 52)):
            part = raw[offset:offset + 52].ljust(52, b"\0")
            words = [BLOCK_WRITE | 1 << 16, BLOCK_GUEST, 96 << 16 | offset]
            words += [int.from_bytes(part[i:i + 4], "little") for i in range(0, 52, 4)]
            ksft_true(guest.accepted(words), f"part {number}")
        env.set_vf(HOSTILE, "trust on")
        env.set_vf(HOSTILE, "trust off")
        trace.wait("kawela_mbx_part:", more_than=1)
        trace.wait("kawela_mbx_invalidate:", more_than=1)
    seen = devlink.diagnose(PORT, "mailbox")
    ksft_eq(seen["level"], 1)
    ksft_eq(seen["features"], 1)
    ksft_eq(seen["guest"], {"driver": "evil?[2J", "version": "1? parked? ???",
                            "kernel": "Linux 6.12.118 ? (x86)AAAAAAAAAA"})
    guest.function_reset()
    wait_for(lambda: not devlink.diagnose(PORT, "mailbox")["guest"]["driver"],
             "the text to go with its guest")


def spoof(env):
    """Reported, and nothing to recover from."""
    devlink = Devlink(env.pci)
    before = devlink.health(PORT, "spoof")
    devlink.health_run("test", PORT, "spoof")
    wait_for(lambda: devlink.health(PORT, "spoof")["error"] == before["error"] + 1, "the report")
    wait_for(lambda: devlink.health(PORT, "spoof")["state"] == "healthy", "the recovery")
    ksft_in("events", devlink.dump(PORT, "spoof"))
    ksft_eq(devlink.diagnose(PORT, "spoof")["events"], 0)


def vf_queue(env):
    """A queue of a VF that has something to send and stands; recovered by hand."""
    devlink = Devlink(env.pci)
    guest = hostile(env)
    guest.bar[TDLEN] = 4096
    guest.bar[TXDCTL] = TXDCTL_ENABLE
    with env.pci.bar() as bar:
        bar[env.regs.VFTE] &= ~(1 << HOSTILE)
    head = guest.bar[TDH]
    guest.bar[TDT] = head ^ 4
    wait_for(lambda: devlink.health(PORT, "tx")["state"] == "error", "the report", 60)
    seen = devlink.dump(PORT, "tx")
    ksft_eq(seen["stands"], True)
    ksft_eq((seen["queues"][0]["head"], seen["queues"][0]["tail"]), (head, head ^ 4))
    ksft_eq(devlink.health(1, "tx")["state"], "healthy")
    devlink.health_run("recover", PORT, "tx")
    ksft_eq(devlink.health(PORT, "tx")["state"], "healthy")
    wait_for(lambda: not devlink.diagnose(PORT, "tx")["stands"], "the queue to be off", 60)
    ksft_true(guest.connect(), "the VF is served again")


def pf_queue(env):
    """A queue of the PF that hangs: reported, with what it looked like, and reset. The
    stack's watchdog would warn in the log, so it is not provoked."""
    devlink = Devlink(env.pci)
    before = devlink.health(0, "tx")
    connects = env.vf[0].ethtool_stats()["session_connects"]
    devlink.health_run("test", 0, "tx")
    wait_for(lambda: devlink.health(0, "tx")["error"] > before["error"], "the report", 60)
    wait_for(lambda: devlink.health(0, "tx")["state"] == "healthy", "the recovery")
    seen = devlink.dump(0, "tx")
    ksft_eq(seen["netdev"], env.pf.dev)
    ksft_in("next_to_clean", seen)
    devlink.health_run("dump clear", 0, "tx")
    ksft_ge(devlink.diagnose(0, "tx")["hangs"], 1)
    wait_for(lambda: env.vf[0].ethtool_stats()["session_connects"] > connects, "the reset")
    env.pf.wait_carrier()
    both_ways(env.pf, env.wire)


def ports_go(env):
    """Ports that go while reports of them are made."""
    devlink = Devlink(env.pci)

    def patient(verb):
        """As an administrator does who is told to try again."""
        for _ in range(100):
            done = verb(fail=False)
            if not done.ret:
                return
            ksft_in("try again", done.text)

    for number in range(20):
        for index in (1, PORT):
            devlink.health_run("test", index, "spoof")
        if number % 5:
            patient(lambda **options: devlink.delete(PORT, **options))
            devlink.add_vf(HOSTILE)
        elif number % 2:
            patient(devlink.reload)
        else:
            env.set_num_vfs(0)
            env.set_num_vfs(2)
    ksft_eq(sorted(devlink.ports()), [0, 1, 2])


def back_to_work(env):
    """Proper drivers take over, and everything is as it was."""
    env.remove_vfs()
    env.make_vfs(2)
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([show, storm_and_recover, storm_and_wait, bring_up, guest_text, spoof, vf_queue,
                pf_queue, ports_go, back_to_work])
