#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fuzz.sh - libFuzzer, ASan and UBSan on the codecs of the mailbox, for
# FUZZ_SECONDS (60), in the image if it has clang, else here if this host has.
# What it learned, and what it died of, stays in the cache.

. "$(dirname "$0")/../rig/lib.sh"

HERE=tools/testing/fuzz
MBX=drivers/net/ethernet/intel/kawela/mbx

# compile SRC OUT COMPILER...
compile() {
	local src=$1 out=$2 header
	shift 2
	# what shim.h stands for; the rest of linux/ is the C library's
	mkdir -p "$out/include/linux"
	for header in bitfield bits build_bug etherdevice minmax module string time64; do
		: >"$out/include/linux/$header.h"
	done
	"$@" -Wall -I "$out/include" -I "$src/include" -include "$src/$HERE/shim.h" \
		"$src/$HERE/codec.c" "$src/$MBX/mbx_block.c" "$src/$MBX/mbx_legacy.c"
}

# inside SRC OUT SECONDS
inside() {
	local src=$1 out=$2
	mkdir -p "$out/corpus"
	compile "$src" "$out" clang -g -O1 -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o "$out/codec"
	"$out/codec" -max_total_time="$3" -max_len=128 -print_final_stats=1 \
		-artifact_prefix="$out/" "$out/corpus"
}

# without clang, as part of style: it compiles still
if [ "${1:-}" = --syntax ]; then
	out=$(mktemp -d)
	compile "$2" "$out" gcc -Werror -fsyntax-only
	rm -r "$out"
	exit
fi

if [ "${1:-}" = --inside ]; then
	shift
	inside "$@"
	exit
fi

seconds=${FUZZ_SECONDS:-60}
out=fuzz-$(printf %s "$SRC" | sha256sum | cut -c1-8)
mkdir -p "$CACHE/$out"
if "$RIG/enter" which clang >/dev/null 2>&1; then
	run=("$RIG/enter" "/src/$HERE/fuzz.sh" --inside /src "/cache/$out")
elif command -v clang >/dev/null; then
	run=("$0" --inside "$SRC" "$CACHE/$out")
else
	say "no clang (packages clang and libclang-rt-dev)"
	echo "0 passed, 0 failed, 1 skipped"
	exit
fi

if step "fuzz the codecs for $seconds s" "$out.log" "${run[@]}" "$seconds"; then
	grep -E 'number_of_executed|cov:' "$LOGS/$out.log" | tail -n2 >&2
	echo "1 passed, 0 failed, 0 skipped"
else
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
fi
