"""An event that is folded onto what was kept is taken or refused as by the whole books, in the same
words, and the books are the same after it.
"""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Callable
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount.core import data
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.base.actor_and_clock import Acting
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.kept_ledger import KeptLedger
from ledger.books.places import EVENT_NAME
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import Rehearsal
from ledger.books.snapshot import Snapshots
from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import total_fen
from ledger.events.event_file import Drafting
from ledger.events.event_file import Head
from ledger.events.event_file import read_head
from ledger.events.reversal_text import reversed_event
from ledger.events.reversals import ON_THEIR_DAYS
from ledger.events.reversals import REVERSIBLE
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.transitions import EventKind
from tests.support.acting import actor_of
from tests.support.acting import clock
from tests.support.eventful_office import go_back
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.snapshots import said_of

AT_LAST = datetime.date(2020, 12, 3)
TRANSIT = "Assets:1021其他货币资金:01代发在途"


def draft_of(event: Path) -> Draft:
    """An event of the books as it was drafted."""
    name = EVENT_NAME.fullmatch(event.name)
    assert name is not None
    batch = BatchId(name["batch"] or "")
    judged = EventKind.WORKLOAD if name["kind"] == "reversed" else None
    return Draft(name["kind"], batch, event.read_bytes(), judged=judged)


def kept_of(office: Office, path: Path) -> Books:
    """The books as who writes an event next has kept them."""
    signer = actor_of(office.folder, office.key).signer
    snapshots = Snapshots(office.folder, path, signer)
    books = snapshots.load()
    return snapshots.keep() or books


def head_of(office: Office) -> Head:
    head = read_head(office.folder)
    assert head is not None
    return head


def come_to(books: Books, office: Office, drafts: list[Draft]) -> tuple[Any, Books | None]:
    """What comes of events that are to follow the books: the books with them, or the refusal."""
    acting = Acting(actor_of(office.folder, office.key), clock)
    rehearsal = Rehearsal(books, head_of(office), acting)
    try:
        for draft in drafts:
            rehearsal.add(draft)
        after = rehearsal.check()
    except Refusal as refusal:
        return (type(refusal), str(refusal)), None
    return (said_of(after), list(map(str, after.errors))), after


def at(office: Office, seq: int, folder: Path) -> Office:
    """A copy of the office as it was when event ``seq`` was the newest."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(office.folder, folder / "books")
    copy = replace_folder(office, folder / "books")
    go_back(copy, seq)
    return copy


def replace_folder(office: Office, folder: Path) -> Office:
    return Office(folder, office.key, office.capture, office.people)


def test_every_event_of_a_year_is_folded_as_by_the_whole(eventful: Office, tmp_path: Path) -> None:
    events = eventful.events()
    drafts = list(map(draft_of, events))
    copy = at(eventful, 0, tmp_path / "copy")
    kept = kept_of(copy, tmp_path / "snapshot")
    for seq in range(1, len(events)):
        whole = load_books(copy.folder)
        expected, _after = come_to(whole, copy, [drafts[seq]])
        fresh = kept_of(copy, tmp_path / "snapshot")
        said, after = come_to(fresh, copy, [drafts[seq]])
        assert said == expected, events[seq].name
        assert isinstance(after, Books)
        assert isinstance(after.ledger, KeptLedger)
        # What was folded before is gone on with, as a command does that writes several events.
        going_on, after = come_to(kept, copy, [drafts[seq]])
        assert going_on == expected, events[seq].name
        assert isinstance(after, Books)
        kept = after
        shutil.copy(events[seq], copy.folder / "events")
        go_back(copy, seq)
    assert said_of(kept) == said_of(load_books(copy.folder))


def test_several_events_are_held_against_the_books_together(
    eventful: Office, tmp_path: Path
) -> None:
    drafts = list(map(draft_of, eventful.events()))
    copy = at(eventful, 1, tmp_path / "copy")
    together = drafts[2:16]
    said, after = come_to(kept_of(copy, tmp_path / "snapshot"), copy, together)
    assert said == come_to(load_books(copy.folder), copy, together)[0]
    assert isinstance(after, Books)
    assert isinstance(after.ledger, KeptLedger)
    # The whole books, where somebody asks for them, are with the events too.
    events = [one for one in after.entries if isinstance(one, data.Custom)]
    assert sum(one.type == "census-event" for one in events) == 16


LINE = "Expenses:5001业务活动费用:01本级财政:30226劳务费"
TRAINING = "Expenses:5001业务活动费用:01本级财政:30216培训费"
AWAITED = "Liabilities:2307其他应付款:01待发:01本级财政:370481001荆河街道"
# At which event the books stand.
BEFORE_BATCH, BEFORE_RESULT, BEFORE_STATEMENT, BEFORE_EXPLAINED, BEFORE_OPENING = 1, 4, 5, 6, 15
LAST = {"=": "the newest event once more"}

Hand = Callable[[Books], str]
Changes = dict[str, str]


def nothing(_books: Books) -> str:
    return ""


def text(said: str) -> Hand:
    return lambda _books: said


def balance(account: str, day: str) -> Hand:
    """What an account and those below it have had before a day: so it is right."""

    def write(books: Books) -> str:
        opened = account in {name for name, _day in books.ledger.opened}
        had = sum(
            (
                posting.units.number or Decimal()
                for entry in books.entries
                if isinstance(entry, data.Transaction) and str(entry.date) < day
                for posting in entry.postings
                if f"{posting.account}:".startswith(f"{account}:") and posting.units
            ),
            Decimal(),
        )
        first = "" if opened else f"2020-01-01 open {account}\n"
        return f"{first}{day} balance {account} {had:.2f} CNY"

    return write


def close(account: str, day: str) -> Hand:
    return text(f"{day} close {account}")


def cut(left_yuan: int) -> Hand:
    """So much is left of a line's budget."""

    def write(books: Books) -> str:
        line = BudgetLine(FundCode("01"), LineComponent("30226劳务费"))
        fen = total_fen(books.flows.budget[line]) - total_fen(books.flows.spent.get(line, ()))
        yuan = fen // 100 - left_yuan
        moves = ((LINE, -yuan), (TRAINING, yuan))
        return "\n".join(
            f'2020-11-01 custom "census-budget" {line} {moved}.00 CNY "transfer"'
            for line, moved in moves
        )

    return write


