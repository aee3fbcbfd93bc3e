# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's own selftests, as they are, on a netdev of ours, and what becomes of what they say.

What they skip, and what cannot succeed here, has to be expected with a reason; an expectation that
does not come true is a failure, too.
"""

import contextlib
import fnmatch
import os
import re
import shlex
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from net.lib.py import KSRC, KsftFailEx, KsftSkipEx
from .base import require_command, sh

SELFTESTS = KSRC / "tools/testing/selftests"
STAGE = "/run/kw-selftests"
PAIR = "kw-pair"

KTAP = re.compile(r"(?P<not>not )?ok \d+ (?P<name>[^#]*)(# (?P<said>SKIP|XFAIL)(?P<why>.*))?$")
SHELL = re.compile(r"TEST: (?P<name>.*\S)\s+\[\s*(?P<said>OK|FAIL|SKIP|XFAIL)\s*\]$")
PLAIN = re.compile(r"(?P<said>PASS|FAIL|SKIP|XFAIL): (\S+: )?(?P<name>.*\S)$")
SKIPPED = 4
# says how fast the machine is
ANY = "pass or fail"

# What the programs that load BPF are made of: the object, and further sources.
PROGRAMS = {
    "xdp_features": ("xdp_features", "tools/testing/selftests/bpf/network_helpers.c"),
    "xskxceiver": ("xsk_xdp_progs", "tools/testing/selftests/bpf/network_helpers.c",
                   "tools/testing/selftests/bpf/xsk.c", "tools/lib/find_bit.c"),
}


class Said(NamedTuple):
    """One result of a kernel's test: pass, fail, skip or xfail."""
    name: str
    verdict: str
    why: str = ""


class Expected(NamedTuple):
    """What a netdev (a pattern) cannot pass (a pattern of names), and why; verdict: or ANY."""
    netdev: str
    name: str
    verdict: str
    reason: str

    def about(self, netdev, name):
        return fnmatch.fnmatch(netdev, self.netdev) and fnmatch.fnmatch(name, self.name)


def _without(name, words):
    """A name that does not depend on what the netdevs are called."""
    for word in words:
        name = name.removeprefix(word + ": ")
    return name


def _ktap(match):
    verdict = "fail" if match["not"] else (match["said"] or "pass").lower()
    name = re.sub(r"^(PASS|FAIL): ", "", match["name"].strip().rpartition(".")[2])
    return Said(name, verdict, (match["why"] or "").strip())


def _shell(match):
    return Said(match["name"], {"ok": "pass"}.get(match["said"].lower(), match["said"].lower()))


def parse(output, status):
    """All results in what a test wrote, and one of its own for an end that they do not explain."""
    found = []
    for line in output.splitlines():
        for form, read in ((KTAP, _ktap), (SHELL, _shell), (PLAIN, _shell)):
            if match := form.match(line):
                found.append(read(match))
    lines = output.splitlines()
    if status == SKIPPED and not found:
        found.append(Said("all", "skip", lines[-1] if lines else ""))
    elif not found or (status and not {"fail", "skip"} & {one.verdict for one in found}):
        found.append(Said("end", "fail", f"exit status {status}"))
    return found


def staged(path, text):
    """A file of theirs to take the place of the one in the tree."""
    there = Path(STAGE) / path
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text(text, encoding="utf-8")


def mtools():
    """msend and mreceive in the PATH of the kernel's tests."""
    Path(STAGE, "bin").mkdir(parents=True, exist_ok=True)
    for name in ("msend", "mreceive"):
        Path(STAGE, "bin", name).symlink_to(Path(__file__).parent / "../mtools.py")


def built(source, include=()):
    """A program of the kernel's selftests where these look for it; the tree may be read-only, so
    there is a stage to be laid over it."""
    program = source.with_suffix("")
    if program.exists():
        return
    there = f"{STAGE}/{program.relative_to(SELFTESTS)}"
    flags = " ".join(f"-I{path}" for path in (SELFTESTS, *include))
    sh(f"mkdir -p {os.path.dirname(there)} && gcc -O2 {flags} -o {there} {source}")


def bpf_program(name):
    """A program of theirs with a BPF object in it; its path. Not optimized, as by their Makefile:
    xdp_features looks at variables that it never set."""
    there = f"{STAGE}/bpf"
    if os.path.exists(f"{there}/{name}"):
        return f"{there}/{name}"
    require_command("bpf-gcc", "bpftool", "gcc")
    bpf, tools = SELFTESTS / "bpf", KSRC / "tools"
    target, *sources = PROGRAMS[name]
    uapi = f"-I{bpf} -I{tools}/include/uapi -I{tools}/include"
    include = (f"-I. -I{bpf} -I{SELFTESTS} -I{tools}/include -I{tools}/include/uapi "
               f"-I{tools}/lib -I{bpf}/include")
    sh(f"""mkdir -p {there} && cd {there} &&
        bpf-gcc -O2 -gbtf -mcpu=v3 -mco-re -w {uapi} -I/usr/include/$(gcc -dumpmachine) \
            -idirafter /usr/include -c {bpf}/progs/{target}.c -o {target}.bpf.o &&
        bpftool gen skeleton {target}.bpf.o name {target} >{target}.skel.h &&
        gcc -O0 -w -D_GNU_SOURCE= {include} {bpf}/{name}.c \
            {" ".join(str(KSRC / path) for path in sources)} -lbpf -lelf -lz -lpthread -o {name}
        """, timeout=600)
    return f"{there}/{name}"


