"""Many counties' figures added up: by prefecture and province, and what somebody has to decide.

Pure. The order in which counties come makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from ledger.base.records import Record
from ledger.books.checking import Complaint
from ledger.model.transitions import State
from ledger.province.bundle import BundleKind
from ledger.province.county_figures import CountyFigures
from ledger.province.doubles import Double
from ledger.province.heads import Books
from ledger.province.heads import Heads
from ledger.province.heads import Known
from ledger.province.limits import OutsideLimits


class Region(NamedTuple):
    """Where a county is: codes of two and four digits, and their names where they are known."""

    province: str
    province_name: str
    prefecture: str
    prefecture_name: str


class County(Record):
    """A county that counts. ``is_new``: no consolidation before had its books.

    ``reopened`` are months that were closed at the last consolidation, and are not as they were.
    """

    bundle: str
    kind: str
    operator: str
    region: Region
    figures: CountyFigures
    known: Known
    fingerprint: str
    is_new: bool
    outside: tuple[OutsideLimits, ...]
    facts: tuple[Complaint, ...]
    reopened: tuple[str, ...]
    has_numbers: bool

    @property
    def books(self) -> Books:
        return Books(self.figures.county, self.figures.programme)

    @property
    def is_verified(self) -> bool:
        """Whether its figures were made from its books, and are not its word alone."""
        return self.kind == BundleKind.BOOKS


class Failed(NamedTuple):
    """A bundle of which nothing counts, and why. ``county`` is what it says it is from."""

    bundle: str
    county: str
    findings: tuple[Complaint, ...]
    more: int


class Sums(NamedTuple):
    """What is added up of some counties; people are by their states, amounts before tax."""

    counties: int
    budget_fen: int
    received_fen: int
    accrued_fen: int
    paid_fen: int
    bank_fen: int
    tax_due_fen: int
    suspense_fen: int
    in_bank: int
    paid: int
    returned: int
    unknown: int
    in_bank_fen: int
    returned_fen: int
    unknown_fen: int


class Consolidation(Record):
    """Everything that the province is told. ``month`` is empty where it is of no month."""

    day: str
    month: str
    counties: tuple[County, ...]
    failed: tuple[Failed, ...]
    missing: tuple[tuple[Books, Known], ...]
    doubles: tuple[Double, ...]
    with_key: bool
    heads: Heads

    @property
    def total(self) -> Sums:
        return sums_of(self.counties)

    def by_region(self, key: Callable[[Region], tuple[str, str]]) -> Mapping[tuple[str, str], Sums]:
        """The sums of each region, in the order of codes."""
        groups: dict[tuple[str, str], list[County]] = {}
        for county in self.counties:
            groups.setdefault(key(county.region), []).append(county)
        return {region: sums_of(groups[region]) for region in sorted(groups)}

    @property
    def prefectures(self) -> Mapping[tuple[str, str], Sums]:
        return self.by_region(lambda region: (region.prefecture, region.prefecture_name))

    @property
    def provinces(self) -> Mapping[tuple[str, str], Sums]:
        return self.by_region(lambda region: (region.province, region.province_name))


def sums_of(counties: Iterable[County]) -> Sums:
    """The sum over counties."""
    rows = [_sums(county.figures) for county in counties]
    return Sums(*(sum(column) for column in zip(*rows, strict=True))) if rows else NOTHING


def _sums(figures: CountyFigures) -> Sums:
    return Sums(
        1,
        figures.budget_fen,
        figures.received_fen,
        figures.accrued_fen,
        figures.paid_fen,
        figures.money.bank_fen,
        figures.money.tax_due_fen,
        figures.money.suspense_fen,
        figures.people_in(State.IN_BANK),
        figures.people_in(State.PAID),
        figures.people_in(State.RETURNED),
        figures.people_in(State.UNKNOWN),
        figures.amount_fen_in(State.IN_BANK),
        figures.amount_fen_in(State.RETURNED),
        figures.amount_fen_in(State.UNKNOWN),
    )


NOTHING = Sums(*(0 for _field in Sums._fields))


def returns_by(
    counties: Sequence[County], key: Callable[[str, str], tuple[str, ...]]
) -> list[tuple[tuple[str, ...], int, int]]:
    """What came back by a key of reason and bank: people and fen, the most first."""
    sums: dict[tuple[str, ...], tuple[int, int]] = {}
    for county in counties:
        for row in county.figures.returns:
            people, amount_fen = sums.get(key(row.reason, row.bank), (0, 0))
            sums[key(row.reason, row.bank)] = (people + row.people, amount_fen + row.amount_fen)
    rows = [(name, people, amount_fen) for name, (people, amount_fen) in sums.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))
