"""A registry of an earlier version comes to the tables of this one, wholly or not at all."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from ledger.registry.change_log import Source
from ledger.registry.registry import Registry
from ledger.registry.registry import RegistryRefused
from ledger.registry.registry_schema import VERSION
from ledger.registry.registry_schema import VersionUnknown
from tests.support.acting import stamped
from tests.support.checkout import CHECKOUT
from tests.support.office import made_up

KEY = "00" * 32
OF_VERSION_2 = CHECKOUT / "tests" / "support" / "data" / "registry_of_version_2.sql"
ON = datetime.date(2020, 11, 10)


def opened(path: Path) -> Any:
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute(f"pragma key = \"x'{KEY}'\"")
    return connection


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A registry of version 2 with one payee, whose phone was changed."""
    path = tmp_path / "registry.db"
    connection = opened(path)
    connection.executescript(OF_VERSION_2.read_text(encoding="utf-8"))
    payee = made_up(1)
    connection.execute(
        "insert into payees values (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        (payee.legal_name, payee.bank_name, payee.identity, payee.role, payee.town, payee.area,
         payee.area_name, payee.block, "2", payee.bank, payee.account),
    )  # fmt: skip
    connection.execute(
        "insert into originals values ('s', 'a.xlsx', 'roster', x'61', '2020-10-01', 'me')"
    )
    for field, old, new in (("added", "", ""), ("phone", "1", "2")):
        connection.execute(
            "insert into changes (serial, field, old, new, source, sheet, row, changed_by,"
            " changed_at, day, known_event) values (1, ?, ?, ?, 's', 'S', 2, 'me', '2020-10-01',"
            " '2020-10-01', 0)",
            (field, old, new),
        )
    connection.close()
    return path


def tables(path: Path) -> list[tuple[str, str]]:
    """Every table and index with its columns, as SQLite understands it."""
    connection = opened(path)
    names = connection.execute("select name from sqlite_master order by name").fetchall()
    found = [
        (name, str(connection.execute(f"pragma table_xinfo('{name}')").fetchall()))
        for (name,) in names
    ]
    connection.close()
    return found


def version(path: Path) -> int:
    connection = opened(path)
    (number,) = connection.execute("pragma user_version").fetchone()
    connection.close()
    return int(number)


def test_an_old_registry_has_everything_that_it_had(old: Path) -> None:
    with Registry(old, KEY) as registry:
        (payee,) = registry.payees()
        assert (payee.legal_name, payee.phone) == (made_up(1).legal_name, "2")
        logged = [(one.field, one.new, one.reason) for one in registry.changes(1)]
        assert logged == [("added", "", ""), ("phone", "2", "")]
        assert registry.held_changes() == []
        assert registry.damage() == []
        with registry.transaction(stamped()):
            registry.hold(payee, {"bank": (payee.bank, "某行")}, Source("s", "S", 2))
            registry.change(payee, {"phone": ("2", "3")}, Source("s", "S", 2), on=ON, reason="因")
        assert [one.field for one in registry.held_changes()] == ["bank"]
        assert registry.changes(1)[-1].reason == "因"
    assert version(old) == VERSION


def test_old_and_new_registries_are_alike(old: Path, tmp_path: Path) -> None:
    Registry(old, KEY).close()
    new = tmp_path / "new.db"
    Registry.create(new, KEY).close()
    assert tables(old) == tables(new)


def test_it_is_done_wholly_or_not_at_all(old: Path) -> None:
    """The last step cannot be done: nothing is, and the registry is what it was."""
    connection = opened(old)
    connection.execute("create table held_changes (x text)")
    connection.close()
    before = tables(old)
    with pytest.raises(RegistryRefused, match="nothing was changed"):
        Registry(old, KEY)
    assert (version(old), tables(old)) == (2, before)


@pytest.mark.parametrize("number", [1, VERSION + 1])
def test_a_version_that_is_not_known_is_left_alone(old: Path, number: int) -> None:
    connection = opened(old)
    connection.execute(f"pragma user_version = {number}")
    connection.close()
    with pytest.raises(VersionUnknown, match=f"of version {number}"):
        Registry(old, KEY)
    assert version(old) == number
