"""Folding the events: from the directives of the books to their history.

Beancount sorts by date, then type, then line, so that a return and its re-issue of one day can
swap. The history is therefore folded over event files by their sequence number.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from beancount.core import data
from beancount.core.amount import Amount

from ledger.accounts import Place
from ledger.accounts import SubsidyAccount
from ledger.accounts import code_of
from ledger.accounts import subsidy_account
from ledger.events import read_events
from ledger.findings import Finding
from ledger.findings import at
from ledger.history import PAYEE_LINK
from ledger.history import Batch
from ledger.history import Event
from ledger.history import History
from ledger.history import Standing
from ledger.history import digest_line
from ledger.history import entries_digest
from ledger.history import seal_of
from ledger.language import gettext as _
from ledger.money import grouped
from ledger.money import nearest_fen
from ledger.rules import Rules
from ledger.transitions import TRANSITIONS
from ledger.transitions import EventKind
from ledger.transitions import Movement
from ledger.transitions import State


def read_history(entries: Sequence[data.Directive], rules: Rules) -> History:
    """Fold the events among the entries. Pure: the findings say what broke the rules."""
    return _Fold(rules).run(entries)


class _Fold:
    """The state of the fold: one pass over the events, in the order of their numbers."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.item_paths = rules.subsidy_items()
        self.places: dict[str, SubsidyAccount | None] = {}
        self.standings: dict[str, Standing] = {}
        self.batches: dict[str, Batch] = {}
        self.findings: list[Finding] = []

    def run(self, entries: Sequence[data.Directive]) -> History:
        events, findings = read_events(entries, self.item_paths)
        self.findings += findings
        for event in events:
            self.apply(event)
        return History(tuple(events), self.standings, self.batches, tuple(self.findings))

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
        if event.kind == EventKind.PREPARED:
            if event.batch in self.batches:
                message = _("batch {batch} was prepared before")
                self.report(event.header, "event", message.format(batch=event.batch))
                return
            self.batches[event.batch] = _new_batch(event)
        batch = self.batches.get(event.batch)
        if batch is None:
            message = _("there is no batch {batch} before this event")
            self.report(event.header, "event", message.format(batch=event.batch))
            return
        if event.date < batch.last_date:
            message = _("dates never go back within a batch")
            self.report(event.header, "event", message)
        batch.last_date = max(batch.last_date, event.date)
        if event.kind == EventKind.SUBMITTED:
            self.submit(event, batch)
        self.apply_entries(event, batch)
        if event.kind == EventKind.VOID:
            self.void(event, batch)

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
        if batch.counts[State.IN_BANK]:
            message = _("a void takes back everyone of the batch")
            self.report(event.header, "transition", message)
        batch.voided = event.date

    def apply_entries(self, event: Event, batch: Batch) -> None:
        """Move everyone whom the event's entries name, and compare with its header."""
        lines: list[str] = []
        total_fen = 0
        people = 0
        for entry in event.entries:
            moved = self.movement(event, entry)
            if moved is None:
                continue
            movement, account, amount_fen = moved
            payees = sorted(link for link in entry.links if PAYEE_LINK.fullmatch(link))
            people += len(payees)
            total_fen += amount_fen
            if not payees or batch.id not in entry.links:
                message = _("an entry of batch {batch} is linked with it and with its payees")
                self.report(entry, "event", message.format(batch=batch.id))
            self.check_shares(event, entry, payees, amount_fen)
            for payee in payees:
                self.step(event, batch, entry, movement, account, payee, amount_fen)
                standing = self.standings.get(payee)
                if event.kind == EventKind.PREPARED and standing is not None:
                    reissue = movement.debit == Place.RETURNED
                    lines.append(_standing_line(payee, standing, reissue=reissue))
        self.compare(event, people, total_fen, lines)

    def check_shares(
        self, event: Event, entry: data.Transaction, payees: list[str], amount_fen: int
    ) -> None:
        """An entry is the sum of what its payees were sent; a new one is sent by it."""
        if event.kind == EventKind.PREPARED and len(payees) < 2:
            return
        owed = sum(self.standings[p].amount_fen for p in payees if p in self.standings)
        if owed != amount_fen:
            message = _("the entry is {amount}, but its payees were sent {owed}").format(
                amount=grouped(amount_fen), owed=grouped(owed)
            )
            self.report(entry, "amount", message)

    def place(self, account: str) -> SubsidyAccount | None:
        if account not in self.places:
            self.places[account] = subsidy_account(account, self.item_paths)
        return self.places[account]

    def movement(
        self, event: Event, entry: data.Transaction
    ) -> tuple[Movement, SubsidyAccount, int] | None:
        """The row of the table that an entry follows, where (fund, town, line) and how much."""
        debit = credit = None
        amount_fen = 0
        for posting in entry.postings:
            place = self.place(posting.account)
            units = posting.units
            if place is None or not isinstance(units, Amount) or units.number is None:
                break
            if units.number > 0:
                debit, amount_fen = place, nearest_fen(Decimal(units.number))
            else:
                credit = place
        if debit is None or credit is None or len(entry.postings) != 2:
            message = _("an entry of an event debits one subsidy account and credits another")
            self.report(entry, "transition", message)
            return None
        movement = Movement(event.kind, debit.place, credit.place)
        if movement not in TRANSITIONS:
            message = _("no entry of {kind} debits {debit} and credits {credit}").format(
                kind=event.kind.word, credit=credit.place.word, debit=debit.place.word
            )
            self.report(entry, "transition", message)
            return None
        if debit.fund and credit.fund and debit[1:3] != credit[1:3]:
            message = _("a subsidy stays with its fund and its town")
            self.report(entry, "transition", message)
        account = debit if debit.fund else credit
        return movement, account._replace(line=debit.line or credit.line), amount_fen

    def step(
        self,
        event: Event,
        batch: Batch,
        entry: data.Transaction,
        movement: Movement,
        account: SubsidyAccount,
        payee: str,
        amount_fen: int,
    ) -> None:
        """Move one person from the state before to the state after, or report why not."""
        before = self.standings.get(payee)
        transition = TRANSITIONS[movement]
        state = before.state if before else State.DUE
        if state != transition.before:
            message = _("{payee} is {state}, and for {kind} must be {before}").format(
                payee=payee,
                state=state.word,
                kind=event.kind.word,
                before=transition.before.word,
            )
            self.report(entry, "transition", message)
        if before is not None and event.date < before.since:
            message = _("dates never go back for {payee}: {since} is entered already").format(
                payee=payee, since=before.since
            )
            self.report(entry, "transition", message)
        if (
            before is not None
            and state != State.DUE
            and account.fund
            and ((before.fund, before.town) != (account.fund, account.town))
        ):
            self.report(entry, "transition", _("a subsidy stays with its fund and its town"))
        if event.kind == EventKind.PREPARED:
            amount_fen = self.check_instruction(event, entry, payee, amount_fen, before)
            batch.payees[payee] = amount_fen
            if movement.debit == Place.EXPENSE:
                batch.charges[account.fund, account.line] += amount_fen
        elif before is None or payee not in batch.payees:
            message = _("{payee} is not in batch {batch}").format(payee=payee, batch=batch.id)
            self.report(entry, "transition", message)
            return
        else:
            amount_fen = batch.payees[payee]
            batch.counts[before.state] -= 1
        batch.counts[transition.after] += 1
        self.standings[payee] = Standing(
            state=transition.after,
            since=event.date,
            batch=batch.id,
            fund=account.fund,
            town=account.town,
            line=account.line or (before.line if before else ""),
            role=str(entry.meta.get("role", before.role if before else "")),
            amount_fen=amount_fen,
        )

    def check_instruction(
        self,
        event: Event,
        entry: data.Transaction,
        payee: str,
        amount_fen: int,
        before: Standing | None,
    ) -> int:
        """A payment names its payee twice and is the rate of the role, no more and no less."""
        if entry.meta.get("payee-id") != payee:
            message = _("payee-id is not the entry's link ^{payee}").format(payee=payee)
            self.report(entry, "payee", message)
        if before is not None and before.state == State.RETURNED:
            owed: int | None = before.amount_fen
        else:
            rate = self.rules.rate(str(entry.meta.get("role", "")), event.date)
            owed = rate.amount_fen if rate else None
        if owed != amount_fen:
            message = (
                _("{payee} is paid {amount}, but the role has no rate on that day")
                if owed is None
                else _("{payee} is owed {owed}, and this entry pays {amount}")
            ).format(payee=payee, owed=grouped(owed or 0), amount=grouped(amount_fen))
            self.report(entry, "rate", message)
        return amount_fen

    def compare(self, event: Event, people: int, total_fen: int, lines: list[str]) -> None:
        """The header's count, amount and digest are those of the entries."""
        header = event.header
        if (people, total_fen) != (event.count, event.amount_fen) and event.kind in (
            EventKind.PREPARED,
            EventKind.VOID,
        ):
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
