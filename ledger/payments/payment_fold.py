"""One person's step in the fold: from where she stands to where an entry takes her."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping

from beancount.core import data

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.model.accounts import Place
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.history import Release
from ledger.model.history import Return
from ledger.model.history import Standing
from ledger.model.ids import NO_BATCH
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.recorded_rates import STAGE
from ledger.model.recorded_rates import RecordedRate
from ledger.model.rules import StageKind
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.model.work_done import WorkDone
from ledger.payments.amount_owed import Owed
from ledger.payments.amount_owed import amount_owed
from ledger.payments.amount_owed import paid_before_bounds
from ledger.payments.entered_work import NO_WORK
from ledger.payments.entered_work import entered_work
from ledger.payments.entered_work import owed_as_entered
from ledger.payments.movements import Moved

# The metadata of an entry that names the paper by which somebody was paid before the books.
DOCUMENT = "document"
RELEASABLE = (State.DUE, State.RETURNED)

# A step is taken for every person of every event, and an attribute of an Enum costs as much as the
# comparison that it is for.
_PREPARED, _RESULT = EventKind.PREPARED, EventKind.RESULT
_VOID, _CANCELLED = EventKind.VOID, EventKind.CANCELLED
_DUE, _RETURNED, _UNKNOWN = State.DUE, State.RETURNED, State.UNKNOWN
_EXPENSE = Place.EXPENSE

Report = Callable[[data.Directive, str, str], None]


class Steps:
    """Where everybody stands and who was released, stage by stage; ``report`` takes what breaks
    the rules.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.standings: dict[StageCode, dict[PayeeId, Standing]] = defaultdict(dict)
        self.releases: dict[StageCode, dict[PayeeId, Release]] = defaultdict(dict)

    def go_on_from(self, before: Steps) -> None:
        """Stand where everybody stood."""
        self.take_up(before.standings, before.releases)

    def take_up(
        self,
        standings: Mapping[StageCode, Mapping[PayeeId, Standing]],
        releases: Mapping[StageCode, Mapping[PayeeId, Release]],
    ) -> None:
        """Stand where everybody has come to stand."""
        self.standings.update({stage: dict(some) for stage, some in standings.items()})
        self.releases.update({stage: dict(some) for stage, some in releases.items()})

    def release(self, event: Event, stage: StageCode, payee: PayeeId) -> None:
        """Somebody's word that she may be paid, unless her payment is open or done."""
        standing = self.standings[stage].get(payee)
        state = standing.state if standing else _DUE
        if state not in RELEASABLE:  # guard: released-when-not-open
            message = _("{payee} is {state} and cannot be released")
            self.report(event.header, "transition", message.format(payee=payee, state=state.word))
            return
        if standing is not None and event.date < standing.since:
            self.report_date(event.header, payee, standing)
        self.releases[stage][payee] = Release(event.date, str(event.header.meta.get("reason", "")))

    def dispute(self, event: Event, stage: StageCode, payee: PayeeId) -> None:
        """The bank calls a payment paid that it has returned: no release stands against that."""
        standings = self.standings[stage]
        standing = standings.get(payee)
        if standing is None or standing.returned is None:
            message = _("{payee} was not returned, so no answer disputes it")
            self.report(event.header, "transition", message.format(payee=payee))
            return
        since = standing.since
        if standing.state == _RETURNED:
            since = max(since, event.date)  # guard: release-after-contradiction
        returned = standing.returned._replace(disputed=True)
        standings[payee] = standing._replace(returned=returned, since=since)
        self.releases[stage].pop(payee, None)  # guard: contradiction-undoes-release

    def stay_until(self, stage: StageCode, payee: PayeeId, day: datetime.date) -> None:
        """Nothing happens to her in a stage before a day."""
        standings = self.standings[stage]
        standing = standings.get(payee)
        if standing is not None and standing.since < day:  # guard: nothing-before-a-reversal
            standings[payee] = standing._replace(since=day)

    def take(self, event: Event, batch: Batch, moved: Moved, payee: PayeeId) -> None:
        """Move one person from the state before to the state after, or report why not."""
        standings = self.standings[batch.stage]
        before = standings.get(payee)
        self.check_step(event, batch, moved, payee, before)
        account, amount_fen = moved.account, moved.amount_fen
        if event.kind == _PREPARED:
            self.check_instruction(batch, moved, payee, before)
            batch.amounts_fen[payee] = amount_fen
            if moved.tax_fen:
                batch.taxes_fen[payee] = moved.tax_fen
            batch.places[payee] = (account.fund, account.town)
            if moved.movement.debit == _EXPENSE:
                batch.charges_fen[account.fund, account.line] += moved.gross_fen
        elif before is None or payee not in batch.amounts_fen:
            return
        else:
            amount_fen = batch.amounts_fen[payee]
        after = moved.step.after
        standings[payee] = self.next_standing(
            event, batch, moved, before, after, amount_fen=amount_fen
        )
        if event.kind == _VOID:
            batch.outcomes.pop(payee, None)
        elif event.kind != _CANCELLED:
            batch.outcomes[payee] = after
        came_back = after == _RETURNED and event.kind == _RESULT
        if came_back:
            batch.reasons[payee] = str(moved.entry.meta.get("reason-class", ""))
        # guard: release-for-one-return, cancellation-undoes-release
        if came_back or event.kind == _CANCELLED:
            self.releases[batch.stage].pop(payee, None)

    def pay_before(
        self,
        stage: StageCode,
        moved: Moved,
        payee: PayeeId,
        rates: Mapping[str, RecordedRate],
        done: WorkDone | None,
    ) -> None:
        """Somebody was paid before these books, by a paper that the entry names: what is owed by
        the recorded rates and for the work that is ``done`` by the lists.
        """
        entry, account, before = moved.entry, moved.account, self.standings[stage].get(payee)
        role = str(entry.meta.get("role", ""))
        if before is not None and before.state != _DUE:  # guard: paid-before-when-due
            message = _("{payee} is {state}, and was not paid before the books")
            self.report(entry, "transition", message.format(payee=payee, state=before.state.word))
        if before is not None and entry.date < before.since:  # guard: paid-before-dates-forward
            self.report_date(entry, payee, before)
        # guard: paid-before-by-a-paper
        if entry.meta.get("payee-id") != payee or not entry.meta.get(DOCUMENT):
            message = _("a payment from before the books names its payee-id ^{payee}, and a paper")
            self.report(entry, "payee", message.format(payee=payee))
        least_fen, most_fen = paid_before_bounds(rates[role], done) if role in rates else (0, None)
        # guard: paid-before-within-rate
        if most_fen is None or not least_fen <= moved.amount_fen <= most_fen:
            message = _("{payee} was paid {amount}, and the rate of the role is {rate}").format(
                payee=payee,
                amount=grouped(moved.amount_fen),
                rate="—" if most_fen is None else grouped(most_fen),
            )
            self.report(entry, "rate", message)
        self.standings[stage][payee] = Standing(
            moved.step.after, entry.date, NO_BATCH, account.fund, account.town, account.line, role,
            moved.amount_fen, before.returned if before else None,
        )  # fmt: skip

    def next_standing(
        self,
        event: Event,
        batch: Batch,
        moved: Moved,
        before: Standing | None,
        after: State,
        *,
        amount_fen: int,
    ) -> Standing:
        """Where a person stands after the step."""
        meta, account = moved.entry.meta, moved.account
        returned, batch_id = before.returned if before else None, batch.id
        was_cancelled = before is not None and before.cancelled
        came_back = after == _RETURNED and event.kind == _RESULT
        if came_back:
            reason_class, text = str(meta.get("reason-class", "")), str(meta.get("reason", ""))
            # The bank may have paid an earlier attempt: another return does not settle that.
            disputed = returned is not None and returned.disputed  # guard: second-return-disputed
            returned = Return(batch.id, event.date, reason_class, text, disputed)
        elif event.kind == _PREPARED and returned is not None:
            # Only a release lets a disputed payment be made again: somebody has asked the bank.
            returned = returned._replace(disputed=False)
        elif after == _RETURNED and returned is not None:
            batch_id = returned.batch
        # By place and not by name, which takes three times as long.
        return Standing(
            after,
            event.date,
            batch_id,
            account.fund or (before.fund if before else account.fund),
            account.town or (before.town if before else account.town),
            account.line or (before.line if before else account.line),
            str(meta.get("role", before.role if before else "")),
            amount_fen,
            returned,
            event.kind == _CANCELLED or (was_cancelled and not came_back),
            str(meta.get("reason", "")) if after == _UNKNOWN else "",
            # Of a payment that is made again the tax is what was withheld of it first.
            before.tax_fen if before and before.state != _DUE else moved.tax_fen,
        )  # guard: not-entitled-after-void

    def check_step(
        self, event: Event, batch: Batch, moved: Moved, payee: PayeeId, before: Standing | None
    ) -> None:
        """The person is where the movement begins: state, batch, day, fund and town."""
        transition = moved.step
        state = before.state if before else _DUE
        if state != transition.before:  # guard: moved-from-where-she-is
            message = _("{payee} is {state}, and for {kind} must be {before}").format(
                payee=payee,
                state=state.word,
                kind=event.kind.word,
                before=transition.before.word,
            )
            self.report(moved.entry, "transition", message)
        if event.kind != _PREPARED:  # guard: answered-of-the-batch
            if before is None or payee not in batch.amounts_fen:
                message = _("{payee} is not in batch {batch}").format(payee=payee, batch=batch.id)
                self.report(moved.entry, "transition", message)
            elif before.batch != batch.id:  # guard: sent-again-since
                message = _("{payee} was sent again by batch {other}, and no longer by {batch}")
                self.report(
                    moved.entry,
                    "transition",
                    message.format(payee=payee, other=before.batch, batch=batch.id),
                )
        if before is None:
            return
        if event.date < before.since:  # guard: person-dates-forward
            self.report_date(moved.entry, payee, before)
        place = (moved.account.fund, moved.account.town)
        # guard: same-place-between-events
        if state != _DUE and moved.account.fund and (before.fund, before.town) != place:
            self.report(moved.entry, "transition", _("a subsidy stays with its fund and its town"))
        # guard: paid-after-release
        if event.kind == _PREPARED and before.cancelled and payee not in self.releases[batch.stage]:
            message = _("{payee} was found not entitled, and nobody has released the payment")
            self.report(moved.entry, "transition", message.format(payee=payee))

    def check_instruction(
        self, batch: Batch, moved: Moved, payee: PayeeId, before: Standing | None
    ) -> None:
        """A payment names its payee twice and its stage, and is what the rate of the role that its
        batch has recorded comes to, no more and no less.
        """
        meta = moved.entry.meta
        work = entered_work(meta)
        if meta.get("payee-id") != payee:  # guard: one-payee-named
            message = _("payee-id is not the entry's link ^{payee}").format(payee=payee)
            self.report(moved.entry, "payee", message)
        if meta.get(STAGE) != batch.header.meta.get(STAGE):  # guard: stage-of-the-batch
            message = _("{payee} is paid for another stage than batch {batch}")
            self.report(moved.entry, "payee", message.format(payee=payee, batch=batch.id))
        if before is not None and before.state == _RETURNED:
            owed_fen: int | None = before.amount_fen
            readable = work is NO_WORK
        else:
            rate = batch.rates.get(str(meta.get("role", "")))
            owed = owed_as_entered(rate, work) if rate else None
            owed_fen = owed.gross_fen if owed else None
            readable = rate is None or owed is not None
            if rate is not None and owed is not None:
                _compare_with_lists(batch, moved, payee, rate, owed)
        if not readable:  # guard: work-said-as-it-is
            message = _("{payee} is paid, and the entry does not say the work as its stage has it")
            self.report(moved.entry, "rate", message.format(payee=payee))
            return
        if owed_fen != moved.gross_fen:  # guard: paid-what-is-owed
            message = (
                _("{payee} is paid {amount}, but the batch has recorded no rate of the role")
                if owed_fen is None
                else _("{payee} is owed {owed}, and this entry pays {amount}")
            ).format(payee=payee, owed=grouped(owed_fen or 0), amount=grouped(moved.gross_fen))
            self.report(moved.entry, "rate", message)

    def report_date(self, entry: data.Directive, payee: PayeeId, before: Standing) -> None:
        message = _("dates never go back for {payee}: {since} is entered already")
        self.report(entry, "transition", message.format(payee=payee, since=before.since))


def _compare_with_lists(
    batch: Batch, moved: Moved, payee: PayeeId, rate: RecordedRate, owed: Owed
) -> None:
    """Remember a payment for other work than the lists said when its batch was made. While the
    batch is not void, that is an error.
    """
    if not (batch.work or rate.only_listed or rate.kind is not StageKind.FIXED):
        return
    done = batch.work.get(payee)
    if done is not None and done.date > batch.date:
        done = None
    if owed != amount_owed(rate, done):
        batch.unlisted[payee] = moved.entry
