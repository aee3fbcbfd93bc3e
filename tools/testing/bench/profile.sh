#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# profile.sh - in which functions the instructions of a packet are spent.
#
#   profile.sh PAIR DIRECTION     stock|kawela vf-to-pf|pf-to-vf
#
# QEMU logs every instruction of a short burst and of one twice as long; the
# difference, by function, is what a packet costs. Nothing is sampled.

. "$(dirname "$0")/../rig/lib.sh"

[ $# -eq 2 ] || die "usage: profile.sh stock|kawela vf-to-pf|pf-to-vf"
results=$(mktemp -d "$CACHE/run/profile-XXXX")
profile=tools/testing/bench/profile.py
"$RIG/run" --timeout 900 --icount --results "$results" -- \
	"$SRC/$profile" record "$@"
"$RIG/enter" --bind "$results:/results" "/src/$profile" report
rm -f "$results"/trace-*.log
