"""Checking the books as a whole: what the ledger says, what the registry and the folders hold."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import HELD
from ledger.base.books_folder import MANIFEST
from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.books_folder import RESTORED
from ledger.base.digests import digest
from ledger.base.digests import file_digest
from ledger.base.file_names import is_litter
from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import children
from ledger.base.plain_files import is_file
from ledger.base.plain_files import read_plain
from ledger.base.refusals import Refusal
from ledger.books.batch_folder import place_of_batch
from ledger.books.batch_folder import place_of_papers
from ledger.books.beancount_messages import in_the_users_words
from ledger.books.books import Books
from ledger.books.books import place
from ledger.books.consistency import by_operators
from ledger.books.consistency import require_anchored
from ledger.books.consistency import require_log
from ledger.books.consistency import require_people
from ledger.books.consistency import require_witnessed
from ledger.books.filed_lists import check_filed_lists
from ledger.books.kept_months import check_kept_months
from ledger.books.permissions import open_to_others
from ledger.books.permissions import readers
from ledger.books.places import BATCH_NAME
from ledger.books.places import listing
from ledger.books.places import strays
from ledger.books.restored_papers import is_paper
from ledger.books.restored_papers import read_restored
from ledger.controls.entered_payments import compare_with_rows
from ledger.keys.witness import read_witness
from ledger.model.history import Batch
from ledger.model.history import payee_links
from ledger.model.ids import BatchId
from ledger.model.instructions import thaw
from ledger.model.payees import payee_id
from ledger.model.transitions import EventKind
from ledger.payments.paid_numbers import doubts_of
from ledger.registry.frozen_rows import PaidRowsMissing
from ledger.registry.frozen_rows import RowsMissing
from ledger.registry.frozen_rows import rows_paid_before
from ledger.registry.log_replay import replay_registry
from ledger.registry.record_fields import field_name
from ledger.registry.record_fields import field_names
from ledger.registry.registry import Registry

# Of these, books are not what the tool has written, and who has a copy does not go on with them.
# Everything else is of the books' own making, and is there to be corrected in them.
GRAVE = frozenset(
    {
        "chain",
        "closed_report",
        "event",
        "format",
        "log",
        "operator",
        "plugin",
        "record",
        "registry",
        "role",
        "rows",
        "signature",
    }
)


# What only the registry can say, by the codes of what would be found.
NOT_CHECKED = (
    "registry", "witness", "log", "record", "rows", "paid_number", "original", "closed_report",
    "closed_record", "closed_figures",
)  # fmt: skip


class Complaint(NamedTuple):
    """Something that does not agree: where (relative to the books), which rule, and what."""

    file: str
    line: int
    code: str
    message: str


def check_books(
    books: Books, registry: Registry | None, witness_file: Path, *, with_artefacts: bool
) -> list[Complaint]:
    """Everything that does not agree, in the order in which to correct it.

    Without the ``registry`` only what is text and papers: NOT_CHECKED is not.
    """
    problems = [
        Complaint(stray.name, 0, "permissions", stray.message)
        for stray in open_to_others(books.folder, readers(books.settings.group))
    ]
    if registry is None:
        return check_text(books, with_artefacts=with_artefacts, besides=problems)
    return check_content(
        books, registry, witness_file, with_artefacts=with_artefacts, besides=problems
    )


def check_text(
    books: Books, *, with_artefacts: bool, besides: Sequence[Complaint]
) -> list[Complaint]:
    """What can be checked without the registry's key."""
    problems = [ledger_problem(error, books.folder) for error in books.errors]
    problems += [*check_places(books.folder), *besides]
    for batch in books.history.batches.values() if with_artefacts else ():
        problems += check_artefacts(books, batch)
    return [*problems, *check_strays(books)]


def check_content(
    books: Books,
    registry: Registry,
    witness_file: Path | None = None,
    *,
    with_artefacts: bool,
    besides: Sequence[Complaint] = (),
) -> list[Complaint]:
    """The same but for who can read the folder, which is not the books' own matter.

    Without a ``witness_file`` nobody asks what this machine has seen.
    """
    problems = [ledger_problem(error, books.folder) for error in books.errors]
    problems += [*check_places(books.folder), *besides]
    if damage := registry.file.damage():
        message = _(
            "the file is damaged ({detail}): restore books and registry from the same backup"
        )
        message = message.format(detail=damage[0].splitlines()[0])
        return [*problems, Complaint(REGISTRY_FILE, 0, "registry", message)]
    problems += check_agreement(books, registry, witness_file)
    problems += check_log(books, registry)
    for batch in books.history.batches.values():
        problems += check_rows(books, batch, registry)
        problems += check_printed_by(books, batch, registry)
        if with_artefacts:
            problems += check_artefacts(books, batch)
    problems += check_rows_paid_before(books, registry)
    problems += check_numbers(books, registry)
    problems += check_originals(books, registry)
    problems += [ledger_problem(one, books.folder) for one in check_kept_months(books, registry)]
    problems += [ledger_problem(one, books.folder) for one in check_filed_lists(books, registry)]
    problems += check_strays(books)
    return problems


