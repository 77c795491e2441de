"""Payments from before the books: by rates and limits in force, of the fund that is charged."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.history import Income
from ledger.model.history import payee_links
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import NO_BATCH
from ledger.model.ids import StageCode
from ledger.model.recorded_rates import RATES
from ledger.model.recorded_rates import STAGE
from ledger.model.recorded_rates import read_rates
from ledger.model.recorded_rates import recorded_rate
from ledger.model.rules import Rules
from ledger.model.transitions import EventKind


def check_paid_before(history: History, rules: Rules) -> Iterator[Finding]:
    """What such payments recorded is what the rules say for their days."""
    for event in history.in_force:
        if event.kind is EventKind.PAID_BEFORE:
            yield from _check_rates(event, rules)
            yield from _check_funds(event, rules)
            yield from _check_limits(event, history, rules)


def _check_rates(event: Event, rules: Rules) -> Iterator[Finding]:
    recorded = read_rates(str(event.header.meta.get(RATES, "")))
    stage = StageCode(str(event.header.meta.get(STAGE, FIRST_STAGE)))
    days = {(str(entry.meta.get("role", "")), entry.date) for entry in event.entries}
    for role, day in sorted(days):
        rate = rules.rate(role, day, stage)
        # guard: paid-before-by-the-rate
        if rate is None or recorded_rate(rate, rules) != recorded.get(role):
            message = _(
                "payments of {day} from before the books were entered by another rate for {role}"
                " than the rules say: a rate that changes has a day of its own"
            )
            yield at(event.header, "rate", message.format(day=day, role=role))


def _check_funds(event: Event, rules: Rules) -> Iterator[Finding]:
    for entry in event.entries:
        accounts = {posting.account for posting in entry.postings}
        funds = [fund for account in accounts if (fund := rules.fund_of(account))]
        # guard: paid-before-by-its-fund
        if not any(fund.income in accounts and fund.date <= entry.date for fund in funds):
            message = _(
                "a payment from before the books is income of the fund that is charged, and of no"
                " day before that fund"
            )
            yield at(entry, "event", message)


def _check_limits(event: Event, history: History, rules: Rules) -> Iterator[Finding]:
    """What is taken off an earlier payment can come back: then this one was too much."""
    stage = StageCode(str(event.header.meta.get(STAGE, FIRST_STAGE)))
    for entry in event.entries:
        limit = rules.limit(str(entry.meta.get("role", "")), entry.date)
        for payee in payee_links(entry) if limit else ():
            total_fen = _owed_by_then_fen(history.incomes.get(payee, ()), stage)
            if limit is not None and total_fen > limit.amount_fen:  # guard: paid-before-limit-kept
                message = _(
                    "{payee} is owed {amount} over all stages, more than the limit of {limit}"
                )
                message = message.format(
                    payee=payee, amount=grouped(total_fen), limit=grouped(limit.amount_fen)
                )
                yield at(entry, "limit", message)


def _owed_by_then_fen(incomes: Sequence[Income], stage: StageCode) -> int:
    """What somebody was paid before the books in a stage, and all that came before it."""
    total_fen = 0
    for income in incomes:
        total_fen += income.gross_fen
        if (income.stage, income.batch) == (stage, NO_BATCH):
            return total_fen
    return 0
