#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300
"""What the host says about a VF reaches its netdev while it runs, in config blocks.

Each case looks at the VF's netdev only, and that neither its session nor its carrier moved.
"""

import functools
import os
import subprocess
import time

from lib.py import (Flow, all_ping, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_ne,
                    ksft_pr, read_file, sh, steady, vf_mac, wait_for)

OTHER = "02:00:00:00:0b:01"
VMOLR_MPME = 1 << 28


def changes(station):
    return int(station.sh(f"cat /sys/class/net/{station.dev}/carrier_changes").stdout)


def undisturbed(case):
    """A case in which the VF neither connects again nor loses its carrier."""
    @functools.wraps(case)
    def run(env):
        vf = env.vf[0]
        before = vf.ethtool_stats()["session_connects"], changes(vf)
        case(env)
        after = vf.ethtool_stats()["session_connects"], changes(vf)
        ksft_eq(after, before, "sessions and carrier changes of the VF")
    return steady(run)


def lossless(case):
    """A case during which the VF's traffic loses nothing."""
    @functools.wraps(case)
    def run(env):
        with Flow(env.vf[0], env.wire) as flow:
            flow.flows()
            case(env)
            ksft_eq(flow.lost(), 0, "datagrams lost")
    return undisturbed(run)


def reaches(cond, what):
    """Wait for it, and say how long it took: on a machine without emulation it is much less."""
    start = time.monotonic()
    wait_for(cond, what)
    ksft_pr(f"{what}: {(time.monotonic() - start) * 1000:.0f} ms")


@undisturbed
def address(env):
    """The address that the administrator pins is the VF's, permanent one included."""
    vf = env.vf[0]
    defer(env.set_vf_mac, 0, vf_mac(0))
    env.set_vf_mac(0, OTHER)
    reaches(lambda: vf.mac == OTHER, "the VF's new address")
    ksft_eq(vf.link().get("permaddr", OTHER), OTHER)
    env.wire.forget_neighbours()
    both_ways(vf, env.wire)


@undisturbed
def vlan(env):
    """In a VLAN of the switch the guest has no tags of its own to offload, until it is out. A VLAN
    that it had before works again then."""
    vf = env.vf[0]
    defer(env.set_vf, 0, "vlan 0")
    tagged, wire = vf.vlan(21), env.wire.vlan(21)
    defer(vf.vlan_del, 21)
    defer(env.wire.vlan_del, 21)
    both_ways(tagged, wire)
    ksft_eq(vf.features()["tx-vlan-offload"], "on")
    env.set_vf(0, "vlan 5")
    reaches(lambda: vf.features()["tx-vlan-offload"] == "off", "the VLAN")
    ksft_eq(vf.features()["rx-vlan-filter"], "off")
    env.set_vf(0, "vlan 0")
    wait_for(lambda: vf.features()["tx-vlan-offload"] == "on", "the end of the VLAN")
    ksft_eq(vf.features()["rx-vlan-filter"], "on")
    both_ways(vf, env.wire)
    both_ways(tagged, wire)


@steady
def mtu(env):
    """A VF whose user chose no MTU has the host's; one whose user did keeps it."""
    defer(env.pf.ip, f"link set {env.pf.dev} mtu 1500")
    other = env.vf[1]
    other.ip(f"link set {other.dev} mtu 1400")
    env.pf.ip(f"link set {env.pf.dev} mtu 4000")
    reaches(lambda: env.vf[0].link()["mtu"] == 4000, "the host's MTU")
    both_ways(env.vf[0], env.pf, size=3900, whole=True)
    ksft_eq(other.link()["mtu"], 1400)
    env.pf.ip(f"link set {env.pf.dev} mtu 1500")
    wait_for(lambda: env.vf[0].link()["mtu"] == 1500, "the MTU from before")
    ksft_eq(other.link()["mtu"], 1400)


def max_rate(station):
    return int(station.sh(f"cat /sys/class/net/{station.dev}/queues/tx-0/tx_maxrate").stdout)


@lossless
def rate(env):
    """The transmit limit stands where a queue's limit stands."""
    vf = env.vf[0]
    defer(env.set_vf, 0, "max_tx_rate 0")
    ksft_eq(max_rate(vf), 0)
    env.set_vf(0, "max_tx_rate 400")
    reaches(lambda: max_rate(vf) == 400, "the rate")
    env.set_vf(0, "max_tx_rate 0")
    wait_for(lambda: max_rate(vf) == 0, "the end of the limit")


def usecs(station):
    text = station.ethtool("-c " + station.dev).stdout
    return int(text.split("rx-usecs:")[1].split()[0])


