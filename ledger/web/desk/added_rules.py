"""The pages 预算, 补助标准 and 阶段 of the settings: filled in, shown as text, then kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.wrappers import Response as Answer

from ledger.base.digests import Digest
from ledger.base.money import grouped
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.new_programme import subsidy_item
from ledger.disbursement.stage_choice import stage_words
from ledger.figures.budget_lines import BudgetLine
from ledger.figures.budget_lines import budget_lines
from ledger.model.accounts import name_of
from ledger.model.ids import StageCode
from ledger.model.operators import MAY_ADD_RULES
from ledger.model.rules import BudgetChange
from ledger.model.rules import Rate
from ledger.model.rules import Stage
from ledger.model.rules import StageKind
from ledger.services.rules import AddedRules
from ledger.services.rules import add_rules
from ledger.services.rules import plan_rules
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.forms import amount_in_fen
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route

FORM = "rules"
STAGE_KINDS = {
    StageKind.FIXED: "每人一样多",
    StageKind.PER_UNIT: "按工作量计",
    StageKind.LISTED: "按名单上的金额",
}
# What is typed of a rate, by the end of its field's name; the bounds where it is of each unit.
RATE_FIELDS = ("", "-least", "-most")
KINDS = {"initial": "年初预算", "supplement": "追加", "transfer": "调剂"}
Read = Callable[[Books, Form], AddedRules]


def budget(desk: Desk) -> str:
    return _budget_page(desk, Form(request.args))


def budget_added(desk: Desk) -> Answer | tuple[str, int]:
    return _added(desk, _budget_of, _budget_page, "/settings/budget")


def rates(desk: Desk) -> str:
    return _rates_page(desk, Form(request.args))


def rate_added(desk: Desk) -> Answer | tuple[str, int]:
    return _added(desk, _rates_of, _rates_page, "/settings/rates")


def stages(desk: Desk) -> str:
    return _stages_page(desk, Form(request.args))


def stage_added(desk: Desk) -> Answer | tuple[str, int]:
    return _added(desk, _stages_of, _stages_page, "/settings/stages")


def _added(
    desk: Desk, read: Read, page: Callable[[Desk, Form, Problem], str], path: str
) -> Answer | tuple[str, int]:
    """Write what was shown, or show what it would be now."""
    form = desk.form()
    try:
        with desk.work() as work:
            add_rules(work, read(work.books, form), Digest(form.text("digest")))
    except (Refusal, OSError) as refusal:
        return page(desk, form, desk.problem(FORM, refusal)), NOT_DONE
    return desk.go(path, "已写入账套的资金规则。")


def _budget_of(books: Books, form: Form) -> AddedRules:
    changes = []
    for one in budget_lines(books):
        if typed := form.text(_name_of_line(one)):
            amount_fen = amount_in_fen(typed)
            change = BudgetChange(
                form.day(), one.fund.code, one.line, amount_fen, form.text("kind")
            )
            changes.append(change)
    return AddedRules(budget=changes, document=form.text("document"))


def _rates_of(books: Books, form: Form) -> AddedRules:
    """Rates of roles and stages, with what bounds the rates before them, of another day."""
    found = []
    for name, (before, role, stage) in _rates(books).items():
        texts = {end: form.text(f"{name}{end}") for end in RATE_FIELDS}
        typed = {end: amount_in_fen(text) for end, text in texts.items() if text}
        if typed:
            begun = before or Rate(form.day(), role, 0, _item(books), stage.code)
            rate = replace(
                begun,
                date=form.day(),
                amount_fen=typed.get("", begun.amount_fen),
                minimum_fen=typed.get("-least", begun.minimum_fen),
                maximum_fen=typed.get("-most", begun.maximum_fen),
            )
            found.append(rate)
    return AddedRules(rates=found, document=form.text("document"))


def _item(books: Books) -> str:
    """What a role's first rate is charged to: the same as the newest of another."""
    rates = sorted(books.rules.rates, key=lambda rate: rate.date)
    return rates[-1].item if rates else subsidy_item(books.programme)


def _stages_of(_books: Books, form: Form) -> AddedRules:
    kind = form.text("kind")
    kinds = [StageKind(kind)] if kind in list(StageKind) else [StageKind.FIXED]
    code, unit = StageCode(form.text("code").upper()), form.text("unit")
    return AddedRules(stages=[Stage(form.day(), code, form.text("name"), kinds[0], unit)])


