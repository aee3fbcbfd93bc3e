# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# lib.sh - what every script of the rig shares: where the cache is, how a long
# step is reported, how an artefact is built once, how to get inside the image.
# Sourced, never run.

set -euo pipefail

# an ordinary user's PATH on Debian has no chroot, losetup or mkfs
PATH=$PATH:/usr/sbin:/sbin

RIG=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034
SRC=$(cd "$RIG/../../.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/kawela
LOGS=$CACHE/log
export KAWELA_T0=${KAWELA_T0:-$(date +%s)}

mkdir -p "$CACHE/lock" "$LOGS"

say() {
	printf '[%4d s] %s\n' "$(($(date +%s) - KAWELA_T0))" "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

is_root() {
	[ "$(id -u)" -eq 0 ]
}

# key FILE...: the name a recipe gives to what it makes; comments do not count
key() {
	sed '/^[[:space:]]*#/d' -- "$@" | sha256sum | cut -c1-12
}

# heartbeat TITLE LOG: one line every 20 s, with what the step is doing
heartbeat() {
	while sleep 20 >/dev/null 2>&1; do
		say "$1: $(tail -n1 "$2" | tr -d '\r' | cut -c1-90)"
	done
}

# step TITLE LOGNAME COMMAND...: run it with its output in a log; on failure
# name the log and show its end
step() {
	local title=$1 log=$LOGS/$2 beat rc=0
	shift 2
	say "$title"
	: >"$log"
	heartbeat "$title" "$log" >/dev/null &
	beat=$!
	"$@" >>"$log" 2>&1 </dev/null || rc=$?
	kill "$beat" 2>/dev/null || true
	wait "$beat" 2>/dev/null || true
	if [ "$rc" -ne 0 ]; then
		say "$title: failed ($rc); last lines of $log:"
		tail -n 20 "$log" >&2
	fi
	return "$rc"
}

# build_once PATH FUNCTION [ARGS]: make PATH unless it is there. FUNCTION is
# called with a temporary path; only a complete result gets the final name.
build_once() {
	local path=$1 tmp fd rc=0
	shift
	[ ! -e "$path" ] || return 0
	exec {fd}>"$CACHE/lock/${path##*/}"
	flock -n "$fd" || {
		say "waiting for another run to build ${path##*/}"
		flock "$fd"
	}
	if [ ! -e "$path" ]; then
		tmp=$path.tmp
		discard "$tmp"
		mkdir -p "${path%/*}"
		"$@" "$tmp" {fd}>&- || rc=$?
		if [ "$rc" -eq 0 ]; then
			mv -T "$tmp" "$path"
		else
			discard "$tmp"
		fi
	fi
	exec {fd}>&-
	return "$rc"
}

# discard PATH: remove a tree, also one that belongs to mapped users
discard() {
	[ -e "$1" ] || return 0
	as_root rm -rf --one-file-system "$1"
}

# as_root COMMAND...: as root, or as root of a user namespace
as_root() {
	if is_root; then
		"$@"
	else
		unshare --user --map-auto --map-root-user -- "$@"
	fi
}

# as_root_mounts COMMAND...: the same, with mounts that nobody else sees
as_root_mounts() {
	if is_root; then
		unshare --mount --propagation private -- "$@"
	else
		unshare --user --map-auto --map-root-user \
			--mount --propagation private -- "$@"
	fi
}

# need_host PROGRAM=PACKAGE...: have the host's programs, or say what to install
need_host() {
	local pair missing=()
	for pair; do
		command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	is_root || die "please install: ${missing[*]}"
	step "install on the host: ${missing[*]}" host-packages.log \
		host_install "${missing[@]}"
}

host_install() {
	apt-get update -q
	DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends "$@"
}

# the root tree that rig/image makes
image_path() {
	printf '%s/image-%s\n' "$CACHE" "$(key "$RIG/image" "$RIG/mirror.sh" "$RIG/packages")"
}

# the version of the kernel in the image
image_kernel() {
	cat "$(image_path)/etc/kawela-kernel"
}

# kernel_tree KERNEL: where a kernel is that is not the image's, made if need be:
# vmlinuz, version, lib/modules and build, which is to be found as /mnt/KERNEL/build
kernel_tree() {
	case $1 in
	debug) "$SRC/tools/testing/kernel/build" ;;
	backports) "$RIG/backports" ;;
	*) die "no kernel '$1': stock, debug or backports" ;;
	esac
}
