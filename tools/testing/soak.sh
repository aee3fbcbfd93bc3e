#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# soak.sh - the soak tests at full length, on the debug kernel.

exec "$(dirname "$0")/selftest.py" --kernel debug --env KAWELA_SOAK=100 \
	--env KAWELA_SOAK_SECONDS=600 --timeout 3600 soak soak_paths
