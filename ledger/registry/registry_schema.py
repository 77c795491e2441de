"""The tables of the registry, and the number that says which ones it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal

SCHEMA = Path(__file__).parent / "registry.sql"
VERSION = 5


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


def require_known(connection: Any) -> None:
    """Raises VersionUnknown for a registry with other tables."""
    (version,) = connection.execute("pragma user_version").fetchone()
    if version != VERSION:
        raise VersionUnknown(int(version))
