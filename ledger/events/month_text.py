"""The text of events that close a month, or open one again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ledger.base.digests import Digest
from ledger.base.masks import mask_numbers
from ledger.events.event_file import Drafting
from ledger.events.event_text import header
from ledger.model.months import Month


def closed_event(
    on: datetime.date,
    at: Drafting,
    month: Month,
    *,
    report: Digest,
    figures: Digest,
    outside: Digest,
    log: str,
    marks: Sequence[str],
) -> str:
    """A month is as it stands from now on: see :class:`~ledger.model.months.Closing`."""
    facts = {
        "month": str(month),
        "report": report,
        "figures": figures,
        "outside": outside,
        "log": log,
        "marks": " ".join(marks),
    }
    return header(on, at, '"closed"', facts)


def reopened_event(on: datetime.date, at: Drafting, month: Month, reason: str) -> str:
    """The last closed month may be changed again."""
    facts = {"month": str(month), "reason": mask_numbers(reason)}
    return header(on, at, '"reopened"', facts)
