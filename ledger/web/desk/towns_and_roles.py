"""The pages 镇街 and 岗位 of the settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.books.books import Books
from ledger.disbursement.stage_choice import stage_words
from ledger.model.ids import FIRST_STAGE
from ledger.model.programme import POST_KINDS
from ledger.model.programme import PostKind
from ledger.model.rules import Rate
from ledger.services.programme_text import RoleAdded
from ledger.services.programme_text import RoleCalled
from ledger.services.programme_text import RoleRemoved
from ledger.services.programme_text import TownAdded
from ledger.services.programme_text import TownRemoved
from ledger.services.programme_text import TownRenamed
from ledger.web.desk.added_rules import usual_item
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import words_of
from ledger.web.desk.programme_form import ProgrammeForm
from ledger.web.desk.programme_form import ProgrammePage


def _posts(books: Books) -> Mapping[PostKind, str]:
    """What somebody of a role has, as the programme calls it."""
    words = books.programme.words
    said = (
        _("one {block} each").format(block=words.block),
        _("one {area} each").format(area=words.area),
        _("No fixed place"),
    )
    return dict(zip(POST_KINDS, said, strict=True))


def _town_added(_books: Books, form: Form) -> TownAdded:
    return TownAdded(form.text("code"), form.text("name"))


def _town_renamed(_books: Books, form: Form) -> TownRenamed:
    return TownRenamed(form.text("town"), form.text("name"))


def _town_removed(_books: Books, form: Form) -> TownRemoved:
    return TownRemoved(form.text("town"), form.text("into"))


def _towns_shown(desk: Desk, books: Books) -> Mapping[str, Any]:
    by_code = books.programme.by_code
    people = Counter(
        by_code[one.payee.town].code
        for one in desk.view().people
        if one.payee.active and one.payee.town in by_code
    )
    return {
        "towns": [
            (
                town,
                _(", ").join(" ".join(filter(None, one)) for one in town.former),
                people[town.code],
            )
            for town in books.programme.towns
        ],
        "choices": [(town.code, f"{town.code} {town.name}") for town in books.programme.towns],
    }


def _role_added(books: Books, form: Form) -> RoleAdded:
    name = form.text("name")
    rate = None
    if form.text("rate"):
        stages = {str(one.code): one.code for one in books.rules.named_stages}
        stage = form.choice("stage", stages) if stages else FIRST_STAGE
        rate = Rate(form.day(), name, form.amount_fen("rate"), usual_item(books), stage)
    words = words_of(form.text("words"))
    return RoleAdded(name, words, form.text("post"), rate, form.text("document"))


def _role_called(_books: Books, form: Form) -> RoleCalled:
    return RoleCalled(form.text("role"), words_of(form.text("words")))


def _role_removed(_books: Books, form: Form) -> RoleRemoved:
    return RoleRemoved(form.text("role"))


def _roles_shown(desk: Desk, books: Books) -> Mapping[str, Any]:
    rules, today = books.rules, desk.today()
    people = Counter(one.payee.role for one in desk.view().people if one.payee.active)
    rows, posts = [], _posts(books)
    for role in books.programme.roles:
        rates = [rules.rate(role.name, today, stage.code) for stage in rules.stages]
        said = _(", ").join(grouped(rate.amount_fen) for rate in rates if rate)
        rows.append((role, _(", ").join(role.words), posts[role.post], said, people[role.name]))
    return {
        "roles": rows,
        "posts": posts,
        "stages": [(one.code, stage_words(one)) for one in rules.named_stages],
    }


PAGES = (
    ProgrammePage(
        "/settings/towns",
        "towns.html",
        (
            ProgrammeForm("add", ("code", "name"), _town_added),
            ProgrammeForm("rename", ("town", "name"), _town_renamed),
            ProgrammeForm("remove", ("town", "into"), _town_removed),
        ),
        _towns_shown,
    ),
    ProgrammePage(
        "/settings/roles",
        "roles.html",
        (
            ProgrammeForm(
                "add",
                ("name", "words", "post", "rate", "stage", "on", "document"),
                _role_added,
            ),
            ProgrammeForm("call", ("role", "words"), _role_called),
            ProgrammeForm("remove", ("role",), _role_removed),
        ),
        _roles_shown,
    ),
)
ROUTES = tuple(route for page in PAGES for route in page.routes)