def grave(complaints: Iterable[Complaint]) -> Complaint | None:
    """The first for which books are not gone on with, if there is one."""
    return next((one for one in complaints if one.code in GRAVE), None)


def check_agreement(
    books: Books, registry: Registry, witness_file: Path | None
) -> Iterator[Complaint]:
    """None of the three was put back to an older state; rows are checked by batch."""
    # A chain that is broken has a finding of its own, which says what to restore.
    chain_is_whole = not any(getattr(error, "code", "") == "chain" for error in books.errors)
    try:
        if chain_is_whole:
            require_anchored(books.folder, registry)
            require_log(books.history, registry)
        require_people(books, registry)
    except Refusal as refusal:
        yield Complaint(REGISTRY_FILE, 0, "registry", str(refusal))
    try:
        seen = read_witness(witness_file) if witness_file else None
        if seen is not None and chain_is_whole:
            require_witnessed(seen, books, registry)
    except Refusal as refusal:
        yield Complaint(HEAD_FILE, 0, "witness", str(refusal))


def check_log(books: Books, registry: Registry) -> Iterator[Complaint]:
    """The log is as it was written, and everybody's record is what follows from it."""
    replayed = replay_registry(registry, by_operators(books.history))
    for number in replayed.broken:
        message = _(
            "entry {entry} of the log of changes is not as it was written: restore books and"
            " registry from the same backup"
        )
        yield Complaint(REGISTRY_FILE, 0, "log", message.format(entry=number))
    for serial, names in sorted(replayed.differing.items()):
        message = _(
            "the record of {payee} is not what the log of changes says ({fields}): restore books"
            " and registry from the same backup"
        )
        message = message.format(payee=payee_id(serial), fields=field_names(names))
        yield Complaint(REGISTRY_FILE, 0, "record", message)


def check_originals(books: Books, registry: Registry) -> Iterator[Complaint]:
    """The bank's file that a result was taken from is in the registry: the evidence of it."""
    kept = registry.originals()
    for event in books.history.events:
        original = str(event.header.meta.get("original", ""))
        if event.kind is EventKind.ATTACHED:
            continue
        if original and original not in kept:  # guard: result-file-kept
            file, line = place(event.header.meta, books.folder)
            message = _("the registry does not hold the file that this event is from")
            yield Complaint(file, line, "original", message)


def check_places(folder: Path) -> list[Complaint]:
    """What stands where it does not belong, links and pipes."""
    return [Complaint(stray.name, 0, "place", stray.message) for stray in strays(listing(folder))]


def check_strays(books: Books) -> Iterator[Complaint]:
    """A folder named as a batch that no event has prepared: a copy, or books that went back."""
    folders = [*children(books.folder / PAYOUTS), *children(books.folder / HELD)]
    for path, kind in folders:
        if kind is not Kind.FOLDER or not BATCH_NAME.fullmatch(path.name):
            continue
        name = path.relative_to(books.folder).as_posix()
        batch = books.history.batches.get(BatchId(path.name))
        if batch is None:
            message = _(
                "no event has prepared this batch: it is a copy, or the books were put back to an"
                " older state. Do not pay by it; move it elsewhere"
            )
            yield Complaint(name, 0, "artefacts", message)
        elif name != place_of_batch(batch):  # guard: papers-where-they-belong
            message = _(
                "the papers of batch {batch} belong into {folder}: do not pay by what lies here;"
                " move it elsewhere"
            )
            if name == place_of_papers(batch.id, held=True):
                message = _(
                    "batch {batch} is approved, and its papers belong into {folder}: the next"
                    " command that writes puts them there, unless something stands there already"
                )
            message = message.format(batch=batch.id, folder=place_of_batch(batch))
            yield Complaint(name, 0, "artefacts", message)


def ledger_problem(error: Any, folder: Path) -> Complaint:
    """An error of Beancount's or of the plugin's; its code is the rule or Beancount's class."""
    filename, line = place(error.source or {}, folder)
    code = getattr(error, "code", type(error).__name__)
    return Complaint(filename, line, code, in_the_users_words(str(error.message)))


def check_rows(books: Books, batch: Batch, registry: Registry) -> Iterator[Complaint]:
    """The frozen rows are in the registry, unchanged, and are what the ledger entered."""
    file, line = place(batch.header.meta, books.folder)
    frozen = registry.frozen(batch.rows)
    if frozen is None:
        message = _("the registry does not hold the rows of batch {batch}").format(batch=batch.id)
        yield Complaint(file, line, "rows", message)
        return
    try:
        rows = thaw(frozen) if digest(frozen) == batch.rows else None
    except ValueError:
        rows = None
    if rows is None:
        message = _("the registry's rows of batch {batch} are not those that were prepared")
        yield Complaint(file, line, "rows", message.format(batch=batch.id))
        return
    event = next(event for event in books.history.events if event.header is batch.header)
    for wrong in compare_with_rows(event, batch, rows):
        file, line = place(wrong.directive.meta, books.folder)
        yield Complaint(file, line, "rows", wrong.message)


