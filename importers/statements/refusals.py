"""Why a statement is not taken, one class for each reason. Never with what a cell holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.refusals import Refusal


def place_text(file: str, sheet: str, row: int, column: str = "") -> str:
    """``明细.xlsx, Sheet1, row 12, column 余额``; a text file has no sheet."""
    parts = [file, sheet, _("row {row}").format(row=row)]
    if column:
        parts.append(_("column {column}").format(column=column))
    return listed(part for part in parts if part)


class NoStatementHeader(Refusal):
    """No sheet has the headings of a statement."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: this is not a bank statement: no row of headings names a day (交易日期), what "
            "came in and what went out (收入 and 支出, 贷方 and 借方, or 金额) and a balance (余额)"
        )
        super().__init__(message.format(file=file))


class NoStatementLines(Refusal):
    """Headings of a statement, and no money that came in or went out below them."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: no money came in or went out below the headings; ask the bank for a "
            "statement of a time in which something happened"
        )
        super().__init__(message.format(file=file))


class SeveralStatements(Refusal):
    """Several sheets of a workbook are statements."""

    def __init__(self, file: str, sheets: Sequence[str]) -> None:
        message = _(
            "{file}: several sheets are statements: {sheets}; save each as a file of its own and "
            "import them one by one"
        )
        super().__init__(message.format(file=file, sheets=listed(sheets)), sheets=list(sheets))


class SeveralAccounts(Refusal):
    """Lines of several bank accounts in one statement."""

    def __init__(self, file: str, sheet: str, row: int) -> None:
        message = _(
            "{place}: from here on the lines are of another account; ask the bank for a statement "
            "of the unit's account alone"
        )
        super().__init__(message.format(place=place_text(file, sheet, row)), sheet=sheet, row=row)


class UnreadableCell(Refusal):
    """A cell that should hold a day, an amount or a direction, and does not."""

    def __init__(self, place: str, what: str) -> None:
        """``what`` says what is wrong with it."""
        message = _(
            "{place}: {what}; ask the bank for the statement again, do not correct it by hand"
        )
        super().__init__(message.format(place=place, what=what))


class AmountInDoubt(Refusal):
    """What stands beside an amount says that another may have left the account."""

    def __init__(self, place: str, what: str) -> None:
        message = _(
            "{place}: {what}; ask the bank for a statement with balances (余额), which prove what "
            "left the account and what came in"
        )
        super().__init__(message.format(place=place, what=what))


class OutsideStatedPeriod(Refusal):
    """A line of a day that the statement says it does not cover."""

    def __init__(self, place: str, *, day: str, source: str, period: str) -> None:
        message = _(
            "{place}: the line is of {day}, and {source} says {period}: lines were added, or the "
            "title or name is of another statement; nothing was taken. Ask the bank for the "
            "statement again, or give the file or sheet its right name"
        )
        super().__init__(
            message.format(place=place, day=day, source=source, period=period),
            day=day,
            period=period,
        )


class OtherCurrency(Refusal):
    """An amount that is not in renminbi."""

    def __init__(self, place: str) -> None:
        message = _("{place}: this is not in renminbi; only accounts in renminbi are kept")
        super().__init__(message.format(place=place))


class DirectionsUnknown(Refusal):
    """Amounts without signs, and nothing that says which way the money went."""

    def __init__(self, file: str, column: str) -> None:
        message = _(
            "{file}: nothing says which amounts in column {column} came in and which went out; "
            "ask the bank for a statement with balances (余额) or with 借贷标志"
        )
        super().__init__(message.format(file=file, column=column), column=column)


class AmbiguousStatement(Refusal):
    """Several ways to read the file add up, and they do not say the same."""

    def __init__(self, file: str, readings: Sequence[tuple[str, str]]) -> None:
        """``readings`` are what each says, and its lines for census-ledger.toml."""
        self.readings = tuple(readings)
        message = _(
            "{file}: it can be read in {count} ways that add up:\n{readings}\nAsk the bank or "
            "look at the voucher of the first line, and write the lines below the right one into "
            "census-ledger.toml:\n{layouts}"
        )
        lettered = list(zip("ABCDEFGH", readings, strict=False))
        says = [f"{letter}: {what}" for letter, (what, _toml) in lettered]
        layouts = [f"# {letter}\n{toml}" for letter, (_what, toml) in lettered]
        super().__init__(
            message.format(
                file=file, count=len(says), readings="\n".join(says), layouts="\n".join(layouts)
            )
        )

    def facts(self) -> dict[str, Any]:
        return {"readings": [{"says": says, "toml": toml} for says, toml in self.readings]}


class StatementDoesNotAddUp(Refusal):
    """The running balance breaks: a line is missing, or something was changed."""

    def __init__(
        self, place: str, *, row: int, row_before: int, expected_fen: int, found_fen: int
    ) -> None:
        self.row = row
        message = _(
            "{place}: the balance should be {expected} and is {found}: a line is missing between "
            "row {row_before} and row {row}, or an amount or a balance was changed; nothing was "
            "taken. Ask the bank for the statement again"
        )
        expected, found = grouped(expected_fen), grouped(found_fen)
        super().__init__(
            message.format(
                place=place, row=row, row_before=row_before, expected=expected, found=found
            ),
            row=row,
            row_before=row_before,
            expected=plain(expected_fen),
            found=plain(found_fen),
        )


class TotalsDiffer(Refusal):
    """What the bank says that all lines come to is something else."""

    def __init__(self, place: str, label: str, *, stated: str, found: str) -> None:
        message = _(
            "{place}: {label} is {stated}, the lines come to {found}: lines are missing or were "
            "changed; nothing was taken. Ask the bank for the statement again"
        )
        super().__init__(message.format(place=place, label=label, stated=stated, found=found))
