"""The lines of a statement, once it is known how its amounts are meant."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from itertools import repeat

from importers.statements.body import Body
from importers.statements.cell_memory import Memory
from importers.statements.cell_memory import account_said
from importers.statements.cell_memory import distinct
from importers.statements.cell_memory import said
from importers.statements.cell_memory import serial_said
from importers.statements.choice import Choice
from importers.statements.choice import When
from importers.statements.refusals import OtherCurrency
from importers.statements.words import is_renminbi
from importers.tables.cells import Cell
from ledger.bank_lines import BankLine

Texts = Sequence[str]
Work = Callable[[Cell], str]


def bank_lines(body: Body, when: When, choice: Choice) -> list[BankLine]:
    """Every line, in the order in which they happened."""
    amounts = choice.reading.amounts
    count = len(body.rows)
    lines = map(
        BankLine,
        body.rows,
        [date for date, _time in when],
        [time for _date, time in when],
        amounts,
        choice.balances if choice.balances is not None else repeat(None, count),
        _other_side(body, amounts, "name", said),
        _other_side(body, amounts, "account", account_said),
        _text(body),
        _serials(body),
    )
    return list(lines)[::-1] if choice.newest_first else list(lines)


def check_currency(body: Body) -> None:
    """Raises OtherCurrency for a line that is not in renminbi."""
    header = body.header
    # What was paid abroad in dollars is booked in renminbi, and that is what counts.
    for column in header.all_of("booked_currency") or header.all_of("currency"):
        cells = distinct(body.columns[column])
        foreign = {cell for cell in set(cells) if said(cell) and not is_renminbi(said(cell))}
        if foreign:
            index = next(place for place, cell in enumerate(cells) if cell in foreign)
            raise OtherCurrency(body.place(index, column))


def _other_side(body: Body, amounts: Sequence[int], what: str, work_out: Work) -> Texts:
    """The other side's name or account: the payer's of what came in, the payee's of what went."""
    header = body.header
    for column in header.all_of(f"other_{what}"):
        return _column(body, column, work_out)
    payers = _first_column(body, f"payer_{what}", work_out)
    payees = _first_column(body, f"payee_{what}", work_out)
    return [
        payer if amount > 0 else payee
        for amount, payer, payee in zip(amounts, payers, payees, strict=True)
    ]


def _first_column(body: Body, name: str, work_out: Work) -> Texts:
    for column in body.header.all_of(name):
        return _column(body, column, work_out)
    return [""] * len(body.rows)


def _column(body: Body, column: int, work_out: Work) -> Texts:
    return list(map(Memory(work_out).__getitem__, distinct(body.columns[column])))


def _text(body: Body) -> Texts:
    """What the bank and the payer say of it: each text once, with a blank between."""
    columns = [_column(body, column, said) for column in body.header.all_of("text")]
    filled = [column for column in columns if any(column)]
    if not filled:
        return [""] * len(body.rows)
    if len(filled) == 1:
        return filled[0]
    return [" ".join(filter(None, dict.fromkeys(texts))) for texts in zip(*filled, strict=True)]


def _serials(body: Body) -> Texts:
    """The best column of serial numbers that tell lines apart."""
    for column in body.header.all_of("serial"):
        serials = _column(body, column, serial_said)
        if any(serials) and (len(serials) == 1 or len(set(serials)) > 1):
            return serials
    return [""] * len(body.rows)
