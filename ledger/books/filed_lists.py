"""Signed lists that are filed with batches: the registry holds each as it came."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.events.attachments import read_attachment
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.history import Attachment
from ledger.model.transitions import EventKind
from ledger.registry.registry import Registry

ORIGINAL = "original"


class ListLost(Refusal):
    """The registry does not hold the bytes that the books speak of."""

    def __init__(self, attachment: Attachment) -> None:
        message = _(
            "the registry does not hold the signed list that event {event} has filed: restore"
            " books and registry from the same backup"
        )
        super().__init__(message.format(event=attachment.event), event=attachment.event)


def filed_content(registry: Registry, attachment: Attachment) -> bytes:
    """The bytes of a list, as they were filed. Raises ListLost."""
    content = registry.find_original(attachment.sha256)
    if content is None or digest(content) != attachment.sha256:  # guard: list-as-filed
        raise ListLost(attachment)
    return content


def check_filed_lists(books: Books, registry: Registry) -> Iterator[Finding]:
    """A finding at the event of each list that is not there as it was; also of one taken back."""
    for event in books.history.events:
        attachment = read_attachment(event) if event.kind is EventKind.ATTACHED else None
        if attachment is not None:
            try:
                filed_content(registry, attachment)
            except ListLost as lost:
                yield at(event.header, ORIGINAL, str(lost))
