#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug --backports
"""Checksum, segmentation and receive offloads switched on and off on PF and VF:
the data arrives as it was sent either way, and the offload does what it says.
"""

import os
import socket

from lib.py import (Flow, Kprobes, KsftSkipEx, defer, everyone, kawela_run, ksft_eq, ksft_ge,
                    ksft_true, load_module, on_vlan, ping, steady, tcp, tcp_both_ways)

FEATURES = ("tx-checksum-ip-generic", "tx-tcp-segmentation", "tx-tcp6-segmentation",
            "rx-checksumming", "generic-receive-offload", "tx-scatter-gather",
            "tx-vlan-hw-insert", "rx-vlan-hw-parse", "rx-vlan-filter")

TUNNELS = ("tx-gre-segmentation", "tx-gre-csum-segmentation", "tx-ipxip4-segmentation",
           "tx-ipxip6-segmentation", "tx-udp_tnl-segmentation", "tx-udp_tnl-csum-segmentation")


def toggle(env, station):
    """One feature after the other off, and on again, with TCP each time."""
    on_vlan(station, 60)
    on_vlan(env.wire, 60)
    for feature in FEATURES:
        old = station.ethtool(f"-k {station.dev} | grep '{feature}:'", fail=False).stdout
        if "[fixed]" in old or not old:
            continue
        for value in ("off", "on"):
            station.ethtool(f"-K {station.dev} {feature} {value}")
            ksft_eq(station.features()[feature], value, feature)
            tcp_both_ways(station, env.wire, size=1 << 19)
        ping(station, env.wire, count=1)


@steady
def toggle_pf(env):
    """On the PF."""
    toggle(env, env.pf)


@steady
def toggle_vf(env):
    """On a VF."""
    toggle(env, env.vf[0])


@steady
def toggle_under_traffic(env):
    """Features change while frames are in flight; nothing arrives damaged."""
    for station in (env.pf, env.vf[0]):
        with Flow(station, env.wire) as out, Flow(env.wire, station) as back:
            for feature in ("rx", "tso", "tx"):
                for value in ("off", "on"):
                    station.ethtool(f"-K {station.dev} {feature} {value}")
                    out.flows(5)
                    back.flows(5)


def handed_over(station):
    """Packets that the stack gave to the driver: each rang the doorbell or left it to the next."""
    return sum(value for name, value in station.ethtool_stats().items()
               if name.endswith(("_doorbells", "_xmit_more")))


