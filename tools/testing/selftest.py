#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""selftest.py - run the selftests in the rig.

  selftest.py [--kernel stock|debug|backports]... [--env NAME=VALUE]... [--timeout S]
              [--all | TEST...]

A test is an executable file in selftests/drivers/net/hw/kawela. A line
`# rig: [--timeout S] [OPTIONS OF rig/boot]` in it asks for another time limit
(120 s; four times that on the debug kernel) or another machine. With
--not-on-debug or --not-on-stock it runs on that kernel only when it is named, or
with --all: it takes too long there, or says nothing that the other kernel's run
does not. The backports kernel's set is the other way round: tests with --backports.
A test that starts guests says --smp 1: QEMU's processors share a thread,
which costs guests much, and in threads of their own they race. Tests of one machine
share a boot. With several kernels, two machines run at the same time, long ones first.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
import traceback

HERE = os.path.dirname(os.path.realpath(__file__))
TESTS = os.path.join(HERE, "selftests/drivers/net/hw/kawela")
RUN = os.path.join(HERE, "rig/run")
INSIDE = "/src/tools/testing/rig/machine/runtests"
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME")
                     or os.path.expanduser("~/.cache"), "kawela")
SLOWER = {"stock": 1, "debug": 4, "backports": 1}
# Kernels that run no test which does not ask for them.
ASKED = {"backports"}
LANES = 2
TIMEOUT = 120
# What a machine may be late with the end of a test beyond the test's time limit, in
# seconds, before it is taken for dead: its own clock may have stopped.
GRACE = 60
# Tests that live elsewhere, by their place in the checkout.
OTHERS = ["tools/testing/bench/bench.py"]
# QEMU's two processor threads can meet while the memory map changes, at boot or when
# a card is plugged; then QEMU aborts, which says nothing about what was tested.
QEMU_RACE = "iotlb_to_section: Assertion"
PRINTING = threading.Lock()


def say(text):
    with PRINTING:
        print(text, flush=True)


def find(wanted, limit, everything=False):
    """Tests and what they ask of the rig: (options, name, timeout, kernels to skip)."""
    found = []
    others = {os.path.basename(path): os.path.join(HERE, "../..", path) for path in OTHERS}
    for name in sorted(os.listdir(TESTS)) + list(others):
        path = others.get(name, os.path.join(TESTS, name))
        if not os.path.isfile(path) or not os.access(path, os.X_OK):
            continue
        if wanted and not {name, name.rpartition(".")[0]} & set(wanted):
            continue
        with open(path, encoding="utf-8") as file:
            match = re.search(r"^# rig:(.*)$", file.read(), re.MULTILINE)
        parser = argparse.ArgumentParser()
        parser.add_argument("--timeout", type=int, default=TIMEOUT)
        for kernel in SLOWER:
            word = "--" if kernel in ASKED else "--not-on-"
            parser.add_argument(word + kernel, action="append_const",
                                dest="marks", const=kernel)
        known, options = parser.parse_known_args(
            shlex.split(match.group(1)) if match else [])
        # a mark turns round what is so for a kernel without one
        skip = set() if wanted or everything else ASKED ^ set(known.marks or [])
        found.append((("--one-thread", *options), name, limit or known.timeout, skip))
    return found


class Machine:
    """One group of tests on one kernel, in as many boots as it takes."""

    def __init__(self, kernel, options, tests, env):
        self.kernel, self.options, self.env = kernel, list(options), env
        places = {os.path.basename(path): "/src/" + path for path in OTHERS}
        self.todo = [{"name": name, "timeout": timeout * SLOWER[kernel],
                      "path": places.get(name)} for name, timeout in tests]
        self.records = []
        self.races = 0

    def run(self):
        boot = 0
        while self.todo:
            boot += 1
            tag = "-".join([self.kernel, *self.options, str(boot)]).replace("--", "")
            name = time.strftime("%m%d-%H%M%S-") + re.sub(r"\W+", "-", tag) + "-"
            os.makedirs(os.path.join(CACHE, "run"), exist_ok=True)
            self.run_boot(tempfile.mkdtemp(prefix=name, dir=os.path.join(CACHE, "run")))

    def run_boot(self, results):
        with open(os.path.join(results, "todo.json"), "w", encoding="ascii") as file:
            json.dump(self.todo, file)
        limit = 120 * SLOWER[self.kernel] + sum(t["timeout"] for t in self.todo)
        say(f"# {self.kernel} {' '.join(self.options)}: {len(self.todo)} tests, "
            f"logs in {results}")
        with subprocess.Popen([RUN, "--kernel", self.kernel, "--linux", "--results",
                               results, "--timeout", str(limit), *self.options, "--",
                               "env", *self.env, INSIDE],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True,
                              errors="replace") as process:
            threading.Thread(target=self.watch, args=(process, results), daemon=True).start()
            tail = []
            for line in process.stdout:
                tail = (tail + [line.rstrip()])[-40:]
                if not line.startswith("["):
                    say(f"{self.kernel}: {line.rstrip()}")
        self.take(results, process.returncode, tail)

    def watch(self, process, results):
        """End a machine that does not end its test in time."""
        path = os.path.join(results, "done.jsonl")
        limits = {test["name"]: test["timeout"] + GRACE * SLOWER[self.kernel]
                  for test in self.todo}
        while process.poll() is None:
            time.sleep(5)
            lines = self.records_of(path)
            if not lines or "begun" not in lines[-1]:
                continue
            if time.time() - os.path.getmtime(path) > limits[lines[-1]["name"]]:
                say(f"# {self.kernel}: {lines[-1]['name']} has no end")
                process.terminate()
                return

    @staticmethod
    def records_of(path):
        """The records so far, without one that is being written."""
        if not os.path.exists(path):
            return []
        with open(path, encoding="ascii") as file:
            return [json.loads(line) for line in file if line.endswith("\n")]

    def take(self, results, status, tail):
        """Move what was done from todo to the records."""
        done, begun = [], None
        for record in self.records_of(os.path.join(results, "done.jsonl")):
            begun = record["name"] if "begun" in record else None
            done += [] if begun else [record]
        reported = any(record["reboot"] for record in done)
        if begun:
            done.append(failure(begun, f"the machine ended (status {status})"))
        elif not done and any(QEMU_RACE in line for line in tail) and not self.races:
            self.races += 1
            say(f"# {self.kernel}: QEMU aborted by a race of its own, once more")
        elif not done:
            done = [failure(t["name"], "the machine did not start")
                    for t in self.todo]
        elif status and not reported:
            done.append(failure("kernel reports", f"rig/run's status is {status}"))
        if begun or (status and not reported):
            say("\n".join(f"{self.kernel}: | {line}" for line in tail))
        names = {record["name"] for record in done}
        self.todo = [test for test in self.todo if test["name"] not in names]
        self.records += done


