"""Folding the events: from the directives of the books to their history.

Beancount sorts by date, then type, then line, so that a return and its re-issue of one day can
swap. The history is therefore folded over event files by their sequence number.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from typing import Any

from beancount.core import data

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.budget.approvals import together_fen
from ledger.events.approvals import REJECTED
from ledger.events.approvals import fault_of_approval
from ledger.events.approvals import fault_of_rejection
from ledger.events.approvals import read_asked
from ledger.events.approvals import role_of
from ledger.events.attachments import fault_of_attachment
from ledger.events.attachments import read_attachment
from ledger.events.bank_line_fold import LineFold
from ledger.events.event_reader import read_events
from ledger.events.month_fold import MonthFold
from ledger.events.operator_fold import OperatorFold
from ledger.events.reversals import read_reversals
from ledger.events.workload_fold import WorkFold
from ledger.model.accounts import Place
from ledger.model.accounts import code_of
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.history import Approval
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.history import Standing
from ledger.model.history import outcome_text
from ledger.model.history import payee_links
from ledger.model.history import payees_in
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import BatchId
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.months import month_of
from ledger.model.operators import roles_text
from ledger.model.recorded_rates import LIMITS
from ledger.model.recorded_rates import RATES
from ledger.model.recorded_rates import STAGE
from ledger.model.recorded_rates import read_limits
from ledger.model.recorded_rates import read_rates
from ledger.model.recorded_tax_classes import TAX
from ledger.model.recorded_tax_classes import TAX_CLASSES
from ledger.model.recorded_tax_classes import read_tax_classes
from ledger.model.rules import Rules
from ledger.model.seal import digest_line
from ledger.model.seal import entries_digest
from ledger.model.seal import seal_of
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.payments.entered_work import entered_work
from ledger.payments.income_fold import IncomeFold
from ledger.payments.movements import Moved
from ledger.payments.movements import MovementReader
from ledger.payments.payment_fold import Steps
from ledger.payments.withholding import taxed_in_another_month

# The headers that say how many people their entries move, and how much.
COUNTED = (
    EventKind.PREPARED,
    EventKind.VOID,
    EventKind.RESULT,
    EventKind.CANCELLED,
    EventKind.PAID_BEFORE,
)
MOVING_NOTHING = (
    EventKind.OPERATOR,
    EventKind.ACCEPTED,
    EventKind.CLOSED,
    EventKind.REOPENED,
)


def read_fold(entries: Sequence[data.Directive], rules: Rules) -> Fold:
    """Fold the events among the entries. Pure: the findings say what broke the rules.

    A subsidy was charged where the rules say now, or where a batch has recorded that they said.
    """
    headers = (
        entry
        for entry in entries
        if isinstance(entry, data.Custom) and entry.type == "census-event"
    )
    fold = Fold(rules.subsidy_items() | rules.paths_of(_recorded_items(headers)))
    fold.run(entries)
    return fold


def fold_of(history: History, rules: Rules) -> Fold:
    """The fold that has come to a history without findings, to be gone on with."""
    fold = Fold(
        rules.subsidy_items()
        | rules.paths_of(_recorded_items(event.header for event in history.events))
    )
    fold.take_up(history)
    return fold


class Fold:
    """One pass over the events, in the order of their numbers; what it has come to goes on with
    the events that come after.
    """

    def __init__(self, item_paths: dict[str, LineComponent]) -> None:
        self.item_paths = item_paths
        self.reader = MovementReader(self.item_paths)
        self.findings: list[Finding] = []
        self.unread: list[Finding] = []
        self.reversed_by: dict[int, int] = {}
        # By the list alone: what knows the fold that knows it is garbage that stays.
        self.report = partial(_report, self.findings)
        self.steps = Steps(self.report)
        self.incomes = IncomeFold(self.report)
        self.lines = LineFold(self.item_paths, self.report)
        self.operators = OperatorFold(self.report)
        self.months = MonthFold(self.report)
        self.work = WorkFold(self.report)
        self.batches: dict[BatchId, Batch] = {}
        self.events: list[Event] = []

    def history(self) -> History:
        """What follows from the events so far."""
        return History(
            tuple(self.events),
            self.steps.standings,
            self.batches,
            tuple(self.findings),
            self.steps.releases,
            self.lines.entered,
            self.operators.operators,
            self.reversed_by,
            tuple(self.months.closed),
            self.work.done,
            incomes=self.incomes.incomes,
            taken_back=tuple(self.incomes.taken_back),
        )

    def followed_by(self, entries: Sequence[data.Directive]) -> Fold:
        """The fold with the events among the entries after its own; this one stays as it is.

        Where one of them reverses an earlier one, all are folded anew without that.
        """
        events, unread = read_events(entries, self.item_paths)
        after = Fold(self.item_paths)
        after.reader = self.reader
        if any(event.kind is EventKind.REVERSED for event in events):
            after.take_all([*self.events, *events], [*self.unread, *unread])
            return after
        after.findings += self.findings
        after.unread += self.unread
        after.events += self.events
        after.reversed_by |= self.reversed_by
        after.steps.go_on_from(self.steps)
        after.incomes.go_on_from(self.incomes)
        after.lines.go_on_from(self.lines)
        after.operators.go_on_from(self.operators)
        after.months.go_on_from(self.months)
        after.work.go_on_from(self.work)
        # guard: fold-copied
        after.batches |= {name: batch.copy() for name, batch in self.batches.items()}
        after.take(events, unread)
        return after

    def take_up(self, history: History) -> None:
        """Stand where a history without findings has ended."""
        self.reversed_by = dict(history.reversed_by)
        self.steps.take_up(history.standings, history.releases)
        self.incomes.incomes = dict(history.incomes)
        self.incomes.taken_back = list(history.taken_back)
        self.lines.take_up(history.lines)
        self.operators.operators = dict(history.operators)
        self.months.closed = list(history.closed)
        self.work.take_up(history.work)
        self.batches = dict(history.batches)
        self.events = list(history.events)

    def run(self, entries: Sequence[data.Directive]) -> None:
        """Fold the events among the entries in."""
        self.take_all(*read_events(entries, self.item_paths))

    def take_all(self, events: Sequence[Event], unread: Sequence[Finding]) -> None:
        """Fold events from the first one in; ``unread`` is what was no event."""
        self.reversed_by = read_reversals(events, self.report)
        self.take(events, unread)

    def take(self, events: Sequence[Event], unread: Sequence[Finding]) -> None:
        """Fold in events that reverse nothing but what is known."""
        self.unread += unread
        self.findings += unread
        for event in events:
            self.apply(event)
        self.events += events

    def apply(self, event: Event) -> None:
        """Fold one event in."""
        self.operators.take(event)
        self.months.take(event)
        if event.kind == EventKind.REVERSED:
            self.take_back(event)
            return
        if event.seq in self.reversed_by:  # guard: reversed-counts-no-more
            return
        if event.kind == EventKind.STATEMENT:
            self.lines.enter(event, self.batches)
            return
        if event.kind == EventKind.PAID_BEFORE:
            self.pay_before(event)
            return
        for entry in event.entries:
            if entry.date != event.date:  # guard: entries-of-the-day
                self.report(entry, "event", _("an event's entries are of the event's day"))
        if event.kind == EventKind.INIT:
            if event.seq or event.entries:
                message = _("the books begin once, and without entries")
                self.report(event.header, "event", message)
            return
        if event.kind in MOVING_NOTHING:
            if event.entries:
                self.report(event.header, "event", _("this event moves no money"))
            return
        if event.kind == EventKind.WORKLOAD:
            self.work.take(event, self.is_sent)
            return
        if event.kind == EventKind.RELEASED:
            self.release(event)
            return
        if event.kind == EventKind.EXPLAINED:
            self.lines.explain(event, self.batches)
            return
        batch = self.batch_of(event)
        if batch is None:
            return
        if event.kind == EventKind.ATTACHED:
            self.attach(event, batch)
            return
        if event.date < batch.last_date:  # guard: batch-dates-forward
            message = _("dates never go back within a batch")
            self.report(event.header, "event", message)
        batch.last_date = max(batch.last_date, event.date)
        if batch.voided:  # guard: void-batch-rests
            message = _("batch {batch} is void: nothing happens to it any more")
            self.report(event.header, "transition", message.format(batch=batch.id))
        if event.kind == EventKind.APPROVED:
            self.approve(event, batch)
        if event.kind == EventKind.SUBMITTED:
            self.submit(event, batch)
        self.apply_entries(event, batch)
        if event.kind == EventKind.RESULT:
            self.take_result(event, batch)
        if event.kind == EventKind.VOID:
            self.void(event, batch)

    def take_back(self, event: Event) -> None:
        """What was reversed has not been folded in; but nothing is dated before its reversal."""
        batch = self.batches.get(event.batch)
        of_a_list = event.header.meta.get("of") == EventKind.ATTACHED
        if batch is not None and not of_a_list:
            batch.last_date = max(batch.last_date, event.date)
            for entry in event.entries:
                for payee in payee_links(entry):
                    self.steps.stay_until(batch.stage, payee, event.date)

    def is_sent(self, stage: StageCode, payee: PayeeId) -> bool:
        """Whether money of a stage went to somebody and was not taken back."""
        standing = self.steps.standings[stage].get(payee)
        return standing is not None and standing.state is not State.DUE

    def batch_of(self, event: Event) -> Batch | None:
        """The batch that the event is about, new when it is prepared by it."""
        if event.kind == EventKind.PREPARED:
            if event.batch in self.batches:  # guard: prepared-once
                message = _("batch {batch} was prepared before")
                self.report(event.header, "event", message.format(batch=event.batch))
                return None
            new = _new_batch(event)
            others = self.batches.values()
            new.work = self.work.done.get(new.stage, {})
            new.together_fen = together_fen(event.amount_fen, event.date, others)
            self.batches[event.batch] = new
        batch = self.batches.get(event.batch)
        if batch is None:
            message = _("there is no batch {batch} before this event")
            self.report(event.header, "event", message.format(batch=event.batch))
        return batch

    def approve(self, event: Event, batch: Batch) -> None:
        """Somebody else than its maker has looked at the batch; otherwise it counts for nothing."""
        operator, role = self.operators.maker_of(event), role_of(event)
        fault = fault_of_approval(event, batch, operator) if operator else None
        if fault:
            self.report(event.header, "approval", fault)
        elif operator and role:
            batch.approvals[role] = Approval(operator.id, event.date)

    def attach(self, event: Event, batch: Batch) -> None:
        """A signed list is filed; otherwise it counts for nothing."""
        attachment = read_attachment(event)
        fault = fault_of_attachment(event, attachment, batch, self.batches.values())
        if fault:
            self.report(event.header, "event", fault)
        elif attachment is not None:
            batch.attached.append(attachment)

    def submit(self, event: Event, batch: Batch) -> None:
        if batch.is_here and batch.approvals_missing:  # guard: submitted-as-approved
            message = _("batch {batch} was submitted without the approvals {roles}")
            roles = roles_text(batch.approvals_missing)
            self.report(event.header, "approval", message.format(batch=batch.id, roles=roles))
        if not batch.is_here:  # guard: submitted-once
            message = _("batch {batch} is {state} and cannot be submitted")
            self.report(
                event.header, "transition", message.format(batch=batch.id, state=batch.state_word)
            )
        # guard: taxed-batch-in-its-month
        if batch.tax_fen and month_of(event.date) != month_of(batch.date):
            self.report(event.header, "tax", taxed_in_another_month(batch))
        batch.submitted = event.date

    def void(self, event: Event, batch: Batch) -> None:
        # guard: submitted-void-by-refusal
        if batch.submitted and "bank-refused" not in event.header.meta:
            message = _("batch {batch} was submitted: only a refusal by the bank voids it")
            self.report(event.header, "transition", message.format(batch=batch.id))
        if REJECTED in event.header.meta:
            operator = self.operators.maker_of(event)
            fault = fault_of_rejection(batch, operator) if operator else None
            if fault:
                self.report(event.header, "approval", fault)
        if batch.outcomes:  # guard: void-takes-back-all
            message = _("a void takes back everyone of the batch")
            self.report(event.header, "transition", message)
        batch.voided = event.date

    def take_result(self, event: Event, batch: Batch) -> None:
        """A result implies that the batch was submitted, and says where all its people stand."""
        if batch.is_barred:  # guard: answer-for-barred
            batch.barred_answer = event.header
        batch.submitted = batch.submitted or event.date
        outcome = outcome_text(batch.counts)
        if event.header.meta.get("outcome") != outcome:  # guard: outcome-as-header-says
            message = _("after this result batch {batch} stands at {outcome}, not as recorded")
            self.report(event.header, "result", message.format(batch=batch.id, outcome=outcome))
        for payee in payees_in(event.header, "disputed"):
            self.steps.dispute(event, batch.stage, payee)

    def release(self, event: Event) -> None:
        """People may be paid again by somebody's word; nobody whose payment is open or done."""
        meta = event.header.meta
        payees = payees_in(event.header, "payees")
        if not payees or not meta.get("reason") or event.entries:  # guard: release-has-reason
            message = _("a release names its payees and a reason, and moves no money")
            self.report(event.header, "event", message)
        for payee in payees:
            self.steps.release(event, stage_of(meta), payee)

    def pay_before(self, event: Event) -> None:
        """People were paid before these books: each by an entry of the day on which it was."""
        days = {entry.date for entry in event.entries}
        if event.batch or min(days, default=None) != event.date:  # guard: paid-before-from-its-day
            message = _("payments from before the books begin on their first day, and in no batch")
            self.report(event.header, "event", message)
        meta, stage = event.header.meta, stage_of(event.header.meta)
        rates = read_rates(str(meta.get(RATES, "")))
        total_fen = people = 0
        for entry, moved in self.read_entries(event):
            people += len(moved.payees)
            total_fen += moved.amount_fen
            if len(moved.payees) != 1 or moved.tax_fen:  # guard: paid-before-one-person
                message = _(
                    "an entry of a payment from before the books is one person's, and withholds"
                    " nothing"
                )
                self.report(entry, "event", message)
            if entry.meta.get(STAGE) != meta.get(STAGE):  # guard: paid-before-of-its-stage
                message = _("a payment from before the books is of the stage of its event")
                self.report(entry, "event", message)
            for payee in moved.payees:
                done = self.work.done.get(stage, {}).get(payee)
                self.steps.pay_before(stage, moved, payee, rates, done)
                self.incomes.pay_before(stage, moved, payee)
        self.compare(event, people, total_fen, [])

    def apply_entries(self, event: Event, batch: Batch) -> None:
        """Move everyone whom the event's entries name, and compare with its header."""
        lines: list[str] = []
        total_fen = tax_fen = 0
        people = 0
        prepares = event.kind == EventKind.PREPARED
        standings = self.steps.standings[batch.stage]
        for entry, moved in self.read_entries(event):
            people += len(moved.payees)
            total_fen += moved.gross_fen
            tax_fen += moved.tax_fen
            if not moved.payees or batch.id not in entry.links:  # guard: entry-links
                message = _("an entry of batch {batch} is linked with it and with its payees")
                self.report(entry, "event", message.format(batch=batch.id))
            self.check_shares(event, moved, standings)
            self.incomes.take(event, batch, moved, self.batches)
            for payee in moved.payees:
                self.steps.take(event, batch, moved, payee)
                standing = standings.get(payee) if prepares else None
                if standing is not None:
                    reissue = moved.movement.debit == Place.RETURNED
                    lines.append(_standing_line(payee, standing, moved, reissue=reissue))
        self.compare(event, people, total_fen, lines)
        said = str(event.header.meta.get(TAX, plain(0)))
        if event.kind in COUNTED and said != plain(tax_fen):  # guard: header-counts-tax
            message = _("the header says {said} of tax, and the entries withhold {tax}")
            message = message.format(said=said, tax=plain(tax_fen))
            self.report(event.header, "batch", message)

    def read_entries(self, event: Event) -> Iterator[tuple[data.Transaction, Moved]]:
        """What each entry of an event moves; one that moves nothing readable is reported."""
        for entry in event.entries:
            moved, faults = self.reader.read(event, entry)
            for fault in faults:
                self.report(entry, "transition", fault)
            if moved is not None:
                yield entry, moved

    def check_shares(
        self, event: Event, moved: Moved, standings: Mapping[PayeeId, Standing]
    ) -> None:
        """An entry is the sum of what its payees were sent; a new one is sent by it."""
        payees = moved.payees
        if event.kind == EventKind.PREPARED and len(payees) < 2:
            return
        owed_fen = 0
        for payee in payees:
            if payee in standings:
                owed_fen += standings[payee].amount_fen
        if owed_fen != moved.amount_fen:  # guard: common-entry-sum
            message = _("the entry is {amount}, but its payees were sent {owed}").format(
                amount=grouped(moved.amount_fen), owed=grouped(owed_fen)
            )
            self.report(moved.entry, "amount", message)

    def compare(self, event: Event, people: int, total_fen: int, lines: list[str]) -> None:
        """The header's count, amount and digest are those of the entries."""
        header = event.header
        # guard: header-counts-entries
        if event.kind in COUNTED and (people, total_fen) != (event.count, event.amount_fen):
            message = _(
                "the header says {count} people and {amount};"
                " the entries hold {people} people and {total}"
            ).format(
                count=event.count,
                amount=grouped(event.amount_fen),
                people=people,
                total=grouped(total_fen),
            )
            self.report(header, "batch", message)
        # guard: entries-as-prepared
        if event.kind == EventKind.PREPARED and entries_digest(lines) != header.meta.get("entries"):
            message = _("the entries are not those that batch {batch} was prepared with")
            self.report(header, "batch", message.format(batch=event.batch))


