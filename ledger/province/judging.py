"""One county's bundle, judged: everything in it may have been made by somebody who means harm.

It runs wherever a process of the province is, on its own, and gives back rows and sentences. The
books are unpacked into a private folder, which is gone afterwards, and read as data like any
others.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.outside_text import cleaned
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.toml_table import parse_toml
from ledger.books.books import load_books
from ledger.books.checking import Complaint
from ledger.books.checking import check_text
from ledger.events.event_file import digests_of_events
from ledger.model.findings import FACTS
from ledger.model.programme import Programme
from ledger.model.programme_file import programme_of
from ledger.province.bundle import BOOKS
from ledger.province.bundle import EVENTS
from ledger.province.bundle import EVENTS_LIST
from ledger.province.bundle import FIGURES
from ledger.province.bundle import NUMBERS
from ledger.province.bundle import RETURNS
from ledger.province.bundle import Bundle
from ledger.province.bundle import BundleKind
from ledger.province.bundle import read_bundle
from ledger.province.county_figures import CountyFigures
from ledger.province.county_figures import county_figures
from ledger.province.figures_text import LONGEST_TEXT
from ledger.province.figures_text import figures_text
from ledger.province.figures_text import read_figures
from ledger.province.returns_by_bank import read_returns
from ledger.province.returns_by_bank import with_banks
from ledger.province.sent_money import Sent
from ledger.province.sent_money import sent_money
from ledger.province.signers import proven_operators
from ledger.province.signers import read_list

# What is found beyond it is counted and not kept: a broken chain breaks at every link.
MOST_FINDINGS = 50
LONGEST_MESSAGE = 400


class HeadOfAnother(Refusal):
    """The HEAD that is signed is not that of the books beside it."""

    def __init__(self) -> None:
        super().__init__(_("the HEAD that is signed is not that of the books in the bundle"))


class FiguresOfAnotherDay(Refusal):
    """Figures that were made as of another day cannot be added up with the rest."""

    def __init__(self, day: str, wanted: str) -> None:
        message = _(
            "these figures are of {day}, and not of {wanted}: let the county make a bundle of that"
            " day, or hand up its books"
        )
        super().__init__(message.format(day=day, wanted=wanted), day=day, wanted=wanted)


class Task(Record):
    """What a process is given: a bundle, by its name and bytes, the day, and the language."""

    unshown = ("content",)
    name: str
    content: bytes
    day: str
    language: str


class Judged(Record):
    """What came of a bundle. Without ``figures`` nothing of it counts, and ``findings`` say why.

    ``county`` is what the books say they are of. ``facts`` are what the bank has done against the
    rules, which count. ``digests`` are those of all events, ``sent`` is to whom money went,
    ``numbers`` the digest of what is sealed.
    """

    name: str
    sha256: Digest
    kind: str = ""
    county: str = ""
    operator: str = ""
    digests: tuple[Digest, ...] = ()
    figures: CountyFigures | None = None
    findings: tuple[Complaint, ...] = ()
    more: int = 0
    facts: tuple[Complaint, ...] = ()
    sent: tuple[Sent, ...] = ()
    numbers: Digest | None = None


def judge(task: Task) -> Judged:
    """Judge a bundle. Whatever is in it, this returns."""
    # The words of this process are those of the province's user.
    os.environ["LANGUAGE"] = task.language
    sha256 = digest(task.content)
    county = ""
    try:
        bundle = read_bundle(task.content)
        county = _county_of(bundle)
        if bundle.kind is BundleKind.FIGURES:
            return _by_figures(task, sha256, bundle)
        return _by_books(task, sha256, bundle)
    except Refusal as refusal:
        fault = Complaint("", 0, refusal.code, str(refusal))
    except Exception as defect:  # A bundle can be made to find what nobody has thought of.
        message = _("the bundle cannot be judged ({kind}): have it looked at, and do not use it")
        fault = Complaint("", 0, "defect", message.format(kind=type(defect).__name__))
    return Judged(task.name, sha256, county=county, findings=(_short(fault),))


def _county_of(bundle: Bundle) -> str:
    """What the books call themselves, whatever else is wrong; empty where nothing does."""
    with suppress(Refusal, UnicodeDecodeError):
        text = bundle.files.get(f"{BOOKS}{PROGRAMME_FILE}", b"").decode("utf-8")
        return named(programme_of(parse_toml(PROGRAMME_FILE, text)))
    return ""


def named(programme: Programme) -> str:
    """``370481 滕州市``, as a report has it."""
    return cleaned(f"{programme.county_code} {programme.county_name}")[:LONGEST_TEXT]


def _by_figures(task: Task, sha256: Digest, bundle: Bundle) -> Judged:
    digests = read_list(bundle.files[EVENTS_LIST])
    # guard: head-ends-the-list
    if (len(digests) - 1, digests[-1]) != (bundle.head.seq, bundle.head.sha256):
        raise HeadOfAnother
    events = {name: text for name, text in bundle.files.items() if name.startswith(EVENTS)}
    bundle.require_signed(proven_operators(events, digests))
    figures = read_figures(bundle.files[FIGURES])
    # guard: figures-of-the-day
    if figures.day != task.day:
        raise FiguresOfAnotherDay(figures.day, task.day)
    return _sound(task, sha256, bundle, digests, figures)


def _by_books(task: Task, sha256: Digest, bundle: Bundle) -> Judged:
    with tempfile.TemporaryDirectory(prefix="census-ledger-") as scratch:
        folder = Path(scratch) / "books"
        _unpack(bundle, folder)
        books = load_books(folder)
        complaints = [_short(one) for one in check_text(books, with_artefacts=False, besides=())]
        faults = [one for one in complaints if one.code not in FACTS]
        # guard: only-sound-counties-count
        if faults:
            kept = tuple(faults[:MOST_FINDINGS])
            county, more = named(books.programme), len(faults) - len(kept)
            return Judged(task.name, sha256, bundle.kind, county, findings=kept, more=more)
        digests = tuple(digests_of_events(folder))
        # guard: head-of-these-books
        if (len(digests) - 1, digests[-1]) != (bundle.head.seq, bundle.head.sha256):
            raise HeadOfAnother
        bundle.require_signed(books.history.operators)
        figures = county_figures(books, datetime.date.fromisoformat(task.day))
        banks = read_returns(bundle.files[RETURNS]) if RETURNS in bundle.files else ()
        figures = with_banks(figures, banks)
        # Texts of somebody else's rules: what is kept of them is as a county's own word is.
        figures = read_figures(figures_text(figures))
        sent = sent_money(books.history)
    facts = tuple(one for one in complaints if one.code in FACTS)
    return _sound(task, sha256, bundle, digests, figures, facts, sent)


def _sound(
    task: Task,
    sha256: Digest,
    bundle: Bundle,
    digests: Sequence[Digest],
    figures: CountyFigures,
    facts: Sequence[Complaint] = (),
    sent: Sequence[Sent] = (),
) -> Judged:
    sealed = bundle.files.get(NUMBERS)
    return Judged(
        task.name,
        sha256,
        bundle.kind,
        f"{figures.county} {figures.county_name}",
        bundle.operator,
        tuple(digests),
        figures,
        facts=tuple(facts[:MOST_FINDINGS]),
        sent=tuple(sent),
        numbers=None if sealed is None else digest(sealed),
    )


def _unpack(bundle: Bundle, folder: Path) -> None:
    """The books into a new folder for this user alone."""
    folder.mkdir(mode=0o700)
    for name, content in bundle.books.items():
        path = folder.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two names that are one to this disk: the second is not written over the first.
        with path.open("xb") as file:
            file.write(content)


def _short(one: Complaint) -> Complaint:
    """A sentence that may quote anything, on one line and not too long."""
    return one._replace(
        file=cleaned(one.file)[:LONGEST_MESSAGE], message=cleaned(one.message)[:LONGEST_MESSAGE]
    )
