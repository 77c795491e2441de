"""Read a bank's statement: what every line brought in, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from importers.statements.beside_amounts import check_fees
from importers.statements.beside_amounts import check_other_amounts
from importers.statements.body import Body
from importers.statements.body import read_body
from importers.statements.choice import Choice
from importers.statements.choice import choose
from importers.statements.day_order import proven_order
from importers.statements.days import settled
from importers.statements.joined_sheets import joined_sheets
from importers.statements.layouts import FixedLayout
from importers.statements.layouts import ListedLayout
from importers.statements.layouts import listed_layout
from importers.statements.layouts import statement_sheets
from importers.statements.lines import bank_lines
from importers.statements.lines import check_amounts_in_yuan
from importers.statements.lines import check_currency
from importers.statements.other_side import with_other_side
from importers.statements.own_account import own_holder
from importers.statements.own_account import own_number
from importers.statements.printed_totals import StatedValue
from importers.statements.printed_totals import compared
from importers.statements.printed_totals import stated_values
from importers.statements.readings import Reading
from importers.statements.readings import balances_in
from importers.statements.readings import check_signs
from importers.statements.readings import readings
from importers.statements.refusals import NoStatementHeader
from importers.statements.refusals import NoStatementLines
from importers.statements.refusals import SeveralStatements
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.stated_period import check_period
from importers.statements.states import left_out
from importers.statements.states import money_moved
from importers.statements.states import reversed_lines
from importers.statements.states import with_reversals
from importers.statements.states import without_money
from importers.statements.zero_lines import fits_among
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
        (read_body(name, sheet.name, sheet.cells, header, sheet.merged), fixed)
        for sheet, header, fixed in found
    ]
    filled = [(body, fixed) for body, fixed in bodies if body.rows]
    if not filled:
        raise NoStatementLines(name)
    if len(filled) == 1:
        return _read(*filled[0])
    joined = joined_sheets([_read(body, fixed) for body, fixed in filled])
    if joined is None:
        raise SeveralStatements(name, [body.sheet for body, _fixed in filled])
    return joined


def _read(whole: Body, fixed: FixedLayout | None) -> Statement:
    whole = with_other_side(whole)
    check_currency(whole)
    check_amounts_in_yuan(whole)
    moneyless = without_money(whole)
    # Of these no money is counted: their balance has to be that of the line before.
    empty = sorted({*zero_lines(whole), *moneyless.places})
    body = whole.without(empty)
    if not body.rows:
        raise NoStatementLines(whole.file)
    body = settled(body)
    check_period(body)
    balanced = balances_in(body)
    column, balances_fen = balanced or (None, None)
    listed = None if fixed else listed_layout(body.header)
    found = readings(body, fixed)
    if balances_fen is None:
        check_signs(body.file, body, found)
        check_fees(whole.without(moneyless.places))
        check_other_amounts(body, found[0], fixed)
    turned = with_reversals(body, found, reversed_lines(body), balanced=balances_fen is not None)

    def wrong_empty(choice: Choice) -> StatementDoesNotAddUp | None:
        return wrong_zero_line(whole, empty, column, body, choice) if column is not None else None

    values = stated_values(body)
    totals = partial(_totals, values, balances_fen, len(empty))
    pick = partial(
        choose,
        fixed=fixed,
        known_layout=listed is not None,
        agrees=lambda choice: (
            all(total.stated == total.found for total in totals(choice)) and not wrong_empty(choice)
        ),
    )
    choice = pick(body, found, balances_fen)
    if turned and any(choice.breaks()):
        choice = _better(choice, pick(body, turned, balances_fen))
    broken = wrong_empty(choice)
    if balances_fen is not None and any(choice.breaks()):
        readings_ = found[:1] if listed else [*found, *turned]
        body, choice = _in_proven_order(whole, empty, body, readings_, choice)
    elif broken:
        moneyless_rows = {whole.rows[place] for place in moneyless.places}
        raise money_moved(whole, moneyless, broken.row) if broken.row in moneyless_rows else broken
    lines = bank_lines(body, choice)
    warnings = [] if balances_fen is not None else [_no_balances(body)]
    if moneyless.places:
        warnings.append(left_out(whole, moneyless))
    return Statement(
        file=body.file,
        sheet=body.sheet,
        layout=_layout_name(body, choice, fixed, listed),
        number=own_number(body),
        lines=tuple(lines),
        newest_first=choice.newest_first,
        balance_heading="" if column is None else body.header.titles[column],
        totals=totals(choice),
        warnings=tuple(warnings),
        holder=own_holder(body),
    )


def _better(choice: Choice, other: Choice) -> Choice:
    return choice if any(other.breaks()) else other


def _in_proven_order(
    whole: Body, empty: Sequence[int], body: Body, found: Sequence[Reading], choice: Choice
) -> tuple[Body, Choice]:
    """The lines in the only order that adds up, the oldest first; as they were when none does."""
    balances_fen = choice.balances_fen
    assert balances_fen is not None
    proven = [
        (reading, order)
        for reading in found
        if (order := proven_order(body, reading.amounts_fen, balances_fen))
    ]
    if len(proven) != 1:  # guard: only-order
        return body, choice
    reading, order = proven[0]
    if not fits_among(whole, empty, body, reading.amounts_fen, balances_fen):
        return body, choice
    ordered = body.in_order(order)
    return ordered, Choice(reading.in_order(order), False, [balances_fen[at] for at in order])


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
