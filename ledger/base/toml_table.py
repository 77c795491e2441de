"""Reading a TOML file key by key, so that what is wrong with it is said with the key's name."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import mark
from ledger.base.outside_text import has_unseen
from ledger.base.outside_text import is_plain
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import not_plain
from ledger.base.plain_files import read_plain
from ledger.base.refusals import Refusal

Value = TypeVar("Value")

KINDS: dict[type, str] = {
    str: mark('must be a text in quotes, "…"'),
    int: mark("must be a whole number"),
    bool: mark("must be true or false"),
    list: mark("must be a list in brackets, […]"),
    dict: mark("must be a table with keys of its own"),
    datetime.date: mark("must be a day without quotes, as in 2026-01-31"),
}


class MalformedToml(Refusal):
    """A file of settings cannot be used."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        """``key`` is where, such as ``columns[3].kind``."""
        self.key = key
        self.problem = problem
        message = _("{file}: {key}: {problem}") if key else _("{file}: {problem}")
        super().__init__(message.format(file=file, key=key, problem=problem), key=key)


class TomlTable:
    """A table of the file. Its keys are taken one by one; what is left at the end is refused."""

    def __init__(self, file: str, path: str, content: Mapping[str, object]) -> None:
        self.file = file
        self.path = path
        self.left = dict(content)

    def refusal(self, key: str, problem: str) -> MalformedToml:
        return MalformedToml(self.file, self.path + key, problem)

    def take(self, key: str, kind: type[Value], default: Value | None = None) -> Value:
        value = self.left.pop(key, default)
        if value is None:
            raise self.refusal(key, _("is missing"))
        if type(value) is not kind:  # isinstance would let true pass for a number
            raise self.refusal(key, _(KINDS[kind]))
        # A bank's file may have tabs between columns, and ends of lines as the bank wants them.
        if isinstance(value, str) and has_unseen(re.sub(r"[\t\r\n]", "", value)):
            raise self.refusal(key, _("holds a character that cannot be seen"))
        return value

    def line(self, key: str) -> str:
        """A text on one line that is not empty."""
        value = self.take(key, str)
        if not value.strip() or not is_plain(value):
            raise self.refusal(key, _("must be a text on one line, not empty"))
        return value

    def lines(self, key: str, *, least: int = 1, most: int = 100) -> tuple[str, ...]:
        """``least`` to ``most`` such texts in brackets; the key may be missing where 0 will do."""
        values = self.take(key, list, None if least else [])
        if not least <= len(values) <= most or not all(
            isinstance(value, str) and value.strip() and is_plain(value) for value in values
        ):
            message = _(
                'must be {least} to {most} texts in brackets, ["…", "…"], none of them empty'
            )
            raise self.refusal(key, message.format(least=least, most=most))
        return tuple(values)

    def one_of(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        value = self.take(key, str, default)
        if value not in allowed:
            choices = listed(f'"{choice}"' for choice in allowed)
            raise self.refusal(key, _("must be one of {choices}").format(choices=choices))
        return value

    def matching(self, key: str, pattern: str, default: str | None = None, *, form: str) -> str:
        """A text that has to match; ``form`` says in words what it must be."""
        value = self.take(key, str, default)
        if not re.fullmatch(pattern, value):
            raise self.refusal(key, form)
        return value

    def number(self, key: str, default: int, least: int = 0) -> int:
        value = self.take(key, int, default)
        if value < least:
            raise self.refusal(key, _("must be at least {least}").format(least=least))
        return value

    def table(self, key: str) -> TomlTable:
        return TomlTable(self.file, f"{self.path}{key}.", self.take(key, dict, {}))

    def tables(self, key: str) -> list[TomlTable]:
        items = self.take(key, list, [])
        if not all(isinstance(item, dict) for item in items):
            raise self.refusal(key, _("must be tables in double brackets"))
        return [
            TomlTable(self.file, f"{self.path}{key}[{number}].", item)
            for number, item in enumerate(items, 1)
        ]

    def end(self) -> None:
        """A key that nobody took is mostly a slip of the pen in another key."""
        for key in self.left:
            raise self.refusal(key, _("is not a key that is known here"))


@lru_cache(maxsize=8)
def _parsed(text: str) -> Mapping[str, object]:
    """Remembered, since a command asks for the settings several times; nobody changes it."""
    return tomllib.loads(text)


def read_toml(path: Path) -> TomlTable:
    """The whole file. Raises MalformedToml when it is missing, a link, or not TOML in UTF-8."""
    return parse_toml(path.name, content_of(path))


def content_of(path: Path) -> str:
    """The text of a file. Raises MalformedToml when it is missing, a link, or not in UTF-8.

    Notepad may put a byte order mark first, which TOML does not allow: it is passed over.
    """
    try:
        return read_plain(path).decode("utf-8-sig")
    except FileNotFoundError:
        problem = _("the file is missing; restore it from a backup")
        raise MalformedToml(path.name, "", problem) from None
    except NotPlain as found:
        raise MalformedToml(path.name, "", not_plain(found.kind)) from None
    except UnicodeDecodeError:
        problem = _("the file is not in UTF-8; save it as UTF-8 in the editor")
        raise MalformedToml(path.name, "", problem) from None


def parse_toml(name: str, text: str) -> TomlTable:
    """The table of a text. Raises MalformedToml when it is not TOML."""
    try:
        return TomlTable(name, "", _parsed(text))
    except (ValueError, RecursionError) as error:
        # Brackets in brackets, or a number of thousands of digits, are more than Python reads.
        said = error if isinstance(error, tomllib.TOMLDecodeError) else _("too long or too deep")
        problem = _("the file is not TOML: {error}").format(error=said)
        raise MalformedToml(name, "", problem) from error
