"""A form that changes the towns or the roles: filled in, shown as lines of the files, then kept."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from werkzeug.wrappers import Response as Answer

from ledger.base.digests import Digest
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.base.toml_table import MalformedToml
from ledger.books.books import Books
from ledger.model.operators import MAY_CHANGE_SETTINGS
from ledger.services.programme import change_programme
from ledger.services.programme import plan_programme
from ledger.services.programme_text import NameTaken
from ledger.services.programme_text import ProgrammeChange
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route

Done = Answer | str | tuple[str, int]


class ProgrammeForm(NamedTuple):
    """One change: ``name`` is the form's, ``read`` makes the change of what was typed."""

    name: str
    fields: tuple[str, ...]
    read: Callable[[Books, Form], ProgrammeChange]


class ProgrammePage(NamedTuple):
    """A page with several such forms; ``shown`` is what it says of what there is."""

    path: str
    template: str
    forms: tuple[ProgrammeForm, ...]
    shown: Callable[[Desk, Books], Mapping[str, Any]]

    @property
    def routes(self) -> tuple[Route, ...]:
        return (
            Route(GET, self.path, self.show, MAY_CHANGE_SETTINGS),
            *(
                Route(POST, f"{self.path}/{form.name}", self._answer(form), MAY_CHANGE_SETTINGS)
                for form in self.forms
            ),
        )

    def show(self, desk: Desk) -> Done:
        return self._page(desk, None, {})

    def _answer(self, one: ProgrammeForm) -> Callable[[Desk], Done]:
        def sent(desk: Desk) -> Done:
            return self._sent(desk, one)

        return sent

    def _sent(self, desk: Desk, one: ProgrammeForm) -> Done:
        """Show what would be written, or write what was shown."""
        form = desk.form()
        typed = {field: form.text(field) for field in one.fields}
        if form.text("step") != "write":
            return self._page(desk, one, typed)
        try:
            with desk.work() as work:
                change_programme(work, one.read(work.books, form), Digest(form.text("digest")))
        except (Refusal, OSError) as refusal:
            return self._page(desk, one, typed, _problem(desk, one, refusal))
        return desk.go(self.path, _("Written into the books."))

    def _page(
        self,
        desk: Desk,
        one: ProgrammeForm | None,
        typed: Mapping[str, str],
        problem: Problem | None = None,
    ) -> Done:
        books = desk.whole()
        planned = None
        if one is not None:
            try:
                with desk.place.registry() as registry:
                    change = one.read(books, desk.form())
                    planned = plan_programme(books, registry, desk.operator(), change, desk.today())
            except Refusal as refusal:
                problem = problem or _problem(desk, one, refusal)
        text = desk.render(
            self.template,
            programme=books.programme,
            action=f"{self.path}/{one.name}" if one else "",
            name=one.name if one else "",
            typed=typed,
            planned=planned,
            problem=problem,
            **self.shown(desk, books),
        )
        return text if problem is None else (text, NOT_DONE)


def _problem(desk: Desk, one: ProgrammeForm, refusal: Refusal | OSError) -> Problem:
    """A refusal at the field that it speaks of."""
    problem = desk.problem(one.name, refusal)
    if isinstance(refusal, MalformedToml | NameTaken):
        field = refusal.key.rpartition(".")[2]
        if field in one.fields:
            said = refusal.problem if isinstance(refusal, MalformedToml) else problem.sentence
            return Problem(one.name, field, said)
    return problem
