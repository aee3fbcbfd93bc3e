#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""msend and mreceive, by the name it is called by, as far as the kernel's forwarding tests use
them: Debian has no package of the mtools that they mean."""

import argparse
import os
import signal
import socket
import struct
import sys

PORT = 4444


def main():
    name = os.path.basename(sys.argv[0])
    parser = argparse.ArgumentParser(name)
    parser.add_argument("-v", action="store_true", dest="version")
    parser.add_argument("-g", dest="group")
    parser.add_argument("-I", dest="dev")
    parser.add_argument("-c", type=int, dest="count")
    args = parser.parse_args()
    if args.version:
        print(f"{name} version 3.0")
        return
    index = socket.if_nametoindex(args.dev)
    if ":" in args.group:
        sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        level, option, out = socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.IPV6_MULTICAST_IF
        member = socket.inet_pton(socket.AF_INET6, args.group) + struct.pack("@I", index)
        where = struct.pack("@I", index)
    else:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        level, option, out = socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.IP_MULTICAST_IF
        member = where = struct.pack("@4s4si", socket.inet_aton(args.group), bytes(4), index)
    if name == "mreceive":
        sock.setsockopt(level, option, member)
        signal.pause()
    sock.setsockopt(level, out, where)
    for _ in range(args.count or 1):
        sock.sendto(bytes(100), (args.group, PORT))


if __name__ == "__main__":
    main()
