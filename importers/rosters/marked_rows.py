"""People whose rows are hidden or struck out, and cells whose formula has no value."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator

from importers.rosters.checks import UnplacedProblem
from importers.rosters.sheets import RosterTable

ROW_STRUCK = "row_struck"
# What is missing in a cell that holds a formula is not missing: it has no value.
MISSING = frozenset(
    {"name_missing", "identity_missing", "account_missing", "bank_missing", "block_missing",
     "area_missing", "role_missing", "town_unknown"}
)  # fmt: skip


def with_formulas(
    tables: Iterable[RosterTable],
    findings: Iterable[UnplacedProblem],
    missing: Collection[str] = MISSING,
) -> Iterator[UnplacedProblem]:
    """The findings, where the cell that is missing holds a formula with that said instead."""
    places = [(table, number) for table in tables for number, _row in table.body.people]
    for finding in findings:
        if finding.code in missing:
            table, number = places[finding.position]
            # guard: formula-without-value
            if any(
                (number, place) in table.marks.unvalued for place in table.all_of(finding.field)
            ):
                yield UnplacedProblem(finding.position, finding.field, "formula_empty")
                continue
        yield finding


def check_marked(
    tables: Iterable[RosterTable], fields: Collection[str] = ("name", "identity")
) -> Iterator[UnplacedProblem]:
    """Rows that are hidden, and those of which one of these fields is struck out."""
    position = 0
    for table in tables:
        marks = table.marks
        if marks.hidden or marks.struck:
            own = [place for field in fields for place in table.all_of(field)]
            for place, (number, _row) in enumerate(table.body.people, position):
                # guard: struck-out-not-paid
                if any((number, column) in marks.struck for column in own):
                    yield UnplacedProblem(place, "name", ROW_STRUCK)
                elif number in marks.hidden:  # guard: hidden-row-told
                    yield UnplacedProblem(place, "name", "row_hidden")
        position += len(table.body.people)
