"""Who may be paid now, with what the bank's files can carry taken into account."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Sequence

from ledger.base.books_folder import BANK_PROFILES
from ledger.books.books import Books
from ledger.disbursement.bank_file_plan import is_own_bank
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import load_profile
from ledger.disbursement.stage_choice import stage_to_show
from ledger.disbursement.unsendable import why_unsendable
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode
from ledger.model.name_characters import is_printable
from ledger.model.payees import Payee
from ledger.payments.eligibility import MONEY_OUT
from ledger.payments.eligibility import Eligibility
from ledger.payments.eligibility import judge_eligibility
from ledger.payments.eligibility import state_of
from ledger.payments.paid_numbers import paid_numbers
from ledger.registry.frozen_rows import returned_rows
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
) -> Eligibility:
    """The eligibility of everyone, or of some towns (nine-digit codes), in a stage on a day.

    ``profiles`` are those of the books, where somebody has read them already. Where somebody will
    be paid by it, ``to_pay``, no decision counts that was withdrawn, on whatever day.
    """
    if towns:
        payees = [payee for payee in payees if payee.town in towns]
    history = books.history
    owed = (
        (payee.payee_id, payee)
        for payee in payees
        if payee.active and state_of(payee.payee_id, history, stage) not in MONEY_OUT
    )
    paid = paid_numbers(history, registry, owed, on, to_pay=to_pay)
    return judge_eligibility(
        payees,
        history,
        books.rules,
        on,
        stage,
        returned_rows=returned_rows(history, registry),
        unsendable=_unsendable_at_the_bank(books, profiles or profiles_of_books(books)),
        doubts=paid.doubts,
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
    first = stage_to_show(books.rules, shown, on)
    others = [stage for stage in books.rules.begun(on) if stage != first]
    profiles = profiles_of_books(books)
    return [
        eligibility_of_books(
            books, registry, payees, on, profiles=profiles, stage=stage.code, to_pay=to_pay
        )
        for stage in (first, *others)
    ]


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
