"""``census-ledger operator``: who may sign."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_table
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.model.operators import roles_text

if TYPE_CHECKING:
    from ledger.base.actor_and_clock import Actor

# The one key that is on paper and in no file.
AS_SAFE = click.option(
    "--as",
    "by_safe",
    type=click.Choice(["O00"]),
    help=_("By the key from the safe, which is typed in from its paper."),
)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("operator", help=_("Who may sign what is done in the books."))
def command() -> None:
    pass


@command.command("add", help=_("Name an operator. The new one types a passphrase."))
@click.argument("name", type=click.UNPROCESSED)
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help=_("What the operator is there for. May be given several times."),
)
@AS_SAFE
@date_option
@json_option
@click.pass_obj
def add_operator(
    context: Context, name: str, roles: tuple[str, ...], by_safe: str | None, on: datetime.date
) -> int:
    from ledger.cli.terminal.passphrases import new_passphrase
    from ledger.services.operators import add

    with context.work(by=typed_safe(context) if by_safe else None) as work:
        operator = add(
            work,
            name,
            [Role(role) for role in roles],
            on,
            registry_key=context.registry_key(),
            random_hex=context.random_hex,
            passphrase=new_passphrase(name),
        )
    if context.as_json:
        print_json({"event": work.writer.head.seq, "kind": "operator", **operator_json(operator)})
        return 0
    message = _("Operator {operator} is {name}: {roles}.")
    roles_said = roles_text(operator.roles)
    click.echo(message.format(operator=operator.id, name=operator.name, roles=roles_said))
    return 0


@command.command("list", help=_("Everybody who signs, or has signed."))
@json_option
@click.pass_obj
def list_operators(context: Context) -> int:
    from ledger.services.operators import operators_of

    operators = operators_of(context.books())
    if context.as_json:
        print_json({"operators": [operator_json(one) for one in operators]})
        return 0
    rows: list[list[str | int]] = [
        [one.id, one.name, roles_text(one.roles), "" if one.retired_seq is None else _("retired")]
        for one in operators
    ]
    print_table(_("Operators"), [_("id"), _("name"), _("roles"), ""], rows)
    return 0


@command.command("passphrase", help=_("Put your own key under another passphrase."))
@click.pass_obj
def change(context: Context) -> int:
    from ledger.cli.terminal.passphrases import new_passphrase
    from ledger.cli.terminal.passphrases import passphrase_of
    from ledger.services.operators import change_passphrase

    books = context.books()
    operator = context.actor(signs=False).operator
    change_passphrase(
        books,
        operator,
        passphrase_of(operator) if context.has_passphrase() else "",
        new_passphrase(operator),
        registry_key=context.registry_key(),
        random_hex=context.random_hex,
    )
    message = _("The key of operator {operator} has its new passphrase.")
    click.echo(message.format(operator=operator))
    return 0


@command.command("retire", help=_("Let an operator sign nothing any more."))
@click.argument("operator", metavar="ID")
@click.option("--reason", required=True, help=_("Why; it is kept in the books."))
@AS_SAFE
@date_option
@json_option
@click.pass_obj
def retire_operator(
    context: Context, operator: str, reason: str, by_safe: str | None, on: datetime.date
) -> int:
    from ledger.services.operators import retire

    with context.work(by=typed_safe(context) if by_safe else None) as work:
        retired = retire(
            work,
            operator,
            on,
            reason=reason,
            registry_key=context.registry_key(),
            random_hex=context.random_hex,
        )
    if context.as_json:
        print_json({"event": work.writer.head.seq, "kind": "operator", **operator_json(retired)})
        return 0
    click.echo(_("Operator {operator} signs nothing any more.").format(operator=operator))
    click.echo(
        _(
            "The registry has a new key. Bring it to the other machines with 'census-ledger key"
            " export FILE' and 'census-ledger key import FILE', print a new paper for the safe, and"
            " make a backup: the old key opens old backups alone."
        )
    )
    return 0


@command.command("log", help=_("What was done, by whom and when."))
@click.option("--operator", "who", metavar="ID", help=_("By this operator alone."))
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help=_("From this day on."))
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help=_("Up to this day."))
@json_option
@click.pass_obj
def log(
    context: Context,
    who: str | None,
    first: datetime.datetime | None,
    last: datetime.datetime | None,
) -> int:
    from ledger.services.operators import signed_events

    books = context.books()
    first_day, last_day = (day.date() if day else None for day in (first, last))
    events = list(signed_events(books, who, first_day, last_day))
    if context.as_json:
        fields = ("date", "operator", "recorded", "digest", "reason")
        said = [
            {"kind": one.kind.value, "seq": one.seq}
            | {name: str(getattr(one, name)) for name in fields}
            for one in events
        ]
        print_json({"events": said})
        return 0
    rows: list[list[str | int]] = [
        [
            one.recorded[:16].replace("T", " "),
            one.operator,
            one.seq,
            one.kind.word,
            one.digest[:16],
            one.reason,
        ]
        for one in events
    ]
    headings = [_("recorded"), _("operator"), _("event"), _("what"), _("digest"), _("reason")]
    print_table(_("What was done"), headings, rows)
    return 0


def typed_safe(context: Context) -> Actor:
    """Whoever types in the paper from the safe."""
    from ledger.cli.terminal.typed_key import typed_key
    from ledger.services.operators import safe_actor

    return safe_actor(context.books(), typed_key())


def operator_json(operator: Operator) -> dict[str, object]:
    """An operator as programs read it."""
    return {
        "id": operator.id,
        "name": operator.name,
        "roles": roles_text(operator.roles).split(),
        "retired": operator.retired_seq,
    }
