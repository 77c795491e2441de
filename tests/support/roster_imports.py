"""Rosters of one town, and what ``import`` answers to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from tests.support.office import Office
from tests.support.office import made_up

HEADER = ("姓名", "身份证号", "岗位", "普查区", "普查小区编码", "开户行", "银行卡号", "联系电话")


def row(number: int, **changes: str) -> list[str]:
    """The cells of a made-up enumerator of 荆河街道."""
    payee = made_up(number)
    cells = {
        "姓名": payee.legal_name,
        "身份证号": payee.identity,
        "岗位": payee.role,
        "普查区": payee.area_name,
        "普查小区编码": payee.block,
        "开户行": payee.bank,
        "银行卡号": payee.account,
        "联系电话": payee.phone,
    }
    return list({**cells, **changes}.values())


def roster(path: Path, *rows: list[str]) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("花名册")
        sheet.write(0, 0, "荆河街道两员补助花名册")
        sheet.write_row(1, 0, HEADER)
        for place, cells in enumerate(rows, start=2):
            for column, cell in enumerate(cells):
                sheet.write_string(place, column, cell)
    return path


def imported(office: Office, *arguments: str | Path) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = office.run(
        "import", "--json", "--date", "2020-10-19", *arguments
    ).json["files"]
    return files
