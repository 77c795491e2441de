"""What the documents of a batch say of themselves, from the books and their settings."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence

from ledger.base.records import replace
from ledger.books.provenance import Provenance
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import Seal
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.programme import Documents
from reports.documents import TITLE_ENDINGS
from reports.payout.summary_sheet import SummarySheet
from reports.pdf.signed_document import Heading


def batch_heading(
    unit: str,
    documents: Documents,
    fingerprint: str,
    kind: str,
    *,
    batch: BatchId,
    on: datetime.date,
    seal: Seal,
) -> Heading:
    """Of a document of this kind, whose scope is still to be said.

    It names no head of the chain: a batch is the same whatever comes after it.
    """
    return Heading(
        title=f"{documents.title}{TITLE_ENDINGS[kind]}",
        unit=unit,
        batch=batch,
        on=on,
        period=documents.period,
        seal=seal,
        scope="",
        provenance=Provenance(fingerprint),
    )


def town_heading(heading: Heading, code: TownCode, name: str) -> Heading:
    """Of the payout sheet of a town."""
    return replace(heading, scope=f"{name}（{code}）", town_code=code)


def summary_sheet(
    funds: Mapping[FundCode, str],
    roles: Sequence[str],
    heading: Heading,
    rows: Sequence[Instruction],
) -> SummarySheet:
    """The summary of a batch of these rows; ``funds`` says what each is called, ``roles``
    are those of the programme.
    """
    scope = f"{len({row.town for row in rows})} 个"
    return SummarySheet(replace(heading, scope=scope), rows, funds, roles)
