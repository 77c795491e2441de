"""The settings that a batch was printed by, so that its papers come out again as they were.

The registry keeps their text under its digest, which the batch's event names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.records import asdict
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.disbursement.bank_profile import profile_from
from ledger.disbursement.payable import Profiles
from ledger.model.history import Batch
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.programme import Documents
from ledger.model.rules import Stage
from ledger.registry.registry import Registry

SETTINGS = "settings"


class SettingsNotKept(Refusal):
    """The registry does not hold what a batch was printed by."""

    def __init__(self, batch: BatchId) -> None:
        message = _(
            "the registry does not hold what batch {batch} was printed by: restore books and"
            " registry from the same backup"
        )
        super().__init__(message.format(batch=batch), batch=batch)


class PrintedBy(Record):
    """What papers and bank files showed beside the payments when a batch was made: the unit, the
    programme's titles, words and roles, the bank's formats, what the funds are called.
    """

    unit: str
    documents: Documents
    remark: str
    roles: tuple[str, ...]
    area: str
    profiles: Profiles
    funds: Mapping[FundCode, str]

    def to_text(self) -> bytes:
        """What the registry keeps."""
        own, other = self.profiles
        document = {
            "unit": self.unit,
            "documents": asdict(self.documents),
            "remark": self.remark,
            "roles": self.roles,
            "area": self.area,
            "own": asdict(own),
            "other": asdict(other),
            "funds": list(self.funds.items()),
        }
        return json.dumps(document, ensure_ascii=False, sort_keys=True).encode("utf-8")


def printed_now(books: Books, profiles: Profiles, batch: BatchId, stage: Stage) -> PrintedBy:
    """What a batch would be printed by now. Its papers name the stage, where it has a name."""
    programme = books.programme
    documents = programme.documents
    if stage.name:
        documents = replace(documents, period=f"{documents.period} {stage.name}")
    return PrintedBy(
        unit=books.settings.unit,
        documents=documents,
        remark=_remark(books, profiles, batch),
        roles=programme.role_names,
        area=programme.words.area,
        profiles=profiles,
        funds={fund.code: fund.name for fund in books.rules.funds},
    )


def _remark(books: Books, profiles: Profiles, batch: BatchId) -> str:
    """What the bank's rows say. Where people are paid in stages two batches are out at once, and
    it names the batch, if that has room in both formats, or the batch's number of the year.
    """
    remark = books.programme.bank.remark
    if not books.rules.named_stages:
        return remark
    columns = [
        (profile, column)
        for profile in profiles
        for column in profile.columns
        if column.value == "remark"
    ]
    for named in (f"{remark} {batch}", f"{remark}{batch.rpartition('-')[2]}"):
        if not any(profile.text_problem(column, named) for profile, column in columns):
            return named
    return remark


def printed_then(registry: Registry, batch: Batch) -> PrintedBy:
    """What a batch was printed by. Raises SettingsNotKept."""
    named = str(batch.header.meta.get(SETTINGS, ""))
    content = registry.frozen(named)
    if content is None or digest(content) != named:  # guard: settings-as-printed
        raise SettingsNotKept(batch.id)
    document = json.loads(content)
    seen = document["documents"]
    return PrintedBy(
        unit=document["unit"],
        documents=Documents(**{**seen, "boxes": tuple(seen["boxes"])}),
        remark=document["remark"],
        roles=tuple(document["roles"]),
        area=document["area"],
        profiles=(profile_from(document["own"]), profile_from(document["other"])),
        funds=dict(document["funds"]),
    )
