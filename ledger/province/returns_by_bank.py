"""What came back by which bank: a county says so, and is believed where it adds up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.province.county_figures import CountyFigures
from ledger.province.county_figures import ReturnRow


class ReturnsStrange(Refusal):
    """Returns by bank that are none."""

    def __init__(self) -> None:
        super().__init__(_("what came back by bank is not as this program writes it"))


def returns_text(rows: Iterable[ReturnRow]) -> bytes:
    """The rows as text, in one spelling."""
    text = json.dumps([list(row) for row in sorted(rows)], ensure_ascii=False, indent=0)
    return (text + "\n").encode("utf-8")


def read_returns(content: bytes) -> tuple[ReturnRow, ...]:
    """The rows of a text. Raises ReturnsStrange for what is none."""
    try:
        facts: list[Any] = json.loads(content.decode("utf-8"))
        rows = tuple(ReturnRow(*fact) for fact in facts)
        kinds = [type(value) for row in rows for value in row]
        # guard: returns-are-rows
        if kinds != [str, str, str, int, int] * len(rows) or returns_text(rows) != content:
            raise ValueError("shape")
    except (ValueError, TypeError, RecursionError):
        raise ReturnsStrange from None
    return rows


def with_banks(figures: CountyFigures, said: Sequence[ReturnRow]) -> CountyFigures:
    """The figures with the banks of what came back, where these add up to it; else without.

    What was said is of today, and figures may be of an earlier day: then more has come back since.
    """
    by_batch: dict[tuple[str, str], list[ReturnRow]] = {}
    for row in said:
        by_batch.setdefault((row.batch, row.reason), []).append(row)
    rows = []
    for known in figures.returns:
        of_batch = by_batch.get((known.batch, known.reason), [])
        sums: Counter[str] = Counter()
        for row in of_batch:
            sums["people"] += row.people
            sums["amount"] += row.amount_fen
        is_whole = (sums["people"], sums["amount"]) == (known.people, known.amount_fen)
        # guard: returns-add-up
        if is_whole and all(row.people > 0 and row.amount_fen >= 0 for row in of_batch):
            rows += of_batch
        else:
            rows.append(known)
    return figures._replace(returns=tuple(sorted(rows)))
