"""What a batch was made by, and what people's records say by now.

Records take what is true at once: she has left, the account is another. A batch whose rows say
something else is not sent. One that is with the bank goes on, and whoever writes the record is
told.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from ledger.model.payees import Payee
from ledger.model.transitions import State
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.record_fields import field_names
from ledger.registry.registry import Registry

COMPARED = ("legal_name", "bank_name", "bank", "account")
NAMED_IN_A_MESSAGE = 10


class RecordsChanged(Refusal):
    """Somebody of a batch has left, or has another name, bank or account by now."""

    def __init__(self, batch: Batch, changed: Mapping[PayeeId, Collection[str]]) -> None:
        shown = [
            _("{payee} ({fields})").format(payee=payee, fields=_said_of(fields))
            for payee, fields in sorted(changed.items())
        ]
        more = ["…"] if len(shown) > NAMED_IN_A_MESSAGE else []
        message = _(
            "batch {batch} was made by records that have changed since: {people}. Void the batch,"
            " and make it again"
        )
        super().__init__(
            message.format(batch=batch.id, people=listed(shown[:NAMED_IN_A_MESSAGE] + more)),
            batch=batch.id,
            payees=sorted(changed),
            changed={payee: sorted(fields) for payee, fields in sorted(changed.items())},
        )


def require_records_of_batch(registry: Registry, batch: Batch, payees: Iterable[Payee]) -> None:
    """Raises RecordsChanged where a batch that was not sent yet is not what its people are now.

    ``payees`` are all of the batch, at least. Raises RowsMissing.
    """
    changed = changed_since(rows_of_batch(registry, batch), payees)
    if changed:  # guard: changed-record-not-sent
        raise RecordsChanged(batch, changed)


def changed_since(rows: Sequence[Instruction], payees: Iterable[Payee]) -> dict[PayeeId, list[str]]:
    """Whose record is not what was frozen, and in which fields; ``active`` of who has left."""
    by_id = {payee.payee_id: payee for payee in payees}
    changed: dict[PayeeId, list[str]] = {}
    for row in rows:
        payee = by_id[row.payee_id]
        fields = [name for name in COMPARED if getattr(payee, name) != getattr(row, name)]
        if not payee.active:  # guard: left-before-sent
            fields.append("active")
        if fields:
            changed[row.payee_id] = fields
    return changed


def waiting_batches(history: History, payees: Iterable[PayeeId]) -> dict[BatchId, list[PayeeId]]:
    """The batches in which these people's money waits for the bank, and whose of each."""
    found: dict[BatchId, list[PayeeId]] = {}
    for payee in payees:
        for standing in history.standings_of(payee).values():
            if standing.state in (State.IN_BANK, State.UNKNOWN):
                found.setdefault(standing.batch, []).append(payee)
    return found


def _said_of(fields: Collection[str]) -> str:
    """``has left``, or which fields are others now."""
    said = [_("has left")] if "active" in fields else []
    others = [field for field in fields if field != "active"]
    return listed(said + ([field_names(others)] if others else []))
