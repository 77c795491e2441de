"""A bank file by its format: the cells of a row here and as the books would have them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal

from ledger.base.books_folder import BANK_PROFILES
from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.base.refusals import Refusal
from ledger.disbursement.amount_unit import FEN
from ledger.disbursement.bank_file_plan import OWN_BANK
from ledger.disbursement.bank_file_plan import file_kind
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import Column
from ledger.disbursement.bank_profile import codes_of_bank
from ledger.disbursement.bank_profile import known_profiles
from ledger.disbursement.bank_profile import load_profile
from ledger.model.instructions import Instruction
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.row_comparison import ReadRow
from reports.verification.comparison.verdict import Difference
from reports.verification.tables.table_cells import Grid
from reports.verification.tables.table_cells import ReadCell
from reports.verification.tables.table_cells import as_amount
from reports.verification.tables.table_cells import as_count
from reports.verification.tables.table_cells import as_text
from reports.verification.tables.table_cells import padded
from reports.verification.tables.table_cells import whole


def likely_profiles(evidence: Evidence, name: str) -> Iterator[BankProfile]:
    """Those of the settings first: an old manifest does not say which it was."""
    settings = evidence.books.settings
    folder = evidence.books.folder / BANK_PROFILES
    first = settings.own_profile if file_kind(name) == OWN_BANK else settings.other_profile
    names = [first, *(other for other in known_profiles(folder) if other != first)]
    for profile_name in names:
        try:
            profile = load_profile(profile_name, folder)
        except Refusal:
            continue
        if name.endswith(f".{profile.file_type}"):
            yield profile


def read_cells(
    profile: BankProfile, row: Sequence[ReadCell], *, has_numbers: bool
) -> tuple[str, ...]:
    width = len(profile.columns)
    amount_of = as_count if profile.amount_unit == FEN else as_amount
    return tuple(
        amount_of(cell, has_numbers=has_numbers and column.kind == "amount")
        if column.value == "amount"
        else as_text(cell, has_numbers=has_numbers)
        for cell, column in zip(padded(row, width)[:width], profile.columns, strict=True)
    )


def book_cells(profile: BankProfile, row: Instruction, remark: str) -> tuple[str, ...]:
    return tuple(_book_cell(profile, column, row, remark) for column in profile.columns)


def _book_cell(profile: BankProfile, column: Column, row: Instruction, remark: str) -> str:
    if column.value == "remark":
        return remark.strip()
    if column.value == "bank_code":
        return "".join(codes_of_bank(profile, row.bank))
    if column.value == "amount":
        return _amount(profile, row.amount_fen)
    return str(getattr(row, column.value)).strip() if column.value else column.text.strip()


def _amount(profile: BankProfile, amount_fen: int) -> str:
    return str(amount_fen) if profile.amount_unit == FEN else plain(amount_fen)


def remark_here(profile: BankProfile, here: Sequence[ReadRow]) -> tuple[str, str]:
    """The remark of most rows, which an old manifest does not record, and a note that says so."""
    for place, column in enumerate(profile.columns):
        if column.value == "remark" and here:
            texts = [row.cells[place] for row in here]
            text = max(set(texts), key=texts.count)
            message = _("the remark {remark} is not recorded in the books and was not compared")
            return text, message.format(remark=text)
    return "", ""


def head_differences(
    profile: BankProfile, rows: Sequence[Instruction], grid: Grid
) -> Iterator[Difference]:
    """What stands above the rows: headings, totals, fixed texts."""
    width = len(profile.columns)
    for number in range(1, profile.first_row):
        read = grid.rows[number - 1] if number <= len(grid.rows) else ()
        expected = _head_row(profile, rows, number)
        cells = padded(read, width)
        for place, (cell, book) in enumerate(zip(cells, [*expected, *[""] * len(cells)])):  # noqa: B905
            shown = whole(cell) if isinstance(cell, Decimal) else cell.strip()
            same = shown == book.strip() or _same_number(shown, book)
            if not same:
                column = _("column {number}").format(number=place + 1)
                yield Difference(number, column, shown, book)


def _head_row(profile: BankProfile, rows: Sequence[Instruction], number: int) -> list[str]:
    cells = [""] * len(profile.columns)
    if number == profile.header_row:
        cells = [column.header for column in profile.columns]
    for fixed in profile.cells:
        if fixed.row == number:
            values = {
                "total_amount": _amount(profile, sum(row.amount_fen for row in rows)),
                "total_count": str(len(rows)),
            }
            cells[fixed.column - 1] = values.get(fixed.value, fixed.text)
    return cells


def _same_number(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except ArithmeticError:
        return False
