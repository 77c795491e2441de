"""``operator``: who signs is named, gets another passphrase, retires; who has done what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.base.digests import digest
from ledger.keys.operator_key import new_operator_key
from ledger.keys.operator_key import replace_operator_key
from ledger.keys.places import operator_key_path
from ledger.model.operators import SAFE_KEY
from tests.support.acting import actor_of
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.crash import dying
from tests.support.office import Answer
from tests.support.office import Office

As = Callable[..., Answer]


@pytest.fixture
def say(funded: Office, monkeypatch: pytest.MonkeyPatch) -> As:
    """Run a command as an operator with a passphrase."""

    def run(operator: str, passphrase: str, *arguments: str) -> Answer:
        monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", passphrase)
        return funded.run("--operator", operator, *arguments)

    return run


@pytest.fixture
def clerk(funded: Office, say: As) -> str:
    """王会计 is O02, makes batches, and has a passphrase."""
    added = say("O01", "一二三", "operator", "add", "王会计", "--role", "经办", "--json")
    assert added.status == 0, added.err
    assert added.json == {
        "event": 1, "kind": "operator", "id": "O02", "name": "王会计", "roles": ["经办"],
        "retired": None,
    }  # fmt: skip
    return "O02"


def test_who_is_named_signs_what_the_role_is_for(funded: Office, say: As, clerk: str) -> None:
    paid = say(clerk, "一二三", "disburse", "--yes", "--json", "--date", "2020-11-10")
    assert paid.json["payees"] == 6
    assert 'by: "O02"' in funded.events()[-1].read_text(encoding="utf-8")
    refused = say(clerk, "一二三", "batch", "submit", "B2020-001", "--yes", "--json")
    assert refused.json["code"] == "role-missing"
    assert "出纳" in refused.json["error"]
    assert funded.check() == []


def test_a_wrong_passphrase_signs_nothing(funded: Office, say: As, clerk: str) -> None:
    before = funded.events()
    answer = say(clerk, "三二一", "disburse", "--yes", "--json", "--date", "2020-11-10")
    assert answer.json["code"] == "wrong-passphrase"
    assert funded.events() == before


def test_a_key_that_the_books_do_not_name_signs_nothing(funded: Office) -> None:
    """It says that it is the same operator's, of the same books."""
    path = operator_key_path(funded.key, "O01")
    books = funded.books().settings.key
    other = new_operator_key(b"1" * 32, "O01", books, "", salt=b"2" * 16, nonce=b"3" * 12)
    replace_operator_key(path, other)
    before = funded.events()
    for command in (
        "disburse --yes --json --date 2020-11-10",
        "payees set-bank-name P000001 李龑 --reason 银行写法 --yes --json --date 2020-11-18",
        f"bundle {funded.folder.parent / 'b.zip'} --json",
    ):
        answer = funded.run(*command.split())
        assert (answer.status, answer.json["code"]) == (1, "key-of-stranger"), answer
    assert funded.events() == before
    assert funded.check() == []


def test_what_is_only_tried_asks_for_no_passphrase_and_judges_the_role(
    funded: Office, monkeypatch: pytest.MonkeyPatch, say: As, clerk: str
) -> None:
    monkeypatch.delenv("CENSUS_LEDGER_PASSPHRASE")
    tried = ("disburse", "--dry-run", "--json", "--date", "2020-11-10")
    assert funded.run("--operator", clerk, *tried).json["payees"] == 6
    assert funded.run("--operator", clerk, "disburse", "--yes", "--json").json["code"] == (
        "passphrase-missing"
    )
    say("O01", "", "operator", "add", "查账员", "--role", "查阅")
    monkeypatch.delenv("CENSUS_LEDGER_PASSPHRASE")
    assert funded.run("--operator", "O03", *tried).json["code"] == "role-missing"


def test_another_passphrase(funded: Office, say: As, clerk: str) -> None:
    """By the owner, who is asked for the old one; the key itself stays."""
    path = operator_key_path(funded.key, clerk)
    before = path.read_bytes()
    assert say(clerk, "三二一", "operator", "passphrase").status == 1
    assert path.read_bytes() == before
    assert say(clerk, "一二三", "operator", "passphrase").status == 0
    assert path.read_bytes() != before
    assert say(clerk, "一二三", "disburse", "--yes", "--date", "2020-11-10").status == 0


