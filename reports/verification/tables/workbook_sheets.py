"""The sheets of a payout workbook: what each says of itself, and where its table begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.base.records import Record
from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from reports.payout.sheet_columns import FIRST_TITLE
from reports.pdf.provenance import FINGERPRINT
from reports.verification.pdf.printed_page import PrintedPage
from reports.verification.pdf.printed_page import chinese_day
from reports.verification.pdf.printed_provenance import PrintedProvenance
from reports.verification.tables.table_cells import Grid

HEAD_ROWS = 3

_SAID = {
    "unit": re.compile(r"编制单位：(.*)"),
    "scope": re.compile(r"镇（街道）：(.*)"),
    "batch": re.compile(r"发放批次：(.*)"),
    "period": re.compile(r"补助期间：(.*)"),
    "day": re.compile(r"日期：(.*)"),
    "seal": re.compile(r"校验码：(.*)"),
    "fingerprint": re.compile(rf"{FINGERPRINT}\s(.*)"),
}


class Sheet(Record):
    """A sheet with what it says of itself, as a page would; ``header`` is its place, -1 if none."""

    grid: Grid
    head: PrintedPage
    header: int


def is_payout_workbook(grids: Sequence[Grid]) -> bool:
    """Whether any sheet says of which batch it is, as the workbooks of batches do."""
    return any(read_sheet(grid).head.batch for grid in grids)


def read_sheet(grid: Grid) -> Sheet:
    texts = [str(cell) for row in grid.rows[:HEAD_ROWS] for cell in row if str(cell).strip()]
    said = {}
    for name, pattern in _SAID.items():
        match = next((found for text in texts if (found := pattern.match(text.strip()))), None)
        said[name] = "".join(match[1].split()) if match else ""
    header = next(
        (place for place, row in enumerate(grid.rows) if row and row[0] == FIRST_TITLE), -1
    )
    head = PrintedPage(
        number=0,
        kind="",
        title="".join(texts[0].split()) if texts else "",
        unit=said["unit"],
        scope=said["scope"],
        batch=BatchId(said["batch"]),
        period=said["period"],
        day=chinese_day(said["day"]),
        seal=Seal(said["seal"].lower()),
        provenance=PrintedProvenance(said["fingerprint"]),
    )
    return Sheet(grid, head, header)
