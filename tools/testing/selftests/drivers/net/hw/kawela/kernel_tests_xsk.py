#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 1800 --not-on-debug --smp 1
"""The kernel's own tests of AF_XDP, unchanged, on PF, VPort and VF.

The PF is in a loop, as test_xsk.sh has it: the station sends back what it hears. VFs, and VPorts,
are two: one sends, the other hears. Each test is a run of its own, or the first that ends the
program would end them all. KAWELA_KERNEL_TESTS has names of netdevs, modes and tests. By default
that is what the drivers do themselves: zero-copy, and copies from native XDP on the VF.
"""

import contextlib
import itertools
import json
import os

from lib.py import (PAIR, Devlink, Expected, Judge, KsftFailEx, Said, bpf_program, kawela_run,
                    read_file, run_kernel_test, sh, slow_machine, together, write_file)

# where the frames go; the second socket's, too
ADDRESSES = ("55:44:33:22:11:01", "55:44:33:22:11:03")
DESCRIPTORS = 2048
MIRRORED = 20000
NETDEVS = ("pf", "vf", "vport")
MODES = ("skb", "drv", "zc")
# what a run says: test_xsk.sh has two of the program, which has one result
SOFTIRQ, BUSY_POLL = "softirq", "busy-poll"

INVALID = ("the kernel completes invalid descriptors, too; its own test takes that for too many "
           "completions")
FRAGS = ("the kernel takes the frame after one of too many parts for a part of it, its own test "
         "does not")
HEADROOM = "the kernel refuses that much headroom"
TWICE = "the test counts a packet twice whose last part is not in the same 64 descriptors"
ONE_BUFFER = "without copies a frame is one buffer"
MINIMUM = "it wants a ring of 64 descriptors, and 80 are the least"
LOOP = "of two netdevs the sender's memory is smaller than what this test sends at a time"
OVERTAKES = "QEMU's queue lets a frame overtake those that wait for room at the station"
NO_COPIES = "only with copies"
OWN = "QEMU's model has the sender hear what it sends to a group"

# first what veth cannot pass either
LEFT_OUT = (
    Expected("*", "* *INV_DESC", "skip", INVALID),
    Expected("*", "* *INV_DESC_*_FRAME_SIZE", "skip", INVALID),
    Expected("*", "* STAT_TX_INVALID", "skip", INVALID),
    Expected("*", "[sd]* *INV_DESC_MULTI_BUFF", "skip", INVALID),
    Expected("*", "[sd]* TOO_MANY_FRAGS", "skip", FRAGS),
    Expected("*", "[sd]* STAT_RX_DROPPED", "skip", HEADROOM),
    Expected("*", "[sd]* *_9K_PACKETS", "skip", TWICE),
    Expected("v*", "* HW_SW_MAX_RING_SIZE", "skip", LOOP),
    Expected("pf", "zc HW_SW_MAX_RING_SIZE", "skip", OVERTAKES),
)

OF_MANY_BUFFERS = ("XDP_METADATA_COPY_MULTI_BUFF", "ALIGNED_INV_DESC_MULTI_BUFF",
                   "UNALIGNED_INV_DESC_MULTI_BUFF", "TOO_MANY_FRAGS", "SEND_RECEIVE_9K_PACKETS",
                   "SEND_RECEIVE_UNALIGNED_9K_PACKETS")
EXPECTED = {
    "zc STAT_RX_DROPPED": (Expected("*", "*", "skip", NO_COPIES),),
    **{f"zc {test}": (Expected("*", "*", "skip", ONE_BUFFER),) for test in OF_MANY_BUFFERS},
    **{f"{mode} HW_SW_MIN_RING_SIZE": (Expected("*", "*", "skip", MINIMUM),) for mode in MODES},
    **{f"{mode} BIDIRECTIONAL": (Expected("v*", SOFTIRQ, "fail", OWN),) for mode in MODES},
}


def asked():
    return set(os.environ.get("KAWELA_KERNEL_TESTS", "").split())


def wanted(netdev, mode, test):
    words = asked()
    if not words:
        return mode == "zc" or (mode, netdev) == ("drv", "vf")
    kinds = ((netdev, NETDEVS), (mode, MODES), (test, words - {*NETDEVS, *MODES}))
    return all(one in words or not words & set(kind) for one, kind in kinds)


def tests_of():
    """{number: name} of the program's tests; what is asked for has to be among them."""
    # with a list the status is that of an unexpected success
    said = sh(f"{bpf_program('xskxceiver')} -l", fail=False)
    lines = [line.partition(": ") for line in said.stdout.splitlines()]
    found = {number: name for number, colon, name in lines if colon and number.isdigit()}
    if not found:
        raise KsftFailEx(f"xskxceiver has no list of tests: {said.text}")
    if unknown := asked() - {*NETDEVS, *MODES, *found.values()}:
        raise KsftFailEx("KAWELA_KERNEL_TESTS: no netdev, mode or test: " +
                         " ".join(sorted(unknown)))
    return found


