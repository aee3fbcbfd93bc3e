# SPDX-License-Identifier: GPL-2.0-only
"""BPF programs without a compiler: instructions, the bpf system call, and XDP on a netdev."""

import ctypes
import json
import os
import platform
import socket
import struct

from net.lib.py import KsftFailEx, KsftSkipEx, defer, ksft_eq, ksft_true
from .base import libc, sh
from .bridge import ETH_P_TEST, mac_bytes
from .station import inside, netdev_family

BPF_SYSCALL = {"x86_64": 321, "aarch64": 280}
BPFFS = "/run/kw-bpf"

MAP_CREATE, MAP_LOOKUP, MAP_UPDATE, PROG_LOAD, OBJ_PIN, LINK_CREATE = 0, 1, 2, 5, 6, 28
MAP_ARRAY, MAP_DEVMAP = 2, 14
PROG_SCHED_CLS, PROG_XDP = 3, 6
ATTACH_TCX_INGRESS = 46
F_XDP_HAS_FRAGS, F_XDP_DEV_BOUND_ONLY = 1 << 5, 1 << 6

XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, XDP_REDIRECT = range(5)

R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10 = range(11)
U16, U32, U64, U8 = 0x48, 0x40, 0x58, 0x50
REDIRECT_MAP, ADJUST_META, MAP_LOOKUP_ELEM, ADJUST_TAIL = 51, 54, 1, 65


# instructions

def insn(code, dst=0, src=0, off=0, imm=0):
    return struct.pack("<BBhi", code, src << 4 | dst, off, imm)


def mov(dst, imm):
    return insn(0xb7, dst, imm=imm)


def movr(dst, src):
    return insn(0xbf, dst, src)


def add(dst, imm):
    return insn(0x07, dst, imm=imm)


def load(size, dst, src, off=0):
    return insn(0x21 | size, dst, src, off)


def store(size, dst, off, src):
    return insn(0x23 | size, dst, src, off)


def store_imm(size, dst, off, imm):
    return insn(0x22 | size, dst, 0, off, imm)


def map_ref(dst, found):
    return insn(0x18, dst, 1, imm=found.fd) + insn(0)


def value_ref(dst, found):
    """The address of the value in a map of one entry."""
    return insn(0x18, dst, 2, imm=found.fd) + insn(0)


def count(found):
    """One more in a map of one entry; uses r1 and r2."""
    return value_ref(R1, found) + mov(R2, 1) + insn(0xc3, R1, R2)


def call(helper):
    return insn(0x85, imm=helper)


def call_kfunc(btf_id):
    return insn(0x85, 0, 2, imm=btf_id)


def leave(verdict=None):
    return (b"" if verdict is None else mov(R0, verdict)) + insn(0x95)


