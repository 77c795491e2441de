"""The way to new books in five steps: unit and county, programme, budget, bank, operator.

Each step is judged and kept when it is sent; the last one makes the books, all of them at once.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from typing import NamedTuple

from flask import request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from ledger.base.actor_and_clock import Actor
from ledger.base.books_folder import MAIN_FILE
from ledger.base.money import grouped
from ledger.base.refusals import Refusal
from ledger.base.toml_edit import Value
from ledger.base.toml_table import MalformedToml
from ledger.books.new_books import Approvals
from ledger.books.new_books import FolderNotEmpty
from ledger.books.new_books import require_unit_name
from ledger.books.new_programme import BUDGET_LINES
from ledger.books.new_programme import FUNDS
from ledger.books.new_programme import FirstFigures
from ledger.books.new_programme import NewProgramme
from ledger.books.new_programme import counties_like
from ledger.books.new_programme import find_county
from ledger.books.new_programme import new_programme
from ledger.books.new_programme import template_names
from ledger.books.provenance import fingerprint_of
from ledger.disbursement.bank_profile import known_profiles
from ledger.disbursement.bank_profile import load_profile
from ledger.events.event_file import digests_of_events
from ledger.model.name_characters import is_printable
from ledger.model.operators import operator_name
from ledger.services.first_books import make_books
from ledger.services.first_books import require_place_for_safe
from ledger.web.desk import progress
from ledger.web.desk import static_files
from ledger.web.desk.first_answers import Answers
from ledger.web.desk.first_answers import forget_answers
from ledger.web.desk.first_answers import keep_answers
from ledger.web.desk.first_answers import read_answers
from ledger.web.desk.forms import FieldRefused
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.forms import amount_in_fen
from ledger.web.desk.forms import words_of
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.front import Front
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.desk.sessions import Login
from ledger.web.desk.sessions import Sessions

UNIT, PROGRAMME, BUDGET, BANK, OPERATOR = "unit", "programme", "budget", "bank", "operator"
STEPS = {
    UNIT: "单位和县",
    PROGRAMME: "项目",
    BUDGET: "预算和标准",
    BANK: "银行",
    OPERATOR: "操作员",
}
# Of so many counties the first are offered.
MOST_COUNTIES = 40
APPROVALS = {
    Approvals.NONE: "只有我一人办理，没有人审核",
    Approvals.CHECK: "每一批由另一人审核",
    Approvals.APPROVE: "每一批由另一人审核，50 万元以上再由第三人审批",
}
# The field of which a refusal speaks, by its code.
FIELDS = {
    "no-such-county": "county",
    "several-counties": "county",
    "unit-unprintable": "unit",
    "no-such-programme": "programme",
    "unfit-bank-name": "account",
    "operator-name-refused": "name",
    "key-in-place": "safe",
    "key-beside-books": "safe",
}
# The field for a key of the files that are made.
OF_KEYS = {"bank.words": "words", "bank.remark": "remark", "statement.number": "number"}
NO_COUNTY = "请先查到本县（市、区），再选中它。"
NOT_PRINTED = "有打印不出来的字。"
NO_DIGITS = "只写数字，可以只写末几位，也可以不填。"
NO_PASSPHRASE = "请设一个口令：没有口令，能用本机的人都可以用您的名义签字。"
NOT_THE_SAME = "两次输入的口令不同。"
NOT_WHOLE = "请写出完整路径，例如 {example}；不打印就留空。"
Opened = Callable[[], object]


class Wanted(NamedTuple):
    """The books that the answers describe."""

    programme: NewProgramme
    unit: str
    settings: Mapping[str, Value]


class FirstVisit(Front):
    """A folder in which there are no books yet; ``opened`` is called when they are there."""

    def __init__(
        self, folder: Path, sessions: Sessions, key_file: Path | None, opened: Opened
    ) -> None:
        super().__init__(folder, sessions)
        self.key_file = key_file
        self.opened = opened
        self.at_work = Lock()

    def unit(self) -> str:
        return "新账套"

    def answers(self) -> Answers:
        return read_answers(self.folder)

    def has_books(self) -> bool:
        return (self.folder / MAIN_FILE).is_file()


def begin(visit: FirstVisit) -> Answer:
    """Go on where it was."""
    return visit.go(f"/first/{_next(visit.answers())}")


def show(visit: FirstVisit, step: str) -> str | Answer:
    answers = visit.answers()
    if step not in STEPS:
        raise NotFound
    if list(STEPS).index(step) > list(STEPS).index(_next(answers)):
        return begin(visit)
    return _page(visit, step, answers, answers.get(step, {}))


def sent(visit: FirstVisit, step: str) -> Answer | tuple[str, int]:
    """Keep a step's answers, or say what is wrong with them; after the last there are books."""
    if step not in STEPS:
        raise NotFound
    form = visit.form()
    with visit.at_work:
        if visit.has_books():
            visit.opened()
            return visit.go("/")
        answers = visit.answers()
        if list(STEPS).index(step) > list(STEPS).index(_next(answers)):
            return begin(visit)
        typed = _typed(form, step)
        try:
            if step == OPERATOR:
                return _made(visit, form, answers)
            answers[step] = typed
            wanted(visit, answers)
            keep_answers(visit.folder, answers)
        except (Refusal, OSError) as refusal:
            return _page(visit, step, answers, typed, _problem(visit, step, refusal)), NOT_DONE
    return begin(visit)


