"""Colours on paper: few, and so far apart in brightness that a photocopy still tells them apart."""

from __future__ import annotations

from typing import NamedTuple


class Colour(NamedTuple):
    """Red, green and blue from 0 to 1."""

    red: float
    green: float
    blue: float

    def operands(self) -> str:
        """As the operators ``rg`` and ``RG`` take it."""
        return f"{self.red:g} {self.green:g} {self.blue:g}"


BLACK = Colour(0, 0, 0)
WHITE = Colour(1, 1, 1)
QUIET = Colour(0.4, 0.4, 0.4)
FAINT = Colour(0.85, 0.85, 0.85)
NAVY = Colour(0.1, 0.25, 0.45)
BLUE = Colour(0.4, 0.6, 0.8)
PALE = Colour(0.86, 0.9, 0.94)
GREEN = Colour(0.15, 0.45, 0.3)
RED = Colour(0.75, 0.25, 0.15)
AMBER = Colour(0.95, 0.7, 0.25)
# Lines of charts: whoever is blind to red or green tells them apart, and so does a photocopy.
PALE_GREY = Colour(0.78, 0.78, 0.78)
ORANGE = Colour(0.93, 0.6, 0.15)
DEEP_BLUE = Colour(0, 0.2, 0.45)
