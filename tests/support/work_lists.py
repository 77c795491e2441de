"""Lists of work for tests, people whom they name, and books with stages that they are for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from importers.tables.cells import Cell
from importers.tables.reading import read_tables
from importers.workload.people import RegisteredPeople
from importers.workload.work_list import StageRules
from importers.workload.work_list import WorkList
from importers.workload.work_list import work_list_of
from ledger.base.records import replace
from ledger.model.ids import StageCode
from ledger.model.payees import Payee
from ledger.model.recorded_rates import RecordedRate
from ledger.model.rules import Stage
from ledger.model.rules import StageKind
from ledger.model.towns import Town
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.roster_files import workbook
from tests.support.tengzhou import ENUMERATOR
from tests.support.tengzhou import SUPERVISOR

ITEM = "30226劳务费:01两员补助"
STAGES = f"""
2020-10-01 custom "census-stage" "S1" "清查摸底" "fixed"
2020-10-01 custom "census-stage" "S2" "入户登记" "per-unit" "户"
2020-10-01 custom "census-stage" "S3" "验收补差" "listed"
2020-10-01 custom "census-stage" "S4" "培训" "per-unit" "天"
2020-10-01 custom "census-rate" "普查员" "S2" 10.00 CNY "{ITEM}"
  minimum: 200.00 CNY
  maximum: 1500.00 CNY
2020-10-01 custom "census-rate" "普查员" "S3" 500.00 CNY "{ITEM}"
2020-10-01 custom "census-rate" "普查员" "S4" 50.00 CNY "{ITEM}"
"""
TITLE = "荆河街道工作量表"
HEADINGS = ("姓名", "身份证号", "户数", "扣减金额", "扣减原因")
OTHER_TOWN = "370481101"

_BEGAN = datetime.date(2020, 10, 1)


def stage(code: str, kind: StageKind, unit: str = "") -> Stage:
    return Stage(_BEGAN, StageCode(code), "入户登记", kind, unit)


HOUSEHOLDS = stage("S2", StageKind.PER_UNIT, "户")
DAYS = stage("S4", StageKind.PER_UNIT, "天")
LISTED = stage("S3", StageKind.LISTED)
ON_LIST = stage("S5", StageKind.FIXED)


@cache
def registered() -> tuple[Payee, ...]:
    """Forty of 荆河街道, of whom 39 has left; one of 洪绪镇, and a supervisor."""
    people = [replace(made_up(number), serial=number) for number in range(1, 40)]
    people[38] = replace(people[38], active=False)
    elsewhere = replace(made_up(41, OTHER_TOWN), serial=41)
    supervisor = replace(made_up(42), serial=42, role=SUPERVISOR, block="")
    return (*people, elsewhere, supervisor)


def person(number: int) -> Payee:
    return next(payee for payee in registered() if payee.serial == number)


def rates_of(one: Stage) -> dict[str, RecordedRate]:
    """Enumerators are paid in every stage: by units 10.00, of a list 500.00 at most."""
    amount_fen = 500_00 if one.kind is StageKind.LISTED else 10_00
    return {ENUMERATOR: RecordedRate(amount_fen, ITEM, one.kind)}


def work_row(number: int, quantity: Cell = 120, *more: Cell) -> list[Cell]:
    """The row of a made-up enumerator: name, number, quantity, and what else stands there."""
    payee = made_up(number)
    return [payee.legal_name, payee.identity, quantity, *more]


def read_work(
    *rows: Sequence[Cell],
    headings: Sequence[Cell] = HEADINGS,
    title: str = TITLE,
    of: Stage = HOUSEHOLDS,
    town: Town | None = None,
    name: str = "工作量.xlsx",
    content: bytes = b"",
    people: Sequence[Payee] = (),
) -> WorkList:
    """What is read of a list with a title, headings in row 2 and people from row 3."""
    above = [[title]] if title else []
    content = content or workbook({"Sheet1": [*above, list(headings), *rows]})
    return work_list_of(
        name,
        read_tables(name, content),
        StageRules(of, ("户", "天", of.unit or "户"), rates_of(of)),
        RegisteredPeople(people or registered()),
        town=town,
    )


def said(work: WorkList) -> dict[str, str]:
    """What a list says of each person that it names: ``120``, ``300.00`` and what is taken off."""
    lines = {}
    for payee, row in work.people:
        line = row.line
        paid = line.quantity or f"{line.amount_fen / 100:.2f}"
        lines[str(payee.payee_id)] = paid + (
            f" -{line.deduction_fen / 100:.2f}" if line.deduction_fen else ""
        )
    return lines


def codes(work: WorkList) -> list[tuple[int, str]]:
    """The row and the code of each problem."""
    return [(problem.row, problem.code) for problem in work.problems]


# In books.


def with_stages(office: Office, people: int = 6) -> Office:
    """Books with four stages, and people of 荆河街道."""
    office.rule(STAGES)
    office.register(people)
    return office


def work_list(
    path: Path,
    *rows: Sequence[Cell],
    headings: Sequence[Cell] = HEADINGS,
    title: str = TITLE,
) -> Path:
    """One sheet with a title, headings in row 2 and people from row 3."""
    above = [[title]] if title else []
    path.write_bytes(workbook({"Sheet1": [*above, list(headings), *rows]}))
    return path


def taken(office: Office, *paths: Path, stage: str = "S2", options: Sequence[str] = ()) -> Any:
    """What import answers to a list or to several, of 2020-10-20."""
    files = office.run(
        *("import", "--json", "--date", "2020-10-20", "--as", "workload", "--stage", stage),
        *options,
        *paths,
    ).json["files"]
    return files[0] if len(files) == 1 else files


def work_in(office: Office, code: str = "S2") -> Mapping[str, str]:
    """What the lists of the books say of each person."""
    done = office.books().history.work.get(StageCode(code), {})
    return {payee: line.quantity or f"{line.amount_fen / 100:.2f}" for payee, line in done.items()}
