"""Documents in the books' folder ``reports``: whole or not at all, the newest in its place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import REPORTS
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.refusals import reason
from ledger.books.permissions import make_private
from ledger.books.permissions import readers
from ledger.books.places import require_in_place
from ledger.books.settings import read_settings

# Of the boxes of the payout sheet: the towns sign for what they receive, not here.
NOT_OF_THE_OFFICE = ("领款单位",)
USUAL_BOXES = ("制表", "复核", "负责人")
STATE_WORDS = {
    "prepared": "已编制，未提交银行",
    "approved": "已审核批准，未提交银行",
    "submitted": "已提交银行，未完结",
    "settled": "已完结",
    "void": "已作废",
}


class DocumentRefused(Refusal):
    """The document cannot be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        message = _("{path} cannot be written ({error}); close it where it is open and try again")
        super().__init__(message.format(path=path, error=reason(error)))


class WrittenDocument(Record):
    """The document, and how many pages it has."""

    path: Path
    pages: int


def write_document(folder: Path, name: str, write: Callable[[Path], int]) -> WrittenDocument:
    """Write a document into the reports of the books in ``folder``; one of that name is replaced.

    ``write`` makes it at a path and returns its number of pages. Raises DocumentRefused, or
    OutOfPlace.
    """
    path = folder / REPORTS / name
    require_in_place(folder)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            fresh = Path(scratch) / name
            pages = write(fresh)
            durable.make_folder(path.parent, private=True)
            durable.replace_file(path, fresh.read_bytes(), mode=durable.FOR_THE_OWNER)
            make_private(folder, readers(read_settings(folder).group))
    except OSError as error:
        raise DocumentRefused(path, error) from error
    return WrittenDocument(path, pages)


def office_boxes(boxes: Sequence[str]) -> list[str]:
    """The boxes of the settings that the office signs in; the usual ones where it has none."""
    return [box for box in boxes if box not in NOT_OF_THE_OFFICE] or [*USUAL_BOXES]


PAYOUT_SHEET = "payout_sheet"
SUMMARY_SHEET = "summary_sheet"
STATEMENT = "batch_statement"
WORKBOOK = "workbook"
TOWN_WORKBOOK = "town_workbook"
BANK_FILE = "bank_file"
MANIFEST_DOCUMENT = "manifest"
# Of no batch.
MONTHLY_REPORT = "monthly_report"
RECONCILIATION = "reconciliation"
TAX_PEOPLE, TAX_INCOME = "tax_people", "tax_income"
TAX_SUMMARY, TAX_SLIP = "tax_summary", "tax_slip"
TAX_PAPERS = (TAX_PEOPLE, TAX_INCOME, TAX_SUMMARY, TAX_SLIP)

# Behind the office's own words, in the title of what is printed.
TITLE_ENDINGS = {
    PAYOUT_SHEET: "发放表",
    SUMMARY_SHEET: "发放汇总表",
    STATEMENT: "发放情况表",
}


def kind_word(kind: str) -> str:
    """What a kind of document is called in the user's language."""
    words = {
        PAYOUT_SHEET: _("payout sheet"),
        SUMMARY_SHEET: _("summary sheet"),
        STATEMENT: _("batch statement"),
        WORKBOOK: _("workbook"),
        TOWN_WORKBOOK: _("workbook of a town"),
        BANK_FILE: _("bank file"),
        MANIFEST_DOCUMENT: _("manifest"),
        MONTHLY_REPORT: _("monthly report"),
        RECONCILIATION: _("bank reconciliation"),
        TAX_PEOPLE: _("declaration of people"),
        TAX_INCOME: _("declaration of income"),
        TAX_SUMMARY: _("summary of a month's tax"),
        TAX_SLIP: _("tax slips of a town"),
    }
    return words.get(kind, kind)
