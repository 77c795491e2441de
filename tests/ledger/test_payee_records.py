"""``payees``: the bank's spelling, a post, and who has left. Decided, logged, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import rows_of
from tests.support.bank_results import take_result
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.roster_imports import imported
from tests.support.roster_imports import roster
from tests.support.roster_imports import row


def set_name(office: Office, name: str, *options: str, payee: str = "P000002") -> Answer:
    return office.run(
        "payees", "set-bank-name", payee, name, "--reason", "银行无此字", "--yes", *options
    )


def left(office: Office, *payees: str, verb: str = "deactivate") -> Answer:
    return office.run(
        "payees", verb, *payees, "--reason", "已辞职", "--date", "2020-11-05", "--yes", "--json"
    )


def people(office: Office, *options: str) -> list[str]:
    listed = office.run("payees", "list", *options, "--json").json["payees"]
    return [person["id"] for person in listed]


def test_the_banks_spelling_goes_to_the_bank_and_the_legal_name_stays(funded: Office) -> None:
    answer = set_name(funded, "  李  龑 ", "--json", "--date", "2020-11-01")
    assert answer.json == {
        "payee": "P000002", "bank_name": "李 龑", "before": made_up(2).legal_name,
        "in_batches": [], "reason": "银行无此字", "date": "2020-11-01",
    }  # fmt: skip
    assert funded.disburse().status == 0
    assert rows_of(funded)[1].bank_name == "李 龑"
    shown = funded.run("payees", "show", "P000002", "--json").json
    assert (shown["name"], shown["bank_name"]) == (made_up(2).legal_name, "李 龑")
    change = shown["changes"][-1]
    assert (change["field"], change["file"], change["reason"]) == (
        "bank_name", "payees set-bank-name", "银行无此字",
    )  # fmt: skip
    assert funded.check() == []


def test_a_returned_payment_is_made_again_under_the_banks_spelling(funded: Office) -> None:
    funded.disburse()
    take_result(funded, everyone(PAID, 1) | everyone(("交易失败", "户名不符"), 2))
    assert set_name(funded, "李龑").status == 0
    assert funded.disburse(on="2020-11-20").json["payees"] == 1


@pytest.mark.parametrize("name", ["", "  ", "李4", "李\u200b龑", "李" * 61])
def test_what_no_bank_can_have_as_a_name_is_refused(funded: Office, name: str) -> None:
    refused = set_name(funded, name)
    assert (refused.status, "the name at the bank is empty" in refused.err) == (1, True)


def test_a_name_that_is_so_already_is_no_decision(funded: Office) -> None:
    assert "is that already" in set_name(funded, made_up(2).legal_name).err


def test_a_later_roster_keeps_the_banks_spelling(funded: Office, tmp_path: Path) -> None:
    set_name(funded, "李龑")
    (file,) = imported(funded, roster(tmp_path / "b.xlsx", row(1), row(2), row(3)), "--yes")
    assert (file["unchanged"], file["held"]) == (3, 0)


def test_nothing_is_due_to_who_has_left(funded: Office) -> None:
    assert left(funded, "P000002", "P000003", "P000002").json["deactivated"] == [
        "P000002", "P000003",
    ]  # fmt: skip
    assert funded.status()["payees"]["registered"] == 4
    made = funded.disburse().json
    assert made["payees"] == 4
    assert {"reason": "inactive", "count": 2, "payees": []} in made["skipped"]
    assert people(funded) == ["P000001", "P000004", "P000005", "P000006"]
    assert people(funded, "--left") == ["P000002", "P000003"]
    assert funded.check() == []


def test_who_has_left_with_a_history_stays_visible(funded: Office) -> None:
    funded.disburse()
    take_result(funded, everyone(PAID, 1) | everyone(CLOSED, 2))
    left(funded, "P000001", "P000002")
    assert people(funded)[:2] == ["P000001", "P000002"]
    states = funded.status()["payees"]
    assert (states["registered"], states["paid"], states["returned"]) == (6, 1, 1)
    with funded.registry() as registry:
        returned = registry.payees()[1]
    assert not returned.active
    refused = funded.disburse(on="2020-11-20")
    assert refused.json["refused"]["reason"] == "nothing_due"
    assert funded.check() == []


def test_the_town_is_not_asked_to_correct_who_has_left(funded: Office) -> None:
    funded.disburse()
    left(funded, "P000002")
    answer = take_result(funded, everyone(CLOSED, 2, 3))
    (sheet,) = answer.json["files"][0]["correction_sheets"]
    page = load_workbook(sheet).worksheets[0]
    assert [cell.value for cell in page["A"][3:]] == ["P000003"]


def test_a_departure_is_taken_back(funded: Office) -> None:
    left(funded, "P000002")
    assert left(funded, "P000002", verb="activate").json["activated"] == ["P000002"]
    assert funded.disburse().json["payees"] == 6
    shown = funded.run("payees", "show", "P000002", "--json").json
    changes = [(one["field"], one["old"], one["new"]) for one in shown["changes"][1:]]
    assert changes == [("active", "1", "0"), ("active", "0", "1")]


def test_who_has_left_is_still_shown_by_id(funded: Office) -> None:
    left(funded, "P000002")
    shown = funded.run("payees", "show", "P000002")
    assert shown.status == 0
    assert "has left" in shown.out.splitlines()[0]
    assert "payees deactivate" in shown.out
    assert "已辞职" in shown.out


def test_the_record_of_an_earlier_day_has_who_left_later(funded: Office) -> None:
    """Who left in November was there in October; a batch made before she left had her."""
    funded.run("payees", "deactivate", "P000002", "--reason", "辞职", "--date", "2020-11-05",
               "--yes")  # fmt: skip
    assert funded.status(on="2020-10-31")["payees"]["registered"] == 6
    assert funded.status(on="2020-11-30")["payees"]["registered"] == 5
    assert "P000002" in people(funded, "--date", "2020-10-31")


def test_her_post_is_free_for_somebody_else(funded: Office, tmp_path: Path) -> None:
    left(funded, "P000002")
    successor = row(12, 普查小区编码=made_up(2).block)
    (file,) = imported(funded, roster(tmp_path / "b.xlsx", row(1), row(3), successor))
    assert (file["added"], file["warnings"]) == (1, 0)
    assert funded.disburse().json["payees"] == 6


BLOCK, AREA = "370481101001001", "370481101001"


def moved(office: Office, code: str, *options: str, payee: str = "P000002") -> Answer:
    return office.run("payees", "set-post", payee, code, "--reason", "镇街更正", "--yes", *options)


def test_a_post_is_corrected_and_paid_where_it_is(funded: Office) -> None:
    answer = moved(funded, BLOCK, "--json", "--date", "2020-11-01")
    assert answer.json == {
        "payee": "P000002", "post": f"普查员:{BLOCK}", "before": made_up(2).post,
        "also_on_post": [],
        "reason": "镇街更正", "date": "2020-11-01",
    }  # fmt: skip
    changes = funded.run("payees", "show", "P000002", "--json").json["changes"]
    assert {change["field"] for change in changes[1:]} >= {"town", "area", "block"}
    assert {change["file"] for change in changes[1:]} == {"payees set-post"}
    assert funded.disburse().status == 0
    (row,) = [row for row in rows_of(funded) if row.payee_id == "P000002"]
    assert (row.role, row.town) == ("普查员", "370481101")
    assert funded.check() == []


def test_an_enumerator_becomes_a_supervisor(funded: Office) -> None:
    funded.rule('2020-05-01 custom "census-rate" "普查指导员" 700.00 CNY "30226劳务费:01两员补助"')
    assert "普查指导员 370481101001 now" in moved(funded, AREA).out
    assert funded.disburse().status == 0
    (row,) = [row for row in rows_of(funded) if row.payee_id == "P000002"]
    assert (row.role, row.amount_fen) == ("普查指导员", 70_000)


def test_the_town_sends_the_corrected_row_and_it_is_what_is_registered(
    funded: Office, tmp_path: Path
) -> None:
    path = roster(tmp_path / "b.xlsx", row(2, 普查小区编码="370481001009009"))
    assert imported(funded, path)[0]["quarantined"] == 1
    moved(funded, "370481001009009")
    (file,) = imported(funded, path)
    assert (file["unchanged"], file["quarantined"]) == (1, 0)


def test_a_post_that_somebody_has_is_pointed_out(funded: Office) -> None:
    asked = funded.run("payees", "set-post", "P000002", made_up(1).block, "--reason", "镇街更正")
    assert asked.status == 2
    assert f"P000001 {made_up(1).legal_name}" in asked.err
    done = moved(funded, made_up(1).block, "--json")
    assert (done.status, done.json["also_on_post"]) == (0, ["P000001"])
    assert f"P000001 {made_up(1).legal_name}" in done.err
    assert funded.disburse().json["payees"] == 5


def test_who_left_a_post_is_pointed_out_if_she_was_paid_for_it(funded: Office) -> None:
    left(funded, "P000003")
    assert funded.disburse().status == 0
    left(funded, "P000001")
    funded.register(1, town="370481102")
    for number, people in ((1, ["P000001"]), (3, [])):
        done = moved(funded, made_up(number).block, "--json", payee="P000007")
        assert done.json["also_on_post"] == people


def test_the_area_is_called_as_it_is_in_the_registry(funded: Office) -> None:
    with funded.registry() as registry:
        names = {payee.area: payee.area_name for payee in registry.payees()}
    area = made_up(4, town="370481101").block[:12]
    assert moved(funded, f"{area}077").status == 0
    with funded.registry() as registry:
        (payee,) = [one for one in registry.payees() if one.payee_id == "P000002"]
    assert (payee.area, payee.area_name) == (area, names[area])
    assert moved(funded, "370481101999001").status == 0
    with funded.registry() as registry:
        (payee,) = [one for one in registry.payees() if one.payee_id == "P000002"]
    assert (payee.area, payee.area_name) == ("370481101999", "")


def test_a_former_code_is_the_present_one(funded: Office) -> None:
    assert "东沙河街道 普查员 370481005001077" in moved(funded, "370481100001077").out


@pytest.mark.parametrize("answer", [PAID, CLOSED, ("处理中", "")])
def test_what_was_sent_for_a_post_stays_with_it(funded: Office, answer: tuple[str, str]) -> None:
    funded.disburse()
    assert "in the bank" in moved(funded, BLOCK).err
    take_result(funded, everyone(answer, 2))
    refused = moved(funded, BLOCK)
    assert (refused.status, "stays with it" in refused.err) == (1, True)
    assert funded.run("payees", "show", "P000002", "--json").json["changes"][1:] == []


def test_after_a_void_it_can_be_corrected(funded: Office) -> None:
    funded.disburse()
    funded.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11")
    assert moved(funded, BLOCK).status == 0
    assert funded.disburse(on="2020-11-12").json["payees"] == 6
    assert funded.check() == []


@pytest.mark.parametrize(
    "code", ["", "370481101", "37048110100100", "999999001001001", "37048110100100１", "甲" * 15,
             "370481199003071234"],
)  # fmt: skip
def test_what_is_no_post_is_refused(funded: Office, code: str) -> None:
    refused = moved(funded, code)
    assert (refused.status, "is no post" in refused.err) == (1, True)
    assert "199003071234" not in refused.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["set-post", "P000001", made_up(1).block, "--reason", "x"], "on that post already"),
        (["set-post", "P000099", BLOCK, "--reason", "x"], "nobody is registered as P000099"),
        (["set-post", "P000001", BLOCK], "say why"),
        (["deactivate", "P000099", "--reason", "x"], "nobody is registered as P000099"),
        (["deactivate", "P000001"], "say why"),
        (["activate", "P000001", "--reason", "x"], "P000001 has not left"),
        (["deactivate", "P000001", "--reason", "x", "--date", "2222-01-01"], "days ahead"),
        (["set-bank-name", "P000099", "李", "--reason", "x"], "nobody is registered as P000099"),
        (["set-bank-name", "P000001", "李"], "say why"),
    ],
)
def test_a_wrong_decision_is_one_line_and_changes_nothing(
    funded: Office, arguments: list[str], said: str
) -> None:
    with funded.registry() as registry:
        before = registry.payees()
    refused = funded.run("payees", *arguments, "--yes")
    assert (refused.status, refused.out) == (1, "")
    assert said in refused.err
    with funded.registry() as registry:
        assert registry.payees() == before
        assert [len(registry.changes(payee.serial)) for payee in before] == [1] * 6


def test_one_of_several_that_is_wrong_keeps_all_as_they_are(funded: Office) -> None:
    left(funded, "P000002")
    assert left(funded, "P000001", "P000002").status == 1
    assert people(funded, "--left") == ["P000002"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["deactivate", "P000001"],
        ["set-bank-name", "P000001", "李龑"],
        ["activate", "P000001"],
        ["set-post", "P000001", BLOCK],
    ],
)
def test_a_decision_asks_before_it_writes(funded: Office, arguments: list[str]) -> None:
    asked = funded.run("payees", *arguments, "--reason", "某因")
    assert (asked.status, "--yes" in asked.err) == (2, True)
    assert people(funded, "--left") == []


def test_a_decision_is_an_original_of_the_registry(funded: Office) -> None:
    """Made twice it is two: each has its own day, and undoes nothing of the other."""
    for verb in ("deactivate", "activate", "deactivate"):
        assert left(funded, "P000002", verb=verb).status == 0
    with funded.registry() as registry:
        names = list(registry.original_names().values())
        changes = registry.changes(2)
    assert [change.reason for change in changes] == ["", "已辞职", "已辞职", "已辞职"]
    assert {"payees deactivate", "payees activate"} <= set(names)
    assert people(funded, "--left") == ["P000002"]
