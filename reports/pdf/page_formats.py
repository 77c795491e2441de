"""The sheets of paper that documents are printed on. Lengths are in points."""

from __future__ import annotations

from ledger.base.records import Record

# A millimetre in points.
MM = 72 / 25.4

SIGNATURE_HEIGHT = 10.5 * MM
# Between a table and the signature boxes under it.
SIGNATURE_GAP = 2 * MM
# Title and head lines.
HEAD_HEIGHT = 23.5 * MM


class Frame(Record):
    """A page's size and the part of it that is printed on, in points.

    ``head_columns`` are where the three texts of a head line begin, as shares of its width.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    head_columns: tuple[float, float, float]

    @property
    def body_top(self) -> float:
        """Where tables begin, below title and head lines."""
        return self.top - HEAD_HEIGHT

    @property
    def body_bottom(self) -> float:
        """Where tables end at the latest, above the signature boxes."""
        return self.bottom + SIGNATURE_HEIGHT + SIGNATURE_GAP

    @property
    def body_height(self) -> float:
        return self.body_top - self.body_bottom


# The wider margin on the left is for the binding.
LANDSCAPE = Frame(297 * MM, 210 * MM, 16 * MM, 287 * MM, 201.5 * MM, 12.5 * MM, (0, 0.46, 0.76))
PORTRAIT = Frame(210 * MM, 297 * MM, 19 * MM, 199 * MM, 286 * MM, 14 * MM, (0, 0.53, 0.79))
