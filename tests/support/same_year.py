"""What two years have in common: everything, but for who did it and when, and what follows from
that: salts, seals, signatures, keys and digests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.support.demonstrated_year import Year
from tests.support.pdf_text import by_pypdf

_OF_THE_MOMENT = re.compile(
    r"^  (previous|by|recorded|signature|manifest|log|salt|safe|key|report|figures): .*\n", re.M
)
# A digest, also one in groups of four, and the name that books have got.
_DIGEST = re.compile(r"\b([0-9a-f]{4} ?){4,16}\b")
_DIGEST_IN_A_NAME = re.compile(r"[0-9a-f]{16,}")


def without_digests(text: str) -> str:
    return _DIGEST_IN_A_NAME.sub("…", _DIGEST.sub("…", text))


def events(year: Year) -> dict[str, str]:
    """Each event by the name of its file."""
    return {
        path.name: _OF_THE_MOMENT.sub("", path.read_text(encoding="utf-8"))
        for path in sorted((year.books / "events").iterdir())
    }


def status(year: Year) -> Any:
    """Where everything stands at the year's end, and who waits for what."""
    said = year.ask("status", "--date", "2020-12-31")
    del said["without_passphrase"]
    return json.loads(without_digests(json.dumps(said)))


def bank_files(year: Year) -> dict[str, bytes]:
    """What the bank got, byte for byte."""
    return {
        path.name: path.read_bytes()
        for path in year.books.glob("payouts/*/*行-*")
        if path.suffix in (".csv", ".xlsx")
    }


def workbooks(year: Year) -> dict[str, list[Any]]:
    """The cells of the payout sheets' workbooks, and of what went back to the towns."""
    found = [
        *year.books.glob("payouts/*/*发放表.xlsx"),
        *year.folder.glob("inputs/rosters/待改/*.xlsx"),
        *year.folder.glob("inputs/results/退回更正/*.xlsx"),
    ]
    return {path.name: list(_cells(path)) for path in found}


def _cells(path: Path) -> Iterator[Any]:
    for sheet in load_workbook(path, read_only=True):
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield [without_digests(cell) if isinstance(cell, str) else cell for cell in row]


def papers(year: Year) -> dict[str, list[str]]:
    """The texts of the summaries, of each batch's first sheet, and of all reports."""
    found = [
        *sorted(year.books.glob("payouts/*/*汇总表.pdf")),
        *(sorted(folder.glob("*发放表-*.pdf"))[0] for folder in year.books.glob("payouts/*")),
        *sorted(year.books.glob("reports/*.pdf")),
    ]
    return {path.name: [without_digests(page) for page in by_pypdf(path)] for path in found}


def rules(year: Year) -> list[str]:
    """The money rules, without who wrote them when."""
    text = (year.books / "rules.beancount").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != ";"]
