"""Why a statement does not go on from those before it, one class for each reason."""

from __future__ import annotations

from importers.statements.refusals import place_text
from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.refusals import Refusal
from ledger.model.bank_lines import BankLine
from ledger.model.bank_lines import Statement
from ledger.model.history import EnteredLine


class LineEdited(Refusal):
    """A line that an earlier statement showed otherwise."""

    def __init__(self, statement: Statement, line: BankLine, known: EnteredLine) -> None:
        message = _(
            "{place}: an earlier statement shows this line as {day} {amount} (balance {balance}),"
            " and this one as {new_day} {new_amount} (balance {new_balance}). Nothing was taken:"
            " export the statement from the bank again, and do not edit it"
        )
        super().__init__(
            message.format(
                place=_place(statement, line),
                day=known.date,
                amount=grouped(known.amount_fen),
                balance=_shown(known.balance_fen),
                new_day=line.date,
                new_amount=grouped(line.amount_fen),
                new_balance=_shown(line.balance_fen),
            ),
            row=line.row,
            day=known.date.isoformat(),
            amount=plain(known.amount_fen),
            new_day=line.date.isoformat(),
            new_amount=plain(line.amount_fen),
        )


class LineMissing(Refusal):
    """A line of an earlier statement is not in this one, which goes over its time."""

    def __init__(self, statement: Statement, line: BankLine, known: EnteredLine) -> None:
        message = _(
            "{place}: before this row a line is missing that an earlier statement shows: {day}"
            " {amount} ({line}). Nothing was taken: export the statement from the bank again, in"
            " the layout of the earlier one, and do not edit it"
        )
        super().__init__(
            message.format(
                place=_place(statement, line),
                day=known.date,
                amount=grouped(known.amount_fen),
                line=known.id,
            ),
            row=line.row,
            line=known.id,
            day=known.date.isoformat(),
            amount=plain(known.amount_fen),
        )


class LineInserted(Refusal):
    """A line among known ones that the earlier statements do not show."""

    def __init__(self, statement: Statement, line: BankLine, newest: EnteredLine) -> None:
        message = _(
            "{place}: the statements imported before reach to {newest}, and this line of {day}"
            " over {amount} is not in them. Nothing was taken: export the statement from the bank"
            " again, in the layout of the earlier ones, and do not edit it"
        )
        super().__init__(
            message.format(
                place=_place(statement, line),
                newest=newest.date,
                day=line.date,
                amount=grouped(line.amount_fen),
            ),
            row=line.row,
            newest=newest.date.isoformat(),
            day=line.date.isoformat(),
            amount=plain(line.amount_fen),
        )


class StatementGap(Refusal):
    """The statement does not begin where the one before it ended."""

    def __init__(self, statement: Statement, line: BankLine, known: EnteredLine) -> None:
        message = _(
            "{place}: the last statement ended on {last} with {closing}, and this line of {day}"
            " begins with {opening}. Nothing was taken: import the statement of the time between"
            " first"
        )
        super().__init__(
            message.format(
                place=_place(statement, line),
                last=known.date,
                closing=grouped(known.balance_fen or 0),
                day=line.date,
                opening=grouped((line.balance_fen or 0) - line.amount_fen),
            ),
            row=line.row,
            last=known.date.isoformat(),
            closing=plain(known.balance_fen or 0),
            day=line.date.isoformat(),
            opening=plain((line.balance_fen or 0) - line.amount_fen),
        )


class LinesUnclear(Refusal):
    """Lines that earlier statements may have shown in another layout, or may not have shown."""

    def __init__(self, statement: Statement) -> None:
        message = _(
            "{place}: from this line on it is not clear whether the lines are those of earlier"
            " statements or new ones that are just like them. Nothing was taken: export the"
            " statement in the layout of the earlier ones, from the beginning of {day}"
        )
        line = statement.lines[0]
        super().__init__(
            message.format(place=_place(statement, line), day=line.date),
            row=line.row,
            day=line.date.isoformat(),
        )


class TwoLinesOneId(Refusal):
    """Two lines of a statement that cannot be told apart."""

    def __init__(self, statement: Statement, line: BankLine) -> None:
        message = _("{place}: this line stands in the file twice")
        super().__init__(message.format(place=_place(statement, line)), row=line.row)


def _place(statement: Statement, line: BankLine) -> str:
    return place_text(statement.file, line.sheet or statement.sheet, line.row)


def _shown(balance_fen: int | None) -> str:
    return "—" if balance_fen is None else grouped(balance_fen)
