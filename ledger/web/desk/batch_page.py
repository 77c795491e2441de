"""The page of one batch: what it is, what may be done with it now, and what was done."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any
from typing import NamedTuple

from werkzeug.wrappers import Response as Answer

from ledger.base.language import ngettext
from ledger.base.language import page_gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.money import fen
from ledger.base.money import grouped
from ledger.base.refusals import Refusal
from ledger.books.batch_folder import listed_files
from ledger.books.batch_folder import place_of_files
from ledger.books.batch_lookup import find_batch
from ledger.books.books import Books
from ledger.controls.invariants import CASH
from ledger.events.reversals import REVERSIBLE
from ledger.figures.batch_review import BatchReview
from ledger.figures.batch_review import review
from ledger.figures.status import batch_status
from ledger.figures.status import batch_towns
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.history import reason_of
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import PayeeId
from ledger.model.operators import MAY_MAKE
from ledger.model.seal import grouped_seal
from ledger.model.transitions import State
from ledger.registry.frozen_rows import rows_of
from ledger.services.approvals import approve
from ledger.services.approvals import plan_approval
from ledger.services.approvals import plan_rejection
from ledger.services.batch_papers import RIGHT
from ledger.services.batch_papers import restore_papers
from ledger.services.batches import plan_file_refusal
from ledger.services.batches import plan_void
from ledger.services.batches import refuse_file
from ledger.services.batches import void
from ledger.services.submission import plan_submission
from ledger.services.submission import submit
from ledger.services.unit_of_work import Work
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.progress import counted
from ledger.web.desk.routes import CASHIER
from ledger.web.desk.routes import CHECKERS
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import READERS_OF_BANK_FILES
from ledger.web.desk.routes import READERS_OF_PAPERS
from ledger.web.desk.routes import Route
from ledger.web.page_words import batch_word
from ledger.web.page_words import event_word
from ledger.web.page_words import return_word
from ledger.web.page_words import role_word
from ledger.web.page_words import role_words
from ledger.web.page_words import rules_words
from ledger.web.page_words import state_word
from reports.documents import BANK_FILE
from reports.wording.bank_question import question

Done = Answer | tuple[str, int]
BATCH = "/disbursement/<batch>"
NAMED = 20
NOT_PAID = frozenset({State.RETURNED, State.UNKNOWN})
# So many of those who were not paid are shown; the page of people has all.
MOST = 200


class Unpaid(NamedTuple):
    """Somebody whom a batch did not pay, or nobody knows it."""

    payee: PayeeId
    name: str
    town: str
    state: str
    yuan: str
    why: str


def show(desk: Desk, batch: str) -> str:
    return page(desk, batch)


def approved(desk: Desk, batch: str) -> Done:
    """Sign that the batch was looked at."""

    def do(work: Work, form: Form) -> str:
        on = form.day()
        planned, role = plan_approval(work, BatchId(batch), on)
        after = approve(work, planned, role, on)
        if after.is_held:
            return _("Batch {batch} has “{role}”; others still to act: {names}.").format(
                batch=batch, role=role_word(role), names=role_words(after.approvals_missing)
            )
        return _("Batch {batch} has every approval: its bank files can go to the bank.").format(
            batch=batch
        )

    return _done(desk, batch, "approve", do)


def rejected(desk: Desk, batch: str) -> Done:
    """Send the batch back to its maker."""

    def do(work: Work, form: Form) -> str:
        void(work, plan_rejection(work, BatchId(batch), form.day(), reason=form.reason()))
        return _(
            "Batch {batch} was sent back and is void, its people are as before; none "
            "of its files may be used."
        ).format(batch=batch)

    return _done(desk, batch, "reject", do)


def submitted(desk: Desk, batch: str) -> Done:
    """Record that the bank has the files."""

    def do(work: Work, form: Form) -> str:
        planned = plan_submission(work, BatchId(batch), form.day())
        submit(work, planned)
        return _("Recorded: the bank got the files of batch {batch} on {on}.").format(
            batch=batch, on=planned.on
        )

    return _done(desk, batch, "submit", do)


def voided(desk: Desk, batch: str) -> Done:
    """Take the batch back; its people are due again."""

    def do(work: Work, form: Form) -> str:
        refused = mask_numbers(form.text("reason"))
        void(work, plan_void(work, BatchId(batch), form.day(), bank_refused=refused))
        return _(
            "Batch {batch} is void, its people are as before. Please destroy printed "
            "payout sheets and do not upload its files."
        ).format(batch=batch)

    return _done(desk, batch, "void", do)


def file_refused(desk: Desk, batch: str) -> Done:
    """Record that the bank has refused one file."""

    def do(work: Work, form: Form) -> str:
        file, reason = form.text("file"), form.reason()
        planned = plan_file_refusal(work, BatchId(batch), file, form.day(), reason=reason)
        refuse_file(work, planned)
        return ngettext(
            "{count} person in {file} is recorded as returned; mend the file, then release them.",
            "{count} people in {file} are recorded as returned; mend the file, then release them.",
            len(planned.payees),
        ).format(file=file, count=f"{len(planned.payees):,}")

    return _done(desk, batch, "refuse", do)


def restored(desk: Desk, batch: str) -> Done:
    """Write lost or changed papers again."""

    def do(work: Work, _form: Form) -> str:
        papers = restore_papers(work, BatchId(batch), "", partial(counted, desk))
        again = sum(paper.state != RIGHT for paper in papers)
        return _(
            "{again} files were written anew; the other {count} are whole and were not touched."
        ).format(again=again, count=len(papers) - again)

    return _done(desk, batch, "restore", do)


def _done(desk: Desk, batch: str, name: str, do: Callable[[Work, Form], str]) -> Done:
    """One action on a batch as the page showed it, or the page as it is now with why not."""
    form = desk.form()
    try:
        with desk.work(seen=form.seen) as work:
            said = do(work, form)
    except (Refusal, OSError) as refusal:
        return page(desk, batch, desk.problem(name, refusal)), NOT_DONE
    return desk.go(f"/disbursement/{batch}", said)


def page(desk: Desk, name: str, problem: Problem | None = None) -> str:
    """The page, and why a form of it was refused."""
    books = desk.whole()
    batch = find_batch(books, BatchId(name))
    files = listed_files(books.folder / place_of_files(books, batch))
    towns = desk.once(("towns", name), lambda: batch_towns(batch))
    return desk.render(
        "batch.html",
        batch=batch,
        status=batch_status(batch),
        state_word=batch_word(batch.state),
        yuan=grouped(batch.amount_fen),
        before_tax=grouped(batch.gross_fen),
        tax=grouped(batch.tax_fen),
        towns=_totals(towns),
        town_files=[(name_of(town), code_of(town)) for town in towns],
        files=[(one, grouped(fen(Decimal(one["amount"])))) for one in files],
        open_files=_open_files(desk, batch, files),
        seal=grouped_seal(batch.seal),
        bank_files=[one["name"] for one in files if one["kind"] == BANK_FILE],
        can=_what_can_be_done(desk, batch),
        events=list(_events(desk, books, batch)),
        attached=batch.attached,
        may_read_papers=desk.may(READERS_OF_PAPERS),
        unpaid=desk.once(("unpaid", name), lambda: list(_unpaid(desk, books, batch))),
        most=MOST,
        names=_names(books),
        problem=problem,
        **(_review(desk, books, batch) if batch.state == "prepared" and batch.asked.roles else {}),
    )


def _open_files(desk: Desk, batch: Batch, files: list[dict[str, Any]]) -> set[str]:
    """The files that whoever is there may have; the download judges it again."""
    if not desk.may(READERS_OF_PAPERS):
        return set()
    bank_files = desk.may(READERS_OF_BANK_FILES) and not batch.is_held and not batch.voided
    return {str(one["name"]) for one in files if bank_files or one["kind"] != BANK_FILE}


def _what_can_be_done(desk: Desk, batch: Batch) -> set[str]:
    """What to offer to whoever is there. The services judge it again."""
    found = set()
    waits = batch.state == "prepared" and bool(batch.asked.roles)
    operator = desk.operator()
    if waits and desk.may(frozenset(batch.approvals_missing)):
        is_maker = operator is not None and operator.id == batch.made_by
        found |= {"maker"} if is_maker else {"approve", "reject"}
    if batch.is_here and not batch.approvals_missing and desk.may(CASHIER):
        found.add("submit")
    if not batch.voided and desk.may(CLERK):
        found |= {"void", "restore"}
    if batch.submitted and not batch.voided and batch.state != "settled" and desk.may(CASHIER):
        found.add("refuse")
    if not batch.voided and desk.may(CLERK):
        found.add("attach")
    if not batch.voided and not batch.is_held and desk.may(READERS_OF_PAPERS):
        found.add("towns")
    return found


def _review(desk: Desk, books: Books, batch: Batch) -> dict[str, Any]:
    """What somebody looks at who approves it."""

    def look() -> BatchReview:
        with desk.place.registry() as registry:
            return review(books, registry, batch)

    found = desk.once(("review", batch.id), look)
    before = found.rules_before
    return {
        "funds": _totals(found.funds),
        "ceilings": [
            (_word(books, one.name), grouped(one.available_fen), grouped(one.used_fen))
            for one in found.ceilings
        ],
        "looked_at": [
            (_("People paid for the first time"), found.new),
            (_("People with another account than last time"), found.changed),
            (_("People who share an account"), [one for group in found.shared for one in group]),
        ],
        "named": NAMED,
        "grouped": grouped,
        "rules": None if before is None else (rules_words(before), rules_words(batch.asked.rules)),
    }


def _word(books: Books, name: str) -> str:
    """A recorded ceiling in words: cash, a fund's money, or a line of the budget."""
    if name == CASH:
        return _("In the bank")
    code, _colon, line = name.partition(":")
    fund = books.rules.fund(FundCode(code))
    said = fund.name if fund else code
    return f"{said} · {name_of(line)}" if line else _("{said} (money received)").format(said=said)


