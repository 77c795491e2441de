"""The log told again from its beginning: are the records what follows from it?

Whoever has the registry's key can write into the file. What was written past the log, or into it,
shows here: entries are chained and signed, and a record is what its changes have made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from typing import TypeAlias

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.records import Record
from ledger.base.records import field
from ledger.base.refusals import Refusal
from ledger.model.payees import Payee
from ledger.model.payees import payee_id
from ledger.registry.change_log import ADDED
from ledger.registry.change_log import FIELDS
from ledger.registry.change_log import record_of_payee
from ledger.registry.change_log import record_of_text
from ledger.registry.registry import Registry
from ledger.registry.signed_log import NOTHING_BEFORE
from ledger.registry.signed_log import ChangeRow
from ledger.registry.signed_log import LogEntry
from ledger.registry.signed_log import digest_of_entry

NAMED_IN_A_MESSAGE = 10
# Whether whoever is said to have made an entry of this digest has signed it, and might do so.
Verify: TypeAlias = Callable[[LogEntry, bytes], bool]


class LogBroken(Refusal):
    """An entry of the registry's log is not as it was written, so nobody's record is sure."""

    def __init__(self, entry: int) -> None:
        message = _(
            "the registry's log of changes is not as it was written (entry {entry}), and nobody is"
            " paid by it: restore books and registry from the same backup"
        )
        super().__init__(message.format(entry=entry), entry=entry)


class RecordsDiffer(Refusal):
    """Records of people who would be paid are not what the log has made of them."""

    def __init__(self, payees: Sequence[str]) -> None:
        named = [*payees[:NAMED_IN_A_MESSAGE], *(["…"] if payees[NAMED_IN_A_MESSAGE:] else [])]
        message = _(
            "the registry's records of {payees} are not what its log of changes says: somebody has"
            " written past it, and they are not paid so. Restore books and registry from the same"
            " backup"
        )
        super().__init__(message.format(payees=listed(named)), payees=list(payees))


class Replayed(Record):
    """What does not agree.

    ``broken`` are the numbers of entries whose digest, place in the chain or signature is wrong,
    or which only changes speak of. ``differing`` are the fields of records that are not what the
    log says, by serial: all of them for somebody whom only one of the two knows.
    """

    broken: Sequence[int] = ()
    differing: dict[int, tuple[str, ...]] = field(default_factory=dict)


def replay_registry(registry: Registry, verify: Verify | None = None) -> Replayed:
    """Compare the log with itself and with the records. Without ``verify`` nobody judges
    signatures.

    Most records are as they came, and SQLite has compared these: the others are told again.
    """
    log = registry.log
    broken = broken_entries(log.entries(), log.texts(), verify)
    others = registry.not_as_added()
    return Replayed(broken, differing_records(registry.payees_of(others), log.changes_of(others)))


def broken_entries(
    entries: Sequence[LogEntry],
    texts: Iterable[tuple[int, str]],
    verify: Verify | None,
) -> list[int]:
    """The numbers of entries that are not as they were written, or not where they were.

    ``texts`` are of all changes in the order in which they are read, with the numbers of their
    entries. What is read later was made later: else an older decision would come back.
    """
    changes: dict[int, list[str]] = {}
    broken = set()
    newest = 0
    for number, text in texts:
        changes.setdefault(number, []).append(text)
        if number < newest:  # guard: changes-in-their-order
            broken.add(number)
        newest = max(newest, number)
    broken |= set(changes) - {entry.number for entry in entries}
    previous = NOTHING_BEFORE
    for expected, entry in enumerate(entries, start=1):
        digest = digest_of_entry(
            previous, entry.by, entry.at, entry.known_event, changes.get(entry.number, [])
        )
        is_whole = (entry.number, entry.previous, entry.digest) == (
            expected,
            previous,
            digest.hex(),
        )
        if not is_whole:  # guard: chain-of-changes
            broken.add(entry.number)
        # guard: change-signed
        if verify is not None and not verify(entry, digest):
            broken.add(entry.number)
        previous = entry.digest
    return sorted(broken)


def differing_records(
    payees: Iterable[Payee], changes: Iterable[ChangeRow]
) -> dict[int, tuple[str, ...]]:
    """By serial, the fields that are not what changes have made of the record that was added."""
    added: dict[int, str] = {}
    changed: dict[int, dict[str, str]] = {}
    for serial, name, _old, new, *_where in changes:
        if serial is None:
            continue
        if name == ADDED:
            added[serial] = new
        else:
            changed.setdefault(serial, {})[name] = new
    differing = {}
    for payee in payees:
        text = added.pop(payee.serial, "")
        record = record_of_payee(payee)
        logged = record_of_text(text) | changed.get(payee.serial, {}) if text else {}
        names = tuple(name for name in FIELDS if logged.get(name) != record[name])
        if names:  # guard: record-as-logged
            differing[payee.serial] = names
    return differing | dict.fromkeys(added, FIELDS)


def require_logged(registry: Registry, payees: Iterable[str], verify: Verify | None = None) -> None:
    """Nobody of these is paid by a record that the log does not vouch for.

    Raises LogBroken or RecordsDiffer.
    """
    replayed = replay_registry(registry, verify)
    if replayed.broken:
        raise LogBroken(replayed.broken[0])
    differing = set(map(payee_id, replayed.differing))
    if wrong := sorted(differing.intersection(payees)):  # guard: paid-as-logged
        raise RecordsDiffer(wrong)
