"""The page of one person: the record, what happened to the money, what may be decided, and why."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response as Answer

from ledger.base.language import ngettext
from ledger.base.language import page_gettext as _
from ledger.base.masks import mask_account
from ledger.base.masks import mask_field
from ledger.base.masks import mask_identity
from ledger.base.masks import mask_numbers
from ledger.base.refusals import Refusal
from ledger.figures.payee_listing import PayeeStatus
from ledger.figures.payee_listing import find_person
from ledger.model.history import History
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.payees import Payee
from ledger.model.programme import Programme
from ledger.model.transitions import State
from ledger.payments.batch_records import COMPARED
from ledger.payments.batch_records import waiting_batches
from ledger.registry.change_log import HeldChange
from ledger.registry.change_log import LoggedChange
from ledger.registry.registry import Registry
from ledger.services import distinctions
from ledger.services.cancellations import cancel
from ledger.services.payee_records import chosen
from ledger.services.payee_records import confirm
from ledger.services.payee_records import decline
from ledger.services.payee_records import held_of
from ledger.services.payee_records import others_on_post
from ledger.services.payee_records import set_active
from ledger.services.payee_records import set_bank_name
from ledger.services.payee_records import set_post
from ledger.services.payee_records import with_post
from ledger.services.releases import BY_WORD
from ledger.services.unit_of_work import Work
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.releasing import release_people
from ledger.web.desk.releasing import stage_of
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.links import Links
from ledger.web.page_words import decided_word
from ledger.web.page_words import field_word
from ledger.web.page_words import standing_words
from ledger.web.page_words import value_word
from ledger.web.people_list import LEFT_WORD
from ledger.web.people_list import history_rows
from ledger.web.views import View
from reports.wording.bank_question import bank_questions

Done = Answer | tuple[str, int]
# What is done with one person's record by a unit of work; it answers what to say of it.
Do = Callable[[Work, Payee, Form], Iterable[str]]


def show(desk: Desk, payee: PayeeId) -> str:
    return _page(desk, payee)


def released(desk: Desk, payee: PayeeId) -> Done:
    """She may be paid although her record was right, or her post is taken."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        release_people(work, [person.payee_id], form)
        yield _("{person} is released: the next batch pays.").format(person=_called(person))

    return _done(desk, payee, "release", do, with_errors=False)


def cancelled(desk: Desk, payee: PayeeId) -> Done:
    """The payment that came back is the fund's again."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        stage = stage_of(work.books, form)
        cancel(work, person.payee_id, form.reason(), form.day(), stage)
        yield _(
            "What was returned for {person} is cancelled; the money is back in its fund."
        ).format(person=_called(person))

    return _done(desk, payee, "cancel", do, with_errors=False)


def confirmed(desk: Desk, payee: PayeeId) -> Done:
    """What is held of the record is made."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        held = held_of(work.registry, [person])
        confirm(work, held, form.reason(), form.day())
        yield ngettext(
            "{count} change of {person} is confirmed.",
            "{count} changes of {person} are confirmed.",
            len(held),
        ).format(person=_called(person), count=len(held))
        if any(change.field in COMPARED for change in held):
            yield from of_batches(work.books.history, person, leaving=False)

    return _done(desk, payee, "confirm", do)


def declined(desk: Desk, payee: PayeeId) -> Done:
    """What is held of the record was not right."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        held = held_of(work.registry, [person])
        decline(work, held, form.reason(), form.day())
        yield ngettext(
            "{count} change of {person} is declined; the record stays.",
            "{count} changes of {person} are declined; the record stays.",
            len(held),
        ).format(person=_called(person), count=len(held))

    return _done(desk, payee, "decline", do)


def named(desk: Desk, payee: PayeeId) -> Done:
    """The name as her bank spells it."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        name = form.text("name")
        set_bank_name(work, person, name, form.reason(), form.day())
        yield _("The name at the bank of {person} is now {name}.").format(
            person=_called(person), name=name
        )
        yield from of_batches(work.books.history, person, leaving=False)

    return _done(desk, payee, "name", do)


def posted(desk: Desk, payee: PayeeId) -> Done:
    """Another post, which was shown before."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        moved = set_post(work, person, form.text("post"), form.reason(), form.day())
        yield _("The role of {person} is now {role}.").format(
            person=_called(person), role=_post_words(moved, work.books.programme)
        )

    return _done(desk, payee, "post", do)


def deactivated(desk: Desk, payee: PayeeId) -> Done:
    """She has left: nothing is due to her."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        set_active(work, [person], False, form.reason(), form.day())
        yield _("{person} is recorded as having left and is not paid any more.").format(
            person=_called(person)
        )
        yield from of_batches(work.books.history, person, leaving=True)

    return _done(desk, payee, "deactivate", do)


