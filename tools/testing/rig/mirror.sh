# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# mirror.sh - Debian's packages: where they come from, and how they get into a
# directory. The mirror is the one that KAWELA_MIRROR names, or that the host's own
# apt uses, or Debian's. Sourced after lib.sh, never run.
#
# Names in single quotes are for apt:
# shellcheck disable=SC2016

SUITE=trixie
FALLBACK=http://deb.debian.org
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# host_mirror PATTERN: the first repository of the host's apt that matches
host_mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed 's,/*$,,' | grep -m1 -E -e "$1"
}

# find_mirror: sets main, and security unless there is none
find_mirror() {
	main=${KAWELA_MIRROR:-$(host_mirror '/debian$')} || main=
	security=$(host_mirror '/debian-security$') || security=
	if [ -z "$main" ]; then
		say "the host's apt knows no mirror of Debian, so it is $FALLBACK"
		main=$FALLBACK/debian
		security=${security:-$FALLBACK/debian-security}
	fi
}

# source_line URL SUITE
source_line() {
	printf 'deb [signed-by=%s] %s %s main\n' "$KEYRING" "$@"
}

# sources [backports]: the release as it is now, or its backports
sources() {
	local main security
	find_mirror
	if [ "${1:-}" = backports ]; then
		source_line "$main" "$SUITE-backports"
		return
	fi
	source_line "$main" "$SUITE"
	source_line "$main" "$SUITE-updates"
	[ -z "$security" ] || source_line "$security" "$SUITE-security"
}

# the host's way to its mirror, for the apt that fills the tree
proxies() {
	apt-config dump | sed -n 's/^Acquire::https\?::.*Proxy.*/--aptopt=&/pI'
}

# bootstrap DIR OPTIONS...: with the sources of standard input
bootstrap() {
	local root=$1 proxy
	shift
	mapfile -t proxy < <(proxies)
	# in the namespace of everything else, so that root is the same user everywhere:
	# a set-user-ID program of another one gives its privileges up
	as_root_mounts mmdebstrap --mode=root --format=directory "${proxy[@]}" \
		--aptopt='Apt::Install-Recommends "false"' "$@" "$SUITE" "$root" -
}

host_ready() {
	need_host mmdebstrap=mmdebstrap newuidmap=uidmap gpgv=gpgv
	[ -e "${KEYRING%/*}/debian-archive-trixie-stable.gpg" ] ||
		need_host trixie-key=debian-archive-keyring
}
