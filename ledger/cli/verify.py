"""``census-ledger verify``: is this paper, file, seal or head what the books hold?"""

from __future__ import annotations

from pathlib import Path

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json


@click.command(
    "verify",
    help=_(
        "Say whether a file, a batch, or a seal or head of the chain as typed from paper is in the"
        " books."
    ),
)
@click.argument(
    "subject",
    nargs=-1,
    required=True,
    metavar=_("FILE | SEAL | BATCH | HEAD"),
    # A file's name is taken to the letter.
    type=click.UNPROCESSED,
)
@json_option
@click.pass_obj
def command(context: Context, subject: tuple[str, ...]) -> int:
    from ledger.books.checking import check_agreement
    from ledger.books.places import require_in_place
    from ledger.books.recovery import load_recovered
    from ledger.cli.answers.verdict import print_verdict
    from reports.verification.comparison.evidence import Evidence
    from reports.verification.verifying import verify

    whole = one_subject(subject)
    books = load_recovered(context.folder, tolerant=True)
    require_in_place(context.folder)
    with context.registry() as registry:
        found = check_agreement(books, registry, context.witness_file())
        disagreements = [complaint.message for complaint in found]
        verdict = verify(Evidence(books, registry, context.today(), disagreements), whole)
    if context.as_json:
        print_json(verdict.to_json())
    else:
        print_verdict(verdict, books.programme)
    return 0 if verdict.ok else 1


def one_subject(words: tuple[str, ...]) -> str:
    """The groups of a seal or a head are one subject; several files are not."""
    from reports.verification.head_words import read_heads
    from reports.verification.seal_words import read_seal

    whole = " ".join(words)
    if len(words) == 1 or Path(whole).exists() or read_seal(whole) or read_heads(whole):
        return whole
    raise click.UsageError(_("one file, one seal, one head or one batch at a time"))
