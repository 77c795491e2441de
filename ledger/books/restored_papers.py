"""Papers that were written again with other bytes: by another system, or another library.

The manifest of a batch is the one that its event names, and stays. Beside it ``restored.json`` has
both digests of each such paper, the manifest's and its own, signed by the operator who has written
it again, after every row of it was compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledger.base.books_folder import RESTORED
from ledger.base.digests import digest
from ledger.base.plain_files import read_plain
from ledger.keys.signing import verify
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.operators import may_make
from ledger.model.transitions import EventKind

# By the name of a paper: the manifest's digest and its own.
Restored = Mapping[str, tuple[str, str]]
BEGINNING = "census-restored\n"


def read_restored(folder: Path, batch: Batch, history: History) -> Restored:
    """The papers in a batch's folder that were written again; none where that is not signed by
    somebody who may prepare batches now.
    """
    try:
        document = json.loads(read_plain(folder / RESTORED))
        signature = document.pop("signature")
        files = {str(one["name"]): (one["sha256"], one["restored"]) for one in document["files"]}
        operator = history.operators.get(document["by"])
        of_batch = document["batch"] == batch.id
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    seq = history.events[-1].seq + 1
    # guard: restored-by-role
    if not of_batch or operator is None or not may_make(operator, EventKind.PREPARED, seq):
        return {}
    # guard: restored-as-signed
    if not verify(operator.key, _to_sign(document), str(signature)):
        return {}
    return files


def restored_text(batch: Batch, by: str, restored: Restored, sign: Callable[[bytes], str]) -> bytes:
    """The file that says so."""
    files = [
        {"name": name, "sha256": was, "restored": now}
        for name, (was, now) in sorted(restored.items())
    ]
    document: dict[str, Any] = {"batch": batch.id, "by": by, "files": files}
    signed = {**document, "signature": sign(_to_sign(document))}
    return (json.dumps(signed, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def is_paper(name: str, sha256: str, listed: str, restored: Restored) -> bool:
    """Whether a paper is the one of the manifest, or that one written again."""
    return sha256 == listed or restored.get(name) == (listed, sha256)


def _to_sign(document: Mapping[str, Any]) -> bytes:
    text = BEGINNING + json.dumps(document, ensure_ascii=False, sort_keys=True)
    return bytes.fromhex(digest(text.encode("utf-8", "replace")))
