"""A page of the settings on which dated rules are filled in, shown as text, and then kept."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from flask import request
from werkzeug.wrappers import Response as Answer

from ledger.base.digests import Digest
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.model.operators import MAY_ADD_RULES
from ledger.services.rules import AddedRules
from ledger.services.rules import PlannedRules
from ledger.services.rules import add_rules
from ledger.services.rules import plan_rules
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route

FORM = "rules"
# What every such form has beside its own fields.
IN_EVERY_FORM = ("kind", "on", "document")
Values = Mapping[str, Any]


def nothing_more(_books: Books, _planned: PlannedRules) -> Values:
    """Of most rules their text says all."""
    return {}


class RulePage(NamedTuple):
    """``fields`` are those of which one at least says something, ``read`` makes rules of them.

    ``shown`` is what the page shows of the rules that there are, and ``effect`` what the new ones
    would do.
    """

    path: str
    template: str
    fields: Callable[[Books], Iterable[str]]
    read: Callable[[Books, Form], AddedRules]
    shown: Callable[[Desk, Books], Values]
    effect: Callable[[Books, PlannedRules], Values] = nothing_more

    @property
    def routes(self) -> tuple[Route, Route]:
        return (
            Route(GET, self.path, self.show, MAY_ADD_RULES),
            Route(POST, self.path, self.write, MAY_ADD_RULES),
        )

    def show(self, desk: Desk) -> str:
        return self._page(desk, Form(request.args))

    def write(self, desk: Desk) -> Answer | tuple[str, int]:
        """Write what was shown, or show what it would be now."""
        form = desk.form()
        try:
            with desk.work() as work:
                add_rules(work, self.read(work.books, form), Digest(form.text("digest")))
        except (Refusal, OSError) as refusal:
            return self._page(desk, form, desk.problem(FORM, refusal)), NOT_DONE
        return desk.go(self.path, _("Written into the books' money rules."))

    def _page(self, desk: Desk, form: Form, problem: Problem | None = None) -> str:
        """The form as it was filled in, and the text that it would be."""
        books = desk.whole()
        names = list(self.fields(books))
        kept = {name: form.text(name) for name in (*names, *IN_EVERY_FORM)}
        planned = None
        if any(kept[name] for name in names):
            try:
                planned = plan_rules(books, desk.operator(), self.read(books, form), desk.today())
            except Refusal as refusal:
                problem = problem or desk.problem(FORM, refusal)
        kept["on"] = kept["on"] or desk.today().isoformat()
        return desk.render(
            self.template,
            kept=kept,
            text=planned.text if planned else "",
            digest=planned.digest if planned else "",
            problem=problem,
            **self.shown(desk, books),
            **(self.effect(books, planned) if planned else {}),
        )