def unless(code, dst, src, imm, body):
    """The body, or else what follows it: a jump over it. Code: of the jump."""
    return insn(code, dst, src, len(body) // 8, imm) + body


def unless_equal(dst, imm, body):
    return unless(0x15, dst, 0, imm, body)


def if_equal(dst, imm, body):
    return unless(0x55, dst, 0, imm, body)


def on_test_frame(body, other=XDP_PASS):
    """The body for frames of send_frames(), with the context in r6, the data in r2 and its end
    in r3; a verdict for others."""
    kind = int.from_bytes(ETH_P_TEST.to_bytes(2, "big"), "little")
    checked = load(U16, R5, R2, 12) + if_equal(R5, kind, body)
    return (movr(R6, R1) + load(U32, R2, R1, 0) + load(U32, R3, R1, 4) + movr(R4, R2) +
            add(R4, 14) + unless(0x2d, R4, R3, 0, checked) + leave(other))


def answer(mac):
    """The frame goes back to its sender, from an address."""
    low, high = struct.unpack("<IH", mac_bytes(mac))
    return (load(U32, R4, R2, 6) + load(U16, R5, R2, 10) + store(U32, R2, 0, R4) +
            store(U16, R2, 4, R5) + mov(R4, ctypes.c_int32(low).value) + store(U32, R2, 6, R4) +
            mov(R5, high) + store(U16, R2, 10, R5))


# kernel functions

BTF_VMLINUX = "/sys/kernel/btf/vmlinux"
BTF_FUNC = 12
# what follows a type: so many bytes, or so many for each member
BTF_MORE = {1: 4, 3: 12, 14: 4, 17: 4}
BTF_PER_MEMBER = {4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12}


def kernel_functions(*names):
    """{name: number of its type}, as the kernel tells of itself."""
    if not os.path.exists(BTF_VMLINUX):
        raise KsftSkipEx("the kernel has no CONFIG_DEBUG_INFO_BTF")
    with open(BTF_VMLINUX, "rb") as file:
        data = file.read()
    header, start, size, strings, _ = struct.unpack_from("<5I", data, 4)
    at, end, strings = header + start, header + start + size, header + strings
    wanted = {data.index(b"\0" + name.encode() + b"\0", strings) + 1 - strings: name
              for name in names}
    found = {}
    number = 0
    while at < end:
        number += 1
        name, info, _ = struct.unpack_from("<3I", data, at)
        kind = info >> 24 & 0x1f
        if kind == BTF_FUNC and name in wanted:
            found[wanted[name]] = number
        at += 12 + BTF_MORE.get(kind, 0) + BTF_PER_MEMBER.get(kind, 0) * (info & 0xffff)
    return found


# the system call

def bpf(command, attributes):
    """What the bpf system call gives; OSError has the errno."""
    room = ctypes.create_string_buffer(attributes, 148)
    return libc("syscall", BPF_SYSCALL[platform.machine()], command, room, 148)


def _address(buffer):
    return ctypes.cast(buffer, ctypes.c_void_p).value


class Map:
    """A map of 32-bit values by small numbers."""

    def __init__(self, kind=MAP_ARRAY, entries=1):
        self.fd = bpf(MAP_CREATE, struct.pack("<5I", kind, 4, 4, entries, 0))
        defer(os.close, self.fd)

    def _access(self, command, key, value):
        room = ctypes.create_string_buffer(struct.pack("<I", value), 4)
        index = ctypes.create_string_buffer(struct.pack("<I", key), 4)
        bpf(command, struct.pack("<IIQQQ", self.fd, 0, _address(index), _address(room), 0))
        return struct.unpack("<I", room.raw)[0]

    def __getitem__(self, key):
        return self._access(MAP_LOOKUP, key, 0)

    def __setitem__(self, key, value):
        self._access(MAP_UPDATE, key, value)


class DevMap(Map):
    """A map of netdevs."""

    def __init__(self, *stations):
        super().__init__(MAP_DEVMAP, len(stations))
        for key, station in enumerate(stations):
            with inside(station.ns):
                self[key] = station.ifindex


class Program:
    """A program that is loaded, until the case ends."""

    def __init__(self, code, kind=PROG_XDP, frags=False, bound_to=None):
        flags = (F_XDP_HAS_FRAGS if frags else 0) | (F_XDP_DEV_BOUND_ONLY if bound_to else 0)
        with inside(bound_to.ns if bound_to else ""):
            self.fd = self._load(code, kind, flags, bound_to.ifindex if bound_to else 0)
        defer(os.close, self.fd)
        self._path = None

    @staticmethod
    def _load(code, kind, flags, ifindex):
        insns = ctypes.create_string_buffer(code, len(code))
        gpl = ctypes.create_string_buffer(b"GPL")
        log = ctypes.create_string_buffer(1 << 16)
        try:
            return bpf(PROG_LOAD, struct.pack("<IIQQIIQII16sI", kind, len(code) // 8,
                                              _address(insns), _address(gpl), 1, len(log),
                                              _address(log), 0, flags, b"kawela", ifindex))
        except OSError as error:
            raise KsftFailEx(f"no program: {error}: {log.value.decode()}") from error

    @property
    def path(self):
        """Where it is pinned; `ip link` finds it there."""
        if not self._path:
            if not os.path.ismount(BPFFS):
                os.makedirs(BPFFS, exist_ok=True)
                sh(f"mount -t bpf bpf {BPFFS}")
                defer(sh, f"umount {BPFFS}")
            self._path = f"{BPFFS}/{self.fd}"
            name = ctypes.create_string_buffer(self._path.encode())
            bpf(OBJ_PIN, struct.pack("<QII", _address(name), self.fd, 0))
            defer(os.unlink, self._path)
        return self._path

    def attach_tcx(self, station):
        """Ahead of what receives on the station's netdev, until the case ends."""
        with inside(station.ns):
            link = bpf(LINK_CREATE, struct.pack("<IIII", self.fd, station.ifindex,
                                                ATTACH_TCX_INGRESS, 0))
        defer(os.close, link)


def xdp_id(station):
    """Number of the native program on a station's netdev, or None."""
    xdp = json.loads(station.ip(f"-j link show dev {station.dev}").stdout)[0].get("xdp", {})
    return xdp["prog"]["id"] if xdp.get("mode") == 1 else None


def xdp_attach(station, program, **options):
    """A native program, instead of one that is there; what `ip link` says."""
    return station.ip(f"-force link set dev {station.dev} xdpdrv pinned {program.path}", **options)


def xdp_detach(station):
    station.ip(f"link set dev {station.dev} xdpdrv off")


def xdp(station, code, **options):
    """A native program of this code on a netdev until the case ends."""
    program = Program(code, **options)
    xdp_attach(station, program)
    defer(xdp_detach, station)
    return program


def xdp_abilities(station):
    """What netdev-genl says that a netdev can do."""
    family = netdev_family(station.ns)
    return family.dev_get({"ifindex": station.ifindex})


def xdp_counters(station):
    """{verdict: frames}, all queues together; sent: those that left by XDP."""
    found = {}
    for name, value in station.ethtool_stats().items():
        _, mark, verdict = name.partition("_xdp")
        if mark:
            verdict = verdict.strip("_") or "sent"
            found[verdict] = found.get(verdict, 0) + value
    return found


def changed(station, before):
    """What xdp_counters() has counted since."""
    now = xdp_counters(station)
    return {name: now[name] - before.get(name, 0) for name in now if now[name] != before.get(name)}


class Echo:
    """Frames from the wire to a station that come back from an address."""

    def __init__(self, env, station, source):
        self._station = station
        self._home = mac_bytes(env.wire.mac)
        self._there, self._source = mac_bytes(station.mac), mac_bytes(source)
        self._sock = env.wire.packet_socket(env.wire.dev, ETH_P_TEST)
        self._sock.settimeout(60)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._sock.close()

    def frame(self, size):
        """One, with random data; it comes back as it was."""
        rest = struct.pack("!H", ETH_P_TEST) + os.urandom(size - 14)
        self._sock.send(self._there + self._home + rest)
        try:
            data = self._sock.recv(16384)
        except socket.timeout:
            data = b""
        ksft_eq(len(data), size, f"bytes by way of {self._station}")
        ksft_true(data == self._home + self._source + rest,
                  f"{size} bytes by way of {self._station} as they were")

    def frames(self, sizes):
        for size in sizes:
            self.frame(size)


def redirect(out):
    """An answer by way of another netdev."""
    return (answer(out.mac) + map_ref(R1, DevMap(out)) + mov(R2, 0) + mov(R3, 0) +
            call(REDIRECT_MAP) + leave())


def redirect_code(out):
    """Answers test frames by way of another netdev."""
    return on_test_frame(redirect(out))


def ask_code(function, seen, first, second):
    """Asks about each frame, counts the answers, keeps the last."""
    keep = b"".join(value_ref(R1, found) + load(U32, R2, R10, off) + store(U32, R1, 0, R2)
                    for found, off in ((first, -8), (second, -16)))
    number = kernel_functions(function)[function]
    room = b"".join(store_imm(U64, R10, off, 0) + movr(reg, R10) + add(reg, off)
                    for reg, off in ((R2, -8), (R3, -16)))
    return room + call_kfunc(number) + if_equal(R0, 0, keep + count(seen)) + leave(XDP_PASS)


def ask(station, function):
    """How many frames there was an answer for, and the last one."""
    maps = Map(), Map(), Map()
    xdp(station, ask_code(function, *maps), bound_to=station)
    return maps
