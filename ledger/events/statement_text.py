"""The text of events about the bank's statements: their lines, and explanations of lines."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence

from ledger.base.masks import mask_numbers
from ledger.base.money import CURRENCY
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.events.event_file import Drafting
from ledger.events.event_text import header
from ledger.events.event_text import quoted
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from ledger.model.bank_lines import BankLine
from ledger.model.history import EnteredLine
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import BankLineId
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId

# What a statement's header says of the beginning of its last day: ``2020-11-05 1221512.90``.
BANK_HAD = "bank-had"


class BookedPart(Record):
    """An amount in fen on an account, debits above zero; ``batch`` for money in transit."""

    account: str
    amount_fen: int
    batch: BatchId = NO_BATCH


class Placement(Record):
    """What a statement line is booked against.

    ``parts`` make the line's amount together, with the other sign. ``payee`` is the person whose
    payment it is alone. ``by_hand`` is the day of the entry by hand that the line stands for:
    then nothing is posted. ``candidates`` are the batches or accounts that fit when it is not one
    thing alone; ``void_batch`` the void batch whose debit it may be, ``barred_batch`` one that was
    not approved and submitted.
    """

    parts: tuple[BookedPart, ...]
    payee: PayeeId = NO_PAYEE
    by_hand: datetime.date | None = None
    candidates: tuple[str, ...] = ()
    void_batch: BatchId = NO_BATCH
    barred_batch: BatchId = NO_BATCH

    @property
    def is_unexplained(self) -> bool:
        return any(part.account == SUSPENSE for part in self.parts)


class PlacedLine(Record):
    """A line under its id, and what it is."""

    id: BankLineId
    line: BankLine
    placement: Placement


def statement_event(
    at: Drafting,
    account: str,
    lines: Sequence[PlacedLine],
    opening_of_last_day: tuple[datetime.date, int] | None,
    *,
    meta: Mapping[str, str],
) -> str:
    """A statement's new lines, each an entry of its day.

    The header counts the lines and adds up what they moved, in or out. It is of the first line's
    day, so that the books as of any day later have it.
    ``opening_of_last_day`` is what the bank had in fen when that day began, which the books have to
    agree with. Never what it had at the end, because more may come that day. No directive asserts
    it: this may be reversed.
    """
    amount = plain(sum(abs(placed.line.amount_fen) for placed in lines))
    values = f'"statement" "" {len(lines)} {amount} {CURRENCY}'
    first = lines[0].line.date
    facts = dict(meta)
    if opening_of_last_day is not None:
        day, balance_fen = opening_of_last_day
        facts[BANK_HAD] = f"{day} {plain(balance_fen)}"
    parts = [header(first, at, values, facts)]
    parts += [_entry(account, placed) for placed in lines]
    return "\n".join(parts)


def _entry(account: str, placed: PlacedLine) -> str:
    line, placement = placed.line, placed.placement
    flag = "!" if placement.is_unexplained else "*"
    links = f"^{placed.id}{f' ^{placement.payee}' if placement.payee else ''}"
    amount = plain(line.amount_fen)
    who, what = _shown(line.counterparty), _shown(line.text)
    text = f"{line.date} {flag} {who} {what} {links}\n"
    if line.balance_fen is not None:
        text += f"  balance: {plain(line.balance_fen)}\n"
    if placement.candidates:
        text += f"  candidates: {quoted(' '.join(placement.candidates))}\n"
    if placement.void_batch:
        text += f"  void-batch: {quoted(placement.void_batch)}\n"
    if placement.barred_batch:
        text += f"  barred-batch: {quoted(placement.barred_batch)}\n"
    if placement.by_hand is not None:
        return f"{text}  amount: {amount}\n  by-hand: {placement.by_hand}\n"
    text += f"  {account}  {amount} {CURRENCY}\n"
    return text + "".join(_posting(part) for part in placement.parts)


def _posting(part: BookedPart) -> str:
    text = f"  {part.account}  {plain(part.amount_fen)} {CURRENCY}\n"
    if part.account == TRANSIT:
        text += f"    batch: {quoted(part.batch)}\n"
    return text


def _shown(text: str) -> str:
    """The bank's words as the books may hold them."""
    return quoted(mask_numbers(text))


def explained_event(
    on: datetime.date,
    at: Drafting,
    line: EnteredLine,
    parts: Sequence[BookedPart],
    *,
    meta: Mapping[str, str],
) -> str:
    """What an unexplained line was."""
    amount = f"{plain(abs(line.amount_fen))} {CURRENCY}"
    values = f'"explained" "" 1 {amount}'
    entry = line.entry
    text = f"{on} * {quoted(entry.payee or '')} {quoted(entry.narration or '')} ^{line.id}\n"
    text += _posting(BookedPart(SUSPENSE, line.suspense_fen))
    text += "".join(_posting(part) for part in parts)
    return "\n".join([header(on, at, values, meta), text])
