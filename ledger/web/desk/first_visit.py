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
from ledger.base.language import CHINESE
from ledger.base.language import ENGLISH
from ledger.base.language import mark
from ledger.base.language import page_gettext as _
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

# What each language is called in itself. What is chosen is kept among the answers.
SPOKEN = {CHINESE: "中文", ENGLISH: "English"}
LANGUAGE = "language"
UNIT, PROGRAMME, BUDGET, BANK, OPERATOR = "unit", "programme", "budget", "bank", "operator"
STEPS = {
    UNIT: mark("Unit and county"),
    PROGRAMME: mark("Programme"),
    BUDGET: mark("Budget and rates"),
    BANK: mark("The bank"),
    OPERATOR: mark("Operator"),
}
# Of so many counties the first are offered.
MOST_COUNTIES = 40
APPROVALS = {
    Approvals.NONE: mark("I work alone, nobody checks"),
    Approvals.CHECK: mark("Another person checks every batch"),
    Approvals.APPROVE: mark(
        "Another person checks every batch, and a third approves those from 500,000 yuan"
    ),
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
NO_COUNTY = mark("First find your county, then choose it.")
NOT_PRINTED = mark("It has characters that cannot be printed.")
NO_DIGITS = mark("Digits only; the last few are enough, and it may stay empty.")
NO_PASSPHRASE = mark(
    "Please set a passphrase: without one, whoever can use this machine can sign in your name."
)
NOT_THE_SAME = mark("The two passphrases differ.")
NOT_WHOLE = mark("Please give the whole path, such as {example}; leave it empty to print none.")
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
        chosen = self.answers().get(LANGUAGE, {}).get(LANGUAGE)
        self.language = ENGLISH if chosen == ENGLISH else CHINESE

    def names_english(self) -> bool:
        return self.language == ENGLISH

    def unit(self) -> str:
        return _("A new set of books")

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
    if step == LANGUAGE:
        return _spoken(visit, visit.form())
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


def _spoken(visit: FirstVisit, form: Form) -> Answer:
    """Speak the language that was chosen, on this page and in the books that come of it."""
    language, step = form.text(LANGUAGE), form.text("step")
    if language in SPOKEN:
        with visit.at_work:
            visit.language = language
            keep_answers(visit.folder, {**visit.answers(), LANGUAGE: {LANGUAGE: language}})
    return visit.go(f"/first/{step}") if step in STEPS else begin(visit)


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
        raise FieldRefused("county", _(NO_COUNTY))
    unit = said.get("unit", "")
    require_unit_name(unit)
    if not is_printable(unit):
        raise FieldRefused("unit", _(NOT_PRINTED))
    county, bank = find_county(said["county"]).code, answers.get(BANK, {})
    chosen = answers.get(PROGRAMME, {}).get("programme") or template_names()[0]
    if chosen not in template_names():
        raise FieldRefused("programme", _("Please choose a programme."))
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
    amount_fen = amount_in_fen(field, text)
    if amount_fen < 0:
        raise FieldRefused(field, _("This cannot be negative."))
    return amount_fen


def _with_bank(new: NewProgramme, said: Mapping[str, str]) -> NewProgramme:
    if said and not said.get("account"):
        raise FieldRefused("account", _("Please give the bank's short name."))
    values: dict[str, Value] = {}
    if words := words_of(said.get("words", "")):
        values["bank.words"] = words
    if "remark" in said:
        values["bank.remark"] = said["remark"]
    for field in ("account", "words", "remark"):
        if not is_printable(said.get(field, "")):
            raise FieldRefused(field, _(NOT_PRINTED))
    return new.with_values(values) if values else new


def _settings(said: Mapping[str, str]) -> Mapping[str, Value]:
    number = said.get("number", "")
    if not re.fullmatch("[0-9]*", number):
        raise FieldRefused("number", _(NO_DIGITS))
    values: dict[str, Value] = {"statement.number": number} if number else {}
    for field in ("own_profile", "other_profile"):
        if name := said.get(field, ""):
            if name not in known_profiles():
                raise FieldRefused(field, _("Please choose a format."))
            values[f"bank.{field}"] = name
    return values


def _made(visit: FirstVisit, form: Form, answers: Answers) -> Answer:
    """Make the books, log their first operator in, and go on to the desk."""
    said, passphrase = wanted(visit, answers), form.secret("passphrase")
    approvals = form.text("approvals")
    name = operator_name(form.text("name"))
    if not passphrase:  # guard: first-operator-has-a-passphrase
        raise FieldRefused("passphrase", _(NO_PASSPHRASE))
    if passphrase != form.secret("again"):
        raise FieldRefused("again", _(NOT_THE_SAME))
    if approvals not in list(Approvals):
        raise FieldRefused("approvals", _("Please choose one."))
    safe = Path(form.text("safe")) if form.text("safe") else None
    if safe is not None and not safe.is_absolute():
        raise FieldRefused("safe", _(NOT_WHOLE).format(example=_example(visit)))
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
        language=visit.language,
    )
    visit.opened()
    visit.session.log_in(Login(Actor(keys.operator.id, keys.signer), name), visit.now())
    fingerprint = fingerprint_of(digests_of_events(visit.folder)[0])
    visit.session.note(
        _("The books are made; you are operator {operator} ({name}).").format(
            operator=keys.operator.id, name=name
        )
    )
    visit.session.note(
        _(
            "Fingerprint of the books {fingerprint}: give it to the auditors; books "
            "forged as a whole do not have it."
        ).format(fingerprint=fingerprint)
    )
    if safe is not None:
        visit.session.note(
            _(
                "The safe key is in {safe}: print it, put it into the safe, then delete the file."
            ).format(safe=safe.name)
        )
    visit.session.note(
        _(
            "Please make a backup soon: nobody can open the register without the "
            "keys, and a backup has them."
        )
    )
    if approvals == Approvals.NONE:
        return visit.go("/inbox", _("Now you can put in rosters."))
    return visit.go(
        "/settings/operators",
        _("Please add below who checks and approves, then put rosters into the inbox."),
    )


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
        sentence = _("There is something else in this folder by now: new books need an empty one.")
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
        steps={step: _(name) for step, name in STEPS.items()},
        done=done,
        reached=_next(visit.answers()),
        fields=fields,
        spoken=visit.language,
        languages=SPOKEN,
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
            "words": _(", ").join(bank.words),
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
        "approvals": {one: _(word) for one, word in APPROVALS.items()},
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
