"""The whole office: 21 towns and 8,350 people, from rosters to the last payment.

What the commands answer one after another on the sample inputs at their real size; told once, for
the tests of several files (``whole_office`` of the conftest).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sample_data
from demo_account import SETTINGS
from demo_account import spending_rules
from samples.account_year import year_2020
from samples.bank_days import Plan

from ledger.model.payees import Payee
from tests.support.office_at_work import OfficeAtWork
from tests.support.office_at_work import files_in

SUPPLEMENT = """
2020-11-02 custom "census-budget" Expenses:5001业务活动费用:02上级补助:30226劳务费 \
3280000.00 CNY "supplement"
"""


MONTHS = [f"2020-{number:02d}" for number in range(5, 13)]
FIRST_RESULTS = Plan(parts=2)
SECOND_RESULTS = Plan(pending=2, later=1)


@dataclass(frozen=True)
class Story:
    """What the commands answered, one after another."""

    office: OfficeAtWork
    rosters: dict[str, Any]
    corrected: dict[str, Any]
    preview: tuple[int, Any]
    limited: dict[str, Any]
    again: tuple[int, Any]
    everyone: dict[str, Any]
    status: dict[str, Any]
    waiting: list[dict[str, Any]]
    reissued: dict[str, Any]
    end: dict[str, Any]
    statements: list[dict[str, Any]]
    explained: dict[str, Any]
    check: tuple[int, Any]

    @property
    def folder(self) -> Path:
        return self.office.folder

    @property
    def books(self) -> Path:
        return self.office.books

    def payees(self) -> list[Payee]:
        return self.office.payees()


def tell(folder: Path) -> Story:
    office = OfficeAtWork(folder, movements=year_2020())
    sample_data.make(office.inputs)
    status, _said = office("init", office.books)
    assert status == 0
    office.enter(SETTINGS, "".join(spending_rules()))
    statements = [office.import_statement("2020-01-01", "2020-10-19")]
    _status, rosters = office(
        "import", *files_in(office.inputs / "rosters"), "--date", "2020-10-16"
    )
    _status, corrected = office(
        "import", *files_in(office.inputs / "corrected"), "--date", "2020-10-19"
    )
    preview = office("disburse", "--date", "2020-10-20", "--dry-run")
    _status, limited = office("disburse", "--date", "2020-10-20", "--limit-to-funds", "--yes")
    again = office("disburse", "--date", "2020-10-20", "--limit-to-funds", "--yes")
    office.enter("rules.beancount", SUPPLEMENT)
    statements += [office.import_statement("2020-11-01", "2020-11-09")]
    _status, everyone = office("disburse", "--date", "2020-11-10", "--yes")
    _status, state = office("status", "--date", "2020-11-30")
    waiting = answered(office)
    reissued = paid_again(office, waiting)
    statements += [office.import_statement("2020-11-01", "2020-12-31", newest_first=True)]
    _status, end = office("status", "--date", "2020-12-31")
    (line,) = end["suspense"]["unexplained"]
    office.do("explain", "--yes", line["line"], "01本级财政:30299", "--date", "2020-12-31")
    _status, explained = office("status", "--date", "2020-12-31")
    office.do("report", "month", "--all")
    return Story(
        office=office,
        rosters=rosters,
        corrected=corrected,
        preview=preview,
        limited=limited,
        again=again,
        everyone=everyone,
        status=state,
        waiting=waiting,
        reissued=reissued,
        end=end,
        statements=statements,
        explained=explained,
        check=office("check"),
    )


def answered(office: OfficeAtWork) -> list[dict[str, Any]]:
    """The bank answers for both batches, the towns correct; who waits for a release then."""
    first = office.bank_gets("B2020-001", FIRST_RESULTS, "2020-11-12")
    second = office.bank_gets("B2020-002", SECOND_RESULTS, "2020-11-12")
    office.import_statement("2020-11-10", "2020-11-12")
    office.do("import", *first.files, "--date", "2020-11-13")
    office.do("import", *second.files, "--date", "2020-11-13")
    office.import_statement("2020-11-10", "2020-11-16")
    office.do("import", second.news_file, "--date", "2020-11-18")
    office.do("import", *office.towns_correct(), "--yes", "--date", "2020-11-20")
    _status, answer = office("payees", "list", "--waiting", "--date", "2020-11-23")
    waiting: list[dict[str, Any]] = answer["payees"]
    return waiting


def paid_again(office: OfficeAtWork, waiting: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Whoever came back is paid in a third batch, of which nobody comes back."""
    ids = [person["id"] for person in waiting]
    office.do("payees", "release", *ids, "--reason", "已到柜台", "--date", "2020-11-23", "--yes")
    made: dict[str, Any] = office.do("disburse", "--date", "2020-11-24", "--yes")
    third = office.bank_gets("B2020-003", Plan(0), "2020-11-26")
    office.do("import", *third.files, "--date", "2020-11-27")
    return made