def over(desk: Front, step: str) -> Answer:
    """What a step is once there are books, for a page of before and a second click."""
    return desk.go("/")


def _next(answers: Answers) -> str:
    """The first step that has no answers; the last one never has."""
    return next(step for step in STEPS if step not in answers)


def _typed(form: Form, step: str) -> dict[str, str]:
    """What was filled in, without passphrases, which are kept nowhere."""
    names = [name for name in form.sent if name not in ("token", "passphrase", "again")]
    return {name: text for name in names if (text := form.text(name)) or step == OPERATOR}


def wanted(visit: FirstVisit, answers: Answers) -> Wanted:
    """The books that the answers so far describe.

    Raises FieldRefused, or a refusal that a field is known for.
    """
    said = answers.get(UNIT, {})
    if not said.get("county"):
        raise FieldRefused("county", NO_COUNTY)
    unit = said.get("unit", "")
    require_unit_name(unit)
    if not is_printable(unit):
        raise FieldRefused("unit", NOT_PRINTED)
    county, bank = find_county(said["county"]).code, answers.get(BANK, {})
    chosen = answers.get(PROGRAMME, {}).get("programme") or template_names()[0]
    if chosen not in template_names():
        raise FieldRefused("programme", "请选一个项目。")
    new = new_programme(chosen, today=visit.today(), county=county, bank=bank.get("account"))
    new = new.with_figures(_figures(new, answers.get(BUDGET, {})))
    return Wanted(_with_bank(new, bank), unit, _settings(bank))


def _figures(new: NewProgramme, said: Mapping[str, str]) -> FirstFigures:
    budget, rates = {}, {}
    for fund in FUNDS:
        for line in BUDGET_LINES:
            if text := said.get(name_of_amount(fund, line)):
                budget[fund, line] = _above_zero(text, name_of_amount(fund, line))
    for role in new.programme.role_names:
        if text := said.get(f"rate-{role}"):
            rates[role] = _above_zero(text, f"rate-{role}")
    return FirstFigures(budget, rates, said.get("document", ""))


def name_of_amount(fund: str, line: str) -> str:
    """The name of the field for the budget of a line."""
    return f"line-{fund[:2]}-{line}"


def _above_zero(text: str, field: str) -> int:
    try:
        amount_fen = amount_in_fen(text)
    except Refusal as refusal:
        raise FieldRefused(field, str(refusal)) from None
    if amount_fen < 0:
        raise FieldRefused(field, "这里不能是负数。")
    return amount_fen


