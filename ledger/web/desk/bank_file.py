"""The pages 银行文件 of the settings: how the bank wants its file, tried on made-up payments."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal

from flask import request
from werkzeug.wrappers import Response as Answer

from ledger.base.digests import Digest
from ledger.base.language import page_gettext as _
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.base.toml_table import MalformedToml
from ledger.books.books import Books
from ledger.disbursement.amount_unit import YUAN
from ledger.disbursement.bank_file_plan import OTHER_BANK
from ledger.disbursement.bank_file_plan import OWN_BANK
from ledger.model.operators import MAY_CHANGE_SETTINGS
from ledger.services.bank_profiles import Trial
from ledger.services.bank_profiles import WantedProfile
from ledger.services.bank_profiles import is_of_books
from ledger.services.bank_profiles import keep_profile
from ledger.services.bank_profiles import plan_profile
from ledger.services.bank_profiles import profiles_known
from ledger.services.bank_profiles import try_out
from ledger.web.desk import profile_form
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.profile_form import Fields
from ledger.web.desk.profile_form import NotANumber
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route

Page = str | tuple[str, int]
FORM = "profile"
USES = (OWN_BANK, OTHER_BANK)
# Which column a payment is refused for that the profile does not take: by the reason's beginning.
_OF_REASON = {"bank_name": "bank_name", "account": "account", "bank": "bank", "amount": "amount"}


def show(desk: Desk) -> str:
    """Which profiles are used, each with three made-up payments as its file."""
    books = desk.whole()
    named = dict(zip(USES, (books.settings.own_profile, books.settings.other_profile), strict=True))
    known = profiles_known(books)
    used = []
    for use, name in named.items():
        trial, said = (
            None,
            _(
                "This format is not there, or it is written wrong and cannot be read: "
                "please choose another."
            ),
        )
        if name in known:
            try:
                trial, said = _shown(try_out(books, known[name], use)), ""
            except Refusal as refusal:
                said = desk.without_folders(str(refusal))
        used.append((use, name, known.get(name), trial, said))
    return desk.render(
        "bank_files.html",
        used=used,
        known=[(name, one.title, is_of_books(books, name)) for name, one in known.items()],
        uses=USES,
        words=books.programme.bank.words,
    )


def edit(desk: Desk) -> Page:
    """The form, as the profile is from which somebody begins."""
    books = desk.whole()
    known = profiles_known(books)
    name = request.args.get("begin", "")
    begun = known.get(name) or next(iter(known.values()))
    fields = profile_form.fields_of(begun)
    uses = [use for use in USES if use in request.args.getlist("use")]
    fields["begun"] = begun.name
    if is_of_books(books, begun.name):
        fields["edited"] = begun.name
    else:
        # The tool's own stays as it is: what is changed of it gets another name.
        fields["name"] = _free_name(f"{(uses or USES)[0]}代发", known)
    return _page(desk, books, fields, uses)


def sent(desk: Desk) -> Answer | Page:
    """Show what would be written, or write what was shown."""
    form = desk.form()
    fields = profile_form.typed(form)
    uses = [use for use in USES if use in form.all("use")]
    if fields.get("step") != "write":
        books = desk.whole()
        return _page(desk, books, fields, uses, tried=True)
    try:
        with desk.work() as work:
            wanted = _wanted(work.books, fields, uses)
            keep_profile(work, wanted, Digest(form.text("digest")))
    except (Refusal, OSError) as refusal:
        books = desk.whole()
        problem = _problem(desk, refusal, fields)
        return _page(desk, books, fields, uses, problem, tried=True)
    return desk.go(
        "/settings/bank",
        _(
            "Written: later batches get bank files of this format; batches that are "
            "prepared stay as they are."
        ),
    )


def _wanted(books: Books, fields: Fields, uses: list[str]) -> WantedProfile:
    """The profile; of one that is as it was, the one from which somebody began."""
    profile = profile_form.profile_in(fields)
    begun = profiles_known(books).get(fields.get("begun", ""))
    if begun is not None and begun == replace(profile, name=begun.name):
        profile = begun
    return WantedProfile(profile, fields.get("edited", ""), uses)


def _free_name(name: str, known: Container[str]) -> str:
    names = (name, *(f"{name}{number}" for number in range(2, 100)))
    return next((one for one in names if one not in known), name)


def _page(
    desk: Desk,
    books: Books,
    fields: Fields,
    uses: list[str],
    problem: Problem | None = None,
    *,
    tried: bool = False,
) -> Page:
    planned = None
    if tried:
        try:
            planned = plan_profile(books, desk.operator(), _wanted(books, fields, uses))
        except Refusal as refusal:
            problem = problem or _problem(desk, refusal, fields)
    text = desk.render(
        "bank_profile.html",
        fields=fields,
        chosen=uses,
        uses=USES,
        choices=profile_form.choices(),
        columns=profile_form.rows_of(fields, "c", profile_form.SPARE_COLUMNS),
        cells=profile_form.rows_of(fields, "t", profile_form.SPARE_CELLS),
        planned=planned,
        trial=_shown(planned.trial) if planned else None,
        problem=problem,
    )
    return text if problem is None else (text, NOT_DONE)


def _problem(desk: Desk, refusal: Refusal | OSError, fields: Fields) -> Problem:
    """A refusal at the field that it speaks of."""
    problem = desk.problem(FORM, refusal)
    if isinstance(refusal, NotANumber):
        return Problem(FORM, refusal.field, problem.sentence)
    if isinstance(refusal, MalformedToml):
        field = profile_form.field_of_key(refusal.key, fields)
        if field in fields or field == "columns":
            return Problem(FORM, field, profile_form.in_words(refusal.problem))
        return problem
    if isinstance(refusal, Refusal) and "reason" in refusal.facts():
        return Problem(FORM, _column_of(str(refusal.facts()["reason"]), fields), problem.sentence)
    return problem


def _column_of(reason: str, fields: Fields) -> str:
    """The column of the form that a made-up payment did not fit into."""
    value = next((value for word, value in _OF_REASON.items() if reason.startswith(word)), "")
    return next(
        (name for name, kind in fields.items() if name.endswith("-is") and kind == value), ""
    )


def _shown(trial: Trial) -> tuple[str, list[list[str]]]:
    """The title of a profile, and the rows of its file as texts."""
    is_in_yuan = trial.profile.amount_unit == YUAN
    rows = []
    for number, row in enumerate(trial.rows, 1):
        # Above the people stand counts too.
        yuan = is_in_yuan and number >= trial.profile.first_row
        rows.append([_cell(cell, in_yuan=yuan) for cell in row])
    return trial.profile.title, rows


def _cell(cell: str | Decimal, *, in_yuan: bool) -> str:
    """As a workbook shows it: what is a number there are amounts and counts."""
    if isinstance(cell, str):
        return cell
    return format(cell, ".2f" if in_yuan or cell % 1 else ".0f")


ROUTES = (
    Route(GET, "/settings/bank", show, MAY_CHANGE_SETTINGS),
    Route(GET, "/settings/bank/profile", edit, MAY_CHANGE_SETTINGS),
    Route(POST, "/settings/bank/profile", sent, MAY_CHANGE_SETTINGS),
)
