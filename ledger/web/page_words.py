"""Words of the books as the pages say them, in the language of the pages."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.language import pages_are_english
from ledger.base.money import grouped
from ledger.budget.approvals import recorded_rules
from ledger.disbursement.bank_file_plan import OTHER_BANK
from ledger.disbursement.bank_file_plan import OWN_BANK
from ledger.figures.payee_listing import PayeeStatus
from ledger.model.months import Month
from ledger.model.operators import Role
from ledger.model.return_reasons import return_reason
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.payments.eligibility import Block
from ledger.registry.record_fields import field_name
from reports.wording.record_changes import value_words
from reports.wording.record_changes import verdict_word
from reports.wording.skip_reasons import skip_reason
from reports.wording.skip_reasons import waits_for

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
EVENTS = {
    EventKind.PREPARED: mark("Put into a batch"),
    EventKind.APPROVED: mark("Checked or approved"),
    EventKind.SUBMITTED: mark("Given to the bank"),
    EventKind.VOID: mark("Batch void"),
    EventKind.RESULT: mark("Bank result"),
    EventKind.RELEASED: mark("Released"),
    EventKind.CANCELLED: mark("Cancelled"),
    EventKind.STATEMENT: mark("Bank lines"),
    EventKind.EXPLAINED: mark("Explained"),
    EventKind.WORKLOAD: mark("Workload list"),
    EventKind.REVERSED: mark("Reversed"),
    EventKind.PAID_BEFORE: mark("Paid before these books"),
    EventKind.INIT: mark("Books made"),
    EventKind.OPERATOR: mark("Operators changed"),
    EventKind.ACCEPTED: mark("Older books accepted"),
    EventKind.CLOSED: mark("Month closed"),
    EventKind.REOPENED: mark("Month opened again"),
    EventKind.ATTACHED: mark("Signed list filed"),
}
_USES = {OWN_BANK: mark("Own bank"), OTHER_BANK: mark("Other banks")}
_ROLES = frozenset(role.value for role in Role)
# What somebody waits for that says itself that the money came back.
_SAYS_THAT_IT_CAME_BACK = (Block.RETURNED, Block.DISPUTED)
_BATCHES = {
    "prepared": mark("Prepared, not at the bank"),
    "approved": mark("Approved, not at the bank"),
    "submitted": mark("At the bank, not settled"),
    "settled": mark("Settled"),
    "void": mark("The batch is void"),
}


def page_language() -> str:
    """The language of the pages, as HTML names it."""
    return "en" if pages_are_english() else "zh-CN"


def event_word(kind: EventKind) -> str:
    """What happened."""
    return _(EVENTS[kind])


def batch_word(state: str) -> str:
    """How far a batch is."""
    return _(_BATCHES[state])


def state_word(state: State) -> str:
    """Where a person's money stands."""
    return state.word if pages_are_english() else state.chinese


def state_words() -> dict[str, str]:
    """The states in the order of the tables, by their codes, as headings."""
    return {state.value: state_word(state).capitalize() for state in State}


def role_word(role: str) -> str:
    """What an operator is there for."""
    return Role(role).word if pages_are_english() and role in _ROLES else str(role)


def role_words(roles: Iterable[str]) -> str:
    """Several of them."""
    return _(", ").join(map(role_word, roles))


def rules_words(rules: str) -> str:
    """Rules of approvals as a batch records them: from which amount on who looks at it."""
    parts = [
        _("from {yuan} yuan {roles}").format(
            yuan=grouped(fen), roles=role_words(roles) or _("Not needed")
        )
        for fen, roles in recorded_rules(rules)
    ]
    return _("; ").join(parts) or _("no approval is needed")


def use_word(use: str) -> str:
    """For people of which bank a file is."""
    return _(_USES[use])


def month_words(month: Month) -> str:
    """``2020年11月``, or ``November 2020``."""
    return f"{_MONTHS[month.number - 1]} {month.year}" if pages_are_english() else month.chinese


def month_alone(number: int) -> str:
    """A month of a year that is known: ``11月``, or ``Nov``."""
    return _MONTHS[number - 1][:3] if pages_are_english() else f"{number}月"


def year_words(year: int) -> str:
    """``2020年``, or ``2020``."""
    return str(year) if pages_are_english() else f"{year}年"


def why_not(reason: str) -> str:
    """Why somebody is not paid now."""
    return skip_reason(reason, chinese=not pages_are_english())


def standing_words(person: PayeeStatus) -> str:
    """Where a person's money stands, and what that waits for."""
    state = state_word(person.state)
    if not person.waits:
        return state
    waits = what_is_awaited(person.waits, person.reason_class)
    if person.waits in _SAYS_THAT_IT_CAME_BACK:
        return waits
    return _("{state}: {waits}").format(state=state, waits=waits)


def what_is_awaited(reason: str, reason_class: str) -> str:
    """What somebody waits for: why the payment came back, and what has to be done."""
    return waits_for(reason, reason_class, chinese=not pages_are_english())


def return_word(reason_class: str) -> str:
    """Why the bank returned a payment."""
    return return_reason(reason_class).meaning_text(chinese=not pages_are_english())


def field_word(field: str) -> str:
    """A field of a person's record."""
    return field_name(field, chinese=not pages_are_english())


def value_word(field: str, value: str) -> str:
    """What stands in a field, masked."""
    return value_words(field, value, chinese=not pages_are_english())


def decided_word(verdict: str) -> str:
    """What has become of a change that was held."""
    return verdict_word(verdict, chinese=not pages_are_english())
