"""``census-ledger payees``: decisions about people's records. They move no money."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias
from typing import TypeVar

import click

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import ngettext
from ledger.cli.answers.held_changes import held_json
from ledger.cli.answers.held_changes import print_held_changes
from ledger.cli.answers.same_numbers import print_same_numbers
from ledger.cli.answers.same_numbers import same_numbers_json
from ledger.cli.answers.waiting_batches import tell_of_batches
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.disburse import town_codes
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.model.ids import PayeeId
from ledger.model.programme import Programme

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ledger.model.payees import Payee
    from ledger.registry.change_log import HeldChange
    from ledger.services.unit_of_work import Work

Command = TypeVar("Command", bound=Callable[..., Any])
Decide: TypeAlias = Callable[["Work", Sequence["HeldChange"]], None]


def decision_options(command: Command) -> Command:
    """``--reason``, ``--date``, ``--yes`` and ``--json``, as every decision takes them."""
    reason_option = click.option(
        "--reason", metavar="R", default="", help=_("Why; it is kept in the registry.")
    )
    yes_option = click.option("--yes", is_flag=True, help=_("Do not ask before writing."))
    return reason_option(date_option(yes_option(json_option(command))))


def _records(context: Context) -> AbstractContextManager[Work]:
    """Work on people's records, which goes on while a ledger is corrected."""
    return context.work(with_errors=True)


ids_argument = click.argument("ids", nargs=-1, required=True, metavar="ID...")


@click.command("held", help=_("Changes of records, and people, that wait for a decision. Masked."))
@click.option("--town", "town", metavar="T", help=_("Only this town, by name or code."))
@json_option
@click.pass_obj
def held(context: Context, town: str | None) -> int:
    from ledger.payments.paid_numbers import doubts_of
    from ledger.payments.paid_numbers import may_be_paid

    books = context.books()
    with context.registry() as registry:
        payees = everybody = registry.payees()
        if town is not None:
            (code,) = town_codes(context, (town,))
            payees = [payee for payee in payees if payee.town == code]
        serials = {payee.serial for payee in payees}
        changes = [change for change in registry.held.open() if change.serial in serials]
        files = registry.original_names()
        stages = len(books.rules.stages)
        doubted = [one for one in payees if may_be_paid(books.history, one, stages=stages)]
        doubts = doubts_of(books.history, registry, doubted, context.today())
    if context.as_json:
        held = held_json(changes, payees, books.history, files)
        print_json({"held": held, "same_numbers": same_numbers_json(doubts)})
    else:
        if changes or not doubts:
            print_held_changes(changes, payees, books.history, files)
        if doubts:
            print_same_numbers(doubts, everybody)
    return 0


@click.command("confirm", help=_("Make the changes that are held of people."))
@ids_argument
@decision_options
@click.pass_obj
def confirm_changes(
    context: Context, ids: tuple[PayeeId, ...], reason: str, on: datetime.date, yes: bool
) -> int:
    from ledger.model.payees import payee_id
    from ledger.payments.batch_records import COMPARED
    from ledger.services.payee_records import confirm as make

    question = _("Make these {count} changes?")
    in_batches: list[dict[str, Any]] = []

    def decide(work: Work, held: Sequence[HeldChange]) -> None:
        make(work, held, reason, on)
        changed = (change for change in held if change.field in COMPARED)
        whose = dict.fromkeys(payee_id(change.serial) for change in changed)
        in_batches.extend(tell_of_batches(work.books.history, whose, leaving=False))

    changes = _decide_held(context, ids, yes, question, decide)
    if context.as_json:
        print_json({
            "confirmed": changes, "in_batches": in_batches,
            "reason": reason, "date": on.isoformat(),
        })  # fmt: skip
    else:
        done = ngettext("Confirmed: {count} change.", "Confirmed: {count} changes.", len(changes))
        click.echo(done.format(count=f"{len(changes):,}"))
    return 0


@click.command("decline", help=_("Leave people's records as they are: the changes were not right."))
@ids_argument
@decision_options
@click.pass_obj
def decline_changes(
    context: Context, ids: tuple[PayeeId, ...], reason: str, on: datetime.date, yes: bool
) -> int:
    from ledger.services.payee_records import decline

    question = _("Decline these {count} changes?")
    changes = _decide_held(
        context, ids, yes, question, lambda work, held: decline(work, held, reason, on)
    )
    if context.as_json:
        print_json({"declined": changes, "reason": reason, "date": on.isoformat()})
    else:
        done = ngettext("Declined: {count} change.", "Declined: {count} changes.", len(changes))
        click.echo(done.format(count=f"{len(changes):,}"))
    return 0


