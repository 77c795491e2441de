"""Who signs here, which keys have no passphrase, and whether the newest batch is in a backup."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.keys.operator_key import read_operator_key
from ledger.keys.places import operator_key_path
from ledger.keys.places import operators_with_keys
from ledger.keys.places import witness_path
from ledger.keys.witness import Witness
from ledger.keys.witness import read_witness
from ledger.model.ids import BatchId
from ledger.model.operators import NO_NAME
from ledger.model.operators import SAFE_KEY
from ledger.model.operators import Operator


class Custody(Record):
    """Everybody who signs; ``without_passphrase`` are those whose keys on this machine have none.

    ``backup_seq`` is the newest event that is in a backup made on this machine, ``missing_batch``
    the newest batch if it was prepared after that.
    """

    operators: tuple[Operator, ...]
    without_name: tuple[str, ...]
    without_passphrase: tuple[str, ...]
    backup_seq: int | None
    missing_batch: BatchId | None


def custody(books: Books, registry_key: Path) -> Custody:
    """How keys and backups are kept."""
    everybody = books.history.operators.values()
    operators = tuple(one for one in everybody if one.id != SAFE_KEY and one.retired_seq is None)
    seen: Witness | None = None
    # What is wrong with it is said by what writes.
    with suppress(Refusal, OSError):
        seen = read_witness(witness_path(registry_key))
    backup_seq = seen.backup_seq if seen else None
    return Custody(
        operators,
        tuple(one.id for one in operators if one.name == NO_NAME),
        tuple(
            one.id
            for one in operators
            if one.id in operators_with_keys(registry_key)
            and _is_open(registry_key, one.id, books.settings.key)
        ),
        backup_seq,
        _newest_batch_after(books, backup_seq),
    )


def _is_open(registry_key: Path, operator: str, books: str) -> bool:
    path = operator_key_path(registry_key, operator)
    with suppress(Refusal, OSError):
        return not read_operator_key(path, operator=operator, books=books).has_passphrase
    return False


def _newest_batch_after(books: Books, backup_seq: int | None) -> BatchId | None:
    newest = books.history.last_prepared
    # guard: batch-in-a-backup
    if newest < 0 or (backup_seq is not None and newest <= backup_seq):
        return None
    return next(event.batch for event in books.history.events if event.seq == newest)
