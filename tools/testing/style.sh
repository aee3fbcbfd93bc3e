#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# style.sh - everything that can be said about the sources without running
# them. Each check is one line, `ok` or `not ok`; details come before it.

. "$(dirname "$0")/rig/lib.sh"

DIRS=(drivers include tools/testing/modules)
COMPAT=drivers/net/ethernet/intel/kawela/compat/
MAX_FUNCTION=70
MAX_FILE=900
passed=0 failed=0

c_files() {
	(cd "$SRC" && find "${DIRS[@]}" -name '*.[ch]' -type f | sort)
}

# scripts SHEBANG-PATTERN: files of ours that start so
scripts() {
	(cd "$SRC" && find tools .ci packaging -type f -size -200k 2>/dev/null |
		sort | while read -r file; do
		head -n1 "$file" | grep -aqE "^#!.*$1" && echo "$file"
	done) || true
}

# check NAME FUNCTION
check() {
	if "$2"; then
		echo "ok $1"
		passed=$((passed + 1))
	else
		echo "not ok $1"
		failed=$((failed + 1))
	fi
}

in_image() {
	"$RIG/enter" "$@"
}

# checkpatch_files OPTIONS...: standard input's
checkpatch_files() {
	in_image xargs -r "$linux/scripts/checkpatch.pl" --strict \
		--no-tree --terse --show-types --no-summary --quiet "$@" -f
}

# compat/ is there for what the kernel tree itself has no need of
checkpatch() {
	c_files | grep -v "^$COMPAT" | checkpatch_files &&
		c_files | grep "^$COMPAT" | checkpatch_files \
			--ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON,MACRO_ARG_UNUSED
}

# which kernel it is has one place
kernel_versions() {
	! (cd "$SRC" && grep -rnE 'LINUX_VERSION_CODE|KERNEL_VERSION|linux/version\.h' "${DIRS[@]}" |
		grep -v "^$COMPAT")
}

# what is no fault
declare -A KNOWN=([stock]='^$' [backports]=': error: bad constant expression$')

# build KERNEL VERSION MAKE-ARGUMENTS...: a whole build, so that every warning is seen
build() {
	local kernel=$1 version=$2 known=${KNOWN[$1]} log
	shift 2
	"$RIG/modules" --kernel "$kernel" --name style --clean W=1 "$@" >/dev/null || return 1
	log=$LOGS/modules-$(printf %s "$SRC" | sha256sum | cut -c1-8)-$version-style.log
	[ -s "$log" ] || return 1
	! grep -E '(^(\./)*|/src/)(drivers|include|tools)/[^ ]*:[0-9]+:.*(warning|error):' "$log" |
		grep -vE "$known"
}

build_stock() {
	build stock "$(image_kernel)" C=2 CF=-D__CHECK_ENDIAN__
}

# The image's sparse does not know all that the headers of that kernel say: __typeof_unqual__,
# nor that the length of a string, in MODULE_INFO(), is constant. C=2 would leave it out.
build_backports() {
	build backports "$(cat "$(kernel_tree backports)/version")" KBUILD_CHECKSRC=2 \
		CF="-D__CHECK_ENDIAN__ -D__typeof_unqual__=__typeof__"
}

kernel_doc() {
	local out
	out=$(c_files | in_image xargs -r "$linux/scripts/kernel-doc" -none -Wall 2>&1 |
		grep -vE '^(.*:.*: info:|$)') || true
	[ -z "$out" ] || { echo "$out"; return 1; }
}

sizes() {
	local out
	out=$(cd "$SRC" && c_files | xargs -r awk -v max="$MAX_FUNCTION" \
		-v most="$MAX_FILE" '
		FNR == 1 { file_end(); name = FILENAME; inside = 0 }
		{ lines = FNR }
		/^\{/ { inside = 1; start = FNR }
		/^\}/ {
			if (inside && FNR - start - 1 > max)
				print FILENAME ":" start ": function of " FNR - start - 1 " lines"
			inside = 0
		}
		END { file_end() }
		function file_end() {
			if (lines > most)
				print name ": " lines " lines"
		}')
	[ -z "$out" ] || { echo "$out"; return 1; }
}

# every source says its licence in its first lines
licence() {
	local out
	out=$(cd "$SRC" && find drivers include tools .ci Makefile Kbuild -type f \
		! -name '*.pyc' ! -name '*.log' | sort | while read -r file; do
		head -n 3 "$file" | grep -q SPDX-License-Identifier || echo "$file: no SPDX line"
	done)
	[ -z "$out" ] || { echo "$out"; return 1; }
}

shell_scripts() {
	{ scripts 'bash|/sh'; (cd "$SRC" && find tools -name '*.sh' -type f); } |
		sort -u | in_image xargs -r shellcheck -x -P SCRIPTDIR
}

python_scripts() {
	{ scripts python; (cd "$SRC" && find tools -name '*.py' -type f); } |
		sort -u | in_image xargs -r python3 -c '
import sys
for name in sys.argv[1:]:
    compile(open(name, encoding="utf-8").read(), name, "exec")'
}

# the runners' own tests
runners() {
	in_image python3 -B -m unittest discover -s /src/tools/testing/tests -p '*_test.py' 2>&1 |
		tee "$LOGS/style-runners.log" | grep -E '^(FAIL|ERROR|[A-Za-z]*Error):?' && return 1
	grep -q '^OK' "$LOGS/style-runners.log"
}

# what the first page says: install and clean, of what the last check has built
# shellcheck disable=SC2016
VERBS='
	set -euo pipefail
	src=$1 tree=$(mktemp -d)
	make -C "$src" KDIR="$2" INSTALL_MOD_PATH="$tree" modules_install
	find "$tree" -path "*/updates/drivers/*/kawela_*.ko*" | grep -c . | grep -x 4
	make -C "$src" KDIR="$2" clean
	[ -z "$(find "$src" -name "*.o" -o -name "*.ko")" ]
	make -C "$src" help >"$tree/help"
	for verb in $(sed -n "s/^.PHONY: //p" "$src/Makefile"); do
		grep "^  make $verb " "$tree/help"
	done
'

verbs() {
	local version log=$LOGS/style-verbs.log
	version=$(image_kernel)
	in_image bash -c "$VERBS" - \
		"/cache/modules/$(printf %s "$SRC" | sha256sum | cut -c1-8)-$version-style/src" \
		"/lib/modules/$version/build" >"$log" 2>&1 || { tail -n 20 "$log"; return 1; }
}

# make fuzz needs clang and is not part of the check
fuzzer() {
	in_image "/src/tools/testing/fuzz/fuzz.sh" --syntax /src
}

linux=/cache/$(basename "$("$RIG/source")")
check "style: licence lines" licence
check "style: sizes" sizes
check "style: shellcheck" shell_scripts
check "style: python compiles" python_scripts
check "style: checkpatch --strict" checkpatch
check "style: kernel-doc" kernel_doc
check "style: the fuzzer compiles" fuzzer
check "style: runners" runners
check "style: kernel versions in compat/ only" kernel_versions
check "style: W=1 and sparse" build_stock
check "style: W=1 and sparse, backports" build_backports
check "style: make modules_install, clean, help" verbs
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
