"""``imports``: a wrong roster is taken back, and the registry is as if it had never come."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.office import with_luhn_digit
from tests.support.roster_imports import imported
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

END = "2020-12-31"
OTHER = with_luhn_digit("621521777777777")
ANOTHER = with_luhn_digit("621521666666666")


def take_in(office: Office, name: str, *rows: list[str], yes: bool = False) -> str:
    """Import a roster; under what id."""
    path = roster(office.folder.with_name(name), *rows)
    options = ("--yes", "--reason", "镇街来函") if yes else ()
    (file,) = imported(office, path, *options)
    assert re.fullmatch(r"I\d{6}", file["import"])
    return str(file["import"])


def take_back(office: Office, name: str, *options: str, on: str = "2020-10-20") -> Answer:
    return office.run(
        "imports", "take-back", name, "--reason", "导错了花名册", "--yes", "--json", "--date", on,
        *options,
    )  # fmt: skip


def files(office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.run("imports", "list", "--json").json["imports"]
    return found


def registered(office: Office) -> list[tuple[str, ...]]:
    """Everybody's record but for the serial."""
    with office.registry() as registry:
        return sorted(
            (p.identity, p.legal_name, p.bank_name, p.role, p.town, p.block, p.phone, p.account,
             str(p.active))
            for p in registry.payees()
        )  # fmt: skip


def figures(office: Office) -> Any:
    """What people read: where everybody stands, what waits to be confirmed, what could be paid."""
    status = office.status(END)
    with office.registry() as registry:
        identities = {payee.payee_id: payee.identity for payee in registry.payees()}
    held = office.run("payees", "held", "--json").json["held"]
    waiting = sorted((identities[one["payee"]], one["field"], one["new"]) for one in held)
    tried = office.run("disburse", "--dry-run", "--json", "--date", END).json
    tried = {key: tried.get(key) for key in ("payees", "amount", "towns", "skipped", "code")}
    return status, registered(office), waiting, tried


def test_every_file_has_an_id_and_is_listed(funded: Office) -> None:
    """Rosters, results and statements count together, in the order in which they came."""
    assert take_in(funded, "一.xlsx", row(101), row(102)) == "I000001"
    funded.disburse()
    funded.run("batch", "submit", "B2020-001", "--date", "2020-11-11", "--yes")
    result = take_result(funded, everyone(PAID, 1, 2)).json["files"][0]
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    account.move("2020-11-12", "-6400.00", "", "代发")
    statement = take_statement(funded, account).json["files"][0]
    assert take_in(funded, "二.xlsx", row(103)) == "I000004"
    assert (result["import"], statement["import"]) == ("I000002", "I000003")
    said = [
        (one["id"], one["file"], one["kind"], one["rows"], one["state"], one["event"], one["by"])
        for one in files(funded)
    ]
    assert said == [
        ("I000001", "一.xlsx", "roster", 2, "standing", None, "O01"),
        ("I000002", "回盘.csv", "result", 2, "standing", 3, "O01"),
        ("I000003", "流水.csv", "statement", 2, "standing", 4, "O01"),
        ("I000004", "二.xlsx", "roster", 1, "standing", None, "O01"),
    ]  # fmt: skip
    assert files(funded)[0]["date"] == "2020-10-19"
    assert "一.xlsx" in funded.run("imports", "list").out
    assert funded.check() == []


def test_what_was_only_tried_or_known_has_none(funded: Office) -> None:
    path = roster(funded.folder.with_name("一.xlsx"), row(101))
    assert imported(funded, path, "--dry-run")[0]["import"] is None
    assert files(funded) == []
    assert funded.run("imports", "list").out == "No file was taken in.\n"
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    assert take_statement(funded, account).json["files"][0]["import"] == "I000001"
    assert take_statement(funded, account).json["files"][0]["import"] is None


