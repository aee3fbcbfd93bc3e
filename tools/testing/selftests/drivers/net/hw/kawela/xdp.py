#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --backports
"""Native XDP on the netdevs of PF, VPort and VF: what a program says about a frame happens to it,
and programs come and go without the carrier or the traffic noticing."""

import socket
import struct

from lib.py import (ADJUST_META, ADJUST_TAIL, ETH_P_TEST, PROG_SCHED_CLS, R0, R1, R2, R3, R4, R6,
                    U32, XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, Echo, Flow, Listener, Map,
                    Program, add, answer, ask, call, changed, count, defer, everyone, if_equal,
                    kawela_run, ksft_eq, ksft_ge, ksft_in, ksft_ne, ksft_true, leave, load,
                    mac_bytes, mov, movr, on_test_frame, on_vlan, ping, redirect_code, send_frames,
                    steady, store_imm, tcp_both_ways, unless, wait_for, xdp, xdp_abilities,
                    xdp_attach, xdp_counters, xdp_detach, xdp_id)

NUMBER = 20
SIZES = (60, 64, 65, 128, 129, 1000, 1514)
LARGE = (3072, 3073, 6145, 9000)
JUMBO = 9000
RSS_L3_IPV4 = 1
FEATURES = {"basic", "redirect", "ndo-xmit", "rx-sg", "ndo-xmit-sg", "xsk-zerocopy"}


def carried_out(env, station, verdict, counter):
    """Test frames are counted so, and arrive only if the program passes them."""
    before = xdp_counters(station)
    passes = verdict == XDP_PASS
    with Listener(station) as listener:
        send_frames(env.wire, [station.mac] * NUMBER)
        wait_for(lambda: changed(station, before).get(counter, 0) >= NUMBER,
                 f"'{counter}' of {station} to rise")
        wait_for(lambda: listener.count(station.mac) == (NUMBER if passes else 0),
                 f"the frames at {station}, or none", deadline=10)
    seen = changed(station, before)
    seen.pop("pass", None)
    ksft_eq(seen, {} if passes else {counter: NUMBER}, f"counters of {station}")


def decides(env, station, verdict, counter):
    """So with a program that says this."""
    xdp(station, on_test_frame(leave(verdict)))
    carried_out(env, station, verdict, counter)


@steady
def drop(env):
    """XDP_DROP: nobody sees the frames."""
    for station in everyone(env):
        decides(env, station, XDP_DROP, "drop")


@steady
def passed(env):
    """XDP_PASS: they arrive, whatever their size."""
    for station in everyone(env):
        decides(env, station, XDP_PASS, "pass")
        ping(station, env.wire, size=1000)
        tcp_both_ways(station, env.wire)


@steady
def aborted(env):
    """XDP_ABORTED, and what is no verdict at all: dropped, and counted as errors."""
    for station in everyone(env):
        decides(env, station, XDP_ABORTED, "error")
        decides(env, station, 42, "error")


@steady
def sent_back(env):
    """XDP_TX: frames of all sizes come back as they were, also when the stack sends as well."""
    for station in everyone(env):
        xdp(station, on_test_frame(answer(station.mac) + leave(XDP_TX)))
        before = xdp_counters(station)
        with Echo(env, station, station.mac) as echo:
            echo.frames(SIZES)
            with Flow(station, env.wire) as flow:
                echo.frames((60, 1514) * NUMBER)
                flow.flows(5)
        number = len(SIZES) + 2 * NUMBER
        seen = changed(station, before)
        ksft_eq((seen["tx"], seen["sent"]), (number, number))


@steady
def shrunk(env):
    """XDP_TX of what is too short for the hardware: padded with zeros."""
    shrink = movr(R1, R6) + mov(R2, 14 - 60) + call(ADJUST_TAIL) + leave(XDP_TX)
    xdp(env.vf[0], on_test_frame(answer(env.vf[0].mac) + shrink))
    with env.wire.packet_socket(env.wire.dev, ETH_P_TEST) as sock:
        sock.settimeout(30)
        send_frames(env.wire, [env.vf[0].mac])
        data = sock.recv(16384)
    ksft_true(len(data) >= 17 and not any(data[14:]), f"{len(data)} bytes, zeros at the end")


