"""What the event of a batch has entered, held against the rows that were sent, person by person."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from beancount.core import data

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.model.accounts import code_of
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.history import payee_links
from ledger.model.ids import FundCode
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.recorded_rates import STAGE
from ledger.payments.entered_work import entered_work


class Payment(NamedTuple):
    """What an entry and a row say of one payment alike; ``town`` and ``fund`` are codes."""

    name: str
    role: str
    town: TownCode
    fund: FundCode
    stage: str
    quantity: str
    deduction_fen: int
    amount_fen: int
    tax_fen: int


class Disagreement(NamedTuple):
    """The directive at fault, which is the header where an entry is missing, and what is wrong."""

    directive: data.Directive
    message: str


def compare_with_rows(
    event: Event, batch: Batch, rows: Sequence[Instruction]
) -> Iterator[Disagreement]:
    """Where the entries of the event that prepared a batch are not the payments of its rows.

    An entry that moves no subsidy at all is left to the fold.
    """
    if is_as_sent(event, batch, rows):
        return
    sent = {
        row.payee_id: Payment(
            row.legal_name,
            row.role,
            row.town,
            row.fund,
            row.stage,
            row.quantity,
            row.deduction_fen,
            row.amount_fen,
            row.tax_fen,
        )
        for row in rows
    }
    entered = set()
    for entry in event.entries:
        for payee in payee_links(entry):
            entered.add(payee)
            if payee in batch.amounts_fen:
                fund, town = batch.places[payee]
                work = entered_work(entry.meta)
                payment = Payment(
                    entry.payee or "",
                    str(entry.meta.get("role", "")),
                    code_of(town),
                    code_of(fund),
                    str(entry.meta.get(STAGE, "")),
                    work.quantity,
                    work.deduction_fen,
                    batch.amounts_fen[payee],
                    batch.taxes_fen.get(payee, 0),
                )
                if payment != sent.get(payee):
                    yield Disagreement(entry, difference(payee, payment, sent.get(payee)))
    for payee in sorted(sent.keys() - entered):
        message = _("{payee} {name} was sent {amount}, and the entry is missing")
        name, amount = sent[payee].name, grouped(sent[payee].amount_fen)
        yield Disagreement(event.header, message.format(payee=payee, name=name, amount=amount))


def is_as_sent(event: Event, batch: Batch, rows: Sequence[Instruction]) -> bool:
    """Whether every entry is the payment of its row: nearly always, and told in one pass."""
    if not len(event.entries) == len(rows) == len(batch.amounts_fen):
        return False
    entered = {
        PayeeId(str(entry.meta.get("payee-id"))): (
            entry.payee,
            entry.meta.get("role"),
            entry.meta.get(STAGE, ""),
            entered_work(entry.meta)[::2],
        )
        for entry in event.entries
    }
    codes = {
        (fund, town): (code_of(fund), code_of(town)) for fund, town in set(batch.places.values())
    }
    amounts_fen, taxes_fen, places = batch.amounts_fen, batch.taxes_fen, batch.places
    return all(
        entered.get(payee) == (row.legal_name, row.role, row.stage, (row.quantity, _deduction(row)))
        and amounts_fen.get(payee) == row.amount_fen
        and taxes_fen.get(payee, 0) == row.tax_fen
        and payee in places
        and codes[places[payee]] == (row.fund, row.town)
        for row in rows
        for payee in [row.payee_id]
    )


def _deduction(row: Instruction) -> str:
    return plain(row.deduction_fen) if row.deduction_fen else ""


def difference(payee: PayeeId, entered: Payment, sent: Payment | None) -> str:
    """What of an entry was not sent so."""
    if sent is None:
        message = _("{payee} {name} was not sent in this batch")
        return message.format(payee=payee, name=entered.name)
    here, there = (
        listed(
            word for word, other in zip(words(one), words(another), strict=True) if word != other
        )
        for one, another in ((entered, sent), (sent, entered))
    )
    message = _("the entry of {payee} says {here}; {there} was sent")
    return message.format(payee=payee, here=here, there=there)


def words(payment: Payment) -> tuple[str, ...]:
    """A payment as people read it."""
    tax = _("{tax} of tax").format(tax=grouped(payment.tax_fen))
    return (*payment[:-3], *map(grouped, payment[-3:-1]), tax)
