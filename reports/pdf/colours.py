"""Colours on paper: few, and so far apart in brightness that a photocopy still tells them apart."""

from __future__ import annotations

from typing import NamedTuple


class Tone(NamedTuple):
    """Red, green and blue from 0 to 1."""

    red: float
    green: float
    blue: float

    def operands(self) -> str:
        """As the operators ``rg`` and ``RG`` take it."""
        return f"{self.red:g} {self.green:g} {self.blue:g}"


BLACK = Tone(0, 0, 0)
WHITE = Tone(1, 1, 1)
QUIET = Tone(0.4, 0.4, 0.4)
FAINT = Tone(0.85, 0.85, 0.85)
NAVY = Tone(0.1, 0.25, 0.45)
BLUE = Tone(0.4, 0.6, 0.8)
PALE = Tone(0.86, 0.9, 0.94)
GREEN = Tone(0.15, 0.45, 0.3)
RED = Tone(0.75, 0.25, 0.15)
AMBER = Tone(0.95, 0.7, 0.25)
