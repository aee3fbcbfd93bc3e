#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400 --standby --not-on-debug
"""A VF as the primary of net_failover: it is taken by its permanent address, serves soon, goes
without a wait, and leaves the master to its standby whenever it cannot serve.

The standby is a virtio-net of this machine, beside the NIC; both hear the whole wire.

Not on the debug kernel unless it is named: net_failover of 6.12 takes a lock that it never
initialised, which is reported when this machine boots, and lockdep is off from then on.
"""

import os

from lib.py import (Announcements, NetFailover, PingStream, bounded, defer, kawela_run, ksft_eq,
                    ksft_in, ksft_lt, ksft_pr, ksft_true, load_module, ping, sh, sleeping_waits,
                    unload_modules, wait_for)

OTHER_MAC = "02:00:00:00:0e:02"
GROUP = "01:00:5e:11:22:44"
VID = 44
# pings, of thirty
MAY_LOSE = 3


def both_ways(pair):
    ping(pair.peer, pair.station)
    ping(pair.station, pair.peer)


def takes(pair, vf):
    """Pings pass both ways, and take the VF or the standby."""
    used, idle = (pair.vf, pair.other) if vf else (pair.other, pair.vf)
    before = pair.packets(used, "tx"), pair.packets(idle, "tx") if idle else 0
    both_ways(pair)
    wait_for(lambda: pair.packets(used, "tx") - before[0] >= 6, f"{used} to count 6 more packets")
    if idle:
        ksft_lt(pair.packets(idle, "tx") - before[1], 6, f"frames that {idle} sent")


def paired(env):
    """Taken when it is registered, by its permanent address; its link is up in a second."""
    pair = NetFailover(env)
    takes(pair, vf=False)
    pair.bind(wait=False)
    ksft_true(pair.joined(), "it has its master when the probe returns")
    ksft_eq(pair.link().get("permaddr", pair.link()["address"]), pair.mac)
    pair.wait_path()
    takes(pair, vf=True)


def soon(env):
    """The link is up a second after the probe began, at most."""
    pair = NetFailover(env)
    for _ in range(3):
        took = pair.time_to_carrier()
        ksft_pr(f"carrier {took:.3f} s after the bind")
        ksft_lt(took, 1, "seconds from the bind to the carrier")
        pair.wait_path()
        pair.unbind()


def goes_and_comes(env):
    """Pings go on while the driver is unbound and bound again, and reloaded."""
    pair = NetFailover(env)
    pair.bind()
    pings = PingStream(pair.peer, pair.station)
    pings.more(10)
    pair.unbind()
    pings.more(10)
    pair.bind()
    pings.more(10)
    bounded(pings.stop(), MAY_LOSE)
    takes(pair, vf=True)
    unload_modules("kawela_vf")
    takes(pair, vf=False)
    load_module("kawela_vf")
    pair.bind()
    takes(pair, vf=True)


def disabled(env):
    """state disable: the standby serves, both ways; state auto: the VF."""
    pair = NetFailover(env)
    pair.bind()
    takes(pair, vf=True)
    for _ in range(3):
        pings = PingStream(pair.peer, pair.station)
        pings.more(5)
        env.set_vf(0, "state disable")
        pair.wait_path(vf=False)
        wait_for(lambda: not pair.joined(), "the VF to step aside")
        pings.more(5)
        env.set_vf(0, "state auto")
        pair.wait_path()
        pings.more(5)
        bounded(pings.stop(), MAY_LOSE)
    env.set_vf(0, "state disable")
    pair.wait_path(vf=False)
    takes(pair, vf=False)
    env.set_vf(0, "state auto")
    pair.wait_path()
    takes(pair, vf=True)


def no_link(env):
    """The port loses its link: the standby serves, and once there is a link the VF does again; so
    it does when the administrator says that there is one."""
    pair = NetFailover(env)
    pair.bind()
    defer(sh, "qmp set_link name=pf0 up=true")
    sh("qmp set_link name=pf0 up=false")
    pair.wait_path(vf=False)
    takes(pair, vf=False)

    # a carrier that does not ask for the port's; nothing is received without that, though
    defer(env.set_vf, 0, "state auto")
    env.set_vf(0, "state enable")
    pair.wait_path()
    env.set_vf(0, "state auto")
    pair.wait_path(vf=False)
    takes(pair, vf=False)

    sh("qmp set_link name=pf0 up=true")
    pair.wait_path()
    takes(pair, vf=True)


