"""Leading zeros make no other account; one name and phone in two towns is looked into."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from importers.registration.known_people import KnownPeople
from importers.registration.later_roster import Listed
from importers.registration.registration import register
from importers.registration.registration import take
from importers.results.matching import SentBatch
from importers.results.matching import match_result
from importers.rosters.problems import Problem
from importers.rosters.roster import Roster
from importers.rosters.roster import read_roster
from importers.tables.cells import Cell
from ledger.base.records import replace
from ledger.model.ids import BatchId
from ledger.model.payees import Payee
from ledger.model.payees import same_account
from ledger.model.payees import same_phone
from ledger.registry.change_log import Source
from ledger.services.payee_records import NotToConfirm
from ledger.services.payee_records import confirm
from ledger.services.payee_records import held_of
from tests.support.acting import stamped
from tests.support.made_up_payments import payment
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import made_up
from tests.support.result_files import ICBC
from tests.support.result_files import icbc_row
from tests.support.result_files import result
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook

ACCOUNT = made_up(1).account
HONGXU = "370481101"
zeros = strategies.integers(0, 10).map("0".__mul__)


def registered(number: int, **changes: str) -> Payee:
    payee = made_up(number)
    return replace(payee, serial=number, area=payee.block[:12], **changes)  # type: ignore[arg-type]


def read(*people: Sequence[Cell], file: str = "荆河街道.xlsx", title: str = "荆河街道") -> Roster:
    return read_roster(file, roster(*people, title=title))


def codes(problems: Sequence[Problem]) -> list[str]:
    return [problem.code for problem in problems]


@settings(max_examples=25)
@given(zeros, zeros, strategies.from_regex("[1-9][0-9]{10,17}[1-9]", fullmatch=True))
def test_accounts_that_differ_in_leading_zeros_are_one(some: str, more: str, digits: str) -> None:
    """In one file, against the registry, and to a bank that shows it another way."""
    assert same_account(some + digits) == same_account(more + digits) == digits
    two = read(person(1, 银行卡号=some + digits), person(2, 银行卡号=more + digits))
    assert codes([one for one in two.problems if one.code == "account_shared"]) == [
        "account_shared", "account_shared",
    ]  # fmt: skip
    assert two.rows == ()
    found = register(
        read(person(2, 银行卡号=some + digits)), [registered(1, account=more + digits)]
    )
    assert codes(found.problems) == ["account_shared"]
    assert found.added == ()
    sent = payment(1, account=some + digits)
    file = result(icbc_row(sent, account=more + digits), headings=ICBC)
    assert (
        match_result(file, [SentBatch(BatchId("B2020-001"), "submitted", [sent])]).batch
        == "B2020-001"
    )


@pytest.mark.parametrize("sent_zeros", ["", "0", "00"])
@pytest.mark.parametrize("shown_zeros", ["", "0", "00"])
def test_a_masked_account_too(sent_zeros: str, shown_zeros: str) -> None:
    sent = payment(1, account=sent_zeros + ACCOUNT)
    masked = f"{shown_zeros}{ACCOUNT[:4]}******{ACCOUNT[-4:]}"
    file = result(icbc_row(sent, account=masked), headings=ICBC)
    assert (
        match_result(file, [SentBatch(BatchId("B2020-001"), "submitted", [sent])]).batch
        == "B2020-001"
    )


def test_zeros_alone_are_another_spelling_of_ones_own_account() -> None:
    """What the town wrote is what is sent: so it is held like any change, and never shared."""
    people = [registered(1), registered(2)]
    rows = [person(1, 银行卡号=f"00{ACCOUNT}"), person(2)]
    found = register(read(*rows), people)
    (held,) = found.held
    assert held.changes == {"account": (ACCOUNT, f"00{ACCOUNT}")}
    assert found.problems == ()
    made = register(read(*rows), people, consent=True)
    assert [change.updated.account for change in made.changed] == [f"00{ACCOUNT}"]


def test_her_account_is_not_free_by_another_spelling() -> None:
    """She keeps it with a zero more: nobody else gets it."""
    people = [registered(1), registered(2)]
    rows = [person(1, 银行卡号=f"0{ACCOUNT}"), person(2, 银行卡号=f"000{ACCOUNT}")]
    assert codes(read(*rows).problems).count("account_shared") == 2
    taking = register(read(person(2, 银行卡号=f"000{ACCOUNT}")), people, consent=True)
    assert codes(taking.problems) == ["account_shared"]


def test_an_identity_number_behind_zeros_is_no_account() -> None:
    (problem,) = read(person(1, 银行卡号=f"00{made_up(2).identity}")).problems
    assert problem.code == "account_is_identity"


def test_another_file_of_the_same_import() -> None:
    people = KnownPeople()
    first = read(person(1))
    take(people, first, register(first, people))
    second = read(person(2, 银行卡号=f"0{ACCOUNT}"), file="b.xlsx")
    assert codes(register(second, people).problems) == ["account_shared"]


def test_who_is_listed_by_another_spelling_is_not_gone() -> None:
    bad = read(person(1, 姓名="", 身份证号="", 银行卡号=f"00{ACCOUNT}"))
    assert Listed.on([bad]).has(registered(1))


def test_a_held_account_is_not_confirmed_for_two(office: Office) -> None:
    first, second = office.register(2)
    with office.registry() as registry:
        source = Source(registry.originals().pop(), "", 0)
        with registry.transaction(stamped()):
            change = {"account": (second.account, f"0{first.account}")}
            registry.held.hold(second, change, source)
    with (
        office.work() as work,
        pytest.raises(NotToConfirm),
    ):
        confirm(work, held_of(work.registry, [second]), "核实", day("2020-11-01"))


# One name and one phone in two towns.


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("13900000001", "13900000001"), ("+8613900000001", "13900000001"),
        ("008613900000001", "13900000001"), ("139 0000-0001", "13900000001"),
        ("0632-5551234", "06325551234"), ("8613900", "8613900"), ("", ""), ("无", ""), ("110", ""),
    ],
)  # fmt: skip
def test_phones_are_compared_by_their_digits(phone: str, key: str) -> None:
    assert same_phone(phone) == key


def elsewhere(**changes: str) -> Payee:
    """Somebody with the name and phone of the first, registered in 洪绪镇."""
    other = made_up(7, HONGXU)
    first = made_up(1)
    values = {"legal_name": first.legal_name, "phone": first.phone} | changes
    return replace(other, serial=7, area=other.block[:12], **values)  # type: ignore[arg-type]


def test_a_namesake_with_the_same_phone_in_another_town_is_warned_about() -> None:
    found = register(read(person(1)), [elsewhere()])
    (problem,) = found.problems
    assert (problem.code, problem.severity, problem.column) == (
        "same_person_elsewhere", "warning", "姓名",
    )  # fmt: skip
    assert "P000007" in problem.message() and "洪绪镇" in problem.message()
    assert made_up(1).phone not in problem.message()
    assert len(found.added) == 1


@pytest.mark.parametrize("phone", ["139 00000001", "+86 139-0000-0001", "１３９０００００００１"])
def test_however_the_phone_is_written(phone: str) -> None:
    found = register(read(person(1, 联系电话=phone)), [elsewhere()])
    assert "same_person_elsewhere" in codes(found.problems)


@pytest.mark.parametrize(
    "other",
    [
        elsewhere(phone=""), elsewhere(phone="13900000002"), elsewhere(legal_name="赵一乙"),
        registered(7, legal_name="赵一乙", phone=made_up(1).phone),
    ],
)  # fmt: skip
def test_a_name_or_a_phone_alone_says_nothing(other: Payee) -> None:
    assert "same_person_elsewhere" not in codes(register(read(person(1)), [other]).problems)


def test_without_a_phone_nothing_is_compared() -> None:
    found = register(read(person(1, 联系电话="")), [elsewhere(phone="")])
    assert "same_person_elsewhere" not in codes(found.problems)


def test_who_is_registered_already_is_not_warned_about_again() -> None:
    assert register(read(person(1)), [registered(1), elsewhere()]).problems == ()


def test_one_who_has_left_is_named_too() -> None:
    found = register(read(person(1)), [replace(elsewhere(), active=False)])
    assert codes(found.problems) == ["same_person_elsewhere"]


@pytest.mark.parametrize("stored", [False, True])
def test_another_file_for_another_town_is_named(stored: bool) -> None:
    """With a dry run its people have no ids yet."""
    people = KnownPeople()
    other = made_up(7, HONGXU)
    cells = person(
        7, 姓名=made_up(1).legal_name, 联系电话=made_up(1).phone, 普查小区编码=other.block
    )
    first = read_roster("洪绪镇.xlsx", roster(cells, title="洪绪镇两员花名册"))
    registration = register(first, people)
    numbered = [elsewhere()] if stored else None
    take(people, first, registration, numbered)
    (problem,) = register(read(person(1)), people).problems
    assert problem.code == "same_person_elsewhere"
    assert ("P000007" if stored else "洪绪镇.xlsx") in problem.message()
    assert "洪绪镇" in problem.message()


def test_two_towns_on_one_sheet() -> None:
    headings = ["镇街", *HEADINGS]
    name, phone = made_up(1).legal_name, made_up(1).phone
    other = {"镇街": "洪绪镇", "姓名": name, "联系电话": phone, "普查小区编码": f"{HONGXU}001007"}
    rows = [person(1, headings, 镇街="荆河街道"), person(7, headings, changes=other)]
    problems = read_roster("花名册.xlsx", workbook({"a": [headings, *rows]})).problems
    assert codes(problems) == ["same_person_elsewhere", "same_person_elsewhere"]
    assert "3" in problems[0].message()
    assert "2" in problems[1].message()
