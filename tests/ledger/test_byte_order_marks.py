"""A byte order mark, as Notepad puts it into what people edit, is passed over, with a word."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from tests.support.auditor import audit
from tests.support.office import Office

pytestmark = pytest.mark.attacks

EDITED = (
    "rules.beancount", "journal/hand.beancount", "accounts.beancount", "main.beancount",
    "census-ledger.toml", "programme.toml",
)  # fmt: skip


def mark(path: Path) -> None:
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())


@pytest.mark.parametrize("name", EDITED)
def test_it_changes_nothing_and_is_said(funded: Office, name: str) -> None:
    funded.disburse()
    before = funded.status()
    mark(funded.folder / name)
    said = funded.run("status", "--json", "--date", "2020-12-31")
    assert said.json == before
    assert f"{name} begins with a byte order mark" in said.err
    checked = funded.run("check")
    assert checked.status == 0 and f"{name} begins with a byte order mark" in checked.err
    submitted = funded.run("batch", "submit", "B2020-001", "--date", "2020-11-11", "--yes")
    assert submitted.status == 0 and f"{name} begins with a byte order mark" in submitted.err


def test_the_first_line_behind_it_counts(funded: Office) -> None:
    """Also for the auditor, whose program has nothing of ours."""
    path = funded.folder / "rules.beancount"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rate = next(line for line in lines if "census-rate" in line and "普查员" in line)
    lines.remove(rate)
    path.write_text("".join([rate, *lines]), encoding="utf-8-sig", newline="\n")
    assert funded.disburse().json["payees"] == 6
    assert audit(funded.folder).findings == []


def test_what_the_tool_writes_has_none(funded: Office) -> None:
    """There it is a sign that somebody else has written."""
    mark(funded.events()[0])
    assert "encoding" in {error["code"] for error in funded.check()}
    assert audit(funded.folder).status == 1