def test_the_import_names_what_takes_it_back(office: Office) -> None:
    path = roster(office.folder.with_name("一.xlsx"), row(101))
    said = office.run("import", path, "--date", "2020-10-19").out
    assert "Taken in as I000001" in said
    assert "census-ledger imports take-back I000001 --reason R" in said


def test_of_a_statement_it_names_the_reversal(funded: Office) -> None:
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    path = account.statement(funded.folder.with_name("流水.csv"))
    said = funded.run("import", path).out
    assert "Taken in as I000001; 'census-ledger reverse EVENT --reason R'" in said
    assert "take-back" not in said


def test_who_came_by_it_is_withdrawn(funded: Office) -> None:
    before = figures(funded)
    name = take_in(funded, "错.xlsx", row(101), row(102))
    assert figures(funded) != before
    done = take_back(funded, name)
    assert done.status == 0, done.err
    assert done.json["withdrawn"] == ["P000007", "P000008"]
    assert figures(funded) == before
    assert files(funded)[0]["state"] == "taken_back"
    assert funded.check() == []


def test_who_was_withdrawn_is_nobody_but_can_be_looked_up(office: Office) -> None:
    take_back(office, take_in(office, "错.xlsx", row(101)))
    assert office.run("payees", "list", "--left", "--json").json["payees"] == []
    assert office.run("payees", "find", made_up(101).legal_name, "--json").json["payees"] == []
    shown = office.run("payees", "show", "P000001")
    assert "withdrawn" in shown.out and "导错了花名册" in shown.out
    activated = office.run("payees", "activate", "P000001", "--reason", "x", "--yes", "--json")
    assert activated.json["code"] == "no-such-payee"


def test_a_day_before_it_goes_on_saying_what_it_said(office: Office) -> None:
    name = take_in(office, "错.xlsx", row(101))
    take_back(office, name, on="2020-10-25")
    assert office.status("2020-10-18")["payees"]["registered"] == 0
    assert office.status("2020-10-24")["payees"]["registered"] == 1
    assert office.status("2020-10-25")["payees"]["registered"] == 0


def test_the_corrected_roster_restores_whom_it_lists(office: Office) -> None:
    """Under the same id, with what the corrected roster says of her."""
    wrong = [row(n, 银行卡号=made_up(n + 1).account) for n in (101, 102, 103)]
    take_back(office, take_in(office, "错.xlsx", *wrong))
    path = roster(office.folder.with_name("对.xlsx"), row(101), row(102), row(104))
    (file,) = imported(office, path)
    assert (file["added"], file["restored"], file["held"], file["quarantined"]) == (3, 2, 0, 0)
    with office.registry() as registry:
        found = {str(payee.payee_id): payee for payee in registry.payees()}
        (waiting,) = registry.withdrawn()
    assert list(found) == ["P000001", "P000002", "P000004"]
    assert waiting.payee_id == "P000003"
    assert found["P000001"].account == made_up(101).account
    assert office.check() == []


def test_in_another_town_and_on_another_post(office: Office) -> None:
    """The most common of wrong rosters: the right people under a wrong town."""
    take_back(office, take_in(office, "错.xlsx", row(101)))
    path = roster(office.folder.with_name("对.xlsx"), row(101, 普查小区编码="370481101009009"))
    (file,) = imported(office, path, "--town", "370481101")
    assert (file["added"], file["quarantined"]) == (1, 0), file["problems"]
    assert office.run("payees", "list", "--json").json["payees"][0]["town"] == "370481101"


def test_the_same_file_again_is_as_if_it_came_first(office: Office) -> None:
    """The taking back was the mistake."""
    take_in(office, "一.xlsx", row(101), row(102))
    wrong = [row(101, 联系电话="13800000001"), row(103)]
    name = take_in(office, "二.xlsx", *wrong)
    with_it = figures(office)
    assert take_back(office, name).status == 0
    (file,) = imported(office, office.folder.with_name("二.xlsx"))
    assert (file["added"], file["changed"], file["superseded"]) == (1, 1, 0)
    assert figures(office) == with_it
    assert [one["state"] for one in files(office)] == ["standing", "taken_back", "standing"]
    assert take_back(office, file["import"]).json["put_back"] == [
        {"payee": "P000001", "field": "phone"}
    ]
    assert office.check() == []


