"""The books in the real Fava: no errors when sound, the right line when not."""

from __future__ import annotations

import os
from typing import Any

import pytest
from fava.application import create_app

from ledger.web.fava_ledger import OfficeLedger
from tests.support.office import Office


def errors_in_fava(office: Office) -> list[dict[str, Any]]:
    """What Fava's page of errors shows."""
    application = create_app([office.folder / "main.beancount"], load=True, read_only=True)
    with application.test_client() as client:
        slug = client.get("/", follow_redirects=True).request.path.split("/")[1]
        errors: list[dict[str, Any]] = client.get(f"/{slug}/api/errors").get_json()["data"]
        assert client.get(f"/{slug}/errors/").status_code == 200
    return errors


@pytest.fixture
def paid(funded: Office) -> Office:
    funded.disburse()
    return funded


def test_sound_books_have_an_empty_page_of_errors(paid: Office) -> None:
    assert errors_in_fava(paid) == []


def test_a_payment_by_hand_is_shown_at_its_line(paid: Office) -> None:
    line = paid.hand(
        '2020-11-12 * "钱一甲" "两员补助" #census-subsidy ^P000001\n'
        "  Expenses:5001业务活动费用:01本级财政:30216培训费  800.00 CNY\n"
        "  Assets:1002银行存款:01滕州农商行\n"
    )
    (error,) = errors_in_fava(paid)
    assert error["source"]["filename"].endswith("hand.beancount")
    assert error["source"]["lineno"] == line
    assert "census-ledger alone" in error["message"]


def test_refused_books_have_no_entries_in_fava(paid: Office) -> None:
    """The page of errors names the lines; corrected books are loaded again."""
    ledger = OfficeLedger(paid.folder)
    hand = paid.folder / "journal" / "hand.beancount"
    before = hand.read_text(encoding="utf-8")
    line = paid.hand('option "plugin_processing_mode" "raw"')
    assert ledger.changed()
    (error,) = ledger.errors
    assert error.source is not None
    assert error.source["filename"] == "journal/hand.beancount"
    assert error.source["lineno"] == line
    assert ledger.all_entries == []
    hand.write_text(before, encoding="utf-8")
    os.utime(hand, (2_000_000_000, 2_000_000_000))
    assert ledger.changed()
    assert ledger.errors == []
    assert ledger.all_entries
