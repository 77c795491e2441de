"""A bank's batch upload file as data: its columns, its encoding and its limits.

A profile is a TOML file, so that a new bank needs no code. ``profiles/`` holds those that
come with the tool; a set of books may keep a folder of its own. The keys::

    title, encoding, debit   "gross": the bank debits the file's total; "net": what it paid
    file_type, row_limit     "xlsx", "xls" or "csv"; 3000
    amount_unit              "yuan" or "fen", of amounts and totals alike; what headings say of the
                             unit has to agree
    remark, sheet            "", "Sheet1"
    header_row, first_row    1 (0 for none), the row below the header
    [csv]                    delimiter, newline, quoting ("minimal", "all" or "none")
    [[cells]]                at ("B2"), and value ("total_amount", "total_count") or text
    [bank_codes]             for value "bank_code" (联行号): "words of the bank" = "12 digits"
    [[columns]]              header, value or text (neither: empty), kind ("text" or "amount"),
                             max_bytes (in the encoding), below_yuan (for an amount), required
                             (name, account and amount always are)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import mark
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.toml_table import TomlTable
from ledger.base.toml_table import read_toml
from ledger.disbursement.amount_unit import UNITS
from ledger.disbursement.amount_unit import YUAN
from ledger.disbursement.amount_unit import unit_said
from ledger.disbursement.amount_unit import unit_word

# Wherever an installer has put the files: it may have made links to them.
PACKAGED_PROFILES = Path(__file__).resolve().parent / "profiles"

ENCODINGS = ("gb2312", "gbk", "gb18030", "utf-8")
NECESSARY_VALUES = ("bank_name", "account", "amount")
COLUMN_VALUES = (
    *NECESSARY_VALUES, "bank", "bank_code", "number", "bank_row", "payee_id", "remark",
)  # fmt: skip
CELL_VALUES = ("total_amount", "total_count")

TEXT_PROBLEMS = {
    "missing": mark("is missing"),
    "characters": mark("has a character that the bank's file cannot hold"),
    "encoding": mark("has a character that the bank's encoding lacks"),
    "too_long": mark("is longer than the bank allows"),
}
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
WORKBOOKS = ("xlsx", "xls")
# As many rows, columns and characters in a cell as every program takes of the format.
MOST_ROWS = {"xlsx": 1_048_576, "xls": 65_536, "csv": 1_048_576}
MOST_ROWS_ABOVE = 100
MOST_COLUMNS = 256
LONGEST_TEXT = 1000
# XlsxWriter takes the first for ready-made markup; the second is Excel's escape of a character.
WORKBOOK_MARKUP = re.compile("<r>|_x[0-9A-Fa-f]{4}_")


class UnknownBankProfile(Refusal):
    """No profile has the name that was asked for."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.known = tuple(known)
        message = _("no bank profile is called {name}; there are: {known}")
        super().__init__(message.format(name=name, known=listed(known)), known=list(known))


class Column(Record):
    """One column. It holds ``value`` of the instruction, or else the constant ``text``.

    ``max_bytes`` counts bytes of the profile's encoding; ``below_fen`` is the first amount
    that the bank refuses. Both are None where the bank sets no limit.
    """

    header: str = ""
    value: str = ""
    text: str = ""
    kind: str = "text"
    max_bytes: int | None = None
    required: bool = False
    below_fen: int | None = None


class FixedCell(Record):
    """A cell above the table: ``value`` of the whole file, or else the constant ``text``."""

    row: int
    column: int
    value: str
    text: str


class BankProfile(Record):
    """How one bank wants its upload file. Rows and columns count from 1."""

    name: str
    title: str
    file_type: str
    encoding: str
    row_limit: int
    debit: str
    remark: str
    columns: tuple[Column, ...]
    cells: tuple[FixedCell, ...]
    sheet: str
    header_row: int
    first_row: int
    delimiter: str
    newline: str
    quoting: str
    amount_unit: str = YUAN
    bank_codes: tuple[tuple[str, str], ...] = ()

    @property
    def is_workbook(self) -> bool:
        """Whether the file has numbers, and not only their digits."""
        return self.file_type in WORKBOOKS

    def text_problem(self, column: Column, text: str) -> str | None:
        """Why the column cannot hold the text: a key of TEXT_PROBLEMS, or None."""
        if column.required and not text.strip():
            return "missing"
        if not self.can_hold(text):
            return "characters"
        try:
            size = len(text.encode(self.encoding))
        except UnicodeEncodeError:
            return "encoding"
        return "too_long" if column.max_bytes is not None and size > column.max_bytes else None

    def can_hold(self, text: str) -> bool:
        """Whether a file of this type brings the text to the bank unchanged."""
        if text.isalnum():  # Names and numbers, which most are: no mark of any kind is in them.
            return True
        if CONTROL_CHARACTERS.search(text):
            return False
        if self.is_workbook:
            return not WORKBOOK_MARKUP.search(text)
        return self.quoting != "none" or not (self.delimiter in text or '"' in text)


