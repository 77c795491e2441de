"""Records are read of whom something may be owed: nobody is judged otherwise for it."""

from __future__ import annotations

import pytest

from ledger.base.records import replace
from ledger.disbursement.payable import eligibility_by_stage
from ledger.disbursement.payable import eligibility_of_books
from ledger.disbursement.payable import eligibility_of_day
from ledger.figures.status import status
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.payments.eligibility import Block
from ledger.registry.change_log import NO
from ledger.registry.change_log import WITHDRAWN
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import UNCLEAR
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Office
from tests.support.office import day

DAYS = ("2019-12-31", "2020-10-31", "2020-11-10", "2020-11-16", "2020-11-20", "2020-12-31")


@beginning
def mixed(funded: Office) -> Office:
    """P000006 left before her turn; of the other five one came back, and of one nobody knows. Since
    then two have come to the post of P000001, one of them by a roster that was taken back, P000002
    has left, and P000003 went to where P000004 works.
    """
    with funded.registry() as registry:
        people = registry.payees()
    correct(funded, "P000006", active=NO, on="2020-11-01")
    assert funded.disburse().json["payees"] == 5
    take_result(funded, everyone(PAID, 1, 2, 3) | everyone(CLOSED, 4) | everyone(UNCLEAR, 5))

    def successor(payee: Payee) -> Payee:
        return replace(payee, block=people[0].block, area=people[0].area)

    funded.register(2, change=successor, on="2020-11-15")
    correct(funded, "P000008", active=WITHDRAWN, on="2020-11-17")
    correct(funded, "P000002", active=NO, on="2020-11-20")
    correct(funded, "P000003", block=people[3].block, area=people[3].area, on="2020-11-20")
    return funded


@pytest.mark.parametrize("text", DAYS)
def test_who_was_sent_money_is_counted_unread(mixed: Office, text: str) -> None:
    on = day(text)
    books = mixed.books().as_of(on)
    with mixed.registry() as registry:
        people = registry.people_as_of(on, books.history.last_prepared)
        records = registry.payees_as_of(on, books.history.last_prepared)
        assert [(one.payee_id, one.serial, one.town, one.place) for one in people.everyone] == [
            (one.payee_id, one.serial, one.town, one.place) for one in records
        ]
        assert [bool(one.active) for one in people.everyone] == [one.active for one in records]
        judged = eligibility_of_day(books, registry, people, on)
        assert judged == eligibility_by_stage(books, registry, records, on)
        now = {payee.serial for payee in registry.payees()}
        assert people.registered_later() == len(now - {payee.serial for payee in records})
    assert status(books, people.everyone, judged[0], on) == status(books, records, judged[0], on)


def test_only_who_may_be_owed_something_is_read(mixed: Office) -> None:
    """And those of her post: P000001 was paid for it, and her successor waits."""
    on = day("2020-12-31")
    books = mixed.books()
    with mixed.registry() as registry:
        people = registry.people_as_of(on, books.history.last_prepared)
        read: list[int] = []
        records_of = people.records_of
        people.records_of = lambda serials: read.extend(serials) or records_of(serials)  # type: ignore
        (judged,) = eligibility_of_day(books, registry, people, on)
    assert read == [1, 3, 4, 6, 7]
    reasons = {one.payee.serial: one.reason for one in judged.blocked}
    assert reasons == {4: Block.RETURNED, 7: Block.POST_PAID}
    assert judged.settled == {"paid": 3, "unknown": 1, "inactive": 1}


def test_one_person_is_judged_with_who_shares_her_post(mixed: Office) -> None:
    on = day("2020-12-31")
    books = mixed.books()
    with mixed.registry() as registry:
        everybody = [*registry.payees(), *registry.withdrawn()]
        of_all = eligibility_of_books(books, registry, everybody, on)
        for payee in everybody:
            few = registry.at_the_place_of(payee.payee_id)
            assert payee in few
            of_few = eligibility_of_books(books, registry, few, on)
            assert [one for one in of_few.blocked if one.payee == payee] == [
                one for one in of_all.blocked if one.payee == payee
            ]
        for nobody in ("", "P", "P000009", "X000001", "P" + "9" * 40, "P²"):
            assert registry.at_the_place_of(PayeeId(nobody)) == []
