"""Tables of ours that are of no batch, and what to do with them instead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.base.file_names import file_name
from reports.verification.comparison.refusals import CannotSay
from reports.verification.comparison.refusals import RowsToCorrect
from reports.verification.tables.table_cells import Grid

# A heading of the workbooks that go back to the towns; bank files have none like it.
REASON = "退回原因"
ROWS_LOOKED_AT = 8


def why_no_document(path: Path, grids: Sequence[Grid]) -> CannotSay | None:
    """A refusal for a workbook that towns get to correct; None for every other table."""
    texts = {
        str(cell).strip() for grid in grids for row in grid.rows[:ROWS_LOOKED_AT] for cell in row
    }
    return RowsToCorrect(file_name(path)) if REASON in texts else None