def _with_bank(new: NewProgramme, said: Mapping[str, str]) -> NewProgramme:
    if said and not said.get("account"):
        raise FieldRefused("account", "请写开户银行的简称。")
    values: dict[str, Value] = {}
    if words := words_of(said.get("words", "")):
        values["bank.words"] = words
    if "remark" in said:
        values["bank.remark"] = said["remark"]
    for field in ("account", "words", "remark"):
        if not is_printable(said.get(field, "")):
            raise FieldRefused(field, NOT_PRINTED)
    return new.with_values(values) if values else new


def _settings(said: Mapping[str, str]) -> Mapping[str, Value]:
    number = said.get("number", "")
    if not re.fullmatch("[0-9]*", number):
        raise FieldRefused("number", NO_DIGITS)
    values: dict[str, Value] = {"statement.number": number} if number else {}
    for field in ("own_profile", "other_profile"):
        if name := said.get(field, ""):
            if name not in known_profiles():
                raise FieldRefused(field, "请选一个格式。")
            values[f"bank.{field}"] = name
    return values


def _made(visit: FirstVisit, form: Form, answers: Answers) -> Answer:
    """Make the books, log their first operator in, and go on to the desk."""
    said, passphrase = wanted(visit, answers), form.secret("passphrase")
    approvals = form.text("approvals")
    name = operator_name(form.text("name"))
    if not passphrase:  # guard: first-operator-has-a-passphrase
        raise FieldRefused("passphrase", NO_PASSPHRASE)
    if passphrase != form.secret("again"):
        raise FieldRefused("again", NOT_THE_SAME)
    if approvals not in list(Approvals):
        raise FieldRefused("approvals", "请选一项。")
    safe = Path(form.text("safe")) if form.text("safe") else None
    if safe is not None and not safe.is_absolute():
        raise FieldRefused("safe", NOT_WHOLE.format(example=_example(visit)))
    if safe is not None:
        require_place_for_safe(safe, visit.folder)
    keys = make_books(
        visit.folder,
        visit.sessions.clock,
        secrets.token_hex,
        programme=said.programme,
        unit=said.unit,
        name=name,
        passphrase=passphrase,
        approvals=Approvals(approvals),
        safe=safe,
        key_file=visit.key_file,
        settings=said.settings,
    )
    visit.opened()
    forget_answers(visit.folder)
    visit.session.log_in(Login(Actor(keys.operator.id, keys.signer), name), visit.now())
    fingerprint = fingerprint_of(digests_of_events(visit.folder)[0])
    visit.session.note(f"账套已建好，您是操作员 {keys.operator.id}（{name}）。")
    visit.session.note(f"账套指纹 {fingerprint}：请抄给审计人员，整套账重新伪造时指纹对不上。")
    if safe is not None:
        visit.session.note(f"保险柜密钥在 {safe.name}：请打印、放入保险柜，然后删除这个文件。")
    visit.session.note("请尽快备份：登记库没有密钥谁也打不开，备份里有密钥。")
    if approvals == Approvals.NONE:
        return visit.go("/inbox", "现在可以放入花名册了。")
    return visit.go("/settings/operators", "请在下面增加审核、审批的人，然后到“收件”放入花名册。")


def _example(visit: FirstVisit) -> str:
    return str(Path.home() / f"{visit.folder.resolve().name}-保险柜密钥.pdf")


def _problem(visit: FirstVisit, step: str, refusal: Refusal | OSError) -> Problem:
    """A refusal at the field that it speaks of."""
    problem = visit.problem(step, refusal)
    field, sentence = "", problem.sentence
    if isinstance(refusal, FieldRefused):
        field = refusal.field
    elif isinstance(refusal, MalformedToml):
        field = OF_KEYS.get(refusal.key, "")
        sentence = refusal.problem if field else sentence
    elif isinstance(refusal, FolderNotEmpty):
        sentence = "这个文件夹里有了别的东西：新账套要一个空的文件夹。"
    elif isinstance(refusal, Refusal):
        field = FIELDS.get(refusal.code, "")
    return Problem(step, field, sentence)


