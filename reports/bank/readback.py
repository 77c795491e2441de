"""Reading bank files back, by other libraries than those that wrote them, and comparing.

A file that differs from the batch in one digit pays the wrong person, and nobody would notice
before the bank did. So every cell is read from the finished file and compared with the
instructions. This module shares no code with :mod:`reports.bank.files` but the profile.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

from python_calamine import CalamineError
from python_calamine import CalamineWorkbook

from ledger.base.language import gettext as _
from ledger.base.masks import mask_digits
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import Column
from ledger.model.instructions import Instruction

# Text, or a number of a workbook with exactly the digits that it shows.
ReadCell = str | Decimal


class BankFileDiffers(Refusal):
    """A bank file is not what the batch holds. The message shows no cell: they are personal."""

    def __init__(self, file: str, problem: str, row: int = 0, column: str = "") -> None:
        self.file = file
        self.row = row
        self.column = column
        message = _("{file} must not be sent, it differs from the batch: {problem}")
        super().__init__(message.format(file=file, problem=problem), row=row, column=column)


class CellDifference(Record):
    """A cell that is not as in the books, masked. ``row`` is the file's, counted from 1."""

    row: int
    column: str
    here: str
    books: str


def read_back(path: Path, profile: BankProfile) -> list[list[ReadCell]]:
    """Every row of the file from its first, header included. Raises BankFileDiffers."""
    try:
        if profile.is_workbook:
            return _read_workbook(path, profile)
        return _read_csv(path, profile)
    except (CalamineError, UnicodeDecodeError, csv.Error) as error:
        # Not the error's own text: a decoder quotes what it stumbled over.
        problem = _("it cannot be read as {file_type}").format(file_type=profile.file_type)
        raise BankFileDiffers(path.name, problem) from error


def check_bank_file(
    path: Path, profile: BankProfile, expected: Sequence[Instruction], remark: str | None = None
) -> None:
    """Raise BankFileDiffers unless the file holds exactly these instructions, in this order.

    ``remark`` is the one that was given when the file was written. The total needs no test of
    its own: it is the sum of amounts that are each compared to the fen.
    """
    read = read_back(path, profile)
    rows = len(read) - profile.first_row + 1
    if rows != len(expected):
        problem = _("{rows} rows instead of {expected}")
        raise BankFileDiffers(path.name, problem.format(rows=rows, expected=len(expected)))
    for difference in _differences(read, profile, expected, remark):  # guard: bank-file-read-back
        place = _("row {row}, column {column}")
        problem = place.format(row=difference.row, column=difference.column)
        raise BankFileDiffers(path.name, problem, difference.row, difference.column)


def bank_file_differences(
    path: Path, profile: BankProfile, expected: Sequence[Instruction], remark: str | None = None
) -> list[CellDifference]:
    """Every cell in which the file differs from these instructions; none when it is theirs."""
    return _differences(read_back(path, profile), profile, expected, remark)


def _read_workbook(path: Path, profile: BankProfile) -> list[list[ReadCell]]:
    with CalamineWorkbook.from_path(path) as workbook:
        if workbook.sheet_names != [profile.sheet]:
            raise BankFileDiffers(path.name, _("it has other sheets"))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    width = len(profile.columns)
    # Empty cells at the end of rows are not in the file, so they are filled up here.
    return [[_read_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]


def _read_cell(cell: object) -> ReadCell:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    return str(cell)


def _read_csv(path: Path, profile: BankProfile) -> list[list[ReadCell]]:
    text = path.read_bytes().decode(profile.encoding, "strict")
    quotechar = None if profile.quoting == "none" else '"'
    lines = io.StringIO(text, newline="")
    rows = csv.reader(lines, delimiter=profile.delimiter, quotechar=quotechar, strict=True)
    return [[*row] for row in rows]


def _differences(
    read: Sequence[Sequence[ReadCell]],
    profile: BankProfile,
    expected: Sequence[Instruction],
    remark: str | None,
) -> list[CellDifference]:
    found = []
    books_rows = _expected_rows(profile, expected, profile.remark if remark is None else remark)
    for row, (here, books) in enumerate(zip_longest(read, books_rows, fillvalue=()), 1):
        if list(here) == list(books):
            continue
        for index, (here_cell, books_cell) in enumerate(zip_longest(here, books)):
            if here_cell != books_cell:
                found.append(_difference(profile, row, index, here_cell, books_cell))
    return found


def _expected_rows(
    profile: BankProfile, expected: Sequence[Instruction], remark: str
) -> list[list[ReadCell]]:
    head = [_head_row(profile, expected, row) for row in range(1, profile.first_row)]
    body = [[_expected(profile, c, one, remark) for c in profile.columns] for one in expected]
    return head + body


def _head_row(profile: BankProfile, expected: Sequence[Instruction], row: int) -> list[ReadCell]:
    cells: list[ReadCell] = [""] * len(profile.columns)
    if row == profile.header_row:
        cells = [column.header for column in profile.columns]
    for fixed in profile.cells:
        if fixed.row == row and fixed.value == "total_amount":
            total = _digits(profile, sum(instruction.amount_fen for instruction in expected))
            cells[fixed.column - 1] = _number(profile, total)
        elif fixed.row == row and fixed.value == "total_count":
            cells[fixed.column - 1] = _number(profile, str(len(expected)))
        elif fixed.row == row:
            cells[fixed.column - 1] = fixed.text
    return cells


def _expected(
    profile: BankProfile, column: Column, instruction: Instruction, remark: str
) -> ReadCell:
    if column.value == "remark":
        return remark
    if column.value == "bank_code":
        # By another way than it was written: the one word that no other has in it.
        bank = "".join(instruction.bank.split())
        words = [word for word, _code in profile.bank_codes if word in bank]
        return dict(profile.bank_codes)[max(words, key=len)] if words else ""
    if column.value == "amount":
        amount = _digits(profile, instruction.amount_fen)
        return _number(profile, amount) if column.kind == "amount" else amount
    return str(getattr(instruction, column.value)) if column.value else column.text


def _number(profile: BankProfile, digits: str) -> ReadCell:
    """A workbook has numbers, a CSV file only their digits."""
    return Decimal(digits) if profile.is_workbook else digits


def _digits(profile: BankProfile, amount_fen: int) -> str:
    return str(amount_fen) if profile.amount_unit == "fen" else plain(amount_fen)


def _difference(
    profile: BankProfile, row: int, index: int, here: ReadCell | None, books: ReadCell | None
) -> CellDifference:
    column = profile.columns[index] if index < len(profile.columns) else Column()
    name = column.header.split("\n")[0] or str(index + 1)
    # An amount shows whole, unless it is so long that it may be an account in the wrong place.
    whole = 8 if column.kind == "amount" else 4
    shown = (mask_digits("" if cell is None else str(cell), whole=whole) for cell in (here, books))
    return CellDifference(row, name, *shown)