def stage_of(meta: Mapping[str, Any]) -> StageCode:
    """The stage that an event is about; one that names none is about the first."""
    return StageCode(str(meta.get(STAGE, FIRST_STAGE)))


def _recorded_items(headers: Iterable[data.Custom]) -> set[str]:
    """The paths below a fund by which batches have charged, whatever the rules say by now."""
    texts = {str(header.meta.get(RATES, "")) for header in headers}
    return {rate.item for text in texts for rate in read_rates(text).values()}


def _report(findings: list[Finding], entry: data.Directive, code: str, message: str) -> None:
    findings.append(at(entry, code, message))


def _new_batch(event: Event) -> Batch:
    meta = event.header.meta
    entries, rows, manifest = (
        Digest(str(meta.get(key, ""))) for key in ("entries", "rows", "manifest")
    )
    salt = str(meta.get("salt", ""))
    return Batch(
        id=event.batch,
        date=event.date,
        seal=seal_of(entries, rows, event.date, salt),
        rows=rows,
        salt=salt,
        manifest=manifest,
        header=event.header,
        stage=stage_of(meta),
        rates=read_rates(str(meta.get(RATES, ""))),
        tax_classes=read_tax_classes(str(meta.get(TAX_CLASSES, ""))),
        limits_fen=read_limits(str(meta.get(LIMITS, ""))),
        made_by=str(meta.get("by", "")),
        asked=read_asked(meta),
    )


def _standing_line(payee: PayeeId, standing: Standing, moved: Moved, *, reissue: bool) -> str:
    work = entered_work(moved.entry.meta)
    return digest_line(
        payee,
        standing.role,
        code_of(standing.town),
        code_of(standing.fund),
        standing.line,
        standing.amount_fen,
        reissue=reissue,
        stage=StageCode(str(moved.entry.meta.get(STAGE, ""))),
        quantity=work.quantity,
        deduction_fen=work.deduction_fen,
        tax_fen=moved.tax_fen,
    )
