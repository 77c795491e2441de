"""The chain of events as it lies in the books' folder, against heads that paper says."""

from __future__ import annotations

import re

from ledger.base.digests import Digest
from ledger.base.records import Record
from ledger.events.event_file import NO_EVENT
from ledger.events.event_file import Head
from reports.pdf.provenance import BETWEEN
from reports.pdf.provenance import HEAD_DIGITS
from reports.pdf.provenance import head_text

_PRINTED = re.compile(rf"(\d{{1,9}}){BETWEEN}([0-9a-f]{{{HEAD_DIGITS}}})")


class Chain(Record):
    """The digests of the events, in the order of their numbers."""

    digests: tuple[Digest, ...]

    @property
    def newest(self) -> Head:
        return self.at(len(self.digests) - 1) or NO_EVENT

    def at(self, seq: int) -> Head | None:
        """The head that the chain had when event ``seq`` was its newest; None beyond the chain."""
        return Head(seq, self.digests[seq]) if 0 <= seq < len(self.digests) else None

    def beginning(self, digits: str) -> list[Head]:
        """The events whose digests begin with these hex digits: one at most, by all that is known.

        Who makes two events for it can make them begin alike.
        """
        return [
            Head(seq, sha256)
            for seq, sha256 in enumerate(self.digests)
            if sha256.startswith(digits)
        ]

    def printed(self, text: str) -> Head | None:
        """The head that a page says, ``23·90a131b41b5fd7ec``, if it is one of this chain."""
        found = _PRINTED.fullmatch(text)
        head = self.at(int(found[1])) if found else None
        # guard: head-on-the-chain
        return head if found and head and head.sha256.startswith(found[2]) else None

    def instead_of(self, text: str) -> str:
        """What would have to stand on a page whose head is not of this chain."""
        found = _PRINTED.fullmatch(text)
        return head_text((self.at(int(found[1])) if found else None) or self.newest)
