"""The lines of a statement, once it is known how its amounts are meant."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from itertools import repeat

from importers.statements.body import Body
from importers.statements.cell_memory import Memory
from importers.statements.cell_memory import remembered
from importers.statements.cell_memory import said
from importers.statements.choice import Choice
from importers.statements.column_values import read_accounts
from importers.statements.column_values import read_serials
from importers.statements.column_values import read_texts
from importers.statements.days import other_days
from importers.statements.labels import labelled
from importers.statements.refusals import OtherCurrency
from importers.statements.refusals import place_text
from importers.statements.words import AMOUNT_FIELDS
from importers.statements.words import is_renminbi
from importers.statements.words import names_foreign_currency
from importers.statements.words import statement_words
from importers.tables.cells import Cell
from importers.tables.units import check_units
from ledger.model.bank_lines import BankLine

Texts = Sequence[str]
Read = Callable[[Sequence[Cell]], Texts]


def bank_lines(body: Body, choice: Choice) -> list[BankLine]:
    """Every line, in the order in which they happened."""
    amounts_fen = choice.reading.amounts_fen
    balances_fen = choice.balances_fen
    lines = list(map(
        BankLine,
        body.rows,
        body.days,
        body.times,
        amounts_fen,
        repeat(None) if balances_fen is None else balances_fen,
        _other_side(body, amounts_fen, "name", read_texts),
        _other_side(body, amounts_fen, "account", read_accounts),
        _text(body),
        _serials(body),
        other_days(body),
    ))  # fmt: skip
    return lines[::-1] if choice.newest_first else lines


def check_currency(body: Body) -> None:
    """Raises OtherCurrency for titles or a line that say another currency than renminbi."""
    header = body.header
    for number, row in enumerate(header.above, 1):
        for label, value in labelled(row):
            named = statement_words().headings.named(label)
            if named and named.field == "currency" and names_foreign_currency(said(value)):
                raise OtherCurrency(place_text(body.file, body.sheet, number))
    # What was paid abroad in dollars is booked in renminbi, and that is what counts.
    for column in header.all_of("booked_currency") or header.all_of("currency"):
        if any(map(_is_foreign, set(body.columns[column]))):
            foreign = remembered(_is_foreign, body.columns[column])
            raise OtherCurrency(body.place(foreign.index(True), column))


def check_amounts_in_yuan(body: Body) -> None:
    """Raises AmountsInOtherUnit for amounts in 分, 万元 or another currency."""
    header = body.header
    columns = {column for name in (*AMOUNT_FIELDS, "balance") for column in header.all_of(name)}
    headings = [header.whole[column] for column in sorted(columns)]
    titles = (*enumerate(header.above, 1), *body.others)
    check_units(body.file, body.sheet, titles, headings, header.last + 1)


def _is_foreign(cell: Cell) -> bool:
    text = said(cell)
    return bool(text) and not is_renminbi(text)


def _other_side(body: Body, amounts_fen: Sequence[int], what: str, read: Read) -> Texts:
    """The other side's name or account: the payer's of what came in, the payee's of what went."""
    header = body.header
    for column in header.all_of(f"other_{what}"):
        return read(body.columns[column])
    payers = _first_column(body, f"payer_{what}", read)
    payees = _first_column(body, f"payee_{what}", read)
    return [
        payer if amount_fen > 0 else payee
        for amount_fen, payer, payee in zip(amounts_fen, payers, payees, strict=True)
    ]


def _first_column(body: Body, name: str, read: Read) -> Texts:
    for column in body.header.all_of(name):
        return read(body.columns[column])
    return [""] * len(body.rows)


def _text(body: Body) -> Texts:
    """What the bank and the payer say of it: each text once, with a blank between."""
    columns = [read_texts(body.columns[column]) for column in body.header.all_of("text")]
    filled = [column for column in columns if any(column)]
    if not filled:
        return [""] * len(body.rows)
    if len(filled) == 1:
        return filled[0]
    return list(map(Memory(_joined).__getitem__, zip(*filled, strict=True)))


def _joined(texts: tuple[str, ...]) -> str:
    return " ".join(filter(None, dict.fromkeys(texts)))


def _serials(body: Body) -> Texts:
    """The best column of serial numbers that tell lines apart."""
    for column in body.header.all_of("serial"):
        serials = read_serials(body.columns[column])
        if any(serials) and (len(serials) == 1 or len(set(serials)) > 1):
            return serials
    return [""] * len(body.rows)
