"""Operators: who may sign what. An operator is known by an id, never by a login name."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from collections.abc import Mapping

from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import mark
from ledger.base.outside_text import is_plain
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.model.transitions import EventKind

# O01 is who makes the books. O00 is the key in the safe: it names operators, and nothing else.
OPERATOR_ID = re.compile("O(?:[0-9]{2}|[1-9][0-9]{2,4})")
FIRST_OPERATOR = "O01"
SAFE_KEY = "O00"
LONGEST_NAME = 40
# Who does not say what the first operator is called; status says so.
NO_NAME = "未填姓名"


class Role(enum.StrEnum):
    """What an operator is there for, as the books write it and documents say it."""

    MANAGER = "管理"
    CLERK = "经办"
    CHECKER = "审核"
    APPROVER = "审批"
    CASHIER = "出纳"
    READER = "查阅"

    # As equality is that of texts.
    __hash__ = str.__hash__

    @property
    def message(self) -> str:
        """The role in English, to be translated."""
        return _WORDS[self]

    @property
    def word(self) -> str:
        """The role in the user's language."""
        return gettext(self.message)


_WORDS = {
    Role.MANAGER: mark("manager"),
    Role.CLERK: mark("clerk"),
    Role.CHECKER: mark("checker"),
    Role.APPROVER: mark("approver"),
    Role.CASHIER: mark("cashier"),
    Role.READER: mark("reader"),
}

EVERY_ROLE = frozenset(Role)
# Who may look at what others have made, in the order in which they do.
APPROVING = (Role.CHECKER, Role.APPROVER)

# Who may make an event, by its kind. ``init`` is made by the first operator, whom it names.
MAY_MAKE: dict[EventKind, frozenset[Role]] = {
    EventKind.OPERATOR: frozenset({Role.MANAGER}),
    EventKind.ACCEPTED: frozenset({Role.MANAGER}),
    EventKind.CLOSED: frozenset({Role.MANAGER}),
    EventKind.REOPENED: frozenset({Role.MANAGER}),
    EventKind.PREPARED: frozenset({Role.CLERK}),
    # Of a batch that asks for it: see :mod:`ledger.events.approvals`.
    EventKind.APPROVED: frozenset(APPROVING),
    EventKind.VOID: frozenset({Role.CLERK}),
    EventKind.RELEASED: frozenset({Role.CLERK}),
    EventKind.CANCELLED: frozenset({Role.CLERK}),
    EventKind.STATEMENT: frozenset({Role.CLERK}),
    EventKind.EXPLAINED: frozenset({Role.CLERK}),
    EventKind.WORKLOAD: frozenset({Role.CLERK}),
    EventKind.ATTACHED: frozenset({Role.CLERK}),
    EventKind.PAID_BEFORE: frozenset({Role.CLERK}),
    EventKind.SUBMITTED: frozenset({Role.CASHIER}),
    EventKind.RESULT: frozenset({Role.CASHIER}),
    # Whoever may make an event may reverse it: the fold knows which one it is.
    EventKind.REVERSED: frozenset({Role.CLERK, Role.CASHIER}),
}
# Who may add to the rules of money at the desk. They are a file, which people may edit too.
MAY_ADD_RULES = frozenset({Role.MANAGER})
# Who may change the files of settings at the desk: papers, the unit, what the bank gets.
MAY_CHANGE_SETTINGS = frozenset({Role.MANAGER})
# Who may change the records of people, which no event does.
MAY_CHANGE_RECORDS = frozenset({Role.CLERK})


class Operator(Record):
    """Somebody who signs. ``key`` is the public one, 64 hex digits.

    ``since_seq`` is the event that names the operator, ``retired_seq`` the one after which
    nothing is signed any more. The key in the safe is one without roles.
    """

    id: str
    name: str
    roles: frozenset[Role]
    key: str
    since_seq: int
    retired_seq: int | None = None

    def is_active(self, seq: int) -> bool:
        """Whether the operator may sign event ``seq``, if the role is right."""
        # guard: retired-signs-nothing
        if self.retired_seq is not None and seq > self.retired_seq:
            return False
        return seq > self.since_seq

    def retire(self, seq: int) -> Operator | None:
        """The operator without the right to sign after event ``seq``; None for one who cannot."""
        if self.retired_seq is not None or self.id == SAFE_KEY:
            return None
        return replace(self, retired_seq=seq)


class KeyOfStranger(Refusal):
    """An operator's key that these books do not name: what it signs counts for nothing."""

    def __init__(self, operator: str) -> None:
        message = _(
            "these books do not name operator {operator} with this key: bring the books to where"
            " they do, or the right key"
        )
        super().__init__(message.format(operator=operator), operator=operator)


class OperatorRetired(Refusal):
    """Somebody who has retired, and signs nothing any more."""

    def __init__(self, operator: str) -> None:
        message = _("operator {operator} has retired, and signs nothing any more")
        super().__init__(message.format(operator=operator), operator=operator)


def require_not_retired(operator: Operator | None, seq: int) -> None:
    """Raises OperatorRetired for whoever signed earlier events and may not sign this one."""
    if operator is not None and operator.retired_seq is not None and seq > operator.retired_seq:
        raise OperatorRetired(operator.id)


def may_make(operator: Operator, kind: EventKind, seq: int) -> bool:
    """Whether an operator may sign an event of this kind with this number."""
    if kind is EventKind.INIT:
        return operator.id == FIRST_OPERATOR and seq == operator.since_seq == 0
    if not operator.is_active(seq):
        return False
    # guard: safe-key-names-operators
    if operator.id == SAFE_KEY:
        return kind is EventKind.OPERATOR
    return not MAY_MAKE[kind].isdisjoint(operator.roles)


def leaves_a_manager(operators: Mapping[str, Operator], leaving: str) -> bool:
    """Whether somebody is left who may name operators when ``leaving`` retires.

    The key in the safe does not count: nobody may have it.
    """
    return any(
        Role.MANAGER in one.roles and one.retired_seq is None
        for name, one in operators.items()
        if name != leaving
    )


def may_change_records(operator: Operator, seq: int) -> bool:
    """Whether an operator may change records of people when the next event is ``seq``."""
    return (
        operator.id != SAFE_KEY
        and operator.is_active(seq)
        and not MAY_CHANGE_RECORDS.isdisjoint(operator.roles)
    )


def roles_text(roles: Iterable[Role]) -> str:
    """Roles as an event writes them: ``管理 经办``, in their order and each once."""
    wanted = frozenset(roles)
    return " ".join(role for role in Role if role in wanted)


def read_roles(text: str) -> frozenset[Role] | None:
    """Roles as an event writes them; None for another text, or for none."""
    roles = frozenset(role for role in Role if role in text.split(" "))
    return roles if roles and roles_text(roles) == text else None


class OperatorNameRefused(Refusal):
    """A name that cannot stand in the books and on paper."""

    def __init__(self) -> None:
        message = _(
            "the name of an operator is a text of 1 to {most} characters on one line, without"
            ' " and \\'
        )
        super().__init__(message.format(most=LONGEST_NAME))


def operator_name(text: str) -> str:
    """The name without blanks around it. Raises OperatorNameRefused."""
    name = text.strip()
    if not is_operator_name(name):
        raise OperatorNameRefused
    return name


def is_operator_name(text: str) -> bool:
    """Whether an event can have named an operator so."""
    return (
        0 < len(text) <= LONGEST_NAME
        and text == text.strip()
        and is_plain(text)
        and not any(sign in text for sign in '"\\')
    )
