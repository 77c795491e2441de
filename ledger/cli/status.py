"""``census-ledger status``: budget, funds, cash, people and batches on a day."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.books_folder import RULES_FILE
from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.records import asdict
from ledger.base.records import replace
from ledger.cli.answers.batch_review import rules_changed
from ledger.cli.answers.unexplained_lines import Suggestions
from ledger.cli.answers.unexplained_lines import print_unexplained
from ledger.cli.answers.unexplained_lines import unexplained_json
from ledger.cli.answers.waiting import print_waiting
from ledger.cli.answers.without_key import say_missing
from ledger.cli.answers.without_key import without_people
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.context import stage_option
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_marked
from ledger.cli.terminal.output import print_table
from ledger.cli.terminal.output import record_json
from ledger.model.ids import StageCode
from ledger.model.operators import roles_text

if TYPE_CHECKING:
    from ledger.figures.budget_execution import FundStatus
    from ledger.figures.budget_execution import LineStatus
    from ledger.figures.status import People
    from ledger.figures.status import Status
    from ledger.services.custody import Custody

PEOPLE = ("registered", "blocked", "due", "in_bank", "paid", "returned", "unknown")


@click.command("status", help=_("Say what there is, what is owed and where everybody stands."))
@stage_option
@date_option
@json_option
@click.pass_obj
def command(context: Context, stage: StageCode | None, on: datetime.date) -> int:
    from ledger.disbursement.payable import eligibility_of_day
    from ledger.disbursement.stage_choice import stage_to_show
    from ledger.figures.status import status
    from ledger.payments.eligibility import NOBODY
    from ledger.services.custody import custody

    books = context.books()
    closed = books.history.closed[-1].month if books.history.closed else None
    # Of today, whatever the day of the status.
    kept = custody(books, context.registry_key())
    books = books.as_of(on)
    shown = stage_to_show(books.rules, stage, on).code
    candidates: Suggestions = {}
    held = 0
    with context.registry_if_key() as registry:
        if registry is None:
            nobody = [
                replace(NOBODY, stage=one.code)
                for one in sorted(books.rules.begun(on), key=lambda one: one.code != shown)
            ]
            answer = status(books, (), nobody[0], on, others=nobody[1:])
        else:
            people = registry.people_as_of(on, books.history.last_prepared)
            eligibility, *others = eligibility_of_day(books, registry, people, on, shown)
            answer = status(
                books,
                people.everyone,
                eligibility,
                on,
                others=others,
                registered_later=people.registered_later(),
            )
            if answer.suspense.unexplained:
                from importers.matching.suggestions import suggestions

                candidates = suggestions(books, registry)
            held = len(registry.held.open())
    if context.as_json:
        more = {**custody_json(kept), "held_changes": held, "closed": closed and str(closed)}
        document = {**status_json(answer, candidates), **more, "missing": []}
        print_json(document if registry else without_people(document))
    else:
        print_status(answer, candidates, with_people=registry is not None)
        if registry is None:
            say_missing(context.registry_key(), _("how many people are owed, and who, is unknown."))
        print_held(held)
        if closed:
            click.echo(_("The months up to {month} are closed.").format(month=closed))
        print_custody(kept)
    print_marked(books.marked)
    if books.errors:
        click.echo(
            _(
                "The ledger has {count} error(s): see 'census-ledger check'."
                " The figures may be wrong."
            ).format(count=len(books.errors)),
            err=True,
        )
    return 0


def custody_json(kept: Custody) -> dict[str, Any]:
    """The same for programs: ``event`` is the newest that is in a backup of this machine's."""
    return {
        "operators": [
            {"id": one.id, "name": one.name, "roles": roles_text(one.roles).split()}
            for one in kept.operators
        ],
        "without_name": list(kept.without_name),
        "without_passphrase": list(kept.without_passphrase),
        "backup": {"event": kept.backup_seq, "missing_batch": kept.missing_batch},
    }


