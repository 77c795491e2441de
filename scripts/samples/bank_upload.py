"""What a bank finds in the files that an office sends it: the simulated bank's own reader.

It looks for the headings as a clerk would and knows no profile, so that it is a second opinion
on the files and not the office's own one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook

OWN_BANK = "本行"
OTHER_BANK = "他行"
FEN = Decimal("0.01")

# The field behind a heading, up to its line break or bracket.
_FIELD_OF_HEADING = {
    heading: field
    for field, headings in {
        "number": "序号",
        "name": "姓名 户名 收款人户名 收款账号名称",
        "account": "卡号 账号 账户 收款账号",
        "amount": "应处理金额 金额 付款金额",
        "bank": "开户行 行名 收款账号开户行",
        "remark": "备注 摘要",
    }.items()
    for heading in headings.split()
}
_NECESSARY = {"name", "account", "amount"}


@dataclass(frozen=True, slots=True)
class SentRow:
    """One payment that the office asks for.

    ``file`` is the upload's name and ``row`` the payment's place in it, counted from 1; together
    they are the key of a payment. ``number`` is what the column 序号 says, ``amount`` yuan with
    two decimals; ``number``, ``bank`` and ``remark`` are empty where the file has no such column.
    """

    file: str
    row: int
    number: str
    name: str
    account: str
    amount: str
    bank: str
    remark: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return self.file, self.row

    @property
    def fen(self) -> int:
        return int(Decimal(self.amount) * 100)


def read_uploads(folder: Path) -> list[SentRow]:
    """Every payment of a batch's folder: the files for the own bank first, by their numbers."""
    paths = [
        path
        for kind in (OWN_BANK, OTHER_BANK)
        for path in sorted(folder.glob(f"*-{kind}-*"), key=lambda path: (len(path.name), path.name))
    ]
    return [row for path in paths for row in read_upload(path)]


def read_upload(path: Path) -> list[SentRow]:
    """The payments of one upload file, .xlsx or .csv.

    Raises ValueError when it has no headings or a payment without account or amount.
    """
    lines = _csv_lines(path) if path.suffix == ".csv" else _workbook_lines(path)
    for place, cells in enumerate(lines):
        columns = _columns(cells)
        if columns.keys() >= _NECESSARY:
            body = [line for line in lines[place + 1 :] if any(line)]
            return [_sent(path.name, row, line, columns) for row, line in enumerate(body, 1)]
    raise ValueError(f"{path.name}: no headings")


def _csv_lines(path: Path) -> list[list[str]]:
    with path.open(encoding="gb18030", newline="") as file:
        return list(csv.reader(file))


def _workbook_lines(path: Path) -> list[list[str]]:
    with CalamineWorkbook.from_path(path) as workbook:
        table = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[_text(cell) for cell in row] for row in table]


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return str(Decimal(repr(cell)).quantize(FEN))
    return str(cell)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Field to column; the first of two headings for one field counts."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = _FIELD_OF_HEADING.get(re.split(r"[\n(（]", cell)[0].strip())
        if field:
            columns.setdefault(field, place)
    return columns


def _sent(file: str, row: int, cells: Sequence[str], columns: dict[str, int]) -> SentRow:
    field = {name: cells[place] for name, place in columns.items() if place < len(cells)}
    if not all(field.get(name) for name in _NECESSARY):
        raise ValueError(f"{file}: payment {row} is incomplete")
    return SentRow(
        file=file,
        row=row,
        number=field.get("number", ""),
        name=field["name"],
        account=field["account"],
        amount=str(Decimal(field["amount"]).quantize(FEN)),
        bank=field.get("bank", ""),
        remark=field.get("remark", ""),
    )
