# SPDX-License-Identifier: GPL-2.0-only
"""What was measured: figures, each the median of its rounds."""

import dataclasses

PER_PACKET = "instructions per packet"


@dataclasses.dataclass
class Figure:
    """One figure of one pair. Less is better. Without rounds: this pair cannot do it."""

    family: str
    name: str
    unit: str
    rounds: list
    # how, if the other pair does it in another way
    how: str = ""
    lost: int = 0

    @property
    def value(self):
        return sorted(self.rounds)[len(self.rounds) // 2] if self.rounds else None

    @property
    def spread(self):
        """From the best round to the worst."""
        low, high = min(self.rounds, default=0), max(self.rounds, default=0)
        return high / low - 1 if low else 0.0
