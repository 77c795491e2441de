"""The Beancount plugin: the invariants hold in bean-check and show in Fava.

``main.beancount`` names it: ``plugin "ledger.plugin"``. What it reads of a ledger is handed on to
whoever loads the books, so that nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.budget.availability import Flows
from ledger.budget.availability import read_flows
from ledger.budget.rules_reader import read_rules
from ledger.controls.books_text import being_loaded
from ledger.controls.books_text import read_texts
from ledger.controls.invariants import check_files
from ledger.controls.invariants import check_read
from ledger.events.fold import Fold
from ledger.events.fold import read_fold
from ledger.model.findings import Finding
from ledger.model.rules import Rules

__plugins__ = ("census_ledger",)


class Reading(NamedTuple):
    """What was read of these entries."""

    entries: Sequence[data.Directive]
    rules: Rules
    fold: Fold
    flows: Flows


# Where readings go while somebody wants them. Fava does not: it would hold them for ever.
_wanted: list[Reading] | None = None


@contextmanager
def readings() -> Iterator[list[Reading]]:
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
    rules, faults = read_rules(entries)
    findings += faults
    reading = Reading(entries, rules, read_fold(entries, rules), read_flows(entries, rules))
    # An event that was changed explains what the entries then say: it comes first.
    findings += check_files(main.parent, entries, texts.contents)
    findings += check_read(entries, rules, reading.fold.history(), reading.flows)
    if _wanted is not None:
        _wanted.append(reading)
    return entries, findings
