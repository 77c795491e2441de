"""The province's monthly report (经费汇总月报) as a file's bytes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from ledger.province.consolidation import Consolidation
from ledger.province.matters import Matter
from reports.province.sheet import TITLE
from reports.province.sheet import write_province_sheet


def report_name(consolidation: Consolidation) -> str:
    """``2020-11-经费汇总月报.pdf``; the day where it is of no month."""
    return f"{consolidation.month or consolidation.day}-{TITLE}.pdf"


def report_bytes(consolidation: Consolidation, found: Sequence[Matter]) -> bytes:
    """The same consolidation gives the same bytes."""
    content = BytesIO()
    write_province_sheet(content, consolidation, found)
    return content.getvalue()
