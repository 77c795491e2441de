"""The papers of a month's tax against those that the books would make today."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.books.provenance import Provenance
from ledger.figures.month_tax import month_tax
from ledger.model.ids import NO_TOWN
from ledger.model.ids import TownCode
from ledger.model.months import Month
from ledger.model.months import NotAMonth
from ledger.model.months import read_month
from reports.documents import TAX_SLIP
from reports.documents import TAX_SUMMARY
from reports.tax.declaration import by_town
from reports.tax.declaration import declared
from reports.tax.declaration import slip_bytes
from reports.tax.declaration import summary_bytes
from reports.tax.sheets import SLIP_TITLE
from reports.tax.sheets import SUMMARY_TITLE
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import BYTES
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.made_anew import compared_with_anew

_MONTH = re.compile(r"税款所属期：(\d{4}-\d{2})")
_TOWN = re.compile(r"镇（街道）：[^（）：]*（(\d+)）")


def tax_month_of_text(text: str) -> Month | None:
    """The month of a tax paper whose text, without blanks, it is; None for anything else."""
    found = _MONTH.search(text)
    if found is None or not (SUMMARY_TITLE in text or SLIP_TITLE in text):
        return None
    try:
        return read_month(found[1])
    except NotAMonth:
        return None


def verify_tax_paper(evidence: Evidence, path: Path, month: Month, text: str) -> Verdict:
    """The summary, or the slips of the town that the paper names, made anew."""
    books, tax = evidence.books, month_tax(evidence.books.history, month)
    is_summary = SUMMARY_TITLE in text
    found = None if is_summary else _TOWN.search(text)
    code = TownCode(found[1]) if found else NO_TOWN
    verdict = Verdict(
        "file",
        file_name(path),
        kind=TAX_SUMMARY if is_summary else TAX_SLIP,
        town=code,
        of_books=True,
        matched=BYTES,
        compared=_("the papers of {month}'s tax as the books make them today").format(month=month),
        facts={"month": str(month)},
    )
    towns = by_town(declared(tax.people, evidence.registry.payees()))
    of_town = next((people for town, people in towns.items() if town.startswith(code)), [])
    if not is_summary and not (code and of_town):  # guard: slips-of-a-town-paid
        missing = Difference(0, _("town"), code, "", kind="extra")
        return verdict.adding(differences=[missing])

    def make(provenance: Provenance) -> bytes:
        books.require_sound(but_for_facts=True)
        if is_summary:
            return summary_bytes(books, tax, provenance)
        return slip_bytes(books, tax, of_town, provenance)

    return compared_with_anew(evidence, verdict, path, make)
