"""The demonstration's year done by clicking alone ends as the same year by commands does.

For 250 people; ``--desk-people 8350`` does it for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from tests.support import same_year
from tests.support.auditor import audit
from tests.support.demonstrated_year import APPROVER
from tests.support.demonstrated_year import CHECKER
from tests.support.demonstrated_year import MAKER
from tests.support.demonstrated_year import ByCommands
from tests.support.homes import live_in
from tests.support.year_at_desk import AtDesk


class Years(NamedTuple):
    by_commands: ByCommands
    at_desk: AtDesk


@pytest.fixture(scope="module")
def years(
    year: ByCommands, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Years]:
    with pytest.MonkeyPatch.context() as patch:
        live_in(tmp_path_factory.mktemp("home"), patch)
        patch.setenv("CENSUS_LEDGER_PASSPHRASE", "")
        at_desk = AtDesk(tmp_path_factory.mktemp("desk"), year.people, browser)
        at_desk.tell()
        yield Years(year, at_desk)


def test_everybody_is_paid(years: Years) -> None:
    status = years.at_desk.ask("status", "--date", "2020-12-31")
    assert status["payees"]["paid"] == years.at_desk.people
    assert (status["waiting"], status["suspense"]["lines"]) == ([], 0)


@pytest.mark.parametrize("what", ["events", "status", "bank_files", "workbooks", "papers", "rules"])
def test_it_is_the_same_year(years: Years, what: str) -> None:
    """But for operators, times, salts, seals, signatures."""
    look: Any = getattr(same_year, what)
    by_commands, at_desk = map(look, years)
    assert by_commands
    assert at_desk == by_commands


def test_three_operators_have_signed(years: Years) -> None:
    signed = {
        path.stem.split("-")[1]: line.split('"')[1]
        for path in sorted((years.at_desk.books / "events").iterdir())
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("  by: ")
    }
    assert set(signed.values()) == {MAKER, APPROVER}
    assert signed["prepared"] == MAKER
    assert signed["submitted"] == signed["result"] == APPROVER
    approved = (years.at_desk.books / "events").glob("*-approved-*")
    assert any(f'by: "{CHECKER}"' in path.read_text(encoding="utf-8") for path in approved)


def test_nothing_is_wrong_with_the_books(years: Years) -> None:
    assert years.at_desk.ask("check") == {"ok": True, "errors": []}
    assert audit(years.at_desk.books).findings == []
