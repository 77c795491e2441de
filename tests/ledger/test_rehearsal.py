"""Events before they are written: what the fold comes to is the same, one by one or all at once."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from beancount.core import data

from ledger.base import durable
from ledger.base.actor_and_clock import Acting
from ledger.base.records import replace
from ledger.books import rehearsal
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import EventRefused
from ledger.books.rehearsal import Rehearsal
from ledger.controls import invariants
from ledger.events.event_entries import is_event_entry
from ledger.events.event_file import Head
from ledger.events.event_file import read_head
from ledger.events.fold import Fold
from ledger.events.fold import read_fold
from ledger.events.read_ledger import ReadLedger
from ledger.keys.places import witness_path
from ledger.model.findings import Finding
from ledger.model.ids import BatchId
from ledger.registry.registry import Registry
from ledger.registry.registry_file import RegistryRefused
from tests.support.acting import actor_of
from tests.support.acting import clock
from tests.support.bank_account import Account
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.beginnings import beginning
from tests.support.faulty_disk import FaultyDisk
from tests.support.faulty_disk import FullDisk
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.whole_office import Story

NEVER = 1000


def events_of(books: Books) -> list[list[data.Directive]]:
    """The entries of every event, in the order of the chain."""
    entries: dict[str, list[data.Directive]] = defaultdict(list)
    for entry in books.entries:
        if is_event_entry(entry):
            entries[entry.meta["filename"]].append(entry)
    return [entries[name] for name in sorted(entries)]


def snapshot(fold: Fold) -> object:
    """Everything that a fold has come to, as it is now."""
    history = fold.history()
    return deepcopy({
        "standings": {stage: dict(some) for stage, some in history.standings.items()},
        "releases": {stage: dict(some) for stage, some in history.releases.items()},
        "lines": {name: line._replace(entry=None) for name, line in history.lines.items()},  # type: ignore[arg-type]
        "batches": [replace(batch, header=None) for batch in history.batches.values()],  # type: ignore[arg-type]
        "findings": len(history.findings),
        "balance": fold.lines.balance_fen,
    })  # fmt: skip


def test_the_fold_goes_on_from_event_to_event(whole_office: Story) -> None:
    """A year of a county: instructions, results, returns, releases, statements, explanations."""
    books = load_books(whole_office.office.books)
    fold = Fold(books.rules.subsidy_items())
    before = None
    for event in events_of(books):
        stood = snapshot(fold)
        before, fold = fold, fold.followed_by(event)
        assert snapshot(before) == stood
    whole = read_fold(books.entries, books.rules)
    assert fold.history() == whole.history()
    assert before is not None
    assert len(before.events) == len(whole.events) - 1
    assert fold.lines.balance_fen == whole.lines.balance_fen


@beginning
def sent(funded: Office) -> Office:
    """P000001 to P000006 are with the bank in B2020-001."""
    assert funded.disburse().status == 0
    assert funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    return funded


def test_a_fold_that_goes_on_stays_as_it_was(sent: Office) -> None:
    before = sent.books()
    history = before.history
    standings = {stage: dict(some) for stage, some in history.standings.items()}
    outcomes = dict(history.batches[BatchId("B2020-001")].outcomes)
    take(sent)
    after = sent.books()
    for event in events_of(after)[-3:]:
        assert before.fold.followed_by(event).history() != history
    assert before.fold.history() == history
    assert (history.standings, history.batches[BatchId("B2020-001")].outcomes) == (
        standings,
        outcomes,
    )


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the whole ledger is held against the rules before something is written, where
    nothing that was kept of it will do.
    """
    calls: list[int] = []
    check_read = invariants.check_read

    def watched(ledger: ReadLedger) -> list[Finding]:
        calls.append(len(ledger.entries))
        return check_read(ledger)

    monkeypatch.setattr(rehearsal, "folded", lambda *_kept: None)
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


class OnceBroken(FaultyDisk):
    """One operation fails, and those after it would do."""

    def before(self, operation: str, path: Path, content: bytes = b"") -> None:
        if self.is_the_moment():
            raise OSError(errno.EIO, "Input/output error", str(path))


def desk_of(office: Office) -> list[Path]:
    """Three results, one of them twice, and the bank's statement after them."""
    one, two, three = results(office)
    copy = two.with_name("又一份.csv")
    copy.write_bytes(two.read_bytes())
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    account.move("2020-11-12", "-4800.00", "", "代发")
    return [one, two, copy, three, account.statement(office.folder.with_name("流水.csv"))]