def _budget_page(desk: Desk, form: Form, problem: Problem | None = None) -> str:
    books = desk.whole()
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
    names = [name for name, *_others in lines]
    return _page(desk, "budget_rules.html", books, form, _budget_of, names, problem, lines=lines)


def _rates_page(desk: Desk, form: Form, problem: Problem | None = None) -> str:
    books = desk.whole()
    rows = [
        (
            name,
            role,
            stage_words(stage) if books.rules.named_stages else "",
            grouped(rate.amount_fen) if rate else "—",
            rate.date if rate else "—",
            rate.item if rate else _item(books),
            stage.kind == StageKind.PER_UNIT,
            _bounds(rate),
        )
        for name, (rate, role, stage) in _rates(books).items()
    ]
    names = [f"{name}{end}" for name, *_others in rows for end in RATE_FIELDS]
    bounded = any(is_bounded for *_others, is_bounded, _bounds in rows)
    return _page(
        desk,
        "rate_rules.html",
        books,
        form,
        _rates_of,
        names,
        problem,
        rows=rows,
        bounded=bounded,
    )


def _bounds(rate: Rate | None) -> tuple[str, str]:
    """The least and the most that units come to, where there are any."""
    if rate is None:
        return "", ""
    most_fen = rate.maximum_fen
    return (
        grouped(rate.minimum_fen) if rate.minimum_fen else "",
        "" if most_fen is None else grouped(most_fen),
    )


def _stages_page(desk: Desk, form: Form, problem: Problem | None = None) -> str:
    books = desk.whole()
    named = books.rules.named_stages
    return _page(
        desk,
        "stage_rules.html",
        books,
        form,
        _stages_of,
        ["code", "name", "unit"],
        problem,
        stages=[(one.code, one.name, STAGE_KINDS[one.kind], one.unit, one.date) for one in named],
        stage_kinds=STAGE_KINDS,
        next_code=f"S{len(named) + 1}",
    )


def _page(
    desk: Desk,
    template: str,
    books: Books,
    form: Form,
    read: Read,
    names: list[str],
    problem: Problem | None,
    **values: Any,
) -> str:
    """The table as it was filled in, and the text that it would be."""
    kept = {name: form.text(name) for name in (*names, "kind", "on", "document")}
    planned = None
    if any(kept[name] for name in names):
        try:
            who = desk.operator()
            planned = plan_rules(books, who, read(books, form), desk.today())
        except Refusal as refusal:
            problem = problem or desk.problem(FORM, refusal)
    kept["on"] = kept["on"] or desk.today().isoformat()
    return desk.render(
        template,
        kept=kept,
        kinds=KINDS,
        text=planned.text if planned else "",
        digest=planned.digest if planned else "",
        totals=_totals(books, planned.books) if planned else [],
        problem=problem,
        **values,
    )


def _totals(before: Books, after: Books) -> list[tuple[str, str, str]]:
    """What each fund has been given, and would have been."""
    old, new = _given(before), _given(after)
    return [(name, grouped(old.get(name, 0)), grouped(fen)) for name, fen in new.items()]


def _given(books: Books) -> dict[str, int]:
    given: dict[str, int] = {}
    for one in budget_lines(books):
        name = f"{one.fund.code} {one.fund.name}"
        given[name] = given.get(name, 0) + one.given_fen
    return given | {"合计": sum(given.values())}


def _rates(books: Books) -> Mapping[str, tuple[Rate | None, str, Stage]]:
    """By the name of its field: the newest rate of each role and stage, if there is one."""
    rules, newest = books.rules, datetime.date.max
    roles = dict.fromkeys([*books.programme.role_names, *(rate.role for rate in rules.rates)])
    return {
        f"rate-{stage.code}-{role}": (rules.rate(role, newest, stage.code), role, stage)
        for stage in rules.stages
        for role in roles
    }


def _name_of_line(one: BudgetLine) -> str:
    return f"line-{one.fund.code}-{one.line}"


ROUTES = (
    Route(GET, "/settings/budget", budget, MAY_ADD_RULES),
    Route(POST, "/settings/budget", budget_added, MAY_ADD_RULES),
    Route(GET, "/settings/rates", rates, MAY_ADD_RULES),
    Route(POST, "/settings/rates", rate_added, MAY_ADD_RULES),
    Route(GET, "/settings/stages", stages, MAY_ADD_RULES),
    Route(POST, "/settings/stages", stage_added, MAY_ADD_RULES),
)
