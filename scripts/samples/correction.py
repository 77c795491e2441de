"""What a town does with a workbook of returned payments: corrects what the bank objected to.

The office's workbook has its headings somewhere among the first rows, the bank's reason under
退回原因. Rows whose record was right (a frozen account, a lost card) go back as they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import xlsxwriter
from python_calamine import CalamineWorkbook

from samples.people import OTHER_BANKS
from samples.people import RURAL_BANKS
from samples.people import RURAL_PREFIXES
from samples.people import Home
from samples.people import digits
from samples.people import with_check_character
from samples.people import with_luhn_digit

HEADINGS = {
    "payee_id": "人员编号",
    "bank_name": "银行户名",
    "identity": "身份证号",
    "bank": "开户行",
    "account": "银行账号",
    "reason": "退回原因",
}
SENT_BACK = datetime(2020, 11, 20, 9, 30)

BANK_WORDS = re.compile("银行：(.+)")
# What a clerk corrects when the reason says this; the first that fits. Empty: nothing was wrong.
FIELD_OF_WORDS = (
    (re.compile("睡眠|久悬|二三类"), "account"),
    (re.compile("冻结|锁定|挂失|限额|超限|金额|余额|整个文件"), ""),
    (re.compile("户名|姓名"), "bank_name"),
    (re.compile("证件|身份"), "identity"),
    (re.compile("发卡行|行名|行号|开户行|所属银行"), "bank"),
)
# How a bank may have keyed a name in: characters that sound or look alike, all of them in GBK.
ALIKE = dict(
    zip(
        "伟强磊军勇涛建国志海鹏超刚杰明丽芳静娟燕艳玲秀英桂兰红梅雪霞慧春爱玉华平",
        "纬蔷垒君咏滔健囯智诲朋趋钢洁铭莉方净绢雁彦铃绣瑛贵蓝虹玫血遐惠椿艾钰桦萍",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Corrected:
    """One cell that the town has changed: ``field`` is a key of ``HEADINGS``."""

    payee_id: str
    field: str
    before: str
    after: str


def correct(source: Path, target: Path, *, seed: int) -> list[Corrected]:
    """Write ``source`` with its rows corrected to ``target`` (.xlsx, text throughout).

    The same workbook and seed give the same bytes. New accounts pass Luhn, keep the bank's
    prefix and stand nowhere else in the workbook. Raises ValueError when a sheet with rows has
    no headings.
    """
    corrected = []
    with CalamineWorkbook.from_path(source) as workbook:
        sheets = {
            name: [
                [str(cell) for cell in row]
                for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in workbook.sheet_names
        }
    taken = {cell for lines in sheets.values() for line in lines for cell in line}
    for lines in sheets.values():
        for line, columns in _people(source.name, lines):
            change = _change(line, columns, seed, taken)
            if change:
                line[columns[change.field]] = change.after
                corrected.append(change)
    _write(target, sheets)
    return corrected


def _people(file: str, lines: Sequence[list[str]]) -> Iterator[tuple[list[str], dict[str, int]]]:
    """Each person's line, and the column of each field."""
    for place, line in enumerate(lines):
        if HEADINGS["payee_id"] in line:
            columns = {field: line.index(heading) for field, heading in HEADINGS.items()}
            for person in lines[place + 1 :]:
                if person[columns["payee_id"]]:
                    yield person, columns
            return
    if lines:
        raise ValueError(f"{file}: no headings")


def _change(
    line: Sequence[str], columns: dict[str, int], seed: int, taken: set[str]
) -> Corrected | None:
    cells = {field: line[place] for field, place in columns.items()}
    field = _field_to_correct(cells["reason"])
    if not field:
        return None
    payee_id = cells["payee_id"]
    random = Random(f"{seed}:correction:{payee_id}:{cells['account']}")
    after = _CORRECTED[field](cells, random)
    if after == cells[field]:
        # Nothing to correct there, so the wrong card was written down.
        field, after = "account", ""
    while field == "account" and (not after or after in taken):
        after = other_account(cells["account"], random)
    taken.add(after)
    return Corrected(payee_id, field, cells[field], after)


def _field_to_correct(reason: str) -> str:
    """By the bank's own words where the office quotes them behind its own."""
    quoted = BANK_WORDS.search(reason)
    reason = quoted.group(1) if quoted else reason
    fields = (field for words, field in FIELD_OF_WORDS if words.search(reason))
    return next(fields, "account")


def other_account(account: str, random: Random) -> str:
    """Another card of the same bank; a card of the county's bank in place of a passbook."""
    known = {prefix for prefix, _bank in OTHER_BANKS} | set(RURAL_PREFIXES)
    prefix = account[:6]
    if prefix not in known:
        prefix, account = RURAL_PREFIXES[0], "0" * 16
    return with_luhn_digit(prefix + digits(random, len(account) - 7))


def holder_name(name: str) -> str:
    """The name as the bank might have keyed it in; the same name where nothing offers itself."""
    if "·" in name:
        return name.replace("·", "")
    surname, given = name[:1], name[1:]
    for place, character in enumerate(given):
        if character in ALIKE:
            return surname + given[:place] + ALIKE[character] + given[place + 1 :]
    return name


def _other_identity(identity: str, random: Random) -> str:
    """The order number was misread: another one of the same sex, and its check character."""
    order = (int(identity[14:17]) + 2 * random.randrange(1, 400)) % 1000
    return with_check_character(f"{identity[:14]}{order:03d}")


def _bank_of_card(account: str, bank: str) -> str:
    """A bank that issues cards of this prefix, other than the one named, or the one named."""
    banks = [*((prefix, RURAL_BANKS[1]) for prefix in RURAL_PREFIXES), *OTHER_BANKS]
    home = Home()
    fitting = [
        name.format(county=home.name, whole=home.whole)
        for prefix, name in banks
        if account.startswith(prefix) and "{town}" not in name
    ]
    return next((name for name in fitting if name != bank), bank)


_CORRECTED = {
    "bank_name": lambda cells, random: holder_name(cells["bank_name"]),
    "identity": lambda cells, random: _other_identity(cells["identity"], random),
    "bank": lambda cells, random: _bank_of_card(cells["account"], cells["bank"]),
    "account": lambda cells, random: other_account(cells["account"], random),
}


def _write(path: Path, sheets: dict[str, list[list[str]]]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": SENT_BACK})
        text = workbook.add_format({"num_format": "@"})
        for name, lines in sheets.items():
            page = workbook.add_worksheet(name)
            page.set_column(0, max(map(len, lines), default=1) - 1, 20, text)
            for number, line in enumerate(lines):
                for place, cell in enumerate(line):
                    if cell:
                        page.write_string(number, place, cell, text)
