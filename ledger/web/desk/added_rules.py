"""The pages 预算 and 补助标准 of the settings: a table, the text that it would be, then kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import request
from werkzeug.wrappers import Response as Answer

from ledger.base.digests import Digest
from ledger.base.money import fen
from ledger.base.money import grouped
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.recovery import load_recovered
from ledger.disbursement.stage_choice import stage_words
from ledger.figures.budget_lines import BudgetLine
from ledger.figures.budget_lines import budget_lines
from ledger.model.accounts import name_of
from ledger.model.operators import MAY_ADD_RULES
from ledger.model.rules import BudgetChange
from ledger.model.rules import Rate
from ledger.services.rules import AddedRules
from ledger.services.rules import add_rules
from ledger.services.rules import plan_rules
from ledger.web.desk.desk import NOT_DONE
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route

FORM = "rules"
KINDS = {"initial": "年初预算", "supplement": "追加", "transfer": "调剂"}
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
Read = Callable[[Books, Form], AddedRules]


class NotAnAmount(Refusal):
    """A text that is no amount in yuan. Said in Chinese, as the pages are."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text[:20]}”不是金额：请写成 180000.00，减少的前面加减号。")


def budget(desk: Desk) -> str:
    return _budget_page(desk, Form(request.args))


def budget_added(desk: Desk) -> Answer | tuple[str, int]:
    return _added(desk, _budget_of, _budget_page, "/settings/budget")


def rates(desk: Desk) -> str:
    return _rates_page(desk, Form(request.args))


def rate_added(desk: Desk) -> Answer | tuple[str, int]:
    return _added(desk, _rates_of, _rates_page, "/settings/rates")


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
            amount_fen = _fen(typed)
            change = BudgetChange(
                form.day(), one.fund.code, one.line, amount_fen, form.text("kind")
            )
            changes.append(change)
    return AddedRules(budget=changes, document=form.text("document"))


def _rates_of(books: Books, form: Form) -> AddedRules:
    """Rates of the same roles, stages and items, with what bounds them, of another day."""
    found = [
        replace(rate, date=form.day(), amount_fen=_fen(typed))
        for name, rate in _rates_in_force(books).items()
        if (typed := form.text(name))
    ]
    return AddedRules(rates=found, document=form.text("document"))


def _budget_page(desk: Desk, form: Form, problem: Problem | None = None) -> str:
    books = load_recovered(desk.books.folder)
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
    books = load_recovered(desk.books.folder)
    stages = {one.code: stage_words(one) for one in books.rules.named_stages}
    rows = [
        (
            name,
            rate.role,
            stages.get(rate.stage, ""),
            grouped(rate.amount_fen),
            rate.date,
            rate.item,
        )
        for name, rate in _rates_in_force(books).items()
    ]
    names = [name for name, *_others in rows]
    return _page(desk, "rate_rules.html", books, form, _rates_of, names, problem, rows=rows)


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


def _rates_in_force(books: Books) -> Mapping[str, Rate]:
    """The newest rate of each role and stage, by the name of its field."""
    found: dict[str, Rate] = {}
    for rate in sorted(books.rules.rates, key=lambda rate: rate.date):
        found[f"rate-{rate.stage}-{rate.role}"] = rate
    return found


def _name_of_line(one: BudgetLine) -> str:
    return f"line-{one.fund.code}-{one.line}"


def _fen(typed: str) -> int:
    """An amount as people type it. Raises NotAnAmount."""
    plain = typed.replace(",", "").replace("，", "").replace(" ", "").removesuffix("元")
    if not _AMOUNT.fullmatch(plain) or not fen(Decimal(plain)):
        raise NotAnAmount(typed)
    return fen(Decimal(plain))


ROUTES = (
    Route(GET, "/settings/budget", budget, MAY_ADD_RULES),
    Route(POST, "/settings/budget", budget_added, MAY_ADD_RULES),
    Route(GET, "/settings/rates", rates, MAY_ADD_RULES),
    Route(POST, "/settings/rates", rate_added, MAY_ADD_RULES),
)
