"""Work that is paid: a batch, its entries and its rows say what the lists say, to the fen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.auditor import audit
from tests.support.auditor import chained_anew
from tests.support.auditor import edit
from tests.support.office import Office
from tests.support.work_lists import ITEM
from tests.support.work_lists import taken
from tests.support.work_lists import work_list
from tests.support.work_lists import work_row

RULES = f"""
2020-10-01 custom "census-stage" "S1" "入户登记" "per-unit" "户"
2020-10-01 custom "census-rate" "普查员" "S1" 5.555 CNY "{ITEM}"
  minimum: 200.00 CNY
  maximum: 700.00 CNY
"""


@pytest.fixture
def at_work(office: Office, tmp_path: Path) -> Office:
    """Six people of one town, of whom four are on its list."""
    rules = office.folder / "rules.beancount"
    text = "\n".join(
        line for line in rules.read_text(encoding="utf-8").split("\n") if "census-rate" not in line
    )
    rules.write_text(text, encoding="utf-8")
    office.rule(RULES.replace("5.555", "5.55"))
    office.receive(100_000)
    office.register(6)
    rows = (work_row(1, 120, 20, "漏登"), work_row(2, 30), work_row(3, 300), work_row(4, 0))
    taken(office, work_list(tmp_path / "表.xlsx", *rows), stage="S1")
    return office


def paid(office: Office) -> dict[str, str]:
    """What the newest batch sends to each person."""
    (event,) = [path for path in office.events() if "-prepared-" in path.name][-1:]
    found = {}
    for block in event.read_text(encoding="utf-8").split("\n\n")[1:]:
        payee = block.partition('payee-id: "')[2][:7]
        found[payee] = block.partition(" CNY")[0].rpartition("  ")[2]
    return found


def test_the_work_is_paid_as_the_list_has_it(at_work: Office) -> None:
    answer = at_work.disburse()
    assert answer.status == 0
    # 120 x 5.55 - 20; 30 x 5.55 is less than the minimum; 300 x 5.55 is more than the maximum.
    assert paid(at_work) == {"P000001": "646.00", "P000002": "200.00", "P000003": "700.00"}
    assert at_work.check() == []
    assert audit(at_work.folder).findings == []


def test_a_list_of_a_later_day_does_not_count(at_work: Office, tmp_path: Path) -> None:
    later = work_list(tmp_path / "二.xlsx", work_row(5, 100))
    at_work.run("import", "--date", "2020-11-20", "--as", "workload", later)
    assert at_work.disburse(on="2020-11-10").json["payees"] == 3
    assert "P000005" not in paid(at_work)


def test_the_list_of_money_that_went_is_not_reversed(at_work: Office) -> None:
    at_work.disburse()
    refused = at_work.run("reverse", "1", "--reason", "错", "--yes", "--date", "2020-11-12")
    assert refused.status == 1
    assert "event 2 was built upon it" in refused.err
    assert "other work than the lists" in refused.err
    at_work.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-12")
    assert (
        at_work.run("reverse", "1", "--reason", "错", "--yes", "--date", "2020-11-12").status == 0
    )
    assert at_work.check() == []
    assert audit(at_work.folder).findings == []
    assert at_work.disburse(on="2020-11-13").status == 1


def test_a_batch_that_is_void_frees_the_work(at_work: Office, tmp_path: Path) -> None:
    at_work.disburse()
    again = work_list(tmp_path / "二.xlsx", work_row(1, 99), work_row(5, 99))
    answer = taken(at_work, again, stage="S1")
    assert (answer["sent"], answer["added"], answer["import"]) == (["P000001"], 1, "I000002")
    at_work.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-12")
    assert taken(at_work, again, stage="S1")["replaced"] == 1
    assert at_work.disburse(on="2020-11-13").status == 0
    assert paid(at_work)["P000001"] == "549.45"
    assert at_work.check() == []
    assert audit(at_work.folder).findings == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('quantity: "120"', 'quantity: "121"'),
        ('deduction: "20.00"', 'deduction: "10.00"'),
        ('quantity: "30"', 'quantity: "31"'),
    ],
)
def test_work_that_was_altered_in_a_batch_is_found(at_work: Office, old: str, new: str) -> None:
    at_work.disburse()
    path = at_work.events()[-1]
    chained_anew(at_work, lambda _books: edit(path, old, new))
    found = "\n".join(error["message"] for error in at_work.check())
    assert "other work than the lists" in found
    assert "不是工作量表上的" in audit(at_work.folder).text


def test_amounts_and_people_of_lists_are_paid_too(office: Office, tmp_path: Path) -> None:
    office.rule(f"""
2020-10-01 custom "census-stage" "S1" "入户登记" "fixed"
2020-10-01 custom "census-stage" "S2" "验收补差" "listed"
2020-10-01 custom "census-stage" "S3" "培训" "fixed"
2020-10-01 custom "census-rate" "普查员" "S2" 500.00 CNY "{ITEM}"
2020-10-01 custom "census-rate" "普查员" "S3" 150.00 CNY "{ITEM}"
  listed: TRUE
""")
    office.receive(100_000)
    office.register(6)
    heads = ("姓名", "身份证号", "金额", "扣减金额", "扣减原因")
    rows = (work_row(1, 300, 20, "漏登"), work_row(2, 500), work_row(3, 0))
    taken(office, work_list(tmp_path / "额.xlsx", *rows, headings=heads), stage="S2")
    trained = [work_row(number)[:2] for number in (2, 4)]
    taken(office, work_list(tmp_path / "训.xlsx", *trained, headings=heads[:2]), stage="S3")
    assert office.disburse("--stage", "S2").status == 0
    assert paid(office) == {"P000001": "280.00", "P000002": "500.00"}
    assert office.disburse("--stage", "S3").status == 0
    assert paid(office) == {"P000002": "150.00", "P000004": "150.00"}
    assert office.check() == []
    assert audit(office.folder).findings == []
    taken_back = office.run("imports", "take-back", "I000001", "--reason", "错", "--yes")
    assert "reverse 1" in taken_back.err
    # Whoever is on no list is paid by none of it, whatever a batch says.
    path = office.events()[-1]
    text = path.read_text(encoding="utf-8")
    chained_anew(office, lambda _books: edit(path, text, text.replace("P000004", "P000005")))
    assert "other work than the lists" in str(office.check())
    assert "不是工作量表上的" in audit(office.folder).text
