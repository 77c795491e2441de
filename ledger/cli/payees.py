"""``census-ledger payees``: who there is, where each one's money is, and decisions about them."""

from __future__ import annotations

import datetime

import click

from ledger.base.language import gettext as _
from ledger.base.language import in_chinese
from ledger.base.language import listed
from ledger.base.masks import mask_numbers
from ledger.cli.answers.payees import RecordLog
from ledger.cli.answers.payees import listing_json
from ledger.cli.answers.payees import print_history
from ledger.cli.answers.payees import print_listing
from ledger.cli.answers.payees import show_json
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.context import stage_option
from ledger.cli.disburse import town_codes
from ledger.cli.payee_export import export
from ledger.cli.payee_records import COMMANDS
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.word_choice import WordChoice
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.return_reasons import RETURN_REASONS
from ledger.model.transitions import State

reason_option = click.option(
    "--reason", metavar="R", default="", help=_("Why; it is kept in the books.")
)
yes_option = click.option("--yes", is_flag=True, help=_("Do not ask before writing."))


@click.group("payees", help=_("People: who they are, where their money is, and what is decided."))
def command() -> None:
    pass


for decision in (export, *COMMANDS):
    command.add_command(decision)


@command.command("list", help=_("People, where their money is and what they wait for. Masked."))
@click.option("--town", "town", metavar="T", help=_("Only this town, by name or code."))
@click.option(
    "--state",
    type=WordChoice({state.value: state.chinese for state in State}),
    help=_("Only people in this state."),
)
@click.option("--batch", metavar="B", help=_("Only people of this batch."))
@click.option("--waiting", is_flag=True, help=_("Only people who wait for something."))
@click.option("--left", is_flag=True, help=_("Only people who have left."))
@stage_option
@date_option
@json_option
@click.pass_obj
def list_payees(
    context: Context,
    town: str | None,
    state: str | None,
    batch: BatchId | None,
    waiting: bool,
    left: bool,
    stage: StageCode | None,
    on: datetime.date,
) -> int:
    from ledger.books.batch_lookup import find_batch
    from ledger.disbursement.payable import eligibility_of_books
    from ledger.disbursement.stage_choice import stage_to_show
    from ledger.figures.payee_listing import list_people
    from reports.wording.bank_question import bank_questions

    books = context.books().as_of(on)
    shown = stage_to_show(books.rules, stage, on).code
    with context.registry() as registry:
        payees = registry.payees_as_of(on, books.history.last_prepared)
        eligibility = eligibility_of_books(books, registry, payees, on, stage=shown)
        people = list_people(payees, books.history, eligibility, everybody=left)
        if left:
            people = [person for person in people if not person.payee.active]
        if town is not None:
            (code,) = town_codes(context, (town,))
            people = [person for person in people if person.payee.town == code]
        if state is not None:
            people = [person for person in people if person.state == state]
        if batch is not None:
            members = find_batch(books, batch).amounts_fen
            people = [person for person in people if person.payee.payee_id in members]
        if waiting:
            people = [person for person in people if person.waits]
        questions = bank_questions(books, registry, shown, [p.payee.payee_id for p in people])
    if context.as_json:
        print_json(listing_json(people, questions))
    else:
        print_listing(people, questions, on, books.programme)
    return 0


@command.command("find", help=_("People by name, id, town, or a number's last four. Masked."))
@click.argument("text", metavar="TEXT")
@stage_option
@date_option
@json_option
@click.pass_obj
def find_payees(context: Context, text: str, stage: StageCode | None, on: datetime.date) -> int:
    from ledger.disbursement.payable import eligibility_of_books
    from ledger.disbursement.stage_choice import stage_to_show
    from ledger.figures.payee_listing import list_people
    from ledger.figures.payee_search import matching
    from reports.wording.bank_question import bank_questions

    books = context.books().as_of(on)
    shown = stage_to_show(books.rules, stage, on).code
    with context.registry() as registry:
        payees = registry.payees_as_of(on, books.history.last_prepared)
        eligibility = eligibility_of_books(books, registry, payees, on, stage=shown)
        # Who has left and was never sent money is looked for too.
        people = list_people(payees, books.history, eligibility, everybody=True)
        people = [person for person in people if matching(person.payee, text, books.programme)]
        questions = bank_questions(books, registry, shown, [p.payee.payee_id for p in people])
    if context.as_json:
        print_json(listing_json(people, questions))
    elif people:
        print_listing(people, questions, on, books.programme)
    else:
        click.echo(_("Nobody is found by {text}.").format(text=mask_numbers(text)))
    return 0