@steady
def redirected(env):
    """XDP_REDIRECT: in by the one, out by the other, as they were."""
    pf, vf, vport = everyone(env)
    for there, out in ((vf, pf), (pf, vf), (vport, vf), (pf, vport)):
        xdp(there, redirect_code(out))
        before, sent = xdp_counters(there), xdp_counters(out)
        with Echo(env, there, out.mac) as echo:
            echo.frames(SIZES)
        ksft_eq(changed(there, before)["redirect"], len(SIZES))
        ksft_eq(changed(out, sent)["sent"], len(SIZES))
        xdp_detach(there)


@steady
def redirected_nowhere(env):
    """A netdev that is down takes no frame, and none is lost track of."""
    vf, other = env.vf
    xdp(vf, redirect_code(other))
    other.down()
    defer(other.up)
    before = xdp_counters(vf)
    send_frames(env.wire, [vf.mac] * NUMBER)
    wait_for(lambda: changed(vf, before).get("error") == NUMBER, "errors")


def jumbo(*stations):
    for station in stations:
        old = station.link()["mtu"]
        station.ip(f"link set dev {station.dev} mtu {JUMBO}")
        defer(station.ip, f"link set dev {station.dev} mtu {old}")


@steady
def large_frames(env):
    """Frames of several buffers, passed, sent back and redirected, with a program that says that
    it can."""
    pf, vf = env.pf, env.vf[0]
    jumbo(env.wire, pf, vf)
    xdp(vf, on_test_frame(answer(vf.mac) + leave(XDP_TX)), frags=True)
    ping(env.wire, vf, size=8000, whole=True)
    tcp_both_ways(env.wire, vf)
    with Echo(env, vf, vf.mac) as echo:
        echo.frames(LARGE)
    xdp_attach(vf, Program(redirect_code(pf), frags=True))
    with Echo(env, vf, pf.mac) as echo:
        echo.frames(LARGE)


@steady
def large_frames_dropped(env):
    """A program sees frames of several buffers on each netdev."""
    stations = everyone(env)
    jumbo(env.wire, *stations)
    for station in stations:
        xdp(station, on_test_frame(leave(XDP_DROP)), frags=True)
        before = xdp_counters(station)
        with env.wire.packet_socket(env.wire.dev, ETH_P_TEST) as sock:
            for _ in range(NUMBER):
                sock.send(mac_bytes(station.mac) + mac_bytes(env.wire.mac) +
                          struct.pack("!H", ETH_P_TEST) + bytes(8000))
        wait_for(lambda: changed(station, before).get("drop") == NUMBER, "all to be dropped")


@steady
def large_frames_refused(env):
    """A program that cannot take them and an MTU that allows them exclude each other."""
    for station in everyone(env):
        plain = Program(leave(XDP_PASS))
        station.ip(f"link set dev {station.dev} mtu {JUMBO}")
        defer(station.ip, f"link set dev {station.dev} mtu 1500")
        done = xdp_attach(station, plain, fail=False)
        ksft_ne(done.ret, 0)
        ksft_in("frags support", done.text)
        station.ip(f"link set dev {station.dev} mtu 3050")
        xdp_attach(station, plain)
        defer(xdp_detach, station)
        done = station.ip(f"link set dev {station.dev} mtu 3051", fail=False)
        ksft_ne(done.ret, 0)
        ksft_true(env.log.lines("MTU above 3050"))
        ping(station, env.wire)


@steady
def swapped(env):
    """Programs come and go under traffic: no frame is lost, the carrier stays."""
    programs = [Program(leave(XDP_PASS)), Program(mov(R0, XDP_PASS) + mov(R0, 2) + leave())]
    for station in everyone(env):
        before = station.carrier_changes()
        with Flow(env.wire, station) as flow:
            for number in range(NUMBER):
                xdp_attach(station, programs[number % 2])
                ksft_true(xdp_id(station))
                if number % 5 == 4:
                    xdp_detach(station)
            flow.flows(5)
            xdp_detach(station)
            ksft_eq(flow.lost(), 0, f"datagrams lost on {station}")
        ksft_eq(station.carrier_changes(), before)


