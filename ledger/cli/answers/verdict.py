"""What ``verify`` says, in words: the verdict first, then against what, then every difference."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.base.money import grouped
from ledger.model.programme import Programme
from ledger.model.transitions import EventKind

if TYPE_CHECKING:
    from reports.verification.comparison.verdict import Difference
    from reports.verification.comparison.verdict import Verdict

SHOWN = 20


def print_verdict(verdict: Verdict, programme: Programme) -> None:
    """The whole answer for people."""
    click.echo(headline(verdict))
    for line in _facts(verdict, programme):
        click.echo(f"  {line}")
    for problem in verdict.problems:
        click.echo(f"  × {problem}")
    for difference in verdict.differences[:SHOWN]:
        click.echo(f"  × {difference_line(difference)}")
    more = len(verdict.differences) - SHOWN
    if more > 0:
        line = _("... and {count} more; --json lists all of them.").format(count=f"{more:,}")
        click.echo(f"  {line}")
    for note in verdict.notes:
        line = _("Note: {note}").format(note=note)
        click.echo(f"  {line}")
    if not verdict.ok and verdict.batch is not None:
        click.echo(f"  {_advice(verdict)}")


def headline(verdict: Verdict) -> str:
    """One line: yes, or no and how much is against it."""
    subject = verdict.subject
    if verdict.ok:
        messages = {
            "file": _("True: {subject} is what the books hold."),
            "seal": _("True: the seal {subject} is one of these books."),
            "batch": _("True: batch {subject} is what the books hold."),
            "head": _("True: the chain of these books continues {subject}."),
        }
        return messages[verdict.about].format(subject=subject)
    if verdict.differences:
        message = ngettext(
            "NOT true: {subject} differs from the books in {count} place.",
            "NOT true: {subject} differs from the books in {count} places.",
            len(verdict.differences),
        )
        return message.format(subject=subject, count=f"{len(verdict.differences):,}")
    if verdict.batch is not None and verdict.batch.voided:
        return _("NOT valid: {subject} is of a void batch.").format(subject=subject)
    if verdict.about == "head" and not verdict.of_books:
        if verdict.facts["head"] == "unknown":
            message = _("UNKNOWN: {subject} is no event of these books.")
        else:
            message = _("NOT true: the chain of these books does not continue {subject}.")
        return message.format(subject=subject)
    if verdict.batch is None and not verdict.of_books:
        return _("UNKNOWN: {subject} is not a seal of these books.").format(subject=subject)
    return _("NOT certain: {subject} cannot be confirmed.").format(subject=subject)


def _facts(verdict: Verdict, programme: Programme) -> list[str]:
    """Which document of which batch, and what it was compared with."""
    from ledger.model.seal import grouped_seal
    from reports.documents import kind_word
    from reports.verification.comparison.verdict import BYTES

    batch = verdict.batch
    if verdict.about == "head":
        return _head_facts(verdict.facts)
    if verdict.of_books:
        return [
            _("Document: {document}").format(document=kind_word(verdict.kind)),
            _("Compared with {file}").format(file=verdict.compared),
        ]
    if batch is None:
        return []
    town = programme.by_code.get(verdict.town)
    words = " ".join(filter(None, (kind_word(verdict.kind), town.component if town else "")))
    document = _("Document: {document}").format(document=words)
    if verdict.about == "seal":
        document = _(
            "Documents that bear it: payout sheets, summary, batch statements, workbook and"
            " manifest"
        )
    lines = [
        document,
        _("Batch {batch} of {day}, {state}: {people} people, {amount} yuan, seal {seal}").format(
            batch=batch.id,
            day=batch.date,
            state=batch.state_word,
            people=f"{len(batch.amounts_fen):,}",
            amount=grouped(batch.amount_fen),
            seal=grouped_seal(batch.seal),
        ),
    ]
    if verdict.about == "batch":
        lines = lines[1:]
        files = verdict.facts.get("files", [])
        if files:
            same = sum(file["matched"] == BYTES for file in files)
            message = _("{same} of {count} files are the same bytes as when they were made")
            lines.append(message.format(same=same, count=len(files)))
    if "towns" in verdict.facts:
        towns = verdict.facts["towns"]
        message = ngettext("{count} town: {names}", "{count} towns: {names}", len(towns))
        names = "、".join(f"{town['name']} {town['payees']:,}" for town in towns)
        lines.append(message.format(count=len(towns), names=names))
    if verdict.about == "file":
        same_bytes = _("Compared: the same bytes as {file}")
        by_rows = _("Compared row by row with {file}")
        lines.append(
            (same_bytes if verdict.matched == BYTES else by_rows).format(file=verdict.compared)
        )
    return lines


def _head_facts(facts: dict[str, Any]) -> list[str]:
    """Which event it was, by whom, and how many have come since."""
    event = facts["event"]
    if event is None or "kind" not in event:
        return []
    message = _("Event {seq} of {day}: {kind}, by {operator}")
    kind = EventKind(event["kind"]).word
    lines = [
        message.format(
            seq=event["seq"],
            day=event["date"],
            kind=f"{kind} {event['batch']}" if event["batch"] else kind,
            operator=f"{event['by']} {event['name'] or ''}".strip(),
        )
    ]
    count = facts["followed_by"]
    if count:
        message = ngettext("{count} event follows it", "{count} events follow it", count)
        lines.append(message.format(count=f"{count:,}"))
    else:
        lines.append(_("It is the newest event"))
    return lines


def difference_line(difference: Difference) -> str:
    """One difference: where, whose, what stands here and what in the books."""
    where = []
    if difference.file:
        where.append(difference.file)
    if difference.sheet:
        where.append(_("sheet {sheet}").format(sheet=difference.sheet))
    if difference.page:
        where.append(_("page {page}").format(page=difference.page))
    if difference.row:
        where.append(_("row {number}").format(number=difference.row))
    who = f"{difference.name} {difference.payee}".strip()
    if who:
        where.append(who)
    named = {
        _("file"): difference.file,
        _("sheet"): difference.sheet,
        _("page"): difference.page,
        _("row"): difference.row,
    }
    if not named.get(difference.column):
        where.append(difference.column)
    place = " ".join(where)
    if not difference.books:
        message = _("{place}: here {here}, nothing in the books")
    elif not difference.here:
        message = _("{place}: not here, in the books {books}")
    else:
        message = _("{place}: here {here}, in the books {books}")
    return message.format(place=place, here=difference.here, books=difference.books)


def _advice(verdict: Verdict) -> str:
    """What to do with what is not true."""
    if verdict.batch is not None and verdict.batch.voided:
        return _("Do not pay and do not sign by it; keep it with the void batch.")
    if verdict.differences:
        return _(
            "Do not pay and do not sign by it: take the file from the folder payouts/{batch}, and"
            " ask where this one comes from."
        ).format(batch=verdict.batch.id if verdict.batch else "")
    if verdict.about == "seal":
        return _("Do not rely on the paper: no document of the batch says this.")
    return _(
        "Do not rely on it before this is cleared up; 'census-ledger check' says whether the fault"
        " is in the books."
    )
