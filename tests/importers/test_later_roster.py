"""A later roster of a town: shown against the registry, and what money goes by is confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.office import with_luhn_digit
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import person
from tests.support.roster_files import workbook
from tests.support.roster_imports import imported
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

NEW_ACCOUNT = with_luhn_digit("621521777777777")
NOTHING = {
    "new": 0, "gone": 0, "name": 0, "identity": 0, "role": 0, "post": 0, "account": 0,
    "shared_account": 0,
}  # fmt: skip


def differences(file: dict[str, Any]) -> dict[str, int]:
    """What is not zero."""
    return {kind: count for kind, count in file["differences"].items() if count}


def account(office: Office, number: int) -> str:
    with office.registry() as registry:
        return registry.payees()[number - 1].account


@beginning
def paid(funded: Office) -> Office:
    """Of six people P000001 was paid, P000002 came back, P000003 is unclear, the rest awaited."""
    assert funded.disburse().status == 0
    answers = everyone(PAID, 1) | everyone(CLOSED, 2) | everyone(PENDING, 3)
    assert take_result(funded, answers).status == 0
    return funded


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A later roster with another account for each of the first three."""
    accounts = [with_luhn_digit(f"6215217777770{n:02d}") for n in (1, 2, 3)]
    rows = [row(n, 银行卡号=accounts[n - 1]) for n in (1, 2, 3)]
    return roster(tmp_path / "新名册.xlsx", *rows)


def test_a_first_roster_is_compared_with_nobody(office: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "a.xlsx", row(1), row(2))
    for _time in range(2):
        (file,) = imported(office, path)
        assert (file["later"], file["differences"], file["gone"]) == (False, NOTHING, [])
        assert file["change_workbook"] is None
    assert "Later rosters" not in office.run("import", path).out


def test_what_goes_back_from_a_first_roster_is_no_change(office: Office, tmp_path: Path) -> None:
    """It is in the workbook to correct, the second time as well as the first."""
    one = roster(tmp_path / "a.xlsx", row(1), row(2))
    imported(office, one)
    bad = row(3, 银行卡号=made_up(1).account, 普查小区编码="370481116001001")
    twice = row(2, 普查小区编码="370481116001002")
    path = roster(tmp_path / "东郭镇.xlsx", bad, twice, row(4, 普查小区编码="370481116001003"))
    book = load_workbook(path)
    book.worksheets[0]["A1"] = "东郭镇两员补助花名册"
    book.save(path)
    for _time in range(2):
        (file,) = imported(office, path)
        assert (file["quarantined"], differences(file), file["change_workbook"]) == (2, {}, None)


def test_a_later_roster_says_who_is_new_gone_moved_and_changed(
    funded: Office, tmp_path: Path
) -> None:
    rows = [
        row(1, 姓名="赵新名"),
        row(2, 普查小区编码="370481001009009"),
        row(11),
        row(12, 银行卡号=made_up(5).account),
    ]
    (file,) = imported(funded, roster(tmp_path / "b.xlsx", *rows))
    assert file["later"] is True
    assert differences(file) == {"new": 1, "gone": 1, "name": 1, "post": 1, "shared_account": 1}
    assert file["gone"] == ["P000003"]
    assert (file["added"], file["held"], file["quarantined"]) == (1, 1, 2)
    text = funded.run("import", roster(tmp_path / "c.xlsx", *rows, row(13))).out
    assert "Later rosters, against the registry" in text
    assert f"c.xlsx: P000003 {made_up(3).legal_name} is registered and not on it" in text


def test_a_changed_role_is_a_difference_of_its_own(funded: Office, tmp_path: Path) -> None:
    moved = row(2, 岗位="普查指导员", 普查小区编码="")
    (file,) = imported(funded, roster(tmp_path / "b.xlsx", row(1), moved, row(3)))
    # A supervisor's row needs the code of its area, which this one lacks: it goes back for that.
    assert (file["quarantined"], file["gone"]) == (1, [])
    header = [*HEADINGS, "普查区编码"]
    moved_too = person(2, header, 岗位="普查指导员", 普查小区编码="", 普查区编码="370481001001")
    cells = [person(1, header), moved_too, person(3, header)]
    path = tmp_path / "c.xlsx"
    path.write_bytes(workbook({"花名册": [["荆河街道花名册"], header, *cells]}))
    (file,) = imported(funded, path)
    assert differences(file) == {"role": 1}


def test_nothing_is_done_about_who_is_gone(funded: Office, tmp_path: Path) -> None:
    imported(funded, roster(tmp_path / "b.xlsx", row(1), row(2)))
    assert funded.status()["payees"]["due"] == 6