def activated(desk: Desk, payee: PayeeId) -> Done:
    """She has not left after all."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        set_active(work, [person], True, form.reason(), form.day())
        yield _("{person} is back in the role.").format(person=_called(person))

    return _done(desk, payee, "activate", do)


def distinguished(desk: Desk, payee: PayeeId) -> Done:
    """She is another person than those for whom money went by a number of hers."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        on = form.day()
        pairs = distinctions.to_decide(work, [person], on)
        distinctions.distinguish(work, pairs, form.reason(), on)
        yield _(
            "Recorded: {person} and the others are not one person; all are paid as usual."
        ).format(person=_called(person))

    return _done(desk, payee, "distinguish", do)


def one_person_after_all(desk: Desk, payee: PayeeId) -> Done:
    """What was decided of her and others is taken back: she waits until it is decided again."""

    def do(work: Work, person: Payee, form: Form) -> Iterator[str]:
        on = form.day()
        pairs = distinctions.decided(work, [person], on)
        distinctions.withdraw(work, pairs, form.reason(), on)
        yield _(
            "Withdrawn: whether {person} and the others are one person has to be "
            "looked into again; until then nobody of them is paid."
        ).format(person=_called(person))

    return _done(desk, payee, "withdraw", do)


def _done(desk: Desk, payee: PayeeId, name: str, do: Do, *, with_errors: bool = True) -> Done:
    """One decision about the person as the page showed her, or the page with why not.

    Records go on while the ledger has errors; what moves money does not.
    """
    form = desk.form()
    try:
        with desk.work(seen=form.seen, with_errors=with_errors) as work:
            (person,) = chosen(work.registry.payees(), [payee])
            said = list(do(work, person, form))
    except (Refusal, OSError) as refusal:
        return _page(desk, payee, desk.problem(name, refusal), form.text("post")), NOT_DONE
    for sentence in said:
        desk.session.note(sentence)
    return desk.go(f"/people/{payee}", stage=form.text("stage"))


def of_batches(history: History, person: Payee, *, leaving: bool) -> Iterator[str]:
    """What whoever changes a record is told of a batch that was made by the old one."""
    for batch in waiting_batches(history, [person.payee_id]):
        if history.batches[batch].submitted is None:
            yield _(
                "Batch {batch} was prepared by the old record and must not go to the "
                "bank: void it and prepare it anew."
            ).format(batch=batch)
        elif leaving:
            yield (
                _(
                    "Batch {batch} is at the bank, money is on the way: if the bank returns "
                    "it, cancel it on this page; if it was paid, ask the person for it."
                ).format(batch=batch)
            )
        else:
            yield (
                _(
                    "Batch {batch} went to the bank by the old record: if the bank returns "
                    "it, the next batch pays by the new record; if it was paid, it was paid "
                    "by the old one."
                ).format(batch=batch)
            )


def _page(desk: Desk, payee: PayeeId, problem: Problem | None = None, typed: str = "") -> str:
    desk.remember_state()
    desk.books.look_again()
    view = desk.books.view(desk.today())
    books, post = view.whole, typed or request.args.get("post", "").strip()[:40]
    moved: Payee | None = None
    stage = StageCode(sent) if (sent := desk.form().text("stage")) else desk.stage(view)
    everybody: Sequence[Payee] = ()
    with desk.place.registry() as registry:
        person = _person(view, stage, registry, payee)
        record = person.payee
        held, changes = registry.held.of(record.serial), registry.changes(record.serial)
        files = registry.original_names()
        told_apart = _told_apart(registry, payee, desk.today())
        questions = bank_questions(books, registry, stage, [payee])
        if post:
            everybody = view.once("payees", registry.payees)
    if post:
        try:
            moved = with_post(record, post, everybody, books.programme)
        except Refusal as refusal:
            problem = problem or desk.problem("post", refusal)
    others = others_on_post(everybody, moved, books.history) if moved else []
    return desk.render(
        "person.html",
        person=person,
        heading=_called(record),
        facts=_facts(person, books.programme),
        question=questions.get(payee, ""),
        held=[_change(one) for one in held if not one.verdict],
        decided=[(*_change(one), decided_word(one.verdict), one) for one in held if one.verdict],
        changes=[(*_change(one), files.get(one.source.sha256, ""), one) for one in changes],
        doubts=[(field_word(one.field), one.other) for one in person.doubts],
        told_apart=told_apart,
        can=_what_can_be_done(desk, person, any(not one.verdict for one in held), told_apart),
        history=history_rows(books.history, payee),
        link=Links.of(view).person(payee),
        post=post,
        stage=stage,
        stages=desk.stages(view),
        moved=_post_words(moved, books.programme) if moved else "",
        others=[_called(one) for one in others],
        names={one.id: one.name for one in books.history.operators.values()},
        mask=mask_numbers,
        problem=problem,
    )


