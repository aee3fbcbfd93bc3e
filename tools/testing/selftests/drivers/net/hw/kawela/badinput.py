#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Bad input to every interface: a precise refusal, and nothing is lost by it.

Each case names the errno and, where the interface has a way to say more, the
text; afterwards the link is as it was and traffic flows.
"""

from lib.py import (all_ping, both_ways, defer, kawela_run, ksft_eq, ksft_in, ksft_ne, ksft_true,
                    load_module, module_loaded, on_vlan, unload_modules, write_errno)


class Unharmed:
    """What is inside must not disturb link and traffic."""

    def __init__(self, env):
        self.env = env

    def __enter__(self):
        self.changes = self.env.carrier_changes()

    def __exit__(self, kind, *exc):
        if kind:
            return
        ksft_eq(self.env.carrier_changes(), self.changes, "carrier changes of the PF")
        for station in self.env.vf + [self.env.wire]:
            both_ways(self.env.pf, station, count=1)


def refused(done, text):
    """The command failed and said this."""
    ksft_ne(done.ret, 0, "must be refused: " + text)
    ksft_in(text.lower(), done.text.lower())


def module_parameter(env):
    """The modules have no parameter; the kernel says so and loads them anyway."""
    env.remove_vfs()
    env.pci.unbind()
    unload_modules("kawela_vf", "kawela_pf")
    before = len(env.log.lines())
    load_module("kawela_pf", "max_vfs=2")
    load_module("kawela_vf", "debug=16")
    said = "\n".join(env.log.lines()[before:])
    ksft_in("kawela_pf: unknown parameter 'max_vfs' ignored", said)
    ksft_in("kawela_vf: unknown parameter 'debug' ignored", said)
    ksft_true(module_loaded("kawela_pf") and module_loaded("kawela_vf"))
    env.load()
    env.make_vfs(2)
    all_ping(env.stations, count=1)


def vf_count(env):
    """What is no count of VFs, too many, and a change without going through 0."""
    with Unharmed(env):
        for text, error in (("-1", "EINVAL"), ("seven", "EINVAL"), ("70000", "EINVAL"),
                            ("8", "ERANGE"), ("3", "EBUSY"), ("7", "EBUSY")):
            ksft_eq(write_errno(env.pci.path + "/sriov_numvfs", text), error, text)
        ksft_eq(env.num_vfs(), 2)


def vf_mac(env):
    """Group addresses, the address of the PF, VFs that do not exist."""
    with Unharmed(env):
        before = [env.vf_config(n)["address"] for n in range(2)]
        refused(env.set_vf_mac(0, "ff:ff:ff:ff:ff:ff", fail=False), "Invalid argument")
        refused(env.set_vf_mac(0, "33:33:00:00:00:01", fail=False), "Invalid argument")
        refused(env.set_vf_mac(0, env.pf.mac, fail=False), "File exists")
        refused(env.set_vf_mac(2, "02:00:00:00:07:01", fail=False), "Invalid argument")
        ksft_eq([env.vf_config(n)["address"] for n in range(2)], before)


def own_mac(env):
    """A group address on either netdev."""
    with Unharmed(env):
        for station in (env.pf, env.vf[0]):
            before = station.mac
            done = station.ip(f"link set dev {station.dev} address 01:00:5e:00:00:01",
                              fail=False)
            refused(done, "Cannot assign requested address")
            ksft_eq(station.mac, before)


def mtu(env):
    """Below 68 and above 9216."""
    with Unharmed(env):
        for station in (env.pf, env.vf[0]):
            for size, text in ((67, "mtu less than device minimum"),
                               (9217, "mtu greater than device maximum")):
                done = station.ip(f"link set dev {station.dev} mtu {size}", fail=False)
                refused(done, text)
            ksft_eq(station.link()["mtu"], 1500)


def mtu_edges(env):
    """68 and 9216 are fine."""
    with Unharmed(env):
        for station in (env.pf, env.vf[0]):
            for size in (68, 9216, 1500):
                station.ip(f"link set dev {station.dev} mtu {size}")
                ksft_eq(station.link()["mtu"], size)
            # a small MTU takes the IPv6 addresses away
            station.up()


def vlans(env):
    """More VLANs on the PF than the table leaves to it beside the VFs."""
    added = []

    def remove():
        while added:
            env.pf.ip(f"link del {env.pf.dev}.{added.pop()}")

    defer(remove)
    with Unharmed(env):
        for vid in range(100, 140):
            done = env.pf.ip(f"link add link {env.pf.dev} name {env.pf.dev}.{vid} "
                             f"type vlan id {vid}", fail=False)
            if done.ret:
                refused(done, "No space left on device")
                break
            added.append(vid)
        ksft_true(8 <= len(added) < 32, f"{len(added)} VLANs fit")
        on_vlan(env.vf[0], 90)
    remove()
    env.pf.vlan(139)
    env.pf.vlan_del(139)
    refused(env.vf[0].ip(f"link add link {env.vf[0].dev} name bad type vlan id 4096",
                         fail=False), "invalid vlan id")


def ring_sizes(env):
    """Rings too small, too large, and of a kind that does not exist."""
    with Unharmed(env):
        for station in (env.pf, env.vf[0]):
            before = station.ethtool("-g " + station.dev).stdout
            for change, text in (("rx 8", "ring size must be"),
                                 ("tx 8", "ring size must be"),
                                 ("rx 100000", "requested ring size exceeds maximum"),
                                 ("tx 100000", "requested ring size exceeds maximum"),
                                 ("rx-mini 64", "requested ring size exceeds maximum"),
                                 ("rx-jumbo 64", "requested ring size exceeds maximum")):
                refused(station.ethtool(f"-G {station.dev} {change}", fail=False), text)
            ksft_eq(station.ethtool("-g " + station.dev).stdout, before)


def channels(env):
    """No channel, too many, and separate receive channels."""
    many = "requested channel count exceeds maximum"
    with Unharmed(env):
        for station, changes in (
                (env.pf, {"combined 0": "channel", "combined 64": many, "rx 1": many,
                          "other 5": many}),
                (env.vf[0], {"combined 0": "channel", "combined 0 tx 1": "channel",
                             "combined 2": many, "rx 1": many, "tx 2": many})):
            before = station.ethtool("-l " + station.dev).stdout
            for change, text in changes.items():
                refused(station.ethtool(f"-L {station.dev} {change}", fail=False), text)
            ksft_eq(station.ethtool("-l " + station.dev).stdout, before)


def coalesce(env):
    """A time too long, and a parameter that the hardware does not have."""
    with Unharmed(env):
        for station in (env.pf, env.vf[0]):
            before = station.ethtool("-c " + station.dev).stdout
            refused(station.ethtool(f"-C {station.dev} rx-usecs 1000000", fail=False),
                    "rx-usecs must be 0 to")
            refused(station.ethtool(f"-C {station.dev} tx-frames 8", fail=False),
                    "unsupported parameter")
            ksft_eq(station.ethtool("-c " + station.dev).stdout, before)


def rss(env):
    """A hash function, a table and a key that cannot be."""
    with Unharmed(env):
        before = env.pf.ethtool("-x " + env.pf.dev).stdout
        refused(env.pf.ethtool(f"-X {env.pf.dev} hfunc xor", fail=False), "not supported")
        refused(env.pf.ethtool(f"-X {env.pf.dev} equal 64", fail=False), "Invalid argument")
        refused(env.pf.ethtool(f"-X {env.pf.dev} hkey 01:02:03", fail=False), "key")
        ksft_eq(env.pf.ethtool("-x " + env.pf.dev).stdout, before)


def link_settings(env):
    """A speed that the port does not have, and no mode at all."""
    with Unharmed(env):
        refused(env.pf.ethtool(f"-s {env.pf.dev} speed 10000 duplex full autoneg off",
                               fail=False), "Invalid argument")
        refused(env.pf.ethtool(f"-s {env.pf.dev} speed 1000 duplex half autoneg off",
                               fail=False), "Invalid argument")
        refused(env.vf[0].ethtool(f"-s {env.vf[0].dev} speed 100", fail=False),
                "not supported")


if __name__ == "__main__":
    kawela_run([vf_count, vf_mac, own_mac, mtu, mtu_edges, vlans, ring_sizes, channels,
                coalesce, rss, link_settings, module_parameter])
