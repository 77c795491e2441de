"""What a command works at: the folder of the books, the key, who acts and when, how to answer.

Here, and nowhere below, the system is asked for the login name, the clock and chance.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

import click

from ledger.base.language import gettext as _

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ledger.base.actor_and_clock import Actor
    from ledger.registry.registry import Registry
    from ledger.services.unit_of_work import Work

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Context:
    """The options that every command shares."""

    folder: Path = field(default_factory=Path)
    key_file: Path | None = None
    as_json: bool = False

    @property
    def actor(self) -> Actor:
        """The user, by the login name, or ``unknown`` where the system has none."""
        import getpass

        from ledger.base.actor_and_clock import Actor
        from ledger.base.outside_text import cleaned

        try:
            return Actor(cleaned(getpass.getuser()).strip() or "unknown")
        except (KeyError, ImportError, OSError):
            return Actor("unknown")

    def clock(self) -> datetime.datetime:
        """Now, with the offset of the local time."""
        return datetime.datetime.now().astimezone()

    def today(self) -> datetime.date:
        return self.clock().date()

    def random_hex(self, size: int) -> str:
        """So many bytes of chance, fit for keys."""
        import secrets

        return secrets.token_hex(size)

    def work(self, *, with_errors: bool = False) -> AbstractContextManager[Work]:
        """A unit of work on the books, with the registry."""
        from ledger.services.unit_of_work import unit_of_work

        return unit_of_work(
            self.folder, self.actor, self.clock, self.registry, with_errors=with_errors
        )

    def registry(self) -> Registry:
        """Open the registry of the books. Raises a Refusal when it does not open."""
        from ledger.base.books_folder import REGISTRY_FILE
        from ledger.books.books import require_books
        from ledger.books.settings import read_settings
        from ledger.registry.key_file import key_path
        from ledger.registry.key_file import read_key
        from ledger.registry.registry import Registry

        require_books(self.folder)
        settings = read_settings(self.folder)
        key = read_key(key_path(settings.key, self.key_file))
        return Registry(self.folder / REGISTRY_FILE, key)


def _answer_in_json(context: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    context.find_object(Context).as_json = value  # type: ignore[union-attr]
    return value


def json_option(command: Command) -> Command:
    """``--json``: one JSON object on stdout and nothing else there."""
    return click.option(
        "--json",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_answer_in_json,
        help=_("Answer with one JSON object."),
    )(command)


def date_option(command: Command) -> Command:
    """``--date D``: the day that counts, today by default."""

    def as_date(
        context: click.Context, _parameter: click.Parameter, value: datetime.datetime | None
    ) -> datetime.date:
        return value.date() if value else context.find_object(Context).today()  # type: ignore[union-attr]

    return click.option(
        "--date",
        "on",
        type=click.DateTime(formats=["%Y-%m-%d"]),
        callback=as_date,
        metavar="YYYY-MM-DD",
        help=_("The day that counts. Default: today."),
    )(command)