def codes_of_bank(profile: BankProfile, bank: str) -> list[str]:
    """The 联行号 of an opening bank by the profile's words: one, or none, or several in doubt.

    Words that others have in them are less than these: the branch counts before the bank.
    """
    text = "".join(bank.split())
    fitting = [(words, code) for words, code in profile.bank_codes if words in text]
    return list(dict.fromkeys(
        code
        for words, code in fitting
        if not any(words != other and words in other for other, _code in fitting)
    ))  # fmt: skip


def known_profiles(extra_folder: Path | None = None) -> dict[str, Path]:
    """The file of each profile by its name. Those of the books come before the tool's."""
    folders = [PACKAGED_PROFILES, *([extra_folder] if extra_folder else [])]
    return {file.stem: file for folder in folders for file in sorted(folder.glob("*.toml"))}


def load_profile(name: str, extra_folder: Path | None = None) -> BankProfile:
    """The profile of that name. Raises UnknownBankProfile, and MalformedToml with the key."""
    known = known_profiles(extra_folder)
    if name not in known:
        raise UnknownBankProfile(name, sorted(known))
    return read_profile(name, read_toml(known[name]))


def read_profile(name: str, table: TomlTable) -> BankProfile:
    """The profile that a text describes. Raises MalformedToml with the key."""
    profile = _profile(name, table)
    _check_columns(profile, table)
    _check_cells(profile, table)
    _check_texts(profile, table)
    _check_units(profile, table)
    return profile


def profile_from(recorded: dict[str, Any]) -> BankProfile:
    """A profile that was recorded with a batch, as ``asdict`` gives it."""
    return BankProfile(
        **{
            **recorded,
            "columns": tuple(Column(**column) for column in recorded["columns"]),
            "cells": tuple(FixedCell(**cell) for cell in recorded["cells"]),
            "bank_codes": tuple((words, code) for words, code in recorded["bank_codes"]),
        }
    )


def _profile(name: str, table: TomlTable) -> BankProfile:
    csv, codes = table.table("csv"), table.table("bank_codes")
    header_row = table.number("header_row", 1)
    profile = BankProfile(
        name=name,
        title=table.take("title", str),
        file_type=table.one_of("file_type", (*WORKBOOKS, "csv")),
        encoding=table.one_of("encoding", ENCODINGS),
        row_limit=table.number("row_limit", 3000, least=1),
        debit=table.one_of("debit", ("gross", "net")),
        remark=table.take("remark", str, ""),
        columns=tuple(_column(item) for item in table.tables("columns")),
        cells=tuple(_cell(item) for item in table.tables("cells")),
        sheet=table.matching(
            "sheet",
            r"[^][:*?/\\']{1,31}",
            "Sheet1",
            form=_("must be at most 31 characters, none of them [ ] : * ? / \\ or '"),
        ),
        header_row=header_row,
        first_row=table.number("first_row", header_row + 1, least=header_row + 1),
        delimiter=csv.one_of("delimiter", (",", "|", ";", "\t"), ","),
        newline=csv.one_of("newline", ("\r\n", "\n"), "\r\n"),
        quoting=csv.one_of("quoting", ("minimal", "all", "none"), "minimal"),
        amount_unit=table.one_of("amount_unit", UNITS, YUAN),
        bank_codes=tuple(
            (words, codes.matching(words, "[0-9]{12}", form=_("must be twelve digits")))
            for words in [*codes.left]
        ),
    )
    csv.end()
    table.end()
    last_row = profile.first_row + profile.row_limit - 1
    if last_row > MOST_ROWS[profile.file_type] or profile.first_row > MOST_ROWS_ABOVE:
        key = "row_limit" if profile.first_row <= MOST_ROWS_ABOVE else "first_row"
        raise table.refusal(key, _("is more than a sheet of this format has"))
    if len(profile.columns) > MOST_COLUMNS:
        raise table.refusal("columns", _("is more than a sheet of this format has"))
    for words, _code in profile.bank_codes:
        if not words.strip():  # guard: bank-code-of-some-bank
            raise table.refusal("bank_codes", _("must be a text on one line, not empty"))
    return profile