def tso_saves_work(env):
    """With TSO the stack hands over fewer, larger packets than go out; without, as many."""
    for station in (env.pf, env.vf[0]):
        for value, most in (("off", 1.1), ("on", 0.5)):
            station.ethtool(f"-K {station.dev} tso {value}")
            sent, packets = station.stats()["tx"], handed_over(station)
            tcp(station, env.wire, size=4 << 20)
            packets = handed_over(station) - packets
            sent = {key: count - sent[key] for key, count in station.stats()["tx"].items()}
            ksft_ge(sent["packets"], (4 << 20) // 1500, f"{station}, frames, TSO {value}")
            ksft_ge(sent["bytes"], 4 << 20)
            ksft_ge(most * sent["packets"], packets, f"{station}, packets, TSO {value}")
            if value == "off":
                ksft_ge(packets, 0.9 * sent["packets"], f"{station}, packets without TSO")


@steady
def gro_saves_work(env):
    """With GRO TCP gets fewer, larger packets."""
    for station in everyone(env):
        seen = {}
        for value in ("off", "on"):
            station.ethtool(f"-K {station.dev} gro {value}")
            with Kprobes(tcp="p tcp_v4_rcv") as trace:
                tcp(env.wire, station, size=1 << 20)
                seen[value] = len(trace.lines("kawela_tcp"))
        ksft_ge(seen["off"], 1.5 * seen["on"], f"{station}, packets without GRO")


def copied(station):
    return sum(value for name, value in station.ethtool_stats().items()
               if name.startswith("rx") and name.endswith("_copied"))


@steady
def short_ones_copied(env):
    """Short frames are copied, and leave their buffers to the ring; long ones take theirs along."""
    for station in everyone(env):
        before = copied(station)
        ping(env.wire, station, count=20, size=100)
        ksft_ge(copied(station) - before, 20, str(station))
        before = copied(station)
        ping(env.wire, station, count=20, size=1400)
        ksft_ge(19, copied(station) - before, str(station))


def sctp(src, dst):
    """Messages by SCTP, whose checksum nobody but its receiver looks at."""
    with (dst.socket(protocol=socket.IPPROTO_SCTP) as listener,
          src.socket(protocol=socket.IPPROTO_SCTP) as client):
        listener.bind((dst.v4, 0))
        listener.listen(1)
        client.bind((src.v4, 0))
        client.connect((dst.v4, listener.getsockname()[1]))
        with listener.accept()[0] as server:
            server.settimeout(60)
            for size in (1, 77, 1000, 1400):
                data = os.urandom(size)
                client.send(data)
                ksft_eq(server.recv(2000), data, f"{src} to {dst}, {size} bytes")


@steady
def sctp_summed(env):
    """The CRC of SCTP is right, put in by the hardware or by the stack."""
    load_module("sctp")
    for station in everyone(env):
        ksft_eq(station.features()["tx-checksum-sctp"], "on")
        for value in ("off", "on"):
            station.ethtool(f"-K {station.dev} tx-checksum-sctp {value}")
            with Kprobes(software="p skb_crc32c_csum_help",
                         left="p kawela_ring:tx_write_offload") as trace:
                sctp(station, env.wire)
                ksft_eq(bool(trace.lines("kawela_left")), value == "on", "left to the hardware")
                ksft_eq(trace.lines("kawela_software"), [])
            sctp(env.wire, station)


def csum_good(env):
    """The hardware's verdict reaches the stack: receive checksums are counted good."""
    for station in (env.pf, env.vf[0]):
        before = station.ethtool_stats()
        tcp(env.wire, station, size=1 << 20)
        after = station.ethtool_stats()
        good = [name for name in after if name.endswith("csum_good")]
        if not good:
            raise KsftSkipEx("the driver does not count good checksums")
        ksft_ge(sum(after[n] - before[n] for n in good), 50)
        bad = [name for name in after if name.endswith("csum_bad")]
        ksft_eq(sum(after[n] for n in bad), 0)


def csum_bad(env):
    """A frame with a wrong UDP checksum is counted and not delivered."""
    sender = ("import socket,struct,sys\n"
              "s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW)\n"
              "s.bind((sys.argv[1],0))\n"
              "mac=lambda m: bytes.fromhex(m.replace(':',''))\n"
              "d=b'x'*64\n"
              "ip=struct.pack('>BBHHHBBH4s4s',69,0,28+len(d),1,0,64,17,0,"
              "socket.inet_aton(sys.argv[4]),socket.inet_aton(sys.argv[5]))\n"
              "c=sum(struct.unpack('>10H',ip)); c=(c>>16)+(c&65535); c+=c>>16\n"
              "ip=ip[:10]+struct.pack('>H',~c&65535)+ip[12:]\n"
              "u=struct.pack('>HHHH',9,7777,8+len(d),0x1234)\n"
              "for i in range(20): s.send(mac(sys.argv[2])+mac(sys.argv[3])+b'\\x08\\x00'"
              "+ip+u+d)\n")
    for station in (env.pf, env.vf[0]):
        with station.socket(kind=2) as sink:
            sink.bind((station.v4, 7777))
            sink.settimeout(1)
            before = station.ethtool_stats()
            env.wire.sh(f"python3 -c \"{sender}\" {env.wire.dev} {station.mac} "
                        f"{env.wire.mac} {env.wire.v4} {station.v4}")
            ping(station, env.wire, count=1)
            after = station.ethtool_stats()
            try:
                sink.recv(100)
                ksft_true(False, f"{station} delivered a damaged datagram")
            except TimeoutError:
                pass
            bad = [name for name in after if name.endswith("csum_bad")]
            ksft_eq(sum(after[n] - before[n] for n in bad), 20, str(station))


@steady
def tunnels_offered(env):
    """To cut packets in tunnels is off, and can be switched on. What is cut then, QEMU's model
    cannot show."""
    for station in everyone(env):
        for feature in TUNNELS:
            ksft_eq(station.features()[feature], "off", f"{feature} of {station}")
            for value in ("on", "off"):
                station.ethtool(f"-K {station.dev} {feature} {value}")
                ksft_eq(station.features()[feature], value, f"{feature} of {station}")


def vxlan(station, other):
    """A station at this end of a tunnel to another, until the case ends."""
    dev = f"vx{other.number}"
    upper = station.upper(f"{station.name}-{dev}", station.number, dev,
                          net=100 + station.number + other.number)
    station.ip(f"link add {dev} type vxlan id {upper.v4.split('.')[2]} dstport 4789 "
               f"dev {station.dev} local {station.v4} remote {other.v4}")
    defer(station.ip, f"link del {dev}")
    return upper.up(wait=False)


@steady
def through_a_tunnel(env):
    """Unless that is on, nothing of a packet in a tunnel is left to the hardware, and it arrives
    unharmed."""
    for station in everyone(env):
        tcp_both_ways(vxlan(station, env.wire), vxlan(env.wire, station), size=1 << 19)


def two_tags(station):
    """A station behind an outer tag (802.1ad) and an inner one, until the case ends."""
    outer = f"{station.dev}.o"
    upper = station.upper(f"{station.name}-i", station.number, f"{station.dev}.i", net=90)
    station.ip(f"link add link {station.dev} name {outer} type vlan proto 802.1ad id 70")
    defer(station.ip, f"link del {outer}")
    station.ip(f"link set {outer} up")
    station.ip(f"link add link {outer} name {upper.dev} type vlan id 71")
    return upper.up(wait=False)


@steady
def double_tagged(env):
    """Packets of the MTU and two tags arrive unharmed, whoever puts tags in and takes them out."""
    behind = two_tags(env.wire)
    for station in everyone(env):
        upper = two_tags(station)
        for value in ("on", "off"):
            station.ethtool(f"-K {station.dev} txvlan {value} rxvlan {value}")
            defer(station.ethtool, f"-K {station.dev} txvlan on rxvlan on")
            tcp_both_ways(upper, behind, size=1 << 19)


if __name__ == "__main__":
    kawela_run([toggle_pf, toggle_vf, toggle_under_traffic, tso_saves_work, gro_saves_work,
                short_ones_copied, sctp_summed, csum_good, csum_bad, tunnels_offered,
                through_a_tunnel, double_tagged])
