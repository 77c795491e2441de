"""A workbook of returned people, as the office sends it to a town."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from samples.people import with_check_character
from samples.people import with_luhn_digit

HEADINGS = (
    "人员编号",
    "镇街",
    "岗位",
    "姓名",
    "银行户名",
    "身份证号",
    "普查区编码",
    "普查区名称",
    "普查小区编码",
    "联系电话",
    "开户行",
    "银行账号",
    "退回批次",
    "退回原因",
    "改正办法",
)


CARD = with_luhn_digit("622319" + "012345678")


def person(
    number: int,
    reason: str,
    *,
    name: str = "王建国",
    account: str = CARD,
    bank: str = "滕州农商行",
) -> list[str]:
    return [
        f"P{number:06d}",
        *("荆河街道", "普查员", name, name, with_check_character(f"37048119800101{number:03d}")),
        *("370481001001", "春藤社区", "370481001001001", "13900000001", bank, account),
        *("B2020-001", reason, "核对后改正"),
    ]


def sent_back(folder: Path, *people: list[str]) -> Path:
    """The office's workbook: a title, how to use it, the headings, and one line a person."""
    path = folder / "退回.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet("荆河街道")
        for number, line in enumerate([["退回人员"], ["请改正后发回"], HEADINGS, *people]):
            for place, cell in enumerate(line):
                page.write_string(number, place, cell)
    return path