def failure(name, why):
    return {"name": name, "passed": 0, "failed": 1, "skipped": 0,
            "seconds": 0, "why": [why], "reboot": True}


def left_out(kernel, tests):
    """The records of tests that are not in the kernel's set."""
    return [{"name": name, "kernel": kernel, "passed": 0, "failed": 0, "skipped": 1,
             "seconds": 0, "reboot": False,
             "why": [f"not in this kernel's set; TEST={name} runs it"]}
            for _, name, _, skip in tests if kernel in skip - ASKED]


def groups_of(kernel, tests):
    """The kernel's tests by machine: (longest time, kernel, options, [(name, timeout)])."""
    groups = {}
    for options, name, timeout, skip in tests:
        if kernel not in skip:
            groups.setdefault(options, []).append((name, timeout))
    return [(sum(timeout for _, timeout in members) * SLOWER[kernel], kernel, options, members)
            for options, members in groups.items()]


def run_group(kernel, options, members, env, records):
    machine = Machine(kernel, options, members, env)
    machine.run()
    records += [dict(record, kernel=kernel) for record in machine.records]


def run(kernels, tests, env):
    """The records of all kernels. Each test has one for each kernel, whatever happens."""
    records = sum((left_out(kernel, tests) for kernel in kernels), [])
    groups = sum((groups_of(kernel, tests) for kernel in kernels), [])
    with concurrent.futures.ThreadPoolExecutor(min(LANES, len(kernels))) as pool:
        jobs = [(kernel, pool.submit(run_group, kernel, options, members, env, records))
                for _, kernel, options, members in sorted(groups, reverse=True)]
    for kernel, job in jobs:
        if job.exception():
            say("".join(traceback.format_exception(job.exception())))
            records.append(dict(failure("selftest.py", repr(job.exception())), kernel=kernel))
        seen = {record["name"] for record in records if record["kernel"] == kernel}
        records += [dict(failure(name, "there is no record of it"), kernel=kernel)
                    for _, name, _, skip in tests
                    if name not in seen and kernel not in skip & ASKED]
    return records


def table(records):
    print(f"\n{'kernel':10}{'test':36}{'passed':>8}{'failed':>8}{'skipped':>9}{'time':>9}")
    for r in records:
        print(f"{r['kernel']:10}{r['name']:36}{r['passed']:8}{r['failed']:8}"
              f"{r['skipped']:9}{r['seconds']:7.0f} s")
        for why in r["why"]:
            print(f"          {why}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", action="append", choices=SLOWER)
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--timeout", type=int, metavar="S")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("tests", nargs="*", metavar="TEST")
    args = parser.parse_args()
    tests = find(args.tests, args.timeout, args.all)
    if not tests:
        sys.exit("selftest: no such test")
    kernels = args.kernel or ["stock"]
    for kernel in kernels:      # one after the other: they share what they build
        subprocess.run([os.path.join(HERE, "rig/boot"), "--prepare", "--linux",
                        "--kernel", kernel, "/tmp"], check=True)
    records = run(kernels, tests, args.env)
    table(records)
    total = [sum(r[what] for r in records) for what in ("passed", "failed", "skipped")]
    print("{} passed, {} failed, {} skipped".format(*total))
    sys.exit(1 if total[1] else 0)


if __name__ == "__main__":
    main()
