"""Read a bank's statement: what every line brought in, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from importers.statements.body import Body
from importers.statements.body import read_body
from importers.statements.choice import Choice
from importers.statements.choice import choose
from importers.statements.days import settled
from importers.statements.layouts import FixedLayout
from importers.statements.layouts import ListedLayout
from importers.statements.layouts import listed_layout
from importers.statements.layouts import statement_sheets
from importers.statements.lines import bank_lines
from importers.statements.lines import check_amounts_in_yuan
from importers.statements.lines import check_currency
from importers.statements.own_account import own_number
from importers.statements.printed_totals import StatedValue
from importers.statements.printed_totals import compared
from importers.statements.printed_totals import stated_values
from importers.statements.readings import balances_in
from importers.statements.readings import check_signs
from importers.statements.readings import readings
from importers.statements.refusals import NoStatementHeader
from importers.statements.refusals import NoStatementLines
from importers.statements.refusals import SeveralStatements
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.zero_lines import wrong_zero_line
from importers.statements.zero_lines import zero_lines
from importers.tables.reading import Sheet
from ledger.base.collector import collector_off
from ledger.base.language import gettext as _
from ledger.model.bank_lines import StatedTotal
from ledger.model.bank_lines import Statement


def read_statement(
    name: str, sheets: Sequence[Sheet], layouts: Sequence[FixedLayout] = ()
) -> Statement:
    """The statement in the sheets of a file; ``layouts`` are those of the settings.

    The balances decide how the amounts are meant. What adds up in no way is read all the same,
    in the usual way, for :func:`importers.statements.proof.prove` to say where it breaks. Raises
    a refusal of ``importers.statements.refusals``.
    """
    with collector_off():
        return _read_sheets(name, sheets, layouts)


def _read_sheets(name: str, sheets: Sequence[Sheet], layouts: Sequence[FixedLayout]) -> Statement:
    found = statement_sheets(sheets, layouts)
    if not found:
        raise NoStatementHeader(name)
    bodies = [
        (read_body(name, sheet.name, sheet.cells, header), fixed) for sheet, header, fixed in found
    ]
    filled = [(body, fixed) for body, fixed in bodies if body.rows]
    if not filled:
        raise NoStatementLines(name)
    if len(filled) > 1:
        raise SeveralStatements(name, [body.sheet for body, _fixed in filled])
    return _read(*filled[0])


def _read(whole: Body, fixed: FixedLayout | None) -> Statement:
    check_currency(whole)
    check_amounts_in_yuan(whole)
    zero = zero_lines(whole)
    body = whole.without(zero)
    if not body.rows:
        raise NoStatementLines(whole.file)
    body = settled(body)
    balanced = balances_in(body)
    column, balances_fen = balanced or (None, None)
    listed = None if fixed else listed_layout(body.header)
    found = readings(body, fixed)
    if balances_fen is None:
        check_signs(body.file, body, found)

    def wrong_zero(choice: Choice) -> StatementDoesNotAddUp | None:
        return wrong_zero_line(whole, zero, column, body, choice) if column is not None else None

    values = stated_values(body)
    totals = partial(_totals, values, balances_fen, len(zero))
    choice = choose(
        body,
        found,
        balances_fen,
        fixed,
        known_layout=listed is not None,
        agrees=lambda choice: (
            all(total.stated == total.found for total in totals(choice)) and not wrong_zero(choice)
        ),
    )
    lines = bank_lines(body, choice)
    broken = wrong_zero(choice)
    if broken and not any(choice.breaks()):
        raise broken
    return Statement(
        file=body.file,
        sheet=body.sheet,
        layout=_layout_name(body, choice, fixed, listed),
        number=own_number(body),
        lines=tuple(lines),
        newest_first=choice.newest_first,
        balance_heading="" if column is None else body.header.titles[column],
        totals=totals(choice),
        warnings=() if balances_fen is not None else (_no_balances(body),),
    )


def _totals(
    values: Sequence[StatedValue],
    balances_fen: Sequence[int] | None,
    zero_lines: int,
    choice: Choice,
) -> tuple[StatedTotal, ...]:
    return compared(
        values,
        choice.reading,
        balances_fen,
        newest_first=choice.newest_first,
        zero_lines=zero_lines,
    )


def _layout_name(
    body: Body, choice: Choice, fixed: FixedLayout | None, listed: ListedLayout | None
) -> str:
    """The name of a layout, or how the columns of one without a name were understood."""
    if fixed or listed:
        return (fixed or listed).name  # type: ignore[union-attr]
    return f"{body.header.titles[body.date_column]}, {choice.reading.says}"


def _no_balances(body: Body) -> str:
    message = _("{file}: the bank shows no balances, so nothing proves that no line is missing")
    return message.format(file=body.file)
