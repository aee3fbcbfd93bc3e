#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --backports
"""The PF's clock, and frames of PTP that are stamped with its time, as they come and as they go.

Of PTP, QEMU's model stamps Sync messages of version 2 that come without IP only.
"""

import errno
import re
import time

from lib.py import (FILTER_ALL, FILTER_NONE, FILTER_V1_SYNC, FILTER_V2_EVENT, FILTER_V2_L2_SYNC,
                    FOLLOW_UP, RAW_HARDWARE, RX_HARDWARE, SIOCGHWTSTAMP, SIOCSHWTSTAMP, SOFTWARE,
                    SYNC, TX_HARDWARE, TX_OFF, TX_ON, TX_ONESTEP, TX_SOFTWARE, Clock, PtpPort,
                    XskSocket, ask, everyone, kawela_run, ksft_eq, ksft_ge, ksft_in, ksft_raises,
                    ksft_true, stamp, stamp_config, steady, wait_for)

SECOND = 10 ** 9
MINUTE = 60 * SECOND
PTP_GROUP = "01:1b:19:00:00:00"
SIZES = (60, 128, 129, 1000)


def between(low, value, high, what):
    ksft_true(low <= value <= high, f"{what}: {low} <= {value} <= {high}")


def refused(station, **config):
    """The errno."""
    with ksft_raises(OSError) as seen:
        stamp_config(station, SIOCSHWTSTAMP, **config)
    return seen.exception.errno


@steady
def told(env):
    """What can be stamped: by hardware on the PF, which knows its clock; elsewhere by software."""
    pf, *others = everyone(env)
    clock = Clock(env.pci)
    shown = pf.ethtool(f"-T {pf.dev}").stdout
    ksft_true(any(line.endswith(f": {clock.index}") for line in shown.splitlines()), shown)
    for name in ("hardware-transmit", "hardware-receive", "hardware-raw-clock",
                 "software-transmit", "ptpv1-l4-sync", "ptpv1-l4-delay-req", "ptpv2-event"):
        ksft_in(name, shown)
    for station in others:
        shown = station.ethtool(f"-T {station.dev}").stdout
        ksft_in("software-transmit", shown)
        ksft_true("hardware-" not in shown and ": none" in shown, shown)
        ksft_eq(refused(station, tx=TX_ON), errno.EOPNOTSUPP)


@steady
def configured(env):
    """What is asked for is told, as wide as the hardware is; what it cannot do is refused."""
    ksft_eq(stamp_config(env.pf, SIOCGHWTSTAMP), (TX_OFF, FILTER_NONE))
    stamp(env.pf, TX_ON, FILTER_V1_SYNC)
    ksft_eq(stamp_config(env.pf, SIOCGHWTSTAMP), (TX_ON, FILTER_V1_SYNC))
    wider = stamp_config(env.pf, SIOCSHWTSTAMP, TX_OFF, FILTER_V2_L2_SYNC)
    ksft_eq(wider, (TX_OFF, FILTER_V2_EVENT))
    ksft_eq(refused(env.pf, rx=FILTER_ALL), errno.ERANGE)
    ksft_eq(refused(env.pf, tx=TX_ONESTEP), errno.ERANGE)
    ksft_eq(stamp_config(env.pf, SIOCGHWTSTAMP), (TX_OFF, FILTER_V2_EVENT))


@steady
def clock_set(env):
    """The clock goes, can be set, and moved in both directions."""
    clock = Clock(env.pci)
    between(-MINUTE, time.time_ns() - clock.read(), MINUTE, "behind the system's time at first")
    clock.set(10 ** 18)
    between(10 ** 18, clock.read(), 10 ** 18 + MINUTE, "after it was set")
    for move in (3600 * SECOND + 5, -2 * 3600 * SECOND + 7):
        before = clock.read()
        clock.shift(move)
        between(0, clock.read() - before - move, MINUTE, "more than it was moved")


@steady
def clock_speed(env):
    """It goes faster and slower as it is told, without a jump."""
    clock = Clock(env.pci)
    slow, fast = clock.pace()
    for ppm in (400000, -400000, 0):
        before = clock.read()
        clock.speed(ppm)
        between(before, clock.read(), before + MINUTE, "no jump")
        least, most = clock.pace()
        factor = 1 + ppm / 10 ** 6
        ksft_ge(most, slow * factor * 0.9, f"pace with {ppm} ppm, at most")
        ksft_ge(fast * factor * 1.1, least, f"pace with {ppm} ppm, at least")
    with ksft_raises(OSError) as seen:
        clock.speed(600000)
    ksft_eq(seen.exception.errno, errno.ERANGE)


@steady
def received(env):
    """One message after the other is stamped, by unicast and by multicast; others are not."""
    clock = Clock(env.pci)
    stamp(env.pf, rx=FILTER_V2_EVENT)
    env.pf.ip(f"maddr add {PTP_GROUP} dev {env.pf.dev}")
    with PtpPort(env.wire) as there, PtpPort(env.pf, RX_HARDWARE | RAW_HARDWARE) as here:
        for mac in (env.pf.mac, PTP_GROUP):
            for size in SIZES:
                before = clock.read()
                number = there.send(mac, size=size)
                sequence, _, when = here.received()
                ksft_eq(sequence, number)
                between(before, when, clock.read(), f"time of {size} bytes")
            there.send(mac, FOLLOW_UP)
            ksft_eq(here.received()[2], 0, "time of a message that is no event")
        stamp_config(env.pf, SIOCSHWTSTAMP)
        there.send(env.pf.mac)
        ksft_eq(here.received()[2], 0, "time when it is off")
    env.pf.ip(f"maddr del {PTP_GROUP} dev {env.pf.dev}")


