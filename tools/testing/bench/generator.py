# SPDX-License-Identifier: GPL-2.0-only
"""pktgen: 60-byte frames from one port to another, as fast as the processor can."""

import re

from machine import bail_out, read, write

THREAD = "/proc/net/pktgen/kpktgend_0"
SIZE = 60


def setup(source, mac, count, queues=1, burst=1):
    write(THREAD, "rem_device_all")
    write(THREAD, f"add_device {source.netdev}")
    for setting in (f"count {count}", f"pkt_size {SIZE}", "delay 0", "clone_skb 0",
                    f"queue_map_max {queues - 1}", f"burst {burst}", "dst 192.0.2.2",
                    f"dst_mac {mac}"):
        write(f"/proc/net/pktgen/{source.netdev}", setting)


def start():
    write("/proc/net/pktgen/pgctrl", "start")


def send(source, mac, count, **options):
    """Send and return the nanoseconds it took."""
    setup(source, mac, count, **options)
    start()
    text = read(f"/proc/net/pktgen/{source.netdev}")
    result = re.search(r"OK: (\d+)\(c\d+\+d\d+\) usec, (\d+) ", text)
    if not result or int(result[2]) != count:
        bail_out(f"pktgen: {text}")
    return int(result[1]) * 1000
