"""Without the registry's key what needs only text works, and the rest says how it comes back."""

from __future__ import annotations

import pytest

from tests.support.auditor import edit
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Office

BATCH = "B2020-001"
OF_PEOPLE = {
    *("payees", "stages", "towns", "waiting", "registered_later", "held_changes", "missing"),
    "suspense",
}


@beginning
def at_work(funded: Office) -> Office:
    """Four are paid, one came back, one is awaited."""
    funded.disburse()
    funded.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-11")
    take_result(funded, everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5))
    return funded


def lose_the_key(office: Office) -> bytes:
    key = office.key.read_bytes()
    office.key.unlink()
    return key


def test_money_is_known_and_nobody_is_counted(at_work: Office) -> None:
    """Every figure of money, line, fund and batch is the same; null where people are counted."""
    before = at_work.status()
    assert before["missing"] == []
    lose_the_key(at_work)
    answer = at_work.run("status", "--json", "--date", "2020-12-31")
    assert answer.status == 0
    after = answer.json
    assert before.keys() == after.keys()
    assert {name: after[name] for name in after.keys() - OF_PEOPLE} == {
        name: before[name] for name in before.keys() - OF_PEOPLE
    }
    assert set(after["payees"].values()) == {None}
    assert after["payees"].keys() == before["payees"].keys()
    (stage,), (known,) = after["stages"], before["stages"]
    for name in ("code", "name", "amount"):
        assert stage.pop(name) == known[name]
    assert set(stage.values()) == {None}
    assert [town["code"] for town in after["towns"]] == [town["code"] for town in before["towns"]]
    assert {town["registered"] for town in after["towns"]} == {None}
    assert (after["waiting"], after["held_changes"], after["registered_later"]) == (None,) * 3
    assert {"payees", "stages", "towns", "waiting", "held_changes"} <= set(after["missing"])


def test_words_say_what_is_missing_and_how_it_comes_back(at_work: Office) -> None:
    with_key = at_work.run("status").out
    lose_the_key(at_work)
    said = at_work.run("status").out
    assert str(at_work.key) in said
    assert "'census-ledger key import FILE'" in said
    assert "People by town" in with_key
    assert "People by town" not in said
    assert "Budget lines (yuan)" in said
    assert BATCH in said


def test_the_text_is_checked_and_what_was_not_is_said(at_work: Office) -> None:
    lose_the_key(at_work)
    answer = at_work.run("check", "--json")
    assert answer.status == 0
    assert (answer.json["ok"], answer.json["errors"]) == (True, [])
    assert {"registry", "log", "rows", "original"} <= set(answer.json["missing"])
    assert "were not checked" in answer.err
    said = at_work.run("check")
    assert "All is well" not in said.out
    assert "the rest was not checked" in said.out


def test_what_is_wrong_in_text_or_papers_is_found_all_the_same(at_work: Office) -> None:
    lose_the_key(at_work)
    event = at_work.events()[1]
    edit(event, "普查员", "普查圆")
    (at_work.folder / "payouts" / BATCH / f"{BATCH}-发放汇总表.pdf").unlink()
    answer = at_work.run("check", "--json")
    assert answer.status == 1
    found = {error["code"] for error in answer.json["errors"]}
    assert {"chain", "signature", "artefacts"} <= found


@pytest.mark.parametrize(
    "arguments",
    [
        ("batch", "list"), ("batch", "show", BATCH), ("operator", "list"), ("operator", "log"),
        ("report", "batch", BATCH, "--date", "2020-11-30"),
    ],
)  # fmt: skip
def test_what_needs_only_text_works(at_work: Office, arguments: tuple[str, ...]) -> None:
    before = at_work.run(*arguments, "--json")
    lose_the_key(at_work)
    after = at_work.run(*arguments, "--json")
    assert (after.status, after.json) == (0, before.json)


@pytest.mark.parametrize(
    "arguments",
    [
        ("payees", "list"), ("payees", "held"), ("payees", "find", "钱"), ("disburse", "--dry-run"),
        ("report", "month", "2020-11"), ("verify", BATCH), ("batch", "restore", BATCH),
        ("batch", "void", BATCH, "--yes"), ("imports", "list"),
        ("payees", "deactivate", "P000001", "--reason", "x", "--yes"),
    ],
)  # fmt: skip
def test_the_rest_says_what_is_missing(at_work: Office, arguments: tuple[str, ...]) -> None:
    lose_the_key(at_work)
    before = at_work.events()
    refused = at_work.run(*arguments)
    assert refused.status == 1
    assert str(at_work.key) in refused.err
    assert "'census-ledger key import FILE' brings it here" in refused.err
    assert at_work.events() == before


def test_with_the_key_back_all_is_known_again(at_work: Office) -> None:
    before = at_work.status()
    key = lose_the_key(at_work)
    at_work.run("status")
    at_work.key.write_bytes(key)
    at_work.key.chmod(0o600)
    assert at_work.status() == before
    assert at_work.check() == []


def test_a_key_of_other_books_is_no_missing_one(at_work: Office) -> None:
    """Then something else is wrong, and nothing is answered by half."""
    at_work.key.write_text("0" * 64 + "\n", encoding="ascii")
    assert at_work.run("status").status == 1
    assert at_work.run("check").status == 1
