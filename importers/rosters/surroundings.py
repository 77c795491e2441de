"""What stands around the people of a table: whose town and which role, and whether all agree.

The nearest word counts: a title above the table before the sheet's name, and that before the
file's. Where they contradict each other it counts only if the codes of the people's posts bear it
out; else nobody can know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence

from importers.rosters.posts import AREA_DIGITS
from importers.rosters.posts import Surroundings
from importers.rosters.posts import codes_in
from importers.rosters.tables import Table
from importers.rosters.town import town_around
from importers.rosters.town import town_by_code
from importers.rosters.words import roles_in
from importers.rosters.words import vocabulary
from importers.tables.cells import Cell
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal
from ledger.model.programme import PostKind
from ledger.model.towns import Town

Rows = Sequence[Sequence[Cell]]


class TownsDisagree(Refusal):
    """Title, sheet's name and file's name say different towns, and no codes tell which is right."""

    def __init__(self, file: str, sheet: str, towns: Sequence[Town]) -> None:
        place = f"{file} {sheet}".rstrip()
        names = listed(dict.fromkeys(town.name for town in towns))
        message = _(
            "{place}: title, sheet and file name different towns: {towns}; correct what is wrong, "
            "or say which town it is"
        )
        super().__init__(message.format(place=place, towns=names), sheet=sheet)


def surroundings_of(
    file: str,
    sheet: str,
    table: Table,
    rows: Rows,
    columns: dict[str, int],
    *,
    asked: Town | None,
    named: str,
) -> Surroundings:
    """The town is the user's word, if there is one; ``named`` is the role of the column of names.

    Raises TownsDisagree.
    """
    own, inherited = " ".join(table.titles), " ".join(table.inherited)
    posts = [columns[field] for field in ("area", "block") if field in columns]
    town = asked
    if town is None:
        found = [
            town for town in map(town_around, (own, inherited, sheet, file)) if town is not None
        ]
        town = _borne_out(found, rows, posts) if len(set(found)) > 1 else next(iter(found), None)
        # guard: towns-disagree
        if found and town is None and not _says_itself(rows, columns):
            raise TownsDisagree(file, sheet, found)
    role, roles = (named, ()) if named else _role(table, sheet, file, rows, columns)
    return Surroundings(asked, town, role or None, doubted_roles=roles)


def _borne_out(towns: Sequence[Town], rows: Rows, posts: Sequence[int]) -> Town | None:
    """The one of several towns that the codes of most posts are of, if they are of no other."""
    counts = Counter(
        town_by_code(code) for row in rows for place in posts for code in codes_in(row[place])[:1]
    )
    found = [town for town in dict.fromkeys(towns) if counts[town]]
    return found[0] if len(found) == 1 and counts[found[0]] * 2 > counts.total() else None


def _says_itself(rows: Rows, columns: dict[str, int]) -> bool:
    """Whether the rows have a column of towns."""
    place = columns.get("town")
    return place is not None and any(row[place] != "" for row in rows)


def _role(
    table: Table, sheet: str, file: str, rows: Rows, columns: dict[str, int]
) -> tuple[str, tuple[str, ...]]:
    """(the role, those between which nobody can decide); both empty where nothing names one."""
    lines = (*table.inherited, *table.titles)
    title = next(filter(None, map(roles_in, reversed(lines))), frozenset[str]())
    tab, outside = roles_in(sheet), roles_in(file)
    # A title that names both speaks of the whole list, and of more than the file's name does.
    near = [roles for roles in (title, tab) if len(roles) == 1]
    if not near and title | tab:
        return "", ()
    # A file has sheets of both roles: its name speaks of those whose sheet says nothing.
    single = [*near, *([outside] if len(outside) == 1 and len(tab) != 1 else [])]
    roles = [next(iter(found)) for found in single]
    if len(set(roles)) < 2:
        return roles[0] if roles else "", ()
    borne_out = _role_of_posts(rows, columns)
    # guard: roles-disagree
    if borne_out == roles[0] or (len(near) == 2 and borne_out in roles[:2]):
        return borne_out, ()
    return "", tuple(dict.fromkeys(roles))


def _role_of_posts(rows: Rows, columns: dict[str, int]) -> str:
    """The role of people who all have a block, or who all have an area and no block; empty where
    several roles have such posts.
    """
    blocks = _filled(rows, columns.get("block"))
    if blocks and blocks == len(rows):
        return _only_role("block")
    areas = _filled(rows, columns.get("area"))
    return _only_role("area") if areas and areas == len(rows) and not blocks else ""


def _only_role(kind: PostKind) -> str:
    roles = [role.name for role in vocabulary().programme.roles if role.post == kind]
    return roles[0] if len(roles) == 1 else ""


def _filled(rows: Iterable[Sequence[Cell]], place: int | None) -> int:
    if place is None:
        return 0
    return sum(any(len(code) >= AREA_DIGITS for code in codes_in(row[place])) for row in rows)
