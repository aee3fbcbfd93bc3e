#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh - all tests: style, unit tests, the selftests on Debian's kernel, on the
# debug kernel and on that of Debian's backports. The last line is their sum.

. "$(dirname "$0")/rig/lib.sh"

TESTING=$(dirname "$(realpath "$0")")
total=(0 0 0)

need_host python3=python3

# part NAME COMMAND...: run it and add its last line to the sum
part() {
	local name=$1 out=$LOGS/check-$1.log sum rc=0
	shift
	say "$name"
	"$@" | tee "$out" || rc=${PIPESTATUS[0]}
	sum=$(tail -n1 "$out" | grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$') || {
		say "$name ended without a sum ($rc); its output is $out"
		sum="0 passed, 1 failed, 0 skipped"
	}
	read -ra sum <<<"$sum"
	add "$rc" "${sum[@]}"
}

# add STATUS P passed, F failed, S skipped
add() {
	local failed=$4
	# nothing done is no success
	[ $(($2 + $4 + $6)) -gt 0 ] || failed=1
	[ "$1" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
	total=($((total[0] + $2)) $((total[1] + failed)) $((total[2] + $6)))
}

part style "$TESTING/style.sh"
part kunit "$TESTING/kunit.sh"
part selftests "$TESTING/selftest.py" --kernel stock --kernel debug --kernel backports
say "all parts done"
echo "${total[0]} passed, ${total[1]} failed, ${total[2]} skipped"
[ "${total[1]}" -eq 0 ]
