# SPDX-License-Identifier: GPL-2.0-only
"""The mailbox as a guest sees it that has the VF's registers and no manners."""

import os
import struct
import time

V2PMAILBOX = 0x0c40
VMBMEM = 0x0800
CTRL = 0x0000
WORDS = 16

REQ = 0x01
ACK = 0x02
VFU = 0x04
PFU = 0x08
PFSTS = 0x10
PFACK = 0x20

CTRL_RST = 1 << 26

RESET = 0x01
SET_MAC = 0x02
SET_MULTICAST = 0x03
SET_VLAN = 0x04
SET_LPE = 0x05
SET_PROMISC = 0x06
BLOCK_READ = 0x20
BLOCK_WRITE = 0x21
BLOCK_INVALID = 0x22
BLOCK_DATA = 52         # bytes of a block in a message
MAGIC = 0x4157414b
LISTEN = 2
MAC_CLR = 1 << 16
MAC_ADD = 2 << 16

PF_CONTROL = 0x100

MSG_CTS = 1 << 29
MSG_NACK = 1 << 30
MSG_ACK = 1 << 31


class Guest:
    """An unbound VF in the hands of a test."""

    def __init__(self, vf):
        self._vf = vf
        vf.set("enable", "1")
        self.bar = vf.bar()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.bar.close()
        self._vf.set("enable", "0")

    def function_reset(self):
        self.bar[CTRL] = CTRL_RST

    def store(self, words):
        """Put words into the shared buffer, with no regard to its owner."""
        for i, word in enumerate(words):
            self.bar[VMBMEM + 4 * i] = word

    def load(self, count=WORDS):
        return [self.bar[VMBMEM + 4 * i] for i in range(count)]

    def ring(self, bits=REQ):
        self.bar[V2PMAILBOX] = bits

    def post(self, words):
        """Send and do not care about an answer."""
        self.store(words)
        self.ring()

    def _wait(self, bits, deadline):
        end = time.monotonic() + deadline
        while not self.bar[V2PMAILBOX] & bits:
            if time.monotonic() > end:
                return False
            time.sleep(0.001)
        return True

    def ask(self, words, deadline=10):
        """Send as a well-behaved driver does; the reply, or None without one.

        PFSTS is what counts: reading the register to see PFACK clears both."""
        self.bar[V2PMAILBOX] = VFU
        self.store(words)
        self.ring()
        end = time.monotonic() + deadline
        while self._wait(PFSTS, end - time.monotonic()):
            reply = self.load()
            self.ring(ACK)
            # what the PF says unasked may come first
            if reply[0] & 0xffff != PF_CONTROL or words[0] & 0xffff == PF_CONTROL:
                return reply
        return None

    def connect(self):
        """RESET: True if the PF knows this VF now."""
        self.function_reset()
        for _ in range(20):
            reply = self.ask([RESET] + [0] * 15, deadline=3)
            if reply and reply[0] in (RESET | MSG_ACK, RESET | MSG_NACK):
                return True
        return False

    def offer(self):
        """RESET as kawela_vf sends it; the features of the PF, None if it knows of none."""
        self.function_reset()
        for _ in range(20):
            reply = self.ask([RESET, MAGIC, 1] + [0] * 13, deadline=3)
            if reply and reply[0] in (RESET | MSG_ACK, RESET | MSG_NACK):
                return reply[4] if reply[3] == MAGIC else None
        return None

    def accepted(self, words):
        """Whether the PF says ACK."""
        reply = self.ask(words)
        return bool(reply and reply[0] & MSG_ACK and not reply[0] & MSG_NACK)


def mac_words(mac):
    raw = bytes.fromhex(mac.replace(":", "")) + b"\0\0"
    return list(struct.unpack("<2I", raw))


def noise(count=WORDS):
    return list(struct.unpack(f"<{count}I", os.urandom(4 * count)))
