#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# rig: --timeout 300 --not-on-debug
"""Our VF driver works under the kernel's igb."""

from lib.py import INTEROP, kawela_run, ksft_eq


def quiet(env):
    """igb never saw a message it does not know."""
    ksft_eq(env.log.lines("igb .*(Unhandled|attempted)"), [], "what igb complained of")


if __name__ == "__main__":
    kawela_run([*INTEROP, quiet], pf="igb", vf="kawela_vf")
