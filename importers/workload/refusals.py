"""Why nothing of a list of work is taken."""

from __future__ import annotations

from collections.abc import Sequence

from importers.workload.words import title_of
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal


class NoWorkHeader(Refusal):
    """No sheet has a row of headings."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: no row of headings was found that names people ({person}) and what they have"
            " done ({quantity}) or are paid ({amount})"
        )
        words = {name: title_of(name) for name in ("person", "quantity", "amount")}
        super().__init__(message.format(file=file, **words))


class NoWorkColumn(Refusal):
    """No column says what the stage is paid by."""

    def __init__(self, file: str, sheet: str, wanted: str, others: Sequence[str]) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _(
            "{place}: no column was recognised as {wanted}; if the table has it, change its heading"
            " to that; if not, ask for the list again"
        )
        if others:
            message = _(
                "{place}: no column was recognised as {wanted}, and {others} counts something else;"
                " if the table has it, change its heading to that; if not, ask for the list again"
            )
        super().__init__(
            message.format(place=place, wanted=wanted, others=listed(others)),
            sheet=sheet,
            others=list(others),
        )


class WorkColumnsDiffer(Refusal):
    """Two columns may be what is meant, and they say different things."""

    def __init__(self, file: str, sheet: str, columns: Sequence[str], row: int) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _(
            "{place}: {columns} may each be what is paid by, and they differ, first in row {row};"
            " keep the one that counts, and delete the others"
        )
        super().__init__(
            message.format(place=place, columns=listed(columns), row=row),
            sheet=sheet,
            row=row,
            columns=list(columns),
        )


class OtherUnitStated(Refusal):
    """A line above the table says that something else is counted."""

    def __init__(self, file: str, sheet: str, unit: str, stated: str) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _(
            "{place}: the table says that its unit is {stated}, and the stage is paid by {unit};"
            " correct the one that is wrong, or name the stage that it is of"
        )
        super().__init__(
            message.format(place=place, stated=stated, unit=unit), sheet=sheet, unit=stated
        )


class NetWithoutGross(Refusal):
    """What is paid out stands beside what is taken off, and not what it is taken from."""

    def __init__(self, file: str, sheet: str, net: str) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _(
            "{place}: {net} stands beside deductions, and nobody can know whether they are in it;"
            " add a column {gross} with the amount before them"
        )
        super().__init__(
            message.format(place=place, net=net, gross=title_of("amount")), sheet=sheet
        )


class WorkTotalDiffers(Refusal):
    """A line of totals is not the sum of the rows that it is over."""

    def __init__(
        self, file: str, sheet: str, row: int, column: str, stated: str, added: str
    ) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _(
            "{place}: in row {row} the total of {column} is {stated}, and the rows add up to"
            " {added}; somebody is missing, or a number is wrong: ask for the list again"
        )
        super().__init__(
            message.format(place=place, row=row, column=column, stated=stated, added=added),
            sheet=sheet,
            row=row,
            stated=stated,
            added=added,
        )
