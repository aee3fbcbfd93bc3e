#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# compare.sh - what it costs a guest that its VF goes or comes, with the stock pair
# and with ours: run the scenarios and print the table.

. "$(dirname "$0")/rig/lib.sh"

out=$LOGS/compare.log rc=0
"$(dirname "$0")/selftest.py" compare | tee "$out" || rc=$?
results=$(sed -n 's/.*logs in //p' "$out" | tail -n1)
sed -n 's/^# | /  /p' "$results/compare.py.log"
exit "$rc"
