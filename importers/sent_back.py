"""What was sent back to towns before: whether a row was, and whether it has been mended since.

It is told by the originals in the registry: a mended workbook names, for each of its rows, the
place in the town's roster where it first stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from importers.rosters.problems import Problem
from importers.rosters.registration import Registration
from importers.rosters.returned_rows import columns_of_return
from importers.rosters.returned_rows import source_of
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import SkippedRow
from importers.rosters.roster import read_roster
from ledger.registry import Registry

# The kinds under which the registry keeps rosters.
ROSTER, MENDED_ROSTER = "roster", "mended roster"


def kind_of_roster(roster: Roster) -> str:
    """Whether a roster is one that was sent back."""
    returned = any(map(columns_of_return, roster.tables))
    return MENDED_ROSTER if returned else ROSTER


class SentBack:
    """The rows that have been sent back, as the registry knows them when an import begins."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._people: dict[str, frozenset[str]] = {}

    @cached_property
    def mended(self) -> frozenset[str]:
        """The places of all rows that came back mended and were taken."""
        places = set()
        for sha256, name, content in self._registry.original_contents(kind=MENDED_ROSTER):
            taken = self._registry.rows_taken(sha256)
            roster = read_roster(name, content)
            rows = [*roster.rows, *roster.quarantined]
            places |= {_place(roster, row) for row in rows if (row.sheet, row.row) in taken}
        return frozenset(places)

    def without_mended(
        self, roster: Roster, registration: Registration
    ) -> tuple[Roster, Registration]:
        """Rows that would be sent back once more, though they have been mended, are passed over."""
        back = [*roster.quarantined, *registration.quarantined]
        done = {(row.sheet, row.row) for row in back if _place(roster, row) in self.mended}
        if not done:
            return roster, registration

        def kept(rows: tuple[RosterRow, ...]) -> tuple[RosterRow, ...]:
            return tuple(row for row in rows if (row.sheet, row.row) not in done)

        def of_kept(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
            return tuple(one for one in problems if (one.sheet, one.row) not in done)

        passed_over = (SkippedRow(sheet, row, "mended") for sheet, row in sorted(done))
        return (
            replace(
                roster,
                rows=kept(roster.rows),
                quarantined=kept(roster.quarantined),
                skipped=(*roster.skipped, *passed_over),
                problems=of_kept(roster.problems),
            ),
            replace(
                registration,
                quarantined=kept(registration.quarantined),
                problems=of_kept(registration.problems),
            ),
        )

    def strangers(self, roster: Roster, registration: Registration) -> Iterator[Problem]:
        """Warnings of new people of a mended workbook whose row was never sent back."""
        if kind_of_roster(roster) == ROSTER:
            return
        for addition in registration.added:
            row = addition.source
            source = source_of(roster.table_of(row), row.cells)
            if source and not self._was_sent_back(source):
                yield roster.problem(row, "name", "row_added", {})

    def _was_sent_back(self, place: str) -> bool:
        """Whether somebody stands at a place, ``荆河.xlsx Sheet1!12``, and was not taken there."""
        name = place.rpartition(" ")[0]
        if name not in self._people:
            places = set()
            for sha256, _name, content in self._registry.original_contents(name=name):
                taken = self._registry.rows_taken(sha256)
                roster = read_roster(name, content)
                rows = [*roster.rows, *roster.quarantined]
                places |= {f"{name} {r.place}" for r in rows if (r.sheet, r.row) not in taken}
            self._people[name] = frozenset(places)
        return place in self._people[name]


def _place(roster: Roster, row: RosterRow) -> str:
    """Where a row first stood: in its own file, unless it has come back."""
    return source_of(roster.table_of(row), row.cells) or f"{roster.file} {row.place}"
