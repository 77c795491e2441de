"""How a statement goes on from those before it: which of its lines are new.

The bank's balances and the lines of earlier statements leave no room: what is known comes first,
unchanged and whole, then what is new. Anything else is a gap or an edited file.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from ledger.bank_lines import BankLine
from ledger.bank_lines import Statement
from ledger.history import EnteredLine
from ledger.language import gettext as _
from ledger.money import grouped
from ledger.refusal import Refusal


class LineEdited(Refusal):
    """A line that an earlier statement showed otherwise."""

    def __init__(self, statement: Statement, line: BankLine, known: EnteredLine) -> None:
        message = _(
            "{file}, sheet {sheet}, row {row}: an earlier statement shows this line as {day}"
            " {amount} (balance {balance}), and this one as {new_day} {new_amount} (balance"
            " {new_balance}). Nothing was taken: export the statement from the bank again, and do"
            " not edit it"
        )
        super().__init__(
            message.format(
                file=statement.file,
                sheet=statement.sheet,
                row=line.row,
                day=known.date,
                amount=grouped(known.amount_fen),
                balance=_shown(known.balance_fen),
                new_day=line.date,
                new_amount=grouped(line.amount_fen),
                new_balance=_shown(line.balance_fen),
            )
        )


class LineMissing(Refusal):
    """A line of an earlier statement is not in this one, which goes over its time."""

    def __init__(self, statement: Statement, line: BankLine, known: EnteredLine) -> None:
        message = _(
            "{file}, sheet {sheet}: before row {row} a line is missing that an earlier statement"
            " shows: {day} {amount} ({line}). Nothing was taken: export the statement from the"
            " bank again, and do not edit it"
        )
        super().__init__(
            message.format(
                file=statement.file,
                sheet=statement.sheet,
                row=line.row,
                day=known.date,
                amount=grouped(known.amount_fen),
                line=known.id,
            )
        )


class LineInserted(Refusal):
    """A line among known ones that the earlier statements do not show."""

    def __init__(self, statement: Statement, line: BankLine, newest: EnteredLine) -> None:
        message = _(
            "{file}, sheet {sheet}, row {row}: the statements imported before reach to {newest},"
            " and this line of {day} over {amount} is not in them. Nothing was taken: export the"
            " statement from the bank again, and do not edit it"
        )
        super().__init__(
            message.format(
                file=statement.file,
                sheet=statement.sheet,
                row=line.row,
                newest=newest.date,
                day=line.date,
                amount=grouped(line.amount_fen),
            )
        )


class StatementGap(Refusal):
    """The statement does not begin where the one before it ended."""

    def __init__(self, statement: Statement, line: BankLine, known: EnteredLine) -> None:
        message = _(
            "{file}, sheet {sheet}, row {row}: the last statement ended on {last} with {closing},"
            " and this line of {day} begins with {opening}. Nothing was taken: import the"
            " statement of the time between first"
        )
        super().__init__(
            message.format(
                file=statement.file,
                sheet=statement.sheet,
                row=line.row,
                last=known.date,
                closing=grouped(known.balance_fen or 0),
                day=line.date,
                opening=grouped((line.balance_fen or 0) - line.amount_fen),
            )
        )


class TwoLinesOneId(Refusal):
    """Two lines of a statement that cannot be told apart."""

    def __init__(self, statement: Statement, line: BankLine) -> None:
        message = _("{file}, sheet {sheet}, row {row}: this line stands in the file twice")
        super().__init__(message.format(file=statement.file, sheet=statement.sheet, row=line.row))


def _shown(balance_fen: int | None) -> str:
    return "—" if balance_fen is None else grouped(balance_fen)


def new_lines(
    statement: Statement, ids: Sequence[str], known: Mapping[str, EnteredLine]
) -> list[int]:
    """The places in the statement of the lines that the books do not have, oldest first.

    ``known`` are the lines in the books in the order in which they were entered. Raises
    LineEdited, LineMissing, LineInserted or StatementGap, each of which names the row.
    """
    duplicate = _first_repeated(ids)
    if duplicate is not None:
        raise TwoLinesOneId(statement, statement.lines[duplicate])
    new = [place for place, name in enumerate(ids) if name not in known]
    if not known:
        return new
    _require_prefix(statement, ids, known, new)
    for place, name in enumerate(ids):
        if name in known and not _agree(statement.lines[place], known[name]):
            raise LineEdited(statement, statement.lines[place], known[name])
    if new:
        _require_continued(statement, statement.lines[new[0]], list(known.values())[-1])
    return new


def _first_repeated(ids: Sequence[str]) -> int | None:
    if len(set(ids)) == len(ids):
        return None
    return next(place for place, name in enumerate(ids) if name in ids[:place])


def _agree(line: BankLine, known: EnteredLine) -> bool:
    """Whether they are the same; a layout without balances says nothing of them."""
    balances = {line.balance_fen, known.balance_fen} - {None}
    return (line.date, line.amount_fen) == (known.date, known.amount_fen) and len(balances) < 2


def _require_prefix(
    statement: Statement,
    ids: Sequence[str],
    known: Mapping[str, EnteredLine],
    new: Sequence[int],
) -> None:
    """The known lines come first, whole, and in the order in which they were entered."""
    overlap = [name for name in ids if name in known]
    order = list(known)
    newest = known[order[-1]]
    if new and new[0] < len(overlap):
        raise LineInserted(statement, statement.lines[new[0]], newest)
    first = statement.lines[0]
    begin = order.index(overlap[0]) if overlap else len(order)
    if not first.serial and not first.time:
        # Nothing but its balance tells a line from others of its day: days are shown whole.
        of_its_days = (place for place, name in enumerate(order) if known[name].date >= first.date)
        begin = min(begin, next(of_its_days, begin))
    expected = order[begin:] if new else order[begin : begin + len(overlap)]
    for place, name in enumerate(expected):
        if place >= len(overlap) or overlap[place] != name:
            raise LineMissing(statement, statement.lines[min(place, len(ids) - 1)], known[name])


def _require_continued(statement: Statement, line: BankLine, newest: EnteredLine) -> None:
    """The first new line begins with the balance that the last known one left."""
    if newest.balance_fen is None or line.balance_fen is None:
        if line.date < newest.date:
            raise LineInserted(statement, line, newest)
        return
    if line.balance_fen - line.amount_fen != newest.balance_fen:
        if line.date < newest.date:
            raise LineInserted(statement, line, newest)
        raise StatementGap(statement, line, newest)
    if line.date < newest.date:
        raise LineInserted(statement, line, newest)
