"""``census-ledger batch attach``: signed and scanned lists go in, and come out again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_table
from ledger.model.ids import BatchId

if TYPE_CHECKING:
    from ledger.model.history import Attachment


@click.command(
    "attach",
    help=_("File a signed and scanned list with a batch: PDF, JPEG or PNG, encrypted with people."),
)
@click.argument("batch", metavar="B")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help=_("Instead of filing: write every list of the batch into a folder."),
)
@date_option
@json_option
@click.pass_obj
def attach(
    context: Context, batch: BatchId, file: Path | None, out: Path | None, on: datetime.date
) -> int:
    if (file is None) == (out is None):
        raise click.UsageError(_("name the file to be filed, or --out FOLDER to take lists out"))
    if out is not None:
        return _take_out(context, batch, out)
    from ledger.services.attachments import attach as file_list

    assert file is not None
    with context.work() as work:
        filed = file_list(work, batch, file, on)
    if context.as_json:
        print_json({"batch": filed.batch, **attachment_json(filed.attachment)})
        return 0
    message = _(
        "{file} is filed with batch {batch} by event {event}. 'census-ledger batch show {batch}'"
        " lists what is filed; 'census-ledger reverse {event} --reason R' takes it back."
    )
    one = filed.attachment
    click.echo(message.format(file=one.name, batch=filed.batch, event=one.event))
    return 0


def _take_out(context: Context, batch: BatchId, folder: Path) -> int:
    from ledger.services.attachments import take_out

    books = context.books()
    with context.registry() as registry:
        paths = take_out(books, registry, batch, folder)
    if context.as_json:
        print_json({"batch": batch, "files": [str(path) for path in paths]})
        return 0
    for path in paths:
        click.echo(path)
    click.echo(_("They hold people's names and signatures: pass them on as you would cash."))
    return 0


def attachment_json(one: Attachment) -> dict[str, object]:
    """A filed list, for programs."""
    return {
        "event": one.event,
        "date": one.date.isoformat(),
        "by": one.by,
        "file": one.name,
        "type": one.kind,
        "size": one.size,
        "sha256": one.sha256,
    }


def print_attachments(attached: Sequence[Attachment]) -> None:
    """The lists that are filed with a batch; nothing where there is none."""
    if attached:
        print_table(
            _("Signed lists"),
            [_("event"), _("day"), _("operator"), _("file"), _("KB"), "SHA-256"],
            [
                [one.event, one.date.isoformat(), one.by, one.name,
                 -(-one.size // 1024), f"{one.sha256[:16]}…"]
                for one in attached
            ],
        )  # fmt: skip
