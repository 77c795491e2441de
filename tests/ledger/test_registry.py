"""The registry: everything personal, encrypted, with a log of every change."""

from __future__ import annotations

import datetime
from contextlib import suppress
from pathlib import Path

import pytest

from ledger.events.event_file import NOTHING_BEFORE
from ledger.registry.change_log import Source
from ledger.registry.registry import Registry
from ledger.registry.registry_file import RegistryRefused
from tests.support.acting import stamped
from tests.support.forged_events import exchange_rows
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import made_up

TODAY = datetime.date.today()


def test_payees_come_back_as_they_went_in_with_serials(office: Office) -> None:
    added = office.register(3)
    assert [payee.serial for payee in added] == [1, 2, 3]
    assert added[0].payee_id == "P000001"
    with office.registry() as registry:
        assert registry.payees() == added
    assert [payee.serial for payee in office.register(1)] == [4]


def test_a_transaction_that_fails_leaves_nothing(office: Office) -> None:
    with office.registry() as registry:
        with pytest.raises(RuntimeError), registry.transaction(stamped()):
            source = Source(registry.keep_original("a.xlsx", "roster", b"a"), "Sheet1", 2)
            registry.add([(made_up(1), source)], on=TODAY)
            raise RuntimeError
        assert registry.payees() == []


def test_joined_transactions_are_made_together_or_not_at_all(office: Office) -> None:
    """Each stays an entry of the log; one that fails takes all with it, whoever catches it."""

    def register(registry: Registry, number: int) -> None:
        with registry.transaction(stamped()):
            content = str(number).encode()
            source = Source(registry.keep_original(f"{number}.xlsx", "roster", content), "表", 2)
            registry.add([(made_up(number), source)], on=TODAY)
            if number == 3:
                raise ValueError

    with office.registry() as registry:
        with registry.file.joined():
            register(registry, 1)
            register(registry, 2)
        with pytest.raises(RuntimeError, match="part"), registry.file.joined():
            register(registry, 4)
            with suppress(ValueError):
                register(registry, 3)
        with pytest.raises(KeyError), registry.file.joined():
            register(registry, 5)
            raise KeyError
        assert [payee.serial for payee in registry.payees()] == [1, 2]
        assert len(registry.log.entries()) == 2
        register(registry, 6)
    with office.registry() as registry:
        assert [payee.serial for payee in registry.payees()] == [1, 2, 3]


def test_frozen_rows_are_kept_once_under_their_digest(office: Office) -> None:
    with office.registry() as registry:
        (first,) = registry.keep_frozen(b"rows of a batch")
        assert registry.keep_frozen(b"rows of a batch") == [first]
        assert registry.frozen(first) == b"rows of a batch"
        assert registry.frozen(NOTHING_BEFORE) is None


def test_what_is_read_ahead_is_proven_as_what_is_read_at_once(office: Office) -> None:
    with office.registry() as registry:
        right, other, damaged = registry.keep_frozen(b"rows", b"others", b"damaged" * 100)
        with registry.file.all_or_none():
            exchange_rows(registry, other, b"forged")
            cut = "update frozen_rows set content = substr(content, 1, 9) where sha256 = ?"
            registry.file.execute(cut, (damaged,))
        names = (right, other, damaged, NOTHING_BEFORE)
        at_once = [registry.sealed(name) for name in names]
        for name in names:
            registry.read_ahead(name)
        assert [registry.sealed(name) for name in names] == at_once == [b"rows", None, None, None]


def test_frozen_rows_that_are_damaged_are_nothing_that_was_sealed(office: Office) -> None:
    with office.registry() as registry:
        (first,) = registry.keep_frozen(b"rows of a batch" * 100)
        with registry.file.all_or_none():
            registry.file.execute("update frozen_rows set content = substr(content, 1, 20)")
        assert registry.frozen(first) == b""


def test_nobody_reads_the_file_without_the_key(office: Office) -> None:
    """What is on the disk holds no name, no number and not even SQLite's header."""
    payees = office.register(50)
    content = (office.folder / "registry.db").read_bytes()
    assert not content.startswith(b"SQLite format 3")
    for payee in payees:
        for secret in (payee.identity, payee.account, payee.phone, payee.legal_name):
            assert secret.encode() not in content


def test_a_damaged_page_is_found(office: Office) -> None:
    office.register(200)
    path = office.folder / "registry.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with office.registry() as registry:
        assert registry.file.damage() != []
    (error,) = office.check()
    assert (error["file"], error["code"]) == ("registry.db", "registry")
    assert "restore books and registry from the same backup" in error["message"]
    assert "\n" not in error["message"]