def fresh(*stations):
    """As test_xsk.sh leaves a netdev."""
    for station in stations:
        for what in ("mtu 1500", "xdp off", "xdpgeneric off"):
            station.ip(f"link set dev {station.dev} {what}")


@contextlib.contextmanager
def silent(station):
    """Nothing is sent there but by the test, for a while."""
    path = f"/proc/sys/net/ipv6/conf/{station.dev}/disable_ipv6"
    station.sh(f"echo 1 >{path}")
    try:
        yield
    finally:
        station.sh(f"echo 0 >{path}")
        station.up()


@contextlib.contextmanager
def hears(station):
    """Rings for all that is under way at a time, the addresses of the test, and silence."""
    rings = json.loads(station.ethtool(f"--json -g {station.dev}").stdout)[0]
    with silent(station):
        station.ethtool(f"-G {station.dev} rx {DESCRIPTORS} tx {DESCRIPTORS}")
        for address in ADDRESSES:
            station.ip(f"maddr add {address} dev {station.dev}")
        station.ip(f"link set dev {station.dev} up")
        station.wait_carrier()
        try:
            yield
        finally:
            fresh(station)
            for address in ADDRESSES:
                station.ip(f"maddr del {address} dev {station.dev}")
            station.ethtool(f"-G {station.dev} rx {rings['rx']} tx {rings['tx']}")


@contextlib.contextmanager
def mirror(wire):
    """The station sends back what it hears, and does not drop what waits for long."""
    with silent(wire):
        wire.ip(f"link set dev {wire.dev} mtu 9000 promisc on")
        wire.sh(f"tc qdisc replace dev {wire.dev} root pfifo limit {MIRRORED}")
        wire.sh(f"tc qdisc add dev {wire.dev} clsact")
        wire.sh(f"tc filter add dev {wire.dev} "
                f"ingress matchall action mirred egress redirect dev {wire.dev}")
        try:
            yield
        finally:
            wire.sh(f"tc qdisc del dev {wire.dev} clsact; tc qdisc del dev {wire.dev} root")
            wire.ip(f"link set dev {wire.dev} mtu 1500 promisc off")


def one_each(results, names):
    """A result for each name; one that is missing or too much is as bad as an end of its own."""
    for said, name in itertools.zip_longest([one for one in results if one.name != "end"], names):
        if not said:
            yield Said(name, "nothing", "no such result")
        elif not name:
            yield said._replace(verdict="surplus", why="more results than runs")
        else:
            yield said._replace(name=name)
    yield from (one for one in results if one.name == "end")


def judge(tests, netdev, names, run):
    """run(mode, number) each, which has results for these names."""
    listed = tests_of()
    for mode in MODES:
        for number, test in listed.items():
            if not wanted(netdev, mode, test):
                continue
            name = f"{mode} {test}"
            if left := next((one for one in LEFT_OUT if one.about(netdev, name)), None):
                tests.leave_out(netdev, name, "all", left.reason)
                continue
            output, results = run(mode, number)
            print(f"# {netdev} {name}:\n" +
                  "\n".join(f"#   {line}" for line in output.splitlines()
                            if not line.startswith("libbpf: ")), flush=True)
            tests.judge(netdev, name, list(one_each(results, names)))


def looped(env, tests, netdev, station):
    """The netdev, and the station as a mirror."""
    def run(mode, number):
        fresh(station)
        return run_kernel_test("bpf/test_xsk.sh", "-i", station.dev, "-m", mode, "-t", number,
                               ns=station.ns, LD_PRELOAD=slow_machine())

    with mirror(env.wire), hears(station):
        judge(tests, netdev, (SOFTIRQ, BUSY_POLL), run)


def paired(tests, netdev, one, other):
    """From one to the other."""
    def run(mode, number):
        fresh(one, other)
        return run_kernel_test("bpf/xskxceiver", "-i", one.dev, "-i", other.dev, "-m", mode,
                               "-t", number, ns=PAIR, LD_PRELOAD=slow_machine())

    with together(one, other), hears(one), hears(other):
        judge(tests, netdev, (SOFTIRQ,), run)


def cases(env):
    """One for each result of each test in each mode on each netdev."""
    huge = "/proc/sys/vm/nr_hugepages"
    env.add_cleanup(lambda old=read_file(huge): write_file(huge, old))
    write_file(huge, 64)
    tests = Judge(EXPECTED)
    looped(env, tests, "pf", env.pf)
    env.make_vfs(2)
    paired(tests, "vf", *env.vf)
    env.remove_vfs()
    devlink = Devlink(env.pci)
    paired(tests, "vport", devlink.vport(1), devlink.vport(2))
    return tests.cases


if __name__ == "__main__":
    kawela_run(cases, vfs=0)
