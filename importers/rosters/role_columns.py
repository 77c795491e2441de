"""Columns that say who is what: ticks under 普查员 and 普查指导员, names under them, jobs."""

from __future__ import annotations

from collections.abc import Sequence

from importers.rosters.header import Header
from importers.rosters.words import is_job
from importers.rosters.words import role_in
from importers.rosters.words import role_of
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from ledger.base.records import Record
from ledger.base.records import replace

_TICKS = frozenset("√✓✔☑■●○◎▲△★*＊1是有YyVv对")
_NO_TICKS = frozenset(
    {"", "×", "X", "x", "0", "否", "无", "/", "-", "—", "——", "□", "☐", "✗", "✘", "N", "n"}
)

Rows = Sequence[Sequence[Cell]]


class Ticks(Record):
    """The columns under whose heading a role is ticked: (column, role)."""

    columns: tuple[tuple[int, str], ...] = ()

    def role(self, row: Sequence[Cell]) -> str:
        """The word of the role that a row has a tick under; of two both, which is none."""
        ticked = [role for place, role in self.columns if plain_text(row[place]) not in _NO_TICKS]
        return "、".join(ticked)


NO_TICKS = Ticks()


def with_named_roles(header: Header, rows: Rows) -> tuple[Header, Ticks, str]:
    """The headings where 普查员 stands over names or over ticks, the ticks, and the role of names.

    Names under it are read where no other column has them.
    """
    places = header.all_of("name_of_role")
    if not places:
        return header, NO_TICKS, ""
    named, ticked = [], []
    for place in places:
        texts = [text for row in rows if (text := plain_text(row[place]))]
        if texts and all(text in _TICKS or text in _NO_TICKS for text in texts):
            role = role_in(header.titles[place])
            ticked.append((place, role or ""))
        elif texts:
            named.append(place)
    ticks = Ticks(tuple(ticked)) if "role" not in header.columns else NO_TICKS
    if not named or "name" in header.columns:
        return header, ticks, ""
    columns = {**header.columns, "name": named[0]}
    others = {**header.others, "name": tuple(named[1:])} if named[1:] else header.others
    role = role_in(header.titles[named[0]]) or ""
    return replace(header, columns=columns, others=others), ticks, role


def is_of_jobs(header: Header, rows: Rows) -> bool:
    """Whether the column of roles is one of jobs (职务: 村会计) in which nobody has a role."""
    places = header.all_of("role")
    if not places or not all(is_job(header.titles[place]) for place in places):
        return False
    texts = {words(row[place]) for row in rows for place in places}
    texts.discard("")
    return bool(texts) and not any(map(role_of, texts))
