"""The files that a batch sends to the bank: who goes into which, and the writing of them.

Own-bank and other-bank payees go into separate files, because banks take them through
different channels. What is written here is read back by :mod:`reports.bank.readback`,
which shares no code with this module but the profile.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Literal

from ledger.base.money import yuan
from ledger.base.records import Record
from ledger.base.workbooks import workbook_file
from ledger.disbursement.amount_unit import FEN
from ledger.disbursement.bank_file_plan import OTHER_BANK
from ledger.disbursement.bank_file_plan import OWN_BANK
from ledger.disbursement.bank_file_plan import file_kind
from ledger.disbursement.bank_file_plan import rows_by_file
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import codes_of_bank
from ledger.disbursement.unsendable import UnsendableInstruction
from ledger.disbursement.unsendable import remark_text
from ledger.disbursement.unsendable import why_unsendable
from ledger.model.instructions import Instruction

# Text, an amount in yuan, or a count: the type decides how a workbook shows the cell.
Cell = str | Decimal | int

QUOTING: Mapping[str, Literal[0, 1, 3]] = {
    "minimal": csv.QUOTE_MINIMAL,
    "all": csv.QUOTE_ALL,
    "none": csv.QUOTE_NONE,
}


class BankFile(Record):
    """A file that was written. ``kind`` is 本行 or 他行, ``rows`` counts instructions."""

    name: str
    kind: str
    rows: int
    amount_fen: int


def write_bank_files(
    folder: Path,
    instructions: Sequence[Instruction],
    *,
    own: BankProfile,
    other: BankProfile,
    remark: str | None = None,
) -> list[BankFile]:
    """Write the planned instructions into the folder. The same instructions give the same bytes.

    Raises UnsendableInstruction and UnsendableRemark before anything is written.
    """
    profiles = {OWN_BANK: own, OTHER_BANK: other}
    written = []
    grids = {}
    for name, rows in rows_by_file(instructions).items():
        profile = profiles[file_kind(name)]
        grids[name] = _grid(profile, rows, remark_text(profile, remark))
        amount_fen = sum(row.amount_fen for row in rows)
        written.append(BankFile(name, file_kind(name), len(rows), amount_fen))
    for file in written:
        profile = profiles[file.kind]
        WRITERS[profile.file_type](folder / file.name, profile, grids[file.name])
    return written


def _grid(profile: BankProfile, rows: Sequence[Instruction], remark: str) -> list[list[Cell]]:
    """Every cell of the file, row by row, all rows equally long."""
    grid: list[list[Cell]] = [[""] * len(profile.columns) for _row in range(profile.first_row - 1)]
    if profile.header_row:
        grid[profile.header_row - 1] = [column.header for column in profile.columns]
    totals: dict[str, Cell] = {
        "total_amount": _amount(profile, sum(row.amount_fen for row in rows)),
        "total_count": len(rows),
    }
    for cell in profile.cells:
        grid[cell.row - 1][cell.column - 1] = totals[cell.value] if cell.value else cell.text
    grid.extend(_row_cells(profile, row, remark) for row in rows)
    return grid


def _row_cells(profile: BankProfile, row: Instruction, remark: str) -> list[Cell]:
    code = why_unsendable(
        profile,
        bank_name=row.bank_name,
        account=row.account,
        bank=row.bank,
        amount_fen=row.amount_fen,
    )
    if code:
        raise UnsendableInstruction(row.number, code)
    values: Mapping[str, Cell] = {
        "number": str(row.number),
        "bank_row": str(row.bank_row),
        "payee_id": row.payee_id,
        "bank_name": row.bank_name,
        "account": row.account,
        "bank": row.bank,
        "bank_code": "".join(codes_of_bank(profile, row.bank)),
        "amount": _amount(profile, row.amount_fen),
        "remark": remark,
    }
    cells = [values[column.value] if column.value else column.text for column in profile.columns]
    return [
        str(cell) if column.kind == "text" else cell
        for column, cell in zip(profile.columns, cells, strict=True)
    ]


def _amount(profile: BankProfile, amount_fen: int) -> Cell:
    return amount_fen if profile.amount_unit == FEN else yuan(amount_fen)


def _write_workbook(path: Path, profile: BankProfile, grid: Sequence[Sequence[Cell]]) -> None:
    with workbook_file(path) as workbook:
        sheet = workbook.add_worksheet(profile.sheet)
        text = workbook.add_format({"num_format": "@"})
        header = workbook.add_format({"num_format": "@", "text_wrap": True})
        amount = workbook.add_format({"num_format": "0.00"})
        count = workbook.add_format({"num_format": "0"})
        looks = {Decimal: amount, int: count}
        sheet.set_column(0, len(profile.columns) - 1, 24, text)
        for row, cells in enumerate(grid):
            words = header if row == profile.header_row - 1 else text
            sheet.write_cells(
                row,
                (
                    (column, cell, words if isinstance(cell, str) else looks[type(cell)])
                    for column, cell in enumerate(cells)
                    if cell != ""  # some banks refuse a file with cells that are there and empty
                ),
            )


def _write_old_workbook(path: Path, profile: BankProfile, grid: Sequence[Sequence[Cell]]) -> None:
    # Loaded where such a file is written: few banks want one.
    import xlwt

    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet(profile.sheet)
    text = xlwt.easyxf(num_format_str="@")
    header = xlwt.easyxf("alignment: wrap on", num_format_str="@")
    amount, count = xlwt.easyxf(num_format_str="0.00"), xlwt.easyxf(num_format_str="0")
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if isinstance(cell, Decimal | int):
                sheet.write(row, column, cell, amount if isinstance(cell, Decimal) else count)
            elif cell:
                sheet.write(row, column, cell, header if row == profile.header_row - 1 else text)
    content = io.BytesIO()
    workbook.save(content)
    path.write_bytes(content.getvalue())


def _write_csv(path: Path, profile: BankProfile, grid: Sequence[Sequence[Cell]]) -> None:
    with path.open("w", encoding=profile.encoding, errors="strict", newline="") as file:
        csv.writer(
            file,
            delimiter=profile.delimiter,
            lineterminator=profile.newline,
            quoting=QUOTING[profile.quoting],
        ).writerows(grid)


Writer = Callable[[Path, BankProfile, Sequence[Sequence[Cell]]], None]
WRITERS: Mapping[str, Writer] = {
    "xlsx": _write_workbook,
    "xls": _write_old_workbook,
    "csv": _write_csv,
}
