"""What lies in a batch's folder for the bank, before it is given away."""

from __future__ import annotations

from ledger.base.language import gettext as _
from ledger.books.batch_folder import place_of_batch
from ledger.model.history import Batch
from reports.documents import BANK_FILE
from reports.verification.batch_folder import verify_batch
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import Difference
from reports.verification.verifying import by_rows


def bank_file_differences(evidence: Evidence, batch: Batch) -> list[Difference]:
    """In what the files for the bank are not those of the rows that were prepared.

    A manifest that is not the event's counts, and a file that no manifest lists: somebody might
    send it. A payout sheet that was saved again does not.
    """
    verdict = verify_batch(evidence, batch, lambda path: by_rows(evidence, path))
    papers = {
        str(file["name"])
        for file in verdict.facts.get("files", [])
        if file["kind"] != BANK_FILE and file["name"] not in evidence.sealed(batch.id).by_bank_file
    }
    found = [one for one in verdict.differences if one.file not in papers]
    if not verdict.matched:
        name = place_of_batch(batch)
        found.append(Difference(0, _("file"), "", name, kind="file", file=name))
    return found
