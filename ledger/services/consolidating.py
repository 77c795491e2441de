"""`consolidate`: many counties' bundles judged side by side, added up, and put into one folder."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.language import user_prefers_english
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.refusals import SystemRefused
from ledger.base.refusals import reason
from ledger.books.checking import Complaint
from ledger.books.new_programme import national_list
from ledger.books.provenance import fingerprint_of
from ledger.keys.province_key import ProvinceKey
from ledger.province.at_work import judge_all
from ledger.province.bundle import NUMBERS
from ledger.province.bundle import BundleKind
from ledger.province.bundle import read_bundle
from ledger.province.bundle_file import read_whole
from ledger.province.consolidation import Consolidation
from ledger.province.consolidation import County
from ledger.province.consolidation import Failed
from ledger.province.consolidation import Region
from ledger.province.doubles import PaidTwice
from ledger.province.heads import Books
from ledger.province.heads import Heads
from ledger.province.heads import Known
from ledger.province.heads import next_heads
from ledger.province.heads import require_continued
from ledger.province.judging import Judged
from ledger.province.judging import Task
from ledger.province.limits import Limits
from ledger.province.numbers import Bearer
from ledger.province.numbers import purpose_of
from ledger.province.numbers import read_bearers
from ledger.province.numbers import read_rows
from ledger.province.workers import Workers

CODE_DIGITS = 6


class NoBundles(Refusal):
    """Nothing to consolidate."""

    def __init__(self) -> None:
        super().__init__(_("no bundle was named, or the folder holds none that ends in .zip"))


class CountyTwice(Refusal):
    """Two bundles of the same books: which of them is the county's, nobody can say."""

    def __init__(self, others: Sequence[str]) -> None:
        message = _(
            "there are several bundles of these books ({bundles}): keep the right one alone"
        )
        super().__init__(message.format(bundles=", ".join(others)))


class Asked(Record):
    """What is asked for. ``day`` is that of the figures, ``month`` empty where it is none's end.

    ``chance`` hides numbers in memory.
    """

    day: str
    month: str
    limits: Limits
    key: ProvinceKey | None
    chance: bytes
    unshown = ("chance",)


