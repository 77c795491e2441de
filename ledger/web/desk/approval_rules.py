"""The page 审批 of the settings: from which amount on who else looks at a batch."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.books.books import Books
from ledger.budget.approvals import other_rules_before
from ledger.budget.approvals import roles_asked
from ledger.budget.approvals import rules_text
from ledger.model.operators import APPROVING
from ledger.model.operators import Role
from ledger.model.rules import ApprovalRule
from ledger.services.rules import AddedRules
from ledger.services.rules import PlannedRules
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import FieldRefused
from ledger.web.desk.forms import Form
from ledger.web.desk.rule_page import RulePage
from ledger.web.desk.rule_page import Values
from ledger.web.page_words import role_words
from ledger.web.page_words import rules_words

# Who looks at a batch, by what is chosen in the form.
NOBODY = "不需要"
CHOICES: dict[str, tuple[Role, ...]] = {
    NOBODY: (),
    **{role.value: (role,) for role in APPROVING},
    "、".join(APPROVING): APPROVING,
}
# Where an amount is typed for which there is no rule yet, and who looks at that.
FROM, BY = "from", "by"


def _field(from_fen: int) -> str:
    return f"approval-{from_fen}"


def _ruled(books: Books) -> list[int]:
    """The amounts from which on something is asked, or was."""
    return sorted({rule.from_fen for rule in books.rules.approvals})


def _fields(books: Books) -> Iterable[str]:
    return (*map(_field, _ruled(books)), FROM, BY)


def _read(books: Books, form: Form) -> AddedRules:
    rules = [
        ApprovalRule(form.day(), from_fen, form.choice(field, CHOICES))
        for from_fen in _ruled(books)
        if form.text(field := _field(from_fen))
    ]
    if form.text(FROM) or form.text(BY):
        from_fen = form.amount_fen(FROM, least_fen=0)
        # guard: no-amount-ruled-beside-itself
        if from_fen in _ruled(books):
            raise FieldRefused(FROM, _("There is a row for this amount: please change that."))
        rules.append(ApprovalRule(form.day(), from_fen, form.choice(BY, CHOICES)))
    return AddedRules(rules, form.text("document"))


def _shown(desk: Desk, books: Books) -> Values:
    in_force = books.rules.approvals_on(desk.today())
    now = {rule.from_fen: rule for rule in in_force}
    before = other_rules_before(books.history.batches.values(), rules_text(in_force))
    return {
        "rows": [
            (
                _field(from_fen),
                grouped(from_fen),
                _who(now[from_fen].roles) if from_fen in now else _("not in force yet"),
                now[from_fen].date if from_fen in now else "",
            )
            for from_fen in _ruled(books)
        ],
        "choices": {name: _who(roles) for name, roles in CHOICES.items()},
        "givers": _givers(books),
        "before": "" if before is None else rules_words(before),
    }


def _effect(books: Books, planned: PlannedRules) -> Values:
    """What is asked before and after the new rules, and whether anybody could give it."""
    day = planned.added.rules[0].date
    old, new = books.rules.approvals_on(day), planned.books.rules.approvals_on(day)
    asked = {role for rule in new for role in rule.roles}
    there = {role for role, names in _givers(books) if names}
    return {
        "day": day,
        "old": rules_words(rules_text(old)),
        "new": rules_words(rules_text(new)),
        "missing": [role for role in APPROVING if role in asked - there],
        "less": _is_less(old, new),
    }


def _is_less(old: Iterable[ApprovalRule], new: Iterable[ApprovalRule]) -> bool:
    """Whether some amount would be asked for an approval less."""
    old, new = list(old), list(new)
    amounts = {rule.from_fen for rule in (*old, *new)}
    return any(set(roles_asked(old, fen)) - set(roles_asked(new, fen)) for fen in amounts)


def _who(roles: tuple[Role, ...]) -> str:
    return role_words(roles) or _("Not needed")


def _givers(books: Books) -> list[tuple[Role, list[str]]]:
    """Who may give which approval."""
    there = [one for one in books.history.operators.values() if one.retired_seq is None]
    return [
        (role, [f"{one.id} {one.name}" for one in there if role in one.roles]) for role in APPROVING
    ]


PAGE = RulePage("/settings/approvals", "approval_rules.html", _fields, _read, _shown, _effect)
ROUTES = PAGE.routes
