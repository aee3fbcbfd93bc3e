#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug
"""ethtool -N and -n: the administrator's receive filters, address and VLAN to a VPort."""

import re
import socket
import threading
import time

from lib.py import (Devlink, both_ways, defer, inside, kawela_run, ksft_eq, ksft_ge, ksft_in,
                    ksft_true, read_file, steady, vf_mac, wait_for, write_file)

MESSAGE_COST = "/proc/sys/net/core/message_cost"
MAC = "02:00:00:00:0e:01"
MAC2 = "02:00:00:00:0e:02"


def add(env, text, fail=True):
    return env.pf.ethtool(f"-N {env.pf.dev} flow-type {text}", fail=fail)


def delete(env, loc, fail=True):
    return env.pf.ethtool(f"-N {env.pf.dev} delete {loc}", fail=fail)


def insert(env, loc, text):
    add(env, f"ether {text} loc {loc}")
    defer(delete, env, loc, fail=False)


def listed(env):
    """{loc: (address, VLAN or None, VF or None)} as ethtool -n has it."""
    found = {}
    for part in env.pf.ethtool("-n " + env.pf.dev).stdout.split("Filter: ")[1:]:
        vlan = re.search(r"VLAN: (0x[0-9a-f]+) mask: (0x[0-9a-f]+)", part)
        vf = re.search(r"VF (\d+)", part)
        # ethtool shows the bits that are not looked at
        ignored = int(vlan[2], 16) if vlan else 0xffff
        found[int(part.split()[0])] = (
            re.search(r"Dest MAC addr: ([0-9A-F:]+)", part)[1].lower(),
            int(vlan[1], 16) & 0xfff if ignored == 0xf000 else None,
            int(vf[1]) if vf else None)
    return found


def count(env):
    return int(re.search(r"Total (\d+) rules", env.pf.ethtool("-n " + env.pf.dev).stdout)[1])


class Listener(threading.Thread):
    """Numbers of the datagrams to an address that a station's netdev receives."""

    def __init__(self, station, mac):
        super().__init__(daemon=True)
        self.heard = set()
        self._over = threading.Event()
        self._mac = bytes.fromhex(mac.replace(":", ""))
        with inside(station.ns):
            self._sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self._sock.bind((station.dev, 0x0800))
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._sock.settimeout(0.2)
        self.start()

    def run(self):
        while not self._over.is_set():
            try:
                frame = self._sock.recv(2048)
            except OSError:
                continue
            if frame[:6] == self._mac:
                self.heard.add(int.from_bytes(frame[42:50], "big"))

    def stop(self):
        self._over.set()
        self.join()
        self._sock.close()
        return self.heard


@steady
def steer(env):
    """A filter brings an address to a VF that never asked for it; deleted, it does not."""
    peer = env.wire
    peer.ip(f"neigh replace 198.18.0.77 lladdr {MAC} dev {peer.dev} nud permanent")
    defer(peer.ip, f"neigh del 198.18.0.77 dev {peer.dev}", fail=False)

    def rx(number):
        before = env.vf_config(number)["stats"]["rx"]["packets"]
        peer.sh("ping -n -q -c 10 -i 0.05 -W 1 198.18.0.77", fail=False)
        return env.vf_config(number)["stats"]["rx"]["packets"] - before

    ksft_true(rx(0) < 10, "without a filter it is not VF 0's")
    insert(env, 5, f"dst {MAC} vf 0")
    ksft_eq(env.regs.rars()[MAC], {0})
    ksft_true(rx(0) >= 10, "VF 0 hears it")
    ksft_eq(listed(env), {5: (MAC, None, 0)})
    insert(env, 5, f"dst {MAC} vf 1")
    ksft_eq(env.regs.rars()[MAC], {1})
    ksft_true(rx(1) >= 10 and rx(0) < 10, "moved to VF 1")
    ksft_eq(listed(env), {5: (MAC, None, 1)})
    insert(env, 5, f"dst {MAC}")
    ksft_eq(env.regs.rars()[MAC], {7}, "without vf it is the PF's")
    ksft_eq(listed(env), {5: (MAC, None, None)})
    delete(env, 5)
    ksft_true(MAC not in env.regs.rars())
    ksft_eq(count(env), 0)


@steady
def vlan(env):
    """With a VLAN: a frame needs both."""
    insert(env, 0, f"dst {env.vf[0].mac} vlan 30 vf 0")
    ksft_eq(listed(env), {0: (env.vf[0].mac, 30, 0)})
    ksft_in(30, env.regs.pool_vlans(0))
    ours, theirs = env.vf[0].vlan(30), env.wire.vlan(30)
    defer(env.vf[0].vlan_del, 30)
    defer(env.wire.vlan_del, 30)
    both_ways(ours, theirs)
    insert(env, 0, f"dst {env.vf[0].mac} vlan 31 m 0xf000 vf 0")
    ksft_eq(listed(env), {0: (env.vf[0].mac, 31, 0)})
    ksft_in(31, env.regs.pool_vlans(0))