def slow_machine():
    """A library for LD_PRELOAD, with which xskxceiver can do with a slow machine."""
    there = f"{STAGE}/slow_machine.so"
    if not os.path.exists(there):
        source = Path(__file__).parent / "../slow_machine.c"
        sh(f"mkdir -p {STAGE} && gcc -O2 -shared -fPIC -o {there} {source}")
    return there


def endpoint_variables(station, remote):
    """How tests of a netdev and a remote end are told about them."""
    return {"NETIF": station.dev, "REMOTE_TYPE": "netns", "REMOTE_ARGS": remote.ns,
            "LOCAL_V4": station.v4, "LOCAL_V6": station.v6,
            "REMOTE_V4": remote.v4, "REMOTE_V6": remote.v6, "REMOTE_IFNAME": remote.dev}


@contextlib.contextmanager
def together(*stations):
    """Their netdevs, which are up already, in one namespace, for a while."""
    sh(f"ip netns add {PAIR} && ip -n {PAIR} link set lo up")
    homes = [station.ns for station in stations]
    for station in stations:
        station.ip(f"link set dev {station.dev} netns {PAIR}")
        station.ns = PAIR
    try:
        yield
    finally:
        for station, home in zip(stations, homes):
            station.ip(f"link set dev {station.dev} netns {home or '1'}")
            station.ns = home
            station.up()
        sh(f"ip netns del {PAIR}")


def run_kernel_test(path, *args, ns="", timeout=600, **env):
    """Run one in a namespace, and give back what it said."""
    place = SELFTESTS / path
    line = " ".join(shlex.quote(word) for word in (f"./{place.name}", *args))
    if ns:
        line = f"ip netns exec {ns} {line}"
    over = f"mount -t overlay -o ro,lowerdir={STAGE}:{SELFTESTS} kw {SELFTESTS}"
    os.makedirs(STAGE, exist_ok=True)
    line = f"{over} && cd {place.parent} && exec {line}"
    env["PATH"] = f"{STAGE}/bin:{os.environ['PATH']}"
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        with subprocess.Popen(["unshare", "-m", "sh", "-c", line], env={**os.environ, **env},
                              stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                              start_new_session=True) as process:
            try:
                late, status = [], process.wait(timeout)
            except subprocess.TimeoutExpired:
                late, status = [Said("end", "fail", f"none after {timeout} s")], 0
                os.killpg(process.pid, signal.SIGKILL)
        log.seek(0)
        output = log.read()
    return output, late or parse(output, status)


def _verdict(said, expected):
    def case(_env):
        if expected and said.verdict not in expected.verdict.split(" or "):
            raise KsftFailEx(f"{said.verdict}, but {expected.verdict} was expected: "
                             f"{expected.reason}")
        if expected:
            raise KsftSkipEx(expected.reason)
        if said.verdict != "pass":
            raise KsftFailEx(f"{said.verdict}: {said.why}")
    return case


def _case(name, body):
    body.__name__ = name
    return body


class Judge:
    """Makes cases of what the kernel's tests say; table: what is expected, by file."""

    def __init__(self, table):
        self._table = table
        self.cases = []

    def run(self, netdev, path, *args, **options):
        """Run one for a netdev; its results become cases."""
        name = path.rpartition("/")[2].partition(".")[0]
        output, results = run_kernel_test(path, *args, **options)
        print(f"# {netdev}: {path}\n" + "\n".join("#   " + line for line in output.splitlines()),
              flush=True)
        self.judge(netdev, name, [said._replace(name=_without(said.name, args))
                                  for said in results])

    def leave_out(self, netdev, name, what, reason):
        """What is not run at all becomes a case, too."""
        said = Said(what, "skip")
        self.cases.append(_case(f"{netdev}.{name}.{what}",
                                _verdict(said, Expected(netdev, what, "skip", reason))))

    def judge(self, netdev, name, results):
        """Results of a test become cases."""
        expected = [one for one in self._table.get(name, ()) if fnmatch.fnmatch(netdev, one.netdev)]
        for said in results:
            matching = next((one for one in expected if one.about(netdev, said.name)), None)
            self.cases.append(_case(f"{netdev}.{name}.{said.name}", _verdict(said, matching)))
        for one in expected:
            if not any(one.about(netdev, said.name) for said in results):
                body = _verdict(Said(one.name, "nothing"), one)
                self.cases.append(_case(f"{netdev}.{name}.{one.name}", body))
