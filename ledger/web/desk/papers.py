"""The page 单位和单据 of the settings: the unit, titles, boxes to sign in, the own bank."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.wrappers import Response as Answer

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.digests import Digest
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.base.toml_edit import Value
from ledger.base.toml_table import MalformedToml
from ledger.books.books import Books
from ledger.books.new_books import require_unit_name
from ledger.model.operators import MAY_CHANGE_SETTINGS
from ledger.services.settings import PlannedSettings
from ledger.services.settings import change_settings
from ledger.services.settings import plan_settings
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.forms import words_of
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route

UNIT, PAPERS = "unit", "papers"
# The file that each form changes, and the key that each of its fields is.
FILES = {UNIT: SETTINGS_FILE, PAPERS: PROGRAMME_FILE}
KEYS: Mapping[str, Mapping[str, str]] = {
    UNIT: {"name": "unit.name", "number": "statement.number"},
    PAPERS: {
        "title": "documents.title",
        "period": "documents.period",
        "boxes": "documents.boxes",
        "masked": "documents.mask_identities",
        "words": "bank.words",
        "remark": "bank.remark",
    },
}
# Several texts in one field.
LISTS = frozenset({"boxes", "words"})
TICKED = frozenset({"masked"})
Done = Answer | str | tuple[str, int]


def show(desk: Desk) -> Done:
    return _page(desk, desk.whole(), "", {})


def unit(desk: Desk) -> Done:
    return _sent(desk, UNIT)


def papers(desk: Desk) -> Done:
    return _sent(desk, PAPERS)


def _sent(desk: Desk, name: str) -> Done:
    """Show what would be written, or write what was shown."""
    form = desk.form()
    typed = {field: _typed(form, field) for field in KEYS[name]}
    if form.text("step") != "write":
        return _page(desk, desk.whole(), name, typed)
    try:
        with desk.work() as work:
            change_settings(
                work, FILES[name], _values(name, typed, work.books), Digest(form.text("digest"))
            )
    except (Refusal, OSError) as refusal:
        problem = _problem(desk, name, refusal)
        return _page(desk, desk.whole(), name, typed, problem)
    return desk.go(
        "/settings/papers",
        _("Written: later documents are printed so; those that are out stay as they are."),
    )


def _typed(form: Form, field: str) -> str:
    return ("1" if form.is_on(field) else "") if field in TICKED else form.text(field)


def _values(name: str, typed: Mapping[str, str], books: Books) -> Mapping[str, Value]:
    """What is another value than before, by its key. Raises UnitUnprintable."""
    if name == UNIT:
        require_unit_name(typed["name"])
    before = _shown(books)
    changed = {field: text for field, text in typed.items() if text != before[field]}
    return {KEYS[name][field]: _value(field, text) for field, text in changed.items()}


def _value(field: str, text: str) -> Value:
    if field in TICKED:
        return bool(text)
    if field in LISTS:
        return words_of(text)
    return text


def _shown(books: Books) -> Mapping[str, str]:
    """The fields as the settings have them."""
    documents, bank = books.programme.documents, books.programme.bank
    return {
        "name": books.settings.unit,
        "number": books.settings.statement_number,
        "title": documents.title,
        "period": documents.period,
        "boxes": _(", ").join(documents.boxes),
        "masked": "1" if documents.mask_identities else "",
        "words": _(", ").join(bank.words),
        "remark": bank.remark,
    }


def _page(
    desk: Desk, books: Books, name: str, typed: Mapping[str, str], problem: Problem | None = None
) -> Done:
    planned: PlannedSettings | None = None
    if typed:
        try:
            values = _values(name, typed, books)
            planned = plan_settings(books, desk.operator(), FILES[name], values)
        except Refusal as refusal:
            problem = problem or _problem(desk, name, refusal)
    text = desk.render(
        "papers.html",
        fields={**_shown(books), **typed},
        name=name,
        typed=typed,
        planned=planned,
        problem=problem,
    )
    return text if problem is None else (text, NOT_DONE)


def _problem(desk: Desk, name: str, refusal: Refusal | OSError) -> Problem:
    """A refusal at the field that it speaks of."""
    problem = desk.problem(name, refusal)
    if isinstance(refusal, MalformedToml):
        field = next((field for field, key in KEYS[name].items() if key == refusal.key), "")
        return Problem(name, field, refusal.problem if field else problem.sentence)
    return problem


ROUTES = (
    Route(GET, "/settings/papers", show, MAY_CHANGE_SETTINGS),
    Route(POST, "/settings/papers/unit", unit, MAY_CHANGE_SETTINGS),
    Route(POST, "/settings/papers", papers, MAY_CHANGE_SETTINGS),
)
