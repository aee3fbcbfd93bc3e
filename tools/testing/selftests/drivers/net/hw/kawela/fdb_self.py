#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --backports
"""bridge fdb add|del|show ... dev PF self: addresses of the default VPort by hand."""

import json

from lib.py import (Listener, defer, has_filter, has_no_filter, kawela_run, ksft_eq, ksft_in,
                    ksft_ne, ksft_true, send_frames, sh, steady, vf_mac, wait_for)

FURTHER = "02:00:00:00:05:01"
GROUP = "01:00:5e:01:02:03"
LLDP = "01:80:c2:00:00:0e"


def many(number):
    return f"02:00:00:00:06:{number:02x}"


def fdb(env, verb, mac, more="", **options):
    return sh(f"bridge fdb {verb} {mac} dev {env.pf.dev} self {more}", **options)


def shown(env):
    entries = json.loads(sh(f"bridge -j fdb show dev {env.pf.dev}").stdout)
    return {e["mac"] for e in entries if "self" in e.get("flags", [])}


@steady
def add_del_show(env):
    """Added, shown, a filter of pool 7; deleted, gone. Twice added is once there."""
    fdb(env, "add", FURTHER)
    has_filter(env, FURTHER)
    ksft_in(FURTHER, shown(env))
    done = fdb(env, "add", FURTHER, fail=False)
    ksft_in("File exists", done.text)       # the bridge command asks for that
    fdb(env, "append", FURTHER)
    fdb(env, "del", FURTHER)
    has_no_filter(env, FURTHER)
    ksft_true(FURTHER not in shown(env))
    done = fdb(env, "del", FURTHER, fail=False)
    ksft_in("the PF has no such address", done.text)


@steady
def reaches_the_pf(env):
    """A VF's frame to such an address is the PF's, and not the wire's."""
    fdb(env, "add", FURTHER)
    defer(fdb, env, "del", FURTHER)
    has_filter(env, FURTHER)
    with Listener(env.pf) as pf, Listener(env.wire, promisc=True) as wire:
        send_frames(env.vf[0], [FURTHER, "02:00:00:00:05:ff"])
        pf.wait(FURTHER)
        wire.wait("02:00:00:00:05:ff")
        ksft_eq(wire.count(FURTHER), 0)


@steady
def refused(env):
    """What is refused says why, and changes nothing."""
    before, regs = shown(env), env.regs.rars()
    for mac, more, reason in (
            (vf_mac(0), "", "VF 0 has it"),
            (vf_mac(1), "", "VF 1 has it"),
            (FURTHER, "vlan 5", "leave vlan out"),
            (FURTHER, "static", "say permanent"),
            (FURTHER, "dynamic", "say permanent"),
            ("00:00:00:00:00:00", "", "zero is no address")):
        done = fdb(env, "add", mac, more, fail=False)
        ksft_ne(done.ret, 0, f"{mac} {more}")
        ksft_in(reason, done.text)
    ksft_eq(shown(env), before)
    ksft_eq(env.regs.rars(), regs)


@steady
def multicast(env):
    """Multicast, even the reserved one, goes to the multicast table, and does not keep
    a unicast address out."""
    for mac in (GROUP, LLDP):
        before = env.regs.multicast()
        fdb(env, "add", mac)
        defer(fdb, env, "del", mac, fail=False)
        wait_for(lambda: env.regs.multicast() > before, f"{mac} in the table")
        ksft_in(mac, shown(env))
    fdb(env, "add", FURTHER)
    has_filter(env, FURTHER)
    for mac in (FURTHER, LLDP, GROUP):
        fdb(env, "del", mac)
        ksft_true(mac not in shown(env))
    has_no_filter(env, FURTHER)


@steady
def beyond_the_filters(env):
    """More addresses than there are filters: none is refused, all are heard."""
    added = [f"{many(n)} dev {env.pf.dev} self" for n in range(40)]
    defer(env.pf.batch, "bridge", ["fdb del " + one for one in added])
    env.pf.batch("bridge", ["fdb add " + one for one in added])
    wait_for(lambda: len(env.regs.pool_macs(7)) > 8, "filters")
    rest = {many(n) for n in range(40)} - env.regs.pool_macs(7)
    ksft_true(len(rest) >= 16)
    with Listener(env.pf) as pf:
        for number, station in enumerate(env.vf):
            send_frames(station, [many(n) for n in range(number, 40, len(env.vf))])
        for number in range(40):
            pf.wait(many(number))
    for number in range(2):
        ksft_in(vf_mac(number), env.regs.pool_macs(number))


if __name__ == "__main__":
    kawela_run([add_del_show, reaches_the_pf, refused, multicast, beyond_the_filters])
