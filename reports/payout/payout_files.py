"""Every file of a batch: bank files, payout sheets, summary, workbook, manifest."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.digests import file_digest
from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.base.records import asdict
from ledger.books.batch_folder import place_of_papers
from ledger.books.books import Books
from ledger.books.provenance import fingerprint_of_books
from ledger.disbursement.bank_file_plan import OWN_BANK
from ledger.disbursement.bank_file_plan import file_kind
from ledger.disbursement.bank_file_plan import rows_by_file
from ledger.disbursement.printed_by import PrintedBy
from ledger.disbursement.printed_by import printed_now
from ledger.disbursement.proposal import Proposal
from ledger.disbursement.unsendable import remark_text
from ledger.model.ids import NO_TOWN
from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from reports.bank.files import write_bank_files
from reports.bank.readback import check_bank_file
from reports.documents import BANK_FILE
from reports.documents import PAYOUT_SHEET
from reports.documents import SUMMARY_SHEET
from reports.documents import WORKBOOK
from reports.payout.headings import batch_heading
from reports.payout.headings import summary_sheet
from reports.payout.headings import town_heading
from reports.payout.sheet import PayoutSheet
from reports.payout.sheet_columns import SheetColumns
from reports.payout.sheets_beside import DrawingProcess
from reports.payout.sheets_beside import SheetsBeside
from reports.payout.summary_sheet import write_summary_sheet
from reports.payout.workbook import write_payout_workbook
from reports.pdf.qr_seal import seal_payload
from reports.pdf.signed_document import Heading

Track = Callable[[Sequence[PayoutSheet], str], Iterable[PayoutSheet]]


class PayoutFile(Record):
    """A file of a batch: ``town`` is a nine-digit code, empty for files of all towns."""

    name: str
    kind: str
    town: TownCode
    rows: int
    amount: str
    sha256: Digest


class Papers(Record):
    """A batch as it is printed: its payments, and what they are printed by.

    ``fingerprint`` is that of the books.
    """

    batch: BatchId
    on: datetime.date
    seal: Seal
    rows: Sequence[Instruction]
    printed_by: PrintedBy
    fingerprint: str


def papers_of(books: Books, proposal: Proposal) -> Papers:
    """The papers of a batch that is being made."""
    printed_by = printed_now(books, proposal.profiles, proposal.batch, proposal.stage)
    return Papers(
        proposal.batch, proposal.request.on, proposal.seal, proposal.instructions, printed_by,
        fingerprint_of_books(books),
    )  # fmt: skip


def sheets_of(papers: Papers) -> list[PayoutSheet]:
    """A payout sheet for every town of the batch, in the order of their codes."""
    by_town: dict[TownCode, list[Instruction]] = {}
    for row in papers.rows:
        by_town.setdefault(row.town, []).append(row)
    heading = _heading(papers, PAYOUT_SHEET)
    columns = SheetColumns.of(papers.printed_by.area, papers.rows)
    return [
        PayoutSheet(
            town_heading(heading, town, rows[0].town_name), rows[0].town_name, rows, columns
        )
        for town, rows in by_town.items()
    ]


def _heading(papers: Papers, kind: str) -> Heading:
    return batch_heading(
        papers.printed_by.unit, papers.printed_by.documents, papers.fingerprint, kind,
        batch=papers.batch, on=papers.on, seal=papers.seal,
    )  # fmt: skip


def make_files(
    folder: Path, papers: Papers, track: Track, process: DrawingProcess | None = None
) -> list[PayoutFile]:
    """Write every file of the batch and read the bank's files back. The sheets are drawn by the
    ``process`` meanwhile.
    """
    documents, rows = papers.printed_by.documents, papers.rows
    sheets = sheets_of(papers)
    summary = summary_sheet(
        papers.printed_by.funds, papers.printed_by.roles, _heading(papers, SUMMARY_SHEET), rows
    )
    boxes, mask = documents.boxes, documents.mask_identities
    summary_name = f"{papers.batch}-发放汇总表.pdf"
    workbook_name = f"{papers.batch}-发放表.xlsx"
    drawn = SheetsBeside(sheets, boxes=boxes, mask_identities=mask, process=process)
    bank_files = _bank_files(folder, papers)
    write_summary_sheet(folder / summary_name, summary, boxes=boxes)
    write_payout_workbook(
        folder / workbook_name, summary=summary, sheets=sheets, boxes=boxes, mask_identities=mask
    )
    payout_sheets = _payout_sheets(folder, papers.batch, sheets, drawn, track)
    return [
        *bank_files,
        *payout_sheets,
        _described(folder, summary_name, SUMMARY_SHEET, NO_TOWN, rows),
        _described(folder, workbook_name, WORKBOOK, NO_TOWN, rows),
    ]


def _bank_files(folder: Path, papers: Papers) -> list[PayoutFile]:
    own, other = papers.printed_by.profiles
    remark = papers.printed_by.remark
    files = []
    by_file = rows_by_file(papers.rows)
    written_files = write_bank_files(folder, papers.rows, own=own, other=other, remark=remark)
    for written in sorted(written_files, key=lambda file: file.kind != OWN_BANK):
        expected = by_file[written.name]
        profile = own if written.kind == OWN_BANK else other
        check_bank_file(folder / written.name, profile, expected, remark=remark)
        files.append(_described(folder, written.name, BANK_FILE, NO_TOWN, expected))
    return files


def _payout_sheets(
    folder: Path,
    batch: BatchId,
    sheets: Sequence[PayoutSheet],
    drawn: SheetsBeside,
    track: Track,
) -> list[PayoutFile]:
    files: list[PayoutFile] = []
    for sheet in track(sheets[::-1], _("payout sheets")):
        town = sheet.heading.town_code
        name = f"{batch}-发放表-{town}{sheet.town_name}.pdf"
        place = len(sheets) - len(files) - 1
        (folder / name).write_bytes(drawn.sheet(place))
        files.append(_described(folder, name, PAYOUT_SHEET, town, sheet.rows))
    return files[::-1]


def _described(
    folder: Path, name: str, kind: str, town: TownCode, rows: Sequence[Instruction]
) -> PayoutFile:
    amount = plain(sum(row.amount_fen for row in rows))
    return PayoutFile(name, kind, town, len(rows), amount, file_digest(folder / name))


def manifest_bytes(books: Books, proposal: Proposal, files: Sequence[PayoutFile]) -> bytes:
    """The manifest: what belongs to the batch, each file by its digest."""
    printed_by = papers_of(books, proposal).printed_by
    document = {
        "unit": printed_by.unit,
        "batch": proposal.batch,
        "date": proposal.request.on.isoformat(),
        "payees": len(proposal.instructions),
        "amount": plain(proposal.plan.amount_fen),
        "tax": plain(proposal.plan.tax_fen),
        "net": plain(proposal.plan.amount_fen - proposal.plan.tax_fen),
        "seal": proposal.seal,
        "entries": proposal.entries,
        "rows": digest(proposal.rows),
        "qr": seal_payload(proposal.batch, NO_TOWN, proposal.seal),
        "files": [asdict(file) for file in files],
        "reading_back": reading_back(printed_by, files),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def reading_back(printed_by: PrintedBy, files: Sequence[PayoutFile]) -> dict[str, Any]:
    """What whoever reads the files in later years has to know of them and the books do not hold.

    Settings and bank profiles may be changed the day after.
    """
    documents, remark = printed_by.documents, printed_by.remark
    own, other = printed_by.profiles
    names = [file.name for file in files if file.kind == BANK_FILE]
    formats = {name: own if file_kind(name) == OWN_BANK else other for name in names}
    return {
        "title": documents.title,
        "period": documents.period,
        "boxes": documents.boxes,
        "roles": printed_by.roles,
        "area": printed_by.area,
        "bank_files": {
            name: {
                "format": profile.name,
                "remark": remark_text(profile, remark),
            }
            for name, profile in formats.items()
        },
        "bank_formats": {profile.name: asdict(profile) for profile in formats.values()},
    }


def path_of(proposal: Proposal, file: PayoutFile) -> str:
    """The file's path below the books."""
    return f"{place_of_papers(proposal.batch, held=proposal.is_held)}/{file.name}"
