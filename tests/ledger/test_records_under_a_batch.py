"""Records that change under a batch: what is true is written at once, and the batch is not sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.bank_results import CLOSED
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import with_luhn_digit
from tests.support.roster_imports import imported
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

REASON = ("--reason", "镇街来函", "--date", "2020-11-11", "--yes", "--json")
OTHER_ACCOUNT = with_luhn_digit("621521999999999")
BATCH = "B2020-001"


@beginning
def prepared(funded: Office) -> Office:
    funded.disburse()
    return funded


def submit(office: Office, batch: str = BATCH) -> Answer:
    return office.run("batch", "submit", batch, "--yes", "--json", "--date", "2020-11-12")


def leave(office: Office, *payees: str, verb: str = "deactivate") -> Answer:
    return office.run("payees", verb, *payees, *REASON)


def rename(office: Office, payee: str = "P000002") -> Answer:
    return office.run("payees", "set-bank-name", payee, "李龑", *REASON)


def test_who_has_left_keeps_the_batch_from_the_bank(prepared: Office) -> None:
    """She resigned after it was made: she is not paid by it, and nobody has to remember."""
    told = leave(prepared, "P000002", "P000005")
    assert told.json["in_batches"] == [
        {"batch": BATCH, "state": "prepared", "payees": ["P000002", "P000005"]}
    ]
    assert f"batch void {BATCH}" in told.err
    before = prepared.events()
    refused = submit(prepared)
    assert refused.status == 1
    assert (refused.json["code"], refused.json["facts"]["payees"]) == (
        "records-changed", ["P000002", "P000005"],
    )  # fmt: skip
    assert refused.json["facts"]["changed"] == {"P000002": ["active"], "P000005": ["active"]}
    assert "P000002 (has left), P000005 (has left)" in refused.err
    assert f"'census-ledger batch void {BATCH}'" in refused.err
    assert prepared.events() == before


def test_what_the_refusal_says_is_the_way_out(prepared: Office) -> None:
    leave(prepared, "P000002")
    assert submit(prepared).status == 1
    void = prepared.run("batch", "void", BATCH, "--yes", "--date", "2020-11-12")
    assert void.status == 0
    assert prepared.disburse(on="2020-11-12").json["payees"] == 5
    assert submit(prepared, "B2020-002").status == 0
    assert prepared.check() == []


def test_who_has_not_left_after_all_does_not_hinder(prepared: Office) -> None:
    leave(prepared, "P000002")
    assert leave(prepared, "P000002", verb="activate").status == 0
    assert submit(prepared).status == 0


def test_another_name_at_the_bank(prepared: Office) -> None:
    assert rename(prepared).json["in_batches"][0]["batch"] == BATCH
    refused = submit(prepared)
    assert refused.json["facts"]["changed"] == {"P000002": ["bank_name"]}
    assert "P000002 (name at the bank)" in refused.err


def test_another_account_of_a_roster_that_was_confirmed(prepared: Office, tmp_path: Path) -> None:
    """While it is only held, the batch goes by what is registered; once confirmed, it does not."""
    file = roster(tmp_path / "变更.xlsx", row(2, 开户行="中国银行滕州支行", 银行卡号=OTHER_ACCOUNT))
    assert imported(prepared, "--yes", file)[0]["held"] == 1
    done = prepared.run("payees", "confirm", "P000002", *REASON)
    assert done.json["in_batches"][0]["payees"] == ["P000002"]
    refused = submit(prepared)
    assert refused.json["facts"]["changed"] == {"P000002": ["account", "bank"]}
    assert "P000002 (bank, account)" in refused.err
    assert OTHER_ACCOUNT not in refused.out + refused.err


def test_a_roster_that_changes_an_account_with_a_reason(prepared: Office, tmp_path: Path) -> None:
    file = roster(tmp_path / "变更.xlsx", row(2, 银行卡号=OTHER_ACCOUNT))
    told = prepared.run("import", file, *REASON)
    assert told.json["files"][0]["changed"] == 1
    assert f"P000002: batch {BATCH} was made by the old record" in told.err
    assert submit(prepared).json["code"] == "records-changed"


def test_a_change_that_is_only_held_is_none(prepared: Office, tmp_path: Path) -> None:
    imported(prepared, "--yes", roster(tmp_path / "变更.xlsx", row(2, 银行卡号=OTHER_ACCOUNT)))
    assert submit(prepared).status == 0


@pytest.mark.parametrize("change", [{"phone": "13900000000"}, {"area_name": "另一社区"}])
def test_what_the_bank_is_not_told_may_change(prepared: Office, change: dict[str, str]) -> None:
    correct(prepared, "P000002", **change)
    assert submit(prepared).status == 0


def test_records_of_others_do_not_matter(prepared: Office) -> None:
    prepared.register(1)
    leave(prepared, "P000007")
    assert submit(prepared).status == 0


# In the bank already.


def test_who_leaves_while_money_is_under_way(prepared: Office) -> None:
    """It is written, and whoever writes it is told what can be done when the bank answers."""
    submit(prepared)
    told = leave(prepared, "P000002", "P000003")
    assert told.status == 0
    assert told.json["in_batches"] == [
        {"batch": BATCH, "state": "submitted", "payees": ["P000002", "P000003"]}
    ]
    assert "P000002, P000003: batch B2020-001 is with the bank" in told.err
    assert "payees cancel" in told.err
    take_result(prepared, everyone(CLOSED, 2))
    cancel = ("payees", "cancel", "P000002", "--reason", "未到岗", "--date", "2020-11-16", "--yes")
    assert prepared.run(*cancel).status == 0
    assert prepared.check() == []


def test_a_name_that_changes_while_money_is_under_way(prepared: Office) -> None:
    submit(prepared)
    told = rename(prepared)
    assert "is with the bank by the old record" in told.err
    take_result(prepared, everyone(CLOSED, 2))
    assert prepared.disburse(on="2020-11-20").json["payees"] == 1


def test_nothing_is_said_of_who_waits_in_no_batch(funded: Office) -> None:
    told = leave(funded, "P000002")
    assert told.json["in_batches"] == []
    assert told.err == ""
    assert rename(funded, "P000003").json["in_batches"] == []


def test_who_is_asked_is_told_before(prepared: Office) -> None:
    asked = prepared.run("payees", "deactivate", "P000002", "--reason", "辞职")
    assert asked.status == 2
    assert f"batch void {BATCH}" in asked.err