@steady
def several(env):
    """Several addresses of one VF; locs are kept, the lowest free one is given on request."""
    insert(env, 10, f"dst {MAC} vf 0")
    insert(env, 3, f"dst {MAC2} vf 0")
    done = add(env, "ether dst 02:00:00:00:0e:03 vf 0")
    defer(delete, env, 0, fail=False)
    ksft_in("ID 0", done.text)
    ksft_eq(set(listed(env)), {0, 3, 10})
    ksft_eq(count(env), 3)
    ksft_eq(env.pf.ethtool(f"-n {env.pf.dev} rule 3").stdout.count(MAC2.upper()), 1)
    both_ways(env.vf[0], env.wire)


@steady
def move_under_a_flow(env):
    """An address moves from VPort to VPort while datagrams to it come in: each of them
    arrives, and at one VPort only."""
    target = "198.18.0.77"
    env.wire.ip(f"neigh replace {target} lladdr {MAC} dev {env.wire.dev} nud permanent")
    defer(env.wire.ip, f"neigh del {target} dev {env.wire.dev}", fail=False)
    insert(env, 4, f"dst {MAC} vf 0")
    listeners = [Listener(station, MAC) for station in (env.vf[0], env.vf[1], env.pf)]
    sent = 0
    with env.wire.socket(socket.SOCK_DGRAM) as sock:
        for where in ("vf 1", "", "vf 0") * 4:
            mover = threading.Thread(target=add, args=(env, f"ether dst {MAC} {where} loc 4"))
            mover.start()
            end = time.monotonic() + 0.3
            while mover.is_alive() or time.monotonic() < end:
                sock.sendto(sent.to_bytes(8, "big") * 8, (target, 9))
                sent += 1
                time.sleep(0.001)
            mover.join()
    wait_for(lambda: sent - 1 in listeners[0].heard, "the last datagram")
    heard = [listener.stop() for listener in listeners]
    ksft_eq(len(set.union(*heard)), sent, "datagrams that arrived")
    ksft_eq(sum(len(h) for h in heard), sent, "datagrams and copies")
    ksft_ge(min(len(h) for h in heard), 20, "each VPort had its share")


@steady
def move_from_driver(env):
    """A filter moves also from a VF whose driver uses its address by now; that VF starts over
    without it."""
    env.set_vf_mac(0, "00:00:00:00:00:00")
    defer(back_to_own, env, 0)
    insert(env, 4, f"dst {MAC} vf 0")
    env.vf[0].ip(f"link set dev {env.vf[0].dev} address {MAC}")
    both_ways(env.vf[0], env.wire)
    lost = env.vf[0].ethtool_stats()["session_lost"]
    insert(env, 4, f"dst {MAC} vf 1")
    ksft_eq(listed(env), {4: (MAC, None, 1)})
    wait_for(lambda: env.vf[0].ethtool_stats()["session_lost"] > lost, "VF 0 to start over")
    wait_for(lambda: 0 in env.regs.gates()[0], "VF 0 to connect again")
    ksft_eq(env.regs.rars()[MAC], {1})


def back_to_own(env, number):
    """A VF has its own address again."""
    env.set_vf_mac(number, vf_mac(number))
    wait_for(lambda: env.vf[number].mac == vf_mac(number), "the VF to have its address back")
    env.vf[number].wait_carrier()


REFUSED = (
    (f"ether dst {MAC} action -1", "Operation not supported", "neither drops"),
    (f"ether dst {MAC} action -2", "Operation not supported", "neither drops"),
    (f"ether dst {MAC} m 00:00:00:00:00:ff vf 0", "Invalid argument", "whole of dst"),
    (f"ether src {MAC} vf 0", "Invalid argument", "whole of dst"),
    (f"ether dst {MAC} src {MAC2} vf 0", "Operation not supported", "neither src nor proto"),
    (f"ether dst {MAC} proto 0x800 vf 0", "Operation not supported", "neither src nor proto"),
    (f"ether dst {MAC} vlan 0x2005 vf 0", "Invalid argument", "no priority"),
    (f"ether dst {MAC} vlan 5 m 0xfff0 vf 0", "Invalid argument", "whole VLAN id"),
    (f"ether dst {MAC} vlan-etype 0x88a8 vf 0", "Operation not supported", "vlan-etype"),
    (f"ether dst {MAC} user-def 1 vf 0", "Operation not supported", "user-def"),
    ("ether dst 01:00:5e:00:00:01 vf 0", "Invalid argument", "unicast"),
    (f"ether dst {MAC} vf 2", "Invalid argument", "no such VF"),
    (f"ether dst {MAC} vf 0 queue 1", "Invalid argument", "use queue 0"),
    (f"ether dst {MAC} vf 0 loc 64", "Invalid argument", "0 to 63"),
    ("tcp4 dst-port 80 vf 0", "Operation not supported", "flow-type ether"),
    ("udp4 dst-port 80 action 0", "Operation not supported", "flow-type ether"),
)


