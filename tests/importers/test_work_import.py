"""``import`` takes lists of work: an event of the good rows, a workbook of the bad ones."""

from __future__ import annotations

import json
from pathlib import Path

from importers.tables.reading import read_tables
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.work_lists import ITEM
from tests.support.work_lists import taken
from tests.support.work_lists import with_stages
from tests.support.work_lists import work_in
from tests.support.work_lists import work_list
from tests.support.work_lists import work_row

ON = ("--date", "2020-10-20")


def test_a_list_becomes_an_event_without_anything_personal(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    path = work_list(
        tmp_path / "荆河.xlsx", work_row(1, 120, 20, "漏登"), work_row(2, "85户"), ["合计", "", 205]
    )
    answer = taken(office, path)
    assert (answer["kind"], answer["stage"], answer["unit"]) == ("workload", "S2", "户")
    assert (answer["rows"], answer["people"], answer["quantity"]) == (3, 2, "205")
    assert (answer["added"], answer["problems"], answer["deduction"]) == (2, [], "20.00")
    assert work_in(office) == {"P000001": "120", "P000002": "85"}
    assert office.check() == []
    text = office.events()[-1].read_text(encoding="utf-8")
    assert '  p000001: "quantity=120 deduction=20.00"\n' in text
    assert all(word not in text for word in (made_up(1).identity, made_up(1).legal_name, "漏登"))
    (listed,) = office.run("imports", "list", "--json").json["imports"]
    assert (listed["kind"], listed["file"], listed["rows"]) == ("workload", path.name, 2)
    assert listed["event"] == len(office.events()) - 1
    log = office.run("operator", "log", "--json").json
    assert "workload" in json.dumps(log)


def test_bad_rows_go_back_and_the_terminal_says_nothing_personal(
    office: Office, tmp_path: Path
) -> None:
    with_stages(office)
    path = work_list(tmp_path / "荆河.xlsx", work_row(1), work_row(2, -5), work_row(77))
    answer = office.run("import", *ON, "--stage", "入户登记", path)
    assert answer.status == 0
    said = answer.out + answer.err
    assert "row 4, 户数: A number of 户 is not below zero" in said
    assert "待改" in said
    for number in (1, 2, 77):
        assert made_up(number).identity not in said
        assert made_up(number).legal_name not in said
    assert (tmp_path / "待改" / "荆河.xlsx").exists()
    assert work_in(office) == {"P000001": "120"}


def test_nothing_is_written_where_it_is_only_tried(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    path = work_list(tmp_path / "荆河.xlsx", work_row(1), work_row(2, -5))
    before = len(office.events())
    answer = taken(office, path, options=["--dry-run"])
    assert (answer["added"], answer["quarantined"], answer["import"]) == (1, 1, None)
    assert (len(office.events()), work_in(office), list(tmp_path.glob("待改"))) == (before, {}, [])


def test_the_stage_is_asked_for_where_several_take_lists(office: Office, tmp_path: Path) -> None:
    path = work_list(tmp_path / "荆河.xlsx", work_row(1))
    refused = office.run("import", "--as", "workload", *ON, path)
    assert (refused.status, "no stage of these books" in refused.err) == (1, True)
    with_stages(office)
    refused = office.run("import", *ON, path)
    assert refused.status == 1
    assert "S2 入户登记" in refused.err
    assert "--stage S" in refused.err
    assert "no stage S9" in office.run("import", *ON, "--stage", "S9", path).err
    assert "no stage S1" in office.run("import", *ON, "--stage", "S1", path).err
    assert work_in(office) == {}
    answer = office.run("import", *ON, "--json", "--stage", "s2", path).json["files"][0]
    assert answer["stage"] == "S2"


def test_where_one_stage_takes_lists_it_is_that(office: Office, tmp_path: Path) -> None:
    office.rule(f"""
2020-10-01 custom "census-stage" "S1" "清查" "fixed"
2020-10-01 custom "census-stage" "S2" "补差" "listed"
2020-10-01 custom "census-rate" "普查员" "S2" 500.00 CNY "{ITEM}"
""")
    office.register(2)
    path = work_list(tmp_path / "表.xlsx", work_row(1, 300), headings=("姓名", "身份证号", "金额"))
    answer = office.run("import", *ON, "--json", path).json["files"][0]
    assert (answer["stage"], answer["unit"], answer["amount"]) == ("S2", None, "300.00")
    assert work_in(office) == {"P000001": "300.00"}
    assert office.check() == []


def test_a_later_list_counts_and_says_nothing_of_others(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    office.register(2, town="370481101")
    taken(office, work_list(tmp_path / "一.xlsx", work_row(1), work_row(2), work_row(3)))
    other = work_list(tmp_path / "洪绪.xlsx", work_row(8, 7), title="洪绪镇工作量表")
    assert taken(office, other)["left_out"] == []
    answer = taken(office, work_list(tmp_path / "二.xlsx", work_row(1, 99), work_row(2)))
    assert (answer["replaced"], answer["unchanged"], answer["added"]) == (1, 1, 0)
    assert answer["left_out"] == ["P000003"]
    assert work_in(office) == {"P000001": "99", "P000002": "120", "P000003": "120", "P000008": "7"}
    # Reversed, it has never been; what it has said again of another list stays with that.
    office.run("reverse", str(len(office.events()) - 1), "--reason", "错", "--yes", *ON)
    assert work_in(office)["P000001"] == "120"
    assert office.check() == []
    states = [one["state"] for one in office.run("imports", "list", "--json").json["imports"]]
    assert states == ["standing", "standing", "taken_back"]


def test_what_a_later_list_says_too_stands_without_the_earlier(
    office: Office, tmp_path: Path
) -> None:
    with_stages(office)
    taken(office, work_list(tmp_path / "一.xlsx", work_row(1), work_row(2)))
    taken(office, work_list(tmp_path / "二.xlsx", work_row(1)))
    assert office.run("reverse", "1", "--reason", "错", "--yes", *ON).status == 0
    assert work_in(office) == {"P000001": "120"}


def test_the_very_same_list_is_told_and_undoes_nothing(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    first = work_list(tmp_path / "一.xlsx", work_row(1), work_row(2))
    taken(office, first)
    count = len(office.events())
    again = taken(office, first)
    assert (again["repeated"], again["unchanged"], again["import"]) == (True, 2, None)
    assert len(office.events()) == count
    taken(office, work_list(tmp_path / "二.xlsx", work_row(1, 99)))
    again = taken(office, first)
    assert (again["newer"], again["unchanged"]) == (["P000001"], 1)
    assert work_in(office) == {"P000001": "99", "P000002": "120"}
    assert "was taken before" in office.run("import", *ON, "--stage", "S2", first).out
    # Of a stage that counts something else it is no list.
    assert "户数" in str(taken(office, first, stage="S4")["error"])


def test_somebody_on_two_lists_is_on_none(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    first = work_list(tmp_path / "一.xlsx", work_row(1), work_row(2))
    second = work_list(tmp_path / "二.xlsx", work_row(2, 30), work_row(3))
    one, two = taken(office, first, second)
    assert [problem["code"] for file in (one, two) for problem in file["problems"]] == [
        "person_on_lists"
    ] * 2
    assert "二.xlsx Sheet1!3" in one["problems"][0]["message"]
    assert work_in(office) == {"P000001": "120", "P000003": "120"}
    copy = tmp_path / "三.xlsx"
    copy.write_bytes(work_list(tmp_path / "四.xlsx", work_row(4)).read_bytes())
    assert [file["problems"] for file in taken(office, copy, tmp_path / "四.xlsx")] == [[], []]


def test_a_folder_has_lists_among_the_rest(office: Office, tmp_path: Path) -> None:
    with_stages(office, people=0)
    folder = tmp_path / "来件"
    folder.mkdir()
    (folder / "名册.xlsx").write_bytes(roster(person(1), person(2)))
    work_list(folder / "工作量.xlsx", work_row(1), work_row(2))
    answer = office.run("import", "--json", *ON, "--stage", "S2", folder)
    kinds = {Path(file["file"]).name: file["kind"] for file in answer.json["files"]}
    assert kinds == {"名册.xlsx": "roster", "工作量.xlsx": "workload"}
    # Who comes by the roster is known to the list.
    assert work_in(office) == {"P000001": "120", "P000002": "120"}


def test_money_that_went_keeps_the_work_as_it_was(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    office.receive(100_000)
    taken(office, work_list(tmp_path / "一.xlsx", work_row(1, 30), work_row(2, 40)))
    assert office.disburse("--stage", "S2").json["payees"] == 2
    again = taken(office, work_list(tmp_path / "二.xlsx", work_row(1, 31), work_row(2, 40)))
    assert (again["sent"], again["unchanged"], again["import"]) == (["P000001"], 1, None)
    # What went in one stage says nothing of another.
    days = work_list(tmp_path / "三.xlsx", work_row(1, 2), headings=("姓名", "身份证号", "天数"))
    assert taken(office, days, stage="S4")["added"] == 1
    assert work_in(office) == {"P000001": "30", "P000002": "40"}
    assert office.check() == []


def test_no_list_is_of_a_closed_month(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    office.receive(100_000)
    assert office.run("month", "close", "2020-10", "--yes", "--date", "2020-11-02").status == 0
    before = len(office.events())
    refused = taken(office, work_list(tmp_path / "一.xlsx", work_row(1), work_row(2, -5)))
    assert "2020-10" in str(refused)
    assert (len(office.events()), list(tmp_path.glob("待改"))) == (before, [])


def test_a_mended_workbook_comes_in_like_a_list(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    path = work_list(tmp_path / "荆河.xlsx", work_row(1), work_row(2, "约85"), work_row(3))
    back = Path(taken(office, path)["problem_workbook"])
    (sheet,) = read_tables(back.name, back.read_bytes())
    rows = [list(row) for row in sheet.cells]
    rows[-1][2] = 85
    back.write_bytes(workbook({"Sheet1": rows}))
    answer = office.run("import", "--json", *ON, "--stage", "S2", back).json["files"][0]
    assert (answer["kind"], answer["added"], answer["left_out"]) == ("workload", 1, [])
    assert work_in(office) == {"P000001": "120", "P000002": "85", "P000003": "120"}


def test_a_persons_history_has_her_work(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    taken(office, work_list(tmp_path / "一.xlsx", work_row(1, 120, 20, "漏登"), work_row(2)))
    said = office.run("payees", "show", "P000001").out
    assert "S2 数量 120 扣减 20.00" in said
    assert "S2 数量 120" in office.run("payees", "show", "P000002").out
