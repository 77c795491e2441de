"""The province's monthly report as a file's bytes."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.province.consolidation import Consolidation
from ledger.province.matters import Matter


def report_name(consolidation: Consolidation) -> str:
    return f"{consolidation.month or consolidation.day}-x.pdf"


def report_bytes(consolidation: Consolidation, found: Sequence[Matter]) -> bytes:
    return b""
