"""What the books have come to is kept between commands, and believed on proof alone."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.books import snapshot as snapshots
from ledger.books.books import load_books
from ledger.books.snapshot import load_kept
from ledger.keys.places import snapshot_path
from tests.support.acting import clock
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import BANK
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.snapshots import require_day_kept_as_loaded
from tests.support.snapshots import require_kept_as_loaded
from tests.support.snapshots import said_of

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
    assert funded.disburse().status == 0
    assert funded.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-11").status == 0
    return funded


def path_of(office: Office) -> Path:
    return snapshot_path(office.key)


def forget(office: Office) -> None:
    for path in office.key.parent.glob("*.snapshot*"):
        path.unlink()


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


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for each time that the books are loaded whole."""
    seen: list[str] = []

    def counted(of: Callable[..., object]) -> Callable[..., object]:
        def load(*arguments: object) -> object:
            seen.append("whole")
            return of(*arguments)

        return load

    for name in ("load_books", "load_with_texts"):
        monkeypatch.setattr(snapshots, name, counted(getattr(snapshots, name)))
    return seen


def test_the_answers_are_those_of_the_whole_books(sent: Office) -> None:
    expected = answers_without(sent)
    assert [one.status for one in expected if one.status] == [1] * 4, expected
    assert answers(sent) == expected


def test_books_are_loaded_once_for_all_questions(sent: Office, loads: list[str]) -> None:
    answers(sent)
    # Once whole; and once for a question about an earlier day, whose answer is kept beside.
    del loads[:]
    for question in QUESTIONS:
        if question[-1] != "2020-11-10":
            sent.run(*question)
    assert loads in ([], ["whole"])
    sent.run("status", "--date", "2020-11-10")
    del loads[:]
    sent.run("status", "--date", "2020-11-10")
    assert loads == []


def test_records_change_by_what_was_kept_and_an_event_by_the_whole_books(
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
    assert len(sent.events()) == before + 1
    assert loads[:1] == ["whole"]
    assert sent.check() == []


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


TAMPERED: dict[str, Callable[[Path], object]] = {
    "an event": lambda books: rewrite(newest(books), one_byte),
    "an event is gone": lambda books: newest(books).unlink(),
    "an event more": lambda books: shutil.copy(newest(books), books / "events" / "x.beancount"),
    "the head": lambda books: rewrite(books / "HEAD", one_byte),
    "a rule": lambda books: rewrite(books / "rules.beancount", one_byte),
    "an entry by hand": lambda books: rewrite(books / "journal" / "hand.beancount", one_byte),
    "a rule more": lambda books: rewrite(
        books / "rules.beancount",
        lengthened('\n2020-06-01 custom "census-budget"'
                   ' Expenses:5001业务活动费用:02上级补助:30226劳务费 1.00 CNY "supplement"\n'),
    ),
    "a journal more": lambda books: (books / "journal" / "more.beancount").write_text(
        "2020-06-01 note Assets:1002银行存款:01滕州农商行 \"x\"\n", encoding="utf-8"
    ),
    "the programme": lambda books: rewrite(
        books / "programme.toml", lambda text: text.replace("普查员".encode(), "调查员".encode())
    ),
    "the settings": lambda books: rewrite(
        books / "census-ledger.toml", lambda text: b"\xef\xbb\xbf" + text
    ),
    "an account": lambda books: rewrite(
        books / "accounts.beancount", lengthened("\n2020-01-01 open Assets:1001库存现金 CNY\n")
    ),
    "the plugin": lambda books: rewrite(
        books / "main.beancount", lambda text: text.replace(b'plugin "', b';lugin "')
    ),
    "a paper": lambda books: (books / "journal" / "合同.pdf").unlink(),
    "the registry": lambda books: rewrite(books / "registry.db", lambda text: text[:4096]),
}  # fmt: skip


def newest(books: Path) -> Path:
    return sorted((books / "events").glob("0*.beancount"))[-1]


def test_whatever_is_tampered_with_the_whole_books_answer(sent: Office, tmp_path: Path) -> None:
    """And they say what they would say if nothing had ever been kept."""
    answers(sent)
    kept = {path: path.read_bytes() for path in sent.key.parent.glob("*.snapshot*")}
    assert len(kept) == 4
    shutil.copytree(sent.folder, tmp_path / "as it was")
    for what, tamper in TAMPERED.items():
        for path, content in kept.items():
            path.write_bytes(content)
        tamper(sent.folder)
        said = answers(sent)
        assert said == answers_without(sent), what
        shutil.rmtree(sent.folder)
        shutil.copytree(tmp_path / "as it was", sent.folder)


def test_a_damaged_snapshot_is_made_anew(sent: Office, loads: list[str]) -> None:
    question = ("payees", "show", "P000001", "--json")
    expected = sent.run(*question)
    whole = path_of(sent).read_bytes()
    entries = path_of(sent).with_name(f"{path_of(sent).name}-entries")
    for damaged in (b"", whole[:200], whole[:-1], whole + b"x", one_byte(whole), b"x" + whole[1:]):
        path_of(sent).write_bytes(damaged)
        del loads[:]
        assert sent.run(*question) == expected
        assert (loads, path_of(sent).read_bytes()) == (["whole"], whole)
    content = entries.read_bytes()
    for damaged in (b"", content[:-200], bytes(byte ^ 1 for byte in content)):
        entries.write_bytes(damaged)
        assert sent.run(*question) == expected
    entries.unlink()
    assert sent.run(*question) == expected


def test_an_older_snapshot_and_one_of_other_books_are_not_believed(
    sent: Office, tmp_path: Path
) -> None:
    answers(sent)
    older = {path.name: path.read_bytes() for path in sent.key.parent.glob("*.snapshot*")}
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
    for path in sent.key.parent.glob("*.snapshot*"):
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
    sent.hand('2020-11-11 * "某人" "错"\n  Assets:1002银行存款:01滕州农商行  1.00 CNY\n')
    for _round in range(2):
        assert "error" in sent.run("status", *ON).err
        assert sent.run("report", "month", "2020-11").status == 1
    assert not path_of(sent).exists()


def test_a_snapshot_that_cannot_be_written_hinders_nobody(
    sent: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
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