def _column(table: TomlTable) -> Column:
    value = table.one_of("value", ("", *COLUMN_VALUES), "")
    column = Column(
        header=table.take("header", str, ""),
        value=value,
        text=table.take("text", str, ""),
        kind=table.one_of("kind", ("text", "amount"), "text"),
        max_bytes=table.number("max_bytes", 0) or None,
        required=table.take("required", bool, False) or value in NECESSARY_VALUES,
        below_fen=table.number("below_yuan", 0) * 100 or None,
    )
    table.end()
    if column.value and column.text:
        raise table.refusal("text", _("a column has a value or a text, not both"))
    if column.value != "amount" and (column.kind == "amount" or column.below_fen):
        raise table.refusal("value", _('must be "amount" in a column of amounts'))
    return column


def _cell(table: TomlTable) -> FixedCell:
    place = table.matching("at", "[A-Z][1-9][0-9]*", form=_("must be a cell, such as B3"))
    value = table.one_of("value", ("", *CELL_VALUES), "")
    text = table.take("text", str, "")
    table.end()
    return FixedCell(row=int(place[1:]), column=ord(place[0]) - ord("@"), value=value, text=text)


def _check_columns(profile: BankProfile, table: TomlTable) -> None:
    for value in NECESSARY_VALUES:
        if value not in [column.value for column in profile.columns]:
            raise table.refusal("columns", _("no column holds {value}").format(value=value))
    if any(column.value == "bank_code" for column in profile.columns) and not profile.bank_codes:
        raise table.refusal("bank_codes", _("is missing"))


def _check_texts(profile: BankProfile, table: TomlTable) -> None:
    for key, column, text in _texts(profile):
        if len(text) > LONGEST_TEXT:
            raise table.refusal(key, _("is too long for a cell"))
        problem = profile.text_problem(column, text)
        if problem:
            raise table.refusal(key, _(TEXT_PROBLEMS[problem]))


def _texts(profile: BankProfile) -> Iterator[tuple[str, Column, str]]:
    """Every text that the profile itself puts into a file: its key, and its column's limits."""
    for number, column in enumerate(profile.columns, 1):
        # A header may have two lines, which takes quotes in a CSV file.
        header = column.header if profile.quoting == "none" else column.header.replace("\n", "")
        yield f"columns[{number}].header", Column(), header
        if not column.value:
            yield f"columns[{number}].text", column, column.text
        if column.value == "remark" and profile.remark:
            yield "remark", column, profile.remark
    for number, cell in enumerate(profile.cells, 1):
        yield f"cells[{number}].text", Column(), cell.text


def _check_units(profile: BankProfile, table: TomlTable) -> None:
    """A file whose heading says another unit than its amounts have pays a hundredth, or a hundred
    times as much.
    """
    texts = [
        (f"columns[{number}].header", column.header)
        for number, column in enumerate(profile.columns, 1)
        if column.value == "amount"
    ]
    texts += [(f"cells[{number}].text", cell.text) for number, cell in enumerate(profile.cells, 1)]
    for key, text in texts:
        said = unit_said(text)
        if said and said != profile.amount_unit:  # guard: heading-of-another-unit
            message = _("says another unit than amount_unit, which is {unit}")
            raise table.refusal(key, message.format(unit=unit_word(profile.amount_unit)))


def _check_cells(profile: BankProfile, table: TomlTable) -> None:
    for number, cell in enumerate(profile.cells, 1):
        if cell.row >= profile.first_row or cell.row == profile.header_row:
            raise table.refusal(f"cells[{number}].at", _("lies in the table"))
        if cell.column > len(profile.columns):
            raise table.refusal(f"cells[{number}].at", _("lies beyond the last column"))
