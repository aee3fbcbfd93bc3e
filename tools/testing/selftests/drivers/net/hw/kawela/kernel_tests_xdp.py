#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 600 --not-on-debug --smp 1
"""The kernel's own test of XDP features, unchanged, on PF, VPort and VF: what each advertises, it
does. Another VF is the tester of each, all at the same time, as a feature takes ten seconds.
"""

import concurrent.futures
import re

from lib.py import (Daemon, Devlink, Judge, Said, both_ways, bpf_program, kawela_run, wait_for)

FEATURES = ("XDP_PASS", "XDP_DROP", "XDP_ABORTED", "XDP_TX", "XDP_REDIRECT", "XDP_NDO_XMIT")
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


def cases(env):
    """One for each feature of each netdev."""
    tests = Judge({})
    vport = Devlink(env.pci).vport(1)
    judge(env, tests, ("pf", "vf", "vport"), list(zip((env.pf, env.vf[0], vport), env.vf[1:])))
    return tests.cases


if __name__ == "__main__":
    kawela_run(cases, vfs=4)
