"""Registration: a roster is compared with everyone in the registry, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from functools import cache

import pytest

from importers.registration.account_moves import AccountMoves
from importers.registration.known_people import KnownPeople
from importers.registration.registration import Registration
from importers.registration.registration import register
from importers.registration.registration import take
from importers.rosters.problems import Problem
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import read_roster
from importers.tables.cells import Cell
from ledger.base.records import replace
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.payees import Payee
from tests.support.office import made_up
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.tengzhou import SUPERVISOR

ELSEWHERE = "370481002001001"


def registered(number: int) -> Payee:
    """The made-up person with the serial of the same number, as a roster registers her."""
    payee = made_up(number)
    return replace(payee, serial=number, area=payee.block[:12])


def read(*people: Sequence[Cell], file: str = "荆河街道.xlsx") -> Roster:
    result = read_roster(file, roster(*people))
    assert result.quarantined == ()
    return result


def registration_of(
    *people: Sequence[Cell],
    payees: Sequence[Payee] = (),
    consent: bool = False,
    money_out: Collection[PayeeId] = (),
) -> Registration:
    return register(read(*people), payees, consent=consent, money_out=money_out)


def with_bank_name(number: int, bank_name: str, name: str = "") -> Roster:
    headings = [*HEADINGS, "银行户名"]
    cells = person(number, headings, 姓名=name or made_up(number).legal_name, 银行户名=bank_name)
    return read_roster("荆河街道.xlsx", workbook({"a": [headings, cells]}))


def test_new_people_are_added_without_a_serial() -> None:
    result = registration_of(person(1), person(2))
    assert [addition.payee for addition in result.added] == [
        replace(registered(number), serial=0) for number in (1, 2)
    ]
    assert [addition.source.row for addition in result.added] == [3, 4]
    assert (result.changed, result.held, result.unchanged) == ((), (), 0)


def test_the_bank_spells_a_name_as_the_law_does_unless_the_roster_says_otherwise() -> None:
    (addition,) = register(with_bank_name(1, "李龑", "李䶮"), []).added
    assert (addition.payee.legal_name, addition.payee.bank_name) == ("李䶮", "李龑")
    (addition,) = register(with_bank_name(1, ""), []).added
    assert addition.payee.bank_name == addition.payee.legal_name


def test_a_roster_that_was_imported_before_changes_nothing() -> None:
    result = registration_of(person(1), person(2), payees=[registered(1), registered(2)])
    assert (result.added, result.changed, result.held, result.problems) == ((), (), (), ())
    assert result.unchanged == 2


def test_harmless_details_are_changed_at_once() -> None:
    cells = person(1, 联系电话="13900009999", 普查区="新社区")
    (change,) = registration_of(cells, payees=[registered(1)]).changed
    assert change.payee == registered(1)
    assert change.source.row == 3
    assert change.changes == {
        "phone": (made_up(1).phone, "13900009999"), "area_name": ("春藤社区", "新社区"),
    }  # fmt: skip


def test_an_empty_cell_changes_nothing() -> None:
    result = registration_of(person(1, 联系电话="", 普查区=""), payees=[registered(1)])
    assert result.unchanged == 1


@pytest.mark.parametrize(
    ("heading", "value", "changes"),
    [
        ("银行卡号", made_up(9).account, {"account"}),
        ("开户行", "工商银行滕州支行", {"bank"}),
        ("姓名", "赵新名", {"legal_name", "bank_name"}),
    ],
)
def test_what_money_goes_by_waits_for_consent(heading: str, value: str, changes: set[str]) -> None:
    cells = person(1, changes={heading: value}, 联系电话="13900009999")
    without = registration_of(cells, payees=[registered(1)])
    assert [set(change.changes) for change in without.changed] == [{"phone"}]
    assert [set(change.changes) for change in without.held] == [changes]
    assert without.unchanged == 0
    given = registration_of(cells, payees=[registered(1)], consent=True)
    assert [set(change.changes) for change in given.changed] == [{"phone", *changes}]
    assert given.held == ()
    assert given.changed[0].updated.phone == "13900009999"


def test_the_banks_spelling_stays_when_the_roster_says_nothing_of_it() -> None:
    payee = replace(registered(1), legal_name="李䶮", bank_name="李龑")
    assert register(with_bank_name(1, "", "李䶮"), [payee]).unchanged == 1
    (held,) = register(with_bank_name(1, "李YAN", "李䶮"), [payee]).held
    assert held.changes == {"bank_name": ("李龑", "李YAN")}


def only(result: Registration) -> Problem:
    assert (result.added, result.changed, result.held) == ((), (), ())
    assert [row.row for row in result.quarantined] == [3]
    (problem,) = result.problems
    assert problem.severity == "error"
    assert (problem.sheet, problem.row) == ("Sheet1", 3)
    return problem


@pytest.mark.parametrize(
    ("elsewhere", "column"),
    [
        ({"town": "370481002", "area": ELSEWHERE[:12], "block": ELSEWHERE}, "普查小区编码"),
        ({"area": "370481001009", "block": "370481001009009"}, "普查小区编码"),
        ({"role": SUPERVISOR, "block": ""}, "岗位"),
    ],
)
def test_a_person_registered_on_another_post_is_kept_out(
    elsewhere: dict[str, str], column: str
) -> None:
    """The cell to mend is where row and registration differ."""
    payee = replace(registered(1), **elsewhere)  # type: ignore[arg-type]
    problem = only(registration_of(person(1), payees=[payee]))
    assert (problem.code, problem.column) == ("registered_elsewhere", column)
    for word in ("P000001", payee.role, payee.block or payee.area):
        assert word in problem.message()
    assert ("龙泉街道" in problem.message()) == ("town" in elsewhere)


def test_an_account_of_somebody_else_is_kept_out() -> None:
    problem = only(registration_of(person(2, 银行卡号=made_up(1).account), payees=[registered(1)]))
    assert (problem.code, problem.column) == ("account_shared", "银行卡号")
    assert "P000001" in problem.message()
    assert made_up(1).account not in problem.message()


def test_a_change_to_the_account_of_somebody_else_is_kept_out() -> None:
    cells = person(2, 银行卡号=made_up(1).account)
    payees = [registered(1), registered(2)]
    assert only(registration_of(cells, payees=payees, consent=True)).code == "account_shared"


def swapped() -> Sequence[Sequence[Cell]]:
    return [person(1, 银行卡号=made_up(2).account), person(2, 银行卡号=made_up(1).account)]


def test_accounts_that_were_entered_the_wrong_way_round_change_places() -> None:
    registry = [registered(1), registered(2)]
    result = registration_of(*swapped(), payees=registry, consent=True)
    assert [change.updated.account for change in result.changed] == [
        made_up(2).account, made_up(1).account,
    ]  # fmt: skip
    waiting = registration_of(*swapped(), payees=registry)
    assert [change.payee.payee_id for change in waiting.held] == ["P000001", "P000002"]
    assert result.problems == waiting.problems == ()


@pytest.mark.parametrize("out", ["P000001", "P000002"])
def test_of_a_swap_both_are_made_or_both_are_held(out: PayeeId) -> None:
    result = registration_of(
        *swapped(), payees=[registered(1), registered(2)], consent=True, money_out={out}
    )
    assert result.changed == ()
    assert {change.payee.payee_id for change in result.held if change.money_out} == {out}
    assert [change.money_out or change.with_other for change in result.held] == [True, True]


def test_an_account_goes_on_from_one_to_the_next() -> None:
    registry = [registered(1), registered(2), registered(3)]
    rows = [
        person(1, 银行卡号=made_up(2).account),
        person(2, 银行卡号=made_up(3).account),
        person(3, 银行卡号=made_up(9).account),
    ]
    result = registration_of(*rows, payees=registry, consent=True)
    assert [change.payee.payee_id for change in result.changed] == [
        "P000001", "P000002", "P000003",
    ]  # fmt: skip
    stays = registration_of(*rows[:2], payees=registry, consent=True)
    assert [problem.code for problem in stays.problems] == ["account_shared", "account_shared"]


def test_somebody_new_has_an_account_that_another_leaves_only_when_she_does() -> None:
    rows = [person(1, 银行卡号=made_up(9).account), person(2, 银行卡号=made_up(1).account)]
    waits = registration_of(*rows, payees=[registered(1)])
    assert [problem.code for problem in waits.problems] == ["account_shared"]
    assert (len(waits.added), len(waits.held)) == (0, 1)
    done = registration_of(*rows, payees=[registered(1)], consent=True)
    assert (len(done.added), len(done.changed), done.problems) == (1, 1, ())


def test_two_rows_about_one_person_are_both_sent_back() -> None:
    """One has her identity number and another account, one her account and another number."""
    other = made_up(7)
    result = registration_of(
        person(1, 银行卡号=other.account), person(1, 身份证号=other.identity),
        payees=[registered(1)], consent=True,
    )  # fmt: skip
    assert (result.changed, result.held, result.added) == ((), (), ())
    assert [problem.code for problem in result.problems] == ["duplicate_in_file"] * 2


def test_a_long_chain_takes_no_longer_a_person() -> None:
    """The column of accounts has slipped by a row: everybody has the account of the next."""
    people = [replace(registered(1), serial=n, identity=f"{n:018}", account=f"{n:018}",
                      block=f"370481001{n:06}") for n in range(1, 20_001)]  # fmt: skip
    moves = AccountMoves({}, KnownPeople(people), ())
    asked: list[RosterRow] = []
    holder = moves._holder
    moves._leaving = {
        one.payee_id: row_of(one, account=people[n % len(people)].account)
        for n, one in enumerate(people, 1)
    }

    def watched(row: RosterRow) -> PayeeId | None:
        asked.append(row)
        return holder(row)

    moves._holder = watched  # type: ignore[method-assign]
    assert all(moves.rest_of(row).is_free for row in moves._leaving.values())
    assert len(asked) <= 2 * len(people) + 1


def row_of(payee: Payee, *, account: str) -> RosterRow:
    return replace(some_row(), identity=payee.identity, account=account)


@cache
def some_row() -> RosterRow:
    """Read once: a row is never changed."""
    return read(person(1)).rows[0]


def test_a_corrected_identity_number_is_hers_by_account_name_and_post() -> None:
    other = made_up(7).identity
    result = registration_of(person(1, 身份证号=other), payees=[registered(1)])
    (change,) = result.held
    assert change.changes == {"identity": (made_up(1).identity, other)}
    for differs in ({"姓名": "钱某某"}, {"普查小区编码": made_up(5).block}):
        strange = registration_of(
            person(1, changes={"身份证号": other, **differs}), payees=[registered(1)]
        )
        assert only(strange).code == "account_shared"


def test_a_towns_own_numbering_is_no_id_of_ours() -> None:
    """A damaged one of ours is no numbering."""
    headings = ["人员编号", *HEADINGS]
    lines = [[str(number), *person(number)] for number in (1, 2)]
    own = read_roster("荆河街道.xlsx", workbook({"a": [headings, *lines]}))
    assert len(register(own, []).added) == 2
    damaged = read_roster("荆河街道.xlsx", workbook({"a": [headings, ["P00001", *person(1)]]}))
    assert [one.code for one in register(damaged, [registered(1)]).problems] == ["payee_unknown"]
    ours = read_roster(
        "荆河街道.xlsx", workbook({"a": [headings, *lines, ["P000009", *person(3)]]})
    )
    assert [problem.code for problem in register(ours, []).problems] == ["payee_unknown"] * 3


def test_a_post_that_somebody_holds_is_a_warning() -> None:
    result = registration_of(person(2, 普查小区编码=made_up(1).block), payees=[registered(1)])
    (problem,) = result.problems
    assert (problem.code, problem.severity) == ("post_shared", "warning")
    assert "P000001" in problem.message()
    assert len(result.added) == 1


@pytest.mark.parametrize("active", [True, False])
def test_a_name_with_two_numbers_is_a_warning_in_another_file_too(active: bool) -> None:
    namesake = replace(registered(1), active=active)
    result = registration_of(person(2, 姓名=made_up(1).legal_name), payees=[namesake])
    (problem,) = result.problems
    assert (problem.code, problem.severity) == ("same_name", "warning")
    assert "P000001" in problem.message()
    assert len(result.added) == 1


def test_a_name_with_two_numbers_is_seen_in_the_other_file_of_an_import() -> None:
    people = KnownPeople()
    first = read(person(1), file="一.xlsx")
    take(people, first, register(first, people))
    (problem,) = register(read(person(2, 姓名=made_up(1).legal_name)), people).problems
    assert problem.code == "same_name"
    assert "一.xlsx" in problem.message()


def test_of_two_with_one_name_the_other_is_still_known() -> None:
    namesake = replace(registered(2), legal_name=made_up(1).legal_name)
    people = KnownPeople([registered(1), namesake])
    people.put(replace(registered(1), legal_name="赵改名"))
    (problem,) = register(read(person(3, 姓名=made_up(1).legal_name)), people).problems
    assert (problem.code, problem.parameters["payee"]) == ("same_name", "P000002")


def test_a_name_of_another_town_and_her_own_are_nothing_to_wonder_about() -> None:
    elsewhere = replace(
        registered(1), town=TownCode("370481002"), area=ELSEWHERE[:12], block=ELSEWHERE
    )
    assert registration_of(person(2, 姓名=made_up(1).legal_name), payees=[elsewhere]).problems == ()
    assert registration_of(person(1), payees=[registered(1)]).problems == ()


def test_a_post_of_somebody_who_left_is_free() -> None:
    left = replace(registered(1), active=False)
    result = registration_of(person(2, 普查小区编码=made_up(1).block), payees=[left])
    assert result.problems == ()


@pytest.mark.parametrize("active", [True, False])
def test_a_post_that_somebody_was_paid_for_is_a_warning_of_its_own(active: bool) -> None:
    """Even when she has left since: the second person is paid by a release alone."""
    paid = replace(registered(1), active=active)
    cells = person(2, 普查小区编码=made_up(1).block)
    result = registration_of(cells, payees=[paid], money_out={PayeeId("P000001")})
    (problem,) = result.problems
    assert (problem.code, problem.severity) == ("post_paid", "warning")
    assert "P000001" in problem.message()
    assert len(result.added) == 1


def test_whoever_was_paid_for_a_post_may_stand_on_the_next_roster() -> None:
    result = registration_of(person(1), payees=[registered(1)], money_out={PayeeId("P000001")})
    assert result.problems == ()


def test_a_roster_does_not_bring_back_somebody_who_left() -> None:
    result = registration_of(person(1), payees=[replace(registered(1), active=False)])
    assert [(problem.code, problem.severity) for problem in result.problems] == [
        ("inactive", "warning")
    ]
    assert (result.unchanged, result.changed, result.held) == (1, (), ())


def second_town(*people: Sequence[Cell]) -> Roster:
    return read_roster("龙泉街道.xlsx", roster(*people, title=""))


def test_the_next_roster_of_an_import_is_compared_with_the_one_before() -> None:
    first = read(person(1))
    same_person = second_town(person(1, 普查小区编码=ELSEWHERE))
    same_account = second_town(person(2, 普查小区编码=ELSEWHERE, 银行卡号=made_up(1).account))
    for numbered in (None, [registered(1)]):
        people = KnownPeople()
        take(people, first, register(first, people), numbered)
        place = "荆河街道.xlsx Sheet1!3" if numbered is None else "P000001"
        for roster_after, code in (
            (same_person, "registered_elsewhere"),
            (same_account, "account_shared"),
        ):
            problem = only(register(roster_after, people))
            assert problem.code == code
            assert place in problem.message()


def test_a_change_that_was_taken_is_known_to_the_next_roster() -> None:
    people = KnownPeople([registered(1)])
    changed = read(person(1, 银行卡号=made_up(9).account))
    take(people, changed, register(changed, people, consent=True), [])
    assert register(changed, people).unchanged == 1
    freed = read(person(2, 银行卡号=made_up(1).account))
    assert len(register(freed, people).added) == 1


def test_comparing_changes_nothing_by_itself() -> None:
    people = KnownPeople([registered(1)])
    roster_of_two = read(person(1, 联系电话="13900009999"), person(2))
    assert register(roster_of_two, people) == register(roster_of_two, people)