def test_a_change_is_logged_with_old_new_and_source(office: Office) -> None:
    (payee,) = office.register(1)
    with office.registry() as registry:
        with registry.transaction(stamped()):
            source = Source(registry.keep_original("b.xlsx", "roster", b"b"), "普查员", 7)
            registry.change(payee, {"phone": (payee.phone, "13900000000")}, source, on=TODAY)
        assert registry.payees()[0].phone == "13900000000"
        logged = registry.changes(payee.serial)
    assert [(change.field, change.old, change.new) for change in logged] == [
        ("added", "", ""),
        ("phone", payee.phone, "13900000000"),
    ]
    assert (logged[1].source.sheet, logged[1].source.row) == ("普查员", 7)


def test_what_was_changed_by_a_file_and_since(office: Office) -> None:
    """Whatever the order in which the files came and their changes were made."""
    with office.registry() as registry:
        with registry.transaction(stamped()):
            one, two = (registry.keep_original(name, "roster", name.encode()) for name in "ab")
            new = [(made_up(n), Source(one, "甲", n)) for n in (1, 2)]
            (payee, other) = registry.add(new, on=TODAY)
            registry.change(payee, {"phone": (payee.phone, "1")}, Source(two, "乙", 3), on=TODAY)
            registry.change(other, {"bank": (other.bank, "某行")}, Source(one, "甲", 2), on=TODAY)
        assert [change[:2] for change in registry.changes_since(one)] == [
            (1, "added"),
            (2, "added"),
            (1, "phone"),
            (2, "bank"),
        ]
        assert registry.changes_since(two) == [
            (1, "phone", Source(two, "乙", 3)),
            (2, "bank", Source(one, "甲", 2)),
        ]
        assert registry.changes_since(NOTHING_BEFORE) == []


def test_the_record_of_a_day_is_as_it_was(office: Office) -> None:
    """Whoever came later is not there, and what was corrected later is not corrected yet."""
    with office.registry() as registry:
        with registry.transaction(stamped()):
            source = Source(registry.keep_original("a.xlsx", "roster", b"a"), "Sheet1", 2)
            (early,) = registry.add([(made_up(1), source)], on=day("2020-10-01"))
            registry.add([(made_up(2), source)], on=day("2020-11-01"))
            phone = {"phone": (early.phone, "1")}
            registry.change(early, phone, source, on=day("2020-12-01"))
            registry.change(early, {"phone": ("1", "2")}, source, on=day("2020-12-03"))
            # Entered last, and dated before the one above.
            registry.change(early, {"bank": (early.bank, "某行")}, source, on=day("2020-12-02"))

        def on(text: str, prepared: int = -1) -> list[tuple[int, str, bool]]:
            people = registry.payees_as_of(day(text), prepared)
            return [(one.serial, one.phone, one.bank == "某行") for one in people]

        assert on("2020-09-30") == []
        assert on("2020-10-01") == [(1, early.phone, False)]
        assert on("2020-11-30") == [(1, early.phone, False), (2, made_up(2).phone, False)]
        assert on("2020-12-01")[0] == (1, "1", False)
        assert on("2020-12-02")[0] == (1, "1", True)
        assert on("2020-12-03")[0] == (1, "2", True)


def test_a_batch_is_made_from_the_registry_as_it_stood(office: Office) -> None:
    """Whatever day was given to a change: what a batch was made from was there on its day."""
    with office.registry() as registry:
        with registry.transaction(stamped()):
            source = Source(registry.keep_original("a.xlsx", "roster", b"a"), "Sheet1", 2)
            registry.add([(made_up(1), source)], on=day("2021-01-01"))
        registry.anchors.pend([(3, "0" * 64)])
        registry.anchors.settle(3)
        with registry.transaction(stamped()):
            registry.add([(made_up(2), source)], on=day("2021-01-01"))
        before, after = (registry.payees_as_of(day("2020-11-10"), seq) for seq in (-1, 3))
        assert (len(before), len(after)) == (0, 1)


def test_a_missing_registry_says_what_to_do(office: Office, tmp_path: Path) -> None:
    (office.folder / "registry.db").unlink()
    refused = office.run("status", "--json")
    assert refused.status == 1
    assert "restore it from a backup" in refused.json["error"]
    assert not (office.folder / "registry.db").exists()
    with pytest.raises(Exception, match="restore"):
        Registry(tmp_path / "none.db", "00" * 32)


def test_a_registry_that_cannot_be_written_is_a_refusal(office: Office) -> None:
    with office.registry() as registry:
        registry.file.execute("pragma query_only = on")
        with pytest.raises(RegistryRefused, match="could not be written"):
            registry.keep_frozen(b"rows")
        registry.file.execute("pragma query_only = off")
        assert registry.keep_frozen(b"rows")