def test_a_row_with_an_error_is_still_somebody(funded: Office, tmp_path: Path) -> None:
    """A mistyped number does not make two changes: one gone, one new."""
    mistyped = row(3, 身份证号="370481199003071234", 银行卡号="")
    (file,) = imported(funded, roster(tmp_path / "b.xlsx", row(1), row(2), mistyped))
    assert differences(file) == {}


def test_a_correction_of_a_few_says_nothing_of_the_others(funded: Office, tmp_path: Path) -> None:
    (file,) = imported(funded, roster(tmp_path / "b.xlsx", row(1)))
    assert (file["later"], file["gone"]) == (False, [])
    headings = ["人员编号", *HEADINGS]
    cells = [[f"P00000{n}", *person(n)] for n in (1, 2)]
    path = tmp_path / "更正.xlsx"
    path.write_bytes(workbook({"退回更正": [["荆河街道退回更正"], headings, *cells]}))
    (file,) = imported(funded, path)
    assert (file["later"], file["gone"]) == (False, [])


def test_the_rosters_of_an_import_are_one(funded: Office, tmp_path: Path) -> None:
    """Who stands in the other file of the town is not gone."""
    one = roster(tmp_path / "一.xlsx", row(1), row(2))
    two = roster(tmp_path / "二.xlsx", row(3))
    first, _second = imported(funded, one, two)
    assert (first["later"], first["gone"]) == (True, [])


def test_who_has_left_is_not_gone_again(funded: Office, tmp_path: Path) -> None:
    funded.run("payees", "deactivate", "P000003", "--reason", "辞职", "--yes")
    (file,) = imported(funded, roster(tmp_path / "b.xlsx", row(1), row(2)))
    assert (file["later"], file["gone"]) == (True, [])


def test_consent_alone_changes_nobody_to_whom_money_is_out(paid: Office, changed: Path) -> None:
    (file,) = imported(paid, changed)
    needs = {one["payee"]: one["needs"] for one in file["held_changes"]}
    assert needs == {"P000001": "reason", "P000002": "consent", "P000003": "reason"}
    (file,) = imported(paid, changed, "--yes")
    assert (file["changed"], file["held"]) == (1, 2)
    assert account(paid, 1) == made_up(1).account
    assert account(paid, 2) != made_up(2).account
    text = paid.run("import", changed, "--yes").out
    assert "2 of those held were paid or are in the bank" in text
    assert "import again with --yes to consent" not in text


def test_a_file_of_which_everything_is_held_was_taken(paid: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "换卡.xlsx", row(1, 银行卡号=with_luhn_digit("621521110000009")))
    said = paid.run("import", path, "--json")
    assert said.status == 0
    (file,) = said.json["files"]
    assert (file["held"], file["added"], file["changed"], file["unchanged"]) == (1, 0, 0, 0)
    assert len(paid.run("payees", "held", "--json").json["held"]) == 1


def test_with_a_reason_they_are_made_and_the_reason_is_kept(paid: Office, changed: Path) -> None:
    (file,) = imported(paid, changed, "--yes", "--reason", "镇街来函 370481199001011234")
    assert (file["changed"], file["held"]) == (3, 0)
    assert account(paid, 1) != made_up(1).account
    shown = paid.run("payees", "show", "P000001", "--json").json
    change = shown["changes"][-1]
    assert (change["field"], change["file"], change["row"]) == ("account", "新名册.xlsx", 3)
    assert change["reason"] == "镇街来函 ****1234"
    assert paid.check() == []


def test_what_is_changed_with_consent_is_named_before_and_after(
    paid: Office, changed: Path
) -> None:
    for options, word in ((["--dry-run"], ", would be changed"), ([], ", changed")):
        said = paid.run("import", changed, "--yes", "--reason", "来函", *options).out
        for number in (1, 2, 3):
            line = f"P00000{number} {made_up(number).legal_name}, account: ****"
            assert line in said
        assert said.count(word) == 3
    page = load_workbook(changed.parent / "变更确认" / changed.name).worksheets[0]
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=4)]
    assert {(line[1], line[2], line[11]) for line in lines if line[1] == "变更"} == {
        ("变更", f"P00000{number}", "导入时已同意，已登记") for number in (1, 2, 3)
    }


def test_a_correction_of_a_few_needs_no_workbook(funded: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "换卡.xlsx", row(1, 银行卡号=with_luhn_digit("621521110000009")))
    (file,) = imported(funded, path, "--yes")
    (made,) = file["made_changes"]
    assert (made["payee"], made["fields"]) == ("P000001", ["account"])
    assert file["change_workbook"] is None


def test_swapped_accounts_are_confirmed_together(paid: Office, tmp_path: Path) -> None:
    path = roster(
        tmp_path / "对调.xlsx",
        row(1, 银行卡号=made_up(2).account),
        row(2, 银行卡号=made_up(1).account),
        row(3),
    )
    assert imported(paid, path)[0]["held"] == 2
    alone = paid.run("payees", "confirm", "P000001", "--reason", "来函", "--yes")
    assert (alone.status, "confirm both at once" in alone.err) == (1, True)
    both = paid.run("payees", "confirm", "P000001", "P000002", "--reason", "来函", "--yes")
    assert both.status == 0
    assert (account(paid, 1), account(paid, 2)) == (made_up(2).account, made_up(1).account)
    assert paid.check() == []


