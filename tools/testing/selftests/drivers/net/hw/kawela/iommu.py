#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Each VF has an IOMMU group and a requester id of its own, and reaches the memory that it was
given. Told to use other memory it faults, by that id, and nobody else notices.
"""

import contextlib
import os
import re

from lib.py import (HOSTILE, Flow, Listener, VfioGuest, Watch, expect_report, kawela_run,
                    ksft_eq, ksft_in, ksft_true, mac_bytes, ping, send_frames, vf_mac, wait_for)

ALL_VFS = 7
ELSEWHERE = 0x1000000           # memory of the host, mapped for no VF
FAULT = r"^DMAR: \[DMA "
MARK = "02:00:00:00:09:01"
READ_MARK = "02:00:00:00:09:02"


def group(pci):
    return os.listdir(pci.path + "/iommu_group/devices")


def requester(pci):
    """Bus, device and function in one number."""
    bus, device, function = re.fullmatch(r"0000:(\w+):(\w+)\.(\w)", pci.bdf).groups()
    return int(bus, 16) << 8 | int(device, 16) << 3 | int(function)


def groups(env):
    """One group per function."""
    env.remove_vfs()
    env.create_vfs(ALL_VFS)
    for pci in (env.pci, *env.vf_pci):
        ksft_eq(group(pci), [pci.bdf])


def requester_ids(env):
    """VF n's is where the capability of the PF says."""
    offset, stride = (int(env.pci.get("sriov_" + what)) for what in ("offset", "stride"))
    for number, pci in enumerate(env.vf_pci):
        ksft_eq(requester(pci), requester(env.pci) + offset + number * stride, str(pci))
    env.remove_vfs()
    env.make_vfs(2)


def frame(destination, number=HOSTILE):
    return mac_bytes(destination) + mac_bytes(vf_mac(number)) + bytes.fromhex("88b5") + bytes(46)


@contextlib.contextmanager
def raw(env, number=HOSTILE):
    """The VF by vfio, served by the PF."""
    env.vf_pci[number].unbind()
    with VfioGuest(env.vf_pci[number]) as guest:
        ksft_true(guest.connect(), "the PF answers")
        wait_for(lambda: number in env.regs.gates()[0], "the VF to be served")
        yield guest


def inside(env):
    """It sends from its memory and receives to it."""
    with raw(env) as guest, Listener(env.wire, promisc=True) as wire:
        guest.send(frame(MARK))
        wire.wait(MARK)
        place = guest.listen()
        send_frames(env.wire, [vf_mac(HOSTILE)])
        wait_for(lambda: guest.received(place), "the frame in memory")
        ksft_eq(guest.received(place)[:6], mac_bytes(vf_mac(HOSTILE)))


@contextlib.contextmanager
def only_fault(env, pci, kind):
    """One VF's access to elsewhere faults, by its requester id; other VF and PF lose nothing."""
    # newer kernels say the domain, too
    name = "(0000:)?" + pci.bdf.partition(":")[2]
    wanted = f"DMAR: .DMA {kind} .*Request device .{name}. fault addr 0x{ELSEWHERE:x} "
    before = len(env.log.lines(FAULT))
    expect_report("DMAR: DRHD: handling fault status reg")
    expect_report(wanted)
    with Watch(env), Flow(env.vf[0], env.wire) as one, Flow(env.wire, env.pf) as other:
        one.flows()
        other.flows()
        yield
        wait_for(lambda: len(env.log.lines(FAULT)) > before, "the fault")
        one.flows()
        other.flows()
        ksft_eq((one.lost(), other.lost()), (0, 0), "datagrams lost")
    faults = env.log.lines(FAULT)[before:]
    ksft_eq([line for line in faults if not re.search(wanted, line)], [])


def reads_data(env):
    """A frame from elsewhere is not sent. What it has sends the VF still."""
    with raw(env) as guest, Listener(env.wire, promisc=True) as wire:
        with only_fault(env, env.vf_pci[HOSTILE], "Read"):
            guest.send(frame(READ_MARK), buffer=ELSEWHERE)
        ksft_eq(wire.count(READ_MARK), 0)
        guest.send(frame(MARK))
        wire.wait(MARK)


def reads_descriptors(env):
    """Nor is one whose descriptor is elsewhere."""
    with raw(env) as guest, Listener(env.wire, promisc=True) as wire:
        with only_fault(env, env.vf_pci[HOSTILE], "Read"):
            guest.send(frame(READ_MARK), ring=ELSEWHERE)
        ksft_eq(wire.count(READ_MARK), 0)


def writes(env):
    """A frame that it is to receive elsewhere is written nowhere."""
    with raw(env) as guest:
        guest.listen(buffer=ELSEWHERE)
        with only_fault(env, env.vf_pci[HOSTILE], "Write"):
            send_frames(env.wire, [vf_mac(HOSTILE)])


def back_to_work(env):
    """Its driver has the VF again."""
    env.bind_vf(HOSTILE)
    ping(env.vf[HOSTILE], env.wire)
    ksft_in(vf_mac(HOSTILE), env.regs.pool_macs(HOSTILE))


if __name__ == "__main__":
    kawela_run([groups, requester_ids, inside, reads_data, reads_descriptors, writes,
                back_to_work])
