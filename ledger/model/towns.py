"""The towns of the county: their codes, names and the names they had before."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ledger.model.ids import TownCode
from ledger.model.ids import TownComponent

TOWNS_FILE = Path(__file__).parent / "data" / "towns.csv"


@dataclass(frozen=True, slots=True)
class Town:
    """A town-level division: ``code`` is its nine-digit code, ``kind`` 街道 or 镇."""

    code: TownCode
    name: str
    kind: str
    former_code: TownCode
    former_name: str

    @property
    def component(self) -> TownComponent:
        """The town as a component of an account's name."""
        return TownComponent(f"{self.code}{self.name}")


@cache
def towns() -> tuple[Town, ...]:
    """Every town in the order of its code, which is the order in which rosters are paid."""
    with TOWNS_FILE.open(encoding="utf-8", newline="") as file:
        rows: Iterable[dict[str, Any]] = csv.DictReader(file)
        return tuple(sorted((Town(**row) for row in rows), key=lambda town: town.code))


@cache
def towns_by_code() -> dict[TownCode, Town]:
    return {town.code: town for town in towns()}


def find_town(text: str) -> Town | None:
    """The town whose code or name, present or former, with or without its kind, is ``text``."""
    wanted = text.strip()
    for town in towns():
        if wanted in (town.code, town.name, town.component):
            return town
        if wanted and wanted in (town.former_code, town.former_name):
            return town
        if wanted and wanted == town.name.removesuffix(town.kind):
            return town
    return None
