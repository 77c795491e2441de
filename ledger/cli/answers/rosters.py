"""What ``import`` says of rosters, to programs and to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.cli.answers.problems import PROBLEMS_SHOWN
from ledger.cli.answers.problems import place_of
from ledger.cli.answers.problems import print_errors
from ledger.cli.answers.problems import print_warnings_of
from ledger.cli.answers.problems import problem_json
from ledger.cli.terminal.output import print_table
from ledger.registry.record_fields import field_name
from ledger.registry.record_fields import field_names

if TYPE_CHECKING:
    from importers.registration.later_roster import LaterRoster
    from importers.registration.registration import PersonChange
    from ledger.services.roster_import import ImportedRoster


def roster_json(outcome: ImportedRoster) -> dict[str, Any]:
    """What became of a roster, as programs read it."""
    registration = outcome.registration
    workbook = outcome.problem_workbook
    return {
        "file": str(outcome.path),
        "kind": "roster",
        "sha256": outcome.sha256,
        "import": outcome.import_id,
        "rows": outcome.roster.row_count,
        "added": len(registration.added),
        "restored": sum(one.restores is not None for one in registration.added),
        "changed": len(registration.changed),
        "unchanged": registration.unchanged,
        "superseded": registration.superseded,
        "held": len(registration.held),
        "notes": [note.message() for note in outcome.roster.notes],
        "made_changes": [_change_json(change) for change in registration.changed],
        "held_changes": [
            _change_json(change)
            | {"needs": "reason" if change.money_out or change.with_other else "consent"}
            for change in registration.held
        ],
        "later": outcome.later.is_later,
        "differences": differences(outcome.later),
        "gone": [payee.payee_id for payee in outcome.later.gone],
        "change_workbook": str(outcome.change_workbook) if outcome.change_workbook else None,
        "quarantined": outcome.quarantined,
        "warnings": outcome.warnings,
        "skipped": len(outcome.roster.skipped),
        "problems": [problem_json(problem) for problem in outcome.problems],
        "problem_workbook": str(workbook) if workbook else None,
    }


def _change_json(change: PersonChange) -> dict[str, Any]:
    return {
        "sheet": change.source.sheet,
        "row": change.source.row,
        "payee": change.payee.payee_id,
        "fields": sorted(change.changes),
    }


def differences(later: LaterRoster) -> dict[str, int]:
    """How many people differ from the registry, by kind."""
    roles = sum(payee.role != row.role for payee, row in later.moved)
    return {
        "new": len(later.new),
        "gone": len(later.gone),
        "name": later.kinds["name"],
        "identity": later.kinds["identity"],
        "role": roles,
        "post": len(later.moved) - roles,
        "account": later.kinds["account"],
        "shared_account": len(later.shared),
    }


def print_rosters(rosters: Sequence[ImportedRoster], *, dry_run: bool) -> None:
    """A line a file, then what is wrong, then what to do."""
    rows = [_row(file_name(roster.path), _counts(roster)) for roster in rosters]
    if len(rosters) > 1:
        totals = [sum(column) for column in zip(*map(_counts, rosters), strict=True)]
        rows.append(_row(_("all"), totals))
    headings = [_("rows"), _("added"), _("changed"), _("unchanged"), _("held"), _("sent back"),
                _("warnings"), _("skipped")]  # fmt: skip
    print_table(_("Rosters and corrections"), [_("file"), *headings], rows)
    print_later(rosters)
    for roster in rosters:
        for note in roster.roster.notes:
            message = _("{file}: {problem}")
            click.echo(message.format(file=file_name(roster.path), problem=note.message()))
        print_errors(roster.path, roster.problems, roster.problem_workbook)
        print_gone(roster)
        print_changes(roster, dry_run=dry_run)
        print_superseded(roster)
        print_corrected(roster)
        if roster.change_workbook:
            click.echo(_("  To look into and confirm: {path}").format(path=roster.change_workbook))
    print_warnings_of([(roster.path, roster.problems) for roster in rosters])
    print_what_is_held([change for roster in rosters for change in roster.registration.held])


def print_later(rosters: Sequence[ImportedRoster]) -> None:
    """How rosters of towns that have sent one before differ from the registry."""
    later = [
        roster
        for roster in rosters
        if roster.later.is_later and any(differences(roster.later).values())
    ]
    if later:
        print_table(
            _("Later rosters, against the registry (people)"),
            [_("file"), _("new"), _("gone"), _("name"), _("identity number"), _("role"),
             _("post"), _("account"), _("shared account")],
            [[file_name(roster.path), *differences(roster.later).values()] for roster in later],
        )  # fmt: skip


def print_gone(roster: ImportedRoster) -> None:
    """Who is registered and not on a later roster any more."""
    for payee in roster.later.gone[:PROBLEMS_SHOWN]:
        message = _("{file}: {payee} {name} is registered and not on it; nothing is done")
        click.echo(
            message.format(file=file_name(roster.path), payee=payee.payee_id, name=payee.legal_name)
        )
    if len(roster.later.gone) > PROBLEMS_SHOWN:
        more = len(roster.later.gone) - PROBLEMS_SHOWN
        click.echo(_("... and {count} more.").format(count=more))


def print_what_is_held(held: Sequence[PersonChange]) -> None:
    """How the changes that are held can be made."""
    consent = [change for change in held if not (change.money_out or change.with_other)]
    if consent:
        message = ngettext(
            "{count} registered person differs in {fields} and was left as before: import again"
            " with --yes to consent.",
            "{count} registered people differ in {fields} and were left as before: import again"
            " with --yes to consent.",
            len(consent),
        )
        fields = field_names(field for change in consent for field in change.changes)
        click.echo(message.format(count=f"{len(consent):,}", fields=fields))
    with_reason = sum(change.money_out for change in held)
    if with_reason:
        message = ngettext(
            "{count} of those held was paid or is in the bank: --yes does not change that. Have"
            " the town sign the list of what differs; then confirm by id with 'census-ledger payees"
            " confirm' ('payees held' shows them), or import again with --yes and --reason.",
            "{count} of those held were paid or are in the bank: --yes does not change that. Have"
            " the town sign the list of what differs; then confirm by id with 'census-ledger payees"
            " confirm' ('payees held' shows them), or import again with --yes and --reason.",
            with_reason,
        )
        click.echo(message.format(count=f"{with_reason:,}"))


def print_changes(roster: ImportedRoster, *, dry_run: bool) -> None:
    """Whose record differs in what money goes by, and how: the first that were changed, and all
    that are held.
    """
    registration = roster.registration
    made = [change for change in registration.changed if _is_delicate(change)]
    message = (
        _("{place}, row {row}: {payee} {name}, {field}: {old} -> {new}, would be changed")
        if dry_run
        else _("{place}, row {row}: {payee} {name}, {field}: {old} -> {new}, changed")
    )
    for change in made[:PROBLEMS_SHOWN]:
        _print_change(roster, change, message)
    if len(made) > PROBLEMS_SHOWN:
        click.echo(_("... and {count} more.").format(count=len(made) - PROBLEMS_SHOWN))
    message = _("{place}, row {row}: {payee} {name}, {field}: {old} -> {new}")
    for change in registration.held:
        _print_change(roster, change, message)


def _is_delicate(change: PersonChange) -> bool:
    from importers.registration.registration import CONSENT_FIELDS

    return not change.changes.keys().isdisjoint(CONSENT_FIELDS)


def _print_change(roster: ImportedRoster, change: PersonChange, message: str) -> None:
    """A line for each field that money goes by; numbers are masked."""
    from importers.registration.registration import CONSENT_FIELDS
    from ledger.base.masks import mask_account

    for field in CONSENT_FIELDS:
        if field not in change.changes:
            continue
        old, new = change.changes[field]
        if field in ("account", "identity"):
            old, new = mask_account(old), mask_account(new)
        click.echo(
            message.format(
                place=place_of(roster.path, change.source.sheet),
                row=change.source.row,
                payee=change.payee.payee_id,
                name=change.payee.legal_name,
                field=field_name(field),
                old=old,
                new=new,
            )
        )


def print_superseded(roster: ImportedRoster) -> None:
    """How many rows of a file that was imported before differ from what was corrected since."""
    count = roster.registration.superseded
    if count:
        message = ngettext(
            "{file}: taken before; {count} record that was changed since stays as it is.",
            "{file}: taken before; {count} records that were changed since stay as they are.",
            count,
        )
        click.echo(message.format(file=file_name(roster.path), count=f"{count:,}"))


def print_corrected(roster: ImportedRoster) -> None:
    """How many rows of the file were sent back before and have been corrected since."""
    count = sum(skipped.reason == "corrected" for skipped in roster.roster.skipped)
    if count:
        message = ngettext(
            "{file}: {count} row was sent back before and has been corrected since: passed over.",
            "{file}: {count} rows were sent back before and have been corrected since: passed"
            " over.",
            count,
        )
        click.echo(message.format(file=file_name(roster.path), count=f"{count:,}"))


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
