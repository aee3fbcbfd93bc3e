#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --smp 1
"""The kernel's own test of XDP features, unchanged, on PF, VPort and VF: each does what it
advertises. Another VF is the tester of each, all at the same time, as a feature takes ten seconds.
The test knows nothing of frames in fragments and of zero-copy, which xdp.py and xsk.py show;
nothing but these and what it has tested is advertised.
"""

import concurrent.futures
import re

from lib.py import (Daemon, Devlink, Judge, Said, both_ways, bpf_program, kawela_run, wait_for,
                    xdp_abilities)

# of the test's features, which bit of netdev-genl says so
FEATURES = {"XDP_PASS": "basic", "XDP_DROP": "basic", "XDP_ABORTED": "basic", "XDP_TX": "basic",
            "XDP_REDIRECT": "redirect", "XDP_NDO_XMIT": "ndo-xmit"}
SHOWN_ELSEWHERE = {"rx-sg", "ndo-xmit-sg", "xsk-zerocopy"}
CONTROL = 12345
COLOUR = re.compile(r"\033\[[\d;]*m")


def inside_of(station):
    return f"ip netns exec {station.ns} " if station.ns else ""


def detected(env, station, tester, feature):
    """What the tester says of a feature."""
    program = bpf_program("xdp_features")
    both = f"-f {feature} -D {station.v6} -T {tester.v6}"
    under_test = Daemon(env, f"{inside_of(station)}{program} {both} {station.dev}")
    wait_for(lambda: f":{CONTROL} " in station.sh("ss -Htln").stdout, f"{station} to listen")
    done = tester.sh(f"{program} -t {both} -C {station.v6} {tester.dev}", fail=False)
    under_test.stop()
    print("\n".join(f"# {station} {feature}: {line}"
                    for line in (under_test.said() + done.text).splitlines()
                    if not line.startswith("libbpf: ")), flush=True)
    return COLOUR.sub("", done.stdout)


def judge(env, tests, names, pairs):
    """Each feature is there, and advertised."""
    bpf_program("xdp_features")
    for feature in FEATURES:
        for station, tester in pairs:
            both_ways(station, tester, v6=True)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            texts = pool.map(lambda pair, f=feature: detected(env, *pair, f), pairs)
        for netdev, text in zip(names, texts):
            there = f"Feature {feature}: [DETECTED][ADVERTISED]" in text
            tests.judge(netdev, "xdp_features",
                        [Said(feature, "pass" if there else "fail", text.strip())])


def nothing_else(tests, netdev, station):
    """No feature is advertised that no test has looked at."""
    shown = set(xdp_abilities(station)["xdp-features"])
    right = shown == {*FEATURES.values(), *SHOWN_ELSEWHERE}
    tests.judge(netdev, "xdp_features",
                [Said("advertised", "pass" if right else "fail", " ".join(sorted(shown)))])


def cases(env):
    """One for each feature of each netdev, and one for all that it advertises."""
    tests = Judge({})
    names = ("pf", "vf", "vport")
    stations = (env.pf, env.vf[0], Devlink(env.pci).vport(1))
    judge(env, tests, names, list(zip(stations, env.vf[1:])))
    for netdev, station in zip(names, stations):
        nothing_else(tests, netdev, station)
    return tests.cases


if __name__ == "__main__":
    kawela_run(cases, vfs=4)