@lossless
def moderation(env):
    """How the host moderates is an advice, which the guest's user may ignore."""
    first, second = env.vf
    before = usecs(env.pf)
    defer(env.pf.ethtool, f"-C {env.pf.dev} rx-usecs {before}")
    ksft_eq(usecs(first), before)
    second.ethtool(f"-C {second.dev} rx-usecs 50")
    env.pf.ethtool(f"-C {env.pf.dev} rx-usecs 0")
    reaches(lambda: usecs(first) == 0, "the advice")
    env.pf.ethtool(f"-C {env.pf.dev} rx-usecs 120")
    wait_for(lambda: usecs(first) == 125, "the advice for few interrupts")
    ksft_eq(usecs(second), 50)


@lossless
def trust(env):
    """What a VF was refused it asks for again, when it is trusted."""
    vf = env.vf[0]
    defer(env.set_vf, 0, "trust off")
    vf.ip(f"link set {vf.dev} allmulticast on")
    defer(vf.ip, f"link set {vf.dev} allmulticast off")
    ksft_eq(env.regs.vmolr(0) & VMOLR_MPME, 0)
    env.set_vf(0, "trust on")
    reaches(lambda: env.regs.vmolr(0) & VMOLR_MPME, "what trust gives")
    env.set_vf(0, "trust off")
    wait_for(lambda: not env.regs.vmolr(0) & VMOLR_MPME, "what distrust takes")


@undisturbed
def told(env):
    """Who listens to the netdev in the guest hears of it."""
    vf = env.vf[0]
    defer(env.set_vf, 0, "max_tx_rate 0")
    with open("/tmp/kw-monitor", "w+", encoding="ascii", errors="replace") as heard:
        with subprocess.Popen(["ip", "-n", vf.ns, "monitor", "link"], stdout=heard) as monitor:
            defer(os.unlink, heard.name)
            time.sleep(0.5)
            for rate_mbps in (300, 301):
                env.set_vf(0, f"max_tx_rate {rate_mbps}")
                wait_for(lambda want=rate_mbps: max_rate(vf) == want, "the rate")
            wait_for(lambda: vf.dev in read_file(heard.name), "a word about the netdev")
            monitor.terminate()


@undisturbed
def refusal(env):
    """Who asks for another's address is told that it is another's."""
    vf = env.vf[0]
    env.set_vf(0, "trust on")
    defer(env.set_vf, 0, "trust off")
    done = vf.ip(f"link set {vf.dev} address {env.pf.mac}", fail=False)
    ksft_ne(done.ret, 0)
    ksft_in("File exists", done.text)
    ksft_eq(vf.mac, vf_mac(0))


def link_enabled(env):
    """state enable: the VF keeps its carrier when the port loses its link, until auto.

    The model receives nothing without a link, not from other pools either, so that nothing
    can be said here of frames between VFs meanwhile."""
    enabled, other = env.vf
    defer(sh, "qmp set_link name=pf0 up=true")
    defer(env.set_vf, 0, "state auto")
    env.set_vf(0, "state enable")
    ksft_eq(env.vf_config(0)["link_state"], "enable")
    before = changes(enabled)
    sh("qmp set_link name=pf0 up=false")
    other.wait_carrier(False)
    ksft_eq(enabled.carrier(), True)
    ksft_in("Speed: Unknown!", enabled.ethtool(enabled.dev).stdout)
    env.set_vf(0, "state auto")
    enabled.wait_carrier(False)
    env.set_vf(0, "state enable")
    enabled.wait_carrier()
    sh("qmp set_link name=pf0 up=true")
    other.wait_carrier()
    env.pf.wait_carrier()
    ksft_eq(changes(enabled), before + 2, "carrier changes of the VF")
    all_ping(env.stations)


@undisturbed
def host_counts(env):
    """ethtool -S in the guest has what the host counts, as the host shows it."""
    vf = env.vf[0]
    both_ways(vf, env.wire)

    def same():
        vf.ethtool_stats()
        host = env.vf_config(0)["stats"]
        guest = vf.ethtool_stats()
        return guest["host_tx_packets"] == host["tx"]["tx_packets"] > 0 and \
            guest["host_rx_packets"] == host["rx"]["packets"] > 0

    wait_for(same, "the counters to agree")


@undisturbed
def many_changes(env):
    """Faster than anybody reads: the last word counts, and none is lost."""
    vf = env.vf[0]
    defer(env.set_vf, 0, "max_tx_rate 0")
    defer(env.set_vf_mac, 0, vf_mac(0))
    with Flow(env.vf[1], env.wire) as flow:
        for number in range(20):
            env.set_vf(0, f"max_tx_rate {100 + number}")
            env.set_vf_mac(0, f"02:00:00:00:0c:{number:02x}")
        flow.flows()
    wait_for(lambda: max_rate(vf) == 119, "the last rate")
    wait_for(lambda: vf.mac == "02:00:00:00:0c:13", "the last address")
    env.wire.forget_neighbours()
    both_ways(vf, env.wire)


if __name__ == "__main__":
    kawela_run([address, vlan, mtu, rate, moderation, trust, told, refusal, link_enabled,
                host_counts, many_changes])
