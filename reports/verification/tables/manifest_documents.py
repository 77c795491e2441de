"""A batch's manifest that is not the event's own bytes, against the one that is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.model.history import Batch
from ledger.model.ids import NO_TOWN
from ledger.model.ids import BatchId
from reports.documents import MANIFEST_DOCUMENT
from reports.pdf.qr_seal import seal_payload
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.refusals import NotOfTheBooks
from reports.verification.comparison.verdict import ROWS
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict

# A hundred times the manifest of a county.
MOST_BYTES = 4 * 1024 * 1024


def read_manifest(path: Path) -> Mapping[str, Any] | None:
    """What a manifest says, or None when the file is none."""
    if path.stat().st_size > MOST_BYTES:
        return None
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not {"batch", "seal", "files"} <= document.keys():
        return None
    return document


def verify_manifest(evidence: Evidence, path: Path, document: Mapping[str, Any]) -> Verdict:
    """The verdict on a manifest: entry by entry. Raises NotOfTheBooks."""
    batch = _batch_of(evidence, document)
    if batch is None:
        raise NotOfTheBooks(path.name)
    here = dict(_entries(document))
    original = evidence.manifests.get(batch.id)
    problems = []
    if original is not None and original.is_sealed:
        books = dict(_entries(original.document))
        compared = _("the manifest of the batch's event")
    else:
        books = dict(_entries(_known(batch)))
        here = {entry: text for entry, text in here.items() if entry in books}
        compared = _("the entries of batch {batch}").format(batch=batch.id)
        message = _("the manifest of the batch's event is not here: its files are not compared")
        problems.append(message)
    names = [*here, *(entry for entry in books if entry not in here)]
    differences = [
        _difference(name, here.get(name), books.get(name))
        for name in names
        if here.get(name) != books.get(name)  # guard: manifest-entries
    ]
    verdict = Verdict(
        "file", path.name, kind=MANIFEST_DOCUMENT, batch=batch, matched=ROWS, compared=compared
    )
    return verdict.adding(differences=differences, problems=problems)


def _batch_of(evidence: Evidence, document: Mapping[str, Any]) -> Batch | None:
    """The batch that it names; where nobody knows that, the one whose seal it has."""
    named = evidence.batches.get(BatchId(str(document["batch"])))
    seal = document["seal"]
    return named or next((one for one in evidence.batches.values() if one.seal == seal), None)


def _known(batch: Batch) -> dict[str, Any]:
    """What a manifest must say by the books alone."""
    return {
        "batch": batch.id,
        "date": batch.date.isoformat(),
        "payees": len(batch.amounts_fen),
        "amount": plain(batch.gross_fen),
        "tax": plain(batch.tax_fen),
        "net": plain(batch.amount_fen),
        "seal": batch.seal,
        "rows": batch.rows,
        "qr": seal_payload(batch.id, NO_TOWN, batch.seal),
    }


def _entries(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every single value with the words that lead to it; a file is led to by its name."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _entries(part, f"{name} {key}".strip())
    elif isinstance(value, list):
        names: Counter[str] = Counter()
        for number, part in enumerate(value, 1):
            key = str(part.get("name", number)) if isinstance(part, dict) else str(number)
            names[key] += 1
            again = f" ({names[key]})" if names[key] > 1 else ""
            yield from _entries(part, f"{name} {key}{again}")
    else:
        yield name, str(value)


def _difference(name: str, here: str | None, books: str | None) -> Difference:
    kind = "extra" if books is None else "missing" if here is None else "changed"
    return Difference(0, name, here or "", books or "", kind=kind)
