"""What every page has at hand: the books, who is logged in, how to work at them, how to answer."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from flask import g
from flask import request

from ledger.base.actor_and_clock import Actor
from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.settings import read_settings
from ledger.disbursement.stage_choice import stage_to_show
from ledger.disbursement.stage_choice import stage_words
from ledger.events.event_file import read_head
from ledger.model.ids import StageCode
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.services.unit_of_work import Work
from ledger.services.workplace import Workplace
from ledger.web.attention import matters
from ledger.web.day import read_day
from ledger.web.desk.forms import ShownAnew
from ledger.web.desk.front import Front
from ledger.web.desk.front import here
from ledger.web.desk.meanwhile import done_since
from ledger.web.desk.meanwhile import state_of
from ledger.web.desk.sessions import Sessions
from ledger.web.keeping import Keeping
from ledger.web.open_books import OpenBooks
from ledger.web.page_words import state_words
from ledger.web.views import Made
from ledger.web.views import View

# The pages in the order of the work, and what each is called.
PAGES = {
    "/": mark("Home"),
    "/inbox": mark("Inbox"),
    "/disbursement": mark("Payments"),
    "/people": mark("People"),
    "/bank": mark("Bank"),
    "/budget": mark("Budget execution"),
    "/reports": mark("Reports"),
    "/settings": mark("Settings"),
}
FIRST_WRITE = mark(
    "This machine has written into these books for the first time, which the "
    "books note. Please compare the batches so far with the papers."
)


class Desk(Front):
    """The books on the desk, and the browsers before it."""

    pages = PAGES

    def __init__(self, books: OpenBooks, place: Workplace, sessions: Sessions) -> None:
        super().__init__(books.folder, sessions)
        self.books = books
        self.place = place
        self.keeping = Keeping(books, place)
        # Whoever holds it is the only one at work.
        self.at_work = Lock()

    # What is there.

    def view(self) -> View:
        """The books as of the day that the address names, or today."""
        self.remember_state()
        self.books.look_again()
        typed = request.args.get("on", "").strip()
        return self.books.view(read_day(typed) if typed else self.today())

    def whole(self) -> Books:
        """The books with all that is in them, for pages on which something is done."""
        self.remember_state()
        self.books.look_again()
        return self.known()

    def known(self) -> Books:
        """The books as they were looked at last."""
        return self.books.whole()

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from the books and the registry as they are today, made once."""
        return self.books.view(self.today()).once(name, make)

    def remember_state(self) -> None:
        """Of what state the page is: that before the books are looked at, or older."""
        with self.place.registry() as registry:
            g.state = state_of(read_head(self.books.folder), registry)

    def stage(self, view: View) -> StageCode:
        """The stage that the address names, or the last begun. Raises NoSuchStage."""
        typed = request.args.get("stage", "").strip()[:40]
        code = StageCode(typed) if typed else None
        return stage_to_show(view.books.rules, code, view.on).code

    def stages(self, view: View) -> list[tuple[StageCode, str]]:
        """The stages to choose from, in words; empty where the books name none."""
        rules = view.books.rules
        if not rules.named_stages:
            return []
        return [(one.code, stage_words(one)) for one in rules.begun(view.on)]

    # Who is there.

    def operator(self) -> Operator | None:
        """Who is logged in there, as the books know the operator; nobody who has retired."""
        if self.login is None:
            return None
        known = self.known().history.operators.get(self.login.operator)
        return known if known is not None and known.retired_seq is None else None

    def may(self, roles: frozenset[Role] | None) -> bool:
        """Whether whoever is there has one of the roles."""
        operator = self.operator()
        return roles is None or (operator is not None and not roles.isdisjoint(operator.roles))

    # What is done.

    @contextmanager
    def work(
        self, *, seen: str | None = None, with_errors: bool = False, signs: bool = True
    ) -> Iterator[Work]:
        """A unit of work of whoever is logged in; one at a time.

        With ``seen`` the books are as they were on the page that was confirmed, or ShownAnew is
        raised. What is only tried is not signed.
        """
        login = self.login
        assert login is not None, "the route asks for a role"
        actor = login.actor if signs else Actor(login.operator)
        with (
            self.at_work,
            self.place.work(
                actor,
                self.sessions.clock,
                with_errors=with_errors,
                held=self.books.to_work_on,
            ) as work,
        ):
            # guard: done-as-shown
            if seen is not None and seen != state_of(read_head(work.books.folder), work.registry):
                raise ShownAnew(done_since(seen, work.books, work.registry))
            yield work
        if work.has_written:
            self.books.gone_on(work.books)
            session = self.session
            self.keeping.written(
                work.writer.head, lambda: actor.signer if session.is_at_work(login) else None
            )
        if work.seen is None and work.has_written:
            self.session.note(_(FIRST_WRITE))

    def page(self, template: str, view: View, **values: Any) -> str:
        """A page about the books as of a day."""
        return self.render(
            template,
            view=view,
            on=view.on,
            matters=matters(view, self.books.errors, here),
            states=state_words(),
            **values,
        )

    def names_english(self) -> bool:
        return self.books.names_english

    def unit(self) -> str:
        """As the settings say it."""
        try:
            return read_settings(self.books.folder).unit
        except (Refusal, OSError):
            return _("Books of money")

    def folders(self) -> Iterator[Path]:
        """The books and the keys."""
        yield from super().folders()
        try:
            key = self.place.registry_key()
            yield from (key.parent.absolute(), key.parent.resolve())
        except (Refusal, OSError):
            pass
