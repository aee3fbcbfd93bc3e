#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-2.0-only
"""msend and mreceive, by the name it is called by, as far as the kernel's forwarding tests use
them: Debian has no package of the mtools that they mean. No module that is slow to load, as they
give it a second to join.

  msend -v; msend -g GROUP -I NETDEV -c COUNT; mreceive -g GROUP -I NETDEV
"""

import _signal
import _socket as socket
import sys

PORT = 4444


def main():
    name = sys.argv[0].rpartition("/")[2]
    if "-v" in sys.argv:
        print(f"{name} version 3.0")
        return
    given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    group, dev = given["-g"], given["-I"]
    index = socket.if_nametoindex(dev).to_bytes(4, sys.byteorder)
    if ":" in group:
        sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        option = socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP
        member = socket.inet_pton(socket.AF_INET6, group) + index
    else:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        option = socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP
        member = socket.inet_aton(group) + bytes(4) + index
    if name == "mreceive":
        sock.setsockopt(*option, member)
        _signal.pause()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, dev.encode())
    for _ in range(int(given.get("-c", 1))):
        sock.sendto(bytes(100), (group, PORT))


if __name__ == "__main__":
    main()
