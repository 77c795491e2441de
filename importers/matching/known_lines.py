"""Which lines of a statement the books have, whatever kind of export showed them first.

A line's id is made of what its statement shows. The same line in another layout, without the
bank's numbers or with times, has another id: then the running balance knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from itertools import takewhile

from importers.matching.continuity_refusals import LinesUnclear
from ledger.model.bank_lines import BankLine
from ledger.model.bank_lines import Statement
from ledger.model.history import EnteredLine
from ledger.model.ids import BankLineId


def names_in_books(
    statement: Statement, ids: Sequence[BankLineId], known: Mapping[BankLineId, EnteredLine]
) -> list[BankLineId]:
    """The ids of the lines, those that the books have under the ids that they have there.

    ``ids`` are the lines' own. Where they do not tell, the books' lines must be those of the
    statement one after another by day, amount and balance, from its first line to its last or to
    the books' last; else the ids stay as they are. Lines that are the same up to one that is not
    have the books' ids too: that one is then found to be missing. Raises LinesUnclear when the
    lines can be known in two places, or be new all the same.
    """
    if not known or statement.closing_fen is None or _ids_tell(statement, ids, known):
        return list(ids)
    entered = list(known.values())
    runs = _runs(statement.lines, entered)
    whole = {
        begin: count
        for begin, count in runs.items()
        if count == min(len(ids), len(entered) - begin)  # guard: same-lines-known
    }
    goes_on = known.keys().isdisjoint(ids) and statement.opening_fen == entered[-1].balance_fen
    if len(whole) + goes_on > 1:  # guard: known-or-new-not-guessed
        raise LinesUnclear(statement)
    found = whole or runs
    if goes_on or len(found) != 1:
        return list(ids)
    ((begin, count),) = found.items()
    return [*(line.id for line in entered[begin : begin + count]), *ids[count:]]


def _ids_tell(
    statement: Statement, ids: Sequence[BankLineId], known: Mapping[BankLineId, EnteredLine]
) -> bool:
    """Whether the ids say that lines are known up to one and new from there on, and all are."""
    newest = list(known.values())[-1]
    count = sum(name in known for name in ids)
    if not count:
        return statement.lines[0].date > newest.date
    return count == len(ids) or (
        ids[count - 1] == newest.id and all(name in known for name in ids[:count])
    )


def _runs(lines: Sequence[BankLine], entered: Sequence[EnteredLine]) -> dict[int, int]:
    """Where the books have the first line, and how many from it on are the same."""
    begins = [place for place, line in enumerate(entered) if _is_same(lines[0], line)]
    return {
        begin: sum(
            1 for _ in takewhile(bool, map(_is_same, lines, entered[begin : begin + len(lines)]))
        )
        for begin in begins
    }


def _is_same(line: BankLine, known: EnteredLine) -> bool:
    return (
        line.balance_fen == known.balance_fen
        and line.amount_fen == known.amount_fen
        and known.date in (line.date, *line.other_days)
    )
