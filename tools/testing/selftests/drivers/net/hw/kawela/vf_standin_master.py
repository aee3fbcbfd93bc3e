#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400
"""What hv_netvsc asks of a VF netdev, asked by a stand-in: how it is found, what is told in which
order and state, and that MTU, features, lists and namespace follow the master.

Behind the stand-in's synthetic path is a switch that learns where the master is.
"""

import re

from lib.py import (PingStream, StandinMaster, Trace, bounded, defer, kawela_run, ksft_eq, ksft_in,
                    ksft_true, load_module, ping, sh, unload_modules, wait_for)

GROUP = "01:00:5e:11:22:55"
SECOND = "02:00:00:00:0e:03"
OTHER_NS = "kw-other"
NUMBER_2 = 41
# pings, of thirty
MAY_LOSE = 3
STEP = re.compile(r"event: \S+ (\S+) perm=(\S+) running=(\d) carrier=(\d) stopped=(\d) "
                  r"path=(\S+)")


class Steps:
    """What the stand-in was told, in order: {event, perm, running, carrier, stopped, path}."""

    def __init__(self, trace):
        names = ("event", "perm", "running", "carrier", "stopped", "path")
        found = [STEP.search(line).groups() for line in trace.lines()]
        self.all = [dict(zip(names, step)) for step in found]
        self.names = [step["event"] for step in self.all]

    def first(self, event):
        ksft_in(event, self.names)
        return self.all[self.names.index(event)]

    def in_order(self, *events):
        """These happened, in this order; others may be between them."""
        rest = iter(self.names)
        ksft_true(all(event in rest for event in events), f"{events} in {self.names}")


def events():
    return Trace("kawela_standin", "event")


def state(step):
    return {name: step[name] for name in ("running", "carrier", "stopped")}


def learnt(pair, vf):
    """The switch on the wire has learnt the way, although the master has nothing to send."""
    port = pair.env.wire.dev if vf else "sw0"
    wait_for(lambda: pair.learnt() == port, f"the switch to find the master behind {port}")


def takes(pair, vf):
    """The wire reaches the master, by the VF or by the other path."""
    learnt(pair, vf)
    used = pair.vf if vf else pair.other
    before = {way: pair.packets(used, way) for way in ("rx", "tx")}
    ping(pair.peer, pair.station)
    for way, count in before.items():
        # what is received is counted at the end of a poll, which the answer may outrun
        wait_for(lambda w=way, c=count: pair.packets(used, w) - c >= 3,
                 f"{used} to count 3 more packets, {way}")


def coming(env):
    """Found before it is registered, by its permanent address; then up, then with a carrier."""
    pair = StandinMaster(env)
    ping(pair.station, pair.peer)
    takes(pair, vf=False)
    with events() as trace:
        pair.bind()
        trace.wait("NETDEV_CHANGE", "carrier=1")
        steps = Steps(trace)
    ksft_eq({step["perm"] for step in steps.all}, {pair.mac})
    steps.in_order("NETDEV_POST_INIT", "NETDEV_REGISTER", "NETDEV_PRE_UP", "NETDEV_UP",
                   "NETDEV_CHANGE")
    ksft_eq(state(steps.first("NETDEV_UP")), {"running": "1", "carrier": "0", "stopped": "1"})
    ksft_eq({step["path"] for step in steps.all
             if step["event"] == "NETDEV_CHANGE" and step["carrier"] == "1"}, {"vf"})
    ksft_in("SLAVE", pair.link()["flags"])
    takes(pair, vf=True)


def going(env):
    """GOING_DOWN is told while it still sends, DOWN when it does not, UNREGISTER at the end."""
    pair = StandinMaster(env)
    pair.bind()
    with events() as trace:
        pair.unbind()
        steps = Steps(trace)
    steps.in_order("NETDEV_GOING_DOWN", "NETDEV_DOWN", "NETDEV_UNREGISTER")
    ksft_eq(state(steps.first("NETDEV_GOING_DOWN")),
            {"running": "1", "carrier": "1", "stopped": "0"})
    ksft_eq(state(steps.first("NETDEV_DOWN")), {"running": "0", "carrier": "0", "stopped": "1"})
    ksft_eq(steps.first("NETDEV_DOWN")["path"], "synthetic")
    takes(pair, vf=False)


def announced(env):
    """Whenever the master's frames go another way, the switch on the wire learns it."""
    pair = StandinMaster(env)
    # IPv6 would find its routers and groups again and again
    pair.station.sh("echo 1 >/proc/sys/net/ipv6/conf/m0/disable_ipv6")
    pair.bind()
    learnt(pair, vf=True)
    env.set_vf(0, "state disable")
    learnt(pair, vf=False)
    env.set_vf(0, "state auto")
    learnt(pair, vf=True)
    pair.station.ip(f"link set dev {pair.vf} down")
    learnt(pair, vf=False)
    pair.station.ip(f"link set dev {pair.vf} up")
    learnt(pair, vf=True)
    pair.unbind()
    learnt(pair, vf=False)


