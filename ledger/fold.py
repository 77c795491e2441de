"""Folding the events: from the directives of the books to their history.

Beancount sorts by date, then type, then line, so that a return and its re-issue of one day can
swap. The history is therefore folded over event files by their sequence number.
"""

from __future__ import annotations

from collections.abc import Sequence

from beancount.core import data

from ledger.accounts import Place
from ledger.accounts import code_of
from ledger.events import read_events
from ledger.findings import Finding
from ledger.findings import at
from ledger.history import Batch
from ledger.history import Event
from ledger.history import History
from ledger.history import Release
from ledger.history import Return
from ledger.history import Standing
from ledger.history import digest_line
from ledger.history import entries_digest
from ledger.history import outcome_text
from ledger.history import seal_of
from ledger.language import gettext as _
from ledger.money import grouped
from ledger.movements import Moved
from ledger.movements import MovementReader
from ledger.rules import Rules
from ledger.transitions import TRANSITIONS
from ledger.transitions import EventKind
from ledger.transitions import State

# The headers that say how many people their entries move, and how much.
COUNTED = (EventKind.PREPARED, EventKind.VOID, EventKind.RESULT, EventKind.CANCELLED)
RELEASABLE = (State.DUE, State.RETURNED)


def read_history(entries: Sequence[data.Directive], rules: Rules) -> History:
    """Fold the events among the entries. Pure: the findings say what broke the rules."""
    return _Fold(rules).run(entries)


