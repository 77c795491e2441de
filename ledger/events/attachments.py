"""Signed and scanned lists of a batch, in the fold: which are filed, each by its digest.

    2020-11-20 custom "census-event" 5 "attached" "B2020-001"
      original: "…"     ; SHA-256 of the file, which the registry keeps
      file: "荆河街道签字表.pdf"
      type: "pdf"
      size: "182734"

They move no money and no state: nothing about the batch is refused because of the day of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.model.history import Attachment
from ledger.model.history import Batch
from ledger.model.history import Event

TYPES = ("pdf", "jpg", "png")
_DIGEST = re.compile("[0-9a-f]{64}")
_SIZE = re.compile("[1-9][0-9]{0,9}")


def read_attachment(event: Event) -> Attachment | None:
    """What an event files; None where its header does not say it."""
    meta = event.header.meta
    sha256, kind, size = (str(meta.get(key, "")) for key in ("original", "type", "size"))
    if not (_DIGEST.fullmatch(sha256) and _SIZE.fullmatch(size) and kind in TYPES):
        return None
    by, name = str(meta.get("by", "")), str(meta.get("file", ""))
    return Attachment(event.seq, Digest(sha256), name, kind, int(size), by, event.date)


def filed_before(batches: Iterable[Batch], sha256: Digest) -> tuple[Batch, Attachment] | None:
    """The batch that has a file already, and as what."""
    return next(
        ((batch, one) for batch in batches for one in batch.attached if one.sha256 == sha256), None
    )


def fault_of_attachment(
    event: Event, attachment: Attachment | None, batch: Batch, batches: Iterable[Batch]
) -> str | None:
    """Why a file is not filed with the batch; None where it is."""
    if attachment is None or event.entries:  # guard: attachment-is-a-file
        return _("a filed list says its digest, type and size, and moves no money")
    if batch.voided:  # guard: void-batch-takes-no-list
        return _("batch {batch} is void: nothing happens to it any more").format(batch=batch.id)
    if event.date < batch.date:  # guard: list-after-its-batch
        return _("a list is signed after batch {batch} was prepared").format(batch=batch.id)
    if filed_before(batches, attachment.sha256):  # guard: list-filed-once
        return _("this list is filed already")
    return None
