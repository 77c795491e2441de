"""The registry knows of every event: before it is in the books, and for certain after."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.base import durable
from ledger.base.books_folder import HEAD_FILE
from ledger.base.digests import digest
from ledger.registry.anchors import Anchor
from ledger.registry.anchors import AnchorState
from tests.support.faulty_disk import FullDisk
from tests.support.forged_events import anchored
from tests.support.forged_events import forge
from tests.support.office import Office

pytestmark = pytest.mark.attacks


def anchors(office: Office) -> list[Anchor]:
    with office.registry() as registry:
        return registry.anchors.all()


def certain(office: Office) -> list[Anchor]:
    """What is due of a registry that agrees with the books."""
    digests = [digest(path.read_bytes()) for path in office.events()]
    return [Anchor(seq, sha256, AnchorState.CERTAIN) for seq, sha256 in enumerate(digests)]


def pend(office: Office, seq: int, sha256: str) -> None:
    with office.registry() as registry:
        registry.anchors.pend([(seq, sha256)])


def doubt(office: Office, seq: int) -> None:
    """As a command leaves it that was killed after the event, before the anchor was certain."""
    with office.registry() as registry, registry.file.all_or_none():
        registry.file.execute("update anchors set state = 'pending' where seq = ?", (seq,))


def leave(office: Office) -> None:
    """A command that writes no event."""
    answer = office.run("payees", "deactivate", "P000002", "--reason", "辞职", "--yes")
    assert answer.status == 0, answer


def test_every_event_is_certain_from_the_first_on(funded: Office) -> None:
    assert len(certain(funded)) == 1
    assert anchors(funded) == certain(funded)
    funded.disburse()
    assert funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    assert len(certain(funded)) == 3
    assert anchors(funded) == certain(funded)
    assert funded.check() == []


def test_what_was_promised_and_is_there_becomes_certain(funded: Office) -> None:
    funded.disburse()
    doubt(funded, 1)
    assert funded.check() == []
    assert [anchor.state for anchor in anchors(funded)] == ["certain", "pending"]
    leave(funded)
    assert anchors(funded) == certain(funded)
    with funded.registry() as registry:
        assert registry.log.entries()[-1].known_event == 1


def test_what_was_promised_and_never_came_is_dropped(funded: Office) -> None:
    pend(funded, 1, "f" * 64)
    pend(funded, 2, "f" * 64)
    assert funded.check() == []
    leave(funded)
    assert anchors(funded) == certain(funded)


def test_what_was_promised_is_written_otherwise(funded: Office) -> None:
    pend(funded, 1, "f" * 64)
    assert funded.disburse().status == 0
    assert anchors(funded) == certain(funded)


def test_another_event_than_the_promised_one_is_not_taken(funded: Office) -> None:
    """Somebody has written the books while a command was dead."""
    pend(funded, 1, "f" * 64)
    forge(funded, "released", batch="", meta='  payees: "P000001"\n  reason: "查"\n')
    refused = funded.disburse()
    assert (
        "or these were not written by this program: it does not hold event 1"
        in refused.json["error"]
    )
    assert [error["code"] for error in funded.check()][-1] == "registry"


def test_an_event_that_the_tool_has_not_written_is_refused(funded: Office) -> None:
    """Rightly named and chained, and HEAD with it; only the registry was not told."""
    forge(funded, "released", batch="", meta='  payees: "P000001"\n  reason: "查"\n')
    assert "does not hold event 1" in funded.disburse().json["error"]
    anchored(funded)
    assert "does not hold" not in funded.disburse().json.get("error", "")


@pytest.mark.parametrize("seq", [0, 1])
def test_an_event_that_the_registry_is_certain_of_stays(funded: Office, seq: int) -> None:
    """The newest of them gone and HEAD with it, or another in its place."""
    funded.disburse()
    with funded.registry() as registry, registry.file.all_or_none():
        registry.file.execute("update anchors set sha256 = ? where seq = ?", ("f" * 64, seq))
    refused = funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11", "--json")
    assert f"older than the registry: event {seq}" in refused.json["error"]
    assert [error["code"] for error in funded.check()] == ["registry"]


def test_books_that_went_back_write_nothing_at_all(funded: Office) -> None:
    """Nor is what is pending settled."""
    funded.disburse()
    funded.events()[1].unlink()
    first = digest(funded.events()[0].read_bytes())
    (funded.folder / HEAD_FILE).write_text(f"0 {first}\n", encoding="ascii")
    pend(funded, 2, "e" * 64)
    before = (funded.folder / "registry.db").read_bytes()
    assert "event 1" in funded.disburse().json["error"]
    assert (funded.folder / "registry.db").read_bytes() == before


def test_an_event_that_the_disk_refuses_stays_promised(funded: Office) -> None:
    """It is certain of no event that is not in the books, and of every one that is."""
    for moment in range(1, 60):
        durable.disk = FullDisk(moment)
        try:
            refused = funded.disburse()
        finally:
            durable.disk = durable.Disk()
        assert [one for one in anchors(funded) if one.state == "certain"] == certain(funded)
        if refused.status == 0:
            break
    assert moment > 3


class Interrupted(FullDisk):
    """Ctrl-C, at the n-th moment and not before the operation but after it."""

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        if path.name == "events":
            raise KeyboardInterrupt


def test_ctrl_c_when_the_event_is_in_and_nobody_knows_it(funded: Office) -> None:
    durable.disk = Interrupted(1000)
    try:
        funded.disburse()
    finally:
        durable.disk = durable.Disk()
    assert len(funded.events()) == 2
    assert [anchor.state for anchor in anchors(funded)] == ["certain", "pending"]
    assert funded.check() == []
    leave(funded)
    assert anchors(funded) == certain(funded)


def test_what_was_promised_may_be_promised_otherwise(funded: Office) -> None:
    """What a salt or a second makes another event of."""
    with funded.registry() as registry:
        registry.anchors.pend([(1, "a" * 64), (2, "b" * 64)])
        registry.anchors.pend([(1, "c" * 64)])
        registry.anchors.settle(1)
        assert registry.anchors.all()[1:] == [Anchor(1, "c" * 64, AnchorState.CERTAIN)]
        assert registry.anchors.newest_certain() == 1