class _Fold:
    """The state of the fold: one pass over the events, in the order of their numbers."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.item_paths = rules.subsidy_items()
        self.reader = MovementReader(self.item_paths)
        self.standings: dict[str, Standing] = {}
        self.batches: dict[str, Batch] = {}
        self.releases: dict[str, Release] = {}
        self.findings: list[Finding] = []

    def run(self, entries: Sequence[data.Directive]) -> History:
        events, findings = read_events(entries, self.item_paths)
        self.findings += findings
        for event in events:
            self.apply(event)
        return History(
            tuple(events), self.standings, self.batches, tuple(self.findings), self.releases
        )

    def apply(self, event: Event) -> None:
        """Fold one event in."""
        for entry in event.entries:
            if entry.date != event.date:
                self.report(entry, "event", _("an event's entries are of the event's day"))
        if event.kind == EventKind.INIT:
            if event.seq or event.entries:
                message = _("the books begin once, and without entries")
                self.report(event.header, "event", message)
            return
        if event.kind == EventKind.RELEASED:
            self.release(event)
            return
        batch = self.batch_of(event)
        if batch is None:
            return
        if event.date < batch.last_date:
            message = _("dates never go back within a batch")
            self.report(event.header, "event", message)
        batch.last_date = max(batch.last_date, event.date)
        if batch.voided:
            message = _("batch {batch} is void: nothing happens to it any more")
            self.report(event.header, "transition", message.format(batch=batch.id))
        if event.kind == EventKind.SUBMITTED:
            self.submit(event, batch)
        self.apply_entries(event, batch)
        if event.kind == EventKind.RESULT:
            self.take_result(event, batch)
        if event.kind == EventKind.VOID:
            self.void(event, batch)

    def batch_of(self, event: Event) -> Batch | None:
        """The batch that the event is about, new when it is prepared by it."""
        if event.kind == EventKind.PREPARED:
            if event.batch in self.batches:
                message = _("batch {batch} was prepared before")
                self.report(event.header, "event", message.format(batch=event.batch))
                return None
            self.batches[event.batch] = _new_batch(event)
        batch = self.batches.get(event.batch)
        if batch is None:
            message = _("there is no batch {batch} before this event")
            self.report(event.header, "event", message.format(batch=event.batch))
        return batch

    def submit(self, event: Event, batch: Batch) -> None:
        if batch.state != "prepared":
            message = _("batch {batch} is {state} and cannot be submitted")
            self.report(
                event.header, "transition", message.format(batch=batch.id, state=batch.state_word)
            )
        batch.submitted = event.date

    def void(self, event: Event, batch: Batch) -> None:
        if batch.submitted and "bank-refused" not in event.header.meta:
            message = _("batch {batch} was submitted: only a refusal by the bank voids it")
            self.report(event.header, "transition", message.format(batch=batch.id))
        if batch.outcomes:
            message = _("a void takes back everyone of the batch")
            self.report(event.header, "transition", message)
        batch.voided = event.date

    def take_result(self, event: Event, batch: Batch) -> None:
        """A result implies that the batch was submitted, and says where all its people stand."""
        batch.submitted = batch.submitted or event.date
        outcome = outcome_text(batch.counts)
        if event.header.meta.get("outcome") != outcome:
            message = _("after this result batch {batch} stands at {outcome}, not as recorded")
            self.report(event.header, "result", message.format(batch=batch.id, outcome=outcome))
        for payee in str(event.header.meta.get("disputed", "")).split():
            standing = self.standings.get(payee)
            if standing is None or standing.returned is None:
                message = _("{payee} was not returned, so no answer disputes it")
                self.report(event.header, "transition", message.format(payee=payee))
                continue
            returned = standing.returned._replace(disputed=True)
            self.standings[payee] = standing._replace(returned=returned)
            self.releases.pop(payee, None)

    def release(self, event: Event) -> None:
        """People may be paid again by somebody's word; nobody whose payment is open or done."""
        meta = event.header.meta
        payees = str(meta.get("payees", "")).split()
        if not payees or not meta.get("reason") or event.entries:
            message = _("a release names its payees and a reason, and moves no money")
            self.report(event.header, "event", message)
        for payee in payees:
            standing = self.standings.get(payee)
            state = standing.state if standing else State.DUE
            if state not in RELEASABLE:
                message = _("{payee} is {state} and cannot be released")
                self.report(
                    event.header, "transition", message.format(payee=payee, state=state.word)
                )
                continue
            if standing is not None and event.date < standing.since:
                self.report_date(event.header, payee, standing)
            self.releases[payee] = Release(event.date, str(meta.get("reason", "")))

    def apply_entries(self, event: Event, batch: Batch) -> None:
        """Move everyone whom the event's entries name, and compare with its header."""
        lines: list[str] = []
        total_fen = 0
        people = 0
        for entry in event.entries:
            moved, faults = self.reader.read(event, entry)
            for fault in faults:
                self.report(entry, "transition", fault)
            if moved is None:
                continue
            people += len(moved.payees)
            total_fen += moved.amount_fen
            if not moved.payees or batch.id not in entry.links:
                message = _("an entry of batch {batch} is linked with it and with its payees")
                self.report(entry, "event", message.format(batch=batch.id))
            self.check_shares(event, moved)
            for payee in moved.payees:
                self.step(event, batch, moved, payee)
                standing = self.standings.get(payee)
                if event.kind == EventKind.PREPARED and standing is not None:
                    reissue = moved.movement.debit == Place.RETURNED
                    lines.append(_standing_line(payee, standing, reissue=reissue))
        self.compare(event, people, total_fen, lines)

    def check_shares(self, event: Event, moved: Moved) -> None:
        """An entry is the sum of what its payees were sent; a new one is sent by it."""
        payees = moved.payees
        if event.kind == EventKind.PREPARED and len(payees) < 2:
            return
        owed = sum(self.standings[p].amount_fen for p in payees if p in self.standings)
        if owed != moved.amount_fen:
            message = _("the entry is {amount}, but its payees were sent {owed}").format(
                amount=grouped(moved.amount_fen), owed=grouped(owed)
            )
            self.report(moved.entry, "amount", message)

    def step(self, event: Event, batch: Batch, moved: Moved, payee: str) -> None:
        """Move one person from the state before to the state after, or report why not."""
        before = self.standings.get(payee)
        self.check_step(event, batch, moved, payee, before)
        account, amount_fen = moved.account, moved.amount_fen
        if event.kind == EventKind.PREPARED:
            self.check_instruction(event, moved, payee, before)
            batch.payees[payee] = amount_fen
            batch.places[payee] = (account.fund, account.town)
            if moved.movement.debit == Place.EXPENSE:
                batch.charges[account.fund, account.line] += amount_fen
        elif before is None or payee not in batch.payees:
            return
        else:
            amount_fen = batch.payees[payee]
        after = TRANSITIONS[moved.movement].after
        self.standings[payee] = self.next_standing(
            event, batch, moved, before, after, amount_fen=amount_fen
        )
        if event.kind == EventKind.VOID:
            batch.outcomes.pop(payee, None)
        elif event.kind != EventKind.CANCELLED:
            batch.outcomes[payee] = after
        if after == State.RETURNED and event.kind == EventKind.RESULT:
            batch.reasons[payee] = str(moved.entry.meta.get("reason-class", ""))
            self.releases.pop(payee, None)

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
        if after == State.RETURNED and event.kind == EventKind.RESULT:
            reason_class, text = str(meta.get("reason-class", "")), str(meta.get("reason", ""))
            # The bank may have paid an earlier attempt: another return does not settle that.
            disputed = returned is not None and returned.disputed
            returned = Return(batch.id, event.date, reason_class, text, disputed)
        elif event.kind == EventKind.PREPARED and returned is not None:
            # Only a release lets a disputed payment be made again: somebody has asked the bank.
            returned = returned._replace(disputed=False)
        elif after == State.RETURNED and returned is not None:
            batch_id = returned.batch
        before_place = (before.fund, before.town) if before else ("", "")
        return Standing(
            state=after,
            since=event.date,
            batch=batch_id,
            fund=account.fund or before_place[0],
            town=account.town or before_place[1],
            line=account.line or (before.line if before else ""),
            role=str(meta.get("role", before.role if before else "")),
            amount_fen=amount_fen,
            returned=returned,
            cancelled=event.kind == EventKind.CANCELLED,
            text=str(meta.get("reason", "")) if after == State.UNKNOWN else "",
        )

    def check_step(
        self, event: Event, batch: Batch, moved: Moved, payee: str, before: Standing | None
    ) -> None:
        """The person is where the movement begins: state, batch, day, fund and town."""
        transition = TRANSITIONS[moved.movement]
        state = before.state if before else State.DUE
        if state != transition.before:
            message = _("{payee} is {state}, and for {kind} must be {before}").format(
                payee=payee,
                state=state.word,
                kind=event.kind.word,
                before=transition.before.word,
            )
            self.report(moved.entry, "transition", message)
        if event.kind != EventKind.PREPARED:
            if before is None or payee not in batch.payees:
                message = _("{payee} is not in batch {batch}").format(payee=payee, batch=batch.id)
                self.report(moved.entry, "transition", message)
            elif before.batch != batch.id:
                message = _("{payee} was sent again by batch {other}, and no longer by {batch}")
                self.report(
                    moved.entry,
                    "transition",
                    message.format(payee=payee, other=before.batch, batch=batch.id),
                )
        if before is None:
            return
        if event.date < before.since:
            self.report_date(moved.entry, payee, before)
        place = (moved.account.fund, moved.account.town)
        if state != State.DUE and moved.account.fund and (before.fund, before.town) != place:
            self.report(moved.entry, "transition", _("a subsidy stays with its fund and its town"))
        if event.kind == EventKind.PREPARED and before.cancelled and payee not in self.releases:
            message = _("{payee} was found not entitled, and nobody has released the payment")
            self.report(moved.entry, "transition", message.format(payee=payee))

    def check_instruction(
        self, event: Event, moved: Moved, payee: str, before: Standing | None
    ) -> None:
        """A payment names its payee twice and is the rate of the role, no more and no less."""
        meta = moved.entry.meta
        if meta.get("payee-id") != payee:
            message = _("payee-id is not the entry's link ^{payee}").format(payee=payee)
            self.report(moved.entry, "payee", message)
        if before is not None and before.state == State.RETURNED:
            owed: int | None = before.amount_fen
        else:
            rate = self.rules.rate(str(meta.get("role", "")), event.date)
            owed = rate.amount_fen if rate else None
        if owed != moved.amount_fen:
            message = (
                _("{payee} is paid {amount}, but the role has no rate on that day")
                if owed is None
                else _("{payee} is owed {owed}, and this entry pays {amount}")
            ).format(payee=payee, owed=grouped(owed or 0), amount=grouped(moved.amount_fen))
            self.report(moved.entry, "rate", message)

    def compare(self, event: Event, people: int, total_fen: int, lines: list[str]) -> None:
        """The header's count, amount and digest are those of the entries."""
        header = event.header
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
        if event.kind == EventKind.PREPARED and entries_digest(lines) != header.meta.get("entries"):
            message = _("the entries are not those that batch {batch} was prepared with")
            self.report(header, "batch", message.format(batch=event.batch))

    def report_date(self, entry: data.Directive, payee: str, before: Standing) -> None:
        message = _("dates never go back for {payee}: {since} is entered already")
        self.report(entry, "transition", message.format(payee=payee, since=before.since))

    def report(self, entry: data.Directive, code: str, message: str) -> None:
        self.findings.append(at(entry, code, message))


def _new_batch(event: Event) -> Batch:
    meta = event.header.meta
    entries, rows = str(meta.get("entries", "")), str(meta.get("rows", ""))
    return Batch(
        id=event.batch,
        date=event.date,
        seal=seal_of(entries, rows),
        rows=rows,
        manifest=str(meta.get("manifest", "")),
        header=event.header,
    )


def _standing_line(payee: str, standing: Standing, *, reissue: bool) -> str:
    return digest_line(
        payee,
        standing.role,
        code_of(standing.town),
        code_of(standing.fund),
        standing.line,
        standing.amount_fen,
        reissue=reissue,
    )
