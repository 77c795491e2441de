"""The language of the pages: a dated option of the books, by which the desk and Fava go."""

from __future__ import annotations

from beancount.core.data import Custom

from ledger.base import durable
from ledger.base.books_folder import MAIN_FILE
from ledger.base.language import CHINESE
from ledger.base.language import ENGLISH
from ledger.base.language import LANGUAGES
from ledger.base.language import gettext as _
from ledger.base.plain_files import read_plain
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.controls.known_directives import FAVA_OPTION
from ledger.services.rules import signed_lines
from ledger.services.rules import with_lines
from ledger.services.settings import require_may_change
from ledger.services.unit_of_work import Work

OPTION = "language"


class LanguageAlready(Refusal):
    """The pages are in that language, or there is none of that name."""

    def __init__(self) -> None:
        super().__init__(_("the pages are in that language already"))


def language_of(books: Books) -> str:
    """What the books name last; Chinese where they name nothing that the pages speak."""
    named = [
        str(entry.values[1].value)
        for entry in books.entries
        if isinstance(entry, Custom)
        and entry.type == FAVA_OPTION
        and [value.value for value in entry.values[:1]] == [OPTION]
        and len(entry.values) > 1
    ]
    return ENGLISH if named and named[-1].startswith(ENGLISH) else CHINESE


def change_language(work: Work, language: str) -> None:
    """Write a line at the end of ``main.beancount``, which holds from today on.

    Raises MayNotChangeSettings or LanguageAlready.
    """
    by = require_may_change(work.books.history.operators.get(work.acting.actor.operator))
    # guard: language-changed-once
    if language not in LANGUAGES or language == language_of(work.books):
        raise LanguageAlready
    path = work.books.folder / MAIN_FILE
    line = f'{work.today} custom "{FAVA_OPTION}" "{OPTION}" "{language}"'
    durable.replace_file(path, with_lines(read_plain(path), signed_lines(by, work.today, [line])))
