"""Who may be paid now, with what the bank's files can carry taken into account."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from operator import attrgetter

from ledger.base.books_folder import BANK_PROFILES
from ledger.base.records import replace
from ledger.books.books import Books
from ledger.disbursement.bank_file_plan import is_own_bank
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import load_profile
from ledger.disbursement.stage_choice import stage_to_show
from ledger.disbursement.unsendable import why_unsendable
from ledger.model.history import History
from ledger.model.history import Standing
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode
from ledger.model.name_characters import is_printable
from ledger.model.payees import Payee
from ledger.model.rules import Rules
from ledger.payments.eligibility import MONEY_OUT
from ledger.payments.eligibility import Eligibility
from ledger.payments.eligibility import judge_eligibility
from ledger.payments.sent_before import SentBefore
from ledger.payments.sent_before import sent_before
from ledger.registry.people_of_day import PeopleOfDay
from ledger.registry.registry import Registry

UNPRINTABLE = "name_unprintable"


# For our own bank and for other banks.
Profiles = tuple[BankProfile, BankProfile]


def profiles_of_books(books: Books) -> Profiles:
    """The profiles for our own bank and for other banks; the books may bring their own."""
    folder = books.folder / BANK_PROFILES
    return (
        load_profile(books.settings.own_profile, folder),
        load_profile(books.settings.other_profile, folder),
    )


def eligibility_of_books(
    books: Books,
    registry: Registry,
    payees: Sequence[Payee],
    on: datetime.date,
    towns: Sequence[TownCode] = (),
    profiles: Profiles | None = None,
    *,
    stage: StageCode = FIRST_STAGE,
    to_pay: bool = False,
    sent: SentBefore | None = None,
) -> Eligibility:
    """The eligibility of everyone, or of some towns (nine-digit codes), in a stage on a day.

    ``profiles`` are those of the books, ``sent`` is what was sent before to whoever may be owed
    something, where somebody has read them already. Where somebody will be paid by it, ``to_pay``,
    no decision counts that was withdrawn, on whatever day.
    """
    if towns:
        payees = [payee for payee in payees if payee.town in towns]
    history = books.history
    if sent is None:
        sent = _sent_before(history, registry, payees, on, [stage], to_pay=to_pay)
    return judge_eligibility(
        payees,
        history,
        books.rules,
        on,
        stage,
        returned_rows=sent.returned,
        unsendable=_unsendable_at_the_bank(books, profiles or profiles_of_books(books)),
        doubts=sent.paid.doubts,
    )


def eligibility_by_stage(
    books: Books,
    registry: Registry,
    payees: Sequence[Payee],
    on: datetime.date,
    shown: StageCode | None = None,
    *,
    to_pay: bool = False,
) -> list[Eligibility]:
    """The eligibility in every stage that has begun: first that of the stage that is ``shown``, or
    else the last begun, then the others in the order in which they began.

    Raises NoSuchStage.
    """
    stages = _stages(books.rules, shown, on)
    profiles = profiles_of_books(books)
    sent = _sent_before(books.history, registry, payees, on, stages, to_pay=to_pay)
    return [
        eligibility_of_books(
            books, registry, payees, on, profiles=profiles, stage=stage, to_pay=to_pay, sent=sent
        )
        for stage in stages
    ]


def eligibility_of_day(
    books: Books,
    registry: Registry,
    people: PeopleOfDay,
    on: datetime.date,
    shown: StageCode | None = None,
) -> list[Eligibility]:
    """The same of everyone who was registered on a day. No record is read of whom every stage has
    sent money, but of who shares a post with somebody else.
    """
    for batch in books.history.came_back:  # What came back is looked for in its rows.
        registry.read_ahead(books.history.batches[batch].rows)
    standings = [books.history.standings_in(stage) for stage in _stages(books.rules, shown, on)]
    asked, others = _asked(people, standings)
    payees = people.records_of(asked) if others else people.records()
    eligibilities = eligibility_by_stage(books, registry, payees, on, shown)
    return [
        replace(eligibility, settled=_added(eligibility.settled, map(some.__getitem__, others)))
        for eligibility, some in zip(eligibilities, standings, strict=True)
    ]


def _asked(
    people: PeopleOfDay, standings: Sequence[Mapping[PayeeId, Standing]]
) -> tuple[list[int], list[PayeeId]]:
    """Whose records are read, by serial, and the others, who were sent money in every stage."""
    settled = set.intersection(
        *({payee for payee, one in some.items() if one.state in MONEY_OUT} for some in standings)
    )
    everyone = people.everyone
    owed = [one for one in everyone if one.payee_id not in settled]
    places = {one.place for one in owed} - {""}
    asked = {one.payee_id: one.serial for one in owed}
    asked |= {one.payee_id: one.serial for one in everyone if one.place in places}
    others = [one.payee_id for one in everyone if one.payee_id not in asked]
    return sorted(asked.values()), others


def _is_settled(standing: Standing | None) -> bool:
    """Whether somebody who stands so in a stage was sent its money."""
    return standing is not None and standing.state in MONEY_OUT


def _added(settled: Mapping[str, int], more: Iterable[Standing]) -> Mapping[str, int]:
    """Who is settled by their states, with those who stand so."""
    counts = Counter(map(attrgetter("state"), more))
    return Counter(settled) + Counter({state.value: count for state, count in counts.items()})


def _stages(rules: Rules, shown: StageCode | None, on: datetime.date) -> list[StageCode]:
    first = stage_to_show(rules, shown, on)
    return [first.code, *(stage.code for stage in rules.begun(on) if stage != first)]


def _sent_before(
    history: History,
    registry: Registry,
    payees: Iterable[Payee],
    on: datetime.date,
    stages: Sequence[StageCode],
    *,
    to_pay: bool,
) -> SentBefore:
    """What was sent before to those of the people who may be owed something in the stages."""
    standings = [history.standings_in(stage) for stage in stages]
    owed = (
        payee
        for payee in payees
        if payee.active and not all(_is_settled(some.get(payee.payee_id)) for some in standings)
    )
    return sent_before(history, registry, owed, on, to_pay=to_pay)


def _unsendable_at_the_bank(books: Books, profiles: Profiles) -> Callable[[Payee, int], str | None]:
    own, other = profiles

    def why(payee: Payee, amount_fen: int) -> str | None:
        profile = own if is_own_bank(payee.bank, books.programme.bank.words) else other
        reason = why_unsendable(
            profile,
            bank_name=payee.bank_name,
            account=payee.account,
            bank=payee.bank,
            amount_fen=amount_fen,
        )
        printed = payee.legal_name + payee.bank_name + payee.area_name + payee.bank
        return reason or (None if is_printable(printed) else UNPRINTABLE)

    return why
