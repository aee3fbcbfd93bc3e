#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""What the bridge forbids a guest holds on its synthetic path only: its VF goes by the bridge.
Its VF taken out of service by the administrator, the bridge's rule holds, until the VF is back.

The rule is against pings in one direction; those in the other show that the path is there. With the
VF it may meet copies: what VFs send to the wire a promiscuous PF hears, too.
"""

import json

from lib.py import (Bridge, Twin, defer, kawela_run, ksft_ge, ksft_true, ping,
                    require_command, sh, silent, steady)

TABLE = "bridge kw-policy"


def forbid(match):
    """No ping that matches is forwarded by the bridge."""
    sh(f"nft add table {TABLE}")
    defer(sh, f"nft delete table {TABLE}")
    sh(f"nft 'add chain {TABLE} ports {{ type filter hook forward priority 0; }}'")
    sh(f"nft add rule {TABLE} ports {match} icmp type echo-request counter drop")


def dropped():
    """How many frames the rule has met."""
    for entry in json.loads(sh(f"nft -j list table {TABLE}").stdout)["nftables"]:
        for word in entry.get("rule", {}).get("expr", []):
            if "counter" in word:
                return word["counter"]["packets"]
    return None


def holds_on_one_path(env, match, src, dst):
    """The rule is against pings of src to dst; one of them is the guest."""
    twin = Twin(Bridge(env).add_pf(), env.vf[0])
    src, dst = src or twin.station, dst or twin.station
    forbid(match)
    ping(src, dst)
    ping(dst, src)

    defer(env.set_vf, 0, "state auto")
    env.set_vf(0, "state disable")
    twin.synthetic()
    before = dropped()
    ping(dst, src)
    ksft_true(silent(src, dst), "without the VF the rule holds")
    ksft_ge(dropped() - before, 1)

    env.set_vf(0, "state auto")
    twin.accelerated()
    ping(src, dst)
    ping(dst, src)


@steady
def to_the_guest(env):
    """What it may not receive."""
    holds_on_one_path(env, f"ether daddr {env.vf[0].mac}", env.wire, None)


@steady
def of_the_guest(env):
    """What it may not send."""
    holds_on_one_path(env, f"ether saddr {env.vf[0].mac}", None, env.wire)


@steady
def others(env):
    """A guest with the bridge only has nothing to go by."""
    guest = Bridge(env).add_pf().guest(0)
    ping(env.wire, guest)
    forbid(f"ether daddr {guest.mac}")
    ping(guest, env.wire)
    ksft_true(silent(env.wire, guest))
    ksft_ge(dropped(), 1)


if __name__ == "__main__":
    require_command("nft")
    kawela_run([to_the_guest, of_the_guest, others], vfs=1)
