#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh - instructions per packet of the stock pair and of ours, in one run.
#
#   bench.sh [OPTIONS OF bench.py]

. "$(dirname "$0")/../rig/lib.sh"

exec "$RIG/run" --timeout 900 --icount -- \
	"$(cd "$(dirname "$0")" && pwd)/bench.py" "$@"