def spend(left_yuan: int) -> Hand:
    """So much is left in the bank."""

    def write(books: Books) -> str:
        yuan = total_fen(books.flows.bank) // 100 - left_yuan
        budget = f'2020-11-01 custom "census-budget" {TRAINING} {yuan}.00 CNY "supplement"'
        return f'{budget}\n2020-11-10 * "某店" "支出"\n  {TRAINING}  {yuan}.00 CNY\n  {BANK}'

    return write


def commitment(link: str) -> Hand:
    return text(f'2020-11-01 custom "census-commitment" "{link}" {LINE} 1600.00 CNY')


# What is one event away: where the books stand, what somebody has written by hand, how the event is
# changed, and what is said; None where it is taken.
FAULTS: dict[str, tuple[int, Hand, Changes, str | None]] = {
    "a balance that stays right": (BEFORE_RESULT, balance(BANK, "2020-12-31"), {}, None),
    "a balance afterwards": (BEFORE_STATEMENT, balance(BANK, "2020-11-30"), {}, "the balance of"),
    "a balance of the account above": (
        BEFORE_STATEMENT, balance("Assets:1002银行存款", "2020-11-30"), {}, "the balance of"),
    "a balance long after": (BEFORE_RESULT, balance(TRANSIT, "2020-12-31"), {}, "the balance of"),
    "an account closed later": (BEFORE_RESULT, close(AWAITED, "2020-12-01"), {}, None),
    "an account closed by then": (BEFORE_RESULT, close(AWAITED, "2020-11-12"), {}, "is not open"),
    "an account that nobody has opened": (
        BEFORE_EXPLAINED, nothing, {"30216培训费": "30299其他"}, "there is no account"),
    "another currency": (BEFORE_STATEMENT, nothing, {"-66.00 CNY": "-66.00 USD"}, "CNY"),
    "an entry that does not balance": (
        BEFORE_EXPLAINED, nothing, {"30216培训费  66.00": "30216培训费  65.00"}, "balance"),
    "parts of a fen": (BEFORE_RESULT, nothing, {"  800.00 CNY": "  800.001 CNY"}, "balance|fen"),
    "more than the line has": (BEFORE_BATCH, cut(3199), {}, "more than its budget"),
    "all that the line has": (BEFORE_BATCH, cut(3200), {}, None),
    "more than the fund has": (BEFORE_BATCH, spend(3199), {}, "received"),
    "more than the bank has": (BEFORE_STATEMENT, spend(3200), {}, "below zero|received|balance"),
    "a line of the bank twice": (6, nothing, LAST, "twice"),
    "people who are there no more": (BEFORE_RESULT, nothing, {"P000003": "P000001"}, "P000001"),
    "another day": (BEFORE_RESULT, nothing, {"\n2020-11-15": "\n2020-11-16"}, "the event's day"),
    "days that go back": (BEFORE_RESULT, nothing, {"2020-11-15": "2020-11-09"}, "never go back"),
    "a closed month": (BEFORE_OPENING, nothing, {"2020-12-02 ": "2020-11-30 "}, "is closed"),
    "an entry of a commitment": (BEFORE_BATCH, commitment("B2020-001"), {}, None),
    "a batch that was there": (9, nothing, {"B2020-002": "B2020-001"}, "prepared before"),
    "another sum than the header says": (BEFORE_BATCH, nothing, {" 3200.00 ": " 3100.00 "}, "says"),
    "another rate than is in force": (
        BEFORE_BATCH, nothing, {"=80000": "=70000", " 800.00": " 700.00"}, "made|rate|says"),
}  # fmt: skip


