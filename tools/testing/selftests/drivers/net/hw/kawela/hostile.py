#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300
"""A hostile guest scribbles on its VF's mailbox. It hurts itself only.

The host survives and logs little, the other VF keeps its traffic and its mailbox
service, and the hostile one gets nothing that it must not have.
"""

import time

from lib.py import (CTRL, CTRL_RST, HOSTILE, LISTEN, MAC_ADD, MAC_CLR, MAGIC, MSG_NACK, REQ, RESET,
                    SET_LPE, SET_MAC, SET_MULTICAST, SET_PROMISC, SET_VLAN, VFU, WORDS, Bridge,
                    Guest, Kprobes, SwitchRegs, Watch, all_ping, defer, hostile, kawela_run,
                    ksft_eq, ksft_ge, ksft_in, ksft_true, mac_words, noise, ping, vf_mac, wait_for)

STORM = 10000
# comings and goings, ten per second at most
MOVES = 80
VID = 43
RANGE = SwitchRegs.VMOLR_RLPML


def never_listens(env):
    """A VF that offers to say when it listens, enables what it likes, and never says it: it sends
    in the administrator's VLAN, and receives nothing."""
    defer(env.set_vf, HOSTILE, "vlan 0")
    env.set_vf(HOSTILE, f"vlan {VID}")
    guest = hostile(env)
    guest.function_reset()
    ksft_true(guest.ask([RESET, MAGIC, LISTEN] + [0] * (WORDS - 3)), "RESET is granted")
    ksft_in(HOSTILE, env.regs.gates()[1], "it may send")
    ksft_eq(env.regs.inserted_tag(HOSTILE), VID)
    ksft_eq(env.regs.pool_macs(HOSTILE), set())
    ksft_eq(env.regs.vmolr(HOSTILE) & (SwitchRegs.VMOLR_BAM | SwitchRegs.VMOLR_AUPE), 0)
    ksft_true(guest.accepted([SET_LPE, 1522]), "it says that it listens")
    ksft_eq(env.regs.pool_macs(HOSTILE), {vf_mac(HOSTILE)})


def random_words(env):
    """Any 16 words, some with a valid id, again and again."""
    guest = hostile(env)
    with Watch(env) as watch:
        for number in range(300):
            words = noise()
            if number % 3 == 0:
                words[0] &= 0x00ff0007
            guest.post(words)
            if number % 100 == 50:
                watch.served()
        guest.ring(0)


def request_storm(env):
    """Ten thousand requests as fast as registers can be written."""
    guest = hostile(env)
    with Watch(env) as watch:
        guest.store([SET_VLAN | 1 << 16, 5])
        for number in range(STORM):
            guest.ring(REQ)
            if number == STORM // 2:
                watch.served()
        guest.ring(0)


def reset_storm(env):
    """RESET messages and function resets in a loop."""
    guest = hostile(env)
    with Watch(env) as watch:
        for number in range(1000):
            guest.bar[CTRL] = CTRL_RST
            guest.post([RESET] + [0] * (WORDS - 1))
            if number == 500:
                watch.served()
        guest.ring(0)
    ksft_true(guest.connect(), "the PF serves the VF again")


