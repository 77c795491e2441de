"""What somebody looks at who approves a batch: how much, to whom, and what is not as it was."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.masks import mask_account
from ledger.base.records import Record
from ledger.books.books import Books
from ledger.budget.approvals import other_rules_before
from ledger.budget.approvals import those_before
from ledger.controls.invariants import CASH
from ledger.controls.invariants import read_recorded
from ledger.controls.invariants import used_by
from ledger.figures.status import batch_towns
from ledger.model.history import Batch
from ledger.model.ids import FundComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import TownComponent
from ledger.model.instructions import Instruction
from ledger.model.payees import bare_number
from ledger.model.payees import same_account
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.registry import Registry


class Ceiling(Record):
    """What was available of a line (``01:30226劳务费``), a fund or in cash, and what is used."""

    name: str
    available_fen: int
    used_fen: int

    @property
    def word(self) -> str:
        """The line, the fund or the cash, in the user's language."""
        return _("cash") if self.name == CASH else self.name


class Reviewed(Record):
    """Somebody of a batch, with what is to be looked at: an ending of an account, or of two."""

    payee: PayeeId
    name: str
    town: str
    amount_fen: int
    accounts: tuple[str, ...]


class BatchReview(Record):
    """A batch as it was prepared, against what was paid before it.

    ``towns`` and ``funds`` are people and fen. ``new`` are those to whom nothing was sent before,
    ``changed`` those who had another account when something was, ``shared`` the groups with one
    account. ``rules_before`` are the approval rules by which batches asked before it, where they
    were others.
    """

    towns: dict[TownComponent, tuple[int, int]]
    funds: dict[FundComponent, tuple[int, int]]
    ceilings: tuple[Ceiling, ...]
    new: tuple[Reviewed, ...]
    changed: tuple[Reviewed, ...]
    shared: tuple[tuple[Reviewed, ...], ...]
    rules_before: str | None


def review(books: Books, registry: Registry, batch: Batch) -> BatchReview:
    """Look at a batch. Raises RowsMissing."""
    rows = rows_of_batch(registry, batch)
    last_sent = _last_sent(books, registry, batch)
    earlier = those_before(books.history.batches.values(), batch)
    return BatchReview(
        batch_towns(batch),
        _funds(batch),
        tuple(_ceilings(batch)),
        tuple(_shown(row) for row in rows if row.payee_id not in last_sent),
        tuple(
            _shown(row, before)
            for row in rows
            if (before := last_sent.get(row.payee_id)) and _account(before) != _account(row)
        ),
        tuple(_shared(rows, last_sent)),
        other_rules_before(earlier, batch.asked.rules),
    )


def _last_sent(books: Books, registry: Registry, batch: Batch) -> dict[PayeeId, Instruction]:
    """What was sent to each person last before a batch, and not taken back."""
    sent: dict[PayeeId, Instruction] = {}
    for earlier in books.history.batches.values():
        if earlier.id == batch.id:
            break
        if not earlier.voided:
            sent |= {row.payee_id: row for row in rows_of_batch(registry, earlier)}
    return sent


def _funds(batch: Batch) -> dict[FundComponent, tuple[int, int]]:
    totals: dict[FundComponent, tuple[int, int]] = {}
    for payee, (fund, _town) in batch.places.items():
        people, amount_fen = totals.get(fund, (0, 0))
        totals[fund] = (people + 1, amount_fen + batch.amounts_fen[payee])
    return dict(sorted(totals.items()))


def _ceilings(batch: Batch) -> list[Ceiling]:
    used_fen = used_by(batch)
    recorded_fen = read_recorded(str(batch.header.meta.get("ceilings", "")))
    return [
        Ceiling(name, available_fen, used_fen[name])
        for name, available_fen in recorded_fen.items()
        if name in used_fen
    ]


def _shared(
    rows: Sequence[Instruction], last_sent: dict[PayeeId, Instruction]
) -> list[tuple[Reviewed, ...]]:
    """Those of the batch with one account, and with them whom something was sent by it before."""
    groups: dict[str, dict[PayeeId, Instruction]] = {}
    for row in (*last_sent.values(), *rows):
        groups.setdefault(_account(row), {})[row.payee_id] = row
    of_batch = {_account(row) for row in rows}
    return [
        tuple(map(_shown, group.values()))
        for account, group in groups.items()
        if account in of_batch and len(group) > 1
    ]


def _account(row: Instruction) -> str:
    return same_account(bare_number(row.account))


def _shown(row: Instruction, before: Instruction | None = None) -> Reviewed:
    accounts = [before.account] if before else []
    endings = tuple(mask_account(account) for account in (*accounts, row.account))
    return Reviewed(row.payee_id, row.legal_name, row.town_name, row.amount_fen, endings)
