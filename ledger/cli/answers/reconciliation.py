"""What ``report reconciliation`` says, to programs and to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.bank.reconciliation import BankItem
from ledger.bank.reconciliation import Reconciliation
from ledger.bank.reconciliation import UnitItem
from ledger.bank.reconciliation import sum_fen
from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.terminal.output import print_table


def reconciliation_json(record: Reconciliation) -> dict[str, Any]:
    """The reconciliation as programs read it; null is what the statements do not say."""
    return {
        "as_of": record.as_of.isoformat(),
        "books": plain(record.books_fen),
        "suspense": plain(record.suspense_fen),
        "bank": _plain_or_null(record.bank_fen),
        "bank_is_computed": record.bank_is_computed,
        "bank_as_of": record.bank_as_of.isoformat(),
        "bank_received": [_bank_item_json(item) for item in record.bank_received],
        "bank_paid": [_bank_item_json(item) for item in record.bank_paid],
        "unit_received": [_unit_item_json(item) for item in record.unit_received],
        "unit_paid": [_unit_item_json(item) for item in record.unit_paid],
        "adjusted_books": plain(record.adjusted_books_fen),
        "adjusted_bank": _plain_or_null(record.adjusted_bank_fen),
        "difference": _plain_or_null(record.difference_fen),
        "in_transit": [
            {
                "batch": batch.batch,
                "held": plain(batch.held_fen),
                "promised": plain(batch.promised_fen),
            }
            for batch in record.in_transit
        ],
    }


def _plain_or_null(amount_fen: int | None) -> str | None:
    return None if amount_fen is None else plain(amount_fen)


def _bank_item_json(item: BankItem) -> dict[str, Any]:
    return {
        "line": item.line,
        "date": item.date.isoformat(),
        "amount": plain(item.amount_fen),
        "counterparty": item.counterparty,
        "text": item.text,
        "by_hand": item.by_hand.isoformat() if item.by_hand else None,
    }


def _unit_item_json(item: UnitItem) -> dict[str, Any]:
    return {
        "date": item.date.isoformat(),
        "amount": plain(item.amount_fen),
        "text": item.text,
        "file": item.file,
        "line": item.line,
    }


def print_reconciliation(record: Reconciliation) -> None:
    """Both sides, the items, and the money that is on its way."""
    title = _("Bank reconciliation of {day} (yuan)").format(day=record.as_of)
    print_table(title, [_("item"), _("amount")], _balance_rows(record))
    items = _item_rows(record)
    if items:
        print_table(
            _("What one side has and the other has not"),
            [_("item"), _("day"), _("amount"), _("where"), _("text")],
            items,
        )
    if record.in_transit:
        print_table(
            _("Money in transit by batch (not part of the reconciliation)"),
            [_("batch"), _("debited, neither paid nor refunded"), _("still to be debited")],
            [
                [batch.batch, grouped(batch.held_fen), grouped(batch.promised_fen)]
                for batch in record.in_transit
            ],
        )


def _balance_rows(record: Reconciliation) -> list[list[str]]:
    rows = [(_("Bank account by the books (1002)"), grouped(record.books_fen))]
    if record.unexplained:
        rows += [
            (_("+ balance of suspense, not explained yet"), grouped(record.suspense_fen)),
            (_("= confirmed by the office"), grouped(record.confirmed_fen)),
        ]
    rows += [
        (_("+ received by the bank, not by the office"), grouped(sum_fen(record.bank_received))),
        (_("- paid by the bank, not by the office"), grouped(sum_fen(record.bank_paid))),
        (_("= adjusted balance of the books"), grouped(record.adjusted_books_fen)),
    ]
    # What is not known has no row: a word among the amounts would set them to the left.
    adjusted_bank_fen = record.adjusted_bank_fen
    if record.bank_fen is not None and adjusted_bank_fen is not None:
        message = _("Balance of the bank, {day}")
        rows += [
            (message.format(day=record.bank_as_of), grouped(record.bank_fen)),
            (
                _("+ received by the office, not by the bank"),
                grouped(sum_fen(record.unit_received)),
            ),
            (_("- paid by the office, not by the bank"), grouped(sum_fen(record.unit_paid))),
            (_("= adjusted balance of the bank"), grouped(adjusted_bank_fen)),
            (
                _("Difference of the adjusted balances"),
                grouped(record.adjusted_books_fen - adjusted_bank_fen),
            ),
        ]
    return [list(row) for row in rows]


def _item_rows(record: Reconciliation) -> list[list[str]]:
    return [
        *_bank_rows(_("received by the bank, not by the office"), record.bank_received),
        *_bank_rows(_("paid by the bank, not by the office"), record.bank_paid),
        *_unit_rows(_("received by the office, not by the bank"), record.unit_received),
        *_unit_rows(_("paid by the office, not by the bank"), record.unit_paid),
    ]


def _bank_rows(kind: str, items: Sequence[BankItem]) -> list[list[str]]:
    return [
        [kind, str(item.date), grouped(item.amount_fen), item.line, _bank_text(item)]
        for item in items
    ]


def _bank_text(item: BankItem) -> str:
    text = " ".join(part for part in (item.counterparty, item.text) if part)
    if item.by_hand is None:
        return text
    return _("{text} (entry by hand of {day})").format(text=text, day=item.by_hand)


def _unit_rows(kind: str, items: Sequence[UnitItem]) -> list[list[str]]:
    return [
        [kind, str(item.date), grouped(item.amount_fen), f"{item.file}:{item.line}", item.text]
        for item in items
    ]


def findings(record: Reconciliation) -> list[str]:
    """What somebody has to know or to do, a line each; empty when all is well."""
    lines = []
    if record.difference_fen is None:
        message = _(
            "The statements say no balance: ask the bank for its balance of {day}. It is"
            " {expected} when nothing is wrong."
        )
        lines.append(message.format(day=record.as_of, expected=grouped(record.expected_bank_fen)))
    elif record.difference_fen:
        lines.append(_difference_text(record, record.difference_fen))
    if record.bank_is_computed:
        lines.append(
            _(
                "The last statement lines say no balance: the bank's is computed from the one"
                " before and their amounts."
            )
        )
    if record.bank_as_of < record.as_of:
        message = _(
            "The statements reach to {reached}: what the bank did until {day} is not known."
        )
        lines.append(message.format(reached=record.bank_as_of, day=record.as_of))
    if record.unexplained:
        message = ngettext(
            "{count} statement line awaits an explanation: census-ledger explain LINE ACCOUNT.",
            "{count} statement lines await an explanation: census-ledger explain LINE ACCOUNT.",
            record.unexplained,
        )
        lines.append(message.format(count=record.unexplained))
    return lines


def _difference_text(record: Reconciliation, difference_fen: int) -> str:
    message = (
        _("The adjusted balances differ: the books have {amount} more than the bank.")
        if difference_fen > 0
        else _("The adjusted balances differ: the books have {amount} less than the bank.")
    )
    text = message.format(amount=grouped(abs(difference_fen)))
    opening_fen = record.bank_opening_fen
    if opening_fen is None or opening_fen == record.books_opening_fen:
        return text
    message = _(
        "Before the first statement line, of {day}, the bank had {bank} and the books {books}:"
        " correct the opening balance in journal/hand.beancount."
    )
    hint = message.format(
        day=record.first_line,
        bank=grouped(opening_fen),
        books=grouped(record.books_opening_fen),
    )
    return f"{text} {hint}"