def comes_and_goes(env):
    """A VF that connects and resets all the time does not keep a bridge from learning on the PF's
    port: what was learned there is flushed less and less often."""
    Bridge(env).add_pf(learning=True)
    guest = hostile(env)
    with Kprobes(flush="p br_fdb_delete_by_port") as trace:
        for _ in range(MOVES):
            guest.function_reset()
            time.sleep(0.1)
            ksft_true(guest.connect(), "the PF answers")
        guest.function_reset()
        trace.wait("kawela_flush")
        ksft_ge(MOVES // 8, len(trace.lines("kawela_flush")), "flushes")


def buffer_held(env):
    """The VF holds the mailbox buffer and asks for attention; then lets go."""
    guest = hostile(env)
    with Watch(env) as watch:
        for _ in range(50):
            guest.ring(REQ | VFU)
        watch.served()
        guest.ring(VFU)
        watch.served()
        guest.ring(0)
    ksft_true(guest.connect(), "the PF serves the VF again")


def unknown_ids(env):
    """Every unknown id is refused, and so are words that look like replies."""
    guest = hostile(env)
    with Watch(env):
        for number in (0x07, 0x08, 0x20, 0x100, 0x7fff, 0xffff):
            ksft_eq(guest.accepted([number] + noise(15)), False, hex(number))
        ksft_eq(guest.ask([SET_VLAN | MSG_NACK, 5], deadline=1), None, "no reply to a reply")


def jumbo_hole(env):
    """SET_LPE changes the maximum frame in VMOLR and never another bit of it."""
    guest = hostile(env)
    with Watch(env):
        before = env.regs.vmolr(HOSTILE) & ~RANGE
        for size in (0x80000000, 0xffffffff, 0x81000600, 0x0a000600, 0x4000, 0x7fffffff, 0):
            ksft_eq(guest.accepted([SET_LPE, size]), False, hex(size))
            ksft_eq(env.regs.vmolr(HOSTILE) & ~RANGE, before, hex(size))
        ksft_eq(guest.accepted([SET_LPE, 9018]), True)
        ksft_eq(env.regs.vmolr(HOSTILE) & RANGE, 9018)
        ksft_eq(env.regs.vmolr(HOSTILE) & ~RANGE, before)


def filters_cleared(env):
    """MAC_FILTER_CLR with a zero address frees the entries, as igbvf means it."""
    env.set_vf_mac(HOSTILE, "00:00:00:00:00:00")
    guest = hostile(env)
    with Watch(env):
        ksft_true(guest.accepted([SET_MAC] + mac_words("02:00:00:00:05:00")))
        for _ in range(30):
            ksft_eq(guest.accepted([SET_MAC | MAC_CLR, 0, 0]), True)
            for last in (1, 2):
                mac = f"02:00:00:00:05:{last:02x}"
                ksft_eq(guest.accepted([SET_MAC | MAC_ADD] + mac_words(mac)), True, mac)
        ksft_eq(len(env.regs.pool_macs(HOSTILE)), 3)


def table_hog(env):
    """A VF that wants all addresses and VLANs leaves the others their share."""
    env.set_vf_mac(HOSTILE, "00:00:00:00:00:00")
    guest = hostile(env)
    with Watch(env):
        ksft_true(guest.accepted([SET_MAC] + mac_words("02:00:00:00:05:00")))
        macs = [guest.accepted([SET_MAC | MAC_ADD] + mac_words(f"02:00:00:00:06:{n:02x}"))
                for n in range(32)]
        ksft_in(False, macs, "some address is refused")
        vlans = [guest.accepted([SET_VLAN | 1 << 16, 200 + n]) for n in range(40)]
        ksft_in(False, vlans, "some VLAN is refused")
    ksft_eq(guest.accepted([SET_VLAN | 1 << 16, 4096]), False)
    ksft_eq(guest.accepted([SET_VLAN | 1 << 16, 0xffffffff]), False)


def mac_theft(env):
    """Neither as its own nor as a further address does a VF get somebody else's."""
    env.set_vf_mac(HOSTILE, "00:00:00:00:00:00")
    guest = hostile(env)
    with Watch(env):
        for mac in (env.pf.mac, env.vf[0].mac, "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff"):
            ksft_eq(guest.accepted([SET_MAC] + mac_words(mac)), False, mac)
            ksft_eq(guest.accepted([SET_MAC | MAC_ADD] + mac_words(mac)), False, mac)
        ksft_eq(env.regs.pool_macs(HOSTILE), set())


def pinned(env):
    """With a pinned address, no other is granted, and none besides it."""
    env.set_vf_mac(HOSTILE, "02:00:00:00:05:0a")
    guest = hostile(env)
    with Watch(env):
        ksft_eq(guest.accepted([SET_MAC] + mac_words("02:00:00:00:05:0b")), False)
        ksft_eq(guest.accepted([SET_MAC | MAC_ADD] + mac_words("02:00:00:00:05:0b")), False)
        ksft_eq(guest.accepted([SET_MAC] + mac_words("02:00:00:00:05:0a")), True)
        ksft_eq(env.regs.pool_macs(HOSTILE), {"02:00:00:00:05:0a"})


def promiscuous(env):
    """A VF that is not trusted hears neither all multicast nor everything."""
    guest = hostile(env)
    with Watch(env):
        before = env.regs.vmolr(HOSTILE)
        for kind in (0x01, 0x02, 0x04, 0xff):
            ksft_eq(guest.accepted([SET_PROMISC | kind << 16]), False, hex(kind))
        ksft_eq(guest.accepted([SET_MULTICAST | 31 << 16] + [0] * 15), False)
        ksft_eq(env.regs.vmolr(HOSTILE), before)


def back_to_work(env):
    """A proper driver takes the VF over, and everything is as it was."""
    env.set_vf_mac(HOSTILE, "02:00:00:00:01:01")
    env.bind_vf(HOSTILE)
    all_ping(env.stations)
    ping(env.vf[HOSTILE], env.vf[0], v6=True)


if __name__ == "__main__":
    kawela_run([never_listens, random_words, request_storm, reset_storm, comes_and_goes,
                buffer_held, unknown_ids, jumbo_hole, filters_cleared, table_hog, mac_theft,
                pinned, promiscuous, back_to_work])
