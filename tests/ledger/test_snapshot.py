"""What the books have come to is kept between commands, and believed on proof alone."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random

import msgspec
import pytest

from ledger.base.actor_and_clock import Acting
from ledger.base.digests import digest
from ledger.base.digests import file_digest
from ledger.base.records import replace
from ledger.books import snapshot as snapshots
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.kept_ledger import KeptLedger
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import Rehearsal
from ledger.books.snapshot import Seal
from ledger.books.snapshot import Snapshots
from ledger.books.snapshot import load_kept
from ledger.cli.context import Context
from ledger.events.event_file import read_head
from ledger.events.event_text import submitted_event
from ledger.keys.places import snapshot_path
from ledger.keys.places import witness_path
from ledger.model.history import History
from ledger.model.ids import BatchId
from tests.support.acting import actor_of
from tests.support.acting import clock
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.forged_events import AWAITED
from tests.support.forged_events import RETURNED
from tests.support.forged_events import TRANSIT
from tests.support.forged_events import entry
from tests.support.forged_events import execute_in_registry
from tests.support.forged_events import result
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.snapshots import OF_THE_LEDGER
from tests.support.snapshots import forget
from tests.support.snapshots import keep
from tests.support.snapshots import plant
from tests.support.snapshots import require_day_kept_as_loaded
from tests.support.snapshots import require_kept_as_loaded
from tests.support.snapshots import said_of
from tests.support.snapshots import snapshots_of
from tests.support.twice import TRIED
from tests.support.twice import Twice
from tests.support.twice import desk_of
from tests.support.twice import in_a_copy

BATCH = "B2020-001"
ON = ("--date", "2020-12-31")
# Before the batch was given to the bank.
DAY = datetime.date(2020, 11, 10)
QUESTIONS = (
    ("status", *ON),
    ("status", "--json", *ON),
    ("status", "--json", "--date", "2020-11-10"),
    ("payees", "list", "--json", *ON),
    ("payees", "show", "P000001", "--json"),
    ("batch", "list", "--json"),
    ("batch", "show", BATCH, "--json"),
    ("report", "month", "2020-11", "--json"),
    ("report", "reconciliation", "--json", *ON),
    ("disburse", "--dry-run", "--json", "--date", str(clock().date())),
    ("operator", "log", "--json"),
    ("month", "list", "--json"),
)


@pytest.fixture
def sent(funded: Office) -> Office:
    """Six people are with the bank, and a paper lies beside an entry by hand."""
    (funded.folder / "journal" / "合同.pdf").write_bytes(b"%PDF")
    funded.hand(f'2020-05-09 document {BANK} "合同.pdf"')
    shutil.copy(funded.folder / "registry.db", funded.folder.with_name("older.db"))
    assert funded.disburse().status == 0
    assert funded.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-11").status == 0
    return funded


def path_of(office: Office) -> Path:
    return snapshot_path(office.key)


def entries_of(office: Office) -> Path:
    return path_of(office).with_name(f"{path_of(office).name}-entries")


def answers(office: Office) -> list[Answer]:
    """Everything that is asked, twice: what a question has kept is there for the next."""
    return [office.run(*question) for question in (*QUESTIONS, *QUESTIONS)]


def answers_without(office: Office) -> list[Answer]:
    """The same, each from the whole books."""
    said = []
    for question in (*QUESTIONS, *QUESTIONS):
        forget(office)
        said.append(office.run(*question))
    return said


def test_the_answers_are_those_of_the_whole_books(sent: Office) -> None:
    expected = answers_without(sent)
    assert [one.status for one in expected if one.status] == [1] * 4, expected
    assert answers(sent) == expected


def test_books_are_loaded_once_for_all_questions(sent: Office, loads: list[str]) -> None:
    forget(sent)
    answers(sent)
    # Once whole; and once for a question about an earlier day, whose answer is kept beside.
    assert loads == ["whole", "whole"]
    answers(sent)
    assert loads == ["whole", "whole"]


def test_records_change_and_events_are_written_by_what_was_kept(
    sent: Office, loads: list[str], tmp_path: Path
) -> None:
    sent.status()
    del loads[:]
    registered = sent.status()["payees"]["registered"]
    (tmp_path / "荆河街道.xlsx").write_bytes(roster(person(40)))
    took = sent.run("import", tmp_path / "荆河街道.xlsx", "--date", "2020-11-01")
    assert took.status == 0
    assert sent.status()["payees"]["registered"] == registered + 1
    assert loads == []
    before = len(sent.events())
    assert take_result(sent, everyone(PAID, 1)).status == 0
    assert sent.status()["payees"]["registered"] == registered + 1
    assert loads == []
    # Nobody has signed what a question has kept.
    forget(sent)
    sent.status()
    del loads[:]
    assert take_result(sent, everyone(PAID, 2), name="回盘2.csv").status == 0
    assert loads == ["whole"]
    assert len(sent.events()) == before + 2
    assert sent.check() == []
    require_kept_as_loaded(sent.books(), path_of(sent))


def test_what_others_have_kept_moves_no_money(funded: Office) -> None:
    before = funded.books()
    assert funded.disburse().status == 0
    plant(funded, before)
    assert funded.once("status", "--json", *ON).json["batches"] == []  # What asks is misled.
    events = funded.events()
    assert funded.disburse(on="2020-11-12").status == 1
    assert funded.events() == events
    plant(funded, before)
    actor = actor_of(funded.folder, funded.key)
    head = read_head(funded.folder)
    assert head is not None
    believed = load_kept(funded.folder, path_of(funded))
    assert not believed.history.batches
    rehearsal = Rehearsal(believed, head, Acting(actor, clock))
    assert rehearsal.history.batches


def test_whatever_others_have_kept_the_books_decide_what_is_signed(sent: Office) -> None:
    before = sent.books().as_of(DAY)
    plant(sent, before)
    plant(sent, before, datetime.date(2020, 11, 20))
    for command in TRIED:
        if "--yes" in command:
            Twice().try_out(sent, *command.split())


def test_what_others_have_kept_of_a_day_closes_no_month(sent: Office) -> None:
    sent.hand(f'2020-12-01 note {BANK} "x"')
    closing = ("month", "close", "2020-11", "--yes", "--json", "--date", "2020-12-02")
    keep(sent)
    plant(sent, sent.books().as_of(datetime.date(2020, 5, 8)), datetime.date(2020, 11, 30))
    Twice().try_out(sent, *closing)


def test_what_others_have_kept_of_events_is_not_signed(sent: Office) -> None:
    """Entries that were kept before are taken over into what is kept next."""
    books = sent.books()
    before, prepared, *after = books.history.events
    strange = [one._replace(narration="别的") for one in prepared.entries]
    events = (before, replace(prepared, entries=strange), *after)
    history = replace(books.history, events=events)
    plant(sent, replace(books, ledger=ledger_of(books, history)))
    assert load_kept(sent.folder, path_of(sent)).history.events[1].entries[0].narration == "别的"
    refused = ("batch", "void", BATCH, "--bank-refused", "错", "--yes", "--date", "2020-11-12")
    assert sent.run(*refused).status == 0
    signer = actor_of(sent.folder, sent.key).signer
    mine = Snapshots(sent.folder, path_of(sent), signer)
    history = mine.load().history
    assert mine.to_keep is None
    assert history.events[1].entries[0].narration == prepared.entries[0].narration


def ledger_of(books: Books, history: History) -> KeptLedger:
    """What is kept of books, of which the history is told otherwise."""
    said = {name: getattr(books.ledger, name) for name in (*OF_THE_LEDGER, "flows")}
    nothing = partial(pytest.fail, "this is not asked for")
    return KeptLedger(**said, history=history, whole=nothing, cut=nothing, read_outside=nothing)


def test_what_others_have_kept_changes_no_record(sent: Office) -> None:
    before = sent.books()
    assert sent.run("month", "close", "2020-11", "--yes", "--date", "2020-12-02").status == 0
    plant(sent, before)
    assert load_kept(sent.folder, path_of(sent)).history.closed == ()
    command = "payees set-bank-name P000001 李龑 --reason 银行写法 --yes --date 2020-11-18"
    refused = sent.run(*command.split())
    assert (refused.status, "in 2020-11, which is closed" in refused.err) == (1, True), refused


def a_file_below_events(office: Office, text: str) -> None:
    more = office.folder / "events" / "别的" / "more.beancount"
    more.parent.mkdir()
    more.write_text(text + "\n", encoding="utf-8")
    rewrite(office.folder / MAIN, lengthened('\ninclude "events/别的/more.beancount"\n'))


def test_a_file_below_the_events_that_is_none_is_no_event(sent: Office) -> None:
    """It is loaded, and an event is judged by what stands in it."""
    a_file_below_events(sent, f"2020-11-14 close {TRANSIT}")
    keep(sent)
    refused = take_result(sent, everyone(PAID, 1), on="2020-11-15")
    assert (refused.status, "not open" in refused.err) == (1, True), refused


def test_the_whole_books_are_there_for_who_has_written_an_event(funded: Office) -> None:
    """They are loaded with the events that the command itself has written, and no other."""
    assert funded.disburse().status == 0
    with funded.work() as work:
        text = submitted_event(DAY, work.writer.drafting, BatchId(BATCH))
        work.commit(Draft("submitted", BatchId(BATCH), text.encode("utf-8")))
        assert isinstance(work.books.ledger, KeptLedger)
        entries, whole = work.books.entries, funded.books().entries
        assert [one.meta["lineno"] for one in entries] == [one.meta["lineno"] for one in whole]
        assert said_of(work.books.as_of(datetime.date(2020, 5, 8))) == said_of(
            funded.books().as_of(datetime.date(2020, 5, 8))
        )


def test_what_was_not_written_is_not_kept(funded: Office, tmp_path: Path) -> None:
    """Books without an event are no books with it, though its bytes are known."""
    before = Snapshots(funded.folder, tmp_path / "other.snapshot")
    books = before.load()
    assert funded.disburse().status == 0
    head, event = read_head(funded.folder), funded.events()[-1]
    assert head is not None
    before.written = {f"events/{event.name}": file_digest(event)}
    before.keep_after(books, head)
    assert load_kept(funded.folder, tmp_path / "other.snapshot").history.batches


def test_a_snapshot_holds_what_the_books_hold(sent: Office) -> None:
    books = sent.books()
    require_kept_as_loaded(books, path_of(sent))
    require_day_kept_as_loaded(books, path_of(sent), DAY)


def test_what_is_loaded_beside_what_was_kept_is_of_the_same_bytes(sent: Office) -> None:
    """Somebody edits the books while a command reads, and takes the edit back."""
    hand = sent.folder / "journal" / "hand.beancount"
    before = hand.read_bytes()
    sent.status()
    kept = load_kept(sent.folder, path_of(sent))
    sent.receive(777)
    with pytest.raises(snapshots.BooksChanged):
        kept.as_of(DAY)
    with pytest.raises(snapshots.BooksChanged):
        len(kept.entries)
    assert isinstance(kept.ledger, KeptLedger)
    with pytest.raises(snapshots.BooksChanged):
        len(kept.ledger.outside.entries)
    hand.write_bytes(before)
    require_day_kept_as_loaded(sent.books(), path_of(sent), DAY)


def test_what_has_no_place_in_a_snapshot_hinders_nobody(sent: Office, tmp_path: Path) -> None:
    """Beancount knows no greatest number; what is kept does."""
    sent.receive(10**21)
    assert sent.check() == []
    assert answers(sent) == answers_without(sent)
    (tmp_path / "荆河街道.xlsx").write_bytes(roster(person(40)))
    took = sent.run("import", tmp_path / "荆河街道.xlsx", "--date", "2020-11-01")
    assert (took.status, took.err) == (0, ""), took


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file, and give it the time that it had."""
    status = path.stat()
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def one_byte(content: bytes) -> bytes:
    """Another figure of the same length, so that neither size nor time tells."""
    at = max(content.rfind(b"1"), content.rfind(b"8"))
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def lengthened(text: str) -> Callable[[bytes], bytes]:
    return lambda content: content + text.encode()


