"""``census-ledger desk``: the liaison's work in the browser, on this machine alone."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.web.door import Application
    from ledger.web.running import Running

PORT = 5000


@click.command("desk", help=_("Do the work in the browser, on this machine alone."))
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
def command(context: Context, port: int, edit: bool, no_open: bool) -> int:
    from ledger.base.books_folder import MAIN_FILE
    from ledger.books.books import require_books
    from ledger.books.books import require_plain_path
    from ledger.books.new_books import may_become_books
    from ledger.books.recovery import finish_what_was_begun
    from ledger.web.running import find_running

    # Where nothing is yet, the pages are the way to new books.
    is_new = not (context.folder / MAIN_FILE).exists() and may_become_books(context.folder)
    if is_new:
        require_plain_path(context.folder)
    else:
        require_books(context.folder)
    running = find_running(context.folder)
    if running is not None:
        click.echo(_("These books are open already: 'desk' was started before and is running."))
        if running.edit != edit:
            click.echo(_mode(running))
        _enter(context.folder, running, no_open)
        return 0

    from ledger.web.server import NewOffice
    from ledger.web.server import serve
    from ledger.web.server import whole_application

    if is_new:
        message = _("There are no books in {folder} yet: the pages make them in five steps.")
        click.echo(message.format(folder=context.folder.absolute()))
        application: Application = NewOffice(
            context.folder, key_file=context.key_file, edit=edit, clock=context.clock
        )
    else:
        finish_what_was_begun(context.folder)
        # A registry that does not open is said here, not on every page.
        context.registry().close()
        click.echo(_("Loading the books ..."))
        application = whole_application(
            context.folder, key_file=context.key_file, edit=edit, clock=context.clock
        )
    # It goes on for hours, loading the books anew whenever they change.
    gc.enable()

    def ready(running: Running) -> None:
        _enter(context.folder, running, no_open)
        if edit:
            click.echo(_("Fava may write journal/hand.beancount, and nothing else."))
        click.echo(_("They stay open until you press Ctrl-C here."))

    serve(application, context.folder, port, ready, edit=edit)
    click.echo(_("Stopped."))
    return 0


def _enter(folder: Path, running: Running, no_open: bool) -> None:
    """Say where the books are, and open a browser there."""
    from ledger.web.browser_start import address
    from ledger.web.browser_start import open_browser

    token = running.proofs.one_time_token()
    message = _("The books are at {address} (good for one use; 'desk' again gives another)")
    click.echo(message.format(address=address(running, token)))
    if not no_open:
        open_browser(folder, running, token)


def _mode(running: Running) -> str:
    if running.edit:
        return _("It was started with --edit, and stays so until it is stopped there with Ctrl-C.")
    return _("It was started without --edit: stop it there with Ctrl-C to start it with --edit.")