def test_a_reason_goes_with_consent(paid: Office, changed: Path) -> None:
    assert paid.run("import", changed, "--reason", "来函").status == 2


def test_what_is_held_is_kept_until_it_is_confirmed(paid: Office, changed: Path) -> None:
    imported(paid, changed, "--yes")
    held = paid.run("payees", "held", "--json").json["held"]
    assert [(one["payee"], one["state"], one["field"]) for one in held] == [
        ("P000001", "paid", "account"), ("P000003", "unknown", "account"),
    ]  # fmt: skip
    assert paid.status()["held_changes"] == 2
    assert "2 changes of registered people wait" in paid.run("status").out
    done = paid.run("payees", "confirm", "P000001", "--reason", "本人来函", "--yes", "--json")
    assert [one["payee"] for one in done.json["confirmed"]] == ["P000001"]
    assert account(paid, 1) != made_up(1).account
    assert account(paid, 3) == made_up(3).account
    change = paid.run("payees", "show", "P000001", "--json").json["changes"][-1]
    assert (change["file"], change["sheet"], change["row"]) == ("新名册.xlsx", "花名册", 3)
    assert (change["reason"], bool(change["by"]), bool(change["at"])) == ("本人来函", True, True)
    held = paid.run("payees", "held", "--json").json["held"]
    assert [one["payee"] for one in held] == ["P000003"]
    assert imported(paid, changed, "--yes")[0]["held"] == 1


def test_an_older_roster_does_not_undo_what_was_confirmed(
    paid: Office, changed: Path, tmp_path: Path
) -> None:
    imported(paid, changed, "--yes", "--reason", "来函")
    old = roster(tmp_path / "旧.xlsx", row(1), row(2), row(3))
    (file,) = imported(paid, old, "--yes")
    assert (file["held"], file["changed"]) == (2, 1)
    assert account(paid, 1) != made_up(1).account


def test_what_was_declined_is_not_brought_up_again_by_the_same_file(
    paid: Office, changed: Path, tmp_path: Path
) -> None:
    imported(paid, changed)
    answer = paid.run("payees", "decline", "P000001", "P000003", "--reason", "查无此事", "--yes")
    assert (answer.status, answer.out.strip()) == (0, "Declined: 2 changes.")
    for options in ((), ("--yes", "--reason", "来函")):
        (file,) = imported(paid, changed, *options)
        assert "P000001" not in [one["payee"] for one in file["held_changes"]]
    assert account(paid, 1) == made_up(1).account
    (held,) = paid.run("payees", "show", "P000001", "--json").json["held"]
    assert (held["verdict"], held["reason"]) == ("declined", "查无此事")
    again = roster(tmp_path / "又.xlsx", row(1, 银行卡号=NEW_ACCOUNT), row(2), row(3))
    assert [one["payee"] for one in imported(paid, again)[0]["held_changes"]][:1] == ["P000001"]


def test_the_newest_roster_is_what_waits(paid: Office, changed: Path, tmp_path: Path) -> None:
    imported(paid, changed)
    imported(paid, changed)
    newer = roster(tmp_path / "又.xlsx", row(1, 银行卡号=NEW_ACCOUNT), row(2), row(3))
    imported(paid, newer)
    held = [one for one in paid.run("payees", "held", "--json").json["held"]
            if one["payee"] == "P000001"]  # fmt: skip
    assert [(one["new"], one["file"]) for one in held] == [(f"****{NEW_ACCOUNT[-4:]}", "又.xlsx")]
    past = paid.run("payees", "show", "P000001", "--json").json["held"]
    assert [one["verdict"] for one in past] == ["overtaken", None]


def test_a_number_that_is_somebody_elses_by_now_is_not_confirmed(
    paid: Office, tmp_path: Path
) -> None:
    rows = [row(1, 银行卡号=NEW_ACCOUNT), row(2), row(3)]
    imported(paid, roster(tmp_path / "b.xlsx", *rows))
    imported(paid, roster(tmp_path / "c.xlsx", row(11, 银行卡号=NEW_ACCOUNT)))
    refused = paid.run("payees", "confirm", "P000001", "--reason", "来函", "--yes")
    assert refused.status == 1
    assert "the new account of P000001 is that of P000007" in refused.err
    assert account(paid, 1) == made_up(1).account


