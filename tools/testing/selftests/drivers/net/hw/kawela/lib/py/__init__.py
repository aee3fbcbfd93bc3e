# SPDX-License-Identifier: GPL-2.0-only
"""What the kawela selftests share, on top of the kernel's own ksft library.

In the kernel tree net/lib/py is found from here; out of tree PYTHONPATH names
the directory of a kernel's selftests.
"""

import sys
from pathlib import Path

KSFT_DIR = (Path(__file__).parent / "../../../../../..").resolve()

try:
    sys.path.append(KSFT_DIR.as_posix())
    from net.lib.py import *
    from .base import *
    from .pci import *
    from .station import *
    from .traffic import *
    from .bridge import *
    from .bpf import *
    from .xsk import *
    from .ptp import *
    from .card import *
    from .env import *
    from .mailbox import *
    from .attack import *
    from .guest import *
    from .failover import *
    from .streams import *
    from .migrate import *
    from .interop import *
    from .devlink import *
    from .wanted import *
    from .document import *
    from .faults import *
    from .trace import *
    from .hyperv import *
    from .daemon import *
    from .masters import *
    from .ovs import *
    from .twin import *
    from .vfio import *
    from .kernel_tests import *
except ModuleNotFoundError as e:
    print("1..0 # SKIP the kernel's net/lib/py is not in PYTHONPATH:", e)
    sys.exit(4)
