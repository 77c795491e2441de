"""What ``import`` says of rosters, to programs and to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.cli.output import print_table
from ledger.language import gettext as _
from ledger.language import ngettext

if TYPE_CHECKING:
    from importers.roster_import import ImportedRoster
    from importers.rosters.problems import Problem

PROBLEMS_SHOWN = 10


def roster_json(outcome: ImportedRoster) -> dict[str, Any]:
    """What became of a roster, as programs read it."""
    registration = outcome.registration
    workbook = outcome.problem_workbook
    return {
        "file": str(outcome.path),
        "kind": "roster",
        "sha256": outcome.sha256,
        "rows": outcome.roster.row_count,
        "added": len(registration.added),
        "changed": len(registration.changed),
        "unchanged": registration.unchanged,
        "held": len(registration.held),
        "notes": [note.message() for note in outcome.roster.notes],
        "held_changes": [
            {
                "sheet": change.source.sheet,
                "row": change.source.row,
                "payee": change.payee.payee_id,
                "fields": sorted(change.changes),
            }
            for change in registration.held
        ],
        "quarantined": outcome.quarantined,
        "warnings": outcome.warnings,
        "skipped": len(outcome.roster.skipped),
        "problems": [
            {
                "sheet": problem.sheet,
                "row": problem.row,
                "column": problem.column,
                "code": problem.code,
                "severity": problem.severity,
                "message": problem.message(),
            }
            for problem in outcome.problems
        ],
        "problem_workbook": str(workbook) if workbook else None,
    }


def print_rosters(rosters: Sequence[ImportedRoster]) -> None:
    """A line a file, then what is wrong, then what to do."""
    rows = [_row(roster.path.name, _counts(roster)) for roster in rosters]
    if len(rosters) > 1:
        totals = [sum(column) for column in zip(*map(_counts, rosters), strict=True)]
        rows.append(_row(_("all"), totals))
    headings = [_("rows"), _("added"), _("changed"), _("unchanged"), _("held"), _("sent back"),
                _("warnings"), _("skipped")]  # fmt: skip
    print_table(_("Rosters"), [_("file"), *headings], rows)
    for roster in rosters:
        for note in roster.roster.notes:
            click.echo(f"{roster.path.name}: {note.message()}")
        print_problems(roster)
        print_held(roster)
    print_warnings(rosters)
    held = sum(len(roster.registration.held) for roster in rosters)
    if held:
        message = ngettext(
            "{count} person's name, bank or account differs and was left as it is: import again"
            " with --yes to consent.",
            "{count} people's names, banks or accounts differ and were left as they are: import"
            " again with --yes to consent.",
            held,
        )
        click.echo(message.format(count=held))


def print_held(roster: ImportedRoster) -> None:
    """Whose name, bank or account differs from the registry, and how; accounts are masked."""
    from ledger.payees import mask_account

    names = {
        "legal_name": _("name"),
        "bank_name": _("name at the bank"),
        "bank": _("bank"),
        "account": _("account"),
        "identity": _("identity number"),
    }
    for change in roster.registration.held:
        for field, (old, new) in change.changes.items():
            if field in ("account", "identity"):
                old, new = mask_account(old), mask_account(new)
            message = _("{place}, row {row}: {payee} {name}, {field}: {old} -> {new}")
            click.echo(
                message.format(
                    place=_place(roster, change.source.sheet),
                    row=change.source.row,
                    payee=change.payee.payee_id,
                    name=change.payee.legal_name,
                    field=names[field],
                    old=old,
                    new=new,
                )
            )


def print_warnings(rosters: Sequence[ImportedRoster]) -> None:
    """Each kind of warning once, with its number and the first place."""
    found: dict[str, list[tuple[ImportedRoster, Problem]]] = {}
    for roster in rosters:
        for problem in roster.problems:
            if problem.severity == "warning":
                found.setdefault(problem.code, []).append((roster, problem))
    for warnings in found.values():
        roster, problem = warnings[0]
        message = _("Warning, {count} times, first in {place}, row {row}, {column}: {message}")
        click.echo(
            message.format(
                count=f"{len(warnings):,}",
                place=_place(roster, problem.sheet),
                row=problem.row,
                column=problem.column or "—",
                message=problem.message(),
            )
        )


def _place(roster: ImportedRoster, sheet: str) -> str:
    return " ".join(filter(None, (roster.path.name, sheet)))


def print_problems(roster: ImportedRoster) -> None:
    """The first errors of a roster by sheet, row and column, and where all of them are."""
    errors = [problem for problem in roster.problems if problem.severity == "error"]
    for problem in errors[:PROBLEMS_SHOWN]:
        place = _place(roster, problem.sheet)
        message = _("{place}, row {row}, {column}: {message}")
        click.echo(
            message.format(
                place=place,
                row=problem.row,
                column=problem.column or "—",
                message=problem.message(),
            )
        )
    if len(errors) > PROBLEMS_SHOWN:
        click.echo(_("... and {count} more.").format(count=len(errors) - PROBLEMS_SHOWN))
    if roster.problem_workbook:
        click.echo(_("  To mend and import again: {path}").format(path=roster.problem_workbook))


def _counts(roster: ImportedRoster) -> list[int]:
    registration = roster.registration
    return [
        roster.roster.row_count,
        len(registration.added),
        len(registration.changed),
        registration.unchanged,
        len(registration.held),
        roster.quarantined,
        roster.warnings,
        len(roster.roster.skipped),
    ]


def _row(name: str, counts: Sequence[int]) -> list[str | int]:
    return [name, *counts]