@steady
def stays(env):
    """A program stays over a new MTU, new rings, and a netdev that was down."""
    for station in everyone(env):
        xdp(station, on_test_frame(leave(XDP_DROP)))
        number = xdp_id(station)
        station.ip(f"link set dev {station.dev} mtu 1400")
        defer(station.ip, f"link set dev {station.dev} mtu 1500")
        station.ethtool(f"-G {station.dev} rx 256")
        defer(station.ethtool, f"-G {station.dev} rx 512")
        if station is not env.pf:
            station.down()
            station.up()
        ksft_eq(xdp_id(station), number)
        carried_out(env, station, XDP_DROP, "drop")


def stays_over_reset(env):
    """And over a reset of the PF."""
    stations = [env.pf, env.vf[0]]
    for station in stations:
        xdp(station, on_test_frame(leave(XDP_DROP)))
    env.pci.reset()
    env.wait_served()
    for station in stations:
        ksft_true(xdp_id(station))
        carried_out(env, station, XDP_DROP, "drop")


def metadata_code(value):
    """Puts a number in front of each test frame, for whoever comes next."""
    room = load(U32, R2, R6, 8) + load(U32, R3, R6, 0)
    write = movr(R4, R2) + add(R4, 4) + unless(0x2d, R4, R3, 0, store_imm(U32, R2, 0, value))
    return on_test_frame(movr(R1, R6) + mov(R2, -4) + call(ADJUST_META) + room + write +
                         leave(XDP_PASS))


def metadata_seen_code(seen, value):
    """What tc sees: counts frames with that number in front."""
    check = load(U32, R4, R2, 0) + if_equal(R4, value, count(seen))
    return (load(U32, R2, R1, 140) + load(U32, R3, R1, 76) + movr(R4, R2) + add(R4, 4) +
            unless(0x2d, R4, R3, 0, check) + leave(0))


@steady
def metadata(env):
    """What a program puts in front of a frame is still there when the stack has it."""
    value = 0x1234567
    for station in everyone(env):
        seen = Map()
        Program(metadata_seen_code(seen, value), kind=PROG_SCHED_CLS).attach_tcx(station)
        xdp(station, metadata_code(value))
        send_frames(env.wire, [station.mac] * NUMBER)
        wait_for(lambda s=seen: s[0] == NUMBER, f"numbers at {station}", deadline=20)


@steady
def vlan_asked(env):
    """A program learns the VLAN tag that was taken out of a frame."""
    vid = 60
    outside = on_vlan(env.wire, vid)
    for station in everyone(env):
        upper = on_vlan(station, vid)
        seen, proto, tag = ask(station, "bpf_xdp_metadata_rx_vlan_tag")
        ping(outside, upper)
        ksft_ge(seen[0], 3, f"tags seen by {station}")
        ksft_eq((proto[0], tag[0] & 0xfff), (socket.htons(0x8100), vid))
        before = seen[0]
        ping(env.wire, station)
        ksft_eq(seen[0], before, "tags of frames without")


def hash_asked(env):
    """And the hash, while the PF has the NIC for itself."""
    env.remove_vfs()
    seen, _, kind = ask(env.pf, "bpf_xdp_metadata_rx_hash")
    ping(env.wire, env.pf)
    ksft_ge(seen[0], 3, "hashes seen")
    ksft_eq(kind[0], RSS_L3_IPV4)
    env.pf.ethtool(f"-K {env.pf.dev} rxhash off")
    defer(env.pf.ethtool, f"-K {env.pf.dev} rxhash on")
    before = seen[0]
    ping(env.wire, env.pf)
    ksft_eq(seen[0], before, "hashes while they are off")


def features(env):
    """What the netdevs say that they can do."""
    for station in everyone(env):
        shown = xdp_abilities(station)
        ksft_eq(set(shown["xdp-features"]), FEATURES)
        stamped = {"timestamp"} if station is env.pf else set()
        hashed = set() if station in env.vf else {"hash"}
        ksft_eq(set(shown["xdp-rx-metadata-features"]), {"vlan-tag"} | hashed | stamped)


if __name__ == "__main__":
    kawela_run([drop, passed, aborted, sent_back, shrunk, redirected, redirected_nowhere,
                large_frames, large_frames_dropped, large_frames_refused, swapped, stays,
                stays_over_reset, metadata, vlan_asked, features, hash_asked])
