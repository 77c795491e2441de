"""``census-ledger check``: ledger, invariants, chain, registry and artefacts agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.cli.answers.without_key import say_missing
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_marked

if TYPE_CHECKING:
    from ledger.books.checking import Complaint

SHOWN_OF_A_CODE = 20


@click.command("check", help=_("Hold ledger, chain, registry and payout files against each other."))
@click.option(
    "--no-artefacts",
    is_flag=True,
    help=_("Do not hash the files under payouts/."),
)
@json_option
@click.pass_obj
def command(context: Context, no_artefacts: bool) -> int:
    from ledger.books.checking import NOT_CHECKED
    from ledger.books.checking import check_books
    from ledger.books.checking import check_places
    from ledger.books.checking import ledger_problem
    from ledger.books.recovery import load_recovered
    from ledger.controls.books_text import BooksNotPlain
    from ledger.disbursement.profile_check import check_profiles

    try:
        books = load_recovered(context.folder, tolerant=True)
    except BooksNotPlain as refusal:
        problems = [ledger_problem(fault, context.folder) for fault in refusal.faults]
        return answer(context, [*problems, *check_places(context.folder)])
    with context.registry_if_key() as registry:
        seen = context.witness_file()
        problems = check_books(books, registry, seen, with_artefacts=not no_artefacts)
        missing = [] if registry else list(NOT_CHECKED)
        problems += check_profiles(books)
        if books.history.closed and registry:
            from ledger.services.months import check_figures

            problems += check_figures(books, registry)
    if missing:
        unknown = _("registry, log of changes, frozen rows and originals were not checked.")
        say_missing(context.registry_key(), unknown, err=True)
    print_marked(books.marked)
    if problems or context.as_json:
        return answer(context, problems, missing)
    if missing:
        click.echo(_("The text of the books and the papers are well; the rest was not checked."))
        return 0
    click.echo(
        _("All is well: {entries} entries, {events} events, {batches} batches.").format(
            entries=f"{len(books.entries):,}",
            events=len(books.history.events),
            batches=len(books.history.batches),
        )
    )
    return 0


def answer(context: Context, problems: Sequence[Complaint], missing: Sequence[str] = ()) -> int:
    """Every problem for programs; for people the first of each code, which are often alike.

    ``missing`` are the codes of what could not be checked.
    """
    if context.as_json:
        document = {"ok": not problems, "errors": [problem._asdict() for problem in problems]}
        print_json({**document, "missing": list(missing)} if missing else document)
        return 1 if problems else 0
    from ledger.model.findings import CLOSED_MONTH

    shown: Counter[str] = Counter()
    for problem in problems:
        shown[problem.code] += 1
        if shown[problem.code] <= SHOWN_OF_A_CODE:
            line = f":{problem.line}" if problem.line else ""
            click.echo(f"{problem.file}{line}: [{problem.code}] {problem.message}")
    for code, count in shown.items():
        if count > SHOWN_OF_A_CODE:
            message = _("... and {count} more of [{code}].")
            click.echo(message.format(count=f"{count - SHOWN_OF_A_CODE:,}", code=code))
    if CLOSED_MONTH in shown:
        message = _(
            "'census-ledger month reopen YYYY-MM --reason R' opens the last closed month again."
        )
        click.echo(message, err=True)
    message = ngettext("{count} problem.", "{count} problems.", len(problems))
    click.echo(message.format(count=f"{len(problems):,}"), err=True)
    return 1
