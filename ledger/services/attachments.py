"""Signed and scanned lists are filed with a batch: digest in the books, bytes in the registry."""

from __future__ import annotations

import datetime
from pathlib import Path

from importers.incoming import read_file
from ledger.base import durable
from ledger.base.actor_and_clock import require_near
from ledger.base.digests import digest
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.masks import mask_numbers
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.refusals import reason
from ledger.books.batch_lookup import BeforeTheBatch
from ledger.books.batch_lookup import find_batch
from ledger.books.books import Books
from ledger.books.filed_lists import filed_content
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import require_role
from ledger.events.attachments import filed_before
from ledger.events.event_text import attached_event
from ledger.model.history import Attachment
from ledger.model.history import Batch
from ledger.model.ids import BatchId
from ledger.model.months import require_open
from ledger.model.transitions import EventKind
from ledger.registry.registry import Registry
from ledger.services.unit_of_work import Work

MOST_BYTES = 20 * 1024 * 1024
_MEGABYTE = 1024 * 1024
_BEGINNINGS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}


class NotAScan(Refusal):
    """A file that is neither PDF nor JPEG nor PNG, whatever it is called."""

    def __init__(self, file: str) -> None:
        kinds = listed(kind.upper() for kind in _BEGINNINGS)
        message = _("{file} is no {kinds} by its content: scan the signed list as one of these")
        super().__init__(message.format(file=file, kinds=kinds))


class ScanTooLarge(Refusal):
    """A file that would make every backup heavy."""

    def __init__(self, file: str, size: int) -> None:
        message = _("{file} has {size} MB, and {most} MB are the most: scan it with fewer dots")
        super().__init__(
            message.format(file=file, size=f"{size / _MEGABYTE:.1f}", most=MOST_BYTES // _MEGABYTE),
            size=size,
        )


class FiledBefore(Refusal):
    """A file that is filed with this batch, or with another."""

    def __init__(self, file: str, batch: Batch, attachment: Attachment) -> None:
        message = _("{file} is filed already: event {event} has filed it with batch {batch}")
        super().__init__(
            message.format(file=file, event=attachment.event, batch=batch.id),
            batch=batch.id,
            event=attachment.event,
        )


class NothingFiled(Refusal):
    """A batch with no list."""

    def __init__(self, batch: Batch) -> None:
        message = _("no signed list is filed with batch {batch}")
        super().__init__(message.format(batch=batch.id), batch=batch.id)


class VoidTakesNoList(Refusal):
    """A void batch, whose lists are worth nothing."""

    def __init__(self, batch: Batch) -> None:
        message = _("batch {batch} is void: no list is filed with it")
        super().__init__(message.format(batch=batch.id), batch=batch.id)


class NotTakenOut(Refusal):
    """A file cannot be written, or stands there already."""

    def __init__(self, path: Path, error: OSError) -> None:
        message = _("{path} cannot be written ({error}): name an empty folder")
        super().__init__(message.format(path=path, error=reason(error)))


class Filed(Record):
    """A list that was filed, and with which batch."""

    batch: BatchId
    attachment: Attachment


def attach(work: Work, name: BatchId, path: Path, on: datetime.date) -> Filed:
    """File a signed and scanned list with a batch.

    Raises NoSuchBatch, VoidTakesNoList, BeforeTheBatch, DateAhead, MonthClosed, RoleMissing,
    FileUnreadable, NotAScan, ScanTooLarge or FiledBefore.
    """
    history = work.books.history
    batch = find_batch(work.books, name)
    require_role(history, work.acting.actor.operator, EventKind.ATTACHED)
    if batch.voided:  # guard: void-batch-takes-no-list-by-command
        raise VoidTakesNoList(batch)
    require_near(on, work.today)
    if on < batch.date:  # guard: list-after-its-batch-by-command
        raise BeforeTheBatch(batch, on)
    require_open(history.closed, on)
    file = file_name(path)
    content = read_scan(path)
    kind = kind_of_scan(file, content)
    before = filed_before(history.batches.values(), digest(content))
    if before:  # guard: list-filed-once-by-command
        raise FiledBefore(file, *before)
    with work.keeping_evidence() as registry:
        sha256 = registry.keep_original(file, "scan", content)
    called = mask_numbers(file)
    text = attached_event(on, work.writer.drafting, batch.id, sha256, called, kind, len(content))
    work.commit(Draft("attached", batch.id, text.encode("utf-8")))
    return Filed(batch.id, work.books.history.batches[batch.id].attached[-1])


def read_scan(path: Path) -> bytes:
    """The file's bytes. Raises FileUnreadable or ScanTooLarge."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # Whoever reads it says what is wrong.
    if size > MOST_BYTES:  # guard: scan-not-too-large
        raise ScanTooLarge(file_name(path), size)
    return read_file(path)


def kind_of_scan(file: str, content: bytes) -> str:
    """pdf, jpg or png, by the bytes that such a file begins with. Raises NotAScan."""
    for kind, beginning in _BEGINNINGS.items():
        if content.startswith(beginning):  # guard: scan-by-content
            return kind
    raise NotAScan(file)


def take_out(books: Books, registry: Registry, name: BatchId, folder: Path) -> list[Path]:
    """Write every list of a batch into a folder, each under the batch and its event.

    Nothing is replaced. Raises NoSuchBatch, NothingFiled, ListLost or NotTakenOut.
    """
    batch = find_batch(books, name)
    if not batch.attached:
        raise NothingFiled(batch)
    contents = [(one, filed_content(registry, one)) for one in batch.attached]
    paths = []
    for attachment, content in contents:
        path = folder / f"{batch.id}-签字名单-{attachment.event}.{attachment.kind}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            durable.create_file(path, content, mode=durable.FOR_THE_OWNER)
        except OSError as error:
            raise NotTakenOut(path, error) from error
        paths.append(path)
    return paths