def _page(
    visit: FirstVisit,
    step: str,
    answers: Answers,
    fields: Mapping[str, str],
    problem: Problem | None = None,
) -> str:
    done = [one for one in STEPS if one in answers and not (problem and one == step)]
    known = {one: answers[one] for one in done}
    return visit.render(
        f"first_{step}.html",
        folder=visit.folder.resolve().name,
        step=step,
        steps=STEPS,
        done=done,
        reached=_next(visit.answers()),
        fields=fields,
        problem=problem,
        **_SHOWN[step](visit, known, fields),
    )


def _unit_page(_visit: FirstVisit, _known: Answers, fields: Mapping[str, str]) -> dict[str, Any]:
    asked = (request.args.get("q") or fields.get("q", "")).strip()[:40]
    found = counties_like(asked or fields.get("county", ""))
    return {
        "asked": asked,
        "counties": [(one.code, one.words, len(one.towns)) for one in found[:MOST_COUNTIES]],
        "more": max(0, len(found) - MOST_COUNTIES),
    }


def _programme_page(
    visit: FirstVisit, known: Answers, _fields: Mapping[str, str]
) -> dict[str, Any]:
    county = known[UNIT]["county"]
    found = [
        (name, new_programme(name, today=visit.today(), county=county).programme)
        for name in template_names()
    ]
    return {"programmes": found}


def _budget_page(visit: FirstVisit, known: Answers, _fields: Mapping[str, str]) -> dict[str, Any]:
    programme = wanted(visit, {**known, BUDGET: {}, BANK: {}}).programme.programme
    lines = [
        (f"{line[:5]} {line[5:]}", [(name_of_amount(fund, line), fund[2:]) for fund in FUNDS])
        for line in BUDGET_LINES
    ]
    return {
        "programme": programme,
        "lines": lines,
        "funds": [fund[2:] for fund in FUNDS],
        "roles": programme.role_names,
    }


def _bank_page(visit: FirstVisit, known: Answers, fields: Mapping[str, str]) -> dict[str, Any]:
    bank = wanted(visit, {**known, BANK: {}}).programme.programme.bank
    return {
        "profiles": [(name, load_profile(name).title) for name in known_profiles()],
        "suggested": {
            "account": "",
            "words": "、".join(bank.words),
            "remark": bank.remark,
            "number": "",
            "own_profile": "icbc-own",
            "other_profile": "plain-csv",
            **fields,
        },
    }


def _operator_page(visit: FirstVisit, known: Answers, fields: Mapping[str, str]) -> dict[str, Any]:
    said = wanted(visit, known)
    figures = _figures(said.programme, known[BUDGET])
    programme = said.programme.programme
    return {
        "unit_name": said.unit,
        "programme": programme,
        "total": grouped(sum(figures.budget.values())),
        "rates": [(role, grouped(amount_fen)) for role, amount_fen in figures.rates.items()],
        "without": [role for role in programme.role_names if role not in figures.rates],
        "approvals": APPROVALS,
        "example": fields.get("safe", _example(visit)),
    }


_SHOWN = {
    UNIT: _unit_page,
    PROGRAMME: _programme_page,
    BUDGET: _budget_page,
    BANK: _bank_page,
    OPERATOR: _operator_page,
}
ROUTES = (
    Route(GET, "/", begin),
    Route(GET, "/first/<step>", show),
    Route(POST, "/first/<step>", sent),
    *progress.ROUTES,
    *static_files.ROUTES,
)
# What the desk answers there when there are books.
AFTERWARDS = (Route(GET, "/first/<step>", over), Route(POST, "/first/<step>", over))
