"""What every command that changes the books does alike: one unit of work stands under them all."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from ledger.base.books_folder import LOCK_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.books.books import BooksBroken
from ledger.books.consistency import BooksBehind
from ledger.keys.places import witness_path
from ledger.model.ids import BatchId
from ledger.registry.registry import Registry
from ledger.services.payee_records import set_active
from ledger.services.submission import plan_submission
from ledger.services.submission import submit
from ledger.services.unit_of_work import unit_of_work
from tests.support.acting import actor_of
from tests.support.acting import clock
from tests.support.office import Office
from tests.support.office import day
from tests.support.writing_commands import COMMANDS
from tests.support.writing_commands import Command
from tests.support.writing_commands import each

CHANGING = [one for one in COMMANDS if not one.name.startswith(("init", "report"))]
# Records of people, which are kept while the ledger is corrected; no event follows a broken one.
WITH_ERRORS = {
    "import roster", "import correction", "import later roster", "payees confirm",
    "payees decline", "payees set-bank-name", "payees set-post", "payees deactivate",
    "payees activate", "payees distinguish", "imports take-back", "import corrected roster",
}  # fmt: skip


def copied(office: Office, name: str) -> Office:
    """Another office that stands where this one does."""
    desk = office.folder.parent
    copy = shutil.copytree(desk, desk.with_name(f"{desk.name}-{name}"))
    books = copy / office.folder.name
    witness_path(copy / office.key.name).unlink(missing_ok=True)
    return Office(books, copy / office.key.name, office.capture)


def files_of(office: Office) -> dict[str, bytes]:
    return {
        str(path.relative_to(office.folder)): path.read_bytes()
        for path in office.folder.rglob("*")
        if path.is_file() and path.name != LOCK_FILE
    }


@each(CHANGING)
def test_a_command_that_must_not_changes_nothing(funded: Office, command: Command) -> None:
    """Without the key, on a ledger with errors, and where books and registry disagree."""
    command.prepare(funded)

    keyless = copied(funded, "keyless")
    keyless.key.unlink()
    before = files_of(keyless)
    assert command.run(keyless).status == 1
    assert files_of(keyless) == before

    broken = copied(funded, "broken")
    broken.hand('2020-11-09 * "错"\n  Assets:1002银行存款:01滕州农商行  1.00 CNY')
    events = broken.events()
    answer = command.run(broken)
    assert (answer.status == 0) == (command.name in WITH_ERRORS), answer
    assert broken.events() == events

    behind = copied(funded, "behind")
    with behind.registry() as registry:
        registry.anchors.pend([(99, "f" * 64)])
        registry.anchors.settle(99)
    before = files_of(behind)
    answer = command.run(behind)
    assert answer.status == 1
    assert files_of(behind) == before


def test_who_acts_and_when_are_those_of_the_door(funded: Office) -> None:
    """Whatever the machine's own user and clock are, in events and in the registry's log."""
    funded.disburse()
    moments = iter(range(60))

    def slow() -> datetime.datetime:
        zone = datetime.timezone(datetime.timedelta(hours=8))
        return datetime.datetime(2020, 11, 12, 9, 0, next(moments), 999, zone)

    with funded.work(clock=slow) as work:
        submit(work, plan_submission(work, BatchId("B2020-001"), day("2020-11-12")))
        set_active(work, [work.registry.payees()[0]], False, "辞职", day("2020-11-12"))
        change = work.registry.changes(1)[-1]
        content = work.registry.original_content(change.source.sha256).decode()
    text = funded.events()[-1].read_text(encoding="utf-8")
    assert 'by: "O01"' in text
    assert 'recorded: "2020-11-12T09:00:01+08:00"' in text
    assert (change.changed_by, change.changed_at) == ("O01", "2020-11-12T09:00:02+08:00")
    assert '"at": "2020-11-12T09:00:02+08:00", "by": "O01"' in content


def test_a_day_is_ahead_by_the_clock_of_the_door(funded: Office) -> None:
    funded.disburse()

    def early() -> datetime.datetime:
        return datetime.datetime(2020, 10, 11, tzinfo=datetime.UTC)

    with funded.work(clock=early) as work:
        with pytest.raises(Exception, match="2020-11-12 is more than 31 days ahead"):
            plan_submission(work, BatchId("B2020-001"), day("2020-11-12"))
        plan_submission(work, BatchId("B2020-001"), day("2020-11-11"))


def test_the_registry_is_opened_under_the_lock_and_closed(funded: Office) -> None:
    opened: list[Registry] = []

    def open_registry() -> Registry:
        assert (funded.folder / LOCK_FILE).exists()
        opened.append(funded.registry())
        return opened[-1]

    with unit_of_work(
        funded.folder,
        actor_of(funded.folder, funded.key),
        clock,
        open_registry,
        witness_path(funded.key),
    ) as work:
        assert work.registry.serials()
    with pytest.raises(Exception, match="closed"):
        opened[0].serials()


def test_work_that_knows_people_refuses_before_anything_else(funded: Office) -> None:
    with funded.registry() as registry:
        registry.anchors.pend([(7, "0" * 64)])
        registry.anchors.settle(7)
    before = Path(funded.folder / REGISTRY_FILE).read_bytes()
    with (
        pytest.raises(BooksBehind),
        funded.work(with_errors=True),
    ):
        pytest.fail("no work is done on books that were put back")
    assert (funded.folder / REGISTRY_FILE).read_bytes() == before
    funded.hand("2020-01-01 nonsense")
    with pytest.raises(BooksBroken), funded.work():
        pytest.fail("no event follows a broken ledger")


def test_records_are_changed_in_a_transaction_or_not_at_all(funded: Office) -> None:
    """What nobody is named for is not done, nor with the stamp of the transaction before it."""
    with funded.work() as work:
        with work.changing_records() as registry:
            registry.keep_original("a", "roster", b"a")
        with pytest.raises(AttributeError):
            registry.keep_original("b", "roster", b"b")
        assert "b" not in registry.original_names().values()
