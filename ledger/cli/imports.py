"""``census-ledger imports``: the files that were taken in, and taking a roster back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import ngettext
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_table
from ledger.registry.record_fields import field_name

if TYPE_CHECKING:
    from ledger.figures.imports import TakenFile
    from ledger.services.take_back import Kept
    from ledger.services.take_back import TakingBack

SHOWN = 20


@click.group("imports", help=_("Files that were taken in: which there are, and taking one back."))
def command() -> None:
    pass


@command.command("list", help=_("Every file that was taken in, with its id."))
@json_option
@click.pass_obj
def list_imports(context: Context) -> int:
    from ledger.figures.imports import taken_files

    books = context.books()
    with context.registry() as registry:
        files = taken_files(registry, books.history)
    if context.as_json:
        print_json({"imports": [file_json(one) for one in files]})
    elif not files:
        click.echo(_("No file was taken in."))
    else:
        rows: list[list[str | int]] = [
            [one.id, one.file, kind_word(one.kind), one.day.isoformat(), one.by, one.rows,
             "—" if one.event is None else str(one.event), one.state.word]
            for one in files
        ]  # fmt: skip
        print_table(
            _("Files that were taken in"),
            [_("id"), _("file"), _("what"), _("date"), _("by"), _("rows"), _("event"), _("state")],
            rows,
        )
    return 0


def file_json(one: TakenFile) -> dict[str, Any]:
    """A file as programs read it."""
    return {
        "id": one.id,
        "file": one.file,
        "kind": one.kind,
        "sha256": one.sha256,
        "date": one.day.isoformat(),
        "at": one.at,
        "by": one.by,
        "rows": one.rows,
        "state": one.state.value,
        "event": one.event,
    }


def kind_word(kind: str) -> str:
    """What a file was, in the user's language."""
    words = {
        "roster": _("roster"),
        "result": _("result"),
        "statement": _("statement"),
        "workload": _("list of work"),
        "paid-before": _("paid before"),
    }
    return words.get(kind, kind)


@command.command(
    "take-back", help=_("Take back a roster that was a mistake; what was built upon it stays.")
)
@click.argument("name", metavar="ID")
@click.option("--reason", required=True, metavar="R", help=_("Why; it is kept in the registry."))
@click.option("--dry-run", is_flag=True, help=_("Only say what would be done."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def take_back(
    context: Context, name: str, reason: str, dry_run: bool, yes: bool, on: datetime.date
) -> int:
    from ledger.figures.imports import taken_file
    from ledger.services import take_back as service

    with context.work(with_errors=True, signs=not dry_run) as work:
        found = taken_file(work.registry, work.books.history, name)
        taken = service.roster_to_take_back(found)
        judged = service.judge(work.registry, work.books.history, taken)
        service.take_back(work, judged, reason, on, dry_run=True)
        if not context.as_json:
            print_taking_back(judged)
        if not dry_run:
            if not yes:
                confirm(_("Take it back?"))
            service.take_back(work, judged, reason, on, dry_run=False)
    if context.as_json:
        print_json({**taking_back_json(judged), "date": on.isoformat(), "dry_run": dry_run})
    elif dry_run:
        click.echo(_("It can be taken back. Nothing was written."))
    else:
        message = _(
            "{id} is taken back. Import the corrected roster: who was withdrawn is in again."
        )
        click.echo(message.format(id=taken.id))
    return 0


def taking_back_json(judged: TakingBack) -> dict[str, Any]:
    """What taking back does, as programs read it."""
    return {
        "id": judged.taken.id,
        "event": None,
        "kind": "roster",
        "file": judged.taken.name,
        "withdrawn": [payee.payee_id for payee in judged.withdrawn],
        "put_back": [{"payee": one.payee.payee_id, "field": one.field} for one in judged.put_back],
        "held_withdrawn": len(judged.held),
        "held_again": len(judged.reopened),
        "kept": [
            {"payee": one.payee, "field": one.field or None, "why": one.why} for one in judged.kept
        ],
    }


def print_taking_back(judged: TakingBack) -> None:
    """What it does, and what stays."""
    taken = judged.taken
    message = _("{id}, {file}, of {day}, {rows} rows:")
    click.echo(message.format(id=taken.id, file=taken.name, day=taken.day, rows=f"{taken.rows:,}"))
    counts = {
        "withdrawn": len(judged.withdrawn),
        "put_back": len(judged.put_back),
        "held": len(judged.held),
        "reopened": len(judged.reopened),
    }
    for what, count in counts.items():
        if count or what == "withdrawn":
            click.echo(_count_message(what, count).format(count=f"{count:,}"))
    if judged.kept:
        print_kept(judged)


def _count_message(what: str, count: int) -> str:
    """What taking a roster back does to so many people, fields or changes."""
    messages = {
        "withdrawn": ngettext(
            "  {count} person who came by it is withdrawn.",
            "  {count} people who came by it are withdrawn.",
            count,
        ),
        "put_back": ngettext(
            "  {count} field that it has changed is put back.",
            "  {count} fields that it has changed are put back.",
            count,
        ),
        "held": ngettext(
            "  {count} change that waited to be confirmed is gone.",
            "  {count} changes that waited to be confirmed are gone.",
            count,
        ),
        "reopened": ngettext(
            "  {count} change of another file waits to be confirmed again.",
            "  {count} changes of other files wait to be confirmed again.",
            count,
        ),
    }
    return messages[what]


def print_kept(judged: TakingBack) -> None:
    """What stays as it is, why, and what can be done."""
    rows = [[one.payee, field_name(one.field) if one.field else "—", why_word(one)]
            for one in judged.kept[:SHOWN]]  # fmt: skip
    print_table(_("What stays as it is"), [_("id"), _("field"), _("why")], rows)
    if len(judged.kept) > SHOWN:
        more = len(judged.kept) - SHOWN
        click.echo(_("... and {count} more.").format(count=more))
    people = [one.payee for one in judged.kept if one.why == "in_batch"]
    if people:
        message = _(
            "Of those in a batch: 'census-ledger batch void B' where it was not submitted, then"
            " 'census-ledger payees deactivate {payees}'."
        )
        named = [*people[:3], *(["…"] if people[3:] else [])]
        click.echo(message.format(payees=" ".join(named)))


def why_word(kept: Kept) -> str:
    """Why something stays, in the user's language."""
    words = {
        "in_batch": _("is in a batch"),
        "changed_since": _("was changed since"),
        "taken": _("the number from before is somebody else's now"),
    }
    return words[kept.why]


def print_import_ids(rosters: Sequence[str], of_the_bank: Sequence[str]) -> None:
    """Under what files were taken in, and what takes one back: what is of the bank is an event."""
    of_a_roster = _(
        "Taken in as {ids}; 'census-ledger imports take-back {first} --reason R' undoes it."
    )
    of_an_event = _(
        "Taken in as {ids}; 'census-ledger reverse EVENT --reason R' undoes it, and 'census-ledger"
        " imports list' shows the event."
    )
    for ids, message in ((rosters, of_a_roster), (of_the_bank, of_an_event)):
        if ids:
            # Rosters are taken by their towns, and not in the order in which they were named.
            numbered = sorted(ids)
            named = listed(numbered) if len(ids) <= 3 else f"{numbered[0]} … {numbered[-1]}"
            click.echo(message.format(ids=named, first=ids[0] if len(ids) == 1 else "ID"))
