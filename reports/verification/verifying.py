"""``verify``: is this file, this seal, this head or this batch what the books hold?

First the bytes, against the manifest of every batch. Then the rows, against those that were frozen
when the batch was made: not against the registry as it is today, where accounts are corrected. The
rows of what goes to the bank are read in any case: a manifest says what was made, not for whom.
"""

from __future__ import annotations

from pathlib import Path

from ledger.base.books_folder import MANIFEST
from ledger.base.digests import file_digest
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.batch_folder import place_of_batch
from ledger.books.batch_lookup import find_batch
from ledger.model.history import Batch
from ledger.model.ids import BatchId
from ledger.model.ids import TownCode
from reports.documents import BANK_FILE
from reports.documents import MANIFEST_DOCUMENT
from reports.documents import MONTHLY_REPORT
from reports.documents import RECONCILIATION
from reports.documents import STATEMENT
from reports.documents import TAX_PAPERS
from reports.documents import TOWN_WORKBOOK
from reports.verification.batch_folder import verify_batch
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.refusals import AFolder
from reports.verification.comparison.verdict import BYTES
from reports.verification.comparison.verdict import Verdict
from reports.verification.head_words import read_heads
from reports.verification.heads import verify_typed
from reports.verification.judgement import judged
from reports.verification.pdf.pdf_documents import verify_pdf
from reports.verification.pdf.pdf_words import MOST_BYTES
from reports.verification.seal_words import read_batch
from reports.verification.seal_words import read_seal
from reports.verification.tables.bank_documents import verify_bank_file
from reports.verification.tables.declaration_documents import verify_declaration
from reports.verification.tables.manifest_documents import read_manifest
from reports.verification.tables.manifest_documents import verify_manifest
from reports.verification.tables.other_documents import why_no_document
from reports.verification.tables.table_cells import has_formulas
from reports.verification.tables.table_cells import read_grids
from reports.verification.tables.workbook_documents import verify_workbook
from reports.verification.tables.workbook_sheets import is_payout_workbook

# A PDF may have a little before its mark.
PDF_MARK, PDF_MARK_WITHIN = b"%PDF-", 1024


def verify(evidence: Evidence, subject: str) -> Verdict:
    """What the books say to a file's path, a seal, a head or a batch's name. Raises a CannotSay.

    A file that is there comes first, then a batch, then what was typed from paper.
    """
    path = Path(subject)
    if path.is_file():
        verdict = verify_file(evidence, path)
        if read_batch(subject) or read_seal(subject) or read_heads(subject):
            message = _("{subject} is a file here; it was read as the file")
            verdict = verdict.adding(notes=[message.format(subject=subject)])
    elif name := read_batch(subject):
        batch = find_batch(evidence.books, name)
        verdict = verify_batch(evidence, batch, lambda file: by_rows(evidence, file))
    elif path.is_dir():
        own = _batch_of_folder(evidence, path)
        if own is None:
            raise AFolder(subject)
        verdict = verify_batch(evidence, own, lambda file: by_rows(evidence, file))
    else:
        verdict = verify_typed(evidence, subject)
    return judged(evidence, verdict)


def _batch_of_folder(evidence: Evidence, path: Path) -> Batch | None:
    """The batch whose own folder it is, not a copy of it."""
    batch = evidence.batches.get(BatchId(path.resolve().name))
    if batch is None:
        return None
    own = evidence.books.folder / place_of_batch(batch)
    return batch if path.resolve() == own.resolve() else None


def verify_file(evidence: Evidence, path: Path) -> Verdict:
    """The verdict on a file: by its bytes, or else by its rows. Raises a CannotSay."""
    verdict = _by_bytes(evidence, path)
    if verdict is not None:
        return _with_its_rows(evidence, path, verdict)
    verdict = by_rows(evidence, path)
    # They are made on any day and again; no manifest has their bytes.
    made_again = (STATEMENT, MONTHLY_REPORT, RECONCILIATION, TOWN_WORKBOOK, *TAX_PAPERS)
    if not verdict.differences and verdict.kind not in made_again:
        message = _(
            "the file was saved again: its bytes are not those of the batch's folder; what was"
            " compared is every text and number in it"
        )
        verdict = verdict.adding(notes=[message])
    return verdict


def _by_bytes(evidence: Evidence, path: Path) -> Verdict | None:
    if path.stat().st_size > MOST_BYTES:
        return None
    sha256 = file_digest(path.resolve())
    for closing in evidence.books.history.closed:
        if sha256 == closing.report:  # guard: report-of-a-closed-month
            return Verdict(
                "file",
                file_name(path),
                kind=MONTHLY_REPORT,
                of_books=True,
                matched=BYTES,
                compared=_("the report that {month} was closed with").format(month=closing.month),
                facts={"month": str(closing.month)},
            )
    for name, batch in evidence.batches.items():
        if sha256 == batch.manifest:
            return Verdict(
                "file", file_name(path), MANIFEST_DOCUMENT, batch, matched=BYTES, compared=MANIFEST
            )
        manifest = evidence.manifests.get(name)
        if manifest is None or not manifest.is_sealed:  # guard: manifest-sealed
            continue
        for file in manifest.files:
            if file.get("sha256") == sha256:
                verdict = Verdict(
                    "file",
                    file_name(path),
                    kind=str(file.get("kind", "")),
                    batch=batch,
                    town=TownCode(str(file.get("town", ""))),
                    matched=BYTES,
                    compared=str(file.get("name", "")),
                )
                return _with_name_note(verdict)
    return None


def _with_its_rows(evidence: Evidence, path: Path, verdict: Verdict) -> Verdict:
    """The verdict on a file that has the manifest's bytes, and on its rows if a bank reads it."""
    if verdict.kind != BANK_FILE:
        return verdict
    try:
        found = by_rows(evidence, path)
    except Refusal as refusal:
        return verdict.adding(problems=[str(refusal)])
    # guard: rows-beside-bytes
    return verdict.adding(differences=found.differences, problems=found.problems)


def _with_name_note(verdict: Verdict) -> Verdict:
    if verdict.subject == verdict.compared:
        return verdict
    message = _("by its bytes it is {name}, whatever it is called now")
    return verdict.adding(notes=[message.format(name=verdict.compared)])


def by_rows(evidence: Evidence, path: Path) -> Verdict:
    """The verdict on what a file says, whoever has saved it last. Raises a CannotSay."""
    with path.open("rb") as file:
        begin = file.read(PDF_MARK_WITHIN)
    if PDF_MARK in begin:
        return verify_pdf(evidence, path)
    if document := read_manifest(path):
        return verify_manifest(evidence, path, document)
    grids = read_grids(path)
    if is_payout_workbook(grids):
        verdict = verify_workbook(evidence, path, grids)
    elif declaration := verify_declaration(evidence, path, grids):
        verdict = declaration
    elif refusal := why_no_document(path, grids):
        raise refusal
    else:
        verdict = verify_bank_file(evidence, path, grids)
    if has_formulas(path):
        message = _("it has formulas, whose numbers can change: ours are numbers and nothing else")
        return verdict.adding(problems=[message])
    return verdict