def print_custody(kept: Custody) -> None:
    """Who signs, and what is to be done about keys and backups; nothing where all is well."""
    for operator in kept.without_name:
        message = _("Operator {operator} has no name: what is signed is signed by nobody known.")
        click.echo(message.format(operator=operator))
    for operator in kept.without_passphrase:
        message = _(
            "The key of operator {operator} has no passphrase: 'census-ledger operator passphrase'."
        )
        click.echo(message.format(operator=operator))
    if kept.missing_batch is None:
        return
    if kept.backup_seq is None:
        message = _("This machine has made no backup of these books: 'census-ledger backup FILE'.")
    else:
        message = _("Batch {batch} is in no backup: 'census-ledger backup FILE'.")
    click.echo(message.format(batch=kept.missing_batch))


def print_held(held: int) -> None:
    """How many changes of records wait for somebody today, whatever the day of the status."""
    if held:
        message = ngettext(
            "{count} change of a registered person waits to be confirmed: 'census-ledger payees"
            " held'.",
            "{count} changes of registered people wait to be confirmed: 'census-ledger payees"
            " held'.",
            held,
        )
        click.echo(message.format(count=f"{held:,}"))


def status_json(answer: Status, candidates: Suggestions) -> dict[str, Any]:
    """The status as programs read it; money is text with two decimals."""
    return {
        "as_of": answer.as_of.isoformat(),
        "budget": record_json(answer.budget),
        "funds": [record_json(fund) for fund in answer.funds],
        "lines": [record_json(line) for line in answer.lines],
        "cash": record_json(answer.cash),
        "suspense": {
            "lines": answer.suspense.lines,
            "amount": plain(answer.suspense.amount_fen),
            "unexplained": unexplained_json(answer.suspense.unexplained, candidates),
        },
        "stage": answer.stage,
        "stages": [
            {
                "code": stage.code,
                "name": stage.name,
                **asdict(stage.people),
                "amount": plain(stage.amount_fen),
            }
            for stage in answer.stages
        ],
        "payees": asdict(answer.payees),
        "registered_later": answer.registered_later,
        "towns": [
            {"code": town.code, "name": town.name, **asdict(town.people)} for town in answer.towns
        ],
        "waiting": [
            {
                "stage": group.stage,
                "reason": group.reason,
                "class": group.reason_class,
                "count": len(group.payees),
                "payees": list(group.payees),
                "oldest": group.oldest.isoformat() if group.oldest else None,
            }
            for group in answer.waiting
        ],
        "batches": [
            {**record_json(batch), "date": batch.date.isoformat()} for batch in answer.batches
        ],
        "tax": [
            {"month": str(one.month), "due": plain(one.due_fen), "until": one.until.isoformat()}
            for one in answer.tax
        ],
        "approval_rules": [
            {"from": plain(rule.from_fen), "roles": list(rule.roles)}
            for rule in answer.approval_rules
        ],
    }


def print_status(answer: Status, candidates: Suggestions, *, with_people: bool = True) -> None:
    """The status as the liaison reads it, with what is counted in the registry or without."""
    cash = answer.cash
    click.echo(_("As of {day}").format(day=answer.as_of))
    print_table(
        _("Budget and funds (yuan)"),
        [_("fund"), _("budget"), _("received"), _("accrued"), _("paid"), _("may be charged")],
        [*map(_fund_row, answer.funds), _all_funds_row(answer)],
    )
    print_table(
        _("Budget lines (yuan)"),
        [_("fund"), _("line"), _("budget"), _("accrued"), _("paid"), _("committed"),
         _("remaining")],
        list(map(_line_row, answer.lines)),
    )  # fmt: skip
    click.echo(
        _("In the bank {bank}; promised to live batches {promised}; free {available}.").format(
            bank=grouped(cash.bank_fen),
            promised=grouped(cash.promised_fen),
            available=grouped(cash.available_fen),
        )
    )
    for tax in answer.tax:
        message = _("Income tax of {month}: {amount} is to be declared and paid by {day}.")
        click.echo(message.format(month=tax.month, amount=grouped(tax.due_fen), day=tax.until))
    if cash.in_transit_fen:
        click.echo(
            _(
                "In transit {amount}: debited by the bank, and neither confirmed as paid nor"
                " refunded; below zero what it has paid and not yet debited."
            ).format(amount=grouped(cash.in_transit_fen))
        )
    elif answer.batches:
        click.echo(_("In transit 0.00: debits, results and refunds are all in."))
    by_hand = answer.suspense.lines - len(answer.suspense.unexplained)
    if by_hand:
        message = ngettext(
            "{count} entry by hand is in suspense.", "{count} entries by hand are in suspense.",
            by_hand,
        )  # fmt: skip
        click.echo(message.format(count=by_hand))
    if answer.suspense.unexplained:
        print_unexplained(answer.suspense.unexplained, candidates)
    click.echo("")
    if with_people:
        print_people(answer)
    if answer.batches:
        from ledger.cli.batch import print_batches

        print_batches(answer.batches)
    print_approval_rules(answer)