def test_of_a_file_that_came_twice_each_import_has_its_own(office: Office) -> None:
    """First its changes were held, then they were made."""
    take_in(office, "一.xlsx", row(101))
    wrong = [row(101, 银行卡号=OTHER), row(102)]
    first = take_in(office, "二.xlsx", *wrong)
    with_first = figures(office)
    second = take_in(office, "二.xlsx", *wrong, yes=True)
    done = take_back(office, second).json
    assert (done["withdrawn"], done["put_back"]) == ([], [{"payee": "P000001", "field": "account"}])
    # What waited was confirmed by the second: it waits again, since the first stands.
    assert figures(office)[1] == with_first[1]
    assert take_back(office, first).json["withdrawn"] == ["P000002"]
    assert office.check() == []


def test_changes_are_put_back(office: Office) -> None:
    take_in(office, "一.xlsx", row(101), row(102))
    before = figures(office)
    wrong = [row(101, 银行卡号=OTHER, 联系电话="13800000001"), row(102, 姓名="李建国")]
    name = take_in(office, "错.xlsx", *wrong, yes=True)
    done = take_back(office, name).json
    assert {(one["payee"], one["field"]) for one in done["put_back"]} == {
        ("P000001", "account"), ("P000001", "phone"),
        ("P000002", "legal_name"), ("P000002", "bank_name"),
    }  # fmt: skip
    assert done["kept"] == []
    assert figures(office) == before


def test_what_was_changed_since_stays_and_is_listed(office: Office) -> None:
    take_in(office, "一.xlsx", row(101))
    wrong = row(101, 银行卡号=OTHER, 联系电话="13800000001")
    name = take_in(office, "错.xlsx", wrong, yes=True)
    take_in(office, "更正.xlsx", row(101, 银行卡号=ANOTHER, 联系电话="13800000001"), yes=True)
    done = take_back(office, name)
    assert done.json["kept"] == [{"payee": "P000001", "field": "account", "why": "changed_since"}]
    assert done.json["put_back"] == [{"payee": "P000001", "field": "phone"}]
    with office.registry() as registry:
        (payee,) = registry.payees()
    assert (payee.account, payee.phone) == (ANOTHER, made_up(101).phone)


def test_in_whichever_order_two_of_them_are_taken_back(office: Office) -> None:
    take_in(office, "一.xlsx", row(101))
    before = registered(office)
    first = take_in(office, "错.xlsx", row(101, 银行卡号=OTHER), yes=True)
    second = take_in(office, "又错.xlsx", row(101, 银行卡号=ANOTHER), yes=True)
    assert take_back(office, first).json["kept"][0]["why"] == "changed_since"
    assert take_back(office, second).json["kept"] == []
    assert registered(office) == before


def test_a_number_that_is_somebody_elses_by_now_is_not_put_back(office: Office) -> None:
    take_in(office, "一.xlsx", row(101))
    name = take_in(office, "错.xlsx", row(101, 银行卡号=OTHER), yes=True)
    take_in(office, "二.xlsx", row(102, 银行卡号=made_up(101).account))
    done = take_back(office, name)
    assert done.json["kept"] == [{"payee": "P000001", "field": "account", "why": "taken"}]
    assert office.check() == []


def test_two_accounts_that_changed_places_change_back(office: Office) -> None:
    take_in(office, "一.xlsx", row(101), row(102))
    before = registered(office)
    swap = [row(101, 银行卡号=made_up(102).account), row(102, 银行卡号=made_up(101).account)]
    name = take_in(office, "错.xlsx", *swap, yes=True)
    assert registered(office) != before
    assert take_back(office, name).json["kept"] == []
    assert registered(office) == before


