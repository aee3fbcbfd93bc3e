# SPDX-License-Identifier: GPL-2.0-only
"""What every pair of a PF and a VF driver must do; one case per behaviour."""

from net.lib.py import defer, ksft_eq, ksft_ge
from .env import vf_mac
from .station import on_vlan
from .traffic import all_ping, every_two, ping, tcp_both_ways

JUMBO = 9000


def ping_ipv4(env):
    """Every two stations ping both ways."""
    all_ping(env.stations)


def neighbours_ipv6(env):
    """Neighbour discovery between every two, from an empty cache, then ping."""
    for station in env.stations:
        station.forget_neighbours()
    all_ping(env.stations, v6=True)
    for one, other in every_two(env.stations):
        known = one.ip("-6 neigh show dev " + one.dev).stdout
        ksft_eq(other.mac in known, True, f"{one} knows {other} by its address")


def vlan_tagged(env):
    """A tagged VLAN between every two, and nobody hears another VLAN."""
    vid = 100
    uppers = []
    for station in env.stations:
        uppers.append(on_vlan(station, vid))
    all_ping(uppers)

    other = env.vf[0].vlan(vid + 1)
    defer(env.vf[0].vlan_del, vid + 1)
    before = env.vf[1].link(f"{env.vf[1].dev}.{vid}")["stats64"]["rx"]["packets"]
    other.sh(f"ping -n -q -c 5 -i 0.2 -W 1 {other.v4[:-2]}99", fail=False)
    after = env.vf[1].link(f"{env.vf[1].dev}.{vid}")["stats64"]["rx"]["packets"]
    ksft_ge(2, after - before, "VLAN 101 must not be heard on VLAN 100")


def jumbo_9000(env):
    """An MTU of 9000: packets of that size between every two, in one piece."""
    for station in env.stations:
        old = station.link()["mtu"]
        station.ip(f"link set dev {station.dev} mtu {JUMBO}")
        defer(station.ip, f"link set dev {station.dev} mtu {old}")
    for station in env.stations:
        station.wait_carrier()
    all_ping(env.stations, size=JUMBO - 28, whole=True)


def mtu_back_1500(env):
    """After jumbo, back at 1500, everybody still reaches everybody."""
    for station in env.stations:
        station.wait_carrier()
    all_ping(env.stations)


def tcp_content(env):
    """TCP both ways between every two: the data arrives as it was sent."""
    for one, other in every_two(env.stations):
        tcp_both_ways(one, other)


def tcp_ipv6(env):
    """The same over IPv6, PF and wire with a VF."""
    tcp_both_ways(env.pf, env.vf[0], v6=True)
    tcp_both_ways(env.wire, env.vf[0], v6=True)


def admin_mac(env):
    """The VF comes up with the MAC that `ip link set PF vf N mac` gave it."""
    for number, station in enumerate(env.vf):
        ksft_eq(station.mac, vf_mac(number))
        ksft_eq(env.vf_config(number)["address"], vf_mac(number))
        link = station.link()
        ksft_eq(link.get("permaddr", link["address"]), vf_mac(number), "permanent address")


def teardown_and_again(env):
    """All VFs go and come back, and everything works as before."""
    for _ in range(2):
        count = len(env.vf)
        env.remove_vfs()
        ping(env.pf, env.wire)
        env.make_vfs(count)
        all_ping(env.stations)
    ping(env.vf[0], env.vf[1], v6=True)


INTEROP = [admin_mac, ping_ipv4, neighbours_ipv6, vlan_tagged, jumbo_9000,
           mtu_back_1500, tcp_content, tcp_ipv6, teardown_and_again]
