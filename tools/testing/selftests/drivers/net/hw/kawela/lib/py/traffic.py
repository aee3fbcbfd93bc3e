# SPDX-License-Identifier: GPL-2.0-only
"""Traffic between stations, and whether it arrives unharmed."""

import hashlib
import os
import socket
import threading
import time

from net.lib.py import KsftFailEx
from .base import wait_for


def ping(src, dst, size=56, count=3, v6=False, whole=False, fail=True, deadline=60):
    """Ping until count replies are back; whole: the packets must not be fragmented. ping itself
    gives up before its deadline when nobody answers to the address."""
    end = time.monotonic() + deadline
    while True:
        done = src.sh(f"ping -n -q -c {count} -i 0.05 -w {max(1, round(end - time.monotonic()))} "
                      f"-s {size} {'-M do ' if whole else ''}{dst.address(v6)}",
                      fail=False, timeout=deadline + 60)
        if done.ret != 1 or time.monotonic() >= end - 1:
            break
    if fail and done.ret:
        raise KsftFailEx(f"ping {'v6 ' if v6 else ''}{src} -> {dst}: {done.text.strip()}")
    return not done.ret


def silent(src, dst, count=4):
    """Whether none of a few pings is answered."""
    done = src.sh(f"ping -n -q -c {count} -i 0.05 -W 1 {dst.address()}", fail=False)
    return bool(done.ret)


def both_ways(one, other, **options):
    ping(one, other, **options)
    ping(other, one, **options)


def every_two(stations):
    for i, one in enumerate(stations):
        for other in stations[i + 1:]:
            yield one, other


def all_ping(stations, **options):
    """Every two stations ping both ways."""
    for one, other in every_two(stations):
        both_ways(one, other, **options)


def _receive(listener, result):
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(120)
        digest = hashlib.sha256()
        while chunk := conn.recv(1 << 16):
            digest.update(chunk)
        result.append(digest.hexdigest())
        conn.sendall(digest.digest())


def tcp(src, dst, size=2 << 20, v6=False):
    """Send data by TCP from one station to another; it must arrive as it was."""
    data = os.urandom(size)
    result = []
    with dst.socket(v6=v6) as listener:
        listener.bind((dst.address(v6), 0))
        listener.listen(1)
        thread = threading.Thread(target=_receive, args=(listener, result), daemon=True)
        thread.start()
        with src.socket(v6=v6) as client:
            client.connect((dst.address(v6), listener.getsockname()[1]))
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            client.recv(32)
        thread.join(120)
    if result != [hashlib.sha256(data).hexdigest()]:
        raise KsftFailEx(f"TCP {src} -> {dst}: the data did not arrive as it was sent")


def tcp_both_ways(one, other, **options):
    tcp(one, other, **options)
    tcp(other, one, **options)


class Flow:
    """UDP datagrams with a number in each, from one station to another, until it
    is stopped. The sender does not mind when its netdev comes and goes."""

    PERIOD = 0.002

    def __init__(self, src, dst, size=400):
        self._end = threading.Event()
        self._quiet = threading.Event()
        self._src, self._dst, self._size = src, dst, size
        self.sent = self.received = self.damaged = 0
        self._sink = dst.socket(socket.SOCK_DGRAM)
        self._sink.settimeout(0.2)
        self._sink.bind(("", 0))
        self._port = self._sink.getsockname()[1]
        self._threads = [threading.Thread(target=f, daemon=True)
                         for f in (self._send, self._take)]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()

    def _payload(self, number):
        return number.to_bytes(8, "big") * (self._size // 8)

    def _send(self):
        with self._src.socket(socket.SOCK_DGRAM) as sock:
            while not self._quiet.is_set():
                try:
                    sock.sendto(self._payload(self.sent), (self._dst.v4, self._port))
                    self.sent += 1
                except OSError:
                    pass
                time.sleep(self.PERIOD)

    def _take(self):
        while not self._end.is_set():
            try:
                data = self._sink.recv(9000)
            except OSError:
                continue
            self.received += 1
            if data != data[:8] * (self._size // 8):
                self.damaged += 1

    def flows(self, more=20):
        """Wait until that many more datagrams have arrived."""
        goal = self.received + more
        wait_for(lambda: self.received >= goal,
                 f"traffic {self._src} -> {self._dst} ({self.sent} sent, "
                 f"{self.received} received)")

    def lost(self):
        """Send no more; how many did not arrive once nothing is under way."""
        self._quiet.set()
        self._threads[0].join(10)
        before = None
        while before != self.received < self.sent:
            before = self.received
            time.sleep(1)
        return self.sent - self.received

    def stop(self):
        self._quiet.set()
        self._end.set()
        for thread in self._threads:
            thread.join(10)
        self._sink.close()
        if self.damaged:
            raise KsftFailEx(f"{self.damaged} datagrams {self._src} -> {self._dst} damaged")


class Flood:
    """Several senders as fast as they can, to whom it may concern: load only."""

    def __init__(self, *pairs):
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=pair, daemon=True)
                         for pair in pairs]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()

    def _send(self, src, dst):
        data = os.urandom(1400)
        with src.socket(socket.SOCK_DGRAM) as sock:
            while not self._end.is_set():
                try:
                    for _ in range(16):
                        sock.sendto(data, (dst.v4, 9))
                except OSError:
                    pass
                time.sleep(0.001)

    def stop(self):
        self._end.set()
        for thread in self._threads:
            thread.join(10)