def test_an_identity_number_of_who_was_withdrawn_can_be_anothers(office: Office) -> None:
    """The wrong roster had her number in another's row."""
    take_in(office, "一.xlsx", row(101))
    take_back(office, take_in(office, "错.xlsx", row(102, 身份证号=made_up(103).identity)))
    take_in(office, "更正.xlsx", row(101, 身份证号=made_up(103).identity), yes=True)
    assert registered(office)[0][0] == made_up(103).identity
    assert office.check() == []


def test_what_waits_to_be_confirmed_goes_with_it(office: Office) -> None:
    take_in(office, "一.xlsx", row(101))
    before = figures(office)
    name = take_in(office, "错.xlsx", row(101, 银行卡号=OTHER))
    assert figures(office)[2] != before[2]
    assert take_back(office, name).json["held_withdrawn"] == 1
    assert figures(office) == before
    assert "withdrawn" in office.run("payees", "show", "P000001").out


def test_what_was_decided_of_it_goes_with_it_too(office: Office) -> None:
    """What was confirmed is put back, and what was declined is asked again by the same file."""
    take_in(office, "一.xlsx", row(101), row(102))
    before = figures(office)
    wrong = [row(101, 银行卡号=OTHER), row(102, 银行卡号=ANOTHER)]
    name = take_in(office, "错.xlsx", *wrong)
    decided = ("--reason", "来函", "--yes", "--date", "2020-10-19")
    assert office.run("payees", "confirm", "P000001", *decided).status == 0
    assert office.run("payees", "decline", "P000002", *decided).status == 0
    assert take_back(office, name).status == 0
    assert figures(office) == before
    (file,) = imported(office, office.folder.with_name("错.xlsx"))
    assert (file["held"], file["superseded"]) == (2, 0)


def test_what_it_had_closed_waits_again(office: Office) -> None:
    """An earlier file's change was overtaken by the wrong one: whether held or made."""
    for yes in (False, True):
        take_in(office, "一.xlsx", row(101))
        take_in(office, f"先{yes}.xlsx", row(101, 银行卡号=OTHER))
        before = figures(office)
        assert len(before[2]) == 1
        name = take_in(office, f"错{yes}.xlsx", row(101, 银行卡号=ANOTHER), yes=yes)
        assert take_back(office, name).json["held_again"] == 1
        assert figures(office) == before
        assert office.check() == []


def test_a_later_files_change_goes_on_waiting(office: Office) -> None:
    """From the value that is put back."""
    take_in(office, "一.xlsx", row(101))
    name = take_in(office, "错.xlsx", row(101, 银行卡号=ANOTHER), yes=True)
    take_in(office, "后.xlsx", row(101, 银行卡号=OTHER))
    assert take_back(office, name).json["held_again"] == 1
    with office.registry() as registry:
        (held,) = registry.held.open()
    assert (held.old, held.new) == (made_up(101).account, OTHER)
    confirmed = ("confirm", "P000001", "--reason", "来函", "--yes", "--date", "2020-10-21")
    assert office.run("payees", *confirmed).status == 0
    assert office.check() == []


def test_who_is_in_a_batch_stays(funded: Office) -> None:
    name = take_in(funded, "错.xlsx", row(101), row(102, 普查小区编码="370481101009009"))
    assert funded.disburse("--town", "370481001").status == 0
    tried = funded.run("imports", "take-back", name, "--reason", "导错", "--dry-run")
    assert "batch void" in tried.out and "payees deactivate P000007" in tried.out
    done = take_back(funded, name)
    assert {(one["payee"], one["why"]) for one in done.json["kept"]} == {("P000007", "in_batch")}
    assert funded.check() == []


