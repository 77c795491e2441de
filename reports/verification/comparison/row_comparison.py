"""Rows here against the rows of the books: changed, missing, extra, moved.

A row that is missing must not make every row after it look changed, so rows are first paired by
what they say: equal ones in order, then equal ones elsewhere, then those that share an account, an
identity or a name, then those that stand in the same place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Sequence
from difflib import SequenceMatcher

from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.model.instructions import Instruction
from ledger.model.payees import Payee
from reports.verification.comparison.masking import masked
from reports.verification.comparison.masking import masked_pair
from reports.verification.comparison.verdict import Difference


class ComparedColumn(Record):
    """A column: its heading, how it is masked, whether it counts the rows or tells people apart."""

    title: str
    kind: str
    counts: bool = False
    identifies: bool = False


class ReadRow(Record):
    """A row of the file: ``number`` is what a reader finds it by, ``page`` its page or 0."""

    number: int
    cells: tuple[str, ...]
    page: int = 0


class BookRow(Record):
    """The row as the books hold it; ``number`` is where it belongs. ``instruction`` is whose it is:
    a payment, or in a declaration a record.
    """

    number: int
    cells: tuple[str, ...]
    instruction: Instruction | Payee


class Pairing(Record):
    """Places in both lists. ``moved`` pairs say the same and stand elsewhere."""

    pairs: tuple[tuple[int, int], ...]
    moved: tuple[tuple[int, int], ...]
    extra: tuple[int, ...]
    missing: tuple[int, ...]


def pair_rows(
    here: Sequence[ReadRow], books: Sequence[BookRow], columns: Sequence[ComparedColumn]
) -> Pairing:
    """Every row here with the row of the books that it is, or none."""
    told = [place for place, column in enumerate(columns) if not column.counts]
    keys_here = [tuple(row.cells[place] for place in told) for row in here]
    keys_books = [tuple(row.cells[place] for place in told) for row in books]
    if keys_here == keys_books:
        return Pairing(tuple((place, place) for place in range(len(here))), (), (), ())
    pairs: list[tuple[int, int]] = []
    left_here: list[int] = []
    left_books: list[int] = []
    same_place: list[tuple[int, int]] = []
    matcher = SequenceMatcher(None, keys_here, keys_books, autojunk=False)
    for tag, here_from, here_to, books_from, books_to in matcher.get_opcodes():
        if tag == "equal":
            pairs += zip(range(here_from, here_to), range(books_from, books_to), strict=True)
            continue
        left_here += range(here_from, here_to)
        left_books += range(books_from, books_to)
        if here_to - here_from == books_to - books_from:
            same_place += zip(range(here_from, here_to), range(books_from, books_to), strict=True)
    left = _Left(left_here, left_books)
    moved = left.pair_by(lambda place: keys_here[place], lambda place: keys_books[place])
    for place, column in enumerate(columns):
        if column.identifies:
            pairs += left.pair_by(
                lambda number, place=place: here[number].cells[place],  # type: ignore[misc]
                lambda number, place=place: books[number].cells[place],  # type: ignore[misc]
            )
    pairs += left.pair_those(same_place)
    return Pairing(tuple(sorted(pairs)), tuple(moved), tuple(left.here), tuple(left.books))


class _Left:
    """The rows of both sides that are not paired yet."""

    def __init__(self, here: list[int], books: list[int]) -> None:
        self.here = here
        self.books = books

    def pair_by(
        self, key_here: Callable[[int], object], key_books: Callable[[int], object]
    ) -> list[tuple[int, int]]:
        waiting: dict[object, list[int]] = defaultdict(list)
        for number in reversed(self.books):
            waiting[key_books(number)].append(number)
        pairs = []
        for number in self.here:
            key = key_here(number)
            if key and waiting.get(key):
                pairs.append((number, waiting[key].pop()))
        return self._without(pairs)

    def pair_those(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        here, books = set(self.here), set(self.books)
        return self._without([pair for pair in pairs if pair[0] in here and pair[1] in books])

    def _without(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        here = {number for number, _other in pairs}
        books = {number for _other, number in pairs}
        self.here = [number for number in self.here if number not in here]
        self.books = [number for number in self.books if number not in books]
        return pairs


def row_differences(
    here: Sequence[ReadRow],
    books: Sequence[BookRow],
    columns: Sequence[ComparedColumn],
    pairing: Pairing,
    *,
    sheet: str = "",
) -> list[Difference]:
    """Every cell that is not the books', in the order of the file; then what is missing."""
    found: list[tuple[int, Difference]] = []
    whole = not (pairing.moved or pairing.extra or pairing.missing)
    for mine, theirs in pairing.pairs:
        for place, column in enumerate(columns):
            if column.counts and not whole:
                # Rows after one that was taken out are numbered anew; that row is named.
                continue
            one, other = here[mine].cells[place], books[theirs].cells[place]
            if one != other:  # guard: every-character
                shown = masked_pair(one, other, column.kind)
                found.append((
                    mine, _difference(here[mine], books[theirs], column.title, shown, sheet=sheet)
                ))  # fmt: skip
    for mine, theirs in pairing.moved:
        shown = (
            _("row {number}").format(number=here[mine].number),
            _("row {number}").format(number=books[theirs].number),
        )
        found.append((
            mine,
            _difference(here[mine], books[theirs], _("place"), shown, kind="moved", sheet=sheet),
        ))  # fmt: skip
    for mine in pairing.extra:  # guard: row-not-in-books
        row = here[mine]
        text = _shown(row.cells, columns)
        found.append((
            mine,
            Difference(row.number, _("row"), text, "", kind="extra", page=row.page, sheet=sheet),
        ))  # fmt: skip
    found.sort(key=lambda item: item[0])
    missing = [missing_row(books[theirs], columns, sheet) for theirs in pairing.missing]
    return [difference for _place, difference in found] + missing


def missing_row(row: BookRow, columns: Sequence[ComparedColumn], sheet: str = "") -> Difference:
    """A row of the books that is not here."""
    return Difference(
        row.number,
        _("row"),
        "",
        _shown(row.cells, columns),
        kind="missing",
        sheet=sheet,
        payee=row.instruction.payee_id,
        name=row.instruction.legal_name,
    )


def _difference(
    row: ReadRow,
    book: BookRow,
    column: str,
    shown: tuple[str, str],
    *,
    kind: str = "changed",
    sheet: str,
) -> Difference:
    return Difference(
        row.number,
        column,
        *shown,
        kind=kind,
        page=row.page,
        sheet=sheet,
        payee=book.instruction.payee_id,
        name=book.instruction.legal_name,
    )


def _shown(cells: Sequence[str], columns: Sequence[ComparedColumn]) -> str:
    """A whole row, masked."""
    texts = (masked(cell, column.kind) for cell, column in zip(cells, columns, strict=False))
    return " ".join(text for text in texts if text)