def _person(view: View, stage: StageCode, registry: Registry, payee: PayeeId) -> PayeeStatus:
    """Anybody who was ever registered. Raises NoSuchPayee."""
    people = view.by_stage.get(stage, ())
    if not any(one.payee.payee_id == payee for one in people):
        people = [PayeeStatus(one, State.DUE, None, "", "") for one in registry.withdrawn()]
    return find_person(people, payee)


def _facts(person: PayeeStatus, programme: Programme) -> list[tuple[str, str]]:
    """The record as people read it. Nothing unmasked."""
    payee = person.payee
    state = standing_words(person)
    if payee.withdrawn:
        state = _("The roster was taken back: not registered")
    elif not payee.active:
        state = (
            _(LEFT_WORD)
            if person.standing is None
            else _("{state} ({left_word})").format(state=state, left_word=_(LEFT_WORD))
        )
    return [
        (_("State"), state),
        (_("Batch"), person.standing.batch if person.standing else ""),
        (_("Town"), f"{programme.town_name(payee.town)} {payee.area_name}"),
        (_("Role"), f"{payee.role} {payee.block or payee.area}"),
        # guard: persons-page-masked
        (_("Identity number"), mask_identity(payee.identity)),
        (_("Phone"), mask_field("phone", payee.phone)),
        (_("Name at the bank"), payee.bank_name),
        (_("Bank of the account"), mask_numbers(payee.bank)),
        (_("Account number"), mask_account(payee.account)),
    ]


def _change(change: LoggedChange | HeldChange) -> tuple[str, str, str]:
    """The field, what it was and what it is or would be."""
    return (
        field_word(change.field),
        value_word(change.field, change.old) if change.old else "—",
        value_word(change.field, change.new) if change.new else "—",
    )


def _told_apart(
    registry: Registry, payee: PayeeId, today: datetime.date
) -> list[tuple[str, PayeeId]]:
    """By which numbers, and from whom, somebody has said that she is another person."""
    return [
        (
            field_word(pair.field),
            pair.other if pair.payee == payee else pair.payee,
        )
        for pair in sorted(registry.distinctions.standing(today, to_pay=True))
        if payee in (pair.payee, pair.other)
    ]


def _what_can_be_done(
    desk: Desk, person: PayeeStatus, is_held: bool, told_apart: Sequence[object]
) -> set[str]:
    """What to offer to whoever is there. The services judge it again."""
    if not desk.may(CLERK) or person.payee.withdrawn:
        return set()
    active = person.payee.active
    offered = {
        "release": person.waits in BY_WORD,
        "cancel": person.state == State.RETURNED,
        "confirm": is_held,
        "decline": is_held,
        "distinguish": bool(person.doubts),
        "withdraw": bool(told_apart),
        "name": True,
        "post": active and person.state == State.DUE,
        "deactivate": active,
        "activate": not active,
    }
    return {name for name, is_offered in offered.items() if is_offered}


def _called(payee: Payee) -> str:
    return f"{payee.payee_id} {payee.legal_name}"


def _post_words(payee: Payee, programme: Programme) -> str:
    """``荆河街道 普查员 370481001001001``."""
    return f"{programme.town_name(payee.town)} {payee.post.replace(':', ' ')}"


PERSON = "/people/<payee>"
ROUTES = (
    Route(GET, PERSON, show),
    Route(POST, f"{PERSON}/release", released, CLERK),
    Route(POST, f"{PERSON}/cancel", cancelled, CLERK),
    Route(POST, f"{PERSON}/confirm", confirmed, CLERK),
    Route(POST, f"{PERSON}/decline", declined, CLERK),
    Route(POST, f"{PERSON}/distinguish", distinguished, CLERK),
    Route(POST, f"{PERSON}/withdraw", one_person_after_all, CLERK),
    Route(POST, f"{PERSON}/name", named, CLERK),
    Route(POST, f"{PERSON}/post", posted, CLERK),
    Route(POST, f"{PERSON}/deactivate", deactivated, CLERK),
    Route(POST, f"{PERSON}/activate", activated, CLERK),
)
