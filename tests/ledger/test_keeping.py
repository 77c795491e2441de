"""The desk keeps what the books have come to, so that the next command is as quick as after one."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from threading import Timer
from threading import get_ident

import pytest

from ledger.base import durable
from ledger.base.books_folder import RULES_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.books.held_books import load_held
from ledger.books.held_snapshot import keep_held
from ledger.keys.places import snapshot_path
from ledger.model.operators import Role
from ledger.web import background
from ledger.web.background import Afterwards
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.beginnings import beginning
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import refusals
from tests.support.faulty_disk import FaultyDisk
from tests.support.faulty_disk import Killed
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.snapshots import forget
from tests.support.snapshots import keep
from tests.support.snapshots import require_kept_as_loaded
from tests.support.snapshots import snapshots_of
from tests.support.twice import Twice
from tests.support.twice import desk_of
from tests.support.twice import in_a_copy

BATCH = "B2020-001"
PAGE = f"/disbursement/{BATCH}"
QUESTION = ("status", "--json", "--date", "2020-12-31")


@beginning
def prepared(funded: Office) -> Office:
    """Six people are in a batch, a paper lies beside an entry by hand, and two files begin with a
    byte order mark.
    """
    (funded.folder / "journal" / "合同.pdf").write_bytes(b"%PDF")
    funded.hand(f'2020-05-09 document {BANK} "合同.pdf"')
    for name in (RULES_FILE, SETTINGS_FILE):
        path = funded.folder / name
        path.write_bytes(BOM_UTF8 + path.read_bytes())
    assert funded.disburse().status == 0
    return funded


@pytest.fixture
def clerk(prepared: Office) -> DeskPages:
    return DeskPages(prepared).log_in()


def submit(pages: DeskPages) -> None:
    """An event of the desk's own."""
    answer = pages.send(PAGE, "submit", on="2020-11-12")
    assert answer.status_code == 303, refusals(answer)


def ask(office: Office) -> None:
    assert office.run(*QUESTION).status == 0


def answered(office: Office, payee: int, by: Sequence[str] = ()) -> None:
    """An event of a command: the bank has answered for somebody."""
    path = result_file(office, everyone(PAID, payee), name=f"回盘{payee}.csv")
    answer = office.run(*by, "import", path, "--batch", BATCH, "--date", "2020-11-15")
    assert answer.status == 0, answer.err


def test_after_an_event_at_the_desk_a_command_loads_nothing(
    prepared: Office, clerk: DeskPages, loads: list[str]
) -> None:
    submit(clerk)
    clerk.keep()
    ask(prepared)
    answered(prepared, 1)
    assert loads == []
    assert prepared.check() == []
    require_kept_as_loaded(prepared.books(), snapshot_path(prepared.key))


def test_the_desk_keeps_what_a_command_keeps(prepared: Office, clerk: DeskPages) -> None:
    """To the byte, and signed alike."""
    submit(clerk)
    kept = []
    for keeps in (clerk.keep, lambda: keep(prepared)):
        forget(prepared)
        keeps()
        kept.append({path.name: path.read_bytes() for path in snapshots_of(prepared)})
        clerk = DeskPages(prepared).log_in()
    assert kept[0]
    assert kept[0] == kept[1]


def test_events_of_others_are_kept_as_by_a_question(
    prepared: Office, clerk: DeskPages, loads: list[str]
) -> None:
    """They have come from another machine. Whoever writes the next event judges them himself."""
    assert prepared.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-12").status == 0
    forget(prepared)
    del loads[:]
    assert "已提交" in clerk.page(PAGE)
    clerk.keep()
    ask(prepared)
    assert loads == []
    answered(prepared, 1)
    assert loads == ["whole"]


