"""The settings that a batch was printed by, so that its papers come out again as they were.

The registry keeps their text under its digest, which the batch's event names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace

from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.settings import Settings
from ledger.disbursement.bank_profile import profile_from
from ledger.disbursement.payable import Profiles
from ledger.model.history import Batch
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.registry.registry import Registry

SETTINGS = "settings"
# What of the settings is seen on paper or in the bank's files.
SEEN = ("unit", "payout_title", "period", "boxes", "mask_identities", "remark")


class SettingsNotKept(Refusal):
    """The registry does not hold what a batch was printed by."""

    def __init__(self, batch: BatchId) -> None:
        message = _(
            "the registry does not hold what batch {batch} was printed by: restore books and"
            " registry from the same backup"
        )
        super().__init__(message.format(batch=batch), batch=batch)


@dataclass(frozen=True)
class PrintedBy:
    """The settings, the bank's formats and what the funds are called, when a batch was made."""

    settings: Settings
    profiles: Profiles
    funds: Mapping[FundCode, str]

    def to_text(self) -> bytes:
        """What the registry keeps."""
        own, other = self.profiles
        document = {
            **{name: getattr(self.settings, name) for name in SEEN},
            "own": asdict(own),
            "other": asdict(other),
            "funds": list(self.funds.items()),
        }
        return json.dumps(document, ensure_ascii=False, sort_keys=True).encode("utf-8")


def printed_now(books: Books, profiles: Profiles) -> PrintedBy:
    """What a batch would be printed by now."""
    return PrintedBy(books.settings, profiles, {fund.code: fund.name for fund in books.rules.funds})


def printed_then(books: Books, registry: Registry, batch: Batch) -> PrintedBy:
    """What a batch was printed by. Raises SettingsNotKept."""
    named = str(batch.header.meta.get(SETTINGS, ""))
    content = registry.frozen(named)
    if content is None or digest(content) != named:  # guard: settings-as-printed
        raise SettingsNotKept(batch.id)
    document = json.loads(content)
    seen = {name: document[name] for name in SEEN}
    settings = replace(books.settings, **{**seen, "boxes": tuple(seen["boxes"])})
    profiles = profile_from(document["own"]), profile_from(document["other"])
    return PrintedBy(settings, profiles, dict(document["funds"]))
