"""What the pages share: the views of a ledger, a page as of a day, and their common script."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from fava.application import url_for
from fava.context import g
from fava.core import FavaLedger
from fava.ext import FavaExtensionBase
from markupsafe import Markup

from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.settings import read_settings
from reports.desk.attention import Matter
from reports.desk.attention import matters
from reports.desk.links import Links
from reports.desk.view import View
from reports.desk.views import Views

# The views of each ledger that Fava has loaded; its extensions share them.
_views: dict[str, Views] = {}


def views_of(ledger: FavaLedger) -> Views:
    """The views of Fava's ledger."""
    path = ledger.beancount_file_path
    if path not in _views:
        folder = Path(path).parent

        def load() -> Books:
            # Fava's types stand for Beancount's own entries, which it has loaded.
            entries: Any = ledger.all_entries
            return Books(folder, read_settings(folder), entries, ledger.errors)

        _views[path] = Views(folder, load)
    return _views[path]


class Desk(FavaExtensionBase):
    """What the pages share: it forgets what is out of date, and has their common script."""

    has_js_module = True

    def after_load_file(self) -> None:
        """Look at today anew at once, so that nobody waits for it."""
        views = views_of(self.ledger)
        views.forget()
        try:
            views.of(datetime.date.today())
        except (Refusal, OSError):
            # The pages say what is wrong when somebody asks for them.
            return


class Page(FavaExtensionBase):
    """A page about the books as of a day: today, or the end of Fava's time filter."""

    @property
    def on(self) -> datetime.date:
        """The day that counts."""
        return g.filtered.end_date or datetime.date.today()

    @property
    def view(self) -> View:
        return views_of(self.ledger).of(self.on)

    @property
    def refusal(self) -> str:
        """Why there is nothing to show, in a sentence; empty when there is."""
        try:
            self.view  # noqa: B018
        except Refusal as refusal:
            return str(refusal)
        except OSError as error:
            return f"{error.filename}：{error.strerror}"
        return ""

    @property
    def links(self) -> Links:
        return Links(url_for, self.view.whole, self.on)

    def matters(self) -> list[Matter]:
        return matters(self.view, len(self.ledger.errors), url_for)

    @property
    def style(self) -> Markup:
        """The style sheet of the pages, which Fava would not serve."""
        style = (Path(__file__).parent / "desk.css").read_text(encoding="utf-8")
        return Markup(f"<style>{style}</style>")
