"""The invariants of the books, checked over the whole ledger.

1. A person receives at most the rate of the role; who has a live accrual is not due again.
2. No new instruction for a person who is in the bank or unknown; a re-issue only after a return.
3. Budget lines and funds are not exceeded; the bank is never below zero at a day's end.
4. A batch's entries agree with its count, amount and digest, and with the ceilings and rates it
   recorded; the rates are those in force, until the batch is void.
5. Results add up, per batch, fund and town; every transition is one of the table's.
6. The chain is unbroken: sequence numbers, digests of the events before, HEAD. A closed month is as
   it was closed.
7. Every component of every account begins with a code. Only known options, plugins, includes and
   directives stand in the books.
8. Tax withheld of a person in a month is what the table said of the month's sum when it was
   prepared; what a role is to the tax is in the rules.
9. A batch asks for the approvals that the rules say, has them by different people before it is
   submitted, and nothing is debited for it before.

The first two are the table of transitions and the rate of every instruction
(:mod:`ledger.events.fold`), and so is the eighth; the fourth is there too but for ceilings and
rules, and the fifth is :mod:`.balances`, which adds up accounts where the fold follows people. What
stands in the text is read before it is loaded (:mod:`.books_text`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from beancount.core import data

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import CURRENCY
from ledger.base.money import grouped
from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import Change
from ledger.budget.ceilings import Changes
from ledger.budget.ceilings import Flows
from ledger.budget.ceilings import total_fen
from ledger.controls.balances import check_balances
from ledger.controls.closed_months import check_closed_months
from ledger.controls.paid_before import check_paid_before
from ledger.controls.stated_balances import check_stated_balances
from ledger.controls.work_lists import check_paid_work
from ledger.controls.work_lists import check_work_lists
from ledger.events.approvals import fault_of_asking
from ledger.events.event_entries import is_event_entry
from ledger.events.event_file import EventFile
from ledger.events.event_file import check_chain
from ledger.events.event_file import read_event_files
from ledger.events.event_file import read_head
from ledger.events.read_ledger import ReadLedger
from ledger.keys.signing import verify
from ledger.model.accounts import BANK
from ledger.model.accounts import COMPONENT_WITH_CODE
from ledger.model.accounts import EXPENSES
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.accounts import within
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.findings import in_file
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.ids import FundCode
from ledger.model.recorded_rates import RecordedRate
from ledger.model.recorded_rates import limits_on
from ledger.model.recorded_rates import recorded_rate
from ledger.model.recorded_rates import write_limits
from ledger.model.rules import Rules
from ledger.model.rules import StageKind

# The name of the ceiling that is neither a line nor a fund.
CASH = "cash"


def check_read(ledger: ReadLedger) -> list[Finding]:
    """Every broken invariant that the ledger shows, but for mistakes in the rules. Pure."""
    return check_parts(ledger.entries, ledger.rules, ledger.history, ledger.flows)


def check_parts(
    entries: Sequence[data.Directive], rules: Rules, history: History, flows: Flows
) -> list[Finding]:
    """The same of what was read of a ledger.

    Of ``entries`` each is looked at by itself, or stands outside events: where those of some events
    were found right before, they need not be among them.
    """
    # Whatever else is wrong follows from it, where somebody has entered something there.
    findings = [*check_closed_months(entries, history.closed), *history.findings]
    findings += check_codes(entries)
    findings += check_units(entries)
    findings += check_pads(entries)  # guard: no-pads
    findings += check_transit(entries, history)
    findings += check_balances(history)
    findings += check_void_debits(history)  # guard: debit-of-void-batch
    findings += check_approvals(entries, rules, history)
    findings += check_funds_of_expenses(entries, rules)  # guard: expense-has-fund
    findings += check_lines(flows)  # guard: line-not-exceeded
    findings += check_funds(flows, rules)  # guard: fund-not-exceeded
    findings += check_bank(flows)  # guard: bank-not-below-zero
    findings += check_recorded_ceilings(history)  # guard: recorded-ceilings
    findings += check_recorded_rates(history, rules)
    findings += check_recorded_tax_classes(history, rules)
    findings += check_recorded_limits(history, rules)
    findings += check_stages(history, rules)
    findings += check_stated_balances(history, flows)
    findings += check_work_lists(history, rules)
    findings += check_paid_work(history)
    findings += check_paid_before(history, rules)
    return findings


def check_files(books: Path, ledger: ReadLedger, contents: Mapping[str, bytes]) -> list[Finding]:
    """Every broken link of the chain, events that are not loaded, not in the chain, not signed.

    ``contents`` are files that have been read, by name.
    """
    files = read_event_files(books, contents)
    entries = ledger.entries
    findings = check_chain(files, read_head(books), books)
    first_of_file: dict[str, data.Directive] = {}
    for entry in entries:
        first_of_file.setdefault(entry.meta["filename"], entry)
    loaded = {
        Path(name).resolve(): entry
        for name, entry in first_of_file.items()
        if is_event_entry(entry)
    }
    for file in files:
        if loaded.pop(file.path.resolve(), None) is None:
            message = _("this event is not loaded: main.beancount must include events/*.beancount")
            findings.append(in_file(str(file.path), file.header_line, "chain", message))
    for entry in loaded.values():  # guard: events-from-the-chain
        message = _("an event stands in the folder events of the books, and nowhere else")
        findings.append(at(entry, "event", message))
    return findings + list(check_signatures(files, ledger.history))


def check_signatures(files: Iterable[EventFile], history: History) -> Iterator[Finding]:
    """Each event is as the operator signed it whom it names. Who that is, the fold has judged."""
    by = {event.seq: str(event.header.meta.get("by", "")) for event in history.events}
    for file in files:
        operator = history.operators.get(by.get(file.seq, ""))
        # guard: signed-by-operator
        if operator and not verify(operator.key, file.signed, file.signature):
            message = _("this event is not as operator {operator} signed it")
            message = message.format(operator=operator.id)
            yield in_file(str(file.path), file.header_line, "signature", message)


def check_units(entries: Iterable[data.Directive]) -> list[Finding]:
    """Money is whole fen, and in yuan: other money would be counted as yuan."""
    findings = []
    whole: set[Decimal] = set()
    for entry in entries:
        if not isinstance(entry, data.Transaction):
            continue
        for posting in entry.postings:
            units = posting.units
            if units is None or units.number is None:
                continue
            if units.currency != CURRENCY:  # guard: yuan
                message = _("amounts are in {currency}").format(currency=CURRENCY)
                findings.append(at(entry, "currency", message))
                break
            if posting.cost is not None or posting.price is not None:
                # At another price a posting moves less, or more, than its line counts.
                message = _("an amount has no cost and no price")
                findings.append(at(entry, "currency", message))
                break
            if units.number in whole:
                continue
            if units.number * 100 % 1:  # guard: whole-fen
                findings.append(at(entry, "amount", _("amounts are whole fen")))
                break
            whole.add(units.number)
    return findings


def check_transit(entries: Iterable[data.Directive], history: History) -> list[Finding]:
    """A bank's debit by hand says of which batch it is, and takes the money from the bank.

    A refund for several batches has a posting for each, with the batch as its metadata.
    """
    findings = []
    for entry in entries:
        if not isinstance(entry, data.Transaction):
            continue
        transit = [posting for posting in entry.postings if posting.account == TRANSIT]
        if not transit or is_event_entry(entry):
            continue
        linked = [link for link in entry.links if link in history.batches]
        named = all(
            posting.meta["batch"] in history.batches
            if posting.meta and "batch" in posting.meta
            else len(linked) == 1
            for posting in transit
        )
        others = [posting.account for posting in entry.postings if posting.account != TRANSIT]
        # guard: transit-names-batch-by-hand, transit-from-bank
        if not named or not all(within(account, BANK) for account in others):
            message = _(
                "money in transit moves between it and the bank, with a link ^B… to the one batch"
                " or batch: metadata below each posting"
            )
            findings.append(at(entry, "transit", message))
    return findings


def check_void_debits(history: History) -> list[Finding]:
    """The bank has taken money for a batch that was taken back, and nobody has explained it."""
    message = _(
        "the bank has debited {amount}, which is the sum of the void batch {batch}: ask the bank"
        " for it back, and explain the line"
    )
    return [
        at(
            line.entry,
            "void_debit",
            message.format(amount=grouped(-line.amount_fen), batch=line.void_batch),
        )
        for line in history.lines.values()
        if line.void_batch
    ]


def check_approvals(
    entries: Iterable[data.Directive], rules: Rules, history: History
) -> Iterator[Finding]:
    """Invariant 9: batches ask for what the rules say; the bank moved nothing for one that asks for
    approvals and was not submitted with them, or somebody has explained it.
    """
    for batch in history.batches.values():
        fault = fault_of_asking(batch, rules)
        if fault:  # guard: asks-as-ruled
            yield at(batch.header, "approval", fault)
        if batch.barred_answer is not None:  # guard: barred-answer
            message = _(
                "the bank has answered for batch {batch}, which nobody has approved and submitted:"
                " ask who has given it to the bank, import the statement, and explain its debit"
            )
            yield at(batch.barred_answer, "barred_debit", message.format(batch=batch.id))
    message = _(
        "the bank has debited money for batch {batch}, which nobody has approved and submitted: ask"
        " who has given it to the bank, and explain the line of its statement"
    )
    for line in history.lines.values():
        if line.barred_batch:  # guard: barred-debit
            yield at(line.entry, "barred_debit", message.format(batch=line.barred_batch))
    barred = {batch.id for batch in history.batches.values() if batch.is_barred}
    for entry in entries if barred else ():
        if isinstance(entry, data.Transaction) and not is_event_entry(entry):
            for name in sorted(barred.intersection(_debited_by_hand(entry))):
                # guard: barred-debit-by-hand
                yield at(entry, "barred_debit", message.format(batch=name))


def _debited_by_hand(entry: data.Transaction) -> set[str]:
    """The batches for which an entry by hand puts money into transit."""
    found: set[str] = set()
    for posting in entry.postings:
        units = posting.units
        if posting.account == TRANSIT and units and units.number and units.number > 0:
            meta = posting.meta or {}
            found.update([str(meta["batch"])] if "batch" in meta else entry.links)
    return found


def check_pads(entries: Iterable[data.Directive]) -> list[Finding]:
    """Beancount fills a pad in only after the invariants have been checked."""
    return [
        at(entry, "pad", _("pad hides where money went: enter it with its account"))
        for entry in entries
        if isinstance(entry, data.Pad)
    ]


def check_codes(entries: Iterable[data.Directive]) -> list[Finding]:
    """Invariant 7."""
    findings = []
    for entry in entries:
        if isinstance(entry, data.Open):
            for component in entry.account.split(":")[1:]:
                if not COMPONENT_WITH_CODE.match(component):
                    message = _("{component} in {account} has no code in front").format(
                        component=component, account=entry.account
                    )
                    findings.append(at(entry, "account_code", message))
    return findings


def check_funds_of_expenses(entries: Iterable[data.Directive], rules: Rules) -> list[Finding]:
    """Every expense is charged to a fund, so that no money escapes the ceilings."""
    strays = {
        entry.account
        for entry in entries
        if isinstance(entry, data.Open)
        and within(entry.account, EXPENSES)
        and not rules.fund_of(entry.account)
    }
    return [
        at(entry, "no_fund", _("{account} belongs to no fund").format(account=posting.account))
        for entry in entries
        if strays and isinstance(entry, data.Transaction)
        for posting in entry.postings
        if posting.account in strays
    ]


def check_lines(flows: Flows) -> list[Finding]:
    """Invariant 3, lines: what is accrued does not exceed the budget."""
    findings = []
    for line, spent in flows.spent.items():
        budget_fen = total_fen(flows.budget.get(line, ()))
        over = crossing(spent, budget_fen)
        if over is not None:
            message = _(
                "line {line} of fund {fund}: {spent} is charged, more than its budget of {budget}"
            ).format(
                line=f"{code_of(line.line)} {name_of(line.line)}",
                fund=line.fund,
                spent=grouped(total_fen(spent)),
                budget=grouped(budget_fen),
            )
            findings.append(at(over.entry, "line_exceeded", message))
    return findings


def check_funds(flows: Flows, rules: Rules) -> list[Finding]:
    """Invariant 3, funds: what is accrued does not exceed what has been received."""
    findings = []
    for fund in rules.funds:
        spent = [
            change
            for line, changes in flows.spent.items()
            if line.fund == fund.code
            for change in changes
        ]
        received_fen = total_fen(flows.received.get(fund.code, ()))
        over = crossing(spent, received_fen)
        if over is not None:
            message = _(
                "fund {fund}: {spent} is charged, more than the {received} received"
            ).format(
                fund=f"{fund.code} {fund.name}",
                spent=grouped(total_fen(spent)),
                received=grouped(received_fen),
            )
            findings.append(at(over.entry, "fund_exceeded", message))
    return findings


def check_bank(flows: Flows) -> list[Finding]:
    """Invariant 3, cash: no day ends with less than nothing in the bank."""
    balance_fen = 0
    by_day: dict[datetime.date, Changes] = {}
    for change in flows.bank:
        by_day.setdefault(change.date, []).append(change)
    for day, changes in sorted(by_day.items()):
        balance_fen += total_fen(changes)
        if balance_fen < 0:
            last = max(
                (change for change in changes if change.amount_fen < 0), key=_place, default=None
            )
            message = _("the bank account is below zero: {balance} at the end of {day}").format(
                balance=grouped(balance_fen), day=day
            )
            return [at((last or changes[-1]).entry, "bank_below_zero", message)]
    return []


def check_recorded_ceilings(history: History) -> list[Finding]:
    """Invariant 4: a batch kept within what was available when it was prepared."""
    findings = []
    for batch in history.batches.values():
        over = _over_recorded(batch)
        if over:
            message = _("batch {batch} is above the ceilings that it recorded: {names}").format(
                batch=batch.id, names=listed(over)
            )
            findings.append(at(batch.header, "batch", message))
    return findings


def check_recorded_rates(history: History, rules: Rules) -> list[Finding]:
    """Invariant 4: a batch was made by the rates in force; a void one by those that it recorded."""
    findings = []
    for batch in history.batches.values():
        if batch.voided:  # guard: void-batch-by-its-rates
            continue
        for role, recorded in batch.rates.items():
            rule = rules.rate(role, batch.date, batch.stage)
            rate = recorded_rate(rule, rules) if rule else None
            # guard: recorded-rate-in-force
            if rate != recorded:
                message = _(
                    "batch {batch} was made by {recorded} for {role}, and the rules say {rate} for"
                    " its day: a rate that changes has a day of its own, and a wrong one is"
                    " corrected once the batch is void"
                )
                message = message.format(
                    batch=batch.id,
                    role=role,
                    recorded=_rate_text(recorded),
                    rate=_rate_text(rate) if rate else "—",
                )
                findings.append(at(batch.header, "rate", message))
    return findings


def check_recorded_tax_classes(history: History, rules: Rules) -> Iterator[Finding]:
    """Invariant 8: what a batch's roles were to the tax is what the rules say for its day; of a
    void batch nobody asks.
    """
    for batch in history.batches.values():
        for role in () if batch.voided else batch.rates:
            said, recorded = rules.tax_class(role, batch.date), batch.tax_classes.get(role)
            if said != recorded:  # guard: recorded-tax-class
                message = _(
                    "batch {batch} was made with {role} as {recorded} to the income tax, and the"
                    " rules say {said} for its day: a class that changes has a day of its own, and"
                    " a wrong one is corrected once the batch is void"
                ).format(batch=batch.id, role=role, recorded=recorded or "—", said=said or "—")
                yield at(batch.header, "tax", message)


def check_stages(history: History, rules: Rules) -> Iterator[Finding]:
    """Invariant 4: a batch is of a stage that the rules have, and that had begun by its day."""
    for batch in history.batches.values():
        stage = rules.stage(batch.stage)
        # guard: stage-begun
        if not batch.voided and (stage is None or stage.date > batch.date):
            message = _(
                "batch {batch} pays for stage {stage}, which the rules do not have on its day: a"
                " stage that somebody was paid in stays, with its day"
            )
            yield at(batch.header, "stage", message.format(batch=batch.id, stage=batch.stage))


def check_recorded_limits(history: History, rules: Rules) -> Iterator[Finding]:
    """Invariant 4: a batch has recorded the limits in force of the roles that it pays anew."""
    for batch in history.batches.values():
        if batch.voided:  # guard: void-batch-by-its-limits
            continue
        in_force = limits_on(rules, batch.date)
        due = {role: fen for role, fen in in_force.items() if role in batch.rates}
        # guard: recorded-limits-in-force
        if due != batch.limits_fen:
            message = _(
                "batch {batch} was made by the limits {recorded}, and the rules say {due} for its"
                " day: a limit that changes has a day of its own"
            )
            message = message.format(
                batch=batch.id,
                recorded=write_limits(batch.limits_fen) or "—",
                due=write_limits(due) or "—",
            )
            yield at(batch.header, "limit", message)


def _rate_text(rate: RecordedRate) -> str:
    words = [rate.item] if rate.kind is StageKind.FIXED else [rate.item, rate.kind.value]
    words += [f"minimum {grouped(rate.minimum_fen)}"] if rate.minimum_fen else []
    words += [f"maximum {grouped(rate.maximum_fen)}"] if rate.maximum_fen is not None else []
    words += ["listed"] if rate.only_listed else []
    return f"{grouped(rate.amount_fen)} ({', '.join(words)})"


def _over_recorded(batch: Batch) -> list[str]:
    recorded_fen = read_recorded(str(batch.header.meta.get("ceilings", "")))
    used_fen = used_by(batch)
    over = [name for name, amount_fen in used_fen.items() if amount_fen > recorded_fen.get(name, 0)]
    return [_("cash") if name == CASH else name for name in over]


def used_by(batch: Batch) -> dict[str, int]:
    """What a batch uses of each ceiling, in fen, by the names of :func:`write_recorded`."""
    used_fen: dict[str, int] = {CASH: batch.gross_fen}
    for (fund, line), amount_fen in batch.charges_fen.items():
        for name in (code_of(fund), f"{code_of(fund)}:{line}"):
            used_fen[name] = used_fen.get(name, 0) + amount_fen
    return used_fen


def write_recorded(
    lines_fen: Mapping[BudgetLine, int], funds_fen: Mapping[FundCode, int], cash_fen: int
) -> str:
    """The ceilings in the form that a batch's header records."""
    parts = [
        f"{line.fund}:{line.line}={amount_fen}" for line, amount_fen in sorted(lines_fen.items())
    ]
    parts += [f"{fund}={amount_fen}" for fund, amount_fen in sorted(funds_fen.items())]
    return " ".join([*parts, f"{CASH}={cash_fen}"])


def read_recorded(text: str) -> dict[str, int]:
    """The ceilings of a header, in fen, by name; what is unreadable is left out."""
    found = re.findall(r"(\S+)=(-?\d+)", text)
    return {name: int(amount_fen) for name, amount_fen in found}


def crossing(changes: Changes, ceiling_fen: int) -> Change | None:
    """The change with which the sum goes above the ceiling for good, or None. Of a ceiling that is
    below zero that is the first.

    The tool's own entries were held against the ceilings before they were written, so they
    come first: when a hand entry is among the changes, it is the one that is named.
    """
    excess_fen = total_fen(changes) - ceiling_fen
    if excess_fen <= 0:
        return None
    first = None
    for first in sorted(changes, key=_place, reverse=True):
        excess_fen -= first.amount_fen
        if excess_fen <= 0:
            break
    return first


def _place(change: Change) -> tuple[bool, str, str, int]:
    assert change.entry is not None
    meta = change.entry.meta
    by_hand = not is_event_entry(change.entry)
    return by_hand, change.date.isoformat(), meta["filename"], int(meta["lineno"])
