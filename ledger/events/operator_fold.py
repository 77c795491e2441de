"""Who signs, event by event: operators are named, and retire, by events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ledger.base.language import gettext as _
from ledger.events.reversals import judged_kind
from ledger.keys.signing import is_public_key
from ledger.model.history import Event
from ledger.model.operators import FIRST_OPERATOR
from ledger.model.operators import OPERATOR_ID
from ledger.model.operators import SAFE_KEY
from ledger.model.operators import Operator
from ledger.model.operators import is_operator_name
from ledger.model.operators import leaves_a_manager
from ledger.model.operators import may_make
from ledger.model.operators import read_roles
from ledger.model.transitions import EventKind

if TYPE_CHECKING:
    from beancount.core import data

ADDED, RETIRED = "added", "retired"


class OperatorFold:
    """The operators so far, by their ids, and whether each event is by one who may make it."""

    def __init__(self, report: Callable[[data.Directive, str, str], None]) -> None:
        self.report = report
        self.operators: dict[str, Operator] = {}

    def go_on_from(self, before: OperatorFold) -> None:
        self.operators = dict(before.operators)

    def take(self, event: Event) -> None:
        """Judge who made the event; if it names or retires somebody, do so."""
        if event.kind is EventKind.INIT:
            self._begin(event)
        self._judge(event)
        if event.kind is EventKind.OPERATOR:
            self._change(event)

    def maker_of(self, event: Event) -> Operator | None:
        """Who has made an event, if that may be; who may not is reported once."""
        operator = self.operators.get(str(event.header.meta.get("by", "")))
        may = operator is not None and may_make(operator, judged_kind(event), event.seq)
        return operator if may else None

    def _judge(self, event: Event) -> None:
        by = str(event.header.meta.get("by", ""))
        operator = self.operators.get(by)
        # guard: operator-known
        if operator is None:
            message = _("the event is by {operator}, who is no operator")
            self.report(event.header, "operator", message.format(operator=by or "?"))
        # guard: role-by-kind
        elif not may_make(operator, judged_kind(event), event.seq):
            message = _("operator {operator} may not make {kind}")
            message = message.format(operator=by, kind=event.kind.word)
            self.report(event.header, "role", message)

    def _begin(self, event: Event) -> None:
        self._add(event, FIRST_OPERATOR)
        safe = str(event.header.meta.get("safe", ""))
        if is_public_key(safe):
            self.operators[SAFE_KEY] = Operator(SAFE_KEY, "", frozenset(), safe, event.seq)
        else:
            self.report(event.header, "operator", _("the beginning names no key for the safe"))

    def _change(self, event: Event) -> None:
        meta = event.header.meta
        name = str(meta.get("operator", ""))
        change = meta.get("change")
        if change == ADDED:
            self._add(event, name)
        elif change == RETIRED and name in self.operators:
            retired = self.operators[name].retire(event.seq)
            if retired is None or not leaves_a_manager(self.operators, name):
                message = _("operator {operator} cannot retire here")
                self.report(event.header, "operator", message.format(operator=name))
            else:
                self.operators[name] = retired
        else:
            self.report(event.header, "operator", _("this change of operators cannot be read"))

    def _add(self, event: Event, operator: str) -> None:
        meta = event.header.meta
        name, key = str(meta.get("name", "")), str(meta.get("key", ""))
        roles = read_roles(str(meta.get("roles", "")))
        known = {one.key for one in self.operators.values()}
        fits = OPERATOR_ID.fullmatch(operator) and operator not in {*self.operators, SAFE_KEY}
        # guard: operator-once
        if fits and roles and is_operator_name(name) and is_public_key(key) and key not in known:
            self.operators[operator] = Operator(operator, name, roles, key, event.seq)
        else:
            message = _("operator {operator} cannot be named so: id, name, roles or key")
            self.report(event.header, "operator", message.format(operator=operator))
