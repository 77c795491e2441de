"""Several columns that fit one field: 银行卡号 beside 存折账号, two banks, two identity numbers.

Where one of them is filled in, it counts; where several are and say the same, there is nothing to
decide; where they differ, nobody can know, and the row goes back.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from importers.rosters.card_issuers import banks_named
from importers.rosters.checks import UnplacedProblem
from importers.rosters.sheets import RosterTable
from importers.rosters.words import role_of
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import unless_nothing
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from ledger.base.language import listed
from ledger.model.payees import same_account


def chosen(row: Sequence[Cell], places: Sequence[int], field: str) -> Cell:
    """The cell that counts of several columns: the first that is filled in, of roles the first
    that is one.
    """
    filled = [row[place] for place in places if unless_nothing(plain_text(row[place]))]
    if field == "role":
        filled = [cell for cell in filled if role_of(words(cell))] or filled
    return filled[0] if filled else row[places[0]]


def check_several(tables: Iterable[RosterTable]) -> Iterator[UnplacedProblem]:
    """Rows whose columns of one field say different things."""
    position = 0
    for table in tables:
        for field, differ in _DIFFER.items():
            places = table.all_of(field)
            if len(places) < 2:
                continue
            headings = listed(dict.fromkeys(table.header.whole[place] for place in places))
            for number, (_row, cells) in enumerate(table.body.people, position):
                texts = [text for place in places if (text := _text(cells[place]))]
                # guard: columns-that-differ
                if len(texts) > 1 and differ(texts):
                    yield UnplacedProblem(number, field, "columns_differ", {"columns": headings})
        position += len(table.body.people)


def _text(cell: Cell) -> str:
    return unless_nothing(plain_text(cell))


def _numbers(texts: Sequence[str]) -> bool:
    return len({same_account(number_text(text)) for text in texts}) > 1


def _blocks(texts: Sequence[str]) -> bool:
    """001 is the end of 370481113001001."""
    longest, *others = sorted(map(number_text, texts), key=len, reverse=True)
    return not all(longest.endswith(other) for other in others if other.isdigit())


def _banks(texts: Sequence[str]) -> bool:
    """The bank in one column, the branch in the next: only two banks contradict each other."""
    named = [found for text in texts if (found := banks_named(text))]
    return bool(named) and not frozenset.intersection(*named)


def _roles(texts: Sequence[str]) -> bool:
    return len({role for text in texts if (role := role_of(words(text)))}) > 1


def _names(texts: Sequence[str]) -> bool:
    return len(set(map(person_name, texts))) > 1


_DIFFER: dict[str, Callable[[Sequence[str]], bool]] = {
    "bank_name": _names,
    "identity": _numbers,
    "account": _numbers,
    "bank": _banks,
    "role": _roles,
    "block": _blocks,
}
