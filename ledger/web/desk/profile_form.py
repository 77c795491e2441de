"""A bank profile as a form: its fields as they are typed, and the profile that they describe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.base.toml_table import TomlTable
from ledger.disbursement.bank_profile import NECESSARY_VALUES
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import Column
from ledger.disbursement.bank_profile import read_profile
from ledger.web.desk.forms import Form

# What a column may hold, in the order in which it is offered. The rest are no values of people.
NOT_THERE, EMPTY, FIXED = "", "empty", "fixed"
CONTENTS: Mapping[str, str] = {
    NOT_THERE: mark("(leave this column out)"),
    "bank_name": mark("Account name"),
    "account": mark("Account number"),
    "amount": mark("Amount"),
    "bank": mark("Bank of the account"),
    "bank_code": mark("Bank code"),
    "bank_row": mark("Number in the file"),
    "number": mark("Number in the batch"),
    "payee_id": mark("ID of the person"),
    "remark": mark("Remark"),
    FIXED: mark("Fixed text"),
    EMPTY: mark("Empty"),
}
CELLS: Mapping[str, str] = {
    NOT_THERE: mark("(leave out)"),
    FIXED: mark("Fixed text"),
    "total_amount": mark("Sum of all"),
    "total_count": mark("Number of payments"),
}
FILE_TYPES = {
    "xlsx": mark("Excel workbook (xlsx)"),
    "xls": mark("Old Excel (xls)"),
    "csv": mark("Text (csv)"),
}
ENCODINGS = {
    "gbk": mark("GBK (what banks mostly use)"),
    "gb2312": "GB2312",
    "gb18030": mark("GB18030 (has the most rare characters)"),
    "utf-8": "UTF-8",
}
UNITS = {"yuan": mark("Yuan (1234.56)"), "fen": mark("Fen (123456)")}
DEBITS = {"gross": mark("The whole sum; what fails comes back"), "net": mark("Only what was paid")}
DELIMITERS = {
    "comma": mark("Comma ,"),
    "bar": mark("Bar |"),
    "semicolon": mark("Semicolon ;"),
    "tab": mark("Tab"),
}
_BY_WORD = {"comma": ",", "bar": "|", "semicolon": ";", "tab": "\t"}
QUOTING = {
    "minimal": mark("Quoted where needed"),
    "all": mark("All quoted"),
    "none": mark("Never quoted"),
}
NEWLINES = {"crlf": mark("CR and LF (Windows)"), "lf": mark("LF only")}
# By the field, or by what all fields of a kind hold.
_CHOICES = {
    "file_type": FILE_TYPES,
    "encoding": ENCODINGS,
    "amount_unit": UNITS,
    "debit": DEBITS,
    "delimiter": DELIMITERS,
    "newline": NEWLINES,
    "quoting": QUOTING,
    "content": CONTENTS,
    "cell": CELLS,
}
# So many empty rows stand below those that are filled in.
SPARE_COLUMNS, SPARE_CELLS = 3, 2
MOST = 60
# Limits and marks of a column.
_LIMITS = ("max_bytes", "below_yuan")


class NotANumber(Refusal):
    """A text where a whole number is asked for. Said in the language of the pages."""

    def __init__(self, text: str, field: str) -> None:
        self.field = field
        super().__init__(
            _("“{text}” is no whole number: please write digits only.").format(text=text[:20])
        )


Fields = dict[str, str]


def choices() -> Mapping[str, list[tuple[str, str]]]:
    """What may be chosen in each field, and what that is called."""
    return {
        field: [(code, _(word)) for code, word in words.items()]
        for field, words in _CHOICES.items()
    }


def fields_of(profile: BankProfile) -> Fields:
    """The fields of the form for a profile."""
    fields = {
        "name": profile.name,
        "title": profile.title,
        "file_type": profile.file_type,
        "encoding": profile.encoding,
        "amount_unit": profile.amount_unit,
        "debit": profile.debit,
        "row_limit": str(profile.row_limit),
        "sheet": profile.sheet,
        "header_row": str(profile.header_row),
        "first_row": str(profile.first_row),
        "delimiter": next(word for word, sign in _BY_WORD.items() if sign == profile.delimiter),
        "newline": "lf" if profile.newline == "\n" else "crlf",
        "quoting": profile.quoting,
        "remark": profile.remark,
        "codes": "\n".join(f"{words} {code}" for words, code in profile.bank_codes),
    }
    for number, column in enumerate(profile.columns, 1):
        fields |= {f"c{number}-{key}": text for key, text in _of_column(number, column).items()}
    for number, cell in enumerate(profile.cells, 1):
        fields |= {
            f"t{number}-at": f"{chr(ord('@') + cell.column)}{cell.row}",
            f"t{number}-is": cell.value or FIXED,
            f"t{number}-text": cell.text,
        }
    return fields


def _of_column(number: int, column: Column) -> Fields:
    kind = column.value or (FIXED if column.text else EMPTY)
    return {
        "at": str(number),
        "header": column.header,
        "is": kind,
        "text": column.text,
        "number": "1" if column.kind == "amount" else "",
        "max_bytes": str(column.max_bytes or ""),
        "below_yuan": str(column.below_fen // 100) if column.below_fen else "",
        "required": "1" if column.required else "",
    }


def typed(form: Form) -> Fields:
    """The fields as they were typed."""
    found = {name: form.text(name) for name in form.sent}
    # Headings may have two lines, and banks' codes stand on a line each.
    found |= {name: "\n".join(form.lines(name)) for name in found if name.endswith("header")}
    found["codes"] = "\n".join(form.lines("codes"))
    return found


def rows_of(fields: Fields, letter: str, spare: int) -> list[int]:
    """The numbers of the rows to be shown: those that are filled in, and some that are not."""
    filled = [n for n in range(1, MOST + 1) if fields.get(f"{letter}{n}-is")]
    last = max(filled, default=0)
    return list(range(1, min(last + spare, MOST) + 1))


def profile_in(fields: Fields) -> BankProfile:
    """The profile that the fields describe.

    Raises NotANumber, or MalformedToml with the key of the file that would be wrong.
    """
    document: dict[str, Any] = {
        key: fields.get(key, "")
        for key in ("title", "file_type", "encoding", "amount_unit", "debit", "remark")
    }
    document["sheet"] = fields.get("sheet") or "Sheet1"
    document |= {
        key: number
        for key in ("row_limit", "header_row", "first_row")
        if (number := _number(fields, key)) is not None
    }
    if document["file_type"] == "csv":
        document["csv"] = {
            "delimiter": _BY_WORD.get(fields.get("delimiter", ""), ""),
            "newline": "\n" if fields.get("newline") == "lf" else "\r\n",
            "quoting": fields.get("quoting", ""),
        }
    document["bank_codes"] = dict(_codes(fields.get("codes", "")))
    document["columns"] = [column for _row, column in _columns(fields)]
    document["cells"] = [cell for _row, cell in _cells(fields)]
    name = fields.get("name", "")
    return read_profile(name, TomlTable(f"{name}.toml", "", document))


def _columns(fields: Fields) -> list[tuple[int, dict[str, Any]]]:
    """The row of the form of each column, and what the file would say of it, in their order."""
    found = sorted(_placed_columns(fields), key=lambda one: one[:2])
    return [(row, column) for _place, row, column in found]


def _placed_columns(fields: Fields) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for row in range(1, MOST + 1):
        beginning, kind = f"c{row}-", fields.get(f"c{row}-is", NOT_THERE)
        if kind == NOT_THERE:
            continue
        said: dict[str, Any] = {"header": fields.get(f"{beginning}header", "")}
        if kind == FIXED:
            said["text"] = fields.get(f"{beginning}text", "")
        elif kind != EMPTY:
            said["value"] = kind
        if kind == "amount":
            said["kind"] = "amount" if fields.get(f"{beginning}number") else "text"
        if kind not in (FIXED, EMPTY):
            said["required"] = bool(fields.get(f"{beginning}required"))
        for key in _LIMITS:
            if (number := _number(fields, f"{beginning}{key}")) is not None:
                said[key] = number
        place = _number(fields, f"{beginning}at")
        yield (row if place is None else place), row, said


def _cells(fields: Fields) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in range(1, MOST + 1):
        kind, at = fields.get(f"t{row}-is", NOT_THERE), fields.get(f"t{row}-at", "").upper()
        if kind == FIXED:
            yield row, {"at": at, "text": fields.get(f"t{row}-text", "")}
        elif kind != NOT_THERE:
            yield row, {"at": at, "value": kind}


def _codes(text: str) -> Iterator[tuple[str, str]]:
    """Words of a bank and its code, a line each; what has no digits behind it is refused later."""
    for line in text.splitlines():
        words, _blank, code = line.strip().rpartition(" ")
        if line.strip():
            yield (words.strip(), code) if words else (line.strip(), "")


def _number(fields: Fields, field: str) -> int | None:
    text = fields.get(field, "")
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,9}", text):
        raise NotANumber(text, field)
    return int(text)


def field_of_key(key: str, fields: Fields) -> str:
    """The field of the form that a key of the file came from, such as ``columns[2].header``."""
    found = re.fullmatch(r"(columns|cells)\[(\d+)\]\.(\w+)", key)
    if found is None:
        return "codes" if key.startswith("bank_codes") else key.removeprefix("csv.")
    if found[1] == "columns":
        letter, rows = "c", [row for row, _column in _columns(fields)]
    else:
        letter, rows = "t", [row for row, _cell in _cells(fields)]
    name = {"value": "is", "kind": "number"}.get(found[3], found[3])
    return f"{letter}{rows[int(found[2]) - 1]}-{name}"


def in_words(sentence: str) -> str:
    """What is said of a profile's file, with the words of the form in place of the file's keys."""
    words = {
        "amount_unit": _("Unit of amounts"),
        **{key: _(CONTENTS[key]) for key in NECESSARY_VALUES},
    }
    keys = "|".join(sorted(words, key=len, reverse=True))
    return re.sub(rf"\b(?:{keys})\b", lambda found: f"“{words[found[0]]}”", sentence)
