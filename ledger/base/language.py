"""Text in the user's language.

Source strings are English; ``locale/zh_CN`` holds the Chinese. The user gets Chinese unless
the locale says English, because the offices that use the tool work in Chinese. Pages of books that
name English as their language are in English with all that is said on them; all others are in
Chinese.
"""

from __future__ import annotations

import gettext as gnu_gettext
import locale
import os
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN = "census-ledger"
# What the pages speak, as the books name it.
CHINESE, ENGLISH = "zh_CN", "en"
LANGUAGES = (CHINESE, ENGLISH)
LOCALE_FOLDER = Path(__file__).parent / "locale"
# Whether the books that are being shown name English as their language.
NamesEnglish = Callable[[], bool]
_BOOKS: ContextVar[NamesEnglish | None] = ContextVar("books", default=None)


def user_prefers_english() -> bool:
    """Whether the first locale setting that is set begins with ``en``."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return value.lower().startswith("en")
    if os.name == "nt":
        return (locale.getlocale()[0] or "").lower().startswith("en")
    return False


@contextmanager
def in_language_of(books: NamesEnglish) -> Iterator[None]:
    """Speak the language of some books. They are asked for each text: they may be loaded anew."""
    before = _BOOKS.set(books)
    try:
        yield
    finally:
        _BOOKS.reset(before)


def pages_are_english() -> bool:
    """Whether the pages of the books are in English."""
    books = _BOOKS.get()
    return books is not None and books()


def _is_english() -> bool:
    books = _BOOKS.get()
    return user_prefers_english() if books is None else books()


@cache
def _catalogue(english: bool) -> gnu_gettext.NullTranslations:
    if english:
        return gnu_gettext.NullTranslations()
    return gnu_gettext.translation(DOMAIN, LOCALE_FOLDER, ["zh_CN"], fallback=True)


def gettext(message: str) -> str:
    """The message in the user's language."""
    return _catalogue(_is_english()).gettext(message)


def page_gettext(message: str) -> str:
    """The message in the language of the pages."""
    return _catalogue(pages_are_english()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message in the user's language, in the number's form."""
    return _catalogue(_is_english()).ngettext(singular, plural, count)


def in_chinese(message: str) -> str:
    """The message in Chinese whatever the user's language: for documents that towns receive."""
    return _catalogue(False).gettext(message)


def mark(message: str) -> str:
    """Mark a message for the catalogue where it is defined, to be translated where it is shown."""
    return message


def listed(items: Iterable[str]) -> str:
    """The items one after another, with the comma of the user's language."""
    return gettext(", ").join(items)


def speak_through_click() -> None:
    """Let click's own words (Usage, Options, …) come from our catalogue.

    Click asks the process-wide gettext domain, which knows its language from the environment.
    """
    gnu_gettext.bindtextdomain(DOMAIN, LOCALE_FOLDER)
    gnu_gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = "en" if user_prefers_english() else "zh_CN"