def test_what_a_command_has_kept_stays(
    prepared: Office, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another operator has written since, and goes on from what he has signed himself."""
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", "")
    added = prepared.run("operator", "add", "出纳员", "--role", Role.CASHIER, "--json")
    assert added.status == 0
    clerk = DeskPages(prepared).log_in()
    submit(clerk)
    cashier = ("--operator", added.json["id"])
    answered(prepared, 1, by=cashier)
    clerk.keep()
    del loads[:]
    answered(prepared, 2, by=cashier)
    assert loads == []


def test_nobody_signs_who_has_logged_out(
    prepared: Office, clerk: DeskPages, loads: list[str]
) -> None:
    submit(clerk)
    assert clerk.send("/", "logout").status_code == 303
    clerk.keep()
    ask(prepared)
    assert loads == []
    answered(prepared, 1)
    assert loads == ["whole"]


def test_older_books_take_the_place_of_none(prepared: Office, loads: list[str]) -> None:
    """A command has written, and kept, since the desk looked."""
    held = load_held(prepared.folder)
    assert prepared.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-12").status == 0
    del loads[:]
    keep_held(held, prepared.folder, snapshot_path(prepared.key), None)
    ask(prepared)
    assert loads == []


def test_books_with_a_fact_or_an_error_are_not_kept(prepared: Office) -> None:
    income = "Income:4001财政拨款收入:01本级财政"
    prepared.hand(f'2020-11-11 * "财政局" "收回"\n  {income}  1216000.00 CNY\n  {BANK}')
    forget(prepared)
    DeskPages(prepared).keep()
    assert snapshots_of(prepared) == []
    prepared.hand('2020-11-12 * "某人" "款"\n  Assets:没有  1.00 CNY\n  Assets:无')
    DeskPages(prepared).keep()
    assert snapshots_of(prepared) == []


TAMPERED: dict[str, Callable[[Office], Path]] = {
    "an event": lambda office: office.events()[-1],
    "the rules": lambda office: office.folder / RULES_FILE,
    "what was kept": lambda office: snapshot_path(office.key),
}


def test_what_was_tampered_with_since_is_found(prepared: Office, clerk: DeskPages) -> None:
    """Commands say and do what they would if the desk had kept nothing."""
    submit(clerk)
    clerk.keep()
    twice = Twice(tried=2)
    for what, path_of in TAMPERED.items():
        with in_a_copy(desk_of(prepared)):
            path = path_of(prepared)
            content = path.read_bytes()
            at = content.rfind(b"1")
            path.write_bytes(content[:at] + b"3" + content[at + 1 :])
            try:
                twice.try_some(prepared)
            except AssertionError as found:
                found.add_note(what)
                raise


class Killing(FaultyDisk):
    """The program is gone before its n-th change of the disk."""

    def before(self, _operation: str, _path: Path, _content: bytes = b"") -> None:
        if self.is_the_moment():
            raise Killed


def test_a_desk_that_is_killed_while_it_keeps_hinders_nobody(
    prepared: Office, clerk: DeskPages, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(prepared)
    submit(clerk)
    with in_a_copy(desk_of(prepared)):
        expected = prepared.run(*QUESTION)
    for moment in range(1, 20):
        with in_a_copy(desk_of(prepared)):
            pages = DeskPages(prepared)
            with monkeypatch.context() as patched:
                patched.setattr(durable, "disk", Killing(moment))
                try:
                    pages.keep()
                except Killed:
                    is_over = False
                else:
                    is_over = True
            assert prepared.run(*QUESTION) == expected
            del loads[:]
            assert prepared.run(*QUESTION) == expected
            assert loads == []
        if is_over:
            break
    assert moment > 4


def test_a_job_is_done_once_after_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not twice at a time; who fails is asked again the next time."""
    monkeypatch.setattr(background, "Timer", Timer)
    monkeypatch.setattr(background, "FIRST_THE_DESK", 0.0)
    begun, may_end, ended = Event(), Event(), Event()
    seen: list[str] = []

    def job() -> None:
        seen.append(f"begun {get_ident() == here}")
        begun.set()
        may_end.wait(10)
        seen.append("ended")
        if seen.count("ended") == 2:
            ended.set()
        raise OSError

    here = get_ident()
    afterwards = Afterwards(job)
    afterwards.begin()
    assert begun.wait(10)
    # Asked for again while it is done: once more is enough.
    for _time in range(3):
        afterwards.begin()
    may_end.set()
    assert ended.wait(10)
    afterwards.run()
    assert seen == ["begun False", "ended"] * 2 + ["begun True", "ended"]
