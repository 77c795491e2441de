"""What a file that comes in would do, or has done, in a few lines."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from importers.incoming import RefusedFile
from importers.registration.registration import CONSENT_FIELDS
from importers.registration.registration import PersonChange
from importers.rosters.problems import Problem
from ledger.base.language import ngettext
from ledger.base.language import page_gettext as _
from ledger.base.masks import mask_account
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.base.records import field
from ledger.model.transitions import State
from ledger.registry.record_fields import field_name
from ledger.services.importing import Outcome
from ledger.services.paid_before import ImportedPayments
from ledger.services.result_import import ImportedResult
from ledger.services.roster_import import ImportedRoster
from ledger.services.statement_import import ImportedStatement
from ledger.services.workload_import import ImportedWorkload
from reports.wording.bank_question import question

SHOWN = 10
# What problems say that looks like a number of somebody's, and is a place.
CODES = {"code", "post", "row_post", "town_code"}


class Said(Record):
    """A file in words. ``lines`` say what it does, ``doubts`` what to look at, ``rows`` what is
    wrong where; ``holder`` is in whose name an account is that nobody knows to be the office's.
    """

    kind: str
    is_good: bool
    lines: Sequence[str] = ()
    doubts: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    more_rows: int = 0
    holder: str = ""
    returned: Sequence[str] = field(default_factory=tuple)


def say(outcome: Outcome, unit: str, sentence: Callable[[str], str]) -> Said:
    """An outcome in words; ``sentence`` takes the places of this machine out of a refusal."""
    if isinstance(outcome, RefusedFile):
        return Said(
            _("Cannot be taken in"), False, doubts=[sentence(mask_numbers(str(outcome.refusal)))]
        )
    if isinstance(outcome, ImportedRoster):
        return _roster(outcome)
    if isinstance(outcome, ImportedResult):
        return _result(outcome, unit)
    if isinstance(outcome, ImportedWorkload):
        return _workload(outcome)
    if isinstance(outcome, ImportedPayments):
        return _payments(outcome)
    return _statement(outcome)


def _roster(one: ImportedRoster) -> Said:
    taken = one.registration
    counts = (
        (len(taken.added), _("new")),
        (len(taken.changed), _("changed")),
        (taken.unchanged, _("unchanged")),
        (len(taken.held), _("to be confirmed")),
        (one.quarantined, _("sent back to be mended")),
        (len(one.roster.skipped), _("skipped")),
    )
    parts = _(" · ").join(f"{word} {count:,}" for count, word in counts if count)
    lines = [
        ngettext(
            "{row_count} row: {parts}.", "{row_count} rows: {parts}.", one.roster.row_count
        ).format(row_count=f"{one.roster.row_count:,}", parts=parts)
        if parts
        else _("No row can be taken in.")
    ]
    if taken.superseded:
        lines.append(
            ngettext(
                "This file was taken in before; {superseded} person who was corrected since stays"
                " as is.",
                "This file was taken in before; {superseded} people who were corrected since stay"
                " as they are.",
                taken.superseded,
            ).format(superseded=f"{taken.superseded:,}")
        )
    lines += [note.message() for note in one.roster.notes]
    rows, more = _rows(one.problems)
    return Said(
        _("Roster"),
        one.applied,
        lines,
        [
            *_gone(one),
            *_changes(_("To be changed"), taken.changed),
            *_changes(_("to be confirmed"), taken.held),
        ],
        rows,
        more,
        returned=[path.name for path in (one.problem_workbook, one.change_workbook) if path],
    )


def _rows(problems: Sequence[Problem]) -> tuple[list[tuple[str, str]], int]:
    """The first problems with their places, what is refused before what is only said; how many
    more there are.
    """
    ordered = sorted(problems, key=lambda problem: problem.severity != "error")
    shown = [
        (
            " ".join(
                filter(
                    None, (problem.sheet, _("Row {row}").format(row=problem.row), problem.column)
                )
            ),
            _masked(problem),
        )
        for problem in ordered[:SHOWN]
    ]
    return shown, max(0, len(ordered) - SHOWN)


def _masked(problem: Problem) -> str:
    """What is wrong, without numbers of people; codes of towns and posts stay whole."""
    text = mask_numbers(problem.message())
    for name in CODES & problem.parameters.keys():
        code = str(problem.parameters[name])
        text = text.replace(mask_numbers(code), code)
    return text


def _workload(one: ImportedWorkload) -> Said:
    work = one.work
    amount = grouped(sum(row.line.amount_fen for row in work.rows))
    counts = (
        (one.added, _("new")),
        (one.replaced, _("exchanged")),
        (one.unchanged, _("unchanged")),
        (len(work.quarantined), _("sent back to be mended")),
        (len(work.skipped), _("skipped")),
    )
    parts = _(" · ").join(f"{word} {count:,}" for count, word in counts if count)
    lines = [
        ngettext(
            "{stage}: {count} person, {amount} yuan.",
            "{stage}: {count} people, {amount} yuan.",
            len(work.rows),
        ).format(stage=work.stage.name, count=f"{len(work.rows):,}", amount=amount),
        _("{parts}.").format(parts=parts or _("No row can be taken in")),
    ]
    if one.repeated:
        lines.insert(0, _("This file was taken in before."))
    lines += [note.message() for note in work.notes]
    doubts = [
        ngettext(
            "{word} {count} person: {names}{parts}",
            "{word} {count} people: {names}{parts}",
            len(people),
        ).format(
            word=word,
            count=f"{len(people):,}",
            names=_(", ").join(people[:SHOWN]),
            parts=_(" and others") if people[SHOWN:] else "",
        )
        for people, word in (
            (one.sent, _("Paid in this stage before, unchanged:")),
            (one.newer, _("Changed by a later list since, unchanged:")),
            (one.left_out, _("On an earlier list and not on this one, unchanged:")),
        )
        if people
    ]
    rows, more = _rows(work.problems)
    returned = [one.problem_workbook.name] if one.problem_workbook else []
    return Said(_("Workload list"), one.applied, lines, doubts, rows, more, returned=returned)


def _payments(one: ImportedPayments) -> Said:
    lines = [
        _(
            "Paid before these books: {count} people, {yuan} yuan, count as paid "
            "and are not paid again; the bank account does not change. Sent back to "
            "be mended: {count2} rows."
        ).format(
            count=f"{len(one.charged):,}",
            yuan=grouped(one.amount_fen),
            count2=f"{len(one.judged.rejected):,}",
        )
    ]
    rows = [
        (
            _("{sheet} row {row} {column}")
            .format(sheet=problem.sheet, row=problem.row, column=problem.column)
            .strip(),
            problem.message(),
        )
        for problem in one.judged.problems
    ]
    returned = [one.problem_workbook.name] if one.problem_workbook else []
    more = max(0, len(rows) - SHOWN)
    return Said(
        _("Paid before these books"), one.applied, lines, [], rows[:SHOWN], more, returned=returned
    )


def _gone(one: ImportedRoster) -> Iterator[str]:
    """Who is registered and not on a later roster any more."""
    if one.later.gone:
        names = _(", ").join(f"{payee.payee_id} {payee.legal_name}" for payee in one.later.gone[:5])
        more = _(" and others") if len(one.later.gone) > 5 else ""
        yield ngettext(
            "Registered and not on this roster: {count} person ({names}{more}); nothing is"
            " changed.",
            "Registered and not on this roster: {count} people ({names}{more}); nothing is"
            " changed.",
            len(one.later.gone),
        ).format(count=f"{len(one.later.gone):,}", names=names, more=more)


def _changes(word: str, changes: Sequence[PersonChange]) -> Iterator[str]:
    """What money goes by and is changed, or waits for consent; numbers are masked."""
    delicate = [one for one in changes if not one.changes.keys().isdisjoint(CONSENT_FIELDS)]
    for change in delicate[:SHOWN]:
        parts = []
        for name in CONSENT_FIELDS:
            if name in change.changes:
                old, new = (
                    mask_account(text) if name in ("account", "identity") else mask_numbers(text)
                    for text in change.changes[name]
                )
                parts.append(f"{field_name(name)} {old} → {new}")
        paid = (
            _(" (paid or on the way: a reason is needed)")
            if change.money_out or change.with_other
            else ""
        )
        who = f"{change.payee.payee_id} {change.payee.legal_name}"
        yield _("{word}{paid}: {who}, {names}").format(
            word=word, paid=paid, who=who, names=_("; ").join(parts)
        )
    if len(delicate) > SHOWN:
        yield ngettext(
            "… and {count} more person.", "… and {count} more people.", len(delicate) - SHOWN
        ).format(count=f"{len(delicate) - SHOWN:,}")


def _result(one: ImportedResult, unit: str) -> Said:
    counts, settled = one.batch.counts, one.settlement
    known = settled.unchanged + settled.superseded
    if one.repeated:
        lines = [_("This file was taken in before; there is nothing new.")]
    else:
        again = _(", {known} known before").format(known=f"{known:,}") if known else ""
        lines = [
            ngettext(
                "Batch {batch}: {count} new answer{again}.",
                "Batch {batch}: {count} new answers{again}.",
                len(settled.moves),
            ).format(batch=one.batch.id, count=f"{len(settled.moves):,}", again=again)
        ]
    lines.append(
        _(
            "The batch then: paid {paid}, returned {returned}, unknown "
            "{unknown}, awaited {awaited}."
        ).format(
            paid=f"{counts[State.PAID]:,}",
            returned=f"{counts[State.RETURNED]:,}",
            unknown=f"{counts[State.UNKNOWN]:,}",
            awaited=f"{counts[State.IN_BANK]:,}",
        )
    )
    if settled.late_returns:
        lines.append(
            _("{late_returns} that were paid have come back.").format(
                late_returns=f"{settled.late_returns:,}"
            )
        )
    doubts = [
        _("{payee}: {question}").format(payee=row.payee_id, question=question(row, one.batch, unit))
        for row in (*one.unclear, *one.disputed, *one.doubtful)
    ]
    if one.fits_too:
        doubts.append(
            _("It fits {names} as well: if it is of one of those, choose the batch above.").format(
                names=_(", ").join(one.fits_too)
            )
        )
    if one.sheets_refused:
        doubts.append(
            _("The correction sheet could not be written; this file can be taken in once more.")
        )
    returned = [path.name for path in one.correction_sheets]
    return Said(_("Bank result"), True, lines, doubts, returned=returned)


def _statement(one: ImportedStatement) -> Said:
    lines, statement = [], one.statement
    first, last = statement.lines[0].date, statement.lines[-1].date
    if one.repeated:
        lines.append(_("This file was taken in before; there is nothing new."))
    else:
        unexplained = len(one.unexplained)
        lines.append(
            _(
                "{first} to {last}: {count} lines, {count2} new, {matched} of "
                "batches, {unexplained} not explained."
            ).format(
                first=first,
                last=last,
                count=f"{len(statement.lines):,}",
                count2=f"{len(one.new):,}",
                matched=f"{one.matched:,}",
                unexplained=f"{unexplained:,}",
            )
        )
    if statement.opening_fen is not None and statement.closing_fen is not None:
        before, after = grouped(statement.opening_fen), grouped(statement.closing_fen)
        lines.append(
            _("Every balance agrees: {before} yuan at first, {after} yuan at last.").format(
                before=before, after=after
            )
        )
    doubts = [*map(mask_numbers, statement.warnings)]
    if one.first_ending:
        doubts.append(
            _(
                "The account number ends in {first_ending}; only statements of this "
                "account are taken in from now on."
            ).format(first_ending=one.first_ending)
        )
    doubts += [mask_numbers(fact) for fact in one.facts]
    return Said(_("Bank statement"), True, lines, doubts, holder=mask_numbers(one.doubted))
