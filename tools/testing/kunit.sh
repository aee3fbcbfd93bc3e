#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kunit.sh - the unit tests, by the kernel's own kunit.py: UML with KASAN, our
# directory in a copy of the kernel tree. Takes more arguments for kunit.py run.
# All checkouts share the tree and what was built of it, one at a time.

. "$(dirname "$0")/rig/lib.sh"

OURS=drivers/net/ethernet/intel/kawela

# hard links: what we change is replaced, never written to
copy_tree() {
	step "copy the kernel tree" kunit-tree.log cp -al "$source" "$1"
}

# make the copy a tree that has our drivers
add_ours() {
	local tree=$1 intel=$1/drivers/net/ethernet/intel
	cd "$tree"
	mkdir -p "$OURS" include/net/kawela
	# what differs is new to make, whatever its age in this checkout
	rsync -rlp --checksum --delete "/src/$OURS/" "$OURS/"
	rsync -rlp --checksum --delete /src/include/net/kawela/ include/net/kawela/
	grep -q kawela "$intel/Kconfig" ||
		sed -i "s,^endif # NET_VENDOR_INTEL,source \"$OURS/Kconfig\"\n&," "$intel/Kconfig"
	grep -q kawela "$intel/Makefile" || sed -i '$a obj-y += kawela/' "$intel/Makefile"
}

# what runs in the image: DIR ARGUMENTS...
inside() {
	local dir=$1
	shift
	add_ours "$dir/tree"
	PYTHONDONTWRITEBYTECODE=1 tools/testing/kunit/kunit.py run --arch=um \
		--build_dir="$dir/build" --jobs="$(nproc)" --timeout=300 \
		--kunitconfig="$OURS/.kunitconfig" "$@"
}

# totals LOG: kunit.py's last counts, as ours; a compiler's warning is a failure
totals() {
	local log=$1 passed failed skipped kind number
	count() { sed -n "s/.*Ran.*$1: \([0-9]*\).*/\1/p" "$log" | tail -n1; }
	passed=$(count passed) skipped=$(count skipped)
	failed=0
	for kind in failed crashed errors; do
		number=$(count "$kind")
		failed=$((failed + ${number:-0}))
	done
	if grep -E "$OURS.*warning:" "$log" >&2; then
		failed=$((failed + 1))
	fi
	if [ $((${passed:-0} + failed)) -eq 0 ]; then
		say "no test ran; the log is $log"
		failed=1
	fi
	echo "${passed:-0} passed, $failed failed, ${skipped:-0} skipped"
	[ "$failed" -eq 0 ]
}

if [ "${1:-}" = --inside ]; then
	shift
	inside "$@"
	exit
fi

source=$("$RIG/source")
name=kunit-${source##*source-}
log=$name-$(printf %s "$SRC" | sha256sum | cut -c1-8).log
mkdir -p "$CACHE/$name"
exec {lock}>"$CACHE/lock/$name-run"
flock "$lock"
build_once "$CACHE/$name/tree" copy_tree
rc=0
step "build and run the unit tests" "$log" "$RIG/enter" \
	/src/tools/testing/kunit.sh --inside "/cache/$name" "$@" || rc=$?
grep -E '(FAILED|SKIPPED|ERROR|CRASHED)\]' "$LOGS/$log" || true
totals "$LOGS/$log" && exit "$rc"
