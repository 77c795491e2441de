"""``census-ledger browse``: the books in Fava, on this machine alone."""

from __future__ import annotations

import gc
import webbrowser

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Desk

PORT = 5000


@click.command("browse", help=_("Open the books in the browser, with pages of their own."))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    metavar="N",
    help=_("The port on this machine; 0 takes any that is free."),
)
@click.option("--edit", is_flag=True, help=_("Let Fava write journal/hand.beancount."))
@click.option("--no-open", is_flag=True, help=_("Do not open a browser."))
@click.pass_obj
def command(desk: Desk, port: int, edit: bool, no_open: bool) -> int:
    from ledger.books.recovery import finish_what_was_begun
    from reports.desk.server import desk_application
    from reports.desk.server import serve

    finish_what_was_begun(desk.folder)
    # A registry that does not open is said here, not on every page.
    desk.registry().close()
    click.echo(_("Loading the books ..."))
    application = desk_application(desk.folder, key_file=desk.key_file, edit=edit)
    # It goes on for hours, loading the books anew whenever they change.
    gc.enable()

    def ready(address: str) -> None:
        message = _("The books are at {address} until you press Ctrl-C here.")
        click.echo(message.format(address=address))
        if edit:
            click.echo(_("Fava may write journal/hand.beancount, and nothing else."))
        if not no_open:
            webbrowser.open(address)

    serve(application, port, ready)
    click.echo(_("Stopped."))
    return 0
