#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 400
"""A minute of random and mutated mailbox words, doorbells and resets from one VF.

Half of them are as fast as the PF looks at them, half of them do not care. The PF and the other
VF carry traffic all the time and lose nothing of it, and their round trips are what they are while
the hostile VF only writes words that nobody looks at, as fast as it can.
"""

import os
import random
import statistics
import time

from lib.py import (ACK, BLOCK_DATA, BLOCK_INVALID, BLOCK_READ, BLOCK_WRITE, CTRL, CTRL_RST,
                    HOSTILE, MAGIC, PFU, REQ, RESET, SET_LPE, SET_MAC, SET_MULTICAST, SET_PROMISC,
                    SET_VLAN, VFU, WORDS, Watch, all_ping, hostile, kawela_run, ksft_eq,
                    ksft_ge, ksft_pr, ksft_true, noise, ping)

SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
NOISE_MS = 1            # what two medians of the same may differ by here
INTERESTING = (0, 1, 2, 3, 51, 52, 53, 104, 105, 127, 128, 129, 0x7fff, 0x8000, 0xffff,
               0x7fffffff, 0x80000000, 0xffffffff, MAGIC)


def legacy(rand):
    """A message of level 0 as a driver would send it."""
    message = rand.choice([
        [RESET] + [0] * 15,
        [RESET, MAGIC, 1],
        [SET_MAC | rand.randrange(3) << 16, 0x00000002 | rand.getrandbits(8) << 24,
         rand.getrandbits(16)],
        [SET_MULTICAST | rand.randrange(32) << 16] + noise(15),
        [SET_VLAN | rand.randrange(2) << 16, rand.randrange(4096)],
        [SET_LPE, rand.randrange(64, 9729)],
        [SET_PROMISC | rand.randrange(4) << 16],
    ])
    return message + [0] * (WORDS - len(message))


def block(rand, seq):
    """A message of a config block transfer, more or less."""
    kind = rand.choice((BLOCK_READ, BLOCK_WRITE, BLOCK_INVALID))
    length = rand.choice((1, 52, 53, 96, 104, 105, 128, rand.choice(INTERESTING))) & 0xffff
    offset = rand.choice((0, 0, BLOCK_DATA, 2 * BLOCK_DATA, rand.randrange(130)))
    return [kind | (seq & 0xff) << 16, rand.choice((*range(1, 12), 63, 64, 0xffffffff)),
            length << 16 | offset] + noise(13)


def mutate(rand, words):
    """One to three words changed, or bits of them."""
    for _ in range(rand.randrange(4)):
        place = rand.randrange(WORDS)
        if rand.random() < 0.5:
            words[place] ^= 1 << rand.randrange(32)
        else:
            words[place] = rand.choice(INTERESTING)
    return words


class Fuzzer:
    """The hostile driver. What it does follows from the seed alone."""

    def __init__(self, guest, seed):
        self.guest = guest
        self.rand = random.Random(seed)
        self.seq = 0
        self.sent = self.answered = 0

    def words(self):
        kind = self.rand.random()
        if kind < 0.2:
            return noise()
        if kind < 0.5:
            return mutate(self.rand, legacy(self.rand))
        if self.rand.random() < 0.3:
            self.seq += 1
        return mutate(self.rand, block(self.rand, self.seq))

    def politely(self):
        """A message the PF is given the time to answer."""
        self.sent += 1
        if self.guest.ask(self.words(), deadline=0.05):
            self.answered += 1

    def rudely(self):
        """Anything else that a VF can do to its mailbox."""
        what = self.rand.random()
        if what < 0.5:
            self.guest.post(self.words())
        elif what < 0.9:
            self.guest.ring(self.rand.choice((0, REQ, ACK, VFU, REQ | VFU, ACK | REQ, PFU,
                                              0xffffffff, self.rand.getrandbits(32))))
        else:
            self.guest.bar[CTRL] = CTRL_RST
            self.guest.offer() if self.rand.random() < 0.5 else self.guest.connect()

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.rand.random() < 0.5:
                self.politely()
            else:
                self.rudely()
        self.guest.ring(0)


def round_trips(src, dst, work):
    """Median round trip in ms of pings while work() runs, and how many were lost."""
    out = f"/tmp/kawela-ping-{src.name}"
    src.sh(f"ping -n -i 0.2 {dst.v4} >{out} 2>&1 & echo $! >{out}.pid")
    try:
        work()
    finally:
        src.sh(f"kill -INT $(cat {out}.pid)")
        time.sleep(0.5)
    with open(out, encoding="ascii", errors="replace") as file:
        lines = file.read().splitlines()
    times = [float(line.split("time=")[1].split()[0]) for line in lines if "time=" in line]
    sent = next(int(line.split()[0]) for line in lines if "packets transmitted" in line)
    return statistics.median(times), sent - len(times)


def others(env, work):
    """What the rest of the host has of its network while work() runs."""
    found = {}

    def with_vf():
        found["VF 0"] = round_trips(env.vf[0], env.wire, work)

    found["PF"] = round_trips(env.pf, env.wire, with_vf)
    return found


def harmless(guest, seconds):
    """The same work for the processor, with no doorbell."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        guest.store(noise())


def minute(env):
    """Nothing that a VF says to its mailbox costs anybody else a packet."""
    guest = hostile(env)
    seed = int.from_bytes(os.urandom(4), "little")
    ksft_pr(f"seed {seed}")
    fuzzer = Fuzzer(guest, seed)
    idle = others(env, lambda: harmless(guest, 10))
    with Watch(env) as watch:
        busy = others(env, lambda: fuzzer.run(SECONDS))
        watch.served()
    ksft_pr(f"{fuzzer.sent} messages that waited for an answer, {fuzzer.answered} answered")
    ksft_ge(fuzzer.answered, fuzzer.sent // 10, "messages that were looked at")
    for name, (trip, lost) in busy.items():
        ksft_pr(f"round trip {name} - wire: {trip:.2f} ms, without an attack {idle[name][0]:.2f}")
        ksft_eq(lost, 0, f"pings lost by {name}")
        ksft_ge(idle[name][0] * 1.1 + NOISE_MS, trip, f"round trip {name} - wire, in ms")
    ksft_true(guest.connect(), "the PF serves the VF again")


def driver_after(env):
    """Whatever it left behind: the next driver of the VF works."""
    env.bind_vf(HOSTILE)
    all_ping(env.stations)


if __name__ == "__main__":
    kawela_run([minute, driver_after])
