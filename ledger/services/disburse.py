"""``disburse``: from who is due to payout sheets, bank files and ledger entries, in one step."""

from __future__ import annotations

from ledger.base.actor_and_clock import Acting
from ledger.base.actor_and_clock import require_near
from ledger.base.books_folder import MANIFEST
from ledger.base.digests import Digest
from ledger.base.durable import write_file
from ledger.base.language import gettext as _
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.consistency import by_operators
from ledger.books.consistency import require_agreement
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import require_role
from ledger.controls.invariants import write_recorded
from ledger.disbursement.listed_totals import check_listed_totals
from ledger.disbursement.printed_by import SETTINGS
from ledger.disbursement.proposal import Proposal
from ledger.disbursement.proposal import Request
from ledger.disbursement.proposal import propose
from ledger.events.approvals import asked_meta
from ledger.events.event_text import prepared_event
from ledger.model.months import require_open
from ledger.model.recorded_rates import LIMITS
from ledger.model.recorded_rates import RATES
from ledger.model.recorded_rates import STAGE
from ledger.model.recorded_rates import limits_on
from ledger.model.recorded_rates import rates_on
from ledger.model.recorded_rates import write_limits
from ledger.model.recorded_rates import write_rates
from ledger.model.recorded_tax_classes import TAX_CLASSES
from ledger.model.recorded_tax_classes import write_tax_classes
from ledger.model.rules import Rules
from ledger.model.transitions import EventKind
from ledger.registry.log_replay import require_logged
from ledger.registry.registry import Registry
from ledger.services.unit_of_work import Work
from reports.payout.payout_files import PayoutFile
from reports.payout.payout_files import Track
from reports.payout.payout_files import make_files
from reports.payout.payout_files import manifest_bytes
from reports.payout.payout_files import papers_of
from reports.payout.sheets_beside import drawing_process


class BooksMoved(Refusal):
    """Between the preview and the answer somebody else has changed what would be paid."""

    def __init__(self) -> None:
        super().__init__(
            _("the books have changed since the preview, and nothing was written; run it again")
        )


def preview(books: Books, registry: Registry, request: Request, acting: Acting) -> Proposal:
    """The batch that would be made now. Nothing is reserved, and nothing written.

    Raises RoleMissing, and LogBroken or RecordsDiffer: nobody is paid by a record that somebody
    has slipped in.
    """
    books.require_sound()
    require_agreement(books, registry)
    return _propose(books, registry, request, acting)


def _propose(books: Books, registry: Registry, request: Request, acting: Acting) -> Proposal:
    require_role(books.history, acting.actor.operator, EventKind.PREPARED)
    require_near(request.on, acting.today)
    require_open(books.history.closed, request.on)  # guard: no-papers-in-a-closed-month
    proposal = propose(books, registry, registry.payees(), request)
    require_logged(
        registry, [row.payee_id for row in proposal.instructions], by_operators(books.history)
    )
    return proposal


def disburse(
    work: Work, request: Request, *, salt: str, expected: Digest | None = None, track: Track
) -> tuple[Proposal, list[PayoutFile]]:
    """Make the batch: sheets, workbook, bank files, frozen rows and entries, or nothing.

    ``salt`` is chance of eight bytes. ``expected`` is the plan's digest that the user confirmed:
    raises BooksMoved when the batch would be another one by now. Raises TownNotAsListed.
    """
    books = work.books
    books.require_sound()
    people = 0 if request.towns else len(work.registry.serials())
    with drawing_process(people) as process:  # It starts while the batch is planned.
        proposal = replace(_as_confirmed(work, request, expected), salt=salt)
        artefacts = work.writer.make_artefacts_folder(proposal.batch)
        papers = papers_of(books, proposal)
        files = make_files(artefacts, papers, track, process)
    manifest = manifest_bytes(books, proposal, files)
    write_file(artefacts / MANIFEST, manifest)
    rows_digest, printed_by, manifest_digest = work.registry.keep_frozen(
        proposal.rows, papers.printed_by.to_text(), manifest
    )
    content = prepared_event(
        request.on,
        work.writer.drafting,
        proposal.batch,
        proposal.instructions,
        books.rules,
        books.components,
        payment=books.programme.payment,
        meta={
            "entries": proposal.entries,
            "rows": rows_digest,
            "salt": proposal.salt,
            "log": work.registry.log.head(),
            "manifest": manifest_digest,
            SETTINGS: printed_by,
            "ceilings": recorded_ceilings(proposal),
            STAGE: proposal.instructions[0].stage,
            RATES: recorded_rates(proposal, books.rules),
            TAX_CLASSES: recorded_tax_classes(proposal, books.rules),
            LIMITS: recorded_limits(proposal, books.rules),
            **asked_meta(proposal.asked),
        },
    )
    work.commit(Draft("prepared", proposal.batch, content, artefacts, proposal.is_held))
    return proposal, files


def _as_confirmed(work: Work, request: Request, expected: Digest | None) -> Proposal:
    proposal = _propose(work.books, work.registry, request, work.acting)
    if expected not in (None, proposal.plan_digest):  # guard: written-as-confirmed
        raise BooksMoved
    listed = work.books.history.work.get(proposal.stage.code, {})
    check_listed_totals(proposal.instructions, listed)
    return proposal


def recorded_ceilings(proposal: Proposal) -> str:
    """What was available of the lines and funds that the batch charges, and in cash."""
    names = {charge.due.line for charge in proposal.plan.charges}
    lines = {line: fen for line, fen in proposal.ceilings.lines_fen.items() if line.line in names}
    return write_recorded(lines, proposal.ceilings.funds_fen, proposal.ceilings.cash_fen)


def recorded_tax_classes(proposal: Proposal, rules: Rules) -> str:
    """What the roles that are owed something new are to the income tax."""
    on = proposal.request.on
    return write_tax_classes({role: rules.tax_class(role, on) for role in paid_anew(proposal)})


def paid_anew(proposal: Proposal) -> set[str]:
    """The roles that are owed something new."""
    return {charge.due.payee.role for charge in proposal.plan.charges if not charge.due.standing}


def recorded_rates(proposal: Proposal, rules: Rules) -> str:
    """The rates of the roles that are owed something new."""
    roles = paid_anew(proposal)
    rates = rates_on(rules, proposal.request.on, proposal.stage.code)
    return write_rates({role: rate for role, rate in rates.items() if role in roles})


def recorded_limits(proposal: Proposal, rules: Rules) -> str:
    """The limits of the same roles."""
    roles = paid_anew(proposal)
    limits_fen = limits_on(rules, proposal.request.on)
    return write_limits({role: fen for role, fen in limits_fen.items() if role in roles})
