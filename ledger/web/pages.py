"""Our own pages."""

from __future__ import annotations

from flask import Flask

from ledger.web.open_books import OpenBooks


def desk_application(books: OpenBooks) -> Flask:
    """A place for the pages, which come with another change."""
    application = Flask("ledger.web", static_folder=None)

    @application.get("/budget")
    def budget() -> str:
        books.look_again()
        return "预算执行"

    return application
