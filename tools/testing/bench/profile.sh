#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# profile.sh - in which functions the instructions of a packet are spent.
#
#   profile.sh PAIR WHAT     stock|kawela, and a turn of what: vf-to-pf, pf-to-vf (a frame);
#                            tcp, udp (64 KByte, 32 datagrams), tcp_rr, udp_rr, from VF to
#                            PF, or the other way with -back
#
# QEMU logs every instruction of a short burst and of one twice as long; the
# difference, by function, is what a turn costs. Nothing is sampled.

. "$(dirname "$0")/../rig/lib.sh"

[ $# -eq 2 ] || die "usage: profile.sh stock|kawela WHAT, see there"
results=$(mktemp -d "$CACHE/run/profile-XXXX")
profile=tools/testing/bench/profile.py
"$RIG/run" --timeout 900 --icount --results "$results" -- \
	"$SRC/$profile" record "$@"
"$RIG/enter" --bind "$results:/results" "/src/$profile" report "$@"
rm -f "$results"/trace-*.log
