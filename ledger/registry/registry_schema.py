"""The tables of the registry, and how a registry of an earlier version comes to have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal

SCHEMA = Path(__file__).parent / "registry.sql"
VERSION = 3

_HELD_CHANGES = """
create table held_changes (
    id          integer primary key,
    serial      integer not null references payees,
    field       text not null,
    old         text not null,
    new         text not null,
    source      text not null references originals,
    sheet       text not null,
    row         integer not null,
    held_by     text not null,
    held_at     text not null,
    verdict     text not null default ''
        check (verdict in ('', 'confirmed', 'declined', 'overtaken')),
    reason      text not null default '',
    decided_by  text not null default '',
    decided_at  text not null default ''
) strict
"""

# What makes a registry of each version one of the next.
STEPS: dict[int, tuple[str, ...]] = {
    2: (
        "alter table changes add column reason text not null default ''",
        _HELD_CHANGES,
        "create unique index open_changes on held_changes (serial, field) where verdict = ''",
    ),
}


class VersionUnknown(Refusal):
    """A registry of a version that this program does not know."""

    def __init__(self, version: int) -> None:
        message = _(
            "the registry is of version {version}, and this census-ledger knows version {known}:"
            " use the census-ledger that these books were last opened with, or a newer one"
        )
        super().__init__(
            message.format(version=version, known=VERSION), version=version, known=VERSION
        )


def create_tables(connection: Any) -> None:
    """Make the tables of a new registry."""
    connection.executescript(SCHEMA.read_text(encoding="utf-8"))


def bring_up_to_date(connection: Any) -> None:
    """Bring a registry of an earlier version up to this one, wholly or not at all.

    Raises VersionUnknown, and the driver's error when the file cannot be written.
    """
    if _version(connection) == VERSION:
        return
    connection.execute("begin immediate")
    try:
        # Read again: another command may have been here while this one waited.
        version = _version(connection)
        while version < VERSION:
            if version not in STEPS:
                raise VersionUnknown(version)
            for statement in STEPS[version]:
                connection.execute(statement)
            version += 1
            connection.execute(f"pragma user_version = {version}")
        if version > VERSION:
            raise VersionUnknown(version)
        connection.execute("commit")
    except (Refusal, sqlcipher3.Error):
        connection.execute("rollback")
        raise


def _version(connection: Any) -> int:
    (version,) = connection.execute("pragma user_version").fetchone()
    return int(version)