def instead(path: Path, put: Callable[[Path, Path], object]) -> None:
    """Something else stands under the name; what stood there lies around the books."""
    away = path.parent.parent.with_name("away")
    path.rename(away)
    put(path, away)


def elsewhere(path: Path) -> None:
    """A link stands under the name of a folder."""
    path.symlink_to(path.rename(path.parent.with_name("elsewhere")))


def rules_last(main: bytes) -> bytes:
    line = b'include "rules.beancount"\n'
    assert line in main
    return main.replace(line, b"") + line


def a_file(name: str, change: Callable[[bytes], bytes]) -> Callable[[Office], object]:
    return lambda office: rewrite(office.folder / name, change)


def a_new_file(name: str, text: str) -> Callable[[Office], object]:
    return lambda office: (office.folder / name).write_text(text, encoding="utf-8")


def a_snapshot(ending: str, change: Callable[[bytes], bytes]) -> Callable[[Office], object]:
    return lambda office: rewrite(path_of(office).with_name(path_of(office).name + ending), change)


def exchanged(office: Office) -> None:
    """What was kept of an earlier day is that of the whole books, and the other way round."""
    path = path_of(office)
    for ending in ("", "-entries"):
        one, other = (path.with_name(f"{path.name}{day}{ending}") for day in ("", "-day"))
        of_one, of_other = one.read_bytes(), other.read_bytes()
        one.write_bytes(of_other)
        other.write_bytes(of_one)


