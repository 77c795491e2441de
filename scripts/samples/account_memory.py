"""What the simulated bank remembers of batches from one run to the next, in a file of its own."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import astuple
from datetime import date
from pathlib import Path

from samples.account import Movement

MEMORY = ".bank.csv"


def remember(folder: Path, movements: Sequence[Movement]) -> None:
    with (folder / MEMORY).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(astuple(movement) for movement in movements)


def remembered(folder: Path) -> list[Movement]:
    """In the order in which they were told; none before the first."""
    path = folder / MEMORY
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Movement(date.fromisoformat(day), int(amount_fen), *words)
            for day, amount_fen, *words in csv.reader(file)
        ]
