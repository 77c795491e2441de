"""Settings are changed at the desk: shown line by line, proven by reading them, then kept.

They are files that people may edit too, so what else stands in them stays, comments among it. A
change is of one file, which is the old one or the new one whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from difflib import ndiff

from ledger.base import durable
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.toml_edit import Value
from ledger.base.toml_edit import with_values
from ledger.base.toml_table import MalformedToml
from ledger.base.toml_table import content_of
from ledger.base.toml_table import parse_toml
from ledger.books.books import Books
from ledger.books.settings import settings_in
from ledger.model.name_characters import is_printable
from ledger.model.operators import MAY_CHANGE_SETTINGS
from ledger.model.operators import Operator
from ledger.model.operators import roles_text
from ledger.model.programme_file import programme_of
from ledger.services.unit_of_work import Work

# By the file: what reads it, and refuses what it cannot be.
READERS = {SETTINGS_FILE: settings_in, PROGRAMME_FILE: programme_of}


class MayNotChangeSettings(Refusal):
    """The operator may not change the settings."""

    def __init__(self, operator: str) -> None:
        roles = roles_text(MAY_CHANGE_SETTINGS)
        message = _("operator {operator} may not change the settings: that takes {roles}")
        super().__init__(
            message.format(operator=operator, roles=roles), operator=operator, roles=roles
        )


class NothingChanged(Refusal):
    """The settings say so already."""

    def __init__(self) -> None:
        super().__init__(_("nothing would change: the settings say so already"))


class SettingsChanged(Refusal):
    """The file is not what it was when the change was shown."""

    def __init__(self, file: str) -> None:
        message = _("{file} was changed meanwhile: nothing was written; look at the text again")
        super().__init__(message.format(file=file))


class PlannedSettings(Record):
    """The ``file`` as it would be; ``lines`` are those that go, after a minus, and come."""

    file: str
    content: bytes
    lines: tuple[str, ...]

    @property
    def digest(self) -> Digest:
        """Of the whole file: what was shown is what is written."""
        return digest(self.content)


def plan_settings(
    books: Books, operator: Operator | None, file: str, values: Mapping[str, Value]
) -> PlannedSettings:
    """The file with other values, proven. Nothing is written.

    Raises MayNotChangeSettings, NothingChanged, or MalformedToml with the key that is wrong.
    """
    require_may_change(operator)
    for key, value in values.items():
        texts = [value] if isinstance(value, str) else value if not isinstance(value, int) else ()
        require_printable(file, key, texts)
    text = content_of(books.folder / file)
    changed = with_values(file, text, values)
    READERS[file](parse_toml(file, changed))
    if changed == text:
        raise NothingChanged
    return PlannedSettings(file, changed.encode("utf-8"), changed_lines(text, changed))


def change_settings(
    work: Work, file: str, values: Mapping[str, Value], expected: Digest
) -> PlannedSettings:
    """Write the change that was shown.

    Raises SettingsChanged, or what :func:`plan_settings` raises.
    """
    by = work.books.history.operators.get(work.acting.actor.operator)
    planned = plan_settings(work.books, by, file, values)
    # guard: settings-as-shown
    if planned.digest != expected:
        raise SettingsChanged(file)
    durable.replace_file(work.books.folder / file, planned.content)
    return planned


def require_may_change(operator: Operator | None) -> Operator:
    """Whoever changes the settings. Raises MayNotChangeSettings."""
    # guard: settings-by-manager
    if operator is None or MAY_CHANGE_SETTINGS.isdisjoint(operator.roles):
        raise MayNotChangeSettings(operator.id if operator else "")
    return operator


def require_printable(file: str, key: str, texts: Iterable[str]) -> None:
    """Raises MalformedToml for what paper could not hold."""
    # guard: settings-can-be-printed
    if not all(map(is_printable, texts)):
        raise MalformedToml(file, key, _("has a character that cannot be printed"))


def changed_lines(before: str, after: str) -> tuple[str, ...]:
    """The lines that go and those that come, as they stand in the file."""
    compared = ndiff(before.splitlines(), after.splitlines())
    return tuple(line for line in compared if line.startswith(("- ", "+ ")))
