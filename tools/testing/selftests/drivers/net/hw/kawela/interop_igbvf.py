#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Our PF driver serves the kernel's igbvf."""

from lib.py import INTEROP, kawela_run

if __name__ == "__main__":
    kawela_run(INTEROP, pf="kawela_pf", vf="igbvf")
