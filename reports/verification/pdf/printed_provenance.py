"""Which books a page says that it is from: the fingerprint and the head at its foot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.base.records import Record
from ledger.model.seal import grouped_seal
from reports.pdf.provenance import BETWEEN
from reports.pdf.provenance import FINGERPRINT
from reports.pdf.provenance import HEAD
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import Difference

_GROUPS = r"(?:\S{4} ?){4}"
_FINGERPRINT = re.compile(rf"{FINGERPRINT}\s*(?P<digits>{_GROUPS}|\S*)")
_HEAD = re.compile(rf"{HEAD}\s*(?P<seq>\d*)\s*{BETWEEN}\s*(?P<digits>{_GROUPS}|\S*)")


class PrintedProvenance(Record):
    """As it stands on the page, without blanks; empty where it does not say."""

    fingerprint: str = ""
    head: str = ""


NOTHING_SAID = PrintedProvenance()


def take_provenance(text: str) -> tuple[PrintedProvenance, str]:
    """What a page says, and its text without that. It stands behind everything else."""
    said = []
    for pattern in (_FINGERPRINT, _HEAD):
        found = list(pattern.finditer(text))
        said.append("")
        if found:
            start, end = found[-1].span()
            seq = f"{found[-1]['seq']}{BETWEEN}" if pattern is _HEAD else ""
            said[-1] = seq + "".join(found[-1]["digits"].split())
            text = f"{text[:start]} {text[end:]}"
    return PrintedProvenance(*said), text


def provenance_differences(
    evidence: Evidence, said: PrintedProvenance, *, page: int, has_head: bool
) -> Iterator[Difference]:
    """Other books, another history. A head that newer events have followed is as good as today's.

    ``has_head``: whether a document of this kind says one.
    """
    # guard: fingerprint-of-the-books
    if said.fingerprint != "".join(evidence.fingerprint.split()):
        here = grouped_seal(said.fingerprint)
        yield Difference(0, FINGERPRINT, here, evidence.fingerprint, page=page)
    if has_head and evidence.chain.printed(said.head) is None:
        seq, between, digits = said.head.partition(BETWEEN)
        here = f"{seq} {between} {grouped_seal(digits)}".strip()
        yield Difference(0, HEAD, here, evidence.chain.instead_of(said.head), page=page)
    elif said.head and not has_head:
        yield Difference(0, HEAD, said.head, "", page=page)