def _totals(totals: Any) -> list[tuple[str, int, str]]:
    return [(name_of(name), people, grouped(fen)) for name, (people, fen) in totals.items()]


def _unpaid(desk: Desk, books: Books, batch: Batch) -> Iterator[Unpaid]:
    """Whom the bank has not paid by the batch, and why, or what to ask it."""
    if batch.voided or NOT_PAID.isdisjoint(batch.outcomes.values()):
        return
    asked = [payee for payee, state in batch.outcomes.items() if state in NOT_PAID]
    with desk.place.registry() as registry:
        rows = rows_of(registry, batch, asked)
    for row in rows:
        state = batch.outcomes[row.payee_id]
        reason = batch.reasons.get(row.payee_id, "")
        why = return_word(reason) if reason else ""
        if state == State.UNKNOWN:
            why = question(row, batch, books.settings.unit)
        yield Unpaid(
            row.payee_id,
            row.legal_name,
            row.town_name,
            state_word(state),
            grouped(row.amount_fen),
            why,
        )


class Happened(NamedTuple):
    """What happened to a batch, and why; ``undone`` is the event that took it back, ``back`` where
    whoever may does that.
    """

    event: Event
    what: str
    reason: str
    undone: int | None
    back: str


def _events(desk: Desk, books: Books, batch: Batch) -> Iterator[Happened]:
    for event in books.history.events:
        if event.batch == batch.id:
            undone = books.history.reversed_by.get(event.seq)
            may = event.kind in REVERSIBLE and desk.may(MAY_MAKE[event.kind])
            yield Happened(
                event,
                event_word(event.kind),
                mask_numbers(reason_of(event.header)),
                undone,
                f"/events/{event.seq}/reverse" if may and undone is None else "",
            )


def _names(books: Books) -> dict[str, str]:
    return {one.id: one.name for one in books.history.operators.values()}


ROUTES = (
    Route(GET, BATCH, show),
    Route(POST, f"{BATCH}/approve", approved, CHECKERS),
    Route(POST, f"{BATCH}/reject", rejected, CHECKERS),
    Route(POST, f"{BATCH}/submit", submitted, CASHIER),
    Route(POST, f"{BATCH}/void", voided, CLERK),
    Route(POST, f"{BATCH}/refuse", file_refused, CASHIER),
    Route(POST, f"{BATCH}/restore", restored, CLERK),
)