NOTE = '2020-06-01 note Assets:1002银行存款:01滕州农商行 "x"\n'
SPENT = f"""
2020-10-08 * "某店" "桌子"
  {TRAINING}  800.00 CNY
  {BANK}
"""
HAND, MAIN, RULES = "journal/hand.beancount", "main.beancount", "rules.beancount"
TAMPERED: dict[str, Callable[[Office], object]] = {
    "an event": lambda office: rewrite(newest(office), one_byte),
    "an event is gone": lambda office: newest(office).unlink(),
    "the newest event and the head": lambda office: office.lose_events(1),
    "an event more": lambda office: shutil.copy(
        newest(office), newest(office).with_name("x.beancount")
    ),
    "an event of another name": lambda office: newest(office).rename(
        newest(office).with_name("000003-void-B2020-001.beancount")
    ),
    "a link to an event": lambda office: instead(newest(office), Path.symlink_to),
    "a link to entries by hand": lambda office: instead(office.folder / HAND, Path.symlink_to),
    "a link to all events": lambda office: elsewhere(office.folder / "events"),
    "a link on the way to a paper": lambda office: elsewhere(office.folder / "journal"),
    "an event in capitals": lambda office: newest(office).rename(
        newest(office).with_name(newest(office).name.upper())
    ),
    "a folder as an event": lambda office: instead(
        newest(office), lambda path, _away: path.mkdir()
    ),
    "forged": lambda office: result(
        office, entry(AWAITED, TRANSIT), people=1, yuan="800.00",
        outcome="paid=1 returned=0 unknown=0 in_bank=5",
    ),
    "forged, and against the table": lambda office: result(
        office, entry(RETURNED, TRANSIT), people=1, yuan="800.00",
        outcome="paid=1 returned=0 unknown=0 in_bank=5",
    ),
    "the head": a_file("HEAD", one_byte),
    "an older head": lambda office: (office.folder / "HEAD").write_text(
        f"1 {digest(office.events()[1].read_bytes())}\n", encoding="ascii"
    ),
    "a rule": a_file(RULES, one_byte),
    "a rule more": a_file(RULES, lengthened(
        '\n2020-06-01 custom "census-budget"'
        ' Expenses:5001业务活动费用:02上级补助:30226劳务费 1.00 CNY "supplement"\n'
    )),
    "an entry by hand": a_file(HAND, one_byte),
    "an entry more, of before all": a_file(HAND, lengthened(SPENT)),
    "a balance that is none": a_file(HAND, lengthened(f"\n2020-11-30 balance {BANK} 1.00 CNY\n")),
    "a journal more": a_new_file("journal/more.beancount", NOTE),
    "a file that nothing includes": a_new_file("more.beancount", NOTE),
    "a file below events": lambda office: a_file_below_events(office, "2020-11-12 close " + BANK),
    "other ends of lines": a_file(HAND, lambda text: text.replace(b"\n", b"\r\n")),
    "a mark before entries by hand": a_file(HAND, lambda text: b"\xef\xbb\xbf" + text),
    "rules after events": a_file(MAIN, rules_last),
    "a further include": a_file(MAIN, lengthened('\ninclude "journal/hand.beancount"\n')),
    "an include outside": a_file(MAIN, lengthened('\ninclude "../other.beancount"\n')),
    "the programme": a_file(
        "programme.toml", lambda text: text.replace("普查员".encode(), "调查员".encode())
    ),
    "the settings": a_file("census-ledger.toml", lambda text: b"\xef\xbb\xbf" + text),
    "an account": a_file(
        "accounts.beancount", lengthened("\n2020-01-01 open Assets:1001库存现金 CNY\n")
    ),
    "the plugin": a_file(MAIN, lambda text: text.replace(b'plugin "', b';lugin "')),
    "a paper": lambda office: (office.folder / "journal" / "合同.pdf").unlink(),
    "a link to a paper": lambda office: instead(
        office.folder / "journal" / "合同.pdf", Path.symlink_to
    ),
    "the registry": a_file("registry.db", lambda text: text[:4096]),
    "an older registry": lambda office: shutil.copy(
        office.folder.with_name("older.db"), office.folder / "registry.db"
    ),
    "a row of the registry": lambda office: execute_in_registry(
        office, "update payees set account = '6215219999999999' where serial = 1"
    ),
    "the registry without its anchors": lambda office: execute_in_registry(
        office, "delete from anchors"
    ),
    "a witness that has seen nothing": lambda office: witness_path(office.key).unlink(),
    "of another day": exchanged,
    "open to everybody": lambda office: path_of(office).chmod(0o666),
    "a link to what was kept": lambda office: instead(path_of(office), Path.symlink_to),
    "entries that are cut off": a_snapshot("-entries", lambda content: content[:-200]),
    "other entries": a_snapshot("-entries", lambda content: content[::-1]),
    "no entries": lambda office: entries_of(office).unlink(),
    "one byte of what was kept": a_snapshot("", one_byte),
    "what was kept is cut off": a_snapshot("", lambda content: content[:-1]),
}  # fmt: skip


