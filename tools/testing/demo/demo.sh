#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# demo.sh - boot a host with an 82576 and show who reaches whom: the PF, a VF in
# a network namespace, a VF in a KVM guest, and a station on the wire.
#
#   demo.sh [--stock]     --stock: the same with igb and igbvf
#
# The status is 0 only if every cell of the table works, the packets took the
# path they should and the kernel reported nothing.

. "$(dirname "$0")/../rig/lib.sh"

DEMO=$(cd "$(dirname "$0")" && pwd)

case ${1:-} in
'' | --stock) ;;
*) die "usage: demo.sh [--stock]" ;;
esac

mkdir -p "$CACHE/run"
results=$(mktemp -d "$CACHE/run/demo-XXXX")
say "demo (logs: $results)"
rc=0
"$RIG/run" --timeout 900 --results "$results" -- \
	"$DEMO/demo.py" --since "$KAWELA_T0" "$@" || rc=$?
if [ "$rc" -ne 0 ]; then
	say "the demo failed ($rc); logs: $results/{output,dmesg,console,guest-g1}.log"
	exit "$rc"
fi
say "every cell works"