def print_people(answer: Status) -> None:
    """Where everybody stands, by town, and what somebody waits for."""
    headings = [_("registered"), _("blocked"), _("due"), _("in bank"), _("paid"), _("returned"),
                _("unknown")]  # fmt: skip
    title = _("People by town")
    if len(answer.stages) > 1:
        print_table(
            _("People by stage"),
            [_("stage"), *headings, _("amount (yuan)")],
            [
                [*_people_row(f"{one.code} {one.name}", one.people), grouped(one.amount_fen)]
                for one in answer.stages
            ],
        )
        title = _("People by town in stage {stage}").format(stage=answer.stage)
    print_table(
        title,
        [_("town"), *headings],
        [
            *(_people_row(f"{town.code} {town.name}", town.people) for town in answer.towns),
            _people_row(_("all"), answer.payees),
        ],
    )
    if answer.registered_later:
        message = ngettext(
            "{count} person was registered after {day} and is not counted.",
            "{count} people were registered after {day} and are not counted.",
            answer.registered_later,
        )
        click.echo(message.format(count=answer.registered_later, day=answer.as_of))
    print_waiting(answer.waiting, answer.as_of)


def print_approval_rules(answer: Status) -> None:
    """That nobody checks what is paid, or that the rules for it have changed."""
    from ledger.budget.approvals import rules_text

    now = rules_text(answer.approval_rules)
    from_fen = next((rule.from_fen for rule in answer.approval_rules if rule.roles), None)
    if from_fen is None:
        message = _(
            "Nobody checks the batches that are made: approval rules in {rules} would ask somebody"
            " else to."
        )
        click.echo(message.format(rules=RULES_FILE))
    elif from_fen > 0:  # guard: nobody-checks-below
        message = _(
            "Nobody checks the batches below {amount}: approval rules in {rules} would ask somebody"
            " else to."
        )
        click.echo(message.format(amount=grouped(from_fen), rules=RULES_FILE))
    if answer.rules_before is not None:
        click.echo(rules_changed(answer.rules_before, now))


def _fund_row(fund: FundStatus) -> list[str]:
    amounts_fen = (
        fund.budget_fen,
        fund.received_fen,
        fund.spent_fen,
        fund.paid_fen,
        fund.available_fen,
    )
    return [f"{fund.code} {fund.name}", *map(grouped, amounts_fen)]


def _all_funds_row(answer: Status) -> list[str]:
    budget = answer.budget
    chargeable_fen = min(
        sum(fund.available_fen for fund in answer.funds), answer.cash.available_fen
    )
    amounts_fen = (
        budget.total_fen,
        budget.received_fen,
        budget.spent_fen,
        budget.paid_fen,
        chargeable_fen,
    )
    return [_("all"), *map(grouped, amounts_fen)]


def _line_row(line: LineStatus) -> list[str]:
    amounts_fen = (
        line.budget_fen,
        line.spent_fen,
        line.paid_fen,
        line.committed_fen,
        line.remaining_fen,
    )
    return [line.fund, f"{line.code} {line.name}", *map(grouped, amounts_fen)]


def _people_row(name: str, people: People) -> list[str | int]:
    return [name, *(getattr(people, field) for field in PEOPLE)]
