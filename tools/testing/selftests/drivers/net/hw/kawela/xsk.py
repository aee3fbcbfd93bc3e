#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 900 --not-on-debug --backports
"""AF_XDP without copies on the netdevs of PF, VPort and VF: frames go between the hardware and a
socket's memory, and sockets come and go without the carrier or other queues noticing."""

import os
import signal
import socket

from lib.py import (ETH_P_TEST, XDP_COPY, XDP_DROP, XDP_PASS, XDP_TX, XDP_USE_NEED_WAKEUP,
                    XDP_ZEROCOPY, Devlink, Echo, Flow, Forwarder, Listener, Program, XskSocket,
                    answer, ask, both_ways, changed, defer, everyone, kawela_run, ksft_eq, ksft_ge,
                    ksft_ne, ksft_true, leave, on_test_frame, on_vlan, ping, quiet, redirect_code,
                    send_frames, sh, steady, tcp_both_ways, test_frames, to_sockets, wait_for, xdp,
                    xdp_attach, xdp_counters)

SIZES = (60, 64, 65, 128, 129, 1000, 1024, 1025, 1514)
SHORT = (14, 15, 16, 17, 18, 59)
BURST = 50
NUMBER = 6 * BURST
MTU_OF_2K = 2048 - 256 - 22
GEOMETRY = ({"chunk": 4096}, {"chunk": 2048}, {"chunk": 4096, "headroom": 1000})


def opened(station, **options):
    """A socket on a queue of a station that gets its test frames, until the case ends."""
    xsk = XskSocket(station, **options)
    xdp(station, to_sockets(xsk))
    return xsk


def frames_to(env, station, sizes):
    """Send a frame of each size; the frames."""
    frames = test_frames(station, env.wire, sizes)
    with env.wire.packet_socket(env.wire.dev, ETH_P_TEST) as sock:
        for frame in frames:
            sock.send(frame)
    return frames


def arrive(env, xsk, sizes):
    """A frame of each size arrives at a socket as it was, in order."""
    frames = frames_to(env, xsk.station, sizes)
    got = []
    wait_for(lambda: got.extend(xsk.receive()) or len(got) >= len(frames),
             f"{len(frames)} frames at the socket on {xsk.station}")
    ksft_eq([len(frame) for frame in got], list(sizes))
    ksft_true(got == frames, f"frames at the socket on {xsk.station} as they were")


def leave_for(env, xsk, sizes):
    """A frame of each size that a socket sends arrives on the wire as it was, in order."""
    station = xsk.station
    frames = test_frames(env.wire, station, sizes)
    with env.wire.packet_socket(env.wire.dev, ETH_P_TEST) as sock:
        sock.settimeout(60)
        for at in range(0, len(frames), BURST):
            xsk.send(frames[at:at + BURST])
            for frame in frames[at:at + BURST]:
                data = sock.recv(16384)
                ksft_true(data[:len(frame)] == frame and not any(data[len(frame):]),
                          f"{len(frame)} bytes of the socket on {station}, came as {len(data)}")


def works(env, xsk):
    """Both ways."""
    arrive(env, xsk, SIZES)
    leave_for(env, xsk, SIZES)


@steady
def received(env):
    """Frames of all sizes arrive, in chunks of 2 KB and 4 KB, without a copy."""
    for station in everyone(env):
        for options in GEOMETRY:
            xsk = opened(station, **options)
            ksft_true(xsk.zerocopy, f"zero-copy on {station}")
            arrive(env, xsk, SIZES)
            xsk.close()


