"""A batch's folder against its manifest: each file by its bytes, and where they differ by rows.

What goes to the bank is held against the rows in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from pathlib import Path
from typing import Any

from ledger.base.books_folder import MANIFEST
from ledger.base.books_folder import RESTORED
from ledger.base.digests import file_digest
from ledger.base.file_names import is_litter
from ledger.base.language import gettext as _
from ledger.base.plain_files import is_file
from ledger.base.plain_files import is_folder
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.batch_folder import place_of_batch
from ledger.books.restored_papers import read_restored
from ledger.model.history import Batch
from reports.documents import BANK_FILE
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.evidence import Manifest
from reports.verification.comparison.verdict import BYTES
from reports.verification.comparison.verdict import EXTRA_FILE
from reports.verification.comparison.verdict import ROWS
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict

ByRows = Callable[[Path], Verdict]


def verify_batch(evidence: Evidence, batch: Batch, by_rows: ByRows) -> Verdict:
    """Everything that lies in the batch's folder. ``by_rows`` judges a file whose bytes differ."""
    verdict = Verdict("batch", batch.id, batch=batch)
    folder = evidence.books.folder / place_of_batch(batch)
    if not is_folder(folder):
        message = _(
            "{folder} is not here: only the entries and the rows that were sent could be compared"
        )
        return verdict.adding(notes=[message.format(folder=folder)])
    verdict = replace(verdict, matched=BYTES)
    manifest = evidence.manifests.get(batch.id)
    if manifest is None or not manifest.is_sealed:
        here = "" if manifest is None else _("a manifest that was changed")
        books = _("the manifest of the batch's event")
        difference = Difference(0, _("file"), here, books, kind="file", file=MANIFEST)
        verdict = verdict.adding(differences=[difference])
    restored = read_restored(folder, batch, evidence.books.history)
    beside = (MANIFEST, RESTORED) if restored else (MANIFEST,)
    return _verify_files(verdict, folder, manifest, by_rows, beside)


def _verify_files(
    verdict: Verdict,
    folder: Path,
    manifest: Manifest | None,
    by_rows: ByRows,
    beside: Collection[str],
) -> Verdict:
    listed = {str(file.get("name")): file for file in manifest.files} if manifest else {}
    files = []
    for name, file in listed.items():
        path = folder / name
        said = {"name": name, "kind": file.get("kind"), "town": file.get("town") or None}
        if path.name != name or not is_file(path):
            difference = Difference(0, _("file"), "", name, kind="file", file=name)
            verdict = verdict.adding(differences=[difference])
            files.append({**said, "matched": None, "differences": 1})
            continue
        same = bool(manifest and manifest.is_sealed and file_digest(path) == file.get("sha256"))
        differences: list[Difference] = []
        if not same or file.get("kind") == BANK_FILE:  # guard: bank-file-by-rows
            differences = differences_of_rows(verdict, path, by_rows)
            verdict = verdict.adding(differences=differences)
        if not same:
            verdict = verdict.matching(ROWS)
        if not same and not differences:
            message = _("{file} was saved again: its bytes differ, every row is as in the books")
            verdict = verdict.adding(notes=[message.format(file=path.name)])
        matched = None if differences else BYTES if same else ROWS
        files.append({**said, "matched": matched, "differences": len(differences)})
    for path in sorted(folder.iterdir()):
        is_ours = path.name in {*listed, *beside} or is_litter(path.name)
        if manifest and not is_ours:
            here = _("a file that is not of the batch")
            difference = Difference(0, _("file"), here, "", kind=EXTRA_FILE, file=path.name)
            verdict = verdict.adding(differences=[difference])
    facts: dict[str, Any] = {"files": files}
    return replace(verdict, facts={**verdict.facts, **facts})


def differences_of_rows(verdict: Verdict, path: Path, by_rows: ByRows) -> list[Difference]:
    """What a file of the batch says otherwise than the rows that were sent."""
    try:
        found = by_rows(path)
    except Refusal as refusal:
        return [Difference(0, _("file"), str(refusal), "", kind="file", file=path.name)]
    differences = [replace(one, file=path.name) for one in found.differences]
    if found.batch and verdict.batch and found.batch.id != verdict.batch.id:
        here = _("a file of batch {batch}").format(batch=found.batch.id)
        differences.append(Difference(0, _("file"), here, "", kind="file", file=path.name))
    differences += [
        Difference(0, _("file"), problem, "", kind="file", file=path.name)
        for problem in found.problems
    ]
    return differences