@pytest.mark.parametrize("submitted", [False, True])
def test_a_void_batch_is_none(funded: Office, submitted: bool) -> None:
    """Made by the wrong roster, and noticed then: it is paid to nobody, and can be paid again."""
    name = take_in(funded, "错.xlsx", row(101))
    funded.disburse()
    options: tuple[str, ...] = ()
    if submitted:
        funded.run("batch", "submit", "B2020-001", "--date", "2020-11-11", "--yes")
        options = ("--bank-refused", "格式不符")
    void = ("batch", "void", "B2020-001", "--date", "2020-11-12", "--yes", *options)
    assert funded.run(*void).status == 0
    assert take_back(funded, name, on="2020-11-13").json["withdrawn"] == ["P000007"]
    assert funded.disburse(on="2020-11-14").json["payees"] == 6
    assert take_in(funded, "对.xlsx", row(101)) == "I000002"
    assert funded.disburse(on="2020-11-15").json["payees"] == 1
    assert funded.check() == []


def test_nobody_who_was_found_not_entitled_is_forgotten(funded: Office) -> None:
    """Money came back from her: that stays with her name."""
    name = take_in(funded, "错.xlsx", row(101))
    funded.disburse()
    funded.run("batch", "submit", "B2020-001", "--date", "2020-11-11", "--yes")
    take_result(funded, everyone(("失败", "账户已销户"), 7))
    cancelled = ("cancel", "P000007", "--reason", "不在岗", "--date", "2020-11-16", "--yes")
    assert funded.run("payees", *cancelled).status == 0
    done = take_back(funded, name, on="2020-11-17").json
    assert (done["withdrawn"], done["kept"][0]["why"]) == ([], "in_batch")


def test_it_is_shown_and_asked_first(funded: Office) -> None:
    name = take_in(funded, "错.xlsx", row(101))
    before = figures(funded)
    asked = funded.run("imports", "take-back", name, "--reason", "导错")
    assert asked.status == 2 and "1 person who came by it is withdrawn" in asked.out
    tried = take_back(funded, name, "--dry-run").json
    assert (tried["dry_run"], tried["withdrawn"]) == (True, ["P000007"])
    assert figures(funded) == before and files(funded)[0]["state"] == "standing"


def test_it_cannot_be_taken_back_twice(office: Office) -> None:
    name = take_in(office, "错.xlsx", row(101))
    assert take_back(office, name).status == 0
    assert take_back(office, name).json["code"] == "import-taken-back"
    for unknown in ("I000009", "I", "9", "I-1", f"I{'9' * 5000}", "错.xlsx"):
        assert take_back(office, unknown).json["code"] == "no-such-import"


def test_a_reason_is_needed_and_no_day_before_it(office: Office) -> None:
    name = take_in(office, "错.xlsx", row(101))
    assert take_back(office, name, on="2020-10-18").json["code"] == "before-the-import"
    empty = ("imports", "take-back", name, "--reason", " ", "--yes", "--json", "--date", END)
    assert office.run(*empty).json["code"] == "reason-missing"
    early = ("imports", "take-back", name, "--reason", "导错", "--date", "2020-10-18")
    for refused in (office.run(*early), office.run(*early, "--dry-run")):
        assert (refused.status, refused.out) == (1, "")
    assert files(office)[0]["state"] == "standing"


def test_a_result_is_taken_back_by_reversing_its_event(funded: Office) -> None:
    funded.disburse()
    funded.run("batch", "submit", "B2020-001", "--date", "2020-11-11", "--yes")
    take_result(funded, everyone(PAID, 1))
    refused = take_back(funded, "I000001", on=END)
    assert (refused.status, refused.json["code"]) == (1, "import-is-event")
    assert "census-ledger reverse 3 --reason R" in refused.err
    done = ("reverse", "3", "--reason", "导错", "--yes", "--date", "2020-11-20")
    assert funded.run(*done).status == 0
    assert files(funded)[0]["state"] == "taken_back"
    assert take_back(funded, "I000001", on=END).json["code"] == "import-taken-back"


