"""What the books themselves say of a batch: faults, that it is void, what became of it."""

from __future__ import annotations

from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.base.records import replace
from ledger.figures.batch_outcomes import sent_again
from ledger.model.findings import without_facts
from ledger.model.transitions import State
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import Verdict


def judged(evidence: Evidence, verdict: Verdict) -> Verdict:
    """With what the books themselves say of the batch: faults, that it is void, what became."""
    verdict = verdict.adding(problems=evidence.disagreements)  # guard: paper-of-books-that-agree
    batch = verdict.batch
    if batch is None:
        return verdict
    sealed = evidence.sealed(batch.id)
    verdict = verdict.adding(problems=sealed.faults)  # guard: seal-made-again
    if batch.voided:  # guard: void-paper
        message = _("batch {batch} is void since {day}: nobody may be paid by it")
        said = message.format(batch=batch.id, day=batch.voided)
        # A statement of a later day says so itself.
        if verdict.facts.get("as_of", "") >= batch.voided.isoformat():
            return verdict.adding(notes=[said])
        return verdict.adding(problems=[said])
    counts = batch.counts
    message = _(
        "of the {people} people of the batch {paid} are paid, {returned} were returned, {unknown}"
        " are unknown and {awaited} awaited"
    )
    notes = [
        message.format(
            people=f"{len(batch.amounts_fen):,}",
            paid=f"{counts.get(State.PAID, 0):,}",
            returned=f"{counts.get(State.RETURNED, 0):,}",
            unknown=f"{counts.get(State.UNKNOWN, 0):,}",
            awaited=f"{counts.get(State.IN_BANK, 0):,}",
        )
    ]
    again = len(sent_again(evidence.books.history, batch))
    if again:
        message = ngettext(
            "{count} of those who were returned was sent again in a later batch",
            "{count} of those who were returned were sent again in a later batch",
            again,
        )
        notes.append(message.format(count=f"{again:,}"))
    errors = len(without_facts(evidence.books.errors))
    if errors and not sealed.faults:
        message = _("the books have {count} error(s) elsewhere: a check lists them")
        notes.append(message.format(count=errors))
    verdict = replace(verdict, facts={**verdict.facts, "sent_again": again})
    return verdict.adding(notes=notes)
