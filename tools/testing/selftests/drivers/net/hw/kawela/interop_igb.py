#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Our VF driver works under the kernel's igb."""

from lib.py import INTEROP, kawela_run

if __name__ == "__main__":
    kawela_run(INTEROP, pf="igb", vf="kawela_vf")
