"""What ``import`` says of the bank's statements, to programs and to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import ngettext
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.answers.unexplained_lines import print_unexplained
from ledger.cli.answers.unexplained_lines import unexplained_json

if TYPE_CHECKING:
    from ledger.services.statement_import import ImportedStatement

# So many unexplained lines are shown; ``status`` lists them all.
SHOWN = 20


def statement_json(statement: ImportedStatement) -> dict[str, Any]:
    """What became of a statement, as programs read it."""
    lines = statement.statement.lines
    opening_fen, closing_fen = statement.statement.opening_fen, statement.statement.closing_fen
    return {
        "file": str(statement.path),
        "kind": "statement",
        "sha256": statement.sha256,
        "import": statement.import_id,
        "layout": statement.statement.layout,
        "from": lines[0].date.isoformat(),
        "to": lines[-1].date.isoformat(),
        "rows": len(lines),
        "entries": len(statement.new),
        "duplicates": statement.known,
        "matched": statement.matched,
        "suspense": len(statement.unexplained),
        "opening": None if opening_fen is None else plain(opening_fen),
        "closing": None if closing_fen is None else plain(closing_fen),
        "unexplained": unexplained_json(
            statement.entered_unexplained,
            {placed.id: placed.placement.candidates for placed in statement.unexplained},
        ),
        "facts": list(statement.facts),
        "repeated": statement.repeated,
        "holder": mask_numbers(statement.statement.holder) or None,
        "holder_in_doubt": bool(statement.doubted),
    }


def print_statement(statement: ImportedStatement) -> None:
    """How many lines were new, what they were, and what nobody knows."""
    lines = statement.statement.lines
    if statement.repeated:
        message = _("{file}: this very file was taken before; nothing has changed.")
        click.echo(message.format(file=file_name(statement.path)))
        return
    message = ngettext(
        "{file}: {first} to {last}, {new} new line of {count}{kinds}.",
        "{file}: {first} to {last}, {new} new lines of {count}{kinds}.",
        len(statement.new),
    )
    click.echo(
        message.format(
            file=file_name(statement.path),
            first=lines[0].date,
            last=lines[-1].date,
            new=f"{len(statement.new):,}",
            count=f"{len(lines):,}",
            kinds=kinds_of_lines(statement),
        )
    )
    opening_fen, closing_fen = statement.statement.opening_fen, statement.statement.closing_fen
    if opening_fen is not None and closing_fen is not None:
        message = _("  The balances add up line by line: {opening} before, {closing} after.")
        click.echo(message.format(opening=grouped(opening_fen), closing=grouped(closing_fen)))
    if statement.first_ending:
        message = _("  It is of the account that ends in {ending}; of another none is taken now.")
        click.echo(message.format(ending=statement.first_ending))
    if statement.doubted:
        message = _("  The account is in the name of {holder}, and not of the office.")
        click.echo(message.format(holder=mask_numbers(statement.doubted)))
    for warning in statement.statement.warnings:
        click.echo(f"  {warning}")
    if statement.unexplained:
        entered = statement.entered_unexplained
        suggestions = {
            placed.id: placed.placement.candidates for placed in statement.unexplained[:SHOWN]
        }
        print_unexplained(entered[:SHOWN], suggestions)
    if len(statement.unexplained) > SHOWN:
        message = _("… and {count} more; 'census-ledger status' lists them.")
        click.echo(message.format(count=f"{len(statement.unexplained) - SHOWN:,}"))


def kinds_of_lines(statement: ImportedStatement) -> str:
    """What the new lines are, in brackets: how many of each kind that there is."""
    matched, unexplained = statement.matched, len(statement.unexplained)
    by_hand = sum(placed.placement.by_hand is not None for placed in statement.new)
    ruled = len(statement.new) - matched - by_hand - unexplained
    kinds = (
        (matched, _("{count} of batches")),
        (ruled, _("{count} by rules")),
        (by_hand, _("{count} entered by hand before")),
        (unexplained, _("{count} unexplained")),
    )
    parts = [words.format(count=f"{count:,}") for count, words in kinds if count]
    return _(" ({kinds})").format(kinds=listed(parts)) if parts else ""


def print_facts(statements: Sequence[ImportedStatement]) -> None:
    """What is wrong with the books now by what has happened, on stderr; the last file tells."""
    for fact in statements[-1].facts if statements else ():
        click.echo(_("The statement shows: {fact}").format(fact=fact), err=True)