def check_rows_paid_before(books: Books, registry: Registry) -> Iterator[Complaint]:
    """The registry holds whom payments from before the books were for, and they were entered."""
    for event in books.history.in_force:
        if event.kind is not EventKind.PAID_BEFORE:
            continue
        file, line = place(event.header.meta, books.folder)
        try:
            rows = rows_paid_before(registry, event)
        except PaidRowsMissing as missing:
            yield Complaint(file, line, "rows", str(missing))
            continue
        entered = {payee for entry in event.entries for payee in payee_links(entry)}
        kept = {row.payee_id: row.amount_fen for row in rows}
        # guard: paid-before-as-entered
        if entered != kept.keys() or sum(kept.values()) != event.amount_fen:
            message = _("the entries of event {event} are not of the people in the registry's rows")
            yield Complaint(file, line, "rows", message.format(event=event.seq))


def check_printed_by(books: Books, batch: Batch, registry: Registry) -> Iterator[Complaint]:
    """The registry has what a lost paper of the batch would be written again by."""
    for name in ("manifest", "settings"):
        named = str(batch.header.meta.get(name, ""))
        content = registry.frozen(named) if named else None
        # guard: printed-by-kept
        if named and (content is None or digest(content) != named):
            file, line = place(batch.header.meta, books.folder)
            message = _(
                "the registry does not hold what batch {batch} was printed by, and a lost paper"
                " could not be written again: restore books and registry from the same backup"
            )
            yield Complaint(file, line, "artefacts", message.format(batch=batch.id))
            return


def check_numbers(books: Books, registry: Registry) -> Iterator[Complaint]:
    """Nobody waits for the bank in a batch by a number that money for somebody else went by."""
    history = books.history
    waiting = {
        payee for batch in history.batches.values() if batch.is_here for payee in batch.outcomes
    }
    if not waiting:
        return
    payees = [payee for payee in registry.payees() if payee.payee_id in waiting]
    try:
        doubts = doubts_of(history, registry, payees, datetime.date.max)
    except (RowsMissing, PaidRowsMissing):
        return  # Which rows are missing is said already.
    for pair in doubts:  # guard: number-paid-checked
        batch = next(
            one for one in history.batches.values() if one.is_here and pair.payee in one.outcomes
        )
        file, line = place(batch.header.meta, books.folder)
        message = _(
            "{payee} is in batch {batch}, which was not submitted, and money for {other} went by"
            " the same {field}: decide whether they are two people, or void the batch"
        )
        message = message.format(
            payee=pair.payee, batch=batch.id, other=pair.other, field=field_name(pair.field)
        )
        yield Complaint(file, line, "paid_number", message)


def check_artefacts(books: Books, batch: Batch) -> Iterator[Complaint]:
    """What was printed and sent is in the batch's folder, byte for byte, or was written again."""
    relative = place_of_batch(batch)
    artefacts = books.folder / relative
    try:
        manifest = read_plain(artefacts / MANIFEST)
    except OSError:
        message = _("the manifest is missing: have the batch's papers written again")
        yield Complaint(f"{relative}/{MANIFEST}", 0, "artefacts", message)
        return
    if digest(manifest) != batch.manifest:
        message = _("the manifest is not that of the batch: have its papers written again")
        yield Complaint(f"{relative}/{MANIFEST}", 0, "artefacts", message)
        return
    document = json.loads(manifest)
    if document["date"] != batch.date.isoformat():
        message = _("the manifest is of {day}").format(day=document["date"])
        yield Complaint(f"{relative}/{MANIFEST}", 0, "artefacts", message)
    restored = read_restored(artefacts, batch, books.history)
    listed_names = {MANIFEST, *(file["name"] for file in document["files"])}
    if restored:
        listed_names.add(RESTORED)
    for path, _kind in children(artefacts):
        if path.name not in listed_names and not is_litter(path.name):
            message = _("this file is not of the batch: do not send it to the bank; move it away")
            yield Complaint(f"{relative}/{path.name}", 0, "artefacts", message)
    for file in document["files"]:
        path = artefacts / file["name"]
        name = f"{relative}/{file['name']}"
        if not is_file(path):
            message = _("the file is missing: have it written again")
            yield Complaint(name, 0, "artefacts", message)
        elif not is_paper(file["name"], file_digest(path), file["sha256"], restored):
            message = _(
                "the file was changed after it was made: do not send it to the bank, and have it"
                " written again"
            )
            yield Complaint(name, 0, "artefacts", message)