def test_who_may_not_change_records_takes_none_back(office: Office) -> None:
    name = take_in(office, "错.xlsx", row(101))
    office.run("operator", "add", "王出纳", "--role", "出纳")
    refused = office.run(
        "--operator", "O02", "imports", "take-back", name, "--reason", "x", "--yes", "--json"
    )
    assert refused.json["code"] == "may-not-change-records"


def test_import_and_taking_back_stand_in_the_signed_log(office: Office) -> None:
    """Who says that another roster came, or that one was taken back, breaks the log."""
    take_back(office, take_in(office, "错.xlsx", row(101)))
    for statement in (
        "update changes set old = 'I000002' where field = 'taken_back'",
        "delete from changes where field = 'imported'",
    ):
        copy = office.copied(office.folder.with_name(statement[:6]))
        with copy.registry() as registry, registry.file.all_or_none():
            registry.file.execute(statement)
        assert {error["code"] for error in copy.check()} >= {"log"}
    with office.registry() as registry, registry.file.all_or_none():
        registry.file.execute("update payees set active = 1")
    assert "record" in {error["code"] for error in office.check()}


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"import": 1}', "null", '"x"'])
def test_what_somebody_wrote_into_the_log_is_no_import(office: Office, said: str) -> None:
    take_in(office, "一.xlsx", row(101))
    with office.registry() as registry, registry.file.all_or_none():
        registry.file.execute("update changes set new = ? where field = 'imported'", (said,))
    assert files(office) == []
    assert "log" in {error["code"] for error in office.check()}


PEOPLE = range(101, 107)
perturbed = st.fixed_dictionaries(
    {},
    optional={
        "银行卡号": st.sampled_from([OTHER, *(made_up(number).account for number in PEOPLE)]),
        "联系电话": st.sampled_from(["13800000001", "13800000002"]),
        "姓名": st.just("李建国"),
        "开户行": st.just("中国银行滕州支行"),
        "普查小区编码": st.sampled_from(["370481001777777", "370481101888888"]),
    },
)
wrong_rosters = st.dictionaries(st.sampled_from(PEOPLE), perturbed, min_size=1)
numbers_of_tries = itertools.count()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.sets(st.sampled_from(PEOPLE), max_size=4),
    held=st.booleans(),
    wrong=wrong_rosters,
    yes=st.booleans(),
    paid=st.booleans(),
)
def test_as_if_it_had_never_come(
    funded: Office,
    tmp_path: Path,
    first: set[int],
    held: bool,
    wrong: dict[int, dict[str, str]],
    yes: bool,
    paid: bool,
) -> None:
    """And then the corrected roster does what it does where the wrong one had never come."""
    number = next(numbers_of_tries)
    control = funded.copied(tmp_path / f"without{number}")
    if first:
        take_in(control, "一.xlsx", *map(row, sorted(first)))
        if held:
            take_in(control, "二.xlsx", row(min(first), 银行卡号=ANOTHER))
    if paid:
        control.disburse(on="2020-10-19")
    office = control.copied(tmp_path / f"with{number}")
    rows = [row(number, **changes) for number, changes in sorted(wrong.items())]
    name = take_in(office, "错.xlsx", *rows, yes=yes)
    done = take_back(office, name)
    assert done.status == 0, done.err
    assert done.json["kept"] == []
    assert figures(office) == figures(control)
    for one in (office, control):
        take_in(one, "对.xlsx", *map(row, PEOPLE))
    assert figures(office) == figures(control)
    assert office.check() == []


def test_who_corrected_the_record_by_hand_since(office: Office) -> None:
    """A decision of the office is newer than the wrong roster."""
    take_in(office, "一.xlsx", row(101))
    name = take_in(office, "错.xlsx", row(101, 联系电话="13800000001"))
    correct(office, "P000001", on="2020-10-19", phone="13900001111")
    done = take_back(office, name).json
    assert done["kept"] == [{"payee": "P000001", "field": "phone", "why": "changed_since"}]


