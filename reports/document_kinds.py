"""The kinds of documents, as manifests name those of a batch."""

from __future__ import annotations

from ledger.base.language import gettext as _

PAYOUT_SHEET = "payout_sheet"
SUMMARY_SHEET = "summary_sheet"
STATEMENT = "disbursement_statement"
WORKBOOK = "workbook"
BANK_FILE = "bank_file"
MANIFEST = "manifest"
# Of no batch.
MONTHLY_STATEMENT = "monthly_statement"

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
        STATEMENT: _("disbursement statement"),
        WORKBOOK: _("workbook"),
        BANK_FILE: _("bank file"),
        MANIFEST: _("manifest"),
        MONTHLY_STATEMENT: _("monthly statement"),
    }
    return words.get(kind, kind)