def _decide_held(
    context: Context, ids: Sequence[PayeeId], yes: bool, question: str, decide: Decide
) -> list[dict[str, Any]]:
    """Show what is held of people, ask, and decide it; what it was, as programs read it."""
    from ledger.services.payee_records import chosen
    from ledger.services.payee_records import held_of

    with _records(context) as work:
        payees = chosen(work.registry.payees(), ids)
        held = held_of(work.registry, payees)
        files = work.registry.original_names()
        answer = held_json(held, payees, work.books.history, files)
        if not yes:
            print_held_changes(held, payees, work.books.history, files, err=True)
            confirm(question.format(count=f"{len(held):,}"))
        decide(work, held)
    return answer


@click.command("set-bank-name", help=_("Write a person's name as her bank spells it."))
@click.argument("payee_id", metavar="ID")
# A name is the bank's to the letter, or is refused.
@click.argument("name", metavar="NAME", type=click.UNPROCESSED)
@decision_options
@click.pass_obj
def set_bank_name(
    context: Context, payee_id: PayeeId, name: str, reason: str, on: datetime.date, yes: bool
) -> int:
    from ledger.services.payee_records import chosen
    from ledger.services.payee_records import set_bank_name as set_name

    with _records(context) as work:
        (payee,) = chosen(work.registry.payees(), (payee_id,))
        if not yes:
            question = _("Is {name} the holder of the account of {payee} {legal_name}?")
            legal_name = payee.legal_name
            confirm(question.format(name=name, payee=payee_id, legal_name=legal_name))
        set_name(work, payee, name, reason, on)
        in_batches = tell_of_batches(work.books.history, (payee_id,), leaving=False)
        (changed,) = chosen(work.registry.payees(), (payee_id,))
    if context.as_json:
        print_json({
            "payee": payee_id, "bank_name": changed.bank_name, "before": payee.bank_name,
            "in_batches": in_batches,
            "reason": reason, "date": on.isoformat(),
        })  # fmt: skip
    else:
        message = _("{payee} {legal_name} is {name} at the bank.")
        click.echo(
            message.format(payee=payee_id, legal_name=payee.legal_name, name=changed.bank_name)
        )
    return 0


@click.command("set-post", help=_("Correct the post of a person who was not paid for it."))
@click.argument("payee_id", metavar="ID")
@click.argument("post", metavar="BLOCK|AREA")
@decision_options
@click.pass_obj
def set_post(
    context: Context, payee_id: PayeeId, post: str, reason: str, on: datetime.date, yes: bool
) -> int:
    from ledger.services.payee_records import chosen
    from ledger.services.payee_records import others_on_post
    from ledger.services.payee_records import set_post as set_code
    from ledger.services.payee_records import with_post

    with _records(context) as work:
        payees, programme = work.registry.payees(), work.books.programme
        (payee,) = chosen(payees, (payee_id,))
        moved = with_post(payee, post, payees, programme)
        others = others_on_post(payees, moved, work.books.history)
        if others:
            note = _("There is somebody on that post: {people}. Only one person of it is paid.")
            people = listed(f"{one.payee_id} {one.legal_name}" for one in others)
            click.echo(note.format(people=people), err=True)
        if not yes:
            question = _("Is {payee} {legal_name} {post}?")
            words = _post_words(moved, programme)
            confirm(question.format(payee=payee_id, legal_name=payee.legal_name, post=words))
        moved = set_code(work, payee, post, reason, on)
    if context.as_json:
        print_json({
            "payee": payee_id, "post": moved.post, "before": payee.post,
            "also_on_post": [one.payee_id for one in others],
            "reason": reason, "date": on.isoformat(),
        })  # fmt: skip
    else:
        message = _("{payee} {legal_name} is {post} now, and no longer {before}.")
        words, before = _post_words(moved, programme), _post_words(payee, programme)
        name = payee.legal_name
        click.echo(message.format(payee=payee_id, legal_name=name, post=words, before=before))
    return 0


