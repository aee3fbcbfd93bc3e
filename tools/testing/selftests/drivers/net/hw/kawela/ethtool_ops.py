#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --backports
"""What ethtool shows of PF and VF, and that what is set is then shown."""

import re

from lib.py import (all_ping, defer, kawela_run, ksft_eq, ksft_ge, ksft_in, ksft_true, ping,
                    wait_for)


def show(station, option):
    return station.ethtool(f"{option} {station.dev}").stdout


def number(text, name, which=0):
    """The which-th value of a name."""
    return int(re.findall(rf"^{re.escape(name)}:\s+(\d+)", text, re.MULTILINE)[which])


def driver(env):
    """-i: who drives the device, and where it is."""
    for station, name, pci in ((env.pf, "kawela_pf", env.pci),
                               (env.vf[0], "kawela_vf", env.vf_pci[0])):
        text = show(station, "-i")
        ksft_in(f"driver: {name}\n", text)
        ksft_in(f"bus-info: {pci}\n", text)
        ksft_in("supports-statistics: yes\n", text)


def link(env):
    """No option: 1000 Mb/s full duplex, link detected; a VF sees the port's speed."""
    for station in (env.pf, env.vf[0]):
        text = show(station, "")
        ksft_in("Speed: 1000Mb/s", text)
        ksft_in("Duplex: Full", text)
        ksft_in("Link detected: yes", text)
    ksft_in("Port: Twisted Pair", show(env.pf, ""))
    ksft_in("1000baseT/Full", show(env.pf, ""))


def link_lost(env):
    """A closed VF has no link; opened, it has."""
    env.vf[0].down()
    ksft_in("Link detected: no", show(env.vf[0], ""))
    env.vf[0].up()
    wait_for(lambda: "Speed: 1000Mb/s" in show(env.vf[0], ""), "the VF's speed")


def rings(env):
    """-g and -G: each size that is set is shown and works."""
    for station in (env.pf, env.vf[0]):
        most = number(show(station, "-g"), "RX")
        for size in (80, most, 256):
            station.ethtool(f"-G {station.dev} rx {size} tx {size}")
            ksft_eq(number(show(station, "-g"), "RX", 1), size)
            ksft_eq(number(show(station, "-g"), "TX", 1), size)
            station.wait_carrier()
            ping(station, env.wire)


def rings_while_down(env):
    """The same with the netdev down."""
    for station in (env.pf, env.vf[0]):
        station.down()
        station.ethtool(f"-G {station.dev} rx 128 tx 128")
        ksft_eq(number(show(station, "-g"), "RX", 1), 128)
        station.up()
        ping(station, env.wire)


def channels(env):
    """-l: one queue pair or two of a pool for the PF, one for a VF."""
    ksft_ge(2, number(show(env.pf, "-l"), "Combined"))
    ksft_eq(number(show(env.vf[0], "-l"), "Combined", 1), 1)


def coalesce(env):
    """-c and -C: a fixed time, and adaptive."""
    for station in (env.pf, env.vf[0]):
        station.ethtool(f"-C {station.dev} adaptive-rx off rx-usecs 50")
        text = show(station, "-c")
        ksft_in("Adaptive RX: off", text)
        ksft_ge(number(text, "rx-usecs"), 48)
        ksft_ge(52, number(text, "rx-usecs"))
        ping(station, env.wire)
        station.ethtool(f"-C {station.dev} adaptive-rx on")
        ksft_in("Adaptive RX: on", show(station, "-c"))
        ping(station, env.wire)


def coalesce_kept(env):
    """What was set holds over down and up."""
    for station in (env.pf, env.vf[0]):
        station.ethtool(f"-C {station.dev} adaptive-rx off rx-usecs 100")
        station.down()
        station.up()
        ksft_ge(number(show(station, "-c"), "rx-usecs"), 98)


def statistics(env):
    """-S: names are unique and none is empty."""
    for station in (env.pf, env.vf[0]):
        names = [line.strip().rpartition(": ")[0]
                 for line in show(station, "-S").splitlines()[1:]]
        ksft_ge(len(names), 10)
        ksft_eq(len(names), len(set(names)))
        ksft_true(all(names))


def indirection(env):
    """-x: table, key and hash function."""
    text = show(env.pf, "-x")
    ksft_in("toeplitz: on", text)
    ksft_in("RSS hash key:", text)


def pauses(env):
    """Autonegotiate, RX and TX as -a shows them."""
    text = show(env.pf, "-a")
    return tuple(re.search(rf"^{name}:\s+(\w+)", text, re.MULTILINE)[1]
                 for name in ("Autonegotiate", "RX", "TX"))


def pause(env):
    """-a and -A: flow control."""
    before = pauses(env)
    defer(env.pf.ethtool, f"-A {env.pf.dev} autoneg on rx on tx on")
    for words in (("off", "off", "off"), ("off", "on", "off"), ("on", "on", "on")):
        if words == pauses(env):
            continue
        env.pf.ethtool(f"-A {env.pf.dev} autoneg {words[0]} rx {words[1]} tx {words[2]}")
        ksft_eq(pauses(env), words)
        env.pf.wait_carrier()
    ksft_eq(before, ("on", "on", "on"))
    all_ping(env.stations)


def features(env):
    """-k: offloads that the hardware has are on."""
    for station in (env.pf, env.vf[0]):
        on = {name for name, value in station.features().items() if value == "on"}
        for feature in ("tx-checksumming", "scatter-gather", "tcp-segmentation-offload",
                        "rx-checksumming", "generic-receive-offload", "rx-vlan-offload",
                        "tx-vlan-offload", "rx-vlan-filter"):
            ksft_in(feature, on, str(station))


def identify(env):
    """-p: the port's light blinks for a second."""
    env.pf.ethtool(f"-p {env.pf.dev} 1")


def nvm(env):
    """-e: the NVM begins with the PF's address."""
    text = env.pf.ethtool(f"-e {env.pf.dev} offset 0 length 6").stdout
    ksft_in(env.pf.mac.replace(":", " "), text)


def advertised(env):
    """-s: the modes to offer are the PF's to choose, not a VF's."""
    env.pf.ethtool(f"-s {env.pf.dev} advertise 0x3f")
    env.pf.wait_carrier()
    ksft_in("1000baseT/Full", show(env.pf, ""))
    done = env.vf[0].ethtool(f"-s {env.vf[0].dev} advertise 0x3f", fail=False)
    ksft_in("not supported", done.text)
    all_ping(env.stations)


def forced(env):
    """-s: a forced speed, another one, and back to negotiation; MDI goes with the speed."""
    everything = f"-s {env.pf.dev} autoneg on advertise 0x2f"
    defer(env.pf.ethtool, everything)
    for speed, duplex in ((100, "full"), (10, "half"), (100, "half")):
        env.pf.ethtool(f"-s {env.pf.dev} autoneg off speed {speed} duplex {duplex}")
        ksft_in("Auto-negotiation: off", show(env.pf, ""))
        ksft_in("MDI-X: off (forced)", show(env.pf, ""))
    env.pf.ethtool(f"-s {env.pf.dev} autoneg on")
    text = show(env.pf, "")
    ksft_in("Auto-negotiation: on", text)
    ksft_in("1000baseT/Full", text.partition("Advertised link modes")[2])
    for word in ("on", "off"):
        done = env.pf.ethtool(f"-s {env.pf.dev} mdix {word}", fail=False)
        ksft_in("not supported", done.text)
    env.pf.wait_carrier()
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([driver, link, link_lost, rings, rings_while_down, channels, coalesce,
                coalesce_kept, statistics, indirection, pause, features, identify, nvm,
                advertised, forced])
