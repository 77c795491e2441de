"""``accept-older``: older books are gone on with once an event says what is lost, and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.books.consistency import BooksBehind
from ledger.books.consistency import RegistryBehind
from ledger.books.consistency import require_anchored
from ledger.events.event_file import digests_of_events
from ledger.registry.anchors import AnchorState
from tests.support.beginnings import beginning
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.crash import dying
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import codes


@beginning
def older(funded: Office) -> Office:
    """Event 2, by which a batch was submitted, is lost."""
    assert funded.disburse().status == 0
    assert funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    funded.lose_events(1)
    return funded


def states(office: Office) -> list[tuple[int, str]]:
    with office.registry() as registry:
        return [(one.seq, one.state.value) for one in registry.anchors.all()]


def accept(office: Office) -> Answer:
    return office.run("accept-older", "--reason", "硬盘坏了", "--yes", "--json")


def test_the_event_names_what_is_lost(older: Office) -> None:
    with older.registry() as registry:
        lost = next(one.sha256 for one in registry.anchors.all() if one.seq == 2)
    assert accept(older).status == 0
    text = older.events()[-1].read_text(encoding="utf-8")
    assert f'missing: "2 {lost}"' in text
    assert states(older) == [(0, "certain"), (1, "certain"), (2, "certain")]
    assert older.check() == []
    assert older.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-12").status == 0


def test_it_is_lost_until_that_event_is_in(older: Office) -> None:
    """A command that was killed between the two has accepted nothing."""
    with older.registry() as registry:
        registry.anchors.accept(digests_of_events(older.folder))
        registry.anchors.pend([(2, "a" * 64)])
        with pytest.raises(BooksBehind):
            require_anchored(older.folder, registry)
    assert older.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-12").status == 1
    assert (2, AnchorState.LOST.value) in states(older)
    assert accept(older).status == 0
    assert 'missing: "2 ' in older.events()[-1].read_text(encoding="utf-8")
    assert older.check() == []


def test_events_that_the_registry_does_not_know_are_learnt_with_it(funded: Office) -> None:
    """The registry is the older one."""
    assert funded.disburse().status == 0
    with funded.registry() as registry, registry.file.all_or_none():
        registry.file.execute("delete from anchors where seq = 1")
    with funded.registry() as registry:
        registry.anchors.accept(digests_of_events(funded.folder))
        with pytest.raises(RegistryBehind):
            require_anchored(funded.folder, registry)


def test_another_machine_that_has_seen_what_is_lost_reads_that_it_is(
    older: Office, tmp_path: Path
) -> None:
    """Nobody has to accept it twice."""
    other = older.copied(tmp_path / "other", seen=True)
    assert accept(older).status == 0
    for name in ("events", "HEAD", "registry.db"):
        path = other.folder / name
        if path.is_dir():
            shutil.rmtree(path)
            shutil.copytree(older.folder / name, path)
        else:
            shutil.copy(older.folder / name, path)
    assert other.check() == []
    assert other.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-12").status == 0
    assert accept(other).status == 1


def test_a_registry_that_lost_an_entry_is_gone_on_with(funded: Office) -> None:
    """A change of a phone is lost, which the witness and a batch know of."""
    with funded.registry() as registry:
        before = registry.log.head()
    changed = (
        "payees",
        "deactivate",
        "P000006",
        "--reason",
        "辞职",
        "--yes",
        "--date",
        "2020-11-01",
    )
    assert funded.run(*changed).status == 0
    assert funded.disburse().status == 0
    with funded.registry() as registry, registry.file.all_or_none():
        for statement in (
            "delete from changes where entry = 3",
            "delete from log_entries where number = 3",
            "update payees set active = 1",
        ):
            registry.file.execute(statement)
    with funded.registry() as registry:
        assert registry.log.head() == before
    assert {"registry", "witness"} <= codes(funded.check())
    assert accept(funded).status == 0
    assert "missing-log:" in funded.events()[-1].read_text(encoding="utf-8")
    assert funded.check() == []


def test_nothing_is_accepted_that_is_not_lost(funded: Office) -> None:
    answer = funded.run("accept-older", "--reason", "试", "--yes", "--json")
    assert (answer.status, answer.json["code"]) == (1, "nothing-to-accept")


@needs_fork
def test_a_command_that_is_killed_has_accepted_or_not(older: Office, tmp_path: Path) -> None:
    """Whichever it was, the next one goes on, and what is lost is said once."""
    found = set()
    for moment in range(1, 100):
        office = older.copied(tmp_path / str(moment), seen=True)
        answer = in_child(lambda: dying(moment, lambda: accept(office)))  # noqa: B023
        is_in = len(office.events()) == 3
        found.add(is_in)
        assert (office.check() == []) == is_in
        assert accept(office).status == (1 if is_in else 0)
        said = [path.read_text(encoding="utf-8") for path in office.events()]
        assert sum('"accepted"' in text and 'missing: "2 ' in text for text in said) == 1
        assert office.check() == []
        if answer is not None:
            break
    assert found == {True, False}
