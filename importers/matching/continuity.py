"""How a statement goes on from those before it: which of its lines are new.

The bank's balances and the lines of earlier statements leave no room: what is known comes first,
unchanged and whole, then what is new. Anything else is a gap or an edited file.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from importers.matching.continuity_refusals import LineEdited
from importers.matching.continuity_refusals import LineInserted
from importers.matching.continuity_refusals import LineMissing
from importers.matching.continuity_refusals import StatementGap
from importers.matching.continuity_refusals import TwoLinesOneId
from ledger.model.bank_lines import BankLine
from ledger.model.bank_lines import Statement
from ledger.model.history import EnteredLine
from ledger.model.ids import BankLineId


def new_lines(
    statement: Statement, ids: Sequence[BankLineId], known: Mapping[BankLineId, EnteredLine]
) -> list[int]:
    """The places in the statement of the lines that the books do not have, oldest first.

    ``known`` are the lines in the books in the order in which they were entered, ``ids`` those
    of :func:`importers.matching.known_lines.names_in_books`. Raises LineEdited, LineMissing,
    LineInserted or StatementGap, each of which names the row.
    """
    duplicate = _first_repeated(ids)
    if duplicate is not None:
        raise TwoLinesOneId(statement, statement.lines[duplicate])
    new = [place for place, name in enumerate(ids) if name not in known]
    if not known:
        return new
    _require_prefix(statement, ids, known, new)
    for place, name in enumerate(ids):
        # guard: line-unchanged
        if name in known and not _agree(statement.lines[place], known[name]):
            raise LineEdited(statement, statement.lines[place], known[name])
    if new:
        _require_continued(statement, statement.lines[new[0]], list(known.values())[-1])
    return new


def _first_repeated(ids: Sequence[BankLineId]) -> int | None:
    seen: set[BankLineId] = set()
    for place, name in enumerate(ids):
        if name in seen:
            return place
        seen.add(name)
    return None


def _agree(line: BankLine, known: EnteredLine) -> bool:
    """Whether they are the same; a layout without balances says nothing of them."""
    balances_fen = {line.balance_fen, known.balance_fen} - {None}
    same_day = known.date in (line.date, *line.other_days)
    return same_day and line.amount_fen == known.amount_fen and len(balances_fen) < 2


def _require_prefix(
    statement: Statement,
    ids: Sequence[BankLineId],
    known: Mapping[BankLineId, EnteredLine],
    new: Sequence[int],
) -> None:
    """The known lines come first, whole, and in the order in which they were entered.

    Where no balances prove it their order counts for nothing: a bank may sort the lines of a
    day in one way today and in another tomorrow.
    """
    entered = list(known.values())
    place_of = {name: place for place, name in enumerate(known)}
    overlap = [place_of[name] for name in ids if name in place_of]
    if new and new[0] < len(overlap):  # guard: no-line-between
        raise LineInserted(statement, statement.lines[new[0]], entered[-1])
    if statement.closing_fen is None or entered[-1].balance_fen is None:
        overlap.sort()
    begin = overlap[0] if overlap else len(entered)
    if not _may_begin_within_a_day(statement, entered):
        first = statement.lines[0].date
        of_its_days = (place for place, line in enumerate(entered) if line.date >= first)
        begin = min(begin, next(of_its_days, begin))
    end = len(entered) if new else begin + len(overlap)
    for place, expected in enumerate(range(begin, end)):
        if place >= len(overlap) or overlap[place] != expected:  # guard: line-shown-again
            line = statement.lines[min(place, len(ids) - 1)]
            raise LineMissing(statement, line, entered[expected])


def _may_begin_within_a_day(statement: Statement, entered: Sequence[EnteredLine]) -> bool:
    """Whether the statement can show the rest of a day whose beginning an earlier one shows.

    Its lines have numbers or times, by which each is known; or it is the next page: it begins
    with the balance that the last line left, and the day did not.
    """
    first, newest = statement.lines[0], entered[-1]
    if first.serial or first.time:
        return True
    if statement.opening_fen is None or statement.opening_fen != newest.balance_fen:
        return False
    of_day = next((line for line in entered if line.date >= first.date), None)
    if of_day is None or of_day.balance_fen is None:
        return True
    # guard: changed-day-no-next-page
    return statement.opening_fen != of_day.balance_fen - of_day.amount_fen


def _require_continued(statement: Statement, line: BankLine, newest: EnteredLine) -> None:
    """The first new line begins with the balance that the last known one left."""
    if line.date < newest.date:
        raise LineInserted(statement, line, newest)
    if newest.balance_fen is None or line.balance_fen is None:
        return
    if line.balance_fen - line.amount_fen != newest.balance_fen:  # guard: opening-goes-on
        raise StatementGap(statement, line, newest)
