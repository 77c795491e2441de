"""Events before they are written: what the fold comes to is the same, one by one or all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from beancount.core import data

from ledger import durable
from ledger import invariants
from ledger import rehearsal
from ledger.books import Books
from ledger.books import load_books
from ledger.events import is_event_entry
from ledger.fold import Fold
from ledger.fold import read_fold
from ledger.rehearsal import Draft
from ledger.rehearsal import EventRefused
from ledger.rehearsal import Rehearsal
from ledger.writing import Writer
from tests.bank_results import CLOSED
from tests.bank_results import PAID
from tests.bank_results import everyone
from tests.bank_results import result_file
from tests.office import Answer
from tests.office import Office
from tests.whole_office import Story


def events_of(books: Books) -> list[list[data.Directive]]:
    """The entries of every event, in the order of the chain."""
    entries: dict[str, list[data.Directive]] = defaultdict(list)
    for entry in books.entries:
        if is_event_entry(entry):
            entries[entry.meta["filename"]].append(entry)
    return [entries[name] for name in sorted(entries)]


def test_the_fold_goes_on_from_event_to_event(whole_office: Story) -> None:
    """A year of a county: instructions, results, returns, releases, statements, explanations."""
    books = load_books(whole_office.office.books)
    fold = Fold(books.rules)
    before = None
    for event in events_of(books):
        before, fold = fold, fold.followed_by(event)
    whole = read_fold(books.entries, books.rules)
    assert fold.history() == whole.history()
    assert before is not None
    assert len(before.events) == len(whole.events) - 1
    assert fold.lines.balance_fen == whole.lines.balance_fen


@pytest.fixture
def sent(funded: Office) -> Office:
    """P000001 to P000006 are with the bank in B2020-001."""
    assert funded.disburse().status == 0
    assert funded.run("batch", "submit", "B2020-001", "--date", "2020-11-11").status == 0
    return funded


def test_a_fold_that_goes_on_stays_as_it_was(sent: Office) -> None:
    before = sent.books()
    history = before.history
    standings = dict(history.standings)
    outcomes = dict(history.batches["B2020-001"].outcomes)
    take(sent)
    after = sent.books()
    for event in events_of(after)[-3:]:
        assert before.fold.followed_by(event).history() != history
    assert before.fold.history() == history
    assert (history.standings, history.batches["B2020-001"].outcomes) == (standings, outcomes)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the whole ledger is held against the rules before something is written."""
    calls: list[int] = []
    check_read = invariants.check_read

    def watched(entries: list[data.Directive], *read: object) -> object:
        calls.append(len(entries))
        return check_read(entries, *read)  # type: ignore[arg-type]

    monkeypatch.setattr(rehearsal, "check_read", watched)
    return calls


def results(office: Office) -> list[Path]:
    """Three files of the bank: two people each, one of them returned."""
    return [
        result_file(office, everyone(PAID, n) | everyone(CLOSED, n + 1), name=f"回盘{n}.csv")
        for n in (1, 3, 5)
    ]


def take(office: Office) -> Answer:
    return office.run("import", *results(office), "--date", "2020-11-15", "--json")


def test_results_that_come_together_are_held_against_the_ledger_once(
    sent: Office, checked: list[int]
) -> None:
    files = take(sent).json["files"]
    assert [(file["paid"], file["returned"], file["awaited"]) for file in files] == [
        (1, 1, 4), (2, 2, 2), (3, 3, 0),
    ]  # fmt: skip
    assert len(checked) == 1
    assert [path.name[7:13] for path in sent.events()][-3:] == ["result"] * 3
    assert sent.check() == []


def test_a_dry_run_of_them_says_the_same_and_writes_nothing(sent: Office) -> None:
    events = sent.events()
    dry = sent.run("import", *results(sent), "--date", "2020-11-15", "--dry-run", "--json")
    assert sent.events() == events
    counts = ("paid", "returned", "unknown", "awaited")
    said = [[file[count] for count in counts] for file in dry.json["files"]]
    assert said == [[file[count] for count in counts] for file in take(sent).json["files"]]


def refusing(when: Callable[[int], bool]) -> Callable[[Rehearsal], Books]:
    """A check that refuses so many events at once."""
    check = Rehearsal.check

    def refused(self: Rehearsal) -> Books:
        if when(len(self.drafts)):
            raise EventRefused("made up")
        return check(self)

    return refused


def test_what_is_refused_together_is_taken_one_by_one(
    sent: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rehearsal, "check", refusing(lambda drafts: drafts > 1))
    assert [file["awaited"] for file in take(sent).json["files"]] == [4, 2, 0]
    assert sent.check() == []


def test_what_is_refused_by_itself_leaves_nothing(
    sent: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = sent.events()
    monkeypatch.setattr(Rehearsal, "check", refusing(lambda drafts: drafts > 0))
    answer = take(sent)
    assert answer.status == 1
    assert all("made up" in file["error"] for file in answer.json["files"])
    assert sent.events() == events
    assert sent.check() == []


def test_a_disk_that_fills_up_between_them_keeps_those_before(
    sent: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Writer.write

    def full(self: Writer, draft: Draft) -> None:
        if self.seq == len(sent.events()) and draft.text.count("P000003"):
            raise OSError(28, "No space left on device")
        write(self, draft)

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "write", full)
        answer = take(sent)
    assert answer.status == 0
    first, *others = answer.json["files"]
    assert first["awaited"] == 4
    assert all("Nothing was changed" in file["error"] for file in others)
    assert sent.check() == []
    assert [file.get("awaited") for file in take(sent).json["files"]] == [4, 2, 0]


def test_head_is_never_two_events_late(sent: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes events and refuses HEAD: the second event waits."""

    def refused(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "replace_file", refused)
        answer = take(sent)
    first, *others = answer.json["files"]
    assert first["awaited"] == 4
    assert all("error" in file for file in others)
    assert sent.check() == []
    assert take(sent).status == 0
