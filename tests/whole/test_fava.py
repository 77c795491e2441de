"""The books in the real Fava: no errors when sound, the right line when not."""

from __future__ import annotations

from typing import Any

import pytest
from fava.application import create_app

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


def test_books_from_before_the_page_of_imports_are_sound_too(paid: Office) -> None:
    main = paid.folder / "main.beancount"
    lines = main.read_text(encoding="utf-8").splitlines(keepends=True)
    older = [line for line in lines if '"import-' not in line]
    assert len(older) == len(lines) - 2
    main.write_text("".join(older), encoding="utf-8", newline="\n")
    (paid.folder / "import_config.py").unlink()
    (paid.folder / "statements").rmdir()
    assert errors_in_fava(paid) == []
    assert paid.check() == []
