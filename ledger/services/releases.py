"""People are paid although something speaks against it: somebody has looked, and says why."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Sequence

from ledger.base.actor_and_clock import require_near
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.outside_text import cleaned
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.disbursement.stage_choice import only_stage
from ledger.events.result_text import release_event
from ledger.model.history import Standing
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_STAGE
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.rules import Rules
from ledger.model.transitions import State
from ledger.payments.eligibility import Block
from ledger.payments.eligibility import Eligibility
from ledger.services.unit_of_work import Work

NAMED_IN_A_MESSAGE = 10
# What somebody's word is the answer to.
BY_WORD = (Block.RETURNED, Block.DISPUTED, Block.CANCELLED, Block.POST_PAID)


class NotToRelease(Refusal):
    """People whom nothing keeps from being paid, or whose payment is open or done."""

    def __init__(self, reasons: Sequence[str]) -> None:
        shown = [
            *reasons[:NAMED_IN_A_MESSAGE],
            *(["…"] if len(reasons) > NAMED_IN_A_MESSAGE else []),
        ]
        message = _("nobody was released: {reasons}")
        super().__init__(message.format(reasons=listed(shown)))


class NobodyReturned(Refusal):
    """A batch without returns of the class that was asked for, or with none but disputed ones."""

    def __init__(self, batch: BatchId, reason_class: str, disputed: Sequence[PayeeId]) -> None:
        message = _("nobody of batch {batch} waits because of {reason_class}")
        if disputed:
            message = _(
                "of batch {batch} nobody waits because of {reason_class} but {payees}, of whom the"
                " bank has said something else since: ask it, and release each by the id"
            )
        super().__init__(
            message.format(batch=batch, reason_class=reason_class, payees=listed(disputed)),
            batch=batch,
            reason_class=reason_class,
            disputed=list(disputed),
        )


class ReasonMissing(Refusal):
    """A decision about money without a reason."""

    def __init__(self) -> None:
        super().__init__(_("say why: it is kept in the books"))


class BeforeThePayee(Refusal):
    """A day before something that has already happened to the person."""

    def __init__(self, payee: PayeeId, standing: Standing, on: datetime.date) -> None:
        message = _("{day} is before {last}, the day of the last event of {payee}")
        super().__init__(
            message.format(day=on, last=standing.since, payee=payee),
            payee=payee,
            day=on.isoformat(),
            last=standing.since.isoformat(),
        )


class ReturnedOfClass(Record):
    """Everyone of a batch who waits for one thing: a word of somebody's.

    ``disputed`` came back for the same reason, and the bank has said something else since: about
    each of them it has to be asked, and none is released among others.
    """

    waiting: tuple[PayeeId, ...]
    disputed: tuple[PayeeId, ...]


def returned_of_class(
    books: Books, eligibility: Eligibility, name: BatchId, reason_class: str
) -> ReturnedOfClass:
    """Whom a batch's bank has returned for a class of reasons, neither corrected nor released
    since.

    Raises NobodyReturned when nobody is left but disputed ones.
    """
    batch = find_batch(books, name)
    standings = books.history.standings_in(batch.stage)
    releases = books.history.releases_in(batch.stage)
    in_doubt = {pair.payee for pair in eligibility.doubts}
    returned = [
        (payee, standing.returned)
        for payee in sorted(batch.amounts_fen)
        if (standing := standings[payee]).state == State.RETURNED
        and standing.returned is not None
        and (standing.returned.batch, standing.returned.reason_class) == (name, reason_class)
        and payee in eligibility.blocked_ids
        and payee not in in_doubt
        and payee not in releases
    ]
    disputed = tuple(payee for payee, back in returned if back.disputed)
    # guard: disputed-not-in-class
    waiting = tuple(payee for payee, back in returned if not back.disputed)
    if not waiting:
        raise NobodyReturned(name, reason_class, disputed)
    return ReturnedOfClass(waiting, disputed)


def released_in(
    rules: Rules, eligibilities: Sequence[Eligibility], payees: Collection[PayeeId]
) -> Eligibility:
    """Of the stages the one in which a word of somebody's lets these people be paid.

    ``eligibilities`` are those of the stages, first of the one that is taken where none fits.
    Raises StageNotNamed where several do.
    """
    fitting = []
    for each in eligibilities:
        waiting = {one.payee.payee_id for one in each.blocked if one.reason in BY_WORD}
        if waiting.issuperset(payees):
            fitting.append(each)
    stages = [stage for stage in rules.stages if stage.code in {each.stage for each in fitting}]
    first = next(stage for stage in rules.stages if stage.code == eligibilities[0].stage)
    code = only_stage(stages, first).code
    return next(each for each in eligibilities if each.stage == code)


def release(
    work: Work, eligibility: Eligibility, payees: Sequence[PayeeId], reason: str, on: datetime.date
) -> None:
    """Let people be paid although their record was right, or their post is taken.

    ``eligibility`` is everybody's in the stage that it is about: only those whom it blocks can be
    released, and nobody whose payment the bank has not answered for. Raises NotToRelease with what
    is wrong for each.
    """
    reason = cleaned(reason).strip()
    if not reason:  # guard: release-reason-given
        raise ReasonMissing
    require_near(on, work.today)
    faults = _why_not_release(work.books, eligibility, payees)
    if faults:
        raise NotToRelease(faults)
    for payee in payees:
        _require_not_before(work.books, eligibility.stage, payee, on)
    stage = eligibility.stage if work.books.rules.named_stages else NO_STAGE
    text = release_event(on, work.writer.drafting, stage, payees, reason)
    work.commit(Draft("released", NO_BATCH, text.encode("utf-8")))


def _why_not_release(
    books: Books, eligibility: Eligibility, payees: Sequence[PayeeId]
) -> list[str]:
    known = {due.payee.payee_id for due in eligibility.eligible}
    doubts = {pair.payee: pair.other for pair in eligibility.doubts}
    standings = books.history.standings_in(eligibility.stage)
    releases = books.history.releases_in(eligibility.stage)
    faults = []
    for payee in payees:
        standing = standings.get(payee)
        # guard: released-when-not-open-by-command
        if standing is not None and standing.state not in (State.DUE, State.RETURNED):
            message = _("{payee} is {state}")
            faults.append(message.format(payee=payee, state=standing.state.word))
        elif (released := releases.get(payee)) is not None:  # guard: released-once
            message = _("{payee} was released on {day} already")
            faults.append(message.format(payee=payee, day=released.date))
        elif payee in doubts:  # guard: doubt-not-released
            message = _(
                "money went by a number of {payee} for {other}, and nobody has decided that they"
                " are two people"
            )
            faults.append(message.format(payee=payee, other=doubts[payee]))
        elif payee in known:
            faults.append(_("{payee} can be paid as it is").format(payee=payee))
        elif payee not in eligibility.blocked_ids:
            faults.append(_("{payee} is not registered, or has left").format(payee=payee))
    return faults


def _require_not_before(books: Books, stage: StageCode, payee: PayeeId, on: datetime.date) -> None:
    standing = books.history.standings_in(stage).get(payee)
    if standing is not None and on < standing.since:  # guard: release-not-backdated
        raise BeforeThePayee(payee, standing, on)
