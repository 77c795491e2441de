"""The Beancount plugin: the invariants hold in bean-check and show in Fava.

``main.beancount`` names it: ``plugin "ledger.plugin"``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from beancount.core import data

from ledger.findings import Finding
from ledger.invariants import check_files
from ledger.invariants import check_ledger

__plugins__ = ("census_ledger",)


def census_ledger(
    entries: data.Directives, options_map: dict[str, Any]
) -> tuple[data.Directives, list[Finding]]:
    """The entries as they are, and a finding for each broken invariant."""
    findings = check_ledger(entries)
    findings += check_files(Path(options_map["filename"]).parent, entries)
    return entries, findings
