"""Loading the books: what the plugin has read of the ledger is not read again."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.books.books import load_books
from ledger.events.fold import read_fold
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import APPROPRIATION
from tests.support.office import BANK
from tests.support.office import Office


def test_a_ledger_is_folded_once(funded: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    funded.disburse()
    folds = []

    def counted(*arguments: object) -> object:
        folds.append(arguments)
        return read_fold(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("ledger.events.read_ledger.read_fold", counted)
    books = load_books(funded.folder)
    assert books.history.everybody == {f"P{number:06d}" for number in range(1, 7)}
    assert len(books.flows.promised_fen) == 1
    assert len(folds) == 1


def test_what_is_handed_on_is_what_would_be_read(funded: Office) -> None:
    funded.disburse()
    take_result(funded, everyone(PAID, 1, 2))
    books = load_books(funded.folder)
    again = read_fold(books.entries, books.rules).history()
    assert books.history.standings == again.standings
    assert books.history.findings == again.findings


def test_entries_that_come_after_the_plugin_are_read_anew(funded: Office) -> None:
    """Beancount pads accounts after the plugin: what was read before is not kept."""
    funded.hand(f"2020-05-09 pad {BANK} {APPROPRIATION}\n2020-05-10 balance {BANK} 1.00 CNY")
    books = load_books(funded.folder)
    assert "fold" not in vars(books)
    assert books.history.findings == ()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_books_above_a_link_are_those_that_the_system_finds(funded: Office, tmp_path: Path) -> None:
    """And not those that are there when the link's name is taken off the path."""
    there = funded.copied(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "within").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "within")
    assert funded.disburse().status == 0
    above = replace(there, folder=tmp_path / "link" / ".." / "books")
    assert above.folder.samefile(there.folder)
    assert above.run("batch", "show", "B2020-001") == there.run("batch", "show", "B2020-001")