def _post_words(payee: Payee, programme: Programme) -> str:
    """``荆河街道 普查员 370481001001001``."""
    return f"{programme.town_name(payee.town)} {payee.post.replace(':', ' ')}"


@click.command("deactivate", help=_("Write that people have left: nothing is due to them."))
@ids_argument
@decision_options
@click.pass_obj
def deactivate(
    context: Context, ids: tuple[PayeeId, ...], reason: str, on: datetime.date, yes: bool
) -> int:
    question = _("Write that {people} left?")
    payees, in_batches = _set_active(context, ids, False, reason, on, "" if yes else question)
    if context.as_json:
        print_json({
            "deactivated": payees, "in_batches": in_batches,
            "reason": reason, "date": on.isoformat(),
        })  # fmt: skip
    else:
        message = ngettext(
            "{count} person has left: nothing is due to her. 'payees activate' undoes it.",
            "{count} people have left: nothing is due to them. 'payees activate' undoes it.",
            len(payees),
        )
        click.echo(message.format(count=f"{len(payees):,}"))
    return 0


@click.command("activate", help=_("Take back that people have left."))
@ids_argument
@decision_options
@click.pass_obj
def activate(
    context: Context, ids: tuple[PayeeId, ...], reason: str, on: datetime.date, yes: bool
) -> int:
    question = _("Write that {people} did not leave?")
    payees, _told = _set_active(context, ids, True, reason, on, "" if yes else question)
    if context.as_json:
        print_json({"activated": payees, "reason": reason, "date": on.isoformat()})
    else:
        click.echo(_("On their posts again: {count}.").format(count=f"{len(payees):,}"))
    return 0


def _set_active(
    context: Context,
    ids: Sequence[PayeeId],
    active: bool,
    reason: str,
    on: datetime.date,
    question: str,
) -> tuple[list[PayeeId], list[dict[str, Any]]]:
    """Ask, where there is a question, and write it; the ids, each once, and what waits for them."""
    from ledger.model.months import require_open
    from ledger.payments.eligibility import state_over_stages
    from ledger.services.payee_records import chosen
    from ledger.services.payee_records import set_active

    with _records(context) as work:
        payees = chosen(work.registry.payees(), ids)
        done = [payee.payee_id for payee in payees]
        require_open(work.books.history.closed, on)  # guard: closed-month-said-first
        told = tell_of_batches(work.books.history, () if active else done, leaving=True)
        if question:
            people = listed(
                f"{payee.payee_id} {payee.legal_name}"
                f" ({state_over_stages(payee.payee_id, work.books.history).word})"
                for payee in payees
            )
            confirm(question.format(people=people))
        set_active(work, payees, active, reason, on)
    return done, told


@click.command(
    "distinguish", help=_("People are others than those for whom money went by the same number.")
)
@ids_argument
@click.option("--withdraw", is_flag=True, help=_("Take back that they are."))
@decision_options
@click.pass_obj
def distinguish(
    context: Context,
    ids: tuple[PayeeId, ...],
    withdraw: bool,
    reason: str,
    on: datetime.date,
    yes: bool,
) -> int:
    from ledger.services import distinctions
    from ledger.services.payee_records import chosen

    with _records(context) as work:
        everybody = work.registry.payees()
        payees = chosen(everybody, ids)
        ask, decide, question = (
            (distinctions.decided, distinctions.withdraw, _("Take back that these are two people?"))
            if withdraw
            else (distinctions.to_decide, distinctions.distinguish, _("Are these two people each?"))
        )
        pairs = ask(work, payees, on)
        if not yes:
            print_same_numbers(pairs, everybody, err=True)
            confirm(question)
        decide(work, pairs, reason, on)
    if context.as_json:
        answer = same_numbers_json(pairs)
        print_json({
            "withdrawn" if withdraw else "distinguished": answer,
            "reason": reason, "date": on.isoformat(),
        })  # fmt: skip
        return 0
    people = listed(dict.fromkeys(pair.payee for pair in pairs))
    message = (
        _("Withdrawn: {people} wait until it is decided again.")
        if withdraw
        else _("Decided: {people} are paid like everybody else.")
    )
    click.echo(message.format(people=people))
    return 0


COMMANDS = (
    held, confirm_changes, decline_changes, distinguish, set_bank_name, set_post, deactivate,
    activate,
)  # fmt: skip
