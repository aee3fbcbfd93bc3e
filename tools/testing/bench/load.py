# SPDX-License-Identifier: GPL-2.0-only
"""The bench's own generators and receivers, in C (load/): built once, and run."""

import contextlib
import functools
import glob
import os
import select
import subprocess

from machine import bail_out, sh

HERE = os.path.dirname(os.path.realpath(__file__))
PROGRAM = "/tmp/kawela-load"
TURNS = "/dev/shm/kawela-turns"
PATIENCE = 60


@functools.cache
def program():
    sh("gcc", "-O2", "-o", PROGRAM, *sorted(glob.glob(HERE + "/load/*.c")))
    return PROGRAM


def output(*words):
    """What it says, as numbers, one per line."""
    return [int(line) for line in sh(program(), *map(str, words)).split()]


@contextlib.contextmanager
def running(*words):
    """It runs meanwhile, ready; None if what is asked for was refused."""
    with subprocess.Popen([program(), *map(str, words)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, bufsize=0) as process:
        said = process.stdout.readline().decode().strip()
        if said not in ("ready", "refused"):
            bail_out(f"load {' '.join(map(str, words))}: {said}")
        yield process if said == "ready" else None
        process.kill()


def number(process):
    """The next one that it says."""
    if not select.select([process.stdout], [], [], PATIENCE)[0]:
        bail_out(f"load: nothing said in {PATIENCE} s")
    return int(process.stdout.readline())


@contextlib.contextmanager
def spinner():
    """Meanwhile, idle time is counted, so that busy time is known."""
    with running("spin", TURNS):
        yield TURNS