def test_two_changes_to_one_account_are_not_both_confirmed(paid: Office, tmp_path: Path) -> None:
    imported(paid, roster(tmp_path / "b.xlsx", row(1, 银行卡号=NEW_ACCOUNT), row(2), row(3)))
    imported(paid, roster(tmp_path / "c.xlsx", row(1), row(2), row(3, 银行卡号=NEW_ACCOUNT)))
    refused = paid.run("payees", "confirm", "P000001", "P000003", "--reason", "来函", "--yes")
    assert (refused.status, account(paid, 1)) == (1, made_up(1).account)


def test_a_confirmation_asks_and_shows_what_it_is_about(paid: Office, changed: Path) -> None:
    imported(paid, changed)
    asked = paid.run("payees", "confirm", "P000001", "--reason", "来函")
    assert asked.status == 2
    assert f"****{made_up(1).account[-4:]}" in asked.err
    assert made_up(1).account not in asked.err
    assert account(paid, 1) == made_up(1).account


@pytest.mark.parametrize("verb", ["confirm", "decline"])
def test_a_decision_needs_a_reason_and_something_held(
    paid: Office, changed: Path, verb: str
) -> None:
    imported(paid, changed)
    assert "say why" in paid.run("payees", verb, "P000001", "--yes").err
    nothing = paid.run("payees", verb, "P000004", "--reason", "来函", "--yes")
    assert (nothing.status, "no change of P000004 is held" in nothing.err) == (1, True)
    unknown = paid.run("payees", verb, "P000099", "--reason", "来函", "--yes")
    assert (unknown.status, "nobody is registered as P000099" in unknown.err) == (1, True)
    assert len(paid.run("payees", "held", "--json").json["held"]) == 3


def test_nothing_held_is_shown_whole(paid: Office, changed: Path) -> None:
    said = paid.run("import", changed).out
    said += paid.run("payees", "held").out + paid.run("payees", "held", "--json").out
    said += paid.run("payees", "show", "P000001").out
    for number in (1, 2, 3):
        assert made_up(number).account not in said
        assert with_luhn_digit(f"6215217777770{number:02d}") not in said
    assert "新名册.xlsx" in said


def sheet_rows(path: str) -> list[dict[str, str]]:
    page = load_workbook(path).worksheets[0]
    _title, _how_to, headings, *rows = [list(cells) for cells in page.iter_rows(values_only=True)]
    return [
        {str(name): str(value or "") for name, value in zip(headings, cells, strict=True)}
        for cells in rows
    ]


def test_the_workbook_has_what_somebody_has_to_look_into(paid: Office, tmp_path: Path) -> None:
    rows = [row(1, 银行卡号=NEW_ACCOUNT), row(2, 姓名="孙新名"), row(11),
            row(12, 银行卡号=made_up(5).account)]  # fmt: skip
    path = roster(tmp_path / "新名册.xlsx", *rows)
    (file,) = imported(paid, path)
    assert file["change_workbook"] == str(tmp_path / "变更确认" / "新名册.xlsx")
    found = sheet_rows(file["change_workbook"])
    assert [(one["类别"], one["人员编号"], one["补助状态"], one["项目"]) for one in found] == [
        ("新增", "", "", ""),
        ("减少", "P000003", "待查", ""),
        ("变更", "P000001", "已支付", "银行账号"),
        ("变更", "P000002", "退回", "姓名"),
        ("变更", "P000002", "退回", "银行户名"),
        ("共用账号", "", "", "银行账号"),
    ]
    assert (found[2]["登记为"], found[2]["名册为"]) == (made_up(1).account, NEW_ACCOUNT)
    assert found[2]["名册位置"] == "花名册!3"
    assert "须逐人确认" in found[2]["处理"]
    assert found[5]["登记为"] == "已属 P000005"
    assert imported(paid, path)[0]["change_workbook"] == file["change_workbook"]
    assert len(list((tmp_path / "变更确认").iterdir())) == 1


def test_the_workbook_is_no_roster(paid: Office, changed: Path) -> None:
    (file,) = imported(paid, changed)
    refused = paid.run("import", file["change_workbook"])
    assert refused.status == 1
    assert "no row of headings" in refused.err


def test_a_dry_run_holds_nothing_and_makes_no_workbook(paid: Office, changed: Path) -> None:
    (file,) = imported(paid, changed, "--dry-run")
    assert (file["held"], file["change_workbook"]) == (3, None)
    assert paid.run("payees", "held", "--json").json["held"] == []
    assert not (changed.parent / "变更确认").exists()


def test_without_a_place_for_the_workbook_nothing_goes_in(paid: Office, changed: Path) -> None:
    (changed.parent / "变更确认").write_text("in the way", encoding="utf-8")
    refused = paid.run("import", changed, "--yes")
    assert (refused.status, "cannot be written" in refused.err) == (1, True)
    assert account(paid, 2) == made_up(2).account
    assert paid.run("payees", "held", "--json").json["held"] == []
