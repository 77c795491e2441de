"""Loading the books: what the plugin has read of the ledger is not read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.books.books import load_books
from ledger.events.fold import read_fold
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import Office

TWICE = '''
from beancount.core import data

__plugins__ = ("once_more",)


def once_more(entries, options):
    """Other entries than those that were read: every note is gone."""
    return [entry for entry in entries if not isinstance(entry, data.Note)], []
'''


def test_a_ledger_is_folded_once(funded: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    funded.disburse()
    folds = []

    def counted(*arguments: object) -> object:
        folds.append(arguments)
        return read_fold(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("ledger.plugin.read_fold", counted)
    monkeypatch.setattr("ledger.books.books.read_fold", counted)
    books = load_books(funded.folder)
    assert set(books.history.standings) == {f"P{number:06d}" for number in range(1, 7)}
    assert len(books.flows.promised) == 1
    assert len(folds) == 1


def test_what_is_handed_on_is_what_would_be_read(funded: Office) -> None:
    funded.disburse()
    take_result(funded, everyone(PAID, 1, 2))
    books = load_books(funded.folder)
    again = read_fold(books.entries, books.rules).history()
    assert books.history.standings == again.standings
    assert books.history.findings == again.findings


def test_entries_of_another_plugin_are_read_anew(
    funded: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "once_more.py").write_text(TWICE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    main = funded.folder / "main.beancount"
    text = main.read_text(encoding="utf-8")
    main.write_text(f'{text}\nplugin "once_more"\n', encoding="utf-8", newline="\n")
    funded.hand('2020-05-08 note Assets:1002银行存款:01滕州农商行 "拨款已到"')
    books = load_books(funded.folder)
    assert "fold" not in vars(books)
    assert books.history.findings == ()