DECISIONS = {
    "left": ("deactivate", "P000002"),
    "bank name": ("set-bank-name", "P000002", "王(小)芳"),
    "post": ("set-post", "P000002", "370481101009009"),
}


@pytest.mark.parametrize("words", DECISIONS.values(), ids=DECISIONS)
def test_who_was_decided_about_since_stays(office: Office, words: tuple[str, ...]) -> None:
    """And the corrected roster overwrites nothing of it without a word."""
    name = take_in(office, "错.xlsx", row(101), row(102))
    decide(office, *words)
    before = registered(office)
    done = take_back(office, name)
    assert done.json["withdrawn"] == ["P000001"]
    assert done.json["kept"] == [{"payee": "P000002", "field": None, "why": "changed_since"}]
    assert len(registered(office)) == 1
    take_in(office, "对.xlsx", row(101, 联系电话="13800000001"), row(102))
    with office.registry() as registry:
        (kept,) = [payee for payee in registry.payees() if payee.payee_id == "P000002"]
    (decided,) = [record for record in before if record[0] == kept.identity]
    now = (kept.bank_name, kept.active, kept.town)
    assert now == (decided[2], decided[8] == "True", decided[4])
    assert office.check() == []


def test_who_was_released_and_never_sent_stays(funded: Office) -> None:
    """Somebody has looked into it: she shares a post, and is to be paid all the same."""
    funded.register(1, town="370481001")
    post = ("set-post", "P000007", "370481001001001", "--reason", "来函", "--yes")
    funded.run("payees", *post, "--date", "2020-10-20")
    name = take_in(funded, "错.xlsx", row(101, 普查小区编码="370481001001001"))
    released = ("release", "P000008", "--reason", "已核实", "--yes", "--date", "2020-10-21")
    answer = funded.run("payees", *released)
    assert answer.status == 0, answer
    done = take_back(funded, name)
    assert done.json["withdrawn"] == []
    assert done.json["kept"] == [{"payee": "P000008", "field": None, "why": "changed_since"}]
    assert funded.check() == []


def test_who_has_left_is_not_paid_by_the_corrected_roster(funded: Office) -> None:
    """Her batch is void, and she has left: that stands, whatever file lists her again."""
    name = take_in(funded, "错.xlsx", row(101), row(102))
    funded.disburse()
    void = ("batch", "void", "B2020-001", "--date", "2020-11-11", "--yes")
    assert funded.run(*void).status == 0
    decide(funded, "deactivate", "P000008", on="2020-11-12")
    take_back(funded, name, on="2020-11-13")
    take_in(funded, "对.xlsx", row(101), row(102, 联系电话="13800000001"))
    assert "P000008" in funded.run("payees", "list", "--left").out
    assert funded.disburse(on="2020-11-14").json["payees"] == 7
    assert funded.check() == []


@pytest.mark.parametrize("verb", ["confirm", "decline"])
@pytest.mark.parametrize("later_goes_first", [False, True])
def test_what_was_decided_of_a_later_roster_stands_with_it(
    office: Office, verb: str, later_goes_first: bool
) -> None:
    """Who was decided about stays; a decision about a file that was taken back too is none."""
    name = take_in(office, "错.xlsx", row(101))
    later = take_in(office, "后.xlsx", row(101, 银行卡号=OTHER))
    decide(office, verb, "P000001")
    if later_goes_first:
        take_back(office, later)
    done = take_back(office, name).json
    assert (done["withdrawn"] == ["P000001"]) is later_goes_first
    assert [one["why"] for one in done["kept"]] == ([] if later_goes_first else ["changed_since"])
    assert office.check() == []


def decide(office: Office, verb: str, *words: str, on: str = "2020-10-19") -> None:
    decided = ("payees", verb, *words, "--reason", "镇街来函", "--yes", "--date", on)
    assert office.run(*decided).status == 0