@pytest.mark.parametrize("faulty", [FullDisk, OnceBroken])
def test_what_is_said_of_each_file_is_so_wherever_the_disk_fails(
    sent: Office, faulty: type[FaultyDisk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    files = desk_of(sent)
    kept = shutil.copytree(sent.folder, tmp_path / "kept")
    before = len(sent.events())
    partly = 0
    for moment in range(1, NEVER):
        shutil.rmtree(sent.folder)
        shutil.copytree(kept, sent.folder)
        witness_path(sent.key).unlink(missing_ok=True)
        disk = faulty(moment)
        with monkeypatch.context() as patch:
            patch.setattr(durable, "disk", disk)
            answer = sent.run("import", *files, "--date", "2020-11-15", "--json")
        new = len(sent.events()) - before
        if "files" in answer.json:
            said = [file for file in answer.json["files"] if "error" not in file]
            assert new == sum(not file.get("repeated") for file in said), (moment, answer)
            assert all(
                file.get("batch") is None or sent.status()["batches"][0]["paid"] >= file["paid"]
                for file in said
            )
        else:
            assert new == 0, (moment, answer)
        partly += 0 < new < 4
        assert sent.check() == [], moment
        again = sent.run("import", *files, "--date", "2020-11-15", "--json")
        assert not [file for file in again.json["files"] if "error" in file], (moment, again)
        assert len(sent.events()) - before == 4
        if disk.seen < moment:
            break
    assert partly


def test_head_is_never_two_events_late(sent: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes events and refuses HEAD: the second event waits."""

    def refused(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "replace_file", refused)
        answer = take(sent)
    first, *others = answer.json["files"]
    assert first["awaited"] == 4
    assert all("error" in file for file in others)
    assert sent.check() == []
    assert take(sent).status == 0


def again(event: Path, office: Office) -> Draft:
    """An event of the books as the next one: whatever it moves has been moved."""
    text = event.read_text(encoding="utf-8")
    head = head_of(office)
    text = re.sub('"census-event" [0-9]+ ', f'"census-event" {head.seq + 1} ', text, count=1)
    text = re.sub('previous: "[0-9a-f]{64}"', f'previous: "{head.sha256}"', text, count=1)
    return Draft("result", BatchId("B2020-001"), text.encode("utf-8"))


def acting_in(office: Office) -> Acting:
    return Acting(actor_of(office.folder, office.key), clock)


def head_of(office: Office) -> Head:
    head = read_head(office.folder)
    assert head is not None
    return head


def test_an_event_that_is_refused_is_none_of_them(sent: Office) -> None:
    take(sent)
    rehearsed = Rehearsal(sent.books(), head_of(sent), acting_in(sent))
    history, seq = rehearsed.history, rehearsed.seq
    with pytest.raises(EventRefused, match="must be"):
        rehearsed.add(again(sent.events()[-1], sent))
    assert (rehearsed.history, rehearsed.seq, rehearsed.drafts) == (history, seq, [])
    assert rehearsed.check() is rehearsed.books


def test_what_was_wrong_before_stays_wrong(sent: Office) -> None:
    books = sent.books()
    broken = books.fold.followed_by(events_of(books)[-1])
    assert broken.findings
    assert broken.followed_by([]).findings == broken.findings


def test_no_money_is_sent_above_a_ceiling_even_if_only_a_fact_says_so(funded: Office) -> None:
    """The event is one that was right while the money was there."""
    hand = funded.folder / "journal" / "hand.beancount"
    kept = shutil.copytree(funded.folder, funded.folder.with_name("kept"))
    assert funded.disburse().status == 0
    content = funded.events()[-1].read_bytes()
    shutil.rmtree(funded.folder)
    shutil.move(kept, funded.folder)
    witness_path(funded.key).unlink()
    hand.write_text("", encoding="utf-8", newline="\n")
    rehearsed = Rehearsal(funded.books(), head_of(funded), acting_in(funded))
    rehearsed.add(Draft("prepared", BatchId("B2020-001"), content))
    with pytest.raises(EventRefused, match=r"more than the 0\.00 received"):
        rehearsed.check()


def test_a_registry_that_cannot_be_written_takes_none(
    sent: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object) -> str:
        raise RegistryRefused(OSError("database or disk is full"))

    events = sent.events()
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "keep_original", refused)
        answer = take(sent)
    assert answer.status == 1
    assert all("registry could not be written" in file["error"] for file in answer.json["files"])
    assert sent.events() == events
    assert take(sent).status == 0
