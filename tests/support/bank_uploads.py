"""A batch's upload files, and the cells of what a bank sends back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from python_calamine import CalamineWorkbook

from ledger.disbursement.bank_file_plan import plan_bank_files
from ledger.disbursement.bank_profile import load_profile
from ledger.model.instructions import Instruction
from reports.bank.files import write_bank_files
from tests.support.made_up_payments import BATCH
from tests.support.made_up_payments import payments


def sent(folder: Path, count: int = 400) -> list[Instruction]:
    """A batch whose every fourth payment goes to another bank, its upload files in the folder."""
    own, other = load_profile("icbc-own"), load_profile("plain-csv")
    rows = [
        row._replace(bank="工商银行滕州支行") if row.number % 4 == 0 else row
        for row in payments(count)
    ]
    planned = plan_bank_files(rows, own=own, other=other, own_words=["农村商业"], batch=BATCH)
    write_bank_files(folder, planned, own=own, other=other)
    return planned


def workbook_cells(content: bytes) -> list[list[object]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [list(row) for row in workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)]


def csv_cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("gb18030"), newline="")))