@steady
def many_received(env):
    """More frames than the ring has slots, and none is lost."""
    for station in everyone(env):
        xsk = opened(station)
        before = xdp_counters(station)
        for _ in range(NUMBER // BURST):
            arrive(env, xsk, (60,) * BURST)
        ksft_eq(changed(station, before), {"redirect": NUMBER})


@steady
def sent(env):
    """Frames leave as they were; those that are too short for the hardware are padded."""
    for station in everyone(env):
        xsk = XskSocket(station)
        before = station.ethtool_stats()["tx0_xsk"]
        leave_for(env, xsk, SHORT)
        leave_for(env, xsk, SIZES)
        leave_for(env, xsk, (60,) * NUMBER)
        ksft_eq(station.ethtool_stats()["tx0_xsk"] - before, len(SHORT + SIZES) + NUMBER)


@steady
def sent_beside_the_stack(env):
    """A socket and the stack share the queue; neither keeps the other from sending."""
    for station in everyone(env):
        xsk = XskSocket(station)
        with Flow(station, env.wire) as flow:
            leave_for(env, xsk, (1000,) * NUMBER)
            flow.flows(5)
            ksft_eq(flow.lost(), 0, f"datagrams of {station}")


@steady
def forwarded(env):
    """Frames that a socket gets and sends back."""
    for station in everyone(env):
        with Forwarder(opened(station)), Echo(env, station, station.mac) as echo:
            echo.frames(SIZES)


@steady
def copied(env):
    """A socket may ask for copies, and then the ring keeps its own buffers."""
    xsk = opened(env.vf[0], flags=XDP_COPY | XDP_USE_NEED_WAKEUP)
    ksft_true(not xsk.zerocopy)
    works(env, xsk)
    env.vf[0].down()
    env.vf[0].up()
    works(env, xsk)


@steady
def without_need_wakeup(env):
    """A socket that wants to tell nobody when it has buffers or frames."""
    for station in everyone(env):
        xsk = opened(station, flags=XDP_ZEROCOPY, given=0)
        ksft_true(not xsk.fill.needs_wakeup)
        xsk.give(32)
        arrive(env, xsk, SIZES)
        xsk.put(test_frames(env.wire, station, (60,)))
        xsk.force()
        wait_for(xsk.sent, "a frame to be sent")


@steady
def needs_wakeup(env):
    """The flags tell when the kernel has to be woken, and it sleeps until then."""
    for station in everyone(env):
        xsk = opened(station, given=0)
        wait_for(lambda x=xsk: x.fill.needs_wakeup and x.tx.needs_wakeup, "both flags")
        xsk.give(64)
        xsk.wake()
        wait_for(lambda x=xsk: not x.fill.needs_wakeup, "the flag to go")
        xsk.put(test_frames(env.wire, station, (60,)))
        ksft_true(xsk.tx.needs_wakeup)
        ksft_eq(xsk.sent(), 0)
        xsk.kick()
        wait_for(xsk.sent, "a frame to be sent")
        wait_for(lambda x=xsk: x.tx.needs_wakeup, "the flag once all is sent")
        arrive(env, xsk, SIZES)


@steady
def runs_dry(env):
    """A socket that gives no buffers loses frames, and gets them again when it gives some."""
    for station in everyone(env):
        xsk = opened(station, given=4)
        frames_to(env, station, (60,) * BURST)
        got = []
        wait_for(lambda x=xsk, g=got: g.extend(x.receive(give=False)) or len(g) == 4,
                 "as many frames as there were buffers")
        wait_for(lambda x=xsk: x.fill.needs_wakeup, "the flag")
        xsk.give(60)
        xsk.wake()
        wait_for(lambda x=xsk: not x.fill.needs_wakeup, "the flag to go")
        arrive(env, xsk, SIZES)


@steady
def passed(env):
    """XDP_PASS, and no program: the stack gets copies."""
    for station in everyone(env):
        xsk = XskSocket(station)
        both_ways(station, env.wire, size=1400)
        xdp(station, on_test_frame(leave(XDP_PASS)))
        with Listener(station) as listener:
            send_frames(env.wire, [station.mac] * 20)
            wait_for(lambda: listener.count(station.mac) == 20, f"the frames at {station}")
        tcp_both_ways(station, env.wire)
        xsk.close()
        tcp_both_ways(station, env.wire)


@steady
def dropped(env):
    """XDP_DROP gives the buffers back."""
    for station in everyone(env):
        xsk = XskSocket(station, given=8)
        xdp(station, on_test_frame(leave(XDP_DROP)))
        before = xdp_counters(station)
        for goal in range(5, 50, 5):
            send_frames(env.wire, [station.mac] * 5)
            wait_for(lambda s=station, b=before, g=goal: changed(s, b).get("drop", 0) == g,
                     "frames to be dropped")
        ksft_eq(xsk.receive(), [])


@steady
def sent_back(env):
    """XDP_TX of frames in a socket's memory."""
    for station in everyone(env):
        XskSocket(station)
        xdp(station, on_test_frame(answer(station.mac) + leave(XDP_TX)))
        with Echo(env, station, station.mac) as echo:
            echo.frames(SIZES * 3)


@steady
def redirected(env):
    """XDP_REDIRECT of them to other netdevs."""
    pf, vf, vport = everyone(env)
    for there, out in ((vf, pf), (pf, vf), (vport, vf)):
        xsk = XskSocket(there)
        xdp(there, redirect_code(out))
        with Echo(env, there, out.mac) as echo:
            echo.frames(SIZES * 3)
        xsk.close()


@steady
def vlan_asked(env):
    """A program learns the VLAN tag of a frame in a socket's memory."""
    outside = on_vlan(env.wire, 60)
    for station in everyone(env):
        XskSocket(station)
        upper = on_vlan(station, 60)
        seen, proto, tag = ask(station, "bpf_xdp_metadata_rx_vlan_tag")
        ping(outside, upper)
        ksft_ge(seen[0], 3, f"tags seen by {station}")
        ksft_eq((proto[0], tag[0] & 0xfff), (socket.htons(0x8100), 60))


@steady
def swapped(env):
    """Programs come and go while a socket gets frames."""
    for station in everyone(env):
        xsk = opened(station)
        other = Program(on_test_frame(leave(XDP_PASS)))
        mine = Program(to_sockets(xsk))
        for _ in range(5):
            xdp_attach(station, other)
            with Listener(station) as listener:
                send_frames(env.wire, [station.mac])
                listener.wait(station.mac)
            xdp_attach(station, mine)
            works(env, xsk)


@steady
def stays(env):
    """A socket works on after the netdev was down, and with rings of another size."""
    for station in everyone(env):
        xsk = opened(station)
        station.ethtool(f"-G {station.dev} rx 80 tx 80")
        defer(station.ethtool, f"-G {station.dev} rx 512 tx 512")
        works(env, xsk)
        if station is not env.pf:
            station.down()
            xsk.force()
            xsk.wake()
            station.up()
            works(env, xsk)
        ksft_true(xsk.zerocopy)


@steady
def bound_while_down(env):
    """A socket may come, and go, while the netdev is down."""
    for station in everyone(env)[1:]:
        station.down()
        XskSocket(station).close()
        xsk = XskSocket(station)
        station.up()
        xdp(station, to_sockets(xsk))
        works(env, xsk)
        station.down()
        xsk.close()
        station.up()
        ping(station, env.wire)


@steady
def too_small(env):
    """Chunks that the hardware cannot use are refused, and an MTU that does not fit them."""
    for station in everyone(env):
        station.ip(f"link set dev {station.dev} mtu 500")
        defer(station.ip, f"link set dev {station.dev} mtu 1500")
        try:
            XskSocket(station, chunk=2048, headroom=769)
            ksft_true(False, "a socket whose frames have 1023 bytes")
        except OSError:
            ksft_true(env.log.lines("AF_XDP: chunks of 2048 bytes, 1025 of them headroom"))
        xsk = opened(station, chunk=2048, headroom=768)
        arrive(env, xsk, (60, 1024 - 510))
        xsk.close()
        xsk = opened(station, chunk=2048)
        done = station.ip(f"link set dev {station.dev} mtu {MTU_OF_2K + 1}", fail=False)
        ksft_ne(done.ret, 0)
        ksft_true(env.log.lines(f"MTU above {MTU_OF_2K}: the frames of an AF_XDP socket"))
        station.ip(f"link set dev {station.dev} mtu {MTU_OF_2K}")
        works(env, xsk)


@steady
def comes_and_goes(env):
    """Sockets come and go while the stack uses the queue, which works on."""
    for station in everyone(env):
        with Flow(env.wire, station) as there, Flow(station, env.wire) as back:
            for _ in range(5):
                xsk = XskSocket(station)
                there.flows(5)
                back.flows(5)
                xsk.close()
                there.flows(5)
                back.flows(5)
        tcp_both_ways(station, env.wire)


def killed(env):
    """The process of a socket is killed; the queue works on for the stack."""
    for station in everyone(env):
        ready, said = os.pipe()
        child = os.fork()
        if not child:
            xsk = XskSocket(station)
            xsk.put(test_frames(env.wire, station, (60,) * 10))
            xsk.kick()
            os.write(said, b"x")
            signal.pause()
        os.read(ready, 1)
        os.close(ready)
        os.close(said)
        with Flow(env.wire, station) as flow:
            flow.flows(5)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            flow.flows(20)
        tcp_both_ways(station, env.wire)
        works(env, opened(station))


def reset_vf(env):
    """A reset of the VF, with a socket: it works on."""
    xsk = opened(env.vf[0])
    works(env, xsk)
    env.vf_pci[0].reset()
    env.wait_served()
    ksft_true(xsk.zerocopy)
    works(env, xsk)


def reset_pf(env):
    """Resets of the PF, and a reload: all sockets work on."""
    sockets = [opened(station) for station in (env.pf, env.vf[0])]
    for reset in (env.pci.reset, Devlink(env.pci).reload):
        reset()
        env.wait_served()
        for xsk in sockets:
            works(env, xsk)


def removed(env):
    """The netdev goes away under its socket."""
    vport = everyone(env)[2]
    for station, remove in ((env.vf[0], env.vf_pci[0].unbind),
                            (vport, lambda: Devlink(env.pci).drop(vport.index))):
        xsk = XskSocket(station)
        leave_for(env, xsk, SIZES)
        remove()
        xsk.force()
        xsk.wake()
        xsk.close()
    works(env, opened(env.bind_vf(0)))


def two_queues(env):
    """While a socket comes and goes on one queue, the other loses nothing; the netdev does not give
    up a queue with a socket."""
    env.remove_vfs()
    pf = env.pf
    pf.ethtool(f"-L {pf.dev} combined 2")
    pf.ethtool(f"-X {pf.dev} weight 1 0")
    defer(pf.ethtool, f"-X {pf.dev} default")
    ping(env.wire, pf)
    before = env.carrier_changes()
    with Flow(env.wire, pf) as flow:
        for _ in range(10):
            xsk = XskSocket(pf, queue=1)
            leave_for(env, xsk, (60,))
            xsk.close()
        flow.flows(5)
        ksft_eq(flow.lost(), 0, "datagrams on the other queue")
    ksft_eq(env.carrier_changes(), before)

    xsk = XskSocket(pf, queue=1)
    done = pf.ethtool(f"-L {pf.dev} combined 1", fail=False)
    ksft_ne(done.ret, 0)
    env.make_vfs(1)
    leave_for(env, xsk, SIZES)
    env.remove_vfs()
    leave_for(env, xsk, SIZES)


def link_lost(env):
    """What a socket sends while there is no link leaves when there is one, and nobody has to wake
    the driver once more."""
    defer(sh, "qmp set_link name=pf0 up=true")
    quiet(env.wire)
    for station in everyone(env):
        quiet(station)
        xsk = XskSocket(station)
        leave_for(env, xsk, (60,))
        sh("qmp set_link name=pf0 up=false")
        station.wait_carrier(False)
        xsk.put(test_frames(env.wire, station, (60,) * BURST))
        xsk.kick()
        left = BURST - xsk.sent()
        ksft_eq(left, BURST)
        sh("qmp set_link name=pf0 up=true")
        station.wait_carrier()
        while left:
            left -= wait_for(xsk.sent, f"{left} frames of {station}") or 0
        xsk.close()


if __name__ == "__main__":
    kawela_run([received, many_received, sent, sent_beside_the_stack, forwarded, copied,
                without_need_wakeup, needs_wakeup, runs_dry, passed, dropped, sent_back,
                redirected, vlan_asked, swapped, stays, bound_while_down, too_small,
                comes_and_goes, killed, reset_vf, reset_pf, removed, link_lost, two_queues])
