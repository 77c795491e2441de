"""The Beancount plugin: the invariants hold in bean-check and show in Fava.

``main.beancount`` names it: ``plugin "ledger.plugin"``. What it reads of a ledger is handed on to
whoever loads the books, so that nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from beancount.core import data

from ledger.controls.books_text import being_loaded
from ledger.controls.books_text import read_texts
from ledger.controls.invariants import check_files
from ledger.controls.invariants import check_read
from ledger.controls.programme_fit import check_programme
from ledger.events.read_ledger import ReadLedger
from ledger.model.findings import Finding

__plugins__ = ("census_ledger",)


# Where ledgers go while somebody wants them. Plain Fava does not: it would hold them for ever.
_wanted: list[ReadLedger] | None = None


@contextmanager
def ledgers_read() -> Iterator[list[ReadLedger]]:
    """Every ledger that the plugin reads inside."""
    global _wanted
    _wanted = []
    try:
        yield _wanted
    finally:
        _wanted = None


def census_ledger(
    entries: data.Directives, options_map: dict[str, Any]
) -> tuple[data.Directives, list[Finding]]:
    """The entries as they are, and a finding for each broken invariant."""
    findings: list[Finding] = []
    texts = being_loaded()
    main = Path(options_map["filename"])
    if texts is None:
        # Beancount or Fava has loaded them, and run what they name: it is said all the same.
        texts = read_texts(main)
        # guard: plugin-reads-texts
        findings += texts.faults
    ledger = ReadLedger(entries)
    findings += ledger.faults
    # An event that was changed explains what the entries then say: it comes first.
    findings += check_files(main.parent, ledger, texts.contents)
    findings += check_programme(main.parent, entries, ledger.rules, texts.programme)
    findings += check_read(ledger)
    if _wanted is not None:
        _wanted.append(ledger)
    return entries, findings