def reasons_logged():
    """Or some of the reasons would not be: the kernel limits their rate."""
    limit = read_file(MESSAGE_COST)
    write_file(MESSAGE_COST, 0)
    defer(write_file, MESSAGE_COST, limit)


def add_refused(env, text, errno, reason):
    """With this errno, and this reason in the log, since now."""
    before = len(env.log.lines("receive filter"))
    ksft_in(errno, add(env, text, fail=False).text, text)
    said = "; ".join(env.log.lines("receive filter")[before:])
    ksft_in(reason, said, text)


@steady
def refused(env):
    """What the switch cannot do: each with its errno, and the reason in the kernel log."""
    before = env.regs.rars()
    reasons_logged()
    for text, errno, reason in REFUSED:
        add_refused(env, text, errno, reason)
    insert(env, 1, f"dst {MAC} vf 0")
    for text in (f"ether dst {MAC} vf 1 loc 2", f"ether dst {env.vf[1].mac} vf 0 loc 2"):
        add_refused(env, text, "File exists", "Another VPort has")
    add_refused(env, f"ether dst {MAC} vf 0 loc 2", "File exists", "Another filter is the same")
    ksft_in("No such file", delete(env, 2, fail=False).text)
    ksft_in("Invalid argument", delete(env, 64, fail=False).text)
    delete(env, 1)
    ksft_eq(env.regs.rars(), before)
    ksft_eq(count(env), 0)


@steady
def wrong_shape(env):
    """The hardware takes the product of a VPort's addresses and VLANs: two addresses with
    two VLANs would let frames in that nobody asked for. Refused, in either order, and by
    the other tools, too; what was there goes on."""
    reasons_logged()
    shape = "one address with many VLANs or many with one VLAN"
    env.set_vf_mac(0, "00:00:00:00:00:00")
    defer(env.set_vf_mac, 0, vf_mac(0))
    for first in ("", "vlan 2"):
        insert(env, 1, f"dst {MAC} {first} vf 0")
        insert(env, 2, f"dst {MAC} vlan 3 vf 0")
        before = listed(env), env.regs.rars(), env.regs.vlans()
        for more in ("", "vlan 2", "vlan 3", "vlan 4"):
            add_refused(env, f"ether dst {MAC2} {more} vf 0 loc 3",
                        "Operation not supported", shape)
        delete(env, 2)
        insert(env, 2, f"dst {MAC2} {first} vf 0")
        add_refused(env, f"ether dst {MAC} vlan 3 vf 0 loc 3", "Operation not supported", shape)
        delete(env, 2)
        insert(env, 2, f"dst {MAC} vlan 3 vf 0")
        ksft_eq((listed(env), env.regs.rars(), env.regs.vlans()), before)
        ksft_in("Operation not supported", env.set_vf_mac(0, MAC2, fail=False).text)
        delete(env, 1)
        delete(env, 2)


def no_vlan_tests(env):
    """With the parameter vmq_vlan_filtering off, filters with a VLAN are refused; those
    without are not."""
    devlink = Devlink(env.pci)
    devlink.change_param(env, "vmq_vlan_filtering", "false")
    devlink.reload()
    env.wait_served()
    reasons_logged()
    add_refused(env, f"ether dst {MAC} vlan 5 vf 0 loc 1", "Operation not supported",
                "test the VLAN are turned off")
    insert(env, 1, f"dst {MAC} vf 0")
    ksft_eq(env.regs.rars()[MAC], {0})


def lasts(env):
    """Filters are wanted state: netdev down and up, resets, a new VF driver."""
    insert(env, 7, f"dst {MAC} vf 0")

    def there(pool=0):
        ksft_eq(listed(env), {7: (MAC, None, 0)})
        ksft_eq(env.regs.rars()[MAC], {pool})

    env.pf.down()
    env.pf.up()
    there()
    env.vf_pci[0].reset()
    env.vf[0].wait_carrier()
    there()
    env.pci.reset()
    env.wait_served()
    there()
    env.vf_pci[0].unbind()
    wait_for(lambda: env.regs.rars().get(MAC) == {7}, "the PF to have it without a VF driver")
    env.bind_vf(0)
    there()
    env.remove_vfs()
    ksft_eq(count(env), 0)
    env.make_vfs(2)


@steady
def tools_agree(env):
    """What else asks about filters and queues works as before."""
    ksft_eq(env.pf.features()["ntuple-filters"], "on")
    ksft_in("RX rings available", env.pf.ethtool("-x " + env.pf.dev).stdout +
            env.pf.ethtool("-n " + env.pf.dev).stdout)
    env.pf.ethtool(f"-n {env.pf.dev} rx-flow-hash tcp4")
    insert(env, 1, f"dst {MAC} vf 0")
    env.pf.ethtool(f"-L {env.pf.dev} combined 1")
    env.pf.ethtool(f"-L {env.pf.dev} combined 2")


if __name__ == "__main__":
    kawela_run([steer, vlan, several, move_under_a_flow, move_from_driver, refused,
                wrong_shape, no_vlan_tests, lasts, tools_agree])