def traffic(env):
    """Of pings hardly one is lost while the VF goes and comes, and is disabled and in service."""
    pair = StandinMaster(env)
    pings = PingStream(pair.peer, pair.station)
    for verb in (pair.bind, pair.unbind, pair.bind):
        verb()
        pings.more(5)
    for _ in range(2):
        env.set_vf(0, "state disable")
        pair.wait_path(vf=False)
        ksft_true(pair.joined(), "it is still the master's")
        pings.more(5)
        env.set_vf(0, "state auto")
        pair.wait_path()
        pings.more(5)
    bounded(pings.stop(), MAY_LOSE)
    takes(pair, vf=True)


def mtu(env):
    """The master's MTU is the VF's, when it comes and later, whatever the PF's is."""
    pair = StandinMaster(env)
    for dev in ("br0", env.wire.dev, "sw0"):
        pair.peer.ip(f"link set dev {dev} mtu 5000")
    defer(pair.peer.ip, f"link set dev {env.wire.dev} mtu 1500")
    pair.station.ip("link set dev m0 mtu 4000")
    pair.bind()
    ksft_eq(pair.link()["mtu"], 4000)
    ping(pair.peer, pair.station, size=3972, whole=True)
    env.pf.ip(f"link set dev {env.pf.dev} mtu 1400")
    defer(env.pf.ip, f"link set dev {env.pf.dev} mtu 1500")
    for size in (5000, 1500):
        pair.station.ip(f"link set dev m0 mtu {size}")
        ksft_eq(pair.link()["mtu"], size)
        ping(pair.station, pair.peer, size=size - 28, whole=True)


def features(env):
    """What the master has switched off is off in the VF, and comes back."""
    pair = StandinMaster(env)
    pair.station.ethtool("-K m0 tso off")
    pair.bind()
    names = "tcp-segmentation-offload", "rx-checksumming"
    vf = pair.station.upper("vf", 0, pair.vf)
    ksft_eq([vf.features()[name] for name in names], ["off", "on"])
    pair.station.ethtool("-K m0 rx off tso on")
    ksft_eq([vf.features()[name] for name in names], ["on", "off"])
    takes(pair, vf=True)
    pair.station.ethtool("-K m0 rx on")
    ksft_eq([vf.features()[name] for name in names], ["on", "on"])
    takes(pair, vf=True)


def namespace(env):
    """The VF follows the master to another namespace and back, with what was set in it."""
    pair = StandinMaster(env)
    pair.bind()
    pair.station.ethtool(f"-G {pair.vf} rx 512 tx 128")
    sh(f"ip netns add {OTHER_NS}")
    defer(sh, f"ip netns del {OTHER_NS}")
    home = pair.station.ns
    for there in (OTHER_NS, home):
        pair.station.ip(f"link set m0 netns {there}")
        pair.station.ns = there
        pair.station.up(wait=False)
        pair.wait_path()
        ping(pair.peer, pair.station)
        rings = pair.station.ethtool(f"-g {pair.vf}").stdout.partition("Current")[2]
        ksft_eq(re.findall(r"^[RT]X:\s+(\d+)", rings, re.MULTILINE), ["512", "128"])
        ksft_in("SLAVE", pair.link()["flags"])


def lists(env):
    """Groups, addresses, all groups and everything: what the master listens to the VF does."""
    pair = StandinMaster(env)
    env.set_vf(0, "trust on")
    defer(env.set_vf, 0, "trust off")
    quiet = env.regs.multicast()
    pair.station.ip(f"maddr add {GROUP} dev m0")
    pair.bind()
    wait_for(lambda: env.regs.multicast() - quiet, "the group")
    other = pair.station.macvlan(NUMBER_2, SECOND)
    wait_for(lambda: SECOND in env.regs.pool_macs(0), "the second address")
    ping(pair.peer, other)
    pair.station.ip(f"link del {other.dev}")
    wait_for(lambda: SECOND not in env.regs.pool_macs(0), "it to go")
    for flag, bit in (("allmulticast", env.regs.VMOLR_MPME), ("promisc", env.regs.VMOLR_ROPE)):
        for on in (True, False):
            pair.station.ip(f"link set dev m0 {flag} {'on' if on else 'off'}")
            wait_for(lambda b=bit, o=on: bool(env.regs.vmolr(0) & b) == o, f"{flag} {on}")


def reload(env):
    """The driver is unloaded while the master has the VF, and loaded again."""
    pair = StandinMaster(env)
    pair.bind()
    unload_modules("kawela_vf")
    takes(pair, vf=False)
    load_module("kawela_vf")
    pair.bind()
    takes(pair, vf=True)


if __name__ == "__main__":
    kawela_run([coming, going, announced, traffic, mtu, features, namespace, lists, reload],
               vfs=0, macs=False)