@command.command("show", help=_("One person: the record, masked, and everything that happened."))
@click.argument("payee", metavar="ID")
@stage_option
@json_option
@click.pass_obj
def show_payee(context: Context, payee: PayeeId, stage: StageCode | None) -> int:
    from ledger.disbursement.payable import eligibility_of_books
    from ledger.disbursement.stage_choice import stage_to_show
    from ledger.figures.payee_history import happenings
    from ledger.figures.payee_listing import find_person
    from ledger.figures.payee_listing import list_people
    from reports.wording.bank_question import bank_questions

    books = context.books()
    today = context.today()
    shown = stage_to_show(books.rules, stage, today).code
    with context.registry() as registry:
        # Whether she is paid hangs on nobody else but who shares her post.
        payees = registry.at_the_place_of(payee)
        eligibility = eligibility_of_books(books, registry, payees, today, stage=shown)
        people = list_people(payees, books.history, eligibility, everybody=True)
        person = find_person(people, payee)
        past = happenings(books.history, person.payee.payee_id)
        record = RecordLog(
            registry.changes(person.payee.serial),
            registry.held.of(person.payee.serial),
            registry.original_names(),
        )
        questions = bank_questions(books, registry, shown, [person.payee.payee_id])
    if context.as_json:
        print_json(show_json(person, past, record, questions))
    else:
        print_history(person, past, record, questions, books.programme)
    return 0


@command.command(
    "release", help=_("Let people be paid whose record was right, or whose post is taken.")
)
@click.argument("payees", nargs=-1, metavar="[ID]...")
@click.option("--batch", metavar="B", help=_("Everyone whom this batch's bank has returned …"))
@click.option(
    "--class",
    "reason_class",
    type=WordChoice({code: in_chinese(reason.meaning) for code, reason in RETURN_REASONS.items()}),
    metavar="C",
    help=_("… for this class of reasons."),
)
@reason_option
@stage_option
@date_option
@yes_option
@json_option
@click.pass_obj
def release_payees(
    context: Context,
    payees: tuple[PayeeId, ...],
    batch: BatchId | None,
    reason_class: str | None,
    reason: str,
    stage: StageCode | None,
    on: datetime.date,
    yes: bool,
) -> int:
    from ledger.books.batch_lookup import find_batch
    from ledger.disbursement.payable import eligibility_by_stage
    from ledger.services.releases import release
    from ledger.services.releases import released_in
    from ledger.services.releases import returned_of_class

    if bool(payees) == bool(batch) or bool(batch) != bool(reason_class):
        raise click.UsageError(_("name people by their ids, or --batch B together with --class C"))

    named = tuple(dict.fromkeys(payees))
    disputed: tuple[PayeeId, ...] = ()
    with context.work() as work:
        everybody = work.registry.payees()
        asked = find_batch(work.books, batch).stage if batch else stage
        eligibilities = eligibility_by_stage(
            work.books, work.registry, everybody, on, asked, to_pay=True
        )
        if batch and reason_class:
            eligibility = eligibilities[0]
            returned = returned_of_class(work.books, eligibility, batch, reason_class)
            named, disputed = returned.waiting, returned.disputed
        else:
            eligibilities = eligibilities if stage is None else eligibilities[:1]
            eligibility = released_in(work.books.rules, eligibilities, named)
        if not yes:
            confirm(_("Release {count} people?").format(count=len(named)))
        release(work, eligibility, named, reason, on)
    if context.as_json:
        answer = {"released": list(named), "disputed": list(disputed), "reason": reason}
        print_json({**answer, "date": on.isoformat()})
        return 0
    message = _("Released: {count}. The next disburse takes them.")
    click.echo(message.format(count=f"{len(named):,}"))
    if disputed:
        message = _(
            "Not among them, for the bank has said something else since: {payees}. Ask it, and"
            " release each by the id."
        )
        click.echo(message.format(payees=listed(disputed)))
    return 0


@command.command("cancel", help=_("Take a returned payment back from somebody not entitled to it."))
@click.argument("payee", metavar="ID")
@reason_option
@stage_option
@date_option
@yes_option
@json_option
@click.pass_obj
def cancel_payee(
    context: Context,
    payee: PayeeId,
    reason: str,
    stage: StageCode | None,
    on: datetime.date,
    yes: bool,
) -> int:
    from ledger.services.cancellations import cancel

    with context.work() as work:
        if not yes:
            confirm(_("Cancel the returned payment of {payee}?").format(payee=payee))
        cancel(work, payee, reason, on, stage)
    if context.as_json:
        print_json({"cancelled": payee, "reason": reason, "date": on.isoformat()})
    else:
        message = _("The payment of {payee} is cancelled; the money is the fund's again.")
        click.echo(message.format(payee=payee))
    return 0
