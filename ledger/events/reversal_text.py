"""The text of an event that takes another back: its entries, the other way round."""

from __future__ import annotations

import datetime

from beancount.core import data

from ledger.base.masks import mask_numbers
from ledger.base.money import CURRENCY
from ledger.base.money import fen
from ledger.base.money import plain
from ledger.events.event_file import Drafting
from ledger.events.event_text import header
from ledger.events.event_text import quoted
from ledger.events.reversals import ON_THEIR_DAYS
from ledger.model.history import Event
from ledger.model.transitions import EventKind


def reversed_event(on: datetime.date, at: Drafting, target: Event, reason: str) -> str:
    """An event reversed on a day; what the bank stated is taken back on its own days.

    Whom a release names is named again, so that her history has it.
    """
    counted = target.entries or target.count
    amount = f" {target.count} {plain(target.amount_fen)} {CURRENCY}" if counted else ""
    batch = f" {quoted(target.batch)}" if target.batch or counted else ""
    facts = {"reverses": str(target.seq), "of": target.kind.value}
    if target.kind is EventKind.RELEASED:
        facts["payees"] = str(target.header.meta.get("payees", ""))
    facts["reason"] = mask_numbers(reason)
    own_days = target.kind in ON_THEIR_DAYS
    day = target.date if own_days else on
    parts = [header(day, at, f'"reversed"{batch}{amount}', facts)]
    parts += [_mirror(entry, entry.date if own_days else on) for entry in target.entries]
    return "\n".join(parts)


def _mirror(entry: data.Transaction, on: datetime.date) -> str:
    tags = "".join(f" #{tag}" for tag in sorted(entry.tags))
    links = "".join(f" ^{link}" for link in sorted(entry.links))
    narration = quoted(f"{entry.narration or ''} 冲销".strip())
    lines = [f"{on} * {quoted(entry.payee or '')} {narration}{tags}{links}"]
    if isinstance(entry.meta.get("payee-id"), str):
        lines.append(f"  payee-id: {quoted(entry.meta['payee-id'])}")
    # What was in the books by hand already has no postings here either.
    if entry.meta.get("by-hand"):
        lines.append(f"  by-hand: {entry.meta['by-hand']}")
    for account, amount_fen, batch in sorted(map(_turned, entry.postings), key=_debit_first):
        lines.append(f"  {account}  {plain(amount_fen)} {CURRENCY}")
        if batch:
            lines.append(f"    batch: {quoted(batch)}")
    return "\n".join(lines) + "\n"


def _turned(posting: data.Posting) -> tuple[str, int, str]:
    assert posting.units is not None and posting.units.number is not None
    return posting.account, -fen(posting.units.number), str((posting.meta or {}).get("batch", ""))


def _debit_first(turned: tuple[str, int, str]) -> bool:
    return turned[1] < 0
