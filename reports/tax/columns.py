"""The headings of the declaration's workbooks, as dated data: they change with the client."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

from ledger.base.records import Record

DATA = Path(__file__).parent / "data" / "declaration_headings.json"
LABOUR, PERSON = "labour", "person"


class Layout(Record):
    """A sheet from a day on: its columns, and of some what stands in them of each person, or what
    is the same for everybody; the others stay empty.
    """

    start: datetime.date
    sheet: str
    columns: tuple[str, ...]
    fields: Mapping[str, str]
    values: Mapping[str, str]


def layout_on(kind: str, day: datetime.date) -> Layout:
    """The newest layout of a kind that has begun by a day; the first one before that."""
    known = json.loads(DATA.read_text(encoding="utf-8"))[kind]
    layouts = [
        Layout(
            datetime.date.fromisoformat(said["from"]),
            said["sheet"],
            tuple(said["columns"]),
            said["fields"],
            said["values"],
        )
        for said in known
    ]
    begun = [layout for layout in layouts if layout.start <= day]
    return max(begun or layouts[:1], key=lambda layout: layout.start)
