#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh - what the stock pair and ours cost in counted instructions, in one run.
#
#   bench.sh                      everything, as a table
#   bench.sh --write DIRECTORY    and as JSON and as a chart there; the page there, too
#   bench.sh --check              fails when a ratio is worse than in the committed table
#   bench.sh OPTIONS              those of bench.py

. "$(dirname "$0")/../rig/lib.sh"

here=$(cd "$(dirname "$0")" && pwd)
baseline=$SRC/Documentation/networking/device_drivers/ethernet/intel/kawela-bench.json
results=$(mktemp -d "$CACHE/run/bench-XXXX")
action='' directory=''

case ${1:---all} in
--write)
	[ $# -eq 2 ] || die "usage: bench.sh --write DIRECTORY"
	action=write directory=$2
	;;
--check)
	[ -e "$baseline" ] || die "no $baseline: bench.sh --write ${baseline%/*} makes it"
	action=check
	;;
esac
[ -z "$action" ] || set -- --all
[ $# -gt 0 ] || set -- --all

"$RIG/run" --timeout 1800 --icount --dual --results "$results" -- \
	"$here/bench.py" "$@" --json /results/bench.json
case $action in
write) python3 -B "$here/publish.py" write "$results/bench.json" "$directory" ;;
check) python3 -B "$here/publish.py" check "$results/bench.json" "$baseline" ;;
esac