def newest(office: Office) -> Path:
    return office.events()[-1]


def test_whatever_is_tampered_with_the_whole_books_answer(sent: Office, thorough: bool) -> None:
    """Commands that read and that write say and do what they would if nothing had ever been kept:
    some of them after each attack, and others after the next.
    """
    answers(sent)
    assert len(snapshots_of(sent)) == 4
    twice = Twice(tried=len(TRIED) if thorough else 2)
    for what, tamper in TAMPERED.items():
        with in_a_copy(desk_of(sent)):
            tamper(sent)
            try:
                twice.try_some(sent)
            except AssertionError as found:
                found.add_note(what)
                raise


@pytest.mark.parametrize("days", [-400, -1, 1, 4000])
def test_whatever_the_clock_says_the_whole_books_answer(
    sent: Office, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set back, or forward, after something was kept."""
    answers(sent)
    now = Context().clock()
    monkeypatch.setattr(Context, "clock", lambda _context: now + datetime.timedelta(days))
    twice = Twice()
    for command in ("status --json", "disburse --yes --json", "disburse --dry-run --json"):
        twice.try_out(sent, *command.split())


@pytest.mark.parametrize("ending", ["", "-entries"])
def test_any_bit_of_what_was_kept(sent: Office, ending: str, thorough: bool) -> None:
    """Of what every command reads, nothing is believed then; entries are read anew."""
    expected = said_of(sent.books())
    load_kept(sent.folder, path_of(sent))
    path = path_of(sent).with_name(f"{path_of(sent).name}{ending}")
    whole = path.read_bytes()
    for seed in range(200 if thorough else 12):
        chance = Random(seed)
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        assert said_of(load_kept(sent.folder, path_of(sent))) == expected
        path.write_bytes(whole)


def test_a_damaged_snapshot_is_made_anew(sent: Office, loads: list[str]) -> None:
    question = ("payees", "show", "P000001", "--json")
    forget(sent)
    expected = sent.run(*question)
    whole = path_of(sent).read_bytes()
    for damaged in (b"", whole[:200], whole[:-1], whole + b"x", one_byte(whole), b"x" + whole[1:]):
        path_of(sent).write_bytes(damaged)
        del loads[:]
        assert sent.run(*question) == expected
        assert (loads, path_of(sent).read_bytes()) == (["whole"], whole)


NO_NUMBER = msgspec.msgpack.encode(msgspec.msgpack.Ext(1, b"x"))
WITHOUT_END = b"\x81\xa1x" * 10_000


@pytest.mark.parametrize("value", [NO_NUMBER, WITHOUT_END], ids=["no number", "without end"])
def test_what_nobody_can_read_hinders_nobody(sent: Office, loads: list[str], value: bytes) -> None:
    """Its digest is right: somebody has made it up."""
    question = ("payees", "show", "P000001", "--json")
    expected = sent.run(*question)
    name = msgspec.msgpack.encode("unit")
    unit = msgspec.msgpack.encode(sent.books().history.events[0].header.meta["unit"])
    _line, rest = path_of(sent).read_bytes().split(b"\n", 1)
    assert name + unit in rest
    rest = rest.replace(name + unit, name + value)
    line = Seal(sha256(rest).digest(), "-" * 128).line
    path_of(sent).write_bytes(line + rest)
    del loads[:]
    assert sent.run(*question) == expected
    assert loads == ["whole"]


def test_what_is_too_long_is_not_read(sent: Office, loads: list[str]) -> None:
    expected = sent.run("status", "--json", *ON)
    for path in (path_of(sent), entries_of(sent)):
        os.truncate(path, 2**40)
    assert sent.run("status", "--json", *ON) == expected
    assert loads[-1] == "whole"
    assert path_of(sent).stat().st_size < 2**20


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-200],
        lambda content: bytes(byte ^ 1 for byte in content),
        None,
    ],
    ids=["empty", "cut off", "other bytes", "gone"],
)
def test_damaged_entries_are_read_anew(
    sent: Office, damage: Callable[[bytes], bytes] | None
) -> None:
    """By whatever opens them: each command, and each of all entries."""
    expected, books = answers(sent), said_of(sent.books())
    entries = entries_of(sent)
    if damage is None:
        entries.unlink()
    else:
        entries.write_bytes(damage(entries.read_bytes()))
    assert said_of(load_kept(sent.folder, path_of(sent))) == books
    assert answers(sent) == expected


def test_damaged_entries_of_a_day_are_read_anew_as_of_the_day(eventful: Office) -> None:
    """Of an event whose entries have days of their own: some of them are later."""
    path, day = path_of(eventful), datetime.date(2020, 5, 8)
    load_kept(eventful.folder, path)
    load_kept(eventful.folder, path).as_of(day)
    expected = said_of(load_kept(eventful.folder, path).as_of(day))
    entries_of(eventful).with_name(f"{path.name}-day-entries").write_bytes(b"")
    again = load_kept(eventful.folder, path).as_of(day)
    assert isinstance(again.ledger, KeptLedger)
    assert said_of(again) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="the profile is the user's")
def test_what_others_could_have_written_is_not_believed(sent: Office, loads: list[str]) -> None:
    """Of a snapshot of somebody's own making every digest is right."""
    question = ("payees", "show", "P000001", "--json")
    expected = sent.run(*question)
    others: list[Callable[[Path], object]] = [lambda path: path.chmod(0o620)]
    if os.geteuid() == 0:
        others.append(lambda path: os.chown(path, 12345, -1))
    for of_others in others:
        for path in (path_of(sent), entries_of(sent)):
            forget(sent)
            load_kept(sent.folder, path_of(sent))
            of_others(path)
            del loads[:]
            assert sent.run(*question) == expected
            assert loads == ["whole"]


def test_an_older_snapshot_and_one_of_other_books_are_not_believed(
    sent: Office, tmp_path: Path
) -> None:
    answers(sent)
    older = {path.name: path.read_bytes() for path in snapshots_of(sent)}
    copy = sent.copied(tmp_path / "copy")
    assert sent.run("batch", "void", BATCH, "--bank-refused", "文件格式错", "--yes",
                    "--date", "2020-11-12").status == 0  # fmt: skip
    expected = answers_without(sent)
    for name, content in older.items():
        (sent.key.parent / name).write_bytes(content)
    assert answers(sent) == expected
    # Nor is what was kept of these books in the place of the copy's, which went another way: there
    # is another event of the same name.
    assert copy.run("batch", "void", BATCH, "--bank-refused", "余额不足", "--yes",
                    "--date", "2020-11-13").status == 0  # fmt: skip
    assert sent.events()[-1].name == copy.events()[-1].name
    theirs = answers_without(copy)
    for path in snapshots_of(sent):
        shutil.copy(path, copy.key.parent / path.name)
    require_kept_as_loaded(copy.books(), path_of(copy))
    assert answers(copy) == theirs


def test_what_was_kept_of_one_day_says_nothing_of_another(sent: Office) -> None:
    expected = [sent.run("status", "--json", "--date", f"2020-{day}") for day in ("05-08", "11-10")]
    forget(sent)
    for _round in range(2):
        for day, answer in zip(("05-08", "11-10"), expected, strict=True):
            assert sent.run("status", "--json", "--date", f"2020-{day}") == answer


def test_what_another_program_has_kept_is_not_believed(
    sent: Office, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent.run("status", *ON)
    del loads[:]
    monkeypatch.setattr(snapshots, "this_program", lambda: "0" * 64)
    sent.run("status", *ON)
    assert loads == ["whole"]


def test_books_with_errors_are_not_kept(sent: Office) -> None:
    forget(sent)
    sent.hand('2020-11-11 * "某人" "错"\n  Assets:1002银行存款:01滕州农商行  1.00 CNY\n')
    for _round in range(2):
        assert "error" in sent.run("status", *ON).err
        assert sent.run("report", "month", "2020-11").status == 1
    assert not path_of(sent).exists()


def test_a_snapshot_that_cannot_be_written_hinders_nobody(sent: Office) -> None:
    expected = sent.run("status", "--json", *ON)
    forget(sent)
    path_of(sent).mkdir()
    assert sent.run("status", "--json", *ON) == expected


def test_a_folder_that_was_moved_is_what_it_was(
    sent: Office, tmp_path: Path, loads: list[str]
) -> None:
    load_kept(sent.folder, path_of(sent))
    del loads[:]
    moved = sent.folder.rename(tmp_path / "moved")
    kept = load_kept(moved, path_of(sent))
    assert loads == ["whole"]
    assert said_of(kept) == said_of(load_books(moved))