def bundles_in(paths: Sequence[Path]) -> list[Path]:
    """The files, and those of folders that end in .zip. Raises NoBundles."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.zip")) if path.is_dir() else [path]
    if not found:
        raise NoBundles
    return found


def consolidate(
    paths: Sequence[Path], before: Heads, asked: Asked, workers: Workers
) -> Consolidation:
    """Judge the bundles and add up what counts of them.

    ``before`` are the HEADs of the last consolidation. Raises WorkersLost.
    """
    reading = _Reading(paths, asked)
    collected = _Collected(asked, before)
    for judged in judge_all(workers.make, reading.tasks(), workers=workers.size):
        collected.take(judged, reading.contents.pop(judged.sha256))
    for failed in reading.unreadable:
        collected.failed.append(failed)
    return collected.consolidation()


class _Reading:
    """The bundles, read one after another as there is work for them; the same one once."""

    def __init__(self, paths: Sequence[Path], asked: Asked) -> None:
        self.paths = paths
        self.asked = asked
        self.contents: dict[Digest, bytes] = {}
        self.seen: set[Digest] = set()
        self.unreadable: list[Failed] = []

    def tasks(self) -> Iterator[Task]:
        language = "en" if user_prefers_english() else "zh_CN"
        for path in self.paths:
            try:
                content = read_whole(path)
            except Refusal as refusal:
                self._name(path, refusal.code, str(refusal))
                continue
            except OSError as error:
                self._name(path, SystemRefused.code, reason(error))
                continue
            name = digest(content)
            if name not in self.seen:
                self.seen.add(name)
                self.contents[name] = content
                yield Task(path.name, content, self.asked.day, language)

    def _name(self, path: Path, code: str, message: str) -> None:
        fault = Complaint("", 0, code, message)
        self.unreadable.append(Failed(path.name, "", (fault,), 0))


class _Collected:
    """What has come back so far. Bytes and digests of a county are forgotten at once."""

    def __init__(self, asked: Asked, before: Heads) -> None:
        self.asked = asked
        self.before = before
        self.regions = _regions()
        self.paid_twice = PaidTwice(asked.chance)
        self.counties: list[County] = []
        self.failed: list[Failed] = []

    def take(self, judged: Judged, content: bytes) -> None:
        """The answer for a bundle: its county counts, or is named with its findings."""
        if judged.figures is None:
            self._fail(judged, judged.findings, judged.more)
            return
        try:
            county = self._county(judged)
            if self.asked.key is not None and judged.numbers is not None:
                self.paid_twice.add(county.books, _bearers(judged, content, self.asked.key))
            self.counties.append(county)
        except Refusal as refusal:
            self._fail(judged, (Complaint("", 0, refusal.code, str(refusal)),))

    def _fail(self, judged: Judged, findings: Sequence[Complaint], more: int = 0) -> None:
        figures = judged.figures
        county = f"{figures.county} {figures.county_name}" if figures else judged.county
        self.failed.append(Failed(judged.name, county, tuple(findings), more))

    def _county(self, judged: Judged) -> County:
        figures = judged.figures
        assert figures is not None
        books = Books(figures.county, figures.programme)
        before = self.before.books.get(books)
        fingerprint = fingerprint_of(judged.digests[0])
        self.asked.limits.require_fingerprint(figures.county, fingerprint)
        if before is not None:
            require_continued(judged.digests, before)
        closed = tuple((one.month, one.report) for one in figures.closed)
        known = Known(
            figures.county_name,
            judged.digests[0],
            len(judged.digests) - 1,
            judged.digests[-1],
            closed,
        )
        return County(
            bundle=judged.name,
            kind=judged.kind,
            operator=judged.operator,
            region=self.regions.get(figures.county[:4]) or _unknown(figures.county),
            figures=figures,
            known=known,
            fingerprint=fingerprint,
            is_new=before is None,
            outside=tuple(self.asked.limits.outside(figures)),
            facts=judged.facts,
            reopened=_reopened(before, closed),
            has_numbers=judged.numbers is not None,
        )

    def consolidation(self) -> Consolidation:
        """Everything, in an order that is not that in which it came."""
        self._fail_twice()
        self.counties.sort(key=lambda one: (one.books, one.bundle))
        heads = next_heads(
            self.before, ((one.books, one.known) for one in self.counties), self.asked.day
        )
        here = {county.books for county in self.counties}
        named = {failed.county[:CODE_DIGITS] for failed in self.failed}
        missing = [
            (books, known)
            for books, known in sorted(self.before.books.items())
            if books not in here and books.county not in named
        ]
        return Consolidation(
            day=self.asked.day,
            month=self.asked.month,
            counties=tuple(self.counties),
            failed=tuple(sorted(self.failed)),
            missing=tuple(missing),
            doubles=self.paid_twice.found(here) if self.asked.key is not None else (),
            with_key=self.asked.key is not None,
            heads=heads,
        )

    def _fail_twice(self) -> None:
        by_books: dict[Books, list[County]] = {}
        for county in self.counties:
            by_books.setdefault(county.books, []).append(county)
        for several in by_books.values():
            # guard: county-once
            if len(several) > 1:
                names = sorted(one.bundle for one in several)
                refusal = CountyTwice(names)
                fault = Complaint("", 0, refusal.code, str(refusal))
                for county in several:
                    self.counties.remove(county)
                    name = f"{county.figures.county} {county.figures.county_name}"
                    self.failed.append(Failed(county.bundle, name, (fault,), 0))


def _bearers(judged: Judged, content: bytes, key: ProvinceKey) -> list[Bearer]:
    """Who was paid by which numbers. Raises SealedToAnother or NumbersStrange."""
    bundle = read_bundle(content)
    text = key.open(bundle.files[NUMBERS], purpose_of(bundle.head))
    if judged.kind == BundleKind.BOOKS:
        return read_rows(text, judged.sent)
    return read_bearers(text)


def _reopened(before: Known | None, closed: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Months that were closed, and are open again or were closed with another report."""
    if before is None:
        return ()
    now = set(closed)
    return tuple(month for month, report in before.closed if (month, report) not in now)


def _regions() -> Mapping[str, Region]:
    """Prefectures by their four digits, from the national list."""
    found: dict[str, Region] = {}
    for county in national_list():
        prefecture = county.code[:4]
        found.setdefault(
            prefecture, Region(county.code[:2], county.province, prefecture, county.city)
        )
    return found


def _unknown(county: str) -> Region:
    return Region(county[:2], "", county[:4], "")
