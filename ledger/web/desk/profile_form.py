"""A bank profile as a form: its fields as they are typed, and the profile that they describe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

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
    NOT_THERE: "（不要这一列）",
    "bank_name": "户名",
    "account": "账号",
    "amount": "金额",
    "bank": "开户行",
    "bank_code": "联行号",
    "bank_row": "文件内序号",
    "number": "批次内序号",
    "payee_id": "人员编号",
    "remark": "附言",
    FIXED: "固定文字",
    EMPTY: "空着",
}
CELLS: Mapping[str, str] = {
    NOT_THERE: "（不要）",
    FIXED: "固定文字",
    "total_amount": "总金额",
    "total_count": "总笔数",
}
FILE_TYPES = {"xlsx": "Excel 工作簿（xlsx）", "xls": "旧版 Excel（xls）", "csv": "文本（csv）"}
ENCODINGS = {
    "gbk": "GBK（银行最常用）",
    "gb2312": "GB2312",
    "gb18030": "GB18030（生僻字最全）",
    "utf-8": "UTF-8",
}
UNITS = {"yuan": "元（1234.56）", "fen": "分（123456）"}
DEBITS = {"gross": "按文件总额扣款，失败的再退回", "net": "只扣发放成功的"}
DELIMITERS = {"comma": "逗号 ,", "bar": "竖线 |", "semicolon": "分号 ;", "tab": "制表符"}
_BY_WORD = {"comma": ",", "bar": "|", "semicolon": ";", "tab": "\t"}
QUOTING = {"minimal": "需要时加引号", "all": "都加引号", "none": "从不加引号"}
NEWLINES = {"crlf": "回车加换行（Windows）", "lf": "只有换行"}
# So many empty rows stand below those that are filled in.
SPARE_COLUMNS, SPARE_CELLS = 3, 2
MOST = 60
# Limits and marks of a column.
_LIMITS = ("max_bytes", "below_yuan")


class NotANumber(Refusal):
    """A text where a whole number is asked for. Said in Chinese, as the pages are."""

    def __init__(self, text: str, field: str) -> None:
        self.field = field
        super().__init__(f"“{text[:20]}”不是整数：请只写数字。")


Fields = dict[str, str]


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
    words = {"amount_unit": "金额的单位", **{key: CONTENTS[key] for key in NECESSARY_VALUES}}
    keys = "|".join(sorted(words, key=len, reverse=True))
    return re.sub(rf"\b(?:{keys})\b", lambda found: f"“{words[found[0]]}”", sentence)