@steady
def let_go(env):
    """The time of a frame that a VF got keeps others from being stamped, but not for long."""
    stamp(env.pf, rx=FILTER_V2_EVENT)
    before = env.pf.ethtool_stats()["rx_stamps_released"]
    with PtpPort(env.wire) as there, PtpPort(env.vf[0], RX_HARDWARE | RAW_HARDWARE) as vf, \
         PtpPort(env.pf, RX_HARDWARE | RAW_HARDWARE) as here:
        there.send(env.vf[0].mac)
        ksft_eq(vf.received()[2], 0, "time at the VF")

        def stamped():
            there.send(env.pf.mac)
            return here.received()[2]

        wait_for(stamped, "a frame that is stamped")
    ksft_ge(env.pf.ethtool_stats()["rx_stamps_released"], before + 1)


def ts_stats(station):
    """(stamped, lost, skipped) of what was sent."""
    shown = station.ethtool(f"-I -T {station.dev}").stdout
    return tuple(int(re.search(rf"\b{name}: (\d+)", shown)[1])
                 for name in ("tx_pkts", "tx_lost", "tx_err"))


@steady
def sent(env):
    """One packet after the other has its time told, copied into the ring or not."""
    clock = Clock(env.pci)
    stamp(env.pf, tx=TX_ON)
    with PtpPort(env.wire) as there, PtpPort(env.pf, TX_HARDWARE | RAW_HARDWARE) as here:
        for size in SIZES:
            before = clock.read()
            number = here.send(env.wire.mac, size=size)
            sequence, software, when = here.left()
            ksft_eq((sequence, software), (number, 0))
            between(before, when, clock.read(), f"time of {size} bytes")
            ksft_eq(there.received()[0], number)
        stamp_config(env.pf, SIOCSHWTSTAMP)
        here.send(env.wire.mac)
        here.left_silently()


@steady
def sent_in_a_burst(env):
    """Of packets that follow each other closely some are passed over, and counted; none is lost."""
    number = 50
    stamp(env.pf, tx=TX_ON)
    stamped, lost, skipped = ts_stats(env.pf)
    with PtpPort(env.wire) as there, PtpPort(env.pf, TX_HARDWARE | RAW_HARDWARE) as here:
        for _ in range(number):
            here.send(env.wire.mac)
        for _ in range(number):
            there.received()
        wait_for(lambda: sum(ts_stats(env.pf)) == stamped + lost + skipped + number,
                 f"{number} packets to be counted")
        now = ts_stats(env.pf)
        ksft_eq(now[1], lost, "times that never came")
        times = [here.left() for _ in range(now[0] - stamped)]
        ksft_ge(len(times), 1)
        ksft_eq(times, sorted(times))


@steady
def sent_by_software(env):
    """Everywhere the stack's own time of a packet is told to who asks for that."""
    stamp(env.pf, tx=TX_ON)
    for station in everyone(env):
        with PtpPort(station, TX_SOFTWARE | SOFTWARE) as here:
            before = time.time_ns()
            here.send(env.wire.mac)
            _, software, hardware = here.left()
            between(before, software, time.time_ns(), f"time of {station}")
            ksft_eq(hardware, 0)


def asked(env):
    """A program learns the time of a frame, and so does the stack that it passes it to."""
    stamp(env.pf, rx=FILTER_V2_EVENT)
    seen, low, _ = ask(env.pf, "bpf_xdp_metadata_rx_timestamp")
    with PtpPort(env.wire) as there, PtpPort(env.pf, RX_HARDWARE | RAW_HARDWARE) as here:
        for number, size in enumerate(SIZES, 1):
            there.send(env.pf.mac, size=size)
            when = here.received()[2]
            ksft_true(when, "time at the socket")
            ksft_eq((seen[0], low[0]), (number, when & 0xffffffff))
        there.send(env.pf.mac, FOLLOW_UP)
        here.received()
        ksft_eq(seen[0], len(SIZES), "times that the program saw")


@steady
def program_asks(env):
    """A program of XDP learns the time of a frame, and so does the stack that it passes it to."""
    asked(env)


@steady
def program_asks_of_a_socket(env):
    """So they do when the frame is in the memory of an AF_XDP socket."""
    ksft_true(XskSocket(env.pf).zerocopy, "zero-copy")
    asked(env)


def goes_on(env):
    """Over a reset the clock goes on, at its speed, and what was to be stamped still is."""
    clock = Clock(env.pci)
    clock.set(10 ** 18)
    stamp(env.pf, TX_ON, FILTER_V2_EVENT)
    env.pci.reset()
    env.wait_served()
    between(10 ** 18, clock.read(), 10 ** 18 + 10 * MINUTE, "after a reset")
    least, most = clock.pace()
    ksft_true(least < 1.2 and most > 0.8, f"goes at {least} to {most}")
    ksft_eq(stamp_config(env.pf, SIOCGHWTSTAMP), (TX_ON, FILTER_V2_EVENT))
    flags = TX_HARDWARE | RX_HARDWARE | RAW_HARDWARE
    with PtpPort(env.wire) as there, PtpPort(env.pf, flags) as here:
        before = clock.read()
        there.send(env.pf.mac, SYNC)
        came = here.received()[2]
        here.send(env.wire.mac)
        went = here.left()[2]
        between(before, came, went, "time of what came")
        between(came, went, clock.read(), "time of what went")


if __name__ == "__main__":
    kawela_run([told, configured, clock_set, clock_speed, received, let_go, sent, sent_in_a_burst,
                sent_by_software, program_asks, program_asks_of_a_socket, goes_on])
