"""The pages 预算, 补助标准 and 阶段 of the settings."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Mapping

from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.base.records import replace
from ledger.books.books import Books
from ledger.books.new_programme import subsidy_item
from ledger.disbursement.stage_choice import stage_words
from ledger.figures.budget_lines import BudgetLine
from ledger.figures.budget_lines import budget_lines
from ledger.model.accounts import name_of
from ledger.model.ids import StageCode
from ledger.model.rules import BudgetChange
from ledger.model.rules import Rate
from ledger.model.rules import Stage
from ledger.model.rules import StageKind
from ledger.services.rules import AddedRules
from ledger.services.rules import PlannedRules
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import amount_in_fen
from ledger.web.desk.rule_page import RulePage
from ledger.web.desk.rule_page import Values

STAGE_KINDS = {
    StageKind.FIXED: mark("The same for everybody"),
    StageKind.PER_UNIT: mark("By work done"),
    StageKind.LISTED: mark("By the amounts on a list"),
}
# What is typed of a rate, by the end of its field's name; the bounds where it is of each unit.
RATE_FIELDS = ("", "-least", "-most")
KINDS = {
    "initial": mark("Initial budget"),
    "supplement": mark("Supplement"),
    "transfer": mark("Transfer"),
}


def _budget_of(books: Books, form: Form) -> AddedRules:
    changes = []
    for one in budget_lines(books):
        if typed := form.text(field := _name_of_line(one)):
            amount_fen = amount_in_fen(field, typed)
            change = BudgetChange(
                form.day(), one.fund.code, one.line, amount_fen, form.text("kind")
            )
            changes.append(change)
    return AddedRules(changes, form.text("document"))


def _budget_shown(_desk: Desk, books: Books) -> Values:
    lines = [
        (
            _name_of_line(one),
            f"{one.fund.code} {one.fund.name}",
            f"{one.line[:5]} {name_of(one.line)}",
            grouped(one.initial_fen),
            grouped(one.given_fen),
        )
        for one in budget_lines(books)
    ]
    return {"lines": lines, "kinds": {kind: _(word) for kind, word in KINDS.items()}}


def _totals(before: Books, planned: PlannedRules) -> Values:
    """What each fund has been given, and would have been."""
    old, new = _given(before), _given(planned.books)
    return {
        "totals": [(name, grouped(old.get(name, 0)), grouped(fen)) for name, fen in new.items()]
    }


def _given(books: Books) -> dict[str, int]:
    given: dict[str, int] = {}
    for one in budget_lines(books):
        name = f"{one.fund.code} {one.fund.name}"
        given[name] = given.get(name, 0) + one.given_fen
    return given | {_("Total"): sum(given.values())}


def _name_of_line(one: BudgetLine) -> str:
    return f"line-{one.fund.code}-{one.line}"


def _rates_of(books: Books, form: Form) -> AddedRules:
    """Rates of roles and stages, with what bounds the rates before them, of another day."""
    found = []
    for name, (before, role, stage) in _rates(books).items():
        texts = {end: form.text(f"{name}{end}") for end in RATE_FIELDS}
        typed = {end: amount_in_fen(f"{name}{end}", text) for end, text in texts.items() if text}
        if typed:
            begun = before or Rate(form.day(), role, 0, usual_item(books), stage.code)
            rate = replace(
                begun,
                date=form.day(),
                amount_fen=typed.get("", begun.amount_fen),
                minimum_fen=typed.get("-least", begun.minimum_fen),
                maximum_fen=typed.get("-most", begun.maximum_fen),
            )
            found.append(rate)
    return AddedRules(found, form.text("document"))


def usual_item(books: Books) -> str:
    """What a role's first rate is charged to: the same as the newest of another."""
    rates = sorted(books.rules.rates, key=lambda rate: rate.date)
    return rates[-1].item if rates else subsidy_item(books.programme)


def _rates_shown(_desk: Desk, books: Books) -> Values:
    rows = [
        (
            name,
            role,
            stage_words(stage) if books.rules.named_stages else "",
            grouped(rate.amount_fen) if rate else "—",
            rate.date if rate else "—",
            rate.item if rate else usual_item(books),
            stage.kind == StageKind.PER_UNIT,
            _bounds(rate),
        )
        for name, (rate, role, stage) in _rates(books).items()
    ]
    bounded = any(is_bounded for *_others, is_bounded, _bounds in rows)
    return {"rows": rows, "bounded": bounded}


def _bounds(rate: Rate | None) -> tuple[str, str]:
    """The least and the most that units come to, where there are any."""
    if rate is None:
        return "", ""
    most_fen = rate.maximum_fen
    return (
        grouped(rate.minimum_fen) if rate.minimum_fen else "",
        "" if most_fen is None else grouped(most_fen),
    )


def _rates(books: Books) -> Mapping[str, tuple[Rate | None, str, Stage]]:
    """By the name of its field: the newest rate of each role and stage, if there is one."""
    rules, newest = books.rules, datetime.date.max
    roles = dict.fromkeys([*books.programme.role_names, *(rate.role for rate in rules.rates)])
    return {
        f"rate-{stage.code}-{role}": (rules.rate(role, newest, stage.code), role, stage)
        for stage in rules.stages
        for role in roles
    }


def _rate_fields(books: Books) -> Iterator[str]:
    return (f"{name}{end}" for name in _rates(books) for end in RATE_FIELDS)


def _stages_of(_books: Books, form: Form) -> AddedRules:
    kind = form.text("kind")
    kinds = [StageKind(kind)] if kind in list(StageKind) else [StageKind.FIXED]
    code, unit = StageCode(form.text("code").upper()), form.text("unit")
    return AddedRules([Stage(form.day(), code, form.text("name"), kinds[0], unit)])


def _stages_shown(_desk: Desk, books: Books) -> Values:
    named = books.rules.named_stages
    return {
        "stages": [
            (one.code, one.name, _(STAGE_KINDS[one.kind]), one.unit, one.date) for one in named
        ],
        "stage_kinds": {kind: _(word) for kind, word in STAGE_KINDS.items()},
        "next_code": f"S{len(named) + 1}",
    }


PAGES = (
    RulePage(
        "/settings/budget",
        "budget_rules.html",
        lambda books: map(_name_of_line, budget_lines(books)),
        _budget_of,
        _budget_shown,
        _totals,
    ),
    RulePage("/settings/rates", "rate_rules.html", _rate_fields, _rates_of, _rates_shown),
    RulePage(
        "/settings/stages",
        "stage_rules.html",
        lambda _books: ("code", "name", "unit"),
        _stages_of,
        _stages_shown,
    ),
)
ROUTES = tuple(route for page in PAGES for route in page.routes)
