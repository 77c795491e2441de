"""What a command works at: the folder of the books, the key, who acts and when, how to answer.

Here, and nowhere below, the system is asked for the clock and for chance, and an operator for the
passphrase.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

import click

from ledger.base.language import gettext as _
from ledger.base.records import Mutable
from ledger.base.records import field
from ledger.base.refusals import Refusal
from ledger.model.programme import Programme

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ledger.base.actor_and_clock import Actor
    from ledger.books.books import Books
    from ledger.registry.registry import Registry
    from ledger.services.unit_of_work import Work
    from ledger.services.workplace import Workplace

Command = TypeVar("Command", bound=Callable[..., Any])


class Context(Mutable):
    """The options that every command shares."""

    folder: Path = field(default_factory=Path)
    key_file: Path | None = None
    as_json: bool = False
    operator: str | None = None

    def clock(self) -> datetime.datetime:
        """Now, with the offset of the local time."""
        return datetime.datetime.now().astimezone()

    def programme(self) -> Programme:
        """The programme of the books. Raises NoBooks or MalformedToml."""
        from ledger.books.books import require_books
        from ledger.model.programme_file import read_programme

        require_books(self.folder)
        return read_programme(self.folder)

    def today(self) -> datetime.date:
        return self.clock().date()

    def random_hex(self, size: int) -> str:
        """So many bytes of chance, fit for keys."""
        import secrets

        return secrets.token_hex(size)

    @contextmanager
    def work(
        self,
        *,
        by: Actor | None = None,
        with_errors: bool = False,
        signs: bool = True,
        older: bool = False,
    ) -> Iterator[Work]:
        """A unit of work on the books, with the registry. What is only tried is not signed.

        ``by`` is somebody else than the operator of this machine.
        """
        from ledger.cli.terminal.output import print_marked

        actor = by or self.actor(signs=signs)
        place = self.workplace()
        with place.work(actor, self.clock, with_errors=with_errors, older=older) as work:
            print_marked(work.books.marked)
            yield work
        if work.seen is None and work.has_written:
            message = _(
                "This machine had never written to these books, and the event says so: compare the"
                " batches before it with paper."
            )
            click.echo(message, err=True)

    def work_of_nobody(self) -> AbstractContextManager[Work]:
        """A unit of work that holds the lock and makes no event. The ledger may have errors."""
        from ledger.base.actor_and_clock import Actor

        return self.work(by=Actor(self.operator or ""), with_errors=True)

    def books(self) -> Books:
        """The books for reading, by what was kept of them where that is proven.

        Raises what loading them raises.
        """
        from ledger.books.recovery import load_recovered

        snapshot: Path | None = None
        with suppress(Refusal):  # Which loading says again, in its own order.
            snapshot = self.workplace().snapshot_file()
        return load_recovered(self.folder, snapshot=snapshot)

    def workplace(self) -> Workplace:
        """The books and where the user's keys for them are."""
        from ledger.services.workplace import Workplace

        return Workplace(self.folder, self.key_file)

    def registry_key(self) -> Path:
        """Where the registry's key is; the other files of the user lie beside it."""
        return self.workplace().registry_key()

    def witness_file(self) -> Path:
        """Where this machine remembers what it has seen of the books."""
        return self.workplace().witness_file()

    def registry(self) -> Registry:
        """Open the registry of the books. Raises a Refusal when it does not open."""
        return self.workplace().registry()

    def registry_if_key(self) -> AbstractContextManager[Registry | None]:
        """The same; None where the key is not on this machine: what needs text alone goes on."""
        from contextlib import nullcontext

        from ledger.keys.registry_key import KeyMissing

        try:
            return self.registry()
        except KeyMissing:
            return nullcontext()

    def actor(self, *, signs: bool = True) -> Actor:
        """The operator who acts; one who signs has opened the key.

        Raises OperatorUnknown when nobody is named, or a refusal of the key.
        """
        from ledger.base.actor_and_clock import Actor
        from ledger.cli.terminal.passphrases import passphrase_of

        operator = self.operator or self.workplace().default_operator()
        if operator is None:
            raise OperatorUnknown
        if not signs:
            return Actor(operator)
        key = self.workplace().operator_key(operator)
        return Actor(operator, key.open(passphrase_of(operator) if key.has_passphrase else ""))

    def has_passphrase(self) -> bool:
        """Whether the key of the operator who acts wants one."""
        operator = self.actor(signs=False).operator
        return self.workplace().operator_key(operator).has_passphrase


class OperatorUnknown(Refusal):
    """Nobody is named who works on this machine."""

    def __init__(self) -> None:
        super().__init__(_("nothing says which operator works here"))


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


def stage_option(command: Command) -> Command:
    """``--stage S``: the stage that is meant."""
    return click.option("--stage", "stage", metavar="S", help=_("This stage, such as S1."))(command)


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