def reset(env):
    """A reset of the VF, or of the PF, takes no primary from its master for good."""
    pair = NetFailover(env)
    pair.bind()
    for function in (env.vf_pci[0], env.pci):
        function.reset()
        wait_for(lambda: 0 in env.regs.gates()[0], "the VF to be served")
        pair.wait_path()
        takes(pair, vf=True)


def late_address(env):
    """A VF whose host does not answer at first is taken when it does."""
    pair = NetFailover(env)
    env.set_vf(0, "state disable")
    pair.bind(wait=False)
    ksft_true(not pair.joined(), "it does not have the master's address yet")
    takes(pair, vf=False)
    env.set_vf(0, "state auto")
    pair.wait_path()
    takes(pair, vf=True)


def other_address(env):
    """The host gives the VF another address: the master lets go of it nevertheless."""
    pair = NetFailover(env)
    pair.bind()
    env.set_vf_mac(0, OTHER_MAC)
    wait_for(lambda: pair.link()["address"] == OTHER_MAC, "the VF's new address")
    pair.unbind()
    takes(pair, vf=False)
    pair.bind(wait=False)
    ksft_true(not pair.joined(), "it is not the master's any more")
    env.set_vf_mac(0, pair.mac)


def announced(env):
    """Whenever its frames go another way the master announces itself on the wire."""
    pair = NetFailover(env)
    with Announcements(pair.peer, pair.mac, pair.station.v4) as wire:
        wire.after(pair.bind, "the VF came")
        wire.after(lambda: env.set_vf(0, "state disable"), "it was disabled")
        wire.after(lambda: env.set_vf(0, "state auto"), "it is in service again")
        pair.wait_path()
        wire.after(pair.unbind, "it went")


def mtu(env):
    """The master's MTU is the VF's, whatever the PF's is."""
    pair = NetFailover(env)
    pair.bind()
    pair.peer.ip(f"link set dev {pair.peer.dev} mtu 4000")
    defer(pair.peer.ip, f"link set dev {pair.peer.dev} mtu 1500")
    for size in (4000, 1500):
        pair.station.ip(f"link set dev {pair.station.dev} mtu {size}")
        ksft_eq(pair.link()["mtu"], size)
        ping(pair.peer, pair.station, size=size - 28, whole=True)
        ping(pair.station, pair.peer, size=size - 28, whole=True)


def mtu_of_pf(env):
    """A PF with another MTU does not change that of a VF with a master."""
    pair = NetFailover(env)
    env.pf.ip(f"link set dev {env.pf.dev} mtu 1400")
    defer(env.pf.ip, f"link set dev {env.pf.dev} mtu 1500")
    pair.bind()
    env.pf.ip(f"link set dev {env.pf.dev} mtu 1300")
    ping(pair.peer, pair.station, size=1472, whole=True)
    ksft_eq(pair.link()["mtu"], 1500)


def lists(env):
    """Groups and VLANs of the master become the VF's, also those from before it came."""
    pair = NetFailover(env)
    quiet = env.regs.multicast()
    pair.station.ip(f"maddr add {GROUP} dev {pair.station.dev}")
    defer(pair.station.ip, f"maddr del {GROUP} dev {pair.station.dev}")
    pair.station.ip(f"link add link {pair.station.dev} name v{VID} type vlan id {VID}")
    defer(pair.station.ip, f"link del v{VID}")
    pair.bind()
    ksft_in(VID, env.regs.pool_vlans(0))
    ksft_true(env.regs.multicast() - quiet, "the group")
    pair.station.ip(f"link add link {pair.station.dev} name v{VID + 1} type vlan id {VID + 1}")
    defer(pair.station.ip, f"link del v{VID + 1}")
    wait_for(lambda: VID + 1 in env.regs.pool_vlans(0), "the second VLAN")


def no_wait(env):
    """To unbind it takes no sleep: neither in service, nor when the host is silent."""
    pair = NetFailover(env)
    ksft_true(sleeping_waits(pair.bind), "the probe waits for the host: waits are seen")
    ksft_eq(sleeping_waits(pair.unbind), [], "sleeping waits, in service")
    pair.bind()
    env.set_vf(0, "state disable")
    pair.wait_path(vf=False)
    ksft_eq(sleeping_waits(pair.unbind), [], "sleeping waits, out of service")
    ksft_true(not os.path.exists(env.vf_pci[0].path + "/driver"))


if __name__ == "__main__":
    kawela_run([paired, soon, goes_and_comes, disabled, no_link, reset, late_address,
                other_address, announced, mtu, mtu_of_pf, lists, no_wait], vfs=0, macs=False)
