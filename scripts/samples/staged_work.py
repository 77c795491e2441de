"""The workbooks that towns send of a census in stages: rosters, and lists of the work done."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import xlsxwriter

from ledger.model.towns import Town
from samples.staged_county import StagedWorker

SAVED = datetime(2026, 9, 1, 9, 30)
ROSTER = ("序号", "姓名", "身份证号", "岗位", "普查小区", "联系电话", "开户行", "银行卡号")
VISITS = ("序号", "姓名", "身份证号", "普查小区", "登记户数", "扣减金额", "扣减原因")
BEYOND = ("序号", "姓名", "身份证号", "补差金额", "备注")
WIDTHS = {"序号": 6, "姓名": 12, "身份证号": 22, "开户行": 30, "银行卡号": 24, "扣减原因": 20}
_ORDINARY_WIDTH = 14
# Which places of a town's list are wrong.
_WRONG = (3, 11)

Cells = Sequence[str | int]
Office = Mapping[Town, Sequence[StagedWorker]]


def write_rosters(folder: Path, office: Office) -> None:
    """A workbook a town. Nobody has codes of posts yet."""
    for town, workers in office.items():
        rows = [_listed(number, one) for number, one in enumerate(workers, 1)]
        title = f"{town.name}农业普查两员花名册"
        _write(folder / f"{town.name}两员花名册.xlsx", title, ROSTER, rows)


def _listed(number: int, one: StagedWorker) -> Cells:
    person = one.person
    posted = (number, person.name, person.identity, one.role, one.block)
    return (*posted, person.phone, person.bank, person.account)


def write_work(folder: Path, office: Office) -> None:
    """The lists of the second and the third stage, and those that put them right."""
    for town, workers in office.items():
        visiting = [one for one in workers if one.households]
        wrong = [one for place, one in enumerate(visiting) if place in _WRONG]
        beyond = [one for one in workers if one.beyond]
        above = [_lowered(one) for one in beyond if one.above_limit]
        title = f"{town.name}清查登记工作量表"
        _write(folder / "S2" / f"{town.name}.xlsx", title, VISITS, _visits(visiting, wrong))
        _write(folder / "S2-更正" / f"{town.name}.xlsx", title, VISITS, _visits(wrong))
        title = f"{town.name}验收补差表"
        _write(folder / "S3" / f"{town.name}.xlsx", title, BEYOND, _beyond(beyond))
        _write(folder / "S3-更正" / f"{town.name}.xlsx", title, BEYOND, _beyond(above))


def _lowered(worker: StagedWorker) -> StagedWorker:
    return replace(worker, beyond=worker.beyond - worker.above_limit)


def _visits(workers: Sequence[StagedWorker], wrong: Iterable[StagedWorker] = ()) -> list[Cells]:
    """A line each. Of those that are wrong the first has a sign before its number, and the second
    is deducted something without a reason.
    """
    typed = {one.person.identity: place for place, one in enumerate(wrong)}
    rows: list[Cells] = []
    for number, one in enumerate(workers, 1):
        households: str | int = one.households
        deducted: str | int = one.deducted or ""
        reason = "漏登返工" if one.deducted else ""
        place = typed.get(one.person.identity)
        if place == 0:
            households = -one.households
        elif place == 1:
            deducted, reason = 20, ""
        rows.append(
            (number, one.person.name, one.person.identity, one.block, households, deducted, reason)
        )
    return rows


def _beyond(workers: Sequence[StagedWorker]) -> list[Cells]:
    rows: list[Cells] = [
        (number, one.person.name, one.person.identity, one.beyond, "")
        for number, one in enumerate(workers, 1)
    ]
    total = sum(one.beyond for one in workers)
    return [*rows, ("合计", "", "", total, "")] if rows else []


def _write(path: Path, title: str, headings: Sequence[str], rows: Sequence[Cells]) -> None:
    """As a clerk would: a title across, headings, numbers of people as text. Nothing where no
    rows are.
    """
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": SAVED})
        text = workbook.add_format({"font_name": "宋体", "border": 1, "num_format": "@"})
        number = workbook.add_format({"font_name": "宋体", "border": 1})
        head = workbook.add_format({"font_name": "黑体", "font_size": 14, "align": "center"})
        page = workbook.add_worksheet("Sheet1")
        page.merge_range(0, 0, 0, len(headings) - 1, title, head)
        for place, heading in enumerate(headings):
            page.set_column(place, place, WIDTHS.get(heading, _ORDINARY_WIDTH))
            page.write_string(1, place, heading, text)
        for line, cells in enumerate(rows, 2):
            for place, cell in enumerate(cells):
                if isinstance(cell, int):
                    page.write_number(line, place, cell, number)
                else:
                    page.write_string(line, place, cell, text)
