# SPDX-License-Identifier: GPL-2.0-only
"""Traffic with a guest that goes on while its way changes, and what the change cost.

A guest may stand still because the machine is busy, or because QEMU is plugging something. So
there are two clocks: this machine's, and one that stands while the guest does, a heartbeat.
"""

import bisect
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

from net.lib.py import KsftFailEx, defer, ksft_ge, ksft_pr
from .base import wait_for

ECHO_PORT = 7007
BEAT_PORT = 7008
BEAT = 0.02
IPERF_PORT = 5201
PINGS = 400
# Pings are lost by this machine's clock, which goes on while a busy host lets it wait. With
# KAWELA_QUIET in the environment the host is said to have nothing else to do. Without it, one in
# so many may be lost, or twice the bar.
QUIET = bool(os.environ.get("KAWELA_QUIET"))
BUSY_MAY_LOSE = 18
# intervals at the end of iperf3 in which something must have been received
LAST = 3


def bounded(cost, lost, stall=None):
    """Say what something cost, and hold it to its bars as far as this machine's clock allows."""
    ksft_pr(f"cost: {cost}")
    busy = max(2 * lost, cost["of"] // BUSY_MAY_LOSE)
    ksft_ge(lost if QUIET else busy, cost["lost"], "pings lost")
    if stall is not None:
        ksft_ge(stall, cost["stall"], "longest silence of TCP by the guest's clock")


def _started(src, *words, **options):
    """A command of a station, killed when the case ends."""
    where = ["ip", "netns", "exec", src.ns] if src.ns else []
    process = subprocess.Popen([*where, *words], text=True, **options)
    defer(process.kill)
    return process


def listens(guest, port, command):
    """Have a guest listen at a TCP port, unless it does."""
    check = f"grep -q ':{port:04X} 0*:0000 0A' /proc/net/tcp /proc/net/tcp6"
    guest.sh(f"{check} && exit; (setsid {command} >/dev/null 2>&1 &); "
             f"for i in $(seq 200); do {check} && exit; sleep 0.1; done; exit 1")


class PingStream:
    """Ten pings per second, at least `least` of them."""

    def __init__(self, src, dst, least=0):
        self._least = least
        self._answered = set()
        self.sent = 0
        self._process = _started(src, "ping", "-n", "-O", "-i", "0.1", dst.v4,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            found = re.search(r"icmp_seq=(\d+)", line)
            if not found:
                continue
            if "bytes from" in line:
                self._answered.add(int(found[1]))
            self.sent = max(self.sent, int(found[1]))

    def more(self, number):
        """Wait until that many more are known to have been answered or not."""
        goal = self.sent + number
        wait_for(lambda: self.sent >= goal, f"{number} more pings")

    def stop(self):
        """{"lost": pings without an answer, "of": pings}"""
        last = max(self._least, self.sent)
        # the answer to the last has some time, too
        wait_for(lambda: self.sent >= last + 10, "the last ping", deadline=300)
        self._process.kill()
        return {"lost": sum(n not in self._answered for n in range(1, last + 1)), "of": last}


class EchoStream:
    """A TCP connection on which a guest sends back what it gets, fifty times per second."""

    SIZE = 64

    def __init__(self, src, guest):
        listens(guest, ECHO_PORT, f"socat TCP-LISTEN:{ECHO_PORT},reuseaddr,fork EXEC:cat")
        self._end = threading.Event()
        self._error = None
        self.times = []
        self._sock = src.socket()
        defer(self._sock.close)
        self._sock.connect((guest.v4, ECHO_PORT))
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._threads = [threading.Thread(target=self._guarded, args=(what,), daemon=True)
                         for what in (self._send, self._take)]
        for thread in self._threads:
            thread.start()

    def _guarded(self, what):
        try:
            what()
        except OSError as error:
            if not self._end.is_set():
                self._error = error

    def _message(self, number):
        return number.to_bytes(8, "big") * (self.SIZE // 8)

    def _send(self):
        number = 0
        while not self._end.wait(BEAT):
            self._sock.sendall(self._message(number))
            number += 1

    def _take(self):
        file = self._sock.makefile("rb")
        while True:
            number = len(self.times)
            data = file.read(self.SIZE)
            if data != self._message(number):
                raise OSError(f"message {number} came back as {data!r}")
            self.times.append(time.monotonic())

    def more(self, number=20):
        goal = len(self.times) + number
        wait_for(lambda: self._error or len(self.times) >= goal, "messages to come back by TCP")
        if self._error:
            raise KsftFailEx(f"the TCP connection: {self._error!r}")

    def stop(self):
        """{"silence": longest time without a message, in seconds}; it must still be alive."""
        self.more()
        self._end.set()
        self._threads[0].join(10)
        self._sock.shutdown(socket.SHUT_RDWR)
        self._threads[1].join(10)
        longest = max(now - then for then, now in zip(self.times, self.times[1:]))
        return {"silence": round(longest, 3)}


class Heartbeat:
    """A guest's own pace: it answers by vsock, which no network is needed for, rests for 20 ms,
    and is asked again."""

    def __init__(self, guest):
        guest.sh(f"(setsid socat VSOCK-LISTEN:{BEAT_PORT},reuseaddr,fork EXEC:cat "
                 ">/dev/null 2>&1 &)")
        self._end = threading.Event()
        self._times = []
        self._sock = wait_for(lambda: self._connect(guest.cid), "the guest to answer by vsock")
        defer(self._sock.close)
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()

    @staticmethod
    def _connect(cid):
        sock = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
        try:
            sock.connect((cid, BEAT_PORT))
        except OSError:
            sock.close()
            return None
        return sock

    def _beat(self):
        while not self._end.wait(BEAT) and self._sock.send(b".") and self._sock.recv(1):
            self._times.append(time.monotonic())

    def stop(self):
        self._end.set()
        self._thread.join(60)

    def stall(self, times):
        """{"stall": longest time between two of these by the guest's clock, which goes on by 20 ms
        per beat}"""
        beats = [bisect.bisect(self._times, end) - bisect.bisect(self._times, begin)
                 for begin, end in zip(times, times[1:])]
        return {"stall": round(max(beats) * BEAT, 2)}


class IperfStreams:
    """iperf3, one TCP stream in each direction."""

    def __init__(self, src, guest, rate="500K"):
        listens(guest, IPERF_PORT, "iperf3 -s")
        self._process = _started(src, "iperf3", "-c", guest.v4, "--bidir", "-b", rate, "-l", "1400",
                                 "-t", "3600", "-i", "1", "-J", stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT)

    def stop(self):
        """{"sent": octets, "received": octets}; both streams must still be alive."""
        self._process.send_signal(signal.SIGINT)
        text = self._process.communicate(timeout=60)[0]
        said = json.loads(text[text.index("{"):])
        if not said.get("error", "").startswith("interrupt"):
            raise KsftFailEx("iperf3: " + said.get("error", "ended by itself"))
        # the last one was cut short
        spans = said["intervals"][:-1]
        octets = {way: [span[name]["bytes"] for span in spans]
                  for way, name in (("sent", "sum"), ("received", "sum_bidir_reverse"))}
        for way, numbers in octets.items():
            if not any(numbers[-LAST:]):
                raise KsftFailEx(f"iperf3: nothing {way} at the end: {numbers}")
        return {way: sum(numbers) for way, numbers in octets.items()}


class Load:
    """All of them, between a station on the wire and a guest."""

    def __init__(self, src, guest, pings=PINGS):
        self._beat = Heartbeat(guest)
        self._echo = EchoStream(src, guest)
        self._iperf = IperfStreams(src, guest)
        self._pings = PingStream(src, guest, pings)
        self.more()

    def more(self):
        """Let it run, a second or so."""
        self._pings.more(10)
        self._echo.more()

    def stop(self):
        """What it cost: {"lost" pings, "of" so many, octets "sent" and "received" by iperf3,
        "silence" and "stall" of TCP in seconds}. No stream may have ended."""
        self.more()
        cost = {**self._pings.stop(), **self._iperf.stop(), **self._echo.stop()}
        self._beat.stop()
        return {**cost, **self._beat.stall(self._echo.times)}
