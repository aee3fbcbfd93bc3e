# SPDX-License-Identifier: GPL-2.0-only
"""Commands, waiting, modules and the kernel log."""

import ctypes
import errno
import os
import re
import subprocess
import threading
import time

from net.lib.py import KsftFailEx, KsftSkipEx, defer, ksft_eq

# Generous: the debug kernel under full emulation is ten times slower.
PATIENCE = 120

LIBC = ctypes.CDLL(None, use_errno=True)


def libc(function, *args):
    """What a function of the C library gives; OSError has the errno."""
    got = getattr(LIBC, function)(*args)
    if got < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{function}: {os.strerror(error)}")
    return got


class Result:
    """What a command said and how it ended."""

    def __init__(self, done):
        self.ret = done.returncode
        self.stdout = done.stdout
        self.stderr = done.stderr

    @property
    def text(self):
        return self.stdout + self.stderr


def sh(line, fail=True, timeout=PATIENCE):
    """Run a shell line."""
    done = subprocess.run(line, shell=True, capture_output=True, text=True,
                          errors="replace", timeout=timeout, check=False)
    if fail and done.returncode:
        raise KsftFailEx(f"'{line}' gave {done.returncode}: "
                         f"{done.stdout.strip()} {done.stderr.strip()}")
    return Result(done)


def until(cond, deadline=PATIENCE):
    """Wait until cond() gives something true, or as long as that; what it gave last."""
    end = time.monotonic() + deadline
    while not (value := cond()) and time.monotonic() <= end:
        time.sleep(0.05)
    return value


def wait_for(cond, what, deadline=PATIENCE):
    """Wait until cond() gives something true, and return that."""
    value = until(cond, deadline)
    if not value:
        raise KsftFailEx("waited in vain for " + what)
    return value


def read_file(path):
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read().strip()


def write_file(path, text):
    """Write in one system call; OSError has the errno the kernel gave."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, str(text).encode())
    finally:
        os.close(fd)


def write_errno(path, text):
    """Name of the errno a write fails with, '' if it does not."""
    try:
        write_file(path, text)
    except OSError as error:
        return errno.errorcode[error.errno]
    return ""


def module_loaded(name):
    return os.path.isdir("/sys/module/" + name)


def load_module(name, arguments=""):
    if sh(f"modprobe -n {name}", fail=False).ret:
        raise KsftSkipEx("there is no module " + name)
    sh(f"modprobe {name} {arguments}")


def unload_modules(*names):
    """Remove modules with what only they need; nobody may still use them."""
    for name in names:
        if module_loaded(name):
            sh("modprobe -r " + name)


def require_command(*names):
    for name in names:
        if sh("command -v " + name, fail=False).ret:
            raise KsftSkipEx("this test needs the command " + name)


def expect_report(pattern):
    """What the kernel reports from now on and matches is what the test wants: whoever runs it
    does not count that as a fault. No backslash, which the kernel's log would quote."""
    write_file("/dev/kmsg", f"kawela expects: {pattern}\n")


class Background:
    """What a thread does over and over, perhaps with a socket, from the beginning to the end of a
    block. An exception ends it, and is raised at the end of the block."""

    def __init__(self, sock=None):
        self.rounds = 0
        self._sock = sock
        self._error = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, *exc):
        self.end()
        self._thread.join(3 * PATIENCE)
        if self._sock:
            self._sock.close()
        if kind:
            return
        if self._error:
            raise self._error
        if self._thread.is_alive():
            raise KsftFailEx(f"{self} does not end")

    def end(self):
        """No other round begins."""
        self._end.set()

    @property
    def failed(self):
        return bool(self._error)

    def _run(self):
        while not self._end.is_set():
            try:
                self._step()
            except Exception as error:      # pylint: disable=broad-exception-caught
                self._error = error
                return
            self.rounds += 1

    def _step(self):
        raise NotImplementedError


class KernelLog:
    """What the kernel says from now on."""

    def __init__(self):
        self._fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self._fd, 0, os.SEEK_END)
        self._lines = []

    def lines(self, pattern=""):
        """All lines so far that match."""
        while True:
            try:
                record = os.read(self._fd, 16384)
            except BlockingIOError:
                break
            except BrokenPipeError:     # overwritten before we read it
                continue
            text = record.decode(errors="replace").partition(";")[2]
            self._lines.append(text.splitlines()[0])
        return [line for line in self._lines if re.search(pattern, line)]

    def close(self):
        os.close(self._fd)


def suspend(env, level):
    """The kernel's own test of suspend: "devices" goes through the drivers' callbacks and
    turns round, "platform" takes the devices to D3hot, too."""
    test, delay = "/sys/power/pm_test", "/sys/module/suspend/parameters/pm_test_delay"
    if not os.path.exists(test):
        raise KsftSkipEx("the kernel has no CONFIG_PM_DEBUG")
    for path, text in ((delay, "1"), (test, level)):
        old = re.sub(r".*\[(.*)\].*", r"\1", read_file(path))
        write_file(path, text)
        defer(write_file, path, old)
    before = len(env.log.lines("PM: suspend exit"))
    write_file("/sys/power/state", "freeze")
    wait_for(lambda: len(env.log.lines("PM: suspend exit")) > before, "the end of the sleep")
    ksft_eq(env.log.lines("PM: .*(failed|error)"), [])
