#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --backports
"""Our own pair: PF, two VFs and a station on the wire reach each other."""

from lib.py import INTEROP, kawela_run

if __name__ == "__main__":
    kawela_run(INTEROP, pf="kawela_pf", vf="kawela_vf")
