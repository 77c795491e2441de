"""A batch, or one of its files, comes to nothing: it is taken back, or the bank refuses it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.masks import mask_numbers
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.batch_lookup import require_not_before
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.events.event_text import void_event
from ledger.events.result_text import result_event
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.history import names_of
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.return_reasons import FILE_REFUSED
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.payments.settlement import PayeeAnswer
from ledger.payments.settlement import settle
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.registry import Registry
from ledger.services.unit_of_work import Work


class NotToVoid(Refusal):
    """A batch that may be with the bank, or is void."""

    def __init__(self, batch: Batch, reason: str) -> None:
        message = _("batch {batch} cannot be voided: {reason}")
        super().__init__(
            message.format(batch=batch.id, reason=reason), batch=batch.id, state=batch.state
        )


class BankMayPay(NotToVoid):
    """A batch that was submitted, and nobody has said that the bank has refused it."""

    def __init__(self, batch: Batch) -> None:
        reason = _(
            "it was submitted on {day}, and the bank may be paying it. If the bank has refused the"
            " upload, say so, and why"
        )
        super().__init__(batch, reason.format(day=batch.submitted))


class NoSuchFile(Refusal):
    """The batch has no bank file of that name."""

    def __init__(self, batch: Batch, file: str, known: Sequence[str]) -> None:
        message = _("batch {batch} has no bank file {file}; it has {known}")
        super().__init__(
            message.format(batch=batch.id, file=file, known=listed(known)),
            batch=batch.id,
            known=list(known),
        )


class FileNotToRefuse(Refusal):
    """A file that may have been paid."""

    def __init__(self, file: str, reason: str) -> None:
        message = _("{file} cannot be recorded as refused: {reason}")
        super().__init__(message.format(file=file, reason=reason))


class PlannedVoid(Record):
    """A batch that may be taken back, the day, and why the bank or a checker has refused it."""

    batch: Batch
    on: datetime.date
    bank_refused: str
    rejected: str


class PlannedRefusal(Record):
    """One file of a batch, everyone in it, and why the bank has refused it."""

    batch: Batch
    file: str
    payees: Sequence[PayeeId]
    on: datetime.date
    reason: str


def plan_void(
    work: Work, name: BatchId, on: datetime.date, *, bank_refused: str = "", rejected: str = ""
) -> PlannedVoid:
    """Judge whether a batch may be taken back, so that its people are due again.

    Before it was submitted; after that only when the bank has refused the upload, and has
    debited nothing and answered for nobody. ``rejected`` is why whom it asks for approval has
    given none.
    """
    batch = find_batch(work.books, name)
    if reason := _why_not_void(work.books, batch):
        raise NotToVoid(batch, reason)
    if batch.submitted and not bank_refused:  # guard: submitted-void-by-command
        raise BankMayPay(batch)
    require_not_before(batch, on, work.today)
    return PlannedVoid(batch, on, bank_refused, rejected)


def void(work: Work, planned: PlannedVoid) -> None:
    """Take a batch back, so that its people are due again."""
    text = void_event(
        planned.on,
        work.writer.drafting,
        _preparation(work.books, planned.batch),
        payment=work.books.programme.payment,
        bank_refused=planned.bank_refused,
        rejected=planned.rejected,
    )
    judged = EventKind.APPROVED if planned.rejected else EventKind.VOID
    work.commit(Draft("void", planned.batch.id, text.encode("utf-8"), judged=judged))


def plan_file_refusal(
    work: Work, name: BatchId, file: str, on: datetime.date, *, reason: str
) -> PlannedRefusal:
    """Judge whether the bank can have refused one file of a batch, and nothing else.

    Nobody of the file may have been answered for, and the bank must not have debited the file's
    money.
    """
    batch = find_batch(work.books, name)
    payees = _payees_of_file(work.registry, batch, file)
    if problem := _why_not_refuse(work.books, batch, payees):
        raise FileNotToRefuse(file, problem)
    require_not_before(batch, on, work.today)
    return PlannedRefusal(batch, file, payees, on, reason)


def refuse_file(work: Work, planned: PlannedRefusal) -> Batch:
    """Record that the bank has refused a file: everyone in it is returned. The batch after it."""
    history = work.books.history
    batch, reason = planned.batch, planned.reason
    answers = [PayeeAnswer(payee, State.RETURNED, FILE_REFUSED, reason) for payee in planned.payees]
    text = result_event(
        planned.on,
        work.writer.drafting,
        batch,
        settle(history, batch, answers),
        history.standings_in(batch.stage),
        names_of(history, batch),
        payment=work.books.programme.payment,
        meta={"bank-refused": mask_numbers(reason), "file": planned.file},
    )
    work.commit(Draft("result", batch.id, text.encode("utf-8")))
    return work.books.history.batches[batch.id]


def _payees_of_file(registry: Registry, batch: Batch, file: str) -> list[PayeeId]:
    """Who is in a bank file of the batch, by its name. Raises NoSuchFile."""
    rows = rows_of_batch(registry, batch)
    payees = [row.payee_id for row in rows if row.bank_file == Path(file).name]
    if not payees:
        raise NoSuchFile(batch, file, sorted({row.bank_file for row in rows}))
    return payees


def _why_not_refuse(books: Books, batch: Batch, payees: Sequence[PayeeId]) -> str | None:
    if batch.voided:
        return _("batch {batch} is void").format(batch=batch.id)
    # guard: answered-file-not-refused
    if {batch.outcomes[payee] for payee in payees} != {State.IN_BANK}:
        return _("the bank has answered for some of its people")
    # guard: debited-file-not-refused
    if books.flows.promised_fen.get(batch.id, 0) < sum(
        batch.amounts_fen[payee] for payee in payees
    ):
        return _("the bank has debited money for it: ask for the refund and the result")
    return None


def _why_not_void(books: Books, batch: Batch) -> str | None:
    if batch.voided:
        return _("it is void already")
    if set(batch.outcomes.values()) != {State.IN_BANK}:  # guard: answered-not-voided
        return _("the bank has answered for some of its people")
    if books.flows.promised_fen.get(batch.id, 0) != batch.amount_fen:  # guard: debited-not-voided
        return _("the bank has debited money for it")
    return None


def _preparation(books: Books, batch: Batch) -> Event:
    return next(
        event
        for event in books.history.events
        if event.kind == EventKind.PREPARED and event.batch == batch.id
    )