class Desk:
    """Books as they stood at some event, in a folder that they share."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.was_sound = True
        self.is_folded = False
        self.drafts = list(map(draft_of, office.events()))

    def reversals(self) -> dict[int, Draft]:
        """Each event of the year that can be taken back, taken back at its end."""
        stamp = Acting(actor_of(self.office.folder, self.office.key), clock).stamp()
        at = Drafting(head_of(self.office), stamp)
        return {
            event.seq: Draft(
                EventKind.REVERSED, event.batch,
                reversed_event(AT_LAST, at, event, "错").encode(), judged=event.kind,
            )
            for event in load_books(self.office.folder).history.events
            if event.kind in REVERSIBLE
        }  # fmt: skip

    def judged(self, seq: int, hands: Sequence[Hand], draft: Draft, changes: Changes) -> Any:
        """What the whole books say of one more event, and so does what was kept of them."""
        copy = at(self.office, seq, self.folder)
        books = load_books(copy.folder)
        for hand in hands:
            copy.rule(hand(books))
        text = draft.content.decode()
        for was, becomes in changes.items():
            text = text.replace(was, becomes)
        text = re.sub('"census-event" [0-9]+ ', f'"census-event" {seq + 1} ', text, count=1)
        draft = replace(draft, content=text.encode())
        whole, kept = load_books(copy.folder), kept_of(copy, self.folder / "snapshot")
        self.was_sound = not whole.errors
        assert isinstance(kept.ledger, KeptLedger) == self.was_sound
        expected, _after = come_to(whole, copy, [draft])
        said, after = come_to(kept, copy, [draft])
        assert said == expected
        self.is_folded = after is not None and isinstance(after.ledger, KeptLedger)
        return expected


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_found_before_it_is_written(
    eventful: Office, tmp_path: Path, fault: str
) -> None:
    seq, hand, changes, words = FAULTS[fault]
    desk = Desk(eventful, tmp_path / "desk")
    draft = desk.drafts[seq if changes is LAST else seq + 1]
    assert changes is LAST or all(was in draft.content.decode() for was in changes)
    outcome, said = desk.judged(seq, [hand], draft, changes)
    assert desk.was_sound
    if words is None:
        assert "history" in outcome, said
    else:
        assert re.search(words, said), said


accounts = st.sampled_from([
    BANK, TRANSIT, AWAITED, LINE, "Assets:1002银行存款", "Liabilities:2307其他应付款",
    "Liabilities:2307其他应付款:01待发:01本级财政",
])  # fmt: skip
days = st.sampled_from(["2020-05-08", "2020-11-10", "2020-11-13", "2020-11-30", "2020-12-31"])
hands = st.one_of(
    st.builds(balance, accounts, days),
    st.builds(close, st.sampled_from([TRANSIT, AWAITED, TRAINING]), days),
    st.builds(cut, st.sampled_from([0, 1600, 3200])),
    st.builds(spend, st.sampled_from([0, 66, 1600, 3200])),
    st.builds(commitment, st.sampled_from(["B2020-001", "B2020-002", "P000003", "C-1"])),
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "2020-11-": st.sampled_from(["2020-05-", "2020-12-"]),
        " CNY\n": st.sampled_from([" USD\n", " CNY @ 1 CNY\n"]),
        "800.00": st.sampled_from(["700.00", "800.001", "0.00"]),
        "01待发": st.sampled_from(["02退回", "03待查"]),
        "P000005": st.sampled_from(["P000003", "P000009"]),
        "370481001": st.just("370481999"),
        "B2020-001": st.just("B2020-002"),
        "by: ": st.just('by: "O09"\n  was: '),
    },
)


def test_whatever_follows_is_judged_as_by_the_whole(eventful: Office, tmp_path: Path) -> None:
    """Any event of the year, as it is or changed, after any other, with entries by hand."""
    desk = Desk(eventful, tmp_path / "desk")
    last = len(desk.drafts) - 1

    @settings(max_examples=60)
    @given(st.integers(0, last - 1), st.integers(1, last), st.booleans(),
           st.lists(hands, max_size=2), changes)  # fmt: skip
    def follows(seq: int, other: int, is_next: bool, hands: list[Hand], changes: Changes) -> None:
        desk.judged(seq, hands, desk.drafts[seq + 1 if is_next else other], changes)

    follows()


def test_whatever_is_taken_back_is_judged_as_by_the_whole(eventful: Office, tmp_path: Path) -> None:
    """Any event that can be, at once and at any later time, whatever has come of it since."""
    desk = Desk(eventful, tmp_path / "desk")
    reversals = desk.reversals()
    kinds = {reversals[seq].judged for seq in reversals}
    assert kinds == REVERSIBLE
    for seq, reversal in reversals.items():
        outcome, said = desk.judged(seq, [], reversal, {})
        assert "history" in outcome, said
        # What was taken back on its own days has moved nothing on them: flows are read anew.
        assert desk.is_folded == (reversal.judged not in ON_THEIR_DAYS)
    last = len(desk.drafts) - 1

    @settings(max_examples=40)
    @given(st.integers(1, last), st.sampled_from(list(reversals)), st.lists(hands, max_size=1),
           changes)  # fmt: skip
    def is_taken_back(seq: int, other: int, hands: list[Hand], changes: Changes) -> None:
        desk.judged(seq, hands, reversals[other], changes)

    is_taken_back()