def test_who_has_retired_signs_nothing_and_what_was_signed_stands(
    funded: Office, say: As, clerk: str
) -> None:
    assert say(clerk, "一二三", "disburse", "--yes", "--date", "2020-11-10").status == 0
    retired = say("O01", "", "operator", "retire", clerk, "--reason", "调走", "--json")
    assert retired.json["retired"] == 3
    void = say(clerk, "一二三", "batch", "void", "B2020-001", "--yes", "--json")
    assert void.json["code"] == "operator-retired"
    left = say(clerk, "一二三", "payees", "deactivate", "P000001", "--reason", "辞职", "--yes")
    assert f"operator {clerk} has retired, and signs nothing any more" in left.err
    assert funded.check() == []
    again = say("O01", "", "operator", "retire", clerk, "--reason", "调走", "--json")
    assert again.json["code"] == "not-to-retire"


def test_somebody_who_names_operators_is_left(say: As, clerk: str) -> None:
    answer = say("O01", "", "operator", "retire", "O01", "--reason", "退休", "--json")
    assert answer.json["code"] == "not-to-retire"
    assert say("O01", "", "operator", "add", "赵主任", "--role", "管理").status == 0
    assert say("O01", "", "operator", "retire", "O01", "--reason", "退休", "--json").status == 0
    assert say("O01", "", "operator", "add", "某人", "--role", "查阅", "--json").json["code"] == (
        "operator-retired"
    )
    assert say("O03", "", "operator", "add", "某人", "--role", "查阅").status == 0


def test_who_makes_batches_names_nobody(say: As, clerk: str) -> None:
    answer = say(clerk, "一二三", "operator", "add", "某人", "--role", "管理", "--json")
    assert answer.json["code"] == "role-missing"


def test_nobody_knows_an_operator(say: As) -> None:
    answer = say("O09", "", "disburse", "--yes", "--json")
    assert answer.status == 1
    assert "O09" in answer.json["error"]


@pytest.mark.parametrize("name", ["", " ", "一\n二", "字" * 41, '王"会计'])
def test_a_name_that_cannot_stand_on_paper(funded: Office, say: As, name: str) -> None:
    answer = say("O01", "", "operator", "add", name, "--role", "经办", "--json")
    assert answer.json["code"] == "operator-name-refused"
    assert not operator_key_path(funded.key, "O02").exists()


def test_the_list(say: As, clerk: str) -> None:
    said = say("O01", "", "operator", "list", "--json").json["operators"]
    assert [(one["id"], one["name"]) for one in said] == [("O01", "测试员"), (clerk, "王会计")]
    assert say("O01", "", "operator", "list").out.count("O0") == 2


def test_what_was_done_by_whom(funded: Office, say: As, clerk: str) -> None:
    say(clerk, "一二三", "disburse", "--yes", "--date", "2020-11-10")
    say("O01", "", "operator", "retire", clerk, "--reason", "调走")
    said = say("O01", "", "operator", "log", "--json").json["events"]
    assert [(one["seq"], one["kind"], one["operator"]) for one in said] == [
        (0, "init", "O01"), (1, "operator", "O01"), (2, "prepared", "O02"),
        (3, "operator", "O01"),
    ]  # fmt: skip
    assert [one["digest"] for one in said] == [digest(p.read_bytes()) for p in funded.events()]
    assert said[-1]["reason"] == "调走"
    its = say("O01", "", "operator", "log", "--operator", clerk, "--json").json["events"]
    assert [one["kind"] for one in its] == ["prepared"]
    none = say("O01", "", "operator", "log", "--to", "2019-12-31", "--json").json["events"]
    assert none == []
    assert "调走" in say("O01", "", "operator", "log").out


@needs_fork
def test_whoever_is_named_has_a_key(funded: Office, tmp_path: Path) -> None:
    """Wherever the command is killed: a key that nothing names is left over, and signs nothing."""
    found = set()
    add = ("operator", "add", "王会计", "--role", "经办", "--json")
    for moment in range(1, 100):
        office = funded.copied(tmp_path / str(moment), seen=True)
        answer = in_child(lambda: dying(moment, lambda: office.run(*add)))  # noqa: B023
        found.add(len(office.events()) == 2)
        assert office.check() == []
        assert office.run(*add).status == 0
        named = [name for name in office.books().history.operators if name != SAFE_KEY]
        assert len(named) == len(office.events())
        for name in named:
            assert actor_of(office.folder, office.key, name).signer is not None
        if answer is not None:
            break
    assert found == {True, False}
