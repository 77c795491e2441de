"""What was sent back to towns before: whether a row was, and whether it has been corrected since.

It is told by the originals in the registry: a corrected workbook names, for each of its rows, the
place in the town's roster where it first stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from functools import cached_property
from operator import attrgetter
from typing import TypeAlias

from importers.registration.registration import Registration
from importers.rosters.correction_rows import columns_of_return
from importers.rosters.correction_rows import source_of
from importers.rosters.people import FIELDS
from importers.rosters.problems import Problem
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import SkippedRow
from importers.rosters.roster import read_roster
from importers.tables.cell_text import plain_text
from ledger.base.digests import Digest
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.registry.change_log import Original
from ledger.registry.registry import Registry

# The kinds under which the registry keeps rosters.
ROSTER, CORRECTED_ROSTER = "roster", "corrected roster"

_Texts: TypeAlias = tuple[str, ...]
_texts = attrgetter(*FIELDS)


def kind_of_roster(roster: Roster) -> str:
    """Whether a roster is one that was sent back."""
    returned = any(map(columns_of_return, roster.tables))
    return CORRECTED_ROSTER if returned else ROSTER


class RejectedRows:
    """The rows that have been sent back, as the registry knows them when an import begins."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._rows: dict[str, Mapping[str, _Texts] | None] = {}

    @cached_property
    def _rosters(self) -> list[Original]:
        """Without their content."""
        return [
            one for one in self._registry.original_files() if one.kind in (ROSTER, CORRECTED_ROSTER)
        ]

    @cached_property
    def _come_back(self) -> tuple[Mapping[tuple[str, str], int], Mapping[str, set[_Texts]]]:
        """Of rows that came back: (place, town) of each that was taken -> the number of the file
        that it came in; and by place, how those stood that were not.
        """
        corrected: dict[tuple[str, str], int] = {}
        still_wrong: dict[str, set[_Texts]] = {}
        for original in self._rosters:
            if original.kind == CORRECTED_ROSTER:
                taken = self._registry.rows_taken(original.sha256)
                for roster, row in self._people_of(original) or ():
                    place = _place(roster, row)
                    if (row.sheet, row.row) in taken:
                        corrected[place, row.town] = original.number
                    else:
                        still_wrong.setdefault(place, set()).add(_texts(row))
        return corrected, still_wrong

    def without_corrected(
        self, sha256: Digest, roster: Roster, registration: Registration
    ) -> tuple[Roster, Registration]:
        """Pass over rows that would be sent back once more, though they have been corrected.

        Only where the same row has been sent back: it is in a file that was imported before the
        corrected one came, or stands to the letter as it stood before. And only where town and
        roster are the same beyond doubt: whatever could be somebody else is sent back.
        """
        back = [*roster.quarantined, *registration.quarantined]
        if not back:
            return roster, registration
        came = next((one.number for one in self._rosters if one.sha256 == sha256), None)
        done = {(row.sheet, row.row) for row in back if self._is_corrected(roster, row, came)}
        if not done:
            return roster, registration

        def kept(rows: tuple[RosterRow, ...]) -> tuple[RosterRow, ...]:
            return tuple(row for row in rows if (row.sheet, row.row) not in done)

        def of_kept(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
            return tuple(one for one in problems if (one.sheet, one.row) not in done)

        passed_over = (SkippedRow(sheet, row, "corrected") for sheet, row in sorted(done))
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

    def _is_corrected(self, roster: Roster, row: RosterRow, came: int | None) -> bool:
        """``came`` is the number of the row's file, None for a new one."""
        place = _place(roster, row)
        corrected_rows, still_wrong = self._come_back
        corrected = corrected_rows.get((place, row.town))
        if corrected is None:
            return False
        rosters = self._named_in(place)
        if len(rosters) != 1:
            return False
        if came is not None and came < corrected:
            return True
        texts = _texts(row)
        before = self._rows_of(rosters[0]) or {}
        # guard: very-row-sent-back
        return texts in still_wrong.get(place, ()) or before.get(place) == texts

    def strangers(self, roster: Roster, registration: Registration) -> Iterator[Problem]:
        """Warnings of new people of a corrected workbook whose row was never sent back."""
        if kind_of_roster(roster) == ROSTER:
            return
        for addition in registration.added:
            row = addition.source
            source = source_of(roster.table_of(row), row.cells)
            if source and not self._was_rejected(source):
                yield roster.problem(row, "name", "row_added", {})

    def _was_rejected(self, place: str) -> bool:
        """Whether somebody stands at a place, ``荆河.xlsx Sheet1!12``, and was not taken there; or
        nobody can tell, since the roster was read with the user's word for its town.
        """
        rosters = [self._rows_of(original) for original in self._named_in(place)]
        return any(rows is None or place in rows for rows in rosters)

    def _named_in(self, place: str) -> list[Original]:
        """The rosters of which a place may speak."""
        return [
            one
            for one in self._rosters
            if one.kind == ROSTER and place.startswith(f"{plain_text(one.name)} ")
        ]

    def _rows_of(self, original: Original) -> Mapping[str, _Texts] | None:
        """The rows of a roster by their places, but for those that have registered or changed
        somebody; None where it cannot be read.
        """
        if original.sha256 not in self._rows:
            taken = self._registry.rows_taken(original.sha256)
            people = self._people_of(original)
            if people is None:
                self._rows[original.sha256] = None
                return None
            self._rows[original.sha256] = {
                _place(roster, row): _texts(row)
                for roster, row in people
                if (row.sheet, row.row) not in taken
            }
        return self._rows[original.sha256]

    def _people_of(self, original: Original) -> list[tuple[Roster, RosterRow]] | None:
        """Everybody in an original; None where it cannot be read without what was said of it."""
        try:
            roster = read_roster(original.name, self._registry.original_content(original.sha256))
        except Refusal:
            return None
        return [(roster, row) for row in (*roster.rows, *roster.quarantined)]


def _place(roster: Roster, row: RosterRow) -> str:
    """Where a row first stood: in its own file, unless it has come back."""
    returned = source_of(roster.table_of(row), row.cells)
    return returned or plain_text(f"{roster.file} {row.place}")
