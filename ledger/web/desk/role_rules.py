"""The pages 发放上限 and 个人所得税 of the settings: what holds of everybody of a role."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator

from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.books.books import Books
from ledger.model.rules import Limit
from ledger.model.rules import TaxClass
from ledger.model.rules import TaxRule
from ledger.services.rules import AddedRules
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.rule_page import RulePage
from ledger.web.desk.rule_page import Values

LIMIT, TAX = "limit", "tax"
TAX_CLASSES = {tax_class.value: tax_class for tax_class in TaxClass}
TAX_WORDS = {
    TaxClass.LABOUR: mark("Remuneration for services"),
    TaxClass.WAGES: mark("Wages"),
    TaxClass.NONE: mark("Not taxed"),
}


def _fields(kind: str) -> Callable[[Books], Iterator[str]]:
    """The names of the fields: one for each role."""
    return lambda books: (f"{kind}-{role}" for role in books.programme.role_names)


def _filled_in(books: Books, form: Form, kind: str) -> Iterator[tuple[str, str]]:
    """The roles of which something is said, and in which field."""
    for role in books.programme.role_names:
        if form.text(name := f"{kind}-{role}"):
            yield role, name


def _limits_of(books: Books, form: Form) -> AddedRules:
    limits = [
        Limit(form.day(), role, form.amount_fen(name))
        for role, name in _filled_in(books, form, LIMIT)
    ]
    return AddedRules(limits, form.text("document"))


def _limits_shown(_desk: Desk, books: Books) -> Values:
    newest = {
        role: books.rules.limit(role, datetime.date.max) for role in books.programme.role_names
    }
    return {
        "rows": [
            (
                f"{LIMIT}-{role}",
                role,
                grouped(limit.amount_fen) if limit else "—",
                limit.date if limit else "",
            )
            for role, limit in newest.items()
        ]
    }


def _taxes_of(books: Books, form: Form) -> AddedRules:
    document = form.text("document")
    return AddedRules(
        [
            TaxRule(form.day(), role, form.choice(name, TAX_CLASSES), document)
            for role, name in _filled_in(books, form, TAX)
        ]
    )


def _taxes_shown(_desk: Desk, books: Books) -> Values:
    newest = {rule.role: rule for rule in sorted(books.rules.taxes, key=lambda rule: rule.date)}
    return {
        "rows": [(f"{TAX}-{role}", role, newest.get(role)) for role in books.programme.role_names],
        "tax_classes": {kind.value: _(word) for kind, word in TAX_WORDS.items()},
    }


PAGES = (
    RulePage("/settings/limits", "limit_rules.html", _fields(LIMIT), _limits_of, _limits_shown),
    RulePage("/settings/taxes", "tax_rules.html", _fields(TAX), _taxes_of, _taxes_shown),
)
ROUTES = tuple(route for page in PAGES for route in page.routes)
