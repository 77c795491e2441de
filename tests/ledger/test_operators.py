"""Operators: who may make what, since when and until when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.records import replace
from ledger.model.operators import EVERY_ROLE
from ledger.model.operators import MAY_MAKE
from ledger.model.operators import Operator
from ledger.model.operators import OperatorNameRefused
from ledger.model.operators import Role
from ledger.model.operators import may_change_records
from ledger.model.operators import may_make
from ledger.model.operators import operator_name
from ledger.model.operators import read_roles
from ledger.model.operators import roles_text
from ledger.model.transitions import EventKind

FIRST = Operator("O01", "李主任", EVERY_ROLE, "11" * 32, 0)
SAFE = Operator("O00", "", frozenset(), "00" * 32, 0)
AFTER_INIT = frozenset(EventKind) - {EventKind.INIT}


def one(role: Role) -> Operator:
    return Operator("O02", "王会计", frozenset({role}), "22" * 32, 3)


def makes(operator: Operator, seq: int) -> set[str]:
    return {kind.value for kind in EventKind if may_make(operator, kind, seq)}


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.MANAGER, {"operator", "accepted", "closed", "reopened"}),
        (
            Role.CLERK,
            {
                *("prepared", "void", "released", "cancelled"),
                *("statement", "explained", "reversed", "workload", "attached", "paid-before"),
            },
        ),
        (Role.CASHIER, {"submitted", "result", "reversed"}),
        (Role.CHECKER, {"approved"}),
        (Role.APPROVER, {"approved"}),
        (Role.READER, set()),
    ],
)
def test_each_role_makes_its_own(role: Role, kinds: set[str]) -> None:
    assert makes(one(role), 4) == kinds


def test_there_is_somebody_for_every_kind_of_event() -> None:
    assert MAY_MAKE.keys() == AFTER_INIT
    assert makes(FIRST, 1) == AFTER_INIT


def test_the_first_operator_begins_the_books_and_nobody_else() -> None:
    assert makes(FIRST, 0) == {"init"}
    assert makes(SAFE, 0) == set()
    assert makes(replace(one(Role.MANAGER), since_seq=0), 0) == set()
    assert makes(replace(FIRST, since_seq=3), 0) == set()
    assert not may_make(FIRST, EventKind.INIT, 1)


def test_the_key_in_the_safe_names_operators_and_nothing_else() -> None:
    assert makes(SAFE, 1) == {"operator"}
    assert makes(replace(SAFE, roles=EVERY_ROLE), 1) == {"operator"}
    assert not may_change_records(replace(SAFE, roles=EVERY_ROLE), 1)


def test_who_was_named_signs_from_the_next_event_on() -> None:
    clerk = one(Role.CLERK)
    assert [seq for seq in range(7) if may_make(clerk, EventKind.PREPARED, seq)] == [4, 5, 6]
    assert [seq for seq in range(7) if may_change_records(clerk, seq)] == [4, 5, 6]


def test_who_has_retired_signs_nothing_after_it() -> None:
    retired = replace(one(Role.CLERK), retired_seq=5)
    assert [seq for seq in range(9) if may_make(retired, EventKind.PREPARED, seq)] == [4, 5]
    assert [seq for seq in range(9) if may_change_records(retired, seq)] == [4, 5]


def test_clerks_change_records() -> None:
    assert {role for role in Role if may_change_records(one(role), 4)} == {Role.CLERK}


@given(st.frozensets(st.sampled_from(Role)))
def test_roles_are_written_in_their_order_and_read_back(roles: frozenset[Role]) -> None:
    assert read_roles(roles_text(roles)) == (roles or None)


def test_all_roles() -> None:
    assert roles_text(EVERY_ROLE) == "管理 经办 审核 审批 出纳 查阅"


@pytest.mark.parametrize(
    "text", ["", " ", "经办 管理", "管理 管理", "管理  经办", " 管理", "经理", "管理,经办"]
)
def test_what_names_no_roles(text: str) -> None:
    assert read_roles(text) is None


def test_roles_in_two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    assert [role.word for role in Role] == [
        "manager", "clerk", "checker", "approver", "cashier", "reader",
    ]  # fmt: skip
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert [role.word for role in Role] == [role.value for role in Role]


@pytest.mark.parametrize("name", ["王会计", " 王会计 ", "买买提·吐尔逊", "O'Neil", "𬭚", "名" * 40])
def test_names(name: str) -> None:
    assert operator_name(name) == name.strip()


@pytest.mark.parametrize(
    "name",
    ["", "  ", "名" * 41, "王\n会计", "王\t计", "王\u202e计", "王\ufeff", 'a"b', "a\\b", "\udc80"],
)
def test_names_that_cannot_stand_in_the_books(name: str) -> None:
    with pytest.raises(OperatorNameRefused):
        operator_name(name)
